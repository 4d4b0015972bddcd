//! Sums over independent iterations: their gradient is the sum of gradients of ranges.
//!
//! ```text
//! s = for i in lo..hi (t = s0, a = a0) { … x = f(i, p) …; yield add t, x, a' }        (a: room, filled anew in each iteration)
//!     becomes, where the loop is heavy,
//! for c in 0..m (t = s0, g = 0) { xs, d = vjp of range (its part of lo..hi, a0, p; 1); yield t + xs[0] + xs[1] + …, g + d }
//! ```
//!
//! The loop becomes a function with a `jvp` rule: its tangent is `<g, dp>`. So reverse mode saves the gradient `g` of the sum in place of residuals
//! of every iteration: what is saved does not grow with the number of iterations, and residuals of a range are used soon after they were
//! made. The calls for the ranges are independent of one another and stay calls ([`Func::apart`]), so executors may run them at once.
//! How many ranges there are follows from the loop and its work alone, so results do not depend on who runs them. The sum's terms
//! are added in the order of the iterations, as they were.
//!
//! A loop is such a sum if it is not in another loop and
//! * carries one active value, a float to which every iteration adds one term and with which it does nothing else;
//! * what else it carries are arrays that each iteration fills before it reads them ([`Room`]), of no use after the loop;
//! * what of its surroundings is active are tensors of floats;
//! * it has loops in a loop in it: light iterations are not worth the trouble.

use super::activity::Activity;
use super::outline::{Again, Needs};
use super::{Mask, derive};
use crate::entity::{FuncId, Inst, Region, SecondaryMap, Value};
use crate::error::AdError;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, CompareOp, ControlOp, Copier, CustomRule, DType, DeriveKind, Dim,
    Func, Module, Op, PlaceOp, ReduceOp, Reduction, Step, TangentOp, Type, ValueDef,
};
use crate::pass::layout::{Layout, Use};
use crate::pass::ranges::Ranges;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};
use hashbrown::HashSet;

/// The most ranges of a loop.
const RANGES: u64 = 64;
/// The least work of a range, in instructions, that is worth a call.
const WORK: u64 = 20_000;
/// How much more work a range must be than there are elements of the gradient, each of which a range sets to zero and adds.
const TIMES: u64 = 32;
/// Iterations of a loop of which nothing is known.
const USUAL: u64 = 16;
/// How deep loops must be nested in the loop.
const NEST: usize = 2;
/// Operands of the functions before what is captured: the ends of the range, the initial value.
const OWN: usize = 3;

/// Whether light sums are taken for heavy ones.
static ALL: AtomicBool = AtomicBool::new(false);

/// Treats all sums over independent iterations as if they were heavy, in derivatives made from now on: for tests.
pub fn by_ranges(on: bool) {
    ALL.store(on, Ordering::Relaxed);
}

fn all() -> bool {
    ALL.load(Ordering::Relaxed)
}

/// A range of a loop as a function, and the parameters its derivative is taken with respect to: for reports.
pub(super) struct Range {
    pub(super) func: FuncId,
    pub(super) wrt: Vec<u32>,
}

/// Makes the heavy sums of a function, which has been flattened, functions with rules.
pub(super) fn outline(m: &mut Module, id: FuncId, mask: &Mask) -> Result<Vec<Range>, AdError> {
    let f = &m.funcs[id];
    let heavy = |i: &Inst| {
        let d = &f.insts[*i];
        d.op == Op::Control(ControlOp::For) && (all() || nest(f, d.regions[0]) >= NEST)
    };
    let loops: Vec<Inst> = f.regions[f.body]
        .insts
        .iter()
        .copied()
        .filter(heavy)
        .collect();
    if loops.is_empty() {
        return Ok(Vec::new());
    }
    let mut activity = Activity::default();
    activity.outs(m, id, mask);
    let f = m.funcs[id].clone();
    let active = activity.of(m, &f, mask);
    let layout = Layout::of(&f);
    let mut ranges = Ranges::of(&f);
    let sums: Vec<Sum> = loops
        .into_iter()
        .filter_map(|i| Sum::of(m, &f, &layout, &mut ranges, &active, i))
        .collect();
    let mut out = Vec::new();
    let mut calls = f.clone();
    for s in sums {
        out.push(s.outline(m, &f, &mut calls)?);
    }
    // Only now: deriving renumbers what is in functions.
    m.funcs[id] = calls;
    Ok(out)
}

