//! What can go wrong, as one error type. Nothing in this crate panics on what a user does.

use cotangent_core::error::{AdError, Trap, TypeError};
use cotangent_core::ir::Type;
use cotangent_core::stage::data::{Datum, Discrete};
use cotangent_core::stage::{Diff, StageError};
use cotangent_core::value::Val;
use num_complex::Complex;

/// Why a function could not be differentiated or run.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program failed while it ran: an index out of range, a failed assertion, a limit reached. It says where in the source.
    #[error("{0}")]
    Trap(#[from] Trap),
    /// The function has no such derivative.
    #[error("{0}")]
    Ad(#[from] AdError),
    /// An argument, tangent or cotangent that does not suit the function.
    #[error("`{function}`: {role} {index} must be {want}, it is {got}")]
    Argument {
        /// The function.
        function: String,
        /// "argument", "tangent" or "cotangent".
        role: &'static str,
        /// Which, from 0: the position of the argument, or of the result for a cotangent.
        index: usize,
        /// What it should be.
        want: String,
        /// What it is.
        got: String,
    },
    /// A wrong number of arguments, tangents or cotangents.
    #[error("`{function}` takes {want} {role}s, it was given {got}")]
    Count {
        /// The function.
        function: String,
        /// "argument", "tangent" or "cotangent".
        role: &'static str,
        /// How many it takes.
        want: usize,
        /// How many were given.
        got: usize,
    },
    /// No executor has that name.
    #[error("no executor is called `{name}`; there are: {}", known.join(", "))]
    UnknownExecutor {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// Something that the executor or the request does not support.
    #[error("{what}")]
    Unsupported {
        /// What, and what to do instead.
        what: String,
    },
    /// No function of that name in a module.
    #[error("the module has no function `{name}`")]
    UnknownFunction {
        /// The name asked for.
        name: String,
    },
    /// A derivative that is not the function's: see [`check`](crate::check).
    #[error("{0}")]
    Check(Box<crate::check::Failure>),
    /// A holomorphic derivative of a function that has none: it also depends on the conjugate of its argument.
    #[error(
        "`{function}` is not holomorphic here: element ({row}, {column}) of its derivative is {dz} along z, but also {dconj} along conj(z), which Cauchy and Riemann's equations say is 0; use `wirtinger`"
    )]
    NotHolomorphic {
        /// The function.
        function: String,
        /// Which number of the result, from 0.
        row: usize,
        /// Which number of the arguments, from 0.
        column: usize,
        /// The derivative by z.
        dz: Complex<f64>,
        /// The derivative by the conjugate of z.
        dconj: Complex<f64>,
    },
    /// A module or text that is not valid IR.
    #[error("invalid program: {0}")]
    Invalid(String),
    /// A function that cannot be staged.
    #[error("{0}")]
    Stage(#[from] StageError),
    /// Cotangent made an invalid program or value: please report it.
    #[error("internal error, please report it: {0}")]
    Internal(String),
}

/// Derivatives taken inside a function are `Result`s in Rust, so a function may return this error. In a program they do not
/// fail, it has no parts there.
impl Datum for Error {
    type Owned = Error;
    type Space = Discrete;
    const LEAVES: usize = 0;
    fn types(_: &mut Vec<Type>) {}
    fn flatten(&self, _: &mut Vec<Val>) {}
    fn unflatten(_: &mut dyn Iterator<Item = Val>) -> Option<Error> {
        Some(Error::Internal("an error made inside a program".into()))
    }
}
impl Diff for Error {
    type Proxy<'b> = ();
}

impl From<TypeError> for Error {
    fn from(e: TypeError) -> Error {
        Error::Invalid(e.to_string())
    }
}

/// A result of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;
