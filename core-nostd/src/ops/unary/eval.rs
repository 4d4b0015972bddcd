//! Evaluation: a table of element functions for each kind of number.

use crate::error::TrapKind;
use crate::ir::{DType, UnaryOp};
use crate::ops::complex::{self, C};
use crate::ops::elementwise::{Fault, confusion, dtype, map, map_to};
use crate::ops::float::{self, Float};
use crate::ops::int::Int;
use crate::ops::{Args, EvalCx};
use crate::value::{Scalar, Val};
use alloc::vec::Vec;
use num_complex::Complex;

pub(in crate::ops) fn eval(
    op: &UnaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    // The interpreter's hot loop.
    if let Val::Scalar(Scalar::F64(x)) = args.get(0)
        && let Some(f) = float_fn::<f64>(*op)
    {
        out.push(Val::Scalar(Scalar::F64(f(*x))));
        return Ok(());
    }
    let name = op.name();
    let d = dtype(name, args.get(0))?;
    out.push(match d {
        _ if *op == UnaryOp::StopGradient => args.take(0),
        DType::F32 => float::<f32>(*op, args, cx)?,
        DType::F64 => float::<f64>(*op, args, cx)?,
        DType::C64 => {
            let f = complex_fn(*op);
            match f {
                Some(f) => map(name, args, |z| Ok(complex::narrow(f(complex::widen(z)))))?,
                None => parts::<f32>(*op, args, cx, |z| complex::abs(complex::widen(z)) as f32)?,
            }
        }
        DType::C128 => match complex_fn(*op) {
            Some(f) => map(name, args, |z| Ok(f(z)))?,
            None => parts::<f64>(*op, args, cx, complex::abs)?,
        },
        DType::I8 => int::<i8>(*op, args)?,
        DType::I16 => int::<i16>(*op, args)?,
        DType::I32 => int::<i32>(*op, args)?,
        DType::I64 => int::<i64>(*op, args)?,
        DType::U8 => int::<u8>(*op, args)?,
        DType::U16 => int::<u16>(*op, args)?,
        DType::U32 => int::<u32>(*op, args)?,
        DType::U64 => int::<u64>(*op, args)?,
        DType::Bool if *op == UnaryOp::Not => map(name, args, |x: bool| Ok(!x))?,
        DType::Bool => return Err(confusion(name)),
    });
    Ok(())
}

fn float<T: Float>(op: UnaryOp, args: &mut Args<'_>, cx: &EvalCx) -> Result<Val, TrapKind> {
    if let Some(f) = float_fn::<T>(op) {
        return map(op.name(), args, |x| Ok(f(x)));
    }
    if op == UnaryOp::IsFinite {
        map_to(op.name(), args, cx, T::finite)
    } else if op == UnaryOp::IsNan {
        map_to(op.name(), args, cx, T::nan)
    } else {
        Err(confusion(op.name()))
    }
}

/// The functions of a float that give a float of its type.
fn float_fn<T: Float>(op: UnaryOp) -> Option<fn(T) -> T> {
    use UnaryOp as U;
    Some(match op {
        U::Neg => |x| -x,
        U::Abs => T::abs,
        U::Sign => float::sign,
        U::Floor => T::floor,
        U::Ceil => T::ceil,
        U::Round => T::round,
        U::RoundEven => T::round_even,
        U::Trunc => T::trunc,
        U::Sqrt => T::sqrt,
        U::Rsqrt => |x| T::ONE / x.sqrt(),
        U::Cbrt => T::cbrt,
        U::Recip => |x| T::ONE / x,
        U::Square => |x| x * x,
        U::Exp => T::exp,
        U::Exp2 => T::exp2,
        U::Expm1 => T::expm1,
        U::Log => T::log,
        U::Log2 => T::log2,
        U::Log10 => T::log10,
        U::Log1p => T::log1p,
        U::Sin => T::sin,
        U::Cos => T::cos,
        U::Tan => T::tan,
        U::Asin => T::asin,
        U::Acos => T::acos,
        U::Atan => T::atan,
        U::Sinh => T::sinh,
        U::Cosh => T::cosh,
        U::Tanh => T::tanh,
        U::Asinh => T::asinh,
        U::Acosh => T::acosh,
        U::Atanh => T::atanh,
        U::Logistic => float::logistic,
        U::Erf => T::erf,
        U::Erfc => T::erfc,
        U::ErfInv => float::erf_inv,
        U::Lgamma => T::lgamma,
        U::Digamma => float::digamma,
        U::Real | U::Conj | U::StopGradient => |x| x,
        U::Imag => |_| T::ZERO,
        U::Not | U::IsFinite | U::IsNan | U::PopCount | U::LeadingZeros | U::TrailingZeros => {
            return None;
        }
    })
}

