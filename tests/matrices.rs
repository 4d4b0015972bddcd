//! Matrices of derivatives: in chunks, in the mode that suits, sparse, and the Hessian's diagonal.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over indices are part of what is tested"
)]

use cotangent::sparse::Pattern;
use cotangent::{Error, Options, differentiable, list_executors};

#[differentiable]
fn ring(xs: &[f64]) -> Vec<f64> {
    let n = xs.len();
    let mut out = vec![0.0; n];
    for i in 0..n {
        out[i] = xs[i] * xs[(i + 1) % n] + xs[i].sin();
    }
    out
}

#[differentiable]
fn tridiagonal(u: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; u.len()];
    for i in 0..u.len() {
        out[i] = 2.0 * u[i] * u[i];
        if i > 0 {
            out[i] -= u[i - 1] * u[i];
        }
        if i + 1 < u.len() {
            out[i] -= u[i + 1];
        }
    }
    out
}

/// An arrow: a dense last row, for which columns cannot share runs, and a dense last column, for which rows cannot.
#[differentiable]
fn dense_row(u: &[f64]) -> Vec<f64> {
    let mut out = u.to_vec();
    let mut s = 0.0;
    for x in u {
        s += x * x;
    }
    out.push(s);
    out
}

#[differentiable]
fn energy(xs: &[f64], k: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        let y = xs[i] * xs[i];
        s += k * y * xs[i] + xs[0] * y;
    }
    s
}

#[differentiable]
fn wide(xs: &[f64]) -> (f64, [f64; 2]) {
    let mut s = 0.0;
    for x in xs {
        s += x * x;
    }
    (s, [s.sqrt(), xs[0] * xs[1]])
}

#[differentiable]
fn steps(x: f64, ys: [f64; 3]) -> Vec<Vec<f64>> {
    let mut out = Vec::new();
    for i in 0..3 {
        let mut row = Vec::new();
        for j in 0..i {
            row.push(x * ys[j]);
        }
        out.push(row);
    }
    out
}

