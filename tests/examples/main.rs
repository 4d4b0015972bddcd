//! The examples: what each claims, and its gradient against finite differences.
//!
//! Each claim is held on the default executor; where noted, results are compared on all.

#![allow(
    clippy::duplicate_mod,
    reason = "each example is a program of its own, with its own copy of what examples share"
)]

#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/cartpole.rs"]
mod cartpole;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/char_rnn.rs"]
mod char_rnn;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/colours/main.rs"]
mod colours;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/inverse_graphics/main.rs"]
mod inverse_graphics;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/key_rate_durations.rs"]
mod key_rate_durations;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/lorenz.rs"]
mod lorenz;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/lotka_volterra.rs"]
mod lotka_volterra;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/neural_ode.rs"]
mod neural_ode;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/neural_sde.rs"]
mod neural_sde;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/pendulum.rs"]
mod pendulum;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/rober.rs"]
mod rober;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/taylor.rs"]
mod taylor;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/trebuchet/main.rs"]
mod trebuchet;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/tree_network.rs"]
mod tree_network;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/truncated_svd.rs"]
mod truncated_svd;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/vqe.rs"]
mod vqe;

mod aimed;
mod controlled;
mod factored;
mod first;
mod pictured;
mod read;
mod seen;
mod solved;

use serde_json::Value;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What an example prints, and its result.
fn printed(
    example: impl FnOnce(&mut dyn Write) -> Result<Value, Box<dyn Error>>,
) -> (String, Value) {
    let mut out = Vec::new();
    let result = example(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), result)
}

/// A folder of its own for a test's files.
fn scratch(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("examples")
        .join(test);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn number(result: &Value, key: &str) -> f64 {
    result[key]
        .as_f64()
        .unwrap_or_else(|| panic!("no {key} in {result}"))
}

/// Checks a gradient against fourth-order central differences.
fn check_gradient(f: impl Fn(&[f64]) -> f64, at: &[f64], gradient: &[f64], limit: f64) {
    assert_eq!(at.len(), gradient.len());
    let h = 1e-3;
    for i in 0..at.len() {
        let moved = |steps: f64| {
            let mut x = at.to_vec();
            x[i] += steps * h;
            f(&x)
        };
        let difference =
            (8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0))) / (12.0 * h);
        assert!(
            (difference - gradient[i]).abs() <= limit * gradient[i].abs().max(1.0),
            "component {i}: {} and {difference} by differences",
            gradient[i]
        );
    }
}
