//! Runs programs on a device: for arguments of some layout, a version of the function is made when it is first called with them, and kept.
//!
//! ```text
//! function --specialise, vectorize, marks--> version for these extents --derivative--> --prepared--> text --plugin--> executable
//! ```
//!
//! The derivative is taken of the version, so what it keeps of loops has extents that are known, or there is no loop any more.
//!
//! Invariant: a version is found again by function, layouts and, where extents depend on them, values of integers; options and plugin belong to
//! the [`Program`]. Where an array outgrows its room, the version gets four times as much, is written again and runs again. The second half of a
//! pullback runs in the version of the first: its number is the last residual.

use crate::emit::{self, Help, Layout, Options, Plan, Unsupported, marshal};
use crate::pjrt::{self, Client, CompileOptions};
use cotangent_core::ad::{self, checkpoint};
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::ir::{FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::transform::specialise::{settle, specialise};
use cotangent_core::transform::{orient, vectorize};
use cotangent_core::value::{Scalar, Tensor, Val};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use crate::function::download;
pub use crate::function::{Function, upload};

/// Why a program did not run on a device.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something in it cannot be offloaded.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The plugin could not compile or run it.
    #[error(transparent)]
    Plugin(#[from] pjrt::Error),
    /// It trapped.
    #[error("{0}")]
    Trap(Trap),
    /// An array has more items than the executable has room for; with more room it may run.
    #[error("an array outgrew its room: {0}")]
    Outgrown(Trap),
    /// The arguments are not those of the function.
    #[error("the arguments are not those of `{func}`: it takes {want}")]
    Arguments {
        /// The function.
        func: String,
        /// Its parameters' types.
        want: String,
    },
    /// It has no such derivative.
    #[error("{0}")]
    Derive(Failure),
}

/// What is made of a version of a function before it is written: a derivative, say.
#[derive(Debug)]
pub struct Derived {
    /// The program.
    pub module: Module,
    /// What is called: its first parameters are those of the function.
    pub entry: FuncId,
    /// The second half of a pullback: it takes what the first half returns at the end.
    pub backward: Option<FuncId>,
}

/// Makes something of a function of a module, or says why that cannot be.
pub type Derive = dyn Fn(Module, FuncId) -> Result<Derived, Failure> + Send + Sync;

/// Why a [`Derive`] failed.
pub type Failure = Arc<dyn std::error::Error + Send + Sync>;

/// What is called of a program with a derivation ([`Program::deriving`]).
pub const ENTRY: FuncId = FuncId(0);
/// The second half of a pullback.
pub const BACKWARD: FuncId = FuncId(1);

/// The types of what a [`Derive`] makes of the function as it is. In a version short sequences may be records; what is given back is of these types.
#[derive(Clone, Debug, Default)]
pub struct Gives {
    /// The first results of the entry: those that are not residuals.
    pub results: Vec<Type>,
    /// The results of the second half of a pullback.
    pub backward: Vec<Type>,
}

impl Gives {
    /// These types, and for what comes after them those of the version.
    fn of(these: &[Type], own: &[Type]) -> Vec<Type> {
        let rest = own.iter().skip(these.len());
        these.iter().chain(rest).cloned().collect()
    }
}

/// A program ready to run on a device. May be used from any thread.
pub struct Program {
    client: Client,
    module: Module,
    options: Options,
    derivation: Option<Derivation>,
    versions: Mutex<Versions>,
}

struct Derivation {
    func: FuncId,
    gives: Gives,
    /// How many states of a loop without bound are kept.
    slots: u64,
    make: Box<Derive>,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("client", &self.client)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// What a version is made for: layouts of arguments, and the values of integers, if extents depend on them.
type Key = (FuncId, Vec<Layout>, Option<Vec<Option<i128>>>);

#[derive(Debug, Default)]
struct Versions {
    by: HashMap<Key, usize>,
    all: Vec<Arc<Version>>,
}

/// A function for arguments of some extents, with what was made of it.
#[derive(Debug)]
struct Version {
    module: Module,
    entry: FuncId,
    backward: Option<FuncId>,
    /// What is known of the first tensors of the arguments.
    known: Vec<Option<Scalar>>,
    /// Whether no array gets room for some number of items.
    exact: bool,
    /// For how many items there is room in arrays whose length only the run decides: the first that was enough for all runs so far.
    room: AtomicU64,
    /// By that room (0 where none is needed), the layouts of the arguments that are not the function's own, and the integers among them where extents depend on these.
    compiled: Mutex<HashMap<(u64, Key), Arc<Function>>>,
}

/// The most room that arrays get, in items, and in bytes of a tensor once there was not enough.
const MOST_ROOM: u64 = 1 << 22;
const MOST_BYTES: u64 = 1 << 33;

/// How a function of a version is written.
#[derive(Copy, Clone)]
struct By<'a> {
    /// The values of the integers among the arguments' tensors, where they are compiled in.
    integers: Option<&'a [Option<i128>]>,
    /// What is known of the first tensors.
    known: &'a [Option<Scalar>],
    /// Whether no array gets room for some number of items.
    exact: bool,
}

impl By<'_> {
    /// By what it is found again; `rest` are the layouts of the arguments that are not the version's own.
    fn key(&self, version: &Version, func: FuncId, rest: &[Layout]) -> (u64, Key) {
        let room = version.room.load(Ordering::Relaxed);
        let integers = self.integers.map(<[_]>::to_vec);
        let room = if self.exact { 0 } else { room };
        (room, (func, rest.to_vec(), integers))
    }
}

