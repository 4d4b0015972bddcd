//! Which lanes run, and where the values are that the others use meanwhile.
//!
//! A mask is entered for code that only some lanes run: an arm of a branch, the body of a loop that some lanes have left.
//! In it, lane `l` computes what lane `rows[l]` does: itself if it runs, else the first that runs, its stand-in. A value
//! that was made under another mask is brought into that order where it is used, once per scope ([`Emit::held`]).
//! So a lane that does not run does nothing that a running lane does not do: it traps where that one traps, and calls end
//! where those of the running lanes end. Where the mask is left, `select` takes what the running lanes computed.
//!
//! Invariant: a value made under a mask is in that mask's order: row `l` belongs to lane `rows[l]`. A lane that runs stands for
//! itself, so its row is its own in every order; and stand-ins take the same branches as the lanes they copy, so what
//! leaves a mask is in the order of the code around.

use super::emit::Emit;
use crate::entity::Value;
use crate::ops::batch::{Held, stand_ins};

/// The lanes that run.
#[derive(Copy, Clone, Debug)]
pub(super) struct Mask {
    /// Tells masks apart.
    pub(super) id: u32,
    /// The lane for which each lane stands; `None`: itself.
    pub(super) rows: Option<Value>,
}

impl Mask {
    /// All lanes run.
    pub(super) const ALL: Mask = Mask { id: 0, rows: None };
}

impl Emit<'_, '_> {
    /// Enters the mask of those lanes for which `runs` (stacked, in the current order) holds, some of which must; returns the
    /// mask to go back to.
    pub(super) fn enter(&mut self, runs: Value) -> Mask {
        let rows = stand_ins(&mut self.b, self.lanes, runs, self.mask.rows);
        self.masks += 1;
        core::mem::replace(
            &mut self.mask,
            Mask {
                id: self.masks,
                rows: Some(rows),
            },
        )
    }
    /// The lanes' values of a source value in the current order.
    pub(super) fn held(&mut self, v: Value) -> Held {
        let (h, rows) = self.raw(v);
        let Some(rows) = rows else { return h };
        let key = (v, self.mask.id);
        if let Some(&value) = self.scopes.iter().rev().find_map(|s| s.get(&key)) {
            return Held::new(value, h.form);
        }
        let ty = self.src.ty(v).clone();
        let lanes = self.lanes;
        let arranged = lanes.rows(&mut self.b, &h, &ty, rows);
        let scope = self.scopes.last_mut().expect("a scope is open");
        scope.insert(key, arranged.value);
        arranged
    }
    /// The lanes' values of a source value as they are, and which row belongs to each lane in the current order, if not its
    /// own.
    pub(super) fn raw(&self, v: Value) -> (Held, Option<Value>) {
        let l = self.map[v].expect("a value is defined before it is used");
        let h = Held::new(l.value, self.forms.of(v));
        let own = h.form.is_same() || l.mask == self.mask.id;
        (h, if own { None } else { self.mask.rows })
    }
}
