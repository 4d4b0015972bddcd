//! The `cotangent` command: looks at, checks, runs, differentiates and offloads programs in the IR's text form.
//!
//! One module per subcommand, `load` for what they share (reading a program and its arguments), `report` for errors that
//! show the offending place of a file. Exit codes: 0 success, 1 an error in the input or the program, 2 wrong usage.

mod check;
mod demo;
#[cfg(feature = "xla")]
mod devices;
mod explain;
mod fuzz;
mod grad;
mod load;
#[cfg(feature = "xla")]
mod offload;
#[cfg(feature = "xla")]
mod plugin;
mod report;
mod run;
mod show;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Differentiable programs: look at, check, run and differentiate files of IR text (.ct).
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cotangent demo                            fit a model to real data
  cotangent show f.ct --optimize            the program after the clean-up passes
  cotangent check *.ct                      verify programs
  cotangent run f.ct --fn f 1.5 '[1, 2, 3]' call a function
  cotangent grad f.ct --wrt 1 1.5 '[1, 2]'  its value and its gradient with respect to parameter 1
  cotangent grad f.ct                       the gradient as a program
  cotangent explain f.ct f --memory         what the gradient saves per iteration
  cotangent fuzz --programs 20000 --seed 1  check random programs
  cotangent plugin install cpu              XLA for this machine
  cotangent offload f.ct --to tpu:v5e:2x2 --report 'f32[64,128]'
                                            what a program costs on a TPU; none is needed";

#[derive(Subcommand)]
enum Command {
    Show(show::Args),
    Check(check::Args),
    Run(run::Args),
    Grad(grad::Args),
    Explain(explain::Args),
    Demo(demo::Args),
    Fuzz(fuzz::Args),
    #[cfg(feature = "xla")]
    Offload(offload::Args),
    #[cfg(feature = "xla")]
    Plugin(plugin::Args),
    #[cfg(feature = "xla")]
    Devices(devices::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Show(args) => show::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Grad(args) => grad::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        #[cfg(feature = "xla")]
        Command::Offload(args) => offload::run(&args),
        #[cfg(feature = "xla")]
        Command::Plugin(args) => plugin::run(&args),
        #[cfg(feature = "xla")]
        Command::Devices(args) => devices::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}
