//! Which colour was meant, given some that were seen: its density, samples of it, and the same by counting.

use super::appearance::{Rgb, difference};
use super::random::Random;
use cotangent::differentiable;

/// The colours that were seen.
pub const SEEN: [Rgb; 3] = [
    Rgb {
        r: 0.5,
        g: 0.0,
        b: 0.0,
    },
    Rgb {
        r: 0.6,
        g: 0.0,
        b: 0.0,
    },
    Rgb {
        r: 0.4,
        g: 0.0,
        b: 0.0,
    },
];
/// How widely the squared differences are spread.
pub const SPREAD: f64 = 5.0;
/// Paths before the samples, so that where they start does not matter.
const WARM_UP: usize = 100;
/// Steps of a path, and how long each is.
const STEPS: usize = 20;
const STEP: f64 = 1e-3;

/// The logarithm of the density of the colour that was meant, but for a constant: every colour may be meant, and the squared differences
/// from those seen are normally distributed.
#[differentiable]
pub fn log_density(meant: Rgb, seen: &[Rgb], spread: f64) -> f64 {
    let mut sum = 0.0;
    for &colour in seen {
        let d = difference(meant, colour);
        let squared = d * d / spread;
        sum -= 0.5 * squared * squared;
    }
    sum
}

fn is_colour(c: Rgb) -> bool {
    [c.r, c.g, c.b].iter().all(|x| (0.0..=1.0).contains(x))
}

/// Samples of the colour that was meant, by Hamiltonian Monte Carlo: a path through the density, as of a ball with a random push, ends at
/// the next sample; the gradient is the force. Also gives how many of the paths were taken.
pub fn sample(count: usize, random: &mut Random) -> cotangent::Result<(Vec<Rgb>, usize)> {
    let slope = |x: Rgb| log_density::value_and_gradient_wrt::<0>(x, &SEEN, SPREAD);
    // Not one of those seen: the difference has no derivative where it is zero.
    let mut here = Rgb {
        r: 0.55,
        g: 0.05,
        b: 0.05,
    };
    let (mut height, mut force) = slope(here)?;
    let (mut samples, mut taken) = (Vec::new(), 0);
    for path in 0..WARM_UP + count {
        let mut speed = [random.normal(), random.normal(), random.normal()];
        let energy =
            |speed: [f64; 3], height: f64| 0.5 * speed.map(|v| v * v).iter().sum::<f64>() - height;
        let before = energy(speed, height);
        let (mut place, mut at, mut push) = (here, height, force);
        for _ in 0..STEPS {
            let half = |speed: &mut [f64; 3], push: Rgb| {
                for (v, f) in speed.iter_mut().zip([push.r, push.g, push.b]) {
                    *v += 0.5 * STEP * f;
                }
            };
            half(&mut speed, push);
            place = Rgb {
                r: place.r + STEP * speed[0],
                g: place.g + STEP * speed[1],
                b: place.b + STEP * speed[2],
            };
            (at, push) = slope(place)?;
            half(&mut speed, push);
        }
        let after = energy(speed, at);
        if is_colour(place) && random.uniform() < (before - after).exp() {
            (here, height, force) = (place, at, push);
            taken += usize::from(path >= WARM_UP);
        }
        if path >= WARM_UP {
            samples.push(here);
        }
    }
    Ok((samples, taken))
}

/// Mean and standard deviation of each number.
pub type Moments = [(f64, f64); 3];

/// Of samples.
pub fn moments(samples: &[Rgb]) -> Moments {
    let n = samples.len() as f64;
    [|c: &Rgb| c.r, |c: &Rgb| c.g, |c: &Rgb| c.b].map(|part| {
        let mean = samples.iter().map(part).sum::<f64>() / n;
        let square = samples
            .iter()
            .map(|c| (part(c) - mean).powi(2))
            .sum::<f64>()
            / n;
        (mean, square.sqrt())
    })
}

/// A box of colours in which the density is all but everything: from and to, of each number.
pub const BOX: [(f64, f64); 3] = [(0.44, 0.56), (0.0, 0.12), (0.0, 0.12)];

/// How much of the density each of so many equal parts of a number's range holds, of 1: by the midpoints of cells of the box.
pub fn integrate(cells: usize) -> [Vec<f64>; 3] {
    let mid =
        |i: usize, (from, to): (f64, f64)| from + (to - from) * (i as f64 + 0.5) / cells as f64;
    let mut parts = [const { Vec::new() }; 3].map(|mut v: Vec<f64>| {
        v.resize(cells, 0.0);
        v
    });
    for i in 0..cells {
        for j in 0..cells {
            for k in 0..cells {
                let c = Rgb {
                    r: mid(i, BOX[0]),
                    g: mid(j, BOX[1]),
                    b: mid(k, BOX[2]),
                };
                let weight = log_density(c, &SEEN, SPREAD).exp();
                parts[0][i] += weight;
                parts[1][j] += weight;
                parts[2][k] += weight;
            }
        }
    }
    let all: f64 = parts[0].iter().sum();
    parts.map(|part| part.iter().map(|x| x / all).collect())
}

/// Of the parts that [`integrate`] gives.
pub fn exact_moments(parts: &[Vec<f64>; 3]) -> Moments {
    std::array::from_fn(|i| {
        let (from, to) = BOX[i];
        let width = (to - from) / parts[i].len() as f64;
        let weighted = |f: &dyn Fn(f64) -> f64| -> f64 {
            let terms = parts[i].iter().enumerate();
            terms
                .map(|(k, w)| w * f(from + width * (k as f64 + 0.5)))
                .sum()
        };
        let mean = weighted(&|x| x);
        (mean, weighted(&|x| (x - mean).powi(2)).sqrt())
    })
}
