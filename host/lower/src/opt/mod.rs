//! Passes over LIR. Start at [`fold`], which simplifies one right-hand side and is used while lowering too.

pub mod fold;
