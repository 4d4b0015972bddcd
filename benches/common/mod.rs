//! What the benchmarks share: interleaved timing ([`timing`]), the peers' recorded numbers ([`peers`]), tables ([`table`]).
//!
//! Each benchmark is a program of its own (`harness = false`) that prints one table and uses a part of this.

#![allow(dead_code, reason = "each benchmark uses a part of what they share")]

pub mod peers;
pub mod table;
pub mod timing;
