//! Passes over LIR, in the order in which [`optimize`] runs them. [`fold`] simplifies one right-hand side and is used while lowering too.

mod coalesce;
mod copies;
mod dead;
pub mod fold;
mod ranges;
mod refs;
mod unique;
mod version;

use crate::lir::Program;

/// Runs the passes on every function.
pub fn optimize(p: &mut Program) {
    for f in p.funcs.values_mut() {
        copies::run(f);
        dead::run(f);
        coalesce::run(f);
        refs::run(f);
        unique::run(f);
        copies::run(f);
        dead::run(f);
        version::run(f);
        copies::run(f);
        dead::run(f);
    }
}
