//! Idioms of the standard library, as they come up in numerical code.

use cotangent::{Differentiable, differentiable};
use std::f64::consts::{LN_2, TAU};

#[differentiable]
fn unzipped(ps: &[(f64, f64)]) -> f64 {
    let (xs, ys): (Vec<f64>, Vec<f64>) = ps.iter().cloned().unzip();
    xs.iter().sum::<f64>() * ys.iter().map(|y| y * y).sum::<f64>()
}

#[differentiable]
fn best_index(xs: &[f64]) -> f64 {
    let (i, x) = xs
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.partial_cmp(b.1).unwrap())
        .unwrap();
    x * x * (i + 1) as f64
}

#[differentiable]
fn log_sum_exp(xs: &[f64]) -> f64 {
    let m = xs.iter().copied().reduce(f64::max).unwrap_or(0.0);
    m + xs.iter().map(|x| (x - m).exp()).sum::<f64>().ln()
}

#[differentiable]
fn tried(xs: &[f64]) -> f64 {
    let logs: Option<Vec<f64>> = xs
        .iter()
        .map(|&x| if x > 0.0 { Some(x.ln()) } else { None })
        .collect();
    logs.map_or(-1.0, |v| v.iter().sum())
}

#[differentiable]
fn last_step(xs: &[f64]) -> f64 {
    let mut it = xs.iter();
    let mut y = *it.next().unwrap();
    while let Some(x) = it.next() {
        y = y * 0.5 + x * x;
    }
    y
}

#[differentiable]
fn sorted_copy(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let mid = v.len() / 2;
    if v.len() % 2 == 0 {
        (v[mid - 1] + v[mid]) / 2.0
    } else {
        v[mid]
    }
}

#[differentiable]
fn constants(x: f64) -> f64 {
    (TAU * x).sin() * LN_2
}

#[differentiable]
fn tanh_by_hand(x: f64) -> f64 {
    let e2 = (2. * x).exp();
    (e2 - 1.) / (e2 + 1.)
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Dual {
    re: f64,
    eps: f64,
}
#[differentiable]
impl std::ops::Add for Dual {
    type Output = Dual;
    fn add(self, o: Dual) -> Dual {
        Dual {
            re: self.re + o.re,
            eps: self.eps + o.eps,
        }
    }
}
#[differentiable]
impl std::ops::Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual {
            re: -self.re,
            eps: -self.eps,
        }
    }
}
#[differentiable]
impl std::ops::Mul for Dual {
    type Output = Dual;
    fn mul(self, o: Dual) -> Dual {
        Dual {
            re: self.re * o.re,
            eps: self.re * o.eps + self.eps * o.re,
        }
    }
}
#[differentiable]
fn duals(x: f64) -> f64 {
    let mut s = Dual { re: 0.0, eps: 0.0 };
    let d = Dual { re: x, eps: 1.0 };
    for _ in 0..3 {
        s = s + d * d * -d;
    }
    s.re * s.eps
}

#[differentiable]
fn swapped_halves(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    let n = v.len();
    v.rotate_right(1);
    let (a, b) = v.split_at_mut(n / 2);
    for (x, y) in a.iter_mut().zip(b.iter_mut()) {
        std::mem::swap(x, y);
    }
    v.iter().enumerate().map(|(i, x)| x * i as f64).sum()
}

#[differentiable]
fn flattened(rows: &[Vec<f64>]) -> f64 {
    rows.iter().flatten().map(|x| x * x).sum::<f64>() + rows.concat().len() as f64
}

#[differentiable]
fn indices(grid: [[f64; 3]; 2]) -> f64 {
    (0..2)
        .flat_map(|i| (0..3).map(move |j| (i, j)))
        .filter(|&(i, j)| (i + j) % 2 == 0)
        .map(|(i, j)| grid[i][j] * grid[i][j])
        .sum()
}

#[differentiable]
fn bits(x: f64, mask: u32) -> f64 {
    let mut p = 1.0;
    let mut b = x;
    let mut m = mask;
    while m != 0 {
        if m & 1 == 1 {
            p *= b;
        }
        b *= b;
        m >>= 1;
    }
    p
}

#[differentiable]
fn checked(x: f64, n: u8) -> f64 {
    let m = n.checked_mul(2).unwrap_or(u8::MAX);
    let k = (n as i32).checked_sub(300).map_or(0, |v| -v);
    x * m as f64 + x * x * k as f64
}

#[test]
fn iterators() {
    check!(unzipped(&[(1.0, 2.0), (0.5, -1.0)]));
    check!(best_index(&[1.0, 3.0, 2.0]));
    check!(log_sum_exp(&[1.0, 3.0, 2.0]));
    check!(tried(&[1.0, 3.0, 2.0]));
    check!(tried(&[1.0, -3.0, 2.0]));
    check!(last_step(&[1.0, -3.0, 2.0]));
    check!(sorted_copy(&[3.0, 1.0, 2.0, 5.0]));
    check!(flattened(&[vec![1.0, 2.0], vec![], vec![3.0]]));
    check!(indices([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
}

#[test]
fn types() {
    check!(constants(0.3));
    check!(tanh_by_hand(0.4));
    check!(duals(0.7));
    check!(swapped_halves(&[1.0, 2.0, 3.0, 4.0]));
    check!(bits(1.1, 13));
    check!(checked(1.5, 7));
    check!(checked(1.5, 200));
}
