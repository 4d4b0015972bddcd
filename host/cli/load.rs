//! What the subcommands share: a program read from a file, its functions and arguments, passes, limits.

use crate::report::{self, Place, Result};
use cotangent::core::error::{Trap, TrapKind};
use cotangent::core::interp::{Bad, Limits};
use cotangent::core::ir::{DeriveKind, FuncId, Module};
use cotangent::core::text::{self, Places};
use cotangent::core::value::Val;
use cotangent::core::verify::{At, VerifyError, verify};
use cotangent::core::{ad, pass};
use cotangent::{Error, Executor, Function, Interpreter, Options, Wrt};
use miette::{LabeledSpan, MietteDiagnostic, NamedSource, Report};
use std::io::Read;
use std::path::Path;

/// A verified program.
pub struct Program {
    pub module: Module,
    name: String,
}

/// Passes to run before the program is used.
#[derive(clap::Args)]
pub struct PassArgs {
    /// End the slot stage and expand calls of derivatives.
    #[arg(long)]
    lower: bool,
    /// Lower, then run the clean-up passes.
    #[arg(long)]
    optimize: bool,
    /// Run this pass (repeatable, in order).
    #[arg(long = "pass", value_name = "PASS")]
    passes: Vec<String>,
}

/// How a function is run: on which executor, within which bounds.
#[derive(clap::Args)]
pub struct RunArgs {
    /// The executor.
    #[arg(long, value_name = "NAME", default_value = cotangent::default_executor().name(), value_parser = executor_name)]
    executor: String,
    /// Stop after this many steps.
    #[arg(long, value_name = "STEPS")]
    fuel: Option<u64>,
    /// How deep calls may nest.
    #[arg(long, value_name = "CALLS", default_value_t = Limits::default().depth)]
    depth: u32,
    /// The most bytes one value may take.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_bytes)]
    max_bytes: u64,
}

/// What to look for instead of printing results.
#[derive(clap::Args)]
pub struct SeekArgs {
    /// Say where the first NaN or infinity arises (in the interpreter), with the operation, its operands and the source line.
    #[arg(long)]
    first_bad: bool,
    /// As --first-bad, of NaN alone.
    #[arg(long, conflicts_with = "first_bad")]
    first_nan: bool,
}

impl SeekArgs {
    /// What is looked for.
    pub fn bad(&self) -> Option<Bad> {
        match (self.first_bad, self.first_nan) {
            (true, _) => Some(Bad::NanOrInfinity),
            (_, true) => Some(Bad::Nan),
            (false, false) => None,
        }
    }
}

/// A name of an executor, or an error that lists them.
fn executor_name(name: &str) -> std::result::Result<String, Error> {
    cotangent::executor(name).map(|e| e.name().to_string())
}

impl RunArgs {
    fn options(&self) -> Options {
        let options = Options::new()
            .executor(self.executor.as_str())
            .depth(self.depth)
            .max_bytes(self.max_bytes);
        match self.fuel {
            Some(steps) => options.fuel(steps),
            None => options,
        }
    }
}

