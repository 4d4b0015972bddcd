//! exp, exp2, expm1, and the reduced exponential in two parts that other families build on.
//!
//! Method: `x = k ln2 + r` with `k` the nearest integer and `|r| <= ln2/2` (W. J. Cody, W. Waite, Software Manual for the
//! Elementary Functions, 1980), a minimax polynomial in `r`, and multiplication by two powers of two, so that results below the
//! normal range are rounded once.

use super::pair::fast_two_sum;
use crate::lane::{Lane, SHIFT};
use crate::math::coef::{EXP, EXP2, LN2, LN2_HI, LN2_LO, LOG2_E};

/// `k` is kept as the bits of `k + 2046`: half of it is the biased exponent of 2^(k/2).
const BIAS: f64 = 2046.0;

/// The integer `k` (as bits, biased, and as a number) nearest to `x * per_unit`.
#[inline(always)]
fn nearest<L: Lane>(x: L, per_unit: f64) -> (L::Bits, L) {
    let t = x.mul_add(L::c(per_unit), L::c(SHIFT + BIAS));
    (t.to_bits() & L::bits(0xfff), t - L::c(SHIFT + BIAS))
}

/// `p * 2^k`, rounded once, for `k` from [`nearest`].
#[inline(always)]
pub(crate) fn scale<L: Lane>(p: L, k: L::Bits) -> L {
    let a = L::shr(k, 1);
    let b = k - a;
    p * L::from_bits(L::shl(a, 52)) * L::from_bits(L::shl(b, 52))
}

/// e^x. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn exp<L: Lane>(x: L) -> L {
    let x = x.at_least(-746.0).at_most(710.0);
    let (k, kf) = nearest(x, LOG2_E);
    let r = kf.mul_add(L::c(-LN2_LO), kf.mul_add(L::c(-LN2_HI), x));
    let p = (r * r).mul_add(r.poly(EXP), r) + L::one();
    scale(p, k)
}

/// 2^x. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn exp2<L: Lane>(x: L) -> L {
    let x = x.at_least(-1076.0).at_most(1024.0);
    let (k, kf) = nearest(x, 1.0);
    let r = x - kf;
    let p = (r * r).mul_add(r.poly(EXP2), r * L::c(LN2)) + L::one();
    scale(p, k)
}

/// `x + tail = k ln2 + r + rest`, with `k` in both forms. `|x|` is below 1200 and `tail` small against 1.
#[inline(always)]
fn reduce<L: Lane>(x: L, tail: L) -> (L::Bits, L, L) {
    let (k, kf) = nearest(x, LOG2_E);
    let head = kf.mul_add(L::c(-LN2_HI), x);
    let low = kf.mul_add(L::c(LN2_LO), -tail);
    let r = head - low;
    (k, r, (head - r) - low)
}

/// `exp(x + tail) = (hi + lo) 2^k` with a relative error of about 2^-58; `k` as for [`scale`]. `|x|` must be below 1200.
#[inline(always)]
pub(crate) fn exp_parts<L: Lane>(x: L, tail: L) -> (L::Bits, L, L) {
    let (k, r, rest) = reduce(x, tail);
    let s = r * r * r.poly(EXP);
    let (h, e) = fast_two_sum(L::one(), r);
    let (hi, lo) = fast_two_sum(h, rest.mul_add(h, e) + s);
    (k, hi, lo)
}

/// `(e^x - 1) / 2 = hi + lo`, for `x` from -40 to 710.
#[inline(always)]
pub(crate) fn half_expm1_parts<L: Lane>(x: L) -> (L, L) {
    let (k, r, rest) = reduce(x, L::c(0.0));
    let half_power = L::from_bits(L::shl(k - L::bits(1024), 52));
    let small = (r * r).mul_add(r.poly(EXP), rest);
    let (u, e) = fast_two_sum(half_power - L::c(0.5), half_power * r);
    fast_two_sum(u, half_power.mul_add(small, e))
}

/// e^x - 1. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn expm1<L: Lane>(x: L) -> L {
    let (hi, _) = half_expm1_parts(x.at_least(-40.0).at_most(710.0));
    L::select(x.abs().lt(L::c(f64::EPSILON / 4.0)), x, hi + hi)
}
