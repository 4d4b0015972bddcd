//! Removes functions that nobody calls, and renumbers what is left.

use crate::entity::{FuncId, PrimaryMap, SecondaryMap};
use crate::ir::{Func, Module};
use crate::pass::callgraph::references;
use alloc::vec::Vec;

/// Keeps the functions that `roots` reach by calls, derivatives and rules. Returns the new name of each function kept.
pub fn prune(m: &mut Module, roots: &[FuncId]) -> SecondaryMap<FuncId, Option<FuncId>> {
    // Instructions in no region any more must not keep a function.
    compact(m);
    let mut live: SecondaryMap<FuncId, bool> = SecondaryMap::new();
    let mut work: Vec<FuncId> = roots.to_vec();
    while let Some(id) = work.pop() {
        if live[id] || id.0 as usize >= m.funcs.len() {
            continue;
        }
        live[id] = true;
        references(&mut m.funcs[id], &mut |g| work.push(*g));
    }
    let mut names: SecondaryMap<FuncId, Option<FuncId>> = SecondaryMap::new();
    let mut kept: PrimaryMap<FuncId, Func> = PrimaryMap::new();
    for id in m.funcs.keys() {
        if live[id] {
            let f = core::mem::replace(&mut m.funcs[id], Func::new("", &[], &[]));
            names[id] = Some(kept.push(f));
        }
    }
    for f in kept.values_mut() {
        references(f, &mut |g| {
            if let Some(new) = names[*g] {
                *g = new;
            }
        });
    }
    m.funcs = kept;
    names
}

/// Rebuilds every function that has instructions which its regions no longer hold, so that numbering is dense.
pub fn compact(m: &mut Module) {
    for f in m.funcs.values_mut() {
        if f.size() != f.insts.len() {
            f.compact();
        }
    }
}
