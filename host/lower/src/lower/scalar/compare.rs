//! Comparisons: `bool` and unsigned integers without sign, signed integers with, floats as IEEE, complex numbers part by part.

use super::super::cx::Cx;
use crate::lir::{Cmp, Opnd};
use cotangent_core::ir::{CompareOp, DType};

/// The condition for operands of that type.
pub(super) fn condition(op: CompareOp, d: DType) -> Cmp {
    if d.is_differentiable() {
        match op {
            CompareOp::Eq => Cmp::FEq,
            CompareOp::Ne => Cmp::FNe,
            CompareOp::Lt => Cmp::FLt,
            CompareOp::Le => Cmp::FLe,
            CompareOp::Gt => Cmp::FGt,
            CompareOp::Ge => Cmp::FGe,
        }
    } else if d.is_signed() {
        match op {
            CompareOp::Eq => Cmp::Eq,
            CompareOp::Ne => Cmp::Ne,
            CompareOp::Lt => Cmp::SLt,
            CompareOp::Le => Cmp::SLe,
            CompareOp::Gt => Cmp::SGt,
            CompareOp::Ge => Cmp::SGe,
        }
    } else {
        match op {
            CompareOp::Eq => Cmp::Eq,
            CompareOp::Ne => Cmp::Ne,
            CompareOp::Lt => Cmp::ULt,
            CompareOp::Le => Cmp::ULe,
            CompareOp::Gt => Cmp::UGt,
            CompareOp::Ge => Cmp::UGe,
        }
    }
}

/// The comparison of one element of each operand.
pub(super) fn lower(cx: &mut Cx<'_>, op: CompareOp, a: &[Opnd], b: &[Opnd], d: DType) -> Opnd {
    let c = condition(op, d);
    let first = cx.cmp(c, a[0], b[0]);
    if !d.is_complex() {
        return first;
    }
    let second = cx.cmp(c, a[1], b[1]);
    if op == CompareOp::Ne {
        cx.either(first, second)
    } else {
        cx.both(first, second)
    }
}
