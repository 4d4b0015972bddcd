//! Control flow. Types come from regions ([`infer_regions`]); evaluation is the interpreter's, derivatives are
//! `ad`'s: both need more than one instruction.

use super::batch::{BatchCx, Batched};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
    type_error,
};
use crate::entity::{Region, Value};
use crate::error::{AdError, TrapKind, TypeError, Why};
use crate::ir::{ControlOp, DType, Dim, Func, Type};
use crate::value::Val;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &ControlOp) -> &'static str {
    match op {
        ControlOp::If => "if",
        ControlOp::Switch => "switch",
        ControlOp::While => "while",
        ControlOp::For => "for",
        ControlOp::Map => "map",
        ControlOp::Call(_) => "call",
        ControlOp::Derive { .. } => "derive",
    }
}

/// The result types of a control op other than calls, or what is wrong with its operands or regions.
pub fn infer_regions(
    f: &Func,
    op: &ControlOp,
    args: &[Value],
    regions: &[Region],
) -> Result<Vec<Type>, TypeError> {
    let tys: Vec<Type> = args.iter().map(|&v| f.ty(v).clone()).collect();
    let params = |r: Region| -> Vec<Type> {
        f.regions[r]
            .params
            .iter()
            .map(|&v| f.ty(v).clone())
            .collect()
    };
    let yields = |r: Region| -> Vec<Type> {
        f.regions[r]
            .yields
            .iter()
            .map(|&v| f.ty(v).clone())
            .collect()
    };
    let fits =
        |a: &[Type], b: &[Type]| a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.fits(y));
    let check = |ok: bool, why: Why| if ok { Ok(()) } else { Err(why) };
    let go = || -> Result<Vec<Type>, Why> {
        match op {
            ControlOp::If | ControlOp::Switch => {
                check(tys.len() == 1, Why::Arity { want: "1" })?;
                if matches!(op, ControlOp::If) {
                    check(
                        tys[0] == DType::Bool.into(),
                        Why::Kind {
                            operand: 0,
                            want: "a bool scalar",
                        },
                    )?;
                    check(regions.len() == 2, Why::Region("takes two regions"))?;
                } else {
                    let int = tys[0].is_scalar() && tys[0].dtype().is_some_and(DType::is_int);
                    check(
                        int,
                        Why::Kind {
                            operand: 0,
                            want: "an integer scalar",
                        },
                    )?;
                    check(
                        !regions.is_empty(),
                        Why::Region("takes at least one region"),
                    )?;
                }
                let mut join: Option<Vec<Type>> = None;
                for &r in regions {
                    check(
                        f.regions[r].params.is_empty(),
                        Why::Region("an arm takes no parameters"),
                    )?;
                    let ys = yields(r);
                    join = Some(match join {
                        None => ys,
                        Some(js) => {
                            check(
                                js.len() == ys.len(),
                                Why::Region("the arms yield different numbers of values"),
                            )?;
                            js.iter()
                                .zip(&ys)
                                .map(|(a, b)| a.join(b))
                                .collect::<Option<Vec<_>>>()
                                .ok_or(Why::Region("the arms yield values of different types"))?
                        }
                    });
                }
                Ok(join.unwrap_or_default())
            }
            ControlOp::While => {
                check(
                    regions.len() == 2,
                    Why::Region("takes a condition and a body"),
                )?;
                let ps = params(regions[1]);
                check(
                    params(regions[0]) == ps,
                    Why::Region("condition and body take different parameters"),
                )?;
                check(
                    fits(&tys, &ps),
                    Why::Region("the initial values do not fit the body's parameters"),
                )?;
                check(
                    yields(regions[0]) == [DType::Bool.into()],
                    Why::Region("the condition must yield one bool scalar"),
                )?;
                check(
                    fits(&yields(regions[1]), &ps),
                    Why::Region("the body's yields do not fit its parameters"),
                )?;
                Ok(ps)
            }
            ControlOp::For => {
                check(tys.len() >= 2, Why::Arity { want: "at least 2" })?;
                let int = tys[0].is_scalar() && tys[0].dtype().is_some_and(DType::is_int);
                check(
                    int,
                    Why::Kind {
                        operand: 0,
                        want: "an integer scalar",
                    },
                )?;
                check(
                    tys[0] == tys[1],
                    Why::Mismatch {
                        a: 0,
                        b: 1,
                        what: "type",
                    },
                )?;
                check(regions.len() == 1, Why::Region("takes one region"))?;
                let ps = params(regions[0]);
                check(
                    ps.first() == Some(&tys[0]),
                    Why::Region("the first parameter is the index, of the bounds' type"),
                )?;
                check(
                    fits(&tys[2..], &ps[1..]),
                    Why::Region("the initial values do not fit the body's parameters"),
                )?;
                check(
                    fits(&yields(regions[0]), &ps[1..]),
                    Why::Region("the body's yields do not fit its parameters"),
                )?;
                Ok(ps[1..].to_vec())
            }
            ControlOp::Map => {
                check(!tys.is_empty(), Why::Arity { want: "at least 1" })?;
                check(regions.len() == 1, Why::Region("takes one region"))?;
                let mut shape: Option<Vec<Dim>> = None;
                let mut want = Vec::new();
                for (i, t) in tys.iter().enumerate() {
                    let t = t.as_tensor().ok_or(Why::Kind {
                        operand: i,
                        want: "a tensor",
                    })?;
                    want.push(Type::scalar(t.dtype));
                    shape = Some(match shape {
                        None => t.shape.clone(),
                        Some(s) => {
                            let bad = Why::Mismatch {
                                a: 0,
                                b: i,
                                what: "shape",
                            };
                            check(s.len() == t.shape.len(), bad.clone())?;
                            s.iter()
                                .zip(&t.shape)
                                .map(|(a, b)| a.meet(*b))
                                .collect::<Option<Vec<_>>>()
                                .ok_or(bad)?
                        }
                    });
                }
                check(
                    params(regions[0]) == want,
                    Why::Region("takes one scalar for each operand"),
                )?;
                let shape = shape.unwrap_or_default();
                yields(regions[0])
                    .iter()
                    .map(|t| match t.dtype() {
                        Some(d) if t.is_scalar() => Ok(Type::tensor(d, shape.iter().copied())),
                        _ => Err(Why::Region("the body of a map must yield scalars")),
                    })
                    .collect()
            }
            ControlOp::Call(_) | ControlOp::Derive { .. } => {
                Err(Why::Attribute("the callee decides the results"))
            }
        }
    };
    go().map_err(|why| type_error(&op.clone().into(), &tys, why))
}

pub(super) fn infer(_: &ControlOp, _: &[Type]) -> Result<Vec<Type>, Why> {
    Err(Why::Region("a control op's types come from its regions"))
}

pub(super) fn effects(_: &ControlOp, _: &[&Type]) -> Effects {
    Effects::Effect
}

pub(super) fn eval(
    op: &ControlOp,
    _: &mut Args<'_>,
    _: &mut Vec<Val>,
    _: &EvalCx,
) -> Result<(), TrapKind> {
    Err(TrapKind::TypeConfusion {
        op: String::from(mnemonic(op)),
    })
}

pub(super) fn jvp(op: &ControlOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    Err(not_differentiable(
        &op.clone().into(),
        "control flow is differentiated as a whole",
    ))
}

pub(super) fn transpose(op: &ControlOp, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(
        &op.clone().into(),
        "control flow is transposed as a whole",
    ))
}

pub(super) fn simplify(_: &ControlOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(_: &ControlOp, _: &mut BatchCx<'_>) -> Batched {
    // Control flow is batched as a whole, by `transform`.
    None
}
