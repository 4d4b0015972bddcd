//! Complex functions, in double precision; single-precision complex numbers are computed through these and rounded.
//!
//! Branch cuts are those of C99. The inverse functions are Kahan's formulas ("Branch cuts for complex elementary functions", 1987),
//! which neither cancel near 0 nor take the wrong side of a cut.

use num_complex::Complex;

pub(super) type C = Complex<f64>;

const fn c(re: f64, im: f64) -> C {
    Complex { re, im }
}

/// The double-precision number.
pub(super) fn widen(z: Complex<f32>) -> C {
    c(z.re.into(), z.im.into())
}

/// The single-precision number.
pub(super) fn narrow(z: C) -> Complex<f32> {
    Complex::new(z.re as f32, z.im as f32)
}

pub(super) fn is_zero(z: C) -> bool {
    z.re == 0.0 && z.im == 0.0
}

pub(super) fn abs(z: C) -> f64 {
    libm::hypot(z.re, z.im)
}

/// `a / b`, scaled so that it does not overflow where the quotient does not.
pub(super) fn div(a: C, b: C) -> C {
    if b.re.abs() >= b.im.abs() {
        let r = b.im / b.re;
        if b.re == 0.0 {
            return c(a.re / b.re.abs(), a.im / b.re.abs());
        }
        let d = b.re + b.im * r;
        c((a.re + a.im * r) / d, (a.im - a.re * r) / d)
    } else {
        let r = b.re / b.im;
        let d = b.re * r + b.im;
        c((a.re * r + a.im) / d, (a.im * r - a.re) / d)
    }
}

pub(super) fn recip(z: C) -> C {
    div(c(1.0, 0.0), z)
}

/// `z/|z|`, 0 at 0.
pub(super) fn sign(z: C) -> C {
    if is_zero(z) {
        z
    } else {
        let r = abs(z);
        c(z.re / r, z.im / r)
    }
}

pub(super) fn sqrt(z: C) -> C {
    if is_zero(z) {
        return c(0.0, z.im);
    }
    // Halved so that the modulus does not overflow.
    let (x, y) = (z.re * 0.5, z.im * 0.5);
    let u = libm::sqrt(libm::hypot(x, y) + x.abs());
    if x >= 0.0 {
        c(u, y / u)
    } else {
        c(y.abs() / u, libm::copysign(u, z.im))
    }
}

pub(super) fn rsqrt(z: C) -> C {
    recip(sqrt(z))
}

/// The principal root.
pub(super) fn cbrt(z: C) -> C {
    if is_zero(z) {
        z
    } else {
        polar(libm::cbrt(abs(z)), libm::atan2(z.im, z.re) / 3.0)
    }
}

fn polar(r: f64, angle: f64) -> C {
    let (s, t) = libm::sincos(angle);
    c(r * t, r * s)
}

pub(super) fn exp(z: C) -> C {
    if z.im == 0.0 {
        return c(libm::exp(z.re), z.im);
    }
    polar(libm::exp(z.re), z.im)
}

pub(super) fn exp2(z: C) -> C {
    if z.im == 0.0 {
        return c(libm::exp2(z.re), z.im);
    }
    polar(libm::exp2(z.re), z.im * core::f64::consts::LN_2)
}

pub(super) fn expm1(z: C) -> C {
    let s = libm::sin(z.im * 0.5);
    let e = libm::expm1(z.re);
    c(
        e * libm::cos(z.im) - 2.0 * s * s,
        (e + 1.0) * libm::sin(z.im),
    )
}

pub(super) fn log(z: C) -> C {
    let angle = libm::atan2(z.im, z.re);
    let r = abs(z);
    // Near the unit circle log|z| is a small difference.
    let re = if (0.5..2.0).contains(&r) {
        let (a, b) = if z.re.abs() > z.im.abs() {
            (z.re.abs(), z.im)
        } else {
            (z.im.abs(), z.re)
        };
        0.5 * libm::log1p((a - 1.0) * (a + 1.0) + b * b)
    } else {
        libm::log(r)
    };
    c(re, angle)
}

