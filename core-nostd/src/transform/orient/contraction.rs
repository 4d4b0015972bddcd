//! What a contraction asks of the orders of its operands: batch axes in front, in one order on both sides; what is contracted together, in one order on both
//! sides, in front of what is free or behind it. It gives batch, left free, right free; operands may be exchanged.

use super::cost::BYTE;
use super::groups::{Groups, bytes};
use super::{Order, identity, inverse};
use crate::entity::Inst;
use crate::ir::{DotDims, Func, Op};
use alloc::vec;
use alloc::vec::Vec;

/// An operand: its axes, by what becomes of them.
struct Side<'a> {
    batch: &'a [u32],
    contract: &'a [u32],
    /// The axes that are neither, and the result's axes that they are.
    free: Vec<(u32, u32)>,
}

/// A contraction, and the orders of what it deals with.
pub(super) struct Contraction<'a> {
    sides: [Side<'a>; 2],
    orders: [Order; 3],
    bytes: [u64; 3],
}

/// A way to write it.
pub(super) struct Plan {
    /// The axes it pairs, of operands in their orders.
    pub(super) dims: DotDims,
    /// The right operand comes first.
    pub(super) swap: bool,
    /// The order in which it gives its result.
    pub(super) made: Order,
    /// See [`super::cost`].
    pub(super) cost: u64,
}

/// Numbers of pairs of axes, in an order.
type Pairs = Vec<usize>;

fn place(order: &[u32], axis: u32) -> u32 {
    order.iter().position(|&k| k == axis).unwrap_or(0) as u32
}

/// The pairs as they are, and as these orders have them.
fn sorted(ways: &[(&[u32], &[u32])], n: usize) -> Vec<Pairs> {
    let mut out: Vec<Pairs> = vec![(0..n).collect()];
    for (axes, order) in ways {
        let mut pairs: Pairs = (0..n).collect();
        pairs.sort_by_key(|&p| place(order, axes[p]));
        if !out.contains(&pairs) {
            out.push(pairs);
        }
    }
    out
}

