//! Changes of element type: conversion as Rust's `as`, and reinterpretation of bits.
//!
//! A conversion between types with a tangent space is linear (over the reals, where one of them is complex) and converts tangents. Bits
//! have no derivative: a float made of the bits of another is not differentiable.

use super::batch::{BatchCx, Batched};
use super::elementwise::{Domain, confusion, dtype, operands, room, tensor};
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{ConvertOp, DType, Op, Type};
use crate::on_each;
use crate::value::{Data, Element, Scalar, Tensor, Val};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use num_complex::Complex;

pub(super) fn mnemonic(op: &ConvertOp) -> &'static str {
    match op {
        ConvertOp::To(_) => "convert",
        ConvertOp::Bitcast(_) => "bitcast_convert",
    }
}

pub(super) fn infer(op: &ConvertOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    operands::<1>(tys, "1")?;
    let (to, domain) = match op {
        ConvertOp::To(d) => (*d, Domain::ANY),
        ConvertOp::Bitcast(d) => (*d, Domain::INT.or(Domain::FLOAT)),
    };
    let t = tensor(tys, 0, domain)?;
    if matches!(op, ConvertOp::Bitcast(_)) && (!domain.admits(to) || to.bytes() != t.dtype.bytes())
    {
        return Err(Why::Attribute(
            "bits are reinterpreted as an integer or float type of the same size",
        ));
    }
    Ok(vec![Type::tensor(to, t.shape.iter().copied())])
}

pub(super) fn effects(op: &ConvertOp, _: &[&Type]) -> Effects {
    match op {
        ConvertOp::To(_) | ConvertOp::Bitcast(_) => Effects::Pure,
    }
}

/// Any number, without loss.
#[derive(Copy, Clone)]
enum Wide {
    Int(i128),
    Real(f64),
    Complex(f64, f64),
}

impl Wide {
    /// Zero in both parts.
    fn is_zero(self) -> bool {
        match self {
            Wide::Int(n) => n == 0,
            Wide::Real(x) => x == 0.0,
            Wide::Complex(x, y) => x == 0.0 && y == 0.0,
        }
    }
}

/// A type that [`Wide`] is made from and rounded to.
trait Number: Element {
    fn wide(self) -> Wide;
    fn narrow(w: Wide) -> Self;
}

macro_rules! numbers {
    ($($real:ident: $variant:ident $from:ty;)*) => {$(
        #[allow(trivial_numeric_casts, reason = "one arm converts to `f64` itself")]
        impl Number for $real {
            fn wide(self) -> Wide {
                Wide::$variant(<$from>::from(self))
            }
            fn narrow(w: Wide) -> Self {
                match w {
                    Wide::Int(n) => n as $real,
                    Wide::Real(x) | Wide::Complex(x, _) => x as $real,
                }
            }
        }
    )*};
}
numbers! {
    i8: Int i128; i16: Int i128; i32: Int i128; i64: Int i128;
    u8: Int i128; u16: Int i128; u32: Int i128; u64: Int i128;
    f32: Real f64; f64: Real f64;
}

impl Number for bool {
    fn wide(self) -> Wide {
        Wide::Int(self.into())
    }
    fn narrow(w: Wide) -> bool {
        !w.is_zero()
    }
}

macro_rules! complex_numbers {
    ($($real:ident)*) => {$(
        #[allow(trivial_numeric_casts, reason = "one arm converts to `f64` itself")]
        impl Number for Complex<$real> {
            fn wide(self) -> Wide {
                Wide::Complex(self.re.into(), self.im.into())
            }
            fn narrow(w: Wide) -> Self {
                match w {
                    Wide::Complex(_, im) => Complex::new($real::narrow(w), im as $real),
                    Wide::Int(_) | Wide::Real(_) => Complex::new($real::narrow(w), 0.0),
                }
            }
        }
    )*};
}
complex_numbers! { f32 f64 }

