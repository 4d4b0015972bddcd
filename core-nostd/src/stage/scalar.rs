//! The Rust types that are scalars of the IR, by what can be done with them.

use super::expr::Expr;
use super::plain::Diff;
use crate::ir::DType;
use crate::value;
use num_complex::Complex;

/// A number or `bool`: a type whose proxy is an [`Expr`]. The bound to give a generic parameter of a
/// `#[differentiable]` function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a `#[differentiable]` function can compute with",
    label = "not a number of the IR",
    note = "f32, f64, the integers up to 64 bits, bool and Complex<f32>, Complex<f64> are; bound a generic parameter by `cotangent::Float` or `cotangent::Scalar`"
)]
pub trait Scalar: for<'b> Diff<Proxy<'b> = Expr<'b, Self>> + Copy + PartialEq + 'static {
    /// Its element type.
    const DTYPE: DType;
    /// As an IR constant.
    fn to_scalar(self) -> value::Scalar;
    /// From an IR scalar of exactly this type.
    fn of_scalar(s: value::Scalar) -> Option<Self>;
}

/// A scalar with `+ - * /`: everything but `bool`.
pub trait Num: Scalar {
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
pub trait Float: Real {
    /// From an `f64`, rounded.
    fn from_f64(x: f64) -> Self;
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
    ($($t:ty)*) => {$(
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
        }
    )*};
}
ints!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

macro_rules! floats {
    ($($t:ty)*) => {$(
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
        }
        impl Num for Complex<$t> {
            fn small(n: i8) -> Self {
                Complex::new(n.into(), 0.0)
            }
        }
    )*};
}
floats!(f32 f64);
