//! Training: loss, derivatives and the optimiser's step as one program of an executor, which keeps the parameters.
//!
//! On a device the state stays there and is replaced in place; a step moves its batch there and its loss back, an epoch only the losses. What
//! runs it is a matter of the options alone.

use crate::optimise::Optimiser;
use crate::step::{self, EPOCH, STEP, Training};
use cotangent::core::ad;
use cotangent::core::entity::FuncId;
use cotangent::core::ir::{DType, Module, Type};
use cotangent::core::stage::data::{Args, DiffFn, flatten, types_of};
use cotangent::core::value::{Data, Lent, Tensor, Val};
use cotangent::{
    Arg, Cut, Datum, Error, Feed, Function, Held, Mesh, Options, RealScalar, Recipe, Residents,
    Result, Spread,
};
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// The type of the model that a loss is a function of: its first argument's.
pub type Model<F> = <<<F as DiffFn>::Args<'static> as Arg<0>>::Type as Datum>::Owned;

/// Trains a model. The loss is a `#[differentiable]` function of the model and of a batch, one or more arguments.
///
/// ```
/// use cotangent::{Options, Tensor, differentiable};
/// use cotangent_models::layers::{Dense, Layer, Layer__Staged};
/// use cotangent_models::{Descent, Key, Trainer, loss};
///
/// #[differentiable]
/// fn objective(net: &Dense, x: &Tensor<f32, 4>, y: &Tensor<f32, 4>) -> f32 {
///     loss::mse(&net.apply(x), y)
/// }
///
/// let x = Tensor::from_fn([8, 1, 1, 2], |[i, _, _, j]| (i * (j + 1)) as f32 / 8.0);
/// let y = Tensor::from_fn([8, 1, 1, 1], |[i, ..]| i as f32);
/// let net = Dense::new(2, 1, Key::new(3));
/// let mut trainer = Trainer::new(objective {}, Descent::new(0.1), &net, &Options::new())?; // .executor("xla"), say
/// let first = trainer.step((&x, &y))?;
/// for _ in 0..50 {
///     trainer.step((&x, &y))?;
/// }
/// assert!(trainer.step((&x, &y))? < 0.1 * first);
/// let net: Dense = trainer.net()?;
/// # let _ = net;
/// # Ok::<(), cotangent::Error>(())
/// ```
pub struct Trainer<F: DiffFn, O> {
    /// What a step is. Its settings may change between steps.
    pub optimiser: O,
    function: Function,
    residents: Arc<dyn Residents>,
    options: Options,
    /// Leaves of the model.
    leaves: Vec<Type>,
    /// See `step`; none after a step that failed.
    state: Option<Vec<Held>>,
    /// Leaves of the model without floating-point numbers.
    others: Vec<Held>,
    of: PhantomData<fn() -> F>,
}

impl<F: DiffFn, O: fmt::Debug> fmt::Debug for Trainer<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trainer")
            .field("loss", &self.function.name())
            .field("optimiser", &self.optimiser)
            .field("options", &self.options)
            .finish()
    }
}

/// Which axis of a leaf of the model is cut along [`Mesh::MODEL`]: given its number among the leaves with floating-point numbers, and its extents.
pub type Rule = dyn Fn(usize, &[usize]) -> Option<usize>;

/// Batches where the executor computes.
#[derive(Debug)]
pub struct Batches {
    /// Each a list of batches of equal extents.
    lists: Vec<Vec<Held>>,
    batches: usize,
}

impl Batches {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.batches
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.batches == 0
    }
}

/// The loss of a step that may still be computed.
#[derive(Debug)]
pub struct Loss<T> {
    held: Held,
    residents: Arc<dyn Residents>,
    of: PhantomData<fn() -> T>,
}

impl<T: Datum<Owned = T>> Loss<T> {
    /// Waits for it.
    ///
    /// # Errors
    /// If the step failed.
    pub fn wait(&self) -> Result<T> {
        step::whole::<T>(vec![self.residents.fetch(&self.held)?])
    }
}

fn lost() -> Error {
    Error::Unsupported {
        what: "the parameters were lost in a step that failed; make a new trainer".into(),
    }
}

