//! Gradients through a chaotic system: solving the equation backwards instead of keeping its states is wrong, checkpoints are not.
//!
//! ```text
//! cargo run --release --example lorenz
//! ```
//!
//! A gradient by reverse mode needs the states in reverse order. The adjoint method gets them by solving the equation backwards from its end
//! ([`by_reversal`]): no memory, but the Lorenz system contracts volumes by exp(13.7 t), so on the way back every rounding error grows by that. With
//! checkpoints ([`by_checkpoints`]) some states are kept and the others computed again, exactly as they were.

#[path = "common/options.rs"]
mod options;
#[path = "common/picture.rs"]
mod picture;
#[path = "common/plot.rs"]
mod plot;

use clap::Parser;
use cotangent::differentiable;
use cotangent::solve::ode;
use options::Options;
use plot::Plot;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The three numbers of the system: Prandtl's, Rayleigh's, and the shape's.
pub const NUMBERS: [f64; 3] = [10.0, 28.0, 8.0 / 3.0];
/// Where it starts.
pub const START: [f64; 3] = [1.0, 1.0, 20.0];
/// Steps of Runge-Kutta 4 in a unit of time.
pub const STEPS: usize = 200;
/// States that are kept.
const SLOTS: usize = 20;

/// The Lorenz system.
#[differentiable]
pub fn lorenz(y: [f64; 3], numbers: [f64; 3]) -> [f64; 3] {
    let [a, b, c] = numbers;
    [
        a * (y[1] - y[0]),
        y[0] * (b - y[2]) - y[1],
        y[0] * y[1] - c * y[2],
    ]
}

/// How fast it moves along a direction: the adjoint equation is made of the gradients of that.
#[differentiable]
fn along(y: [f64; 3], numbers: [f64; 3], direction: [f64; 3]) -> f64 {
    let slope = lorenz(y, numbers);
    direction[0] * slope[0] + direction[1] * slope[1] + direction[2] * slope[2]
}

/// The height at the end; its gradient keeps some states, and computes the others again.
#[differentiable]
pub fn by_checkpoints(numbers: [f64; 3], end: f64, steps: usize) -> f64 {
    ode::rk4_slots(|_, y| lorenz(y, numbers), START, 0.0, end, steps, SLOTS)[2]
}

/// The same function; its gradient solves the equation backwards.
#[differentiable(vjp = reversed)]
pub fn by_reversal(numbers: [f64; 3], end: f64, steps: usize) -> f64 {
    ode::rk4(|_, y| lorenz(y, numbers), START, 0.0, end, steps)[2]
}

/// The rule of [`by_reversal`]. The end is not differentiated by.
#[differentiable]
fn reversed(numbers: [f64; 3], end: f64, steps: usize, cotangent: f64) -> ([f64; 3], f64) {
    let f = |_, y| lorenz(y, numbers);
    let vjp = |_, y, direction| {
        let (by_y, by_numbers, _) = along::gradient(y, numbers, direction).unwrap();
        (by_y, by_numbers)
    };
    let last = ode::rk4(f, START, 0.0, end, steps);
    let back = ode::backsolve(f, vjp, last, [0.0, 0.0, cotangent], 0.0, end, steps);
    (back.parameters, 0.0)
}

/// The states on the way to the end, and on the way back from there.
#[differentiable]
pub fn there_and_back(end: f64, steps: usize) -> (Vec<[f64; 3]>, Vec<[f64; 3]>) {
    let f = |_, y| lorenz(y, NUMBERS);
    let there = ode::rk4_path(f, START, 0.0, end, steps);
    let back = ode::rk4_path(f, there[steps - 1], end, 0.0, steps);
    (there, back)
}

/// The derivative by forward mode, which needs no states: what the others must be.
pub fn forward(end: f64) -> cotangent::Result<[f64; 3]> {
    let mut gradient = [0.0; 3];
    for i in 0..3 {
        let mut direction = [0.0; 3];
        direction[i] = 1.0;
        let steps = steps_until(end);
        gradient[i] = by_checkpoints::jvp((NUMBERS, end, steps), (direction, 0.0, ()))?.1;
    }
    Ok(gradient)
}

/// The steps until then.
pub fn steps_until(end: f64) -> usize {
    (end * STEPS as f64).round() as usize
}

/// How far a gradient is from the right one, as a part of it.
pub fn error(gradient: [f64; 3], right: [f64; 3]) -> f64 {
    let size = |v: [f64; 3]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let off = size([0, 1, 2].map(|i| gradient[i] - right[i])) / size(right);
    // What overflowed is as wrong as can be.
    if off.is_nan() { f64::INFINITY } else { off }
}

/// Gradients through the Lorenz system, two ways.
#[derive(Parser, Debug)]
#[command(name = "lorenz")]
struct Arguments {
    /// Where the picture goes.
    #[arg(long, value_name = "FILE", default_value = "target/lorenz.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    given.options.start(|out| run(&given.picture, out))
}

/// Prints both gradients for longer and longer times.
pub fn run(picture: &Path, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let start = Instant::now();
    writeln!(
        out,
        "{:>5} {:>15} {:>25} {:>25}",
        "time", "by Rayleigh's", "error with checkpoints", "error solving backwards"
    )?;
    let mut errors = Vec::new();
    for end in [0.5, 1.0, 2.0, 4.0, 8.0, 16.0] {
        let right = forward(end)?;
        let steps = steps_until(end);
        let (kept, _, _) = by_checkpoints::gradient(NUMBERS, end, steps)?;
        let (back, _, _) = by_reversal::gradient(NUMBERS, end, steps)?;
        let (kept, back) = (error(kept, right), error(back, right));
        writeln!(
            out,
            "{end:>5} {:>15.6e} {kept:>25.1e} {:>24.1e}%",
            right[1],
            100.0 * back
        )?;
        errors.push((kept, back));
    }
    let (kept, back) = errors[errors.len() - 1];

    let steps = steps_until(4.0);
    let (there, mut way) = there_and_back::call(4.0, steps)?;
    way.insert(0, there[steps - 1]);
    let mut plot = Plot::new([-25.0, 25.0], [0.0, 50.0]);
    plot.line("there", "#36c", there.iter().map(|y| (y[0], y[2])));
    let inside = way.iter().take_while(|y| y.iter().all(|x| x.abs() < 200.0));
    plot.line("and back", "#c33", inside.map(|y| (y[0], y[2])));
    let title = "The Lorenz system to time 4, and the same equation solved backwards from there";
    picture::save(picture, plot.svg(title).as_bytes())?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(
        out,
        "\n{SLOTS} of {} states kept; {seconds:.3} s; picture: {}",
        steps_until(16.0),
        picture.display()
    )?;
    let finite = |x: f64| {
        if x.is_finite() {
            json!(x)
        } else {
            json!("infinite")
        }
    };
    Ok(json!({ "error_checkpoints": kept, "error_backwards": finite(back), "seconds": seconds }))
}
