//! Slices become accesses to the array they are slices of.
//!
//! Read only (what a function that takes `&[T]` leaves when it has been inlined):
//! ```text
//! s = slice a, lo, hi                  n = len a
//! x = get s[i]                         check_range lo, hi, n
//! n = len s                     =>     m = subtract hi, lo
//!                                      check_index i, m
//!                                      j = wrapping_add lo, i
//!                                      x = get a[j]
//! ```
//! only if nothing else is done with the slice, and `a` is only read: were it stored into, the read would keep the older array alive and
//! the store would copy.
//!
//! Written back (what `&mut [T]` leaves):
//! ```text
//! s = slice a, lo, hi                  …
//! t = for i … (u = s) {                b = for i … (u = a) {
//!   v = update u[i] = x                  check_index i, m
//!   yield v                       =>     j = wrapping_add lo, i
//! }                                      v = update u[j] = x
//! b = update_slice a, t, lo              yield v
//!                                      }
//! ```
//! where every value that comes of the slice is stored into, carried, read, and in the end written back; each stands for the
//! array with that slice in it. Only if the array itself is not used after the slice was taken.
//!
//! Traps are the same: a check traps as the access did. [`ranges`](super::ranges) removes the checks that cannot fail.

use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ControlOp, ConvertOp, DType, EffectOp, Func, InstData, Module, Op, PlaceOp,
    Span, Step, Type, ValueDef,
};
use crate::pass::layout::{Change, Layout, Use, place};
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

/// How often the pass looks for more: slices of slices come one level at a time.
const ROUNDS: usize = 8;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut changed = false;
    for _ in 0..ROUNDS {
        let mut any = false;
        f.visit(f.body, &mut |_, d| any |= d.op == Op::Array(ArrayOp::Slice));
        if !any || !round(f) {
            break;
        }
        changed = true;
    }
    changed
}

/// Rewrites the first slices that can be: all that are only read, or one that is written back.
fn round(f: &mut Func) -> bool {
    let shape = Layout::of(f);
    let mut slices: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if d.op == Op::Array(ArrayOp::Slice) {
            slices.push(i);
        }
    });
    for &i in &slices {
        if let Some(web) = written_back(f, &shape, i) {
            rewrite(f, &shape, i, &web);
            return true;
        }
    }
    let read: Vec<Inst> = slices
        .into_iter()
        .filter(|&i| is_only_read(f, &shape, i))
        .collect();
    for &i in &read {
        let web = Web {
            values: vec![f.insts[i].results[0]],
            back: None,
        };
        rewrite(f, &shape, i, &web);
    }
    !read.is_empty()
}

/// The values that come of a slice, and the instruction that writes them back.
struct Web {
    values: Vec<Value>,
    back: Option<Inst>,
}

/// A read of (part of) an element, or of an extent.
fn is_read(d: &InstData, k: usize) -> bool {
    k == 0
        && match &d.op {
            Op::Place(PlaceOp::Get(path)) => path.first() == Some(&Step::Index),
            Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) => true,
            _ => false,
        }
}

fn is_only_read(f: &Func, shape: &Layout, i: Inst) -> bool {
    let (s, a) = (f.insts[i].results[0], f.insts[i].args[0]);
    let reads = |u: &Use| match *u {
        Use::Arg(j, k) => is_read(&f.insts[j], k),
        Use::Yield(..) => false,
    };
    let slices = |u: &Use| match *u {
        Use::Arg(j, k) => k == 0 && f.insts[j].op == Op::Array(ArrayOp::Slice),
        // The end of the function.
        Use::Yield(r, _) => r == f.body,
    };
    // A slice nobody reads stays for its trap, which is cheaper than two checks.
    let read = shape.uses[s].iter().any(|&u| matches!(u, Use::Arg(..)));
    read && shape.uses[s].iter().all(reads) && shape.uses[a].iter().all(|u| reads(u) || slices(u))
}

