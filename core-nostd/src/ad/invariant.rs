//! Values that are the same in every iteration of a loop although they are computed in it, since they can trap.
//!
//! `licm` moves what cannot trap. What can, such as a read, stays where it is: the loop may not run at all. As a residual
//! it is saved once for the loop and not once for each iteration.

use super::keep::owners;
use super::linear::Marks;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, Op};

/// On what the values of a function depend.
pub(super) struct Invariants {
    owner: SecondaryMap<Region, Option<Inst>>,
    /// How deep the innermost region is that something a value depends on is made in by more than arithmetic.
    depth: SecondaryMap<Value, u32>,
}

impl Invariants {
    pub(super) fn new(f: &Func) -> Invariants {
        let mut s = Invariants {
            owner: owners(f),
            depth: SecondaryMap::new(),
        };
        s.region(f, f.body, 0);
        s
    }

    fn region(&mut self, f: &Func, r: Region, depth: u32) {
        for &p in &f.regions[r].params {
            self.depth[p] = depth;
        }
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            for &q in &d.regions {
                self.region(f, q, depth + 1);
            }
            let fresh = matches!(d.op, Op::Control(_)) || d.results.len() != 1;
            let from = d.args.iter().map(|&a| self.depth[a]).max().unwrap_or(0);
            for &v in &d.results {
                self.depth[v] = if fresh { depth } else { from };
            }
        }
    }

    /// The outermost loop in whose every iteration `v` is the same.
    pub(super) fn outermost(&self, f: &Func, marks: &Marks, v: Value) -> Option<Inst> {
        let mut path = alloc::vec::Vec::new();
        let mut r = marks.home[v];
        while let Some(i) = self.owner[r] {
            path.push(i);
            r = marks.inst_home[i];
        }
        // From the outside in; the region inside the n-th of them is at depth n + 1.
        path.reverse();
        let inner = path.get(self.depth[v] as usize..)?;
        inner.iter().copied().find(|&i| {
            matches!(
                f.insts[i].op,
                Op::Control(ControlOp::For | ControlOp::While)
            )
        })
    }
}
