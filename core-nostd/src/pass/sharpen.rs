//! Types as precise as the operands make them.
//!
//! The type recorded for a result may be looser than the one its op gives (rule V8): where a pass put a `f64[3]` in the place of a
//! `f64[?]`, say. After this pass the two are equal for every instruction, so that known extents are known to the passes after it, and
//! who lays out registers by types needs to look at one type only. What is looser stays so at the ends: parameters, yields, returns.
//!
//! Two exceptions. The operands of a user's linear map keep their types, because its transpose is a function of exactly these. And an
//! instruction whose operands certainly differ in extents, which is a trap at run time and not an error, keeps what is recorded.

use crate::entity::{FuncId, Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, Module, Op, TangentOp, Type};
use crate::ops;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    run_from(m, FuncId(0));
}

/// Runs on the functions from that one on. Returns the instructions that certainly trap, because their operands do not suit.
pub fn run_from(m: &mut Module, first: FuncId) -> Vec<(FuncId, Inst)> {
    let results: Vec<Vec<Type>> = m.funcs.values().map(|f| f.results.clone()).collect();
    let mut traps = Vec::new();
    for id in m.funcs.keys().filter(|&id| id >= first).collect::<Vec<_>>() {
        let f = &mut m.funcs[id];
        let mut keep = SecondaryMap::new();
        f.visit(f.body, &mut |_, d| {
            if matches!(d.op, Op::Tangent(TangentOp::CustomLinear { .. })) {
                d.args.iter().for_each(|&v| keep[v] = true);
            }
        });
        let mut s = Sharpen {
            f,
            results: &results,
            keep,
            traps: Vec::new(),
        };
        s.region(s.f.body);
        traps.extend(s.traps.into_iter().map(|i| (id, i)));
    }
    traps
}

struct Sharpen<'f> {
    f: &'f mut Func,
    /// The result types of all functions, by number.
    results: &'f [Vec<Type>],
    /// The values that keep their types.
    keep: SecondaryMap<Value, bool>,
    traps: Vec<Inst>,
}

impl Sharpen<'_> {
    /// Regions nest to the verifier's bound at most.
    fn region(&mut self, r: Region) {
        for k in 0..self.f.regions[r].insts.len() {
            let i = self.f.regions[r].insts[k];
            for j in 0..self.f.insts[i].regions.len() {
                self.region(self.f.insts[i].regions[j]);
            }
            let Some(given) = self.given(i) else {
                continue;
            };
            for (k, ty) in given.into_iter().enumerate() {
                let Some(&v) = self.f.insts[i].results.get(k) else {
                    continue;
                };
                let old = &mut self.f.values[v].ty;
                if *old != ty && ty.fits(old) && !self.keep[v] {
                    *old = ty;
                }
            }
        }
    }
    /// The types that an instruction gives; `None` if its operands do not suit it, or it is of the slot stage.
    fn given(&mut self, i: Inst) -> Option<Vec<Type>> {
        let d = &self.f.insts[i];
        let given = match &d.op {
            Op::Control(ControlOp::Call(g)) => return self.results.get(g.0 as usize).cloned(),
            Op::Control(ControlOp::Derive { .. }) | Op::Slot(_) => return None,
            Op::Control(
                c @ (ControlOp::If
                | ControlOp::Switch
                | ControlOp::While
                | ControlOp::For
                | ControlOp::Map),
            ) => ops::control::infer_regions(self.f, c, &d.args, &d.regions),
            op @ (Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Const(_)
            | Op::Place(_)
            | Op::Array(_)
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Tangent(_)
            | Op::Effect(_)) => {
                let tys: Vec<Type> = d.args.iter().map(|&v| self.f.ty(v).clone()).collect();
                ops::infer(op, &tys)
            }
        };
        if given.is_err() {
            self.traps.push(i);
        }
        given.ok()
    }
}