impl Version {
    /// How its first function is written.
    fn by(&self) -> By<'_> {
        By {
            integers: None,
            known: &self.known,
            exact: self.exact,
        }
    }
    /// More room than `room`, which was not enough, where `why` says.
    fn more_room(&self, room: u64, why: Trap) -> Result<(), Error> {
        if room >= MOST_ROOM {
            return Err(Error::Trap(why));
        }
        let more = room.saturating_mul(4).min(MOST_ROOM);
        self.room.fetch_max(more, Ordering::Relaxed);
        // What had less is not run again.
        lock(&self.compiled).retain(|(had, _), _| *had == 0 || *had >= more);
        Ok(())
    }
}

/// The value of an integer scalar.
pub(crate) fn integer(t: &Tensor) -> Option<i128> {
    let d = t.dtype();
    (t.shape.is_empty() && d.is_int())
        .then(|| t.data.get(0).as_int())
        .flatten()
}

/// The module as it is written: without marks of checkpoints, with types as sharp as they can be, and, unless traps are found, without what only
/// traps.
pub fn prepared(module: &Module, options: Options) -> Module {
    let mut m = module.clone();
    for f in m.funcs.values_mut() {
        checkpoint::forget(f);
    }
    pass::sharpen::run(&mut m);
    let keep_traps = options.checked;
    pass::optimize_with(&mut m, pass::dce::Options { keep_traps });
    for rewrite in [vectorize::run, orient::run] {
        if options.rewrites_loops() && rewrite(&mut m) > 0 {
            pass::optimize_with(&mut m, pass::dce::Options { keep_traps });
        }
    }
    m
}

/// For what a version of a function is made, besides the extents of its arguments.
#[derive(Copy, Clone, Debug, Default)]
pub struct Making<'a> {
    /// The values of scalar parameters, in order, where they are known.
    pub known: &'a [Option<Scalar>],
    /// Of loops without bound reverse mode keeps so many states, if derivatives are to be taken.
    pub slots: Option<u64>,
    /// How it is to be written.
    pub options: Options,
}

/// The version of a function for arguments of those layouts, in a module of its own, before derivatives are taken of it: extents are known, and loops
/// are array operations where they can be. A checked program keeps its loops, whose traps are to come in their order. The module may have calls
/// of derivatives, which are made here.
///
/// # Errors
/// If one of these does not exist, or a layout has a record for a sequence that cannot be one.
pub fn version(
    module: &Module,
    func: FuncId,
    args: &[Layout],
    how: Making<'_>,
) -> Result<(Module, FuncId), Error> {
    let own = module.funcs[func].param_types();
    let types: Vec<Type> = own
        .iter()
        .zip(args)
        .map(|(ty, l)| l.sharpened(ty))
        .collect();
    version_of(module, func, &types, how)
}

