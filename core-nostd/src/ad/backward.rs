//! Transposition: the backward function of a jvp function, and the residuals it needs.
//!
//! The linear part is walked in reverse; each linear value has a cotangent under construction. A value used only in its
//! own region accumulates in SSA; one captured by an inner region accumulates in a slot, which `mem2reg` threads through
//! branches and loops later. So a cotangent of an array is one accumulator updated in place.
//!
//! What the transposed code needs of the primal is asked for as a [`Key`]; the answer depends on where the value lives:
//! from the function's own scope it becomes a parameter, from a loop's body a field of the record popped per iteration,
//! from an arm of a branch an extra result of the branch. [`super::forward`] then makes the forward function supply them.

use super::linear::Marks;
use super::reverse::{Pair, VjpKey};
use super::{Ad, Mask};
use crate::entity::{FuncId, Inst, Region, Slot, Value};
use crate::error::AdError;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, ControlOp, DType, Dim, Func, InstData, Op, PlaceOp, ShapeOp,
    SlotOp, Step, TangentOp, Type, ValueDef,
};
use crate::ops::{self, TransposeCx};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Something the backward function needs of the forward one, named by the jvp function's values.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    /// A nonlinear value.
    Value(Value),
    /// An extent of a value (of its primal if linear); the length of a sequence.
    Dim(Value, u32),
    /// The zero of a linear value, with the run-time structure of its primal.
    Zeros(Value),
    /// An extra result of a branch.
    Extra(Inst, u32),
    /// A residual of a called function.
    Callee(Inst, u32),
    /// The records a loop saved.
    Stack(Inst),
    /// How often a `while` ran.
    Count(Inst),
}

/// What the forward function has to supply.
#[derive(Default, Debug)]
pub(crate) struct Demands {
    /// Per region (the body: parameters of the backward function; a loop's body: fields of its record), in order.
    pub(crate) regions: HashMap<Region, Vec<(Key, Type)>>,
    /// Per branch: its extra results, each from one arm.
    pub(crate) extras: HashMap<Inst, Vec<(usize, Key, Type)>>,
    /// The forward and backward functions chosen per call.
    pub(crate) calls: HashMap<Inst, Pair>,
}

/// What a loop saves per iteration: the one residual, or a record of them.
pub(crate) fn saved_type(fields: &[(Key, Type)]) -> Type {
    match fields {
        [(_, one)] => one.clone(),
        many => Type::record(many.iter().map(|(_, t)| t.clone())),
    }
}

enum ScopeKind {
    /// The function's own scope: residuals are parameters.
    Params,
    /// An iteration (or a recursive call): residuals are fields of the record `rec`, popped from `stack` by `pop`.
    Record {
        rec: Value,
        prefix: Vec<Inst>,
        get: Inst,
        pop: Inst,
        set: Inst,
        stack: Slot,
    },
    /// An arm of a branch.
    Arm { inst: Inst, arm: usize },
}

struct Scope {
    region: Region,
    kind: ScopeKind,
    known: HashMap<Key, Value>,
}

/// The cotangent of a linear value under construction.
#[derive(Copy, Clone)]
enum Ct {
    Val(Value),
    Slot(Slot),
}

/// A backward function and what it wants.
pub(crate) struct Backward {
    pub(crate) func: Func,
    pub(crate) demands: Demands,
    /// The instructions that read the record's fields, in order, if the residuals are on a stack of the recursion.
    pub(crate) fields: Vec<Inst>,
}

pub(crate) struct Back<'a, 'm> {
    ad: &'a mut Ad<'m>,
    src: &'a Func,
    marks: &'a Marks,
    b: Builder,
    scopes: Vec<Scope>,
    ct: HashMap<Value, Ct>,
    demands: Demands,
    /// The stack of the recursion.
    recursion: Option<Slot>,
    error: Option<AdError>,
}

