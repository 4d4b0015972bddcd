//! A reference for the mathematical functions: sums of two doubles (about 100 bits), slow and plain, and the measure of errors
//! in units in the last place. Independent of the library's methods: Taylor series, Newton steps, a continued fraction.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::excessive_precision,
    clippy::approx_constant,
    reason = "constants to all their digits"
)]

use std::ops::{Add, Div, Mul, Neg, Sub};

/// An unevaluated sum.
#[derive(Debug, Clone, Copy)]
pub struct Dd(pub f64, pub f64);

fn two_sum(a: f64, b: f64) -> Dd {
    let s = a + b;
    let v = s - a;
    Dd(s, (a - (s - v)) + (b - v))
}

fn two_product(a: f64, b: f64) -> Dd {
    let p = a * b;
    Dd(p, a.mul_add(b, -p))
}

impl Add for Dd {
    type Output = Dd;
    fn add(self, o: Dd) -> Dd {
        let s = two_sum(self.0, o.0);
        let t = two_sum(self.1, o.1);
        let u = two_sum(s.0, s.1 + t.0);
        two_sum(u.0, u.1 + t.1)
    }
}
impl Neg for Dd {
    type Output = Dd;
    fn neg(self) -> Dd {
        Dd(-self.0, -self.1)
    }
}
impl Sub for Dd {
    type Output = Dd;
    fn sub(self, o: Dd) -> Dd {
        self + -o
    }
}
impl Mul for Dd {
    type Output = Dd;
    fn mul(self, o: Dd) -> Dd {
        let p = two_product(self.0, o.0);
        two_sum(p.0, p.1 + (self.0 * o.1 + self.1 * o.0))
    }
}
impl Div for Dd {
    type Output = Dd;
    fn div(self, o: Dd) -> Dd {
        let q = self.0 / o.0;
        let r = self - o * d(q);
        let q2 = r.0 / o.0;
        let r = r - o * d(q2);
        two_sum(q, q2) + d(r.0 / o.0)
    }
}

/// One double.
pub fn d(x: f64) -> Dd {
    Dd(x, 0.0)
}

const LN2: Dd = Dd(0.6931471805599453, 2.3190468138462996e-17);
const INV_LN2: Dd = Dd(1.4426950408889634, 2.0355273740931033e-17);
const INV_LN10: Dd = Dd(0.4342944819032518, 1.098319650216765e-17);
const TWO_OVER_ROOT_PI: Dd = Dd(1.1283791670955126, 1.533545961316588e-17);
const INV_ROOT_PI: Dd = Dd(0.5641895835477563, 7.66772980658294e-18);
const HALF_PI: [f64; 4] = [
    1.5707963267948966,
    6.123233995736766e-17,
    -1.4973849048591698e-33,
    4.320574262296449e-50,
];

/// A value `m * 2^k`.
#[derive(Debug, Clone, Copy)]
pub struct Scaled {
    pub m: Dd,
    pub k: i32,
}

impl From<Dd> for Scaled {
    fn from(m: Dd) -> Self {
        Scaled { m, k: 0 }
    }
}

/// x * 2^k, exactly if representable.
pub fn ldexp(x: f64, mut k: i32) -> f64 {
    let mut x = x;
    while k > 1000 {
        x *= 2f64.powi(1000);
        k -= 1000;
    }
    while k < -1000 {
        x *= 2f64.powi(-1000);
        k += 1000;
    }
    x * 2f64.powi(k)
}

/// e^x - 1 for |x| < 0.4.
fn expm1_small(x: Dd) -> Dd {
    let mut sum = d(0.0);
    for n in (1..28).rev() {
        sum = (sum + d(1.0)) * x / d(f64::from(n));
    }
    sum
}

pub fn exp(x: Dd) -> Scaled {
    let k = (x.0 / LN2.0).round();
    let r = x - LN2 * d(k);
    Scaled {
        m: expm1_small(r) + d(1.0),
        k: k as i32,
    }
}

fn value(s: Scaled) -> Dd {
    Dd(ldexp(s.m.0, s.k), ldexp(s.m.1, s.k))
}

pub fn exp2(x: f64) -> Scaled {
    let k = x.round();
    Scaled {
        m: expm1_small(d(x - k) * LN2) + d(1.0),
        k: k as i32,
    }
}

