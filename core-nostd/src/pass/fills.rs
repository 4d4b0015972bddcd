//! An element of an array that a loop has just filled is computed again where it is read.
//!
//! ```text
//! a = for j in 0..n (b = z: f64[?]) {           …
//!   x = get p[j]; y = get q[j]
//!   d = subtract x, y
//!   c = update b[j] = d                   =>
//!   yield c
//! }
//! … v = get a[i] …                              … x = get p[i]; y = get q[i]; v = subtract x, y …
//! ```
//!
//! Reverse mode then has no need of the array: neither of its elements, where arrays that nobody stores into give them, nor of a
//! cotangent. So it is done before, and only where it costs next to nothing: a few sums and products of such elements, read at
//! a few places, each at most one loop deeper than the loop that filled the array. The loop itself stays, for what else uses the array.
//!
//! Nothing traps that did not: the index that is read is one of the loop's ([`ranges`](super::ranges)), which has run.

use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ControlOp, DType, Func, Module, Op, Path, PlaceOp, Span, Step, Type,
    UnaryOp, ValueDef,
};
use crate::pass::layout::{Change, Layout, Use, place};
use crate::pass::ranges::Ranges;
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

/// More instructions are not computed again.
const MOST: usize = 12;
/// More operations on floats, reads among them, are not computed again.
const MOST_FLOATS: usize = 4;
/// An array read at more places stays.
const MOST_READS: usize = 3;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let layout = Layout::of(f);
    let mut loops: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if d.op == Op::Control(ControlOp::For) {
            loops.push(i);
        }
    });
    let mut found: Vec<(Vec<Inst>, Fill)> = Vec::new();
    let mut ranges = Ranges::of(f);
    for i in loops {
        for k in 0..f.insts[i].results.len() {
            if let Some(fill) = Fill::of(f, &layout, i, k)
                && let Some(reads) = fill.reads(f, &layout, &mut ranges)
            {
                found.push((reads, fill));
            }
        }
    }
    if found.is_empty() {
        return false;
    }
    let mut subst = Subst::new();
    let mut changes = Vec::new();
    for (reads, fill) in found {
        for at in reads {
            let index = f.insts[at].args[1];
            let (new, v) = fill.element.again(f, index, f.insts[at].span);
            subst.set(f.insts[at].results[0], v);
            changes.push(Change::instead(at, new));
        }
    }
    place(f, changes);
    subst.apply(f);
    true
}

/// A loop that sets every element of an array by its index.
struct Fill {
    at: Inst,
    /// The array.
    array: Value,
    /// What each element is.
    element: Element,
}

/// A value of each iteration of a loop that may as well be computed elsewhere: it costs next to nothing, and depends on nothing but the index and
/// what was there before the loop.
pub(crate) struct Element {
    index: Value,
    value: Value,
    /// The instructions of the body that compute it, in order.
    insts: Vec<Inst>,
}

impl Fill {
    /// The `k`-th result of a loop, if it is one of a fill.
    fn of(f: &Func, layout: &Layout, at: Inst, k: usize) -> Option<Fill> {
        let d = &f.insts[at];
        let array = d.results[k];
        let ty = f.ty(array).as_tensor()?;
        if ty.shape.len() != 1 || !ty.dtype.is_float() {
            return None;
        }
        let body = d.regions[0];
        let (index, carried) = (f.regions[body].params[0], f.regions[body].params[k + 1]);
        // All that is done with what is carried is one store at the index.
        let [Use::Arg(put, 0)] = layout.uses[carried][..] else {
            return None;
        };
        let u = &f.insts[put];
        let element: Path = vec![Step::Index];
        let yielded =
            f.regions[body].yields[k] == u.results[0] && layout.uses[u.results[0]].len() == 1;
        if u.op != Op::Place(PlaceOp::Update(element)) || u.args[2] != index || !yielded {
            return None;
        }
        let element = Element::of(f, layout, at, u.args[1])?;
        Some(Fill { at, array, element })
    }

