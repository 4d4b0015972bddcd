//! Programs as scientists write them. Each is checked three ways, see [`support::agrees`]: value, gradient, derivative in a direction.

#![allow(
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    clippy::manual_memcpy,
    clippy::ptr_arg,
    clippy::explicit_counter_loop,
    clippy::manual_swap,
    clippy::new_without_default,
    reason = "programs as people write them"
)]

#[macro_use]
mod support;

mod calculus;
mod control;
mod dynamic;
mod linear;
mod models;
mod physics;
mod signals;
mod structures;
