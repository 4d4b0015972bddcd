//! Which checks of a loop can be decided before it, and the tests that decide them.
//!
//! What is compared must be affine in the index; [`plan`] computes what the first and the last iteration would compare.

use crate::lir::{Bin, Block, Cmp, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::HashMap;

/// How deep an affine expression may be.
pub(super) const DEPTH: usize = 40;

/// Where a register is set and read in a loop's body.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) sets: u32,
    /// The position in the body of the one set, if it is not nested.
    pub(super) at: Option<usize>,
    /// The position of the first statement that reads it, itself or in a block.
    pub(super) read: Option<usize>,
}

/// How a loop gets a version without checks.
pub(super) struct Plan {
    /// What is computed before it.
    pub(super) before: Block,
    /// Whether it needs the checks, or does not run at all.
    pub(super) bad: Opnd,
    /// The positions of the checks that are decided.
    pub(super) decided: Vec<usize>,
    /// The same in loops of the body, by their positions.
    pub(super) nested: Vec<(usize, Vec<usize>)>,
}

/// How a loop gets a version without checks, if it has one that can be decided before it.
pub(super) fn plan(s: &Stmt, regs: &mut PrimaryMap<Reg, Ty>) -> Option<Plan> {
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
    let has_checks = |b: &Block| b.iter().any(|s| matches!(s, Stmt::Check(..)));
    let inner = |s: &Stmt| matches!(s, Stmt::For { body, .. } if has_checks(body));
    if !has_checks(body) && !body.iter().any(inner) {
        return None;
    }
    let mut uses: HashMap<Reg, Uses> = HashMap::new();
    for (k, s) in body.iter().enumerate() {
        s.visit(&mut |inner| {
            inner.operands(&mut |a| {
                if let Opnd::Reg(r) = a {
                    uses.entry(r).or_default().read.get_or_insert(k);
                }
            });
            let nested = !std::ptr::eq(inner, s);
            inner.results(&mut |r| {
                let u = uses.entry(r).or_default();
                u.sets += 1;
                u.at = (u.sets == 1 && !nested).then_some(k);
            });
        });
    }
    // Limits that the body changes are none.
    let fixed = |a: Opnd| {
        a.reg()
            .is_none_or(|r| uses.get(&r).is_none_or(|u| u.sets == 0))
    };
    if !fixed(*lo) || !fixed(*hi) {
        return None;
    }
    let mut p = Planner {
        regs,
        body,
        uses,
        index: *index,
        out: Block::new(),
        bad: Opnd::bool(false),
        first: true,
        ends: [*lo, *lo],
        steps: Opnd::i64(0),
        memo: HashMap::new(),
        zero: HashMap::new(),
    };
    let last = p.set(Rv::Bin(Bin::Sub, *hi, Opnd::i64(1)));
    p.ends[1] = last;
    p.steps = p.exact(Bin::Sub, last, *lo);
    p.not_negative(*lo);
    p.not_negative(last);
    let decided: Vec<usize> = (0..body.len())
        .filter(|&k| match &body[k] {
            Stmt::Check(bad, ..) => p.decide(*bad, k),
            _ => false,
        })
        .collect();
    let nested: Vec<(usize, Vec<usize>)> = (0..body.len())
        .map(|k| (k, p.nested(k)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    if decided.is_empty() && nested.is_empty() {
        return None;
    }
    p.flag_if(if *signed { Cmp::SGe } else { Cmp::UGe }, *lo, *hi);
    let Planner { out, bad, .. } = p;
    Some(Plan {
        before: out,
        bad,
        decided,
        nested,
    })
}

/// Computes what the first and the last iteration would, before the loop.
pub(super) struct Planner<'a> {
    pub(super) regs: &'a mut PrimaryMap<Reg, Ty>,
    pub(super) body: &'a Block,
    pub(super) uses: HashMap<Reg, Uses>,
    pub(super) index: Reg,
    out: Block,
    /// Whether something would fail or wrap.
    bad: Opnd,
    /// Which end is computed.
    first: bool,
    pub(super) ends: [Opnd; 2],
    /// The last index less the first.
    pub(super) steps: Opnd,
    memo: HashMap<(Reg, bool), Opnd>,
    /// Operands known not to be negative if nothing is bad.
    zero: HashMap<Opnd, ()>,
}

impl Planner<'_> {
    pub(super) fn set(&mut self, rv: Rv) -> Opnd {
        let ty = rv.ty(self.regs);
        let r = self.regs.push(ty);
        self.out.push(Stmt::Set(r, rv));
        r.into()
    }
    pub(super) fn flag(&mut self, cond: Opnd) {
        self.bad = if self.bad == Opnd::bool(false) {
            cond
        } else {
            self.set(Rv::Bin(Bin::Or, self.bad, cond))
        };
    }
    pub(super) fn flag_if(&mut self, op: Cmp, a: Opnd, b: Opnd) {
        let c = self.set(Rv::Cmp(op, a, b));
        self.flag(c);
    }
    pub(super) fn not_negative(&mut self, a: Opnd) {
        match a.constant() {
            Some(v) if v.cast_signed() >= 0 => {}
            Some(_) => self.flag(Opnd::bool(true)),
            None => {
                if self.zero.insert(a, ()).is_none() {
                    self.flag_if(Cmp::SLt, a, Opnd::i64(0));
                }
            }
        }
    }
    /// A signed operation that is flagged if it does not fit.
    pub(super) fn exact(&mut self, op: Bin, a: Opnd, b: Opnd) -> Opnd {
        let (Some(x), Some(y)) = (a.constant(), b.constant()) else {
            match (op, a.constant(), b.constant()) {
                (Bin::Add | Bin::Sub, _, Some(0)) | (Bin::Mul, _, Some(1)) => return a,
                (Bin::Add, Some(0), _) | (Bin::Mul, Some(1), _) => return b,
                _ => {}
            }
            let over = match op {
                Bin::Add => Cmp::SAddOv,
                Bin::Sub => Cmp::SSubOv,
                _ => Cmp::SMulOv,
            };
            self.flag_if(over, a, b);
            return self.set(Rv::Bin(op, a, b));
        };
        let (x, y) = (x.cast_signed(), y.cast_signed());
        let (v, over) = match op {
            Bin::Add => x.overflowing_add(y),
            Bin::Sub => x.overflowing_sub(y),
            _ => x.overflowing_mul(y),
        };
        if over {
            self.flag(Opnd::bool(true));
        }
        Opnd::i64(v.cast_unsigned())
    }

    /// Adds the test of a check at position `k` to what is computed before the loop; false if it cannot be decided there.
    fn decide(&mut self, bad: Opnd, k: usize) -> bool {
        let Some(tests) = self.comparisons(bad, k, 0) else {
            return false;
        };
        // All must be affine before anything is emitted for one of them.
        if !tests.iter().all(|&(_, a, b, at)| {
            self.affine(a, at, 0).is_some() && self.affine(b, at, 0).is_some()
        }) {
            return false;
        }
        if !tests
            .iter()
            .all(|&(op, a, b, at)| self.decidable(op, a, b, at))
        {
            return false;
        }
        for first in [true, false] {
            self.first = first;
            for &(op, a, b, at) in &tests {
                let (a, b) = (self.value(a, at), self.value(b, at));
                self.test(op, a, b);
            }
        }
        true
    }
    /// Whether the test of both ends says all about a comparison of affine operands.
    fn decidable(&self, op: Cmp, a: Opnd, b: Opnd, at: usize) -> bool {
        let invariant = |x| self.affine(x, at, 0) == Some(false);
        match op {
            Cmp::UMulOv | Cmp::SMulOv => invariant(a) || invariant(b),
            Cmp::UGe
            | Cmp::UGt
            | Cmp::ULt
            | Cmp::ULe
            | Cmp::SGe
            | Cmp::SGt
            | Cmp::SLt
            | Cmp::SLe
            | Cmp::UAddOv
            | Cmp::USubOv
            | Cmp::SAddOv
            | Cmp::SSubOv => true,
            Cmp::Eq if b == Opnd::i64(0) => true,
            Cmp::Eq | Cmp::Ne => invariant(a) && invariant(b),
            Cmp::FEq | Cmp::FNe | Cmp::FLt | Cmp::FLe | Cmp::FGt | Cmp::FGe => false,
        }
    }
    fn test(&mut self, op: Cmp, a: Opnd, b: Opnd) {
        match op {
            Cmp::UGe | Cmp::UGt | Cmp::ULt | Cmp::ULe => {
                self.not_negative(a);
                self.not_negative(b);
                self.flag_if(op, a, b);
            }
            // A number that is positive at both ends is never zero.
            Cmp::Eq if b == Opnd::i64(0) => self.flag_if(Cmp::SLe, a, b),
            Cmp::SGe | Cmp::SGt | Cmp::SLt | Cmp::SLe | Cmp::Eq | Cmp::Ne => {
                self.flag_if(op, a, b);
            }
            // An unsigned sum or product of numbers that are not negative fits if it fits as a signed one.
            Cmp::UAddOv | Cmp::UMulOv => {
                self.not_negative(a);
                self.not_negative(b);
                let op = if op == Cmp::UAddOv {
                    Bin::Add
                } else {
                    Bin::Mul
                };
                self.exact(op, a, b);
            }
            Cmp::USubOv => {
                self.not_negative(a);
                self.not_negative(b);
                self.flag_if(Cmp::ULt, a, b);
            }
            Cmp::SAddOv => {
                self.exact(Bin::Add, a, b);
            }
            Cmp::SSubOv => {
                self.exact(Bin::Sub, a, b);
            }
            Cmp::SMulOv => {
                self.exact(Bin::Mul, a, b);
            }
            Cmp::FEq | Cmp::FNe | Cmp::FLt | Cmp::FLe | Cmp::FGt | Cmp::FGe => {
                self.flag(Opnd::bool(true));
            }
        }
    }
    /// The comparisons of 64-bit integers that a condition read at position `k` is the disjunction of.
    fn comparisons(
        &self,
        a: Opnd,
        k: usize,
        depth: usize,
    ) -> Option<Vec<(Cmp, Opnd, Opnd, usize)>> {
        if depth > DEPTH {
            return None;
        }
        let (rv, at) = self.temporary(a.reg()?, k)?;
        match *rv {
            Rv::Cmp(op, x, y) => (x.ty(self.regs) == Ty::I64).then(|| vec![(op, x, y, at)]),
            Rv::Bin(Bin::Or, x, y) => {
                let mut all = self.comparisons(x, at, depth + 1)?;
                all.extend(self.comparisons(y, at, depth + 1)?);
                Some(all)
            }
            Rv::Copy(x) => self.comparisons(x, at, depth + 1),
            Rv::Un(..)
            | Rv::Bin(..)
            | Rv::Fma(..)
            | Rv::Select(..)
            | Rv::Cvt(..)
            | Rv::Load(..)
            | Rv::Lea(_)
            | Rv::Const(_) => None,
        }
    }
    /// What a register that is read at position `k` was set to in the same iteration, and where; only if it is set once.
    fn temporary(&self, r: Reg, k: usize) -> Option<(&Rv, usize)> {
        let u = self.uses.get(&r)?;
        let at = u.at.filter(|_| u.sets == 1)?;
        let Stmt::Set(_, rv) = &self.body[at] else {
            return None;
        };
        let mut own = false;
        rv.operands(&mut |a| own |= a == Opnd::Reg(r));
        (!own && at < k && u.read.is_none_or(|read| read > at)).then_some((rv, at))
    }
    /// The amount by which each iteration changes a register, which every read up to position `k` sees before the change.
    fn step(&self, r: Reg, k: usize) -> Option<(Bin, Opnd)> {
        let u = self.uses.get(&r)?;
        let at = u.at.filter(|_| u.sets == 1)?;
        let Stmt::Set(_, rv) = &self.body[at] else {
            return None;
        };
        let mut rv = rv;
        if k > at {
            return None;
        }
        if let Rv::Copy(Opnd::Reg(t)) = rv {
            rv = self.temporary(*t, at)?.0;
        }
        match *rv {
            Rv::Bin(Bin::Add, Opnd::Reg(x), c) if x == r && self.invariant(c) => {
                Some((Bin::Add, c))
            }
            Rv::Bin(Bin::Add, c, Opnd::Reg(x)) if x == r && self.invariant(c) => {
                Some((Bin::Add, c))
            }
            Rv::Bin(Bin::Sub, Opnd::Reg(x), c) if x == r && self.invariant(c) => {
                Some((Bin::Sub, c))
            }
            _ => None,
        }
    }
    pub(super) fn invariant(&self, a: Opnd) -> bool {
        match a {
            Opnd::Const(..) => true,
            Opnd::Reg(r) => r != self.index && self.uses.get(&r).is_none_or(|u| u.sets == 0),
        }
    }
    /// Whether an operand read at position `k` is affine in the index, and if so whether it varies.
    fn affine(&self, a: Opnd, k: usize, depth: usize) -> Option<bool> {
        if depth > DEPTH || a.ty(self.regs) != Ty::I64 {
            return None;
        }
        let r = match a {
            Opnd::Const(..) => return Some(false),
            Opnd::Reg(r) if r == self.index => return Some(true),
            Opnd::Reg(r) => r,
        };
        if self.invariant(a) {
            return Some(false);
        }
        if self.step(r, k).is_some() {
            return Some(true);
        }
        let (rv, at) = self.temporary(r, k)?;
        match *rv {
            Rv::Copy(x) => self.affine(x, at, depth + 1),
            Rv::Bin(Bin::Add | Bin::Sub, x, y) => {
                Some(self.affine(x, at, depth + 1)? | self.affine(y, at, depth + 1)?)
            }
            Rv::Bin(Bin::Mul, x, y) => {
                let (x, y) = (
                    self.affine(x, at, depth + 1)?,
                    self.affine(y, at, depth + 1)?,
                );
                (!(x && y)).then_some(x | y)
            }
            Rv::Un(..)
            | Rv::Bin(..)
            | Rv::Cmp(..)
            | Rv::Fma(..)
            | Rv::Select(..)
            | Rv::Cvt(..)
            | Rv::Load(..)
            | Rv::Lea(_)
            | Rv::Const(_) => None,
        }
    }
    /// The value of an affine operand at the end that is computed.
    fn value(&mut self, a: Opnd, k: usize) -> Opnd {
        let Opnd::Reg(r) = a else { return a };
        if r == self.index {
            return self.ends[usize::from(!self.first)];
        }
        if self.invariant(a) {
            return a;
        }
        if let Some(&v) = self.memo.get(&(r, self.first)) {
            return v;
        }
        let v = if let Some((op, c)) = self.step(r, k) {
            if self.first {
                a
            } else {
                let d = self.exact(Bin::Mul, c, self.steps);
                self.exact(op, a, d)
            }
        } else if let Some((rv, at)) = self.temporary(r, k).map(|(rv, at)| (rv.clone(), at)) {
            match rv {
                Rv::Copy(x) => self.value(x, at),
                Rv::Bin(op, x, y) => {
                    let (x, y) = (self.value(x, at), self.value(y, at));
                    self.exact(op, x, y)
                }
                // `affine` says that there is nothing else.
                _ => a,
            }
        } else {
            a
        };
        self.memo.insert((r, self.first), v);
        v
    }
}
