//! StableHLO text of a program.
