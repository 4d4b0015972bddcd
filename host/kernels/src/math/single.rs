//! The single-precision functions: the argument comes as a double-precision number, the result is rounded to single by the
//! caller. 53 bits for a result of 24 make every compensation of the double-precision versions unnecessary, and the polynomials
//! short. Errors are below 0.6 ulp of single precision.

use super::coef::*;
use super::double::log::{edges, split};
use super::double::pow::edges as pow_edges;
use super::double::root::cbrt as cbrt_double;
use super::double::trig::{Angle, reduce, sign_of};
use crate::lane::{Lane, SHIFT};

/// 2^k for an integer `k` that was added to `SHIFT + 1023`.
#[inline(always)]
fn power<L: Lane>(t: L) -> L {
    L::from_bits(L::shl(t.to_bits(), 52))
}

/// `k` in the low bits of a shifted number, and `x - k ln2`.
#[inline(always)]
fn reduce_exp<L: Lane>(x: L) -> (L, L) {
    let t = x.mul_add(L::c(LOG2_E), L::c(SHIFT + 1023.0));
    (t, (t - L::c(SHIFT + 1023.0)).mul_add(L::c(-LN2), x))
}

/// e^x.
#[inline(always)]
pub(crate) fn exp<L: Lane>(x: L) -> L {
    let (t, r) = reduce_exp(x.at_least(-110.0).at_most(90.0));
    ((r * r).mul_add(r.poly(EXP_F), r) + L::one()) * power(t)
}

/// 2^x.
#[inline(always)]
pub(crate) fn exp2<L: Lane>(x: L) -> L {
    let x = x.at_least(-160.0).at_most(130.0);
    let t = x + L::c(SHIFT + 1023.0);
    let r = x - (t - L::c(SHIFT + 1023.0));
    ((r * r).mul_add(r.poly(EXP2_F), r.mul_add(L::c(LN2), L::one()))) * power(t)
}

/// e^x - 1.
#[inline(always)]
pub(crate) fn expm1<L: Lane>(x: L) -> L {
    let (t, r) = reduce_exp(x.at_least(-40.0).at_most(90.0));
    let p = power(t);
    let y = p.mul_add((r * r).mul_add(r.poly(EXP_F), r), p - L::one());
    L::select(x.is(L::c(0.0)), x, y)
}

/// ln(1 + f) for `1 + f` in [sqrt(1/2), sqrt(2)).
#[inline(always)]
fn log_near_one<L: Lane>(f: L) -> L {
    (f * f).mul_add(f.poly(LOG_F), f)
}

/// ln x.
#[inline(always)]
pub(crate) fn log<L: Lane>(x: L) -> L {
    let (k, _, m) = split(x);
    edges(x, k.mul_add(L::c(LN2), log_near_one(m - L::one())))
}

/// ln(1 + x).
#[inline(always)]
pub(crate) fn log1p<L: Lane>(x: L) -> L {
    let u = x + L::one();
    let rest = x - (u - L::one());
    let (k, biased, m) = split(u);
    let f = rest.mul_add(
        L::from_bits(L::shl(L::bits(2046) - biased, 52)),
        m - L::one(),
    );
    let y = edges(u, k.mul_add(L::c(LN2), log_near_one(f)));
    L::select(x.is(L::c(0.0)), x, y)
}

/// log2 x; exact for powers of two.
#[inline(always)]
pub(crate) fn log2<L: Lane>(x: L) -> L {
    let (k, _, m) = split(x);
    edges(x, log_near_one(m - L::one()).mul_add(L::c(INV_LN2_HI), k))
}

/// log10 x.
#[inline(always)]
pub(crate) fn log10<L: Lane>(x: L) -> L {
    let (k, _, m) = split(x);
    edges(
        x,
        log_near_one(m - L::one()).mul_add(L::c(INV_LN10_HI), k * L::c(LOG10_2_HI + LOG10_2_LO)),
    )
}

/// The sine and cosine of the reduced angle of `|x|`, and its quadrant.
#[inline(always)]
fn sincos_reduced<const FULL: bool, L: Lane>(x: L) -> (L, L, L::Bits) {
    let Angle { hi, lo, quadrant } = reduce::<FULL, L>(x.abs());
    let r = hi + lo;
    let z = r * r;
    let s = (r * z).mul_add(z.poly(SIN_F), r);
    let c = (z * z).mul_add(z.poly(COS_F), z.mul_add(L::c(-0.5), L::one()));
    (s, c, quadrant)
}

/// sin x and cos x.
#[inline(always)]
pub(crate) fn sincos<const FULL: bool, L: Lane>(x: L) -> (L, L) {
    let (s, c, quadrant) = sincos_reduced::<FULL, L>(x);
    let odd = L::any(quadrant & L::bits(1));
    (
        L::select(odd, c, s).flip(sign_of::<L>(quadrant) ^ x.sign()),
        L::select(odd, s, c).flip(sign_of::<L>(quadrant + L::bits(1))),
    )
}

/// tan x.
#[inline(always)]
pub(crate) fn tan<const FULL: bool, L: Lane>(x: L) -> L {
    let (s, c, quadrant) = sincos_reduced::<FULL, L>(x);
    let odd = L::any(quadrant & L::bits(1));
    (L::select(odd, c, s) / L::select(odd, s, c)).flip(L::shl(quadrant, 63) ^ x.sign())
}

