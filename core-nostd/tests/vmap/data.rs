//! Arrays, records, sequences: shared, of one size or of different sizes.

use super::support::{agree, batch, integers, module, run};
use cotangent_core::entity::FuncId;
use cotangent_core::transform::vmap::{Axes, Spec, join_lanes};
use cotangent_core::value::Val;

fn v(xs: &[f64]) -> Val {
    Val::vector(xs.to_vec())
}

const SUM: &str = "func @f(xs: f64[?], k: f64) -> (f64, f64[?]) {
  zero = const u64 0
  z = const f64 0.0
  n = len xs : u64
  s, ys = for i: u64 in zero..n (p = z: f64, q = xs: f64[?]) {
    x = get q[i] : f64
    a = multiply x, k : f64
    t = add p, a : f64
    b = update q[i] = a : f64[?]
    yield t, b
  }
  return s, ys
}";

#[test]
fn arrays_of_one_length_and_of_several() {
    let m = module(SUM);
    let one = [
        vec![v(&[1.0, 2.0, 3.0]), 2.0.into()],
        vec![v(&[4.0, 5.0, 6.0]), 3.0.into()],
    ];
    agree(&m, &[Axes::At(0), Axes::At(0)], &one);
    agree(
        &m,
        &[Axes::At(0), Axes::Same],
        &[one[0].clone(), vec![v(&[7.0, 8.0, 9.0]), 2.0.into()]],
    );
    let several = [
        vec![v(&[1.0, 2.0, 3.0]), 2.0.into()],
        vec![v(&[]), 3.0.into()],
        vec![v(&[4.0]), 4.0.into()],
    ];
    agree(&m, &[Axes::Rows, Axes::At(0)], &several);
    agree(
        &m,
        &[Axes::Same, Axes::At(0)],
        &[
            vec![v(&[1.0, 2.0]), 2.0.into()],
            vec![v(&[1.0, 2.0]), 3.0.into()],
        ],
    );
}

#[test]
fn pushes_as_many_as_the_lane_says() {
    integers(
        "func @f(n: i64) -> (i64[?], i64) {
           zero = const i64 0
           one = const i64 1
           empty = default i64[?]
           a = for i: i64 in zero..n (d = empty: i64[?]) {
             two = const i64 2
             r = remainder i, two : i64
             odd = ne r, zero : bool
             b = if odd : i64[?] {
               s = multiply i, i : i64
               c = push d, s : i64[?]
               yield c
             } else {
               yield d
             }
             yield b
           }
           l = len a : u64
           li = convert i64 l : i64
           some = gt li, zero : bool
           rest, x = if some : i64[?], i64 {
             p, q = pop a : i64[?], i64
             yield p, q
           } else {
             yield a, one
           }
           return rest, x
         }",
        &[5, 0, 2, 9, -3],
    );
}

#[test]
fn stores_where_each_lane_says() {
    let text = "func @f(a: i64[4], i: i64, c: bool) -> (i64[4], i64) {
      one = const i64 1
      b = if c : i64[4] {
        x = get a[i] : i64
        y = add x, one : i64
        p = update a[i] = y : i64[4]
        q = add_at p[i] += y : i64[4]
        yield q
      } else {
        yield a
      }
      s = reduce_sum[0] b : i64
      return b, s
    }";
    let a = |k: i64| Val::vector(vec![k, k + 1, k + 2, k + 3]);
    let lanes: Vec<Vec<Val>> = [(1, 0, true), (2, 9, false), (3, 3, true)]
        .iter()
        .map(|&(k, i, c): &(i64, i64, bool)| vec![a(k), i.into(), c.into()])
        .collect();
    let m = module(text);
    agree(&m, &[Axes::At(0), Axes::At(0), Axes::At(0)], &lanes);
    let shared: Vec<Vec<Val>> = lanes
        .iter()
        .map(|l| vec![a(1), l[1].clone(), l[2].clone()])
        .collect();
    agree(&m, &[Axes::Same, Axes::At(0), Axes::At(0)], &shared);
    let trap: Vec<Vec<Val>> = lanes
        .iter()
        .map(|l| vec![l[0].clone(), l[1].clone(), true.into()])
        .collect();
    agree(&m, &[Axes::At(0), Axes::At(0), Axes::At(0)], &trap);
}

#[test]
fn records_by_field() {
    let text = "func @f(r: {f64, {f64[2], i64}}, x: f64) -> ({f64, {f64[2], i64}}, f64) {
      zero = const u64 0
      w = get r.1.0[zero] : f64
      y = multiply w, x : f64
      s = update r.0 = y : {f64, {f64[2], i64}}
      t = update s.1.0[zero] = x : {f64, {f64[2], i64}}
      k = get t.1.1 : i64
      kf = convert f64 k : f64
      z = add kf, y : f64
      return t, z
    }";
    let lane = |a: f64, x: f64| {
        vec![
            Val::record(vec![
                a.into(),
                Val::record(vec![v(&[a + 1.0, a + 2.0]), Val::from(3i64)]),
            ]),
            x.into(),
        ]
    };
    let m = module(text);
    agree(
        &m,
        &[Axes::At(0), Axes::At(0)],
        &[lane(1.0, 2.0), lane(5.0, 7.0)],
    );
    agree(
        &m,
        &[Axes::Same, Axes::At(0)],
        &[lane(1.0, 2.0), lane(1.0, 7.0)],
    );
    agree(
        &m,
        &[Axes::At(0), Axes::Same],
        &[lane(1.0, 2.0), lane(3.0, 2.0)],
    );
    let some = Axes::Fields(vec![Axes::At(0), Axes::Same]);
    let other = |a: f64| {
        let mut l = lane(1.0, 2.0);
        l[0] = match &l[0] {
            Val::Record(fs) => Val::record(vec![a.into(), fs[1].clone()]),
            _ => unreachable!(),
        };
        l
    };
    agree(&m, &[some, Axes::At(0)], &[other(1.0), other(4.0)]);
}

