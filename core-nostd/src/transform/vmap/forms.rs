//! How each value of a function is held, given how its arguments are: the least fixed point over loops and calls.
//!
//! What emission makes must be covered by what is found here; what is decided in both places is a function here
//! ([`runs_alone`]).

use super::extents::Extents;
use super::{Key, Vmap};
use crate::entity::{Inst, Region, Value};
use crate::error::BatchError;
use crate::ir::{ControlOp, CustomRule, Func, InstData, Op, Type};
use crate::ops;
use crate::ops::batch::Form;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// How the values of a function are held.
pub(super) struct Forms {
    of: HashMap<Value, Form>,
    pub(super) extents: Extents,
}

impl Forms {
    /// How a value is held.
    pub(super) fn of(&self, v: Value) -> Form {
        self.of.get(&v).cloned().unwrap_or(Form::Same)
    }
    /// Whether all lanes share a value.
    pub(super) fn is_same(&self, v: Value) -> bool {
        !self.of.contains_key(&v)
    }
    /// How several values are held.
    pub(super) fn all(&self, vs: &[Value]) -> Vec<Form> {
        vs.iter().map(|&v| self.of(v)).collect()
    }
    /// The least form for the lanes' choices among the values `vs`, each held as it is.
    fn choice(&self, f: &Func, vs: &[Value]) -> Form {
        let ty = f.ty(vs[0]);
        let mut form = Form::Same;
        for &v in vs {
            form = form.join(&self.of(v), ty);
        }
        if vs.windows(2).all(|w| w[0] == w[1]) {
            return form;
        }
        let stacks = matches!(ty, Type::Tensor(_)) && !form.has_each() && self.extents.equal(vs);
        let chosen = if stacks {
            Form::stacked(ty)
        } else {
            Form::ragged(ty)
        };
        form.join(&chosen, ty)
    }
}

/// Whether a control op is run lane by lane: a loop whose condition differs between the lanes and has control flow in
/// it, and a `map` that a batched array is used in.
pub(super) fn runs_alone(f: &Func, forms: &Forms, i: Inst) -> bool {
    let d = &f.insts[i];
    let Op::Control(c) = &d.op else { return false };
    match c {
        ControlOp::While => {
            let cond = &f.regions[d.regions[0]];
            let differs = cond.yields.iter().any(|&v| !forms.is_same(v));
            differs && cond.insts.iter().any(|&i| !f.insts[i].regions.is_empty())
        }
        ControlOp::Map => {
            let scalar = |v: &Value| forms.is_same(*v) || f.ty(*v).is_scalar();
            d.args.iter().any(|&a| forms.of(a).has_each()) || !f.captured(i).iter().all(scalar)
        }
        ControlOp::If
        | ControlOp::Switch
        | ControlOp::For
        | ControlOp::Call(_)
        | ControlOp::Derive { .. } => false,
    }
}

/// One pass over a function.
struct Pass<'a> {
    f: &'a Func,
    forms: Forms,
    callee: &'a mut dyn FnMut(Key) -> Vec<Form>,
    changed: bool,
}

