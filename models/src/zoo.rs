//! Whole models.

use crate::init::Key;
use crate::layers::{Conv, Dense, Flatten, MaxPool, Relu};
use crate::{Chain, chain};

/// A convolution of 3 by 3 that keeps the size of the image, and what follows it.
type Conv3 = Chain![Conv<1, 1>, Relu];
/// A dense layer, and what follows it.
type Hidden = Chain![Dense, Relu];

/// Sixteen convolutions and three dense layers (Simonyan and Zisserman 2014); see [`vgg19`].
pub type Vgg19 = Chain![
    Conv3,
    Conv3,
    MaxPool<2>,
    Conv3,
    Conv3,
    MaxPool<2>,
    Conv3,
    Conv3,
    Conv3,
    Conv3,
    MaxPool<2>,
    Conv3,
    Conv3,
    Conv3,
    Conv3,
    MaxPool<2>,
    Conv3,
    Conv3,
    Conv3,
    Conv3,
    MaxPool<2>,
    Flatten,
    Hidden,
    Hidden,
    Dense
];

/// VGG19 for images of `size` by `size` pixels of three colours (`size` at least 32): a number for each of so many classes, of which a softmax
/// makes probabilities. With 1000 classes and a size of 224 it has 143 667 240 parameters.
pub fn vgg19(classes: usize, size: usize, key: Key) -> Vgg19 {
    let mut next = 0;
    let mut key = || {
        next += 1;
        key.split(next)
    };
    let mut conv = |from, to| chain![Conv::new(3, from, to, key()), Relu::new()];
    let pool = MaxPool::default;
    chain![
        conv(3, 64),
        conv(64, 64),
        pool(),
        conv(64, 128),
        conv(128, 128),
        pool(),
        conv(128, 256),
        conv(256, 256),
        conv(256, 256),
        conv(256, 256),
        pool(),
        conv(256, 512),
        conv(512, 512),
        conv(512, 512),
        conv(512, 512),
        pool(),
        conv(512, 512),
        conv(512, 512),
        conv(512, 512),
        conv(512, 512),
        pool(),
        Flatten::default(),
        chain![
            Dense::new(512 * (size / 32).pow(2), 4096, key()),
            Relu::new()
        ],
        chain![Dense::new(4096, 4096, key()), Relu::new()],
        Dense::new(4096, classes, key()),
    ]
}

/// The extents of [`vgg19`]'s parameters, in order: of a kernel or matrix and of its bias for each layer. For who needs no more.
pub fn vgg19_extents(classes: usize, size: usize) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    let mut from = 3;
    for (layers, to) in [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)] {
        for _ in 0..layers {
            all.extend([vec![3, 3, from, to], vec![to]]);
            from = to;
        }
    }
    let flat = 512 * (size / 32).pow(2);
    for (from, to) in [(flat, 4096), (4096, 4096), (4096, classes)] {
        all.extend([vec![from, to], vec![to]]);
    }
    all
}
