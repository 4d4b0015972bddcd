//! Saved or computed again: the choice for one scope, and the code for it.
//!
//! The values needed, and what they can be computed from, are a graph. What is saved is its cheapest cut between what
//! cannot be computed again and what is needed ([`super::mincut`]), in bytes; of equals, the one with fewer operations run again.

use super::backward::Back;
use super::demand::{Key, saved_type};
use super::extent::{Extent, initial};
use super::induction::Part;
use super::mincut::Graph;
use super::recipe::{Recipe, Way, bytes};
use super::residual::{Kind, Scope};
use crate::entity::{Inst, Slot, Value};
use crate::ir::{ArrayOp, BinaryOp, CompareOp, ControlOp, DType, Op, PlaceOp, SlotOp, Step, Type};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// How far it is followed whether a value of an enclosing scope costs nothing.
const DEPTH: u32 = 8;

/// What a loop needs before it runs.
#[derive(Default)]
pub(super) struct Settled {
    /// Counters that are counted back: the slot, and the primal's value after the loop.
    pub(super) counters: Vec<(Slot, Value)>,
}

/// A scope being closed.
struct Closing {
    scope: Scope,
    /// Values of this scope that are there already.
    have: HashMap<Value, Value>,
    /// What is computed again.
    again: Vec<Value>,
    settled: Settled,
}

/// Where an input comes from.
enum Origin {
    Free,
    Here,
    /// It would have to be saved by an enclosing scope just as often.
    There,
}

impl Back<'_, '_> {
    /// Closes the innermost scope: chooses what is saved and writes the code that reads or computes what is needed.
    pub(super) fn leave(&mut self) -> Settled {
        let scope = self.scopes.pop().expect("a scope is open");
        let (r, end) = (self.b.region(), self.insts_here());
        let at = scope.at;
        let span = self.b.span();
        let chosen = self.choose(&scope);
        let mut c = Closing {
            have: scope.given.clone(),
            again: Vec::new(),
            scope,
            settled: Settled::default(),
        };
        self.read_saved(&mut c, &chosen);
        for (key, stand_in, _) in core::mem::take(&mut c.scope.wants) {
            if let Key::Value(v) = key {
                let x = self.materialise(&mut c, v);
                self.alias.set(stand_in, x);
            }
        }
        if let Kind::Iteration(l) = c.scope.kind {
            self.note(l, &chosen, &c.again);
        }
        if self.scopes.is_empty() {
            // The stacks of all loops.
            for (slot, v) in core::mem::take(&mut self.entry) {
                self.b.slot_set(slot, v, vec![], &[]);
            }
        }
        self.b.set_span(span);
        let insts = &mut self.b.func.regions[r].insts;
        insts[at..].rotate_left(end - at);
        c.settled
    }

    fn insts_here(&self) -> usize {
        self.b.func.regions[self.b.region()].insts.len()
    }

    /// Whether the caller has it: an operand, or its extent.
    fn is_operand(&self, key: Key) -> bool {
        match key {
            Key::Value(v) | Key::Dim(v, _) => self.src.params().contains(&v),
            Key::Zeros(_)
            | Key::Extra(..)
            | Key::Callee(..)
            | Key::Stack(_)
            | Key::Last(..)
            | Key::Count(_) => false,
        }
    }

    /// What is saved, in order.
    fn choose(&self, scope: &Scope) -> Vec<(Key, Type)> {
        let mut vertices: HashMap<Value, usize> = HashMap::new();
        let mut order: Vec<Value> = Vec::new();
        let mut graph = Graph::new();
        let mut work: Vec<Value> = Vec::new();
        let mut vertex = |graph: &mut Graph, work: &mut Vec<Value>, v: Value, here: bool| {
            *vertices.entry(v).or_insert_with(|| {
                order.push(v);
                let n = graph.vertex(bytes(self.src.ty(v)));
                if here {
                    work.push(v);
                } else {
                    graph.origin(n);
                }
                n
            })
        };
        for (key, _, _) in &scope.wants {
            if let Key::Value(v) = *key {
                let n = vertex(&mut graph, &mut work, v, true);
                graph.goal(n);
            }
        }
        while let Some(v) = work.pop() {
            let n = vertex(&mut graph, &mut work, v, true);
            let Some(recipe) = self.recipe(scope, v) else {
                graph.origin(n);
                continue;
            };
            for a in recipe.inputs {
                let here = match self.origin(scope, a) {
                    Origin::Free => continue,
                    Origin::Here => true,
                    Origin::There => false,
                };
                let from = vertex(&mut graph, &mut work, a, here);
                graph.connect(from, n);
            }
        }
        let cut = graph.cut();
        // Values that are needed come in the order of need, and so do the rest.
        let saved = |v: Value| cut[vertices[&v]] && self.marks.home[v] == scope.region;
        let mut out: Vec<(Key, Type)> = Vec::new();
        for (key, _, ty) in &scope.wants {
            match *key {
                Key::Value(v) if !saved(v) => {}
                key => out.push((key, ty.clone())),
            }
        }
        for v in order {
            let key = Key::Value(v);
            if saved(v) && !scope.known.contains_key(&key) {
                out.push((key, self.src.ty(v).clone()));
            }
        }
        out
    }

