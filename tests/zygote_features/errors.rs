//! Errors that are taken: `Result`, `Option` and `?`; and panics, which are errors of the gradient's caller.

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
