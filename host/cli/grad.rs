//! `cotangent grad`: the derivative of a function, as a program or as numbers.

use crate::load::{self, RunArgs, SeekArgs};
use crate::report::Result;
use cotangent::core::ir::{DeriveKind, FuncId};
use std::path::PathBuf;

/// Print the gradient of a function as a program, or its value at given arguments.
#[derive(clap::Args)]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// The function; may be left out if there is only one.
    #[arg(long = "fn", value_name = "NAME")]
    func: Option<String>,
    /// With respect to these parameters, from 0; all that have a tangent space if left out.
    #[arg(long, value_delimiter = ',', value_name = "I,J,…")]
    wrt: Vec<u32>,
    /// Which derivative to print as a program.
    #[arg(long, value_enum, default_value_t = Kind::ValueAndGradient)]
    kind: Kind,
    /// Arguments at which to evaluate; see `run`. The value is printed first, then one line a parameter.
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    #[command(flatten)]
    seek: SeekArgs,
    #[command(flatten)]
    how: RunArgs,
}

#[derive(Copy, Clone, PartialEq, clap::ValueEnum)]
enum Kind {
    Gradient,
    ValueAndGradient,
    Jvp,
    Vjp,
}

impl From<Kind> for DeriveKind {
    fn from(k: Kind) -> DeriveKind {
        match k {
            Kind::Gradient => DeriveKind::Gradient,
            Kind::ValueAndGradient => DeriveKind::ValueAndGradient,
            Kind::Jvp => DeriveKind::Jvp,
            Kind::Vjp => DeriveKind::Vjp,
        }
    }
}

/// The parameters asked for, ascending, or all that have a tangent space.
pub fn chosen(program: &load::Program, func: FuncId, wrt: &[u32]) -> Vec<u32> {
    let mut chosen = wrt.to_vec();
    if chosen.is_empty() {
        let types = program.module.funcs[func].param_types();
        chosen.extend(
            types
                .iter()
                .zip(0..)
                .filter(|(t, _)| t.has_tangent())
                .map(|(_, i)| i),
        );
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

pub fn run(args: &Args) -> Result<()> {
    let mut program = load::Program::read(&args.file)?;
    let func = program.func(args.func.as_deref())?;
    let wrt = chosen(&program, func, &args.wrt);
    let values = match args.args.is_empty() {
        true => None,
        false => Some(program.arguments(func, &args.args)?),
    };
    if let (Some(bad), Some(values)) = (args.seek.bad(), &values) {
        return program.seek(func, values.clone(), &wrt, bad, &args.how);
    }
    match values {
        None => {
            program.lower()?;
            let derivative = program.derive(func, args.kind.into(), &wrt)?;
            print!("{}", program.print(Some(derivative)));
        }
        Some(values) => {
            let (results, gradients) = program.gradient(func, values, &wrt, &args.how)?;
            for y in &results {
                println!("value: {}", load::show_value(y));
            }
            for (i, g) in wrt.iter().zip(&gradients) {
                println!("gradient {i}: {}", load::show_value(g));
            }
        }
    }
    Ok(())
}
