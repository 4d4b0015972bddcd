//! Value and gradient on XLA's CPU plugin: our programs beside JAX's own for the same models.
//!
//! ```text
//! cargo bench --bench offload                   # a minute or two
//! cargo bench --bench offload -- --full         # VGG19 for images of 224 pixels too: gigabytes, minutes
//! cargo bench --bench offload -- lstm gpt --seconds 3
//! ```
//!
//! Both are StableHLO texts, compiled by the same plugin and run by the same code on the same arguments, which stay on the device: only the programs
//! differ. JAX's are in `benches/offload/jax`, made by `benches/peers/jax_offload.py`. Their results are compared. Times are medians of
//! interleaved samples. Start at [`run`].

#[allow(
    dead_code,
    reason = "the example's command; one of its objectives is used here"
)]
#[path = "../../examples/adbench/gmm.rs"]
mod gmm;
#[allow(
    dead_code,
    reason = "the example draws pictures of it; its distance is used here"
)]
#[path = "../../examples/trebuchet/simulator.rs"]
mod simulator;
#[allow(dead_code, reason = "shared with benchmarks that need more of it")]
#[path = "../common/table.rs"]
mod table;
#[allow(dead_code, reason = "shared with benchmarks that need more of it")]
#[path = "../common/timing.rs"]
mod timing;

mod models;
mod problems;

use clap::Parser;
use cotangent_xla::executor::upload;
use cotangent_xla::pjrt::{
    Arg, Buffer, Client, ClientOptions, CompileOptions, Executable, HostArray,
};
use cotangent_xla::plugins::{self, Kind};
use problems::{PROBLEMS, Problem};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use table::Table;
use timing::{Candidate, measure, ratio, show};

/// What to measure.
#[derive(Parser, Debug)]
struct Arguments {
    /// Only problems whose names contain one of these.
    problems: Vec<String>,
    /// All sizes.
    #[arg(long)]
    full: bool,
    /// Seconds for each time in a row of the table.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Shows the fastest sample instead of the median: on a machine that does other things too.
    #[arg(long)]
    fastest: bool,
    /// Writes our programs to this folder.
    #[arg(long)]
    write: Option<std::path::PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

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

/// A program that was compiled, with its arguments on the device.
struct Ready {
    executable: Executable,
    arguments: Vec<Buffer>,
    compiled: f64,
}

impl Ready {
    /// With `some`, the program takes those arguments that have the types it wants, in order: of sequences we pass how long they are, too.
    fn new(
        client: &Client,
        text: &str,
        arguments: &[HostArray],
        some: bool,
    ) -> Result<Ready, String> {
        let began = Instant::now();
        let executable = client
            .compile(text, &CompileOptions::new())
            .map_err(|e| e.to_string())?;
        let compiled = began.elapsed().as_secs_f64();
        let device = &executable.devices()[0];
        let mut wanted = executable.signature().inputs.iter().peekable();
        let arguments = arguments
            .iter()
            .filter(|a| !some || wanted.next_if(|ty| *ty == a.ty()).is_some())
            .map(|a| client.upload(a, device).map_err(|e| e.to_string()))
            .collect::<Result<_, _>>()?;
        Ok(Ready {
            executable,
            arguments,
            compiled,
        })
    }
    /// Starts it.
    fn start(&self) -> Result<Vec<Buffer>, String> {
        let arguments = self.arguments.iter().map(Arg::Keep).collect();
        let results = self.executable.execute(arguments);
        results.map_err(|e| e.to_string())
    }
    /// Runs it to the end.
    fn step(&self) -> Result<Vec<Buffer>, String> {
        let results = self.start()?;
        for r in &results {
            r.wait().map_err(|e| e.to_string())?;
        }
        Ok(results)
    }
    fn results(&self) -> Result<Vec<HostArray>, String> {
        let all = self.start()?;
        all.iter()
            .map(|b| b.download().map_err(|e| e.to_string()))
            .collect()
    }
    /// What it needs beside arguments and results, in bytes.
    fn temporaries(&self) -> Option<f64> {
        let memory = self.executable.compiled().memory().ok()?;
        Some(memory.temporaries as f64)
    }
}

/// Whether all results were right.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let plugin = plugins::load(Kind::Cpu, None).map_err(|e| e.with_help())?;
    let client = plugin
        .client(&ClientOptions::new())
        .map_err(|e| e.to_string())?;
    let mut table = Table::new(
        1,
        [
            "value and gradient",
            "cotangent",
            "JAX",
            "ratio",
            "temporaries",
            "JAX",
            "compiled in",
            "JAX",
            "difference",
        ],
    );
    let mut right = true;
    for problem in PROBLEMS {
        let named = |p: &String| problem.name.contains(p.as_str());
        let asked = arguments.problems.is_empty() || arguments.problems.iter().any(named);
        if !asked || problem.large && !arguments.full && arguments.problems.is_empty() {
            continue;
        }
        match row(&client, problem, arguments) {
            Ok((cells, fine)) => {
                right &= fine;
                table.row(cells);
            }
            Err(e) => {
                right = false;
                eprintln!("{}: {e}", problem.name);
                table.row([problem.name]);
            }
        }
    }
    let dispatch = dispatch(&client, arguments)?;
    println!("{table}");
    println!(
        "A scalar: checked, executed, downloaded in {}.",
        show(dispatch)
    );
    Ok(right)
}