/// The web of a slice that is written back, if it can be rewritten.
fn written_back(f: &Func, shape: &Layout, slice: Inst) -> Option<Web> {
    let (a, lo) = (f.insts[slice].args[0], f.insts[slice].args[1]);
    let home = shape.home[slice]?;
    let here = match f.values[a].def {
        ValueDef::Param(r, _) => r,
        ValueDef::Result(i, _) => shape.home[i]?,
    };
    // Else every iteration would take its slice of the same older array.
    if here != home {
        return None;
    }
    let mut inside: SecondaryMap<Value, bool> = SecondaryMap::new();
    let mut web = Web {
        values: Vec::new(),
        back: None,
    };
    let mut work = vec![f.insts[slice].results[0]];
    let mut needed: Vec<Value> = Vec::new();
    while let Some(v) = work.pop() {
        if inside[v] {
            continue;
        }
        inside[v] = true;
        web.values.push(v);
        for &u in &shape.uses[v] {
            let (i, k, control) = match u {
                Use::Arg(i, k) => (i, k, false),
                Use::Yield(r, k) => (shape.owner[r]?, k, true),
            };
            let d = &f.insts[i];
            match &d.op {
                _ if !control && is_read(d, k) => {}
                Op::Place(PlaceOp::Update(p) | PlaceOp::AddAt(p))
                    if k == 0 && p.first() == Some(&Step::Index) =>
                {
                    work.push(d.results[0]);
                }
                Op::Control(op @ (ControlOp::For | ControlOp::While)) => {
                    let bounds = if *op == ControlOp::For { 2 } else { 0 };
                    let k = if control { k } else { k.checked_sub(bounds)? };
                    needed.push(d.args[k + bounds]);
                    for &r in &d.regions {
                        work.push(f.regions[r].params[k + bounds.min(1)]);
                    }
                    needed.push(f.regions[*d.regions.last()?].yields[k]);
                    work.push(d.results[k]);
                }
                Op::Control(ControlOp::If | ControlOp::Switch) if control => {
                    for &r in &d.regions {
                        needed.push(f.regions[r].yields[k]);
                    }
                    work.push(d.results[k]);
                }
                Op::Array(ArrayOp::UpdateSlice) if k == 1 => {
                    let back = d.args[0] == a && d.args[2] == lo && shape.home[i] == Some(home);
                    if !back || web.back.replace(i).is_some() {
                        return None;
                    }
                }
                _ => return None,
            }
        }
    }
    let back = web.back?;
    let (from, to) = (shape.order[slice], shape.order[back]);
    let whole = needed.iter().all(|&v| inside[v]);
    // Read after it was written back, the slice would be an older version.
    let in_time = web.values.iter().flat_map(|&v| &shape.uses[v]).all(|&u| {
        shape.at(u) <= to || matches!(u, Use::Arg(i, _) if matches!(f.insts[i].op, Op::Array(ArrayOp::Len | ArrayOp::Dim(_))))
    });
    let alone = shape.uses[a].iter().all(|&u| {
        shape.at(u) <= from
            || u == Use::Arg(back, 0)
            || matches!(u, Use::Arg(i, _) if matches!(f.insts[i].op, Op::Array(ArrayOp::Len)))
    });
    // The array and its versions must be of one type all along.
    let same = f.ty(f.insts[back].results[0]) == f.ty(a);
    (whole && in_time && alone && same).then_some(web)
}

/// Makes every value of the web stand for the array with the slice in it.
fn rewrite(f: &mut Func, shape: &Layout, slice: Inst, web: &Web) {
    let d = f.insts[slice].clone();
    let (s, a) = (d.results[0], d.args[0]);
    let ty = f.ty(a).clone();
    let mut edit = Edit {
        f,
        span: d.span,
        before: Vec::new(),
        subst: Subst::new(),
    };
    // What the slice itself did: its check, its length.
    let n = edit.one(ArrayOp::Len.into(), &[a]);
    edit.effect(EffectOp::CheckRange, &[d.args[1], d.args[2], n]);
    let (lo, hi) = (edit.u64(d.args[1]), edit.u64(d.args[2]));
    let m = edit.one(BinaryOp::Sub.into(), &[hi, lo]);
    let mut changes = vec![Change::instead(slice, edit.take())];
    edit.subst.set(s, a);
    for &v in &web.values {
        if v != s {
            edit.f.values[v].ty = ty.clone();
        }
        for &u in &shape.uses[v] {
            let Use::Arg(i, k) = u else { continue };
            let d = edit.f.insts[i].clone();
            edit.span = d.span;
            let first = match &d.op {
                Op::Place(PlaceOp::Get(_)) => 1,
                Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_)) => 2,
                Op::Array(ArrayOp::Len) => {
                    edit.subst.set(d.results[0], m);
                    changes.push(Change::instead(i, Vec::new()));
                    continue;
                }
                Op::Array(ArrayOp::Dim(0)) => {
                    edit.subst.set(d.results[0], m);
                    changes.push(Change::instead(i, Vec::new()));
                    continue;
                }
                _ => continue,
            };
            if k != 0 {
                continue;
            }
            edit.effect(EffectOp::CheckIndex, &[d.args[first], m]);
            let index = edit.u64(d.args[first]);
            let at = edit.one(BinaryOp::WrappingAdd.into(), &[lo, index]);
            edit.f.insts[i].args[first] = at;
            changes.push(Change::before(i, edit.take()));
        }
    }
    if let Some(back) = web.back {
        let d = edit.f.insts[back].clone();
        edit.subst.set(d.results[0], d.args[1]);
        changes.push(Change::instead(back, Vec::new()));
    }
    let mut subst = edit.subst;
    place(f, changes);
    subst.apply(f);
}

/// New instructions before a place.
struct Edit<'f> {
    f: &'f mut Func,
    span: Span,
    before: Vec<Inst>,
    subst: Subst,
}

impl Edit<'_> {
    fn one(&mut self, op: Op, args: &[Value]) -> Value {
        let ty = Type::scalar(DType::U64);
        let i = self.f.make_inst(
            op,
            args.to_vec(),
            vec![],
            core::slice::from_ref(&ty),
            self.span,
        );
        self.before.push(i);
        self.f.insts[i].results[0]
    }
    fn effect(&mut self, op: EffectOp, args: &[Value]) {
        let i = self
            .f
            .make_inst(op.into(), args.to_vec(), vec![], &[], self.span);
        self.before.push(i);
    }
    /// An index that has been checked, as `u64`.
    fn u64(&mut self, v: Value) -> Value {
        if self.f.ty(v).dtype() == Some(DType::U64) {
            v
        } else {
            self.one(ConvertOp::To(DType::U64).into(), &[v])
        }
    }
    fn take(&mut self) -> Vec<Inst> {
        core::mem::take(&mut self.before)
    }
}
