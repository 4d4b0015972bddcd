//! Learns to balance a pole on a cart in a few episodes, by gradients through the physics of the cart.
//!
//! ```text
//! cargo run --release --example cartpole
//! ```
//!
//! A network sees the cart and pushes it left or right. Which of the two is a step, whose derivative is nothing: a rule says that it is
//! to be passed on ([`sign`]). What is lost in the next steps ([`lost`]) is differentiated through the network and the cart, where
//! reinforcement learning would have to try.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

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
use std::io::Write;
use std::time::Instant;

const GRAVITY: f64 = 9.8;
const POLE_MASS: f64 = 0.1;
const MASS: f64 = 1.0 + POLE_MASS;
/// Half the length of the pole.
const LENGTH: f64 = 0.5;
const FORCE: f64 = 10.0;
const TIME_STEP: f64 = 0.02;
/// An episode ends when the cart is this far from the middle,
const FARTHEST: f64 = 2.4;
/// or the pole has fallen by this angle: 12 degrees,
const STEEPEST: f64 = 0.20943951023931953;
/// or after this many steps.
pub const LONGEST: usize = 200;
/// The mean length of an episode from which the task counts as solved.
pub const SOLVED: f64 = 195.0;
/// Steps that are looked ahead.
const AHEAD: usize = 8;
/// Training ends after this many episodes, solved or not.
const EPISODES: usize = 50;

/// Place and speed of the cart, angle and angular speed of the pole.
pub type Cart = [f64; 4];

/// Left or right. Its derivative would be zero wherever there is one.
#[differentiable(jvp = sign_as_identity)]
pub fn sign(x: f64) -> f64 {
    if x < 0.0 { -1.0 } else { 1.0 }
}

#[differentiable]
fn sign_as_identity(x: f64, dx: f64) -> (f64, f64) {
    (sign(x), dx)
}

/// What the network says: below zero is left.
#[differentiable]
pub fn decide(policy: &Network, cart: Cart) -> f64 {
    evaluate(policy, &cart, |x| x.max(0.0))[0].tanh()
}

/// The cart a moment later.
#[differentiable]
pub fn pushed(cart: Cart, push: f64) -> Cart {
    let [place, speed, angle, turn] = cart;
    let (sin, cos) = (angle.sin(), angle.cos());
    let inner = (FORCE * push + POLE_MASS * LENGTH * turn * turn * sin) / MASS;
    let turning =
        (GRAVITY * sin - cos * inner) / (LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / MASS));
    let pulling = inner - POLE_MASS * LENGTH * turning * cos / MASS;
    [
        place + TIME_STEP * speed,
        speed + TIME_STEP * pulling,
        angle + TIME_STEP * turn,
        turn + TIME_STEP * turning,
    ]
}

/// How good the state is: the more, the farther from where the episode ends.
#[differentiable]
fn reward(cart: Cart) -> f64 {
    let place = (FARTHEST - cart[0].abs()).max(0.0);
    let angle = (STEEPEST - cart[2].abs()).max(0.0);
    place * angle
}

/// What is lost, to the best there is, in some steps from here.
#[differentiable]
pub fn lost(policy: &Network, start: Cart, steps: usize) -> f64 {
    let mut cart = start;
    let mut sum = 0.0;
    for _ in 0..steps {
        cart = pushed(cart, sign(decide(policy, cart)));
        let missing = FARTHEST * STEEPEST - reward(cart);
        sum += missing * missing;
    }
    sum
}

fn over(cart: &Cart) -> bool {
    cart[0].abs() > FARTHEST || cart[2].abs() > STEEPEST
}

fn random_start(random: &mut Random) -> Cart {
    std::array::from_fn(|_| 0.1 * random.uniform() - 0.05)
}

/// A network of 4, 24, 48 and 1 with random weights.
pub fn random_policy(random: &mut Random) -> Network {
    random_network(&[4, 24, 48, 1], random)
}

/// How long the pole stays up, on the mean of a hundred episodes.
pub fn score(policy: &Network, random: &mut Random) -> f64 {
    let mut steps = 0;
    for _ in 0..100 {
        let mut cart = random_start(random);
        for _ in 0..LONGEST {
            cart = pushed(cart, sign(decide(policy, cart)));
            if over(&cart) {
                break;
            }
            steps += 1;
        }
    }
    steps as f64 / 100.0
}

/// An episode of training: a step of Adam for every few steps of the cart. Gives its length.
fn train(policy: &mut Network, trainer: &mut Trainer, start: Cart) -> cotangent::Result<usize> {
    let mut cart = start;
    let mut steps = 0;
    while steps < LONGEST && !over(&cart) {
        let gradient = lost::gradient_wrt::<0>(policy, cart, AHEAD)?;
        trainer.step(policy, &gradient);
        for _ in 0..AHEAD {
            cart = pushed(cart, sign(decide(policy, cart)));
            steps += usize::from(!over(&cart));
        }
    }
    Ok(steps)
}

/// Learns to balance a pole on a cart, by gradients through its physics.
#[derive(Parser, Debug)]
#[command(name = "cartpole")]
struct Arguments {
    /// Of the weights and of where episodes start.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { seed, options } = Arguments::parse();
    options.start(|out| run(seed, out))
}

/// Prints the scores as they rise.
pub fn run(seed: u64, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut random = Random(seed);
    let mut policy = random_policy(&mut random);
    let mut trainer = Trainer::new(0.03, &policy);
    let start = Instant::now();
    writeln!(out, "episode   lasted   mean of 100 without learning")?;
    let before = score(&policy, &mut random);
    writeln!(out, "{:>7} {:>8} {before:>8.2}", 0, "")?;
    let (mut episodes, mut after) = (0, before);
    while after < SOLVED && episodes < EPISODES {
        episodes += 1;
        let lasted = train(&mut policy, &mut trainer, random_start(&mut random))?;
        after = score(&policy, &mut random);
        let bar = "█".repeat((after / 5.0).round() as usize);
        writeln!(out, "{episodes:>7} {lasted:>8} {after:>8.2} {bar}")?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let word = if after < SOLVED {
        "not solved"
    } else {
        "solved"
    };
    writeln!(
        out,
        "\n{word} after {episodes} episodes: the pole stays up for {after:.2} of {LONGEST} steps; {seconds:.2} s"
    )?;
    Ok(json!({ "episodes": episodes, "score": after, "before": before, "seconds": seconds }))
}
