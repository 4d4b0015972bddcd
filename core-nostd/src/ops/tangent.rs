//! Zeros, structural sums and custom linear maps.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::TangentOp;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &TangentOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &TangentOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &TangentOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &TangentOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &TangentOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &TangentOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &TangentOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
