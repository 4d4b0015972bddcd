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

/// What generated code names. Not part of the API.
#[doc(hidden)]
pub use cotangent_core::stage as __stage;

/// What generated code names besides that. Not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use cotangent_core::ir::{FuncId, Module};
    pub use cotangent_core::stage::stage;
}

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
