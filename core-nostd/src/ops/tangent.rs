//! Zeros, structural sums and custom linear maps.
//!
//! Tangents have the structure of their primal ([`Type::tangent`]), so both ops walk values of any type. [`accumulate`] and
//! [`zeros_like`] are also what the families that write into parts of a value (`add_at`, `add_slice`) use.
//!
//! Invariant: a sum never accepts operands of different structure or extents. In particular an empty array (the
//! default of a type with unknown extents) is not a zero of a longer one: taking it for one would hide a lost cotangent.

use super::batch::{BatchCx, Batched, Form, Held};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::entity::Value;
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{ConstOp, Dim, Op, TangentOp, Type};
use crate::value::{Data, Scalar, Tensor, Val};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &TangentOp) -> &'static str {
    match op {
        TangentOp::ZerosLike => "zeros_like",
        TangentOp::Accumulate => "accumulate",
        TangentOp::CustomLinear { .. } => "custom_linear",
    }
}

pub(super) fn infer(op: &TangentOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    match op {
        TangentOp::ZerosLike => match tys {
            [t] => Ok(alloc::vec![t.tangent()]),
            _ => Err(Why::Arity { want: "1" }),
        },
        TangentOp::Accumulate => match tys {
            [a, b] => {
                for (operand, t) in tys.iter().enumerate() {
                    if t.tangent() != *t {
                        return Err(Why::Kind {
                            operand,
                            want: "of a tangent type",
                        });
                    }
                }
                let sum = meet(a, b).ok_or(Why::Mismatch {
                    a: 0,
                    b: 1,
                    what: "structure, element types and extents",
                })?;
                Ok(alloc::vec![sum])
            }
            _ => Err(Why::Arity { want: "2" }),
        },
        TangentOp::CustomLinear {
            tangents, results, ..
        } => {
            if (*tangents as usize) > tys.len() {
                return Err(Why::Attribute("has fewer operands than tangents"));
            }
            if results.iter().any(|t| t.tangent() != *t) {
                return Err(Why::Attribute("the results must be of tangent types"));
            }
            Ok(results.clone())
        }
    }
}

/// The type of values that are of both types; `None` if their structures or known extents differ.
fn meet(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Tensor(x), Type::Tensor(y))
            if x.dtype == y.dtype && x.shape.len() == y.shape.len() =>
        {
            let dims: Option<Vec<Dim>> = x
                .shape
                .iter()
                .zip(&y.shape)
                .map(|(p, q)| p.meet(*q))
                .collect();
            Some(Type::tensor(x.dtype, dims?))
        }
        (Type::Record(x), Type::Record(y)) if x.len() == y.len() => x
            .iter()
            .zip(y.iter())
            .map(|(p, q)| meet(p, q))
            .collect::<Option<Vec<_>>>()
            .map(Type::record),
        (Type::Seq(x), Type::Seq(y)) => meet(x, y).map(Type::seq),
        (Type::Stack(x), Type::Stack(y)) => meet(x, y).map(Type::stack),
        _ => None,
    }
}

pub(super) fn effects(op: &TangentOp, tys: &[&Type]) -> Effects {
    match op {
        TangentOp::ZerosLike => Effects::Pure,
        // Sums of static types cannot disagree.
        TangentOp::Accumulate if tys.iter().all(|t| t.is_static()) => Effects::Pure,
        TangentOp::Accumulate => Effects::MayTrap,
        // A map nobody asks for must be removable: running it forward is an error.
        TangentOp::CustomLinear { .. } => Effects::Pure,
    }
}

pub(super) fn eval(
    op: &TangentOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx,
) -> Result<(), TrapKind> {
    match op {
        TangentOp::ZerosLike => {
            let mut zero = zeros_like(args.get(0))?;
            if let Some(ty) = cx.results.first() {
                settle(&mut zero, ty);
            }
            out.push(zero);
        }
        TangentOp::Accumulate => {
            if let (Val::Scalar(a), Val::Scalar(b)) = (args.get(0), args.get(1)) {
                out.push(Val::Scalar(add_scalars(*a, *b)?));
                return Ok(());
            }
            let (a, b) = (args.take(0), args.take(1));
            // The sum is commutative: write into the operand that nobody else holds.
            let sum = if shared(&a) && !shared(&b) {
                accumulate(b, &a)?
            } else {
                accumulate(a, &b)?
            };
            out.push(sum);
        }
        TangentOp::CustomLinear { .. } => return Err(TrapKind::NoForwardRule),
    }
    Ok(())
}

