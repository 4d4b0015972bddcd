//! A matrix and a diagonal that multiply the same tensor and are added are one matrix.
//!
//! ```text
//! add (multiply (broadcast d[b,k]), x[b,n,k]), (dot_general a[b,r,k], x)   becomes   dot_general (a + the matrix with diagonal d), x
//! ```
//!
//! It is taken if the matrices are smaller than what they multiply: forward and in reverse, passes over the larger tensor go.

use super::dots::{Side, side};
use crate::entity::{Inst, Value};
use crate::ir::{
    BinaryOp, CompareOp, ConstOp, DType, Dim, DotDims, Func, Op, ShapeOp, TernaryOp, Type,
};
use crate::pass::layout::{Change, Layout, place};
use alloc::vec;
use alloc::vec::Vec;

/// Joins the diagonals of a function to their matrices. Returns how many.
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
    /// Which operand of the contraction the matrix is: 0 or 1.
    matrix: usize,
    diagonal: Side,
    /// The sum's axes in those of the contraction.
    perm: Vec<u32>,
}

fn find(f: &Func) -> Option<(Inst, Found)> {
    let layout = Layout::of(f);
    let mut out = None;
    f.visit(f.body, &mut |i, d| {
        if out.is_none() && d.op == Op::Binary(BinaryOp::Add) {
            let found = (0..2).find_map(|k| joined(f, &layout, d.args[k], d.args[1 - k]));
            out = found.map(|found| (i, found));
        }
    });
    out
}

fn elements(f: &Func, v: Value) -> Option<u64> {
    let t = f.ty(v).as_tensor()?;
    t.shape
        .iter()
        .try_fold(1u64, |n, k| n.checked_mul(k.known()?))
}

fn joined(f: &Func, layout: &Layout, product: Value, whole: Value) -> Option<Found> {
    let once = |v: Value| layout.uses[v].len() == 1;
    let made = |v: Value| f.def_inst(v).filter(|_| once(v));
    if !matches!(f.ty(whole).dtype()?, DType::F32 | DType::F64) {
        return None;
    }
    let p = &f.insts[made(product)?];
    if p.op != Op::Binary(BinaryOp::Mul) {
        return None;
    }
    let mut dot = made(whole)?;
    let rank = f.ty(whole).as_tensor()?.shape.len() as u32;
    let mut perm: Vec<u32> = (0..rank).collect();
    while let Op::Shape(ShapeOp::Transpose(inner)) = &f.insts[dot].op {
        perm.iter_mut().for_each(|k| *k = inner[*k as usize]);
        dot = made(f.insts[dot].args[0])?;
    }
    let Op::Dot(dims) = &f.insts[dot].op else {
        return None;
    };
    (0..2).find_map(|matrix| {
        let x = f.insts[dot].args[1 - matrix];
        let k = p.args.iter().position(|&v| v == x)?;
        let found = Found {
            dot,
            matrix,
            diagonal: side(f, p.args[1 - k]),
            perm: perm.clone(),
        };
        found.is_diagonal(f, dims).then_some(found)
    })
}

/// The axes of an operand: batch, contracted, and all others.
fn axes(f: &Func, dot: Inst, dims: &DotDims, k: usize) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let (batch, contract) = match k {
        0 => (&dims.lhs_batch, &dims.lhs_contract),
        _ => (&dims.rhs_batch, &dims.rhs_contract),
    };
    let rank = f
        .ty(f.insts[dot].args[k])
        .as_tensor()
        .map_or(0, |t| t.shape.len());
    let free = (0..rank as u32).filter(|a| !batch.contains(a) && !contract.contains(a));
    (batch.clone(), contract.clone(), free.collect())
}

