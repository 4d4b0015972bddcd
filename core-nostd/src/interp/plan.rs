//! Flattens a function's tree of regions into a list of [`Step`]s over registers.
//!
//! Every value has a register; the parameters of a function are its first registers, in order. A loop's parameters and
//! results share registers: what the body yields is moved into them at its end, and they are the results when it exits. An
//! `if`'s yields are moved into the result registers at the end of each arm. A slot is a register too, so the slot stage runs
//! here as well: `block` and `br` are jumps.
//!
//! Invariants: jump targets are labels here and step numbers after [`live::finish`](super::live::finish); a step uses at most
//! one list of operands and defines at most one list of registers; IR that no verifier would pass becomes
//! [`Step::Confused`], which traps.

use crate::entity::{Entity, Label, Region, Slot, Value};
use crate::ir::{
    ConstOp, ControlOp, DType, Func, InstData, Module, Op, PlaceOp, SlotOp, Span, Type,
};
use crate::ops;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// A register's number within its frame.
pub(super) type Reg = u32;

/// How deep regions may nest, as the verifier bounds it (the body counts too): planning recurses once a level.
const MAX_NEST: usize = crate::verify::MAX_REGION_DEPTH + 1;

/// A stretch of one of a [`Code`]'s flat tables.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct List {
    at: u32,
    len: u32,
}

