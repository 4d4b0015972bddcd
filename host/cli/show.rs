//! `cotangent show`: prints a program, as it is or after passes.

use crate::load::{self, PassArgs};
use crate::report::Result;
use std::path::PathBuf;

/// Print a program in its canonical form, as it is or after passes.
#[derive(clap::Args)]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// Only this function.
    #[arg(long = "fn", value_name = "NAME")]
    func: Option<String>,
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
    print!("{}", program.print(func));
    Ok(())
}
