//! Control flow: labels, early returns, `?`, shadowing, nested matches, closures that change what they captured.

use cotangent::differentiable;

#[differentiable]
fn find_pair(xs: &[f64], target: f64) -> f64 {
    for i in 0..xs.len() {
        for j in 0..xs.len() {
            if i != j && xs[i] + xs[j] > target {
                return xs[i] * xs[j];
            }
        }
    }
    target
}

#[differentiable]
fn labels(grid: &[[f64; 3]; 3], limit: f64) -> f64 {
    let mut s = 0.0;
    'rows: for (i, row) in grid.iter().enumerate() {
        for &x in row {
            if x < 0.0 {
                continue 'rows;
            }
            s += x * (i + 1) as f64;
            if s > limit {
                break 'rows;
            }
        }
        s *= 0.5;
    }
    s
}

#[differentiable]
fn first_above(xs: &[f64], t: f64) -> Option<f64> {
    for &x in xs {
        if x > t {
            return Some(x);
        }
    }
    None
}

#[differentiable]
fn chain(xs: &[f64], t: f64) -> Option<f64> {
    let a = first_above(xs, t)?;
    let b = first_above(xs, a)?;
    let c = xs.get(3).copied()?;
    Some(a * b + c)
}

#[differentiable]
fn chained(xs: &[f64], t: f64) -> f64 {
    match chain(xs, t) {
        Some(v) => v,
        None => chain(xs, t - 1.0).unwrap_or(t * t),
    }
}

#[differentiable]
fn safe_sqrt(x: f64) -> Result<f64, i32> {
    if x < 0.0 { Err(-1) } else { Ok(x.sqrt()) }
}

#[differentiable]
fn roots_of(a: f64, b: f64, c: f64) -> Result<(f64, f64), i32> {
    let d = safe_sqrt(b * b - 4.0 * a * c)?;
    Ok(((-b - d) / (2.0 * a), (-b + d) / (2.0 * a)))
}

#[differentiable]
fn quadratic(a: f64, b: f64, c: f64) -> f64 {
    match roots_of(a, b, c) {
        Ok((x, y)) => x * y + x,
        Err(code) => b * code as f64,
    }
}

#[differentiable]
fn shadow(x: f64) -> f64 {
    let x = x * 2.0;
    let y = {
        let x = x.sin();
        x * x
    };
    let x = if y > 0.3 {
        let x = x + y;
        x * 0.5
    } else {
        x
    };
    let (x, y) = (y, x);
    x - y * x
}

#[differentiable]
fn tuple_state(xs: &[f64]) -> f64 {
    let mut state = (0.0, 1.0, 0usize);
    for &x in xs {
        state = match state {
            (s, p, n) if x > 0.0 => (s + x, p * x, n + 1),
            (s, p, n) => (s - 0.5 * x, p, n),
        };
    }
    state.0 * state.1 + state.2 as f64
}

#[differentiable]
fn labelled_block(x: f64, y: f64) -> f64 {
    let r = 'found: {
        if x > y {
            break 'found x - y;
        }
        if x * y > 1.0 {
            break 'found x * y;
        }
        0.25 * x
    };
    r * r
}

#[differentiable]
fn countdown(x: f64) -> f64 {
    let mut n = 10i32;
    let mut y = x;
    while n > 0 {
        n -= match n % 3 {
            0 => 3,
            1 => 1,
            _ => 2,
        };
        y = y.sin() + n as f64 * 0.1;
    }
    y
}

#[differentiable]
fn accumulate(xs: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut largest = f64::NEG_INFINITY;
    let mut visit = |x: f64| {
        total += x * x;
        if x > largest {
            largest = x;
        }
    };
    for &x in xs {
        visit(x);
    }
    visit(0.5);
    total * largest
}

#[differentiable]
fn compose(f: impl Fn(f64) -> f64, g: impl Fn(f64) -> f64, x: f64) -> f64 {
    g(f(x)) - f(g(x))
}

