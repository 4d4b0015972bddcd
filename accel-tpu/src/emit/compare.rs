//! Elementwise comparisons.

use super::error::Result;
use super::value::Sym;
use super::writer::Cx;
use cotangent_core::ir::CompareOp;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &CompareOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let direction = match op {
        CompareOp::Eq => "EQ",
        CompareOp::Ne => "NE",
        CompareOp::Lt => "LT",
        CompareOp::Le => "LE",
        CompareOp::Gt => "GT",
        CompareOp::Ge => "GE",
    };
    cx.elementwise(op.name(), args, |cx, t| {
        Ok(cx.compared(direction, &t[0], &t[1]))
    })
}