pub fn expm1(x: Dd) -> Scaled {
    if x.0.abs() < 0.35 {
        expm1_small(x).into()
    } else if x.0 > 80.0 {
        exp(x)
    } else {
        (value(exp(x)) - d(1.0)).into()
    }
}

/// ln(1 + x), for the result below 1 in magnitude.
fn log1p_small(x: Dd) -> Dd {
    let y = d(x.0.ln_1p());
    let e = expm1_small_or(y);
    let r = (x - e) / (e + d(1.0));
    y + r - r * r * d(0.5)
}

fn expm1_small_or(y: Dd) -> Dd {
    value(expm1(y))
}

fn frexp(x: f64) -> (f64, i32) {
    let (x, extra) = if x < f64::MIN_POSITIVE {
        (x * 2f64.powi(60), -60)
    } else {
        (x, 0)
    };
    let e = ((x.to_bits() >> 52) as i32) - 1023;
    let m = f64::from_bits((x.to_bits() & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if m > 1.4142 {
        (m * 0.5, e + 1 + extra)
    } else {
        (m, e + extra)
    }
}

pub fn log(x: f64) -> Dd {
    let (m, e) = frexp(x);
    LN2 * d(f64::from(e)) + log1p_small(d(m - 1.0))
}

pub fn log2(x: f64) -> Dd {
    let (m, e) = frexp(x);
    d(f64::from(e)) + log1p_small(d(m - 1.0)) * INV_LN2
}

pub fn log10(x: f64) -> Dd {
    log(x) * INV_LN10
}

pub fn log1p(x: f64) -> Dd {
    if x.abs() < 0.4 {
        log1p_small(d(x))
    } else {
        let u = two_sum(1.0, x);
        let (m, e) = frexp(u.0);
        let low = ldexp(u.1, -e);
        LN2 * d(f64::from(e)) + log1p_small(two_sum(m - 1.0, low))
    }
}

pub fn pow(x: f64, y: f64) -> Scaled {
    exp(log(x) * d(y))
}

fn sincos_small(x: Dd) -> (Dd, Dd) {
    let z = -(x * x);
    let (mut s, mut c) = (d(0.0), d(0.0));
    for n in (1..16).rev() {
        let n = f64::from(n);
        s = (s + d(1.0)) * z / d((2.0 * n) * (2.0 * n + 1.0));
        c = (c + d(1.0)) * z / d((2.0 * n - 1.0) * (2.0 * n));
    }
    ((s + d(1.0)) * x, c + d(1.0))
}

/// For |x| < 2^45 or so.
pub fn sincos(x: f64) -> (Dd, Dd) {
    let n = (x / HALF_PI[0]).round();
    let mut r = d(x);
    for part in HALF_PI {
        r = r - two_product(n, part);
    }
    let (s, c) = sincos_small(r);
    match n.rem_euclid(4.0) as i32 {
        0 => (s, c),
        1 => (c, -s),
        2 => (-s, -c),
        _ => (-c, s),
    }
}

fn sqrt(x: Dd) -> Dd {
    if x.0 == 0.0 {
        return x;
    }
    let r = x.0.sqrt();
    let rest = x - two_product(r, r);
    let r1 = two_sum(r, rest.0 / (2.0 * r));
    r1 + (x - r1 * r1) / (r1 + r1)
}

/// The angle of (x, y).
pub fn atan2(y: Dd, x: Dd) -> Dd {
    let a = y.0.atan2(x.0);
    let (s, c) = sincos(a);
    let r = (y * c - x * s) / (x * c + y * s);
    d(a) + r
}

pub fn atan(x: f64) -> Dd {
    if x.abs() > 1e100 {
        atan2(d(1e200f64.copysign(x)), d(1.0))
    } else {
        atan2(d(x), d(1.0))
    }
}

fn co(x: f64) -> Dd {
    sqrt(two_sum(1.0, -x) * two_sum(1.0, x))
}

pub fn asin(x: f64) -> Dd {
    atan2(d(x), co(x))
}

pub fn acos(x: f64) -> Dd {
    atan2(co(x), d(x))
}

fn half(s: Scaled) -> Scaled {
    Scaled { m: s.m, k: s.k - 1 }
}

pub fn sinh(x: f64) -> Scaled {
    if x.abs() > 50.0 {
        let e = half(exp(d(x.abs())));
        if x < 0.0 {
            Scaled { m: -e.m, k: e.k }
        } else {
            e
        }
    } else {
        half((value(expm1(d(x))) - value(expm1(d(-x)))).into())
    }
}

pub fn cosh(x: f64) -> Scaled {
    if x.abs() > 50.0 {
        half(exp(d(x.abs())))
    } else {
        half((value(exp(d(x))) + value(exp(d(-x)))).into())
    }
}

pub fn tanh(x: f64) -> Dd {
    if x.abs() > 40.0 {
        return d(1f64.copysign(x));
    }
    let e = value(expm1(d(2.0 * x)));
    e / (e + d(2.0))
}

pub fn logistic(x: f64) -> Scaled {
    if x < -100.0 {
        exp(d(x))
    } else if x > 100.0 {
        d(1.0).into()
    } else {
        (d(1.0) / (value(exp(d(-x))) + d(1.0))).into()
    }
}

/// By the series with positive terms.
fn erf_series(x: f64) -> Dd {
    let z = d(x) * d(x);
    let (mut term, mut sum) = (d(x), d(x));
    for n in 1..400 {
        term = term * z * d(2.0) / d(f64::from(2 * n + 1));
        sum = sum + term;
        if term.0.abs() < sum.0.abs() * 1e-35 {
            break;
        }
    }
    sum * value(exp(-z)) * TWO_OVER_ROOT_PI
}

pub fn erf(x: f64) -> Dd {
    if x.abs() > 6.5 {
        d(1f64.copysign(x))
    } else {
        erf_series(x)
    }
}

pub fn erfc(x: f64) -> Scaled {
    if x < 2.0 {
        return (d(1.0) - erf(x)).into();
    }
    if x > 30.0 {
        return Scaled {
            m: d(1.0),
            k: -2000,
        };
    }
    let mut f = d(x);
    for n in (1..400).rev() {
        f = d(x) + d(f64::from(n) * 0.5) / f;
    }
    let e = exp(-(d(x) * d(x)));
    Scaled {
        m: e.m * INV_ROOT_PI / f,
        k: e.k,
    }
}

pub fn cbrt(x: f64) -> Dd {
    let y = d(x.cbrt());
    if x == 0.0 {
        return y;
    }
    // Scaled so that the cube neither loses bits nor overflows.
    let by = if x.abs() < 1.0 { 300 } else { -300 };
    let (x, y, back) = (ldexp(x, by), y * d(ldexp(1.0, by / 3)), ldexp(1.0, -by / 3));
    let r = y + (d(x) - y * y * y) / (d(3.0) * y * y);
    r * d(back)
}

pub fn rsqrt(x: f64) -> Dd {
    d(1.0) / sqrt(d(x))
}

/// The distance of `y` from the reference in units in the last place of a format with `digits` bits and least exponent `least`
/// (that of its smallest subnormal).
pub fn ulps(y: f64, r: Scaled, digits: i32, least: i32, greatest: f64) -> f64 {
    let e = ((r.m.0.abs().to_bits() >> 52) as i32) - 1023 + r.k;
    if r.m.0 == 0.0 {
        return if y == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let unit = (e - digits + 1).max(least);
    if y.is_infinite() {
        // Half a unit above the greatest number rounds to infinity.
        let g = ldexp(greatest, -unit);
        let v = ldexp(r.m.0.abs(), r.k - unit);
        return if (y > 0.0) == (r.m.0 > 0.0) && v >= g {
            0.5f64.min(v - g)
        } else {
            f64::INFINITY
        };
    }
    let scaled = d(ldexp(y, -unit));
    let reference = Dd(ldexp(r.m.0, r.k - unit), ldexp(r.m.1, r.k - unit));
    let diff = scaled - reference;
    (diff.0 + diff.1).abs()
}

/// In units of double precision.
pub fn ulps64(y: f64, r: Scaled) -> f64 {
    ulps(y, r, 53, -1074, f64::MAX)
}

/// In units of single precision.
pub fn ulps32(y: f32, r: Scaled) -> f64 {
    ulps(f64::from(y), r, 24, -149, f64::from(f32::MAX))
}

/// A small generator of pseudo-random bits (splitmix64).
pub struct Rng(pub u64);

impl Rng {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In [a, b).
    pub fn between(&mut self, a: f64, b: f64) -> f64 {
        let u = (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        a + (b - a) * u
    }
}
