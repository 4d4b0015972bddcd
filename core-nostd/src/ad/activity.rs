//! Activity analysis: which values depend on the chosen parameters through something that has a tangent.
//!
//! Forward data flow per function and mask of active parameters, to a fixed point over loops and over recursion. It may
//! call active what in the end has a zero tangent, never the other way round. What only goes into a stopped gradient is not active, so
//! that nothing there needs a derivative ([`useful`]).

use super::Mask;
use crate::entity::{FuncId, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, InstData, Module, Op, TangentOp, UnaryOp};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Known result activities per function and parameter mask.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    outs: HashMap<(FuncId, Mask), Mask>,
}

impl Activity {
    /// Which results of `f` are active if the parameters of `mask` are.
    pub(crate) fn outs(&mut self, m: &Module, f: FuncId, mask: &Mask) -> Mask {
        let key = (f, mask.clone());
        if let Some(o) = self.outs.get(&key) {
            return o.clone();
        }
        self.outs
            .insert(key.clone(), vec![false; m.funcs[f].results.len()]);
        // Entries only grow (monotone), and calls found on the way are added: iterate until nothing changes. A round can
        // add entries whose own entries grow later, so every round visits all of them.
        loop {
            let mut changed = false;
            let keys: Vec<(FuncId, Mask)> = self.outs.keys().cloned().collect();
            for k in keys {
                let func = &m.funcs[k.0];
                let new: Mask = if func.rule.as_ref().is_some_and(|r| r.func().is_some()) {
                    // What the derivative depends on the rule says, not the body: a sign has none, its rule may well.
                    let any = k.1.contains(&true);
                    let results = func.results.iter();
                    results.map(|ty| any && ty.has_tangent()).collect()
                } else {
                    let active = self.values(m, func, &k.1, &mut changed);
                    let yields = func.regions[func.body].yields.iter();
                    yields.map(|&v| active[v]).collect()
                };
                let old = self.outs.get_mut(&k).expect("the key is in the map");
                for (o, n) in old.iter_mut().zip(&new) {
                    changed |= *n && !*o;
                    *o |= *n;
                }
            }
            if !changed {
                return self.outs[&key].clone();
            }
        }
    }

    /// Which values of `f` are active, given a fixed point (call [`outs`](Self::outs) first).
    pub(crate) fn of(&mut self, m: &Module, f: &Func, mask: &Mask) -> SecondaryMap<Value, bool> {
        let mut active = self.values(m, f, mask, &mut false);
        let stops = |d: &InstData| matches!(d.op, Op::Unary(UnaryOp::StopGradient));
        if f.insts.values().any(stops) {
            let useful = useful(f);
            for v in f.values.keys() {
                active[v] = active[v] && useful[v];
            }
        }
        active
    }

    fn values(
        &mut self,
        m: &Module,
        f: &Func,
        mask: &Mask,
        changed: &mut bool,
    ) -> SecondaryMap<Value, bool> {
        let mut active = SecondaryMap::new();
        for (&p, &a) in f.params().iter().zip(mask) {
            active[p] = a && f.ty(p).has_tangent();
        }
        loop {
            let mut grew = false;
            self.region(m, f, f.body, &mut active, &mut grew, changed);
            if !grew {
                return active;
            }
        }
    }