impl List {
    /// Nothing.
    pub(super) const EMPTY: List = List { at: 0, len: 0 };
    /// As indices of the table.
    pub(super) fn range(self) -> core::ops::Range<usize> {
        self.at as usize..(self.at + self.len) as usize
    }
    /// The number of entries.
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

/// Appends to a flat table.
pub(super) fn append<T>(table: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> List {
    let at = table.len() as u32;
    table.extend(items);
    List {
        at,
        len: table.len() as u32 - at,
    }
}

/// One step. Operand lists are in [`Code::args`], all other lists in [`Code::lists`].
#[derive(Copy, Clone, Debug)]
pub(super) enum Step {
    /// Evaluates an op of [`Code::ops`].
    Eval {
        op: u32,
        args: List,
        out: List,
        /// Some operand is used for the last time: what the op left of it must be let go.
        clears: bool,
    },
    /// Copies (or moves, at the last use) operands to registers, all at once.
    Move {
        args: List,
        out: List,
        /// Some register is both read and written, so all must be read before any is written.
        parallel: bool,
    },
    /// Lets go of values that nobody reads any more.
    Drop { out: List },
    /// Goes on at a target.
    Jump(u32),
    /// Goes on at `otherwise` unless the register holds `true`.
    Branch { cond: Reg, otherwise: u32 },
    /// Goes on at the selected target, the last one if out of range.
    Switch { selector: Reg, targets: List },
    /// Before the first iteration of a counted loop: goes to `exit` if there is none.
    ForFirst { index: Reg, limit: Reg, exit: u32 },
    /// After an iteration: counts, and goes to `body` if there is another.
    ForNext { index: Reg, limit: Reg, body: u32 },
    /// Opens a `map` and sets up the first element, or goes to `exit` if there is none.
    MapFirst { map: u32, args: List, exit: u32 },
    /// Collects an element of each result, and goes to `body` with the next element if there is one.
    MapNext { map: u32, args: List, body: u32 },
    /// Closes a `map`: its results are complete.
    MapLast { out: List },
    /// Abandons that many open `map`s (a `br` leaves them).
    MapLeave(u32),
    /// Calls a function.
    Call { func: u32, args: List, out: List },
    /// Returns operands from the function.
    Return { args: List },
    /// What the verifier would have refused.
    Confused,
}

impl Step {
    /// The operands.
    pub(super) fn uses(&self) -> List {
        match *self {
            Step::Eval { args, .. }
            | Step::Move { args, .. }
            | Step::MapFirst { args, .. }
            | Step::MapNext { args, .. }
            | Step::Call { args, .. }
            | Step::Return { args } => args,
            Step::Drop { .. }
            | Step::Jump(_)
            | Step::Branch { .. }
            | Step::Switch { .. }
            | Step::ForFirst { .. }
            | Step::ForNext { .. }
            | Step::MapLast { .. }
            | Step::MapLeave(_)
            | Step::Confused => List::EMPTY,
        }
    }
    /// The registers written, but for those that only ever hold scalars (a `for`'s index, a `map`'s elements).
    pub(super) fn defs(&self) -> List {
        match *self {
            Step::Eval { out, .. }
            | Step::Move { out, .. }
            | Step::MapLast { out }
            | Step::Call { out, .. } => out,
            Step::Drop { .. }
            | Step::Jump(_)
            | Step::Branch { .. }
            | Step::Switch { .. }
            | Step::ForFirst { .. }
            | Step::ForNext { .. }
            | Step::MapFirst { .. }
            | Step::MapNext { .. }
            | Step::MapLeave(_)
            | Step::Return { .. }
            | Step::Confused => List::EMPTY,
        }
    }
    /// The target that the step itself names, besides a switch's.
    pub(super) fn target_mut(&mut self) -> Option<&mut u32> {
        match self {
            Step::Jump(t)
            | Step::Branch { otherwise: t, .. }
            | Step::ForFirst { exit: t, .. }
            | Step::ForNext { body: t, .. }
            | Step::MapFirst { exit: t, .. }
            | Step::MapNext { body: t, .. } => Some(t),
            Step::Eval { .. }
            | Step::Move { .. }
            | Step::Drop { .. }
            | Step::Switch { .. }
            | Step::MapLast { .. }
            | Step::MapLeave(_)
            | Step::Call { .. }
            | Step::Return { .. }
            | Step::Confused => None,
        }
    }
    /// Whether the step after it may follow it.
    pub(super) fn falls_through(&self) -> bool {
        !matches!(
            self,
            Step::Jump(_) | Step::Switch { .. } | Step::Return { .. } | Step::Confused
        )
    }
}

/// What a `map` needs besides its operands.
#[derive(Debug)]
pub(super) struct MapPlan {
    /// The registers of an element of each operand.
    pub(super) params: List,
    /// The element type of each result.
    pub(super) dtypes: Vec<DType>,
}

/// A function as steps.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) name: String,
    pub(super) params: Vec<Type>,
    pub(super) results: usize,
    /// How many registers a frame has.
    pub(super) regs: u32,
    pub(super) steps: Vec<Step>,
    /// The source place of each step.
    pub(super) spans: Vec<Span>,
    /// Operands: the register, and whether this is its last use.
    pub(super) args: Vec<(Reg, bool)>,
    pub(super) lists: Vec<u32>,
    pub(super) ops: Vec<Op>,
    /// The types of each op's results, where evaluation needs them.
    pub(super) types: Vec<Vec<Type>>,
    pub(super) maps: Vec<MapPlan>,
}

/// A function flattened, without last uses.
pub(super) struct Plan {
    pub(super) code: Code,
    /// The step that each label stands before.
    pub(super) labels: Vec<u32>,
    /// Which registers may hold memory; scalars need no care.
    pub(super) heap: Vec<bool>,
}

/// Flattens a function.
pub(super) fn flatten(m: &Module, f: &Func) -> Plan {
    let mut p = Planner {
        m,
        f,
        plan: Plan {
            code: Code {
                name: f.name.clone(),
                params: f.param_types(),
                results: f.results.len(),
                regs: 0,
                steps: Vec::new(),
                spans: Vec::new(),
                args: Vec::new(),
                lists: Vec::new(),
                ops: Vec::new(),
                types: Vec::new(),
                maps: Vec::new(),
            },
            labels: Vec::new(),
            heap: Vec::new(),
        },
        reg_of: vec![None; f.values.len()],
        slots: Vec::new(),
        blocks: Vec::new(),
        nest: 0,
        maps: 0,
        span: f.span,
        ok: true,
    };
    for &v in f.params() {
        p.define(v);
    }
    for s in f.slots.values() {
        let r = p.fresh(&s.ty);
        p.slots.push(r);
        p.eval(ConstOp::Default(s.ty.clone()).into(), &[], &[r], Vec::new());
    }
    if p.region(f.body) {
        let args = p.operands(&f.regions[f.body].yields);
        p.push(Step::Return { args });
    }
    p.plan
}

struct Planner<'a> {
    m: &'a Module,
    f: &'a Func,
    plan: Plan,
    reg_of: Vec<Option<Reg>>,
    slots: Vec<Reg>,
    /// The open blocks: label, where it ends, how many maps were open around it.
    blocks: Vec<(Label, u32, u32)>,
    nest: usize,
    maps: u32,
    span: Span,
    /// No nonsense was met in the instruction at hand.
    ok: bool,
}

