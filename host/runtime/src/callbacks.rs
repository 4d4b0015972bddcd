//! What compiled code calls: memory, operations left to the interpreter, and the table of all callbacks.
//!
//! Start with [`table`] and [`address`]; the signatures are in [`cotangent_lower::abi::Callback`]. Mathematical functions and kernels are in
//! [`crate::math`].
//!
//! Invariants: no callback unwinds; a null block is an array without elements; releasing never recurses, however deep arrays nest.

use crate::ahead;
use crate::block::{Head, data_of};
use crate::context::Context;
use crate::eval;
use crate::math;
use crate::split;
use cotangent_core::error::TrapKind;
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::Layout;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::LazyLock;

/// Addresses of functions: may be shared.
struct Table(Vec<*const u8>);
// SAFETY: the addresses are those of functions, which never change.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table(Callback::all().into_iter().map(address).collect()));

/// The addresses of all callbacks, in the order of [`Callback::all`].
pub fn table() -> &'static [*const u8] {
    &TABLE.0
}

/// The address of a callback.
pub fn address(cb: Callback) -> *const u8 {
    match cb {
        Callback::Alloc => alloc as *const u8,
        Callback::AllocZero => alloc_zero as *const u8,
        Callback::Grow => grow as *const u8,
        Callback::Unique => unique as *const u8,
        Callback::Free => free as *const u8,
        Callback::Copy => copy as *const u8,
        Callback::Zero => zero as *const u8,
        Callback::RetainElems => retain_elems as *const u8,
        Callback::ReleaseElems => release_elems as *const u8,
        Callback::Eval => evaluate as *const u8,
        Callback::Split => split::split as *const u8,
        Callback::Ahead => ahead::ahead as *const u8,
        Callback::Math1(f, ty) => math::math1(f, ty),
        Callback::Math2(f, ty) => math::math2(f, ty),
        Callback::Map(f, ty) => math::map(f, ty),
        Callback::Dot(ty) => math::dot(ty),
        Callback::Sum(ty) => math::sum(ty),
        Callback::Axpy(ty) => math::axpy(ty),
        Callback::Gemm(ty) => math::gemm(ty),
    }
}

/// The layout of that number.
fn layout(cx: &Context, number: u64) -> &Layout {
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    &tables.layouts[number as usize]
}

/// Calls `f` on each block that `count` elements refer to.
///
/// # Safety
/// `data` points to that many elements of the layout.
unsafe fn each_block(data: *const u8, count: u64, layout: &Layout, mut f: impl FnMut(*mut Head)) {
    for i in 0..count as usize {
        let element = data.wrapping_add(i * layout.size as usize);
        for &offset in &layout.blocks {
            let place = element.wrapping_add(offset as usize).cast::<*mut Head>();
            // SAFETY: the layout says that an element has a block's address there, and elements are aligned for it.
            let block = unsafe { *place };
            if !block.is_null() {
                f(block);
            }
        }
    }
}

/// # Safety
/// As [`each_block`]; the blocks referred to are alive.
pub(crate) unsafe fn retain_each(data: *const u8, count: u64, layout: &Layout) {
    if !layout.blocks.is_empty() {
        // SAFETY: the caller's promise.
        unsafe { each_block(data, count, layout, |b| (*b).count += 1) }
    }
}

/// Frees the blocks that the list starting at `todo` links, and what nothing refers to any more then.
///
/// # Safety
/// The blocks on the list are this context's and nothing refers to them.
unsafe fn free_all(cx: &mut Context, mut todo: *mut Head) {
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    while !todo.is_null() {
        let block = todo;
        // SAFETY: blocks with references hold `len` elements after their head, whose blocks are alive until their count is 0.
        unsafe {
            todo = (*block).next;
            let layout = &tables.layouts[(*block).layout as usize];
            if !layout.blocks.is_empty() {
                each_block(data_of(block), (*block).len, layout, |b| {
                    (*b).count -= 1;
                    if (*b).count == 0 {
                        (*b).next = todo;
                        todo = b;
                    }
                });
            }
            cx.heap.free(block);
        }
    }
}

