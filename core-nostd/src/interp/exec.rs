//! Runs steps: registers and frames on the heap, fuel, depth and memory bounds, traps with their source place.

use super::plan::{Code, List, MapPlan, Reg, Step, confused_name};
use super::watch::{Bad, Origin, Watch};
use super::{Limits, Program};
use crate::error::{Trap, TrapKind};
use crate::ir::DType;
use crate::ops::{self, Args, EvalCx};
use crate::value::{Data, Scalar, Tensor, Val};
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

/// A caller waiting for its callee.
struct Frame {
    func: usize,
    /// The step after the call.
    pc: usize,
    /// Its first register.
    base: usize,
    /// Where the results go.
    out: List,
}

/// An open `map`.
struct MapState {
    inputs: Vec<Val>,
    shape: Vec<usize>,
    len: usize,
    /// How many elements are done.
    done: usize,
    outs: Vec<Data>,
}

/// A run in progress.
pub(super) struct Exec<'p> {
    program: &'p Program,
    limits: &'p Limits,
    cx: EvalCx<'p>,
    fuel: u64,
    /// The running function, its next step and its first register.
    func: usize,
    pc: usize,
    base: usize,
    regs: Vec<Val>,
    frames: Vec<Frame>,
    maps: Vec<MapState>,
    /// Results on their way to their registers.
    scratch: Vec<Val>,
    /// What looks at each instruction, if anything does.
    watch: Option<Watch>,
}

