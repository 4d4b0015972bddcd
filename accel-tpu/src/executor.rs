//! Runs programs on a device: the text of a function is written and compiled when it is first called with arguments of some layout, and kept.
//!
//! Invariant: what was compiled is found again by function, layouts and, where extents depend on them, values of integers; options and plugin belong to the [`Program`].

use crate::emit::{self, Layout, Options, Unsupported, marshal};
use crate::pjrt::{
    self, ArrayType, Cache, Client, CompileOptions, Element, ElementType, Executable, Flag,
    HostArray,
};
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::ir::{FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::transform::vectorize;
use cotangent_core::value::{self, Data, Scalar, Tensor, Val};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// The arguments are not those of the function.
    #[error("the arguments are not those of `{func}`: it takes {want}")]
    Arguments {
        /// The function.
        func: String,
        /// Its parameters' types.
        want: String,
    },
}

/// A program ready to run on a device. May be used from any thread.
#[derive(Debug)]
pub struct Program {
    client: Client,
    module: Module,
    options: Options,
    compiled: Mutex<HashMap<Key, Arc<Function>>>,
}

/// What a function is compiled for: layouts of arguments, and the values of integers, if extents depend on them.
type Key = (FuncId, Vec<Layout>, Option<Vec<Option<i128>>>);

/// The value of an integer scalar.
fn integer(t: &Tensor) -> Option<i128> {
    let d = t.dtype();
    (t.shape.is_empty() && d.is_int())
        .then(|| t.data.get(0).as_int())
        .flatten()
}

/// A function, compiled for arguments of some layouts.
#[derive(Debug)]
pub struct Function {
    /// Its text.
    pub written: emit::Program,
    /// What XLA made of it.
    pub executable: Executable,
}

/// The module as it is written: without marks of checkpoints, with types as sharp as they can be, and, unless traps are found, without what only
/// traps.
pub fn prepared(module: &Module, options: Options) -> Module {
    let mut m = module.clone();
    for f in m.funcs.values_mut() {
        cotangent_core::ad::checkpoint::forget(f);
    }
    pass::sharpen::run(&mut m);
    let keep_traps = options.checked;
    pass::optimize_with(&mut m, pass::dce::Options { keep_traps });
    if !options.checked && vectorize::run(&mut m) > 0 {
        pass::optimize_with(&mut m, pass::dce::Options { keep_traps });
    }
    m
}

/// Rewrites a program so that its derivatives suit a device: loops become array operations, and of loops without bound reverse mode
/// keeps at most `slots` states. A checked program keeps its loops, whose traps are to come in their order.
pub fn before_derivatives(m: &mut Module, options: Options, slots: u64) {
    pass::sharpen::run(m);
    pass::optimize(m);
    if !options.checked {
        vectorize::run(m);
    }
    cotangent_core::ad::checkpoint::unbounded::mark(m, slots);
}

impl Program {
    /// Makes a program ready. The module has been verified and lowered.
    pub fn new(client: Client, module: &Module, options: Options) -> Program {
        Program {
            client,
            module: prepared(module, options),
            options,
            compiled: Mutex::new(HashMap::new()),
        }
    }
    /// The function, compiled for arguments of those layouts. Where extents depend on the values of integers, for these integers:
    /// `inputs` are the arguments' tensors.
    ///
    /// # Errors
    /// [`Error::Unsupported`], or what the plugin says.
    pub fn function(
        &self,
        func: FuncId,
        args: &[Layout],
        inputs: &[Tensor],
    ) -> Result<Arc<Function>, Error> {
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let any = (func, args.to_vec(), None);
        let integers: Vec<Option<i128>> = inputs.iter().map(integer).collect();
        let these = (func, args.to_vec(), Some(integers));
        {
            let made = lock();
            if let Some(f) = made.get(&any).or_else(|| made.get(&these)) {
                return Ok(Arc::clone(f));
            }
        }
        let (key, written) = match emit::emit(&self.module, func, args, self.options) {
            Ok(written) => (any, written),
            Err(first) => {
                let known: Vec<Option<Scalar>> = inputs
                    .iter()
                    .map(|t| integer(t).map(|_| t.data.get(0)))
                    .collect();
                // The reason why it does not go without is the one to tell.
                let written = emit::emit_for(&self.module, func, args, &known, self.options);
                (these, written.map_err(|_| first)?)
            }
        };
        let mut how = CompileOptions::new();
        if self.client.platform().is_ok_and(|p| p == "cpu") {
            // Else the least and the greatest of numbers and NaN may be a number there.
            how = how.flag("xla_cpu_enable_fast_min_max", Flag::Bool(false));
        }
        let executable = match Cache::of_environment() {
            Some(cache) => self.client.compile_cached(&written.text, &how, &cache)?.0,
            None => self.client.compile(&written.text, &how)?,
        };
        let made = Arc::new(Function {
            written,
            executable,
        });
        Ok(Arc::clone(lock().entry(key).or_insert(made)))
    }
    /// Runs a function.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn run(&self, func: FuncId, args: &[Val]) -> Result<Vec<Val>, Error> {
        let f = &self.module.funcs[func];
        let types = f.param_types();
        let wrong = || Error::Arguments {
            func: f.name.clone(),
            want: types
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        };
        if args.len() != types.len() {
            return Err(wrong());
        }
        let layouts: Vec<Layout> = args
            .iter()
            .zip(&types)
            .map(|(v, ty)| marshal::layout_of(v, ty))
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        let mut inputs = Vec::new();
        for ((v, ty), l) in args.iter().zip(&types).zip(&layouts) {
            inputs.extend(marshal::pack(v, ty, l).ok_or_else(wrong)?);
        }
        let compiled = self.function(func, &layouts, &inputs)?;
        let inputs = inputs
            .iter()
            .map(upload)
            .collect::<pjrt::Result<Vec<_>>>()?;
        let outputs = compiled.executable.run(&inputs)?;
        compiled.results(&f.results, &outputs)
    }
}

