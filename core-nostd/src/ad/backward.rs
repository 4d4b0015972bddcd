//! Transposition: the backward function of a jvp function, and the residuals it needs.
//!
//! The linear part is walked in reverse; each linear value has a cotangent under construction. A value used only in its
//! own region accumulates in SSA; one captured by an inner region accumulates in a slot, which `mem2reg` threads through
//! branches and loops later. So a cotangent of an array is one accumulator updated in place.
//!
//! What the transposed code needs of the primal is asked for as a [`Key`]; what becomes of that is decided scope by scope
//! ([`super::residual`], [`super::plan`]). [`super::forward`] then makes the forward function supply what is to be saved.

use super::adjoint::{Ct, narrow};
use super::demand::{Demands, Key};
use super::extent::Extents;
use super::invariant::Invariants;
use super::keep::{Keep, owners};
use super::linear::Marks;
use super::residual::{Kind, Scope};
use super::reverse::{Operand, VjpKey};
use super::{Ad, Mask};
use crate::entity::{FuncId, Inst, Region, Slot, Value};
use crate::error::AdError;
use crate::ir::{BinaryOp, Builder, ControlOp, DType, Func, InstData, Op, TangentOp, Type};
use crate::ops::{self, TransposeCx};
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// A backward function and what it wants.
pub(crate) struct Backward {
    pub(crate) func: Func,
    pub(crate) demands: Demands,
    /// The instructions that read the record's fields, in order, if the residuals are on a stack of the recursion.
    pub(crate) fields: Vec<Inst>,
}

/// What is known of the jvp function besides its marks.
pub(super) struct Facts {
    pub(super) keep: Keep,
    pub(super) extents: Extents,
    pub(super) invariants: Invariants,
}

pub(super) struct Back<'a, 'm> {
    pub(super) ad: &'a mut Ad<'m>,
    pub(super) src: &'a Func,
    pub(super) marks: &'a Marks,
    pub(super) facts: &'a Facts,
    pub(super) b: Builder,
    pub(super) scopes: Vec<Scope>,
    pub(super) ct: HashMap<Value, Ct>,
    pub(super) demands: Demands,
    /// The values that stand-ins stand for.
    pub(super) alias: Subst,
    /// The stacks of the loops, and what they are at the function's start.
    pub(super) entry: Vec<(Slot, Value)>,
    /// See [`Backward::fields`].
    pub(super) fields: Vec<Inst>,
    /// The stack of the recursion.
    recursion: Option<Slot>,
    pub(super) error: Option<AdError>,
}

impl Ad<'_> {
    /// The backward function for a key. If `stack` is given, the residuals come from a stack of that type, which is the
    /// last parameter and the last result. The root is the function whose derivative is asked for.
    pub(crate) fn backward(
        &mut self,
        key: &VjpKey,
        src: &Func,
        marks: &Marks,
        stack: Option<&Type>,
        root: bool,
    ) -> Result<Backward, AdError> {
        let shape = self.shapes[&key.jvp];
        let name = self.m.fresh_name(&alloc::format!("{}.backward", src.name));
        let outs = &src.regions[src.body].yields[shape.results..];
        let tangents = &src.params()[shape.params..];
        let mut params: Vec<Type> = Vec::new();
        let out_types = &src.results[shape.results..];
        params.extend(super::jvp::select(out_types, &key.cts).cloned());
        params.extend(super::jvp::select(tangents, &key.accs).map(|&v| src.ty(v).clone()));
        params.extend(stack.cloned());
        let mut b = Builder::new(name, &params);
        b.func.span = src.span;
        let given = b.params();
        let facts = Facts {
            keep: Keep::new(src, root),
            extents: Extents::new(owners(src), self.witness(key.jvp, src)),
            invariants: Invariants::new(src),
        };
        let mut back = Back {
            ad: self,
            src,
            marks,
            facts: &facts,
            b,
            scopes: Vec::new(),
            ct: HashMap::new(),
            demands: Demands::default(),
            alias: Subst::new(),
            entry: Vec::new(),
            fields: Vec::new(),
            recursion: None,
            error: None,
        };
        let kind = match stack {
            None if root => Kind::Root,
            None => Kind::Body,
            Some(ty) => {
                let s = back.b.slot(ty.clone(), "residuals");
                back.b.slot_set(s, given[given.len() - 1], vec![], &[]);
                back.recursion = Some(s);
                Kind::Recursion(s)
            }
        };
        back.enter(src.body, kind);
        let mut next = 0;
        let accs_at = key.cts.iter().filter(|c| **c).count();
        let mut acc = accs_at;
        for (&t, &a) in tangents.iter().zip(&key.accs) {
            if a {
                back.ct.insert(t, Ct::Val(given[acc]));
                acc += 1;
            }
        }
        for (&y, &c) in outs.iter().zip(&key.cts) {
            if c {
                back.add(y, given[next]);
                next += 1;
            }
        }
        back.region(src.body)?;
        let mut results: Vec<Value> = Vec::new();
        for &t in tangents {
            let ct = back.ct_or_zero(t);
            results.push(ct);
        }
        back.leave();
        if let Some(s) = back.recursion {
            results.push(back.b.slot_get(s, vec![], &[]));
        }
        if let Some(e) = back.error {
            return Err(e);
        }
        let (demands, fields, mut alias) = (back.demands, back.fields, back.alias);
        let mut func = back.b.finish(&results).map_err(AdError::Build)?;
        alias.apply(&mut func);
        Ok(Backward {
            func,
            demands,
            fields,
        })
    }
}

