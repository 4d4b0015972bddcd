//! Loops: counted and conditional, the same number of times in all lanes or not.

use super::emit::{Emit, Local};
use super::forms::runs_alone;
use crate::entity::{Inst, Region, Value};
use crate::error::BatchError;
use crate::ir::{BinaryOp, CompareOp, ControlOp, InstData, ReduceOp, Type};
use crate::ops::batch::{any, extreme};
use alloc::vec;
use alloc::vec::Vec;

/// A carried value that changes in a loop that some lanes leave before others.
struct Carried {
    /// Its position.
    k: usize,
    /// The parameter of the body.
    param: Value,
    /// What the body yields.
    next: Value,
    /// The loop's result.
    result: Value,
}

impl Emit<'_, '_> {
    pub(super) fn for_loop(&mut self, d: &InstData) -> Result<(), BatchError> {
        let same: Vec<bool> = d.args[..2].iter().map(|&v| self.forms.is_same(v)).collect();
        match same[..] {
            [true, true] => self.uniform_loop(d, ControlOp::For),
            [true, _] => self.counted_loop(d),
            _ => self.started_loop(d),
        }
    }

    pub(super) fn while_loop(&mut self, i: Inst, d: &InstData) -> Result<(), BatchError> {
        let src = self.src;
        let cond = src.regions[d.regions[0]].yields[0];
        if self.forms.is_same(cond) {
            return self.uniform_loop(d, ControlOp::While);
        }
        if runs_alone(src, &self.forms, i) {
            self.lane_by_lane(i);
            return Ok(());
        }
        let cs = self.carried(d, 0);
        let init = self.initial(d, 0, &cs);
        let first = self.condition(d.regions[0], &cs, &init)?;
        let mut start = vec![first];
        start.extend(&init);
        let tys: Vec<Type> = start.iter().map(|&v| self.b.ty(v).clone()).collect();
        let tys = self.types(&tys[..1], &cs);
        let (_, ps) = self.open(&tys);
        let some = any(&mut self.b, ps[0]);
        let check = self.close(&[some]);
        let (_, ps) = self.open(&tys);
        let outer = self.enter(ps[0]);
        let next = self.body(d.regions[1], &cs, &ps[1..], outer.id)?;
        let on = self.condition(d.regions[0], &cs, &next)?;
        let on = self.b.binary(BinaryOp::And, ps[0], on);
        let mut ys = vec![on];
        ys.extend(self.frozen(&cs, ps[0], &next, &ps[1..]));
        self.mask = outer;
        let body = self.close(&ys);
        let out = self.b.region_op(ControlOp::While, &start, &[check, body]);
        self.results(&cs, &out[1..]);
        Ok(())
    }

    /// A loop that all lanes run equally often.
    fn uniform_loop(&mut self, d: &InstData, op: ControlOp) -> Result<(), BatchError> {
        let src = self.src;
        let head = if op == ControlOp::For { 2 } else { 0 };
        let skip = usize::from(head == 2);
        let mut args: Vec<Value> = d.args[..head].iter().map(|&v| self.held(v).value).collect();
        for (&a, &v) in d.args[head..].iter().zip(&d.results) {
            args.push(self.held_as(a, v));
        }
        let mut regions = Vec::new();
        for (n, &r) in d.regions.iter().enumerate() {
            let params = &src.regions[r].params;
            let tys: Vec<Type> = params.iter().map(|&p| self.held_type(p)).collect();
            let (_, new) = self.open(&tys);
            for (&p, value) in params.iter().zip(new) {
                self.bind_as(p, value);
            }
            self.region(r)?;
            let ys = &src.regions[r].yields;
            let is_cond = head == 0 && n == 0;
            let mut out = Vec::new();
            for (k, &y) in ys.iter().enumerate() {
                out.push(if is_cond {
                    self.held(y).value
                } else {
                    self.held_as(y, params[skip + k])
                });
            }
            regions.push(self.close(&out));
        }
        let out = self.b.region_op(op, &args, &regions);
        for (&v, value) in d.results.iter().zip(out) {
            self.bind_as(v, value);
        }
        Ok(())
    }

    /// A counted loop that all lanes start at one index: to the last index of any lane, run by those that are not done.
    fn counted_loop(&mut self, d: &InstData) -> Result<(), BatchError> {
        let src = self.src;
        let lo = self.held(d.args[0]).value;
        let hi = self.held(d.args[1]).value;
        let cs = self.carried(d, 1);
        let init = self.initial(d, 2, &cs);
        let last = extreme(&mut self.b, ReduceOp::Max, hi);
        let mut args = vec![lo, last];
        args.extend(&init);
        let index = src.ty(d.args[0]).clone();
        let tys = self.types(&[index], &cs);
        let (_, ps) = self.open(&tys);
        let r = d.regions[0];
        self.bind_as(src.regions[r].params[0], ps[0]);
        let at = self.lanes.splat(&mut self.b, ps[0]);
        let runs = self.b.compare(CompareOp::Lt, at, hi);
        let outer = self.enter(runs);
        let next = self.body(r, &cs, &ps[1..], outer.id)?;
        let ys = self.frozen(&cs, runs, &next, &ps[1..]);
        self.mask = outer;
        let body = self.close(&ys);
        let out = self.b.region_op(ControlOp::For, &args, &[body]);
        self.results(&cs, &out);
        Ok(())
    }

