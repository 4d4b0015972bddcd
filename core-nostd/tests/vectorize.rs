//! Loops to array operations: the same results and derivatives, no loop left where none is needed, and loops whose iterations wait for one
//! another left alone.

use cotangent_core::ad::derive;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{ControlOp, DeriveKind, FuncId, Module, Op};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_value, print};
use cotangent_core::transform::vectorize;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_core::verify::verify_lowered;

fn module(body: &str) -> (Module, FuncId) {
    let mut m = parse(&format!("cotangent 1\n{body}")).unwrap_or_else(|e| panic!("{e}\n{body}"));
    pass::lower(&mut m).unwrap();
    pass::optimize(&mut m);
    let f = m.find("f").unwrap();
    (m, f)
}

fn loops(m: &Module, id: FuncId) -> usize {
    let mut seen = vec![id];
    let mut next = 0;
    let mut n = 0;
    while let Some(&g) = seen.get(next) {
        let f = &m.funcs[g];
        f.visit(f.body, &mut |_, d| match &d.op {
            Op::Control(ControlOp::For | ControlOp::While) => n += 1,
            Op::Control(ControlOp::Call(h)) if !seen.contains(h) => seen.push(*h),
            _ => {}
        });
        next += 1;
    }
    n
}

fn numbers(v: &Val, out: &mut Vec<f64>) {
    let mut scalar = |s: Scalar| match s {
        Scalar::F64(x) => out.push(x),
        Scalar::F32(x) => out.push(f64::from(x)),
        Scalar::Bool(b) => out.push(f64::from(u8::from(b))),
        other => out.push(other.as_int().unwrap() as f64),
    };
    match v {
        Val::Unit => {}
        Val::Scalar(s) => scalar(*s),
        Val::Tensor(t) => {
            let t: &Tensor = t;
            let data: &Data = &t.data;
            (0..data.len()).for_each(|i| scalar(data.get(i)));
        }
        Val::Record(vs) | Val::Seq(vs) => vs.iter().for_each(|v| numbers(v, out)),
        Val::Stack(_) => panic!("a stack is no result"),
    }
}

fn same(a: &[Val], b: &[Val], what: &str) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    a.iter().for_each(|v| numbers(v, &mut x));
    b.iter().for_each(|v| numbers(v, &mut y));
    assert_eq!(x.len(), y.len(), "{what}");
    for (p, q) in x.iter().zip(&y) {
        let close = (p - q).abs() <= 1e-12 * (1.0 + p.abs()) || p == q || p.is_nan() && q.is_nan();
        assert!(close, "{what}: {p} and {q}\n{x:?}\n{y:?}");
    }
}

/// The program, its version in array operations, which has so many loops, and the gradients of both where it has one.
fn check(body: &str, args: &[&str], left: usize) {
    let (m, f) = module(body);
    let tys = m.funcs[f].param_types();
    let args: Vec<Val> = args
        .iter()
        .zip(&tys)
        .map(|(s, t)| parse_value(s, t).unwrap())
        .collect();
    let mut v = m.clone();
    vectorize::run(&mut v);
    verify_lowered(&v).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(&v)));
    let run = |m: &Module, f: FuncId| Program::new(m).run(f, args.clone(), &Limits::default());
    let (a, b) = (run(&m, f), run(&v, f));
    let (a, b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(_), Err(_)) => return,
        (a, b) => panic!("{a:?} and {b:?}\n{}", print(&v)),
    };
    same(&a, &b, "values");
    pass::optimize(&mut v);
    assert_eq!(loops(&v, f), left, "loops left\n{}", print(&v));
    let wrt: Vec<u32> = (0..tys.len() as u32)
        .filter(|&k| tys[k as usize].has_tangent())
        .collect();
    let real = m.funcs[f].results.len() == 1
        && m.funcs[f].results[0].is_scalar()
        && m.funcs[f].results[0].has_tangent();
    if real && !wrt.is_empty() {
        let mut m = m.clone();
        let g = derive(&mut m, f, DeriveKind::Gradient, &wrt).unwrap();
        let h = derive(&mut v, f, DeriveKind::Gradient, &wrt).unwrap();
        same(&run(&m, g).unwrap(), &run(&v, h).unwrap(), "gradients");
    }
}

