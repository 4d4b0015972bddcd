//! Cotangent: differentiable programming for Rust.

mod api;
mod error;
mod executor;
mod function;
mod matrix;
mod vals;

pub use api::{Pullback, RealScalar, Runner, function};
pub use cotangent_core as core;
pub use cotangent_core::stage::StageError;
pub use cotangent_core::stage::data::{
    Arg, Args, Datum, DiffFn, Discrete, Gradient, Smooth, Space, Tangent,
};
pub use cotangent_macros::Differentiable;
pub use error::{Error, Result};
pub use executor::{
    Executor, Interpreter, Limits, Options, Prepared, default_executor, executor, list_executors,
    register_executor, set_default_executor,
};
pub use function::{Function, RawPullback, Wrt};
pub use matrix::Matrix;

/// What generated code names. Not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use cotangent_core::ir::{FuncId, Module, Type};
    pub use cotangent_core::stage::data::{absent, skip};
    pub use cotangent_core::stage::{self as rt, stage};
    pub use cotangent_core::value::Val;
    pub use std::vec::Vec;
}
