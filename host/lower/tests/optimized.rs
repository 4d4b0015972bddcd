//! What the passes over LIR and the fusion of elementwise operations achieve, on small programs.

use cotangent_core::pass;
use cotangent_core::text::parse;
use cotangent_lower::lir::verify::verify;
use cotangent_lower::lir::{Program, RtFn, Stmt};
use cotangent_lower::{Options, lower, optimize};

fn program(text: &str) -> Program {
    let mut m = parse(text).unwrap_or_else(|e| panic!("{e}"));
    cotangent_core::verify::verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    pass::optimize(&mut m);
    let mut p = lower(&m, &Options::default()).unwrap();
    optimize(&mut p);
    if let Err(e) = verify(&p) {
        panic!("{e}\n{p}");
    }
    p
}

/// How many statements there are of a kind, in loops and outside of them.
fn count(p: &Program, of: impl Fn(&Stmt) -> bool) -> (usize, usize) {
    fn walk(b: &[Stmt], inside: bool, of: &impl Fn(&Stmt) -> bool, n: &mut (usize, usize)) {
        for s in b {
            if of(s) {
                *if inside { &mut n.0 } else { &mut n.1 } += 1;
            }
            let is_loop = matches!(s, Stmt::For { .. } | Stmt::While { .. });
            for inner in s.blocks() {
                walk(inner, inside || is_loop, of, n);
            }
        }
    }
    let mut n = (0, 0);
    for f in p.funcs.values() {
        walk(&f.body, false, &of, &mut n);
    }
    n
}

fn uniques(p: &Program) -> (usize, usize) {
    count(p, |s| matches!(s, Stmt::Unique { .. }))
}

#[test]
fn an_array_is_made_unique_before_the_loops_that_write_it() {
    let p = program(
        "cotangent 1
func @f(a: f64[?], n: u64) -> (f64[?]) {
  zero = const u64 0
  x = const f64 2
  r = for i: u64 in zero..n (c = a: f64[?]) {
    d = for j: u64 in zero..n (e = c: f64[?]) {
      y = get e[j] : f64
      z = multiply y, x : f64
      w = update e[j] = z : f64[?]
      yield w
    }
    yield d
  }
  return r
}
",
    );
    let (inside, outside) = uniques(&p);
    assert!(inside == 0 && outside >= 1, "{inside} {outside}\n{p}");
}

#[test]
fn an_array_that_others_keep_is_made_unique_where_it_is_written() {
    let p = program(
        "cotangent 1
func @f(a: f64[?], s: seq<f64[?]>, n: u64) -> (f64[?], seq<f64[?]>) {
  zero = const u64 0
  x = const f64 2
  r, t = for i: u64 in zero..n (c = a: f64[?], u = s: seq<f64[?]>) {
    w = update c[i] = x : f64[?]
    v = push u, w : seq<f64[?]>
    yield w, v
  }
  return r, t
}
",
    );
    assert!(uniques(&p).0 >= 1, "{p}");
}

#[test]
fn a_chain_of_elementwise_operations_is_one_loop() {
    let p = program(
        "cotangent 1
func @f(a: f64[?], b: f64[?]) -> (f64[?]) {
  p = multiply a, b : f64[?]
  q = add p, a : f64[?]
  r = negate q : f64[?]
  s = subtract r, p : f64[?]
  return s
}
func @g(a: f64[?], b: f64[?]) -> (f64) {
  d = subtract a, b : f64[?]
  e = square d : f64[?]
  s = reduce_sum[0] e : f64
  return s
}
",
    );
    // Each is there twice: as it is, and as a function of a range of it.
    let loops = count(&p, |s| matches!(s, Stmt::For { .. }));
    assert_eq!(loops, (0, 4), "{p}");
    let allocs = count(&p, |s| matches!(s, Stmt::Rt(RtFn::Alloc, ..)));
    assert_eq!(allocs.0 + allocs.1, 1, "{p}");
}

#[test]
fn checks_that_loop_bounds_decide_are_gone() {
    let p = program(
        "cotangent 1
func @f(a: f64[8]) -> (f64) {
  zero = const u64 0
  one = const u64 1
  n = const u64 7
  z = const f64 0
  r = for i: u64 in zero..n (s = z: f64) {
    x = get a[i] : f64
    j = add i, one : u64
    y = get a[j] : f64
    t = add s, x : f64
    u = add t, y : f64
    yield u
  }
  return r
}
",
    );
    assert_eq!(count(&p, |s| matches!(s, Stmt::Check(..))), (0, 0), "{p}");
}

#[test]
fn small_tensors_are_computed_without_loops() {
    let p = program(
        "cotangent 1
func @f(a: f64[3], b: f64[3]) -> (f64) {
  p = multiply a, b : f64[3]
  s = reduce_sum[0] p : f64
  return s
}
",
    );
    assert_eq!(count(&p, |s| matches!(s, Stmt::For { .. })), (0, 0), "{p}");
}

