//! Linear algebra and Fourier transforms in annotated functions: the plain call, the program on every executor, its derivatives.

use cotangent::check::Check;
use cotangent::{Matrix, Options, differentiable, fft, linalg, list_executors};
use num_complex::Complex64 as C;

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} {b}");
}

/// A well-conditioned matrix.
fn sample(n: usize) -> Matrix {
    Matrix::from_fn(n, n, |i, j| {
        let x = ((i * 7 + j * 3) % 5) as f64 * 0.3 - 0.5;
        if i == j { x + 4.0 } else { x }
    })
}

#[differentiable]
fn quadratic(a: &Matrix, b: &[f64]) -> f64 {
    let x = linalg::solve(a, b);
    let mut s = 0.0;
    for i in 0..b.len() {
        s += x[i] * b[i];
    }
    s
}

#[differentiable]
fn log_volume(a: &Matrix) -> f64 {
    let l = linalg::cholesky(a);
    let mut s = 0.0;
    for i in 0..a.rows() {
        s += 2.0 * l[(i, i)].ln();
    }
    s
}

/// Matrices of every kind that users have, and every function.
#[differentiable]
fn everything(m: &Matrix, rows: Vec<Vec<f64>>, fixed: [[f64; 2]; 2], open: &[[f64; 2]]) -> f64 {
    let (q, r) = linalg::qr(m);
    let (l, u, order) = linalg::lu(&rows);
    let (w, v) = linalg::eigh(&fixed);
    let (sign, log) = linalg::sign_log_det(m);
    let inv = linalg::inverse(m);
    let x = linalg::solve_lower(&l, &open[0]);
    let y = linalg::solve_upper(&u, &x);
    let mut s = linalg::det(&fixed) + sign * log + inv[(0, 1)] + y[0] * y[1];
    s += q[(0, 0)] * r[(0, 1)] + order[0] as f64;
    for i in 0..2 {
        s += w[i] * w[i] * v[(0, i)] * v[(0, i)] * v[(1, i)];
    }
    s + linalg::solve(m, &m.transposed().dot(m))[(1, 0)]
}

/// Matrices made, changed and indexed in the function.
#[differentiable]
fn made(x: f64, n: usize) -> Matrix {
    let mut m = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            m[(i, j)] = (x * (i as f64) + j as f64).sin();
        }
        m[(i, i)] += 3.0;
    }
    m.row_mut(0)[1] *= 2.0;
    m.set((1, 0), x * x);
    let e = Matrix::identity(n);
    let f = Matrix::from_fn(n, n, |i, j| x + (i * j) as f64);
    let p = m.dot(&e).dot(&f);
    let d = Matrix::from([[x, 1.0], [2.0, x]]);
    let t = d.times(&[1.0, x]);
    let mut out = p.transposed();
    out[(0, 0)] += t[0] * t[1] + m.row(0)[1] + m.as_slice()[1] + (m.columns() as f64);
    out
}

#[allow(clippy::needless_range_loop, reason = "loops over indices are tested")]
#[differentiable]
fn filtered(x: &[f64], z: &[C]) -> f64 {
    let n = x.len();
    let y = fft::rfft(x);
    let back = fft::irfft(&y[..], n);
    let w = fft::ifft(&fft::fft(z));
    let mut s = 0.0;
    for k in 0..y.len() {
        s += y[k].norm_sqr() / (1.0 + k as f64);
    }
    for k in 0..n {
        s += back[k].powi(3);
    }
    for k in 0..w.len() {
        s += (w[k] * w[k]).re;
    }
    s
}

#[differentiable]
fn plane(m: &Matrix<C>) -> f64 {
    let y = fft::fft2(m);
    let z = fft::ifft2(&y);
    (y[(1, 1)] * y[(1, 1)]).re + z[(0, 1)].im
}

/// The gradient of each function by differences, on every executor.
#[test]
fn gradients_on_every_executor() {
    let a = sample(4);
    let b = [1.0, -2.0, 0.5, 3.0];
    let spd = a.transposed().dot(&a);
    let rows = vec![vec![0.5, 2.0], vec![3.0, 1.0]];
    let fixed = [[2.0, 0.7], [0.7, 1.0]];
    let open = [[1.0, -1.5], [0.0, 1.0]];
    let m = sample(3);
    let x = [1.0, -0.5, 0.25, 2.0, 0.0, 1.5, -1.0];
    let z = [C::new(1.0, 2.0), C::new(-0.5, 0.25), C::new(0.3, 1.0)];
    let field = Matrix::from([[z[0], z[1], z[2]], [z[1], z[2], z[0]]]);
    let how = Check::default();
    for name in list_executors() {
        let options = Options::new().executor(name);
        quadratic::with(&options)
            .check_gradients((&a, &b), &how)
            .unwrap();
        log_volume::with(&options)
            .check_gradients((&spd,), &how)
            .unwrap();
        everything::with(&options)
            .check_gradients((&m, rows.clone(), fixed, &open), &how)
            .unwrap();
        made::with(&options)
            .check_gradients((0.7, 3), &how)
            .unwrap();
        filtered::with(&options)
            .check_gradients((&x, &z), &how)
            .unwrap();
        plane::with(&options)
            .check_gradients((&field,), &how)
            .unwrap();
        let run = everything::with(&options);
        let y = run.call((&m, rows.clone(), fixed, &open)).unwrap();
        near(y, everything(&m, rows.clone(), fixed, &open), 1e-12);
        let y = made::with(&options).call((0.7, 3)).unwrap();
        let want = made(0.7, 3);
        for (a, b) in y.as_slice().iter().zip(want.as_slice()) {
            near(*a, *b, 1e-12);
        }
        let y = filtered::with(&options).call((&x, &z)).unwrap();
        near(y, filtered(&x, &z), 1e-12);
        let y = plane::with(&options).call((&field,)).unwrap();
        near(y, plane(&field), 1e-12);
    }
}

