//! The just-in-time executor: LIR to machine code by Cranelift.
//!
//! [`Code`] is a program's machine code. Start at [`machine`] (the code generator and the memory of code), then `func` (registers and
//! statements), `control` (control flow), `ops` (what registers are set to), `memory` (references, checks of fuel and depth, callbacks).

mod control;
mod entry;
mod func;
mod library;
pub mod machine;
mod memory;
mod ops;

pub use machine::{Code, Entry, listing};

use std::fmt;

/// Why there is no machine code.
#[derive(Clone, PartialEq, Debug)]
pub enum Error {
    /// The code generator does not know this machine.
    Machine(String),
    /// The code generator refused: its own words.
    Backend(String),
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
            Error::Invalid(why) => write!(f, "the lowered program is wrong: {why}"),
        }
    }
}

impl std::error::Error for Error {}
