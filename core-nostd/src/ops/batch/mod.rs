//! What the families' batching rules are given, and what they share.
//!
//! A rule is two functions of a family file: `forms` says how the results are held, given how the operands are
//! ([`form::Form`]), and `batch` emits code for all lanes at once, or says that the op is run lane by lane. A family
//! whose results are held as [`plain`] says has no `forms` of its own. Both are called only if some operand differs
//! between the lanes. Start with [`BatchCx`].

mod form;
mod hold;

pub(crate) use super::tangent::tangent_form;
pub(crate) use form::Form;
pub(crate) use hold::{Held, Lanes, any, extreme, leaves, shape_of, stand_ins};

use crate::entity::Value;
use crate::ir::{Builder, Dim, Op, PlaceOp, ShapeOp, Type};
use alloc::vec;
use alloc::vec::Vec;

/// What a batching rule is given. It returns what holds each result, in a form that the one given by `forms` covers, or
/// `None` if the op is to be run lane by lane.
pub(crate) struct BatchCx<'a> {
    /// Where to emit.
    pub(crate) b: &'a mut Builder,
    /// How many lanes.
    pub(crate) lanes: Lanes,
    /// The operands.
    pub(crate) args: &'a [Held],
    /// The types of one lane's operands.
    pub(crate) tys: &'a [Type],
    /// The types of one lane's results.
    pub(crate) results: &'a [Type],
    /// Which row of operand 0 each lane reads, if not its own (an op that only reads elements of it can do without having
    /// the rows arranged first; see [`in_rows`]).
    pub(crate) rows: Option<Value>,
}

/// The results of a rule.
pub(crate) type Batched = Option<Vec<Held>>;

/// Whether an op takes its first operand with [`BatchCx::rows`].
pub(crate) fn in_rows(op: &Op) -> bool {
    matches!(op, Op::Place(PlaceOp::Get(_)))
}

/// How the results of most ops are held: stacked, unless an operand is held lane by lane.
pub(crate) fn plain(args: &[Form], results: &[Type]) -> Vec<Form> {
    let each = args.iter().any(Form::has_each);
    let form = if each { Form::ragged } else { Form::stacked };
    results.iter().map(form).collect()
}

/// As [`plain`], but extents are decided by the operands from `from` on: if those differ, so do the extents.
pub(crate) fn sized(args: &[Form], from: usize, results: &[Type]) -> Vec<Form> {
    if args[from..].iter().all(Form::is_same) {
        plain(args, results)
    } else {
        results.iter().map(Form::ragged).collect()
    }
}

impl BatchCx<'_> {
    /// Whether operand `i` is stacked.
    pub(crate) fn is_stacked(&self, i: usize) -> bool {
        self.args[i].form == Form::Stacked
    }
    /// Whether all lanes share operand `i`.
    pub(crate) fn is_same(&self, i: usize) -> bool {
        self.args[i].form.is_same()
    }
    /// Whether all lanes share the operands from `from` on.
    pub(crate) fn all_same(&self, from: usize) -> bool {
        self.args[from..].iter().all(|a| a.form.is_same())
    }
    /// Whether the operands are tensors, stacked or shared.
    pub(crate) fn tensors(&self) -> bool {
        let ok = |(h, t): (&Held, &Type)| {
            t.as_tensor().is_some() && matches!(h.form, Form::Same | Form::Stacked)
        };
        self.args.iter().zip(self.tys).all(ok)
    }
    /// Operand `i`, a tensor, stacked.
    pub(crate) fn stacked(&mut self, i: usize) -> Value {
        self.held(i, &Form::Stacked)
    }
    /// Operand `i` in a form that covers its own.
    pub(crate) fn held(&mut self, i: usize, to: &Form) -> Value {
        self.lanes.coerce(self.b, &self.args[i], &self.tys[i], to)
    }
    /// What holds the operands.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.args.iter().map(|h| h.value).collect()
    }
    /// The rank of one lane's operand `i`.
    pub(crate) fn rank(&self, i: usize) -> u32 {
        shape_of(&self.tys[i]).len() as u32
    }
    /// The op on these operands, its one result stacked.
    pub(crate) fn one(&mut self, op: impl Into<Op>, args: &[Value]) -> Batched {
        let v = self.b.inst1(op, args);
        Some(vec![Held::stacked(v)])
    }
    /// An elementwise op: the operands stacked; a scalar among tensors is repeated over their extents, unless all lanes
    /// share it and the op takes it as it is.
    pub(crate) fn elementwise(&mut self, op: impl Into<Op>) -> Batched {
        if !self.tensors() {
            return None;
        }
        let rank = (0..self.args.len()).map(|i| self.rank(i)).max()?;
        let mut values = vec![None; self.args.len()];
        for (i, v) in values.iter_mut().enumerate() {
            if self.rank(i) == rank {
                *v = Some(self.stacked(i));
            }
        }
        let like = values.iter().flatten().next().copied()?;
        let mut args = Vec::new();
        for (i, v) in values.iter().enumerate() {
            args.push(match v {
                Some(v) => *v,
                None if self.is_same(i) => self.args[i].value,
                None => self.lanes.spread(self.b, self.args[i].value, like),
            });
        }
        self.one(op, &args)
    }
    /// The axes of a stacked value, axis `from` moved to `to`.
    pub(crate) fn move_axis(&mut self, v: Value, from: u32, to: u32) -> Value {
        move_axis(self.b, v, from, to)
    }
}

/// The tensor with axis `from` moved to `to`.
pub(crate) fn move_axis(b: &mut Builder, v: Value, from: u32, to: u32) -> Value {
    if from == to {
        return v;
    }
    let rank = shape_of(b.ty(v)).len() as u32;
    let mut perm: Vec<u32> = (0..rank).filter(|&k| k != from).collect();
    perm.insert(to as usize, from);
    b.inst1(ShapeOp::Transpose(perm), &[v])
}

/// The extent of an axis of a tensor, as `u64`.
pub(crate) fn extent(b: &mut Builder, v: Value, axis: u32) -> Value {
    match shape_of(b.ty(v)).get(axis as usize) {
        Some(Dim::Known(n)) => b.index(*n),
        Some(Dim::Dynamic) | None => b.inst1(crate::ir::ArrayOp::Dim(axis), &[v]),
    }
}
