//! Operations of one operand: a table for floats, one for integers; complex numbers are in [`super::complex`].

use super::super::cx::{Cx, Flat};
use super::{complex, int, least, real};
use crate::lir::{Bin, Cmp, Math1, Opnd, Un};
use cotangent_core::ir::{DType, UnaryOp};

/// The operation on one element.
pub(super) fn lower(cx: &mut Cx<'_>, op: UnaryOp, a: &[Opnd], d: DType) -> Flat {
    if op == UnaryOp::StopGradient {
        a.to_vec()
    } else if d.is_complex() {
        complex::unary(cx, op, a, d)
    } else if d.is_float() {
        vec![float(cx, op, a[0])]
    } else if d == DType::Bool {
        // The type rule lets only `not` have truth values.
        vec![cx.opposite(a[0])]
    } else {
        vec![integer(cx, op, a[0], d)]
    }
}

fn float(cx: &mut Cx<'_>, op: UnaryOp, a: Opnd) -> Opnd {
    use UnaryOp as U;
    match op {
        U::Neg => cx.un(Un::Neg, a),
        U::Abs => cx.un(Un::FAbs, a),
        U::Sign => {
            // NaN and zeros, which pass through, are those whose magnitude is not above 0.
            let magnitude = cx.un(Un::FAbs, a);
            let zero = real(cx, a, 0.0);
            let one = real(cx, a, 1.0);
            let signed = cx.bin(Bin::Copysign, one, a);
            let positive = cx.cmp(Cmp::FGt, magnitude, zero);
            cx.choose(positive, signed, a)
        }
        U::Floor => cx.un(Un::Floor, a),
        U::Ceil => cx.un(Un::Ceil, a),
        U::Round => cx.math(Math1::Round, a),
        U::RoundEven => cx.un(Un::Nearest, a),
        U::Trunc => cx.un(Un::Trunc, a),
        U::Sqrt => cx.un(Un::Sqrt, a),
        U::Rsqrt => {
            let root = cx.un(Un::Sqrt, a);
            reciprocal(cx, root)
        }
        U::Cbrt => cx.math(Math1::Cbrt, a),
        U::Recip => reciprocal(cx, a),
        U::Square => cx.bin(Bin::Mul, a, a),
        U::Exp => cx.math(Math1::Exp, a),
        U::Exp2 => cx.math(Math1::Exp2, a),
        U::Expm1 => cx.math(Math1::Expm1, a),
        U::Log => cx.math(Math1::Log, a),
        U::Log2 => cx.math(Math1::Log2, a),
        U::Log10 => cx.math(Math1::Log10, a),
        U::Log1p => cx.math(Math1::Log1p, a),
        U::Sin => cx.math(Math1::Sin, a),
        U::Cos => cx.math(Math1::Cos, a),
        U::Tan => cx.math(Math1::Tan, a),
        U::Asin => cx.math(Math1::Asin, a),
        U::Acos => cx.math(Math1::Acos, a),
        U::Atan => cx.math(Math1::Atan, a),
        U::Sinh => cx.math(Math1::Sinh, a),
        U::Cosh => cx.math(Math1::Cosh, a),
        U::Tanh => cx.math(Math1::Tanh, a),
        U::Asinh => cx.math(Math1::Asinh, a),
        U::Acosh => cx.math(Math1::Acosh, a),
        U::Atanh => cx.math(Math1::Atanh, a),
        U::Logistic => cx.math(Math1::Logistic, a),
        U::Erf => cx.math(Math1::Erf, a),
        U::Erfc => cx.math(Math1::Erfc, a),
        U::ErfInv => cx.math(Math1::ErfInv, a),
        U::Lgamma => cx.math(Math1::Lgamma, a),
        U::Digamma => cx.math(Math1::Digamma, a),
        U::IsFinite => finite(cx, a),
        U::IsNan => cx.cmp(Cmp::FNe, a, a),
        U::Imag => real(cx, a, 0.0),
        // The type rule lets no float have the last four.
        U::Real
        | U::Conj
        | U::StopGradient
        | U::Not
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros => a,
    }
}

/// `1/a`.
fn reciprocal(cx: &mut Cx<'_>, a: Opnd) -> Opnd {
    let one = real(cx, a, 1.0);
    cx.bin(Bin::FDiv, one, a)
}

/// Whether a float is neither infinite nor NaN.
pub(super) fn finite(cx: &mut Cx<'_>, a: Opnd) -> Opnd {
    let magnitude = cx.un(Un::FAbs, a);
    let infinity = real(cx, a, f64::INFINITY);
    cx.cmp(Cmp::FLt, magnitude, infinity)
}

fn integer(cx: &mut Cx<'_>, op: UnaryOp, a: Opnd, d: DType) -> Opnd {
    use UnaryOp as U;
    let zero = int(d, 0);
    match op {
        U::Neg | U::Abs => {
            let bad = cx.cmp(Cmp::Eq, a, least(d));
            cx.overflow(bad, op.name());
            let minus = cx.un(Un::Neg, a);
            if op == U::Neg {
                return minus;
            }
            let negative = cx.cmp(Cmp::SLt, a, zero);
            cx.choose(negative, minus, a)
        }
        U::Sign => {
            let positive = cx.cmp(Cmp::SGt, a, zero);
            let up = cx.choose(positive, int(d, 1), zero);
            let negative = cx.cmp(Cmp::SLt, a, zero);
            cx.choose(negative, int(d, -1), up)
        }
        U::Not => cx.un(Un::Not, a),
        U::PopCount => cx.un(Un::PopCount, a),
        U::LeadingZeros => cx.un(Un::Clz, a),
        U::TrailingZeros => cx.un(Un::Ctz, a),
        // The type rule lets no integer have these.
        U::IsFinite
        | U::IsNan
        | U::Real
        | U::Imag
        | U::Conj
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Trunc
        | U::Sqrt
        | U::Rsqrt
        | U::Cbrt
        | U::Recip
        | U::Square
        | U::Exp
        | U::Exp2
        | U::Expm1
        | U::Log
        | U::Log2
        | U::Log10
        | U::Log1p
        | U::Sin
        | U::Cos
        | U::Tan
        | U::Asin
        | U::Acos
        | U::Atan
        | U::Sinh
        | U::Cosh
        | U::Tanh
        | U::Asinh
        | U::Acosh
        | U::Atanh
        | U::Logistic
        | U::Erf
        | U::Erfc
        | U::ErfInv
        | U::Lgamma
        | U::Digamma
        | U::StopGradient => a,
    }
}
