//! Types as precise as the operands make them.
//!
//! The type recorded for a result may be looser than the one its op gives (rule V8): where a pass put a `f64[3]` in the place of a
//! `f64[?]`, say. After this pass the two are equal for every instruction, so that known extents are known to the passes after it, and
//! who lays out registers by types needs to look at one type only. What is looser stays so at the ends: parameters, yields, returns.
//!
//! Where a precise type would make an op ill-typed (extents that certainly differ, which is a trap at run time and not an error), the
//! operand is made looser again by an `if` whose result has the recorded type.

use crate::entity::{FuncId, Inst, Region, Value};
use crate::ir::{ConstOp, ControlOp, DType, Func, InstData, Module, Op, TangentOp, Type};
use crate::ops;
use crate::pass::layout::{self, Change};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Runs on every function.
pub fn run(m: &mut Module) {
    run_from(m, FuncId(0));
}

/// Runs on the functions from that one on.
pub fn run_from(m: &mut Module, first: FuncId) {
    let results: Vec<Vec<Type>> = m.funcs.values().map(|f| f.results.clone()).collect();
    for f in m.funcs.values_mut().skip(first.0 as usize) {
        let mut s = Sharpen {
            f,
            results: &results,
            loose: HashMap::new(),
            before: Vec::new(),
        };
        s.region(s.f.body);
        let before = s.before;
        if !before.is_empty() {
            layout::place(f, before);
        }
    }
}

struct Sharpen<'f> {
    f: &'f mut Func,
    /// The result types of all functions, by number.
    results: &'f [Vec<Type>],
    /// The types that were recorded for the values that have more precise ones now.
    loose: HashMap<Value, Type>,
    /// Instructions that make operands looser again.
    before: Vec<Change>,
}

impl Sharpen<'_> {
    /// Regions nest to the verifier's bound at most.
    fn region(&mut self, r: Region) {
        for k in 0..self.f.regions[r].insts.len() {
            let i = self.f.regions[r].insts[k];
            for j in 0..self.f.insts[i].regions.len() {
                self.region(self.f.insts[i].regions[j]);
            }
            if matches!(
                self.f.insts[i].op,
                Op::Tangent(TangentOp::CustomLinear { .. })
            ) {
                // Its transpose is a function of exactly these types.
                self.loosen(i);
            }
            let mut given = self.given(i);
            if given.is_none() && self.loosen(i) {
                given = self.given(i);
            }
            let recorded = self.f.insts[i].results.clone();
            for (v, ty) in recorded.into_iter().zip(given.unwrap_or_default()) {
                let old = &mut self.f.values[v].ty;
                if *old != ty && ty.fits(old) {
                    let old = core::mem::replace(old, ty);
                    self.loose.insert(v, old);
                }
            }
        }
    }
    /// The types that an instruction gives; `None` if its operands do not suit it, or it is of the slot stage.
    fn given(&self, i: Inst) -> Option<Vec<Type>> {
        let d = &self.f.insts[i];
        match &d.op {
            Op::Control(ControlOp::Call(g)) => self.results.get(g.0 as usize).cloned(),
            Op::Control(ControlOp::Derive { .. }) | Op::Slot(_) => None,
            Op::Control(
                c @ (ControlOp::If
                | ControlOp::Switch
                | ControlOp::While
                | ControlOp::For
                | ControlOp::Map),
            ) => ops::control::infer_regions(self.f, c, &d.args, &d.regions).ok(),
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
            | Op::Tangent(_)
            | Op::Effect(_)) => {
                let tys: Vec<Type> = d.args.iter().map(|&v| self.f.ty(v).clone()).collect();
                ops::infer(op, &tys).ok()
            }
        }
    }
    /// Gives an instruction its operands with the types that were recorded. Returns whether any had another.
    fn loosen(&mut self, i: Inst) -> bool {
        let InstData { args, span, .. } = self.f.insts[i].clone();
        let mut new = Vec::new();
        for (k, v) in args.into_iter().enumerate() {
            let Some(ty) = self.loose.get(&v).cloned() else {
                continue;
            };
            let f = &mut *self.f;
            let yes = ConstOp::Scalar(Scalar::Bool(true)).into();
            let bool_ty = Type::scalar(DType::Bool);
            let yes = f.make_inst(yes, vec![], vec![], &[bool_ty], span);
            let arms = [(); 2].map(|()| {
                let r = f.make_region(&[]);
                f.regions[r].yields = vec![v];
                r
            });
            let choice = vec![f.insts[yes].results[0]];
            let op = ControlOp::If.into();
            let wide = f.make_inst(op, choice, arms.to_vec(), &[ty], span);
            f.insts[i].args[k] = f.insts[wide].results[0];
            new.extend([yes, wide]);
        }
        let any = !new.is_empty();
        if any {
            self.before.push(Change::before(i, new));
        }
        any
    }
}
