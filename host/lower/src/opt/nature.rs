//! What counted loops are like, for back ends that compute several iterations at once: see [`Hint`](crate::lir::Hint).
//!
//! * Iterations are independent if each stores at places of its own and reads an array that is stored into only at those places, or at places
//!   that no iteration stores at ([`apart`](super::apart)); arrays are values, so no store into one is seen through another.
//! * A register is a sum whose order is free if all that a loop's body does with it is one chain `s = s + x + y`, all of whose additions are
//!   [`Bin::Accumulate`].
//!
//! Only what the body does itself is looked at: loops with loops, branches or calls in them get no new hint.

use super::apart::{Range, Sums};
use crate::lir::{Addr, Bin, Block, Function, Opnd, Reg, Rv, Stmt, Straight, Ty};
use cotangent_core::entity::{Entity, PrimaryMap};
use hashbrown::{HashMap, HashSet};

/// Looks at every loop of a function.
pub(super) fn run(f: &mut Function) {
    let mut all = Counts::of(&f.body);
    for &a in &f.results {
        all.read(a);
    }
    let roots = roots(&f.body, &all);
    let sums = Sums::of(&f.body, &all);
    block(&mut f.body, &f.regs, &all, &roots, &sums);
}

/// For each address that is computed from another one, or copied, in one place: what it comes from.
pub(super) fn roots(b: &Block, all: &Counts) -> HashMap<Reg, Reg> {
    let mut out = HashMap::new();
    for s in b {
        s.visit(&mut |s| {
            if let Stmt::Set(r, Rv::Lea(Addr { base: from, .. }) | Rv::Copy(from)) = s
                && let Opnd::Reg(from) = from
                && all.times(*r).1 == 1
            {
                out.insert(*r, *from);
            }
        });
    }
    out
}

/// For a function, what [`root`] needs.
pub(super) fn addresses(f: &Function) -> HashMap<Reg, Reg> {
    roots(&f.body, &Counts::of(&f.body))
}

/// The register that an address comes from in the end.
pub(super) fn root(roots: &HashMap<Reg, Reg>, mut r: Reg) -> Reg {
    // Whatever the program: no more steps than there are registers.
    for _ in 0..roots.len() {
        match roots.get(&r) {
            Some(&from) => r = from,
            None => break,
        }
    }
    r
}

fn block(
    b: &mut Block,
    regs: &PrimaryMap<Reg, Ty>,
    all: &Counts,
    roots: &HashMap<Reg, Reg>,
    known: &Sums,
) {
    for s in b {
        if let Stmt::For {
            index,
            lo,
            hi,
            body,
            hint,
            ..
        } = s
        {
            let here = Counts::of(body);
            let (lo, hi) = (*lo, *hi);
            let range = Range {
                sums: known,
                lo,
                hi,
            };
            hint.reductions = sums(body, &here, all, Bin::Accumulate);
            hint.parallel |= independent(body, &hint.reductions, *index, &range, &here, roots);
            hint.in_turn.clear();
            if !hint.parallel {
                let mut ordered = sums(body, &here, all, Bin::Add);
                ordered.retain(|r| regs[*r].is_float() && term(body, *r).is_some());
                let both = [&hint.reductions[..], &ordered].concat();
                if independent(body, &both, *index, &range, &here, roots) {
                    hint.in_turn = ordered;
                }
            }
        }
        for inner in s.blocks_mut() {
            block(inner, regs, all, roots, known);
        }
    }
}

/// How often registers are read and set.
#[derive(Default)]
pub(super) struct Counts {
    /// By register, up to the last one that occurs.
    times: Vec<(u32, u32)>,
}

impl Counts {
    pub(super) fn of(b: &Block) -> Counts {
        let mut c = Counts::default();
        for s in b {
            s.visit(&mut |s| {
                s.operands(&mut |a| c.read(a));
                s.results(&mut |r| c.at(r).1 += 1);
            });
        }
        c
    }
    /// One more read.
    pub(super) fn read(&mut self, a: Opnd) {
        if let Opnd::Reg(r) = a {
            self.at(r).0 += 1;
        }
    }
    fn at(&mut self, r: Reg) -> &mut (u32, u32) {
        let k = r.index();
        if k >= self.times.len() {
            self.times.resize(k + 1, (0, 0));
        }
        &mut self.times[k]
    }
    /// How often a register is read and set.
    pub(super) fn times(&self, r: Reg) -> (u32, u32) {
        self.times.get(r.index()).copied().unwrap_or((0, 0))
    }
}

/// The only term that a body adds to a register, if it is one; and the statements that add it.
pub fn term(body: &[Stmt], sum: Reg) -> Option<(Opnd, Vec<usize>)> {
    let mut found = None;
    let mut at = Vec::new();
    for (k, s) in body.iter().enumerate() {
        let Stmt::Set(r, rv) = s else { continue };
        match *rv {
            Rv::Bin(Bin::Add, Opnd::Reg(a), x) | Rv::Bin(Bin::Add, x, Opnd::Reg(a))
                if a == sum && found.is_none() =>
            {
                found = Some((*r, x));
                at.push(k);
            }
            Rv::Copy(Opnd::Reg(a)) if *r == sum && found.is_some_and(|f| f.0 == a) => at.push(k),
            _ => {}
        }
    }
    let (r, x) = found?;
    let whole = r == sum || at.len() == 2;
    (whole && x != sum.into()).then_some((x, at))
}