impl Ad<'_> {
    /// The backward function for a key. If `stack` is given, the residuals come from a stack of that type, which is the
    /// last parameter and the last result.
    pub(crate) fn backward(
        &mut self,
        key: &VjpKey,
        src: &Func,
        marks: &Marks,
        stack: Option<&Type>,
    ) -> Result<Backward, AdError> {
        let shape = self.shapes[&key.jvp];
        let name = self.m.fresh_name(&alloc::format!("{}.backward", src.name));
        let outs = &src.regions[src.body].yields[shape.results..];
        let tangents = &src.params()[shape.params..];
        let mut params: Vec<Type> = Vec::new();
        params.extend(super::jvp::select(outs, &key.cts).map(|&v| src.ty(v).clone()));
        params.extend(super::jvp::select(tangents, &key.accs).map(|&v| src.ty(v).clone()));
        params.extend(stack.cloned());
        let b = Builder::new(name, &params);
        let given = b.params();
        let mut back = Back {
            ad: self,
            src,
            marks,
            b,
            scopes: Vec::new(),
            ct: HashMap::new(),
            demands: Demands::default(),
            recursion: None,
            error: None,
        };
        let kind = match stack {
            None => ScopeKind::Params,
            Some(ty) => {
                let s = back.b.slot(ty.clone(), "residuals");
                back.b.slot_set(s, given[given.len() - 1], vec![], &[]);
                back.recursion = Some(s);
                back.record_scope(s)
            }
        };
        let start = back.b.func.regions[back.b.func.body].insts.len();
        back.scopes.push(Scope {
            region: src.body,
            kind,
            known: HashMap::new(),
        });
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
            let ct = match back.take(t) {
                Some(c) => c,
                None => back.zeros(t),
            };
            results.push(ct);
        }
        let scope = back.scopes.pop().expect("pushed above");
        let mut fields = Vec::new();
        if let ScopeKind::Record { prefix, .. } = &scope.kind {
            fields = prefix.iter().skip(3).copied().collect();
            let body = back.b.func.body;
            back.splice(body, start, prefix.clone());
            let s = back.recursion.expect("set above");
            results.push(back.b.slot_get(s, vec![], &[]));
        }
        if let Some(e) = back.error {
            return Err(e);
        }
        let demands = back.demands;
        let func = back.b.finish(&results).map_err(AdError::Build)?;
        Ok(Backward {
            func,
            demands,
            fields,
        })
    }
}

impl Back<'_, '_> {
    // Residuals.

    /// A scope whose residuals are fields of a record popped from a slot's stack; types are set at its end.
    fn record_scope(&mut self, stack: Slot) -> ScopeKind {
        let unit = Type::unit();
        let span = self.b.span();
        let f = &mut self.b.func;
        let get = f.make_inst(
            SlotOp::Get(stack, vec![]).into(),
            vec![],
            vec![],
            core::slice::from_ref(&unit),
            span,
        );
        let s = f.insts[get].results[0];
        let pop = f.make_inst(
            ArrayOp::Pop.into(),
            vec![s],
            vec![],
            &[unit.clone(), unit],
            span,
        );
        let (rest, rec) = (f.insts[pop].results[0], f.insts[pop].results[1]);
        let set = f.make_inst(
            SlotOp::Set(stack, vec![]).into(),
            vec![rest],
            vec![],
            &[],
            span,
        );
        ScopeKind::Record {
            rec,
            prefix: vec![get, pop, set],
            get,
            pop,
            set,
            stack,
        }
    }

    fn splice(&mut self, r: Region, at: usize, insts: Vec<Inst>) {
        self.b.func.regions[r].insts.splice(at..at, insts);
    }

    fn scope_of(&self, home: Region) -> Option<usize> {
        self.scopes.iter().rposition(|s| s.region == home)
    }

    fn home(&self, key: Key) -> Region {
        match key {
            Key::Value(v) | Key::Dim(v, _) | Key::Zeros(v) => self.marks.home[v],
            Key::Extra(i, _) | Key::Callee(i, _) | Key::Stack(i) | Key::Count(i) => {
                self.marks.inst_home[i]
            }
        }
    }

    /// The value of a residual in the backward function.
    fn residual(&mut self, key: Key, ty: Type) -> Value {
        let home = self.home(key);
        let Some(at) = self.scope_of(home) else {
            self.error.get_or_insert(AdError::NotLowered {
                func: self.src.name.clone(),
            });
            return self.b.default(ty);
        };
        if let Some(&v) = self.scopes[at].known.get(&key) {
            return v;
        }
        let arm = match &self.scopes[at].kind {
            ScopeKind::Arm { inst, arm } => Some((*inst, *arm)),
            ScopeKind::Params | ScopeKind::Record { .. } => None,
        };
        let v = if let Some((inst, arm)) = arm {
            let extras = self.demands.extras.entry(inst).or_default();
            extras.push((arm, key, ty.clone()));
            let n = extras.len() as u32 - 1;
            self.residual(Key::Extra(inst, n), ty)
        } else {
            let list = self.demands.regions.entry(home).or_default();
            list.push((key, ty.clone()));
            let n = list.len() as u32 - 1;
            match &mut self.scopes[at].kind {
                ScopeKind::Record { rec, prefix, .. } => {
                    let f = &mut self.b.func;
                    let op = PlaceOp::Get(vec![Step::Field(n)]).into();
                    let i = f.make_inst(op, vec![*rec], vec![], &[ty], crate::ir::Span::NONE);
                    prefix.push(i);
                    f.insts[i].results[0]
                }
                ScopeKind::Params | ScopeKind::Arm { .. } => {
                    let body = self.b.func.body;
                    self.b.func.add_param(body, ty)
                }
            }
        };
        self.scopes[at].known.insert(key, v);
        v
    }

