//! Functions of floats for which StableHLO has no operation, or XLA no accurate one: compositions, in the precision of the operand.
//!
//! The op matrix holds them to `4e-14` (f64) and `3e-5` (f32) of the larger of 1 and the value. What the formulas should give, in units in the last place
//! (estimates): `sinh`, `cosh`, `atanh`, `log2`, `hypot`, `cbrt` 4, `erfc` 6, `erf_inv` 4, `lgamma` and `digamma` 8 of the largest term they add (which is
//! more of the result near its roots left of 0, and of `digamma` near 1.46); `polygamma` of order `n` 8 + 8 n; `fma` is rounded once but for results below
//! the normal ones. `chlo` operations are written where XLA is as good: `erf`, `asin`, `acos`, `asinh`, `acosh`.

use super::value::Tensor;
use super::writer::Cx;
use cotangent_core::ir::DType;
use std::f64::consts::{FRAC_2_SQRT_PI, LOG2_E, PI};

/// Whether the elements are single precision.
fn single(x: &Tensor) -> bool {
    x.ty.dtype == DType::F32
}

/// `r`, which is not negative, with the sign of `x`.
fn with_sign(cx: &mut Cx<'_>, r: &Tensor, x: &Tensor) -> Tensor {
    let s = cx.un("sign", x);
    cx.mul(&s, r)
}

/// The integer part.
pub(super) fn trunc(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let below = cx.versus("LT", x, 0.0);
    let (up, down) = (cx.un("ceil", x), cx.un("floor", x));
    cx.pick(&below, &up, &down)
}

/// The cube root: XLA's, with a Newton step where that is finite.
pub(super) fn cbrt(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let y = cx.un("cbrt", x);
    let square = cx.mul(&y, &y);
    let cube = cx.mul(&square, &y);
    let error = cx.sub(&cube, x);
    let slope = cx.scaled(&square, 3.0);
    let step = cx.div(&error, &slope);
    let better = cx.sub(&y, &step);
    let finite = cx.op("is_finite", &[&better], "", x.ty.with(DType::Bool));
    cx.pick(&finite, &better, &y)
}

/// Base-2 logarithm: exact at powers of two.
pub(super) fn log2(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let (int, mantissa, bias, lift) = if single(x) {
        (DType::I32, 23, 127, 32)
    } else {
        (DType::I64, 52, 1023, 64)
    };
    let least = 2f64.powi(1 - bias);
    // Numbers below the normal ones are lifted first.
    let tiny = cx.versus("LT", x, least);
    let up = cx.scaled(x, 2f64.powi(lift));
    let normal = cx.pick(&tiny, &up, x);
    let bits = cx.bits(&normal, int);
    let places = cx.whole(mantissa, &bits);
    let e = cx.bin("shift_right_arithmetic", &bits, &places);
    let low = cx.whole((1i128 << mantissa) - 1, &bits);
    let low = cx.and(&bits, &low);
    let one = cx.whole(i128::from(bias) << mantissa, &bits);
    let m = cx.or(&low, &one);
    let m = cx.bits(&m, x.ty.dtype);
    let e = cx.cast(&e, x.ty.dtype);
    let e = cx.shifted(&e, -f64::from(bias));
    let lower = cx.shifted(&e, -f64::from(lift));
    let e = cx.pick(&tiny, &lower, &e);
    let large = cx.versus("GT", &m, std::f64::consts::SQRT_2);
    let (half, next) = (cx.scaled(&m, 0.5), cx.shifted(&e, 1.0));
    let (m, e) = (cx.pick(&large, &half, &m), cx.pick(&large, &next, &e));
    let l = cx.un("log", &m);
    let l = cx.scaled(&l, LOG2_E);
    let l = cx.add(&e, &l);
    // Zero, negative numbers, infinity and NaN are as the logarithm has them.
    let plain = cx.un("log", x);
    let positive = cx.versus("GT", x, 0.0);
    let finite = cx.versus("LT", x, f64::INFINITY);
    let usual = cx.and(&positive, &finite);
    cx.pick(&usual, &l, &plain)
}

/// Where the smaller of `e^x` and `e^-x` no longer counts.
const FAR: f64 = 22.0;

