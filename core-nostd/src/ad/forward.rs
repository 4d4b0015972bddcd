//! The forward function: the nonlinear part of a jvp function, and code that saves what [`super::backward`] demanded.

use super::Ad;
use super::demand::{Demands, Key, saved_type};
use super::linear::Marks;
use super::reverse::VjpKey;
use crate::entity::{Inst, Region, SecondaryMap, Slot, Value};
use crate::error::AdError;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, ControlOp, DType, Func, InstData, Op, TangentOp, Type, ValueDef,
};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Where a recursive function keeps its residuals: the stack's type, and which fields of its records are this function's.
pub(crate) struct Layout {
    pub(crate) stack: Type,
    pub(crate) offset: usize,
}

struct Fwd<'a, 'm> {
    ad: &'a mut Ad<'m>,
    src: &'a Func,
    marks: &'a Marks,
    witness: HashMap<Value, Value>,
    demands: &'a Demands,
    /// The keys wanted of each value, to be computed where it is defined.
    wanted: HashMap<Value, Vec<Key>>,
    b: Builder,
    map: SecondaryMap<Value, Option<Value>>,
    residuals: HashMap<Key, Value>,
    recursion: Option<Slot>,
    /// The stack of each loop that saves something: one for all its runs, so that a loop inside another makes none.
    stacks: Vec<(Inst, Slot)>,
    /// The values of which the last one in a loop is demanded, and where it is kept while the loop runs.
    lasts: Vec<(Value, Inst)>,
    latest: HashMap<Value, Slot>,
}

impl Ad<'_> {
    /// The forward function for a key, given what its backward function demands. With a layout, the residuals are pushed
    /// to a stack, which is the last parameter and the last result.
    pub(crate) fn forward(
        &mut self,
        key: &VjpKey,
        src: &Func,
        marks: &Marks,
        demands: &Demands,
        layout: Option<&Layout>,
    ) -> Result<Func, AdError> {
        let shape = self.shapes[&key.jvp];
        let name = self.m.fresh_name(&alloc::format!("{}.forward", src.name));
        let mut params: Vec<Type> = src.param_types()[..shape.params].to_vec();
        params.extend(layout.map(|l| l.stack.clone()));
        let mut wanted: HashMap<Value, Vec<Key>> = HashMap::new();
        let mut lasts: Vec<(Value, Inst)> = Vec::new();
        let all = demands.regions.values().flatten().map(|(k, _)| *k);
        for k in all.chain(demands.extras.values().flatten().map(|(_, k, _)| *k)) {
            if let Key::Dim(v, _) | Key::Zeros(v) = k {
                wanted.entry(v).or_default().push(k);
            }
            if let Key::Last(v, l) = k {
                lasts.push((v, l));
            }
        }
        lasts.sort_unstable();
        let witness = self.witness(key.jvp, src);
        let mut b = Builder::new(name, &params);
        b.func.span = src.span;
        let mut fw = Fwd {
            b,
            ad: self,
            src,
            marks,
            witness,
            demands,
            wanted,
            map: SecondaryMap::new(),
            residuals: HashMap::new(),
            recursion: None,
            stacks: Vec::new(),
            lasts,
            latest: HashMap::new(),
        };
        let given = fw.b.params();
        for (&p, &n) in src.params()[..shape.params].iter().zip(&given) {
            fw.map[p] = Some(n);
        }
        if let Some(l) = layout {
            let s = fw.b.slot(l.stack.clone(), "residuals");
            fw.b.slot_set(s, given[shape.params], vec![], &[]);
            fw.recursion = Some(s);
        }
        fw.stacks();
        fw.region(src.body)?;
        for (i, s) in fw.stacks.clone() {
            let v = fw.b.slot_get(s, vec![], &[]);
            fw.residuals.insert(Key::Stack(i), v);
        }
        let mut out: Vec<Value> = src.regions[src.body].yields[..shape.results]
            .iter()
            .map(|&y| fw.val(y))
            .collect();
        let own = fw.supply(src.body);
        match layout {
            None => out.extend(own),
            Some(l) => {
                let s = fw.recursion.expect("set above");
                let Type::Stack(rec) = &l.stack else {
                    unreachable!("a layout's type is a stack")
                };
                let Type::Record(fields) = &**rec else {
                    unreachable!("a layout's stack holds records")
                };
                let end = l.offset + own.len();
                let mut vals = Vec::new();
                for (k, ty) in fields.iter().enumerate() {
                    vals.push(if (l.offset..end).contains(&k) {
                        own[k - l.offset]
                    } else {
                        fw.b.default(ty.clone())
                    });
                }
                let rec = fw.b.record(&vals);
                fw.push(s, rec);
                out.push(fw.b.slot_get(s, vec![], &[]));
            }
        }
        fw.b.finish(&out).map_err(AdError::Build)
    }

    /// Which primal value has the run-time structure of a tangent: known for those the jvp made, and for parameters.
    pub(super) fn witness(&self, jvp: crate::entity::FuncId, src: &Func) -> HashMap<Value, Value> {
        let mut w = match self.jvp_keys.get(&jvp) {
            Some(k) => self.jvps[k].witness.clone(),
            None => HashMap::new(),
        };
        if w.is_empty() {
            // A user's rule: one tangent for each parameter that has a tangent space, in order.
            let n = self.shapes[&jvp].params;
            // Of one made here, for each that is active.
            let made = self.columns.iter().find(|(_, rule)| **rule == jvp);
            let active = |k: usize| made.is_none_or(|((_, mask), _)| mask[k]);
            let primals = src.params()[..n].iter().enumerate();
            let primals = primals.filter(|&(k, &p)| src.ty(p).has_tangent() && active(k));
            let primals = primals.map(|(_, p)| p);
            w.extend(src.params()[n..].iter().copied().zip(primals.copied()));
        }
        w
    }
}

