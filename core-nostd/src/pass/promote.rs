//! An element that a loop keeps reading and writing is carried as a scalar.
//!
//! ```text
//! r = for j in 0..n (b = a: f64[?]) {      x = get a[c] : f64
//!   x = get b[c] : f64                     s = for j in 0..n (t = x: f64) {
//!   y = add x, k : f64                =>     y = add t, k : f64
//!   d = update b[c] = y : f64[?]             yield y
//!   yield d                                }
//! }                                        r = update a[c] = s : f64[?]
//! ```
//!
//! where all the loop does with the array (through inner loops and branches) is to read, write and add at one place, whose
//! indices do not change in the loop. The place must certainly be there ([`ranges`](super::ranges)): then the read before the loop and the
//! store after it cannot trap, whether the loop runs or not.
//!
//! Outer loops first, so an element stays a scalar as long as it can.

use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{ControlOp, DType, Func, Module, Op, Path, PlaceOp, Step, TangentOp, Type};
use crate::ops::place_type;
use crate::pass::layout::{Change, Layout, Use, place};
use crate::pass::ranges::Ranges;
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

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
        if matches!(d.op, Op::Control(ControlOp::For | ControlOp::While)) {
            loops.push(i);
        }
    });
    let mut taken: SecondaryMap<Value, bool> = SecondaryMap::new();
    let mut webs: Vec<Web> = Vec::new();
    let mut ranges = Ranges::of(f);
    for i in loops {
        for k in 0..f.insts[i].results.len() {
            if let Some(web) = carried(f, &layout, i, k)
                && web.is_there(f, &mut ranges)
                && web.values.iter().all(|&v| !taken[v])
            {
                for &v in &web.values {
                    taken[v] = true;
                }
                webs.push(web);
            }
        }
    }
    if webs.is_empty() {
        return false;
    }
    rewrite(f, &layout, &webs);
    true
}

/// A carried array that is used at one place only.
struct Web {
    /// The loop, and which of its carried values.
    at: Inst,
    k: usize,
    /// The place.
    path: Path,
    indices: Vec<Value>,
    elem: Type,
    /// The versions of the array within the loop.
    values: Vec<Value>,
}

impl Web {
    /// The array before the loop.
    fn start(&self, f: &Func) -> Value {
        let d = &f.insts[self.at];
        d.args[self.k + bounds(&d.op)]
    }
    /// Whether the place certainly exists.
    fn is_there(&self, f: &Func, ranges: &mut Ranges<'_>) -> bool {
        let a = self.start(f);
        (0..self.indices.len()).all(|axis| ranges.in_range(self.indices[axis], a, axis as u32))
    }
}

/// How many operands of a loop come before the initial values.
fn bounds(op: &Op) -> usize {
    if *op == Op::Control(ControlOp::For) {
        2
    } else {
        0
    }
}

