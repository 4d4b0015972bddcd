//! `Lane`: the arithmetic that the mathematical functions are written in.
//!
//! Every function of [`crate::math`] is written once, for any `Lane`, without branches. There are three kinds of lanes:
//! * [`One`]: one number;
//! * the vectors of `wide/`: 2, 4 or 8 numbers, by the instructions of one machine;
//! * [`crate::record::Sym`]: no number at all, but a record of what was done; from it come C source and anything else that wants
//!   to build the function inline ([`crate::record::Recipe`]).
//!
//! Rule: no closures and no array methods in what is generic over lanes. Closures cannot be `#[inline(always)]`, and one that is not
//! inlined is compiled without the instructions of the machine: ten times slower, with the same result.
//!
//! Invariant: an implementation gives the same bits for the same inputs in every width, so an element's result depends neither on
//! its place in an array nor on its neighbours. Results differ in the last place between machines with and without a fused
//! multiply-add; the stated error bounds hold on both.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

/// A constant table that [`Lane::lookup`] reads; its length is a power of two.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The name in C source.
    pub name: &'static str,
    /// The values: a power of two of them, at most 64.
    pub values: &'static [f64],
}

/// Branch-free arithmetic on double-precision numbers.
pub trait Lane:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The 64 bits of a number.
    type Bits: Copy
        + BitAnd<Output = Self::Bits>
        + BitOr<Output = Self::Bits>
        + BitXor<Output = Self::Bits>
        + Add<Output = Self::Bits>
        + Sub<Output = Self::Bits>;
    /// The outcome of a comparison.
    type Mask: Copy
        + BitAnd<Output = Self::Mask>
        + BitOr<Output = Self::Mask>
        + Not<Output = Self::Mask>;

    /// A constant.
    fn c(value: f64) -> Self;
    /// `self * a + b`, with one rounding where the machine has that, else with two.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// `self * a + b` without any rounding error, which the caller knows to be representable, as is its sum with the rounding
    /// error of the product (so: `b` is close to `-self * a`, or the product is zero).
    fn mul_add_exact(self, a: Self, b: Self) -> Self;
    /// The rounding error of `p = self * a`, exactly (if nothing overflows or underflows on the way).
    fn product_error(self, a: Self, p: Self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// The bits of the number.
    fn to_bits(self) -> Self::Bits;
    /// The number of these bits.
    fn from_bits(bits: Self::Bits) -> Self;
    /// Constant bits.
    fn bits(value: u64) -> Self::Bits;
    /// Shifted left.
    fn shl(bits: Self::Bits, by: u32) -> Self::Bits;
    /// Shifted right, zeros entering.
    fn shr(bits: Self::Bits, by: u32) -> Self::Bits;
    /// `self < other`.
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`.
    fn le(self, other: Self) -> Self::Mask;
    /// `self == other`.
    fn is(self, other: Self) -> Self::Mask;
    /// Whether any of these bits is set.
    fn any(bits: Self::Bits) -> Self::Mask;
    /// `a` where the mask holds, else `b`. Both are computed.
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self;
    /// The table's value at `index` modulo its length.
    fn lookup(table: &'static Table, index: Self::Bits) -> Self;

    /// Without its sign.
    #[inline(always)]
    fn abs(self) -> Self {
        Self::from_bits(self.to_bits() & Self::bits(!SIGN))
    }
    /// The sign bit alone.
    #[inline(always)]
    fn sign(self) -> Self::Bits {
        self.to_bits() & Self::bits(SIGN)
    }
    /// The number with its sign flipped where `sign`, all zero but for the sign bit, has it set.
    #[inline(always)]
    fn flip(self, sign: Self::Bits) -> Self {
        Self::from_bits(self.to_bits() ^ sign)
    }
    /// The number 1.
    #[inline(always)]
    fn one() -> Self {
        Self::c(1.0)
    }
    /// A quiet NaN where the mask holds.
    #[inline(always)]
    fn nan_where(self, mask: Self::Mask) -> Self {
        Self::select(mask, Self::c(f64::NAN), self)
    }
    /// At least `low`, keeping NaN.
    #[inline(always)]
    fn at_least(self, low: f64) -> Self {
        Self::select(self.lt(Self::c(low)), Self::c(low), self)
    }
    /// At most `high`, keeping NaN.
    #[inline(always)]
    fn at_most(self, high: f64) -> Self {
        Self::select(Self::c(high).lt(self), Self::c(high), self)
    }
    /// The nearest integer, ties to even, for magnitudes below 2^51; some near integer up to 2^1000.
    #[inline(always)]
    fn round(self) -> Self {
        (self + Self::c(SHIFT)) - Self::c(SHIFT)
    }
    /// A polynomial with coefficients in ascending powers, by Estrin's scheme: pairs, then pairs of pairs.
    #[inline(always)]
    fn poly<const N: usize>(self, coefficients: [f64; N]) -> Self {
        const { assert!(N >= 1 && N <= 32) };
        let x2 = self * self;
        let x4 = x2 * x2;
        let x8 = x4 * x4;
        poly32(&coefficients, &[self, x2, x4, x8, x8 * x8], 0, N)
    }
}

/// The term at `at` alone.
#[inline(always)]
fn poly1<L: Lane>(c: &[f64], _: &[L; 5], at: usize, _: usize) -> L {
    L::c(c[at])
}

/// Makes the sum of `len` terms from `at` on, at most twice as many as `$half` takes. (Functions that call each other and end,
/// rather than a loop, so that every width sees straight code with constant coefficients.)
macro_rules! poly {
    ($($name:ident from $half:ident of $terms:literal, power $power:literal;)+) => {$(
        #[inline(always)]
        fn $name<L: Lane>(c: &[f64], powers: &[L; 5], at: usize, len: usize) -> L {
            if len <= $terms {
                return $half(c, powers, at, len);
            }
            $half(c, powers, at + $terms, len - $terms).mul_add(powers[$power], $half(c, powers, at, $terms))
        }
    )+};
}
poly! {
    poly2 from poly1 of 1, power 0;
    poly4 from poly2 of 2, power 1;
    poly8 from poly4 of 4, power 2;
    poly16 from poly8 of 8, power 3;
    poly32 from poly16 of 16, power 4;
}

/// The sign bit.
pub(crate) const SIGN: u64 = 1 << 63;
/// 1.5 * 2^52: adding it leaves an integer in the low bits of the sum.
pub(crate) const SHIFT: f64 = 6_755_399_441_055_744.0;

/// One number; `FUSED` says whether the machine multiplies and adds with one rounding.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct One<const FUSED: bool>(pub f64);

/// The bits of a [`One`].
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct OneBits(pub u64);

/// The outcome of a comparison of [`One`]s.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct OneMask(pub bool);

macro_rules! binary {
    ($(($($generic:tt)*) $ty:ty: $tr:ident $f:ident |$a:ident, $b:ident| $e:expr;)+) => {$(
        impl $($generic)* $tr for $ty {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                let ($a, $b) = (self.0, other.0);
                Self($e)
            }
        }
    )+};
}
binary! {
    (<const FUSED: bool>) One<FUSED>: Add add |a, b| a + b;
    (<const FUSED: bool>) One<FUSED>: Sub sub |a, b| a - b;
    (<const FUSED: bool>) One<FUSED>: Mul mul |a, b| a * b;
    (<const FUSED: bool>) One<FUSED>: Div div |a, b| a / b;
    () OneBits: Add add |a, b| a.wrapping_add(b);
    () OneBits: Sub sub |a, b| a.wrapping_sub(b);
    () OneBits: BitAnd bitand |a, b| a & b;
    () OneBits: BitOr bitor |a, b| a | b;
    () OneBits: BitXor bitxor |a, b| a ^ b;
    () OneMask: BitAnd bitand |a, b| a & b;
    () OneMask: BitOr bitor |a, b| a | b;
}

impl<const FUSED: bool> Neg for One<FUSED> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Not for OneMask {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// T. J. Dekker's exact product (1971) without a fused multiply-add: each factor in two halves of at most 26 bits.
#[inline(always)]
fn product_error(a: f64, b: f64, p: f64) -> f64 {
    const SPLIT: f64 = 134_217_729.0;
    let (at, bt) = (a * SPLIT, b * SPLIT);
    let ah = at - (at - a);
    let bh = bt - (bt - b);
    let (al, bl) = (a - ah, b - bh);
    al * bl - (((p - ah * bh) - al * bh) - ah * bl)
}

impl<const FUSED: bool> Lane for One<FUSED> {
    type Bits = OneBits;
    type Mask = OneMask;

    #[inline(always)]
    fn c(value: f64) -> Self {
        Self(value)
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(if FUSED {
            self.0.mul_add(a.0, b.0)
        } else {
            self.0 * a.0 + b.0
        })
    }
    #[inline(always)]
    fn mul_add_exact(self, a: Self, b: Self) -> Self {
        if FUSED {
            Self(self.0.mul_add(a.0, b.0))
        } else {
            let p = self.0 * a.0;
            Self((b.0 + p) + product_error(self.0, a.0, p))
        }
    }
    #[inline(always)]
    fn product_error(self, a: Self, p: Self) -> Self {
        Self(if FUSED {
            self.0.mul_add(a.0, -p.0)
        } else {
            product_error(self.0, a.0, p.0)
        })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn to_bits(self) -> OneBits {
        OneBits(self.0.to_bits())
    }
    #[inline(always)]
    fn from_bits(bits: OneBits) -> Self {
        Self(f64::from_bits(bits.0))
    }
    #[inline(always)]
    fn bits(value: u64) -> OneBits {
        OneBits(value)
    }
    #[inline(always)]
    fn shl(bits: OneBits, by: u32) -> OneBits {
        OneBits(bits.0 << by)
    }
    #[inline(always)]
    fn shr(bits: OneBits, by: u32) -> OneBits {
        OneBits(bits.0 >> by)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> OneMask {
        OneMask(self.0 < other.0)
    }
    #[inline(always)]
    fn le(self, other: Self) -> OneMask {
        OneMask(self.0 <= other.0)
    }
    #[inline(always)]
    fn is(self, other: Self) -> OneMask {
        OneMask(self.0 == other.0)
    }
    #[inline(always)]
    fn any(bits: OneBits) -> OneMask {
        OneMask(bits.0 != 0)
    }
    #[inline(always)]
    fn select(mask: OneMask, a: Self, b: Self) -> Self {
        if mask.0 { a } else { b }
    }
    #[inline(always)]
    fn lookup(table: &'static Table, index: OneBits) -> Self {
        Self(table.values[index.0 as usize & (table.values.len() - 1)])
    }
}
