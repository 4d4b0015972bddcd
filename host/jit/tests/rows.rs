//! Rows summed up side by side give the bits, and the traps, of rows one after another.

use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_values};
use cotangent_core::verify::verify;
use cotangent_jit::compile;
use cotangent_lower::lir::{Bin, Function, Rv, Stmt, Un};
use cotangent_lower::{Options, lower, optimize};

/// `s = sum of squares of (b + W x)`, every row of which is also kept.
const ROWS: &str = "cotangent 1
func @f(w: f64[?], b: f64[?], x: f64[?], m: u64, n: u64) -> (f64, f64[?]) {
  zero = const u64 0
  s0 = const f64 0.5
  s, kept = for i: u64 in zero..m (s1 = s0: f64, k1 = b: f64[?]) {
    z0 = get b[i] : f64
    base = multiply i, n : u64
    z = for j: u64 in zero..n (z1 = z0: f64) {
      k = add base, j : u64
      a = get w[k] : f64
      v = get x[j] : f64
      p = multiply a, v : f64
      z2 = add z1, p : f64
      yield z2
    }
    q = multiply z, z : f64
    s2 = add s1, q : f64
    k2 = update k1[i] = z : f64[?]
    yield s2, k2
  }
  return s, kept
}
";

/// As above, but each row is stored where the next ones read.
const CHAIN: &str = "cotangent 1
func @f(w: f64[?], b: f64[?], x: f64[?], m: u64, n: u64) -> (f64, f64[?]) {
  zero = const u64 0
  s0 = const f64 0.5
  s, kept = for i: u64 in zero..m (s1 = s0: f64, x1 = x: f64[?]) {
    z = for j: u64 in zero..n (z1 = s0: f64) {
      a = get w[j] : f64
      v = get x1[j] : f64
      p = multiply a, v : f64
      z2 = add z1, p : f64
      yield z2
    }
    s2 = add s1, z : f64
    x2 = update x1[i] = z : f64[?]
    yield s2, x2
  }
  return s, kept
}
";

fn module(text: &str) -> Module {
    let mut m = parse(text).unwrap_or_else(|e| panic!("{e}"));
    verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    pass::optimize(&mut m);
    m
}

fn numbers(n: usize, f: f64) -> String {
    let all: Vec<String> = (0..n)
        .map(|k| format!("{:.4}", (k as f64 * f).sin()))
        .collect();
    format!("[{}]", all.join(", "))
}

fn agree(text: &str) -> (usize, usize) {
    let m = module(text);
    let code = compile(&m, &Options::default()).unwrap();
    let limits = Limits::default();
    let types = m.funcs[FuncId(0)].param_types();
    let (mut good, mut trapped) = (0, 0);
    for rows in 0..11usize {
        for n in 0..7usize {
            // Enough, or too little in the last row, or in the middle.
            for missing in [0, 1, n * rows / 2] {
                let w = (rows * n).saturating_sub(missing).max(n);
                let args = format!(
                    "{}, {}, {}, {rows}, {n}",
                    numbers(w, 0.7),
                    numbers(rows, 1.3),
                    numbers(n.max(rows), 0.3)
                );
                let args = parse_values(&args, &types).unwrap_or_else(|e| panic!("{e}"));
                let want = interp::Program::new(&m).run(FuncId(0), args.clone(), &limits);
                let got = code.run(FuncId(0), &args, &limits);
                match (&want, &got) {
                    (Ok(a), Ok(b)) => {
                        good += 1;
                        assert!(a.iter().zip(b).all(|(a, b)| a.same_bits(b)), "{rows} {n}");
                    }
                    (a, b) => {
                        trapped += 1;
                        assert_eq!(a.as_ref().err(), b.as_ref().err(), "{rows} {n}");
                    }
                }
            }
        }
    }
    (good, trapped)
}

/// The most products in the body of one loop.
fn widest(text: &str) -> usize {
    most(
        text,
        |s, f| matches!(s, Stmt::Set(_, Rv::Bin(Bin::Mul, a, _)) if a.ty(&f.regs).is_float()),
    )
}

/// The most functions in a row.
fn most_functions(text: &str) -> usize {
    let mut p = lower(&module(text), &Options::default()).unwrap();
    optimize(&mut p);
    let mut most = 0;
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                for b in s.blocks() {
                    let function = |s: &Stmt| matches!(s, Stmt::Set(_, Rv::Un(Un::Math(_), _)));
                    let runs = b.chunk_by(|x, y| function(x) == function(y));
                    let here = runs.filter(|r| function(&r[0])).map(<[Stmt]>::len).max();
                    most = most.max(here.unwrap_or(0));
                }
            });
        }
    }
    most
}

/// The most statements of a kind in the body of one loop.
fn most(text: &str, of: impl Fn(&Stmt, &Function) -> bool) -> usize {
    let mut p = lower(&module(text), &Options::default()).unwrap();
    optimize(&mut p);
    let mut most = 0;
    for f in p.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::For { body, .. } = s {
                    most = most.max(body.iter().filter(|s| of(s, f)).count());
                }
            });
        }
    }
    most
}

#[test]
fn rows_side_by_side() {
    assert_eq!(widest(ROWS), 4);
    let (good, trapped) = agree(ROWS);
    assert!(good > 80 && trapped > 20, "{good} {trapped}");
}

#[test]
fn twice_as_many_rows_where_functions_follow() {
    // One that is the same bits everywhere.
    let text = ROWS.replace(
        "q = multiply z, z",
        "r = round_nearest_afz z : f64\n    q = add r, z",
    );
    assert_eq!(widest(&text), 4);
    assert_eq!(most_functions(&text), 8);
    let (good, trapped) = agree(&text);
    assert!(good > 80 && trapped > 20, "{good} {trapped}");
}

#[test]
fn rows_that_read_what_rows_before_store_stay_in_turn() {
    assert_eq!(widest(CHAIN), 1);
    let (good, _) = agree(CHAIN);
    assert!(good > 80, "{good}");
}
