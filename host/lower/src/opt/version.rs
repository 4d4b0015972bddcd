//! Counted loops in two versions: one without the checks that can be decided before the loop, and the original.
//!
//! ```text
//! for i in lo..hi { check(i < n); s += a[i] }
//!     becomes
//! if (lo or hi - 1 would fail) { for i in lo..hi { check(i < n); s += a[i] } } else { for i in lo..hi { s += a[i] } }
//! ```
//!
//! A check is decided before the loop if what it compares is affine in the index: sums, differences and products with invariants of the
//! index and of registers that every iteration changes by an invariant amount. Such a value is monotone, so what holds for the first and
//! the last iteration holds between them, as long as nothing wraps: the test before the loop computes both ends with signed overflow
//! tests of its own on every operation, and asks that operands of unsigned comparisons are not negative. If the test fails the original
//! loop runs, and traps where and as it should.
//!
//! The version without checks runs at least once, so what does not change in it is computed before it, loads too. A load of an array that
//! the loop does not store into is such a value: arrays are values, so no store into one is seen through another.
//!
//! Only checks that every iteration reaches are looked at (not those in a branch). The original is copied once per loop: code grows by
//! the depth of nesting at most.

use crate::lir::{Bin, Block, Cmp, Function, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use std::collections::{HashMap, HashSet};

/// How deep an affine expression may be.
const DEPTH: usize = 40;

/// Makes versions of the loops of a function.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    let mut all = Occurrences::default();
    all.block(&body);
    for &a in &f.results {
        all.operand(a);
    }
    for &p in &f.params {
        all.operand(p.into());
    }
    block(&mut body, &mut f.regs, &all);
    f.body = body;
}

/// How often each register is named.
#[derive(Default)]
struct Occurrences {
    times: HashMap<Reg, u32>,
    set: HashSet<Reg>,
}

impl Occurrences {
    fn operand(&mut self, a: Opnd) {
        if let Opnd::Reg(r) = a {
            *self.times.entry(r).or_default() += 1;
        }
    }
    fn block(&mut self, b: &Block) {
        for s in b {
            s.visit(&mut |s| {
                s.operands(&mut |a| self.operand(a));
                s.results(&mut |r| {
                    self.operand(r.into());
                    self.set.insert(r);
                });
            });
        }
    }
}

/// A copy of a loop, with registers of its own where those of the original are named nowhere else.
fn copy(s: &Stmt, regs: &mut PrimaryMap<Reg, Ty>, all: &Occurrences) -> Stmt {
    let mut here = Occurrences::default();
    here.block(&vec![s.clone()]);
    let mut names: HashMap<Reg, Reg> = HashMap::new();
    let mut own: Vec<Reg> = here
        .set
        .iter()
        .copied()
        .filter(|r| here.times.get(r) == all.times.get(r))
        .collect();
    own.sort();
    for r in own {
        let ty = regs[r];
        names.insert(r, regs.push(ty));
    }
    let mut s = s.clone();
    rename(&mut s, &names);
    s
}

fn rename(s: &mut Stmt, names: &HashMap<Reg, Reg>) {
    let new = |r: &mut Reg| {
        if let Some(n) = names.get(r) {
            *r = *n;
        }
    };
    s.operands_mut(&mut |a| {
        if let Opnd::Reg(r) = a {
            new(r);
        }
    });
    s.results_mut(&mut |r| new(r));
    for b in s.blocks_mut() {
        for s in b {
            rename(s, names);
        }
    }
}

fn block(b: &mut Block, regs: &mut PrimaryMap<Reg, Ty>, all: &Occurrences) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        let plan = match &s {
            Stmt::For { .. } => plan(&s, regs),
            _ => None,
        };
        let Some(mut plan) = plan else {
            for inner in s.blocks_mut() {
                block(inner, regs, all);
            }
            out.push(s);
            continue;
        };
        let slow = copy(&s, regs, all);
        let mut fast = Block::new();
        if let Stmt::For {
            index, body, hint, ..
        } = &mut s
        {
            let mut k = 0;
            body.retain(|_| {
                k += 1;
                !plan.decided.contains(&(k - 1))
            });
            fast = hoist(body, *index);
            hint.parallel |= parallel(body, &plan.varying);
            block(body, regs, all);
        }
        fast.push(s);
        out.append(&mut plan.before);
        out.push(Stmt::If(plan.bad, vec![slow], fast));
    }
    *b = out;
}

