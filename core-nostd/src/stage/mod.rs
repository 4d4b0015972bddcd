//! The run-time half of the front end: proxies, places, control-flow tokens and iterators.
//!
//! `#[differentiable]` keeps a function as it is and adds a twin. The twin is the same Rust with the types replaced by
//! proxies (`f64` by [`Expr`]`<f64>`, `Vec<f64>` by [`Seq`]`<Expr<f64>>`, …), so rustc itself does type inference, name
//! resolution and trait selection. Running the twin once ("staging") emits the slot stage of the IR into a [`Stager`].
//!
//! Invariants:
//! * Every proxy and every place is `Copy`: the borrow rules were checked on the original, the twin never fails them.
//! * A proxy is a list of IR values, its *leaves* ([`Staged`]); their types are known statically, so a slot, a call's
//!   result or a branch's result needs no example value.
//! * A mutable variable is a [`Var`]: a handle to slots and a path into them. `&mut` is the handle itself.
//! * Nothing here is seen by users except the names of types in error messages; the facade re-exports the module hidden.
//!
//! Start with [`Staged`], then [`Stager`], then [`Var`].

mod call;
mod cmp;
pub mod data;
mod expr;
mod flow;
mod math;
mod plain;
mod scalar;
mod seq;
mod staged;
mod stager;
mod var;

pub use call::{Arg, Call, Outs, key};
pub use cmp::{StagedEq, StagedOrd, eq, ge, gt, le, lt, ne};
pub use data::{Datum, DiffFn};
pub use expr::{Expr, lit};
pub use flow::{Else, If, Label, While, assert, blk, diverge, for_range, if_, panic, while_};
pub use math::cast;
pub use plain::{Diff, konst};
pub use scalar::{Float, Int, Num, Real, Scalar};
pub use seq::{
    Arr, AsSeq, AsSeqMut, At, AtMut, Seq, Span, after, array, at, elem, slice, slice_mut,
};
pub use staged::{AsVal, Leaves, Staged, elem_type, pack, types, unpack, val};
pub use stager::{B, StageError, Stager, stage};
pub use var::{Refs, Split, Var, rd, refs, var, wr};
