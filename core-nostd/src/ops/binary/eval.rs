//! Evaluation: a table of element functions for each kind of number.

use crate::error::TrapKind;
use crate::ir::{BinaryOp, DType};
use crate::ops::complex::{self, C};
use crate::ops::elementwise::{Fault, confusion, dtype, zip, zip_int, zip_to};
use crate::ops::float::{self, Float};
use crate::ops::int::Int;
use crate::ops::{Args, EvalCx};
use crate::value::{Element, Scalar, Val};
use alloc::vec::Vec;
use num_complex::Complex;

pub(in crate::ops) fn eval(
    op: &BinaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    // The interpreter's hot loop.
    if let (Val::Scalar(Scalar::F64(a)), Val::Scalar(Scalar::F64(b))) = (args.get(0), args.get(1))
        && let Some(f) = float_fn::<f64>(*op)
    {
        out.push(Val::Scalar(Scalar::F64(f(*a, *b))));
        return Ok(());
    }
    let name = op.name();
    out.push(match dtype(name, args.get(0))? {
        DType::F32 => float::<f32>(*op, args, cx)?,
        DType::F64 => float::<f64>(*op, args, cx)?,
        DType::C64 if *op == BinaryOp::Powi => zip_int(name, args, |z, n| {
            Ok(complex::narrow(powi(complex::widen(z), n)))
        })?,
        // As wide as the operands, so that every executor rounds alike.
        DType::C64 if *op == BinaryOp::Mul => zip(name, args, |a: Complex<f32>, b| Ok(a * b))?,
        DType::C64 => {
            let f = complex_fn(*op).ok_or_else(|| confusion(name))?;
            zip(name, args, |a, b| {
                Ok(complex::narrow(f(complex::widen(a), complex::widen(b))))
            })?
        }
        DType::C128 if *op == BinaryOp::Powi => zip_int(name, args, |z, n| Ok(powi(z, n)))?,
        DType::C128 => {
            let f = complex_fn(*op).ok_or_else(|| confusion(name))?;
            zip(name, args, |a, b| Ok(f(a, b)))?
        }
        DType::I8 => int::<i8>(*op, args)?,
        DType::I16 => int::<i16>(*op, args)?,
        DType::I32 => int::<i32>(*op, args)?,
        DType::I64 => int::<i64>(*op, args)?,
        DType::U8 => int::<u8>(*op, args)?,
        DType::U16 => int::<u16>(*op, args)?,
        DType::U32 => int::<u32>(*op, args)?,
        DType::U64 => int::<u64>(*op, args)?,
        DType::Bool => {
            let f = bool_fn(*op).ok_or_else(|| confusion(name))?;
            zip(name, args, |a, b| Ok(f(a, b)))?
        }
    });
    Ok(())
}

fn float<T: Float>(op: BinaryOp, args: &mut Args<'_>, cx: &EvalCx) -> Result<Val, TrapKind>
where
    Complex<T>: Element,
{
    let name = op.name();
    match float_fn::<T>(op) {
        Some(f) => zip(name, args, |a, b| Ok(f(a, b))),
        None if op == BinaryOp::Complex => zip_to(name, args, cx, |re: T, im| Complex { re, im }),
        None if op == BinaryOp::Powi => zip_int(name, args, |x: T, n| {
            Ok(float::powi(T::ONE, x, n, |p| T::ONE / p))
        }),
        None => Err(confusion(name)),
    }
}

/// The functions of two floats that give a float of their type.
fn float_fn<T: Float>(op: BinaryOp) -> Option<fn(T, T) -> T> {
    use BinaryOp as B;
    Some(match op {
        B::Add => |a, b| a + b,
        B::Sub => |a, b| a - b,
        B::Mul => |a, b| a * b,
        B::Div => |a, b| a / b,
        B::Rem => |a, b| a % b,
        B::RemEuclid => float::rem_euclid,
        B::DivEuclid => float::div_euclid,
        B::Min => |a, b| float::extreme(a, b, false),
        B::Max => |a, b| float::extreme(a, b, true),
        B::FMin => |a, b| float::extreme_number(a, b, false),
        B::FMax => |a, b| float::extreme_number(a, b, true),
        B::Pow => T::pow,
        B::Atan2 => T::atan2,
        B::Hypot => T::hypot,
        B::Copysign => T::copysign,
        B::Polygamma => float::polygamma,
        B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Powi
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex => return None,
    })
}

/// The functions of two complex numbers.
fn complex_fn(op: BinaryOp) -> Option<fn(C, C) -> C> {
    use BinaryOp as B;
    Some(match op {
        B::Add => |a, b| a + b,
        B::Sub => |a, b| a - b,
        B::Mul => |a, b| a * b,
        B::Div => complex::div,
        B::Pow => complex::pow,
        B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
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
        | B::Polygamma => return None,
    })
}

fn powi(z: C, n: i128) -> C {
    float::powi(C::new(1.0, 0.0), z, n, complex::recip)
}

/// The functions of two integers of one type; and of an integer and an amount.
fn int<T: Int>(op: BinaryOp, args: &mut Args<'_>) -> Result<Val, TrapKind> {
    use BinaryOp as B;
    let f: fn(T, T) -> Result<T, Fault> = match op {
        B::Add => T::add,
        B::Sub => T::sub,
        B::Mul => T::mul,
        B::Div => T::div,
        B::Rem => T::rem,
        B::RemEuclid => T::rem_euclid,
        B::DivEuclid => T::div_euclid,
        B::WrappingAdd => |a, b| Ok(a.wrapping_add(b)),
        B::WrappingSub => |a, b| Ok(a.wrapping_sub(b)),
        B::WrappingMul => |a, b| Ok(a.wrapping_mul(b)),
        B::Min => |a, b| Ok(a.min(b)),
        B::Max => |a, b| Ok(a.max(b)),
        B::And => |a, b| Ok(a.and(b)),
        B::Or => |a, b| Ok(a.or(b)),
        B::Xor => |a, b| Ok(a.xor(b)),
        B::Pow => return zip_int(op.name(), args, T::pow),
        B::Shl => return zip_int(op.name(), args, T::shl),
        B::Shr => return zip_int(op.name(), args, T::shr),
        B::FMin
        | B::FMax
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::Complex
        | B::Polygamma => return Err(confusion(op.name())),
    };
    zip(op.name(), args, f)
}

/// The functions of two booleans.
fn bool_fn(op: BinaryOp) -> Option<fn(bool, bool) -> bool> {
    use BinaryOp as B;
    match op {
        B::And => Some(|a, b| a & b),
        B::Or => Some(|a, b| a | b),
        B::Xor => Some(|a, b| a ^ b),
        B::Add
        | B::Sub
        | B::Mul
        | B::Div
        | B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Pow
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::Shl
        | B::Shr
        | B::Complex
        | B::Polygamma => None,
    }
}