impl Back<'_, '_> {
    fn region(&mut self, r: Region) -> Result<(), AdError> {
        for &i in self.src.regions[r].insts.iter().rev() {
            let d = &self.src.insts[i];
            let live = d.results.iter().any(|v| self.ct.contains_key(v));
            if live {
                self.b.set_span(d.span);
                self.inst(i, d)?;
            }
        }
        Ok(())
    }

    fn inst(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        match &d.op {
            Op::Control(ControlOp::If | ControlOp::Switch) => self.branch(i, d),
            Op::Control(ControlOp::For | ControlOp::While) => self.repeat(i, d),
            Op::Control(ControlOp::Call(g)) => self.call(i, d, *g),
            Op::Control(ControlOp::Map | ControlOp::Derive { .. }) | Op::Slot(_) => {
                Err(AdError::NotLowered {
                    func: self.src.name.clone(),
                })
            }
            Op::Tangent(TangentOp::CustomLinear {
                transpose,
                tangents,
                ..
            }) => {
                let cts: Vec<Value> = d.results.iter().map(|&v| self.ct_or_zero(v)).collect();
                let n = d.args.len() - *tangents as usize;
                let mut args: Vec<Value> = d.args[..n].iter().map(|&a| self.known(a)).collect();
                args.extend(cts);
                let tys: Vec<Type> = d.args[n..]
                    .iter()
                    .map(|&a| self.src.ty(a).clone())
                    .collect();
                let out = self.b.call(*transpose, &args, &tys);
                for (&a, &ct) in d.args[n..].iter().zip(&out) {
                    self.add(a, ct);
                }
                Ok(())
            }
            Op::Const(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Place(_)
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
            | Op::Effect(_) => {
                let cts = d.results.iter().map(|&v| self.take(v)).collect();
                let mut cx = Cx { back: self, d, cts };
                ops::transpose(&d.op, &mut cx).map_err(|e| self.ad.locate(e, d))
            }
        }
    }

    fn branch(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        let cts: Vec<Option<Value>> = d.results.iter().map(|&v| self.take(v)).collect();
        self.prepare(i);
        let cond = self.known(d.args[0]);
        let mut regions = Vec::new();
        for (arm, &q) in d.regions.iter().enumerate() {
            self.b.open(&[]);
            self.enter(q, Kind::Arm(i, arm));
            for (&y, ct) in self.src.regions[q].yields.iter().zip(&cts) {
                if let Some(ct) = ct {
                    self.add(y, *ct);
                }
            }
            self.region(q)?;
            self.leave();
            regions.push(self.b.close(&[]));
        }
        self.b.raw(d.op.clone(), &[cond], &regions, &[]);
        Ok(())
    }

    fn repeat(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        let is_for = matches!(d.op, Op::Control(ControlOp::For));
        let head = if is_for { 2 } else { 0 };
        let skip = usize::from(is_for);
        let body = d.regions[d.regions.len() - 1];
        let params = self.src.regions[body].params.clone();
        let yields = self.src.regions[body].yields.clone();
        // The useful carried values, each with an accumulator slot that is, around the body, the cotangent of the value
        // at that point of the iteration.
        let mut carried = Vec::new();
        for (k, &res) in d.results.iter().enumerate() {
            // A result is useful without its parameter if the body replaces the value without reading it.
            if self.marks.useful[params[skip + k]] || self.marks.useful[res] {
                let ct = self.ct_or_zero(res);
                let s = self
                    .b
                    .slot(self.src.ty(params[skip + k]).clone(), "carried");
                self.b.slot_set(s, ct, vec![], &[]);
                carried.push((k, s));
            }
        }
        self.prepare(i);
        let (lo, hi, index) = if is_for {
            let (lo, hi) = (self.known(d.args[0]), self.known(d.args[1]));
            (lo, hi, self.src.ty(d.args[0]).clone())
        } else {
            let n = self.residual(Key::Count(i), DType::U64.into());
            (self.b.index(0), n, DType::U64.into())
        };
        // Backwards: iteration j of the new loop is that of `last - j`, and for a counted loop `last` is hi - 1 + lo.
        let one = Scalar::from_int(index.dtype().expect("an index is a scalar"), 1)
            .expect("an integer type");
        let one = self.b.scalar(one);
        let last = self.b.binary(BinaryOp::WrappingSub, hi, one);
        let last = match is_for {
            true => self.b.binary(BinaryOp::WrappingAdd, last, lo),
            false => last,
        };
        let (_, ps) = self.b.open(core::slice::from_ref(&index));
        let number = self.b.binary(BinaryOp::WrappingSub, last, ps[0]);
        self.enter(body, Kind::Iteration(i));
        let scope = self.scopes.last_mut().expect("just opened");
        if is_for {
            scope.given.insert(params[0], number);
        } else {
            scope.counter = Some(number);
        }
        let cts: Vec<Value> = carried
            .iter()
            .map(|&(_, s)| self.b.slot_get(s, vec![], &[]))
            .collect();
        for (&(k, _), &ct) in carried.iter().zip(&cts) {
            self.add(yields[k], ct);
        }
        self.region(body)?;
        for &(k, s) in &carried {
            let ct = self.ct_or_zero(params[skip + k]);
            self.b.slot_set(s, ct, vec![], &[]);
        }
        let settled = self.leave();
        let region = self.b.close(&[]);
        for (slot, after) in settled.counters {
            let x = self.known(after);
            self.b.slot_set(slot, x, vec![], &[]);
        }
        self.b.raw(ControlOp::For, &[lo, hi], &[region], &[]);
        for &(k, s) in &carried {
            let ct = self.b.slot_get(s, vec![], &[]);
            self.add(d.args[head + k], ct);
        }
        Ok(())
    }

    fn call(&mut self, i: Inst, d: &InstData, g: FuncId) -> Result<(), AdError> {
        let Some(&shape) = self.ad.shapes.get(&g) else {
            return Err(AdError::Rule {
                func: self.ad.m.funcs[g].name.clone(),
                why: "it is called with a tangent inside a jvp rule; write it into the rule".into(),
            });
        };
        let cts: Vec<Option<Value>> = d.results[shape.results..]
            .iter()
            .map(|&v| self.take(v))
            .collect();
        let tangents = &d.args[shape.params..];
        // An array's accumulator that exists already goes in and comes back, so that a call that touches one element
        // costs O(1); a scalar's contribution, and a first one, comes back by itself.
        let mut accs: Mask = Vec::new();
        let mut args: Vec<Value> = cts.iter().flatten().copied().collect();
        for (k, &t) in tangents.iter().enumerate() {
            let first = !tangents[..k].contains(&t);
            let acc = first
                && !self.src.ty(t).is_scalar()
                && self.marks.useful[t]
                && self.ct.contains_key(&t);
            accs.push(acc);
            if acc {
                let a = match self.ct[&t] {
                    Ct::Val(v) => v,
                    Ct::Slot(s) => self.b.slot_get(s, vec![], &[]),
                };
                args.push(a);
            }
        }
        let key = VjpKey {
            jvp: g,
            cts: cts.iter().map(Option::is_some).collect(),
            accs: accs.clone(),
        };
        let pair = self.ad.pair(&key)?;
        // Of the parameters: what is given may be of a tighter type.
        let mut tys = self.ad.m.funcs[g].param_types().split_off(shape.params);
        match (pair.recursive, self.recursion.filter(|_| pair.within)) {
            (true, Some(s)) => {
                args.push(self.b.slot_get(s, vec![], &[]));
                tys.push(pair.residuals[0].clone());
                let out = self.b.call(pair.backward, &args, &tys);
                self.b.slot_set(s, out[tangents.len()], vec![], &[]);
                self.returned(tangents, &accs, &out);
            }
            (recursive, _) => {
                for (n, ty) in pair.residuals.iter().enumerate() {
                    args.push(self.residual(Key::Callee(i, n as u32), ty.clone()));
                }
                for operand in &pair.operands {
                    args.push(match *operand {
                        Operand::Value(k) => self.known(d.args[k]),
                        Operand::Extent(k, axis) => self.extent(d.args[k], axis),
                    });
                }
                if recursive {
                    tys.push(pair.residuals[0].clone());
                }
                let out = self.b.call(pair.backward, &args, &tys);
                self.returned(tangents, &accs, &out);
            }
        }
        self.demands.calls.insert(i, pair);
        Ok(())
    }

    /// Takes in the cotangents a call returned.
    fn returned(&mut self, tangents: &[Value], accs: &[bool], out: &[Value]) {
        for ((&t, &acc), &ct) in tangents.iter().zip(accs).zip(out) {
            if !acc {
                continue;
            }
            let ct = narrow(&mut self.b, ct, self.src.ty(t));
            if let Some(Ct::Slot(s)) = self.ct.get(&t).copied() {
                self.b.slot_set(s, ct, vec![], &[]);
            } else {
                self.ct.insert(t, Ct::Val(ct));
            }
        }
        for ((&t, &acc), &ct) in tangents.iter().zip(accs).zip(out) {
            if !acc {
                self.add(t, ct);
            }
        }
    }
}

/// An instruction being transposed.
struct Cx<'x, 'a, 'm> {
    back: &'x mut Back<'a, 'm>,
    d: &'x InstData,
    cts: Vec<Option<Value>>,
}

