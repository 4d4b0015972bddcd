//! Derivatives inside annotated functions, derivative rules, hooks, `stop_gradient`.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

use cotangent::{Differentiable, differentiable, hook, stop_gradient};

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}
#[differentiable]
fn slope(x: f64) -> f64 {
    cube::gradient(x).unwrap() + 1.0
}
#[differentiable]
fn curvature(x: f64) -> f64 {
    slope::gradient(x).expect("a polynomial")
}
#[differentiable]
fn tried(x: f64) -> Result<f64, cotangent::Error> {
    let g = cube::gradient(x)?;
    Ok(2.0 * g)
}

#[test]
fn derivatives_nest_to_any_depth() {
    assert_eq!(slope(2.0), 13.0);
    assert_eq!(slope::call(2.0).unwrap(), 13.0);
    assert_eq!(slope::gradient(2.0).unwrap(), 12.0);
    assert_eq!(curvature(2.0), 12.0);
    assert_eq!(curvature::gradient(2.0).unwrap(), 6.0);
    assert_eq!(tried::call(2.0).unwrap(), Ok(24.0));
    assert_eq!(tried::jacobian(2.0).unwrap().to_rows(), [[24.0]]);
}

/// No perturbation confusion: d/dx [x d/dy (x + y)] is 1.
#[differentiable]
fn inner(x: f64, y: f64) -> f64 {
    x + y
}
#[differentiable]
fn outer(x: f64) -> f64 {
    x * inner::gradient_wrt::<1>(x, 2.0).unwrap()
}

#[test]
fn perturbations_are_not_confused() {
    assert_eq!(outer::gradient(5.0).unwrap(), 1.0);
}

#[derive(Differentiable, Clone, PartialEq, Debug)]
struct Net {
    w: Vec<f64>,
    n: usize,
}
#[differentiable]
fn loss(m: &Net, xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..m.n {
        s += m.w[i] * xs[i] * xs[i];
    }
    s
}
/// One step of gradient descent, and the loss after it.
#[differentiable]
fn after_step(m: &Net, xs: &[f64], rate: f64) -> f64 {
    let (_, (g, _)) = loss::value_and_gradient(m, xs).unwrap();
    let mut next = m.clone();
    for i in 0..next.w.len() {
        next.w[i] -= rate * g.w[i];
    }
    loss(&next, xs)
}
#[differentiable]
fn along(xs: &[f64], dir: &[f64]) -> f64 {
    let (y, dy) = squares::jvp(xs, dir).unwrap();
    y[0] + dy[0] + dy[1]
}
#[differentiable]
fn squares(xs: &[f64]) -> Vec<f64> {
    xs.iter().map(|x| x * x).collect()
}

#[test]
fn through_an_optimiser_step_and_a_jvp() {
    let m = Net {
        w: vec![1.0, 2.0],
        n: 2,
    };
    let xs = [3.0, 0.5];
    // The loss after the step is l - rate sum x^4.
    let want = 9.5 - 0.1 * (81.0 + 0.0625);
    assert!((after_step(&m, &xs, 0.1) - want).abs() < 1e-12);
    assert!((after_step::call(&m, &xs, 0.1).unwrap() - want).abs() < 1e-12);
    let (dm, dxs, dr) = after_step::gradient(&m, &xs, 0.1).unwrap();
    assert_eq!(
        dm,
        Net {
            w: vec![9.0, 0.25],
            n: 2
        }
    );
    assert!((dxs[0] - (6.0 - 0.4 * 27.0)).abs() < 1e-12);
    assert!((dr + 81.0625).abs() < 1e-12);
    assert_eq!(along(&xs, &[1.0, 2.0]), 9.0 + 6.0 + 2.0);
    let (dx, dd) = along::gradient(&xs, &[1.0, 2.0]).unwrap();
    assert_eq!((dx, dd), (vec![8.0, 4.0], vec![6.0, 1.0]));
}

