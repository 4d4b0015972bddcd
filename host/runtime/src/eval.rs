//! Operations that compiled code leaves to the kernels of [`window`](crate::window) and, all else, to the interpreter's evaluation.

use crate::context::Context;
use crate::marshal::{Ownership, Source, Target};
use crate::window;
use cotangent_core::error::TrapKind;
use cotangent_core::ops::{self, Args, EvalCx};
use cotangent_core::value::Val;

/// Evaluates an operation of the program on flattened operands.
///
/// # Safety
/// `args` points to the words of the operands, `results` to room for those of the results; blocks among them are alive.
pub(crate) unsafe fn run(
    cx: &mut Context,
    number: u64,
    args: *const u64,
    results: *mut u64,
) -> Result<(), TrapKind> {
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    let eval = &tables.evals[number as usize];
    // SAFETY: the caller's promise.
    if let Some(done) = unsafe { window::run(cx, eval, args, results) } {
        return done;
    }
    let mut from = Source::words(args);
    let mut regs: Vec<Val> = Vec::with_capacity(eval.args.len());
    for plan in &eval.args {
        // SAFETY: the caller's promise: the words are those of the operands.
        regs.push(unsafe { plan.lift(&mut from, None) }?);
    }
    let list: Vec<(u32, bool)> = (0..regs.len() as u32).map(|i| (i, true)).collect();
    let mut out = Vec::with_capacity(eval.results.len());
    let limits = EvalCx {
        max_bytes: cx.max_bytes,
        results: &eval.result_types,
    };
    ops::eval(
        &eval.op,
        &mut Args::new(&mut regs, &list),
        &mut out,
        &limits,
    )?;
    let suits = out.len() == eval.results.len()
        && out
            .iter()
            .zip(&eval.result_types)
            .all(|(v, ty)| v.is_of(ty));
    if !suits {
        return Err(TrapKind::TypeConfusion {
            op: ops::name(&eval.op),
        });
    }
    let mut to = Target::words(results);
    for (v, plan) in out.iter().zip(&eval.results) {
        // SAFETY: the value is of the plan's type, and there is room for the words of the results.
        unsafe { plan.lower(v, cx, &mut to, Ownership::Copied) }?;
    }
    Ok(())
}
