//! All lanes at once: a batch of reductions has one more axis; of a convolution the lanes become a part of the batch, of the result's
//! features or of the operand's, or groups, by which two (or all) of operand, kernel and result differ between the lanes.

use super::super::batch::{BatchCx, Batched, Form, Held, extent, move_axis, shape_of, sized};
use crate::entity::Value;
use crate::ir::{
    BinaryOp, Builder, Convolution, Dim, Shape, ShapeOp, Type, WindowAxis, WindowOp, Windows,
};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

pub(in super::super) fn forms(op: &WindowOp, args: &[Form], results: &[Type]) -> Vec<Form> {
    // The extents of the operands from there on are the result's.
    let from = match op {
        WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..) => 2,
        WindowOp::Spread(..) => 1,
        WindowOp::Convolution(_)
        | WindowOp::Reduce(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => args.len(),
    };
    sized(args, from, results)
}

pub(in super::super) fn batch(op: &WindowOp, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    match op {
        WindowOp::Convolution(c) => convolution(cx, c, [0, 1, 2], None),
        WindowOp::ConvolutionLhs(c, shape) => convolution(cx, c, [2, 1, 0], Some(shape)),
        WindowOp::ConvolutionRhs(c, shape) => convolution(cx, c, [0, 2, 1], Some(shape)),
        WindowOp::Reduce(r, w) => {
            let x = cx.stacked(0);
            cx.one(WindowOp::Reduce(*r, later(w)), &[x])
        }
        WindowOp::Spread(w, shape) => {
            if !cx.all_same(1) {
                return None;
            }
            let mut args = vec![cx.stacked(0)];
            args.extend(cx.lanes.operand());
            args.extend(cx.args[1..].iter().map(|h| h.value));
            let op = WindowOp::Spread(later(w), cx.lanes.shape(shape));
            cx.one(op, &args)
        }
        WindowOp::SelectAndScatter(which, w) => {
            let args = [cx.stacked(0), cx.stacked(1)];
            cx.one(WindowOp::SelectAndScatter(*which, later(w)), &args)
        }
        WindowOp::SelectAndGather(which, w) => {
            let args = [cx.stacked(0), cx.stacked(1)];
            cx.one(WindowOp::SelectAndGather(*which, later(w)), &args)
        }
    }
}

/// The windows with an axis of lanes before the others.
fn later(w: &Windows) -> Windows {
    Windows {
        size: [1].into_iter().chain(w.size.iter().copied()).collect(),
        axes: [WindowAxis::default()]
            .into_iter()
            .chain(w.axes.iter().copied())
            .collect(),
    }
}

/// An extent, and its value.
#[derive(Copy, Clone)]
struct Extent {
    dim: Dim,
    value: Value,
}

impl Extent {
    fn of(b: &mut Builder, v: Value, axis: u32) -> Extent {
        let dim = shape_of(b.ty(v))[axis as usize];
        let value = extent(b, v, axis);
        Extent { dim, value }
    }
    fn known(b: &mut Builder, n: u64) -> Extent {
        Extent {
            dim: Dim::Known(n),
            value: b.index(n),
        }
    }
    fn times(self, b: &mut Builder, o: Extent) -> Extent {
        match (self.dim, o.dim) {
            (Dim::Known(x), Dim::Known(y)) => Extent::known(b, x.saturating_mul(y)),
            _ => Extent {
                dim: Dim::Dynamic,
                value: b.binary(BinaryOp::Mul, self.value, o.value),
            },
        }
    }
    fn over(self, b: &mut Builder, n: u64) -> Extent {
        match self.dim {
            _ if n == 1 => self,
            Dim::Known(x) => Extent::known(b, x / n),
            Dim::Dynamic => {
                let n = b.index(n);
                Extent {
                    dim: Dim::Dynamic,
                    value: b.binary(BinaryOp::Div, self.value, n),
                }
            }
        }
    }
}

/// The extents of a value.
fn extents(b: &mut Builder, v: Value) -> Vec<Extent> {
    let rank = shape_of(b.ty(v)).len() as u32;
    (0..rank).map(|k| Extent::of(b, v, k)).collect()
}

fn reshape(b: &mut Builder, v: Value, to: &[Extent]) -> Value {
    let mut args = vec![v];
    args.extend(to.iter().filter(|e| e.dim == Dim::Dynamic).map(|e| e.value));
    let shape = to.iter().map(|e| e.dim).collect();
    b.inst1(ShapeOp::Reshape(shape), &args)
}

/// Where lanes go: into an axis, between its groups and what is in each group.
#[derive(Copy, Clone)]
struct Place {
    axis: u32,
    groups: u64,
}

/// A stacked value with the lanes in that place.
fn fold(b: &mut Builder, v: Value, at: Place) -> Value {
    let all = extents(b, v);
    let (lanes, one) = (all[0], &all[1..]);
    let k = at.axis as usize;
    let part = one[k].over(b, at.groups);
    let mut v = v;
    if at.groups > 1 {
        let groups = Extent::known(b, at.groups);
        let split = [&all[..=k], &[groups, part], &all[k + 2..]].concat();
        v = reshape(b, v, &split);
    }
    let to = at.axis + u32::from(at.groups > 1);
    let v = move_axis(b, v, 0, to);
    let mut merged = one.to_vec();
    merged[k] = one[k].times(b, lanes);
    reshape(b, v, &merged)
}

