//! Loops to operations on whole arrays, for executors on which an iteration costs much and an array operation little (XLA).
//!
//! ```text
//! s = for i in lo..hi (t = s0) { x = get xs[i]; y = f(x, p); yield add t, y }
//!     becomes
//! s = s0 + reduce_sum (vmap f)(slice xs, lo, hi; p)
//! ```
//!
//! A counted loop is taken if its iterations do not depend on one another but by what [`slots`] knows how to put together: sums, extremes,
//! rows that each iteration sets or adds to, elements pushed. Its body becomes a function of one iteration, [`vmap`](mod@super::vmap) makes one of all,
//! and [`build`] puts the results together. Inner loops come first, so a nest becomes array operations from the inside out; what
//! is left sequential inside is a loop around array operations of all lanes.
//!
//! Sums are then added in another order than the loop did, and all iterations' intermediate values exist at once. Done before derivatives are
//! taken, these are array operations too.

mod build;
mod prefix;
mod slots;

use crate::entity::{FuncId, Inst, Region};
use crate::ir::{ControlOp, EffectOp, Func, Module, Op, Type};
use crate::pass;
use crate::pass::layout::Layout;
use alloc::vec::Vec;

/// Makes array operations of the loops of all functions. The module is lowered; functions keep their numbers, new ones are added. Returns
/// how many loops were replaced.
pub fn run(m: &mut Module) -> usize {
    let ids: Vec<FuncId> = m.funcs.keys().collect();
    ids.into_iter().map(|id| func(m, id)).sum()
}

/// Makes array operations of the loops of a function. Returns how many were replaced.
pub fn func(m: &mut Module, id: FuncId) -> usize {
    let mut done = 0;
    // Loops that cannot be, counted from the innermost first: what is replaced is gone, the others keep their places.
    let mut passed = 0;
    loop {
        let f = &m.funcs[id];
        let mut loops = Vec::new();
        inner_first(f, f.body, &mut loops);
        let Some(&at) = loops.get(passed) else {
            return done;
        };
        if one(m, id, at) {
            done += 1;
        } else {
            passed += 1;
        }
    }
}

/// How many loops a function has, those of the functions it calls too.
fn count_loops(m: &Module, id: FuncId) -> usize {
    let mut seen = alloc::vec![id];
    let (mut next, mut n) = (0, 0);
    while let Some(&g) = seen.get(next) {
        let f = &m.funcs[g];
        f.visit(f.body, &mut |_, d| match &d.op {
            Op::Control(ControlOp::For | ControlOp::While) => n += 1,
            Op::Control(ControlOp::Call(h)) if !seen.contains(h) => seen.push(*h),
            _ => {}
        });
        next += 1;
    }
    n
}

/// The counted loops of a region, those inside others before them.
fn inner_first(f: &Func, r: Region, out: &mut Vec<Inst>) {
    for &i in &f.regions[r].insts {
        let d = &f.insts[i];
        for &q in &d.regions {
            inner_first(f, q, out);
        }
        if d.op == Op::Control(ControlOp::For) {
            out.push(i);
        }
    }
}

/// Replaces a loop, if it can be.
fn one(m: &mut Module, id: FuncId, at: Inst) -> bool {
    let f = &m.funcs[id];
    let body = f.insts[at].regions[0];
    if !is_pure(m, f, body) || !is_flat(f, at) {
        return false;
    }
    // In a copy: the loop stays as it was if it cannot be replaced.
    let before = f.clone();
    prefix::split(&mut m.funcs[id], at);
    let f = &m.funcs[id];
    let layout = Layout::of(f);
    let whole = slots::of(f, &layout, at).and_then(|slots| build::replace(m, id, at, &slots));
    let Some(whole) = whole else {
        m.funcs[id] = before;
        return false;
    };
    pass::inline::inline_calls(m, id, &|g, _, _| g == whole);
    pass::tidy_one(m, id);
    true
}

/// Whether a region leaves nothing behind but its values.
fn is_pure(m: &Module, f: &Func, r: Region) -> bool {
    let mut seen = hashbrown::HashSet::new();
    let mut calls = Vec::new();
    let mut pure = is_pure_itself(f, r, &mut calls);
    while let Some(g) = calls.pop() {
        if seen.insert(g) {
            let callee = &m.funcs[g];
            pure &= is_pure_itself(callee, callee.body, &mut calls);
        }
    }
    pure
}

fn is_pure_itself(f: &Func, r: Region, calls: &mut Vec<FuncId>) -> bool {
    let mut pure = true;
    f.visit(r, &mut |_, d| {
        pure &= match &d.op {
            Op::Effect(EffectOp::Checkpoint(_) | EffectOp::Host(_)) | Op::Slot(_) => false,
            Op::Control(ControlOp::Derive { .. }) => false,
            Op::Control(ControlOp::Call(g)) => {
                calls.push(*g);
                true
            }
            _ => true,
        };
    });
    pure
}

/// Whether all values that the loop deals with are tensors, and records of them: of others, the lanes run one after another anyway.
fn is_flat(f: &Func, at: Inst) -> bool {
    let mut flat = f.captured(at).iter().all(|&v| is_tensors(f.ty(v)));
    flat &= f.insts[at].args.iter().all(|&v| is_tensors(f.ty(v)));
    f.visit(f.insts[at].regions[0], &mut |_, d| {
        flat &= d.results.iter().all(|&v| is_tensors(f.ty(v)));
    });
    flat
}

fn is_tensors(ty: &Type) -> bool {
    match ty {
        Type::Tensor(_) => true,
        Type::Record(fields) => fields.iter().all(is_tensors),
        Type::Seq(_) | Type::Stack(_) => false,
    }
}
