//! Errors that are taken: `Result`, `Option` and `?`; and panics, which are errors of the gradient's caller.

use cotangent::Options;
use cotangent::{Differentiable, differentiable};

#[differentiable]
fn checked_pow(x: f64, n: i32) -> Result<f64, i32> {
    if n < 0 {
        return Err(n);
    }
    let mut r = 1.0;
    for _ in 0..n {
        r *= x;
    }
    Ok(r)
}

#[differentiable]
fn pow_try(x: f64) -> f64 {
    match checked_pow(2.0 * x, 1) {
        Ok(r) => r,
        Err(_) => 0.0,
    }
}

#[test]
fn try_without_an_error() {
    check!(|x| pow_try(x[0]), [1.0] => 2.0, [2.0]);
}

#[differentiable]
fn pow_or_else(x: f64, n: i32) -> f64 {
    match checked_pow(x, n) {
        Ok(r) => r,
        Err(code) => x * code as f64,
    }
}

#[test]
fn try_with_an_error_that_is_caught() {
    check!(|x| pow_or_else(x[0], 3), [2.0] => 8.0, [12.0]);
    check!(|x| pow_or_else(x[0], -3), [2.0] => -6.0, [-3.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Failure {
    Negative { value: f64 },
    Empty,
}

#[differentiable]
fn root(x: f64) -> Result<f64, Failure> {
    if x < 0.0 {
        Err(Failure::Negative { value: x })
    } else {
        Ok(x.sqrt())
    }
}

#[differentiable]
fn mean(xs: &[f64]) -> Result<f64, Failure> {
    if xs.is_empty() {
        return Err(Failure::Empty);
    }
    let mut sum = 0.0;
    for x in xs {
        sum += x;
    }
    Ok(sum / xs.len() as f64)
}

#[differentiable]
fn root_of_mean(xs: &[f64]) -> Result<f64, Failure> {
    let m = mean(xs)?;
    let r = root(m)?;
    Ok(r * 10.0)
}

#[differentiable]
fn recovered(xs: &[f64]) -> f64 {
    match root_of_mean(xs) {
        Ok(r) => r,
        // An error carries its value along, and its gradient.
        Err(Failure::Negative { value }) => -7.0 * value,
        Err(Failure::Empty) => 1.0,
    }
}

#[test]
fn question_mark_on_results() {
    check!(|x| recovered(x), [3.0, 5.0] => 20.0, [1.25, 1.25]);
    check!(|x| recovered(x), [-3.0, 1.0] => 7.0, [-3.5, -3.5]);
    check!(|x| recovered(x), [] => 1.0, []);
}

#[differentiable]
fn first_above(xs: &[f64], limit: f64) -> Option<f64> {
    for x in xs {
        if *x > limit {
            return Some(*x);
        }
    }
    None
}

#[differentiable]
fn product_of_found(xs: &[f64]) -> Option<f64> {
    let a = first_above(xs, 1.0)?;
    let b = first_above(xs, 2.0)?;
    Some(a * b)
}

#[differentiable]
fn found_or(xs: &[f64]) -> f64 {
    product_of_found(xs).unwrap_or(-1.0)
}

#[test]
fn question_mark_on_options() {
    check!(|x| found_or(x), [0.0, 1.5, 3.0] => 4.5, [0.0, 3.0, 1.5]);
    check!(|x| found_or(x), [0.0, 1.5, 1.6] => -1.0, [0.0, 0.0, 0.0]);
}

#[differentiable]
fn retry(x: f64) -> f64 {
    let mut shift = 0.0;
    loop {
        if let Ok(r) = root(x + shift) {
            return r * shift;
        }
        shift += 1.0;
    }
}

#[test]
fn errors_in_a_loop() {
    // At -1.75 the third attempt works: sqrt(0.25) * 2.
    check!(|x| retry(x[0]), [-1.75] => 1.0, [2.0]);
}

// --- Panics: the plain function panics, the gradient is an error that says where ----------------------------------------

/// The message of the gradient's error.
fn message<T: std::fmt::Debug>(result: cotangent::Result<T>) -> String {
    match result {
        Ok(gradient) => panic!("no error but {gradient:?}"),
        Err(error) => error.to_string(),
    }
}

#[differentiable]
fn one_too_far(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..=x.len() {
        sum += x[i] * x[i];
    }
    sum
}

#[test]
fn index_out_of_range_in_a_loop() {
    let error = message(one_too_far::gradient(&[1.0, 2.0]));
    assert!(
        error.contains("index") && error.contains('2') && error.contains("errors.rs"),
        "{error}"
    );
}

#[differentiable]
fn pop_too_often(x: f64) -> f64 {
    let mut stack = vec![x];
    let a = stack.pop().unwrap();
    a * stack.pop().expect("a second element")
}

#[test]
fn unwrap_of_nothing() {
    let error = message(pop_too_often::gradient(2.0));
    assert!(error.contains("a second element"), "{error}");
}

#[differentiable]
fn endless(x: f64) -> f64 {
    let mut y = x;
    while y > 0.0 {
        y = y * 0.5 + 1.0;
    }
    y
}

#[test]
fn endless_loop_ends_with_its_fuel() {
    let options = Options::new().fuel(100_000);
    let error = message(endless::with(&options).gradient((3.0,)));
    assert!(error.contains("fuel"), "{error}");
}

#[differentiable]
fn deep(x: f64, n: u64) -> f64 {
    if n == 0 {
        x
    } else {
        deep(x * 0.5, n - 1) + 1.0
    }
}

#[test]
fn recursion_a_million_deep() {
    check!(|x| deep(x[0], 10), [1024.0] => 11.0, [1.0 / 1024.0]);
    let error = message(deep::gradient(1.0, 1_000_000));
    assert!(error.contains("depth") || error.contains("deep"), "{error}");
}

#[differentiable]
fn remainder(x: f64, n: i32, d: i32) -> f64 {
    x * (n % d) as f64
}

#[test]
fn integer_division_by_zero() {
    check!(|x| remainder(x[0], 7, 4), [2.0] => 6.0, [3.0]);
    let error = message(remainder::gradient(2.0, 7, 0));
    assert!(error.contains("zero"), "{error}");
}

#[test]
fn not_a_number_stays_one() {
    let gradient = root_or_zero::gradient(f64::NAN).unwrap();
    assert!(gradient.is_nan(), "{gradient}");
}

#[differentiable]
fn root_or_zero(x: f64) -> f64 {
    match root(x) {
        Ok(r) => r,
        Err(_) => 0.0,
    }
}
