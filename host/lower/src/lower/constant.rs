//! Constants and the defaults of types.

use super::Unsupported;
use super::cx::{Cx, Flat};
use crate::layout::scalar_ty;
use crate::lir::Opnd;
use cotangent_core::entity::Inst;
use cotangent_core::ir::{ConstOp, DType, Type};
use cotangent_core::value::{Data, Scalar};

/// Lowers a constant.
pub(super) fn lower(op: &ConstOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let flat = match op {
        ConstOp::Scalar(s) => scalar(*s),
        ConstOp::Tensor(t) if t.shape.is_empty() => scalar(t.data.get(0)),
        // Lent: it lives as long as the program.
        ConstOp::Tensor(t) => {
            let (block, data) = cx.constant(bytes(&t.data));
            vec![block.into(), data.into()]
        }
        ConstOp::Default(ty) => default(cx, ty),
    };
    cx.result(d, 0, flat);
    Ok(())
}

/// A scalar's registers.
fn scalar(s: Scalar) -> Flat {
    let ty = scalar_ty(s.dtype());
    let int = |v: i64| vec![Opnd::Const(ty, v.cast_unsigned() & mask(s.dtype()))];
    match s {
        Scalar::Bool(v) => int(v.into()),
        Scalar::I8(v) => int(v.into()),
        Scalar::I16(v) => int(v.into()),
        Scalar::I32(v) => int(v.into()),
        Scalar::I64(v) => int(v),
        Scalar::U8(v) => int(v.into()),
        Scalar::U16(v) => int(v.into()),
        Scalar::U32(v) => int(v.into()),
        Scalar::U64(v) => int(v.cast_signed()),
        Scalar::F32(v) => vec![Opnd::Const(ty, v.to_bits().into())],
        Scalar::F64(v) => vec![Opnd::Const(ty, v.to_bits())],
        Scalar::C64(v) => [v.re, v.im]
            .map(|x| Opnd::Const(ty, x.to_bits().into()))
            .to_vec(),
        Scalar::C128(v) => [v.re, v.im].map(|x| Opnd::Const(ty, x.to_bits())).to_vec(),
    }
}

/// The bits of an element type.
fn mask(d: DType) -> u64 {
    u64::MAX >> (64 - 8 * scalar_ty(d).bytes())
}

/// Elements as they lie in memory.
fn bytes(data: &Data) -> Vec<u8> {
    fn go<T: Copy, const N: usize>(v: &[T], f: impl Fn(T) -> [u8; N]) -> Vec<u8> {
        v.iter().flat_map(|&x| f(x)).collect()
    }
    match data {
        Data::Bool(v) => v.iter().map(|&x| x.into()).collect(),
        Data::I8(v) => go(v, i8::to_ne_bytes),
        Data::I16(v) => go(v, i16::to_ne_bytes),
        Data::I32(v) => go(v, i32::to_ne_bytes),
        Data::I64(v) => go(v, i64::to_ne_bytes),
        Data::U8(v) => v.clone(),
        Data::U16(v) => go(v, u16::to_ne_bytes),
        Data::U32(v) => go(v, u32::to_ne_bytes),
        Data::U64(v) => go(v, u64::to_ne_bytes),
        Data::F32(v) => go(v, f32::to_ne_bytes),
        Data::F64(v) => go(v, f64::to_ne_bytes),
        Data::C64(v) => v
            .iter()
            .flat_map(|z| [z.re, z.im].map(f32::to_ne_bytes).concat())
            .collect(),
        Data::C128(v) => v
            .iter()
            .flat_map(|z| [z.re, z.im].map(f64::to_ne_bytes).concat())
            .collect(),
    }
}

/// The zero of a type: unknown extents are 0, sequences and stacks are empty.
pub(super) fn default(cx: &mut Cx<'_>, ty: &Type) -> Flat {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => scalar(Scalar::zero(t.dtype)),
        Type::Tensor(t) => {
            let extents: Vec<Opnd> = t
                .shape
                .iter()
                .map(|d| Opnd::i64(d.known().unwrap_or(0)))
                .collect();
            zero_tensor(cx, ty, &extents)
        }
        Type::Record(fs) => fs.iter().flat_map(|f| default(cx, f)).collect(),
        Type::Seq(_) | Type::Stack(_) => cx.empty(ty, &[Opnd::i64(0)]),
    }
}

/// An owned tensor of zeros of those extents.
pub(super) fn zero_tensor(cx: &mut Cx<'_>, ty: &Type, extents: &[Opnd]) -> Flat {
    let n = cx.room(extents);
    if n == Opnd::i64(0) {
        return cx.empty(ty, extents);
    }
    let (id, layout) = cx.elements(ty);
    let (block, data) = cx.alloc(n, id);
    cx.zero_elements(data.into(), n, &layout);
    cx.array(ty, block.into(), data.into(), extents)
}
