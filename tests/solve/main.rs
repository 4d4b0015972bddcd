//! The solvers (`cotangent::solve`): right answers, right orders of convergence, right derivatives, on every executor.
#![allow(
    clippy::needless_range_loop,
    reason = "programs of numbers, as people write them"
)]

mod adaptive;
mod adjoint;
mod edges;
mod events;
mod fixed;
mod root;
mod sde;
mod small;
mod support;
