//! Moves the condition of a `while` into its body, where it may write slots and leave blocks.
//!
//! `while { C; yield c } { B }` becomes, with a fresh slot `go` set before the loop,
//! `while { get go } { C; go = c; if c { B } }`. Nothing is duplicated, so nested loops in conditions stay linear.

use crate::entity::{Inst, Region};
use crate::ir::{ConstOp, ControlOp, DType, Func, Op, SlotData, SlotOp};
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Rewrites the `while` instruction `i` in place and returns the instructions to put before it. The body's parameters are
/// replaced by those of the former condition; the caller applies `subst`.
pub(super) fn rotate(f: &mut Func, i: Inst, subst: &mut Subst) -> Vec<Inst> {
    let span = f.insts[i].span;
    let (cond, body) = (f.insts[i].regions[0], f.insts[i].regions[1]);
    let bool_ty = DType::Bool.into();
    let go = f.slots.push(SlotData {
        ty: DType::Bool.into(),
        name: String::from("go"),
    });
    let one =
        |f: &mut Func, op: Op, args, results: &[_]| f.make_inst(op, args, vec![], results, span);

    let yes = one(
        f,
        ConstOp::Scalar(Scalar::Bool(true)).into(),
        vec![],
        core::slice::from_ref(&bool_ty),
    );
    let set = one(
        f,
        SlotOp::Set(go, vec![]).into(),
        vec![f.insts[yes].results[0]],
        &[],
    );

    let params = f.regions[cond].params.clone();
    let tys: Vec<_> = params.iter().map(|&v| f.ty(v).clone()).collect();
    let test = f.make_region(&tys);
    let get = one(
        f,
        SlotOp::Get(go, vec![]).into(),
        vec![],
        core::slice::from_ref(&bool_ty),
    );
    f.regions[test].insts.push(get);
    f.regions[test].yields = vec![f.insts[get].results[0]];

    // The former condition is the new body: it ends in `go = c; if c { former body } else { parameters }`.
    let old = core::mem::take(&mut f.regions[body].params);
    for (&from, &to) in old.iter().zip(&params) {
        subst.set(from, to);
    }
    let c = f.regions[cond].yields.clone();
    let keep = one(f, SlotOp::Set(go, vec![]).into(), c.clone(), &[]);
    let otherwise: Region = f.make_region(&[]);
    f.regions[otherwise].yields = params;
    let branch = f.make_inst(ControlOp::If.into(), c, vec![body, otherwise], &tys, span);
    f.regions[cond].insts.extend([keep, branch]);
    f.regions[cond].yields = f.insts[branch].results.clone();
    f.insts[i].regions = vec![test, cond];
    vec![yes, set]
}
