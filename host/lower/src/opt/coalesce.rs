//! Registers joined by copies become one where their lives do not overlap.
//!
//! Loops carry arrays in registers of their own: `inner = copy outer; for … { … inner … }; outer = copy inner`. As one register, what is
//! known of the array in the inner loop (that it is uniquely owned) can be known in the outer one too ([`super::unique`]).
//!
//! Two registers interfere if one is set while the other is still to be read, unless by a copy of it. Only pointers and extents are
//! looked at: back ends see through copies of the rest.

use crate::lir::{Block, Function, Opnd, Reg, Rv, Stmt, Ty};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;

/// Registers that are still to be read.
type Live = BTreeSet<Reg>;

/// Functions with more such copies than this are left as they are, so that the time stays small.
const MOST: usize = 2000;

/// Whether registers of a type are looked at.
const fn counts(ty: Ty) -> bool {
    matches!(ty, Ty::Ptr | Ty::I64)
}

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    let mut copies = Vec::new();
    let mut indices = HashSet::new();
    for s in &f.body {
        s.visit(&mut |s| match s {
            Stmt::Set(d, Rv::Copy(Opnd::Reg(r))) if counts(f.regs[*d]) && d != r => {
                copies.push((*d, *r));
            }
            Stmt::For { index, .. } => {
                indices.insert(*index);
            }
            _ => {}
        });
    }
    // Only its loop sets an index.
    copies.retain(|(d, s)| !indices.contains(d) && !indices.contains(s));
    if copies.is_empty() || copies.len() > MOST {
        return;
    }
    let mut g = Graph {
        of: copies.iter().flat_map(|c| [c.0, c.1]).collect(),
        edges: HashMap::new(),
    };
    let mut live = Live::new();
    for &r in &f.results {
        g.read(r, &mut live);
    }
    g.block(&f.body, &mut live);
    for &p in &f.params {
        g.set(p, &live, None);
    }
    let mut name: HashMap<Reg, Reg> = HashMap::new();
    let find = |name: &HashMap<Reg, Reg>, mut r: Reg| {
        while let Some(&n) = name.get(&r) {
            r = n;
        }
        r
    };
    let params: HashSet<Reg> = f.params.iter().copied().collect();
    for (d, s) in copies {
        let (mut a, mut b) = (find(&name, d), find(&name, s));
        if a == b || g.edges.get(&a).is_some_and(|e| e.contains(&b)) {
            continue;
        }
        // Parameters keep their names, and never become one.
        if params.contains(&b) {
            std::mem::swap(&mut a, &mut b);
        }
        if params.contains(&b) {
            continue;
        }
        // `b` becomes `a`.
        for other in g.edges.remove(&b).unwrap_or_default() {
            g.edges.entry(other).or_default().insert(a);
            g.edges.entry(a).or_default().insert(other);
        }
        name.insert(b, a);
    }
    if name.is_empty() {
        return;
    }
    let rename = |r: Reg| find(&name, r);
    for r in &mut f.results {
        if let Opnd::Reg(x) = r {
            *x = rename(*x);
        }
    }
    renamed(&mut f.body, &rename);
}

struct Graph {
    /// The registers looked at.
    of: HashSet<Reg>,
    edges: HashMap<Reg, HashSet<Reg>>,
}

impl Graph {
    fn read(&self, a: Opnd, live: &mut Live) {
        if let Opnd::Reg(r) = a
            && self.of.contains(&r)
        {
            live.insert(r);
        }
    }
    /// The register is set while those are live; `from` is what it is a copy of.
    fn set(&mut self, r: Reg, live: &Live, from: Option<Reg>) {
        if !self.of.contains(&r) {
            return;
        }
        for &o in live {
            if o != r && Some(o) != from {
                self.edges.entry(r).or_default().insert(o);
                self.edges.entry(o).or_default().insert(r);
            }
        }
    }
    /// Walks a block backwards: `live` is what is read after it, then what is read from its start on.
    fn block(&mut self, b: &Block, live: &mut Live) {
        for s in b.iter().rev() {
            self.stmt(s, live);
        }
    }
    fn stmt(&mut self, s: &Stmt, live: &mut Live) {
        match s {
            Stmt::Set(r, rv) => {
                let from = match rv {
                    Rv::Copy(Opnd::Reg(s)) => Some(*s),
                    _ => None,
                };
                self.set(*r, live, from);
                live.remove(r);
                rv.operands(&mut |a| self.read(a, live));
            }
            Stmt::If(_, then, other) => {
                let mut a = live.clone();
                self.block(then, &mut a);
                self.block(other, live);
                live.append(&mut a);
            }
            Stmt::Switch(_, arms) => {
                let after = std::mem::take(live);
                for arm in arms {
                    let mut a = after.clone();
                    self.block(arm, &mut a);
                    live.append(&mut a);
                }
            }
            Stmt::While { head, body, .. } => {
                let after = std::mem::take(live);
                // What is read from the head on; more is found until what the body reads of the next iteration is in it.
                loop {
                    let mut round = live.clone();
                    self.block(body, &mut round);
                    round.extend(&after);
                    self.block(head, &mut round);
                    if round.is_subset(live) {
                        break;
                    }
                    live.append(&mut round);
                }
            }
            Stmt::For { body, .. } => loop {
                let mut round = live.clone();
                self.block(body, &mut round);
                if round.is_subset(live) {
                    break;
                }
                live.append(&mut round);
            },
            Stmt::Trap(..) => live.clear(),
            Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => {
                let mut set = Vec::new();
                s.results(&mut |r| set.push(r));
                for (k, &r) in set.iter().enumerate() {
                    self.set(r, live, None);
                    // Results are set together.
                    let others: Live = set[..k].iter().copied().collect();
                    self.set(r, &others, None);
                }
                for r in &set {
                    live.remove(r);
                }
                s.operands(&mut |a| self.read(a, live));
            }
        }
    }
}

fn renamed(b: &mut Block, name: &impl Fn(Reg) -> Reg) {
    for s in b.iter_mut() {
        s.operands_mut(&mut |a| {
            if let Opnd::Reg(r) = a {
                *r = name(*r);
            }
        });
        match s {
            Stmt::Set(r, _) | Stmt::Rt(_, _, Some(r), _) => *r = name(*r),
            Stmt::Unique { buf, data, .. } | Stmt::Reserve { buf, data, .. } => {
                *buf = name(*buf);
                *data = name(*data);
            }
            Stmt::Call(_, _, rs)
            | Stmt::Eval(_, _, rs)
            | Stmt::Split { sums: rs, .. }
            | Stmt::Ahead { results: rs, .. } => {
                for r in rs {
                    *r = name(*r);
                }
            }
            // Indices keep their names.
            Stmt::For { .. }
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Rt(_, _, None, _)
            | Stmt::Fuel(_) => {}
        }
        for inner in s.blocks_mut() {
            renamed(inner, name);
        }
    }
    b.retain(|s| !matches!(s, Stmt::Set(r, Rv::Copy(Opnd::Reg(q))) if r == q));
}
