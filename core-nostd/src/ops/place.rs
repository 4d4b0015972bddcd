//! Records, and reads and writes at a path.
//!
//! A path walks through records and sequences; where it enters a tensor, the remaining index steps are one flat offset.
//! Invariant: writing costs the size of the element when every level is uniquely owned, so nothing here clones a sibling
//! or holds a second reference while it writes.

mod batch;

pub(super) use batch::{batch, forms};

use super::extent::{
    arity, compatible, confusion, give, int_scalars, mismatch, no_memory, position, product, room,
    summable,
};
use super::number::{add_one, add_range};
use super::tangent::accumulate_into;
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::entity::Value;
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{Op, PlaceOp, Step, TangentOp, Type};
use crate::value::{Data, Tensor, Val};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::mem;

/// The type reached by a path, or the step at which it leaves the type.
pub fn place_type(base: &Type, path: &[Step]) -> Result<Type, usize> {
    let mut ty = base.clone();
    for (i, step) in path.iter().enumerate() {
        ty = match (step, &ty) {
            (Step::Field(k), Type::Record(fs)) => fs.get(*k as usize).cloned().ok_or(i)?,
            (Step::Index, Type::Tensor(_) | Type::Seq(_)) => ty.element().ok_or(i)?,
            (Step::Field(_), _) | (Step::Index, _) => return Err(i),
        };
    }
    Ok(ty)
}

pub(super) fn mnemonic(op: &PlaceOp) -> &'static str {
    match op {
        PlaceOp::Record => "record",
        PlaceOp::Get(_) => "get",
        PlaceOp::Update(_) => "update",
        PlaceOp::AddAt(_) => "add_at",
    }
}

fn indices(path: &[Step]) -> usize {
    path.iter().filter(|s| **s == Step::Index).count()
}

pub(super) fn infer(op: &PlaceOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    let path = match op {
        PlaceOp::Record => return Ok(vec![Type::record(tys.iter().cloned())]),
        PlaceOp::Get(path) | PlaceOp::Update(path) | PlaceOp::AddAt(path) => path,
    };
    let first = if matches!(op, PlaceOp::Get(_)) { 1 } else { 2 };
    let want = if first == 1 {
        "a base and one index per index step"
    } else {
        "a base, a value and one index per index step"
    };
    arity(tys, first + indices(path), want)?;
    int_scalars(tys, first)?;
    let place = place_type(&tys[0], path).map_err(|step| Why::Path { step })?;
    if first == 1 {
        return Ok(vec![place]);
    }
    // Part of a tensor has the tensor's shape, checked at run time; any other place takes what fits.
    let part = match path.split_last() {
        Some((_, front)) => matches!(place_type(&tys[0], front), Ok(Type::Tensor(_))),
        None => false,
    };
    let adds = matches!(op, PlaceOp::AddAt(_));
    let ok = if part || adds {
        compatible(&tys[1], &place)
    } else {
        tys[1].fits(&place)
    };
    if !ok {
        return Err(Why::Kind {
            operand: 1,
            want: "of the place's type",
        });
    }
    if adds && !summable(&tys[1], part) {
        return Err(Why::Kind {
            operand: 1,
            want: "a tangent, or numbers where the place is part of a tensor",
        });
    }
    Ok(vec![tys[0].clone()])
}

pub(super) fn effects(op: &PlaceOp, tys: &[&Type]) -> Effects {
    match op {
        PlaceOp::Record => Effects::Pure,
        PlaceOp::Get(path) | PlaceOp::Update(path) => {
            if path.contains(&Step::Index) {
                Effects::MayTrap
            } else {
                Effects::Pure
            }
        }
        PlaceOp::AddAt(path) => {
            let floats = tys[1].dtype().is_some_and(|d| d.is_differentiable());
            if path.contains(&Step::Index) || !floats || !tys[..2].iter().all(|t| t.is_static()) {
                Effects::MayTrap
            } else {
                Effects::Pure
            }
        }
    }
}