/// # Safety
/// `ctx` is the running context.
pub(crate) unsafe extern "C" fn alloc(ctx: *mut Context, bytes: u64, layout: u64) -> *mut Head {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    cx.alloc(bytes, layout as u32).unwrap_or(ptr::null_mut())
}

/// # Safety
/// `ctx` is the running context.
unsafe extern "C" fn alloc_zero(ctx: *mut Context, bytes: u64, layout: u64) -> *mut Head {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    let Some((block, clean)) = cx.alloc_for(bytes, layout as u32, true) else {
        return ptr::null_mut();
    };
    if !clean {
        // SAFETY: a new block with room for so many bytes.
        unsafe { ptr::write_bytes(data_of(block), 0, bytes as usize) };
    }
    block
}

/// # Safety
/// `ctx` is the running context, `block` null or a live block that a reference is held to, `data` the address of `len` elements in it.
pub(crate) unsafe extern "C" fn grow(
    ctx: *mut Context,
    block: *mut Head,
    data: *mut u8,
    len: u64,
    need: u64,
    layout_number: u64,
) -> *mut Head {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    let size = u64::from(layout(cx, layout_number).size);
    let (have, want) = (len.saturating_mul(size), need.saturating_mul(size));
    // SAFETY: the caller's promise: `block` is null or a live block.
    let (only, room) = unsafe { block.as_ref() }.map_or((false, 0), |b| (b.count == 1, b.room));
    if only && room >= want {
        // SAFETY: a live block, as its count says.
        let start = unsafe { data_of(block) };
        if data != start {
            // SAFETY: both ranges lie in the block, nobody else refers to it.
            unsafe { ptr::copy(data, start, have as usize) };
        }
        return block;
    }
    let twice = want.max(room.saturating_mul(2));
    // A free block that an earlier call has left spares the next steps.
    let generous = cx.heap.spare(twice).unwrap_or(twice).min(cx.max_bytes);
    let Some(new) = cx.alloc(want.max(generous), layout_number as u32) else {
        return ptr::null_mut();
    };
    if block.is_null() {
        return new;
    }
    let layout = layout(cx, layout_number);
    // SAFETY: the new block has room for `have` bytes, `data` has as many initialised ones.
    unsafe { ptr::copy_nonoverlapping(data, data_of(new), have as usize) };
    // SAFETY: `new` is live; if others refer to the old block, its elements' blocks are now referred to from two places, else the elements
    // have moved and the old block is freed without them.
    unsafe {
        if !layout.blocks.is_empty() {
            (*new).len = len;
        }
        if only {
            cx.heap.free(block);
        } else {
            retain_each(data_of(new), len, layout);
            (*block).count -= 1;
        }
    }
    new
}

/// # Safety
/// `ctx` is the running context, `block` null or a live block that a reference is held to, `data` the address of `count` elements in it.
pub(crate) unsafe extern "C" fn unique(
    ctx: *mut Context,
    block: *mut Head,
    data: *mut u8,
    count: u64,
    layout_number: u64,
) -> *mut Head {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    // SAFETY: the caller's promise: `block` is null or a live block.
    if unsafe { block.as_ref() }.is_some_and(|b| b.count == 1) {
        return block;
    }
    let bytes = count.saturating_mul(u64::from(layout(cx, layout_number).size));
    let Some(new) = cx.alloc(bytes, layout_number as u32) else {
        return ptr::null_mut();
    };
    let layout = layout(cx, layout_number);
    // SAFETY: the new block has room for the elements, which are initialised; their blocks are alive as the old block refers to them.
    unsafe {
        ptr::copy_nonoverlapping(data, data_of(new), bytes as usize);
        if !layout.blocks.is_empty() {
            (*new).len = count;
            retain_each(data_of(new), count, layout);
        }
        if !block.is_null() {
            (*block).count -= 1;
        }
    }
    new
}

/// # Safety
/// `ctx` is the running context, `block` null or one of its blocks, to which nothing refers.
pub(crate) unsafe extern "C" fn free(ctx: *mut Context, block: *mut Head) {
    if block.is_null() {
        return;
    }
    // SAFETY: the caller's promises.
    unsafe {
        (*block).next = ptr::null_mut();
        free_all(&mut *ctx, block);
    }
}

