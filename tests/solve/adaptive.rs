//! Adaptive methods: order, errors kept, dense output, statistics, failures.

use crate::support::{close, everywhere, order};
use cotangent::check::Check;
use cotangent::solve::Failure;
use cotangent::solve::ode::{self, Adaptive};
use cotangent::{Options, Runner, differentiable};

/// One step of that size and no other.
const FREE: Adaptive = Adaptive {
    relative: 1e9,
    absolute: 1e9,
    first: 1e9,
    steps: 10,
};

/// A pendulum that is pushed: not linear, and the time counts.
#[differentiable]
fn pendulum(t: f64, y: [f64; 2], p: &[f64]) -> [f64; 2] {
    [y[1], -p[0] * y[0].sin() - p[1] * y[1] + 0.3 * t.cos()]
}
#[differentiable]
fn pendulum_jvp(t: f64, y: [f64; 2], p: &[f64], dt: f64, dy: [f64; 2]) -> [f64; 2] {
    let zero = vec![0.0; p.len()];
    pendulum::jvp((t, y, p), (dt, dy, &zero[..])).unwrap().1
}
#[differentiable]
fn tsit5_fixed(y: [f64; 2], p: &[f64], steps: usize) -> f64 {
    let h = 2.0 / steps as f64;
    let mut y = y;
    for i in 0..steps {
        let t = 0.5 + i as f64 * h;
        y = ode::tsit5(|t, y| pendulum(t, y, p), y, t, t + h, FREE)
            .unwrap()
            .y;
    }
    y[0]
}
#[differentiable]
fn rodas4_fixed(y: [f64; 2], p: &[f64], steps: usize) -> f64 {
    let h = 2.0 / steps as f64;
    let mut y = y;
    for i in 0..steps {
        let t = 0.5 + i as f64 * h;
        let f = |t, y| pendulum(t, y, p);
        let jvp = |t, y, dt, dy| pendulum_jvp(t, y, p, dt, dy);
        y = ode::rodas4(f, jvp, y, t, t + h, FREE).unwrap().y;
    }
    y[0]
}
#[differentiable]
fn by_tsit5(y: [f64; 2], p: &[f64], end: f64, tolerance: f64) -> f64 {
    let how = Adaptive {
        relative: tolerance,
        absolute: tolerance,
        ..Adaptive::default()
    };
    ode::tsit5(|t, y| pendulum(t, y, p), y, 0.5, end, how)
        .unwrap()
        .y[0]
}
#[differentiable]
fn by_rodas4(y: [f64; 2], p: &[f64], end: f64, tolerance: f64) -> f64 {
    let how = Adaptive {
        relative: tolerance,
        absolute: tolerance,
        ..Adaptive::default()
    };
    let f = |t, y| pendulum(t, y, p);
    let jvp = |t, y, dt, dy| pendulum_jvp(t, y, p, dt, dy);
    ode::rodas4(f, jvp, y, 0.5, end, how).unwrap().y[0]
}
#[differentiable]
fn few_states(y: [f64; 2], p: &[f64], end: f64, slots: usize) -> f64 {
    let how = Adaptive {
        relative: 1e-8,
        absolute: 1e-8,
        ..Adaptive::default()
    };
    let f = |t, y| pendulum(t, y, p);
    let jvp = |t, y, dt, dy| pendulum_jvp(t, y, p, dt, dy);
    let stiff = ode::rodas4_slots(f, jvp, y, 0.5, end, slots, how).unwrap();
    ode::tsit5_slots(f, y, 0.5, end, slots, how).unwrap().y[0] + stiff.y[0]
}

const START: [f64; 2] = [1.0, -0.5];
const P: [f64; 2] = [2.0, 0.1];

#[test]
fn orders_of_convergence() {
    let exact = tsit5_fixed(START, &P, 2000);
    let errors = |f: fn([f64; 2], &[f64], usize) -> f64| -> Vec<f64> {
        [10, 20, 40, 80]
            .iter()
            .map(|&n| (f(START, &P, n) - exact).abs())
            .collect()
    };
    let tsit5 = order(&errors(tsit5_fixed));
    let rodas4 = order(&errors(rodas4_fixed));
    println!("Tsitouras {tsit5:.3}, Rodas {rodas4:.3}");
    assert!((tsit5 - 5.0).abs() < 0.4, "{tsit5}");
    assert!((rodas4 - 4.0).abs() < 0.3, "{rodas4}");
}

#[test]
fn errors_follow_the_tolerance_and_methods_agree() {
    let exact = tsit5_fixed(START, &P, 2000);
    for tolerance in [1e-4, 1e-6, 1e-8, 1e-10] {
        for f in [by_tsit5, by_rodas4] {
            let error = (f(START, &P, 2.5, tolerance) - exact).abs();
            assert!(error < 20.0 * tolerance, "{tolerance}: {error}");
        }
    }
    // Backwards in time, from the end.
    let there = ode::tsit5(|t, y| pendulum(t, y, &P), START, 0.5, 2.5, tight()).unwrap();
    let back = ode::tsit5(|t, y| pendulum(t, y, &P), there.y, 2.5, 0.5, tight()).unwrap();
    close(back.y[0], START[0], 1e-9);
    close(back.y[1], START[1], 1e-9);
    assert!(there.statistics.steps > 10 && there.statistics.steps < 200);
}