impl Function {
    /// The values that the results of a run are.
    ///
    /// # Errors
    /// [`Error::Trap`] if a checked program trapped.
    pub fn results(&self, types: &[Type], outputs: &[HostArray]) -> Result<Vec<Val>, Error> {
        let mut tensors = outputs
            .iter()
            .map(download)
            .collect::<Result<Vec<_>, _>>()?;
        if self.written.checked
            && let Some(Data::I32(trap)) = tensors.pop().map(|t| t.data)
            && let Some(site) = usize::try_from(trap[0] - 1)
                .ok()
                .and_then(|n| self.written.sites.get(n))
        {
            return Err(Error::Trap(site.trap()));
        }
        let mut rest = &tensors[..];
        let mut out = Vec::with_capacity(types.len());
        for (layout, ty) in self.written.results.iter().zip(types) {
            let n = layout.leaves().len().min(rest.len());
            let (these, others) = rest.split_at(n);
            rest = others;
            let v = marshal::unpack(ty, layout, these);
            out.push(v.ok_or_else(|| {
                Unsupported::new(format!("a result of type {ty}"), "it cannot be read back")
            })?);
        }
        Ok(out)
    }
}

/// A tensor as the plugin reads it.
fn upload(t: &Tensor) -> pjrt::Result<HostArray> {
    fn array<T: Element>(v: &[T], dims: &[usize]) -> pjrt::Result<HostArray> {
        HostArray::new(v, dims)
    }
    cotangent_core::on_each!(Data, &t.data, v => array(v, &t.shape))
}

/// What the plugin wrote, as a tensor.
fn download(a: &HostArray) -> Result<Tensor, Error> {
    fn data<T: Element + value::Element>(a: &HostArray) -> pjrt::Result<Data> {
        Ok(<T as value::Element>::data(a.to_vec::<T>()?))
    }
    let ty: &ArrayType = a.ty();
    let d = match ty.element {
        ElementType::Pred => data::<bool>(a),
        ElementType::S8 => data::<i8>(a),
        ElementType::S16 => data::<i16>(a),
        ElementType::S32 => data::<i32>(a),
        ElementType::S64 => data::<i64>(a),
        ElementType::U8 => data::<u8>(a),
        ElementType::U16 => data::<u16>(a),
        ElementType::U32 => data::<u32>(a),
        ElementType::U64 => data::<u64>(a),
        ElementType::F32 => data::<f32>(a),
        ElementType::F64 => data::<f64>(a),
        ElementType::C64 => data::<num_complex::Complex<f32>>(a),
        ElementType::C128 => data::<num_complex::Complex<f64>>(a),
        _ => return Err(other(ty)),
    }?;
    Tensor::new(ty.dims.to_vec(), d).ok_or_else(|| other(ty))
}

fn other(ty: &ArrayType) -> Error {
    Unsupported::new(
        format!("a result of type {ty:?}"),
        "the program has no such type",
    )
    .into()
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
        Error::Trap(t) => t.clone(),
        other => Trap {
            kind: TrapKind::Executor(other.to_string()),
            func: String::new(),
            file: String::new(),
            line: 0,
            col: 0,
        },
    }
}
