//! Traps of the program: `assert!` and `panic!`, and checks taken out of accesses.

use super::Unsupported;
use super::control::not;
use super::cx::Cx;
use super::fallback;
use crate::lir::{Opnd, TrapAt};
use cotangent_core::entity::Inst;
use cotangent_core::ir::EffectOp;

/// Lowers a trap.
pub(super) fn lower(op: &EffectOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let (bad, message) = match op {
        EffectOp::Checkpoint(_) => return Ok(()),
        EffectOp::Host(_) => return fallback::lower(cx, i),
        EffectOp::Assert(message) => {
            let holds = cx.arg(cx.inst(i), 0)[0];
            (not(cx, holds), message)
        }
        EffectOp::Panic(message) => (Opnd::bool(true), message),
        EffectOp::CheckIndex => {
            let args = cx.inst(i).args.clone();
            let (index, signed) = cx.widen(args[0]);
            let (n, _) = cx.widen(args[1]);
            cx.check_index(index, signed, n);
            return Ok(());
        }
        EffectOp::CheckRange => {
            let args = cx.inst(i).args.clone();
            let (lo, lo_signed) = cx.widen(args[0]);
            let (hi, hi_signed) = cx.widen(args[1]);
            let (n, _) = cx.widen(args[2]);
            cx.check_range((lo, lo_signed), (hi, hi_signed), n);
            return Ok(());
        }
    };
    cx.check(bad, TrapAt::Panic(message.clone()), Vec::new());
    Ok(())
}
