//! Derivatives nested three deep, forward and reverse in each of the eight orders, of programs with loops, mutation, recursion and structs,
//! on every executor. The third derivative along fixed directions is one number, whatever the order: it is compared with the formula, and
//! through random points with differences of the second.

#![allow(
    clippy::needless_range_loop,
    clippy::useless_vec,
    reason = "programs as people write them"
)]

use cotangent::{Differentiable, Options, differentiable, list_executors};

/// Each program is a function of one number here: the argument goes into all of its parts.
#[derive(Differentiable, Clone, Debug)]
struct Cell {
    level: f64,
    weights: [f64; 3],
}

/// Loops that store into arrays, a `while` with a `break`, a field that changes.
#[differentiable]
fn mutating(x: f64) -> f64 {
    let mut a = vec![x; 4];
    let mut c = Cell {
        level: 0.5 * x,
        weights: [1.0, x, 2.0],
    };
    for i in 1..4 {
        a[i] = a[i - 1] * a[i] + c.weights[i - 1].sin();
        c.weights[i - 1] += c.level;
    }
    let mut i = 0;
    while i < 10 {
        if i == 3 {
            break;
        }
        c.level += a[i] * c.weights[i];
        i += 1;
    }
    a.swap(0, 3);
    c.level * a[0] + c.level.exp() * 1e-3
}

/// A stack that grows and shrinks, branches that depend on counts, an early return.
#[differentiable]
fn stacking(x: f64) -> f64 {
    let mut stack = Vec::new();
    for k in 0..5 {
        stack.push(x * k as f64);
        if k % 2 == 1 {
            let top = stack.pop().unwrap();
            stack[0] += top.cos() * x;
        }
    }
    if stack.len() > 100 {
        return 0.0;
    }
    let mut p = 1.0;
    for v in &stack {
        p = p * (1.0 + 0.1 * v * v) + v;
    }
    p
}

/// Recursion: the Chebyshev polynomial of degree 4 and its neighbours.
#[differentiable]
fn chebyshev(n: u32, x: f64) -> f64 {
    if n == 0 {
        1.0
    } else if n == 1 {
        x
    } else {
        2.0 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x)
    }
}
#[differentiable]
fn recursive(x: f64) -> f64 {
    chebyshev(4, x) + chebyshev(5, x) * 0.25
}

/// First derivatives of `$f` in both modes, and second ones of those; the name says the modes, outermost first.
macro_rules! three_deep {
    ($module:ident, $f:ident) => {
        mod $module {
            use super::$f;
            use cotangent::differentiable;

            #[differentiable]
            fn f(x: f64) -> f64 {
                let (_, dy) = $f::jvp(x, 1.0).unwrap();
                dy
            }
            #[differentiable]
            fn r(x: f64) -> f64 {
                $f::gradient(x).unwrap()
            }
            #[differentiable]
            fn ff(x: f64) -> f64 {
                let (_, dy) = f::jvp(x, 1.0).unwrap();
                dy
            }
            #[differentiable]
            fn fr(x: f64) -> f64 {
                let (_, dy) = r::jvp(x, 1.0).unwrap();
                dy
            }
            #[differentiable]
            fn rf(x: f64) -> f64 {
                f::gradient(x).unwrap()
            }
            #[differentiable]
            fn rr(x: f64) -> f64 {
                r::gradient(x).unwrap()
            }

            /// Second and third derivatives in every order of the modes.
            pub fn all(x: f64, o: &cotangent::Options) -> Derivatives {
                let (d2ff, fff) = ff::with(o).jvp((x,), (1.0,)).unwrap();
                let (d2fr, ffr) = fr::with(o).jvp((x,), (1.0,)).unwrap();
                let (d2rf, frf) = rf::with(o).jvp((x,), (1.0,)).unwrap();
                let (d2rr, frr) = rr::with(o).jvp((x,), (1.0,)).unwrap();
                let third = [
                    ("forward forward forward", fff),
                    ("forward forward reverse", ffr),
                    ("forward reverse forward", frf),
                    ("forward reverse reverse", frr),
                    (
                        "reverse forward forward",
                        ff::with(o).gradient((x,)).unwrap(),
                    ),
                    (
                        "reverse forward reverse",
                        fr::with(o).gradient((x,)).unwrap(),
                    ),
                    (
                        "reverse reverse forward",
                        rf::with(o).gradient((x,)).unwrap(),
                    ),
                    (
                        "reverse reverse reverse",
                        rr::with(o).gradient((x,)).unwrap(),
                    ),
                ];
                ([d2ff, d2fr, d2rf, d2rr], third)
            }
            use super::Derivatives;
        }
    };
}

