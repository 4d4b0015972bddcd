//! Marks for loops of which nobody knows before how often they run: for executors whose memory is planned before a program runs.
//!
//! A loop is bounded if its end follows from constants and extents: a counted one whose bounds do, or `while i < n && …` where every iteration
//! adds a constant to `i` and `n` does, or `while a.len() < n && …` where every iteration pushes onto `a`. All others get the mark that a user writes as `checkpoint::slots`.

use crate::entity::{FuncId, Inst, Region, Value};
use crate::ir::{Budget, ConstOp, ControlOp, DType, EffectOp, Func, Module, Op, Type};
use crate::pass::loops;
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// Marks the loops of all functions that have no bound, and no mark yet, so that reverse mode keeps at most `slots` states of each.
/// Returns how many were marked.
pub fn mark(m: &mut Module, slots: u64) -> usize {
    let ids: Vec<FuncId> = m.funcs.keys().collect();
    let mut marked = 0;
    for id in ids {
        let f = &m.funcs[id];
        let mut found = Vec::new();
        unbounded(f, f.body, &mut found);
        marked += found.len();
        for (r, i) in found {
            insert(&mut m.funcs[id], r, i, slots);
        }
    }
    marked
}

/// The loops without bound or mark, each with the region that it is in.
fn unbounded(f: &Func, r: Region, out: &mut Vec<(Region, Inst)>) {
    for &i in &f.regions[r].insts {
        let d = &f.insts[i];
        let open = match &d.op {
            Op::Control(ControlOp::For) => !d.args[..2].iter().all(|&v| is_planned(f, v)),
            Op::Control(ControlOp::While) => !ends(f, i),
            _ => false,
        };
        if open && !d.regions.iter().any(|&q| has_mark(f, q)) {
            out.push((r, i));
        }
        for &q in &d.regions {
            unbounded(f, q, out);
        }
    }
}

fn has_mark(f: &Func, r: Region) -> bool {
    let mark = |i: &Inst| matches!(f.insts[*i].op, Op::Effect(EffectOp::Checkpoint(_)));
    f.regions[r].insts.iter().any(mark)
}

/// Whether an integer follows from constants and extents. Of an array that grows or shrinks the length is not known, but its room is.
fn is_planned(f: &Func, v: Value) -> bool {
    loops::follows(f, v, &|f, v| f.def_inst(v).is_some())
}

/// Whether a `while` has a counter with a limit.
fn ends(f: &Func, i: Inst) -> bool {
    let init = &f.insts[i].args;
    loops::counters(f, i)
        .iter()
        .any(|c| is_planned(f, c.limit) && (c.length || is_planned(f, init[c.k])))
}

/// Puts a mark into a loop, and its budget before it.
fn insert(f: &mut Func, r: Region, i: Inst, slots: u64) {
    let span = f.insts[i].span;
    let budget = f.make_inst(
        ConstOp::Scalar(Scalar::U64(slots)).into(),
        Vec::new(),
        Vec::new(),
        &[Type::scalar(DType::U64)],
        span,
    );
    let v = f.insts[budget].results[0];
    let at = f.regions[r].insts.iter().position(|&k| k == i);
    f.regions[r].insts.insert(at.unwrap_or(0), budget);
    let mark = EffectOp::Checkpoint(Budget::Slots).into();
    let mark = f.make_inst(mark, vec![v], Vec::new(), &[], span);
    let body = f.insts[i].regions.last().copied();
    if let Some(body) = body {
        f.regions[body].insts.insert(0, mark);
    }
}
