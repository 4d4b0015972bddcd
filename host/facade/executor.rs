//! Executors: what runs a program. One is always there, the reference [`Interpreter`]; others register themselves with
//! [`register_executor`] and are chosen by name in [`Options`].

use crate::error::{Error, Result};
use crate::held::{OnHost, Recipe, Residents, Spread};
use crate::task::{Ready, Task};
use cotangent_core::ad;
use cotangent_core::error::Trap;
use cotangent_core::interp;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::value::{Lent, Val};
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

pub use cotangent_core::interp::Limits;

/// Runs programs.
pub trait Executor: Send + Sync + Debug {
    /// The name by which it is chosen; unique.
    fn name(&self) -> &'static str;
    /// Makes a module ready to run. The module has been verified and lowered.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if something in the module cannot run here, with the reason and the source place.
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>>;

    /// Makes ready what is asked for of a program. The default has it made now, for arguments of any extents, and prepares that. An
    /// executor whose programs are for arguments of certain extents keeps the task, and has it made when it knows them.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare) and [`Task::make`].
    fn prepare_task(&self, task: &Task) -> Result<Ready> {
        let how = ad::Options {
            forward: true,
            ..ad::Options::default()
        };
        let made = task.make(task.module().clone(), task.func(), how)?;
        Ok(Ready {
            prepared: self.prepare(&made.module)?,
            entry: made.entry,
            backward: made.backward,
        })
    }

    /// Makes ready functions whose arguments and results stay where they are computed. The default makes them for arguments of any extents, and keeps values
    /// as they are, on one device.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare) and [`Recipe::make`], and if there are fewer devices than are asked for.
    fn prepare_recipe(
        &self,
        recipe: Arc<dyn Recipe>,
        spread: &Spread,
    ) -> Result<Arc<dyn Residents>> {
        if spread.devices() > 1 {
            return Err(Error::Unsupported {
                what: format!(
                    "the executor `{}` has one device, {} are asked for; `xla` may have more",
                    self.name(),
                    spread.devices()
                ),
            });
        }
        let (module, source) = recipe.source();
        let (module, functions) = recipe.make(module.clone(), source, ad::Options::default())?;
        Ok(Arc::new(OnHost {
            prepared: self.prepare(&module)?,
            functions,
        }))
    }
}

/// A module ready to run, shared between threads.
pub trait Prepared: Send + Sync + Debug {
    /// Runs a function.
    ///
    /// # Errors
    /// The [`Trap`] that ended it.
    fn run(&self, func: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap>;

    /// As [`run`](Self::run), on arguments that stay the caller's: lent arrays are not changed, and nothing refers to them afterwards. The
    /// default copies them. An executor that reads foreign memory overrides this: it uses the elements where they are and copies
    /// only what the program stores into, or returns. Arguments of the wrong type or number are a trap, as in `run`.
    ///
    /// # Errors
    /// The [`Trap`] that ended it.
    fn run_lent(&self, func: FuncId, args: &[Lent<'_>], limits: &Limits) -> Result<Vec<Val>, Trap> {
        self.run(func, args.iter().map(Lent::to_val).collect(), limits)
    }

    /// As [`run_lent`](Self::run_lent), with arguments given away: values that nobody else refers to may be changed in place.
    ///
    /// # Errors
    /// The [`Trap`] that ended it.
    fn run_giving(
        &self,
        func: FuncId,
        args: Vec<Lent<'_>>,
        limits: &Limits,
    ) -> Result<Vec<Val>, Trap> {
        let own = |a| match a {
            Lent::Val(v) => v,
            Lent::Scalar(_) | Lent::Array(_) | Lent::Rows(_) | Lent::List(_) => a.to_val(),
        };
        self.run(func, args.into_iter().map(own).collect(), limits)
    }

    /// As [`run`](Self::run), by an executor that may find only now that something has no derivative or cannot run there
    /// ([`Executor::prepare_task`]): that is an error of its own and no trap. The default is [`run_lent`](Self::run_lent).
    ///
    /// # Errors
    /// [`Error::Trap`], and what preparing may give.
    fn attempt(&self, func: FuncId, args: Attempt<'_, '_>, limits: &Limits) -> Result<Vec<Val>> {
        Ok(match args {
            Attempt::Values(args) => self.run(func, args, limits)?,
            Attempt::Lent(args) => self.run_lent(func, args, limits)?,
        })
    }

    /// As [`run`](Self::run) for a *flat* function, without any allocation: the way that the typed API calls scalar functions.
    ///
    /// A function is flat if the types of its parameters and of its results are scalars, or records of flat types. `args` are the
    /// words of the parameters in order, `results` is filled with those of the results (on a trap it may hold anything). A scalar is one
    /// word, in its low bits: `bool` is 0 or 1, an integer is `x as u64` (signed ones are sign-extended), floats are their bits; `c64`
    /// and `c128` are two words, real part first. Upper bits that the type does not use are to be ignored when read and may be
    /// anything when written. The words of a record are those of its fields.
    ///
    /// `None` means "not this way": the function is not flat, the lengths do not agree with it, or this executor has no such path (the
    /// default). The caller then uses [`run`](Self::run). Nothing has been run in that case.
    ///
    /// Goal: a few nanoseconds on top of the function's own work, so no locks, no maps, no allocation.
    ///
    /// # Errors
    /// The [`Trap`] that ended it.
    fn run_flat(
        &self,
        func: FuncId,
        args: &[u64],
        results: &mut [u64],
        limits: &Limits,
    ) -> Option<Result<(), Trap>> {
        let _ = (func, args, results, limits);
        None
    }
}

/// The arguments of a run.
#[derive(Debug)]
pub enum Attempt<'a, 'v> {
    /// The callee's.
    Values(Vec<Val>),
    /// The caller's.
    Lent(&'a [Lent<'v>]),
}

/// The reference interpreter: runs everything, everywhere; not fast.
#[derive(Copy, Clone, Default, Debug)]
pub struct Interpreter;

impl Executor for Interpreter {
    fn name(&self) -> &'static str {
        "interpreter"
    }
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>> {
        Ok(Arc::new(interp::Program::new(module)))
    }
}

