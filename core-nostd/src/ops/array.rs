//! Rust's arrays: slices, push and pop, of tensors (their leading extent), sequences and stacks.
//!
//! Invariant: what writes or appends does so in place when the array is uniquely owned; `push` is amortised O(1).

mod batch;

pub(super) use batch::{batch, forms};

use super::extent::{
    arity, axis, bounds, compatible, confusion, give, int_scalars, length, mismatch, no_memory,
    offset, operand_extent, product, room, summable, tensor, unknowns,
};
use super::number::add_range;
use super::place::part;
use super::tangent::accumulate_into;
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::entity::Value;
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{
    ArrayOp, ConstOp, DType, Dim, IndexOp, Op, PlaceOp, ReduceOp, Reduction, ShapeOp, TangentOp,
    Type,
};
use crate::value::{Data, Scalar, Tensor, Val};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

pub(super) fn mnemonic(op: &ArrayOp) -> &'static str {
    match op {
        ArrayOp::Slice => "slice",
        ArrayOp::UpdateSlice => "update_slice",
        ArrayOp::AddSlice => "add_slice",
        ArrayOp::Len => "len",
        ArrayOp::Dim(_) => "dim",
        ArrayOp::Fill => "fill",
        ArrayOp::Array => "array",
        ArrayOp::Push => "push",
        ArrayOp::Pop => "pop",
    }
}

/// The type with leading extent `?`: what slices, pushes and pops give.
fn open_ended(t: &Type) -> Type {
    match t {
        Type::Tensor(t) if !t.shape.is_empty() => Type::tensor(
            t.dtype,
            core::iter::once(Dim::Dynamic).chain(t.shape[1..].iter().copied()),
        ),
        other => other.clone(),
    }
}

pub(super) fn infer(op: &ArrayOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    let kind = |operand, want| Err(Why::Kind { operand, want });
    let array = |i: usize| match (&tys[i], tys[i].element()) {
        (Type::Tensor(_) | Type::Seq(_), Some(e)) => Ok(e),
        _ => Err(Why::Kind {
            operand: i,
            want: "an array (a tensor of rank >= 1 or a sequence)",
        }),
    };
    match op {
        ArrayOp::Slice => {
            arity(tys, 3, "3")?;
            array(0)?;
            int_scalars(tys, 1)?;
            Ok(vec![open_ended(&tys[0])])
        }
        ArrayOp::UpdateSlice | ArrayOp::AddSlice => {
            arity(tys, 3, "3")?;
            let (a, b) = (array(0)?, array(1)?);
            int_scalars(tys, 2)?;
            let ok = if matches!(op, ArrayOp::AddSlice) {
                compatible(&a, &b) && summable(&tys[0], matches!(tys[0], Type::Tensor(_)))
            } else {
                match (&tys[0], &tys[1]) {
                    (Type::Tensor(_), Type::Tensor(_)) => compatible(&a, &b),
                    _ => tys[1].fits(&tys[0]),
                }
            };
            if !ok || matches!(tys[0], Type::Tensor(_)) != matches!(tys[1], Type::Tensor(_)) {
                return kind(1, "an array with elements as operand 0's");
            }
            Ok(vec![tys[0].clone()])
        }
        ArrayOp::Len => {
            arity(tys, 1, "1")?;
            if tys[0].element().is_none() {
                return kind(0, "a tensor of rank >= 1, a sequence or a stack");
            }
            Ok(vec![Type::scalar(DType::U64)])
        }
        ArrayOp::Dim(k) => {
            arity(tys, 1, "1")?;
            let t = tensor(tys, 0)?;
            axis(*k, t.shape.len())?;
            Ok(vec![Type::scalar(DType::U64)])
        }
        ArrayOp::Fill => {
            arity(tys, 2, "2")?;
            int_scalars(tys, 1)?;
            Ok(vec![tys[0].clone().array_of(Dim::Dynamic)])
        }
        ArrayOp::Array => {
            let Some(first) = tys.first() else {
                return Err(Why::Arity { want: "at least 1" });
            };
            let mut elem = first.clone();
            for (b, t) in tys.iter().enumerate() {
                elem = elem.join(t).ok_or(Why::Mismatch {
                    a: 0,
                    b,
                    what: "type",
                })?;
            }
            Ok(vec![elem.array_of(Dim::Known(tys.len() as u64))])
        }
        ArrayOp::Push => {
            arity(tys, 2, "2")?;
            let Some(elem) = tys[0].element() else {
                return kind(0, "a tensor of rank >= 1, a sequence or a stack");
            };
            let ok = match &tys[0] {
                Type::Tensor(_) => compatible(&tys[1], &elem),
                _ => tys[1].fits(&elem),
            };
            if !ok {
                return kind(1, "an element of operand 0");
            }
            Ok(vec![open_ended(&tys[0])])
        }
        ArrayOp::Pop => {
            arity(tys, 1, "1")?;
            let Some(elem) = tys[0].element() else {
                return kind(0, "a tensor of rank >= 1, a sequence or a stack");
            };
            Ok(vec![open_ended(&tys[0]), elem])
        }
    }
}

