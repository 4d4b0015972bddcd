//! Solutions between steps: states at any time, and where events are.

use super::control::{End, Piece, within};
use crate::{Differentiable, differentiable, stop_gradient};

/// A solution at all times of an interval.
#[derive(Differentiable, Clone, PartialEq, Debug)]
pub struct Dense<const N: usize> {
    /// The steps, in order.
    pub pieces: Vec<Piece<N>>,
    /// The end.
    pub end: End<N>,
}

/// The state at a time: before the first step and after the last, what its polynomial gives there.
#[differentiable]
pub fn at<const N: usize>(solution: &Dense<N>, t: f64) -> [f64; N] {
    let n = solution.pieces.len();
    if n == 0 {
        return solution.end.y;
    }
    let backwards = solution.pieces[0].h < 0.0;
    // The last piece that starts before `t`.
    let (mut low, mut high) = (0, n);
    while high - low > 1 {
        let middle = (low + high) / 2;
        let started = solution.pieces[middle].t;
        let past = if backwards {
            started >= t
        } else {
            started <= t
        };
        if past {
            low = middle;
        } else {
            high = middle;
        }
    }
    let piece = &solution.pieces[low];
    within(piece, (t - piece.t) / piece.h)
}

/// Which zeros of a function are events.
#[derive(Differentiable, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crossing {
    /// Where it becomes negative.
    Down,
    /// Where it becomes positive.
    Up,
    /// Both.
    Any,
}

/// Whether a function that had one value and then another has crossed zero. From zero itself it does not.
#[differentiable]
pub(super) fn crossed(before: f64, after: f64, crossing: Crossing) -> bool {
    let down = before > 0.0 && after <= 0.0;
    let up = before < 0.0 && after >= 0.0;
    match crossing {
        Crossing::Down => down,
        Crossing::Up => up,
        Crossing::Any => down || up,
    }
}

/// The distance of the points of a difference quotient, in parts of a step.
const APART: f64 = 1e-3;

/// The part of a step that is over when the event is, which is between `low` and `high`: bisection, then two steps of the simplified
/// Newton method, whose derivatives are the event's.
#[differentiable]
pub(super) fn locate<const N: usize>(
    event: impl Fn(f64, [f64; N]) -> f64,
    piece: &Piece<N>,
    low: f64,
    high: f64,
) -> f64 {
    let value = |part: f64| event(piece.t + part * piece.h, within(piece, part));
    let (mut low, mut high) = (low, high);
    let below = stop_gradient(value(low)) <= 0.0;
    let mut sides = [0.0; 4];
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (stop_gradient(value(middle)) <= 0.0) == below {
            low = middle;
        } else {
            high = middle;
        }
    }
    let found = stop_gradient(high);
    for i in 0..4 {
        let steps = [-2.0, -1.0, 1.0, 2.0];
        sides[i] = stop_gradient(value(found + steps[i] * APART));
    }
    let slope = (8.0 * (sides[2] - sides[1]) - (sides[3] - sides[0])) / (12.0 * APART);
    let mut part = found;
    if slope != 0.0 && slope.is_finite() {
        for _ in 0..2 {
            part -= value(part) / slope;
        }
    }
    part
}
