//! What a loop carries, as what its iterations can be put together to without one waiting for another.

use crate::ad::extremes::selected;
use crate::entity::{Inst, Region, Value};
use crate::ir::{ArrayOp, BinaryOp, CompareOp, ControlOp, DType, Func, Op, PlaceOp, Step};
use crate::pass::facts::int_constant;
use crate::pass::layout::{Layout, Use};
use alloc::vec::Vec;
use hashbrown::HashSet;

/// A carried value.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// It stays as it is.
    Keep,
    /// Every iteration adds to it, and does nothing else with it.
    Sum,
    /// Every iteration adds that to it, and does nothing else with it.
    Term(Value),
    /// It is the largest or the least of itself and what every iteration has.
    Extreme(BinaryOp, Value),
    /// It is replaced where an iteration's value compares so with it, by that comparison: so the first of the extremes stays.
    First(Inst, CompareOp, Value),
    /// What the last iteration makes; none asks what it was before. There are iterations.
    Last,
    /// Every iteration sets the row of its index, of which it may have read the old one, by that instruction.
    Rows(Inst),
    /// Every iteration pushes an element.
    Push(Value),
    /// Every iteration adds to one row, by that instruction, and does nothing else with it.
    Scatter(Inst),
}

/// What the loop carries, if its iterations do not wait for one another.
pub(super) fn of(f: &Func, layout: &Layout, at: Inst) -> Option<Vec<Slot>> {
    let d = &f.insts[at];
    let body = d.regions[0];
    let (params, yields) = (&f.regions[body].params, &f.regions[body].yields);
    let bound = |k: usize| int_constant(f, d.args[k]);
    let runs = bound(0) == Some(0) && bound(1).is_some_and(|n| n > 0);
    let mut out = Vec::new();
    for (&p, &y) in params[1..].iter().zip(yields) {
        out.push(slot(f, layout, body, params[0], p, y, runs)?);
    }
    out.iter().any(|s| !matches!(s, Slot::Keep)).then_some(out)
}

fn slot(
    f: &Func,
    layout: &Layout,
    body: Region,
    index: Value,
    p: Value,
    y: Value,
    runs: bool,
) -> Option<Slot> {
    if p == y {
        return Some(Slot::Keep);
    }
    if layout.uses[p].is_empty() && runs && f.ty(p) == f.ty(y) && is_made_inside(f, layout, body, y)
    {
        return Some(Slot::Last);
    }
    if let Some(first) = first(f, layout, body, p, y) {
        return Some(first);
    }
    let made = f.def_inst(y);
    let here = |i: &Inst| layout.home[*i] == Some(body);
    if let Some(i) = made.filter(here)
        && layout.uses[y].len() == 1
    {
        let d = &f.insts[i];
        match &d.op {
            Op::Place(PlaceOp::Update(path))
                if d.args[0] == p
                    && path.first() == Some(&Step::Index)
                    && d.args[2] == index
                    && reads_own_row(f, layout, index, p, i) =>
            {
                return Some(Slot::Rows(i));
            }
            Op::Place(PlaceOp::AddAt(path))
                if d.args[0] == p
                    && path[..] == [Step::Index]
                    && layout.uses[p].len() == 1
                    && f.ty(p).as_tensor().is_some() =>
            {
                return Some(Slot::Scatter(i));
            }
            Op::Array(ArrayOp::Push)
                if d.args[0] == p && layout.uses[p].len() == 1 && f.ty(p).as_tensor().is_some() =>
            {
                return Some(Slot::Push(d.args[1]));
            }
            Op::Binary(op @ (BinaryOp::Max | BinaryOp::Min | BinaryOp::FMax | BinaryOp::FMin))
                if layout.uses[p].len() == 1
                    && f.ty(p).is_scalar()
                    && f.ty(p).dtype().is_some_and(DType::is_float) =>
            {
                if d.args[0] == p {
                    return Some(Slot::Extreme(*op, d.args[1]));
                }
                if d.args[1] == p {
                    return Some(Slot::Extreme(*op, d.args[0]));
                }
            }
            Op::Binary(BinaryOp::Add)
                if layout.uses[p].len() == 1
                    && d.args.contains(&p)
                    && f.ty(y).dtype().is_some_and(DType::is_differentiable) =>
            {
                let k = usize::from(d.args[0] == p);
                return Some(Slot::Term(d.args[k]));
            }
            _ => {}
        }
    }
    let ty = f.ty(p).as_tensor()?;
    (ty.dtype.is_differentiable() && is_sum(f, body, p, y)).then_some(Slot::Sum)
}

/// Whether the body computes a value, or it is its index: it then is one of every iteration.
fn is_made_inside(f: &Func, layout: &Layout, body: Region, y: Value) -> bool {
    f.def_inst(y).is_some_and(|i| layout.home[i] == Some(body)) && f.ty(y).as_tensor().is_some()
}

