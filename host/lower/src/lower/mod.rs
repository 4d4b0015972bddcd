//! Functions of the IR as functions of LIR, one file per family of operations.
//!
//! [`lower`] walks each function once. Values become registers ([`crate::layout`]), [`live`] says where their references are given up,
//! [`cx`] is what families emit with. Families handle what is worth machine code; everything else goes to the interpreter's own
//! evaluation through [`fallback`], so every operation works from the day it exists.
//!
//! Invariant: the program does what the interpreter does, trap for trap. Which of several traps ends a run is the first in program order.

mod array;
mod coerce;
mod constant;
mod control;
mod cx;
mod dot;
mod effect;
mod elementwise;
mod fallback;
mod fuse;
mod index;
mod live;
mod place;
mod reduce;
mod scalar;
mod shape;
mod spot;
mod strided;
mod tangent;

use crate::layout::leaves;
use crate::lir::{
    ConstData, ConstId, FnId, Function, LayoutId, Opnd, Program, Reg, SiteData, TrapAt,
};
use cotangent_core::entity::{FuncId, Inst};
use cotangent_core::ir::{Func, Module, Op};
use cotangent_core::pass::callgraph::CallGraph;
use cotangent_core::pass::sharpen;
use cx::Cx;
use hashbrown::HashMap;
use scalar::Elementwise;
use std::fmt;

/// What the program is compiled for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// Count fuel: one unit per call and per iteration of a loop.
    pub fuel: bool,
}