#[test]
fn a_sum() {
    let f = "func @f(xs: f64[?], k: f64) -> (f64) {
  z = const f64 0.5
  zero = const u64 0
  n = len xs : u64
  s = for i: u64 in zero..n (t = z: f64) {
    x = get xs[i] : f64
    y = multiply x, k : f64
    e = exponential y : f64
    t2 = add t, e : f64
    yield t2
  }
  return s
}";
    check(f, &["[1.0, 2.0, -0.5]", "0.3"], 0);
    check(f, &["[]", "0.3"], 0);
    check(f, &["[4.0]", "0.3"], 0);
}

#[test]
fn a_sum_that_is_conditional() {
    check(
        "func @f(xs: f64[?], k: f64) -> (f64) {
  z = const f64 0.0
  zero = const u64 0
  n = len xs : u64
  s = for i: u64 in zero..n (t = z: f64) {
    x = get xs[i] : f64
    c = lt x, k : bool
    t2 = if c : f64 {
      l = log x : f64
      a = add t, l : f64
      b = subtract a, x : f64
      yield b
    } else {
      yield t
    }
    yield t2
  }
  return s
}",
        &["[1.0, 2.0, -0.5, 0.25]", "1.5"],
        0,
    );
}

/// A matrix times a vector, then a nonlinear function of every row: a nest.
#[test]
fn a_nest() {
    let f = "func @f(w: f64[?,3], x: f64[3], out: f64[?]) -> (f64[?], f64) {
  z = const f64 0.0
  zero = const u64 0
  three = const u64 3
  n = len w : u64
  rows, total = for i: u64 in zero..n (o = out: f64[?], t = z: f64) {
    s = for j: u64 in zero..three (u = z: f64) {
      a = get w[i][j] : f64
      b = get x[j] : f64
      c = multiply a, b : f64
      u2 = add u, c : f64
      yield u2
    }
    h = tanh s : f64
    old = get o[i] : f64
    new = add old, h : f64
    o2 = update o[i] = new : f64[?]
    t2 = add t, h : f64
    yield o2, t2
  }
  return rows, total
}";
    check(
        f,
        &[
            "[[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]]",
            "[0.1, 0.2, 0.3]",
            "[1.0, 2.0]",
        ],
        0,
    );
    // As many rows as there are, and no more: the trap stays.
    check(
        f,
        &[
            "[[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]]",
            "[0.1, 0.2, 0.3]",
            "[1.0]",
        ],
        0,
    );
}

/// Elements of a matrix set one after another.
#[test]
fn rows_of_rows() {
    check(
        "func @f(a: f64[?,2], k: f64) -> (f64[?,2]) {
  zero = const u64 0
  n = dim[0] a : u64
  m = const u64 2
  out = for i: u64 in zero..n (b = a: f64[?,2]) {
    c2 = for j: u64 in zero..m (c = b: f64[?,2]) {
      x = get c[i][j] : f64
      y = multiply x, k : f64
      d = update c[i][j] = y : f64[?,2]
      yield d
    }
    yield c2
  }
  return out
}",
        &["[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]", "2.0"],
        0,
    );
}

#[test]
fn pushes_extremes_and_histograms() {
    let f = "func @f(xs: f64[?], at: u64[?], h: f64[4]) -> (f64[?], f64, f64, f64[4]) {
  zero = const u64 0
  n = len xs : u64
  none = default f64[?]
  least = const f64 0x1p1000
  low = const f64 -0x1p1000
  ys, m, l, c = for i: u64 in zero..n (y = none: f64[?], p = low: f64, q = least: f64, g = h: f64[4]) {
    x = get xs[i] : f64
    s = sine x : f64
    y2 = push y, s : f64[?]
    p2 = fmax p, x : f64
    q2 = minimum x, q : f64
    k = get at[i] : u64
    g2 = add_at g[k] += s : f64[4]
    yield y2, p2, q2, g2
  }
  return ys, m, l, c
}";
    check(
        f,
        &["[1.0, -2.0, 3.0]", "[1, 3, 1]", "[0.0, 1.0, 2.0, 3.0]"],
        0,
    );
    check(
        f,
        &["[1.0, nan, 3.0]", "[1, 3, 1]", "[0.0, 1.0, 2.0, 3.0]"],
        0,
    );
    check(f, &["[nan]", "[0]", "[0.0, 1.0, 2.0, 3.0]"], 0);
    check(f, &["[]", "[]", "[0.0, 1.0, 2.0, 3.0]"], 0);
    // Out of range: both trap.
    check(
        f,
        &["[1.0, -2.0, 3.0]", "[1, 4, 1]", "[0.0, 1.0, 2.0, 3.0]"],
        0,
    );
}

