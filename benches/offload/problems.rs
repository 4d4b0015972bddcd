//! What is measured: a function, its arguments, of which the first is what the gradient is of.

use crate::gmm::{Mixture, Wishart, log_posterior};
use crate::models::{Block, Reader, classify, foretell, transform};
use crate::simulator::{Shot, distance};
use cotangent::core::stage::data::{Datum, flatten};
use cotangent::core::value::{Tensor as Array, Val};
use cotangent::{Function, Options, Tensor, Wrt};
use cotangent_models::Key;
use cotangent_models::zoo::vgg19;
use cotangent_xla::emit::{self, marshal};
use cotangent_xla::whole::{self, Gradient, Whole};

/// A row of the table. Names and sizes are those of `benches/peers/jax_offload.py`.
pub struct Problem {
    pub name: &'static str,
    pub make: fn() -> Result<Program, String>,
    /// Only when it is asked for.
    pub large: bool,
    /// How far results may differ, by the greatest number of each.
    pub tolerance: f64,
}

/// All of them.
pub const PROBLEMS: &[Problem] = &[
    small("vgg19-64", || images(2, 64, 1000), 2e-3),
    Problem {
        large: true,
        ..small("vgg19-224", || images(1, 224, 1000), 2e-3)
    },
    small("lstm", || sequence(64, 32, 64, 128), 1e-3),
    small("gpt", || texts(4, 128, 256), 1e-3),
    small("gmm-d10", || mixture(1000, 10, 25), 1e-9),
    small("gmm-d32", || mixture(1000, 32, 25), 1e-9),
    small("trebuchet", shot, 1e-7),
];

const fn small(
    name: &'static str,
    make: fn() -> Result<Program, String>,
    tolerance: f64,
) -> Problem {
    Problem {
        name,
        make,
        large: false,
        tolerance,
    }
}

/// Our text, and arguments.
pub struct Program {
    pub text: String,
    pub arguments: Vec<Array>,
}

/// The value and gradient of a function with respect to its first argument.
fn program(f: cotangent::Result<Function>, values: Vec<Val>) -> Result<Program, String> {
    let f = f.map_err(|e| e.to_string())?;
    let (module, func) = f.module();
    let mut layouts = Vec::new();
    let mut arguments = Vec::new();
    for (v, ty) in values.iter().zip(f.params()) {
        let layout = marshal::layout_of(v, ty).ok_or("an argument has no layout")?;
        arguments.extend(marshal::pack(v, ty, &layout).ok_or("an argument is of no layout")?);
        layouts.push(layout);
    }
    let what = Whole {
        func,
        args: &layouts,
        gradient: Some(Gradient {
            wrt: &f.params_of(&Wrt::Argument(0)),
            slots: 32,
        }),
        options: emit::Options::default(),
    };
    let written = whole::write(module, &what).map_err(|e| e.to_string())?;
    Ok(Program {
        text: written.text,
        arguments,
    })
}

/// The leaves of arguments in order.
fn leaves(of: &[&dyn Leaves]) -> Vec<Val> {
    of.iter().flat_map(|d| d.leaves()).collect()
}

trait Leaves {
    fn leaves(&self) -> Vec<Val>;
}
impl<D: Datum> Leaves for D {
    fn leaves(&self) -> Vec<Val> {
        flatten(self)
    }
}

/// Random numbers with a mean of 0, one after another.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let key = Key::new(seed);
    let mut i = 0;
    move || {
        i += 1;
        key.uniform(i) - 0.5
    }
}

fn floats<const N: usize>(shape: [usize; N], seed: u64) -> Tensor<f32, N> {
    let mut next = numbers(seed);
    Tensor::from_fn(shape, |_| next() as f32)
}

fn images(batch: usize, size: usize, classes: usize) -> Result<Program, String> {
    let net = vgg19(classes, size, Key::new(19));
    let x = floats([batch, size, size, 3], 1);
    let labels: Vec<usize> = (0..batch).map(|n| 7 * n % classes).collect();
    let f = classify::with(&Options::new()).function();
    program(f, leaves(&[&net, &x, &labels]))
}

fn sequence(time: usize, batch: usize, inputs: usize, hidden: usize) -> Result<Program, String> {
    let net = Reader::new(inputs, hidden, Key::new(1));
    let xs: Vec<Tensor<f32, 2>> = (0..time as u64)
        .map(|t| floats([batch, inputs], 2 + t))
        .collect();
    let labels: Vec<Vec<usize>> = (0..time)
        .map(|t| (0..batch).map(|b| (3 * t + 5 * b) % inputs).collect())
        .collect();
    let f = foretell::with(&Options::new()).function();
    program(f, leaves(&[&net, &xs, &labels]))
}

fn texts(batch: usize, time: usize, width: usize) -> Result<Program, String> {
    let net = Block::new(width, Key::new(2));
    let shape = [batch, time, width];
    let f = transform::with(&Options::new()).function();
    program(f, leaves(&[&net, &floats(shape, 3), &floats(shape, 4)]))
}

fn mixture(n: usize, d: usize, k: usize) -> Result<Program, String> {
    let many = |n: usize, seed| {
        let mut next = numbers(seed);
        (0..n).map(|_| next()).collect::<Vec<f64>>()
    };
    let mixture = Mixture {
        alphas: many(k, 1),
        means: many(k * d, 2),
        factors: many(k * d * (d + 1) / 2, 3),
    };
    let prior = Wishart { gamma: 1.0, m: 0 };
    let f = log_posterior::with(&Options::new()).function();
    program(f, leaves(&[&mixture, &many(n * d, 4), &prior]))
}

fn shot() -> Result<Program, String> {
    let shot = Shot {
        wind: 3.0,
        angle: 45.0,
        weight: 210.0,
    };
    program(distance::with(&Options::new()).function(), leaves(&[&shot]))
}
