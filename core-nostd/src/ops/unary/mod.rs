//! Elementwise operations of one operand: facts, type rule, transpose, simplification. Evaluation is in `eval`, derivatives in
//! `jvp` (with the edge policy).

mod eval;
mod jvp;
#[cfg(test)]
mod tests;

pub(super) use eval::eval;
pub(super) use jvp::jvp;

use super::batch::{BatchCx, Batched};
use super::elementwise::{Domain, operands, tensor};
use super::{Effects, Simplified, SimplifyCx, TransposeCx, not_differentiable};
use crate::error::{AdError, Why};
use crate::ir::{BinaryOp, CompareOp, DType, Op, Type, UnaryOp};
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &UnaryOp) -> &'static str {
    op.name()
}

/// The element types an op takes.
pub const fn domain(op: UnaryOp) -> Domain {
    use UnaryOp as U;
    match op {
        U::Neg | U::Abs | U::Sign => Domain::SIGNED.or(Domain::FIELD),
        U::Not => Domain::BOOL.or(Domain::INT),
        U::PopCount | U::LeadingZeros | U::TrailingZeros => Domain::INT,
        U::Floor | U::Ceil | U::Round | U::RoundEven | U::Trunc => Domain::FLOAT,
        U::Erf | U::Erfc | U::ErfInv | U::Lgamma | U::Digamma => Domain::FLOAT,
        U::Sqrt | U::Rsqrt | U::Cbrt | U::Recip | U::Square => Domain::FIELD,
        U::Exp | U::Exp2 | U::Expm1 | U::Log | U::Log2 | U::Log10 | U::Log1p => Domain::FIELD,
        U::Sin | U::Cos | U::Tan | U::Asin | U::Acos | U::Atan => Domain::FIELD,
        U::Sinh | U::Cosh | U::Tanh | U::Asinh | U::Acosh | U::Atanh => Domain::FIELD,
        U::Logistic | U::IsFinite | U::IsNan | U::Real | U::Imag | U::Conj => Domain::FIELD,
        U::StopGradient => Domain::ANY,
    }
}

/// The element type of the result.
const fn result(op: UnaryOp, d: DType) -> DType {
    if matches!(op, UnaryOp::IsFinite | UnaryOp::IsNan) {
        DType::Bool
    } else if matches!(op, UnaryOp::Abs | UnaryOp::Real | UnaryOp::Imag) {
        d.real()
    } else {
        d
    }
}

pub(super) fn infer(op: &UnaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    operands::<1>(tys, "1")?;
    let t = tensor(tys, 0, domain(*op))?;
    Ok(alloc::vec![Type::tensor(
        result(*op, t.dtype),
        t.shape.iter().copied()
    )])
}

pub(super) fn effects(op: &UnaryOp, tys: &[&Type]) -> Effects {
    let int = tys.iter().any(|t| t.dtype().is_some_and(DType::is_int));
    if int && matches!(op, UnaryOp::Neg | UnaryOp::Abs) {
        Effects::MayTrap
    } else {
        Effects::Pure
    }
}

pub(super) fn transpose(op: &UnaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    use UnaryOp as U;
    let Some(ct) = cx.ct(0) else {
        return Ok(());
    };
    let complex = cx.ty(0).dtype().is_some_and(DType::is_complex);
    let b = cx.b();
    let ct = match op {
        U::Neg => b.neg(ct),
        U::Conj => b.unary(U::Conj, ct),
        U::Real if complex => {
            let zero = b.real_like(ct, 0.0);
            b.binary(BinaryOp::Complex, ct, zero)
        }
        U::Imag if complex => {
            let zero = b.real_like(ct, 0.0);
            b.binary(BinaryOp::Complex, zero, ct)
        }
        U::Real => ct,
        // The imaginary part of a real number, and what stops gradients, are constant.
        U::Imag | U::StopGradient => return Ok(()),
        U::Not
        | U::Abs
        | U::Sign
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Trunc
        | U::Sqrt
        | U::Rsqrt
        | U::Cbrt
        | U::Recip
        | U::Square
        | U::Exp
        | U::Exp2
        | U::Expm1
        | U::Log
        | U::Log2
        | U::Log10
        | U::Log1p
        | U::Sin
        | U::Cos
        | U::Tan
        | U::Asin
        | U::Acos
        | U::Atan
        | U::Sinh
        | U::Cosh
        | U::Tanh
        | U::Asinh
        | U::Acosh
        | U::Atanh
        | U::Logistic
        | U::Erf
        | U::Erfc
        | U::ErfInv
        | U::Lgamma
        | U::Digamma
        | U::IsFinite
        | U::IsNan
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros => return Err(not_differentiable(&(*op).into(), "not linear")),
    };
    cx.add(0, ct);
    Ok(())
}

/// Identities that hold to the last bit (but for which NaN comes out), and whose derivatives agree.
pub(super) fn simplify(op: &UnaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    use UnaryOp as U;
    let x = cx.arg(0);
    let d = cx.ty(0).dtype()?;
    if matches!(op, U::Real | U::Conj) && !d.is_complex() {
        return cx.keep(x);
    }
    let inner = cx.def(x)?;
    let again = |op: U| Some(Simplified::Inst(op.into(), inner.args.clone()));
    match (op, &inner.op) {
        (U::Neg, Op::Unary(U::Neg)) if !d.is_int() => cx.keep(inner.args[0]),
        (U::Not, Op::Unary(U::Not)) | (U::Conj, Op::Unary(U::Conj)) => cx.keep(inner.args[0]),
        (U::Abs, Op::Unary(U::Neg)) if !d.is_int() => again(U::Abs),
        (U::Square, Op::Unary(U::Neg)) => again(U::Square),
        (U::Abs, Op::Unary(U::Abs)) => cx.keep(x),
        (
            U::Floor | U::Ceil | U::Round | U::RoundEven | U::Trunc,
            Op::Unary(U::Floor | U::Ceil | U::Round | U::RoundEven | U::Trunc),
        ) => cx.keep(x),
        (U::Cos | U::Cosh, Op::Unary(U::Neg)) => again(*op),
        (U::Real, Op::Unary(U::Conj)) => again(U::Real),
        (U::Real, Op::Binary(BinaryOp::Complex)) => cx.keep(inner.args[0]),
        (U::Imag, Op::Binary(BinaryOp::Complex)) => cx.keep(inner.args[1]),
        (U::Not, Op::Compare(c)) => {
            let of = cx.func.ty(inner.args[0]).dtype()?;
            let opposite = match c {
                CompareOp::Eq => CompareOp::Ne,
                CompareOp::Ne => CompareOp::Eq,
                // Neither holds of a NaN.
                CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge
                    if of.is_differentiable() =>
                {
                    return None;
                }
                CompareOp::Lt => CompareOp::Ge,
                CompareOp::Le => CompareOp::Gt,
                CompareOp::Gt => CompareOp::Le,
                CompareOp::Ge => CompareOp::Lt,
            };
            Some(Simplified::Inst(opposite.into(), inner.args.clone()))
        }
        _ => None,
    }
}

pub(super) fn batch(op: &UnaryOp, cx: &mut BatchCx<'_>) -> Batched {
    cx.elementwise(*op)
}
