//! Rodas (Hairer and Wanner, 1996): a linearly implicit method of order 4 with an error estimate of order 3, for stiff systems.
//! Each step solves six linear systems with one matrix, `I / (γ h) - J`. Stiffly accurate and L-stable, so fast transients die at once.
//!
//! Between steps the solution is the cubic polynomial that has the states and slopes of their ends.

use super::control::{Adaptive, Attempt, End, drive, drive_slots};
use super::dense::{Dense, drive_dense};
use super::fixed::along;
use crate::differentiable;
use crate::linalg::small::{lu, lu_solve};
use crate::solve::Failure;

const GAMMA: f64 = 0.25;
/// Where in the step slope `i` is taken; the seventh is at its end, for the next step.
const TIMES: [f64; 7] = [0.0, 0.386, 0.21, 0.63, 1.0, 1.0, 1.0];
/// What the derivative by time counts in each system.
const BY_TIME: [f64; 6] = [0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0];
/// State `i` is the sum of row `i` times the increments before it; the last is the state after the step.
const STATES: [[f64; 6]; 7] = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [1.544, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.9466785280815826, 0.2557011698983284, 0.0, 0.0, 0.0, 0.0],
    [
        3.314825187068521,
        2.896124015972201,
        0.9986419139977817,
        0.0,
        0.0,
        0.0,
    ],
    [
        1.221224509226641,
        6.019134481288629,
        12.53708332932087,
        -0.687886036105895,
        0.0,
        0.0,
    ],
    [
        1.221224509226641,
        6.019134481288629,
        12.53708332932087,
        -0.687886036105895,
        1.0,
        0.0,
    ],
    [
        1.221224509226641,
        6.019134481288629,
        12.53708332932087,
        -0.687886036105895,
        1.0,
        1.0,
    ],
];
/// What the increments before it add to the right-hand side of system `i`, over the step.
const RIGHT: [[f64; 5]; 6] = [
    [0.0, 0.0, 0.0, 0.0, 0.0],
    [-5.6688, 0.0, 0.0, 0.0, 0.0],
    [-2.430093356833875, -0.2063599157091915, 0.0, 0.0, 0.0],
    [
        -0.1073529058151375,
        -9.594562251023355,
        -20.47028614809616,
        0.0,
        0.0,
    ],
    [
        7.496443313967647,
        -10.24680431464352,
        -33.99990352819905,
        11.7089089320616,
        0.0,
    ],
    [
        8.083246795921522,
        -7.981132988064893,
        -31.52159432874371,
        16.31930543123136,
        -6.058818238834054,
    ],
];
/// One over the order of the error.
const POWER: f64 = 0.25;

#[differentiable]
fn rodas4_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    jvp: impl Fn(f64, [f64; N], f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    slope: [f64; N],
    h: f64,
) -> Attempt<N> {
    // Column by column; the last is the derivative by time.
    let mut matrix = [[0.0; N]; N];
    let mut by_time = [0.0; N];
    for j in 0..N + 1 {
        let mut direction = [0.0; N];
        let mut time = 1.0;
        if j < N {
            direction[j] = 1.0;
            time = 0.0;
        }
        let column = jvp(t, y, time, direction);
        if j < N {
            for i in 0..N {
                matrix[i][j] = -column[i];
            }
            matrix[j][j] += 1.0 / (GAMMA * h);
        } else {
            by_time = column;
        }
    }
    let factors = lu(matrix);
    let mut increments = [[0.0; N]; 6];
    let mut next = y;
    let mut end = slope;
    for stage in 0..6 {
        let mut right = along(end, h * BY_TIME[stage], by_time);
        for j in 0..stage {
            right = along(right, RIGHT[stage][j] / h, increments[j]);
        }
        increments[stage] = lu_solve(factors, right);
        next = y;
        for j in 0..stage + 1 {
            next = along(next, STATES[stage + 1][j], increments[j]);
        }
        end = f(t + h * TIMES[stage + 1], next);
    }
    let mut shape = [[0.0; N]; 4];
    for i in 0..N {
        let (a, b, change) = (h * slope[i], h * end[i], next[i] - y[i]);
        shape[0][i] = a;
        shape[1][i] = 3.0 * change - 2.0 * a - b;
        shape[2][i] = a + b - 2.0 * change;
    }
    Attempt {
        y: next,
        slope: end,
        error: increments[5],
        shape,
    }
}

/// The solution at `end` of what is `y` at `start`, where parts of it settle much faster than others. `jvp(t, y, dt, dy)` is the derivative
/// of `f` in the direction of a time and a state.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::ode::{self, Adaptive};
///
/// /// Follows the cosine, ever more closely the larger `k` is.
/// #[differentiable]
/// fn pulled(t: f64, y: [f64; 1], k: f64) -> [f64; 1] {
///     [k * (t.cos() - y[0])]
/// }
/// #[differentiable]
/// fn followed(k: f64) -> f64 {
///     let f = |t, y| pulled(t, y, k);
///     let jvp = |t, y, dt, dy| pulled::jvp((t, y, k), (dt, dy, 0.0)).unwrap().1;
///     ode::rodas4(f, jvp, [0.0], 0.0, 3.0, Adaptive::default()).unwrap().y[0]
/// }
/// let k = 1e5;
/// assert!((followed(k) - (k * k * 3f64.cos() + k * 3f64.sin()) / (1.0 + k * k)).abs() < 1e-6);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// # Errors
/// [`Failure::TooManySteps`], [`Failure::StepTooSmall`], [`Failure::NotFinite`].
#[differentiable]
pub fn rodas4<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    jvp: impl Fn(f64, [f64; N], f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let step = |t, y, slope, h| rodas4_step(&f, &jvp, t, y, slope, h);
    drive(&f, step, |_| false, y, start, end, POWER, how)
}

/// As [`rodas4`], whose gradient keeps at most that many states ([`checkpoint`](crate::checkpoint)).
///
/// # Errors
/// As [`rodas4`].
#[differentiable]
pub fn rodas4_slots<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    jvp: impl Fn(f64, [f64; N], f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    slots: usize,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let step = |t, y, slope, h| rodas4_step(&f, &jvp, t, y, slope, h);
    drive_slots(&f, step, y, start, end, POWER, slots, how)
}

/// As [`rodas4`], with all of the solution between `start` and `end`: see [`at`](super::at).
///
/// # Errors
/// As [`rodas4`].
#[differentiable]
pub fn rodas4_dense<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    jvp: impl Fn(f64, [f64; N], f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    how: Adaptive,
) -> Result<Dense<N>, Failure> {
    let step = |t, y, slope, h| rodas4_step(&f, &jvp, t, y, slope, h);
    drive_dense(&f, step, y, start, end, POWER, how)
}
