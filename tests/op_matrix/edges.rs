//! The edge policies: value and gradient where an op is not smooth or not finite, one test each. The policies are stated at the head of the
//! ops' files.

use super::values::{elements, number};
use cotangent_core::ad;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{
    ArrayOp, BinaryOp as B, Builder, ConvertOp, CumOp, CustomRule, DType, DeriveKind, Func, FuncId,
    Module, Op, ReduceOp, Reduction, TernaryOp, Type, UnaryOp as U,
};
use cotangent_core::pass;
use cotangent_core::value::Val;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn floats(v: &Val) -> Vec<f64> {
    elements(v).into_iter().map(|s| number(s).re).collect()
}

/// Value and gradient of a function of the module by its floats, the cotangent of each element of the result 1.
fn gradient(mut m: Module, f: FuncId, args: &[Val]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let params = m.funcs[f].param_types();
    let wrt: Vec<u32> = (0..args.len() as u32)
        .filter(|&k| params[k as usize].has_tangent())
        .collect();
    let g = ad::derive(&mut m, f, DeriveKind::Vjp, &wrt).unwrap();
    let p = Program::new(&m);
    let y = p
        .run(f, args.to_vec(), &Limits::default())
        .unwrap()
        .remove(0);
    let one = match &y {
        Val::Tensor(t) => Val::vector(vec![1.0; t.data.len()]),
        _ => Val::from(1.0),
    };
    let mut all = args.to_vec();
    all.push(one);
    let out = p.run(g, all, &Limits::default()).unwrap();
    assert!(out[0].same_bits(&y), "the vjp computes another value");
    (floats(&y), out[1..].iter().map(floats).collect())
}

fn of(op: impl Into<Op>, args: &[Val]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let tys: Vec<Type> = args.iter().map(super::values::type_of).collect();
    let mut b = Builder::new("f", &tys);
    let ps = b.params();
    let y = b.inst1(op, &ps);
    let mut m = Module::new();
    let f = m.funcs.push(b.finish(&[y]).unwrap());
    gradient(m, f, args)
}

/// Asserts the value of scalars, and the derivative by each.
#[track_caller]
fn edge(op: impl Into<Op>, xs: &[f64], value: f64, by: &[f64]) {
    let args: Vec<Val> = xs.iter().map(|&x| x.into()).collect();
    let (y, g) = of(op, &args);
    assert_same(&y, &[value]);
    assert_same(&g.concat(), by);
}

/// Asserts the value of a vector, and the gradient of its sum.
#[track_caller]
fn vector(op: impl Into<Op>, xs: &[f64], value: &[f64], by: &[f64]) {
    let (y, g) = of(op, &[Val::vector(xs.to_vec())]);
    assert_same(&y, value);
    assert_same(&g.concat(), by);
}

#[track_caller]
fn assert_same(got: &[f64], want: &[f64]) {
    let same = got.len() == want.len()
        && got
            .iter()
            .zip(want)
            .all(|(a, b)| a == b || a.is_nan() && b.is_nan());
    assert!(same, "{got:?}, not {want:?}");
}

fn reduce(op: ReduceOp) -> Reduction {
    Reduction::Axes(op, vec![0])
}
fn cum(op: CumOp) -> Reduction {
    Reduction::Cumulative {
        op,
        axis: 0,
        reverse: false,
    }
}

#[test]
fn roots_at_zero_are_infinitely_steep() {
    edge(U::Sqrt, &[0.0], 0.0, &[INF]);
    edge(U::Cbrt, &[0.0], 0.0, &[INF]);
    edge(U::Asin, &[1.0], 1f64.asin(), &[INF]);
    edge(U::Log, &[0.0], -INF, &[INF]);
}

#[test]
fn abs_and_sign_at_zero() {
    edge(U::Abs, &[0.0], 0.0, &[0.0]);
    edge(U::Sign, &[0.0], 0.0, &[0.0]);
    edge(U::Abs, &[-INF], INF, &[-1.0]);
}

#[test]
fn roundings_at_their_jumps() {
    edge(U::Floor, &[2.0], 2.0, &[0.0]);
    edge(U::Ceil, &[2.0], 2.0, &[0.0]);
    edge(U::Round, &[2.5], 3.0, &[0.0]);
    edge(U::RoundEven, &[2.5], 2.0, &[0.0]);
    edge(U::Trunc, &[-2.0], -2.0, &[0.0]);
}

