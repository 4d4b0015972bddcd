//! Small programs as people write them, each with several constructs at once.

use crate::{check, near};
use cotangent::{Differentiable, differentiable};

#[differentiable]
fn matmul(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let (n, m, k) = (a.len(), b[0].len(), b.len());
    let mut c = vec![vec![0.0; m]; n];
    for i in 0..n {
        for j in 0..m {
            for l in 0..k {
                c[i][j] += a[i][l] * b[l][j];
            }
        }
    }
    c
}

#[differentiable]
fn quicksort(v: &mut [f64]) {
    if v.len() <= 1 {
        return;
    }
    let p = v[v.len() - 1];
    let mut i = 0;
    for j in 0..v.len() - 1 {
        if v[j] < p {
            v.swap(i, j);
            i += 1;
        }
    }
    let n = v.len();
    v.swap(i, n - 1);
    quicksort(&mut v[..i]);
    quicksort(&mut v[i + 1..]);
}

#[differentiable]
fn sorted(v: &[f64]) -> Vec<f64> {
    let mut v = v.to_vec();
    quicksort(&mut v);
    v
}

#[differentiable]
fn pick(v: &mut [f64], i: usize) -> &mut f64 {
    &mut v[i]
}

#[differentiable]
fn picked(x: f64) -> Vec<f64> {
    let mut v = vec![x, 1.0, 2.0];
    *pick(&mut v, 1) += 5.0;
    let r = pick(&mut v, 0);
    *r = *r * 2.0 + 1.0;
    v
}

#[differentiable]
fn row_norm(row: &[f64]) -> f64 {
    row.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[differentiable]
fn normalize(row: &mut [f64]) {
    let n = row_norm(row);
    for x in row.iter_mut() {
        *x /= n;
    }
}

#[differentiable]
fn gram_schmidt(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut q = *m;
    for i in 0..3 {
        for j in 0..i {
            let mut d = 0.0;
            for k in 0..3 {
                d += q[i][k] * q[j][k];
            }
            for k in 0..3 {
                q[i][k] -= d * q[j][k];
            }
        }
        normalize(&mut q[i]);
    }
    q
}

#[differentiable]
fn edit_distance(a: &[u8], b: &[u8]) -> usize {
    let mut prev: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cost = if x == y { 0 } else { 1 };
            let best = (prev[j] + cost).min(prev[j + 1] + 1).min(row[j] + 1);
            row.push(best);
        }
        prev = row;
    }
    prev[b.len()]
}

#[differentiable]
fn sieve(n: usize) -> Vec<usize> {
    let mut composite = vec![false; n + 1];
    let mut primes = vec![];
    for i in 2..=n {
        if composite[i] {
            continue;
        }
        primes.push(i);
        let mut j = i * i;
        while j <= n {
            composite[j] = true;
            j += i;
        }
    }
    primes
}

#[differentiable]
fn newton(f: impl Fn(f64) -> f64, df: impl Fn(f64) -> f64, x0: f64) -> Result<f64, u32> {
    let mut x = x0;
    for _ in 0..50 {
        let y = f(x);
        if y.abs() < 1e-12 {
            return Ok(x);
        }
        let d = df(x);
        if d == 0.0 {
            return Err(1);
        }
        x -= y / d;
    }
    Err(2)
}

