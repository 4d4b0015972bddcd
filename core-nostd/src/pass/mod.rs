//! Passes over functions, one per file.
//!
//! Every pass is a function `run(&mut Module)` with a name ([`by_name`]); most also run on one function (`func`). A pass takes
//! and leaves verified IR. [`structurize`] and [`mem2reg`] end the slot stage; all others work on either stage, and see
//! most after it. Start with [`lower`] and [`optimize`].

pub mod callgraph;
pub mod cse;
pub mod dce;
pub mod effects;
pub(crate) mod facts;
pub mod fills;
pub mod fold;
pub mod if_convert;
pub mod inline;
pub(crate) mod layout;
pub mod licm;
pub mod loops;
pub mod mem2reg;
pub mod merge;
pub mod pieces;
pub mod promote;
pub mod prune;
pub mod ranges;
mod rotate;
pub mod scalarize;
pub mod sharpen;
pub mod simplify;
pub mod slices;
mod slots;
pub mod stores;
pub mod strength;
pub mod structurize;
pub(crate) mod subst;
#[cfg(test)]
mod tests;
pub mod unread;
pub mod unroll;

use crate::entity::{FuncId, SecondaryMap};
use crate::error::AdError;
use crate::ir::{Func, Module};
use alloc::vec::Vec;
use effects::FuncEffects;

/// A pass over a module.
pub type Pass = fn(&mut Module);

/// The passes by name, for file tests and the command line.
pub const PASSES: &[(&str, Pass)] = &[
    ("structurize", structurize::run),
    ("mem2reg", mem2reg::run),
    ("dce", dce::run),
    ("simplify", simplify::run),
    ("fold", fold::run),
    ("cse", cse::run),
    ("licm", licm::run),
    ("hoist_reads", |m| {
        for f in m.funcs.values_mut() {
            licm::reads(f);
        }
    }),
    ("fills", fills::run),
    ("merge", merge::run),
    ("unread", unread::run),
    ("inline", inline::run),
    ("unroll", unroll::run),
    ("scalarize", scalarize::run),
    ("pieces", |m| {
        for f in m.funcs.values_mut() {
            pieces::func(f);
        }
    }),
    ("slices", slices::run),
    ("ranges", ranges::run),
    ("promote", promote::run),
    ("if_convert", if_convert::run),
    ("stores", stores::run),
    ("strength", strength::run),
    ("sharpen", sharpen::run),
    ("compact", prune::compact),
    ("optimize", optimize),
    ("finish", finish),
];

/// The pass of that name.
pub fn by_name(name: &str) -> Option<Pass> {
    PASSES.iter().find(|(n, _)| *n == name).map(|(_, p)| *p)
}

/// From the slot stage to pure SSA: structurize, mem2reg, expansion of derivative calls, and removal of what they leave unused.
///
/// # Errors
/// [`AdError`] from the expansion.
pub fn lower(m: &mut Module) -> Result<(), AdError> {
    to_ssa(m);
    crate::ad::expand(m)
}

/// The first part of [`lower`]: calls of derivatives stay.
pub fn to_ssa(m: &mut Module) {
    let valid = is_valid(m);
    mem2reg::run(m);
    check(valid, m, "mem2reg");
    tidy(m);
    check(valid, m, "tidy");
}

/// Cheap clean-up of what lowering leaves behind: dead and unchanging carried values, dead code, gaps in the numbering.
pub fn tidy(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        clean(f, &effects, dce::Options { keep_traps: true });
    }
    prune::compact(m);
}

/// The clean-up passes to a fixed point: simplify, fold, cse, dce, licm (and inlining of small functions).
pub fn optimize(m: &mut Module) {
    optimize_with(m, dce::Options { keep_traps: true });
}

/// As [`optimize`]; derivative code may drop traps (see [`dce::Options`]).
pub fn optimize_with(m: &mut Module, options: dce::Options) {
    optimize_dirty(m, options, SecondaryMap::with_default(true));
}

/// The functions that were changed since they were cleaned up last.
type Dirty = SecondaryMap<FuncId, bool>;

/// [`optimize_with`], but only the functions that were changed, and those that calls are inlined into.
fn optimize_dirty(m: &mut Module, options: dce::Options, mut dirty: Dirty) {
    let valid = is_valid(m);
    for id in inline::within(m, inline::Policy::default(), &|_| true) {
        dirty[id] = true;
    }
    check(valid, m, "inline");
    let effects = FuncEffects::of(m);
    for id in m.funcs.keys().filter(|&id| dirty[id]) {
        let f = &mut m.funcs[id];
        clean(f, &effects, options);
        hoist(f, &effects, options);
    }
    prune::compact(m);
    check(valid, m, "optimize");
}

/// What reverse mode differentiates: [`optimize_from`], and then the steps of [`FLATTEN`], so that what the derivative needs
/// of small loops, small arrays and slices is values and not stacks, arrays and copies. Returns the root's new number.
pub fn flatten_from(m: &mut Module, first: FuncId, root: FuncId) -> FuncId {
    sharpen::run_from(m, first);
    let mut root = optimize_from(m, first, &[root])[0];
    for step in FLATTEN {
        if let Some(dirty) = apply(m, first, step) {
            root = optimize_dirty_from(m, first, &[root], &dirty)[0];
        }
    }
    root
}

/// Runs a step on the functions from `first` on. Returns those it changed, if it changed any.
fn apply(m: &mut Module, first: FuncId, &(name, step): &(&str, FuncPass)) -> Option<Dirty> {
    let valid = is_valid(m);
    let mut dirty = Dirty::new();
    let mut any = false;
    for id in m.funcs.keys().filter(|&id| id >= first) {
        dirty[id] = step(&mut m.funcs[id]);
        any |= dirty[id];
    }
    check(valid, m, name);
    any.then_some(dirty)
}