#[test]
fn extremes_share_at_ties() {
    for op in [B::Min, B::Max, B::FMin, B::FMax] {
        edge(op, &[1.5, 1.5], 1.5, &[0.5, 0.5]);
    }
    vector(
        reduce(ReduceOp::Max),
        &[1.0, 1.0, 0.0],
        &[1.0],
        &[0.5, 0.5, 0.0],
    );
    vector(
        reduce(ReduceOp::Min),
        &[1.0, 0.0, 0.0],
        &[0.0],
        &[0.0, 0.5, 0.5],
    );
}

#[test]
fn extremes_and_nan() {
    for op in [B::Min, B::Max] {
        edge(op, &[NAN, 1.0], NAN, &[0.0, 0.0]);
        edge(op, &[1.0, NAN], NAN, &[0.0, 0.0]);
    }
    for op in [B::FMin, B::FMax] {
        edge(op, &[NAN, 1.0], 1.0, &[0.0, 1.0]);
        edge(op, &[1.0, NAN], 1.0, &[1.0, 0.0]);
    }
    vector(reduce(ReduceOp::Max), &[1.0, NAN], &[NAN], &[0.0, 1.0]);
}

#[test]
fn powers_of_zero() {
    edge(B::Pow, &[0.0, 2.0], 0.0, &[0.0, 0.0]);
    edge(B::Pow, &[0.0, 1.0], 0.0, &[1.0, 0.0]);
    edge(B::Pow, &[0.0, 0.5], 0.0, &[INF, 0.0]);
    edge(B::Pow, &[0.0, 0.0], 1.0, &[0.0, -INF]);
    edge(B::Pow, &[1.0, 0.0], 1.0, &[0.0, 0.0]);
    // A negative base: the power is defined only at integers, so there is no derivative by the exponent.
    edge(B::Pow, &[-2.0, 3.0], -8.0, &[12.0, NAN]);
}

#[test]
fn integer_powers_at_the_ends() {
    let by = |x: f64, n: i64| {
        let (y, g) = of(B::Powi, &[x.into(), n.into()]);
        (y[0], g[0][0])
    };
    assert_eq!(by(0.0, 0), (1.0, 0.0));
    assert_eq!(by(0.0, 1), (0.0, 1.0));
    assert_eq!(by(2.0, i64::MIN), (0.0, 0.0));
    assert_eq!(by(-1.0, i64::MIN), (1.0, -(i64::MIN as f64)));
    assert_eq!(by(1.0, i64::MAX), (1.0, i64::MAX as f64));
    let (y, g) = of(B::Powi, &[1.01.into(), i8::MIN.into()]);
    assert!((y[0] - 1.01f64.powi(-128)).abs() < 1e-14);
    assert!((g[0][0] + 128.0 * 1.01f64.powi(-129)).abs() < 1e-12);
    let (_, g) = of(B::Powi, &[0.0.into(), 0u8.into()]);
    assert_same(&g[0], &[0.0]);
}

#[test]
fn clamp_at_its_ends_passes_the_tangent() {
    edge(TernaryOp::Clamp, &[0.0, 0.0, 1.0], 0.0, &[0.0, 1.0, 0.0]);
    edge(TernaryOp::Clamp, &[0.0, 1.0, 1.0], 1.0, &[0.0, 1.0, 0.0]);
}

#[test]
fn hypot_and_atan2_at_the_origin() {
    edge(B::Hypot, &[0.0, 0.0], 0.0, &[0.0, 0.0]);
    edge(B::Atan2, &[0.0, 0.0], 0.0, &[0.0, 0.0]);
}

#[test]
fn products_with_zeros() {
    vector(
        reduce(ReduceOp::Prod),
        &[0.0, 3.0, 4.0],
        &[0.0],
        &[12.0, 0.0, 0.0],
    );
    vector(
        reduce(ReduceOp::Prod),
        &[0.0, 0.0, 2.0],
        &[0.0],
        &[0.0, 0.0, 0.0],
    );
    vector(
        cum(CumOp::Prod),
        &[2.0, 0.0, 3.0],
        &[2.0, 0.0, 0.0],
        &[1.0, 8.0, 0.0],
    );
}

#[test]
fn running_extremes_keep_the_first_of_equals() {
    vector(
        cum(CumOp::Max),
        &[2.0, 2.0, 1.0],
        &[2.0, 2.0, 2.0],
        &[3.0, 0.0, 0.0],
    );
    vector(
        cum(CumOp::Min),
        &[2.0, 1.0, 1.0],
        &[2.0, 1.0, 1.0],
        &[1.0, 2.0, 0.0],
    );
    vector(
        cum(CumOp::Max),
        &[1.0, NAN, 3.0],
        &[1.0, NAN, NAN],
        &[1.0, 2.0, 0.0],
    );
}