/// How deep loops are nested in a region.
fn nest(f: &Func, r: Region) -> usize {
    let depth = |i: &Inst| {
        let d = &f.insts[*i];
        let own = matches!(d.op, Op::Control(ControlOp::For | ControlOp::While));
        usize::from(own) + d.regions.iter().map(|&q| nest(f, q)).max().unwrap_or(0)
    };
    f.regions[r].insts.iter().map(depth).max().unwrap_or(0)
}

/// A loop that is a sum.
struct Sum {
    at: Inst,
    /// Which of the carried values is the sum.
    slot: usize,
    /// What each iteration adds.
    term: Value,
    /// What the loop uses of its surroundings.
    needs: Needs,
    /// Of what is captured, what is active.
    active: Vec<bool>,
}

impl Sum {
    fn of<'f>(
        m: &Module,
        f: &'f Func,
        layout: &Layout,
        ranges: &mut Ranges<'f>,
        active: &SecondaryMap<Value, bool>,
        at: Inst,
    ) -> Option<Sum> {
        let d = &f.insts[at];
        let body = d.regions[0];
        let (params, yields) = (&f.regions[body].params, &f.regions[body].yields);
        let mut sum = None;
        for k in 0..d.results.len() {
            let (v, result) = (params[k + 1], d.results[k]);
            if layout.uses[result].is_empty() {
                Room { f, layout, ranges }
                    .is_filled(body, v, k)
                    .then_some(())?;
                continue;
            }
            let term = added(f, layout, body, v, yields[k])?;
            if !active[result] || sum.replace((k, term)).is_some() {
                return None;
            }
        }
        let (slot, term) = sum?;
        if !is_pure(m, f, body) {
            return None;
        }
        let room = d.args[2..].iter().enumerate().filter(|(k, _)| *k != slot);
        let rooms: Vec<Value> = room.map(|(_, &v)| v).collect();
        let needs = Needs::of(f, at, &rooms, Again::Sizes);
        let captured = &needs.captured;
        let is_float = |t: &Type| t.as_tensor().is_some_and(|t| t.dtype.is_float());
        let active: Vec<bool> = captured.iter().map(|&v| active[v]).collect();
        let good = captured
            .iter()
            .zip(&active)
            .all(|(&v, &a)| !a || is_float(f.ty(v)));
        (good && active.contains(&true)).then_some(Sum {
            at,
            slot,
            term,
            needs,
            active,
        })
    }

    /// What is handed to the functions: bounds, initial value, what is captured.
    fn operands(&self, f: &Func) -> Vec<Value> {
        let d = &f.insts[self.at];
        let own = [d.args[0], d.args[1], d.args[2 + self.slot]];
        own.iter().chain(&self.needs.captured).copied().collect()
    }
    /// A function of the operands and more; the copier knows what they are called in `f`, and what the loop starts with.
    fn function(&self, m: &Module, f: &Func, name: &str, more: &[Type]) -> (Builder, Copier) {
        let mut tys: Vec<Type> = self.operands(f).iter().map(|&v| f.ty(v).clone()).collect();
        tys.extend(more.iter().cloned());
        let mut b = Builder::new(m.fresh_name(name), &tys);
        b.func.span = f.insts[self.at].span;
        let new = b.params();
        let copier = self.needs.given(&mut b, f, &new[OWN..]);
        (b, copier)
    }

    /// Replaces the loop of `f` in `calls`, which was the same, by a call of a function with a rule.
    fn outline(&self, m: &mut Module, f: &Func, calls: &mut Func) -> Result<Range, AdError> {
        let name = format!("{}.sum", f.name);
        let d = &f.insts[self.at];
        // The loop itself.
        let (mut b, mut copier) = self.function(m, f, &name, &[]);
        let own = b.params()[..OWN].to_vec();
        let mut args = copier.all(&d.args);
        (args[0], args[1], args[2 + self.slot]) = (own[0], own[1], own[2]);
        let body = copier.region(&mut b, Some(f), d.regions[0]);
        let out = b.region_op(ControlOp::For, &args, &[body]);
        let whole = b
            .finish(&out[self.slot..=self.slot])
            .map_err(AdError::Build)?;
        let whole = m.funcs.push(whole);
        let range = self.range(m, f, &name)?;
        let func = m.funcs.push(range);
        let wrt: Vec<u32> = (OWN as u32..)
            .zip(&self.active)
            .filter(|(_, a)| **a)
            .map(|(k, _)| k)
            .collect();
        let vjp = derive(m, func, DeriveKind::Vjp, &wrt)?;
        let piece = self.piece(m, f, &name, vjp)?;
        let piece = m.funcs.push(piece);
        let rule = self.rule(m, f, &name, piece)?;
        let rule = m.funcs.push(rule);
        m.funcs[whole].rule = Some(CustomRule::Jvp(rule));
        let results = [d.results[self.slot]];
        let data = &mut calls.insts[self.at];
        data.op = ControlOp::Call(whole).into();
        data.args = self.operands(f);
        data.results = results.to_vec();
        data.regions = vec![];
        calls.values[results[0]].def = ValueDef::Result(self.at, 0);
        Ok(Range { func, wrt })
    }

    /// The terms of a range of the loop.
    fn range(&self, m: &Module, f: &Func, name: &str) -> Result<Func, AdError> {
        let (mut b, mut copier) = self.function(m, f, &format!("{name}.range"), &[]);
        let d = &f.insts[self.at];
        let own = b.params();
        let (lo, hi) = (own[0], own[1]);
        let n = b.binary(BinaryOp::WrappingSub, hi, lo);
        let n = b.convert(DType::U64, n);
        let zero = b.inst1(TangentOp::ZerosLike, &[own[2]]);
        let terms = b.inst1(ArrayOp::Fill, &[zero, n]);
        let body = d.regions[0];
        let mut init = copier.all(&d.args[2..]);
        init[self.slot] = terms;
        // With the types of the loop's own parameters, which may be looser than those of what it starts with.
        let params = &f.regions[body].params;
        let mut types: Vec<Type> = params.iter().map(|&v| f.ty(v).clone()).collect();
        types[1 + self.slot] = b.ty(terms).clone();
        let (_, new) = b.open(&types);
        copier.map_all(params, &new);
        // The sum is not needed for the terms: what the body adds to it goes nowhere.
        copier.map(params[1 + self.slot], zero);
        let mut next = copier.insts(&mut b, Some(f), body);
        let at = b.binary(BinaryOp::WrappingSub, new[0], lo);
        let at = b.convert(DType::U64, at);
        let term = copier.value(self.term);
        next[self.slot] = b.update(new[1 + self.slot], term, vec![Step::Index], &[at]);
        let region = b.close(&next);
        let operands = [&[lo, hi], &init[..]].concat();
        let out = b.region_op(ControlOp::For, &operands, &[region]);
        b.finish(&out[self.slot..=self.slot])
            .map_err(AdError::Build)
    }

    /// Range `c` of so many: `(c, pieces, n, operands..) -> (terms, gradients..)`, `n` being the number of iterations.
    fn piece(&self, m: &Module, f: &Func, name: &str, vjp: FuncId) -> Result<Func, AdError> {
        let tys = self.operands(f).into_iter().map(|v| f.ty(v).clone());
        let all: Vec<Type> = vec![DType::U64.into(); 3].into_iter().chain(tys).collect();
        let mut b = Builder::new(m.fresh_name(&format!("{name}.piece")), &all);
        b.func.span = f.insts[self.at].span;
        b.func.apart = true;
        let params = b.params();
        let ([c, pieces, n], operands) = ([params[0], params[1], params[2]], &params[3..]);
        let one = b.index(1);
        let next = b.binary(BinaryOp::WrappingAdd, c, one);
        let [from, to] = [c, next].map(|c| {
            let k = b.binary(BinaryOp::WrappingMul, n, c);
            b.div(k, pieces)
        });
        let len = b.binary(BinaryOp::WrappingSub, to, from);
        let float = b.ty(operands[2]).dtype().unwrap_or(DType::F64);
        let one = b.real(float, 1.0);
        let ones = b.inst1(ArrayOp::Fill, &[one, len]);
        let mut args = operands.to_vec();
        let lo = operands[0];
        let index = b.ty(lo).dtype().unwrap_or(DType::U64);
        for (k, end) in [from, to].into_iter().enumerate() {
            let end = b.convert(index, end);
            args[k] = b.binary(BinaryOp::WrappingAdd, lo, end);
        }
        args.push(ones);
        let out = b.call(vjp, &args, &m.funcs[vjp].results);
        b.finish(&out).map_err(AdError::Build)
    }

    /// The rule: the sum and its gradient by ranges, then the tangent.
    fn rule(&self, m: &Module, f: &Func, name: &str, piece: FuncId) -> Result<Func, AdError> {
        let tys: Vec<Type> = self.operands(f).iter().map(|&v| f.ty(v).clone()).collect();
        let tangents: Vec<Type> = tys
            .iter()
            .filter(|t| t.has_tangent())
            .map(Type::tangent)
            .collect();
        let (mut b, copier) = self.function(m, f, &format!("{name}.rule"), &tangents);
        let all = b.params();
        let (args, tangents) = all.split_at(tys.len());
        let (lo, hi) = (args[0], args[1]);
        let captured = &args[OWN..];
        let wrt: Vec<Value> = captured
            .iter()
            .zip(&self.active)
            .filter(|(_, a)| **a)
            .map(|(v, _)| *v)
            .collect();
        let some = b.compare(CompareOp::Lt, lo, hi);
        let n = b.binary(BinaryOp::WrappingSub, hi, lo);
        let zero = b.index(0);
        let n = b.convert(DType::U64, n);
        let n = b.select(some, n, zero);
        let pieces = self.pieces(&mut b, f, &copier, n, &wrt);
        let mut init = vec![args[2]];
        for &v in &wrt {
            init.push(b.inst1(TangentOp::ZerosLike, &[v]));
        }
        let results = m.funcs[piece].results.clone();
        let out = b.for_(zero, pieces, &init, |b, c, carried| {
            let operands = [&[c, pieces, n], args].concat();
            let out = b.call(piece, &operands, &results);
            let len = b.len(out[0]);
            let sum = b.for_(zero, len, &carried[..1], |b, j, sum| {
                let term = b.at(out[0], j);
                vec![b.add(sum[0], term)]
            });
            let mut next = sum;
            for (&g, &more) in carried[1..].iter().zip(&out[1..]) {
                next.push(b.inst1(TangentOp::Accumulate, &[g, more]));
            }
            next
        });
        // The tangent, from those of the initial value and of what is captured.
        let with: Vec<usize> = (0..tys.len()).filter(|&k| tys[k].has_tangent()).collect();
        let tangent = |k: usize| with.iter().position(|&w| w == k).map(|at| tangents[at]);
        let mut dy = tangent(2);
        let mut gradients = out[1..].iter();
        for (k, _) in self.active.iter().enumerate().filter(|(_, a)| **a) {
            let (Some(&g), Some(t)) = (gradients.next(), tangent(OWN + k)) else {
                continue;
            };
            let mut part = b.mul(g, t);
            let rank = b.ty(part).as_tensor().map_or(0, |t| t.shape.len()) as u32;
            if rank > 0 {
                let all = Reduction::Axes(ReduceOp::Sum, (0..rank).collect());
                part = b.inst1(all, &[part]);
            }
            dy = Some(match dy {
                Some(dy) => b.add(dy, part),
                None => part,
            });
        }
        let dy = dy.unwrap_or(out[0]);
        b.finish(&[out[0], dy]).map_err(AdError::Build)
    }

    /// How many ranges `n` iterations are split into.
    fn pieces(&self, b: &mut Builder, f: &Func, copier: &Copier, n: Value, wrt: &[Value]) -> Value {
        let work = work(b, f, f.insts[self.at].regions[0], copier);
        let whole = b.binary(BinaryOp::WrappingMul, n, work);
        let mut elements = b.index(0);
        for &v in wrt {
            let shape = b
                .ty(v)
                .as_tensor()
                .map(|t| t.shape.clone())
                .unwrap_or_default();
            let mut size = b.index(1);
            for (k, dim) in (0..).zip(shape) {
                let dim = match dim {
                    Dim::Known(d) => b.index(d),
                    Dim::Dynamic => b.inst1(ArrayOp::Dim(k), &[v]),
                };
                size = b.binary(BinaryOp::WrappingMul, size, dim);
            }
            elements = b.binary(BinaryOp::WrappingAdd, elements, size);
        }
        let (times, usual) = if all() { (0, 1) } else { (TIMES, WORK) };
        let times = b.index(times);
        let least = b.binary(BinaryOp::WrappingMul, elements, times);
        let usual = b.index(usual);
        let least = b.binary(BinaryOp::Max, least, usual);
        let pieces = b.div(whole, least);
        let (one, most) = (b.index(1), b.index(RANGES));
        let pieces = b.binary(BinaryOp::Max, pieces, one);
        let pieces = b.binary(BinaryOp::Min, pieces, most);
        b.binary(BinaryOp::Min, pieces, n)
    }
}

