//! Convolutions and windows of many blocks, on every instruction set, against sums over all pairs.

use cotangent_kernels::Isa;
use cotangent_kernels::block::Kernels;
use cotangent_kernels::window::conv::{
    Gathered, Group, backward, backward_parts, depthwise, depthwise_back, depthwise_parts, forward,
    forward_parts,
};
use cotangent_kernels::window::pool::{Fold, Loops, Windows, reduce, select, spread};
use cotangent_kernels::window::{Axis, NONE};

/// Windows of `taps` places every `stride` places, `low` and `high` around.
fn axis(n: usize, taps: usize, stride: usize, low: usize, high: usize) -> Axis {
    let rows = (n + low + high - taps) / stride + 1;
    let place = |k: usize| (k / taps * stride + k % taps).checked_sub(low);
    let at = (0..rows * taps).map(|k| match place(k) {
        Some(i) if i < n => i as u32,
        _ => NONE,
    });
    Axis {
        rows,
        taps,
        source: n,
        at: at.collect(),
    }
}

fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut s = seed;
    (0..n)
        .map(|_| {
            s = s
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (s >> 40) as f64 / (1u64 << 24) as f64 - 0.5
        })
        .collect()
}

/// `G`, written down: rows of places, columns of taps and features from `first` on.
fn matrix(
    batch: usize,
    axes: &[Axis; 2],
    features: usize,
    inputs: usize,
    x: &[f64],
) -> Vec<Vec<f64>> {
    let [a, b] = axes;
    let mut rows = Vec::new();
    for n in 0..batch {
        for i in 0..a.rows {
            for j in 0..b.rows {
                let mut row = Vec::new();
                for &s in a.row(i) {
                    for &t in b.row(j) {
                        for c in 0..inputs {
                            let inside = s != NONE && t != NONE;
                            let place = (n * a.source + s as usize * usize::from(inside))
                                * b.source
                                + t as usize * usize::from(inside);
                            row.push(if inside { x[place * features + c] } else { 0.0 });
                        }
                    }
                }
                rows.push(row);
            }
        }
    }
    rows
}

fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).abs() < 1e-10, "{x} {y}");
    }
}

#[test]
fn products_of_many_blocks() {
    // More rows and columns than a block has; a group of some of the features; strides and zeros around.
    for (batch, n, features, inputs, outputs, taps, stride) in [
        (2, 17, 48, 48, 70, 3, 1),
        (1, 9, 50, 25, 33, 5, 2),
        (3, 8, 1, 1, 130, 2, 1),
        (1, 20, 3, 3, 5, 3, 1),
    ] {
        let axes = [axis(n, taps, stride, 1, 1), axis(n + 3, taps, stride, 1, 0)];
        let x = numbers(batch * n * (n + 3) * features, 1);
        let whole = matrix(batch, &axes, features, inputs, &x);
        let g = Gathered::new(batch, axes.to_vec(), features, inputs).unwrap();
        assert_eq!((g.rows(), g.columns()), (whole.len(), whole[0].len()));
        assert_eq!(g.source(), x.len());
        let w = numbers(g.columns() * outputs, 2);
        let v = numbers(g.rows() * outputs, 3);
        let mut by_rows = vec![0.0; g.rows() * outputs];
        let mut by_columns = vec![0.0; g.columns() * outputs];
        for (r, row) in whole.iter().enumerate() {
            for (c, x) in row.iter().enumerate() {
                for o in 0..outputs {
                    by_rows[r * outputs + o] += x * w[c * outputs + o];
                    by_columns[c * outputs + o] += x * v[r * outputs + o];
                }
            }
        }
        for isa in Isa::available() {
            let kernels = Kernels::<f64>::new(isa);
            let mut y = vec![0.0; by_rows.len()];
            let mut dw = vec![0.0; by_columns.len()];
            let of = |right: &[f64], out: *mut f64| Group {
                source: x.as_ptr(),
                right: (right.as_ptr(), outputs),
                out: (out, outputs),
                outputs,
            };
            let (m, k) = forward_parts(&g, outputs);
            let all = of(&w, y.as_mut_ptr());
            // Parts in any order, here the last one first.
            // SAFETY: the arrays are as long as the extents say.
            (0..m * k)
                .rev()
                .for_each(|p| unsafe { forward(&kernels, &g, all, p) });
            close(&y, &by_rows);
            let (m, k) = backward_parts(&g, outputs);
            let all = of(&v, dw.as_mut_ptr());
            // SAFETY: as above.
            (0..m * k)
                .rev()
                .for_each(|p| unsafe { backward(&kernels, &g, all, p) });
            close(&dw, &by_columns);
        }
    }
}

