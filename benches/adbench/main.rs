//! ADBench's four objectives: time of objective and derivative on every executor, beside rustc's code for the objective and the peers.
//!
//! ```text
//! cargo bench --bench adbench                   # a small set, a minute or two
//! cargo bench --bench adbench -- --full         # all files there are
//! cargo bench --bench adbench -- gmm --executor jit --seconds 3
//! cargo bench --bench adbench -- --jax target/jax/bin/python
//! ```
//!
//! Files are looked for in `--data`, without it in `../shared/data/adbench`; mixtures and texts that are not there are made up at the same
//! sizes, other problems are left out. Times are medians of interleaved samples of at least 2 ms. A derivative is the gradient (gmm,
//! lstm), the Jacobian in compressed rows (ba), the Jacobian (hand), and is compared with one derived by hand.
//! With `--jax` (or where `target/jax/bin/python` exists) JAX runs on the same problems, on all cores, right after. Start at [`main`].

#[allow(
    dead_code,
    reason = "the example's command; its objectives and readers are used here"
)]
#[path = "../../examples/adbench/main.rs"]
mod adbench;
#[path = "../common/mod.rs"]
mod common;

mod jax;
mod problems;

use adbench::check::{REFERENCE_LIMIT, relative_error};
use adbench::executor::Executor;
use adbench::instance::Instance;
use clap::Parser;
use common::peers::Peers;
use common::table::Table;
use common::timing::{Candidate, measure, ratio, show};
use problems::{Named, PROBLEMS};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Parser, Debug)]
struct Arguments {
    /// Only problems whose names contain one of these.
    problems: Vec<String>,
    /// All sizes.
    #[arg(long)]
    full: bool,
    /// These executors; without, all that compile.
    #[arg(long)]
    executor: Vec<String>,
    /// The folder of ADBench's files.
    #[arg(long)]
    data: Option<PathBuf>,
    /// A Python that has JAX.
    #[arg(long)]
    jax: Option<PathBuf>,
    /// Seconds for each time in a row of the table.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Shows the fastest sample instead of the median: on a machine that does other things too.
    #[arg(long)]
    fastest: bool,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The peers that have columns, as they are called in the file and in the head.
const PEERS: [(&str, &str); 4] = [
    ("C++ manual", "C++ by hand"),
    ("C tapenade", "Tapenade"),
    ("jax-jit", "JAX"),
    ("enzyme (JAX cpp_call)", "Enzyme"),
];

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all derivatives were right.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let executors = common::executors(&arguments.executor)?;
    let peers = Peers::read()?;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let data = arguments.data.clone();
    let data = data.unwrap_or_else(|| root.join("../shared/data/adbench"));
    let python = arguments.jax.clone().or_else(|| {
        let own = root.join("target/jax/bin/python");
        own.exists().then_some(own)
    });
    let mut head = vec![
        "problem",
        "executor",
        "rustc -O",
        "objective",
        "/ rustc",
        "derivative",
        "/ objective",
        "/ best peer",
        "first call",
    ];
    head.extend(PEERS.map(|(_, title)| title));
    if python.is_some() {
        head.push("JAX now");
    }
    let mut table = Table::new(2, head);
    let mut notes = Vec::new();
    for named in PROBLEMS {
        let asked = arguments.problems.is_empty()
            || arguments
                .problems
                .iter()
                .any(|p| named.name.contains(p.as_str()));
        if !asked || !arguments.full && !named.small && arguments.problems.is_empty() {
            continue;
        }
        let Some(instance) = problems::load(&named, &data, &mut notes)? else {
            continue;
        };
        let jax = || {
            let python = python.as_ref()?;
            match jax::gradient(python, &data, &named) {
                Ok(seconds) => Some(seconds),
                Err(e) => {
                    eprintln!("JAX, {}: {e}", named.name);
                    None
                }
            }
        };
        let times = times(&named, &instance, &executors, arguments, &mut notes);
        let jax = jax();
        table.group();
        for t in times {
            let recorded = |(peer, _): (&str, &str)| peers.gradient(named.name, peer);
            let best = PEERS
                .into_iter()
                .filter_map(recorded)
                .fold(f64::INFINITY, f64::min);
            let mut row = vec![
                named.name.to_string(),
                t.executor.to_string(),
                show(t.plain),
                show(t.objective),
                ratio(t.objective, t.plain),
                show(t.derivative),
                ratio(t.derivative, t.objective),
                ratio(t.derivative, best),
                show(t.first),
            ];
            row.extend(PEERS.map(|p| recorded(p).map_or("-".into(), show)));
            if python.is_some() {
                row.push(jax.map_or("-".into(), show));
            }
            table.row(row);
        }
    }
    println!("{table}");
    for note in &notes {
        println!("{note}");
    }
    println!(
        "Peers' columns are derivatives, recorded: {}.",
        peers.source()
    );
    Ok(!notes.iter().any(|n| n.contains("WRONG")))
}

/// Seconds of an executor.
struct Times {
    executor: &'static str,
    plain: f64,
    objective: f64,
    derivative: f64,
    first: f64,
}

fn times(
    named: &Named,
    instance: &Instance,
    executors: &[&'static str],
    arguments: &Arguments,
    notes: &mut Vec<String>,
) -> Vec<Times> {
    let expected = Executor::Reference.derivative(instance);
    let mut runs = Vec::new();
    for &name in executors {
        let executor = Executor::Cotangent(name.into());
        let start = Instant::now();
        let found = executor.derivative(instance);
        let first = start.elapsed().as_secs_f64();
        match (&found, &expected) {
            (Ok(found), Ok(expected)) => {
                let error = relative_error(found, expected);
                if error.is_nan() || error > REFERENCE_LIMIT {
                    notes.push(format!(
                        "WRONG: {} on {name}: relative error {error:e}",
                        named.name
                    ));
                }
                runs.push((name, executor, first));
            }
            (Err(e), _) | (_, Err(e)) => notes.push(format!("{} on {name}: {e}", named.name)),
        }
    }
    let mut all = vec![Candidate::new("plain", || instance.objective())];
    for (_, executor, _) in &runs {
        all.push(Candidate::new("objective", || executor.objective(instance)));
        all.push(Candidate::new("derivative", || {
            executor.derivative(instance)
        }));
    }
    let budget = Duration::from_secs_f64(arguments.seconds.clamp(0.0, 1e3));
    measure(&mut all, budget);
    let seconds = |c: &Candidate<'_>| c.seconds(arguments.fastest);
    let plain = seconds(&all[0]);
    let pairs = runs.iter().zip(all[1..].chunks(2));
    pairs
        .map(|(&(executor, _, first), pair)| Times {
            executor,
            plain,
            objective: seconds(&pair[0]),
            derivative: seconds(&pair[1]),
            first,
        })
        .collect()
}