#[test]
fn sequences_of_arrays() {
    let text = "func @f(rows: seq<f64[?]>, i: u64) -> (f64, seq<f64[?]>) {
      zero = const u64 0
      z = const f64 0.0
      row = get rows[i] : f64[?]
      s = reduce_sum[0] row : f64
      n = len row : u64
      some = gt n, zero : bool
      out = if some : seq<f64[?]> {
        q = update rows[i][zero] = s : seq<f64[?]>
        yield q
      } else {
        p = push rows, row : seq<f64[?]>
        yield p
      }
      return s, out
    }";
    use std::sync::Arc;
    let seq = |rows: &[&[f64]]| Val::Seq(Arc::new(rows.iter().map(|r| v(r)).collect()));
    let m = module(text);
    let lanes = [
        vec![seq(&[&[1.0, 2.0], &[]]), 0u64.into()],
        vec![seq(&[&[], &[3.0], &[4.0, 5.0, 6.0]]), 2u64.into()],
        vec![seq(&[&[7.0], &[]]), 1u64.into()],
    ];
    agree(&m, &[Axes::At(0), Axes::At(0)], &lanes);
    let shared: Vec<Vec<Val>> = [0u64, 1, 2]
        .iter()
        .map(|&i| vec![lanes[1][0].clone(), i.into()])
        .collect();
    agree(&m, &[Axes::Same, Axes::At(0)], &shared);
}

#[test]
fn a_map_that_uses_what_each_lane_has() {
    let text = "func @f(xs: f64[3], k: f64, ys: f64[2]) -> (f64[3]) {
      a = map (x = xs: f64) : f64[3] {
        b = multiply x, k : f64
        zero = const f64 0.0
        c = gt b, zero : bool
        d = if c : f64 {
          e = sqrt b : f64
          yield e
        } else {
          one = const u64 1
          g = get ys[one] : f64
          yield g
        }
        yield d
      }
      return a
    }";
    let m = module(text);
    let lane = |k: f64| vec![v(&[k, -k, 2.0 * k]), k.into(), v(&[k, 3.0])];
    let (a, s) = (Axes::At(0), Axes::Same);
    agree(
        &m,
        &[a.clone(), a.clone(), a.clone()],
        &[lane(1.0), lane(-2.0)],
    );
    let shared = |k: f64| vec![v(&[1.0, -1.0, 2.0]), k.into(), v(&[1.0, 3.0])];
    agree(
        &m,
        &[s.clone(), a.clone(), s.clone()],
        &[shared(1.0), shared(-2.0)],
    );
    agree(
        &m,
        &[a, s.clone(), s],
        &[
            vec![v(&[1.0, 2.0, -1.0]), 2.0.into(), v(&[1.0, 3.0])],
            vec![v(&[4.0, -2.0, 1.0]), 2.0.into(), v(&[1.0, 3.0])],
        ],
    );
}

#[test]
fn axes_other_than_the_first() {
    let m = module(
        "func @f(x: f64[2,3], y: f64[2]) -> (f64[3]) {
           z = dot_general contract[0][0] x, y : f64[3]
           return z
         }",
    );
    let x = |k: f64| {
        let data = (0..6).map(|i| f64::from(i) * k).collect();
        Val::tensor(
            cotangent_core::value::Tensor::new(vec![2, 3], cotangent_core::value::Data::F64(data))
                .unwrap(),
        )
    };
    let lanes: Vec<Vec<Val>> = (0..4)
        .map(|l| vec![x(f64::from(l) + 0.5), v(&[f64::from(l), 1.0])])
        .collect();
    let types = m.funcs[FuncId(0)].param_types();
    for (a, b, c) in [(0, 0, 0), (1, 1, 1), (2, 0, 1), (2, 1, 0)] {
        let spec = Spec {
            out: Axes::At(c),
            ..Spec::new([Axes::At(a), Axes::At(b)])
        };
        let (b, g) = batch(&m, FuncId(0), &spec);
        let args: Vec<Val> = (0..2)
            .map(|k| {
                let column: Vec<Val> = lanes.iter().map(|l| l[k].clone()).collect();
                join_lanes(&column, &types[k], &spec.args[k]).unwrap()
            })
            .collect();
        let out = run(&b, g, args).unwrap();
        let want: Vec<Val> = lanes
            .iter()
            .map(|l| run(&m, FuncId(0), l.clone()).unwrap().remove(0))
            .collect();
        let want = join_lanes(&want, &m.funcs[FuncId(0)].results[0], &spec.out).unwrap();
        assert!(out[0].same_bits(&want), "{spec:?} {out:?}");
    }
}

#[test]
fn each_lane_draws_by_its_own_key() {
    let m = module(
        "func @f(key: u32[2], c: bool) -> (u32[3], u64) {
           a = rng_bits u32[3] key : u32[3]
           z = const u64 0
           b = if c : u64 {
             d = rng_bits u64[1] key : u64[1]
             e = get d[z] : u64
             yield e
           } else {
             yield z
           }
           return a, b
         }",
    );
    let lane = |k: u32, c: bool| vec![Val::vector(vec![k, 7u32]), c.into()];
    agree(
        &m,
        &[Axes::At(0), Axes::At(0)],
        &[lane(1, true), lane(2, false), lane(3, true)],
    );
}