/// `e^a / 2`, which overflows no earlier than its value.
fn half_exp(cx: &mut Cx<'_>, a: &Tensor) -> Tensor {
    let half = cx.scaled(a, 0.5);
    let w = cx.un("exponential", &half);
    let v = cx.scaled(&w, 0.5);
    cx.mul(&v, &w)
}

/// Hyperbolic sine.
pub(super) fn sinh(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let a = cx.abs(x);
    let e = cx.un("exponential_minus_one", &a);
    let more = cx.shifted(&e, 1.0);
    let rest = cx.div(&e, &more);
    let sum = cx.add(&e, &rest);
    let near = cx.scaled(&sum, 0.5);
    let far = half_exp(cx, &a);
    let is_far = cx.versus("GT", &a, FAR);
    let r = cx.pick(&is_far, &far, &near);
    with_sign(cx, &r, x)
}

/// Hyperbolic cosine.
pub(super) fn cosh(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let a = cx.abs(x);
    let e = cx.un("exponential", &a);
    let one = cx.num(1.0, x);
    let other = cx.div(&one, &e);
    let sum = cx.add(&e, &other);
    let near = cx.scaled(&sum, 0.5);
    let far = half_exp(cx, &a);
    let is_far = cx.versus("GT", &a, FAR);
    cx.pick(&is_far, &far, &near)
}

/// Inverse hyperbolic tangent.
pub(super) fn atanh(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let a = cx.abs(x);
    let twice = cx.add(&a, &a);
    let one = cx.num(1.0, x);
    let rest = cx.sub(&one, &a);
    let far = cx.div(&twice, &rest);
    let more = cx.mul(&far, &a);
    let near = cx.add(&twice, &more);
    let is_near = cx.versus("LT", &a, 0.5);
    let of = cx.pick(&is_near, &near, &far);
    let l = cx.un("log_plus_one", &of);
    let r = cx.scaled(&l, 0.5);
    with_sign(cx, &r, x)
}

/// `sqrt(x*x + y*y)` without undue overflow.
pub(super) fn hypot(cx: &mut Cx<'_>, x: &Tensor, y: &Tensor) -> Tensor {
    let (a, b) = (cx.abs(x), cx.abs(y));
    let (most, least) = (cx.bin("maximum", &a, &b), cx.bin("minimum", &a, &b));
    let r = cx.div(&least, &most);
    let square = cx.mul(&r, &r);
    let sum = cx.shifted(&square, 1.0);
    let root = cx.un("sqrt", &sum);
    let r = cx.mul(&most, &root);
    let none = cx.versus("EQ", &most, 0.0);
    let r = cx.pick(&none, &most, &r);
    // Infinite also beside NaN.
    let (p, q) = (
        cx.versus("EQ", &a, f64::INFINITY),
        cx.versus("EQ", &b, f64::INFINITY),
    );
    let far = cx.or(&p, &q);
    let infinity = cx.num(f64::INFINITY, x);
    cx.pick(&far, &infinity, &r)
}

/// `x` with the low half of its digits zero.
fn high_part(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let (int, mask) = if single(x) {
        (DType::U32, 0xffff_f000)
    } else {
        (DType::U64, 0xffff_ffff_f800_0000)
    };
    let bits = cx.bits(x, int);
    let mask = cx.whole(mask, &bits);
    let bits = cx.and(&bits, &mask);
    cx.bits(&bits, x.ty.dtype)
}

/// The point around which [`ERFCX_64`] turns the half line into `-1..1`.
const ERFCX_AT: f64 = 3.75;

/// `(1 + 2 x) e^(x^2) erfc(x)` as a polynomial in `(x - 3.75) / (x + 3.75)`, for `x >= 0`: interpolation at Chebyshev's points, relative error 5e-17.
const ERFCX_64: [f64; 24] = [
    1.2375126308378275,
    -0.14024059858554702,
    0.003585415485479575,
    0.08227673849014977,
    -0.10880393014246645,
    0.09230432116025894,
    -0.05869339857631061,
    0.028362277420377335,
    -0.00974657968596217,
    0.001755625843431864,
    0.000293714390578856,
    -0.00029015404203352704,
    5.164649341002877e-05,
    2.2384138525656757e-05,
    -1.1437980374495534e-05,
    -9.733875167494142e-07,
    1.7419011945194367e-06,
    -5.741076073013916e-08,
    -2.4851108650210706e-07,
    2.3398534313040898e-08,
    3.195398612057818e-08,
    -3.798189797736207e-09,
    -2.618520156503145e-09,
    3.2052623379289157e-10,
];

