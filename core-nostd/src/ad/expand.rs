//! Replaces derivative calls by plain calls of derivatives.
//!
//! A function's derivative can be made once the function and all it calls have no derivative calls themselves; so
//! innermost first. A function that needs its own derivative never gets there, which is an error.

use super::{Options, derive_with};
use crate::entity::{FuncId, Inst};
use crate::error::AdError;
use crate::ir::{ControlOp, CustomRule, DeriveKind, Func, Module, Op};
use alloc::vec::Vec;
use hashbrown::{HashMap, HashSet};

/// Replaces every `derive` call in the module by a plain call of the derivative. Part of [`crate::pass::lower`].
///
/// # Errors
/// As for [`derive`](super::derive()), and [`AdError::SelfReference`].
pub fn expand(m: &mut Module) -> Result<(), AdError> {
    expand_from(m, FuncId(0), Options::default())
}

/// As [`expand`], with a choice of how.
///
/// # Errors
/// As for [`expand`].
pub fn expand_with(m: &mut Module, how: Options) -> Result<(), AdError> {
    expand_from(m, FuncId(0), how)
}

/// Whether there are `derive` calls in the module.
pub fn is_expanded(m: &Module) -> bool {
    m.funcs.values().all(|f| derive_calls(f).is_empty())
}

/// As [`expand`], in the functions from that one on.
pub(super) fn expand_from(m: &mut Module, from: FuncId, how: Options) -> Result<(), AdError> {
    let mut made: HashMap<(FuncId, DeriveKind, Vec<u32>), FuncId> = HashMap::new();
    loop {
        // Making a derivative compacts the module: places found below must stay what they are.
        crate::pass::prune::compact(m);
        let pending: Vec<FuncId> = m
            .funcs
            .iter()
            .filter(|(id, f)| *id >= from && !derive_calls(f).is_empty())
            .map(|(id, _)| id)
            .collect();
        let Some(&first) = pending.first() else {
            return Ok(());
        };
        let waiting: HashSet<FuncId> = pending.iter().copied().collect();
        let mut progress = false;
        for f in pending {
            for (inst, func, kind, wrt) in derive_calls(&m.funcs[f]) {
                if reaches(m, func, &waiting) {
                    continue;
                }
                let key = (func, kind, wrt.clone());
                let id = match made.get(&key) {
                    Some(&id) => id,
                    None => {
                        let id = derive_with(m, func, kind, &wrt, how)?;
                        made.insert(key, id);
                        id
                    }
                };
                m.funcs[f].insts[inst].op = ControlOp::Call(id).into();
                progress = true;
            }
        }
        if !progress {
            return Err(AdError::SelfReference {
                func: m.funcs[first].name.clone(),
            });
        }
    }
}

fn derive_calls(f: &Func) -> Vec<(Inst, FuncId, DeriveKind, Vec<u32>)> {
    let mut out = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if let Op::Control(ControlOp::Derive { func, kind, wrt }) = &d.op {
            out.push((i, *func, *kind, wrt.clone()));
        }
    });
    out
}

/// Whether `f` or anything it calls is among `targets`.
pub(super) fn reaches(m: &Module, f: FuncId, targets: &HashSet<FuncId>) -> bool {
    let mut seen = HashSet::new();
    let mut work = alloc::vec![f];
    while let Some(g) = work.pop() {
        if targets.contains(&g) {
            return true;
        }
        if !seen.insert(g) {
            continue;
        }
        let func = &m.funcs[g];
        func.visit(func.body, &mut |_, d| {
            if let Op::Control(ControlOp::Call(h)) = d.op {
                work.push(h);
            }
        });
        work.extend(func.rule.as_ref().and_then(CustomRule::func));
    }
    false
}