pub(super) fn effects(op: &ArrayOp, _tys: &[&Type]) -> Effects {
    match op {
        ArrayOp::Len | ArrayOp::Dim(_) | ArrayOp::Array => Effects::Pure,
        ArrayOp::Slice
        | ArrayOp::UpdateSlice
        | ArrayOp::AddSlice
        | ArrayOp::Fill
        | ArrayOp::Push
        | ArrayOp::Pop => Effects::MayTrap,
    }
}

/// Elements `r` along the leading extent.
fn rows(t: &Tensor, r: Range<usize>, cx: &EvalCx<'_>) -> Result<Tensor, TrapKind> {
    let mut shape = t.shape.clone();
    shape[0] = r.len();
    let n = room(&shape, t.dtype(), cx)?;
    let inner = product(&shape[1..]);
    let mut data = Data::with_capacity(t.dtype(), n).ok_or_else(|| no_memory(n, t.dtype()))?;
    data.extend_from(&t.data, r.start * inner..r.end * inner);
    Ok(Tensor { shape, data })
}

fn slice(args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let (lo, hi) = (args.int(1)?, args.int(2)?);
    match args.get(0) {
        Val::Tensor(t) => {
            let r = bounds(lo, hi, t.shape[0])?;
            if r.len() == t.shape[0] {
                return Ok(args.take(0));
            }
            Ok(Val::Tensor(Arc::new(rows(t, r, cx)?)))
        }
        Val::Seq(vs) => {
            let r = bounds(lo, hi, vs.len())?;
            if r.len() == vs.len() {
                return Ok(args.take(0));
            }
            Ok(Val::Seq(Arc::new(vs[r].to_vec())))
        }
        Val::Unit | Val::Scalar(_) | Val::Record(_) | Val::Stack(_) => Err(confusion("slice")),
    }
}

/// `a` with the elements from `lo` replaced by, or summed with, those of `b`.
fn write_slice(args: &mut Args<'_>, add: bool) -> Result<Val, TrapKind> {
    let op = if add { "add_slice" } else { "update_slice" };
    let lo = args.int(2)?;
    let mut a = args.take(0);
    match (&mut a, args.get(1)) {
        (Val::Tensor(x), Val::Tensor(y)) => {
            let r = bounds(lo, lo.saturating_add(y.shape[0] as i128), x.shape[0])?;
            if x.dtype() != y.dtype() {
                return Err(confusion(op));
            }
            if r.is_empty() {
                return Ok(a);
            }
            if x.shape[1..] != y.shape[1..] {
                return Err(mismatch(op, &x.shape[1..], &y.shape[1..]));
            }
            let at = r.start * product(&x.shape[1..]);
            let x = Tensor::unique(x)?;
            if add {
                add_range(&mut x.data, at, &y.data, op)?;
            } else {
                x.data.copy_from(at, &y.data);
            }
        }
        (Val::Seq(x), Val::Seq(y)) => {
            let r = bounds(lo, lo.saturating_add(y.len() as i128), x.len())?;
            if r.is_empty() {
                return Ok(a);
            }
            for (to, from) in Arc::make_mut(x)[r].iter_mut().zip(y.iter()) {
                if add {
                    accumulate_into(to, from)?;
                } else {
                    *to = from.clone();
                }
            }
        }
        _ => return Err(confusion(op)),
    }
    Ok(a)
}

