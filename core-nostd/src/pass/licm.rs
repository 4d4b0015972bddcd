//! Moves computations that do not depend on the iteration out of loops.
//!
//! Only what cannot trap moves: the loop may run no iteration. [`reads`] moves reads that are certainly in range. Out of `for`, `while` (condition and body) and `map`; not out
//! of the arms of a branch, which would make a cheap untaken path pay. Inner loops first, so an instruction leaves as many
//! loops as it can in one pass.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, InstData, Module, Op, PlaceOp, Step, Type};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use crate::pass::ranges::Ranges;
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
    moved(f, &|f, i| effects.inst(f, &f.insts[i]) == Effects::Pure)
}

/// Moves only the reads of scalars whose indices are certainly in range, whether the loop runs or not. Returns whether anything
/// changed.
pub fn reads(f: &mut Func) -> bool {
    let mut safe: SecondaryMap<Inst, bool> = SecondaryMap::new();
    let mut any = false;
    let mut ranges = Ranges::of(f);
    f.visit(f.body, &mut |_, d| {
        let is_loop = matches!(d.op, Op::Control(ControlOp::For | ControlOp::While));
        let bodies = d.regions.iter().filter(|_| is_loop);
        for &i in bodies.flat_map(|&r| &f.regions[r].insts) {
            safe[i] = is_safe_read(f, &f.insts[i], &mut ranges);
            any |= safe[i];
        }
    });
    any && moved(f, &|_, i| safe[i])
}

/// Whether an instruction reads a scalar of a tensor at indices that are in range.
fn is_safe_read(f: &Func, d: &InstData, ranges: &mut Ranges<'_>) -> bool {
    let Op::Place(PlaceOp::Get(path)) = &d.op else {
        return false;
    };
    matches!(f.ty(d.args[0]), Type::Tensor(_))
        && f.ty(d.results[0]).is_scalar()
        && path.iter().all(|s| *s == Step::Index)
        && (1..d.args.len()).all(|k| ranges.in_range(d.args[k], d.args[0], k as u32 - 1))
}

fn moved(f: &mut Func, movable: &dyn Fn(&Func, Inst) -> bool) -> bool {
    let mut pass = Licm {
        f,
        movable,
        depth: SecondaryMap::new(),
        changed: false,
    };
    pass.region(pass.f.body, 0);
    pass.changed
}

struct Licm<'a> {
    f: &'a mut Func,
    /// Whether an instruction may run where it might not have run.
    movable: &'a dyn Fn(&Func, Inst) -> bool,
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
                || !(self.movable)(self.f, i);
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
