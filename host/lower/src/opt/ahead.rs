//! Calls in a loop whose arguments do not come from one another: several at once ([`Stmt::Ahead`]).
//!
//! ```text
//! for c in lo..hi { retain a; x = call f(c, a, b); s = s + x[0]; release x }
//!     becomes
//! for c in lo..hi { x = ahead f(c, a, b) up to hi; s = s + x[0]; release x }
//! ```
//!
//! Only calls of functions that are to stay [apart](Program::apart), whose first argument is the loop's index and whose others do not change in
//! the loop. Arrays among the arguments are then lent: the reference that the call would have taken over is not taken. Those among the results
//! are lent too, which is why nothing may be done with them but reading and giving them up.

use super::nature::Counts;
use crate::layout::{Leaf, leaves};
use crate::lir::{Block, FnId, Opnd, Program, Reg, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use cotangent_core::ir::Type;
use hashbrown::HashSet;

/// The types of parameters and results, by function.
type Signatures = [(Vec<Type>, Vec<Type>)];

/// Runs the pass.
pub(super) fn run(p: &mut Program) {
    let Program {
        funcs,
        signatures,
        apart,
        ..
    } = p;
    if apart.is_empty() {
        return;
    }
    for f in funcs.values_mut() {
        let mut counts = Counts::of(&f.body);
        f.results.iter().for_each(|a| counts.read(*a));
        let pass = Pass {
            regs: &f.regs,
            counts,
            apart,
            signatures,
        };
        pass.block(&mut f.body);
    }
}

struct Pass<'a> {
    regs: &'a PrimaryMap<Reg, Ty>,
    counts: Counts,
    apart: &'a [FnId],
    signatures: &'a Signatures,
}

impl Pass<'_> {
    fn block(&self, b: &mut Block) {
        for s in b {
            for inner in s.blocks_mut() {
                self.block(inner);
            }
            if let Stmt::For {
                index, hi, body, ..
            } = s
                && let Some((at, retains, ahead)) = self.find(*index, *hi, body)
            {
                body[at] = ahead;
                let mut k = 0;
                body.retain(|_| {
                    k += 1;
                    !retains.contains(&(k - 1))
                });
            }
        }
    }

    /// In a loop's body: where the call is, what takes references for it, and what it becomes.
    fn find(&self, index: Reg, hi: Opnd, body: &Block) -> Option<(usize, HashSet<usize>, Stmt)> {
        // One call, and nothing that could come to another statement of the kind.
        let at = body
            .iter()
            .position(|s| matches!(s, Stmt::Call(g, ..) if self.apart.binary_search(g).is_ok()))?;
        let mut alone = true;
        let mut set: HashSet<Reg> = HashSet::new();
        for (k, s) in body.iter().enumerate() {
            s.visit(&mut |s| {
                s.results(&mut |r| {
                    set.insert(r);
                });
                alone &=
                    k == at || !matches!(s, Stmt::Call(..) | Stmt::Ahead { .. } | Stmt::Fuel(_));
            });
        }
        let Stmt::Call(func, args, results) = &body[at] else {
            return None;
        };
        let (params, gives) = self.signatures.get(func.0 as usize)?;
        let first = params.first()?;
        let counts =
            first.is_scalar() && args.first() == Some(&index.into()) && self.regs[index] == Ty::I64;
        let simple = |t: &Type| matches!(t, Type::Tensor(_));
        let fixed = |a: &Opnd| a.reg().is_none_or(|r| !set.contains(&r));
        let good = alone
            && counts
            && fixed(&hi)
            && params.iter().chain(gives).all(simple)
            && args[1..].iter().all(fixed);
        if !good {
            return None;
        }
        // The reference that goes to the call with each array.
        let mut retains = HashSet::new();
        for (leaf, a) in params.iter().flat_map(leaves).zip(args) {
            if leaf == Leaf::Block && a.reg().is_some() {
                let taken = |k: &usize| body[*k] == Stmt::Retain(*a) && !retains.contains(k);
                let k = (0..at).find(taken)?;
                retains.insert(k);
            }
        }
        // Arrays that come back do not leave the iteration.
        let blocks: HashSet<Reg> = gives
            .iter()
            .flat_map(leaves)
            .zip(results)
            .filter(|(leaf, _)| *leaf == Leaf::Block)
            .map(|(_, r)| *r)
            .collect();
        let mut given_up = 0;
        for s in body {
            s.visit(&mut |s| {
                given_up +=
                    u32::from(matches!(s, Stmt::Release(Opnd::Reg(r)) if blocks.contains(r)));
            });
        }
        let read: u32 = blocks.iter().map(|&r| self.counts.times(r).0).sum();
        (given_up == read).then(|| {
            let ahead = Stmt::Ahead {
                func: *func,
                args: args.clone(),
                hi,
                results: results.clone(),
            };
            (at, retains, ahead)
        })
    }
}
