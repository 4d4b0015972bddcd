//! Counters of straight loops: what they hold in an iteration is computed from the index, and stacks get their room before the loop.
//!
//! ```text
//! for i in lo..hi { n = n - 1; … n … }          becomes    for i in lo..hi { m = n - (i - lo); … m - 1 … }; n = n - (hi - lo)
//! for i in lo..hi { s = reserve s, n, 1; … }    becomes    if lo < hi { s = reserve s, n, hi - lo }; for i in lo..hi { … }
//! ```
//!
//! Then iterations that push or pop depend on each other no longer ([`super::nature`]). Integers wrap, so a counter's value is the same
//! however it is computed. A straight loop is one that only sets registers, stores and pushes: it runs to its end, or to where memory is
//! short, so room for all of it is room that it needs.

use crate::lir::{Bin, Block, Cmp, Function, LayoutId, Opnd, Reg, Rv, Site, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::HashMap;

/// Runs the pass; `size` says how large the elements of a layout are.
pub(super) fn run(f: &mut Function, size: &dyn Fn(LayoutId) -> u32) {
    let mut body = std::mem::take(&mut f.body);
    block(&mut body, &mut f.regs, size);
    f.body = body;
}

fn block(b: &mut Block, regs: &mut PrimaryMap<Reg, Ty>, size: &dyn Fn(LayoutId) -> u32) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        for inner in s.blocks_mut() {
            block(inner, regs, size);
        }
        let Some(mut pass) = Loop::of(&s, regs, size) else {
            out.push(s);
            continue;
        };
        let mut after = Block::new();
        if let Stmt::For { body, .. } = &mut s {
            pass.close(body, &mut after);
            pass.rooms(body);
        }
        out.append(&mut pass.before);
        out.push(s);
        out.append(&mut after);
    }
    *b = out;
}

/// A counter of a loop.
#[derive(Copy, Clone)]
struct Counter {
    /// Where it is set.
    at: usize,
    /// How each iteration changes it.
    op: Bin,
    by: Opnd,
    /// What it holds after that, if another register holds it too.
    next: Option<Reg>,
}

/// A straight loop with counters.
struct Loop<'a> {
    regs: &'a mut PrimaryMap<Reg, Ty>,
    size: &'a dyn Fn(LayoutId) -> u32,
    index: Reg,
    lo: Opnd,
    hi: Opnd,
    signed: bool,
    counters: Vec<(Reg, Counter)>,
    /// For counters: what they hold in an iteration, before the loop, and how each iteration changes them.
    closed: HashMap<Reg, (Reg, Bin, Opnd)>,
    /// What is computed before the loop.
    before: Block,
}