impl<'p> Exec<'p> {
    pub(super) fn new(program: &'p Program, limits: &'p Limits) -> Exec<'p> {
        Exec {
            program,
            limits,
            cx: EvalCx {
                max_bytes: limits.max_bytes,
                results: &[],
            },
            fuel: limits.fuel.unwrap_or(u64::MAX),
            func: 0,
            pc: 0,
            base: 0,
            regs: Vec::new(),
            frames: Vec::new(),
            maps: Vec::new(),
            scratch: Vec::new(),
            watch: None,
        }
    }
    pub(super) fn watching(program: &'p Program, limits: &'p Limits, bad: Bad) -> Exec<'p> {
        Exec {
            watch: Some(Watch::new(bad)),
            ..Exec::new(program, limits)
        }
    }
    /// Runs a function until what is watched for arises.
    pub(super) fn run_watched(
        mut self,
        func: usize,
        args: Vec<Val>,
    ) -> Result<Option<Origin>, Trap> {
        self.func = func;
        let ended = self.enter(func, args).and_then(|()| self.steps());
        if let Some((operands, results)) = self.watch.as_mut().and_then(|w| w.found.take()) {
            // The place of the instruction is that of a trap there.
            let at = self.trap(self.confused());
            let op = match at.kind {
                TrapKind::TypeConfusion { op } => op,
                _ => String::new(),
            };
            return Ok(Some(Origin {
                op,
                operands,
                results,
                func: at.func,
                file: at.file,
                line: at.line,
                col: at.col,
            }));
        }
        ended.map(|()| None).map_err(|kind| self.trap(kind))
    }
    /// Runs a function on arguments that suit it.
    pub(super) fn run(mut self, func: usize, args: Vec<Val>) -> Result<Vec<Val>, Trap> {
        self.func = func;
        match self.enter(func, args).and_then(|()| self.steps()) {
            Ok(()) => Ok(self.scratch),
            Err(kind) => Err(self.trap(kind)),
        }
    }
    fn trap(&self, kind: TrapKind) -> Trap {
        let code = &self.program.funcs[self.func];
        let span = code.spans.get(self.pc.saturating_sub(1));
        let span = span.copied().filter(|s| s.is_known());
        let file = span.and_then(|s| self.program.files.get(s.file.0 as usize));
        Trap {
            kind,
            func: code.name.clone(),
            file: file.cloned().unwrap_or_default(),
            line: span.map_or(0, |s| s.line),
            col: span.map_or(0, |s| s.col),
        }
    }
    fn code(&self) -> &'p Code {
        &self.program.funcs[self.func]
    }
    fn confused(&self) -> TrapKind {
        let code = self.code();
        let step = &code.steps[self.pc.saturating_sub(1)];
        TrapKind::TypeConfusion {
            op: confused_name(code, step),
        }
    }
    fn reg(&mut self, r: Reg) -> &mut Val {
        &mut self.regs[self.base + r as usize]
    }
    /// An operand by value: moved at its last use.
    fn take(&mut self, (r, last): (Reg, bool)) -> Val {
        let v = self.reg(r);
        if last { mem::take(v) } else { v.clone() }
    }

    /// Makes the registers of a function, holding its arguments, after those of its caller.
    fn enter(&mut self, func: usize, args: impl IntoIterator<Item = Val>) -> Result<(), TrapKind> {
        let base = self.regs.len();
        let want = self.program.funcs[func].regs as usize;
        let bytes = (base as u64 + want as u64).saturating_mul(size_of::<Val>() as u64);
        if bytes > self.limits.stack_bytes || self.regs.try_reserve(want).is_err() {
            return Err(TrapKind::OutOfMemory { bytes });
        }
        self.regs.extend(args);
        self.regs.resize(base + want, Val::Unit);
        (self.func, self.pc, self.base) = (func, 0, base);
        Ok(())
    }

    /// Runs to the end; the results are left in `scratch`.
    fn steps(&mut self) -> Result<(), TrapKind> {
        let mut code = self.code();
        loop {
            if self.fuel == 0 {
                return Err(TrapKind::OutOfFuel {
                    limit: self.limits.fuel.unwrap_or(u64::MAX),
                });
            }
            self.fuel -= 1;
            let Some(step) = code.steps.get(self.pc) else {
                return Err(TrapKind::TypeConfusion {
                    op: code.name.clone(),
                });
            };
            self.pc += 1;
            match *step {
                Step::Eval {
                    op,
                    args,
                    out,
                    clears,
                } => {
                    let args = &code.args[args.range()];
                    let regs = &mut self.regs[self.base..];
                    let mut view = Args::new(regs, args);
                    let cx = EvalCx {
                        results: &code.types[op as usize],
                        ..self.cx
                    };
                    let op = &code.ops[op as usize];
                    if let Some(watch) = &mut self.watch {
                        let before = watch.before(op, &view);
                        ops::eval(op, &mut view, &mut self.scratch, &cx)?;
                        if watch.after(op, before, &self.scratch) {
                            return Err(TrapKind::TypeConfusion { op: String::new() });
                        }
                    } else {
                        ops::eval(op, &mut view, &mut self.scratch, &cx)?;
                    }
                    if clears {
                        for &(r, _) in args.iter().filter(|a| a.1) {
                            regs[r as usize] = Val::Unit;
                        }
                    }
                    self.write(&code.lists[out.range()])?;
                }
                Step::Move {
                    args,
                    out,
                    parallel,
                } => {
                    let args = &code.args[args.range()];
                    let out = &code.lists[out.range()];
                    if parallel {
                        for &a in args {
                            let v = self.take(a);
                            self.scratch.push(v);
                        }
                        self.write(out)?;
                    } else {
                        for (&a, &r) in args.iter().zip(out) {
                            *self.reg(r) = self.take(a);
                        }
                    }
                }
                Step::Drop { out } => {
                    for &r in &code.lists[out.range()] {
                        *self.reg(r) = Val::Unit;
                    }
                }
                Step::Jump(to) => self.pc = to as usize,
                Step::Branch { cond, otherwise } => match self.reg(cond) {
                    Val::Scalar(Scalar::Bool(true)) => {}
                    Val::Scalar(Scalar::Bool(false)) => self.pc = otherwise as usize,
                    _ => return Err(self.confused()),
                },
                Step::Switch { selector, targets } => {
                    let targets = &code.lists[targets.range()];
                    let i = self.int(selector)?;
                    let i = usize::try_from(i).unwrap_or(usize::MAX);
                    self.pc = targets[i.min(targets.len() - 1)] as usize;
                }
                Step::ForFirst { index, limit, exit } => {
                    if self.int(index)? >= self.int(limit)? {
                        self.pc = exit as usize;
                    }
                }
                Step::ForNext { index, limit, body } => {
                    let limit = self.int(limit)?;
                    let next = self.int(index)? + 1;
                    if next < limit {
                        let i = self.reg(index);
                        match i
                            .as_scalar()
                            .and_then(|i| Scalar::from_int(i.dtype(), next))
                        {
                            Some(next) => *i = Val::Scalar(next),
                            None => return Err(self.confused()),
                        }
                        self.pc = body as usize;
                    }
                }
                Step::MapFirst { map, args, exit } => {
                    self.open_map(&code.maps[map as usize], &code.args[args.range()])?;
                    if !self.map_element(code, &code.maps[map as usize])? {
                        self.pc = exit as usize;
                    }
                }
                Step::MapNext { map, args, body } => {
                    self.map_collect(&code.args[args.range()])?;
                    if self.map_element(code, &code.maps[map as usize])? {
                        self.pc = body as usize;
                    }
                }
                Step::MapLast { out } => {
                    let state = self.maps.pop().ok_or_else(|| self.confused())?;
                    for data in state.outs {
                        self.scratch.push(Val::tensor(Tensor {
                            shape: state.shape.clone(),
                            data,
                        }));
                    }
                    self.write(&code.lists[out.range()])?;
                }
                Step::MapLeave(n) => {
                    let left = self.maps.len().saturating_sub(n as usize);
                    self.maps.truncate(left);
                }
                Step::Call { func, args, out } => {
                    if self.frames.len() >= self.limits.depth as usize {
                        return Err(TrapKind::RecursionLimit {
                            limit: self.limits.depth,
                        });
                    }
                    for &a in &code.args[args.range()] {
                        let v = self.take(a);
                        self.scratch.push(v);
                    }
                    let frame = Frame {
                        func: self.func,
                        pc: self.pc,
                        base: self.base,
                        out,
                    };
                    let mut values = mem::take(&mut self.scratch);
                    self.enter(func as usize, values.drain(..))?;
                    self.scratch = values;
                    self.frames.push(frame);
                    code = self.code();
                }
                Step::Return { args } => {
                    if args.len() != code.results {
                        return Err(self.confused());
                    }
                    for &a in &code.args[args.range()] {
                        let v = self.take(a);
                        self.scratch.push(v);
                    }
                    self.regs.truncate(self.base);
                    let Some(frame) = self.frames.pop() else {
                        return Ok(());
                    };
                    (self.func, self.pc, self.base) = (frame.func, frame.pc, frame.base);
                    code = self.code();
                    self.write(&code.lists[frame.out.range()])?;
                }
                Step::Confused => return Err(self.confused()),
            }
        }
    }
    /// Moves the results from `scratch` to their registers.
    fn write(&mut self, out: &[Reg]) -> Result<(), TrapKind> {
        if self.scratch.len() != out.len() {
            return Err(self.confused());
        }
        for &r in out.iter().rev() {
            if let Some(v) = self.scratch.pop() {
                *self.reg(r) = v;
            }
        }
        Ok(())
    }
    fn int(&mut self, r: Reg) -> Result<i128, TrapKind> {
        match self.reg(r).as_scalar().and_then(Scalar::as_int) {
            Some(i) => Ok(i),
            None => Err(self.confused()),
        }
    }

    // Maps.

    fn open_map(&mut self, plan: &MapPlan, args: &[(Reg, bool)]) -> Result<(), TrapKind> {
        let inputs: Vec<Val> = args.iter().map(|&a| self.take(a)).collect();
        let mut shape: Option<&[usize]> = None;
        let mut len = 1;
        for v in &inputs {
            let s: &[usize] = match v {
                Val::Scalar(_) => &[],
                Val::Tensor(t) => {
                    len = t.data.len();
                    &t.shape
                }
                Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
                    return Err(self.confused());
                }
            };
            match shape {
                Some(first) if first != s => {
                    return Err(TrapKind::ShapeMismatch {
                        op: String::from("map"),
                        a: first.to_vec(),
                        b: s.to_vec(),
                    });
                }
                _ => shape = Some(s),
            }
        }
        let shape = shape.unwrap_or_default().to_vec();
        let alloc = |&d: &DType| {
            self.cx.reserve(len, d.bytes())?;
            let bytes = (len as u64).saturating_mul(d.bytes() as u64);
            Data::with_capacity(d, len).ok_or(TrapKind::OutOfMemory { bytes })
        };
        let outs = plan.dtypes.iter().map(alloc).collect::<Result<_, _>>()?;
        self.maps.push(MapState {
            inputs,
            shape,
            len,
            done: 0,
            outs,
        });
        Ok(())
    }
    /// Sets up the next element of the innermost map; false if there is none.
    fn map_element(&mut self, code: &Code, plan: &MapPlan) -> Result<bool, TrapKind> {
        let Some(state) = self.maps.last() else {
            return Err(self.confused());
        };
        if state.done == state.len {
            return Ok(false);
        }
        for (v, &r) in state.inputs.iter().zip(&code.lists[plan.params.range()]) {
            self.regs[self.base + r as usize] = match v {
                Val::Tensor(t) => Val::Scalar(t.data.get(state.done)),
                other => other.clone(),
            };
        }
        Ok(true)
    }
    /// Appends the yields of the element that is done to the results.
    fn map_collect(&mut self, args: &[(Reg, bool)]) -> Result<(), TrapKind> {
        let regs = &self.regs[self.base..];
        let pushed = self.maps.last_mut().is_some_and(|state| {
            state.done += 1;
            args.iter().zip(&mut state.outs).all(|(&(r, _), out)| {
                let x = regs[r as usize].as_scalar();
                x.is_some_and(|x| out.push(x))
            })
        });
        if pushed { Ok(()) } else { Err(self.confused()) }
    }
}