impl TransposeCx for Cx<'_, '_, '_> {
    fn b(&mut self) -> &mut Builder {
        &mut self.back.b
    }
    fn is_linear(&self, i: usize) -> bool {
        self.back.marks.linear[self.d.args[i]]
    }
    fn operands(&self) -> usize {
        self.d.args.len()
    }
    fn ty(&self, i: usize) -> Type {
        self.back.src.ty(self.d.args[i]).clone()
    }
    fn known(&mut self, i: usize) -> Value {
        let v = self.d.args[i];
        if self.back.marks.linear[v] {
            let op = ops::name(&self.d.op);
            let e =
                super::jvp::not_differentiable(op, "it is not linear in the tangents it is given");
            self.back.error.get_or_insert(e);
            return self.back.zeros(v);
        }
        self.back.known(v)
    }
    fn dim(&mut self, i: usize, axis: u32) -> Value {
        self.back.extent(self.d.args[i], axis)
    }
    fn ct(&self, j: usize) -> Option<Value> {
        self.cts[j]
    }
    fn ct_or_zero(&mut self, j: usize) -> Value {
        match self.cts[j] {
            Some(c) => c,
            None => self.back.zeros(self.d.results[j]),
        }
    }
    fn add(&mut self, i: usize, ct: Value) {
        self.back.add(self.d.args[i], ct);
    }
    fn accumulate(&mut self, i: usize, f: &mut dyn FnMut(&mut Builder, Value) -> Value) {
        self.back.modify(self.d.args[i], f);
    }
}
