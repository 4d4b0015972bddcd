//! Counted loops of which several iterations can run side by side, one in each lane of vectors: what each statement of the body becomes.
//!
//! ```text
//! for i in lo..hi { x = load [a + i*8]; y = mul x, c; s = add s, y; store [b + i*8], y }
//!                   Lanes               Lanes         Serial        Lanes
//! ```
//!
//! * [`Class::Scalar`]: integers and addresses that grow by a constant amount from iteration to iteration, and what is the same in all.
//! * [`Class::Lanes`]: computed for all lanes at once.
//! * [`Class::Fold`]: an accumulator whose order is free (extremes, wrapping integers, chains of [`Bin::Accumulate`]): one per lane,
//!   combined at the end.
//! * [`Class::Serial`]: what depends on the iteration before otherwise; done in order, iteration by iteration, after what is done in lanes.
//!
//! Functions with a kernel for arrays split the body into *stages*, each of which runs for many iterations (a tile) before the next;
//! [`Plan::stages`].
//!
//! Start at [`plan`]; `fold.rs` finds accumulators, `stage.rs` stages, `worth.rs` says whether it pays.
//!
//! Invariants: each iteration's memory is its own, or read only (arrays are values: no two bases are the same memory unless one was
//! computed from the other, which `root` tells). What a plan allows gives the same bits as the loop, except sums whose order is free.

mod fold;
mod stage;
mod worth;

pub use worth::whole;

use crate::lir::{Addr, Bin, Block, Math1, Opnd, Reg, Rv, Stmt, Straight, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::HashMap;

/// Bodies with more statements are left alone: the analysis tries every one several times.
const MOST: usize = 160;

/// How a statement is done.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Class {
    /// For one iteration only; the others' values are so many steps further.
    Scalar,
    /// For all lanes at once.
    Lanes,
    /// The accumulator with that number in [`Plan::folds`].
    Fold(usize),
    /// In order.
    Serial,
}

/// An accumulator whose order is free.
#[derive(Clone, PartialEq, Debug)]
pub struct Fold {
    /// The register that is carried from iteration to iteration.
    pub acc: Reg,
    /// What it takes in each iteration, and the statements that take it.
    pub terms: Vec<(usize, Opnd)>,
    /// How: one of `Accumulate`, `Add`, `Sub` (adds up what is subtracted), `FMin`, `FMax`, `FMinNumber`, `FMaxNumber`, `And`, `Or`, `Xor`, `Mul`.
    pub op: Bin,
}

/// How a loop runs in lanes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For each statement of the body.
    pub classes: Vec<Class>,
    /// By how much registers that are not computed in lanes grow from one iteration to the next; those that the body does not set are
    /// left out.
    pub steps: HashMap<Reg, i64>,
    /// Registers that an iteration changes by a constant, and this constant.
    pub inductions: Vec<(Reg, i64)>,
    /// Accumulators.
    pub folds: Vec<Fold>,
    /// Whether lane 0 is to be the last iteration of a group, because most addresses fall.
    pub reversed: bool,
    /// The stage of each statement.
    pub stage: Vec<u32>,
    /// How many stages there are.
    pub stages: u32,
    /// The bytes of the widest and of the narrowest element computed in lanes.
    pub widest: u32,
    /// The bytes of the narrowest.
    pub narrowest: u32,
}

/// What is asked of a loop.
pub struct Loop<'a> {
    /// The index.
    pub index: Reg,
    /// The body.
    pub body: &'a Block,
    /// Whether no iteration reads or writes what another writes: what [`Hint::parallel`](crate::lir::Hint::parallel) says.
    pub parallel: bool,
    /// The registers of the function.
    pub regs: &'a PrimaryMap<Reg, Ty>,
    /// Whether a function has a kernel for arrays.
    pub kernel: &'a dyn Fn(Math1) -> bool,
    /// The register that an address was computed from, itself if none.
    pub root: &'a dyn Fn(Reg) -> Reg,
}

/// How the loop runs in lanes, if it can and that pays.
pub fn plan(l: &Loop<'_>) -> Option<Plan> {
    if l.body.is_empty() || l.body.len() > MOST {
        return None;
    }
    let mut a = Analysis::new(l)?;
    a.inductions();
    a.scalars();
    a.folds();
    a.serial()?;
    a.memory()?;
    let reversed = a.reversed();
    let (stage, stages) = a.stages();
    a.pays(stages)?;
    let (widest, narrowest) = a.widths();
    Some(Plan {
        classes: a.classes,
        steps: a.steps,
        inductions: a.inductions,
        folds: a.folds,
        reversed,
        stage,
        stages,
        widest,
        narrowest,
    })
}

struct Analysis<'a> {
    l: &'a Loop<'a>,
    /// The position of the one set of each register that the body sets.
    set: HashMap<Reg, usize>,
    /// Those read before they are set, or by what sets them.
    carried: Vec<Reg>,
    classes: Vec<Class>,
    steps: HashMap<Reg, i64>,
    inductions: Vec<(Reg, i64)>,
    folds: Vec<Fold>,
}

