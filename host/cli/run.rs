//! `cotangent run`: calls a function of a program.

use crate::load::{self, PassArgs, RunArgs, SeekArgs};
use crate::report::Result;
use std::path::PathBuf;

/// Call a function and print its results, one a line.
#[derive(clap::Args)]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// The function; may be left out if there is only one.
    #[arg(long = "fn", value_name = "NAME")]
    func: Option<String>,
    /// The arguments, in the value syntax of the text form: 1.5, true, [1, 2, 3], {1, [2, 3]}.
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    #[command(flatten)]
    passes: PassArgs,
    #[command(flatten)]
    seek: SeekArgs,
    #[command(flatten)]
    how: RunArgs,
}

pub fn run(args: &Args) -> Result<()> {
    let mut program = load::Program::read(&args.file)?;
    let func = program.func(args.func.as_deref())?;
    let values = program.arguments(func, &args.args)?;
    program.apply(&args.passes)?;
    if let Some(bad) = args.seek.bad() {
        return program.seek(func, values, &[], bad, &args.how);
    }
    for v in program.call(func, values, &args.how)? {
        println!("{}", load::show_value(&v));
    }
    Ok(())
}
