//! Copies regions, from another function or within one.
//!
//! A [`Copier`] keeps the maps from what was copied to the copy: values, slots, labels. Copies of several regions by one
//! copier see each other's values, so a function can be copied piecewise. Start with [`Copier::insts`].

use super::builder::Builder;
use super::func::{Func, InstData, RegionData, SlotData, Span, ValueData, ValueDef};
use super::op::{ControlOp, Op, SlotOp};
use super::types::{DType, Type};
use crate::entity::{Inst, Label, PrimaryMap, Region, SecondaryMap, Slot, Value};
use alloc::vec::Vec;

/// Copies instructions and regions to where a [`Builder`] is, renaming by its maps.
///
/// The source is a function given at each call, or `None` for the builder's own. In the latter case a value that is not
/// in the map stands for itself (it belongs to an enclosing region), and so do slots and labels; copying from another
/// function, slots and labels are made anew and every value must be in the map or be copied before it is used.
#[derive(Clone, Debug, Default)]
pub struct Copier {
    values: SecondaryMap<Value, Option<Value>>,
    slots: SecondaryMap<Slot, Option<Slot>>,
    labels: SecondaryMap<Label, Option<Label>>,
}

impl Copier {
    /// A copier that has copied nothing.
    pub fn new() -> Copier {
        Copier::default()
    }
    /// Says what `from` is in the copy.
    pub fn map(&mut self, from: Value, to: Value) {
        self.values[from] = Some(to);
    }
    /// Says what several values are in the copy, pairwise.
    pub fn map_all(&mut self, from: &[Value], to: &[Value]) {
        for (&a, &b) in from.iter().zip(to) {
            self.map(a, b);
        }
    }
    /// What `v` is in the copy, if known.
    pub fn get(&self, v: Value) -> Option<Value> {
        self.values[v]
    }
    /// What `v` is in the copy; itself if unknown.
    pub fn value(&self, v: Value) -> Value {
        self.values[v].unwrap_or(v)
    }
    /// What the values are in the copy; themselves if unknown.
    pub fn all(&self, vs: &[Value]) -> Vec<Value> {
        vs.iter().map(|&v| self.value(v)).collect()
    }
    /// Copies the instructions of region `r` to the builder's open region and returns the copies of its yields. The region's
    /// parameters must have been mapped.
    pub fn insts(&mut self, b: &mut Builder, src: Option<&Func>, r: Region) -> Vec<Value> {
        let n = src.unwrap_or(&b.func).regions[r].insts.len();
        for k in 0..n {
            let i = src.unwrap_or(&b.func).regions[r].insts[k];
            self.inst(b, src, i);
        }
        let f = src.unwrap_or(&b.func);
        self.all(&f.regions[r].yields)
    }
    /// Copies one instruction, with its regions, to the builder's open region.
    pub fn inst(&mut self, b: &mut Builder, src: Option<&Func>, i: Inst) -> Inst {
        let d: InstData = src.unwrap_or(&b.func).insts[i].clone();
        let op = self.op(b, src, d.op);
        let regions: Vec<Region> = d.regions.iter().map(|&r| self.region(b, src, r)).collect();
        let args = self.all(&d.args);
        let f = src.unwrap_or(&b.func);
        let tys: Vec<Type> = d.results.iter().map(|&v| f.ty(v).clone()).collect();
        let span = b.span();
        b.set_span(d.span);
        let copy = b.raw(op, &args, &regions, &tys);
        b.set_span(span);
        for (&old, &new) in d.results.iter().zip(&b.func.insts[copy].results) {
            self.values[old] = Some(new);
        }
        copy
    }
    /// Copies a region with its parameters into a new region that no instruction owns yet.
    pub fn region(&mut self, b: &mut Builder, src: Option<&Func>, r: Region) -> Region {
        let f = src.unwrap_or(&b.func);
        let params = f.regions[r].params.clone();
        let tys: Vec<Type> = params.iter().map(|&v| f.ty(v).clone()).collect();
        let (_, new) = b.open(&tys);
        self.map_all(&params, &new);
        let yields = self.insts(b, src, r);
        b.close(&yields)
    }
    fn op(&mut self, b: &mut Builder, src: Option<&Func>, op: Op) -> Op {
        let Op::Slot(op) = op else { return op };
        Op::Slot(match op {
            SlotOp::Get(s, path) => SlotOp::Get(self.slot(b, src, s), path),
            SlotOp::Set(s, path) => SlotOp::Set(self.slot(b, src, s), path),
            // A label inside the copied part gets a fresh name; one outside it stands for itself within a function.
            SlotOp::Block(l) => {
                let new = b.label();
                self.labels[l] = Some(new);
                SlotOp::Block(new)
            }
            SlotOp::Br(l) => SlotOp::Br(self.labels[l].unwrap_or(l)),
        })
    }
    fn slot(&mut self, b: &mut Builder, src: Option<&Func>, s: Slot) -> Slot {
        match (self.slots[s], src) {
            (Some(new), _) => new,
            (None, None) => s,
            (None, Some(f)) => {
                let new = b.func.slots.push(f.slots[s].clone());
                self.slots[s] = Some(new);
                new
            }
        }
    }
}

