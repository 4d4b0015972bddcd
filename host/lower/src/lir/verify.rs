//! Checks the invariants of LIR.
