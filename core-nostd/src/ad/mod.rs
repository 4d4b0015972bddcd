//! Automatic differentiation: jvp, linearize, transpose.

use crate::entity::FuncId;
use crate::error::AdError;
use crate::ir::{DeriveKind, Module};

/// Adds to the module the derivative of `f` of that kind with respect to the parameters `wrt` (ascending), and returns it.
/// The signature is that of [`DeriveKind`]. The module must be lowered (see [`crate::pass::lower`]); the result is lowered and optimised.
/// Asking again for the same derivative makes it again: callers cache.
///
/// # Errors
/// [`AdError`] if a parameter does not exist or has no tangent space, the result is not a float scalar where a gradient
/// is asked for, or an op on the way has no derivative.
pub fn derive(m: &mut Module, f: FuncId, kind: DeriveKind, wrt: &[u32]) -> Result<FuncId, AdError> {
    let _ = (m, f, kind, wrt);
    todo!()
}

/// The two halves of a reverse-mode derivative, for a pullback that is called later.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Vjp {
    /// Takes the primals; returns the results, then the residuals.
    pub forward: FuncId,
    /// Takes the residuals, then a cotangent for each result that has a tangent space; returns the cotangents of the chosen parameters.
    pub backward: FuncId,
    /// How many residuals there are.
    pub residuals: usize,
}

/// As [`derive`] with [`DeriveKind::Vjp`], in two functions.
pub fn vjp(m: &mut Module, f: FuncId, wrt: &[u32]) -> Result<Vjp, AdError> {
    let _ = (m, f, wrt);
    todo!()
}

/// Replaces every `derive` call in the module by a plain call of the derivative. Part of [`crate::pass::lower`].
pub fn expand(m: &mut Module) -> Result<(), AdError> {
    let _ = m;
    todo!()
}
