//! Discrete Fourier transforms of any length, in plain functions and in annotated ones, where they have derivatives of any order.
//!
//! ```
//! use cotangent::{differentiable, fft};
//!
//! // The power in the upper half of the frequencies.
//! #[differentiable]
//! fn roughness(x: &[f64]) -> f64 {
//!     let y = fft::rfft(x);
//!     let mut sum = 0.0;
//!     for k in y.len() / 2..y.len() {
//!         sum += y[k].norm_sqr();
//!     }
//!     sum
//! }
//!
//! let x = [1.0, -0.5, 0.25, 2.0, 0.0, 1.5, -1.0];
//! let g = roughness::gradient(&x)?;
//! let h = 1e-6;
//! let moved = |d: f64| { let mut x = x; x[3] += d; roughness(&x) };
//! assert!((g[3] - (moved(h) - moved(-h)) / (2.0 * h)).abs() < 1e-6);
//! # Ok::<(), cotangent::Error>(())
//! ```

pub use cotangent_core::stage::fft::{fft, fft2, ifft, ifft2, irfft, rfft};
