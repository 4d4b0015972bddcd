//! Passes over LIR, in the order in which [`optimize`] runs them. [`fold`] simplifies one right-hand side and is used while lowering too.

mod ahead;
mod apart;
mod coalesce;
mod copies;
mod counters;
mod dead;
pub mod fold;
pub mod gather;
mod indices;
mod invariant;
mod jam;
mod names;
pub mod nature;
mod ranges;
mod refs;
mod split;
mod unique;
mod version;

pub use split::split_all;

use crate::lir::Program;

/// Runs the passes on every function.
pub fn optimize(p: &mut Program) {
    let Program {
        funcs,
        signatures,
        layouts,
        ..
    } = p;
    for (k, f) in funcs.values_mut().enumerate() {
        let params = match signatures.get(k) {
            Some((types, _)) => ranges::of_params(types),
            None => Vec::new(),
        };
        copies::run(f, &params);
        dead::run(f);
        coalesce::run(f);
        refs::run(f);
        invariant::run(f);
        unique::run(f);
        copies::run(f, &params);
        dead::run(f);
        // What was copied is often one register now, so more leaves the loops.
        unique::run(f);
        version::run(f);
        counters::run(f, &|l| layouts[l].size);
        copies::run(f, &params);
        dead::run(f);
        nature::run(f);
        indices::run(f);
        copies::run(f, &params);
        dead::run(f);
        jam::run(f);
        gather::run(f);
        nature::run(f);
    }
    ahead::run(p);
    split::run(p);
}
