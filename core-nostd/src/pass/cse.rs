//! Merges equal instructions.
//!
//! An instruction is replaced by an equal earlier one that dominates it: in the same region or an enclosing one. What may
//! trap may be merged too (the earlier one has trapped if this one would). Calls of functions without effects as well.

use crate::entity::{Inst, Region, Value};
use crate::ir::{ConstOp, ControlOp, Func, InstData, Module, Op};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use crate::pass::subst::Subst;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::Write;
use core::hash::{Hash, Hasher};
use hashbrown::HashMap;

/// Runs on every function.
pub fn run(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        func(f, &effects);
    }
}

/// Merges within one function of the module whose effects these are. Returns whether anything changed.
pub fn func(f: &mut Func, effects: &FuncEffects) -> bool {
    let mut pass = Cse {
        f,
        effects,
        subst: Subst::new(),
        seen: HashMap::new(),
        order: Vec::new(),
    };
    pass.region(pass.f.body);
    !pass.subst.is_empty()
}

struct Cse<'a> {
    f: &'a mut Func,
    effects: &'a FuncEffects,
    subst: Subst,
    /// The instructions in scope by hash.
    seen: HashMap<u64, Vec<Inst>>,
    /// The hashes of `seen` in order of entry, to leave scopes.
    order: Vec<u64>,
}

impl Cse<'_> {
    fn region(&mut self, r: Region) {
        let entered = self.order.len();
        let mut insts = core::mem::take(&mut self.f.regions[r].insts);
        insts.retain(|&i| {
            self.subst.all(&mut self.f.insts[i].args);
            for q in self.f.insts[i].regions.clone() {
                self.region(q);
            }
            !self.merged(i)
        });
        self.f.regions[r].insts = insts;
        self.subst.all(&mut self.f.regions[r].yields);
        for h in self.order.drain(entered..) {
            if let Some(list) = self.seen.get_mut(&h) {
                list.pop();
            }
        }
    }
    fn merged(&mut self, i: Inst) -> bool {
        let d = &self.f.insts[i];
        let call = matches!(d.op, Op::Control(ControlOp::Call(_)));
        if !d.regions.is_empty()
            || (matches!(d.op, Op::Control(_)) && !call)
            || self.effects.inst(self.f, d) == Effects::Effect
        {
            return false;
        }
        let h = hash(&d.op, &d.args);
        let list = self.seen.entry(h).or_default();
        let same = list.iter().copied().find(|&j| equal(self.f, j, d));
        match same {
            Some(j) => {
                for k in 0..self.f.insts[i].results.len() {
                    let (old, new) = (self.f.insts[i].results[k], self.f.insts[j].results[k]);
                    self.subst.set(old, new);
                }
                true
            }
            None => {
                list.push(i);
                self.order.push(h);
                false
            }
        }
    }
}

/// Whether `j` computes what `d` does, and results that may stand for `d`'s.
fn equal(f: &Func, j: Inst, d: &InstData) -> bool {
    let e = &f.insts[j];
    let same_op = match (&e.op, &d.op) {
        // Not by `==`: that takes 0 for -0, and NaN for nothing.
        (Op::Const(ConstOp::Scalar(a)), Op::Const(ConstOp::Scalar(b))) => a.same_bits(*b),
        (Op::Const(ConstOp::Tensor(a)), Op::Const(ConstOp::Tensor(b))) => Arc::ptr_eq(a, b),
        (a, b) => a == b,
    };
    same_op
        && e.args == d.args
        && e.results.len() == d.results.len()
        && e.results
            .iter()
            .zip(&d.results)
            .all(|(&a, &b)| f.ty(a) == f.ty(b))
}

fn hash(op: &Op, args: &[Value]) -> u64 {
    let mut h = Fnv(0xcbf2_9ce4_8422_2325);
    args.hash(&mut h);
    match op {
        Op::Const(ConstOp::Tensor(t)) => (Arc::as_ptr(t) as usize).hash(&mut h),
        // The debug form names the op and all its attributes; writing to a hasher does not fail.
        op => {
            let _ = write!(h, "{op:?}");
        }
    }
    h.finish()
}

/// FNV-1a.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

impl Write for Fnv {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        Hasher::write(self, s.as_bytes());
        Ok(())
    }
}
