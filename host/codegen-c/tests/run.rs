//! Programs compiled by the system's C compiler give what the interpreter gives. Without a C compiler, a line says that nothing was run.

use cotangent_codegen_c::{cc::Compiler, compile, emit, program};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::Module;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_core::{pass, text};
use cotangent_lower::Options;
use std::sync::Arc;

/// Loops, recursion, arrays, records, traps; `tests/filetests` of the workspace has many more.
const PROGRAMS: &str = r#"
cotangent 1

func @sum(x: f64[?]) -> (f64) {
  zero = const f64 0
  lo = const u64 0
  n = len x : u64
  s = for i: u64 in lo..n (acc = zero: f64) {
    e = get x[i] : f64
    t = add acc, e : f64
    yield t
  }
  return s
}
func @fact(n: u64) -> (u64) {
  zero = const u64 0
  one = const u64 1
  c = eq n, zero : bool
  r = if c : u64 {
    yield one
  } else {
    m = subtract n, one : u64
    f = call @fact(m) : u64
    g = multiply n, f : u64
    yield g
  }
  return r
}
func @set(a: f64[?,2], i: u64, x: f64) -> (f64[?,2]) {
  b = update a[i][i] = x : f64[?,2]
  return b
}
func @deep(r: {u64, seq<{f64[?], bool}>}, i: u64) -> ({u64, seq<{f64[?], bool}>}) {
  x = const f64 10
  s = add_at r.1[i].0[i] += x : {u64, seq<{f64[?], bool}>}
  return s
}
func @waves(x: f64) -> (f64, f32, i8) {
  a = sine x : f64
  p = power x, a : f64
  c = convert f32 p : f32
  d = convert i8 p : i8
  return p, c, d
}
func @forever(n: u64) -> (u64) { r = call @forever(n) : u64 return r }
"#;

fn module(source: &str) -> Module {
    let mut m = text::parse(source).unwrap_or_else(|e| panic!("{e}"));
    pass::lower(&mut m).expect("lowers");
    m
}

#[test]
fn the_same_text_for_the_same_program() {
    let m = module(PROGRAMS);
    let text = |m| emit::source(&program(m, &Options::default()).expect("supported"));
    assert_eq!(text(&m), text(&m));
}

#[test]
fn as_the_interpreter() {
    if let Err(e) = Compiler::find() {
        println!("nothing was run: {e}");
        return;
    }
    let m = module(PROGRAMS);
    let c = compile(&m, &Options::default()).expect("compiles");
    let oracle = Program::new(&m);
    let pair = |x: Vec<f64>, b: bool| Val::record(vec![Val::vector(x), Val::from(b)]);
    let nested = Val::record(vec![
        Val::from(7u64),
        Val::Seq(Arc::new(vec![
            pair(vec![1.0], true),
            pair(vec![1.0, 2.0], false),
        ])),
    ]);
    let grid = Val::tensor(Tensor {
        shape: vec![2, 2],
        data: Data::F64(vec![1.0, 2.0, 3.0, 4.0]),
    });
    let cases = [
        ("sum", vec![Val::vector(vec![1.0, 2.5, -3.0])]),
        ("sum", vec![Val::vector(Vec::<f64>::new())]),
        ("fact", vec![Val::from(20u64)]),
        ("fact", vec![Val::from(21u64)]),
        ("set", vec![grid.clone(), Val::from(1u64), Val::from(9.0)]),
        ("set", vec![grid, Val::from(2u64), Val::from(9.0)]),
        ("deep", vec![nested, Val::from(1u64)]),
        ("forever", vec![Val::from(1u64)]),
    ];
    for (name, args) in cases {
        let f = m.find(name).expect("there");
        let limits = Limits {
            depth: 1000,
            ..Limits::default()
        };
        let want = oracle.run(f, args.clone(), &limits);
        let got = c.run(f, &args, &limits);
        assert_eq!(format!("{got:?}"), format!("{want:?}"), "{name}");
    }
    // The system's functions and the interpreter's differ in the last place.
    let f = m.find("waves").expect("there");
    let got = c
        .run(f, &[Val::from(2.5)], &Limits::default())
        .expect("runs");
    let x = 2.5f64.powf(2.5f64.sin());
    let same = |v: &Val, y: f64, tolerance: f64| match v.as_scalar() {
        Some(Scalar::F64(x)) => (x - y).abs() <= tolerance * y,
        Some(Scalar::F32(x)) => (f64::from(x) - y).abs() <= tolerance * y,
        _ => false,
    };
    assert!(same(&got[0], x, 4e-16) && same(&got[1], x, 1e-7), "{got:?}");
    assert_eq!(got[2].as_scalar(), Some(Scalar::I8(1)));
}

