//! The transposes as plain ops of known extents: a convolution's as convolutions, that of a sum over windows as another such sum.
//!
//! For executors that have only what StableHLO has. Everything is decided by the extents, which therefore must be known.

use super::super::along::shape_of;
use crate::entity::Value;
use crate::ir::{
    Builder, Convolution, Dim, ImageAxes, KernelAxes, Shape, ShapeOp, Type, WindowAxis, WindowOp,
    WindowReduce, Windows,
};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// Emits an op whose operands' and result's extents are known by [`WindowOp::Convolution`], [`WindowOp::Reduce`], `SelectAndScatter` and
/// `SelectAndGather` and changes of shape alone; `None` where an extent is unknown, or a number too great.
pub fn emit(b: &mut Builder, op: &WindowOp, args: &[Value]) -> Option<Value> {
    if let Some((shape, _)) = super::given_shape(op) {
        let two = args.len() > 1 && !matches!(op, WindowOp::Spread(..));
        let mut all = known(shape)?;
        for &v in &args[..1 + usize::from(two)] {
            all.extend(known(&shape_of(b, v))?);
        }
        if all.contains(&0) {
            let d = b.ty(args[0]).dtype()?;
            let zero = b.default(Type::scalar(d));
            let op = ShapeOp::Broadcast {
                shape: shape.clone(),
                dims: vec![],
            };
            return Some(b.inst1(op, &[zero]));
        }
    }
    match op {
        WindowOp::Convolution(_)
        | WindowOp::Reduce(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => Some(b.inst1(op.clone(), args)),
        WindowOp::ConvolutionLhs(c, shape) => lhs(b, c, shape, args[0], args[1]),
        WindowOp::ConvolutionRhs(c, shape) => rhs(b, c, shape, args[0], args[1]),
        WindowOp::Spread(w, shape) => spread(b, w, shape, args[0]),
    }
}

fn known(shape: &[Dim]) -> Option<Vec<u64>> {
    shape.iter().map(|d| d.known()).collect()
}

/// The windows at the elements of the operand, over what the windows at `axis` gave: `n` elements, windows of `size`, `count` of them.
fn turned(axis: &WindowAxis, n: u64, size: u64, count: u64) -> Option<WindowAxis> {
    let reach = span(size, axis.window_dilation)?;
    let low = reach.checked_sub(axis.low)?;
    let high = span(n, axis.base_dilation)?
        .checked_add(axis.low)?
        .checked_sub(span(count, axis.stride)?)?;
    Some(WindowAxis {
        stride: axis.base_dilation,
        low,
        high,
        base_dilation: axis.stride,
        window_dilation: axis.window_dilation,
        reversed: !axis.reversed,
    })
}

/// How far the last of so many elements is from the first, which must be there.
fn span(n: u64, by: u64) -> Option<i64> {
    i64::try_from(n.checked_sub(1)?.checked_mul(by)?).ok()
}

/// The extents of those axes.
fn along(shape: &[u64], axes: &[u32]) -> Vec<u64> {
    axes.iter().map(|&k| shape[k as usize]).collect()
}

fn reshaped(b: &mut Builder, v: Value, shape: &[u64]) -> Value {
    let shape = shape.iter().map(|&n| Dim::Known(n)).collect();
    b.inst1(ShapeOp::Reshape(shape), &[v])
}

/// Axis `from`, which is of groups, split; the groups moved before axis `to`; both merged: `[.., to, .., (g, from), ..]` becomes
/// `[.., (g, to), .., from, ..]`.
fn regrouped(b: &mut Builder, v: Value, from: u32, to: u32, groups: u64) -> Option<Value> {
    let mut shape = known(&shape_of(b, v))?;
    let (f, t) = (from as usize, to as usize);
    let mut split = shape.clone();
    split[f] /= groups;
    split.insert(f, groups);
    let v = reshaped(b, v, &split);
    // Without the groups the axes are where they were.
    let v = super::super::batch::move_axis(b, v, from, to);
    shape[f] /= groups;
    shape[t] *= groups;
    Some(reshaped(b, v, &shape))
}

fn lhs(b: &mut Builder, c: &Convolution, shape: &Shape, ct: Value, rhs: Value) -> Option<Value> {
    let to = known(shape)?;
    let (from, kernel) = (known(&shape_of(b, ct))?, known(&shape_of(b, rhs))?);
    let axes = (
        along(&to, &c.lhs.spatial),
        along(&kernel, &c.rhs.spatial),
        along(&from, &c.out.spatial),
    );
    let window: Option<Vec<WindowAxis>> = c
        .window
        .iter()
        .enumerate()
        .map(|(k, a)| turned(a, axes.0[k], axes.1[k], axes.2[k]))
        .collect();
    let groups = c.feature_groups.max(c.batch_groups);
    // The kernel's features change places, the groups stay with those of the result.
    let rhs = if groups > 1 {
        regrouped(b, rhs, c.rhs.output, c.rhs.input, groups)?
    } else {
        rhs
    };
    let back = Convolution {
        lhs: c.out.clone(),
        rhs: KernelAxes {
            input: c.rhs.output,
            output: c.rhs.input,
            spatial: c.rhs.spatial.clone(),
        },
        out: c.lhs.clone(),
        window: window?,
        feature_groups: groups,
        batch_groups: 1,
    };
    let y = b.inst1(WindowOp::Convolution(Box::new(back)), &[ct, rhs]);
    if c.batch_groups > 1 {
        return regrouped(b, y, c.lhs.feature, c.lhs.batch, groups);
    }
    Some(y)
}

fn rhs(b: &mut Builder, c: &Convolution, shape: &Shape, lhs: Value, ct: Value) -> Option<Value> {
    let to = known(shape)?;
    let (image, from) = (known(&shape_of(b, lhs))?, known(&shape_of(b, ct))?);
    let axes = (
        along(&image, &c.lhs.spatial),
        along(&to, &c.rhs.spatial),
        along(&from, &c.out.spatial),
    );
    let mut window = Vec::new();
    for (k, a) in c.window.iter().enumerate() {
        let (n, size, count) = (axes.0[k], axes.1[k], axes.2[k]);
        // The result is where the places of a window are, its windows where the windows are.
        let high = span(size, a.window_dilation)?
            .checked_add(span(count, a.stride)?)?
            .checked_sub(span(n, a.base_dilation)?)?
            .checked_sub(a.low)?;
        window.push(WindowAxis {
            stride: a.window_dilation,
            low: a.low,
            high,
            base_dilation: a.base_dilation,
            window_dilation: a.stride,
            reversed: false,
        });
    }
    let back = Convolution {
        lhs: ImageAxes {
            batch: c.lhs.feature,
            feature: c.lhs.batch,
            spatial: c.lhs.spatial.clone(),
        },
        rhs: KernelAxes {
            input: c.out.batch,
            output: c.out.feature,
            spatial: c.out.spatial.clone(),
        },
        out: ImageAxes {
            batch: c.rhs.input,
            feature: c.rhs.output,
            spatial: c.rhs.spatial.clone(),
        },
        window,
        feature_groups: c.batch_groups,
        batch_groups: c.feature_groups,
    };
    let y = b.inst1(WindowOp::Convolution(Box::new(back)), &[lhs, ct]);
    let turned: Vec<u32> = (0..c.window.len())
        .filter(|&k| c.window[k].reversed)
        .map(|k| c.rhs.spatial[k])
        .collect();
    if turned.is_empty() {
        return Some(y);
    }
    Some(b.inst1(ShapeOp::Reverse(turned), &[y]))
}

fn spread(b: &mut Builder, w: &Windows, shape: &Shape, ct: Value) -> Option<Value> {
    let to = known(shape)?;
    let from = known(&shape_of(b, ct))?;
    let axes: Option<Vec<WindowAxis>> = w
        .axes
        .iter()
        .enumerate()
        .map(|(k, a)| turned(a, to[k], w.size[k], from[k]))
        .collect();
    let back = Windows {
        size: w.size.clone(),
        // A sum is the same from either end.
        axes: axes?
            .into_iter()
            .map(|a| WindowAxis {
                reversed: false,
                ..a
            })
            .collect(),
    };
    Some(b.inst1(WindowOp::Reduce(WindowReduce::Sum, back), &[ct]))
}
