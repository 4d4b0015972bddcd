//! The API of annotated functions, against derivatives by hand.

#![allow(
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    clippy::ptr_arg,
    reason = "programs as people write them"
)]

use cotangent::{Differentiable, Error, Options, differentiable};
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Differentiable, Clone, PartialEq, Debug)]
struct Model {
    w: Vec<f64>,
    bias: f64,
    order: usize,
}

/// `sum_i w_i x_i^order + bias`.
#[differentiable]
fn energy(m: &Model, xs: &[f64]) -> f64 {
    let mut y = m.bias;
    for i in 0..xs.len() {
        let mut p = 1.0;
        for _ in 0..m.order {
            p *= xs[i];
        }
        y += m.w[i] * p;
    }
    y
}

fn model() -> Model {
    Model {
        w: vec![2.0, -3.0],
        bias: 0.5,
        order: 2,
    }
}

#[test]
fn gradients_have_the_arguments_shapes() {
    let (m, xs) = (model(), [1.5, 2.0]);
    let (dm, dxs) = energy::gradient(&m, &xs).unwrap();
    let want = Model {
        w: vec![2.25, 4.0],
        bias: 1.0,
        order: 2,
    };
    assert_eq!((dm, dxs), (want.clone(), vec![6.0, -12.0]));
    let (y, (dm, _)) = energy::value_and_gradient(&m, &xs).unwrap();
    assert_eq!((y, dm), (energy(&m, &xs), want.clone()));
    assert_eq!(energy::gradient_wrt::<0>(&m, &xs).unwrap(), want);
    assert_eq!(energy::gradient_wrt::<1>(&m, &xs).unwrap(), [6.0, -12.0]);
    let (y, dxs) = energy::value_and_gradient_wrt::<1>(&m, &xs).unwrap();
    assert_eq!((y, dxs), (energy(&m, &xs), vec![6.0, -12.0]));
    assert_eq!(energy::call(&m, &xs).unwrap(), energy(&m, &xs));
}

#[test]
fn a_pullback_is_called_many_times() {
    let (m, xs) = (model(), [1.5, 2.0]);
    let (y, pull) = energy::pullback(&m, &xs).unwrap();
    assert_eq!(y, energy(&m, &xs));
    for k in [1.0, -2.0, 0.0] {
        let (dm, dxs) = pull.call(k).unwrap();
        assert_eq!((dm.bias, dxs), (k, vec![6.0 * k, -12.0 * k]));
    }
}

#[test]
fn jvp_takes_tangents_like_the_arguments() {
    let (m, xs) = (model(), vec![1.5, 2.0]);
    let dm = Model {
        w: vec![1.0, 1.0],
        bias: 10.0,
        order: 77, // ignored
    };
    let dxs = vec![0.5, -0.25];
    let (y, dy) = energy::jvp((&m, &xs), (&dm, &dxs)).unwrap();
    assert_eq!(y, energy(&m, &xs));
    assert_eq!(dy, 2.25 + 4.0 + 10.0 + 6.0 * 0.5 + 12.0 * 0.25);
}

#[differentiable]
fn rosenbrock(x: [f64; 2]) -> f64 {
    let a = 1.0 - x[0];
    let b = x[1] - x[0] * x[0];
    a * a + 100.0 * b * b
}

#[test]
fn second_order() {
    let x = [-1.2, 1.0];
    let h = rosenbrock::hessian(x).unwrap();
    let want = [
        [2.0 - 400.0 * (x[1] - 3.0 * x[0] * x[0]), -400.0 * x[0]],
        [-400.0 * x[0], 200.0],
    ];
    for (i, row) in want.iter().enumerate() {
        for (j, y) in row.iter().enumerate() {
            assert!((h[(i, j)] - y).abs() < 1e-9, "{h}");
        }
    }
    let v = [0.5, 2.0];
    let hv = rosenbrock::hvp(x, v).unwrap();
    for (row, y) in want.iter().zip(hv) {
        assert!((row[0] * v[0] + row[1] * v[1] - y).abs() < 1e-9);
    }
    let g: [f64; 2] = rosenbrock::gradient(x).unwrap();
    assert!((g[1] - 200.0 * (x[1] - x[0] * x[0])).abs() < 1e-12);
}

