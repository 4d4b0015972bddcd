//! Iterators: sources, adaptors, consumers, in `for` and in chains.

use crate::check;
use cotangent::differentiable;

#[differentiable]
fn sums(xs: &[f64]) -> (f64, f64, f64, usize) {
    let a: f64 = xs.iter().sum();
    let b = xs.iter().map(|x| x * x).sum::<f64>();
    let c = xs.iter().zip(xs).map(|(x, y)| x * y + 1.0).product::<f64>();
    let d = xs.iter().filter(|x| **x > 0.5).count();
    (a, b, c, d)
}

#[differentiable]
fn loops(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, x) in xs.iter().enumerate() {
        s += *x * i as f64;
    }
    for x in xs {
        s -= x;
    }
    for i in (0..xs.len()).rev() {
        s = s * 0.5 + xs[i];
    }
    for i in (0..10).step_by(3) {
        s += i as f64;
    }
    for i in 1..=4 {
        s *= i as f64;
    }
    for (a, b) in xs.iter().zip(xs.iter().skip(1)) {
        s += a * b;
    }
    for x in xs.iter().take(2).rev() {
        s = s - x * 0.25;
    }
    for w in xs.windows(2) {
        s += w[0] - w[1];
    }
    for c in xs.chunks(2) {
        s += c[0] * c.len() as f64;
    }
    for c in xs.chunks_exact(3) {
        s += c[2];
    }
    for x in xs.iter().chain(&[100.0, 200.0]) {
        s += x;
    }
    s
}

#[differentiable]
fn in_place(xs: &[f64]) -> Vec<f64> {
    let mut v = xs.to_vec();
    for (i, x) in v.iter_mut().enumerate() {
        *x += i as f64;
    }
    for (x, y) in v.iter_mut().zip(xs.iter()) {
        *x *= y;
    }
    for x in &mut v {
        *x -= 1.0;
    }
    v.iter_mut().for_each(|x| *x = *x * 2.0);
    for (i, (x, y)) in v.iter_mut().zip(xs).enumerate() {
        if i % 2 == 0 {
            *x = *y;
        }
    }
    v
}

#[differentiable]
fn folds(xs: &[f64]) -> (f64, f64, f64, bool, bool) {
    let m = xs.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let n = xs.iter().copied().fold(f64::INFINITY, f64::min);
    let horner = xs.iter().rev().fold(0.0, |acc, c| acc * 2.0 + c);
    let any = xs.iter().any(|&x| x > 2.0);
    let all = xs.iter().all(|x| *x > -10.0);
    (m, n, horner, any, all)
}

#[differentiable]
fn collects(xs: &[f64], n: usize) -> (Vec<f64>, Vec<usize>, Vec<(usize, f64)>, Vec<f64>) {
    let a: Vec<f64> = xs.iter().map(|x| x + 1.0).collect();
    let b = (0..n).filter(|i| i % 3 != 1).collect::<Vec<_>>();
    let c: Vec<_> = xs.iter().cloned().enumerate().collect();
    let d: Vec<f64> = xs
        .iter()
        .scan(0.0, |s, &x| {
            *s += x;
            Some(*s)
        })
        .collect();
    (a, b, c, d)
}

#[differentiable]
fn searches(xs: &[f64]) -> (Option<usize>, Option<f64>, f64, f64, usize) {
    let p = xs.iter().position(|&x| x > 1.0);
    let f = xs.iter().copied().find(|x| *x < 0.0);
    let hi = xs
        .iter()
        .copied()
        .max_by(|a, b| a.partial_cmp(b).unwrap())
        .unwrap_or(0.0);
    let lo = *xs.iter().min_by(|a, b| a.total_cmp(b)).unwrap_or(&0.0);
    let arg = (0..xs.len())
        .max_by(|&i, &j| xs[i].partial_cmp(&xs[j]).unwrap())
        .unwrap_or(99);
    (p, f, hi, lo, arg)
}

#[differentiable]
fn whiles(xs: &[f64]) -> (f64, f64, f64) {
    let a: f64 = xs.iter().take_while(|x| **x < 2.0).sum();
    let b: f64 = xs.iter().skip_while(|x| **x < 2.0).sum();
    let c: f64 = xs.iter().filter(|x| **x > 0.0).take(2).sum();
    (a, b, c)
}

#[differentiable]
fn flats(n: usize) -> (Vec<usize>, usize) {
    let a = (0..n)
        .flat_map(|i| (0..i).map(move |j| i * 10 + j))
        .collect();
    let b = (0..n)
        .filter_map(|i| if i % 2 == 0 { Some(i * i) } else { None })
        .sum();
    (a, b)
}

#[differentiable]
fn breaks(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, x) in xs.iter().enumerate().filter(|(i, _)| i % 2 == 0) {
        if i > 3 {
            break;
        }
        if *x < 0.0 {
            continue;
        }
        s += x;
    }
    s
}

#[differentiable]
fn integers(v: &[i64]) -> (i64, Option<i64>, Option<i64>, Vec<i64>) {
    let s: i64 = v.iter().sum();
    let m = v.iter().max().copied();
    let n = v.iter().copied().min_by_key(|x| (x - 3).abs());
    let mut w = v.to_vec();
    w.sort();
    (s, m, n, w)
}

#[differentiable]
fn sorting(v: &[f64]) -> (Vec<f64>, Vec<(f64, usize)>) {
    let mut a = v.to_vec();
    a.sort_by(|x, y| y.partial_cmp(x).unwrap());
    let mut b: Vec<(f64, usize)> = v.iter().copied().zip(0..).collect();
    b.sort_by(|x, y| x.0.partial_cmp(&y.0).unwrap());
    (a, b)
}

#[test]
fn all() {
    let cases: [&[f64]; 4] = [
        &[1.5, -2.0, 0.25, 3.0, 0.75, 2.5, -0.5],
        &[],
        &[2.0],
        &[-1.0, 4.0, -1.0, 4.0],
    ];
    for xs in cases {
        check!(sums(xs));
        if xs.len() > 1 {
            check!(loops(xs));
        }
        check!(in_place(xs));
        check!(folds(xs));
        check!(collects(xs, 7));
        check!(searches(xs));
        check!(whiles(xs));
        check!(breaks(xs));
        check!(sorting(xs));
    }
    for n in [0, 1, 4] {
        check!(flats(n));
    }
    check!(integers(&[5, -3, 8, 2]));
}
