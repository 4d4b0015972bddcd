//! The derivatives of a `#[differentiable]` function, typed. The methods that the macro generates call [`Runner`]'s.

use crate::Matrix;
use crate::cache::Cache;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Given, RawPullback, Wrt};
use crate::task::Request;
use cotangent_core::ir::{DeriveKind, Type};
use cotangent_core::stage::data::{
    self, Arg, Args, Datum, DiffFn, Gradient, MAX_WORDS, WordBuf, strip_discrete,
    take_gradient_words, unflatten_gradient,
};
use cotangent_core::value::{Lent, Val};
use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{LazyLock, PoisonError, RwLock};

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

/// The program of a `#[differentiable]` function, staged at the first call and kept.
///
/// # Errors
/// [`Error::Stage`] if it cannot be staged.
pub fn function<F: DiffFn>() -> Result<Function> {
    staged::<F>().cloned()
}

#[inline]
fn staged<F: DiffFn>() -> Result<&'static Function> {
    let own = F::cache().and_then(|c| c.downcast_ref::<Cache>());
    let cache = match own {
        Some(cache) => cache,
        None => shared_cache(TypeId::of::<F>()),
    };
    let made = match cache.0.get() {
        Some(made) => made,
        None => cache.0.get_or_init(stage::<F>),
    };
    made.as_ref().map_err(Clone::clone)
}

/// The cache of a function that has none of its own. Never freed, as the `static`s of the others are not.
fn shared_cache(id: TypeId) -> &'static Cache {
    static CACHES: LazyLock<RwLock<HashMap<TypeId, &'static Cache>>> =
        LazyLock::new(RwLock::default);
    let found = CACHES
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .copied();
    found.unwrap_or_else(|| {
        let mut all = CACHES.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(id)
            .or_insert_with(|| Box::leak(Box::new(Cache::new())))
    })
}

#[cold]
fn stage<F: DiffFn>() -> Result<Function> {
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

/// What a scalar function is asked for; see [`Runner::flat`].
const GRADIENT: Request = Request::Derive(DeriveKind::Gradient);
const VALUE_AND_GRADIENT: Request = Request::Derive(DeriveKind::ValueAndGradient);

/// Runs `f` with room for `n` words on the stack: not much more than that, as it is zeroed. Where `n` is constant one branch is left.
#[inline(always)]
fn with_words<T>(n: usize, f: impl FnOnce(&mut [u64]) -> T) -> T {
    match n {
        0..=4 => f(&mut [0; 4][..n]),
        5..=8 => f(&mut [0; 8][..n]),
        9..=16 => f(&mut [0; 16][..n]),
        // At most: arguments, their tangents twice, results, their tangents and these with the other leaves.
        _ => f(&mut [0; 6 * MAX_WORDS][..n]),
    }
}

/// The leaves of the arguments, as values.
fn leaves<A: Args>(f: &Function, args: &A) -> Vec<Val> {
    let mut vals = Vec::with_capacity(f.params().len());
    args.flatten(&mut vals);
    vals
}

/// The leaves of the arguments, arrays where they are.
fn lend<'a, A: Args>(f: &Function, args: &'a A) -> Vec<Lent<'a>> {
    let mut lent = Vec::with_capacity(f.params().len());
    args.lend(&mut lent);
    lent
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

pub(crate) fn unexpected(f: &Function) -> Error {
    Error::Internal(format!(
        "what `{}` returned is not of its result's type",
        f.name()
    ))
}

fn output<T: Datum<Owned = T>>(f: &Function, vals: Vec<Val>) -> Result<T> {
    T::unflatten(&mut vals.into_iter()).ok_or_else(|| unexpected(f))
}

fn all_gradients<A: Args>(f: &Function, kept: &[Val], cts: Vec<Val>) -> Result<A::Gradients> {
    let all = 0..f.params().len();
    A::unflatten_gradients(&mut f.gradient_leaves(all, kept, cts)).ok_or_else(|| unexpected(f))
}