#[differentiable]
fn polar(r: f64, t: f64) -> [f64; 2] {
    [r * t.cos(), r * t.sin()]
}

#[differentiable]
fn squares(xs: &[f64]) -> Vec<f64> {
    xs.iter().map(|x| x * x).collect()
}

#[test]
fn jacobians() {
    let (r, t) = (2.0f64, 0.5f64);
    let j = polar::jacobian(r, t).unwrap();
    let want = [[t.cos(), -r * t.sin()], [t.sin(), r * t.cos()]];
    for (i, row) in want.iter().enumerate() {
        for (k, y) in row.iter().enumerate() {
            assert!((j[(i, k)] - y).abs() < 1e-15);
        }
    }
    assert_eq!(polar::jacobian_wrt::<0>(r, t).unwrap().columns(), 1);
    let j = squares::jacobian(&[1.0, 2.0, 3.0]).unwrap();
    assert_eq!(
        j.to_rows(),
        [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]
    );
    // A cotangent of the shape of the output, borrowed.
    let (_, pull) = squares::pullback(&[1.0, 2.0]).unwrap();
    assert_eq!(pull.call(&[1.0, 10.0][..]).unwrap(), [2.0, 40.0]);
}

#[differentiable]
fn step(x: &mut [f64], v: &mut f64, dt: f64) -> f64 {
    for i in 0..x.len() {
        x[i] += dt * *v;
    }
    *v = *v * 0.5;
    x[0] + *v
}

#[differentiable]
fn double(x: &mut Vec<f64>) {
    for i in 0..x.len() {
        x[i] *= 2.0;
    }
}

#[test]
fn changed_arguments_are_part_of_the_output() {
    let (y, x, v) = step::call(&[1.0, 2.0], &4.0, 0.5).unwrap();
    assert_eq!((y, x, v), (5.0, vec![3.0, 4.0], 2.0));
    let (_, pull) = step::pullback(&[1.0, 2.0], &4.0, 0.5).unwrap();
    let (dx, dv, dt) = pull.call((1.0, vec![0.0, 10.0], 100.0)).unwrap();
    assert_eq!((dx, dv, dt), (vec![1.0, 10.0], 0.5 + 5.5 + 50.0, 44.0));
    assert_eq!(double::call(&vec![1.0, 2.0]).unwrap(), [2.0, 4.0]);
    let (y, dy) = double::jvp(&vec![1.0, 2.0], &vec![0.5, 0.0]).unwrap();
    assert_eq!((y, dy), (vec![2.0, 4.0], vec![1.0, 0.0]));
}

#[differentiable]
fn mixed(n: i32, x: f64, on: bool) -> f64 {
    if on { x * n as f64 } else { x }
}

#[test]
fn discrete_arguments_have_unit_gradients() {
    assert_eq!(mixed::gradient(3, 2.0, true).unwrap(), ((), 3.0, ()));
    let (y, dy) = mixed::jvp((3, 2.0, true), ((), 0.5, ())).unwrap();
    assert_eq!((y, dy), (6.0, 1.5));
    let (): () = mixed::gradient_wrt::<0>(3, 2.0, true).unwrap();
}

#[differentiable]
fn power<T: cotangent::Float>(x: T, n: i32) -> T {
    let mut y = x;
    for _ in 1..n {
        y = y * x;
    }
    y
}

#[test]
fn generic_functions() {
    assert_eq!(power::gradient(3.0f64, 2).unwrap(), (6.0, ()));
    assert_eq!(power::gradient(3.0f32, 3).unwrap(), (27.0f32, ()));
    let (y, dy) = power::jvp((2.0f64, 3), (1.0, ())).unwrap();
    assert_eq!((y, dy), (8.0, 12.0));
}

