//! Closures and functions as values.

use crate::{check, near};
use cotangent::differentiable;

#[differentiable]
fn captures(x: f64) -> f64 {
    let k = 2.0;
    let f = |y: f64| y * k + x;
    let g = |a, b| f(a) - f(b);
    g(x, 3.0) + f(1.0)
}

#[differentiable]
fn counter(n: usize) -> f64 {
    let mut total = 0.0;
    let mut calls = 0;
    let mut add = |x: f64| {
        total += x;
        calls += 1;
        total
    };
    let mut last = 0.0;
    for i in 0..n {
        last = add(i as f64);
    }
    last + total + calls as f64
}

#[differentiable]
fn moved(x: f64) -> f64 {
    let mut k = x;
    let mut step = move || {
        k += 1.0;
        k
    };
    let a = step();
    let b = step();
    k = k * 10.0;
    a + b + k
}

#[differentiable]
fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}
#[differentiable]
fn apply_generic<F: Fn(f64, f64) -> f64>(f: F, x: f64) -> f64 {
    f(x, x + 1.0)
}
#[differentiable]
fn apply_where<F>(f: &F, n: usize) -> f64
where
    F: Fn(usize) -> f64,
{
    let mut s = 0.0;
    for i in 0..n {
        s += f(i);
    }
    s
}
#[differentiable]
fn repeat(mut f: impl FnMut(f64), n: usize) {
    for i in 0..n {
        f(i as f64);
    }
}
#[differentiable]
fn dynamic(f: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    f(x) + 1.0
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn higher(x: f64) -> f64 {
    let mut seen = 0.0;
    repeat(|v| seen += v * x, 4);
    let g = square;
    apply(|v| v * 1.5 + x, 2.0)
        + apply(square, x)
        + apply_generic(|a, b| a * b, x)
        + apply_where(&|i| i as f64 * x, 3)
        + dynamic(&|v| v - x, 7.0)
        + g(3.0)
        + seen
}

#[differentiable]
fn adder(k: f64) -> impl Fn(f64) -> f64 {
    move |x| x + k
}

#[differentiable]
fn returned(x: f64) -> f64 {
    let f = adder(x);
    let compose = |a: f64| move |b: f64| a * b + x;
    f(1.0) + compose(2.0)(3.0)
}

#[differentiable]
fn early(xs: &[f64]) -> f64 {
    let f = |x: f64| -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        x.sqrt()
    };
    xs.iter().map(|&x| f(x)).sum()
}

#[differentiable]
fn integrate(f: impl Fn(f64) -> f64, lo: f64, hi: f64, n: usize) -> f64 {
    let h = (hi - lo) / n as f64;
    let mut s = 0.0;
    for i in 0..n {
        s += f(lo + (i as f64 + 0.5) * h);
    }
    s * h
}

#[differentiable]
fn double_integral(k: f64) -> f64 {
    integrate(|x| integrate(|y| k * x * y + x, 0.0, x, 8), 0.0, 1.0, 8)
}

#[differentiable]
fn function_values(xs: &[f64]) -> f64 {
    let a: f64 = xs.iter().copied().map(square).sum();
    let b: f64 = xs.iter().copied().map(f64::sin).sum();
    let pair = (|x: f64| x + 1.0, 2.0);
    a + b + (pair.0)(pair.1)
}

#[differentiable]
fn endless(f: impl Fn(f64) -> f64 + Copy, n: u32) -> f64 {
    if n == 0 {
        f(0.0)
    } else {
        endless(f, n - 1) + f(1.0)
    }
}

#[differentiable]
fn calls_endless(n: u32) -> f64 {
    endless(|x| x + 1.0, n)
}

#[test]
fn inlining_that_does_not_end_is_an_error() {
    let e = calls_endless::call(3).unwrap_err().to_string();
    assert!(
        e.contains("`endless` takes or returns a closure and calls itself"),
        "{e}"
    );
}

#[test]
fn all() {
    for x in [-1.0, 0.5, 3.0] {
        check!(captures(x));
        check!(moved(x));
        check!(higher(x));
        check!(returned(x));
        check!(double_integral(x));
    }
    check!(counter(5));
    check!(early(&[4.0, -1.0, 2.25]));
    near!(function_values(&[0.1, 0.2]));
}
