//! Adaptive steps: how large the next one is, the loop over them, and what is known of a step ([`Piece`]).
//!
//! Sizes are chosen under `stop_gradient`: the derivative is that of the steps that were taken, not of how they were chosen. The last step
//! ends where it should, so the ends of the interval may be differentiated by. Start at `drive`.

use super::fixed::along;
use crate::solve::Failure;
use crate::{Differentiable, checkpoint, differentiable, stop_gradient};

/// How exact adaptive methods are.
///
/// ```
/// use cotangent::solve::ode::Adaptive;
/// let exact = Adaptive { relative: 1e-10, absolute: 1e-10, ..Adaptive::default() };
/// ```
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct Adaptive {
    /// The error of a step, relative to the state; negative is zero.
    pub relative: f64,
    /// The error of a step where the state is near zero; negative is zero.
    pub absolute: f64,
    /// The size of the first step; 0 to have it chosen.
    pub first: f64,
    /// The largest number of steps, those taken back included.
    pub steps: usize,
}

impl Default for Adaptive {
    fn default() -> Adaptive {
        Adaptive {
            relative: 1e-6,
            absolute: 1e-8,
            first: 0.0,
            steps: 100_000,
        }
    }
}

/// What a solution took.
#[derive(Differentiable, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// Steps taken.
    pub steps: usize,
    /// Steps taken back, because their error was too large.
    pub rejected: usize,
}

/// Where a solution ended.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct End<const N: usize> {
    /// The time.
    pub t: f64,
    /// The state.
    pub y: [f64; N],
    /// Whether an event ended it.
    pub event: bool,
    /// What it took.
    pub statistics: Statistics,
}

/// The solution during one step: a polynomial of degree 4 in the part of the step that is over.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct Piece<const N: usize> {
    /// When the step started.
    pub t: f64,
    /// How long it was; negative backwards.
    pub h: f64,
    /// The state when it started.
    pub y: [f64; N],
    /// What the part of the step, its square, its third and fourth power are multiplied by.
    pub shape: [[f64; N]; 4],
}

/// The state when `part` of the step is over: 0 is its start, 1 its end.
#[differentiable]
pub fn within<const N: usize>(piece: &Piece<N>, part: f64) -> [f64; N] {
    let mut y = piece.y;
    for i in 0..N {
        let [a, b, c, d] = [
            piece.shape[0][i],
            piece.shape[1][i],
            piece.shape[2][i],
            piece.shape[3][i],
        ];
        y[i] += part * (a + part * (b + part * (c + part * d)));
    }
    y
}

/// What a method proposes for a step.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub(super) struct Attempt<const N: usize> {
    /// The state after it.
    pub(super) y: [f64; N],
    /// The slope after it.
    pub(super) slope: [f64; N],
    /// An estimate of its error.
    pub(super) error: [f64; N],
    /// As in [`Piece`].
    pub(super) shape: [[f64; N]; 4],
}

/// The mean size of the parts of `x`, measured by the error that is allowed for the larger of two states.
#[differentiable]
fn norm<const N: usize>(x: [f64; N], y: [f64; N], z: [f64; N], how: Adaptive) -> f64 {
    let (absolute, relative) = (how.absolute.max(0.0), how.relative.max(0.0));
    let mut sum = 0.0;
    for i in 0..N {
        let part = x[i] / (absolute + relative * y[i].abs().max(z[i].abs()));
        sum += part * part;
    }
    // There may be no parts.
    (sum / (N as f64).max(1.0)).sqrt()
}

#[differentiable]
fn finite<const N: usize>(x: [f64; N]) -> bool {
    let mut all = true;
    for i in 0..N {
        all = all && x[i].is_finite();
    }
    all
}

