//! The gradient of a loop that reads and writes an array takes linear time: nanoseconds per element for growing arrays.
//!
//! ```text
//! cargo bench --bench linear
//! ```
//!
//! All sizes are measured in turn, several times over, and the fastest sample of each counts: what else the machine does
//! comes and goes, and hits all sizes alike. Ends with an error if the slowest size takes more than twice the time per
//! element of the fastest, and still does after [`PATIENCE`].

use cotangent::{Result, differentiable};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The lengths of the arrays.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Samples of each size at least.
const ROUNDS: usize = 3;
/// A sample calls the function on at least so many elements in all.
const ELEMENTS: usize = 200_000;
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

/// Nanoseconds per element of the fastest sample so far.
struct Row {
    x: Vec<f64>,
    plain: f64,
    value: f64,
    gradient: f64,
}

/// Nanoseconds per element of one sample.
fn sample<T>(n: usize, mut work: impl FnMut() -> Result<T>) -> Result<f64> {
    let calls = ELEMENTS.div_ceil(n);
    let start = Instant::now();
    for _ in 0..calls {
        black_box(work()?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / (calls * n) as f64)
}

/// The slowest size's time over the fastest's.
fn spread(rows: &[Row]) -> f64 {
    let times = || rows.iter().map(|row| row.gradient);
    times().fold(0.0, f64::max) / times().fold(f64::INFINITY, f64::min)
}

fn measure() -> Result<Vec<Row>> {
    let row = |n: usize| Row {
        x: (0..n).map(|i| (i as f64 * 0.37).sin()).collect(),
        plain: f64::INFINITY,
        value: f64::INFINITY,
        gradient: f64::INFINITY,
    };
    let mut rows: Vec<Row> = SIZES.into_iter().map(row).collect();
    let start = Instant::now();
    let mut round = 0;
    while round < ROUNDS || spread(&rows) > FLAT && start.elapsed() < PATIENCE {
        for Row {
            x,
            plain,
            value,
            gradient,
        } in &mut rows
        {
            let n = x.len();
            *plain = plain.min(sample(n, || Ok(sweep(black_box(x))))?);
            *value = value.min(sample(n, || sweep::call(black_box(x)))?);
            *gradient = gradient.min(sample(n, || sweep::gradient(black_box(x)))?);
        }
        round += 1;
    }
    Ok(rows)
}

fn main() -> ExitCode {
    let rows = match measure() {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!(
        "nanoseconds per element, on executor `{}`",
        cotangent::default_executor().name()
    );
    println!(
        "{:>9} {:>12} {:>12} {:>12}",
        "n", "plain Rust", "program", "gradient"
    );
    for row in &rows {
        println!(
            "{:>9} {:>12.1} {:>12.1} {:>12.1}",
            row.x.len(),
            row.plain,
            row.value,
            row.gradient
        );
    }
    let spread = spread(&rows);
    println!("slowest / fastest gradient: {spread:.2} (linear up to {FLAT})");
    if spread > FLAT {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
