//! The slot stage. Types come from the function's slot table (see `Builder::slot_get`), and `pass::lower` removes these ops
//! before anything is run or differentiated; so most behaviours here are errors that say that.

use super::batch::{BatchCx, Batched};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{SlotOp, Type};
use crate::value::Val;
use alloc::string::String;
use alloc::vec::Vec;

const LOWER_FIRST: &str = "the function still has slots or blocks; lower it first";

pub(super) fn mnemonic(op: &SlotOp) -> &'static str {
    match op {
        SlotOp::Get(..) => "slot_get",
        SlotOp::Set(..) => "slot_set",
        SlotOp::Block(_) => "block",
        SlotOp::Br(_) => "br",
    }
}

pub(super) fn infer(_: &SlotOp, _: &[Type]) -> Result<Vec<Type>, Why> {
    Err(Why::Attribute(
        "the types of slots are in the function, not in the op",
    ))
}

pub(super) fn effects(op: &SlotOp, _: &[&Type]) -> Effects {
    match op {
        // A read must not pass a write.
        SlotOp::Get(..) | SlotOp::Set(..) | SlotOp::Block(_) | SlotOp::Br(_) => Effects::Effect,
    }
}

pub(super) fn eval(
    op: &SlotOp,
    _: &mut Args<'_>,
    _: &mut Vec<Val>,
    _: &EvalCx,
) -> Result<(), TrapKind> {
    Err(TrapKind::TypeConfusion {
        op: String::from(mnemonic(op)),
    })
}

pub(super) fn jvp(op: &SlotOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    Err(not_differentiable(&op.clone().into(), LOWER_FIRST))
}

pub(super) fn transpose(op: &SlotOp, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(&op.clone().into(), LOWER_FIRST))
}

pub(super) fn simplify(_: &SlotOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(_: &SlotOp, _: &mut BatchCx<'_>) -> Batched {
    None
}
