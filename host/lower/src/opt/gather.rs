//! Mathematical functions brought together: independent calls of one function in straight code become neighbours, so that a back end can
//! compute them at once.
//!
//! ```text
//! a = exp x; b = add a, 1; y = load [p]; c = exp y    becomes    y = load [p]; a = exp x; c = exp y; b = add a, 1
//! ```
//!
//! A call moves up to the first one with all that its argument is computed from. What moves only computes: registers that are set once,
//! from nothing that is set between, and loads past stores that are elsewhere. Nothing that may trap, and no load past a check, moves.

use super::nature::{self, Counts};
use crate::lir::{Addr, Bin, Block, Function, Math1, Opnd, Reg, Rv, Stmt, Ty, Un};
use cotangent_core::entity::PrimaryMap;
use hashbrown::{HashMap, HashSet};

/// How far a call may come from.
const FAR: usize = 256;
/// The most statements that move with one call.
const WITH: usize = 24;
/// Fewer calls than this are left where they are.
pub const FEW: usize = 3;

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    let counts = Counts::of(&body);
    let roots = nature::roots(&body, &counts);
    let mut places = HashMap::new();
    places_of(&body, &counts, &mut places);
    let g = Gather {
        regs: &f.regs,
        counts: &counts,
        roots: &roots,
        places: &places,
    };
    g.block(&mut body);
    f.body = body;
}

/// Registers that are another one and a constant.
fn places_of(b: &Block, counts: &Counts, out: &mut HashMap<Reg, (Reg, i64)>) {
    for s in b {
        s.visit(&mut |s| {
            if let Stmt::Set(r, Rv::Bin(Bin::Add, Opnd::Reg(x), Opnd::Const(Ty::I64, c))) = s
                && counts.times(*r).1 == 1
                && counts.times(*x).1 <= 1
            {
                out.insert(*r, (*x, c.cast_signed()));
            }
        });
    }
}

struct Gather<'a> {
    regs: &'a PrimaryMap<Reg, Ty>,
    counts: &'a Counts,
    roots: &'a HashMap<Reg, Reg>,
    places: &'a HashMap<Reg, (Reg, i64)>,
}

