//! Matrices in the ways people store them.

use cotangent::differentiable;

#[differentiable]
fn matmul(a: &Vec<Vec<f64>>, b: &Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    let m = b[0].len();
    let mut c = vec![vec![0.0; m]; n];
    for i in 0..n {
        for j in 0..m {
            for k in 0..b.len() {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[differentiable]
fn matmul_norm(a: &Vec<Vec<f64>>, b: &Vec<Vec<f64>>) -> f64 {
    let c = matmul(a, b);
    c.iter()
        .map(|row| row.iter().map(|x| x * x).sum::<f64>())
        .sum::<f64>()
        .sqrt()
}

#[differentiable]
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for col in 0..n {
        let mut pivot = col;
        for row in col + 1..n {
            if a[row][col].abs() > a[pivot][col].abs() {
                pivot = row;
            }
        }
        a.swap(col, pivot);
        b.swap(col, pivot);
        for row in (col + 1)..n {
            let factor = a[row][col] / a[col][col];
            for k in col..n {
                let t = a[col][k];
                a[row][k] -= factor * t;
            }
            b[row] -= factor * b[col];
        }
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let mut s = b[i];
        for j in i + 1..n {
            s -= a[i][j] * x[j];
        }
        x[i] = s / a[i][i];
    }
    x
}

#[differentiable]
fn solve_sum(a: &Vec<Vec<f64>>, b: &[f64]) -> f64 {
    let x = solve(a.clone(), b.to_vec());
    x.iter().enumerate().map(|(i, v)| (i + 1) as f64 * v).sum()
}

#[differentiable]
fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

#[differentiable]
fn cofactor_determinant(m: Vec<Vec<f64>>) -> f64 {
    let n = m.len();
    if n == 1 {
        return m[0][0];
    }
    let mut det = 0.0;
    let mut sign = 1.0;
    for j in 0..n {
        let mut minor = Vec::new();
        for i in 1..n {
            let mut row = Vec::new();
            for k in 0..n {
                if k != j {
                    row.push(m[i][k]);
                }
            }
            minor.push(row);
        }
        det += sign * m[0][j] * cofactor_determinant(minor);
        sign = -sign;
    }
    det
}

#[differentiable]
fn cholesky_logdet(a: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let s: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            if i == j {
                l[i][j] = (a[i][i] - s).sqrt();
            } else {
                l[i][j] = (a[i][j] - s) / l[j][j];
            }
        }
    }
    2.0 * (0..n).map(|i| l[i][i].ln()).sum::<f64>()
}

#[differentiable]
fn power_iteration(a: [[f64; 3]; 3]) -> f64 {
    let mut v = [1.0, 1.0, 1.0];
    let mut lambda = 0.0;
    for _ in 0..60 {
        let mut w = [0.0; 3];
        for (wi, row) in w.iter_mut().zip(a.iter()) {
            *wi = row.iter().zip(v.iter()).map(|(x, y)| x * y).sum();
        }
        let norm = w.iter().map(|x| x * x).sum::<f64>().sqrt();
        for i in 0..3 {
            v[i] = w[i] / norm;
        }
        lambda = norm;
    }
    lambda
}

/// Gram and Schmidt; the product of the diagonal of R.
#[differentiable]
fn gram_schmidt(cols: &[[f64; 3]]) -> f64 {
    let mut q: Vec<[f64; 3]> = Vec::new();
    let mut volume = 1.0;
    for c in cols {
        let mut v = *c;
        for u in q.iter() {
            let d = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
            for i in 0..3 {
                v[i] -= d * u[i];
            }
        }
        let len = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
        volume *= len;
        for x in &mut v {
            *x /= len;
        }
        q.push(v);
    }
    volume
}

#[differentiable]
fn transpose(a: [[f64; 3]; 2]) -> [[f64; 2]; 3] {
    let mut t = [[0.0; 2]; 3];
    for (i, row) in a.iter().enumerate() {
        for (j, &x) in row.iter().enumerate() {
            t[j][i] = x;
        }
    }
    t
}

#[differentiable]
fn gram(a: [[f64; 3]; 2]) -> f64 {
    let t = transpose(a);
    let mut s = 0.0;
    for i in 0..2 {
        for j in 0..2 {
            let mut g = 0.0;
            for k in 0..3 {
                g += a[i][k] * t[k][j];
            }
            s += g * g;
        }
    }
    s
}

/// The Thomas algorithm, in place.
#[differentiable]
fn tridiagonal(lower: &[f64], diag: &[f64], upper: &[f64], rhs: &[f64]) -> f64 {
    let n = diag.len();
    let mut c = upper.to_vec();
    let mut d = rhs.to_vec();
    c[0] = c[0] / diag[0];
    d[0] = d[0] / diag[0];
    for i in 1..n {
        let m = 1.0 / (diag[i] - lower[i] * c[i - 1]);
        c[i] *= m;
        d[i] = (d[i] - lower[i] * d[i - 1]) * m;
    }
    let mut i = n - 1;
    while i > 0 {
        i -= 1;
        d[i] -= c[i] * d[i + 1];
    }
    d.iter().fold(0.0, |a, x| a + x * x)
}

#[differentiable]
fn jacobi(a: &[[f64; 3]; 3], b: [f64; 3]) -> f64 {
    let mut x = [0.0; 3];
    let mut next = [0.0; 3];
    for _ in 0..40 {
        for i in 0..3 {
            let mut s = b[i];
            for j in 0..3 {
                if i != j {
                    s -= a[i][j] * x[j];
                }
            }
            next[i] = s / a[i][i];
        }
        std::mem::swap(&mut x, &mut next);
    }
    x[0] + 2.0 * x[1] * x[2]
}

#[differentiable]
fn conjugate_gradient(a: &Vec<Vec<f64>>, b: &Vec<f64>) -> f64 {
    let dot = |u: &[f64], v: &[f64]| u.iter().zip(v).map(|(x, y)| x * y).sum::<f64>();
    let n = b.len();
    let mut x = vec![0.0; n];
    let mut r = b.clone();
    let mut p = r.clone();
    let mut rs = dot(&r, &r);
    for _ in 0..2 {
        let ap: Vec<f64> = a.iter().map(|row| dot(row, &p)).collect();
        let alpha = rs / dot(&p, &ap);
        for i in 0..n {
            x[i] += alpha * p[i];
            r[i] -= alpha * ap[i];
        }
        let new = dot(&r, &r);
        let beta = new / rs;
        p = r.iter().zip(p.iter()).map(|(r, p)| r + beta * p).collect();
        rs = new;
    }
    dot(&x, b)
}

fn matrix() -> Vec<Vec<f64>> {
    vec![
        vec![1.0, 4.0, -2.0],
        vec![3.0, 0.5, 1.0],
        vec![-1.0, 2.0, 5.0],
    ]
}
fn symmetric() -> Vec<Vec<f64>> {
    vec![
        vec![4.0, 1.0, 0.5],
        vec![1.0, 3.0, -0.25],
        vec![0.5, -0.25, 2.0],
    ]
}

#[test]
fn products() {
    check!(matmul_norm(
        &matrix(),
        &vec![vec![1.0, 2.0], vec![0.5, -1.0], vec![2.0, 1.5]]
    ));
    check!(gram([[1.0, 2.0, -1.0], [0.5, 1.5, 2.0]]));
    check!(power_iteration([
        [4.0, 1.0, 0.5],
        [1.0, 2.0, 0.25],
        [0.5, 0.25, 1.0]
    ]));
}

#[test]
fn systems() {
    check!(solve_sum(&matrix(), &[1.0, -2.0, 0.5]));
    check!(tridiagonal(
        &[0.0, 1.0, 0.5, -1.0],
        &[4.0, 5.0, 3.0, 6.0],
        &[1.0, 1.0, 2.0, 0.0],
        &[1.0, 2.0, 3.0, 4.0]
    ));
    check!(jacobi(
        &[[9.0, 1.0, 0.5], [1.0, 8.0, 2.0], [0.5, 0.25, 7.0]],
        [1.0, 2.0, 3.0]
    ));
    check!(conjugate_gradient(&symmetric(), &vec![1.0, 2.0, -1.0]));
}

#[test]
fn determinants() {
    check!(determinant(&[
        [1.0, 4.0, -2.0],
        [3.0, 0.5, 1.0],
        [-1.0, 2.0, 5.0]
    ]));
    check!(cofactor_determinant(matrix()));
    check!(cholesky_logdet(&symmetric()));
    check!(gram_schmidt(&[
        [1.0, 2.0, 0.5],
        [0.0, 1.0, -1.0],
        [2.0, 0.5, 1.0]
    ]));
}
