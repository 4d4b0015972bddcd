//! Simpler equivalents: what the op families know ([`ops::simplify`]), and control flow that decides nothing.
//!
//! One walk in program order, inner regions first, with a map of replaced values:
//! * `if` and `switch` on a constant: the chosen arm in place;
//! * `if` on a negation: the arms exchanged; a branch's constant result compared with a constant: the branch's condition;
//! * a result that all arms yield alike, also as the same integer or truth value, or a carried value that no iteration changes: that value;
//! * two results or carried values that are always equal: one of them;
//! * `for` over an empty constant range, `while` whose condition is constantly false: the initial values.

use crate::entity::{Inst, Region, Value};
use crate::ir::{CompareOp, ConstOp, ControlOp, Func, Module, Op, UnaryOp, ValueDef};
use crate::ops::{self, Effects, Simplified, SimplifyCx};
use crate::pass::effects::FuncEffects;
use crate::pass::facts;
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// How often one instruction may be replaced by a simpler one: a guard against rules that undo each other.
const MAX_STEPS: usize = 16;

/// Runs on every function.
pub fn run(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        func(f, &effects);
    }
}

/// Simplifies one function of the module whose effects these are. Returns whether anything changed.
pub fn func(f: &mut Func, effects: &FuncEffects) -> bool {
    let mut pass = Simplify {
        f,
        effects,
        subst: Subst::new(),
        changed: false,
    };
    pass.region(pass.f.body);
    let (mut subst, changed) = (pass.subst, pass.changed);
    subst.apply(f);
    changed || !subst.is_empty()
}

struct Simplify<'a> {
    f: &'a mut Func,
    effects: &'a FuncEffects,
    subst: Subst,
    changed: bool,
}

