//! Debugging aids: values and cotangents seen at a point, on every executor; where the first NaN or infinity arises.

use cotangent::debug::{self, FirstBad, Seen, What};
use cotangent::{Differentiable, Options, differentiable, list_executors};

#[differentiable]
fn looped(xs: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        let y = debug::cotangent("y", xs[i % xs.len()] * s);
        s = debug::value("s", y + 1.0);
    }
    s
}

fn numbers(seen: &[Seen], what: What) -> Vec<f64> {
    let those = seen.iter().filter(|s| s.what == what);
    those.map(|s| s.get::<f64>().unwrap()).collect()
}

#[test]
fn values_forward_and_cotangents_backward_on_every_executor() {
    for executor in list_executors() {
        let options = Options::new().executor(executor);
        let (g, seen) =
            debug::collect(|| looped::with(&options).gradient((&[2.0, 3.0], 3)).unwrap());
        // s: 1, then 3 * 1 + 1, then 2 * 4 + 1.
        assert_eq!(numbers(&seen, What::Value), [1.0, 4.0, 9.0], "{executor}");
        // y's, the last iteration first: 1, 2, 2 * 3.
        assert_eq!(
            numbers(&seen, What::Cotangent),
            [1.0, 2.0, 6.0],
            "{executor}"
        );
        assert_eq!(g.0, [4.0 + 0.0, 2.0], "{executor}");
        let (first, last) = (&seen[0], &seen[5]);
        assert_eq!((first.name, last.name), ("s", "y"));
        assert!(
            first.file.ends_with("debug.rs") && first.line == 11,
            "{first}"
        );
        assert_eq!(
            last.to_string(),
            format!("cotangent of y at {}:10: 6.0", last.file)
        );
        // The primal alone.
        let (_, seen) = debug::collect(|| looped::with(&options).call((&[2.0, 3.0], 3)).unwrap());
        assert_eq!(numbers(&seen, What::Value), [1.0, 4.0, 9.0], "{executor}");
        assert_eq!(seen.len(), 3);
    }
    // The plain function shows nothing.
    let (y, seen) = debug::collect(|| looped(&[2.0, 3.0], 3));
    assert_eq!((y, seen.len()), (9.0, 0));
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct State {
    at: Vec<f64>,
    step: i32,
    on: bool,
    speed: f32,
}

#[differentiable]
fn moved(s: &State, t: f64) -> f64 {
    let s = debug::cotangent("state", s.clone());
    let mut sum = t;
    for x in &s.at {
        sum += x * x * f64::from(s.speed);
    }
    if s.on { sum } else { 0.0 }
}

#[test]
fn a_cotangent_has_the_form_of_the_value() {
    let s = State {
        at: vec![1.0, 2.0],
        step: 3,
        on: true,
        speed: 0.5,
    };
    let (g, seen) = debug::collect(|| moved::gradient(&s, 0.0).unwrap());
    assert_eq!(seen.len(), 1);
    let ct = seen[0].get::<State>().unwrap();
    assert_eq!((&ct.at, ct.speed), (&vec![1.0, 2.0], 5.0));
    assert_eq!((&g.0.at, g.0.speed), (&ct.at, ct.speed));
    assert!(seen[0].get::<f64>().is_none());
    // Nothing comes back to it where the derivative is of something else.
    let (_, seen) = debug::collect(|| moved::gradient_wrt::<1>(&s, 0.0).unwrap());
    assert!(seen.is_empty());
}

#[test]
fn forward_mode_and_higher_orders_pass() {
    let ((y, dy), seen) =
        debug::collect(|| looped::jvp((&[2.0, 3.0], 3), (&[1.0, 0.0], ())).unwrap());
    assert_eq!((y, dy), (9.0, 4.0));
    assert_eq!(numbers(&seen, What::Cotangent), []);
    let (h, _) = debug::collect(|| looped::hvp((&[2.0, 3.0], 3), (&[1.0, 0.0], ())).unwrap());
    assert_eq!(h.0, [0.0, 1.0]);
    let (g, seen) = debug::collect(|| {
        looped::vmap_gradient(
            cotangent::each(&[vec![2.0, 3.0], vec![1.0, 1.0]]),
            cotangent::shared(3_usize),
        )
        .unwrap()
    });
    assert_eq!(g[1].0, [2.0, 1.0]);
    // Two lanes of three iterations, each on its own.
    assert_eq!(numbers(&seen, What::Cotangent).len(), 6);
}

#[test]
fn collecting_nests_and_ends_with_a_panic() {
    let (inner, outer) = debug::collect(|| {
        let (_, inner) = debug::collect(|| looped::call(&[1.0], 1).unwrap());
        looped::call(&[1.0], 2).unwrap();
        inner
    });
    assert_eq!((inner.len(), outer.len()), (1, 2));
    assert!(std::panic::catch_unwind(|| debug::collect(|| panic!("stop"))).is_err());
    let (_, seen) = debug::collect(|| looped::call(&[1.0], 1).unwrap());
    assert_eq!(seen.len(), 1);
}

#[differentiable]
fn distance(x: f64, y: f64) -> f64 {
    let s = x * x + y * y;
    s.sqrt()
}

#[differentiable]
fn logs(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for &x in xs {
        let y = x.ln();
        s += y;
    }
    s
}

#[differentiable]
fn least(xs: &[f64]) -> f64 {
    let mut m = f64::INFINITY;
    for &x in xs {
        m = m.min(x);
    }
    m
}

#[differentiable]
fn into_trap(x: f64) -> f64 {
    let y = (x - 2.0).sqrt();
    assert!(y > 0.0);
    y
}

fn line_of(what: &str) -> u32 {
    let source = include_str!("debug.rs");
    1 + source.lines().position(|l| l.trim() == what).unwrap() as u32
}

#[test]
fn the_first_nan_in_the_function() {
    let found = logs::first_nan(&[1.0, 2.0, -1.0]).unwrap().unwrap();
    let FirstBad::Primal(o) = &found else {
        panic!("{found}")
    };
    assert_eq!((o.op.as_str(), o.line), ("log", line_of("let y = x.ln();")));
    assert!(o.file.ends_with("debug.rs"));
    assert_eq!(o.operands[0].as_scalar(), Some((-1.0).into()));
    assert!(found.to_string().contains("`log` of -1.0 gives"), "{found}");
    // An infinity comes first, where one is looked for.
    let found = logs::first_bad(&[1.0, 0.0, -1.0]).unwrap().unwrap();
    assert_eq!(
        found.origin().unwrap().operands[0].as_scalar(),
        Some(0.0.into())
    );
    assert!(logs::first_bad(&[1.0, 2.0]).unwrap().is_none());
    // A run that ends in a trap is looked at until there; one that makes none is an error.
    let found = into_trap::first_bad(1.0).unwrap().unwrap();
    assert_eq!(found.origin().unwrap().op, "sqrt");
    assert!(into_trap::first_bad(2.0).is_err());
}

#[test]
fn the_first_nan_in_the_derivative() {
    assert!(distance::gradient(0.0, 0.0).unwrap().0.is_nan());
    let found = distance::first_bad(0.0, 0.0).unwrap().unwrap();
    let FirstBad::Derivative(o) = &found else {
        panic!("{found}")
    };
    assert_eq!(o.line, line_of("s.sqrt()"), "{found}");
    assert!(
        found.to_string().starts_with("it arises in the derivative"),
        "{found}"
    );
    assert!(distance::first_bad(3.0, 4.0).unwrap().is_none());
}

#[test]
fn what_was_given_and_what_was_meant() {
    let found = distance::first_bad(0.0, f64::NAN).unwrap().unwrap();
    assert!(matches!(found, FirstBad::Argument(1)), "{found}");
    assert!(distance::first_nan(f64::INFINITY, 1.0).unwrap().is_some());
    assert!(least::first_bad(&[2.0, 1.0]).unwrap().is_none());
    assert_eq!(least::gradient(&[2.0, 1.0]).unwrap(), [0.0, 1.0]);
}
