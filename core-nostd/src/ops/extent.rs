//! Extents, axes, positions and offsets: what the families of array operations share.
//!
//! Type rules use [`tensor`], [`int_scalar`], [`axis`], [`compatible`]; evaluation uses [`position`], [`bounds`],
//! [`room`]; derivative rules use [`restore`], [`give`], [`extents_of`].

use super::{Args, EvalCx, TransposeCx};
use crate::entity::Value;
use crate::error::{TrapKind, Why};
use crate::ir::{ArrayOp, BinaryOp, Builder, DType, Dim, PlaceOp, ShapeOp, Step, TensorType, Type};
use crate::value::{Scalar, Tensor, Val, elements};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

// Type rules.

/// Checks the number of operands.
pub(super) fn arity(tys: &[Type], n: usize, want: &'static str) -> Result<(), Why> {
    if tys.len() == n {
        Ok(())
    } else {
        Err(Why::Arity { want })
    }
}

/// The tensor type of operand `i`.
pub(super) fn tensor(tys: &[Type], i: usize) -> Result<&TensorType, Why> {
    tys[i].as_tensor().ok_or(Why::Kind {
        operand: i,
        want: "a tensor",
    })
}

/// Checks that operands `from..` are integer scalars.
pub(super) fn int_scalars(tys: &[Type], from: usize) -> Result<(), Why> {
    for (operand, t) in tys.iter().enumerate().skip(from) {
        if !(t.is_scalar() && t.dtype().is_some_and(DType::is_int)) {
            return Err(Why::Kind {
                operand,
                want: "an integer scalar",
            });
        }
    }
    Ok(())
}

/// Checks that an axis is one of `rank`.
pub(super) fn axis(axis: u32, rank: usize) -> Result<usize, Why> {
    if (axis as usize) < rank {
        Ok(axis as usize)
    } else {
        Err(Why::Axis { axis, rank })
    }
}

/// Checks that axes ascend without repetition and are of `rank`.
pub(super) fn ascending(axes: &[u32], rank: usize) -> Result<(), Why> {
    for (k, &a) in axes.iter().enumerate() {
        axis(a, rank)?;
        if k > 0 && axes[k - 1] >= a {
            return Err(Why::Axis { axis: a, rank });
        }
    }
    Ok(())
}

/// Whether values of the two types may be of one shape: the structures are equal and no known extents differ.
pub(super) fn compatible(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Tensor(a), Type::Tensor(b)) => {
            a.dtype == b.dtype && meet(&a.shape, &b.shape).is_some()
        }
        (Type::Record(a), Type::Record(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| compatible(x, y))
        }
        (Type::Seq(a), Type::Seq(b)) | (Type::Stack(a), Type::Stack(b)) => compatible(a, b),
        _ => false,
    }
}

/// The shape of two operands that must have one shape at run time; `None` if they certainly differ.
pub(super) fn meet(a: &[Dim], b: &[Dim]) -> Option<Vec<Dim>> {
    if a.len() != b.len() {
        return None;
    }
    a.iter().zip(b).map(|(x, y)| x.meet(*y)).collect()
}

/// Whether values of the type can be added: tangents, and numbers of any type within a tensor.
pub(super) fn summable(t: &Type, in_tensor: bool) -> bool {
    if in_tensor {
        t.dtype().is_some_and(|d| d != DType::Bool)
    } else {
        t.tangent() == *t
    }
}

/// How many extents are `?`.
pub(super) fn unknowns(shape: &[Dim]) -> usize {
    shape.iter().filter(|d| **d == Dim::Dynamic).count()
}

// Evaluation.

/// The trap for an operand that is not of the type its op takes.
#[cold]
pub(super) fn confusion(op: &'static str) -> TrapKind {
    TrapKind::TypeConfusion {
        op: String::from(op),
    }
}

/// The trap for two shapes that should agree.
#[cold]
pub(super) fn mismatch(op: &'static str, a: &[usize], b: &[usize]) -> TrapKind {
    TrapKind::ShapeMismatch {
        op: String::from(op),
        a: a.to_vec(),
        b: b.to_vec(),
    }
}

/// Operand `i` as an index below `len`.
pub(super) fn position(args: &Args<'_>, i: usize, len: usize) -> Result<usize, TrapKind> {
    match args.get(i) {
        Val::Scalar(Scalar::U64(v)) if *v < len as u64 => Ok(*v as usize),
        _ => within(args.int(i)?, len),
    }
}

/// An index below `len`.
pub(super) fn within(index: i128, len: usize) -> Result<usize, TrapKind> {
    match usize::try_from(index) {
        Ok(v) if v < len => Ok(v),
        _ => Err(TrapKind::IndexOutOfRange {
            index,
            len: len as u64,
        }),
    }
}

/// The range `lo..hi` of an array of length `len`.
pub(super) fn bounds(lo: i128, hi: i128, len: usize) -> Result<core::ops::Range<usize>, TrapKind> {
    if 0 <= lo && lo <= hi && hi <= len as i128 {
        Ok(lo as usize..hi as usize)
    } else {
        Err(TrapKind::RangeOutOfRange {
            lo,
            hi,
            len: len as u64,
        })
    }
}

/// Operand `i` as a length; negative ones are out of range.
pub(super) fn length(args: &Args<'_>, i: usize) -> Result<usize, TrapKind> {
    let n = args.int(i)?;
    if n < 0 {
        return Err(TrapKind::RangeOutOfRange {
            lo: 0,
            hi: n,
            len: 0,
        });
    }
    Ok(usize::try_from(n).unwrap_or(usize::MAX))
}

