//! What is made small.

use cotangent::{Tensor, differentiable};

/// The mean square of the differences.
#[differentiable]
pub fn mse(x: &Tensor<f32, 4>, y: &Tensor<f32, 4>) -> f32 {
    x.minus(y).square().mean()
}

/// Cross entropy: the mean, over the batch, of the negative logarithm of the probability that a softmax of the numbers gives the label.
#[differentiable]
pub fn cross_entropy(logits: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    logits.rows().log_softmax().pick_loss(labels)
}
