//! The front end: for each construct of Rust, the plain call and the interpreted program give the same.
//!
//! `check!` compares to the last bit; `near!` to 1e-12, for functions that `std` and `libm` round differently.
#![allow(
    clippy::all,
    unused_labels,
    unused_braces,
    unused_parens,
    non_snake_case,
    trivial_numeric_casts,
    reason = "each construct is written in every way a user may"
)]

mod across;
mod arrays;
mod basic;
mod closures;
mod edges;
mod items;
mod iterators;
mod numbers;
mod patterns;
mod programs;
mod records;
mod support;
mod traits;
mod traps;
mod vectors;
