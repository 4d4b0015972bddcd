//! `cotangent check`: verifies programs.

use crate::load;
use crate::report::{self, Result};
use std::path::PathBuf;

/// Verify programs; the first broken invariant of each is shown where it is.
#[derive(clap::Args)]
pub struct Args {
    /// The programs (IR text, or its binary form; - is standard input).
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub fn run(args: &Args) -> Result<()> {
    let mut bad = 0;
    for file in &args.files {
        match load::Program::read(file) {
            Ok(p) => {
                let funcs = &p.module.funcs;
                let insts: usize = funcs.values().map(|f| f.size()).sum();
                println!(
                    "{}: ok: {} function(s), {insts} instruction(s)",
                    file.display(),
                    funcs.len()
                );
            }
            // A single file's error is the command's.
            Err(e) if args.files.len() == 1 => return Err(e),
            Err(e) => {
                eprintln!("{e:?}");
                bad += 1;
            }
        }
    }
    if bad == 0 {
        Ok(())
    } else {
        let all = args.files.len();
        Err(report::plain(
            format!("{bad} of {all} files are not valid"),
            None,
        ))
    }
}