/// The same for single precision.
const ERFCX_32: [f64; 13] = [
    1.2375126308378275,
    -0.14024065901788993,
    0.003585438016476337,
    0.08227843390475284,
    -0.10880456454860984,
    0.09229069167207876,
    -0.05868825204940161,
    0.02840943039147911,
    -0.009764690497787632,
    0.0016757342508064283,
    0.0003253884645535187,
    -0.00022405204951954954,
    2.3634820068462686e-05,
];

/// Complementary error function.
pub(super) fn erfc(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let a = cx.abs(x);
    // Beyond, it is zero; and infinity would be no number here.
    let limit = cx.num(40.0, x);
    let a = cx.bin("minimum", &a, &limit);
    let (less, more) = (cx.shifted(&a, -ERFCX_AT), cx.shifted(&a, ERFCX_AT));
    let t = cx.div(&less, &more);
    let p = cx.poly(&t, if single(x) { &ERFCX_32 } else { &ERFCX_64 });
    let twice = cx.add(&a, &a);
    let d = cx.shifted(&twice, 1.0);
    let p = cx.div(&p, &d);
    // e^(-a^2), where the square of the high part is exact.
    let h = high_part(cx, &a);
    let square = cx.mul(&h, &h);
    let square = cx.neg(&square);
    let (less, more) = (cx.sub(&h, &a), cx.add(&h, &a));
    let rest = cx.mul(&less, &more);
    let (e, f) = (cx.un("exponential", &square), cx.un("exponential", &rest));
    let p = cx.mul(&p, &f);
    let r = cx.mul(&e, &p);
    let two = cx.num(2.0, x);
    let left = cx.sub(&two, &r);
    let below = cx.versus("LT", x, 0.0);
    let far = cx.pick(&below, &left, &r);
    let one = cx.num(1.0, x);
    let f = cx.un("chlo.erf", x);
    let near = cx.sub(&one, &f);
    let is_near = cx.versus("LT", &a, 0.5);
    cx.pick(&is_near, &near, &far)
}

/// Inverse error function: in double precision XLA's with a Halley step.
pub(super) fn erf_inv(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    if single(x) {
        return cx.un("chlo.erf_inv", x);
    }
    let a = cx.abs(x);
    let y = cx.un("chlo.erf_inv", &a);
    let f = cx.un("chlo.erf", &y);
    let near = cx.sub(&f, &a);
    // `1 - a` is exact from 0.5 on, and the complement keeps the digits that `erf` near 1 does not have.
    let one = cx.num(1.0, x);
    let rest = cx.sub(&one, &a);
    let c = erfc(cx, &y);
    let far = cx.sub(&rest, &c);
    let is_near = cx.versus("LT", &a, 0.5);
    let error = cx.pick(&is_near, &near, &far);
    let square = cx.mul(&y, &y);
    let square = cx.neg(&square);
    let slope = cx.un("exponential", &square);
    let slope = cx.scaled(&slope, FRAC_2_SQRT_PI);
    let newton = cx.div(&error, &slope);
    let bend = cx.mul(&y, &newton);
    let bend = cx.shifted(&bend, 1.0);
    let step = cx.div(&newton, &bend);
    let better = cx.sub(&y, &step);
    let finite = cx.op("is_finite", &[&better], "", x.ty.with(DType::Bool));
    let r = cx.pick(&finite, &better, &y);
    with_sign(cx, &r, x)
}

