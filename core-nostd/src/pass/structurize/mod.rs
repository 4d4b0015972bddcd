//! Removes `block` and `br`.
//!
//! One slot `esc` per function says which label is being left: 0 none, else the label's number + 1. A `br` sets it; what
//! follows an instruction that may have left goes into `if esc == 0`; a loop that may be left tests `esc == 0` before its
//! condition, which must not be evaluated otherwise (it may trap); a block's end clears its own label. Where all arms but one
//! of a branch leave for certain, what follows goes into that arm instead: guard clauses become nested `if`s without a flag.
//!
//! Values that the moved instructions define and the region yields go through fresh slots. Works on the slot stage, before
//! `mem2reg`, which removes `esc` where nothing reads it.

mod flat;

use crate::entity::{Inst, Label, Region, SecondaryMap, Slot, Value};
use crate::ir::{
    BinaryOp, CompareOp, ConstOp, ControlOp, DType, EffectOp, Func, Module, Op, SlotData, SlotOp,
    Span, TernaryOp, Type,
};
use crate::pass::rotate::rotate;
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Removes all blocks of one function.
pub fn func(f: &mut Func) {
    if f.labels == 0 {
        return;
    }
    let esc = f.slots.push(SlotData {
        ty: ESC.into(),
        name: String::from("esc"),
    });
    let mut pass = Structurize {
        f,
        nest: 0,
        esc,
        exits: SecondaryMap::new(),
        subst: Subst::new(),
        span: Span::NONE,
    };
    pass.scan(pass.f.body);
    pass.region(pass.f.body);
    let mut subst = pass.subst;
    subst.apply(f);
    f.labels = 0;
}

const ESC: DType = DType::U32;

/// How control may leave a region other than by reaching its end.
#[derive(Clone, Debug, Default)]
struct Exits {
    /// The enclosing labels that a `br` inside goes to.
    labels: BTreeSet<Label>,
    /// Whether the end is never reached.
    always: bool,
}

/// How deep guard clauses may nest. Beyond, what follows them is guarded piece by piece ([`Structurize::flat`]), so that a
/// function with thousands of early returns nests no deeper than one with few.
const MAX_NEST: usize = 48;

struct Structurize<'a> {
    f: &'a mut Func,
    /// How deep the region is that is being rewritten.
    nest: usize,
    esc: Slot,
    exits: SecondaryMap<Region, Exits>,
    subst: Subst,
    span: Span,
}

