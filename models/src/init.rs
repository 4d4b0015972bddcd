//! First parameters. Random numbers come from a [`Key`] alone: the same key, the same numbers, on any machine and in any order.

use cotangent::Tensor;
use cotangent::core::ops::random::threefry2x32;

/// What random numbers are made of.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Key([u32; 2]);

impl Key {
    /// The key of a seed.
    pub fn new(seed: u64) -> Key {
        Key([(seed >> 32) as u32, seed as u32])
    }
    /// Another key for each number.
    pub fn split(self, n: u64) -> Key {
        Key(threefry2x32(self.0, [(n >> 32) as u32, n as u32]))
    }
    /// The key as a number, for layers that are random when they run ([`Dropout`](crate::layers::Dropout)).
    pub fn bits(self) -> u64 {
        u64::from(self.0[0]) << 32 | u64::from(self.0[1])
    }
    /// The `i`-th of uniform numbers in `[0, 1)`.
    pub fn uniform(self, i: u64) -> f64 {
        let Key([a, b]) = self.split(i);
        let bits = u64::from(a) << 21 ^ u64::from(b) >> 11;
        (bits & ((1 << 53) - 1)) as f64 / (1u64 << 53) as f64
    }
    /// The `i`-th of normally distributed numbers (Box and Muller).
    pub fn normal(self, i: u64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform(2 * i)).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform(2 * i + 1)).cos()
    }
}

/// Elements of a tensor by their number.
fn by_number<const N: usize>(shape: [usize; N], f: impl Fn(u64) -> f64) -> Tensor<f32, N> {
    let mut i = 0;
    Tensor::from_fn(shape, |_| {
        i += 1;
        f(i - 1) as f32
    })
}

/// Uniform, so that as much comes out of a layer of `from` and `to` numbers as goes in and back (Glorot and Bengio 2010).
pub fn glorot<const N: usize>(
    shape: [usize; N],
    (from, to): (usize, usize),
    key: Key,
) -> Tensor<f32, N> {
    let most = (6.0 / (from + to) as f64).sqrt();
    by_number(shape, |i| most * (2.0 * key.uniform(i) - 1.0))
}

/// Normal, so that as much comes out of a layer of `from` numbers and a ReLU as goes in (He and others 2015).
pub fn he<const N: usize>(shape: [usize; N], from: usize, key: Key) -> Tensor<f32, N> {
    let deviation = (2.0 / from as f64).sqrt();
    by_number(shape, |i| deviation * key.normal(i))
}
