//! How long a process takes to its first gradient: staging, differentiation, compilation and the run, from nothing.
//!
//! ```text
//! cargo run --release --example first_gradient            # medians of some processes, per executor
//! cargo run --release --example first_gradient -- once    # one process: its gradient and its time
//! ```
//!
//! The example starts itself: the time is from before a process is made to when its answer has been read, so loading the program is part
//! of it. The second time is what the process itself sees, from the start of `main`. Ends with an error if a median is above [`GOAL`].

use cotangent::differentiable;
use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

/// Processes of each executor.
const PROCESSES: usize = 21;
/// The most that a release build may take to the first gradient.
const GOAL: Duration = Duration::from_millis(10);

#[differentiable]
fn sincos(x: f64) -> f64 {
    x.cos().sin()
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("once") {
        if let Some(executor) = arguments.next() {
            cotangent::set_default_executor(&executor)?;
        }
        let (y, dy) = sincos::value_and_gradient(0.5)?;
        println!("{y} {dy} {}", start.elapsed().as_nanos());
        return Ok(());
    }
    let mut slow = Vec::new();
    for executor in cotangent::list_executors() {
        let mut times = Vec::new();
        let mut inside = Vec::new();
        let mut answer = String::new();
        for _ in 0..PROCESSES {
            let start = Instant::now();
            let out = Command::new(std::env::current_exe()?)
                .args(["once", executor])
                .output()?;
            times.push(start.elapsed());
            if !out.status.success() {
                return Err(String::from_utf8_lossy(&out.stderr).into());
            }
            let text = String::from_utf8(out.stdout)?;
            let (values, ns) = text.trim_end().rsplit_once(' ').ok_or("no answer")?;
            inside.push(Duration::from_nanos(ns.parse()?));
            answer = values.to_string();
        }
        let (time, inside) = (median(&mut times), median(&mut inside));
        println!(
            "{executor:<12} sin(cos(0.5)) and its derivative: {answer}; {:.2} ms from the start of the process, {:.2} ms from that of main",
            time.as_secs_f64() * 1e3,
            inside.as_secs_f64() * 1e3,
        );
        // Starting a C compiler takes longer than that; it is there for what runs for hours.
        if time > GOAL && executor != "c" && !cfg!(debug_assertions) {
            slow.push(executor);
        }
    }
    if slow.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "more than {GOAL:?} to the first gradient: {}",
            slow.join(", ")
        )
        .into())
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
