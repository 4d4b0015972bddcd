//! Branches that are cheaper to compute both ways become `select`.
//!
//! ```text
//! r = if c : f64 {
//!   y = negate x : f64                 y = negate x : f64
//!   yield y                       =>   r = select c, y, x : f64
//! } else {
//!   yield x
//! }
//! ```
//!
//! if all results are scalars and both arms are short, without effects or traps, and of cheap operations only.

use crate::entity::{Inst, Region};
use crate::ir::{
    BinaryOp, ControlOp, DType, Func, InstData, Module, Op, TangentOp, TernaryOp, UnaryOp,
};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

/// The most instructions of an arm that are not constants.
const MAX_ARM: usize = 4;
/// The most results.
const MAX_RESULTS: usize = 4;

/// Runs on every function.
pub fn run(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        func(f, &effects);
    }
}

/// Runs on one function of the module whose effects these are. Returns whether anything changed.
pub fn func(f: &mut Func, effects: &FuncEffects) -> bool {
    let mut subst = Subst::new();
    let changed = region(f, effects, &mut subst, f.body);
    subst.apply(f);
    changed
}

/// Inner branches first, so that an arm that held one may be straight by now.
fn region(f: &mut Func, effects: &FuncEffects, subst: &mut Subst, r: Region) -> bool {
    let mut changed = false;
    let insts = core::mem::take(&mut f.regions[r].insts);
    let mut out = Vec::with_capacity(insts.len());
    for i in insts {
        for q in f.insts[i].regions.clone() {
            changed |= region(f, effects, subst, q);
        }
        if !is_cheap(f, effects, i) {
            out.push(i);
            continue;
        }
        changed = true;
        let d = f.insts[i].clone();
        for &q in &d.regions {
            out.append(&mut f.regions[q].insts);
        }
        for (k, &result) in d.results.iter().enumerate() {
            let arms = [d.regions[0], d.regions[1]].map(|q| f.regions[q].yields[k]);
            let ty = f.ty(result).clone();
            let select = f.make_inst(
                TernaryOp::Select.into(),
                vec![d.args[0], arms[0], arms[1]],
                vec![],
                core::slice::from_ref(&ty),
                d.span,
            );
            out.push(select);
            subst.set(result, f.insts[select].results[0]);
        }
    }
    f.regions[r].insts = out;
    changed
}

fn is_cheap(f: &Func, effects: &FuncEffects, i: Inst) -> bool {
    let d = &f.insts[i];
    let scalars = |d: &InstData| d.results.iter().all(|&v| f.ty(v).is_scalar());
    matches!(d.op, Op::Control(ControlOp::If))
        && d.results.len() <= MAX_RESULTS
        && scalars(d)
        && d.regions.iter().all(|&r| {
            let insts = &f.regions[r].insts;
            let cost = |i: &&Inst| !matches!(f.insts[**i].op, Op::Const(_));
            insts.iter().filter(cost).count() <= MAX_ARM
                && insts.iter().all(|&i| {
                    let d = &f.insts[i];
                    d.regions.is_empty()
                        && scalars(d)
                        && is_cheap_op(f, d)
                        && effects.inst(f, d) == Effects::Pure
                })
        })
}

/// An operation that costs about as much as a branch, or less.
fn is_cheap_op(f: &Func, d: &InstData) -> bool {
    let complex = d
        .args
        .iter()
        .any(|&v| f.ty(v).dtype().is_some_and(DType::is_complex));
    match &d.op {
        Op::Const(_) | Op::Compare(_) | Op::Convert(_) => true,
        Op::Ternary(op) => match op {
            TernaryOp::Select => true,
            TernaryOp::Clamp | TernaryOp::Fma => false,
        },
        Op::Unary(op) => {
            !complex
                && matches!(
                    op,
                    UnaryOp::Neg | UnaryOp::Not | UnaryOp::Abs | UnaryOp::Square
                )
        }
        Op::Binary(op) => {
            !complex
                && matches!(
                    op,
                    BinaryOp::Add
                        | BinaryOp::Sub
                        | BinaryOp::Mul
                        | BinaryOp::WrappingAdd
                        | BinaryOp::WrappingSub
                        | BinaryOp::And
                        | BinaryOp::Or
                        | BinaryOp::Xor
                )
        }
        Op::Tangent(op) => matches!(op, TangentOp::Accumulate) && !complex,
        Op::Place(_)
        | Op::Array(_)
        | Op::Shape(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Control(_)
        | Op::Effect(_)
        | Op::Slot(_) => false,
    }
}
