//! Checks of an inner loop that are decided before the outer one.
//!
//! ```text
//! for c in 0..d { for r in c + 1..d { check(next < n); …; next = next + 1 } }
//! ```
//!
//! What an inner check compares is a sum of registers that the outer loop leaves alone, of the outer index, of how far the inner loop has come, and
//! of counters. All of these have bounds that can be computed before the outer loop: a counter that the inner loop steps goes from what it
//! is to what it is after as many steps as all inner loops run together, which is the sum of an arithmetic progression since the inner
//! limits are sums of that kind too; so does one that the outer loop steps by such a sum. A sum of bounds is a bound of the sum.
//!
//! Integers wrap, so a sum may be put together in any order; if its bounds can be computed without overflow, it lies between them as a
//! number, and so does the register.

use super::affine::{DEPTH, Planner};
use crate::lir::{Bin, Block, Cmp, Opnd, Reg, Rv, Stmt, Ty};
use crate::opt::indices::Sum;
use hashbrown::HashMap;

/// Longer sums are not looked at.
const MOST: usize = 12;

/// How many operands are looked at for one inner loop.
const BUDGET: u32 = 4000;

/// Where something is read: the position in the outer body, and in the inner one.
type At = (usize, Option<usize>);

/// A comparison and where its operands are read.
type Test = (Cmp, Sum, Sum);

impl Planner<'_> {
    /// The positions of the checks, in the loop at position `k` of the body, that are decided before the outer loop.
    pub(super) fn nested(&mut self, k: usize) -> Vec<usize> {
        let Some(mut nest) = Nest::of(self, k) else {
            return Vec::new();
        };
        let mut tests: Vec<Test> = Vec::new();
        let mut decided = Vec::new();
        for (j, s) in nest.inner.iter().enumerate() {
            if let Stmt::Check(bad, ..) = s
                && let Some(found) = nest.tests(self, *bad, (k, Some(j)), 0)
            {
                tests.extend(found);
                decided.push(j);
            }
        }
        if decided.is_empty() {
            return decided;
        }
        nest.bounds(self);
        for (op, a, b) in tests {
            nest.test(self, op, &a, &b);
        }
        for i in 0..nest.natural.len() {
            let sum = nest.natural[i].clone();
            let least = nest.bound(self, &sum, false);
            self.not_negative(least);
        }
        decided
    }
}

/// A counter: how the body it is in changes it.
#[derive(Clone)]
struct Counter {
    /// Where it is set.
    at: At,
    /// Whether it grows.
    up: bool,
    /// By how much; of a counter of the inner loop a number.
    by: Sum,
}

/// An inner loop and what is known of it.
struct Nest<'b> {
    outer: &'b Block,
    inner: &'b Block,
    k: usize,
    index: Reg,
    /// Stands for how often the inner loop has run before in the same iteration of the outer one.
    done: Reg,
    /// Where the inner loop starts, and how often it runs.
    lo: Sum,
    times: Sum,
    counters: HashMap<Reg, Counter>,
    /// The bounds of registers that sums may hold, once they are computed.
    known: HashMap<Reg, (Opnd, Opnd)>,
    /// Sums that must not be negative.
    natural: Vec<Sum>,
    /// How many more operands are looked at.
    budget: u32,
}

