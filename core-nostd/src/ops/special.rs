//! Numerical special functions: what `libm` lacks.
