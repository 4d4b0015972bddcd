//! Checkpointed loops and functions: the gradient is that of the program without marks, but for the order of sums; the steps computed
//! again are as many as theory says.

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::ad::checkpoint::schedule::least_steps;
use cotangent_core::ad::derive;
use cotangent_core::entity::FuncId;
use cotangent_core::error::AdError;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, Module};
use cotangent_core::text::{parse, print};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::verify::{verify, verify_lowered};

/// The module with its marks, and without.
fn modules(text: &str) -> (Module, Module) {
    let parsed = |t: &str| {
        let m = parse(t).unwrap_or_else(|e| panic!("{}", e.render(t)));
        verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
        m
    };
    let plain: Vec<&str> = text
        .lines()
        .filter(|l| !l.trim().starts_with("checkpoint_"))
        .collect();
    (parsed(text), parsed(&plain.join("\n")))
}

fn gradient_of(m: &mut Module, wrt: &[u32]) -> FuncId {
    let f = m.find("f").unwrap();
    let g = derive(m, f, DeriveKind::ValueAndGradient, wrt).unwrap();
    verify_lowered(m).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(m)));
    g
}

/// Equal to round-off: what an iteration adds to a cotangent is summed in another order.
fn near(x: &Val, y: &Val) -> bool {
    let close = |x: Scalar, y: Scalar| match (x, y) {
        (Scalar::F64(x), Scalar::F64(y)) => {
            x.to_bits() == y.to_bits() || (x - y).abs() <= 1e-13 * x.abs().max(y.abs())
        }
        (x, y) => x == y,
    };
    match (x, y) {
        (Val::Scalar(x), Val::Scalar(y)) => close(*x, *y),
        (Val::Tensor(x), Val::Tensor(y)) => {
            x.shape == y.shape && (0..x.data.len()).all(|i| close(x.data.get(i), y.data.get(i)))
        }
        _ => false,
    }
}

/// The gradients with marks and without are the same.
fn same(text: &str, wrt: &[u32], args: &[Vec<Val>]) {
    let (mut marked, mut plain) = modules(text);
    let (g, h) = (gradient_of(&mut marked, wrt), gradient_of(&mut plain, wrt));
    let (p, q) = (Program::new(&marked), Program::new(&plain));
    for a in args {
        let got = p.run(g, a.clone(), &Limits::default());
        let want = q.run(h, a.clone(), &Limits::default());
        match (&got, &want) {
            (Ok(x), Ok(y)) => {
                assert!(
                    x.iter().zip(y).all(|(x, y)| near(x, y)),
                    "{a:?}: {x:?} {y:?}"
                );
            }
            (Err(x), Err(y)) => assert_eq!(x.kind, y.kind, "{a:?}"),
            (x, y) => panic!("{a:?}: {x:?} {y:?}"),
        }
    }
}

fn checked(text: &str, args: &[Val]) {
    let (mut m, _) = modules(text);
    let f = m.find("f").unwrap();
    check_derivatives(
        &mut m,
        f,
        args,
        &Check {
            order: 2,
            ..Check::default()
        },
    )
    .unwrap_or_else(|e| panic!("{e}"));
}

/// A counted loop that uses its index, an array of its surroundings, and a parameter.
const COUNTED: &str = "cotangent 1
func @f(x: f64, a: f64[?], n: i32, s: u64) -> (f64) {
  zero = const i32 0
  three = const i32 3
  y = for i: i32 in three..n (c = x: f64) {
    checkpoint_slots s
    j = convert u64 i : u64
    m = len a : u64
    k = remainder j, m : u64
    e = get a[k] : f64
    p = multiply c, e : f64
    d = sine p : f64
    q = multiply d, x : f64
    yield q
  }
  return y
}";

#[test]
fn counted_loops() {
    let a = Val::vector(vec![0.5, 1.5, -0.7]);
    let args: Vec<Vec<Val>> = [0_i32, 3, 4, 5, 9, 20, 33]
        .iter()
        .flat_map(|&n| (0..9_u64).map(move |s| (n, s)))
        .map(|(n, s)| vec![Val::from(0.8), a.clone(), Val::from(n), Val::from(s)])
        .collect();
    same(COUNTED, &[0, 1], &args);
    checked(
        COUNTED,
        &[Val::from(0.8), a, Val::from(11), Val::from(3_u64)],
    );
}