impl Program {
    /// Reads and verifies a program, as text or in the binary form; `-` is standard input.
    pub fn read(path: &Path) -> Result<Program> {
        let name = path.display().to_string();
        let bytes = if name == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(path)
        };
        let bytes = bytes.map_err(|e| report::plain(format!("cannot read {name}: {e}"), None))?;
        match String::from_utf8(bytes) {
            Ok(source) => {
                let (module, places) = text::parse_with_places(&source).map_err(|e| {
                    let place = Place {
                        offset: e.offset,
                        len: e.len,
                    };
                    report::at(&name, &source, place, e.message, None)
                })?;
                verify(&module).map_err(|e| invalid(&name, &source, &places, &e))?;
                Ok(Program { module, name })
            }
            Err(e) => {
                let module = text::decode(e.as_bytes())
                    .map_err(|e| report::plain(format!("{name}: {e}"), None))?;
                verify(&module).map_err(|errors| {
                    let first = errors.first().map(ToString::to_string);
                    report::plain(format!("{name}: {}", first.unwrap_or_default()), None)
                })?;
                Ok(Program { module, name })
            }
        }
    }

    /// The function of that name, or the only one.
    pub fn func(&self, name: Option<&str>) -> Result<FuncId> {
        let names = || {
            let names: Vec<&str> = self
                .module
                .funcs
                .values()
                .map(|f| f.name.as_str())
                .collect();
            Some(format!("its functions are: {}", names.join(", ")))
        };
        match name {
            Some(n) => self.module.find(n).ok_or_else(|| {
                report::plain(format!("{} has no function `{n}`", self.name), names())
            }),
            None => match self.module.funcs.len() {
                1 => Ok(FuncId(0)),
                n => Err(report::plain(
                    format!("{} has {n} functions; choose one with --fn", self.name),
                    names(),
                )),
            },
        }
    }

    /// Arguments of a function, each read as its parameter's type.
    pub fn arguments(&self, f: FuncId, args: &[String]) -> Result<Vec<Val>> {
        let func = &self.module.funcs[f];
        let types = func.param_types();
        let list: Vec<String> = types.iter().map(ToString::to_string).collect();
        let takes = Some(format!("{} takes ({})", func.name, list.join(", ")));
        if args.len() != types.len() {
            let message = format!(
                "{} takes {} argument(s), {} given",
                func.name,
                types.len(),
                args.len()
            );
            return Err(report::plain(message, takes));
        }
        args.iter()
            .zip(&types)
            .enumerate()
            .map(|(i, (a, t))| {
                text::parse_value(a, t).map_err(|e| {
                    let place = Place {
                        offset: e.offset,
                        len: e.len,
                    };
                    let message = format!("argument {i} is not a {t}: {}", e.message);
                    report::at(&format!("argument {i}"), a, place, message, takes.clone())
                })
            })
            .collect()
    }

    /// Runs the passes asked for.
    pub fn apply(&mut self, args: &PassArgs) -> Result<()> {
        if args.lower || args.optimize {
            self.lower()?;
        }
        if args.optimize {
            pass::optimize(&mut self.module);
        }
        for name in &args.passes {
            let run = pass::by_name(name).ok_or_else(|| {
                let names: Vec<&str> = pass::PASSES.iter().map(|(n, _)| *n).collect();
                let known = format!("the passes are: {}", names.join(", "));
                report::plain(format!("no pass is called `{name}`"), Some(known))
            })?;
            run(&mut self.module);
        }
        Ok(())
    }
    /// Ends the slot stage and expands calls of derivatives.
    pub fn lower(&mut self) -> Result<()> {
        pass::lower(&mut self.module).map_err(|e| report::plain(e.to_string(), None))
    }
    /// The value and the gradient of a function.
    pub fn gradient(
        &self,
        f: FuncId,
        args: Vec<Val>,
        wrt: &[u32],
        how: &RunArgs,
    ) -> Result<(Vec<Val>, Vec<Val>)> {
        Function::new(self.module.clone(), f)
            .and_then(|f| f.value_and_gradient(args, &Wrt::Params(wrt.to_vec()), &how.options()))
            .map_err(|e| failed(&e))
    }
    /// Adds a derivative of a function to the module.
    pub fn derive(&mut self, f: FuncId, kind: DeriveKind, wrt: &[u32]) -> Result<FuncId> {
        ad::derive(&mut self.module, f, kind, wrt).map_err(|e| report::plain(e.to_string(), None))
    }

    /// Says where the first NaN or infinity arises in a function, and in its derivative with respect to these parameters.
    pub fn seek(
        &self,
        f: FuncId,
        args: Vec<Val>,
        wrt: &[u32],
        bad: Bad,
        how: &RunArgs,
    ) -> Result<()> {
        let found = Function::new(self.module.clone(), f)
            .and_then(|f| f.first_bad(args, &Wrt::Params(wrt.to_vec()), bad, &how.options()))
            .map_err(|e| failed(&e))?;
        let what = match bad {
            Bad::NanOrInfinity => "NaN or infinity",
            Bad::Nan => "NaN",
        };
        match found {
            Some(found) => println!("first {what}: {found}"),
            None => println!("no {what} arises"),
        }
        Ok(())
    }

    /// Runs a function.
    pub fn call(&mut self, f: FuncId, args: Vec<Val>, how: &RunArgs) -> Result<Vec<Val>> {
        // The interpreter runs both stages, so what a user wants to see run as it stands is: only calls of derivatives are expanded.
        if how.executor == Interpreter.name() {
            ad::expand(&mut self.module).map_err(|e| report::plain(e.to_string(), None))?;
        } else {
            self.lower()?;
        }
        let options = how.options();
        let ready = options
            .find_executor()
            .and_then(|e| e.prepare(&self.module))
            .map_err(|e| report::plain(e.to_string(), None))?;
        ready
            .run(f, args, options.limits())
            .map_err(|t| trapped(&t))
    }

    /// The program as text; of one function, that function and what it calls.
    pub fn print(&self, f: Option<FuncId>) -> String {
        match f {
            Some(f) => {
                let mut part = self.module.clone();
                pass::prune::prune(&mut part, &[f]);
                text::print(&part)
            }
            None => text::print(&self.module),
        }
    }
}

