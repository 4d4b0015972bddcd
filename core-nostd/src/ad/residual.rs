//! Residuals: what the backward function needs of the primal, by the scope it lives in.
//!
//! While a scope is open, what is needed of it is only noted, and a stand-in is used. When it closes, everything needed is
//! known: [`super::plan`] chooses what is saved and what is computed again, and the code for both goes to the scope's start,
//! so that an operation runs no more often than in the forward pass.

use super::backward::Back;
use super::demand::Key;
use super::extent::Extent;
use crate::entity::{Inst, Region, Slot, Value};
use crate::error::AdError;
use crate::ir::{BinaryOp, DType, Op, Type, ValueData, ValueDef};
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Where the residuals of a scope come from.
pub(super) enum Kind {
    /// The outermost function: everything in its own scope is a parameter. Forward and backward function become one, so
    /// this costs nothing.
    Root,
    /// A called function: residuals are parameters, and so are operands of the call.
    Body,
    /// A function that calls itself: a record, popped from the stack of the recursion.
    Recursion(Slot),
    /// An iteration of a loop: popped from the loop's stack.
    Iteration(Inst),
    /// An arm of a branch: an extra result of the branch.
    Arm(Inst, usize),
}

/// A region of the jvp function whose transpose is being written.
pub(super) struct Scope {
    pub(super) region: Region,
    pub(super) kind: Kind,
    /// Where in the region of the backward function the code for residuals goes.
    pub(super) at: usize,
    /// Values of the jvp function at hand from the start: the index of a loop.
    pub(super) given: HashMap<Value, Value>,
    /// The number of the iteration of a `while`, from 0.
    pub(super) counter: Option<Value>,
    /// What is needed, and the value that stands for it.
    pub(super) known: HashMap<Key, Value>,
    /// The same in order.
    pub(super) wants: Vec<(Key, Value, Type)>,
}

impl Back<'_, '_> {
    /// Opens a scope at the current place of the backward function.
    pub(super) fn enter(&mut self, region: Region, kind: Kind) {
        let at = self.b.func.regions[self.b.region()].insts.len();
        self.scopes.push(Scope {
            region,
            kind,
            at,
            given: HashMap::new(),
            counter: None,
            known: HashMap::new(),
            wants: Vec::new(),
        });
    }

    pub(super) fn scope_of(&self, home: Region) -> Option<usize> {
        self.scopes.iter().rposition(|s| s.region == home)
    }

    pub(super) fn home(&self, key: Key) -> Region {
        match key {
            Key::Value(v) | Key::Dim(v, _) | Key::Zeros(v) => self.marks.home[v],
            Key::Extra(i, _) | Key::Callee(i, _) | Key::Last(_, i) | Key::Count(i) => {
                self.marks.inst_home[i]
            }
            // One stack for all runs of the loop.
            Key::Stack(_) => self.src.body,
        }
    }

    /// The value of a residual in the backward function.
    pub(super) fn residual(&mut self, key: Key, ty: Type) -> Value {
        let home = self.home(key);
        let Some(at) = self.scope_of(home) else {
            self.error.get_or_insert(AdError::NotLowered {
                func: self.src.name.clone(),
            });
            return self.b.default(ty);
        };
        if let Some(&v) = self.scopes[at].known.get(&key) {
            return v;
        }
        let v = match self.scopes[at].kind {
            Kind::Root => self.parameter(key, &ty),
            Kind::Body | Kind::Recursion(_) | Kind::Iteration(_) | Kind::Arm(..) => {
                // A stand-in; it is replaced when the scope closes.
                let body = self.b.func.body;
                let v = self.b.func.values.push(ValueData {
                    ty: ty.clone(),
                    def: ValueDef::Param(body, u32::MAX),
                });
                self.scopes[at].wants.push((key, v, ty));
                v
            }
        };
        self.scopes[at].known.insert(key, v);
        v
    }

    /// A residual that the forward function returns.
    pub(super) fn parameter(&mut self, key: Key, ty: &Type) -> Value {
        let (home, body) = (self.src.body, self.b.func.body);
        let list = self.demands.regions.entry(home).or_default();
        list.push((key, ty.clone()));
        self.b.func.add_param(body, ty.clone())
    }

    /// The value of a nonlinear value in the backward function.
    pub(super) fn known(&mut self, v: Value) -> Value {
        if let Some(at) = self.scope_of(self.marks.home[v])
            && let Some(&x) = self.scopes[at].given.get(&v)
        {
            return x;
        }
        if let ValueDef::Result(i, _) = self.src.values[v].def
            && let Op::Const(_) = self.src.insts[i].op
        {
            let (op, ty) = (self.src.insts[i].op.clone(), self.src.ty(v).clone());
            let i = self.b.raw(op, &[], &[], &[ty]);
            return self.b.func.insts[i].results[0];
        }
        let ty = self.src.ty(v).clone();
        self.residual(Key::Value(v), ty)
    }

    /// The extent of a value along an axis, as `u64`.
    pub(super) fn extent(&mut self, v: Value, axis: u32) -> Value {
        match self.facts.extents.of(self.src, v, axis) {
            Extent::Known(n) => self.b.index(n),
            Extent::Value(n) => {
                let n = self.known(n);
                self.as_u64(n)
            }
            Extent::Difference(hi, lo) => {
                let (hi, lo) = (self.known(hi), self.known(lo));
                self.difference(hi, lo)
            }
            Extent::Of(v, axis) => self.residual(Key::Dim(v, axis), DType::U64.into()),
        }
    }

    /// An index or extent as `u64`.
    pub(super) fn as_u64(&mut self, n: Value) -> Value {
        self.as_integer(n, DType::U64)
    }

    pub(super) fn as_integer(&mut self, n: Value, to: DType) -> Value {
        if self.b.ty(n).dtype() == Some(to) {
            n
        } else {
            self.b.convert(to, n)
        }
    }

    /// `hi - lo`, which the forward pass has found not to be negative.
    pub(super) fn difference(&mut self, hi: Value, lo: Value) -> Value {
        let (hi, lo) = (self.as_u64(hi), self.as_u64(lo));
        self.b.binary(BinaryOp::WrappingSub, hi, lo)
    }
}
