//! Calls ahead of their turn: the same bits on any number of threads, traps in order, arrays that are only lent, and loops where it must not be.

use cotangent_core::ad::derive;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::text::parse;
use cotangent_core::value::Val;
use cotangent_jit::compile;
use cotangent_lower::lir::Stmt;
use cotangent_lower::{Options, lower, optimize};
use cotangent_runtime::{Compiled, check_memory};

/// `@piece` stays apart: an element (which may trap), an array made anew, and its argument as it is.
const TEXT: &str = "cotangent 1
func @piece(c: u64, x: f64[?], k: f64) -> (f64[?], f64[?], f64) apart {
  n = len x : u64
  zero = const u64 0
  o = const f64 0
  one = const f64 1
  e = get x[c] : f64
  a = fill o, n : f64[?]
  y = for i: u64 in zero..n (b = a: f64[?]) {
    u = get x[i] : f64
    v = multiply u, k : f64
    w = add v, e : f64
    t = sine w : f64
    d = update b[i] = t : f64[?]
    yield d
  }
  table = const f64[4] [0x1p0, 0x1p1, 0x1p2, 0x1p3]
  four = const u64 4
  r = remainder c, four : u64
  f = get table[r] : f64
  return y, x, f
}
func @sum(x: f64[?], m: u64, k: f64) -> (f64[?], f64) {
  zero = const u64 0
  start = zeros_like x : f64[?]
  o = const f64 0
  s, t = for c: u64 in zero..m (g = start: f64[?], h = o: f64) {
    y, same, f = call @piece(c, x, k) : f64[?], f64[?], f64
    p = accumulate g, y : f64[?]
    first = get same[zero] : f64
    q = multiply first, f : f64
    r = add h, q : f64
    yield p, r
  }
  return s, t
}
func @last(x: f64[?], m: u64, k: f64) -> (f64[?]) {
  zero = const u64 0
  s = for c: u64 in zero..m (g = x: f64[?]) {
    y, same, f = call @piece(c, x, k) : f64[?], f64[?], f64
    yield y
  }
  return s
}
func @chained(x: f64[?], m: u64, k: f64) -> (f64[?]) {
  zero = const u64 0
  s = for c: u64 in zero..m (g = x: f64[?]) {
    y, same, f = call @piece(c, g, k) : f64[?], f64[?], f64
    yield y
  }
  return s
}
func @twice(x: f64[?], m: u64, k: f64) -> (f64[?], f64) {
  a, b = call @sum(x, m, k) : f64[?], f64
  c, d = call @sum(a, m, k) : f64[?], f64
  return c, d
}
";

fn module() -> Module {
    let mut m = parse(TEXT).unwrap_or_else(|e| panic!("{}", e.render(TEXT)));
    pass::lower(&mut m).unwrap();
    pass::finish(&mut m);
    m
}

fn find(m: &Module, name: &str) -> FuncId {
    m.find(name).unwrap()
}

fn limits(threads: u32) -> Limits {
    Limits {
        threads: Some(threads),
        ..Limits::default()
    }
}

/// How many calls the function makes ahead.
fn aheads(m: &Module, name: &str) -> usize {
    let mut p = lower(m, &Options::default()).unwrap();
    optimize(&mut p);
    let mut n = 0;
    for f in p.funcs.values().filter(|f| f.name == name) {
        for s in &f.body {
            s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Ahead { .. })));
        }
    }
    n
}

fn args(n: usize, m: u64) -> Vec<Val> {
    let x: Vec<f64> = (0..n).map(|i| (0.7 * i as f64).cos()).collect();
    vec![Val::vector(x), Val::from(m), Val::from(1.25)]
}

/// The interpreter's bits on any number of threads.
fn agree(m: &Module, code: &Compiled, name: &str, args: &[Val]) {
    let f = find(m, name);
    let want = interp::Program::new(m)
        .run(f, args.to_vec(), &Limits::default())
        .unwrap();
    for threads in [1, 2, 3, 8] {
        let got = code.run(f, args, &limits(threads)).unwrap();
        for (a, b) in want.iter().zip(&got) {
            assert!(near(a, b), "{name} on {threads} threads: {a:?} {b:?}");
        }
        let first = code.run(f, args, &limits(1)).unwrap();
        let same = first.iter().zip(&got).all(|(a, b)| a.same_bits(b));
        assert!(same, "{name} on {threads} threads");
    }
}

/// Vector functions differ from scalar ones in the last bits.
fn near(a: &Val, b: &Val) -> bool {
    let numbers = |v: &Val| match v {
        Val::Tensor(t) => match &t.data {
            cotangent_core::value::Data::F64(x) => x.clone(),
            d => panic!("{d:?}"),
        },
        Val::Scalar(cotangent_core::value::Scalar::F64(x)) => vec![*x],
        v => panic!("{v:?}"),
    };
    let (a, b) = (numbers(a), numbers(b));
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-10 * (1.0 + x.abs());
    a.len() == b.len() && a.iter().zip(&b).all(close)
}

