//! Work that may run on several threads, taken out into functions of its own.
//!
//! ```text
//! for i in lo..hi { b[i] = f(a[i]) }
//!     becomes, where that is much work,
//! if hi - lo >= limit { split g(a, b) lo..hi } else { for i in lo..hi { b[i] = f(a[i]) } }
//! g(a, b, lo, hi) { for i in lo..hi { b[i] = f(a[i]) } }
//! ```
//!
//! A loop can be split if its iterations are independent ([`nature`] and the lowering say so, and [`places`] of loops with loops in them) and
//!
//! * what it sets is not read after it, but for sums whose order is free: each range has sums of its own, which [`Stmt::Split`] adds up;
//! * it sets each register before it reads it, in every iteration;
//! * it leaves counts of references alone, as these are not atomic: no allocation, no reference taken or given up, no calls.
//!
//! It may trap, and contain other loops. Products of matrices and functions of arrays are split as well ([`kernels`]).
//!
//! The limit keeps small loops as they are: they pay a comparison. Functions made here are not looked at again, so what is split is never
//! split once more within.

mod kernels;
mod places;

use super::fold::fold;
use super::names::rename;
use super::nature;
use crate::lir::{
    Bin, Block, Cmp, Cvt, FnId, Function, Opnd, Program, Reg, RtFn, Rv, Stmt, Ty, Un,
};
use cotangent_core::entity::{Entity, PrimaryMap};
use hashbrown::{HashMap, HashSet};
use places::{Places, Test};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// Work, in simple operations, from which a loop is worth several threads.
const MUCH: u64 = 200_000;

/// Whether all loops that can be are split, much work or not.
static ALL: AtomicBool = AtomicBool::new(false);

/// Splits all loops that can be in what is lowered from now on, however short: for tests.
pub fn split_all(on: bool) {
    ALL.store(on, Ordering::Relaxed);
}

/// Work from which a loop is split.
fn much() -> u64 {
    if ALL.load(Ordering::Relaxed) { 1 } else { MUCH }
}

/// Statements of a loop that is not copied.
const LARGE: usize = 300;

/// Runs the pass.
pub(super) fn run(p: &mut Program) {
    let ids: Vec<FnId> = p.funcs.keys().collect();
    for id in ids {
        let f = &mut p.funcs[id];
        let mut reads = HashMap::new();
        count_reads(&f.body, &mut reads);
        for a in &f.results {
            read(*a, &mut reads);
        }
        let roots = nature::addresses(f);
        let mut body = std::mem::take(&mut f.body);
        let mut pass = Pass {
            name: f.name.clone(),
            regs: std::mem::take(&mut f.regs),
            reads,
            roots,
            next: p.funcs.len(),
            made: Vec::new(),
        };
        pass.block(&mut body);
        let f = &mut p.funcs[id];
        (f.body, f.regs) = (body, pass.regs);
        for f in pass.made {
            p.funcs.push(f);
        }
    }
}

fn read(a: Opnd, reads: &mut HashMap<Reg, u32>) {
    if let Opnd::Reg(r) = a {
        *reads.entry(r).or_default() += 1;
    }
}

fn count_reads(b: &Block, reads: &mut HashMap<Reg, u32>) {
    for s in b {
        s.visit(&mut |s| s.operands(&mut |a| read(a, reads)));
    }
}

struct Pass {
    name: String,
    regs: PrimaryMap<Reg, Ty>,
    /// How often the function reads each register.
    reads: HashMap<Reg, u32>,
    /// From which addresses others are computed.
    roots: HashMap<Reg, Reg>,
    /// The number of the next function, and those made so far.
    next: usize,
    made: Vec<Function>,
}

