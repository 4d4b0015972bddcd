//! The reference interpreter: the meaning of the IR.

use crate::entity::FuncId;
use crate::error::Trap;
use crate::ir::Module;
use crate::value::Val;
use alloc::vec::Vec;

/// Bounds on a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many steps may be run; `None` is no bound.
    pub fuel: Option<u64>,
    /// How deep calls may nest.
    pub depth: u32,
    /// The most bytes one value may take.
    pub max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            fuel: None,
            depth: 100_000,
            max_bytes: 1 << 34,
        }
    }
}

/// A module prepared for running: regions flattened, last uses found. Immutable; share it between threads.
#[derive(Debug)]
pub struct Program {}

impl Program {
    /// Prepares a module. It should have been verified: an unverified one cannot break memory safety, but traps with `TypeConfusion` or
    /// may panic.
    pub fn new(m: &Module) -> Program {
        let _ = m;
        todo!()
    }
    /// Runs a function. Arrays in `args` that nobody else holds are updated in place.
    ///
    /// # Errors
    /// A [`Trap`] with the source place; [`TypeConfusion`](crate::error::TrapKind::TypeConfusion) if the arguments do not suit the function.
    pub fn run(&self, f: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap> {
        let _ = (f, args, limits);
        todo!()
    }
}
