//! Elementwise operations of two operands: facts, type rule, transpose, simplification. Evaluation is in `eval`, derivatives in
//! `jvp` (with the edge policy).

mod eval;
mod jvp;
mod simplify;
#[cfg(test)]
mod tests;

pub(super) use eval::eval;
pub(super) use jvp::{as_result, jvp};
pub(super) use simplify::simplify;

use super::batch::{BatchCx, Batched};
use super::elementwise::{Domain, meet, operands, same, shapes_may_differ, tensor};
use super::{Effects, TransposeCx, not_differentiable};
use crate::entity::Value;
use crate::error::{AdError, Why};
use crate::ir::{BinaryOp, DType, TensorType, Type, UnaryOp};
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &BinaryOp) -> &'static str {
    op.name()
}

/// The element types an op takes for its first operand, and for its second if that is not of the same type.
pub const fn domain(op: BinaryOp) -> Domain {
    use BinaryOp as B;
    match op {
        B::Add | B::Sub | B::Mul | B::Div | B::Pow => Domain::NUMBER,
        B::Rem | B::RemEuclid | B::DivEuclid | B::Min | B::Max => Domain::INT.or(Domain::FLOAT),
        B::WrappingAdd | B::WrappingSub | B::WrappingMul | B::Shl | B::Shr => Domain::INT,
        B::FMin | B::FMax | B::Atan2 | B::Hypot | B::Copysign => Domain::FLOAT,
        B::Complex | B::Polygamma => Domain::FLOAT,
        B::Powi => Domain::FIELD,
        B::And | B::Or | B::Xor => Domain::BOOL.or(Domain::INT),
    }
}

/// Whether the second operand is an exponent or amount of any integer type, of the first's shape or a scalar.
const fn counts(op: BinaryOp, d: DType) -> bool {
    matches!(op, BinaryOp::Powi | BinaryOp::Shl | BinaryOp::Shr)
        || matches!(op, BinaryOp::Pow) && d.is_int()
}

pub(super) fn infer(op: &BinaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    operands::<2>(tys, "2")?;
    let a = tensor(tys, 0, domain(*op))?;
    let t = if counts(*op, a.dtype) {
        let n = tensor(tys, 1, Domain::INT)?;
        let shape = if n.shape.is_empty() {
            a.shape.clone()
        } else {
            meet(0, &a.shape, 1, &n.shape)?
        };
        TensorType {
            dtype: a.dtype,
            shape,
        }
    } else {
        let t = same(tys, 0, domain(*op))?;
        match (op, t.dtype.complex()) {
            (BinaryOp::Complex, Some(dtype)) => TensorType {
                dtype,
                shape: t.shape,
            },
            _ => t,
        }
    };
    Ok(alloc::vec![Type::Tensor(t)])
}

pub(super) fn effects(op: &BinaryOp, tys: &[&Type]) -> Effects {
    use BinaryOp as B;
    let int = tys[0].dtype().is_some_and(DType::is_int);
    let traps = match op {
        B::Add | B::Sub | B::Mul | B::Div | B::Rem | B::RemEuclid | B::DivEuclid | B::Pow => int,
        B::Shl | B::Shr => true,
        B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::And
        | B::Or
        | B::Xor
        | B::Complex
        | B::Polygamma => false,
    };
    if traps || shapes_may_differ(tys) {
        Effects::MayTrap
    } else {
        Effects::Pure
    }
}

/// The coefficient that a cotangent is multiplied with where the tangent was multiplied with operand `i`.
pub(super) fn adjoint_coefficient(cx: &mut dyn TransposeCx, i: usize) -> Value {
    let k = cx.known(i);
    if cx.ty(i).dtype().is_some_and(DType::is_complex) {
        cx.b().unary(UnaryOp::Conj, k)
    } else {
        k
    }
}

pub(super) fn transpose(op: &BinaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    use BinaryOp as B;
    let Some(ct) = cx.ct(0) else {
        return Ok(());
    };
    let not_linear = || Err(not_differentiable(&(*op).into(), "not linear"));
    let linear = [cx.is_linear(0), cx.is_linear(1)];
    match op {
        B::Add => {
            for i in (0..2).filter(|&i| linear[i]) {
                cx.add(i, ct);
            }
        }
        B::Sub => {
            if linear[0] {
                cx.add(0, ct);
            }
            if linear[1] {
                let n = cx.b().neg(ct);
                cx.add(1, n);
            }
        }
        B::Mul => {
            let (x, k) = match linear {
                [true, false] => (0, 1),
                [false, true] => (1, 0),
                [true, true] | [false, false] => return not_linear(),
            };
            let k = adjoint_coefficient(cx, k);
            let c = cx.b().mul(ct, k);
            cx.add(x, c);
        }
        B::Div => {
            if linear[1] {
                return not_linear();
            }
            let k = adjoint_coefficient(cx, 1);
            let c = cx.b().div(ct, k);
            cx.add(0, c);
        }
        B::Complex => {
            for (i, part) in [UnaryOp::Real, UnaryOp::Imag].into_iter().enumerate() {
                if linear[i] {
                    let c = cx.b().unary(part, ct);
                    cx.add(i, c);
                }
            }
        }
        B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Pow
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Polygamma => return not_linear(),
    }
    Ok(())
}

pub(super) fn batch(op: &BinaryOp, cx: &mut BatchCx<'_>) -> Batched {
    cx.elementwise(*op)
}