impl Prepared for interp::Program {
    fn run(&self, func: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap> {
        interp::Program::run(self, func, args, limits)
    }
}

/// An executor in the list. Its number is its own: one that replaces another of the same name has another number, and what was
/// compiled for the old one is not used for it.
#[derive(Clone)]
struct Registered {
    id: ExecutorId,
    executor: Arc<dyn Executor>,
}

/// The number of a registered executor.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExecutorId(u64);

fn registered(executor: Arc<dyn Executor>) -> Registered {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Registered {
        id: ExecutorId(NEXT.fetch_add(1, Ordering::Relaxed)),
        executor,
    }
}

/// The executors there are; the first is the default. Changed by [`change`] only.
static EXECUTORS: LazyLock<RwLock<Vec<Registered>>> =
    LazyLock::new(|| RwLock::new(built_in().into_iter().map(registered).collect()));

/// The executors that come with this crate; the first is the default.
fn built_in() -> Vec<Arc<dyn Executor>> {
    vec![
        #[cfg(feature = "jit")]
        Arc::new(crate::compiled::Jit),
        Arc::new(Interpreter),
        #[cfg(feature = "c")]
        Arc::new(crate::compiled::C),
    ]
}

/// The number of the default, so that a call need not lock the list; 0 before the list was first looked at.
static DEFAULT: AtomicU64 = AtomicU64::new(0);

fn look<T>(f: impl FnOnce(&[Registered]) -> T) -> T {
    f(&EXECUTORS.read().unwrap_or_else(PoisonError::into_inner))
}

fn change<T>(f: impl FnOnce(&mut Vec<Registered>) -> T) -> T {
    let mut all = EXECUTORS.write().unwrap_or_else(PoisonError::into_inner);
    let out = f(&mut all);
    set_default_id(&all);
    out
}

fn set_default_id(all: &[Registered]) {
    let id = all.first().map_or(0, |r| r.id.0);
    DEFAULT.store(id, Ordering::Release);
}

/// The number of the default at the first call. Stored under the lock, so that it cannot overtake a change.
#[cold]
fn first_default() -> ExecutorId {
    change(|all| all.first().map_or(ExecutorId(0), |r| r.id))
}

fn unknown(name: &str, all: &[Registered]) -> Error {
    Error::UnknownExecutor {
        name: name.into(),
        known: all
            .iter()
            .map(|r| r.executor.name().into())
            .chain(on_demand_names())
            .collect(),
    }
}

/// The names of executors that are made when they are first asked for.
fn on_demand_names() -> impl Iterator<Item = String> {
    #[cfg(feature = "xla")]
    let names = crate::xla::Version::ALL.map(crate::xla::Version::name);
    #[cfg(not(feature = "xla"))]
    let names: [&str; 0] = [];
    names.into_iter().map(String::from)
}

fn find(name: &str) -> Result<Registered> {
    let found = look(|all| {
        let found = all.iter().find(|r| r.executor.name() == name);
        found.cloned().ok_or_else(|| unknown(name, all))
    });
    #[cfg(feature = "xla")]
    if found.is_err()
        && let Some(made) = on_demand(name)
    {
        return made;
    }
    found
}

/// Executors that need a plugin: made when they are first asked for, and in no list, since there may be none.
#[cfg(feature = "xla")]
fn on_demand(name: &str) -> Option<Result<Registered>> {
    use crate::xla::{Version, Xla};
    static MADE: LazyLock<RwLock<Vec<Registered>>> = LazyLock::new(RwLock::default);
    let version = Version::ALL.into_iter().find(|v| v.name() == name)?;
    let find = |all: &[Registered]| all.iter().find(|r| r.executor.name() == name).cloned();
    if let Some(made) = find(&MADE.read().unwrap_or_else(PoisonError::into_inner)) {
        return Some(Ok(made));
    }
    let mut all = MADE.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = find(&all) {
        return Some(Ok(made));
    }
    Some(Xla::new(version).map(|x| {
        let made = registered(Arc::new(x));
        all.push(made.clone());
        made
    }))
}

/// Adds an executor, or replaces the one of that name.
pub fn register_executor(e: Arc<dyn Executor>) {
    let new = registered(e);
    change(|all| {
        let name = new.executor.name();
        match all.iter_mut().find(|r| r.executor.name() == name) {
            Some(r) => *r = new,
            None => all.push(new),
        }
    });
}

/// The executor of that name.
///
/// # Errors
/// [`Error::UnknownExecutor`] lists the names there are.
pub fn executor(name: &str) -> Result<Arc<dyn Executor>> {
    Ok(find(name)?.executor)
}

/// The names of the executors, the default first.
pub fn list_executors() -> Vec<&'static str> {
    look(|all| all.iter().map(|r| r.executor.name()).collect())
}

