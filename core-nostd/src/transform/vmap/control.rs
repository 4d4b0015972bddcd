//! Branches, maps and calls.

use super::Key;
use super::emit::Emit;
use super::forms::runs_alone;
use crate::entity::{Inst, Region, Value};
use crate::error::BatchError;
use crate::ir::{
    BinaryOp, CompareOp, ControlOp, Copier, DType, InstData, Op, TernaryOp, Type, UnaryOp,
};
use crate::ops::batch::{Form, Held, any, shape_of};
use crate::value::Scalar;
use alloc::vec::Vec;

impl Emit<'_, '_> {
    pub(super) fn control(
        &mut self,
        i: Inst,
        d: &InstData,
        c: &ControlOp,
    ) -> Result<(), BatchError> {
        match c {
            ControlOp::If | ControlOp::Switch if self.forms.is_same(d.args[0]) => {
                self.uniform_branch(d)
            }
            ControlOp::If | ControlOp::Switch => self.branch(d, c),
            ControlOp::While => self.while_loop(i, d),
            ControlOp::For => self.for_loop(d),
            ControlOp::Map => {
                self.map_op(i, d);
                Ok(())
            }
            ControlOp::Call(g) => self.call(d, *g),
            ControlOp::Derive { .. } => Err(BatchError::NotLowered {
                func: self.src.name.clone(),
            }),
        }
    }

    /// What a source region yields, in the forms found for the results.
    fn yields(&mut self, r: Region, results: &[Value]) -> Vec<Value> {
        let src = self.src;
        let ys = &src.regions[r].yields;
        ys.iter()
            .zip(results)
            .map(|(&y, &v)| self.held_as(y, v))
            .collect()
    }

    /// All lanes take the same arm.
    fn uniform_branch(&mut self, d: &InstData) -> Result<(), BatchError> {
        let cond = self.held(d.args[0]).value;
        let mut arms = Vec::new();
        for &r in &d.regions {
            self.open(&[]);
            self.region(r)?;
            let ys = self.yields(r, &d.results);
            arms.push(self.close(&ys));
        }
        let Op::Control(op) = d.op.clone() else {
            return Ok(());
        };
        let out = self.b.region_op(op, &[cond], &arms);
        for (&v, value) in d.results.iter().zip(out) {
            self.bind_as(v, value);
        }
        Ok(())
    }

    /// Each lane takes its arm: every arm is run for the lanes that take it, if any, and the results are put together.
    fn branch(&mut self, d: &InstData, c: &ControlOp) -> Result<(), BatchError> {
        let cond = self.held(d.args[0]).value;
        let n = d.regions.len();
        let mut takes = Vec::new();
        if matches!(c, ControlOp::If) {
            let not = self.b.unary(UnaryOp::Not, cond);
            takes.extend([cond, not]);
        } else {
            let mut others: Option<Value> = None;
            for k in 0..n - 1 {
                let dt = self.src.ty(d.args[0]).dtype().unwrap_or(DType::I64);
                let k = Scalar::from_int(dt, k as i128).unwrap_or(Scalar::zero(dt));
                let k = self.b.scalar(k);
                let k = self.lanes.splat(&mut self.b, k);
                let t = self.b.compare(CompareOp::Eq, cond, k);
                takes.push(t);
                others = Some(match others {
                    None => t,
                    Some(o) => self.b.binary(BinaryOp::Or, o, t),
                });
            }
            takes.push(match others {
                Some(o) => self.b.unary(UnaryOp::Not, o),
                None => {
                    let yes = self.b.scalar(true);
                    self.lanes.splat(&mut self.b, yes)
                }
            });
        }
        let src = self.src;
        // Results that are one value whichever arm is taken need no choice.
        let decided: Vec<bool> = (0..d.results.len())
            .map(|k| {
                let y = src.regions[d.regions[0]].yields[k];
                d.regions.iter().all(|&r| src.regions[r].yields[k] == y)
            })
            .collect();
        let open: Vec<usize> = (0..d.results.len()).filter(|&k| !decided[k]).collect();
        let mut arms: Vec<Vec<Value>> = Vec::new();
        for (&r, &t) in d.regions.iter().zip(&takes) {
            arms.push(self.arm(r, t, &d.results, &open)?);
        }
        for (at, &k) in open.iter().enumerate() {
            let v = d.results[k];
            let (form, ty) = (self.forms.of(v), src.ty(v).clone());
            let mut x = arms[n - 1][at];
            for j in (0..n - 1).rev() {
                let lanes = self.lanes;
                x = lanes.select(&mut self.b, takes[j], arms[j][at], x, &form, &ty);
            }
            self.bind_as(v, x);
        }
        for k in (0..d.results.len()).filter(|&k| decided[k]) {
            let y = src.regions[d.regions[0]].yields[k];
            let h = self.held(y);
            self.bind(d.results[k], &h);
        }
        Ok(())
    }

