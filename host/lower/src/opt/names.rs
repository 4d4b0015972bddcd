//! Copies of code: which registers a part of a function has to itself, and other names for them.

use crate::lir::{Block, Function, Opnd, Reg, Stmt, Ty};
use cotangent_core::entity::PrimaryMap;
use hashbrown::{HashMap, HashSet};

/// How often each register is named.
#[derive(Default)]
pub(super) struct Occurrences {
    pub(super) times: HashMap<Reg, u32>,
    /// Those that are set.
    pub(super) set: HashSet<Reg>,
}

impl Occurrences {
    /// In a function whose body was taken out.
    pub(super) fn of(f: &Function, body: &Block) -> Occurrences {
        let mut all = Occurrences::default();
        all.block(body);
        for &a in &f.results {
            all.operand(a);
        }
        for &p in &f.params {
            all.operand(p.into());
        }
        all
    }
    /// Whether a register is named nowhere else, `self` being what a part of the function names.
    pub(super) fn own(&self, r: Reg, all: &Occurrences) -> bool {
        self.times.get(&r) == all.times.get(&r)
    }
    fn operand(&mut self, a: Opnd) {
        if let Opnd::Reg(r) = a {
            *self.times.entry(r).or_default() += 1;
        }
    }
    pub(super) fn block(&mut self, b: &Block) {
        for s in b {
            s.visit(&mut |s| {
                s.operands(&mut |a| self.operand(a));
                s.results(&mut |r| {
                    self.operand(r.into());
                    self.set.insert(r);
                });
            });
        }
    }
}

/// A copy of a statement, with registers of its own where those of the original are named nowhere else.
pub(super) fn copy(s: &Stmt, regs: &mut PrimaryMap<Reg, Ty>, all: &Occurrences) -> Stmt {
    let mut here = Occurrences::default();
    here.block(&vec![s.clone()]);
    let mut names: HashMap<Reg, Reg> = HashMap::new();
    let mut own: Vec<Reg> = here
        .set
        .iter()
        .copied()
        .filter(|&r| here.own(r, all))
        .collect();
    own.sort();
    for r in own {
        let ty = regs[r];
        names.insert(r, regs.push(ty));
    }
    let mut s = s.clone();
    rename(&mut s, &names);
    s
}

/// Other names for registers.
pub(super) fn rename(s: &mut Stmt, names: &HashMap<Reg, Reg>) {
    let new = |r: &mut Reg| {
        if let Some(n) = names.get(r) {
            *r = *n;
        }
    };
    s.operands_mut(&mut |a| {
        if let Opnd::Reg(r) = a {
            new(r);
        }
    });
    s.results_mut(&mut |r| new(r));
    if let Stmt::For { hint, .. } = s {
        let sums = hint.reductions.iter_mut().chain(&mut hint.in_turn);
        sums.for_each(new);
    }
    for b in s.blocks_mut() {
        for s in b {
            rename(s, names);
        }
    }
}
