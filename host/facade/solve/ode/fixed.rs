//! Methods with fixed steps: Euler, and the classical Runge-Kutta method of order 4.
//!
//! Each is there as one step (for loops of your own), as the state at the end, and as the states after all steps.

use crate::{checkpoint, differentiable};

/// A point some way along a slope.
#[differentiable]
pub(super) fn along<const N: usize>(y: [f64; N], h: f64, slope: [f64; N]) -> [f64; N] {
    let mut to = y;
    for i in 0..N {
        to[i] += h * slope[i];
    }
    to
}

/// The size of so many equal steps; of none, of one.
#[differentiable]
pub(super) fn step_size(start: f64, end: f64, steps: usize) -> f64 {
    (end - start) / steps.max(1) as f64
}

/// Takes so many equal steps, and shows each state to `visit`. `step` makes the next state from the number of the step, time and state.
#[differentiable]
pub(in crate::solve) fn march<const N: usize>(
    step: impl Fn(usize, f64, [f64; N]) -> [f64; N],
    mut visit: impl FnMut([f64; N]),
    y: [f64; N],
    start: f64,
    h: f64,
    steps: usize,
) -> [f64; N] {
    let mut y = y;
    for i in 0..steps {
        y = step(i, start + i as f64 * h, y);
        visit(y);
    }
    y
}

/// One step of Euler's method, of order 1.
#[differentiable]
pub fn euler_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    h: f64,
) -> [f64; N] {
    along(y, h, f(t, y))
}

/// The state at `end` of what is `y` at `start`, by that many equal steps of Euler's method.
#[differentiable]
pub fn euler<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> [f64; N] {
    let h = step_size(start, end, steps);
    march(
        |_, t, y| euler_step(&f, t, y, h),
        |_| (),
        y,
        start,
        h,
        steps,
    )
}

/// As [`euler`], the states after each step.
#[differentiable]
pub fn euler_path<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> Vec<[f64; N]> {
    let h = step_size(start, end, steps);
    let mut path = Vec::with_capacity(steps);
    march(
        |_, t, y| euler_step(&f, t, y, h),
        |y| path.push(y),
        y,
        start,
        h,
        steps,
    );
    path
}

/// Where the slopes of Runge-Kutta 4 are taken, in parts of the step, and their weights.
pub(super) const ALONG: [f64; 4] = [0.0, 0.5, 0.5, 1.0];
pub(super) const WEIGHTS: [f64; 4] = [1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0];

/// One step of the classical Runge-Kutta method, of order 4.
#[differentiable]
pub fn rk4_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    h: f64,
) -> [f64; N] {
    let mut slope = [0.0; N];
    let mut next = y;
    for stage in 0..4 {
        let to = ALONG[stage] * h;
        slope = f(t + to, along(y, to, slope));
        next = along(next, WEIGHTS[stage] * h, slope);
    }
    next
}

/// The state at `end` of what is `y` at `start`, by that many equal steps of Runge-Kutta 4. `end` may be before `start`.
#[differentiable]
pub fn rk4<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> [f64; N] {
    let h = step_size(start, end, steps);
    march(|_, t, y| rk4_step(&f, t, y, h), |_| (), y, start, h, steps)
}

/// As [`rk4`], the states after each step.
#[differentiable]
pub fn rk4_path<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> Vec<[f64; N]> {
    let h = step_size(start, end, steps);
    let mut path = Vec::with_capacity(steps);
    march(
        |_, t, y| rk4_step(&f, t, y, h),
        |y| path.push(y),
        y,
        start,
        h,
        steps,
    );
    path
}

/// As [`rk4`], whose gradient keeps at most that many states, and computes the steps again from them
/// ([`checkpoint`]).
#[differentiable]
pub fn rk4_slots<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
    slots: usize,
) -> [f64; N] {
    let h = step_size(start, end, steps);
    let visit = |_| checkpoint::slots(slots);
    march(|_, t, y| rk4_step(&f, t, y, h), visit, y, start, h, steps)
}