    fn origin(&self, scope: &Scope, a: Value) -> Origin {
        if scope.given.contains_key(&a) {
            return Origin::Free;
        }
        let home = self.marks.home[a];
        if home == scope.region {
            return Origin::Here;
        }
        if matches!(scope.kind, Kind::Arm(..)) && !self.free(a, DEPTH) {
            return Origin::There;
        }
        Origin::Free
    }

    /// Whether a value of an enclosing scope costs an arm nothing: it lives outside the iteration, or is needed anyway, or
    /// follows from what does.
    fn free(&self, v: Value, depth: u32) -> bool {
        let Some(at) = self.scope_of(self.marks.home[v]) else {
            return false;
        };
        let s = &self.scopes[at];
        let iteration = self
            .scopes
            .iter()
            .rposition(|s| !matches!(s.kind, Kind::Arm(..)))
            .unwrap_or(0);
        if at < iteration
            || matches!(s.kind, Kind::Root)
            || s.given.contains_key(&v)
            || s.known.contains_key(&Key::Value(v))
        {
            return true;
        }
        depth > 0
            && self
                .recipe(s, v)
                .is_some_and(|r| r.inputs.iter().all(|&a| self.free(a, depth - 1)))
    }

    /// Reads what is saved.
    fn read_saved(&mut self, c: &mut Closing, chosen: &[(Key, Type)]) {
        if chosen.is_empty() && !matches!(c.scope.kind, Kind::Recursion(_)) {
            return;
        }
        let values: Vec<Value> = match c.scope.kind {
            // Its residuals are parameters already.
            Kind::Root => return,
            Kind::Body => self.parameters(chosen),
            Kind::Recursion(slot) => self.pop_record(slot, chosen),
            Kind::Iteration(l) => self.pop(l, c.scope.region, chosen),
            Kind::Arm(i, arm) => chosen
                .iter()
                .map(|(key, ty)| {
                    let extras = self.demands.extras.entry(i).or_default();
                    extras.push((arm, *key, ty.clone()));
                    let n = extras.len() as u32 - 1;
                    self.residual(Key::Extra(i, n), ty.clone())
                })
                .collect(),
        };
        for ((key, _), &x) in chosen.iter().zip(&values) {
            if let Key::Value(v) = *key {
                c.have.insert(v, x);
            } else if let Some(&stand_in) = c.scope.known.get(key) {
                self.alias.set(stand_in, x);
            }
        }
    }

    /// Residuals that the forward function returns come first, then those that the caller has.
    fn parameters(&mut self, chosen: &[(Key, Type)]) -> Vec<Value> {
        let operands: Vec<bool> = chosen.iter().map(|(k, _)| self.is_operand(*k)).collect();
        let mut values = vec![None; chosen.len()];
        for (n, (key, ty)) in chosen.iter().enumerate() {
            if !operands[n] {
                values[n] = Some(self.parameter(*key, ty));
            }
        }
        for (n, (key, ty)) in chosen.iter().enumerate() {
            if operands[n] {
                self.demands.operands.push((*key, ty.clone()));
                let body = self.b.func.body;
                values[n] = Some(self.b.func.add_param(body, ty.clone()));
            }
        }
        values.into_iter().flatten().collect()
    }

