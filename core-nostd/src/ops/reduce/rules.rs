//! Derivative rules of the reductions. Only sums are linear; the others' tangents are sums of what the primal selects.

use super::super::along::{iota_like, shape_of, shifted, spread, take_along, total};
use super::super::extent::{extents_of, operand_extents};
use super::super::{JvpCx, TransposeCx, not_differentiable};
use crate::entity::Value;
use crate::error::AdError;
use crate::ir::{
    BinaryOp, Builder, CompareOp, CumOp, DType, Dim, ReduceOp, Reduction, ShapeOp, Step, TangentOp,
    Type, UnaryOp,
};
use alloc::vec;
use alloc::vec::Vec;

pub(in super::super) fn jvp(op: &Reduction, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let Some(dx) = cx.tangents[0] else {
        return Ok(());
    };
    let (x, y) = (cx.args[0], cx.results[0]);
    let b = &mut *cx.b;
    let t = match op {
        Reduction::Arg(..) => return Ok(()),
        Reduction::Axes(ReduceOp::Sum, _) | Reduction::Cumulative { op: CumOp::Sum, .. } => {
            b.inst1(op.clone(), &[dx])
        }
        Reduction::Axes(ReduceOp::Prod, axes) => product(b, x, dx, axes),
        Reduction::Axes(ReduceOp::Min | ReduceOp::Max, axes) => extreme(b, x, dx, y, axes),
        Reduction::Axes(ReduceOp::Any | ReduceOp::All, _) => return Ok(()),
        Reduction::Cumulative {
            op: running,
            axis,
            reverse,
        } => {
            let turn = |b: &mut Builder, v: Value| {
                if *reverse {
                    b.inst1(ShapeOp::Reverse(vec![*axis]), &[v])
                } else {
                    v
                }
            };
            let (x, dx, y) = (turn(b, x), turn(b, dx), turn(b, y));
            let t = if *running == CumOp::Prod {
                running_product(b, x, dx, y, *axis)
            } else {
                running_extreme(b, x, dx, y, *axis, *running == CumOp::Max)
            };
            turn(b, t)
        }
    };
    cx.add(0, t);
    Ok(())
}

fn sum(b: &mut Builder, v: Value, axes: &[u32]) -> Value {
    b.inst1(Reduction::Axes(ReduceOp::Sum, axes.to_vec()), &[v])
}

/// The tangent of a product: each tangent times the product of all other elements, found without division (elements may
/// be 0) from the running products before and after it. O(n).
fn product(b: &mut Builder, x: Value, dx: Value, axes: &[u32]) -> Value {
    let (x, dx, axis) = match axes {
        [] => return dx,
        [k] => (x, dx, *k),
        _ => {
            // Several axes become one, the last.
            let rank = shape_of(b, x).len();
            let kept: Vec<usize> = (0..rank).filter(|k| !axes.contains(&(*k as u32))).collect();
            (
                merged(b, x, axes, &kept),
                merged(b, dx, axes, &kept),
                kept.len() as u32,
            )
        }
    };
    let one = unit(b, x);
    let mut running = |reverse: bool| {
        let op = Reduction::Cumulative {
            op: CumOp::Prod,
            axis,
            reverse,
        };
        let p = b.inst1(op, &[x]);
        shifted(b, p, one, axis, reverse)
    };
    let (before, after) = (running(false), running(true));
    let others = b.mul(before, after);
    let t = b.mul(dx, others);
    sum(b, t, &[axis])
}

/// `v` with the `axes` made one, after the others.
fn merged(b: &mut Builder, v: Value, axes: &[u32], kept: &[usize]) -> Value {
    let shape = shape_of(b, v);
    let (n, size) = total(b, v, axes.iter().map(|&k| k as usize));
    let mut perm: Vec<u32> = kept.iter().map(|&k| k as u32).collect();
    perm.extend_from_slice(axes);
    let moved = b.inst1(ShapeOp::Transpose(perm), &[v]);
    let mut to: Vec<Dim> = kept.iter().map(|&k| shape[k]).collect();
    let mut args = vec![moved];
    args.extend(extents_of(b, &to, moved));
    args.extend(size);
    to.push(n);
    b.inst1(ShapeOp::Reshape(to), &args)
}

/// 1 in the element type of `like`.
fn unit(b: &mut Builder, like: Value) -> Value {
    let d = b.ty(like).dtype().unwrap_or(DType::F64);
    b.real(d, 1.0)
}

/// The tangent of an extreme: the mean of the tangents of the elements that have it. NaN counts as an extreme.
fn extreme(b: &mut Builder, x: Value, dx: Value, y: Value, axes: &[u32]) -> Value {
    let all = spread(b, y, x, axes);
    let equal = b.compare(CompareOp::Eq, x, all);
    let nan = b.unary(UnaryOp::IsNan, x);
    let chosen = b.binary(BinaryOp::Or, equal, nan);
    let (zero, one) = (b.real_like(x, 0.0), b.real_like(x, 1.0));
    let count = b.select(chosen, one, zero);
    let count = sum(b, count, axes);
    // Of nothing there is no extreme; its tangent is 0.
    let least = b.real_like(count, 1.0);
    let count = b.binary(BinaryOp::Max, count, least);
    let t = b.select(chosen, dx, zero);
    let t = sum(b, t, axes);
    b.div(t, count)
}

