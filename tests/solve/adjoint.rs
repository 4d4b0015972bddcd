//! Continuous adjoints agree with the derivative of the solver, where they should.

use crate::support::{close, everywhere};
use cotangent::differentiable;
use cotangent::solve::ode::{self, Adaptive};

#[differentiable]
fn populations(y: [f64; 2], p: [f64; 4]) -> [f64; 2] {
    [y[0] * (p[0] - p[1] * y[1]), y[1] * (p[3] * y[0] - p[2])]
}
#[differentiable]
fn paired(y: [f64; 2], p: [f64; 4], l: [f64; 2]) -> f64 {
    let slope = populations(y, p);
    l[0] * slope[0] + l[1] * slope[1]
}
const HOW: Adaptive = Adaptive {
    relative: 1e-11,
    absolute: 1e-11,
    first: 0.0,
    steps: 10_000,
};
const END: f64 = 5.0;

#[differentiable]
fn discrete(y: [f64; 2], p: [f64; 4]) -> [f64; 2] {
    ode::tsit5(|_, y| populations(y, p), y, 0.0, END, HOW)
        .unwrap()
        .y
}
#[differentiable]
fn checkpointed(y: [f64; 2], p: [f64; 4]) -> [f64; 2] {
    ode::tsit5_slots(|_, y| populations(y, p), y, 0.0, END, 8, HOW)
        .unwrap()
        .y
}
#[differentiable(vjp = backwards_vjp)]
fn backwards(y: [f64; 2], p: [f64; 4]) -> [f64; 2] {
    discrete(y, p)
}
#[differentiable]
fn backwards_vjp(y: [f64; 2], p: [f64; 4], ct: [f64; 2]) -> ([f64; 2], [f64; 4]) {
    let vjp = |_, y, l| {
        let (by_y, by_p, _) = paired::gradient(y, p, l).unwrap();
        (by_y, by_p)
    };
    let end = discrete(y, p);
    let a = ode::backsolve(|_, y| populations(y, p), vjp, end, ct, 0.0, END, 1000);
    (a.start, a.parameters)
}
#[differentiable(vjp = interpolated_vjp)]
fn interpolated(y: [f64; 2], p: [f64; 4]) -> [f64; 2] {
    discrete(y, p)
}
#[differentiable]
fn interpolated_vjp(y: [f64; 2], p: [f64; 4], ct: [f64; 2]) -> ([f64; 2], [f64; 4]) {
    let vjp = |_, y, l| {
        let (by_y, by_p, _) = paired::gradient(y, p, l).unwrap();
        (by_y, by_p)
    };
    let solution = ode::tsit5_dense(|_, y| populations(y, p), y, 0.0, END, HOW).unwrap();
    let a = ode::adjoint(vjp, &solution, ct, 0.0, END, 1000);
    (a.start, a.parameters)
}

#[test]
fn all_adjoints_agree() {
    let (y, p) = ([1.0, 1.0], [1.5, 1.0, 3.0, 1.0]);
    let ct = [0.3, -1.7];
    let (value, pull) = discrete::pullback(y, p).unwrap();
    let want = pull.call(ct).unwrap();
    // By forward mode too: the inner product with a direction.
    let direction = ([0.1, -0.2], [1.0, 0.5, -0.3, 0.2]);
    let (_, change) = discrete::jvp((y, p), direction).unwrap();
    let along: f64 = want
        .0
        .iter()
        .zip(&direction.0)
        .map(|(a, b)| a * b)
        .sum::<f64>()
        + want
            .1
            .iter()
            .zip(&direction.1)
            .map(|(a, b)| a * b)
            .sum::<f64>();
    close(ct[0] * change[0] + ct[1] * change[1], along, 1e-12);

    let same = |name: &str, got: ([f64; 2], [f64; 4]), tolerance: f64| {
        println!("{name}: {got:?}");
        for (a, b) in got.0.iter().zip(&want.0) {
            close(*a, *b, tolerance);
        }
        for (a, b) in got.1.iter().zip(&want.1) {
            close(*a, *b, tolerance);
        }
    };
    everywhere::<checkpointed>(|f, name| {
        let (v, pull) = f.pullback((y, p)).unwrap();
        close(v[0], value[0], 1e-13);
        same(name, pull.call(ct).unwrap(), 1e-12);
    });
    everywhere::<backwards>(|f, name| {
        let (v, pull) = f.pullback((y, p)).unwrap();
        close(v[1], value[1], 1e-13);
        same(name, pull.call(ct).unwrap(), 1e-7);
    });
    everywhere::<interpolated>(|f, name| {
        let (_, pull) = f.pullback((y, p)).unwrap();
        same(name, pull.call(ct).unwrap(), 1e-7);
    });
}
