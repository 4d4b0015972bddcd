//! Arrays, slices, vectors: indexing, mutation, references into them.

use crate::check;
use cotangent::differentiable;

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i];
    }
    s
}

#[differentiable]
fn matvec(m: &[[f64; 3]; 2], v: &[f64; 3]) -> [f64; 2] {
    let mut out = [0.0; 2];
    for i in 0..2 {
        for j in 0..3 {
            out[i] += m[i][j] * v[j];
        }
    }
    out
}

#[differentiable]
fn nested_vec(n: usize) -> Vec<Vec<f64>> {
    let mut rows = Vec::new();
    for i in 0..n {
        let mut row = Vec::with_capacity(i);
        for j in 0..i {
            row.push((i * 10 + j) as f64);
        }
        rows.push(row);
    }
    for row in rows.iter_mut() {
        for x in row.iter_mut() {
            *x *= 2.0;
        }
    }
    if n > 2 {
        rows[2][1] = -1.0;
        rows[1].push(7.0);
    }
    rows
}

#[differentiable]
fn scale(xs: &mut [f64], k: f64) {
    for x in xs.iter_mut() {
        *x *= k;
    }
}

#[differentiable]
fn bump(x: &mut f64, by: f64) -> f64 {
    let old = *x;
    *x += by;
    old
}

#[differentiable]
fn by_reference(n: usize) -> (Vec<f64>, f64) {
    let mut v = vec![1.0; n];
    scale(&mut v, 3.0);
    scale(&mut v[1..3], 0.5);
    scale(&mut v[n - 1..], 10.0);
    let mut t = 5.0;
    let old = bump(&mut t, 2.5) + bump(&mut v[0], 1.0);
    let r = &mut v[2];
    *r += 100.0;
    let s = &mut v[..2];
    s[1] = s[0] + 0.25;
    let q = &mut t;
    *q = *q * 2.0;
    (v, t + old)
}

#[differentiable]
fn fixed_by_slice(x: f64) -> [f64; 4] {
    let mut a = [x, 2.0 * x, 3.0, 4.0];
    scale(&mut a, 2.0);
    scale(&mut a[2..], 0.5);
    let total = dot(&a, &[1.0, 1.0, 1.0, 1.0]);
    a[3] = total;
    a
}

#[differentiable]
fn swaps(n: usize) -> Vec<f64> {
    let mut v: Vec<f64> = (0..n).map(|i| i as f64).collect();
    v.swap(0, n - 1);
    let mut a = 1.0;
    let mut b = 2.0;
    std::mem::swap(&mut a, &mut b);
    (a, b) = (b + a, a);
    let old = std::mem::replace(&mut v[1], a);
    v.push(b);
    v.push(old);
    v
}

#[differentiable]
fn vec_ops(n: usize) -> (Vec<f64>, f64, usize) {
    let mut v = vec![1.0, 2.0, 3.0];
    v.extend((0..n).map(|i| i as f64 * 0.5));
    let last = v.pop().unwrap();
    v.insert(1, 9.0);
    let gone = v.remove(0);
    v.truncate(5);
    v.resize(7, -1.0);
    v.extend_from_slice(&[4.0, 5.0]);
    v.reverse();
    let w = v.clone();
    v.rotate_left(2);
    v.dedup();
    v.retain(|&x| x > -0.5);
    let t = v.split_off(2);
    v.append(&mut t.clone());
    v.extend(w);
    let k = v.len();
    let f = *v.first().unwrap() + *v.last().unwrap();
    let mut z = vec![0.0; 3];
    z.copy_from_slice(&v[0..3]);
    z.fill(2.0);
    v.extend(z);
    if v.contains(&9.0) && !v.is_empty() {
        v.clear();
        v.push(f);
    }
    (v, last + gone, k)
}

#[differentiable]
fn lu(a: &[f64], n: usize) -> (Vec<f64>, f64) {
    let mut a = a.to_vec();
    let mut det = 1.0;
    for k in 0..n {
        let mut p = k;
        for i in k + 1..n {
            if a[i * n + k].abs() > a[p * n + k].abs() {
                p = i;
            }
        }
        if p != k {
            for j in 0..n {
                a.swap(k * n + j, p * n + j);
            }
            det = -det;
        }
        det *= a[k * n + k];
        for i in k + 1..n {
            a[i * n + k] /= a[k * n + k];
            let f = a[i * n + k];
            for j in k + 1..n {
                a[i * n + j] -= f * a[k * n + j];
            }
        }
    }
    (a, det)
}

#[differentiable]
fn three_d(x: f64) -> [[[f64; 2]; 3]; 2] {
    let mut t = [[[0.0; 2]; 3]; 2];
    for i in 0..2 {
        for j in 0..3 {
            for k in 0..2 {
                t[i][j][k] = x * (i + 2 * j + 4 * k) as f64;
            }
        }
    }
    let row = &mut t[1];
    row[2][0] += 1.0;
    for r in t[0].iter_mut() {
        r[1] *= 2.0;
    }
    t
}

#[differentiable]
fn copies(x: f64) -> f64 {
    let a = [x, x + 1.0];
    let mut b = a;
    b[0] = 100.0;
    let v = vec![a, b];
    let mut w = v.clone();
    w[1][1] = 7.0;
    a[0] + b[0] + v[1][1] + w[1][1] + w.len() as f64
}

#[differentiable]
fn split(xs: &mut [f64]) {
    let n = xs.len() / 2;
    let (l, r) = xs.split_at_mut(n);
    l[0] = r[0] + 1.0;
    r[1] *= 2.0;
    for c in xs.chunks_mut(3) {
        c[0] += 10.0;
    }
    if let Some(x) = xs.last_mut() {
        *x = -*x;
    }
    *xs.first_mut().unwrap() += 0.5;
}

#[differentiable]
fn use_split(v: &[f64]) -> Vec<f64> {
    let mut v = v.to_vec();
    split(&mut v);
    v
}

#[test]
fn reading() {
    check!(dot(&[1.0, 2.5, -3.0], &[0.5, 4.0, 2.0]));
    check!(matvec(
        &[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
        &[0.5, -1.0, 2.0]
    ));
    check!(three_d(1.5));
    check!(copies(2.0));
}

#[test]
fn writing() {
    for n in [0, 1, 3, 5] {
        check!(nested_vec(n));
    }
    check!(by_reference(5));
    check!(fixed_by_slice(1.5));
    check!(swaps(4));
    check!(vec_ops(3));
    check!(vec_ops(0));
    check!(use_split(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]));
}

#[test]
fn factorisation() {
    check!(lu(&[2.0, 1.0, 1.0, 4.0, 3.0, 3.0, 8.0, 7.0, 9.5], 3));
}

#[test]
fn mutable_arguments_are_results() {
    let got = scale::call(&[1.0, 2.0], 3.0).unwrap();
    assert_eq!(got, [3.0, 6.0]);
    assert_eq!(bump::call(&1.5, 2.0).unwrap(), (1.5, 3.5));
}
