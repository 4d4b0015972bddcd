//! Triangular systems. Linear in the right-hand side; by the matrix, `dx = -op(a)^-1 op(da) x` (Giles 2008, 2.2.4).

use super::super::extent::{as_tensor, confusion, give, mismatch, room};
use super::super::{Args, EvalCx, JvpCx, TransposeCx, not_differentiable};
use super::field::{Field, copy, dot, subtract, two_rows};
use super::rules::{complex_operand, conj, give_tangent, part, product, solve, turned};
use super::{Extents, on_fields, square};
use crate::error::{AdError, MatrixFault, TrapKind, Why};
use crate::ir::{CompareOp, LinalgOp, TransposeA, Triangular, Type};
use crate::value::{Data, Tensor, Val};
use alloc::vec::Vec;

const OP: &str = "triangular_solve";

/// The axis of the right-hand side, among its last two, that pairs with the matrix.
fn paired(how: Triangular) -> usize {
    usize::from(!how.left)
}

pub(super) fn infer(how: Triangular, tys: &[Type]) -> Result<Vec<Type>, Why> {
    super::super::extent::arity(tys, 2, "2")?;
    let (a, n) = square(tys, 0)?;
    let (b, _, _) = super::matrices(tys, 1)?;
    let wrong = |what| Why::Mismatch { a: 0, b: 1, what };
    if a.dtype != b.dtype {
        return Err(wrong("element type"));
    }
    if a.shape.len() != b.shape.len() {
        return Err(wrong("rank"));
    }
    let mut shape = b.shape.clone();
    let batch = shape.len() - 2;
    for (k, d) in shape.iter_mut().enumerate().take(batch) {
        *d = d.meet(a.shape[k]).ok_or(wrong("batch axes"))?;
    }
    let side = &mut shape[batch + paired(how)];
    *side = side.meet(n).ok_or(wrong(if how.left {
        "rows of the right-hand side"
    } else {
        "columns of the right-hand side"
    }))?;
    Ok([Type::tensor(b.dtype, shape)].into())
}

pub(super) fn eval(
    how: Triangular,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let (a, b) = (as_tensor(args.get(0), OP)?, as_tensor(args.get(1), OP)?);
    let e = Extents::square(OP, &a.shape)?;
    let rank = a.shape.len();
    let fits = b.shape.len() == rank
        && b.shape[..rank - 2] == a.shape[..rank - 2]
        && b.shape[rank - 2 + paired(how)] == e.rows;
    if !fits || a.dtype() != b.dtype() {
        return Err(mismatch(OP, &a.shape, &b.shape));
    }
    room(&b.shape, b.dtype(), cx)?;
    fn go<T: Field>(
        how: Triangular,
        a: &[T],
        b: &Data,
        e: Extents<'_>,
        cols: usize,
    ) -> Result<Data, TrapKind> {
        let b = T::slice(b).ok_or_else(|| confusion(OP))?;
        let mut x = copy(b)?;
        let (n, size) = (e.rows, (e.rows * cols).max(1));
        for (a, x) in a.chunks_exact((n * n).max(1)).zip(x.chunks_exact_mut(size)) {
            let zero = (!how.unit)
                .then(|| (0..n).find(|&i| a[i * n + i] == T::ZERO))
                .flatten();
            if let Some(i) = zero {
                return Err(e.fault(MatrixFault::Singular(i)));
            }
            if how.left {
                left(how, a, x, n, cols);
            } else {
                for x in x.chunks_exact_mut(n.max(1)) {
                    right(how, a, x, n);
                }
            }
        }
        Ok(T::data(x))
    }
    let cols = b.shape[rank - 1 - paired(how)];
    let data = on_fields!(OP, &a.data, v => go(how, v, &b.data, e, cols))?;
    let shape = b.shape.clone();
    out.push(Val::tensor(Tensor { shape, data }));
    Ok(())
}

/// The rows in the order in which they are solved: a lower triangle from the first, an upper one from the last.
fn order(n: usize, forward: bool) -> impl Iterator<Item = usize> {
    (0..n).map(move |k| if forward { k } else { n - 1 - k })
}

