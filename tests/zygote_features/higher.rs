//! Derivatives of derivatives, hooks, rules of one's own, recomputation, and what the API's calls give.

use crate::support::near;
use cotangent::{Differentiable, differentiable, hook, stop_gradient};

#[differentiable]
fn sine(x: f64) -> f64 {
    x.sin()
}

#[differentiable]
fn sine_1(x: f64) -> f64 {
    sine::gradient(x).unwrap()
}

#[differentiable]
fn sine_2(x: f64) -> f64 {
    sine_1::gradient(x).unwrap()
}

#[differentiable]
fn sine_3(x: f64) -> f64 {
    sine_2::gradient(x).unwrap()
}

#[test]
fn nested_derivatives_of_sine() {
    check!(|x| sine_1(x[0]), [0.5] => 0.5f64.cos(), [-0.5f64.sin()]);
    check!(|x| sine_2(x[0]), [1.0] => -1f64.sin(), [-1f64.cos()]);
    check!(|x| sine_3(x[0]), [1.0] => -1f64.cos(), [1f64.sin()]);
}

#[differentiable]
fn sum_of_two(y: f64, x: f64) -> f64 {
    x + y
}

#[differentiable]
fn product_of_two(y: f64, x: f64) -> f64 {
    x * y
}

#[differentiable]
fn times_slope_of_sum(x: f64) -> f64 {
    x * sum_of_two::gradient_wrt::<0>(1.0, x).unwrap()
}

#[differentiable]
fn times_slope_of_product(x: f64) -> f64 {
    x * product_of_two::gradient_wrt::<0>(1.0, x).unwrap()
}

#[test]
fn perturbations_are_not_confused() {
    check!(|x| times_slope_of_sum(x[0]), [1.0] => 1.0, [1.0]);
    check!(|x| times_slope_of_product(x[0]), [4.0] => 16.0, [8.0]);
}

#[differentiable]
fn sum_of_cubes(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v * v).sum::<f64>()
}

#[differentiable]
fn squared_gradient(x: &[f64]) -> f64 {
    let g = sum_of_cubes::gradient(x).unwrap();
    g.iter().map(|v| v * v).sum::<f64>()
}

#[test]
fn gradient_of_a_gradient_under_sum() {
    check!(|x| squared_gradient(x), [1.0, 2.0] => 153.0, [36.0, 288.0]);
    let hessian = sum_of_cubes::hessian(&[1.0, 2.0]).unwrap();
    assert_eq!(hessian.to_rows(), [[6.0, 0.0], [0.0, 12.0]]);
    assert_eq!(
        sum_of_cubes::hvp(&[1.0, 2.0], &[1.0, 1.0]).unwrap(),
        [6.0, 12.0]
    );
}

/// Newton's method on the derivative of another function: a solver inside, differentiated from outside.
#[differentiable]
fn valley(x: f64, a: f64) -> f64 {
    0.25 * x * x * x * x - a * x
}

#[differentiable]
fn valley_slope(x: f64, a: f64) -> f64 {
    valley::gradient_wrt::<0>(x, a).unwrap()
}

#[differentiable]
fn lowest_point(a: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..30 {
        let (slope, (curvature, _)) = valley_slope::value_and_gradient(x, a).unwrap();
        x -= slope / curvature;
    }
    x
}

#[test]
fn solver_with_derivatives_inside() {
    // The lowest point is the cube root of a.
    check!(|x| lowest_point(x[0]), [8.0] => 2.0, [1.0 / 12.0]);
}

#[differentiable]
fn negative(g: f64) -> f64 {
    -g
}

#[differentiable]
fn hooked(x: f64, y: f64) -> f64 {
    hook(x, negative) * y
}

#[test]
fn gradient_hook() {
    assert_eq!(hooked(2.0, 3.0), 6.0);
    assert_eq!(hooked::gradient(2.0, 3.0).unwrap(), (-3.0, 2.0));
}

#[differentiable]
fn ignored(x: f64) -> f64 {
    stop_gradient(x * x) * x
}

#[test]
fn ignored_derivatives() {
    assert_eq!(ignored(3.0), 27.0);
    assert_eq!(ignored::gradient(3.0).unwrap(), 9.0);
}

/// Adds as usual, but says that its derivatives are ten times as large: Zygote's `@adjoint`.
#[differentiable(vjp = tenfold)]
fn add(a: f64, b: f64) -> f64 {
    a + b
}

