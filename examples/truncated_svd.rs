//! The leading singular values of a matrix by Lanczos's method, differentiated as the nested loops that it is.
//!
//! ```text
//! cargo run --release --example truncated_svd
//! ```
//!
//! [`lanczos`] (Golub and Kahan's bidiagonalisation, with reorthogonalisation) touches the matrix by products with vectors only; the singular values
//! of the small bidiagonal matrix that it gives are close to the largest ones of the large matrix after a few steps. The gradient of their sum,
//! taken through all of it, is known: the product of the singular vectors.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

#[path = "common/options.rs"]
mod options;

use clap::Parser;
use cotangent::{Differentiable, Matrix, differentiable, linalg};
use options::Options;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

/// `a right^T = left^T b`, where `b` has `diagonal` and, beside it, `beside`. The vectors are rows.
#[derive(Differentiable, Clone, Debug)]
pub struct Bidiagonal {
    /// The vectors on the side of the matrix's rows.
    pub left: Matrix,
    /// The vectors on the side of its columns.
    pub right: Matrix,
    /// The diagonal of the bidiagonal matrix.
    pub diagonal: Vec<f64>,
    /// What is right of each element of it.
    pub beside: Vec<f64>,
}

#[differentiable]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Takes what lies along the first `count` rows of `basis` out of `x`, twice where that was most of it.
#[differentiable]
fn orthogonalise(x: &mut [f64], basis: &Matrix, count: usize) {
    let before = norm(x);
    let mut again = true;
    let mut pass = 0;
    while again {
        for k in 0..count {
            let mut along = 0.0;
            for i in 0..x.len() {
                along += x[i] * basis[(k, i)];
            }
            for i in 0..x.len() {
                x[i] -= along * basis[(k, i)];
            }
        }
        pass += 1;
        again = pass < 2 && norm(x) < 0.7 * before;
    }
}

/// Golub and Kahan's bidiagonalisation, from a start vector.
#[differentiable]
pub fn lanczos(a: &Matrix, start: &[f64], steps: usize) -> Bidiagonal {
    let mut left = Matrix::zeros(steps, a.rows());
    let mut right = Matrix::zeros(steps, a.columns());
    let mut diagonal = vec![0.0; steps];
    let mut beside = vec![0.0; steps];
    let length = norm(start);
    let mut v: Vec<f64> = start.iter().map(|x| x / length).collect();
    for k in 0..steps {
        for j in 0..a.columns() {
            right[(k, j)] = v[j];
        }
        let mut u = a.times(&v);
        if k > 0 {
            for i in 0..a.rows() {
                u[i] -= beside[k - 1] * left[(k - 1, i)];
            }
        }
        orthogonalise(&mut u, &left, k);
        diagonal[k] = norm(&u);
        for i in 0..a.rows() {
            left[(k, i)] = u[i] / diagonal[k];
        }
        for j in 0..a.columns() {
            let mut s = 0.0;
            for i in 0..a.rows() {
                s += a[(i, j)] * left[(k, i)];
            }
            v[j] = s - diagonal[k] * v[j];
        }
        orthogonalise(&mut v, &right, k + 1);
        beside[k] = norm(&v);
        for j in 0..a.columns() {
            v[j] /= beside[k];
        }
    }
    Bidiagonal {
        left,
        right,
        diagonal,
        beside,
    }
}

/// The squares of the singular values of the bidiagonal matrix, ascending, and its right singular vectors.
#[differentiable]
fn spectrum(b: &Bidiagonal) -> (Vec<f64>, Matrix) {
    let n = b.diagonal.len();
    let mut square = Matrix::zeros(n, n);
    for k in 0..n {
        square[(k, k)] += b.diagonal[k] * b.diagonal[k];
        if k + 1 < n {
            square[(k + 1, k + 1)] += b.beside[k] * b.beside[k];
            square[(k, k + 1)] = b.diagonal[k] * b.beside[k];
            square[(k + 1, k)] = square[(k, k + 1)];
        }
    }
    linalg::eigh(&square)
}

/// The largest singular values, descending.
#[differentiable]
pub fn singular_values(a: &Matrix, start: &[f64], steps: usize, rank: usize) -> Vec<f64> {
    let (squares, _) = spectrum(&lanczos(a, start, steps));
    (0..rank).map(|k| squares[steps - 1 - k].sqrt()).collect()
}

/// The sum of the largest singular values.
#[differentiable]
pub fn leading_sum(a: &Matrix, start: &[f64], steps: usize, rank: usize) -> f64 {
    let mut sum = 0.0;
    for s in &singular_values(a, start, steps, rank) {
        sum += s;
    }
    sum
}

