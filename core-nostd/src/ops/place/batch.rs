//! Records, reads and writes of all lanes at once.
//!
//! Invariant: a write into an array costs each lane the size of the element, as it does alone: it is a loop over the
//! lanes that stores in what holds all their arrays.

use super::super::batch::{BatchCx, Batched, Form, Held};
use crate::entity::Value;
use crate::ir::{Builder, IndexOp, PlaceOp, Step, TangentOp, Type};
use alloc::vec;
use alloc::vec::Vec;

/// A path's leading fields into what is held as a record, the form and type they lead to, and the rest of the path.
fn enter<'p>(form: &Form, ty: &Type, path: &'p [Step]) -> (&'p [Step], Form, Type, &'p [Step]) {
    let (mut form, mut ty, mut n) = (form.clone(), ty.clone(), 0);
    while let (Some(Step::Field(k)), Form::Fields(_), Type::Record(ts)) = (path.get(n), &form, &ty)
    {
        let (f, t) = (form.field(*k as usize), ts[*k as usize].clone());
        (form, ty, n) = (f, t, n + 1);
    }
    (&path[..n], form, ty, &path[n..])
}

/// The form of a record with that of one of its parts replaced.
fn with_part(form: &Form, ty: &Type, path: &[Step], part: Form) -> Form {
    match (path.first(), ty) {
        (Some(Step::Field(k)), Type::Record(ts)) => Form::fields(
            ts.iter()
                .enumerate()
                .map(|(j, t)| {
                    let f = form.field(j);
                    if j == *k as usize {
                        with_part(&f, t, &path[1..], part.clone())
                    } else {
                        f
                    }
                })
                .collect(),
        ),
        _ => part,
    }
}

/// As far as a path goes by fields.
fn fields_of(path: &[Step]) -> usize {
    path.iter()
        .take_while(|s| matches!(s, Step::Field(_)))
        .count()
}

/// The form and type of what a path of fields leads to.
fn part_at(form: &Form, ty: &Type, path: &[Step]) -> (Form, Type) {
    let (mut form, mut ty) = (form.clone(), ty.clone());
    for s in path {
        if let (Step::Field(k), Type::Record(ts)) = (s, &ty) {
            (form, ty) = (form.field(*k as usize), ts[*k as usize].clone());
        }
    }
    (form, ty)
}

pub(in crate::ops) fn forms(
    op: &PlaceOp,
    args: &[Form],
    tys: &[Type],
    results: &[Type],
) -> Vec<Form> {
    let same = |from: usize| args[from..].iter().all(Form::is_same);
    vec![match op {
        PlaceOp::Record => Form::fields(args.to_vec()),
        PlaceOp::Get(path) => {
            let (_, form, ty, rest) = enter(&args[0], &tys[0], path);
            let one = rest == [Step::Index];
            match form {
                _ if rest.is_empty() => form,
                Form::Same if same(1) => Form::Same,
                Form::Same if one && matches!(ty, Type::Tensor(_)) => Form::stacked(&results[0]),
                Form::Stacked if one && same(1) => Form::stacked(&results[0]),
                Form::Same | Form::Stacked | Form::Each | Form::Fields(_) => {
                    Form::ragged(&results[0])
                }
            }
        }
        PlaceOp::Update(path) | PlaceOp::AddAt(path) => {
            let n = fields_of(path);
            let (part, ty) = part_at(&args[0], &tys[0], &path[..n]);
            let adds = matches!(op, PlaceOp::AddAt(_));
            let new = if n == path.len() {
                if adds {
                    part.join(&args[1], &ty)
                } else {
                    args[1].clone()
                }
            } else if part.is_same() && same(1) {
                Form::Same
            } else if part.has_each() || args[1].has_each() {
                Form::ragged(&ty)
            } else {
                Form::stacked(&ty)
            };
            with_part(&args[0], &tys[0], &path[..n], new)
        }
    }]
}

pub(in crate::ops) fn batch(op: &PlaceOp, cx: &mut BatchCx<'_>) -> Batched {
    match op {
        PlaceOp::Record => {
            let form = Form::fields(cx.args.iter().map(|h| h.form.clone()).collect());
            let values = cx.values();
            Some(vec![Held::new(cx.b.record(&values), form)])
        }
        PlaceOp::Get(path) => Some(get(path, cx)),
        PlaceOp::Update(path) | PlaceOp::AddAt(path) => Some(vec![write(op, path, cx)]),
    }
}

/// What gives the operands from `from` on, of lane `l`.
fn indices<'a>(
    cx: &BatchCx<'a>,
    from: usize,
) -> impl Fn(&mut Builder, Value) -> Vec<Value> + use<'a> {
    let (lanes, args, tys) = (cx.lanes, cx.args, cx.tys);
    move |b, l| {
        let held = args[from..].iter().zip(&tys[from..]);
        held.map(|(h, t)| lanes.lane(b, h, t, l)).collect()
    }
}

