//! Systems by the factors that elimination gave.
//!
//! The rule is the implicit function's: `dx = op(a)^-1 (db - op(da) x)` (Giles 2008, 2.2.3), by the same factors. So a derivative costs a few
//! substitutions and a product, where the derivative of the factorization would cost several factorizations; and since the op stands for a
//! function of `a` and `b`, whatever its factors are, higher orders are right as well.

use super::super::extent::{as_tensor, confusion, give, mismatch, room, within};
use super::super::{Args, EvalCx, JvpCx, TransposeCx, not_differentiable};
use super::field::{Field, copy, zeros};
use super::rules::{conj, give_tangent, plain, product, turned};
use super::triangular::left;
use super::{Extents, matrices, on_fields, square};
use crate::error::{AdError, MatrixFault, TrapKind, Why};
use crate::ir::{DType, Dim, LinalgOp, TransposeA, Triangular, Type};
use crate::value::{Data, Tensor, Val};
use alloc::vec::Vec;

const OP: &str = "lu_solve";

pub(super) fn infer(tys: &[Type]) -> Result<Vec<Type>, Why> {
    super::super::extent::arity(tys, 4, "4")?;
    let (a, n) = square(tys, 0)?;
    let (lu, k) = square(tys, 1)?;
    let rows = super::super::extent::tensor(tys, 2)?;
    let (b, m, _) = matrices(tys, 3)?;
    let wrong = |b, what| Why::Mismatch { a: 0, b, what };
    if a.dtype != lu.dtype {
        return Err(wrong(1, "element type"));
    }
    if a.dtype != b.dtype {
        return Err(wrong(3, "element type"));
    }
    if rows.dtype != DType::U64 {
        return Err(Why::Kind {
            operand: 2,
            want: "a tensor of u64",
        });
    }
    let batch = a.shape.len() - 2;
    for (i, shape, rank) in [
        (1, &lu.shape, batch + 2),
        (2, &rows.shape, batch + 1),
        (3, &b.shape, batch + 2),
    ] {
        if shape.len() != rank {
            return Err(wrong(i, "rank"));
        }
    }
    let mut shape: Vec<Dim> = b.shape.clone();
    for (j, d) in shape.iter_mut().enumerate().take(batch) {
        for (i, other) in [(0, a.shape[j]), (1, lu.shape[j]), (2, rows.shape[j])] {
            *d = d.meet(other).ok_or(wrong(i.max(1), "batch axes"))?;
        }
    }
    let order = rows.shape[batch];
    let order = n.meet(k).and_then(|n| n.meet(order));
    let order = order.ok_or(wrong(1, "order"))?;
    shape[batch] = m.meet(order).ok_or(wrong(3, "rows"))?;
    Ok([Type::tensor(b.dtype, shape)].into())
}

pub(super) fn eval(
    how: TransposeA,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let (lu, b) = (as_tensor(args.get(1), OP)?, as_tensor(args.get(3), OP)?);
    let (a, rows) = (as_tensor(args.get(0), OP)?, as_tensor(args.get(2), OP)?);
    let e = Extents::square(OP, &lu.shape)?;
    if a.shape != lu.shape {
        return Err(mismatch(OP, &a.shape, &lu.shape));
    }
    let rank = lu.shape.len();
    if rows.shape != lu.shape[..rank - 1] {
        return Err(mismatch(OP, &lu.shape, &rows.shape));
    }
    let fits = b.shape.len() == rank && b.shape[..rank - 1] == lu.shape[..rank - 1];
    if !fits || lu.dtype() != b.dtype() {
        return Err(mismatch(OP, &lu.shape, &b.shape));
    }
    let Data::U64(order) = &rows.data else {
        return Err(confusion(OP));
    };
    room(&b.shape, b.dtype(), cx)?;
    let cols = b.shape[rank - 1];
    let data = on_fields!(OP, &lu.data, v => run(how, v, order, &b.data, e, cols))?;
    let shape = b.shape.clone();
    out.push(Val::tensor(Tensor { shape, data }));
    Ok(())
}

fn run<T: Field>(
    how: TransposeA,
    lu: &[T],
    rows: &[u64],
    b: &Data,
    e: Extents<'_>,
    cols: usize,
) -> Result<Data, TrapKind> {
    let b = T::slice(b).ok_or_else(|| confusion(OP))?;
    let (n, size) = (e.rows, e.rows * cols);
    let lower = Triangular {
        unit: true,
        transpose: how,
        ..plain(true, true)
    };
    let upper = Triangular {
        transpose: how,
        ..plain(true, false)
    };
    let mut x = copy(b)?;
    let mut y = zeros::<T>(size)?;
    for at in 0..if size == 0 { 0 } else { e.count } {
        let lu = &lu[at * n * n..(at + 1) * n * n];
        let x = &mut x[at * size..(at + 1) * size];
        let rows = &rows[at * n..(at + 1) * n];
        if let Some(i) = (0..n).find(|&i| lu[i * n + i] == T::ZERO) {
            return Err(e.fault(MatrixFault::Singular(i)));
        }
        if how == TransposeA::No {
            for (&r, to) in rows.iter().zip(y.chunks_exact_mut(cols)) {
                let r = within(r.into(), n)?;
                to.copy_from_slice(&x[r * cols..(r + 1) * cols]);
            }
            left(lower, lu, &mut y, n, cols);
            left(upper, lu, &mut y, n, cols);
            x.copy_from_slice(&y);
        } else {
            left(upper, lu, x, n, cols);
            left(lower, lu, x, n, cols);
            y.copy_from_slice(x);
            for (&r, from) in rows.iter().zip(y.chunks_exact(cols)) {
                let r = within(r.into(), n)?;
                x[r * cols..(r + 1) * cols].copy_from_slice(from);
            }
        }
    }
    Ok(T::data(x))
}

pub(super) fn jvp(how: TransposeA, cx: &mut JvpCx<'_>) {
    let x = cx.results[0];
    let mut rhs = cx.tangents[3];
    if let Some(t) = cx.tangents[0] {
        let b = &mut *cx.b;
        let t = turned(b, t, how);
        let t = product(b, t, x);
        rhs = Some(match rhs {
            Some(r) => b.sub(r, t),
            None => b.neg(t),
        });
    }
    if let Some(rhs) = rhs {
        let args = [cx.args[0], cx.args[1], cx.args[2], rhs];
        let t = cx.b.inst1(LinalgOp::LuSolve(how), &args);
        give_tangent(cx, 0, t);
    }
}

pub(super) fn transpose(how: TransposeA, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    if (0..3).any(|i| cx.is_linear(i)) {
        return Err(not_differentiable(
            &LinalgOp::LuSolve(how).into(),
            "a solution is linear in the right-hand side only",
        ));
    }
    let known = [cx.known(0), cx.known(1), cx.known(2)];
    let b = cx.b();
    let solve = |b: &mut crate::ir::Builder, how, ct| {
        let args = [known[0], known[1], known[2], ct];
        b.inst1(LinalgOp::LuSolve(how), &args)
    };
    let c = match how {
        TransposeA::No => solve(b, TransposeA::Adjoint, ct),
        TransposeA::Adjoint => solve(b, TransposeA::No, ct),
        TransposeA::Transpose => {
            // With the conjugate of the matrix.
            let ct = conj(b, ct);
            let c = solve(b, TransposeA::No, ct);
            conj(b, c)
        }
    };
    give(cx, 3, c);
    Ok(())
}