impl<'b> Nest<'b> {
    fn of(p: &mut Planner<'b>, k: usize) -> Option<Nest<'b>> {
        let outer = p.body;
        let Stmt::For {
            index,
            lo,
            hi,
            body,
            ..
        } = &outer[k]
        else {
            return None;
        };
        let straight = |s: &Stmt| {
            matches!(
                s,
                Stmt::Set(..) | Stmt::Store(..) | Stmt::Check(..) | Stmt::Reserve { .. }
            )
        };
        if !body.iter().all(straight) || !body.iter().any(|s| matches!(s, Stmt::Check(..))) {
            return None;
        }
        let mut nest = Nest {
            outer,
            inner: body,
            k,
            index: *index,
            done: p.regs.push(Ty::I64),
            lo: Sum::default(),
            times: Sum::default(),
            counters: HashMap::new(),
            known: HashMap::new(),
            natural: Vec::new(),
            budget: BUDGET,
        };
        nest.lo = nest.sum(p, *lo, (k, None), 0)?;
        let hi = nest.sum(p, *hi, (k, None), 0)?;
        nest.times = hi.clone().add(&nest.lo, u64::MAX);
        // Limits change by the outer index alone, and compare as numbers if neither is negative.
        for limit in [&nest.lo, &hi] {
            if !limit
                .terms
                .iter()
                .all(|&(r, _)| r == p.index || p.invariant(r.into()))
            {
                return None;
            }
        }
        nest.natural
            .extend([nest.lo.clone(), hi, nest.times.clone()]);
        Some(nest)
    }

    /// The statement at a place.
    fn stmt(&self, at: At) -> Option<&'b Stmt> {
        match at {
            (k, None) => self.outer.get(k),
            (_, Some(j)) => self.inner.get(j),
        }
    }
    /// Where a register is set, if that is at one place, in the inner body or the outer one itself.
    fn set_at(&self, p: &Planner<'_>, r: Reg) -> Option<(At, Rv)> {
        let u = p.uses.get(&r)?;
        if u.sets != 1 {
            return None;
        }
        let at = match u.at {
            Some(k) => (k, None),
            None => {
                let sets = |s: &Stmt| matches!(s, Stmt::Set(q, _) if *q == r);
                (self.k, Some(self.inner.iter().position(sets)?))
            }
        };
        match self.stmt(at)? {
            Stmt::Set(q, rv) if *q == r => Some((at, rv.clone())),
            _ => None,
        }
    }