impl<F: DiffFn, O: Optimiser> Trainer<F, O>
where
    F::Args<'static>: Arg<0>,
    F::Output: RealScalar,
{
    /// Compiles the programs, and takes the model where the executor of the options computes.
    ///
    /// # Errors
    /// If the loss cannot be staged or differentiated, or the executor cannot run it.
    pub fn new(loss: F, optimiser: O, net: &Model<F>, options: &Options) -> Result<Trainer<F, O>> {
        Trainer::spread(loss, optimiser, net, options, None, &|_, _| None)
    }
    /// As [`new`](Self::new), on several devices. Batches are cut along their first axis over the mesh's axis [`Mesh::DATA`]; leaves of the
    /// model as `rule` says along [`Mesh::MODEL`], and are on every device otherwise. What the devices tell each other follows from that.
    ///
    /// # Errors
    /// As [`new`](Self::new), and if the executor does not have so many devices.
    pub fn over(
        mesh: Mesh,
        rule: &Rule,
        loss: F,
        optimiser: O,
        net: &Model<F>,
        options: &Options,
    ) -> Result<Trainer<F, O>> {
        Trainer::spread(loss, optimiser, net, options, Some(mesh), rule)
    }
    fn spread(
        _: F,
        optimiser: O,
        net: &Model<F>,
        options: &Options,
        mesh: Option<Mesh>,
        rule: &Rule,
    ) -> Result<Trainer<F, O>> {
        let function = cotangent::function::<F>()?;
        let leaves = types_of::<<F::Args<'static> as Arg<0>>::Type>();
        let settings = optimiser.settings().len();
        let recipe = Training::<O>::new(function.clone(), leaves.len(), settings);
        let mut parts = Vec::new();
        net.lend(&mut parts);
        let mut spread = Spread {
            mesh,
            ..Spread::default()
        };
        let data = function.params().len() - leaves.len();
        cuts::<O>(&mut spread, &leaves, &parts, data, rule);
        let executor = options.find_executor()?;
        let residents = executor.prepare_recipe(Arc::new(recipe), &spread)?;
        let (smooth, others): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .zip(&leaves)
            .partition(|(_, t)| t.has_tangent());
        let values = match O::KEPT {
            0 => smooth.iter().map(|_| Val::Unit).collect(),
            _ => smooth.iter().map(|(v, _)| v.to_val()).collect(),
        };
        let types = match O::KEPT {
            0 => vec![Type::unit(); smooth.len()],
            _ => step::smooth(&leaves),
        };
        let start = step::start::<O>(&types, values)?.into_iter().map(Lent::Val);
        let state = start
            .chain(smooth.into_iter().map(|(v, _)| v))
            .enumerate()
            // After the settings.
            .map(|(k, v)| residents.hold(STEP, 1 + k, &v))
            .collect::<Result<Vec<_>>>()?;
        let first = 1 + state.len();
        let others = others
            .iter()
            .enumerate()
            .map(|(k, (v, _))| residents.hold(STEP, first + k, v))
            .collect::<Result<_>>()?;
        Ok(Trainer {
            optimiser,
            function,
            residents,
            options: options.clone(),
            leaves,
            state: Some(state),
            others,
            of: PhantomData,
        })
    }
    /// The types of the leaves of a batch.
    fn batch_types(&self) -> &[Type] {
        &self.function.params()[self.leaves.len()..]
    }
    fn check<A: Args>(&self) -> Result<()> {
        let got: Vec<Type> = A::types().concat();
        let want = self.batch_types();
        if got.len() == want.len() && got.iter().zip(want).all(|(g, w)| g.fits(w)) {
            return Ok(());
        }
        let list = |ts: &[Type]| {
            let ts: Vec<String> = ts.iter().map(ToString::to_string).collect();
            format!("({})", ts.join(", "))
        };
        Err(Error::Argument {
            function: self.function.name().into(),
            role: "argument",
            index: 1,
            want: format!("a batch of {}", list(want)),
            got: list(&got),
        })
    }
    /// Runs one of the programs on the state; what it returns after the state.
    fn run(&mut self, function: usize, data: Vec<Feed<'_>>) -> Result<Vec<Held>> {
        let state = self.state.take().ok_or_else(lost)?;
        let n = state.len();
        let settings = Lent::Val(step::settings(&self.optimiser));
        let mut args = vec![Feed::Lend(settings)];
        args.extend(state.into_iter().map(Feed::Give));
        args.extend(self.others.iter().map(Feed::Keep));
        args.extend(data);
        let mut out = self.residents.run(function, args, self.options.limits())?;
        let rest = out.split_off(n.min(out.len()));
        self.state = Some(out);
        Ok(rest)
    }
    fn loss(&self, mut out: Vec<Held>) -> Result<Loss<F::Output>> {
        let held = out
            .pop()
            .ok_or_else(|| Error::Internal("a step without a loss".into()))?;
        Ok(Loss {
            held,
            residents: self.residents.clone(),
            of: PhantomData,
        })
    }
    /// A step on a batch: the arguments of the loss after the model, as a tuple. Gives the loss before the step.
    ///
    /// # Errors
    /// If the batch is of other types, or the program fails: the parameters are lost then.
    pub fn step<A: Args>(&mut self, batch: A) -> Result<F::Output> {
        self.step_later(batch)?.wait()
    }
    /// As [`step`](Self::step), without waiting for the loss: on a device that computes by itself the next batch can be made meanwhile.
    ///
    /// # Errors
    /// As [`step`](Self::step); failures while it computes come with the loss.
    pub fn step_later<A: Args>(&mut self, batch: A) -> Result<Loss<F::Output>> {
        self.check::<A>()?;
        let mut parts = Vec::new();
        batch.lend(&mut parts);
        let data = parts.into_iter().map(Feed::Lend).collect();
        let out = self.run(STEP, data)?;
        self.loss(out)
    }
    /// A step on each batch, with its number and loss told to `progress`. While a step computes on a device, the next batch is made and moved there.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn fit<A: Args>(
        &mut self,
        batches: impl IntoIterator<Item = A>,
        mut progress: impl FnMut(usize, F::Output),
    ) -> Result<()> {
        /// How many steps may wait for one another.
        const AHEAD: usize = 2;
        let mut waiting = VecDeque::new();
        let mut told = 0;
        let mut tell = |loss: Loss<F::Output>| -> Result<()> {
            progress(told, loss.wait()?);
            told += 1;
            Ok(())
        };
        for batch in batches {
            waiting.push_back(self.step_later(batch)?);
            if waiting.len() >= AHEAD
                && let Some(loss) = waiting.pop_front()
            {
                tell(loss)?;
            }
        }
        waiting.into_iter().try_for_each(tell)
    }
    /// Moves batches where the executor computes, for [`epoch`](Self::epoch).
    ///
    /// # Errors
    /// If they are of other types than the loss takes, or it takes none.
    pub fn load<A: Args>(&self, batches: impl IntoIterator<Item = A>) -> Result<Batches> {
        self.check::<A>()?;
        if self.batch_types().is_empty() {
            return Err(Error::Unsupported {
                what: format!(
                    "an epoch of `{}`, which takes no data; take steps",
                    self.function.name()
                ),
            });
        }
        let mut lists: Vec<Vec<Vec<Val>>> = Vec::new();
        let mut count = 0;
        for batch in batches {
            let mut leaves = Vec::new();
            batch.flatten(&mut leaves);
            count += 1;
            let like = |list: &Vec<Vec<Val>>| {
                list.last()
                    .is_some_and(|b| b.iter().zip(&leaves).all(|(a, b)| same_extents(a, b)))
            };
            match lists.last_mut().filter(|l| like(l)) {
                Some(list) => list.push(leaves),
                None => lists.push(vec![leaves]),
            }
        }
        let first = self.head();
        let hold = |list: Vec<Vec<Val>>| {
            let n = self.batch_types().len();
            (0..n)
                .map(|k| {
                    let of: Vec<&Val> = list.iter().map(|b| &b[k]).collect();
                    let v =
                        stack(&of).ok_or_else(|| Error::Internal("batches of two types".into()))?;
                    self.residents.hold(EPOCH, first + k, &Lent::Val(v))
                })
                .collect::<Result<Vec<Held>>>()
        };
        Ok(Batches {
            lists: lists.into_iter().map(hold).collect::<Result<_>>()?,
            batches: count,
        })
    }
    /// How many parameters come before those of the data.
    fn head(&self) -> usize {
        let smooth = step::smooth(&self.leaves);
        1 + step::state::<O>(&smooth).len() + self.others.len()
    }
    /// A step on each batch, all in one program; batches of equal extents, that is: for each row of others one program. Gives the losses.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn epoch(&mut self, batches: &Batches) -> Result<Vec<F::Output>> {
        let mut losses = Vec::with_capacity(batches.len());
        for list in &batches.lists {
            let data = list.iter().map(Feed::Keep).collect();
            let out = self.run(EPOCH, data)?;
            let [held] = &out[..] else {
                return Err(Error::Internal("an epoch without losses".into()));
            };
            let Val::Tensor(t) = self.residents.fetch(held)? else {
                return Err(Error::Internal("losses that are no vector".into()));
            };
            for i in 0..t.data.len() {
                losses.push(step::whole::<F::Output>(vec![Val::Scalar(t.data.get(i))])?);
            }
        }
        Ok(losses)
    }
    /// The model as it is now.
    ///
    /// # Errors
    /// If a step failed.
    pub fn net(&self) -> Result<Model<F>> {
        let state = self.state.as_ref().ok_or_else(lost)?;
        let smooth = self.leaves.iter().filter(|t| t.has_tangent()).count();
        let mut smooth = state[state.len() - smooth..].iter();
        let mut others = self.others.iter();
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for t in &self.leaves {
            let held = if t.has_tangent() {
                smooth.next()
            } else {
                others.next()
            };
            leaves.push(self.residents.fetch(held.ok_or_else(lost)?)?);
        }
        step::whole::<Model<F>>(leaves)
    }
    /// Takes what is no floating-point number in a model, a key of dropout say, for the next steps; the rest stays as it is.
    ///
    /// # Errors
    /// If the executor cannot take it.
    pub fn set_others(&mut self, net: &Model<F>) -> Result<()> {
        let first = self.head() - self.others.len();
        let leaves = flatten(net).into_iter().zip(&self.leaves);
        let others = leaves.filter(|(_, t)| !t.has_tangent());
        self.others = others
            .enumerate()
            .map(|(k, (v, _))| self.residents.hold(STEP, first + k, &Lent::Val(v)))
            .collect::<Result<_>>()?;
        Ok(())
    }
}

