//! What lies at the edge of what solvers are asked: no steps, no length, tolerances and times that make no sense, numbers that are none.

use crate::support::{close, everywhere};
use cotangent::solve::Failure;
use cotangent::solve::ode::{self, Adaptive, Crossing};
use cotangent::solve::root::{Settings, newton, newton_system};
use cotangent::solve::sde::Brownian;
use cotangent::{Runner, differentiable};

#[differentiable]
fn decay(y: f64, start: f64, end: f64, how: Adaptive) -> Result<f64, Failure> {
    Ok(ode::tsit5(|_, y: [f64; 1]| [-y[0]], [y], start, end, how)?.y[0])
}
#[differentiable]
fn stiff_decay(y: f64, start: f64, end: f64, how: Adaptive) -> Result<f64, Failure> {
    let jvp = |_, _: [f64; 1], _: f64, dy: [f64; 1]| [-dy[0]];
    Ok(ode::rodas4(|_, y: [f64; 1]| [-y[0]], jvp, [y], start, end, how)?.y[0])
}
/// Its slope does not depend on where it is, so what is wrong shows only in the state or the time.
#[differentiable]
fn straight(start: f64, end: f64) -> Result<f64, Failure> {
    Ok(ode::tsit5(
        |_, _: [f64; 1]| [1.0],
        [0.0],
        start,
        end,
        Adaptive::default(),
    )?
    .y[0])
}

fn is(got: cotangent::Result<Result<f64, Failure>>, want: Result<f64, Failure>) {
    match (got.unwrap(), want) {
        (Ok(a), Ok(b)) => close(a, b, 1e-5),
        // Both print alike where the time is not a number.
        (a, b) => assert_eq!(format!("{a:?}"), format!("{b:?}")),
    }
}

#[test]
fn tolerances_and_first_steps() {
    let plain = Adaptive {
        steps: 1000,
        ..Adaptive::default()
    };
    let exp = Ok((-2.0f64).exp());
    let small = Err(Failure::StepTooSmall { at: 0.0 });
    let few = Err(Failure::TooManySteps { at: 0.0 });
    let with = |relative, absolute| Adaptive {
        relative,
        absolute,
        ..plain
    };
    let first = |first| Adaptive { first, ..plain };
    let cases = [
        (with(0.0, 0.0), small),
        (with(-1e-6, -1e-8), small),
        (with(f64::NAN, f64::NAN), small),
        (with(-1.0, 1e-8), exp),
        (first(f64::NAN), exp),
        (first(-0.1), exp),
        (first(f64::INFINITY), exp),
        (first(1e-320), small),
        (Adaptive { steps: 0, ..plain }, few),
    ];
    everywhere(|f: Runner<decay>, name| {
        for (how, want) in cases {
            println!("{name} {how:?}");
            is(f.call((1.0, 0.0, 2.0, how)), want);
            is(f.call((1.0, 2.0, 2.0, how)), Ok(1.0));
        }
    });
    everywhere(|f: Runner<stiff_decay>, name| {
        for (how, want) in cases {
            println!("{name} {how:?}");
            is(f.call((1.0, 0.0, 2.0, how)), want);
            is(f.call((1.0, 2.0, 2.0, how)), Ok(1.0));
        }
    });
}

#[test]
fn ends_that_are_not_numbers_and_states_that_overflow() {
    let nan = f64::NAN;
    everywhere(|f: Runner<straight>, _| {
        for (start, end) in [
            (nan, 1.0),
            (0.0, nan),
            (f64::INFINITY, 1.0),
            (0.0, f64::INFINITY),
        ] {
            is(f.call((start, end)), Err(Failure::NotFinite { at: start }));
        }
        // Within a step of that length the stages overflow: no infinite state is taken for a solution.
        match f.call((0.0, 1e308)).unwrap() {
            Ok(y) => close(y / 1e308, 1.0, 1e-9),
            Err(e) => panic!("{e}"),
        }
        is(f.call((1.0, 1.0)), Ok(0.0));
        is(f.call((2.0, -1.0)), Ok(-3.0));
    });
    everywhere(|f: Runner<decay>, _| {
        for y in [nan, f64::INFINITY] {
            let got = f.call((y, 0.0, 1.0, Adaptive::default()));
            is(got, Err(Failure::NotFinite { at: 0.0 }));
        }
    });
}

