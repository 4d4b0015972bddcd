//! Passes over functions.

pub mod cse;
pub mod dce;
pub mod effects;
pub mod fold;
pub mod licm;
pub mod mem2reg;
mod rotate;
pub mod simplify;
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

/// The clean-up passes on the functions that `roots` reach, with calls inlined where that pays: what `ad` runs on the
/// derivatives it makes (forward and backward functions become one, so residuals become values in scope).
pub fn optimize_from(m: &mut Module, roots: &[crate::entity::FuncId]) {
    // Until the clean-up passes are here, the functions are left as they are.
    let _ = (m, roots);
}