fn tight() -> Adaptive {
    Adaptive {
        relative: 1e-11,
        absolute: 1e-11,
        ..Adaptive::default()
    }
}

#[test]
fn derivatives_are_those_of_the_steps() {
    let how = Check::default();
    everywhere::<by_tsit5>(|f, name| {
        let args = (START, &P[..], 2.5, 1e-10);
        close(
            f.call(args).unwrap(),
            by_tsit5(START, &P, 2.5, 1e-10),
            1e-13,
        );
        let gradient = f.gradient(args).unwrap();
        let fixed = tsit5_fixed::gradient(START, &P, 400).unwrap();
        for i in 0..2 {
            close(gradient.0[i], fixed.0[i], 1e-8);
            close(gradient.1[i], fixed.1[i], 1e-8);
        }
        // By the end, it is the slope there.
        let velocity = |t: f64| by_tsit5(START, &P, t, 1e-12);
        let slope = (velocity(2.5 + 1e-4) - velocity(2.5 - 1e-4)) / 2e-4;
        close(gradient.2, slope, 1e-6);
        // The tolerance has no influence but through the choice of steps, which does not count.
        assert_eq!(gradient.3, 0.0, "{name}");
    });
    everywhere::<by_rodas4>(|f, _| {
        let gradient = f.gradient((START, &P, 2.5, 1e-9)).unwrap();
        let fixed = tsit5_fixed::gradient(START, &P, 400).unwrap();
        for i in 0..2 {
            close(gradient.0[i], fixed.0[i], 1e-7);
            close(gradient.1[i], fixed.1[i], 1e-7);
        }
    });
    everywhere::<rodas4_fixed>(|f, _| {
        let report = f.check_gradients((START, &P, 10), &how).unwrap();
        assert!(report.forward && report.reverse);
    });
    everywhere::<tsit5_fixed>(|f, _| {
        f.check_gradients((START, &P, 10), &how).unwrap();
    });
}

#[test]
fn checkpoints_give_the_same_gradient() {
    everywhere::<few_states>(|f, name| {
        let options = Options::new().executor(name);
        let tsit5 = Runner::<by_tsit5>::new(&options)
            .gradient((START, &P, 2.5, 1e-8))
            .unwrap();
        let rodas4 = Runner::<by_rodas4>::new(&options)
            .gradient((START, &P, 2.5, 1e-8))
            .unwrap();
        for slots in [2, 5, 100] {
            let few = f.gradient((START, &P, 2.5, slots)).unwrap();
            for i in 0..2 {
                close(few.0[i], tsit5.0[i] + rodas4.0[i], 1e-12);
                close(few.1[i], tsit5.1[i] + rodas4.1[i], 1e-12);
            }
            close(few.2, tsit5.2 + rodas4.2, 1e-12);
        }
    });
}

/// The circle: the solution is known at all times.
#[differentiable]
fn circle(speed: f64, times: &[f64]) -> Result<Vec<[f64; 2]>, Failure> {
    let how = Adaptive {
        relative: 1e-9,
        absolute: 1e-9,
        ..Adaptive::default()
    };
    ode::tsit5_at(
        |_, y: [f64; 2]| [-speed * y[1], speed * y[0]],
        [1.0, 0.0],
        0.0,
        times,
        how,
    )
}
#[differentiable]
fn circle_sum(speed: f64, times: &[f64]) -> f64 {
    let states = circle(speed, times).unwrap();
    let mut sum = 0.0;
    for (y, t) in states.iter().zip(times) {
        sum += y[0] * t + y[1];
    }
    sum
}
#[differentiable]
fn circle_dense(speed: f64, time: f64, end: f64) -> f64 {
    let solution = ode::tsit5_dense(
        |_, y: [f64; 2]| [-speed * y[1], speed * y[0]],
        [1.0, 0.0],
        0.0,
        end,
        Adaptive {
            relative: 1e-9,
            absolute: 1e-9,
            ..Adaptive::default()
        },
    )
    .unwrap();
    ode::at(&solution, time)[0]
}
#[differentiable]
fn circle_stiff(speed: f64, time: f64) -> f64 {
    let solution = ode::rodas4_dense(
        |_, y: [f64; 2]| [-speed * y[1], speed * y[0]],
        |_, _: [f64; 2], _, v: [f64; 2]| [-speed * v[1], speed * v[0]],
        [1.0, 0.0],
        0.0,
        3.0,
        Adaptive {
            relative: 1e-9,
            absolute: 1e-9,
            ..Adaptive::default()
        },
    )
    .unwrap();
    ode::at(&solution, time)[0]
}

