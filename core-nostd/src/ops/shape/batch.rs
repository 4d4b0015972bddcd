//! Shape changes of all lanes at once: every axis moves one to the right.

use super::super::batch::{BatchCx, Batched, Form, extent, sized};
use crate::entity::Value;
use crate::ir::{BinaryOp, DType, Dim, EffectOp, IndexOp, ShapeOp, Type};
use alloc::vec;
use alloc::vec::Vec;

pub(in crate::ops) fn forms(op: &ShapeOp, args: &[Form], results: &[Type]) -> Vec<Form> {
    let from = match op {
        // What is padded with is a scalar of each lane, or of all.
        ShapeOp::Reshape(_) | ShapeOp::Broadcast { .. } | ShapeOp::Pad(_) => 1,
        ShapeOp::Iota { .. } => 0,
        ShapeOp::Transpose(_)
        | ShapeOp::Concat(_)
        | ShapeOp::StridedSlice(_)
        | ShapeOp::Reverse(_) => args.len(),
    };
    sized(args, from, results)
}

pub(in crate::ops) fn batch(op: &ShapeOp, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    let later = |axes: &[u32]| -> Vec<u32> { axes.iter().map(|k| k + 1).collect() };
    // The tensor, the number of lanes where it is no attribute, and the other extents.
    let with_sizes = |cx: &mut BatchCx<'_>| -> Vec<Value> {
        let mut args = vec![cx.stacked(0)];
        args.extend(cx.lanes.operand());
        args.extend(cx.args[1..].iter().map(|h| h.value));
        args
    };
    match op {
        ShapeOp::Reshape(shape) => {
            if !cx.all_same(1) {
                return None;
            }
            let args = with_sizes(cx);
            cx.one(ShapeOp::Reshape(cx.lanes.shape(shape)), &args)
        }
        ShapeOp::Broadcast { shape, dims } => {
            if !cx.all_same(1) {
                return None;
            }
            let args = with_sizes(cx);
            let op = ShapeOp::Broadcast {
                shape: cx.lanes.shape(shape),
                dims: [0].into_iter().chain(later(dims)).collect(),
            };
            cx.one(op, &args)
        }
        ShapeOp::Transpose(perm) => {
            let x = cx.stacked(0);
            let perm = [0].into_iter().chain(later(perm)).collect();
            cx.one(ShapeOp::Transpose(perm), &[x])
        }
        ShapeOp::Concat(k) => {
            let args: Vec<Value> = (0..cx.args.len()).map(|i| cx.stacked(i)).collect();
            cx.one(ShapeOp::Concat(k + 1), &args)
        }
        ShapeOp::Pad(amounts) => {
            if !cx.is_same(1) {
                return None;
            }
            let args = [cx.stacked(0), cx.args[1].value];
            let amounts = [(0, 0, 0)].into_iter().chain(amounts.iter().copied());
            cx.one(ShapeOp::Pad(amounts.collect()), &args)
        }
        ShapeOp::StridedSlice(ranges) => {
            let x = cx.stacked(0);
            if let Dim::Known(n) = cx.lanes.dim {
                let ranges = [(0, n, 1)].into_iter().chain(ranges.iter().copied());
                return cx.one(ShapeOp::StridedSlice(ranges.collect()), &[x]);
            }
            let y = ranges
                .iter()
                .enumerate()
                .fold(x, |x, (k, r)| strided(cx, x, k as u32 + 1, *r));
            cx.one(ShapeOp::Reshape(result_shape(cx)), &[y, cx.lanes.size])
        }
        ShapeOp::Reverse(axes) => {
            let x = cx.stacked(0);
            cx.one(ShapeOp::Reverse(later(axes)), &[x])
        }
        // The extents differ.
        ShapeOp::Iota { .. } => None,
    }
}

/// The shape of the stacked result; of a `strided_slice`, whose extents are known.
fn result_shape(cx: &BatchCx<'_>) -> Vec<Dim> {
    cx.lanes
        .shape(&super::super::batch::shape_of(&cx.results[0]))
}

/// Elements `start..limit` with a stride along one axis of a tensor, of whose other axes some extent is unknown.
fn strided(
    cx: &mut BatchCx<'_>,
    x: Value,
    axis: u32,
    (start, limit, stride): (u64, u64, u64),
) -> Value {
    let b = &mut *cx.b;
    let n = extent(b, x, axis);
    let (lo, hi) = (b.index(start), b.index(limit));
    b.inst(EffectOp::CheckRange, &[lo, hi, n]);
    let shape = vec![Dim::Known(super::strided_len(start, limit, stride))];
    let spread = |s: Value| {
        (
            ShapeOp::Broadcast {
                shape: shape.clone(),
                dims: vec![],
            },
            s,
        )
    };
    let count = b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape: shape.clone(),
            axis: 0,
        },
        &[],
    );
    let step = b.index(stride);
    let (op, s) = spread(step);
    let step = b.inst1(op, &[s]);
    let (op, s) = spread(lo);
    let first = b.inst1(op, &[s]);
    let at = b.binary(BinaryOp::Mul, count, step);
    let at = b.add(first, at);
    b.inst1(IndexOp::Gather(axis), &[x, at])
}
