//! Zygote's public functions, one test for each, named after it: what stands here for it, and that it gives the same.
//!
//! `gradient`, `pullback`, closures, structs and control flow have their tests in `zygote_features`; matrices of derivatives in `matrices`, checkpoints
//! in `checkpoint`. `Params`, `Grads`, `Context`, `refresh` and `@which` are Zygote's own machinery and have no counterpart: parameters are
//! arguments, and a program is made once.

#![allow(
    clippy::needless_range_loop,
    clippy::ptr_arg,
    reason = "programs as people write them"
)]

use cotangent::{Differentiable, debug, differentiable, hook, ignore};
use std::sync::atomic::{AtomicUsize, Ordering};

#[differentiable]
fn f(x: f64, y: f64) -> f64 {
    x * x * y + y.sin()
}
#[differentiable]
fn both(x: f64, y: f64) -> [f64; 2] {
    [x * y, x.exp()]
}

#[test]
fn gradient_and_withgradient() {
    assert_eq!(f::gradient(2.0, 3.0).unwrap(), (12.0, 4.0 + 3.0_f64.cos()));
    let (value, gradient) = f::value_and_gradient(2.0, 3.0).unwrap();
    assert_eq!((value, gradient.0), (f(2.0, 3.0), 12.0));
}

#[test]
fn pullback_and_pushforward() {
    let (value, back) = both::pullback(2.0, 3.0).unwrap();
    assert_eq!(value, both(2.0, 3.0));
    assert_eq!(back.call([1.0, 0.0]).unwrap(), (3.0, 2.0));
    let (_, tangent) = both::jvp((2.0, 3.0), (1.0, 0.5)).unwrap();
    assert_eq!(tangent, [4.0, 2.0_f64.exp()]);
}

#[test]
fn jacobian_and_withjacobian() {
    let j = both::jacobian(2.0, 3.0).unwrap();
    assert_eq!(j.to_rows(), [[3.0, 2.0], [2.0_f64.exp(), 0.0]]);
    // Of one argument; the value is a call.
    let j = both::with(&cotangent::Options::new())
        .jacobian_wrt::<1>((2.0, 3.0))
        .unwrap();
    assert_eq!(j.to_rows(), [[2.0], [0.0]]);
    assert_eq!(both::call(2.0, 3.0).unwrap(), [6.0, 2.0_f64.exp()]);
}

/// The gradient in reverse, to be differentiated in reverse.
#[differentiable]
fn gradient_of_f(x: f64, y: f64) -> [f64; 2] {
    let (a, b) = f::gradient(x, y).unwrap();
    [a, b]
}

#[test]
fn hessian_dual_and_hessian_reverse() {
    let want = [[6.0, 4.0], [4.0, -3.0_f64.sin()]];
    assert_eq!(f::hessian(2.0, 3.0).unwrap().to_rows(), want);
    let (_, back) = gradient_of_f::pullback(2.0, 3.0).unwrap();
    let rows = [[1.0, 0.0], [0.0, 1.0]].map(|ct| back.call(ct).unwrap());
    assert_eq!(rows.map(|(a, b)| [a, b]), want);
}

#[test]
fn diaghessian() {
    assert_eq!(
        f::hessian_diagonal(2.0, 3.0).unwrap(),
        (6.0, -3.0_f64.sin())
    );
}

#[differentiable(forward)]
fn few_in(x: f64) -> [f64; 3] {
    let mut y = x;
    for _ in 0..10 {
        y = (y + x / y) * 0.5;
    }
    [y, y * y, x]
}
#[differentiable]
fn forward_inside(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        let [a, b, c] = few_in(xs[i]);
        s += a * b * c;
    }
    s
}

#[test]
fn forwarddiff_and_forward_jacobian() {
    // sqrt(x) x x, differentiated forward within reverse mode.
    let g = forward_inside::gradient(&[4.0, 9.0]).unwrap();
    assert!(
        (g[0] - 2.5 * 8.0).abs() < 1e-12 && (g[1] - 2.5 * 27.0).abs() < 1e-12,
        "{g:?}"
    );
    let j = few_in::jacobian(4.0).unwrap();
    assert!((j[(0, 0)] - 0.25).abs() < 1e-12 && (j[(1, 0)] - 1.0).abs() < 1e-12);
}

static CALLS: AtomicUsize = AtomicUsize::new(0);
#[differentiable(opaque)]
fn counted() {
    CALLS.fetch_add(1, Ordering::Relaxed);
}
#[differentiable]
fn inner(x: f64) -> f64 {
    cotangent::checkpoint::recompute();
    counted();
    x.sin() * x
}
#[differentiable]
fn outer(x: f64) -> f64 {
    inner(x) * x
}

