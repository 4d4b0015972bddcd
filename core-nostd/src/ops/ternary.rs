//! Elementwise operations of three operands.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::TernaryOp;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &TernaryOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &TernaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &TernaryOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &TernaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &TernaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &TernaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &TernaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
