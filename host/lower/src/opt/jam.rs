//! Rows summed up side by side: a loop whose iterations each run an inner loop that adds up in order does several of them at once.
//!
//! ```text
//! for i in 0..m { s = b[i]; for j in 0..n { s = s + a[i * n + j] * x[j] }; use s }
//!     becomes, four iterations at a time (twice four where functions of the sums follow),
//! s0 = b[i]; s1 = b[i + 1]; …; for j in 0..n { s0 = s0 + a[i * n + j] * x[j]; s1 = s1 + a[(i + 1) * n + j] * x[j]; … }; use s0; use s1; …
//! ```
//!
//! Every sum keeps its order, so every bit stays; but additions of several rows run at the same time, where those of one row wait for each
//! other. The rows' inner loops have the same limits; what is before the inner loop, and in it, only computes, from nothing that an
//! iteration changes for the next ones. What comes after it may store and accumulate, and is done row by row.
//!
//! Where the inner loop is in two versions ([`super::version`]), four rows that all may do without checks are done so; others as before.

use super::names::{Occurrences, copy, rename};
use super::nature;
use crate::lir::{Bin, Block, Cmp, Function, Hint, Opnd, Reg, Rv, Stmt, Ty, Un};
use cotangent_core::entity::PrimaryMap;
use hashbrown::{HashMap, HashSet};

/// Rows in one inner loop. Where functions follow there are two such loops, one after the other, and then the functions of all rows.
const ROWS: u64 = 4;
/// The most statements of an inner body, and of an outer one with all that is in it.
const MOST: (usize, usize) = (12, 120);

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    let all = Occurrences::of(f, &body);
    let counts = nature::Counts::of(&body);
    let roots = nature::roots(&body, &counts);
    block(&mut body, &mut f.regs, &all, &roots);
    f.body = body;
}

fn block(
    b: &mut Block,
    regs: &mut PrimaryMap<Reg, Ty>,
    all: &Occurrences,
    roots: &HashMap<Reg, Reg>,
) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        if let Some(rows) = Rows::of(&s, all, roots) {
            let new = rows.jam(&s, regs, all);
            out.extend(new);
            continue;
        }
        for inner in s.blocks_mut() {
            block(inner, regs, all, roots);
        }
        out.push(s);
    }
    *b = out;
}

/// The parts of a loop over rows.
struct Rows {
    index: Reg,
    lo: Opnd,
    hi: Opnd,
    signed: bool,
    /// What computes what the inner loop needs, and whether it needs its checks.
    before: Block,
    bad: Option<Opnd>,
    /// What is before the loop without checks.
    prefix: Block,
    inner: (Reg, Opnd, Opnd, bool, Block),
    after: Block,
}

/// Whether a statement only computes.
fn computes(s: &Stmt) -> bool {
    matches!(s, Stmt::Set(..))
}

fn size(b: &Block) -> usize {
    let mut n = 0;
    for s in b {
        s.visit(&mut |_| n += 1);
    }
    n
}

/// Computes into a new register.
fn set(out: &mut Block, regs: &mut PrimaryMap<Reg, Ty>, rv: Rv) -> Opnd {
    let r = regs.push(rv.ty(regs));
    out.push(Stmt::Set(r, rv));
    r.into()
}

impl Rows {
    fn of(s: &Stmt, all: &Occurrences, roots: &HashMap<Reg, Reg>) -> Option<Rows> {
        let Stmt::For {
            index,
            lo,
            hi,
            signed,
            body,
            ..
        } = s
        else {
            return None;
        };
        if size(body) > MOST.1 {
            return None;
        }
        let at = body.iter().position(|s| !computes(s))?;
        let (bad, fast): (_, &[Stmt]) = match &body[at] {
            Stmt::If(bad, slow, fast) if matches!(slow[..], [Stmt::For { .. }]) => {
                (Some(*bad), fast)
            }
            s => (None, std::slice::from_ref(s)),
        };
        let (last, prefix) = fast.split_last()?;
        let Stmt::For {
            index: j,
            lo: from,
            hi: to,
            signed: inner_signed,
            body: inner,
            ..
        } = last
        else {
            return None;
        };
        if inner.len() > MOST.0 || !inner.iter().chain(prefix).all(computes) {
            return None;
        }
        let rows = Rows {
            index: *index,
            lo: *lo,
            hi: *hi,
            signed: *signed,
            before: body[..at].to_vec(),
            bad,
            prefix: prefix.to_vec(),
            inner: (*j, *from, *to, *inner_signed, inner.clone()),
            after: body[at + 1..].to_vec(),
        };
        (rows.pays() && rows.apart(s, body, all) && rows.memory(roots)).then_some(rows)
    }

