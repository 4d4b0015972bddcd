//! Who owns what: where each value that refers to memory is used for the last time.
//!
//! A value of a type with a block owns a reference to it. An operation that consumes an operand at its last use takes that reference
//! over; elsewhere it takes another one. What is found here, by walking regions backwards:
//! * for an instruction, the operands that die at it;
//! * for an arm of a branch, the values that die before it because only another arm uses them;
//! * for a loop, the captured values that die after it: inside they live on for the next iteration;
//! * for a region, whether each yield is the last use of its value.
//!
//! Values without blocks (scalars) are left out everywhere.

use crate::layout::{Leaf, leaves};
use cotangent_core::entity::{Inst, Region, SecondaryMap, Value};
use cotangent_core::ir::{ControlOp, Func, Op};
use std::collections::HashSet;

/// The last uses in a function.
#[derive(Debug, Default)]
pub(crate) struct Liveness {
    /// Operands whose last use the instruction is, each once.
    pub(crate) dying: SecondaryMap<Inst, Vec<Value>>,
    /// Values that die before the region runs; its parameters that nothing uses among them.
    pub(crate) before: SecondaryMap<Region, Vec<Value>>,
    /// Values captured by a loop that die after it.
    pub(crate) after: SecondaryMap<Inst, Vec<Value>>,
    /// For each yield, whether it takes over the value's reference.
    pub(crate) moves: SecondaryMap<Region, Vec<bool>>,
    /// Results that nothing uses.
    pub(crate) unused: SecondaryMap<Inst, Vec<Value>>,
}

type Set = HashSet<Value>;

struct Walk<'f> {
    f: &'f Func,
    owning: SecondaryMap<Value, bool>,
    out: Liveness,
}

impl Liveness {
    /// Analyses a function.
    pub(crate) fn of(f: &Func) -> Liveness {
        let mut owning = SecondaryMap::new();
        for (v, d) in f.values.iter() {
            if leaves(&d.ty).contains(&Leaf::Block) {
                owning[v] = true;
            }
        }
        let mut w = Walk {
            f,
            owning,
            out: Liveness::default(),
        };
        w.region(f.body, Set::new(), &[]);
        w.out
    }
}

impl Walk<'_> {
    /// Walks a region after which `live` is needed, and `borrowed` of its parameters are the caller's; gives what is needed before it.
    fn region(&mut self, r: Region, mut live: Set, borrowed: &[Value]) -> Set {
        live.extend(borrowed.iter().copied().filter(|&v| self.owning[v]));
        let data = &self.f.regions[r];
        let mut moves = vec![false; data.yields.len()];
        for (k, &v) in data.yields.iter().enumerate().rev() {
            if self.owning[v] && live.insert(v) {
                moves[k] = true;
            }
        }
        self.out.moves[r] = moves;
        for &i in data.insts.iter().rev() {
            self.inst(i, &mut live);
        }
        let mut unused = Vec::new();
        for &p in &data.params {
            if self.owning[p] && !live.remove(&p) {
                unused.push(p);
            }
        }
        self.out.before[r].extend(unused);
        live
    }
    fn inst(&mut self, i: Inst, live: &mut Set) {
        let d = &self.f.insts[i];
        for &v in &d.results {
            if self.owning[v] && !live.remove(&v) {
                self.out.unused[i].push(v);
            }
        }
        match &d.op {
            Op::Control(ControlOp::If | ControlOp::Switch) => {
                let arms: Vec<Set> = d
                    .regions
                    .iter()
                    .map(|&r| self.region(r, live.clone(), &[]))
                    .collect();
                let mut all = live.clone();
                for a in &arms {
                    all.extend(a);
                }
                for (&r, a) in d.regions.iter().zip(&arms) {
                    let mut gone: Vec<Value> = all.difference(a).copied().collect();
                    gone.sort();
                    self.out.before[r].extend(gone);
                }
                *live = all;
            }
            Op::Control(ControlOp::While | ControlOp::For | ControlOp::Map) => {
                let mut used = Set::new();
                for &r in &d.regions {
                    self.captured(r, &mut used);
                }
                let mut after: Vec<Value> = used.difference(live).copied().collect();
                after.sort();
                live.extend(&used);
                self.out.after[i] = after;
                for (k, &r) in d.regions.iter().enumerate() {
                    // The condition of a `while` looks at the loop's values; the body consumes them.
                    let looks = matches!(d.op, Op::Control(ControlOp::While)) && k == 0;
                    let params = if looks {
                        self.f.regions[r].params.as_slice()
                    } else {
                        &[]
                    };
                    self.region(r, live.clone(), params);
                }
            }
            _ => {}
        }
        for &v in &d.args {
            if self.owning[v] && live.insert(v) {
                self.out.dying[i].push(v);
            }
        }
    }
    /// Values from outside that a region uses, its inner regions too.
    fn captured(&self, r: Region, used: &mut Set) {
        let mut inside: Set = self.f.regions[r].params.iter().copied().collect();
        let mut uses = self.f.regions[r].yields.clone();
        self.f.visit(r, &mut |_, d| {
            inside.extend(&d.results);
            uses.extend(&d.args);
            for &q in &d.regions {
                inside.extend(&self.f.regions[q].params);
                uses.extend(&self.f.regions[q].yields);
            }
        });
        used.extend(
            uses.into_iter()
                .filter(|v| self.owning[*v] && !inside.contains(v)),
        );
    }
}
