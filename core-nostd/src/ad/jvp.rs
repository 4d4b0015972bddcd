//! Forward mode: a function with tangents beside the primals.
//!
//! `f.jvp` takes the primals, then a tangent for each active parameter; it returns the primal results, then a tangent for each active
//! result. A tangent that is symbolically zero is `None` and emits nothing. Functions are made per mask of active
//! parameters and memoised, so recursion ends.

use super::{Ad, Mask};
use crate::entity::{FuncId, Region, SecondaryMap, Value};
use crate::error::AdError;
use crate::ir::{Builder, ControlOp, CustomRule, EffectOp, Func, InstData, Op, TangentOp, Type};
use crate::ops::{self, JvpCx};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Which jvp: the function, its active parameters, and whether the jvp is to be transposed (a rule that only has a
/// transpose is then fine).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct JvpKey {
    pub(crate) func: FuncId,
    pub(crate) mask: Mask,
    pub(crate) reverse: bool,
}

/// A jvp function.
#[derive(Clone, Debug)]
pub(crate) struct Jvp {
    pub(crate) id: FuncId,
    /// Which results are active.
    pub(crate) outs: Mask,
    /// For each tangent made for a primal value, that primal value (of the jvp function): it has the same structure at run time.
    pub(crate) witness: HashMap<Value, Value>,
}

