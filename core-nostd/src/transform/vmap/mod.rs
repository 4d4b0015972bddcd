//! Batching: from a function a function that does the same for every lane of a batch, as IR, so that it composes with
//! derivatives, with itself, and runs on every executor.
//!
//! The path: [`vmap()`] makes an entry function ([`entry`]) that brings the arguments into the form the rest works on
//! ([`Form`]: shared by all lanes, stacked along a leading axis, or a sequence with an item for each lane); [`forms`]
//! finds how each value of the program is held (a least fixed point over loops and calls); [`emit`] writes the code, one
//! rule per op family ([`crate::ops::batch`]), control flow in [`control`] and [`loops`].
//!
//! Invariants:
//! * What does not depend on a batched argument is computed once.
//! * While only some lanes run (an arm of a branch, a loop that some lanes have left) each other lane computes what the
//!   first running lane does, its *stand-in* ([`mask`]); so nothing traps that would not trap in a running lane, and no
//!   derivative of a discarded lane is infinite where no running lane's is. If no lane runs, nothing does.
//! * What has no rule, and what differs in size between the lanes, is run lane by lane, in a counted loop around as little
//!   as needs it.

mod control;
mod emit;
mod entry;
mod extents;
mod forms;
mod lanes;
mod loops;
mod mask;
mod rule;

pub use lanes::{join_lanes, split_lanes};

use crate::entity::FuncId;
use crate::error::BatchError;
use crate::ir::{Dim, Func, Module, Type};
use crate::ops::batch::Form;
use alloc::format;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Where an argument holds the lanes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Axes {
    /// Nowhere: all lanes share the argument.
    Same,
    /// Along that axis of every tensor in it. Of a sequence, axis 0 means a sequence with an item for each lane.
    At(u32),
    /// In an array with an item for each lane, of the type that Rust's `Vec` of the parameter has ([`Type::array_of`]). The
    /// items of arrays may have different lengths.
    ///
    /// [`Type::array_of`]: crate::ir::Type::array_of
    Rows,
    /// A record, by field.
    Fields(Vec<Axes>),
}

impl Axes {
    /// Whether all lanes share the argument.
    pub fn is_same(&self) -> bool {
        match self {
            Axes::Same => true,
            Axes::At(_) | Axes::Rows => false,
            Axes::Fields(fs) => fs.iter().all(Axes::is_same),
        }
    }
}

/// How the lanes run.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Strategy {
    /// All lanes step by step together, in operations on tensors with one more axis.
    #[default]
    Lockstep,
    /// One lane after another, in a loop around the function as it is.
    LaneByLane,
    /// In lockstep where the function has contractions, sorts or reductions of arrays to make one of for all lanes; else lane
    /// by lane, as numbers and loops are computed best.
    Auto,
}

/// What is batched, and how.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Spec {
    /// For each parameter, where the argument holds the lanes.
    pub args: Vec<Axes>,
    /// Where the results hold the lanes.
    pub out: Axes,
    /// The number of lanes, if it is known.
    pub lanes: Dim,
    /// How the lanes run.
    pub strategy: Strategy,
    /// Whether nothing is run where there are no lanes; else what all lanes share is.
    pub guard: bool,
}

impl Spec {
    /// Arguments and results with the lanes along axis 0 (or shared), any number of lanes, in lockstep.
    pub fn new(args: impl IntoIterator<Item = Axes>) -> Spec {
        Spec {
            args: args.into_iter().collect(),
            out: Axes::At(0),
            lanes: Dim::Dynamic,
            strategy: Strategy::Lockstep,
            guard: true,
        }
    }
}

/// Adds to the module the function that does for every lane of a batch what `f` does, and returns it.
///
/// Its parameters are those of `f` with the lanes where the specification says, its results those of `f` with the lanes
/// where `out` says. The module must be lowered ([`crate::pass::lower`]); the result is lowered and optimised. Arguments
/// with different numbers of lanes are a trap; of no lanes nothing is run. A trap of any lane is the trap of the call.
///
/// ```
/// use cotangent_core::interp::{Limits, Program};
/// use cotangent_core::ir::{Builder, DType, Module};
/// use cotangent_core::transform::vmap::{Axes, Spec, vmap};
/// use cotangent_core::value::Val;
/// let mut b = Builder::new("f", &[DType::F64.into(), DType::F64.into()]);
/// let p = b.params();
/// let y = b.mul(p[0], p[1]);
/// let mut m = Module::new();
/// let f = m.funcs.push(b.finish(&[y]).unwrap());
/// let g = vmap(&mut m, f, &Spec::new([Axes::At(0), Axes::Same])).unwrap();
/// let xs = Val::vector(vec![1.0, 2.0, 3.0]);
/// let out = Program::new(&m).run(g, vec![xs, Val::from(2.0)], &Limits::default()).unwrap();
/// assert!(out[0].same_bits(&Val::vector(vec![2.0, 4.0, 6.0])));
/// ```
///
/// # Errors
/// [`BatchError`] if the specification does not suit the function, or the module is not lowered.
pub fn vmap(m: &mut Module, f: FuncId, spec: &Spec) -> Result<FuncId, BatchError> {
    let first = m.funcs.next_key();
    let id = Vmap::new(m, spec.lanes).entry(f, spec)?;
    Ok(crate::pass::optimize_from(m, first, &[id])[0])
}

/// Which batched function: of what, and how the arguments are held.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    func: FuncId,
    forms: Vec<Form>,
}

/// One transformation: the module and what has been made so far.
struct Vmap<'m> {
    m: &'m mut Module,
    /// The number of lanes, if known; the same in all functions made.
    dim: Dim,
    /// How the results of the functions are held.
    outs: HashMap<Key, Vec<Form>>,
    made: HashMap<Key, FuncId>,
    pending: Vec<Key>,
}

impl<'m> Vmap<'m> {
    fn new(m: &'m mut Module, dim: Dim) -> Vmap<'m> {
        Vmap {
            m,
            dim,
            outs: HashMap::new(),
            made: HashMap::new(),
            pending: Vec::new(),
        }
    }

    /// The batched function for a key, and how its results are held; made, with all it calls, if it is not there yet.
    fn make(&mut self, key: &Key) -> Result<(FuncId, Vec<Form>), BatchError> {
        self.solve(key)?;
        let id = self.declare(key)?;
        while let Some(k) = self.pending.pop() {
            self.build(&k)?;
        }
        Ok((id, self.outs[key].clone()))
    }

    /// The number of a batched function whose results' forms are known; its body may come later.
    fn declare(&mut self, key: &Key) -> Result<FuncId, BatchError> {
        if let Some(&id) = self.made.get(key) {
            return Ok(id);
        }
        let f = &self.m.funcs[key.func];
        let dim = self.dim;
        let held = |tys: &[Type], forms: &[Form]| -> Vec<Type> {
            tys.iter().zip(forms).map(|(t, f)| f.ty(t, dim)).collect()
        };
        let params = held(&f.param_types(), &key.forms);
        let results = held(&f.results, &self.outs[key]);
        let name = self.m.fresh_name(&format!("{}.batch", f.name));
        let mut func = Func::new(name, &params, &results);
        func.span = f.span;
        let id = self.m.funcs.push(func);
        self.made.insert(key.clone(), id);
        self.pending.push(key.clone());
        let rule = self.rule(key, id)?;
        self.m.funcs[id].rule = rule;
        Ok(id)
    }
}