impl Found {
    fn is_diagonal(&self, f: &Func, dims: &DotDims) -> bool {
        let d = &f.insts[self.dot];
        let (matrix, x) = (d.args[self.matrix], d.args[1 - self.matrix]);
        let (_, contract, free) = axes(f, self.dot, dims, self.matrix);
        let (x_batch, x_contract, x_free) = axes(f, self.dot, dims, 1 - self.matrix);
        let (&[k], &[r], &[x_k]) = (&contract[..], &free[..], &x_contract[..]) else {
            return false;
        };
        let extent = |v: Value, a: u32| f.ty(v).as_tensor().map(|t| t.shape[a as usize]);
        // The axes of x that those of the contraction's result are: the matrix's free one is the contracted one.
        let of_x = match self.matrix {
            0 => [&x_batch[..], &[x_k], &x_free].concat(),
            _ => [&x_batch[..], &x_free, &[x_k]].concat(),
        };
        let straight = self.perm.iter().enumerate();
        let small = match (elements(f, matrix), elements(f, x)) {
            (Some(m), Some(n)) => m.saturating_mul(2) <= n,
            (_, _) => false,
        };
        small
            && extent(matrix, k) == extent(matrix, r)
            && straight
                .into_iter()
                .all(|(a, &p)| of_x[p as usize] == a as u32)
            && self
                .diagonal
                .axes
                .iter()
                .all(|a| x_batch.contains(a) || *a == x_k)
    }
}

fn replace(f: &mut Func, i: Inst, found: &Found) {
    let d = f.insts[found.dot].clone();
    let Op::Dot(dims) = &d.op else { return };
    let matrix = d.args[found.matrix];
    let (batch, contract, free) = axes(f, found.dot, dims, found.matrix);
    let (x_batch, x_contract, _) = axes(f, found.dot, dims, 1 - found.matrix);
    let ty = f.ty(matrix).clone();
    let shape: Vec<Dim> = ty.as_tensor().map(|t| t.shape.clone()).unwrap_or_default();
    let dtype = ty.dtype().unwrap_or(DType::F64);
    let mut new = Vec::new();
    let mut make = |f: &mut Func, op: Op, args: Vec<Value>, ty: Type| {
        let i = f.make_inst(op, args, vec![], &[ty], d.span);
        new.push(i);
        f.insts[i].results[0]
    };
    // Where the diagonal's axes are in the matrix, ascending.
    let places = found.diagonal.axes.iter().map(|a| {
        let batch = x_batch.iter().zip(&batch);
        let mut pairs = batch.chain(x_contract.iter().zip(&contract));
        pairs.find(|(x, _)| *x == a).map_or(0, |(_, m)| *m)
    });
    let places: Vec<u32> = places.collect();
    let mut order: Vec<u32> = (0..places.len() as u32).collect();
    order.sort_by_key(|&q| places[q as usize]);
    let of = f
        .ty(found.diagonal.value)
        .as_tensor()
        .map(|t| t.shape.clone());
    let turned = of.unwrap_or_default();
    let turned = order.iter().map(|&q| turned[q as usize]);
    let turned = Type::tensor(dtype, turned);
    let op = ShapeOp::Transpose(order.clone()).into();
    let diagonal = make(f, op, vec![found.diagonal.value], turned);
    let op = ShapeOp::Broadcast {
        shape: shape.clone(),
        dims: order.iter().map(|&q| places[q as usize]).collect(),
    };
    let diagonal = make(f, op.into(), vec![diagonal], ty.clone());
    let count = |axis: u32| ShapeOp::Iota {
        dtype: DType::U64,
        shape: shape.clone(),
        axis,
    };
    let index = Type::tensor(DType::U64, shape.iter().copied());
    let row = make(f, count(free[0]).into(), vec![], index.clone());
    let column = make(f, count(contract[0]).into(), vec![], index);
    let on = Type::tensor(DType::Bool, shape.iter().copied());
    let on = make(f, CompareOp::Eq.into(), vec![row, column], on);
    let zero = ConstOp::Default(ty.clone());
    let zero = make(f, zero.into(), vec![], ty.clone());
    let diagonal = make(
        f,
        TernaryOp::Select.into(),
        vec![on, diagonal, zero],
        ty.clone(),
    );
    let both = make(f, BinaryOp::Add.into(), vec![matrix, diagonal], ty);
    let mut args = d.args.clone();
    args[found.matrix] = both;
    let made = f.ty(d.results[0]).clone();
    let dot = make(f, d.op.clone(), args, made);
    let data = &mut f.insts[i];
    data.op = ShapeOp::Transpose(found.perm.clone()).into();
    data.args = vec![dot];
    place(f, vec![Change::before(i, new)]);
}
