//! Traps: `assert!` and `panic!` of the program, and the checks that passes take out of accesses; calls of functions of the host.

use super::batch::{BatchCx, Batched, Form};
use super::extent::{arity, bounds, int_scalars, length, within};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{Budget, ConstOp, DType, EffectOp, HostCall, Op, ReduceOp, Reduction, Type};
use crate::value::{Scalar, Val};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &EffectOp) -> &'static str {
    match op {
        EffectOp::Assert(_) => "assert",
        EffectOp::Panic(_) => "panic",
        EffectOp::CheckIndex => "check_index",
        EffectOp::CheckRange => "check_range",
        EffectOp::Checkpoint(Budget::Slots) => "checkpoint_slots",
        EffectOp::Checkpoint(Budget::Bytes) => "checkpoint_bytes",
        EffectOp::Host(_) => "host",
    }
}

pub(super) fn infer(op: &EffectOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    match op {
        EffectOp::Assert(_) => match tys {
            [t] if *t == DType::Bool.into() => Ok(Vec::new()),
            [_] => Err(Why::Kind {
                operand: 0,
                want: "a bool scalar",
            }),
            _ => Err(Why::Arity { want: "1" }),
        },
        EffectOp::Panic(_) if tys.is_empty() => Ok(Vec::new()),
        EffectOp::Panic(_) => Err(Why::Arity { want: "0" }),
        EffectOp::CheckIndex => checked(tys, 2, "2"),
        EffectOp::CheckRange => checked(tys, 3, "3"),
        EffectOp::Checkpoint(_) => checked(tys, 1, "1"),
        EffectOp::Host(h) => Ok(h.results.clone()),
    }
}

/// Integer scalars, the last of them a length.
fn checked(tys: &[Type], n: usize, want: &'static str) -> Result<Vec<Type>, Why> {
    arity(tys, n, want)?;
    int_scalars(tys, 0)?;
    if tys[n - 1] != DType::U64.into() {
        return Err(Why::Kind {
            operand: n - 1,
            want: "a length, of type u64",
        });
    }
    Ok(Vec::new())
}

pub(super) fn effects(op: &EffectOp, _: &[&Type]) -> Effects {
    match op {
        // A mark stays where it is.
        EffectOp::Assert(_) | EffectOp::Panic(_) | EffectOp::Checkpoint(_) | EffectOp::Host(_) => {
            Effects::Effect
        }
        EffectOp::CheckIndex | EffectOp::CheckRange => Effects::MayTrap,
    }
}

pub(super) fn eval(
    op: &EffectOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    _: &EvalCx,
) -> Result<(), TrapKind> {
    match op {
        EffectOp::Assert(message) => match args.get(0) {
            Val::Scalar(Scalar::Bool(true)) => Ok(()),
            Val::Scalar(Scalar::Bool(false)) => Err(TrapKind::Panic(message.clone())),
            _ => Err(TrapKind::TypeConfusion {
                op: String::from(mnemonic(op)),
            }),
        },
        EffectOp::Panic(message) => Err(TrapKind::Panic(message.clone())),
        EffectOp::CheckIndex => within(args.int(0)?, length(args, 1)?).map(|_| ()),
        EffectOp::CheckRange => bounds(args.int(0)?, args.int(1)?, length(args, 2)?).map(|_| ()),
        EffectOp::Checkpoint(_) => Ok(()),
        EffectOp::Host(h) => host(h, args, out),
    }
}

/// Calls a function of the host and checks what it gives: nothing after may meet a value of another type.
fn host(h: &HostCall, args: &mut Args<'_>, out: &mut Vec<Val>) -> Result<(), TrapKind> {
    let failed = |message: String| TrapKind::Host {
        name: h.name.clone(),
        message,
    };
    let Some(f) = h.func.get() else {
        return Err(failed(String::from("no function of that name is bound")));
    };
    let operands: Vec<Val> = (0..args.len()).map(|i| args.take(i)).collect();
    let given = f(&operands).map_err(failed)?;
    if given.len() != h.results.len() {
        let (n, want) = (given.len(), h.results.len());
        return Err(failed(format!("it returned {n} value(s), not {want}")));
    }
    if let Some((i, ty)) = (0..).zip(&h.results).find(|&(i, t)| !given[i].is_of(t)) {
        return Err(failed(format!("its result {i} is not a {ty}")));
    }
    out.extend(given);
    Ok(())
}

pub(super) fn jvp(op: &EffectOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        // No result, so no tangent.
        EffectOp::Assert(_)
        | EffectOp::Panic(_)
        | EffectOp::CheckIndex
        | EffectOp::CheckRange
        | EffectOp::Checkpoint(_) => Ok(()),
        EffectOp::Host(_) => Err(not_differentiable(
            &op.clone().into(),
            "what the host computes has no derivative by itself; give the function that calls it a rule, or ignore its derivative",
        )),
    }
}

pub(super) fn transpose(op: &EffectOp, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(
        &op.clone().into(),
        "a trap is not linear",
    ))
}

