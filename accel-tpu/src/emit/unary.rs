//! Elementwise operations of one operand.

use super::error::{Result, Unsupported};
use super::value::{Sym, Tensor};
use super::writer::Cx;
use super::{complex, special};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, UnaryOp};

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: UnaryOp, args: &[Sym]) -> Result<Vec<Sym>> {
    if op == UnaryOp::StopGradient {
        return Ok(args[..1].to_vec());
    }
    cx.elementwise(op.name(), args, |cx, t| {
        let x = &t[0];
        let d = x.ty.dtype;
        if d.is_float() {
            float(cx, op, x)
        } else if d.is_complex() {
            complex::unary(cx, op, x)
        } else {
            integer(cx, op, x)
        }
    })
}

/// The error of an operation that the type rule does not have.
pub(super) fn untyped(name: &str, d: DType) -> Unsupported {
    Unsupported::new(format!("`{name}`"), format!("it does not take {d}"))
}

fn float(cx: &mut Cx<'_>, op: UnaryOp, x: &Tensor) -> Result<Tensor> {
    use UnaryOp as U;
    let bool = x.ty.with(DType::Bool);
    Ok(match op {
        U::Neg
        | U::Abs
        | U::Sign
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Sqrt
        | U::Exp
        | U::Expm1
        | U::Log
        | U::Log1p
        | U::Sin
        | U::Cos
        | U::Tanh
        | U::Logistic
        | U::Tan => cx.un(op.name(), x),
        U::Rsqrt => cx.un("rsqrt", x),
        U::Trunc => special::trunc(cx, x),
        U::Cbrt => special::cbrt(cx, x),
        U::Recip => {
            let one = cx.num(1.0, x);
            cx.div(&one, x)
        }
        U::Square => cx.mul(x, x),
        U::Exp2 => {
            let two = cx.num(2.0, x);
            cx.bin("power", &two, x)
        }
        U::Log2 => special::log2(cx, x),
        U::Log10 => {
            let l = cx.un("log", x);
            cx.scaled(&l, std::f64::consts::LOG10_E)
        }
        U::Asin => cx.un("chlo.asin", x),
        U::Acos => cx.un("chlo.acos", x),
        U::Atan => {
            let one = cx.num(1.0, x);
            cx.bin("atan2", x, &one)
        }
        U::Sinh => special::sinh(cx, x),
        U::Cosh => special::cosh(cx, x),
        U::Asinh => cx.un("chlo.asinh", x),
        U::Acosh => cx.un("chlo.acosh", x),
        U::Atanh => special::atanh(cx, x),
        U::Erf => cx.un("chlo.erf", x),
        U::Erfc => special::erfc(cx, x),
        U::ErfInv => special::erf_inv(cx, x),
        U::Lgamma => special::lgamma(cx, x),
        U::Digamma => special::digamma(cx, x),
        U::Real | U::Conj | U::StopGradient => x.clone(),
        U::Imag => cx.zeros(x.ty.clone()),
        U::IsFinite => cx.op("is_finite", &[x], "", bool),
        U::IsNan => cx.is_nan(x),
        U::Not | U::PopCount | U::LeadingZeros | U::TrailingZeros => {
            return Err(untyped(op.name(), x.ty.dtype));
        }
    })
}

fn integer(cx: &mut Cx<'_>, op: UnaryOp, x: &Tensor) -> Result<Tensor> {
    use UnaryOp as U;
    let d = x.ty.dtype;
    let overflow = TrapKind::IntegerOverflow { op: op.name() };
    // What has no opposite: of signed types the least, of unsigned ones all but 0.
    let least = |cx: &mut Cx<'_>| {
        let (least, how) = if d.is_signed() {
            (-(1i128 << (8 * d.bytes() - 1)), "NE")
        } else {
            (0, "EQ")
        };
        let least = cx.whole(least, x);
        cx.compared(how, x, &least)
    };
    Ok(match op {
        U::Not => cx.un("not", x),
        U::Neg => {
            let fits = least(cx);
            cx.check_all(&fits, overflow);
            cx.un("negate", x)
        }
        U::Abs if d.is_signed() => {
            let fits = least(cx);
            cx.check_all(&fits, overflow);
            cx.un("abs", x)
        }
        U::Abs | U::StopGradient => x.clone(),
        U::Sign if d.is_signed() => cx.un("sign", x),
        U::Sign => {
            let one = cx.whole(1, x);
            cx.bin("minimum", x, &one)
        }
        U::PopCount => cx.un("popcnt", x),
        U::LeadingZeros => cx.un("count_leading_zeros", x),
        // The zeros below the lowest one are the ones of `!x & (x - 1)`.
        U::TrailingZeros => {
            let one = cx.whole(1, x);
            let less = cx.sub(x, &one);
            let not = cx.un("not", x);
            let below = cx.and(&not, &less);
            cx.un("popcnt", &below)
        }
        U::Floor
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
        | U::IsFinite
        | U::IsNan
        | U::Real
        | U::Imag
        | U::Conj => return Err(untyped(op.name(), d)),
    })
}
