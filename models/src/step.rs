//! The programs of steps, as IR: of an optimiser, which says what happens to one number, and of a loss.
//!
//! A parameter of a model is one or more *leaves* (`cotangent::Datum`), *smooth* ones, which have floating-point numbers, and others. The *state* is,
//! in this order: what the optimiser keeps (for each of its numbers a value like each smooth leaf's tangent), the number of steps so far, the
//! smooth leaves. Every function of a step takes the settings (a vector) and then the state, and returns the state first, so what is given away is
//! replaced in place.
//!
//! Where to start: [`Training`], then [`Leaf`], which is the step of one leaf.

use crate::optimise::Optimiser;
use cotangent::core::ad;
use cotangent::core::entity::FuncId;
use cotangent::core::interp::{Limits, Program};
use cotangent::core::ir::{
    Builder, DType, DeriveKind, Dim, Module, ShapeOp, Step, TangentOp, Type, Value,
};
use cotangent::core::pass;
use cotangent::core::value::{Data, Tensor, Val};
use cotangent::{Datum, Error, Function, Recipe, Result};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// The settings of an optimiser as the argument that its programs take.
pub(crate) fn settings<O: Optimiser>(o: &O) -> Val {
    let list = o.settings();
    Val::Tensor(std::sync::Arc::new(Tensor {
        shape: vec![list.len()],
        data: Data::F64(list),
    }))
}

/// A datum of its leaves.
pub(crate) fn whole<P: Datum>(leaves: Vec<Val>) -> Result<P::Owned> {
    P::unflatten(&mut leaves.into_iter())
        .ok_or_else(|| Error::Internal("parameters are not made of their own leaves".into()))
}

/// The types of the leaves that have floating-point numbers.
pub(crate) fn smooth(leaves: &[Type]) -> Vec<Type> {
    leaves.iter().filter(|t| t.has_tangent()).cloned().collect()
}

/// The types of the state; see the head of this file.
pub(crate) fn state<O: Optimiser>(smooth: &[Type]) -> Vec<Type> {
    let tangents = || smooth.iter().map(Type::tangent);
    let kept = (0..O::KEPT).flat_map(|_| tangents());
    let count = std::iter::once(Type::scalar(DType::U64));
    kept.chain(count).chain(smooth.iter().cloned()).collect()
}

/// The type of the settings.
pub(crate) fn setting_type(n: usize) -> Type {
    Type::known(DType::F64, &[n as u64])
}

/// What is kept before the first step, and the number of steps, of the smooth leaves' values.
pub(crate) fn start<O: Optimiser>(types: &[Type], values: Vec<Val>) -> Result<Vec<Val>> {
    let mut b = Builder::new("start", types);
    let params = b.params();
    let mut out = Vec::new();
    for _ in 0..O::KEPT {
        out.extend(params.iter().map(|&p| b.inst1(TangentOp::ZerosLike, &[p])));
    }
    out.push(b.index(0));
    let mut m = Module::new();
    let f = m.funcs.push(b.finish(&out)?);
    Ok(Program::new(&m).run(f, values, &Limits::default())?)
}

/// Writes a step: the next state, of the state and a gradient.
fn step<O: Optimiser>(
    b: &mut Builder,
    settings: Value,
    count: usize,
    state: &[Value],
    gradient: &[Value],
) -> Result<Vec<Value>> {
    let n = gradient.len();
    let (kept, rest) = state.split_at(O::KEPT * n);
    let one = b.index(1);
    let number = b.add(rest[0], one);
    let settings: Vec<Value> = (0..count as u64)
        .map(|k| {
            let k = b.index(k);
            b.at(settings, k)
        })
        .collect();
    let mut leaf = Leaf {
        once: O::once(b, &settings, number),
        converted: HashMap::new(),
    };
    let mut out = vec![number; state.len()];
    for (i, &g) in gradient.iter().enumerate() {
        let kept: Vec<Value> = (0..O::KEPT).map(|j| kept[j * n + i]).collect();
        let (p, kept) = leaf.step::<O>(b, rest[1 + i], g, &kept)?;
        for (j, k) in kept.into_iter().enumerate() {
            out[j * n + i] = k;
        }
        out[O::KEPT * n + 1 + i] = p;
    }
    Ok(out)
}

