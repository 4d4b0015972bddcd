//! Small problems: time of the value and of value and gradient on every executor, beside rustc's code for the same function, a gradient
//! written by hand, and the peers' recorded times.
//!
//! ```text
//! cargo bench --bench micro                     # one table, a few minutes
//! cargo bench --bench micro -- sincos lstm      # problems whose name contains one of these
//! cargo bench --bench micro -- --executor jit --seconds 1
//! ```
//!
//! All times are medians of samples of at least 2 ms, taken in turn. Calls go through the typed API as a user's do
//! (`f::value_and_gradient(..)`), so the cost of a call is part of them; a row of its own shows that cost. Start at [`main`].

#[path = "../common/mod.rs"]
mod common;

mod by_hand;
mod lstm_ops;
mod problems;
mod report;

use clap::Parser;
use common::peers::Peers;
use common::timing::show;
use problems::{Cell, Logistic, Mlp};
use report::Report;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

/// What to measure.
#[derive(Parser, Debug)]
struct Arguments {
    /// Only problems whose names contain one of these.
    problems: Vec<String>,
    /// These executors; without, all that compile.
    #[arg(long)]
    executor: Vec<String>,
    /// Seconds for each time in a row of the table.
    #[arg(long, default_value_t = 0.3)]
    seconds: f64,
    /// Shows the fastest sample instead of the median: on a machine that does other things too.
    #[arg(long)]
    fastest: bool,
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

/// Whether everything that was computed was right.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let executors = common::executors(&arguments.executor)?;
    let peers = Peers::read()?;
    let source = peers.source();
    let budget = Duration::from_secs_f64(arguments.seconds.clamp(0.0, 1e3));
    let mut report = Report::new(
        executors,
        budget,
        arguments.fastest,
        arguments.problems.clone(),
        peers,
    );
    call(&mut report);
    scalars(&mut report);
    arrays(&mut report);
    network(&mut report);
    recurrent(&mut report)?;
    println!("{}", report.table);
    for note in &report.notes {
        println!("{note}");
    }
    println!("Peers' columns are value and gradient, recorded: {source}.");
    Ok(!report.notes.iter().any(|n| n.contains("WRONG")))
}

/// The cost of a typed call: `x * x` takes hardly any time of its own.
fn call(report: &mut Report) {
    let x = 1.5;
    let times = report.problem(
        "call x*x",
        "",
        || problems::square(black_box(x)),
        (2, &mut |out| by_hand::square(black_box(x), out)),
        || problems::square::call(black_box(x)),
        || problems::square::value_and_gradient(black_box(x)),
    );
    for t in times {
        report.notes.push(format!(
            "a typed call on {} costs {} (value), {} (value and gradient)",
            t.executor,
            show(t.value),
            show(t.gradient)
        ));
    }
}

fn scalars(report: &mut Report) {
    let x = 0.5;
    report.problem(
        "sincos",
        "sincos",
        || problems::sincos(black_box(x)),
        (2, &mut |out| by_hand::sincos(black_box(x), out)),
        || problems::sincos::call(black_box(x)),
        || problems::sincos::value_and_gradient(black_box(x)),
    );
    let (x, n) = (2.0, 500);
    report.problem(
        "loop n=500",
        "loop n=500",
        || problems::sine_power(black_box(x), black_box(n)),
        (2, &mut |out| {
            by_hand::sine_power(black_box(x), black_box(n), out);
        }),
        || problems::sine_power::call(black_box(x), black_box(n)),
        || problems::sine_power::value_and_gradient_wrt::<0>(black_box(x), black_box(n)),
    );
    let (x, n) = (1.0005, 1000);
    report.problem(
        "pow n=1000",
        "pow n=1000",
        || problems::power(black_box(x), black_box(n)),
        (2, &mut |out| {
            by_hand::power(black_box(x), black_box(n), out);
        }),
        || problems::power::call(black_box(x), black_box(n)),
        || problems::power::value_and_gradient_wrt::<0>(black_box(x), black_box(n)),
    );
    let x = 1.3;
    report.problem(
        "sinmul n=1000",
        "sinmul n=1000",
        || problems::sinmul(black_box(x), black_box(n)),
        (2, &mut |out| {
            by_hand::sinmul(black_box(x), black_box(n), out);
        }),
        || problems::sinmul::call(black_box(x), black_box(n)),
        || problems::sinmul::value_and_gradient_wrt::<0>(black_box(x), black_box(n)),
    );
}

/// Numbers that look random and are the same everywhere.
fn wave(n: usize, frequency: f64, scale: f64) -> Vec<f64> {
    (0..n)
        .map(|i| scale * (frequency * i as f64).sin())
        .collect()
}

