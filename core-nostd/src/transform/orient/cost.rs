//! The choice of orders: bytes that are transposed, made less by one group after another.

use super::contraction::Contraction;
use super::groups::{Groups, Role, bytes};
use super::{Order, identity, inverse, is_identity};
use crate::entity::{Inst, Value};
use crate::ir::{Func, Op, Reduction, ShapeOp};
use alloc::vec;
use alloc::vec::Vec;

/// How often every group is asked.
const ROUNDS: usize = 8;

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
    let has_gain = |orders: &[Order]| {
        let all = groups.between.iter();
        all.map(|&i| operation(f, groups, orders, i)).any(|c| c > 0)
    };
    if !has_gain(&orders) {
        return orders;
    }
    for _ in 0..ROUNDS {
        let mut changed = false;
        for g in 0..orders.len() {
            let mut best = group(f, groups, &orders, &of[g], g);
            if best == 0 {
                continue;
            }
            let mut wanted = vec![identity(groups.ranks[g])];
            for &i in &of[g] {
                wants(f, groups, &orders, i, g, &mut wanted);
            }
            wanted.sort_unstable();
            wanted.dedup();
            for order in wanted {
                let old = core::mem::replace(&mut orders[g], order);
                let cost = group(f, groups, &orders, &of[g], g);
                if cost < best {
                    best = cost;
                    changed = true;
                } else {
                    orders[g] = old;
                }
            }
        }
        if !changed {
            break;
        }
    }
    orders
}

/// What the order of a group costs, where the others have theirs.
fn group(f: &Func, groups: &Groups, orders: &[Order], of: &[Inst], g: usize) -> u64 {
    let own = match is_identity(&orders[g]) {
        true => 0,
        false => groups.fixed[g],
    };
    let all = of.iter().map(|&i| operation(f, groups, orders, i));
    all.fold(own, u64::saturating_add)
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

/// Bytes that an operation transposes.
fn operation(f: &Func, groups: &Groups, orders: &[Order], i: Inst) -> u64 {
    if let Some(c) = Contraction::of(f, i, groups, orders) {
        return c.best().map_or(0, |p| p.cost);
    }
    match within(f, groups, orders, i) {
        Some((small, _, order)) if order != groups.order(f, orders, small) => bytes(f, small),
        Some(_) | None => 0,
    }
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
