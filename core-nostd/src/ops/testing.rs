//! Runs single ops in unit tests.

use super::{Args, EvalCx, eval, infer};
use crate::error::TrapKind;
use crate::ir::{Op, Type};
use crate::value::Val;
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
        Val::Stack(vs) => Type::stack(join(vs)),
    }
}

fn join(vs: &[Val]) -> Type {
    let mut tys = vs.iter().map(type_of);
    let first = tys.next().unwrap_or(Type::unit());
    tys.fold(first, |a, t| a.join(&t).expect("elements of one type"))
}