/// The number of elements of a tensor to be made, if it may be.
pub(super) fn room(shape: &[usize], d: DType, cx: &EvalCx) -> Result<usize, TrapKind> {
    let n = elements(shape).ok_or(TrapKind::OutOfMemory { bytes: u64::MAX })?;
    cx.reserve(n, d.bytes())?;
    Ok(n)
}

/// The trap for memory that cannot be had.
#[cold]
pub(super) fn no_memory(n: usize, d: DType) -> TrapKind {
    TrapKind::OutOfMemory {
        bytes: (n as u64).saturating_mul(d.bytes() as u64),
    }
}

/// A tensor operand as extents and elements; a scalar is of rank 0.
pub(super) fn as_tensor(v: &Val, op: &'static str) -> Result<Arc<Tensor>, TrapKind> {
    match v {
        Val::Tensor(t) => Ok(t.clone()),
        Val::Scalar(s) => Ok(Arc::new(Tensor {
            shape: Vec::new(),
            data: crate::value::Data::splat(*s, 1).ok_or_else(|| no_memory(1, s.dtype()))?,
        })),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => Err(confusion(op)),
    }
}

/// The extents of a shape, each `?` given by the operands from `next`.
pub(super) fn extents(
    shape: &[Dim],
    args: &Args<'_>,
    mut next: usize,
) -> Result<Vec<usize>, TrapKind> {
    let mut out = Vec::with_capacity(shape.len());
    for d in shape {
        out.push(match d {
            Dim::Known(n) => usize::try_from(*n).unwrap_or(usize::MAX),
            Dim::Dynamic => {
                next += 1;
                length(args, next - 1)?
            }
        });
    }
    Ok(out)
}

/// Row-major strides.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut out = vec![1usize; shape.len()];
    for k in (1..shape.len()).rev() {
        out[k - 1] = out[k].saturating_mul(shape[k]);
    }
    out
}

/// The product of extents; saturates, since an array of no elements may have extents whose product overflows.
pub(super) fn product(shape: &[usize]) -> usize {
    shape.iter().fold(1, |n, &d| n.saturating_mul(d))
}

/// The numbers of elements before, along and after an axis.
pub(super) fn around(shape: &[usize], axis: usize) -> (usize, usize, usize) {
    (
        product(&shape[..axis]),
        shape[axis],
        product(&shape[axis + 1..]),
    )
}

// Derivative rules.

/// The unknown extents of `shape` in order, taken from the axes of `like`, which is of that shape.
pub(super) fn extents_of(b: &mut Builder, shape: &[Dim], like: Value) -> Vec<Value> {
    let mut out = Vec::new();
    for (k, d) in shape.iter().enumerate() {
        if *d == Dim::Dynamic {
            out.push(b.inst1(ArrayOp::Dim(k as u32), &[like]));
        }
    }
    out
}

/// `v` as a value of the type `want`, which has the same structure but may know more extents. Sequences are left as they
/// are.
pub(super) fn restore(b: &mut Builder, v: Value, want: &Type) -> Value {
    let have = b.ty(v).clone();
    if have.fits(want) {
        return v;
    }
    match (&have, want) {
        (Type::Tensor(h), Type::Tensor(w)) if h.shape.len() == w.shape.len() => {
            let mut args = vec![v];
            args.extend(extents_of(b, &w.shape, v));
            b.inst1(ShapeOp::Reshape(w.shape.clone()), &args)
        }
        (Type::Record(h), Type::Record(w)) if h.len() == w.len() => {
            let fields: Vec<Value> = w
                .iter()
                .enumerate()
                .map(|(k, t)| {
                    let f = b.inst1(PlaceOp::Get(vec![Step::Field(k as u32)]), &[v]);
                    restore(b, f, t)
                })
                .collect();
            b.record(&fields)
        }
        _ => v,
    }
}

/// Adds to the cotangent of operand `i`, with the operand's known extents.
pub(super) fn give(cx: &mut dyn TransposeCx, i: usize, ct: Value) {
    let want = cx.ty(i);
    let ct = restore(cx.b(), ct, &want);
    cx.add(i, ct);
}

/// The extent of operand `i` along an axis (of a sequence, its length).
pub(super) fn operand_extent(cx: &mut dyn TransposeCx, i: usize, axis: usize) -> Value {
    match cx.ty(i).as_tensor().map(|t| t.shape[axis]) {
        Some(Dim::Known(n)) => cx.b().index(n),
        Some(Dim::Dynamic) | None => cx.dim(i, axis as u32),
    }
}

/// The extents of operand `i` where its type has `?`, in order.
pub(super) fn operand_extents(cx: &mut dyn TransposeCx, i: usize) -> Vec<Value> {
    let shape = cx.ty(i).as_tensor().map_or(vec![], |t| t.shape.clone());
    let mut out = Vec::new();
    for (k, d) in shape.iter().enumerate() {
        if *d == Dim::Dynamic {
            out.push(cx.dim(i, k as u32));
        }
    }
    out
}

/// `a + n`, both lengths or indices, as `u64`.
pub(super) fn offset(b: &mut Builder, a: Value, n: Value) -> Value {
    let a = b.convert(DType::U64, a);
    b.binary(BinaryOp::Add, a, n)
}
