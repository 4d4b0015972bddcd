//! Where the plain function panics, the program traps, at the place in the source.

use cotangent::core::error::TrapKind;
use cotangent::{Datum, Error, Result, differentiable};

#[differentiable]
fn index(xs: &[f64], i: usize) -> f64 {
    let mut s = 0.0;
    for k in 0..i {
        s += xs[k];
    }
    s
}

#[differentiable]
fn overflow(a: i32, b: i32) -> i32 {
    let c = a + 1;
    c * b
}

#[differentiable]
fn divide(a: i32, b: i32) -> i32 {
    a / b
}

#[differentiable]
fn asserts(x: f64, n: usize) -> f64 {
    assert!(x > 0.0, "x must be positive");
    assert_eq!(n % 2, 0);
    debug_assert!(n < 100);
    if n == 4 {
        panic!("four");
    }
    match n {
        0 | 2 | 6 => x,
        _ => unreachable!(),
    }
}

#[differentiable]
fn unwraps(xs: &[f64], n: usize) -> f64 {
    let a = *xs.first().unwrap();
    let b = xs.iter().position(|x| *x > 1.0).expect("one above 1");
    let v = &xs[n..];
    a + b as f64 + v[0]
}

#[differentiable]
fn short_circuit(xs: &[f64], i: usize) -> bool {
    i < xs.len() && xs[i] > 0.0 || i == 7 && xs[0] < 0.0
}

#[differentiable]
fn guarded(xs: &[f64], o: Option<usize>) -> f64 {
    match o {
        Some(i) if xs[i] > 0.0 => xs[i],
        _ => 0.0,
    }
}

fn trap<T: Datum + std::fmt::Debug>(r: Result<T>) -> (TrapKind, u32, u32) {
    match r {
        Err(Error::Trap(t)) => {
            assert!(t.file.ends_with("traps.rs"), "{t}");
            (t.kind, t.line, t.col)
        }
        other => panic!("expected a trap, got {other:?}"),
    }
}

/// The line of the source that holds this text for the first time.
fn line(text: &str) -> u32 {
    let at = include_str!("traps.rs")
        .lines()
        .position(|l| l.contains(text));
    at.unwrap() as u32 + 1
}

#[test]
fn places() {
    let (k, l, c) = trap(index::call(&[1.0, 2.0], 5));
    assert!(
        matches!(k, TrapKind::IndexOutOfRange { index: 2, len: 2 }),
        "{k:?}"
    );
    assert_eq!((l, c), (line("s += xs[k]"), 14));
    let (k, l, _) = trap(overflow::call(i32::MAX, 1));
    assert!(matches!(k, TrapKind::IntegerOverflow { .. }), "{k:?}");
    assert_eq!(l, line("a + 1"));
    let (_, l, _) = trap(overflow::call(1 << 20, 1 << 20));
    assert_eq!(l, line("c * b"));
    assert_eq!(trap(divide::call(1, 0)).0, TrapKind::DivisionByZero);
}

#[test]
fn messages() {
    let message = |r| match trap::<f64>(r) {
        (TrapKind::Panic(m), l, _) => (m, l),
        (k, ..) => panic!("{k:?}"),
    };
    assert_eq!(
        message(asserts::call(-1.0, 2)),
        ("x must be positive".into(), line("assert!(x > 0.0"))
    );
    assert_eq!(message(asserts::call(1.0, 3)).1, line("assert_eq!(n % 2"));
    assert_eq!(
        message(asserts::call(1.0, 200)).1,
        line("debug_assert!(n < 100")
    );
    assert_eq!(
        message(asserts::call(1.0, 4)),
        ("four".into(), line("panic!(\"four\")"))
    );
    assert_eq!(message(asserts::call(1.0, 8)).1, line("unreachable!()"));
    assert_eq!(asserts::call(1.5, 6).unwrap(), 1.5);
    assert_eq!(
        message(unwraps::call(&[], 0)).1,
        line("xs.first().unwrap()")
    );
    assert_eq!(
        message(unwraps::call(&[0.5], 0)),
        ("one above 1".into(), line(".expect(\"one above 1\")"))
    );
    let (k, l, _) = trap(unwraps::call(&[2.0, 3.0], 3));
    assert!(matches!(k, TrapKind::RangeOutOfRange { .. }), "{k:?}");
    assert_eq!(l, line("&xs[n..]"));
}

#[test]
fn evaluated_only_where_needed() {
    assert!(!short_circuit::call(&[1.0], 3).unwrap());
    assert!(short_circuit::call(&[1.0], 0).unwrap());
    assert_eq!(guarded::call(&[], None).unwrap(), 0.0);
    assert_eq!(guarded::call(&[2.0], Some(0)).unwrap(), 2.0);
}
