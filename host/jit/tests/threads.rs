//! Runs on several threads: the same bits whatever their number, traps in order, many callers at once, runs within runs.

use cotangent_core::ad::derive;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::text::{parse, print};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_jit::compile;
use cotangent_lower::lir::Stmt;
use cotangent_lower::{Options, lower, optimize};
use cotangent_runtime::Compiled;

const TEXT: &str = "cotangent 1
func @each(x: f64[?], y: f64[?]) -> (f64[?]) {
  a = sine x : f64[?]
  b = multiply a, y : f64[?]
  c = add b, x : f64[?]
  return c
}
func @mapped(x: f64[?]) -> (f64[?]) {
  y = map (e = x: f64) : f64[?] {
    two = const f64 2
    s = multiply e, two : f64
    t = exponential s : f64
    yield t
  }
  return y
}
func @total(x: f64[?], y: f64[?]) -> (f64) {
  a = multiply x, y : f64[?]
  s = reduce_sum[0] a : f64
  return s
}
func @product(a: f64[?,?], b: f64[?,?]) -> (f64[?,?]) {
  c = dot_general contract[1][0] a, b : f64[?,?]
  return c
}
func @chosen(x: f64[?], at: u64[?]) -> (f64[?]) {
  y = map (i = at: u64) : f64[?] {
    e = get x[i] : f64
    yield e
  }
  return y
}
func @matvec(a: f64[?,?], x: f64[?]) -> (f64[?]) {
  zero = const u64 0
  o = const f64 0
  m = len a : u64
  n = len x : u64
  y = fill o, m : f64[?]
  r = for i: u64 in zero..m (out = y: f64[?]) {
    s = for j: u64 in zero..n (acc = o: f64) {
      e = get a[i][j] : f64
      f = get x[j] : f64
      p = multiply e, f : f64
      t = add acc, p : f64
      yield t
    }
    h = tanh s : f64
    w = update out[i] = h : f64[?]
    yield w
  }
  return r
}
func @outer(x: f64[?], y: f64[?], c: f64[?,?]) -> (f64[?,?]) {
  zero = const u64 0
  m = len x : u64
  n = len y : u64
  r = for i: u64 in zero..m (out = c: f64[?,?]) {
    e = get x[i] : f64
    q = for j: u64 in zero..n (row = out: f64[?,?]) {
      f = get y[j] : f64
      p = multiply e, f : f64
      g = sine p : f64
      w = update row[i][j] = g : f64[?,?]
      yield w
    }
    yield q
  }
  return r
}
func @carried(x: f64[?], k: u64) -> (f64[?]) {
  zero = const u64 0
  one = const u64 1
  n = len x : u64
  m = subtract n, one : u64
  r = for i: u64 in zero..m (a = x: f64[?]) {
    b = for j: u64 in zero..k (c = a: f64[?]) {
      e = get c[i] : f64
      f = cosine e : f64
      l = add i, one : u64
      d = update c[l] = f : f64[?]
      yield d
    }
    yield b
  }
  return r
}
func @loss(x: f64[?], y: f64[?]) -> (f64) {
  a = call @each(x, y) : f64[?]
  s = call @total(a, y) : f64
  return s
}
";

/// Iterations from which a loop is certainly split.
const MANY: usize = 300_000;

fn module() -> Module {
    let mut m = parse(TEXT).unwrap_or_else(|e| panic!("{e}"));
    pass::lower(&mut m).unwrap();
    m
}

fn find(m: &Module, name: &str) -> FuncId {
    m.find(name).unwrap()
}

fn wave(n: usize, by: f64) -> Val {
    Val::vector((0..n).map(|i| (by * i as f64).sin()).collect::<Vec<f64>>())
}

fn matrix(rows: usize, columns: usize, by: f64) -> Val {
    let data = (0..rows * columns).map(|i| (by * i as f64).sin()).collect();
    Val::tensor(Tensor::new(vec![rows, columns], Data::F64(data)).unwrap())
}

fn limits(threads: u32) -> Limits {
    Limits {
        threads: Some(threads),
        ..Limits::default()
    }
}

fn numbers(v: &Val) -> Vec<f64> {
    let number = |s: Scalar| match s {
        Scalar::F64(x) => x,
        s => panic!("{s:?}"),
    };
    match v {
        Val::Tensor(t) => (0..t.data.len()).map(|k| number(t.data.get(k))).collect(),
        Val::Scalar(s) => vec![number(*s)],
        v => panic!("{v:?}"),
    }
}

/// How many splits a program has.
fn splits(m: &Module) -> usize {
    let mut p = lower(m, &Options::default()).unwrap();
    optimize(&mut p);
    let mut n = 0;
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Split { .. })));
        }
    }
    n
}

/// Runs on 1, 2, 3 and 8 threads: the same bits, and near what the interpreter gives.
fn agree(m: &Module, code: &Compiled, f: FuncId, args: &[Val], name: &str) {
    let want = interp::Program::new(m)
        .run(f, args.to_vec(), &Limits::default())
        .unwrap();
    let first = code.run(f, args, &limits(1)).unwrap();
    assert_eq!(want.len(), first.len());
    for (a, b) in want.iter().zip(&first) {
        let (a, b) = (numbers(a), numbers(b));
        assert_eq!(a.len(), b.len(), "{name}");
        let scale = 1.0 + a.iter().fold(0.0, |s: f64, x| s.max(x.abs()));
        for (k, (x, y)) in a.iter().zip(&b).enumerate() {
            assert!((x - y).abs() <= 1e-10 * scale, "{name}: {k}: {x} {y}");
        }
    }
    for threads in [2, 3, 8] {
        let again = code.run(f, args, &limits(threads)).unwrap();
        let same = first.iter().zip(&again).all(|(a, b)| a.same_bits(b));
        assert!(same, "{name} on {threads} threads");
    }
}

