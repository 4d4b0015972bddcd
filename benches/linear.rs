//! The gradient of a loop that reads and writes an array takes linear time: nanoseconds per element for growing arrays.
//!
//! ```text
//! cargo bench --bench linear
//! ```
//!
//! All sizes are measured in turn, several times over, and the fastest sample of each counts: what else the machine does
//! comes and goes, and hits all sizes alike. Ends with an error if the slowest size takes more than twice the time per
//! element of the fastest, and still does after [`PATIENCE`].

#[path = "common/mod.rs"]
mod common;

use common::table::Table;
use common::timing::Candidate;
use cotangent::differentiable;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The lengths of the arrays.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Samples of each size at least.
const ROUNDS: usize = 3;
/// Where the times are not flat, measuring goes on for this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much the time per element may vary.
const FLAT: f64 = 2.0;

/// Every element is read a few times and written once.
#[differentiable]
fn sweep(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    for i in 1..a.len() {
        a[i] = 0.5 * a[i] + a[i] * a[i - 1];
    }
    let mut sum = 0.0;
    for v in &a {
        sum += v;
    }
    sum
}

/// What is timed at one size.
struct Row<'a> {
    n: usize,
    plain: Candidate<'a>,
    value: Candidate<'a>,
    gradient: Candidate<'a>,
}

impl Row<'_> {
    /// Nanoseconds per element of the fastest sample so far.
    fn per_element(&self, c: &Candidate<'_>) -> f64 {
        c.fastest() * 1e9 / self.n as f64
    }
}

/// The slowest size's time over the fastest's.
fn spread(rows: &[Row<'_>]) -> f64 {
    let times = || rows.iter().map(|row| row.per_element(&row.gradient));
    times().fold(0.0, f64::max) / times().fold(f64::INFINITY, f64::min)
}

fn main() -> ExitCode {
    let data = SIZES.map(|n| -> Vec<f64> { (0..n).map(|i| (i as f64 * 0.37).sin()).collect() });
    if let Err(e) = sweep::gradient(&data[0]) {
        eprintln!("error: {e}");
        return ExitCode::FAILURE;
    }
    let mut rows: Vec<Row<'_>> = data
        .iter()
        .map(|x| Row {
            n: x.len(),
            plain: Candidate::new("plain Rust", || sweep(black_box(x))),
            value: Candidate::new("program", || sweep::call(black_box(x))),
            gradient: Candidate::new("gradient", || sweep::gradient(black_box(x))),
        })
        .collect();
    let start = Instant::now();
    let mut round = 0;
    while round < ROUNDS || spread(&rows) > FLAT && start.elapsed() < PATIENCE {
        for row in &mut rows {
            row.plain.sample();
            row.value.sample();
            row.gradient.sample();
        }
        round += 1;
    }
    println!(
        "nanoseconds per element, on executor `{}`",
        cotangent::default_executor().name()
    );
    let mut table = Table::new(0, ["n", "plain Rust", "program", "gradient"]);
    for row in &rows {
        let times = [&row.plain, &row.value, &row.gradient].map(|c| row.per_element(c));
        let mut cells = vec![row.n.to_string()];
        cells.extend(times.map(|t| format!("{t:.1}")));
        table.row(cells);
    }
    print!("{table}");
    let spread = spread(&rows);
    println!("slowest / fastest gradient: {spread:.2} (linear up to {FLAT})");
    if spread > FLAT {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
