//! Types as precise as the operands make them.
//!
//! The type recorded for a result may be looser than the one its op gives (rule V8): where a pass put a `f64[3]` in the place of a
//! `f64[?]`, say. After this pass the two are equal for every instruction, so that known extents are known to the passes after it, and
//! who lays out registers by types needs to look at one type only. What is looser stays so at the ends: parameters, yields, returns.
//!
//! [`loops_from`] goes further: what a loop carries gets the type that it starts with, if all iterations keep that.
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
    let ids: Vec<FuncId> = m.funcs.keys().filter(|&id| id >= first).collect();
    sharpen(m, &ids, false)
}

/// As [`run_from`], and what loops carry too.
pub fn loops_from(m: &mut Module, first: FuncId) {
    let ids: Vec<FuncId> = m.funcs.keys().filter(|&id| id >= first).collect();
    sharpen(m, &ids, true);
}

/// As [`loops_from`], one function.
pub fn loops_of(m: &mut Module, id: FuncId) {
    sharpen(m, &[id], true);
}

/// How often what a loop carries is loosened before it stays as it was.
const TRIES: usize = 8;

fn sharpen(m: &mut Module, ids: &[FuncId], loops: bool) -> Vec<(FuncId, Inst)> {
    let results: Vec<Vec<Type>> = m.funcs.values().map(|f| f.results.clone()).collect();
    let mut traps = Vec::new();
    for &id in ids {
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
            loops,
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
    /// Whether what loops carry becomes sharper.
    loops: bool,
    /// The values that keep their types.
    keep: SecondaryMap<Value, bool>,
    traps: Vec<Inst>,
}

impl Sharpen<'_> {
    /// Regions nest to the verifier's bound at most.
    fn region(&mut self, r: Region) {
        for k in 0..self.f.regions[r].insts.len() {
            let i = self.f.regions[r].insts[k];
            let is_loop = matches!(
                self.f.insts[i].op,
                Op::Control(ControlOp::For | ControlOp::While)
            );
            if self.loops && is_loop {
                self.carried(i);
            } else {
                self.inside(i);
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
    fn inside(&mut self, i: Inst) {
        for j in 0..self.f.insts[i].regions.len() {
            self.region(self.f.insts[i].regions[j]);
        }
    }
    /// A loop whose carried values are taken to be of the types they start with; where an iteration makes something looser of that, of what both fit.
    fn carried(&mut self, i: Inst) {
        let d = self.f.insts[i].clone();
        let skip = usize::from(d.op == Op::Control(ControlOp::For));
        let body = d.regions[d.regions.len() - 1];
        let before = self.types_inside(i);
        let traps = self.traps.len();
        let mut want: Vec<Type> = d.args[2 * skip..]
            .iter()
            .map(|&v| self.f.ty(v).clone())
            .collect();
        for _ in 0..TRIES {
            for (k, ty) in want.iter().enumerate() {
                for &r in &d.regions {
                    let p = self.f.regions[r].params[skip + k];
                    if ty.fits(self.f.ty(p)) && !self.keep[p] {
                        self.f.values[p].ty = ty.clone();
                    }
                }
            }
            self.inside(i);
            let mut good = true;
            for (k, ty) in want.iter_mut().enumerate() {
                let y = self.f.ty(self.f.regions[body].yields[k]);
                if !y.fits(self.f.ty(self.f.regions[body].params[skip + k])) {
                    good = false;
                    *ty = ty.join(y).unwrap_or_else(|| y.clone());
                }
            }
            if good {
                return;
            }
            self.traps.truncate(traps);
            for (v, ty) in &before {
                self.f.values[*v].ty = ty.clone();
            }
        }
        self.inside(i);
    }
    fn types_inside(&self, i: Inst) -> Vec<(Value, Type)> {
        let f = &self.f;
        let mut out = Vec::new();
        let mut note = |vs: &[Value]| out.extend(vs.iter().map(|&v| (v, f.ty(v).clone())));
        for &r in &f.insts[i].regions {
            note(&f.regions[r].params);
            f.visit(r, &mut |_, d| {
                note(&d.results);
                d.regions.iter().for_each(|&q| note(&f.regions[q].params));
            });
        }
        out
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
