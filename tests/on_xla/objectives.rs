//! The four problems of ADBench.

use crate::adbench::derivative::Derivative;
use crate::adbench::executor::Executor;
use crate::adbench::{Problem, read};
use crate::with_plugin;
use std::path::Path;

fn agrees(problem: Problem, file: &str, on: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/adbench")
        .join(file);
    let instance = read(problem, &path).unwrap();
    let reference = Executor::Reference;
    let (y, d) = (
        reference.objective(&instance).unwrap(),
        reference.derivative(&instance).unwrap(),
    );
    for name in on {
        let e = Executor::Cotangent(name.to_string());
        let got = e.objective(&instance);
        let got = got.unwrap_or_else(|why| panic!("{file} on {name}: {why}"));
        close(&got, &y, &format!("{file} on {name}"));
        let got: Derivative = e
            .derivative(&instance)
            .unwrap_or_else(|why| panic!("derivative of {file} on {name}: {why}"));
        close(
            &got.values(),
            &d.values(),
            &format!("derivative of {file} on {name}"),
        );
    }
}

fn close(got: &[f64], want: &[f64], what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (a, b)) in got.iter().zip(want).enumerate() {
        assert!(
            (a - b).abs() <= 1e-9 * b.abs().max(1.0),
            "{what}, {i}: {a}, not {b}"
        );
    }
}

const BOTH: [&str; 2] = ["xla", "xla-checked"];

#[test]
fn mixtures() {
    with_plugin("objectives::mixtures", || {
        agrees(Problem::Gmm, "gmm_d4_K3.txt", &BOTH);
        agrees(Problem::Gmm, "gmm_replicated.txt", &["xla"]);
    });
}

#[test]
fn bundles() {
    with_plugin("objectives::bundles", || {
        agrees(Problem::Ba, "ba_n3_m5_p11.txt", &BOTH);
        agrees(Problem::Ba, "ba_no_rotation.txt", &["xla"]);
    });
}

#[test]
fn lstm() {
    with_plugin("objectives::lstm", || {
        agrees(Problem::Lstm, "lstm_l2_c6.txt", &BOTH);
    });
}

#[test]
fn hands() {
    with_plugin("objectives::hands", || {
        agrees(Problem::Hand, "hand/simple_c7.txt", &BOTH);
        agrees(Problem::Hand, "hand/complicated_c5.txt", &["xla"]);
    });
}
