//! A user's property tests: derivatives of their own functions on random data, and an executor on random programs.

use cotangent::core::text::print_values;
use cotangent::quickcheck::{AnyProgram, AnyTensor, AnyVal, Finite, Rows, Special};
use cotangent::{Options, Wrt, differentiable};
use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult, Testable};
use std::iter::successors;

#[differentiable]
fn energy(xs: &[f64], stiffness: f64) -> f64 {
    let mut e = 0.0;
    for i in 1..xs.len() {
        let d = xs[i] - xs[i - 1];
        e += stiffness * d * d + 0.1 * d.sin();
    }
    e
}

#[differentiable]
fn total(rows: &[Vec<f64>]) -> f64 {
    rows.iter()
        .map(|r| r.iter().map(|x| x * x).sum::<f64>())
        .sum()
}

/// Random data of this size. The same in every run, so that what one run finds the next one finds too; with `COTANGENT_SEED` set to a
/// number, other data.
fn random(size: usize) -> Gen {
    let seed = std::env::var("COTANGENT_SEED").map_or(2026, |s| {
        s.parse().expect("COTANGENT_SEED should be a number")
    });
    Gen::from_size_and_seed(size, seed)
}

/// Tries a property.
fn holds<P: Testable>(property: P) {
    QuickCheck::new().rng(random(100)).quickcheck(property);
}

/// The derivatives are those of the function.
fn gradients_are_right(xs: Vec<Finite>, stiffness: Finite) -> TestResult {
    let xs: Vec<f64> = xs.iter().map(|x| x.0).collect();
    match energy::check_gradients(&xs, stiffness.0) {
        Ok(_) => TestResult::passed(),
        Err(e) => TestResult::error(e.to_string()),
    }
}

/// A law of this function: moving all points does not change its gradient.
fn moving_everything_changes_nothing(xs: Vec<Finite>, by: Finite) -> bool {
    let here: Vec<f64> = xs.iter().map(|x| x.0).collect();
    let there: Vec<f64> = here.iter().map(|x| x + by.0).collect();
    let (a, b) = (
        energy::gradient(&here, 1.0).unwrap(),
        energy::gradient(&there, 1.0).unwrap(),
    );
    a.0.iter()
        .zip(&b.0)
        .all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()))
}

/// Rows of one length.
fn rows_are_rectangular(m: Rows<Finite>) -> bool {
    let rows: Vec<Vec<f64>> =
        m.0.iter()
            .map(|r| r.iter().map(|x| x.0).collect())
            .collect();
    let g = total::gradient(&rows).unwrap();
    let width = rows.first().map_or(0, Vec::len);
    g.iter().all(|r| r.len() == width)
        && g.iter()
            .flatten()
            .zip(rows.iter().flatten())
            .all(|(g, x)| *g == 2.0 * x)
}

/// Whatever the numbers: no panic, and the same on every executor.
fn any_number_is_taken(x: Special, xs: Vec<Special>) -> bool {
    let xs: Vec<f64> = xs.iter().map(|x| x.0).collect();
    let on = |name: &str| {
        let options = Options::new().executor(name);
        energy::with(&options).call((&xs, x.0)).unwrap()
    };
    let (a, b) = (on("interpreter"), on("jit"));
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs()
}

/// A tensor has as many elements as its shape says, also in text.
fn tensors_hold_their_shape(t: AnyTensor) -> bool {
    let n: usize = t.0.shape.iter().product();
    let text = print_values(&[t.val()]);
    let back = cotangent::core::text::parse_value(&text, &t.ty());
    n == t.0.data.len() && t.val().is_of(&t.ty()) && back.is_ok_and(|v| v.same_bits(&t.val()))
}

/// Any value is of its type.
fn values_are_of_their_types(v: AnyVal) -> bool {
    v.val.is_of(&v.ty) && v.ty.to_string().len() > 1
}

#[test]
fn properties_hold() {
    holds(gradients_are_right as fn(Vec<Finite>, Finite) -> TestResult);
    holds(moving_everything_changes_nothing as fn(Vec<Finite>, Finite) -> bool);
    holds(rows_are_rectangular as fn(Rows<Finite>) -> bool);
    holds(any_number_is_taken as fn(Special, Vec<Special>) -> bool);
    holds(tensors_hold_their_shape as fn(AnyTensor) -> bool);
    holds(values_are_of_their_types as fn(AnyVal) -> bool);
}

/// The executor `jit` does with a random program, and its derivatives, what the interpreter does.
fn agrees(p: AnyProgram) -> TestResult {
    result(p.check_executor("jit"))
}

/// The derivatives of a random program are those of differences.
fn has_right_derivatives(p: AnyProgram) -> TestResult {
    result(p.check())
}

