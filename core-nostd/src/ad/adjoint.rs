//! Cotangents under construction: a value, or a slot where the value is also used by inner regions.

use super::backward::Back;
use super::demand::Key;
use crate::entity::{Inst, Slot, Value};
use crate::ir::{ArrayOp, Builder, Dim, ShapeOp, TangentOp, Type};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// The cotangent of a linear value under construction.
#[derive(Copy, Clone)]
pub(super) enum Ct {
    Val(Value),
    Slot(Slot),
}

/// A cotangent as one of a value of that type, where the value went on as one of a looser type: extents that the type knows are stated
/// again. A sequence's elements keep the looser type.
pub(super) fn narrow(b: &mut Builder, ct: Value, to: &Type) -> Value {
    let have = b.func.ty(ct).clone();
    if have.fits(to) {
        return ct;
    }
    match (&have, to) {
        (Type::Tensor(t), Type::Tensor(u)) if t.shape.len() == u.shape.len() => {
            let mut args = vec![ct];
            for (k, d) in (0..).zip(&u.shape) {
                if *d == Dim::Dynamic {
                    args.push(b.inst1(ArrayOp::Dim(k), &[ct]));
                }
            }
            b.inst1(ShapeOp::Reshape(u.shape.clone()), &args)
        }
        (Type::Record(_), Type::Record(fields)) => {
            let fields: Vec<Value> = (0..)
                .zip(fields.iter())
                .map(|(k, ty)| {
                    let part = b.field(ct, k);
                    narrow(b, part, ty)
                })
                .collect();
            b.record(&fields)
        }
        (Type::Tensor(_) | Type::Record(_) | Type::Seq(_) | Type::Stack(_), _) => ct,
    }
}

impl Back<'_, '_> {
    /// Adds to the cotangent of a value; nothing if it is not linear and useful.
    pub(super) fn add(&mut self, v: Value, ct: Value) {
        if !self.marks.useful[v] {
            return;
        }
        let ct = narrow(&mut self.b, ct, self.src.ty(v));
        match self.ct.get(&v).copied() {
            None => {
                self.ct.insert(v, Ct::Val(ct));
            }
            Some(Ct::Val(a)) => {
                let s = self.b.inst1(TangentOp::Accumulate, &[a, ct]);
                self.ct.insert(v, Ct::Val(s));
            }
            Some(Ct::Slot(s)) => {
                let a = self.b.slot_get(s, vec![], &[]);
                let sum = self.b.inst1(TangentOp::Accumulate, &[a, ct]);
                self.b.slot_set(s, sum, vec![], &[]);
            }
        }
    }

    /// Replaces the cotangent of a value by a function of it.
    pub(super) fn modify(&mut self, v: Value, f: &mut dyn FnMut(&mut Builder, Value) -> Value) {
        if !self.marks.useful[v] {
            return;
        }
        match self.ct.get(&v).copied() {
            Some(Ct::Slot(s)) => {
                let a = self.b.slot_get(s, vec![], &[]);
                let n = f(&mut self.b, a);
                self.b.slot_set(s, n, vec![], &[]);
            }
            Some(Ct::Val(a)) => {
                let n = f(&mut self.b, a);
                self.ct.insert(v, Ct::Val(n));
            }
            None => {
                let a = self.zeros(v);
                let n = f(&mut self.b, a);
                self.ct.insert(v, Ct::Val(n));
            }
        }
    }

    /// The finished cotangent of a value.
    pub(super) fn take(&mut self, v: Value) -> Option<Value> {
        match self.ct.remove(&v)? {
            Ct::Val(c) => Some(c),
            Ct::Slot(s) => Some(self.b.slot_get(s, vec![], &[])),
        }
    }

    /// Gives the values an instruction's regions capture their accumulator slots.
    pub(super) fn prepare(&mut self, i: Inst) {
        for v in self.marks.captured.get(&i).cloned().unwrap_or_default() {
            let init = match self.ct.get(&v).copied() {
                Some(Ct::Slot(_)) => continue,
                Some(Ct::Val(c)) => c,
                None => self.zeros(v),
            };
            let s = self.b.slot(self.src.ty(v).clone(), "cotangent");
            self.b.slot_set(s, init, vec![], &[]);
            self.ct.insert(v, Ct::Slot(s));
        }
    }

    /// The finished cotangent of a value, a zero if there is none.
    pub(super) fn ct_or_zero(&mut self, v: Value) -> Value {
        match self.take(v) {
            Some(c) => c,
            None => self.zeros(v),
        }
    }

    /// The zero of a linear value.
    pub(super) fn zeros(&mut self, v: Value) -> Value {
        let ty = self.src.ty(v).clone();
        if ty.is_static() {
            return self.b.default(ty);
        }
        let Type::Tensor(t) = &ty else {
            return self.residual(Key::Zeros(v), ty);
        };
        let mut args = vec![self.b.scalar(Scalar::zero(t.dtype))];
        for (k, d) in t.shape.iter().enumerate() {
            if *d == Dim::Dynamic {
                args.push(self.extent(v, k as u32));
            }
        }
        self.b.inst1(
            ShapeOp::Broadcast {
                shape: t.shape.clone(),
                dims: vec![],
            },
            &args,
        )
    }
}
