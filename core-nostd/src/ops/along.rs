//! IR that several derivative rules and the distributions emit: flattening, filling axes back, permuting along an axis.

use super::extent::extents_of;
use crate::entity::Value;
use crate::ir::{ArrayOp, BinaryOp, Builder, DType, Dim, IndexOp, ShapeOp};
use alloc::vec;
use alloc::vec::Vec;

/// The shape of a tensor value; empty if it is none.
pub(super) fn shape_of(b: &Builder, v: Value) -> Vec<Dim> {
    b.ty(v).as_tensor().map_or(vec![], |t| t.shape.clone())
}

/// The product of the extents of some axes of `v`: as a dimension, and as a value where it is unknown.
pub(super) fn total(
    b: &mut Builder,
    v: Value,
    axes: impl Iterator<Item = usize>,
) -> (Dim, Vec<Value>) {
    let shape = shape_of(b, v);
    let (mut known, mut open) = (1u64, Vec::new());
    for k in axes {
        match shape[k] {
            Dim::Known(n) => known = known.saturating_mul(n),
            Dim::Dynamic => open.push(k),
        }
    }
    if open.is_empty() {
        return (Dim::Known(known), vec![]);
    }
    let mut n = b.index(known);
    for k in open {
        let d = b.inst1(ArrayOp::Dim(k as u32), &[v]);
        n = b.binary(BinaryOp::Mul, n, d);
    }
    (Dim::Dynamic, vec![n])
}

/// The elements of `v` as a vector.
pub(super) fn flatten(b: &mut Builder, v: Value) -> Value {
    let rank = shape_of(b, v).len();
    let (n, size) = total(b, v, 0..rank);
    let mut args = vec![v];
    args.extend(size);
    b.inst1(ShapeOp::Reshape(vec![n]), &args)
}

/// `v` in the shape of `like`, which has as many elements.
pub(super) fn shaped_like(b: &mut Builder, v: Value, like: Value) -> Value {
    let shape = shape_of(b, like);
    let mut args = vec![v];
    args.extend(extents_of(b, &shape, like));
    b.inst1(ShapeOp::Reshape(shape), &args)
}

/// `y`, which lacks the `axes` of `like`, repeated along them to the shape of `like`.
pub(super) fn spread(b: &mut Builder, y: Value, like: Value, axes: &[u32]) -> Value {
    let shape = shape_of(b, like);
    let dims = (0..shape.len() as u32)
        .filter(|k| !axes.contains(k))
        .collect();
    let mut args = vec![y];
    args.extend(extents_of(b, &shape, like));
    b.inst1(ShapeOp::Broadcast { shape, dims }, &args)
}

/// 0, 1, 2, … along an axis in the shape of `like`, as `u64`.
pub(super) fn iota_like(b: &mut Builder, like: Value, axis: u32) -> Value {
    let shape = shape_of(b, like);
    let args = extents_of(b, &shape, like);
    b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape,
            axis,
        },
        &args,
    )
}

/// The elements of `v` permuted along an axis: result `[.., j, ..]` is `v[.., at[.., j, ..], ..]`. `at` is of `u64` and
/// of the shape of `v`.
pub(super) fn take_along(b: &mut Builder, v: Value, at: Value, axis: u32) -> Value {
    let rank = shape_of(b, v).len();
    if rank == 1 {
        return b.inst1(IndexOp::Gather(0), &[v, at]);
    }
    let flat = flatten(b, v);
    let own = iota_like(b, flat, 0);
    let own = shaped_like(b, own, v);
    // The position of each element, with its index along the axis replaced.
    let along = iota_like(b, v, axis);
    let (n, size) = total(b, v, axis as usize + 1..rank);
    let stride = match n {
        Dim::Known(n) => b.index(n),
        Dim::Dynamic => size[0],
    };
    let stride = b.splat_like(stride, v);
    let old = b.binary(BinaryOp::Mul, along, stride);
    let new = b.binary(BinaryOp::Mul, at, stride);
    let row = b.binary(BinaryOp::Sub, own, old);
    let place = b.binary(BinaryOp::Add, row, new);
    let place = flatten(b, place);
    let moved = b.inst1(IndexOp::Gather(0), &[flat, place]);
    shaped_like(b, moved, v)
}

/// `v` moved by one along an axis, with `x` where nothing moves in: element `j` is `v[j - 1]`, or `v[j + 1]` if `back`.
pub(super) fn shifted(b: &mut Builder, v: Value, x: Value, axis: u32, back: bool) -> Value {
    let mut amounts = vec![(0, 0, 0); shape_of(b, v).len()];
    amounts[axis as usize] = if back { (-1, 1, 0) } else { (1, -1, 0) };
    let moved = b.inst1(ShapeOp::Pad(amounts), &[v, x]);
    shaped_like(b, moved, v)
}
