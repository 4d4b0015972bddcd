//! Gradients of loops with respect to one number, in forward mode: they save nothing, and say what reverse mode says.

use cotangent_core::ad::{self, Options, derive_with};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::text::{parse, print_func};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::verify::{verify, verify_lowered};

const FORWARD: Options = Options {
    ranges: true,
    forward: true,
};

/// `r = sin(r * x)`, `n` times; a sum over an array; a loop of unknown length; a largest element.
const LOOPS: &str = "cotangent 1
func @chain(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  r = for i: u64 in zero..n (p = x: f64) {
    t = multiply p, x : f64
    s = sine t : f64
    yield s
  }
  return r
}
func @sum(a: f64[?], x: f64) -> (f64) {
  zero = const u64 0
  none = const f64 0
  n = len a : u64
  r = for i: u64 in zero..n (p = none: f64) {
    e = get a[i] : f64
    t = multiply e, x : f64
    s = exponential t : f64
    q = add p, s : f64
    yield q
  }
  return r
}
func @until(x: f64) -> (f64) {
  few = const f64 8
  r = while (p = x: f64) {
    c = lt p, few : bool
    yield c
  } do (o: f64) {
    q = multiply o, o : f64
    yield q
  }
  return r
}
func @largest(a: f64[?], x: f64) -> (f64) {
  zero = const u64 0
  n = len a : u64
  r = for i: u64 in zero..n (p = x: f64) {
    e = get a[i] : f64
    t = multiply e, x : f64
    q = fmax p, t : f64
    yield q
  }
  return r
}
func @still(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  one = const f64 1
  r = for i: u64 in zero..n (p = one: f64) {
    q = add p, one : f64
    yield q
  }
  return r
}
func @straight(x: f64) -> (f64) {
  s = sine x : f64
  return s
}
func @narrow(x: f32, n: u64) -> (f64) {
  zero = const u64 0
  y = convert f64 x : f64
  r = for i: u64 in zero..n (p = y: f64) {
    q = multiply p, y : f64
    yield q
  }
  return r
}
func @two(x: f64, y: f64, n: u64) -> (f64) {
  zero = const u64 0
  r = for i: u64 in zero..n (p = x: f64) {
    q = multiply p, y : f64
    yield q
  }
  return r
}
";

fn module() -> Module {
    let m = parse(LOOPS).unwrap_or_else(|e| panic!("{}", e.render(LOOPS)));
    verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    m
}

