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

mod adapt;
mod batch;
mod call;
mod cmp;
pub mod data;
mod expr;
pub mod fft;
mod flow;
mod host;
mod iter;
pub mod linalg;
mod math;
mod matrix;
mod nested;
mod opt;
mod plain;
mod reduce;
mod scalar;
mod seq;
mod seq_ops;
mod staged;
mod stager;
mod tensor;
mod var;

pub use adapt::{
    Chain, Chunks, ChunksMut, Cycle, Enumerate, Filter, FilterMap, FlatMap, Inspect, Map, MapWhile,
    Once, Repeat, Rev, Scan, Skip, SkipWhile, StepBy, Take, TakeWhile, Zip, once, repeat, repeat_n,
    zip,
};
pub use batch::{Batched, EachArg, LaneArg, SharedArg, each, shared};
pub use call::{Arg, Call, Outs, bind, key};
pub use cmp::{Order, StagedEq, StagedOrd, eq, ge, gt, le, lt, ne};
pub use data::{Datum, DiffFn, Matrix, Tensor};
pub use expr::{Expr, lit};
pub use flow::{
    Else, If, Label, While, assert, blk, checkpoint_bytes, checkpoint_recompute, checkpoint_slots,
    diverge, for_range, if_, panic, while_,
};
pub use host::{show_cotangent, show_value, stop_gradient};
pub use iter::{
    Cursor, Flatten, Indexed, IntoStagedIter, Items, Iter, IterMut, Len, Range, RangeFrom, cursor,
    into_iter, range, range_from, range_inclusive,
};
pub use math::{CastTo, cast, cis, complex, from_polar, max, min};
pub use matrix::{AsMat, Mat};
pub use nested::{Callee, Derived, hook};
pub use opt::{From_, Opt, OptRefs, OptVar, Res, ResRefs, Try, err, none, ok, some};
pub use plain::{Diff, konst};
pub use reduce::{Collect, Consume, Product, Sum};
pub use scalar::{Float, Int, Num, Real, Scalar};
pub use seq::{
    Arr, AsSeq, AsSeqMut, At, AtMut, Seq, Span, ToSeq, after, array, at, elem, slice, slice_mut,
};
pub use seq_ops::{DrainRange, SliceMut, array_from_fn};
pub use staged::{AsVal, Leaves, Staged, elem_type, pack, types, unpack, val};
pub use stager::{B, StageError, Stager, stage};
pub use tensor::{AsTen, Ten};
pub use var::{
    Refs, Split, StagedDefault, ToPlace, Var, default, place, rd, refs, replace, swap, take, var,
    wr,
};