#[test]
fn results_are_the_same_bits_on_any_number_of_threads() {
    let m = module();
    assert_eq!(aheads(&m, "sum"), 1);
    let code = compile(&m, &Options::default()).unwrap();
    for (n, calls) in [(1, 1), (5, 0), (40, 3), (100, 100), (300, 257)] {
        agree(&m, &code, "sum", &args(n, calls.min(n as u64)));
        agree(&m, &code, "twice", &args(n, calls.min(n as u64)));
    }
}

#[test]
fn what_leaves_the_iteration_or_comes_from_the_one_before_is_called_in_turn() {
    let m = module();
    let code = compile(&m, &Options::default()).unwrap();
    for name in ["last", "chained"] {
        assert_eq!(aheads(&m, name), 0, "{name}");
        agree(&m, &code, name, &args(30, 17));
    }
}

#[test]
fn the_first_trap_in_order_is_reported_and_leaves_nothing_behind() {
    let m = module();
    let code = compile(&m, &Options::default()).unwrap();
    let f = find(&m, "sum");
    for (n, calls) in [(0, 1), (1, 2), (7, 100), (20, 21)] {
        for threads in [1, 2, 8] {
            let trap = code.run(f, &args(n, calls), &limits(threads)).unwrap_err();
            let (index, len) = (n as i128, n as u64);
            assert_eq!(trap.kind, TrapKind::IndexOutOfRange { index, len });
            assert_eq!(trap.func, "piece");
        }
        agree(&m, &code, "sum", &args(9, 9));
    }
}

#[test]
fn memory_is_accounted_for() {
    check_memory(true);
    let m = module();
    let code = compile(&m, &Options::default()).unwrap();
    agree(&m, &code, "twice", &args(33, 33));
    check_memory(false);
}

#[test]
fn many_may_call_at_once_and_within_a_pool() {
    let m = module();
    let code = compile(&m, &Options::default()).unwrap();
    let f = find(&m, "sum");
    let want = code.run(f, &args(64, 64), &limits(1)).unwrap();
    let call = |threads| {
        let l = Limits {
            threads,
            ..Limits::default()
        };
        let got = code.run(f, &args(64, 64), &l).unwrap();
        assert!(got.iter().zip(&want).all(|(a, b)| a.same_bits(b)));
    };
    std::thread::scope(|s| {
        for t in 0..4_u32 {
            let call = &call;
            s.spawn(move || {
                for k in 0..5 {
                    call((k > 0).then_some(1 + (t + k) % 3));
                }
            });
        }
    });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
    pool.unwrap().scope(|s| {
        for _ in 0..6 {
            s.spawn(|_| call(None));
        }
    });
}

#[test]
fn threads_with_little_stack_get_more() {
    let m = module();
    let code = compile(&m, &Options::default()).unwrap();
    let f = find(&m, "twice");
    let want = code.run(f, &args(64, 64), &limits(1)).unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .stack_size(192 << 10)
        .build();
    pool.unwrap().scope(|s| {
        for _ in 0..20 {
            s.spawn(|_| {
                let got = code.run(f, &args(64, 64), &Limits::default()).unwrap();
                assert!(got.iter().zip(&want).all(|(a, b)| a.same_bits(b)));
            });
        }
    });
}

#[test]
fn programs_that_count_fuel_call_in_turn() {
    let m = module();
    let code = compile(&m, &Options { fuel: true }).unwrap();
    let l = |fuel| Limits {
        fuel: Some(fuel),
        ..limits(3)
    };
    let f = find(&m, "sum");
    assert!(code.run(f, &args(20, 20), &l(1_000_000)).is_ok());
    let trap = code.run(f, &args(20, 20), &l(100)).unwrap_err();
    assert_eq!(trap.kind, TrapKind::OutOfFuel { limit: 100 });
}

/// A heavy sum, as reverse mode makes calls of it.
const LOSS: &str = "cotangent 1
func @loss(w: f64[?], x: f64[?], n: u64) -> (f64) {
  zero = const u64 0
  o = const f64 0
  d = len w : u64
  total = for i: u64 in zero..n (acc = o: f64) {
    outer = for a: u64 in zero..d (s = o: f64) {
      inner = for b: u64 in zero..d (t = s: f64) {
        u = get w[a] : f64
        v = get w[b] : f64
        y = multiply u, v : f64
        e = get x[i] : f64
        z = multiply y, e : f64
        h = tanh z : f64
        q = add t, h : f64
        yield q
      }
      yield inner
    }
    next = add acc, outer : f64
    yield next
  }
  return total
}
";

#[test]
fn gradients_of_heavy_sums_run_on_all_threads() {
    let mut m = parse(LOSS).unwrap_or_else(|e| panic!("{}", e.render(LOSS)));
    let f = find(&m, "loss");
    let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1]).unwrap();
    let name = m.funcs[g].name.clone();
    pass::finish(&mut m);
    assert_eq!(aheads(&m, &name), 1);
    let code = compile(&m, &Options::default()).unwrap();
    let wave = |n: usize, by: f64| {
        Val::vector((0..n).map(|i| (by * i as f64).sin()).collect::<Vec<f64>>())
    };
    for n in [0, 1, 50, 1000] {
        let args = [wave(20, 0.3), wave(n, 0.7), Val::from(n as u64)];
        agree(&m, &code, &name, &args);
    }
}