/// The functions of a complex number that give one.
fn complex_fn(op: UnaryOp) -> Option<fn(C) -> C> {
    use UnaryOp as U;
    Some(match op {
        U::Neg => |z| -z,
        U::Sign => complex::sign,
        U::Sqrt => complex::sqrt,
        U::Rsqrt => complex::rsqrt,
        U::Cbrt => complex::cbrt,
        U::Recip => complex::recip,
        U::Square => |z| z * z,
        U::Exp => complex::exp,
        U::Exp2 => complex::exp2,
        U::Expm1 => complex::expm1,
        U::Log => complex::log,
        U::Log2 => complex::log2,
        U::Log10 => complex::log10,
        U::Log1p => complex::log1p,
        U::Sin => complex::sin,
        U::Cos => complex::cos,
        U::Tan => complex::tan,
        U::Asin => complex::asin,
        U::Acos => complex::acos,
        U::Atan => complex::atan,
        U::Sinh => complex::sinh,
        U::Cosh => complex::cosh,
        U::Tanh => complex::tanh,
        U::Asinh => complex::asinh,
        U::Acosh => complex::acosh,
        U::Atanh => complex::atanh,
        U::Logistic => complex::logistic,
        U::Conj => |z| z.conj(),
        U::StopGradient => |z| z,
        U::Not
        | U::Abs
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Trunc
        | U::Erf
        | U::Erfc
        | U::ErfInv
        | U::Lgamma
        | U::Digamma
        | U::IsFinite
        | U::IsNan
        | U::Real
        | U::Imag
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros => return None,
    })
}

/// The functions of a complex number that give a real number or a `bool`.
fn parts<T: Float>(
    op: UnaryOp,
    args: &Args<'_>,
    cx: &EvalCx,
    abs: impl Fn(Complex<T>) -> T,
) -> Result<Val, TrapKind>
where
    Complex<T>: crate::value::Element,
{
    let name = op.name();
    match op {
        UnaryOp::Abs => map_to(name, args, cx, abs),
        UnaryOp::Real => map_to(name, args, cx, |z: Complex<T>| z.re),
        UnaryOp::Imag => map_to(name, args, cx, |z: Complex<T>| z.im),
        UnaryOp::IsFinite => map_to(name, args, cx, |z: Complex<T>| {
            z.re.finite() && z.im.finite()
        }),
        UnaryOp::IsNan => map_to(name, args, cx, |z: Complex<T>| z.re.nan() || z.im.nan()),
        UnaryOp::Neg
        | UnaryOp::Not
        | UnaryOp::Sign
        | UnaryOp::Conj
        | UnaryOp::PopCount
        | UnaryOp::LeadingZeros
        | UnaryOp::TrailingZeros
        | UnaryOp::Floor
        | UnaryOp::Ceil
        | UnaryOp::Round
        | UnaryOp::RoundEven
        | UnaryOp::Trunc
        | UnaryOp::Sqrt
        | UnaryOp::Rsqrt
        | UnaryOp::Cbrt
        | UnaryOp::Recip
        | UnaryOp::Square
        | UnaryOp::Exp
        | UnaryOp::Exp2
        | UnaryOp::Expm1
        | UnaryOp::Log
        | UnaryOp::Log2
        | UnaryOp::Log10
        | UnaryOp::Log1p
        | UnaryOp::Sin
        | UnaryOp::Cos
        | UnaryOp::Tan
        | UnaryOp::Asin
        | UnaryOp::Acos
        | UnaryOp::Atan
        | UnaryOp::Sinh
        | UnaryOp::Cosh
        | UnaryOp::Tanh
        | UnaryOp::Asinh
        | UnaryOp::Acosh
        | UnaryOp::Atanh
        | UnaryOp::Logistic
        | UnaryOp::Erf
        | UnaryOp::Erfc
        | UnaryOp::ErfInv
        | UnaryOp::Lgamma
        | UnaryOp::Digamma
        | UnaryOp::StopGradient => Err(confusion(name)),
    }
}

fn int<T: Int>(op: UnaryOp, args: &mut Args<'_>) -> Result<Val, TrapKind> {
    let f: fn(T) -> Result<T, Fault> = match op {
        UnaryOp::Neg => T::neg,
        UnaryOp::Abs => T::abs,
        UnaryOp::Sign => |x| Ok(x.sign()),
        UnaryOp::Not => |x| Ok(x.not()),
        UnaryOp::PopCount => |x| Ok(x.count_ones()),
        UnaryOp::LeadingZeros => |x| Ok(x.leading_zeros()),
        UnaryOp::TrailingZeros => |x| Ok(x.trailing_zeros()),
        // The type rule lets no other op have integers.
        UnaryOp::IsFinite
        | UnaryOp::IsNan
        | UnaryOp::Real
        | UnaryOp::Imag
        | UnaryOp::Conj
        | UnaryOp::Floor
        | UnaryOp::Ceil
        | UnaryOp::Round
        | UnaryOp::RoundEven
        | UnaryOp::Trunc
        | UnaryOp::Sqrt
        | UnaryOp::Rsqrt
        | UnaryOp::Cbrt
        | UnaryOp::Recip
        | UnaryOp::Square
        | UnaryOp::Exp
        | UnaryOp::Exp2
        | UnaryOp::Expm1
        | UnaryOp::Log
        | UnaryOp::Log2
        | UnaryOp::Log10
        | UnaryOp::Log1p
        | UnaryOp::Sin
        | UnaryOp::Cos
        | UnaryOp::Tan
        | UnaryOp::Asin
        | UnaryOp::Acos
        | UnaryOp::Atan
        | UnaryOp::Sinh
        | UnaryOp::Cosh
        | UnaryOp::Tanh
        | UnaryOp::Asinh
        | UnaryOp::Acosh
        | UnaryOp::Atanh
        | UnaryOp::Logistic
        | UnaryOp::Erf
        | UnaryOp::Erfc
        | UnaryOp::ErfInv
        | UnaryOp::Lgamma
        | UnaryOp::Digamma
        | UnaryOp::StopGradient => return Err(confusion(op.name())),
    };
    map(op.name(), args, f)
}
