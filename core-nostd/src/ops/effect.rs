//! Traps: `assert!` and `panic!` of the program.

use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{ConstOp, DType, EffectOp, Op, Type};
use crate::value::{Scalar, Val};
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn mnemonic(op: &EffectOp) -> &'static str {
    match op {
        EffectOp::Assert(_) => "assert",
        EffectOp::Panic(_) => "panic",
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
    }
}

pub(super) fn effects(op: &EffectOp, _: &[Type]) -> Effects {
    match op {
        EffectOp::Assert(_) | EffectOp::Panic(_) => Effects::Effect,
    }
}

pub(super) fn eval(
    op: &EffectOp,
    args: &mut Args<'_>,
    _: &mut Vec<Val>,
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
    }
}

pub(super) fn jvp(_: &EffectOp, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    // No result, so no tangent.
    Ok(())
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
        EffectOp::Panic(_) => None,
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
    fn types() {
        let assert = EffectOp::Assert(String::new());
        assert!(infer(&assert, &[DType::Bool.into()]).is_ok());
        assert!(infer(&assert, &[DType::I32.into()]).is_err());
        assert!(infer(&assert, &[Type::known(DType::Bool, &[2])]).is_err());
        assert!(infer(&EffectOp::Panic(String::new()), &[DType::Bool.into()]).is_err());
    }
}
