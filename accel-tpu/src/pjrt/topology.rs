//! Devices by name, present or not, and compiling for them ahead of time: `v5e:2x2` with libtpu, for example.

use super::abi::{self, Args, RawTopology};
use super::api::{Api, Plugin, list, string};
use super::compiled::Compiled;
use super::device::{self, Description};
use super::error::Result;
use super::options::{ClientOptions, CompileOptions, NamedValues};
use super::program::Text;
use std::sync::Arc;

/// Devices by name.
pub struct Topology {
    api: Arc<Api>,
    raw: *mut RawTopology,
}

// SAFETY: a topology is not changed after it was made.
unsafe impl Send for Topology {}
// SAFETY: as above.
unsafe impl Sync for Topology {}

impl Plugin {
    /// The devices of that name: `v5e:2x2`, `v5p:2x2x1`. No hardware is needed.
    pub fn topology(&self, name: &str, options: &ClientOptions) -> Result<Topology> {
        let values = NamedValues::new(&options.values);
        let mut args = abi::TopologyCreate::new();
        args.name = name.as_ptr().cast();
        args.name_size = name.len();
        args.create_options = values.as_ptr();
        args.num_options = values.len();
        // SAFETY: name and options live until the end of this function.
        unsafe { self.api.call(&abi::TOPOLOGY_CREATE, &mut args) }?;
        Ok(Topology {
            api: self.api.clone(),
            raw: args.topology,
        })
    }
}

impl Topology {
    /// What it is: `tpu`.
    pub fn platform(&self) -> Result<String> {
        let mut args = abi::TopologyPlatformName::new();
        args.topology = self.raw;
        // SAFETY: the topology is alive, and the text as long as it.
        unsafe {
            self.api.call(&abi::TOPOLOGY_PLATFORM_NAME, &mut args)?;
            Ok(string(args.text, args.text_size))
        }
    }
    /// Its devices.
    pub fn devices(&self) -> Result<Vec<Description>> {
        let mut args = abi::TopologyDevices::new();
        args.topology = self.raw;
        // SAFETY: the topology is alive, and its descriptions as long as it.
        unsafe {
            self.api.call(&abi::TOPOLOGY_DEVICES, &mut args)?;
            list(args.descriptions, args.num_descriptions)
                .iter()
                .map(|d| device::describe(&self.api, *d))
                .collect()
        }
    }
    /// Compiles a module of StableHLO text for these devices.
    pub fn compile(&self, stablehlo: &str, options: &CompileOptions) -> Result<Compiled> {
        let text = Text::new(stablehlo)?;
        let program = text.program();
        let options = options.encode()?;
        let mut args = abi::Compile::new();
        args.topology = self.raw;
        args.program = &program.raw;
        args.compile_options = options.as_ptr().cast();
        args.compile_options_size = options.len();
        // SAFETY: the topology is alive; program and options live until the end of this function; the executable is ours.
        unsafe {
            self.api.call(&abi::COMPILE, &mut args)?;
            Ok(Compiled::new(self.api.clone(), args.executable))
        }
    }
}

impl Drop for Topology {
    fn drop(&mut self) {
        let mut args = abi::TopologyDestroy::new();
        args.topology = self.raw;
        // SAFETY: the topology is alive and ours.
        unsafe { self.api.call_quietly(&abi::TOPOLOGY_DESTROY, &mut args) };
    }
}