/// What a path leads to: a whole value, or the part of a tensor from a flat position, `depth` axes in.
enum Found<'a> {
    Whole(&'a Val),
    Part(&'a Tensor, usize, usize),
}

enum FoundMut<'a> {
    Whole(&'a mut Val),
    Part(&'a mut Tensor, usize, usize),
}

/// The flat position of the element that index steps reach in a tensor; the indices are the operands from `next`.
fn flat(shape: &[usize], path: &[Step], args: &Args<'_>, next: usize) -> Result<usize, TrapKind> {
    if path.len() > shape.len() {
        return Err(confusion("path"));
    }
    let mut at = 0;
    for (k, n) in shape[..path.len()].iter().enumerate() {
        if path[k] != Step::Index {
            return Err(confusion("path"));
        }
        at = at * n + position(args, next + k, *n)?;
    }
    Ok(at * product(&shape[path.len()..]))
}

fn find<'a>(
    mut v: &'a Val,
    path: &[Step],
    args: &Args<'_>,
    mut next: usize,
) -> Result<Found<'a>, TrapKind> {
    for (k, step) in path.iter().enumerate() {
        v = match (step, v) {
            (Step::Field(i), Val::Record(fs)) => {
                fs.get(*i as usize).ok_or_else(|| confusion("path"))?
            }
            (Step::Index, Val::Seq(vs)) => {
                let i = position(args, next, vs.len())?;
                next += 1;
                &vs[i]
            }
            (Step::Index, Val::Tensor(t)) => {
                let rest = &path[k..];
                return Ok(Found::Part(
                    t,
                    flat(&t.shape, rest, args, next)?,
                    rest.len(),
                ));
            }
            (Step::Field(_), _) | (Step::Index, _) => return Err(confusion("path")),
        };
    }
    Ok(Found::Whole(v))
}

/// As [`find`], making every level on the way uniquely owned.
fn find_mut<'a>(
    mut v: &'a mut Val,
    path: &[Step],
    args: &Args<'_>,
    mut next: usize,
) -> Result<FoundMut<'a>, TrapKind> {
    for (k, step) in path.iter().enumerate() {
        v = match (step, v) {
            (Step::Field(i), Val::Record(fs)) => Arc::make_mut(fs)
                .get_mut(*i as usize)
                .ok_or_else(|| confusion("path"))?,
            (Step::Index, Val::Seq(vs)) => {
                let i = position(args, next, vs.len())?;
                next += 1;
                &mut Arc::make_mut(vs)[i]
            }
            (Step::Index, Val::Tensor(t)) => {
                let rest = &path[k..];
                let at = flat(&t.shape, rest, args, next)?;
                return Ok(FoundMut::Part(Tensor::unique(t)?, at, rest.len()));
            }
            (Step::Field(_), _) | (Step::Index, _) => return Err(confusion("path")),
        };
    }
    Ok(FoundMut::Whole(v))
}

/// The part of a tensor from a flat position, `depth` axes in.
pub(super) fn part(t: &Tensor, at: usize, depth: usize, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let shape = &t.shape[depth..];
    if shape.is_empty() {
        return Ok(Val::Scalar(t.data.get(at)));
    }
    let n = room(shape, t.dtype(), cx)?;
    let mut data = Data::with_capacity(t.dtype(), n).ok_or_else(|| no_memory(n, t.dtype()))?;
    data.extend_from(&t.data, at..at + n);
    Ok(Val::Tensor(Arc::new(Tensor {
        shape: shape.to_vec(),
        data,
    })))
}

fn get(path: &[Step], args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    if let ([Step::Index], Val::Tensor(t)) = (path, args.get(0))
        && let [n] = t.shape[..]
    {
        return Ok(Val::Scalar(t.data.get(position(args, 1, n)?)));
    }
    match find(args.get(0), path, args, 1)? {
        Found::Part(t, at, depth) => return part(t, at, depth, cx),
        Found::Whole(v) => {
            if !args.is_last(0) || matches!(v, Val::Unit | Val::Scalar(_)) {
                return Ok(v.clone());
            }
        }
    }
    // The base dies here, so the element is moved out of it: it stays uniquely owned and can be updated in place.
    let mut v = args.take(0);
    let mut next = 1;
    for step in path {
        let (mut vs, i) = match (step, v) {
            (Step::Field(i), Val::Record(fs)) => (fs, *i as usize),
            (Step::Index, Val::Seq(vs)) => {
                let i = position(args, next, vs.len())?;
                next += 1;
                (vs, i)
            }
            (Step::Field(_), _) | (Step::Index, _) => return Err(confusion("get")),
        };
        v = match Arc::get_mut(&mut vs) {
            Some(own) => mem::take(&mut own[i]),
            None => vs[i].clone(),
        };
    }
    Ok(v)
}

