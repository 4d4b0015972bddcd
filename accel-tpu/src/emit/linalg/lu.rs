//! Elimination with row exchanges, one column after another; and systems by its factors.

use super::super::reduce::arg;
use super::super::sort::sorted;
use super::super::value::{Tensor, TensorLayout};
use super::super::writer::Cx;
use super::{batch, counted, line, per_batch, per_column, per_row, place, sum_where};
use cotangent_core::ir::{ArgReduceOp, DType, TransposeA, Triangular};

/// The factors, the rows and the number of exchanges.
pub(super) fn factor(cx: &mut Cx<'_>, a: &Tensor) -> Vec<Tensor> {
    let b = batch(a);
    let shape = a.ty.shape.clone();
    let (lines, outer) = (&shape[..=b], &shape[..b]);
    let n = shape[b];
    let rows = cx.iota(TensorLayout::new(DType::U64, lines.iter().copied()), b);
    let swaps = cx.zeros(TensorLayout::new(DType::U64, outer.iter().copied()));
    if a.ty.elements() == 0 {
        return vec![a.clone(), rows, swaps];
    }
    counted(
        cx,
        n,
        vec![a.clone(), rows, swaps],
        |_, _| None,
        |cx, k, state| {
            let [a, rows, swaps] = state else {
                return state.to_vec();
            };
            let (i, j) = (place(cx, &shape, 1), place(cx, &shape, 0));
            let at = place(cx, lines, 0);
            let k_lines = per_batch(cx, k, lines);
            let k_all = per_batch(cx, k, &shape);
            // The pivot: the first greatest of the column from the diagonal on.
            let column = line(cx, a, b + 1, k);
            let size = cx.abs(&column);
            let done = cx.compared("LT", &at, &k_lines);
            let least = cx.num(-1.0, &size);
            let size = cx.pick(&done, &least, &size);
            let pivot = arg(cx, &size, b, ArgReduceOp::ArgMax);
            let pivot = cx.cast(&pivot, DType::I64);
            let p_lines = per_batch(cx, &pivot, lines);
            let p_all = per_batch(cx, &pivot, &shape);
            let is_p = cx.compared("EQ", &i, &p_all);
            let is_k = cx.compared("EQ", &i, &k_all);
            // The exchange.
            let old = line(cx, a, b, k);
            let top = sum_where(cx, &is_p, a, b);
            let (old_all, top_all) = (per_column(cx, &old, &shape), per_column(cx, &top, &shape));
            let a = cx.pick(&is_p, &old_all, a);
            let a = cx.pick(&is_k, &top_all, &a);
            let at_p = cx.compared("EQ", &at, &p_lines);
            let at_k = cx.compared("EQ", &at, &k_lines);
            let (row_k, row_p) = (line(cx, rows, b, k), sum_where(cx, &at_p, rows, b));
            let (row_k, row_p) = (per_batch(cx, &row_k, lines), per_batch(cx, &row_p, lines));
            let rows = cx.pick(&at_p, &row_k, rows);
            let rows = cx.pick(&at_k, &row_p, &rows);
            let k_outer = per_batch(cx, k, outer);
            let moved = cx.compared("NE", &pivot, &k_outer);
            let moved = cx.cast(&moved, DType::U64);
            let swaps = cx.add(swaps, &moved);
            // The elimination; below a zero pivot all is zero already.
            let column = line(cx, &a, b + 1, k);
            let d = line(cx, &column, b, k);
            let zero = cx.zeros(d.ty.clone());
            let some = cx.compared("NE", &d, &zero);
            let d = per_batch(cx, &d, lines);
            let f = cx.div(&column, &d);
            let f = per_row(cx, &f, &shape);
            let some = per_batch(cx, &some, &shape);
            let below = cx.compared("GT", &i, &k_all);
            let below = cx.and(&below, &some);
            let right = cx.compared("GT", &j, &k_all);
            let here = cx.compared("EQ", &j, &k_all);
            let (right, here) = (cx.and(&below, &right), cx.and(&below, &here));
            let part = cx.mul(&f, &top_all);
            let less = cx.sub(&a, &part);
            let a = cx.pick(&right, &less, &a);
            let a = cx.pick(&here, &f, &a);
            vec![a, rows, swaps]
        },
    )
}

/// The rows of matrices, in the order of `rows`.
fn rows_by(cx: &mut Cx<'_>, b: &Tensor, rows: &Tensor) -> Tensor {
    let k = batch(b);
    let (n, m) = (b.ty.shape[k], b.ty.shape[k + 1]);
    let count = TensorLayout::new(b.ty.dtype, b.ty.shape[..k].iter().copied()).elements();
    // Of all matrices one below another.
    let flat = cx.reshape(b, TensorLayout::new(b.ty.dtype, [count * n, m]));
    let at = cx.reshape(rows, TensorLayout::new(DType::U64, [count, n]));
    let first = cx.iota(at.ty.clone(), 0);
    let size = cx.whole(n.into(), &first);
    let first = cx.mul(&first, &size);
    let at = cx.add(&at, &first);
    let at = cx.reshape(&at, TensorLayout::new(DType::U64, [count * n]));
    let out = super::super::index::take(cx, &flat, &at);
    cx.reshape(&out, b.ty.clone())
}

/// The solution of `op(a) x = b` by the factors of `a`.
pub(super) fn solve(
    cx: &mut Cx<'_>,
    how: TransposeA,
    lu: &Tensor,
    rows: &Tensor,
    b: &Tensor,
) -> Tensor {
    if b.ty.elements() == 0 {
        return b.clone();
    }
    let triangle = |lower: bool| Triangular {
        left: true,
        lower,
        unit: lower,
        transpose: how,
    };
    match how {
        TransposeA::No => {
            let b = rows_by(cx, b, rows);
            let y = super::solve(cx, triangle(true), lu, &b);
            super::solve(cx, triangle(false), lu, &y)
        }
        TransposeA::Transpose | TransposeA::Adjoint => {
            let y = super::solve(cx, triangle(false), lu, b);
            let y = super::solve(cx, triangle(true), lu, &y);
            // Where each row came from.
            let axis = rows.ty.shape.len() - 1;
            let place = cx.iota(rows.ty.clone(), axis);
            let back = sorted(cx, &[rows.clone(), place], axis);
            rows_by(cx, &y, &back[1])
        }
    }
}