impl Structurize<'_> {
    /// Finds the exits of a region and of those in it.
    fn scan(&mut self, r: Region) {
        let mut out = Exits::default();
        for k in 0..self.f.regions[r].insts.len() {
            let i = self.f.regions[r].insts[k];
            for q in self.f.insts[i].regions.clone() {
                self.scan(q);
            }
            if out.always {
                // Never run, so it leaves nowhere; scanned only so that nothing in it is taken for unknown.
                continue;
            }
            let e = self.inst_exits(i);
            out.labels.extend(&e.labels);
            out.always = e.always;
        }
        self.exits[r] = out;
    }
    /// The exits of an instruction whose regions were scanned.
    fn inst_exits(&self, i: Inst) -> Exits {
        let d = &self.f.insts[i];
        let mut out = Exits::default();
        match &d.op {
            Op::Slot(SlotOp::Br(l)) => {
                out.labels.insert(*l);
                out.always = true;
            }
            Op::Slot(SlotOp::Block(l)) => {
                out = self.exits[d.regions[0]].clone();
                out.always &= !out.labels.remove(l);
            }
            Op::Effect(EffectOp::Panic(_)) => out.always = true,
            Op::Control(ControlOp::If | ControlOp::Switch) => {
                out.always = true;
                for &r in &d.regions {
                    out.labels.extend(&self.exits[r].labels);
                    out.always &= self.exits[r].always;
                }
            }
            // A map's region cannot be left (the verifier says so).
            Op::Control(ControlOp::Map) => {}
            _ => {
                for &r in &d.regions {
                    out.labels.extend(&self.exits[r].labels);
                }
            }
        }
        out
    }

    fn region(&mut self, r: Region) {
        let mut todo = core::mem::take(&mut self.f.regions[r].insts);
        todo.reverse();
        let mut yields = core::mem::take(&mut self.f.regions[r].yields);
        let insts = self.inner(todo, &mut yields);
        let d = &mut self.f.regions[r];
        d.insts = insts;
        d.yields = yields;
    }

    /// The rewritten instructions of a region inside the present one.
    fn inner(&mut self, todo: Vec<Inst>, yields: &mut [Value]) -> Vec<Inst> {
        self.nest += 1;
        let out = self.list(todo, yields);
        self.nest -= 1;
        out
    }

    /// Rewrites instructions (the next one last) that end a region with those yields.
    fn list(&mut self, mut todo: Vec<Inst>, yields: &mut [Value]) -> Vec<Inst> {
        let mut out = Vec::new();
        while let Some(i) = todo.pop() {
            if self.f.insts[i].regions.is_empty() {
                if let Op::Slot(SlotOp::Br(l)) = self.f.insts[i].op {
                    self.span = self.f.insts[i].span;
                    self.set_esc(&mut out, l.0 + 1);
                    self.drop_rest(&todo, yields, &mut out);
                    return out;
                }
                out.push(i);
                continue;
            }
            let exits = self.inst_exits(i);
            let op = self.f.insts[i].op.clone();
            let regions = self.f.insts[i].regions.clone();
            let span = self.f.insts[i].span;
            self.span = span;
            match op {
                Op::Slot(SlotOp::Block(l)) => self.block(l, regions[0], &mut out),
                _ if exits.labels.is_empty() => {
                    for r in regions {
                        self.region(r);
                    }
                    out.push(i);
                }
                Op::Control(ControlOp::While) => {
                    self.while_(i, &mut out);
                }
                Op::Control(ControlOp::For) => self.for_(i, &mut out),
                _ => {
                    let mut open = regions.iter().filter(|&&r| !self.exits[r].always);
                    let shallow = self.nest < MAX_NEST;
                    if let (Some(&arm), None, true) = (open.next(), open.next(), shallow) {
                        self.move_into_arm(i, arm, todo, yields, &mut out);
                        return out;
                    }
                    for r in regions {
                        self.region(r);
                    }
                    out.push(i);
                }
            }
            self.span = span;
            if exits.always {
                self.drop_rest(&todo, yields, &mut out);
                return out;
            }
            if !exits.labels.is_empty() && !todo.is_empty() {
                if self.nest < MAX_NEST {
                    self.guard(todo, yields, &mut out);
                } else {
                    self.flat(todo, yields, &mut out);
                }
                return out;
            }
        }
        out
    }

    /// The instructions of a block, in place, and the end of its label.
    fn block(&mut self, l: Label, body: Region, out: &mut Vec<Inst>) {
        let Exits { labels, .. } = self.exits[body].clone();
        let mut todo = core::mem::take(&mut self.f.regions[body].insts);
        todo.reverse();
        let inner = self.list(todo, &mut []);
        out.extend(inner);
        if !labels.contains(&l) {
            return;
        }
        if labels.len() == 1 {
            self.set_esc(out, 0);
            return;
        }
        let esc = self.get_esc(out);
        let own = self.scalar(out, l.0 + 1);
        let here = self.pure(out, CompareOp::Eq, vec![esc, own], DType::Bool);
        let none = self.scalar(out, 0);
        let left = self.pure(out, TernaryOp::Select, vec![here, none, esc], ESC);
        self.inst(out, SlotOp::Set(self.esc, vec![]), vec![left], vec![], &[]);
    }

    /// All other arms of `i` leave for certain: what follows runs only after `arm`, so it goes there.
    fn move_into_arm(
        &mut self,
        i: Inst,
        arm: Region,
        mut todo: Vec<Inst>,
        yields: &mut [Value],
        out: &mut Vec<Inst>,
    ) {
        let results = core::mem::take(&mut self.f.insts[i].results);
        let own = core::mem::take(&mut self.f.regions[arm].yields);
        let gets = self.thread(&results, &mut todo, yields);
        for (&r, &y) in results.iter().zip(&own) {
            self.subst.set(r, y);
        }
        let inner = core::mem::take(&mut self.f.regions[arm].insts);
        todo.extend(inner.into_iter().rev());
        for r in self.f.insts[i].regions.clone() {
            if r == arm {
                self.f.regions[r].insts = self.inner(core::mem::take(&mut todo), &mut []);
            } else {
                self.f.regions[r].yields.clear();
                self.region(r);
            }
        }
        out.push(i);
        out.extend(gets);
    }

    /// Puts the rest of a region into `if esc == 0`.
    fn guard(&mut self, mut todo: Vec<Inst>, yields: &mut [Value], out: &mut Vec<Inst>) {
        let gets = self.thread(&[], &mut todo, yields);
        let clear = self.esc_is_clear(out);
        let (then, otherwise) = (self.f.make_region(&[]), self.f.make_region(&[]));
        self.inst(out, ControlOp::If, vec![clear], vec![then, otherwise], &[]);
        self.f.regions[then].insts = self.inner(todo, &mut []);
        out.extend(gets);
    }

    /// The instructions `todo` are about to move into a nested region. Those of `yields` that they define, or that are among
    /// `also`, are stored to fresh slots at the end of `todo` and read back by the returned instructions.
    fn thread(&mut self, also: &[Value], todo: &mut Vec<Inst>, yields: &mut [Value]) -> Vec<Inst> {
        if yields.is_empty() {
            return Vec::new();
        }
        let moved = self.defined(also, todo);
        let (mut sets, mut gets) = (Vec::new(), Vec::new());
        for y in yields {
            if !moved.contains(y) {
                continue;
            }
            let ty = self.f.ty(*y).clone();
            let s = self.f.slots.push(SlotData {
                ty: ty.clone(),
                name: String::from("yield"),
            });
            self.inst(&mut sets, SlotOp::Set(s, vec![]), vec![*y], vec![], &[]);
            *y = self.inst1(&mut gets, SlotOp::Get(s, vec![]), vec![], ty);
        }
        todo.splice(0..0, sets);
        gets
    }

    /// The rest of a region is never run: yields it would have defined become defaults.
    fn drop_rest(&mut self, todo: &[Inst], yields: &mut [Value], out: &mut Vec<Inst>) {
        if yields.is_empty() {
            return;
        }
        let dropped = self.defined(&[], todo);
        for y in yields {
            if dropped.contains(y) {
                let ty = self.f.ty(*y).clone();
                *y = self.inst1(out, ConstOp::Default(ty.clone()), vec![], ty);
            }
        }
    }
    fn defined(&self, also: &[Value], insts: &[Inst]) -> BTreeSet<Value> {
        let results = insts.iter().flat_map(|&i| &self.f.insts[i].results);
        results.chain(also).copied().collect()
    }

    /// A `while` that may be left: `while if esc == 0 { cond } else { false } { body }`.
    fn while_(&mut self, i: Inst, out: &mut Vec<Inst>) {
        if !self.exits[self.f.insts[i].regions[0]].labels.is_empty() {
            out.extend(rotate(self.f, i, &mut self.subst));
            let [cond, body] = self.f.insts[i].regions[..] else {
                return;
            };
            self.scan(cond);
            self.scan(body);
        }
        for r in self.f.insts[i].regions.clone() {
            self.region(r);
        }
        let (cond, body) = (self.f.insts[i].regions[0], self.f.insts[i].regions[1]);
        // The body runs only if nothing is being left; saying so lets `simplify` decide later tests.
        let mut insts = Vec::new();
        self.set_esc(&mut insts, 0);
        self.f.regions[body].insts.splice(0..0, insts);
        let test = self.f.make_region(&[]);
        self.f.regions[test].insts = core::mem::take(&mut self.f.regions[cond].insts);
        self.f.regions[test].yields = core::mem::take(&mut self.f.regions[cond].yields);
        let stop = self.f.make_region(&[]);
        let mut insts = Vec::new();
        let no = self.inst1(
            &mut insts,
            ConstOp::Scalar(Scalar::Bool(false)),
            vec![],
            DType::Bool.into(),
        );
        self.f.regions[stop].insts = core::mem::take(&mut insts);
        self.f.regions[stop].yields = vec![no];
        let clear = self.esc_is_clear(&mut insts);
        let i2 = self.inst(
            &mut insts,
            ControlOp::If,
            vec![clear],
            vec![test, stop],
            &[DType::Bool.into()],
        );
        self.f.regions[cond].yields = self.f.insts[i2].results.clone();
        self.f.regions[cond].insts = insts;
        out.push(i);
    }

    /// A `for` that may be left becomes a `while` whose index is a slot.
    fn for_(&mut self, i: Inst, out: &mut Vec<Inst>) {
        let args = self.f.insts[i].args.clone();
        let (lo, hi) = (args[0], args[1]);
        let ty = self.f.ty(lo).clone();
        let body = self.f.insts[i].regions[0];
        let next = self.f.slots.push(SlotData {
            ty: ty.clone(),
            name: String::from("index"),
        });
        self.inst(out, SlotOp::Set(next, vec![]), vec![lo], vec![], &[]);

        let params = self.f.regions[body].params.clone();
        let tys: Vec<Type> = params[1..].iter().map(|&v| self.f.ty(v).clone()).collect();
        let cond = self.f.make_region(&tys);
        let mut insts = Vec::new();
        let at = self.inst1(&mut insts, SlotOp::Get(next, vec![]), vec![], ty.clone());
        let more = self.pure(&mut insts, CompareOp::Lt, vec![at, hi], DType::Bool);
        self.f.regions[cond].insts = insts;
        self.f.regions[cond].yields = vec![more];

        // The index is advanced first: nothing at the end of the body is sure to run. It is below `hi`, so it cannot overflow.
        let mut insts = Vec::new();
        let at = self.inst1(&mut insts, SlotOp::Get(next, vec![]), vec![], ty.clone());
        let one = ty.dtype().and_then(|d| Scalar::from_int(d, 1));
        let one = ConstOp::Scalar(one.unwrap_or(Scalar::U64(1)));
        let one = self.inst1(&mut insts, one, vec![], ty.clone());
        let after = self.inst1(&mut insts, BinaryOp::WrappingAdd, vec![at, one], ty);
        self.inst(
            &mut insts,
            SlotOp::Set(next, vec![]),
            vec![after],
            vec![],
            &[],
        );
        self.subst.set(params[0], at);
        self.f.regions[body].insts.splice(0..0, insts);
        self.f.regions[body].params.clear();
        for (n, &v) in params[1..].iter().enumerate() {
            self.f.regions[body].params.push(v);
            self.f.values[v].def = crate::ir::ValueDef::Param(body, n as u32);
        }
        let d = &mut self.f.insts[i];
        d.op = ControlOp::While.into();
        d.args = args[2..].to_vec();
        d.regions = vec![cond, body];
        self.while_(i, out);
    }

    // Small instructions, at the place of the instruction being rewritten.

    fn inst(
        &mut self,
        out: &mut Vec<Inst>,
        op: impl Into<Op>,
        args: Vec<Value>,
        regions: Vec<Region>,
        results: &[Type],
    ) -> Inst {
        let i = self
            .f
            .make_inst(op.into(), args, regions, results, self.span);
        out.push(i);
        i
    }
    fn inst1(
        &mut self,
        out: &mut Vec<Inst>,
        op: impl Into<Op>,
        args: Vec<Value>,
        result: Type,
    ) -> Value {
        let i = self.inst(out, op, args, vec![], &[result]);
        self.f.insts[i].results[0]
    }
    fn pure(
        &mut self,
        out: &mut Vec<Inst>,
        op: impl Into<Op>,
        args: Vec<Value>,
        result: DType,
    ) -> Value {
        self.inst1(out, op, args, result.into())
    }
    fn scalar(&mut self, out: &mut Vec<Inst>, n: u32) -> Value {
        self.pure(out, ConstOp::Scalar(Scalar::U32(n)), vec![], ESC)
    }
    fn set_esc(&mut self, out: &mut Vec<Inst>, n: u32) {
        let v = self.scalar(out, n);
        self.inst(out, SlotOp::Set(self.esc, vec![]), vec![v], vec![], &[]);
    }
    fn get_esc(&mut self, out: &mut Vec<Inst>) -> Value {
        self.pure(out, SlotOp::Get(self.esc, vec![]), vec![], ESC)
    }
    fn esc_is_clear(&mut self, out: &mut Vec<Inst>) -> Value {
        let esc = self.get_esc(out);
        let none = self.scalar(out, 0);
        self.pure(out, CompareOp::Eq, vec![esc, none], DType::Bool)
    }
}