#[test]
fn gradients_by_hand() {
    let a = sample(5);
    let spd = a.transposed().dot(&a);
    // Of the logarithm of the determinant: the inverse.
    let g = log_volume::gradient(&spd).unwrap();
    let inv = linalg::inverse(&spd);
    // Of b a^-1 b: -(a^-T b) (a^-1 b)^T.
    let b = [1.0, -2.0, 0.5, 3.0, 1.0];
    let (ga, _) = quadratic::gradient(&a, &b).unwrap();
    let (x, y) = (linalg::solve(&a, &b), linalg::solve(&a.transposed(), &b));
    for i in 0..5 {
        for j in 0..5 {
            near(g[(i, j)], inv[(i, j)], 1e-12);
            near(ga[(i, j)], -y[i] * x[j], 1e-12);
        }
    }
}

#[differentiable]
fn complex_system(a: &Matrix<C>, b: &[C]) -> f64 {
    let x = linalg::solve(a, b);
    let (w, _) = linalg::eigh(a);
    let mut s = 0.0;
    for k in 0..x.len() {
        s += x[k].norm_sqr() + w[k] * w[k] * w[k];
    }
    let l = linalg::cholesky(&a.dot(a));
    s + (l[(1, 0)] * linalg::det(a)).re
}

#[test]
fn complex_and_single_precision() {
    let a = Matrix::from_fn(3, 3, |i, j| {
        let re = if i == j { 3.0 + i as f64 } else { 0.3 };
        C::new(re, 0.2 * (i as f64 - j as f64))
    });
    let b = [C::new(1.0, -1.0), C::new(0.5, 2.0), C::new(-1.0, 0.25)];
    for name in list_executors() {
        complex_system::with(&Options::new().executor(name))
            .check_gradients((&a, &b), &Check::default())
            .unwrap();
    }
    #[differentiable]
    fn single(a: &[[f32; 2]; 2]) -> f32 {
        linalg::det(a) * linalg::solve(a, &[1.0f32, 2.0])[0]
    }
    // The determinant and Cramer's rule: b0 a11 - b1 a01.
    let g = single::gradient(&[[2.0, 1.0], [0.5, 3.0]]).unwrap();
    for (x, want) in g.as_flattened().iter().zip([0.0, -2.0, 0.0, 1.0]) {
        near((*x).into(), want, 1e-5);
    }
}

/// The solution of a system has the implicit function's derivative, also the second.
#[test]
fn systems_at_order_two() {
    #[differentiable]
    fn first(a: [[f64; 2]; 2]) -> f64 {
        linalg::solve(&a, &[1.0, -2.0])[0]
    }
    // Cramer's rule.
    #[differentiable]
    fn by_hand(a: [[f64; 2]; 2]) -> f64 {
        (a[1][1] + 2.0 * a[0][1]) / (a[0][0] * a[1][1] - a[0][1] * a[1][0])
    }
    let a = [[2.0, 0.5], [-1.0, 1.5]];
    let (h, want) = (first::hessian(a).unwrap(), by_hand::hessian(a).unwrap());
    for (x, y) in h.as_slice().iter().zip(want.as_slice()) {
        near(*x, *y, 1e-12);
    }
}

#[test]
fn the_hessian_of_a_determinant() {
    #[differentiable]
    fn determinant(a: [[f64; 3]; 3]) -> f64 {
        linalg::det(&a)
    }
    let a = [[2.0, 0.5, -1.0], [1.0, 3.0, 0.25], [0.5, -0.75, 1.5]];
    let h = determinant::hessian(a).unwrap();
    // The second derivative by elements (i, j) and (k, l) is the element left over, with a sign.
    for p in 0..9 {
        for q in 0..9 {
            let ((i, j), (k, l)) = ((p / 3, p % 3), (q / 3, q % 3));
            let want = if i == k || j == l {
                0.0
            } else {
                let sign = |n: usize| if n.is_multiple_of(2) { 1.0 } else { -1.0 };
                let rest = a[3 - i - k][3 - j - l];
                // Rows and columns in order, as many exchanges as it takes.
                let minor = sign(i + j) * sign(usize::from(k > i) + k + usize::from(l > j) + l);
                minor * rest
            };
            near(h[(p, q)], want, 1e-10);
        }
    }
}

