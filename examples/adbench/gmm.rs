//! Gaussian mixture model: the log-posterior of its parameters given points and a Wishart prior.
//!
//! Start at [`log_posterior`]. Every inverse covariance is given by a factor `Q`: first the `d` logarithms of
//! its diagonal, then the entries below the diagonal, column by column. All tables are flat, one row per
//! component or point. The caller makes sure that the lengths fit together (the file reader does).

#![allow(
    clippy::needless_range_loop,
    reason = "index loops are what this example is about"
)]

use cotangent::{Differentiable, differentiable};
use std::f64::consts::{LN_2, PI};

/// The parameters: what the derivative is taken with respect to.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Mixture {
    /// Logarithms of the unnormalised weights, one per component.
    pub alphas: Vec<f64>,
    /// Means, `d` per component.
    pub means: Vec<f64>,
    /// Inverse covariance factors, `d (d + 1) / 2` per component.
    pub factors: Vec<f64>,
}

/// The prior on the covariances.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Wishart {
    /// Scale of the prior's precision.
    pub gamma: f64,
    /// Degrees of freedom beyond the smallest possible number.
    pub m: i64,
}

/// The log-posterior of a mixture given `points` (`d` numbers each).
#[differentiable]
pub fn log_posterior(mixture: &Mixture, points: &[f64], prior: &Wishart) -> f64 {
    let k = mixture.alphas.len();
    let d = mixture.means.len() / k;
    let n = points.len() / d;
    let factor_len = d * (d + 1) / 2;

    let mut log_dets = vec![0.0; k];
    let mut diagonals = vec![0.0; k * d];
    for c in 0..k {
        for j in 0..d {
            let q = mixture.factors[c * factor_len + j];
            log_dets[c] += q;
            diagonals[c * d + j] = q.exp();
        }
    }

    let mut centred = vec![0.0; d];
    let mut scaled = vec![0.0; d];
    let mut terms = vec![0.0; k];
    let mut total = 0.0;
    for i in 0..n {
        for c in 0..k {
            for j in 0..d {
                centred[j] = points[i * d + j] - mixture.means[c * d + j];
            }
            multiply_factor(
                &diagonals[c * d..(c + 1) * d],
                &mixture.factors[c * factor_len + d..(c + 1) * factor_len],
                &centred,
                &mut scaled,
            );
            terms[c] = mixture.alphas[c] + log_dets[c] - 0.5 * sum_of_squares(&scaled);
        }
        total += log_sum_exp(&terms);
    }

    let constant = -0.5 * (n * d) as f64 * (2.0 * PI).ln();
    let mut prior_total = 0.0;
    for c in 0..k {
        let squares = sum_of_squares(&diagonals[c * d..(c + 1) * d])
            + sum_of_squares(&mixture.factors[c * factor_len + d..(c + 1) * factor_len]);
        prior_total += 0.5 * prior.gamma * prior.gamma * squares - prior.m as f64 * log_dets[c];
    }
    constant + total - n as f64 * log_sum_exp(&mixture.alphas) + prior_total
        - k as f64 * wishart_log_norm(d, prior.gamma, prior.m)
}

/// `out = Q x`, with the diagonal of `Q` and its entries below the diagonal, column by column.
#[differentiable]
pub fn multiply_factor(diagonal: &[f64], lower: &[f64], x: &[f64], out: &mut [f64]) {
    let d = x.len();
    for j in 0..d {
        out[j] = diagonal[j] * x[j];
    }
    let mut next = 0;
    for column in 0..d {
        for row in column + 1..d {
            out[row] += lower[next] * x[column];
            next += 1;
        }
    }
}

/// The logarithm of a sum of exponentials, safe against overflow.
#[differentiable]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let mut largest = x[0];
    for i in 1..x.len() {
        if x[i] > largest {
            largest = x[i];
        }
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (x[i] - largest).exp();
    }
    sum.ln() + largest
}

/// Sum of the squares of the entries.
#[differentiable]
pub fn sum_of_squares(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum
}

/// The logarithm of the prior's norming constant for one component.
#[differentiable]
pub fn wishart_log_norm(d: usize, gamma: f64, m: i64) -> f64 {
    let freedom = d as f64 + m as f64 + 1.0;
    freedom * d as f64 * (gamma.ln() - 0.5 * LN_2) - log_gamma_of_dimension(0.5 * freedom, d)
}

/// The logarithm of the `d`-dimensional gamma function.
#[differentiable]
pub fn log_gamma_of_dimension(a: f64, d: usize) -> f64 {
    let mut out = 0.25 * (d * (d - 1)) as f64 * PI.ln();
    for j in 0..d {
        out += log_gamma(a - 0.5 * j as f64);
    }
    out
}

/// The logarithm of the gamma function for positive `x`: the recurrence up to 12, then Stirling's series.
#[differentiable]
pub fn log_gamma(x: f64) -> f64 {
    let mut shift = 0.0;
    let mut z = x;
    while z < 12.0 {
        shift += z.ln();
        z += 1.0;
    }
    let w = 1.0 / (z * z);
    let series =
        (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0)))) / z;
    (z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln() + series - shift
}
