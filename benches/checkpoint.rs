//! A long loop differentiated in little memory: time, peak memory and how often iterations are computed, with checkpoints and without.
//!
//! ```text
//! cargo bench --bench checkpoint                  # 10^4 to 10^6 steps of a state of 1000 numbers, within 64 MB
//! cargo bench --bench checkpoint -- --unlimited   # the longest loop without a budget as well (8 GB of residuals)
//! ```
//!
//! Each measurement is a process of its own, so that its peak of memory is its own. Ends with an error if a gradient within the budget
//! differs from the unlimited one by more than round-off, or takes more memory than budget and program together may.

#[path = "common/mod.rs"]
mod common;

use common::table::Table;
use cotangent::core::ad::checkpoint::schedule::least_steps;
use cotangent::{checkpoint, differentiable};
use std::process::{Command, ExitCode};
use std::time::Instant;

const STATE: usize = 1000;
const BUDGET: usize = 64 << 20;
const STEPS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// What a process may take beyond its budget: code, the compiler, one step's residuals.
const REST: f64 = 64.0;

/// Fisher's equation on a ring: what spreads also grows, up to 1.
#[differentiable]
fn within(spread: f64, growth: f64, steps: usize, bytes: usize) -> f64 {
    let mut u = vec![0.01; STATE];
    u[0] = 0.9;
    for _ in 0..steps {
        checkpoint::bytes(bytes);
        let mut left = u[STATE - 1];
        let first = u[0];
        for i in 0..STATE {
            let here = u[i];
            let right = if i + 1 < STATE { u[i + 1] } else { first };
            u[i] = here + spread * (left - 2.0 * here + right) + growth * here * (1.0 - here);
            left = here;
        }
    }
    u[STATE / 2]
}

#[differentiable]
fn unlimited(spread: f64, growth: f64, steps: usize) -> f64 {
    let mut u = vec![0.01; STATE];
    u[0] = 0.9;
    for _ in 0..steps {
        let mut left = u[STATE - 1];
        let first = u[0];
        for i in 0..STATE {
            let here = u[i];
            let right = if i + 1 < STATE { u[i + 1] } else { first };
            u[i] = here + spread * (left - 2.0 * here + right) + growth * here * (1.0 - here);
            left = here;
        }
    }
    u[STATE / 2]
}

/// One measurement.
struct Run {
    seconds: f64,
    megabytes: f64,
    gradient: [f64; 2],
}

/// The greatest amount of memory this process has had.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |k| k / 1024.0)
}

/// Measures, and prints the numbers for the process that asked.
fn measure(kind: &str, steps: usize) -> Result<(), String> {
    // So little growth that the state is still on its way after all steps.
    let (spread, growth) = (0.2, 4.0 / steps as f64);
    let short = 10;
    let start;
    let [ds, dg] = match kind {
        "plain" => {
            start = Instant::now();
            [within(spread, growth, steps, BUDGET), 0.0]
        }
        "unlimited" => {
            unlimited::gradient(spread, growth, short).map_err(|e| e.to_string())?;
            start = Instant::now();
            let g = unlimited::gradient(spread, growth, steps).map_err(|e| e.to_string())?;
            [g.0, g.1]
        }
        _ => {
            within::gradient(spread, growth, short, BUDGET).map_err(|e| e.to_string())?;
            start = Instant::now();
            let g = within::gradient(spread, growth, steps, BUDGET).map_err(|e| e.to_string())?;
            [g.0, g.1]
        }
    };
    println!("{} {} {ds} {dg}", start.elapsed().as_secs_f64(), peak());
    Ok(())
}

fn ask(kind: &str, steps: usize) -> Result<Run, String> {
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let out = Command::new(me)
        .args(["--one", kind, &steps.to_string()])
        .output()
        .map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&out.stdout);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|w| w.parse().ok())
        .collect();
    match numbers.as_slice() {
        &[seconds, megabytes, a, b] => Ok(Run {
            seconds,
            megabytes,
            gradient: [a, b],
        }),
        _ => Err(format!(
            "{kind}, {steps} steps: {}",
            String::from_utf8_lossy(&out.stderr)
        )),
    }
}

fn table(everything: bool) -> Result<(), String> {
    let mut table = Table::new(
        0,
        [
            "steps",
            "plain Rust",
            "gradient",
            "peak MB",
            "within 64 MB",
            "peak MB",
            "times computed",
            "difference",
        ],
    );
    for steps in STEPS {
        let plain = ask("plain", steps)?;
        let small = ask("within", steps)?;
        let whole = (everything || steps < 1_000_000)
            .then(|| ask("unlimited", steps))
            .transpose()?;
        let slots = (BUDGET / (8 * STATE + 8)) as u64;
        // Once forward, as often as the schedule says, and once to be reversed.
        let times = 2.0 + least_steps(steps as u64, slots) as f64 / steps as f64;
        let difference = whole.as_ref().map(|w| {
            let each = small.gradient.iter().zip(&w.gradient);
            each.map(|(a, b)| (a - b).abs() / b.abs())
                .fold(0.0, f64::max)
        });
        table.row([
            steps.to_string(),
            format!("{:.2} s", plain.seconds),
            whole
                .as_ref()
                .map_or("-".into(), |w| format!("{:.2} s", w.seconds)),
            whole
                .as_ref()
                .map_or("-".into(), |w| format!("{:.0}", w.megabytes)),
            format!("{:.2} s", small.seconds),
            format!("{:.0}", small.megabytes),
            format!("{times:.2}"),
            difference.map_or("-".into(), |d| format!("{d:.1e}")),
        ]);
        if difference.is_some_and(|d| d.is_nan() || d > 1e-9) {
            return Err(format!(
                "{steps} steps: the gradients differ by {difference:?}"
            ));
        }
        if small.megabytes > (BUDGET >> 20) as f64 + REST {
            return Err(format!("{steps} steps: {:.0} MB", small.megabytes));
        }
    }
    print!("{table}");
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["--one", kind, steps] => match steps.parse() {
            Ok(steps) => measure(kind, steps),
            Err(_) => Err(format!("not a number of steps: {steps}")),
        },
        [] => table(false),
        ["--unlimited"] => table(true),
        other => Err(format!(
            "unknown arguments {other:?}; there is `--unlimited`"
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}