    /// What an operand read at a place is the sum of.
    fn sum(&mut self, p: &Planner<'_>, a: Opnd, at: At, depth: usize) -> Option<Sum> {
        if depth > DEPTH || self.budget == 0 || a.ty(p.regs) != Ty::I64 {
            return None;
        }
        self.budget -= 1;
        let r = match a {
            Opnd::Const(..) => return Some(Sum::of(a)),
            Opnd::Reg(r) => r,
        };
        if r == p.index || p.invariant(a) {
            return Some(Sum::of(a));
        }
        if r == self.index && at.1.is_some() {
            return Some(self.lo.clone().add(&Sum::of(self.done.into()), 1));
        }
        let (set, rv) = self.set_at(p, r)?;
        if let Some(c) = self.counter(p, r, set, &rv, depth) {
            // Between inner loops an inner counter may be one step further than in them.
            if set.1.is_some() && at.1.is_none() {
                return None;
            }
            let before = Sum::of(a);
            if at <= set {
                return Some(before);
            }
            return Some(before.add(&c.by, if c.up { 1 } else { u64::MAX }));
        }
        // Set before in the same iteration, of the inner loop or of the outer one.
        let same = set < at && (set.1.is_none() || at.1.is_some());
        let mut own = false;
        rv.operands(&mut |x| own |= x == a);
        if !same || own || !self.is_temporary(p, r, set) {
            return None;
        }
        let found = match rv {
            Rv::Copy(x) => self.sum(p, x, set, depth + 1)?,
            Rv::Bin(op @ (Bin::Add | Bin::Sub), x, y) => {
                let (x, y) = (
                    self.sum(p, x, set, depth + 1)?,
                    self.sum(p, y, set, depth + 1)?,
                );
                x.add(&y, if op == Bin::Add { 1 } else { u64::MAX })
            }
            Rv::Select(c, x, Opnd::Const(_, 0)) => self.difference(p, c, x, set, depth + 1)?,
            _ => return None,
        };
        (found.terms.len() <= MOST).then_some(found)
    }
    /// Whether no read of a register comes before it is set.
    fn is_temporary(&self, p: &Planner<'_>, r: Reg, set: At) -> bool {
        let read = |s: &Stmt| {
            let mut any = false;
            s.operands(&mut |a| any |= a == Opnd::Reg(r));
            any
        };
        match set {
            (k, None) => p
                .uses
                .get(&r)
                .is_some_and(|u| u.read.is_none_or(|at| at > k)),
            (_, Some(j)) => {
                let first = self.inner.iter().position(read);
                let outside = p.uses.get(&r).and_then(|u| u.read);
                first.is_none_or(|at| at > j) && outside.is_none_or(|at| at >= self.k)
            }
        }
    }
    /// `if q < p { p - q } else { 0 }` is `p - q` where that is not negative.
    fn difference(
        &mut self,
        planner: &Planner<'_>,
        c: Opnd,
        x: Opnd,
        at: At,
        depth: usize,
    ) -> Option<Sum> {
        let (set, rv) = self.set_at(planner, x.reg()?)?;
        let (cond, test) = self.set_at(planner, c.reg()?)?;
        let (Rv::Bin(Bin::Sub, a, b), Rv::Cmp(Cmp::ULt, q, p)) = (rv, test) else {
            return None;
        };
        // In the outer body only, where their bounds are those of the outer index.
        if (a, b) != (p, q) || set.1.is_some() || cond.1.is_some() || set >= at || cond >= at {
            return None;
        }
        let (a, b) = (
            self.sum(planner, p, set, depth)?,
            self.sum(planner, q, set, depth)?,
        );
        // Neither operand changes between the two.
        if self.sum(planner, p, cond, depth)? != a || self.sum(planner, q, cond, depth)? != b {
            return None;
        }
        let by = a.clone().add(&b, u64::MAX);
        for s in [&a, &b, &by] {
            if !self.by_index(planner, s) {
                return None;
            }
        }
        self.natural.extend([a, b, by.clone()]);
        Some(by)
    }
    /// Whether a sum changes with the outer index only.
    fn by_index(&self, p: &Planner<'_>, s: &Sum) -> bool {
        s.terms
            .iter()
            .all(|&(r, _)| r == p.index || (r != self.done && p.invariant(r.into())))
    }
    /// The counter that a register is, set at that place to that.
    fn counter(
        &mut self,
        p: &Planner<'_>,
        r: Reg,
        set: At,
        rv: &Rv,
        depth: usize,
    ) -> Option<Counter> {
        if let Some(c) = self.counters.get(&r) {
            return Some(c.clone());
        }
        let mut rv = rv.clone();
        if let Rv::Copy(Opnd::Reg(t)) = rv {
            let (at, next) = self.set_at(p, t)?;
            if at >= set || at.1.is_some() != set.1.is_some() || !self.is_temporary(p, t, at) {
                return None;
            }
            rv = next;
        }
        let (up, by) = match rv {
            Rv::Bin(Bin::Add, Opnd::Reg(x), by) | Rv::Bin(Bin::Add, by, Opnd::Reg(x)) if x == r => {
                (true, by)
            }
            Rv::Bin(Bin::Sub, Opnd::Reg(x), by) if x == r => (false, by),
            _ => return None,
        };
        if by == r.into() {
            return None;
        }
        let by = if set.1.is_some() {
            // One step each time.
            if by != Opnd::i64(1) {
                return None;
            }
            Sum::of(by)
        } else {
            let by = self.sum(p, by, set, depth + 1)?;
            if !self.by_index(p, &by) {
                return None;
            }
            self.natural.push(by.clone());
            by
        };
        let c = Counter { at: set, up, by };
        self.counters.insert(r, c.clone());
        Some(c)
    }

    /// The comparisons of integers that a condition of the inner body is the disjunction of.
    fn tests(&mut self, p: &Planner<'_>, a: Opnd, at: At, depth: usize) -> Option<Vec<Test>> {
        let r = a.reg()?;
        let (set, rv) = self.set_at(p, r)?;
        if depth > DEPTH || set.1.is_none() || set >= at || !self.is_temporary(p, r, set) {
            return None;
        }
        match rv {
            Rv::Cmp(op, x, y) if x.ty(p.regs) == Ty::I64 => {
                let decidable = matches!(
                    op,
                    Cmp::UGe | Cmp::UGt | Cmp::ULt | Cmp::ULe | Cmp::UAddOv | Cmp::USubOv
                ) || op == Cmp::Eq && y == Opnd::i64(0);
                let (x, y) = (self.sum(p, x, set, depth)?, self.sum(p, y, set, depth)?);
                decidable.then(|| vec![(op, x, y)])
            }
            Rv::Bin(Bin::Or, x, y) => {
                let mut all = self.tests(p, x, set, depth + 1)?;
                all.extend(self.tests(p, y, set, depth + 1)?);
                Some(all)
            }
            Rv::Copy(x) => self.tests(p, x, set, depth + 1),
            _ => None,
        }
    }

