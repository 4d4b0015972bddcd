//! Stages: which statements run for a whole tile before the next ones.

use super::{Analysis, Class};
use crate::lir::{Opnd, Reg, Rv, Stmt, Un};
use hashbrown::HashMap;

impl Analysis<'_> {
    /// Stages: the results of kernels are known in the next one.
    pub(super) fn stages(&self) -> (Vec<u32>, u32) {
        let n = self.l.body.len();
        let mut stage = vec![0; n];
        let mut ready: HashMap<Reg, u32> = HashMap::new();
        let mut memory: HashMap<Opnd, u32> = HashMap::new();
        let mut last = 0;
        for (k, s) in self.l.body.iter().enumerate() {
            let mut at = 0;
            s.operands(&mut |a| {
                if let Some(r) = a.reg() {
                    at = at.max(ready.get(&r).copied().unwrap_or(0));
                }
            });
            match s {
                Stmt::Set(_, Rv::Load(_, addr)) if self.stores_to(addr) => {
                    at = at.max(memory.get(&addr.base).copied().unwrap_or(0));
                    memory.insert(addr.base, at);
                }
                Stmt::Store(_, addr, _) => {
                    at = at.max(memory.get(&addr.base).copied().unwrap_or(0));
                    memory.insert(addr.base, at);
                }
                _ => {}
            }
            if self.classes[k] == Class::Scalar {
                at = 0;
            }
            stage[k] = at;
            last = last.max(at);
            if let Stmt::Set(r, _) = s {
                let next = at + u32::from(self.kernel(k));
                last = last.max(next);
                ready.insert(*r, next);
            }
        }
        for (k, c) in self.classes.iter().enumerate() {
            if *c == Class::Serial {
                stage[k] = last;
            }
        }
        // What is needed later only is computed later.
        for k in (0..n).rev() {
            let (Stmt::Set(r, rv), Class::Lanes) = (&self.l.body[k], self.classes[k]) else {
                continue;
            };
            let fixed = matches!(rv, Rv::Load(_, addr) if self.stores_to(addr));
            if fixed || self.kernel(k) {
                continue;
            }
            let users = self
                .l
                .body
                .iter()
                .enumerate()
                .skip(k + 1)
                .filter_map(|(u, s)| {
                    let mut uses = false;
                    s.operands(&mut |a| uses |= a == Opnd::Reg(*r));
                    uses.then(|| stage[u])
                });
            if let Some(first) = users.min() {
                stage[k] = stage[k].max(first);
            }
        }
        (stage, last + 1)
    }

    /// Whether a statement is a function with a kernel, computed in lanes.
    pub(super) fn kernel(&self, k: usize) -> bool {
        self.classes[k] == Class::Lanes
            && matches!(self.rv(k), Some(Rv::Un(Un::Math(f), _)) if (self.l.kernel)(*f))
    }
}
