//! Copies followed, values computed once, conditions decided, checks that cannot fail dropped.
//!
//! A register that is set in one place only (a *fixed* one) holds one value wherever it may be read after that place ran, until the place
//! runs again; and it cannot run again without everything that was computed from it being out of reach (a register is set before it is read
//! on every path). So what is known of fixed registers may be kept for the rest of the block in which it became known, and for the
//! blocks in that rest:
//! * a copy of a constant or a fixed register is that; an equal right-hand side of fixed operands is the same value;
//! * after a check its condition is false; in the arms of a branch its condition is true and false;
//! * ranges of integers ([`super::ranges`]), of a loop's index too; that an index is not below its loop's start and below its end, and
//!   that so is one that counts back from the last to the first.

use super::fold;
use super::ranges::{self, Range};
use crate::lir::{Bin, Block, Cmp, Function, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::{Entity, PrimaryMap};
use hashbrown::HashMap;

/// Runs the pass on a function whose parameters have those ranges.
pub(super) fn run(f: &mut Function, params: &[Option<Range>]) {
    let mut sets = vec![0u32; f.regs.len()];
    for p in &f.params {
        sets[p.index()] += 1;
    }
    for s in &f.body {
        s.visit(&mut |s| s.results(&mut |r| sets[r.index()] += 1));
    }
    let n = f.regs.len();
    let mut pass = Pass {
        regs: &f.regs,
        fixed: sets.iter().map(|&k| k == 1).collect(),
        same: vec![None; n],
        value: vec![None; n],
        range: f.regs.values().map(|&ty| Range::all(ty)).collect(),
        bounds: vec![None; n],
        known: HashMap::new(),
        undo: Vec::new(),
    };
    for (p, range) in f.params.iter().zip(params) {
        if let Some(range) = range
            && pass.fixed[p.index()]
        {
            pass.range[p.index()] = *range;
        }
    }
    let mut body = std::mem::take(&mut f.body);
    pass.block(&mut body);
    for r in &mut f.results {
        *r = pass.resolve(*r);
    }
    f.body = body;
}

/// What to take back at the end of a block.
enum Undo {
    Known(Rv),
    Range(Reg, Range),
    Same(Reg, Option<Opnd>),
}

struct Pass<'f> {
    regs: &'f PrimaryMap<Reg, Ty>,
    fixed: Vec<bool>,
    /// What a fixed register is the same as.
    same: Vec<Option<Opnd>>,
    /// What a fixed register is set to.
    value: Vec<Option<Rv>>,
    range: Vec<Range>,
    /// For the index of a loop, forwards or backwards: where it starts (no index is below) and its end (each index is).
    bounds: Vec<Option<(Opnd, Opnd)>>,
    /// The register that holds a right-hand side.
    known: HashMap<Rv, Reg>,
    undo: Vec<Undo>,
}