/// Every iteration has a loop of its own length inside.
#[test]
fn lanes_of_different_length() {
    check(
        "func @f(xs: f64[?], k: f64) -> (f64) {
  z = const f64 0.0
  one = const f64 1.0
  zero = const u64 0
  n = len xs : u64
  s = for i: u64 in zero..n (t = z: f64) {
    x = get xs[i] : f64
    r = while (a = x: f64) {
      go = gt a, one : bool
      yield go
    } do (a2: f64) {
      b = multiply a2, k : f64
      yield b
    }
    t2 = add t, r : f64
    yield t2
  }
  return s
}",
        &["[1.5, 20.0, 0.5]", "0.5"],
        1,
    );
}

#[test]
fn what_waits_is_left_alone() {
    // A recurrence, a prefix sum that is read, an array read at the next index.
    check(
        "func @f(xs: f64[?]) -> (f64) {
  z = const f64 0.25
  zero = const u64 0
  n = len xs : u64
  s = for i: u64 in zero..n (t = z: f64) {
    x = get xs[i] : f64
    y = multiply t, x : f64
    t2 = add t, y : f64
    yield t2
  }
  return s
}",
        &["[0.5, 0.25, 3.0]"],
        1,
    );
    check(
        "func @f(xs: f64[?]) -> (f64[?], f64) {
  z = const f64 0.0
  zero = const u64 0
  n = len xs : u64
  none = default f64[?]
  ys, s = for i: u64 in zero..n (y = none: f64[?], t = z: f64) {
    x = get xs[i] : f64
    t2 = add t, x : f64
    y2 = push y, t2 : f64[?]
    yield y2, t2
  }
  return ys, s
}",
        &["[0.5, 0.25, 3.0]"],
        1,
    );
    check(
        "func @f(xs: f64[?]) -> (f64[?]) {
  one = const u64 1
  n = len xs : u64
  out = for i: u64 in one..n (y = xs: f64[?]) {
    j = subtract i, one : u64
    a = get y[j] : f64
    b = get y[i] : f64
    c = add a, b : f64
    y2 = update y[i] = c : f64[?]
    yield y2
  }
  return out
}",
        &["[0.5, 0.25, 3.0]"],
        1,
    );
}

/// A table in one array, rows one after another: sums of parts of rows, by elements and by slices, and rows stored.
#[test]
fn rows_in_one_array() {
    let f = "func @f(a: f64[12], w: f64[3]) -> (f64[4], f64[8], f64) {
  z = const f64 0.0
  zero = const u64 0
  one = const u64 1
  two = const u64 2
  three = const u64 3
  four = const u64 4
  sums = broadcast_in_dim[4] z : f64[4]
  copy = broadcast_in_dim[8] z : f64[8]
  s, c, t = for i: u64 in zero..four (s1 = sums: f64[4], c1 = copy: f64[8], t1 = z: f64) {
    at = multiply i, three : u64
    s2 = for j: u64 in zero..three (s3 = s1: f64[4]) {
      k = add at, j : u64
      x = get a[k] : f64
      y = get w[j] : f64
      p = multiply x, y : f64
      old = get s3[i] : f64
      new = add old, p : f64
      s4 = update s3[i] = new : f64[4]
      yield s4
    }
    from = add at, one : u64
    to = add at, three : u64
    part = slice a, from, to : f64[?]
    row = reshape[2] part : f64[2]
    r2 = multiply row, row : f64[2]
    out = multiply i, two : u64
    c2 = update_slice c1, r2, out : f64[8]
    q = reduce_sum[0] r2 : f64
    t2 = add t1, q : f64
    yield s2, c2, t2
  }
  return s, c, t
}";
    check(
        f,
        &[
            "[1.0, 2.0, 3.0, -4.0, 5.0, 0.5, 7.0, 8.0, 9.0, 1.5, 2.5, 3.5]",
            "[0.5, -1.0, 2.0]",
        ],
        0,
    );
}

