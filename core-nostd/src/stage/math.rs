//! The methods of numbers.
//!
//! Methods that floats and integers share are on every `T: Num`; the rest on floats, integers or complex numbers only.

use super::expr::{Expr, lit};
use super::flow::if_;
use super::opt::{Opt, none, some};
use super::scalar::{Float, Int, Real, Scalar};
use crate::ir::{BinaryOp, CompareOp, ConvertOp, EffectOp, TernaryOp, UnaryOp};
use num_complex::Complex;

/// `x as U`.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be cast with `as {U}`")]
pub trait CastTo<U> {}
macro_rules! casts {
    ($($t:ty: $($u:ty)*;)*) => {$($(impl CastTo<$u> for $t {})*)*};
}
casts! {
    bool: bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize;
    i8: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    i16: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    i32: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    i64: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    isize: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    u8: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    u16: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    u32: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    u64: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    usize: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    f32: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
    f64: i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64;
}

/// `x as U`.
pub fn cast<'b, T: Scalar + CastTo<U>, U: Scalar>(x: Expr<'b, T>) -> Expr<'b, U> {
    x.convert()
}

impl<'b, T: Scalar> Expr<'b, T> {
    pub(super) fn convert<U: Scalar>(self) -> Expr<'b, U> {
        Expr::of(self.b(), self.b().ir().convert(U::DTYPE, self.v()))
    }
    fn compare(self, op: CompareOp, other: Self) -> Expr<'b, bool> {
        Expr::of(self.b(), self.b().op(op, &[self.v(), other.v()]))
    }
    fn c(self, v: T) -> Self {
        lit(self.b(), v)
    }
    /// `x.clone()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn clone(self) -> Self {
        self
    }
    /// `x.to_owned()`.
    pub fn to_owned(self) -> Self {
        self
    }
    /// `U::from(x)`.
    pub fn from<U: Scalar + Into<T>>(x: Expr<'b, U>) -> Self {
        x.convert()
    }
    /// `x.into()`.
    pub fn into<U: Scalar>(self) -> Expr<'b, U>
    where
        T: Into<U>,
    {
        self.convert()
    }
    /// The derivative is taken as if `x` were a constant.
    pub fn stop_gradient(self) -> Self {
        self.unary(UnaryOp::StopGradient)
    }
}

impl<'b> Expr<'b, bool> {
    /// `if c { a } else { b }` of scalars, both evaluated.
    pub fn select<T>(self, a: Expr<'b, T>, b: Expr<'b, T>) -> Expr<'b, T> {
        let v = self.b().op(TernaryOp::Select, &[self.v(), a.v(), b.v()]);
        Expr::of(self.b(), v)
    }
}

/// Methods `fn name(self) -> Self` by one op each.
macro_rules! unary {
    ($($name:ident $op:ident;)*) => {$(
        #[doc = concat!("`x.", stringify!($name), "()`.")]
        pub fn $name(self) -> Self {
            self.unary(UnaryOp::$op)
        }
    )*};
}
/// Methods `fn name(self, other: Self) -> Self` by one op each.
macro_rules! binary {
    ($($name:ident $op:ident;)*) => {$(
        #[doc = concat!("`x.", stringify!($name), "(y)`.")]
        pub fn $name(self, other: Self) -> Self {
            self.binary(BinaryOp::$op, other)
        }
    )*};
}

#[allow(
    clippy::should_implement_trait,
    reason = "the methods the user calls; operators are traits as in plain Rust"
)]
impl<'b, T: Real> Expr<'b, T> {
    unary! { abs Abs; }
    binary! { rem_euclid RemEuclid; div_euclid DivEuclid; }