/// The executor used where none is chosen.
pub fn default_executor() -> Arc<dyn Executor> {
    default().executor
}

fn default() -> Registered {
    look(|all| all.first().cloned()).unwrap_or_else(|| registered(Arc::new(Interpreter)))
}

/// Makes the executor of that name the default of the process.
///
/// # Errors
/// [`Error::UnknownExecutor`] lists the names there are.
pub fn set_default_executor(name: &str) -> Result<()> {
    let chosen = find(name)?;
    change(|all| {
        match all.iter().position(|r| r.id == chosen.id) {
            Some(i) => all[..=i].rotate_right(1),
            None => all.insert(0, chosen),
        }
        Ok(())
    })
}

/// How to run: on which executor and within which limits.
///
/// ```
/// use cotangent::Options;
/// let quick = Options::new().executor("interpreter").fuel(1_000_000).depth(100);
/// assert_eq!(quick.limits().fuel, Some(1_000_000));
/// ```
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Options {
    executor: Option<String>,
    limits: Limits,
}

impl Options {
    /// The default executor, no limit on fuel.
    pub fn new() -> Options {
        Options::default()
    }
    /// Chooses the executor by name. An unknown name is reported when something is run.
    pub fn executor(mut self, name: impl Into<String>) -> Options {
        self.executor = Some(name.into());
        self
    }
    /// The most steps a run may take, so that an endless loop ends in an error.
    pub fn fuel(mut self, steps: u64) -> Options {
        self.limits.fuel = Some(steps);
        self
    }
    /// How deep calls may nest.
    pub fn depth(mut self, calls: u32) -> Options {
        self.limits.depth = calls;
        self
    }
    /// The most bytes that one value may take.
    pub fn max_bytes(mut self, bytes: u64) -> Options {
        self.limits.max_bytes = bytes;
        self
    }
    /// How many threads may work on a run, at least 1. Without, what the environment variable `COTANGENT_THREADS` says, else as many as the
    /// machine runs at once. No result depends on it.
    pub fn threads(mut self, threads: u32) -> Options {
        self.limits.threads = Some(threads.max(1));
        self
    }
    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
    /// The number of the executor chosen, or of the default.
    #[inline]
    pub(crate) fn executor_id(&self) -> Result<ExecutorId> {
        match &self.executor {
            None => match DEFAULT.load(Ordering::Acquire) {
                0 => Ok(first_default()),
                id => Ok(ExecutorId(id)),
            },
            Some(name) => Ok(find(name)?.id),
        }
    }
    /// The executor chosen, or the default.
    ///
    /// # Errors
    /// [`Error::UnknownExecutor`] lists the names there are.
    pub fn find_executor(&self) -> Result<Arc<dyn Executor>> {
        Ok(self.resolve()?.1)
    }
    /// The executor chosen, or the default, and its number.
    pub(crate) fn resolve(&self) -> Result<(ExecutorId, Arc<dyn Executor>)> {
        let r = match &self.executor {
            Some(name) => find(name)?,
            None => default(),
        };
        Ok((r.id, r.executor))
    }
}