impl Fwd<'_, '_> {
    fn val(&self, v: Value) -> Value {
        self.map[v].expect("a nonlinear value is defined before it is used")
    }

    /// Makes the stacks of the loops.
    fn stacks(&mut self) {
        let mut loops: Vec<(Inst, Type)> = Vec::new();
        self.src.visit(self.src.body, &mut |i, d| {
            if let Op::Control(ControlOp::While | ControlOp::For) = d.op
                && let Some(body) = d.regions.last()
                && let Some(fields) = self.demands.regions.get(body)
            {
                loops.push((i, Type::stack(saved_type(fields))));
            }
        });
        for (i, ty) in loops {
            let s = self.b.slot(ty.clone(), "saved");
            let empty = self.b.default(ty);
            self.b.slot_set(s, empty, vec![], &[]);
            self.stacks.push((i, s));
        }
    }

    /// `stack = push(stack, x)`.
    fn push(&mut self, s: Slot, x: Value) {
        let ty = self.b.func.slots[s].ty.clone();
        let old = self.b.slot_get(s, vec![], &[]);
        let i = self.b.raw(ArrayOp::Push, &[old, x], &[], &[ty]);
        let new = self.b.func.insts[i].results[0];
        self.b.slot_set(s, new, vec![], &[]);
    }

    /// A value with the run-time structure of `v`: itself if nonlinear, else of its primal, or the same op applied to
    /// such values.
    fn shape_of(&mut self, v: Value) -> Value {
        if !self.marks.linear[v] {
            return self.val(v);
        }
        if let Some(&p) = self.witness.get(&v) {
            return self.val(p);
        }
        if let (Some(x), Some(i)) = (self.map[v], self.src.def_inst(v)) {
            debug_assert!(self.src.insts[i].results.contains(&v));
            return x;
        }
        if let Some(start) = self.carried_from(v) {
            return self.shape_of(start);
        }
        let i = self
            .src
            .def_inst(v)
            .expect("tangents among region parameters have a witness or are carried");
        let d = self.src.insts[i].clone();
        let args: Vec<Value> = d.args.iter().map(|&a| self.shape_of(a)).collect();
        let out = self.b.inst(d.op, &args);
        for (&r, &o) in d.results.iter().zip(&out) {
            self.map[r] = Some(o);
        }
        self.map[v].expect("set above")
    }

