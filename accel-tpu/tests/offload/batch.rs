//! Many functions as one module: each is written by itself, as a function of its own that the main one calls, and all are compiled and run at once.

use crate::agree::{DOUBLE, Nearness, SINGLE, differs, is_single, same_trap};
use cotangent_core::ad;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::text::print;
use cotangent_core::value::{Data, Tensor, Val};
use cotangent_xla::emit::{self, Layout, Options, Plan, TensorLayout, Unsupported, marshal};
use cotangent_xla::executor::{Attempt, DERIVATIVES, Error, Function, Making, prepared, version};
use cotangent_xla::pjrt::{self, Client, ClientOptions, CompileOptions, Flag, HostArray};
use cotangent_xla::plugins::{self, Kind};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::OnceLock;

/// How many functions are compiled together at most, and how much text.
const MOST: usize = 150;
const MOST_TEXT: usize = 600_000;

/// One client for all tests of this program.
pub fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let plugin = plugins::for_tests(Kind::Cpu).unwrap();
        plugin.client(&ClientOptions::new()).unwrap()
    })
}

/// The title of what is not in the table of what cannot be offloaded.
const UNKNOWN: &str = "of another kind";

/// A function to be run, and what it should give.
#[derive(Clone)]
pub struct Task {
    pub name: String,
    pub module: Module,
    pub func: FuncId,
    pub args: Vec<Val>,
    /// The error allowed, if it is more than that of the types.
    pub nearness: Nearness,
    /// The derivative that is taken of it, as the executor takes it; arguments are those of the derivative.
    pub derive: Option<(DeriveKind, Vec<u32>)>,
    /// What it should give, if that is not what the interpreter makes of this module.
    pub wanted: Option<Outcome>,
    /// The last word on a difference: whether it is none after all.
    pub excuse: Option<Excuse>,
}

/// What a run gives.
pub type Outcome = Result<Vec<Val>, TrapKind>;

/// Says whether an outcome is right although it is not the wanted one.
pub type Excuse = Rc<dyn Fn(&Outcome) -> bool>;

impl Task {
    /// To agree with the interpreter as nearly as the types let expect.
    pub fn new(name: String, module: &Module, func: FuncId, args: Vec<Val>) -> Task {
        Task {
            name,
            module: module.clone(),
            func,
            args,
            nearness: Nearness::Within(0.0),
            derive: None,
            wanted: None,
            excuse: None,
        }
    }
    /// To agree as nearly as that.
    pub fn with(self, nearness: Nearness) -> Task {
        Task { nearness, ..self }
    }
}

/// What was found.
#[derive(Default)]
pub struct Found {
    pub compared: usize,
    /// What cannot be offloaded, by what it is in the table of these: the functions, and why.
    pub refused: BTreeMap<&'static str, Vec<(String, String)>>,
    pub wrong: Vec<String>,
}

impl Found {
    /// Prints what there is to know, and fails if something is wrong.
    pub fn report(&self, title: &str) {
        println!("{}", self.summary(title));
        let unknown = self.refused.get(UNKNOWN);
        assert_eq!(
            unknown, None,
            "{title}: not in the table of what cannot be offloaded"
        );
        let shown: Vec<String> = self.wrong.iter().take(60).cloned().collect();
        assert!(
            self.wrong.is_empty(),
            "{title}: {} of {} are wrong:\n{}",
            self.wrong.len(),
            self.compared,
            shown.join("\n")
        );
    }
    /// All that cannot be offloaded, and why.
    pub fn refused_names(&self) -> Vec<(&str, &str)> {
        let each = self.refused.values().flatten();
        each.map(|(name, why)| (name.as_str(), why.as_str()))
            .collect()
    }
    /// How much was compared, and what cannot be offloaded.
    fn summary(&self, title: &str) -> String {
        let mut out = format!("{title}: {} compared", self.compared);
        for (title, of) in &self.refused {
            let (n, (name, why)) = (of.len(), &of[0]);
            let _ = write!(out, "\n  {n} times {title}, as in {name}: {why}");
        }
        out
    }
}