fn len(v: &Val) -> Result<usize, TrapKind> {
    match v {
        Val::Tensor(t) => Ok(t.shape[0]),
        Val::Seq(vs) => Ok(vs.len()),
        Val::Stack(s) => Ok(s.len()),
        Val::Unit | Val::Scalar(_) | Val::Record(_) => Err(confusion("len")),
    }
}

/// Whether the result is a sequence: not told by the operands' values (see [`EvalCx::results`]).
fn gives_seq(cx: &EvalCx<'_>) -> bool {
    matches!(cx.results.first(), Some(Type::Seq(_)))
}

/// A tensor of these elements, all of one shape.
fn stack_up<'a>(
    elements: impl ExactSizeIterator<Item = &'a Val>,
    cx: &EvalCx<'_>,
) -> Result<Val, TrapKind> {
    let n = elements.len();
    let mut made: Option<Tensor> = None;
    for e in elements {
        let (shape, dtype) = match e {
            Val::Scalar(s) => (&[][..], s.dtype()),
            Val::Tensor(t) => (&t.shape[..], t.dtype()),
            Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
                return Err(confusion("array"));
            }
        };
        let to = match &mut made {
            Some(to) => to,
            None => {
                let mut full = vec![n];
                full.extend_from_slice(shape);
                let count = room(&full, dtype, cx)?;
                let data =
                    Data::with_capacity(dtype, count).ok_or_else(|| no_memory(count, dtype))?;
                made.insert(Tensor { shape: full, data })
            }
        };
        if to.dtype() != dtype {
            return Err(confusion("array"));
        }
        if to.shape[1..] != *shape {
            return Err(mismatch("array", &to.shape[1..], shape));
        }
        match e {
            Val::Scalar(s) => {
                to.data.push(*s);
            }
            Val::Tensor(t) => to.data.extend_from(&t.data, 0..t.data.len()),
            Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {}
        }
    }
    made.map(Val::tensor).ok_or_else(|| confusion("array"))
}

fn fill(args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let n = length(args, 1)?;
    if gives_seq(cx) {
        cx.reserve(n, size_of::<Val>())?;
        let x = args.take(0);
        return Ok(Val::Seq(Arc::new(vec![x; n])));
    }
    match args.get(0) {
        Val::Scalar(s) => {
            room(&[n], s.dtype(), cx)?;
            let data = Data::splat(*s, n).ok_or_else(|| no_memory(n, s.dtype()))?;
            Ok(Val::Tensor(Arc::new(Tensor {
                shape: vec![n],
                data,
            })))
        }
        Val::Tensor(t) if n == 0 => {
            let mut shape = vec![0];
            shape.extend_from_slice(&t.shape);
            let data = Data::with_capacity(t.dtype(), 0).ok_or_else(|| no_memory(0, t.dtype()))?;
            Ok(Val::Tensor(Arc::new(Tensor { shape, data })))
        }
        x => stack_up((0..n).map(|_| x), cx),
    }
}

fn array(args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    if gives_seq(cx) {
        let vs = (0..args.len()).map(|i| args.take(i)).collect();
        return Ok(Val::Seq(Arc::new(vs)));
    }
    stack_up((0..args.len()).map(|i| args.get(i)), cx)
}

