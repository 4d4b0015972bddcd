//! Factorizations and systems of equations, of the matrices that the last two axes of a tensor are. Cholesky's factor and triangular systems are StableHLO's
//! own; it has no operation for the others, which are loops over columns (`lu`, `qr`) or sweeps of rotations (`eigh`) of all matrices at once.
//!
//! Traps say no row: which one it was is not carried out of the loops. In an array of unknown length of matrices what is beyond it is computed
//! too, and not looked at.

mod eigh;
mod lu;
mod qr;

use super::error::{Result, Unsupported};
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::{Block, Cx, i64s};
use cotangent_core::error::{MatrixFault, TrapKind};
use cotangent_core::ir::{DType, DotDims, LinalgOp, Op, TransposeA, Triangular};
use cotangent_core::value::Scalar;
use std::convert::Infallible;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: LinalgOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let name = cotangent_core::ops::mnemonic(&Op::Linalg(op));
    // Arrays of unknown length are of matrices: the axis is a batch.
    let mut array: Option<Array> = None;
    let mut t = Vec::with_capacity(args.len());
    for s in args {
        match s {
            Sym::Array(a) => {
                let items = cx.fixed(&a.items, name)?;
                let batch = match &array {
                    Some(_) => true,
                    None => items.ty.shape.len() > 2,
                };
                if !batch {
                    return Err(cx
                        .fixed(s, name)
                        .err()
                        .unwrap_or_else(|| Unsupported::new(name, "of unknown extents")));
                }
                t.push(items);
                array = Some(a.clone());
            }
            s => t.push(cx.fixed(s, name)?),
        }
    }
    cx.live = array.as_ref().map(|a| a.len.clone());
    let out = write(cx, op, name, &t);
    cx.live = None;
    Ok(out?
        .into_iter()
        .map(|t| match &array {
            None => t.into(),
            Some(a) => Sym::Array(Array {
                items: Box::new(t.into()),
                ..a.clone()
            }),
        })
        .collect())
}

fn write(cx: &mut Cx<'_>, op: LinalgOp, name: &'static str, t: &[Tensor]) -> Result<Vec<Tensor>> {
    let [.., m, n] = t[0].ty.shape[..] else {
        return Err(Unsupported::new(name, "of what is no matrix"));
    };
    if m != n && op != LinalgOp::Qr {
        let kind = TrapKind::Matrix {
            op: name,
            shape: Vec::new(),
            fault: MatrixFault::NotSquare,
        };
        let why = format!("of {}, which is not square", t[0].ty);
        return Err(Unsupported::traps(name, why, kind));
    }
    Ok(match op {
        LinalgOp::Cholesky => vec![cholesky(cx, name, &t[0])],
        LinalgOp::TriangularSolve(how) => {
            if !how.unit {
                nonzero_diagonal(cx, name, &t[0]);
            }
            vec![solve(cx, how, &t[0], &t[1])]
        }
        LinalgOp::Lu => lu::factor(cx, &t[0]),
        LinalgOp::LuSolve(how) => {
            nonzero_diagonal(cx, name, &t[1]);
            vec![lu::solve(cx, how, &t[1], &t[2], &t[3])]
        }
        LinalgOp::Qr => qr::factor(cx, &t[0]),
        LinalgOp::Eigh => eigh::factor(cx, &t[0]),
    })
}

fn fault(name: &'static str, t: &Tensor, fault: MatrixFault) -> TrapKind {
    TrapKind::Matrix {
        op: name,
        shape: t.ty.shape.iter().map(|&n| n as usize).collect(),
        fault,
    }
}

/// The rank without the last two axes.
fn batch(t: &Tensor) -> usize {
    t.ty.shape.len() - 2
}

/// A number for each row of each matrix (the operand has no last axis), as matrices.
fn per_row(cx: &mut Cx<'_>, x: &Tensor, shape: &[u64]) -> Tensor {
    let dims: Vec<usize> = (0..shape.len() - 1).collect();
    cx.spread(x, shape, &dims)
}

/// A number for each column of each matrix.
fn per_column(cx: &mut Cx<'_>, x: &Tensor, shape: &[u64]) -> Tensor {
    let rank = shape.len();
    let dims: Vec<usize> = (0..rank - 2).chain([rank - 1]).collect();
    cx.spread(x, shape, &dims)
}

