//! What a user says of derivatives: a rule of their own, functions that are no programs (calls of C), functions without a derivative,
//! hooks, parts to ignore. Each on every executor.

#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

use cotangent::check::{Check, check_rule};
use cotangent::{
    Differentiable, Error, Function, Options, core::value::Val, differentiable, hook, ignore,
    list_executors, stop_gradient,
};
use std::sync::atomic::{AtomicUsize, Ordering};

fn everywhere(f: impl Fn(&Options)) {
    for executor in list_executors() {
        f(&Options::new().executor(executor));
    }
}

// A custom rule for forward mode serves both modes and every order.

#[differentiable(jvp = cube_jvp)]
fn cube(x: f64) -> f64 {
    x * x * x
}
#[differentiable]
fn cube_jvp(x: f64, dx: f64) -> (f64, f64) {
    (cube(x), 3.0 * x * x * dx)
}
#[differentiable]
fn sum_of_cubes(xs: &[f64]) -> f64 {
    xs.iter().map(|&x| cube(x)).sum()
}

#[test]
fn custom_jvp() {
    everywhere(|o| {
        let f = sum_of_cubes::with(o);
        assert_eq!(f.gradient((&[1.0, 2.0],)).unwrap(), [3.0, 12.0]);
        assert_eq!(f.jvp((&[1.0, 2.0],), (&[1.0, 1.0],)).unwrap(), (9.0, 15.0));
        let h = f.hessian((&[1.0, 2.0],)).unwrap();
        assert_eq!((h[(0, 0)], h[(0, 1)], h[(1, 1)]), (6.0, 0.0, 12.0));
    });
    check_rule::<cube>((1.5,), &Check::default()).unwrap();
}

// A rule for reverse mode: a stable formula that the body's derivative is not.

#[differentiable(vjp = log_sum_exp_vjp)]
fn log_sum_exp(xs: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &x in xs {
        m = m.max(x);
    }
    let mut s = 0.0;
    for &x in xs {
        s += (x - m).exp();
    }
    m + s.ln()
}
#[differentiable]
fn log_sum_exp_vjp(xs: &[f64], ct: f64) -> Vec<f64> {
    let y = log_sum_exp(xs);
    xs.iter().map(|&x| ct * (x - y).exp()).collect()
}

#[test]
fn custom_vjp() {
    everywhere(|o| {
        let g = log_sum_exp::with(o).gradient((&[1000.0, 1000.0],)).unwrap();
        assert!(g.iter().all(|g| (g - 0.5).abs() < 1e-12), "{g:?}");
    });
    check_rule::<log_sum_exp>((&[0.3, -1.0, 2.0],), &Check::default()).unwrap();
}

// A function of the C library.

mod c {
    unsafe extern "C" {
        pub fn erf(x: f64) -> f64;
    }
}
#[differentiable(opaque, jvp = erf_jvp)]
fn erf(x: f64) -> f64 {
    // SAFETY: the C library's `erf` takes any number and has no state.
    unsafe { c::erf(x) }
}
#[differentiable]
fn erf_jvp(x: f64, dx: f64) -> (f64, f64) {
    (
        erf(x),
        2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp() * dx,
    )
}
/// The normal distribution's, in a loop.
#[differentiable]
fn probability(xs: &[f64], scale: f64) -> f64 {
    let mut p = 1.0;
    for &x in xs {
        p *= 0.5 * (1.0 + erf(x / scale));
    }
    p
}

#[test]
fn opaque_c_function_with_a_jvp_rule() {
    let args = (&[0.5, -0.25, 1.0][..], 1.5);
    let plain = probability(args.0, args.1);
    everywhere(|o| {
        let f = probability::with(o);
        assert_eq!(f.call(args).unwrap(), plain);
        let report = f.check_gradients(args, &Check::default()).unwrap();
        assert!(report.forward && report.reverse);
    });
    check_rule::<erf>((0.7,), &Check::default()).unwrap();
    // Derivatives of the rule are derivatives of the function.
    let h = erf::hessian(0.5).unwrap();
    let want = -2.0 * 0.5 * erf_jvp(0.5, 1.0).1;
    assert!((h[(0, 0)] - want).abs() < 1e-12);
    // Lane by lane in a batch.
    let lanes = erf::vmap(cotangent::each(&[0.1, 0.2, 0.3])).unwrap();
    assert_eq!(lanes, [erf(0.1), erf(0.2), erf(0.3)]);
}

