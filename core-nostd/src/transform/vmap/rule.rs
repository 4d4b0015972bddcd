//! Users' derivative rules of batched functions: the rule of the function, batched.
//!
//! A rule's function takes and gives tangents (cotangents) that are held as their primals are. What it computes may be
//! held otherwise; in particular the cotangent of an argument that the lanes share is the sum over the lanes.

use super::{Key, Vmap};
use crate::entity::{FuncId, Value};
use crate::error::BatchError;
use crate::ir::{Builder, CustomRule, TangentOp, Type};
use crate::ops::batch::{Form, Held, Lanes, tangent_form};
use alloc::format;
use alloc::vec::Vec;

impl Vmap<'_> {
    /// The key of the batched rule of a function, given how the results of the function are held.
    pub(super) fn rule_key(&self, key: &Key) -> Option<(CustomRule, Key)> {
        let f = &self.m.funcs[key.func];
        let rule = f.rule.clone()?;
        let mut forms = key.forms.clone();
        let (tys, with) = match rule {
            CustomRule::Jvp(_) => (f.param_types(), &key.forms),
            CustomRule::Vjp(_) => (f.results.clone(), &self.outs[key]),
            // Few numbers are many in a batch: the mark is dropped.
            CustomRule::Forward => return None,
        };
        for (form, ty) in with.iter().zip(&tys).filter(|(_, t)| t.has_tangent()) {
            forms.push(tangent_form(form, ty));
        }
        let func = rule.func()?;
        Some((rule, Key { func, forms }))
    }

    /// The rule of a batched function, if the function has one.
    pub(super) fn rule(&mut self, key: &Key, id: FuncId) -> Result<Option<CustomRule>, BatchError> {
        let Some((rule, inner)) = self.rule_key(key) else {
            return Ok(None);
        };
        self.solve(&inner)?;
        let called = self.declare(&inner)?;
        let src = self.m.funcs[key.func].clone();
        let made = &self.m.funcs[id];
        let mut params = made.param_types();
        let with = match rule {
            CustomRule::Jvp(_) => made.param_types(),
            CustomRule::Vjp(_) => made.results.clone(),
            CustomRule::Forward => return Ok(None),
        };
        params.extend(with.iter().filter(|t| t.has_tangent()).map(Type::tangent));
        let mut b = Builder::new(self.m.fresh_name(&format!("{}.rule", made.name)), &params);
        b.func.span = made.span;
        let args = b.params();
        let lanes = self.count(&mut b, &src, &key.forms);
        let results = self.m.funcs[called].results.clone();
        let ys = b.call(called, &args, &results);
        let held = ys
            .into_iter()
            .zip(self.outs[&inner].clone())
            .map(|(v, form)| Held::new(v, form));
        let mut out = Vec::new();
        match rule {
            CustomRule::Jvp(_) => {
                let outs = self.outs[key].clone();
                let tangents = src.results.iter().zip(&outs);
                let tangents = tangents.filter(|(t, _)| t.has_tangent());
                let want: Vec<(Type, Form)> = src
                    .results
                    .iter()
                    .cloned()
                    .zip(outs.iter().cloned())
                    .chain(tangents.map(|(t, f)| (t.tangent(), tangent_form(f, t))))
                    .collect();
                for (h, (ty, form)) in held.zip(want) {
                    out.push(lanes.coerce(&mut b, &h, &ty, &form));
                }
            }
            CustomRule::Vjp(_) => {
                let tys = src.param_types();
                let wrt = tys.iter().zip(&key.forms).zip(&args);
                let wrt = wrt.filter(|((t, _), _)| t.has_tangent());
                for (h, ((ty, form), &primal)) in held.zip(wrt) {
                    let primal = Held::new(primal, form.clone());
                    out.push(gathered(&mut b, lanes, &h, ty, &primal));
                }
            }
            CustomRule::Forward => {}
        }
        let func = b.finish(&out).map_err(BatchError::Build)?;
        let rule_id = self.m.funcs.push(func);
        Ok(Some(match rule {
            CustomRule::Jvp(_) => CustomRule::Jvp(rule_id),
            CustomRule::Vjp(_) => CustomRule::Vjp(rule_id),
            CustomRule::Forward => CustomRule::Forward,
        }))
    }
}

/// The cotangents `h` of the lanes held as the primal is (of type `ty`); summed where the lanes share it.
fn gathered(b: &mut Builder, lanes: Lanes, h: &Held, ty: &Type, primal: &Held) -> Value {
    let (t, form) = (ty.tangent(), tangent_form(&primal.form, ty));
    if h.form == form && !form.is_same() {
        return h.value;
    }
    match (&primal.form, ty) {
        (Form::Fields(fs), Type::Record(ts)) => {
            let fields: Vec<Value> = ts
                .iter()
                .enumerate()
                .map(|(k, ty)| {
                    let p = b.field(primal.value, k as u32);
                    if !ty.has_tangent() {
                        return b.inst1(TangentOp::ZerosLike, &[p]);
                    }
                    let c = b.field(h.value, k as u32);
                    let c = Held::new(c, h.form.field(k));
                    gathered(b, lanes, &c, ty, &Held::new(p, fs[k].clone()))
                })
                .collect();
            b.record(&fields)
        }
        (Form::Same, _) => {
            let zero = b.inst1(TangentOp::ZerosLike, &[primal.value]);
            lanes.each(b, &[zero], |b, l, acc| {
                let c = lanes.lane(b, h, &t, l);
                alloc::vec![b.inst1(TangentOp::Accumulate, &[acc[0], c])]
            })[0]
        }
        (Form::Stacked | Form::Each | Form::Fields(_), _) => {
            let zero = b.inst1(TangentOp::ZerosLike, &[primal.value]);
            lanes.each(b, &[zero], |b, l, acc| {
                let c = lanes.lane(b, h, &t, l);
                alloc::vec![lanes.store(b, acc[0], &form, &t, c, l)]
            })[0]
        }
    }
}