/// An operation that cannot be compiled, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Unsupported {
    /// The operation.
    pub op: String,
    /// The function it is in.
    pub func: String,
    /// Why, and what to do.
    pub why: String,
    /// The source file, or empty.
    pub file: String,
    /// The source line, or 0.
    pub line: u32,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` in `{}` cannot be compiled: {}",
            self.op, self.func, self.why
        )?;
        if self.line != 0 {
            write!(f, " (at {}:{})", self.file, self.line)?;
        }
        Ok(())
    }
}

impl std::error::Error for Unsupported {}

/// What functions have in common.
pub(crate) struct Shared {
    pub(crate) program: Program,
    layouts: HashMap<crate::lir::Layout, LayoutId>,
    consts: HashMap<ConstData, ConstId>,
}

impl Shared {
    /// The number of a constant array.
    pub(crate) fn constant(&mut self, c: ConstData) -> ConstId {
        if let Some(&id) = self.consts.get(&c) {
            return id;
        }
        let id = self.program.consts.push(c.clone());
        self.consts.insert(c, id);
        id
    }
    /// The number of a layout.
    pub(crate) fn layout(&mut self, l: crate::lir::Layout) -> LayoutId {
        if let Some(&id) = self.layouts.get(&l) {
            return id;
        }
        let id = self.program.layouts.push(l.clone());
        self.layouts.insert(l, id);
        id
    }
}

/// Lowers a module. It has been verified, its derivatives expanded and its slots removed.
///
/// # Errors
/// [`Unsupported`] for what was not expanded or lowered before.
pub fn lower(module: &Module, options: &Options) -> Result<Program, Unsupported> {
    // So that what lowers an op has the types it gives as those of its results.
    let mut module = module.clone();
    let mut traps: HashMap<FuncId, Vec<Inst>> = HashMap::new();
    for (f, i) in sharpen::run_from(&mut module, FuncId(0)) {
        traps.entry(f).or_default().push(i);
    }
    let module = &module;
    let graph = CallGraph::of(module);
    let mut shared = Shared {
        program: Program {
            files: module.files.values().cloned().collect(),
            ..Program::default()
        },
        layouts: HashMap::new(),
        consts: HashMap::new(),
    };
    for (id, f) in module.funcs.iter() {
        let traps = traps.remove(&id).unwrap_or_default();
        let out = function(module, f, options, &mut shared, graph.recursive[id], traps)?;
        shared.program.funcs.push(out);
        if f.apart {
            shared.program.apart.push(function_of(id));
        }
        let signature = (f.param_types(), f.results.clone());
        shared.program.signatures.push(signature);
    }
    Ok(shared.program)
}

/// The function of a program that a function of its module became.
pub fn function_of(id: FuncId) -> FnId {
    FnId(id.0)
}

fn function(
    module: &Module,
    f: &Func,
    options: &Options,
    shared: &mut Shared,
    recursive: bool,
    traps: Vec<Inst>,
) -> Result<Function, Unsupported> {
    let recursive = recursive.then(|| {
        shared.program.sites.push(SiteData {
            kind: TrapAt::Recursion,
            func: f.name.clone(),
            span: f.span,
        })
    });
    let out = Function {
        name: f.name.clone(),
        regs: Default::default(),
        params: Vec::new(),
        results: Vec::new(),
        result_types: f
            .results
            .iter()
            .flat_map(|t| leaves(t).into_iter().map(|l| l.ty()))
            .collect(),
        body: Vec::new(),
        recursive,
    };
    let mut cx = Cx::new(module, f, options, shared, out);
    cx.traps = traps;
    for &p in f.params() {
        let regs: Vec<Reg> = leaves(f.ty(p)).iter().map(|l| cx.reg(l.ty())).collect();
        cx.out.params.extend(&regs);
        cx.flats[p] = Some(regs.into_iter().map(Opnd::Reg).collect());
    }
    cx.fuel();
    let results = control::region(&mut cx, f.body, &f.results)?;
    cx.out.results = results.concat();
    cx.out.body = cx.close();
    Ok(cx.out)
}

/// Lowers one instruction and gives up what dies at it.
fn family(cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    cx.start(i);
    // An operation may need other instructions lowered meanwhile (its regions), which have dying operands of their own.
    let dying = cx.live.dying[i].clone();
    let outer = std::mem::replace(&mut cx.dying, dying);
    let done = match &d.op {
        Op::Control(o) => control::lower(o, cx, i),
        Op::Slot(_) => Err(cx.unsupported("slot", "the function was not lowered to values")),
        Op::Unary(o) => elementwise::lower(cx, Elementwise::Unary(*o), i),
        Op::Binary(o) => elementwise::lower(cx, Elementwise::Binary(*o), i),
        Op::Ternary(o) => elementwise::lower(cx, Elementwise::Ternary(*o), i),
        Op::Compare(o) => elementwise::lower(cx, Elementwise::Compare(*o), i),
        Op::Convert(o) => elementwise::lower(cx, Elementwise::Convert(*o), i),
        // Its operands do not suit it; the interpreter's evaluation says how.
        _ if cx.traps.contains(&i) => fallback::lower(cx, i),
        Op::Const(o) => constant::lower(o, cx, i),
        Op::Place(o) => place::lower(o, cx, i),
        Op::Array(o) => array::lower(o, cx, i),
        Op::Shape(o) => shape::lower(o, cx, i),
        Op::Index(o) => index::lower(o, cx, i),
        Op::Reduce(o) => reduce::lower(o, cx, i),
        Op::Dot(o) => dot::lower(o, cx, i),
        Op::Tangent(o) => tangent::lower(o, cx, i),
        Op::Effect(o) => effect::lower(o, cx, i),
        Op::Sort(_) | Op::Random(_) | Op::Linalg(_) | Op::Fft(_) | Op::Window(_) => {
            fallback::lower(cx, i)
        }
    };
    let left = std::mem::replace(&mut cx.dying, outer);
    done?;
    cx.release_values(&left);
    let unused = cx.live.unused[i].clone();
    cx.release_values(&unused);
    Ok(())
}

impl Cx<'_> {
    /// An error at the running instruction.
    pub(crate) fn unsupported(&self, op: &str, why: &str) -> Unsupported {
        Unsupported {
            op: op.into(),
            func: self.func.name.clone(),
            why: why.into(),
            file: self
                .module
                .files
                .get(self.span.file)
                .cloned()
                .unwrap_or_default(),
            line: self.span.line,
        }
    }
}
