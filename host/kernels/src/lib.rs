//! Vector mathematical functions and block kernels, with SIMD chosen at run time.
//!
//! * [`math`]: exp, sin, tanh, … over arrays of `f64` and `f32`, with stated error bounds.
//! * [`lane`]: what those functions are written in; [`record`]: the same functions as data, and as C source ([`c_source`]).
//! * [`block`]: axpy, dot, sums, matrix products.
//! * [`window`]: convolutions, extremes and sums of windows.
//!
//! Everything that compiled code calls has an `unsafe extern "C"` entry point; the slice functions wrap them safely.

pub mod block;
mod c_source;
pub mod lane;
pub mod math;
pub mod record;
mod target;
mod wide;
pub mod window;

pub use c_source::{CFunction, Precision, c_header, c_source};
pub use target::Isa;
