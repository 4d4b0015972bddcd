//! Many functions as one module: each is written by itself, as a function of its own that the main one calls, and all are compiled and run at once.

use crate::agree::{DOUBLE, SINGLE, differs, is_single, same_trap};
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::pass;
use cotangent_core::value::{Data, Tensor, Val};
use cotangent_xla::emit::{self, Layout, Options, TensorLayout, marshal};
use cotangent_xla::executor::{Error, Function, prepared};
use cotangent_xla::pjrt::{self, Client, ClientOptions, CompileOptions, Flag, HostArray};
use cotangent_xla::plugins::{self, Kind};
use std::collections::BTreeMap;
use std::fmt::Write;
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

/// A function to be run, and what it should give.
pub struct Task {
    pub name: String,
    pub module: Module,
    pub func: FuncId,
    pub args: Vec<Val>,
    /// The error allowed, if it is more than that of the types.
    pub tolerance: f64,
}

/// What was found.
#[derive(Default)]
pub struct Found {
    pub compared: usize,
    /// What cannot be offloaded: how often, by reason, and an example.
    pub refused: BTreeMap<String, (usize, String)>,
    pub wrong: Vec<String>,
}

impl Found {
    /// Prints what there is to know, and fails if something is wrong.
    pub fn report(&self, title: &str) {
        println!("{}", self.summary(title));
        let shown: Vec<String> = self.wrong.iter().take(60).cloned().collect();
        assert!(
            self.wrong.is_empty(),
            "{title}: {} of {} are wrong:\n{}",
            self.wrong.len(),
            self.compared,
            shown.join("\n")
        );
    }
    /// How much was compared, and what cannot be offloaded.
    fn summary(&self, title: &str) -> String {
        let mut out = format!("{title}: {} compared", self.compared);
        for (why, (n, example)) in &self.refused {
            let _ = write!(out, "\n  not offloadable, {n} times: {why} [{example}]");
        }
        out
    }
}

/// A function that is written.
struct Written {
    task: Task,
    want: Result<Vec<Val>, TrapKind>,
    results: Vec<cotangent_core::ir::Type>,
    program: emit::Program,
    inputs: Vec<Tensor>,
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
        let want = Program::new(&task.module).run(task.func, task.args.clone(), &limits);
        let want = want.map_err(|t| t.kind);
        if want.is_err() && !self.options.checked {
            return;
        }
        match self.write(&task) {
            Ok((program, inputs)) => {
                self.text += program.text.len();
                let results = task.module.funcs[task.func].results.clone();
                self.waiting.push(Written {
                    task,
                    want,
                    results,
                    program,
                    inputs,
                });
            }
            Err(Some(why)) => {
                let e = self.found.refused.entry(why).or_default();
                e.0 += 1;
                e.1 = task.name;
            }
            Err(None) => {}
        }
        if self.waiting.len() >= MOST || self.text > MOST_TEXT {
            self.flush();
        }
    }
    /// The text and the arguments; why not; or nothing, if arguments cannot be passed.
    fn write(&self, task: &Task) -> Result<(emit::Program, Vec<Tensor>), Option<String>> {
        let mut m = task.module.clone();
        pass::lower(&mut m).map_err(|e| Some(e.to_string()))?;
        let m = prepared(&m, self.options);
        let types = task.module.funcs[task.func].param_types();
        let layouts: Option<Vec<Layout>> = task
            .args
            .iter()
            .zip(&types)
            .map(|(v, ty)| marshal::layout_of(v, ty))
            .collect();
        let layouts = layouts.ok_or(Some("an argument that is a stack".to_string()))?;
        let program = emit::emit(&m, task.func, &layouts, self.options)
            .map_err(|e| Some(format!("{}: {}", e.what, e.why)))?;
        let mut inputs = Vec::new();
        for ((v, ty), l) in task.args.iter().zip(&types).zip(&layouts) {
            inputs.extend(marshal::pack(v, ty, l).ok_or(None)?);
        }
        Ok((program, inputs))
    }
    /// Runs what waits.
    pub fn flush(&mut self) {
        self.text = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let (start, before) = (std::time::Instant::now(), self.found.wrong.len());
        self.run(&waiting);
        if std::env::var_os("COTANGENT_SHOW").is_some() {
            let text: usize = waiting.iter().map(|w| w.program.text.len()).sum();
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
                            println!("{}", w.program.text);
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
    match (out, &w.want) {
        (Ok(got), Ok(want)) => {
            let single = w.results.iter().any(is_single)
                || w.task.module.funcs[w.task.func]
                    .param_types()
                    .iter()
                    .any(is_single);
            let own = if single { SINGLE } else { DOUBLE };
            let what = differs(&got, want, own.max(w.task.tolerance))?;
            Some(format!("of {:?}: {what}", w.task.args))
        }
        (Err(Error::Trap(t)), Err(want)) => {
            (!same_trap(&t.kind, want)).then(|| format!("traps with {}, not {want}", t.kind))
        }
        (Err(e), Ok(want)) => Some(format!("of {:?}: {e}, not {want:?}", w.task.args)),
        (Ok(got), Err(want)) => Some(format!("of {:?}: {got:?}, not {want}", w.task.args)),
        (Err(e), Err(want)) => Some(format!("{e}, not {want}")),
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
    for t in of.iter().flat_map(|w| &w.inputs) {
        inputs.push(upload(t)?);
    }
    let outputs = executable.run(&inputs)?;
    let mut rest = &outputs[..];
    let mut out = Vec::with_capacity(of.len());
    for w in of {
        let n = results(&w.program).len();
        let (these, others) = rest.split_at(n);
        rest = others;
        let f = Function {
            written: w.program.clone(),
            executable: executable.clone(),
        };
        out.push(f.results(&w.results, these));
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
        let own = w.program.text.trim_end();
        let own = own.split_once('\n').map_or("", |x| x.1);
        let own = own.strip_suffix('}').unwrap_or(own);
        functions.push_str(&own.replacen(
            "func.func public @main(",
            &format!("func.func private @f{i}("),
            1,
        ));
        let args: Vec<String> = (0..w.program.params.len())
            .map(|k| format!("%a{i}_{k}"))
            .collect();
        let arg_types: Vec<String> = w.program.params.iter().map(|t| t.to_string()).collect();
        params.extend(
            args.iter()
                .zip(&arg_types)
                .map(|(a, t)| format!("{a}: {t}")),
        );
        let out: Vec<String> = results(&w.program).iter().map(|t| t.to_string()).collect();
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
