//! Rust's arrays of all lanes at once.
//!
//! Invariant: pushes and pops are amortised O(1) a lane: a row is moved out of the sequence that holds the lanes' arrays
//! before it is changed, so that nobody else holds it.

use super::super::batch::{BatchCx, Batched, Form, Held, Lanes, extent, plain, shape_of, sized};
use crate::entity::Value;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, ConstOp, DType, Dim, EffectOp, IndexOp, ShapeOp, Step, Type,
};
use alloc::vec;
use alloc::vec::Vec;

pub(in crate::ops) fn forms(op: &ArrayOp, args: &[Form], results: &[Type]) -> Vec<Form> {
    match op {
        ArrayOp::Slice | ArrayOp::Fill => sized(args, 1, results),
        ArrayOp::UpdateSlice | ArrayOp::AddSlice => {
            // Where elements are stored does not change the extents.
            plain(&args[..2], results)
                .into_iter()
                .map(|f| match f {
                    Form::Same => Form::stacked(&results[0]),
                    Form::Stacked | Form::Each | Form::Fields(_) => f,
                })
                .collect()
        }
        ArrayOp::Len | ArrayOp::Dim(_) => {
            // Stacked arrays have equal extents.
            let each = args[0].has_each();
            vec![if each { Form::Stacked } else { Form::Same }]
        }
        ArrayOp::Array => plain(args, results),
        ArrayOp::Push | ArrayOp::Pop => results.iter().map(Form::ragged).collect(),
    }
}

pub(in crate::ops) fn batch(op: &ArrayOp, cx: &mut BatchCx<'_>) -> Batched {
    match op {
        ArrayOp::Slice => slice(cx),
        ArrayOp::UpdateSlice | ArrayOp::AddSlice => write_slice(op, cx),
        ArrayOp::Len => length(cx, 0),
        ArrayOp::Dim(k) => length(cx, *k),
        ArrayOp::Fill => {
            let static_rows = cx.tys[0].as_tensor().is_some() && cx.tys[0].is_static();
            if !cx.all_same(1) || !static_rows {
                return None;
            }
            let mut args = vec![cx.stacked(0)];
            args.extend(cx.lanes.operand());
            args.push(cx.args[1].value);
            let shape = shape_of(&cx.results[0]);
            let op = copies(cx.lanes, shape);
            cx.one(op, &args)
        }
        ArrayOp::Array => {
            let Type::Tensor(t) = &cx.results[0] else {
                return None;
            };
            let mut one = t.shape.clone();
            one[0] = Dim::Known(1);
            let rows: Vec<Value> = (0..cx.args.len())
                .map(|i| {
                    let mut args = vec![cx.stacked(i)];
                    args.extend(cx.lanes.operand());
                    cx.b.inst1(copies(cx.lanes, one.clone()), &args)
                })
                .collect();
            cx.one(ShapeOp::Concat(1), &rows)
        }
        ArrayOp::Push => {
            let all = in_a_sequence(cx);
            let (lanes, row, x, xty) = (cx.lanes, &cx.results[0], &cx.args[1], &cx.tys[1]);
            let out = lanes.each(cx.b, &[all], |b, l, acc| {
                let x = lanes.lane(b, x, xty, l);
                let (mut rest, a) = take_row(b, acc[0], row, l);
                let a = b.inst1(ArrayOp::Push, &[a, x]);
                rest = b.update(rest, a, vec![Step::Index], &[l]);
                vec![rest]
            });
            Some(vec![Held::new(out[0], Form::Each)])
        }
        ArrayOp::Pop => {
            let all = in_a_sequence(cx);
            let (lanes, row, elem) = (cx.lanes, &cx.results[0], &cx.results[1]);
            let last = lanes.buffer(cx.b, elem);
            let form = Form::ragged(elem);
            let out = lanes.each(cx.b, &[all, last], |b, l, acc| {
                let (rest, a) = take_row(b, acc[0], row, l);
                let popped = b.inst(ArrayOp::Pop, &[a]);
                let rest = b.update(rest, popped[0], vec![Step::Index], &[l]);
                let last = lanes.store(b, acc[1], &form, elem, popped[1], l);
                vec![rest, last]
            });
            Some(vec![Held::new(out[0], Form::Each), Held::new(out[1], form)])
        }
    }
}

/// `[lanes, n, row…]` of `[lanes, row…]`; `shape` is the array's of one lane.
fn copies(lanes: Lanes, shape: Vec<Dim>) -> ShapeOp {
    let rank = shape.len() as u32;
    ShapeOp::Broadcast {
        shape: lanes.shape(&shape),
        dims: [0].into_iter().chain(2..=rank).collect(),
    }
}