/// About how many instructions a region runs, as a value: loops as often as is known outside.
fn work(b: &mut Builder, f: &Func, r: Region, copier: &Copier) -> Value {
    let mut own = 1;
    let mut sum = None;
    for &i in &f.regions[r].insts {
        let d = &f.insts[i];
        own += 1;
        for &q in &d.regions {
            let mut inner = work(b, f, q, copier);
            if matches!(d.op, Op::Control(ControlOp::For | ControlOp::While)) {
                let known = |v: &Value| {
                    copier
                        .get(*v)
                        .filter(|&v| b.ty(v).dtype() == Some(DType::U64))
                };
                let bounds = match d.op {
                    Op::Control(ControlOp::For) => {
                        known(&d.args[1]).map(|hi| (known(&d.args[0]), hi))
                    }
                    _ => None,
                };
                let times = match bounds {
                    Some((Some(lo), hi)) => {
                        let n = b.binary(BinaryOp::WrappingSub, hi, lo);
                        b.binary(BinaryOp::Min, n, hi)
                    }
                    Some((None, hi)) => hi,
                    None => b.index(USUAL),
                };
                inner = b.binary(BinaryOp::WrappingMul, times, inner);
            }
            sum = Some(match sum {
                Some(sum) => b.binary(BinaryOp::WrappingAdd, sum, inner),
                None => inner,
            });
        }
    }
    let own = b.index(own);
    match sum {
        Some(sum) => b.binary(BinaryOp::WrappingAdd, sum, own),
        None => own,
    }
}