    /// Computes the bounds of what sums may hold.
    fn bounds(&mut self, p: &mut Planner<'_>) {
        self.known.insert(p.index, (p.ends[0], p.ends[1]));
        let one = Opnd::i64(1);
        let rounds = p.exact(Bin::Add, p.steps, one);
        let times = self.times.clone();
        let (first, last) = (self.at_end(p, &times, 0), self.at_end(p, &times, 1));
        let most = p.set(Rv::Bin(Bin::SMax, first, last));
        let most = p.exact(Bin::Sub, most, one);
        self.known.insert(self.done, (Opnd::i64(0), most));
        let mut counters: Vec<(Reg, Counter)> =
            self.counters.iter().map(|(r, c)| (*r, c.clone())).collect();
        counters.sort_by_key(|(r, _)| *r);
        for (r, c) in counters {
            // All steps together, and the last one, after which it is not read as it was before.
            let by = if c.at.1.is_some() { &times } else { &c.by };
            let (first, last) = (self.at_end(p, by, 0), self.at_end(p, by, 1));
            p.not_negative(first);
            p.not_negative(last);
            let both = p.exact(Bin::Add, first, last);
            let twice = p.exact(Bin::Mul, rounds, both);
            let all = p.set(Rv::Bin(Bin::ShrU, twice, one));
            let step = if c.at.1.is_some() { one } else { last };
            let all = p.exact(Bin::Sub, all, step);
            let far = p.exact(if c.up { Bin::Add } else { Bin::Sub }, r.into(), all);
            let bounds = if c.up {
                (r.into(), far)
            } else {
                (far, r.into())
            };
            self.known.insert(r, bounds);
        }
    }
    /// A sum of the outer index at its first or last value.
    fn at_end(&mut self, p: &mut Planner<'_>, s: &Sum, end: usize) -> Opnd {
        let old = self.known.insert(p.index, (p.ends[end], p.ends[end]));
        let v = self.bound(p, s, true);
        if let Some(old) = old {
            self.known.insert(p.index, old);
        }
        v
    }
    /// The greatest value of a sum, or the least.
    fn bound(&self, p: &mut Planner<'_>, s: &Sum, greatest: bool) -> Opnd {
        let mut terms = s.terms.clone();
        // What is added first, so that less overflows.
        terms.sort_by_key(|&(r, n)| (n.cast_signed() < 0, r));
        let mut sum = Opnd::i64(s.constant);
        for (r, n) in terms {
            let minus = n.cast_signed() < 0;
            let (lo, hi) = self.known.get(&r).copied().unwrap_or((r.into(), r.into()));
            let x = if greatest != minus { hi } else { lo };
            let times = Opnd::i64(n.cast_signed().unsigned_abs());
            let x = p.exact(Bin::Mul, x, times);
            sum = p.exact(if minus { Bin::Sub } else { Bin::Add }, sum, x);
        }
        sum
    }
    /// Tests that a comparison fails wherever its operands lie between their bounds.
    fn test(&self, p: &mut Planner<'_>, op: Cmp, a: &Sum, b: &Sum) {
        let least = [self.bound(p, a, false), self.bound(p, b, false)];
        let most = [self.bound(p, a, true), self.bound(p, b, true)];
        if op == Cmp::Eq {
            // A number that is positive is not zero.
            p.flag_if(Cmp::SLe, least[0], Opnd::i64(0));
            return;
        }
        p.not_negative(least[0]);
        p.not_negative(least[1]);
        match op {
            Cmp::UAddOv => {
                p.exact(Bin::Add, most[0], most[1]);
            }
            Cmp::UGe | Cmp::UGt => p.flag_if(op, most[0], least[1]),
            Cmp::ULt | Cmp::ULe => p.flag_if(op, least[0], most[1]),
            Cmp::USubOv => p.flag_if(Cmp::ULt, least[0], most[1]),
            _ => p.flag(Opnd::bool(true)),
        }
    }
}
