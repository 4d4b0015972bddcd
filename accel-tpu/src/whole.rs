//! A function, or its value and gradient, as one StableHLO text: what compiling ahead and comparing programs start from. To run programs there
//! is [`crate::executor`].

use crate::emit::{self, Layout, Options, Plan};
use crate::executor::{DERIVATIVES, Error, Making, prepared, version};
use cotangent_core::ad;
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass::prune;
use std::sync::Arc;

/// What of a program is written.
#[derive(Clone, Debug)]
pub struct Whole<'a> {
    /// The function.
    pub func: FuncId,
    /// How its arguments are laid out.
    pub args: &'a [Layout],
    /// The value and the gradient instead of the value.
    pub gradient: Option<Gradient<'a>>,
    /// How it is written.
    pub options: Options,
}

/// A gradient.
#[derive(Clone, Copy, Debug)]
pub struct Gradient<'a> {
    /// The parameters, ascending.
    pub wrt: &'a [u32],
    /// How many states of a loop without bound it keeps.
    pub slots: u64,
}

/// Writes it. The module is verified and has no slots; it may have calls of derivatives.
///
/// # Errors
/// [`Error::Unsupported`] if it cannot be offloaded, [`Error::Derive`] if there is no gradient.
pub fn write(module: &Module, what: &Whole<'_>) -> Result<emit::Program, Error> {
    let (args, options) = (what.args, what.options);
    let how = Making {
        slots: what.gradient.map(|g| g.slots),
        options,
        ..Making::default()
    };
    let (mut m, mut f) = version(module, what.func, args, how)?;
    if let Some(g) = what.gradient {
        let kind = DeriveKind::ValueAndGradient;
        f = ad::derive_with(&mut m, f, kind, g.wrt, DERIVATIVES)
            .map_err(|e| Error::Derive(Arc::new(e)))?;
        f = prune::prune(&mut m, &[f])[f].unwrap_or(f);
    }
    let m = prepared(&m, options);
    let plan = Plan {
        args,
        options,
        ..Plan::default()
    };
    Ok(emit::emit(&m, f, plan)?)
}
