//! `cotangent show`: prints a program, as it is or after passes.

use crate::load::{self, PassArgs};
#[cfg(feature = "jit")]
use crate::report;
use crate::report::Result;
#[cfg(feature = "jit")]
use cotangent::core::{ir::FuncId, pass};
use std::path::PathBuf;

/// Print a program in its canonical form, as it is or after passes.
#[derive(clap::Args)]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// Only this function.
    #[arg(long = "fn", value_name = "NAME")]
    func: Option<String>,
    /// What the jit makes of it: low-level program, code generator's input, machine code.
    #[cfg(feature = "jit")]
    #[arg(long)]
    code: bool,
    #[command(flatten)]
    passes: PassArgs,
}

pub fn run(args: &Args) -> Result<()> {
    let mut program = load::Program::read(&args.file)?;
    let func = match &args.func {
        Some(name) => Some(program.func(Some(name))?),
        None => None,
    };
    program.apply(&args.passes)?;
    #[cfg(feature = "jit")]
    if args.code {
        return code(program, func);
    }
    print!("{}", program.print(func));
    Ok(())
}

/// Prints the code of a function, or of all.
#[cfg(feature = "jit")]
fn code(program: load::Program, func: Option<FuncId>) -> Result<()> {
    let mut m = program.module;
    pass::lower(&mut m).map_err(|e| report::plain(e.to_string(), None))?;
    if let Some(f) = func {
        pass::prune::prune(&mut m, &[f]);
    }
    pass::finish(&mut m);
    let text = cotangent_jit::explain(&m, &cotangent_lower::Options::default());
    println!("{}", text.map_err(|e| report::plain(e.to_string(), None))?);
    Ok(())
}
