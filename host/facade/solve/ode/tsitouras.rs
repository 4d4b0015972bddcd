//! The method of Tsitouras (2011): order 5 with an error estimate of order 4, seven slopes of which the last is the first of the next
//! step, and an interpolant of order 4.

use super::control::{Adaptive, Attempt, End, Piece, drive, drive_slots, within};
use super::dense::{Crossing, Dense, crossed, drive_dense, locate};
use super::fixed::along;
use crate::differentiable;
use crate::solve::Failure;

/// Slope `i` is taken at time `TIMES[i]` of the step, at the sum of `STAGES[i]` times the slopes before it.
const TIMES: [f64; 7] = [0.0, 0.161, 0.327, 0.9, 0.9800255409045097, 1.0, 1.0];
const STAGES: [[f64; 6]; 7] = [
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
    [-0.008480655492356989, 0.335480655492357, 0.0, 0.0, 0.0, 0.0],
    [
        2.8971530571054935,
        -6.359448489975075,
        4.3622954328695815,
        0.0,
        0.0,
        0.0,
    ],
    [
        5.325864828439257,
        -11.748883564062828,
        7.4955393428898365,
        -0.09249506636175525,
        0.0,
        0.0,
    ],
    [
        5.86145544294642,
        -12.92096931784711,
        8.159367898576159,
        -0.071584973281401,
        -0.028269050394068383,
        0.0,
    ],
    [
        0.09646076681806523,
        0.01,
        0.4798896504144996,
        1.379008574103742,
        -3.290069515436081,
        2.324710524099774,
    ],
];
/// Of the error estimate.
const ERROR: [f64; 7] = [
    -0.001780011052225777,
    -0.0008164344596567469,
    0.007880878010261995,
    -0.1447110071732629,
    0.5823571654525552,
    -0.45808210592918697,
    0.015151515151515152,
];
/// What each slope contributes to the polynomial in the part of the step that is over, by powers.
const SHAPE: [[f64; 4]; 7] = [
    [
        1.0,
        -2.763706197274826,
        2.9132554618219126,
        -1.0530884977290216,
    ],
    [0.0, 0.1317, -0.2234, 0.1017],
    [
        0.0,
        3.9302962368947516,
        -5.941033872131505,
        2.490627285651253,
    ],
    [
        0.0,
        -12.411077166933676,
        30.33818863028232,
        -16.548102889244902,
    ],
    [0.0, 37.50931341651104, -88.1789048947664, 47.37952196281928],
    [
        0.0,
        -27.896526289197286,
        65.09189467479366,
        -34.87065786149661,
    ],
    [0.0, 1.5, -4.0, 2.5],
];
/// One over the order of the error.
const POWER: f64 = 0.2;

#[differentiable]
fn tsit5_step<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    t: f64,
    y: [f64; N],
    slope: [f64; N],
    h: f64,
) -> Attempt<N> {
    let mut slopes = [slope; 7];
    let mut to = y;
    for stage in 1..7 {
        to = y;
        for j in 0..stage {
            to = along(to, h * STAGES[stage][j], slopes[j]);
        }
        slopes[stage] = f(t + h * TIMES[stage], to);
    }
    let mut error = [0.0; N];
    let mut shape = [[0.0; N]; 4];
    for j in 0..7 {
        error = along(error, h * ERROR[j], slopes[j]);
        for k in 0..4 {
            shape[k] = along(shape[k], h * SHAPE[j][k], slopes[j]);
        }
    }
    Attempt {
        y: to,
        slope: slopes[6],
        error,
        shape,
    }
}

/// The solution at `end` of what is `y` at `start`, with steps as large as the error allows. `end` may be before `start`.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::ode::{self, Adaptive};
///
/// /// The population after a time.
/// #[differentiable]
/// fn logistic(rate: f64, end: f64) -> f64 {
///     let f = |_, y: [f64; 1]| [rate * y[0] * (1.0 - y[0])];
///     ode::tsit5(f, [0.1], 0.0, end, Adaptive::default()).unwrap().y[0]
/// }
/// let (y, (_, by_end)) = logistic::value_and_gradient(1.5, 2.0)?;
/// assert!((y - 1.0 / (1.0 + 9.0 * (-3.0_f64).exp())).abs() < 1e-6);
/// assert!((by_end - 1.5 * y * (1.0 - y)).abs() < 1e-5);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// # Errors
/// [`Failure::TooManySteps`], [`Failure::StepTooSmall`], [`Failure::NotFinite`].
#[differentiable]
pub fn tsit5<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let step = |t, y, slope, h| tsit5_step(&f, t, y, slope, h);
    drive(&f, step, |_| false, y, start, end, POWER, how)
}

