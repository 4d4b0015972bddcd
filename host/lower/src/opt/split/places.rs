//! Whether the iterations of a loop with loops in it are independent: each writes parts of arrays that are its own.
//!
//! Addresses are polynomials over registers, in bytes from the register that holds the array's address: of the loop's index `i`, of indices
//! of loops inside, of registers that the loop does not set. An access at `i S + t` of so many bytes is the iteration's own if `t >= 0` and
//! `t + bytes <= S` for the largest values of the inner indices. What cannot be told from the polynomials is left to tests before the loop
//! ([`Test`]), and that `i S` does not wrap.
//!
//! Arrays are values: an array that is stored into is seen under no other register but those computed from the same one.

use super::super::nature::root;
use crate::lir::{Addr, Bin, Block, Opnd, Reg, RtFn, Rv, Stmt, Ty};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;

/// The most terms of a polynomial, and factors of a term.
const TERMS: usize = 12;
const FACTORS: usize = 4;
/// The most tests before a loop.
const TESTS: usize = 8;

/// A polynomial: coefficients by products of registers, these in order. None is 0.
#[derive(Clone, PartialEq, Default, Debug)]
struct Poly(BTreeMap<Vec<Reg>, i64>);

impl Poly {
    fn constant(c: i64) -> Poly {
        let mut p = Poly::default();
        if c != 0 {
            p.0.insert(Vec::new(), c);
        }
        p
    }
    fn of(r: Reg) -> Poly {
        Poly(BTreeMap::from([(vec![r], 1)]))
    }
    fn put(&mut self, m: Vec<Reg>, c: i64) -> Option<()> {
        let sum = self.0.get(&m).copied().unwrap_or(0).checked_add(c)?;
        if sum == 0 {
            self.0.remove(&m);
        } else {
            self.0.insert(m, sum);
        }
        (self.0.len() <= TERMS).then_some(())
    }
    fn plus(&self, other: &Poly) -> Option<Poly> {
        let mut p = self.clone();
        for (m, &c) in &other.0 {
            p.put(m.clone(), c)?;
        }
        Some(p)
    }
    fn times(&self, other: &Poly) -> Option<Poly> {
        let mut p = Poly::default();
        for (a, &c) in &self.0 {
            for (b, &d) in &other.0 {
                let mut m = [&a[..], &b[..]].concat();
                if m.len() > FACTORS {
                    return None;
                }
                m.sort_unstable();
                p.put(m, c.checked_mul(d)?)?;
            }
        }
        Some(p)
    }
    fn minus(&self, other: &Poly) -> Option<Poly> {
        self.plus(&other.times(&Poly::constant(-1))?)
    }
    /// The factor of `r`, and what is without it; `None` if `r` is squared.
    fn split(&self, r: Reg) -> Option<(Poly, Poly)> {
        let (mut with, mut without) = (Poly::default(), Poly::default());
        for (m, &c) in &self.0 {
            match m.iter().position(|&x| x == r) {
                Some(k) => {
                    let mut m = m.clone();
                    m.remove(k);
                    if m.contains(&r) {
                        return None;
                    }
                    with.put(m, c)?;
                }
                None => without.put(m.clone(), c)?,
            }
        }
        Some((with, without))
    }
    fn is_positive(&self) -> bool {
        self.0.values().all(|&c| c >= 0)
    }
    /// Its value, if it is a constant.
    fn value(&self) -> Option<i64> {
        match self.0.len() {
            0 => Some(0),
            1 => self.0.get(&Vec::new()).copied(),
            _ => None,
        }
    }
}

/// A sum of products of a constant and registers.
pub(super) type Sum = Vec<(u64, Vec<Reg>)>;

/// What must hold when the loop starts.
#[derive(PartialEq, Debug)]
pub(super) enum Test {
    /// The product of this and the end of the loop does not wrap.
    Fits(u64, Vec<Reg>),
    /// Neither wraps, and the first is not below the second.
    AtLeast(Sum, Sum),
}

/// A part of memory: the register it is addressed from, where it starts and how long it is.
struct Access {
    base: Reg,
    /// Not known of some that only read.
    at: Option<Poly>,
    bytes: Option<Poly>,
    store: bool,
}

/// What a loop does to memory.
pub(super) struct Places<'a> {
    /// For addresses computed from others anywhere in the function: from what.
    roots: &'a HashMap<Reg, Reg>,
    /// What the loop sets.
    sets: &'a HashSet<Reg>,
    index: Reg,
    /// How often the body sets each register.
    times: HashMap<Reg, u32>,
    /// What registers are: numbers, and addresses from a register that is not set in the loop.
    numbers: HashMap<Reg, Poly>,
    addresses: HashMap<Reg, (Reg, Option<Poly>)>,
    /// The limits of the inner loops, by index.
    inner: HashMap<Reg, Poly>,
    accesses: Vec<Access>,
}