/// Sorting by the standard library, which no program could do: any Rust may be in the body.
#[differentiable(opaque, vjp = sorted_vjp)]
fn sorted(xs: &[f64]) -> Vec<f64> {
    let mut ys = xs.to_vec();
    ys.sort_by(f64::total_cmp);
    ys
}
#[differentiable(opaque)]
fn order(xs: &[f64]) -> Vec<usize> {
    let mut at: Vec<usize> = (0..xs.len()).collect();
    at.sort_by(|&i, &j| xs[i].total_cmp(&xs[j]));
    at
}
#[differentiable]
fn sorted_vjp(xs: &[f64], ct: &[f64]) -> Vec<f64> {
    let at = order(xs);
    let mut out = vec![0.0; xs.len()];
    for k in 0..ct.len() {
        out[at[k]] = ct[k];
    }
    out
}
#[differentiable]
fn weighted_order(xs: &[f64]) -> f64 {
    let ys = sorted(xs);
    let mut s = 0.0;
    for i in 0..ys.len() {
        s += (i + 1) as f64 * ys[i] * ys[i];
    }
    s
}

#[test]
fn opaque_function_with_a_vjp_rule() {
    everywhere(|o| {
        let f = weighted_order::with(o);
        assert_eq!(f.call((&[3.0, 1.0, 2.0],)).unwrap(), 36.0);
        assert_eq!(f.gradient((&[3.0, 1.0, 2.0],)).unwrap(), [18.0, 2.0, 8.0]);
    });
    // Reverse over reverse goes through the rule again.
    #[differentiable]
    fn second(xs: &[f64]) -> f64 {
        let g = weighted_order::gradient(xs).unwrap();
        g[0] + g[1]
    }
    assert_eq!(second::gradient(&[3.0, 1.0, 2.0]).unwrap(), [6.0, 2.0, 0.0]);
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Account {
    rate: f64,
    sum: f64,
}
#[differentiable(opaque, jvp = pay_jvp)]
fn pay(account: &mut Account, amount: f64) -> bool {
    account.sum -= amount;
    account.sum >= 0.0
}
/// Takes values; returns the result, then what the `&mut` is afterwards, then its tangent.
#[differentiable]
fn pay_jvp(account: Account, amount: f64, da: Account, dm: f64) -> (bool, Account, Account) {
    let mut after = account;
    let fine = pay(&mut after, amount);
    let tangent = Account {
        rate: da.rate,
        sum: da.sum - dm,
    };
    (fine, after, tangent)
}

/// A rule that gives the tangent for the value.
#[differentiable(jvp = twisted_jvp)]
fn twisted(x: f64) -> f64 {
    x
}
#[differentiable]
fn twisted_jvp(x: f64, dx: f64) -> (f64, f64) {
    (dx, x)
}
#[differentiable]
fn uses_twisted(x: f64) -> f64 {
    twisted(x) * x
}

#[test]
fn a_rule_whose_value_is_a_tangent_is_an_error() {
    let e = uses_twisted::gradient(2.0).unwrap_err().to_string();
    assert!(
        e.contains("twisted_jvp") && e.contains("depends on a tangent"),
        "{e}"
    );
}
#[differentiable]
fn two_payments(start: f64, first: f64, second: f64) -> f64 {
    let mut a = Account {
        rate: 0.5,
        sum: start,
    };
    let x = pay(&mut a, first);
    let y = pay(&mut a, second * second);
    if x && y { a.sum } else { 0.0 }
}

#[test]
fn opaque_function_that_changes_its_argument() {
    everywhere(|o| {
        let f = two_payments::with(o);
        assert_eq!(f.call((10.0, 1.0, 2.0)).unwrap(), 5.0);
        assert_eq!(f.call((10.0, 1.0, 20.0)).unwrap(), 0.0);
        assert_eq!(f.gradient((10.0, 1.0, 2.0)).unwrap(), (1.0, -1.0, -4.0));
    });
}

#[differentiable(opaque)]
fn table(i: usize, x: f64) -> Result<f64, u8> {
    match i {
        0 => Ok(x.rem_euclid(1.0)),
        1 => Err(3),
        _ => panic!("no row {i}"),
    }
}
#[differentiable]
fn lookup(i: usize, x: f64) -> f64 {
    match table(i, x) {
        Ok(y) => y,
        Err(code) => f64::from(code),
    }
}

#[test]
fn opaque_function_without_a_rule() {
    everywhere(|o| {
        let f = lookup::with(o);
        assert_eq!(f.call((0, 2.25)).unwrap(), 0.25);
        assert_eq!(f.call((1, 2.25)).unwrap(), 3.0);
        // A panic of the function is an error that names it.
        let e = f.call((2, 0.0)).unwrap_err().to_string();
        assert!(e.contains("table") && e.contains("no row 2"), "{e}");
        let e = f.gradient((0, 2.25)).unwrap_err();
        assert!(matches!(e, Error::Ad(_)), "{e}");
        let e = e.to_string();
        assert!(
            e.contains("no derivative by itself") && e.contains("user_rules.rs"),
            "{e}"
        );
    });
}

#[test]
fn opaque_functions_have_names_in_the_text_form() {
    let text = probability::ir().unwrap();
    assert!(text.contains("host \"user_rules::erf\" -> (f64)"), "{text}");
    let f = Function::parse(&text, "probability").unwrap();
    let args = vec![Val::vector(vec![0.5]), Val::from(1.5)];
    let y = f.call(args, &Options::new()).unwrap();
    assert_eq!(y[0].as_scalar(), Some(probability(&[0.5], 1.5).into()));
    // A name that nobody gave a meaning.
    let text = text.replace("user_rules::erf", "nobody");
    let f = Function::parse(&text, "probability").unwrap();
    everywhere(|o| {
        let args = vec![Val::vector(vec![0.5]), Val::from(1.5)];
        let e = f.call(args, o).unwrap_err().to_string();
        assert!(
            e.contains("`nobody`: no function of that name is bound"),
            "{e}"
        );
    });
}

#[test]
fn a_wrong_value_of_the_host_is_an_error() {
    cotangent::register_host_function("user_rules.liar", |args| match args.len() {
        1 => Ok(vec![Val::from(1_i32)]),
        _ => Ok(Vec::new()),
    });
    for (call, says) in [
        (
            "host \"user_rules.liar\" -> (f64) x",
            "its result 0 is not a f64",
        ),
        (
            "host \"user_rules.liar\" -> (f64) x, x",
            "it returned 0 value(s), not 1",
        ),
    ] {
        let text = format!("cotangent 1\nfunc @f(x: f64) -> (f64) {{ y = {call} : f64 return y }}");
        let f = Function::parse(&text, "f").unwrap();
        everywhere(|o| {
            let e = f.call(vec![Val::from(1.0)], o).unwrap_err().to_string();
            assert!(e.contains(says), "{e}");
        });
    }
}

// Calls of the host are effects: as often and in the order the program says.

static CALLS: AtomicUsize = AtomicUsize::new(0);
#[differentiable(opaque)]
fn count(_: usize) {
    CALLS.fetch_add(1, Ordering::Relaxed);
}
#[differentiable]
fn counted(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        if i % 2 == 0 {
            count(i);
        }
        y = y.sin();
    }
    y
}

