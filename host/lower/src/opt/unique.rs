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
//!
//! After that, a `unique` of a block that is unique already is dropped: nothing since the last one gave its reference to anybody
//! ([`Known`]).

use crate::lir::{Block, Cmp, Function, LayoutId, Opnd, Reg, RtFn, Rv, Site, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::{HashMap, HashSet};

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(&mut body, &mut f.regs);
    Known::default().block(&mut body);
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

/// Blocks that are uniquely owned at a point of the program: the register that holds each, that of its elements, what these are.
///
/// A block leaves the list when somebody may get a reference to it: its register is copied, stored, passed on or retained. References
/// in the elements of an array are counted when that is copied, so making an array of another layout unique forgets the rest.
#[derive(Clone, Default)]
struct Known(Vec<(Reg, Reg, LayoutId)>);

impl Known {
    fn forget(&mut self, r: Reg) {
        self.0.retain(|k| k.0 != r && k.1 != r);
    }
    fn forget_operands(&mut self, s: &Stmt) {
        s.operands(&mut |a| {
            if let Opnd::Reg(r) = a {
                self.0.retain(|k| k.0 != r);
            }
        });
    }
    /// What the statement ends the knowledge of; not a `unique`, and without its blocks.
    fn step(&mut self, s: &Stmt) {
        match s {
            // A use of the block's address for its head or elements gives no reference away.
            Stmt::Set(_, Rv::Load(..) | Rv::Lea(_) | Rv::Cvt(..)) | Stmt::Check(..) => {}
            Stmt::Store(_, _, v) => {
                if let Opnd::Reg(r) = v {
                    self.0.retain(|k| k.0 != *r);
                }
            }
            Stmt::Call(..) | Stmt::Split { .. } | Stmt::Ahead { .. } | Stmt::Eval(..) => {
                self.0.clear()
            }
            Stmt::Rt(RtFn::RetainElems, ..) => self.0.clear(),
            Stmt::Set(..)
            | Stmt::Rt(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Fuel(_) => self.forget_operands(s),
        }
        s.results(&mut |r| self.forget(r));
    }
    fn made(&mut self, buf: Reg, data: Reg, layout: LayoutId) {
        self.forget(buf);
        self.forget(data);
        self.0.retain(|k| k.2 == layout);
        self.0.push((buf, data, layout));
    }
    /// Drops the needless ones of a block; afterwards this is what is known at its end.
    fn block(&mut self, b: &mut Block) {
        b.retain_mut(|s| {
            if let Stmt::Unique {
                buf, data, layout, ..
            } = s
            {
                let needless = self.0.iter().any(|k| (k.0, k.1) == (*buf, *data));
                if !needless {
                    self.made(*buf, *data, *layout);
                }
                return !needless;
            }
            if matches!(s, Stmt::For { .. } | Stmt::While { .. }) {
                // What holds before every iteration: nothing in the loop ends it.
                for inner in s.blocks() {
                    for s in inner {
                        s.visit(&mut |s| match s {
                            Stmt::Unique {
                                buf, data, layout, ..
                            } => self.0.retain(|k| {
                                (k.0, k.1) == (*buf, *data)
                                    || (k.2 == *layout && k.0 != *buf && k.1 != *data)
                            }),
                            s => self.step(s),
                        });
                    }
                }
                self.step(s);
                for inner in s.blocks_mut() {
                    self.clone().block(inner);
                }
                return true;
            }
            self.step(s);
            let before = self.clone();
            for inner in s.blocks_mut() {
                let mut arm = before.clone();
                arm.block(inner);
                self.0.retain(|k| arm.0.contains(k));
            }
            true
        });
    }
}