impl Pass {
    fn block(&mut self, b: &mut Block) {
        let mut out = Block::with_capacity(b.len());
        for s in std::mem::take(b) {
            self.stmt(s, &mut out);
        }
        *b = out;
    }
    fn stmt(&mut self, mut s: Stmt, out: &mut Block) {
        let split = match &s {
            Stmt::For { .. } => self.looped(&s, out),
            Stmt::Rt(f, args, _, _) => kernels::split(self, *f, args, out),
            Stmt::Set(..)
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => None,
        };
        if let Stmt::If(_, checked, other) = &mut s
            && matches!(checked[..], [Stmt::For { .. }])
            && matches!(other.last(), Some(Stmt::For { .. }))
        {
            // Two versions of a loop: the first runs to trap.
            self.block(other);
        } else {
            for inner in s.blocks_mut() {
                self.block(inner);
            }
        }
        out.push(match split {
            None => s,
            Some((Opnd::Const(..), split)) => split,
            Some((much, split)) => Stmt::If(much, vec![split], vec![s]),
        });
    }
    /// A loop as a split, and whether it is much work; `None` if it stays.
    fn looped(&mut self, s: &Stmt, out: &mut Block) -> Option<(Opnd, Stmt)> {
        let Stmt::For {
            index,
            lo,
            hi,
            signed,
            body,
            hint,
        } = s
        else {
            return None;
        };
        if !is_plain(body) || size(body) > LARGE {
            return None;
        }
        let sums = &hint.reductions;
        let mut sets = HashSet::from([*index]);
        let mut reads = HashMap::new();
        for s in body {
            s.visit(&mut |s| {
                s.results(&mut |r| {
                    sets.insert(r);
                })
            });
        }
        count_reads(body, &mut reads);
        let inside = |r: &Reg| sums.contains(r) || reads.get(r) == self.reads.get(r);
        let mut known = HashSet::from([*index]);
        known.extend(sums);
        if !sets.iter().all(inside)
            || !sums.iter().all(|&r| self.regs[r].is_float())
            || !sets_first(body, &sets, &mut known)
        {
            return None;
        }
        let from = lo.constant().map(|c| c as i64);
        let tests = if hint.parallel {
            Vec::new()
        } else if !sums.is_empty() || (*signed && from.is_none_or(|c| c < 0)) {
            return None;
        } else {
            Places::tests(body, *index, &sets, &self.roots)?
        };
        let work = self.work(body, &sets, out);
        let n = self.set(Rv::Bin(Bin::Sub, *hi, *lo), out);
        let mut much = self.much(n, work, out);
        if *signed || from != Some(0) {
            let op = if *signed { Cmp::SLt } else { Cmp::ULt };
            let any = self.set(Rv::Cmp(op, *lo, *hi), out);
            much = self.set(Rv::Bin(Bin::And, much, any), out);
        }
        for t in tests {
            match t {
                Test::Fits(c, mut product) => {
                    product.extend(hi.reg());
                    let c = c.checked_mul(hi.constant().unwrap_or(1))?;
                    self.sum(&[(c, product)], &mut much, out);
                }
                Test::AtLeast(a, b) => {
                    let a = self.sum(&a, &mut much, out);
                    let b = self.sum(&b, &mut much, out);
                    let enough = self.set(Rv::Cmp(Cmp::UGe, a, b), out);
                    much = self.set(Rv::Bin(Bin::And, much, enough), out);
                }
            }
        }
        if much.constant() == Some(0) {
            return None;
        }
        let taken: BTreeSet<Reg> = reads
            .keys()
            .copied()
            .filter(|r| !sets.contains(r))
            .collect();
        let taken: Vec<Reg> = taken.into_iter().collect();
        let mut f = Outline::new(self, &taken);
        let names: Vec<Reg> = sets.iter().copied().collect();
        for r in names {
            f.name(self, r);
        }
        let mut inner = body.clone();
        for s in &mut inner {
            rename(s, &f.names);
        }
        let mut hint = hint.clone();
        for r in &mut hint.reductions {
            *r = f.names[r];
        }
        for &r in &hint.reductions {
            let ty = f.regs[r];
            f.body.push(Stmt::Set(r, Rv::Copy(minus_zero(ty))));
        }
        let results = hint.reductions.clone();
        f.body.push(Stmt::For {
            index: f.names[index],
            lo: f.range[0].into(),
            hi: f.range[1].into(),
            signed: *signed,
            body: inner,
            hint,
        });
        let func = f.finish(self, &results);
        let split = Stmt::Split {
            func,
            args: taken.into_iter().map(Opnd::Reg).collect(),
            lo: *lo,
            hi: *hi,
            work,
            sums: sums.clone(),
        };
        Some((much, split))
    }
    /// The sum of products; `good` becomes 0 if anything wraps.
    fn sum(&mut self, terms: &[(u64, Vec<Reg>)], good: &mut Opnd, out: &mut Block) -> Opnd {
        let mut sum = Opnd::i64(0);
        for (c, product) in terms {
            let mut term = Opnd::i64(*c);
            for &r in product {
                self.fits(Cmp::UMulOv, term, r.into(), good, out);
                term = self.set(Rv::Bin(Bin::Mul, term, r.into()), out);
            }
            self.fits(Cmp::UAddOv, sum, term, good, out);
            sum = self.set(Rv::Bin(Bin::Add, sum, term), out);
        }
        sum
    }
    fn fits(&mut self, wraps: Cmp, a: Opnd, b: Opnd, good: &mut Opnd, out: &mut Block) {
        let wraps = self.set(Rv::Cmp(wraps, a, b), out);
        let fits = self.set(Rv::Cmp(Cmp::Eq, wraps, Opnd::bool(false)), out);
        *good = self.set(Rv::Bin(Bin::And, *good, fits), out);
    }
    /// Whether `n` indices are much work.
    fn much(&mut self, n: Opnd, work: Opnd, out: &mut Block) -> Opnd {
        if let Some(work) = work.constant() {
            let limit = Opnd::i64((much() / work.max(1)).max(2));
            return self.set(Rv::Cmp(Cmp::UGe, n, limit), out);
        }
        let [x, y] = [n, work].map(|v| self.set(Rv::Cvt(Cvt::UToF, Ty::F64, v), out));
        let all = self.set(Rv::Bin(Bin::Mul, x, y), out);
        self.set(Rv::Cmp(Cmp::FGe, all, Opnd::f64(much() as f64)), out)
    }
    /// What statements cost, with the lengths of loops in them where these are known before; at least 1.
    fn work(&mut self, b: &Block, sets: &HashSet<Reg>, out: &mut Block) -> Opnd {
        let mut sum = Opnd::i64(1);
        for s in b {
            let own = match s {
                Stmt::For { lo, hi, body, .. }
                    if lo.constant().is_some() && hi.reg().is_some_and(|r| !sets.contains(&r)) =>
                {
                    let one = self.work(body, sets, out);
                    self.set(Rv::Bin(Bin::Mul, *hi, one), out)
                }
                Stmt::If(_, x, y) => {
                    let (x, y) = (self.work(x, sets, out), self.work(y, sets, out));
                    self.set(Rv::Bin(Bin::UMax, x, y), out)
                }
                s => Opnd::i64(cost(std::slice::from_ref(s))),
            };
            sum = self.set(Rv::Bin(Bin::Add, sum, own), out);
        }
        sum
    }
    /// An operand that holds a value, computed if it is not constant.
    fn set(&mut self, rv: Rv, out: &mut Block) -> Opnd {
        match fold(rv) {
            Rv::Copy(a) => a,
            rv => {
                let r = self.regs.push(rv.ty(&self.regs));
                out.push(Stmt::Set(r, rv));
                r.into()
            }
        }
    }
}

