//! Ordinary differential equations `y' = f(t, y)`. Right-hand sides are closures or names of annotated functions; what they capture is
//! what the solution depends on.
//!
//! | method | steps | for |
//! |---|---|---|
//! | [`euler`] | fixed | order 1 |
//! | [`rk4`] | fixed | order 4 |
//! | [`tsit5`] | adaptive | order 5: most equations |
//! | [`rodas4`] | adaptive | order 4: stiff equations |
//!
//! `_path`, `_dense` and `_at` give the solution on the way, `_until` stops at an event. All of them are differentiated through
//! their steps, in either mode; the forms `_slots` keep few states for that.

mod backward;
mod control;
mod dense;
mod fixed;
mod rosenbrock;
mod tsitouras;

pub use backward::{Adjoint, adjoint, backsolve};
pub use control::{Adaptive, End, Piece, Statistics, within};
pub use dense::{Crossing, Dense, at};
pub(super) use fixed::march;
pub use fixed::{euler, euler_path, euler_step, rk4, rk4_path, rk4_slots, rk4_step};
pub use rosenbrock::{rodas4, rodas4_dense, rodas4_slots};
pub use tsitouras::{tsit5, tsit5_at, tsit5_dense, tsit5_slots, tsit5_until};
