//! The executors `xla` and `xla-checked`: whole programs on the device of a PJRT plugin, by [`cotangent_xla`].
//!
//! A function is written and compiled when it is first called with arguments of some shapes. `xla` clamps indices and wraps integers, as XLA
//! does; `xla-checked` finds traps as the other executors do, and is slower.

use crate::error::{Error, Result};
use crate::executor::{Executor, Prepared};
use cotangent_core::error::Trap;
use cotangent_core::interp::Limits;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::value::Val;
use cotangent_xla::emit::Options;
use cotangent_xla::executor::{self, Program};
use cotangent_xla::pjrt::{Client, ClientOptions};
use cotangent_xla::plugins::{self, Kind};
use std::sync::Arc;

/// The names; the second finds traps.
pub(crate) const NAMES: [&str; 2] = ["xla", "xla-checked"];

/// How many states of a loop without bound reverse mode keeps.
const SLOTS: u64 = 32;

/// Programs on a device.
#[derive(Debug)]
pub(crate) struct Xla {
    client: Client,
    options: Options,
}

impl Xla {
    /// With the plugin that is found.
    pub(crate) fn new(checked: bool) -> Result<Xla> {
        let made = plugins::load(Kind::Cpu, None).and_then(|p| p.client(&ClientOptions::new()));
        Ok(Xla {
            client: made.map_err(|e| Error::Unsupported {
                what: match e.help() {
                    Some(help) => format!("{e}; {help}"),
                    None => e.to_string(),
                },
            })?,
            options: Options {
                checked,
                ..Options::default()
            },
        })
    }
}

impl Executor for Xla {
    fn name(&self) -> &'static str {
        NAMES[usize::from(self.options.checked)]
    }
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>> {
        let program = Program::new(self.client.clone(), module, self.options);
        Ok(Arc::new(Offloaded(program)))
    }
    fn before_derivatives(&self, module: &mut Module) {
        executor::before_derivatives(module, self.options, SLOTS);
    }
}

#[derive(Debug)]
struct Offloaded(Program);

impl Prepared for Offloaded {
    fn run(&self, func: FuncId, args: Vec<Val>, _: &Limits) -> Result<Vec<Val>, Trap> {
        self.0.run(func, &args).map_err(|e| executor::failed(&e))
    }
}
