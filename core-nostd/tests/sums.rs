//! Heavy sums by ranges: the derivatives are right, values keep their bits, and loops that are no such sums are left alone.

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::ad::{derive, explain};
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::text::{decode, encode, parse, print};
use cotangent_core::transform::vmap::{Axes, Spec, vmap};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_core::verify::{verify, verify_lowered};

/// Points under a linear map, its rows in a room that is filled anew for each point; the sum goes on to more.
const ROOM: &str = "cotangent 1
func @f(w: f64[?], x: f64[?], s: f64, n: u64, k: u64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  o = const f64 0
  room = fill o, k : f64[?]
  total, left = for i: u64 in zero..n (acc = s: f64, r = room: f64[?]) {
    full = for a: u64 in zero..k (p = r: f64[?]) {
      b = multiply i, k : u64
      c = add b, a : u64
      xe = get x[c] : f64
      put = update p[a] = xe : f64[?]
      yield put
    }
    mixed = for row: u64 in zero..k (before = full: f64[?]) {
      after = for column: u64 in zero..k (q = before: f64[?]) {
        u = multiply row, k : u64
        v = add u, column : u64
        we = get w[v] : f64
        h = get q[column] : f64
        t = tanh h : f64
        g = multiply we, t : f64
        m = get q[row] : f64
        y = add m, g : f64
        z = update q[row] = y : f64[?]
        yield z
      }
      yield after
    }
    d = get mixed[one] : f64
    dd = multiply d, d : f64
    next = add acc, dd : f64
    yield next, mixed
  }
  first = get w[zero] : f64
  scaled = multiply total, first : f64
  out = sine scaled : f64
  return out
}";

/// The same, but what a point leaves in the room counts for the next: no sum of independent terms.
fn carried() -> String {
    ROOM.replace(
        "put = update p[a] = xe : f64[?]",
        "old = get p[a] : f64\n half = const f64 0x1p-1\n kept = multiply old, half : f64\n both = add kept, xe : f64\n put = update p[a] = both : f64[?]",
    )
}

/// Two sums, the second over a range with a negative start and with a number, not an array, of its surroundings.
const TWO: &str = "cotangent 1
func @f(w: f64, v: f64[?], lo: i32, hi: i32) -> (f64) {
  o = const f64 0
  zero = const u64 0
  three = len v : u64
  s = for i: i32 in lo..hi (acc = o: f64) {
    j = convert f64 i : f64
    t = for a: u64 in zero..three (p = o: f64) {
      u = for b: u64 in zero..three (q = p: f64) {
        e = get v[b] : f64
        m = multiply e, w : f64
        h = multiply m, j : f64
        g = sine h : f64
        y = add q, g : f64
        yield y
      }
      yield u
    }
    next = add t, acc : f64
    yield next
  }
  r = for i2: i32 in lo..hi (acc2 = s: f64) {
    t2 = for a2: u64 in zero..three (p2 = w: f64) {
      u2 = for b2: u64 in zero..three (q2 = p2: f64) {
        e2 = get v[a2] : f64
        m2 = multiply e2, q2 : f64
        g2 = cosine m2 : f64
        yield g2
      }
      yield u2
    }
    next2 = add acc2, t2 : f64
    yield next2
  }
  return r
}";

fn module(text: &str) -> Module {
    let m = parse(text).unwrap_or_else(|e| panic!("{}", e.render(text)));
    verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    m
}

fn f(m: &Module) -> FuncId {
    m.find("f").unwrap()
}

/// How many functions stay apart in what a derivative is made of.
fn pieces(m: &Module) -> usize {
    m.funcs.values().filter(|f| f.apart).count()
}

fn wave(n: usize, by: f64) -> Val {
    Val::vector(
        (0..n)
            .map(|i| 0.5 * (by * i as f64).sin())
            .collect::<Vec<f64>>(),
    )
}

