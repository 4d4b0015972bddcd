//! A function of a program, on run-time values: compiled once for each request and executor, and kept.
//!
//! This is what the methods that `#[differentiable]` generates call; use it directly for programs made with the builder or
//! read from text. Values are [`Val`]s, one for each parameter of the IR function.

use crate::cache::AppendMap;
use crate::error::{Error, Result};
use crate::executor::{Attempt, ExecutorId, Limits, Options, Prepared};
use crate::task::{Request, Task, valid};
use crate::vals::{describe, is_tangent_of};
use cotangent_core::ad;
use cotangent_core::error::AdError;
use cotangent_core::ir::{DeriveKind, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::stage::data::{
    Datum, Gradient, needs_primal, restore_discrete, strip_discrete, unflatten_gradient,
};
use cotangent_core::transform::vmap::{Spec, vmap};
use cotangent_core::value::{Lent, Val};
use std::ops::Range;
use std::sync::Arc;

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

#[derive(Clone, PartialEq, Debug)]
struct Key {
    request: Request,
    wrt: Wrt,
    executor: ExecutorId,
}

/// A request, compiled for an executor.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) prepared: Arc<dyn Prepared>,
    pub(crate) func: FuncId,
    /// For a pullback: the backward half.
    backward: Option<FuncId>,
}

/// The arguments of a run.
pub(crate) enum Given<'a> {
    /// Values from outside, to be checked against the types of the parameters, and tangents that have been checked.
    Values(Vec<Val>, Vec<Val>),
    /// The leaves of Rust data, which are of these types by construction.
    Lent(&'a [Lent<'a>]),
}

/// What the leaf of a gradient is made of.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Part {
    /// The cotangent alone.
    Cotangent,
    /// The cotangent, and the parts of the argument that have no tangent space.
    Both,
    /// A copy of the argument's leaf: it has no tangent space, but others of that argument have.
    Copy,
    /// Nothing: the argument has no tangent space.
    Nothing,
}

#[derive(Debug)]
struct Inner {
    module: Arc<Module>,
    /// As it was before derivatives taken inside were made, if there are any.
    unexpanded: Option<Arc<Module>>,
    id: FuncId,
    name: String,
    params: Vec<Type>,
    results: Vec<Type>,
    groups: Vec<Range<usize>>,
    /// For each parameter.
    parts: Vec<Part>,
    compiled: AppendMap<Key, Result<Arc<Compiled>>>,
    made: AppendMap<Made, Result<Function>>,
}

