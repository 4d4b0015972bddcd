//! Continuous adjoints: the derivative of a solution by what it depends on, from a differential equation of its own that is solved
//! backwards in time (Pontryagin). `λ' = -λᵀ ∂f/∂y`, and the gradient by the parameters is the integral of `λᵀ ∂f/∂p`.
//!
//! Reverse mode through a solver (the *discrete* adjoint) is the derivative of the numbers that the solver gives, exactly; these are what
//! that tends to as steps become small. They differ in where the state comes from on the way back: [`backsolve`] solves the equation itself
//! backwards too, in constant memory, which is wrong without a word where it is unstable that way (chaos, friction); [`adjoint`] takes
//! it from the solution on the way there. Checkpoints (`tsit5_slots` and its kin) need little memory as well, and are always right.
//!
//! `vjp(t, y, l)` gives the derivatives by state and parameters of `l · f(t, y)`.

use super::dense::{Dense, at};
use super::fixed::{ALONG, WEIGHTS, along, step_size};
use crate::{Differentiable, differentiable};

/// Where an adjoint equation ended: at the start of the solution.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct Adjoint<const N: usize, const P: usize> {
    /// The state there, as it was found on the way back.
    pub y: [f64; N],
    /// The cotangent of the state there.
    pub start: [f64; N],
    /// The cotangent of the parameters.
    pub parameters: [f64; P],
}

/// The adjoint of a solution that ended at `end` in the state `y`, where its cotangent is `cotangent`: that many steps of Runge-Kutta 4
/// back to `start` for state and adjoint together.
///
/// As the rule of a function, it is that function's derivative in reverse mode:
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::ode;
///
/// #[differentiable]
/// fn rhs(y: [f64; 1], k: [f64; 1]) -> [f64; 1] {
///     [-k[0] * y[0]]
/// }
/// #[differentiable]
/// fn along_slope(y: [f64; 1], k: [f64; 1], l: [f64; 1]) -> f64 {
///     l[0] * rhs(y, k)[0]
/// }
/// #[differentiable(vjp = decay_backwards)]
/// fn decay(y: [f64; 1], k: [f64; 1]) -> [f64; 1] {
///     ode::rk4(|_, y| rhs(y, k), y, 0.0, 2.0, 100)
/// }
/// #[differentiable]
/// fn decay_backwards(y: [f64; 1], k: [f64; 1], cotangent: [f64; 1]) -> ([f64; 1], [f64; 1]) {
///     let vjp = |_, y, l| {
///         let (by_y, by_k, _) = along_slope::gradient(y, k, l).unwrap();
///         (by_y, by_k)
///     };
///     let a = ode::backsolve(|_, y| rhs(y, k), vjp, decay(y, k), cotangent, 0.0, 2.0, 100);
///     (a.start, a.parameters)
/// }
/// #[differentiable]
/// fn left(k: f64) -> f64 {
///     decay([3.0], [k])[0]
/// }
/// assert!((left::gradient(0.5)? + 2.0 * 3.0 * (-1.0_f64).exp()).abs() < 1e-8);
/// # Ok::<(), cotangent::Error>(())
/// ```
#[differentiable]
pub fn backsolve<const N: usize, const P: usize>(
    f: impl Fn(f64, [f64; N]) -> [f64; N],
    vjp: impl Fn(f64, [f64; N], [f64; N]) -> ([f64; N], [f64; P]),
    y: [f64; N],
    cotangent: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> Adjoint<N, P> {
    let h = step_size(end, start, steps);
    let (mut y, mut l, mut p) = (y, cotangent, [0.0; P]);
    for i in 0..steps {
        let t = end + i as f64 * h;
        let (now, then) = (y, l);
        let (mut slope, mut fall) = ([0.0; N], [0.0; N]);
        for stage in 0..4 {
            let (to, weight) = (ALONG[stage] * h, WEIGHTS[stage] * h);
            let state = along(now, to, slope);
            let (by_state, by_parameters) = vjp(t + to, state, along(then, -to, fall));
            slope = f(t + to, state);
            fall = by_state;
            y = along(y, weight, slope);
            l = along(l, -weight, fall);
            p = along(p, -weight, by_parameters);
        }
    }
    Adjoint {
        y,
        start: l,
        parameters: p,
    }
}

/// As [`backsolve`], with the states of a solution that was kept: that of [`tsit5_dense`](super::tsit5_dense), for one.
#[differentiable]
pub fn adjoint<const N: usize, const P: usize>(
    vjp: impl Fn(f64, [f64; N], [f64; N]) -> ([f64; N], [f64; P]),
    solution: &Dense<N>,
    cotangent: [f64; N],
    start: f64,
    end: f64,
    steps: usize,
) -> Adjoint<N, P> {
    let h = step_size(end, start, steps);
    let (mut l, mut p) = (cotangent, [0.0; P]);
    for i in 0..steps {
        let t = end + i as f64 * h;
        let then = l;
        let mut fall = [0.0; N];
        for stage in 0..4 {
            let (to, weight) = (ALONG[stage] * h, WEIGHTS[stage] * h);
            let state = at(solution, t + to);
            let (by_state, by_parameters) = vjp(t + to, state, along(then, -to, fall));
            fall = by_state;
            l = along(l, -weight, fall);
            p = along(p, -weight, by_parameters);
        }
    }
    Adjoint {
        y: at(solution, start),
        start: l,
        parameters: p,
    }
}
