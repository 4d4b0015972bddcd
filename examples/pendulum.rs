//! Learns to swing a pendulum up and to keep it there, by gradients through its physics.
//!
//! ```text
//! cargo run --release --example pendulum
//! ```
//!
//! The motor is too weak to lift the pendulum at once: it must be swung to and fro first. A network sees the pendulum and says how hard to
//! push. What three seconds cost ([`cost`]) is differentiated through the network and through sixty steps of the pendulum: long enough for the
//! gradient to tell that swinging away now is what lifts it later.

#[path = "common/adam.rs"]
mod adam;
#[path = "common/network.rs"]
mod network;
#[path = "common/options.rs"]
mod options;
#[path = "common/random.rs"]
pub mod random;

use clap::Parser;
use cotangent::differentiable;
use network::{Network, Trainer, evaluate, random_network};
use options::Options;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::f64::consts::{PI, TAU};
use std::io::Write;
use std::time::Instant;

const GRAVITY: f64 = 10.0;
const TIME_STEP: f64 = 0.05;
const STRONGEST: f64 = 2.0;
const FASTEST: f64 = 8.0;
/// Steps of an episode.
pub const LONGEST: usize = 200;
/// Steps that a gradient goes through.
pub const AHEAD: usize = 60;
/// Pendulums of one step of training.
const BATCH: usize = 8;
/// The mean cost of an episode from which the task counts as solved: it is up after a swing or two, and stays there.
pub const SOLVED: f64 = 200.0;
/// Training ends after this many steps, solved or not.
const UPDATES: usize = 500;
/// The longest gradient that is followed as it is; longer ones, where the pendulum just does or just does not get over, are made so short.
const STEEPEST: f64 = 1.0;

/// The angle from upright, and how fast it changes.
pub type Pendulum = [f64; 2];

/// How hard the network pushes. It sees no angle but a point on the circle, so that a turn makes no difference.
#[differentiable]
pub fn push(network: &Network, pendulum: Pendulum) -> f64 {
    let [angle, speed] = pendulum;
    let seen = [angle.cos(), angle.sin(), speed];
    STRONGEST * evaluate(network, &seen, |x| x.max(0.0))[0].tanh()
}

/// The pendulum a moment later: a rod of 1 metre and 1 kilogram.
#[differentiable]
pub fn pushed(pendulum: Pendulum, push: f64) -> Pendulum {
    let [angle, speed] = pendulum;
    let turning = 1.5 * GRAVITY * angle.sin() + 3.0 * push;
    let speed = (speed + TIME_STEP * turning).clamp(-FASTEST, FASTEST);
    [angle + TIME_STEP * speed, speed]
}

/// What a step costs: to hang down, to be fast, to push.
#[differentiable]
pub fn price(pendulum: Pendulum, push: f64) -> f64 {
    let [angle, speed] = pendulum;
    let angle = angle - TAU * ((angle + PI) / TAU).floor();
    angle * angle + 0.1 * speed * speed + 0.001 * push * push
}

/// What a step costs on the mean, in some steps from each of these starts.
#[differentiable]
pub fn cost(network: &Network, starts: &[Pendulum], steps: usize) -> f64 {
    let mut sum = 0.0;
    for &start in starts {
        let mut pendulum = start;
        for _ in 0..steps {
            let push = push(network, pendulum);
            sum += price(pendulum, push);
            pendulum = pushed(pendulum, push);
        }
    }
    sum / (steps * starts.len()) as f64
}

/// A pendulum at any angle, with any small speed.
pub fn random_start(random: &mut Random) -> Pendulum {
    let mut any = || 2.0 * random.uniform() - 1.0;
    [PI * any(), any()]
}

/// A network of 3, 24, 48 and 1 with random weights.
pub fn random_controller(random: &mut Random) -> Network {
    random_network(&[3, 24, 48, 1], random)
}

/// What an episode costs, on the mean of a hundred.
pub fn score(network: &Network, random: &mut Random) -> f64 {
    let starts: Vec<Pendulum> = (0..100).map(|_| random_start(random)).collect();
    LONGEST as f64 * cost(network, &starts, LONGEST)
}

/// A step of training, with new pendulums.
fn improve(
    network: &mut Network,
    trainer: &mut Trainer,
    random: &mut Random,
) -> cotangent::Result<()> {
    let starts: Vec<Pendulum> = (0..BATCH).map(|_| random_start(random)).collect();
    let mut gradient = cost::gradient_wrt::<0>(network, &starts, AHEAD)?;
    let layers = gradient.layers.iter_mut();
    let mut all: Vec<&mut f64> = layers
        .flat_map(|l| l.weights.iter_mut().chain(&mut l.bias))
        .collect();
    let length = all.iter().map(|x| **x * **x).sum::<f64>().sqrt();
    for x in &mut all {
        **x *= (STEEPEST / length).min(1.0);
    }
    trainer.step(network, &gradient);
    Ok(())
}

/// Learns to swing a pendulum up, by gradients through its physics.
#[derive(Parser, Debug)]
#[command(name = "pendulum")]
struct Arguments {
    /// Of the weights and of where pendulums start.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { seed, options } = Arguments::parse();
    options.start(|out| run(seed, out))
}

/// Prints the scores as they improve, and then a pendulum that starts at rest, hanging down.
pub fn run(seed: u64, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut random = Random(seed);
    let mut network = random_controller(&mut random);
    let mut trainer = Trainer::new(0.01, &network);
    let start = Instant::now();
    writeln!(out, "updates   cost of an episode (mean of 100)")?;
    let before = score(&network, &mut random);
    let (mut updates, mut after) = (0, before);
    loop {
        let bar = "█".repeat((after / 25.0).round() as usize);
        writeln!(out, "{updates:>7} {after:>8.1} {bar}")?;
        if after <= SOLVED || updates >= UPDATES {
            break;
        }
        for _ in 0..20 {
            improve(&mut network, &mut trainer, &mut random)?;
        }
        updates += 20;
        after = score(&network, &mut random);
    }
    let seconds = start.elapsed().as_secs_f64();

    writeln!(
        out,
        "\nFrom hanging down (at both edges) to upright (in the middle), and how hard it is pushed:\n"
    )?;
    let mut pendulum = [PI, 0.0];
    for step in 0..=LONGEST / 2 {
        let push = push(&network, pendulum);
        if step % 2 == 0 {
            let mut row = [' '; 65];
            row[32] = '|';
            let turn = (pendulum[0] + PI).rem_euclid(TAU) / TAU;
            row[(64.0 * turn).round() as usize] = 'o';
            let line: String = row.into_iter().collect();
            let side = if push < 0.0 { '<' } else { '>' };
            let force: String = vec![side; (4.0 * push.abs()).round() as usize]
                .into_iter()
                .collect();
            writeln!(out, "{:>5.2} s  {line}  {force}", step as f64 * TIME_STEP)?;
        }
        pendulum = pushed(pendulum, push);
    }
    let word = if after > SOLVED {
        "not solved"
    } else {
        "solved"
    };
    writeln!(
        out,
        "\n{word} after {updates} updates: an episode costs {after:.1} instead of {before:.1}; {seconds:.2} s"
    )?;
    Ok(
        json!({ "updates": updates, "cost": after, "before": before, "upright": pendulum[0].cos(), "seconds": seconds }),
    )
}