/// As [`version`], for arguments of those types.
///
/// # Errors
/// See [`version`].
pub fn version_of(
    module: &Module,
    func: FuncId,
    types: &[Type],
    how: Making<'_>,
) -> Result<(Module, FuncId), Error> {
    let Making {
        known,
        slots,
        options,
    } = how;
    let mut m = module.clone();
    let f = match specialise(&mut m, func, types, known) {
        Ok(f) => f,
        Err(e) => {
            let why = format!("{}; or give the items one length", e.why);
            return Err(
                Unsupported::new("a sequence of items of unlike extents", why)
                    .at(&m, e.span)
                    .into(),
            );
        }
    };
    let mut f = pass::prune::prune(&mut m, &[f])[f].unwrap_or(f);
    let suit = |m: &mut Module| {
        if options.rewrites_loops() {
            vectorize::run(m);
        }
        if let Some(slots) = slots {
            checkpoint::unbounded::mark(m, slots);
        }
    };
    suit(&mut m);
    // Derivatives that the program takes itself.
    if !ad::is_expanded(&m) {
        if slots.is_none() {
            checkpoint::unbounded::mark(&mut m, SLOTS);
        }
        ad::expand_with(&mut m, DERIVATIVES).map_err(|e| Error::Derive(Arc::new(e)))?;
        f = settle(&mut m, f);
        suit(&mut m);
    }
    Ok((m, f))
}

/// How many states of a loop without bound are kept, where nobody says.
pub const SLOTS: u64 = 32;

/// How derivatives are made for a device: without what depends on the run.
pub const DERIVATIVES: ad::Options = ad::Options {
    ranges: false,
    forward: false,
};

/// A way to write a program.
#[derive(Copy, Clone, Debug)]
pub struct Attempt {
    /// How it is written.
    pub options: Options,
    /// Whether integers are compiled in by value, so that extents that depend on them are known.
    pub integers: bool,
}

impl Attempt {
    /// What the first way gives that can be written: with array operations for loops, then with integers by value, then, in a program that finds no traps, both
    /// with loops as they are; last, all that with room for arrays whose length the data decide.
    ///
    /// # Errors
    /// What is not that it cannot be written; else the reason why the first way cannot be.
    pub fn each<T>(
        options: Options,
        integers: bool,
        mut attempt: impl FnMut(Attempt) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let kept = Options {
            keep_loops: true,
            ..options
        };
        let ways = match options.rewrites_loops() {
            true => vec![options, kept],
            false => vec![options],
        };
        let exact = |o: &Options| Options { exact: true, ..*o };
        let exact: Vec<Options> = ways.iter().map(exact).collect();
        let by_value = if integers {
            &[false, true][..]
        } else {
            &[false]
        };
        let mut first = None;
        let mut needs_room = false;
        'ways: for ways in [exact, ways] {
            // With room there may be another reason.
            first = None;
            for options in ways {
                for &integers in by_value {
                    match attempt(Attempt { options, integers }) {
                        Err(Error::Unsupported(e)) => {
                            let help = e.help;
                            needs_room |= help == Help::Room;
                            first = first.or(Some(Error::Unsupported(e)));
                            if help == Help::Nothing {
                                break 'ways;
                            }
                        }
                        made => return made,
                    }
                }
            }
            if !needs_room {
                break;
            }
        }
        Err(first.unwrap_or_else(|| Unsupported::new("the program", "in no way").into()))
    }
}

