//! Elementwise operations of three operands.
//!
//! Edge policy of the derivatives: `select` gives the tangent of the operand it chose. `clamp` passes the tangent of `x`
//! where `low <= x <= high` (at the bounds too), else that of the bound that applies. `fma` as the product and sum it is.

use super::batch::{BatchCx, Batched};
use super::binary::{adjoint_coefficient, as_result};
use super::elementwise::{
    Domain, confusion, dtype, meet, merge, mismatch, operands, same, shapes_may_differ, tensor,
    zip3,
};
use super::float::{Float, extreme};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{BinaryOp, CompareOp, DType, Op, TernaryOp, Type, UnaryOp};
use crate::value::{Scalar, Val};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &TernaryOp) -> &'static str {
    op.name()
}

/// The element types an op takes (`select`: for its second and third operand).
pub const fn domain(op: TernaryOp) -> Domain {
    match op {
        TernaryOp::Select => Domain::ANY,
        TernaryOp::Clamp => Domain::INT.or(Domain::FLOAT),
        TernaryOp::Fma => Domain::FLOAT,
    }
}

pub(super) fn infer(op: &TernaryOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    operands::<3>(tys, "3")?;
    let t = match op {
        TernaryOp::Select => {
            let p = tensor(tys, 0, Domain::BOOL)?;
            let mut t = same(tys, 1, domain(*op))?;
            if !p.shape.is_empty() {
                t.shape = meet(0, &p.shape, 1, &t.shape)?;
            }
            t
        }
        TernaryOp::Clamp | TernaryOp::Fma => same(tys, 0, domain(*op))?,
    };
    Ok(vec![Type::Tensor(t)])
}

pub(super) fn effects(op: &TernaryOp, tys: &[&Type]) -> Effects {
    match op {
        TernaryOp::Select | TernaryOp::Clamp | TernaryOp::Fma => {
            if shapes_may_differ(tys) {
                Effects::MayTrap
            } else {
                Effects::Pure
            }
        }
    }
}

pub(super) fn eval(
    op: &TernaryOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    _: &EvalCx,
) -> Result<(), TrapKind> {
    let name = op.name();
    let d = dtype(name, args.get(1))?;
    out.push(match op {
        TernaryOp::Select => select(args)?,
        TernaryOp::Clamp => match d {
            DType::F32 => zip3(name, args, clamp_float::<f32>)?,
            DType::F64 => zip3(name, args, clamp_float::<f64>)?,
            DType::I8 => zip3(name, args, clamp_int::<i8>)?,
            DType::I16 => zip3(name, args, clamp_int::<i16>)?,
            DType::I32 => zip3(name, args, clamp_int::<i32>)?,
            DType::I64 => zip3(name, args, clamp_int::<i64>)?,
            DType::U8 => zip3(name, args, clamp_int::<u8>)?,
            DType::U16 => zip3(name, args, clamp_int::<u16>)?,
            DType::U32 => zip3(name, args, clamp_int::<u32>)?,
            DType::U64 => zip3(name, args, clamp_int::<u64>)?,
            DType::Bool | DType::C64 | DType::C128 => return Err(confusion(name)),
        },
        TernaryOp::Fma if d == DType::F32 => zip3(name, args, <f32 as Float>::fma)?,
        TernaryOp::Fma if d == DType::F64 => zip3(name, args, <f64 as Float>::fma)?,
        TernaryOp::Fma => return Err(confusion(name)),
    });
    Ok(())
}

fn clamp_float<T: Float>(low: T, x: T, high: T) -> T {
    extreme(extreme(x, low, true), high, false)
}

fn clamp_int<T: Ord>(low: T, x: T, high: T) -> T {
    x.max(low).min(high)
}

fn select(args: &mut Args<'_>) -> Result<Val, TrapKind> {
    let name = TernaryOp::Select.name();
    let (a, b) = (args.get(1), args.get(2));
    let agree = match (a, b) {
        (Val::Scalar(_), Val::Scalar(_)) => true,
        (Val::Tensor(x), Val::Tensor(y)) => x.shape == y.shape,
        _ => false,
    };
    if !agree {
        return Err(mismatch(name, a, b));
    }
    match args.get(0).clone() {
        Val::Scalar(Scalar::Bool(p)) => Ok(args.take(if p { 1 } else { 2 })),
        Val::Tensor(p) => {
            if !matches!(args.get(1), Val::Tensor(t) if t.shape == p.shape) {
                return Err(mismatch(name, args.get(0), args.get(1)));
            }
            let (a, b) = (args.take(1), args.take(2));
            merge(name, &p, a, b)
        }
        Val::Unit | Val::Scalar(_) | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
            Err(confusion(name))
        }
    }
}

pub(super) fn jvp(op: &TernaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let (a, x, c) = (cx.args[0], cx.args[1], cx.args[2]);
    match op {
        TernaryOp::Select => {
            let (p, q) = (cx.tangent(1), cx.tangent(2));
            let t = cx.b.select(a, p, q);
            cx.add(0, t);
        }
        TernaryOp::Clamp => {
            for i in 0..3 {
                let Some(t) = cx.tangents[i] else { continue };
                let b = &mut *cx.b;
                let applies = match i {
                    0 => {
                        let below = b.compare(CompareOp::Lt, x, a);
                        let reached = b.compare(CompareOp::Le, a, c);
                        b.binary(BinaryOp::And, below, reached)
                    }
                    1 => {
                        let above = b.compare(CompareOp::Le, a, x);
                        let below = b.compare(CompareOp::Le, x, c);
                        b.binary(BinaryOp::And, above, below)
                    }
                    // The upper bound wins if the bounds are in the wrong order.
                    _ => {
                        let least = b.binary(BinaryOp::Max, x, a);
                        b.compare(CompareOp::Gt, least, c)
                    }
                };
                let zero = b.real_like(t, 0.0);
                let t = b.select(applies, t, zero);
                cx.add(0, t);
            }
        }
        TernaryOp::Fma => {
            for (i, other) in [(0, x), (1, a)] {
                if let Some(t) = cx.tangents[i] {
                    let t = cx.b.mul(t, other);
                    cx.add(0, t);
                }
            }
            if let Some(t) = cx.tangents[2] {
                let t = as_result(cx.b, t, cx.results[0]);
                cx.add(0, t);
            }
        }
    }
    Ok(())
}

