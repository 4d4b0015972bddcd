//! What the tests of solvers share: every executor, orders of convergence.

use cotangent::{DiffFn, Options, Runner};

/// Runs a test on every executor there is.
pub fn everywhere<F: DiffFn>(test: impl Fn(Runner<F>, &str)) {
    for name in cotangent::list_executors() {
        let executor = cotangent::executor(name).unwrap();
        let options = Options::new().executor(executor.name());
        test(Runner::new(&options), name);
    }
}

/// The order of a method, from its errors where each has half the step of the one before: the mean over the halvings.
pub fn order(errors: &[f64]) -> f64 {
    let first = errors[0];
    let last = errors[errors.len() - 1];
    (first / last).log2() / (errors.len() - 1) as f64
}

/// Panics unless two numbers agree, relative to the larger where that is above 1.
#[track_caller]
pub fn close(a: f64, b: f64, tolerance: f64) {
    let size = a.abs().max(b.abs()).max(1.0);
    assert!((a - b).abs() <= tolerance * size, "{a} and {b}");
}
