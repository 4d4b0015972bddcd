//! The rest of a region, guarded piece by piece where nesting would get too deep.

use super::Structurize;
use crate::entity::{Inst, SecondaryMap, Slot, Value};
use crate::ir::{ControlOp, SlotData, SlotOp};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

impl Structurize<'_> {
    /// As [`guard`](Self::guard), with an `if esc == 0` of its own for each piece that ends in an instruction that may leave.
    /// Values that cross pieces go through slots.
    pub(super) fn flat(&mut self, mut todo: Vec<Inst>, yields: &mut [Value], out: &mut Vec<Inst>) {
        todo.reverse();
        let mut pieces: Vec<Vec<Inst>> = vec![vec![]];
        let mut home: SecondaryMap<Value, Option<usize>> = SecondaryMap::new();
        for i in todo {
            let n = pieces.len() - 1;
            pieces[n].push(i);
            for &v in &self.f.insts[i].results {
                home[v] = Some(n);
            }
            if !self.inst_exits(i).labels.is_empty() {
                pieces.push(vec![]);
            }
        }
        let mut slots: SecondaryMap<Value, Option<Slot>> = SecondaryMap::new();
        for (n, piece) in pieces.iter_mut().enumerate() {
            let mut gets = Vec::new();
            let mut local: BTreeMap<Value, Value> = BTreeMap::new();
            let (mut insts, mut regions) = (piece.clone(), Vec::new());
            for &i in piece.iter() {
                for &r in &self.f.insts[i].regions {
                    regions.push(r);
                    self.f.visit(r, &mut |i, d| {
                        insts.push(i);
                        regions.extend(&d.regions);
                    });
                }
            }
            let mut read = |pass: &mut Self, v: &mut Value| {
                if home[*v].is_some_and(|h| h < n) {
                    *v = *local
                        .entry(*v)
                        .or_insert_with(|| pass.read_crossing(&mut slots, *v, &mut gets));
                }
            };
            for i in insts {
                let mut args = core::mem::take(&mut self.f.insts[i].args);
                args.iter_mut().for_each(|v| read(self, v));
                self.f.insts[i].args = args;
            }
            for r in regions {
                let mut ys = core::mem::take(&mut self.f.regions[r].yields);
                ys.iter_mut().for_each(|v| read(self, v));
                self.f.regions[r].yields = ys;
            }
            piece.splice(0..0, gets);
        }
        let mut last = Vec::new();
        for y in yields {
            if home[*y].is_some() {
                *y = self.read_crossing(&mut slots, *y, &mut last);
            }
        }
        for piece in pieces {
            let mut todo = Vec::with_capacity(piece.len());
            for i in piece {
                todo.push(i);
                for v in self.f.insts[i].results.clone() {
                    if let Some(s) = slots[v] {
                        self.inst(&mut todo, SlotOp::Set(s, vec![]), vec![v], vec![], &[]);
                    }
                }
            }
            if todo.is_empty() {
                continue;
            }
            todo.reverse();
            let clear = self.esc_is_clear(out);
            let (then, otherwise) = (self.f.make_region(&[]), self.f.make_region(&[]));
            self.inst(out, ControlOp::If, vec![clear], vec![then, otherwise], &[]);
            self.f.regions[then].insts = self.inner(todo, &mut []);
        }
        out.extend(last);
    }
    /// A read of the slot that carries `v` between pieces.
    fn read_crossing(
        &mut self,
        slots: &mut SecondaryMap<Value, Option<Slot>>,
        v: Value,
        out: &mut Vec<Inst>,
    ) -> Value {
        let ty = self.f.ty(v).clone();
        let s = match slots[v] {
            Some(s) => s,
            None => self.f.slots.push(SlotData {
                ty: ty.clone(),
                name: String::from("crossing"),
            }),
        };
        slots[v] = Some(s);
        self.inst1(out, SlotOp::Get(s, vec![]), vec![], ty)
    }
}