    /// Whether the inner loop waits for itself: something ordered is carried from one of its iterations to the next.
    fn pays(&self) -> bool {
        let inner = &self.inner.4;
        let mut read: HashSet<Reg> = HashSet::new();
        let mut ordered = false;
        for s in inner {
            s.operands(&mut |a| read.extend(a.reg()));
            let Stmt::Set(r, rv) = s else { continue };
            if !read.contains(r) {
                continue;
            }
            // Through a copy.
            let mut rv = rv;
            if let Rv::Copy(Opnd::Reg(t)) = rv {
                let found = inner.iter().find_map(|s| match s {
                    Stmt::Set(x, rv) if x == t => Some(rv),
                    _ => None,
                });
                rv = found.unwrap_or(rv);
            }
            ordered |= matches!(
                rv,
                Rv::Bin(
                    Bin::Add
                        | Bin::Sub
                        | Bin::Mul
                        | Bin::FMin
                        | Bin::FMax
                        | Bin::FMinNumber
                        | Bin::FMaxNumber,
                    ..
                ) | Rv::Fma(..)
            );
        }
        ordered
    }

    /// Whether rows need nothing of the rows before, up to and with the inner loop, and nobody else sees their registers.
    fn apart(&self, whole: &Stmt, body: &Block, all: &Occurrences) -> bool {
        let mut here = Occurrences::default();
        here.block(&vec![whole.clone()]);
        let mut early = Occurrences::default();
        for part in [&self.before, &self.prefix, &self.inner.4] {
            early.block(part);
        }
        let mut late = Occurrences::default();
        late.block(&self.after);
        let mut set = Occurrences::default();
        set.block(body);
        // What the rows compute is theirs.
        let own = |&r: &Reg| here.own(r, all) && !late.set.contains(&r);
        if !early.set.iter().all(own) || !own(&self.inner.0) || !own(&self.index) {
            return false;
        }
        let changes = |a: Opnd| a.reg().is_some_and(|r| set.set.contains(&r));
        if [self.lo, self.hi, self.inner.1, self.inner.2]
            .into_iter()
            .any(changes)
        {
            return false;
        }
        // What they read is set before in the same row, or by no row.
        let mut known: HashSet<Reg> = HashSet::from([self.index]);
        let mut good = true;
        let straight = self.before.iter().chain(&self.prefix);
        for s in straight {
            s.operands(&mut |a| {
                good &= a
                    .reg()
                    .is_none_or(|r| known.contains(&r) || !set.set.contains(&r));
            });
            s.results(&mut |r| {
                known.insert(r);
            });
        }
        if let Some(Opnd::Reg(r)) = self.bad {
            good &= known.contains(&r) || !set.set.contains(&r);
        }
        known.insert(self.inner.0);
        for s in &self.inner.4 {
            s.operands(&mut |a| {
                let inner = |r| {
                    self.inner
                        .4
                        .iter()
                        .any(|s| matches!(s, Stmt::Set(x, _) if *x == r))
                };
                good &= a
                    .reg()
                    .is_none_or(|r| known.contains(&r) || inner(r) || !set.set.contains(&r));
            });
        }
        // What the inner loop carries is set before it.
        let mut read: HashSet<Reg> = HashSet::new();
        for s in &self.inner.4 {
            s.operands(&mut |a| read.extend(a.reg()));
            s.results(&mut |r| good &= !read.contains(&r) || known.contains(&r));
        }
        good
    }

    /// Whether what comes after a row writes nothing that later rows read.
    fn memory(&self, roots: &HashMap<Reg, Reg>) -> bool {
        let root = |a: Opnd| a.reg().map(|r| nature::root(roots, r));
        let mut read: HashSet<Option<Reg>> = HashSet::new();
        for s in self.before.iter().chain(&self.prefix).chain(&self.inner.4) {
            if let Stmt::Set(_, Rv::Load(_, addr)) = s {
                read.insert(root(addr.base));
            }
        }
        let mut good = true;
        for s in &self.after {
            s.visit(&mut |s| {
                good &= match s {
                    Stmt::Store(_, addr, _) => !read.contains(&root(addr.base)),
                    Stmt::Set(..)
                    | Stmt::Check(..)
                    | Stmt::Trap(..)
                    | Stmt::If(..)
                    | Stmt::Switch(..)
                    | Stmt::While { .. }
                    | Stmt::For { .. } => true,
                    // Another block takes the place of this one.
                    Stmt::Reserve { buf, data, .. } => {
                        !read.contains(&root((*buf).into()))
                            && !read.contains(&root((*data).into()))
                    }
                    Stmt::Retain(_)
                    | Stmt::Release(_)
                    | Stmt::Unique { .. }
                    | Stmt::Call(..)
                    | Stmt::Split { .. }
                    | Stmt::Ahead { .. }
                    | Stmt::Rt(..)
                    | Stmt::Eval(..)
                    | Stmt::Fuel(_) => false,
                };
            });
        }
        good
    }