impl<'a> Places<'a> {
    /// What is to be tested before the loop so that its iterations are independent; `None` if they may not be.
    pub(super) fn tests(
        body: &Block,
        index: Reg,
        sets: &'a HashSet<Reg>,
        roots: &'a HashMap<Reg, Reg>,
    ) -> Option<Vec<Test>> {
        let mut times: HashMap<Reg, u32> = HashMap::new();
        for s in body {
            s.visit(&mut |s| s.results(&mut |r| *times.entry(r).or_default() += 1));
        }
        let mut p = Places {
            roots,
            sets,
            index,
            times,
            numbers: HashMap::from([(index, Poly::of(index))]),
            addresses: HashMap::new(),
            inner: HashMap::new(),
            accesses: Vec::new(),
        };
        p.block(body)?;
        p.conflicts()
    }
    fn root(&self, r: Reg) -> Reg {
        root(self.roots, r)
    }
    fn number(&self, a: Opnd) -> Option<Poly> {
        match a {
            Opnd::Const(Ty::I64, c) => Some(Poly::constant(i64::try_from(c).ok()?)),
            Opnd::Const(..) => None,
            Opnd::Reg(r) if self.sets.contains(&r) => self.numbers.get(&r).cloned(),
            Opnd::Reg(r) => Some(Poly::of(r)),
        }
    }
    /// From which register, and how far, if that is known.
    fn address(&self, a: Opnd) -> Option<(Reg, Option<Poly>)> {
        let r = a.reg()?;
        if self.sets.contains(&r) {
            self.addresses.get(&r).cloned()
        } else {
            Some((r, Some(Poly::default())))
        }
    }
    fn place(&self, a: &Addr) -> Option<(Reg, Option<Poly>)> {
        let (base, at) = self.address(a.base)?;
        let further = || {
            let by = match a.index {
                Some((i, scale)) => self.number(i)?.times(&Poly::constant(scale.into()))?,
                None => Poly::default(),
            };
            at?.plus(&by)?.plus(&Poly::constant(a.offset.into()))
        };
        Some((base, further()))
    }
    fn access(&mut self, (base, at): (Reg, Option<Poly>), bytes: Option<Poly>, store: bool) {
        self.accesses.push(Access {
            base,
            at,
            bytes,
            store,
        });
    }
    fn block(&mut self, b: &Block) -> Option<()> {
        for s in b {
            match s {
                Stmt::Set(r, rv) => {
                    if let Rv::Load(ty, a) = rv {
                        let size = Some(Poly::constant(ty.bytes().into()));
                        let place = self.place(a)?;
                        self.access(place, size, false);
                    }
                    if self.times.get(r) == Some(&1) {
                        self.set(*r, rv);
                    }
                }
                Stmt::Store(ty, a, _) => {
                    let size = Some(Poly::constant(ty.bytes().into()));
                    let place = self.place(a)?;
                    self.access(place, size, true);
                }
                Stmt::For {
                    index,
                    lo,
                    hi,
                    body,
                    ..
                } => {
                    // From a constant that is not negative up, so below the limit whichever way they compare.
                    let from = lo.constant().filter(|&c| c <= i64::MAX as u64);
                    if from.is_some()
                        && self.times.get(index) == Some(&1)
                        && let Some(hi) = self.number(*hi)
                    {
                        self.numbers.insert(*index, Poly::of(*index));
                        self.inner.insert(*index, hi);
                    }
                    self.block(body)?;
                }
                Stmt::If(_, a, b) => {
                    self.block(a)?;
                    self.block(b)?;
                }
                Stmt::Switch(_, arms) => {
                    for a in arms {
                        self.block(a)?;
                    }
                }
                Stmt::While { head, body, .. } => {
                    self.block(head)?;
                    self.block(body)?;
                }
                Stmt::Rt(f, args, ..) => self.runtime(*f, args)?,
                Stmt::Check(..) | Stmt::Trap(..) => {}
                Stmt::Retain(_)
                | Stmt::Release(_)
                | Stmt::Unique { .. }
                | Stmt::Reserve { .. }
                | Stmt::Call(..)
                | Stmt::Split { .. }
                | Stmt::Ahead { .. }
                | Stmt::Eval(..)
                | Stmt::Fuel(_) => return None,
            }
        }
        Some(())
    }
    fn runtime(&mut self, f: RtFn, args: &[Opnd]) -> Option<()> {
        let mut part = |at: Opnd, count: Opnd, size: u32, store: bool| {
            let count = self.number(count);
            let bytes = count.and_then(|n| n.times(&Poly::constant(size.into())));
            let place = self.address(at)?;
            self.access(place, bytes, store);
            Some(())
        };
        match (f, args) {
            (RtFn::Copy, &[dst, src, bytes]) => {
                part(src, bytes, 1, false)?;
                part(dst, bytes, 1, true)
            }
            (RtFn::Zero, &[dst, bytes]) => part(dst, bytes, 1, true),
            (RtFn::Map(_, ty), &[n, src, dst]) => {
                part(src, n, ty.bytes(), false)?;
                part(dst, n, ty.bytes(), true)
            }
            (RtFn::Dot(ty), &[n, x, y]) => {
                part(x, n, ty.bytes(), false)?;
                part(y, n, ty.bytes(), false)
            }
            (RtFn::Sum(ty), &[n, x]) => part(x, n, ty.bytes(), false),
            (RtFn::Axpy(ty), &[n, _, x, y]) => {
                part(x, n, ty.bytes(), false)?;
                part(y, n, ty.bytes(), true)
            }
            (
                RtFn::Copy
                | RtFn::Zero
                | RtFn::Map(..)
                | RtFn::Dot(_)
                | RtFn::Sum(_)
                | RtFn::Axpy(_)
                | RtFn::Gemm(_)
                | RtFn::Alloc
                | RtFn::AllocZero
                | RtFn::Grow
                | RtFn::RetainElems
                | RtFn::ReleaseElems,
                _,
            ) => None,
        }
    }
    fn set(&mut self, r: Reg, rv: &Rv) {
        let number = match *rv {
            Rv::Copy(a) => self.number(a),
            Rv::Bin(Bin::Add, a, b) => self
                .number(a)
                .zip(self.number(b))
                .and_then(|(a, b)| a.plus(&b)),
            Rv::Bin(Bin::Sub, a, b) => self
                .number(a)
                .zip(self.number(b))
                .and_then(|(a, b)| a.minus(&b)),
            Rv::Bin(Bin::Mul, a, b) => self
                .number(a)
                .zip(self.number(b))
                .and_then(|(a, b)| a.times(&b)),
            _ => None,
        };
        if let Some(p) = number {
            self.numbers.insert(r, p);
        }
        let address = match rv {
            Rv::Copy(a) => self.address(*a),
            Rv::Lea(a) => self.place(a),
            _ => None,
        };
        if let Some(a) = address {
            self.addresses.insert(r, a);
        }
    }
    /// The terms with inner indices and the constant, and the other ones.
    fn apart(&self, t: &Poly) -> (Poly, Poly) {
        let inner = |m: &Vec<Reg>| m.is_empty() || m.iter().any(|r| self.inner.contains_key(r));
        let (a, b) = t.0.clone().into_iter().partition(|(m, _)| inner(m));
        (Poly(a), Poly(b))
    }
    /// The tests, if each iteration may write and read places of its own in every array that is stored into.
    fn conflicts(&self) -> Option<Vec<Test>> {
        let mut tests: Vec<Test> = Vec::new();
        let stored: HashMap<Reg, Reg> = self
            .accesses
            .iter()
            .filter(|a| a.store)
            .map(|a| (self.root(a.base), a.base))
            .collect();
        let mut stride: HashMap<Reg, Poly> = HashMap::new();
        let mut start: HashMap<Reg, Poly> = HashMap::new();
        for a in &self.accesses {
            let Some(&base) = stored.get(&self.root(a.base)) else {
                continue;
            };
            let (s, t) = a.at.as_ref()?.split(self.index)?;
            let bytes = a.bytes.as_ref()?;
            // What is the same for all only says where the array's part begins.
            let (t, fixed) = self.apart(&t);
            if *start.entry(base).or_insert_with(|| fixed.clone()) != fixed {
                return None;
            }
            // All through one register, by one stride.
            if a.base != base || *stride.entry(base).or_insert_with(|| s.clone()) != s {
                return None;
            }
            if !t.is_positive() || !bytes.is_positive() {
                return None;
            }
            let mut end = t.plus(bytes)?;
            for _ in 0..FACTORS {
                for (&j, limit) in &self.inner {
                    let (c, rest) = end.split(j)?;
                    if !c.0.is_empty() {
                        let last = limit.minus(&Poly::constant(1))?;
                        end = rest.plus(&c.times(&last)?)?;
                    }
                }
            }
            if self
                .inner
                .keys()
                .any(|&j| end.split(j).is_none_or(|(c, _)| !c.0.is_empty()))
            {
                return None;
            }
            let fixed = |p: &Poly| p.0.keys().flatten().all(|r| !self.sets.contains(r));
            if !fixed(&s) || !fixed(&end) {
                return None;
            }
            let room = s.minus(&end)?;
            let mut needed = Vec::new();
            match room.value() {
                Some(room) if room < 0 => return None,
                Some(_) => {}
                None => {
                    let part = |sign: i64| -> Sum {
                        let terms = room.0.iter().filter(|(_, c)| **c * sign > 0);
                        terms.map(|(m, c)| (c.unsigned_abs(), m.clone())).collect()
                    };
                    needed.push(Test::AtLeast(part(1), part(-1)));
                }
            }
            // The stride is one product, so that it can be tested.
            let mut terms = s.0.into_iter();
            let (Some((m, c)), None) = (terms.next(), terms.next()) else {
                return None;
            };
            needed.push(Test::Fits(u64::try_from(c).ok()?, m));
            for t in needed {
                if !tests.contains(&t) {
                    tests.push(t);
                }
            }
        }
        (!stored.is_empty() && tests.len() <= TESTS).then_some(tests)
    }
}