fn one_gradient<A: Arg<I>, const I: usize>(
    f: &Function,
    kept: &[Val],
    cts: Vec<Val>,
) -> Result<Gradient<A::Type>> {
    unflatten_gradient::<A::Type>(&mut f.gradient_leaves(f.group(I), kept, cts))
        .ok_or_else(|| unexpected(f))
}

fn tangents<A: Args>(f: &Function, t: &A::Tangents) -> Vec<Val> {
    let mut out = Vec::new();
    A::flatten_tangents(t, &mut out);
    compact(out, f.params())
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

impl<F> Runner<F> {
    pub(crate) fn options(&self) -> &Options {
        &self.options
    }
}

impl<F: DiffFn> Runner<F> {
    /// The function, and the arguments as values.
    pub(crate) fn values(&self, args: &F::Args<'_>) -> Result<(&'static Function, Vec<Val>)> {
        let f = staged::<F>()?;
        Ok((f, leaves(f, args)))
    }
    /// The program on run-time values.
    ///
    /// # Errors
    /// [`Error::Stage`] if it cannot be staged.
    pub fn function(&self) -> Result<Function> {
        function::<F>()
    }
    /// Runs what a scalar function is asked for, on words, if the executor can do that without allocation.
    #[inline]
    fn flat(
        &self,
        f: &Function,
        request: Request,
        wrt: &Wrt,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<bool> {
        let c = f.compiled(request, wrt, &self.options)?;
        let limits = self.options.limits();
        match c.prepared.run_flat(c.func, args, results, limits) {
            Some(Ok(())) => Ok(true),
            Some(Err(trap)) => Err(trap.into()),
            None => Ok(false),
        }
    }
    /// The gradient with respect to all arguments and before it the value, if asked for, of a scalar function.
    #[inline]
    fn flat_gradient<'a, const N: usize>(
        &self,
        f: &Function,
        request: Request,
        args: &F::Args<'a>,
        value: &mut [u64; N],
    ) -> Result<Option<GradientsOf<'a, F>>> {
        let ty = <F::Args<'a> as Args>::WORDS;
        if !ty.is_flat() || ty.smooth() == 0 {
            return Ok(None);
        }
        with_words(2 * ty.len() + N + ty.smooth(), |buf| {
            let (words, buf) = buf.split_at_mut(ty.len());
            let (results, leaves) = buf.split_at_mut(N + ty.smooth());
            args.put_words(&mut WordBuf::new(words));
            if !self.flat(f, request, &Wrt::All, words, results)? {
                return Ok(None);
            }
            value.copy_from_slice(&results[..N]);
            ty.replace_smooth(words, &results[N..], leaves);
            <F::Args<'a>>::take_gradient_words(&mut leaves.iter())
                .map(Some)
                .ok_or_else(|| unexpected(f))
        })
    }
    /// As [`flat_gradient`](Self::flat_gradient), with respect to one argument.
    #[inline]
    fn flat_gradient_wrt<'a, const I: usize, const N: usize>(
        &self,
        f: &Function,
        request: Request,
        args: &F::Args<'a>,
        value: &mut [u64; N],
    ) -> Result<Option<GradientOf<'a, F, I>>>
    where
        F::Args<'a>: Arg<I>,
    {
        let ty = <<F::Args<'a> as Arg<I>>::Type as Datum>::WORDS;
        let before = <F::Args<'a> as Arg<I>>::WORDS_BEFORE;
        let all = <F::Args<'a> as Args>::WORDS;
        if !all.is_flat() || ty.smooth() == 0 {
            return Ok(None);
        }
        with_words(all.len() + N + ty.smooth() + ty.len(), |buf| {
            let (words, buf) = buf.split_at_mut(all.len());
            let (results, leaves) = buf.split_at_mut(N + ty.smooth());
            args.put_words(&mut WordBuf::new(words));
            if !self.flat(f, request, &Wrt::Argument(I), words, results)? {
                return Ok(None);
            }
            value.copy_from_slice(&results[..N]);
            ty.replace_smooth(&words[before..], &results[N..], leaves);
            take_gradient_words::<<F::Args<'a> as Arg<I>>::Type>(&mut leaves.iter())
                .map(Some)
                .ok_or_else(|| unexpected(f))
        })
    }
    /// The result of a scalar function.
    #[inline]
    fn flat_call(&self, f: &Function, args: &F::Args<'_>) -> Result<Option<F::Output>> {
        let (ty, out) = (<F::Args<'_> as Args>::WORDS, F::Output::WORDS);
        if !ty.is_flat() || !out.is_flat() {
            return Ok(None);
        }
        with_words(ty.len() + out.len(), |buf| {
            let (words, results) = buf.split_at_mut(ty.len());
            args.put_words(&mut WordBuf::new(words));
            if !self.flat(f, Request::Call, &Wrt::All, words, results)? {
                return Ok(None);
            }
            Self::from_words(f, results).map(Some)
        })
    }
    /// The result of a scalar function and its tangent.
    #[inline]
    fn flat_jvp(
        &self,
        f: &Function,
        args: &F::Args<'_>,
        tangents: &<F::Args<'_> as Args>::Tangents,
    ) -> Result<Option<(F::Output, Gradient<F::Output>)>> {
        let (ty, out) = (<F::Args<'_> as Args>::WORDS, F::Output::WORDS);
        if !ty.is_flat() || ty.smooth() == 0 || !out.is_flat() {
            return Ok(None);
        }
        let (n, given) = (ty.len(), ty.len() + ty.smooth());
        with_words(n + given + out.smooth() + 2 * out.len(), |buf| {
            let (all, buf) = buf.split_at_mut(n);
            let (words, buf) = buf.split_at_mut(given);
            let (results, leaves) = buf.split_at_mut(out.len() + out.smooth());
            args.put_words(&mut WordBuf::new(words));
            <F::Args<'_>>::put_tangent_words(tangents, &mut WordBuf::new(all));
            ty.only_smooth(all, &mut words[n..]);
            let request = Request::Derive(DeriveKind::Jvp);
            if !self.flat(f, request, &Wrt::All, words, results)? {
                return Ok(None);
            }
            let (y, dy) = results.split_at(out.len());
            out.replace_smooth(y, dy, leaves);
            let dy = take_gradient_words::<F::Output>(&mut leaves.iter());
            let dy = dy.ok_or_else(|| unexpected(f))?;
            Ok(Some((Self::from_words(f, y)?, dy)))
        })
    }
    /// The output that words are.
    #[inline]
    fn from_words(f: &Function, words: &[u64]) -> Result<F::Output> {
        F::Output::take_words(&mut words.iter()).ok_or_else(|| unexpected(f))
    }
    /// Runs the program. `&mut` arguments are not changed: what they would be is part of the output.
    ///
    /// # Errors
    /// [`Error::Trap`] where the plain function would panic, or at a limit.
    pub fn call(&self, args: F::Args<'_>) -> Result<F::Output> {
        let f = staged::<F>()?;
        if let Some(y) = self.flat_call(f, &args)? {
            return Ok(y);
        }
        output(
            f,
            f.call_given(Given::Lent(&lend(f, &args)), &self.options)?,
        )
    }
    /// The gradients with respect to all arguments.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::Ad`] if there is no derivative.
    pub fn gradient<'a>(&self, args: F::Args<'a>) -> Result<GradientsOf<'a, F>>
    where
        F: RealFn,
    {
        let f = staged::<F>()?;
        if let Some(g) = self.flat_gradient(f, GRADIENT, &args, &mut [])? {
            return Ok(g);
        }
        let lent = lend(f, &args);
        let cts = f.gradient_given(Given::Lent(&lent), &Wrt::All, &self.options)?;
        all_gradients::<F::Args<'a>>(f, &f.keep(&lent), cts)
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
        let f = staged::<F>()?;
        if let Some(g) = self.flat_gradient_wrt::<I, _>(f, GRADIENT, &args, &mut [])? {
            return Ok(g);
        }
        let lent = lend(f, &args);
        let cts = f.gradient_given(Given::Lent(&lent), &Wrt::Argument(I), &self.options)?;
        one_gradient::<F::Args<'a>, I>(f, &f.keep(&lent), cts)
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
        let f = staged::<F>()?;
        let mut y = [0];
        if let Some(g) = self.flat_gradient(f, VALUE_AND_GRADIENT, &args, &mut y)? {
            return Ok((Self::from_words(f, &y)?, g));
        }
        let lent = lend(f, &args);
        let given = Given::Lent(&lent);
        let (y, cts) = f.value_and_gradient_given(given, &Wrt::All, &self.options)?;
        let g = all_gradients::<F::Args<'a>>(f, &f.keep(&lent), cts)?;
        Ok((output(f, y)?, g))
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
        let f = staged::<F>()?;
        let mut y = [0];
        if let Some(g) = self.flat_gradient_wrt::<I, _>(f, VALUE_AND_GRADIENT, &args, &mut y)? {
            return Ok((Self::from_words(f, &y)?, g));
        }
        let lent = lend(f, &args);
        let given = Given::Lent(&lent);
        let (y, cts) = f.value_and_gradient_given(given, &Wrt::Argument(I), &self.options)?;
        let g = one_gradient::<F::Args<'a>, I>(f, &f.keep(&lent), cts)?;
        Ok((output(f, y)?, g))
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
        let f = staged::<F>()?;
        let lent = lend(f, &args);
        let (y, raw) = f.pullback_given(Given::Lent(&lent), &Wrt::All, &self.options)?;
        let pull = Pullback {
            function: f.clone(),
            raw,
            kept: f.keep(&lent),
            make: all_gradients::<F::Args<'a>>,
            of: PhantomData,
        };
        Ok((output(f, y)?, pull))
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
        let f = staged::<F>()?;
        if let Some(both) = self.flat_jvp(f, &args, &tangents_)? {
            return Ok(both);
        }
        let ts = tangents::<F::Args<'_>>(f, &tangents_);
        let (y, dy) = f.jvp(leaves(f, &args), ts, &Wrt::All, &self.options)?;
        let dy = f
            .output_tangent::<F::Output>(&y, dy)
            .ok_or_else(|| unexpected(f))?;
        Ok((output(f, y)?, dy))
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
        let f = staged::<F>()?;
        f.jacobian(leaves(f, args), wrt, &self.options)
    }
    /// The Hessian with respect to all arguments, rows and columns in order of the data.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian(&self, args: F::Args<'_>) -> Result<Matrix>
    where
        F: RealFn,
    {
        let f = staged::<F>()?;
        f.hessian(leaves(f, &args), &Wrt::All, &self.options)
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
        let f = staged::<F>()?;
        f.hessian(leaves(f, &args), &Wrt::Argument(I), &self.options)
    }
    /// The diagonal of the Hessian, shaped like the arguments; the Hessian is not made.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian_diagonal<'a>(&self, args: F::Args<'a>) -> Result<GradientsOf<'a, F>>
    where
        F: RealFn,
    {
        let f = staged::<F>()?;
        let d = f.hessian_diagonal(leaves(f, &args), &Wrt::All, &self.options)?;
        all_gradients::<F::Args<'a>>(f, &f.keep(&lend(f, &args)), d)
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
        let f = staged::<F>()?;
        let ts = tangents::<F::Args<'_>>(f, &tangents_);
        let vals = leaves(f, &args);
        let (_, hv) = f.hessian_vector(vals, ts, &Wrt::All, &self.options)?;
        all_gradients::<F::Args<'a>>(f, &f.keep(&lend(f, &args)), hv)
    }
    /// The program, as text.
    ///
    /// # Errors
    /// [`Error::Stage`] if it cannot be staged.
    pub fn ir(&self) -> Result<String> {
        Ok(staged::<F>()?.ir())
    }
    /// The program of the gradient with respect to all arguments, as text.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn gradient_ir(&self) -> Result<String>
    where
        F: RealFn,
    {
        staged::<F>()?.derivative_ir(DeriveKind::Gradient, &Wrt::All)
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