/// Second derivatives in four orders, third ones in eight.
type Derivatives = ([f64; 4], [(&'static str, f64); 8]);

three_deep!(of_mutating, mutating);
three_deep!(of_stacking, stacking);
three_deep!(of_recursive, recursive);

#[track_caller]
fn near(found: f64, want: f64, limit: f64, what: &str) {
    assert!(
        (found - want).abs() <= limit * want.abs().max(1.0),
        "{what}: {found} instead of {want}"
    );
}

/// The derivative by differences of the fourth order.
fn slope(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1e-3;
    (f(-2.0 * h) - 8.0 * f(-h) + 8.0 * f(h) - f(2.0 * h)) / (12.0 * h)
}

fn check(name: &str, all: fn(f64, &Options) -> Derivatives, plain: fn(f64) -> f64) {
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let x = 0.7;
        let (second, third) = all(x, &o);
        let d2 = slope(|h| slope(|k| plain(x + h + k)));
        for d in second {
            near(d, d2, 1e-6, &format!("{name} on {executor}, second"));
            near(
                d,
                second[0],
                1e-12,
                &format!("{name} on {executor}, second in another order"),
            );
        }
        let d3 = slope(|h| all(x + h, &o).0[0]);
        for (order, d) in third {
            near(d, d3, 1e-8, &format!("{name} on {executor}, {order}"));
            near(
                d,
                third[0].1,
                1e-12,
                &format!("{name} on {executor}, {order} as the others"),
            );
        }
    }
}

#[test]
fn three_deep_in_every_order_with_mutation() {
    check("mutating", of_mutating::all, mutating);
}

#[test]
fn three_deep_in_every_order_with_a_stack() {
    check("stacking", of_stacking::all, stacking);
}

#[test]
fn three_deep_in_every_order_with_recursion() {
    check("recursive", of_recursive::all, recursive);
    // The third derivatives of T4 and T5 are 192 x and 960 x^2 - 120.
    let (_, third) = of_recursive::all(0.5, &Options::new());
    for (order, d) in third {
        near(d, 96.0 + 0.25 * 120.0, 1e-12, order);
    }
}

/// Of arrays: the third derivative along directions, forward and reverse mixed.
#[differentiable]
fn field(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    for i in 1..ys.len() {
        ys[i] = ys[i] * ys[i - 1].sin() + ys[0];
        ys[0] *= 1.0 + 0.1 * ys[i];
    }
    ys.iter().map(|y| y * y).sum()
}
#[differentiable]
fn field_forward(xs: &[f64], u: &[f64]) -> f64 {
    let (_, dy) = field::jvp(xs, u).unwrap();
    dy
}
#[differentiable]
fn field_reverse(xs: &[f64], u: &[f64]) -> f64 {
    let g = field::gradient(xs).unwrap();
    let mut s = 0.0;
    for i in 0..g.len() {
        s += g[i] * u[i];
    }
    s
}
#[differentiable]
fn reverse_over_forward(xs: &[f64], u: &[f64]) -> f64 {
    let (gx, _) = field_forward::gradient(xs, u).unwrap();
    let mut s = 0.0;
    for i in 0..gx.len() {
        s += gx[i] * u[i];
    }
    s
}
#[differentiable]
fn forward_over_reverse(xs: &[f64], u: &[f64]) -> f64 {
    let zero = vec![0.0; u.len()];
    let (_, dy) = field_reverse::jvp((xs, u), (u, &zero)).unwrap();
    dy
}

#[test]
fn three_deep_of_arrays() {
    let (xs, u) = ([0.3, -0.8, 1.1], [1.0, -0.5, 0.25]);
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let third = [
            reverse_over_forward::with(&o)
                .gradient((&xs, &u))
                .unwrap()
                .0,
            forward_over_reverse::with(&o)
                .gradient((&xs, &u))
                .unwrap()
                .0,
        ];
        for i in 0..3 {
            let want = slope(|h| {
                let mut xs = xs;
                xs[i] += h;
                reverse_over_forward::with(&o).call((&xs, &u)).unwrap()
            });
            for g in &third {
                near(g[i], want, 1e-8, &format!("{executor}, element {i}"));
            }
        }
    }
}