#[differentiable]
fn nothing(start: f64, end: f64) -> f64 {
    let how = Adaptive::default();
    let jvp = |_, _: [f64; 0], _: f64, dy: [f64; 0]| dy;
    let stiff = ode::rodas4(|_, y: [f64; 0]| y, jvp, [], start, end, how);
    ode::tsit5(|_, y: [f64; 0]| y, [], start, end, how)
        .unwrap()
        .t
        + stiff.unwrap().t
}

#[test]
fn a_system_of_nothing_comes_to_its_end() {
    everywhere(|f: Runner<nothing>, _| {
        assert_eq!(f.value_and_gradient((1.0, 3.0)).unwrap(), (6.0, (0.0, 2.0)));
    });
}

#[differentiable]
fn states(times: &[f64]) -> Result<Vec<[f64; 1]>, Failure> {
    ode::tsit5_at(
        |_, y: [f64; 1]| [-y[0]],
        [1.0],
        0.0,
        times,
        Adaptive::default(),
    )
}

#[test]
fn times_out_of_order_are_refused() {
    let good: [&[f64]; 6] = [
        &[],
        &[0.0],
        &[0.0, 0.0],
        &[0.5, 0.5, 1.0, 1.0],
        &[-0.5, -1.0],
        &[0.0, -0.5],
    ];
    let bad: [(&[f64], f64); 6] = [
        (&[2.0, 1.0], 1.0),
        (&[1.0, 0.0], 0.0),
        (&[-1.0, 1.0], -1.0),
        (&[-1.0, -0.5], -0.5),
        (&[1.0, 3.0, 2.0], 2.0),
        (&[f64::NAN, 1.0], f64::NAN),
    ];
    everywhere(|f: Runner<states>, _| {
        for times in good {
            let got = f.call((times,)).unwrap().unwrap();
            assert_eq!(got.len(), times.len());
            for (t, y) in times.iter().zip(got) {
                close(y[0], (-t).exp(), 1e-6);
            }
        }
        for (times, at) in bad {
            let got = f.call((times,)).unwrap().unwrap_err();
            assert_eq!(
                format!("{got:?}"),
                format!("{:?}", Failure::OutOfOrder { at })
            );
            assert!(got.to_string().contains("not in order"));
        }
    });
}

#[differentiable]
fn runge_kutta(y: f64, start: f64, end: f64, steps: usize) -> f64 {
    ode::rk4(|_, y: [f64; 1]| [-y[0]], [y], start, end, steps)[0]
}
#[differentiable]
fn slots(y: f64, start: f64, end: f64, steps: usize, slots: usize) -> f64 {
    ode::rk4_slots(|t, y: [f64; 1]| [-y[0] * t], [y], start, end, steps, slots)[0]
}
#[differentiable]
fn adjoint(y: f64, end: f64, steps: usize) -> f64 {
    let vjp = |_, _: [f64; 1], l: [f64; 1]| ([-l[0]], [0.0]);
    let f = |_, y: [f64; 1]| [-y[0]];
    ode::backsolve(f, vjp, [y], [y], 0.0, end, steps).start[0]
}

/// Without a step nothing moves, so nothing depends on the ends.
#[test]
fn no_steps() {
    everywhere(|f: Runner<runge_kutta>, _| {
        for end in [0.0, 1.0] {
            let got = f.value_and_gradient((3.0, 0.0, end, 0)).unwrap();
            assert_eq!(got, (3.0, (1.0, 0.0, 0.0, ())));
        }
        let (y, (_, by_start, by_end, _)) = f.value_and_gradient((3.0, 1.0, 1.0, 5)).unwrap();
        assert_eq!((y, by_start, by_end), (3.0, 3.0, -3.0));
    });
    everywhere(|f: Runner<slots>, _| {
        for n in [0, 1, usize::MAX] {
            let got = f.value_and_gradient((3.0, 0.0, 1.0, 0, n)).unwrap();
            assert_eq!(got, (3.0, (1.0, 0.0, 0.0, (), ())));
            let (y, g) = f.value_and_gradient((3.0, 0.0, 1.0, 40, n)).unwrap();
            close(y, 3.0 * (-0.5f64).exp(), 1e-6);
            close(g.0, y / 3.0, 1e-12);
            close(g.2, -y, 1e-6);
        }
    });
    everywhere(|f: Runner<adjoint>, _| {
        let got = f.value_and_gradient((3.0, 1.0, 0)).unwrap();
        assert_eq!(got, (3.0, (1.0, 0.0, ())));
    });
}

