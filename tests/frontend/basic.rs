//! Scalars, variables, branches, loops, calls.

use crate::{check, near};
use cotangent::differentiable;

#[differentiable]
fn poly(x: f64) -> f64 {
    3.0 * x * x - 2.0 * x + 1.0
}

#[differentiable]
fn locals(x: f64, y: f64) -> f64 {
    let a = x + y;
    let mut s = a;
    s *= x;
    s -= 1.0;
    s = s / (1.0 + y * y);
    s
}

#[differentiable]
fn branches(x: f64) -> f64 {
    if x < 0.0 {
        -x
    } else if x < 1.0 && x * x > 0.25 {
        x * 2.0
    } else {
        let y = x - 1.0;
        y * y + 2.0
    }
}

#[differentiable]
fn early(x: f64, n: usize) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    let mut s = 0.0;
    for i in 0..n {
        if i == 3 {
            continue;
        }
        s += x * i as f64;
        if s > 10.0 {
            return s;
        }
    }
    s
}

#[differentiable]
fn while_break(x: f64) -> f64 {
    let mut y = x;
    let mut n = 0;
    while y < 100.0 {
        y = y * 1.5 + 1.0;
        n += 1;
        if n > 20 {
            break;
        }
    }
    y + n as f64
}

#[differentiable]
fn loop_value(x: f64) -> f64 {
    let mut i = 0;
    let r = loop {
        i += 1;
        if i as f64 * x > 5.0 {
            break i as f64;
        }
        if i > 50 {
            break -1.0;
        }
    };
    r * x
}

#[differentiable]
fn fib(n: u32) -> u64 {
    if n < 2 {
        n as u64
    } else {
        fib(n - 1) + fib(n - 2)
    }
}

#[differentiable]
fn is_even(n: u32) -> bool {
    if n == 0 { true } else { is_odd(n - 1) }
}
#[differentiable]
fn is_odd(n: u32) -> bool {
    if n == 0 { false } else { is_even(n - 1) }
}

#[differentiable]
fn calls(x: f64) -> f64 {
    poly(locals(x, 2.0)) + branches(x)
}

#[differentiable]
fn labels(n: usize, x: f64) -> f64 {
    let mut s = 0.0;
    'outer: for i in 0..n {
        for j in 0..n {
            if i * j == 6 {
                continue 'outer;
            }
            if i + j > 7 {
                break 'outer;
            }
            s += x * (i + 2 * j) as f64;
        }
    }
    let t = 'blk: {
        if s > 100.0 {
            break 'blk 1.0;
        }
        2.0
    };
    s * t
}

/// A labelled block that ends by `return` only: nothing says its type.
#[differentiable]
#[allow(
    unreachable_code,
    clippy::never_loop,
    reason = "as generated programs have it"
)]
fn labelled_return(n: i64, mut x: f64) -> f64 {
    for i in 0..n {
        if i == 2 {
            'a: {
                return x.tanh();
                x = 1.0;
            }
        }
        x += 0.5;
    }
    x
}

#[differentiable]
fn transcendental(x: f64) -> f64 {
    x.sin() * x.exp() + (x * x + 1.0).ln().sqrt() - x.tanh().powi(3)
}

#[test]
fn scalars() {
    for x in [-1.5, 0.0, 0.3, 0.7, 4.25] {
        check!(poly(x));
        check!(locals(x, 0.5));
        check!(branches(x));
        check!(calls(x));
        near!(transcendental(x));
    }
}

#[test]
fn loops() {
    for n in [0, 1, 5, 12] {
        check!(early(0.5, n));
        check!(early(-0.5, n));
        check!(labels(n, 0.25));
        near!(labelled_return(n as i64, 0.25));
    }
    for x in [0.0, 0.1, 3.0, 200.0] {
        check!(while_break(x));
        check!(loop_value(x));
    }
}

#[test]
fn recursion() {
    for n in 0..12 {
        check!(fib(n));
        check!(is_even(n));
    }
}
