//! Marks for loops of which nobody knows before how often they run: for executors whose memory is planned before a program runs.
//!
//! A loop is bounded if its end follows from constants and extents: a counted one whose bounds do, or `while i < n && …` where every iteration
//! adds a constant to `i` and `n` does. All others get the mark that a user writes as `checkpoint::slots`.

use crate::entity::{FuncId, Inst, Region, Value};
use crate::ir::{
    ArrayOp, BinaryOp, Budget, CompareOp, ConstOp, ControlOp, ConvertOp, DType, EffectOp, Func,
    Module, Op, TernaryOp, Type,
};
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

/// Whether an integer follows from constants and extents.
fn is_planned(f: &Func, v: Value) -> bool {
    let Some(d) = f.def_inst(v).map(|i| &f.insts[i]) else {
        return false;
    };
    let all = || d.args.iter().all(|&a| is_planned(f, a));
    match &d.op {
        Op::Const(ConstOp::Scalar(_)) => true,
        // Of an array that grows or shrinks the length is not known, but its room is.
        Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) => true,
        Op::Convert(ConvertOp::To(d)) => d.is_int() && all(),
        Op::Binary(
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Min
            | BinaryOp::Max
            | BinaryOp::WrappingAdd
            | BinaryOp::WrappingSub,
        ) => all(),
        _ => false,
    }
}

/// Whether a `while` has a counter with a limit.
fn ends(f: &Func, i: Inst) -> bool {
    let d = &f.insts[i];
    let (cond, body) = (d.regions[0], d.regions[1]);
    let params = &f.regions[cond].params;
    let mut goals = vec![f.regions[cond].yields[0]];
    while let Some(v) = goals.pop() {
        let Some(q) = f.def_inst(v).map(|i| &f.insts[i]) else {
            continue;
        };
        match &q.op {
            Op::Binary(BinaryOp::And) => goals.extend(&q.args),
            Op::Ternary(TernaryOp::Select) if is_false(f, q.args[2]) => goals.extend(&q.args[..2]),
            Op::Control(ControlOp::If) if is_false(f, f.regions[q.regions[1]].yields[0]) => {
                goals.push(q.args[0]);
                goals.push(f.regions[q.regions[0]].yields[0]);
            }
            Op::Compare(c) if !matches!(c, CompareOp::Eq) => {
                let counts = |a: Value, n: Value| {
                    let k = params.iter().position(|&p| p == a);
                    k.is_some_and(|k| {
                        steps(f, body, k) && is_planned(f, n) && is_planned(f, d.args[k])
                    })
                };
                if counts(q.args[0], q.args[1]) || counts(q.args[1], q.args[0]) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn is_false(f: &Func, v: Value) -> bool {
    f.def_inst(v).is_some_and(|i| {
        matches!(
            f.insts[i].op,
            Op::Const(ConstOp::Scalar(Scalar::Bool(false)))
        )
    })
}

/// Whether every iteration adds a constant to the `k`-th value.
fn steps(f: &Func, body: Region, k: usize) -> bool {
    let r = &f.regions[body];
    let param = r.params[k];
    f.def_inst(r.yields[k]).is_some_and(|i| {
        let d = &f.insts[i];
        let constant = |v: Value| {
            f.def_inst(v)
                .is_some_and(|i| matches!(f.insts[i].op, Op::Const(ConstOp::Scalar(_))))
        };
        match (&d.op, &d.args[..]) {
            (Op::Binary(BinaryOp::Add), &[a, b]) => {
                a == param && constant(b) || b == param && constant(a)
            }
            (Op::Binary(BinaryOp::Sub), &[a, b]) => a == param && constant(b),
            _ => false,
        }
    })
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
