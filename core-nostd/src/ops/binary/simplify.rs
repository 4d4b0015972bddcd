//! Simplification: identities that hold to the last bit (but for which NaN comes out), and whose derivatives agree.
//!
//! Of floats `x * 0` is not 0 (infinities, NaN, -0) and `x + 0` is not `x` (-0), so those are for integers only.

use crate::entity::Value;
use crate::ir::{BinaryOp, DType, Op, UnaryOp};
use crate::ops::{Simplified, SimplifyCx};
use crate::value::Scalar;
use alloc::vec;

pub(in crate::ops) fn simplify(op: &BinaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    use BinaryOp as B;
    let (x, y) = (cx.arg(0), cx.arg(1));
    let d = cx.ty(0).dtype()?;
    let int = d.is_int();
    let negated = |v: Value| match cx.def(v) {
        Some(i) if matches!(i.op, Op::Unary(UnaryOp::Neg)) && !int => Some(i.args[0]),
        Some(_) | None => None,
    };
    let inst = |op: Op, args| Some(Simplified::Inst(op, args));
    match op {
        B::Add => {
            if is_neutral_of_sum(cx, y) {
                cx.keep(x)
            } else if is_neutral_of_sum(cx, x) {
                cx.keep(y)
            } else if let Some(n) = negated(y) {
                inst(B::Sub.into(), vec![x, n])
            } else if let Some(n) = negated(x) {
                inst(B::Sub.into(), vec![y, n])
            } else {
                None
            }
        }
        B::Sub => {
            if is_zero(cx, y) {
                cx.keep(x)
            } else if x == y && int {
                cx.zero()
            } else if let Some(n) = negated(y) {
                inst(B::Add.into(), vec![x, n])
            } else if d.is_float() && is_negative_zero(cx, x) && cx.result() == Some(cx.ty(1)) {
                inst(UnaryOp::Neg.into(), vec![y])
            } else {
                None
            }
        }
        B::Mul => product(cx, x, y).or_else(|| product(cx, y, x)).or_else(|| {
            match (negated(x), negated(y)) {
                (Some(p), Some(q)) => inst(B::Mul.into(), vec![p, q]),
                _ => None,
            }
        }),
        B::Div => {
            // The quotient of complex numbers does not keep -0.
            if cx.is(y, 1) && !d.is_complex() {
                cx.keep(x)
            } else if let (Some(p), Some(q)) = (negated(x), negated(y)) {
                inst(B::Div.into(), vec![p, q])
            } else {
                None
            }
        }
        B::DivEuclid if int && cx.is(y, 1) => cx.keep(x),
        B::Rem | B::RemEuclid if int && cx.is(y, 1) => cx.zero(),
        B::WrappingAdd | B::Or | B::Xor if is_zero(cx, y) => cx.keep(x),
        B::WrappingAdd | B::Or | B::Xor if is_zero(cx, x) => cx.keep(y),
        B::WrappingSub | B::Shl | B::Shr if is_zero(cx, y) => cx.keep(x),
        B::WrappingMul => product(cx, x, y).or_else(|| product(cx, y, x)),
        B::WrappingSub | B::Xor if x == y => cx.zero(),
        B::And | B::Or | B::Min | B::Max | B::FMin | B::FMax if x == y => cx.keep(x),
        B::And if is_zero(cx, x) || is_zero(cx, y) => cx.zero(),
        B::And if is_all_ones(cx, y) => cx.keep(x),
        B::And if is_all_ones(cx, x) => cx.keep(y),
        B::Or if d == DType::Bool && (is_all_ones(cx, x) || is_all_ones(cx, y)) => {
            cx.scalar(Scalar::Bool(true))
        }
        B::Xor if d == DType::Bool && is_all_ones(cx, y) => not(cx, x),
        B::Xor if d == DType::Bool && is_all_ones(cx, x) => not(cx, y),
        B::Powi | B::Pow if int || *op == B::Powi => match cx.constant(y)?.as_int()? {
            0 => cx.scalar(Scalar::from_f64(d, 1.0).or_else(|| Scalar::from_int(d, 1))?),
            1 => cx.keep(x),
            2 if !int && cx.result() == Some(cx.ty(0)) => inst(UnaryOp::Square.into(), vec![x]),
            -1 if d.is_float() && cx.result() == Some(cx.ty(0)) => {
                inst(UnaryOp::Recip.into(), vec![x])
            }
            _ => None,
        },
        B::DivEuclid
        | B::Rem
        | B::RemEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Pow
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex
        | B::Polygamma => None,
    }
}

fn not(cx: &SimplifyCx<'_>, v: Value) -> Option<Simplified> {
    (Some(cx.func.ty(v)) == cx.result()).then(|| Simplified::Inst(UnaryOp::Not.into(), vec![v]))
}

/// `x * k` for a constant `k`.
fn product(cx: &SimplifyCx<'_>, x: Value, k: Value) -> Option<Simplified> {
    let d = cx.func.ty(x).dtype()?;
    if d.is_complex() {
        // 1 is 1 + 0i, and 0 times an infinite part is NaN.
        None
    } else if cx.is(k, 1) {
        cx.keep(x)
    } else if d.is_float() && cx.is(k, -1) && cx.result() == Some(cx.func.ty(x)) {
        Some(Simplified::Inst(UnaryOp::Neg.into(), vec![x]))
    } else if d.is_int() && cx.is(k, 0) {
        cx.zero()
    } else {
        None
    }
}

/// Whether `v` is +0, an integer 0 or `false`.
fn is_zero(cx: &SimplifyCx<'_>, v: Value) -> bool {
    cx.constant(v)
        .is_some_and(|s| s.same_bits(Scalar::zero(s.dtype())))
}

fn is_negative_zero(cx: &SimplifyCx<'_>, v: Value) -> bool {
    cx.constant(v)
        .is_some_and(|s| s.same_bits(Scalar::F64(-0.0)) || s.same_bits(Scalar::F32(-0.0)))
}

/// Whether `x + v` is `x` for every `x`: the integer 0, and of floats -0.
fn is_neutral_of_sum(cx: &SimplifyCx<'_>, v: Value) -> bool {
    let int = cx.func.ty(v).dtype().is_some_and(DType::is_int);
    int && is_zero(cx, v) || is_negative_zero(cx, v)
}

/// Whether `v` is `true`, or an integer with all bits set.
fn is_all_ones(cx: &SimplifyCx<'_>, v: Value) -> bool {
    match cx.constant(v) {
        Some(Scalar::Bool(b)) => b,
        Some(s) => s.as_int().is_some_and(|n| {
            let bits = 8 * s.dtype().bytes() as u32;
            n == -1 || s.dtype().is_unsigned() && n == (1i128 << bits) - 1
        }),
        None => false,
    }
}