/// The program of a step as it is given to a compiler, for who compiles it ahead of time.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// The program.
    pub module: Module,
    /// The function of a step: of the settings, the state, what else the model has, and a batch, to the state and the loss.
    pub step: FuncId,
    /// The types of its arguments, with all extents.
    pub arguments: Vec<Type>,
    /// Which of them are the state, which the results replace.
    pub state: Range<usize>,
    /// Which are the batch.
    pub batch: Range<usize>,
}

impl Ahead {
    /// The step of a loss, whose model's leaves with floating-point numbers and whose batch have those types: nothing need be there but extents.
    /// `version` gives the version of a function for arguments of some types.
    ///
    /// # Errors
    /// If the loss cannot be staged or differentiated, or the types are not those of its arguments.
    pub fn new<F: DiffFn, O: Optimiser>(
        _: F,
        optimiser: &O,
        smooth: &[Type],
        batch: &[Type],
        version: &dyn Fn(&Module, FuncId, &[Type]) -> (Module, FuncId),
    ) -> Result<Ahead>
    where
        F::Args<'static>: Arg<0>,
        F::Output: RealScalar,
    {
        let function = cotangent::function::<F>()?;
        let leaves = types_of::<<F::Args<'static> as Arg<0>>::Type>();
        let settings = optimiser.settings().len();
        let recipe = Training::<O>::new(function.clone(), leaves.len(), settings);
        let kept = (0..O::KEPT).flat_map(|_| smooth.iter().map(Type::tangent));
        let count = Type::scalar(DType::U64);
        let mut arguments = vec![step::setting_type(settings)];
        arguments.extend(kept.chain([count]).chain(smooth.iter().cloned()));
        let state = 1..arguments.len();
        arguments.extend(leaves.iter().filter(|t| !t.has_tangent()).cloned());
        let first = arguments.len();
        arguments.extend(batch.iter().cloned());
        let want = &recipe.params()[STEP];
        let fit =
            arguments.len() == want.len() && arguments.iter().zip(want).all(|(t, w)| t.fits(w));
        if !fit {
            return Err(Error::Invalid(format!(
                "extents that are not those of `{}`",
                function.name()
            )));
        }
        let (module, source) = recipe.source();
        let (m, f) = version(module, source, &recipe.source_types(STEP, &arguments));
        let how = ad::Options {
            ranges: false,
            ..ad::Options::default()
        };
        let (module, functions) = recipe.make(m, f, how)?;
        Ok(Ahead {
            module,
            step: functions[STEP],
            batch: first..arguments.len(),
            state,
            arguments,
        })
    }
}

