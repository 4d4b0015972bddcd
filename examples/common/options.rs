//! What every example understands on its command line: `--executor` and `--json`.

use std::error::Error;
use std::io::Write;

/// Options of every example.
#[derive(clap::Args, Debug, Clone)]
pub struct Options {
    /// Who runs the programs.
    #[arg(long, value_name = "NAME", default_value = cotangent::default_executor().name(), value_parser = known)]
    pub executor: String,
    /// Prints the result as JSON, as one last line.
    #[arg(long)]
    pub json: bool,
}

/// The name, if there is such an executor and it can be had here.
fn known(name: &str) -> Result<String, String> {
    let found = cotangent::executor(name).map_err(|e| e.to_string())?;
    Ok(found.name().to_string())
}

impl Options {
    /// Makes the chosen executor the one of the process, then prints what `run` prints, and as the last line its result if that is wanted.
    pub fn start(
        &self,
        run: impl FnOnce(&mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        cotangent::set_default_executor(&self.executor)?;
        let mut out = std::io::stdout().lock();
        let result = run(&mut out)?;
        if self.json {
            writeln!(out, "{result}")?;
        }
        Ok(())
    }
}
