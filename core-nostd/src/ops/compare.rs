//! Comparisons.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::CompareOp;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &CompareOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &CompareOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &CompareOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &CompareOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &CompareOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &CompareOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &CompareOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