/// What changes no sum.
fn minus_zero(ty: Ty) -> Opnd {
    match ty {
        Ty::F32 => Opnd::Const(ty, u64::from((-0.0f32).to_bits())),
        Ty::F64 | Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => {
            Opnd::Const(ty, (-0.0f64).to_bits())
        }
    }
}

/// A function for ranges that is being made.
struct Outline {
    regs: PrimaryMap<Reg, Ty>,
    /// What the registers of the function it is taken from are called here.
    names: HashMap<Reg, Reg>,
    params: Vec<Reg>,
    /// The ends of the range: the last two parameters.
    range: [Reg; 2],
    body: Block,
}

impl Outline {
    /// With parameters for those registers.
    fn new(from: &Pass, taken: &[Reg]) -> Outline {
        let mut regs = PrimaryMap::new();
        let params: Vec<Reg> = taken.iter().map(|&r| regs.push(from.regs[r])).collect();
        let names = taken.iter().copied().zip(params.iter().copied()).collect();
        let range = [Ty::I64; 2].map(|ty| regs.push(ty));
        Outline {
            regs,
            names,
            params: params.into_iter().chain(range).collect(),
            range,
            body: Block::new(),
        }
    }
    /// A register for what a register of the function is here.
    fn name(&mut self, from: &Pass, r: Reg) {
        let new = self.regs.push(from.regs[r]);
        self.names.insert(r, new);
    }
    /// A register set to that.
    fn set(&mut self, rv: Rv) -> Opnd {
        let r = self.regs.push(rv.ty(&self.regs));
        self.body.push(Stmt::Set(r, rv));
        r.into()
    }
    fn finish(self, pass: &mut Pass, results: &[Reg]) -> FnId {
        let f = Function {
            name: format!("{}.range{}", pass.name, pass.made.len()),
            params: self.params,
            results: results.iter().map(|&r| r.into()).collect(),
            result_types: results.iter().map(|&r| self.regs[r]).collect(),
            regs: self.regs,
            body: self.body,
            recursive: None,
        };
        let id = FnId::from_index(pass.next + pass.made.len());
        pass.made.push(f);
        id
    }
}

