//! How an entry is checked: its expected value and gradient by finite differences of the plain function (so the
//! expectation itself is right), then what the differentiable function gives against that expectation.

use cotangent::Datum;
use cotangent::core::stage::data::flatten;
use cotangent::core::value::{Data, Scalar, Val};

/// `check!(|x| f(x[0], 3), [2.0] => 8.0, [12.0])`: at `x = [2.0]` the call has that value, and its gradient with
/// respect to `x` is that. The arguments of the call must use each `x[i]` once, in order.
macro_rules! check {
    (|$x:ident| $f:ident($($arg:expr),* $(,)?), $at:expr => $value:expr, $gradient:expr) => {{
        let (at, value, gradient): (&[f64], f64, &[f64]) = (&$at, $value, &$gradient);
        $crate::support::expect(|$x: &[f64]| $f($($arg),*), at, value, gradient);
        let $x: &[f64] = at;
        match $f::value_and_gradient($($arg),*) {
            Ok((v, g)) => $crate::support::same(v, &g, value, gradient),
            Err(error) => panic!("{error}"),
        }
    }};
}

/// Asserts that a plain function has this value and, by finite differences, this gradient.
#[track_caller]
pub fn expect(f: impl Fn(&[f64]) -> f64, x: &[f64], value: f64, gradient: &[f64]) {
    near(f(x), value, 1e-12, "value");
    assert_eq!(x.len(), gradient.len(), "number of partial derivatives");
    for i in 0..x.len() {
        // Sixth order, so that a large step suffices and cancellation does not matter.
        let h = 1e-3 * x[i].abs().max(1.0);
        let at = |k: f64| {
            let mut moved = x.to_vec();
            moved[i] += k * h;
            f(&moved)
        };
        let slope = |k: f64| (at(k) - at(-k)) / (2.0 * h);
        let difference = 1.5 * slope(1.0) - 0.3 * slope(2.0) + slope(3.0) / 30.0;
        near(
            difference,
            gradient[i],
            1e-8,
            &format!("finite difference {i}"),
        );
    }
}

/// Asserts that a gradient's floating-point numbers, in order, are these.
#[track_caller]
pub fn same(value: f64, gradient: &impl Datum, expected_value: f64, expected: &[f64]) {
    near(value, expected_value, 1e-12, "value of the program");
    let mut found = Vec::new();
    for leaf in flatten(gradient) {
        numbers(&leaf, &mut found);
    }
    assert_eq!(
        found.len(),
        expected.len(),
        "numbers in the gradient: {found:?}"
    );
    for i in 0..found.len() {
        near(
            found[i],
            expected[i],
            1e-12,
            &format!("partial derivative {i}"),
        );
    }
}

fn numbers(val: &Val, out: &mut Vec<f64>) {
    match val {
        Val::Scalar(Scalar::F64(x)) => out.push(*x),
        Val::Tensor(t) => {
            if let Data::F64(xs) = &t.data {
                out.extend(xs);
            }
        }
        Val::Record(parts) | Val::Seq(parts) => parts.iter().for_each(|part| numbers(part, out)),
        Val::Unit | Val::Scalar(_) | Val::Stack(_) => {}
    }
}

/// Asserts that two numbers agree, relative to the second one or to one.
#[track_caller]
pub fn near(found: f64, expected: f64, limit: f64, what: &str) {
    assert!(
        (found - expected).abs() <= limit * expected.abs().max(1.0),
        "{what}: {found} instead of {expected}"
    );
}
