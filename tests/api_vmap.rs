//! Batches of annotated functions: every lane is what the function gives alone.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over indices are part of what is tested"
)]

use cotangent::{Differentiable, Error, Options, differentiable, each, list_executors, shared};

#[path = "../benches/common/network.rs"]
mod network;
use network::Data;

#[differentiable]
fn chain(x: i64) -> i64 {
    if x < 0 {
        -x
    } else if x < 5 {
        x + 10
    } else if x < 10 {
        x * 5
    } else {
        x - 5
    }
}

#[differentiable]
fn down(x: i64) -> i64 {
    let mut n = x;
    let mut s = 0;
    while n > 0 {
        s += n;
        n -= 1;
    }
    s + n
}

#[differentiable]
fn count(n: i64) -> i64 {
    let mut s = 0;
    for i in 0..n {
        s += i;
    }
    s
}

#[test]
fn hydras_programs() {
    fn check(f: fn(i64) -> i64, ys: Vec<i64>, xs: &[i64]) {
        assert_eq!(ys, xs.iter().map(|&x| f(x)).collect::<Vec<_>>());
    }
    let xs = [1, 6, 11, -1];
    check(chain, chain::vmap(each(&xs)).unwrap(), &xs);
    for xs in [[5, 5, 5, 5], [1, 5, 12, -3]] {
        check(down, down::vmap(each(&xs)).unwrap(), &xs);
    }
    let xs = [2, 32, -1, 21];
    check(count, count::vmap(each(&xs)).unwrap(), &xs);
}

#[differentiable]
fn rnn(w: &[[f64; 3]; 3], u: &[[f64; 2]; 3], xs: &[[f64; 2]], h0: [f64; 3]) -> f64 {
    let mut h = h0;
    for t in 0..xs.len() {
        let mut next = [0.0; 3];
        for i in 0..3 {
            let mut a = 0.0;
            for j in 0..3 {
                a += w[i][j] * h[j];
            }
            for j in 0..2 {
                a += u[i][j] * xs[t][j];
            }
            next[i] = a.tanh();
        }
        h = next;
    }
    h[0] + h[1] * h[2]
}

#[test]
fn a_recurrent_network_over_sequences_of_different_lengths() {
    let w = [[0.1, -0.4, 0.3], [0.5, 0.2, -0.1], [0.0, 0.7, -0.6]];
    let u = [[1.0, 0.5], [-0.3, 0.8], [0.2, -0.9]];
    let sequence =
        |n: usize, k: f64| -> Vec<[f64; 2]> { (0..n).map(|i| [(i as f64 * k).sin(), k]).collect() };
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-13, "{a} {b}");
    for lengths in [[4, 4], [4, 1]] {
        let xs = [sequence(lengths[0], 0.7), sequence(lengths[1], 1.3)];
        let starts = [[0.1, 0.2, 0.3], [-0.5, 0.0, 0.5]];
        let ys = rnn::vmap(shared(&w), shared(&u), each(&xs), each(&starts)).unwrap();
        let gs = rnn::vmap_gradient(shared(&w), shared(&u), each(&xs), each(&starts)).unwrap();
        for l in 0..2 {
            close(ys[l], rnn(&w, &u, &xs[l], starts[l]));
            let g = rnn::gradient(&w, &u, &xs[l], starts[l]).unwrap();
            for (a, b) in gs[l].0.iter().flatten().zip(g.0.iter().flatten()) {
                close(*a, *b);
            }
            for (a, b) in gs[l].2.iter().flatten().zip(g.2.iter().flatten()) {
                close(*a, *b);
            }
            assert_eq!(gs[l].2.len(), lengths[l]);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
    tag: u32,
}

#[differentiable]
fn moved(p: Point, by: f64, all: &[Point]) -> Point {
    let mut q = p;
    q.x += by;
    if p.tag > 1 {
        for i in 0..all.len() {
            q.y += all[i].x * by;
        }
    }
    q
}

#[test]
fn structs_are_batched_by_item() {
    let point = |k: f64, tag| Point { x: k, y: -k, tag };
    let ps = [point(1.0, 1), point(2.0, 2), point(3.0, 3)];
    let others = vec![point(0.5, 0), point(0.25, 7)];
    let qs = moved::vmap(each(&ps), shared(2.0), shared(&others)).unwrap();
    let want: Vec<Point> = ps.iter().map(|&p| moved(p, 2.0, &others)).collect();
    assert_eq!(qs, want);
    let ragged = [others.clone(), vec![], vec![point(4.0, 2)]];
    let qs = moved::vmap(each(&ps), each(&[1.0, 2.0, 3.0]), each(&ragged)).unwrap();
    let want: Vec<Point> = (0..3)
        .map(|l| moved(ps[l], (l + 1) as f64, &ragged[l]))
        .collect();
    assert_eq!(qs, want);
    let none: [Point; 0] = [];
    let qs = moved::vmap(each(&none), shared(2.0), shared(&others)).unwrap();
    assert!(qs.is_empty());
}

#[differentiable]
fn energy(x: f64, w: &[f64]) -> f64 {
    let mut e = 0.0;
    for i in 0..w.len() {
        e += w[i] * (x * (i as f64)).sin();
    }
    if e > 0.5 { e * e } else { e.exp() }
}

/// A batch inside another function, so that the gradient of this one is that of the batch.
#[differentiable]
fn loss(xs: &[f64], w: &[f64]) -> f64 {
    let es = energy::vmap(each(xs), shared(w)).unwrap();
    let mut s = 0.0;
    for i in 0..es.len() {
        s += es[i] * es[i];
    }
    s
}

#[differentiable]
fn plain_loss(xs: &[f64], w: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        let e = energy(xs[i], w);
        s += e * e;
    }
    s
}

