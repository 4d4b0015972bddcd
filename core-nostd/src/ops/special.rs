//! Special functions that `libm` lacks, in double precision. All are within a few units in the last place of the largest term they
//! add (so [`digamma`] near its root at 1.46… is accurate absolutely, not relatively); [`polygamma`] of order `n` loses about `n` units.

use core::f64::consts::{FRAC_2_SQRT_PI, PI};

/// `1/(1 + e^-x)`, without overflow for either sign.
pub(super) fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// The inverse of `erf`; infinite at -1 and 1, NaN beyond.
pub(super) fn erf_inv(x: f64) -> f64 {
    let a = x.abs();
    if a.is_nan() || a > 1.0 {
        return f64::NAN;
    }
    if a == 1.0 {
        return libm::copysign(f64::INFINITY, x);
    }
    // A guess good to 0.3 %: linear near 0, else Winitzki's closed form; then Halley steps, each of which triples the digits.
    let mut y = if a < 0.1 {
        a / FRAC_2_SQRT_PI
    } else {
        let k = 0.147;
        let l = libm::log1p(-a * a);
        let h = 2.0 / (PI * k) + 0.5 * l;
        libm::sqrt(libm::sqrt(h * h - l / k) - h)
    };
    for _ in 0..3 {
        // `1 - a` is exact from 0.5 on, and the complement keeps the digits that `erf` near 1 does not have.
        let error = if a < 0.5 {
            libm::erf(y) - a
        } else {
            (1.0 - a) - libm::erfc(y)
        };
        let newton = error / (FRAC_2_SQRT_PI * libm::exp(-y * y));
        y -= newton / (1.0 + y * newton);
    }
    libm::copysign(y, x)
}

/// Bernoulli numbers B2, B4, …: the coefficients of the asymptotic series.
const BERNOULLI: [f64; 12] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
    854513.0 / 138.0,
    -236364091.0 / 2730.0,
];

/// The logarithmic derivative of the gamma function; NaN at the negative integers, infinite at ±0.
pub(super) fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return libm::copysign(f64::INFINITY, -x);
    }
    if x < 0.0 {
        // Reflection, with the tangent's argument reduced exactly.
        let r = x - libm::round(x);
        if r == 0.0 || x == f64::NEG_INFINITY {
            return f64::NAN;
        }
        return digamma(1.0 - x) - PI / libm::tan(PI * r);
    }
    if x == f64::INFINITY {
        return x;
    }
    let (mut x, mut shift) = (x, 0.0);
    while x < 10.0 {
        shift += 1.0 / x;
        x += 1.0;
    }
    let q = 1.0 / (x * x);
    let mut series = 0.0;
    for (k, b) in BERNOULLI.iter().enumerate().rev() {
        series = (series + b / (2 * k + 2) as f64) * q;
    }
    libm::log(x) - 0.5 / x - series - shift
}

/// The `n`-th derivative of digamma at `x`; NaN unless `n` is an integer >= 0.
pub(super) fn polygamma(n: f64, x: f64) -> f64 {
    if !(n >= 0.0 && n.is_finite() && libm::floor(n) == n) || x.is_nan() {
        return f64::NAN;
    }
    if n == 0.0 {
        return digamma(x);
    }
    let even = libm::fmod(n, 2.0) == 0.0;
    let sign = if even { -1.0 } else { 1.0 };
    if x > 0.0 {
        return sign * zeta(n, x);
    }
    // Sum of (x + k)^-s over k >= 0: what lies right of 0, and left of it mirrored.
    let (right, left) = (x - libm::floor(x), libm::ceil(x) - x);
    if right == 0.0 || x == f64::NEG_INFINITY {
        return if even || x == f64::NEG_INFINITY {
            f64::NAN
        } else {
            f64::INFINITY
        };
    }
    sign * zeta(n, right) + (zeta(n, left) - zeta(n, 1.0 - x))
}

/// `n!` times Hurwitz' zeta of `n + 1` at `q > 0`, by Euler-Maclaurin summation relative to the first term.
fn zeta(n: f64, q: f64) -> f64 {
    if q == f64::INFINITY {
        return 0.0;
    }
    let s = n + 1.0;
    // The factor n! q^-s that all terms share.
    let factor = if n <= 170.0 {
        (1..=n as u32).fold(1.0 / q, |p, j| p * (f64::from(j) / q))
    } else {
        libm::exp(libm::lgamma_r(s).0 - s * libm::log(q))
    };
    let term = |x: f64| libm::pow(q / x, s);
    // Explicit terms until the asymptotic series converges fast or they no longer count.
    let (mut sum, mut x) = (0.0, q);
    while x < 10.0 + s {
        let t = term(x);
        sum += t;
        if t < sum * 1e-18 {
            return factor * sum;
        }
        x += 1.0;
    }
    let mut series = x / n + 0.5;
    // s (s+1) … (s+2k-2) / (2k)! / x^(2k-1)
    let mut c = s / (2.0 * x);
    for (k, b) in BERNOULLI.iter().enumerate() {
        series += b * c;
        let m = (2 * k + 2) as f64;
        c *= (s + m - 1.0) / (m + 1.0) / x * ((s + m) / (m + 2.0) / x);
    }
    factor * (sum + term(x) * series)
}