/// `lgamma(2 + w) / w` for `-0.5 <= w <= 0.5`: interpolation at Chebyshev's points, relative error 2e-17.
const LGAMMA_64: [f64; 18] = [
    0.42278433509846713,
    0.3224670334241132,
    -0.06735230105319563,
    0.02058080842778338,
    -0.007385551028935545,
    0.002890510330865901,
    -0.0011927539009983087,
    0.0005096695196526673,
    -0.00022315497746292723,
    9.945761692157133e-05,
    -4.4923727564247656e-05,
    2.050601970174762e-05,
    -9.45628851510172e-06,
    4.3828545383846665e-06,
    -1.9743106888421067e-06,
    9.242852225162277e-07,
    -5.811277768921246e-07,
    2.7475390051909663e-07,
];

/// The same for single precision, relative error 5e-9.
const LGAMMA_32: [f64; 9] = [
    0.42278433509846713,
    0.3224670180454995,
    -0.06735229409087408,
    0.0205816254365885,
    -0.007385920884783578,
    0.00287886868374075,
    -0.0011874848136699278,
    0.0005702512502829781,
    -0.00025056202146086636,
];

/// Stirling's series: the coefficients of `1/x`, `1/x^3`, ….
const STIRLING: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
];

/// From there on lgamma is its series.
const STIRLING_FROM: f64 = 8.0;

/// `x - round(x)`.
fn fraction(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let whole = cx.un("round_nearest_even", x);
    cx.sub(x, &whole)
}

/// Logarithm of the absolute value of the gamma function.
pub(super) fn lgamma(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let one = cx.num(1.0, x);
    let negative = cx.versus("LT", x, 0.0);
    let mirror = cx.sub(&one, x);
    let z = cx.pick(&negative, &mirror, x);
    // Large arguments.
    let inverse = cx.div(&one, &z);
    let q = cx.mul(&inverse, &inverse);
    let series = cx.poly(&q, &STIRLING);
    let series = cx.mul(&series, &inverse);
    let l = cx.un("log", &z);
    let (l, h) = (cx.shifted(&l, -1.0), cx.shifted(&z, -0.5));
    let far = cx.mul(&h, &l);
    let tail = cx.shifted(&series, 0.418_938_533_204_672_7);
    let far = cx.add(&far, &tail);
    // Others are brought to 1.5..2.5, of which `w` is the distance from 2: it is exact.
    let (first, second) = (cx.versus("LT", &z, 0.5), cx.versus("LT", &z, 1.5));
    let (less, least) = (cx.shifted(&z, -1.0), cx.shifted(&z, -2.0));
    let w = cx.pick(&second, &less, &least);
    let mut w = cx.pick(&first, &z, &w);
    let next = cx.shifted(&z, 1.0);
    let both = cx.mul(&z, &next);
    let p = cx.pick(&second, &z, &one);
    let mut p = cx.pick(&first, &both, &p);
    for _ in 0..6 {
        let above = cx.versus("GT", &w, 0.5);
        let down = cx.shifted(&w, -1.0);
        w = cx.pick(&above, &down, &w);
        let factor = cx.shifted(&w, 2.0);
        let more = cx.mul(&p, &factor);
        p = cx.pick(&above, &more, &p);
    }
    let near = cx.poly(&w, if single(x) { &LGAMMA_32 } else { &LGAMMA_64 });
    let near = cx.mul(&near, &w);
    let l = cx.un("log", &p);
    let other = cx.neg(&l);
    let l = cx.pick(&second, &other, &l);
    let near = cx.add(&near, &l);
    let is_far = cx.versus("GE", &z, STIRLING_FROM);
    let right = cx.pick(&is_far, &far, &near);
    // Reflection.
    let r = fraction(cx, x);
    let r = cx.abs(&r);
    let angle = cx.scaled(&r, PI);
    let s = cx.un("sine", &angle);
    let pi = cx.num(PI, x);
    let ratio = cx.div(&pi, &s);
    let l = cx.un("log", &ratio);
    let left = cx.sub(&l, &right);
    let out = cx.pick(&negative, &left, &right);
    // Its poles, of which one is so far left that the other side is infinite too.
    let far = cx.versus("LE", x, -1e36);
    let infinity = cx.num(f64::INFINITY, x);
    cx.pick(&far, &infinity, &out)
}

