//! The trebuchet: a swing in two stages and a flight, each with an event that ends it.
//!
//! The model and its measures are those of the Trebuchet.jl package, which follows <https://virtualtrebuchet.com>: lengths in feet, masses in pounds.
//! As there, the arm turns with the weight's moment of inertia and the weight with the arm's. Angles are absolute here, from the vertical: that
//! keeps the equations of motion short. Start at [`throw`].

use cotangent::{Differentiable, differentiable};
use std::f64::consts::PI;

const FOOT: f64 = 0.3048;
const POUND: f64 = 0.45359237;
const GRAVITY: f64 = 9.80665;
/// Height of the pivot, on which the arm turns, above the ground.
pub const PIVOT: f64 = 5.0 * FOOT;
/// The arm from the pivot to the sling, and to the weight.
pub const LONG: f64 = 6.792 * FOOT;
/// The arm from the pivot to where the weight hangs.
pub const SHORT: f64 = 1.75 * FOOT;
/// What the weight hangs on.
pub const HANGER: f64 = 2.0 * FOOT;
/// The sling.
pub const SLING: f64 = 6.833 * FOOT;
const STONE: f64 = 0.328 * POUND;
const STONE_RADIUS: f64 = 0.1245 * FOOT;
const ARM: f64 = 10.65 * POUND;
const ARM_CENTRE: f64 = 0.5 * (LONG - SHORT);
const ARM_INERTIA: f64 = POUND * FOOT * FOOT;
const WEIGHT_INERTIA: f64 = ARM * (LONG + SHORT) * (LONG + SHORT) / 12.0;
/// Air drag for a kilogram of the stone and the square of its speed; the air weighs 1 kg per cubic metre.
const DRAG: f64 = 0.5 * PI * STONE_RADIUS * STONE_RADIUS / STONE;
/// Seconds of a step of the solver in the swing, and in the flight.
pub const SWING_STEP: f64 = 0.005;
/// See [`SWING_STEP`].
pub const FLIGHT_STEP: f64 = 0.1;
/// Steps after which a stage that has not ended never will: the weight is too light to lift the stone.
const LONGEST: usize = 1000;

/// How the trebuchet is shot.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Shot {
    /// Tail wind, in metres per second.
    pub wind: f64,
    /// The sling opens when the stone flies at this angle, in degrees.
    pub angle: f64,
    /// In pounds.
    pub weight: f64,
}

/// Angles of arm, hanger and sling from the vertical, and how fast they change.
pub type Swing = [f64; 6];
/// Place and speed of the stone, from the pivot.
pub type Flight = [f64; 4];

/// The mass of so many pounds.
#[differentiable]
pub fn kilograms(pounds: f64) -> f64 {
    POUND * pounds
}

/// At rest: the end of the arm on the ground, the sling along the ground towards the target.
#[differentiable]
pub fn at_rest() -> Swing {
    let arm = 0.5 * PI + (PIVOT / LONG).asin();
    [arm, 0.0, 1.5 * PI, 0.0, 0.0, 0.0]
}

/// How a swing changes with time. While the stone slides on the ground, the sling follows the arm.
#[differentiable]
pub fn swinging(swing: Swing, weight: f64, sliding: bool) -> Swing {
    let [arm, hanger, sling, arm_speed, hanger_speed, sling_speed] = swing;
    // Lagrange's equations: a symmetric matrix of masses, times accelerations, is what the three angles are pulled by.
    let arm_mass =
        ARM_INERTIA + ARM * ARM_CENTRE * ARM_CENTRE + weight * SHORT * SHORT + STONE * LONG * LONG;
    let hanger_mass = WEIGHT_INERTIA + weight * HANGER * HANGER;
    let sling_mass = STONE * SLING * SLING;
    let (hanger_sin, hanger_cos) = (hanger - arm).sin_cos();
    let (sling_sin, sling_cos) = (sling - arm).sin_cos();
    let arm_hanger = weight * SHORT * HANGER;
    let arm_sling = STONE * LONG * SLING;
    let heavier = ARM * ARM_CENTRE + STONE * LONG - weight * SHORT;
    let arm_pull = arm_hanger * hanger_sin * hanger_speed * hanger_speed
        + arm_sling * sling_sin * sling_speed * sling_speed
        + GRAVITY * heavier * arm.sin();
    let hanger_pull =
        -arm_hanger * hanger_sin * arm_speed * arm_speed - GRAVITY * weight * HANGER * hanger.sin();
    let sling_pull =
        -arm_sling * sling_sin * arm_speed * arm_speed + GRAVITY * STONE * SLING * sling.sin();

    // The hanger's acceleration is eliminated, then the sling's: by its own equation, or by that the stone's height is constant.
    let with_hanger = arm_hanger * hanger_cos;
    let with_sling = arm_sling * sling_cos;
    let mass = arm_mass - with_hanger * with_hanger / hanger_mass;
    let pull = arm_pull - with_hanger * hanger_pull / hanger_mass;
    let arm_turn;
    let sling_turn;
    if sliding {
        let follow = -LONG * arm.sin() / (SLING * sling.sin());
        let rest = -(LONG * arm.cos() * arm_speed * arm_speed
            + SLING * sling.cos() * sling_speed * sling_speed)
            / (SLING * sling.sin());
        let total = mass + follow * (2.0 * with_sling + follow * sling_mass);
        arm_turn = (pull + follow * sling_pull - (with_sling + follow * sling_mass) * rest) / total;
        sling_turn = follow * arm_turn + rest;
    } else {
        let total = mass - with_sling * with_sling / sling_mass;
        arm_turn = (pull - with_sling * sling_pull / sling_mass) / total;
        sling_turn = (sling_pull - with_sling * arm_turn) / sling_mass;
    }
    let hanger_turn = (hanger_pull - with_hanger * arm_turn) / hanger_mass;
    [
        arm_speed,
        hanger_speed,
        sling_speed,
        arm_turn,
        hanger_turn,
        sling_turn,
    ]
}

