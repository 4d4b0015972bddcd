//! The derivatives of a `#[differentiable]` function, typed. The methods that the macro generates call [`Runner`]'s.

use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, RawPullback, Wrt};
use crate::matrix::Matrix;
use crate::vals::{basis, read_reals};
use cotangent_core::ir::{DeriveKind, Type};
use cotangent_core::stage::data::{
    self, Arg, Args, Datum, DiffFn, Gradient, needs_primal, strip_discrete, unflatten_gradient,
};
use cotangent_core::value::Val;
use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

/// A result that a gradient can be taken of: `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "the gradient needs a function that returns one real number, this one returns `{Self}`",
    note = "use `pullback` with a cotangent of the result, `jvp`, or `jacobian`"
)]
pub trait RealScalar {}
impl RealScalar for f32 {}
impl RealScalar for f64 {}

/// A function that a gradient can be taken of: its output is a [`RealScalar`]. Of others it is an error of compilation:
///
/// ```compile_fail,E0277
/// #[cotangent::differentiable]
/// fn pair(x: f64) -> [f64; 2] {
///     [x, x]
/// }
/// let _ = pair::gradient(1.0);
/// ```
pub trait RealFn {}
impl<F: DiffFn<Output: RealScalar>> RealFn for F {}

/// Staged functions, by the type that stands for them. A `OnceLock` each, so that only who needs it waits for it.
type Staged = Arc<OnceLock<Result<Function>>>;
static FUNCTIONS: LazyLock<RwLock<HashMap<TypeId, Staged>>> = LazyLock::new(RwLock::default);

/// The program of a `#[differentiable]` function, staged at the first call and kept.
///
/// # Errors
/// [`Error::Stage`] if it cannot be staged.
pub fn function<F: DiffFn>() -> Result<Function> {
    let id = TypeId::of::<F>();
    let found = FUNCTIONS
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .cloned();
    let entry = match found {
        Some(e) => e,
        None => FUNCTIONS
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(id)
            .or_default()
            .clone(),
    };
    entry
        .get_or_init(|| {
            let (module, id) = F::stage()?;
            let mut at = 0;
            let groups = <F::Args<'_> as Args>::types()
                .iter()
                .map(|leaves| {
                    at += leaves.len();
                    at - leaves.len()..at
                })
                .collect();
            Function::grouped(module, id, groups)
        })
        .clone()
}

/// A function with a choice of how to run it; what `f::with(&options)` gives. Arguments are given as a tuple.
///
/// Every method stages, differentiates and compiles at its first call, and reuses that afterwards.
pub struct Runner<F> {
    options: Options,
    of: PhantomData<fn() -> F>,
}

impl<F> fmt::Debug for Runner<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("options", &self.options)
            .finish()
    }
}
impl<F> Clone for Runner<F> {
    fn clone(&self) -> Self {
        Runner::new(&self.options)
    }
}
impl<F> Default for Runner<F> {
    fn default() -> Self {
        Runner {
            options: Options::new(),
            of: PhantomData,
        }
    }
}

/// The gradients of all arguments, without the lifetimes of the arguments.
type GradientsOf<'a, F> = <<F as DiffFn>::Args<'a> as Args>::Gradients;
/// The gradient of argument `I`.
type GradientOf<'a, F, const I: usize> = Gradient<<<F as DiffFn>::Args<'a> as Arg<I>>::Type>;

/// The leaves of the arguments.
struct Leaves {
    vals: Vec<Val>,
    /// Copies of those leaves that a gradient copies something from; unit for the others.
    kept: Vec<Val>,
}

fn leaves<A: Args>(f: &Function, args: &A) -> Leaves {
    let mut vals = Vec::with_capacity(f.params().len());
    args.flatten(&mut vals);
    Leaves {
        kept: keep(&vals, f.params()),
        vals,
    }
}

fn keep(vals: &[Val], types: &[Type]) -> Vec<Val> {
    vals.iter()
        .zip(types)
        .map(|(v, ty)| {
            if needs_primal(ty) {
                v.clone()
            } else {
                Val::Unit
            }
        })
        .collect()
}

/// Puts unit values where leaves have no tangent space.
fn spread(cotangents: Vec<Val>, types: &[Type]) -> impl Iterator<Item = Val> {
    let mut cts = cotangents.into_iter();
    types.iter().map(move |ty| {
        if ty.has_tangent() {
            cts.next().unwrap_or_default()
        } else {
            Val::Unit
        }
    })
}

