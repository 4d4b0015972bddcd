//! The choice of orders: what is transposed, made less by one group after another.

use super::contraction::Contraction;
use super::groups::{Groups, Role, bytes};
use super::{Order, identity, inverse, is_identity};
use crate::entity::{Inst, Value};
use crate::ir::{Func, Op, Reduction, ShapeOp};
use alloc::vec;
use alloc::vec::Vec;

/// How often every group is asked.
const ROUNDS: usize = 8;

/// What it costs that a byte is transposed. A product of matrices that must turn an operand while it reads it pays half, a reduction of other axes than the last
/// an eighth.
pub(super) const BYTE: u64 = 8;

/// The order of each group.
pub(super) fn choose(f: &Func, groups: &Groups) -> Vec<Order> {
    let mut orders: Vec<Order> = groups.ranks.iter().map(|&n| identity(n)).collect();
    let mut of: Vec<Vec<Inst>> = vec![Vec::new(); orders.len()];
    for &i in &groups.between {
        let d = &f.insts[i];
        for v in d.args.iter().chain(&d.results) {
            if let Some(g) = groups.group(*v)
                && of[g].last() != Some(&i)
            {
                of[g].push(i);
            }
        }
    }
    let search = Search { f, groups, of };
    for _ in 0..ROUNDS {
        let mut changed = false;
        for g in 0..orders.len() {
            changed |= search.improve(&mut orders, g);
        }
        if !changed {
            break;
        }
    }
    orders
}

struct Search<'a> {
    f: &'a Func,
    groups: &'a Groups,
    /// The operations of each group with others.
    of: Vec<Vec<Inst>>,
}

impl Search<'_> {
    /// Gives a group a better order, if there is one. Returns whether there was.
    fn improve(&self, orders: &mut [Order], g: usize) -> bool {
        let (f, groups) = (self.f, self.groups);
        if self.cost(orders, &[g]) == 0 {
            return false;
        }
        let mut wanted = vec![identity(groups.ranks[g])];
        for &i in &self.of[g] {
            wants(f, groups, orders, i, g, &mut wanted);
        }
        wanted.sort_unstable();
        wanted.dedup();
        let mut changed = false;
        for order in wanted {
            // With the groups that it is transposed from and to, or alone.
            for moves in [self.together(g, &order), vec![(g, order)]] {
                let all: Vec<usize> = moves.iter().map(|m| m.0).collect();
                let before = self.cost(orders, &all);
                let old = all.iter().map(|&g| (g, orders[g].clone()));
                let old: Vec<(usize, Order)> = old.collect();
                moves.into_iter().for_each(|(g, o)| orders[g] = o);
                if self.cost(orders, &all) < before {
                    changed = true;
                } else {
                    old.into_iter().for_each(|(g, o)| orders[g] = o);
                }
            }
        }
        changed
    }

    /// The orders with which the transpositions between a group and others need not be made.
    fn together(&self, g: usize, order: &Order) -> Vec<(usize, Order)> {
        let (f, groups) = (self.f, self.groups);
        let mut moves = vec![(g, order.clone())];
        let mut next = 0;
        while let Some((g, order)) = moves.get(next).cloned() {
            next += 1;
            for &i in &self.of[g] {
                let d = &f.insts[i];
                let Op::Shape(ShapeOp::Transpose(perm)) = &d.op else {
                    continue;
                };
                let (from, to) = (groups.group(d.args[0]), groups.group(d.results[0]));
                let (Some(from), Some(to)) = (from, to) else {
                    continue;
                };
                let (other, perm) = match from == g {
                    true => (to, inverse(perm)),
                    false => (from, perm.clone()),
                };
                if moves.iter().all(|m| m.0 != other) {
                    let order = order.iter().map(|&k| perm[k as usize]).collect();
                    moves.push((other, order));
                }
            }
        }
        moves
    }

    /// What the orders of some groups cost, where the others have theirs.
    fn cost(&self, orders: &[Order], of: &[usize]) -> u64 {
        let turned = of.iter().filter(|g| !is_identity(&orders[**g]));
        let own = turned.map(|&g| self.groups.fixed[g]);
        let own = own.fold(0, u64::saturating_add);
        let mut all: Vec<Inst> = of.iter().flat_map(|&g| &self.of[g]).copied().collect();
        all.sort_unstable();
        all.dedup();
        let all = all.iter();
        let all = all.map(|&i| operation(self.f, self.groups, orders, i));
        all.fold(own, u64::saturating_add)
    }
}

