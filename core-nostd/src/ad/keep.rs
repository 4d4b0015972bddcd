//! Which arrays of the forward pass may be read again in the backward pass.
//!
//! Keeping a value alive costs nothing if nobody stores into it later: then no store is forced to copy. An array that is
//! stored into after it was read must not be kept; what was read of it is saved instead. So the question is where a value
//! *flows* without being copied: into a loop, through a branch, into a record or an array, as a part of it or as a view.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, ControlOp, Func, IndexOp, Op, PlaceOp, ShapeOp, SlotOp, TangentOp, TernaryOp, Type,
    UnaryOp, ValueDef,
};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::{HashMap, HashSet};

/// How much of a program is looked at for one value; beyond it, the value is not kept.
const EFFORT: usize = 4096;

/// The flow of arrays in a function.
pub(super) struct Keep {
    /// Stored into directly.
    base: SecondaryMap<Value, bool>,
    /// Stored into, under this name or one it flows to.
    stored: SecondaryMap<Value, bool>,
    /// Where it comes from cannot be told.
    foreign: SecondaryMap<Value, bool>,
    /// `(to, through)`: what a value flows to, and the loop whose parameter that is.
    to: HashMap<Value, Vec<(Value, Option<Inst>)>>,
    /// What a value may be, or be a part of; for the values of a loop, which loop.
    from: HashMap<Value, (Vec<Value>, Option<Inst>)>,
}

fn is_array(t: &Type) -> bool {
    match t {
        Type::Tensor(_) => !t.is_scalar(),
        Type::Record(fields) => fields.iter().any(is_array),
        Type::Seq(_) | Type::Stack(_) => true,
    }
}

impl Keep {
    /// The flow in `f`; whether its caller does nothing with its operands and results but use them once.
    pub(super) fn new(f: &Func, root: bool) -> Keep {
        let mut k = Keep {
            base: SecondaryMap::new(),
            stored: SecondaryMap::new(),
            foreign: SecondaryMap::new(),
            to: HashMap::new(),
            from: HashMap::new(),
        };
        f.visit(f.body, &mut |i, d| k.inst(f, i, &d.op));
        if !root {
            for &p in f.params() {
                k.foreign[p] = true;
            }
            for &y in &f.regions[f.body].yields {
                k.base[y] = true;
            }
        }
        // Stores reach back along the flow.
        let mut back: HashMap<Value, Vec<Value>> = HashMap::new();
        for (&v, tos) in &k.to {
            for &(w, _) in tos {
                back.entry(w).or_default().push(v);
            }
        }
        let mut work: Vec<Value> = f.values.keys().filter(|&v| k.base[v]).collect();
        while let Some(v) = work.pop() {
            if !k.stored[v] {
                k.stored[v] = true;
                work.extend(back.get(&v).into_iter().flatten());
            }
        }
        k
    }

    /// Whether a value may be kept for the backward pass at no cost.
    pub(super) fn ok(&self, v: Value) -> bool {
        if self.stored[v] || self.foreign[v] {
            return false;
        }
        // Nor may what it is, or is a part of, be stored into under another name. A loop's last value is not stored into
        // by the loop's next iteration.
        let mut effort = EFFORT;
        let mut seen: HashSet<Value> = HashSet::new();
        let mut work: Vec<(Value, Vec<Inst>)> = vec![(v, Vec::new())];
        while let Some((v, ended)) = work.pop() {
            if !seen.insert(v) {
                continue;
            }
            if self.foreign[v] || self.base[v] {
                return false;
            }
            if self.stored_unless(v, &ended, &mut effort) {
                return false;
            }
            if let Some((from, through)) = self.from.get(&v) {
                let mut ended = ended;
                ended.extend(through);
                work.extend(from.iter().map(|&s| (s, ended.clone())));
            }
        }
        true
    }

    /// Whether a value is stored into under a name it flows to other than through these loops' next iterations.
    fn stored_unless(&self, v: Value, ended: &[Inst], effort: &mut usize) -> bool {
        if !self.stored[v] {
            return false;
        }
        let mut seen: HashSet<Value> = HashSet::new();
        let mut work = vec![v];
        while let Some(v) = work.pop() {
            *effort = effort.saturating_sub(1);
            if *effort == 0 || self.base[v] {
                return true;
            }
            for &(w, through) in self.to.get(&v).into_iter().flatten() {
                let over = through.is_some_and(|l| ended.contains(&l));
                if !over && self.stored[w] && seen.insert(w) {
                    work.push(w);
                }
            }
        }
        false
    }

    fn flow(&mut self, f: &Func, from: Value, to: Value) {
        self.edge(f, from, to, None, None);
    }

    fn edge(
        &mut self,
        f: &Func,
        from: Value,
        to: Value,
        enters: Option<Inst>,
        leaves: Option<Inst>,
    ) {
        if is_array(f.ty(from)) && is_array(f.ty(to)) {
            self.to.entry(from).or_default().push((to, enters));
            let entry = self.from.entry(to).or_default();
            entry.0.push(from);
            entry.1 = leaves;
        }
    }

