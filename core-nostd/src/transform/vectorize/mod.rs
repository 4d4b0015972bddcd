//! Loops to operations on whole arrays, for executors on which an iteration costs much and an array operation little (XLA).
//!
//! ```text
//! s = for i in lo..hi (t = s0) { x = get xs[i]; y = f(x, p); yield add t, y }
//!     becomes
//! s = s0 + reduce_sum (vmap f)(slice xs, lo, hi; p)
//! ```
//!
//! A counted loop is taken if its bounds follow from constants and the arguments, so that executors which want extents before a run have them, and its iterations do not depend on one another but by what [`slots`] knows how to put together: sums, extremes,
//! rows that each iteration sets or adds to, elements pushed. Its body becomes a function of one iteration, [`vmap`](mod@super::vmap) makes one of all,
//! and [`build`] puts the results together. Inner loops come first, so a nest becomes array operations from the inside out; what
//! is left sequential inside is a loop around array operations of all lanes.
//!
//! Sums are then added in another order than the loop did, and all iterations' intermediate values exist at once. Done before derivatives are
//! taken, these are array operations too.

mod affine;
mod bounds;
mod build;
mod counters;
mod diagonal;
mod dots;
mod inner_sums;
mod prefix;
mod slots;

use crate::entity::{FuncId, Inst, Region, Value};
use crate::ir::{ControlOp, EffectOp, Func, Module, Op, Type};
use crate::pass;
use crate::pass::layout::Layout;
use crate::pass::loops;
use crate::transform::specialise;
use alloc::vec::Vec;

/// Makes array operations of the loops of all functions, and contractions of sums of products, as few and as small as can be. The module is lowered; functions keep their numbers, new ones are added. Returns
/// how many were replaced.
pub fn run(m: &mut Module) -> usize {
    let ids: Vec<FuncId> = m.funcs.keys().collect();
    let mut done = 0;
    for id in ids {
        done += func(m, id);
        let f = &mut m.funcs[id];
        done += dots::func(f);
        done += diagonal::func(f);
        done += inner_sums::func(f);
    }
    done
}

/// Makes array operations of the loops of a function. Returns how many were replaced.
pub fn func(m: &mut Module, id: FuncId) -> usize {
    // An element that a loop adds to is a sum that it carries.
    pass::promote::func(&mut m.funcs[id]);
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
    // In a copy: the loop stays as it was if it cannot be replaced.
    let before = m.funcs[id].clone();
    let done = try_one(m, id, at);
    if !done {
        m.funcs[id] = before;
    }
    done
}

fn try_one(m: &mut Module, id: FuncId, mut at: Inst) -> bool {
    let f = &m.funcs[id];
    let body = f.insts[at].regions[0];
    if !is_pure(m, f, body) || !is_flat(f, at) {
        return false;
    }
    bounds::fix(&mut m.funcs[id], at);
    let f = &m.funcs[id];
    let known = |v: Value| loops::follows(f, v, &loops::is_given);
    let bounds = f.insts[at].args[..2].to_vec();
    if !bounds.into_iter().all(known) {
        return false;
    }
    affine::normalise(&mut m.funcs[id], at);
    // Each is computed by a loop of its own, which must be one that can be replaced.
    while let Some(added) = counters::take(&mut m.funcs[id], at) {
        let Some(added) = added else { continue };
        let loops = |f: &Func| {
            let mut all = Vec::new();
            inner_first(f, f.body, &mut all);
            all
        };
        let all = loops(&m.funcs[id]);
        let place = all.iter().position(|&i| i == at);
        if !one(m, id, added) {
            return false;
        }
        // The function was rebuilt; the loop before this one is gone.
        let all = loops(&m.funcs[id]);
        let Some(&found) = place.and_then(|k| all.get(k.checked_sub(1)?)) else {
            return false;
        };
        at = found;
    }
    affine::split(&mut m.funcs[id], at);
    prefix::split(&mut m.funcs[id], at);
    let f = &m.funcs[id];
    let layout = Layout::of(f);
    let made = slots::of(f, &layout, at).and_then(|slots| build::replace(m, id, at, &slots));
    let Some((whole, all)) = made else {
        return false;
    };
    pass::inline::inline_calls(m, id, &|g, _, _| g == whole);
    pass::inline::inline_calls(m, id, &|g, _, _| g == all);
    pass::tidy_one(m, id);
    specialise::refresh(m, id);
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
