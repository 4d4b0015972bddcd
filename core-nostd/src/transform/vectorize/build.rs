//! The functions that stand for a loop: of one iteration, of all, and of the loop.

use super::slots::{Slot, reads_row};
use crate::entity::{FuncId, Inst, Value};
use crate::ir::{
    ArgReduceOp, ArrayOp, BinaryOp, Builder, CompareOp, ControlOp, Copier, DType, Dim, Func,
    IndexOp, Module, Op, PlaceOp, ReduceOp, Reduction, ShapeOp, TangentOp, Type, UnaryOp,
};
use crate::pass::facts::int_constant;
use crate::pass::layout::{Layout, Use};
use crate::transform::vmap::{Axes, Spec, vmap};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// Replaces the loop by a call of a function that does without it, and returns that function and the one of all iterations that it calls. `None` if it cannot be made.
pub(super) fn replace(
    m: &mut Module,
    id: FuncId,
    at: Inst,
    slots: &[Slot],
) -> Option<(FuncId, FuncId)> {
    let f = m.funcs[id].clone();
    let it = Iteration::of(&f, at, slots);
    let (one, outs) = it.function(m, slots)?;
    let one = m.funcs.push(one);
    let mut axes = vec![Axes::At(0); 1 + it.rows.len()];
    axes.extend(vec![Axes::Same; it.shared.len()]);
    let spec = Spec {
        guard: false,
        lanes: it.n.map_or(Dim::Dynamic, Dim::Known),
        ..Spec::new(axes)
    };
    let all = vmap(m, one, &spec).ok()?;
    // What has no rule is run lane by lane: another loop in the place of this one.
    if super::count_loops(m, all) > super::count_loops(m, one) {
        return None;
    }
    let whole = it.whole(m, all, slots, &outs)?;
    let types = whole.results.clone();
    let whole = m.funcs.push(whole);
    let args = it.operands();
    // The function as it was: batching has renumbered what is in functions.
    let mut new = f.clone();
    for (&r, ty) in f.insts[at].results.iter().zip(types) {
        new.values[r].ty = ty;
    }
    let call = &mut new.insts[at];
    call.op = ControlOp::Call(whole).into();
    call.args = args;
    call.regions = Vec::new();
    m.funcs[id] = new;
    Some((whole, all))
}

/// A loop, and what an iteration is given.
struct Iteration<'f> {
    f: &'f Func,
    at: Inst,
    /// Arrays of which every iteration is given the row of its index.
    rows: Vec<Row>,
    /// What all iterations share.
    shared: Vec<Value>,
    /// Constants of the surroundings, which are made again.
    constants: Vec<Value>,
    /// How many iterations there are, if that is known; they start at 0 then.
    n: Option<u64>,
}

struct Row {
    /// The array: of the surroundings, or a parameter of the body.
    array: Value,
    /// What it is when the loop starts.
    from: Value,
}

/// What a function of an iteration returns for a carried value: the numbers of its results.
type Outs = Vec<Option<usize>>;

