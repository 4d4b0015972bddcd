//! Unevaluated sums `hi + lo` with about 100 bits: the error-free transformations of Dekker (1971) and Knuth (TAOCP 2, 4.2.2).

use crate::lane::Lane;

/// `a + b` and its rounding error, for `|a| >= |b|` or `a = 0`.
#[inline(always)]
pub(crate) fn fast_two_sum<L: Lane>(a: L, b: L) -> (L, L) {
    let s = a + b;
    (s, b - (s - a))
}

/// `a + b` and its rounding error, whichever is larger.
#[inline(always)]
pub(crate) fn two_sum<L: Lane>(a: L, b: L) -> (L, L) {
    let s = a + b;
    let v = s - a;
    (s, (a - (s - v)) + (b - v))
}

/// `a * b` and its rounding error.
#[inline(always)]
pub(crate) fn product<L: Lane>(a: L, b: L) -> (L, L) {
    let p = a * b;
    (p, a.product_error(b, p))
}

/// `(nh + nl) / (dh + dl)` with one division: the quotient of the heads, then one step of correction by its exact remainder.
/// The error is little over half a unit in the last place.
#[inline(always)]
pub(crate) fn quotient<L: Lane>((nh, nl): (L, L), (dh, dl): (L, L)) -> L {
    let r = L::one() / dh;
    let q = nh * r;
    let rest = (-q).mul_add_exact(dh, nh) + (-q).mul_add(dl, nl);
    rest.mul_add(r, q)
}