    fn is_float() -> bool {
        T::DTYPE.is_float()
    }
    /// `x.max(y)`; of floats the other one if one is NaN.
    pub fn max(self, other: Self) -> Self {
        let op = if Self::is_float() {
            BinaryOp::FMax
        } else {
            BinaryOp::Max
        };
        self.binary(op, other)
    }
    /// `x.min(y)`; of floats the other one if one is NaN.
    pub fn min(self, other: Self) -> Self {
        let op = if Self::is_float() {
            BinaryOp::FMin
        } else {
            BinaryOp::Min
        };
        self.binary(op, other)
    }
    /// `x.clamp(lo, hi)`; panics unless `lo <= hi`.
    pub fn clamp(self, lo: Self, hi: Self) -> Self {
        let ok = lo.compare(CompareOp::Le, hi);
        let b = self.b();
        b.ops(
            EffectOp::Assert("clamp: the lower limit exceeds the upper".into()),
            &[ok.v()],
        );
        Expr::of(b, b.op(TernaryOp::Clamp, &[lo.v(), self.v(), hi.v()]))
    }
    /// `x.signum()`; of floats 1 or -1 by the sign bit, or NaN.
    pub fn signum(self) -> Self {
        if !Self::is_float() {
            return self.unary(UnaryOp::Sign);
        }
        let one = self.c(T::small(1)).binary(BinaryOp::Copysign, self);
        let nan = self.compare(CompareOp::Ne, self);
        nan.select(self, one)
    }
}

impl<'b, T: Float> Expr<'b, T> {
    unary! {
        floor Floor; ceil Ceil; round Round; round_ties_even RoundEven; trunc Trunc; sqrt Sqrt; cbrt Cbrt; recip Recip;
        exp Exp; exp2 Exp2; exp_m1 Expm1; ln Log; log2 Log2; log10 Log10; ln_1p Log1p;
        sin Sin; cos Cos; tan Tan; asin Asin; acos Acos; atan Atan;
        sinh Sinh; cosh Cosh; tanh Tanh; asinh Asinh; acosh Acosh; atanh Atanh;
        erf Erf; erfc Erfc; ln_gamma Lgamma; digamma Digamma; logistic Logistic;
    }
    binary! { powf Pow; atan2 Atan2; hypot Hypot; copysign Copysign; }

    fn real(self, x: f64) -> Self {
        self.c(T::from_f64(x))
    }
    /// `x.powi(n)`.
    pub fn powi(self, n: Expr<'b, i32>) -> Self {
        self.binary(BinaryOp::Powi, n)
    }
    /// `x.mul_add(a, b)`: `x * a + b`, rounded once.
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        let v = self.b().op(TernaryOp::Fma, &[self.v(), a.v(), b.v()]);
        Expr::of(self.b(), v)
    }
    /// `x.log(base)`.
    pub fn log(self, base: Self) -> Self {
        self.ln() / base.ln()
    }
    /// `x.fract()`.
    pub fn fract(self) -> Self {
        self - self.trunc()
    }
    /// `x.sin_cos()`.
    pub fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }
    /// `x.to_degrees()`.
    pub fn to_degrees(self) -> Self {
        self * self.real(180.0 / core::f64::consts::PI)
    }
    /// `x.to_radians()`.
    pub fn to_radians(self) -> Self {
        self * self.real(core::f64::consts::PI / 180.0)
    }
    /// `x.abs_sub(y)`.
    pub fn abs_sub(self, other: Self) -> Self {
        (self - other).max(self.real(0.0))
    }
    /// `x.is_nan()`.
    pub fn is_nan(self) -> Expr<'b, bool> {
        self.unary(UnaryOp::IsNan)
    }
    /// `x.is_finite()`.
    pub fn is_finite(self) -> Expr<'b, bool> {
        self.unary(UnaryOp::IsFinite)
    }
    /// `x.is_infinite()`.
    pub fn is_infinite(self) -> Expr<'b, bool> {
        self.abs().compare(CompareOp::Eq, self.real(f64::INFINITY))
    }
    /// `x.is_sign_negative()`.
    pub fn is_sign_negative(self) -> Expr<'b, bool> {
        let one: Self = self.real(1.0).binary(BinaryOp::Copysign, self);
        one.compare(CompareOp::Lt, self.real(0.0))
    }
    /// `x.is_sign_positive()`.
    pub fn is_sign_positive(self) -> Expr<'b, bool> {
        !self.is_sign_negative()
    }
    /// `T::from_f64(x)` of [`Float`].
    pub fn from_f64(x: Expr<'b, f64>) -> Self {
        x.convert()
    }
}