/// How many states of a loop without bound reverse mode keeps.
const SLOTS: u64 = 8;

/// A function that is written.
struct Written {
    task: Task,
    want: Outcome,
    text: Text,
}

/// A function of a task, written.
pub struct Text {
    pub program: emit::Program,
    pub results: Vec<Type>,
    inputs: Vec<Tensor>,
}

/// The text of a function, or of its derivative, written as the executor does: for the extents of the arguments, and where extents depend on integers, for these
/// integers.
///
/// # Errors
/// What cannot be offloaded.
pub fn written(task: &Task, options: Options) -> Result<Text, Unsupported> {
    let mut m = task.module.clone();
    pass::lower(&mut m).map_err(|e| Unsupported::new("the program", e.to_string()))?;
    let own = m.funcs[task.func].param_types();
    let f = &m.funcs[task.func];
    for of in [&own, &f.results] {
        marshal::passes(of).map_err(|e| e.at(&m, f.span))?;
    }
    let laid_out = |types: &[Type],
                    args: &[Val]|
     -> Result<(Vec<Layout>, Vec<Tensor>), Unsupported> {
        let (mut layouts, mut inputs) = (Vec::new(), Vec::new());
        for (v, ty) in args.iter().zip(types) {
            let other = || Unsupported::new("an argument", "of another structure than its type");
            let layout = marshal::layout_of(v, ty).ok_or_else(other)?;
            inputs.extend(marshal::pack(v, ty, &layout).ok_or_else(other)?);
            layouts.push(layout);
        }
        Ok((layouts, inputs))
    };
    let (layouts, inputs) = laid_out(&own, &task.args)?;
    let attempt = |Attempt { options, integers }: Attempt| {
        let integer = |t: &Tensor| integers && t.shape.is_empty() && t.dtype().is_int();
        let scalar = |v: &Val| match v {
            Val::Scalar(s) if integers && s.dtype().is_int() => Some(*s),
            _ => None,
        };
        let known: Vec<_> = task.args.iter().map(scalar).take(own.len()).collect();
        let how = Making {
            known: &known,
            slots: task.derive.as_ref().map(|_| SLOTS),
            options,
        };
        let (mut m, mut f) = version(&m, task.func, &layouts, how)?;
        if let Some((kind, wrt)) = &task.derive {
            let how = DERIVATIVES;
            f = ad::derive_with(&mut m, f, *kind, wrt, how)
                .map_err(|e| Error::Derive(Arc::new(e)))?;
        }
        let m = prepared(&m, options);
        let all = m.funcs[f].param_types();
        let (more, rest) = laid_out(&all[own.len()..], &task.args[own.len()..])?;
        let layouts = [layouts.as_slice(), &more].concat();
        let inputs = [inputs.as_slice(), &rest].concat();
        let known: Vec<_> = inputs
            .iter()
            .map(|t| integer(t).then(|| t.data.get(0)))
            .collect();
        let plan = Plan {
            args: &layouts,
            known: &known,
            options,
            ..Plan::default()
        };
        Ok(Text {
            program: emit::emit(&m, f, plan)?,
            results: m.funcs[f].results.clone(),
            inputs,
        })
    };
    Attempt::each(options, true, attempt).map_err(|e| match e {
        Error::Unsupported(e) => e,
        other => Unsupported::new("a derivative", other.to_string()),
    })
}

/// Functions waiting to be run together.
pub struct Batch {
    options: Options,
    waiting: Vec<Written>,
    text: usize,
    pub found: Found,
}

