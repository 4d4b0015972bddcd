//! Elimination with row exchanges: `a[rows] = l u`.
//!
//! The rule (Giles 2008 for the idea; with exchanges fixed, as the rows chosen do not change nearby): with `f = l^-1 da[rows] u^-1`,
//! `dl = l low(f)` and `du = up(f) u`, where `low` is what is below the diagonal and `up` the rest.

use super::super::JvpCx;
use super::Extents;
use super::compose::take_rows;
use super::field::{Field, copy, subtract, two_rows, zeros};
use super::rules::{give_tangent, part, plain, product, solve};
use crate::error::TrapKind;
use crate::ir::{CompareOp, Triangular};
use crate::value::Data;
use alloc::vec::Vec;

/// The packed factors, the rows in their order, and the numbers of exchanges (`counts` of them).
pub(super) fn factor<T: Field>(
    a: &[T],
    e: Extents<'_>,
    counts: usize,
) -> Result<(Data, Vec<u64>, Vec<u64>), TrapKind> {
    let n = e.rows;
    let mut out = copy(a)?;
    let mut rows: Vec<u64> = zeros(e.count * n)?;
    let mut swaps: Vec<u64> = zeros(counts)?;
    let matrices = out.chunks_exact_mut((n * n).max(1)).take(e.count);
    let lines = rows.chunks_exact_mut(n.max(1));
    for ((a, rows), swaps) in matrices.zip(lines).zip(&mut swaps) {
        for (i, r) in rows.iter_mut().enumerate() {
            *r = i as u64;
        }
        for k in 0..n {
            let mut pivot = k;
            for i in k + 1..n {
                if a[i * n + k].modulus() > a[pivot * n + k].modulus() {
                    pivot = i;
                }
            }
            if pivot != k {
                let (x, y) = two_rows(a, n, k, pivot);
                x.swap_with_slice(y);
                rows.swap(k, pivot);
                *swaps += 1;
            }
            let d = a[k * n + k];
            if d == T::ZERO {
                // All below are zero too: nothing to eliminate.
                continue;
            }
            for i in k + 1..n {
                let (top, row) = two_rows(a, n, k, i);
                let f = row[k].over(d);
                row[k] = f;
                subtract(&mut row[k + 1..], f, &top[k + 1..]);
            }
        }
    }
    Ok((T::data(out), rows, swaps))
}

pub(super) fn jvp(cx: &mut JvpCx<'_>) {
    let (lu, rows) = (cx.results[0], cx.results[1]);
    let t = cx.tangent(0);
    let b = &mut *cx.b;
    let t = take_rows(b, t, rows);
    let unit = Triangular {
        unit: true,
        ..plain(true, true)
    };
    let f = solve(b, unit, lu, t);
    let f = solve(b, plain(false, false), lu, f);
    let low = part(b, f, CompareOp::Gt);
    let up = part(b, f, CompareOp::Le);
    let l = part(b, lu, CompareOp::Gt);
    let u = part(b, lu, CompareOp::Le);
    let dl = product(b, l, low);
    let dl = b.add(dl, low);
    let du = product(b, up, u);
    let t = b.add(dl, du);
    give_tangent(cx, 0, t);
}