    /// One forward walk; loops and branches within are brought to their fixed point by the caller's repetition.
    fn region(
        &mut self,
        m: &Module,
        f: &Func,
        r: Region,
        active: &mut SecondaryMap<Value, bool>,
        grew: &mut bool,
        changed: &mut bool,
    ) {
        fn set(
            f: &Func,
            active: &mut SecondaryMap<Value, bool>,
            v: Value,
            a: bool,
            grew: &mut bool,
        ) {
            if a && !active[v] && f.ty(v).has_tangent() {
                active[v] = true;
                *grew = true;
            }
        }
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            let any = d.args.iter().any(|&a| active[a]);
            match &d.op {
                Op::Control(ControlOp::If | ControlOp::Switch) => {
                    for &q in &d.regions {
                        self.region(m, f, q, active, grew, changed);
                        for (&y, &res) in f.regions[q].yields.iter().zip(&d.results) {
                            set(f, active, res, active[y], grew);
                        }
                    }
                }
                Op::Control(c @ (ControlOp::While | ControlOp::For)) => {
                    let init = if matches!(c, ControlOp::For) {
                        &d.args[2..]
                    } else {
                        &d.args[..]
                    };
                    let body = *d.regions.last().expect("a loop has a body");
                    let skip = usize::from(matches!(c, ControlOp::For));
                    let params: Vec<Value> = f.regions[body].params[skip..].to_vec();
                    for (&a, &p) in init.iter().zip(&params) {
                        set(f, active, p, active[a], grew);
                    }
                    self.region(m, f, body, active, grew, changed);
                    for ((&y, &p), &res) in
                        f.regions[body].yields.iter().zip(&params).zip(&d.results)
                    {
                        set(f, active, p, active[y], grew);
                        set(f, active, res, active[p], grew);
                    }
                }
                Op::Control(ControlOp::Map) => {
                    let body = d.regions[0];
                    for (&a, &p) in d.args.iter().zip(&f.regions[body].params) {
                        set(f, active, p, active[a], grew);
                    }
                    self.region(m, f, body, active, grew, changed);
                    for (&y, &res) in f.regions[body].yields.iter().zip(&d.results) {
                        set(f, active, res, active[y], grew);
                    }
                }
                Op::Control(ControlOp::Call(g)) => {
                    if any {
                        let mask: Mask = d.args.iter().map(|&a| active[a]).collect();
                        let n = m.funcs[*g].results.len();
                        let outs = self.outs.entry((*g, mask)).or_insert_with(|| {
                            *changed = true;
                            vec![false; n]
                        });
                        for (&res, &a) in d.results.iter().zip(outs.iter()) {
                            set(f, active, res, a, grew);
                        }
                    }
                }
                Op::Tangent(TangentOp::ZerosLike) | Op::Unary(UnaryOp::StopGradient) => {}
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
                | Op::Control(ControlOp::Derive { .. })
                | Op::Effect(_)
                | Op::Slot(_) => {
                    for &res in &d.results {
                        set(f, active, res, any, grew);
                    }
                }
            }
        }
    }
}

/// Which values a result depends on otherwise than through a stopped gradient. Of a loop all carried values are, if one result is.
fn useful(f: &Func) -> SecondaryMap<Value, bool> {
    let mut useful = SecondaryMap::new();
    for &p in f.params().iter().chain(&f.regions[f.body].yields) {
        useful[p] = true;
    }
    useful_in(f, f.body, &mut useful);
    useful
}

/// One backward walk: uses come before definitions. Regions nest to the verifier's bound at most.
fn useful_in(f: &Func, r: Region, useful: &mut SecondaryMap<Value, bool>) {
    for &i in f.regions[r].insts.iter().rev() {
        let d = &f.insts[i];
        if !d.results.iter().any(|&v| useful[v]) {
            continue;
        }
        match &d.op {
            Op::Unary(UnaryOp::StopGradient) => continue,
            Op::Control(ControlOp::If | ControlOp::Switch) => {
                for &q in &d.regions {
                    for (&y, &res) in f.regions[q].yields.iter().zip(&d.results) {
                        useful[y] = useful[y] || useful[res];
                    }
                }
            }
            Op::Control(ControlOp::While | ControlOp::For | ControlOp::Map) => {
                d.results.iter().for_each(|&v| useful[v] = true);
                for &q in &d.regions {
                    let q = &f.regions[q];
                    for &v in q.params.iter().chain(&q.yields) {
                        useful[v] = true;
                    }
                }
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
            | Op::Control(ControlOp::Call(_) | ControlOp::Derive { .. })
            | Op::Effect(_)
            | Op::Slot(_) => {}
        }
        for &q in &d.regions {
            useful_in(f, q, useful);
        }
        d.args.iter().for_each(|&a| useful[a] = true);
    }
}