impl Batch {
    pub fn new(checked: bool) -> Batch {
        Batch {
            options: Options {
                checked,
                ..Options::default()
            },
            waiting: Vec::new(),
            text: 0,
            found: Found::default(),
        }
    }
    /// Adds a function; unchecked, one that traps is left out, because it has no meaning then.
    pub fn add(&mut self, task: Task) {
        let limits = Limits::default();
        let want = task.wanted.clone().unwrap_or_else(|| {
            let want = Program::new(&task.module).run(task.func, task.args.clone(), &limits);
            want.map_err(|t| t.kind)
        });
        if want.is_err() && !self.options.checked {
            return;
        }
        match written(&task, self.options) {
            Ok(text) => {
                self.text += text.program.text.len();
                self.waiting.push(Written { task, want, text });
            }
            Err(e) => {
                let why = format!("{}: {}", e.what, e.why);
                if std::env::var_os("COTANGENT_SHOW").is_some_and(|s| s == "refused") {
                    println!("{}: {why}\n{}", task.name, print(&task.module));
                }
                let title = crate::refused::title(&why).unwrap_or(UNKNOWN);
                let same = self.found.refused.entry(title).or_default();
                same.push((task.name, why));
            }
        }
        if self.waiting.len() >= MOST || self.text > MOST_TEXT {
            self.flush();
        }
    }
    /// Runs what waits.
    pub fn flush(&mut self) {
        self.text = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let (start, before) = (std::time::Instant::now(), self.found.wrong.len());
        self.run(&waiting);
        if std::env::var_os("COTANGENT_SHOW").is_some() {
            let text: usize = waiting.iter().map(|w| w.text.program.text.len()).sum();
            let first = waiting.first().map_or("", |w| &w.task.name);
            println!(
                "{} functions from {first}, {text} bytes: {:?}",
                waiting.len(),
                start.elapsed()
            );
            for w in &self.found.wrong[before..] {
                println!("  {w}");
            }
        }
    }
    fn run(&mut self, of: &[Written]) {
        if of.is_empty() {
            return;
        }
        let outcome = together(of);
        match outcome {
            Ok(outputs) => {
                for (w, out) in of.iter().zip(outputs) {
                    self.found.compared += 1;
                    if let Some(what) = compare(w, out) {
                        if std::env::var_os("COTANGENT_SHOW").is_some_and(|s| s == "text") {
                            println!("{}", w.text.program.text);
                        }
                        self.found.wrong.push(format!("{}: {what}", w.task.name));
                    }
                }
            }
            // One of them spoils it: halves find it.
            Err(e) if of.len() == 1 => {
                self.found.wrong.push(format!("{}: {e}", of[0].task.name));
            }
            Err(_) => {
                let (a, b) = of.split_at(of.len() / 2);
                self.run(a);
                self.run(b);
            }
        }
    }
}

fn compare(w: &Written, out: Result<Vec<Val>, Error>) -> Option<String> {
    let args = || {
        let args = format!("{:?}", w.task.args);
        match args.char_indices().nth(400) {
            Some((at, _)) => format!("{} …", &args[..at]),
            None => args,
        }
    };
    let out = match out {
        Ok(v) => Ok(v),
        Err(Error::Trap(t)) => Err(t.kind),
        Err(e) => return Some(format!("of {}: {e}, not {:?}", args(), w.want)),
    };
    let what = match (&out, &w.want) {
        (Ok(got), Ok(want)) => {
            let params = w.task.module.funcs[w.task.func].param_types();
            let single = w.text.results.iter().chain(&params).any(is_single);
            let own = if single { SINGLE } else { DOUBLE };
            let nearness = match w.task.nearness {
                Nearness::Within(t) => Nearness::Within(own.max(t)),
                Nearness::Exact => Nearness::Exact,
            };
            let d = differs(got, want, nearness)?;
            let n = match got.first() {
                Some(Val::Tensor(t)) => t.data.len(),
                _ => 0,
            };
            // Of operands with an element for each of the result, that one.
            let at = |v: &Val| match (v, d.at) {
                (Val::Tensor(t), Some(i)) if t.data.len() == n => Some(t.data.get(i)),
                _ => None,
            };
            let elements: Option<Vec<_>> = w.task.args.iter().map(at).collect();
            match elements {
                Some(all) => format!("of {all:?}: {}", d.what),
                None => format!("of {}: {}", args(), d.what),
            }
        }
        (Err(t), Err(want)) if same_trap(t, want) => return None,
        (Err(t), Err(want)) => format!("of {}: traps with {t}, not {want}", args()),
        (Err(t), Ok(_)) => format!("of {}: traps with {t}", args()),
        (Ok(got), Err(want)) => format!("of {}: {got:?}, not {want}", args()),
    };
    match &w.task.excuse {
        Some(excuse) if excuse(&out) => None,
        _ => Some(what),
    }
}

