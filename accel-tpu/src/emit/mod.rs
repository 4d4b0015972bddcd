//! StableHLO text of a program: one module, with control flow, derivatives and all, for arguments of known layouts.
//!
//! Writing is an evaluation of the program in which a value is not a number but the name of a tensor of known extents ([`Sym`]): calls are
//! written in place, what is known now (a length, a counter of a loop that is unrolled) is computed now, by the operations' own
//! evaluation. One file per family of operations mirrors the core's `ops/`; [`control`] writes loops and branches, [`layout`] brings values together.
//!
//! Where to start: [`emit`], then [`Cx::op`] in [`writer`], then a small family such as [`compare`].
//!
//! Invariants: only operations of StableHLO 1.13 and older; every extent is static; text is a function of the program, the layouts and the options
//! alone; constants stand at the head, each once.

mod access;
mod array;
mod binary;
pub mod boundary;
mod compare;
mod complex;
mod control;
mod convert;
mod dot;
mod elementwise;
mod epilogue;
pub mod error;
mod facts;
mod fft;
mod index;
pub mod layout;
mod linalg;
pub mod marshal;
mod math;
mod place;
mod power;
mod random;
mod reduce;
mod rooms;
mod shape;
mod sort;
mod special;
mod tangent;
mod ternary;
mod twins;
mod unary;
pub mod value;
mod window;
pub mod writer;

pub use boundary::{Boundary, Cut};
pub use error::{Help, Result, Unsupported};
pub use value::{Layout, Sym, TensorLayout};
pub use writer::{Cx, Options, Precision, Site};

use cotangent_core::entity::{Inst, Region, Value};
use cotangent_core::ir::{DType, FuncId, Module, Op, ShapeOp, Type};
use cotangent_core::ops::{self, Args, Effects, EvalCx};
use cotangent_core::value::{Scalar, Val};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::rc::Rc;
use value::Tensor;

/// A program as StableHLO.
#[derive(Clone, Debug)]
pub struct Program {
    /// The module; its function is `main`.
    pub text: String,
    /// The types of its parameters.
    pub params: Vec<TensorLayout>,
    /// How its results are laid out.
    pub results: Vec<Layout>,
    /// How the tensors of the results are cut.
    pub cuts: Vec<Option<Cut>>,
    /// Where it may trap, or an array may outgrow its room: the last result is the number of the first place where that happened, counted from 1; 0 is none.
    pub sites: Vec<Site>,
    /// Whether it has that result: if traps are found, or an array may outgrow its room.
    pub checked: bool,
    /// For how many items there is room in arrays whose length only the run decides.
    pub room: u64,
    /// The bytes of the largest tensor in it.
    pub largest: u64,
}

/// The deepest that calls may nest: they are written in place.
const MAX_CALLS: usize = 256;

/// The most operations that are looked at, of which not all become text: calls may ask for ever more. The largest example, a ray tracer's gradient, has 37 thousand.
const MAX_LOOKED: u64 = 1 << 18;

/// The most calls that are written in place, so that recursion that doubles with every call is refused within seconds. The largest example has some 200.
const MAX_CALLED: u64 = 1 << 13;

/// The largest text that is written, in bytes.
const MAX_TEXT: usize = 256 << 20;

/// What a program is written for, and how.
#[derive(Copy, Clone, Debug, Default)]
pub struct Plan<'a> {
    /// The layouts of the arguments.
    pub args: &'a [Layout],
    /// The values of scalars among the arguments' tensors, in their order, where they are known; those that follow, or all, may be left out. So
    /// what follows from them, extents above all, is known when the program is written. The program takes these arguments all the same.
    pub known: &'a [Option<Scalar>],
    /// Which arguments may be given away, or are spread over devices; without, none.
    pub boundary: Option<&'a Boundary>,
    /// How it is written.
    pub options: Options,
}

/// Writes a function and all that it calls. The module is lowered, without calls of derivatives.
///
/// # Errors
/// What of it cannot be offloaded, with the source place; if an argument cannot be cut as it is to be.
pub fn emit(module: &Module, func: FuncId, plan: Plan<'_>) -> Result<Program> {
    // Calls and regions nest as deeply as the program has them.
    let deep = std::thread::Builder::new().stack_size(STACK);
    let written = std::thread::scope(|s| {
        let write = |rooms| write(module, func, plan, rooms);
        // First as if no array outgrew its room: to say so costs.
        let write = move || {
            match write(plan.options.checked) {
                Err((_, true)) => write(true),
                made => made,
            }
            .map_err(|(why, _)| why)
        };
        deep.spawn_scoped(s, write).map(|t| t.join())
    });
    let failed = |why: String| Unsupported::new("the program", why);
    match written {
        Ok(Ok(written)) => written,
        Ok(Err(_)) => Err(failed("writing it failed; please report it".into())),
        Err(e) => Err(failed(format!("there is no thread to write it in: {e}"))),
    }
}

