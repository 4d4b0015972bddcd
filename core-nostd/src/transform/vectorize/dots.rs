//! Sums of products as contractions.
//!
//! ```text
//! reduce_sum[k] (multiply (broadcast a[i,k]), (broadcast b[k,j]))   becomes   dot_general a, b
//! ```
//!
//! Axes of extents that are known; of each operand those of its axes count that the broadcast does not make. It is taken if axes are summed over that both have,
//! and each operand has others: the product of all pairs is then never made. Sums are in another order than they were.

use crate::entity::{Inst, Value};
use crate::ir::{BinaryOp, DType, Dim, DotDims, Func, Op, ReduceOp, Reduction, ShapeOp, Type};
use crate::pass::layout::{Change, Layout, place};
use alloc::vec;
use alloc::vec::Vec;

/// Makes contractions of the sums of products of a function. Returns how many.
pub fn func(f: &mut Func) -> usize {
    let mut n = 0;
    // One at a time: a sum that goes may be what kept another product alive.
    while let Some((i, found)) = find(f) {
        replace(f, i, &found);
        n += 1;
    }
    n
}

/// An operand of the product, and which axis of the product each of its axes is.
pub(super) struct Side {
    pub(super) value: Value,
    pub(super) axes: Vec<u32>,
}

struct Found {
    left: Side,
    right: Side,
    /// The axes that are summed over.
    sums: Vec<u32>,
    rank: u32,
}

fn find(f: &Func) -> Option<(Inst, Found)> {
    let layout = Layout::of(f);
    let mut out = None;
    f.visit(f.body, &mut |i, d| {
        if out.is_some() {
            return;
        }
        let Op::Reduce(Reduction::Axes(ReduceOp::Sum, sums)) = &d.op else {
            return;
        };
        let found = f.def_inst(d.args[0]).and_then(|p| {
            let q = &f.insts[p];
            let product = q.op == Op::Binary(BinaryOp::Mul) && layout.uses[d.args[0]].len() == 1;
            let t = f.ty(d.args[0]).as_tensor()?;
            let known = t.shape.iter().all(|n| n.known().is_some_and(|n| n > 0));
            let float = matches!(t.dtype, DType::F32 | DType::F64);
            if !product || !known || !float {
                return None;
            }
            let found = Found {
                left: side(f, q.args[0]),
                right: side(f, q.args[1]),
                sums: sums.clone(),
                rank: t.shape.len() as u32,
            };
            found.pays().then_some(found)
        });
        if let Some(found) = found {
            out = Some((i, found));
        }
    });
    out
}

/// What is broadcast, seen through several steps; axes of extent 1 that are stretched are none of its own.
pub(super) fn side(f: &Func, v: Value) -> Side {
    let rank = f.ty(v).as_tensor().map_or(0, |t| t.shape.len()) as u32;
    let mut side = Side {
        value: v,
        axes: (0..rank).collect(),
    };
    while let Some(d) = f.def_inst(side.value).map(|i| &f.insts[i]) {
        let Op::Shape(ShapeOp::Broadcast { shape, dims }) = &d.op else {
            break;
        };
        let Some(from) = f.ty(d.args[0]).as_tensor() else {
            break;
        };
        let stretched = dims
            .iter()
            .zip(&from.shape)
            .any(|(&k, n)| shape[k as usize] != *n);
        if stretched {
            break;
        }
        side.axes = dims.iter().map(|&k| side.axes[k as usize]).collect();
        side.value = d.args[0];
    }
    side
}

impl Found {
    /// Axes of the product by who has them and whether they are summed over.
    fn axes(&self, left: bool, right: bool, summed: bool) -> Vec<u32> {
        (0..self.rank)
            .filter(|k| {
                self.left.axes.contains(k) == left
                    && self.right.axes.contains(k) == right
                    && self.sums.contains(k) == summed
            })
            .collect()
    }
    fn pays(&self) -> bool {
        let none = |k: &Vec<u32>| k.is_empty();
        // What only one has and is summed over, and what none has, is left to the sum.
        !self.axes(true, true, true).is_empty()
            && !self.axes(true, false, false).is_empty()
            && !self.axes(false, true, false).is_empty()
            && [
                self.axes(true, false, true),
                self.axes(false, true, true),
                self.axes(false, false, true),
                self.axes(false, false, false),
            ]
            .iter()
            .all(none)
    }
}

fn replace(f: &mut Func, i: Inst, found: &Found) {
    let d = f.insts[i].clone();
    let place_of = |side: &Side, axes: &[u32]| -> Vec<u32> {
        let at = |k: &u32| side.axes.iter().position(|a| a == k).unwrap_or(0) as u32;
        axes.iter().map(at).collect()
    };
    let batch = found.axes(true, true, false);
    let contract = found.axes(true, true, true);
    let dims = DotDims {
        lhs_batch: place_of(&found.left, &batch),
        rhs_batch: place_of(&found.right, &batch),
        lhs_contract: place_of(&found.left, &contract),
        rhs_contract: place_of(&found.right, &contract),
    };
    // Its axes: batch, then what is left of the operands in their own order.
    let rest = |side: &Side| -> Vec<u32> {
        let free = |k: &&u32| !batch.contains(*k) && !contract.contains(*k);
        side.axes.iter().filter(free).copied().collect()
    };
    let order: Vec<u32> = [batch.clone(), rest(&found.left), rest(&found.right)].concat();
    let extent = |k: &u32| -> Dim {
        let of = |s: &Side| {
            let at = s.axes.iter().position(|a| a == k)?;
            f.ty(s.value).as_tensor()?.shape.get(at).copied()
        };
        of(&found.left)
            .or_else(|| of(&found.right))
            .unwrap_or(Dim::Dynamic)
    };
    let dtype = f.ty(d.results[0]).dtype().unwrap_or(DType::F64);
    let shape: Vec<Dim> = order.iter().map(extent).collect();
    let dot = f.make_inst(
        dims.into(),
        vec![found.left.value, found.right.value],
        vec![],
        &[Type::tensor(dtype, shape)],
        d.span,
    );
    // Back to the order in which the sum has them.
    let kept: Vec<u32> = (0..found.rank)
        .filter(|k| !found.sums.contains(k))
        .collect();
    let perm = kept
        .iter()
        .map(|k| order.iter().position(|a| a == k).unwrap_or(0) as u32)
        .collect();
    let q = &f.insts[dot].results[0];
    let args = vec![*q];
    let data = &mut f.insts[i];
    data.op = ShapeOp::Transpose(perm).into();
    data.args = args;
    place(f, vec![Change::before(i, vec![dot])]);
}