/// A size for the first step, as Hairer, Nørsett and Wanner choose it (II.4): one at which an explicit Euler step changes little.
#[differentiable]
fn first_size<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    slope: [f64; N],
    length: f64,
    power: f64,
    how: Adaptive,
) -> f64 {
    let (size, change) = (norm(y, y, y, how), norm(slope, y, y, how));
    let mut h = length.abs();
    if size < 1e-5 || change < 1e-5 {
        h = h.min(1e-6);
    } else {
        h = h.min(0.01 * size / change);
    }
    let signed = if length < 0.0 { -h } else { h };
    let next = f(t + signed, along(y, signed, slope));
    let bend = norm(along(next, -1.0, slope), y, y, how) / h;
    let most = change.max(bend);
    let better = if most <= 1e-15 {
        (h * 1e-3).max(1e-6)
    } else {
        (0.01 / most).powf(power)
    };
    // Not finite where the equation is not: the first guess stays.
    if better > 0.0 {
        h = better.min(100.0 * h).min(length.abs());
    }
    if length < 0.0 { -h } else { h }
}

/// Steps from `start` until the end, or until `visit` says to stop after a step. `step` proposes one from time, state, slope and size;
/// `power` is one over the order of its error.
#[differentiable]
pub(super) fn drive<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    step: impl Fn(f64, [f64; N], [f64; N], f64) -> Attempt<N>,
    mut visit: impl FnMut(Piece<N>) -> bool,
    y: [f64; N],
    start: f64,
    end: f64,
    power: f64,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let (mut t, mut y) = (start, y);
    let mut slope = f(t, y);
    if !finite(slope) || !finite(y) || !start.is_finite() || !end.is_finite() {
        return Err(Failure::NotFinite { at: t });
    }
    let mut h = how.first.copysign(end - start);
    if how.first == 0.0 || how.first.is_nan() {
        h = first_size(&f, t, y, slope, end - start, power, how);
    }
    h = stop_gradient(h);
    let mut statistics = Statistics {
        steps: 0,
        rejected: 0,
    };
    // Of the last step taken, and whether the last attempt had no error to speak of.
    let mut before: f64 = 1e-4;
    let mut undefined = false;
    let mut event = false;
    while t != end && !event {
        if statistics.steps + statistics.rejected >= how.steps {
            return Err(Failure::TooManySteps { at: t });
        }
        let left = end - t;
        // A little longer, rather than a last step of no length.
        let last = 1.01 * h.abs() >= left.abs();
        let size = if last { left } else { h };
        if !last && (h.abs() <= 1e-15 * t.abs() || h.abs() < 1e-290) {
            return Err(if undefined {
                Failure::NotFinite { at: t }
            } else {
                Failure::StepTooSmall { at: t }
            });
        }
        let tried = step(t, y, slope, size);
        let error = stop_gradient(norm(tried.error, y, tried.y, how));
        // Also the state, by which its error is measured: none is large beside an infinite one.
        let defined = finite(tried.y) && finite(tried.slope) && finite(tried.error);
        if error <= 1.0 && defined {
            event = visit(Piece {
                t,
                h: size,
                y,
                shape: tried.shape,
            });
            t = if last { end } else { t + size };
            y = tried.y;
            slope = tried.slope;
            statistics.steps += 1;
            undefined = false;
            let small = error.max(1e-10);
            let factor = 0.9 * small.powf(-0.7 * power) * before.powf(0.4 * power);
            before = error.max(1e-4);
            h = stop_gradient(size) * factor.clamp(0.2, 5.0);
        } else {
            statistics.rejected += 1;
            undefined = !defined;
            let factor = if undefined {
                0.25
            } else {
                (0.9 * error.powf(-power)).max(0.2)
            };
            h = stop_gradient(size) * factor;
        }
    }
    Ok(End {
        t,
        y,
        event,
        statistics,
    })
}

/// As [`drive`] to the end, with at most so many states kept for the gradient.
#[differentiable]
pub(super) fn drive_slots<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    step: impl Fn(f64, [f64; N], [f64; N], f64) -> Attempt<N>,
    y: [f64; N],
    start: f64,
    end: f64,
    power: f64,
    slots: usize,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let visit = |_| {
        checkpoint::slots(slots);
        false
    };
    drive(&f, &step, visit, y, start, end, power, how)
}
