//! Canonical numbers: values and labels counted in the order in which the text shows them.

use crate::entity::{Region, SecondaryMap, Value};
use crate::ir::{Func, Op, SlotOp};
use alloc::collections::BTreeMap;

/// Deeper regions are not shown: recursion over regions is bounded whatever the module is.
pub(super) const MAX_DEPTH: usize = 256;

/// The numbers of one function's values and labels.
pub(super) struct Order {
    /// A value's number plus one; 0 for a value that no shown region defines.
    values: SecondaryMap<Value, u32>,
    labels: BTreeMap<u32, u32>,
    /// How many values there are.
    pub(super) count: u32,
}

impl Order {
    pub(super) fn new(f: &Func) -> Order {
        let mut o = Order {
            values: SecondaryMap::new(),
            labels: BTreeMap::new(),
            count: 0,
        };
        o.region(f, f.body, 0, &mut SecondaryMap::new());
        o
    }
    /// A value's number, if a region that is shown defines it.
    pub(super) fn value(&self, v: Value) -> Option<u32> {
        self.values[v].checked_sub(1)
    }
    /// A label's number, if it is shown.
    pub(super) fn label(&self, l: u32) -> Option<u32> {
        self.labels.get(&l).copied()
    }
    /// How many labels there are.
    pub(super) fn labels(&self) -> u32 {
        self.labels.len() as u32
    }

    fn region(&mut self, f: &Func, r: Region, depth: usize, seen: &mut SecondaryMap<Region, bool>) {
        let Some(data) = f.regions.get(r) else { return };
        if depth > MAX_DEPTH || core::mem::replace(&mut seen[r], true) {
            return;
        }
        self.define(f, &data.params);
        for &i in &data.insts {
            let Some(d) = f.insts.get(i) else { continue };
            self.define(f, &d.results);
            if let Op::Slot(SlotOp::Block(l) | SlotOp::Br(l)) = d.op {
                let n = self.labels.len() as u32;
                self.labels.entry(l.0).or_insert(n);
            }
            for &q in &d.regions {
                self.region(f, q, depth + 1, seen);
            }
        }
    }
    fn define(&mut self, f: &Func, vs: &[Value]) {
        for &v in vs {
            if f.values.get(v).is_some() && self.values[v] == 0 {
                self.count += 1;
                self.values[v] = self.count;
            }
        }
    }
}