/// The element of `op(a)` that the given element of `a` becomes.
fn taken<T: Field>(how: Triangular, x: T) -> T {
    match how.transpose {
        TransposeA::Adjoint => x.conj(),
        TransposeA::No | TransposeA::Transpose => x,
    }
}

/// `op(a) x = b` in place, row by row of `x`, each of `m` elements.
pub(super) fn left<T: Field>(how: Triangular, a: &[T], x: &mut [T], n: usize, m: usize) {
    let turned = how.transpose != TransposeA::No;
    let forward = how.lower != turned;
    for i in order(n, forward) {
        if !turned {
            // What is known already, out of row `i`.
            let known = if forward { 0..i } else { i + 1..n };
            for k in known {
                let c = a[i * n + k];
                let (low, high) = two_rows(x, m, i.min(k), i.max(k));
                let (xi, xk) = if i < k { (low, high) } else { (high, low) };
                subtract(xi, c, xk);
            }
        }
        if !how.unit {
            let d = taken(how, a[i * n + i]);
            x[i * m..(i + 1) * m]
                .iter_mut()
                .for_each(|v| *v = v.over(d));
        }
        if turned {
            // Row `i` out of those not known yet: `a` is read by rows.
            let rest = if forward { i + 1..n } else { 0..i };
            for k in rest {
                let c = taken(how, a[i * n + k]);
                let (low, high) = two_rows(x, m, i.min(k), i.max(k));
                let (xi, xk) = if i < k { (low, high) } else { (high, low) };
                subtract(xk, c, xi);
            }
        }
    }
}

/// `x op(a) = b` in place, for one row `x`.
fn right<T: Field>(how: Triangular, a: &[T], x: &mut [T], n: usize) {
    let turned = how.transpose != TransposeA::No;
    // Column `j` of `op(a)` has what is above the diagonal if `op(a)` is upper.
    let forward = how.lower == turned;
    for j in order(n, forward) {
        let row = &a[j * n..(j + 1) * n];
        if turned {
            let known = if forward { 0..j } else { j + 1..n };
            let s = match how.transpose {
                TransposeA::Adjoint => dot(&x[known.clone()], &row[known]),
                TransposeA::No | TransposeA::Transpose => {
                    let pairs = x[known.clone()].iter().zip(&row[known]);
                    pairs.fold(T::ZERO, |s, (&x, &a)| s + x * a)
                }
            };
            x[j] = x[j] - s;
        }
        if !how.unit {
            x[j] = x[j].over(taken(how, row[j]));
        }
        if !turned {
            let c = x[j];
            let rest = if forward { j + 1..n } else { 0..j };
            subtract(&mut x[rest.clone()], c, &row[rest]);
        }
    }
}

pub(super) fn jvp(how: Triangular, cx: &mut JvpCx<'_>) {
    let (a, x) = (cx.args[0], cx.results[0]);
    let mut rhs = cx.tangents[1];
    if let Some(t) = cx.tangents[0] {
        let b = &mut *cx.b;
        let inside = match (how.lower, how.unit) {
            (true, true) => CompareOp::Gt,
            (true, false) => CompareOp::Ge,
            (false, true) => CompareOp::Lt,
            (false, false) => CompareOp::Le,
        };
        let t = part(b, t, inside);
        let t = turned(b, t, how.transpose);
        let t = if how.left {
            product(b, t, x)
        } else {
            product(b, x, t)
        };
        rhs = Some(match rhs {
            Some(r) => b.sub(r, t),
            None => b.neg(t),
        });
    }
    if let Some(rhs) = rhs {
        let t = solve(cx.b, how, a, rhs);
        give_tangent(cx, 0, t);
    }
}

pub(super) fn transpose(how: Triangular, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    if cx.is_linear(0) {
        return Err(not_differentiable(
            &LinalgOp::TriangularSolve(how).into(),
            "a solution is linear in the right-hand side only",
        ));
    }
    let mut a = cx.known(0);
    let mut back = how;
    back.transpose = match how.transpose {
        TransposeA::No => TransposeA::Adjoint,
        TransposeA::Adjoint => TransposeA::No,
        TransposeA::Transpose => {
            if complex_operand(cx, 0) {
                a = conj(cx.b(), a);
            }
            TransposeA::No
        }
    };
    let c = solve(cx.b(), back, a, ct);
    give(cx, 1, c);
    Ok(())
}
