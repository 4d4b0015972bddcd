//! The peers' numbers from `benches/peers.json`: measured by their own programs, at another time, on the machine the file names.
//!
//! `{"source": .., "machine": .., "times": {problem: {peer: {"primal_ns": .., "gradient_ns": ..}}}}`; either time may be missing.

use serde_json::Value;

/// The recorded numbers.
pub struct Peers(Value);

impl Peers {
    /// Reads the file of this repository.
    ///
    /// # Errors
    /// If it is not JSON of the expected form.
    pub fn read() -> Result<Peers, String> {
        let all: Value = serde_json::from_str(include_str!("../peers.json"))
            .map_err(|e| format!("benches/peers.json: {e}"))?;
        if !all["times"].is_object() {
            return Err("benches/peers.json: there is no object `times`".into());
        }
        Ok(Peers(all))
    }
    /// Where the numbers come from and what they were measured on.
    pub fn source(&self) -> String {
        let text = |key: &str| self.0[key].as_str().unwrap_or("?").to_string();
        format!("{}; {}", text("source"), text("machine"))
    }
    /// Seconds of a peer's primal.
    pub fn primal(&self, problem: &str, peer: &str) -> Option<f64> {
        self.seconds(problem, peer, "primal_ns")
    }
    /// Seconds of a peer's value and gradient.
    pub fn gradient(&self, problem: &str, peer: &str) -> Option<f64> {
        self.seconds(problem, peer, "gradient_ns")
    }
    fn seconds(&self, problem: &str, peer: &str, what: &str) -> Option<f64> {
        let ns = self.0["times"].get(problem)?.get(peer)?.get(what)?;
        Some(ns.as_f64()? * 1e-9)
    }
}