    fn inst(&mut self, f: &Func, i: Inst, op: &Op) {
        let d = &f.insts[i];
        let result = d.results.first().copied();
        let all = |k: &mut Keep, from: &[Value]| {
            for &a in from {
                for &r in &d.results {
                    k.flow(f, a, r);
                }
            }
        };
        match op {
            Op::Place(PlaceOp::Get(_) | PlaceOp::Record) => all(self, &d.args),
            Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_)) => {
                self.base[d.args[0]] = true;
                // The new array is another version: of the old one it shares nothing that the store did not take over.
                if let Some(r) = result {
                    self.flow(f, d.args[1], r);
                }
            }
            Op::Array(op) => match op {
                ArrayOp::Slice | ArrayOp::Fill | ArrayOp::Array => all(self, &d.args),
                ArrayOp::UpdateSlice | ArrayOp::AddSlice | ArrayOp::Push => {
                    self.base[d.args[0]] = true;
                    if let Some(r) = result {
                        self.flow(f, d.args[1], r);
                    }
                }
                ArrayOp::Pop => self.base[d.args[0]] = true,
                ArrayOp::Len | ArrayOp::Dim(_) => {}
            },
            Op::Shape(ShapeOp::Reshape(_) | ShapeOp::Concat(_)) => all(self, &d.args),
            Op::Shape(
                ShapeOp::Transpose(_)
                | ShapeOp::Broadcast { .. }
                | ShapeOp::Pad(_)
                | ShapeOp::StridedSlice(_)
                | ShapeOp::Reverse(_)
                | ShapeOp::Iota { .. },
            ) => {}
            Op::Unary(UnaryOp::StopGradient)
            | Op::Convert(_)
            | Op::Ternary(TernaryOp::Select | TernaryOp::Clamp | TernaryOp::Fma) => {
                all(self, &d.args)
            }
            Op::Index(IndexOp::ScatterAdd(_)) | Op::Tangent(TangentOp::Accumulate) => {
                self.base[d.args[0]] = true;
            }
            Op::Control(c) => self.control(f, i, c),
            // These make new arrays.
            Op::Const(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Compare(_)
            | Op::Index(IndexOp::Gather(_))
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Tangent(TangentOp::ZerosLike | TangentOp::CustomLinear { .. })
            | Op::Effect(_) => {}
            Op::Slot(SlotOp::Get(..) | SlotOp::Set(..) | SlotOp::Block(_) | SlotOp::Br(_)) => {}
        }
    }

    fn control(&mut self, f: &Func, i: Inst, c: &ControlOp) {
        let d = &f.insts[i];
        match c {
            ControlOp::If | ControlOp::Switch => {
                for &q in &d.regions {
                    for (&y, &r) in f.regions[q].yields.iter().zip(&d.results) {
                        self.flow(f, y, r);
                    }
                }
            }
            ControlOp::While | ControlOp::For => {
                let head = if matches!(c, ControlOp::For) { 2 } else { 0 };
                let skip = usize::from(head == 2);
                let body = d.regions[d.regions.len() - 1];
                for (k, &r) in d.results.iter().enumerate() {
                    for from in [d.args[head + k], f.regions[body].yields[k]] {
                        for &q in &d.regions {
                            let p = f.regions[q].params[skip + k];
                            self.edge(f, from, p, Some(i), Some(i));
                        }
                        self.edge(f, from, r, None, Some(i));
                    }
                }
            }
            // The region sees elements.
            ControlOp::Map => {}
            ControlOp::Call(_) | ControlOp::Derive { .. } => {
                for &a in &d.args {
                    self.base[a] = true;
                }
                for &r in &d.results {
                    self.foreign[r] = true;
                }
            }
        }
    }
}

/// The instruction that owns each region.
pub(super) fn owners(f: &Func) -> SecondaryMap<Region, Option<Inst>> {
    let mut owner = SecondaryMap::new();
    f.visit(f.body, &mut |i, d| {
        for &q in &d.regions {
            owner[q] = Some(i);
        }
    });
    owner
}

/// The loop that carries a region parameter, and as which of its results; `None` for an index and for others.
pub(super) fn carried(
    f: &Func,
    owner: &SecondaryMap<Region, Option<Inst>>,
    v: Value,
) -> Option<(Inst, usize)> {
    let ValueDef::Param(r, n) = f.values[v].def else {
        return None;
    };
    let i = owner[r]?;
    if let Op::Control(ControlOp::For) = f.insts[i].op {
        return Some((i, (n as usize).checked_sub(1)?));
    }
    let is_while = matches!(f.insts[i].op, Op::Control(ControlOp::While));
    is_while.then_some((i, n as usize))
}
