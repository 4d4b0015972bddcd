//! Moves computations that do not depend on the iteration out of loops.
//!
//! Only what cannot trap moves: the loop may run no iteration. Out of `for`, `while` (condition and body) and `map`; not out
//! of the arms of a branch, which would make a cheap untaken path pay. Inner loops first, so an instruction leaves as many
//! loops as it can in one pass.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, Module, Op};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        func(f, &effects);
    }
}

/// Moves within one function of the module whose effects these are. Returns whether anything changed.
pub fn func(f: &mut Func, effects: &FuncEffects) -> bool {
    let mut pass = Licm {
        f,
        effects,
        depth: SecondaryMap::new(),
        changed: false,
    };
    pass.region(pass.f.body, 0);
    pass.changed
}

struct Licm<'a> {
    f: &'a mut Func,
    effects: &'a FuncEffects,
    /// How deep the region is that defines a value.
    depth: SecondaryMap<Value, u32>,
    changed: bool,
}

impl Licm<'_> {
    fn region(&mut self, r: Region, depth: u32) {
        for &v in &self.f.regions[r].params {
            self.depth[v] = depth;
        }
        let insts = core::mem::take(&mut self.f.regions[r].insts);
        let mut out = Vec::with_capacity(insts.len());
        for i in insts {
            let is_loop = matches!(
                self.f.insts[i].op,
                Op::Control(ControlOp::For | ControlOp::While | ControlOp::Map)
            );
            for q in self.f.insts[i].regions.clone() {
                self.region(q, depth + 1);
                if is_loop {
                    self.hoist(q, depth, &mut out);
                }
            }
            for &v in &self.f.insts[i].results {
                self.depth[v] = depth;
            }
            out.push(i);
        }
        self.f.regions[r].insts = out;
    }
    /// Moves what can leave region `q` to the end of `out`, which is at depth `depth`.
    fn hoist(&mut self, q: Region, depth: u32, out: &mut Vec<Inst>) {
        let mut insts = core::mem::take(&mut self.f.regions[q].insts);
        insts.retain(|&i| {
            let d = &self.f.insts[i];
            let stays = !d.regions.is_empty()
                || d.args.iter().any(|&v| self.depth[v] > depth)
                || self.effects.inst(self.f, d) != Effects::Pure;
            if !stays {
                for &v in &self.f.insts[i].results {
                    self.depth[v] = depth;
                }
                out.push(i);
                self.changed = true;
            }
            stays
        });
        self.f.regions[q].insts = insts;
    }
}