/// Bernoulli numbers over their index, `B2/2`, `B4/4`, …: digamma's asymptotic series.
const BERNOULLI: [f64; 12] = [
    1.0 / 12.0,
    -1.0 / 120.0,
    1.0 / 252.0,
    -1.0 / 240.0,
    5.0 / 660.0,
    -691.0 / 32_760.0,
    7.0 / 84.0,
    -3617.0 / 8160.0,
    43867.0 / 14364.0,
    -174_611.0 / 6600.0,
    854_513.0 / 3036.0,
    -236_364_091.0 / 65520.0,
];

/// Logarithmic derivative of the gamma function.
pub(super) fn digamma(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    let one = cx.num(1.0, x);
    let negative = cx.versus("LT", x, 0.0);
    let mirror = cx.sub(&one, x);
    let mut z = cx.pick(&negative, &mirror, x);
    let mut shift = cx.num(0.0, x);
    // Fewer terms and a lower start do for single precision.
    let (from, terms) = if single(x) { (6, 6) } else { (10, 12) };
    for _ in 0..from {
        let below = cx.versus("LT", &z, f64::from(from));
        let term = cx.div(&one, &z);
        let (sum, next) = (cx.add(&shift, &term), cx.shifted(&z, 1.0));
        shift = cx.pick(&below, &sum, &shift);
        z = cx.pick(&below, &next, &z);
    }
    let inverse = cx.div(&one, &z);
    let q = cx.mul(&inverse, &inverse);
    let series = cx.poly(&q, &BERNOULLI[..terms]);
    let series = cx.mul(&series, &q);
    let l = cx.un("log", &z);
    let half = cx.scaled(&inverse, 0.5);
    let sum = cx.sub(&l, &half);
    let sum = cx.sub(&sum, &series);
    let right = cx.sub(&sum, &shift);
    let r = fraction(cx, x);
    let angle = cx.scaled(&r, PI);
    let t = cx.un("tan", &angle);
    let pi = cx.num(PI, x);
    let turned = cx.div(&pi, &t);
    let left = cx.sub(&right, &turned);
    let pole = cx.versus("EQ", &r, 0.0);
    let nan = cx.num(f64::NAN, x);
    let left = cx.pick(&pole, &nan, &left);
    let out = cx.pick(&negative, &left, &right);
    let zero = cx.versus("EQ", x, 0.0);
    let inverse = cx.div(&one, x);
    let inverse = cx.neg(&inverse);
    cx.pick(&zero, &inverse, &out)
}

/// `n!` times Hurwitz' zeta of `n + 1`.
fn zeta(cx: &mut Cx<'_>, n: &Tensor, q: &Tensor) -> Tensor {
    let s = cx.shifted(n, 1.0);
    let l = lgamma(cx, &s);
    let factor = cx.un("exponential", &l);
    // Small factorials are integers.
    let small = cx.versus("LT", n, 12.0);
    let rounded = cx.un("round_nearest_even", &factor);
    let factor = cx.pick(&small, &rounded, &factor);
    let sum = cx.bin("chlo.zeta", &s, q);
    cx.mul(&factor, &sum)
}