fn shared(v: &Val) -> bool {
    match v {
        Val::Unit | Val::Scalar(_) => false,
        Val::Tensor(t) => Arc::strong_count(t) > 1,
        Val::Record(vs) | Val::Seq(vs) => Arc::strong_count(vs) > 1,
        Val::Stack(s) => Arc::strong_count(s) > 1,
    }
}

/// The zero of a value's tangent type, with the value's run-time structure.
///
/// An array of nothing does not say whether its elements have a tangent space, so it stays an empty array;
/// [`accumulate`] takes it and [`Val::Unit`] for the same.
///
/// # Errors
/// [`TrapKind::OutOfMemory`].
pub(crate) fn zeros_like(v: &Val) -> Result<Val, TrapKind> {
    Ok(match v {
        Val::Unit => Val::Unit,
        Val::Scalar(s) if s.dtype().is_differentiable() => Val::Scalar(Scalar::zero(s.dtype())),
        Val::Tensor(t) if t.dtype().is_differentiable() => {
            let (d, n) = (t.dtype(), t.data.len());
            let data = Data::splat(Scalar::zero(d), n).ok_or(TrapKind::OutOfMemory {
                bytes: (n as u64).saturating_mul(d.bytes() as u64),
            })?;
            Val::Tensor(Arc::new(Tensor {
                shape: t.shape.clone(),
                data,
            }))
        }
        Val::Scalar(_) | Val::Tensor(_) => Val::Unit,
        Val::Record(vs) => zeros_of(vs)?.map_or(Val::Unit, |z| Val::Record(Arc::new(z))),
        Val::Seq(vs) => zeros_of(vs)?.map_or(Val::Unit, |z| Val::Seq(Arc::new(z))),
        Val::Stack(s) => zeros_of(&s.to_vec())?.map_or(Val::Unit, Val::stack),
    })
}

/// Puts [`Val::Unit`] where a type says so and an empty array could not.
fn settle(v: &mut Val, ty: &Type) {
    match (v, ty) {
        (v, ty) if ty.is_unit() => *v = Val::Unit,
        (Val::Record(vs), Type::Record(ts)) => {
            for (v, t) in Arc::make_mut(vs).iter_mut().zip(ts.iter()) {
                settle(v, t);
            }
        }
        (Val::Seq(vs), Type::Seq(t)) => {
            for v in Arc::make_mut(vs) {
                settle(v, t);
            }
        }
        (v @ Val::Stack(_), Type::Stack(t)) => {
            let Val::Stack(s) = &*v else { return };
            let mut all = s.to_vec();
            all.iter_mut().for_each(|v| settle(v, t));
            *v = Val::stack(all);
        }
        (_, Type::Tensor(_) | Type::Record(_) | Type::Seq(_) | Type::Stack(_)) => {}
    }
}

/// The zeros of several values; `None` if there are values and none of them has a tangent space.
fn zeros_of(vs: &[Val]) -> Result<Option<Vec<Val>>, TrapKind> {
    let mut zs = Vec::new();
    zs.try_reserve_exact(vs.len())
        .map_err(|_| TrapKind::OutOfMemory {
            bytes: (vs.len() as u64).saturating_mul(size_of::<Val>() as u64),
        })?;
    for v in vs {
        zs.push(zeros_like(v)?);
    }
    let none = !zs.is_empty() && zs.iter().all(|z| matches!(z, Val::Unit));
    Ok((!none).then_some(zs))
}

/// The structural sum of two values of one tangent type. What `a` alone holds is updated in place.
///
/// # Errors
/// [`TrapKind::ShapeMismatch`] if extents differ, [`TrapKind::TypeConfusion`] if structures do.
pub(crate) fn accumulate(mut a: Val, b: &Val) -> Result<Val, TrapKind> {
    accumulate_into(&mut a, b)?;
    Ok(a)
}

