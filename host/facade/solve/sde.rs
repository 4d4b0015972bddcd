//! Stochastic differential equations `dy = f(t, y) dt + g(t, y) dW` in the sense of Itô, along a Brownian path that is fixed beforehand: the
//! solution is then a function like any other, with derivatives, and the same path on finer steps shows how it converges.
//!
//! Component `i` of `g` is multiplied by component `i` of the path, and must depend on `y[i]` alone (*diagonal* noise), or all components
//! of the path are one and the same (*scalar* noise, [`Brownian::scalar`]), which may then move everything in any way.
//!
//! | scheme | strong order | weak |
//! |---|---|---|
//! | [`euler_maruyama`] | 0.5; 1 if `g` does not depend on `y` | 1 |
//! | [`sri`] | 1.5 | 2 in practice |

use super::ode::march;
use crate::differentiable;

/// The increments of a Brownian path over equal steps.
#[derive(Clone, PartialEq, Debug)]
pub struct Brownian<const N: usize> {
    /// The size of a step.
    pub h: f64,
    /// By how much the path moves in each step.
    pub moves: Vec<[f64; N]>,
    /// The integral over each step of how far the path is from where the step started.
    pub areas: Vec<[f64; N]>,
}

/// Numbers that are distributed normally, two from two uniform ones by Box and Muller, and these by SplitMix64: the same for the same seed.
#[derive(Clone, Debug)]
pub struct Normal {
    state: u64,
    spare: Option<f64>,
}

impl Normal {
    /// A generator.
    pub fn new(seed: u64) -> Normal {
        Normal {
            state: seed,
            spare: None,
        }
    }
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number with mean 0 and variance 1.
    pub fn sample(&mut self) -> f64 {
        if let Some(x) = self.spare.take() {
            return x;
        }
        let unit = 1.0 / (1u64 << 53) as f64;
        // Of (0, 1], so that the logarithm is finite.
        let a = ((self.bits() >> 11) + 1) as f64 * unit;
        let b = (self.bits() >> 11) as f64 * unit;
        let (radius, angle) = ((-2.0 * a.ln()).sqrt(), std::f64::consts::TAU * b);
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }
}

impl<const N: usize> Brownian<N> {
    /// A path whose components are independent; the same for the same seed.
    pub fn new(seed: u64, h: f64, steps: usize) -> Brownian<N> {
        Brownian::by(seed, h, steps, |normal, _| normal.sample())
    }
    /// A path whose components are all one and the same.
    pub fn scalar(seed: u64, h: f64, steps: usize) -> Brownian<N> {
        let mut shared = 0.0;
        Brownian::by(seed, h, steps, move |normal, component| {
            if component == 0 {
                shared = normal.sample();
            }
            shared
        })
    }
    fn by(
        seed: u64,
        h: f64,
        steps: usize,
        mut sample: impl FnMut(&mut Normal, usize) -> f64,
    ) -> Brownian<N> {
        let mut normal = Normal::new(seed);
        let mut draw = || -> [f64; N] { std::array::from_fn(|i| sample(&mut normal, i)) };
        let (mut moves, mut areas) = (Vec::with_capacity(steps), Vec::with_capacity(steps));
        for _ in 0..steps {
            let (a, b) = (draw(), draw());
            let root = h.sqrt();
            moves.push(a.map(|x| x * root));
            // The area is normal with variance h³/3 and covariance h²/2 with the move.
            areas.push(std::array::from_fn(|i| {
                0.5 * h * root * (a[i] + b[i] / 3f64.sqrt())
            }));
        }
        Brownian { h, moves, areas }
    }
    /// The same path in steps twice as large. An odd step at the end is left out.
    #[must_use]
    pub fn coarser(&self) -> Brownian<N> {
        let pairs = self.moves.chunks_exact(2).zip(self.areas.chunks_exact(2));
        let both = |a: [f64; N], b: [f64; N]| -> [f64; N] { std::array::from_fn(|i| a[i] + b[i]) };
        let (mut moves, mut areas) = (Vec::new(), Vec::new());
        for (m, a) in pairs {
            moves.push(both(m[0], m[1]));
            // During the second half the path is by the first move farther away.
            areas.push(both(both(a[0], a[1]), m[0].map(|x| x * self.h)));
        }
        Brownian {
            h: 2.0 * self.h,
            moves,
            areas,
        }
    }
    /// The steps.
    pub fn steps(&self) -> usize {
        self.moves.len()
    }
    /// How far the path is at the end from where it started.
    pub fn end(&self) -> [f64; N] {
        std::array::from_fn(|i| self.moves.iter().map(|m| m[i]).sum())
    }
}

/// One step of the Euler-Maruyama scheme.
#[differentiable]
pub fn euler_maruyama_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    g: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    h: f64,
    by: [f64; N],
) -> [f64; N] {
    let (drift, noise) = (f(t, y), g(t, y));
    let mut next = y;
    for i in 0..N {
        next[i] += h * drift[i] + noise[i] * by[i];
    }
    next
}

