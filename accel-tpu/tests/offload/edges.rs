//! Arrays whose length is decided by the run, loops without bound and their gradients, recursion: with traps found and without.

use crate::agree::{DOUBLE, Nearness, differs};
use crate::batch::client;
use cotangent_core::ad::{self, derive};
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_value};
use cotangent_core::value::Val;
use cotangent_xla::emit::Options;
use cotangent_xla::executor::{DERIVATIVES, Derived, ENTRY, Error, Failure, Gives, Program};
use std::sync::Arc;

const PROGRAM: &str = "cotangent 1
func @sqrt(a: f64) -> (f64) {
  one = const f64 1.0
  half = const f64 0.5
  tol = const f64 1e-12
  x = while (x1 = one: f64) {
    y = multiply x1, x1 : f64
    d = subtract y, a : f64
    e = abs d : f64
    go = gt e, tol : bool
    yield go
  } do (x2: f64) {
    q = divide a, x2 : f64
    s = add x2, q : f64
    n = multiply s, half : f64
    yield n
  }
  return x
}
func @rows(w: f64[?,3], x: f64[3], out: f64[?]) -> (f64) {
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
  r = get rows[zero] : f64
  y = multiply r, total : f64
  return y
}
func @twice(xs: f64[?], c: bool) -> (f64[?]) {
  e = default f64[?]
  s = for i: u64 in zero..n (s1 = e: f64[?]) {
    x = get xs[i] : f64
    s2 = push s1, x : f64[?]
    s3 = if c : f64[?] {
      y = push s2, x : f64[?]
      yield y
    } else {
      yield s2
    }
    yield s3
  }
  return s
}
func @mixed(xs: f64[?], ys: f64[?], c: bool) -> (f64[?]) {
  e = default f64[?]
  a = if c : f64[?] {
    yield xs
  } else {
    yield e
  }
  b = if c : f64[?] {
    yield ys
  } else {
    yield xs
  }
  d = add a, b : f64[?]
  return d
}
func @count(n: u64) -> (u64) {
  zero = const u64 0
  one = const u64 1
  c = eq n, zero : bool
  r = if c : u64 {
    yield zero
  } else {
    m = subtract n, one : u64
    f = call @count(m) : u64
    g = add f, one : u64
    yield g
  }
  return r
}
func @known() -> (u64) {
  n = const u64 20
  r = call @count(n) : u64
  return r
}";

fn module() -> Module {
    // Constants of `twice` stand where the others have theirs.
    let text = PROGRAM.replace(
        "  e = default f64[?]\n  s = for",
        "  e = default f64[?]\n  zero = const u64 0\n  n = len xs : u64\n  s = for",
    );
    let mut m = parse(&text).unwrap_or_else(|e| panic!("{e}"));
    pass::lower(&mut m).unwrap();
    m
}

fn arguments(m: &Module, f: FuncId, args: &[&str]) -> Vec<Val> {
    let tys = m.funcs[f].param_types();
    let args = args.iter().zip(&tys);
    args.map(|(s, t)| parse_value(s, t).unwrap()).collect()
}

/// With traps found, and without.
fn both() -> [Options; 2] {
    [false, true].map(|checked| Options {
        checked,
        ..Options::default()
    })
}

/// The value on the device, and the gradient if there is one, are the interpreter's.
fn agrees(name: &str, args: &[&str], wrt: &[u32]) {
    let m = module();
    let f = m.find(name).unwrap();
    let args = arguments(&m, f, args);
    let want = |m: &Module, f| {
        interp::Program::new(m)
            .run(f, args.clone(), &Limits::default())
            .unwrap()
    };
    for options in both() {
        let on_device = |m: &Module, f| {
            let got = Program::new(client().clone(), m, options).run(f, &args);
            got.unwrap_or_else(|e| panic!("{name} {args:?}: {e}"))
        };
        let near = |t: f64, got: &[Val], want: &[Val]| {
            differs(got, want, Nearness::Within(t)).map(|d| d.what)
        };
        let value = near(DOUBLE, &on_device(&m, f), &want(&m, f));
        assert_eq!(value, None, "{name} {args:?} {options:?}");
        if wrt.is_empty() {
            continue;
        }
        let mut own = m.clone();
        let g = derive(&mut own, f, DeriveKind::Gradient, wrt).unwrap();
        let chosen = wrt.to_vec();
        let make = move |mut module: Module, f: FuncId| {
            let how = DERIVATIVES;
            let entry = ad::derive_with(&mut module, f, DeriveKind::Gradient, &chosen, how)
                .map_err(|e| Arc::new(e) as Failure)?;
            Ok(Derived {
                module,
                entry,
                backward: None,
            })
        };
        let deriving = Program::deriving(
            client().clone(),
            &m,
            options,
            f,
            4,
            Gives::default(),
            Box::new(make),
        )
        .run(ENTRY, &args);
        let deriving = deriving.unwrap_or_else(|e| panic!("gradient of {name} {args:?}: {e}"));
        let gradient = near(1e-12, &deriving, &want(&own, g));
        assert_eq!(gradient, None, "gradient of {name} {args:?} {options:?}");
    }
}

#[test]
fn a_loop_without_bound_and_its_gradient() {
    for a in ["2.0", "1.0", "1e6", "0.01"] {
        agrees("sqrt", &[a], &[0]);
    }
}

#[test]
fn arrays_that_a_loop_fills_leave_it_whole() {
    let rows = "[[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]]";
    agrees("rows", &[rows, "[0.1, 0.2, 0.3]", "[1.0, 2.0]"], &[0, 1, 2]);
    agrees(
        "rows",
        &["[[1.0, 2.0, 3.0]]", "[0.1, 0.2, 0.3]", "[1.0]"],
        &[0, 1, 2],
    );
    for c in ["true", "false"] {
        for xs in ["[]", "[1.0]", "[1.0, nan, 3.0]"] {
            agrees("twice", &[xs, c], &[]);
        }
    }
}

#[test]
fn lengths_that_the_run_decides_must_agree() {
    agrees("mixed", &["[1.0, 2.0]", "[3.0, 4.0]", "true"], &[]);
    let m = module();
    let f = m.find("mixed").unwrap();
    let [_, checked] = both();
    for c in ["true", "false"] {
        let args = arguments(&m, f, &["[1.0, 2.0]", "[3.0]", c]);
        let got = Program::new(client().clone(), &m, checked).run(f, &args);
        match got {
            Err(Error::Trap(t)) => assert!(matches!(t.kind, TrapKind::ShapeMismatch { .. }), "{t}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn recursion_ends_where_its_depth_is_known() {
    agrees("known", &[], &[]);
    agrees("count", &["30"], &[]);
    let m = module();
    let f = m.find("count").unwrap();
    for options in both() {
        let got = Program::new(client().clone(), &m, options).run(f, &[Val::from(1_000_000_u64)]);
        match got {
            Err(Error::Unsupported(e)) => {
                assert!(e.to_string().contains("recursion of `count`"), "{e}")
            }
            other => panic!("{other:?}"),
        }
    }
}
