//! Slots to SSA values.
//!
//! A slot's current value is followed through the region tree: `set s[path] = x` makes it `update cur, x`, `get s[path]` is
//! `get cur`. Branches yield the slots they write, loops carry them, where [`Carry`] says that somebody reads them later;
//! results and parameters have the slot's declared type. A slot that was never written holds the `default` of its type.

use crate::entity::{Inst, Region, SecondaryMap, Slot, Value};
use crate::ir::{ConstOp, ControlOp, Func, Module, Op, PlaceOp, SlotOp, Span, ValueData, ValueDef};
use crate::pass::rotate::rotate;
use crate::pass::slots::Carry;
use crate::pass::structurize;
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Removes all slots of one function (and its blocks, which must go first).
pub fn func(f: &mut Func) {
    structurize::func(f);
    if f.slots.is_empty() {
        return;
    }
    let carry = rotated(f);
    let mut pass = Rename {
        f,
        carry,
        cur: SecondaryMap::new(),
        defaults: SecondaryMap::new(),
        subst: Subst::new(),
        unset: Vec::new(),
    };
    pass.region(pass.f.body);
    let unset = core::mem::take(&mut pass.unset);
    let body = f.body;
    f.regions[body].insts.splice(0..0, unset);
    f.slots = Default::default();
}

/// The analysis, after rotating the loops whose condition writes slots that are read later.
fn rotated(f: &mut Func) -> Carry {
    loop {
        let carry = Carry::of(f);
        if carry.rotate.is_empty() {
            return carry;
        }
        let mut before: SecondaryMap<Inst, Vec<Inst>> = SecondaryMap::new();
        let mut subst = Subst::new();
        for &i in &carry.rotate {
            before[i] = rotate(f, i, &mut subst);
        }
        for r in f.regions.values_mut() {
            if r.insts.iter().any(|&i| !before[i].is_empty()) {
                let old = core::mem::take(&mut r.insts);
                for i in old {
                    r.insts.append(&mut before[i]);
                    r.insts.push(i);
                }
            }
        }
        subst.apply(f);
    }
}

struct Rename<'a> {
    f: &'a mut Func,
    carry: Carry,
    cur: SecondaryMap<Slot, Option<Value>>,
    defaults: SecondaryMap<Slot, Option<Value>>,
    subst: Subst,
    /// What makes `defaults`; goes to the start of the body.
    unset: Vec<Inst>,
}

impl Rename<'_> {
    fn value(&mut self, s: Slot) -> Value {
        if let Some(v) = self.cur[s].or(self.defaults[s]) {
            return v;
        }
        let ty = self.f.slots[s].ty.clone();
        let i = self.f.make_inst(
            ConstOp::Default(ty.clone()).into(),
            vec![],
            vec![],
            &[ty],
            Span::NONE,
        );
        self.unset.push(i);
        let v = self.f.insts[i].results[0];
        self.defaults[s] = Some(v);
        v
    }

    fn region(&mut self, r: Region) {
        let insts = core::mem::take(&mut self.f.regions[r].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for i in insts {
            self.subst.all(&mut self.f.insts[i].args);
            if !self.f.insts[i].regions.is_empty() {
                self.control(i);
                kept.push(i);
                continue;
            }
            // Replace the op for the moment, so that its path can be moved.
            if !matches!(self.f.insts[i].op, Op::Slot(_)) {
                kept.push(i);
                continue;
            }
            let op = core::mem::replace(&mut self.f.insts[i].op, PlaceOp::Record.into());
            match op {
                Op::Slot(SlotOp::Get(s, path)) => {
                    let base = self.value(s);
                    if path.is_empty() {
                        let old = self.f.insts[i].results[0];
                        self.subst.set(old, base);
                    } else {
                        let d = &mut self.f.insts[i];
                        d.op = PlaceOp::Get(path).into();
                        d.args.insert(0, base);
                        kept.push(i);
                    }
                }
                Op::Slot(SlotOp::Set(s, path)) => {
                    if path.is_empty() {
                        self.cur[s] = Some(self.f.insts[i].args[0]);
                    } else {
                        let base = self.value(s);
                        let ty = self.f.slots[s].ty.clone();
                        let v = self.f.values.push(ValueData {
                            ty,
                            def: ValueDef::Result(i, 0),
                        });
                        let d = &mut self.f.insts[i];
                        d.op = PlaceOp::Update(path).into();
                        d.args.insert(0, base);
                        d.results = vec![v];
                        self.cur[s] = Some(v);
                        kept.push(i);
                    }
                }
                // `structurize` leaves a `br` only where the verifier forbids one.
                op => {
                    self.f.insts[i].op = op;
                    kept.push(i);
                }
            }
        }
        self.f.regions[r].insts = kept;
        self.subst.all(&mut self.f.regions[r].yields);
    }

    fn control(&mut self, i: Inst) {
        let carried = self.carry.carried(i).to_vec();
        let written: Vec<Slot> = self.carry.written(i).collect();
        let is_loop = matches!(
            self.f.insts[i].op,
            Op::Control(ControlOp::While | ControlOp::For)
        );
        if is_loop {
            for &s in &carried {
                let v = self.value(s);
                self.f.insts[i].args.push(v);
            }
        }
        let before: Vec<Option<Value>> = written.iter().map(|&s| self.cur[s]).collect();
        let is_while = matches!(self.f.insts[i].op, Op::Control(ControlOp::While));
        for (k, r) in self.f.insts[i].regions.clone().into_iter().enumerate() {
            if is_loop {
                for &s in &carried {
                    let ty = self.f.slots[s].ty.clone();
                    self.cur[s] = Some(self.f.add_param(r, ty));
                }
            }
            self.region(r);
            if !(is_while && k == 0) {
                for &s in &carried {
                    let v = self.value(s);
                    self.f.regions[r].yields.push(v);
                }
            }
            for (&s, &v) in written.iter().zip(&before) {
                self.cur[s] = v;
            }
        }
        // What is written but not carried is dead from here on.
        for &s in &written {
            self.cur[s] = None;
        }
        for &s in &carried {
            let n = self.f.insts[i].results.len() as u32;
            let v = self.f.values.push(ValueData {
                ty: self.f.slots[s].ty.clone(),
                def: ValueDef::Result(i, n),
            });
            self.f.insts[i].results.push(v);
            self.cur[s] = Some(v);
        }
    }
}
