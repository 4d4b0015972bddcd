//! V1 to V6: entities, the tree of regions, definitions and scopes.
//!
//! The walk keeps its own stack, visits each region and instruction once, and follows no entity that it has not looked up.

use super::{At, MAX_RANK, MAX_REGION_DEPTH, MAX_TYPE_DEPTH, Report};
use crate::entity::{FuncId, Inst, Label, Region, SecondaryMap, Slot, Value};
use crate::ir::{
    ConstOp, ControlOp, CustomRule, EffectOp, Func, InstData, Op, SlotOp, Span, TangentOp, Type,
    ValueDef,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Whether a value may be used.
#[derive(Copy, Clone, PartialEq, Eq, Default)]
enum Scope {
    /// Not defined yet, as far as the walk has come.
    #[default]
    Ahead,
    Open,
    Closed,
}

struct Walk<'a, 'r> {
    report: &'a mut Report<'r>,
    f: &'a Func,
    scopes: SecondaryMap<Value, Scope>,
    regions: SecondaryMap<Region, bool>,
    insts: SecondaryMap<Inst, bool>,
    sound: bool,
}

/// A region being walked: the next instruction, and the next region of the instruction before that.
struct Frame {
    region: Region,
    inst: usize,
    child: usize,
}

/// Reports what breaks V1 to V6; whether nothing does.
pub(super) fn check(report: &mut Report<'_>, f: &Func) -> bool {
    let mut w = Walk {
        report,
        f,
        scopes: SecondaryMap::new(),
        regions: SecondaryMap::new(),
        insts: SecondaryMap::new(),
        sound: true,
    };
    w.function();
    w.sound
}

/// Whether records, sequences and stacks nest deeper than `left`, or a tensor has too many axes. Recurses `left` deep at most.
fn is_too_deep(t: &Type, left: usize) -> bool {
    match t {
        Type::Tensor(t) => t.shape.len() > MAX_RANK,
        Type::Record(_) | Type::Seq(_) | Type::Stack(_) if left == 0 => true,
        Type::Record(fs) => fs.iter().any(|t| is_too_deep(t, left - 1)),
        Type::Seq(e) | Type::Stack(e) => is_too_deep(e, left - 1),
    }
}

impl Walk<'_, '_> {
    fn error(&mut self, at: At, rule: u16, message: String) {
        self.sound = false;
        self.report.error(at, rule, message);
    }

    fn function(&mut self) {
        let f = self.f;
        self.types(At::Func, f.results.iter());
        self.types(At::Func, f.slots.values().map(|s| &s.ty));
        self.span(At::Func, f.span);
        if let Some(g) = f.rule.as_ref().and_then(CustomRule::func) {
            self.callee(At::Func, g);
        }
        let mut stack = Vec::new();
        self.enter(f.body, None, &mut stack);
        while let Some(top) = stack.last_mut() {
            if self.report.is_full() {
                return;
            }
            let data = &f.regions[top.region];
            // The regions of the instruction before, then the next instruction.
            if top.inst > 0
                && let Some(d) = f.insts.get(data.insts[top.inst - 1])
            {
                let i = data.insts[top.inst - 1];
                if let Some(&r) = d.regions.get(top.child) {
                    top.child += 1;
                    self.enter(r, Some(i), &mut stack);
                    continue;
                }
                self.define_results(i, d);
            }
            if let Some(&i) = data.insts.get(top.inst) {
                top.inst += 1;
                top.child = self.inst(i);
                continue;
            }
            let region = top.region;
            stack.pop();
            self.leave(region);
        }
    }

    /// Starts a region, if it exists and was not walked before.
    fn enter(&mut self, r: Region, owner: Option<Inst>, stack: &mut Vec<Frame>) {
        let at = owner.map_or(At::Func, At::Inst);
        let f = self.f;
        let Some(data) = f.regions.get(r) else {
            return self.error(at, 1, format!("region {r} does not exist"));
        };
        if core::mem::replace(&mut self.regions[r], true) {
            return self.error(at, 2, format!("region {r} is used twice"));
        }
        if stack.len() > MAX_REGION_DEPTH {
            let message = format!("regions nest deeper than {MAX_REGION_DEPTH}");
            return self.error(at, 6, message);
        }
        for (k, &v) in data.params.iter().enumerate() {
            self.define(v, owner, ValueDef::Param(r, k as u32));
        }
        stack.push(Frame {
            region: r,
            inst: 0,
            child: 0,
        });
    }

    fn leave(&mut self, r: Region) {
        let f = self.f;
        let data = &f.regions[r];
        for &v in &data.yields {
            self.usable(At::Region(r), None, v);
        }
        let results = data.insts.iter().filter_map(|&i| f.insts.get(i));
        let results = results.flat_map(|d| &d.results);
        for &v in data.params.iter().chain(results) {
            if self.f.values.get(v).is_some() {
                self.scopes[v] = Scope::Closed;
            }
        }
    }

    /// Checks an instruction by itself. Gives the first of its regions to walk: past the last if it was walked before.
    fn inst(&mut self, i: Inst) -> usize {
        let f = self.f;
        let Some(d) = f.insts.get(i) else {
            self.error(At::Func, 1, format!("instruction {i} does not exist"));
            return 0;
        };
        if core::mem::replace(&mut self.insts[i], true) {
            self.error(At::Inst(i), 2, format!("instruction {i} is listed twice"));
            return usize::MAX;
        }
        for &v in &d.args {
            self.usable(At::Value(v, Some(i)), Some(i), v);
        }
        self.span(At::Inst(i), d.span);
        self.named(i, &d.op);
        0
    }

    fn define_results(&mut self, i: Inst, d: &InstData) {
        for (k, &v) in d.results.iter().enumerate() {
            self.define(v, Some(i), ValueDef::Result(i, k as u32));
        }
    }

    fn define(&mut self, v: Value, inst: Option<Inst>, def: ValueDef) {
        let at = At::Value(v, inst);
        let f = self.f;
        let Some(d) = f.values.get(v) else {
            return self.error(at, 1, format!("value {v} does not exist"));
        };
        if self.scopes[v] != Scope::Ahead {
            return self.error(at, 3, format!("value {v} is defined twice"));
        }
        self.scopes[v] = Scope::Open;
        if d.def != def {
            let message = format!("value {v} is recorded as {:?}, it is {def:?}", d.def);
            self.error(at, 3, message);
        }
        self.types(at, core::iter::once(&d.ty));
    }

    fn usable(&mut self, at: At, inst: Option<Inst>, v: Value) {
        let name = |what: &str| match inst {
            Some(_) => format!("an operand {what}"),
            None => format!("a yielded value {what}"),
        };
        if self.f.values.get(v).is_none() {
            return self.error(at, 1, name("does not exist"));
        }
        match self.scopes[v] {
            Scope::Open => {}
            Scope::Ahead => self.error(at, 4, name("is used before its definition")),
            Scope::Closed => {
                self.error(at, 4, name("is used outside the region that defines it"));
            }
        }
    }

    fn types<'t>(&mut self, at: At, types: impl Iterator<Item = &'t Type>) {
        for t in types {
            if is_too_deep(t, MAX_TYPE_DEPTH) {
                let message = format!(
                    "a type nests deeper than {MAX_TYPE_DEPTH} or has more than {MAX_RANK} axes"
                );
                return self.error(at, 5, message);
            }
        }
    }

    fn span(&mut self, at: At, s: Span) {
        if s.is_known() && self.report.m.files.get(s.file).is_none() {
            self.error(at, 1, format!("source file {} does not exist", s.file.0));
        }
    }

    fn callee(&mut self, at: At, g: FuncId) {
        if self.report.m.funcs.get(g).is_none() {
            self.error(at, 1, format!("function {} does not exist", g.0));
        }
    }

    fn slot(&mut self, i: Inst, s: Slot) {
        if self.f.slots.get(s).is_none() {
            self.error(At::Inst(i), 1, format!("slot {s} does not exist"));
        }
    }

    fn label(&mut self, i: Inst, l: Label) {
        if l.0 >= self.f.labels {
            self.error(At::Inst(i), 1, format!("label {l} does not exist"));
        }
    }

    /// What an op names besides its operands.
    fn named(&mut self, i: Inst, op: &Op) {
        let at = At::Inst(i);
        match op {
            Op::Control(ControlOp::Call(g) | ControlOp::Derive { func: g, .. }) => {
                self.callee(at, *g);
            }
            Op::Tangent(TangentOp::CustomLinear {
                transpose, results, ..
            }) => {
                self.callee(at, *transpose);
                self.types(at, results.iter());
            }
            Op::Effect(EffectOp::Host(h)) => self.types(at, h.results.iter()),
            Op::Slot(SlotOp::Get(s, _) | SlotOp::Set(s, _)) => self.slot(i, *s),
            Op::Slot(SlotOp::Block(l) | SlotOp::Br(l)) => self.label(i, *l),
            Op::Const(ConstOp::Default(t)) => self.types(at, core::iter::once(t)),
            Op::Const(ConstOp::Tensor(t)) => {
                if t.shape.len() > MAX_RANK {
                    self.error(at, 5, format!("a constant has more than {MAX_RANK} axes"));
                }
            }
            Op::Const(ConstOp::Scalar(_))
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
            | Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate)
            | Op::Control(
                ControlOp::If
                | ControlOp::Switch
                | ControlOp::While
                | ControlOp::For
                | ControlOp::Map,
            )
            | Op::Effect(
                EffectOp::Assert(_)
                | EffectOp::Panic(_)
                | EffectOp::CheckIndex
                | EffectOp::CheckRange
                | EffectOp::Checkpoint(_),
            ) => {}
        }
    }
}