/// The arrays of the lanes, whose lengths are about to change, in a sequence.
fn in_a_sequence(cx: &mut BatchCx<'_>) -> Value {
    cx.lanes
        .coerce(cx.b, &cx.args[0], &cx.results[0], &Form::Each)
}

/// What holds the lanes' arrays with an empty one for lane `l`, and that lane's, which nobody else holds then.
fn take_row(b: &mut Builder, all: Value, row: &Type, l: Value) -> (Value, Value) {
    let a = b.at(all, l);
    let nothing = b.inst1(ConstOp::Default(row.clone()), &[]);
    let rest = b.update(all, nothing, vec![Step::Index], &[l]);
    (rest, a)
}

fn length(cx: &mut BatchCx<'_>, k: u32) -> Batched {
    if cx.args[0].form == Form::Stacked {
        let n = extent(cx.b, cx.args[0].value, k + 1);
        return Some(vec![Held::same(n)]);
    }
    None
}

fn slice(cx: &mut BatchCx<'_>) -> Batched {
    if cx.tys[0].as_tensor().is_none() || !cx.is_stacked(0) || !cx.all_same(1) {
        return None;
    }
    let (x, lo, hi) = (cx.args[0].value, cx.args[1].value, cx.args[2].value);
    let b = &mut *cx.b;
    let n = extent(b, x, 1);
    b.inst(EffectOp::CheckRange, &[lo, hi, n]);
    let (lo, hi) = (b.convert(DType::U64, lo), b.convert(DType::U64, hi));
    let len = b.sub(hi, lo);
    let count = b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape: vec![Dim::Dynamic],
            axis: 0,
        },
        &[len],
    );
    let first = b.splat_like(lo, count);
    let at = b.add(first, count);
    cx.one(IndexOp::Gather(1), &[x, at])
}

fn write_slice(op: &ArrayOp, cx: &mut BatchCx<'_>) -> Batched {
    let want = forms(
        op,
        &[
            cx.args[0].form.clone(),
            cx.args[1].form.clone(),
            cx.args[2].form.clone(),
        ],
        cx.results,
    );
    let all = cx.held(0, &want[0]);
    let (lanes, args, tys) = (cx.lanes, cx.args, cx.tys);
    let operands = |b: &mut Builder, l: Value| {
        (
            lanes.lane(b, &args[1], &tys[1], l),
            lanes.lane(b, &args[2], &tys[2], l),
        )
    };
    if want[0] != Form::Stacked {
        let out = lanes.each(cx.b, &[all], |b, l, acc| {
            let (x, lo) = operands(b, l);
            let (rest, a) = take_row(b, acc[0], &tys[0], l);
            let a = b.inst1(op.clone(), &[a, x, lo]);
            vec![b.update(rest, a, vec![Step::Index], &[l])]
        });
        return Some(vec![Held::new(out[0], want[0].clone())]);
    }
    // The lanes' arrays one after another, so that the elements are stored where they are.
    let shape = shape_of(cx.b.ty(all));
    let mut flat = shape[1..].to_vec();
    flat[0] = match (shape[0], shape[1]) {
        (Dim::Known(a), Dim::Known(b)) => a.checked_mul(b).map_or(Dim::Dynamic, Dim::Known),
        _ => Dim::Dynamic,
    };
    let b = &mut *cx.b;
    let n = extent(b, all, 1);
    let total = b.binary(BinaryOp::Mul, lanes.size, n);
    let sizes: Vec<Value> = (0..shape.len() as u32).map(|k| extent(b, all, k)).collect();
    let unknown = |shape: &[Dim], sizes: &[Value]| -> Vec<Value> {
        shape
            .iter()
            .zip(sizes)
            .filter(|(d, _)| **d == Dim::Dynamic)
            .map(|(_, v)| *v)
            .collect()
    };
    let mut flat_args = vec![all];
    let flat_sizes: Vec<Value> = [total]
        .into_iter()
        .chain(sizes[2..].iter().copied())
        .collect();
    flat_args.extend(unknown(&flat, &flat_sizes));
    let rows = b.inst1(ShapeOp::Reshape(flat), &flat_args);
    let rows = lanes.each(b, &[rows], |b, l, acc| {
        let (x, lo) = operands(b, l);
        b.inst(EffectOp::CheckRange, &[lo, n, n]);
        let lo = b.convert(DType::U64, lo);
        let len = b.len(x);
        let hi = b.add(lo, len);
        b.inst(EffectOp::CheckRange, &[lo, hi, n]);
        let start = b.mul(l, n);
        let start = b.add(start, lo);
        vec![b.inst1(op.clone(), &[acc[0], x, start])]
    });
    let mut args = vec![rows[0]];
    args.extend(unknown(&shape, &sizes));
    cx.one(ShapeOp::Reshape(shape), &args)
}
