//! What every iteration of a loop computes alike, computed before it.

use super::super::nature::root;
use crate::lir::{Bin, Block, Opnd, Reg, Rv, Stmt};
use hashbrown::{HashMap, HashSet};

/// Takes the statements out of a loop's body that set a register, by nothing that the loop changes, to the same in each iteration. The loop
/// runs at least once. An address that is computed from another one may be of the same array: `roots` says what each comes from.
pub(super) fn hoist(body: &mut Block, index: Reg, roots: &HashMap<Reg, Reg>) -> Block {
    let of = |a: Opnd| a.reg().map_or(a, |r| root(roots, r).into());
    let mut out = Block::new();
    loop {
        // The loop itself sets its index.
        let mut sets: HashMap<Reg, u32> = HashMap::from([(index, 1)]);
        let mut read_before: HashSet<Reg> = HashSet::new();
        let mut stored: HashSet<Opnd> = HashSet::new();
        let mut opaque = false;
        for s in body.iter() {
            s.visit(&mut |s| {
                s.operands(&mut |a| {
                    if let Opnd::Reg(r) = a
                        && !sets.contains_key(&r)
                    {
                        read_before.insert(r);
                    }
                });
                s.results(&mut |r| *sets.entry(r).or_default() += 1);
                match s {
                    Stmt::Store(_, addr, _) => {
                        stored.insert(of(addr.base));
                    }
                    // What these write is not told by an address.
                    Stmt::Rt(_, args, _, _) => stored.extend(args.iter().map(|a| of(*a))),
                    Stmt::Retain(a) | Stmt::Release(a) => {
                        stored.insert(of(*a));
                    }
                    Stmt::Unique { buf, data, .. } | Stmt::Reserve { buf, data, .. } => {
                        stored.insert(of((*buf).into()));
                        stored.insert(of((*data).into()));
                    }
                    Stmt::Call(..) | Stmt::Eval(..) | Stmt::Split { .. } | Stmt::Ahead { .. } => {
                        opaque = true
                    }
                    Stmt::Set(..)
                    | Stmt::Check(..)
                    | Stmt::Trap(..)
                    | Stmt::If(..)
                    | Stmt::Switch(..)
                    | Stmt::While { .. }
                    | Stmt::For { .. }
                    | Stmt::Fuel(_) => {}
                }
            });
        }
        let guard = body.iter().position(|s| matches!(s, Stmt::Check(..)));
        let movable = |(k, s): (usize, &Stmt)| {
            let Stmt::Set(r, rv) = s else { return false };
            let mut fixed = sets.get(r) == Some(&1) && !read_before.contains(r);
            rv.operands(&mut |a| fixed &= a.reg().is_none_or(|r| !sets.contains_key(&r)));
            let steady = match rv {
                // A check that was left may be what makes the address or the divisor good.
                Rv::Load(_, addr) => {
                    !opaque && !stored.contains(&of(addr.base)) && guard.is_none_or(|g| k < g)
                }
                Rv::Bin(Bin::SDiv | Bin::UDiv | Bin::SRem | Bin::URem, ..) => {
                    guard.is_none_or(|g| k < g)
                }
                Rv::Copy(_)
                | Rv::Un(..)
                | Rv::Bin(..)
                | Rv::Cmp(..)
                | Rv::Fma(..)
                | Rv::Select(..)
                | Rv::Cvt(..)
                | Rv::Lea(_)
                | Rv::Const(_) => true,
            };
            fixed && steady
        };
        let Some(k) = body.iter().enumerate().position(movable) else {
            return out;
        };
        out.push(body.remove(k));
    }
}
