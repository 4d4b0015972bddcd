//! Robertson's reaction: three substances whose rates are nine orders of magnitude apart, and the rates found again from what is seen.
//!
//! ```text
//! cargo run --release --example rober
//! ```
//!
//! The equation is stiff: an explicit method would need tens of millions of steps to time 100,000, Rodas needs a few hundred
//! ([`concentrations`]). The logarithms of the rates are fitted by Gauss and Newton's method to concentrations seen at 24 times, with the Jacobian
//! of the solver; inside the solver there is the Jacobian of the reaction, by forward mode: a derivative of a derivative.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

#[path = "common/options.rs"]
mod options;
#[path = "common/picture.rs"]
mod picture;
#[path = "common/plot.rs"]
mod plot;

use clap::Parser;
use cotangent::differentiable;
use cotangent::linalg::small;
use cotangent::solve::ode::{self, Adaptive};
use options::Options;
use plot::Plot;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The rates.
pub const RATES: [f64; 3] = [0.04, 3e7, 1e4];
/// The second substance is never more than some 1e-5, and counts as much as the others.
const SIZES: [f64; 3] = [1.0, 3.6e-5, 1.0];
/// How exact the solver is.
const HOW: Adaptive = Adaptive {
    relative: 1e-7,
    absolute: 1e-11,
    first: 1e-6,
    steps: 100_000,
};

/// How fast the concentrations change.
#[differentiable]
pub fn reaction(y: [f64; 3], rates: [f64; 3]) -> [f64; 3] {
    let [slow, fast, back] = rates;
    let first = slow * y[0] - back * y[1] * y[2];
    let second = fast * y[1] * y[1];
    [-first, first - second, second]
}

/// The concentrations at those times, from the logarithms of the rates.
#[differentiable]
pub fn concentrations(logs: [f64; 3], times: &[f64]) -> Vec<[f64; 3]> {
    let rates = [logs[0].exp(), logs[1].exp(), logs[2].exp()];
    let f = |_, y| reaction(y, rates);
    let jvp = |_, y, _, dy| reaction::jvp((y, rates), (dy, [0.0; 3])).unwrap().1;
    let end = times[times.len() - 1];
    let solution = ode::rodas4_dense(f, jvp, [1.0, 0.0, 0.0], 0.0, end, HOW).unwrap();
    times.iter().map(|&t| ode::at(&solution, t)).collect()
}

/// How far the concentrations are from those seen.
#[differentiable]
pub fn residuals(logs: [f64; 3], times: &[f64], seen: &[[f64; 3]]) -> Vec<f64> {
    let found = concentrations(logs, times);
    let mut out = Vec::new();
    for i in 0..found.len() {
        for j in 0..3 {
            out.push((found[i][j] - seen[i][j]) / SIZES[j]);
        }
    }
    out
}

/// The sum of squares of the residuals.
#[differentiable]
pub fn loss(logs: [f64; 3], times: &[f64], seen: &[[f64; 3]]) -> f64 {
    residuals(logs, times, seen).iter().map(|r| r * r).sum()
}

/// The steps that each method needs until `end`: Rodas, and an explicit method, which is given up after 100,000 steps.
#[differentiable]
pub fn steps(end: f64) -> (usize, usize, bool) {
    let f = |_, y| reaction(y, RATES);
    let jvp = |_, y, _, dy| reaction::jvp((y, RATES), (dy, [0.0; 3])).unwrap().1;
    let stiff = ode::rodas4(f, jvp, [1.0, 0.0, 0.0], 0.0, end, HOW).unwrap();
    let explicit = ode::tsit5(f, [1.0, 0.0, 0.0], 0.0, end, HOW);
    let taken = stiff.statistics.steps + stiff.statistics.rejected;
    match explicit {
        Ok(there) => (
            taken,
            there.statistics.steps + there.statistics.rejected,
            true,
        ),
        Err(_) => (taken, HOW.steps, false),
    }
}

/// The times at which the concentrations are seen: from 1e-4 to 1e5.
pub fn times() -> Vec<f64> {
    (0..24)
        .map(|i| 10f64.powf(-4.0 + 9.0 * f64::from(i) / 23.0))
        .collect()
}

/// The logarithms of the rates.
pub fn truth() -> [f64; 3] {
    RATES.map(f64::ln)
}

/// What the fit starts from: each rate wrong by a factor of two.
pub fn guess() -> [f64; 3] {
    let [a, b, c] = truth();
    let by = 2f64.ln();
    [a + by, b - by, c + by]
}