    /// The record of a recursive call; types are set when the whole cycle is known.
    fn pop_record(&mut self, slot: Slot, chosen: &[(Key, Type)]) -> Vec<Value> {
        self.demands.regions.insert(self.src.body, chosen.to_vec());
        let unit = Type::unit();
        let get = self.b.raw(
            SlotOp::Get(slot, vec![]),
            &[],
            &[],
            core::slice::from_ref(&unit),
        );
        let s = self.b.func.insts[get].results[0];
        let pop = self.b.raw(ArrayOp::Pop, &[s], &[], &[unit.clone(), unit]);
        let (rest, rec) = {
            let r = &self.b.func.insts[pop].results;
            (r[0], r[1])
        };
        self.b.raw(SlotOp::Set(slot, vec![]), &[rest], &[], &[]);
        let mut out = Vec::new();
        for (n, (_, ty)) in chosen.iter().enumerate() {
            let op = PlaceOp::Get(vec![Step::Field(n as u32)]);
            let i = self.b.raw(op, &[rec], &[], core::slice::from_ref(ty));
            self.fields.push(i);
            out.push(self.b.func.insts[i].results[0]);
        }
        out
    }

    /// What an iteration saved.
    fn pop(&mut self, l: Inst, body: crate::entity::Region, chosen: &[(Key, Type)]) -> Vec<Value> {
        let element = saved_type(chosen);
        let ty = Type::stack(element.clone());
        let slot = self.b.slot(ty.clone(), "saved");
        self.demands.regions.insert(body, chosen.to_vec());
        let stack = self.residual(Key::Stack(l), ty.clone());
        self.entry.push((slot, stack));
        let s = self.b.slot_get(slot, vec![], &[]);
        let pop = self.b.raw(ArrayOp::Pop, &[s], &[], &[ty, element]);
        let (rest, rec) = {
            let r = &self.b.func.insts[pop].results;
            (r[0], r[1])
        };
        self.b.slot_set(slot, rest, vec![], &[]);
        if chosen.len() == 1 {
            return vec![rec];
        }
        (0..chosen.len() as u32)
            .map(|n| self.b.field(rec, n))
            .collect()
    }

    /// A value of the scope, computed from what is at hand.
    fn materialise(&mut self, c: &mut Closing, v: Value) -> Value {
        // Inputs first; what depends on itself is never chosen.
        let mut work = vec![v];
        while let Some(&v) = work.last() {
            if c.have.contains_key(&v) {
                work.pop();
                continue;
            }
            if self.marks.home[v] != c.scope.region {
                let x = self.known(v);
                c.have.insert(v, x);
                continue;
            }
            let Some(recipe) = self.recipe(&c.scope, v) else {
                // Not reached: what has no recipe is saved.
                let x = self.b.default(self.src.ty(v).clone());
                c.have.insert(v, x);
                continue;
            };
            let missing = recipe.inputs.iter().filter(|a| !c.have.contains_key(*a));
            let missing: Vec<Value> = missing.copied().collect();
            if missing.is_empty() {
                let x = self.compute(c, v, &recipe);
                c.have.insert(v, x);
                // What is read from an outer scope is no work.
                if !matches!(recipe.way, Way::Last(_)) {
                    c.again.push(v);
                }
            } else {
                work.extend(missing);
            }
        }
        c.have[&v]
    }

