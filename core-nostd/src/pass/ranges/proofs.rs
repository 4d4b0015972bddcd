//! Which accesses need no check: a walk in program order, with what earlier checks and accesses have shown.

use super::Ranges;
use super::poly::Poly;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{EffectOp, Func, InstData, Op, PlaceOp, Step, Type};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The most facts kept at a time.
const MAX_FACTS: usize = 48;

/// For each `get`, `update` and `add_at`, those of its indices that are certainly in range where it is run: the indices by which its
/// path starts, as far as it leads through one tensor or into one sequence. An executor need not check them.
pub fn proofs(f: &Func) -> SecondaryMap<Inst, Vec<Value>> {
    let mut walk = Walk {
        f,
        ranges: Ranges::of(f),
        facts: Vec::new(),
        shown: BTreeSet::new(),
        proven: SecondaryMap::new(),
    };
    walk.region(f.body);
    walk.proven
}

struct Walk<'f> {
    f: &'f Func,
    ranges: Ranges<'f>,
    /// Polynomials that are not negative here.
    facts: Vec<Poly>,
    /// Indices that are below an extent here, whatever is known of the index.
    shown: BTreeSet<(Value, Poly)>,
    proven: SecondaryMap<Inst, Vec<Value>>,
}

impl Walk<'_> {
    fn region(&mut self, r: Region) {
        let facts = self.facts.len();
        let mut shown: Vec<(Value, Poly)> = Vec::new();
        let f = self.f;
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            match &d.op {
                Op::Effect(EffectOp::CheckIndex) => {
                    let n = self.ranges.poly(d.args[1], 0);
                    self.below(d.args[0], &n, &mut shown);
                }
                Op::Effect(EffectOp::CheckRange) => self.within(d),
                Op::Place(op) => self.access(i, d, op, &mut shown),
                _ => {}
            }
            for &q in &d.regions {
                self.region(q);
            }
        }
        self.facts.truncate(facts);
        for key in shown {
            self.shown.remove(&key);
        }
    }

    fn access(&mut self, i: Inst, d: &InstData, op: &PlaceOp, shown: &mut Vec<(Value, Poly)>) {
        let (path, first) = match op {
            PlaceOp::Record => return,
            PlaceOp::Get(path) => (path, 1),
            PlaceOp::Update(path) | PlaceOp::AddAt(path) => (path, 2),
        };
        let base = d.args[0];
        let steps = path.iter().take_while(|s| **s == Step::Index).count();
        let axes = match self.f.ty(base) {
            Type::Tensor(_) => steps,
            Type::Seq(_) => steps.min(1),
            Type::Record(_) | Type::Stack(_) => 0,
        };
        let mut refuted: Vec<Value> = Vec::new();
        for axis in 0..axes {
            let index = d.args[first + axis];
            let extent = self.ranges.extent(base, axis as u32, 0);
            if self.is_shown(index, &extent) {
                self.proven[i].push(index);
            } else {
                refuted.push(index);
                self.below(index, &extent, shown);
            }
        }
        // The same value may be an index into several axes, or further down.
        let rest = &d.args[first + axes..];
        self.proven[i].retain(|v| !refuted.contains(v) && !rest.contains(v));
    }

    fn is_shown(&mut self, index: Value, extent: &Poly) -> bool {
        if self.ranges.is_below(index, extent) || self.shown.contains(&(index, extent.clone())) {
            return true;
        }
        let i = self.ranges.poly(index, 0);
        let Some(room) = extent
            .plus(&i, -1)
            .and_then(|p| p.plus(&Poly::constant(1), -1))
        else {
            return false;
        };
        let known = self.ranges.is_unsigned(index) && !i.modular;
        if extent.modular || !(known || self.ranges.is_at_least_zero(&i)) {
            return false;
        }
        // Not negative if it is not even with something that is not negative taken off.
        (0..self.facts.len()).rev().any(|k| {
            let less = room.plus(&self.facts[k], -1);
            less.is_some_and(|p| self.ranges.is_at_least_zero(&p))
        })
    }

    /// From here on the index is below the extent.
    fn below(&mut self, index: Value, extent: &Poly, shown: &mut Vec<(Value, Poly)>) {
        let key = (index, extent.clone());
        if self.shown.insert(key.clone()) {
            shown.push(key);
        }
        let i = self.ranges.poly(index, 0);
        if let Some(p) = extent
            .plus(&i, -1)
            .and_then(|p| p.plus(&Poly::constant(1), -1))
        {
            self.note(p);
        }
    }

    /// From here on `0 <= lo <= hi <= n`.
    fn within(&mut self, d: &InstData) {
        let [lo, hi, n] = [0, 1, 2].map(|k| self.ranges.poly(d.args[k], 0));
        for p in [n.plus(&hi, -1), hi.plus(&lo, -1)].into_iter().flatten() {
            self.note(p);
        }
    }

    fn note(&mut self, p: Poly) {
        // Modulo 2^64 nothing is positive or negative.
        if !p.modular && self.facts.len() < MAX_FACTS {
            self.facts.push(p);
        }
    }
}
