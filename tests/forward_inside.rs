//! Forward mode inside reverse mode: functions marked `forward`. Their derivatives are those of the same functions without the mark, of any order, and
//! nothing of what they compute inside is saved.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

use cotangent::check::Check;
use cotangent::{Options, differentiable, list_executors};

/// The cube root by Newton's iteration: one number in, one out, a hundred steps between.
#[differentiable(forward)]
fn root(a: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..100 {
        x -= (x * x * x - a) / (3.0 * x * x);
    }
    x
}
#[differentiable]
fn root_in_reverse(a: f64) -> f64 {
    let mut x = 1.0;
    for _ in 0..100 {
        x -= (x * x * x - a) / (3.0 * x * x);
    }
    x
}
#[differentiable]
fn roots(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        s += root(xs[i] * xs[i] + 1.0) * xs[i];
    }
    s
}
#[differentiable]
fn roots_in_reverse(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        s += root_in_reverse(xs[i] * xs[i] + 1.0) * xs[i];
    }
    s
}

/// A thrown body with drag: three numbers in (one of them whole), an array and a number out.
#[differentiable(forward)]
fn thrown(v: f64, angle: f64, steps: usize, drag: f32) -> (Vec<f64>, f64) {
    let (mut x, mut y) = (0.0, 0.0);
    let (mut vx, mut vy) = (v * angle.cos(), v * angle.sin());
    let mut path = vec![0.0; 4];
    for k in 0..steps {
        let speed = (vx * vx + vy * vy).sqrt();
        vx -= 0.01 * f64::from(drag) * speed * vx;
        vy -= 0.01 * (9.81 + f64::from(drag) * speed * vy);
        x += 0.01 * vx;
        y += 0.01 * vy;
        if k % 25 == 0 && k / 25 < 4 {
            path[k / 25] = y;
        }
    }
    (path, x)
}
#[differentiable]
fn aim(params: &[f64], drag: f32) -> f64 {
    let (path, x) = thrown(params[0].exp(), params[1] * 0.5, 100, drag);
    let mut miss = (x - 5.0) * (x - 5.0);
    for h in &path {
        miss += h * h * 0.1;
    }
    miss
}

/// Arrays of known length, a matrix among them; more numbers than are written out one by one.
#[differentiable(forward)]
fn mixed(a: [[f64; 3]; 3], x: [f64; 3], t: f64, xs: [f64; 8]) -> f64 {
    let mut x = x;
    let mut s = 0.0;
    for _ in 0..5 {
        let mut y = [0.0; 3];
        for i in 0..3 {
            for j in 0..3 {
                y[i] += a[i][j] * x[j];
            }
            y[i] = (y[i] * t).tanh();
        }
        x = y;
        s += x[0];
    }
    for k in 0..8 {
        s += xs[k] * xs[k] * x[1];
    }
    s
}
#[differentiable]
fn of_mixed(w: &[f64]) -> f64 {
    let mut a = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            a[i][j] = w[3 * i + j];
        }
    }
    mixed(
        a,
        [w[9], w[10], 1.0],
        w[11],
        [w[12], 0.5, w[0], 1.0, w[2], 2.0, -1.0, w[3]],
    ) * w[1]
}

#[test]
fn derivatives_are_those_without_the_mark() {
    let xs = [0.5, -1.5, 2.0];
    for name in list_executors() {
        let o = Options::new().executor(name);
        let found = roots::with(&o).gradient((&xs,)).unwrap();
        let want = roots_in_reverse::with(&o).gradient((&xs,)).unwrap();
        for (f, w) in found.iter().zip(&want) {
            assert!((f - w).abs() < 1e-12, "{name}: {found:?} {want:?}");
        }
        let check = Check {
            order: 2,
            ..Check::default()
        };
        let report = aim::with(&o)
            .check_gradients((&[2.0, 1.2], 0.05), &check)
            .unwrap();
        assert!(report.forward && report.reverse);
        let w: Vec<f64> = (0..13).map(|i| (i as f64 * 0.7).sin()).collect();
        of_mixed::with(&o)
            .check_gradients((&w,), &Check::default())
            .unwrap();
        // By itself: the derivative of 1 cube root of a.
        let d = root::with(&o).gradient((8.0,)).unwrap();
        assert!((d - 1.0 / 12.0).abs() < 1e-15, "{name}: {d}");
        // Reverse over reverse, and forward over reverse.
        let h = roots::with(&o).hessian((&xs,)).unwrap();
        let g = roots_in_reverse::with(&o).hessian((&xs,)).unwrap();
        for (f, w) in h.as_slice().iter().zip(g.as_slice()) {
            assert!((f - w).abs() < 1e-10, "{name}: {f} {w}");
        }
    }
    #[differentiable]
    fn second(a: f64) -> f64 {
        root::gradient(a * 2.0).unwrap()
    }
    // a root: (2a)^(-2/3) / 3; its derivative at 4 is -4/9 8^(-5/3).
    assert!((second::gradient(4.0).unwrap() + 4.0 / 9.0 / 32.0).abs() < 1e-14);
}

#[test]
fn nothing_of_the_inside_is_saved() {
    // Without the mark each step of the inner loop pushes what it needs.
    let text = roots::gradient_ir().unwrap();
    let without = roots_in_reverse::gradient_ir().unwrap();
    let stacks = |text: &str| text.matches("stack<").count();
    assert!(stacks(&without) > stacks(&text), "{text}");
    assert!(text.contains(" rule forward"), "{text}");
    let back = cotangent::core::text::parse(&text).unwrap();
    assert_eq!(cotangent::core::text::print(&back), text);
}

#[test]
fn what_cannot_be_is_said() {
    #[differentiable(forward)]
    fn any_length(xs: &[f64]) -> f64 {
        xs.iter().sum()
    }
    #[differentiable]
    fn uses(xs: &[f64]) -> f64 {
        any_length(xs)
    }
    let e = uses::gradient(&[1.0]).unwrap_err().to_string();
    assert!(
        e.contains("any_length") && e.contains("arrays of known length"),
        "{e}"
    );
    // Forward there is nothing to ask.
    assert_eq!(uses::jvp(&[1.0, 2.0], &[1.0, 1.0]).unwrap(), (3.0, 2.0));
}

#[test]
fn in_a_batch() {
    let ys = root::vmap_gradient(cotangent::each(&[8.0, 27.0])).unwrap();
    for (y, want) in ys.iter().zip([1.0 / 12.0, 1.0 / 27.0]) {
        assert!((y - want).abs() < 1e-14);
    }
    let gs = roots::vmap_gradient(cotangent::each(&[vec![0.5, 1.0], vec![2.0, -1.0]])).unwrap();
    for (g, xs) in gs.iter().zip([[0.5, 1.0], [2.0, -1.0]]) {
        let want = roots::gradient(&xs).unwrap();
        assert!(g.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