#[test]
fn states_between_steps() {
    let times = [0.0, 0.3, 0.30001, 1.7, 2.0, 2.0, 2.9];
    everywhere::<circle>(|f, _| {
        let states = f.call((1.3, &times)).unwrap().unwrap();
        assert_eq!(states.len(), times.len());
        for (y, t) in states.iter().zip(&times) {
            close(y[0], (1.3 * t).cos(), 1e-7);
            close(y[1], (1.3 * t).sin(), 1e-7);
        }
        assert!(f.call((1.3, &[])).unwrap().unwrap().is_empty());
        let back = f.call((1.3, &[0.0, -1.0, -2.5])).unwrap().unwrap();
        close(back[1][1], (-1.3f64).sin(), 1e-7);
        close(back[2][0], (1.3f64 * 2.5).cos(), 1e-7);
    });
    let how = Check {
        tolerance: Some(1e-5),
        ..Check::default()
    };
    everywhere::<circle_sum>(|f, _| {
        f.check_gradients((1.3, &[0.3, 1.7, 2.9]), &how).unwrap();
    });
    everywhere::<circle_dense>(|f, _| {
        for t in [0.0, 0.4, 1.9, 3.0] {
            let (x, (by_speed, by_time, _)) = f.value_and_gradient((1.3, t, 3.0)).unwrap();
            close(x, (1.3 * t).cos(), 1e-7);
            close(by_speed, -t * (1.3 * t).sin(), 1e-5);
            close(by_time, -1.3 * (1.3 * t).sin(), 1e-5);
        }
        close(f.call((1.3, -1.0, -2.0)).unwrap(), 1.3f64.cos(), 1e-7);
    });
    for t in [0.4, 2.2] {
        close(circle_stiff::call(1.3, t).unwrap(), (1.3 * t).cos(), 1e-6);
    }
}

#[differentiable]
fn explodes(y: f64, end: f64, steps: usize) -> Result<f64, Failure> {
    let how = Adaptive {
        steps,
        ..Adaptive::default()
    };
    let end = ode::tsit5(|_, y: [f64; 1]| [y[0] * y[0]], [y], 0.0, end, how)?;
    Ok(end.y[0])
}
#[differentiable]
fn undefined(y: f64, end: f64) -> Result<f64, Failure> {
    // The square root of what becomes negative at time 1.
    let f = |t: f64, y: [f64; 1]| [y[0] * (1.0 - t).sqrt()];
    let end = ode::tsit5(f, [y], 0.0, end, Adaptive::default())?;
    Ok(end.y[0])
}
#[differentiable]
fn undefined_stiff(y: f64, end: f64) -> Result<f64, Failure> {
    let f = |t: f64, y: [f64; 1]| [y[0] * (1.0 - t).sqrt()];
    let jvp = |t: f64, y: [f64; 1], dt: f64, dy: [f64; 1]| {
        [dy[0] * (1.0 - t).sqrt() - 0.5 * y[0] * dt / (1.0 - t).sqrt()]
    };
    let end = ode::rodas4(f, jvp, [y], 0.0, end, Adaptive::default())?;
    Ok(end.y[0])
}

#[test]
fn failures_are_values() {
    everywhere::<explodes>(|f, name| {
        close(f.call((1.0, 0.5, 1000)).unwrap().unwrap(), 2.0, 1e-5);
        // 1 / (1 - t) has no value at 1.
        let e = f.call((1.0, 2.0, 100_000)).unwrap().unwrap_err();
        match e {
            Failure::StepTooSmall { at }
            | Failure::NotFinite { at }
            | Failure::TooManySteps { at } => close(at, 1.0, 1e-4),
            Failure::Singular { .. } | Failure::OutOfOrder { .. } => panic!("{name}: {e}"),
        }
        let e = f.call((1.0, 0.9, 3)).unwrap().unwrap_err();
        assert!(matches!(e, Failure::TooManySteps { at } if at < 0.9), "{e}");
        let e = f.call((f64::NAN, 0.9, 3)).unwrap().unwrap_err();
        assert!(matches!(e, Failure::NotFinite { at: 0.0 }), "{e}");
        let e = f.call((1.0, f64::NAN, 3)).unwrap().unwrap_err();
        assert!(matches!(e, Failure::NotFinite { .. }), "{e}");
        let e = f.call((1.0, f64::INFINITY, 3)).unwrap().unwrap_err();
        assert!(matches!(e, Failure::NotFinite { .. }), "{e}");
        // No time, no step.
        assert_eq!(f.call((3.0, 0.0, 0)).unwrap(), Ok(3.0));
    });
    for f in [undefined::call, undefined_stiff::call] {
        assert!(f(1.0, 0.9).unwrap().is_ok());
        let e = f(1.0, 1.5).unwrap().unwrap_err();
        assert!(
            matches!(e, Failure::NotFinite { at } if (at - 1.0).abs() < 1e-3),
            "{e}"
        );
    }
    assert_eq!(undefined(1.0, 1.5), undefined::call(1.0, 1.5).unwrap());
}