/// The matrix of that rank that is nearest to `a`: its part along the leading right singular vectors.
#[differentiable]
pub fn approximation(a: &Matrix, start: &[f64], steps: usize, rank: usize) -> Matrix {
    let b = lanczos(a, start, steps);
    let (_, vectors) = spectrum(&b);
    let mut leading = Matrix::zeros(steps, rank);
    for k in 0..rank {
        for i in 0..steps {
            leading[(i, k)] = vectors[(i, steps - 1 - k)];
        }
    }
    let y = b.right.transposed().dot(&leading);
    a.dot(&y).dot(&y.transposed())
}

/// A picture: two hills and a ridge.
pub fn picture(n: usize) -> Matrix {
    Matrix::from_fn(n, n, |i, j| {
        let (x, y) = (i as f64 / (n - 1) as f64, j as f64 / (n - 1) as f64);
        let hill = |a: f64, b: f64, w: f64| (-((x - a).powi(2) + (y - b).powi(2)) / w).exp();
        let ridge = (-((x - 0.8 * y - 0.1).powi(2)) / 0.004).exp();
        hill(0.25, 0.3, 0.02) + 0.8 * hill(0.7, 0.65, 0.05) + 0.4 * ridge
    })
}

/// The start vector of the method: nothing special.
pub fn start(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + 0.3 * ((i * i) as f64).sin()).collect()
}

/// All singular values and the product of the leading singular vectors, from the eigenvectors of the whole matrix.
pub fn by_eigenvectors(a: &Matrix, rank: usize) -> (Vec<f64>, Matrix) {
    let (squares, v) = linalg::eigh(&a.transposed().dot(a));
    let n = squares.len();
    let values: Vec<f64> = squares.iter().rev().map(|s| s.max(0.0).sqrt()).collect();
    let leading = Matrix::from_fn(n, rank, |i, k| v[(i, n - 1 - k)]);
    let scaled = Matrix::from_fn(n, rank, |i, k| leading[(i, k)] / values[k]);
    (values, a.dot(&scaled).dot(&leading.transposed()))
}

/// The greatest difference between two matrices.
fn distance(a: &Matrix, b: &Matrix) -> f64 {
    let pairs = a.as_slice().iter().zip(b.as_slice());
    pairs.map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

/// Truncated singular value decomposition by Lanczos's method, and its gradient.
#[derive(Parser, Debug)]
#[command(name = "truncated_svd")]
struct Arguments {
    /// Rows and columns of the matrix.
    #[arg(long, default_value_t = 24)]
    size: usize,
    /// Steps of the method.
    #[arg(long, default_value_t = 14)]
    steps: usize,
    /// How many singular values are kept.
    #[arg(long, default_value_t = 4)]
    rank: usize,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments {
        size,
        steps,
        rank,
        options,
    } = Arguments::parse();
    if !(1 <= rank && rank <= steps && steps < size) {
        return Err("1 <= rank <= steps < size".into());
    }
    options.start(|out| run(size, steps, rank, out))
}

/// Prints the singular values, the picture and its approximation, and how near the gradient is to what it should be.
pub fn run(
    size: usize,
    steps: usize,
    rank: usize,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let (a, start) = (picture(size), start(size));
    let began = Instant::now();
    let values = singular_values::call(&a, &start, steps, rank)?;
    let gradient = leading_sum::gradient_wrt::<0>(&a, &start, steps, rank)?;
    let seconds = began.elapsed().as_secs_f64();
    let near = approximation::call(&a, &start, steps, rank)?;
    let (exact, product) = by_eigenvectors(&a, rank);
    writeln!(out, "singular values of {size} x {size}, {steps} steps\n")?;
    writeln!(out, "        Lanczos          exact     error")?;
    for (s, e) in values.iter().zip(&exact) {
        writeln!(out, "{s:>15.10} {e:>14.10} {:>9.1e}", (s - e).abs())?;
    }
    writeln!(out, "\n{:<w$}   of rank {rank}", "the matrix", w = 2 * size)?;
    for i in 0..size {
        let line = |m: &Matrix| -> String {
            let shade = |x: &f64| {
                let level = (x.clamp(0.0, 0.999) * 5.0) as usize;
                [' ', '░', '▒', '▓', '█'][level]
            };
            m.row(i).iter().flat_map(|x| [shade(x); 2]).collect()
        };
        writeln!(out, "{}   {}", line(&a), line(&near))?;
    }
    let error = distance(&gradient, &product);
    let difference = Matrix::from_fn(size, size, |i, j| a[(i, j)] - near[(i, j)]);
    let frobenius = |m: &Matrix| norm(m.as_slice());
    let lost = frobenius(&difference) / frobenius(&a);
    let rest = norm(&exact[rank..]) / frobenius(&a);
    writeln!(
        out,
        "\nrelative error of the approximation {lost:.6}; the least there is {rest:.6}\n\
         the gradient of the sum differs from the product of singular vectors by {error:.1e}\n\
         values and gradient: {seconds:.3} s"
    )?;
    Ok(json!({
        "singular_values": values,
        "value_error": values.iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max),
        "gradient_error": error,
        "approximation_error": lost,
        "least_error": rest,
        "seconds": seconds,
    }))
}