/// The step of one leaf.
struct Leaf {
    /// What is computed once.
    once: Vec<Value>,
    /// The same in the types of the parameters.
    converted: HashMap<DType, Vec<Value>>,
}

impl Leaf {
    fn once(&mut self, b: &mut Builder, d: DType) -> Vec<Value> {
        if let Some(made) = self.converted.get(&d) {
            return made.clone();
        }
        let made: Vec<Value> = self.once.iter().map(|&v| b.convert(d, v)).collect();
        self.converted.insert(d, made.clone());
        made
    }
    /// Makes what a leaf of that type needs, outside of the regions that use it.
    fn ready(&mut self, b: &mut Builder, ty: &Type) {
        match ty {
            Type::Tensor(t) if t.dtype.is_float() => {
                self.once(b, t.dtype);
            }
            Type::Tensor(_) => {}
            Type::Record(fields) => fields.iter().for_each(|f| self.ready(b, f)),
            Type::Seq(e) | Type::Stack(e) => self.ready(b, e),
        }
    }
    fn step<O: Optimiser>(
        &mut self,
        b: &mut Builder,
        p: Value,
        g: Value,
        kept: &[Value],
    ) -> Result<(Value, Vec<Value>)> {
        let ty = b.ty(p).clone();
        if !ty.has_tangent() {
            return Ok((p, kept.to_vec()));
        }
        self.ready(b, &ty);
        let all = || [p, g].into_iter().chain(kept.iter().copied());
        match &ty {
            Type::Tensor(t) if t.dtype.is_float() => {
                let once = self.once(b, t.dtype);
                if t.shape.is_empty() {
                    return Ok(O::update(b, &once, p, g, kept));
                }
                let args: Vec<Value> = all().collect();
                let out = b.map(&args, |b, x| {
                    let (p, kept) = O::update(b, &once, x[0], x[1], &x[2..]);
                    [p].into_iter().chain(kept).collect()
                });
                Ok((out[0], out[1..].to_vec()))
            }
            Type::Tensor(t) => Err(Error::Unsupported {
                what: format!(
                    "a step of parameters of type {}: optimisers change real numbers; keep real and imaginary parts as two parameters",
                    t.dtype.name()
                ),
            }),
            Type::Record(fields) => {
                let mut columns = vec![Vec::with_capacity(fields.len()); 1 + kept.len()];
                for k in 0..fields.len() as u32 {
                    let x: Vec<Value> = all().map(|v| b.field(v, k)).collect();
                    let (p, kept) = self.step::<O>(b, x[0], x[1], &x[2..])?;
                    for (column, v) in columns.iter_mut().zip([p].into_iter().chain(kept)) {
                        column.push(v);
                    }
                }
                let mut out = columns.iter().map(|fields| b.record(fields));
                let p = out.next().unwrap_or(p);
                Ok((p, out.collect()))
            }
            Type::Seq(_) => {
                let (zero, n) = (b.index(0), b.len(p));
                let init: Vec<Value> = [p].into_iter().chain(kept.iter().copied()).collect();
                let mut failed = None;
                let out = b.for_(zero, n, &init, |b, i, carried| {
                    let x: Vec<Value> = carried.iter().map(|&v| b.at(v, i)).collect();
                    let g = b.at(g, i);
                    let (p, kept) = match self.step::<O>(b, x[0], g, &x[1..]) {
                        Ok(next) => next,
                        Err(e) => {
                            failed = Some(e);
                            return carried.to_vec();
                        }
                    };
                    let next = [p].into_iter().chain(kept);
                    let stored = carried.iter().zip(next);
                    stored
                        .map(|(&a, x)| b.update(a, x, vec![Step::Index], &[i]))
                        .collect()
                });
                match failed {
                    Some(e) => Err(e),
                    None => Ok((out[0], out[1..].to_vec())),
                }
            }
            Type::Stack(_) => Err(Error::Unsupported {
                what: "a step of a stack of residuals".into(),
            }),
        }
    }
}

