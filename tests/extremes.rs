//! Inputs at the edge, on every executor: nothing, one element, NaN, wrong types, too deep, too much. The interpreter says what is right.

use cotangent::core::value::{Element, Val};
use cotangent::{Function, Options, Wrt, list_executors};

const PROGRAMS: &str = r#"
cotangent 1

func @count(n: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  c = eq n, zero : bool
  r = if c : f64 {
    a = const f64 0
    yield a
  } else {
    m = subtract n, one : u64
    f = call @count(m) : f64
    b = const f64 1
    g = add f, b : f64
    yield g
  }
  return r
}
func @energy(x: f64[?]) -> (f64) {
  lo = const u64 0
  zero = const f64 0
  n = len x : u64
  s = for i: u64 in lo..n (acc = zero: f64) {
    a = get x[i] : f64
    b = sine a : f64
    c = multiply a, b : f64
    t = add acc, c : f64
    yield t
  }
  return s
}
func @next(x: f64[?]) -> (f64) {
  lo = const u64 0
  one = const u64 1
  zero = const f64 0
  n = len x : u64
  s = for i: u64 in lo..n (acc = zero: f64) {
    j = add i, one : u64
    a = get x[j] : f64
    t = add acc, a : f64
    yield t
  }
  return s
}
func @fold(x: f64[?]) -> (f64, f64, f64[?]) {
  a = reduce_sum[0] x : f64
  b = reduce_max[0] x : f64
  e = exponential x : f64[?]
  return a, b, e
}
func @zeros(n: u64) -> (f64[?]) {
  zero = const f64 0
  a = fill zero, n : f64[?]
  return a
}
"#;

fn function(name: &str) -> Function {
    Function::parse(PROGRAMS, name).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Executors other than the interpreter that can be had here.
fn compiled() -> Vec<&'static str> {
    let mut all = list_executors();
    all.retain(|&e| e != "interpreter");
    if let Err(e) = function("energy").call(vec![vector(&[])], &on("c")) {
        println!("executor c is left out: {e}");
        all.retain(|&e| e != "c");
    }
    assert!(all.contains(&"jit"), "the feature `jit` is on by default");
    all
}

fn on(name: &str) -> Options {
    Options::new().executor(name)
}

fn vector(x: &[f64]) -> Val {
    Val::vector(x.to_vec())
}

#[test]
fn nothing_one_and_not_a_number() {
    let inputs: [&[f64]; 6] = [
        &[],
        &[2.0],
        &[f64::NAN, 1.0],
        &[f64::INFINITY, -0.0, 0.0],
        &[f64::MIN_POSITIVE / 2.0, f64::MAX],
        &[1.0, 2.0, 3.0],
    ];
    for e in compiled() {
        for name in ["energy", "next", "fold"] {
            for x in inputs {
                let run = |o: &Options| function(name).call(vec![vector(x)], o);
                let (got, want) = (run(&on(e)), run(&on("interpreter")));
                match (&got, &want) {
                    (Ok(a), Ok(b)) => {
                        assert!(close(a, b), "{e} {name} {x:?}: {a:?}, not {b:?}");
                    }
                    (Err(a), Err(b)) => assert_eq!(a.to_string(), b.to_string(), "{e} {name}"),
                    _ => panic!("{e} {name} {x:?}: {got:?}, not {want:?}"),
                }
            }
        }
        for x in inputs {
            let grad = |o: &Options| {
                function("energy")
                    .gradient(vec![vector(x)], &Wrt::All, o)
                    .unwrap()
            };
            let (a, b) = (grad(&on(e)), grad(&on("interpreter")));
            assert!(close(&a, &b), "{e} {x:?}: {a:?}, not {b:?}");
        }
    }
}

/// Equal but for the last places of the mathematical functions.
fn close(a: &[Val], b: &[Val]) -> bool {
    let numbers = |vs: &[Val]| -> Vec<f64> {
        vs.iter()
            .flat_map(|v| match v {
                Val::Scalar(s) => f64::from_scalar(*s).into_iter().collect(),
                Val::Tensor(t) => f64::slice(&t.data).unwrap_or_default().to_vec(),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let (a, b) = (numbers(a), numbers(b));
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|(x, y)| (x.is_nan() && y.is_nan()) || x == y || (x - y).abs() <= 1e-14 * y.abs())
}

#[test]
fn a_million_calls_deep() {
    for e in compiled() {
        // The default limit is an error, as in the interpreter.
        let deep = |o: &Options| function("count").call(vec![Val::from(1_000_000u64)], o);
        let (got, want) = (
            deep(&on(e)).unwrap_err(),
            deep(&on("interpreter")).unwrap_err(),
        );
        assert_eq!(got.to_string(), want.to_string(), "{e}");
        // With the limit raised it ends in a result or an error, never in a crash.
        match deep(&on(e).depth(2_000_000)) {
            Ok(r) => assert_eq!(r[0].as_scalar(), Some(1e6.into()), "{e}"),
            Err(err) => assert!(err.to_string().contains("nest deeper"), "{e}: {err}"),
        }
        // And what comes next still works.
        let r = function("count")
            .call(vec![Val::from(10u64)], &on(e))
            .unwrap();
        assert_eq!(r[0].as_scalar(), Some(10.0.into()), "{e}");
    }
}

#[test]
fn wrong_arguments_and_too_much_memory() {
    for e in compiled() {
        for args in [
            vec![],
            vec![Val::from(1.0)],
            vec![Val::vector(vec![1.0f32])],
            vec![vector(&[1.0]), vector(&[1.0])],
        ] {
            let run = |o: &Options| function("energy").call(args.clone(), o).unwrap_err();
            assert_eq!(run(&on(e)).to_string(), run(&on("interpreter")).to_string());
        }
        for n in [1u64 << 40, u64::MAX / 8, u64::MAX] {
            let run = |o: &Options| function("zeros").call(vec![Val::from(n)], o).unwrap_err();
            let (a, b) = (run(&on(e)).to_string(), run(&on("interpreter")).to_string());
            assert!(
                a.contains("memory limit") && b.contains("memory limit"),
                "{a} / {b}"
            );
        }
    }
}
