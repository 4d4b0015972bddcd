//! A network of fully connected layers, and its training.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

use super::adam::Adam;
use super::random::Random;
use cotangent::{Differentiable, differentiable};

/// A layer: a row of weights for each output.
#[derive(Clone, Debug, Differentiable)]
pub struct Layer {
    /// The weights.
    pub weights: Vec<f64>,
    /// The biases.
    pub bias: Vec<f64>,
}

/// The layers.
#[derive(Clone, Debug, Differentiable)]
pub struct Network {
    /// The layers, the first one first.
    pub layers: Vec<Layer>,
}

/// What a layer makes of its input.
#[differentiable]
pub fn dense(layer: &Layer, input: &[f64]) -> Vec<f64> {
    let mut output = layer.bias.clone();
    for i in 0..output.len() {
        for j in 0..input.len() {
            output[i] += layer.weights[i * input.len() + j] * input[j];
        }
    }
    output
}

/// What the network makes of its input; between two layers each number goes through a function.
#[differentiable]
pub fn evaluate(network: &Network, input: &[f64], between: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut signal = input.to_vec();
    let last = network.layers.len() - 1;
    for (i, layer) in network.layers.iter().enumerate() {
        signal = dense(layer, &signal);
        if i < last {
            for x in signal.iter_mut() {
                *x = between(*x);
            }
        }
    }
    signal
}

/// A network with layers of these sizes, with random weights.
pub fn random_network(sizes: &[usize], random: &mut Random) -> Network {
    let layer = |pair: &[usize]| {
        let most = (6.0 / (pair[0] + pair[1]) as f64).sqrt();
        let mut weight = || most * (2.0 * random.uniform() - 1.0);
        Layer {
            weights: (0..pair[0] * pair[1]).map(|_| weight()).collect(),
            bias: vec![0.0; pair[1]],
        }
    };
    Network {
        layers: sizes.windows(2).map(layer).collect(),
    }
}

/// Adam for a network.
#[derive(Clone, Debug)]
pub struct Trainer {
    layers: Vec<[Adam; 2]>,
}

impl Trainer {
    /// For networks of this form.
    pub fn new(rate: f64, network: &Network) -> Trainer {
        let adam = |n: usize| Adam::new(rate, n);
        let layers = network.layers.iter();
        Trainer {
            layers: layers
                .map(|l| [adam(l.weights.len()), adam(l.bias.len())])
                .collect(),
        }
    }

    /// Changes the learning rate.
    #[allow(dead_code, reason = "not every example does")]
    pub fn set_rate(&mut self, rate: f64) {
        for adam in self.layers.iter_mut().flatten() {
            adam.set_rate(rate);
        }
    }

    /// Moves the network one step against the gradient.
    pub fn step(&mut self, network: &mut Network, gradient: &Network) {
        let both = network.layers.iter_mut().zip(&gradient.layers);
        for ((layer, by), [weights, bias]) in both.zip(&mut self.layers) {
            weights.step(&mut layer.weights, &by.weights);
            bias.step(&mut layer.bias, &by.bias);
        }
    }
}
