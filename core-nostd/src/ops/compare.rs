//! Elementwise comparisons. As IEEE: a NaN is unequal to everything and not ordered; -0 equals 0.

use super::batch::{BatchCx, Batched};
use super::elementwise::{Domain, confusion, dtype, operands, same, shapes_may_differ, zip_to};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{CompareOp, DType, Type, UnaryOp};
use crate::value::{Element, Scalar, Val};
use alloc::vec;
use alloc::vec::Vec;
use num_complex::Complex;

pub(super) fn mnemonic(op: &CompareOp) -> &'static str {
    op.name()
}

/// The element types an op takes.
pub const fn domain(op: CompareOp) -> Domain {
    match op {
        CompareOp::Eq | CompareOp::Ne => Domain::ANY,
        CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => Domain::REAL,
    }
}

pub(super) fn infer(op: &CompareOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    operands::<2>(tys, "2")?;
    let t = same(tys, 0, domain(*op))?;
    Ok(vec![Type::tensor(DType::Bool, t.shape)])
}

pub(super) fn effects(op: &CompareOp, tys: &[&Type]) -> Effects {
    match op {
        CompareOp::Eq
        | CompareOp::Ne
        | CompareOp::Lt
        | CompareOp::Le
        | CompareOp::Gt
        | CompareOp::Ge => {
            if shapes_may_differ(tys) {
                Effects::MayTrap
            } else {
                Effects::Pure
            }
        }
    }
}

fn ordered<T: Element + PartialOrd>(
    op: CompareOp,
    args: &Args<'_>,
    cx: &EvalCx,
) -> Result<Val, TrapKind> {
    let f: fn(T, T) -> bool = match op {
        CompareOp::Eq => |a, b| a == b,
        CompareOp::Ne => |a, b| a != b,
        CompareOp::Lt => |a, b| a < b,
        CompareOp::Le => |a, b| a <= b,
        CompareOp::Gt => |a, b| a > b,
        CompareOp::Ge => |a, b| a >= b,
    };
    zip_to(op.name(), args, cx, f)
}

fn unordered<T: Element>(op: CompareOp, args: &Args<'_>, cx: &EvalCx) -> Result<Val, TrapKind> {
    let f: fn(T, T) -> bool = match op {
        CompareOp::Eq => |a, b| a == b,
        CompareOp::Ne => |a, b| a != b,
        CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
            return Err(confusion(op.name()));
        }
    };
    zip_to(op.name(), args, cx, f)
}

pub(super) fn eval(
    op: &CompareOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    out.push(match dtype(op.name(), args.get(0))? {
        DType::Bool => ordered::<bool>(*op, args, cx)?,
        DType::I8 => ordered::<i8>(*op, args, cx)?,
        DType::I16 => ordered::<i16>(*op, args, cx)?,
        DType::I32 => ordered::<i32>(*op, args, cx)?,
        DType::I64 => ordered::<i64>(*op, args, cx)?,
        DType::U8 => ordered::<u8>(*op, args, cx)?,
        DType::U16 => ordered::<u16>(*op, args, cx)?,
        DType::U32 => ordered::<u32>(*op, args, cx)?,
        DType::U64 => ordered::<u64>(*op, args, cx)?,
        DType::F32 => ordered::<f32>(*op, args, cx)?,
        DType::F64 => ordered::<f64>(*op, args, cx)?,
        DType::C64 => unordered::<Complex<f32>>(*op, args, cx)?,
        DType::C128 => unordered::<Complex<f64>>(*op, args, cx)?,
    });
    Ok(())
}

pub(super) fn jvp(_: &CompareOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    // A `bool` has no tangent space.
    Ok(())
}

pub(super) fn transpose(op: &CompareOp, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(&(*op).into(), "not linear"))
}

pub(super) fn simplify(op: &CompareOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let (x, y) = (cx.arg(0), cx.arg(1));
    let d = cx.ty(0).dtype()?;
    if x == y && !d.is_differentiable() {
        let always = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
        return if always {
            cx.scalar(Scalar::Bool(true))
        } else {
            cx.zero()
        };
    }
    // A `bool` compared with a constant is itself or its opposite.
    let (other, constant) = match (cx.constant(x), cx.constant(y)) {
        (_, Some(Scalar::Bool(c))) => (x, c),
        (Some(Scalar::Bool(c)), _) => (y, c),
        _ => return None,
    };
    match op {
        CompareOp::Eq | CompareOp::Ne if constant == (*op == CompareOp::Eq) => cx.keep(other),
        CompareOp::Eq | CompareOp::Ne if Some(cx.func.ty(other)) == cx.result() => {
            Some(Simplified::Inst(UnaryOp::Not.into(), vec![other]))
        }
        CompareOp::Eq
        | CompareOp::Ne
        | CompareOp::Lt
        | CompareOp::Le
        | CompareOp::Gt
        | CompareOp::Ge => None,
    }
}

pub(super) fn batch(op: &CompareOp, cx: &mut BatchCx<'_>) -> Batched {
    cx.elementwise(*op)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::value;

    #[test]
    fn as_rust_compares() {
        let xs = [f64::NAN, -0.0, 0.0, 1.0, f64::INFINITY, -2.5];
        for &op in CompareOp::ALL {
            for a in xs {
                for b in xs {
                    let want = match op {
                        CompareOp::Eq => a == b,
                        CompareOp::Ne => a != b,
                        CompareOp::Lt => a < b,
                        CompareOp::Le => a <= b,
                        CompareOp::Gt => a > b,
                        CompareOp::Ge => a >= b,
                    };
                    let y = value(op, &[a.into(), b.into()]);
                    assert!(y.same_bits(&want.into()), "{a} {} {b}", op.name());
                }
            }
        }
        let lt = value(
            CompareOp::Lt,
            &[Val::vector(vec![1u8, 5, 3]), Val::vector(vec![2u8, 4, 3])],
        );
        assert!(lt.same_bits(&Val::vector(vec![true, false, false])));
    }

    #[test]
    fn complex_numbers_have_no_order() {
        let c: Type = DType::C128.into();
        assert!(infer(&CompareOp::Lt, &[c.clone(), c.clone()]).is_err());
        assert!(infer(&CompareOp::Eq, &[c.clone(), c]).is_ok());
    }
}
