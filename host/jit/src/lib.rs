//! The just-in-time executor: LIR to machine code by Cranelift.
//!
//! [`Code`] is a program's machine code. Start at [`machine`] (the code generator and the memory of code), then `func` (registers and
//! statements), `control` (control flow), `ops` (what registers are set to), `lanes` (loops in vectors), `memory` (references, checks of fuel and depth, callbacks).

mod control;
mod entry;
mod func;
mod lanes;
mod library;
pub mod machine;
mod memory;
mod ops;

pub use machine::{Code, listing};

use cotangent_core::ir::Module;
use cotangent_lower::lir::Program;
use cotangent_lower::lir::verify::verify;
use cotangent_lower::{Options, Unsupported};
use cotangent_runtime::{Compiled, address};
use std::fmt;

/// Compiles a module: verified, derivatives expanded, slots removed.
///
/// # Errors
/// What cannot be lowered, or compiled on this machine.
pub fn compile(module: &Module, options: &Options) -> Result<Compiled, Error> {
    let program = lower(module, options)?;
    let code = Code::new(&program, &address)?;
    let mut entries = Vec::new();
    for f in program.funcs.keys() {
        let entry = code.entry(f);
        entries.push(entry.ok_or_else(|| Error::Backend(format!("{f} was left out")))?);
    }
    // SAFETY: `Code` compiles each function of the program to this convention; it lives until `Compiled` drops it.
    Ok(unsafe { Compiled::new(&program, entries, Box::new(code)) })
}

/// What [`compile`] gives the code generator, and what that makes of it, as text.
///
/// # Errors
/// As [`compile`].
pub fn explain(module: &Module, options: &Options) -> Result<String, Error> {
    let program = lower(module, options)?;
    let text = listing(&program, &address)?;
    Ok(format!("{program}\n{text}"))
}

fn lower(module: &Module, options: &Options) -> Result<Program, Error> {
    let mut program = cotangent_lower::lower(module, options).map_err(Error::Unsupported)?;
    check(&program)?;
    cotangent_lower::opt::optimize(&mut program);
    check(&program)?;
    Ok(program)
}

/// In debug builds, that the invariants hold.
fn check(program: &Program) -> Result<(), Error> {
    if cfg!(debug_assertions) {
        verify(program).map_err(|e| Error::Invalid(format!("{e}\n{program}")))?;
    }
    Ok(())
}

/// Why there is no machine code.
#[derive(Clone, PartialEq, Debug)]
pub enum Error {
    /// The code generator does not know this machine.
    Machine(String),
    /// The code generator refused: its own words.
    Backend(String),
    /// The program cannot be lowered.
    Unsupported(Unsupported),
    /// The program breaks an invariant: a mistake in the lowering.
    Invalid(String),
}

impl Error {
    pub(crate) fn backend(e: impl fmt::Display) -> Error {
        Error::Backend(e.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Machine(why) => write!(f, "no code for this machine: {why}"),
            Error::Backend(why) => write!(f, "the code generator failed: {why}"),
            Error::Unsupported(e) => e.fmt(f),
            Error::Invalid(why) => write!(f, "the lowered program is wrong: {why}"),
        }
    }
}

impl std::error::Error for Error {}
