//! A neural stochastic differential equation: a network learns the drift of a noisy spiral, from single trajectories.
//!
//! ```text
//! cargo run --release --example neural_sde
//! ```
//!
//! What is seen is the mean of 100 trajectories of `du = A u³ dt + 0.2 u dW`. A trajectory is a function like any other once its Brownian path is
//! held fixed ([`trajectory`]), so the gradient goes through the steps of the solver; a new path for each step of training makes of that a stochastic gradient.
//! Single trajectories do for most of it; sums of ten finish it.

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
use cotangent::solve::sde::{Brownian, sri};
use network::{Network, Trainer, evaluate, random_network};
use options::Options;
use plot::Plot;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where trajectories start.
pub const START: [f64; 2] = [2.0, 0.0];
/// How much of the state the noise moves.
const NOISE: f64 = 0.2;
/// Steps of the solver between two observations.
const BETWEEN: usize = 4;
/// Observations over a time of 1, the start included.
const OBSERVATIONS: usize = 30;
/// Intervals between observations of the forecast, which goes on to time 1.2.
const FORECAST: usize = 35;
/// The size of a step of the solver.
pub const STEP: f64 = 1.0 / ((OBSERVATIONS - 1) * BETWEEN) as f64;
/// Numbers between the layers.
const HIDDEN: usize = 50;

/// The drift behind what is seen.
#[differentiable]
pub fn truth(y: [f64; 2]) -> [f64; 2] {
    let (a, b) = (y[0] * y[0] * y[0], y[1] * y[1] * y[1]);
    [-0.1 * a - 2.0 * b, 2.0 * a - 0.1 * b]
}

/// The drift as the network has it.
#[differentiable]
pub fn drift(network: &Network, y: [f64; 2]) -> [f64; 2] {
    let cubes = [y[0] * y[0] * y[0], y[1] * y[1] * y[1]];
    let out = evaluate(network, &cubes, |x| x.tanh());
    [out[0], out[1]]
}

/// The noise, which is known.
#[differentiable]
pub fn noise(y: [f64; 2]) -> [f64; 2] {
    [NOISE * y[0], NOISE * y[1]]
}

/// The states after each step along a Brownian path.
#[differentiable]
pub fn trajectory(network: &Network, moves: &[[f64; 2]], areas: &[[f64; 2]]) -> Vec<[f64; 2]> {
    sri(
        |_, y| drift(network, y),
        |_, y| noise(y),
        START,
        0.0,
        STEP,
        moves,
        areas,
    )
}

/// The mean squared distance of the mean of some trajectories from what is seen. Their paths are one after the other.
#[differentiable]
pub fn loss(network: &Network, moves: &[[f64; 2]], areas: &[[f64; 2]], seen: &[[f64; 2]]) -> f64 {
    let steps = (seen.len() - 1) * BETWEEN;
    let paths = moves.len() / steps;
    let mut means = vec![[0.0; 2]; seen.len()];
    for path in 0..paths {
        let (from, to) = (path * steps, (path + 1) * steps);
        let states = trajectory(network, &moves[from..to], &areas[from..to]);
        for i in 1..seen.len() {
            let state = states[i * BETWEEN - 1];
            means[i][0] += state[0] / paths as f64;
            means[i][1] += state[1] / paths as f64;
        }
    }
    let mut sum = 0.0;
    for i in 1..seen.len() {
        sum += (means[i][0] - seen[i][0]).powi(2) + (means[i][1] - seen[i][1]).powi(2);
    }
    sum / (seen.len() - 1) as f64
}

/// The path of that number, that many intervals between observations long.
pub fn path(number: u64, intervals: usize) -> Brownian<2> {
    Brownian::new(number, STEP, intervals * BETWEEN)
}