/// A module with a step by itself: the function of the settings, the state, and the smooth leaves' cotangents to the state.
pub(crate) fn alone<O: Optimiser>(leaves: &[Type], settings: usize) -> Result<(Module, FuncId)> {
    let mut m = Module::new();
    let smooth = smooth(leaves);
    let types: Vec<Type> = [setting_type(settings)]
        .into_iter()
        .chain(state::<O>(&smooth))
        .chain(smooth.iter().map(Type::tangent))
        .collect();
    let mut b = Builder::new("update", &types);
    let params = b.params();
    let (state, gradient) = params[1..].split_at(params.len() - 1 - smooth.len());
    let out = step::<O>(&mut b, params[0], settings, state, gradient)?;
    let update = m.funcs.push(b.finish(&out)?);
    Ok((m, update))
}

/// The type of a list of batches: one more axis, or a sequence.
pub(crate) fn stacked(ty: &Type) -> Type {
    match ty {
        Type::Tensor(t) => {
            let shape = std::iter::once(Dim::Dynamic).chain(t.shape.iter().copied());
            Type::tensor(t.dtype, shape)
        }
        other => Type::seq(other.clone()),
    }
}

/// The type of an item of a list of batches.
fn item(ty: &Type) -> Type {
    ty.element().unwrap_or_else(|| ty.clone())
}

/// Training a loss with an optimiser: what runs on the state.
pub(crate) struct Training<O> {
    loss: Function,
    /// Of the loss's parameters the model's leaves, the first ones.
    leaves: usize,
    /// How many settings the optimiser has.
    settings: usize,
    params: Vec<Vec<Type>>,
    of: PhantomData<fn() -> O>,
}

/// The function of settings, state, the other leaves, and a batch; to state and loss.
pub(crate) const STEP: usize = 0;
/// The function of settings, state, the other leaves, and a list of batches; to state and losses. It is there if the loss takes data.
pub(crate) const EPOCH: usize = 1;

impl<O> fmt::Debug for Training<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Training")
            .field("loss", &self.loss.name())
            .finish_non_exhaustive()
    }
}

