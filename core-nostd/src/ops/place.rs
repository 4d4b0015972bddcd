//! Records, and reads and writes at a path.

use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::Type;
use crate::ir::{PlaceOp, Step};
use crate::value::Val;
use alloc::vec::Vec;

/// The type reached by a path, or the step at which it leaves the type.
pub fn place_type(base: &Type, path: &[Step]) -> Result<Type, usize> {
    let mut ty = base.clone();
    for (i, step) in path.iter().enumerate() {
        ty = match (step, &ty) {
            (Step::Field(k), Type::Record(fs)) => fs.get(*k as usize).cloned().ok_or(i)?,
            (Step::Index, Type::Tensor(_) | Type::Seq(_)) => ty.element().ok_or(i)?,
            (Step::Field(_), _) | (Step::Index, _) => return Err(i),
        };
    }
    Ok(ty)
}

pub(super) fn mnemonic(op: &PlaceOp) -> &'static str {
    todo!()
}

pub(super) fn infer(op: &PlaceOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    todo!()
}

pub(super) fn effects(op: &PlaceOp, tys: &[Type]) -> Effects {
    todo!()
}

pub(super) fn eval(
    op: &PlaceOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    todo!()
}

pub(super) fn jvp(op: &PlaceOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    todo!()
}

pub(super) fn transpose(op: &PlaceOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    todo!()
}

pub(super) fn simplify(op: &PlaceOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    todo!()
}
