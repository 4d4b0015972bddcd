//! The examples and the ADBench objectives on the executors `xla` and `xla-checked`, unchanged: values and derivatives are the interpreter's.
//!
//! The executors look for a plugin once in a process, so every test runs itself again in a process whose environment names the one that
//! tests install.

#![cfg(feature = "xla")]
#![allow(
    clippy::duplicate_mod,
    reason = "each example is a program of its own, with its own copy of what examples share"
)]

#[allow(dead_code, reason = "only the objectives are used here")]
#[path = "../../examples/adbench/main.rs"]
mod adbench;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/char_rnn.rs"]
mod char_rnn;
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
#[path = "../../examples/trebuchet/main.rs"]
mod trebuchet;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/truncated_svd.rs"]
mod truncated_svd;
#[allow(dead_code, reason = "the example's main function")]
#[path = "../../examples/vqe.rs"]
mod vqe;

mod agree;
mod objectives;
mod programs;

use cotangent_xla::plugins::{self, Kind};
use std::process::Command;

/// Runs a test with a plugin: in another process, which runs only this test.
fn with_plugin(test: &str, run: impl FnOnce()) {
    const PLUGIN: &str = "COTANGENT_XLA_PLUGIN";
    const CHILD: &str = "COTANGENT_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        return run();
    }
    let plugin = plugins::for_tests(Kind::Cpu).unwrap();
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .env(PLUGIN, format!("cpu={}", plugin.path().display()))
        .env(CHILD, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
    print!("{text}");
    assert!(out.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}
