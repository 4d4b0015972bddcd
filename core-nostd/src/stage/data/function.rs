//! What a `#[differentiable]` function is to the outside: argument and result types, and its program.

use super::{Args, Datum};
use crate::ir::{FuncId, Module};
use crate::stage::StageError;

/// A function with a twin. Implemented by `#[differentiable]` for the type of the function's name.
///
/// Arguments taken by `&mut` are part of the result: of `fn step(x: &mut [f64]) -> f64` the arguments are `(&[f64],)` and the
/// output is `(f64, Vec<f64>)`; of a function that returns nothing it is the changed arguments alone.
pub trait DiffFn: 'static {
    /// The arguments; `&T` for a `&mut T`.
    type Args<'a>: Args;
    /// The result without borrows, and what `&mut` arguments are afterwards.
    type Output: Datum<Owned = Self::Output>;
    /// The function's name.
    const NAME: &'static str;
    /// Makes the program, in the slot stage. Its parameters are the leaves of the arguments, its results those of the output.
    ///
    /// # Errors
    /// [`StageError`] if the twin cannot be staged.
    fn stage() -> Result<(Module, FuncId), StageError>;
    /// Where the facade keeps what it made of this function: a `static` of its own type. `None` if there is none, as for functions with
    /// type parameters; then it looks in a map.
    fn cache() -> Option<&'static Cache> {
        None
    }
}

/// What a function's `static` is to this crate, which knows no executors.
pub type Cache = dyn core::any::Any + Send + Sync;