/// As [`tsit5`], whose gradient keeps at most that many states, and computes the steps again from them
/// ([`checkpoint`](crate::checkpoint)).
///
/// # Errors
/// As [`tsit5`].
#[differentiable]
pub fn tsit5_slots<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    slots: usize,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let step = |t, y, slope, h| tsit5_step(&f, t, y, slope, h);
    drive_slots(&f, step, y, start, end, POWER, slots, how)
}

/// As [`tsit5`], with all of the solution between `start` and `end`: see [`at`](super::at).
///
/// # Errors
/// As [`tsit5`].
#[differentiable]
pub fn tsit5_dense<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    end: f64,
    how: Adaptive,
) -> Result<Dense<N>, Failure> {
    let step = |t, y, slope, h| tsit5_step(&f, t, y, slope, h);
    drive_dense(&f, step, y, start, end, POWER, how)
}

/// As [`tsit5`], the states at those times, which are in order from `start` on to the last of them.
///
/// # Errors
/// As [`tsit5`], and [`Failure::OutOfOrder`].
#[differentiable]
pub fn tsit5_at<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    y: [f64; N],
    start: f64,
    times: &[f64],
    how: Adaptive,
) -> Result<Vec<[f64; N]>, Failure> {
    let mut states = Vec::new();
    if times.is_empty() {
        return Ok(states);
    }
    let end = times[times.len() - 1];
    let backwards = end < start;
    let mut before = start;
    for i in 0..times.len() {
        let behind = if backwards {
            times[i] > before
        } else {
            times[i] < before
        };
        if behind || times[i].is_nan() {
            return Err(Failure::OutOfOrder { at: times[i] });
        }
        before = times[i];
    }
    // Times at the start, which no step may be needed for.
    while states.len() < times.len() && times[states.len()] == start {
        states.push(y);
    }
    let step = |t, y, slope, h| tsit5_step(&f, t, y, slope, h);
    let visit = |piece: Piece<N>| {
        let to = piece.t + piece.h;
        while states.len() < times.len()
            && (times[states.len()] == end && (if backwards { to <= end } else { to >= end })
                || (if backwards {
                    times[states.len()] > to
                } else {
                    times[states.len()] < to
                }))
        {
            let part = (times[states.len()] - piece.t) / piece.h;
            states.push(within(&piece, part));
        }
        false
    };
    let reached = drive(&f, step, visit, y, start, end, POWER, how)?;
    // What rounding left over is at the end.
    while states.len() < times.len() {
        states.push(reached.y);
    }
    Ok(states)
}

/// As [`tsit5`], until `event(t, y)` crosses zero, if it does before `end`. The time of the event has the derivatives that the implicit
/// function theorem gives (with a slope by fourth-order differences of the interpolant, so to about 11 digits).
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::ode::{self, Adaptive, Crossing};
///
/// /// When a stone lands that is thrown up at that speed.
/// #[differentiable]
/// fn lands(speed: f64) -> f64 {
///     let fall = |_, y: [f64; 2]| [y[1], -9.81];
///     let height = |_, y: [f64; 2]| y[0];
///     let end = ode::tsit5_until(fall, height, Crossing::Down, [2.0, speed], 0.0, 10.0, Adaptive::default());
///     end.unwrap().t
/// }
/// let (t, slope) = lands::value_and_gradient(3.0)?;
/// assert!((t - (3.0 + (9.0_f64 + 4.0 * 9.81).sqrt()) / 9.81).abs() < 1e-12);
/// assert!((slope - t / (9.81 * t - 3.0)).abs() < 1e-10);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// # Errors
/// As [`tsit5`].
#[differentiable]
pub fn tsit5_until<const N: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    event: impl Fn(f64, [f64; N]) -> f64,
    crossing: Crossing,
    y: [f64; N],
    start: f64,
    end: f64,
    how: Adaptive,
) -> Result<End<N>, Failure> {
    let mut before = event(start, y);
    let mut found = Piece {
        t: start,
        h: end - start,
        y,
        shape: [[0.0; N]; 4],
    };
    let (mut low, mut high) = (0.0, 1.0);
    let step = |t, y, slope, h| tsit5_step(&f, t, y, slope, h);
    let visit = |piece: Piece<N>| {
        let mut seen = false;
        // An event may come and go within a step: look at it in between.
        for quarter in 1..5 {
            let part = quarter as f64 / 4.0;
            let value = event(piece.t + part * piece.h, within(&piece, part));
            if !seen && crossed(before, value, crossing) {
                seen = true;
                found = piece;
                low = part - 0.25;
                high = part;
            }
            before = value;
        }
        seen
    };
    let reached = drive(&f, step, visit, y, start, end, POWER, how)?;
    if !reached.event {
        return Ok(reached);
    }
    let part = locate(&event, &found, low, high);
    Ok(End {
        t: found.t + part * found.h,
        y: within(&found, part),
        event: true,
        statistics: reached.statistics,
    })
}
