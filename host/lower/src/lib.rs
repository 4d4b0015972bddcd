//! From the IR to LIR, a structured imperative program over scalar registers and memory.
#![forbid(unsafe_code)]
