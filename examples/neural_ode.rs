//! A neural differential equation: a network is the right-hand side, and is trained through the solver to make a spiral.
//!
//! ```text
//! cargo run --release --example neural_ode
//! ```
//!
//! The observations are of `y' = A y³`; the network sees `y³` and must find the rest ([`slope`]). The solver takes steps as large as the error
//! allows, and gives the states at the times of the observations ([`curve`]).

#[path = "common/adam.rs"]
mod adam;
#[path = "common/network.rs"]
pub mod network;
#[path = "common/options.rs"]
mod options;
#[path = "common/picture.rs"]
mod picture;
#[path = "common/plot.rs"]
mod plot;
#[path = "common/random.rs"]
pub mod random;

use clap::Parser;
use cotangent::differentiable;
use cotangent::solve::ode::{self, Adaptive};
use network::{Network, Trainer, evaluate, random_network};
use options::Options;
use plot::Plot;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where the spiral starts.
pub const START: [f64; 2] = [2.0, 0.0];
/// Numbers between the layers.
const HIDDEN: usize = 50;
/// Observations, over a time of 1.5.
const OBSERVATIONS: usize = 30;
/// How exact the solver is.
const HOW: Adaptive = Adaptive {
    relative: 1e-5,
    absolute: 1e-5,
    first: 0.0,
    steps: 10_000,
};

/// The equation behind the observations.
#[differentiable]
pub fn truth(y: [f64; 2]) -> [f64; 2] {
    let (a, b) = (y[0] * y[0] * y[0], y[1] * y[1] * y[1]);
    [-0.1 * a - 2.0 * b, 2.0 * a - 0.1 * b]
}

/// The equation as the network has it.
#[differentiable]
pub fn slope(network: &Network, y: [f64; 2]) -> [f64; 2] {
    let cubes = [y[0] * y[0] * y[0], y[1] * y[1] * y[1]];
    let out = evaluate(network, &cubes, |x| x.tanh());
    [out[0], out[1]]
}

/// The states at those times, as the network has it.
#[differentiable]
pub fn curve(network: &Network, times: &[f64]) -> Vec<[f64; 2]> {
    ode::tsit5_at(|_, y| slope(network, y), START, 0.0, times, HOW).unwrap()
}

/// The mean squared distance from the observations.
#[differentiable]
pub fn loss(network: &Network, times: &[f64], seen: &[[f64; 2]]) -> f64 {
    let found = curve(network, times);
    let mut sum = 0.0;
    for (a, b) in found.iter().zip(seen) {
        sum += (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    }
    sum / seen.len() as f64
}

/// The times of the observations.
pub fn times() -> Vec<f64> {
    let step = 1.5 / (OBSERVATIONS - 1) as f64;
    (0..OBSERVATIONS).map(|i| i as f64 * step).collect()
}

/// The states that the equation itself leads to.
pub fn observations(times: &[f64]) -> Vec<[f64; 2]> {
    let exact = Adaptive {
        relative: 1e-9,
        absolute: 1e-9,
        ..HOW
    };
    ode::tsit5_at(|_, y| truth(y), START, 0.0, times, exact).expect("a spiral to the middle")
}

/// An untrained network; the same for the same seed.
pub fn untrained(seed: u64) -> Network {
    let mut network = random_network(&[2, HIDDEN, 2], &mut Random(seed));
    // Slow at first: a network that runs away teaches nothing.
    for w in &mut network.layers[1].weights {
        *w *= 0.2;
    }
    network
}

/// Trains a network: the loss before each step, and at the end.
pub fn train(network: &mut Network, steps: usize) -> cotangent::Result<Vec<f64>> {
    let times = times();
    let seen = observations(&times);
    let mut trainer = Trainer::new(0.02, network);
    let mut history = Vec::new();
    for step in 0..steps {
        // Large steps first, small ones to end with.
        let part = step as f64 / steps as f64;
        trainer.set_rate(0.02 * (1.0 - part) + 0.002 * part);
        let (value, gradient) = loss::value_and_gradient_wrt::<0>(network, &times, &seen)?;
        history.push(value);
        trainer.step(network, &gradient);
    }
    history.push(loss::call(network, &times, &seen)?);
    Ok(history)
}

/// Trains the right-hand side of a differential equation.
#[derive(Parser, Debug)]
#[command(name = "neural_ode")]
struct Arguments {
    /// Steps of Adam.
    #[arg(long, default_value_t = 1000)]
    steps: usize,
    /// Of the untrained network.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the picture goes.
    #[arg(long, value_name = "FILE", default_value = "target/neural_ode.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    given
        .options
        .start(|out| run(given.steps, given.seed, &given.picture, out))
}

/// Prints the loss as it falls, and draws the spiral.
pub fn run(
    steps: usize,
    seed: u64,
    picture: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut network = untrained(seed);
    let fine: Vec<f64> = (0..300).map(|i| 1.5 * f64::from(i) / 299.0).collect();
    let before = curve(&network, &fine);
    let start = Instant::now();
    let history = train(&mut network, steps)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "step         loss")?;
    for (step, loss) in history.iter().enumerate() {
        if step % (steps / 20).max(1) == 0 || step == steps {
            writeln!(out, "{step:>4} {loss:>12.3e}")?;
        }
    }
    let after = curve(&network, &fine);
    let mut plot = Plot::new([-2.2, 2.2], [-2.2, 2.2]);
    plot.line("untrained", "#bbb", before.iter().map(|y| (y[0], y[1])));
    plot.line("trained", "#36c", after.iter().map(|y| (y[0], y[1])));
    let seen = observations(&times());
    plot.dots("observed", "#c33", seen.iter().map(|y| (y[0], y[1])));
    picture::save(
        picture,
        plot.svg("A neural differential equation").as_bytes(),
    )?;
    let (first, last) = (history[0], history[steps]);
    writeln!(
        out,
        "\nloss {first:.3} to {last:.3e} in {steps} steps, {seconds:.2} s; picture: {}",
        picture.display()
    )?;
    Ok(json!({ "first_loss": first, "loss": last, "steps": steps, "seconds": seconds }))
}