/// Items and results that are structs.
#[differentiable]
fn far(ps: &[Point], by: f64) -> f64 {
    let moved = moved::vmap(each(ps), shared(by), shared(ps)).unwrap();
    let mut s = 0.0;
    for i in 0..moved.len() {
        s += moved[i].x * moved[i].y;
    }
    s
}

#[differentiable]
fn plain_far(ps: &[Point], by: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..ps.len() {
        let q = moved(ps[i], by, ps);
        s += q.x * q.y;
    }
    s
}

#[test]
fn the_gradient_of_a_batch_inside_a_function() {
    let (xs, w) = ([0.3, 1.1, -0.7, 2.5], [0.4, -0.6, 1.2]);
    let close = |a: &[f64], b: &[f64]| {
        assert_eq!(a.len(), b.len());
        for (x, y) in a.iter().zip(b) {
            assert!((x - y).abs() <= 1e-12 * y.abs().max(1.0), "{a:?} {b:?}");
        }
    };
    close(&[loss(&xs, &w)], &[plain_loss(&xs, &w)]);
    let (dx, dw) = loss::gradient(&xs, &w).unwrap();
    let (px, pw) = plain_loss::gradient(&xs, &w).unwrap();
    close(&dx, &px);
    close(&dw, &pw);
    // The Hessian goes through the batch twice.
    let h = loss::hessian(&xs, &w).unwrap();
    let p = plain_loss::hessian(&xs, &w).unwrap();
    for i in 0..h.rows() {
        close(h.row(i), p.row(i));
    }
    let point = |k: f64, tag| Point { x: k, y: -k, tag };
    let ps = [point(1.0, 1), point(2.0, 2), point(3.0, 3)];
    close(&[far::call(&ps, 0.5).unwrap()], &[plain_far(&ps, 0.5)]);
}

#[test]
fn a_trap_of_a_lane_is_an_error_and_so_are_different_numbers_of_lanes() {
    #[differentiable]
    fn at(i: usize, xs: &[f64]) -> f64 {
        if i < 10 { xs[i] } else { 0.0 }
    }
    let xs = [1.0, 2.0, 3.0];
    for executor in ["interpreter", "jit"] {
        let run = |is: &[usize]| {
            let options = Options::new().executor(executor);
            at::with(&options).vmap((each(is), shared(&xs[..])))
        };
        assert_eq!(run(&[2, 0, 11]).unwrap(), [3.0, 1.0, 0.0]);
        assert!(matches!(run(&[2, 5, 11]), Err(Error::Trap(_))));
    }
    let three = [vec![1.0], vec![2.0], vec![3.0]];
    let e = energy::vmap(each(&[1.0, 2.0]), each(&three)).unwrap_err();
    assert!(e.to_string().contains("2 lanes"), "{e}");
    let e = energy::vmap(shared(1.0), shared(&[1.0][..])).unwrap_err();
    assert!(e.to_string().contains("no argument"), "{e}");
}

/// How long each takes: `cargo bench --bench vmap`.
#[test]
fn a_network_of_two_convolutions_as_one_batched_by_hand() {
    for name in list_executors() {
        let o = Options::new().executor(name);
        let data = Data::new(if name == "interpreter" { 3 } else { 160 });
        let (batch, by_hand) = (data.batch(&o).unwrap(), data.by_hand(&o).unwrap());
        assert_eq!(batch.len(), data.images.len());
        for ((y, h), image) in batch.iter().zip(by_hand).zip(&data.images) {
            assert_eq!(*y, h, "{name}");
            assert!((h - data.of(image)).abs() < 1e-12, "{name}");
        }
    }
}