impl<'a> Loop<'a> {
    fn of(
        s: &Stmt,
        regs: &'a mut PrimaryMap<Reg, Ty>,
        size: &'a dyn Fn(LayoutId) -> u32,
    ) -> Option<Loop<'a>> {
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
        let straight =
            |s: &Stmt| matches!(s, Stmt::Set(..) | Stmt::Store(..) | Stmt::Reserve { .. });
        if !body.iter().all(straight) {
            return None;
        }
        let mut sets: HashMap<Reg, (u32, usize)> = HashMap::from([(*index, (1, 0))]);
        for (k, s) in body.iter().enumerate() {
            s.results(&mut |r| {
                let set = sets.entry(r).or_default();
                *set = (set.0 + 1, k);
            });
        }
        let invariant = |a: Opnd| a.reg().is_none_or(|r| !sets.contains_key(&r));
        let step = |r: Reg, rv: &Rv| match *rv {
            Rv::Bin(op @ (Bin::Add | Bin::Sub), Opnd::Reg(x), by) if x == r && invariant(by) => {
                Some((op, by))
            }
            Rv::Bin(Bin::Add, by, Opnd::Reg(x)) if x == r && invariant(by) => Some((Bin::Add, by)),
            _ => None,
        };
        let mut counters = Vec::new();
        for (&r, &(times, at)) in &sets {
            let Some(Stmt::Set(q, rv)) = body.get(at) else {
                continue;
            };
            if times != 1 || *q != r || regs[r] != Ty::I64 {
                continue;
            }
            let mut next = None;
            let mut found = step(r, rv);
            if let Rv::Copy(Opnd::Reg(t)) = *rv
                && let Some(&(1, set)) = sets.get(&t)
                && set < at
                && let Stmt::Set(_, rv) = &body[set]
            {
                next = Some(t);
                found = step(r, rv);
            }
            if let Some((op, by)) = found {
                counters.push((r, Counter { at, op, by, next }));
            }
        }
        counters.sort_by_key(|(_, c)| c.at);
        if counters.is_empty() || !invariant(*lo) || !invariant(*hi) {
            return None;
        }
        Some(Loop {
            regs,
            size,
            index: *index,
            lo: *lo,
            hi: *hi,
            signed: *signed,
            counters,
            closed: HashMap::new(),
            before: Block::new(),
        })
    }

    /// A new register set to that, at the end of a block.
    fn set(&mut self, to: &mut Block, rv: Rv) -> Opnd {
        let r = self.regs.push(rv.ty(self.regs));
        to.push(Stmt::Set(r, rv));
        r.into()
    }
    /// Whether the loop does not run; as the versions of loops ask it.
    fn empty(&self) -> Rv {
        let op = if self.signed { Cmp::SGe } else { Cmp::UGe };
        Rv::Cmp(op, self.lo, self.hi)
    }

    /// Computes what counters hold from the index.
    fn close(&mut self, body: &mut Block, after: &mut Block) {
        let mut head = Block::new();
        let mut before = Block::new();
        let done: Opnd = match self.lo {
            Opnd::Const(_, 0) => self.index.into(),
            lo => self.set(&mut head, Rv::Bin(Bin::Sub, self.index.into(), lo)),
        };
        let rv = self.empty();
        let empty = self.set(after, rv);
        let all = self.set(after, Rv::Bin(Bin::Sub, self.hi, self.lo));
        let all = self.set(after, Rv::Select(empty, Opnd::i64(0), all));
        let mut dropped = Vec::new();
        for (r, c) in std::mem::take(&mut self.counters) {
            let base = self.set(&mut before, Rv::Copy(r.into()));
            let by = |pass: &mut Self, to: &mut Block, n: Opnd| match c.by {
                Opnd::Const(_, 1) => n,
                by => pass.set(to, Rv::Bin(Bin::Mul, n, by)),
            };
            let change = by(self, &mut head, done);
            let now = self.set(&mut head, Rv::Bin(c.op, base, change));
            let change = by(self, after, all);
            after.push(Stmt::Set(r, Rv::Bin(c.op, base, change)));
            let next = match c.next {
                Some(t) => {
                    dropped.push(c.at);
                    t
                }
                None => {
                    let t = self.regs.push(Ty::I64);
                    body[c.at] = Stmt::Set(t, Rv::Bin(c.op, now, c.by));
                    t
                }
            };
            for (k, s) in body.iter_mut().enumerate() {
                let value = if k <= c.at { now } else { next.into() };
                s.operands_mut(&mut |a| {
                    if *a == Opnd::Reg(r) {
                        *a = value;
                    }
                });
            }
            if let (Opnd::Reg(now), Opnd::Reg(base)) = (now, base) {
                self.closed.insert(now, (base, c.op, c.by));
            }
        }
        let mut k = 0;
        body.retain(|_| {
            k += 1;
            !dropped.contains(&(k - 1))
        });
        body.splice(0..0, head);
        self.before = before;
    }

    /// Makes room for all that the loop pushes before it.
    fn rooms(&mut self, body: &mut Block) {
        let mut k = 0;
        while k < body.len() {
            if let Some(room) = self.room(body, k) {
                body.remove(k);
                let mut inside = Block::new();
                let n = self.set(&mut inside, Rv::Bin(Bin::Sub, self.hi, self.lo));
                // Where that many bytes are no number, there are not so many.
                let most = (i64::MAX.cast_unsigned() / 2)
                    / u64::from((self.size)(room.layout)).max(1)
                    / room.each;
                let n = self.set(&mut inside, Rv::Bin(Bin::UMin, n, Opnd::i64(most)));
                let more = match room.each {
                    1 => n,
                    each => self.set(&mut inside, Rv::Bin(Bin::Mul, n, Opnd::i64(each))),
                };
                let Room { buf, data, .. } = room;
                inside.push(Stmt::Reserve {
                    buf,
                    data,
                    len: room.len.into(),
                    more,
                    layout: room.layout,
                    site: room.site,
                });
                let rv = self.empty();
                let mut before = std::mem::take(&mut self.before);
                let empty = self.set(&mut before, rv);
                before.push(Stmt::If(empty, Block::new(), inside));
                self.before = before;
            } else {
                k += 1;
            }
        }
    }
    /// What a statement makes room for, if the same can be done before the loop.
    fn room(&self, body: &Block, k: usize) -> Option<Room> {
        let &Stmt::Reserve {
            buf,
            data,
            len,
            more,
            layout,
            site,
        } = body.get(k)?
        else {
            return None;
        };
        let (len, op, by) = *self.closed.get(&len.reg()?)?;
        let each = more.constant().filter(|&n| n > 0)?;
        // It stays this loop's block, and its elements where they are.
        let mut other = op != Bin::Add || by != more;
        for (j, s) in body.iter().enumerate() {
            if j != k {
                s.results(&mut |r| other |= r == buf || r == data);
                s.operands(&mut |a| other |= a == Opnd::Reg(buf));
                other |= matches!(s, Stmt::Store(_, _, a) if *a == Opnd::Reg(data));
            }
        }
        (!other).then_some(Room {
            buf,
            data,
            len,
            each,
            layout,
            site,
        })
    }
}

/// What a loop pushes to a stack.
struct Room {
    buf: Reg,
    data: Reg,
    /// The stack's length before the loop.
    len: Reg,
    /// How many elements each iteration pushes.
    each: u64,
    layout: LayoutId,
    site: Site,
}
