//! Derivative rules of the shape changes: all are linear in their data.

use super::super::extent::{give, offset, operand_extent, operand_extents};
use super::super::{JvpCx, TransposeCx};
use super::{padded, strided_len};
use crate::entity::Value;
use crate::error::AdError;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, CompareOp, DType, Dim, IndexOp, ReduceOp, Reduction, ShapeOp, Type,
};
use alloc::vec;
use alloc::vec::Vec;

pub(in super::super) fn jvp(op: &ShapeOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let data = match op {
        ShapeOp::Iota { .. } => return Ok(()),
        ShapeOp::Concat(_) => cx.args.len(),
        ShapeOp::Pad(_) => 2,
        ShapeOp::Reshape(_)
        | ShapeOp::Transpose(_)
        | ShapeOp::Broadcast { .. }
        | ShapeOp::StridedSlice(_)
        | ShapeOp::Reverse(_) => 1,
    };
    let mut args: Vec<Value> = (0..data).map(|i| cx.tangent(i)).collect();
    args.extend_from_slice(&cx.args[data..]);
    let t = cx.b.inst1(op.clone(), &args);
    cx.add(0, t);
    Ok(())
}

pub(in super::super) fn transpose(op: &ShapeOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    match op {
        ShapeOp::Iota { .. } => {}
        ShapeOp::Reshape(_) => {
            let c = as_operand(cx, ct);
            cx.add(0, c);
        }
        ShapeOp::Transpose(perm) => {
            let mut inverse = vec![0u32; perm.len()];
            for (i, &p) in perm.iter().enumerate() {
                inverse[p as usize] = i as u32;
            }
            let c = cx.b().inst1(ShapeOp::Transpose(inverse), &[ct]);
            give(cx, 0, c);
        }
        ShapeOp::Broadcast { shape, dims } => {
            let from = cx.ty(0).as_tensor().map_or(vec![], |t| t.shape.clone());
            let axes: Vec<u32> = (0..shape.len() as u32)
                .filter(|k| match dims.iter().position(|d| d == k) {
                    None => true,
                    Some(i) => from[i] == Dim::Known(1) && shape[*k as usize] != Dim::Known(1),
                })
                .collect();
            let mut ct = ct;
            for (i, _) in from.iter().enumerate().filter(|(_, d)| **d == Dim::Dynamic) {
                let n = cx.dim(0, i as u32);
                ct = unstretch(cx.b(), ct, dims[i], n);
            }
            let c = if axes.is_empty() {
                ct
            } else {
                cx.b().inst1(Reduction::Axes(ReduceOp::Sum, axes), &[ct])
            };
            let rank = cx.b().ty(c).as_tensor().map_or(0, |t| t.shape.len());
            let c = if rank == from.len() {
                c
            } else {
                as_operand(cx, c)
            };
            give(cx, 0, c);
        }
        ShapeOp::Concat(k) => {
            let mut lo = cx.b().index(0);
            for i in 0..cx.operands() {
                let n = operand_extent(cx, i, *k as usize);
                if cx.is_linear(i) {
                    let b = cx.b();
                    let c = if *k == 0 {
                        let hi = offset(b, lo, n);
                        b.inst1(ArrayOp::Slice, &[ct, lo, hi])
                    } else {
                        let at = positions(b, lo, n, 1);
                        b.inst1(IndexOp::Gather(*k), &[ct, at])
                    };
                    give(cx, i, c);
                }
                if i + 1 < cx.operands() {
                    lo = offset(cx.b(), lo, n);
                }
            }
        }
        ShapeOp::Pad(amounts) => transpose_pad(amounts, cx, ct),
        ShapeOp::StridedSlice(ranges) => transpose_slice(ranges, cx, ct),
        ShapeOp::Reverse(axes) => {
            let c = cx.b().inst1(ShapeOp::Reverse(axes.clone()), &[ct]);
            give(cx, 0, c);
        }
    }
    Ok(())
}

/// `ct` in the shape of operand 0.
fn as_operand(cx: &mut dyn TransposeCx, ct: Value) -> Value {
    let shape = cx.ty(0).as_tensor().map_or(vec![], |t| t.shape.clone());
    let mut args = vec![ct];
    args.extend(operand_extents(cx, 0));
    cx.b().inst1(ShapeOp::Reshape(shape), &args)
}

/// The indices `lo`, `lo + step`, … , `n` of them.
fn positions(b: &mut Builder, lo: Value, n: Value, step: u64) -> Value {
    let i = b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape: vec![Dim::Dynamic],
            axis: 0,
        },
        &[n],
    );
    let lo = b.splat_like(lo, i);
    if step == 1 {
        return b.binary(BinaryOp::Add, i, lo);
    }
    let step = b.index(step);
    let step = b.splat_like(step, i);
    let i = b.binary(BinaryOp::Mul, i, step);
    b.binary(BinaryOp::Add, i, lo)
}

fn zero(b: &mut Builder, like: Value) -> Value {
    let d = b.ty(like).dtype().unwrap_or(DType::F64);
    b.default(Type::scalar(d))
}

