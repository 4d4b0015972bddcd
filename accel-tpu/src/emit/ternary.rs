//! Elementwise operations of three operands.

use super::error::{Result, Unsupported};
use super::special;
use super::unary::untyped;
use super::value::Sym;
use super::writer::Cx;
use cotangent_core::ir::TernaryOp;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: TernaryOp, args: &[Sym]) -> Result<Vec<Sym>> {
    if op == TernaryOp::Select
        && let Sym::Tensor(p) = &args[0]
        && p.ty.shape.is_empty()
        && let (Sym::Tensor(a), Sym::Tensor(b)) = (&args[1], &args[2])
        && a.ty == b.ty
    {
        return Ok(vec![cx.pick(p, a, b).into()]);
    }
    cx.elementwise(op.name(), args, |cx, t| {
        let (a, b, c) = (&t[0], &t[1], &t[2]);
        Ok(match op {
            TernaryOp::Select => cx.pick(a, b, c),
            TernaryOp::Clamp => {
                let least = cx.bin("maximum", b, a);
                cx.bin("minimum", &least, c)
            }
            TernaryOp::Fma if a.ty.dtype.is_float() => special::fma(cx, a, b, c),
            TernaryOp::Fma => return Err::<_, Unsupported>(untyped(op.name(), a.ty.dtype)),
        })
    })
}
