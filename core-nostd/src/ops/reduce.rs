//! Reductions and scans.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::Reduction;
use crate::ir::Type;
use crate::value::Val;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &Reduction) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &Reduction, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &Reduction, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &Reduction,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &Reduction, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &Reduction, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &Reduction, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
