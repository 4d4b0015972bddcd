//! Special functions by other algorithms than the core's: power series, Lanczos' approximation, a complex step, bisection.

use num_complex::Complex64 as C;
use std::f64::consts::PI;

/// By its power series; good to 1e-14 for |x| < 3.
pub fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..100 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    sum * 2.0 / PI.sqrt()
}

/// By bisection.
pub fn erf_inv(y: f64) -> f64 {
    let (mut lo, mut hi) = (-3.0, 3.0);
    for _ in 0..100 {
        let mid = 0.5 * (lo + hi);
        if erf(mid) < y {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    0.5 * (lo + hi)
}

/// `log gamma` right of 0, by Lanczos' approximation (g = 7).
fn lgamma_complex(z: C) -> C {
    const P: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let z = z - 1.0;
    let sum = (1..9).fold(C::new(P[0], 0.0), |s, i| s + P[i] / (z + i as f64));
    let t = z + 7.5;
    (z + 0.5) * t.ln() - t + sum.ln() + 0.5 * (2.0 * PI).ln()
}

pub fn lgamma(x: f64) -> f64 {
    if x > 0.0 {
        lgamma_complex(C::new(x, 0.0)).re
    } else {
        // Reflection.
        (PI / (PI * x).sin().abs()).ln() - lgamma(1.0 - x)
    }
}

/// The derivative of [`lgamma`] by a complex step, which does not cancel.
pub fn digamma(x: f64) -> f64 {
    if x > 0.0 {
        let h = 1e-30;
        lgamma_complex(C::new(x, h)).im / h
    } else {
        digamma(1.0 - x) - PI / (PI * x).tan()
    }
}

/// By summation of its series, the tail by the midpoint rule.
pub fn polygamma(n: u32, x: f64) -> f64 {
    let s = f64::from(n + 1);
    let factorial: f64 = (1..=n).map(f64::from).product();
    let terms = 2000;
    let sum: f64 = (0..terms).rev().map(|k| (x + f64::from(k)).powf(-s)).sum();
    let from = x + f64::from(terms) - 0.5;
    // Midpoint rule's next term: - f''/24 integrated.
    let tail = from.powf(1.0 - s) / (s - 1.0) - s * from.powf(-s - 1.0) / 24.0;
    let sign = if n.is_multiple_of(2) { -1.0 } else { 1.0 };
    sign * factorial * (sum + tail)
}

#[test]
fn known_values() {
    // From arbitrary-precision arithmetic.
    for (got, want) in [
        (erf(0.5), 0.5204998778130465),
        (erf_inv(-0.7), -0.7328690779592167),
        (lgamma(0.5), 0.5723649429247001),
        (lgamma(10.0), 12.801827480081469),
        (digamma(0.1), -10.423754940411076),
        (digamma(-0.5), 0.03648997397857652),
        (polygamma(1, 0.5), 4.934802200544679),
        (polygamma(2, 4.0), -0.0800397322451145),
        (polygamma(3, 0.7), 25.879149678427737),
    ] {
        assert!(
            (got - want).abs() < 3e-14 * want.abs().max(1.0),
            "{got} {want}"
        );
    }
}
