//! What marked loops keep for reverse mode, and how often their iterations are computed again for it: data for people who look after memory.

use super::schedule::{MOST, least_steps};
use crate::entity::{Inst, Region};
use crate::ir::{Budget, ControlOp, EffectOp, Func, Module, Op, Span};
use crate::pass::facts::int_constant;
use alloc::string::String;
use alloc::vec::Vec;

/// A loop of which reverse mode keeps states.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// The function that it is in.
    pub func: String,
    /// The file that it is in.
    pub file: String,
    /// Where.
    pub span: Span,
    /// The most states that are kept, if that is a constant.
    pub slots: Option<u64>,
    /// The bytes of a state, with the number of its iteration, if they are known.
    pub bytes: Option<u64>,
}

impl Kept {
    /// How often an iteration of `n` is computed again at least, on average, besides its reversal: what the best schedule needs. A loop of unknown length
    /// may need more, as its states are chosen before its end is known.
    pub fn again(&self, n: u64) -> Option<f64> {
        let s = self.slots.filter(|&s| s > 0 && n > 0)?.min(MOST);
        Some(least_steps(n, s) as f64 / n as f64)
    }
}

/// The marked loops of a module that are in no other marked one.
pub fn kept(m: &Module) -> Vec<Kept> {
    let mut out = Vec::new();
    for f in m.funcs.values() {
        region(m, f, f.body, &mut out);
    }
    out
}

fn region(m: &Module, f: &Func, r: Region, out: &mut Vec<Kept>) {
    for &i in &f.regions[r].insts {
        let d = &f.insts[i];
        let is_loop = matches!(d.op, Op::Control(ControlOp::For | ControlOp::While));
        let mark = d
            .regions
            .last()
            .filter(|_| is_loop)
            .and_then(|&b| mark(f, b));
        if let Some((budget, n)) = mark {
            out.push(of(m, f, i, budget, n));
            continue;
        }
        for &q in &d.regions {
            region(m, f, q, out);
        }
    }
}

/// The mark of a body, and its number if that is a constant.
fn mark(f: &Func, body: Region) -> Option<(Budget, Option<u64>)> {
    f.regions[body].insts.iter().find_map(|&i| {
        let d = &f.insts[i];
        let Op::Effect(EffectOp::Checkpoint(budget)) = &d.op else {
            return None;
        };
        let n = int_constant(f, d.args[0]).and_then(|n| u64::try_from(n).ok());
        Some((*budget, n))
    })
}

fn of(m: &Module, f: &Func, i: Inst, budget: Budget, n: Option<u64>) -> Kept {
    let d = &f.insts[i];
    let sizes: Option<u64> = d
        .results
        .iter()
        .map(|&v| crate::ad::explain::size(f.ty(v)))
        .sum();
    let bytes = sizes.map(|s| s + 8);
    let slots = match budget {
        Budget::Slots => n,
        Budget::Bytes => n.zip(bytes).map(|(n, b)| (n / b).max(1)),
    };
    Kept {
        func: f.name.clone(),
        file: m.files.get(d.span.file).cloned().unwrap_or_default(),
        span: d.span,
        slots,
        bytes,
    }
}