#[test]
fn results_are_the_same_bits_on_any_number_of_threads() {
    let mut m = module();
    pass::finish(&mut m);
    assert!(splits(&m) >= 5, "{}", print(&m));
    let code = compile(&m, &Options::default()).unwrap();
    for n in [1, MANY, MANY + 7] {
        let (x, y) = (wave(n, 0.7), wave(n, 1.3));
        let both = [x.clone(), y];
        agree(&m, &code, find(&m, "each"), &both, "each");
        agree(&m, &code, find(&m, "total"), &both, "total");
        agree(&m, &code, find(&m, "mapped"), &[x], "mapped");
    }
    for (rows, columns) in [(3, 5), (201, 150)] {
        let args = [matrix(rows, 120, 0.3), matrix(120, columns, 0.9)];
        agree(&m, &code, find(&m, "product"), &args, "product");
    }
}

/// How many splits the function of that name has by itself.
fn splits_of(name: &str) -> usize {
    let mut m = module();
    let f = find(&m, name);
    let f = pass::prune::prune(&mut m, &[f])[f];
    assert!(f.is_some());
    pass::finish(&mut m);
    splits(&m)
}

#[test]
fn loops_with_loops_in_them_are_split_where_each_writes_its_own_part() {
    let mut m = module();
    pass::finish(&mut m);
    let code = compile(&m, &Options::default()).unwrap();
    assert!(splits_of("matvec") >= 1);
    assert!(splits_of("outer") >= 1);
    assert_eq!(splits_of("carried"), 0);
    for (rows, columns) in [(3, 4), (700, 400), (40_000, 9)] {
        let (x, y) = (wave(rows, 0.7), wave(columns, 1.3));
        let a = matrix(rows, columns, 0.3);
        let f = find(&m, "matvec");
        agree(&m, &code, f, &[a.clone(), y.clone()], "matvec");
        agree(&m, &code, find(&m, "outer"), &[x, y, a], "outer");
    }
    let args = [wave(1000, 0.7), Val::from(300u64)];
    agree(&m, &code, find(&m, "carried"), &args, "carried");
}

#[test]
fn gradients_are_too() {
    let mut m = module();
    let f = find(&m, "loss");
    let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1]).unwrap();
    pass::finish(&mut m);
    let code = compile(&m, &Options::default()).unwrap();
    let args = [wave(MANY, 0.7), wave(MANY, 1.3)];
    agree(&m, &code, g, &args, "gradient");
}

#[test]
fn the_first_trap_in_order_is_reported() {
    let mut m = module();
    pass::finish(&mut m);
    let f = find(&m, "chosen");
    assert!(splits(&m) > 0);
    let code = compile(&m, &Options::default()).unwrap();
    let x = wave(10, 1.0);
    let n = 2 * MANY;
    let mut at: Vec<u64> = (0..n as u64).map(|i| i % 10).collect();
    agree(
        &m,
        &code,
        f,
        &[x.clone(), Val::vector(at.clone())],
        "chosen",
    );
    for (place, index) in [(n - 1, 77), (n / 2, 55), (n / 3, 33)] {
        at[place] = index;
        let args = [x.clone(), Val::vector(at.clone())];
        for threads in [1, 2, 3, 8] {
            let trap = code.run(f, &args, &limits(threads)).unwrap_err();
            let want = TrapKind::IndexOutOfRange {
                index: i128::from(index),
                len: 10,
            };
            assert_eq!(trap.kind, want, "{threads} threads");
        }
    }
    // The code is as good as before.
    let at: Vec<u64> = vec![3; n];
    agree(&m, &code, f, &[x, Val::vector(at)], "chosen");
}

#[test]
fn many_may_call_at_once_from_threads_of_a_pool_too() {
    let mut m = module();
    pass::finish(&mut m);
    let code = compile(&m, &Options::default()).unwrap();
    let f = find(&m, "each");
    let args = [wave(MANY, 0.7), wave(MANY, 1.3)];
    let want = code.run(f, &args, &limits(1)).unwrap();
    let call = |threads: Option<u32>| {
        let l = Limits {
            threads,
            ..Limits::default()
        };
        let got = code.run(f, &args, &l).unwrap();
        assert!(got[0].same_bits(&want[0]));
    };
    std::thread::scope(|s| {
        for t in 0..4u32 {
            let call = &call;
            s.spawn(move || {
                for k in 0..3 {
                    call(if k == 0 { None } else { Some(1 + (t + k) % 3) });
                }
            });
        }
    });
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    pool.scope(|s| {
        for _ in 0..6 {
            s.spawn(|_| call(None));
        }
    });
}

#[test]
fn programs_that_count_fuel_run_as_before() {
    let mut m = module();
    pass::finish(&mut m);
    let code = compile(&m, &Options { fuel: true }).unwrap();
    let l = Limits {
        fuel: Some(1000),
        ..limits(3)
    };
    let trap = code
        .run(find(&m, "mapped"), &[wave(MANY, 1.0)], &l)
        .unwrap_err();
    assert_eq!(trap.kind, TrapKind::OutOfFuel { limit: 1000 });
}
