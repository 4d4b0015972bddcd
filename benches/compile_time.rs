//! How long it takes to get from a Rust function to its derivative's program: staging, lowering, differentiation, passes,
//! and from that to machine code: LIR with its passes, and Cranelift.
//!
//! ```text
//! cargo bench --bench compile_time
//! ```
//!
//! One row for each of ADBench's objectives; milliseconds, the fastest of several runs (what else the machine does only ever
//! adds). Says which rows are above the [`GOAL`], and ends with an error if one is above [`LIMIT`].

#[allow(
    dead_code,
    reason = "the example's command; only its objectives are used here"
)]
#[path = "../examples/adbench/main.rs"]
mod adbench;

use adbench::{ba, gmm, hand, lstm};
use cotangent::core::ad;
use cotangent::core::ir::{DeriveKind, FuncId, Module};
use cotangent::core::pass;
use cotangent::core::stage::data::DiffFn;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Runs of each step.
const RUNS: usize = 7;
/// What a row should take in all.
const GOAL: Duration = Duration::from_millis(50);
/// What it may take.
const LIMIT: Duration = Duration::from_millis(100);

/// A step's shortest time, and what it made the last time.
fn fastest<T>(mut step: impl FnMut() -> T) -> (Duration, T) {
    let mut best = Duration::MAX;
    let mut made = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        made = Some(step());
        best = best.min(start.elapsed());
    }
    (best, made.expect("there are runs"))
}

struct Row {
    name: &'static str,
    steps: [Duration; 6],
    /// Instructions of the lowered objective, of the derivative and of what is compiled.
    sizes: [usize; 3],
}

impl Row {
    fn total(&self) -> Duration {
        self.steps.iter().sum()
    }
}

fn size(m: &Module) -> usize {
    m.funcs.values().map(|f| f.size()).sum()
}

/// The row of a function: the gradient if it returns a number, else the vjp.
fn row<F: DiffFn>(name: &'static str) -> Row {
    let (stage, (staged, id)) = fastest(|| F::stage().expect("the objective stages"));
    let (lower, lowered) = fastest(|| {
        let mut m = staged.clone();
        pass::lower(&mut m).expect("the objective lowers");
        m
    });
    let f = &lowered.funcs[id];
    let kind = if matches!(&f.results[..], [r] if r.is_scalar()) {
        DeriveKind::ValueAndGradient
    } else {
        DeriveKind::Vjp
    };
    let types = f.param_types().into_iter().enumerate();
    let wrt: Vec<u32> = types
        .filter(|(_, ty)| ty.has_tangent())
        .map(|(i, _)| i as u32)
        .collect();
    let (derive, (derived, _)) = fastest(|| {
        let mut m = lowered.clone();
        let d = ad::derive(&mut m, id, kind, &wrt).expect("the objective has a derivative");
        let kept = pass::prune::prune(&mut m, &[d]);
        let d: FuncId = kept[d].expect("a root stays");
        (m, d)
    });
    let (finish, finished) = fastest(|| {
        let mut m = derived.clone();
        pass::finish(&mut m);
        m
    });
    let options = cotangent_lower::Options::default();
    let (lir, program) = fastest(|| {
        let mut p = cotangent_lower::lower(&finished, &options).expect("the derivative lowers");
        cotangent_lower::opt::optimize(&mut p);
        p
    });
    let (code, _) = fastest(|| {
        cotangent_jit::Code::new(&program, &cotangent_runtime::address).expect("machine code")
    });
    Row {
        name,
        steps: [stage, lower, derive, finish, lir, code],
        sizes: [size(&lowered), size(&derived), size(&finished)],
    }
}

#[cotangent::differentiable]
fn sin_cos(x: f64) -> f64 {
    x.cos().sin()
}

fn main() -> ExitCode {
    let rows = [
        row::<sin_cos>("sin(cos(x))"),
        row::<gmm::log_posterior>("gmm"),
        row::<ba::residuals>("ba"),
        row::<lstm::loss>("lstm"),
        row::<hand::simple_residuals>("hand simple"),
        row::<hand::complicated_residuals>("hand complicated"),
    ];
    println!(
        "{:<18}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}   instructions",
        "ms", "stage", "lower", "derive", "finish", "lir", "code", "total"
    );
    for r in &rows {
        print!("{:<18}", r.name);
        for d in r.steps.iter().chain([&r.total()]) {
            print!("{:>8.2}", d.as_secs_f64() * 1e3);
        }
        println!("   {} -> {} -> {}", r.sizes[0], r.sizes[1], r.sizes[2]);
    }
    for r in rows.iter().filter(|r| r.total() > GOAL) {
        println!("{} takes more than the goal of {GOAL:?}", r.name);
    }
    match rows.iter().find(|r| r.total() > LIMIT) {
        Some(r) => {
            eprintln!("{} takes more than {LIMIT:?}", r.name);
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}
