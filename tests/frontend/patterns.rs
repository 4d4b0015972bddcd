//! `match`, `if let`, `while let`, `let else`, tuples, slices, `Option`, `Result`, `?`.

use crate::check;
use cotangent::differentiable;

const LIMIT: i32 = 10;

#[differentiable]
fn ints(n: i32) -> f64 {
    match n {
        0 => 1.0,
        1 | 2 => 2.0,
        3..=5 => n as f64,
        -5..0 => -1.0,
        LIMIT => 100.0,
        k if k % 2 == 0 => k as f64 * 0.5,
        k @ 11..=99 => k as f64 * 3.0,
        _ => -100.0,
    }
}

#[differentiable]
fn tuples(a: f64, b: bool, n: u8) -> f64 {
    let (x, (y, _)) = (a, (a * 2.0, 7));
    match (b, n) {
        (true, 0) => x,
        (true, m) if m > 3 => y,
        (false, 1 | 2) => x + y,
        (_, m) => m as f64,
    }
}

#[differentiable]
fn first_positive(xs: &[f64]) -> Option<f64> {
    for x in xs {
        if *x > 0.0 {
            return Some(*x);
        }
    }
    None
}

#[differentiable]
fn options(xs: &[f64]) -> f64 {
    let a = first_positive(xs).unwrap_or(-1.0);
    let b = match first_positive(xs) {
        Some(x) if x > 2.0 => x * 2.0,
        Some(x) => x,
        None => 0.0,
    };
    let c = if let Some(x) = first_positive(xs) {
        x + 1.0
    } else {
        5.0
    };
    let Some(d) = first_positive(xs) else {
        return a + b + c;
    };
    let e = first_positive(xs)
        .map(|x| x * 3.0)
        .filter(|x| *x > 1.0)
        .map_or(0.5, |x| x);
    a + b + c + d + e
}

#[differentiable]
fn question(xs: &[f64]) -> Option<f64> {
    let a = first_positive(xs)?;
    let b = xs.get(1)?;
    if a > *b { None } else { Some(a + b) }
}

#[differentiable]
fn checked_div(a: i64, b: i64) -> Result<i64, u8> {
    if b == 0 {
        return Err(1);
    }
    if a == i64::MIN { Err(2) } else { Ok(a / b) }
}

#[differentiable]
fn results(a: i64, b: i64) -> Result<f64, u8> {
    let q = checked_div(a, b)?;
    let r = checked_div(b, q).unwrap_or(7);
    match checked_div(r, 3) {
        Ok(v) => Ok(v as f64 + q as f64),
        Err(e) => Err(e + 10),
    }
}

#[differentiable]
fn stack(n: usize) -> f64 {
    let mut v: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let mut s = 0.0;
    while let Some(x) = v.pop() {
        if x == 3.0 {
            continue;
        }
        s = s * 0.5 + x;
        if x > 6.0 {
            v.pop();
        }
    }
    let mut pair = Some((1.0, 2));
    while let Some((x, k)) = pair {
        s += x;
        pair = if k > 0 { Some((x * 2.0, k - 1)) } else { None };
    }
    s
}

#[differentiable]
fn slices(xs: &[f64]) -> f64 {
    match xs {
        [] => 0.0,
        [x] => *x,
        [x, y] => x + y,
        [first, .., last] => first * last,
    }
}

#[differentiable]
fn fixed(a: [f64; 3]) -> f64 {
    let [x, y, z] = a;
    let mut t = Some(x);
    if let Some(v) = &mut t {
        *v += y;
    }
    if let Some(ref mut v) = t {
        *v *= z;
    }
    match t.as_mut() {
        Some(v) => *v += 1.0,
        None => {}
    }
    let taken = t.take();
    taken.unwrap() + if t.is_none() { 0.5 } else { 0.0 }
}

#[differentiable]
fn chains(a: Option<f64>, b: Option<f64>) -> f64 {
    if let Some(x) = a
        && x > 0.0
        && let Some(y) = b
    {
        x + y
    } else if let Some(x) = a
        && matches!(b, None)
    {
        x
    } else {
        -1.0
    }
}

#[differentiable]
fn diverging(n: i32) -> f64 {
    let x = match n {
        0 => return -1.0,
        1 => 2.0,
        _ => {
            if n > 5 {
                return n as f64;
            } else {
                3.0
            }
        }
    };
    let y = if n == 1 { 10.0 } else { return x };
    x + y
}

#[test]
fn all() {
    for n in [-100, -5, -1, 0, 1, 2, 3, 5, 6, 10, 12, 13, 99, 100, 101] {
        check!(ints(n));
        check!(diverging(n));
    }
    for (b, n) in [(true, 0), (true, 2), (true, 9), (false, 1), (false, 7)] {
        check!(tuples(1.5, b, n));
    }
    for xs in [
        &[][..],
        &[1.0],
        &[-1.0, 0.5],
        &[-1.0, -2.0, 3.0],
        &[0.5, 4.0],
    ] {
        check!(first_positive(xs));
        check!(options(xs));
        check!(question(xs));
        check!(slices(xs));
    }
    for (a, b) in [(7, 2), (7, 0), (1, 9), (i64::MIN, 3), (100, 5)] {
        check!(results(a, b));
    }
    check!(stack(9));
    check!(stack(0));
    check!(fixed([1.0, 2.0, 3.0]));
    for a in [None, Some(-1.0), Some(2.0)] {
        for b in [None, Some(3.0)] {
            check!(chains(a, b));
        }
    }
}
