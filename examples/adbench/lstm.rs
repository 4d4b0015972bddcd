//! Diagonal LSTM: the loss of predicting every next character of a text.
//!
//! Start at [`loss`]. Layout of the flat tables, with `b` bits per character: a layer has `8 b` parameters
//! (weights of the forget, in, out and change gates, then their biases) and `2 b` numbers of state (hidden,
//! cell); the extra parameters are the input weight, output weight and output bias, `b` each. The caller makes
//! sure that the lengths fit together (the file reader does).

#![allow(
    clippy::needless_range_loop,
    reason = "index loops are what this example is about"
)]

use cotangent::{Differentiable, differentiable};

/// What the derivative is taken with respect to.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Parameters {
    /// Gates of the layers.
    pub main: Vec<f64>,
    /// Input weight, output weight, output bias.
    pub extra: Vec<f64>,
}

/// Mean loss over the characters of `text`, `bits` numbers each, from the second one on.
#[differentiable]
pub fn loss(parameters: &Parameters, state: &[f64], text: &[f64], bits: usize) -> f64 {
    let Parameters { main, extra } = parameters;
    let layers = state.len() / (2 * bits);
    let characters = text.len() / bits;
    // The state changes as the text is read; the caller's copy stays as it is.
    let mut state = state.to_vec();
    let mut signal = vec![0.0; bits];
    let mut total = 0.0;
    for t in 0..characters - 1 {
        for i in 0..bits {
            signal[i] = text[t * bits + i] * extra[i];
        }
        for layer in 0..layers {
            step_layer(
                &main[layer * 8 * bits..(layer + 1) * 8 * bits],
                &mut state[layer * 2 * bits..(layer + 1) * 2 * bits],
                &mut signal,
            );
        }
        for i in 0..bits {
            signal[i] = signal[i] * extra[bits + i] + extra[2 * bits + i];
        }
        let norm = log_two_plus_sum_exp(&signal);
        for i in 0..bits {
            total += text[(t + 1) * bits + i] * (signal[i] - norm);
        }
    }
    -total / (bits * (characters - 1)) as f64
}

/// One layer reads `signal`, changes its state, and leaves its output in `signal`.
#[differentiable]
pub fn step_layer(params: &[f64], state: &mut [f64], signal: &mut [f64]) {
    let b = signal.len();
    for i in 0..b {
        let hidden = state[i];
        let forget = sigmoid(signal[i] * params[i] + params[4 * b + i]);
        let ingate = sigmoid(hidden * params[b + i] + params[5 * b + i]);
        let outgate = sigmoid(signal[i] * params[2 * b + i] + params[6 * b + i]);
        let change = (hidden * params[3 * b + i] + params[7 * b + i]).tanh();
        state[b + i] = state[b + i] * forget + ingate * change;
        state[i] = outgate * state[b + i].tanh();
        signal[i] = state[i];
    }
}

/// The logistic function.
#[differentiable]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `log(2 + sum(exp(y)))`.
#[differentiable]
pub fn log_two_plus_sum_exp(y: &[f64]) -> f64 {
    let mut sum = 2.0;
    for v in y {
        sum += v.exp();
    }
    sum.ln()
}