impl Simplify<'_> {
    fn region(&mut self, r: Region) {
        let insts = core::mem::take(&mut self.f.regions[r].insts);
        let mut out = Vec::with_capacity(insts.len());
        for i in insts {
            self.subst.all(&mut self.f.insts[i].args);
            if matches!(self.f.insts[i].op, Op::Control(_)) || !self.f.insts[i].regions.is_empty() {
                self.control(i, &mut out);
            } else if !self.plain(i) {
                out.push(i);
            }
        }
        self.f.regions[r].insts = out;
        self.subst.all(&mut self.f.regions[r].yields);
    }

    /// Simplifies an instruction without regions; true if other values stand for all its results.
    fn plain(&mut self, i: Inst) -> bool {
        for _ in 0..MAX_STEPS {
            let cx = SimplifyCx {
                func: self.f,
                inst: i,
            };
            let simpler = ops::simplify(&self.f.insts[i].op, &cx).or_else(|| self.decided(i));
            match simpler {
                None => return false,
                Some(Simplified::Values(vs)) => {
                    let results = self.f.insts[i].results.clone();
                    for (&r, &v) in results.iter().zip(&vs) {
                        self.subst.set(r, v);
                    }
                    self.changed = true;
                    return true;
                }
                Some(Simplified::Inst(op, args)) => {
                    let d = &mut self.f.insts[i];
                    d.op = op;
                    d.args = args;
                    self.changed = true;
                }
            }
        }
        false
    }

    /// A comparison of a branch's result with a constant, where the arms yield constants: the branch's condition tells.
    fn decided(&self, i: Inst) -> Option<Simplified> {
        let d = &self.f.insts[i];
        let Op::Compare(op @ (CompareOp::Eq | CompareOp::Ne)) = d.op else {
            return None;
        };
        let (v, c) = match (self.constant(d.args[0]), self.constant(d.args[1])) {
            (None, Some(c)) => (d.args[0], c),
            (Some(c), None) => (d.args[1], c),
            _ => return None,
        };
        let ValueDef::Result(branch, k) = self.f.values[v].def else {
            return None;
        };
        let branch = &self.f.insts[branch];
        if !matches!(branch.op, Op::Control(ControlOp::If)) {
            return None;
        }
        let arm = |n: usize| {
            let y = self.f.regions[branch.regions[n]].yields[k as usize];
            Some((self.constant(y)? == c) == (op == CompareOp::Eq))
        };
        let cond = branch.args[0];
        Some(match (arm(0)?, arm(1)?) {
            (true, false) => Simplified::Values(vec![cond]),
            (false, true) => Simplified::Inst(UnaryOp::Not.into(), vec![cond]),
            (same, _) => Simplified::Inst(ConstOp::Scalar(Scalar::Bool(same)).into(), vec![]),
        })
    }

    fn control(&mut self, i: Inst, out: &mut Vec<Inst>) {
        let regions = self.f.insts[i].regions.clone();
        match self.f.insts[i].op.clone() {
            Op::Control(ControlOp::If) => {
                if let Some(Scalar::Bool(c)) = self.constant(self.f.insts[i].args[0]) {
                    return self.splice(i, regions[usize::from(!c)], out);
                }
                if let Some(c) = self.negated(self.f.insts[i].args[0]) {
                    let d = &mut self.f.insts[i];
                    d.args[0] = c;
                    d.regions.swap(0, 1);
                    self.changed = true;
                }
                let regions = self.f.insts[i].regions.clone();
                self.regions(&regions);
                self.merge_branch(i, &regions, out);
            }
            Op::Control(ControlOp::Switch) => {
                let last = regions.len() - 1;
                if last == 0 {
                    return self.splice(i, regions[0], out);
                }
                let which = self.constant(self.f.insts[i].args[0]);
                if let Some(n) = which.and_then(Scalar::as_int) {
                    let k = usize::try_from(n).map_or(last, |n| n.min(last));
                    return self.splice(i, regions[k], out);
                }
                self.regions(&regions);
                self.merge_branch(i, &regions, out);
            }
            Op::Control(ControlOp::For) => {
                let args = &self.f.insts[i].args;
                let bound = |v| self.constant(v).and_then(Scalar::as_int);
                if let (Some(lo), Some(hi)) = (bound(args[0]), bound(args[1]))
                    && lo >= hi
                {
                    let init = args[2..].to_vec();
                    return self.replace(i, &init);
                }
                self.regions(&regions);
                self.merge_carried(i, &regions, 2);
            }
            Op::Control(ControlOp::While) => {
                self.regions(&regions);
                let cond = regions[0];
                let never =
                    self.constant(self.f.regions[cond].yields[0]) == Some(Scalar::Bool(false));
                if never && self.is_pure(cond) {
                    let init = self.f.insts[i].args.clone();
                    return self.replace(i, &init);
                }
                self.merge_carried(i, &regions, 0);
            }
            _ => self.regions(&regions),
        }
        out.push(i);
    }
    fn regions(&mut self, regions: &[Region]) {
        for &r in regions {
            self.region(r);
        }
    }
    fn is_pure(&self, r: Region) -> bool {
        let mut pure = true;
        self.f.visit(r, &mut |_, d| {
            pure &= self.effects.inst(self.f, d) == Effects::Pure;
        });
        pure
    }
    fn constant(&self, v: Value) -> Option<Scalar> {
        facts::constant(self.f, v)
    }
    /// What `v` is the negation of.
    fn negated(&self, v: Value) -> Option<Value> {
        let d = &self.f.insts[self.f.def_inst(v)?];
        matches!(d.op, Op::Unary(UnaryOp::Not)).then(|| d.args[0])
    }
    /// The instructions of `r` instead of `i`.
    fn splice(&mut self, i: Inst, r: Region, out: &mut Vec<Inst>) {
        self.region(r);
        let inner = core::mem::take(&mut self.f.regions[r].insts);
        out.extend(inner);
        let yields = self.f.regions[r].yields.clone();
        self.replace(i, &yields);
    }
    fn replace(&mut self, i: Inst, values: &[Value]) {
        for (&r, &v) in self.f.insts[i].results.iter().zip(values) {
            self.subst.set(r, v);
        }
        self.changed = true;
    }

    /// The integer or truth value that all of these are.
    fn same_number(&self, vs: &[Value]) -> Option<Scalar> {
        let number = |v: Value| {
            let s = self.constant(v)?;
            (s.as_int().is_some() || matches!(s, Scalar::Bool(_))).then_some(s)
        };
        let (first, rest) = vs.split_first()?;
        let first = number(*first)?;
        rest.iter()
            .all(|&v| number(v) == Some(first))
            .then_some(first)
    }

    /// Results that every arm yields alike.
    fn merge_branch(&mut self, i: Inst, regions: &[Region], out: &mut Vec<Inst>) {
        let mut seen: BTreeMap<Vec<Value>, Value> = BTreeMap::new();
        for k in 0..self.f.insts[i].results.len() {
            let result = self.f.insts[i].results[k];
            let yields: Vec<Value> = regions
                .iter()
                .map(|&r| self.f.regions[r].yields[k])
                .collect();
            if let [first, rest @ ..] = &yields[..]
                && rest.iter().all(|v| v == first)
            {
                // Yielded by all arms, so defined outside them.
                self.subst.set(result, *first);
            } else if let Some(s) = self.same_number(&yields) {
                let (ty, span) = (self.f.ty(result).clone(), self.f.insts[i].span);
                let made = self
                    .f
                    .make_inst(ConstOp::Scalar(s).into(), vec![], vec![], &[ty], span);
                self.subst.set(result, self.f.insts[made].results[0]);
                out.push(made);
            } else if let Some(&same) = seen.get(&yields)
                && self.f.ty(same) == self.f.ty(result)
            {
                self.subst.set(result, same);
            } else {
                seen.insert(yields, result);
            }
        }
    }

    /// Carried values that do not change, or two that change alike.
    fn merge_carried(&mut self, i: Inst, regions: &[Region], bounds: usize) {
        let Some(&body) = regions.last() else { return };
        let skip = bounds.min(1);
        let mut seen: BTreeMap<(Value, Value), usize> = BTreeMap::new();
        for k in 0..self.f.insts[i].results.len() {
            let init = self.f.insts[i].args[k + bounds];
            let param = self.f.regions[body].params[k + skip];
            let next = self.subst.get(self.f.regions[body].yields[k]);
            if next == param || next == init {
                // The parameter and its yield stay until `dce` finds them unused.
                for &r in regions {
                    let p = self.f.regions[r].params[k + skip];
                    self.subst.set(p, init);
                }
                let result = self.f.insts[i].results[k];
                self.subst.set(result, init);
            } else if let Some(&j) = seen.get(&(init, next))
                && self.f.ty(self.f.insts[i].results[j]) == self.f.ty(self.f.insts[i].results[k])
            {
                for &r in regions {
                    let (a, b) = (
                        self.f.regions[r].params[j + skip],
                        self.f.regions[r].params[k + skip],
                    );
                    self.subst.set(b, a);
                }
                let (a, b) = (self.f.insts[i].results[j], self.f.insts[i].results[k]);
                self.subst.set(b, a);
            } else {
                seen.insert((init, next), k);
            }
        }
    }
}