fn row(
    client: &Client,
    problem: &Problem,
    arguments: &Arguments,
) -> Result<(Vec<String>, bool), String> {
    eprint!("{} ", problem.name);
    let ours = (problem.make)()?;
    if let Some(folder) = &arguments.write {
        let path = folder.join(format!("{}.mlir", problem.name));
        std::fs::write(&path, &ours.text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/offload/jax");
    let path = folder.join(format!("{}.mlir", problem.name));
    let theirs = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let values = ours
        .arguments
        .iter()
        .map(|t| upload(t).map_err(|e| e.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    let ours = Ready::new(client, &ours.text, &values, false)?;
    let theirs = Ready::new(client, &theirs, &values, true)?;
    let difference = difference(&ours.results()?, &theirs.results()?)?;
    let right = difference <= problem.tolerance;
    let step = |r: &Ready| r.step().expect("it ran before");
    let mut both = [
        Candidate::new("cotangent", || step(&ours)),
        Candidate::new("JAX", || step(&theirs)),
    ];
    measure(&mut both, Duration::from_secs_f64(arguments.seconds));
    let [a, b] = both.each_ref().map(|c| c.seconds(arguments.fastest));
    eprintln!("{} / {}", show(a), show(b));
    let cells = vec![
        problem.name.to_string(),
        show(a),
        show(b),
        ratio(a, b),
        bytes(ours.temporaries()),
        bytes(theirs.temporaries()),
        show(ours.compiled),
        show(theirs.compiled),
        match right {
            true => format!("{difference:.0e}"),
            false => format!("{difference:.0e} WRONG"),
        },
    ];
    Ok((cells, right))
}

/// The greatest difference of a result, by the greatest number in it.
fn difference(ours: &[HostArray], theirs: &[HostArray]) -> Result<f64, String> {
    if ours.len() != theirs.len() {
        return Err(format!("{} results, JAX has {}", ours.len(), theirs.len()));
    }
    let mut most = 0.0f64;
    for (a, b) in ours.iter().zip(theirs) {
        if a.ty() != b.ty() {
            return Err(format!("a result is {:?}, of JAX {:?}", a.ty(), b.ty()));
        }
        let numbers = |a: &HostArray| match a.as_slice::<f32>() {
            Ok(v) => Ok(v.iter().map(|x| f64::from(*x)).collect::<Vec<_>>()),
            Err(_) => a.to_vec::<f64>().map_err(|e| e.to_string()),
        };
        let (a, b) = (numbers(a)?, numbers(b)?);
        let size = b.iter().fold(f64::MIN_POSITIVE, |m, x| m.max(x.abs()));
        for (x, y) in a.iter().zip(&b) {
            let d = (x - y).abs() / size;
            // NaN is a difference too.
            most = if d <= most { most } else { d };
        }
    }
    Ok(most)
}

/// Seconds for a program that does nothing much.
fn dispatch(client: &Client, arguments: &Arguments) -> Result<f64, String> {
    let text = "func.func @main(%a: tensor<f64>) -> tensor<f64> {
        %b = stablehlo.multiply %a, %a : tensor<f64>
        return %b : tensor<f64> }";
    let x = HostArray::scalar(3.0f64).map_err(|e| e.to_string())?;
    let ready = Ready::new(client, text, &[x], false)?;
    let mut one = [Candidate::new("dispatch", || {
        ready.results().expect("it ran before")
    })];
    measure(
        &mut one,
        Duration::from_secs_f64(arguments.seconds.min(1.0)),
    );
    Ok(one[0].seconds(arguments.fastest))
}

fn bytes(n: Option<f64>) -> String {
    match n {
        None => "-".into(),
        Some(n) if n < 1e6 => format!("{:.1} kB", n / 1e3),
        Some(n) if n < 1e9 => format!("{:.1} MB", n / 1e6),
        Some(n) => format!("{:.2} GB", n / 1e9),
    }
}
