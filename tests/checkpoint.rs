//! Checkpoints in Rust functions: gradients equal those of the function without marks, on every executor.

use cotangent::{Options, checkpoint, differentiable, list_executors};

/// A pendulum by leapfrog, and how it ends; `slots` states are kept.
#[differentiable]
fn pendulum(start: f64, length: f64, steps: usize, slots: usize) -> f64 {
    let (mut q, mut v) = (start, 0.0);
    for _ in 0..steps {
        checkpoint::slots(slots);
        v -= 0.01 * q.sin() / length;
        q += 0.01 * v;
    }
    q
}

#[differentiable]
fn pendulum_plain(start: f64, length: f64, steps: usize) -> f64 {
    let (mut q, mut v) = (start, 0.0);
    for _ in 0..steps {
        v -= 0.01 * q.sin() / length;
        q += 0.01 * v;
    }
    q
}

/// Heat flows along a rod until its middle is warm: a `while` that stores into an array, and leaves early.
#[differentiable]
fn rod(conduct: f64, ends: &[f64], bytes: usize) -> f64 {
    let mut t = vec![0.0; 9];
    let mut time = 0.0;
    while t[4] < 0.5 {
        checkpoint::bytes(bytes);
        t[0] = ends[0];
        t[8] = ends[1];
        let old = t.clone();
        for i in 1..8 {
            t[i] += conduct * (old[i - 1] - 2.0 * old[i] + old[i + 1]);
        }
        time += 0.1 * t[4] * t[4];
        if time > 50.0 {
            break;
        }
    }
    time + t[3]
}

#[differentiable]
fn rod_plain(conduct: f64, ends: &[f64]) -> f64 {
    let mut t = vec![0.0; 9];
    let mut time = 0.0;
    while t[4] < 0.5 {
        t[0] = ends[0];
        t[8] = ends[1];
        let old = t.clone();
        for i in 1..8 {
            t[i] += conduct * (old[i - 1] - 2.0 * old[i] + old[i + 1]);
        }
        time += 0.1 * t[4] * t[4];
        if time > 50.0 {
            break;
        }
    }
    time + t[3]
}

/// A layer that is computed again.
#[differentiable]
fn layer(w: &[f64], x: &mut [f64]) {
    checkpoint::recompute();
    for i in 0..x.len() {
        let y = x[i] * w[i % w.len()];
        x[i] = y.tanh();
    }
}

#[differentiable]
fn network(w: &[f64], x: &[f64]) -> f64 {
    let mut x = x.to_vec();
    for _ in 0..4 {
        layer(w, &mut x);
    }
    x.iter().sum()
}

fn near(x: f64, y: f64) {
    assert!((x - y).abs() <= 1e-12 * x.abs().max(y.abs()), "{x} {y}");
}

fn on_each(f: impl Fn(&Options)) {
    for name in list_executors() {
        f(&Options::new().executor(name));
    }
}

#[test]
fn a_loop_that_counts() {
    on_each(|on| {
        for (steps, slots) in [(0, 3), (1, 1), (40, 0), (40, 1), (200, 4), (200, 300)] {
            let (y, g) = pendulum::with(on)
                .value_and_gradient((0.4, 1.3, steps, slots))
                .unwrap();
            let (z, h) = pendulum_plain::with(on)
                .value_and_gradient((0.4, 1.3, steps))
                .unwrap();
            near(y, z);
            near(g.0, h.0);
            near(g.1, h.1);
        }
    });
}

#[test]
fn a_loop_of_unknown_length() {
    on_each(|on| {
        for bytes in [0, 100, 800, 100_000] {
            let (y, g) = rod::with(on)
                .value_and_gradient((0.2, &[1.0, 0.7], bytes))
                .unwrap();
            let (z, h) = rod_plain::with(on)
                .value_and_gradient((0.2, &[1.0, 0.7]))
                .unwrap();
            near(y, z);
            near(g.0, h.0);
            near(g.1[0], h.1[0]);
            near(g.1[1], h.1[1]);
        }
    });
}

#[test]
fn a_function_computed_again() {
    let (w, x) = ([0.7, -1.2], [0.3, 0.9, -0.4]);
    on_each(|on| {
        let (gw, gx) = network::with(on).gradient((&w, &x)).unwrap();
        for k in 0..2 {
            let at = |d: f64| {
                let mut v = w;
                v[k] += d;
                network(&v, &x)
            };
            assert!((gw[k] - (at(1e-5) - at(-1e-5)) / 2e-5).abs() < 1e-9);
        }
        assert_eq!(gx.len(), 3);
    });
}
