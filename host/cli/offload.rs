//! `cotangent offload`: a program as one executable of XLA, for devices that are here or not; what it costs there.

use crate::grad;
use crate::load;
use crate::plugin::failed;
use crate::report::{self, Result};
use cotangent::core::ad::checkpoint;
use cotangent::core::ir::{DType, Module, Type};
use cotangent::core::{pass, text};
use cotangent_xla::chips::Target;
use cotangent_xla::emit::{Layout, Options, Precision, TensorLayout, marshal};
use cotangent_xla::executor::{self, Making};
use cotangent_xla::pjrt::ClientOptions;
use cotangent_xla::plugins;
use cotangent_xla::report::Report;
use cotangent_xla::whole::{self, Gradient, Whole};
use std::path::PathBuf;
use std::time::Instant;

/// Compile a function for a CPU, TPU or GPU, as one executable; no TPU or GPU is needed.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cotangent offload f.ct --to tpu:v5e:2x2 --report 'f32[64,128]' 'f32[128]'
  cotangent offload f.ct --to cuda:h100 --report 2.5 '[0, 1, 3]'
  cotangent offload f.ct --grad --report 2.5 'f64[1000]'     value and gradient, on the CPU
  cotangent offload f.ct --stablehlo out.mlir 'f64[1000]'    the StableHLO text; - is standard output")]
