//! Procedural macros of Cotangent.