fn cat(a: &[Value], b: &[Value]) -> Vec<Value> {
    a.iter().chain(b).copied().collect()
}

fn get(path: &[Step], cx: &mut BatchCx<'_>) -> Vec<Held> {
    let (front, form, ty, rest) = enter(&cx.args[0].form, &cx.tys[0], path);
    let base = if front.is_empty() {
        cx.args[0].value
    } else {
        cx.b.get(cx.args[0].value, front.to_vec(), &[])
    };
    let (lanes, rows) = (cx.lanes, cx.rows);
    let one = rest == [Step::Index];
    let base = Held::new(base, form);
    match base.form {
        _ if rest.is_empty() => match rows {
            Some(rows) => vec![lanes.rows(cx.b, &base, &ty, rows)],
            None => vec![base],
        },
        Form::Same if cx.all_same(1) => {
            let at: Vec<Value> = cx.args[1..].iter().map(|h| h.value).collect();
            vec![Held::same(cx.b.get(base.value, rest.to_vec(), &at))]
        }
        Form::Same if one && matches!(ty, Type::Tensor(_)) => {
            let at = cx.args[1].value;
            let x = cx.b.inst1(IndexOp::Gather(0), &[base.value, at]);
            vec![Held::stacked(x)]
        }
        Form::Stacked if one && cx.all_same(1) => {
            let at = cx.args[1].value;
            let x = cx.b.inst1(IndexOp::Gather(1), &[base.value, at]);
            let x = Held::stacked(x);
            match rows {
                Some(rows) => vec![lanes.rows(cx.b, &x, &cx.results[0], rows)],
                None => vec![x],
            }
        }
        Form::Same | Form::Stacked | Form::Each | Form::Fields(_) => {
            let shared = base.form.is_same();
            let at = indices(cx, 1);
            lanes.collect(cx.b, cx.results, |b, l| {
                let at = at(b, l);
                if shared {
                    return vec![b.get(base.value, rest.to_vec(), &at)];
                }
                let row = rows.map_or(l, |r| b.at(r, l));
                let to: Vec<Step> = [Step::Index].iter().chain(rest).copied().collect();
                vec![b.get(base.value, to, &cat(&[row], &at))]
            })
        }
    }
}

/// The value with what a path of fields leads to replaced, of another type maybe.
fn replaced(b: &mut Builder, base: Value, path: &[Step], x: Value) -> Value {
    let Some((Step::Field(k), rest)) = path.split_first() else {
        return x;
    };
    let n = match b.ty(base) {
        Type::Record(ts) => ts.len() as u32,
        Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => 0,
    };
    let fields: Vec<Value> = (0..n)
        .map(|j| {
            let f = b.field(base, j);
            if j == *k { replaced(b, f, rest, x) } else { f }
        })
        .collect();
    b.record(&fields)
}

fn write(op: &PlaceOp, path: &[Step], cx: &mut BatchCx<'_>) -> Held {
    let forms_in: Vec<Form> = cx.args.iter().map(|h| h.form.clone()).collect();
    let want = forms(op, &forms_in, cx.tys, cx.results).remove(0);
    let adds = matches!(op, PlaceOp::AddAt(_));
    let n = fields_of(path);
    let (front, rest) = path.split_at(n);
    let (base, x) = (cx.args[0].value, cx.args[1].value);
    let (part_form, part_ty) = part_at(&want, &cx.tys[0], front);
    if rest.is_empty() {
        let x = if adds {
            let old = cx.b.get(base, front.to_vec(), &[]);
            let old_form = part_at(&cx.args[0].form, &cx.tys[0], front).0;
            let lanes = cx.lanes;
            let old = lanes.coerce(cx.b, &Held::new(old, old_form), &part_ty, &part_form);
            let x = cx.held(1, &part_form);
            cx.b.inst1(TangentOp::Accumulate, &[old, x])
        } else {
            x
        };
        return Held::new(replaced(cx.b, base, front, x), want);
    }
    let base = cx.held(0, &want);
    if part_form.is_same() {
        let args = cat(&[base], &cx.values()[1..]);
        return Held::new(cx.b.inst1(op.clone(), &args), want);
    }
    let to: Vec<Step> = front
        .iter()
        .chain(&[Step::Index])
        .chain(rest)
        .copied()
        .collect();
    let op = if adds {
        PlaceOp::AddAt(to)
    } else {
        PlaceOp::Update(to)
    };
    let (lanes, x, xty) = (cx.lanes, cx.args[1].clone(), cx.tys[1].clone());
    let at = indices(cx, 2);
    let out = lanes.each(cx.b, &[base], |b, l, acc| {
        let at = at(b, l);
        let x = lanes.lane(b, &x, &xty, l);
        vec![b.inst1(op.clone(), &cat(&[acc[0], x, l], &at))]
    });
    Held::new(out[0], want)
}