impl Program {
    /// Makes a program ready. The module has been verified; it has no slots, but may have calls of derivatives.
    pub fn new(client: Client, module: &Module, options: Options) -> Program {
        Program {
            client,
            module: module.clone(),
            options,
            derivation: None,
            versions: Mutex::default(),
        }
    }
    /// Makes ready what `make` makes of a function, once for arguments of each layout: called as [`ENTRY`] and, for the second half of a
    /// pullback, [`BACKWARD`]. Of loops without bound reverse mode keeps at most `slots` states.
    /// `gives` says what that gives.
    pub fn deriving(
        client: Client,
        module: &Module,
        options: Options,
        func: FuncId,
        slots: u64,
        gives: Gives,
        make: Box<Derive>,
    ) -> Program {
        Program {
            derivation: Some(Derivation {
                func,
                gives,
                slots,
                make,
            }),
            ..Program::new(client, module, options)
        }
    }
    /// The version of a function for arguments of those layouts.
    fn version(
        &self,
        func: FuncId,
        args: &[Layout],
        known: Vec<Option<Scalar>>,
        options: Options,
    ) -> Result<Version, Error> {
        // Of the arguments' tensors those that are a whole argument.
        let mut leaves = known.iter();
        let scalars: Vec<Option<Scalar>> = args
            .iter()
            .map(|l| {
                let n = l.leaves().len();
                let first = leaves.by_ref().take(n).next().copied().flatten();
                first.filter(|_| matches!(l, Layout::Tensor(_)))
            })
            .collect();
        let how = Making {
            known: &scalars,
            slots: self.derivation.as_ref().map(|d| d.slots),
            options,
        };
        let (m, f) = version(&self.module, func, args, how)?;
        let made = match &self.derivation {
            Some(d) => (d.make)(m, f).map_err(Error::Derive)?,
            None => Derived {
                module: m,
                entry: f,
                backward: None,
            },
        };
        Ok(Version {
            module: prepared(&made.module, options),
            entry: made.entry,
            backward: made.backward,
            known,
            exact: options.exact,
            room: AtomicU64::new(options.room),
            compiled: Mutex::default(),
        })
    }
    /// The version that there is for these arguments, and its number.
    fn find(&self, any: &Key, these: &Key) -> Option<(usize, Arc<Version>)> {
        let made = lock(&self.versions);
        let n = *made.by.get(any).or_else(|| made.by.get(these))?;
        Some((n, Arc::clone(&made.all[n])))
    }
    /// The text of a function of a version, compiled. `own` arguments are those of the function that it is made of.
    fn function(
        &self,
        version: &Version,
        func: FuncId,
        args: &[Layout],
        own: usize,
        by: &By<'_>,
    ) -> Result<Arc<Function>, Error> {
        let room = version.room.load(Ordering::Relaxed);
        let rest = by.key(version, func, &args[own..]);
        if let Some(f) = lock(&version.compiled).get(&rest) {
            return Ok(Arc::clone(f));
        }
        let f = &version.module.funcs[func];
        marshal::passes(&f.results).map_err(|e| e.at(&version.module, f.span))?;
        let plan = Plan {
            args,
            known: by.known,
            options: Options {
                room,
                exact: by.exact,
                ..self.options
            },
            ..Plan::default()
        };
        let written = emit::emit(&version.module, func, plan)?;
        if room > self.options.room && written.largest > MOST_BYTES {
            let bytes = written.largest;
            return Err(Error::Trap(failed_at(TrapKind::OutOfMemory { bytes })));
        }
        let made = Arc::new(Function::compile(
            &self.client,
            written,
            CompileOptions::new(),
        )?);
        Ok(Arc::clone(
            lock(&version.compiled).entry(rest).or_insert(made),
        ))
    }
    /// Runs a function.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn run(&self, func: FuncId, args: &[Val]) -> Result<Vec<Val>, Error> {
        let source = match &self.derivation {
            Some(_) if func == BACKWARD => return self.run_backward(args),
            Some(d) => d.func,
            None => func,
        };
        let own = &self.module.funcs[source];
        let ways = Inputs::ways(&own.name, &own.param_types(), args)?;
        let n = own.params().len();
        let keys = |given: &Inputs| {
            let integers = given.tensors.iter().map(integer).collect();
            let any = (source, given.layouts.clone(), None);
            let these = (source, given.layouts.clone(), Some(integers));
            (any, these)
        };
        let finish = |mut given: Inputs, v: &Version| {
            let f = &v.module.funcs[v.entry];
            given.add(&own.name, &f.param_types()[n..], &args[n..], false)?;
            if args.len() != given.layouts.len() {
                return Err(wrong(&own.name, &f.param_types()));
            }
            let f = self.function(v, v.entry, &given.layouts, n, &v.by())?;
            Ok((f, given))
        };
        let have = ways.iter().find_map(|given| {
            let (any, these) = keys(given);
            Some((given, self.find(&any, &these)?))
        });
        let (number, version, f, given) = match have {
            Some((given, (number, v))) => {
                let (f, given) = finish(given.clone(), &v)?;
                (number, v, f, given)
            }
            None => {
                let mut first = None;
                let mut made = None;
                for given in &ways {
                    let (any, these) = keys(given);
                    let known: Vec<Option<Scalar>> = given
                        .tensors
                        .iter()
                        .map(|t| integer(t).map(|_| t.data.get(0)))
                        .collect();
                    let attempt = |how: Attempt| {
                        let known = if how.integers { known.clone() } else { vec![] };
                        let v = self.version(source, &given.layouts, known, how.options)?;
                        let (f, given) = finish(given.clone(), &v)?;
                        Ok((if how.integers { &these } else { &any }, (v, f, given)))
                    };
                    let integers = known.iter().any(Option::is_some);
                    match Attempt::each(self.options, integers, attempt) {
                        Ok((key, all)) => {
                            made = Some((key.clone(), all));
                            break;
                        }
                        Err(e @ Error::Unsupported(_)) => first = first.or(Some(e)),
                        Err(e) => return Err(e),
                    }
                }
                let Some((key, (v, f, given))) = made else {
                    let none = || Unsupported::new("the program", "in no way").into();
                    return Err(first.unwrap_or_else(none));
                };
                let v = Arc::new(v);
                let mut versions = lock(&self.versions);
                // Somebody else may have made one meanwhile; residuals belong to the version that made them.
                let number = versions.all.len();
                versions.all.push(Arc::clone(&v));
                versions.by.entry(key).or_insert(number);
                (number, v, f, given)
            }
        };
        let gives = match &self.derivation {
            Some(d) => &d.gives.results,
            None => &own.results,
        };
        let types = Gives::of(gives, &version.module.funcs[version.entry].results);
        let again = || self.function(&version, version.entry, &given.layouts, n, &version.by());
        let mut out = roomy(&version, f, again, &types, &given.tensors)?;
        if version.backward.is_some() {
            out.push(Val::from(number as u64));
        }
        Ok(out)
    }
    /// Runs the second half of a pullback.
    fn run_backward(&self, args: &[Val]) -> Result<Vec<Val>, Error> {
        let number = match args.last() {
            Some(Val::Scalar(Scalar::U64(n))) => usize::try_from(*n).ok(),
            _ => None,
        };
        let version = number.and_then(|n| lock(&self.versions).all.get(n).cloned());
        let found = version.and_then(|v| v.backward.map(|b| (v, b)));
        let (Some((version, func)), Some((_, args))) = (found, args.split_last()) else {
            return Err(wrong("the second half of a pullback", &[]));
        };
        let f = &version.module.funcs[func];
        let mut given = Inputs::default();
        given.add(&f.name, &f.param_types(), args, false)?;
        if given.layouts.len() != args.len() {
            return Err(wrong(&f.name, &f.param_types()));
        }
        // Lengths may be among the residuals.
        let integers: Vec<Option<i128>> = given.tensors.iter().map(integer).collect();
        let known: Vec<Option<Scalar>> = given
            .tensors
            .iter()
            .map(|t| integer(t).map(|_| t.data.get(0)))
            .collect();
        let layouts = &given.layouts;
        let make = |by: &By<'_>| self.function(&version, func, layouts, 0, by);
        let ways = [(true, false), (true, true), (false, false), (false, true)];
        let ways = ways.map(|(exact, by_value)| By {
            integers: by_value.then_some(&integers[..]),
            known: if by_value { &known } else { &[] },
            exact,
        });
        let is_made = |by: &&By<'_>| {
            let key = by.key(&version, func, layouts);
            lock(&version.compiled).contains_key(&key)
        };
        let (made, by) = match ways.iter().find(is_made) {
            Some(by) => (make(by)?, by),
            None => {
                let mut first = None;
                let mut made = None;
                for by in &ways {
                    match make(by) {
                        Ok(f) => {
                            made = Some((f, by));
                            break;
                        }
                        Err(e @ Error::Unsupported(_)) => first = first.or(Some(e)),
                        Err(e) => return Err(e),
                    }
                }
                let none = || Unsupported::new("the program", "in no way").into();
                made.ok_or_else(|| first.unwrap_or_else(none))?
            }
        };
        let gives = self.derivation.as_ref().map(|d| &d.gives.backward[..]);
        let types = Gives::of(gives.unwrap_or_default(), &f.results);
        roomy(&version, made, || make(by), &types, &given.tensors)
    }
}