/// What is known of the loops of a program: whether iterations are independent, and how many sums they make.
fn loops(p: &Program) -> Vec<(bool, usize)> {
    let mut out = Vec::new();
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::For { hint, .. } = s {
                    out.push((hint.parallel, hint.reductions.len()));
                }
            });
        }
    }
    out
}

/// A sum of products in a loop, by the operation.
fn dot(add: &str) -> Program {
    program(&format!(
        "cotangent 1
func @dot(x: f64[64], y: f64[64]) -> (f64) {{
  zero = const f64 0
  lo = const u64 0
  hi = const u64 64
  s = for i: u64 in lo..hi (acc = zero: f64) {{
    a = get x[i] : f64
    b = get y[i] : f64
    p = multiply a, b : f64
    q = {add} acc, p : f64
    r = {add} q, a : f64
    yield r
  }}
  return s
}}
"
    ))
}

#[test]
fn only_sums_whose_order_is_free_are_told_to_back_ends() {
    assert_eq!(loops(&dot("accumulate")), [(true, 1)]);
    assert_eq!(loops(&dot("add")), [(false, 0)]);
}

#[test]
fn a_sum_that_the_loop_looks_at_is_made_in_order() {
    let p = program(
        "cotangent 1
func @partial(x: f64[64], y: f64[64]) -> (f64, f64[64]) {
  zero = const f64 0
  lo = const u64 0
  hi = const u64 64
  s, z = for i: u64 in lo..hi (acc = zero: f64, b = y: f64[64]) {
    a = get x[i] : f64
    q = accumulate acc, a : f64
    w = update b[i] = q : f64[64]
    yield q, w
  }
  return s, z
}
",
    );
    assert_eq!(loops(&p), [(false, 0)]);
}

#[test]
fn room_is_made_before_a_loop_that_only_pushes() {
    let p = program(
        "cotangent 1
func @squares(x: f64[64], s: stack<f64>) -> (stack<f64>) {
  lo = const u64 0
  hi = const u64 64
  t = for i: u64 in lo..hi (u = s: stack<f64>) {
    a = get x[i] : f64
    b = multiply a, a : f64
    v = push u, b : stack<f64>
    yield v
  }
  return t
}
",
    );
    let reserves = count(&p, |s| matches!(s, Stmt::Reserve { .. }));
    assert_eq!(reserves, (0, 1), "{p}");
    assert_eq!(loops(&p), [(true, 0)], "{p}");
}

#[test]
fn a_loop_that_pops_counts_forwards_and_sums_in_any_order() {
    let p = program(
        "cotangent 1
func @sum(s: stack<f64>, n: u64) -> (f64, stack<f64>) {
  zero = const f64 0
  lo = const u64 0
  t, rest = for i: u64 in lo..n (acc = zero: f64, u = s: stack<f64>) {
    v, x = pop u : stack<f64>, f64
    y = accumulate acc, x : f64
    yield y, v
  }
  return t, rest
}
",
    );
    // The version with checks, the one without, and that one as a range of it for a thread.
    let mut fast = Vec::new();
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::For { body, hint, .. } = s {
                    let checks = body.iter().any(|s| matches!(s, Stmt::Check(..)));
                    fast.push((checks, hint.parallel, hint.reductions.len()));
                }
            });
        }
    }
    let free = (false, true, 1);
    assert_eq!(fast, [(true, false, 1), free, free], "{p}");
    // Addresses grow with the index.
    let subtracts = count(&p, |s| {
        matches!(
            s,
            Stmt::Set(
                _,
                cotangent_lower::lir::Rv::Bin(
                    cotangent_lower::lir::Bin::Sub,
                    _,
                    cotangent_lower::lir::Opnd::Reg(_)
                )
            )
        )
    });
    println!("{p}");
    assert_eq!(subtracts.0, 0, "{p}");
}

#[test]
fn checks_of_an_inner_loop_are_decided_before_the_outer_one() {
    let p = program(
        "cotangent 1
func @triangle(lower: f64[?], n: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  z = const f64 0
  s, last = for c: u64 in zero..n (s1 = z: f64, next1 = zero: u64) {
    first = add c, one : u64
    s2, next2 = for r: u64 in first..n (s3 = s1: f64, next3 = next1: u64) {
      a = get lower[next3] : f64
      t = add s3, a : f64
      next4 = add next3, one : u64
      yield t, next4
    }
    yield s2, next2
  }
  return s
}
",
    );
    let checks = |s: &Stmt| {
        let mut n = 0;
        s.visit(&mut |s| n += u32::from(matches!(s, Stmt::Check(..))));
        n
    };
    // Outer loops: one with checks, one without any in it.
    let mut outer = Vec::new();
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::For { body, .. } = s
                    && body.iter().any(|s| !s.blocks().is_empty())
                {
                    outer.push(checks(s) > 0);
                }
            });
        }
    }
    outer.sort_unstable();
    assert_eq!(outer.first(), Some(&false), "{p}");
    assert_eq!(outer.last(), Some(&true), "{p}");
}
