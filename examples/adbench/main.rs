//! The four problems of ADBench (a benchmark of automatic differentiation), on any of its input files.
//!
//! ```text
//! cargo run --release --example adbench -- gmm ../shared/data/adbench/gmm/1k/gmm_d10_K10.txt --check
//! ```
//!
//! The objectives are in `gmm.rs`, `ba.rs`, `lstm.rs` and `hand.rs`: plain Rust, with nothing in them for the
//! sake of differentiation but the attribute. `reference/` derives the same derivatives by hand, as a check.
//! Start at [`run`].

pub mod ba;
pub mod check;
pub mod derivative;
pub mod error;
pub mod executor;
pub mod gmm;
pub mod hand;
pub mod hand_jacobian;
pub mod hand_model;
pub mod instance;
pub mod io;
pub mod lstm;
pub mod reference;
pub mod timing;

use check::{FINITE_DIFFERENCE_LIMIT, REFERENCE_LIMIT, finite_difference_error, relative_error};
use clap::{Parser, ValueEnum};
use error::Error;
use executor::Executor;
use instance::Instance;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use timing::{Effort, measure};

/// Measures an ADBench problem: objective, derivative, and the ratio of their times.
#[derive(Parser, Debug)]
#[command(
    name = "adbench",
    after_help = "\
Examples:
  adbench gmm gmm_d10_K10.txt --check
  adbench ba ba1_n49_m7776_p31843.txt --out J.txt --json
  adbench hand complicated_small/hand1_t26_c100.txt

The objective printed for ba and hand is the sum of the squared residuals. For hand the model is read from
`model/` beside the file, and the number of values in the file tells the simple from the complicated problem."
)]
pub struct Arguments {
    /// The problem.
    pub problem: Problem,
    /// An input file of ADBench.
    pub file: PathBuf,
    /// Who computes the derivative: an executor of Cotangent, or `reference` for the one derived by hand.
    #[arg(long, value_name = "NAME", default_value = cotangent::default_executor().name(), value_parser = Executor::from_name)]
    pub executor: Executor,
    /// Writes the derivative to this file, in ADBench's output format.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Prints the result as JSON, as one last line.
    #[arg(long)]
    pub json: bool,
    /// Checks the derivative against finite differences and against one derived by hand.
    #[arg(long)]
    pub check: bool,
    /// At most this many samples of each time.
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub runs: usize,
    /// The least time of a sample, in seconds.
    #[arg(long, default_value_t = 0.5, value_name = "SECONDS", value_parser = seconds)]
    pub sample: f64,
    /// No sample starts after this many seconds.
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS", value_parser = seconds)]
    pub limit: f64,
}

/// The four problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Problem {
    /// Gaussian mixture model.
    Gmm,
    /// Bundle adjustment.
    Ba,
    /// Diagonal LSTM.
    Lstm,
    /// Hand tracking.
    Hand,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e6).contains(&value) => Ok(value),
        _ => Err("should be a number of seconds from 0 to 1e6".to_string()),
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse(), &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the file of a problem.
pub fn read(problem: Problem, file: &std::path::Path) -> Result<Instance, Error> {
    match problem {
        Problem::Gmm => io::read_gmm(file),
        Problem::Ba => io::read_ba(file),
        Problem::Lstm => io::read_lstm(file),
        Problem::Hand => io::read_hand(file),
    }
}

/// Does what the arguments say and prints to `out`.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let print = |source| Error::Io {
        path: PathBuf::from("standard output"),
        source,
    };
    let instance = read(arguments.problem, &arguments.file)?;
    let objective = instance.objective_summary();
    let derivative = arguments.executor.derivative(&instance)?;

    let effort = Effort {
        sample: Duration::from_secs_f64(arguments.sample),
        runs: arguments.runs,
        limit: Duration::from_secs_f64(arguments.limit),
    };
    let value_time = measure(&effort, || Ok::<_, Error>(instance.objective()))?;
    let gradient_time = measure(&effort, || arguments.executor.derivative(&instance))?;
    let ratio = gradient_time.min / value_time.min;

    let executor = arguments.executor.name();
    writeln!(out, "executor    {executor}").map_err(print)?;
    writeln!(out, "objective   {objective}").map_err(print)?;
    for (name, time) in [("objective", value_time), ("gradient", gradient_time)] {
        writeln!(
            out,
            "{name:<11} {:.6e} s (median {:.6e} s, {} samples of {} calls)",
            time.min, time.median, time.samples, time.repeats
        )
        .map_err(print)?;
    }
    writeln!(out, "ratio       {ratio:.3}").map_err(print)?;

    let mut failure = None;
    let mut errors = String::new();
    if arguments.check {
        let reference = Executor::Reference.derivative(&instance)?;
        let checks = [
            (
                "finite differences",
                finite_difference_error(&instance, &derivative, 4, 1),
                FINITE_DIFFERENCE_LIMIT,
            ),
            (
                "derivation by hand",
                relative_error(&derivative, &reference),
                REFERENCE_LIMIT,
            ),
        ];
        for (name, error, limit) in checks {
            writeln!(
                out,
                "check       relative error against {name}: {error:.2e} (limit {limit:e})"
            )
            .map_err(print)?;
            if error.is_nan() || error >= limit {
                failure = Some(Error::Check(format!(
                    "relative error against {name} is {error:e}, over {limit:e}"
                )));
            }
        }
        errors = format!(
            ",\"finite_difference_error\":{},\"reference_error\":{}",
            json_number(checks[0].1),
            json_number(checks[1].1)
        );
    }
    if let Some(path) = &arguments.out {
        derivative.write(path)?;
    }
    if arguments.json {
        writeln!(
            out,
            "{{\"executor\":\"{executor}\",\"objective\":{},\"objective_s\":{},\"gradient_s\":{},\"ratio\":{},\
             \"objective_median_s\":{},\"gradient_median_s\":{}{errors}}}",
            json_number(objective),
            json_number(value_time.min),
            json_number(gradient_time.min),
            json_number(ratio),
            json_number(value_time.median),
            json_number(gradient_time.median),
        )
        .map_err(print)?;
    }
    failure.map_or(Ok(()), Err)
}

/// A number as JSON knows it.
fn json_number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:e}")
    } else {
        "null".to_string()
    }
}