/// A scalar as another type.
fn convert_scalar(s: Scalar, to: DType) -> Scalar {
    let w = on_each!(Scalar, s, v => v.wide());
    match to {
        DType::Bool => bool::narrow(w).scalar(),
        DType::I8 => i8::narrow(w).scalar(),
        DType::I16 => i16::narrow(w).scalar(),
        DType::I32 => i32::narrow(w).scalar(),
        DType::I64 => i64::narrow(w).scalar(),
        DType::U8 => u8::narrow(w).scalar(),
        DType::U16 => u16::narrow(w).scalar(),
        DType::U32 => u32::narrow(w).scalar(),
        DType::U64 => u64::narrow(w).scalar(),
        DType::F32 => f32::narrow(w).scalar(),
        DType::F64 => f64::narrow(w).scalar(),
        DType::C64 => Complex::<f32>::narrow(w).scalar(),
        DType::C128 => Complex::<f64>::narrow(w).scalar(),
    }
}

fn convert_data(data: &Data, to: DType, cx: &EvalCx) -> Result<Data, TrapKind> {
    fn into<T: Number, R: Number>(xs: &[T], cx: &EvalCx) -> Result<Data, TrapKind> {
        let mut ys = room::<R>(cx, xs.len())?;
        ys.extend(xs.iter().map(|x| R::narrow(x.wide())));
        Ok(R::data(ys))
    }
    fn from<T: Number>(xs: &[T], to: DType, cx: &EvalCx) -> Result<Data, TrapKind> {
        match to {
            DType::Bool => into::<T, bool>(xs, cx),
            DType::I8 => into::<T, i8>(xs, cx),
            DType::I16 => into::<T, i16>(xs, cx),
            DType::I32 => into::<T, i32>(xs, cx),
            DType::I64 => into::<T, i64>(xs, cx),
            DType::U8 => into::<T, u8>(xs, cx),
            DType::U16 => into::<T, u16>(xs, cx),
            DType::U32 => into::<T, u32>(xs, cx),
            DType::U64 => into::<T, u64>(xs, cx),
            DType::F32 => into::<T, f32>(xs, cx),
            DType::F64 => into::<T, f64>(xs, cx),
            DType::C64 => into::<T, Complex<f32>>(xs, cx),
            DType::C128 => into::<T, Complex<f64>>(xs, cx),
        }
    }
    on_each!(Data, data, xs => from(xs, to, cx))
}

/// The bits of an integer or float, zero-extended.
fn bits(s: Scalar) -> Option<u64> {
    Some(match s {
        Scalar::F32(x) => x.to_bits().into(),
        Scalar::F64(x) => x.to_bits(),
        Scalar::I8(x) => x.cast_unsigned().into(),
        Scalar::I16(x) => x.cast_unsigned().into(),
        Scalar::I32(x) => x.cast_unsigned().into(),
        Scalar::I64(x) => x.cast_unsigned(),
        Scalar::U8(x) => x.into(),
        Scalar::U16(x) => x.into(),
        Scalar::U32(x) => x.into(),
        Scalar::U64(x) => x,
        Scalar::Bool(_) | Scalar::C64(_) | Scalar::C128(_) => return None,
    })
}

/// An integer or float of those bits.
fn from_bits(d: DType, b: u64) -> Option<Scalar> {
    Some(match d {
        DType::F32 => Scalar::F32(f32::from_bits(b as u32)),
        DType::F64 => Scalar::F64(f64::from_bits(b)),
        DType::I8 => Scalar::I8(b as i8),
        DType::I16 => Scalar::I16(b as i16),
        DType::I32 => Scalar::I32(b as i32),
        DType::I64 => Scalar::I64(b as i64),
        DType::U8 => Scalar::U8(b as u8),
        DType::U16 => Scalar::U16(b as u16),
        DType::U32 => Scalar::U32(b as u32),
        DType::U64 => Scalar::U64(b),
        DType::Bool | DType::C64 | DType::C128 => return None,
    })
}

fn bitcast(s: Scalar, d: DType) -> Result<Scalar, TrapKind> {
    bits(s)
        .and_then(|b| from_bits(d, b))
        .ok_or_else(|| confusion("bitcast_convert"))
}

