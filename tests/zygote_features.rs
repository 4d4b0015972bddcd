//! What Zygote differentiates, in Rust, with the values Zygote's papers and tests expect; then what it cannot.
//!
//! Each test is named after its entry: `paper` has the examples of the ∂P paper and the tests of the week "Don't Unroll
//! Adjoint" appeared, `control`, `data`, `complex` and `higher` the behaviours of today's `test/features.jl`, `mutation` and
//! `errors` what its documentation lists as limitations. `support` explains how a test checks.
//!
//! Julia features without a meaning in Rust, and what stands here instead:
//! - `Dict`: `HashMap` is not supported inside a differentiable function (hashing is not differentiable, and its order is
//!   not deterministic). A map is a `Vec` of pairs, or indices into a `Vec`.
//! - keyword arguments and splatting a `NamedTuple` or `Dict` into them: a struct with defaults and struct update.
//! - splatting a tuple into positional arguments: a slice parameter, or naming the fields.
//! - `nothing` as a gradient: zero for a number, `()` for an argument without floating-point numbers.
//! - `invoke` (calling a chosen method): a call by path.
//! - `try`/`catch`: `Result` and `?`; a panic is a trap, which the caller of the gradient gets as an error.
//! - `isdefined`: `Option`.
//! - counting calls to prove a checkpoint: `higher` has recomputation as a rule and compares gradients.
//! - `@simd`: nothing, loops are vectorised or not by the executor. `@timed` and logging inside: a differentiable function
//!   has no side effects other than on its arguments, so printing is left out.

#![allow(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    clippy::manual_swap,
    clippy::useless_vec
)]
#![allow(
    clippy::explicit_counter_loop,
    clippy::assign_op_pattern,
    clippy::redundant_closure_call
)]
#![allow(clippy::manual_unwrap_or, clippy::manual_unwrap_or_default)]
#![allow(
    clippy::allow_attributes_without_reason,
    reason = "the constructs themselves are under test"
)]

#[macro_use]
#[path = "zygote_features/support.rs"]
mod support;

#[path = "zygote_features/complex.rs"]
mod complex;
#[path = "zygote_features/control.rs"]
mod control;
#[path = "zygote_features/data.rs"]
mod data;
#[path = "zygote_features/errors.rs"]
mod errors;
#[path = "zygote_features/higher.rs"]
mod higher;
#[path = "zygote_features/mutation.rs"]
mod mutation;
#[path = "zygote_features/paper.rs"]
mod paper;