/// The tangent of a running product `y[i] = x[i] y[i-1]` by its own recurrence (elements may be 0).
fn running_product(b: &mut Builder, x: Value, dx: Value, y: Value, axis: u32) -> Value {
    let one = unit(b, x);
    let before = shifted(b, y, one, axis, false);
    // The axis goes first, so that the loop takes rows.
    let rank = shape_of(b, x).len() as u32;
    let to_front: Vec<u32> = core::iter::once(axis)
        .chain((0..rank).filter(|k| *k != axis))
        .collect();
    let mut inverse = vec![0u32; rank as usize];
    for (i, &p) in to_front.iter().enumerate() {
        inverse[p as usize] = i as u32;
    }
    let front = |b: &mut Builder, v: Value| {
        if axis == 0 {
            v
        } else {
            b.inst1(ShapeOp::Transpose(to_front.clone()), &[v])
        }
    };
    let (x, dx, before) = (front(b, x), front(b, dx), front(b, before));
    let own = b.mul(dx, before);
    let shape = shape_of(b, x);
    let zero = {
        let d = b.ty(x).dtype().unwrap_or(DType::F64);
        let row = shape[1..].to_vec();
        let mut args = vec![b.default(Type::scalar(d))];
        args.extend(
            extents_of(b, &shape, x)
                .into_iter()
                .skip(usize::from(shape[0] == Dim::Dynamic)),
        );
        if row.is_empty() {
            args[0]
        } else {
            b.inst1(
                ShapeOp::Broadcast {
                    shape: row,
                    dims: vec![],
                },
                &args,
            )
        }
    };
    let start = b.inst1(TangentOp::ZerosLike, &[x]);
    let (lo, hi) = (b.index(0), b.len(x));
    let t = b.for_(lo, hi, &[zero, start], |b, i, carried| {
        let (xi, di) = (b.at(x, i), b.at(own, i));
        let kept = b.mul(xi, carried[0]);
        let d = b.add(di, kept);
        let all = b.update(carried[1], d, vec![Step::Index], &[i]);
        vec![d, all]
    })[1];
    if axis == 0 {
        t
    } else {
        b.inst1(ShapeOp::Transpose(inverse), &[t])
    }
}

/// The tangent of a running extreme: that of the element which is the extreme so far, the first one of equals.
fn running_extreme(b: &mut Builder, x: Value, dx: Value, y: Value, axis: u32, max: bool) -> Value {
    let d = b.ty(x).dtype().unwrap_or(DType::F64);
    let bound = b.real(
        d,
        if max {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        },
    );
    let before = shifted(b, y, bound, axis, false);
    let order = if max { CompareOp::Gt } else { CompareOp::Lt };
    let beats = b.compare(order, x, before);
    // The first NaN is the extreme from there on.
    let (nan, was) = (b.unary(UnaryOp::IsNan, x), b.unary(UnaryOp::IsNan, before));
    let first = b.unary(UnaryOp::Not, was);
    let nan = b.binary(BinaryOp::And, nan, first);
    let beats = b.binary(BinaryOp::Or, beats, nan);
    let own = iota_like(b, x, axis);
    let none = b.index(0);
    let none = b.splat_like(none, x);
    let at = b.select(beats, own, none);
    let at = b.inst1(
        Reduction::Cumulative {
            op: CumOp::Max,
            axis,
            reverse: false,
        },
        &[at],
    );
    take_along(b, dx, at, axis)
}

pub(in super::super) fn transpose(op: &Reduction, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    match op {
        Reduction::Axes(ReduceOp::Sum, axes) => {
            let shape = cx.ty(0).as_tensor().map_or(vec![], |t| t.shape.clone());
            let dims = (0..shape.len() as u32)
                .filter(|k| !axes.contains(k))
                .collect();
            let mut args = vec![ct];
            args.extend(operand_extents(cx, 0));
            let c = cx.b().inst1(ShapeOp::Broadcast { shape, dims }, &args);
            cx.add(0, c);
            Ok(())
        }
        Reduction::Cumulative {
            op: CumOp::Sum,
            axis,
            reverse,
        } => {
            let back = Reduction::Cumulative {
                op: CumOp::Sum,
                axis: *axis,
                reverse: !reverse,
            };
            let c = cx.b().inst1(back, &[ct]);
            super::super::extent::give(cx, 0, c);
            Ok(())
        }
        Reduction::Axes(..) | Reduction::Arg(..) | Reduction::Cumulative { .. } => {
            Err(not_differentiable(
                &op.clone().into(),
                "only sums are linear; take its jvp first",
            ))
        }
    }
}
