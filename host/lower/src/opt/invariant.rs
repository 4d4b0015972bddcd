//! Integers that every iteration of a loop computes alike, computed before it: lengths and sizes of arrays mostly, so that what is done with an
//! array of that many elements can leave the loop as well ([`unique`](super::unique)).
//!
//! Only sums, differences and products, which cannot fail, into registers that are set nowhere else; inner loops first.

use crate::lir::{Bin, Block, Function, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::{HashMap, HashSet};

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut times: HashMap<Reg, u32> = f.params.iter().map(|&r| (r, 1)).collect();
    for s in &f.body {
        s.visit(&mut |s| s.results(&mut |r| *times.entry(r).or_default() += 1));
    }
    block(&mut f.body, &f.regs, &times);
}

/// What a block sets, at any depth.
fn block(b: &mut Block, regs: &PrimaryMap<Reg, Ty>, times: &HashMap<Reg, u32>) -> HashSet<Reg> {
    let mut sets = HashSet::new();
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        let mut inner = HashSet::new();
        for b in s.blocks_mut() {
            inner.extend(block(b, regs, times));
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
                let moves = regs[*r] == Ty::I64 && times.get(r) == Some(&1) && fixed(x) && fixed(y);
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
