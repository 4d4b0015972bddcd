//! Counted loops that run several iterations at a time, in the lanes of 128-bit vectors. What may is decided by
//! [`cotangent_lower::lanes`]; here is the code for it, before the loop's ordinary code, which does what is left over.
//!
//! ```text
//! if enough iterations {
//!   for each group of iterations { the body in lanes, then what has an order, iteration by iteration }
//!   combine the lanes of accumulators
//! }
//! for the other iterations { the body }
//! ```
//!
//! Where functions have kernels for arrays, groups are gathered into tiles: each stage runs for a whole tile, its results wait in buffers on
//! the stack, and the kernel is called for the tile, which then has the other iterations, too. `functions.rs` does the same for a few calls in a row,
//! `kernels.rs` a whole loop. `value.rs`: a register's lanes; `ops.rs`: operations on them.
//!
//! Invariant: the code touches exactly the memory that the loop's iterations would, so the kernels and wide accesses stay within it.

mod functions;
mod kernels;
mod ops;
mod value;

use crate::func::{Fx, Slot};
use cotangent_lower::lanes::{self, Class, Plan};
use cotangent_lower::lir::{Bin, Block, Math1, Reg, RtFn, Rv, Stmt, Ty, Un};
use cotangent_runtime::vector as vector_kernel;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlot, StackSlotData, StackSlotKind, Value, types};
use cranelift_frontend::Variable;
use std::collections::HashMap;
use value::Lane;

/// Iterations in a tile.
const TILE: u32 = 128;
/// The most buffers of a loop: each is a tile of elements on the stack.
const BUFFERS: usize = 12;

/// The loop being translated.
pub(crate) struct Counted<'s> {
    pub(crate) index: Reg,
    pub(crate) lo: Value,
    pub(crate) hi: Value,
    pub(crate) below: IntCC,
    pub(crate) body: &'s Block,
    pub(crate) parallel: bool,
}

/// The state while a group of iterations is translated.
struct Group<'s> {
    plan: &'s Plan,
    body: &'s Block,
    /// The position of the set of each register that the body sets.
    set: HashMap<Reg, usize>,
    /// How many iterations.
    width: u32,
    /// Registers, for the group.
    env: HashMap<Reg, Lane>,
    /// Inductions before the body changes them.
    before: HashMap<Reg, Lane>,
    /// The address of lane 0 of each statement that has one.
    at: Vec<Option<(Value, i32)>>,
    /// Buffers of what later stages need, by statement.
    buffers: HashMap<usize, StackSlot>,
    /// The accumulators' lanes.
    folds: Vec<Vec<Variable>>,
    /// How far into the tile the group is, in iterations.
    into: Option<Value>,
    /// The stage.
    stage: u32,
    /// The statement.
    now: usize,
}

/// Whether a function has a kernel for arrays.
fn kernel(f: Math1) -> bool {
    vector_kernel(f).is_some()
}