fn room_args(n: usize) -> Vec<Val> {
    vec![
        wave(16, 0.7),
        wave(4 * n, 1.3),
        Val::from(0.25),
        Val::from(n as u64),
        Val::from(4_u64),
    ]
}

#[test]
fn derivatives_of_any_order_are_right() {
    for (text, args) in [
        (ROOM, room_args(3)),
        (ROOM, room_args(0)),
        (ROOM, room_args(400)),
        (&carried(), room_args(3)),
    ] {
        let mut m = module(text);
        let f = f(&m);
        let how = Check {
            order: if args[3].same_bits(&Val::from(400_u64)) {
                1
            } else {
                2
            },
            ..Check::default()
        };
        check_derivatives(&mut m, f, &args, &how).unwrap_or_else(|e| panic!("{e}"));
    }
}

/// The room starts as a constant of known length, which the loop forgets.
#[test]
fn types_looser_than_what_a_loop_starts_with() {
    let zeros = ["0x0p0"; 40].join(", ");
    let text = ROOM
        .replace(
            "  room = fill o, k : f64[?]",
            &format!("  many = const u64 40\n  room = const f64[40] [{zeros}]"),
        )
        .replace(
            "full = for a: u64 in zero..k",
            "full = for a: u64 in zero..many",
        )
        .replace("b = multiply i, k : u64", "b = multiply i, many : u64");
    let mut m = module(&text);
    let f = f(&m);
    derive(&mut m, f, DeriveKind::Gradient, &[0, 1]).unwrap();
    assert_eq!(pieces(&m), 1, "{}", print(&m));
    let mut args = room_args(3);
    args[1] = wave(120, 1.3);
    check_derivatives(&mut m, f, &args, &Check::default()).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn what_is_outlined() {
    for (text, wrt, want) in [
        (ROOM.to_string(), vec![0, 1, 2], 1),
        (ROOM.to_string(), vec![0], 1),
        // Only the initial value is active: nothing to do in the loop.
        (ROOM.to_string(), vec![2], 0),
        (carried(), vec![0, 1], 0),
        (TWO.to_string(), vec![0, 1], 2),
    ] {
        let mut m = module(&text);
        let f = f(&m);
        let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &wrt).unwrap();
        verify_lowered(&m).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(&m)));
        assert_eq!(pieces(&m), want, "{}", print(&m));
        // Text and binary form keep it.
        assert_eq!(print(&parse(&print(&m)).unwrap()), print(&m));
        assert_eq!(print(&decode(&encode(&m)).unwrap()), print(&m));
        assert_eq!(m.funcs[g].results.len(), 1 + wrt.len());
    }
}

#[test]
fn the_value_keeps_its_bits() {
    for n in [0, 1, 7, 1000] {
        let mut m = module(ROOM);
        let f = f(&m);
        let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1]).unwrap();
        let p = Program::new(&m);
        let run = |f| p.run(f, room_args(n), &Limits::default()).unwrap();
        assert!(run(f)[0].same_bits(&run(g)[0]), "{n}");
    }
}

#[test]
fn gradients_are_those_of_the_whole_loop() {
    // The whole loop as a function with a loop around it, so that it is no sum at the top.
    let wrapped = ROOM
        .replace(
            "  total, left = for i",
            "  limit = minimum k, one : u64\n  total = for once: u64 in zero..limit (start = s: f64) {\n  all, left = for i",
        )
        .replace("(acc = s: f64, r", "(acc = start: f64, r")
        .replace("  first = get", "  yield all\n  }\n  first = get");
    let gradient = |text: &str, n: usize| {
        let mut m = module(text);
        let f = f(&m);
        let g = derive(&mut m, f, DeriveKind::Gradient, &[0, 1, 2]).unwrap();
        let out = Program::new(&m).run(g, room_args(n), &Limits::default());
        (pieces(&m), out.unwrap())
    };
    for n in [0, 1, 5, 333, 2000] {
        let ((one, a), (none, b)) = (gradient(ROOM, n), gradient(&wrapped, n));
        assert_eq!((one, none), (1, 0));
        for (x, y) in a.iter().zip(&b) {
            let (x, y) = (numbers(x), numbers(y));
            assert_eq!(x.len(), y.len());
            for (x, y) in x.iter().zip(&y) {
                assert!((x - y).abs() <= 1e-11 * (1.0 + y.abs()), "{n}: {x} {y}");
            }
        }
    }
}