pub(super) fn log2(z: C) -> C {
    log(z) * core::f64::consts::LOG2_E
}

pub(super) fn log10(z: C) -> C {
    log(z) * core::f64::consts::LOG10_E
}

pub(super) fn log1p(z: C) -> C {
    if z.re.abs() > 0.5 || z.im.abs() > 1.0 {
        return log(c(1.0 + z.re, z.im));
    }
    c(
        0.5 * libm::log1p(z.re * (2.0 + z.re) + z.im * z.im),
        libm::atan2(z.im, 1.0 + z.re),
    )
}

/// `i z`.
fn times_i(z: C) -> C {
    c(-z.im, z.re)
}

/// `-i z`.
fn over_i(z: C) -> C {
    c(z.im, -z.re)
}

pub(super) fn sinh(z: C) -> C {
    c(
        libm::sinh(z.re) * libm::cos(z.im),
        libm::cosh(z.re) * libm::sin(z.im),
    )
}

pub(super) fn cosh(z: C) -> C {
    c(
        libm::cosh(z.re) * libm::cos(z.im),
        libm::sinh(z.re) * libm::sin(z.im),
    )
}

pub(super) fn tanh(z: C) -> C {
    let (s, t) = libm::sincos(z.im);
    // Beyond this the quotient would overflow, and the real part is 1 to the last bit.
    if z.re.abs() > 20.0 {
        return c(
            libm::copysign(1.0, z.re),
            4.0 * s * t * libm::exp(-2.0 * z.re.abs()),
        );
    }
    let (h, k) = (libm::sinh(z.re), libm::cosh(z.re));
    let d = h * h + t * t;
    c(h * k / d, s * t / d)
}

pub(super) fn sin(z: C) -> C {
    over_i(sinh(times_i(z)))
}

pub(super) fn cos(z: C) -> C {
    cosh(times_i(z))
}

pub(super) fn tan(z: C) -> C {
    over_i(tanh(times_i(z)))
}

pub(super) fn asin(z: C) -> C {
    let (a, b) = (sqrt(c(1.0 - z.re, -z.im)), sqrt(c(1.0 + z.re, z.im)));
    c(
        libm::atan2(z.re, (a * b).re),
        libm::asinh((a.conj() * b).im),
    )
}

pub(super) fn acos(z: C) -> C {
    let (a, b) = (sqrt(c(1.0 - z.re, -z.im)), sqrt(c(1.0 + z.re, z.im)));
    c(
        2.0 * libm::atan2(a.re, b.re),
        libm::asinh((b.conj() * a).im),
    )
}

pub(super) fn atan(z: C) -> C {
    over_i(atanh(times_i(z)))
}

pub(super) fn asinh(z: C) -> C {
    over_i(asin(times_i(z)))
}

pub(super) fn acosh(z: C) -> C {
    let (a, b) = (sqrt(c(z.re - 1.0, z.im)), sqrt(c(z.re + 1.0, z.im)));
    c(
        libm::asinh((a.conj() * b).re),
        2.0 * libm::atan2(a.im, b.re),
    )
}

pub(super) fn atanh(z: C) -> C {
    let (x, y) = (z.re, z.im);
    let d = (1.0 - x) * (1.0 - x) + y * y;
    c(
        0.25 * libm::log1p(4.0 * x / d),
        0.5 * libm::atan2(2.0 * y, (1.0 - x) * (1.0 + x) - y * y),
    )
}

pub(super) fn logistic(z: C) -> C {
    if z.re >= 0.0 {
        recip(c(1.0, 0.0) + exp(-z))
    } else {
        let e = exp(z);
        div(e, c(1.0, 0.0) + e)
    }
}

/// `z^w`, 1 where `w` is 0.
pub(super) fn pow(z: C, w: C) -> C {
    if is_zero(w) {
        c(1.0, 0.0)
    } else if is_zero(z) {
        if w.re > 0.0 {
            c(0.0, 0.0)
        } else {
            c(f64::NAN, f64::NAN)
        }
    } else {
        exp(w * log(z))
    }
}
