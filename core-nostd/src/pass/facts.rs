//! What passes ask about values: constants, and accesses that cannot trap.

use crate::entity::Value;
use crate::ir::{ConstOp, Dim, Func, Op, Step, Type};
use crate::value::Scalar;

/// The scalar constant that a value is.
pub fn constant(f: &Func, v: Value) -> Option<Scalar> {
    match f.insts[f.def_inst(v)?].op {
        Op::Const(ConstOp::Scalar(s)) => Some(s),
        Op::Const(ConstOp::Default(ref ty)) if ty.is_scalar() => ty.dtype().map(Scalar::zero),
        _ => None,
    }
}

/// The integer constant that a value is.
pub fn int_constant(f: &Func, v: Value) -> Option<i128> {
    constant(f, v).and_then(Scalar::as_int)
}

/// Whether every index of a path into a value of type `base` is a constant within a known extent.
pub fn is_in_range(f: &Func, base: &Type, path: &[Step], indices: &[Value]) -> bool {
    let mut ty = base;
    let mut element;
    let mut next = 0;
    for step in path {
        match (step, ty) {
            (Step::Field(k), Type::Record(fields)) => {
                let Some(field) = fields.get(*k as usize) else {
                    return false;
                };
                ty = field;
            }
            (Step::Index, Type::Tensor(t)) => {
                let Some(Dim::Known(n)) = t.shape.first() else {
                    return false;
                };
                let inside = indices
                    .get(next)
                    .and_then(|&v| int_constant(f, v))
                    .is_some_and(|i| (0..i128::from(*n)).contains(&i));
                if !inside {
                    return false;
                }
                next += 1;
                element = Type::tensor(t.dtype, t.shape[1..].iter().copied());
                ty = &element;
            }
            (Step::Field(_) | Step::Index, _) => return false,
        }
    }
    true
}
