//! The number types' arithmetic as traits, so that each op's formula is written once for all of them.
//!
//! Floats compute with the functions of `libm` of their own width; [`super::special`] has what `libm` lacks, in `f64`.

use super::special;
use crate::value::Element;
use core::ops::{Add, Div, Mul, Neg, Rem, Sub};

macro_rules! float_trait {
    ($($method:ident $f64:ident $f32:ident;)*) => {
        /// `f32` or `f64`.
        pub(super) trait Float:
            Element
            + PartialOrd
            + Neg<Output = Self>
            + Add<Output = Self>
            + Sub<Output = Self>
            + Mul<Output = Self>
            + Div<Output = Self>
            + Rem<Output = Self>
        {
            const ONE: Self;
            $(fn $method(self) -> Self;)*
            fn atan2(self, x: Self) -> Self;
            fn hypot(self, y: Self) -> Self;
            fn pow(self, y: Self) -> Self;
            fn copysign(self, y: Self) -> Self;
            fn fma(self, b: Self, c: Self) -> Self;
            fn lgamma(self) -> Self;
            fn acosh(self) -> Self;
            fn negative(self) -> bool;
            fn finite(self) -> bool;
            fn nan(self) -> bool {
                self.partial_cmp(&self).is_none()
            }
            fn to_f64(self) -> f64;
            fn from_f64(x: f64) -> Self;
        }
        impl Float for f64 {
            const ONE: Self = 1.0;
            $(fn $method(self) -> Self { libm::$f64(self) })*
            fn atan2(self, x: Self) -> Self { libm::atan2(self, x) }
            fn hypot(self, y: Self) -> Self { libm::hypot(self, y) }
            fn pow(self, y: Self) -> Self { libm::pow(self, y) }
            fn copysign(self, y: Self) -> Self { libm::copysign(self, y) }
            fn fma(self, b: Self, c: Self) -> Self { libm::fma(self, b, c) }
            fn lgamma(self) -> Self { libm::lgamma_r(self).0 }
            fn acosh(self) -> Self { libm::acosh(self) }
            fn negative(self) -> bool { self.is_sign_negative() }
            fn finite(self) -> bool { self.is_finite() }
            fn to_f64(self) -> f64 { self }
            fn from_f64(x: f64) -> Self { x }
        }
        impl Float for f32 {
            const ONE: Self = 1.0;
            $(fn $method(self) -> Self { libm::$f32(self) })*
            fn atan2(self, x: Self) -> Self { libm::atan2f(self, x) }
            fn hypot(self, y: Self) -> Self { libm::hypotf(self, y) }
            fn pow(self, y: Self) -> Self { libm::powf(self, y) }
            fn copysign(self, y: Self) -> Self { libm::copysignf(self, y) }
            fn fma(self, b: Self, c: Self) -> Self { libm::fmaf(self, b, c) }
            fn lgamma(self) -> Self { libm::lgammaf_r(self).0 }
            fn acosh(self) -> Self { special::acoshf(self) }
            fn negative(self) -> bool { self.is_sign_negative() }
            fn finite(self) -> bool { self.is_finite() }
            fn to_f64(self) -> f64 { self.into() }
            fn from_f64(x: f64) -> Self { x as f32 }
        }
    };
}

float_trait! {
    abs fabs fabsf;
    floor floor floorf;
    ceil ceil ceilf;
    round round roundf;
    round_even roundeven roundevenf;
    trunc trunc truncf;
    sqrt sqrt sqrtf;
    cbrt cbrt cbrtf;
    exp exp expf;
    exp2 exp2 exp2f;
    expm1 expm1 expm1f;
    log log logf;
    log2 log2 log2f;
    log10 log10 log10f;
    log1p log1p log1pf;
    sin sin sinf;
    cos cos cosf;
    tan tan tanf;
    asin asin asinf;
    acos acos acosf;
    atan atan atanf;
    sinh sinh sinhf;
    cosh cosh coshf;
    tanh tanh tanhf;
    asinh asinh asinhf;
    atanh atanh atanhf;
    erf erf erff;
    erfc erfc erfcf;
}

/// The greater (`sign` 1) or the smaller (`sign` -1) of two floats; NaN if either is, and -0 is below 0.
pub(super) fn extreme<T: Float>(a: T, b: T, greater: bool) -> T {
    if a.nan() || b.nan() {
        if a.nan() { a } else { b }
    } else if a == b {
        if a.negative() == greater { b } else { a }
    } else if (a > b) == greater {
        a
    } else {
        b
    }
}

/// As [`extreme`], but a NaN is ignored if the other operand is none.
pub(super) fn extreme_number<T: Float>(a: T, b: T, greater: bool) -> T {
    if a.nan() {
        b
    } else if b.nan() {
        a
    } else {
        extreme(a, b, greater)
    }
}

/// Rust's `rem_euclid`.
pub(super) fn rem_euclid<T: Float>(a: T, b: T) -> T {
    let r = a % b;
    if r < T::ZERO { r + b.abs() } else { r }
}

/// Rust's `div_euclid`.
pub(super) fn div_euclid<T: Float>(a: T, b: T) -> T {
    let q = (a / b).trunc();
    if a % b < T::ZERO {
        if b > T::ZERO { q - T::ONE } else { q + T::ONE }
    } else {
        q
    }
}

/// -1, 0 or 1 by sign; NaN and signed zeros pass through.
pub(super) fn sign<T: Float>(x: T) -> T {
    if x == T::ZERO || x.nan() {
        x
    } else {
        T::ONE.copysign(x)
    }
}

/// A special function computed in `f64`.
macro_rules! wide {
    ($($name:ident)*) => {$(
        pub(super) fn $name<T: Float>(x: T) -> T {
            T::from_f64(special::$name(x.to_f64()))
        }
    )*};
}
wide! { logistic erf_inv digamma }

/// The `n`-th derivative of digamma.
pub(super) fn polygamma<T: Float>(n: T, x: T) -> T {
    T::from_f64(special::polygamma(n.to_f64(), x.to_f64()))
}

/// `x` to an integer power by repeated multiplication, low bits first (as Rust's `powi` does).
pub(super) fn powi<T: Copy + Mul<Output = T>>(one: T, x: T, n: i128, recip: impl Fn(T) -> T) -> T {
    let mut k = n.unsigned_abs();
    let mut square = x;
    let mut power = None;
    while k != 0 {
        if k & 1 == 1 {
            power = Some(power.map_or(square, |p| p * square));
        }
        k >>= 1;
        if k != 0 {
            square = square * square;
        }
    }
    let power = power.unwrap_or(one);
    if n < 0 { recip(power) } else { power }
}