fn numbers(v: &Val) -> Vec<f64> {
    match v {
        Val::Tensor(t) => match &t.data {
            Data::F64(x) => x.clone(),
            d => panic!("{d:?}"),
        },
        Val::Scalar(Scalar::F64(x)) => vec![*x],
        Val::Seq(vs) => vs.iter().flat_map(numbers).collect(),
        v => panic!("{v:?}"),
    }
}

#[test]
fn ranges_that_are_empty_or_negative() {
    let v = Val::tensor(Tensor::new(vec![3], Data::F64(vec![0.3, -0.8, 0.5])).unwrap());
    for (lo, hi) in [
        (0_i32, 4_i32),
        (-5, 3),
        (2, 2),
        (3, -3),
        (i32::MAX - 2, i32::MAX),
    ] {
        let mut m = module(TWO);
        let f = f(&m);
        let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1]).unwrap();
        let args = vec![Val::from(0.4), v.clone(), Val::from(lo), Val::from(hi)];
        let p = Program::new(&m);
        let run = |f| p.run(f, args.clone(), &Limits::default()).unwrap();
        let (y, with) = (run(f), run(g));
        assert!(y[0].same_bits(&with[0]), "{lo}..{hi}");
        if lo >= hi {
            assert_eq!(numbers(&with[2]), [0.0; 3]);
        }
        if lo < 1000 {
            // Beyond, differences of sines say nothing.
            check_derivatives(&mut m, f, &args, &Check::default())
                .unwrap_or_else(|e| panic!("{lo}..{hi}: {e}"));
        }
    }
}

#[test]
fn traps_are_the_loop_s() {
    let mut m = module(ROOM);
    let f = f(&m);
    let g = derive(&mut m, f, DeriveKind::Gradient, &[0]).unwrap();
    let mut args = room_args(50);
    args[3] = Val::from(51_u64);
    let p = Program::new(&m);
    let traps = [f, g].map(|f| p.run(f, args.clone(), &Limits::default()).unwrap_err().kind);
    let want = TrapKind::IndexOutOfRange {
        index: 200,
        len: 200,
    };
    assert_eq!(traps, [want.clone(), want]);
}

#[test]
fn batches_of_gradients() {
    let mut m = module(ROOM);
    let f = f(&m);
    let g = derive(&mut m, f, DeriveKind::Gradient, &[0]).unwrap();
    let spec = Spec::new([Axes::Same, Axes::Same, Axes::Rows, Axes::Same, Axes::Same]);
    let v = vmap(&mut m, g, &spec).unwrap();
    let args = room_args(30);
    let starts = [0.25, -1.0, 3.0];
    let p = Program::new(&m);
    let with = |s: Val| [&args[..2], &[s], &args[3..]].concat();
    let all = p.run(v, with(Val::vector(starts.to_vec())), &Limits::default());
    let all = numbers(&all.unwrap()[0]);
    for (k, s) in starts.into_iter().enumerate() {
        let one = p.run(g, with(Val::from(s)), &Limits::default()).unwrap();
        for (x, y) in numbers(&one[0]).iter().zip(&all[16 * k..]) {
            assert!((x - y).abs() <= 1e-12 * (1.0 + x.abs()), "{x} {y}");
        }
    }
}

#[test]
fn what_ranges_save_is_reported() {
    let m = module(ROOM);
    let report = explain(&m, f(&m), DeriveKind::Gradient, &[0]).unwrap();
    assert!(
        report.iter().any(|l| l.func.contains("sum.range")),
        "{report:?}"
    );
}
