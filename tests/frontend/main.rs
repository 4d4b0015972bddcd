//! The front end: for each construct of Rust, the plain call and the interpreted program give the same.
//!
//! `check!` compares to the last bit; `near!` to 1e-12, for functions that `std` and `libm` round differently.

mod basic;
mod support;