/// The state after each step of the Euler-Maruyama scheme, along a path of those moves over steps of size `h`.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::sde::{Brownian, euler_maruyama};
///
/// /// A price that grows and wobbles.
/// #[differentiable]
/// fn price(growth: f64, volatility: f64, moves: &[[f64; 1]], h: f64) -> f64 {
///     let drift = |_, y: [f64; 1]| [growth * y[0]];
///     let noise = |_, y: [f64; 1]| [volatility * y[0]];
///     euler_maruyama(drift, noise, [1.0], 0.0, h, moves).last().unwrap()[0]
/// }
/// let path = Brownian::new(1, 1e-3, 1000);
/// let (by_growth, _, _, _) = price::gradient(0.1, 0.2, &path.moves, path.h)?;
/// // The price is about exp(growth - volatility²/2 + volatility W).
/// let exact = (0.1 - 0.02 + 0.2 * path.end()[0]).exp();
/// assert!((by_growth - exact).abs() < 1e-2 * exact);
/// # Ok::<(), cotangent::Error>(())
/// ```
#[differentiable]
pub fn euler_maruyama<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    g: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    h: f64,
    moves: &[[f64; N]],
) -> Vec<[f64; N]> {
    let mut path = Vec::with_capacity(moves.len());
    let step = |i: usize, t, y| euler_maruyama_step(&f, &g, t, y, h, moves[i]);
    march(step, |y| path.push(y), y, start, h, moves.len());
    path
}

/// When the noise of each stage is taken, and what its state has of the first slope, in parts of the step.
const NOISE_TIMES: [f64; 4] = [0.0, 0.25, 1.0, 0.25];
/// What the state of each stage has of the noise before it.
const NOISE_STAGES: [[f64; 3]; 4] = [
    [0.0, 0.0, 0.0],
    [0.5, 0.0, 0.0],
    [-1.0, 0.0, 0.0],
    [-5.0, 3.0, 0.5],
];
/// What the noise of each stage is multiplied by: parts of the integrals of dW, dW dW, dt dW, dW dW dW.
const WEIGHTS: [[f64; 4]; 4] = [
    [-1.0, -1.0, 2.0, -2.0],
    [4.0 / 3.0, 4.0 / 3.0, -4.0 / 3.0, 5.0 / 3.0],
    [2.0 / 3.0, -1.0 / 3.0, -2.0 / 3.0, -2.0 / 3.0],
    [0.0, 0.0, 0.0, 1.0],
];

/// One step of the scheme SRI1W1.
#[differentiable]
pub fn sri_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    g: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    h: f64,
    by: [f64; N],
    area: [f64; N],
) -> [f64; N] {
    let root = h.sqrt();
    let mut drifts = [[0.0; N]; 2];
    let mut noises = [[0.0; N]; 4];
    for stage in 0..4 {
        if stage < 2 {
            let mut at = y;
            if stage == 1 {
                for i in 0..N {
                    at[i] += 0.75 * h * drifts[0][i] + 1.5 * noises[0][i] * area[i] / h;
                }
            }
            drifts[stage] = f(t + 0.75 * stage as f64 * h, at);
        }
        let mut at = y;
        for i in 0..N {
            at[i] += NOISE_TIMES[stage] * h * drifts[0][i];
            for j in 0..stage {
                at[i] += NOISE_STAGES[stage][j] * root * noises[j][i];
            }
        }
        noises[stage] = g(t + NOISE_TIMES[stage] * h, at);
    }
    let mut next = y;
    for i in 0..N {
        let w = by[i];
        let integrals = [
            w,
            0.5 * (w * w - h) / root,
            area[i] / h,
            (w * w * w - 3.0 * h * w) / (6.0 * h),
        ];
        next[i] += h * (drifts[0][i] + 2.0 * drifts[1][i]) / 3.0;
        for stage in 0..4 {
            let mut weight = 0.0;
            for k in 0..4 {
                weight += WEIGHTS[stage][k] * integrals[k];
            }
            next[i] += weight * noises[stage][i];
        }
    }
    next
}

/// The state after each step of Rößler's scheme SRI1W1 (2010), of strong order 1.5 for diagonal and for scalar noise: two slopes and four
/// values of the noise for each step, along a path of those moves and areas.
#[differentiable]
pub fn sri<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    g: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    h: f64,
    moves: &[[f64; N]],
    areas: &[[f64; N]],
) -> Vec<[f64; N]> {
    let mut path = Vec::with_capacity(moves.len());
    let step = |i: usize, t, y| sri_step(&f, &g, t, y, h, moves[i], areas[i]);
    march(step, |y| path.push(y), y, start, h, moves.len());
    path
}