pub struct Args {
    /// The program (IR text, or its binary form; - is standard input).
    file: PathBuf,
    /// The function; may be left out if there is only one.
    #[arg(long = "fn", value_name = "NAME")]
    func: Option<String>,
    /// What the program is compiled for: each a value (see `run`), or for an array its type and extents: f32[64,128].
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    /// Where to: cpu, tpu:v5e:2x2 (v2 to v6e, and extents), cuda:h100; tpu and cuda alone are the devices of this machine.
    #[arg(long, value_name = "TARGET", default_value = "cpu")]
    to: Target,
    /// The value and the gradient instead of the function.
    #[arg(long)]
    grad: bool,
    /// The gradient with respect to these parameters, from 0; all that have a tangent space if left out.
    #[arg(long, value_delimiter = ',', value_name = "I,J,…", requires = "grad")]
    wrt: Vec<u32>,
    /// How many states of a loop without bound the gradient keeps.
    #[arg(long, value_name = "N", default_value_t = 32, requires = "grad", value_parser = clap::value_parser!(u64).range(1..))]
    slots: u64,
    /// Find traps (indices out of range, say) as the other executors do.
    #[arg(long)]
    checked: bool,
    /// Matrix products of f32 on hardware that has faster, less precise ones: take these.
    #[arg(long)]
    fast: bool,
    /// What it costs and consists of.
    #[arg(long)]
    report: bool,
    /// Write the StableHLO text to this file; without --report nothing is compiled.
    #[arg(long, value_name = "FILE")]
    stablehlo: Option<PathBuf>,
    /// The plugin.
    #[arg(long, value_name = "PATH")]
    plugin: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<()> {
    let mut program = load::Program::read(&args.file)?;
    let func = program.func(args.func.as_deref())?;
    let layouts = layouts(&program.module.funcs[func].param_types(), &args.args)?;
    let options = Options {
        checked: args.checked,
        precision: if args.fast {
            Precision::Default
        } else {
            Precision::Highest
        },
        ..Options::default()
    };
    pass::to_ssa(&mut program.module);
    let wrt = grad::chosen(&program, func, &args.wrt);
    let gradient = args.grad.then_some(Gradient {
        wrt: &wrt,
        slots: args.slots,
    });
    let what = Whole {
        func,
        args: &layouts,
        gradient,
        options,
    };
    let written = whole::write(&program.module, &what)
        .map_err(|e| report::plain(format!("cannot be offloaded: {e}"), None))?;
    if let Some(path) = &args.stablehlo {
        if path.as_os_str() == "-" {
            print!("{}", written.text);
        } else {
            std::fs::write(path, &written.text).map_err(|e| {
                report::plain(format!("cannot write {}: {e}", path.display()), None)
            })?;
        }
        if !args.report {
            return Ok(());
        }
    }
    let (costs, seconds) = compile(args, &written.text).map_err(|e| failed(&e))?;
    let lines = written.text.lines().count();
    println!("StableHLO      {lines} lines, compiled in {seconds:.1} s");
    if args.report {
        print!("{costs}");
        if args.grad {
            let how = Making {
                slots: Some(args.slots),
                options,
                ..Making::default()
            };
            let (m, _) = executor::version(&program.module, func, &layouts, how)
                .map_err(|e| report::plain(e.to_string(), None))?;
            states(&m);
        }
    }
    Ok(())
}

/// What the gradient keeps of loops that nobody knows before how often they run.
fn states(m: &Module) {
    for k in checkpoint::kept(m) {
        let number = |n: Option<u64>| n.map_or("?".into(), |n| n.to_string());
        let place = match k.span.is_known() {
            true => format!("{}:{}:{}", k.file, k.span.line, k.span.col),
            false => k.func.clone(),
        };
        println!(
            "states kept    {} of {} bytes for the loop at {place}",
            number(k.slots),
            number(k.bytes)
        );
        let again: Vec<String> = [100, 10_000, 1_000_000]
            .iter()
            .filter_map(|&n| Some(format!("{:.2} of {n}", k.again(n)?)))
            .collect();
        if !again.is_empty() {
            println!(
                "               an iteration is computed again, at least: {} times",
                again.join(", ")
            );
        }
    }
}

/// Compiles for the target; what came of it, and the seconds it took.
fn compile(args: &Args, text: &str) -> cotangent_xla::pjrt::Result<(Report, f64)> {
    let plugin = plugins::load(args.to.kind, args.plugin.as_deref())?;
    let options = args.to.compile_options(&plugin);
    if args.to.topology.is_empty() {
        let client = plugin.client(&ClientOptions::new())?;
        let began = Instant::now();
        let exe = client.compile(text, &options)?;
        let seconds = began.elapsed().as_secs_f64();
        return Ok((Report::new(exe.compiled(), None)?.of_text(text), seconds));
    }
    let topology = args.to.open(&plugin)?;
    let devices = topology.devices()?.len();
    let began = Instant::now();
    let compiled = topology.compile(text, &options)?;
    let seconds = began.elapsed().as_secs_f64();
    Ok((
        Report::new(&compiled, args.to.device(devices))?.of_text(text),
        seconds,
    ))
}

/// The layouts that the arguments have, or that they name.
fn layouts(types: &[Type], args: &[String]) -> Result<Vec<Layout>> {
    if args.len() != types.len() {
        let list: Vec<String> = types.iter().map(ToString::to_string).collect();
        return Err(report::plain(
            format!(
                "{} argument(s) given, the function takes {}",
                args.len(),
                types.len()
            ),
            Some(format!(
                "give one for each of ({}): a value, or for an array its type, f32[64,128]",
                list.join(", ")
            )),
        ));
    }
    let each = args.iter().zip(types).enumerate();
    each.map(|(i, (arg, ty))| {
        if let Some(named) = named(arg, ty) {
            return Ok(named);
        }
        let value = text::parse_value(arg, ty)
            .map_err(|e| report::plain(format!("argument {i} is no {ty}: {}", e.message), None))?;
        marshal::layout_of(&value, ty)
            .ok_or_else(|| report::plain(format!("argument {i} has no layout on a device"), None))
    })
    .collect()
}

/// The layout that `f32[64,128]` names, if the type has such values.
fn named(arg: &str, ty: &Type) -> Option<Layout> {
    let (name, extents) = arg.strip_suffix(']')?.split_once('[')?;
    let dtype = DType::from_name(name.trim())?;
    let shape: Option<Vec<u64>> = extents
        .split(',')
        .map(str::trim)
        .filter(|e| !e.is_empty())
        .map(|e| e.parse().ok())
        .collect();
    let shape = shape?;
    let Type::Tensor(t) = ty else { return None };
    let fits = t.dtype == dtype
        && t.shape.len() == shape.len()
        && t.shape
            .iter()
            .zip(&shape)
            .all(|(d, n)| d.known().is_none_or(|d| d == *n));
    fits.then(|| Layout::Tensor(TensorLayout::new(dtype, shape)))
}
