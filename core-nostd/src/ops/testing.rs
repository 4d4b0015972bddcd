//! Runs single ops, straight-line functions and single derivative rules in unit tests.

use super::{Args, EvalCx, JvpCx, eval, infer};
use crate::entity::{SecondaryMap, Value};
use crate::error::TrapKind;
use crate::ir::{Builder, Func, Op, Type};
use crate::value::{Scalar, Val};
use alloc::vec::Vec;

/// The bounds that tests evaluate under, for ops whose results' types do not matter.
pub(crate) const CX: EvalCx<'static> = EvalCx {
    max_bytes: 1 << 24,
    results: &[],
};

/// Evaluates an op on operands of those types that nobody else holds, and checks that the results are of the inferred
/// types.
pub(crate) fn run_typed(op: &Op, tys: &[Type], args: &[Val]) -> Result<Vec<Val>, TrapKind> {
    let mut regs: Vec<Val> = args.to_vec();
    let places: Vec<(u32, bool)> = (0..args.len() as u32).map(|i| (i, true)).collect();
    let mut out = Vec::new();
    let want = infer(op, tys).expect("the operands suit the op");
    let cx = EvalCx {
        results: &want,
        ..CX
    };
    eval(op, &mut Args::new(&mut regs, &places), &mut out, &cx)?;
    assert_eq!(out.len(), want.len(), "number of results of {op:?}");
    for (v, t) in out.iter().zip(&want) {
        assert!(v.is_of(t), "{op:?} gave {v:?}, inferred {t}");
    }
    Ok(out)
}

/// As [`run_typed`] with the operands' own types and one result. For tensors and scalars.
pub(crate) fn run(op: impl Into<Op>, args: &[Val]) -> Result<Val, TrapKind> {
    let tys: Vec<Type> = args.iter().map(type_of).collect();
    let mut out = run_typed(&op.into(), &tys, args)?;
    Ok(out.remove(0))
}

/// The type of a value; the elements of a sequence or stack must be of one type up to extents.
pub(crate) fn type_of(v: &Val) -> Type {
    match v {
        Val::Unit => Type::unit(),
        Val::Scalar(s) => s.dtype().into(),
        Val::Tensor(t) => t.ty(),
        Val::Record(fs) => Type::record(fs.iter().map(type_of)),
        Val::Seq(vs) => Type::seq(join(vs)),
        Val::Stack(s) => Type::stack(join(&s.to_vec())),
    }
}

fn join(vs: &[Val]) -> Type {
    let mut tys = vs.iter().map(type_of);
    let first = tys.next().unwrap_or(Type::unit());
    tys.fold(first, |a, t| a.join(&t).expect("elements of one type"))
}

/// As [`run`] for an op that must not trap.
pub(crate) fn value(op: impl Into<Op>, args: &[Val]) -> Val {
    run(op, args).unwrap_or_else(|e| panic!("{e}"))
}

/// Runs a function of one region.
pub(crate) fn call(f: &Func, args: &[Val]) -> Vec<Val> {
    let mut vals: SecondaryMap<Value, Val> = SecondaryMap::default();
    for (&p, a) in f.params().iter().zip(args) {
        vals[p] = a.clone();
    }
    for &i in &f.regions[f.body].insts {
        let d = &f.insts[i];
        let args: Vec<Val> = d.args.iter().map(|&v| vals[v].clone()).collect();
        let tys: Vec<Type> = args.iter().map(type_of).collect();
        let out = run_typed(&d.op, &tys, &args).unwrap();
        for (&r, y) in d.results.iter().zip(out) {
            vals[r] = y;
        }
    }
    f.regions[f.body]
        .yields
        .iter()
        .map(|&v| vals[v].clone())
        .collect()
}

/// The float that a value is.
pub(crate) fn scalar(v: &Val) -> f64 {
    match v.as_scalar() {
        Some(Scalar::F64(x)) => x,
        Some(Scalar::F32(x)) => x.into(),
        s => panic!("{s:?}"),
    }
}

/// Whether two floats agree: both NaN, or equal, or within a relative (below 1: absolute) tolerance.
pub(crate) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b || (a - b).abs() <= tolerance * b.abs().max(1.0)
}

/// The tangent of an op's result with tangents `ts` of the operands; `None` is a symbolic zero.
pub(crate) fn jvp(op: &Op, xs: &[Val], ts: &[Option<Val>]) -> Option<Val> {
    let mut params: Vec<Type> = xs.iter().map(type_of).collect();
    params.extend(ts.iter().flatten().map(type_of));
    let mut b = Builder::new("f", &params);
    let ps = b.params();
    let (args, mut rest) = (ps[..xs.len()].to_vec(), ps[xs.len()..].iter());
    let tangents: Vec<_> = ts
        .iter()
        .map(|t| t.as_ref().and_then(|_| rest.next().copied()))
        .collect();
    let results = b.inst(op.clone(), &args);
    let mut cx = JvpCx {
        b: &mut b,
        args: &args,
        results: &results,
        tangents: &tangents,
        out: alloc::vec![None],
    };
    super::jvp(op, &mut cx).unwrap();
    let t = cx.out[0]?;
    assert_eq!(*b.ty(t), b.ty(results[0]).tangent());
    let f = b.finish(&[t]).unwrap();
    let mut inputs = xs.to_vec();
    inputs.extend(ts.iter().flatten().cloned());
    Some(call(&f, &inputs).remove(0))
}

/// The derivatives of an op of `f64` scalars by each operand.
pub(crate) fn derivative(op: Op, xs: &[f64]) -> Vec<f64> {
    let vals: Vec<Val> = xs.iter().map(|&x| x.into()).collect();
    (0..xs.len())
        .map(|i| {
            let mut ts = alloc::vec![None; xs.len()];
            ts[i] = Some(Val::from(1.0));
            jvp(&op, &vals, &ts).map_or(0.0, |t| scalar(&t))
        })
        .collect()
}