    /// The initial value of a loop's result or parameter. Loops without witnesses are those that an op's rule makes, and
    /// these carry values whose structure does not change.
    fn carried_from(&self, v: Value) -> Option<Value> {
        let first = |op: &Op| {
            if *op == Op::Control(ControlOp::For) {
                Some(2usize)
            } else {
                (*op == Op::Control(ControlOp::While)).then_some(0)
            }
        };
        match self.src.values[v].def {
            ValueDef::Result(i, n) => {
                let d = &self.src.insts[i];
                Some(d.args[first(&d.op)? + n as usize])
            }
            ValueDef::Param(r, n) => {
                let owner = self.src.insts.iter().find(|(_, d)| d.regions.contains(&r));
                let (_, d) = owner?;
                // A `for`'s first parameter is its index.
                let at = match first(&d.op)? {
                    0 => n as usize,
                    lo => lo + (n as usize).checked_sub(1)?,
                };
                Some(d.args[at])
            }
        }
    }

    /// Computes the wanted extents and zeros of values just defined.
    fn wanted(&mut self, vs: &[Value]) {
        for v in vs {
            for k in self.wanted.get(v).cloned().unwrap_or_default() {
                let x = self.shape_of(*v);
                let r = match k {
                    Key::Dim(_, axis) if matches!(self.b.ty(x), Type::Tensor(_)) => {
                        self.b.inst1(ArrayOp::Dim(axis), &[x])
                    }
                    Key::Dim(..) => self.b.len(x),
                    Key::Zeros(_) => self.b.inst1(TangentOp::ZerosLike, &[x]),
                    Key::Value(_)
                    | Key::Extra(..)
                    | Key::Callee(..)
                    | Key::Stack(_)
                    | Key::Last(..)
                    | Key::Count(_) => {
                        unreachable!("only extents and zeros are computed on demand")
                    }
                };
                self.residuals.insert(k, r);
            }
        }
    }

    /// The residuals of a region, in the order demanded.
    fn supply(&mut self, r: Region) -> Vec<Value> {
        let keys = self.demands.regions.get(&r).cloned().unwrap_or_default();
        keys.into_iter().map(|(k, _)| self.key(k)).collect()
    }

    fn key(&mut self, k: Key) -> Value {
        match k {
            Key::Value(v) => self.val(v),
            Key::Dim(..)
            | Key::Zeros(_)
            | Key::Extra(..)
            | Key::Callee(..)
            | Key::Stack(_)
            | Key::Last(..)
            | Key::Count(_) => self.residuals[&k],
        }
    }

    fn region(&mut self, r: Region) -> Result<(), AdError> {
        let params = self.src.regions[r].params.clone();
        self.wanted(&params);
        for &i in &self.src.regions[r].insts {
            let d = &self.src.insts[i];
            self.b.set_span(d.span);
            let lasts: Vec<Value> = self.lasts_of(i);
            for &v in &lasts {
                let ty = self.src.ty(v).clone();
                let s = self.b.slot(ty.clone(), "last");
                let none = self.b.default(ty);
                self.b.slot_set(s, none, vec![], &[]);
                self.latest.insert(v, s);
            }
            self.inst(i, d)?;
            self.wanted(&d.results);
            for v in lasts {
                if let Some(s) = self.latest.remove(&v) {
                    let x = self.b.slot_get(s, vec![], &[]);
                    self.residuals.insert(Key::Last(v, i), x);
                }
            }
            for &v in &d.results {
                if let Some(&s) = self.latest.get(&v) {
                    let x = self.val(v);
                    self.b.slot_set(s, x, vec![], &[]);
                }
            }
        }
        Ok(())
    }

    fn lasts_of(&self, i: Inst) -> Vec<Value> {
        let of = self.lasts.iter().filter(|(_, l)| *l == i);
        of.map(|(v, _)| *v).collect()
    }