fn push(args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let mut a = args.take(0);
    match &mut a {
        Val::Tensor(t) => {
            match args.get(1) {
                Val::Scalar(s) if t.shape.len() == 1 && s.dtype() == t.dtype() => {
                    cx.reserve(t.shape[0] + 1, s.dtype().bytes())?;
                    let t = Tensor::unique(t)?;
                    if t.data.push(*s) {
                        t.shape[0] += 1;
                    }
                }
                Val::Tensor(e) if t.shape.len() == e.shape.len() + 1 && e.dtype() == t.dtype() => {
                    // An empty array has no rows yet that could differ; its unknown extents are those of the first row.
                    let settled = |k: usize| match cx.results.first() {
                        Some(Type::Tensor(ty)) => ty.shape.get(k).and_then(|d| d.known()).is_some(),
                        _ => false,
                    };
                    let differs = (1..t.shape.len())
                        .any(|k| t.shape[k] != e.shape[k - 1] && (t.shape[0] != 0 || settled(k)));
                    if differs {
                        return Err(mismatch("push", &t.shape[1..], &e.shape));
                    }
                    cx.reserve(t.data.len() + e.data.len(), e.dtype().bytes())?;
                    let t = Tensor::unique(t)?;
                    t.shape[1..].copy_from_slice(&e.shape);
                    t.data.extend_from(&e.data, 0..e.data.len());
                    t.shape[0] += 1;
                }
                _ => return Err(confusion("push")),
            }
        }
        Val::Seq(vs) => {
            cx.reserve(vs.len() + 1, size_of::<Val>())?;
            let x = args.take(1);
            Arc::make_mut(vs).push(x);
        }
        Val::Stack(s) => {
            cx.reserve(s.len() + 1, size_of::<Val>())?;
            let x = args.take(1);
            Arc::make_mut(s).push(x).map_err(|_| confusion("push"))?;
        }
        Val::Unit | Val::Scalar(_) | Val::Record(_) => return Err(confusion("push")),
    }
    Ok(a)
}

fn pop(args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<(Val, Val), TrapKind> {
    const EMPTY: TrapKind = TrapKind::Empty { op: "pop" };
    let mut a = args.take(0);
    let x = match &mut a {
        Val::Tensor(t) => {
            let last = t.shape[0].checked_sub(1).ok_or(EMPTY)?;
            let at = last * product(&t.shape[1..]);
            let x = part(t, at, 1, cx)?;
            let t = Tensor::unique(t)?;
            t.data.truncate(at);
            t.shape[0] = last;
            x
        }
        Val::Seq(vs) if vs.is_empty() => return Err(EMPTY),
        Val::Seq(vs) => Arc::make_mut(vs).pop().ok_or(EMPTY)?,
        Val::Stack(s) if s.is_empty() => return Err(EMPTY),
        Val::Stack(s) => Arc::make_mut(s).pop().ok_or(EMPTY)?,
        Val::Unit | Val::Scalar(_) | Val::Record(_) => return Err(confusion("pop")),
    };
    Ok((a, x))
}

pub(super) fn eval(
    op: &ArrayOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let r = match op {
        ArrayOp::Slice => slice(args, cx)?,
        ArrayOp::UpdateSlice => write_slice(args, false)?,
        ArrayOp::AddSlice => write_slice(args, true)?,
        ArrayOp::Len => Val::from(len(args.get(0))? as u64),
        ArrayOp::Dim(k) => match args.get(0) {
            Val::Tensor(t) => match t.shape.get(*k as usize) {
                Some(n) => Val::from(*n as u64),
                None => return Err(confusion("dim")),
            },
            _ => return Err(confusion("dim")),
        },
        ArrayOp::Fill => fill(args, cx)?,
        ArrayOp::Array => array(args, cx)?,
        ArrayOp::Push => push(args, cx)?,
        ArrayOp::Pop => {
            let (rest, x) = pop(args, cx)?;
            out.push(rest);
            x
        }
    };
    out.push(r);
    Ok(())
}

fn is_seq(t: &Type) -> bool {
    matches!(t, Type::Seq(_))
}

pub(super) fn jvp(op: &ArrayOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        ArrayOp::Len | ArrayOp::Dim(_) => {}
        ArrayOp::Slice | ArrayOp::Fill => {
            if let Some(da) = cx.tangents[0] {
                let mut args = vec![da];
                args.extend_from_slice(&cx.args[1..]);
                let t = cx.b.inst1(op.clone(), &args);
                cx.add(0, t);
            }
        }
        ArrayOp::UpdateSlice | ArrayOp::AddSlice => {
            let (mut da, db) = (cx.tangent(0), cx.tangent(1));
            let replaced = matches!(op, ArrayOp::UpdateSlice);
            if replaced && cx.tangents[0].is_some() && is_seq(cx.b.ty(da)) {
                // As in `update`: the old elements may be of other sizes than the new ones.
                let lo = cx.args[2];
                let n = cx.b.len(cx.args[1]);
                let hi = offset(cx.b, lo, n);
                let start = cx.b.convert(DType::U64, lo);
                let old = cx.b.inst1(ArrayOp::Slice, &[cx.args[0], start, hi]);
                let zero = cx.b.inst1(TangentOp::ZerosLike, &[old]);
                da = cx.b.inst1(op.clone(), &[da, zero, lo]);
            }
            let t = cx.b.inst1(op.clone(), &[da, db, cx.args[2]]);
            cx.add(0, t);
        }
        ArrayOp::Array | ArrayOp::Push => {
            let ts: Vec<Value> = (0..cx.args.len()).map(|i| cx.tangent(i)).collect();
            let t = cx.b.inst1(op.clone(), &ts);
            cx.add(0, t);
        }
        ArrayOp::Pop => {
            if let Some(da) = cx.tangents[0] {
                for (i, t) in cx.b.inst(ArrayOp::Pop, &[da]).into_iter().enumerate() {
                    cx.add(i, t);
                }
            }
        }
    }
    Ok(())
}