/// Whether statements leave counts of references and memory of blocks alone.
fn is_plain(b: &Block) -> bool {
    let plain = |s: &Stmt| match s {
        Stmt::Set(..)
        | Stmt::Check(..)
        | Stmt::Trap(..)
        | Stmt::If(..)
        | Stmt::Switch(..)
        | Stmt::While { .. }
        | Stmt::For { .. } => true,
        Stmt::Store(ty, ..) => *ty != Ty::Ptr,
        Stmt::Rt(f, ..) => match f {
            RtFn::Copy
            | RtFn::Zero
            | RtFn::Map(..)
            | RtFn::Dot(_)
            | RtFn::Sum(_)
            | RtFn::Axpy(_)
            | RtFn::Gemm(_) => true,
            RtFn::Alloc | RtFn::AllocZero | RtFn::Grow | RtFn::RetainElems | RtFn::ReleaseElems => {
                false
            }
        },
        Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Unique { .. }
        | Stmt::Reserve { .. }
        | Stmt::Call(..)
        | Stmt::Split { .. }
        | Stmt::Ahead { .. }
        | Stmt::Eval(..)
        | Stmt::Fuel(_) => false,
    };
    let mut all = true;
    for s in b {
        s.visit(&mut |s| all &= plain(s));
    }
    all
}

/// Whether statements read registers of `sets` only after they have set them, whichever way control takes. `known` are those that are
/// set; afterwards those that are set at the end.
fn sets_first(b: &Block, sets: &HashSet<Reg>, known: &mut HashSet<Reg>) -> bool {
    for s in b {
        let good = |a: Opnd, known: &HashSet<Reg>| {
            a.reg()
                .is_none_or(|r| !sets.contains(&r) || known.contains(&r))
        };
        if !matches!(s, Stmt::While { .. }) {
            let mut all = true;
            s.operands(&mut |a| all &= good(a, known));
            if !all {
                return false;
            }
        }
        match s {
            Stmt::If(..) | Stmt::Switch(..) => {
                let mut after: Option<HashSet<Reg>> = None;
                for arm in s.blocks() {
                    let mut here = known.clone();
                    if !sets_first(arm, sets, &mut here) {
                        return false;
                    }
                    // Nothing comes after a trap.
                    if !matches!(arm.last(), Some(Stmt::Trap(..))) {
                        after = Some(match after {
                            None => here,
                            Some(a) => a.intersection(&here).copied().collect(),
                        });
                    }
                }
                *known = after.unwrap_or_else(|| sets.clone());
            }
            Stmt::While { head, cond, body } => {
                if !sets_first(head, sets, known)
                    || !good(*cond, known)
                    || !sets_first(body, sets, &mut known.clone())
                {
                    return false;
                }
            }
            Stmt::For { index, body, .. } => {
                let mut here = known.clone();
                here.insert(*index);
                if !sets_first(body, sets, &mut here) {
                    return false;
                }
            }
            Stmt::Trap(..) => known.extend(sets),
            Stmt::Set(..)
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => s.results(&mut |r| {
                known.insert(r);
            }),
        }
    }
    true
}

/// How many statements there are.
fn size(b: &Block) -> usize {
    let mut n = 0;
    for s in b {
        s.visit(&mut |_| n += 1);
    }
    n
}

/// About how many simple operations statements take.
fn cost(b: &[Stmt]) -> u64 {
    /// Iterations of a loop within, if they are not known.
    const USUAL: u64 = 16;
    let mut sum = 0u64;
    for s in b {
        let own = match s {
            Stmt::Set(_, rv) => match rv {
                Rv::Copy(_) | Rv::Const(_) | Rv::Lea(_) => 0,
                Rv::Un(Un::Math(_), _) | Rv::Bin(Bin::Math(_), ..) => 20,
                Rv::Un(Un::Sqrt, _)
                | Rv::Bin(Bin::FDiv | Bin::SDiv | Bin::UDiv | Bin::SRem | Bin::URem, ..) => 5,
                Rv::Un(..)
                | Rv::Bin(..)
                | Rv::Cmp(..)
                | Rv::Fma(..)
                | Rv::Select(..)
                | Rv::Cvt(..)
                | Rv::Load(..) => 1,
            },
            Stmt::If(_, a, b) => cost(a).max(cost(b)),
            Stmt::Switch(_, arms) => arms.iter().map(|b| cost(b)).max().unwrap_or(0),
            Stmt::While { head, body, .. } => {
                (cost(head).saturating_add(cost(body))).saturating_mul(USUAL)
            }
            Stmt::For { lo, hi, body, .. } => {
                let known = lo.constant().zip(hi.constant());
                let n = known.map_or(USUAL, |(lo, hi)| hi.saturating_sub(lo));
                cost(body).saturating_mul(n)
            }
            Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. } => 50,
            Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Fuel(_) => 1,
        };
        sum = sum.saturating_add(own);
    }
    sum
}