/// The inverse of [`fold`], `part` what the axis of one lane is long.
fn unfold(b: &mut Builder, v: Value, at: Place, lanes: Extent, part: Extent) -> Value {
    let all = extents(b, v);
    let k = at.axis as usize;
    let inner = part.over(b, at.groups);
    let mut split = all[..k].to_vec();
    if at.groups > 1 {
        split.push(Extent::known(b, at.groups));
    }
    split.extend([lanes, inner]);
    split.extend_from_slice(&all[k + 1..]);
    let v = reshape(b, v, &split);
    let v = move_axis(b, v, at.axis + u32::from(at.groups > 1), 0);
    if at.groups == 1 {
        return v;
    }
    let mut merged = vec![lanes];
    merged.extend_from_slice(&all);
    merged[k + 1] = part;
    reshape(b, v, &merged)
}

/// `roles` says where operand, kernel and result of the form are: operand 0, operand 1, or the result (2).
fn convolution(
    cx: &mut BatchCx<'_>,
    c: &Convolution,
    roles: [usize; 3],
    shape: Option<&Shape>,
) -> Batched {
    if !cx.all_same(2) {
        return None;
    }
    let (g, h) = (c.feature_groups, c.batch_groups);
    let mut new = c.clone();
    let stacked = roles.map(|r| r == 2 || cx.is_stacked(r));
    let place = |axis: u32, groups: u64| Some(Place { axis, groups });
    // Where the lanes go in operand, kernel and result.
    let to: [Option<Place>; 3] = match stacked {
        [true, false, true] => [place(c.lhs.batch, h), None, place(c.out.batch, 1)],
        [false, true, true] => [
            None,
            place(c.rhs.output, g * h),
            place(c.out.feature, g * h),
        ],
        [true, true, false] => [place(c.lhs.feature, g), place(c.rhs.input, 1), None],
        [true, true, true] => {
            let Dim::Known(n) = cx.lanes.dim else {
                return None;
            };
            let lhs = if h > 1 {
                new.batch_groups = n.saturating_mul(h);
                c.lhs.batch
            } else {
                new.feature_groups = n.saturating_mul(g);
                c.lhs.feature
            };
            if n == 0 {
                return None;
            }
            [
                place(lhs, 1),
                place(c.rhs.output, 1),
                place(c.out.feature, 1),
            ]
        }
        [false, _, false] | [true, false, false] | [false, false, true] => return None,
    };
    let lanes = Extent {
        dim: cx.lanes.dim,
        value: cx.lanes.size,
    };
    let mut args: Vec<Value> = cx.args.iter().map(|h| h.value).collect();
    let folded = |b: &mut Builder, role: usize, args: &mut [Value]| {
        if let Some(at) = to[role] {
            args[roles[role]] = fold(b, args[roles[role]], at);
        }
    };
    for (role, &what) in roles.iter().enumerate() {
        if what != 2 {
            folded(cx.b, role, &mut args);
        }
    }
    let result = (0..3).find(|&r| roles[r] == 2)?;
    let at = to[result]?;
    let k = at.axis as usize;
    // The extent of that axis in one lane's result.
    let part;
    let op = match shape {
        None => {
            let of = |cx: &mut BatchCx<'_>, i: usize, axis: u32| {
                let v = cx.args[i].value;
                let up = u32::from(cx.is_stacked(i));
                Extent::of(cx.b, v, axis + up)
            };
            part = if k == c.out.batch as usize {
                of(cx, 0, c.lhs.batch).over(cx.b, h)
            } else {
                of(cx, 1, c.rhs.output)
            };
            WindowOp::Convolution(Box::new(new))
        }
        Some(shape) => {
            let mut given = args[2..].to_vec();
            let mut all = Vec::new();
            for d in shape {
                all.push(match d {
                    Dim::Known(n) => Extent::known(cx.b, *n),
                    Dim::Dynamic => Extent {
                        dim: Dim::Dynamic,
                        value: cx.b.convert(crate::ir::DType::U64, given.remove(0)),
                    },
                });
            }
            part = all[k];
            all[k] = part.times(cx.b, lanes);
            args.truncate(2);
            args.extend(
                all.iter()
                    .filter(|e| e.dim == Dim::Dynamic)
                    .map(|e| e.value),
            );
            let shape = all.iter().map(|e| e.dim).collect();
            if result == 0 {
                WindowOp::ConvolutionLhs(Box::new(new), shape)
            } else {
                WindowOp::ConvolutionRhs(Box::new(new), shape)
            }
        }
    };
    let y = cx.b.inst1(op, &args);
    let y = unfold(cx.b, y, at, lanes, part);
    Some(vec![Held::stacked(y)])
}