impl Ad<'_> {
    /// The jvp function for a key; made, with all it calls, if it is not there yet.
    pub(crate) fn jvp(&mut self, key: &JvpKey) -> Result<FuncId, AdError> {
        let id = self.declare_jvp(key);
        while let Some(k) = self.pending_jvps.pop() {
            self.build_jvp(&k)?;
        }
        Ok(id)
    }

    fn declare_jvp(&mut self, key: &JvpKey) -> FuncId {
        if let Some(j) = self.jvps.get(key) {
            return j.id;
        }
        let outs = self.activity.outs(self.m, key.func, &key.mask);
        let f = &self.m.funcs[key.func];
        let mut params = f.param_types();
        let tangents: Vec<Type> = select(&params, &key.mask).map(Type::tangent).collect();
        params.extend(tangents);
        let mut results = f.results.clone();
        let tangents: Vec<Type> = select(&results, &outs).map(Type::tangent).collect();
        results.extend(tangents);
        let name = self.m.fresh_name(&format!("{}.jvp", self.name(key.func)));
        let mut func = Func::new(name, &params, &results);
        func.span = f.span;
        let id = self.m.funcs.push(func);
        self.jvps.insert(
            key.clone(),
            Jvp {
                id,
                outs,
                witness: HashMap::new(),
            },
        );
        self.jvp_keys.insert(id, key.clone());
        self.pending_jvps.push(key.clone());
        id
    }

    fn build_jvp(&mut self, key: &JvpKey) -> Result<(), AdError> {
        let src = self.m.funcs[key.func].clone();
        let active = self.activity.of(self.m, &src, &key.mask);
        let Jvp { id, outs, .. } = self.jvps[key].clone();
        // Keeps the name taken.
        let empty = Func::new(self.m.funcs[id].name.clone(), &[], &[]);
        let func = core::mem::replace(&mut self.m.funcs[id], empty);
        let results = func.results.clone();
        let mut cx = Cx {
            map: SecondaryMap::new(),
            tan: SecondaryMap::new(),
            witness: HashMap::new(),
            reverse: key.reverse,
            b: Builder::on(func),
            active,
            src,
        };
        let params = cx.b.params();
        let n = cx.src.params().len();
        let mut next = n;
        for k in 0..n {
            let p = cx.src.params()[k];
            cx.map[p] = Some(params[k]);
            if key.mask[k] {
                cx.bind(p, params[next]);
                next += 1;
            }
        }
        let body = cx.src.body;
        self.jvp_region(&mut cx, body)?;
        let ys = cx.src.regions[cx.src.body].yields.clone();
        let mut out: Vec<Value> = ys.iter().map(|&y| cx.val(y)).collect();
        for (&y, _) in ys.iter().zip(&outs).filter(|(_, a)| **a) {
            out.push(cx.tangent(y));
        }
        let mut func = cx.b.finish(&out).map_err(AdError::Build)?;
        func.results = results;
        if key.reverse {
            super::unmap::func(&mut func, &mut cx.witness);
        }
        self.m.funcs[id] = func;
        self.jvps.get_mut(key).expect("declared").witness = cx.witness;
        Ok(())
    }

    fn jvp_region(&mut self, cx: &mut Cx, r: Region) -> Result<(), AdError> {
        for i in cx.src.regions[r].insts.clone() {
            let d = cx.src.insts[i].clone();
            cx.b.set_span(d.span);
            if let Op::Control(c) = &d.op {
                self.jvp_control(cx, &d, c)?;
                continue;
            }
            if matches!(d.op, Op::Slot(_)) {
                return Err(AdError::NotLowered {
                    func: cx.src.name.clone(),
                });
            }
            let args: Vec<Value> = d.args.iter().map(|&a| cx.val(a)).collect();
            let results = cx.copy(&d, d.op.clone(), &args, &[], &[]);
            let tangents: Vec<Option<Value>> = d.args.iter().map(|&a| cx.tan[a]).collect();
            let wanted = d.results.iter().any(|&v| cx.active[v]);
            if !wanted || tangents.iter().all(Option::is_none) {
                continue;
            }
            let out = alloc::vec![None; results.len()];
            let mut j = JvpCx {
                b: &mut cx.b,
                args: &args,
                results: &results,
                tangents: &tangents,
                out,
            };
            ops::jvp(&d.op, &mut j).map_err(|e| self.locate(e, &d))?;
            let out = j.out;
            for (&v, t) in d.results.iter().zip(out) {
                if let (Some(t), true) = (t, cx.active[v]) {
                    cx.bind(v, t);
                }
            }
        }
        Ok(())
    }

    fn jvp_control(&mut self, cx: &mut Cx, d: &InstData, c: &ControlOp) -> Result<(), AdError> {
        match c {
            ControlOp::If | ControlOp::Switch => {
                let cond = cx.val(d.args[0]);
                let mut regions = Vec::new();
                for &q in &d.regions {
                    cx.b.open(&[]);
                    self.jvp_region(cx, q)?;
                    let ys = cx.yields(q, &d.results);
                    regions.push(cx.b.close(&ys));
                }
                cx.copy(d, d.op.clone(), &[cond], &regions, &d.results);
            }
            ControlOp::While | ControlOp::For => {
                let head = if matches!(c, ControlOp::For) { 2 } else { 0 };
                let init = &d.args[head..];
                let mut args: Vec<Value> = d.args.iter().map(|&a| cx.val(a)).collect();
                for (&a, &res) in init.iter().zip(&d.results) {
                    if cx.active[res] {
                        args.push(cx.tangent(a));
                    }
                }
                let mut regions = Vec::new();
                for (k, &q) in d.regions.iter().enumerate() {
                    let params = cx.src.regions[q].params.clone();
                    let skip = usize::from(head == 2);
                    let mut tys: Vec<Type> = params.iter().map(|&p| cx.src.ty(p).clone()).collect();
                    for (&p, &res) in params[skip..].iter().zip(&d.results) {
                        if cx.active[res] {
                            tys.push(cx.src.ty(p).tangent());
                        }
                    }
                    let (_, new) = cx.b.open(&tys);
                    let mut next = params.len();
                    for (j, &p) in params.iter().enumerate() {
                        cx.map[p] = Some(new[j]);
                        if j >= skip && cx.active[d.results[j - skip]] {
                            cx.bind(p, new[next]);
                            next += 1;
                        }
                    }
                    self.jvp_region(cx, q)?;
                    let is_cond = head == 0 && k == 0;
                    let ys = if is_cond {
                        let y = cx.src.regions[q].yields[0];
                        alloc::vec![cx.val(y)]
                    } else {
                        cx.yields(q, &d.results)
                    };
                    regions.push(cx.b.close(&ys));
                }
                cx.copy(d, d.op.clone(), &args, &regions, &d.results);
            }
            ControlOp::Map => {
                let q = d.regions[0];
                let params = cx.src.regions[q].params.clone();
                let mut args: Vec<Value> = d.args.iter().map(|&a| cx.val(a)).collect();
                let mut tys: Vec<Type> = params.iter().map(|&p| cx.src.ty(p).clone()).collect();
                for (&a, &p) in d.args.iter().zip(&params) {
                    if cx.active[p] {
                        args.push(cx.tangent(a));
                        tys.push(cx.src.ty(p).tangent());
                    }
                }
                let (_, new) = cx.b.open(&tys);
                let mut next = params.len();
                for (j, &p) in params.iter().enumerate() {
                    cx.map[p] = Some(new[j]);
                    if cx.active[p] {
                        cx.bind(p, new[next]);
                        next += 1;
                    }
                }
                self.jvp_region(cx, q)?;
                let ys = cx.yields(q, &d.results);
                let region = cx.b.close(&ys);
                cx.copy(d, d.op.clone(), &args, &[region], &d.results);
            }
            ControlOp::Call(g) => self.jvp_call(cx, d, *g)?,
            ControlOp::Derive { .. } => {
                return Err(AdError::NotLowered {
                    func: cx.src.name.clone(),
                });
            }
        }
        Ok(())
    }

    fn jvp_call(&mut self, cx: &mut Cx, d: &InstData, g: FuncId) -> Result<(), AdError> {
        let mut args: Vec<Value> = d.args.iter().map(|&a| cx.val(a)).collect();
        let mask: Mask = d.args.iter().map(|&a| cx.active[a]).collect();
        if !mask.contains(&true) || !d.results.iter().any(|&v| cx.active[v]) {
            cx.copy(d, d.op.clone(), &args, &[], &[]);
            return Ok(());
        }
        match self.m.funcs[g].rule.clone() {
            Some(CustomRule::Forward) if cx.reverse => {
                let rule = self.columns(g, &mask).map_err(|e| self.locate(e, d))?;
                for &a in &d.args {
                    if cx.active[a] {
                        args.push(cx.tangent(a));
                    }
                }
                let smooth = d.results.iter().copied();
                let with: Vec<Value> = smooth.filter(|&v| cx.src.ty(v).has_tangent()).collect();
                cx.copy(d, ControlOp::Call(rule).into(), &args, &[], &with);
            }
            Some(CustomRule::Forward) | None => {
                let key = JvpKey {
                    func: g,
                    mask,
                    reverse: cx.reverse,
                };
                let id = self.declare_jvp(&key);
                let outs = self.jvps[&key].outs.clone();
                for &a in &d.args {
                    if cx.active[a] {
                        args.push(cx.tangent(a));
                    }
                }
                let with: Vec<Value> = select(&d.results, &outs).copied().collect();
                cx.copy(d, ControlOp::Call(id).into(), &args, &[], &with);
            }
            Some(CustomRule::Jvp(rule)) => {
                for &a in &d.args {
                    if cx.src.ty(a).has_tangent() {
                        args.push(cx.tangent(a));
                    }
                }
                let with: Vec<Value> = d
                    .results
                    .iter()
                    .copied()
                    .filter(|&v| cx.src.ty(v).has_tangent())
                    .collect();
                cx.copy(d, ControlOp::Call(rule).into(), &args, &[], &with);
            }
            Some(CustomRule::Vjp(rule)) => {
                let name = self.name(g);
                if !cx.reverse && self.passes(g, rule) {
                    // Neither the function nor its rule changes anything: forward, the tangent is the result's.
                    cx.copy(d, d.op.clone(), &args, &[], &[]);
                    for (&a, &v) in d.args.iter().zip(&d.results) {
                        if let (Some(t), true) = (cx.tan[a], cx.active[v]) {
                            cx.bind(v, t);
                        }
                    }
                    return Ok(());
                }
                if !cx.reverse {
                    let op = format!("call @{name}");
                    let why = "the function has a rule for reverse mode only; give it a jvp rule";
                    return Err(self.locate(not_differentiable(op, why), d));
                }
                // The primal call is of the function without its rule: differentiating the result again then goes
                // through the body, as the rule says nothing about its own derivative.
                // What calls the host has no derivative but its rule.
                let plain = if self.calls_host(g) {
                    g
                } else {
                    self.without_rule(g)
                };
                cx.copy(d, ControlOp::Call(plain).into(), &args, &[], &[]);
                let ts: Vec<Value> = d
                    .args
                    .iter()
                    .copied()
                    .filter(|&a| cx.src.ty(a).has_tangent())
                    .collect();
                for &a in &ts {
                    args.push(cx.tangent(a));
                }
                let with: Vec<Value> = d
                    .results
                    .iter()
                    .copied()
                    .filter(|&v| cx.src.ty(v).has_tangent())
                    .collect();
                let results: Vec<Type> = with.iter().map(|&v| cx.src.ty(v).tangent()).collect();
                let op = TangentOp::CustomLinear {
                    transpose: rule,
                    tangents: ts.len() as u32,
                    results: results.clone(),
                };
                let i = cx.b.raw(op, &args, &[], &results);
                for (&v, &t) in with.iter().zip(&cx.b.func.insts[i].results.clone()) {
                    cx.bind(v, t);
                }
            }
        }
        Ok(())
    }

    /// Whether a function gives its parameters back, and its rule the cotangents.
    fn passes(&self, g: FuncId, rule: FuncId) -> bool {
        let (f, rule) = (&self.m.funcs[g], &self.m.funcs[rule]);
        let n = f.params().len();
        f.regions[f.body].yields == f.params()
            && rule.regions[rule.body].yields == rule.params()[n..]
    }

    /// Whether the function itself takes values from the host.
    fn calls_host(&self, g: FuncId) -> bool {
        let f = &self.m.funcs[g];
        let mut found = false;
        f.visit(f.body, &mut |_, d| {
            found |= matches!(&d.op, Op::Effect(EffectOp::Host(h)) if h.results.iter().any(Type::has_tangent));
        });
        found
    }

    /// The function without its custom rule.
    fn without_rule(&mut self, g: FuncId) -> FuncId {
        if let Some(&p) = self.plain.get(&g) {
            return p;
        }
        let mut f = self.m.funcs[g].clone();
        f.name = self.m.fresh_name(&format!("{}.plain", f.name));
        f.rule = None;
        let p = self.m.funcs.push(f);
        self.plain.insert(g, p);
        p
    }
}

