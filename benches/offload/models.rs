//! The models of the benchmark: losses of plain Rust. JAX's programs for the same are made by `benches/peers/jax_offload.py`.

use cotangent::{Differentiable, Tensor, differentiable};
use cotangent_models::init::glorot;
use cotangent_models::layers::{Dense, Layer, Layer__Staged};
use cotangent_models::zoo::Vgg19;
use cotangent_models::{Key, Lstm, loss};

/// VGG19 and cross entropy.
#[differentiable]
pub fn classify(net: &Vgg19, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

/// A layer with a memory, and a dense layer on what it shows.
#[derive(Clone, Debug, Differentiable)]
pub struct Reader {
    /// The memory.
    pub cell: Lstm,
    /// To what comes next.
    pub say: Dense,
}

impl Reader {
    /// With random weights.
    pub fn new(inputs: usize, hidden: usize, key: Key) -> Reader {
        Reader {
            cell: Lstm::new(inputs, hidden, key.split(1)),
            say: Dense::new(hidden, inputs, key.split(2)),
        }
    }
}

/// How badly a sequence is foretold: the mean cross entropy over its steps.
#[differentiable]
pub fn foretell(net: &Reader, xs: &[Tensor<f32, 2>], labels: &[Vec<usize>]) -> f32 {
    let mut memory = net.cell.blank(xs[0].extent(0));
    let mut sum = 0.0;
    for t in 0..xs.len() {
        memory = net.cell.step(&xs[t], &memory);
        let y = memory
            .shown
            .matmul(&net.say.weights)
            .add_bias(&net.say.bias);
        sum += y.log_softmax().pick_loss(&labels[t]);
    }
    sum / xs.len() as f32
}

/// A block of a transformer that looks back only (Radford and others 2019).
#[derive(Clone, Debug, Differentiable)]
pub struct Block {
    /// Of the normalisation before attention.
    pub scale1: Vec<f32>,
    /// See above.
    pub bias1: Vec<f32>,
    /// To queries, keys and values.
    pub look: Tensor<f32, 2>,
    /// From what the heads have seen.
    pub gather: Tensor<f32, 2>,
    /// Of the normalisation before the dense layers.
    pub scale2: Vec<f32>,
    /// See above.
    pub bias2: Vec<f32>,
    /// The first dense layer.
    pub up: Tensor<f32, 2>,
    /// See above.
    pub up_bias: Vec<f32>,
    /// The second dense layer.
    pub down: Tensor<f32, 2>,
    /// See above.
    pub down_bias: Vec<f32>,
}

impl Block {
    /// With random weights.
    pub fn new(width: usize, key: Key) -> Block {
        let dense = |from, to, n| glorot([from, to], (from, to), key.split(n));
        Block {
            scale1: vec![1.0; width],
            bias1: vec![0.0; width],
            look: dense(width, 3 * width, 1),
            gather: dense(width, width, 2),
            scale2: vec![1.0; width],
            bias2: vec![0.0; width],
            up: dense(width, 4 * width, 3),
            up_bias: vec![0.0; 4 * width],
            down: dense(4 * width, width, 4),
            down_bias: vec![0.0; width],
        }
    }
}

/// How many heads look.
pub const HEADS: usize = 8;

/// Rows of words to queries, keys or values, a matrix for each text and head.
#[differentiable]
fn heads(rows: &Tensor<f32, 2>, batch: usize, time: usize) -> Tensor<f32, 4> {
    rows.reshape([batch, time, HEADS, rows.extent(1) / HEADS])
        .swap_axes(1, 2)
}

/// The mean square of what the block makes of texts, less a target.
#[differentiable]
pub fn transform(net: &Block, x: &Tensor<f32, 3>, target: &Tensor<f32, 3>) -> f32 {
    let (batch, time, width) = (x.extent(0), x.extent(1), x.extent(2));
    let rows = x.reshape([batch * time, width]);
    let seen = rows
        .normalized(1e-5)
        .scale_features(&net.scale1)
        .add_bias(&net.bias1);
    let seen = seen.matmul(&net.look);
    let q = heads(&seen.part(0, 3), batch, time);
    let k = heads(&seen.part(1, 3), batch, time);
    let v = heads(&seen.part(2, 3), batch, time);
    let near = 1.0 / ((width / HEADS) as f32).sqrt();
    let weights = q.matmul(&k.swap_axes(2, 3)).scale(near).causal().softmax();
    let found = weights
        .matmul(&v)
        .swap_axes(1, 2)
        .reshape([batch * time, width]);
    let rows = rows.plus(&found.matmul(&net.gather));
    let inner = rows
        .normalized(1e-5)
        .scale_features(&net.scale2)
        .add_bias(&net.bias2);
    let inner = inner.matmul(&net.up).add_bias(&net.up_bias).gelu();
    let rows = rows.plus(&inner.matmul(&net.down).add_bias(&net.down_bias));
    rows.minus(&target.reshape([batch * time, width]))
        .square()
        .mean()
}
