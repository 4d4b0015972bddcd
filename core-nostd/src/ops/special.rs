//! Special functions that `libm` lacks, in double precision. All are within a few units in the last place of the largest term they
//! add (so [`digamma`] near its root at 1.46… is accurate absolutely, not relatively); [`polygamma`] of order `n` loses about `n` units.

use core::f64::consts::{FRAC_2_SQRT_PI, PI};

/// `1/(1 + e^-x)`, without overflow for either sign.
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// The inverse of `erf`; infinite at -1 and 1, NaN beyond.
pub fn erf_inv(x: f64) -> f64 {
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
pub fn digamma(x: f64) -> f64 {
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

/// The inverse hyperbolic cosine in single precision; NaN left of 1, where `libm` gives numbers.
pub fn acoshf(x: f32) -> f32 {
    if x < 1.0 { f32::NAN } else { libm::acoshf(x) }
}

/// The `n`-th derivative of digamma at `x`; NaN unless `n` is an integer >= 0.
pub fn polygamma(n: f64, x: f64) -> f64 {
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
        // So large that the next place is not told from this one, `n! q^-s` is 0 or infinite.
        if t < sum * 1e-18 || x + 1.0 == x {
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

#[cfg(test)]
mod tests {
    use super::*;

    // Reference values from arbitrary-precision arithmetic at the exact binary arguments.

    fn check(name: &str, x: f64, got: f64, want: f64, tolerance: f64) {
        let error = (got - want).abs() / want.abs().max(f64::MIN_POSITIVE);
        assert!(
            got == want || error <= tolerance,
            "{name}({x}) = {got:e}, not {want:e}: relative error {error:e}"
        );
    }

    #[test]
    fn digamma_values() {
        for (x, want) in [
            (0.1, -10.423754940411076),
            (0.5, -1.9635100260214235),
            (1.0, -0.5772156649015329),
            (1.4616321449683622, -9.241265521729427e-17),
            (2.0, 0.42278433509846713),
            (5.5, 1.6110931485817512),
            (10.0, 2.251752589066721),
            (123.25, 4.810152531964819),
            (1e-05, -100000.57719921567),
            (-0.5, 0.03648997397857652),
            (-1.5, 0.7031566406452432),
            (-3.75, -1.6923885983113303),
            (-20.3, 5.317549924239749),
            (10000000000.0, 23.025850929890456),
        ] {
            let got = digamma(x);
            let scale = f64::abs(want).max(4.0);
            assert!((got - want).abs() <= 1e-15 * scale, "{x}: {got:e} {want:e}");
        }
        assert_eq!(digamma(0.0), f64::NEG_INFINITY);
        assert_eq!(digamma(-0.0), f64::INFINITY);
        assert!(digamma(-3.0).is_nan() && digamma(f64::NAN).is_nan());
        assert_eq!(digamma(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn polygamma_values() {
        for (n, x, want) in [
            (1.0, 0.5, 4.934802200544679),
            (1.0, 1.0, 1.6449340668482264),
            (1.0, 10.25, 0.10247452151799187),
            (1.0, -0.5, 8.934802200544679),
            (1.0, -3.75, 19.504980060599575),
            (2.0, 0.3, -75.27253658872604),
            (2.0, 4.0, -0.0800397322451145),
            (2.0, -1.25, 123.72136678366236),
            (3.0, 0.7, 25.879149678427737),
            (3.0, 12.5, 0.0011534128049134052),
            (3.0, -2.6, 283.53838059773574),
            (5.0, 1.5, 11.113548602435497),
            (5.0, -0.4, 31876.50690776846),
            (10.0, 2.5, -156.229596593233),
            (1.0, 100000000.0, 1.000000005e-08),
            (4.0, 0.001, -2.4000000000000024e+16),
            (20.0, 30.5, -3.4220038826809603e-13),
            (7.0, -4.3, 76905684.32206921),
        ] {
            check("polygamma", x, polygamma(n, x), want, 2e-15 * (n + 2.0));
        }
        assert_eq!(polygamma(0.0, 2.5), digamma(2.5));
        assert!(polygamma(-1.0, 2.0).is_nan() && polygamma(1.5, 2.0).is_nan());
        assert_eq!(polygamma(1.0, -2.0), f64::INFINITY);
        assert!(polygamma(2.0, -2.0).is_nan());
        assert_eq!(polygamma(3.0, f64::INFINITY), 0.0);
    }

    #[test]
    fn erf_inv_values() {
        for (x, want) in [
            (0.1, 0.08885599049425769),
            (1e-10, 8.862269254527581e-11),
            (0.5, 0.4769362762044699),
            (-0.7, -0.7328690779592167),
            (0.9, 1.1630871536766743),
            (0.99, 1.8213863677184494),
            (0.999999, 3.458910737275499),
            (0.999999999999, 5.042031898572696),
            (-0.99999999999999, -5.4725525174145355),
            (0.25, 0.2253120550121781),
            (0.75, 0.8134198475976185),
            (1e-300, 8.86226925452758e-301),
        ] {
            check("erf_inv", x, erf_inv(x), want, 1e-15);
        }
        assert_eq!(erf_inv(1.0), f64::INFINITY);
        assert_eq!(erf_inv(-1.0), f64::NEG_INFINITY);
        assert!(erf_inv(1.1).is_nan() && erf_inv(f64::NAN).is_nan());
        assert!(erf_inv(-0.0).is_sign_negative() && erf_inv(0.0) == 0.0);
    }

    #[test]
    fn logistic_values() {
        for (x, want) in [
            (0.0, 0.5),
            (1.0, 0.7310585786300049),
            (-1.0, 0.2689414213699951),
            (30.0, 0.9999999999999064),
            (-30.0, 9.357622968839299e-14),
            (-745.0, 5e-324),
            (800.0, 1.0),
            (-800.0, 0.0),
        ] {
            check("logistic", x, logistic(x), want, 1e-15);
        }
    }
}