impl Fx<'_, '_, '_> {
    /// Does as many iterations as go in groups, if the loop can; leaves the index where the others begin. Whether there are no others.
    pub(crate) fn in_lanes(&mut self, l: &Counted<'_>) -> bool {
        let roots = &self.roots;
        let asked = lanes::Loop {
            index: l.index,
            body: l.body,
            parallel: l.parallel,
            regs: &self.f.regs,
            kernel: &kernel,
            root: &|r| roots.get(&r).copied().unwrap_or(r),
        };
        let Some(plan) = lanes::plan(&asked) else {
            return false;
        };
        let Some(mut g) = self.group(&plan, l.body) else {
            return false;
        };
        // Registers that are read after the loop want the last iteration's value, which ordinary code gives them.
        let keep = u32::from(l.body.iter().enumerate().any(|(k, s)| {
            let Stmt::Set(r, _) = s else { return false };
            let known = plan.inductions.iter().any(|i| i.0 == *r)
                || plan.folds.iter().any(|f| f.acc == *r)
                || plan.classes[k] == Class::Serial;
            !known && matches!(self.slot(*r), Slot::Variable(_))
        }));
        let mut l = Counted { ..*l };
        let regs = &self.f.regs;
        if keep == 0
            && let Some(sums) = kernels::sums(&plan, l.body, &|a| a.ty(regs))
        {
            let first = self.firsts(&plan);
            self.by_kernels(&mut g, &l, &first, &sums);
            l.lo = self.get(l.index.into());
        }
        let l = &l;
        let first = self.firsts(&plan);
        // Where there are kernels, they are called for what does not fill a group, too: a result does not depend on where in the loop it is.
        let all = plan.stages > 1 && keep == 0;
        let (start, after) = (self.b.create_block(), self.b.create_block());
        let n = self.b.ins().isub(l.hi, l.lo);
        let mut enough = self.b.ins().icmp(l.below, l.lo, l.hi);
        if !all {
            let least = i64::from(g.width + keep);
            let unsigned = IntCC::UnsignedGreaterThanOrEqual;
            let group = self.b.ins().icmp_imm_u(unsigned, n, least);
            enough = self.b.ins().band(enough, group);
        }
        self.branch(enough, start, after);
        self.start(start);
        let (done, end) = if all {
            (n, l.hi)
        } else {
            let n = self.b.ins().iadd_imm_s(n, -i64::from(keep));
            let done = self.b.ins().band_imm_s(n, -i64::from(g.width));
            (done, self.b.ins().iadd(l.lo, done))
        };
        self.start_folds(&mut g);
        if plan.stages == 1 {
            self.groups(&mut g, l, &first, l.lo, (l.lo, end));
        } else {
            self.tiles(&mut g, l, &first, end, all);
        }
        self.end_folds(&g);
        for (&(r, step), &v) in plan.inductions.iter().zip(&first) {
            let v = self.advance(v, done, step);
            self.set(r, v);
        }
        self.set(l.index, end);
        self.jump(after);
        self.start(after);
        all
    }

    /// What inductions hold before the loop.
    fn firsts(&mut self, plan: &Plan) -> Vec<Value> {
        let all = plan.inductions.iter();
        all.map(|i| self.get(i.0.into())).collect()
    }

    /// The state before the first group; `None` if too much would wait in buffers.
    fn group<'s>(&mut self, plan: &'s Plan, body: &'s Block) -> Option<Group<'s>> {
        let mut set = HashMap::new();
        for (k, s) in body.iter().enumerate() {
            if let Stmt::Set(r, _) = s {
                set.insert(*r, k);
            }
        }
        let lanes = 16 / plan.widest;
        // Additions of an accumulator wait for each other: more of them.
        let parts = if plan.folds.is_empty() { 2 } else { 4 };
        let width = (lanes * parts).max(16 / plan.narrowest);
        let mut waiting: Vec<usize> = Vec::new();
        for (k, s) in body.iter().enumerate() {
            s.operands(&mut |a| {
                if let Some(&from) = a.reg().and_then(|r| set.get(&r))
                    && plan.classes[from] == Class::Lanes
                    && plan.stage[from] < plan.stage[k]
                    && !again(plan, body, from)
                {
                    waiting.push(from);
                }
            });
            if is_kernel(plan, s, k) {
                waiting.push(k);
            }
        }
        waiting.sort_unstable();
        waiting.dedup();
        if waiting.len() > BUFFERS {
            return None;
        }
        let mut buffers = HashMap::new();
        for k in waiting {
            let Stmt::Set(r, _) = &body[k] else { continue };
            let ty = self.f.regs[*r];
            if !matches!(ty, Ty::F32 | Ty::F64 | Ty::I32 | Ty::I64) {
                return None;
            }
            let bytes = ty.bytes() * TILE;
            let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
            buffers.insert(k, self.b.create_sized_stack_slot(data));
        }
        Some(Group {
            plan,
            body,
            set,
            width,
            env: HashMap::new(),
            before: HashMap::new(),
            at: Vec::new(),
            buffers,
            folds: Vec::new(),
            into: None,
            stage: 0,
            now: 0,
        })
    }

    /// `v + count * step`.
    fn advance(&mut self, v: Value, count: Value, step: i64) -> Value {
        let by = self.b.ins().imul_imm_s(count, step);
        self.b.ins().iadd(v, by)
    }

    /// A loop from `from` up to `to`, not empty, in steps; the body is given the index.
    fn stepped(
        &mut self,
        from: Value,
        to: Value,
        by: Value,
        mut body: impl FnMut(&mut Self, Value),
    ) {
        let var = self.b.declare_var(types::I64);
        self.b.def_var(var, from);
        let (top, next) = (self.b.create_block(), self.b.create_block());
        self.jump(top);
        self.b.switch_to_block(top);
        self.wide = None;
        let i = self.b.use_var(var);
        body(self, i);
        let i = self.b.ins().iadd(i, by);
        self.b.def_var(var, i);
        let more = self.b.ins().icmp(IntCC::NotEqual, i, to);
        self.branch(more, top, next);
        self.b.seal_block(top);
        self.start(next);
    }

    /// One stage of the groups from iteration `from` up to `to`, in a tile that starts at `tile`.
    fn groups(
        &mut self,
        g: &mut Group<'_>,
        l: &Counted<'_>,
        first: &[Value],
        tile: Value,
        (from, to): (Value, Value),
    ) {
        let by = self.int(g.width.into());
        self.stepped(from, to, by, |fx, i| {
            g.into = (g.plan.stages > 1).then(|| fx.b.ins().isub(i, tile));
            fx.enter_group(g, l, first, i);
            fx.run_group(g);
            fx.over.clear();
        });
    }

    /// [`groups`](Self::groups), if there are any.
    fn some_groups(
        &mut self,
        g: &mut Group<'_>,
        l: &Counted<'_>,
        first: &[Value],
        tile: Value,
        (from, to): (Value, Value),
    ) {
        let (start, after) = (self.b.create_block(), self.b.create_block());
        let some = self.b.ins().icmp(IntCC::NotEqual, from, to);
        self.branch(some, start, after);
        self.start(start);
        self.groups(g, l, first, tile, (from, to));
        self.jump(after);
        self.start(after);
    }

    /// All stages, tile by tile. `all`: the last tile may have iterations that do not fill a group.
    fn tiles(
        &mut self,
        g: &mut Group<'_>,
        l: &Counted<'_>,
        first: &[Value],
        end: Value,
        all: bool,
    ) {
        let var = self.b.declare_var(types::I64);
        self.b.def_var(var, l.lo);
        let (top, next) = (self.b.create_block(), self.b.create_block());
        self.jump(top);
        self.b.switch_to_block(top);
        let t = self.b.use_var(var);
        let left = self.b.ins().isub(end, t);
        let tile = self.int(TILE.into());
        let len = self.b.ins().umin(left, tile);
        let to = self.b.ins().iadd(t, len);
        self.tile(g, l, first, (t, to), all);
        self.b.def_var(var, to);
        let more = self.b.ins().icmp(IntCC::NotEqual, to, end);
        self.branch(more, top, next);
        self.b.seal_block(top);
        self.start(next);
    }

    /// All stages of the iterations from `from` up to `to`.
    fn tile(
        &mut self,
        g: &mut Group<'_>,
        l: &Counted<'_>,
        first: &[Value],
        (from, to): (Value, Value),
        all: bool,
    ) {
        let len = self.b.ins().isub(to, from);
        let width = g.width;
        let whole = all.then(|| {
            let whole = self.b.ins().band_imm_s(len, -i64::from(width));
            self.b.ins().iadd(from, whole)
        });
        for stage in 0..g.plan.stages {
            g.stage = stage;
            match whole {
                None => self.groups(g, l, first, from, (from, to)),
                Some(whole) => {
                    self.some_groups(g, l, first, from, (from, whole));
                    g.width = 1;
                    self.some_groups(g, l, first, from, (whole, to));
                    g.width = width;
                }
            }
            for (k, s) in g.body.iter().enumerate() {
                let Stmt::Set(r, Rv::Un(Un::Math(f), _)) = s else {
                    continue;
                };
                if g.plan.stage[k] == stage && is_kernel(g.plan, s, k) {
                    let ty = self.f.regs[*r];
                    let buffer = self.b.ins().stack_addr(types::I64, g.buffers[&k], 0);
                    let map = RtFn::Map(*f, ty).callback();
                    self.callback(map, &[len, buffer, buffer]);
                }
            }
        }
    }

    /// Sets what a group needs before its first statement: index, inductions, scalars, addresses.
    fn enter_group(&mut self, g: &mut Group<'_>, l: &Counted<'_>, first: &[Value], i: Value) {
        g.env.clear();
        g.before.clear();
        let lane0 = if g.plan.reversed { g.width - 1 } else { 0 };
        let i0 = self.b.ins().iadd_imm_s(i, i64::from(lane0));
        g.env.insert(l.index, Lane::Scalar(i0, 1));
        let passed = self.b.ins().isub(i0, l.lo);
        for (&(r, step), &v) in g.plan.inductions.iter().zip(first) {
            let v = self.advance(v, passed, step);
            g.before.insert(r, Lane::Scalar(v, step));
            g.env.insert(r, Lane::Scalar(v, step));
        }
        g.at = vec![None; g.body.len()];
        for (k, s) in g.body.iter().enumerate() {
            match s {
                Stmt::Set(r, rv) if g.plan.classes[k] == Class::Scalar => {
                    let v = self.scalar(g, rv);
                    let step = g.plan.steps.get(r).copied().unwrap_or(0);
                    g.env.insert(*r, Lane::Scalar(v, step));
                }
                Stmt::Set(_, Rv::Load(_, addr)) | Stmt::Store(_, addr, _)
                    if g.plan.classes[k] == Class::Lanes =>
                {
                    self.over_scalars(g);
                    g.at[k] = Some(self.addr(*addr));
                }
                _ => {}
            }
        }
    }

    /// Gives ordinary code lane 0 of the scalars.
    fn over_scalars(&mut self, g: &Group<'_>) {
        self.over.clear();
        for (&r, lane) in &g.env {
            if let Lane::Scalar(v, _) = lane {
                self.over.insert(r, *v);
            }
        }
    }

    fn scalar(&mut self, g: &Group<'_>, rv: &Rv) -> Value {
        self.over_scalars(g);
        self.rv(rv)
    }

    /// The statements of the present stage.
    fn run_group(&mut self, g: &mut Group<'_>) {
        self.over.clear();
        for (k, s) in g.body.iter().enumerate() {
            if g.plan.stage[k] != g.stage {
                continue;
            }
            g.now = k;
            match (g.plan.classes[k], s) {
                (Class::Lanes, Stmt::Set(r, rv)) => {
                    let lane = self.lanes(g, rv, k);
                    if let Some(&slot) = g.buffers.get(&k) {
                        self.spill(g, slot, &lane, self.f.regs[*r]);
                    }
                    if !is_kernel(g.plan, s, k) {
                        g.env.insert(*r, lane);
                    }
                }
                (Class::Lanes, Stmt::Store(ty, _, v)) => self.store_lanes(g, *ty, *v, k),
                (Class::Fold(number), _) => self.fold(g, number, k),
                _ => {}
            }
        }
        let serial = |k: usize| g.plan.classes[k] == Class::Serial && g.plan.stage[k] == g.stage;
        if !(0..g.body.len()).any(serial) {
            return;
        }
        for i in 0..g.width {
            let lane = if g.plan.reversed { g.width - 1 - i } else { i };
            for (k, s) in g.body.iter().enumerate() {
                if g.plan.classes[k] == Class::Serial {
                    g.now = k;
                    self.in_turn(g, s, lane);
                }
            }
        }
    }

    /// A statement for one lane, by ordinary code.
    fn in_turn(&mut self, g: &mut Group<'_>, s: &Stmt, lane: u32) {
        self.over_lane(g, s, lane);
        match s {
            Stmt::Set(r, rv) => {
                let v = self.rv(rv);
                self.set(*r, v);
            }
            Stmt::Store(_, addr, v) => self.store(*addr, *v),
            _ => {}
        }
        self.over.clear();
    }

    /// Gives ordinary code one lane of what the statement reads.
    fn over_lane(&mut self, g: &mut Group<'_>, s: &Stmt, lane: u32) {
        self.over.clear();
        let mut read = Vec::new();
        s.operands(&mut |a| read.extend(a.reg()));
        for r in read {
            if let Some(v) = self.one_lane(g, r, lane) {
                self.over.insert(r, v);
            }
        }
    }

    fn start_folds(&mut self, g: &mut Group<'_>) {
        for fold in &g.plan.folds {
            let ty = self.f.regs[fold.acc];
            let vector = value::vector(ty);
            let old = self.get(fold.acc.into());
            let start = match fold.op {
                Bin::FMin | Bin::FMax | Bin::And | Bin::Or => old,
                Bin::FMinNumber | Bin::FMaxNumber => old,
                Bin::Mul => self.constant(ty, 1),
                // Adding minus zero changes no float.
                _ => match ty {
                    Ty::F64 => self.constant(ty, (-0.0f64).to_bits()),
                    Ty::F32 => self.constant(ty, (-0.0f32).to_bits().into()),
                    _ => self.constant(ty, 0),
                },
            };
            let start = self.b.ins().splat(vector, start);
            let parts = g.width * ty.bytes() / 16;
            let mut vars = Vec::new();
            for _ in 0..parts {
                let var = self.b.declare_var(vector);
                self.b.def_var(var, start);
                vars.push(var);
            }
            g.folds.push(vars);
        }
    }

    /// Takes the term of a statement, if it has one, into the lanes of an accumulator.
    fn fold(&mut self, g: &mut Group<'_>, number: usize, k: usize) {
        let fold = &g.plan.folds[number];
        let Some(&(_, term)) = fold.terms.iter().find(|t| t.0 == k) else {
            return;
        };
        let (acc, op) = (fold.acc, fold.op);
        let ty = self.f.regs[acc];
        if g.width == 1 {
            let term = self.each(g, term, ty)[0];
            let old = self.get(acc.into());
            let new = self.bin_parts(op, ty, old, term);
            self.set(acc, new);
            return;
        }
        let terms = self.parts(g, term, ty);
        for (k, term) in terms.into_iter().enumerate() {
            let var = g.folds[number][k];
            let old = self.b.use_var(var);
            let new = self.bin_parts(op, ty, old, term);
            self.b.def_var(var, new);
        }
    }

    fn end_folds(&mut self, g: &Group<'_>) {
        for (fold, vars) in g.plan.folds.iter().zip(&g.folds) {
            let ty = self.f.regs[fold.acc];
            // Lanes hold what was subtracted, with its sign.
            let op = if fold.op == Bin::Sub {
                Bin::Add
            } else {
                fold.op
            };
            let mut parts: Vec<Value> = vars.iter().map(|&v| self.b.use_var(v)).collect();
            while parts.len() > 1 {
                let half = parts.len() / 2;
                let upper = parts.split_off(half);
                for (k, u) in upper.into_iter().enumerate() {
                    parts[k] = self.bin_parts(op, ty, parts[k], u);
                }
            }
            let mut acc = self.get(fold.acc.into());
            for lane in 0..16 / ty.bytes() {
                let x = self.b.ins().extractlane(parts[0], lane as u8);
                acc = self.bin_parts(op, ty, acc, x);
            }
            self.set(fold.acc, acc);
        }
    }
}

/// Whether a statement is a function whose kernel is called for a tile.
fn is_kernel(plan: &Plan, s: &Stmt, k: usize) -> bool {
    plan.stages > 1
        && plan.classes[k] == Class::Lanes
        && matches!(s, Stmt::Set(_, Rv::Un(Un::Math(f), _)) if kernel(*f))
}

/// Whether a later stage had better compute the statement again than keep its result: a load of what the loop does not store.
fn again(plan: &Plan, body: &Block, k: usize) -> bool {
    let Stmt::Set(_, Rv::Load(_, addr)) = &body[k] else {
        return false;
    };
    plan.classes[k] == Class::Lanes
        && !body
            .iter()
            .any(|s| matches!(s, Stmt::Store(_, to, _) if to.base == addr.base))
}
