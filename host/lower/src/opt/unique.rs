//! Arrays made uniquely owned before a loop instead of in it.
//!
//! ```text
//! for i in 0..n { unique a; a[i] = x }    becomes    if 0 < n { unique a }; for i in 0..n { a[i] = x }
//! ```
//!
//! That is the same if the loop names the block nowhere else: then nobody can take another reference to it, and what is unique stays so.
//! How many elements there are must not change in the loop either, nor where they are but by this. A `unique` in a branch that is not
//! taken may now copy: once for each run of the loop, which the branch would have cost if taken. Inner loops come first, so a `unique` goes
//! out of all loops that allow it.

use crate::lir::{Block, Cmp, Function, LayoutId, Opnd, Reg, Rv, Site, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use std::collections::{HashMap, HashSet};

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(&mut body, &mut f.regs);
    f.body = body;
}

/// A `unique` of a block, all of them in the loop being alike.
#[derive(Copy, Clone, PartialEq)]
struct Found {
    data: Reg,
    count: Opnd,
    layout: LayoutId,
    site: Site,
}

fn block(b: &mut Block, regs: &mut PrimaryMap<Reg, Ty>) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        for inner in s.blocks_mut() {
            block(inner, regs);
        }
        if matches!(s, Stmt::For { .. } | Stmt::While { .. }) {
            let found = candidates(&s);
            if !found.is_empty() {
                let bufs: HashSet<Reg> = found.iter().map(|f| f.0).collect();
                for inner in s.blocks_mut() {
                    strip(inner, &bufs);
                }
                before(&s, found, regs, &mut out);
            }
        }
        out.push(s);
    }
    *b = out;
}

/// The blocks that the loop does nothing with but make them unique, in the order in which it does.
fn candidates(s: &Stmt) -> Vec<(Reg, Found)> {
    let mut found: Vec<(Reg, Found)> = Vec::new();
    let mut spoilt: HashSet<Reg> = HashSet::new();
    let mut set: HashMap<Reg, u32> = HashMap::new();
    let mut unique_data: HashMap<Reg, u32> = HashMap::new();
    for b in s.blocks() {
        for s in b {
            s.visit(&mut |s| {
                s.results(&mut |r| *set.entry(r).or_default() += 1);
                let Stmt::Unique {
                    buf,
                    data,
                    count,
                    layout,
                    site,
                } = s
                else {
                    s.operands(&mut |a| spoilt.extend(a.reg()));
                    return;
                };
                *unique_data.entry(*data).or_default() += 1;
                let this = Found {
                    data: *data,
                    count: *count,
                    layout: *layout,
                    site: *site,
                };
                match found.iter().find(|f| f.0 == *buf) {
                    None => found.push((*buf, this)),
                    Some((_, f)) if f.data == *data && f.count == *count && f.layout == *layout => {
                    }
                    Some(_) => {
                        spoilt.insert(*buf);
                    }
                }
            });
        }
    }
    let changes = |a: Opnd| a.reg().is_some_and(|r| set.contains_key(&r));
    let uses = |buf: Reg| found.iter().filter(|f| f.1.data == buf).count();
    let mut datas: HashMap<Reg, u32> = HashMap::new();
    for (_, f) in &found {
        *datas.entry(f.data).or_default() += 1;
    }
    let good = |&(buf, f): &(Reg, Found)| {
        let only = |r: Reg, here: u32| set.get(&r) == Some(&here);
        let times = unique_data.get(&f.data).copied().unwrap_or(0);
        !spoilt.contains(&buf)
            && uses(buf) == 0
            && datas.get(&f.data) == Some(&1)
            && only(buf, times)
            && only(f.data, times)
            && !changes(f.count)
    };
    let keep: Vec<bool> = found.iter().map(good).collect();
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next().unwrap_or(false));
    found
}

/// Removes the `unique`s of those blocks.
fn strip(b: &mut Block, bufs: &HashSet<Reg>) {
    b.retain_mut(|s| {
        for inner in s.blocks_mut() {
            strip(inner, bufs);
        }
        !matches!(s, Stmt::Unique { buf, .. } if bufs.contains(buf))
    });
}

/// Makes them unique before the loop, if it runs at all.
fn before(s: &Stmt, found: Vec<(Reg, Found)>, regs: &mut PrimaryMap<Reg, Ty>, out: &mut Block) {
    let uniques: Block = found
        .into_iter()
        .map(|(buf, f)| Stmt::Unique {
            buf,
            data: f.data,
            count: f.count,
            layout: f.layout,
            site: f.site,
        })
        .collect();
    let Stmt::For { lo, hi, signed, .. } = s else {
        // Whether a `while` runs is not known before its head has run.
        out.extend(uniques);
        return;
    };
    let op = if *signed { Cmp::SLt } else { Cmp::ULt };
    match super::fold::fold(Rv::Cmp(op, *lo, *hi)) {
        Rv::Copy(Opnd::Const(_, 0)) => {}
        Rv::Copy(Opnd::Const(..)) => out.extend(uniques),
        rv => {
            let c = regs.push(Ty::I8);
            out.push(Stmt::Set(c, rv));
            out.push(Stmt::If(c.into(), uniques, Block::new()));
        }
    }
}