pub(super) fn eval(
    op: &ConvertOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    let (ConvertOp::To(to) | ConvertOp::Bitcast(to)) = *op;
    if dtype(mnemonic(op), args.get(0))? == to {
        out.push(args.take(0));
        return Ok(());
    }
    out.push(match (op, args.get(0)) {
        (ConvertOp::To(_), Val::Scalar(s)) => Val::Scalar(convert_scalar(*s, to)),
        (ConvertOp::Bitcast(_), Val::Scalar(s)) => Val::Scalar(bitcast(*s, to)?),
        (_, Val::Tensor(t)) => {
            let n = t.data.len();
            let data = match op {
                ConvertOp::To(_) => convert_data(&t.data, to, cx)?,
                ConvertOp::Bitcast(_) => {
                    cx.reserve(n, to.bytes())?;
                    let mut data =
                        Data::splat(Scalar::zero(to), n).ok_or(TrapKind::OutOfMemory {
                            bytes: (n as u64).saturating_mul(to.bytes() as u64),
                        })?;
                    for i in 0..n {
                        data.set(i, bitcast(t.data.get(i), to)?);
                    }
                    data
                }
            };
            Val::Tensor(Arc::new(Tensor {
                shape: t.shape.clone(),
                data,
            }))
        }
        (_, Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_)) => {
            return Err(confusion(mnemonic(op)));
        }
    });
    Ok(())
}

// A float's bits as an integer have no tangent space, so derivatives stop there; the only bit cast with a tangent is that of
// a float type to itself, which is the identity and a conversion too.

pub(super) fn jvp(op: &ConvertOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let (ConvertOp::To(d) | ConvertOp::Bitcast(d)) = *op;
    if let Some(t) = cx.tangents[0] {
        let t = cx.b.convert(d, t);
        cx.add(0, t);
    }
    Ok(())
}

pub(super) fn transpose(op: &ConvertOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    match op {
        ConvertOp::To(_) | ConvertOp::Bitcast(_) => {
            // Real to complex is x + 0i, whose transpose is the real part; complex to real is the real part, whose transpose is x + 0i.
            if let (Some(ct), Some(d)) = (cx.ct(0), cx.ty(0).dtype()) {
                let ct = cx.b().convert(d, ct);
                cx.add(0, ct);
            }
            Ok(())
        }
    }
}

/// Whether every value of type `a` is one of type `b`.
fn exact(a: DType, b: DType) -> bool {
    // Bits of an integer's magnitude that a float holds exactly.
    let integer_bits = |d: DType| 8 * d.bytes() - usize::from(d.is_signed());
    let mantissa = |d: DType| if d.real() == DType::F32 { 24 } else { 53 };
    if a == b || a == DType::Bool {
        true
    } else if b == DType::Bool {
        false
    } else if a.is_int() && b.is_int() {
        b.bytes() > a.bytes() && (b.is_signed() || a.is_unsigned())
    } else if a.is_int() {
        integer_bits(a) <= mantissa(b)
    } else {
        !b.is_int() && mantissa(a) <= mantissa(b) && (b.is_complex() || !a.is_complex())
    }
}

pub(super) fn simplify(op: &ConvertOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let (ConvertOp::To(to) | ConvertOp::Bitcast(to)) = *op;
    if cx.ty(0).dtype() == Some(to) {
        return cx.keep(cx.arg(0));
    }
    let inner = cx.def(cx.arg(0))?;
    let x = *inner.args.first()?;
    let from = cx.func.ty(x).dtype()?;
    match (op, &inner.op) {
        (ConvertOp::To(_), Op::Convert(ConvertOp::To(middle))) if exact(from, *middle) => {
            // An integer through a float saturates where one through integers wraps.
            let wraps = to.is_int() && from.is_int() && !exact(from, to);
            if wraps && !middle.is_int() {
                None
            } else if from == to {
                cx.keep(x)
            } else {
                Some(Simplified::Inst(ConvertOp::To(to).into(), vec![x]))
            }
        }
        (ConvertOp::Bitcast(_), Op::Convert(ConvertOp::Bitcast(_))) => {
            // Derivatives stop at bits; they must not depend on whether this was simplified.
            if from.is_float() && to.is_float() {
                None
            } else if from == to {
                cx.keep(x)
            } else {
                Some(Simplified::Inst(ConvertOp::Bitcast(to).into(), vec![x]))
            }
        }
        _ => None,
    }
}