/// Which parameters of the programs are cut.
fn cuts<O: Optimiser>(
    spread: &mut Spread,
    leaves: &[Type],
    parts: &[Lent<'_>],
    data: usize,
    rule: &Rule,
) {
    let Some(mesh) = &spread.mesh else { return };
    let smooth = step::smooth(leaves);
    let n = smooth.len();
    let head = 1 + step::state::<O>(&smooth).len() + (leaves.len() - n);
    let mut cut = |function, param, axis, along: &str| {
        let along = along.to_string();
        spread.cuts.insert((function, param), Cut { axis, along });
    };
    if mesh.along(Mesh::DATA) > 1 {
        for k in 0..data {
            cut(STEP, head + k, 0, Mesh::DATA);
            // After the axis along which the batches are.
            cut(EPOCH, head + k, 1, Mesh::DATA);
        }
    }
    if mesh.along(Mesh::MODEL) > 1 {
        let smooth_parts = parts.iter().zip(leaves).filter(|(_, t)| t.has_tangent());
        for (i, (v, _)) in smooth_parts.enumerate() {
            let shape = match v {
                Lent::Array(a) => a.shape(),
                Lent::Val(Val::Tensor(t)) => &t.shape,
                Lent::Scalar(_) | Lent::Rows(_) | Lent::List(_) | Lent::Val(_) => continue,
            };
            let Some(axis) = rule(i, shape) else { continue };
            let kept = (0..O::KEPT).map(|j| 1 + j * n + i);
            let own = 2 + O::KEPT * n + i;
            for at in kept.chain([own]) {
                cut(STEP, at, axis, Mesh::MODEL);
                cut(EPOCH, at, axis, Mesh::MODEL);
            }
        }
    }
}

/// Whether two values of one type have the same extents.
fn same_extents(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Tensor(a), Val::Tensor(b)) => a.shape == b.shape,
        (Val::Record(a), Val::Record(b)) | (Val::Seq(a), Val::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_extents(a, b))
        }
        _ => true,
    }
}

/// Values of one type and equal extents as one of the type [`step::stacked`].
fn stack(of: &[&Val]) -> Option<Val> {
    Some(match of.first()? {
        Val::Scalar(s) => {
            let mut data = Data::with_capacity(s.dtype(), of.len())?;
            for v in of {
                let Val::Scalar(s) = v else { return None };
                data.extend_from(&Data::splat(*s, 1)?, 0..1);
            }
            Val::tensor(Tensor::new(vec![of.len()], data)?)
        }
        Val::Tensor(first) => {
            let mut data = Data::with_capacity(first.dtype(), of.len() * first.data.len())?;
            for v in of {
                let Val::Tensor(t) = v else { return None };
                data.extend_from(&t.data, 0..t.data.len());
            }
            let shape = std::iter::once(of.len()).chain(first.shape.iter().copied());
            Val::tensor(Tensor::new(shape.collect(), data)?)
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
            Val::Seq(Arc::new(of.iter().map(|v| (*v).clone()).collect()))
        }
    })
}
