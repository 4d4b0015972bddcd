//! What compiled code and the runtime agree on: the head of a block, the head of a context, the order of callbacks.
//!
//! A *block* holds an array's elements. It is a head of [`HEAD`] bytes, which says where the elements of an array that was not sliced start
//! ([`BLOCK_DATA`]). A *context* is what a running program carries along; compiled code knows only its first fields. The runtime defines both as
//! `repr(C)` structures and asserts these offsets.

use crate::lir::{Math1, Math2, Ty};

/// Bytes of a block's head; also the alignment of blocks.
pub const HEAD: u32 = 64;
/// `u64`: the number of references. Blocks that compiled code must never write or free (arguments, constants) start at [`IMMORTAL`].
pub const BLOCK_COUNT: i32 = 0;
/// `u64`: bytes of room.
pub const BLOCK_ROOM: i32 = 8;
/// `u64`: for elements that refer to blocks, how many are there: they are released with the block. Others leave it 0.
pub const BLOCK_LEN: i32 = 16;
/// `u32`: the layout of the elements.
pub const BLOCK_LAYOUT: i32 = 24;
/// Pointer to the first byte of room.
pub const BLOCK_DATA: i32 = 40;
/// The reference count of blocks that live longer than the call.
pub const IMMORTAL: u64 = 1 << 62;

/// `u64`: fuel left.
pub const CTX_FUEL: i32 = 0;
/// `u64`: how many more calls of recursive functions may nest.
pub const CTX_DEPTH: i32 = 8;
/// `u64`: the stack pointer must not be below.
pub const CTX_STACK: i32 = 16;
/// Pointer to the addresses of the constant arrays' blocks.
pub const CTX_CONSTS: i32 = 24;
/// Pointer to the table of callbacks, for code that is not linked with the runtime: [`CALLBACKS`] addresses.
pub const CTX_CALLBACKS: i32 = 32;
/// `u64`: the site of the trap, when a function returned 1.
pub const CTX_SITE: i32 = 40;
/// `[u64; SITE_NUMBERS]`: its numbers.
pub const CTX_NUMBERS: i32 = 48;
/// The most numbers a site carries.
pub const SITE_NUMBERS: usize = 16;

/// A function returns this if it ran to its end.
pub const OK: u64 = 0;
/// A function returns this if it trapped; the context says where.
pub const TRAPPED: u64 = 1;

/// What compiled code calls, all with the C calling convention; a context's table has their addresses in the order of [`Callback::all`].
///
/// | callback | signature |
/// |---|---|
/// | `Alloc` | `(ctx, bytes: u64, layout: u64) -> block`, null if it fails (then number 0 of the context is the bytes asked for) |
/// | `AllocZero` | as `Alloc`; the bytes are 0 |
/// | `Grow` | `(ctx, block, data, len: u64, need: u64, layout: u64) -> block`, null if it fails |
/// | `Unique` | `(ctx, block, data, count: u64, layout: u64) -> block`, null if it fails; called when the count is not 1 |
/// | `Free` | `(ctx, block)`; called when the count has become 0 |
/// | `Copy` | `(dst, src, bytes: u64)` |
/// | `Zero` | `(dst, bytes: u64)` |
/// | `RetainElems`, `ReleaseElems` | `(ctx, data, count: u64, layout: u64)` |
/// | `Eval` | `(ctx, eval: u64, args: *const u64, results: *mut u64) -> u64`: [`OK`] or [`TRAPPED`]; each leaf in a slot of 8 bytes |
/// | `Split` | `(ctx, func: u64, lo: u64, hi: u64, work: u64, args: *const u64, sums: *mut u64) -> u64`: [`OK`] or [`TRAPPED`]; see [`Stmt::Split`](crate::lir::Stmt::Split) |
/// | `Ahead` | `(ctx, func: u64, index: u64, hi: u64, args: *const u64, results: *mut u64) -> u64`: [`OK`] or [`TRAPPED`]; see [`Stmt::Ahead`](crate::lir::Stmt::Ahead) |
/// | `Math1`, `Math2` | `(x) -> float`, `(x, y) -> float` |
/// | `Map` | `(n: u64, src, dst)` |
/// | `Dot`, `Sum` | `(n: u64, x, y) -> float`, `(n: u64, x) -> float` |
/// | `Axpy` | `(n: u64, a: float, x, y)` |
/// | `Gemm` | `(m: u64, n: u64, k: u64, a, b, c)` |
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the table above")]
pub enum Callback {
    Alloc,
    AllocZero,
    Grow,
    Unique,
    Free,
    Copy,
    Zero,
    RetainElems,
    ReleaseElems,
    Eval,
    Split,
    Ahead,
    Math1(Math1, Ty),
    Math2(Math2, Ty),
    Map(Math1, Ty),
    Dot(Ty),
    Sum(Ty),
    Axpy(Ty),
    Gemm(Ty),
}

impl Callback {
    /// All of them, in the order of the table.
    pub fn all() -> Vec<Callback> {
        use Callback as C;
        let mut all = vec![
            C::Alloc,
            C::AllocZero,
            C::Grow,
            C::Unique,
            C::Free,
            C::Copy,
            C::Zero,
            C::RetainElems,
            C::ReleaseElems,
            C::Eval,
            C::Split,
            C::Ahead,
        ];
        for ty in [Ty::F32, Ty::F64] {
            all.extend(Math1::ALL.iter().map(|&f| C::Math1(f, ty)));
            all.extend(Math2::ALL.iter().map(|&f| C::Math2(f, ty)));
            all.extend(Math1::ALL.iter().map(|&f| C::Map(f, ty)));
            all.extend([C::Dot(ty), C::Sum(ty), C::Axpy(ty), C::Gemm(ty)]);
        }
        all
    }
}