#[test]
fn checkpointed() {
    let before = CALLS.load(Ordering::Relaxed);
    let g = outer::gradient(0.5).unwrap();
    assert!((g - (0.25 * 0.5_f64.cos() + 2.0 * 0.5 * 0.5_f64.sin())).abs() < 1e-14);
    // Once for the value, once more on the way back.
    assert_eq!(CALLS.load(Ordering::Relaxed) - before, 2);
}

#[differentiable]
fn buffered(x: f64) -> f64 {
    let mut buffer = vec![0.0; 3];
    for i in 0..3 {
        buffer[i] = x * (i + 1) as f64;
    }
    buffer[1] *= buffer[2];
    let frozen = buffer.clone();
    buffer[1] = 0.0;
    frozen[1] + buffer[0] + buffer[1]
}

#[test]
fn buffer_and_copy() {
    assert_eq!(buffered::gradient(2.0).unwrap(), 6.0 * 4.0 + 1.0);
}

#[differentiable]
fn negative(g: f64) -> f64 {
    -g
}
#[differentiable]
fn hooked(x: f64, y: f64) -> f64 {
    hook(x, negative) * y
}
#[differentiable]
fn shown(x: f64) -> f64 {
    debug::cotangent("square", x * x) * 3.0
}

#[test]
fn hook_and_showgrad() {
    assert_eq!(hooked::gradient(2.0, 3.0).unwrap(), (-3.0, 2.0));
    let (g, seen) = debug::collect(|| shown::gradient(5.0).unwrap());
    assert_eq!((g, seen.len()), (30.0, 1));
    assert!(
        seen[0].to_string().starts_with("cotangent of square at "),
        "{}",
        seen[0]
    );
}

/// 0 in a plain run, 1 where a derivative is taken: as users of Zygote write it, with a rule.
#[differentiable(jvp = deriving_jvp)]
fn deriving(x: f64) -> [f64; 2] {
    [x, 0.0]
}
#[differentiable]
fn deriving_jvp(x: f64, dx: f64) -> ([f64; 2], [f64; 2]) {
    ([x, 1.0], [dx, 0.0])
}
#[differentiable]
fn asks(x: f64) -> f64 {
    let [y, flag] = deriving(x);
    if flag > 0.5 { y * 100.0 } else { y }
}

#[test]
fn isderiving() {
    assert_eq!(asks::call(2.0).unwrap(), 2.0);
    assert_eq!(asks::gradient(2.0).unwrap(), 100.0);
    assert_eq!(asks::jvp(2.0, 1.0).unwrap(), (200.0, 100.0));
}

#[differentiable(vjp = doubled_vjp)]
fn doubled(xs: &mut Vec<f64>) {
    for i in 0..xs.len() {
        xs[i] *= 2.0;
    }
}
/// The rule of a function that changes its argument: from the cotangent afterwards to that before.
#[differentiable]
fn doubled_vjp(xs: Vec<f64>, after: Vec<f64>) -> Vec<f64> {
    let mut before = after;
    for i in 0..xs.len() {
        before[i] *= 2.0;
    }
    before
}
#[differentiable]
fn uses_doubled(xs: &[f64]) -> f64 {
    let mut ys = xs.to_vec();
    doubled(&mut ys);
    doubled(&mut ys);
    ys[0] * xs[1]
}

#[test]
fn adjoint_and_mutating_adjoint() {
    assert_eq!(uses_doubled(&[3.0, 5.0]), 60.0);
    assert_eq!(uses_doubled::gradient(&[3.0, 5.0]).unwrap(), [20.0, 12.0]);
}

#[differentiable(non_differentiable)]
fn steps(x: f64) -> f64 {
    x.floor()
}
#[differentiable]
fn ignoring(x: f64) -> f64 {
    let w = ignore(|| x * x);
    w * x + steps(x) * x
}

#[test]
fn ignore_dropgrad_and_nograd() {
    assert_eq!(ignoring::gradient(2.5).unwrap(), 6.25 + 2.0);
}

#[test]
fn code_ir_and_code_adjoint() {
    assert!(f::ir().unwrap().contains("func @f("));
    assert!(f::gradient_ir().unwrap().contains("cosine"));
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Model {
    w: Vec<f64>,
    b: f64,
    name: usize,
}
#[differentiable]
fn loss(m: &Model, x: &[f64]) -> f64 {
    let mut y = m.b;
    for i in 0..x.len() {
        y += m.w[i] * x[i];
    }
    y * y
}

#[test]
fn gradients_have_the_form_of_the_arguments() {
    let m = Model {
        w: vec![1.0, 2.0],
        b: 0.5,
        name: 7,
    };
    let (dm, dx) = loss::gradient(&m, &[1.0, -1.0]).unwrap();
    let want = Model {
        w: vec![-1.0, 1.0],
        b: -1.0,
        name: 7,
    };
    assert_eq!((dm, dx), (want, vec![-1.0, -2.0]));
}
