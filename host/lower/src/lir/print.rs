//! The text of LIR, for people and for tests.
