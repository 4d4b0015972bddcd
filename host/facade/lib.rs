//! Cotangent: differentiable programming for Rust.
pub use cotangent_core as core;