/// tanh x.
#[inline(always)]
pub(crate) fn tanh<L: Lane>(x: L) -> L {
    let a = x.abs().at_most(10.0);
    let e = expm1(a + a);
    (e / (e + L::c(2.0))).flip(x.sign())
}

/// 1 / (1 + exp(-x)).
#[inline(always)]
pub(crate) fn logistic<L: Lane>(x: L) -> L {
    let (t, r) = reduce_exp((-x).at_least(-110.0).at_most(110.0));
    let p = (r * r).mul_add(r.poly(EXP_F), r) + L::one();
    L::one() / p.mul_add(power(t), L::one())
}

/// sinh x.
#[inline(always)]
pub(crate) fn sinh<L: Lane>(x: L) -> L {
    let a = x.abs().at_most(92.0);
    let (t, r) = reduce_exp(a);
    let e = ((r * r).mul_add(r.poly(EXP_F), r) + L::one()) * power(t);
    let z = a * a;
    let small = (a * z).mul_add(z.poly(SINH_F), a);
    L::select(a.lt(L::one()), small, (e - L::one() / e) * L::c(0.5)).flip(x.sign())
}

/// cosh x.
#[inline(always)]
pub(crate) fn cosh<L: Lane>(x: L) -> L {
    let (t, r) = reduce_exp(x.abs().at_most(92.0));
    let e = ((r * r).mul_add(r.poly(EXP_F), r) + L::one()) * power(t);
    (e + L::one() / e) * L::c(0.5)
}

/// atan x.
#[inline(always)]
pub(crate) fn atan<L: Lane>(x: L) -> L {
    let a = x.abs();
    let large = L::one().lt(a);
    let t = L::select(large, L::c(-1.0), a) / L::select(large, a, L::one());
    let z = t * t;
    let y = (t * z).mul_add(z.poly(ATAN_F), t);
    (y + L::select(large, L::c(HALF_PI_1), L::c(0.0))).flip(x.sign())
}

/// Whether `a > 1/2`, and `asin` of `a` or else of `sqrt((1 - a) / 2)`.
#[inline(always)]
fn arc<L: Lane>(a: L) -> (L::Mask, L) {
    let large = L::c(0.5).lt(a);
    let z = L::select(large, (L::one() - a) * L::c(0.5), a * a);
    let s = L::select(large, z.sqrt(), a);
    (large, (s * z).mul_add(z.poly(ASIN_F), s))
}

/// asin x.
#[inline(always)]
pub(crate) fn asin<L: Lane>(x: L) -> L {
    let (large, y) = arc(x.abs());
    L::select(large, y.mul_add(L::c(-2.0), L::c(HALF_PI_1)), y).flip(x.sign())
}

/// acos x.
#[inline(always)]
pub(crate) fn acos<L: Lane>(x: L) -> L {
    let (large, y) = arc(x.abs());
    let left = y.mul_add(L::c(-2.0), L::c(2.0 * HALF_PI_1));
    let far = L::select(x.lt(L::c(0.0)), left, y + y);
    L::select(large, far, L::c(HALF_PI_1) - y.flip(x.sign()))
}

/// erfc(a) for `a >= 0`.
#[inline(always)]
fn erfc_positive<L: Lane>(a: L) -> L {
    let a = a.at_most(10.5);
    let (t, r) = reduce_exp(-(a * a));
    let e = (r * r).mul_add(r.poly(EXP_F), r) + L::one();
    let u = (a - L::c(4.0)) / (a + L::c(4.0));
    e * power(t) * u.mul_add(u.poly(ERFC_F), L::c(ERFC_MID)) / (a + a + L::one())
}

/// erfc x.
#[inline(always)]
pub(crate) fn erfc<L: Lane>(x: L) -> L {
    let r = erfc_positive(x.abs());
    L::select(x.lt(L::c(0.0)), L::c(2.0) - r, r)
}

/// erf x.
#[inline(always)]
pub(crate) fn erf<L: Lane>(x: L) -> L {
    let a = x.abs();
    let z = a * a;
    let near = a.mul_add(z.poly(ERF_F), a);
    L::select(a.lt(L::one()), near, L::one() - erfc_positive(a)).flip(x.sign())
}

/// The cube root.
#[inline(always)]
pub(crate) fn cbrt<L: Lane>(x: L) -> L {
    cbrt_double(x)
}

/// x^y with the special values of IEEE 754.
#[inline(always)]
pub(crate) fn pow<L: Lane>(x: L, y: L) -> L {
    let (k, _, m) = split(x.abs());
    let f = m - L::one();
    let s = f / (L::c(2.0) + f);
    let z = s * s;
    let log = k.mul_add(L::c(LN2), (s * z).mul_add(z.poly(LOG_POWF), s + s));
    let p = (y.at_least(-1e12).at_most(1e12) * log)
        .at_least(-110.0)
        .at_most(110.0);
    let (t, r) = reduce_exp(p);
    let e = ((r * r).mul_add(r.poly(EXP_F), r) + L::one()) * power(t);
    pow_edges(x, y, e)
}