fn failed(e: &Error) -> Report {
    match e {
        Error::Trap(t) => trapped(t),
        e => report::plain(e.to_string(), None),
    }
}

/// A value as `run` and `grad` print it.
pub fn show_value(v: &Val) -> String {
    text::print_value(v)
}

/// The report of broken invariants, each underlined where it is.
fn invalid(name: &str, source: &str, places: &Places, errors: &[VerifyError]) -> Report {
    const SHOWN: usize = 5;
    let labels = errors.iter().take(SHOWN).filter_map(|e| {
        let range = match e.at {
            At::Inst(i) | At::Value(_, Some(i)) => places.inst(e.func, i),
            At::Func | At::Region(_) | At::Value(_, None) => None,
        };
        let range = range.or_else(|| places.func(e.func))?;
        let label = format!("V{}: {}", e.rule, e.message);
        Some(LabeledSpan::at(range, label))
    });
    let more = errors.len().saturating_sub(SHOWN);
    let mut diagnostic = MietteDiagnostic::new(match errors.len() {
        1 => String::from("the program is not valid"),
        n => format!("the program is not valid: {n} errors"),
    })
    .with_labels(labels)
    .with_help("core-nostd/ARCHITECTURE.md lists the invariants by number");
    if more > 0 {
        diagnostic = diagnostic.with_help(format!("{more} more are not shown"));
    }
    Report::new(diagnostic).with_source_code(NamedSource::new(name, source.to_string()))
}

/// The text of a source file. Which file that is a program says, so it may be anything: a device without an end, a pipe without a writer.
fn source_of(file: &str) -> Option<String> {
    const LARGEST: u64 = 16 << 20;
    let meta = std::fs::metadata(file).ok()?;
    (meta.is_file() && meta.len() <= LARGEST)
        .then(|| std::fs::read_to_string(file).ok())
        .flatten()
}

/// The report of a trap, with the line of the source file if it can be read.
fn trapped(t: &Trap) -> Report {
    let help = match t.kind {
        TrapKind::OutOfFuel { .. } => Some(String::from("--fuel sets how many steps may be run")),
        TrapKind::RecursionLimit { .. } => {
            Some(String::from("--depth sets how deep calls may nest"))
        }
        TrapKind::OutOfMemory { .. } => {
            Some(String::from("--max-bytes sets how large a value may be"))
        }
        TrapKind::IndexOutOfRange { .. }
        | TrapKind::RangeOutOfRange { .. }
        | TrapKind::ShapeMismatch { .. }
        | TrapKind::IntegerOverflow { .. }
        | TrapKind::DivisionByZero
        | TrapKind::ShiftOutOfRange { .. }
        | TrapKind::Empty { .. }
        | TrapKind::Matrix { .. }
        | TrapKind::Panic(_)
        | TrapKind::Host { .. }
        | TrapKind::NoForwardRule
        | TrapKind::Executor(_)
        | TrapKind::TypeConfusion { .. } => None,
    };
    let source = (t.line > 0).then(|| source_of(&t.file)).flatten();
    match source {
        Some(source) => {
            let start: usize = source
                .split_inclusive('\n')
                .take(t.line as usize - 1)
                .map(str::len)
                .sum();
            let line = source[start..].lines().next().unwrap_or_default();
            let col = (t.col.max(1) as usize - 1).min(line.len());
            let place = Place {
                offset: start + col,
                len: line.len() - col,
            };
            let message = format!("{} (in `{}`)", t.kind, t.func);
            report::at(&t.file, &source, place, message, help)
        }
        None => report::plain(t.to_string(), help),
    }
}