#[test]
fn sums_in_any_order() {
    if let Err(e) = Compiler::find() {
        println!("nothing was run: {e}");
        return;
    }
    // Two sums and a store in one loop, of every length about a vector's.
    let m = module(
        "cotangent 1
func @sums(x: f64[?], n: i64) -> (f64, f64, f64[?]) {
  zero = const f64 0
  one = const f64 1
  lo = const i64 0
  s, t, y = for i: i64 in lo..n (p = zero: f64, q = one: f64, z = x: f64[?]) {
    a = get z[i] : f64
    b = multiply a, a : f64
    f = exponential a : f64
    g = multiply f, a : f64
    c = accumulate p, g : f64
    d = accumulate b, q : f64
    e = update z[i] = b : f64[?]
    yield c, d, e
  }
  return s, t, y
}
",
    );
    let source = emit::source(&program(&m, &Options::default()).expect("supported"));
    assert!(source.contains("CT_SUMS("), "{source}");
    assert!(source.contains("= CT_MUL_ADD("), "{source}");
    let c = compile(&m, &Options::default()).expect("compiles");
    let oracle = Program::new(&m);
    let f = m.find("sums").expect("there");
    let x: Vec<f64> = (0..40).map(|k| (f64::from(k) * 0.7).sin()).collect();
    let number = |v: &Val| match v.as_scalar() {
        Some(Scalar::F64(x)) => x,
        _ => f64::NAN,
    };
    for n in 0..=40_i64 {
        let args = vec![Val::vector(x.clone()), Val::from(n)];
        let got = c.run(f, &args, &Limits::default()).expect("runs");
        let want = oracle.run(f, args, &Limits::default()).expect("runs");
        for k in 0..2 {
            let (a, b) = (number(&got[k]), number(&want[k]));
            assert!((a - b).abs() <= 1e-12, "{n}: {a} instead of {b}");
        }
        assert_eq!(format!("{:?}", got[2]), format!("{:?}", want[2]), "{n}");
    }
}

#[test]
fn large_loops_give_the_same_bits_on_any_number_of_threads() {
    if let Err(e) = Compiler::find() {
        println!("nothing was run: {e}");
        return;
    }
    let mut m = module(
        "cotangent 1
func @f(x: f64[?], at: u64[?]) -> (f64[?], f64) {
  a = multiply x, x : f64[?]
  b = sqrt a : f64[?]
  s = reduce_sum[0] b : f64
  y = map (i = at: u64) : f64[?] {
    e = get x[i] : f64
    yield e
  }
  return y, s
}
",
    );
    pass::finish(&mut m);
    let c = compile(&m, &Options::default()).expect("compiles");
    let f = m.find("f").expect("there");
    let n = 300_000;
    let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let mut at: Vec<u64> = (0..n as u64).rev().collect();
    let run = |at: &[u64], threads| {
        let limits = Limits {
            threads: Some(threads),
            ..Limits::default()
        };
        c.run(
            f,
            &[Val::vector(x.clone()), Val::vector(at.to_vec())],
            &limits,
        )
    };
    let one = run(&at, 1).expect("runs");
    let Some(Scalar::F64(sum)) = one[1].as_scalar() else {
        panic!("{:?}", one[1]);
    };
    let want: f64 = x.iter().map(|x| x.abs()).sum();
    assert!((sum - want).abs() < 1e-9 * want);
    assert!(one[0].same_bits(&Val::vector(x.iter().rev().copied().collect::<Vec<_>>())));
    for threads in [2, 3, 8] {
        let more = run(&at, threads).expect("runs");
        assert!(one.iter().zip(&more).all(|(a, b)| a.same_bits(b)));
    }
    at[200_000] = 1 << 40;
    at[250_000] = 1 << 41;
    for threads in [1, 3] {
        let trap = run(&at, threads).expect_err("out of range");
        assert_eq!(trap.to_string(), run(&at, 1).expect_err("too").to_string());
        assert!(
            trap.to_string().contains(&(1u64 << 40).to_string()),
            "{trap}"
        );
    }
}