/// The stack that the deepest program is written on. Only what is used of it is taken.
const STACK: usize = 512 << 20;

/// Writes the module; if that cannot be, also whether it is only that an array would have to be let outgrow its room.
fn write(
    module: &Module,
    func: FuncId,
    plan: Plan<'_>,
    rooms: bool,
) -> Result<Program, (Unsupported, bool)> {
    let mut cx = Cx::new(module, plan.options);
    let made = write_in(&mut cx, func, plan, rooms);
    made.map_err(|why| (why, cx.wants_room))
}

/// Writes the module. With `rooms`, arrays may outgrow their room, and the program says so; if that would be needed and is not to be, `wants_room` is set.
fn write_in(cx: &mut Cx<'_>, func: FuncId, plan: Plan<'_>, rooms: bool) -> Result<Program> {
    let (args, known) = (plan.args, plan.known);
    let plain = Boundary::default();
    let boundary = plan.boundary.unwrap_or(&plain);
    cx.spread = !boundary.mesh.is_empty();
    let mut params: Vec<Tensor> = args
        .iter()
        .flat_map(Layout::leaves)
        .map(|t| cx.fresh(t))
        .collect();
    for (t, s) in params.iter_mut().zip(known) {
        if let Some(s) = s {
            t.fact = value::Fact::Const(*s);
        }
    }
    let mut rest = params.iter().cloned();
    let values: Vec<Sym> = args
        .iter()
        .map_while(|l| Sym::from_leaves(l, &mut rest))
        .collect();
    if rooms {
        cx.trap = Some(cx.constant(Scalar::I32(0)));
    }
    let out = cx.call(func, values)?;
    let mut leaves: Vec<Tensor> = out.iter().flat_map(Sym::leaves).collect();
    leaves.extend(cx.trap.clone());
    let types = |of: &[Tensor]| of.iter().map(|t| t.ty.clone()).collect::<Vec<_>>();
    let (takes, gives) = (types(&params), types(&leaves));
    let written = boundary::Written::new(boundary, &takes, &gives)?;
    let list = |of: &[Tensor], f: &dyn Fn(&Tensor) -> String| {
        of.iter().map(f).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::from("module @cotangent {\n");
    text.push_str(&written.mesh);
    let with = |names: &[Tensor], attributes: &[String], f: &dyn Fn(&Tensor) -> String| {
        let each = names.iter().zip(attributes);
        each.map(|(t, a)| f(t) + a).collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(
        text,
        "  func.func public @main({}) -> ({}) {{",
        with(&params, &written.takes, &|t| format!(
            "{}: {}",
            t.name, t.ty
        )),
        with(&leaves, &written.gives, &|t| t.ty.to_string())
    );
    cx.constants_used(&leaves, &mut text);
    text.push_str(&cx.text);
    let (names, types) = (
        list(&leaves, &|t| t.name.to_string()),
        list(&leaves, &|t| t.ty.to_string()),
    );
    let _ = writeln!(
        text,
        "    \"func.return\"({names}) : ({types}) -> ()\n  }}\n}}"
    );
    Ok(Program {
        text,
        params: takes,
        results: out.iter().map(Sym::layout).collect(),
        cuts: written.cuts,
        sites: std::mem::take(&mut cx.sites),
        checked: rooms,
        room: cx.options.room,
        largest: cx.largest,
    })
}

/// The values of a function whose body is being written.
pub(crate) struct Frame {
    func: FuncId,
    values: HashMap<Value, Sym>,
    /// Where what follows a convolution ends: see [`epilogue`].
    ends: Rc<HashSet<Value>>,
}

impl Frame {
    /// What a value is.
    fn get(&self, v: Value) -> Sym {
        self.values[&v].clone()
    }
}

/// That the type rule of the operation takes operands of those extents, where all are known. What may be in a `map`, where operands are scalars in the
/// program and tensors here, looks for itself.
fn suits(op: &Op, args: &[Sym]) -> Result<()> {
    let looks = match op {
        Op::Shape(_) | Op::Window(_) | Op::Dot(_) | Op::Sort(_) => true,
        // Where an index is out of range, that is the trap.
        Op::Index(_)
        | Op::Const(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Convert(_)
        | Op::Compare(_)
        | Op::Reduce(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Place(_)
        | Op::Array(_)
        | Op::Tangent(_)
        | Op::Control(_)
        | Op::Effect(_)
        | Op::Slot(_) => false,
    };
    let types: Option<Vec<Type>> = args
        .iter()
        .map(|s| match s {
            Sym::Tensor(t) => Some(Type::known(t.ty.dtype, &t.ty.shape)),
            Sym::Array(_) | Sym::Record(_) => None,
        })
        .collect();
    let Some(types) = types.filter(|_| looks) else {
        return Ok(());
    };
    let Err(why) = ops::infer(op, &types) else {
        return Ok(());
    };
    let kind = match op {
        Op::Shape(ShapeOp::Pad(_) | ShapeOp::StridedSlice(_)) => error::out_of_range(),
        _ => error::mismatch(ops::mnemonic(op)),
    };
    Err(Unsupported::traps(ops::mnemonic(op), why.to_string(), kind))
}

fn too_long(most: u64, what: &str) -> Unsupported {
    let why = format!(
        "with all calls written in place it has more than {most} {what}; write recursion as a loop"
    );
    Unsupported {
        help: Help::Nothing,
        ..Unsupported::new("the program", why)
    }
}

impl<'m> Cx<'m> {
    /// Writes a call in place.
    pub(crate) fn call(&mut self, func: FuncId, args: Vec<Sym>) -> Result<Vec<Sym>> {
        let f = &self.module.funcs[func];
        if self.calls.len() >= MAX_CALLS {
            return Err(Unsupported::new(
                format!("the recursion of `{}`", f.name),
                format!("calls are written in place, and {MAX_CALLS} inside one another did not end it: its depth must be known from what is constant; write it as a loop"),
            )
            .at(self.module, f.span));
        }
        self.called += 1;
        if self.called > MAX_CALLED {
            return Err(too_long(MAX_CALLED, "calls"));
        }
        self.calls.push((func, self.span));
        let ends = self.ends.entry(func);
        let ends = ends.or_insert_with(|| Rc::new(epilogue::ends(f))).clone();
        let mut frame = Frame {
            func,
            values: HashMap::new(),
            ends,
        };
        frame.values.extend(f.params().iter().copied().zip(args));
        let out = self.region(&mut frame, f.body);
        if let Some((_, span)) = self.calls.pop() {
            self.span = span;
        }
        out
    }
    /// Writes the instructions of a region; its parameters are in the frame. Returns what it yields.
    pub(crate) fn region(&mut self, frame: &mut Frame, r: Region) -> Result<Vec<Sym>> {
        let f = &self.module.funcs[frame.func];
        for &i in &f.regions[r].insts {
            self.instruction(frame, i)
                .map_err(|e| e.at(self.module, f.insts[i].span))?;
        }
        Ok(f.regions[r].yields.iter().map(|&v| frame.get(v)).collect())
    }
    fn instruction(&mut self, frame: &mut Frame, i: Inst) -> Result<()> {
        let f = &self.module.funcs[frame.func];
        let d = &f.insts[i];
        self.span = d.span;
        self.looked += 1;
        if self.looked > MAX_LOOKED {
            return Err(too_long(MAX_LOOKED, "operations"));
        }
        if self.text.len() > MAX_TEXT {
            return Err(Unsupported::new(
                "the program",
                format!(
                    "its text is larger than {} MiB; loops of few iterations and calls are written in place",
                    MAX_TEXT >> 20
                ),
            ));
        }
        let out = if let Op::Control(op) = &d.op {
            self.control(frame, i, op)?
        } else {
            let args: Vec<Sym> = d.args.iter().map(|&v| frame.get(v)).collect();
            let types: Vec<Type> = d.results.iter().map(|&v| f.ty(v).clone()).collect();
            match self.folded(&d.op, &args, &types) {
                Some(known) => known,
                None => {
                    let made = suits(&d.op, &args).and_then(|()| self.family(&d.op, &args, &types));
                    let mut out = match made {
                        // Whenever it runs it traps: what it gives does not matter.
                        Err(Unsupported {
                            trap: Some(kind), ..
                        }) if self.is_checked() => {
                            self.live = None;
                            let never = self.constant(Scalar::Bool(false));
                            self.check(&never, *kind);
                            types.iter().map(|ty| self.default_of(ty)).collect()
                        }
                        made => made?,
                    };
                    if let [Sym::Tensor(t)] = &mut out[..] {
                        facts::note(t, &d.op, &args);
                    }
                    out
                }
            }
        };
        for ((&v, s), ty) in d
            .results
            .iter()
            .zip(out)
            .zip(d.results.iter().map(|&v| f.ty(v)))
        {
            let mut s = self.settle(s, ty);
            self.largest = s.layout().fits_memory()?.max(self.largest);
            if let (Sym::Tensor(t), true) = (&s, frame.ends.contains(&v)) {
                s = self
                    .op("optimization_barrier", &[t], "", t.ty.clone())
                    .into();
            }
            frame.values.insert(v, s);
        }
        Ok(())
    }
    /// The results, if they are scalars that can be known now.
    fn folded(&mut self, op: &Op, args: &[Sym], types: &[Type]) -> Option<Vec<Sym>> {
        if matches!(op, Op::Slot(_)) || !types.iter().all(Type::is_scalar) || types.is_empty() {
            return None;
        }
        let mut known = Vec::with_capacity(args.len());
        let mut operands = Vec::with_capacity(args.len());
        for a in args {
            let Sym::Tensor(t) = a else { return None };
            known.push(Val::Scalar(t.constant()?));
            operands.push(Type::scalar(t.ty.dtype));
        }
        if ops::effects(op, &operands.iter().collect::<Vec<_>>()) == Effects::Effect {
            return None;
        }
        let uses: Vec<(u32, bool)> = (0..args.len() as u32).map(|r| (r, false)).collect();
        let cx = EvalCx {
            max_bytes: 64,
            results: types,
        };
        let mut out = Vec::new();
        ops::eval(op, &mut Args::new(&mut known, &uses), &mut out, &cx).ok()?;
        out.iter()
            .map(|v| match v {
                Val::Scalar(s) => Some(self.constant(*s).into()),
                _ => None,
            })
            .collect()
    }
    /// Writes an operation that is not control flow.
    pub(crate) fn family(&mut self, op: &Op, args: &[Sym], types: &[Type]) -> Result<Vec<Sym>> {
        match op {
            Op::Const(o) => place::constant(self, o),
            Op::Unary(o) => unary::emit(self, *o, args),
            Op::Binary(o) => binary::emit(self, *o, args),
            Op::Ternary(o) => ternary::emit(self, *o, args),
            Op::Convert(o) => convert::emit(self, *o, args),
            Op::Shape(o) => shape::emit(self, o, args),
            Op::Reduce(o) => reduce::emit(self, o, args),
            Op::Dot(o) => dot::emit(self, o, args),
            Op::Index(o) => index::emit(self, o, args),
            Op::Sort(axis) => sort::emit(self, *axis, args),
            Op::Random(o) => random::emit(self, o, args),
            Op::Linalg(o) => linalg::emit(self, *o, args),
            Op::Fft(o) => fft::emit(self, *o, args),
            Op::Place(o) => place::emit(self, o, args),
            Op::Array(o) => array::emit(self, o, args, types),
            Op::Compare(o) => compare::emit(self, o, args),
            Op::Tangent(o) => tangent::emit(self, o, args, types),
            Op::Effect(o) => place::effect(self, o, args),
            Op::Slot(_) => Err(Unsupported::new(
                "a program in the slot stage",
                "lower it first",
            )),
            Op::Control(_) => unreachable!("written by `control`"),
            Op::Window(o) => window::emit(self, o, args),
        }
    }
    /// The tensor, of known extents.
    ///
    /// # Errors
    /// If its leading extent is known only when it runs.
    pub fn fixed(&mut self, s: &Sym, op: &str) -> Result<Tensor> {
        match s {
            Sym::Tensor(t) => Ok(t.clone()),
            Sym::Array(a) => Err(Unsupported::new(
                format!("`{op}` of an array of unknown length"),
                format!(
                    "how many of at most {} elements there are is known only when it runs, and XLA wants every extent before: keep the elements where they are and weigh those that count, or take so many as a constant or an argument says",
                    a.most
                ),
            )),
            Sym::Record(_) => Err(Unsupported::new(
                format!("`{op}` of a record"),
                "it takes tensors",
            )),
        }
    }
    /// A scalar of that value as an index type that every access uses, `i64`.
    pub fn index(&mut self, t: &Tensor) -> Tensor {
        if let Some(n) = t.int() {
            return self.constant(Scalar::I64(i64::try_from(n).unwrap_or(i64::MAX)));
        }
        if t.ty.dtype == DType::I64 {
            return t.clone();
        }
        let ty = t.ty.with(DType::I64);
        self.op("convert", &[t], "", ty)
    }
}
