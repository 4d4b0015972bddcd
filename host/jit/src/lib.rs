//! The just-in-time executor: LIR to machine code by Cranelift.