impl<'b, T: Int> Expr<'b, T> {
    binary! {
        wrapping_add WrappingAdd; wrapping_sub WrappingSub; wrapping_mul WrappingMul;
    }
    /// `x.pow(n)`.
    pub fn pow(self, n: Expr<'b, u32>) -> Self {
        let n: Expr<'b, T> = n.convert();
        self.binary(BinaryOp::Pow, n)
    }
    /// `x.abs_diff(y)`.
    pub fn abs_diff(self, other: Self) -> Expr<'b, T::Unsigned> {
        let (hi, lo) = (self.max(other), self.min(other));
        hi.wrapping_sub(lo).bits()
    }
    /// `x.unsigned_abs()`.
    pub fn unsigned_abs(self) -> Expr<'b, T::Unsigned> {
        let zero = self.c(T::small(0));
        let low = self.compare(CompareOp::Lt, zero);
        low.select(zero.wrapping_sub(self), self).bits()
    }
    /// The same bits as an unsigned integer.
    fn bits(self) -> Expr<'b, T::Unsigned> {
        if T::DTYPE == T::Unsigned::DTYPE {
            return Expr::of(self.b(), self.v());
        }
        let op = ConvertOp::Bitcast(T::Unsigned::DTYPE);
        Expr::of(self.b(), self.b().op(op, &[self.v()]))
    }
    /// `x.wrapping_neg()`.
    pub fn wrapping_neg(self) -> Self {
        self.c(T::small(0)).wrapping_sub(self)
    }
    /// The value where `fits` holds.
    fn checked(self, fits: Expr<'b, bool>) -> Opt<'b, Self> {
        let k = if_(self.b(), fits);
        let k = k.else_(some(self.b(), self));
        k.end(none(self.b()))
    }
    /// `x.checked_add(y)`.
    pub fn checked_add(self, other: Self) -> Opt<'b, Self> {
        let (sum, bad) = self.adding(other);
        sum.checked(!bad)
    }
    /// `x.checked_sub(y)`.
    pub fn checked_sub(self, other: Self) -> Opt<'b, Self> {
        let (difference, bad) = self.subtracting(other);
        difference.checked(!bad)
    }
    /// `x.checked_mul(y)`.
    pub fn checked_mul(self, other: Self) -> Opt<'b, Self> {
        let (product, b) = (self.wrapping_mul(other), self.b());
        let zero = self.c(T::small(0));
        // Dividing back gives the other factor, unless it wrapped; `MIN / -1` cannot be tried.
        let edge =
            self.compare(CompareOp::Eq, self.c(T::LEAST)) & other.compare(CompareOp::Lt, zero);
        let edge = edge
            & other
                .wrapping_neg()
                .compare(CompareOp::Eq, self.c(T::small(1)));
        let k = if_(b, other.compare(CompareOp::Eq, zero) | edge);
        let k = k.else_(!edge);
        let fits = k.end((product / other).compare(CompareOp::Eq, self));
        product.checked(fits)
    }
    /// Whether `x / y` neither divides by zero nor overflows.
    fn divides(self, other: Self) -> Expr<'b, bool> {
        let zero = self.c(T::small(0));
        let edge =
            self.compare(CompareOp::Eq, self.c(T::LEAST)) & other.compare(CompareOp::Lt, zero);
        let edge = edge
            & other
                .wrapping_neg()
                .compare(CompareOp::Eq, self.c(T::small(1)));
        !(edge | other.compare(CompareOp::Eq, zero))
    }
    /// `x.checked_div(y)`.
    pub fn checked_div(self, other: Self) -> Opt<'b, Self> {
        let b = self.b();
        let k = if_(b, self.divides(other));
        let k = k.else_(some(b, self / other));
        k.end(none(b))
    }
    /// `x.checked_rem(y)`.
    pub fn checked_rem(self, other: Self) -> Opt<'b, Self> {
        let b = self.b();
        let k = if_(b, self.divides(other));
        let k = k.else_(some(b, self % other));
        k.end(none(b))
    }
    /// `x.div_ceil(y)` of unsigned integers.
    pub fn div_ceil(self, other: Self) -> Self {
        let (q, r) = (self / other, self % other);
        let zero = self.c(T::small(0));
        let more = r.compare(CompareOp::Gt, zero);
        q + more.select(self.c(T::small(1)), zero)
    }
    /// `x.is_multiple_of(y)` of unsigned integers.
    pub fn is_multiple_of(self, other: Self) -> Expr<'b, bool> {
        let (b, zero) = (self.b(), self.c(T::small(0)));
        let k = if_(b, other.compare(CompareOp::Eq, zero));
        let k = k.else_(self.compare(CompareOp::Eq, zero));
        k.end((self % other).compare(CompareOp::Eq, zero))
    }
    /// `x.ilog2()`; traps unless `x` is positive.
    pub fn ilog2(self) -> Expr<'b, u32> {
        let ok = self.compare(CompareOp::Gt, self.c(T::small(0)));
        let msg = "argument of integer logarithm must be positive";
        self.b().ops(EffectOp::Assert(msg.into()), &[ok.v()]);
        lit(self.b(), T::DTYPE.bytes() as u32 * 8 - 1) - self.leading_zeros()
    }
    /// `x.count_ones()`.
    pub fn count_ones(self) -> Expr<'b, u32> {
        self.unary::<T>(UnaryOp::PopCount).convert()
    }
    /// `x.leading_zeros()`.
    pub fn leading_zeros(self) -> Expr<'b, u32> {
        self.unary::<T>(UnaryOp::LeadingZeros).convert()
    }
    /// `x.trailing_zeros()`.
    pub fn trailing_zeros(self) -> Expr<'b, u32> {
        self.unary::<T>(UnaryOp::TrailingZeros).convert()
    }
    /// `x.is_positive()`.
    pub fn is_positive(self) -> Expr<'b, bool> {
        self.compare(CompareOp::Gt, self.c(T::small(0)))
    }
    /// `x.is_negative()`.
    pub fn is_negative(self) -> Expr<'b, bool> {
        self.compare(CompareOp::Lt, self.c(T::small(0)))
    }
    /// The wrapped difference, and whether it wrapped: subtracting a positive number must give less.
    fn subtracting(self, other: Self) -> (Self, Expr<'b, bool>) {
        let (zero, wrapped) = (self.c(T::small(0)), self.wrapping_sub(other));
        let up = other.compare(CompareOp::Gt, zero) & wrapped.compare(CompareOp::Gt, self);
        let down = other.compare(CompareOp::Lt, zero) & wrapped.compare(CompareOp::Lt, self);
        (wrapped, up | down)
    }
    /// The wrapped sum, and whether it wrapped.
    fn adding(self, other: Self) -> (Self, Expr<'b, bool>) {
        let (zero, wrapped) = (self.c(T::small(0)), self.wrapping_add(other));
        let up = other.compare(CompareOp::Gt, zero) & wrapped.compare(CompareOp::Lt, self);
        let down = other.compare(CompareOp::Lt, zero) & wrapped.compare(CompareOp::Gt, self);
        (wrapped, up | down)
    }
    /// `x.saturating_sub(y)`: limited to the type's range.
    pub fn saturating_sub(self, other: Self) -> Self {
        let (wrapped, bad) = self.subtracting(other);
        let limit = self.limit(other.compare(CompareOp::Gt, self.c(T::small(0))));
        bad.select(limit, wrapped)
    }
    /// `x.saturating_add(y)`: limited to the type's range.
    pub fn saturating_add(self, other: Self) -> Self {
        let (wrapped, bad) = self.adding(other);
        let limit = self.limit(other.compare(CompareOp::Lt, self.c(T::small(0))));
        bad.select(limit, wrapped)
    }
    /// The least value if `low`, else the greatest.
    fn limit(self, low: Expr<'b, bool>) -> Self {
        low.select(self.c(T::LEAST), self.c(T::GREATEST))
    }
    /// `x.is_power_of_two()`.
    pub fn is_power_of_two(self) -> Expr<'b, bool> {
        self.count_ones()
            .compare(CompareOp::Eq, lit(self.b(), 1u32))
    }
}

