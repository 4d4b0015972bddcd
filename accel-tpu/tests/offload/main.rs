//! The fourth executor: what the interpreter gives, XLA gives on the CPU plugin. Every op of the matrix with its derivatives and batches (`matrix`), elementwise
//! ops at the edges of every type (`elementwise`), the others with operands of every type (`types`), file tests (`files`), random programs (`programs`).
//!
//! Compiling costs more than running, so many functions are compiled as one module: see `batch`; `agree` says how nearly results must agree. `refused` is
//! the table of what cannot be offloaded, printed with what was refused here by `cargo test -p cotangent-xla --test offload -- --nocapture`.

mod agree;
mod batch;
mod edges;
mod elementwise;
mod files;
mod golden;
mod matrix;
mod programs;
mod refused;
mod types;

/// The lines of file tests, which have their own tests.
#[allow(dead_code, reason = "what is expected is tested there")]
#[path = "../../../tests/filetests/lines.rs"]
mod file_tests;

/// The rows of the op matrix, which has its own tests.
#[allow(dead_code, reason = "only the rows are used here")]
#[path = "../../../tests/op_matrix"]
mod op_matrix {
    pub mod arrays;
    pub mod binary;
    pub mod contractions;
    pub mod control;
    pub mod elementwise;
    pub mod fourier;
    pub mod linalg;
    pub mod places;
    pub mod reductions;
    pub mod reference;
    pub mod row;
    pub mod select;
    pub mod shapes;
    pub mod special;
    pub mod types;
    pub mod unary;
    pub mod values;
    pub mod windows;
}
