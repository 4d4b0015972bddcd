//! Evaluates instructions whose operands are constants.
//!
//! The meaning is the op's own [`ops::eval`]. What traps stays as it is: it must trap when it runs, if it runs. Results of more
//! than [`MAX_ELEMENTS`] stay too, so that folding does not make programs larger; of scans of integers, which are tables of places, up to [`MAX_TABLE`].

use crate::entity::{Region, SecondaryMap, Value};
use crate::ir::{ConstOp, DType, Dim, Func, Module, Op, Reduction, Type};
use crate::ops::{self, Args, Effects, EvalCx};
use crate::value::{Tensor, Val};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The most elements of a result, and of each operand.
pub const MAX_ELEMENTS: u64 = 64;

/// The most elements of a scan of integers, and of what it is computed of.
pub const MAX_TABLE: u64 = 4096;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Folds one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut pass = Fold {
        f,
        known: SecondaryMap::new(),
        changed: false,
    };
    pass.region(pass.f.body);
    pass.changed
}

struct Fold<'a> {
    f: &'a mut Func,
    known: SecondaryMap<Value, Option<Val>>,
    changed: bool,
}

impl Fold<'_> {
    fn region(&mut self, r: Region) {
        for k in 0..self.f.regions[r].insts.len() {
            let i = self.f.regions[r].insts[k];
            let d = &self.f.insts[i];
            if !d.regions.is_empty() {
                for q in d.regions.clone() {
                    self.region(q);
                }
                continue;
            }
            let [result] = d.results[..] else { continue };
            let small = is_small(self.f.ty(result));
            if !small && !is_table(self.f.ty(result)) {
                continue;
            }
            let is_const = matches!(d.op, Op::Const(_));
            if !is_const && !self.is_foldable(&d.op, &d.args) {
                continue;
            }
            let Some(val) = self.eval(&d.op, &d.args, self.f.ty(result)) else {
                continue;
            };
            let is_scan = matches!(d.op, Op::Reduce(Reduction::Cumulative { .. }));
            if !is_const && (small || is_scan) {
                let Some(c) = constant(&val, self.f.ty(result)) else {
                    continue;
                };
                let d = &mut self.f.insts[i];
                d.op = c.into();
                d.args.clear();
                self.changed = true;
            }
            self.known[result] = Some(val);
        }
    }
    fn is_foldable(&self, op: &Op, args: &[Value]) -> bool {
        if matches!(op, Op::Control(_) | Op::Slot(_))
            || args.iter().any(|&v| self.known[v].is_none())
        {
            return false;
        }
        let tys: Vec<&Type> = args.iter().map(|&v| self.f.ty(v)).collect();
        ops::effects(op, &tys) != Effects::Effect
    }
    fn eval(&self, op: &Op, args: &[Value], ty: &Type) -> Option<Val> {
        let mut regs: Vec<Val> = args.iter().filter_map(|&v| self.known[v].clone()).collect();
        let uses: Vec<(u32, bool)> = (0..args.len() as u32).map(|r| (r, false)).collect();
        let cx = EvalCx {
            max_bytes: MAX_TABLE * 16,
            results: core::slice::from_ref(ty),
        };
        let mut out = Vec::new();
        ops::eval(op, &mut Args::new(&mut regs, &uses), &mut out, &cx).ok()?;
        out.pop()
    }
}

/// The elements of a tensor type, all extents known.
fn elements(ty: &Type) -> Option<u64> {
    let mut extents = ty.as_tensor()?.shape.iter();
    extents.try_fold(1u64, |n, d: &Dim| n.checked_mul(d.known()?))
}

fn is_small(ty: &Type) -> bool {
    elements(ty).is_some_and(|n| n <= MAX_ELEMENTS)
}

/// What a scan may be computed of.
fn is_table(ty: &Type) -> bool {
    let exact = |d: DType| d.is_int() || d == DType::Bool;
    ty.dtype().is_some_and(exact) && elements(ty).is_some_and(|n| n <= MAX_TABLE)
}

/// The constant for a value, if there is one and it is of that very type.
fn constant(v: &Val, ty: &Type) -> Option<ConstOp> {
    match v {
        Val::Scalar(s) => (Type::from(s.dtype()) == *ty).then_some(ConstOp::Scalar(*s)),
        Val::Tensor(t) => (t.ty() == *ty).then(|| ConstOp::Tensor(Arc::<Tensor>::clone(t))),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => None,
    }
}