macro_rules! bit_casts {
    ($($f:ty, $bits:ty;)*) => {$(
        impl<'b> Expr<'b, $f> {
            /// `x.to_bits()`.
            pub fn to_bits(self) -> Expr<'b, $bits> {
                let op = ConvertOp::Bitcast(<$bits>::DTYPE);
                Expr::of(self.b(), self.b().op(op, &[self.v()]))
            }
            /// `from_bits(x)`.
            pub fn from_bits(x: Expr<'b, $bits>) -> Self {
                let op = ConvertOp::Bitcast(<$f>::DTYPE);
                Expr::of(x.b(), x.b().op(op, &[x.v()]))
            }
        }
    )*};
}
bit_casts! { f64, u64; f32, u32; }

macro_rules! complex {
    ($($f:ty)*) => {$(
        #[allow(clippy::should_implement_trait, reason = "the methods the user calls")]
        impl<'b> Expr<'b, Complex<$f>> {
            unary! {
                exp Exp; ln Log; sqrt Sqrt; sin Sin; cos Cos; tan Tan; sinh Sinh; cosh Cosh; tanh Tanh; conj Conj;
                asin Asin; acos Acos; atan Atan; asinh Asinh; acosh Acosh; atanh Atanh; inv Recip;
            }
            binary! { powc Pow; }

            /// `Complex::new(re, im)`.
            pub fn new(re: Expr<'b, $f>, im: Expr<'b, $f>) -> Self {
                re.binary(BinaryOp::Complex, im)
            }
            /// `z.re`.
            pub fn re(self) -> Expr<'b, $f> {
                self.unary(UnaryOp::Real)
            }
            /// `z.im`.
            pub fn im(self) -> Expr<'b, $f> {
                self.unary(UnaryOp::Imag)
            }
            /// `z.norm()`.
            pub fn norm(self) -> Expr<'b, $f> {
                self.unary(UnaryOp::Abs)
            }
            /// `z.norm_sqr()`.
            pub fn norm_sqr(self) -> Expr<'b, $f> {
                let (re, im) = (self.re(), self.im());
                re * re + im * im
            }
            /// `z.arg()`.
            pub fn arg(self) -> Expr<'b, $f> {
                self.im().atan2(self.re())
            }
            /// `z.to_polar()`.
            pub fn to_polar(self) -> (Expr<'b, $f>, Expr<'b, $f>) {
                (self.norm(), self.arg())
            }
            /// `z.scale(t)`.
            pub fn scale(self, t: Expr<'b, $f>) -> Self {
                self * t
            }
            /// `z.unscale(t)`.
            pub fn unscale(self, t: Expr<'b, $f>) -> Self {
                self / t
            }
            /// `z.powi(n)`.
            pub fn powi(self, n: Expr<'b, i32>) -> Self {
                self.binary(BinaryOp::Powi, n)
            }
            /// `z.powf(t)`.
            pub fn powf(self, t: Expr<'b, $f>) -> Self {
                self.binary(BinaryOp::Pow, t.convert::<Complex<$f>>())
            }
            /// `Complex::i()`.
            pub fn i(b: super::B<'b>) -> Self {
                lit(b, Complex::new(0.0, 1.0))
            }
        }
    )*};
}
complex!(f32 f64);

