//! What ends a loop: counters with a limit. Asked by who must know before a program runs how often a loop may run.
//!
//! `while i < n && …` in which every iteration adds a constant to `i` runs so often at most, and so does `while a.len() < n && …` in which every
//! iteration pushes onto `a`. What is known of `n` and of what `i` starts with
//! is the caller's business: constants and extents ([`follows`]), or values that it has.

use crate::entity::{Inst, Region, Value};
use crate::ir::{
    ArrayOp, BinaryOp, CompareOp, ConstOp, ControlOp, ConvertOp, Func, Op, TernaryOp, ValueDef,
};
use crate::pass::facts::{constant, int_constant};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// A carried value of a `while` that goes towards a limit.
#[derive(Copy, Clone, Debug)]
pub struct Counter {
    /// Which carried value.
    pub k: usize,
    /// Whether the counter is the length of that array, which only grows.
    pub length: bool,
    /// The loop goes on only while the counter compares so with the limit.
    pub op: CompareOp,
    /// The limit, a value of the condition's region or of those around the loop.
    pub limit: Value,
    /// What every iteration adds to the counter; it goes towards the limit.
    pub step: i128,
}

impl Counter {
    /// The most iterations from `start` on, if the limit is `limit`; `None` if there may be any number.
    pub fn trips(&self, start: i128, limit: i128) -> Option<u64> {
        let (span, step) = match self.step > 0 {
            true => (limit.checked_sub(start)?, self.step),
            false => (start.checked_sub(limit)?, self.step.checked_neg()?),
        };
        let slack = i128::from(matches!(self.op, CompareOp::Le | CompareOp::Ge));
        // What has passed the limit does not come back to it.
        if self.op == CompareOp::Ne && span < 0 {
            return None;
        }
        let way = span.checked_add(slack)?.max(0);
        u64::try_from(way.checked_add(step - 1)? / step).ok()
    }
}

/// The values that certainly hold where `cond` does: the parts of conjunctions.
pub fn conjuncts(f: &Func, cond: Value) -> Vec<Value> {
    let mut out = Vec::new();
    let mut goals = vec![cond];
    while let Some(v) = goals.pop() {
        let no = |v: Value| constant(f, v) == Some(Scalar::Bool(false));
        match f.def_inst(v).map(|i| &f.insts[i]) {
            Some(d) => match &d.op {
                Op::Binary(BinaryOp::And) => goals.extend(&d.args),
                Op::Ternary(TernaryOp::Select) if no(d.args[2]) => goals.extend(&d.args[..2]),
                Op::Control(ControlOp::If) if d.results.len() == 1 => {
                    let yields = |k: usize| f.regions[d.regions[k]].yields[0];
                    if no(yields(1)) {
                        goals.push(d.args[0]);
                        goals.push(yields(0));
                    } else {
                        out.push(v);
                    }
                }
                _ => out.push(v),
            },
            None => out.push(v),
        }
    }
    out
}

/// The counters of a `while`.
pub fn counters(f: &Func, at: Inst) -> Vec<Counter> {
    let d = &f.insts[at];
    let [cond, body] = d.regions[..] else {
        return Vec::new();
    };
    let params = &f.regions[cond].params;
    let mut out = Vec::new();
    for v in conjuncts(f, f.regions[cond].yields[0]) {
        let Some(q) = f.def_inst(v).map(|i| &f.insts[i]) else {
            continue;
        };
        let Op::Compare(op) = q.op else { continue };
        let flipped = match op {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            CompareOp::Eq | CompareOp::Ne => op,
        };
        for (op, a, limit) in [(op, q.args[0], q.args[1]), (flipped, q.args[1], q.args[0])] {
            let array = f.def_inst(a).map(|i| &f.insts[i]);
            let array = array.filter(|d| matches!(d.op, Op::Array(ArrayOp::Len)));
            let counted = array.map_or(a, |d| d.args[0]);
            let Some(k) = params.iter().position(|&p| p == counted) else {
                continue;
            };
            let length = array.is_some();
            let step = match length {
                true if op == CompareOp::Ne => None,
                true => pushes(f, body, k),
                false => step(f, body, k),
            };
            let Some(step) = step else {
                continue;
            };
            let towards = match op {
                CompareOp::Lt | CompareOp::Le => step > 0,
                CompareOp::Gt | CompareOp::Ge => step < 0,
                CompareOp::Ne => step.abs() == 1,
                CompareOp::Eq => false,
            };
            if towards {
                out.push(Counter {
                    k,
                    length,
                    op,
                    limit,
                    step,
                });
            }
        }
    }
    out
}

/// What every iteration adds to the `k`-th value that a `while` carries, if it is a constant.
fn step(f: &Func, body: Region, k: usize) -> Option<i128> {
    let r = &f.regions[body];
    let param = *r.params.get(k)?;
    let d = &f.insts[f.def_inst(r.yields[k])?];
    let [a, b] = d.args[..] else { return None };
    match &d.op {
        Op::Binary(BinaryOp::Add) if a == param => int_constant(f, b),
        Op::Binary(BinaryOp::Add) if b == param => int_constant(f, a),
        Op::Binary(BinaryOp::Sub) if a == param => int_constant(f, b).map(|n| -n),
        _ => None,
    }
}

/// How many items every iteration pushes onto the `k`-th value that a `while` carries, if it does nothing else with it.
fn pushes(f: &Func, body: Region, k: usize) -> Option<i128> {
    let r = &f.regions[body];
    let param = *r.params.get(k)?;
    let mut v = *r.yields.get(k)?;
    let mut n = 0;
    while v != param {
        let d = &f.insts[f.def_inst(v)?];
        if !matches!(d.op, Op::Array(ArrayOp::Push)) {
            return None;
        }
        n += 1;
        v = d.args[0];
    }
    Some(n)
}

/// Whether an integer follows from constants, and from parameters and extents for which `leaf` holds.
pub fn follows(f: &Func, v: Value, leaf: &dyn Fn(&Func, Value) -> bool) -> bool {
    let mut goals = vec![v];
    let mut steps = 0;
    while let Some(v) = goals.pop() {
        steps += 1;
        if steps > 256 {
            return false;
        }
        let Some(d) = f.def_inst(v).map(|i| &f.insts[i]) else {
            if !leaf(f, v) {
                return false;
            }
            continue;
        };
        match &d.op {
            Op::Const(ConstOp::Scalar(_)) => {}
            Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) if leaf(f, v) => {}
            Op::Convert(ConvertOp::To(t)) if t.is_int() => goals.extend(&d.args),
            Op::Binary(
                BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::Div
                | BinaryOp::Min
                | BinaryOp::Max
                | BinaryOp::WrappingAdd
                | BinaryOp::WrappingSub,
            ) => goals.extend(&d.args),
            _ => return false,
        }
    }
    true
}

/// Whether a value is an integer parameter of the function, or an extent of a parameter: what is known when the arguments are.
pub fn is_given(f: &Func, v: Value) -> bool {
    let own = |v: Value| matches!(f.values[v].def, ValueDef::Param(r, _) if r == f.body);
    match f.def_inst(v) {
        None => own(v) && f.ty(v).dtype().is_some_and(|t| t.is_int()),
        Some(i) => own(f.insts[i].args[0]),
    }
}
