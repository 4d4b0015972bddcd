//! `cotangent devices`: what programs can run on.

use crate::plugin::failed;
use crate::report::Result;
use cotangent_xla::pjrt::{ClientOptions, DeviceMemory, Error};
use cotangent_xla::plugins::{self, Kind};
use std::path::PathBuf;

/// List the devices that the plugins find on this machine.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cotangent devices
  cotangent devices cpu --count 8                 as many virtual devices, to try programs for several
  cotangent devices cuda --plugin /opt/plugin.so")]
pub struct Args {
    /// Only of this kind: cpu, tpu or cuda.
    kind: Option<Kind>,
    /// The plugin to ask.
    #[arg(long, value_name = "PATH", requires = "kind")]
    plugin: Option<PathBuf>,
    /// How many virtual devices the CPU shall be.
    #[arg(long, default_value_t = 1)]
    count: u32,
}

pub fn run(args: &Args) -> Result<()> {
    if let Some(kind) = args.kind {
        let text = devices(kind, args).map_err(|e| failed(&e))?;
        print!("{text}");
        return Ok(());
    }
    for kind in Kind::ALL {
        match devices(kind, args) {
            Ok(text) => print!("{text}"),
            // That a kind has no plugin or no hardware is the answer, not a failure.
            Err(Error::NoPlugin { .. }) => {
                println!("{kind:5} no plugin; `cotangent plugin install {kind}` installs one");
            }
            Err(e) => println!("{kind:5} {e}"),
        }
    }
    Ok(())
}

/// The devices of a kind, a line each.
fn devices(kind: Kind, args: &Args) -> std::result::Result<String, Error> {
    let plugin = plugins::load(kind, args.plugin.as_deref())?;
    let options = match kind {
        Kind::Cpu => ClientOptions::new().cpu_devices(args.count)?,
        Kind::Tpu | Kind::Cuda => ClientOptions::new(),
    };
    let client = plugin.client(&options)?;
    let mut text = String::new();
    for device in client.devices() {
        let about = device.description()?;
        // Plugins for CPUs do not tell of memory.
        let memory = match device.memory() {
            Ok(DeviceMemory {
                limit: Some(limit),
                in_use,
                ..
            }) => format!(
                ", {} of {} MB in use",
                in_use / 1_000_000,
                limit / 1_000_000
            ),
            Ok(DeviceMemory { .. }) | Err(_) => String::new(),
        };
        text += &format!("{kind:5} {}: {}{memory}\n", about.id, about.kind);
    }
    Ok(text)
}