#[test]
fn opaque_calls_are_neither_dropped_nor_repeated() {
    everywhere(|o| {
        let before = CALLS.load(Ordering::Relaxed);
        counted::with(o).gradient((0.5, 9)).unwrap();
        assert_eq!(CALLS.load(Ordering::Relaxed) - before, 5);
    });
}

// Functions whose derivative is zero.

#[differentiable(non_differentiable)]
fn rounded(x: f64) -> f64 {
    if x > 10.0 {
        return 10.0;
    }
    (x * 4.0).round() / 4.0
}
#[differentiable(opaque, non_differentiable)]
fn clock(x: f64) -> f64 {
    x.to_bits().count_ones().into()
}
#[differentiable]
fn mixed(x: f64) -> f64 {
    let mut s = rounded(x) * x;
    for _ in 0..2 {
        s += clock(x) * x;
    }
    s
}

#[test]
fn non_differentiable_functions() {
    everywhere(|o| {
        let want = 1.25 + 2.0 * clock(1.3);
        let f = mixed::with(o);
        assert_eq!(f.gradient((1.3,)).unwrap(), want);
        assert_eq!(f.jvp((1.3,), (1.0,)).unwrap().1, want);
        assert_eq!(rounded::with(o).gradient((1.3,)).unwrap(), 0.0);
    });
}

