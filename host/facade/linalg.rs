//! Linear algebra, in plain functions and in annotated ones, where it has derivatives of any order: factorizations
//! ([`cholesky()`], [`lu()`], [`qr()`], [`eigh()`]), systems ([`solve()`], [`solve_lower()`], [`solve_upper()`]) and what is made of them
//! ([`inverse()`], [`det()`], [`sign_log_det()`]).
//!
//! A matrix is a [`Matrix`](crate::Matrix), `[[T; N]; M]`, `Vec<[T; N]>` or `Vec<Vec<T>>` of `f32`, `f64` or complex numbers; results are
//! [`Matrix`](crate::Matrix). What the functions are not defined for (not positive definite, singular, not square) panics in plain Rust, as an
//! index out of range does, and is an error of the run in a program. For a few equations whose number is known beforehand see [`small`].
//!
//! ```
//! use cotangent::{Matrix, differentiable, linalg};
//!
//! // The logarithm of the density of a normal distribution.
//! #[differentiable]
//! fn log_density(x: &[f64], covariance: &Matrix) -> f64 {
//!     let l = linalg::cholesky(covariance);
//!     let z = linalg::solve_lower(&l, x);
//!     let mut sum = 0.0;
//!     for i in 0..x.len() {
//!         sum += 0.5 * z[i] * z[i] + l[(i, i)].ln() + 0.5 * (2.0 * std::f64::consts::PI).ln();
//!     }
//!     -sum
//! }
//!
//! let c = Matrix::from([[2.0, 0.5], [0.5, 1.0]]);
//! let (dx, dc) = log_density::gradient(&[0.3, -0.7], &c)?;
//! // -c^-1 x
//! let x = linalg::solve(&c, &[0.3, -0.7]);
//! assert!((dx[0] + x[0]).abs() < 1e-12 && (dx[1] + x[1]).abs() < 1e-12);
//! // (c^-1 x x^T c^-1 - c^-1) / 2
//! let want = 0.5 * (x[0] * x[1] - linalg::inverse(&c)[(0, 1)]);
//! assert!((dc[(0, 1)] - want).abs() < 1e-12);
//!
//! let singular = Matrix::from([[1.0, 1.0], [1.0, 1.0]]);
//! let e = log_density::gradient(&[0.3, -0.7], &singular).unwrap_err().to_string();
//! assert!(e.contains("not positive definite"), "{e}");
//! # Ok::<(), cotangent::Error>(())
//! ```

pub mod small;

pub use cotangent_core::stage::linalg::{
    AsMatrix, Number, Rhs, cholesky, det, eigh, inverse, lu, qr, sign_log_det, solve, solve_lower,
    solve_upper,
};