impl<'a> Contraction<'a> {
    pub(super) fn of(
        f: &'a Func,
        i: Inst,
        groups: &Groups,
        orders: &[Order],
    ) -> Option<Contraction<'a>> {
        let d = &f.insts[i];
        let Op::Dot(dims) = &d.op else { return None };
        let rank = |k: usize| f.ty(d.args[k]).as_tensor().map_or(0, |t| t.shape.len());
        let free = |k: usize, batch: &[u32], contract: &[u32], first: u32| -> Vec<(u32, u32)> {
            (0..rank(k) as u32)
                .filter(|a| !batch.contains(a) && !contract.contains(a))
                .zip(first..)
                .collect()
        };
        let left = Side {
            batch: &dims.lhs_batch,
            contract: &dims.lhs_contract,
            free: free(
                0,
                &dims.lhs_batch,
                &dims.lhs_contract,
                dims.lhs_batch.len() as u32,
            ),
        };
        let first = (left.batch.len() + left.free.len()) as u32;
        let right = Side {
            batch: &dims.rhs_batch,
            contract: &dims.rhs_contract,
            free: free(1, &dims.rhs_batch, &dims.rhs_contract, first),
        };
        let values = [d.args[0], d.args[1], d.results[0]];
        Some(Contraction {
            sides: [left, right],
            orders: values.map(|v| groups.order(f, orders, v)),
            bytes: values.map(|v| bytes(f, v)),
        })
    }

    fn batches(&self, with_result: bool) -> Vec<Pairs> {
        let [l, r] = &self.sides;
        let [ol, or, ov] = &self.orders;
        let result = identity(l.batch.len());
        let mut ways: Vec<(&[u32], &[u32])> = vec![(l.batch, ol), (r.batch, or)];
        if with_result {
            ways.push((&result, ov));
        }
        sorted(&ways, l.batch.len())
    }
    fn contracts(&self) -> Vec<Pairs> {
        let [l, r] = &self.sides;
        let [ol, or, _] = &self.orders;
        sorted(&[(l.contract, ol), (r.contract, or)], l.contract.len())
    }

    /// The way of least cost; of those the first, which is the one it has.
    pub(super) fn best(&self) -> Option<Plan> {
        let mut best: Option<Plan> = None;
        for batch in self.batches(true) {
            for contract in self.contracts() {
                for swap in [false, true] {
                    let plan = self.plan(&batch, &contract, swap);
                    if best.as_ref().is_none_or(|b| plan.cost < b.cost) {
                        best = Some(plan);
                    }
                }
            }
        }
        best
    }

    fn plan(&self, batch: &[usize], contract: &[usize], swap: bool) -> Plan {
        let places = |k: usize, axes: &[u32], pairs: &[usize]| -> Vec<u32> {
            let of = inverse(&self.orders[k]);
            pairs.iter().map(|&p| of[axes[p] as usize]).collect()
        };
        let dims = |k: usize| {
            let side = &self.sides[k];
            (
                places(k, side.batch, batch),
                places(k, side.contract, contract),
            )
        };
        let mut cost = 0u64;
        for k in 0..2 {
            let (b, c) = dims(k);
            let per_byte = match form(&b, &c, self.orders[k].len(), (k == 0) != swap) {
                Form::Straight => 0,
                Form::Turned => BYTE / 2,
                Form::Other => BYTE,
            };
            cost = cost.saturating_add(self.bytes[k].saturating_mul(per_byte));
        }
        let made = self.made(batch, swap);
        if made != self.orders[2] {
            cost = cost.saturating_add(self.bytes[2].saturating_mul(BYTE));
        }
        let (first, second) = if swap { (1, 0) } else { (0, 1) };
        let ((lhs_batch, lhs_contract), (rhs_batch, rhs_contract)) = (dims(first), dims(second));
        Plan {
            dims: DotDims {
                lhs_batch,
                rhs_batch,
                lhs_contract,
                rhs_contract,
            },
            swap,
            made,
            cost,
        }
    }

    /// The order in which the result comes.
    fn made(&self, batch: &[usize], swap: bool) -> Order {
        let free = |k: usize| {
            let side = &self.sides[k];
            let order = self.orders[k].iter();
            order.filter_map(|a| side.free.iter().find(|(b, _)| b == a).map(|(_, v)| *v))
        };
        let head = batch.iter().map(|&p| p as u32);
        match swap {
            false => head.chain(free(0)).chain(free(1)).collect(),
            true => head.chain(free(1)).chain(free(0)).collect(),
        }
    }

    /// Orders that an operand (0 or 1) or the result (2) may have for the sake of the others.
    pub(super) fn wanted(&self, k: usize) -> Vec<Order> {
        let mut out = Vec::new();
        if k == 2 {
            for batch in self.batches(false) {
                out.extend([false, true].map(|swap| self.made(&batch, swap)));
            }
            return out;
        }
        let side = &self.sides[k];
        let by = |order: &[u32], key: &dyn Fn(&(u32, u32)) -> u32| -> Order {
            let mut free = side.free.clone();
            free.sort_by_key(|x| place(order, key(x)));
            free.into_iter().map(|x| x.0).collect()
        };
        let frees = [by(&self.orders[k], &|x| x.0), by(&self.orders[2], &|x| x.1)];
        for batch in self.batches(true) {
            let batch: Order = batch.iter().map(|&p| side.batch[p]).collect();
            for contract in self.contracts() {
                let contract: Order = contract.iter().map(|&p| side.contract[p]).collect();
                for free in &frees {
                    out.push([&batch[..], free, &contract].concat());
                    out.push([&batch[..], &contract, free].concat());
                }
            }
        }
        out
    }
}

/// An operand, as a product of matrices has it.
enum Form {
    /// Batch, rows, columns: of the left one its columns are contracted, of the right one its rows.
    Straight,
    /// Each matrix is transposed.
    Turned,
    /// It is written anew.
    Other,
}

/// The form of an operand of that rank, the axes of which are at these places.
fn form(batch: &[u32], contract: &[u32], rank: usize, is_left: bool) -> Form {
    let run = |axes: &[u32], from: usize| {
        axes.iter()
            .enumerate()
            .all(|(i, &k)| k as usize == from + i)
    };
    let (rows, columns) = (
        run(contract, batch.len()),
        run(contract, rank - contract.len()),
    );
    match (run(batch, 0), rows, columns) {
        (true, _, true) if is_left => Form::Straight,
        (true, true, _) if !is_left => Form::Straight,
        (true, true, _) | (true, _, true) => Form::Turned,
        (_, _, _) => Form::Other,
    }
}
