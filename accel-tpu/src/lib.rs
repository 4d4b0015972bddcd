//! Offload: a whole Cotangent program, its loops, branches and derivatives included, as one StableHLO module, compiled by XLA and run on
//! whatever PJRT plugin is there: CPU, GPU or TPU, one device or many.
//!
//! Where to start: [`emit`] writes the StableHLO text of a program for arguments of known shapes; [`pjrt`] drives plugins: it compiles and
//! runs such text; [`plugins`] finds and installs plugins. Emitting needs neither of the two. [`executor`] puts them together, [`held`] for values
//! that stay on devices, one or many; [`chips`] names devices that need not be there, [`report`] says what a compiled program costs; [`whole`]
//! writes a text without running it.
//!
//! Invariant: all `unsafe` of this crate is in [`pjrt`].

pub mod chips;
pub mod emit;
pub mod executor;
mod function;
pub mod held;
pub mod pjrt;
pub mod plugins;
pub mod report;
pub mod whole;