fn update(path: &[Step], args: &mut Args<'_>) -> Result<Val, TrapKind> {
    let mut base = args.take(0);
    let x = args.take(1);
    match find_mut(&mut base, path, args, 2)? {
        FoundMut::Whole(v) => *v = x,
        FoundMut::Part(t, at, depth) => match &x {
            Val::Scalar(s) if depth == t.shape.len() && s.dtype() == t.dtype() => {
                t.data.set(at, *s);
            }
            Val::Tensor(e) if e.dtype() == t.dtype() => {
                if t.shape[depth..] != e.shape {
                    return Err(mismatch("update", &t.shape[depth..], &e.shape));
                }
                t.data.copy_from(at, &e.data);
            }
            _ => return Err(confusion("update")),
        },
    }
    Ok(base)
}

fn add_at(path: &[Step], args: &mut Args<'_>) -> Result<Val, TrapKind> {
    let mut base = args.take(0);
    match find_mut(&mut base, path, args, 2)? {
        FoundMut::Whole(v) => accumulate_into(v, args.get(1))?,
        FoundMut::Part(t, at, depth) => match args.get(1) {
            Val::Scalar(s) if depth == t.shape.len() => add_one(&mut t.data, at, *s, "add_at")?,
            Val::Tensor(e) => {
                if t.shape[depth..] != e.shape {
                    return Err(mismatch("add_at", &t.shape[depth..], &e.shape));
                }
                add_range(&mut t.data, at, &e.data, "add_at")?;
            }
            _ => return Err(confusion("add_at")),
        },
    }
    Ok(base)
}

pub(super) fn eval(
    op: &PlaceOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    out.push(match op {
        PlaceOp::Record => Val::record((0..args.len()).map(|i| args.take(i)).collect()),
        PlaceOp::Get(path) => get(path, args, cx)?,
        PlaceOp::Update(path) => update(path, args)?,
        PlaceOp::AddAt(path) => add_at(path, args)?,
    });
    Ok(())
}

pub(super) fn jvp(op: &PlaceOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        PlaceOp::Record => {
            let fields: Vec<Value> = (0..cx.args.len()).map(|i| cx.tangent(i)).collect();
            let t = cx.b.record(&fields);
            cx.add(0, t);
        }
        PlaceOp::Get(path) => {
            if let Some(da) = cx.tangents[0] {
                let t = cx.b.get(da, path.clone(), &cx.args[1..]);
                cx.add(0, t);
            }
        }
        PlaceOp::Update(path) => {
            if !cx.b.ty(cx.args[1]).has_tangent() {
                // The place has no tangent space; the tangent has a unit there.
                cx.out[0] = cx.tangents[0];
                return Ok(());
            }
            let at = &cx.args[2..];
            let (mut da, dx) = (cx.tangent(0), cx.tangent(1));
            if cx.tangents[0].is_some() && resizes(cx.b.ty(cx.args[0]), path) {
                // The old element may be of another size than the new one, and its cotangent must be a zero of its
                // own size: it is written here, where the primal tells it, for the transpose.
                let old = cx.b.get(cx.args[0], path.clone(), at);
                let zero = cx.b.inst1(TangentOp::ZerosLike, &[old]);
                da = cx.b.update(da, zero, path.clone(), at);
            }
            let t = cx.b.update(da, dx, path.clone(), at);
            cx.add(0, t);
        }
        PlaceOp::AddAt(path) => {
            if cx.tangents[1].is_none() {
                cx.out[0] = cx.tangents[0];
                return Ok(());
            }
            let (da, dx) = (cx.tangent(0), cx.tangent(1));
            let t = cx.b.add_at(da, dx, path.clone(), &cx.args[2..]);
            cx.add(0, t);
        }
    }
    Ok(())
}

