//! Methods with fixed steps: their order, and the derivatives of their steps.

use crate::support::{close, everywhere, order};
use cotangent::check::Check;
use cotangent::solve::ode;
use cotangent::{Options, Runner, differentiable};

/// A pendulum that is pushed: not linear, and the time counts.
#[differentiable]
fn pendulum(t: f64, y: [f64; 2], p: &[f64]) -> [f64; 2] {
    [y[1], -p[0] * y[0].sin() - p[1] * y[1] + 0.3 * t.cos()]
}
#[differentiable]
fn by_euler(start: [f64; 2], p: &[f64], steps: usize) -> f64 {
    ode::euler(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps)[0]
}
#[differentiable]
fn by_rk4(start: [f64; 2], p: &[f64], steps: usize) -> f64 {
    ode::rk4(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps)[0]
}
#[differentiable]
fn back(start: [f64; 2], p: &[f64], steps: usize) -> [f64; 2] {
    let end = ode::rk4(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps);
    ode::rk4(|t, y| pendulum(t, y, p), end, 2.5, 0.5, steps)
}
#[differentiable]
fn few_states(start: [f64; 2], p: &[f64], steps: usize, slots: usize) -> f64 {
    ode::rk4_slots(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps, slots)[0]
}
#[differentiable]
fn whole_path(start: [f64; 2], p: &[f64], steps: usize) -> f64 {
    let euler = ode::euler_path(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps);
    let path = ode::rk4_path(|t, y| pendulum(t, y, p), start, 0.5, 2.5, steps);
    let mut sum = 0.0;
    for (a, b) in path.iter().zip(&euler) {
        sum += (a[0] - b[0]).powi(2) + a[1];
    }
    sum
}

const START: [f64; 2] = [1.0, -0.5];
const P: [f64; 2] = [2.0, 0.1];

#[test]
fn orders_of_convergence() {
    let exact = by_rk4(START, &P, 4000);
    let errors = |f: fn([f64; 2], &[f64], usize) -> f64| -> Vec<f64> {
        [20, 40, 80, 160]
            .iter()
            .map(|&n| (f(START, &P, n) - exact).abs())
            .collect()
    };
    let euler = order(&errors(by_euler));
    let rk4 = order(&errors(by_rk4));
    println!("Euler {euler:.3}, Runge-Kutta {rk4:.3}");
    assert!((euler - 1.0).abs() < 0.1, "{euler}");
    assert!((rk4 - 4.0).abs() < 0.2, "{rk4}");
    // There and back again.
    let b = back(START, &P, 200);
    close(b[0], START[0], 1e-9);
    close(b[1], START[1], 1e-9);
}

#[test]
fn derivatives() {
    let how = Check::default();
    everywhere::<by_euler>(|f, _| {
        let report = f.check_gradients((START, &P, 30), &how).unwrap();
        assert!(report.forward && report.reverse);
    });
    everywhere::<by_rk4>(|f, name| {
        let twice = Check {
            order: 2,
            ..Check::default()
        };
        f.check_gradients((START, &P, 20), &twice).unwrap();
        close(
            f.call((START, &P, 20)).unwrap(),
            by_rk4(START, &P, 20),
            1e-14,
        );
        let all = f.gradient((START, &P, 50)).unwrap();
        for slots in [1, 3, 10, 60] {
            let few = Runner::<few_states>::new(&Options::new().executor(name))
                .gradient((START, &P, 50, slots))
                .unwrap();
            for i in 0..2 {
                close(few.0[i], all.0[i], 1e-13);
                close(few.1[i], all.1[i], 1e-13);
            }
        }
    });
    everywhere::<whole_path>(|f, _| {
        f.check_gradients((START, &P, 10), &how).unwrap();
    });
}