#[test]
fn every_feature_a_group_of_its_own() {
    let (batch, n, features) = (2, 12, 37);
    let axes = [axis(n, 3, 2, 1, 1), axis(n, 3, 1, 1, 1)];
    let g = Gathered::new(batch, axes.to_vec(), features, 1).unwrap();
    let x = numbers(g.source(), 4);
    let (w, v) = (numbers(9 * features, 5), numbers(g.rows() * features, 6));
    let mut want = (vec![0.0; v.len()], vec![0.0; w.len()]);
    for c in 0..features {
        let whole = matrix(batch, &axes, features, 1, &x[c..]);
        for (r, row) in whole.iter().enumerate() {
            for (t, x) in row.iter().enumerate() {
                want.0[r * features + c] += x * w[t * features + c];
                want.1[t * features + c] += x * v[r * features + c];
            }
        }
    }
    let kernels = Kernels::<f64>::new(Isa::best());
    let mut got = (vec![0.0; v.len()], vec![0.0; w.len()]);
    let of = |right: &[f64], out: *mut f64| Group {
        source: x.as_ptr(),
        right: (right.as_ptr(), features),
        out: (out, features),
        outputs: features,
    };
    let all = of(&w, got.0.as_mut_ptr());
    // SAFETY: the arrays are as long as the extents say, here and below.
    (0..depthwise_parts(&g)).for_each(|k| unsafe { depthwise(&kernels, &g, all, k) });
    let all = of(&v, got.1.as_mut_ptr());
    // SAFETY: see above.
    (0..g.taps()).for_each(|k| unsafe { depthwise_back(&kernels, &g, all, k) });
    close(&got.0, &want.0);
    close(&got.1, &want.1);
}

#[test]
fn sums_and_extremes_of_windows() {
    for (taps, stride) in [(2, 2), (3, 1), (3, 2)] {
        let (n, features) = (60, 23);
        let axes = [axis(n, taps, stride, 0, 1), axis(n, taps, stride, 1, 0)];
        let w = Windows::new(axes.to_vec(), features).unwrap();
        let x = numbers(w.source(), 7);
        let mut with_nan = x.clone();
        with_nan[5 * features + 3] = f64::NAN;
        let window = |r: usize, c: usize| -> Vec<usize> {
            let (i, j) = (r / axes[1].rows, r % axes[1].rows);
            let lines = axes[0].row(i).iter().filter(|s| **s != NONE);
            lines
                .flat_map(|&s| {
                    let line = axes[1].row(j).iter().filter(|t| **t != NONE);
                    line.map(move |&t| (s as usize * n + t as usize) * features + c)
                })
                .collect()
        };
        let rows = w.results() / features;
        let first = |x: &[f64], l: &[usize]| -> usize {
            let nan = l.iter().find(|&&i| x[i].is_nan());
            let most = l.iter().map(|&i| x[i]).fold(f64::NEG_INFINITY, f64::max);
            *nan.unwrap_or_else(|| l.iter().find(|&&i| x[i] == most).unwrap())
        };
        let loops = Loops::best();
        let y = numbers(w.results(), 8);
        let parts = |to_windows| 0..w.parts(to_windows);
        let (mut sums, mut most) = (vec![0.0; w.results()], vec![0.0; w.results()]);
        let mut gathered = vec![0.0; w.results()];
        let (mut scattered, mut spreads) = (vec![0.0; w.source()], vec![0.0; w.source()]);
        let z = numbers(w.source(), 9);
        for k in parts(true) {
            let km = (k, w.parts(true));
            // SAFETY: the arrays are as long as the windows say, here and below.
            unsafe {
                reduce(loops, &w, Fold::Sum, (x.as_ptr(), sums.as_mut_ptr()), km);
                reduce(
                    loops,
                    &w,
                    Fold::Max,
                    (with_nan.as_ptr(), most.as_mut_ptr()),
                    km,
                );
                let arrays = (with_nan.as_ptr(), z.as_ptr(), gathered.as_mut_ptr());
                select(loops, &w, (true, false), arrays, km);
            }
        }
        for k in parts(false) {
            let km = (k, w.parts(false));
            // SAFETY: see above.
            unsafe {
                spread(loops, &w, (y.as_ptr(), spreads.as_mut_ptr()), km);
                let arrays = (with_nan.as_ptr(), y.as_ptr(), scattered.as_mut_ptr());
                select(loops, &w, (true, true), arrays, km);
            }
        }
        let mut want = (vec![0.0; w.source()], vec![0.0; w.source()]);
        for r in 0..rows {
            for c in 0..features {
                let (l, at) = (window(r, c), r * features + c);
                let sum: f64 = l.iter().map(|&i| x[i]).sum();
                assert!((sums[at] - sum).abs() < 1e-12);
                let best = first(&with_nan, &l);
                let same =
                    most[at] == with_nan[best] || most[at].is_nan() && with_nan[best].is_nan();
                assert!(same, "{} {}", most[at], with_nan[best]);
                assert_eq!(gathered[at], z[best]);
                want.0[best] += y[at];
                l.iter().for_each(|&i| want.1[i] += y[at]);
            }
        }
        close(&scattered, &want.0);
        close(&spreads, &want.1);
    }
}
