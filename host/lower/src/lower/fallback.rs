//! Operations left to the interpreter's evaluation: operands and results pass through memory, flattened.
//!
//! Right for everything, and no slower than the interpreter; families take over what is worth machine code.

use super::Unsupported;
use super::cx::{Cx, Flat};
use crate::layout::leaves;
use crate::lir::{EvalData, Opnd, Reg, Stmt, TrapAt};
use cotangent_core::entity::Inst;

/// Lowers any operation that is not control flow.
pub(super) fn lower(cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let mut args = Flat::new();
    for k in 0..d.args.len() {
        args.extend(cx.arg(d, k));
    }
    let results: Vec<_> = d.results.iter().map(|&v| cx.func.ty(v).clone()).collect();
    let site = cx.site(TrapAt::Confusion(cotangent_core::ops::name(&d.op)));
    let eval = cx.shared.program.evals.push(EvalData {
        op: d.op.clone(),
        args: d.args.iter().map(|&v| cx.func.ty(v).clone()).collect(),
        results: results.clone(),
        site,
    });
    let mut all: Vec<Reg> = Vec::new();
    for (k, ty) in results.iter().enumerate() {
        let regs: Vec<Reg> = leaves(ty).iter().map(|l| cx.reg(l.ty())).collect();
        all.extend(&regs);
        cx.result(d, k, regs.into_iter().map(Opnd::Reg).collect());
    }
    cx.emit(Stmt::Eval(eval, args, all));
    Ok(())
}