impl Pass<'_> {
    fn resolve(&self, a: Opnd) -> Opnd {
        match a {
            Opnd::Reg(r) => self.same[r.index()].unwrap_or(a),
            Opnd::Const(..) => a,
        }
    }
    fn is_fixed(&self, a: Opnd) -> bool {
        a.reg().is_none_or(|r| self.fixed[r.index()])
    }
    fn range_of(&self, a: Opnd) -> Range {
        match a {
            Opnd::Const(_, v) => Range::exactly(v),
            Opnd::Reg(r) => self.range[r.index()],
        }
    }
    fn set_same(&mut self, r: Reg, a: Opnd) {
        let old = self.same[r.index()].replace(a);
        self.undo.push(Undo::Same(r, old));
    }
    fn set_range(&mut self, r: Reg, range: Range) {
        let old = std::mem::replace(&mut self.range[r.index()], range);
        self.undo.push(Undo::Range(r, old));
    }
    fn scope(&mut self, f: impl FnOnce(&mut Self)) {
        let mark = self.undo.len();
        f(self);
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some(Undo::Known(rv)) => {
                    self.known.remove(&rv);
                }
                Some(Undo::Range(r, old)) => self.range[r.index()] = old,
                Some(Undo::Same(r, old)) => self.same[r.index()] = old,
                None => {}
            }
        }
    }

    fn block(&mut self, b: &mut Block) {
        let mut out = Block::with_capacity(b.len());
        let mut rest: Vec<Stmt> = std::mem::take(b);
        rest.reverse();
        while let Some(mut s) = rest.pop() {
            // A loop's operands are read before it, a `while`'s condition after its head.
            if !matches!(s, Stmt::While { .. }) {
                s.operands_mut(&mut |a| *a = self.resolve(*a));
            }
            match s {
                Stmt::Set(r, rv) => {
                    let rv = self.set(r, rv);
                    if rv != Rv::Copy(r.into()) {
                        out.push(Stmt::Set(r, rv));
                    }
                    continue;
                }
                Stmt::Check(c, site, ref numbers) => match c.constant() {
                    Some(0) => continue,
                    Some(_) => {
                        out.push(Stmt::Trap(site, numbers.clone()));
                        // Nothing after it runs.
                        break;
                    }
                    None => {
                        out.push(s);
                        self.holds(c, false);
                        continue;
                    }
                },
                Stmt::Trap(..) => {
                    out.push(s);
                    break;
                }
                Stmt::If(c, ref mut then, ref mut other) => match c.constant() {
                    Some(v) => {
                        let arm = std::mem::take(if v != 0 { then } else { other });
                        rest.extend(arm.into_iter().rev());
                        continue;
                    }
                    None => {
                        self.scope(|p| {
                            p.holds(c, true);
                            p.block(then);
                        });
                        self.scope(|p| {
                            p.holds(c, false);
                            p.block(other);
                        });
                    }
                },
                Stmt::Switch(i, ref mut arms) => match i.constant() {
                    Some(v) if !arms.is_empty() => {
                        let k = usize::try_from(v).unwrap_or(usize::MAX).min(arms.len() - 1);
                        let arm = std::mem::take(&mut arms[k]);
                        rest.extend(arm.into_iter().rev());
                        continue;
                    }
                    _ => {
                        for arm in arms {
                            self.scope(|p| p.block(arm));
                        }
                    }
                },
                Stmt::While {
                    ref mut head,
                    ref mut cond,
                    ref mut body,
                } => self.scope(|p| {
                    p.block(head);
                    *cond = p.resolve(*cond);
                    let cond = *cond;
                    p.scope(|p| {
                        p.holds(cond, true);
                        p.block(body);
                    });
                }),
                Stmt::For {
                    index,
                    lo,
                    hi,
                    signed,
                    ref mut body,
                    ..
                } => self.scope(|p| {
                    p.index(index, lo, hi, signed);
                    p.block(body);
                }),
                Stmt::Store(..)
                | Stmt::Retain(_)
                | Stmt::Release(_)
                | Stmt::Unique { .. }
                | Stmt::Reserve { .. }
                | Stmt::Call(..)
                | Stmt::Split { .. }
                | Stmt::Ahead { .. }
                | Stmt::Rt(..)
                | Stmt::Eval(..)
                | Stmt::Fuel(_) => {}
            }
            out.push(s);
        }
        *b = out;
    }

    /// What is known of a loop's index in its body.
    fn index(&mut self, index: Reg, lo: Opnd, hi: Opnd, signed: bool) {
        if !self.fixed[index.index()] {
            return;
        }
        let (first, end) = (self.range_of(lo), self.range_of(hi));
        let natural = u64::MAX >> 1;
        if signed && first.hi > natural {
            return;
        }
        // A signed loop from 0 or more that runs at all ends at a number that is not negative.
        let top = if signed { end.hi.min(natural) } else { end.hi };
        let range = Range {
            lo: first.lo,
            hi: top.saturating_sub(1).max(first.lo),
        };
        self.set_range(index, range);
        if let Opnd::Reg(r) = hi
            && self.fixed[r.index()]
        {
            let least = first.lo.saturating_add(1).min(top);
            self.set_range(r, end.meet(Range { lo: least, hi: top }));
            // Where the loop runs, there is a last index.
            let last = Rv::Bin(Bin::Sub, hi, Opnd::i64(1));
            if let Some(&last) = self.known.get(&last) {
                let (lo, hi) = (least.saturating_sub(1), top.saturating_sub(1));
                let known = self.range[last.index()];
                self.set_range(last, known.meet(Range { lo, hi }));
            }
        }
        let fixed = self.is_fixed(lo) && self.is_fixed(hi);
        self.bounds[index.index()] = fixed.then_some((lo, hi));
    }

    /// Whether an operand is `hi - 1 + lo`, from which an index of `lo..hi` counts back.
    fn is_last(&self, a: Opnd, lo: Opnd, hi: Opnd) -> bool {
        let value = |a: Opnd| a.reg().and_then(|r| self.value[r.index()].as_ref());
        let before = |a: Opnd| match (a.constant(), hi.constant()) {
            (Some(a), Some(hi)) => a == hi.wrapping_sub(1),
            _ => value(a) == Some(&Rv::Bin(Bin::Sub, hi, Opnd::i64(1))),
        };
        if lo == Opnd::i64(0) {
            return before(a);
        }
        if let (Some(a), Some(lo), Some(hi)) = (a.constant(), lo.constant(), hi.constant()) {
            return a == hi.wrapping_sub(1).wrapping_add(lo);
        }
        match value(a) {
            Some(Rv::Bin(Bin::Add, x, y)) => before(*x) && *y == lo || before(*y) && *x == lo,
            _ => false,
        }
    }

    /// What an index of a loop says of a difference that it is in: the loop's bounds if the difference counts back, or else its range.
    fn difference(&mut self, r: Reg, a: Opnd, b: Opnd) {
        let bounds = |x: Opnd| x.reg().and_then(|x| self.bounds[x.index()]);
        if let Some((lo, hi)) = bounds(b)
            && self.is_last(a, lo, hi)
            && let Some(index) = b.reg()
        {
            // The same numbers as the index's own.
            let range = self.range[index.index()];
            self.set_range(r, range);
            self.bounds[r.index()] = Some((lo, hi));
        } else if let Some((lo, _)) = bounds(a)
            && b == lo
        {
            let (x, y) = (self.range_of(a), self.range_of(b));
            let top = x.hi.saturating_sub(y.lo);
            let known = self.range[r.index()];
            self.set_range(r, known.meet(Range { lo: 0, hi: top }));
        }
    }

    /// An integer that was added and taken away again is nothing.
    fn cancelled(&self, rv: Rv) -> Rv {
        let Rv::Bin(op @ (Bin::Add | Bin::Sub), a, b) = rv else {
            return rv;
        };
        let ty = a.ty(self.regs);
        if ty.is_float() {
            return rv;
        }
        if op == Bin::Sub && a == b {
            return Rv::Copy(fold::constant(ty, 0));
        }
        let value = |x: Opnd| match x.reg().and_then(|r| self.value[r.index()].as_ref()) {
            Some(&Rv::Bin(op, p, q)) => Some((op, p, q)),
            _ => None,
        };
        let left = match (op, value(a), value(b)) {
            (Bin::Sub, Some((Bin::Add, p, q)), _) if q == b => p,
            (Bin::Sub, Some((Bin::Add, p, q)), _) if p == b => q,
            (Bin::Add, Some((Bin::Sub, p, q)), _) if q == b => p,
            (Bin::Add, _, Some((Bin::Sub, p, q))) if q == a => p,
            (Bin::Sub, _, Some((Bin::Sub, p, q))) if p == a => q,
            _ => return rv,
        };
        Rv::Copy(left)
    }

    /// The right-hand side, simpler; what it says of the register is noted.
    fn set(&mut self, r: Reg, rv: Rv) -> Rv {
        let rv = self.decided(self.cancelled(fold::fold(rv)));
        if !self.fixed[r.index()] {
            return rv;
        }
        if let Rv::Copy(a) = rv {
            if self.is_fixed(a) {
                self.set_same(r, a);
            }
            return rv;
        }
        let mut stable = !matches!(rv, Rv::Load(..));
        rv.operands(&mut |a| stable &= self.is_fixed(a));
        if !stable {
            return rv;
        }
        if let Some(&q) = self.known.get(&rv) {
            self.set_same(r, q.into());
            return Rv::Copy(q.into());
        }
        let ty = self.regs[r];
        if !ty.is_float() && ty != Ty::Ptr {
            let range = ranges::of(&rv, ty, |a| self.range_of(a), |a| a.ty(self.regs));
            self.set_range(r, range);
            if let Rv::Bin(Bin::Sub, a, b) = rv {
                self.difference(r, a, b);
            }
        }
        self.known.insert(rv.clone(), r);
        self.undo.push(Undo::Known(rv.clone()));
        self.value[r.index()] = Some(rv.clone());
        rv
    }

    /// A condition that is decided by what is known of its operands.
    fn decided(&self, rv: Rv) -> Rv {
        let Rv::Cmp(op, a, b) = rv else { return rv };
        let ty = a.ty(self.regs);
        if ty.is_float() || ty == Ty::Ptr {
            return rv;
        }
        if let Some(truth) = ranges::decide(op, ty, self.range_of(a), self.range_of(b)) {
            return Rv::Copy(Opnd::bool(truth));
        }
        let under = |x: Opnd, y: Opnd| {
            let bounds = x.reg().and_then(|r| self.bounds[r.index()]);
            bounds.is_some_and(|(_, hi)| hi == y)
        };
        let from = |x: Opnd, y: Opnd| {
            let bounds = x.reg().and_then(|r| self.bounds[r.index()]);
            bounds.is_some_and(|(lo, _)| lo == y)
        };
        // Of a signed loop this is so because its index and its end are not negative.
        let natural = |x: Opnd| self.range_of(x).hi <= u64::MAX >> 1;
        match op {
            Cmp::ULt | Cmp::ULe | Cmp::Ne if under(a, b) => Rv::Copy(Opnd::bool(true)),
            Cmp::UGe | Cmp::UGt | Cmp::Eq if under(a, b) => Rv::Copy(Opnd::bool(false)),
            Cmp::ULt | Cmp::USubOv if from(a, b) && natural(a) && natural(b) => {
                Rv::Copy(Opnd::bool(false))
            }
            Cmp::SLt | Cmp::SLe if under(a, b) && natural(b) => Rv::Copy(Opnd::bool(true)),
            Cmp::SGe | Cmp::SGt if under(a, b) && natural(b) => Rv::Copy(Opnd::bool(false)),
            _ => rv,
        }
    }

    /// Notes that a truth value is known here.
    fn holds(&mut self, c: Opnd, truth: bool) {
        let mut todo = vec![(c, truth)];
        while let Some((c, truth)) = todo.pop() {
            let Opnd::Reg(r) = c else { continue };
            if !self.fixed[r.index()] {
                continue;
            }
            self.set_same(r, Opnd::bool(truth));
            match self.value[r.index()] {
                Some(Rv::Bin(Bin::And, a, b)) if truth => todo.extend([(a, true), (b, true)]),
                Some(Rv::Bin(Bin::Or, a, b)) if !truth => todo.extend([(a, false), (b, false)]),
                Some(Rv::Bin(Bin::Xor, a, b)) if b == Opnd::bool(true) => todo.push((a, !truth)),
                Some(Rv::Cmp(op, a, b)) => {
                    let op = if truth {
                        Some(op)
                    } else {
                        ranges::opposite(op)
                    };
                    if let Some(op) = op {
                        self.compare(op, a, b);
                    }
                }
                _ => {}
            }
        }
    }

    fn compare(&mut self, op: Cmp, a: Opnd, b: Opnd) {
        let ty = a.ty(self.regs);
        if ty.is_float() || ty == Ty::Ptr {
            return;
        }
        let (x, y) = (self.range_of(a), self.range_of(b));
        let (p, q) = ranges::implied(op, ty, x, y);
        for (o, known, more) in [(a, x, p), (b, y, q)] {
            if let Opnd::Reg(r) = o
                && self.fixed[r.index()]
                && known.meet(more) != known
            {
                self.set_range(r, known.meet(more));
            }
        }
    }
}