/// `if x > p { x } else { p }`, of which the running value is used for nothing else.
fn first(f: &Func, layout: &Layout, body: Region, p: Value, y: Value) -> Option<Slot> {
    let i = f.def_inst(y).filter(|&i| layout.home[i] == Some(body))?;
    let (cond, yes, no) = selected(f, i)?;
    let scalar = f.ty(p).is_scalar() && f.ty(p).dtype().is_some_and(DType::is_float);
    if !scalar || no != p || yes == p || layout.uses[p].len() != 2 || layout.uses[y].len() != 1 {
        return None;
    }
    let c = f.def_inst(cond).filter(|&c| layout.home[c] == Some(body))?;
    let q = &f.insts[c];
    // As a comparison of the new value with the running one.
    let op = match (&q.op, &q.args[..]) {
        (Op::Compare(op @ (CompareOp::Gt | CompareOp::Lt)), &[a, b]) if a == yes && b == p => *op,
        (Op::Compare(CompareOp::Gt), &[a, b]) if a == p && b == yes => CompareOp::Lt,
        (Op::Compare(CompareOp::Lt), &[a, b]) if a == p && b == yes => CompareOp::Gt,
        _ => return None,
    };
    (layout.uses[cond].len() == 1).then_some(Slot::First(c, op, yes))
}

/// Whether the carried array `p` is only read at the loop's own index, and stored into by `put`.
fn reads_own_row(f: &Func, layout: &Layout, index: Value, p: Value, put: Inst) -> bool {
    layout.uses[p].iter().all(|u| match u {
        Use::Arg(i, 0) if *i == put => true,
        Use::Arg(i, 0) => reads_row(f, *i, index),
        Use::Arg(..) | Use::Yield(..) => false,
    })
}

/// Whether an instruction reads in the row of that index.
pub(super) fn reads_row(f: &Func, i: Inst, index: Value) -> bool {
    let d = &f.insts[i];
    matches!(&d.op, Op::Place(PlaceOp::Get(path)) if path.first() == Some(&Step::Index))
        && d.args[1] == index
}

/// Whether `y` is `p` and something that does not depend on `p`, on every way.
fn is_sum(f: &Func, body: Region, p: Value, y: Value) -> bool {
    let mut sums = Sums {
        f,
        are: [p].into_iter().collect(),
    };
    let yields = &f.regions[body].yields;
    sums.region(body)
        && sums.are.contains(&y)
        && yields.iter().filter(|v| sums.are.contains(*v)).count() == 1
}

/// Values that are the carried one and something more.
struct Sums<'f> {
    f: &'f Func,
    are: HashSet<Value>,
}

impl Sums<'_> {
    /// Follows them through a region. False if one is used in another way.
    fn region(&mut self, r: Region) -> bool {
        let f = self.f;
        f.regions[r].insts.iter().all(|&i| self.inst(i))
    }
    fn inst(&mut self, i: Inst) -> bool {
        let f = self.f;
        let d = &f.insts[i];
        let used: Vec<usize> = (0..d.args.len())
            .filter(|&k| self.are.contains(&d.args[k]))
            .collect();
        match &d.op {
            Op::Binary(BinaryOp::Add) if used.len() == 1 => {
                self.are.insert(d.results[0]);
                true
            }
            Op::Binary(BinaryOp::Sub) if used[..] == [0] => {
                self.are.insert(d.results[0]);
                true
            }
            Op::Control(ControlOp::If | ControlOp::Switch) if used.is_empty() => {
                d.regions.iter().all(|&r| self.region(r)) && self.arms(i)
            }
            Op::Control(ControlOp::For) if used.iter().all(|&k| k >= 2) => {
                let body = d.regions[0];
                for &k in &used {
                    self.are.insert(f.regions[body].params[k - 1]);
                }
                if !self.region(body) {
                    return false;
                }
                for (k, (y, r)) in f.regions[body].yields.iter().zip(&d.results).enumerate() {
                    let is = self.are.contains(y);
                    if is != used.contains(&(k + 2)) {
                        return false;
                    }
                    if is {
                        self.are.insert(*r);
                    }
                }
                true
            }
            Op::Control(_) => used.is_empty() && d.regions.iter().all(|&r| !self.captures(r)),
            _ => used.is_empty(),
        }
    }
    /// The results of a branch: either all arms yield one of the values, or none does.
    fn arms(&mut self, i: Inst) -> bool {
        let f = self.f;
        let d = &f.insts[i];
        for (k, &r) in d.results.iter().enumerate() {
            let yields = |q: &Region| self.are.contains(&f.regions[*q].yields[k]);
            let n = d.regions.iter().filter(|q| yields(q)).count();
            if n == d.regions.len() {
                self.are.insert(r);
            } else if n > 0 {
                return false;
            }
        }
        true
    }
    fn captures(&self, r: Region) -> bool {
        let f = self.f;
        let mut found = f.regions[r].yields.iter().any(|v| self.are.contains(v));
        f.visit(r, &mut |_, d| {
            found |= d.args.iter().any(|v| self.are.contains(v));
            for &q in &d.regions {
                found |= f.regions[q].yields.iter().any(|v| self.are.contains(v));
            }
        });
        found
    }
}
