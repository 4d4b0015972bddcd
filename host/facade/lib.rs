//! Cotangent: differentiable programming for Rust.

mod api;
mod error;
mod executor;
mod function;
mod matrix;
mod vals;

pub use api::{Pullback, RealFn, RealScalar, Runner, function};
pub use cotangent_core as core;
pub use cotangent_core::stage::StageError;
pub use cotangent_core::stage::data::{
    Arg, Args, Datum, DiffFn, Discrete, Gradient, Smooth, Space, Tangent,
};
pub use cotangent_core::stage::{Float, Int, Num, Real, Scalar};
pub use cotangent_macros::{Differentiable, differentiable};
pub use error::{Error, Result};
pub use executor::{
    Executor, Interpreter, Limits, Options, Prepared, default_executor, executor, list_executors,
    register_executor, set_default_executor,
};
pub use function::{Function, RawPullback, Wrt};
pub use matrix::Matrix;

/// `x` itself; in a `#[differentiable]` function its derivative is zero.
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// `x` itself; in a `#[differentiable]` function its cotangent goes through `g`, the name of an annotated function. What `g` does
/// to the cotangent is what the backward pass goes on with: clip it, scale it.
///
/// ```
/// use cotangent::{differentiable, hook};
/// #[differentiable]
/// fn clip(g: f64) -> f64 {
///     g.clamp(-1.0, 1.0)
/// }
/// #[differentiable]
/// fn f(x: f64) -> f64 {
///     let x = hook(x, clip);
///     x * x
/// }
/// assert_eq!(f::gradient(3.0)?, 1.0);
/// assert_eq!(f::gradient(0.25)?, 0.5);
/// # Ok::<(), cotangent::Error>(())
/// ```
pub fn hook<T>(x: T, g: impl Fn(T) -> T) -> T {
    let _ = g;
    x
}

/// What generated code names. Not part of the API.
#[doc(hidden)]
pub use cotangent_core::stage as __stage;

/// Generated methods that need this crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __api {
    ($($methods:tt)*) => { $($methods)* };
}

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
