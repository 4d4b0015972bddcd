//! The executors `xla`, `xla-checked` and `xla-fast`: whole programs on the device of a PJRT plugin, by [`cotangent_xla`].
//!
//! A function is written and compiled when it is first called with arguments of some shapes. `xla` clamps indices and wraps integers, as XLA
//! does; `xla-checked` finds traps as the other executors do, and is slower; `xla-fast` lets products of matrices and
//! convolutions be as fast as the device has them, of factors of 8 bits of precision on a TPU.

use crate::error::{Error, Result};
use crate::executor::{Attempt, Executor, Prepared};
use crate::held::{Recipe, Residents, Spread};
use crate::task::{Ready, Task};
use cotangent_core::error::{AdError, Trap};
use cotangent_core::interp::Limits;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::value::{Lent, Val};
use cotangent_xla::emit::{Options, Precision};
use cotangent_xla::executor::{self, Derived, Failure, Gives, Program};
use cotangent_xla::pjrt::{self, Client, ClientOptions};
use cotangent_xla::plugins::{self, Kind};
use std::sync::{Arc, Mutex};

mod residents;

/// One of the executors.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Plain,
    Checked,
    Fast,
}

impl Version {
    pub(crate) const ALL: [Version; 3] = [Version::Plain, Version::Checked, Version::Fast];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Version::Plain => "xla",
            Version::Checked => "xla-checked",
            Version::Fast => "xla-fast",
        }
    }
    fn options(self) -> Options {
        Options {
            checked: self == Version::Checked,
            precision: match self {
                Version::Plain | Version::Checked => Precision::Highest,
                Version::Fast => Precision::Default,
            },
            ..Options::default()
        }
    }
}

/// Programs on a device.
#[derive(Debug)]
pub(crate) struct Xla {
    client: Client,
    /// A client of a CPU's plugin with virtual devices, as many as were asked for at most.
    wide: Mutex<Option<Client>>,
    version: Version,
    options: Options,
}

fn unsupported(e: &pjrt::Error) -> Error {
    Error::Unsupported {
        what: e.with_help(),
    }
}

impl Xla {
    /// With the plugin that is found.
    pub(crate) fn new(version: Version) -> Result<Xla> {
        let made = plugins::load(Kind::Cpu, None).and_then(|p| p.client(&ClientOptions::new()));
        Ok(Xla {
            client: made.map_err(|e| unsupported(&e))?,
            wide: Mutex::new(None),
            version,
            options: version.options(),
        })
    }
}

impl Executor for Xla {
    fn name(&self) -> &'static str {
        self.version.name()
    }
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>> {
        let program = Program::new(self.client.clone(), module, self.options);
        Ok(Arc::new(Offloaded(program)))
    }
    /// Derivatives are taken when the arguments' extents are known.
    fn prepare_task(&self, task: &Task) -> Result<Ready> {
        let own = task.clone();
        let make = move |m: Module, f: FuncId| {
            let made = own
                .make_without_stacks(m, f, executor::DERIVATIVES)
                .map_err(|e| Arc::new(e) as Failure)?;
            Ok(Derived {
                module: made.module,
                entry: made.entry,
                backward: made.backward,
            })
        };
        let (client, module) = (self.client.clone(), task.unexpanded());
        let (program, entry) = match task.derives() {
            true => (
                Program::deriving(
                    client,
                    module,
                    self.options,
                    task.func(),
                    executor::SLOTS,
                    gives(task)?,
                    Box::new(make),
                ),
                executor::ENTRY,
            ),
            false => (Program::new(client, module, self.options), task.func()),
        };
        Ok(Ready {
            prepared: Arc::new(Offloaded(program)),
            entry,
            backward: task.derives().then_some(executor::BACKWARD),
        })
    }
    fn prepare_recipe(
        &self,
        recipe: Arc<dyn Recipe>,
        spread: &Spread,
    ) -> Result<Arc<dyn Residents>> {
        self.residents(recipe, spread)
    }
}

#[derive(Debug)]
struct Offloaded(Program);

impl Prepared for Offloaded {
    fn run(&self, func: FuncId, args: Vec<Val>, _: &Limits) -> Result<Vec<Val>, Trap> {
        self.0.run(func, &args).map_err(|e| executor::failed(&e))
    }
    fn attempt(&self, func: FuncId, args: Attempt<'_, '_>, _: &Limits) -> Result<Vec<Val>> {
        let args = match args {
            Attempt::Values(args) => args,
            Attempt::Lent(args) => args.iter().map(Lent::to_val).collect(),
        };
        self.0.run(func, &args).map_err(error)
    }
}

/// What is asked for gives values of these types.
fn gives(task: &Task) -> Result<Gives> {
    let (results, backward) = task.gives()?;
    Ok(Gives { results, backward })
}

/// An error of the other crate as one of this.
fn error(e: executor::Error) -> Error {
    match e {
        executor::Error::Trap(t) => Error::Trap(t),
        executor::Error::Derive(e) => match e.downcast_ref::<Error>() {
            Some(own) => own.clone(),
            None => match e.downcast_ref::<AdError>() {
                Some(own) => Error::Ad(own.clone()),
                None => Error::Internal(e.to_string()),
            },
        },
        executor::Error::Unsupported(e) => Error::Unsupported {
            what: e.to_string(),
        },
        other => Error::Trap(executor::failed(&other)),
    }
}
