//! Reads and sums by tensors of indices, each the transpose of the other.

use super::batch::{BatchCx, Batched, Form, Held, plain};
use super::extent::{arity, around, axis, confusion, mismatch, no_memory, room, tensor, within};
use super::number::{add_one, add_part};
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{DType, IndexOp, Type};
use crate::value::{Data, Tensor, Val};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &IndexOp) -> &'static str {
    match op {
        IndexOp::Gather(_) => "gather",
        IndexOp::ScatterAdd(_) => "scatter_add",
    }
}

fn gathered(k: u32, tys: &[Type]) -> Result<Type, Why> {
    let (a, i) = (tensor(tys, 0)?, tensor(tys, 1)?);
    if !i.dtype.is_int() {
        return Err(Why::Kind {
            operand: 1,
            want: "an integer tensor",
        });
    }
    let k = axis(k, a.shape.len())?;
    let shape = a.shape[..k].iter().chain(&i.shape).chain(&a.shape[k + 1..]);
    Ok(Type::tensor(a.dtype, shape.copied()))
}

pub(super) fn infer(op: &IndexOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    match op {
        IndexOp::Gather(k) => {
            arity(tys, 2, "2")?;
            Ok(vec![gathered(*k, tys)?])
        }
        IndexOp::ScatterAdd(k) => {
            arity(tys, 3, "3")?;
            let want = gathered(*k, tys)?;
            if !super::extent::compatible(&want, &tys[2]) {
                return Err(Why::Kind {
                    operand: 2,
                    want: "shaped as a gather by these indices",
                });
            }
            if want.dtype() == Some(DType::Bool) {
                return Err(Why::Kind {
                    operand: 0,
                    want: "a tensor of numbers",
                });
            }
            Ok(vec![tys[0].clone()])
        }
    }
}

pub(super) fn effects(_: &IndexOp, _: &[&Type]) -> Effects {
    Effects::MayTrap
}

/// The indices in range of `len`, and their shape.
fn positions(v: &Val, len: usize, op: &'static str) -> Result<(Vec<usize>, Vec<usize>), TrapKind> {
    match v {
        Val::Scalar(s) => {
            let i = s.as_int().ok_or_else(|| confusion(op))?;
            Ok((vec![within(i, len)?], vec![]))
        }
        Val::Tensor(t) => {
            let at = (0..t.data.len())
                .map(|i| within(t.data.get(i).as_int().ok_or_else(|| confusion(op))?, len))
                .collect::<Result<_, _>>()?;
            Ok((at, t.shape.clone()))
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => Err(confusion(op)),
    }
}

pub(super) fn eval(
    op: &IndexOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let name = mnemonic(op);
    let (IndexOp::Gather(k) | IndexOp::ScatterAdd(k)) = op;
    let k = *k as usize;
    let Val::Tensor(a) = args.get(0) else {
        return Err(confusion(name));
    };
    if k >= a.shape.len() {
        return Err(confusion(name));
    }
    let (outer, len, inner) = around(&a.shape, k);
    let (at, index_shape) = positions(args.get(1), len, name)?;
    let mut shape = a.shape[..k].to_vec();
    shape.extend(index_shape);
    shape.extend_from_slice(&a.shape[k + 1..]);
    match op {
        IndexOp::Gather(_) => {
            let n = room(&shape, a.dtype(), cx)?;
            let mut data =
                Data::with_capacity(a.dtype(), n).ok_or_else(|| no_memory(n, a.dtype()))?;
            for o in 0..outer {
                for i in &at {
                    let from = (o * len + i) * inner;
                    data.extend_from(&a.data, from..from + inner);
                }
            }
            out.push(Val::tensor(Tensor { shape, data }));
        }
        IndexOp::ScatterAdd(_) => {
            let mut sum = args.take(0);
            let Val::Tensor(a) = &mut sum else {
                return Err(confusion(name));
            };
            match args.get(2) {
                Val::Scalar(s) if shape.is_empty() => {
                    let a = Tensor::unique(a)?;
                    add_one(&mut a.data, at[0], *s, name)?;
                }
                Val::Tensor(x) => {
                    if x.shape != shape {
                        return Err(mismatch(name, &x.shape, &shape));
                    }
                    let a = Tensor::unique(a)?;
                    for o in 0..outer {
                        for (j, i) in at.iter().enumerate() {
                            let from = (o * at.len() + j) * inner;
                            let to = (o * len + i) * inner;
                            add_part(&mut a.data, to, &x.data, from..from + inner, name)?;
                        }
                    }
                }
                _ => return Err(confusion(name)),
            }
            out.push(sum);
        }
    }
    Ok(())
}

pub(super) fn jvp(op: &IndexOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        IndexOp::Gather(_) => {
            if let Some(da) = cx.tangents[0] {
                let t = cx.b.inst1(op.clone(), &[da, cx.args[1]]);
                cx.add(0, t);
            }
        }
        IndexOp::ScatterAdd(_) => {
            if cx.tangents[2].is_none() {
                cx.out[0] = cx.tangents[0];
                return Ok(());
            }
            let (da, dx) = (cx.tangent(0), cx.tangent(2));
            let t = cx.b.inst1(op.clone(), &[da, cx.args[1], dx]);
            cx.add(0, t);
        }
    }
    Ok(())
}

