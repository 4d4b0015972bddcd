//! Batching: a batched function does in every lane what the function does.

mod compose;
mod control;
mod data;
mod support;
mod traps;
