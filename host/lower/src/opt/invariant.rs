//! Integers that every iteration of a loop computes alike, computed before it: lengths and sizes of arrays mostly, so that what is done with an
//! array of that many elements can leave the loop as well ([`unique`](super::unique)).
//!
//! Only sums, differences and products, which cannot fail, into registers that are set nowhere else; inner loops first.

use super::nature::Counts;
use crate::lir::{Bin, Block, Function, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::HashSet;

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let times = Counts::of(&f.body);
    let once = |r: Reg| times.times(r).1 == 1 && !f.params.contains(&r);
    block(&mut f.body, &f.regs, &once);
}

/// What a block sets, at any depth.
fn block(b: &mut Block, regs: &PrimaryMap<Reg, Ty>, once: &dyn Fn(Reg) -> bool) -> HashSet<Reg> {
    let mut sets = HashSet::new();
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        if s.blocks().is_empty() {
            s.results(&mut |r| {
                sets.insert(r);
            });
            out.push(s);
            continue;
        }
        let mut inner = HashSet::new();
        for b in s.blocks_mut() {
            inner.extend(block(b, regs, once));
        }
        s.results(&mut |r| {
            inner.insert(r);
        });
        if let Stmt::For { body, .. } | Stmt::While { body, .. } = &mut s {
            body.retain(|s| {
                let Stmt::Set(r, Rv::Bin(Bin::Add | Bin::Sub | Bin::Mul, x, y)) = s else {
                    return true;
                };
                let fixed = |a: &Opnd| a.reg().is_none_or(|a| !inner.contains(&a));
                let moves = regs[*r] == Ty::I64 && once(*r) && fixed(x) && fixed(y);
                if moves {
                    out.push(s.clone());
                    inner.remove(r);
                    sets.insert(*r);
                }
                !moves
            });
        }
        sets.extend(inner);
        out.push(s);
    }
    *b = out;
    sets
}