/// A number for each matrix, or for each vector.
fn per_batch(cx: &mut Cx<'_>, x: &Tensor, shape: &[u64]) -> Tensor {
    let dims: Vec<usize> = (0..x.ty.shape.len()).collect();
    cx.spread(x, shape, &dims)
}

/// The number of the row, or of the column if `axis` counts from the last, of every element: `i64`.
fn place(cx: &mut Cx<'_>, shape: &[u64], from_last: usize) -> Tensor {
    let ty = TensorLayout::new(DType::I64, shape.iter().copied());
    cx.iota(ty, shape.len() - 1 - from_last)
}

/// Row against column of every element.
fn triangle(cx: &mut Cx<'_>, how: &str, shape: &[u64]) -> Tensor {
    let (i, j) = (place(cx, shape, 1), place(cx, shape, 0));
    cx.compared(how, &i, &j)
}

/// The tensor with an axis less: what is at `k` (an `i64` scalar) along it.
fn line(cx: &mut Cx<'_>, t: &Tensor, axis: usize, k: &Tensor) -> Tensor {
    let zero = cx.constant(Scalar::I64(0));
    let mut starts = vec![zero; t.ty.shape.len()];
    starts[axis] = k.clone();
    let mut sizes = t.ty.shape.clone();
    sizes[axis] = 1;
    let args: Vec<&Tensor> = std::iter::once(t).chain(&starts).collect();
    let attribute = format!("slice_sizes = {}", i64s(sizes.iter().map(|&n| n as i64)));
    let ty = TensorLayout::new(t.ty.dtype, sizes);
    let out = cx.op("dynamic_slice", &args, &attribute, ty.clone());
    let mut ty = ty;
    ty.shape.remove(axis);
    cx.reshape(&out, ty)
}

/// The sum along an axis of the elements where `p` holds; there is one, or its sum is meant.
fn sum_where(cx: &mut Cx<'_>, p: &Tensor, t: &Tensor, axis: usize) -> Tensor {
    let zero = cx.zeros(t.ty.clone());
    let of = cx.pick(p, t, &zero);
    cx.fold("add", &of, &[axis], Scalar::zero(t.ty.dtype))
}

/// The complex conjugate; a real number itself.
fn conj(cx: &mut Cx<'_>, t: &Tensor) -> Tensor {
    if !t.ty.dtype.is_complex() {
        return t.clone();
    }
    let ty = t.ty.with(t.ty.dtype.real());
    let re = cx.op("real", &[t], "", ty.clone());
    let im = cx.op("imag", &[t], "", ty);
    let im = cx.neg(&im);
    cx.op("complex", &[&re, &im], "", t.ty.clone())
}

/// The real part; a real number itself.
fn real(cx: &mut Cx<'_>, t: &Tensor) -> Tensor {
    if !t.ty.dtype.is_complex() {
        return t.clone();
    }
    let ty = t.ty.with(t.ty.dtype.real());
    cx.op("real", &[t], "", ty)
}

/// The transpose of every matrix, conjugated.
fn adjoint(cx: &mut Cx<'_>, t: &Tensor) -> Tensor {
    let rank = t.ty.shape.len();
    let mut perm: Vec<usize> = (0..rank).collect();
    perm.swap(rank - 2, rank - 1);
    let t = super::reduce::transposed(cx, t, &perm);
    conj(cx, &t)
}

/// The products of the matrices of one batch: the sum over an axis of each.
fn product(cx: &mut Cx<'_>, a: &Tensor, over_a: usize, b: &Tensor, over_b: usize) -> Tensor {
    let k = batch(b).min(a.ty.shape.len());
    let dims = DotDims {
        lhs_batch: (0..k as u32).collect(),
        rhs_batch: (0..k as u32).collect(),
        lhs_contract: vec![over_a as u32],
        rhs_contract: vec![over_b as u32],
    };
    super::dot::exact(cx, &dims, a, b)
}