/// Other functions made of one.
#[derive(Clone, PartialEq, Debug)]
enum Made {
    Derivative(DeriveKind, Wrt),
    Batch(Spec),
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
        crate::host::bind(&mut module);
        valid(&module).map_err(Error::Invalid)?;
        pass::to_ssa(&mut module);
        let unexpanded = (!ad::is_expanded(&module)).then(|| Arc::new(module.clone()));
        ad::expand(&mut module)?;
        let f = &module.funcs[id];
        let inner = Inner {
            name: f.name.clone(),
            params: f.param_types(),
            results: f.results.clone(),
            parts: parts(&f.param_types(), &groups),
            groups,
            id,
            compiled: AppendMap::default(),
            made: AppendMap::default(),
            unexpanded,
            module: Arc::new(module),
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
        let mut module = Module::clone(&self.inner.module);
        let id = ad::derive(&mut module, self.inner.id, kind, &self.chosen(wrt)?)?;
        Ok((module, id))
    }
    pub(crate) fn made_derivative(&self, kind: DeriveKind, wrt: &Wrt) -> Result<Function> {
        self.made(Made::Derivative(kind, wrt.clone()), || {
            let (module, id) = self.derivative(kind, wrt)?;
            Function::new(module, id)
        })
    }
    pub(crate) fn made_vmap(&self, spec: &Spec) -> Result<Function> {
        self.made(Made::Batch(spec.clone()), || {
            let mut module = Module::clone(&self.inner.module);
            let id = vmap(&mut module, self.inner.id, spec).map_err(AdError::Batch)?;
            Function::new(module, id)
        })
    }
    fn made(&self, key: Made, make: impl FnOnce() -> Result<Function>) -> Result<Function> {
        match self.inner.made.get(|k| *k == key) {
            Some(f) => f.clone(),
            None => self.inner.made.get_or_init(key, make).clone(),
        }
    }
    /// The IR parameters that a choice of arguments means: for arguments, those with a tangent space.
    pub fn params_of(&self, wrt: &Wrt) -> Vec<u32> {
        let all = 0..self.inner.params.len();
        let range = match wrt {
            Wrt::All => all,
            Wrt::Argument(i) => self.group(*i),
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
        self.call_given(Given::Values(args, Vec::new()), options)
    }
    pub(crate) fn call_given(&self, args: Given<'_>, options: &Options) -> Result<Vec<Val>> {
        let c = self.compiled(Request::Call, &Wrt::All, options)?;
        self.run(c, args, options.limits())
    }
    /// The cotangents of the chosen parameters ([`params_of`](Self::params_of)), for a function of one real scalar result.
    ///
    /// # Errors
    /// As [`call`](Self::call), and [`Error::Ad`] if there is no such derivative.
    pub fn gradient(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Vec<Val>> {
        self.gradient_given(Given::Values(args, Vec::new()), wrt, options)
    }
    pub(crate) fn gradient_given(
        &self,
        args: Given<'_>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<Vec<Val>> {
        if self.nothing_chosen(wrt)? {
            return self.call_given(args, options).map(|_| Vec::new());
        }
        let c = self.compiled(Request::Derive(DeriveKind::Gradient), wrt, options)?;
        self.run(c, args, options.limits())
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
        self.value_and_gradient_given(Given::Values(args, Vec::new()), wrt, options)
    }
    pub(crate) fn value_and_gradient_given(
        &self,
        args: Given<'_>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, Vec<Val>)> {
        if self.nothing_chosen(wrt)? {
            return Ok((self.call_given(args, options)?, Vec::new()));
        }
        let c = self.compiled(Request::Derive(DeriveKind::ValueAndGradient), wrt, options)?;
        let out = self.run(c, args, options.limits())?;
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
                .map(|(v, ty)| crate::vals::zero(&strip_discrete(v.clone(), ty)))
                .collect();
            return Ok((values, zeros));
        }
        let c = self.compiled(Request::Derive(DeriveKind::Jvp), wrt, options)?;
        let out = self.run(c, Given::Values(args, tangents), options.limits())?;
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
        let mut out = self.run(c, Given::Values(args, tangents), options.limits())?;
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
        self.pullback_given(Given::Values(args, Vec::new()), wrt, options)
    }
    pub(crate) fn pullback_given(
        &self,
        args: Given<'_>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<(Vec<Val>, RawPullback)> {
        let c = self.compiled(Request::Pullback, wrt, options)?;
        let mut out = self.run(c, args, options.limits())?;
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
            compiled: c.clone(),
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
    pub(crate) fn argument_of(&self, param: usize) -> usize {
        let at = self.inner.groups.iter().position(|g| g.contains(&param));
        at.unwrap_or(param)
    }
    pub(crate) fn run(&self, c: &Compiled, args: Given<'_>, limits: &Limits) -> Result<Vec<Val>> {
        match args {
            Given::Values(mut args, tangents) => {
                self.count("argument", self.inner.params.len(), args.len())?;
                for (i, (v, ty)) in args.iter().zip(&self.inner.params).enumerate() {
                    if !v.is_of(ty) {
                        let index = self.argument_of(i);
                        return Err(self.argument("argument", index, ty.to_string(), v));
                    }
                }
                args.extend(tangents);
                c.prepared.attempt(c.func, Attempt::Values(args), limits)
            }
            Given::Lent(args) => c.prepared.attempt(c.func, Attempt::Lent(args), limits),
        }
    }
    /// The leaves that argument `i` is.
    pub(crate) fn group(&self, i: usize) -> Range<usize> {
        self.inner.groups.get(i).cloned().unwrap_or(0..0)
    }
    /// Copies of those leaves that a gradient takes something from; unit for the others, none if there is no such leaf.
    pub(crate) fn keep(&self, args: &[Lent<'_>]) -> Vec<Val> {
        let copied = |p: &Part| matches!(p, Part::Both | Part::Copy);
        if !self.inner.parts.iter().any(copied) {
            return Vec::new();
        }
        let parts = self.inner.parts.iter().zip(args);
        parts
            .map(|(p, v)| if copied(p) { v.to_val() } else { Val::Unit })
            .collect()
    }
    /// The leaves of the gradient with respect to the parameters in `range`, all of which were chosen where they could be; `kept` is
    /// what [`keep`](Self::keep) gave.
    pub(crate) fn gradient_leaves<'a>(
        &'a self,
        range: Range<usize>,
        kept: &'a [Val],
        cotangents: Vec<Val>,
    ) -> impl Iterator<Item = Val> + 'a {
        let mut cts = cotangents.into_iter();
        let primal = |i: usize| kept.get(i).cloned().unwrap_or_default();
        range.map(move |i| match self.inner.parts.get(i) {
            Some(Part::Cotangent) => cts.next().unwrap_or_default(),
            Some(Part::Both) => {
                let ct = cts.next().unwrap_or_default();
                restore_discrete(&primal(i), ct, &self.inner.params[i])
            }
            Some(Part::Copy) => primal(i),
            Some(Part::Nothing) | None => Val::Unit,
        })
    }
    /// The tangent of a result whose leaves are `ys`, from those leaves' tangents.
    pub(crate) fn output_tangent<T: Datum>(
        &self,
        ys: &[Val],
        tangents: Vec<Val>,
    ) -> Option<Gradient<T>> {
        let mut ts = tangents.into_iter();
        let mut leaves = ys.iter().zip(&self.inner.results).map(|(y, ty)| {
            if ty.has_tangent() {
                restore_discrete(y, ts.next().unwrap_or_default(), ty)
            } else {
                y.clone()
            }
        });
        unflatten_gradient::<T>(&mut leaves)
    }
    /// Whether a choice of arguments has no tangent space.
    fn nothing_chosen(&self, wrt: &Wrt) -> Result<bool> {
        let range = match wrt {
            Wrt::All => 0..self.inner.params.len(),
            Wrt::Argument(i) if *i < self.inner.groups.len() => self.group(*i),
            Wrt::Argument(_) | Wrt::Params(_) => return Ok(self.chosen(wrt)?.is_empty()),
        };
        Ok(!self.inner.params[range].iter().any(Type::has_tangent))
    }
    /// The compiled form of a request, made if it is not there yet. Only that request waits while it is made.
    #[inline]
    pub(crate) fn compiled(
        &self,
        request: Request,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<&Arc<Compiled>> {
        let id = options.executor_id()?;
        let made = self
            .inner
            .compiled
            .get(|k| k.request == request && k.executor == id && k.wrt == *wrt);
        match made {
            Some(compiled) => compiled.as_ref().map_err(Clone::clone),
            None => self.compile(request, wrt, options),
        }
    }
    #[cold]
    fn compile(&self, request: Request, wrt: &Wrt, options: &Options) -> Result<&Arc<Compiled>> {
        let (id, executor) = options.resolve()?;
        let key = Key {
            request,
            wrt: wrt.clone(),
            executor: id,
        };
        let made = self.inner.compiled.get_or_init(key, || {
            let ready = executor.prepare_task(&Task {
                module: Arc::clone(&self.inner.module),
                unexpanded: self.inner.unexpanded.clone(),
                func: self.inner.id,
                request,
                chosen: self.chosen(wrt)?,
            })?;
            Ok(Arc::new(Compiled {
                prepared: ready.prepared,
                func: ready.entry,
                backward: ready.backward,
            }))
        });
        made.as_ref().map_err(Clone::clone)
    }
}

/// What the leaves of gradients are made of; `groups` are the arguments.
fn parts(params: &[Type], groups: &[Range<usize>]) -> Vec<Part> {
    let group = |i: usize| groups.iter().find(|g| g.contains(&i));
    let smooth = |i: usize| {
        group(i).is_some_and(|g| {
            g.clone()
                .any(|j| params.get(j).is_some_and(Type::has_tangent))
        })
    };
    let part = |(i, ty): (usize, &Type)| match (ty.has_tangent(), needs_primal(ty)) {
        (true, false) => Part::Cotangent,
        (true, true) => Part::Both,
        (false, _) if smooth(i) => Part::Copy,
        (false, _) => Part::Nothing,
    };
    params.iter().enumerate().map(part).collect()
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
        let args = Attempt::Values(args);
        self.compiled.prepared.attempt(backward, args, &self.limits)
    }
}