/// As [`accumulate`], into a place.
pub(crate) fn accumulate_into(a: &mut Val, b: &Val) -> Result<(), TrapKind> {
    match (a, b) {
        (Val::Unit, Val::Unit) => Ok(()),
        (Val::Unit, v) if no_tangent(v) => Ok(()),
        (a, Val::Unit) if no_tangent(a) => {
            *a = Val::Unit;
            Ok(())
        }
        (Val::Scalar(x), Val::Scalar(y)) => {
            *x = add_scalars(*x, *y)?;
            Ok(())
        }
        (Val::Tensor(x), Val::Tensor(y)) => {
            if x.shape != y.shape {
                return Err(mismatch(&x.shape, &y.shape));
            }
            add_data(&mut Tensor::unique(x)?.data, &y.data)
        }
        (Val::Record(x), Val::Record(y)) if x.len() == y.len() => add_all(x, y),
        (Val::Seq(x), Val::Seq(y)) => {
            if x.len() != y.len() {
                return Err(mismatch(&[x.len()], &[y.len()]));
            }
            add_all(x, y)
        }
        (Val::Stack(x), Val::Stack(y)) => {
            if x.len() != y.len() {
                return Err(mismatch(&[x.len()], &[y.len()]));
            }
            let mut sum = Arc::new(x.to_vec());
            add_all(&mut sum, &y.to_vec())?;
            *x = Arc::new(sum.iter().cloned().collect());
            Ok(())
        }
        _ => Err(confusion()),
    }
}

/// Whether a tangent has no leaf that is a number; see [`zeros_like`].
fn no_tangent(v: &Val) -> bool {
    match v {
        Val::Unit => true,
        Val::Scalar(_) | Val::Tensor(_) => false,
        Val::Record(vs) | Val::Seq(vs) => vs.iter().all(no_tangent),
        Val::Stack(s) => s.iter().all(|v| no_tangent(&v)),
    }
}

fn add_all(x: &mut Arc<Vec<Val>>, y: &[Val]) -> Result<(), TrapKind> {
    Arc::make_mut(x)
        .iter_mut()
        .zip(y)
        .try_for_each(|(a, b)| accumulate_into(a, b))
}

fn add_scalars(a: Scalar, b: Scalar) -> Result<Scalar, TrapKind> {
    Ok(match (a, b) {
        (Scalar::F32(x), Scalar::F32(y)) => Scalar::F32(x + y),
        (Scalar::F64(x), Scalar::F64(y)) => Scalar::F64(x + y),
        (Scalar::C64(x), Scalar::C64(y)) => Scalar::C64(x + y),
        (Scalar::C128(x), Scalar::C128(y)) => Scalar::C128(x + y),
        _ => return Err(confusion()),
    })
}

fn add_data(a: &mut Data, b: &Data) -> Result<(), TrapKind> {
    fn go<T: Copy + core::ops::Add<Output = T>>(a: &mut [T], b: &[T]) {
        for (x, y) in a.iter_mut().zip(b) {
            *x = *x + *y;
        }
    }
    match (a, b) {
        (Data::F32(x), Data::F32(y)) => go(x, y),
        (Data::F64(x), Data::F64(y)) => go(x, y),
        (Data::C64(x), Data::C64(y)) => go(x, y),
        (Data::C128(x), Data::C128(y)) => go(x, y),
        _ => return Err(confusion()),
    }
    Ok(())
}

fn mismatch(a: &[usize], b: &[usize]) -> TrapKind {
    TrapKind::ShapeMismatch {
        op: String::from("accumulate"),
        a: a.to_vec(),
        b: b.to_vec(),
    }
}

fn confusion() -> TrapKind {
    TrapKind::TypeConfusion {
        op: String::from("accumulate"),
    }
}

pub(super) fn jvp(op: &TangentOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        TangentOp::ZerosLike => Ok(()),
        TangentOp::Accumulate => {
            // One symbolic zero is made a value: the sum's type may know more extents than the other operand's.
            let sum = cx.b.ty(cx.results[0]).clone();
            match (cx.tangents[0], cx.tangents[1]) {
                (Some(t), None) | (None, Some(t)) if *cx.b.ty(t) == sum => cx.add(0, t),
                _ => {
                    let (a, b) = (cx.tangent(0), cx.tangent(1));
                    let t = cx.b.inst1(TangentOp::Accumulate, &[a, b]);
                    cx.add(0, t);
                }
            }
            Ok(())
        }
        TangentOp::CustomLinear { .. } => Err(not_differentiable(
            &op.clone().into(),
            "a rule for reverse mode only; give the function a jvp rule",
        )),
    }
}

pub(super) fn transpose(op: &TangentOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    match op {
        TangentOp::ZerosLike => Ok(()),
        TangentOp::Accumulate => {
            if let Some(ct) = cx.ct(0) {
                for i in 0..2 {
                    if cx.is_linear(i) {
                        cx.add(i, ct);
                    }
                }
            }
            Ok(())
        }
        TangentOp::CustomLinear { .. } => Err(not_differentiable(
            &op.clone().into(),
            "a custom linear map is transposed as a call",
        )),
    }
}

