//! Checks a derivative: against finite differences in random directions, and against the one derived by hand.

use super::derivative::Derivative;
use super::instance::Instance;

/// Relative error allowed against finite differences.
pub const FINITE_DIFFERENCE_LIMIT: f64 = 1e-6;
/// Relative error allowed against the derivative derived by hand.
pub const REFERENCE_LIMIT: f64 = 1e-9;

/// The largest relative error against finite differences over some random directions.
pub fn finite_difference_error(
    instance: &Instance,
    derivative: &Derivative,
    directions: usize,
    seed: u64,
) -> f64 {
    let parameters = instance.parameters();
    let mut random = Random(seed);
    let mut worst = 0.0f64;
    for _ in 0..directions {
        // Each parameter moves in proportion to its size, so that small ones count as much as large ones.
        let direction: Vec<f64> = parameters
            .iter()
            .map(|x| random.symmetric() * x.abs().max(1e-3))
            .collect();
        let expected = difference(&|x| instance.at(x).objective(), &parameters, &direction);
        let found = derivative.apply(&direction);
        worst = keep_nan_max(
            worst,
            distance(&found, &expected) / norm(&expected).max(f64::MIN_POSITIVE),
        );
    }
    worst
}

/// The largest difference between two derivatives, relative to the entry, or to a thousandth of the largest
/// entry where the entry is smaller than that.
pub fn relative_error(found: &Derivative, expected: &Derivative) -> f64 {
    let (found, expected) = (found.values(), expected.values());
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    let largest = expected.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let floor = (1e-3 * largest).max(f64::MIN_POSITIVE);
    found.iter().zip(&expected).fold(0.0, |worst, (a, b)| {
        keep_nan_max(worst, (a - b).abs() / b.abs().max(floor))
    })
}

/// The larger number; a NaN stays.
fn keep_nan_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The derivative of `f` at `x` along `v`. Central differences of fourth and sixth order are compared at several
/// steps, and the step where they agree best is taken: no derivative is needed to choose it.
fn difference(f: &dyn Fn(&[f64]) -> Vec<f64>, x: &[f64], v: &[f64]) -> Vec<f64> {
    let mut best = Vec::new();
    let mut best_error = f64::INFINITY;
    for step in [3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4] {
        let at = |factor: f64| {
            let moved: Vec<f64> = x
                .iter()
                .zip(v)
                .map(|(x, v)| x + factor * step * v)
                .collect();
            f(&moved)
        };
        let halves: Vec<Vec<f64>> = [1.0, 2.0, 3.0]
            .iter()
            .map(|&k| {
                at(k)
                    .iter()
                    .zip(at(-k))
                    .map(|(a, b)| (a - b) / (2.0 * step))
                    .collect()
            })
            .collect();
        let combine = |c: [f64; 3]| -> Vec<f64> {
            (0..halves[0].len())
                .map(|i| c[0] * halves[0][i] + c[1] * halves[1][i] + c[2] * halves[2][i])
                .collect()
        };
        let fourth = combine([4.0 / 3.0, -1.0 / 6.0, 0.0]);
        let sixth = combine([1.5, -0.3, 1.0 / 30.0]);
        let error = distance(&fourth, &sixth);
        if error < best_error || best.is_empty() {
            best_error = error;
            best = sixth;
        }
    }
    best
}

fn norm(a: &[f64]) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b) * (a - b))
        .sum::<f64>()
        .sqrt()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform between -1 and 1.
    fn symmetric(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