/// The `n`-th derivative of digamma at `x`; NaN unless `n` is an integer >= 0.
pub(super) fn polygamma(cx: &mut Cx<'_>, n: &Tensor, x: &Tensor) -> Tensor {
    let one = cx.num(1.0, x);
    let two = cx.num(2.0, x);
    let parity = cx.bin("remainder", n, &two);
    let even = cx.versus("EQ", &parity, 0.0);
    let minus = cx.num(-1.0, x);
    let sign = cx.pick(&even, &minus, &one);
    // The sum of (x + k)^-s over k >= 0: what lies right of 0, and, where `x` is left of it, what lies left of it mirrored.
    let positive = cx.versus("GT", x, 0.0);
    let (floor, ceil) = (cx.un("floor", x), cx.un("ceil", x));
    let (right, left) = (cx.sub(x, &floor), cx.sub(&ceil, x));
    let q = cx.pick(&positive, x, &right);
    let right_sum = zeta(cx, n, &q);
    let direct = cx.mul(&sign, &right_sum);
    let mirror = cx.sub(&one, x);
    let (near, far) = (zeta(cx, n, &left), zeta(cx, n, &mirror));
    let between = cx.sub(&near, &far);
    let whole = cx.add(&direct, &between);
    let out = cx.pick(&positive, &direct, &whole);
    // Poles: of odd order infinite on both sides alike.
    let nan = cx.num(f64::NAN, x);
    let infinity = cx.num(f64::INFINITY, x);
    let at_pole = cx.pick(&even, &nan, &infinity);
    let integer = cx.versus("EQ", &right, 0.0);
    let not_positive = cx.versus("LE", x, 0.0);
    let pole = cx.and(&integer, &not_positive);
    let out = cx.pick(&pole, &at_pole, &out);
    let end = cx.versus("EQ", x, f64::NEG_INFINITY);
    let out = cx.pick(&end, &nan, &out);
    let end = cx.versus("EQ", x, f64::INFINITY);
    let zero = cx.num(0.0, x);
    let out = cx.pick(&end, &zero, &out);
    let first = digamma(cx, x);
    let is_first = cx.versus("EQ", n, 0.0);
    let out = cx.pick(&is_first, &first, &out);
    let (low, whole) = (cx.versus("GE", n, 0.0), cx.un("floor", n));
    let whole = cx.compared("EQ", n, &whole);
    let finite = cx.op("is_finite", &[n], "", n.ty.with(DType::Bool));
    let valid = cx.and(&low, &whole);
    let valid = cx.and(&valid, &finite);
    let nan_x = cx.is_nan(x);
    let number = cx.un("not", &nan_x);
    let valid = cx.and(&valid, &number);
    cx.pick(&valid, &out, &nan)
}

/// The error of `s`, the rounded sum of `a` and `b`.
fn sum_error(cx: &mut Cx<'_>, a: &Tensor, b: &Tensor, s: &Tensor) -> Tensor {
    let y = cx.sub(s, a);
    let x = cx.sub(s, &y);
    let (p, q) = (cx.sub(a, &x), cx.sub(b, &y));
    cx.add(&p, &q)
}

/// `a * b + c`, rounded once.
pub(super) fn fma(cx: &mut Cx<'_>, a: &Tensor, b: &Tensor, c: &Tensor) -> Tensor {
    if single(a) {
        // In double precision the product is exact; the sum is rounded to odd, so that rounding it again is right.
        let [a, b, c] = [a, b, c].map(|t| cx.cast(t, DType::F64));
        let p = cx.mul(&a, &b);
        let s = cx.add(&p, &c);
        let error = sum_error(cx, &p, &c, &s);
        let bits = cx.bits(&s, DType::I64);
        let one = cx.whole(1, &bits);
        let low = cx.and(&bits, &one);
        let even = cx.versus("EQ", &low, 0.0);
        let up = cx.versus("GT", &error, 0.0);
        let down = cx.versus("LT", &error, 0.0);
        let inexact = cx.or(&up, &down);
        let turn = cx.and(&inexact, &even);
        let negative = cx.versus("LT", &s, 0.0);
        let outward = cx.bin("xor", &up, &negative);
        let (more, less) = (cx.add(&bits, &one), cx.sub(&bits, &one));
        let odd = cx.pick(&outward, &more, &less);
        let bits = cx.pick(&turn, &odd, &bits);
        let s = cx.bits(&bits, DType::F64);
        return cx.cast(&s, DType::F32);
    }
    let p = cx.mul(a, b);
    let s = cx.add(&p, c);
    let lost = sum_error(cx, &p, c, &s);
    // The error of the product, of halves whose products are exact.
    let (ah, bh) = (high_part(cx, a), high_part(cx, b));
    let (al, bl) = (cx.sub(a, &ah), cx.sub(b, &bh));
    let hh = cx.mul(&ah, &bh);
    let mut error = cx.sub(&hh, &p);
    for (x, y) in [(&ah, &bl), (&al, &bh), (&al, &bl)] {
        let part = cx.mul(x, y);
        error = cx.add(&error, &part);
    }
    let rest = cx.add(&lost, &error);
    let better = cx.add(&s, &rest);
    let finite = cx.op("is_finite", &[&better], "", a.ty.with(DType::Bool));
    cx.pick(&finite, &better, &s)
}
