//! Integer arithmetic as a trait: Rust's checked operations, with what went wrong.

use super::elementwise::Fault;
use crate::value::Element;

/// An integer type.
pub(super) trait Int: Element + Ord {
    fn add(self, b: Self) -> Result<Self, Fault>;
    fn sub(self, b: Self) -> Result<Self, Fault>;
    fn mul(self, b: Self) -> Result<Self, Fault>;
    fn div(self, b: Self) -> Result<Self, Fault>;
    fn rem(self, b: Self) -> Result<Self, Fault>;
    fn div_euclid(self, b: Self) -> Result<Self, Fault>;
    fn rem_euclid(self, b: Self) -> Result<Self, Fault>;
    fn wrapping_add(self, b: Self) -> Self;
    fn wrapping_sub(self, b: Self) -> Self;
    fn wrapping_mul(self, b: Self) -> Self;
    fn and(self, b: Self) -> Self;
    fn or(self, b: Self) -> Self;
    fn xor(self, b: Self) -> Self;
    fn not(self) -> Self;
    fn sign(self) -> Self;
    fn count_ones(self) -> Self;
    fn leading_zeros(self) -> Self;
    fn trailing_zeros(self) -> Self;
    fn neg(self) -> Result<Self, Fault>;
    fn abs(self) -> Result<Self, Fault>;
    fn pow(self, n: i128) -> Result<Self, Fault>;
    fn shl(self, n: i128) -> Result<Self, Fault>;
    fn shr(self, n: i128) -> Result<Self, Fault>;
}

macro_rules! ints {
    ($($ty:ident)*) => {$(
        #[allow(trivial_numeric_casts, reason = "counts are `u32` already")]
        impl Int for $ty {
            fn add(self, b: Self) -> Result<Self, Fault> {
                self.checked_add(b).ok_or(Fault::Overflow)
            }
            fn sub(self, b: Self) -> Result<Self, Fault> {
                self.checked_sub(b).ok_or(Fault::Overflow)
            }
            fn mul(self, b: Self) -> Result<Self, Fault> {
                self.checked_mul(b).ok_or(Fault::Overflow)
            }
            fn div(self, b: Self) -> Result<Self, Fault> {
                nonzero(b)?;
                self.checked_div(b).ok_or(Fault::Overflow)
            }
            fn rem(self, b: Self) -> Result<Self, Fault> {
                nonzero(b)?;
                self.checked_rem(b).ok_or(Fault::Overflow)
            }
            fn div_euclid(self, b: Self) -> Result<Self, Fault> {
                nonzero(b)?;
                self.checked_div_euclid(b).ok_or(Fault::Overflow)
            }
            fn rem_euclid(self, b: Self) -> Result<Self, Fault> {
                nonzero(b)?;
                self.checked_rem_euclid(b).ok_or(Fault::Overflow)
            }
            fn wrapping_add(self, b: Self) -> Self {
                $ty::wrapping_add(self, b)
            }
            fn wrapping_sub(self, b: Self) -> Self {
                $ty::wrapping_sub(self, b)
            }
            fn wrapping_mul(self, b: Self) -> Self {
                $ty::wrapping_mul(self, b)
            }
            fn and(self, b: Self) -> Self {
                self & b
            }
            fn or(self, b: Self) -> Self {
                self | b
            }
            fn xor(self, b: Self) -> Self {
                self ^ b
            }
            fn not(self) -> Self {
                !self
            }
            fn sign(self) -> Self {
                self.clamp($ty::ZERO.saturating_sub(1), 1)
            }
            fn count_ones(self) -> Self {
                // At most 64, which fits every type.
                $ty::count_ones(self) as $ty
            }
            fn leading_zeros(self) -> Self {
                // At most 64, which fits every type.
                $ty::leading_zeros(self) as $ty
            }
            fn trailing_zeros(self) -> Self {
                // At most 64, which fits every type.
                $ty::trailing_zeros(self) as $ty
            }
            fn neg(self) -> Result<Self, Fault> {
                self.checked_neg().ok_or(Fault::Overflow)
            }
            fn abs(self) -> Result<Self, Fault> {
                if self < $ty::ZERO { self.neg() } else { Ok(self) }
            }
            fn pow(self, n: i128) -> Result<Self, Fault> {
                self.checked_pow(exponent(n)?).ok_or(Fault::Overflow)
            }
            fn shl(self, n: i128) -> Result<Self, Fault> {
                let bits = u32::try_from(n).map_err(|_| Fault::Shift(n))?;
                self.checked_shl(bits).ok_or(Fault::Shift(n))
            }
            fn shr(self, n: i128) -> Result<Self, Fault> {
                let bits = u32::try_from(n).map_err(|_| Fault::Shift(n))?;
                self.checked_shr(bits).ok_or(Fault::Shift(n))
            }
        }
    )*};
}
ints! { i8 i16 i32 i64 u8 u16 u32 u64 }

fn nonzero<T: Int>(b: T) -> Result<(), Fault> {
    if b == T::ZERO {
        Err(Fault::DivisionByZero)
    } else {
        Ok(())
    }
}

/// An exponent that gives what `n` gives: the powers of -1, 0 and 1 depend on no more than parity and being 0, and no other
/// integer has a power above 64 that fits.
fn exponent(n: i128) -> Result<u32, Fault> {
    if n < 0 {
        Err(Fault::Overflow)
    } else {
        Ok(u32::try_from(n).unwrap_or(64 + (n & 1) as u32))
    }
}