pub(super) fn transpose(op: &TernaryOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else {
        return Ok(());
    };
    let not_linear = || Err(not_differentiable(&(*op).into(), "not linear"));
    match op {
        TernaryOp::Select => {
            if cx.is_linear(0) {
                return not_linear();
            }
            let p = cx.known(0);
            let zero = cx.b().real_like(ct, 0.0);
            for (i, (then, otherwise)) in [(1, (ct, zero)), (2, (zero, ct))] {
                if cx.is_linear(i) {
                    let c = cx.b().select(p, then, otherwise);
                    cx.add(i, c);
                }
            }
        }
        TernaryOp::Fma => {
            match (cx.is_linear(0), cx.is_linear(1)) {
                (true, true) => return not_linear(),
                (false, false) => {}
                (first, _) => {
                    let (i, other) = if first { (0, 1) } else { (1, 0) };
                    let k = adjoint_coefficient(cx, other);
                    let c = cx.b().mul(ct, k);
                    cx.add(i, c);
                }
            }
            if cx.is_linear(2) {
                cx.add(2, ct);
            }
        }
        TernaryOp::Clamp => return not_linear(),
    }
    Ok(())
}

pub(super) fn simplify(op: &TernaryOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    match op {
        TernaryOp::Select => {
            let (p, x, y) = (cx.arg(0), cx.arg(1), cx.arg(2));
            if x == y {
                return cx.keep(x);
            }
            match cx.constant(p) {
                Some(Scalar::Bool(true)) => return cx.keep(x),
                Some(Scalar::Bool(false)) => return cx.keep(y),
                Some(_) | None => {}
            }
            if let (Some(Scalar::Bool(s)), Some(Scalar::Bool(t))) = (cx.constant(x), cx.constant(y))
                && s != t
                && Some(cx.func.ty(p)) == cx.result()
            {
                return if s {
                    cx.keep(p)
                } else {
                    Some(Simplified::Inst(UnaryOp::Not.into(), vec![p]))
                };
            }
            match cx.def(p) {
                Some(d) if matches!(d.op, Op::Unary(UnaryOp::Not)) => Some(Simplified::Inst(
                    TernaryOp::Select.into(),
                    vec![d.args[0], y, x],
                )),
                Some(_) | None => None,
            }
        }
        TernaryOp::Clamp | TernaryOp::Fma => None,
    }
}

pub(super) fn batch(op: &TernaryOp, cx: &mut BatchCx<'_>) -> Batched {
    cx.elementwise(*op)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{close, derivative, scalar, value};

    #[test]
    fn values() {
        assert_eq!(
            scalar(&value(
                TernaryOp::Fma,
                &[3.0.into(), 0.1.into(), (-0.3).into()]
            )),
            3.0f64.mul_add(0.1, -0.3)
        );
        for (low, x, high) in [
            (0.0, 0.5, 1.0),
            (0.0, -2.0, 1.0),
            (0.0, 7.0, 1.0),
            (0.0, 1.0, 1.0),
        ] {
            let y = value(TernaryOp::Clamp, &[low.into(), x.into(), high.into()]);
            assert_eq!(scalar(&y), f64::clamp(x, low, high));
        }
        let y = value(TernaryOp::Clamp, &[2u8.into(), 9u8.into(), 5u8.into()]);
        assert!(y.same_bits(&5u8.into()));
        for p in [true, false] {
            let y = value(TernaryOp::Select, &[p.into(), 1.0.into(), 2.0.into()]);
            assert_eq!(scalar(&y), if p { 1.0 } else { 2.0 });
        }
        let y = value(
            TernaryOp::Select,
            &[
                Val::vector(vec![true, false]),
                Val::vector(vec![1i32, 2]),
                Val::vector(vec![3i32, 4]),
            ],
        );
        assert!(y.same_bits(&Val::vector(vec![1i32, 4])));
    }

    #[test]
    fn clamp_passes_the_tangent_of_what_applies() {
        let d = |x: f64| derivative(TernaryOp::Clamp.into(), &[0.0, x, 1.0]);
        assert_eq!(d(0.5), [0.0, 1.0, 0.0]);
        assert_eq!(d(0.0), [0.0, 1.0, 0.0]);
        assert_eq!(d(1.0), [0.0, 1.0, 0.0]);
        assert_eq!(d(-1.0), [1.0, 0.0, 0.0]);
        assert_eq!(d(2.0), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn fma_tangents() {
        let d = derivative(TernaryOp::Fma.into(), &[2.0, 3.0, 4.0]);
        assert!(close(d[0], 3.0, 0.0) && close(d[1], 2.0, 0.0) && close(d[2], 1.0, 0.0));
    }

    #[test]
    fn a_scalar_selects_whole_tensors() {
        let v: Type = Type::known(DType::F64, &[3]);
        let p: Type = DType::Bool.into();
        assert_eq!(
            infer(&TernaryOp::Select, &[p.clone(), v.clone(), v.clone()]),
            Ok(vec![v.clone()])
        );
        assert!(infer(&TernaryOp::Select, &[v.clone(), v.clone(), v]).is_err());
        assert!(infer(&TernaryOp::Select, &[p.clone(), p]).is_err());
    }
}
