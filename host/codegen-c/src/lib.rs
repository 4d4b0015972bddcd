//! C99 from programs, and the executor that a C compiler makes of it: slow to make, fast to run.
//!
//! [`emit`] writes the source, [`cc`] finds and runs the compiler, [`compile`] loads what it made.

pub mod cc;
pub mod emit;

use cc::{CcError, Compiler};
use cotangent_core::ir::Module;
use cotangent_lower::lir::Program;
use cotangent_lower::{Options, Unsupported};
use cotangent_runtime::{Compiled, Entry};
use std::fmt;

/// Why a module was not compiled.
#[derive(Clone, PartialEq, Debug)]
pub enum Error {
    /// Something in it cannot be.
    Unsupported(Unsupported),
    /// The C compiler is missing or failed.
    Compiler(CcError),
    /// What the compiler made could not be loaded.
    Load(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unsupported(e) => e.fmt(f),
            Error::Compiler(e) => e.fmt(f),
            Error::Load(m) => write!(f, "the compiled program could not be loaded: {m}"),
        }
    }
}

impl std::error::Error for Error {}

/// The program of a module, as the back end compiles it.
///
/// # Errors
/// [`Error::Unsupported`].
pub fn program(module: &Module, options: &Options) -> Result<Program, Error> {
    let mut p = cotangent_lower::lower(module, options).map_err(Error::Unsupported)?;
    cotangent_lower::optimize(&mut p);
    Ok(p)
}

/// Compiles a verified and lowered module with the system's C compiler.
///
/// # Errors
/// [`Error`]; without a C compiler it says what to do.
pub fn compile(module: &Module, options: &Options) -> Result<Compiled, Error> {
    let p = program(module, options)?;
    let built = Compiler::find()
        .and_then(|cc| cc.build(&emit::source(&p)))
        .map_err(Error::Compiler)?;
    let load = |e: libloading::Error| Error::Load(e.to_string());
    // SAFETY: the object was just written by the C compiler from our source, which has no initialisers: loading it runs nothing.
    let library = unsafe { libloading::Library::new(built.object()) }.map_err(load)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(p.funcs.len());
    for id in p.funcs.keys() {
        // SAFETY: our source defines each entry with the type `Entry`.
        let entry =
            unsafe { library.get::<Entry>(emit::entry_name(id).as_bytes()) }.map_err(load)?;
        entries.push(*entry);
    }
    // SAFETY: the entries are the program's functions in order, compiled from `emit`'s translation; the library stays loaded, callable
    // from any thread, as long as the owner is alive.
    Ok(unsafe { Compiled::new(&p, entries, Box::new(library)) })
}