/// `Complex::new(re, im)`.
pub fn complex<'b, F: Float>(
    b: super::B<'b>,
    re: Expr<'b, F>,
    im: Expr<'b, F>,
) -> Expr<'b, Complex<F>> {
    Expr::of(b, b.op(BinaryOp::Complex, &[re.v(), im.v()]))
}
/// `Complex::from_polar(r, theta)`.
pub fn from_polar<'b, F: Float>(
    b: super::B<'b>,
    r: Expr<'b, F>,
    theta: Expr<'b, F>,
) -> Expr<'b, Complex<F>> {
    complex(b, r * theta.cos(), r * theta.sin())
}
/// `Complex::cis(theta)`.
pub fn cis<'b, F: Float>(b: super::B<'b>, theta: Expr<'b, F>) -> Expr<'b, Complex<F>> {
    complex(b, theta.cos(), theta.sin())
}
/// `std::cmp::max(x, y)`.
pub fn max<'b, T: Int>(_: super::B<'b>, x: Expr<'b, T>, y: Expr<'b, T>) -> Expr<'b, T> {
    x.max(y)
}
/// `std::cmp::min(x, y)`.
pub fn min<'b, T: Int>(_: super::B<'b>, x: Expr<'b, T>, y: Expr<'b, T>) -> Expr<'b, T> {
    x.min(y)
}
impl<'b> Expr<'b, Complex<f64>> {
    /// `z.re`.
    pub fn __field_re(self) -> Expr<'b, f64> {
        self.re()
    }
    /// `z.im`.
    pub fn __field_im(self) -> Expr<'b, f64> {
        self.im()
    }
}
impl<'b> Expr<'b, Complex<f32>> {
    /// `z.re`.
    pub fn __field_re(self) -> Expr<'b, f32> {
        self.re()
    }
    /// `z.im`.
    pub fn __field_im(self) -> Expr<'b, f32> {
        self.im()
    }
}
