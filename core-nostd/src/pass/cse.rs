//! Merges equal instructions.
//!
//! An instruction is replaced by an equal earlier one that dominates it: in the same region or an enclosing one. What may
//! trap may be merged too (the earlier one has trapped if this one would). Calls of functions without effects as well.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{ConstOp, ControlOp, Func, InstData, Module, Op, PlaceOp};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::mem::discriminant;
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
        before: SecondaryMap::new(),
        order: Vec::new(),
    };
    pass.region(pass.f.body);
    !pass.subst.is_empty()
}

struct Cse<'a> {
    f: &'a mut Func,
    effects: &'a FuncEffects,
    subst: Subst,
    /// The last instruction in scope of each hash.
    seen: HashMap<u64, Inst>,
    /// The one of the same hash before it.
    before: SecondaryMap<Inst, Option<Inst>>,
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
            if let Some(&i) = self.seen.get(&h) {
                match self.before[i] {
                    Some(j) => self.seen.insert(h, j),
                    None => self.seen.remove(&h),
                };
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
        let last = self.seen.get(&h).copied();
        let mut at = last;
        while let Some(j) = at
            && !equal(self.f, j, d)
        {
            at = self.before[j];
        }
        match at {
            Some(j) => {
                for k in 0..self.f.insts[i].results.len() {
                    let (old, new) = (self.f.insts[i].results[k], self.f.insts[j].results[k]);
                    self.subst.set(old, new);
                }
                true
            }
            None => {
                self.before[i] = last;
                self.seen.insert(h, i);
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

/// Equal instructions have equal hashes. Those of one operation on the same operands are told apart where there are many: constants and the
/// fields of a record.
fn hash(op: &Op, args: &[Value]) -> u64 {
    let mut h = Mix(0);
    discriminant(op).hash(&mut h);
    args.hash(&mut h);
    match op {
        Op::Const(ConstOp::Scalar(s)) => bits(*s).hash(&mut h),
        Op::Const(ConstOp::Tensor(t)) => (Arc::as_ptr(t) as usize).hash(&mut h),
        Op::Const(ConstOp::Default(ty)) => ty.hash(&mut h),
        Op::Place(PlaceOp::Record) => {}
        Op::Place(PlaceOp::Get(path) | PlaceOp::Update(path) | PlaceOp::AddAt(path)) => {
            path.hash(&mut h);
        }
        Op::Unary(o) => discriminant(o).hash(&mut h),
        Op::Binary(o) => discriminant(o).hash(&mut h),
        Op::Ternary(o) => discriminant(o).hash(&mut h),
        Op::Compare(o) => discriminant(o).hash(&mut h),
        Op::Array(o) => discriminant(o).hash(&mut h),
        Op::Shape(o) => discriminant(o).hash(&mut h),
        Op::Convert(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Dot(_)
        | Op::Tangent(_)
        | Op::Effect(_)
        | Op::Control(_)
        | Op::Slot(_) => {}
    }
    h.finish()
}

/// Bits that are equal for scalars of the same bits.
fn bits(s: Scalar) -> u64 {
    match s {
        Scalar::Bool(x) => x.into(),
        Scalar::I8(x) => x as u64,
        Scalar::I16(x) => x as u64,
        Scalar::I32(x) => x as u64,
        Scalar::I64(x) => x as u64,
        Scalar::U8(x) => x.into(),
        Scalar::U16(x) => x.into(),
        Scalar::U32(x) => x.into(),
        Scalar::U64(x) => x,
        Scalar::F32(x) => x.to_bits().into(),
        Scalar::F64(x) => x.to_bits(),
        Scalar::C64(x) => u64::from(x.re.to_bits()) << 32 | u64::from(x.im.to_bits()),
        Scalar::C128(x) => x.re.to_bits().rotate_left(7) ^ x.im.to_bits(),
    }
}

/// A quick hash of words.
struct Mix(u64);

impl Mix {
    fn word(&mut self, x: u64) {
        let m = (self.0.rotate_left(23) ^ x).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = m ^ m >> 32;
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.word(u64::from_le_bytes(word));
        }
    }
    fn write_u32(&mut self, x: u32) {
        self.word(x.into());
    }
    fn write_u64(&mut self, x: u64) {
        self.word(x);
    }
    fn write_usize(&mut self, x: usize) {
        self.word(x as u64);
    }
    fn finish(&self) -> u64 {
        self.0
    }
}