    fn cached(&self, v: Value) -> Option<Value> {
        let at = self.scope_of(self.marks.home[v])?;
        self.scopes[at].known.get(&Key::Value(v)).copied()
    }

    /// Whether a value is cheaper recomputed than stored: constants, and integer arithmetic on what is known anyway or
    /// stored less often.
    fn recomputable(&self, v: Value, depth: u32) -> bool {
        let ValueDef::Result(i, _) = self.src.values[v].def else {
            return false;
        };
        let d = &self.src.insts[i];
        let arith = match &d.op {
            Op::Const(_) => return true,
            Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) | Op::Compare(_) | Op::Convert(_) => true,
            Op::Place(_)
            | Op::Array(_)
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Tangent(_)
            | Op::Control(_)
            | Op::Effect(_)
            | Op::Slot(_) => false,
        };
        let ty = self.src.ty(v);
        if !arith || depth > 8 || !ty.is_scalar() || ty.has_tangent() || self.marks.linear[v] {
            return false;
        }
        let own = self.scope_of(self.marks.home[v]);
        d.args.iter().all(|&a| {
            let outer = self.scope_of(self.marks.home[a]) < own;
            self.cached(a).is_some() || outer || self.recomputable(a, depth + 1)
        })
    }

    /// The value of a nonlinear value in the backward function.
    fn known(&mut self, v: Value) -> Value {
        if let Some(x) = self.cached(v) {
            return x;
        }
        if let (true, ValueDef::Result(i, k)) = (self.recomputable(v, 0), self.src.values[v].def) {
            let d = self.src.insts[i].clone();
            let args: Vec<Value> = d.args.iter().map(|&a| self.known(a)).collect();
            let tys: Vec<Type> = d.results.iter().map(|&r| self.src.ty(r).clone()).collect();
            let n = self.b.raw(d.op, &args, &[], &tys);
            return self.b.func.insts[n].results[k as usize];
        }
        let ty = self.src.ty(v).clone();
        self.residual(Key::Value(v), ty)
    }

    /// The extent of a value along an axis, as `u64`.
    fn extent(&mut self, v: Value, axis: u32) -> Value {
        let known = self
            .src
            .ty(v)
            .as_tensor()
            .and_then(|t| t.shape.get(axis as usize))
            .and_then(|d| d.known());
        match known {
            Some(n) => self.b.index(n),
            None => self.residual(Key::Dim(v, axis), DType::U64.into()),
        }
    }

    /// The zero of a linear value.
    fn zeros(&mut self, v: Value) -> Value {
        let ty = self.src.ty(v).clone();
        if ty.is_static() {
            return self.b.default(ty);
        }
        let Type::Tensor(t) = &ty else {
            return self.residual(Key::Zeros(v), ty);
        };
        let mut args = vec![self.b.scalar(Scalar::zero(t.dtype))];
        for (k, d) in t.shape.iter().enumerate() {
            if *d == Dim::Dynamic {
                args.push(self.extent(v, k as u32));
            }
        }
        self.b.inst1(
            ShapeOp::Broadcast {
                shape: t.shape.clone(),
                dims: vec![],
            },
            &args,
        )
    }

    // Cotangents.

    /// Adds to the cotangent of a value; nothing if it is not linear and useful.
    fn add(&mut self, v: Value, ct: Value) {
        if !self.marks.useful[v] {
            return;
        }
        match self.ct.get(&v).copied() {
            None => {
                self.ct.insert(v, Ct::Val(ct));
            }
            Some(Ct::Val(a)) => {
                let s = self.b.inst1(TangentOp::Accumulate, &[a, ct]);
                self.ct.insert(v, Ct::Val(s));
            }
            Some(Ct::Slot(s)) => {
                let a = self.b.slot_get(s, vec![], &[]);
                let sum = self.b.inst1(TangentOp::Accumulate, &[a, ct]);
                self.b.slot_set(s, sum, vec![], &[]);
            }
        }
    }

    /// Replaces the cotangent of a value by a function of it.
    fn modify(&mut self, v: Value, f: &mut dyn FnMut(&mut Builder, Value) -> Value) {
        if !self.marks.useful[v] {
            return;
        }
        match self.ct.get(&v).copied() {
            Some(Ct::Slot(s)) => {
                let a = self.b.slot_get(s, vec![], &[]);
                let n = f(&mut self.b, a);
                self.b.slot_set(s, n, vec![], &[]);
            }
            Some(Ct::Val(a)) => {
                let n = f(&mut self.b, a);
                self.ct.insert(v, Ct::Val(n));
            }
            None => {
                let a = self.zeros(v);
                let n = f(&mut self.b, a);
                self.ct.insert(v, Ct::Val(n));
            }
        }
    }

    /// The finished cotangent of a value.
    fn take(&mut self, v: Value) -> Option<Value> {
        match self.ct.remove(&v)? {
            Ct::Val(c) => Some(c),
            Ct::Slot(s) => Some(self.b.slot_get(s, vec![], &[])),
        }
    }

    /// Gives the values an instruction's regions capture their accumulator slots.
    fn prepare(&mut self, i: Inst) {
        for v in self.marks.captured.get(&i).cloned().unwrap_or_default() {
            let init = match self.ct.get(&v).copied() {
                Some(Ct::Slot(_)) => continue,
                Some(Ct::Val(c)) => c,
                None => self.zeros(v),
            };
            let s = self.b.slot(self.src.ty(v).clone(), "cotangent");
            self.b.slot_set(s, init, vec![], &[]);
            self.ct.insert(v, Ct::Slot(s));
        }
    }

    // The walk.

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
            | Op::Tangent(_)
            | Op::Effect(_) => {
                let cts = d.results.iter().map(|&v| self.take(v)).collect();
                let mut cx = Cx { back: self, d, cts };
                ops::transpose(&d.op, &mut cx).map_err(|e| self.ad.locate(e, d))
            }
        }
    }

    fn ct_or_zero(&mut self, v: Value) -> Value {
        match self.take(v) {
            Some(c) => c,
            None => self.zeros(v),
        }
    }

    fn branch(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        let cts: Vec<Option<Value>> = d.results.iter().map(|&v| self.take(v)).collect();
        self.prepare(i);
        let cond = self.known(d.args[0]);
        let mut regions = Vec::new();
        for (arm, &q) in d.regions.iter().enumerate() {
            let kind = ScopeKind::Arm { inst: i, arm };
            self.scopes.push(Scope {
                region: q,
                kind,
                known: HashMap::new(),
            });
            self.b.open(&[]);
            for (&y, ct) in self.src.regions[q].yields.iter().zip(&cts) {
                if let Some(ct) = ct {
                    self.add(y, *ct);
                }
            }
            self.region(q)?;
            regions.push(self.b.close(&[]));
            self.scopes.pop();
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
        let stack = self.b.slot(Type::unit(), "saved");
        let (region, ps) = self.b.open(core::slice::from_ref(&index));
        let mut known = HashMap::new();
        if is_for {
            // The index in reverse: hi - 1 - (j - lo).
            let one = Scalar::from_int(index.dtype().expect("an index is a scalar"), 1)
                .expect("an integer type");
            let one = self.b.scalar(one);
            let k = self.b.binary(BinaryOp::WrappingSub, ps[0], lo);
            let last = self.b.binary(BinaryOp::WrappingSub, hi, one);
            let rev = self.b.binary(BinaryOp::WrappingSub, last, k);
            known.insert(Key::Value(params[0]), rev);
        }
        let start = self.b.func.regions[region].insts.len();
        let kind = self.record_scope(stack);
        self.scopes.push(Scope {
            region: body,
            kind,
            known,
        });
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
        let region = self.b.close(&[]);
        let scope = self.scopes.pop().expect("pushed above");
        if let (
            ScopeKind::Record {
                mut prefix,
                get,
                pop,
                rec,
                stack,
                set,
            },
            true,
        ) = (scope.kind, self.demands.regions.contains_key(&body))
        {
            let element = saved_type(&self.demands.regions[&body]);
            let ty = Type::stack(element.clone());
            let f = &mut self.b.func;
            f.slots[stack].ty = ty.clone();
            for v in [f.insts[get].results[0], f.insts[pop].results[0]] {
                f.values[v].ty = ty.clone();
            }
            f.values[rec].ty = element;
            debug_assert_eq!(prefix[2], set);
            if let [_, _, _, only] = prefix[..] {
                // The element is the one residual itself.
                let v = f.insts[only].results[0];
                f.insts[pop].results[1] = v;
                f.values[v].def = ValueDef::Result(pop, 1);
                prefix.pop();
            }
            self.splice(region, start, prefix);
            let saved = self.residual(Key::Stack(i), ty);
            self.b.slot_set(stack, saved, vec![], &[]);
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
        let mut tys: Vec<Type> = tangents.iter().map(|&t| self.src.ty(t).clone()).collect();
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
