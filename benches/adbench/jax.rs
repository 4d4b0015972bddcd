//! JAX on the same problem, by `benches/peers/jax_adbench.py`.

use super::problems::Named;
use std::path::Path;
use std::process::Command;

/// Seconds of JAX's value and gradient, or Jacobian.
///
/// # Errors
/// What went wrong with Python, in its words.
pub fn gradient(python: &Path, data: &Path, named: &Named) -> Result<f64, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/jax_adbench.py");
    let mut command = Command::new(python);
    command.arg(script).arg(data.join(named.file));
    let sizes = named.sizes.unwrap_or_default();
    command.args(sizes.map(|n| n.to_string()));
    let out = command
        .output()
        .map_err(|e| format!("{}: {e}", python.display()))?;
    if !out.status.success() {
        let text = String::from_utf8_lossy(&out.stderr);
        return Err(text.lines().last().unwrap_or("no message").to_string());
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let last = text.lines().last().unwrap_or_default();
    let ns = last.parse::<f64>().map_err(|e| format!("`{last}`: {e}"))?;
    Ok(ns * 1e-9)
}
