//! Registers that nothing reads, and statements that do nothing.

use crate::lir::{Block, Function, Opnd, Rv, Stmt};
use cotangent_core::entity::Entity;

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut reads = vec![0u32; f.regs.len()];
    let mut read = |a: Opnd| {
        if let Opnd::Reg(r) = a {
            reads[r.index()] += 1;
        }
    };
    f.results.iter().copied().for_each(&mut read);
    for s in &f.body {
        s.visit(&mut |s| s.operands(&mut read));
    }
    // From the end, so that what only a dead statement reads is dead when its turn comes; again for what goes round a loop.
    while sweep(&mut f.body, &mut reads) {}
}

/// Removes what is not read; whether something was removed.
fn sweep(b: &mut Block, reads: &mut [u32]) -> bool {
    let mut again = false;
    let mut keep = vec![true; b.len()];
    for (k, s) in b.iter_mut().enumerate().rev() {
        for inner in s.blocks_mut().into_iter().rev() {
            again |= sweep(inner, reads);
        }
        if dead(s, reads) {
            keep[k] = false;
            s.operands(&mut |a| {
                if let Opnd::Reg(r) = a {
                    reads[r.index()] -= 1;
                }
            });
        }
    }
    let mut kept = keep.iter();
    b.retain(|_| kept.next().is_none_or(|&k| k));
    again | keep.contains(&false)
}

fn dead(s: &Stmt, reads: &[u32]) -> bool {
    match s {
        // Setting a register has no effect but that: what may trap is checked before.
        Stmt::Set(r, rv) => reads[r.index()] == 0 || *rv == Rv::Copy((*r).into()),
        Stmt::If(_, a, b) => a.is_empty() && b.is_empty(),
        Stmt::Switch(_, arms) => arms.iter().all(Vec::is_empty),
        Stmt::For { body, .. } => body.is_empty(),
        Stmt::Store(..)
        | Stmt::Check(..)
        | Stmt::Trap(..)
        | Stmt::While { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Unique { .. }
        | Stmt::Reserve { .. }
        | Stmt::Call(..)
        | Stmt::Split { .. }
        | Stmt::Ahead { .. }
        | Stmt::Rt(..)
        | Stmt::Eval(..)
        | Stmt::Fuel(_) => false,
    }
}
