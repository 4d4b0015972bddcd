//! tanh, sinh, cosh, logistic: quotients and sums of exponentials kept in two parts, so that each is rounded about once.

use super::exp::{exp_parts, half_expm1_parts, scale};
use super::pair::{fast_two_sum, quotient, two_sum};
use crate::lane::{Lane, SHIFT};
use crate::math::coef::SINH;

/// tanh x = e / (e + 2) with e = exp(2x) - 1. Error below 1 ulp.
#[inline(always)]
pub(crate) fn tanh<L: Lane>(x: L) -> L {
    let a = x.abs().at_most(22.0);
    let (h, l) = half_expm1_parts(a + a);
    let (d, e) = two_sum(h, L::one());
    quotient((h, l), (d, e + l)).flip(x.sign())
}

/// 1 / (1 + exp(-x)). Error below 1 ulp.
#[inline(always)]
pub(crate) fn logistic<L: Lane>(x: L) -> L {
    let a = -x.abs().at_most(746.0);
    let (k, hi, lo) = exp_parts(a, L::c(0.0));
    let (d, e) = fast_two_sum(L::one(), scale(hi, k));
    let den = (d, e + scale(lo, k));
    let negative = x.lt(L::c(0.0));
    let num = (
        L::select(negative, hi, L::one()),
        L::select(negative, lo, L::c(0.0)),
    );
    let q = quotient(num, den);
    L::select(negative, scale(q, k), q)
}

/// `e^a = (hi + lo) 2^k` and `e^-a = inverse 2^k`, and `k - 1` as `scale` takes it, for `0 <= a <= 711`.
#[inline(always)]
fn both<L: Lane>(a: L) -> (L, L, L, L::Bits) {
    let (k, hi, lo) = exp_parts(a, L::c(0.0));
    // 2^-2k: where k is 60 or more it is as good as zero.
    let n =
        L::from_bits(k | L::bits(0x4330_0000_0000_0000)) - L::c(4_503_599_627_370_496.0 + 2046.0);
    let t = n.at_most(60.0).mul_add(L::c(-2.0), L::c(SHIFT + 1023.0));
    let power = L::from_bits(L::shl(t.to_bits() & L::bits(0xfff), 52));
    (hi, lo, power / hi, k - L::bits(1))
}

/// sinh x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn sinh<L: Lane>(x: L) -> L {
    let a = x.abs().at_most(711.0);
    let (hi, lo, inverse, k) = both(a);
    let (h, l) = fast_two_sum(hi, -inverse);
    let large = scale(h + (l + lo), k);
    let z = a * a;
    let small = (a * z).mul_add(z.poly(SINH), a);
    L::select(a.lt(L::one()), small, large).flip(x.sign())
}

/// cosh x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn cosh<L: Lane>(x: L) -> L {
    let (hi, lo, inverse, k) = both(x.abs().at_most(711.0));
    let (h, l) = two_sum(hi, inverse);
    scale(h + (l + lo), k)
}
