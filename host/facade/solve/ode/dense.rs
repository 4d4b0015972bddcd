//! Solutions between steps: states at any time, and where events are.

use super::control::{Adaptive, Attempt, End, Piece, drive, within};
use crate::solve::Failure;
use crate::{Differentiable, differentiable, stop_gradient};

/// A solution at all times of an interval.
#[derive(Differentiable, Clone, PartialEq, Debug)]
pub struct Dense<const N: usize> {
    /// The steps, in order.
    pub pieces: Vec<Piece<N>>,
    /// The end.
    pub end: End<N>,
}

/// Steps as `drive` takes them to the end, all of them kept.
#[differentiable]
pub(super) fn drive_dense<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    step: impl Fn(f64, [f64; N], [f64; N], f64) -> Attempt<N>,
    y: [f64; N],
    start: f64,
    end: f64,
    power: f64,
    how: Adaptive,
) -> Result<Dense<N>, Failure> {
    let mut pieces = Vec::new();
    let visit = |piece: Piece<N>| {
        pieces.push(piece);
        false
    };
    let end = drive(&f, &step, visit, y, start, end, power, how)?;
    Ok(Dense { pieces, end })
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

/// The distance of the points of a difference quotient, in parts of a step, how much closer others are to compare with, and how often.
const APART: f64 = 1e-3;
const CLOSER: f64 = 0.125;
const TRIES: usize = 8;
/// By how much two quotients of a smooth function differ at most, relative to either.
const AGREE: f64 = 1e-6;

/// The part of a step that is over when the event is, which is between `low` and `high`: bisection, then two steps of the simplified
/// Newton method, whose derivatives are the event's. A function that jumps there has no slope: its event has no derivative.
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
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (stop_gradient(value(middle)) <= 0.0) == below {
            low = middle;
        } else {
            high = middle;
        }
    }
    let found = stop_gradient(high);
    let mut apart = APART;
    let mut slope = quotient(value, found, apart);
    let mut smooth = false;
    for _ in 0..TRIES {
        if !smooth {
            apart *= CLOSER;
            let closer = quotient(value, found, apart);
            smooth = (closer - slope).abs() <= AGREE * closer.abs();
            slope = closer;
        }
    }
    let mut part = found;
    if smooth && slope != 0.0 {
        for _ in 0..2 {
            part -= value(part) / slope;
        }
    }
    part
}

/// The slope of a function, by fourth-order differences.
#[differentiable]
fn quotient(value: impl Fn(f64) -> f64, at: f64, apart: f64) -> f64 {
    let steps = [-2.0, -1.0, 1.0, 2.0];
    let mut sides = [0.0; 4];
    for i in 0..4 {
        sides[i] = stop_gradient(value(at + steps[i] * apart));
    }
    (8.0 * (sides[2] - sides[1]) - (sides[3] - sides[0])) / (12.0 * apart)
}
