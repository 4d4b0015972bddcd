//! A function of a program, on run-time values: compiled once for each request and executor, and kept.
//!
//! This is what the methods that `#[differentiable]` generates call; use it directly for programs made with the builder or
//! read from text. Values are [`Val`]s, one for each parameter of the IR function.

use crate::error::{Error, Result};
use crate::executor::{Limits, Options, Prepared};
use crate::vals::{describe, is_tangent_of};
use cotangent_core::ad;
use cotangent_core::error::AdError;
use cotangent_core::ir::{DeriveKind, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::value::Val;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Which arguments to differentiate with respect to. Those without floating-point numbers are left out.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Wrt {
    /// All.
    #[default]
    All,
    /// The one at that position, from 0. For a Rust function this is an argument, of one or more IR parameters.
    Argument(usize),
    /// These IR parameters, ascending.
    Params(Vec<u32>),
}

/// What is compiled.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Request {
    Call,
    Derive(DeriveKind),
    /// Forward and backward halves.
    Pullback,
    /// The jvp of the gradient.
    HessianVector,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    request: Request,
    wrt: Wrt,
    executor: &'static str,
}

/// A request, compiled for an executor.
#[derive(Debug)]
struct Compiled {
    prepared: Arc<dyn Prepared>,
    func: FuncId,
    /// For a pullback: the backward half.
    backward: Option<FuncId>,
}

/// Filled by whoever asks first; others wait for it.
type Entry = Arc<OnceLock<Result<Arc<Compiled>>>>;

#[derive(Debug)]
struct Inner {
    module: Module,
    id: FuncId,
    name: String,
    params: Vec<Type>,
    results: Vec<Type>,
    groups: Vec<Range<usize>>,
    compiled: RwLock<HashMap<Key, Entry>>,
}

/// A function that can be run and differentiated. Cheap to clone; clones share what was compiled.
///
/// ```
/// use cotangent::{Function, Options, Wrt};
/// use cotangent::core::ir::{Builder, DType, Module};
/// use cotangent::core::value::Val;
/// let mut b = Builder::new("square", &[DType::F64.into()]);
/// let x = b.params()[0];
/// let y = b.mul(x, x);
/// let mut m = Module::new();
/// let id = m.funcs.push(b.finish(&[y])?);
/// let f = Function::new(m, id)?;
/// let g = f.gradient(vec![Val::from(3.0)], &Wrt::All, &Options::new())?;
/// assert_eq!(g[0].as_scalar(), Some(6.0.into()));
/// # Ok::<(), cotangent::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Function {
    inner: Arc<Inner>,
}

/// The second half of a reverse-mode derivative, on run-time values. See [`Function::pullback`].
#[derive(Clone, Debug)]
pub struct RawPullback {
    function: Function,
    compiled: Arc<Compiled>,
    limits: Limits,
    residuals: Vec<Val>,
    /// The results that have a tangent space: position, type and a value of the shape.
    results: Vec<(usize, Type, Val)>,
}