/// The tangents of the leaves that have a tangent space.
fn compact(tangents: Vec<Val>, types: &[Type]) -> Vec<Val> {
    tangents
        .into_iter()
        .zip(types)
        .filter(|(_, ty)| ty.has_tangent())
        .map(|(t, _)| t)
        .collect()
}

fn unexpected(f: &Function) -> Error {
    Error::Internal(format!(
        "what `{}` returned is not of its result's type",
        f.name()
    ))
}

fn output<T: Datum<Owned = T>>(f: &Function, vals: Vec<Val>) -> Result<T> {
    T::unflatten(&mut vals.into_iter()).ok_or_else(|| unexpected(f))
}

fn all_gradients<A: Args>(f: &Function, kept: &[Val], cts: Vec<Val>) -> Result<A::Gradients> {
    A::unflatten_gradients(kept, &mut spread(cts, f.params())).ok_or_else(|| unexpected(f))
}

/// The leaves of argument `I`.
fn range<A: Args>(i: usize) -> std::ops::Range<usize> {
    let types = A::types();
    let at: usize = types.iter().take(i).map(Vec::len).sum();
    at..at + types.get(i).map_or(0, Vec::len)
}

fn one_gradient<A: Arg<I>, const I: usize>(
    f: &Function,
    kept: &[Val],
    cts: Vec<Val>,
) -> Result<Gradient<A::Type>> {
    let r = range::<A>(I);
    unflatten_gradient::<A::Type>(&kept[r.clone()], &mut spread(cts, &f.params()[r]))
        .ok_or_else(|| unexpected(f))
}

fn tangents<A: Args>(f: &Function, t: &A::Tangents) -> Vec<Val> {
    let mut out = Vec::new();
    A::flatten_tangents(t, &mut out);
    compact(out, f.params())
}

fn complex(f: &Function) -> Error {
    Error::Unsupported {
        what: format!(
            "`{}`: Jacobians and Hessians of complex numbers are not matrices of real ones; use `pullback` or `jvp`",
            f.name()
        ),
    }
}

impl<F> Runner<F> {
    /// Runs with these options.
    pub fn new(options: &Options) -> Runner<F> {
        Runner {
            options: options.clone(),
            of: PhantomData,
        }
    }
}

