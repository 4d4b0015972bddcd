//! Layers with a memory: what they make of a step depends on the steps before.

use crate::init::{Key, glorot};
use cotangent::{Differentiable, Tensor, differentiable};

/// Long short-term memory (S. Hochreiter and J. Schmidhuber, 1997; the gate that forgets by F. Gers and others, 2000): with `x` what is read
/// and `(h, c)` the memory,
///
/// ```text
/// i, f, g, o = x read + h remember + bias
/// c' = sigmoid(f) c + sigmoid(i) tanh(g)
/// h' = sigmoid(o) tanh(c')
/// ```
///
/// ```
/// use cotangent::Tensor;
/// use cotangent_models::{Key, Lstm};
///
/// let layer = Lstm::new(3, 8, Key::new(1));
/// let mut memory = layer.blank(2); // for a batch of two
/// for _ in 0..5 {
///     memory = layer.step(&Tensor::from_fn([2, 3], |[i, j]| (i + j) as f32), &memory);
/// }
/// assert_eq!(memory.shown.shape(), [2, 8]);
/// ```
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Lstm {
    /// `[inputs, 4 hidden]`, from what is read to the gates: input, forget, cell, output.
    pub read: Tensor<f32, 2>,
    /// `[hidden, 4 hidden]`, from what was shown to the gates.
    pub remember: Tensor<f32, 2>,
    /// `4 hidden` numbers.
    pub bias: Vec<f32>,
}

/// What an [`Lstm`] knows of the steps before, `[batch, hidden]` each.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Memory {
    /// What the next layer reads: `h`.
    pub shown: Tensor<f32, 2>,
    /// What is kept: `c`.
    pub kept: Tensor<f32, 2>,
}

impl Lstm {
    /// With random weights (Glorot), which forgets little at first.
    pub fn new(inputs: usize, hidden: usize, key: Key) -> Lstm {
        let dense = |from, n| glorot([from, 4 * hidden], (from, 4 * hidden), key.split(n));
        let mut bias = vec![0.0; 4 * hidden];
        bias[hidden..2 * hidden].fill(1.0);
        Lstm {
            read: dense(inputs, 1),
            remember: dense(hidden, 2),
            bias,
        }
    }
}

#[differentiable]
impl Lstm {
    /// The memory before the first step.
    pub fn blank(&self, batch: usize) -> Memory {
        let hidden = self.remember.extent(0);
        Memory {
            shown: Tensor::zeros([batch, hidden]),
            kept: Tensor::zeros([batch, hidden]),
        }
    }
    /// The memory after reading `x`, `[batch, inputs]`.
    pub fn step(&self, x: &Tensor<f32, 2>, memory: &Memory) -> Memory {
        let gates = x
            .matmul(&self.read)
            .plus(&memory.shown.matmul(&self.remember))
            .add_bias(&self.bias);
        let new = gates.part(0, 4).sigmoid().times(&gates.part(2, 4).tanh());
        let kept = gates.part(1, 4).sigmoid().times(&memory.kept).plus(&new);
        Memory {
            shown: gates.part(3, 4).sigmoid().times(&kept.tanh()),
            kept,
        }
    }
}
