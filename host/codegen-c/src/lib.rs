//! C99 from LIR, and the executor that a C compiler makes of it.