/// The order that the operand of a transposition or broadcast has within its result, or the result of a reduction within its operand: of whom, of
/// whom it is to be, that order.
pub(super) fn within(
    f: &Func,
    groups: &Groups,
    orders: &[Order],
    i: Inst,
) -> Option<(Value, Value, Order)> {
    let d = &f.insts[i];
    let (small, large) = match groups.roles[i]? {
        Role::Turn | Role::Spread => (*d.args.first()?, *d.results.first()?),
        Role::Fold => (*d.results.first()?, *d.args.first()?),
        Role::Alike | Role::Contraction | Role::Constant | Role::Fixed => return None,
    };
    let axes = axes(f, i);
    let order = groups.order(f, orders, large).into_iter();
    let order = order.filter_map(|k| axes.iter().position(|&a| a == k).map(|p| p as u32));
    Some((small, large, order.collect()))
}

/// The axis of the larger value that each axis of the smaller one is.
fn axes(f: &Func, i: Inst) -> Vec<u32> {
    let d = &f.insts[i];
    let all = |v: Value| 0..f.ty(v).as_tensor().map_or(0, |t| t.shape.len()) as u32;
    if let Op::Shape(ShapeOp::Transpose(perm)) = &d.op {
        return inverse(perm);
    }
    if let Op::Shape(ShapeOp::Broadcast { dims, .. }) = &d.op {
        return dims.clone();
    }
    if let Op::Reduce(Reduction::Axes(_, gone)) = &d.op {
        return all(d.args[0]).filter(|k| !gone.contains(k)).collect();
    }
    if let Op::Reduce(Reduction::Arg(_, gone)) = &d.op {
        return all(d.args[0]).filter(|k| k != gone).collect();
    }
    Vec::new()
}

/// What an operation costs: a byte that is transposed costs [`BYTE`].
fn operation(f: &Func, groups: &Groups, orders: &[Order], i: Inst) -> u64 {
    if let Some(c) = Contraction::of(f, i, groups, orders) {
        return c.best().map_or(0, |p| p.cost);
    }
    let Some((small, large, order)) = within(f, groups, orders, i) else {
        return 0;
    };
    let mut cost = 0;
    if order != groups.order(f, orders, small) {
        cost = bytes(f, small).saturating_mul(BYTE);
    }
    // Sums over what lies together are quicker.
    if groups.roles[i] == Some(Role::Fold)
        && let Some(last) = groups.order(f, orders, large).last()
        && axes(f, i).contains(last)
    {
        cost = cost.saturating_add(bytes(f, large));
    }
    cost
}

/// Adds the orders that a group may have for the sake of an operation.
fn wants(f: &Func, groups: &Groups, orders: &[Order], i: Inst, g: usize, out: &mut Vec<Order>) {
    let d = &f.insts[i];
    if let Some(c) = Contraction::of(f, i, groups, orders) {
        for (k, v) in [d.args[0], d.args[1], d.results[0]].into_iter().enumerate() {
            if groups.group(v) == Some(g) {
                out.extend(c.wanted(k));
            }
        }
        return;
    }
    let Some((small, large, order)) = within(f, groups, orders, i) else {
        return;
    };
    if groups.group(small) == Some(g) {
        out.push(order);
    }
    if groups.group(large) == Some(g) {
        // The axes of the smaller one, in its order, at the places where they are.
        let axes = axes(f, i);
        let mut next = groups.order(f, orders, small).into_iter();
        let mut whole = groups.order(f, orders, large);
        for k in whole.iter_mut().filter(|k| axes.contains(k)) {
            if let Some(p) = next.next() {
                *k = axes[p as usize];
            }
        }
        out.push(whole);
    }
}
