//! The reference interpreter: the meaning of the IR, and the oracle for every other executor.
//!
//! A [`Program`] is a module made ready to run. `plan` flattens each function's regions into a list of steps with jumps
//! over numbered registers; `live` finds for each operand whether it is the last use of its register, so that arrays
//! nobody else holds are updated in place; `exec` runs the steps with frames on the heap.
//!
//! Invariants: the host stack does not grow with the program's recursion or its loops; every step costs one unit of fuel,
//! so with a fuel limit every run ends; on verified IR nothing panics.

mod exec;
mod live;
mod plan;
#[cfg(test)]
mod tests;
mod watch;

pub use watch::{Bad, Origin, holds};

use crate::entity::{Entity, FuncId};
use crate::error::{Trap, TrapKind};
use crate::ir::Module;
use crate::value::Val;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Bounds on a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many steps may be run; `None` is no bound. An instruction is one step, whatever the size of its operands; jumps
    /// and moves between regions are steps too.
    pub fuel: Option<u64>,
    /// How deep calls may nest.
    pub depth: u32,
    /// The most bytes one value may take.
    pub max_bytes: u64,
    /// The most bytes the registers of all calls in progress may take (not counting the arrays they refer to).
    pub stack_bytes: u64,
    /// How many threads may work on a run, at least 1; `None` is the executor's choice. No result depends on it. The interpreter uses one.
    pub threads: Option<u32>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            fuel: None,
            depth: 100_000,
            max_bytes: 1 << 34,
            stack_bytes: 1 << 30,
            threads: None,
        }
    }
}

/// A module prepared for running: regions flattened, last uses found. Immutable; share it between threads.
#[derive(Debug)]
pub struct Program {
    funcs: Vec<plan::Code>,
    files: Vec<String>,
}

impl Program {
    /// Prepares a module. It should have been verified: an unverified one cannot break memory safety, but traps with `TypeConfusion` or
    /// may panic.
    pub fn new(m: &Module) -> Program {
        Program {
            funcs: m
                .funcs
                .values()
                .map(|f| live::finish(plan::flatten(m, f)))
                .collect(),
            files: m.files.values().cloned().collect(),
        }
    }
    /// Runs a function. Arrays in `args` that nobody else holds are updated in place.
    ///
    /// # Errors
    /// A [`Trap`] with the source place; [`TypeConfusion`](crate::error::TrapKind::TypeConfusion) if the arguments do not suit the function.
    pub fn run(&self, f: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap> {
        self.suits(f, &args)?;
        exec::Exec::new(self, limits).run(f.index(), args)
    }
    /// Runs a function until the first NaN or infinity arises that was not in its arguments; `None` if none does.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn first_bad(
        &self,
        f: FuncId,
        args: Vec<Val>,
        limits: &Limits,
        bad: Bad,
    ) -> Result<Option<Origin>, Trap> {
        self.suits(f, &args)?;
        exec::Exec::watching(self, limits, bad).run_watched(f.index(), args)
    }
    /// Checks that arguments suit a function.
    fn suits(&self, f: FuncId, args: &[Val]) -> Result<(), Trap> {
        let confused = |func: String, op: String| Trap {
            kind: TrapKind::TypeConfusion { op },
            func,
            file: String::new(),
            line: 0,
            col: 0,
        };
        let Some(code) = self.funcs.get(f.index()) else {
            return Err(confused(format!("{f}"), String::from("run")));
        };
        let mismatch = |op| confused(code.name.clone(), op);
        if args.len() != code.params.len() {
            return Err(mismatch(format!(
                "{}: takes {} argument(s), got {}",
                code.name,
                code.params.len(),
                args.len()
            )));
        }
        for (i, (v, t)) in args.iter().zip(&code.params).enumerate() {
            if !v.is_of(t) {
                return Err(mismatch(format!("{}: argument {i} of type {t}", code.name)));
            }
        }
        Ok(())
    }
}
