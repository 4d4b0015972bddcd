//! Where each register is declared: in the innermost block that holds all its uses, with its first value if that is where it is set.

use cotangent_core::entity::{Entity, PrimaryMap, SecondaryMap};
use cotangent_lower::lir::{Block, Function, Opnd, Reg, Stmt, Ty};

/// Blocks are numbered in the order of the text; the body is 0.
#[derive(Debug)]
pub(super) struct Scopes {
    parents: Vec<usize>,
    depths: Vec<usize>,
    home: SecondaryMap<Reg, Option<usize>>,
    sets: SecondaryMap<Reg, u32>,
    /// The block of the first set.
    first: SecondaryMap<Reg, Option<usize>>,
    regs: usize,
}

impl Scopes {
    /// Analyses a function.
    pub(super) fn of(f: &Function) -> Scopes {
        let mut s = Scopes {
            parents: Vec::new(),
            depths: Vec::new(),
            home: SecondaryMap::new(),
            sets: SecondaryMap::new(),
            first: SecondaryMap::new(),
            regs: f.regs.len(),
        };
        s.block(&f.body, 0);
        for &a in &f.results {
            s.used(a, 0);
        }
        // The head of the function declares and sets them, wherever they are named.
        for &p in &f.params {
            s.set(p, 0);
        }
        s
    }
    /// Whether the set in that block is the one that declares the register.
    pub(super) fn declares(&self, r: Reg, block: usize) -> bool {
        self.sets[r] == 1 && self.home[r] == Some(block) && self.first[r] == Some(block)
    }
    /// Whether all uses of a register are in that block.
    pub(super) fn is_home(&self, r: Reg, block: usize) -> bool {
        self.home[r] == Some(block)
    }
    /// The registers to declare at the head of a block: those at home there that no set declares.
    pub(super) fn at_head(&self, block: usize, params: &[Reg]) -> Vec<Reg> {
        (0..self.regs)
            .map(Reg::from_index)
            .filter(|r| self.home[*r] == Some(block) && !self.declares(*r, block))
            .filter(|r| !params.contains(r))
            .collect()
    }

    fn block(&mut self, b: &Block, parent: usize) {
        let id = self.parents.len();
        self.parents.push(parent);
        let depth = if id == 0 { 0 } else { self.depths[parent] + 1 };
        self.depths.push(depth);
        for s in b {
            self.stmt(s, id);
        }
    }
    fn stmt(&mut self, s: &Stmt, at: usize) {
        let mut uses = Vec::new();
        let mut sets = Vec::new();
        s.operands(&mut |a| uses.push(a));
        s.results(&mut |r| sets.push(r));
        // A loop's condition is read in its own block, and its index is at home there.
        let inner = self.parents.len();
        if matches!(s, Stmt::While { .. }) {
            uses.clear();
        }
        if matches!(s, Stmt::For { .. }) {
            sets.clear();
        }
        for a in uses {
            self.used(a, at);
        }
        for r in sets {
            self.set(r, at);
        }
        match s {
            Stmt::If(_, a, b) => {
                self.block(a, at);
                self.block(b, at);
            }
            Stmt::Switch(_, arms) => {
                for a in arms {
                    self.block(a, at);
                }
            }
            Stmt::While { head, cond, body } => {
                // Both are one block in C: head, test, body.
                self.parents.push(at);
                self.depths.push(self.depths[at] + 1);
                for s in head {
                    self.stmt(s, inner);
                }
                self.used(*cond, inner);
                for s in body {
                    self.stmt(s, inner);
                }
            }
            Stmt::For { index, body, .. } => {
                self.block(body, at);
                self.set(*index, inner);
            }
            Stmt::Set(..)
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => {}
        }
    }
    fn set(&mut self, r: Reg, at: usize) {
        self.sets[r] += 1;
        if self.first[r].is_none() && self.home[r].is_none() {
            self.first[r] = Some(at);
        }
        self.seen(r, at);
    }
    fn used(&mut self, a: Opnd, at: usize) {
        if let Opnd::Reg(r) = a {
            self.seen(r, at);
        }
    }
    fn seen(&mut self, r: Reg, at: usize) {
        self.home[r] = Some(match self.home[r] {
            None => at,
            Some(h) => self.join(h, at),
        });
    }
    /// The innermost block around both.
    fn join(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depths[a] >= self.depths[b] {
                a = self.parents[a];
            } else {
                b = self.parents[b];
            }
        }
        a
    }
}

/// The C type of a register.
pub(super) const fn c_type(ty: Ty) -> &'static str {
    match ty {
        Ty::I8 => "uint8_t",
        Ty::I16 => "uint16_t",
        Ty::I32 => "uint32_t",
        Ty::I64 => "uint64_t",
        Ty::F32 => "float",
        Ty::F64 => "double",
        Ty::Ptr => "char *",
    }
}

/// The short name of a register type in the prelude's functions.
pub(super) const fn short(ty: Ty) -> &'static str {
    match ty {
        Ty::I8 => "u8",
        Ty::I16 => "u16",
        Ty::I32 => "u32",
        Ty::I64 => "u64",
        Ty::F32 => "f32",
        Ty::F64 => "f64",
        Ty::Ptr => "ptr",
    }
}

/// Declarations of registers, grouped by type in the order of the types.
pub(super) fn declarations(regs: &[Reg], types: &PrimaryMap<Reg, Ty>) -> Vec<String> {
    [Ty::Ptr, Ty::I64, Ty::I32, Ty::I16, Ty::I8, Ty::F64, Ty::F32]
        .into_iter()
        .filter_map(|ty| {
            let of: Vec<String> = regs
                .iter()
                .filter(|r| types[**r] == ty)
                .map(|r| match ty {
                    Ty::Ptr => format!("*{r}"),
                    _ => r.to_string(),
                })
                .collect();
            let base = if ty == Ty::Ptr { "char" } else { c_type(ty) };
            (!of.is_empty()).then(|| format!("{base} {};", of.join(", ")))
        })
        .collect()
}