pub(super) fn transpose(op: &IndexOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    let at = cx.known(1);
    match op {
        IndexOp::Gather(k) => {
            cx.accumulate(0, &mut |b, acc| {
                b.inst1(IndexOp::ScatterAdd(*k), &[acc, at, ct])
            });
        }
        IndexOp::ScatterAdd(k) => {
            if cx.is_linear(2) {
                let c = cx.b().inst1(IndexOp::Gather(*k), &[ct, at]);
                super::extent::give(cx, 2, c);
            }
            if cx.is_linear(0) {
                super::extent::give(cx, 0, ct);
            }
        }
    }
    Ok(())
}

pub(super) fn simplify(_: &IndexOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn forms(args: &[Form], results: &[Type]) -> Vec<Form> {
    // Tables and indices that both differ are read lane by lane.
    if args[1].is_same() || args[0].is_same() && args.len() == 2 {
        plain(args, results)
    } else {
        results.iter().map(Form::ragged).collect()
    }
}

pub(super) fn batch(op: &IndexOp, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    match op {
        IndexOp::Gather(k) if cx.is_same(1) => {
            let args = [cx.args[0].value, cx.args[1].value];
            cx.one(IndexOp::Gather(k + 1), &args)
        }
        IndexOp::Gather(k) if cx.is_same(0) => {
            let args = [cx.args[0].value, cx.args[1].value];
            let y = cx.b.inst1(op.clone(), &args);
            let y = cx.move_axis(y, *k, 0);
            Some(vec![Held::stacked(y)])
        }
        IndexOp::ScatterAdd(k) if cx.is_same(1) => {
            let args = [cx.stacked(0), cx.args[1].value, cx.stacked(2)];
            cx.one(IndexOp::ScatterAdd(k + 1), &args)
        }
        IndexOp::Gather(_) | IndexOp::ScatterAdd(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;
    use crate::value::Element;

    fn matrix(v: Vec<f64>) -> Val {
        Val::tensor(Tensor::new(vec![2, 3], f64::data(v)).unwrap())
    }

    #[test]
    fn gathers_rows_and_columns() {
        let m = matrix(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let i = Val::vector(vec![2i32, 0, 2]);
        let r = run(IndexOp::Gather(1), &[m.clone(), i.clone()]).unwrap();
        assert!(r.same_bits(&matrix(vec![2.0, 0.0, 2.0, 5.0, 3.0, 5.0])));
        let r = run(IndexOp::Gather(0), &[m.clone(), 1u64.into()]).unwrap();
        assert!(r.same_bits(&Val::vector(vec![3.0, 4.0, 5.0])));
        let r = run(
            IndexOp::Gather(0),
            &[Val::vector(vec![7.0, 8.0]), 1u8.into()],
        )
        .unwrap();
        assert!(r.same_bits(&8.0.into()));
        assert_eq!(
            run(IndexOp::Gather(0), &[m, i]).unwrap_err(),
            TrapKind::IndexOutOfRange { index: 2, len: 2 }
        );
    }

    #[test]
    fn scatter_sums_duplicates() {
        let z = matrix(vec![0.5; 6]);
        let i = Val::vector(vec![2u64, 0, 2]);
        let x = matrix(vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0]);
        let r = run(IndexOp::ScatterAdd(1), &[z.clone(), i.clone(), x]).unwrap();
        assert!(r.same_bits(&matrix(vec![2.5, 0.5, 5.5, 16.5, 0.5, 40.5])));
        let r = run(IndexOp::ScatterAdd(1), &[z, i, matrix(vec![0.0; 6])]).unwrap();
        assert!(r.same_bits(&matrix(vec![0.5; 6])));
        let counts = Val::vector(vec![0u8, 255]);
        let one = |i: Vec<u8>| {
            let ones = Val::vector(vec![1u8; i.len()]);
            run(
                IndexOp::ScatterAdd(0),
                &[counts.clone(), Val::vector(i), ones],
            )
        };
        assert!(
            one(vec![0, 0])
                .unwrap()
                .same_bits(&Val::vector(vec![2u8, 255]))
        );
        assert!(matches!(
            one(vec![1]),
            Err(TrapKind::IntegerOverflow { .. })
        ));
    }

    #[test]
    fn wrong_operands_are_type_errors() {
        let f = Type::known(DType::F64, &[2]);
        assert!(infer(&IndexOp::Gather(0), &[f.clone(), f.clone()]).is_err());
        assert!(infer(&IndexOp::Gather(1), &[f.clone(), DType::U64.into()]).is_err());
        let long = Type::known(DType::F64, &[3]);
        let i = Type::known(DType::U64, &[2]);
        assert!(infer(&IndexOp::ScatterAdd(0), &[f, i, long]).is_err());
    }
}
