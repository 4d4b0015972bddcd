//! `cotangent fuzz`: random programs, checked.

use crate::report::{self, Result};
use cotangent::{Executor, Limits};
use cotangent_core::error::Trap;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::value::Val;
use cotangent_progen::agree::Runner;
use cotangent_progen::check::{Failure, Outcome};
use cotangent_progen::fuzz::{Case, Counts};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

/// Check random programs: round trips, passes, and derivatives against finite differences.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cotangent fuzz --programs 20000 --seed 1
  cotangent fuzz --programs 1 --seed 1 --start 4711   one case again
  cotangent fuzz --executor jit                       programs and gradients on the jit, against the interpreter")]
pub struct Args {
    /// How many programs.
    #[arg(long, default_value_t = 1000)]
    programs: u64,
    /// Where the random numbers start.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first program.
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// How many threads.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=1024))]
    threads: u64,
    /// Compare this executor with the interpreter instead.
    #[arg(long, value_name = "NAME")]
    executor: Option<String>,
    /// Where the file of a failing program goes.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let on = match &args.executor {
        Some(name) => Some(On(
            cotangent::executor(name).map_err(|e| report::plain(e.to_string(), None))?
        )),
        None => None,
    };
    let on = on.as_ref().map(|on| -> &dyn Runner { on });
    let began = Instant::now();
    let bar = ProgressBar::new(args.programs);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} programs, {eta} left") {
        bar.set_style(style);
    }
    let end = args.start.saturating_add(args.programs);
    let next = AtomicU64::new(args.start);
    let stop = AtomicBool::new(false);
    let counts = Mutex::new(Counts::default());
    let failed: Mutex<Option<(Case, Failure)>> = Mutex::new(None);
    // A panic is reported as a failure of its case; the default hook would write into the bar.
    std::panic::set_hook(Box::new(|_| {}));
    thread::scope(|s| {
        for _ in 0..args.threads {
            s.spawn(|| {
                let mut mine = Counts::default();
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    let case = Case::new(args.seed, number);
                    match case.check(on) {
                        Ok(outcome) => count(&mut mine, &case, outcome),
                        Err(failure) => {
                            stop.store(true, Ordering::Relaxed);
                            if let Ok(mut f) = failed.lock() {
                                f.get_or_insert((case, failure));
                            }
                        }
                    }
                    bar.inc(1);
                }
                if let Ok(mut all) = counts.lock() {
                    all.merge(&mine);
                }
            });
        }
    });
    bar.finish_and_clear();
    let counts = counts.into_inner().unwrap_or_default();
    let found = failed.into_inner().unwrap_or_default();
    let found = found.map(|(case, failure)| (case.shrunk(&failure, on), case.number));
    drop(std::panic::take_hook());
    println!(
        "{} programs, seed {}, numbers {} to {}, {} thread(s), {:.1} s",
        counts.total(),
        args.seed,
        args.start,
        end.saturating_sub(1),
        args.threads,
        began.elapsed().as_secs_f64()
    );
    print!("{}", counts.table());
    match found {
        None => Ok(()),
        Some(((case, failure), number)) => Err(report_failure(args, &case, &failure, number)),
    }
}

/// An executor, for comparison.
struct On(Arc<dyn Executor>);

impl Runner for On {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn run(
        &self,
        m: &Module,
        f: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> std::result::Result<std::result::Result<Vec<Val>, Trap>, String> {
        let prepared = self.0.prepare(m).map_err(|e| e.to_string())?;
        Ok(prepared.run(f, args.to_vec(), limits))
    }
}

fn count(counts: &mut Counts, case: &Case, outcome: Outcome) {
    counts.add(case.kind, outcome);
}

fn report_failure(args: &Args, case: &Case, failure: &Failure, number: u64) -> miette::Report {
    let text = case.file(failure);
    println!("{text}");
    let file = args.out.join(format!("fuzz-{}-{number}.ct", args.seed));
    let written = fs::create_dir_all(&args.out).and_then(|()| fs::write(&file, &text));
    let help = match written {
        Ok(()) => format!("the program, made small, is in {}", file.display()),
        Err(e) => format!("{}: {e}", file.display()),
    };
    report::plain(
        format!("seed {}, program {number}: {failure}", args.seed),
        Some(help),
    )
}