impl<O: Optimiser> Training<O> {
    pub(crate) fn new(loss: Function, leaves: usize, settings: usize) -> Training<O> {
        let mut made = Training {
            leaves,
            settings,
            params: Vec::new(),
            of: PhantomData,
            loss,
        };
        let (model, data) = made.loss.params().split_at(leaves);
        let head = made.head(model);
        let all = |data: &mut dyn Iterator<Item = Type>| head.iter().cloned().chain(data).collect();
        made.params = vec![all(&mut data.iter().cloned())];
        if !data.is_empty() {
            made.params.push(all(&mut data.iter().map(stacked)));
        }
        made
    }
    /// The types of what comes before the data.
    fn head(&self, model: &[Type]) -> Vec<Type> {
        let other = model.iter().filter(|t| !t.has_tangent()).cloned();
        [setting_type(self.settings)]
            .into_iter()
            .chain(state::<O>(&smooth(model)))
            .chain(other)
            .collect()
    }
    /// Whether each parameter of the loss is a part of the state.
    fn is_state(&self) -> impl Iterator<Item = bool> + '_ {
        let all = self.loss.params().iter().enumerate();
        all.map(|(i, t)| i < self.leaves && t.has_tangent())
    }
    /// The arguments of the loss among those of a step.
    fn loss_arguments<T: Clone>(&self, step: &[T]) -> Vec<T> {
        let smooth = self.is_state().filter(|s| *s).count();
        let state = (O::KEPT + 1) * smooth + 1;
        let (now, rest) = step[1..].split_at(state);
        let mut parameters = now[now.len() - smooth..].iter();
        let mut rest = rest.iter();
        self.is_state()
            .filter_map(|s| if s { parameters.next() } else { rest.next() })
            .cloned()
            .collect()
    }
    /// The step.
    fn step(&self, m: &mut Module, source: FuncId, gradient: FuncId) -> Result<FuncId> {
        let all = m.funcs[source].param_types();
        let loss = m.funcs[source].results[0].clone();
        let (model, data) = all.split_at(self.leaves);
        let mut types = self.head(model);
        let state = types.len() - 1 - model.iter().filter(|t| !t.has_tangent()).count();
        types.extend(data.iter().cloned());
        let mut b = Builder::new("step", &types);
        let params = b.params();
        let args = self.loss_arguments(&params);
        let results: Vec<Type> = std::iter::once(loss)
            .chain(smooth(model).iter().map(Type::tangent))
            .collect();
        let made = b.call(gradient, &args, &results);
        let mut out = step::<O>(
            &mut b,
            params[0],
            self.settings,
            &params[1..=state],
            &made[1..],
        )?;
        out.push(made[0]);
        Ok(m.funcs.push(b.finish(&out)?))
    }
    /// A step for each of a list of batches.
    fn epoch(&self, m: &mut Module, step: FuncId, data: usize) -> Result<FuncId> {
        let mut types = m.funcs[step].param_types();
        let results = m.funcs[step].results.clone();
        let (state, head) = (results.len() - 1, types.len() - data);
        for t in &mut types[head..] {
            *t = stacked(t);
        }
        let mut b = Builder::new("epoch", &types);
        let params = b.params();
        let (fixed, batches) = params.split_at(head);
        let (zero, n) = (b.index(0), b.len(batches[0]));
        let none = b.default(results[state].clone());
        let vector = ShapeOp::Broadcast {
            shape: vec![Dim::Dynamic],
            dims: vec![],
        };
        let losses = b.inst1(vector, &[none, n]);
        let mut init = fixed[1..=state].to_vec();
        init.push(losses);
        let out = b.for_(zero, n, &init, |b, i, carried| {
            let mut args = vec![fixed[0]];
            args.extend_from_slice(&carried[..state]);
            args.extend_from_slice(&fixed[1 + state..]);
            args.extend(batches.iter().map(|&d| b.at(d, i)));
            let mut next = b.call(step, &args, &results);
            next[state] = b.update(carried[state], next[state], vec![Step::Index], &[i]);
            next
        });
        Ok(m.funcs.push(b.finish(&out)?))
    }
}

impl<O: Optimiser> Recipe for Training<O> {
    fn source(&self) -> (&Module, FuncId) {
        self.loss.module()
    }
    fn params(&self) -> &[Vec<Type>] {
        &self.params
    }
    fn source_types(&self, function: usize, types: &[Type]) -> Vec<Type> {
        let mut all = self.loss_arguments(types);
        if function == EPOCH {
            for t in &mut all[self.leaves..] {
                *t = item(t);
            }
        }
        all
    }
    fn make(
        &self,
        mut m: Module,
        source: FuncId,
        how: ad::Options,
    ) -> Result<(Module, Vec<FuncId>)> {
        let data = self.loss.params().len() - self.leaves;
        let wrt = self.is_state().zip(0..).filter_map(|(s, i)| s.then_some(i));
        let wrt: Vec<u32> = wrt.collect();
        let gradient = ad::derive_with(&mut m, source, DeriveKind::ValueAndGradient, &wrt, how)?;
        let step = self.step(&mut m, source, gradient)?;
        let mut made = vec![step];
        if data > 0 {
            made.push(self.epoch(&mut m, step, data)?);
        }
        let kept = pass::prune::prune(&mut m, &made);
        let lost = || Error::Internal("a function was lost by pruning".into());
        let made = made
            .into_iter()
            .map(|f| kept[f].ok_or_else(lost))
            .collect::<Result<_>>()?;
        if cfg!(debug_assertions) {
            cotangent::core::verify::verify(&m).map_err(|errors| {
                Error::Internal(errors.first().map_or(String::new(), ToString::to_string))
            })?;
        }
        Ok((m, made))
    }
}
