//! What several test programs share: random programs.
#![allow(
    dead_code,
    reason = "each test program uses its part of what is shared"
)]

pub mod emit;
pub mod program;
