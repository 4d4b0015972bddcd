//! Arithmetic on elements of any type, as sums and products of arrays need it.

use super::extent::confusion;
use crate::error::TrapKind;
use crate::on_each;
use crate::value::{Data, Element, Scalar};
use num_complex::Complex;

/// An element type with a sum, a product and an order. Integers give `None` on overflow; `bool` has "or" and "and".
pub(super) trait Num: Element {
    /// The neutral element of the product.
    const ONE: Self;
    /// The greatest value; of complex numbers, which have no order, 0.
    const GREATEST: Self;
    /// The least value; of complex numbers 0.
    const LEAST: Self;
    /// Whether it is less; never of complex numbers.
    fn below(self, o: Self) -> bool;
    /// Whether it is not a number.
    fn is_nan(self) -> bool;
    /// The sum.
    fn plus(self, o: Self) -> Option<Self>;
    /// The product.
    fn times(self, o: Self) -> Option<Self>;
}

macro_rules! num {
    (int $($t:ty)*) => {$(
        impl Num for $t {
            const ONE: Self = 1;
            const GREATEST: Self = <$t>::MAX;
            const LEAST: Self = <$t>::MIN;
            fn below(self, o: Self) -> bool {
                self < o
            }
            fn is_nan(self) -> bool {
                false
            }
            fn plus(self, o: Self) -> Option<Self> {
                self.checked_add(o)
            }
            fn times(self, o: Self) -> Option<Self> {
                self.checked_mul(o)
            }
        }
    )*};
    (float $($t:ty, $one:expr, $least:expr, $greatest:expr, $below:expr, $nan:expr;)*) => {$(
        impl Num for $t {
            const ONE: Self = $one;
            const GREATEST: Self = $greatest;
            const LEAST: Self = $least;
            fn below(self, o: Self) -> bool {
                $below(self, o)
            }
            fn is_nan(self) -> bool {
                $nan(self)
            }
            fn plus(self, o: Self) -> Option<Self> {
                Some(self + o)
            }
            fn times(self, o: Self) -> Option<Self> {
                Some(self * o)
            }
        }
    )*};
}
num!(int i8 i16 i32 i64 u8 u16 u32 u64);
num! { float
    f32, 1.0, f32::NEG_INFINITY, f32::INFINITY, |a: f32, b| a < b, f32::is_nan;
    f64, 1.0, f64::NEG_INFINITY, f64::INFINITY, |a: f64, b| a < b, f64::is_nan;
    Complex<f32>, Complex { re: 1.0, im: 0.0 }, Self::ZERO, Self::ZERO, |_, _| false, |a: Self| a.re.is_nan() || a.im.is_nan();
    Complex<f64>, Complex { re: 1.0, im: 0.0 }, Self::ZERO, Self::ZERO, |_, _| false, |a: Self| a.re.is_nan() || a.im.is_nan();
}

impl Num for bool {
    const ONE: Self = true;
    const GREATEST: Self = true;
    const LEAST: Self = false;
    fn below(self, o: Self) -> bool {
        !self & o
    }
    fn is_nan(self) -> bool {
        false
    }
    fn plus(self, o: Self) -> Option<Self> {
        Some(self | o)
    }
    fn times(self, o: Self) -> Option<Self> {
        Some(self & o)
    }
}

/// Adds `src` to the elements of `dst` from `at`. Panics if out of range.
pub(super) fn add_range(
    dst: &mut Data,
    at: usize,
    src: &Data,
    op: &'static str,
) -> Result<(), TrapKind> {
    add_part(dst, at, src, 0..src.len(), op)
}

/// Adds the elements `range` of `src` to those of `dst` from `at`. Panics if out of range.
pub(super) fn add_part(
    dst: &mut Data,
    at: usize,
    src: &Data,
    range: core::ops::Range<usize>,
    op: &'static str,
) -> Result<(), TrapKind> {
    fn go<T: Num>(
        d: &mut [T],
        s: &Data,
        op: &'static str,
        r: core::ops::Range<usize>,
    ) -> Result<(), TrapKind> {
        let s = T::slice(s).ok_or_else(|| confusion(op))?;
        for (x, y) in d.iter_mut().zip(&s[r]) {
            *x = x.plus(*y).ok_or(TrapKind::IntegerOverflow { op })?;
        }
        Ok(())
    }
    let end = at + range.len();
    on_each!(Data, dst, v => go(&mut v[at..end], src, op, range))
}

/// Adds a scalar to the element at `i`. Panics if out of range.
pub(super) fn add_one(
    dst: &mut Data,
    i: usize,
    s: Scalar,
    op: &'static str,
) -> Result<(), TrapKind> {
    fn go<T: Num>(x: &mut T, s: Scalar, op: &'static str) -> Result<(), TrapKind> {
        let y = T::from_scalar(s).ok_or_else(|| confusion(op))?;
        *x = x.plus(y).ok_or(TrapKind::IntegerOverflow { op })?;
        Ok(())
    }
    on_each!(Data, dst, v => go(&mut v[i], s, op))
}
