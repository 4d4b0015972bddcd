//! Factorizations and systems of equations, one file each: value and derivative rule.
//!
//! The matrices are the last two axes of a float or complex tensor, in row-major order; the axes before them are a batch, so batching
//! adds one. An op that names one triangle neither reads the other nor has a derivative by it.
//!
//! Edge policy. A matrix that an op is not defined for traps with [`MatrixFault`], naming op, extents and row: not square, not
//! positive definite (`cholesky`), a zero on the diagonal (`triangular_solve`, and so every derivative at a singular matrix). `lu` and
//! `qr` take singular matrices; only their derivatives do not. NaN and infinity are no such faults: they go through, as in all arithmetic.
//! Repeated eigenvalues have a derivative, their vectors an infinite one (see `eigh.rs`). Matrices of no rows or columns are allowed everywhere.

mod cholesky;
pub mod compose;
mod eigh;
mod field;
mod lu;
mod lu_solve;
mod qr;
mod rules;
#[cfg(test)]
mod tests;
mod triangular;

use super::batch::{BatchCx, Batched, Held};
use super::extent::{as_tensor, confusion, room};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::entity::Value;
use crate::error::{AdError, MatrixFault, TrapKind, Why};
use crate::ir::{Dim, LinalgOp, TensorType, Type};
use crate::value::{Data, Tensor, Val, elements};
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &LinalgOp) -> &'static str {
    match op {
        LinalgOp::Cholesky => "cholesky",
        LinalgOp::TriangularSolve(_) => "triangular_solve",
        LinalgOp::Lu => "lu",
        LinalgOp::LuSolve(_) => "lu_solve",
        LinalgOp::Qr => "qr",
        LinalgOp::Eigh => "eigh",
    }
}

/// The number of results.
pub(super) fn result_count(op: &LinalgOp) -> usize {
    match op {
        LinalgOp::Cholesky | LinalgOp::TriangularSolve(_) | LinalgOp::LuSolve(_) => 1,
        LinalgOp::Qr | LinalgOp::Eigh => 2,
        LinalgOp::Lu => 3,
    }
}

/// Operand `i` as matrices: the tensor, and the extents of the matrices.
fn matrices(tys: &[Type], i: usize) -> Result<(&TensorType, Dim, Dim), Why> {
    let wrong = Why::Kind {
        operand: i,
        want: "a float or complex tensor of rank 2 or more",
    };
    let Some(t) = tys[i].as_tensor() else {
        return Err(wrong);
    };
    match t.shape[..] {
        [.., m, n] if t.dtype.is_differentiable() => Ok((t, m, n)),
        _ => Err(wrong),
    }
}

/// As [`matrices`], square: the one extent.
fn square(tys: &[Type], i: usize) -> Result<(&TensorType, Dim), Why> {
    let (t, m, n) = matrices(tys, i)?;
    match m.meet(n) {
        Some(n) => Ok((t, n)),
        None => Err(Why::Kind {
            operand: i,
            want: "square in its last two axes",
        }),
    }
}

/// The type with other last axes.
fn with_last(t: &TensorType, last: &[Dim]) -> Type {
    let batch = &t.shape[..t.shape.len() - 2];
    Type::tensor(t.dtype, batch.iter().chain(last).copied())
}

pub(super) fn infer(op: &LinalgOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    match op {
        LinalgOp::TriangularSolve(how) => return triangular::infer(*how, tys),
        LinalgOp::LuSolve(_) => return lu_solve::infer(tys),
        LinalgOp::Cholesky | LinalgOp::Lu | LinalgOp::Qr | LinalgOp::Eigh => {
            super::extent::arity(tys, 1, "1")?;
        }
    }
    let of = |t: &TensorType, d, last: &[Dim]| {
        let t = TensorType {
            dtype: d,
            shape: t.shape.clone(),
        };
        with_last(&t, last)
    };
    Ok(match op {
        LinalgOp::Cholesky | LinalgOp::TriangularSolve(_) | LinalgOp::LuSolve(_) => {
            let (t, n) = square(tys, 0)?;
            [with_last(t, &[n, n])].into()
        }
        LinalgOp::Lu => {
            let (t, n) = square(tys, 0)?;
            let index = crate::ir::DType::U64;
            [with_last(t, &[n, n]), of(t, index, &[n]), of(t, index, &[])].into()
        }
        LinalgOp::Qr => {
            let (t, m, n) = matrices(tys, 0)?;
            let k = match (m, n) {
                (Dim::Known(m), Dim::Known(n)) => Dim::Known(m.min(n)),
                (Dim::Dynamic, _) | (_, Dim::Dynamic) => Dim::Dynamic,
            };
            [with_last(t, &[m, k]), with_last(t, &[k, n])].into()
        }
        LinalgOp::Eigh => {
            let (t, n) = square(tys, 0)?;
            [of(t, t.dtype.real(), &[n]), with_last(t, &[n, n])].into()
        }
    })
}

pub(super) fn effects(_: &LinalgOp, _: &[&Type]) -> Effects {
    Effects::MayTrap
}

/// A tensor operand as matrices: how many, and their extents.
#[derive(Copy, Clone)]
struct Extents<'a> {
    op: &'static str,
    shape: &'a [usize],
    /// How many matrices; 0 if there are no elements, whatever the batch axes are.
    count: usize,
    rows: usize,
    cols: usize,
}