impl Gather<'_> {
    fn block(&self, b: &mut Block) {
        for s in b.iter_mut() {
            for inner in s.blocks_mut() {
                self.block(inner);
            }
        }
        let mut k = 0;
        while k < b.len() {
            let Some(kind) = self.call(&b[k]) else {
                k += 1;
                continue;
            };
            let mut tried = b.clone();
            let end = self.gather(&mut tried, k, kind);
            match end {
                Some(end) => {
                    *b = tried;
                    k = end;
                }
                None => k += 1,
            }
        }
    }

    /// The function that a statement calls.
    fn call(&self, s: &Stmt) -> Option<(Math1, Ty)> {
        match s {
            Stmt::Set(r, Rv::Un(Un::Math(f), _)) if self.counts.times(*r).1 == 1 => {
                Some((*f, self.regs[*r]))
            }
            _ => None,
        }
    }

    /// Brings the calls after statement `k` to it; the position after the last, if there are enough.
    fn gather(&self, b: &mut Block, k: usize, kind: (Math1, Ty)) -> Option<usize> {
        if b.iter()
            .skip(k)
            .filter(|s| self.call(s) == Some(kind))
            .count()
            < FEW
        {
            return None;
        }
        let (mut start, mut end) = (k, k + 1);
        let mut p = end;
        while p < b.len() && p < start + FAR {
            if self.call(&b[p]) == Some(kind)
                && let Some(with) = self.with(b, start, end, p)
            {
                let call = b.remove(p);
                let mut moved = Block::new();
                for &q in with.iter().rev() {
                    moved.push(b.remove(q));
                }
                // Those that moved were after the group.
                moved.reverse();
                b.insert(end, call);
                end += 1;
                let n = moved.len();
                b.splice(start..start, moved);
                (start, end) = (start + n, end + n);
            }
            p += 1;
        }
        (end - start >= FEW).then_some(end)
    }

    /// The statements between a group and a call that have to move before the group with it, ascending; `None` if they cannot.
    fn with(&self, b: &Block, start: usize, end: usize, p: usize) -> Option<Vec<usize>> {
        let mut needed: HashSet<Reg> = HashSet::new();
        let need = |s: &Stmt, needed: &mut HashSet<Reg>| {
            s.operands(&mut |a| needed.extend(a.reg()));
        };
        need(&b[p], &mut needed);
        let mut with = Vec::new();
        for q in (start..p).rev() {
            let mut sets = false;
            b[q].visit(&mut |s| s.results(&mut |r| sets |= needed.contains(&r)));
            if !sets {
                continue;
            }
            let Stmt::Set(r, rv) = &b[q] else { return None };
            if q < end || with.len() == WITH || self.counts.times(*r).1 != 1 || !moves(rv) {
                return None;
            }
            need(&b[q], &mut needed);
            with.push(q);
        }
        with.reverse();
        let free = |&q: &usize| match &b[q] {
            Stmt::Set(_, Rv::Load(ty, addr)) => {
                b[start..q].iter().all(|s| self.passes(*ty, addr, s))
            }
            _ => true,
        };
        with.iter().all(free).then_some(with)
    }

    /// Whether a load may move up past a statement.
    fn passes(&self, ty: Ty, addr: &Addr, s: &Stmt) -> bool {
        match s {
            Stmt::Set(..) | Stmt::Retain(_) | Stmt::Release(_) | Stmt::Unique { .. } => true,
            Stmt::Store(stored, to, _) => self.elsewhere(addr, ty, to, *stored),
            Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => false,
        }
    }

    /// Whether two accesses are to different memory.
    fn elsewhere(&self, a: &Addr, ta: Ty, b: &Addr, tb: Ty) -> bool {
        let root = |x: &Addr| x.base.reg().map(|r| nature::root(self.roots, r));
        if root(a) != root(b) {
            // Arrays are values: what is stored into one is not seen in another.
            return a.base.reg().is_some() && b.base.reg().is_some();
        }
        if a.base != b.base {
            return false;
        }
        let place = |x: &Addr| -> Option<(Option<Reg>, u32, i64)> {
            let Some((i, scale)) = x.index else {
                return Some((None, 1, x.offset.into()));
            };
            let (r, plus) = match i {
                Opnd::Const(_, c) => (None, c.cast_signed()),
                Opnd::Reg(r) => match self.places.get(&r) {
                    Some(&(x, c)) => (Some(x), c),
                    None => (Some(r), 0),
                },
            };
            let bytes = plus
                .checked_mul(scale.into())?
                .checked_add(x.offset.into())?;
            Some((r, scale, bytes))
        };
        let (Some((i, m, x)), Some((j, n, y))) = (place(a), place(b)) else {
            return false;
        };
        let alike = i == j && (i.is_none() || m == n);
        let single = i.is_none_or(|r| self.counts.times(r).1 <= 1);
        let (ea, eb) = (
            x.saturating_add(ta.bytes().into()),
            y.saturating_add(tb.bytes().into()),
        );
        alike && single && (ea <= y || eb <= x)
    }
}

/// Whether a right-hand side may be computed earlier: it cannot fail.
fn moves(rv: &Rv) -> bool {
    match rv {
        Rv::Bin(Bin::SDiv | Bin::UDiv | Bin::SRem | Bin::URem, ..) => false,
        Rv::Copy(_)
        | Rv::Un(..)
        | Rv::Bin(..)
        | Rv::Cmp(..)
        | Rv::Fma(..)
        | Rv::Select(..)
        | Rv::Cvt(..)
        | Rv::Load(..)
        | Rv::Lea(_)
        | Rv::Const(_) => true,
    }
}