#[test]
fn repeated_eigenvalues() {
    /// The trace of the cube.
    #[differentiable]
    fn cubes(a: &Matrix) -> f64 {
        let (w, _) = linalg::eigh(a);
        let mut s = 0.0;
        for x in &w {
            s += x * x * x;
        }
        s
    }
    #[differentiable]
    fn vectors(a: &Matrix) -> f64 {
        let (w, v) = linalg::eigh(a);
        v[(0, 0)] * w[0] + v[(1, 0)]
    }
    let a = Matrix::<f64>::identity(3);
    let g = cubes::gradient(&a).unwrap();
    for i in 0..3 {
        for j in 0..3 {
            near(g[(i, j)], if i == j { 3.0 } else { 0.0 }, 1e-12);
        }
    }
    let g = vectors::gradient(&a).unwrap();
    assert!(g.as_slice().iter().any(|x| !x.is_finite()), "{g}");
}

#[differentiable]
fn eigenvalues(a: &Matrix) -> Vec<f64> {
    linalg::eigh(a).0
}

/// Nothing, and one number: what is left of the definitions.
#[test]
fn matrices_of_nothing_and_of_one_number() {
    #[differentiable]
    fn all(a: &Matrix, b: &[f64]) -> f64 {
        let (q, r) = linalg::qr(a);
        let (l, u, _) = linalg::lu(a);
        let mut s = linalg::det(a) + linalg::sign_log_det(a).1;
        for m in [q, r, l, u, linalg::cholesky(a), linalg::inverse(a)] {
            for i in 0..m.rows() {
                s += m[(i, i)];
            }
        }
        for x in linalg::solve(a, b) {
            s += x;
        }
        for w in linalg::eigh(a).0 {
            s += w;
        }
        s
    }
    let (none, one) = (Matrix::zeros(0, 0), Matrix::from([[4.0]]));
    for name in list_executors() {
        let f = all::with(&Options::new().executor(name));
        let (y, (da, db)) = f.value_and_gradient((&none, &[])).unwrap();
        // The determinant of nothing is 1.
        assert_eq!((y, da.rows(), da.columns(), db.len()), (1.0, 0, 0, 0));
        let (y, (da, db)) = f.value_and_gradient((&one, &[2.0])).unwrap();
        near(
            y,
            4.0 + 4f64.ln() + 1.0 + 4.0 + 1.0 + 4.0 + 2.0 + 0.25 + 0.5 + 4.0,
            1e-14,
        );
        // 1 of det, 1/4 of its logarithm, 1 of r, u and the eigenvalue each, 1/4 of the root, -1/16 of the inverse, -2/16 of the solution.
        near(
            da[(0, 0)],
            1.0 + 0.25 + 3.0 + 0.25 - 1.0 / 16.0 - 2.0 / 16.0,
            1e-14,
        );
        assert_eq!(db, [0.25]);
    }
}

#[test]
fn faults_are_errors_of_the_run() {
    for name in list_executors() {
        let options = Options::new().executor(name);
        let e = log_volume::with(&options).gradient((&Matrix::from([[1.0, 2.0], [2.0, 1.0]]),));
        let e = e.unwrap_err().to_string();
        assert!(
            e.contains("`cholesky` of [2, 2]") && e.contains("not positive definite"),
            "{e}"
        );
        let e = quadratic::with(&options).call((&Matrix::zeros(2, 2), &[1.0, 2.0]));
        let e = e.unwrap_err().to_string();
        assert!(e.contains("singular"), "{e}");
        let e = quadratic::with(&options).call((&Matrix::zeros(2, 3), &[1.0, 2.0]));
        let e = e.unwrap_err().to_string();
        assert!(
            e.contains("`lu` of [2, 3]: the matrix is not square"),
            "{e}"
        );
        let e = log_volume::with(&options).call((&Matrix::zeros(2, 3),));
        let e = e.unwrap_err().to_string();
        assert!(e.contains("`cholesky`: the matrix is not square"), "{e}");
        let e = eigenvalues::with(&options).call((&Matrix::zeros(3, 2),));
        let e = e.unwrap_err().to_string();
        assert!(e.contains("`eigh`: the matrix is not square"), "{e}");
    }
    let plain = std::panic::catch_unwind(|| linalg::cholesky(&[[1.0, 2.0], [2.0, 1.0]]));
    assert!(plain.is_err());
}

#[test]
fn batches_of_systems() {
    use cotangent::each;
    let all = [sample(3), sample(3).transposed(), sample(3).dot(&sample(3))];
    let rhs = [
        vec![1.0, 2.0, 3.0],
        vec![0.0, 1.0, 0.0],
        vec![-1.0, 1.0, 4.0],
    ];
    let out = quadratic::vmap(each(&all), each(&rhs)).unwrap();
    for k in 0..3 {
        near(out[k], quadratic(&all[k], &rhs[k]), 1e-12);
    }
}