impl Func {
    /// Rebuilds the function so that values, instructions and regions are numbered in order of appearance and nothing
    /// unreachable is kept. What is kept is moved, not copied.
    pub fn compact(&mut self) {
        let empty = Func {
            regions: PrimaryMap::new(),
            ..Func::new("", &[], &[])
        };
        let old = core::mem::replace(self, empty);
        self.name = old.name;
        self.results = old.results;
        self.rule = old.rule;
        self.apart = old.apart;
        self.span = old.span;
        let mut pass = Compact {
            old_values: old.values,
            old_insts: old.insts,
            old_regions: old.regions,
            old_slots: old.slots,
            names: Copier::new(),
            new: self,
        };
        let body = pass.region(old.body);
        self.body = body;
    }
}

/// A function being renumbered: what is moved leaves nothing of use behind.
struct Compact<'a> {
    old_values: PrimaryMap<Value, ValueData>,
    old_insts: PrimaryMap<Inst, InstData>,
    old_regions: PrimaryMap<Region, RegionData>,
    old_slots: PrimaryMap<Slot, SlotData>,
    /// The new names.
    names: Copier,
    new: &'a mut Func,
}

impl Compact<'_> {
    /// Regions nest to the verifier's bound at most.
    fn region(&mut self, r: Region) -> Region {
        let mut data = core::mem::take(&mut self.old_regions[r]);
        let new = self.new.regions.push(RegionData::default());
        for (k, v) in data.params.iter_mut().enumerate() {
            self.value(v, ValueDef::Param(new, k as u32));
        }
        for i in &mut data.insts {
            *i = self.inst(*i);
        }
        self.rename(&mut data.yields);
        self.new.regions[new] = data;
        new
    }
    fn inst(&mut self, i: Inst) -> Inst {
        let d = &mut self.old_insts[i];
        let nothing = InstData {
            op: ControlOp::If.into(),
            args: Vec::new(),
            regions: Vec::new(),
            results: Vec::new(),
            span: Span::NONE,
        };
        let mut d = core::mem::replace(d, nothing);
        self.op(&mut d.op);
        for r in &mut d.regions {
            *r = self.region(*r);
        }
        self.rename(&mut d.args);
        let new = self.new.insts.next_key();
        for (k, v) in d.results.iter_mut().enumerate() {
            self.value(v, ValueDef::Result(new, k as u32));
        }
        self.new.insts.push(d)
    }
    fn rename(&self, vs: &mut [Value]) {
        for v in vs {
            *v = self.names.value(*v);
        }
    }
    fn value(&mut self, v: &mut Value, def: ValueDef) {
        let nothing = Type::scalar(DType::Bool);
        let ty = core::mem::replace(&mut self.old_values[*v].ty, nothing);
        let new = self.new.values.push(ValueData { ty, def });
        self.names.map(*v, new);
        *v = new;
    }
    fn op(&mut self, op: &mut Op) {
        let Op::Slot(op) = op else { return };
        match op {
            SlotOp::Get(s, _) | SlotOp::Set(s, _) => {
                let known = self.names.slots[*s];
                let new = known.unwrap_or_else(|| self.new.slots.push(self.old_slots[*s].clone()));
                self.names.slots[*s] = Some(new);
                *s = new;
            }
            SlotOp::Block(l) => {
                let new = Label(self.new.labels);
                self.new.labels += 1;
                self.names.labels[*l] = Some(new);
                *l = new;
            }
            SlotOp::Br(l) => *l = self.names.labels[*l].unwrap_or(*l),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{DType, UnaryOp};

    #[test]
    fn copies_a_function_into_another_and_within_itself() {
        let mut b = Builder::new("f", &[DType::F64.into(), DType::Bool.into()]);
        let (x, c) = (b.params()[0], b.params()[1]);
        let y = b.if_(
            c,
            |b| alloc::vec![b.unary(UnaryOp::Sin, x)],
            |_| alloc::vec![x],
        );
        let f = b.finish(&y).unwrap();

        let mut b = Builder::new("g", &[DType::F64.into(), DType::Bool.into()]);
        let mut copier = Copier::new();
        copier.map_all(f.params(), &b.params());
        let once = copier.insts(&mut b, Some(&f), f.body);
        let body = b.func.body;
        let i = b.func.regions[body].insts[0];
        let twice = Copier::new().inst(&mut b, None, i);
        let result = b.func.insts[twice].results[0];
        let g = b.finish(&[once[0], result]).unwrap();
        assert_eq!(g.size(), 4);
        let arm = |i: usize| {
            let d = &g.insts[g.regions[g.body].insts[i]];
            g.insts[g.regions[d.regions[0]].insts[0]].clone()
        };
        assert_eq!(arm(0).args, g.params()[..1]);
        assert_eq!(arm(1).args, g.params()[..1]);
        assert_ne!(arm(0).results, arm(1).results);
    }

    #[test]
    fn compacting_drops_what_is_unreachable() {
        let mut b = Builder::new("f", &[DType::F64.into()]);
        let x = b.params()[0];
        b.unary(UnaryOp::Exp, x);
        let y = b.unary(UnaryOp::Sin, x);
        let mut f = b.finish(&[y]).unwrap();
        let body = f.body;
        f.regions[body].insts.remove(0);
        f.compact();
        assert_eq!((f.insts.len(), f.values.len()), (1, 2));
        assert_eq!(f.regions[f.body].yields, [Value(1)]);
    }
}
