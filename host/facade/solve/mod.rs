//! Equations solved, in plain annotated Rust: roots and differential equations (linear systems are in [`linalg`](crate::linalg)). Call these inside your own
//! `#[differentiable]` functions, with your own right-hand sides; the derivatives are those of the whole.
//!
//! ```
//! use cotangent::differentiable;
//! use cotangent::solve::ode;
//!
//! /// Where a damped spring is at time 10.
//! #[differentiable]
//! fn spring(stiffness: f64, damping: f64) -> f64 {
//!     let end = ode::rk4(
//!         |_, y: [f64; 2]| [y[1], -stiffness * y[0] - damping * y[1]],
//!         [1.0, 0.0],
//!         0.0,
//!         10.0,
//!         200,
//!     );
//!     end[0]
//! }
//!
//! let (by_stiffness, by_damping) = spring::gradient(2.0, 0.1)?;
//! let difference = (spring(2.001, 0.1) - spring(1.999, 0.1)) / 0.002;
//! assert!((by_stiffness - difference).abs() < 1e-4);
//! # let _ = by_damping;
//! # Ok::<(), cotangent::Error>(())
//! ```
//!
//! * [`root`]: Newton's method and fixed points. The derivative of a solution is that of the equation (the implicit function
//!   theorem: one linear solve), not of the iterations that found it; the other form is there too.
//! * [`ode`]: Euler, Runge-Kutta 4, Tsitouras 5(4) with adaptive steps, dense output and located events, Rodas 4(3) for stiff
//!   systems; gradients in bounded memory; continuous adjoints.
//! * [`sde`]: stochastic equations along a fixed Brownian path: Euler-Maruyama and a scheme of strong order 1.5.
//!
//! Functions that take closures are a part of the function that calls them: they have no derivatives of their own to ask for. States are
//! arrays `[f64; N]`, small ones of which compiled executors keep in registers. What can fail returns a [`Failure`] and never panics.

#![allow(
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    clippy::manual_memcpy,
    clippy::too_many_arguments,
    reason = "programs of numbers, as people write them"
)]

mod failure;
pub mod ode;
pub mod root;
pub mod sde;

pub use failure::Failure;
