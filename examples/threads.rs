//! What several threads gain on large loops: the same results, bit for bit, in less time.
//!
//! ```text
//! cargo run --release --example threads            # one thread, two, four, … as many as the machine runs at once
//! ```

use cotangent::{Options, Result, differentiable};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A step of the heat equation with a source.
#[differentiable]
fn heat(u: &[f64], dt: f64) -> Vec<f64> {
    let mut next = u.to_vec();
    for i in 1..u.len() - 1 {
        next[i] = u[i] + dt * (u[i - 1] - 2.0 * u[i] + u[i + 1] + u[i].sin());
    }
    next
}

/// A layer of a network on one input after another.
#[differentiable]
fn layer(weights: &[Vec<f64>], xs: &[f64], samples: usize) -> Vec<f64> {
    let n = xs.len() / samples;
    let mut out = vec![0.0; samples];
    for s in 0..samples {
        let mut sum = 0.0;
        for j in 0..n {
            sum += weights[0][j] * xs[s * n + j];
        }
        out[s] = sum.tanh();
    }
    out
}

/// Squared distances of all points from all others, by hand.
#[differentiable]
fn distances(points: &[f64]) -> Vec<f64> {
    let n = points.len();
    let mut out = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            let d = points[i] - points[j];
            out[i * n + j] = (d * d).sqrt();
        }
    }
    out
}

/// The logarithm of the likelihood of points, each near one of several centres: a sum over many points, of which each is much work.
#[differentiable]
fn likelihood(centres: &[f64], points: &[f64], dimensions: usize) -> f64 {
    let (n, k) = (points.len() / dimensions, centres.len() / dimensions);
    let mut total = 0.0;
    for i in 0..n {
        let mut near = 0.0;
        for c in 0..k {
            let mut square = 0.0;
            for d in 0..dimensions {
                let apart = points[i * dimensions + d] - centres[c * dimensions + d];
                square += apart * apart;
            }
            near += (-0.5 * square).exp();
        }
        total += near.ln();
    }
    total
}

/// The fastest of several runs, and what the run gave.
fn fastest<T>(run: impl Fn() -> Result<T>) -> Result<(Duration, T)> {
    let mut out = run()?;
    let mut best = Duration::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        out = black_box(run()?);
        best = best.min(start.elapsed());
    }
    Ok((best, out))
}

fn show(name: &str, threads: &[u32], run: impl Fn(&Options) -> Result<Vec<f64>>) -> Result<()> {
    print!("{name:<12}");
    let mut first: Option<Vec<f64>> = None;
    for &n in threads {
        let (time, out) = fastest(|| run(&Options::new().threads(n)))?;
        print!("{:>12.2} ms", time.as_secs_f64() * 1e3);
        let bits = |v: &[f64]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let first = first.get_or_insert_with(|| out.clone());
        assert_eq!(bits(first), bits(&out), "{name} on {n} threads");
    }
    println!();
    Ok(())
}

fn main() -> Result<()> {
    let most = std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let mut threads: Vec<u32> = (0..).map(|k| 1 << k).take_while(|n| *n < most).collect();
    threads.push(most);
    let head = threads.iter().map(|n| format!("{n} threads"));
    let head: String = head.map(|h| format!("{h:>15}")).collect();
    println!("{:<12}{head}", "");
    let wave = |n: usize| -> Vec<f64> { (0..n).map(|i| (0.37 * i as f64).sin()).collect() };
    let u = wave(2_000_000);
    show("heat", &threads, |o| heat::with(o).call((&u, 0.1)))?;
    let (weights, xs) = (vec![wave(1000)], wave(4_000_000));
    show("layer", &threads, |o| {
        layer::with(o).call((&weights, &xs, 4000))
    })?;
    let points = wave(2000);
    show("distances", &threads, |o| {
        distances::with(o).call((&points,))
    })?;
    // Reverse mode too: ranges of the points, the gradient of each at once.
    let (centres, points) = (wave(400), wave(80_000));
    show("gradient", &threads, |o| {
        likelihood::with(o).gradient_wrt::<0>((&centres, &points, 8))
    })
}