    fn compute(&mut self, c: &mut Closing, v: Value, recipe: &Recipe) -> Value {
        let have = |a: &Value| c.have[a];
        match &recipe.way {
            Way::Again(i) => {
                let d = &self.src.insts[*i];
                self.b.set_span(d.span);
                let args: Vec<Value> = d.args.iter().map(have).collect();
                let op = self.without_traps(&d.op, v);
                let i = self.b.raw(op, &args, &[], &[self.src.ty(v).clone()]);
                self.b.func.insts[i].results[0]
            }
            Way::Read(i, base, offsets) => {
                let d = &self.src.insts[*i];
                self.b.set_span(d.span);
                let mut args: Vec<Value> = vec![have(base)];
                args.extend(d.args[1..].iter().map(have));
                let offsets: Vec<Value> = offsets.iter().map(have).collect();
                for o in offsets {
                    let (at, o) = (self.as_u64(args[1]), self.as_u64(o));
                    args[1] = self.b.binary(BinaryOp::WrappingAdd, o, at);
                }
                let i = self
                    .b
                    .raw(d.op.clone(), &args, &[], &[self.src.ty(v).clone()]);
                self.b.func.insts[i].results[0]
            }
            Way::Extent(Extent::Known(n)) => self.b.index(*n),
            Way::Extent(Extent::Value(n)) => {
                let n = have(n);
                self.as_u64(n)
            }
            Way::Extent(Extent::Difference(hi, lo)) => {
                let (hi, lo) = (have(hi), have(lo));
                self.difference(hi, lo)
            }
            Way::Extent(Extent::Of(a, axis)) => {
                self.residual(Key::Dim(*a, *axis), DType::U64.into())
            }
            Way::Last(l) => {
                let ty = self.src.ty(v).clone();
                self.residual(Key::Last(v, *l), ty)
            }
            Way::Counted(l, k) => {
                let d = &self.src.insts[*l];
                let to = self.integer(v);
                let steps = self.inductions().step(*l, *k).unwrap_or_default();
                let steps: Vec<(Value, bool)> =
                    steps.iter().map(|(s, minus)| (have(s), *minus)).collect();
                let first = have(&initial(self.src, *l, *k));
                let number = if matches!(d.op, Op::Control(ControlOp::For)) {
                    let index = self.src.regions[d.regions[0]].params[0];
                    let (i, lo) = (have(&index), have(&d.args[0]));
                    self.distance(i, lo, to)
                } else {
                    match c.scope.counter {
                        Some(n) => self.as_integer(n, to),
                        None => self.zero(to),
                    }
                };
                self.sum(first, &steps, Some(number), false)
            }
            Way::Total(l, k) => {
                let to = self.integer(v);
                let steps = self.inductions().step(*l, *k).unwrap_or_default();
                let steps: Vec<(Value, bool)> =
                    steps.iter().map(|(s, minus)| (have(s), *minus)).collect();
                let first = have(&initial(self.src, *l, *k));
                let args = &self.src.insts[*l].args;
                let (lo, hi) = (have(&args[0]), have(&args[1]));
                let n = self.iterations(lo, hi, to);
                self.sum(first, &steps, Some(n), false)
            }
            Way::CountedBack(l, k) => {
                let ty = self.src.ty(v).clone();
                let to = self.integer(v);
                let slot = self.b.slot(ty, "counter");
                let after = self.src.insts[*l].results[*k];
                let mut x = self.b.slot_get(slot, vec![], &[]);
                for p in self.inductions().added(*l, *k).unwrap_or_default() {
                    match p {
                        Part::Value(s, minus) => {
                            x = self.sum(x, &[(have(&s), minus)], None, true);
                        }
                        Part::Loop(inner, steps) => {
                            let args = &self.src.insts[inner].args;
                            let (lo, hi) = (have(&args[0]), have(&args[1]));
                            let steps: Vec<(Value, bool)> =
                                steps.iter().map(|(s, minus)| (have(s), *minus)).collect();
                            let n = self.iterations(lo, hi, to);
                            x = self.sum(x, &steps, Some(n), true);
                        }
                    }
                }
                self.b.slot_set(slot, x, vec![], &[]);
                c.settled.counters.push((slot, after));
                x
            }
        }
    }

    /// The operation for a second run: the first has found that it does not overflow.
    fn without_traps(&self, op: &Op, v: Value) -> Op {
        let integer = self.src.ty(v).dtype().is_some_and(DType::is_int);
        match op {
            Op::Binary(BinaryOp::Add) if integer => BinaryOp::WrappingAdd.into(),
            Op::Binary(BinaryOp::Sub) if integer => BinaryOp::WrappingSub.into(),
            Op::Binary(BinaryOp::Mul) if integer => BinaryOp::WrappingMul.into(),
            other => other.clone(),
        }
    }

    fn integer(&self, v: Value) -> DType {
        self.src.ty(v).dtype().unwrap_or(DType::U64)
    }

    fn zero(&mut self, d: DType) -> Value {
        self.b.scalar(Scalar::zero(d))
    }

    /// `i - lo` in another integer type.
    fn distance(&mut self, i: Value, lo: Value, to: DType) -> Value {
        let (i, lo) = (self.as_integer(i, to), self.as_integer(lo, to));
        self.b.binary(BinaryOp::WrappingSub, i, lo)
    }

    /// How often a counted loop runs.
    fn iterations(&mut self, lo: Value, hi: Value, to: DType) -> Value {
        let runs = self.b.compare(CompareOp::Lt, lo, hi);
        let n = self.distance(hi, lo, to);
        let zero = self.zero(to);
        self.b.select(runs, n, zero)
    }

    /// `x` and the steps, each `times` times; taken away if `back`.
    fn sum(
        &mut self,
        mut x: Value,
        steps: &[(Value, bool)],
        times: Option<Value>,
        back: bool,
    ) -> Value {
        for &(s, minus) in steps {
            let s = match times {
                Some(n) => self.b.binary(BinaryOp::WrappingMul, n, s),
                None => s,
            };
            let op = if minus == back {
                BinaryOp::WrappingAdd
            } else {
                BinaryOp::WrappingSub
            };
            x = self.b.binary(op, x, s);
        }
        x
    }
}
