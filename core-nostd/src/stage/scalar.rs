//! The Rust types that are scalars of the IR, by what can be done with them.

use super::data::Datum;
use super::expr::Expr;
use super::plain::Diff;
use crate::ir::DType;
use crate::value;
use core::ops;
use num_complex::Complex;

/// As `libm`, but for what is mended.
mod libm {
    pub(super) use crate::ops::special::acoshf;
    pub(super) use ::libm::*;
}

/// The methods of floats that generic code may use: as those of `f64`, through `libm`.
macro_rules! float_methods {
    (@each $go:ident $($t:ident)?) => {
        float_methods! { @$go $($t)?;
            abs fabs fabsf; sqrt sqrt sqrtf; cbrt cbrt cbrtf; exp exp expf; exp2 exp2 exp2f; exp_m1 expm1 expm1f;
            ln log logf; log2 log2 log2f; log10 log10 log10f; ln_1p log1p log1pf; sin sin sinf; cos cos cosf;
            tan tan tanf; asin asin asinf; acos acos acosf; atan atan atanf; sinh sinh sinhf; cosh cosh coshf;
            tanh tanh tanhf; asinh asinh asinhf; acosh acosh acoshf; atanh atanh atanhf; floor floor floorf;
            ceil ceil ceilf; round round roundf; trunc trunc truncf;
        }
        float_methods! { @$go 2 $($t)?;
            powf pow powf; atan2 atan2 atan2f; hypot hypot hypotf; max fmax fmaxf; min fmin fminf;
        }
    };
    (@declare; $($name:ident $f64:ident $f32:ident;)*) => {$(
        #[doc = concat!("As `f64::", stringify!($name), "`.")]
        fn $name(self) -> Self;
    )*};
    (@declare 2; $($name:ident $f64:ident $f32:ident;)*) => {$(
        #[doc = concat!("As `f64::", stringify!($name), "`.")]
        fn $name(self, other: Self) -> Self;
    )*};
    (@implement f64; $($name:ident $f64:ident $f32:ident;)*) => {$(
        fn $name(self) -> f64 { libm::$f64(self) }
    )*};
    (@implement 2 f64; $($name:ident $f64:ident $f32:ident;)*) => {$(
        fn $name(self, other: f64) -> f64 { libm::$f64(self, other) }
    )*};
    (@implement f32; $($name:ident $f64:ident $f32:ident;)*) => {$(
        fn $name(self) -> f32 { libm::$f32(self) }
    )*};
    (@implement 2 f32; $($name:ident $f64:ident $f32:ident;)*) => {$(
        fn $name(self, other: f32) -> f32 { libm::$f32(self, other) }
    )*};
    ($go:ident $($t:ident)?) => { float_methods! { @each $go $($t)? } };
}

/// A number or `bool`: a type whose proxy is an [`Expr`]. The bound to give a generic parameter of a
/// `#[differentiable]` function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a `#[differentiable]` function can compute with",
    label = "not a number of the IR",
    note = "f32, f64, the integers up to 64 bits, bool and Complex<f32>, Complex<f64> are; bound a generic parameter by `cotangent::Float` or `cotangent::Scalar`"
)]
pub trait Scalar:
    for<'b> Diff<Proxy<'b> = Expr<'b, Self>> + Datum<Owned = Self> + Copy + PartialEq + 'static
{
    /// Its element type.
    const DTYPE: DType;
    /// As an IR constant.
    fn to_scalar(self) -> value::Scalar;
    /// From an IR scalar of exactly this type.
    fn of_scalar(s: value::Scalar) -> Option<Self>;
}

/// A scalar with `+ - * /`: everything but `bool`.
pub trait Num:
    Scalar
    + ops::Add<Output = Self>
    + ops::Sub<Output = Self>
    + ops::Mul<Output = Self>
    + ops::Div<Output = Self>
    + ops::AddAssign
    + ops::SubAssign
    + ops::MulAssign
    + ops::DivAssign
{
    /// As Rust's `x as Self` from a small integer.
    fn small(n: i8) -> Self;
}

/// A real number with the order of numbers.
pub trait Real: Num + PartialOrd {}

/// `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `f32` or `f64`",
    label = "a floating-point number is needed here"
)]
pub trait Float: Real + ops::Neg<Output = Self> + ops::Rem<Output = Self> {
    /// From an `f64`, rounded.
    fn from_f64(x: f64) -> Self;
    float_methods!(declare);
}

/// An integer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an integer",
    label = "an integer is needed here"
)]
pub trait Int: Real + Ord {
    /// Its least value.
    const LEAST: Self;
    /// Its greatest value.
    const GREATEST: Self;
    /// The unsigned integer of its size.
    type Unsigned: Int;
}

macro_rules! scalars {
    ($($t:ty)*) => {$(
        impl Scalar for $t {
            const DTYPE: DType = <$t as value::Element>::DTYPE;
            fn to_scalar(self) -> value::Scalar {
                value::Element::scalar(self)
            }
            fn of_scalar(s: value::Scalar) -> Option<Self> {
                value::Element::from_scalar(s)
            }
        }
    )*};
}
scalars!(bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Complex<f32> Complex<f64>);

impl Scalar for usize {
    const DTYPE: DType = DType::U64;
    fn to_scalar(self) -> value::Scalar {
        value::Scalar::U64(self as u64)
    }
    fn of_scalar(s: value::Scalar) -> Option<Self> {
        u64::of_scalar(s)?.try_into().ok()
    }
}
impl Scalar for isize {
    const DTYPE: DType = DType::I64;
    fn to_scalar(self) -> value::Scalar {
        value::Scalar::I64(self as i64)
    }
    fn of_scalar(s: value::Scalar) -> Option<Self> {
        i64::of_scalar(s)?.try_into().ok()
    }
}

macro_rules! ints {
    ($($t:ty, $u:ty;)*) => {$(
        #[allow(trivial_numeric_casts, reason = "one of the types is i8")]
        impl Num for $t {
            fn small(n: i8) -> Self {
                n as $t
            }
        }
        impl Real for $t {}
        impl Int for $t {
            const LEAST: Self = <$t>::MIN;
            const GREATEST: Self = <$t>::MAX;
            type Unsigned = $u;
        }
    )*};
}
ints! {
    i8, u8; i16, u16; i32, u32; i64, u64; isize, usize;
    u8, u8; u16, u16; u32, u32; u64, u64; usize, usize;
}

macro_rules! floats {
    ($($t:ident)*) => {$(
        impl Num for $t {
            fn small(n: i8) -> Self {
                n.into()
            }
        }
        impl Real for $t {}
        #[allow(trivial_numeric_casts, reason = "one of the types is f64")]
        impl Float for $t {
            fn from_f64(x: f64) -> Self {
                x as $t
            }
            float_methods!(implement $t);
        }
        impl Num for Complex<$t> {
            fn small(n: i8) -> Self {
                Complex::new(n.into(), 0.0)
            }
        }
    )*};
}
floats!(f32 f64);
