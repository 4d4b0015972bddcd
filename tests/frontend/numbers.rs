//! Numbers: literals, operators, casts, the methods of floats, integers and complex numbers.

use crate::{check, near};
use cotangent::differentiable;
use num_complex::{Complex, Complex64};
use std::f64::consts::PI;

#[differentiable]
fn literals(n: usize) -> (f64, f32, i32, u8, i64, usize) {
    let a = 1e-3 + 2. + 0.5f64;
    let b = 1.5f32 * 2.0;
    let c = 7 / 2 - -3;
    let d = b'a' + 0x0f;
    let e = -9_223_372_036_854_775_808i64 + 1_000;
    let k = 1;
    (a, b, c, d, e, n + k)
}

#[differentiable]
fn integer_ops(a: i64, b: i64) -> (i64, i64, i64, i64, i64, i64) {
    (
        (a * b) % 7,
        a & b | (a ^ 3),
        a << 2 >> 1,
        !a,
        a.rem_euclid(7) + b.div_euclid(3),
        (a - b).abs() + a.pow(2) + a.min(b).max(-2).signum(),
    )
}

#[differentiable]
fn unsigned(a: u32, b: u32) -> (u32, u32, u32, u32, u32, u64) {
    (
        a.wrapping_sub(b).wrapping_mul(2_654_435_761),
        a.abs_diff(b),
        a.saturating_sub(b),
        a.count_ones() + a.leading_zeros() + b.trailing_zeros(),
        a.saturating_add(u32::MAX - 5),
        u64::from(a) + b as u64,
    )
}

#[differentiable]
fn saturating(a: i8, b: i8) -> (i8, i8) {
    (a.saturating_add(b), a.saturating_sub(b))
}

#[differentiable]
fn casts(x: f64) -> (i32, u8, f32, usize, i64, u64, f64) {
    (
        x as i32,
        x as u8,
        x as f32,
        x as usize,
        (x > 0.0) as i64,
        -1i32 as u64,
        (x as i64 % 10) as f64 + 3u8 as f64,
    )
}

#[differentiable]
fn exact(x: f64, y: f64) -> [f64; 16] {
    [
        x.max(y),
        x.min(y),
        x.clamp(-1.0, 1.0),
        x.abs(),
        x.signum(),
        x.floor() + x.ceil() + x.round() + x.trunc(),
        x.fract(),
        x.mul_add(y, 1.0),
        x.copysign(y),
        x.rem_euclid(2.5),
        x % 1.5,
        x.abs().sqrt(),
        x.recip(),
        f64::max(x, 2.0) + f64::abs(y),
        if x.is_nan() || y.is_finite() {
            1.0
        } else {
            2.0
        },
        (x * PI).to_degrees(),
    ]
}

#[differentiable]
fn special(x: f64) -> [f64; 20] {
    let (s, c) = x.sin_cos();
    [
        s + c,
        x.tan(),
        (x * 0.1).asin() + (x * 0.1).acos() + x.atan(),
        x.sinh() + x.cosh() + x.tanh(),
        x.asinh() + (x.abs() + 1.0).acosh() + (x * 0.1).atanh(),
        x.exp() + x.exp2() + x.exp_m1(),
        x.abs().ln() + x.abs().log2() + x.abs().log10() + x.abs().ln_1p(),
        x.powi(3) + x.powi(-2),
        x.abs().powf(1.7),
        x.cbrt(),
        x.hypot(3.0),
        x.atan2(2.0),
        x.to_radians(),
        x.abs().log(3.0),
        f64::sin(x) * std::f64::consts::E,
        x.fract(),
        f64::EPSILON + f64::MAX * 0.0,
        x.max(f64::NEG_INFINITY),
        f64::from(3u8) + f64::from(2.5f32),
        x.powi(0),
    ]
}

#[differentiable]
fn singles(x: f32, y: f32) -> f32 {
    let z = x * 2.0 + y / 3.0;
    if z > 1.5 { z.sqrt() } else { z - 0.25 }
}

#[differentiable]
fn complex(a: f64, b: f64) -> (Complex64, f64, f64) {
    let z = Complex::new(a, b);
    let w = Complex64::new(0.5, -1.5) * z + z / 2.0;
    let v = w * 2.0 - z.conj() * Complex::new(0.0, 1.0) + 1.0;
    (v / z, v.norm_sqr() + z.re * w.im, -v.re)
}

#[differentiable]
fn comparisons(x: f64, y: f64, n: i32) -> [bool; 8] {
    [
        x < y,
        x >= y || n == 3,
        x != y && n > 0,
        !(x == y),
        (x, n) < (y, 4),
        [x, y] == [y, x],
        (x > 0.0) ^ (y > 0.0),
        (0.0..1.0).contains(&x),
    ]
}

#[test]
fn all() {
    check!(literals(4));
    for (a, b) in [(17, 5), (-17, 5), (3, -8)] {
        check!(integer_ops(a, b));
    }
    for (a, b) in [(17, 5), (5, 17), (0, 1)] {
        check!(unsigned(a, b));
    }
    for a in [-128, -100, -1, 0, 1, 100, 127] {
        for b in [-128, -50, 0, 50, 127] {
            check!(saturating(a, b));
        }
    }
    for x in [0.0, -0.0, 1.5, -1.5, 300.7, f64::NAN, f64::INFINITY] {
        check!(casts(x));
        check!(exact(x, 0.5));
        check!(exact(x, -2.5));
        for y in [-1.0, 0.0, 1.5] {
            check!(comparisons(x, y, 3));
        }
    }
    for x in [-2.5, -0.3, 0.4, 1.0, 7.5] {
        near!(special(x));
    }
    check!(singles(0.5, 1.0));
    check!(singles(1.5, 1.0));
    near!(complex(1.5, -0.5));
}
