//! Operations of three operands.

use super::super::cx::{Cx, Flat};
use crate::lir::{Bin, Opnd, Rv};
use cotangent_core::ir::{DType, TernaryOp};

/// The operation on one element of each operand; `d` is the type of the second.
pub(super) fn lower(cx: &mut Cx<'_>, op: TernaryOp, args: &[Flat], d: DType) -> Flat {
    let (a, b, c) = (&args[0], &args[1], &args[2]);
    match op {
        TernaryOp::Select => b
            .iter()
            .zip(c)
            .map(|(&x, &y)| cx.choose(a[0], x, y))
            .collect(),
        TernaryOp::Clamp => vec![clamp(cx, a[0], b[0], c[0], d)],
        TernaryOp::Fma => vec![cx.set(Rv::Fma(a[0], b[0], c[0]))],
    }
}

fn clamp(cx: &mut Cx<'_>, low: Opnd, x: Opnd, high: Opnd, d: DType) -> Opnd {
    let (max, min) = if d.is_float() {
        (Bin::FMax, Bin::FMin)
    } else if d.is_signed() {
        (Bin::SMax, Bin::SMin)
    } else {
        (Bin::UMax, Bin::UMin)
    };
    let x = cx.bin(max, x, low);
    cx.bin(min, x, high)
}