impl Function {
    /// A function of a module, which may be in the slot stage. Each IR parameter is an argument.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the module is not valid, [`Error::Ad`] if a derivative taken inside does not exist.
    pub fn new(module: Module, id: FuncId) -> Result<Function> {
        let n = module.funcs.get(id).map_or(0, |f| f.params().len());
        Function::grouped(module, id, (0..n).map(|i| i..i + 1).collect())
    }
    /// The function of that name of a module in text form.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the place in the text; [`Error::UnknownFunction`].
    pub fn parse(text: &str, name: &str) -> Result<Function> {
        let module =
            cotangent_core::text::parse(text).map_err(|e| Error::Invalid(e.to_string()))?;
        match module.find(name) {
            Some(id) => Function::new(module, id),
            None => Err(Error::UnknownFunction { name: name.into() }),
        }
    }
    /// As [`new`](Self::new); argument `i` of the Rust function is the IR parameters `groups[i]`.
    pub(crate) fn grouped(
        mut module: Module,
        id: FuncId,
        groups: Vec<Range<usize>>,
    ) -> Result<Function> {
        if module.funcs.get(id).is_none() {
            return Err(Error::UnknownFunction {
                name: id.to_string(),
            });
        }
        valid(&module).map_err(Error::Invalid)?;
        pass::lower(&mut module)?;
        let f = &module.funcs[id];
        let inner = Inner {
            name: f.name.clone(),
            params: f.param_types(),
            results: f.results.clone(),
            groups,
            id,
            compiled: RwLock::default(),
            module,
        };
        Ok(Function {
            inner: Arc::new(inner),
        })
    }
    /// Its name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }
    /// The types of its parameters.
    pub fn params(&self) -> &[Type] {
        &self.inner.params
    }
    /// The types of its results.
    pub fn results(&self) -> &[Type] {
        &self.inner.results
    }
    /// The module, without slots, and the function in it.
    pub fn module(&self) -> (&Module, FuncId) {
        (&self.inner.module, self.inner.id)
    }
    /// The program as text.
    pub fn ir(&self) -> String {
        cotangent_core::text::print(&self.inner.module)
    }
    /// The program of a derivative, as text: the module with the derivative added at the end.
    ///
    /// # Errors
    /// [`Error::Ad`] if it does not exist.
    pub fn derivative_ir(&self, kind: DeriveKind, wrt: &Wrt) -> Result<String> {
        let (module, _) = self.derivative(kind, wrt)?;
        Ok(cotangent_core::text::print(&module))
    }
    /// The program of a derivative.
    ///
    /// # Errors
    /// [`Error::Ad`] if it does not exist.
    pub fn derivative(&self, kind: DeriveKind, wrt: &Wrt) -> Result<(Module, FuncId)> {
        let mut module = self.inner.module.clone();
        let id = ad::derive(&mut module, self.inner.id, kind, &self.chosen(wrt)?)?;
        Ok((module, id))
    }
    /// The IR parameters that a choice of arguments means: for arguments, those with a tangent space.
    pub fn params_of(&self, wrt: &Wrt) -> Vec<u32> {
        let all = 0..self.inner.params.len();
        let range = match wrt {
            Wrt::All => all,
            Wrt::Argument(i) => self.inner.groups.get(*i).cloned().unwrap_or(0..0),
            Wrt::Params(ps) => return ps.clone(),
        };
        range
            .filter(|&i| self.inner.params[i].has_tangent())
            .map(|i| i as u32)
            .collect()
    }
    /// As [`params_of`](Self::params_of), of a choice that exists.
    pub(crate) fn chosen(&self, wrt: &Wrt) -> Result<Vec<u32>> {
        let no = |index, ty| {
            let func = self.inner.name.clone();
            Err(AdError::Parameter { func, index, ty }.into())
        };
        let chosen = self.params_of(wrt);
        if let Wrt::Argument(i) = wrt
            && *i >= self.inner.groups.len()
        {
            return no(u32::try_from(*i).unwrap_or(u32::MAX), None);
        }
        for &p in &chosen {
            match self.inner.params.get(p as usize) {
                Some(ty) if ty.has_tangent() => {}
                ty => return no(p, ty.cloned()),
            }
        }
        Ok(chosen)
    }

