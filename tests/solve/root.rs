//! Roots and fixed points: solutions, derivatives by the implicit function theorem and through the iterations, failures.

use crate::support::{close, everywhere};
use cotangent::check::Check;
use cotangent::differentiable;
use cotangent::solve::Failure;
use cotangent::solve::root::*;

#[differentiable]
fn residual(x: f64, a: f64) -> f64 {
    x * x * x + a * x - 2.0
}
#[differentiable]
fn cubic(a: f64) -> f64 {
    let f = |x: f64| {
        let (y, (slope, _)) = residual::value_and_gradient(x, a).unwrap();
        (y, slope)
    };
    newton(f, 1.0, Settings::default()).unwrap()
}
#[differentiable]
fn cubic_through(a: f64) -> f64 {
    let f = |x: f64| (x * x * x + a * x - 2.0, 3.0 * x * x + a);
    newton_through(f, 1.0, Settings::default()).unwrap()
}

#[test]
fn newton_of_a_number() {
    let x = cubic(1.5);
    close(x * x * x + 1.5 * x, 2.0, 1e-15);
    // dx/da = -x / (3 x² + a), by the theorem.
    let slope = -x / (3.0 * x * x + 1.5);
    everywhere::<cubic>(|f, name| {
        close(f.gradient((1.5,)).unwrap(), slope, 1e-14);
        let how = Check {
            order: 2,
            ..Check::default()
        };
        let report = f.check_gradients((1.5,), &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
    });
    everywhere::<cubic_through>(|f, _| {
        close(f.gradient((1.5,)).unwrap(), slope, 1e-13);
    });
}

/// One and the same equation, with the orders of derivatives that are asked for.
#[differentiable]
fn square_root(a: f64, orders: usize) -> f64 {
    let settings = Settings {
        orders,
        ..Settings::default()
    };
    newton(|x| (x * x - a, 2.0 * x), 1.0, settings).unwrap()
}
#[differentiable]
fn slope(a: f64, orders: usize) -> f64 {
    square_root::gradient_wrt::<0>(a, orders).unwrap()
}
#[differentiable]
fn curvature(a: f64, orders: usize) -> f64 {
    slope::gradient_wrt::<0>(a, orders).unwrap()
}

#[test]
fn orders_of_derivatives_are_exact_as_promised() {
    let third = |orders| curvature::gradient_wrt::<0>(4.0, orders).unwrap();
    let a: f64 = 4.0;
    close(square_root::call(a, 0).unwrap(), 2.0, 1e-15);
    close(slope::call(a, 1).unwrap(), 0.25, 1e-15);
    close(curvature::call(a, 2).unwrap(), -1.0 / 32.0, 1e-15);
    close(third(3), 3.0 / 256.0, 1e-15);
    // With none, the solution is a constant.
    assert_eq!(slope::call(a, 0).unwrap(), 0.0);
    assert!((curvature::call(a, 1).unwrap() + 1.0 / 32.0).abs() > 1e-3);
}

#[differentiable]
fn system(x: [f64; 3], p: &[f64]) -> [f64; 3] {
    [
        x[0] + x[1] * x[1] - p[0],
        x[1] - (x[2] * p[1]).sin(),
        x[2] + x[0] * x[1] * x[2] - 1.0,
    ]
}
#[differentiable]
fn solved(p: &[f64]) -> f64 {
    let f = |x| system(x, p);
    let jvp = |x, v| system::jvp((x, p), (v, &[0.0, 0.0][..])).unwrap().1;
    let x = newton_system(f, jvp, [1.0, 0.5, 0.5], Settings::default()).unwrap();
    x[0] + 2.0 * x[1] * x[2]
}
#[differentiable]
fn solved_through(p: &[f64]) -> f64 {
    let f = |x| system(x, p);
    let jvp = |x, v| system::jvp((x, p), (v, &[0.0, 0.0][..])).unwrap().1;
    let x = newton_system_through(f, jvp, [1.0, 0.5, 0.5], Settings::default()).unwrap();
    x[0] + 2.0 * x[1] * x[2]
}

#[test]
fn newton_of_a_system() {
    let p = [1.5, 0.8];
    everywhere::<solved>(|f, name| {
        let how = Check {
            order: 2,
            ..Check::default()
        };
        let report = f.check_gradients((&p,), &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
        let through = solved_through::gradient(&p).unwrap();
        for (a, b) in f.gradient((&p,)).unwrap().iter().zip(&through) {
            close(*a, *b, 1e-13);
        }
    });
}

#[differentiable]
fn iterated(p: &[f64]) -> f64 {
    let g = |x: [f64; 2]| [(p[0] * x[1]).cos(), 0.5 * (x[0] + p[1]).sin()];
    let jvp = |x: [f64; 2], v: [f64; 2]| {
        [
            -p[0] * v[1] * (p[0] * x[1]).sin(),
            0.5 * v[0] * (x[0] + p[1]).cos(),
        ]
    };
    let x = fixed_point(g, jvp, [0.0, 0.0], Settings::default()).unwrap();
    x[0] * x[1]
}
#[differentiable]
fn iterated_through(p: &[f64]) -> f64 {
    let g = |x: [f64; 2]| [(p[0] * x[1]).cos(), 0.5 * (x[0] + p[1]).sin()];
    let x = fixed_point_through(g, [0.0, 0.0], Settings::default()).unwrap();
    x[0] * x[1]
}

#[test]
fn fixed_points() {
    let p = [0.7, 0.3];
    everywhere::<iterated>(|f, name| {
        let how = Check {
            order: 2,
            ..Check::default()
        };
        let report = f.check_gradients((&p,), &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
        let through = iterated_through::gradient(&p).unwrap();
        for (a, b) in f.gradient((&p,)).unwrap().iter().zip(&through) {
            close(*a, *b, 1e-10);
        }
    });
}

#[differentiable]
fn no_root(shift: f64, iterations: usize) -> Result<f64, Failure> {
    let settings = Settings {
        iterations,
        ..Settings::default()
    };
    newton(|x| (x * x + shift, 2.0 * x), 0.6, settings)
}
#[differentiable]
fn flat(x: f64) -> Result<f64, Failure> {
    newton(|x| (x * x + 1.0, 0.0 * x), x, Settings::default())
}
#[differentiable]
fn dependent(x: f64) -> Result<[f64; 2], Failure> {
    let f = |v: [f64; 2]| [v[0] + v[1] - x, v[0] + v[1]];
    let jvp = |_: [f64; 2], v: [f64; 2]| [v[0] + v[1], v[0] + v[1]];
    newton_system(f, jvp, [0.0, 0.0], Settings::default())
}

#[test]
fn what_has_no_solution_says_so() {
    let e = no_root::call(1.0, 50).unwrap().unwrap_err();
    assert!(matches!(e, Failure::TooManySteps { .. }), "{e:?}");
    assert_eq!(no_root(1.0, 50), Err(e));
    let e = flat::call(1.0).unwrap().unwrap_err();
    assert_eq!(e, Failure::NotFinite { at: 0.0 });
    assert!(e.to_string().contains("no finite value"), "{e}");
    let e = dependent::call(1.0).unwrap().unwrap_err();
    assert_eq!(e, Failure::Singular { at: 0.0 });
    let e = no_root::call(f64::NAN, 50).unwrap().unwrap_err();
    assert_eq!(e, Failure::NotFinite { at: 0.0 });
    // In a function without a Result the failure is the error of the call.
    assert!(square_root::call(-1.0, 1).is_err());
    assert!(square_root::gradient(-1.0, 1).is_err());
}
