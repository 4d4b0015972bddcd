//! Replacement of values: a map that passes fill while they walk and apply in one sweep.
//!
//! Replacements may chain (`a` by `b`, later `b` by `c`); [`Subst::get`] follows the chain and shortens it.

use crate::entity::{SecondaryMap, Value};
use crate::ir::Func;

/// Which value stands for another.
#[derive(Debug, Default)]
pub struct Subst {
    map: SecondaryMap<Value, Option<Value>>,
    any: bool,
}

impl Subst {
    /// No replacement.
    pub fn new() -> Subst {
        Subst::default()
    }
    /// Whether there is no replacement.
    pub fn is_empty(&self) -> bool {
        !self.any
    }
    /// Replaces `from` by `to`, or by what stands for `to`. Replacing a value by itself does nothing.
    pub fn set(&mut self, from: Value, to: Value) {
        let to = self.get(to);
        if from != to {
            self.map[from] = Some(to);
            self.any = true;
        }
    }
    /// What stands for `v`.
    pub fn get(&mut self, v: Value) -> Value {
        let mut end = v;
        while let Some(next) = self.map[end] {
            end = next;
        }
        let mut at = v;
        while let Some(next) = self.map[at] {
            if next == end {
                break;
            }
            self.map[at] = Some(end);
            at = next;
        }
        end
    }
    /// Replaces each of `vs`.
    pub fn all(&mut self, vs: &mut [Value]) {
        if self.any {
            for v in vs {
                *v = self.get(*v);
            }
        }
    }
    /// Replaces the operands and yields of the whole function.
    pub fn apply(&mut self, f: &mut Func) {
        if !self.any {
            return;
        }
        for d in f.insts.values_mut() {
            self.all(&mut d.args);
        }
        for r in f.regions.values_mut() {
            self.all(&mut r.yields);
        }
    }
}