    /// Runs the function.
    ///
    /// # Errors
    /// [`Error::Argument`] if a value is not of its parameter's type; [`Error::Trap`] if the program fails.
    pub fn call(&self, args: Vec<Val>, options: &Options) -> Result<Vec<Val>> {
        let c = self.compiled(Request::Call, &Wrt::All, options)?;
        self.run(&c, c.func, args, Vec::new(), options.limits())
    }
    /// The cotangents of the chosen parameters ([`params_of`](Self::params_of)), for a function of one real scalar result.
    ///
    /// # Errors
    /// As [`call`](Self::call), and [`Error::Ad`] if there is no such derivative.
    pub fn gradient(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Vec<Val>> {
        if self.chosen(wrt)?.is_empty() {
            return self.call(args, options).map(|_| Vec::new());
        }
        let c = self.compiled(Request::Derive(DeriveKind::Gradient), wrt, options)?;
        self.run(&c, c.func, args, Vec::new(), options.limits())
    }
    /// The result and the gradient.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn value_and_gradient(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, Vec<Val>)> {
        if self.chosen(wrt)?.is_empty() {
            return Ok((self.call(args, options)?, Vec::new()));
        }
        let c = self.compiled(Request::Derive(DeriveKind::ValueAndGradient), wrt, options)?;
        let out = self.run(&c, c.func, args, Vec::new(), options.limits())?;
        self.split(out)
    }
    /// The results, and the tangents of those that have a tangent space. One tangent is given for each chosen parameter.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient), and [`Error::Argument`] for a tangent of another shape.
    pub fn jvp(
        &self,
        args: Vec<Val>,
        tangents: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, Vec<Val>)> {
        let chosen = self.chosen(wrt)?;
        self.check_tangents(&args, &tangents, &chosen)?;
        if chosen.is_empty() {
            let values = self.call(args, options)?;
            let zeros = values.iter().zip(&self.inner.results);
            let zeros = zeros
                .filter(|(_, ty)| ty.has_tangent())
                .map(|(v, ty)| {
                    let like = cotangent_core::stage::data::strip_discrete(v.clone(), ty);
                    crate::vals::zero(&like)
                })
                .collect();
            return Ok((values, zeros));
        }
        let c = self.compiled(Request::Derive(DeriveKind::Jvp), wrt, options)?;
        let out = self.run(&c, c.func, args, tangents, options.limits())?;
        self.split(out)
    }
    /// The gradient and its derivative in a direction: the product of the Hessian with the tangents, one for each chosen
    /// parameter. Forward over reverse.
    ///
    /// # Errors
    /// As [`jvp`](Self::jvp).
    pub fn hessian_vector(
        &self,
        args: Vec<Val>,
        tangents: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, Vec<Val>)> {
        let chosen = self.chosen(wrt)?;
        self.check_tangents(&args, &tangents, &chosen)?;
        if chosen.is_empty() {
            return self.call(args, options).map(|_| (Vec::new(), Vec::new()));
        }
        let c = self.compiled(Request::HessianVector, wrt, options)?;
        let mut out = self.run(&c, c.func, args, tangents, options.limits())?;
        let hv = out.split_off(chosen.len().min(out.len()));
        Ok((out, hv))
    }
    /// The results, and a function from their cotangents to those of the chosen parameters, which may be called many times.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient); the result may be anything.
    pub fn pullback(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, RawPullback)> {
        let c = self.compiled(Request::Pullback, wrt, options)?;
        let mut out = self.run(&c, c.func, args, Vec::new(), options.limits())?;
        let n = self.inner.results.len();
        if out.len() < n {
            return Err(Error::Internal(format!(
                "the forward half of `{}` returned {} values, not {n} and residuals",
                self.inner.name,
                out.len()
            )));
        }
        let residuals = out.split_off(n);
        let results = self
            .inner
            .results
            .iter()
            .enumerate()
            .filter(|(_, ty)| ty.has_tangent())
            .map(|(i, ty)| (i, ty.clone(), out[i].clone()))
            .collect();
        let pull = RawPullback {
            function: self.clone(),
            compiled: c,
            limits: *options.limits(),
            residuals,
            results,
        };
        Ok((out, pull))
    }

