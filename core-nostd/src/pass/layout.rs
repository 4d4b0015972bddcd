//! Where everything is in a function: uses, program order, nesting; and insertion of instructions before others.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{Func, ValueDef};
use alloc::vec::Vec;

/// One use of a value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// Operand of an instruction.
    Arg(Inst, usize),
    /// Yield of a region.
    Yield(Region, usize),
}

/// Where everything is in a function, and what uses it.
pub(crate) struct Layout {
    pub(crate) uses: SecondaryMap<Value, Vec<Use>>,
    /// The instructions that are there, in program order.
    pub(crate) order: SecondaryMap<Inst, u32>,
    pub(crate) home: SecondaryMap<Inst, Option<Region>>,
    pub(crate) owner: SecondaryMap<Region, Option<Inst>>,
    /// The end of a region in program order.
    pub(crate) end: SecondaryMap<Region, u32>,
}

impl Layout {
    pub(crate) fn of(f: &Func) -> Layout {
        let mut s = Layout {
            uses: SecondaryMap::new(),
            order: SecondaryMap::new(),
            home: SecondaryMap::new(),
            owner: SecondaryMap::new(),
            end: SecondaryMap::new(),
        };
        s.region(f, f.body, &mut 0);
        s
    }
    fn region(&mut self, f: &Func, r: Region, n: &mut u32) {
        for &i in &f.regions[r].insts {
            *n += 1;
            self.order[i] = *n;
            self.home[i] = Some(r);
            let d = &f.insts[i];
            for (k, &v) in d.args.iter().enumerate() {
                self.uses[v].push(Use::Arg(i, k));
            }
            for &q in &d.regions {
                self.owner[q] = Some(i);
                self.region(f, q, n);
            }
        }
        for (k, &v) in f.regions[r].yields.iter().enumerate() {
            self.uses[v].push(Use::Yield(r, k));
        }
        *n += 1;
        self.end[r] = *n;
    }
    /// Where a value is defined, in the order of the instructions: with the one it is a result of, or whose region it is a
    /// parameter of; 0 for the function's own.
    pub(crate) fn defined(&self, f: &Func, v: Value) -> u32 {
        match f.values[v].def {
            ValueDef::Result(i, _) => self.order[i],
            ValueDef::Param(r, _) => self.owner[r].map_or(0, |i| self.order[i]),
        }
    }
    /// Where a use is, in the order of the instructions.
    pub(crate) fn at(&self, u: Use) -> u32 {
        match u {
            Use::Arg(i, _) => self.order[i],
            Use::Yield(r, _) => self.end[r],
        }
    }
}

/// A change of the instructions of a region at one of them.
#[derive(Clone)]
pub(crate) struct Change {
    at: Inst,
    new: Vec<Inst>,
    stays: bool,
    after: bool,
}

impl Change {
    /// New instructions before one.
    pub(crate) fn before(at: Inst, new: Vec<Inst>) -> Change {
        Change {
            at,
            new,
            stays: true,
            after: false,
        }
    }
    /// New instructions after one.
    pub(crate) fn after(at: Inst, new: Vec<Inst>) -> Change {
        Change {
            at,
            new,
            stays: true,
            after: true,
        }
    }
    /// New instructions in the place of one.
    pub(crate) fn instead(at: Inst, new: Vec<Inst>) -> Change {
        Change {
            at,
            new,
            stays: false,
            after: false,
        }
    }
}

/// Applies changes, any number at one instruction.
pub(crate) fn place(f: &mut Func, changes: Vec<Change>) {
    let mut by: SecondaryMap<Inst, Vec<Change>> = SecondaryMap::new();
    for c in changes {
        by[c.at].push(c);
    }
    for r in f.regions.values_mut() {
        if r.insts.iter().all(|&i| by[i].is_empty()) {
            continue;
        }
        let old = core::mem::take(&mut r.insts);
        for i in old {
            let here = core::mem::take(&mut by[i]);
            let stays = here.iter().all(|c| c.stays);
            let (after, before): (Vec<Change>, Vec<Change>) =
                here.into_iter().partition(|c| c.after);
            r.insts.extend(before.into_iter().flat_map(|c| c.new));
            if stays {
                r.insts.push(i);
            }
            r.insts.extend(after.into_iter().flat_map(|c| c.new));
        }
    }
}