#[test]
fn extremes_of_nothing() {
    vector(reduce(ReduceOp::Max), &[], &[-INF], &[]);
    vector(reduce(ReduceOp::Prod), &[], &[1.0], &[]);
}

#[test]
fn remainders_between_and_at_jumps() {
    edge(B::Rem, &[5.5, -2.0], 1.5, &[1.0, 2.0]);
    edge(B::RemEuclid, &[-5.5, 2.0], 0.5, &[1.0, 3.0]);
    edge(B::DivEuclid, &[-5.5, 2.0], -3.0, &[0.0, 0.0]);
}

#[test]
fn stop_gradient_and_bits_stop() {
    edge(U::StopGradient, &[2.5], 2.5, &[0.0]);
    let mut b = Builder::new("f", &[DType::F64.into()]);
    let x = b.params()[0];
    let i = b.inst1(ConvertOp::Bitcast(DType::U64), &[x]);
    let y = b.inst1(ConvertOp::Bitcast(DType::F64), &[i]);
    let mut m = Module::new();
    let f = m.funcs.push(b.finish(&[y]).unwrap());
    let plain = gradient(m.clone(), f, &[2.5.into()]);
    assert_same(&plain.1[0], &[0.0]);
    // The same whether simplified before or not.
    pass::optimize(&mut m);
    let f = m.find("f").unwrap();
    assert_eq!(gradient(m, f, &[2.5.into()]), plain);
}

#[test]
fn not_a_number() {
    for (x, finite, nan) in [(1.0, 1.0, 0.0), (INF, 0.0, 0.0), (NAN, 0.0, 1.0)] {
        for (op, want) in [(U::IsFinite, finite), (U::IsNan, nan)] {
            let mut b = Builder::new("f", &[DType::F64.into()]);
            let p = b.params()[0];
            let y = b.unary(op, p);
            let mut m = Module::new();
            let f = m.funcs.push(b.finish(&[y]).unwrap());
            let out = Program::new(&m)
                .run(f, vec![x.into()], &Limits::default())
                .unwrap();
            assert_same(&floats(&out[0]), &[want]);
        }
    }
}

#[test]
fn ties_of_a_sort_stay_in_order() {
    let (y, g) = {
        let mut b = Builder::new("f", &[Type::known(DType::F64, &[3])]);
        let x = b.params()[0];
        let s = b.inst1(Op::Sort(0), &[x]);
        let w = b.inst1(
            cotangent_core::ir::ConstOp::Tensor(std::sync::Arc::new(
                cotangent_core::value::Tensor::vector(vec![1.0, 10.0, 100.0]),
            )),
            &[],
        );
        let y = b.mul(s, w);
        let mut m = Module::new();
        let f = m.funcs.push(b.finish(&[y]).unwrap());
        gradient(m, f, &[Val::vector(vec![2.0, 1.0, 1.0])])
    };
    assert_same(&y, &[1.0, 10.0, 200.0]);
    assert_same(&g[0], &[100.0, 1.0, 10.0]);
}

/// A rule for reverse mode is what the gradient is made of, here twice the true one.
#[test]
fn a_vjp_rule_is_used() {
    let scalar: Type = DType::F64.into();
    let mut b = Builder::new("rule", &[scalar.clone(), scalar.clone()]);
    let p = b.params();
    let c = b.unary(U::Cos, p[0]);
    let y = b.mul(c, p[1]);
    let y = b.scale(y, 2.0);
    let mut m = Module::new();
    let rule = m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("f", std::slice::from_ref(&scalar));
    let x = b.params()[0];
    let y = b.unary(U::Sin, x);
    let mut f: Func = b.finish(&[y]).unwrap();
    f.rule = Some(CustomRule::Vjp(rule));
    let f = m.funcs.push(f);
    let mut b = Builder::new("g", std::slice::from_ref(&scalar));
    let x = b.params()[0];
    let y = b.call(f, &[x], &[scalar]);
    let g = m.funcs.push(b.finish(&y).unwrap());
    let (y, by) = gradient(m, g, &[0.5.into()]);
    assert_same(&y, &[0.5f64.sin()]);
    assert_same(&by[0], &[2.0 * 0.5f64.cos()]);
}

#[test]
fn an_array_of_nothing_has_a_gradient_of_nothing() {
    let (y, g) = of(
        ArrayOp::Slice,
        &[Val::vector::<f64>(vec![]), 0u64.into(), 0u64.into()],
    );
    assert!(y.is_empty() && g[0].is_empty());
}
