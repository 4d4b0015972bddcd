//! Accumulators whose order is free, found by following what a carried register is set to back to the register.

use super::{Analysis, Class, Fold};
use crate::lir::{Bin, Opnd, Reg, Rv, Ty};

impl Analysis<'_> {
    /// Finds the accumulators whose order is free.
    pub(super) fn folds(&mut self) {
        for r in self.carried.clone() {
            if let Some((fold, chain)) = self.fold(r) {
                let number = self.folds.len();
                self.folds.push(fold);
                for k in chain {
                    self.classes[k] = Class::Fold(number);
                }
                self.carried.retain(|&c| c != r);
            }
        }
    }

    /// The accumulator, if the register is one, and the statements of its chain.
    pub(super) fn fold(&self, acc: Reg) -> Option<(Fold, Vec<usize>)> {
        let ty = self.l.regs[acc];
        let mut chain = Vec::new();
        let mut terms = Vec::new();
        let mut kind = None;
        // From the last statement of the chain to the first.
        let mut x = acc;
        while chain.is_empty() || x != acc {
            let k = *self.set.get(&x)?;
            if k == usize::MAX || chain.last().is_some_and(|&after| k >= after) {
                return None;
            }
            chain.push(k);
            match *self.rv(k)? {
                Rv::Copy(a) => x = a.reg()?,
                Rv::Bin(op, a, b) => {
                    let free = match op {
                        Bin::FMin | Bin::FMax | Bin::Accumulate => true,
                        Bin::FMinNumber | Bin::FMaxNumber => true,
                        Bin::Add | Bin::Sub | Bin::Mul | Bin::And | Bin::Or | Bin::Xor => {
                            matches!(ty, Ty::I32 | Ty::I64)
                        }
                        _ => false,
                    };
                    let many = op == Bin::Accumulate && kind == Some(op);
                    if !free || kind.is_some() && !many {
                        return None;
                    }
                    kind = Some(op);
                    let (from, term) = self.taken(acc, op, a, b)?;
                    terms.push((k, term));
                    x = from;
                }
                _ => return None,
            }
        }
        // Nothing else looks at what is accumulated.
        for (k, s) in self.l.body.iter().enumerate() {
            let mut looks = 0;
            s.operands(&mut |a| {
                looks += usize::from(a.reg().is_some_and(|r| {
                    r == acc || self.set.get(&r).is_some_and(|at| chain.contains(at))
                }));
            });
            if looks > usize::from(chain.contains(&k)) {
                return None;
            }
        }
        let op = kind?;
        Some((Fold { acc, terms, op }, chain))
    }

    /// Which operand is the accumulator so far, and which the term.
    pub(super) fn taken(&self, acc: Reg, op: Bin, a: Opnd, b: Opnd) -> Option<(Reg, Opnd)> {
        let so_far = |x: Opnd| {
            x.reg().filter(|&r| {
                let step = self.set.get(&r).and_then(|&k| self.rv(k));
                r == acc
                    || matches!(step, Some(Rv::Bin(o, ..)) if *o == op && op == Bin::Accumulate)
            })
        };
        match (so_far(a), so_far(b)) {
            (Some(r), None) => Some((r, b)),
            (None, Some(r)) if op != Bin::Sub => Some((r, a)),
            (Some(r), Some(_)) if r == acc => Some((r, b)),
            (Some(_), Some(r)) if r == acc && op != Bin::Sub => Some((r, a)),
            _ => None,
        }
    }
}