/// `state` taken through `step` for 0 to `n - 1` (`i64`), as long as `also` holds.
fn counted<'m>(
    cx: &mut Cx<'m>,
    n: u64,
    state: Vec<Tensor>,
    also: impl FnOnce(&mut Cx<'m>, &[Tensor]) -> Option<Tensor>,
    step: impl FnOnce(&mut Cx<'m>, &Tensor, &[Tensor]) -> Vec<Tensor>,
) -> Vec<Tensor> {
    let zero = cx.constant(Scalar::I64(0));
    let end = cx.constant(Scalar::I64(n as i64));
    let carried: Vec<Tensor> = std::iter::once(zero).chain(state).collect();
    let types: Vec<TensorLayout> = carried.iter().map(|t| t.ty.clone()).collect();
    let go: std::result::Result<Block, Infallible> = cx.block(&types, |cx, p| {
        let mut go = cx.compared("LT", &p[0], &end);
        if let Some(more) = also(cx, &p[1..]) {
            go = cx.and(&go, &more);
        }
        Ok(vec![go])
    });
    let body: std::result::Result<Block, Infallible> = cx.block(&types, |cx, p| {
        let next = cx.plus(&p[0], 1);
        let mut out = step(cx, &p[0], &p[1..]);
        out.insert(0, next);
        Ok(out)
    });
    let (Ok(go), Ok(body)) = (go, body);
    let refs: Vec<&Tensor> = carried.iter().collect();
    let mut out = cx.op_with_blocks("while", &refs, "", types, &[go, body]);
    out.remove(0);
    out
}

fn cholesky(cx: &mut Cx<'_>, name: &'static str, a: &Tensor) -> Tensor {
    if a.ty.elements() == 0 {
        return a.clone();
    }
    let shape = a.ty.shape.clone();
    // Of the diagonal only the real part counts, which XLA does not say.
    let of = if a.ty.dtype.is_complex() {
        let diagonal = triangle(cx, "EQ", &shape);
        let r = real(cx, a);
        let r = super::convert::convert(cx, &r, a.ty.dtype);
        cx.pick(&diagonal, &r, a)
    } else {
        a.clone()
    };
    let l = cx.op("cholesky", &[&of], "lower = true", a.ty.clone());
    let lower = triangle(cx, "GE", &shape);
    let zero = cx.zeros(a.ty.clone());
    let l = cx.pick(&lower, &l, &zero);
    if cx.is_checked() {
        // What is no number goes through; what became none, or has no root, traps.
        let diagonal = triangle(cx, "EQ", &shape);
        let r = real(cx, &l);
        let low = cx.versus("LE", &r, 0.0);
        let low = cx.and(&low, &diagonal);
        let none = cx.compared("NE", &l, &l);
        let bad = cx.or(&low, &none);
        let own = cx.compared("NE", a, a);
        let own = cx.and(&own, &lower);
        let b = batch(a);
        let any = |cx: &mut Cx<'_>, p: &Tensor| cx.fold("or", p, &[b, b + 1], Scalar::Bool(false));
        let (bad, own) = (any(cx, &bad), any(cx, &own));
        let good = cx.un("not", &bad);
        let holds = cx.or(&good, &own);
        let kind = fault(name, a, MatrixFault::NotPositiveDefinite(0));
        cx.check_all(&holds, kind);
    }
    l
}

/// In a checked program, traps if a zero is on the diagonal.
fn nonzero_diagonal(cx: &mut Cx<'_>, name: &'static str, a: &Tensor) {
    if !cx.is_checked() {
        return;
    }
    let shape = a.ty.shape.clone();
    let off = triangle(cx, "NE", &shape);
    let zero = cx.zeros(a.ty.clone());
    let some = cx.compared("NE", a, &zero);
    let holds = cx.or(&off, &some);
    let kind = fault(name, a, MatrixFault::Singular(0));
    cx.check_all(&holds, kind);
}

/// The solution of triangular systems.
fn solve(cx: &mut Cx<'_>, how: Triangular, a: &Tensor, b: &Tensor) -> Tensor {
    if b.ty.elements() == 0 {
        return b.clone();
    }
    let transpose = match how.transpose {
        TransposeA::No => "NO_TRANSPOSE",
        TransposeA::Transpose => "TRANSPOSE",
        TransposeA::Adjoint => "ADJOINT",
    };
    let attributes = format!(
        "left_side = {}, lower = {}, transpose_a = #stablehlo<transpose {transpose}>, unit_diagonal = {}",
        how.left, how.lower, how.unit
    );
    cx.op("triangular_solve", &[a, b], &attributes, b.ty.clone())
}
