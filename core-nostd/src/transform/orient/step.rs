//! What an operation becomes when its operands and results have other orders.

use super::contraction::Contraction;
use super::cost::within;
use super::groups::{Groups, Role};
use super::{Order, inverse, is_identity};
use crate::entity::Inst;
use crate::ir::{Func, Op, Reduction, ShapeOp};
use alloc::vec::Vec;

/// An operation on operands in their orders.
pub(super) struct Step {
    pub(super) op: Op,
    /// How its operand is transposed before, if it must be.
    pub(super) first: Option<Order>,
    /// Its operands come in the other order.
    pub(super) swap: bool,
    /// The order in which it gives its result, if that is not the one that the result is to have.
    pub(super) made: Option<Order>,
}

impl Step {
    /// For an operation of the function as it was.
    pub(super) fn of(f: &Func, groups: &Groups, orders: &[Order], i: Inst) -> Option<Step> {
        let mut step = Step {
            op: f.insts[i].op.clone(),
            first: None,
            swap: false,
            made: None,
        };
        match groups.roles[i]? {
            Role::Alike => step.alike(f, groups, orders, i)?,
            Role::Turn | Role::Spread | Role::Fold => step.between(f, groups, orders, i)?,
            Role::Contraction => {
                let plan = Contraction::of(f, i, groups, orders)?.best()?;
                step.op = plan.dims.into();
                step.swap = plan.swap;
                step.made = Some(plan.made);
            }
            Role::Constant | Role::Fixed => return None,
        }
        let v = *f.insts[i].results.first()?;
        let wanted = groups.order(f, orders, v);
        step.made = step.made.filter(|m| *m != wanted);
        Some(step)
    }

    /// The attributes of an operation that works along axes.
    fn alike(&mut self, f: &Func, groups: &Groups, orders: &[Order], i: Inst) -> Option<()> {
        let order = groups.order(f, orders, *f.insts[i].results.first()?);
        if is_identity(&order) {
            return None;
        }
        let at = inverse(&order);
        let of = |k: &mut u32| *k = at[*k as usize];
        let op = &mut self.op;
        if let Op::Shape(ShapeOp::Concat(k)) | Op::Sort(k) = op {
            of(k);
        }
        if let Op::Shape(ShapeOp::Pad(amounts)) = op {
            *amounts = order.iter().map(|&k| amounts[k as usize]).collect();
        }
        if let Op::Shape(ShapeOp::StridedSlice(parts)) = op {
            *parts = order.iter().map(|&k| parts[k as usize]).collect();
        }
        if let Op::Shape(ShapeOp::Reverse(axes)) = op {
            axes.iter_mut().for_each(of);
            axes.sort_unstable();
        }
        if let Op::Shape(ShapeOp::Iota { shape, axis, .. }) = op {
            of(axis);
            *shape = order.iter().map(|&k| shape[k as usize]).collect();
        }
        if let Op::Reduce(Reduction::Cumulative { axis, .. }) = op {
            of(axis);
        }
        Some(())
    }

    /// Transpositions, broadcasts, reductions.
    fn between(&mut self, f: &Func, groups: &Groups, orders: &[Order], i: Inst) -> Option<()> {
        let d = &f.insts[i];
        let from = groups.order(f, orders, *d.args.first()?);
        let to = groups.order(f, orders, *d.results.first()?);
        if is_identity(&from) && is_identity(&to) {
            return None;
        }
        let (from_at, to_at) = (inverse(&from), inverse(&to));
        let op = &mut self.op;
        if let Op::Shape(ShapeOp::Transpose(perm)) = op {
            let axes = to.iter().map(|&k| from_at[perm[k as usize] as usize]);
            *perm = axes.collect();
        }
        if let Op::Shape(ShapeOp::Broadcast { shape, dims }) = op {
            *shape = to.iter().map(|&k| shape[k as usize]).collect();
            let axes = from.iter().map(|&k| to_at[dims[k as usize] as usize]);
            let axes: Vec<u32> = axes.collect();
            let mut ascending: Order = (0..axes.len() as u32).collect();
            ascending.sort_by_key(|&q| axes[q as usize]);
            *dims = ascending.iter().map(|&q| axes[q as usize]).collect();
            self.first = Some(ascending).filter(|o| !is_identity(o));
        }
        if let Op::Reduce(Reduction::Axes(_, axes)) = op {
            axes.iter_mut().for_each(|k| *k = from_at[*k as usize]);
            axes.sort_unstable();
            self.made = within(f, groups, orders, i).map(|w| w.2);
        } else if let Op::Reduce(Reduction::Arg(_, axis)) = op {
            *axis = from_at[*axis as usize];
            self.made = within(f, groups, orders, i).map(|w| w.2);
        }
        Some(())
    }
}