    /// Splits what a derivative returns into the function's results and the rest.
    fn split(&self, mut out: Vec<Val>) -> Result<(Vec<Val>, Vec<Val>)> {
        let n = self.inner.results.len().min(out.len());
        let rest = out.split_off(n);
        Ok((out, rest))
    }
    fn count(&self, role: &'static str, want: usize, got: usize) -> Result<()> {
        if want == got {
            return Ok(());
        }
        Err(Error::Count {
            function: self.inner.name.clone(),
            role,
            want,
            got,
        })
    }
    fn argument(&self, role: &'static str, index: usize, want: String, got: &Val) -> Error {
        Error::Argument {
            function: self.inner.name.clone(),
            role,
            index,
            want,
            got: describe(got),
        }
    }
    fn check_tangents(&self, args: &[Val], tangents: &[Val], chosen: &[u32]) -> Result<()> {
        self.count("argument", self.inner.params.len(), args.len())?;
        self.count("tangent", chosen.len(), tangents.len())?;
        for (t, &p) in tangents.iter().zip(chosen) {
            let (Some(v), Some(ty)) = (args.get(p as usize), self.inner.params.get(p as usize))
            else {
                continue;
            };
            if !is_tangent_of(t, v, ty) {
                let index = self.argument_of(p as usize);
                return Err(self.argument("tangent", index, describe(v), t));
            }
        }
        Ok(())
    }
    /// The argument that an IR parameter is part of.
    fn argument_of(&self, param: usize) -> usize {
        let at = self.inner.groups.iter().position(|g| g.contains(&param));
        at.unwrap_or(param)
    }
    fn run(
        &self,
        c: &Compiled,
        func: FuncId,
        mut args: Vec<Val>,
        more: Vec<Val>,
        limits: &Limits,
    ) -> Result<Vec<Val>> {
        self.count("argument", self.inner.params.len(), args.len())?;
        for (i, (v, ty)) in args.iter().zip(&self.inner.params).enumerate() {
            if !v.is_of(ty) {
                let index = self.argument_of(i);
                return Err(self.argument("argument", index, ty.to_string(), v));
            }
        }
        args.extend(more);
        Ok(c.prepared.run(func, args, limits)?)
    }
    /// The compiled form of a request, made if it is not there yet. Only that request waits while it is made.
    fn compiled(&self, request: Request, wrt: &Wrt, options: &Options) -> Result<Arc<Compiled>> {
        let executor = options.find_executor()?;
        let key = Key {
            request,
            wrt: wrt.clone(),
            executor: executor.name(),
        };
        let cache = &self.inner.compiled;
        let found = cache
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        let entry = match found {
            Some(e) => e,
            None => cache
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(key)
                .or_default()
                .clone(),
        };
        entry
            .get_or_init(|| {
                let (module, func, backward) = self.derive(request, wrt)?;
                if cfg!(debug_assertions) {
                    valid(&module).map_err(Error::Internal)?;
                }
                Ok(Arc::new(Compiled {
                    prepared: executor.prepare(&module)?,
                    func,
                    backward,
                }))
            })
            .clone()
    }
    /// The module with what the request asks for, the function, and for a pullback the backward half.
    fn derive(&self, request: Request, wrt: &Wrt) -> Result<(Module, FuncId, Option<FuncId>)> {
        let mut m = self.inner.module.clone();
        let id = self.inner.id;
        let chosen = self.chosen(wrt)?;
        Ok(match request {
            Request::Call => (m, id, None),
            Request::Derive(kind) => {
                let d = ad::derive(&mut m, id, kind, &chosen)?;
                (m, d, None)
            }
            Request::HessianVector => {
                let g = ad::derive(&mut m, id, DeriveKind::Gradient, &chosen)?;
                let h = ad::derive(&mut m, g, DeriveKind::Jvp, &chosen)?;
                (m, h, None)
            }
            Request::Pullback => {
                let v = ad::vjp(&mut m, id, &chosen)?;
                (m, v.forward, Some(v.backward))
            }
        })
    }
}

/// What the verifier finds first, as text.
fn valid(module: &Module) -> core::result::Result<(), String> {
    cotangent_core::verify::verify(module).map_err(|errors| match errors.first() {
        Some(e) => e.to_string(),
        None => String::from("the verifier refused it"),
    })
}

impl RawPullback {
    /// The cotangents of the chosen parameters, given a cotangent for each result that has a tangent space.
    ///
    /// # Errors
    /// [`Error::Argument`] for a cotangent of another shape than the result; [`Error::Trap`] if the program fails.
    pub fn call(&self, cotangents: Vec<Val>) -> Result<Vec<Val>> {
        self.function
            .count("cotangent", self.results.len(), cotangents.len())?;
        for (ct, (i, ty, like)) in cotangents.iter().zip(&self.results) {
            if !is_tangent_of(ct, like, ty) {
                return Err(self.function.argument("cotangent", *i, describe(like), ct));
            }
        }
        let Some(backward) = self.compiled.backward else {
            return Err(Error::Internal("a pullback without backward half".into()));
        };
        let mut args = cotangents;
        args.extend_from_slice(&self.residuals);
        Ok(self.compiled.prepared.run(backward, args, &self.limits)?)
    }
    /// The results that have a tangent space: their position, type, and a value of the shape.
    pub(crate) fn results(&self) -> &[(usize, Type, Val)] {
        &self.results
    }
}
