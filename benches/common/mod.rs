//! What the benchmarks share: interleaved timing ([`timing`]), the peers' recorded numbers ([`peers`]), tables ([`table`]).
//!
//! Each benchmark is a program of its own (`harness = false`) that prints one table and uses a part of this.

#![allow(dead_code, reason = "each benchmark uses a part of what they share")]

pub mod peers;
pub mod table;
pub mod timing;

/// The executors to measure: those asked for, else all that are registered; the interpreter only where there is no other, as it is
/// slow.
///
/// # Errors
/// If there is no such executor.
pub fn executors(asked: &[String]) -> Result<Vec<&'static str>, String> {
    for e in asked {
        cotangent::executor(e).map_err(|e| e.to_string())?;
    }
    let mut all = cotangent::list_executors();
    if !asked.is_empty() {
        all.retain(|e| asked.iter().any(|a| a == e));
    } else if all.len() > 1 {
        all.retain(|e| *e != "interpreter");
    }
    Ok(all)
}