/// A random program is a function like any other.
fn is_a_function(p: AnyProgram) -> bool {
    let options = Options::new().fuel(3_000_000);
    let pulled = p.function().pullback(p.args.clone(), &Wrt::All, &options);
    pulled.is_ok_and(|(results, _)| results.len() == 3)
}

fn result(r: Result<(), String>) -> TestResult {
    match r {
        Ok(()) => TestResult::passed(),
        Err(e) => TestResult::error(e),
    }
}

#[test]
fn random_programs_on_the_executors() {
    let mut q = QuickCheck::new().rng(random(100)).tests(30).max_tests(100);
    q.quickcheck(agrees as fn(AnyProgram) -> TestResult);
    q.quickcheck(has_right_derivatives as fn(AnyProgram) -> TestResult);
    q.quickcheck(is_a_function as fn(AnyProgram) -> bool);
}

#[test]
fn failing_programs_shrink() {
    // As quickcheck does it, of a property that fails where there is a sine.
    let fails = |p: &AnyProgram| p.text().contains("sine");
    let mut g = random(30);
    let mut found = (0..500)
        .map(|_| AnyProgram::arbitrary(&mut g))
        .filter(fails);
    let mut p = found.next().unwrap();
    let before = p.text().len();
    while let Some(smaller) = p.shrink().find(fails) {
        p = smaller;
    }
    assert!(
        fails(&p) && p.text().len() < before.min(6000),
        "{}",
        p.text()
    );
    // And values get simpler.
    let tensors = (0..50).map(|_| AnyTensor::arbitrary(&mut g));
    for t in tensors {
        for s in t.shrink() {
            let n: usize = s.0.shape.iter().product();
            assert!(n == s.0.data.len() && !s.val().same_bits(&t.val()));
        }
    }
    let mut t = AnyTensor::arbitrary(&mut g);
    while let Some(s) = t.shrink().next() {
        t = s;
    }
    assert!(t.0.data.len() <= 1, "{t:?}");
}

#[test]
fn special_values_come_up() {
    let mut g = random(20);
    let all: Vec<f64> = (0..2000).map(|_| Special::arbitrary(&mut g).0).collect();
    for is in [
        f64::is_nan,
        f64::is_infinite,
        f64::is_subnormal,
        |x: f64| x == 0.0 && x.is_sign_negative(),
    ] {
        assert!(all.iter().any(|&x| is(x)));
    }
    let finite = (0..2000).map(|_| Finite::arbitrary(&mut g).0);
    assert!(finite.into_iter().all(|x| x.is_finite() && x.abs() <= 1e3));
    let tensors: Vec<AnyTensor> = (0..300).map(|_| AnyTensor::arbitrary(&mut g)).collect();
    assert!((0..=3).all(|rank| tensors.iter().any(|t| t.0.shape.len() == rank)));
    assert!(tensors.iter().any(|t| t.0.data.is_empty()));
    for dtype in cotangent::core::ir::DType::ALL {
        assert!(tensors.iter().any(|t| t.0.data.dtype() == dtype), "{dtype}");
    }
}

/// Whatever fails: the numbers that are tried to make it simpler come to an end.
#[test]
fn shrinking_ends() {
    fn simplest<T: Arbitrary + Copy>(fails: fn(T) -> bool) -> Vec<T> {
        let mut g = random(20);
        let found = (0..200).map(|_| T::arbitrary(&mut g)).filter(|x| fails(*x));
        let last = found.map(|x| successors(Some(x), |x| x.shrink().find(|x| fails(*x))).last());
        last.flatten().collect()
    }
    let all = simplest::<Finite>(|x| x.0 != 0.0);
    assert!(
        !all.is_empty() && all.iter().all(|x| x.0.abs() == 1.0),
        "{all:?}"
    );
    let all = simplest::<Special>(|x| x.0 != 0.0);
    assert!(
        !all.is_empty() && all.iter().all(|x| x.0.abs() == 1.0),
        "{all:?}"
    );
    let all = simplest::<Finite>(|_| true);
    assert!(
        all.len() == 200 && all.iter().all(|x| x.0 == 0.0),
        "{all:?}"
    );
    // Each is simpler than the one before: whole, or smaller.
    let size = |x: f64| (x.fract() != 0.0, x.abs());
    for x in [
        1e3,
        -1e3,
        3.5,
        -0.5,
        1.0,
        0.3,
        5e-324,
        f64::MAX,
        f64::INFINITY,
    ] {
        for y in Finite(x).shrink() {
            assert!(size(y.0) < size(x), "{x} to {}", y.0);
        }
    }
    // What is not a number is never there.
    assert!(Finite(f64::NAN).shrink().all(|y| y.0.is_finite()));
}