impl<F: DiffFn> Runner<F> {
    /// The program on run-time values.
    ///
    /// # Errors
    /// [`Error::Stage`] if it cannot be staged.
    pub fn function(&self) -> Result<Function> {
        function::<F>()
    }
    /// Runs the program. `&mut` arguments are not changed: what they would be is part of the output.
    ///
    /// # Errors
    /// [`Error::Trap`] where the plain function would panic, or at a limit.
    pub fn call(&self, args: F::Args<'_>) -> Result<F::Output> {
        let f = function::<F>()?;
        let out = f.call(leaves(&f, &args).vals, &self.options)?;
        output(&f, out)
    }
    /// The gradients with respect to all arguments.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::Ad`] if there is no derivative.
    pub fn gradient<'a>(&self, args: F::Args<'a>) -> Result<GradientsOf<'a, F>>
    where
        F: RealFn,
    {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let cts = f.gradient(l.vals, &Wrt::All, &self.options)?;
        all_gradients::<F::Args<'a>>(&f, &l.kept, cts)
    }
    /// The gradient with respect to argument `I`; nothing is computed for the others.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn gradient_wrt<'a, const I: usize>(
        &self,
        args: F::Args<'a>,
    ) -> Result<GradientOf<'a, F, I>>
    where
        F: RealFn,
        F::Args<'a>: Arg<I>,
    {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let cts = f.gradient(l.vals, &Wrt::Argument(I), &self.options)?;
        one_gradient::<F::Args<'a>, I>(&f, &l.kept, cts)
    }
    /// The value, and the gradients with respect to all arguments.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn value_and_gradient<'a>(
        &self,
        args: F::Args<'a>,
    ) -> Result<(F::Output, GradientsOf<'a, F>)>
    where
        F: RealFn,
    {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let (y, cts) = f.value_and_gradient(l.vals, &Wrt::All, &self.options)?;
        let g = all_gradients::<F::Args<'a>>(&f, &l.kept, cts)?;
        Ok((output(&f, y)?, g))
    }
    /// The value, and the gradient with respect to argument `I`.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn value_and_gradient_wrt<'a, const I: usize>(
        &self,
        args: F::Args<'a>,
    ) -> Result<(F::Output, GradientOf<'a, F, I>)>
    where
        F: RealFn,
        F::Args<'a>: Arg<I>,
    {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let (y, cts) = f.value_and_gradient(l.vals, &Wrt::Argument(I), &self.options)?;
        let g = one_gradient::<F::Args<'a>, I>(&f, &l.kept, cts)?;
        Ok((output(&f, y)?, g))
    }
    /// The value, and a function from a cotangent of it to those of all arguments.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::Ad`] if there is no derivative.
    #[expect(clippy::type_complexity, reason = "a projection of the arguments")]
    pub fn pullback<'a>(
        &self,
        args: F::Args<'a>,
    ) -> Result<(F::Output, Pullback<F::Output, GradientsOf<'a, F>>)> {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let (y, raw) = f.pullback(l.vals, &Wrt::All, &self.options)?;
        let pull = Pullback {
            function: f.clone(),
            raw,
            kept: l.kept,
            make: all_gradients::<F::Args<'a>>,
            of: PhantomData,
        };
        Ok((output(&f, y)?, pull))
    }
    /// The value, and its derivative in the direction of the tangents, one for each argument.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Argument`] if a tangent's shape is not that of its argument.
    pub fn jvp(
        &self,
        args: F::Args<'_>,
        tangents_: <F::Args<'_> as Args>::Tangents,
    ) -> Result<(F::Output, Gradient<F::Output>)> {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let ts = tangents::<F::Args<'_>>(&f, &tangents_);
        let (y, dy) = f.jvp(l.vals, ts, &Wrt::All, &self.options)?;
        let dy =
            unflatten_gradient::<F::Output>(&keep(&y, f.results()), &mut spread(dy, f.results()))
                .ok_or_else(|| unexpected(&f))?;
        Ok((output(&f, y)?, dy))
    }
    /// The Jacobian with respect to all arguments: a row for each real number of the output, a column for each of the
    /// arguments, both in order of the data. Forward or reverse, whichever takes fewer runs.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] for complex numbers.
    pub fn jacobian(&self, args: F::Args<'_>) -> Result<Matrix> {
        self.jacobian_of(&args, &Wrt::All)
    }
    /// The Jacobian with respect to argument `I`.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn jacobian_wrt<'a, const I: usize>(&self, args: F::Args<'a>) -> Result<Matrix>
    where
        F::Args<'a>: Arg<I>,
    {
        self.jacobian_of(&args, &Wrt::Argument(I))
    }
    fn jacobian_of(&self, args: &F::Args<'_>, wrt: &Wrt) -> Result<Matrix> {
        let f = function::<F>()?;
        f.jacobian(leaves(&f, args).vals, wrt, &self.options)
    }
    /// The Hessian with respect to all arguments, rows and columns in order of the data.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian(&self, args: F::Args<'_>) -> Result<Matrix>
    where
        F: RealFn,
    {
        let f = function::<F>()?;
        f.hessian(leaves(&f, &args).vals, &Wrt::All, &self.options)
    }
    /// The Hessian with respect to argument `I`.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian_wrt<'a, const I: usize>(&self, args: F::Args<'a>) -> Result<Matrix>
    where
        F: RealFn,
        F::Args<'a>: Arg<I>,
    {
        let f = function::<F>()?;
        f.hessian(leaves(&f, &args).vals, &Wrt::Argument(I), &self.options)
    }
    /// The product of the Hessian with a direction, one tangent for each argument, without the Hessian. Forward over reverse.
    ///
    /// # Errors
    /// As [`jvp`](Self::jvp).
    pub fn hvp<'a>(
        &self,
        args: F::Args<'a>,
        tangents_: <F::Args<'_> as Args>::Tangents,
    ) -> Result<GradientsOf<'a, F>>
    where
        F: RealFn,
    {
        let f = function::<F>()?;
        let l = leaves(&f, &args);
        let ts = tangents::<F::Args<'_>>(&f, &tangents_);
        let (_, hv) = f.hessian_vector(l.vals, ts, &Wrt::All, &self.options)?;
        all_gradients::<F::Args<'a>>(&f, &l.kept, hv)
    }
    /// The program, as text.
    ///
    /// # Errors
    /// [`Error::Stage`] if it cannot be staged.
    pub fn ir(&self) -> Result<String> {
        Ok(function::<F>()?.ir())
    }
    /// The program of the gradient with respect to all arguments, as text.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn gradient_ir(&self) -> Result<String>
    where
        F: RealFn,
    {
        function::<F>()?.derivative_ir(DeriveKind::Gradient, &Wrt::All)
    }
}

