//! Branches, loops and calls with conditions that differ between the lanes: Hydra's list, and more.

use super::support::{agree, integers, module, numbers};
use cotangent_core::transform::vmap::Axes;
use cotangent_core::value::Val;

#[test]
fn a_chain_of_if_and_else_if() {
    integers(
        "func @f(x: i64) -> (i64) {
           zero = const i64 0
           five = const i64 5
           ten = const i64 10
           neg = lt x, zero : bool
           r = if neg : i64 {
             a = negate x : i64
             yield a
           } else {
             small = lt x, five : bool
             s = if small : i64 {
               b = add x, ten : i64
               yield b
             } else {
               middle = lt x, ten : bool
               t = if middle : i64 {
                 c = multiply x, five : i64
                 yield c
               } else {
                 d = subtract x, five : i64
                 yield d
               }
               yield t
             }
             yield s
           }
           return r
         }",
        &[1, 6, 11, -1],
    );
}

const WHILE: &str = "func @f(x: i64) -> (i64) {
  zero = const i64 0
  one = const i64 1
  n, s = while (i = x: i64, u = zero: i64) {
    c = gt i, zero : bool
    yield c
  } do (k: i64, v: i64) {
    j = subtract k, one : i64
    t = add v, k : i64
    yield j, t
  }
  r = multiply s, one : i64
  q = add r, n : i64
  return q
}";

#[test]
fn while_loops_as_often_in_every_lane() {
    integers(WHILE, &[5, 5, 5, 5]);
}

#[test]
fn while_loops_that_lanes_leave_one_by_one() {
    integers(WHILE, &[1, 5, 12, -3]);
}

#[test]
fn for_loops_to_another_end_in_every_lane() {
    integers(
        "func @f(x: i64) -> (i64) {
           zero = const i64 0
           s = for i: i64 in zero..x (a = zero: i64) {
             t = add a, i : i64
             yield t
           }
           return s
         }",
        &[2, 32, -1, 21],
    );
}

#[test]
fn for_loops_from_another_start_in_every_lane() {
    integers(
        "func @f(x: i64) -> (i64) {
           one = const i64 1
           end = const i64 9
           s = for i: i64 in x..end (a = one: i64) {
             big = const i64 40
             c = lt a, big : bool
             t = if c : i64 {
               u = add a, i : i64
               yield u
             } else {
               yield a
             }
             yield t
           }
           return s
         }",
        &[2, 32, -1, 8, 9],
    );
}

#[test]
fn a_switch() {
    integers(
        "func @f(x: i64) -> (i64, f64) {
           k = const i64 100
           r, y = switch x : i64, f64 case 0 {
             a = divide k, x : i64
             half = const f64 0.5
             yield k, half
           } case 1 {
             b = add x, k : i64
             q = const f64 0.25
             yield b, q
           } case 2 {
             c = divide k, x : i64
             h = convert f64 x : f64
             yield c, h
           }
           return r, y
         }",
        &[1, 2, 7, 1],
    );
}

/// Two lanes, each with its own sequence and starting state; the weights are shared.
#[test]
fn a_recurrent_network_over_two_sequences() {
    let text = "func @f(w: f64[3,2], u: f64[3,3], xs: f64[4,2], start: f64[3]) -> (f64[3], f64) {
      zero = const u64 0
      n = len xs : u64
      last = for i: u64 in zero..n (h = start: f64[3]) {
        x = get xs[i] : f64[2]
        a = dot_general contract[1][0] w, x : f64[3]
        b = dot_general contract[1][0] u, h : f64[3]
        s = add a, b : f64[3]
        t = tanh s : f64[3]
        yield t
      }
      y = reduce_sum[0] last : f64
      return last, y
    }";
    let wave = |shape: &[usize], k: f64| {
        let n: usize = shape.iter().product();
        let v: Vec<f64> = (0..n).map(|i| (i as f64 * k + 0.3).sin()).collect();
        Val::tensor(
            cotangent_core::value::Tensor::new(shape.to_vec(), cotangent_core::value::Data::F64(v))
                .unwrap(),
        )
    };
    let lane = |k: f64| {
        vec![
            wave(&[3, 2], 0.7),
            wave(&[3, 3], 1.1),
            wave(&[4, 2], k),
            wave(&[3], 2.0 * k),
        ]
    };
    agree(
        &module(text),
        &[Axes::Same, Axes::Same, Axes::At(0), Axes::At(0)],
        &[lane(0.9), lane(1.7)],
    );
}

#[test]
fn recursion_whose_depth_differs() {
    integers(
        "func @f(n: i64) -> (i64) {
           zero = const i64 0
           one = const i64 1
           done = le n, zero : bool
           r = if done : i64 {
             yield one
           } else {
             m = subtract n, one : i64
             p = call @f(m) : i64
             q = multiply n, p : i64
             yield q
           }
           return r
         }",
        &[5, 0, 20, -2, 3],
    );
}

#[test]
fn loops_in_branches_in_loops() {
    numbers(
        "func @f(x: f64) -> (f64) {
           zero = const u64 0
           four = const u64 4
           half = const f64 0.5
           r = for i: u64 in zero..four (a = x: f64) {
             c = gt a, half : bool
             b = if c : f64 {
               s = while (y = a: f64) {
                 d = gt y, half : bool
                 yield d
               } do (w: f64) {
                 z = multiply w, half : f64
                 yield z
               }
               yield s
             } else {
               e = sqrt a : f64
               fi = convert f64 i : f64
               g = add e, fi : f64
               yield g
             }
             yield b
           }
           return r
         }",
        &[0.1, 3.0, 100.0, 0.5, 0.6],
    );
}

/// The condition has control flow of its own, so the loop runs lane by lane.
#[test]
fn a_condition_with_a_branch() {
    numbers(
        "func @f(x: f64) -> (f64) {
           one = const f64 1.0
           two = const f64 2.0
           r = while (y = x: f64) {
             big = gt y, two : bool
             c = if big : bool {
               yes = const bool true
               yield yes
             } else {
               d = lt y, one : bool
               yield d
             }
             yield c
           } do (w: f64) {
             half = const f64 0.75
             a = multiply w, half : f64
             large = gt w, two : bool
             b = add w, half : f64
             z = select large, a, b : f64
             yield z
           }
           return r
         }",
        &[0.1, 3.0, 100.0, 1.5],
    );
}

#[test]
fn what_the_lanes_share_decides_for_all() {
    let text = "func @f(x: f64, n: i64, c: bool) -> (f64, i64) {
      zero = const i64 0
      one = const i64 1
      s = for i: i64 in zero..n (a = x: f64) {
        t = if c : f64 {
          u = sine a : f64
          yield u
        } else {
          v = cosine a : f64
          yield v
        }
        yield t
      }
      m = add n, one : i64
      return s, m
    }";
    let lanes: Vec<Vec<Val>> = [0.1, 0.7, 2.0]
        .iter()
        .map(|&x| vec![Val::from(x), Val::from(3i64), Val::from(true)])
        .collect();
    agree(
        &module(text),
        &[Axes::At(0), Axes::Same, Axes::Same],
        &lanes,
    );
}
