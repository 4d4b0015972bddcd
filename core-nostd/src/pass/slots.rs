//! Which slots the regions of a function read and write, and which must cross them.
//!
//! [`Carry::of`] answers, for each control instruction, which slots' values it must yield (branches) or carry (loops):
//! those it writes that are read later, on some path, before they are overwritten. Two passes over the region tree:
//! bottom-up, what each instruction writes and reads first; top-down and backwards, what is live.

use crate::entity::{Inst, Region, SecondaryMap, Slot};
use crate::ir::{ControlOp, Func, Op, SlotOp, Step};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// What a region, or a control instruction as a whole, does to slots.
#[derive(Clone, Debug, Default)]
struct Summary {
    /// Written somewhere inside.
    written: BTreeSet<Slot>,
    /// Read or written somewhere inside.
    touched: BTreeSet<Slot>,
    /// Possibly read before it is wholly written inside.
    exposed: BTreeSet<Slot>,
    /// Wholly written on every path through.
    defined: BTreeSet<Slot>,
}

impl Summary {
    fn get(&mut self, s: Slot) {
        self.touched.insert(s);
        if !self.defined.contains(&s) {
            self.exposed.insert(s);
        }
    }
    fn set(&mut self, s: Slot, path: &[Step]) {
        if path.is_empty() {
            self.touched.insert(s);
            self.defined.insert(s);
        } else {
            self.get(s);
        }
        self.written.insert(s);
    }
    /// Adds what happens after `self` on the same path.
    fn then(&mut self, next: &Summary) {
        self.written.extend(&next.written);
        self.touched.extend(&next.touched);
        for s in &next.exposed {
            if !self.defined.contains(s) {
                self.exposed.insert(*s);
            }
        }
        self.defined.extend(&next.defined);
    }
    /// Adds what another arm may do instead. `first`: nothing was added yet.
    fn or(&mut self, arm: &Summary, first: bool) {
        self.written.extend(&arm.written);
        self.touched.extend(&arm.touched);
        self.exposed.extend(&arm.exposed);
        if first {
            self.defined.clone_from(&arm.defined);
        } else {
            self.defined.retain(|s| arm.defined.contains(s));
        }
    }
}

/// For each control instruction, which slots cross it.
#[derive(Debug)]
pub(super) struct Carry {
    insts: SecondaryMap<Inst, Summary>,
    regions: SecondaryMap<Region, Summary>,
    carried: SecondaryMap<Inst, Vec<Slot>>,
    live: SecondaryMap<Slot, bool>,
    /// The `while` instructions whose condition writes a slot that is read after it: a condition yields only its `bool`, so
    /// these must be rotated and the analysis made again.
    pub rotate: Vec<Inst>,
}

impl Carry {
    /// Analyses a function without blocks.
    pub fn of(f: &Func) -> Carry {
        let mut c = Carry {
            insts: SecondaryMap::new(),
            regions: SecondaryMap::new(),
            carried: SecondaryMap::new(),
            live: SecondaryMap::new(),
            rotate: Vec::new(),
        };
        c.summarise(f, f.body);
        c.backward(f, f.body);
        c
    }
    /// The slots whose values the instruction yields or carries, ascending.
    pub fn carried(&self, i: Inst) -> &[Slot] {
        &self.carried[i]
    }
    /// The slots written inside the instruction's regions, ascending.
    pub fn written(&self, i: Inst) -> impl Iterator<Item = Slot> + '_ {
        self.insts[i].written.iter().copied()
    }

    fn summarise(&mut self, f: &Func, r: Region) {
        let mut sum = Summary::default();
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            match &d.op {
                Op::Slot(SlotOp::Get(s, _)) => sum.get(*s),
                Op::Slot(SlotOp::Set(s, path)) => sum.set(*s, path),
                op if !d.regions.is_empty() => {
                    for &q in &d.regions {
                        self.summarise(f, q);
                    }
                    let inner = self.control(op, &d.regions);
                    sum.then(&inner);
                    self.insts[i] = inner;
                }
                _ => {}
            }
        }
        self.regions[r] = sum;
    }
    fn control(&self, op: &Op, regions: &[Region]) -> Summary {
        let mut sum = Summary::default();
        match op {
            Op::Control(ControlOp::While) => {
                // The condition runs at least once, the body perhaps never.
                for &r in regions {
                    sum.then(&self.regions[r]);
                }
                sum.defined.clone_from(&self.regions[regions[0]].defined);
            }
            Op::Control(ControlOp::For | ControlOp::Map) => {
                for &r in regions {
                    sum.then(&self.regions[r]);
                }
                sum.defined.clear();
            }
            _ => {
                for (k, &r) in regions.iter().enumerate() {
                    sum.or(&self.regions[r], k == 0);
                }
            }
        }
        sum
    }

    /// Walks a region backwards; `live` holds the slots live at its end before and at its start after.
    fn backward(&mut self, f: &Func, r: Region) {
        for &i in f.regions[r].insts.iter().rev() {
            let d = &f.insts[i];
            match &d.op {
                Op::Slot(SlotOp::Get(s, _)) => self.live[*s] = true,
                Op::Slot(SlotOp::Set(s, path)) => self.live[*s] = !path.is_empty(),
                op if !d.regions.is_empty() => self.backward_control(f, i, op, &d.regions),
                _ => {}
            }
        }
    }
    fn backward_control(&mut self, f: &Func, i: Inst, op: &Op, regions: &[Region]) {
        let touched: Vec<Slot> = self.insts[i].touched.iter().copied().collect();
        let is_loop = matches!(
            op,
            Op::Control(ControlOp::While | ControlOp::For | ControlOp::Map)
        );
        if is_loop {
            // At the loop's head is live what is live after it or read first by an iteration.
            for &s in &self.insts[i].exposed {
                self.live[s] = true;
            }
        }
        // The regions of a map run independently: what one writes no other sees.
        if !matches!(op, Op::Control(ControlOp::Map)) {
            self.carried[i] = self.written(i).filter(|&s| self.live[s]).collect();
        }
        let at_end: Vec<bool> = touched.iter().map(|&s| self.live[s]).collect();
        let mut at_start = alloc::vec![false; touched.len()];
        for (k, &r) in regions.iter().enumerate() {
            for (&s, &l) in touched.iter().zip(&at_end) {
                self.live[s] = l;
            }
            if k == 0 && matches!(op, Op::Control(ControlOp::While)) {
                // The body follows the condition.
                for &s in &self.regions[regions[1]].exposed {
                    self.live[s] = true;
                }
                if self.regions[r].written.iter().any(|&s| self.live[s]) {
                    self.rotate.push(i);
                }
            }
            self.backward(f, r);
            for (at, &s) in at_start.iter_mut().zip(&touched) {
                *at |= self.live[s];
            }
        }
        for ((&s, at), end) in touched.iter().zip(at_start).zip(at_end) {
            self.live[s] = at || (is_loop && end);
        }
    }
}