/// From a cotangent of a function's output to those of its arguments. Made by `f::pullback(..)`; call it as often as needed.
///
/// `O` is the output, `G` the gradients.
pub struct Pullback<O, G> {
    function: Function,
    raw: RawPullback,
    kept: Vec<Val>,
    make: fn(&Function, &[Val], Vec<Val>) -> Result<G>,
    of: PhantomData<fn(O)>,
}

impl<O, G> fmt::Debug for Pullback<O, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pullback of `{}`", self.function.name())
    }
}

impl<O: Datum<Owned = O>, G> Pullback<O, G> {
    /// The cotangents of the arguments. The cotangent is of the output's type (or a borrowed form of it: `&[f64]` for
    /// `Vec<f64>`); what is not floating point in it is ignored.
    ///
    /// # Errors
    /// [`Error::Argument`] if the cotangent's shape is not that of the output.
    pub fn call(&self, cotangent: impl Datum<Owned = O>) -> Result<G> {
        let types = self.function.results();
        let cts = data::flatten(&cotangent)
            .into_iter()
            .zip(types)
            .filter(|(_, ty)| ty.has_tangent())
            .map(|(v, ty)| strip_discrete(v, ty))
            .collect();
        (self.make)(&self.function, &self.kept, self.raw.call(cts)?)
    }
}

impl Function {
    /// The Jacobian with respect to the chosen parameters: a row for each real number of the results, a column for each of
    /// the parameters. Forward or reverse, whichever takes fewer runs.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] for complex numbers.
    pub fn jacobian(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Matrix> {
        let (inputs, columns) = self.shape_of(&args, wrt)?;
        let (_, pull) = self.pullback(args.clone(), wrt, options)?;
        let outputs: Vec<Val> = pull
            .results()
            .iter()
            .map(|(_, ty, v)| strip_discrete(v.clone(), ty))
            .collect();
        let rows = count(&outputs).ok_or_else(|| complex(self))?;
        let mut m = Matrix::zeros(rows, columns);
        let mut one = Vec::with_capacity(rows.max(columns));
        if rows <= columns {
            for i in 0..rows {
                one.clear();
                let cts = pull.call(basis(&outputs, i))?;
                if !cts.iter().all(|v| read_reals(v, &mut one)) || one.len() != columns {
                    return Err(unexpected(self));
                }
                m.row_mut(i).copy_from_slice(&one);
            }
        } else {
            for j in 0..columns {
                one.clear();
                let (_, dy) = self.jvp(args.clone(), basis(&inputs, j), wrt, options)?;
                if !dy.iter().all(|v| read_reals(v, &mut one)) || one.len() != rows {
                    return Err(unexpected(self));
                }
                for (i, &x) in one.iter().enumerate() {
                    m.set((i, j), x);
                }
            }
        }
        Ok(m)
    }
    /// The Hessian with respect to the chosen parameters.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Matrix> {
        let (inputs, n) = self.shape_of(&args, wrt)?;
        let mut m = Matrix::zeros(n, n);
        let mut one = Vec::with_capacity(n);
        for j in 0..n {
            one.clear();
            let direction = basis(&inputs, j);
            let (_, hv) = self.hessian_vector(args.clone(), direction, wrt, options)?;
            if !hv.iter().all(|v| read_reals(v, &mut one)) || one.len() != n {
                return Err(unexpected(self));
            }
            for (i, &x) in one.iter().enumerate() {
                m.set((i, j), x);
            }
        }
        Ok(m)
    }
    /// Values of the shapes of the chosen parameters' tangents, and how many real numbers they hold.
    fn shape_of(&self, args: &[Val], wrt: &Wrt) -> Result<(Vec<Val>, usize)> {
        let inputs: Vec<Val> = self
            .chosen(wrt)?
            .into_iter()
            .filter_map(|p| {
                let (v, ty) = (args.get(p as usize)?, self.params().get(p as usize)?);
                Some(strip_discrete(v.clone(), ty))
            })
            .collect();
        let n = count(&inputs).ok_or_else(|| complex(self))?;
        Ok((inputs, n))
    }
}

fn count(vals: &[Val]) -> Option<usize> {
    let mut out = Vec::new();
    vals.iter()
        .all(|v| read_reals(v, &mut out))
        .then_some(out.len())
}