impl Iteration<'_> {
    fn of<'f>(f: &'f Func, at: Inst, slots: &[Slot]) -> Iteration<'f> {
        let d = &f.insts[at];
        let body = d.regions[0];
        let params = &f.regions[body].params;
        let layout = Layout::of(f);
        let mut rows = Vec::new();
        for ((s, &p), &from) in slots.iter().zip(&params[1..]).zip(&d.args[2..]) {
            if matches!(s, Slot::Rows(_)) {
                rows.push(Row { array: p, from });
            }
        }
        let captured = f.captured(at);
        for &v in &captured {
            // Every iteration reads it there, so a slice traps only where the loop would have.
            let every = |u: &Use| match u {
                Use::Arg(i, 0) => reads_row(f, *i, params[0]) && layout.home[*i] == Some(body),
                Use::Arg(..) | Use::Yield(..) => false,
            };
            if f.ty(v).as_tensor().is_some() && layout.uses[v].iter().any(every) {
                rows.push(Row { array: v, from: v });
            }
        }
        let is_constant = |v: &Value| {
            let made = |i| matches!(f.insts[i].op, Op::Const(_));
            f.def_inst(*v).is_some_and(made) && rows.iter().all(|r| r.from != *v)
        };
        let (constants, mut shared): (Vec<Value>, Vec<Value>) =
            captured.into_iter().partition(is_constant);
        let bound = |k: usize| int_constant(f, d.args[k]);
        let n = (bound(0) == Some(0))
            .then(|| u64::try_from(bound(1)?).ok())
            .flatten()
            .filter(|&n| n > 0);
        for (s, &from) in slots.iter().zip(&d.args[2..]) {
            if matches!(s, Slot::Keep | Slot::Sum) && !shared.contains(&from) {
                shared.push(from);
            }
        }
        Iteration {
            f,
            at,
            rows,
            shared,
            constants,
            n,
        }
    }
    /// Operands of the function of the whole loop.
    fn operands(&self) -> Vec<Value> {
        let d = &self.f.insts[self.at];
        d.args.iter().chain(&self.shared).copied().collect()
    }

    /// `(index, rows.., shared..) -> (what the carried values are put together from..)`.
    fn function(&self, m: &Module, slots: &[Slot]) -> Option<(Func, Outs)> {
        // A copy of the function, in which rows are values of their own.
        let mut f = self.f.clone();
        let d = f.insts[self.at].clone();
        let body = d.regions[0];
        let index = f.regions[body].params[0];
        let mut row_values = Vec::new();
        for row in &self.rows {
            let ty = f.ty(row.array).element()?;
            row_values.push(f.add_param(body, ty));
        }
        let mut inside = Vec::new();
        f.visit(body, &mut |i, _| inside.push(i));
        for i in inside {
            let of = f.insts[i].args.first().copied();
            let Some(k) = self.rows.iter().position(|r| Some(r.array) == of) else {
                continue;
            };
            if reads_row(&f, i, index)
                && let Op::Place(PlaceOp::Get(path)) = &mut f.insts[i].op
            {
                path.remove(0);
                let args = &mut f.insts[i].args;
                args[0] = row_values[k];
                args.remove(1);
            }
        }
        let mut tys = vec![f.ty(index).clone()];
        tys.extend(row_values.iter().map(|&v| f.ty(v).clone()));
        tys.extend(self.shared.iter().map(|&v| f.ty(v).clone()));
        let mut b = Builder::new(m.fresh_name(&format!("{}.iteration", self.f.name)), &tys);
        b.func.span = d.span;
        let new = b.params();
        let mut copier = Copier::new();
        copier.map(index, new[0]);
        copier.map_all(&row_values, &new[1..]);
        copier.map_all(&self.shared, &new[1 + self.rows.len()..]);
        for &v in &self.constants {
            if let Some(i) = f.def_inst(v) {
                copier.inst(&mut b, Some(&f), i);
            }
        }
        let params = self.f.regions[body].params.clone();
        for ((s, &p), &from) in slots.iter().zip(&params[1..]).zip(&d.args[2..]) {
            match s {
                Slot::Keep => copier.map(p, copier.value(from)),
                // What is added is what comes out of nothing.
                Slot::Sum => {
                    let from = copier.value(from);
                    let zero = b.inst1(TangentOp::ZerosLike, &[from]);
                    copier.map(p, zero);
                }
                Slot::Term(_)
                | Slot::Extreme(..)
                | Slot::First(..)
                | Slot::Last
                | Slot::Rows(_)
                | Slot::Push(_)
                | Slot::Scatter(_) => {}
            }
        }
        let last = |s: &Slot| match s {
            Slot::Rows(i) | Slot::Scatter(i) | Slot::First(i, ..) => Some(*i),
            Slot::Keep
            | Slot::Sum
            | Slot::Term(_)
            | Slot::Last
            | Slot::Extreme(..)
            | Slot::Push(_) => None,
        };
        let puts: Vec<Inst> = slots.iter().filter_map(last).collect();
        let ends: Vec<Value> = slots
            .iter()
            .zip(&f.regions[body].yields)
            .filter(|(s, _)| {
                matches!(
                    s,
                    Slot::Term(_) | Slot::Extreme(..) | Slot::First(..) | Slot::Push(_)
                )
            })
            .map(|(_, &y)| y)
            .collect();
        for &i in &f.regions[body].insts.clone() {
            // What puts the results of iterations together is not for one of them.
            let is_end = f.insts[i].results.iter().any(|r| ends.contains(r));
            if !puts.contains(&i) && !is_end {
                copier.inst(&mut b, Some(&f), i);
            }
        }
        let mut results = Vec::new();
        let mut outs = Vec::new();
        let mut out = |v: Value| {
            results.push(v);
            Some(results.len() - 1)
        };
        for (k, s) in slots.iter().enumerate() {
            outs.push(match s {
                Slot::Keep => None,
                Slot::Sum | Slot::Last => out(copier.value(f.regions[body].yields[k])),
                Slot::Term(x) | Slot::First(_, _, x) | Slot::Extreme(_, x) | Slot::Push(x) => {
                    out(copier.value(*x))
                }
                Slot::Scatter(i) => {
                    let d = &f.insts[*i];
                    out(copier.value(d.args[2]));
                    out(copier.value(d.args[1])).map(|n| n - 1)
                }
                Slot::Rows(i) => {
                    let d = &f.insts[*i];
                    let Op::Place(PlaceOp::Update(path)) = &d.op else {
                        return None;
                    };
                    let x = copier.value(d.args[1]);
                    let at = self.rows.iter().position(|r| r.array == params[k + 1])?;
                    let row = new[1 + at];
                    let rest = copier.all(&d.args[3..]);
                    out(match path[1..].is_empty() {
                        true => x,
                        false => b.update(row, x, path[1..].to_vec(), &rest),
                    })
                }
            });
        }
        b.finish(&results).ok().map(|f| (f, outs))
    }

    /// The rows of an array that the iterations are given.
    fn rows_of(&self, b: &mut Builder, from: Value, first: Value, end: Value) -> Value {
        let shape = b.ty(from).as_tensor().map(|t| t.shape.clone());
        let extents: Option<Vec<u64>> = shape.into_iter().flatten().map(|d| d.known()).collect();
        match (self.n, extents) {
            (Some(n), Some(all)) if n == all[0] => from,
            (Some(n), Some(all)) if n < all[0] => {
                let mut parts: Vec<(u64, u64, u64)> = all.iter().map(|&n| (0, n, 1)).collect();
                parts[0] = (0, n, 1);
                b.inst1(ShapeOp::StridedSlice(parts), &[from])
            }
            _ => b.inst1(ArrayOp::Slice, &[from, first, end]),
        }
    }

    /// `(lo, hi, initial.., shared..) -> (the loop's results..)`.
    fn whole(&self, m: &Module, all: FuncId, slots: &[Slot], outs: &Outs) -> Option<Func> {
        let f = self.f;
        let tys: Vec<Type> = self.operands().iter().map(|&v| f.ty(v).clone()).collect();
        let mut b = Builder::new(m.fresh_name(&format!("{}.lanes", f.name)), &tys);
        b.func.span = f.insts[self.at].span;
        b.set_span(b.func.span);
        let new = b.params();
        let (lo, hi) = (new[0], new[1]);
        let args = &f.insts[self.at].args;
        let init = &new[2..args.len()];
        let shared = &new[args.len()..];
        let dtype = b.ty(lo).dtype()?;
        let (first, end, index) = match self.n {
            Some(n) => {
                let iota = ShapeOp::Iota {
                    dtype,
                    shape: vec![Dim::Known(n)],
                    axis: 0,
                };
                let index = b.inst1(iota, &[]);
                (b.index(0), b.index(n), index)
            }
            None => {
                let zero = b.index(0);
                let some = b.compare(CompareOp::Lt, lo, hi);
                let n = b.binary(BinaryOp::WrappingSub, hi, lo);
                let n = b.convert(DType::U64, n);
                let n = b.select(some, n, zero);
                let first = b.convert(DType::U64, lo);
                let end = b.binary(BinaryOp::WrappingAdd, first, n);
                let iota = ShapeOp::Iota {
                    dtype,
                    shape: vec![Dim::Dynamic],
                    axis: 0,
                };
                let iota = b.inst1(iota, &[n]);
                let start = b.inst1(ArrayOp::Fill, &[lo, n]);
                let index = b.binary(BinaryOp::WrappingAdd, iota, start);
                (first, end, index)
            }
        };
        let mut operands = vec![index];
        for row in &self.rows {
            let from = match args.iter().position(|&v| v == row.from) {
                Some(k) => new[k],
                None => shared[self.shared.iter().position(|&v| v == row.from)?],
            };
            operands.push(self.rows_of(&mut b, from, first, end));
        }
        operands.extend(shared);
        let made = b.call(all, &operands, &m.funcs[all].results);
        let mut results = Vec::new();
        for ((s, out), &from) in slots.iter().zip(outs).zip(init) {
            let x = out.map(|k| made[k]);
            results.push(match (s, x) {
                (Slot::Sum | Slot::Term(_), Some(x)) => {
                    let sum = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[x]);
                    b.add(from, sum)
                }
                (Slot::Extreme(op, _), Some(x)) => extreme(&mut b, *op, from, x),
                (Slot::First(_, op, _), Some(x)) => first_extreme(&mut b, *op, from, x),
                (Slot::Last, Some(x)) => {
                    let at = b.index(self.n?.checked_sub(1)?);
                    b.at(x, at)
                }
                (Slot::Rows(_), Some(x)) => b.inst1(ArrayOp::UpdateSlice, &[from, x, first]),
                (Slot::Push(_), Some(x)) => b.inst1(ShapeOp::Concat(0), &[from, x]),
                (Slot::Scatter(i), Some(x)) => {
                    let body = f.insts[self.at].regions[0];
                    let is_own = f.insts[*i].args[2] == f.regions[body].params[0];
                    let updates = made[out.map(|k| k + 1)?];
                    match is_own {
                        true => b.inst1(ArrayOp::AddSlice, &[from, updates, first]),
                        false => b.inst1(IndexOp::ScatterAdd(0), &[from, x, updates]),
                    }
                }
                (_, _) => from,
            });
        }
        // With the types that the loop's results had.
        let body = f.insts[self.at].regions[0];
        let fits = results
            .iter()
            .zip(&f.regions[body].params[1..])
            .all(|(&r, &p)| b.ty(r).fits(f.ty(p)));
        fits.then(|| b.finish(&results).ok()).flatten()
    }
}

