//! Integers that loops count: found without having been saved.
//!
//! A carried integer to which the body adds the same amount every time is known from the iteration's number. One to which
//! it adds an amount that is known in each iteration is counted back, from its value after the loop. All sums are modulo
//! the type's range: the forward pass has trapped where that matters.

use super::extent::initial;
use super::keep::carried;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{BinaryOp, ControlOp, DType, Func, Op, ValueDef};
use alloc::vec::Vec;

/// How many operations of a sum are looked at.
const EFFORT: u32 = 64;

/// How deep loops may nest in a sum.
const DEPTH: u32 = 8;

/// A part of what an iteration adds to a carried integer.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Part {
    /// A value, or if `true` its negative.
    Value(Value, bool),
    /// What a counted loop adds in all its iterations: the parts that each of them adds (values from outside it).
    Loop(Inst, Vec<(Value, bool)>),
}

/// What is needed of a function to find its induction variables.
pub(super) struct Inductions<'a> {
    pub(super) f: &'a Func,
    pub(super) owner: &'a SecondaryMap<Region, Option<Inst>>,
    /// The region in which a value is defined.
    pub(super) home: &'a SecondaryMap<Value, Region>,
    /// The region in which an instruction stands.
    pub(super) inst_home: &'a SecondaryMap<Inst, Region>,
}

fn is_integer(f: &Func, v: Value) -> bool {
    f.ty(v).is_scalar() && f.ty(v).dtype().is_some_and(DType::is_int)
}

impl Inductions<'_> {
    /// Whether a value is defined inside an instruction's regions.
    pub(super) fn inside(&self, l: Inst, v: Value) -> bool {
        let mut r = self.home[v];
        while let Some(i) = self.owner[r] {
            if i == l {
                return true;
            }
            r = self.inst_home[i];
        }
        false
    }

    /// What an iteration of `l` adds to its `k`-th carried value.
    pub(super) fn added(&self, l: Inst, k: usize) -> Option<Vec<Part>> {
        self.sum(l, k, DEPTH)
    }

    /// As [`added`](Self::added), if it is the same in every iteration.
    pub(super) fn step(&self, l: Inst, k: usize) -> Option<Vec<(Value, bool)>> {
        self.same(l, k, DEPTH)
    }

    fn same(&self, l: Inst, k: usize, depth: u32) -> Option<Vec<(Value, bool)>> {
        let parts = self.sum(l, k, depth)?;
        let values = parts.into_iter().map(|p| match p {
            Part::Value(v, minus) if !self.inside(l, v) => Some((v, minus)),
            Part::Value(..) | Part::Loop(..) => None,
        });
        values.collect()
    }

    fn sum(&self, l: Inst, k: usize, depth: u32) -> Option<Vec<Part>> {
        let f = self.f;
        let body = *f.insts[l].regions.last()?;
        let mut v = *f.regions[body].yields.get(k)?;
        if depth == 0 || !is_integer(f, v) {
            return None;
        }
        let mut parts = Vec::new();
        for _ in 0..EFFORT {
            if carried(f, self.owner, v) == Some((l, k)) {
                return Some(parts);
            }
            let ValueDef::Result(i, n) = f.values[v].def else {
                return None;
            };
            let d = &f.insts[i];
            if let Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd) = d.op {
                let (a, b) = (d.args[0], d.args[1]);
                // The side that goes on is a parameter or a sum of this loop.
                let (on, part) = if self.goes_on(l, a) { (a, b) } else { (b, a) };
                parts.push(Part::Value(part, false));
                v = on;
            } else if let Op::Binary(BinaryOp::Sub | BinaryOp::WrappingSub) = d.op {
                parts.push(Part::Value(d.args[1], true));
                v = d.args[0];
            } else if let Op::Control(ControlOp::For) = d.op {
                let k = n as usize;
                parts.push(Part::Loop(i, self.same(i, k, depth - 1)?));
                v = initial(f, i, k);
            } else {
                return None;
            }
        }
        None
    }

    /// Whether a summand may lead to the carried value: it is a parameter, or a sum, of this loop.
    fn goes_on(&self, l: Inst, v: Value) -> bool {
        if !self.inside(l, v) {
            return false;
        }
        match self.f.values[v].def {
            ValueDef::Param(..) => carried(self.f, self.owner, v).is_some_and(|(i, _)| i == l),
            ValueDef::Result(i, _) => matches!(
                self.f.insts[i].op,
                Op::Binary(
                    BinaryOp::Add | BinaryOp::WrappingAdd | BinaryOp::Sub | BinaryOp::WrappingSub
                ) | Op::Control(ControlOp::For)
            ),
        }
    }

    /// Whether a value of an iteration is known without its carried values: computed from the index and from values of
    /// outside by operations without regions.
    pub(super) fn independent(&self, l: Inst, v: Value) -> bool {
        let mut work = alloc::vec![v];
        let mut effort = EFFORT;
        while let Some(v) = work.pop() {
            effort -= 1;
            if effort == 0 {
                return false;
            }
            if !self.inside(l, v) {
                continue;
            }
            match self.f.values[v].def {
                ValueDef::Param(..) => {
                    let index = carried(self.f, self.owner, v).is_none()
                        && matches!(self.f.insts[l].op, Op::Control(ControlOp::For));
                    if !index || self.f.insts[l].regions.last() != Some(&self.home[v]) {
                        return false;
                    }
                }
                ValueDef::Result(i, _) => {
                    if !self.f.insts[i].regions.is_empty()
                        || matches!(self.f.insts[i].op, Op::Control(_))
                    {
                        return false;
                    }
                    work.extend(&self.f.insts[i].args);
                }
            }
        }
        true
    }
}