/// A loop of unknown length over an array that it stores into.
const UNKNOWN: &str = "cotangent 1
func @f(x: f64, a: f64[?], s: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  small = const f64 0x1p-6
  w, c, n = while (y = x: f64, b = a: f64[?], k = zero: u64) {
    size = abs y : f64
    more = gt size, small : bool
    yield more
  } do (v: f64, g: f64[?], h: u64) {
    checkpoint_slots s
    m = len g : u64
    j = remainder h, m : u64
    e = get g[j] : f64
    p = multiply v, e : f64
    q = sine p : f64
    d = update g[j] = q : f64[?]
    next = add h, one : u64
    yield p, d, next
  }
  t = get c[zero] : f64
  u = multiply t, w : f64
  return u
}";

#[test]
fn loops_of_unknown_length() {
    let args: Vec<Vec<Val>> = [0.0, 0.1, 1.0, 1e6, 1e30]
        .iter()
        .flat_map(|&x| (0..7_u64).map(move |s| (x, s)))
        .map(|(x, s)| {
            vec![
                Val::from(x),
                Val::vector(vec![0.5, 0.9, -0.7]),
                Val::from(s),
            ]
        })
        .collect();
    same(UNKNOWN, &[0, 1], &args);
    let a = Val::vector(vec![0.5, 0.9, -0.7]);
    checked(UNKNOWN, &[Val::from(2.0), a, Val::from(2_u64)]);
}

/// A marked loop in a marked loop; the budget of the inner one is in bytes.
const NESTED: &str = "cotangent 1
func @f(x: f64, n: u64, s: u64) -> (f64) {
  zero = const u64 0
  y = for i: u64 in zero..n (c = x: f64) {
    checkpoint_slots s
    z = for j: u64 in zero..i (d = c: f64) {
      bytes = const u64 40
      checkpoint_bytes bytes
      e = sine d : f64
      g = add e, x : f64
      yield g
    }
    q = multiply z, x : f64
    yield q
  }
  return y
}";

#[test]
fn loops_in_loops() {
    let args: Vec<Vec<Val>> = (0..9_u64)
        .flat_map(|n| (1..4_u64).map(move |s| vec![Val::from(0.7), Val::from(n), Val::from(s)]))
        .collect();
    same(NESTED, &[0], &args);
    checked(
        NESTED,
        &[Val::from(0.7), Val::from(6_u64), Val::from(2_u64)],
    );
}

/// A function that is computed again as a whole.
const WHOLE: &str = "cotangent 1
func @f(x: f64, a: f64[?]) -> (f64) {
  y, b = call @g(x, a) : f64, f64[?]
  z, c = call @g(y, b) : f64, f64[?]
  i = const u64 0
  e = get c[i] : f64
  p = multiply z, e : f64
  return p
}
func @g(x: f64, a: f64[?]) -> (f64, f64[?]) {
  one = const u64 1
  checkpoint_slots one
  i = const u64 0
  e = get a[i] : f64
  s = sine e : f64
  p = multiply s, x : f64
  b = update a[i] = p : f64[?]
  q = exponential p : f64
  return q, b
}";

#[test]
fn functions() {
    let args = vec![vec![Val::from(0.3), Val::vector(vec![0.4, 2.0])]];
    same(WHOLE, &[0, 1], &args);
    checked(WHOLE, &args[0]);
}

#[test]
fn a_budget_that_is_known_too_late() {
    let text = COUNTED.replace(
        "    checkpoint_slots s\n    j = convert u64 i : u64\n",
        "    j = convert u64 i : u64\n    checkpoint_slots j\n",
    );
    let mut m = parse(&text).unwrap();
    let f = m.find("f").unwrap();
    match derive(&mut m, f, DeriveKind::Gradient, &[0]) {
        Err(AdError::NotDifferentiable { op, why, .. }) => {
            assert!(
                op.contains("checkpoint") && why.contains("before the loop"),
                "{op}: {why}"
            );
        }
        other => panic!("{other:?}"),
    }
}

/// Recursion through what is marked is refused, and recursion beside it is not.
#[test]
fn recursion() {
    let again = "cotangent 1
func @f(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  MARK
  end = eq n, zero : bool
  y = if end : f64 {
    yield x
  } else {
    m = subtract n, one : u64
    z = call @g(x, m) : f64
    yield z
  }
  return y
}
func @g(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  two = const u64 2
  y = for i: u64 in zero..two (c = x: f64) {
    HERE
    s = sine c : f64
    yield s
  }
  z = call @f(y, n) : f64
  return z
}";
    let refused = |text: &str| {
        let mut m = parse(text).unwrap();
        let g = m.find("g").unwrap();
        match derive(&mut m, g, DeriveKind::Gradient, &[0]) {
            Err(AdError::NotDifferentiable { why, .. }) => {
                assert!(why.contains("recursion"), "{why}")
            }
            other => panic!("{other:?}"),
        }
    };
    refused(
        &again
            .replace("MARK", "checkpoint_slots one")
            .replace("HERE", ""),
    );
    let inside = again
        .replace("MARK", "")
        .replace("HERE", "checkpoint_slots two");
    refused(&inside.replace("s = sine c : f64", "s = call @f(c, n) : f64"));
    let args: Vec<Vec<Val>> = [0_u64, 1, 5, 300]
        .iter()
        .map(|&n| vec![Val::from(0.7), Val::from(n)])
        .collect();
    same(&inside, &[0], &args);
}