#[differentiable]
fn tenfold(_a: f64, _b: f64, cotangent: f64) -> (f64, f64) {
    (10.0 * cotangent, 10.0 * cotangent)
}

#[differentiable]
fn uses_rule(x: f64) -> f64 {
    add(x, x * x)
}

#[test]
fn custom_adjoint() {
    assert_eq!(uses_rule(3.0), 12.0);
    assert_eq!(uses_rule::gradient(3.0).unwrap(), 70.0);
}

#[differentiable]
fn long_chain(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..100 {
        y = (y + y.sin()) * 0.5;
    }
    y
}

/// Keeps nothing but `x` and computes the chain again on the way back: a checkpoint, as Zygote's documentation writes it by
/// hand. (How often a function runs cannot be counted from inside it, as it has no side effects.)
#[differentiable(vjp = again)]
fn checkpointed_chain(x: f64) -> f64 {
    long_chain(x)
}

#[differentiable]
fn again(x: f64, cotangent: f64) -> f64 {
    cotangent * long_chain::gradient(x).unwrap()
}

#[differentiable]
fn two_checkpoints(x: f64) -> f64 {
    checkpointed_chain(checkpointed_chain(x) * 3.0)
}

#[differentiable]
fn no_checkpoints(x: f64) -> f64 {
    long_chain(long_chain(x) * 3.0)
}

#[test]
fn recomputation_as_a_rule() {
    let expected = no_checkpoints::gradient(0.5).unwrap();
    near(
        two_checkpoints::gradient(0.5).unwrap(),
        expected,
        1e-14,
        "gradient through checkpoints",
    );
    check!(|x| two_checkpoints(x[0]), [0.5] => no_checkpoints(0.5), [expected]);
}

/// The loss, and something else that comes along.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct WithExtra {
    loss: f64,
    residuals: Vec<f64>,
}

#[differentiable]
fn loss_and_extra(x: &[f64]) -> WithExtra {
    let mut residuals = vec![0.0; x.len()];
    let mut loss = 0.0;
    for i in 0..x.len() {
        residuals[i] = x[i] - i as f64;
        loss += residuals[i] * residuals[i];
    }
    WithExtra { loss, residuals }
}

#[test]
fn with_gradient_and_auxiliary_results() {
    let (value, pullback) = loss_and_extra::pullback(&[3.0, 5.0]).unwrap();
    assert_eq!(
        value,
        WithExtra {
            loss: 25.0,
            residuals: vec![3.0, 4.0]
        }
    );
    let only_loss = WithExtra {
        loss: 1.0,
        residuals: vec![0.0, 0.0],
    };
    assert_eq!(pullback.call(only_loss).unwrap(), [6.0, 8.0]);
    // A pullback can be called as often as needed.
    let only_residual = WithExtra {
        loss: 0.0,
        residuals: vec![0.0, 2.0],
    };
    assert_eq!(pullback.call(only_residual).unwrap(), [0.0, 2.0]);
}

#[differentiable]
fn polar(r: f64, angle: f64) -> (f64, f64) {
    (r * angle.cos(), r * angle.sin())
}

#[test]
fn jacobian_and_pushforward() {
    let jacobian = polar::jacobian(2.0, 0.5).unwrap();
    let (sin, cos) = 0.5f64.sin_cos();
    let expected = [[cos, -2.0 * sin], [sin, 2.0 * cos]];
    for (row, expected) in jacobian.to_rows().iter().zip(&expected) {
        for (found, expected) in row.iter().zip(expected) {
            near(*found, *expected, 1e-15, "entry of the Jacobian");
        }
    }
    let ((x, _), (dx, dy)) = polar::jvp((2.0, 0.5), (1.0, 0.0)).unwrap();
    near(x, 2.0 * cos, 1e-15, "x");
    near(dx, cos, 1e-15, "dx");
    near(dy, sin, 1e-15, "dy");
}

#[differentiable]
fn nothing_to_differentiate(n: i64, flag: bool, x: f64) -> f64 {
    if flag { x * n as f64 } else { 0.0 }
}

#[test]
fn arguments_without_gradient() {
    let gradient: ((), (), f64) = nothing_to_differentiate::gradient(3, true, 2.0).unwrap();
    assert_eq!(gradient.2, 3.0);
}