#[differentiable(jvp = twice_jvp)]
fn twice(x: f64, n: i32) -> f64 {
    x * f64::from(n)
}
/// Deliberately not the derivative, so that the rule is seen.
#[differentiable]
fn twice_jvp(x: f64, n: i32, dx: f64) -> (f64, f64) {
    (twice(x, n), 100.0 * dx)
}
#[differentiable(vjp = norm_vjp)]
fn norm(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for x in xs {
        s += x * x;
    }
    s.sqrt()
}
#[differentiable]
fn norm_vjp(xs: &[f64], ct: f64) -> Vec<f64> {
    // The subgradient 0 at 0, where the square root has no derivative.
    let n = norm(xs);
    xs.iter()
        .map(|x| if n > 0.0 { ct * x / n } else { 0.0 })
        .collect()
}
#[differentiable]
fn uses_rules(x: f64) -> f64 {
    twice(x, 3) + norm(&[x, 0.0])
}

/// A step whose derivative is passed on: by its body alone it does not depend on `x` smoothly at all.
#[differentiable(jvp = sign_as_identity)]
fn sign(x: f64) -> f64 {
    if x < 0.0 { -1.0 } else { 1.0 }
}
#[differentiable]
fn sign_as_identity(x: f64, dx: f64) -> (f64, f64) {
    (sign(x), dx)
}
#[differentiable(vjp = floor_as_identity)]
fn floor(x: f64) -> f64 {
    stop_gradient(x.floor())
}
#[differentiable]
fn floor_as_identity(_x: f64, ct: f64) -> f64 {
    ct
}
#[differentiable]
fn steps(x: f64, n: usize) -> f64 {
    let mut c = x;
    for _ in 0..n {
        c += 0.5 * sign(2.0 * c);
    }
    c * sign(c)
}
#[differentiable]
fn rounded(x: f64) -> f64 {
    3.0 * floor(2.0 * x)
}

#[test]
fn rules_count_where_the_body_has_no_derivative() {
    assert_eq!(sign::gradient(0.25).unwrap(), 1.0);
    assert_eq!(sign::jvp(-0.25, 3.0).unwrap(), (-1.0, 3.0));
    assert_eq!(rounded::gradient(0.8).unwrap(), 6.0);
    // Each step doubles the derivative; c = 1.25 at the end, and both factors of c sign(c) count.
    assert_eq!(steps::call(0.25, 2).unwrap(), 1.25);
    assert_eq!(steps::gradient(0.25, 2).unwrap().0, 4.0 + 1.25 * 4.0);
    assert_eq!(steps::jvp((0.25, 2), (1.0, ())).unwrap().1, 9.0);
}

#[test]
fn rules_replace_derivatives() {
    assert_eq!(twice::gradient(2.0, 3).unwrap().0, 100.0);
    assert_eq!(twice::jvp((2.0, 3), (0.5, ())).unwrap(), (6.0, 50.0));
    assert_eq!(norm::gradient(&[3.0, 4.0]).unwrap(), [0.6, 0.8]);
    assert_eq!(norm::gradient(&[0.0, 0.0]).unwrap(), [0.0, 0.0]);
    assert_eq!(uses_rules::gradient(2.0).unwrap(), 101.0);
    let e = norm::jvp(&[1.0], &[1.0]).unwrap_err();
    assert!(e.to_string().contains("reverse mode only"), "{e}");
}

#[differentiable]
fn clip(g: f64) -> f64 {
    g.clamp(-1.0, 1.0)
}
#[differentiable]
fn hooked(x: f64) -> f64 {
    let y = hook(x, clip);
    y * y + x
}
#[differentiable]
fn frozen(x: f64) -> f64 {
    stop_gradient(x * x) * x
}

#[test]
fn hooks_and_stopped_gradients() {
    assert_eq!(hooked::value_and_gradient(3.0).unwrap(), (12.0, 2.0));
    assert_eq!(hooked::gradient(0.25).unwrap(), 1.5);
    assert_eq!(frozen::value_and_gradient(3.0).unwrap(), (27.0, 9.0));
}