    /// The reads of the array, if all of it is set and all reads can be replaced.
    fn reads(&self, f: &Func, layout: &Layout, ranges: &mut Ranges<'_>) -> Option<Vec<Inst>> {
        let d = &f.insts[self.at];
        let mut reads = Vec::new();
        for &u in &layout.uses[self.array] {
            match u {
                Use::Arg(i, 0) => match &f.insts[i].op {
                    Op::Place(PlaceOp::Get(_)) => reads.push(i),
                    Op::Array(_) | Op::Place(_) => {}
                    _ => return None,
                },
                // Carried on, or the start of what another loop carries.
                Use::Yield(..) => {}
                Use::Arg(i, _) if matches!(f.insts[i].op, Op::Control(ControlOp::For)) => {}
                Use::Arg(..) => return None,
            }
        }
        let covered = ranges.is_whole(d.args[0], d.args[1], self.array);
        if reads.is_empty() || reads.len() > MOST_READS || !covered {
            return None;
        }
        let depth = |i: Inst| {
            let (mut n, mut at) = (0, layout.home[i]);
            while let Some(i) = at.and_then(|r| layout.owner[r]) {
                n += usize::from(matches!(
                    f.insts[i].op,
                    Op::Control(ControlOp::For | ControlOp::While)
                ));
                at = layout.home[i];
            }
            n
        };
        let here = depth(self.at);
        let good = |i: Inst, ranges: &mut Ranges<'_>| {
            let d = &f.insts[i];
            d.args.len() == 2
                && f.ty(d.args[1]) == f.ty(self.element.index)
                && depth(i) <= here + 1
                && ranges.in_range(d.args[1], self.array, 0)
        };
        reads.iter().all(|&i| good(i, ranges)).then_some(reads)
    }
}

impl Element {
    /// The value of a loop's body, if it is one.
    pub(crate) fn of(f: &Func, layout: &Layout, at: Inst, value: Value) -> Option<Element> {
        let body = f.insts[at].regions[0];
        let mut element = Element {
            index: f.regions[body].params[0],
            value,
            insts: Vec::new(),
        };
        let floats = element.collect(f, layout, at)?;
        (floats <= MOST_FLOATS).then_some(element)
    }

    /// Finds the instructions that compute it; how many are operations on floats.
    fn collect(&mut self, f: &Func, layout: &Layout, at: Inst) -> Option<usize> {
        let body = f.insts[at].regions[0];
        let mut floats = 0;
        let mut seen: SecondaryMap<Inst, bool> = SecondaryMap::new();
        let mut work = vec![self.value];
        while let Some(v) = work.pop() {
            let i = match f.values[v].def {
                // Other values that the loop carries are not those of the iteration when it has ended.
                ValueDef::Param(r, _) if r == body && v != self.index => return None,
                ValueDef::Result(i, _) if layout.home[i] == Some(body) => i,
                ValueDef::Param(..) | ValueDef::Result(..) => continue,
            };
            if seen[i] {
                continue;
            }
            seen[i] = true;
            self.insts.push(i);
            let d = &f.insts[i];
            let float = f.ty(d.results[0]).dtype().is_some_and(DType::is_float);
            floats += usize::from(float);
            let cheap = match &d.op {
                Op::Const(_) => true,
                Op::Unary(op) => *op == UnaryOp::Neg && float,
                Op::Binary(op) => matches!(
                    op,
                    BinaryOp::Add
                        | BinaryOp::Sub
                        | BinaryOp::Mul
                        | BinaryOp::WrappingAdd
                        | BinaryOp::WrappingSub
                        | BinaryOp::WrappingMul
                ),
                Op::Place(PlaceOp::Get(path)) => {
                    let outside = layout.defined(f, d.args[0]) < layout.order[at];
                    path[..] == [Step::Index] && outside && is_only_read(f, layout, d.args[0])
                }
                _ => false,
            };
            let scalar = d.results.len() == 1 && f.ty(d.results[0]).is_scalar();
            if !cheap || !scalar || self.insts.len() > MOST {
                return None;
            }
            let from = usize::from(matches!(d.op, Op::Place(_)));
            work.extend(&d.args[from..]);
        }
        self.insts.sort_by_key(|&i| layout.order[i]);
        Some(floats)
    }

    /// New instructions that compute it for an index, in no region yet, and what they give.
    pub(crate) fn again(&self, f: &mut Func, index: Value, span: Span) -> (Vec<Inst>, Value) {
        let mut names: Vec<(Value, Value)> = vec![(self.index, index)];
        let name =
            |names: &[(Value, Value)], v: Value| names.iter().find(|n| n.0 == v).map_or(v, |n| n.1);
        let mut new = Vec::new();
        for &i in &self.insts {
            let d = f.insts[i].clone();
            let args = d.args.iter().map(|&v| name(&names, v)).collect();
            let ty: Type = f.ty(d.results[0]).clone();
            let j = f.make_inst(d.op, args, vec![], core::slice::from_ref(&ty), span);
            names.push((d.results[0], f.insts[j].results[0]));
            new.push(j);
        }
        (new, name(&names, self.value))
    }
}

/// Whether an array from outside is read and nothing else, so that reading it later keeps no old version of it.
fn is_only_read(f: &Func, layout: &Layout, a: Value) -> bool {
    matches!(f.ty(a), Type::Tensor(_))
        && layout.uses[a].iter().all(|u| match *u {
            Use::Arg(i, 0) => matches!(
                f.insts[i].op,
                Op::Place(PlaceOp::Get(_)) | Op::Array(ArrayOp::Len | ArrayOp::Dim(_))
            ),
            Use::Arg(..) | Use::Yield(..) => false,
        })
}
