//! Values that stay where an executor computes: what a run gives is what the next run takes, and nothing is moved to the host and back.
//!
//! A [`Recipe`] says which functions run on such values. [`Executor::prepare_recipe`](crate::Executor::prepare_recipe) makes [`Residents`] of it:
//! [`Residents::hold`] puts a value there, [`Residents::run`] runs on such values, [`Residents::fetch`] reads one. What a [`Held`] is inside is the business
//! of the executor that made it; for executors that compute in the host's memory it is the value ([`OnHost`]).

use crate::error::{Error, Result};
use crate::executor::{Limits, Prepared};
use cotangent_core::ad;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::ir::{FuncId, Module, Type};
use cotangent_core::value::{Lent, Val};
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Functions that are made of one, the *source*, and of its derivatives, for arguments of any extents or of some: a step of training is one.
pub trait Recipe: Send + Sync + fmt::Debug {
    /// The source, in a module that has been verified and lowered.
    fn source(&self) -> (&Module, FuncId);
    /// The types of the parameters of each function.
    fn params(&self) -> &[Vec<Type>];
    /// The types of the source's parameters where those of the function of that number are these.
    fn source_types(&self, function: usize, types: &[Type]) -> Vec<Type>;
    /// The functions, made of the source or a version of it, in a module without what is not needed for them.
    ///
    /// # Errors
    /// If there is no such derivative.
    fn make(&self, m: Module, source: FuncId, how: ad::Options) -> Result<(Module, Vec<FuncId>)>;
}

/// The functions of a recipe, ready to run on values that stay where they are computed. Shared between threads.
pub trait Residents: Send + Sync + fmt::Debug {
    /// Puts an argument of a function where the executor computes, as that function's parameter of that number takes it. It need not be there
    /// yet when this returns.
    ///
    /// # Errors
    /// If it is of another type, or there is no room.
    fn hold(&self, function: usize, param: usize, v: &Lent<'_>) -> Result<Held>;
    /// Runs a function, to results that stay. They may still be computed when this returns.
    ///
    /// # Errors
    /// [`Error::Trap`], and what preparing may give: an executor may make the function now. Arguments that were given away are lost.
    fn run(&self, function: usize, args: Vec<Feed<'_>>, limits: &Limits) -> Result<Vec<Held>>;
    /// The value; waits until it is computed.
    ///
    /// # Errors
    /// What went wrong while it was computed.
    fn fetch(&self, held: &Held) -> Result<Val>;
}

/// Residents of an executor that computes in the host's memory.
#[derive(Debug)]
pub struct OnHost {
    /// What runs.
    pub prepared: Arc<dyn Prepared>,
    /// The functions in it.
    pub functions: Vec<FuncId>,
}

impl Residents for OnHost {
    fn hold(&self, _: usize, _: usize, v: &Lent<'_>) -> Result<Held> {
        Ok(Held::new(v.to_val()))
    }
    fn run(&self, function: usize, args: Vec<Feed<'_>>, limits: &Limits) -> Result<Vec<Held>> {
        let Some(&f) = self.functions.get(function) else {
            return Err(Error::Internal(format!("no function {function}")));
        };
        let args = args.into_iter().map(Feed::into_lent);
        let args = args.collect::<Result<_>>()?;
        let out = self.prepared.run_giving(f, args, limits)?;
        Ok(out.into_iter().map(Held::new).collect())
    }
    fn fetch(&self, held: &Held) -> Result<Val> {
        held.get().cloned().ok_or_else(|| foreign().into())
    }
}

/// A value that an executor keeps. It may still be computed; reading it waits.
pub struct Held(Box<dyn Any + Send + Sync>);

impl Held {
    /// What an executor keeps.
    pub fn new<T: Any + Send + Sync>(x: T) -> Held {
        Held(Box::new(x))
    }
    /// It, for the executor that made it.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
    /// It, given away.
    pub fn take<T: Any>(self) -> Option<T> {
        self.0.downcast().ok().map(|x| *x)
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

/// An argument of a run on held values.
#[derive(Debug)]
pub enum Feed<'a> {
    /// It stays as it is.
    Keep(&'a Held),
    /// Its memory may be used for results. It is gone, also when the run fails.
    Give(Held),
    /// A value of the caller's, for this run.
    Lend(Lent<'a>),
}

/// What a value that another executor made is met with.
pub(crate) fn foreign() -> Trap {
    Trap {
        kind: TrapKind::Executor("a value that another executor keeps".into()),
        func: String::new(),
        file: String::new(),
        line: 0,
        col: 0,
    }
}

impl<'a> Feed<'a> {
    /// The argument where values are kept as they are.
    fn into_lent(self) -> Result<Lent<'a>> {
        let v: Option<Val> = match self {
            Feed::Lend(l) => return Ok(l),
            Feed::Keep(h) => h.get().cloned(),
            Feed::Give(h) => h.take(),
        };
        v.map(Lent::Val).ok_or_else(|| foreign().into())
    }
}

/// Devices in a grid with named axes, over which arguments are spread.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Mesh {
    axes: Vec<(String, u32)>,
}

impl Mesh {
    /// Devices in a row along which the examples of a batch are spread: the axis [`Mesh::DATA`].
    pub fn data(devices: u32) -> Mesh {
        Mesh {
            axes: vec![(Mesh::DATA.into(), devices.max(1))],
        }
    }
    /// With one more axis, along which parameters are spread: the axis [`Mesh::MODEL`].
    pub fn and_model(mut self, devices: u32) -> Mesh {
        self.axes.push((Mesh::MODEL.into(), devices.max(1)));
        self
    }
    /// The axis for batches.
    pub const DATA: &'static str = "data";
    /// The axis for parameters.
    pub const MODEL: &'static str = "model";
    /// Names and extents of the axes.
    pub fn axes(&self) -> &[(String, u32)] {
        &self.axes
    }
    /// How many devices there are along an axis: 1 along one that is not there.
    pub fn along(&self, axis: &str) -> u32 {
        let found = self.axes.iter().find(|(name, _)| name == axis);
        found.map_or(1, |(_, n)| *n)
    }
    /// How many devices there are.
    pub fn devices(&self) -> u32 {
        self.axes.iter().map(|(_, n)| n).product()
    }
}

/// Which axis of a tensor is cut, along which axis of a mesh.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cut {
    /// The axis of the tensor.
    pub axis: usize,
    /// The name of the mesh's axis.
    pub along: String,
}

/// How the arguments of the functions of a recipe are spread over devices. What is not cut is on every device; a result that takes the place
/// of an argument is spread as that is, others are whole.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spread {
    /// The devices.
    pub mesh: Option<Mesh>,
    /// Parameters, by function and position, that are cut. Their types are tensors.
    pub cuts: HashMap<(usize, usize), Cut>,
}

impl Spread {
    /// How many devices there are.
    pub fn devices(&self) -> u32 {
        self.mesh.as_ref().map_or(1, Mesh::devices)
    }
}
