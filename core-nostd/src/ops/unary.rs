//! Elementwise operations of one operand.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::Type;
use crate::ir::UnaryOp;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &UnaryOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &UnaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &UnaryOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &UnaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &UnaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &UnaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &UnaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
