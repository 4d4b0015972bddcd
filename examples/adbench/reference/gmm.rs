//! The gradient of the mixture's log-posterior from its formulas: responsibilities times local gradients.

#![allow(
    clippy::needless_range_loop,
    reason = "written with the indices of the formulas"
)]

use super::super::gmm::{Mixture, Wishart, wishart_log_norm};
use std::f64::consts::PI;

/// The objective, and its gradient as a mixture.
pub fn value_and_gradient(mixture: &Mixture, points: &[f64], prior: &Wishart) -> (f64, Mixture) {
    let k = mixture.alphas.len();
    let d = mixture.means.len() / k;
    let n = points.len() / d;
    let lower_len = d * (d - 1) / 2;
    let factor_len = d + lower_len;
    let m = prior.m as f64;

    let mut gradient = Mixture {
        alphas: vec![0.0; k],
        means: vec![0.0; k * d],
        factors: vec![0.0; k * factor_len],
    };
    // Dense lower triangles, row by row: an arrangement unlike the objective's.
    let triangles: Vec<Vec<Vec<f64>>> = mixture
        .factors
        .chunks(factor_len)
        .map(|factor| lower_triangle(factor, d))
        .collect();
    let log_dets: Vec<f64> = mixture
        .factors
        .chunks(factor_len)
        .map(|factor| factor[..d].iter().sum())
        .collect();

    let mut value = -0.5 * (n * d) as f64 * (2.0 * PI).ln();
    for x in points.chunks(d) {
        let centred: Vec<Vec<f64>> = mixture
            .means
            .chunks(d)
            .map(|mean| x.iter().zip(mean).map(|(a, b)| a - b).collect())
            .collect();
        let scaled: Vec<Vec<f64>> = triangles
            .iter()
            .zip(&centred)
            .map(|(rows, x)| {
                rows.iter()
                    .map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum())
                    .collect()
            })
            .collect();
        let terms: Vec<f64> = (0..k)
            .map(|c| {
                mixture.alphas[c] + log_dets[c] - 0.5 * scaled[c].iter().map(|v| v * v).sum::<f64>()
            })
            .collect();
        let (log_sum, shares) = soft_max(&terms);
        value += log_sum;
        for c in 0..k {
            let share = shares[c];
            let base = c * factor_len;
            gradient.alphas[c] += share;
            for row in 0..d {
                for column in 0..=row {
                    gradient.means[c * d + column] +=
                        share * scaled[c][row] * triangles[c][row][column];
                }
                gradient.factors[base + row] +=
                    share * (1.0 - scaled[c][row] * triangles[c][row][row] * centred[c][row]);
                for column in 0..row {
                    gradient.factors[base + d + below(d, row, column)] -=
                        share * scaled[c][row] * centred[c][column];
                }
            }
        }
    }

    let (log_sum, weights) = soft_max(&mixture.alphas);
    value -= n as f64 * log_sum;
    for c in 0..k {
        gradient.alphas[c] -= n as f64 * weights[c];
    }
    let gamma2 = prior.gamma * prior.gamma;
    for c in 0..k {
        for j in 0..factor_len {
            let entry = mixture.factors[c * factor_len + j];
            let (square, slope) = if j < d {
                ((2.0 * entry).exp(), gamma2 * (2.0 * entry).exp() - m)
            } else {
                (entry * entry, gamma2 * entry)
            };
            value += 0.5 * gamma2 * square;
            gradient.factors[c * factor_len + j] += slope;
        }
        value -= m * log_dets[c];
    }
    value -= k as f64 * wishart_log_norm(d, prior.gamma, prior.m);
    (value, gradient)
}

/// Position of an entry below the diagonal in the column-by-column order.
fn below(d: usize, row: usize, column: usize) -> usize {
    // Columns before this one hold d-1, d-2, ... entries.
    column * (2 * d - column - 1) / 2 + (row - column - 1)
}

fn lower_triangle(factor: &[f64], d: usize) -> Vec<Vec<f64>> {
    (0..d)
        .map(|row| {
            (0..=row)
                .map(|column| {
                    if row == column {
                        factor[row].exp()
                    } else {
                        factor[d + below(d, row, column)]
                    }
                })
                .collect()
        })
        .collect()
}

/// The logarithm of the sum of exponentials, and its gradient.
fn soft_max(x: &[f64]) -> (f64, Vec<f64>) {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = x.iter().map(|v| (v - largest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    (
        largest + sum.ln(),
        exponentials.iter().map(|e| e / sum).collect(),
    )
}
