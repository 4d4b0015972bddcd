//! Random well-typed programs, and what must hold for every program.
//!
//! Where to start: [`program`] is the language (a tree that is always well typed and always ends), [`generate()`] makes one from a
//! seed, [`emit`] turns it into slot IR, [`check`] states the properties, [`agree`] compares executors, [`batch`] batches with lanes, [`shrink`] makes a failing program small, [`fuzz`]
//! runs many, and [`rust`] prints programs as Rust source. Used by the tests and by `cotangent fuzz`.

pub mod agree;
pub mod batch;
pub mod check;
pub mod emit;
pub mod fuzz;
pub mod generate;
pub mod program;
mod rng;
pub mod rust;
pub mod shrink;
mod walk;

pub use generate::{Options, generate};
pub use program::Program;
pub use rng::Rng;
