//! Cholesky factorization.
//!
//! The rule is Murray's ("Differentiation of the Cholesky decomposition", 2016; also Giles, "An extended collection of matrix derivative
//! results", 2008): `dl = l phi(l^-1 da l^-H)`, where `phi` takes the lower triangle and half of the diagonal.

use super::super::JvpCx;
use super::super::float::Float;
use super::Extents;
use super::field::{Field, copy, dot};
use super::rules::{give_tangent, hermitian, lower_half, plain, product, solve};
use crate::error::{MatrixFault, TrapKind};
use crate::ir::{TransposeA, Triangular};
use crate::value::{Data, Element};

/// The factors, row by row.
pub(super) fn factor<T: Field>(a: &[T], e: Extents<'_>) -> Result<Data, TrapKind> {
    let n = e.rows;
    let mut out = copy(a)?;
    let zero = <T::Real as Element>::ZERO;
    for l in out.chunks_exact_mut((n * n).max(1)).take(e.count) {
        for i in 0..n {
            let (above, row) = l.split_at_mut(i * n);
            for j in 0..i {
                let other = &above[j * n..j * n + j + 1];
                let s = row[j] - dot(&row[..j], other);
                row[j] = s.per(other[j].re());
            }
            let d = row[i].re() - dot(&row[..i], &row[..i]).re();
            // NaN goes through.
            if d <= zero {
                return Err(e.fault(MatrixFault::NotPositiveDefinite(i)));
            }
            row[i] = T::of(d.sqrt());
            row[i + 1..n].fill(T::ZERO);
        }
    }
    Ok(T::data(out))
}

pub(super) fn jvp(cx: &mut JvpCx<'_>) {
    let l = cx.results[0];
    let t = cx.tangent(0);
    let b = &mut *cx.b;
    let t = hermitian(b, t);
    let t = solve(b, plain(true, true), l, t);
    let right = Triangular {
        transpose: TransposeA::Adjoint,
        ..plain(false, true)
    };
    let t = solve(b, right, l, t);
    let t = lower_half(b, t);
    let t = product(b, l, t);
    give_tangent(cx, 0, t);
}
