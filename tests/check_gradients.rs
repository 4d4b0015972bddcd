//! Checks of derivatives as users call them: right ones pass, wrong ones are named.

use cotangent::check::{Check, check_gradients, check_rule};
use cotangent::core::value::Val;
use cotangent::{Differentiable, Error, Options, Wrt, differentiable, list_executors};

#[derive(Differentiable, Clone)]
struct Net {
    w: Vec<f64>,
    layers: i64,
    b: f64,
}

#[differentiable]
fn loss(m: &Net, xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, x) in xs.iter().enumerate() {
        let mut h = *x;
        for _ in 0..m.layers {
            h = (m.w[i] * h + m.b).tanh();
        }
        s += h * h;
    }
    s
}

#[differentiable]
fn pair(x: f32, y: f32) -> (f32, f32) {
    (x * y.exp(), x / (1.0 + y * y))
}

#[differentiable(vjp = wrong_vjp)]
fn wrong(x: f64, ys: &[f64]) -> f64 {
    let mut s = x;
    for y in ys {
        s += y * y;
    }
    s
}
#[differentiable]
fn wrong_vjp(_x: f64, ys: &[f64], ct: f64) -> (f64, Vec<f64>) {
    let mut g: Vec<f64> = ys.iter().map(|y| 2.0 * y * ct).collect();
    if g.len() > 70 {
        g[70] += 0.5;
    }
    if g.len() == 3 {
        g[1] = 0.0;
    }
    (ct, g)
}

#[differentiable(jvp = right_jvp)]
fn right(x: f64) -> f64 {
    x.sqrt()
}
#[differentiable]
fn right_jvp(x: f64, dx: f64) -> (f64, f64) {
    (right(x), dx / (2.0 * right(x)))
}

#[differentiable(jvp = lying_jvp)]
fn lying(x: f64) -> f64 {
    x * x * x
}
#[differentiable]
fn lying_jvp(x: f64, dx: f64) -> (f64, f64) {
    (lying(x), 3.0 * x * x * dx * 1.001)
}

#[differentiable]
fn kink(x: f64) -> f64 {
    if x > 0.0 { x } else { -x }
}

fn net() -> (Net, Vec<f64>) {
    let w = vec![0.5, -0.25, 0.75, 1.0];
    let m = Net {
        w,
        layers: 3,
        b: 0.125,
    };
    (m, vec![1.0, 2.0, -1.0, 0.5])
}

#[test]
fn right_derivatives_pass_on_every_executor_to_order_three() {
    let (m, xs) = net();
    let how = Check {
        order: 3,
        ..Check::default()
    };
    for name in list_executors() {
        let o = Options::new().executor(name);
        let how = if name == "c" {
            Check::default()
        } else {
            how.clone()
        };
        let r = loss::with(&o).check_gradients((&m, &xs), &how).unwrap();
        assert!(r.forward && r.reverse && r.error < 1e-6, "{name} {r:?}");
        assert!(r.elements >= 9, "{r:?}");
        pair::with(&o)
            .check_gradients((0.5, 1.25), &Check::default())
            .unwrap();
    }
    loss::check_gradients(&m, &xs).unwrap();
}

#[test]
fn a_wrong_rule_is_named_with_its_place_and_numbers() {
    let Err(Error::Check(e)) = check_gradients::<wrong>((1.0, &[1.0, 2.0, 3.0]), &Check::default())
    else {
        panic!("the rule is wrong")
    };
    assert_eq!(
        (e.function.as_str(), e.order, e.mode),
        ("wrong", 1, "reverse mode")
    );
    assert_eq!(e.place, Some((1, "[1]".to_string())));
    assert_eq!(e.got, 0.0);
    assert!((e.want - 4.0).abs() < 1e-9 && e.bound < 1e-5, "{e}");
    // Found by a random direction, then looked for.
    let many = [0.5; 100];
    let how = Check {
        elements: 1,
        ..Check::default()
    };
    let Err(Error::Check(e)) = check_rule::<wrong>((1.0, &many), &how) else {
        panic!("the rule is wrong")
    };
    assert_eq!(e.place, Some((1, "[70]".to_string())));
    let text = e.to_string();
    assert!(
        text.contains("`wrong`") && text.contains("argument 1 at `[70]`"),
        "{text}"
    );
    assert!(wrong::check_gradients(1.0, &[1.0, 2.0]).is_ok());
}

#[test]
fn rules_are_checked_in_the_modes_they_have() {
    let r = check_rule::<right>((2.0,), &Check::default()).unwrap();
    assert!(r.forward);
    assert!(check_rule::<right>((1e-30,), &Check::default()).is_err());
    let r = wrong::check_rule(1.0, &[1.0]).unwrap();
    assert!(r.reverse && !r.forward);
    let Err(Error::Check(e)) = lying::check_rule(2.0) else {
        panic!("the rule is wrong")
    };
    assert!(
        (e.got - 12.012).abs() < 1e-9 && (e.want - 12.0).abs() < 1e-6,
        "{e}"
    );
    let e = check_rule::<kink>((1.0,), &Check::default()).unwrap_err();
    assert!(e.to_string().contains("no rule of its own"), "{e}");
}

#[test]
fn near_a_kink_smaller_steps_are_tried_and_on_it_nothing_passes() {
    kink::check_gradients(1e-4).unwrap();
    assert!(matches!(kink::check_gradients(0.0), Err(Error::Check(_))));
}

#[test]
fn programs_in_text_are_checked_too() {
    let o = Options::new();
    let f =
        cotangent::Function::parse(&cotangent::function::<right>().unwrap().ir(), "right").unwrap();
    let r = f
        .check_rule(vec![Val::from(3.0)], &Wrt::All, &Check::default(), &o)
        .unwrap();
    assert!(r.forward);
}