impl Planner<'_> {
    // Registers and operands.

    fn fresh(&mut self, ty: &Type) -> Reg {
        self.plan.heap.push(!ty.is_scalar() && !ty.is_unit());
        self.plan.code.regs += 1;
        self.plan.code.regs - 1
    }
    fn define(&mut self, v: Value) -> Reg {
        let r = self.fresh(&self.f.values[v].ty);
        self.reg_of[v.index()] = Some(r);
        r
    }
    fn define_all(&mut self, vs: &[Value]) -> Vec<Reg> {
        vs.iter().map(|&v| self.define(v)).collect()
    }
    /// Makes `v` another name of a register.
    fn alias(&mut self, v: Value, r: Reg) {
        self.reg_of[v.index()] = Some(r);
        let ty = self.f.ty(v);
        self.plan.heap[r as usize] |= !ty.is_scalar() && !ty.is_unit();
    }
    fn reg(&mut self, v: Value) -> Reg {
        match self.reg_of.get(v.index()).copied().flatten() {
            Some(r) => r,
            None => {
                self.ok = false;
                0
            }
        }
    }
    fn regs(&mut self, vs: &[Value]) -> Vec<Reg> {
        vs.iter().map(|&v| self.reg(v)).collect()
    }
    fn operand_list(&mut self, regs: &[Reg]) -> List {
        append(&mut self.plan.code.args, regs.iter().map(|&r| (r, false)))
    }
    fn operands(&mut self, vs: &[Value]) -> List {
        let regs = self.regs(vs);
        self.operand_list(&regs)
    }
    fn list(&mut self, regs: &[Reg]) -> List {
        append(&mut self.plan.code.lists, regs.iter().copied())
    }

    // Steps and labels.

    fn push(&mut self, step: Step) {
        let step = if self.ok { step } else { Step::Confused };
        self.ok = true;
        self.plan.code.steps.push(step);
        self.plan.code.spans.push(self.span);
    }
    fn label(&mut self) -> u32 {
        self.plan.labels.push(u32::MAX);
        self.plan.labels.len() as u32 - 1
    }
    /// The next step is where the label stands.
    fn bind(&mut self, label: u32) {
        self.plan.labels[label as usize] = self.plan.code.steps.len() as u32;
    }
    fn here(&mut self) -> u32 {
        let l = self.label();
        self.bind(l);
        l
    }
    fn eval(&mut self, op: Op, args: &[Reg], out: &[Reg], types: Vec<Type>) {
        let args = self.operand_list(args);
        let out = self.list(out);
        let op = append(&mut self.plan.code.ops, [op]).at;
        self.plan.code.types.push(types);
        self.push(Step::Eval {
            op,
            args,
            out,
            clears: false,
        });
    }
    /// Moves values to registers, all at once. A value that is there already stays.
    fn transfer(&mut self, from: &[Value], to: &[Reg]) {
        if from.len() != to.len() {
            self.ok = false;
        }
        let (mut args, mut out) = (Vec::new(), Vec::new());
        for (s, &d) in self.regs(from).into_iter().zip(to) {
            if s != d {
                args.push(s);
                out.push(d);
            }
        }
        if args.is_empty() && self.ok {
            return;
        }
        let mut written = out.clone();
        written.sort_unstable();
        let parallel = args.iter().any(|s| written.binary_search(s).is_ok());
        let args = self.operand_list(&args);
        let out = self.list(&out);
        self.push(Step::Move {
            args,
            out,
            parallel,
        });
    }

    // Regions and instructions.

    /// The instructions of a region; false if control never reaches its end.
    fn region(&mut self, r: Region) -> bool {
        if self.nest == MAX_NEST || self.f.regions.get(r).is_none() {
            self.push(Step::Confused);
            return false;
        }
        self.nest += 1;
        let f = self.f;
        let mut ends = true;
        for &i in &f.regions[r].insts {
            self.span = f.insts[i].span;
            ends = self.inst(&f.insts[i]);
            if !ends {
                break;
            }
        }
        self.nest -= 1;
        ends
    }
    fn inst(&mut self, d: &InstData) -> bool {
        match &d.op {
            Op::Control(o) => self.control(o, d),
            Op::Slot(o) => return self.slot(o, d),
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
                let args = self.regs(&d.args);
                let out = self.define_all(&d.results);
                let f = self.f;
                let types = d.results.iter().map(|&v| f.ty(v).clone()).collect();
                self.eval(d.op.clone(), &args, &out, types);
            }
        }
        true
    }

    fn control(&mut self, op: &ControlOp, d: &InstData) {
        let regions = match op {
            ControlOp::If | ControlOp::While => d.regions.len() == 2,
            ControlOp::Switch => !d.regions.is_empty(),
            ControlOp::For | ControlOp::Map => d.regions.len() == 1,
            ControlOp::Call(_) | ControlOp::Derive { .. } => d.regions.is_empty(),
        };
        let operands = match op {
            ControlOp::If | ControlOp::Switch => d.args.len() == 1,
            ControlOp::For => d.args.len() >= 2,
            ControlOp::Map => !d.args.is_empty(),
            ControlOp::While | ControlOp::Call(_) | ControlOp::Derive { .. } => true,
        };
        let known = d.regions.iter().all(|&r| self.f.regions.get(r).is_some());
        if !(regions && operands && known) {
            self.push(Step::Confused);
            return;
        }
        match op {
            ControlOp::If => {
                let otherwise = self.label();
                let cond = self.reg(d.args[0]);
                self.push(Step::Branch { cond, otherwise });
                let out = self.define_all(&d.results);
                let end = self.label();
                self.arm(d.regions[0], &out, end);
                self.bind(otherwise);
                self.arm(d.regions[1], &out, end);
                self.bind(end);
            }
            ControlOp::Switch => {
                let arms: Vec<u32> = d.regions.iter().map(|_| self.label()).collect();
                let selector = self.reg(d.args[0]);
                let targets = self.list(&arms);
                self.push(Step::Switch { selector, targets });
                let out = self.define_all(&d.results);
                let end = self.label();
                for (&r, &l) in d.regions.iter().zip(&arms) {
                    self.bind(l);
                    self.arm(r, &out, end);
                }
                self.bind(end);
            }
            ControlOp::While => self.while_(d),
            ControlOp::For => self.for_(d),
            ControlOp::Map => self.map(d),
            ControlOp::Call(func) => {
                let takes = self.m.funcs.get(*func).map(|f| f.params().len());
                self.ok = takes == Some(d.args.len());
                let args = self.operands(&d.args);
                let out = self.define_all(&d.results);
                let out = self.list(&out);
                self.push(Step::Call {
                    func: func.0,
                    args,
                    out,
                });
            }
            ControlOp::Derive { .. } => self.push(Step::Confused),
        }
    }
    /// An arm of an `if` or `switch`, whose yields go to `out`.
    fn arm(&mut self, r: Region, out: &[Reg], end: u32) {
        if self.region(r) {
            self.transfer(&self.f.regions[r].yields, out);
            self.push(Step::Jump(end));
        }
    }
    /// Registers for carried values, moved there; the results are other names of them.
    fn carry(&mut self, d: &InstData, init: &[Value], params: &[Value]) -> Vec<Reg> {
        let regs = self.define_all(params);
        self.transfer(init, &regs);
        if d.results.len() != regs.len() {
            self.push(Step::Confused);
        }
        for (&v, &r) in d.results.iter().zip(&regs) {
            self.alias(v, r);
        }
        regs
    }
    fn while_(&mut self, d: &InstData) {
        let (cond, body) = (&self.f.regions[d.regions[0]], &self.f.regions[d.regions[1]]);
        let carried = self.carry(d, &d.args, &cond.params);
        for (&v, &r) in body.params.iter().zip(&carried) {
            self.alias(v, r);
        }
        let head = self.here();
        let exit = self.label();
        if self.region(d.regions[0]) {
            let cond = match cond.yields.first() {
                Some(&v) => self.reg(v),
                None => return self.push(Step::Confused),
            };
            self.push(Step::Branch {
                cond,
                otherwise: exit,
            });
            if self.region(d.regions[1]) {
                self.transfer(&body.yields, &carried);
                self.push(Step::Jump(head));
            }
        }
        self.bind(exit);
    }
    fn for_(&mut self, d: &InstData) {
        let body = &self.f.regions[d.regions[0]];
        let Some((&index, params)) = body.params.split_first() else {
            return self.push(Step::Confused);
        };
        let index = self.define(index);
        self.transfer(&d.args[..1], &[index]);
        let carried = self.carry(d, &d.args[2..], params);
        let limit = self.reg(d.args[1]);
        let exit = self.label();
        self.push(Step::ForFirst { index, limit, exit });
        let top = self.here();
        if self.region(d.regions[0]) {
            self.transfer(&body.yields, &carried);
            self.push(Step::ForNext {
                index,
                limit,
                body: top,
            });
        }
        self.bind(exit);
    }
    fn map(&mut self, d: &InstData) {
        let body = &self.f.regions[d.regions[0]];
        let params = self.define_all(&body.params);
        let dtypes: Option<Vec<DType>> =
            body.yields.iter().map(|&v| self.f.ty(v).dtype()).collect();
        self.ok = params.len() == d.args.len() && dtypes.is_some();
        let plan = MapPlan {
            params: self.list(&params),
            dtypes: dtypes.unwrap_or_default(),
        };
        let map = append(&mut self.plan.code.maps, [plan]).at;
        let args = self.operands(&d.args);
        let exit = self.label();
        self.push(Step::MapFirst { map, args, exit });
        self.maps += 1;
        let top = self.here();
        if self.region(d.regions[0]) {
            let args = self.operands(&body.yields);
            self.push(Step::MapNext {
                map,
                args,
                body: top,
            });
        }
        self.maps -= 1;
        self.bind(exit);
        let out = self.define_all(&d.results);
        let out = self.list(&out);
        self.push(Step::MapLast { out });
    }
    /// The slot stage; false if control never comes back from the instruction.
    fn slot(&mut self, op: &SlotOp, d: &InstData) -> bool {
        match op {
            SlotOp::Get(s, path) => {
                let mut args = vec![self.slot_reg(*s)];
                args.extend(self.regs(&d.args));
                let out = self.define_all(&d.results);
                self.eval(PlaceOp::Get(path.clone()).into(), &args, &out, Vec::new());
            }
            SlotOp::Set(s, path) => {
                let slot = self.slot_reg(*s);
                if path.is_empty() {
                    self.transfer(&d.args, &[slot]);
                } else {
                    let mut args = vec![slot];
                    args.extend(self.regs(&d.args));
                    self.eval(
                        PlaceOp::Update(path.clone()).into(),
                        &args,
                        &[slot],
                        Vec::new(),
                    );
                }
            }
            SlotOp::Block(l) => {
                let end = self.label();
                self.blocks.push((*l, end, self.maps));
                match d.regions[..] {
                    [r] => {
                        self.region(r);
                    }
                    _ => self.push(Step::Confused),
                }
                self.blocks.pop();
                self.bind(end);
            }
            SlotOp::Br(l) => {
                match self.blocks.iter().rev().find(|b| b.0 == *l) {
                    Some(&(_, end, maps)) => {
                        if self.maps > maps {
                            self.push(Step::MapLeave(self.maps - maps));
                        }
                        self.push(Step::Jump(end));
                    }
                    None => self.push(Step::Confused),
                }
                return false;
            }
        }
        true
    }
    fn slot_reg(&mut self, s: Slot) -> Reg {
        self.ok &= s.index() < self.slots.len();
        self.slots.get(s.index()).copied().unwrap_or_default()
    }
}

/// The name of an op for a trap.
pub(super) fn confused_name(code: &Code, step: &Step) -> String {
    match step {
        Step::Eval { op, .. } => ops::name(&code.ops[*op as usize]),
        Step::Move { .. } | Step::Drop { .. } | Step::Jump(_) | Step::Confused => {
            String::from("IR that was not verified or lowered")
        }
        Step::Branch { .. } => String::from("if or while"),
        Step::Switch { .. } => String::from("switch"),
        Step::ForFirst { .. } | Step::ForNext { .. } => String::from("for"),
        Step::MapFirst { .. } | Step::MapNext { .. } | Step::MapLast { .. } | Step::MapLeave(_) => {
            String::from("map")
        }
        Step::Call { .. } | Step::Return { .. } => String::from("call"),
    }
}
