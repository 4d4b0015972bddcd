//! A variational quantum eigensolver: the rotations of a quantum circuit are moved until its state has the lowest energy.
//!
//! ```text
//! cargo run --release --example vqe
//! ```
//!
//! The state of four spins is sixteen complex numbers, changed in place gate by gate ([`circuit`]); the energy is that of the antiferromagnetic
//! Heisenberg ring, the sum of XX + YY + ZZ over neighbours ([`energy`]), whose least is -8: -2 for each site.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

#[path = "common/adam.rs"]
mod adam;
#[path = "common/options.rs"]
mod options;
#[path = "common/random.rs"]
pub mod random;

use adam::Adam;
use clap::Parser;
use cotangent::differentiable;
use num_complex::Complex;
use options::Options;
use random::Random;
use serde_json::json;
use std::error::Error;
use std::f64::consts::TAU;
use std::io::Write;
use std::time::Instant;

/// Spins in the ring.
pub const SITES: usize = 4;
/// Layers of rotations and controlled nots, and then rotations once more.
pub const LAYERS: usize = 2;
/// Angles of the circuit: three for each site and layer.
pub const ANGLES: usize = 3 * SITES * (LAYERS + 1);

/// Rotates a spin about the z axis.
#[differentiable]
fn rotate_z(state: &mut [Complex<f64>], site: usize, angle: f64) {
    let phase = Complex::from_polar(1.0, 0.5 * angle);
    for k in 0..state.len() {
        if k >> site & 1 == 0 {
            state[k] *= phase.conj();
        } else {
            state[k] *= phase;
        }
    }
}

/// Rotates a spin about the x axis.
#[differentiable]
fn rotate_x(state: &mut [Complex<f64>], site: usize, angle: f64) {
    let cos = (0.5 * angle).cos();
    let sin = Complex::new(0.0, -(0.5 * angle).sin());
    for k in 0..state.len() {
        if k >> site & 1 == 0 {
            let up = k | 1 << site;
            let (a, b) = (state[k], state[up]);
            state[k] = a * cos + b * sin;
            state[up] = a * sin + b * cos;
        }
    }
}

/// Flips a spin where another one is down.
#[differentiable]
fn controlled_not(state: &mut [Complex<f64>], control: usize, target: usize) {
    for k in 0..state.len() {
        if k >> control & 1 == 1 && k >> target & 1 == 0 {
            state.swap(k, k | 1 << target);
        }
    }
}

/// The state that the circuit makes of all spins up.
#[differentiable]
pub fn circuit(angles: &[f64]) -> Vec<Complex<f64>> {
    let mut state = vec![Complex::new(0.0, 0.0); 1 << SITES];
    state[0] = Complex::new(1.0, 0.0);
    let mut angle = angles.iter();
    for layer in 0..=LAYERS {
        for site in 0..SITES {
            rotate_z(&mut state, site, *angle.next().unwrap());
            rotate_x(&mut state, site, *angle.next().unwrap());
            rotate_z(&mut state, site, *angle.next().unwrap());
        }
        if layer < LAYERS {
            for site in 0..SITES {
                controlled_not(&mut state, site, (site + 1) % SITES);
            }
        }
    }
    state
}

/// The energy of the circuit's state. For two spins XX + YY + ZZ is twice their exchange less one.
#[differentiable]
pub fn energy(angles: &[f64]) -> f64 {
    let state = circuit(angles);
    let mut sum = 0.0;
    for site in 0..SITES {
        let next = (site + 1) % SITES;
        for (k, amplitude) in state.iter().enumerate() {
            let different = (k >> site ^ k >> next) & 1;
            let exchanged = state[k ^ (different << site | different << next)];
            sum += (amplitude.conj() * (exchanged * 2.0 - amplitude)).re;
        }
    }
    sum
}

/// Random angles of a whole turn: the same for the same seed.
pub fn random_angles(seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    (0..ANGLES).map(|_| TAU * random.uniform()).collect()
}

/// Minimises the energy; gives it before each step, and after the last, for each site.
pub fn minimise(seed: u64, steps: usize) -> cotangent::Result<Vec<f64>> {
    let mut angles = random_angles(seed);
    let mut adam = Adam::new(0.1, ANGLES);
    let mut history = Vec::new();
    for _ in 0..steps {
        let (value, gradient) = energy::value_and_gradient(&angles)?;
        history.push(value / SITES as f64);
        adam.step(&mut angles, &gradient);
    }
    history.push(energy::call(&angles)? / SITES as f64);
    Ok(history)
}

/// Finds the lowest energy of a ring of four spins with a quantum circuit, simulated and differentiated.
#[derive(Parser, Debug)]
#[command(name = "vqe")]
struct Arguments {
    /// Of the angles at the start.
    #[arg(long, default_value_t = 5)]
    seed: u64,
    /// Steps of Adam.
    #[arg(long, default_value_t = 200)]
    steps: usize,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments {
        seed,
        steps,
        options,
    } = Arguments::parse();
    options.start(|out| run(seed, steps, out))
}

/// Prints the energy as it falls.
pub fn run(
    seed: u64,
    steps: usize,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let start = Instant::now();
    let history = minimise(seed, steps)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "step   energy per site   -2{:>38}0.5", "")?;
    for (step, energy) in history.iter().enumerate() {
        if step % 10 == 0 || step == history.len() - 1 {
            let bar = "█".repeat(((energy + 2.0) * 16.0).round() as usize);
            writeln!(out, "{step:>4} {energy:>17.9}   |{bar}")?;
        }
    }
    let last = history[history.len() - 1];
    writeln!(
        out,
        "\nafter {steps} steps {last:.9} for each site; the least there is: -2\n{ANGLES} angles, {seconds:.3} s"
    )?;
    Ok(json!({ "energy_per_site": last, "steps": steps, "seconds": seconds }))
}