/// # Safety
/// `src` has `bytes` initialised bytes, `dst` room for as many.
unsafe extern "C" fn copy(dst: *mut u8, src: *const u8, bytes: u64) {
    // SAFETY: the caller's promise.
    unsafe { ptr::copy(src, dst, bytes as usize) }
}

/// # Safety
/// `dst` has room for that many bytes.
unsafe extern "C" fn zero(dst: *mut u8, bytes: u64) {
    // SAFETY: the caller's promise.
    unsafe { ptr::write_bytes(dst, 0, bytes as usize) }
}

/// # Safety
/// `ctx` is the running context, `data` the address of that many live elements.
unsafe extern "C" fn retain_elems(ctx: *mut Context, data: *const u8, count: u64, number: u64) {
    // SAFETY: the caller's promises.
    unsafe { retain_each(data, count, layout(&*ctx, number)) }
}

/// # Safety
/// `ctx` is the running context, `data` the address of that many live elements, which hold references.
pub(crate) unsafe extern "C" fn release_elems(
    ctx: *mut Context,
    data: *const u8,
    count: u64,
    number: u64,
) {
    let mut dead: *mut Head = ptr::null_mut();
    // SAFETY: the caller's promises; what is left without references is put on the list once.
    unsafe {
        each_block(data, count, layout(&*ctx, number), |b| {
            (*b).count -= 1;
            if (*b).count == 0 {
                (*b).next = dead;
                dead = b;
            }
        });
        free_all(&mut *ctx, dead);
    }
}

