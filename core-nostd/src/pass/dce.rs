//! Removes what nobody needs: instructions, results of branches, values carried by loops, operands of maps.
//!
//! Everything is dead until needed: what has an effect and what the function returns is needed, and so on backwards. So a
//! carried value that feeds only itself is never reached. Termination is not an effect: a loop without effects whose
//! results nobody needs goes, whether it would end or not.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Dim, Func, InstData, Module, Op, SlotOp, ValueDef};
use crate::ops::Effects;
use crate::pass::effects::FuncEffects;
use alloc::vec::Vec;

/// What must stay.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Instructions that may trap stay even if their results are unused: an index out of range traps in the user's program
    /// whether the element is used or not. Derivative code may drop them: the primal part has trapped before.
    pub keep_traps: bool,
}

/// Runs on every function, keeping traps.
pub fn run(m: &mut Module) {
    let effects = FuncEffects::of(m);
    for f in m.funcs.values_mut() {
        func(f, &effects, Options { keep_traps: true });
    }
}

/// Cleans one function of the module whose effects these are.
pub fn func(f: &mut Func, effects: &FuncEffects, options: Options) {
    let mut mark = Mark {
        owner: SecondaryMap::new(),
        home: SecondaryMap::new(),
        insts: SecondaryMap::new(),
        values: SecondaryMap::new(),
        work: Vec::new(),
        roots: Vec::new(),
        maps: Vec::new(),
    };
    mark.collect(f, f.body, effects, options);
    for i in core::mem::take(&mut mark.roots) {
        mark.inst(f, i);
        if matches!(f.insts[i].op, Op::Control(ControlOp::Map)) {
            // Its operands' extents must agree, used or not.
            mark.all(&f.insts[i].args);
            for &r in &f.insts[i].regions {
                mark.all(&f.regions[r].params);
            }
        }
    }
    mark.all(&f.regions[f.body].yields);
    mark.run(f);
    // A map needs operands for its extents, which may need further maps.
    let mut done = 0;
    while let Some(&i) = mark.maps.get(done) {
        done += 1;
        for v in extents(f, i, &mark) {
            mark.value(v);
        }
        mark.run(f);
    }
    sweep(f, f.body, &mark);
}

struct Mark {
    owner: SecondaryMap<Region, Option<Inst>>,
    home: SecondaryMap<Inst, Option<Region>>,
    insts: SecondaryMap<Inst, bool>,
    values: SecondaryMap<Value, bool>,
    work: Vec<Value>,
    roots: Vec<Inst>,
    /// The maps that stay, as they are found.
    maps: Vec<Inst>,
}

impl Mark {
    fn collect(&mut self, f: &Func, r: Region, effects: &FuncEffects, options: Options) {
        for &i in &f.regions[r].insts {
            self.home[i] = Some(r);
            let d = &f.insts[i];
            let stays = match effects.inst(f, d) {
                Effects::Pure => false,
                Effects::MayTrap => options.keep_traps,
                Effects::Effect => true,
            };
            if stays {
                self.roots.push(i);
            }
            for &q in &d.regions {
                self.owner[q] = Some(i);
                self.collect(f, q, effects, options);
            }
        }
    }
    fn all(&mut self, vs: &[Value]) {
        for &v in vs {
            self.value(v);
        }
    }
    fn value(&mut self, v: Value) {
        if !self.values[v] {
            self.values[v] = true;
            self.work.push(v);
        }
    }
    /// Marks an instruction, the ones whose regions it is in, and the operands they need whatever results are used.
    fn inst(&mut self, f: &Func, i: Inst) {
        let mut at = Some(i);
        while let Some(i) = at {
            if self.insts[i] {
                return;
            }
            self.insts[i] = true;
            let d = &f.insts[i];
            match &d.op {
                Op::Control(ControlOp::If | ControlOp::Switch) => self.all(&d.args),
                Op::Control(ControlOp::For) => self.all(&d.args[..2]),
                Op::Control(ControlOp::While) => self.all(&f.regions[d.regions[0]].yields),
                Op::Control(ControlOp::Map) => self.maps.push(i),
                Op::Slot(SlotOp::Block(_)) => {}
                _ => self.all(&d.args),
            }
            at = self.home[i].and_then(|r| self.owner[r]);
        }
    }
    fn run(&mut self, f: &Func) {
        while let Some(v) = self.work.pop() {
            match f.values[v].def {
                ValueDef::Result(i, k) => {
                    self.inst(f, i);
                    self.result(f, &f.insts[i], k as usize);
                }
                ValueDef::Param(r, k) => {
                    let Some(i) = self.owner[r] else { continue };
                    let d = &f.insts[i];
                    let k = k as usize;
                    match &d.op {
                        Op::Control(ControlOp::While) => self.value(d.results[k]),
                        Op::Control(ControlOp::For) if k > 0 => self.value(d.results[k - 1]),
                        Op::Control(ControlOp::Map) => self.value(d.args[k]),
                        _ => {}
                    }
                }
            }
        }
    }
    /// What the `k`-th result of an instruction is made from.
    fn result(&mut self, f: &Func, d: &InstData, k: usize) {
        match &d.op {
            Op::Control(ControlOp::If | ControlOp::Switch | ControlOp::Map) => {
                for &r in &d.regions {
                    self.value(f.regions[r].yields[k]);
                }
            }
            Op::Control(op @ (ControlOp::While | ControlOp::For)) => {
                let bounds = bounds(op);
                self.value(d.args[k + bounds]);
                for &r in &d.regions {
                    self.value(f.regions[r].params[k + bounds.min(1)]);
                }
                if let Some(&body) = d.regions.last() {
                    self.value(f.regions[body].yields[k]);
                }
            }
            _ => {}
        }
    }
}