// Parts that are ignored: their derivatives need not exist.

#[differentiable(opaque)]
fn magic(x: f64) -> f64 {
    x.to_bits().count_ones().into()
}
#[differentiable]
fn magic_twice(x: f64) -> f64 {
    2.0 * magic(x)
}
#[differentiable]
fn ignoring(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for &x in xs {
        let w = ignore(|| magic_twice(x) * x + magic(x));
        s += w * x;
    }
    let ragged = ignore(|| vec![xs.to_vec(), vec![s]]);
    s + ragged[1][0] * 0.5 + xs[0] * ragged[0][0]
}

#[test]
fn ignored_parts() {
    let w = |x: f64| magic_twice(x) * x + magic(x);
    everywhere(|o| {
        let xs = [1.5, -2.0];
        let f = ignoring::with(o);
        assert_eq!(f.call((&xs,)).unwrap(), ignoring(&xs));
        let want = [w(1.5) + 1.5, w(-2.0)];
        assert_eq!(f.gradient((&xs,)).unwrap(), want);
        assert_eq!(f.jvp((&xs,), (&[1.0, 1.0],)).unwrap().1, want[0] + want[1]);
    });
}

// Hooks change the cotangent on its way; here it is clipped, and in a loop its size bounded.

#[differentiable]
fn clip(g: f64) -> f64 {
    g.clamp(-1.0, 1.0)
}
#[differentiable]
fn exploding(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..20 {
        y = hook(3.0 * y, clip);
    }
    y
}
#[differentiable]
fn halve(g: Vec<f64>) -> Vec<f64> {
    g.iter().map(|g| 0.5 * g).collect()
}
#[differentiable]
fn hooked_vector(xs: Vec<f64>) -> f64 {
    let xs = hook(xs, halve);
    xs.iter().map(|x| x * x).sum()
}

#[test]
fn hooks() {
    everywhere(|o| {
        assert_eq!(exploding::with(o).gradient((1.0,)).unwrap(), 3.0);
        let g = hooked_vector::with(o).gradient((vec![1.0, 2.0],)).unwrap();
        assert_eq!(g, [1.0, 2.0]);
    });
}

#[test]
fn stopped_gradients_of_any_data() {
    #[differentiable]
    fn f(xs: &[f64], n: usize) -> f64 {
        let rows = vec![xs.to_vec(), vec![xs[0]; n]];
        let (pair, fixed) = stop_gradient(((xs[0], 3), rows));
        pair.0 * xs[0] + fixed[1][n - 1] * xs[1]
    }
    everywhere(|o| {
        let g = f::with(o).gradient((&[2.0, 5.0], 2)).unwrap().0;
        assert_eq!(g, [2.0, 2.0]);
    });
}
