//! The sine by its Taylor series, with a loop, calls, a condition and an early return, and its derivative in both modes.
//!
//! ```text
//! cargo run --release --example taylor
//! cargo run --release --example taylor -- --at 2.5 --json
//! ```
//!
//! Programs are differentiated, not formulas: the derivative is that of the terms that were added, so it is as near to the cosine as the
//! sum is to the sine. A differentiable function computes numbers and prints nothing; what there is to print it returns. Start at [`series`].

#[path = "common/options.rs"]
mod options;

use clap::Parser;
use cotangent::differentiable;
use options::Options;
use serde_json::json;
use std::error::Error;
use std::io::Write;

#[differentiable]
fn factorial(n: i64) -> i64 {
    if n < 2 { 1 } else { n * factorial(n - 1) }
}

/// The sum of the series up to the first term below 1e-8, and the powers in it.
#[differentiable]
pub fn series(x: f64) -> (f64, Vec<i32>) {
    let mut sum = 0.0;
    let mut sign = -1.0;
    let mut powers = Vec::new();
    for i in 1..=19 {
        if i % 2 == 1 {
            let term = x.powi(i) / factorial(i64::from(i)) as f64;
            if term.abs() < 1e-8 {
                return (sum, powers);
            }
            powers.push(i);
            sign = -sign;
            sum += sign * term;
        }
    }
    (sum, powers)
}

/// The sine of `x`.
#[differentiable]
pub fn sine(x: f64) -> f64 {
    series(x).0
}

/// The sine by its Taylor series, and the derivative of that program.
#[derive(Parser, Debug)]
#[command(name = "taylor")]
pub struct Arguments {
    /// Where.
    #[arg(
        long,
        default_value_t = 1.0,
        value_name = "X",
        allow_negative_numbers = true
    )]
    pub at: f64,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    arguments.options.start(|out| run(arguments.at, out))
}

/// Prints the table and gives the row of `x`.
pub fn run(x: f64, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    writeln!(
        out,
        "{:>8} {:>19} {:>19} {:>19} {:>10}  powers",
        "x", "sine", "forward", "reverse", "- cosine"
    )?;
    let mut rows = vec![0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
    if !rows.contains(&x) {
        rows.push(x);
    }
    let mut result = json!(null);
    for at in rows {
        let (value, powers) = series::call(at)?;
        let (_, forward) = sine::jvp(at, 1.0)?;
        let reverse = sine::gradient(at)?;
        let error = reverse - at.cos();
        writeln!(
            out,
            "{at:>8} {value:>19.15} {forward:>19.15} {reverse:>19.15} {error:>10.1e}  {powers:?}"
        )?;
        if at == x {
            result = json!({
                "x": x, "value": value, "forward": forward, "reverse": reverse, "cosine": x.cos(), "powers": powers,
            });
        }
    }
    Ok(result)
}
