//! Batching with derivatives and with itself.

use super::support::{batch, module, run};
use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::ad::derive;
use cotangent_core::entity::FuncId;
use cotangent_core::ir::{Builder, DType, DeriveKind, Dim, Module, ReduceOp, Reduction, Type};
use cotangent_core::transform::vmap::{Axes, Spec, Strategy};
use cotangent_core::value::Val;

/// Branches, a loop with a trip count of each lane, an array read and written.
const F: &str = "func @f(x: f64, w: f64[3], n: i64) -> (f64) {
  zero = const i64 0
  one = const i64 1
  two = const i64 2
  half = const f64 0.5
  y, u = for i: i64 in zero..n (a = x: f64, b = w: f64[3]) {
    c = gt a, half : bool
    k = if c : f64 {
      l = sqrt a : f64
      wi = get b[one] : f64
      m = multiply l, wi : f64
      yield m
    } else {
      o = sine a : f64
      wj = get b[zero] : f64
      p = add o, wj : f64
      yield p
    }
    q = update b[two] = k : f64[3]
    yield k, q
  }
  s = reduce_sum[0] u : f64
  r = multiply s, y : f64
  return r
}";

fn lanes() -> Vec<Vec<Val>> {
    let w = |k: f64| Val::vector(vec![0.3 * k, 1.1, 0.7 + k]);
    [(0.2, 3i64), (2.0, 1), (0.7, 5), (1.5, 0)]
        .iter()
        .map(|&(x, n)| vec![x.into(), w(x), n.into()])
        .collect()
}

fn args(lanes: &[Vec<Val>], m: &Module, f: FuncId, spec: &Spec) -> Vec<Val> {
    super::support::joined(lanes, &m.funcs[f].param_types(), spec).unwrap()
}