impl Pass<'_> {
    fn raise(&mut self, v: Value, form: &Form) {
        if form.is_same() {
            return;
        }
        let old = self.forms.of(v);
        let new = old.join(form, self.f.ty(v));
        if new != old {
            self.forms.of.insert(v, new);
            self.changed = true;
        }
    }
    fn raise_all(&mut self, vs: &[Value], forms: &[Form]) {
        for (&v, form) in vs.iter().zip(forms) {
            self.raise(v, form);
        }
    }
    fn ragged(&mut self, vs: &[Value]) {
        for &v in vs {
            let form = Form::ragged(self.f.ty(v));
            self.raise(v, &form);
        }
    }

    fn region(&mut self, r: Region) -> Result<(), BatchError> {
        let f = self.f;
        for &i in &f.regions[r].insts {
            self.inst(i)?;
        }
        Ok(())
    }

    fn inst(&mut self, i: Inst) -> Result<(), BatchError> {
        let f = self.f;
        let d = &f.insts[i];
        if let Op::Control(c) = &d.op {
            return self.control(i, d, c);
        }
        if let Op::Slot(_) = &d.op {
            return Err(BatchError::NotLowered {
                func: f.name.clone(),
            });
        }
        let args = self.forms.all(&d.args);
        if args.iter().all(Form::is_same) {
            return Ok(());
        }
        let ty = |v: &Value| f.ty(*v).clone();
        let tys: Vec<Type> = d.args.iter().map(ty).collect();
        let results: Vec<Type> = d.results.iter().map(ty).collect();
        let out = ops::batched_forms(&d.op, &args, &tys, &results);
        self.raise_all(&d.results, &out);
        Ok(())
    }

    fn control(&mut self, i: Inst, d: &InstData, c: &ControlOp) -> Result<(), BatchError> {
        let f = self.f;
        match c {
            ControlOp::If | ControlOp::Switch => {
                for &r in &d.regions {
                    self.region(r)?;
                }
                for (k, &v) in d.results.iter().enumerate() {
                    let ys: Vec<Value> =
                        d.regions.iter().map(|&r| f.regions[r].yields[k]).collect();
                    if self.forms.is_same(d.args[0]) {
                        for y in ys {
                            let form = self.forms.of(y);
                            self.raise(v, &form);
                        }
                    } else {
                        let form = self.forms.choice(f, &ys);
                        self.raise(v, &form);
                    }
                }
            }
            ControlOp::While | ControlOp::For => self.carried(i, d, c)?,
            ControlOp::Map => {
                let args = self.forms.all(&d.args);
                let inner = f.captured(i);
                if args.iter().all(Form::is_same) && inner.iter().all(|&v| self.forms.is_same(v)) {
                    return Ok(());
                }
                if runs_alone(f, &self.forms, i) {
                    self.ragged(&d.results);
                } else {
                    self.raise_all(&d.results, &vec![Form::Stacked; d.results.len()]);
                }
            }
            ControlOp::Call(g) => {
                let forms = self.forms.all(&d.args);
                if forms.iter().all(Form::is_same) {
                    return Ok(());
                }
                let out = (self.callee)(Key { func: *g, forms });
                self.raise_all(&d.results, &out);
            }
            ControlOp::Derive { .. } => {
                return Err(BatchError::NotLowered {
                    func: f.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn carried(&mut self, i: Inst, d: &InstData, c: &ControlOp) -> Result<(), BatchError> {
        let f = self.f;
        let is_for = matches!(c, ControlOp::For);
        let (head, skip) = if is_for { (2, 1) } else { (0, 0) };
        let init = &d.args[head..];
        if is_for {
            let form = self.forms.of(d.args[0]);
            self.raise(f.regions[d.regions[0]].params[0], &form);
        }
        for (k, &v) in d.results.iter().enumerate() {
            let form = self.forms.of(init[k]);
            self.raise(v, &form);
            let form = self.forms.of(v);
            for &r in &d.regions {
                self.raise(f.regions[r].params[skip + k], &form);
            }
        }
        for &r in &d.regions {
            self.region(r)?;
        }
        let body = &f.regions[d.regions[d.regions.len() - 1]];
        let differs = if is_for {
            d.args[..2].iter().any(|&v| !self.forms.is_same(v))
        } else {
            !self.forms.is_same(f.regions[d.regions[0]].yields[0])
        };
        for (k, &v) in d.results.iter().enumerate() {
            let (p, y) = (body.params[skip + k], body.yields[k]);
            let form = if differs {
                self.forms.choice(f, &[p, y])
            } else {
                self.forms.of(y)
            };
            self.raise(v, &form);
        }
        if runs_alone(f, &self.forms, i) {
            self.ragged(&d.results);
        }
        Ok(())
    }
}

impl Vmap<'_> {
    /// How the values of a function are held, given how those of the functions it calls are.
    pub(super) fn analyse(
        f: &Func,
        args: &[Form],
        callee: &mut dyn FnMut(Key) -> Vec<Form>,
    ) -> Result<Forms, BatchError> {
        let mut p = Pass {
            f,
            forms: Forms {
                of: HashMap::new(),
                extents: Extents::of(f),
            },
            callee,
            changed: true,
        };
        p.raise_all(f.params(), args);
        while core::mem::take(&mut p.changed) {
            p.region(f.body)?;
        }
        Ok(p.forms)
    }

    /// Finds how the results of a function and of all it calls are held.
    pub(super) fn solve(&mut self, key: &Key) -> Result<(), BatchError> {
        if self.outs.contains_key(key) {
            return Ok(());
        }
        let mut keys = vec![key.clone()];
        self.bottom(key);
        loop {
            let mut changed = false;
            let mut next = 0;
            while next < keys.len() {
                let k = keys[next].clone();
                next += 1;
                let f = self.m.funcs[k.func].clone();
                let mut new: Vec<Key> = Vec::new();
                let forms = Vmap::analyse(&f, &k.forms, &mut |c| {
                    if !self.outs.contains_key(&c) {
                        self.bottom(&c);
                        new.push(c.clone());
                    }
                    self.outs[&c].clone()
                })?;
                changed |= !new.is_empty();
                keys.extend(new);
                let ys = &f.regions[f.body].yields;
                let outs: Vec<Form> = ys
                    .iter()
                    .zip(&f.results)
                    .zip(&self.outs[&k])
                    .map(|((&y, ty), old)| old.join(&forms.of(y), ty))
                    .collect();
                if outs != self.outs[&k] {
                    self.outs.insert(k.clone(), outs);
                    changed = true;
                }
                if let Some((CustomRule::Jvp(_), inner)) = self.rule_key(&k) {
                    changed |= self.with_rule(&k, &inner, &mut keys);
                }
            }
            if !changed {
                return Ok(());
            }
        }
    }

    /// Makes the forms of a function's results cover those of its jvp rule's results and tangents.
    fn with_rule(&mut self, key: &Key, inner: &Key, keys: &mut Vec<Key>) -> bool {
        if !self.outs.contains_key(inner) {
            self.bottom(inner);
            keys.push(inner.clone());
            return true;
        }
        let tys = self.m.funcs[key.func].results.clone();
        let n = tys.len();
        let (old, given) = (&self.outs[key], &self.outs[inner]);
        let mut tangents = given[n..].iter();
        let mut new = Vec::new();
        for ((form, value), ty) in old.iter().zip(given).zip(&tys) {
            let mut form = form.join(value, ty);
            if ty.has_tangent()
                && let Some(t) = tangents.next()
            {
                form = form.join(t, ty);
            }
            new.push(form);
        }
        let changed = new != *old;
        self.outs.insert(key.clone(), new);
        changed
    }

    fn bottom(&mut self, key: &Key) {
        let n = self.m.funcs[key.func].results.len();
        self.outs.insert(key.clone(), vec![Form::Same; n]);
    }
}
