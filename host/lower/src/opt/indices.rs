//! Indices of straight loops: each is the loop's index and something that does not change; and loops that count back count forwards.
//!
//! ```text
//! for i in 0..n { j = n - 1 - i; k = j + a; x[k] = y[j] }    becomes    for i in 0..n { k = a + i; x[k] = y[i] }
//! ```
//!
//! The second only where the order is free ([`Hint`]). Integers wrap, so sums and differences may be taken apart and put together in any
//! way. A straight loop is one that only sets registers and stores.

use crate::lir::{Bin, Block, Function, Hint, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::HashMap;

/// Longer sums are left as they are.
const MOST: usize = 8;

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(&mut body, &mut f.regs);
    f.body = body;
}

fn block(b: &mut Block, regs: &mut PrimaryMap<Reg, Ty>) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        for inner in s.blocks_mut() {
            block(inner, regs);
        }
        if let Stmt::For {
            index,
            lo,
            hi,
            body,
            hint,
            ..
        } = &mut s
        {
            straighten(*index, (*lo, *hi), body, hint, regs, &mut out);
        }
        out.push(s);
    }
    *b = out;
}

/// A number: so many times the index, so many times each of some operands that do not change, and a constant.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Sum {
    pub(super) index: u64,
    pub(super) terms: Vec<(Reg, u64)>,
    pub(super) constant: u64,
}

impl Sum {
    pub(super) fn add(mut self, o: &Sum, times: u64) -> Sum {
        let more = |a: &mut u64, b: u64| *a = a.wrapping_add(b.wrapping_mul(times));
        more(&mut self.index, o.index);
        more(&mut self.constant, o.constant);
        for &(r, n) in &o.terms {
            match self.terms.iter_mut().find(|t| t.0 == r) {
                Some(t) => more(&mut t.1, n),
                None => self.terms.push((r, n.wrapping_mul(times))),
            }
        }
        self.terms.retain(|t| t.1 != 0);
        self
    }
    fn of_index() -> Sum {
        Sum {
            index: 1,
            ..Sum::default()
        }
    }
    pub(super) fn of(a: Opnd) -> Sum {
        match a {
            Opnd::Const(_, v) => Sum {
                constant: v,
                ..Sum::default()
            },
            Opnd::Reg(r) => Sum {
                terms: vec![(r, 1)],
                ..Sum::default()
            },
        }
    }
}

/// The sums that a body sets registers to, and the statements that do.
fn sums(index: Reg, body: &Block, regs: &PrimaryMap<Reg, Ty>) -> HashMap<Reg, (usize, Sum)> {
    let mut sets: HashMap<Reg, u32> = HashMap::from([(index, 1)]);
    for s in body {
        s.results(&mut |r| *sets.entry(r).or_default() += 1);
    }
    let mut out: HashMap<Reg, (usize, Sum)> = HashMap::new();
    for (k, s) in body.iter().enumerate() {
        let Stmt::Set(r, rv) = s else { continue };
        if regs[*r] != Ty::I64 || sets.get(r) != Some(&1) {
            continue;
        }
        let sum = |a: Opnd| match a {
            Opnd::Reg(x) if x == index => Some(Sum::of_index()),
            Opnd::Reg(x) if sets.contains_key(&x) => out.get(&x).map(|(_, sum)| sum.clone()),
            a => Some(Sum::of(a)),
        };
        let found = match *rv {
            Rv::Bin(Bin::Add, a, b) => sum(a).zip(sum(b)).map(|(a, b)| a.add(&b, 1)),
            Rv::Bin(Bin::Sub, a, b) => sum(a).zip(sum(b)).map(|(a, b)| a.add(&b, u64::MAX)),
            _ => None,
        };
        if let Some(sum) = found.filter(|s| s.terms.len() <= MOST) {
            out.insert(*r, (k, sum));
        }
    }
    out
}

