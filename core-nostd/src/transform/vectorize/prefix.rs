//! Accesses `a[p][i]` of a loop over `i` in which `p` stays the same are accesses of `a[p]` at `i`: the row is read before the loop, and what the
//! loop carries only to change that row, it carries as the row.
//!
//! The row is then read even if the loop does not run.

use crate::entity::{Inst, Value};
use crate::ir::{Func, Op, Path, PlaceOp, Span, Step, Type, ValueDef};
use crate::pass::layout::{Change, Layout, Use, place};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashSet;

/// Rewrites the accesses of a loop. Layouts made before are of no use afterwards.
pub(super) fn split(f: &mut Func, at: Inst) {
    let inside = defined_inside(f, at);
    let mut before = Vec::new();
    let mut after = Vec::new();
    carried(f, at, &inside, &mut before, &mut after);
    captured(f, at, &inside, &mut before);
    if !before.is_empty() {
        place(
            f,
            vec![Change::before(at, before), Change::after(at, after)],
        );
    }
}

pub(super) fn defined_inside(f: &Func, at: Inst) -> HashSet<Value> {
    let body = f.insts[at].regions[0];
    let mut out: HashSet<Value> = f.regions[body].params.iter().copied().collect();
    f.visit(body, &mut |_, d| {
        out.extend(d.results.iter().copied());
        for &q in &d.regions {
            out.extend(f.regions[q].params.iter().copied());
        }
    });
    out
}

/// The leading indices of an access that stay the same, if others come after them.
fn same(path: &Path, indices: &[Value], inside: &HashSet<Value>) -> usize {
    let leading = path.iter().take_while(|s| **s == Step::Index).count();
    let fixed = indices[..leading]
        .iter()
        .take_while(|v| !inside.contains(*v))
        .count();
    if fixed < leading { fixed } else { 0 }
}

/// The element type that so many indices reach.
fn inner(ty: &Type, k: usize) -> Option<Type> {
    (0..k).try_fold(ty.clone(), |t, _| t.element())
}

fn read(f: &mut Func, of: Value, indices: &[Value], span: Span) -> Option<(Inst, Value)> {
    let ty = inner(f.ty(of), indices.len())?;
    let args = [of].iter().chain(indices).copied().collect();
    let path = vec![Step::Index; indices.len()];
    let i = f.make_inst(PlaceOp::Get(path).into(), args, Vec::new(), &[ty], span);
    Some((i, f.insts[i].results[0]))
}

/// Arrays of the surroundings.
fn captured(f: &mut Func, at: Inst, inside: &HashSet<Value>, before: &mut Vec<Inst>) {
    let body = f.insts[at].regions[0];
    let index = f.regions[body].params[0];
    let mut made: Vec<(Value, Vec<Value>, Value)> = Vec::new();
    for i in f.regions[body].insts.clone() {
        let d = &f.insts[i];
        let Op::Place(PlaceOp::Get(path)) = &d.op else {
            continue;
        };
        let base = d.args[0];
        let k = same(path, &d.args[1..], inside);
        if k == 0 || inside.contains(&base) || d.args[1 + k] != index {
            continue;
        }
        if f.ty(base).as_tensor().is_none() {
            continue;
        }
        let prefix = d.args[1..=k].to_vec();
        let path = path[k..].to_vec();
        let rest: Vec<Value> = d.args[1 + k..].to_vec();
        let have = made.iter().find(|(b, p, _)| *b == base && *p == prefix);
        let row = match have {
            Some((_, _, row)) => *row,
            None => {
                let span = d.span;
                let Some((inst, row)) = read(f, base, &prefix, span) else {
                    continue;
                };
                before.push(inst);
                made.push((base, prefix, row));
                row
            }
        };
        let d = &mut f.insts[i];
        d.op = PlaceOp::Get(path).into();
        d.args = [row].into_iter().chain(rest).collect();
    }
}

/// Arrays that the loop carries.
fn carried(
    f: &mut Func,
    at: Inst,
    inside: &HashSet<Value>,
    before: &mut Vec<Inst>,
    after: &mut Vec<Inst>,
) {
    let layout = Layout::of(f);
    let d = f.insts[at].clone();
    let body = d.regions[0];
    for k in 0..d.results.len() {
        let (p, y) = (f.regions[body].params[k + 1], f.regions[body].yields[k]);
        let Some(put) = f.def_inst(y).filter(|&i| layout.home[i] == Some(body)) else {
            continue;
        };
        let u = &f.insts[put];
        let (Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)), [Use::Yield(..)]) =
            (&u.op, &layout.uses[y][..])
        else {
            continue;
        };
        let n = same(path, &u.args[2..], inside);
        if n == 0 || u.args[0] != p || f.ty(p).as_tensor().is_none() {
            continue;
        }
        let prefix = u.args[2..2 + n].to_vec();
        let users: Vec<Inst> = layout.uses[p]
            .iter()
            .filter_map(|u| match u {
                Use::Arg(i, 0) => Some(*i),
                Use::Arg(..) | Use::Yield(..) => None,
            })
            .collect();
        let in_row = |i: &Inst| {
            let d = &f.insts[*i];
            match &d.op {
                Op::Place(PlaceOp::Get(path)) => {
                    path.len() > n
                        && path[..n].iter().all(|s| *s == Step::Index)
                        && d.args[1..=n] == prefix[..]
                }
                _ => *i == put,
            }
        };
        if users.len() != layout.uses[p].len() || !users.iter().all(in_row) {
            continue;
        }
        let Some(row_type) = inner(f.ty(p), n) else {
            continue;
        };
        let Some((first, row)) = read(f, d.args[2 + k], &prefix, d.span) else {
            continue;
        };
        before.push(first);
        for i in users {
            let d = &mut f.insts[i];
            let skip = match &mut d.op {
                Op::Place(PlaceOp::Get(path)) => {
                    path.drain(..n);
                    1
                }
                Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) => {
                    path.drain(..n);
                    2
                }
                _ => continue,
            };
            d.args.drain(skip..skip + n);
        }
        f.values[p].ty = row_type.clone();
        f.values[y].ty = row_type.clone();
        f.insts[at].args[2 + k] = row;
        // The loop's result is the row; what it was is made of it after.
        let whole = d.results[k];
        let made = f.values.push(crate::ir::ValueData {
            ty: row_type,
            def: ValueDef::Result(at, k as u32),
        });
        f.insts[at].results[k] = made;
        let path = vec![Step::Index; n];
        let args = [d.args[2 + k], made]
            .iter()
            .chain(&prefix)
            .copied()
            .collect();
        let ty = f.ty(whole).clone();
        let i = f.make_inst(
            PlaceOp::Update(path).into(),
            args,
            Vec::new(),
            &[ty],
            d.span,
        );
        f.insts[i].results = vec![whole];
        f.values[whole].def = ValueDef::Result(i, 0);
        after.push(i);
    }
}