fn numbers(v: &Val) -> Vec<f64> {
    match v {
        Val::Tensor(t) => match &t.data {
            cotangent_core::value::Data::F64(v) => v.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn close(a: &Val, b: &Val) {
    let (a, b) = (numbers(a), numbers(b));
    assert_eq!(a.len(), b.len());
    for (x, y) in a.iter().zip(&b) {
        assert!((x - y).abs() <= 1e-12 * y.abs().max(1.0), "{a:?} {b:?}");
    }
}

fn specs() -> Vec<Spec> {
    [Strategy::Lockstep, Strategy::LaneByLane]
        .into_iter()
        .map(|strategy| Spec {
            strategy,
            ..Spec::new([Axes::At(0), Axes::At(0), Axes::At(0)])
        })
        .collect()
}

/// The sum over the lanes of a batched function of one number a lane.
fn total(m: &mut Module, g: FuncId) -> FuncId {
    let (params, results) = (m.funcs[g].param_types(), m.funcs[g].results.clone());
    let name = m.fresh_name("total");
    let mut b = Builder::new(name, &params);
    let ps = b.params();
    let y = b.call(g, &ps, &results);
    let s = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &y);
    m.funcs.push(b.finish(&[s]).unwrap())
}

#[test]
fn the_batch_of_a_gradient_is_the_gradient_of_the_batch() {
    let base = module(F);
    let f = FuncId(0);
    let lanes = lanes();
    for spec in specs() {
        let mut m = base.clone();
        let d = derive(&mut m, f, DeriveKind::Gradient, &[0, 1]).unwrap();
        let alone: Vec<Vec<Val>> = lanes
            .iter()
            .map(|a| run(&m, d, a.clone()).unwrap())
            .collect();
        let (bm, g) = batch(&m, d, &spec);
        let got = run(&bm, g, args(&lanes, &m, d, &spec)).unwrap();
        let want = |k: usize| -> Vec<f64> {
            alone
                .iter()
                .flat_map(|l| match &l[k] {
                    Val::Scalar(cotangent_core::value::Scalar::F64(x)) => vec![*x],
                    v => numbers(v),
                })
                .collect()
        };
        for (k, got) in got.iter().enumerate() {
            close(got, &Val::vector(want(k)));
        }
        let (mut bm, g) = batch(&base, f, &spec);
        let t = total(&mut bm, g);
        let d = derive(&mut bm, t, DeriveKind::Gradient, &[0, 1]).unwrap();
        let got = run(&bm, d, args(&lanes, &base, f, &spec)).unwrap();
        for (k, got) in got.iter().enumerate() {
            close(got, &Val::vector(want(k)));
        }
    }
}

#[test]
fn derivatives_of_batches_agree_with_finite_differences_and_each_other() {
    for strategy in [Strategy::Lockstep, Strategy::LaneByLane] {
        for w in [Axes::At(0), Axes::Same] {
            let base = module(F);
            let spec = Spec {
                strategy,
                ..Spec::new([Axes::At(0), w, Axes::At(0)])
            };
            let (mut m, g) = batch(&base, FuncId(0), &spec);
            let given = args(&lanes(), &base, FuncId(0), &spec);
            let how = Check {
                order: 2,
                ..Check::default()
            };
            check_derivatives(&mut m, g, &given, &how).unwrap_or_else(|e| panic!("{spec:?} {e}"));
        }
    }
}

#[test]
fn batches_of_batches() {
    // x differs in the inner batch, n in the outer one.
    let base = module(F);
    let xs = [0.2, 2.0, 0.7];
    let ns = [3i64, 0, 4, 1];
    let w = Val::vector(vec![0.3, 1.1, 0.7]);
    for inner in [Strategy::Lockstep, Strategy::LaneByLane] {
        for outer in [Strategy::Lockstep, Strategy::LaneByLane] {
            let spec = Spec {
                strategy: inner,
                lanes: Dim::Known(3),
                ..Spec::new([Axes::At(0), Axes::Same, Axes::Same])
            };
            let (m, g) = batch(&base, FuncId(0), &spec);
            let spec = Spec {
                strategy: outer,
                ..Spec::new([Axes::Same, Axes::Same, Axes::At(0)])
            };
            let (m, g) = batch(&m, g, &spec);
            let given = vec![
                Val::vector(xs.to_vec()),
                w.clone(),
                Val::vector(ns.to_vec()),
            ];
            let out = run(&m, g, given).unwrap();
            let mut want = Vec::new();
            for n in ns {
                for x in xs {
                    let y = run(&base, FuncId(0), vec![x.into(), w.clone(), n.into()]).unwrap();
                    match &y[0] {
                        Val::Scalar(cotangent_core::value::Scalar::F64(y)) => want.push(*y),
                        other => panic!("{other:?}"),
                    }
                }
            }
            assert_eq!(numbers(&out[0]), want);
        }
    }
}

#[test]
fn functions_with_rules_of_their_own_keep_them() {
    // The rules say twice the derivative, so that it shows whether they are used.
    for kind in ["jvp", "vjp"] {
        let rule = match kind {
            "jvp" => {
                "func @g_jvp(x: f64, k: f64, dx: f64, dk: f64) -> (f64, f64) {
                   y = multiply x, k : f64
                   two = const f64 2.0
                   a = multiply dx, k : f64
                   b = multiply dk, x : f64
                   c = add a, b : f64
                   d = multiply c, two : f64
                   return y, d
                 }"
            }
            _ => {
                "func @g_vjp(x: f64, k: f64, ct: f64) -> (f64, f64) {
                   two = const f64 2.0
                   c = multiply ct, two : f64
                   a = multiply c, k : f64
                   b = multiply c, x : f64
                   return a, b
                 }"
            }
        };
        let text = format!(
            "func @f(x: f64, k: f64) -> (f64) {{
               y = call @g(x, k) : f64
               return y
             }}
             func @g(x: f64, k: f64) -> (f64) rule {kind} @g_{kind} {{
               y = multiply x, k : f64
               return y
             }}
             {rule}"
        );
        let base = module(&text);
        for f in [0, 1] {
            let spec = Spec::new([Axes::At(0), Axes::Same]);
            let (mut m, g) = batch(&base, FuncId(f), &spec);
            let t = total(&mut m, g);
            let d = derive(&mut m, t, DeriveKind::Gradient, &[0, 1]).unwrap();
            let xs = Val::vector(vec![1.0, 2.0, 5.0]);
            let out = run(&m, d, vec![xs, Val::from(3.0)]).unwrap();
            close(&out[0], &Val::vector(vec![6.0, 6.0, 6.0]));
            // The lanes share k: its derivative is the sum over them.
            assert!(out[1].same_bits(&Val::from(16.0)), "{out:?}");
        }
    }
}

#[test]
fn mistakes_are_errors() {
    use cotangent_core::error::BatchError;
    use cotangent_core::transform::vmap::vmap;
    let mut m = module("func @f(x: f64, y: f64[2]) -> (f64) { return x }");
    let f = FuncId(0);
    let e = |m: &mut Module, spec: &Spec| vmap(m, f, spec).unwrap_err();
    let few = e(&mut m, &Spec::new([Axes::At(0)]));
    assert!(matches!(
        few,
        BatchError::Arguments {
            want: 2,
            have: 1,
            ..
        }
    ));
    let none = e(&mut m, &Spec::new([Axes::Same, Axes::Same]));
    assert!(matches!(none, BatchError::NoLanes { .. }));
    for axes in [Axes::At(2), Axes::Fields(vec![])] {
        let bad = e(&mut m, &Spec::new([Axes::Same, axes]));
        if !matches!(bad, BatchError::NoLanes { .. }) {
            assert!(bad.to_string().contains("parameter 1"), "{bad}");
        }
    }
    let out = Spec {
        out: Axes::At(1),
        ..Spec::new([Axes::At(0), Axes::Same])
    };
    assert!(e(&mut m, &out).to_string().contains("result 0"));
    let mut slots = Module::new();
    let mut b = Builder::new("f", &[DType::F64.into()]);
    let s = b.slot(Type::scalar(DType::F64), "s");
    let x = b.params()[0];
    b.slot_set(s, x, vec![], &[]);
    slots.funcs.push(b.finish(&[x]).unwrap());
    let low = vmap(&mut slots, f, &Spec::new([Axes::At(0)])).unwrap_err();
    assert!(matches!(low, BatchError::NotLowered { .. }));
}
