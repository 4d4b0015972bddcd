//! Located events: their times, states and derivatives.

use crate::support::{close, everywhere};
use cotangent::check::Check;
use cotangent::differentiable;
use cotangent::solve::Failure;
use cotangent::solve::ode::{self, Adaptive, Crossing};

const HOW: Adaptive = Adaptive {
    relative: 1e-10,
    absolute: 1e-10,
    first: 0.0,
    steps: 10_000,
};

/// A ball that loses part of its speed at each bounce: height and time when that many are over.
#[differentiable]
fn bounces(height: f64, keeps: f64, n: usize) -> Result<f64, Failure> {
    let mut y = [height, 0.0];
    let mut t = 0.0;
    for _ in 0..n {
        let end = ode::tsit5_until(
            |_, y: [f64; 2]| [y[1], -9.81],
            |_, y: [f64; 2]| y[0],
            Crossing::Down,
            y,
            t,
            t + 10.0,
            HOW,
        )?;
        t = end.t;
        y = [0.0, -keeps * end.y[1]];
    }
    Ok(t)
}
#[differentiable]
fn bouncing(height: f64, keeps: f64, n: usize) -> f64 {
    bounces(height, keeps, n).unwrap()
}

#[test]
fn a_bouncing_ball() {
    // The first fall takes sqrt(2 h / g), each later flight twice that, times a power of what is kept.
    let exact = |h: f64, k: f64| (2.0 * h / 9.81f64).sqrt() * (1.0 + 2.0 * k + 2.0 * k * k);
    everywhere::<bouncing>(|f, name| {
        let (t, (by_height, by_keeps, _)) = f.value_and_gradient((2.0, 0.8, 3)).unwrap();
        close(t, exact(2.0, 0.8), 1e-11);
        close(by_height, exact(2.0, 0.8) / 4.0, 1e-10);
        let slope = (2.0 * 2.0 / 9.81f64).sqrt() * (2.0 + 4.0 * 0.8);
        close(by_keeps, slope, 1e-10);
        let how = Check {
            order: 2,
            ..Check::default()
        };
        let report = f.check_gradients((2.0, 0.8, 2), &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
    });
}

/// When a pendulum that is damped is at some angle.
#[differentiable]
fn passes(angle: f64, damping: f64, crossing: Crossing) -> f64 {
    let end = ode::tsit5_until(
        |_, y: [f64; 2]| [y[1], -y[0].sin() - damping * y[1]],
        |t, y: [f64; 2]| y[0] - angle - 0.01 * t,
        crossing,
        [1.0, 0.0],
        0.0,
        20.0,
        HOW,
    );
    end.unwrap().t
}

#[test]
fn directions_and_nonlinear_events() {
    everywhere::<passes>(|f, _| {
        let down = f.call((0.1, 0.05, Crossing::Down)).unwrap();
        let up = f.call((0.1, 0.05, Crossing::Up)).unwrap();
        let any = f.call((0.1, 0.05, Crossing::Any)).unwrap();
        assert!(down < up && any == down, "{down} {up} {any}");
        let plain = passes(0.1, 0.05, Crossing::Down);
        close(down, plain, 1e-12);
        let how = Check::default();
        f.check_gradients((0.1, 0.05, Crossing::Down), &how)
            .unwrap();
        f.check_gradients((0.1, 0.05, Crossing::Up), &how).unwrap();
    });
}

#[differentiable]
fn never(limit: f64) -> (f64, f64, bool) {
    let end = ode::tsit5_until(
        |_, y: [f64; 1]| [-y[0]],
        |_, y: [f64; 1]| y[0] - limit,
        Crossing::Any,
        [1.0],
        0.0,
        1.0,
        HOW,
    );
    let end = end.unwrap();
    (end.t, end.y[0], end.event)
}

#[test]
fn without_an_event_it_goes_to_the_end() {
    let (t, y, event) = never::call(0.1).unwrap();
    assert!(t == 1.0 && !event);
    close(y, (-1.0f64).exp(), 1e-9);
    let (t, y, event) = never::call(0.5).unwrap();
    assert!(event);
    close(t, 2f64.ln(), 1e-9);
    close(y, 0.5, 1e-12);
}
