//! Passes over functions.

pub mod mem2reg;
mod rotate;
mod slots;
pub mod structurize;
mod subst;

use crate::error::AdError;
use crate::ir::Module;

/// From the slot stage to pure SSA: structurize, mem2reg, expansion of derivative calls, and the clean-up passes.
pub fn lower(m: &mut Module) -> Result<(), AdError> {
    mem2reg::run(m);
    crate::ad::expand(m)
}

/// The clean-up passes to a fixed point: simplify, fold, cse, dce, licm (and inlining of small functions).
pub fn optimize(m: &mut Module) {
    let _ = m;
    todo!()
}