/// Runs a function; where an array outgrew its room, what `again` makes with more.
fn roomy(
    version: &Version,
    mut f: Arc<Function>,
    again: impl Fn() -> Result<Arc<Function>, Error>,
    types: &[Type],
    inputs: &[Tensor],
) -> Result<Vec<Val>, Error> {
    loop {
        match f.run(types, inputs) {
            Err(Error::Outgrown(why)) => version.more_room(f.written.room, why)?,
            out => return out,
        }
        f = again()?;
    }
}

pub(crate) fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn wrong(func: &str, types: &[Type]) -> Error {
    let list: Vec<String> = types.iter().map(ToString::to_string).collect();
    Error::Arguments {
        func: func.into(),
        want: list.join(", "),
    }
}

/// Arguments as tensors.
#[derive(Clone, Default)]
struct Inputs {
    layouts: Vec<Layout>,
    tensors: Vec<Tensor>,
}

impl Inputs {
    /// The ways to give arguments of these types, the first that is to be tried first: where there are short sequences of items of unlike extents,
    /// with these one by one; and with room for the largest item.
    fn ways(func: &str, types: &[Type], args: &[Val]) -> Result<Vec<Inputs>, Error> {
        let mut ways = Vec::new();
        let pairs = || args.iter().zip(types);
        if pairs().any(|(v, ty)| marshal::layout_apart(v, ty).is_some()) {
            let mut apart = Inputs::default();
            apart.add(func, types, args, true)?;
            ways.push(apart);
        }
        let mut whole = Inputs::default();
        let added = whole.add(func, types, args, false);
        // Sequences in sequences may have no layout in common.
        if ways.is_empty() || added.is_ok() {
            added?;
            ways.push(whole);
        }
        Ok(ways)
    }
    /// Adds an argument for each of these types; with `apart`, items of unlike extents one by one.
    fn add(&mut self, func: &str, types: &[Type], args: &[Val], apart: bool) -> Result<(), Error> {
        if args.len() < types.len() {
            return Err(wrong(func, types));
        }
        marshal::passes(types)?;
        for (v, ty) in args.iter().zip(types) {
            let layout = match apart {
                true => marshal::layout_apart(v, ty).or_else(|| marshal::layout_of(v, ty)),
                false => marshal::layout_of(v, ty),
            };
            let added = layout.and_then(|l| {
                self.tensors.extend(marshal::pack(v, ty, &l)?);
                self.layouts.push(l);
                Some(())
            });
            added.ok_or_else(|| wrong(func, types))?;
        }
        Ok(())
    }
}

impl emit::Site {
    /// The trap of that place.
    pub fn trap(&self) -> Trap {
        Trap {
            kind: self.kind.clone(),
            func: self.func.clone(),
            file: self.file.clone(),
            line: self.line,
            col: self.column,
        }
    }
}

/// A trap that says no more than that the executor failed.
pub fn failed(e: &Error) -> Trap {
    match e {
        Error::Trap(t) | Error::Outgrown(t) => t.clone(),
        other => failed_at(TrapKind::Executor(other.to_string())),
    }
}

/// A trap of which no place is known.
fn failed_at(kind: TrapKind) -> Trap {
    Trap {
        kind,
        func: String::new(),
        file: String::new(),
        line: 0,
        col: 0,
    }
}
