//! pow.
//!
//! Method: `x^y = exp(y ln x)` with `ln x` to about 66 bits, because the exponential multiplies an absolute error of up to
//! `745 * 2^-65` into a relative one. The series of `ln((1+s)/(1-s))` is summed in pairs for its first two terms.

use super::exp::{exp_parts, scale};
use super::log::split;
use super::pair::{fast_two_sum, product};
use crate::lane::Lane;
use crate::math::coef::{LN2_HI, LN2_LO, LOG_POW, TWO_THIRDS_LO};

/// `ln x = hi + lo` with a relative error of about 2^-65, for positive finite `x`.
#[inline(always)]
fn log_pair<L: Lane>(x: L) -> (L, L) {
    let (k, _, m) = split(x);
    let f = m - L::one();
    // s = f / (2 + f)
    let two = L::c(2.0);
    let (d, de) = fast_two_sum(two, f);
    let r = L::one() / d;
    let s = f * r;
    let sl = ((-s).mul_add_exact(d, f) - s * de) * r;
    // z = s^2
    let (z, ze) = product(s, s);
    let zl = (s + s).mul_add(sl, ze);
    // c = 2/3 + z LOG_POW(z), w = z c
    let (c, cl) = fast_two_sum(L::c(2.0 / 3.0), z * z.poly(LOG_POW));
    let cl = cl + L::c(TWO_THIRDS_LO);
    let (w, we) = product(z, c);
    let wl = zl.mul_add(c, z.mul_add(cl, we));
    // ln m = 2 s + s w
    let (v, ve) = product(s, w);
    let vl = sl.mul_add(w, s.mul_add(wl, ve));
    let (h, e) = fast_two_sum(s + s, v);
    let l = (sl + sl) + (vl + e);
    let (sum, e) = fast_two_sum(k * L::c(LN2_HI), h);
    fast_two_sum(sum, e + k.mul_add(L::c(LN2_LO), l))
}

/// Whether `a >= 0` is an integer.
#[inline(always)]
fn is_integer<L: Lane>(a: L) -> L::Mask {
    let two_52 = L::c(4_503_599_627_370_496.0);
    ((a + two_52) - two_52).is(a) | two_52.le(a)
}

/// `r`, which is `|x|^y` where both are finite and `x` not zero, with the special values and the sign put right.
#[inline(always)]
pub(crate) fn edges<L: Lane>(x: L, y: L, r: L) -> L {
    let (zero, one, inf) = (L::c(0.0), L::one(), L::c(f64::INFINITY));
    let (a, b) = (x.abs(), y.abs());
    // Zero and infinity: 0 or infinity, as the exponents' signs say.
    let extreme = a.is(zero) | a.is(inf);
    let grows = (a.is(inf) & zero.lt(y)) | (a.is(zero) & y.lt(zero));
    let r = L::select(extreme, L::select(grows, inf, zero), r);
    // Negative numbers: only to integer powers, with the sign of odd ones.
    let whole = is_integer(b);
    let odd = whole & !is_integer(b * L::c(0.5));
    let negative = L::any(x.sign());
    let r = L::select(odd & negative, -r, r);
    let r = r.nan_where(x.lt(zero) & !whole & a.lt(inf));
    let r = r.nan_where(!(a.le(inf) & b.le(inf)));
    L::select(y.is(zero) | x.is(one), one, r)
}

/// x^y with the special values of IEEE 754 (`pow(x, 0) = pow(1, y) = 1`, even for NaN). Error below 1 ulp.
#[inline(always)]
pub(crate) fn pow<L: Lane>(x: L, y: L) -> L {
    let (h, l) = log_pair(x.abs());
    // Beyond this, the result is 0, 1 or infinity whatever the exponent: ln x is at least 2^-53 if it is not 0.
    let bound = 1e21;
    let t = y.at_least(-bound).at_most(bound);
    let (p, pe) = product(t, h);
    let clamped = p.at_least(-746.0).at_most(710.0);
    let tail = L::select(clamped.is(p), t.mul_add(l, pe), L::c(0.0));
    let (k, hi, lo) = exp_parts(clamped, tail);
    edges(x, y, scale(hi + lo, k))
}