    /// How many rows are done at a time, and then of those that are left. With functions after the sums, as many as kernels compute at once.
    fn sizes(&self) -> &'static [u64] {
        let mut functions = false;
        for s in &self.after {
            s.visit(&mut |s| functions |= matches!(s, Stmt::Set(_, Rv::Un(Un::Math(_), _))));
        }
        if functions {
            &[2 * ROWS, ROWS]
        } else {
            &[ROWS]
        }
    }

    /// The loops over groups of rows, and the loop over those that are left.
    fn jam(&self, whole: &Stmt, regs: &mut PrimaryMap<Reg, Ty>, all: &Occurrences) -> Block {
        let mut out = Block::new();
        let op = if self.signed { Cmp::SLt } else { Cmp::ULt };
        let some = set(&mut out, regs, Rv::Cmp(op, self.lo, self.hi));
        let n = set(&mut out, regs, Rv::Bin(Bin::Sub, self.hi, self.lo));
        let mut left = set(&mut out, regs, Rv::Select(some, n, Opnd::i64(0)));
        let mut from = self.lo;
        for &rows in self.sizes() {
            let shift = Opnd::i64(rows.ilog2().into());
            let groups = set(&mut out, regs, Rv::Bin(Bin::ShrU, left, shift));
            let done = set(&mut out, regs, Rv::Bin(Bin::Shl, groups, shift));
            let rest = set(&mut out, regs, Rv::Bin(Bin::Add, from, done));
            let group = regs.push(Ty::I64);
            let mut body = Block::new();
            let first = set(&mut body, regs, Rv::Bin(Bin::Shl, group.into(), shift));
            let first = set(&mut body, regs, Rv::Bin(Bin::Add, first, from));
            if !self.group(&mut body, whole, regs, all, (first, rows)) {
                return vec![whole.clone()];
            }
            out.push(Stmt::For {
                index: group,
                lo: Opnd::i64(0),
                hi: groups,
                signed: false,
                body,
                hint: Hint::default(),
            });
            left = set(&mut out, regs, Rv::Bin(Bin::Sub, left, done));
            from = rest;
        }
        if let Stmt::For { index, body, .. } = copy(whole, regs, all) {
            out.push(self.over(index, from, self.hi, body));
        }
        out
    }

    /// So many rows, from the first on, side by side; whether that can be written.
    fn group(
        &self,
        body: &mut Block,
        whole: &Stmt,
        regs: &mut PrimaryMap<Reg, Ty>,
        all: &Occurrences,
        (first, rows): (Opnd, u64),
    ) -> bool {
        let names: Vec<HashMap<Reg, Reg>> =
            (0..rows).map(|_| self.names(whole, regs, all)).collect();
        let mut bad = Opnd::bool(false);
        for (k, names) in names.iter().enumerate() {
            let i = names[&self.index];
            body.push(Stmt::Set(i, Rv::Bin(Bin::Add, first, Opnd::i64(k as u64))));
            body.extend(renamed(&self.before, names));
            if let Some(b) = self.bad {
                let b = match b {
                    Opnd::Reg(r) => names.get(&r).copied().unwrap_or(r).into(),
                    b => b,
                };
                bad = set(body, regs, Rv::Bin(Bin::Or, bad, b));
            }
        }
        let mut fast = Block::new();
        for names in &names {
            fast.extend(renamed(&self.prefix, names));
        }
        // More sums at a time than this do not fit into registers.
        let (j, from, to, signed, inner) = &self.inner;
        for names in names.chunks(ROWS as usize) {
            let index = regs.push(Ty::I64);
            let mut side_by_side = Block::new();
            for names in names {
                let mut names = names.clone();
                names.insert(*j, index);
                side_by_side.extend(renamed(inner, &names));
            }
            fast.push(Stmt::For {
                index,
                lo: *from,
                hi: *to,
                signed: *signed,
                body: side_by_side,
                hint: Hint::default(),
            });
        }
        for names in &names {
            fast.extend(renamed(&self.after, names));
        }
        if self.bad.is_none() {
            body.extend(fast);
            return true;
        }
        let Stmt::For {
            index, body: rest, ..
        } = copy(whole, regs, all)
        else {
            return false;
        };
        let past = set(body, regs, Rv::Bin(Bin::Add, first, Opnd::i64(rows)));
        let slow = self.over(index, first, past, rest);
        body.push(Stmt::If(bad, vec![slow], fast));
        true
    }

    fn over(&self, index: Reg, lo: Opnd, hi: Opnd, body: Block) -> Stmt {
        Stmt::For {
            index,
            lo,
            hi,
            signed: self.signed,
            body,
            hint: Hint::default(),
        }
    }

    /// New registers for a row, for all that nobody else names.
    fn names(
        &self,
        whole: &Stmt,
        regs: &mut PrimaryMap<Reg, Ty>,
        all: &Occurrences,
    ) -> HashMap<Reg, Reg> {
        let mut here = Occurrences::default();
        here.block(&vec![whole.clone()]);
        let mut own: Vec<Reg> = here
            .set
            .iter()
            .copied()
            .filter(|&r| here.own(r, all))
            .collect();
        own.sort();
        let fresh = own.into_iter().map(|r| {
            let ty = regs[r];
            (r, regs.push(ty))
        });
        fresh.collect()
    }
}

fn renamed(b: &[Stmt], names: &HashMap<Reg, Reg>) -> Block {
    let mut b = b.to_vec();
    for s in &mut b {
        rename(s, names);
    }
    b
}
