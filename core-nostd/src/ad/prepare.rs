//! What reverse mode differentiates: a copy of the program, with calls inlined and cleaned up.
//!
//! The more of a program one function holds, the more of what its derivative needs is at hand: a residual that would be
//! handed out of a call is then a value in scope, and a chain of linear operations is one coefficient. The user's own
//! functions stay as they are. Calls of functions with a rule stay calls of them: the rule belongs to the call.

use super::sums::{self, Range};
use super::{Ad, Mask, Options, checkpoint, extremes};
use crate::entity::FuncId;
use crate::error::AdError;
use crate::ir::{Func, Module};
use crate::pass::callgraph::references;
use crate::pass::flatten_from;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// The copy of `f`, which is that of the functions it reaches without passing through one that has a rule, for a derivative with respect to the
/// parameters of `mask`. Its heavy sums have been outlined, if that is wanted: the functions of their ranges.
///
/// # Errors
/// A mark for checkpoints that cannot be obeyed.
pub(super) fn prepare(
    m: &mut Module,
    f: FuncId,
    mask: &Mask,
    how: Options,
) -> Result<(FuncId, Vec<Range>), AdError> {
    let first = m.funcs.next_key();
    let mut copies: HashMap<FuncId, FuncId> = HashMap::new();
    let mut work = vec![f];
    let mut order: Vec<FuncId> = Vec::new();
    while let Some(g) = work.pop() {
        if copies.contains_key(&g) || m.funcs[g].rule.is_some() {
            continue;
        }
        let mut copy = m.funcs[g].clone();
        copy.name = m.fresh_name(&format!("{}{SUFFIX}", copy.name));
        // What is computed again as a whole has a rule: its own derivative is another copy's.
        let marked = g != f && checkpoint::is_marked(&copy);
        if !marked {
            references(&mut copy, &mut |h| work.push(*h));
        }
        let id = m.funcs.push(copy);
        copies.insert(g, id);
        if marked {
            checkpoint::recompute(m, g, id)?;
        } else {
            order.push(id);
        }
    }
    for &id in &order {
        references(&mut m.funcs[id], &mut |h| {
            if let Some(&copy) = copies.get(h) {
                *h = copy;
            }
        });
    }
    checkpoint::outline(m, &order)?;
    let f = flatten_from(m, first, copies[&f]);
    let ranges = match how.ranges {
        true => sums::outline(m, f, mask)?,
        false => Vec::new(),
    };
    extremes::func(&mut m.funcs[f]);
    Ok((f, ranges))
}

/// What the names of the copies end in.
const SUFFIX: &str = ".inlined";

impl Ad<'_> {
    /// The name that a function has for the user: without what [`prepare`] appended.
    pub(super) fn name(&self, f: FuncId) -> String {
        base_name(&self.m.funcs[f])
    }
}

fn base_name(f: &Func) -> String {
    match f.name.rfind(SUFFIX) {
        // A copy's name may end in a number as well.
        Some(at) => f.name[..at].into(),
        None => f.name.clone(),
    }
}
