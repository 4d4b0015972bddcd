//! Elementwise operations of two operands.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::BinaryOp;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &BinaryOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &BinaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &BinaryOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &BinaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &BinaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &BinaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &BinaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
