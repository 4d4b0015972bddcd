//! `cotangent explain`: what a gradient costs in memory, loop by loop.

use crate::load;
use crate::report::{self, Result};
use cotangent::core::ad;
use cotangent::core::ir::DeriveKind;
use std::path::PathBuf;

/// Say what the gradient of a function saves in each iteration of its loops, and what it computes again.
#[derive(clap::Args)]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// The function; may be left out if there is only one.
    #[arg(value_name = "FUNC")]
    func: Option<String>,
    /// What each iteration saves: values, types, bytes.
    #[arg(long)]
    memory: bool,
    /// With respect to these parameters, from 0; all that have a tangent space if left out.
    #[arg(long, value_delimiter = ',', value_name = "I,J,…")]
    wrt: Vec<u32>,
}

pub fn run(args: &Args) -> Result<()> {
    if !args.memory {
        let help = Some("cotangent explain FILE FUNC --memory".to_string());
        return Err(report::plain("say what to explain", help));
    }
    let mut program = load::Program::read(&args.file)?;
    let func = program.func(args.func.as_deref())?;
    let wrt = crate::grad::chosen(&program, func, &args.wrt);
    program.lower()?;
    let loops = ad::explain(&program.module, func, DeriveKind::Vjp, &wrt)
        .map_err(|e| report::plain(e.to_string(), None))?;
    if loops.is_empty() {
        println!("no loop takes part in the gradient: nothing is saved per iteration");
    }
    for l in &loops {
        print!("{}", l.render(&program.module));
    }
    Ok(())
}