/// Compiles and runs functions as one; their results.
fn together(of: &[Written]) -> Result<Vec<Result<Vec<Val>, Error>>, Error> {
    let text = joined(of);
    // What is tested is the text: little is optimised, which takes a third of the time.
    let options = CompileOptions::new()
        .flag("xla_backend_optimization_level", Flag::Int(0))
        .flag("xla_cpu_enable_fast_min_max", Flag::Bool(false))
        .flag("xla_llvm_disable_expensive_passes", Flag::Bool(true));
    let executable = client().compile(&text, &options)?;
    let mut inputs = Vec::new();
    for t in of.iter().flat_map(|w| &w.text.inputs) {
        inputs.push(upload(t)?);
    }
    let outputs = executable.run(&inputs)?;
    let mut rest = &outputs[..];
    let mut out = Vec::with_capacity(of.len());
    for w in of {
        let n = results(&w.text.program).len();
        let (these, others) = rest.split_at(n);
        rest = others;
        let f = Function {
            written: w.text.program.clone(),
            executable: executable.clone(),
        };
        out.push(f.results(&w.text.results, these));
    }
    Ok(out)
}

fn upload(t: &Tensor) -> pjrt::Result<HostArray> {
    fn array<T: pjrt::Element>(v: &[T], dims: &[usize]) -> pjrt::Result<HostArray> {
        HostArray::new(v, dims)
    }
    cotangent_core::on_each!(Data, &t.data, v => array(v, &t.shape))
}

/// The types of all results, the trap's too.
fn results(p: &emit::Program) -> Vec<TensorLayout> {
    let mut out: Vec<TensorLayout> = p.results.iter().flat_map(Layout::leaves).collect();
    if p.checked {
        out.push(TensorLayout::scalar(cotangent_core::ir::DType::I32));
    }
    out
}

fn joined(of: &[Written]) -> String {
    let mut functions = String::new();
    let (mut params, mut body, mut values, mut types) =
        (Vec::new(), String::new(), Vec::new(), Vec::new());
    for (i, w) in of.iter().enumerate() {
        let own = w.text.program.text.trim_end();
        let own = own.split_once('\n').map_or("", |x| x.1);
        let own = own.strip_suffix('}').unwrap_or(own);
        functions.push_str(&own.replacen(
            "func.func public @main(",
            &format!("func.func private @f{i}("),
            1,
        ));
        let args: Vec<String> = (0..w.text.program.params.len())
            .map(|k| format!("%a{i}_{k}"))
            .collect();
        let arg_types: Vec<String> = w
            .text
            .program
            .params
            .iter()
            .map(|t| t.to_string())
            .collect();
        params.extend(
            args.iter()
                .zip(&arg_types)
                .map(|(a, t)| format!("{a}: {t}")),
        );
        let out: Vec<String> = results(&w.text.program)
            .iter()
            .map(|t| t.to_string())
            .collect();
        if !out.is_empty() {
            let _ = write!(body, "    %r{i}:{} = ", out.len());
        }
        let _ = writeln!(
            body,
            "\"func.call\"({}) <{{callee = @f{i}}}> : ({}) -> ({})",
            args.join(", "),
            arg_types.join(", "),
            out.join(", ")
        );
        values.extend((0..out.len()).map(|k| format!("%r{i}#{k}")));
        types.extend(out);
    }
    let (params, values, types) = (params.join(", "), values.join(", "), types.join(", "));
    format!(
        "module @joined {{\n{functions}\n  func.func public @main({params}) -> ({types}) {{\n{body}    \"func.return\"({values}) : ({types}) -> ()\n  }}\n}}\n"
    )
}
