//! A network of two convolutions for one image, the same for a batch written by hand, and data for both.

use cotangent::{Options, Result, differentiable, each, shared};

/// Two convolutions of 3 by 3 and a sum with weights, of one image of 12 by 12.
#[differentiable]
pub fn network(image: &[f64], k1: &[f64], k2: &[f64], w: &[f64]) -> f64 {
    let mut a = vec![0.0; 100];
    for i in 0..10 {
        for j in 0..10 {
            let mut s = 0.0;
            for p in 0..3 {
                for q in 0..3 {
                    s += image[(i + p) * 12 + j + q] * k1[p * 3 + q];
                }
            }
            a[i * 10 + j] = if s > 0.0 { s } else { 0.1 * s };
        }
    }
    let mut y = 0.0;
    for i in 0..8 {
        for j in 0..8 {
            let mut s = 0.0;
            for p in 0..3 {
                for q in 0..3 {
                    s += a[(i + p) * 10 + j + q] * k2[p * 3 + q];
                }
            }
            if s > 0.0 {
                y += s * w[i * 8 + j];
            }
        }
    }
    y
}

/// The same of a batch, by hand.
#[differentiable]
pub fn network_by_hand(images: &[f64], n: usize, k1: &[f64], k2: &[f64], w: &[f64]) -> Vec<f64> {
    let mut ys = vec![0.0; n];
    let mut a = vec![0.0; 100];
    for l in 0..n {
        for i in 0..10 {
            for j in 0..10 {
                let mut s = 0.0;
                for p in 0..3 {
                    for q in 0..3 {
                        s += images[l * 144 + (i + p) * 12 + j + q] * k1[p * 3 + q];
                    }
                }
                a[i * 10 + j] = if s > 0.0 { s } else { 0.1 * s };
            }
        }
        let mut y = 0.0;
        for i in 0..8 {
            for j in 0..8 {
                let mut s = 0.0;
                for p in 0..3 {
                    for q in 0..3 {
                        s += a[(i + p) * 10 + j + q] * k2[p * 3 + q];
                    }
                }
                if s > 0.0 {
                    y += s * w[i * 8 + j];
                }
            }
        }
        ys[l] = y;
    }
    ys
}

/// Images, the same one after another, kernels and weights.
pub struct Data {
    pub images: Vec<Vec<f64>>,
    flat: Vec<f64>,
    k1: Vec<f64>,
    k2: Vec<f64>,
    w: Vec<f64>,
}

impl Data {
    pub fn new(n: usize) -> Data {
        let wave =
            |n: usize, k: f64| -> Vec<f64> { (0..n).map(|i| (i as f64 * k).sin()).collect() };
        let images: Vec<Vec<f64>> = (0..n).map(|l| wave(144, 0.1 + 0.01 * l as f64)).collect();
        Data {
            flat: images.concat(),
            images,
            k1: wave(9, 0.9),
            k2: wave(9, 1.7),
            w: wave(64, 0.3),
        }
    }
    /// The function of one image, for all of them.
    pub fn batch(&self, o: &Options) -> Result<Vec<f64>> {
        let batch = (
            each(&self.images),
            shared(&self.k1),
            shared(&self.k2),
            shared(&self.w),
        );
        network::with(o).vmap(batch)
    }
    /// The function of all images.
    pub fn by_hand(&self, o: &Options) -> Result<Vec<f64>> {
        let n = self.images.len();
        let args = (&self.flat[..], n, &self.k1[..], &self.k2[..], &self.w[..]);
        network_by_hand::with(o).call(args)
    }
    /// Of one image, in plain Rust.
    pub fn of(&self, image: &[f64]) -> f64 {
        network(image, &self.k1, &self.k2, &self.w)
    }
}
