//! Memory of gradients bounded: states of a loop instead of what every iteration computed.
//!
//! A gradient goes back through a program, and needs on the way what the program computed: residuals, for each iteration of each
//! loop. A loop that calls [`slots`] or [`bytes`] in its body keeps some of its *states* instead (the values that it changes), and
//! its iterations are computed again from them. They are kept where fewest iterations need computing again: Griewank and
//! Walther's schedule ("revolve") for loops that count, a schedule that doubles its stride for those of unknown length. With
//! `s` states, a loop of `(s + r)! / (s! r!)` iterations is computed again at most `r` times: `s = 10`, `r = 5` are 3003 iterations.
//!
//! The calls do nothing else, and nothing at all in the plain function.
//!
//! ```
//! use cotangent::{checkpoint, differentiable};
//!
//! #[differentiable]
//! fn decay(k: f64, steps: usize) -> f64 {
//!     let mut y = vec![1.0_f64; 100];
//!     for _ in 0..steps {
//!         checkpoint::slots(20); // 20 vectors of 100, not one for each step
//!         for j in 0..100 {
//!             y[j] -= 0.001 * k * y[j].sin();
//!         }
//!     }
//!     y[7]
//! }
//!
//! let slope = decay::gradient(0.5, 5000)?.0;
//! let (up, down) = (decay(0.5 + 1e-5, 5000), decay(0.5 - 1e-5, 5000));
//! assert!((slope - (up - down) / 2e-5).abs() < 1e-6);
//! # Ok::<(), cotangent::Error>(())
//! ```

/// In a loop of a `#[differentiable]` function: reverse mode keeps at most `n` states of the loop (at least one). `n` must be known
/// before the loop.
pub fn slots(n: usize) {
    let _ = n;
}

/// As [`slots`], with as many states as fit into `n` bytes, by their size when the loop starts.
pub fn bytes(n: usize) {
    let _ = n;
}

/// In a `#[differentiable]` function, outside its loops: reverse mode saves the arguments of a call and computes the function again.
///
/// What is marked, function or loop, must not call the function that the mark is in: that is an error when the derivative is made.
pub fn recompute() {}