/// Takes the statements out of a loop's body that set a register, by nothing that the loop changes, to the same in each iteration. The loop
/// runs at least once.
fn hoist(body: &mut Block, index: Reg) -> Block {
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
                        stored.insert(addr.base);
                    }
                    // What these write is not told by an address.
                    Stmt::Rt(_, args, _, _) => stored.extend(args),
                    Stmt::Retain(a) | Stmt::Release(a) => {
                        stored.insert(*a);
                    }
                    Stmt::Unique { buf, data, .. } => {
                        stored.insert((*buf).into());
                        stored.insert((*data).into());
                    }
                    Stmt::Call(..) | Stmt::Eval(..) => opaque = true,
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
                    !opaque && !stored.contains(&addr.base) && guard.is_none_or(|g| k < g)
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

/// Whether iterations are independent: each stores at places of its own and reads an array that is stored into only at that place.
/// `varying` are the registers that are affine in the index and not constant.
fn parallel(body: &Block, varying: &HashSet<Reg>) -> bool {
    let mut sets: HashSet<Reg> = HashSet::new();
    let mut stores: HashMap<Opnd, crate::lir::Addr> = HashMap::new();
    let mut loads: Vec<crate::lir::Addr> = Vec::new();
    for s in body {
        match s {
            Stmt::Set(r, rv) => {
                let mut carried = false;
                rv.operands(&mut |a| carried |= a.reg().is_some_and(|x| x == *r));
                if carried || !sets.insert(*r) {
                    return false;
                }
                if let Rv::Load(_, addr) = rv {
                    loads.push(*addr);
                }
            }
            Stmt::Store(_, addr, _) => {
                let own = addr
                    .index
                    .is_some_and(|(i, _)| i.reg().is_some_and(|i| varying.contains(&i)));
                if !own || stores.insert(addr.base, *addr).is_some_and(|a| a != *addr) {
                    return false;
                }
            }
            Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Call(..)
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => return false,
        }
    }
    // Every register read was set before in the same iteration or is not set in the loop at all.
    let mut seen: HashSet<Reg> = HashSet::new();
    for s in body {
        let mut carried = false;
        s.operands(&mut |a| {
            carried |= a
                .reg()
                .is_some_and(|r| sets.contains(&r) && !seen.contains(&r));
        });
        if carried {
            return false;
        }
        s.results(&mut |r| {
            seen.insert(r);
        });
    }
    !stores.is_empty()
        && stores
            .keys()
            .all(|b| b.reg().is_some_and(|r| !sets.contains(&r)))
        && loads.iter().all(|l| {
            l.base.reg().is_some_and(|r| !sets.contains(&r))
                && stores.get(&l.base).is_none_or(|s| s == l)
        })
}

/// Where a register is set and read in a loop's body.
#[derive(Default)]
struct Uses {
    sets: u32,
    /// The position in the body of the one set, if it is not nested.
    at: Option<usize>,
    /// The position of the first statement that reads it, itself or in a block.
    read: Option<usize>,
}

/// How a loop gets a version without checks.
struct Plan {
    /// What is computed before it.
    before: Block,
    /// Whether it needs the checks, or does not run at all.
    bad: Opnd,
    /// The positions of the checks that are decided.
    decided: Vec<usize>,
    /// Registers that have another value in each iteration.
    varying: HashSet<Reg>,
}

fn plan(s: &Stmt, regs: &mut PrimaryMap<Reg, Ty>) -> Option<Plan> {
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
    if !body.iter().any(|s| matches!(s, Stmt::Check(..))) {
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
    if decided.is_empty() {
        return None;
    }
    p.flag_if(if *signed { Cmp::SGe } else { Cmp::UGe }, *lo, *hi);
    // Sums of the index and what does not change differ in each iteration.
    let mut varying = HashSet::from([*index]);
    for s in body {
        if let Stmt::Set(r, Rv::Bin(Bin::Add | Bin::Sub, a, b)) = s
            && p.uses.get(r).is_some_and(|u| u.sets == 1)
        {
            let moves = |x: &Opnd| x.reg().is_some_and(|x| varying.contains(&x));
            if (moves(a) && p.invariant(*b)) || (moves(b) && p.invariant(*a)) {
                varying.insert(*r);
            }
        }
    }
    let Planner { out, bad, .. } = p;
    Some(Plan {
        before: out,
        bad,
        decided,
        varying,
    })
}

/// Computes what the first and the last iteration would, before the loop.
struct Planner<'a> {
    regs: &'a mut PrimaryMap<Reg, Ty>,
    body: &'a Block,
    uses: HashMap<Reg, Uses>,
    index: Reg,
    out: Block,
    /// Whether something would fail or wrap.
    bad: Opnd,
    /// Which end is computed.
    first: bool,
    ends: [Opnd; 2],
    /// The last index less the first.
    steps: Opnd,
    memo: HashMap<(Reg, bool), Opnd>,
    /// Operands known not to be negative if nothing is bad.
    zero: HashMap<Opnd, ()>,
}