/// How many operands of a loop come before the initial values.
fn bounds(op: &ControlOp) -> usize {
    if matches!(op, ControlOp::For) { 2 } else { 0 }
}

fn sweep(f: &mut Func, r: Region, mark: &Mark) {
    let mut insts = core::mem::take(&mut f.regions[r].insts);
    insts.retain(|&i| mark.insts[i]);
    for &i in &insts {
        if !f.insts[i].regions.is_empty() {
            trim(f, i, mark);
            for q in f.insts[i].regions.clone() {
                sweep(f, q, mark);
            }
        }
    }
    f.regions[r].insts = insts;
}

/// Drops what is dead of a control instruction that stays.
fn trim(f: &mut Func, i: Inst, mark: &Mark) {
    let live: Vec<bool> = f.insts[i].results.iter().map(|&v| mark.values[v]).collect();
    let regions = f.insts[i].regions.clone();
    match f.insts[i].op {
        Op::Control(ControlOp::If | ControlOp::Switch) => {
            for &r in &regions {
                keep(&mut f.regions[r].yields, 0, &live);
            }
        }
        Op::Control(ref op @ (ControlOp::While | ControlOp::For)) => {
            let bounds = bounds(op);
            keep(&mut f.insts[i].args, bounds, &live);
            for &r in &regions {
                keep(&mut f.regions[r].params, bounds.min(1), &live);
            }
            if let Some(&body) = regions.last() {
                keep(&mut f.regions[body].yields, 0, &live);
            }
        }
        Op::Control(ControlOp::Map) => {
            let params = &f.regions[regions[0]].params;
            let used: Vec<bool> = params.iter().map(|&v| mark.values[v]).collect();
            keep(&mut f.insts[i].args, 0, &used);
            for &r in &regions {
                keep(&mut f.regions[r].params, 0, &used);
                keep(&mut f.regions[r].yields, 0, &live);
            }
        }
        _ => return,
    }
    keep(&mut f.insts[i].results, 0, &live);
    for (k, &v) in f.insts[i].results.iter().enumerate() {
        f.values[v].def = ValueDef::Result(i, k as u32);
    }
    for r in regions {
        for (k, &v) in f.regions[r].params.iter().enumerate() {
            f.values[v].def = ValueDef::Param(r, k as u32);
        }
    }
}

/// Keeps the first `skip` items, and of the others those that are live.
fn keep<T: Copy>(items: &mut Vec<T>, skip: usize, live: &[bool]) {
    let mut k = 0;
    items.retain(|_| {
        k += 1;
        k <= skip || live[k - 1 - skip]
    });
}

/// The parameters of a map's region that must stay, used or not, for the operands that the result's extents come from.
fn extents(f: &Func, i: Inst, mark: &Mark) -> Vec<Value> {
    let d = &f.insts[i];
    let params = &f.regions[d.regions[0]].params;
    let mut used: Vec<bool> = params.iter().map(|&v| mark.values[v]).collect();
    let shape = |k: usize| f.ty(d.args[k]).as_tensor().map(|t| t.shape.as_slice());
    let rank = shape(0).map_or(0, <[Dim]>::len);
    let mut out = Vec::new();
    for axis in 0..rank {
        let known =
            |k: usize| shape(k).is_some_and(|s| s.get(axis).is_some_and(|d| d.known().is_some()));
        if !(0..used.len()).any(|k| used[k] && known(k))
            && let Some(k) = (0..used.len()).find(|&k| known(k))
        {
            used[k] = true;
            out.push(params[k]);
        }
    }
    if !used.contains(&true) {
        out.push(params[0]);
    }
    out
}
