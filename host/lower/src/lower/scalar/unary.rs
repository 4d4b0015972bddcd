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

/// The function of a float that the runtime has for the operation, of one float and of a vector.
pub(in crate::lower) fn function(op: UnaryOp) -> Option<Math1> {
    use UnaryOp as U;
    Some(match op {
        U::Round => Math1::Round,
        U::Cbrt => Math1::Cbrt,
        U::Exp => Math1::Exp,
        U::Exp2 => Math1::Exp2,
        U::Expm1 => Math1::Expm1,
        U::Log => Math1::Log,
        U::Log2 => Math1::Log2,
        U::Log10 => Math1::Log10,
        U::Log1p => Math1::Log1p,
        U::Sin => Math1::Sin,
        U::Cos => Math1::Cos,
        U::Tan => Math1::Tan,
        U::Asin => Math1::Asin,
        U::Acos => Math1::Acos,
        U::Atan => Math1::Atan,
        U::Sinh => Math1::Sinh,
        U::Cosh => Math1::Cosh,
        U::Tanh => Math1::Tanh,
        U::Asinh => Math1::Asinh,
        U::Acosh => Math1::Acosh,
        U::Atanh => Math1::Atanh,
        U::Logistic => Math1::Logistic,
        U::Erf => Math1::Erf,
        U::Erfc => Math1::Erfc,
        U::ErfInv => Math1::ErfInv,
        U::Lgamma => Math1::Lgamma,
        U::Digamma => Math1::Digamma,
        U::Neg
        | U::Not
        | U::Abs
        | U::Sign
        | U::Floor
        | U::Ceil
        | U::RoundEven
        | U::Trunc
        | U::Sqrt
        | U::Rsqrt
        | U::Recip
        | U::Square
        | U::IsFinite
        | U::IsNan
        | U::Real
        | U::Imag
        | U::Conj
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros
        | U::StopGradient => return None,
    })
}

fn float(cx: &mut Cx<'_>, op: UnaryOp, a: Opnd) -> Opnd {
    use UnaryOp as U;
    if let Some(f) = function(op) {
        return cx.math(f, a);
    }
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
        U::RoundEven => cx.un(Un::Nearest, a),
        U::Trunc => cx.un(Un::Trunc, a),
        U::Sqrt => cx.un(Un::Sqrt, a),
        U::Rsqrt => {
            let root = cx.un(Un::Sqrt, a);
            reciprocal(cx, root)
        }
        U::Recip => reciprocal(cx, a),
        U::Square => cx.bin(Bin::Mul, a, a),
        U::IsFinite => finite(cx, a),
        U::IsNan => cx.cmp(Cmp::FNe, a, a),
        U::Imag => real(cx, a, 0.0),
        U::Real | U::Conj | U::StopGradient => a,
        // The type rule lets no float have these.
        U::Not | U::PopCount | U::LeadingZeros | U::TrailingZeros => a,
        // Functions, handled before.
        U::Round
        | U::Cbrt
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
        | U::Digamma => a,
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