/// How much of the stone's weight the ground carries: it is lifted when that is nothing.
#[differentiable]
pub fn on_ground(swing: Swing, weight: f64) -> f64 {
    let [arm, _, sling, arm_speed, _, sling_speed] = swing;
    let [_, _, _, arm_turn, _, sling_turn] = swinging(swing, weight, true);
    let along = LONG * (arm.sin() * arm_speed * arm_speed - arm.cos() * arm_turn)
        + SLING * (sling.sin() * sling_speed * sling_speed - sling.cos() * sling_turn);
    // The sling pulls along itself, so what it pulls up is what it pulls along, by its slope.
    STONE * (GRAVITY + along * sling.cos() / sling.sin())
}

/// The stone in the sling.
#[differentiable]
pub fn stone(swing: Swing) -> Flight {
    let [arm, _, sling, arm_speed, _, sling_speed] = swing;
    [
        -LONG * arm.sin() - SLING * sling.sin(),
        LONG * arm.cos() + SLING * sling.cos(),
        -LONG * arm.cos() * arm_speed - SLING * sling.cos() * sling_speed,
        -LONG * arm.sin() * arm_speed - SLING * sling.sin() * sling_speed,
    ]
}

/// How far the stone's direction is above an angle, times its speed: the sling opens when that is nothing.
#[differentiable]
pub fn above(swing: Swing, angle: f64) -> f64 {
    let [_, _, along, up] = stone(swing);
    let (sin, cos) = angle.to_radians().sin_cos();
    up * cos - along * sin
}

/// How a flight changes with time, in a wind.
#[differentiable]
pub fn flying(flight: Flight, wind: f64) -> Flight {
    let [_, _, along, up] = flight;
    let through = along - wind;
    let drag = DRAG * (through * through + up * up).sqrt();
    [along, up, -drag * through, -GRAVITY - drag * up]
}

#[differentiable]
fn along<const N: usize>(state: [f64; N], slope: [f64; N], h: f64) -> [f64; N] {
    let mut moved = state;
    for i in 0..N {
        moved[i] += h * slope[i];
    }
    moved
}

/// A step of the classical Runge-Kutta method.
#[differentiable]
pub fn step<const N: usize>(
    change: &impl Fn([f64; N]) -> [f64; N],
    state: [f64; N],
    h: f64,
) -> [f64; N] {
    let a = change(state);
    let b = change(along(state, a, 0.5 * h));
    let c = change(along(state, b, 0.5 * h));
    let d = change(along(state, c, h));
    let mut next = state;
    for i in 0..N {
        next[i] += h / 6.0 * (a[i] + 2.0 * (b[i] + c[i]) + d[i]);
    }
    next
}

/// Steps until `left` has come down to zero, and there the last step is shortened to end just where it does; `None` if it never comes.
///
/// Newton's method finds that step. Its last iteration also gives the step its derivative: how the event moves with what came before.
#[differentiable]
pub fn until<const N: usize>(
    change: impl Fn([f64; N]) -> [f64; N],
    left: impl Fn([f64; N]) -> f64,
    start: [f64; N],
    h: f64,
) -> Option<[f64; N]> {
    let mut state = start;
    let mut before = left(start);
    for _ in 0..LONGEST {
        let next = step(&change, state, h);
        let after = left(next);
        if before > 0.0 && after <= 0.0 {
            let mut part = h * before / (before - after);
            let d = 1e-3 * h;
            for _ in 0..3 {
                let more = left(step(&change, state, part + d));
                let less = left(step(&change, state, part - d));
                let here = left(step(&change, state, part));
                part -= here * 2.0 * d / (more - less);
            }
            return Some(step(&change, state, part));
        }
        state = next;
        before = after;
    }
    None
}

/// The swing while the stone slides, up to where it is lifted.
#[differentiable]
pub fn slide(weight: f64) -> Option<Swing> {
    until(
        |s| swinging(s, weight, true),
        |s| on_ground(s, weight),
        at_rest(),
        SWING_STEP,
    )
}

/// The swing from there to where the sling opens.
#[differentiable]
pub fn swing(lifted: Swing, weight: f64, angle: f64) -> Option<Swing> {
    until(
        |s| swinging(s, weight, false),
        |s| above(s, angle),
        lifted,
        SWING_STEP,
    )
}

/// The stone when it hits the ground; `None` if the weight is too light to throw it.
#[differentiable]
pub fn throw(shot: &Shot) -> Option<Flight> {
    let weight = kilograms(shot.weight);
    let lifted = slide(weight)?;
    let opened = swing(lifted, weight, shot.angle)?;
    until(
        |s| flying(s, shot.wind),
        |s| s[1] + PIVOT,
        stone(opened),
        FLIGHT_STEP,
    )
}

/// How far the stone flies from the pivot, in metres; 0 if it does not.
///
/// Three numbers go in and hundreds of steps are made of them, so derivatives run along with the steps: reverse mode would keep them all.
#[differentiable(forward)]
pub fn distance(shot: &Shot) -> f64 {
    match throw(shot) {
        Some(landed) => landed[0],
        None => 0.0,
    }
}
