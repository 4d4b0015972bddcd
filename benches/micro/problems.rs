//! The micro problems as a user writes them: plain Rust with the attribute. What rustc makes of the same functions is the primal they
//! are compared with; `by_hand` has the gradients that a careful person writes.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over indices are what is measured"
)]

use cotangent::{Differentiable, differentiable};

/// The call alone: hardly anything to compute.
#[differentiable]
pub fn square(x: f64) -> f64 {
    x * x
}

/// `SinCos`.
#[differentiable]
pub fn sincos(x: f64) -> f64 {
    x.cos().sin()
}

/// `Loop`: a power of a sine, by multiplication.
#[differentiable]
pub fn sine_power(x: f64, n: usize) -> f64 {
    let mut r = 1.0;
    for _ in 0..n {
        r *= x.sin();
    }
    r
}

/// A power by multiplication: one operation an iteration.
#[differentiable]
pub fn power(x: f64, n: usize) -> f64 {
    let mut r = 1.0;
    for _ in 0..n {
        r *= x;
    }
    r
}

/// A chain of sines, each of the one before.
#[differentiable]
pub fn sinmul(x: f64, n: usize) -> f64 {
    let mut r = x;
    for _ in 0..n {
        r = (r * x).sin();
    }
    r
}

/// `LogSumExp`, shifted by the largest element.
#[differentiable]
pub fn logsumexp(x: &[f64]) -> f64 {
    let mut largest = f64::NEG_INFINITY;
    for &v in x {
        largest = largest.max(v);
    }
    let mut sum = 0.0;
    for &v in x {
        sum += (v - largest).exp();
    }
    largest + sum.ln()
}

/// Elementwise steps, each an array of its own, and a sum.
#[differentiable]
pub fn maps(x: &[f64], c: f64) -> f64 {
    let a: Vec<f64> = x.iter().map(|x| x * c + 1.0).collect();
    let mut b = vec![0.0; x.len()];
    for i in 0..x.len() {
        b[i] = a[i] * a[i] - x[i];
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += b[i] * a[i];
    }
    sum
}

/// The logistic function.
#[differentiable]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Logistic regression: the sum of `sigmoid(W x + b)`, `W` row by row.
#[differentiable]
pub fn logistic(w: &[f64], b: &[f64], x: &[f64]) -> f64 {
    let n = x.len();
    let mut sum = 0.0;
    for i in 0..b.len() {
        let mut z = b[i];
        for j in 0..n {
            z += w[i * n + j] * x[j];
        }
        sum += sigmoid(z);
    }
    sum
}

/// Parameters of logistic regression.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Logistic {
    /// One for each feature.
    pub weights: Vec<f64>,
    /// The offset.
    pub bias: f64,
}

/// Logistic regression on labelled data: the mean of `ln(1 + exp(z)) - y z`, where `z = X w + b`.
#[differentiable]
pub fn logistic_loss(m: &Logistic, x: &[f64], y: &[f64]) -> f64 {
    let n = m.weights.len();
    let mut sum = 0.0;
    for i in 0..y.len() {
        let mut z = m.bias;
        for j in 0..n {
            z += x[i * n + j] * m.weights[j];
        }
        sum += z.exp().ln_1p() - y[i] * z;
    }
    sum / y.len() as f64
}

/// A network of two dense layers; matrices row by row.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Mlp {
    /// First matrix.
    pub w1: Vec<f32>,
    /// First bias.
    pub b1: Vec<f32>,
    /// Second matrix.
    pub w2: Vec<f32>,
    /// Second bias.
    pub b2: Vec<f32>,
}

/// `w x + b`.
#[differentiable]
pub fn dense(w: &[f32], b: &[f32], x: &[f32]) -> Vec<f32> {
    let n = x.len();
    let mut out = b.to_vec();
    for i in 0..b.len() {
        let mut sum = 0.0;
        for j in 0..n {
            sum += w[i * n + j] * x[j];
        }
        out[i] += sum;
    }
    out
}

/// Cross-entropy of the softmax of the network's output.
#[differentiable]
pub fn mlp(m: &Mlp, x: &[f32], label: usize) -> f32 {
    let mut hidden = dense(&m.w1, &m.b1, x);
    for i in 0..hidden.len() {
        hidden[i] = hidden[i].max(0.0);
    }
    let out = dense(&m.w2, &m.b2, &hidden);
    let mut largest = f32::NEG_INFINITY;
    for i in 0..out.len() {
        largest = largest.max(out[i]);
    }
    let mut sum = 0.0;
    for i in 0..out.len() {
        sum += (out[i] - largest).exp();
    }
    largest + sum.ln() - out[label]
}

/// An LSTM cell from 4 to 4: input, forget, change and output gate, four rows each.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Cell {
    /// Weights of the input.
    pub input: [[f64; 4]; 16],
    /// Weights of the hidden state.
    pub hidden: [[f64; 4]; 16],
    /// Biases.
    pub bias: [f64; 16],
    /// The hidden state at the start.
    pub h: [f64; 4],
    /// The cell state at the start.
    pub c: [f64; 4],
}

/// What the gates of a cell see.
#[differentiable]
pub fn gates(m: &Cell, x: &[f64; 4], h: &[f64; 4]) -> [f64; 16] {
    let mut g = m.bias;
    for i in 0..16 {
        for j in 0..4 {
            g[i] += m.input[i][j] * x[j] + m.hidden[i][j] * h[j];
        }
    }
    g
}

/// Stacked LSTM cells, whose output is their next input, four times; the sum of the last output.
#[differentiable]
pub fn lstm(cells: &[Cell], x: &[f64; 4]) -> f64 {
    let layers = cells.len();
    let mut h = vec![[0.0; 4]; layers];
    let mut c = vec![[0.0; 4]; layers];
    for l in 0..layers {
        h[l] = cells[l].h;
        c[l] = cells[l].c;
    }
    let mut x = *x;
    for _ in 0..4 {
        for l in 0..layers {
            let g = gates(&cells[l], &x, &h[l]);
            for i in 0..4 {
                c[l][i] = sigmoid(g[4 + i]) * c[l][i] + sigmoid(g[i]) * g[8 + i].tanh();
                h[l][i] = sigmoid(g[12 + i]) * c[l][i].tanh();
            }
            x = h[l];
        }
    }
    x[0] + x[1] + x[2] + x[3]
}
