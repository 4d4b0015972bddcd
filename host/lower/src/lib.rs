//! From the IR to LIR, a structured imperative program over scalar registers and memory.
//!
//! Start at [`lir`] (what comes out), [`layout`] (how values become registers), [`lower`](mod@lower) (how functions are translated);
//! [`abi`] is what compiled code and the runtime agree on.
#![forbid(unsafe_code)]

pub mod abi;
pub mod lanes;
pub mod layout;
pub mod lir;
pub mod lower;
pub mod opt;

pub use lower::{Options, Unsupported, function_of, lower};
pub use opt::optimize;