/// The mean of 100 trajectories, at the times of the observations.
pub fn observations() -> Vec<[f64; 2]> {
    let mut means = vec![[0.0; 2]; OBSERVATIONS];
    means[0] = START;
    for number in 0..100 {
        let p = path(1_000_000 + number, OBSERVATIONS - 1);
        let states = sri(
            |_, y| truth(y),
            |_, y| noise(y),
            START,
            0.0,
            STEP,
            &p.moves,
            &p.areas,
        );
        for i in 1..OBSERVATIONS {
            let state = states[i * BETWEEN - 1];
            means[i][0] += state[0] / 100.0;
            means[i][1] += state[1] / 100.0;
        }
    }
    means
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

/// Trains with `single` steps of one new trajectory each, then `more` of ten: the losses.
pub fn train(network: &mut Network, single: usize, more: usize) -> cotangent::Result<Vec<f64>> {
    let seen = observations();
    let mut trainer = Trainer::new(0.025, network);
    let mut history = Vec::new();
    let mut number = 0;
    for step in 0..single + more {
        let (mut moves, mut areas) = (Vec::new(), Vec::new());
        for _ in 0..if step < single { 1 } else { 10 } {
            let p = path(number, OBSERVATIONS - 1);
            number += 1;
            moves.extend(p.moves);
            areas.extend(p.areas);
        }
        if step == single {
            trainer.set_rate(0.005);
        }
        let (value, gradient) = loss::value_and_gradient_wrt::<0>(network, &moves, &areas, &seen)?;
        history.push(value);
        trainer.step(network, &gradient);
    }
    Ok(history)
}

/// The mean of many trajectories, and the limits between which 95 of 100 are, at the times of observations and on to the end of the forecast.
pub fn bands(network: &Network, paths: u64) -> Vec<[[f64; 3]; 2]> {
    let mut all = vec![[Vec::new(), Vec::new()]; FORECAST];
    for number in 0..paths {
        let p = path(2_000_000 + number, FORECAST);
        let states = trajectory(network, &p.moves, &p.areas);
        for (i, at) in all.iter_mut().enumerate() {
            for j in 0..2 {
                at[j].push(states[(i + 1) * BETWEEN - 1][j]);
            }
        }
    }
    let of = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        [at(0.025), mean, at(0.975)]
    };
    all.into_iter().map(|both| both.map(of)).collect()
}

/// Trains the drift of a stochastic differential equation.
#[derive(Parser, Debug)]
#[command(name = "neural_sde")]
struct Arguments {
    /// Steps of training with one trajectory each.
    #[arg(long, default_value_t = 300)]
    single: usize,
    /// Steps of training with ten, afterwards.
    #[arg(long, default_value_t = 60)]
    more: usize,
    /// Of the untrained network.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the picture goes.
    #[arg(long, value_name = "FILE", default_value = "target/neural_sde.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    given
        .options
        .start(|out| run(given.single, given.more, given.seed, &given.picture, out))
}

/// Prints the losses, and draws what the network foretells with its bands.
pub fn run(
    single: usize,
    more: usize,
    seed: u64,
    picture: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let seen = observations();
    let distance = |bands: &[[[f64; 3]; 2]]| {
        let pairs = bands.iter().zip(&seen[1..]);
        let off = pairs.map(|(b, s)| (b[0][1] - s[0]).powi(2) + (b[1][1] - s[1]).powi(2));
        off.sum::<f64>() / (seen.len() - 1) as f64
    };
    let mut network = untrained(seed);
    let before = distance(&bands(&network, 200));
    let start = Instant::now();
    let history = train(&mut network, single, more)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "step   trajectories         loss")?;
    for (step, loss) in history.iter().enumerate() {
        if step % 20 == 0 || step + 1 == history.len() {
            let n = if step < single { 1 } else { 10 };
            writeln!(out, "{step:>4} {n:>14} {loss:>12.3e}")?;
        }
    }
    let found = bands(&network, 200);
    let after = distance(&found);
    let inside = found
        .iter()
        .zip(&seen[1..])
        .flat_map(|(b, s)| [0, 1].map(|j| usize::from(b[j][0] <= s[j] && s[j] <= b[j][2])));
    let inside = inside.sum::<usize>() as f64 / (2 * (seen.len() - 1)) as f64;

    let time = |i: usize| i as f64 / (OBSERVATIONS - 1) as f64;
    let times: Vec<f64> = (1..=FORECAST).map(time).collect();
    let mut plot = Plot::new([0.0, 1.25], [-2.5, 2.5]);
    for (j, (colour, name)) in [("#36c", "first"), ("#c33", "second")].iter().enumerate() {
        let part = |k: usize| -> Vec<f64> { found.iter().map(|b| b[j][k]).collect() };
        plot.band("", colour, &times, &part(0), &part(2));
        plot.line(name, colour, times.iter().copied().zip(part(1)));
        let dots = seen.iter().enumerate().map(|(i, s)| (time(i), s[j]));
        plot.dots("", colour, dots);
    }
    let title = "Seen until time 1 (dots); the trained equation: mean, and 95 of 100 trajectories";
    picture::save(picture, plot.svg(title).as_bytes())?;
    writeln!(
        out,
        "\nthe mean of 200 trajectories is {before:.3} off before, {after:.4} after; {:.0}% of what was seen lies within the bands\n{seconds:.2} s; picture: {}",
        100.0 * inside,
        picture.display()
    )?;
    Ok(json!({ "before": before, "after": after, "inside": inside, "seconds": seconds }))
}