impl<'a> Extents<'a> {
    fn of(op: &'static str, shape: &'a [usize]) -> Result<Extents<'a>, TrapKind> {
        let [batch @ .., rows, cols] = shape else {
            return Err(confusion(op));
        };
        let some = elements(shape).is_some_and(|n| n > 0);
        Ok(Extents {
            op,
            shape,
            count: if some {
                super::extent::product(batch)
            } else {
                0
            },
            rows: *rows,
            cols: *cols,
        })
    }
    fn square(op: &'static str, shape: &'a [usize]) -> Result<Extents<'a>, TrapKind> {
        let e = Extents::of(op, shape)?;
        if e.rows == e.cols {
            Ok(e)
        } else {
            Err(e.fault(MatrixFault::NotSquare))
        }
    }
    #[cold]
    fn fault(&self, fault: MatrixFault) -> TrapKind {
        TrapKind::Matrix {
            op: self.op,
            shape: self.shape.to_vec(),
            fault,
        }
    }
    /// The batch axes, then these.
    fn with_last(&self, last: &[usize]) -> Vec<usize> {
        let batch = &self.shape[..self.shape.len() - 2];
        batch.iter().chain(last).copied().collect()
    }
}

/// Runs the body for the elements' type; other types are a confusion.
macro_rules! on_fields {
    ($op:expr, $data:expr, $v:ident => $body:expr) => {
        match $data {
            Data::F32($v) => $body,
            Data::F64($v) => $body,
            Data::C64($v) => $body,
            Data::C128($v) => $body,
            Data::Bool(_)
            | Data::I8(_)
            | Data::I16(_)
            | Data::I32(_)
            | Data::I64(_)
            | Data::U8(_)
            | Data::U16(_)
            | Data::U32(_)
            | Data::U64(_) => Err(confusion($op)),
        }
    };
}
use on_fields;

pub(super) fn eval(
    op: &LinalgOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let name = mnemonic(op);
    match op {
        LinalgOp::TriangularSolve(how) => return triangular::eval(*how, args, out, cx),
        LinalgOp::LuSolve(how) => return lu_solve::eval(*how, args, out, cx),
        LinalgOp::Cholesky | LinalgOp::Lu | LinalgOp::Qr | LinalgOp::Eigh => {}
    }
    let a = as_tensor(args.get(0), name)?;
    let results: Vec<(Vec<usize>, Data)> = match op {
        LinalgOp::Cholesky | LinalgOp::TriangularSolve(_) | LinalgOp::LuSolve(_) => {
            let e = Extents::square(name, &a.shape)?;
            room(&a.shape, a.dtype(), cx)?;
            let l = on_fields!(name, &a.data, v => cholesky::factor(v, e))?;
            [(a.shape.clone(), l)].into()
        }
        LinalgOp::Lu => {
            let e = Extents::square(name, &a.shape)?;
            room(&a.shape, a.dtype(), cx)?;
            let counts = e.with_last(&[]);
            let n = room(&counts, crate::ir::DType::U64, cx)?;
            let (lu, rows, swaps) = on_fields!(name, &a.data, v => lu::factor(v, e, n))?;
            [
                (a.shape.clone(), lu),
                (e.with_last(&[e.rows]), Data::U64(rows)),
                (counts, Data::U64(swaps)),
            ]
            .into()
        }
        LinalgOp::Qr => {
            let e = Extents::of(name, &a.shape)?;
            let k = e.rows.min(e.cols);
            let (q, r) = (e.with_last(&[e.rows, k]), e.with_last(&[k, e.cols]));
            room(&q, a.dtype(), cx)?;
            room(&r, a.dtype(), cx)?;
            let (dq, dr) = on_fields!(name, &a.data, v => qr::factor(v, e))?;
            [(q, dq), (r, dr)].into()
        }
        LinalgOp::Eigh => {
            let e = Extents::square(name, &a.shape)?;
            room(&a.shape, a.dtype(), cx)?;
            let (w, v) = on_fields!(name, &a.data, v => eigh::factor(v, e))?;
            [(e.with_last(&[e.rows]), w), (a.shape.clone(), v)].into()
        }
    };
    for (shape, data) in results {
        out.push(Val::tensor(
            Tensor::new(shape, data).ok_or_else(|| confusion(name))?,
        ));
    }
    Ok(())
}

pub(super) fn jvp(op: &LinalgOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        LinalgOp::Cholesky => cholesky::jvp(cx),
        LinalgOp::TriangularSolve(how) => triangular::jvp(*how, cx),
        LinalgOp::Lu => lu::jvp(cx),
        LinalgOp::LuSolve(how) => lu_solve::jvp(*how, cx),
        LinalgOp::Qr => qr::jvp(cx),
        LinalgOp::Eigh => eigh::jvp(cx),
    }
    Ok(())
}

pub(super) fn transpose(op: &LinalgOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    match op {
        LinalgOp::TriangularSolve(how) => triangular::transpose(*how, cx),
        LinalgOp::LuSolve(how) => lu_solve::transpose(*how, cx),
        LinalgOp::Cholesky | LinalgOp::Lu | LinalgOp::Qr | LinalgOp::Eigh => {
            Err(not_differentiable(
                &(*op).into(),
                "a factorization is not linear; take its jvp first",
            ))
        }
    }
}

pub(super) fn simplify(_: &LinalgOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(op: &LinalgOp, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    let args: Vec<Value> = (0..cx.args.len()).map(|i| cx.stacked(i)).collect();
    let results = cx.b.inst(*op, &args);
    Some(results.into_iter().map(Held::stacked).collect())
}