/// The registers that the body only adds to by that operation.
fn sums(body: &Block, here: &Counts, all: &Counts, add: Bin) -> Vec<Reg> {
    let adds = |s: &Stmt| matches!(s, Stmt::Set(_, Rv::Bin(op, ..)) if *op == add);
    if !body.iter().any(adds) {
        return Vec::new();
    }
    // Who reads a register, if that is a statement of the body itself.
    let mut reader: HashMap<Reg, usize> = HashMap::new();
    for (k, s) in body.iter().enumerate() {
        s.operands(&mut |a| {
            if let Opnd::Reg(r) = a {
                reader.insert(r, k);
            }
        });
    }
    let chain = |s: Reg| {
        let (mut x, mut before, mut adds) = (s, None, false);
        loop {
            let Some(&k) = reader.get(&x) else {
                return false;
            };
            let Stmt::Set(y, rv) = &body[k] else {
                return false;
            };
            match rv {
                Rv::Bin(op, ..) if *op == add => adds = true,
                Rv::Copy(_) => {}
                _ => return false,
            }
            if before.is_some_and(|b| b >= k) {
                return false;
            }
            if *y == s {
                return adds;
            }
            // A step of the chain is nothing to anybody else.
            if all.times(*y) != (1, 1) {
                return false;
            }
            (x, before) = (*y, Some(k));
        }
    };
    // The body itself sets each register of a chain.
    let mut out: Vec<Reg> = Vec::new();
    for s in body {
        s.results(&mut |r| out.extend((here.times(r) == (1, 1) && chain(r)).then_some(r)));
    }
    out.sort_by_key(|r| r.index());
    out
}

/// Whether iterations are independent but for those sums.
fn independent(
    body: &Block,
    sums: &[Reg],
    index: Reg,
    range: &Range<'_>,
    here: &Counts,
    roots: &HashMap<Reg, Reg>,
) -> bool {
    // Addresses, and how many bytes are reached.
    let mut stores: Vec<(Addr, u32)> = Vec::new();
    let mut loads: Vec<(Addr, u32)> = Vec::new();
    // Registers that have another value in each iteration: sums of the index and what does not change.
    let mut varying: HashSet<Reg> = HashSet::from([index]);
    let mut seen: HashSet<Reg> = HashSet::new();
    let set_here = |r: Reg| r == index || here.times(r).1 > 0;
    let fixed = |a: Opnd| a.reg().is_none_or(|r| !set_here(r));
    for s in body {
        // What is read was set before in the same iteration, or is not set in the loop at all.
        let mut carried = false;
        s.operands(&mut |a| {
            carried |= a
                .reg()
                .is_some_and(|r| here.times(r).1 > 0 && !seen.contains(&r) && !sums.contains(&r));
        });
        if carried {
            return false;
        }
        let Some(s) = s.straight() else {
            return false;
        };
        match s {
            Straight::Set(r, rv) => {
                if here.times(r).1 > 1 {
                    return false;
                }
                seen.insert(r);
                match *rv {
                    Rv::Load(ty, addr) => loads.push((addr, ty.bytes())),
                    Rv::Bin(Bin::Add | Bin::Sub, a, b) => {
                        let moves = |x: Opnd| x.reg().is_some_and(|x| varying.contains(&x));
                        if (moves(a) && fixed(b)) || (moves(b) && fixed(a)) {
                            varying.insert(r);
                        }
                    }
                    _ => {}
                }
            }
            Straight::Store(ty, addr, _) => {
                let own = addr
                    .index
                    .is_some_and(|(i, _)| i.reg().is_some_and(|i| varying.contains(&i)));
                if !own {
                    return false;
                }
                if !stores.contains(&(*addr, ty.bytes())) {
                    stores.push((*addr, ty.bytes()));
                }
            }
        }
    }
    // A part of an array that is stored into is reached from one base only, and no place of it by two addresses.
    let bases = || stores.iter().chain(&loads).map(|a| a.0.base);
    let only = |base: Opnd| {
        fixed(base)
            && base.reg().is_some_and(|stored| {
                bases().all(|other| {
                    other == base
                        || other
                            .reg()
                            .is_some_and(|o| root(roots, o) != root(roots, stored))
                })
            })
    };
    let place = |s: &(Addr, u32), o: &(Addr, u32)| {
        s.0.base != o.0.base || s == o || range.are_apart((&s.0, s.1), (&o.0, o.1))
    };
    stores.iter().all(|s| only(s.0.base))
        && loads.iter().all(|l| fixed(l.0.base))
        && stores
            .iter()
            .all(|s| stores.iter().chain(&loads).all(|o| place(s, o)))
        && !(stores.is_empty() && sums.is_empty())
}
