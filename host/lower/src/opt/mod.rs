//! Passes over LIR, in the order in which [`optimize`] runs them. [`fold`] simplifies one right-hand side and is used while lowering too.

pub mod fold;
mod version;

use crate::lir::Program;

/// Runs the passes on every function.
pub fn optimize(p: &mut Program) {
    for f in p.funcs.values_mut() {
        version::run(f);
    }
}