    fn inst(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        match &d.op {
            Op::Control(ControlOp::If | ControlOp::Switch) => self.branch(i, d),
            Op::Control(ControlOp::While | ControlOp::For) => self.repeat(i, d),
            Op::Control(ControlOp::Call(g)) => self.call(i, d, *g),
            Op::Control(ControlOp::Map | ControlOp::Derive { .. }) | Op::Slot(_) => {
                Err(AdError::NotLowered {
                    func: self.src.name.clone(),
                })
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
                if d.results.iter().any(|&v| self.marks.linear[v]) {
                    return Ok(());
                }
                let args: Vec<Value> = d.args.iter().map(|&a| self.shape_of(a)).collect();
                self.emit(d, d.op.clone(), &args, &[], &d.results, &[]);
                Ok(())
            }
        }
    }

    /// Emits an instruction whose first results are those of `primal`; returns the extra ones.
    fn emit(
        &mut self,
        d: &InstData,
        op: Op,
        args: &[Value],
        regions: &[Region],
        primal: &[Value],
        extra: &[Type],
    ) -> Vec<Value> {
        debug_assert_eq!(self.b.span(), d.span);
        let mut tys: Vec<Type> = primal.iter().map(|&v| self.src.ty(v).clone()).collect();
        tys.extend(extra.iter().cloned());
        let i = self.b.raw(op, args, regions, &tys);
        let res = self.b.func.insts[i].results.clone();
        for (&v, &n) in primal.iter().zip(&res) {
            self.map[v] = Some(n);
        }
        res[primal.len()..].to_vec()
    }

    fn nonlinear(&self, vs: &[Value]) -> Vec<Value> {
        vs.iter()
            .copied()
            .filter(|&v| !self.marks.linear[v])
            .collect()
    }

    fn branch(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        let cond = self.val(d.args[0]);
        let extras: Vec<(usize, Key, Type)> =
            self.demands.extras.get(&i).cloned().unwrap_or_default();
        let mut regions = Vec::new();
        for (arm, &q) in d.regions.iter().enumerate() {
            self.b.open(&[]);
            self.region(q)?;
            let mut ys = Vec::new();
            for (&y, &res) in self.src.regions[q].yields.iter().zip(&d.results) {
                if !self.marks.linear[res] {
                    ys.push(self.val(y));
                }
            }
            for (from, key, ty) in &extras {
                let v = if *from == arm {
                    self.key(*key)
                } else {
                    self.b.default(ty.clone())
                };
                ys.push(v);
            }
            regions.push(self.b.close(&ys));
        }
        self.b.set_span(d.span);
        let primal = self.nonlinear(&d.results);
        let tys: Vec<Type> = extras.iter().map(|(_, _, t)| t.clone()).collect();
        let out = self.emit(d, d.op.clone(), &[cond], &regions, &primal, &tys);
        for (n, v) in out.into_iter().enumerate() {
            self.residuals.insert(Key::Extra(i, n as u32), v);
        }
        Ok(())
    }

    fn repeat(&mut self, i: Inst, d: &InstData) -> Result<(), AdError> {
        let is_for = matches!(d.op, Op::Control(ControlOp::For));
        let head = if is_for { 2 } else { 0 };
        let skip = usize::from(is_for);
        let body = d.regions[d.regions.len() - 1];
        let saved = self.stacks.iter().find(|(l, _)| *l == i).map(|(_, s)| *s);
        let counted = self
            .demands
            .regions
            .values()
            .flatten()
            .any(|(k, _)| *k == Key::Count(i))
            || self
                .demands
                .extras
                .values()
                .flatten()
                .any(|(_, k, _)| *k == Key::Count(i));
        let count = counted.then(|| {
            let s = self.b.slot(DType::U64.into(), "count");
            let zero = self.b.index(0);
            self.b.slot_set(s, zero, vec![], &[]);
            s
        });
        // Which carried values are nonlinear.
        let keep: Vec<usize> = (0..d.results.len())
            .filter(|&k| !self.marks.linear[d.results[k]])
            .collect();
        let mut args: Vec<Value> = d.args[..head].iter().map(|&a| self.val(a)).collect();
        args.extend(keep.iter().map(|&k| self.val(d.args[head + k])));
        let mut regions = Vec::new();
        for &q in &d.regions {
            let params = self.src.regions[q].params.clone();
            let used: Vec<Value> = params[..skip]
                .iter()
                .copied()
                .chain(keep.iter().map(|&k| params[skip + k]))
                .collect();
            let tys: Vec<Type> = used.iter().map(|&p| self.src.ty(p).clone()).collect();
            let (_, new) = self.b.open(&tys);
            for (&p, &n) in used.iter().zip(&new) {
                self.map[p] = Some(n);
            }
            self.region(q)?;
            let yields = &self.src.regions[q].yields;
            let ys: Vec<Value> = if q == body {
                if let Some(s) = saved {
                    let vals = self.supply(body);
                    let element = match vals[..] {
                        [one] => one,
                        _ => self.b.record(&vals),
                    };
                    self.push(s, element);
                }
                if let Some(s) = count {
                    let (n, one) = (self.b.slot_get(s, vec![], &[]), self.b.index(1));
                    let n = self.b.binary(BinaryOp::WrappingAdd, n, one);
                    self.b.slot_set(s, n, vec![], &[]);
                }
                keep.iter().map(|&k| self.val(yields[k])).collect()
            } else {
                vec![self.val(yields[0])]
            };
            regions.push(self.b.close(&ys));
        }
        self.b.set_span(d.span);
        let primal: Vec<Value> = keep.iter().map(|&k| d.results[k]).collect();
        self.emit(d, d.op.clone(), &args, &regions, &primal, &[]);
        if let Some(s) = count {
            let v = self.b.slot_get(s, vec![], &[]);
            self.residuals.insert(Key::Count(i), v);
        }
        Ok(())
    }