/// What a body adds to a carried value, if that is all it does with it.
fn added(f: &Func, layout: &Layout, body: Region, v: Value, yielded: Value) -> Option<Value> {
    let ty = f.ty(v).as_tensor()?;
    let [Use::Arg(add, at)] = layout.uses[v][..] else {
        return None;
    };
    let d = &f.insts[add];
    let good = ty.shape.is_empty()
        && ty.dtype.is_float()
        && d.op == Op::Binary(BinaryOp::Add)
        && layout.home[add] == Some(body)
        && d.results[0] == yielded
        && layout.uses[yielded].len() == 1;
    good.then(|| d.args[1 - at])
}

/// Whether a region leaves nothing behind and asks for nothing but its values: no marks, no derivatives still to be made, no calls of
/// functions with rules.
fn is_pure(m: &Module, f: &Func, r: Region) -> bool {
    let mut seen = HashSet::new();
    let mut calls = Vec::new();
    let mut pure = is_pure_itself(f, r, &mut calls);
    while let Some(g) = calls.pop() {
        let callee = &m.funcs[g];
        if seen.insert(g) {
            pure &= callee.rule.is_none() && is_pure_itself(callee, callee.body, &mut calls);
        }
    }
    pure
}

/// As [`is_pure`], but for the functions it calls, which are added to the list.
fn is_pure_itself(f: &Func, r: Region, calls: &mut Vec<FuncId>) -> bool {
    let mut pure = true;
    f.visit(r, &mut |_, d| {
        pure &= match &d.op {
            Op::Effect(e) => matches!(
                e,
                crate::ir::EffectOp::Assert(_)
                    | crate::ir::EffectOp::Panic(_)
                    | crate::ir::EffectOp::CheckIndex
                    | crate::ir::EffectOp::CheckRange
            ),
            Op::Control(c) => match c {
                ControlOp::If
                | ControlOp::Switch
                | ControlOp::While
                | ControlOp::For
                | ControlOp::Map => true,
                ControlOp::Call(g) => {
                    calls.push(*g);
                    true
                }
                ControlOp::Derive { .. } => false,
            },
            Op::Slot(_) => false,
            Op::Const(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Place(_)
            | Op::Array(_)
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Random(_)
            | Op::Tangent(_) => true,
        };
    });
    pure
}

/// Arrays that a loop carries only for their room: each iteration fills them before it reads them.
struct Room<'a, 'f> {
    f: &'f Func,
    layout: &'a Layout,
    ranges: &'a mut Ranges<'f>,
}

impl Room<'_, '_> {
    /// Whether a loop with that body fills the array it carries as `v`, which is its `k`-th, before it reads it.
    fn is_filled(&mut self, body: Region, v: Value, k: usize) -> bool {
        let (f, layout) = (self.f, self.layout);
        let [Use::Arg(inner, at)] = layout.uses[v][..] else {
            return layout.uses[v].is_empty();
        };
        let d = &f.insts[inner];
        if d.op != Op::Control(ControlOp::For) || at < 2 || layout.home[inner] != Some(body) {
            return false;
        }
        let (j, region) = (at - 2, d.regions[0]);
        let q = f.regions[region].params[j + 1];
        if self.is_fill(inner, j, q, v) {
            return true;
        }
        // In a loop within; it may not run, so what it leaves is not to be read either.
        matches!(layout.uses[d.results[j]][..], [Use::Yield(r, y)] if r == body && y == k)
            && self.is_filled(region, q, j)
    }
    /// Whether the loop sets every element of the array `v`, which it carries as `q`, by its index, and does nothing else with it before.
    fn is_fill(&mut self, inner: Inst, j: usize, q: Value, v: Value) -> bool {
        let (f, layout) = (self.f, self.layout);
        let d = &f.insts[inner];
        let region = d.regions[0];
        let [Use::Arg(put, 0)] = layout.uses[q][..] else {
            return false;
        };
        let u = &f.insts[put];
        let index = f.regions[region].params[0];
        u.op == Op::Place(PlaceOp::Update(vec![Step::Index]))
            && u.args[2] == index
            && layout.home[put] == Some(region)
            && f.regions[region].yields[j] == u.results[0]
            && layout.uses[u.results[0]].len() == 1
            && self.ranges.is_whole(d.args[0], d.args[1], v)
    }
}