#[differentiable]
fn root(a: f64) -> Option<f64> {
    newton(|x| x * x - a, |x| 2.0 * x, 1.0).ok()
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layer {
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
}

#[differentiable]
fn forward(layers: &[Layer], x: &[f64]) -> Vec<f64> {
    let mut h = x.to_vec();
    for (k, l) in layers.iter().enumerate() {
        let mut out = l.b.clone();
        for (o, row) in out.iter_mut().zip(&l.w) {
            for (w, v) in row.iter().zip(&h) {
                *o += w * v;
            }
        }
        if k + 1 < layers.len() {
            for o in &mut out {
                *o = o.max(0.0);
            }
        }
        h = out;
    }
    h
}

#[differentiable]
fn train(layers: &mut [Layer], rate: f64) {
    for l in layers.iter_mut() {
        for row in l.w.iter_mut() {
            for w in row.iter_mut() {
                *w -= rate * *w;
            }
        }
        l.b[0] = rate;
        l.w[0][1] += 1.0;
        l.b.push(rate);
    }
    layers[0].b.swap(0, 1);
}

#[differentiable]
fn trained(layers: Vec<Layer>) -> Vec<Layer> {
    let mut layers = layers;
    train(&mut layers, 0.1);
    layers
}

#[differentiable]
fn streams(xs: &[f64]) -> (f64, f64, Vec<f64>) {
    let mut it = xs.iter();
    let mut s = 0.0;
    while let Some(x) = it.next() {
        s += x;
        if *x > 1.0 {
            it.next();
        }
    }
    let r = 1..3;
    let part: f64 = xs[r].iter().sum();
    let nested = vec![vec![1.0, 2.0], vec![], vec![s]];
    let flat = nested.into_iter().flatten().collect();
    (s, part, flat)
}

#[differentiable]
fn sources(n: usize) -> Vec<usize> {
    let a = std::iter::repeat(7).take(2);
    let b = std::iter::once(n).chain(a).chain(0..n);
    let mut out: Vec<usize> = b.collect();
    out.extend([1, 2].iter().cycle().take(5));
    let sq: [usize; 4] = std::array::from_fn(|i| i * i);
    out.extend_from_slice(&sq);
    out.drain(1..3);
    out
}

#[differentiable]
fn pointers(x: f64) -> f64 {
    let g: fn(f64) -> f64 = f64::abs;
    let h: fn(f64, f64) -> f64 = f64::hypot;
    let slice_sum = |v: &[f64]| {
        let mut s = 0.0;
        for x in v {
            s += x;
        }
        s
    };
    let a = [x, 1.0];
    g(x) + h(3.0, 4.0) + slice_sum(&a) + slice_sum(&vec![2.0, x])
}

#[differentiable]
fn integers(a: i32, b: i32) -> (Option<i32>, Option<i32>, u32, u32, i32, bool) {
    (
        a.checked_add(b),
        a.checked_div(b),
        a.abs_diff(b),
        b.unsigned_abs(),
        a.wrapping_neg(),
        a.is_positive(),
    )
}

#[differentiable]
fn collatz(n: u64) -> (u64, u64) {
    let (mut n, mut steps, mut top) = (n, 0, n);
    while n != 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
        top = top.max(n);
    }
    (steps, top)
}

#[differentiable]
fn total_of(it: impl Iterator<Item = f64>) -> f64 {
    let mut s = 0.0;
    for x in it {
        s += x;
    }
    s
}

#[differentiable]
fn by_iterator(xs: &[f64]) -> f64 {
    total_of(xs.iter().copied()) + total_of(xs.iter().map(|x| x * 2.0))
}

#[test]
fn linear_algebra() {
    let m = |v: &[[f64; 2]]| v.iter().map(|r| r.to_vec()).collect::<Vec<_>>();
    check!(matmul(
        &m(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        &m(&[[0.5, -1.0], [2.0, 1.5]])
    ));
    check!(gram_schmidt(&[
        [1.0, 2.0, 0.5],
        [0.0, 1.0, -1.0],
        [2.0, 0.0, 1.0]
    ]));
}

#[test]
fn algorithms() {
    check!(sorted(&[3.0, -1.0, 2.5, 2.5, 9.0, 0.0, -7.0]));
    check!(sorted(&[]));
    check!(picked(1.5));
    check!(edit_distance(b"kitten", b"sitting"));
    check!(sieve(50));
    check!(collatz(27));
    for a in [2.0, 9.0, -1.0] {
        near!(root(a));
    }
}

#[test]
fn models() {
    let l = |k: f64| Layer {
        w: vec![vec![k, -1.0], vec![0.5, 2.0 * k]],
        b: vec![0.1, -0.2 * k],
    };
    let net = [l(1.0), l(-0.5), l(2.0)];
    check!(forward(&net, &[1.0, 0.75]));
    check!(trained(net.to_vec()));
}

#[test]
fn library() {
    check!(streams(&[0.5, 2.0, 3.0, 0.25]));
    check!(sources(3));
    check!(pointers(-1.5));
    for (a, b) in [(7, -2), (i32::MAX, 1), (3, 0), (-4, -5)] {
        check!(integers(a, b));
    }
    check!(by_iterator(&[1.0, 2.5]));
}