    fn call(&mut self, i: Inst, d: &InstData, g: crate::entity::FuncId) -> Result<(), AdError> {
        let Some(&shape) = self.ad.shapes.get(&g) else {
            let args: Vec<Value> = d.args.iter().map(|&a| self.val(a)).collect();
            self.emit(d, d.op.clone(), &args, &[], &d.results, &[]);
            return Ok(());
        };
        let mut args: Vec<Value> = d.args[..shape.params]
            .iter()
            .map(|&a| self.val(a))
            .collect();
        let primal = &d.results[..shape.results];
        let Some(pair) = self.demands.calls.get(&i).cloned() else {
            // Its tangents are not needed: the primal function will do, or for a user's rule the rule itself.
            let made = self.ad.columns.iter().find(|(_, rule)| **rule == g);
            let primal_of = made.map(|((f, _), _)| *f);
            if let Some(f) = primal_of.or(self.ad.jvp_keys.get(&g).map(|k| k.func)) {
                self.emit(d, ControlOp::Call(f).into(), &args, &[], primal, &[]);
            } else {
                for &a in &d.args[shape.params..] {
                    let x = self.shape_of(a);
                    let zero = self.b.inst1(TangentOp::ZerosLike, &[x]);
                    args.push(zero);
                }
                let rest: Vec<Type> = d.results[shape.results..]
                    .iter()
                    .map(|&v| self.src.ty(v).clone())
                    .collect();
                self.emit(d, d.op.clone(), &args, &[], primal, &rest);
            }
            return Ok(());
        };
        if pair.recursive {
            let ty = pair.stack.clone();
            match self.recursion.filter(|_| pair.within) {
                Some(s) => {
                    args.push(self.b.slot_get(s, vec![], &[]));
                    let ty = self.b.func.slots[s].ty.clone();
                    let out = self.emit(
                        d,
                        ControlOp::Call(pair.forward).into(),
                        &args,
                        &[],
                        primal,
                        &[ty],
                    );
                    self.b.slot_set(s, out[0], vec![], &[]);
                }
                None => {
                    args.push(self.b.default(ty.clone()));
                    let out = self.emit(
                        d,
                        ControlOp::Call(pair.forward).into(),
                        &args,
                        &[],
                        primal,
                        &[ty],
                    );
                    self.residuals.insert(Key::Callee(i, 0), out[0]);
                }
            }
            return Ok(());
        }
        let out = self.emit(
            d,
            ControlOp::Call(pair.forward).into(),
            &args,
            &[],
            primal,
            &pair.residuals,
        );
        for (n, v) in out.into_iter().enumerate() {
            self.residuals.insert(Key::Callee(i, n as u32), v);
        }
        Ok(())
    }
}