pub(super) fn transpose(op: &ArrayOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    match op {
        ArrayOp::Len | ArrayOp::Dim(_) => {}
        ArrayOp::Slice => {
            let Some(ct) = cx.ct(0) else { return Ok(()) };
            let lo = cx.known(1);
            cx.accumulate(0, &mut |b, acc| b.inst1(ArrayOp::AddSlice, &[acc, ct, lo]));
        }
        ArrayOp::UpdateSlice | ArrayOp::AddSlice => {
            let Some(ct) = cx.ct(0) else { return Ok(()) };
            let lo = cx.known(2);
            let replaced = matches!(op, ArrayOp::UpdateSlice);
            let n = operand_extent(cx, 1, 0);
            let sized = !is_seq(&cx.ty(0));
            let part = (replaced && sized || cx.is_linear(1)).then(|| {
                let b = cx.b();
                let hi = offset(b, lo, n);
                let lo = b.convert(DType::U64, lo);
                b.inst1(ArrayOp::Slice, &[ct, lo, hi])
            });
            if let Some(part) = part
                && cx.is_linear(1)
            {
                give(cx, 1, part);
            }
            if cx.is_linear(0) {
                let c = match part {
                    Some(part) if replaced => {
                        let zero = cx.b().inst1(TangentOp::ZerosLike, &[part]);
                        cx.b().inst1(ArrayOp::UpdateSlice, &[ct, zero, lo])
                    }
                    // Written into a linear value, a known one is a zero: of the old elements' sizes (see the jvp).
                    None if replaced => {
                        let zero = cx.known(1);
                        cx.b().inst1(ArrayOp::UpdateSlice, &[ct, zero, lo])
                    }
                    _ => ct,
                };
                give(cx, 0, c);
            }
        }
        ArrayOp::Fill => {
            let Some(ct) = cx.ct(0) else { return Ok(()) };
            if cx.b().ty(ct).as_tensor().is_some() {
                let c = cx.b().inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[ct]);
                give(cx, 0, c);
            } else {
                cx.accumulate(0, &mut |b, acc| {
                    let (zero, n) = (b.index(0), b.len(ct));
                    b.for_(zero, n, &[acc], |b, i, acc| {
                        let e = b.at(ct, i);
                        vec![b.inst1(TangentOp::Accumulate, &[acc[0], e])]
                    })[0]
                });
            }
        }
        ArrayOp::Array => {
            let Some(ct) = cx.ct(0) else { return Ok(()) };
            for i in 0..cx.operands() {
                if cx.is_linear(i) {
                    let k = cx.b().index(i as u64);
                    let c = cx.b().at(ct, k);
                    give(cx, i, c);
                }
            }
        }
        ArrayOp::Push => {
            let Some(ct) = cx.ct(0) else { return Ok(()) };
            for (i, c) in cx.b().inst(ArrayOp::Pop, &[ct]).into_iter().enumerate() {
                if cx.is_linear(i) {
                    give(cx, i, c);
                }
            }
        }
        ArrayOp::Pop => {
            let (rest, x) = (cx.ct_or_zero(0), cx.ct_or_zero(1));
            let c = cx.b().inst1(ArrayOp::Push, &[rest, x]);
            give(cx, 0, c);
        }
    }
    Ok(())
}

