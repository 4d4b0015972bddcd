//! log, log2, log10, log1p.
//!
//! Method: `x = 2^k m` with `m` in [sqrt(1/2), sqrt(2)), `f = m - 1`, `s = f / (2 + f)` and
//! `ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2))`, an identity from `ln((1+s)/(1-s))`; `f - f^2/2` is kept in two parts, so that the
//! sum has about 58 bits and its multiples lose nothing.

use super::pair::{fast_two_sum, product, two_sum};
use crate::lane::Lane;
use crate::math::coef::{
    INV_LN2_HI, INV_LN2_LO, INV_LN10_HI, INV_LN10_LO, LN2_HI, LN2_LO, LOG, LOG10_2_HI, LOG10_2_LO,
};

/// The bits of sqrt(1/2).
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;

/// `x = 2^k m` for positive `x`, subnormal ones as well: `(k, biased bits of k, m)`.
#[inline(always)]
pub(crate) fn split<L: Lane>(x: L) -> (L, L::Bits, L) {
    let small = x.lt(L::c(f64::MIN_POSITIVE));
    let x = L::select(small, x * L::c((1u64 << 54) as f64), x);
    let i = x.to_bits() + L::bits(0x3ff0_0000_0000_0000 - ROOT_HALF);
    let biased = L::shr(i, 52);
    let m = L::from_bits((i & L::bits(0x000f_ffff_ffff_ffff)) + L::bits(ROOT_HALF));
    // 2^52 + biased, as a number.
    let k = L::from_bits(biased | L::bits(0x4330_0000_0000_0000));
    let zero = L::select(small, L::c(TWO_52 + 1077.0), L::c(TWO_52 + 1023.0));
    (k - zero, biased, m)
}

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// `ln(1 + f) = hi + lo` for `1 + f` in [sqrt(1/2), sqrt(2)).
#[inline(always)]
fn log_parts<L: Lane>(f: L) -> (L, L) {
    let s = f / (L::c(2.0) + f);
    let z = s * s;
    let (p, pe) = product(f, f * L::c(0.5));
    let t = s * z.mul_add(z.poly(LOG), p);
    let hi = f - p;
    (hi, (((f - hi) - p) - pe) + t)
}

/// The values outside (0, infinity).
#[inline(always)]
pub(crate) fn edges<L: Lane>(x: L, y: L) -> L {
    let y = L::select(x.lt(L::c(f64::INFINITY)), y, x);
    let y = L::select(x.is(L::c(0.0)), L::c(f64::NEG_INFINITY), y);
    y.nan_where(x.lt(L::c(0.0)))
}

/// `k ln2 + hi + lo`.
#[inline(always)]
fn with_exponent<L: Lane>(k: L, hi: L, lo: L) -> L {
    let (sum, e) = fast_two_sum(k * L::c(LN2_HI), hi);
    sum + (k.mul_add(L::c(LN2_LO), e) + lo)
}

/// ln x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn log<L: Lane>(x: L) -> L {
    let (k, _, m) = split(x);
    let (hi, lo) = log_parts(m - L::one());
    edges(x, with_exponent(k, hi, lo))
}

/// ln(1 + x). Error below 1 ulp.
#[inline(always)]
pub(crate) fn log1p<L: Lane>(x: L) -> L {
    let (u, rest) = two_sum(L::one(), x);
    let (k, biased, m) = split(u);
    // 2^-k by way of 2^(1-k), which exists for all k up to 1024.
    let twice = L::from_bits(L::shl(L::bits(2047) - biased, 52));
    let (f, rest) = fast_two_sum(m - L::one(), rest * twice * L::c(0.5));
    let (hi, lo) = log_parts(f);
    let y = with_exponent(k, hi, lo + rest / (L::one() + f));
    let y = edges(u, y);
    L::select(x.abs().lt(L::c(f64::EPSILON / 4.0)), x, y)
}

/// The logarithm to another base: `per_e` is `1 / ln base`, in two parts, and `base_2` the logarithm of 2.
#[inline(always)]
fn log_base<L: Lane>(x: L, per_e: (f64, f64), base_2: (f64, f64)) -> L {
    let (k, _, m) = split(x);
    let (hi, lo) = log_parts(m - L::one());
    let (p, pe) = product(hi, L::c(per_e.0));
    let lo = hi.mul_add(L::c(per_e.1), pe) + lo * L::c(per_e.0);
    let (sum, e) = fast_two_sum(k * L::c(base_2.0), p);
    edges(x, sum + (k.mul_add(L::c(base_2.1), e) + lo))
}

/// log2 x. Error below 1 ulp; exact for powers of two.
#[inline(always)]
pub(crate) fn log2<L: Lane>(x: L) -> L {
    log_base(x, (INV_LN2_HI, INV_LN2_LO), (1.0, 0.0))
}

/// log10 x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn log10<L: Lane>(x: L) -> L {
    log_base(x, (INV_LN10_HI, INV_LN10_LO), (LOG10_2_HI, LOG10_2_LO))
}