/// Gauss and Newton's method with the damping of Levenberg and Marquardt: the loss and the rates' logarithms before each step and at the end.
pub fn fit(iterations: usize) -> cotangent::Result<Vec<(f64, [f64; 3])>> {
    let times = times();
    let seen = concentrations(truth(), &times);
    let mut logs = guess();
    let mut damping = 1e-2;
    let mut value = loss::call(logs, &times, &seen)?;
    let mut history = vec![(value, logs)];
    for _ in 0..iterations {
        let rest = residuals::call(logs, &times, &seen)?;
        let rows = residuals::jacobian_wrt::<0>(logs, &times, &seen)?.to_rows();
        let (mut matrix, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
        for (row, r) in rows.iter().zip(&rest) {
            for i in 0..3 {
                right[i] -= row[i] * r;
                for j in 0..3 {
                    matrix[i][j] += row[i] * row[j];
                }
            }
        }
        for i in 0..3 {
            matrix[i][i] *= 1.0 + damping;
        }
        let step = small::solve(matrix, right);
        let next = [logs[0] + step[0], logs[1] + step[1], logs[2] + step[2]];
        let there = loss::call(next, &times, &seen)?;
        if there < value {
            (logs, value) = (next, there);
            damping *= 0.1;
        } else {
            damping *= 10.0;
        }
        history.push((value, logs));
    }
    Ok(history)
}

/// The rates of Robertson's reaction, from what is seen of it.
#[derive(Parser, Debug)]
#[command(name = "rober")]
struct Arguments {
    /// Steps of the fit.
    #[arg(long, default_value_t = 12)]
    iterations: usize,
    /// Where the picture goes.
    #[arg(long, value_name = "FILE", default_value = "target/rober.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    given
        .options
        .start(|out| run(given.iterations, &given.picture, out))
}

/// Prints what the methods take and how the fit goes.
pub fn run(
    iterations: usize,
    picture: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    writeln!(out, "  until   steps of Rodas   of an explicit method")?;
    let mut reached = Vec::new();
    for end in [0.1, 1.0, 10.0, 1e3, 1e5] {
        let (stiff, explicit, there) = steps::call(end)?;
        let more = if there { ' ' } else { '>' };
        writeln!(out, "{end:>7} {stiff:>16} {more:>16}{explicit:>7}")?;
        reached.push((stiff, explicit, there));
    }

    let start = Instant::now();
    let history = fit(iterations)?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(
        out,
        "\nstep         loss       slow           fast         back"
    )?;
    for (step, (loss, logs)) in history.iter().enumerate() {
        let [a, b, c] = logs.map(f64::exp);
        writeln!(out, "{step:>4} {loss:>12.3e} {a:>10.7} {b:>14.1} {c:>12.4}")?;
    }
    let (last, logs) = history[history.len() - 1];

    let all: Vec<f64> = (0..300)
        .map(|i| 10f64.powf(-4.0 + 9.0 * f64::from(i) / 299.0))
        .collect();
    let mut plot = Plot::new([-4.0, 5.0], [0.0, 1.05]);
    let colours = ["#c33", "#36c", "#282"];
    let names = ["first", "second / 3.6e-5", "third"];
    let (before, after) = (concentrations(guess(), &all), concentrations(logs, &all));
    let seen = concentrations(truth(), &times());
    for j in 0..3 {
        let curve = |states: &[[f64; 3]]| -> Vec<(f64, f64)> {
            let points = all.iter().zip(states);
            points.map(|(t, y)| (t.log10(), y[j] / SIZES[j])).collect()
        };
        plot.line("", "#bbb", curve(&before));
        plot.line(names[j], colours[j], curve(&after));
        let points = times().into_iter().zip(&seen);
        plot.dots(
            "",
            colours[j],
            points.map(|(t, y)| (t.log10(), y[j] / SIZES[j])),
        );
    }
    let title = "Robertson's reaction over log10(time): seen, fitted, and (grey) the first guess";
    picture::save(picture, plot.svg(title).as_bytes())?;
    writeln!(
        out,
        "\nloss {last:.3e} after {iterations} steps, {seconds:.3} s; picture: {}",
        picture.display()
    )?;
    Ok(json!({
        "rates": logs.map(f64::exp), "loss": last, "seconds": seconds,
        "steps": reached[reached.len() - 1].0, "explicit_steps": reached[reached.len() - 1].1,
        "explicit_arrives": reached[reached.len() - 1].2,
    }))
}
