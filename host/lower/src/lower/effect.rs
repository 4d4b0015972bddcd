//! Traps of the program: `assert!` and `panic!`.

use super::Unsupported;
use super::control::not;
use super::cx::Cx;
use crate::lir::{Opnd, TrapAt};
use cotangent_core::entity::Inst;
use cotangent_core::ir::EffectOp;

/// Lowers a trap.
pub(super) fn lower(op: &EffectOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let (bad, message) = match op {
        EffectOp::Assert(message) => {
            let holds = cx.arg(cx.inst(i), 0)[0];
            (not(cx, holds), message)
        }
        EffectOp::Panic(message) => (Opnd::bool(true), message),
    };
    cx.check(bad, TrapAt::Panic(message.clone()), Vec::new());
    Ok(())
}