#[differentiable]
fn commutator(a: f64, x: f64) -> f64 {
    compose(|v| (a * v).sin(), |v| v * v + a, x)
}

#[differentiable]
fn clamp_table(x: f64, table: &[(f64, f64)]) -> f64 {
    if x <= table[0].0 {
        return table[0].1;
    }
    for w in table.windows(2) {
        let ((x0, y0), (x1, y1)) = (w[0], w[1]);
        if x <= x1 {
            let t = (x - x0) / (x1 - x0);
            return y0 + t * (y1 - y0);
        }
    }
    table.last().unwrap().1
}

#[differentiable]
fn collatz(x: f64, start: u32) -> f64 {
    let mut n = start;
    let mut y = x;
    let mut steps = 0;
    while n != 1 {
        if n.is_multiple_of(2) {
            n /= 2;
            y *= 1.01;
        } else {
            n = 3 * n + 1;
            y += 0.1;
        }
        steps += 1;
        if steps > 1000 {
            panic!("too long");
        }
    }
    y * steps as f64
}

#[differentiable]
fn state_machine(xs: &[f64]) -> f64 {
    let mut mode = 0u8;
    let mut out = 1.0;
    for &x in xs {
        (mode, out) = match (mode, x > 0.5) {
            (0, true) => (1, out * x),
            (0, false) => (0, out + x),
            (1, _) => (2, out - x * x),
            (_, true) => (0, out / x),
            (m, false) => (m, out),
        };
    }
    out
}

#[differentiable]
fn references(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    {
        let (p, q) = (&mut a, &mut b);
        *p += *q * 2.0;
        *q *= *p;
    }
    let which = &mut a;
    *which = which.sqrt();
    a * b
}

#[differentiable]
fn loop_values(x: f64) -> f64 {
    let mut i = 0;
    let a = loop {
        i += 1;
        let v = x.powi(i);
        if v > 5.0 {
            break v;
        }
        if i > 20 {
            break -v;
        }
    };
    let b = loop {
        break a * 0.5;
    };
    a + b
}

#[differentiable]
fn string_of_ifs(x: f64) -> f64 {
    let o = if x > 0.0 { Some(x) } else { None };
    if let Some(a) = o
        && a > 2.0
    {
        a * a
    } else if let Some(a @ 1.0..=2.0) = o {
        3.0 * a
    } else if let None = o {
        -x
    } else {
        x.exp()
    }
}

#[test]
fn escapes() {
    check!(find_pair(&[0.1, 0.7, 1.4, 2.0], 2.0));
    check!(find_pair(&[0.1], 2.0));
    check!(labels(
        &[[1.0, 2.0, 3.0], [1.0, -1.0, 2.0], [4.0, 5.0, 6.0]],
        9.0
    ));
    check!(labelled_block(2.0, 1.0));
    check!(labelled_block(2.0, 3.0));
    check!(labelled_block(0.2, 0.3));
    check!(loop_values(1.4));
    check!(loop_values(0.7));
}

#[test]
fn options() {
    check!(chained(&[0.5, 1.5, 2.5, 3.5], 1.0));
    check!(chained(&[0.5, 1.5, 2.5], 1.0));
    check!(quadratic(1.0, 3.0, 1.0));
    check!(quadratic(1.0, 1.0, 3.0));
    for x in [3.0, 1.5, -1.0, 0.5] {
        check!(string_of_ifs(x));
    }
}

#[test]
fn states() {
    check!(shadow(0.4));
    check!(tuple_state(&[0.5, -1.0, 2.0]));
    check!(countdown(0.3));
    check!(accumulate(&[0.2, 1.5, -1.0]));
    check!(commutator(0.7, 1.1));
    check!(collatz(1.5, 6));
    check!(state_machine(&[0.2, 0.7, 0.3, 0.9, 0.1, 0.8]));
    check!(references(1.5, 0.5));
    for x in [-1.0, 0.5, 1.7, 9.0] {
        check!(clamp_table(x, &[(0.0, 1.0), (1.0, 2.0), (3.0, -1.0)]));
    }
}