pub(super) fn batch(op: &ConvertOp, cx: &mut BatchCx<'_>) -> Batched {
    cx.elementwise(*op)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::value;

    fn samples() -> Vec<Scalar> {
        let mut v = Vec::new();
        for n in [
            -129i128,
            -1,
            0,
            1,
            7,
            127,
            200,
            255,
            300,
            1 << 24,
            (1 << 53) + 1,
        ] {
            v.extend(DType::ALL.iter().filter_map(|&d| Scalar::from_int(d, n)));
        }
        for x in [-0.0, 0.5, -1.75, 3.0e9, -1e30, f64::NAN, f64::INFINITY, 0.1] {
            v.extend(DType::ALL.iter().filter_map(|&d| Scalar::from_f64(d, x)));
        }
        v.extend([Scalar::Bool(true), Scalar::Bool(false)]);
        v.push(Scalar::C128(Complex::new(0.0, 2.5)));
        v
    }

    fn to(s: Scalar, d: DType) -> Scalar {
        value(ConvertOp::To(d), &[Val::Scalar(s)])
            .as_scalar()
            .unwrap()
    }

    #[test]
    fn as_rust_converts() {
        assert_eq!(
            to(Scalar::F64(300.7), DType::U8),
            Scalar::U8(300.7f64 as u8)
        );
        assert_eq!(to(Scalar::F64(-1.0), DType::U32), Scalar::U32(0));
        assert_eq!(to(Scalar::F64(f64::NAN), DType::I64), Scalar::I64(0));
        assert_eq!(to(Scalar::I32(-1), DType::U8), Scalar::U8(255));
        assert_eq!(
            to(Scalar::U64(u64::MAX), DType::F32),
            Scalar::F32(u64::MAX as f32)
        );
        assert_eq!(
            to(Scalar::I64((1 << 53) + 1), DType::F32),
            Scalar::F32(((1i64 << 53) + 1) as f32)
        );
        assert_eq!(to(Scalar::F64(0.1), DType::F32), Scalar::F32(0.1f64 as f32));
        assert_eq!(to(Scalar::Bool(true), DType::F64), Scalar::F64(1.0));
        assert_eq!(to(Scalar::F64(0.5), DType::Bool), Scalar::Bool(true));
        assert_eq!(
            to(Scalar::C128(Complex::new(0.0, 2.0)), DType::Bool),
            Scalar::Bool(true)
        );
        assert_eq!(
            to(Scalar::C128(Complex::new(3.0, 2.0)), DType::F32),
            Scalar::F32(3.0)
        );
        assert_eq!(
            to(Scalar::I8(-3), DType::C64),
            Scalar::C64(Complex::new(-3.0, 0.0))
        );
        let v = value(ConvertOp::To(DType::I32), &[Val::vector(vec![1.9, -2.9])]);
        assert!(v.same_bits(&Val::vector(vec![1, -2])));
    }

    #[test]
    fn an_exact_step_can_be_left_out() {
        // Every chain that `simplify` shortens gives the same bits without the middle.
        for s in samples() {
            for middle in DType::ALL.into_iter().filter(|&m| exact(s.dtype(), m)) {
                let there = to(s, middle);
                assert!(to(there, s.dtype()).same_bits(s), "{s:?} through {middle}");
                for last in DType::ALL {
                    let wraps = last.is_int() && s.dtype().is_int() && !exact(s.dtype(), last);
                    if wraps && !middle.is_int() {
                        continue;
                    }
                    let (a, b) = (to(there, last), to(s, last));
                    assert!(
                        a.same_bits(b),
                        "{s:?} through {middle} to {last}: {a:?} {b:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn bits_round_trip() {
        for (x, d) in [
            (Scalar::F64(-0.0), DType::U64),
            (Scalar::F32(1.5), DType::I32),
            (Scalar::I8(-3), DType::U8),
            (Scalar::U16(65535), DType::I16),
        ] {
            let there = value(ConvertOp::Bitcast(d), &[Val::Scalar(x)]);
            let back = value(ConvertOp::Bitcast(x.dtype()), &[there]);
            assert!(back.same_bits(&Val::Scalar(x)));
        }
        let y = value(ConvertOp::Bitcast(DType::U64), &[Val::vector(vec![1.0])]);
        assert!(y.same_bits(&Val::vector(vec![1.0f64.to_bits()])));
        assert!(infer(&ConvertOp::Bitcast(DType::F64), &[DType::F32.into()]).is_err());
        assert!(infer(&ConvertOp::Bitcast(DType::C64), &[DType::F64.into()]).is_err());
    }
}