/// The web of the `k`-th carried value of a loop, if all that is done with it is at one unchanging place.
fn carried(f: &Func, layout: &Layout, at: Inst, k: usize) -> Option<Web> {
    let d = &f.insts[at];
    let ty = f.ty(d.results[k]);
    if ty.as_tensor().is_none_or(|t| t.shape.is_empty()) {
        return None;
    }
    let before = layout.order[at];
    let body = *d.regions.last()?;
    let mut place: Option<(Path, Vec<Value>)> = None;
    let mut inside: SecondaryMap<Value, bool> = SecondaryMap::new();
    let mut web = Vec::new();
    let mut needed = vec![f.regions[body].yields[k]];
    let mut work: Vec<Value> = Vec::new();
    for &r in &d.regions {
        work.push(f.regions[r].params[k + bounds(&d.op).min(1)]);
    }
    let mut writes = false;
    while let Some(v) = work.pop() {
        if inside[v] {
            continue;
        }
        inside[v] = true;
        web.push(v);
        for &u in &layout.uses[v] {
            let (i, n, arg) = match u {
                Use::Arg(i, n) => (i, n, true),
                Use::Yield(r, n) => (layout.owner[r]?, n, false),
            };
            if i == at {
                // Its own yield goes to the next iteration.
                if arg || n != k {
                    return None;
                }
                continue;
            }
            let d = &f.insts[i];
            match &d.op {
                Op::Place(
                    op @ (PlaceOp::Get(path) | PlaceOp::Update(path) | PlaceOp::AddAt(path)),
                ) if arg && n == 0 => {
                    let get = matches!(op, PlaceOp::Get(_));
                    let indices = &d.args[if get { 1 } else { 2 }..];
                    let (p, is) = place.get_or_insert_with(|| (path.clone(), indices.to_vec()));
                    if p != path || is[..] != *indices {
                        return None;
                    }
                    if !get {
                        writes = true;
                        work.push(d.results[0]);
                    }
                }
                Op::Control(ControlOp::For | ControlOp::While) => {
                    let first = bounds(&d.op);
                    let n = if arg { n.checked_sub(first)? } else { n };
                    needed.push(d.args[n + first]);
                    needed.push(f.regions[*d.regions.last()?].yields[n]);
                    for &r in &d.regions {
                        work.push(f.regions[r].params[n + first.min(1)]);
                    }
                    work.push(d.results[n]);
                }
                Op::Control(ControlOp::If | ControlOp::Switch) if !arg => {
                    for &r in &d.regions {
                        needed.push(f.regions[r].yields[n]);
                    }
                    work.push(d.results[n]);
                }
                _ => return None,
            }
        }
    }
    let (path, indices) = place?;
    let fixed = indices.iter().all(|&v| layout.defined(f, v) < before);
    let elem = place_type(ty, &path).ok()?;
    let sums =
        elem.dtype().is_some_and(DType::is_differentiable) || !web.iter().any(|&v| is_sum(f, v));
    let ok = writes
        && fixed
        && sums
        && elem.is_scalar()
        && path.iter().all(|s| *s == Step::Index)
        && needed.iter().all(|&v| inside[v]);
    ok.then_some(Web {
        at,
        k,
        path,
        indices,
        elem,
        values: web,
    })
}

fn is_sum(f: &Func, v: Value) -> bool {
    f.def_inst(v)
        .is_some_and(|i| matches!(f.insts[i].op, Op::Place(PlaceOp::AddAt(_))))
}

/// Every version of an array in a web becomes its element at the place.
fn rewrite(f: &mut Func, layout: &Layout, webs: &[Web]) {
    let mut subst = Subst::new();
    let mut changes = Vec::new();
    for web in webs {
        for &v in &web.values {
            f.values[v].ty = web.elem.clone();
            for &u in &layout.uses[v] {
                let Use::Arg(i, 0) = u else { continue };
                let d = &mut f.insts[i];
                match &d.op {
                    Op::Place(PlaceOp::Get(_)) => {
                        subst.set(d.results[0], v);
                        changes.push(Change::instead(i, Vec::new()));
                    }
                    Op::Place(PlaceOp::Update(_)) => {
                        subst.set(d.results[0], d.args[1]);
                        changes.push(Change::instead(i, Vec::new()));
                    }
                    Op::Place(PlaceOp::AddAt(_)) => {
                        d.op = TangentOp::Accumulate.into();
                        d.args.truncate(2);
                    }
                    _ => {}
                }
            }
        }
        let (a, span) = (web.start(f), f.insts[web.at].span);
        let one = core::slice::from_ref(&web.elem);
        let args = [&[a], &web.indices[..]].concat();
        let get = f.make_inst(
            PlaceOp::Get(web.path.clone()).into(),
            args,
            vec![],
            one,
            span,
        );
        changes.push(Change::before(web.at, vec![get]));
        // The loop's result is now the element; what used the array uses the store after the loop.
        let result = f.insts[web.at].results[web.k];
        let ty = f.ty(result).clone();
        let first = bounds(&f.insts[web.at].op);
        let x = f.insts[get].results[0];
        f.insts[web.at].args[web.k + first] = x;
        let args = [&[a, result], &web.indices[..]].concat();
        let put = f.make_inst(
            PlaceOp::Update(web.path.clone()).into(),
            args,
            vec![],
            core::slice::from_ref(&ty),
            span,
        );
        changes.push(Change::after(web.at, vec![put]));
        let whole = f.insts[put].results[0];
        for &u in &layout.uses[result] {
            match u {
                Use::Arg(i, k) => f.insts[i].args[k] = whole,
                Use::Yield(r, k) => f.regions[r].yields[k] = whole,
            }
        }
        f.values[result].ty = web.elem.clone();
    }
    place(f, changes);
    subst.apply(f);
}
