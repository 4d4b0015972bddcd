//! Constants.

use super::batch::{BatchCx, Batched};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{ConstOp, Dim, Type};
use crate::value::{Data, Scalar, Tensor, Val, elements};
use alloc::sync::Arc;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &ConstOp) -> &'static str {
    match op {
        ConstOp::Scalar(_) | ConstOp::Tensor(_) => "const",
        ConstOp::Default(_) => "default",
    }
}

pub(super) fn infer(op: &ConstOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    if !tys.is_empty() {
        return Err(Why::Arity { want: "0" });
    }
    Ok(alloc::vec![match op {
        ConstOp::Scalar(s) => Type::scalar(s.dtype()),
        ConstOp::Tensor(t) if elements(&t.shape) == Some(t.data.len()) => t.ty(),
        ConstOp::Tensor(_) => {
            return Err(Why::Attribute(
                "the number of elements is not the product of the extents",
            ));
        }
        ConstOp::Default(ty) => ty.clone(),
    }])
}

pub(super) fn effects(op: &ConstOp, _: &[&Type]) -> Effects {
    match op {
        ConstOp::Scalar(_) | ConstOp::Tensor(_) | ConstOp::Default(_) => Effects::Pure,
    }
}

pub(super) fn eval(
    op: &ConstOp,
    _: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    out.push(match op {
        ConstOp::Scalar(s) => Val::Scalar(*s),
        ConstOp::Tensor(t) if t.shape.is_empty() => Val::Scalar(t.data.get(0)),
        ConstOp::Tensor(t) => Val::Tensor(t.clone()),
        ConstOp::Default(ty) => default(ty, cx)?,
    });
    Ok(())
}

/// The zero of a type; see [`ConstOp::Default`].
///
/// # Errors
/// [`TrapKind::OutOfMemory`].
pub(crate) fn default(ty: &Type, cx: &EvalCx) -> Result<Val, TrapKind> {
    Ok(match ty {
        Type::Tensor(t) if t.shape.is_empty() => Val::Scalar(Scalar::zero(t.dtype)),
        Type::Tensor(t) => {
            let too_big = TrapKind::OutOfMemory { bytes: u64::MAX };
            let shape: Option<Vec<usize>> = t
                .shape
                .iter()
                .map(|d| match d {
                    Dim::Known(n) => usize::try_from(*n).ok(),
                    Dim::Dynamic => Some(0),
                })
                .collect();
            let shape = shape.ok_or(too_big.clone())?;
            let n = elements(&shape).ok_or(too_big.clone())?;
            cx.reserve(n, t.dtype.bytes())?;
            let data = Data::splat(Scalar::zero(t.dtype), n).ok_or(too_big)?;
            Val::Tensor(Arc::new(Tensor { shape, data }))
        }
        Type::Record(fs) => Val::record(
            fs.iter()
                .map(|f| default(f, cx))
                .collect::<Result<Vec<_>, _>>()?,
        ),
        Type::Seq(_) => Val::Seq(Arc::new(Vec::new())),
        Type::Stack(_) => Val::stack([]),
    })
}

pub(super) fn jvp(_: &ConstOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    // No operand, so no tangent.
    Ok(())
}

pub(super) fn transpose(op: &ConstOp, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(
        &op.clone().into(),
        "a constant is not linear",
    ))
}

pub(super) fn simplify(_: &ConstOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(_: &ConstOp, _: &mut BatchCx<'_>) -> Batched {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::DType;

    const CX: EvalCx<'static> = EvalCx {
        max_bytes: 1 << 20,
        results: &[],
    };

    fn run(op: &ConstOp, cx: &EvalCx) -> Result<Val, TrapKind> {
        let mut out = Vec::new();
        eval(op, &mut Args::new(&mut [], &[]), &mut out, cx)?;
        Ok(out.remove(0))
    }

    #[test]
    fn values_are_of_the_inferred_type() {
        let dynamic = Type::tensor(DType::I32, [Dim::Dynamic, Dim::Known(2)]);
        let ops = [
            ConstOp::Scalar(Scalar::U8(7)),
            ConstOp::Tensor(Arc::new(Tensor::vector(alloc::vec![1.0f32, 2.0]))),
            ConstOp::Default(Type::record([
                Type::known(DType::F64, &[2, 3]),
                dynamic,
                Type::seq(Type::unit()),
                Type::stack(DType::Bool.into()),
                Type::unit(),
            ])),
        ];
        for op in ops {
            let ty = infer(&op, &[]).unwrap().remove(0);
            let v = run(&op, &CX).unwrap();
            assert!(v.is_of(&ty), "{v:?} of {ty}");
        }
    }

    #[test]
    fn a_default_that_is_too_big_traps() {
        for shape in [&[1 << 40][..], &[u64::MAX, u64::MAX], &[1 << 18, 1]] {
            let op = ConstOp::Default(Type::known(DType::F64, shape));
            assert!(matches!(run(&op, &CX), Err(TrapKind::OutOfMemory { .. })));
        }
    }

    #[test]
    fn a_damaged_tensor_is_an_error() {
        let t = Tensor {
            shape: alloc::vec![3],
            data: Data::F64(alloc::vec![1.0]),
        };
        assert!(infer(&ConstOp::Tensor(Arc::new(t)), &[]).is_err());
    }
}