/// Half of a matrix, with a counter that goes through what is stored of it, times a vector; loops that begin at 1 and at the outer index.
#[test]
fn a_triangle() {
    let f = "func @f(l: f64[6], x: f64[4]) -> (f64) {
  z = const f64 0.0
  zero = const u64 0
  one = const u64 1
  four = const u64 4
  y, last = for c: u64 in zero..four (y1 = x: f64[4], n1 = zero: u64) {
    lo = add c, one : u64
    y2, n2 = for r: u64 in lo..four (y3 = y1: f64[4], n3 = n1: u64) {
      a = get l[n3] : f64
      b = get x[c] : f64
      p = multiply a, b : f64
      old = get y3[r] : f64
      new = add old, p : f64
      y4 = update y3[r] = new : f64[4]
      n4 = add n3, one : u64
      yield y4, n4
    }
    yield y2, n2
  }
  s = for i: u64 in one..four (t = z: f64) {
    v = get y[i] : f64
    w = multiply v, v : f64
    t2 = add t, w : f64
    yield t2
  }
  k = convert f64 last : f64
  out = multiply s, k : f64
  return out
}";
    check(
        f,
        &["[1.0, 2.0, 3.0, -4.0, 5.0, 0.5]", "[0.5, -1.0, 2.0, 3.0]"],
        0,
    );
}

/// The largest by comparison: the first of equal ones has the cotangent, NaN is passed over and stays.
#[test]
fn the_largest_by_comparison() {
    let f = "func @f(xs: f64[4], w: f64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  four = const u64 4
  first = get xs[zero] : f64
  m = for i: u64 in one..four (p = first: f64) {
    x = get xs[i] : f64
    y = multiply x, w : f64
    more = gt y, p : bool
    q = if more : f64 {
      yield y
    } else {
      yield p
    }
    yield q
  }
  return m
}";
    for xs in [
        "[1.0, 3.0, 2.0, 3.0]",
        "[5.0, 3.0, 2.0, 3.0]",
        "[nan, 3.0, 2.0, 3.0]",
        "[1.0, nan, 2.0, nan]",
        "[1.0, nan, nan, nan]",
        "[-inf, -inf, -inf, -inf]",
    ] {
        check(f, &[xs, "1.0"], 0);
        check(f, &[xs, "-2.0"], 0);
    }
}

/// What an iteration makes without the one before is that of the last one.
#[test]
fn the_last_iteration() {
    let f = "func @f(xs: f64[4], z: f64) -> (f64, f64) {
  zero = const u64 0
  four = const u64 4
  s, l = for i: u64 in zero..four (t = z: f64, p = z: f64) {
    x = get xs[i] : f64
    y = sine x : f64
    t2 = add t, y : f64
    yield t2, y
  }
  return s, l
}";
    check(f, &["[1.0, 3.0, 2.0, 0.5]", "0.25"], 0);
}

/// Places that do not exist trap, however the loop is written.
#[test]
fn rows_that_are_not_there() {
    let f = "func @f(a: f64[7]) -> (f64) {
  z = const f64 0.0
  zero = const u64 0
  three = const u64 3
  four = const u64 4
  s = for i: u64 in zero..four (t = z: f64) {
    k = multiply i, three : u64
    x = get a[k] : f64
    t2 = add t, x : f64
    yield t2
  }
  return s
}";
    check(f, &["[1.0, 2.0, 3.0, -4.0, 5.0, 0.5, 7.0]"], 0);
}