pub(super) fn simplify(op: &TangentOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let result = cx.func.ty(*cx.data().results.first()?);
    match op {
        TangentOp::ZerosLike => result
            .is_static()
            .then(|| Simplified::Inst(ConstOp::Default(result.clone()).into(), Vec::new())),
        TangentOp::Accumulate => {
            if result.is_unit() {
                return Some(Simplified::Values(alloc::vec![cx.arg(0)]));
            }
            let (a, b) = (cx.arg(0), cx.arg(1));
            let keep =
                |v: Value| (cx.func.ty(v) == result).then(|| Simplified::Values(alloc::vec![v]));
            if is_zero(cx, b) {
                keep(a)
            } else if is_zero(cx, a) {
                keep(b)
            } else {
                None
            }
        }
        TangentOp::CustomLinear { .. } => None,
    }
}

/// Whether a tangent is a zero of the right extents.
fn is_zero(cx: &SimplifyCx<'_>, v: Value) -> bool {
    match cx.def(v).map(|d| &d.op) {
        Some(Op::Tangent(TangentOp::ZerosLike)) => true,
        Some(Op::Const(ConstOp::Default(t))) => t.is_static(),
        _ => match cx.constant(v) {
            Some(s) => s == Scalar::zero(s.dtype()),
            None => false,
        },
    }
}

/// How the tangent of a value held in a form is held.
pub(crate) fn tangent_form(form: &Form, ty: &Type) -> Form {
    match (form, ty) {
        (_, ty) if !ty.has_tangent() => Form::Same,
        (Form::Fields(fs), Type::Record(ts)) => Form::fields(
            fs.iter()
                .zip(ts.iter())
                .map(|(f, t)| tangent_form(f, t))
                .collect(),
        ),
        (form, _) => form.clone(),
    }
}

pub(super) fn forms(op: &TangentOp, args: &[Form], tys: &[Type], results: &[Type]) -> Vec<Form> {
    match op {
        TangentOp::ZerosLike => alloc::vec![tangent_form(&args[0], &tys[0])],
        TangentOp::Accumulate => alloc::vec![args[0].join(&args[1], &results[0])],
        TangentOp::CustomLinear { .. } => results.iter().map(Form::ragged).collect(),
    }
}