    /// A counted loop that the lanes start at indices of their own: a conditional one that carries these.
    fn started_loop(&mut self, d: &InstData) -> Result<(), BatchError> {
        let src = self.src;
        let r = d.regions[0];
        let (lo, hi) = (self.stacked(d.args[0]), self.stacked(d.args[1]));
        let cs = self.carried(d, 1);
        let init = self.initial(d, 2, &cs);
        let mut start = vec![lo];
        start.extend(&init);
        let index = src.regions[r].params[0];
        let head = self.held_type(index);
        let tys = self.types(&[head], &cs);
        let (_, ps) = self.open(&tys);
        let runs = self.b.compare(CompareOp::Lt, ps[0], hi);
        let some = any(&mut self.b, runs);
        let check = self.close(&[some]);
        let (_, ps) = self.open(&tys);
        let runs = self.b.compare(CompareOp::Lt, ps[0], hi);
        let outer = self.enter(runs);
        let (value, mask) = (ps[0], outer.id);
        self.map[index] = Some(Local { value, mask });
        let at = self.held(index).value;
        let dt = src.ty(index).dtype().unwrap_or(crate::ir::DType::I64);
        let one = crate::value::Scalar::from_int(dt, 1).unwrap_or(crate::value::Scalar::zero(dt));
        let one = self.b.scalar(one);
        let one = self.lanes.splat(&mut self.b, one);
        // Cannot overflow: the index is below the end.
        let later = self.b.add(at, one);
        let form = self.forms.of(index);
        let later = {
            let ty = src.ty(index);
            let lanes = self.lanes;
            lanes.select(&mut self.b, runs, later, ps[0], &form, ty)
        };
        let next = self.body(r, &cs, &ps[1..], outer.id)?;
        let mut ys = vec![later];
        ys.extend(self.frozen(&cs, runs, &next, &ps[1..]));
        self.mask = outer;
        let body = self.close(&ys);
        let out = self.b.region_op(ControlOp::While, &start, &[check, body]);
        self.results(&cs, &out[1..]);
        Ok(())
    }

    /// The carried values that change. The others are bound to what they are before the loop, as parameters of all its
    /// regions and as results.
    fn carried(&mut self, d: &InstData, skip: usize) -> Vec<Carried> {
        let src = self.src;
        let body = &src.regions[d.regions[d.regions.len() - 1]];
        let head = 2 * skip;
        let mut out = Vec::new();
        for (k, &result) in d.results.iter().enumerate() {
            let (param, next) = (body.params[skip + k], body.yields[k]);
            if param == next {
                let h = self.held(d.args[head + k]);
                for &r in &d.regions {
                    self.bind(src.regions[r].params[skip + k], &h);
                }
                self.bind(result, &h);
            } else {
                out.push(Carried {
                    k,
                    param,
                    next,
                    result,
                });
            }
        }
        out
    }

    fn initial(&mut self, d: &InstData, head: usize, cs: &[Carried]) -> Vec<Value> {
        cs.iter()
            .map(|c| self.held_as(d.args[head + c.k], c.result))
            .collect()
    }

    fn types(&self, head: &[Type], cs: &[Carried]) -> Vec<Type> {
        let mut out = head.to_vec();
        out.extend(cs.iter().map(|c| self.held_type(c.result)));
        out
    }

    /// What a condition says of these carried values, which are in the current order.
    fn condition(
        &mut self,
        r: Region,
        cs: &[Carried],
        values: &[Value],
    ) -> Result<Value, BatchError> {
        let src = self.src;
        for (c, &v) in cs.iter().zip(values) {
            self.bind_as(src.regions[r].params[c.k], v);
        }
        self.region(r)?;
        let y = src.regions[r].yields[0];
        Ok(self.held(y).value)
    }

    /// Writes the body; the carried values are in the order of the mask around it. Returns the next ones, in the current
    /// order.
    fn body(
        &mut self,
        r: Region,
        cs: &[Carried],
        params: &[Value],
        mask: u32,
    ) -> Result<Vec<Value>, BatchError> {
        for (c, &value) in cs.iter().zip(params) {
            self.map[c.param] = Some(Local { value, mask });
        }
        self.region(r)?;
        Ok(cs.iter().map(|c| self.held_as(c.next, c.result)).collect())
    }

    /// The next values in the lanes that run, the old ones in those that have left the loop.
    fn frozen(&mut self, cs: &[Carried], runs: Value, next: &[Value], old: &[Value]) -> Vec<Value> {
        let src = self.src;
        let lanes = self.lanes;
        let mut out = Vec::new();
        for ((c, &x), &y) in cs.iter().zip(next).zip(old) {
            let form = self.forms.of(c.result);
            out.push(lanes.select(&mut self.b, runs, x, y, &form, src.ty(c.result)));
        }
        out
    }

    fn results(&mut self, cs: &[Carried], values: &[Value]) {
        for (c, &v) in cs.iter().zip(values) {
            self.bind_as(c.result, v);
        }
    }
}
