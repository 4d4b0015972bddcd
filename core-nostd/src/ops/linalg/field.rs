//! Real and complex elements in one arithmetic, and the loops over rows that the factorizations are made of.
//!
//! All matrices here are row-major slices; what is innermost runs over contiguous elements.

use super::super::complex;
use super::super::extent::no_memory;
use super::super::float::Float;
use crate::error::TrapKind;
use crate::value::Element;
use alloc::vec::Vec;
use core::ops::{Add, Mul, Neg, Sub};
use num_complex::Complex;

/// `f32`, `f64` or a complex number of such.
pub(super) trait Field:
    Element + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
    /// The type of the real part.
    type Real: Float;
    /// The number 1.
    const ONE: Self;
    /// The number of that real part.
    fn of(re: Self::Real) -> Self;
    /// The real part.
    fn re(self) -> Self::Real;
    /// The conjugate.
    fn conj(self) -> Self;
    /// The modulus.
    fn modulus(self) -> Self::Real;
    /// The product with a real number.
    fn scale(self, k: Self::Real) -> Self;
    /// The quotient by a real number; its reciprocal might overflow.
    fn per(self, k: Self::Real) -> Self;
    /// The quotient.
    fn over(self, d: Self) -> Self;
    /// Whether neither infinite nor NaN.
    fn finite(self) -> bool;
}

macro_rules! fields {
    ($($t:ident)*) => {$(
        impl Field for $t {
            type Real = $t;
            const ONE: Self = 1.0;
            fn of(re: $t) -> Self {
                re
            }
            fn re(self) -> $t {
                self
            }
            fn conj(self) -> Self {
                self
            }
            fn modulus(self) -> $t {
                Float::abs(self)
            }
            fn scale(self, k: $t) -> Self {
                self * k
            }
            fn per(self, k: $t) -> Self {
                self / k
            }
            fn over(self, d: Self) -> Self {
                self / d
            }
            fn finite(self) -> bool {
                self.is_finite()
            }
        }
        impl Field for Complex<$t> {
            type Real = $t;
            const ONE: Self = Complex { re: 1.0, im: 0.0 };
            fn of(re: $t) -> Self {
                Complex { re, im: 0.0 }
            }
            fn re(self) -> $t {
                self.re
            }
            fn conj(self) -> Self {
                Complex { re: self.re, im: -self.im }
            }
            fn modulus(self) -> $t {
                Float::hypot(self.re, self.im)
            }
            fn scale(self, k: $t) -> Self {
                Complex { re: self.re * k, im: self.im * k }
            }
            fn per(self, k: $t) -> Self {
                Complex { re: self.re / k, im: self.im / k }
            }
            fn over(self, d: Self) -> Self {
                let wide = |z: Self| Complex { re: z.re.to_f64(), im: z.im.to_f64() };
                let q = complex::div(wide(self), wide(d));
                Complex { re: <$t as Float>::from_f64(q.re), im: <$t as Float>::from_f64(q.im) }
            }
            fn finite(self) -> bool {
                self.re.is_finite() && self.im.is_finite()
            }
        }
    )*};
}
fields!(f32 f64);

/// `n` zeros; a trap if that memory cannot be had.
pub(super) fn zeros<T: Element>(n: usize) -> Result<Vec<T>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| no_memory(n, T::DTYPE))?;
    v.resize(n, T::ZERO);
    Ok(v)
}

/// A copy; a trap if that memory cannot be had.
pub(super) fn copy<T: Element>(from: &[T]) -> Result<Vec<T>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(from.len())
        .map_err(|_| no_memory(from.len(), T::DTYPE))?;
    v.extend_from_slice(from);
    Ok(v)
}

/// How many partial sums [`dot`] keeps: enough for the sums of one not to wait for each other.
const PARTS: usize = 8;

/// The sum of `x[i] conj(y[i])`.
pub(super) fn dot<T: Field>(x: &[T], y: &[T]) -> T {
    let n = x.len().min(y.len());
    let (x, y) = (&x[..n], &y[..n]);
    let mut parts = [T::ZERO; PARTS];
    let (xs, ys) = (x.chunks_exact(PARTS), y.chunks_exact(PARTS));
    let (tail_x, tail_y) = (xs.remainder(), ys.remainder());
    for (p, q) in xs.zip(ys) {
        for k in 0..PARTS {
            parts[k] = parts[k] + p[k] * q[k].conj();
        }
    }
    let mut sum = T::ZERO;
    for (&p, &q) in tail_x.iter().zip(tail_y) {
        sum = sum + p * q.conj();
    }
    parts.into_iter().fold(sum, |a, b| a + b)
}

/// `y -= k x`.
pub(super) fn subtract<T: Field>(y: &mut [T], k: T, x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = *y - k * x;
    }
}

/// The Euclidean norm, scaled so that squares neither overflow nor vanish.
pub(super) fn norm<T: Field>(x: &[T]) -> T::Real {
    let zero = <T::Real as Element>::ZERO;
    let most = x.iter().fold(zero, |m, v| {
        let a = v.modulus();
        if a > m || a.nan() { a } else { m }
    });
    if most <= zero || !most.finite() {
        return most;
    }
    let sum = x.iter().fold(zero, |s, v| {
        let a = v.modulus() / most;
        s + a * a
    });
    most * sum.sqrt()
}

/// Two rows of a matrix with rows of `n`, `i` before `k`.
pub(super) fn two_rows<T>(a: &mut [T], n: usize, i: usize, k: usize) -> (&mut [T], &mut [T]) {
    let (head, tail) = a.split_at_mut(k * n);
    (&mut head[i * n..(i + 1) * n], &mut tail[..n])
}