/// The memory that a statement reads or writes.
#[derive(Copy, Clone)]
struct Access {
    at: usize,
    addr: Addr,
    bytes: u32,
    store: bool,
}

impl<'a> Analysis<'a> {
    /// What can be said at once: a straight body that sets each register once.
    fn new(l: &'a Loop<'a>) -> Option<Analysis<'a>> {
        let mut set = HashMap::from([(l.index, usize::MAX)]);
        let mut read: Vec<Reg> = Vec::new();
        let mut carried = Vec::new();
        for (k, s) in l.body.iter().enumerate() {
            s.operands(&mut |a| read.extend(a.reg()));
            match s.straight()? {
                Straight::Set(r, _) => {
                    if set.insert(r, k).is_some() {
                        return None;
                    }
                    if read.contains(&r) {
                        carried.push(r);
                    }
                }
                Straight::Store(..) => {}
            }
        }
        Some(Analysis {
            l,
            set,
            carried,
            classes: vec![Class::Lanes; l.body.len()],
            steps: HashMap::from([(l.index, 1)]),
            inductions: Vec::new(),
            folds: Vec::new(),
        })
    }

    fn rv(&self, k: usize) -> Option<&'a Rv> {
        match self.l.body.get(k)? {
            Stmt::Set(_, rv) => Some(rv),
            _ => None,
        }
    }

    /// What a carried register is set to, through a copy; and where.
    fn update(&self, r: Reg) -> Option<(&'a Rv, usize)> {
        let k = *self.set.get(&r)?;
        match self.rv(k)? {
            Rv::Copy(Opnd::Reg(t)) => {
                let at = *self.set.get(t)?;
                (at < k).then(|| Some((self.rv(at)?, at)))?
            }
            rv => Some((rv, k)),
        }
    }

    fn inductions(&mut self) {
        for &r in &self.carried {
            if !matches!(self.l.regs[r], Ty::I64) {
                continue;
            }
            let step = match self.update(r).map(|u| u.0) {
                Some(&Rv::Bin(Bin::Add, Opnd::Reg(x), Opnd::Const(_, c))) if x == r => {
                    c.cast_signed()
                }
                Some(&Rv::Bin(Bin::Add, Opnd::Const(_, c), Opnd::Reg(x))) if x == r => {
                    c.cast_signed()
                }
                Some(&Rv::Bin(Bin::Sub, Opnd::Reg(x), Opnd::Const(_, c))) if x == r => {
                    c.cast_signed().wrapping_neg()
                }
                _ => continue,
            };
            self.inductions.push((r, step));
            self.steps.insert(r, step);
        }
        let known: Vec<Reg> = self.inductions.iter().map(|i| i.0).collect();
        self.carried.retain(|r| !known.contains(r));
    }

    /// By how much an operand grows from one iteration to the next, if that is constant.
    fn step(&self, a: Opnd) -> Option<i64> {
        match a {
            Opnd::Const(..) => Some(0),
            Opnd::Reg(r) if self.carried.contains(&r) => None,
            Opnd::Reg(r) => match self.steps.get(&r) {
                Some(&s) => Some(s),
                None => (!self.set.contains_key(&r)).then_some(0),
            },
        }
    }

    /// By how much a right-hand side grows.
    fn grows(&self, rv: &Rv) -> Option<i64> {
        let mut all = Some(());
        rv.operands(&mut |a| {
            all = all.and(self.step(a).map(|_| ()));
        });
        all?;
        let mut same = true;
        rv.operands(&mut |a| same &= self.step(a) == Some(0));
        if same {
            // What the loop stores may be read only where it is.
            return match rv {
                Rv::Load(_, addr) => (!self.stores_to(addr)).then_some(0),
                _ => Some(0),
            };
        }
        let wide = matches!(rv.ty(self.l.regs), Ty::I64 | Ty::Ptr);
        let of = |a: Opnd| self.step(a);
        match *rv {
            _ if !wide => None,
            Rv::Copy(a) => of(a),
            Rv::Cvt(crate::lir::Cvt::Bits, _, a) => of(a),
            Rv::Bin(Bin::Add, a, b) => Some(of(a)?.wrapping_add(of(b)?)),
            Rv::Bin(Bin::Sub, a, b) => Some(of(a)?.wrapping_sub(of(b)?)),
            Rv::Bin(Bin::Mul, a, Opnd::Const(_, c)) | Rv::Bin(Bin::Mul, Opnd::Const(_, c), a) => {
                Some(of(a)?.wrapping_mul(c.cast_signed()))
            }
            Rv::Bin(Bin::Shl, a, Opnd::Const(_, c)) if c < 64 => {
                Some(of(a)?.wrapping_shl(c as u32))
            }
            Rv::Lea(addr) => self.grows_addr(&addr),
            _ => None,
        }
    }

    /// By how many bytes an address grows.
    fn grows_addr(&self, addr: &Addr) -> Option<i64> {
        let base = self.step(addr.base)?;
        let index = match addr.index {
            Some((i, scale)) => self.step(i)?.wrapping_mul(scale.into()),
            None => 0,
        };
        Some(base.wrapping_add(index))
    }

    fn stores_to(&self, addr: &Addr) -> bool {
        let root = |a: Opnd| a.reg().map(self.l.root);
        self.l
            .body
            .iter()
            .any(|s| matches!(s, Stmt::Store(_, to, _) if root(to.base) == root(addr.base)))
    }

    fn scalars(&mut self) {
        for (k, s) in self.l.body.iter().enumerate() {
            if let Stmt::Set(r, rv) = s
                && let Some(step) = self.grows(rv)
            {
                self.steps.insert(*r, step);
                self.classes[k] = Class::Scalar;
            }
        }
    }

    /// What depends on the iteration before is done in order; so is what reads it.
    fn serial(&mut self) -> Option<()> {
        loop {
            let mut changed = false;
            for (k, s) in self.l.body.iter().enumerate() {
                if self.classes[k] == Class::Serial {
                    continue;
                }
                let mut serial = false;
                s.operands(&mut |a| {
                    if let Opnd::Reg(r) = a {
                        serial |= self.carried.contains(&r) || self.is_serial(r);
                    }
                });
                if let Stmt::Set(r, _) = s {
                    serial |= self.carried.contains(r);
                }
                serial |= self.after_serial_store(k, s);
                if serial {
                    if let Class::Fold(_) = self.classes[k] {
                        return None;
                    }
                    self.classes[k] = Class::Serial;
                    changed = true;
                }
            }
            if !changed {
                return Some(());
            }
        }
    }

    fn is_serial(&self, r: Reg) -> bool {
        let set = self.set.get(&r).and_then(|&k| self.classes.get(k));
        set == Some(&Class::Serial)
    }

    /// Whether a statement uses memory that one before it stores in order.
    fn after_serial_store(&self, k: usize, s: &Stmt) -> bool {
        let base = match s {
            Stmt::Set(_, Rv::Load(_, addr)) | Stmt::Store(_, addr, _) => addr.base,
            _ => return false,
        };
        self.l.body[..k].iter().zip(&self.classes).any(
            |(s, c)| matches!(s, Stmt::Store(_, to, _) if *c == Class::Serial && to.base == base),
        )
    }

    fn accesses(&self) -> Vec<Access> {
        let mut out = Vec::new();
        for (at, s) in self.l.body.iter().enumerate() {
            let (addr, bytes, store) = match s {
                Stmt::Set(_, Rv::Load(ty, addr)) => (*addr, ty.bytes(), false),
                Stmt::Store(ty, addr, _) => (*addr, ty.bytes(), true),
                _ => continue,
            };
            out.push(Access {
                at,
                addr,
                bytes,
                store,
            });
        }
        out
    }

    /// Whether each iteration's memory is its own, or only read.
    fn memory(&self) -> Option<()> {
        let all = self.accesses();
        let root = |a: &Access| a.addr.base.reg().map(self.l.root);
        for s in all.iter().filter(|a| a.store) {
            let step = self.grows_addr(&s.addr)?;
            if step == 0 {
                return None;
            }
            if self.l.parallel {
                continue;
            }
            for o in all.iter().filter(|o| root(o) == root(s)) {
                let (a, b) = (s.addr, o.addr);
                if (a.base, a.index) != (b.base, b.index) {
                    return None;
                }
                // The base and index may change between the two: the same value is meant by both only if neither is set between.
                let (first, last) = (s.at.min(o.at), s.at.max(o.at));
                let mut moved = false;
                a.operands(&mut |x| {
                    if let Opnd::Reg(r) = x {
                        moved |= self.set.get(&r).is_some_and(|k| (first..last).contains(k));
                    }
                });
                if moved {
                    return None;
                }
                // Bytes of an iteration, as they lie from one to the next.
                let apart = i64::from(b.offset) - i64::from(a.offset);
                let period = step.checked_abs()?;
                let same = apart == 0 && s.bytes == o.bytes;
                let apart = apart.rem_euclid(period);
                let disjoint = apart >= i64::from(s.bytes)
                    && apart + i64::from(o.bytes) <= period
                    && i64::from(s.bytes) <= period;
                if !same && !disjoint || i64::from(s.bytes) > period {
                    return None;
                }
            }
        }
        // Loads need an address that is known for each lane.
        let known =
            |a: &Access| self.classes[a.at] == Class::Serial || self.grows_addr(&a.addr).is_some();
        all.iter().all(known).then_some(())
    }

    fn reversed(&self) -> bool {
        let mut balance = 0i32;
        for a in self.accesses() {
            if self.classes[a.at] == Class::Lanes {
                let step = self.grows_addr(&a.addr).unwrap_or(0);
                if step.unsigned_abs() == u64::from(a.bytes) {
                    balance += step.signum() as i32;
                }
            }
        }
        balance < 0
    }
}