/// Where a line crosses a limit, by a function that jumps there, with sides of different height.
#[differentiable]
fn jump(limit: f64) -> f64 {
    let fall = |_, y: [f64; 1]| if y[0] < limit { 1.0 } else { -40.0 };
    let end = ode::tsit5_until(
        |t: f64, _: [f64; 1]| [1.0 + 0.1 * t],
        fall,
        Crossing::Down,
        [0.0],
        0.0,
        10.0,
        Adaptive::default(),
    );
    end.unwrap().y[0]
}
/// The same by a function that is steep there.
#[differentiable]
fn steep(limit: f64) -> f64 {
    let fall = |_, y: [f64; 1]| (3000.0 * (limit - y[0])).tanh();
    let end = ode::tsit5_until(
        |t: f64, _: [f64; 1]| [1.0 + 0.1 * t],
        fall,
        Crossing::Down,
        [0.0],
        0.0,
        10.0,
        Adaptive::default(),
    );
    end.unwrap().y[0]
}
#[differentiable]
fn at_the_start(y: f64) -> (f64, bool) {
    let line = |_, y: [f64; 1]| y[0];
    let end = ode::tsit5_until(
        |_, _: [f64; 1]| [-1.0],
        line,
        Crossing::Down,
        [y],
        0.0,
        10.0,
        Adaptive::default(),
    );
    let end = end.unwrap();
    (end.t, end.event)
}

#[test]
fn events_that_jump_are_steep_or_at_the_start() {
    everywhere(|f: Runner<jump>, _| {
        let (y, slope) = f.value_and_gradient((1.0,)).unwrap();
        close(y, 1.0, 1e-12);
        assert_eq!(slope, 0.0);
    });
    everywhere(|f: Runner<steep>, _| {
        let (y, slope) = f.value_and_gradient((1.0,)).unwrap();
        close(y, 1.0, 1e-12);
        close(slope, 1.0, 1e-9);
    });
    everywhere(|f: Runner<at_the_start>, _| {
        // From zero itself nothing crosses zero.
        assert_eq!(f.call((0.0,)).unwrap(), (10.0, false));
        assert_eq!(f.call((-1.0,)).unwrap(), (10.0, false));
        let (t, event) = f.call((1e-300,)).unwrap();
        assert!(event && t.abs() < 1e-12, "{t}");
    });
}

#[differentiable]
fn square_root(a: f64, guess: f64, settings: Settings) -> Result<f64, Failure> {
    newton(|x| (x * x - a, 2.0 * x), guess, settings)
}
#[differentiable]
fn system(a: f64) -> Result<f64, Failure> {
    let f = |x: [f64; 2]| [a * x[0] - 1.0, x[1] - x[0]];
    let jvp = |_: [f64; 2], v: [f64; 2]| [a * v[0], v[1] - v[0]];
    Ok(newton_system(f, jvp, [1.0, 1.0], Settings::default())?[1])
}

#[test]
fn roots_that_are_not_there() {
    let plain = Settings::default();
    let with = |tolerance, iterations| Settings {
        tolerance,
        iterations,
        ..plain
    };
    let lost = |at| Err(Failure::NotFinite { at });
    everywhere(|f: Runner<square_root>, _| {
        is(f.call((4.0, 2.0, plain)), Ok(2.0));
        is(f.call((4.0, 0.0, plain)), lost(0.0));
        is(f.call((-1.0, 1.0, plain)), lost(1.0));
        is(f.call((f64::NAN, 1.0, plain)), lost(0.0));
        is(f.call((f64::INFINITY, 1.0, plain)), lost(0.0));
        is(f.call((4.0, f64::NAN, plain)), lost(0.0));
        for settings in [with(-1.0, 100), with(f64::NAN, 100), with(1e-12, 0)] {
            let got = f.call((4.0, 2.0, settings)).unwrap();
            assert_eq!(got, Err(Failure::TooManySteps { at: 0.0 }));
        }
    });
    everywhere(|f: Runner<system>, _| {
        is(f.call((2.0,)), Ok(0.5));
        is(f.call((0.0,)), Err(Failure::Singular { at: 0.0 }));
        is(f.call((f64::NAN,)), Err(Failure::Singular { at: 0.0 }));
    });
}

#[test]
fn short_brownian_paths() {
    for steps in 0..4 {
        let path: Brownian<1> = Brownian::new(1, 0.5, steps);
        assert_eq!((path.steps(), path.coarser().steps()), (steps, steps / 2));
        let none: Brownian<0> = Brownian::scalar(1, 0.5, steps);
        assert_eq!((none.steps(), none.end()), (steps, []));
    }
}