/// A mark in a branch counts; a loop without states, with an empty array, or that traps is as without marks.
#[test]
fn odd_programs() {
    let branch = WHOLE.replace(
        "  checkpoint_slots one\n",
        "  no = const bool false\n  if no {\n    checkpoint_slots one\n    yield\n  } else {\n    yield\n  }\n",
    );
    same(
        &branch,
        &[0, 1],
        &[vec![Val::from(0.3), Val::vector(vec![0.4, 2.0])]],
    );
    let nan = |x: f64| {
        vec![
            Val::from(x),
            Val::vector(vec![f64::NAN, 1.0]),
            Val::from(9),
            Val::from(2_u64),
        ]
    };
    let empty = vec![
        Val::from(1.0),
        Val::vector(Vec::<f64>::new()),
        Val::from(9),
        Val::from(2_u64),
    ];
    let none = vec![
        Val::from(1.0),
        Val::vector(Vec::<f64>::new()),
        Val::from(-9),
        Val::from(u64::MAX),
    ];
    let (mut marked, mut plain) = modules(COUNTED);
    let (g, h) = (
        gradient_of(&mut marked, &[0, 1]),
        gradient_of(&mut plain, &[0, 1]),
    );
    for a in [nan(1.0), nan(f64::INFINITY), empty, none] {
        let got = Program::new(&marked).run(g, a.clone(), &Limits::default());
        let want = Program::new(&plain).run(h, a.clone(), &Limits::default());
        assert_eq!(
            format!("{:?}", got.map_err(|t| t.kind)),
            format!("{:?}", want.map_err(|t| t.kind))
        );
    }
}

/// Each iteration costs a thousand steps of fuel that its derivative does not need.
const COSTLY: &str = "cotangent 1
func @f(x: f64, n: u64, s: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  much = const u64 1000
  seed = const u64 7
  y, h = for i: u64 in zero..n (c = x: f64, g = seed: u64) {
    checkpoint_slots s
    z = for j: u64 in zero..much (d = g: u64) {
      e = xor d, j : u64
      yield e
    }
    k = remainder z, much : u64
    r = convert f64 k : f64
    w = sine c : f64
    p = multiply w, r : f64
    yield p, z
  }
  return y
}";

/// The least fuel with which a run ends.
fn fuel(p: &Program, g: FuncId, args: &[Val]) -> u64 {
    let ends = |steps: u64| {
        let limits = Limits {
            fuel: Some(steps),
            ..Limits::default()
        };
        p.run(g, args.to_vec(), &limits).is_ok()
    };
    let (mut low, mut high) = (0, 1 << 22);
    assert!(ends(high));
    while low + 1 < high {
        let mid = low.midpoint(high);
        if ends(mid) { high = mid } else { low = mid }
    }
    high
}

#[test]
fn as_many_steps_as_theory_says() {
    let (mut m, _) = modules(COSTLY);
    let g = gradient_of(&mut m, &[0]);
    let p = Program::new(&m);
    let args = |n: u64, s: u64| vec![Val::from(0.3), Val::from(n), Val::from(s)];
    // One iteration runs once forward and once in its own reversal.
    let none = fuel(&p, g, &args(0, 1));
    let twice = fuel(&p, g, &args(1, 1)) - none;
    for (n, s) in [
        (2, 1),
        (6, 1),
        (2, 2),
        (7, 2),
        (10, 3),
        (20, 3),
        (21, 4),
        (16, 20),
    ] {
        // In units of half of that: n forward, n in reversals, and what the schedule adds.
        let runs = 2.0 * (fuel(&p, g, &args(n, s)) - none) as f64 / twice as f64;
        let want = 2 * n + least_steps(n, s);
        assert_eq!(
            runs.round() as u64,
            want,
            "{n} steps, {s} checkpoints: {runs}"
        );
    }
}