#[differentiable(vjp = sum_vjp)]
fn sum(xs: &[f64]) -> Vec<f64> {
    vec![xs[0] + xs[1], xs[0] * xs[1], xs[1]]
}
#[differentiable]
fn sum_vjp(xs: &[f64], ct: &[f64]) -> Vec<f64> {
    vec![ct[0] + ct[1] * xs[1], ct[0] + ct[1] * xs[0] + ct[2]]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

#[test]
fn jacobians_of_more_columns_than_lanes() {
    for name in list_executors() {
        let o = Options::new().executor(name);
        for n in [1, 2, 5, 37] {
            let xs: Vec<f64> = (0..n).map(|i| 0.1 * i as f64 - 1.0).collect();
            let j = ring::with(&o).jacobian((&xs,)).unwrap();
            assert_eq!((j.rows(), j.columns()), (n, n));
            for i in 0..n {
                for k in 0..n {
                    let mut want = 0.0;
                    if k == i {
                        want += xs[(i + 1) % n] + xs[i].cos();
                    }
                    if k == (i + 1) % n {
                        want += xs[i];
                    }
                    assert!(close(j[(i, k)], want), "{name} {n} {i} {k}");
                }
            }
        }
    }
}

#[test]
fn few_rows_of_several_results_and_ragged_results() {
    let xs: Vec<f64> = (1..=20).map(f64::from).collect();
    let j = wide::jacobian(&xs).unwrap();
    assert_eq!((j.rows(), j.columns()), (3, 20));
    let norm = xs.iter().map(|x| x * x).sum::<f64>().sqrt();
    for (k, x) in xs.iter().enumerate() {
        assert!(close(j[(0, k)], 2.0 * x) && close(j[(1, k)], x / norm));
        let want = [xs[1], xs[0]].get(k).copied().unwrap_or(0.0);
        assert!(close(j[(2, k)], want));
    }
    let j = steps::jacobian(2.0, [3.0, 4.0, 5.0]).unwrap();
    let want = [
        [3.0, 2.0, 0.0, 0.0],
        [3.0, 2.0, 0.0, 0.0],
        [4.0, 0.0, 2.0, 0.0],
    ];
    assert_eq!(j.to_rows(), want);
}

#[test]
fn a_function_with_a_rule_for_one_mode_is_computed_in_that_mode() {
    let want = [[1.0, 1.0], [5.0, 3.0], [0.0, 1.0]];
    assert_eq!(sum::jacobian(&[3.0, 5.0]).unwrap().to_rows(), want);
    let s = sum::sparse_jacobian(&[3.0, 5.0]).unwrap();
    assert_eq!(s.to_dense().to_rows(), want);
}

#[test]
fn hessians_in_chunks_and_their_diagonal() {
    let xs: Vec<f64> = (0..21).map(|i| 0.25 * f64::from(i) - 2.0).collect();
    for name in list_executors() {
        let o = Options::new().executor(name);
        let h = energy::with(&o).hessian((&xs, 1.5)).unwrap();
        let (dx, dk) = energy::with(&o).hessian_diagonal((&xs, 1.5)).unwrap();
        assert_eq!((h.rows(), dx.len(), dk), (22, 21, 0.0));
        for i in 0..22 {
            for j in 0..22 {
                assert!(close(h[(i, j)], h[(j, i)]), "{name}");
            }
        }
        for (i, x) in xs.iter().enumerate() {
            let want = if i == 0 {
                15.0 * x
            } else {
                9.0 * x + 2.0 * xs[0]
            };
            assert!(close(dx[i], want) && close(h[(i, i)], want), "{name} {i}");
            assert!(close(h[(i, 21)], 3.0 * x * x));
        }
    }
}

#[test]
fn sparse_jacobians_equal_the_dense_ones_from_few_runs() {
    let xs: Vec<f64> = (0..40).map(|i| f64::from(i % 7) - 3.0).collect();
    for name in list_executors() {
        let o = Options::new().executor(name);
        let s = tridiagonal::with(&o).sparse_jacobian((&xs,)).unwrap();
        let dense = tridiagonal::with(&o).jacobian((&xs,)).unwrap();
        assert_eq!((s.runs(), s.nonzeros()), (3, 118), "{name}");
        println!(
            "{name}: tridiagonal, {} columns: {} colours",
            s.columns(),
            s.runs()
        );
        assert_eq!(s.to_dense(), dense, "{name}");
        let y = s.multiply(&xs);
        let want: f64 = (0..40).map(|j| dense[(7, j)] * xs[j]).sum();
        assert!(close(y[7], want));
        // Columns all meet in the last row; rows fall into two groups.
        let s = dense_row::with(&o).sparse_jacobian((&xs,)).unwrap();
        assert_eq!((s.runs(), s.nonzeros()), (2, 80), "{name}");
        assert_eq!(s.to_dense(), dense_row::with(&o).jacobian((&xs,)).unwrap());
    }
}

#[test]
fn a_given_pattern_is_used_at_other_points_and_must_fit() {
    let o = Options::new();
    let p = ring::jacobian_pattern(&[0.0; 12]).unwrap();
    // The zeros at this point are elements all the same.
    assert_eq!((p.nonzeros(), p.row(11)), (24, &[0, 11][..]));
    let xs: Vec<f64> = (0..12).map(|i| 0.5 * f64::from(i)).collect();
    let s = ring::with(&o).sparse_jacobian_with((&xs,), &p).unwrap();
    assert_eq!(s.to_dense(), ring::jacobian(&xs).unwrap());
    assert!(s.runs() <= 3);
    let e = ring::with(&o)
        .sparse_jacobian_with((&[1.0, 2.0],), &p)
        .unwrap_err();
    assert!(
        matches!(&e, Error::Unsupported { what } if what.contains("12")),
        "{e}"
    );
    let block = Pattern::from_rows(
        6,
        (0..6)
            .map(|i| (i / 2 * 2..i / 2 * 2 + 2).collect())
            .collect(),
    );
    assert_eq!(block.unwrap().coloring().count, 2);
}

/// A chain whose ends meet, with a term of all neighbours three apart.
#[differentiable]
fn springs(xs: &[f64], k: f64) -> f64 {
    let n = xs.len();
    let mut e = 0.0;
    for i in 0..n {
        let d = xs[(i + 1) % n] - xs[i];
        e += k * d * d * d + (xs[i] * xs[(i + 3) % n]).sin();
    }
    e
}

#[test]
fn sparse_hessians_of_fewer_runs() {
    let xs: Vec<f64> = (0..30).map(|i| 0.1 * f64::from(i) - 1.0).collect();
    for name in list_executors() {
        let o = Options::new().executor(name);
        let f = springs::with(&o);
        let (sparse, dense) = (
            f.sparse_hessian((&xs, 0.7)).unwrap(),
            f.hessian((&xs, 0.7)).unwrap(),
        );
        // Of 31 columns; the last row is full.
        assert!(sparse.runs() <= 10, "{}", sparse.runs());
        let close = sparse.to_dense();
        for (a, b) in close.as_slice().iter().zip(dense.as_slice()) {
            assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{name}: {a} {b}");
        }
    }
    // A pattern that is given, here of one triangle; and one of another size.
    let o = Options::new();
    let f = springs::with(&o);
    let p = f.hessian_pattern((&xs, 0.7)).unwrap();
    let upper = (0..31).map(|i| p.row(i).iter().copied().filter(|&j| j >= i).collect());
    let upper = Pattern::from_rows(31, upper.collect()).unwrap();
    let ys: Vec<f64> = xs.iter().map(|x| x * x).collect();
    let given = f.sparse_hessian_with((&ys, -0.3), &upper).unwrap();
    assert_eq!(given, f.sparse_hessian((&ys, -0.3)).unwrap());
    let e = f
        .sparse_hessian_with((&[1.0, 2.0], 0.5), &upper)
        .unwrap_err();
    assert!(
        matches!(&e, Error::Unsupported { what } if what.contains("31")),
        "{e}"
    );
    // By colouring columns alone it would be as many runs as the fullest row is long.
    assert!(p.coloring().count == 31 && p.star_coloring().unwrap().count <= 10);
}
