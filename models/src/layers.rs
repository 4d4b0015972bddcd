//! Layers: structs whose floating-point fields are the parameters. [`Layer::apply`] is all that they do.
//!
//! What shapes a program (strides, padding, windows) is a constant of the type; what only changes numbers is a field.

use crate::init::{Key, glorot, he};
use cotangent::core::stage;
use cotangent::{Differentiable, Tensor, differentiable};

/// Something done to images `[batch, height, width, features]`.
#[differentiable]
pub trait Layer {
    /// What it makes of them.
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4>;
}

/// All numbers of an image to `bias.len()` numbers: `x weights + bias`.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Dense {
    /// `[from, to]`.
    pub weights: Tensor<f32, 2>,
    /// `to` numbers.
    pub bias: Vec<f32>,
}

impl Dense {
    /// With random weights (Glorot) and no bias.
    pub fn new(from: usize, to: usize, key: Key) -> Dense {
        Dense {
            weights: glorot([from, to], (from, to), key),
            bias: vec![0.0; to],
        }
    }
}

#[differentiable]
impl Layer for Dense {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        let y = x.rows().matmul(&self.weights).add_bias(&self.bias);
        y.reshape([y.extent(0), 1, 1, y.extent(1)])
    }
}

/// A convolution with windows every `STRIDE` pixels and `PAD` zeros around the image.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Conv<const STRIDE: usize, const PAD: usize> {
    /// `[height, width, from, to]`.
    pub kernel: Tensor<f32, 4>,
    /// `to` numbers.
    pub bias: Vec<f32>,
}

impl<const STRIDE: usize, const PAD: usize> Conv<STRIDE, PAD> {
    /// A kernel of `size` by `size`, random (He), and no bias.
    pub fn new(size: usize, from: usize, to: usize, key: Key) -> Self {
        Conv {
            kernel: he([size, size, from, to], size * size * from, key),
            bias: vec![0.0; to],
        }
    }
}

#[differentiable]
impl<const STRIDE: usize, const PAD: usize> Layer for Conv<STRIDE, PAD> {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        x.conv(&self.kernel, STRIDE, PAD).add_bias(&self.bias)
    }
}

macro_rules! without_parameters {
    ($($(#[$doc:meta])* $name:ident |$x:ident| $e:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
        pub struct $name {}

        impl $name {
            /// It has no parameters.
            pub fn new() -> $name {
                $name {}
            }
        }

        #[differentiable]
        impl Layer for $name {
            fn apply(&self, $x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
                $e
            }
        }
    )*};
}
without_parameters! {
    /// The greater of each number and 0.
    Relu |x| x.relu();
    /// The hyperbolic tangent of each number.
    Tanh |x| x.tanh();
    /// `1/(1 + e^-x)` of each number.
    Sigmoid |x| x.sigmoid();
    /// Positive numbers whose sum is 1, by pixel.
    Softmax |x| x.softmax();
}

/// Images to one pixel with all their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
pub struct Flatten {}

#[differentiable]
impl Layer for Flatten {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        let y = x.rows();
        y.reshape([y.extent(0), 1, 1, y.extent(1)])
    }
}

/// The greatest of each window of `SIZE` by `SIZE` pixels; windows are side by side.
#[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
pub struct MaxPool<const SIZE: usize> {}

#[differentiable]
impl<const SIZE: usize> Layer for MaxPool<SIZE> {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        x.max_pool(SIZE, SIZE)
    }
}

/// The mean of each window of `SIZE` by `SIZE` pixels; windows are side by side.
#[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
pub struct MeanPool<const SIZE: usize> {}

#[differentiable]
impl<const SIZE: usize> Layer for MeanPool<SIZE> {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        x.mean_pool(SIZE, SIZE)
    }
}

/// While it is active, numbers are 0 with the probability that `percent` says, and the others greater so that the mean stays. Which ones, the key
/// decides: give it another one for each step.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Dropout {
    /// Of a hundred numbers so many become 0.
    pub percent: u32,
    /// What decides which.
    pub key: u64,
    /// Whether anything is done: in training, not after.
    pub active: bool,
}

impl Dropout {
    /// Active.
    pub fn new(percent: u32, key: Key) -> Dropout {
        Dropout {
            percent,
            key: key.bits(),
            active: true,
        }
    }
}

#[differentiable]
impl Layer for Dropout {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        if self.active {
            x.dropout(self.percent as f32 / 100.0, self.key)
        } else {
            x.clone()
        }
    }
}

/// One layer after another. [`chain!`](crate::chain) makes one of several.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Chain<A, B> {
    /// What is done first.
    pub first: A,
    /// What is done to what that gives.
    pub rest: B,
}

impl<A: Layer, B: Layer> Layer for Chain<A, B> {
    fn apply(&self, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
        self.rest.apply(&self.first.apply(x))
    }
}

/// The proxy of an image.
type Image<'b> = stage::Ten<'b, f32, 4>;

/// The twin of the above by hand: the attribute takes the type parameters of an impl block for numbers.
impl<'b, A: Layer__Staged<'b>, B: Layer__Staged<'b>> Layer__Staged<'b> for Chain__Staged<'b, A, B> {
    fn __stager(self) -> stage::B<'b> {
        self.first.__stager()
    }
    fn apply(self, x: impl stage::AsVal<'b, Out = Image<'b>>) -> Image<'b> {
        self.rest.apply(self.first.apply(x))
    }
}

/// Layers one after another: `chain![a, b, c]` is `Chain { first: a, rest: Chain { first: b, rest: c } }`.
#[macro_export]
macro_rules! chain {
    ($last:expr $(,)?) => { $last };
    ($first:expr, $($rest:expr),+ $(,)?) => {
        $crate::layers::Chain { first: $first, rest: $crate::chain![$($rest),+] }
    };
}

/// The type that [`chain!`](crate::chain) makes of layers of these types.
#[macro_export]
macro_rules! Chain {
    ($last:ty $(,)?) => { $last };
    ($first:ty, $($rest:ty),+ $(,)?) => {
        $crate::layers::Chain<$first, $crate::Chain![$($rest),+]>
    };
}