/// `for y in x { if y > from { from = y } }`, or with another comparison: the first of the extremes, if it is beyond `from`. NaN is passed over, and stays.
fn first_extreme(b: &mut Builder, op: CompareOp, from: Value, x: Value) -> Value {
    let largest = op == CompareOp::Gt;
    let (which, worst) = match largest {
        true => (ArgReduceOp::ArgMax, f64::NEG_INFINITY),
        false => (ArgReduceOp::ArgMin, f64::INFINITY),
    };
    let nan = b.unary(UnaryOp::IsNan, x);
    let none = b.real_like(from, worst);
    let none = b.splat_like(none, x);
    let valid = b.select(nan, none, x);
    let at = b.inst1(Reduction::Arg(which, 0), &[valid]);
    // Its value by a sum over all, of which the others are zero: so its cotangent comes back without a store at an index.
    let shape = b
        .ty(x)
        .as_tensor()
        .map(|t| t.shape.clone())
        .unwrap_or_default();
    let n: Vec<Value> = match shape.first() {
        Some(Dim::Dynamic) => vec![b.len(x)],
        _ => vec![],
    };
    let iota = ShapeOp::Iota {
        dtype: DType::U64,
        shape,
        axis: 0,
    };
    let iota = b.inst1(iota, &n);
    let at = b.splat_like(at, iota);
    let is = b.compare(CompareOp::Eq, iota, at);
    let zero = b.real_like(from, 0.0);
    let zero = b.splat_like(zero, x);
    let one = b.select(is, valid, zero);
    let m = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[one]);
    let beyond = b.compare(op, m, from);
    b.select(beyond, m, from)
}

/// The extreme of `from` and the elements of `x`, as the loop has it: `fmin` and `fmax` pass over NaN.
fn extreme(b: &mut Builder, op: BinaryOp, from: Value, x: Value) -> Value {
    let largest = matches!(op, BinaryOp::Max | BinaryOp::FMax);
    let reduce = if largest {
        ReduceOp::Max
    } else {
        ReduceOp::Min
    };
    let over = |b: &mut Builder, r: ReduceOp, x: Value| b.inst1(Reduction::Axes(r, vec![0]), &[x]);
    if matches!(op, BinaryOp::Max | BinaryOp::Min) {
        let m = over(b, reduce, x);
        return b.binary(op, from, m);
    }
    let worst = if largest {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    };
    let nan = b.unary(UnaryOp::IsNan, x);
    let n = b.len(x);
    let none = b.real_like(from, worst);
    let none = b.inst1(ArrayOp::Fill, &[none, n]);
    let valid = b.select(nan, none, x);
    let m = over(b, reduce, valid);
    let all = over(b, ReduceOp::All, nan);
    let with = b.binary(op, from, m);
    b.select(all, from, with)
}