pub(super) fn transpose(op: &PlaceOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    let known = |cx: &mut dyn TransposeCx, from: usize| -> Vec<Value> {
        (from..cx.operands()).map(|i| cx.known(i)).collect()
    };
    match op {
        PlaceOp::Record => {
            for i in 0..cx.operands() {
                if cx.is_linear(i) {
                    let c = cx.b().field(ct, i as u32);
                    give(cx, i, c);
                }
            }
        }
        PlaceOp::Get(path) => {
            if path.is_empty() {
                give(cx, 0, ct);
            } else {
                let at = known(cx, 1);
                cx.accumulate(0, &mut |b, acc| b.add_at(acc, ct, path.clone(), &at));
            }
        }
        PlaceOp::Update(path) => {
            let at = known(cx, 2);
            let resized = resizes(&cx.ty(0), path);
            let part = (cx.is_linear(1) || !resized).then(|| cx.b().get(ct, path.clone(), &at));
            if let Some(part) = part
                && cx.is_linear(1)
            {
                give(cx, 1, part);
            }
            if cx.is_linear(0) && !path.is_empty() {
                // Written into a linear value, a known one is a zero: of the old element's size (see the jvp).
                let zero = match part {
                    Some(part) => cx.b().inst1(TangentOp::ZerosLike, &[part]),
                    None => cx.known(1),
                };
                let c = cx.b().update(ct, zero, path.clone(), &at);
                give(cx, 0, c);
            }
        }
        PlaceOp::AddAt(path) => {
            let at = known(cx, 2);
            if cx.is_linear(1) {
                let c = cx.b().get(ct, path.clone(), &at);
                give(cx, 1, c);
            }
            if cx.is_linear(0) {
                give(cx, 0, ct);
            }
        }
    }
    Ok(())
}

/// Whether what is written at a path may differ in size from what was there: neither is the place's type static nor is it
/// part of a tensor.
fn resizes(base: &Type, path: &[Step]) -> bool {
    let front = &path[..path.len().saturating_sub(1)];
    let part = !path.is_empty() && matches!(place_type(base, front), Ok(Type::Tensor(_)));
    !part && place_type(base, path).is_ok_and(|t| !t.is_static())
}

fn cat(a: &[Value], b: &[Value]) -> Vec<Value> {
    a.iter().chain(b).copied().collect()
}

pub(super) fn simplify(op: &PlaceOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let d = cx.data();
    let one = |v: Value| Some(Simplified::Values(vec![v]));
    let inst = |op: PlaceOp, args: Vec<Value>| Some(Simplified::Inst(Op::Place(op), args));
    match op {
        PlaceOp::Record => {
            // A record of all fields of one record is that record.
            let mut whole = None;
            for (k, &v) in d.args.iter().enumerate() {
                let def = cx.def(v)?;
                match &def.op {
                    Op::Place(PlaceOp::Get(p)) if p[..] == [Step::Field(k as u32)] => {
                        if *whole.get_or_insert(def.args[0]) != def.args[0] {
                            return None;
                        }
                    }
                    _ => return None,
                }
            }
            let whole = whole?;
            (cx.func.ty(whole) == cx.func.ty(d.results[0])).then_some(())?;
            one(whole)
        }
        PlaceOp::Get(path) => {
            let base = cx.arg(0);
            if path.is_empty() {
                return one(base);
            }
            let def = cx.def(base)?;
            match &def.op {
                Op::Place(PlaceOp::Record) => {
                    let Step::Field(k) = path[0] else { return None };
                    let field = *def.args.get(k as usize)?;
                    if path.len() == 1 {
                        return one(field);
                    }
                    inst(
                        PlaceOp::Get(path[1..].to_vec()),
                        cat(&[field], &d.args[1..]),
                    )
                }
                // Reading elsewhere from the older array is no simplification: it would keep that array alive beyond the
                // store, which then could not be done in place.
                Op::Place(PlaceOp::Update(q)) if q == path && d.args[1..] == def.args[2..] => {
                    let x = def.args[1];
                    cx.func.ty(x).fits(cx.func.ty(d.results[0])).then_some(())?;
                    one(x)
                }
                _ => None,
            }
        }
        PlaceOp::Update(path) => {
            if path.is_empty() {
                return one(cx.arg(1));
            }
            // Storing what is there already.
            if let Some(def) = cx.def(cx.arg(1))
                && let Op::Place(PlaceOp::Get(q)) = &def.op
                && def.args[0] == cx.arg(0)
                && q == path
                && def.args[1..] == d.args[2..]
            {
                return one(cx.arg(0));
            }
            // Not: storing over what was just stored. That would keep the older array alive beyond the first store, which
            // then could not be done in place.
            None
        }
        PlaceOp::AddAt(path) => {
            if path.is_empty() && cx.ty(0).tangent() == *cx.ty(0) {
                return Some(Simplified::Inst(
                    Op::Tangent(TangentOp::Accumulate),
                    d.args.clone(),
                ));
            }
            None
        }
    }
}

#[cfg(test)]
mod tests;
