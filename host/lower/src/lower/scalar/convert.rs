//! Changes of element type: Rust's `as` between all pairs, and reinterpretation of bits.

use super::super::cx::{Cx, Flat};
use super::int;
use crate::layout::scalar_ty;
use crate::lir::{Bin, Cmp, Cvt, Opnd, Ty};
use crate::opt::fold;
use cotangent_core::ir::{ConvertOp, DType};

/// The conversion of one element of type `from`.
pub(super) fn lower(cx: &mut Cx<'_>, op: ConvertOp, a: &[Opnd], from: DType) -> Flat {
    match op {
        ConvertOp::To(to) | ConvertOp::Bitcast(to) if to == from => a.to_vec(),
        ConvertOp::To(to) => convert(cx, a, from, to),
        ConvertOp::Bitcast(to) => {
            let ty = scalar_ty(to);
            vec![if ty == scalar_ty(from) {
                a[0]
            } else {
                cx.cvt(Cvt::Bits, ty, a[0])
            }]
        }
    }
}

/// A value of one element type as another.
pub(super) fn convert(cx: &mut Cx<'_>, a: &[Opnd], from: DType, to: DType) -> Flat {
    if to == DType::Bool {
        return vec![truth(cx, a, from)];
    }
    let re = real(cx, a[0], from.real(), to.real());
    if !to.is_complex() {
        return vec![re];
    }
    let im = match a.get(1) {
        Some(&im) => real(cx, im, from.real(), to.real()),
        None => fold::float(scalar_ty(to), 0.0),
    };
    vec![re, im]
}

/// Whether a number is not zero.
fn truth(cx: &mut Cx<'_>, a: &[Opnd], from: DType) -> Opnd {
    if !from.is_differentiable() {
        return cx.cmp(Cmp::Ne, a[0], int(from, 0));
    }
    let zero = fold::float(scalar_ty(from), 0.0);
    let re = cx.cmp(Cmp::FNe, a[0], zero);
    match a.get(1) {
        Some(&im) => {
            let im = cx.cmp(Cmp::FNe, im, zero);
            cx.either(re, im)
        }
        None => re,
    }
}

fn real(cx: &mut Cx<'_>, a: Opnd, from: DType, to: DType) -> Opnd {
    let (have, ty) = (scalar_ty(from), scalar_ty(to));
    if from.is_float() {
        return if to.is_float() {
            match (have, ty) {
                (Ty::F32, Ty::F64) => cx.cvt(Cvt::Promote, ty, a),
                (Ty::F64, Ty::F32) => cx.cvt(Cvt::Demote, ty, a),
                _ => a,
            }
        } else {
            rounded(cx, a, to)
        };
    }
    if !to.is_float() {
        return resize(cx, a, from.is_signed(), ty);
    }
    if from.is_signed() {
        let a = if have.bytes() < 4 {
            resize(cx, a, true, Ty::I32)
        } else {
            a
        };
        return cx.cvt(Cvt::SToF, ty, a);
    }
    // Unsigned integers that a wider signed one holds convert as that, which machines do faster.
    match have {
        Ty::I64 => cx.cvt(Cvt::UToF, ty, a),
        Ty::I32 => {
            let a = resize(cx, a, false, Ty::I64);
            cx.cvt(Cvt::SToF, ty, a)
        }
        Ty::I8 | Ty::I16 | Ty::F32 | Ty::F64 | Ty::Ptr => {
            let a = resize(cx, a, false, Ty::I32);
            cx.cvt(Cvt::SToF, ty, a)
        }
    }
}

/// An integer in another width, by its sign.
fn resize(cx: &mut Cx<'_>, a: Opnd, signed: bool, to: Ty) -> Opnd {
    let have = cx.ty(a);
    if have == to {
        a
    } else if have.bytes() > to.bytes() {
        cx.cvt(Cvt::Trunc, to, a)
    } else {
        cx.cvt(if signed { Cvt::SExt } else { Cvt::ZExt }, to, a)
    }
}

/// A float as an integer: towards zero, saturating, NaN to 0. Through a wider integer where machines have no such conversion.
fn rounded(cx: &mut Cx<'_>, a: Opnd, to: DType) -> Opnd {
    let ty = scalar_ty(to);
    let (wide, lowest, greatest) = match to {
        DType::I32 | DType::I64 => return cx.cvt(Cvt::FToS, ty, a),
        DType::U64 => return cx.cvt(Cvt::FToU, ty, a),
        DType::I8 => (Ty::I32, i64::from(i8::MIN), i64::from(i8::MAX)),
        DType::I16 => (Ty::I32, i64::from(i16::MIN), i64::from(i16::MAX)),
        DType::U8 => (Ty::I32, 0, i64::from(u8::MAX)),
        DType::U16 => (Ty::I32, 0, i64::from(u16::MAX)),
        DType::U32 => (Ty::I64, 0, i64::from(u32::MAX)),
        // Not integers.
        DType::Bool | DType::F32 | DType::F64 | DType::C64 | DType::C128 => return a,
    };
    let x = cx.cvt(Cvt::FToS, wide, a);
    let limit = |v: i64| fold::constant(wide, v.cast_unsigned());
    let x = cx.bin(Bin::SMax, x, limit(lowest));
    let x = cx.bin(Bin::SMin, x, limit(greatest));
    cx.cvt(Cvt::Trunc, ty, x)
}