pub(super) fn simplify(op: &EffectOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    match op {
        // An assertion that holds does nothing.
        EffectOp::Assert(_) => match cx.def(cx.arg(0)).map(|d| &d.op) {
            Some(Op::Const(ConstOp::Scalar(Scalar::Bool(true)))) => {
                Some(Simplified::Values(Vec::new()))
            }
            _ => None,
        },
        EffectOp::Panic(_) | EffectOp::Checkpoint(_) | EffectOp::Host(_) => None,
        EffectOp::CheckIndex => {
            let (i, n) = (int(cx, 0)?, int(cx, 1)?);
            (0 <= i && i < n).then(|| Simplified::Values(Vec::new()))
        }
        EffectOp::CheckRange => {
            let (lo, hi, n) = (int(cx, 0)?, int(cx, 1)?, int(cx, 2)?);
            (0 <= lo && lo <= hi && hi <= n).then(|| Simplified::Values(Vec::new()))
        }
    }
}

/// The integer constant that operand `i` is.
fn int(cx: &SimplifyCx<'_>, i: usize) -> Option<i128> {
    cx.constant(cx.arg(i))?.as_int()
}

/// Calls of the host are made lane by lane.
pub(super) fn forms(results: &[Type]) -> Vec<Form> {
    results.iter().map(Form::ragged).collect()
}

pub(super) fn batch(op: &EffectOp, cx: &mut BatchCx<'_>) -> Batched {
    match op {
        EffectOp::Assert(_) => {
            let holds = Reduction::Axes(ReduceOp::All, alloc::vec![0]);
            let all = cx.b.inst1(holds, &[cx.args[0].value]);
            cx.b.inst(op.clone(), &[all]);
            Some(Vec::new())
        }
        // A budget that differs between the lanes bounds nothing that they share: the mark is dropped.
        EffectOp::Checkpoint(_) => Some(Vec::new()),
        EffectOp::Panic(_) | EffectOp::CheckIndex | EffectOp::CheckRange | EffectOp::Host(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_trap_with_their_message() {
        let run = |op: &EffectOp, v: Val| {
            eval(
                op,
                &mut Args::new(&mut [v], &[(0, true)]),
                &mut Vec::new(),
                &EvalCx {
                    max_bytes: 1,
                    results: &[],
                },
            )
        };
        let assert = EffectOp::Assert("x > 0".into());
        assert_eq!(run(&assert, Val::from(true)), Ok(()));
        assert_eq!(
            run(&assert, Val::from(false)),
            Err(TrapKind::Panic("x > 0".into()))
        );
        assert!(matches!(
            run(&assert, Val::from(1.0)),
            Err(TrapKind::TypeConfusion { .. })
        ));
        assert_eq!(
            run(&EffectOp::Panic("no".into()), Val::Unit),
            Err(TrapKind::Panic("no".into()))
        );
    }

    #[test]
    fn checks_trap_as_accesses_do() {
        let run = |op: EffectOp, args: &[i64]| {
            let mut vals: Vec<Val> = args.iter().map(|&v| Val::from(v)).collect();
            let uses: Vec<(u32, bool)> = (0..args.len() as u32).map(|k| (k, false)).collect();
            let cx = EvalCx {
                max_bytes: 1,
                results: &[],
            };
            eval(&op, &mut Args::new(&mut vals, &uses), &mut Vec::new(), &cx)
        };
        assert_eq!(run(EffectOp::CheckIndex, &[2, 3]), Ok(()));
        for index in [-1, 3] {
            assert_eq!(
                run(EffectOp::CheckIndex, &[index, 3]),
                Err(TrapKind::IndexOutOfRange {
                    index: index.into(),
                    len: 3
                })
            );
        }
        assert_eq!(run(EffectOp::CheckRange, &[3, 3, 3]), Ok(()));
        for (lo, hi) in [(-1, 2), (2, 1), (2, 4)] {
            assert_eq!(
                run(EffectOp::CheckRange, &[lo, hi, 3]),
                Err(TrapKind::RangeOutOfRange {
                    lo: lo.into(),
                    hi: hi.into(),
                    len: 3
                })
            );
        }
    }

    #[test]
    fn types() {
        let (i, n): (Type, Type) = (DType::I32.into(), DType::U64.into());
        assert!(infer(&EffectOp::CheckIndex, &[i.clone(), n.clone()]).is_ok());
        assert!(infer(&EffectOp::CheckIndex, &[n.clone(), i.clone()]).is_err());
        assert!(infer(&EffectOp::CheckRange, &[i.clone(), i, n.clone()]).is_ok());
        assert!(infer(&EffectOp::CheckRange, &[n.clone(), n]).is_err());
        let assert = EffectOp::Assert(String::new());
        assert!(infer(&assert, &[DType::Bool.into()]).is_ok());
        assert!(infer(&assert, &[DType::I32.into()]).is_err());
        assert!(infer(&assert, &[Type::known(DType::Bool, &[2])]).is_err());
        assert!(infer(&EffectOp::Panic(String::new()), &[DType::Bool.into()]).is_err());
    }
}