    /// The results of an arm that the lanes of `takes` take.
    fn arm(
        &mut self,
        r: Region,
        takes: Value,
        results: &[Value],
        open: &[usize],
    ) -> Result<Vec<Value>, BatchError> {
        let src = self.src;
        let wanted: Vec<(Value, Value)> = open
            .iter()
            .map(|&k| (src.regions[r].yields[k], results[k]))
            .collect();
        let yields =
            |e: &mut Self| -> Vec<Value> { wanted.iter().map(|&(y, v)| e.held_as(y, v)).collect() };
        if self.is_harmless(r) {
            self.region(r)?;
            return Ok(yields(self));
        }
        let some = any(&mut self.b, takes);
        self.open(&[]);
        let outer = self.enter(takes);
        self.region(r)?;
        let ys = yields(self);
        self.mask = outer;
        let then = self.close(&ys);
        self.open(&[]);
        let zs: Vec<Value> = wanted.iter().map(|&(y, v)| self.nothing(v, y)).collect();
        let otherwise = self.close(&zs);
        Ok(self.b.region_op(ControlOp::If, &[some], &[then, otherwise]))
    }

    /// Whether an arm may be run by lanes that do not take it: it cannot trap, and the coefficients of its derivative are
    /// constants.
    fn is_harmless(&self, r: Region) -> bool {
        let src = self.src;
        src.regions[r].insts.iter().all(|&i| {
            let d = &src.insts[i];
            let scalars = d.results.iter().all(|&v| src.ty(v).is_scalar());
            let floats = scalars
                && d.results
                    .iter()
                    .all(|&v| src.ty(v).dtype().is_some_and(DType::is_differentiable));
            match &d.op {
                Op::Const(_) => true,
                Op::Compare(_) | Op::Convert(_) => scalars,
                Op::Unary(o) => floats && *o == UnaryOp::Neg,
                Op::Binary(o) => floats && matches!(o, BinaryOp::Add | BinaryOp::Sub),
                Op::Ternary(o) => scalars && *o == TernaryOp::Select,
                Op::Place(_)
                | Op::Array(_)
                | Op::Shape(_)
                | Op::Index(_)
                | Op::Reduce(_)
                | Op::Sort(_)
                | Op::Dot(_)
                | Op::Random(_)
                | Op::Linalg(_)
                | Op::Fft(_)
                | Op::Window(_)
                | Op::Tangent(_)
                | Op::Control(_)
                | Op::Effect(_)
                | Op::Slot(_) => false,
            }
        })
    }

    /// A `map` whose region is as it was: what it uses of each lane is given to it element by element.
    fn map_op(&mut self, i: Inst, d: &InstData) {
        let src = self.src;
        let inner = src.captured(i);
        let differing: Vec<Value> = inner
            .iter()
            .copied()
            .filter(|&v| !self.forms.is_same(v))
            .collect();
        let batched = !differing.is_empty() || d.args.iter().any(|&a| !self.forms.is_same(a));
        if batched && runs_alone(src, &self.forms, i) {
            self.lane_by_lane(i);
            return;
        }
        let mut args = Vec::new();
        for &a in &d.args {
            args.push(if batched {
                self.stacked(a)
            } else {
                self.held(a).value
            });
        }
        let like = args[0];
        let dtype = |v: &Value| Type::scalar(src.ty(*v).dtype().unwrap_or(DType::F64));
        let q = d.regions[0];
        let mut tys: Vec<Type> = d.args.iter().map(dtype).collect();
        tys.extend(differing.iter().map(dtype));
        for &v in &differing {
            let x = self.held(v).value;
            args.push(self.lanes.spread(&mut self.b, x, like));
        }
        let mut c = Copier::new();
        for &v in &inner {
            if self.forms.is_same(v) {
                c.map(v, self.held(v).value);
            }
        }
        let (_, params) = self.open(&tys);
        c.map_all(&src.regions[q].params, &params);
        c.map_all(&differing, &params[d.args.len()..]);
        let ys = c.insts(&mut self.b, Some(src), q);
        let region = self.close(&ys);
        let out = self.b.region_op(ControlOp::Map, &args, &[region]);
        for (&v, value) in d.results.iter().zip(out) {
            let form = if batched { Form::Stacked } else { Form::Same };
            debug_assert_eq!(
                shape_of(src.ty(v)).len() + usize::from(batched),
                shape_of(self.b.ty(value)).len()
            );
            self.bind(v, &Held::new(value, form));
        }
    }

    fn call(&mut self, d: &InstData, g: crate::entity::FuncId) -> Result<(), BatchError> {
        let forms = self.forms.all(&d.args);
        if forms.iter().all(Form::is_same) {
            self.copy(d);
            return Ok(());
        }
        let args: Vec<Value> = d.args.iter().map(|&a| self.held(a).value).collect();
        let key = Key { func: g, forms };
        let id = self.vm.declare(&key)?;
        let outs = self.vm.outs[&key].clone();
        // Not read from the function: it may be this one, being written.
        let dim = self.lanes.dim;
        let results: Vec<Type> = outs
            .iter()
            .zip(&self.vm.m.funcs[g].results)
            .map(|(form, ty)| form.ty(ty, dim))
            .collect();
        let out = self.b.call(id, &args, &results);
        for ((&v, value), form) in d.results.iter().zip(out).zip(outs) {
            self.bind(v, &Held::new(value, form));
        }
        Ok(())
    }
}
