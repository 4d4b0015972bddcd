//! A lane traps if it would alone, and only then.

use super::support::{agree, batch, integers, module, numbers, run};
use cotangent_core::entity::FuncId;
use cotangent_core::transform::vmap::{Axes, Spec};
use cotangent_core::value::Val;

const GUARDED: &str = "func @f(i: i64) -> (i64) {
  t = const i64[3] [10, 20, 30]
  zero = const i64 0
  three = const i64 3
  low = ge i, zero : bool
  high = lt i, three : bool
  ok = and low, high : bool
  r = if ok : i64 {
    x = get t[i] : i64
    y = divide x, three : i64
    yield y
  } else {
    yield zero
  }
  return r
}";

#[test]
fn an_index_that_a_lane_does_not_use() {
    integers(GUARDED, &[0, 5, 2, -1]);
    integers(GUARDED, &[7, 5]);
    integers(GUARDED, &[1, 2]);
}

#[test]
fn division_by_zero_in_a_lane_that_does_not_divide() {
    let text = "func @f(i: i64) -> (i64) {
      k = const i64 100
      zero = const i64 0
      c = ne i, zero : bool
      r = if c : i64 {
        q = divide k, i : i64
        m = subtract q, k : i64
        yield m
      } else {
        yield zero
      }
      return r
    }";
    integers(text, &[0, 5, -2, 0]);
    integers(text, &[0, 0]);
}

#[test]
fn a_panic_and_an_assertion() {
    let text = "func @f(i: i64) -> (i64) {
      zero = const i64 0
      one = const i64 1
      c = lt i, zero : bool
      r = if c : i64 {
        panic \"negative\"
        yield zero
      } else {
        n = ne i, one : bool
        assert n, \"one\"
        yield i
      }
      return r
    }";
    integers(text, &[0, 5, 2]);
    integers(text, &[0, -5, 2]);
    integers(text, &[0, 5, 1]);
}

#[test]
fn overflow_after_a_lane_has_left() {
    // The lane of 1 leaves the loop at once; alone it never doubles. The lane of 4 goes on.
    let text = "func @f(x: i64) -> (i64) {
      one = const i64 1
      zero = const i64 0
      n, s = while (a = x: i64, b = one: i64) {
        c = gt a, zero : bool
        yield c
      } do (p: i64, q: i64) {
        m = subtract p, one : i64
        k = const i64 1024
        t = multiply q, k : i64
        yield m, t
      }
      return s
    }";
    integers(text, &[1, 4, 6, 0]);
    integers(text, &[1, 7, 2]);
}

#[test]
fn no_derivative_of_a_discarded_lane_is_infinite() {
    // x <= 0 would give sqrt a derivative of inf or NaN, times the zero cotangent of a lane that does not take the arm.
    let m = module(
        "func @f(x: f64) -> (f64) {
           zero = const f64 0.0
           c = gt x, zero : bool
           r = if c : f64 {
             s = sqrt x : f64
             yield s
           } else {
             yield zero
           }
           return r
         }
         func @total(xs: f64[?]) -> (f64) {
           y = reduce_sum[0] xs : f64
           return y
         }",
    );
    let (mut m, g) = batch(&m, FuncId(0), &Spec::new([Axes::At(0)]));
    use cotangent_core::ir::{Builder, DType, DeriveKind, Dim, Type};
    let mut b = Builder::new("loss", &[Type::tensor(DType::F64, [Dim::Dynamic])]);
    let x = b.params()[0];
    let results = m.funcs[g].results.clone();
    let y = b.call(g, &[x], &results);
    let s = b.call(FuncId(1), &y, &[DType::F64.into()]);
    let loss = m.funcs.push(b.finish(&s).unwrap());
    let d = cotangent_core::ad::derive(&mut m, loss, DeriveKind::Gradient, &[0]).unwrap();
    let xs = Val::vector(vec![4.0, 0.0, -1.0, 0.25]);
    let out = run(&m, d, vec![xs]).unwrap();
    assert!(
        out[0].same_bits(&Val::vector(vec![0.25, 0.0, 0.0, 1.0])),
        "{out:?}"
    );
}

#[test]
fn different_numbers_of_lanes_are_a_trap_and_none_are_none() {
    let m = module("func @f(x: f64, y: f64) -> (f64) { z = add x, y : f64 return z }");
    let (b, g) = batch(&m, FuncId(0), &Spec::new([Axes::At(0), Axes::At(0)]));
    let v = |xs: &[f64]| Val::vector(xs.to_vec());
    let e = run(&b, g, vec![v(&[1.0, 2.0]), v(&[1.0])]).unwrap_err();
    assert!(e.to_string().contains("different numbers of lanes"), "{e}");
    let out = run(&b, g, vec![v(&[]), v(&[])]).unwrap();
    assert!(out[0].same_bits(&v(&[])));
    // Nothing is run for no lanes, not even what they share.
    let m = module(
        "func @f(x: f64, i: i64, j: i64) -> (f64, i64) { k = divide i, j : i64 return x, k }",
    );
    let spec = Spec::new([Axes::At(0), Axes::Same, Axes::Same]);
    let (b, g) = batch(&m, FuncId(0), &spec);
    let out = run(&b, g, vec![v(&[]), Val::from(1i64), Val::from(0i64)]).unwrap();
    assert!(out[1].same_bits(&Val::vector::<i64>(vec![])));
    assert!(run(&b, g, vec![v(&[1.0]), Val::from(1i64), Val::from(0i64)]).is_err());
}

#[test]
fn shared_results_are_repeated() {
    let m = module("func @f(x: f64, y: f64) -> (f64, f64) { z = add y, y : f64 return x, z }");
    let lanes: Vec<Vec<Val>> = [1.0, 2.0]
        .iter()
        .map(|&x| vec![x.into(), 3.0.into()])
        .collect();
    agree(&m, &[Axes::At(0), Axes::Same], &lanes);
    numbers(
        "func @f(x: f64) -> (f64) { z = const f64 2.0 return z }",
        &[1.0, 2.0],
    );
}
