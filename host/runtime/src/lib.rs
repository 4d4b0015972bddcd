//! What compiled programs need while they run: memory objects, contexts, callbacks, and the boundary to values.
//!
//! A back end compiles each function of a [`cotangent_lower::lir::Program`] to an [`Entry`] and makes a [`Compiled`] of them; executors
//! run that. Code finds the runtime through [`address`] or the context's [`table`]. The contract is [`cotangent_lower::abi`].
//! Start at [`compiled`]; [`block`] has the memory, [`callbacks`] what code calls.

mod ahead;
pub mod block;
pub mod callbacks;
mod checked;
mod columns;
pub mod compiled;
mod constants;
pub mod context;
mod eval;
mod huge;
mod marshal;
mod math;
mod split;
mod stack;
mod tables;
mod threads;
mod tiered;
mod trap;
mod window;

pub use callbacks::{address, table};
pub use checked::check_memory;
pub use compiled::{Compiled, Entry};
pub use context::Context;
pub use math::vector;
pub use threads::each as in_parallel;
pub use tiered::Tiered;