/// The sum along an axis, kept with extent 1, if the axis has another extent than `n`: the operand's extent was 1 at run time.
fn unstretch(b: &mut Builder, ct: Value, axis: u32, n: Value) -> Value {
    let m = b.inst1(ArrayOp::Dim(axis), &[ct]);
    let same = b.compare(CompareOp::Eq, n, m);
    let sum = |b: &mut Builder| {
        let mut shape = b.ty(ct).as_tensor().map_or(vec![], |t| t.shape.clone());
        shape[axis as usize] = Dim::Known(1);
        let mut args = vec![b.inst1(Reduction::Axes(ReduceOp::Sum, vec![axis]), &[ct])];
        for k in (0..shape.len()).filter(|&k| shape[k] == Dim::Dynamic) {
            args.push(b.inst1(ArrayOp::Dim(k as u32), &[ct]));
        }
        vec![b.inst1(ShapeOp::Reshape(shape), &args)]
    };
    b.if_(same, |_| vec![ct], sum)[0]
}

fn transpose_pad(amounts: &[(i64, i64, u64)], cx: &mut dyn TransposeCx, ct: Value) {
    if cx.is_linear(0) {
        // What negative padding cropped gets a zero; then the operand's elements are a strided range.
        let crop: Vec<(i64, i64, u64)> = amounts
            .iter()
            .map(|a| ((-a.0).max(0), (-a.1).max(0), 0))
            .collect();
        let mut c = ct;
        if crop.iter().any(|a| *a != (0, 0, 0)) {
            let z = zero(cx.b(), ct);
            c = cx.b().inst1(ShapeOp::Pad(crop), &[ct, z]);
        }
        let shape = cx.ty(0).as_tensor().map_or(vec![], |t| t.shape.clone());
        for (k, &(low, _, interior)) in amounts.iter().enumerate() {
            if amounts[k] == (0, 0, 0) {
                continue;
            }
            let (low, step) = (low.max(0) as u64, interior + 1);
            let all = cx.b().ty(c).as_tensor().map_or(vec![], |t| t.shape.clone());
            let whole: Option<Vec<u64>> = all.iter().map(|d| d.known()).collect();
            c = match (whole, shape[k]) {
                (Some(whole), Dim::Known(n)) => {
                    let mut ranges: Vec<(u64, u64, u64)> =
                        whole.into_iter().map(|n| (0, n, 1)).collect();
                    let len = padded(n, (0, 0, interior)).unwrap_or(0);
                    ranges[k] = (low, low + len, step);
                    cx.b().inst1(ShapeOp::StridedSlice(ranges), &[c])
                }
                _ => {
                    let n = operand_extent(cx, 0, k);
                    let b = cx.b();
                    let lo = b.index(low);
                    let at = positions(b, lo, n, step);
                    b.inst1(IndexOp::Gather(k as u32), &[c, at])
                }
            };
        }
        give(cx, 0, c);
    }
    if cx.is_linear(1) {
        // The padding itself: 1 where the pad value went, 0 where the operand did.
        let Some(t) = cx.ty(0).as_tensor().cloned() else {
            return;
        };
        let sizes = operand_extents(cx, 0);
        let b = cx.b();
        let z = zero(b, ct);
        let mut args = vec![z];
        args.extend(sizes);
        let inside = b.inst1(
            ShapeOp::Broadcast {
                shape: t.shape,
                dims: vec![],
            },
            &args,
        );
        let one = b.real(t.dtype, 1.0);
        let mask = b.inst1(ShapeOp::Pad(amounts.to_vec()), &[inside, one]);
        let c = b.mul(ct, mask);
        let axes = (0..amounts.len() as u32).collect();
        let c = b.inst1(Reduction::Axes(ReduceOp::Sum, axes), &[c]);
        cx.add(1, c);
    }
}

fn transpose_slice(ranges: &[(u64, u64, u64)], cx: &mut dyn TransposeCx, ct: Value) {
    let Some(t) = cx.ty(0).as_tensor().cloned() else {
        return;
    };
    let z = zero(cx.b(), ct);
    let mut c = ct;
    let mut amounts = vec![(0i64, 0i64, 0u64); ranges.len()];
    for (k, &(start, limit, stride)) in ranges.iter().enumerate() {
        let len = strided_len(start, limit, stride);
        match t.shape[k] {
            Dim::Known(n) => {
                let used = if len == 0 {
                    start
                } else {
                    start + (len - 1) * stride + 1
                };
                let interior = if len > 1 { stride - 1 } else { 0 };
                amounts[k] = (start as i64, (n - used) as i64, interior);
            }
            Dim::Dynamic => {
                // Zeros with the operand's extent along this axis, and the part added at its positions.
                let n = operand_extent(cx, 0, k);
                let b = cx.b();
                let mut shape = b.ty(c).as_tensor().map_or(vec![], |t| t.shape.clone());
                shape[k] = Dim::Dynamic;
                let mut args = vec![z];
                for (i, d) in shape.iter().enumerate() {
                    if i == k {
                        args.push(n);
                    } else if *d == Dim::Dynamic {
                        args.push(b.inst1(ArrayOp::Dim(i as u32), &[c]));
                    }
                }
                let zeros = b.inst1(
                    ShapeOp::Broadcast {
                        shape,
                        dims: vec![],
                    },
                    &args,
                );
                let (lo, len) = (b.index(start), b.index(len));
                let at = positions(b, lo, len, stride);
                c = b.inst1(IndexOp::ScatterAdd(k as u32), &[zeros, at, c]);
            }
        }
    }
    if amounts.iter().any(|a| *a != (0, 0, 0)) {
        c = cx.b().inst1(ShapeOp::Pad(amounts), &[c, z]);
    }
    give(cx, 0, c);
}
