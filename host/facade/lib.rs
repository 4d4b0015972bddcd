//! Cotangent: differentiable programming for Rust.
//!
//! Annotate an ordinary function with [`#[differentiable]`](macro@differentiable). It stays what it was; beside it is now a struct
//! of the same name with its derivatives:
//!
//! ```
//! use cotangent::{Differentiable, differentiable};
//!
//! #[derive(Differentiable)]
//! struct Line { slope: f64, offset: f64 }
//!
//! #[differentiable]
//! fn loss(m: &Line, xs: &[f64], ys: &[f64]) -> f64 {
//!     let mut sum = 0.0;
//!     for i in 0..xs.len() {
//!         let e = m.slope * xs[i] + m.offset - ys[i];
//!         sum += e * e;
//!     }
//!     sum
//! }
//!
//! let (m, xs, ys) = (Line { slope: 1.0, offset: 0.0 }, [1.0, 2.0], [3.0, 5.0]);
//! let (dm, dxs, dys) = loss::gradient(&m, &xs, &ys)?;         // shaped like the arguments
//! assert_eq!((dm.slope, dm.offset), (-16.0, -10.0));
//! let dm = loss::gradient_wrt::<0>(&m, &xs, &ys)?;            // of one argument only
//! let (y, pull) = loss::pullback(&m, &xs, &ys)?;              // reverse mode, later and often
//! let (y, dy) = loss::jvp((&m, &xs, &ys), (&dm, &dxs, &dys))?; // forward mode
//! # let _ = (y, pull, dy);
//! # Ok::<(), cotangent::Error>(())
//! ```
//!
//! The methods are `gradient`, `value_and_gradient`, both also with `_wrt::<I>`, `pullback`, `jvp`, `jacobian`, `hessian` (also `_wrt`), `hessian_diagonal`, `hvp`,
//! `sparse_jacobian`, `sparse_hessian` and `jacobian_pattern` (see [`sparse`]), `check_gradients` and `check_rule` (see [`check`]), `first_bad` and `first_nan` (see [`debug`]), `real_jacobian`,
//! `wirtinger` and `holomorphic_derivative` (see [`complex`]),
//! `vmap` and `vmap_gradient` (for every lane of a batch: [`each`], [`shared`]), `call` (run the program), `ir` and `gradient_ir` (show it) and `with(&options)` ([`Options`]: executor and limits), which gives a
//! [`Runner`] with the same methods on tuples of arguments. For a method `m` in a `#[differentiable] impl P` the struct is called
//! `P__m`. Inside another annotated function `f::gradient(x).unwrap()` (also `?`) is a nested derivative.
//!
//! What a gradient looks like: of `f64` it is `f64`, of `&[f64]` a `Vec<f64>`, of a struct the same struct, in which whatever is no
//! floating-point number is copied from the argument; an argument without any has the gradient `()`. See [`Datum`] and [`Gradient`].
//!
//! Linear algebra is in [`linalg`], Fourier transforms are in [`mod@fft`]; both can be called in annotated functions.
//!
//! Everything returns a [`Result`]. The first call of a method stages, differentiates and compiles; later calls reuse that, from
//! any thread. For programs made with the builder or from text there is [`Function`].

// The library's own annotated functions name the crate as every user's do.
extern crate self as cotangent;

mod api;
mod batch;
mod cache;
pub mod check;
pub mod checkpoint;
#[cfg(any(feature = "jit", feature = "c"))]
mod compiled;
pub mod complex;
pub mod debug;
mod error;
mod executor;
pub mod fft;
mod function;
mod held;
mod host;
mod jacobian;
pub mod linalg;
#[cfg(feature = "quickcheck")]
pub mod quickcheck;
pub mod solve;
pub mod sparse;
mod task;
mod vals;
#[cfg(feature = "xla")]
mod xla;

pub use api::{Pullback, RealFn, RealScalar, Runner, function};
pub use batch::{BatchArgs, Each, Lanes, Shared, each, shared};
#[cfg(feature = "c")]
pub use compiled::C;
#[cfg(feature = "jit")]
pub use compiled::Jit;
pub use cotangent_core as core;
pub use cotangent_core::stage::StageError;
pub use cotangent_core::stage::data::{
    Arg, Args, Datum, DiffFn, Discrete, Gradient, Smooth, Space, Tangent,
};
pub use cotangent_core::stage::{Float, Int, Num, Real, Scalar};
pub use cotangent_core::stage::{Matrix, Tensor};
pub use cotangent_macros::{Differentiable, differentiable};
#[doc(hidden)]
pub use debug::__shown;
pub use error::{Error, Result};
pub use executor::{
    Attempt, Executor, Interpreter, Limits, Options, Prepared, default_executor, executor,
    list_executors, register_executor, set_default_executor,
};
pub use function::{Function, RawPullback, Wrt};
pub use held::{Cut, Feed, Held, Mesh, OnHost, Recipe, Residents, Spread};
#[doc(hidden)]
pub use host::__host;
pub use host::register_host_function;
pub use task::{Made, Ready, Task};

/// `x` itself; in a `#[differentiable]` function its derivative is zero.
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// What `f` gives; in a `#[differentiable]` function without its derivative, which need not exist. `f` is written as a closure.
///
/// ```
/// use cotangent::{differentiable, ignore};
/// #[differentiable]
/// fn f(x: f64) -> f64 {
///     let scale = ignore(|| x.abs() + 1.0);
///     x / scale
/// }
/// assert_eq!(f::gradient(3.0)?, 0.25);
/// # Ok::<(), cotangent::Error>(())
/// ```
pub fn ignore<T>(f: impl FnOnce() -> T) -> T {
    f()
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

#[doc(hidden)]
pub use cache::Cache as __Cache;

#[doc(hidden)]
pub type __C128 = num_complex::Complex<f64>;

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