/// A pass over one function, which says whether it changed anything.
type FuncPass = fn(&mut Func) -> bool;

/// The passes that take loops, arrays and slices apart, each cleaned up after.
const FLATTEN: &[(&str, FuncPass)] = &[
    ("slices", |f| {
        pieces::func(f) | slices::func(f) | ranges::func(f)
    }),
    ("unroll", |f| unroll::func(f, unroll::Policy::default())),
    ("scalarize", scalarize::func),
    ("promote", promote::func),
    ("hoist_reads", licm::reads),
    ("merge", merge::func),
    ("fills", fills::func),
    ("unread", unread::func),
];

/// What an executor that compiles runs on a module before it lowers it to machine code. Functions keep their numbers.
///
/// After it a derivative can no longer be taken as well as before: loops are unrolled, small arrays are scalars.
pub fn finish(m: &mut Module) {
    for f in m.funcs.values_mut() {
        crate::ad::checkpoint::forget(f);
    }
    sharpen::run(m);
    optimize(m);
    for step in FLATTEN {
        if let Some(dirty) = apply(m, FuncId(0), step) {
            optimize_dirty(m, dce::Options { keep_traps: true }, dirty);
        }
    }
    let valid = is_valid(m);
    stores::run(m);
    if_convert::run(m);
    strength::run(m);
    check(valid, m, "strength");
    optimize(m);
}

/// In debug builds, whether the verifier accepts the module.
fn is_valid(m: &Module) -> bool {
    cfg!(debug_assertions) && crate::verify::verify(m).is_ok()
}

/// In debug builds, asserts that a pass that was given a valid module has left one.
fn check(was_valid: bool, m: &Module, pass: &str) {
    if was_valid && let Err(e) = crate::verify::verify(m) {
        let e = &e[0];
        panic!("{pass} broke the module: {e}\n{}", crate::text::print(m));
    }
}

/// How often the passes that feed each other are repeated.
const ROUNDS: usize = 4;

fn clean(f: &mut Func, effects: &FuncEffects, options: dce::Options) {
    dce::func(f, effects, options);
    // Each pass runs again only if something was done that it has not seen: equal instructions that were merged make no constants
    // and leave nothing dead.
    let (mut fold, mut merge) = (true, true);
    for _ in 0..ROUNDS {
        let simpler = simplify::func(f, effects);
        fold |= simpler;
        let folded = fold && fold::func(f);
        fold = false;
        merge |= simpler || folded;
        let merged = merge && cse::func(f, effects);
        merge = false;
        if simpler || folded {
            dce::func(f, effects, options);
        } else if !merged {
            return;
        }
    }
}

/// [`clean`] of one function.
pub(crate) fn tidy_one(m: &mut Module, id: FuncId) {
    let effects = FuncEffects::of(m);
    clean(
        &mut m.funcs[id],
        &effects,
        dce::Options { keep_traps: true },
    );
}

/// Moves invariants out of loops of a function that is clean, and cleans up after that.
fn hoist(f: &mut Func, effects: &FuncEffects, options: dce::Options) {
    if licm::func(f, effects) {
        // What was hoisted may now equal something outside.
        clean(f, effects, options);
    }
}

/// The clean-up passes on the functions from `first` on, with calls inlined where that pays: what `ad` runs on the
/// derivatives it makes (forward and backward functions become one, so residuals become values in scope). Of those
/// functions, only what `roots` reach stays. Returns the roots' new numbers; functions before `first` are as they were.
///
/// Traps are kept: the gradient of a program that traps is that trap.
pub fn optimize_from(m: &mut Module, first: FuncId, roots: &[FuncId]) -> Vec<FuncId> {
    optimize_dirty_from(m, first, roots, &SecondaryMap::with_default(true))
}

/// [`optimize_from`], but of the functions only those that were changed, and those that calls are inlined into.
fn optimize_dirty_from(
    m: &mut Module,
    first: FuncId,
    roots: &[FuncId],
    dirty: &Dirty,
) -> Vec<FuncId> {
    let options = dce::Options { keep_traps: true };
    let old = m.funcs.keys();
    let (mut roots, names) = only(m, first, roots);
    let mut changed = Dirty::new();
    for id in old {
        if let Some(new) = names[id].filter(|&new| new >= first) {
            changed[new] = dirty[id];
        }
    }
    let effects = FuncEffects::of(m);
    for id in m.funcs.keys().filter(|&id| changed[id]) {
        clean(&mut m.funcs[id], &effects, options);
    }
    let grown = inline::within(m, inline::Policy::default(), &|id| id >= first);
    let effects = FuncEffects::of(m);
    for &id in &grown {
        changed[id] = true;
        clean(&mut m.funcs[id], &effects, options);
    }
    for id in m.funcs.keys().filter(|&id| changed[id]) {
        hoist(&mut m.funcs[id], &effects, options);
        m.funcs[id].compact();
    }
    if !grown.is_empty() {
        // What was inlined everywhere is called no more.
        roots = only(m, first, &roots).0;
    }
    roots
}

/// Keeps of the functions from `first` on what `roots` reach. Returns the roots' new numbers, and everybody's.
fn only(
    m: &mut Module,
    first: FuncId,
    roots: &[FuncId],
) -> (Vec<FuncId>, SecondaryMap<FuncId, Option<FuncId>>) {
    let before = (0..first.0).map(FuncId);
    let keep: Vec<FuncId> = before.chain(roots.iter().copied()).collect();
    let names = prune::prune(m, &keep);
    let new = |&r: &FuncId| names[r].expect("a root stays");
    (roots.iter().map(new).collect(), names)
}