fn made(m: &Module, f: FuncId, kind: DeriveKind, wrt: &[u32], how: Options) -> (Module, FuncId) {
    let mut m = m.clone();
    let g = derive_with(&mut m, f, kind, wrt, how).unwrap();
    verify_lowered(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    (m, g)
}

/// Whether the function saves anything for a way back.
fn saves(m: &Module, f: FuncId) -> bool {
    print_func(m, f).contains("push")
}

fn run(m: &Module, f: FuncId, args: &[Val]) -> Vec<f64> {
    let out = Program::new(m).run(f, args.to_vec(), &Limits::default());
    let number = |v: Val| match v {
        Val::Scalar(Scalar::F64(x)) => x,
        v => panic!("{v:?}"),
    };
    out.unwrap().into_iter().map(number).collect()
}

#[test]
fn forward_and_reverse_say_the_same() {
    let m = module();
    let array = |a: &[f64]| Val::vector(a.to_vec());
    let calls: [(&str, u32, Vec<Val>); 9] = [
        ("chain", 0, vec![1.3.into(), 50u64.into()]),
        ("chain", 0, vec![1.3.into(), 0u64.into()]),
        ("sum", 1, vec![array(&[0.5, -1.0, 2.0]), 0.7.into()]),
        ("sum", 1, vec![array(&[]), 0.7.into()]),
        ("until", 0, vec![1.1.into()]),
        ("largest", 1, vec![array(&[0.5, 3.0, 2.0]), 0.7.into()]),
        ("largest", 1, vec![array(&[3.0, f64::NAN, 3.0]), 0.7.into()]),
        ("largest", 1, vec![array(&[]), 0.7.into()]),
        ("still", 0, vec![0.5.into(), 7u64.into()]),
    ];
    for (name, wrt, args) in calls {
        let f = m.find(name).unwrap();
        for kind in [DeriveKind::Gradient, DeriveKind::ValueAndGradient] {
            let (fast, g) = made(&m, f, kind, &[wrt], FORWARD);
            let (plain, h) = made(&m, f, kind, &[wrt], Options::default());
            assert!(!saves(&fast, g), "{}", print_func(&fast, g));
            let (got, want) = (run(&fast, g, &args), run(&plain, h, &args));
            assert_eq!(got.len(), want.len());
            for (x, y) in got.iter().zip(&want) {
                let near = (x - y).abs() <= 1e-13 * y.abs().max(1e-3) || x.is_nan() && y.is_nan();
                assert!(near, "{name} {kind:?} {args:?}: {got:?} {want:?}");
            }
            let name = &fast.funcs[g].name;
            assert_eq!(name, &plain.funcs[h].name);
        }
    }
}

#[test]
fn what_stays_in_reverse_mode() {
    let m = module();
    // Nothing to choose; another type; two numbers; the other halves of a pullback.
    for (name, wrt) in [("straight", &[0][..]), ("narrow", &[0]), ("two", &[0, 1])] {
        let f = m.find(name).unwrap();
        let (fast, g) = made(&m, f, DeriveKind::Gradient, wrt, FORWARD);
        let (plain, h) = made(&m, f, DeriveKind::Gradient, wrt, Options::default());
        assert_eq!(print_func(&fast, g), print_func(&plain, h), "{name}");
    }
    let f = m.find("chain").unwrap();
    let (vjp, v) = made(&m, f, DeriveKind::Vjp, &[0], FORWARD);
    assert!(saves(&vjp, v));
    let (plain, g) = made(&m, f, DeriveKind::Gradient, &[0], Options::default());
    assert!(
        saves(&plain, g),
        "reverse mode is what is made unless it is said"
    );
}

#[test]
fn rules_marks_and_heavy_sums_are_obeyed() {
    // The rule says 100 instead of 2 x.
    let text = "cotangent 1
func @square(x: f64) -> (f64) rule jvp @rule {
  y = multiply x, x : f64
  return y
}
func @rule(x: f64, dx: f64) -> (f64, f64) {
  y = multiply x, x : f64
  k = const f64 100
  dy = multiply k, dx : f64
  return y, dy
}
func @f(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  none = const f64 0
  r = for i: u64 in zero..n (p = none: f64) {
    y = call @square(x) : f64
    q = add p, y : f64
    yield q
  }
  return r
}
func @marked(x: f64, n: u64) -> (f64) {
  zero = const u64 0
  few = const u64 2
  r = for i: u64 in zero..n (p = x: f64) {
    checkpoint_slots few
    t = sine p : f64
    yield t
  }
  return r
}
";
    let m = parse(text).unwrap_or_else(|e| panic!("{}", e.render(text)));
    verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    let f = m.find("f").unwrap();
    let args = [0.5.into(), 3u64.into()];
    let (ruled, g) = made(&m, f, DeriveKind::Gradient, &[0], FORWARD);
    assert_eq!(run(&ruled, g, &args), [300.0]);
    let f = m.find("marked").unwrap();
    let (marked, g) = made(&m, f, DeriveKind::Gradient, &[0], FORWARD);
    let (plain, h) = made(&m, f, DeriveKind::Gradient, &[0], Options::default());
    assert_eq!(print_func(&marked, g), print_func(&plain, h));
    // A heavy sum stays one of ranges.
    ad::sums::by_ranges(true);
    let m = module();
    let f = m.find("sum").unwrap();
    let (ranges, g) = made(&m, f, DeriveKind::Gradient, &[1], FORWARD);
    ad::sums::by_ranges(false);
    let args = [Val::vector(vec![0.5, -1.0, 2.0]), 0.7.into()];
    let (plain, h) = made(&m, f, DeriveKind::Gradient, &[1], Options::default());
    assert!(
        print_func(&ranges, g).contains("call"),
        "{}",
        print_func(&ranges, g)
    );
    let (x, y) = (run(&ranges, g, &args), run(&plain, h, &args));
    assert!((x[0] - y[0]).abs() < 1e-13, "{x:?} {y:?}");
}