pub(super) fn batch(op: &TangentOp, cx: &mut BatchCx<'_>) -> Batched {
    let (value, form) = match op {
        TangentOp::ZerosLike => {
            let z = cx.b.inst1(TangentOp::ZerosLike, &[cx.args[0].value]);
            (z, tangent_form(&cx.args[0].form, &cx.tys[0]))
        }
        TangentOp::Accumulate => {
            let form = cx.args[0].form.join(&cx.args[1].form, &cx.results[0]);
            let args = [cx.held(0, &form), cx.held(1, &form)];
            (cx.b.inst1(TangentOp::Accumulate, &args), form)
        }
        TangentOp::CustomLinear { .. } => return None,
    };
    Some(alloc::vec![Held::new(value, form)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Builder, DType};
    use crate::ops::testing::run_typed;
    use alloc::vec;

    #[test]
    fn zeros_follow_the_structure() {
        let v = Val::record(vec![
            Val::from(3i64),
            Val::from(2.5f64),
            Val::Seq(Arc::new(vec![
                Val::vector(vec![1.0f32, 2.0]),
                Val::vector::<f32>(vec![]),
            ])),
            Val::record(vec![Val::from(true), Val::vector(vec![1u8])]),
        ]);
        let want = Val::record(vec![
            Val::Unit,
            Val::from(0.0f64),
            Val::Seq(Arc::new(vec![
                Val::vector(vec![0.0f32, 0.0]),
                Val::vector::<f32>(vec![]),
            ])),
            Val::Unit,
        ]);
        assert!(zeros_like(&v).unwrap().same_bits(&want));
        let ints = Val::Seq(Arc::new(vec![Val::from(1u8), Val::from(2u8)]));
        assert!(matches!(zeros_like(&ints).unwrap(), Val::Unit));
    }

    #[test]
    fn an_empty_array_of_integers_has_the_zero_of_its_type() {
        let ty = Type::record([
            DType::F64.into(),
            Type::seq(Type::record([DType::I64.into()])),
        ]);
        let v = Val::record(vec![Val::from(1.0), Val::Seq(Arc::new(vec![]))]);
        let zero = run_typed(&TangentOp::ZerosLike.into(), &[ty], &[v]).unwrap();
        assert!(zero[0].same_bits(&Val::record(vec![Val::from(0.0), Val::Unit])));
    }

    #[test]
    fn sums_are_structural_and_in_place() {
        let a = Val::record(vec![
            Val::vector(vec![1.0, 2.0]),
            Val::from(1.0f64),
            Val::Unit,
        ]);
        let b = Val::record(vec![
            Val::vector(vec![10.0, 20.0]),
            Val::from(0.5f64),
            Val::Unit,
        ]);
        let place = |v: &Val| match v {
            Val::Record(fs) => match &fs[0] {
                Val::Tensor(t) => Arc::as_ptr(t),
                _ => panic!(),
            },
            _ => panic!(),
        };
        let at = place(&a);
        let s = accumulate(a, &b).unwrap();
        assert_eq!(place(&s), at);
        let want = Val::record(vec![
            Val::vector(vec![11.0, 22.0]),
            Val::from(1.5f64),
            Val::Unit,
        ]);
        assert!(s.same_bits(&want));
        let kept = s.clone();
        let t = accumulate(s, &b).unwrap();
        assert!(kept.same_bits(&want), "a shared operand must not change");
        assert!(!t.same_bits(&want));
    }

    #[test]
    fn an_empty_array_is_no_zero() {
        let full = Val::vector(vec![1.0f64]);
        let empty = Val::vector::<f64>(vec![]);
        for (a, b) in [(&full, &empty), (&empty, &full)] {
            assert!(matches!(
                accumulate(a.clone(), b),
                Err(TrapKind::ShapeMismatch { .. })
            ));
        }
        let seq = |n: usize| Val::Seq(Arc::new(vec![full.clone(); n]));
        for (a, b) in [(0, 2), (2, 0), (1, 2)] {
            assert!(matches!(
                accumulate(seq(a), &seq(b)),
                Err(TrapKind::ShapeMismatch { .. })
            ));
        }
        assert!(matches!(
            accumulate(Val::from(1.0), &Val::from(1.0f32)),
            Err(TrapKind::TypeConfusion { .. })
        ));
        assert!(accumulate(Val::Unit, &seq(0)).is_ok());
        assert!(accumulate(seq(1), &Val::Unit).is_err());
    }

    #[test]
    fn types() {
        let dynamic = Type::tensor(DType::F64, [Dim::Dynamic]);
        let three = Type::known(DType::F64, &[3]);
        assert_eq!(
            infer(&TangentOp::Accumulate, &[dynamic.clone(), three.clone()]),
            Ok(vec![three.clone()])
        );
        let four = Type::known(DType::F64, &[4]);
        assert!(infer(&TangentOp::Accumulate, &[four, three]).is_err());
        let int: Type = DType::I64.into();
        assert!(infer(&TangentOp::Accumulate, &[int.clone(), int.clone()]).is_err());
        assert_eq!(infer(&TangentOp::ZerosLike, &[int]), Ok(vec![Type::unit()]));
    }

    #[test]
    fn adding_zero_is_removed_unless_it_checks_extents() {
        let dynamic = Type::tensor(DType::F64, [Dim::Dynamic]);
        let check = |make: &dyn Fn(&mut Builder, Value) -> Value, want: bool| {
            let mut b = Builder::new("f", core::slice::from_ref(&dynamic));
            let x = b.params()[0];
            let z = make(&mut b, x);
            let y = b.inst1(TangentOp::Accumulate, &[x, z]);
            let inst = match b.func.values[y].def {
                crate::ir::ValueDef::Result(i, _) => i,
                crate::ir::ValueDef::Param(..) => panic!(),
            };
            let cx = SimplifyCx {
                func: &b.func,
                inst,
            };
            let got = simplify(&TangentOp::Accumulate, &cx);
            assert_eq!(got, want.then(|| Simplified::Values(vec![x])));
        };
        check(&|b, x| b.inst1(TangentOp::ZerosLike, &[x]), true);
        check(
            &|b, _| {
                b.inst1(
                    ConstOp::Default(Type::tensor(DType::F64, [Dim::Dynamic])),
                    &[],
                )
            },
            false,
        );
    }
}