impl Planner<'_> {
    fn set(&mut self, rv: Rv) -> Opnd {
        let ty = rv.ty(self.regs);
        let r = self.regs.push(ty);
        self.out.push(Stmt::Set(r, rv));
        r.into()
    }
    fn flag(&mut self, cond: Opnd) {
        self.bad = if self.bad == Opnd::bool(false) {
            cond
        } else {
            self.set(Rv::Bin(Bin::Or, self.bad, cond))
        };
    }
    fn flag_if(&mut self, op: Cmp, a: Opnd, b: Opnd) {
        let c = self.set(Rv::Cmp(op, a, b));
        self.flag(c);
    }
    fn not_negative(&mut self, a: Opnd) {
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
    fn exact(&mut self, op: Bin, a: Opnd, b: Opnd) -> Opnd {
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
    fn invariant(&self, a: Opnd) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lir::{Addr, Hint, Site};

    /// `for i in lo..hi { t = i * d + j; check(overflow); check(t >= n); s = load; j = j + 1 }`
    fn example() -> Function {
        let mut regs = PrimaryMap::new();
        let p: Vec<Reg> = [Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::Ptr]
            .map(|t| regs.push(t))
            .to_vec();
        let [index, m, over, t, out, j, j2] =
            [Ty::I64, Ty::I64, Ty::I8, Ty::I64, Ty::I8, Ty::I64, Ty::I64].map(|t| regs.push(t));
        let x = regs.push(Ty::F64);
        let body = vec![
            Stmt::Set(m, Rv::Bin(Bin::Mul, index.into(), p[2].into())),
            Stmt::Set(over, Rv::Cmp(Cmp::UMulOv, index.into(), p[2].into())),
            Stmt::Check(over.into(), Site(0), vec![]),
            Stmt::Set(t, Rv::Bin(Bin::Add, m.into(), j.into())),
            Stmt::Set(out, Rv::Cmp(Cmp::UGe, t.into(), p[3].into())),
            Stmt::Check(out.into(), Site(1), vec![t.into(), p[3].into()]),
            Stmt::Set(x, Rv::Load(Ty::F64, Addr::at(p[4], t, 8))),
            Stmt::Set(j2, Rv::Bin(Bin::Add, j.into(), Opnd::i64(1))),
            Stmt::Set(j, Rv::Copy(j2.into())),
        ];
        Function {
            name: "f".into(),
            regs,
            params: p.clone(),
            results: vec![],
            result_types: vec![],
            body: vec![
                Stmt::Set(j, Rv::Copy(Opnd::i64(0))),
                Stmt::For {
                    index,
                    lo: p[0].into(),
                    hi: p[1].into(),
                    signed: false,
                    body,
                    hint: Hint::default(),
                },
            ],
            recursive: None,
        }
    }

    #[test]
    fn affine_checks_leave_one_version_and_stay_in_the_other() {
        let mut f = example();
        run(&mut f);
        let Some(Stmt::If(_, slow, fast)) = f.body.last() else {
            panic!("two versions")
        };
        let checks = |b: &Block| {
            let mut n = 0;
            for s in b {
                s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Check(..))));
            }
            n
        };
        assert_eq!((checks(slow), checks(fast)), (2, 0));
    }

    #[test]
    fn a_check_of_something_else_stays() {
        let mut f = example();
        // `j` is set twice: no induction any more, so the second check cannot be decided; the first can.
        if let Some(Stmt::For { body, .. }) = f.body.last_mut() {
            let again = body[8].clone();
            body.push(again);
        }
        run(&mut f);
        let Some(Stmt::If(_, _, fast)) = f.body.last() else {
            panic!("two versions")
        };
        let mut n = 0;
        for s in fast {
            s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Check(..))));
        }
        assert_eq!(n, 1);
    }
}