#[differentiable]
fn pick(xs: &[f64], i: usize) -> f64 {
    let mut s = 0.0;
    for k in 0..i {
        s += xs[k] * xs[k];
    }
    s
}
#[differentiable]
fn forever(x: f64) -> f64 {
    let mut y = x;
    while y > 0.0 {
        y = (y + 1.0).sqrt();
    }
    y
}
#[differentiable]
fn deep(x: f64, n: u64) -> f64 {
    if n == 0 {
        x
    } else {
        deep(x * 1.0, n - 1) + 1.0
    }
}

#[test]
fn mistakes_are_answered_with_the_place() {
    let xs = [1.0, 2.0];
    for e in [
        pick::call(&xs, 3).unwrap_err(),
        pick::gradient(&xs, 3).unwrap_err(),
    ] {
        let text = e.to_string();
        assert!(
            text.starts_with("index 2 out of range for length 2"),
            "{text}"
        );
        assert!(text.contains("tests/api.rs:"), "{text}");
        let Error::Trap(t) = e else { panic!("{text}") };
        assert!(t.line > 0 && t.func.starts_with("pick"), "{text}");
    }
    let e = pick::jvp((&xs, 2), (&[1.0, 0.0, 0.0], ())).unwrap_err();
    assert_eq!(
        e.to_string(),
        "`pick`: tangent 0 must be f64[2], it is f64[3]"
    );
    let small = Options::new().fuel(10_000);
    let e = forever::with(&small).gradient((1.0,)).unwrap_err();
    assert!(
        e.to_string().starts_with("out of fuel after 10000 steps"),
        "{e}"
    );
    let e = deep::call(1.0, 1_000_000).unwrap_err();
    assert!(
        e.to_string().contains("calls nest deeper than the limit"),
        "{e}"
    );
    let e = deep::with(&Options::new().depth(10))
        .gradient((1.0, 50))
        .unwrap_err();
    assert!(e.to_string().contains("limit of 10"), "{e}");
    let e = forever::with(&Options::new().executor("abacus"))
        .call((1.0,))
        .unwrap_err();
    assert!(matches!(e, Error::UnknownExecutor { .. }), "{e}");
}

#[test]
fn nan_is_a_value() {
    let (y, g) = rosenbrock::value_and_gradient([f64::NAN, 1.0]).unwrap();
    assert!(y.is_nan() && g[0].is_nan());
}

#[test]
fn the_program_as_text() {
    let ir = rosenbrock::ir().unwrap();
    assert!(ir.contains("@rosenbrock("), "{ir}");
    assert!(!ir.contains("slot"), "{ir}");
    let ir = rosenbrock::gradient_ir().unwrap();
    assert!(ir.contains("@rosenbrock.gradient("), "{ir}");
}

/// An executor that counts how often it is asked to prepare.
#[derive(Debug)]
struct Counting(AtomicUsize);
impl cotangent::Executor for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }
    fn prepare(
        &self,
        m: &cotangent::core::ir::Module,
    ) -> cotangent::Result<std::sync::Arc<dyn cotangent::Prepared>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        cotangent::Interpreter.prepare(m)
    }
}

#[differentiable]
fn counted(x: f64) -> f64 {
    x * x * x
}

#[test]
fn a_request_is_compiled_once_also_from_many_threads() {
    let e = std::sync::Arc::new(Counting(AtomicUsize::new(0)));
    cotangent::register_executor(e.clone());
    assert!(cotangent::list_executors().contains(&"counting"));
    let o = Options::new().executor("counting");
    std::thread::scope(|s| {
        for i in 0..8 {
            let o = &o;
            s.spawn(move || {
                let x = f64::from(i);
                assert_eq!(counted::with(o).gradient((x,)).unwrap(), 3.0 * x * x);
            });
        }
    });
    assert_eq!(e.0.load(Ordering::SeqCst), 1);
    counted::with(&o).call((2.0,)).unwrap();
    counted::with(&o).hessian((2.0,)).unwrap();
    counted::with(&o).gradient((2.0,)).unwrap();
    assert_eq!(e.0.load(Ordering::SeqCst), 3);
}