fn straighten(
    index: Reg,
    (lo, hi): (Opnd, Opnd),
    body: &mut Block,
    hint: &Hint,
    regs: &mut PrimaryMap<Reg, Ty>,
    before: &mut Block,
) {
    let straight = |s: &Stmt| matches!(s, Stmt::Set(..) | Stmt::Store(..));
    if !body.iter().all(straight) {
        return;
    }
    let sums = sums(index, body, regs);
    // How often memory is walked through forwards and backwards.
    let (mut forwards, mut backwards) = (0, 0);
    for s in body.iter() {
        let addr = match s {
            Stmt::Set(_, Rv::Load(_, addr)) | Stmt::Store(_, addr, _) => addr,
            _ => continue,
        };
        let Some((Opnd::Reg(i), _)) = addr.index else {
            continue;
        };
        let by = if i == index {
            1
        } else {
            sums.get(&i).map_or(0, |(_, s)| s.index)
        };
        forwards += u32::from(by == 1);
        backwards += u32::from(by == u64::MAX);
    }
    let turn = hint.parallel && backwards > forwards;
    let mut set = |to: &mut Block, rv: Rv| -> Opnd {
        let r = regs.push(Ty::I64);
        to.push(Stmt::Set(r, rv));
        r.into()
    };
    let mut last = Sum::default();
    if turn {
        // The index of the iteration that is run instead of this one.
        last = Sum::of(hi)
            .add(&Sum::of(lo), 1)
            .add(&Sum::of(Opnd::i64(1)), u64::MAX);
    }
    let mut list: Vec<(usize, Reg, Sum)> = sums.into_iter().map(|(r, (k, s))| (k, r, s)).collect();
    list.sort_by_key(|(k, ..)| *k);
    let mut turned = Block::new();
    if turn {
        let from = value(&last, before, &mut set);
        let old = set(&mut turned, Rv::Bin(Bin::Sub, from, index.into()));
        for s in body.iter_mut() {
            s.operands_mut(&mut |a| {
                if *a == Opnd::Reg(index) {
                    *a = old;
                }
            });
        }
    }
    for (k, r, mut sum) in list {
        if turn {
            let times = sum.index;
            sum.index = times.wrapping_neg();
            sum = sum.add(&last, times);
        }
        let fixed = Sum {
            index: 0,
            ..sum.clone()
        };
        let op = match sum.index {
            0 => None,
            1 => Some(Bin::Add),
            u64::MAX => Some(Bin::Sub),
            _ => continue,
        };
        // What is as short already stays.
        let short = fixed.terms.len() + usize::from(fixed.constant != 0) <= 1;
        if short && !turn && op.is_some() {
            continue;
        }
        let fixed = value(&fixed, before, &mut set);
        body[k] = Stmt::Set(
            r,
            match op {
                None => Rv::Copy(fixed),
                Some(Bin::Add) if fixed == Opnd::i64(0) => Rv::Copy(index.into()),
                Some(op) => Rv::Bin(op, fixed, index.into()),
            },
        );
    }
    body.splice(0..0, turned);
}

/// Computes a sum without the index.
fn value(s: &Sum, to: &mut Block, set: &mut impl FnMut(&mut Block, Rv) -> Opnd) -> Opnd {
    let mut terms = s.terms.clone();
    // In an order that does not depend on how it came about, so that equal sums are found to be equal; first what is added.
    terms.sort_by_key(|&(r, n)| (n.cast_signed() < 0, r));
    let mut sum: Option<Opnd> =
        (s.constant != 0 || terms.is_empty()).then_some(Opnd::i64(s.constant));
    for (r, n) in terms {
        let (n, minus) = if n.cast_signed() < 0 {
            (n.wrapping_neg(), true)
        } else {
            (n, false)
        };
        let term = match n {
            1 => r.into(),
            n => set(to, Rv::Bin(Bin::Mul, r.into(), Opnd::i64(n))),
        };
        sum = Some(match (sum, minus) {
            (None, false) => term,
            (None, true) => set(to, Rv::Bin(Bin::Sub, Opnd::i64(0), term)),
            (Some(s), false) => set(to, Rv::Bin(Bin::Add, s, term)),
            (Some(s), true) => set(to, Rv::Bin(Bin::Sub, s, term)),
        });
    }
    sum.unwrap_or(Opnd::i64(0))
}