/// What the length or extent of a value is by what made it: another value's extent, or a value.
fn known_extent(cx: &SimplifyCx<'_>, k: u32) -> Option<Simplified> {
    let of = |k: u32, v: Value| {
        // Of a sequence or stack only the length can be asked.
        let op = if k == 0 {
            ArrayOp::Len
        } else {
            ArrayOp::Dim(k)
        };
        Some(Simplified::Inst(Op::Array(op), vec![v]))
    };
    let def = cx.def(cx.arg(0))?;
    let u64_value =
        |v: Value| (*cx.func.ty(v) == DType::U64.into()).then(|| Simplified::Values(vec![v]));
    let dynamic = |shape: &[Dim], first: usize| {
        let before = unknowns(&shape[..k as usize]);
        (shape[k as usize] == Dim::Dynamic).then(|| u64_value(def.args[first + before]))?
    };
    match &def.op {
        Op::Place(PlaceOp::Update(p) | PlaceOp::AddAt(p)) if !p.is_empty() => of(k, def.args[0]),
        Op::Array(ArrayOp::UpdateSlice | ArrayOp::AddSlice)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Compare(_)
        | Op::Convert(_)
        | Op::Reduce(Reduction::Cumulative { .. })
        | Op::Shape(ShapeOp::Reverse(_))
        | Op::Index(IndexOp::ScatterAdd(_))
        | Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate) => of(k, def.args[0]),
        Op::Ternary(_) => of(k, def.args[1]),
        Op::Shape(ShapeOp::Transpose(perm)) => of(perm[k as usize], def.args[0]),
        Op::Shape(ShapeOp::Reshape(shape) | ShapeOp::Broadcast { shape, .. }) => dynamic(shape, 1),
        Op::Shape(ShapeOp::Iota { shape, .. }) => dynamic(shape, 0),
        Op::Array(ArrayOp::Fill) if k == 0 => u64_value(def.args[1]),
        _ => None,
    }
}

pub(super) fn simplify(op: &ArrayOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let constant = |n: u64| {
        Some(Simplified::Inst(
            Op::Const(ConstOp::Scalar(Scalar::U64(n))),
            vec![],
        ))
    };
    let extent = |k: u32| match cx.ty(0).as_tensor() {
        Some(t) => match t.shape[k as usize] {
            Dim::Known(n) => constant(n),
            Dim::Dynamic => known_extent(cx, k),
        },
        None => known_extent(cx, k),
    };
    match op {
        ArrayOp::Len => extent(0),
        ArrayOp::Dim(k) => {
            extent(*k).or_else(|| {
                // One spelling of the leading extent, so that equal ones are found equal.
                (*k == 0).then(|| Simplified::Inst(Op::Array(ArrayOp::Len), vec![cx.arg(0)]))
            })
        }
        ArrayOp::Slice => {
            let all = cx.constant(cx.arg(1))?.as_int()? == 0
                && match cx.ty(0).as_tensor().and_then(|t| t.shape[0].known()) {
                    Some(n) => cx.constant(cx.arg(2)).and_then(Scalar::as_int) == Some(n.into()),
                    None => cx
                        .def(cx.arg(2))
                        .is_some_and(|d| d.op == Op::Array(ArrayOp::Len) && d.args[0] == cx.arg(0)),
                };
            all.then(|| Simplified::Values(vec![cx.arg(0)]))
        }
        ArrayOp::Pop => {
            let def = cx.def(cx.arg(0))?;
            let same = def.op == Op::Array(ArrayOp::Push)
                && def
                    .args
                    .iter()
                    .zip(&cx.data().results)
                    .all(|(&a, &r)| cx.func.ty(a).fits(cx.func.ty(r)));
            same.then(|| Simplified::Values(def.args.clone()))
        }
        ArrayOp::UpdateSlice => {
            let start = cx.constant(cx.arg(2)).and_then(Scalar::as_int);
            let all = start == Some(0) && cx.ty(0) == cx.ty(1) && cx.ty(0).is_static();
            all.then(|| Simplified::Values(vec![cx.arg(1)]))
        }
        ArrayOp::AddSlice | ArrayOp::Fill | ArrayOp::Array | ArrayOp::Push => None,
    }
}

#[cfg(test)]
mod tests;
