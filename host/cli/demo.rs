//! `cotangent demo`: fits a model to measured data by derivatives, and checks them.
//!
//! The data are NIST's reference data set Misra1a, whose best fit is certified to eleven digits: so the end of the demo is
//! a check too, of first and second derivatives together.

use crate::report::{self, Result};
use cotangent::differentiable;

/// Fit a model to real data: value, gradient, a check against finite differences, and the fit that NIST certifies.
#[derive(clap::Args)]
pub struct Args {}

const DATA: &str = include_str!("../../examples/data/misra1a.csv");
/// NIST's first starting point and its certified parameters and sum of squares.
const START: [f64; 2] = [500.0, 0.0001];
const CERTIFIED: [f64; 2] = [2.3894212918E+02, 5.5015643181E-04];
const CERTIFIED_SUM: f64 = 1.2455138894E-01;

/// The sum of squared residuals: what the fit makes small.
#[differentiable]
fn misfit(b: [f64; 2], x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let model = b[0] * (1.0 - (-b[1] * x[i]).exp());
        let residual = y[i] - model;
        sum += residual * residual;
    }
    sum
}

/// The measurements.
struct Data {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Data {
    fn value(&self, b: [f64; 2]) -> f64 {
        misfit(b, &self.x, &self.y)
    }
    fn value_and_gradient(&self, b: [f64; 2]) -> Result<(f64, [f64; 2])> {
        misfit::value_and_gradient_wrt::<0>(b, &self.x, &self.y).map_err(failed)
    }
    fn hessian(&self, b: [f64; 2]) -> Result<[[f64; 2]; 2]> {
        let h = misfit::hessian_wrt::<0>(b, &self.x, &self.y).map_err(failed)?;
        match *h.as_slice() {
            [a, b, c, d] => Ok([[a, b], [c, d]]),
            _ => Err(failed("the Hessian is not 2 by 2")),
        }
    }
}

fn failed(e: impl ToString) -> miette::Report {
    report::plain(e.to_string(), None)
}

/// Reads the rows `y,x` of the data.
fn read() -> Result<Data> {
    let rows: Result<Vec<(f64, f64)>> = DATA
        .lines()
        .filter(|l| !l.starts_with('#') && *l != "y,x")
        .map(|l| {
            let pair = l.split_once(',');
            let pair = pair.and_then(|(y, x)| Some((y.parse().ok()?, x.parse().ok()?)));
            pair.ok_or_else(|| failed(format!("not a row of the data: {l}")))
        })
        .collect();
    let (y, x) = rows?.into_iter().unzip();
    Ok(Data { x, y })
}

/// The largest relative difference of the gradient from central finite differences.
fn finite_difference_error(f: &Data, b: [f64; 2], gradient: [f64; 2]) -> Result<f64> {
    let mut worst = 0.0f64;
    for (i, g) in gradient.into_iter().enumerate() {
        let h = 1e-6 * b[i];
        let (mut up, mut down) = (b, b);
        up[i] += h;
        down[i] -= h;
        let slope = (f.value(up) - f.value(down)) / (up[i] - down[i]);
        println!(
            "  d/db{}   {g:>22.12e}   finite differences {slope:>22.12e}",
            i + 1
        );
        worst = worst.max((slope - g).abs() / g.abs());
    }
    Ok(worst)
}

/// Newton's method with the exact Hessian, its diagonal raised until a step descends.
fn fit(f: &Data, mut b: [f64; 2]) -> Result<([f64; 2], f64, usize)> {
    let mut damping = 1e-3;
    for step in 1..=200 {
        let (value, g) = f.value_and_gradient(b)?;
        let h = f.hessian(b)?;
        loop {
            let (p, q) = (
                h[0][0] + damping * h[0][0].abs(),
                h[1][1] + damping * h[1][1].abs(),
            );
            let det = p * q - h[0][1] * h[1][0];
            let d = [
                -(q * g[0] - h[0][1] * g[1]) / det,
                -(p * g[1] - h[1][0] * g[0]) / det,
            ];
            let next = [b[0] + d[0], b[1] + d[1]];
            let descends = p > 0.0 && det > 0.0 && f.value(next) < value;
            if descends {
                damping = (damping * 0.1f64).max(1e-15);
                b = next;
                break;
            }
            let small = (0..2).all(|i| d[i].abs() <= 1e-13 * b[i].abs());
            if small || damping > 1e15 {
                return Ok((b, value, step));
            }
            damping *= 10.0;
        }
    }
    Ok((b, f.value(b), 200))
}

/// How many decimal digits of two numbers agree.
fn digits(a: f64, b: f64) -> f64 {
    -((a - b).abs() / b.abs()).max(1e-17).log10()
}

pub fn run(_: &Args) -> Result<()> {
    let f = read()?;
    println!(
        "Data: NIST Misra1a, {} measurements of gas adsorbed (y) at a pressure (x).",
        f.x.len()
    );
    println!(
        "Model: y = b1 (1 - exp(-b2 x)). Function: the sum of squared residuals, a loop over the data.\n"
    );
    let (value, gradient) = f.value_and_gradient(START)?;
    println!("At b = {START:?}:\n  value   {value:>22.12e}");
    let error = finite_difference_error(&f, START, gradient)?;
    println!("  largest relative error against finite differences: {error:.1e}\n");
    if error.is_nan() || error > 1e-6 {
        return Err(failed("the gradient disagrees with finite differences"));
    }
    let (b, sum, steps) = fit(&f, START)?;
    println!("Newton's method, gradient and Hessian by differentiation: {steps} steps.");
    let mut least = f64::INFINITY;
    for (name, got, want) in [
        ("b1", b[0], CERTIFIED[0]),
        ("b2", b[1], CERTIFIED[1]),
        ("sum", sum, CERTIFIED_SUM),
    ] {
        let agree = digits(got, want);
        least = least.min(agree);
        println!("  {name:<4} {got:>20.12e}   certified {want:>18.10e}   {agree:.1} digits agree");
    }
    if least.is_nan() || least < 9.0 {
        return Err(failed("the fit is not the certified one"));
    }
    Ok(())
}
