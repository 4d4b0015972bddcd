//! Rust's arrays: slices, push and pop.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::ArrayOp;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &ArrayOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &ArrayOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &ArrayOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &ArrayOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &ArrayOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &ArrayOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &ArrayOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