pub(crate) fn not_differentiable(op: String, why: &'static str) -> AdError {
    AdError::NotDifferentiable {
        op,
        why,
        file: String::new(),
        line: 0,
        col: 0,
    }
}

/// The items whose flag is set.
pub(crate) fn select<'a, T>(xs: &'a [T], mask: &'a [bool]) -> impl Iterator<Item = &'a T> {
    xs.iter().zip(mask).filter(|(_, m)| **m).map(|(x, _)| x)
}

struct Cx {
    src: Func,
    active: SecondaryMap<Value, bool>,
    /// Source value to its primal in the new function.
    map: SecondaryMap<Value, Option<Value>>,
    /// Source value to its tangent in the new function.
    tan: SecondaryMap<Value, Option<Value>>,
    witness: HashMap<Value, Value>,
    reverse: bool,
    b: Builder,
}

impl Cx {
    fn val(&self, v: Value) -> Value {
        self.map[v].expect("a value is defined before it is used")
    }
    /// Records the tangent of a source value.
    fn bind(&mut self, v: Value, t: Value) {
        self.tan[v] = Some(t);
        let p = self.val(v);
        self.witness.entry(t).or_insert(p);
    }
    /// The tangent of a source value, a symbolic zero made a value.
    fn tangent(&mut self, v: Value) -> Value {
        match self.tan[v] {
            Some(t) => t,
            None => {
                let p = self.val(v);
                self.b.inst1(TangentOp::ZerosLike, &[p])
            }
        }
    }
    /// What a region yields: the primals, and the tangents of those results that are active.
    fn yields(&mut self, r: Region, results: &[Value]) -> Vec<Value> {
        let ys = self.src.regions[r].yields.clone();
        let mut out: Vec<Value> = ys.iter().map(|&y| self.val(y)).collect();
        for (&y, &res) in ys.iter().zip(results) {
            if self.active[res] {
                out.push(self.tangent(y));
            }
        }
        out
    }
    /// Emits the primal of an instruction, with further results for the tangents of those of `with` that are active (for
    /// calls: of all of `with`).
    fn copy(
        &mut self,
        d: &InstData,
        op: Op,
        args: &[Value],
        regions: &[Region],
        with: &[Value],
    ) -> Vec<Value> {
        let mut tys: Vec<Type> = d.results.iter().map(|&v| self.src.ty(v).clone()).collect();
        let call = matches!(op, Op::Control(ControlOp::Call(_)));
        let with: Vec<Value> = with
            .iter()
            .copied()
            .filter(|&v| call || self.active[v])
            .collect();
        tys.extend(with.iter().map(|&v| self.src.ty(v).tangent()));
        let i = self.b.raw(op, args, regions, &tys);
        let res = self.b.func.insts[i].results.clone();
        for (&v, &n) in d.results.iter().zip(&res) {
            self.map[v] = Some(n);
        }
        for (&v, &t) in with.iter().zip(&res[d.results.len()..]) {
            self.bind(v, t);
        }
        res[..d.results.len()].to_vec()
    }
}
