//! Small dense systems of linear equations, by elimination with partial pivoting: the same as [`linalg`](super) for sizes that are known when
//! programs are compiled, in plain annotated Rust, which compiled executors keep in registers. A singular matrix is no error here but a value
//! ([`Lu::singular`]), for solvers that can do something about it.
//!
//! [`solve`] has the rule `dx = A⁻¹ (db - dA x)`: reverse mode solves the transposed system once with the factors that are
//! there. [`solve_through`] is the same without a rule, so its derivative is that of every operation of the elimination.

#![allow(
    clippy::needless_range_loop,
    reason = "programs of numbers, as people write them"
)]

use crate::{Differentiable, differentiable};

/// A matrix as the product of a lower (with a diagonal of 1, not kept) and an upper triangle, after its rows were exchanged.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct Lu<const N: usize> {
    /// Both triangles.
    pub factors: [[f64; N]; N],
    /// Row `i` of the factors was row `rows[i]` of the matrix.
    pub rows: [usize; N],
    /// A pivot is zero or not a number: the matrix has no inverse.
    pub singular: bool,
}

/// Factors a matrix. One that is singular has `singular` set, and gives infinities or NaN where it is solved with.
#[differentiable]
pub fn lu<const N: usize>(matrix: [[f64; N]; N]) -> Lu<N> {
    let mut a = matrix;
    let mut rows = [0; N];
    for i in 0..N {
        rows[i] = i;
    }
    let mut singular = false;
    for k in 0..N {
        let mut best = k;
        for i in k + 1..N {
            if a[i][k].abs() > a[best][k].abs() {
                best = i;
            }
        }
        if best != k {
            a.swap(k, best);
            rows.swap(k, best);
        }
        let pivot = a[k][k];
        if pivot.is_nan() || pivot == 0.0 {
            singular = true;
        }
        for i in k + 1..N {
            let factor = a[i][k] / pivot;
            a[i][k] = factor;
            for j in k + 1..N {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    Lu {
        factors: a,
        rows,
        singular,
    }
}

/// The solution of a factored system.
#[differentiable]
pub fn lu_solve<const N: usize>(lu: Lu<N>, b: [f64; N]) -> [f64; N] {
    substitute(lu, |i| b[i])
}

/// The solution of a factored system whose right-hand side is a function. It is a part of the function that calls it, which a rule needs.
#[differentiable]
fn substitute<const N: usize>(lu: Lu<N>, b: impl Fn(usize) -> f64) -> [f64; N] {
    let mut x = [0.0; N];
    for i in 0..N {
        let mut sum = b(lu.rows[i]);
        for j in 0..i {
            sum -= lu.factors[i][j] * x[j];
        }
        x[i] = sum;
    }
    for back in 0..N {
        let i = N - 1 - back;
        let mut sum = x[i];
        for j in i + 1..N {
            sum -= lu.factors[i][j] * x[j];
        }
        x[i] = sum / lu.factors[i][i];
    }
    x
}

/// The solution of `matrix x = b`: infinities or NaN if there is none, or many.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::linalg::small;
/// #[differentiable]
/// fn first(a: f64) -> f64 {
///     small::solve([[a, 1.0], [1.0, 3.0]], [1.0, 2.0])[0]
/// }
/// // x = (3 - 2) / (3 a - 1)
/// assert!((first::gradient(2.0)? + 3.0 / 25.0).abs() < 1e-15);
/// # Ok::<(), cotangent::Error>(())
/// ```
#[differentiable(jvp = solve_jvp)]
pub fn solve<const N: usize>(matrix: [[f64; N]; N], b: [f64; N]) -> [f64; N] {
    lu_solve(lu(matrix), b)
}

/// The rule of [`solve`].
#[differentiable]
fn solve_jvp<const N: usize>(
    matrix: [[f64; N]; N],
    b: [f64; N],
    dmatrix: [[f64; N]; N],
    db: [f64; N],
) -> ([f64; N], [f64; N]) {
    let lu = lu(matrix);
    let x = lu_solve(lu, b);
    let mut right = db;
    for i in 0..N {
        for j in 0..N {
            right[i] -= dmatrix[i][j] * x[j];
        }
    }
    (x, substitute(lu, |i| right[i]))
}

/// As [`solve`], differentiated through the elimination.
#[differentiable]
pub fn solve_through<const N: usize>(matrix: [[f64; N]; N], b: [f64; N]) -> [f64; N] {
    lu_solve(lu(matrix), b)
}
