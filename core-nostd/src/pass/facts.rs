//! What passes ask: which values are constants, which accesses cannot trap, which operations are cheap.

use crate::entity::Value;
use crate::ir::{BinaryOp, ConstOp, DType, Dim, Func, Op, Step, Type, UnaryOp};
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

/// Whether an operation on a scalar is about as cheap as reading one: no division, root or transcendental function.
pub fn cheap_unary(op: UnaryOp, operand: DType) -> bool {
    use UnaryOp as U;
    match op {
        // The modulus of a complex number is a root.
        U::Abs | U::Sign => !operand.is_complex(),
        U::Neg | U::Square | U::Real | U::Imag | U::Conj => true,
        U::Not | U::IsFinite | U::IsNan | U::StopGradient => true,
        U::PopCount | U::LeadingZeros | U::TrailingZeros => true,
        U::Floor | U::Ceil | U::Trunc | U::Round | U::RoundEven => false,
        U::Sqrt | U::Rsqrt | U::Cbrt | U::Recip => false,
        U::Exp | U::Exp2 | U::Expm1 | U::Log | U::Log2 | U::Log10 | U::Log1p => false,
        U::Sin | U::Cos | U::Tan | U::Asin | U::Acos | U::Atan => false,
        U::Sinh | U::Cosh | U::Tanh | U::Asinh | U::Acosh | U::Atanh => false,
        U::Logistic | U::Erf | U::Erfc | U::ErfInv | U::Lgamma | U::Digamma => false,
    }
}

/// As [`cheap_unary`], for two operands.
pub fn cheap_binary(op: BinaryOp, operand: DType) -> bool {
    use BinaryOp as B;
    match op {
        B::Add | B::Sub | B::Mul | B::WrappingAdd | B::WrappingSub | B::WrappingMul => true,
        B::Min | B::Max | B::FMin | B::FMax | B::Copysign | B::Complex => true,
        B::And | B::Or | B::Xor | B::Shl | B::Shr => true,
        B::Div | B::Rem | B::RemEuclid | B::DivEuclid => operand.is_int(),
        B::Pow | B::Powi | B::Atan2 | B::Hypot | B::Polygamma => false,
    }
}