fn arrays(report: &mut Report) {
    let x = wave(1000, 1.0, 4.0);
    let x = &x[..];
    report.problem(
        "logsumexp 1000",
        "logsumexp 1000",
        || problems::logsumexp(black_box(x)),
        (1001, &mut |out| by_hand::logsumexp(black_box(x), out)),
        || problems::logsumexp::call(black_box(x)),
        || problems::logsumexp::value_and_gradient(black_box(x)),
    );
    let c = 0.7;
    report.problem(
        "maps n=1000",
        "",
        || problems::maps(black_box(x), c),
        (1002, &mut |out| by_hand::maps(black_box(x), c, out)),
        || problems::maps::call(black_box(x), c),
        || problems::maps::value_and_gradient(black_box(x), c),
    );
    let (w, b, x) = (
        &wave(7840, 0.37, 0.1)[..],
        &wave(10, 1.0, 0.5)[..],
        &wave(784, 0.11, 1.0)[..],
    );
    report.problem(
        "logreg 10x784",
        "logreg 10x784",
        || problems::logistic(black_box(w), b, black_box(x)),
        (1 + 7840 + 10 + 784, &mut |out| {
            by_hand::logistic(black_box(w), b, black_box(x), out);
        }),
        || problems::logistic::call(black_box(w), b, black_box(x)),
        || problems::logistic::value_and_gradient(black_box(w), b, black_box(x)),
    );
    let x = &wave(1000, 0.37, 1.0)[..];
    let y: &[f64] = &(0..100).map(|i| f64::from(i % 2)).collect::<Vec<_>>();
    let m = &Logistic {
        weights: (0..10).map(|j| 0.1 * f64::from(j).cos()).collect(),
        bias: 0.01,
    };
    report.problem(
        "logreg 100x10",
        "logreg 100x10",
        || problems::logistic_loss(black_box(m), x, y),
        (12, &mut |out| {
            by_hand::logistic_loss(black_box(m), x, y, out);
        }),
        || problems::logistic_loss::call(black_box(m), x, y),
        || problems::logistic_loss::value_and_gradient_wrt::<0>(black_box(m), x, y),
    );
}

fn network(report: &mut Report) {
    let wave = |n: usize, frequency: f64, scale: f64| -> Vec<f32> {
        wave(n, frequency, scale)
            .iter()
            .map(|&v| v as f32)
            .collect()
    };
    let m = &Mlp {
        w1: wave(784 * 32, 0.37, 0.05),
        b1: wave(32, 0.7, 0.1),
        w2: wave(320, 0.91, 0.2),
        b2: wave(10, 1.3, 0.1),
    };
    let x = &wave(784, 0.11, 1.0)[..];
    let mut buffers = by_hand::MlpBuffers::new(m);
    let n = 1 + m.w1.len() + m.b1.len() + m.w2.len() + m.b2.len();
    let mut checked = false;
    report.problem(
        "mlp 784-32-10",
        "mlp 784-32-10 b1",
        || problems::mlp(black_box(m), x, 3),
        (n, &mut |out| {
            out[0] = by_hand::mlp(black_box(m), x, 3, &mut buffers).into();
            // The other numbers stay in their buffers; the first call copies them, to be checked.
            if !checked {
                let g = &buffers.gradient;
                let all = g.w1.iter().chain(&g.b1).chain(&g.w2).chain(&g.b2);
                for (out, &g) in out[1..].iter_mut().zip(all) {
                    *out = g.into();
                }
                checked = true;
            }
        }),
        || problems::mlp::call(black_box(m), x, 3),
        || problems::mlp::value_and_gradient_wrt::<0>(black_box(m), x, 3),
    );
}

fn recurrent(report: &mut Report) -> Result<(), String> {
    let cell = |l: usize| -> Cell {
        let f = |i: usize| 0.5 * ((i + 100 * l) as f64 * 0.73).sin();
        Cell {
            input: std::array::from_fn(|i| std::array::from_fn(|j| f(4 * i + j))),
            hidden: std::array::from_fn(|i| std::array::from_fn(|j| f(64 + 4 * i + j))),
            bias: std::array::from_fn(|i| f(128 + i)),
            h: std::array::from_fn(|i| f(144 + i)),
            c: std::array::from_fn(|i| f(148 + i)),
        }
    };
    let cells: Vec<Cell> = (0..3).map(cell).collect();
    let x = &[0.3, -0.2, 0.5, 0.1];
    let mut steps = [by_hand::Step::default(); 12];
    for layers in 1..=3 {
        let cells = &cells[..layers];
        let times = report.problem(
            &format!("lstm 4x4 L={layers}"),
            "",
            || problems::lstm(black_box(cells), x),
            (1 + by_hand::CELL * layers + 4, &mut |out| {
                by_hand::lstm(black_box(cells), x, &mut steps, out);
            }),
            || problems::lstm::call(black_box(cells), x),
            || problems::lstm::value_and_gradient(black_box(cells), x),
        );
        if times.is_empty() {
            continue;
        }
        let ops = lstm_ops::count(cells, x).map_err(|e| e.to_string())?;
        for t in times {
            report.notes.push(format!(
                "lstm 4x4 L={layers} on {}: {} an adjoint op of the {} that Zygote's paper counts (Zygote: {} each), {} an instruction of \
                 the {} that the backward half runs",
                t.executor,
                show(t.gradient / lstm_ops::ZYGOTE[layers - 1] as f64),
                lstm_ops::ZYGOTE[layers - 1],
                show(569e-9),
                show(t.gradient / ops as f64),
                ops,
            ));
        }
    }
    Ok(())
}
