//! Fits the four rates of a predator and prey model to observations, by gradients through the solver of its differential equation.
//!
//! ```text
//! cargo run --release --example lotka_volterra
//! ```
//!
//! The solver is the classical Runge-Kutta method with fixed steps, written as anyone would ([`solve`]); the derivative is that of its steps.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

#[path = "common/adam.rs"]
mod adam;
#[path = "common/options.rs"]
mod options;

use adam::Adam;
use clap::Parser;
use cotangent::differentiable;
use options::Options;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

/// Steps of the solver between two observations.
const STEPS: usize = 5;
/// Time between two observations.
const BETWEEN: f64 = 0.25;
/// Observations after the start.
const OBSERVATIONS: usize = 40;
/// Prey and predators at the start.
pub const START: [f64; 2] = [1.0, 1.0];
/// The rates that the observations are made with.
pub const TRUTH: [f64; 4] = [1.5, 1.0, 3.0, 1.0];
/// The rates that the fit starts from.
pub const GUESS: [f64; 4] = [1.2, 0.8, 2.5, 0.8];
/// Steps of Adam.
const FIT: usize = 600;

/// How the populations change: prey grow and are eaten, predators die and grow by eating.
#[differentiable]
fn change([prey, predators]: [f64; 2], rates: &[f64; 4]) -> [f64; 2] {
    let [grow, eaten, die, eat] = *rates;
    [
        prey * (grow - eaten * predators),
        predators * (eat * prey - die),
    ]
}

/// The state some way along a slope.
#[differentiable]
fn along(state: [f64; 2], slope: [f64; 2], h: f64) -> [f64; 2] {
    [state[0] + h * slope[0], state[1] + h * slope[1]]
}

/// The populations at the times of the observations.
#[differentiable]
pub fn solve(start: [f64; 2], rates: &[f64; 4], observations: usize) -> Vec<[f64; 2]> {
    let h = BETWEEN / STEPS as f64;
    let mut state = start;
    let mut seen = Vec::new();
    for _ in 0..observations {
        for _ in 0..STEPS {
            let a = change(state, rates);
            let b = change(along(state, a, 0.5 * h), rates);
            let c = change(along(state, b, 0.5 * h), rates);
            let d = change(along(state, c, h), rates);
            for i in 0..2 {
                state[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
            }
        }
        seen.push(state);
    }
    seen
}

/// The mean squared distance of the model from the observations.
#[differentiable]
pub fn loss(rates: &[f64; 4], observed: &[[f64; 2]]) -> f64 {
    let found = solve(START, rates, observed.len());
    let mut sum = 0.0;
    for (a, b) in found.iter().zip(observed) {
        sum += (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    }
    sum / observed.len() as f64
}

/// The populations that the true rates lead to.
pub fn observations() -> Vec<[f64; 2]> {
    solve(START, &TRUTH, OBSERVATIONS)
}

/// The loss before each step of the fit and after the last, with the rates.
pub fn fit(steps: usize) -> cotangent::Result<Vec<(f64, [f64; 4])>> {
    let observed = observations();
    let mut rates = GUESS;
    let mut adam = Adam::new(0.05, rates.len());
    let mut history = Vec::new();
    for _ in 0..steps {
        let (value, (gradient, _)) = loss::value_and_gradient(&rates, &observed)?;
        history.push((value, rates));
        adam.step(&mut rates, &gradient);
    }
    history.push((loss::call(&rates, &observed)?, rates));
    Ok(history)
}

/// Fits the rates of the Lotka-Volterra equations to observed populations.
#[derive(Parser, Debug)]
#[command(name = "lotka_volterra")]
struct Arguments {
    /// Steps of Adam.
    #[arg(long, default_value_t = FIT)]
    steps: usize,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { steps, options } = Arguments::parse();
    options.start(|out| run(steps, out))
}

/// Prints the fit as it goes, and the populations before and after it.
pub fn run(steps: usize, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let start = Instant::now();
    let history = fit(steps)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "step         loss     grow    eaten      die      eat")?;
    for (step, (loss, rates)) in history.iter().enumerate() {
        if step % 50 == 0 || step + 1 == history.len() {
            let [a, b, c, d] = rates;
            writeln!(
                out,
                "{step:>4} {loss:>12.3e} {a:>8.5} {b:>8.5} {c:>8.5} {d:>8.5}"
            )?;
        }
    }
    let (last, rates) = history[history.len() - 1];
    writeln!(
        out,
        "\nPopulations: observed prey o and predators x; at first ', after the fit +\n"
    )?;
    let observed = observations();
    let (before, after) = (
        solve(START, &GUESS, OBSERVATIONS),
        solve(START, &rates, OBSERVATIONS),
    );
    for i in 0..OBSERVATIONS {
        let mut row = vec![' '; 72];
        for kind in 0..2 {
            let mut mark = |value: f64, sign: char| {
                let at = (9.0 * value).round().clamp(0.0, 71.0) as usize;
                row[at] = sign;
            };
            mark(before[i][kind], '\'');
            mark(observed[i][kind], ['o', 'x'][kind]);
            // A fit that is right covers what was observed; beside it only what is off is seen.
            let off = (after[i][kind] - observed[i][kind]).abs() > 0.1;
            if off {
                mark(after[i][kind], '+');
            }
        }
        let line: String = row.into_iter().collect();
        let time = (i + 1) as f64 * BETWEEN;
        writeln!(out, "{time:>6.2} |{}", line.trim_end())?;
    }
    writeln!(out, "\nloss {last:.3e} after {steps} steps, {seconds:.3} s")?;
    Ok(json!({ "rates": rates, "loss": last, "steps": steps, "seconds": seconds }))
}
