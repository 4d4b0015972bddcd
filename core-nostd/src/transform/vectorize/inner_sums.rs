//! Sums of contractions as contractions of sums.
//!
//! ```text
//! reduce_sum[n] (dot_general a[n,k], b[k,m])   becomes   dot_general (reduce_sum[n] a), b
//! ```
//!
//! Through transpositions and negations on the way. The products are then fewer, and the larger result is never made. Sums are in another order than they were.

use crate::entity::{Inst, Value};
use crate::ir::{DType, DotDims, Func, Op, ReduceOp, Reduction, ShapeOp, Type, UnaryOp};
use crate::pass::layout::{Change, Layout, Use, place};
use alloc::vec;
use alloc::vec::Vec;

/// Draws the sums of a function into its contractions. Returns how many.
pub fn func(f: &mut Func) -> usize {
    let mut n = 0;
    while let Some((i, found)) = find(f) {
        replace(f, i, &found);
        n += 1;
    }
    n
}

struct Found {
    dot: Inst,
    /// The axes of the contraction's result that are summed over, and those that are kept, in the order of the sum's result.
    sums: Vec<u32>,
    kept: Vec<u32>,
    negative: bool,
}

fn find(f: &Func) -> Option<(Inst, Found)> {
    let layout = Layout::of(f);
    let mut out = None;
    f.visit(f.body, &mut |i, d| {
        if out.is_none()
            && let Op::Reduce(Reduction::Axes(ReduceOp::Sum, sums)) = &d.op
        {
            out = below(f, &layout, d.args[0], sums).map(|found| (i, found));
        }
    });
    out
}

fn below(f: &Func, layout: &Layout, mut v: Value, sums: &[u32]) -> Option<Found> {
    let t = f.ty(v).as_tensor()?;
    let rank = t.shape.len() as u32;
    if !matches!(t.dtype, DType::F32 | DType::F64) {
        return None;
    }
    // The axes of what was summed in those of what it is made of.
    let mut axes: Vec<u32> = (0..rank).collect();
    let mut negative = false;
    loop {
        let [Use::Arg(..)] = layout.uses[v][..] else {
            return None;
        };
        let i = f.def_inst(v)?;
        let d = &f.insts[i];
        if let Op::Shape(ShapeOp::Transpose(perm)) = &d.op {
            axes.iter_mut().for_each(|k| *k = perm[*k as usize]);
        } else if d.op == Op::Unary(UnaryOp::Neg) {
            negative = !negative;
        } else if let Op::Dot(dims) = &d.op {
            let batch = dims.lhs_batch.len() as u32;
            let of = |summed: bool| -> Vec<u32> {
                let own = (0..rank).filter(|k| sums.contains(k) == summed);
                own.map(|k| axes[k as usize]).collect()
            };
            let found = Found {
                dot: i,
                sums: of(true),
                kept: of(false),
                negative,
            };
            return found.sums.iter().all(|&k| k >= batch).then_some(found);
        } else {
            return None;
        }
        v = d.args[0];
    }
}

fn free(f: &Func, v: Value, batch: &[u32], contract: &[u32]) -> Vec<u32> {
    let rank = f.ty(v).as_tensor().map_or(0, |t| t.shape.len()) as u32;
    let free = (0..rank).filter(|k| !batch.contains(k) && !contract.contains(k));
    free.collect()
}

fn replace(f: &mut Func, i: Inst, found: &Found) {
    let d = f.insts[found.dot].clone();
    let Op::Dot(dims) = &d.op else { return };
    let mut new = Vec::new();
    let mut make = |f: &mut Func, op: Op, args: Vec<Value>, ty: Type| {
        let i = f.make_inst(op, args, vec![], &[ty], d.span);
        new.push(i);
        f.insts[i].results[0]
    };
    let sides = [
        free(f, d.args[0], &dims.lhs_batch, &dims.lhs_contract),
        free(f, d.args[1], &dims.rhs_batch, &dims.rhs_contract),
    ];
    let mut first = dims.lhs_batch.len() as u32;
    let mut args = d.args.clone();
    let mut gone = [Vec::new(), Vec::new()];
    for ((v, free), gone) in args.iter_mut().zip(&sides).zip(&mut gone) {
        let own = free.iter().zip(first..);
        let own = own.filter(|(_, made)| found.sums.contains(made));
        *gone = own.map(|(k, _)| *k).collect();
        first += free.len() as u32;
        if gone.is_empty() {
            continue;
        }
        let Some(t) = f.ty(*v).as_tensor().cloned() else {
            return;
        };
        let left = (0..t.shape.len() as u32).filter(|k| !gone.contains(k));
        let ty = Type::tensor(t.dtype, left.map(|k| t.shape[k as usize]));
        let op = Reduction::Axes(ReduceOp::Sum, gone.clone()).into();
        *v = make(f, op, vec![*v], ty);
    }
    let moved = |axes: &[u32], gone: &[u32]| -> Vec<u32> {
        let before = |k: &u32| gone.iter().filter(|g| *g < k).count() as u32;
        axes.iter().map(|k| k - before(k)).collect()
    };
    let op = DotDims {
        lhs_batch: moved(&dims.lhs_batch, &gone[0]),
        rhs_batch: moved(&dims.rhs_batch, &gone[1]),
        lhs_contract: moved(&dims.lhs_contract, &gone[0]),
        rhs_contract: moved(&dims.rhs_contract, &gone[1]),
    };
    let Some(made) = f.ty(d.results[0]).as_tensor().cloned() else {
        return;
    };
    let left = (0..made.shape.len() as u32).filter(|k| !found.sums.contains(k));
    let ty = Type::tensor(made.dtype, left.map(|k| made.shape[k as usize]));
    let mut v = make(f, op.into(), args, ty.clone());
    if found.negative {
        v = make(f, UnaryOp::Neg.into(), vec![v], ty);
    }
    let data = &mut f.insts[i];
    data.op = ShapeOp::Transpose(moved(&found.kept, &found.sums)).into();
    data.args = vec![v];
    place(f, vec![Change::before(i, new)]);
}