/// # Safety
/// `ctx` is the running context; `args` and `results` point to the words of the operands and to room for those of the results.
unsafe extern "C" fn evaluate(
    ctx: *mut Context,
    number: u64,
    args: *const u64,
    results: *mut u64,
) -> u64 {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    // A panic would be a bug of the interpreter's evaluation; it must not unwind through compiled code.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the caller's promise.
        unsafe { eval::run(cx, number, args, results) }
    }));
    let kind = match outcome {
        Ok(Ok(())) => return abi::OK,
        Ok(Err(kind)) => kind,
        Err(_) => TrapKind::TypeConfusion {
            op: String::from("an operation that panicked"),
        },
    };
    // SAFETY: as above.
    let cx = unsafe { &mut *ctx };
    cx.trap = Some(kind);
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    cx.site = tables.evals.get(number as usize).map_or(0, |e| e.site);
    abi::TRAPPED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Tables;
    use cotangent_core::interp::Limits;
    use cotangent_core::ir::{DType, Type};
    use cotangent_lower::layout::memory_layout;

    /// Layout 0: an `f64`; layout 1: an array of such; layout 2: an array of elements like itself.
    fn tables() -> Tables {
        let list = Type::seq(DType::F64.into());
        Tables {
            layouts: vec![
                memory_layout(&DType::F64.into()),
                memory_layout(&list),
                memory_layout(&Type::seq(list)),
            ],
            ..Tables::default()
        }
    }

    fn with_context(f: impl FnOnce(*mut Context)) {
        let tables = tables();
        let mut lease = crate::context::Lease::take();
        lease.get().start(&tables, &Limits::default());
        f(lease.as_ptr());
    }

    fn count(b: *mut Head) -> u64 {
        // SAFETY: the tests' blocks stay in the heap.
        unsafe { (*b).count }
    }

    /// A block of the layout whose only element refers to a block.
    unsafe fn around(ctx: *mut Context, inner: *mut Head, layout: u64) -> *mut Head {
        // SAFETY: a new block with room for an element, whose leaves are a block, an address and a length.
        unsafe {
            let b = alloc(ctx, 24, layout);
            data_of(b).cast::<*mut Head>().write(inner);
            (*b).len = 1;
            b
        }
    }

    #[test]
    fn arrays_nested_a_million_deep_are_freed_without_recursion() {
        let depth = if cfg!(miri) { 100 } else { 1_000_000 };
        with_context(|ctx| {
            // SAFETY: blocks are live until they are freed, which uses up their one reference.
            unsafe {
                let mut b = alloc(ctx, 8, 0);
                for _ in 0..depth {
                    b = around(ctx, b, 2);
                }
                let before = (*ctx).heap.stats();
                (*b).count = 0;
                free(ctx, b);
                for _ in 0..depth {
                    alloc(ctx, 24, 0);
                }
                assert_eq!((*ctx).heap.stats().system, before.system);
            }
        });
    }

    #[test]
    fn a_shared_block_is_freed_with_its_last_reference() {
        with_context(|ctx| {
            // SAFETY: as the comments say, references are counted by hand.
            unsafe {
                let inner = alloc(ctx, 8, 0);
                (*inner).count = 3;
                let (a, b) = (around(ctx, inner, 1), around(ctx, inner, 1));
                (*a).count = 0;
                free(ctx, a);
                assert_eq!(count(inner), 2);
                release_elems(ctx, data_of(b), 1, 1);
                assert_eq!(count(inner), 1);
                retain_elems(ctx, data_of(b), 1, 1);
                assert_eq!(count(inner), 2);
                // An immortal block is never freed.
                (*inner).count = abi::IMMORTAL;
                release_elems(ctx, data_of(b), 1, 1);
                assert_eq!(count(inner), abi::IMMORTAL - 1);
                free(ctx, ptr::null_mut());
            }
        });
    }

    #[test]
    fn growing_moves_or_copies_and_unique_copies() {
        with_context(|ctx| {
            // SAFETY: blocks are live and as long as is said.
            unsafe {
                let b = alloc(ctx, 0, 0);
                let b = grow(ctx, b, data_of(b), 0, 10, 0);
                let xs = data_of(b).cast::<f64>();
                for i in 0..10 {
                    xs.add(i).write(i as f64);
                }
                // Room enough, alone: the block itself; from a view of it, the elements move to the front.
                assert_eq!(grow(ctx, b, data_of(b), 10, 10, 0), b);
                let view = xs.add(4).cast::<u8>();
                assert_eq!(grow(ctx, b, view, 6, 8, 0), b);
                assert_eq!((*xs, *xs.add(5)), (4.0, 9.0));
                // Shared: a copy, the other holder keeps its own.
                (*b).count = 2;
                let c = grow(ctx, b, data_of(b), 6, 7, 0);
                assert!(c != b && count(b) == 1 && count(c) == 1);
                assert_eq!(*data_of(c).cast::<f64>().add(5), 9.0);
                let d = unique(ctx, b, data_of(b), 6, 0);
                assert_eq!(d, b);
                (*b).count = abi::IMMORTAL;
                let d = unique(ctx, b, xs.add(2).cast(), 3, 0);
                assert!(d != b && *data_of(d).cast::<f64>() == 6.0);
                // Elements with references: each is one more.
                let inner = alloc(ctx, 8, 0);
                let outer = around(ctx, inner, 1);
                (*outer).count = 2;
                let copy = unique(ctx, outer, data_of(outer), 1, 1);
                assert_eq!((count(inner), count(outer), (*copy).len), (2, 1, 1));
                // Moved, not copied: as many references as before.
                let longer = grow(ctx, copy, data_of(copy), 1, 100, 1);
                assert_eq!((count(inner), (*longer).len), (2, 1));
                assert!((*longer).room >= 2400);
                // Too long.
                (*ctx).max_bytes = 1000;
                assert!(grow(ctx, longer, data_of(longer), 1, 2000, 1).is_null());
                assert_eq!((*ctx).numbers[0], 48_000);
                let wide = data_of(longer);
                assert!(unique(ctx, outer, wide, u64::MAX / 8, 1) == outer);
                assert!(unique(ctx, ptr::null_mut(), wide, u64::MAX / 8, 1).is_null());
            }
        });
    }

    #[test]
    fn bytes_are_copied_and_zeroed() {
        let mut xs = [1u8, 2, 3, 4];
        // SAFETY: ranges of the array.
        unsafe {
            copy(xs.as_mut_ptr().add(1), xs.as_ptr(), 3);
            assert_eq!(xs, [1, 1, 2, 3]);
            zero(xs.as_mut_ptr(), 2);
        }
        assert_eq!(xs, [0, 0, 2, 3]);
    }
}
