//! Steps that make a loss small. An optimiser says what happens to one number, as a program: from that number, its derivative and what is kept of
//! earlier steps to the next. [`Trainer`](crate::Trainer) makes it a part of the program that trains; [`Steps`] takes steps by themselves.
//!
//! Parameters may be of any type that derives `Differentiable`; nothing changes that is no floating-point number.

use crate::step;
use cotangent::core::entity::FuncId;
use cotangent::core::ir::{BinaryOp, Builder, DType, Type, UnaryOp, Value};
use cotangent::core::stage::data::{flatten, strip_discrete, types_of};
use cotangent::core::value::{Lent, Val};
use cotangent::{Datum, Error, Options, Prepared, Result};
use std::sync::Arc;

/// What happens to one number in a step. Settings are arguments of the program, so they may change from step to step.
///
/// ```
/// use cotangent::core::ir::{Builder, UnaryOp, Value};
/// use cotangent_models::{Optimiser, Steps};
///
/// /// Steps of one length, down.
/// struct Signs { length: f64 }
///
/// impl Optimiser for Signs {
///     const KEPT: usize = 0;
///     fn settings(&self) -> Vec<f64> {
///         vec![self.length]
///     }
///     fn update(b: &mut Builder, once: &[Value], p: Value, g: Value, _: &[Value]) -> (Value, Vec<Value>) {
///         let sign = b.unary(UnaryOp::Sign, g);
///         let move_by = b.mul(once[0], sign);
///         (b.sub(p, move_by), vec![])
///     }
/// }
///
/// let mut steps = Steps::new(Signs { length: 0.5 });
/// assert_eq!(steps.step(&vec![1.0, 2.0], &vec![7.0, -0.1])?, [0.5, 2.5]);
/// # Ok::<(), cotangent::Error>(())
/// ```
pub trait Optimiser: 'static {
    /// How many numbers are kept of earlier steps for each parameter; they are 0 at first.
    const KEPT: usize;
    /// The settings, as they are now.
    fn settings(&self) -> Vec<f64>;
    /// What a step computes once, for all numbers, from the settings and the number of the step (`u64`, from 1). It comes to [`update`](Self::update) in
    /// the type of the parameter.
    fn once(b: &mut Builder, settings: &[Value], step: Value) -> Vec<Value> {
        let _ = (b, step);
        settings.to_vec()
    }
    /// The next parameter and what is kept, of a parameter, its derivative and what was kept. All are scalars of one type.
    fn update(
        b: &mut Builder,
        once: &[Value],
        p: Value,
        g: Value,
        kept: &[Value],
    ) -> (Value, Vec<Value>);
}

/// Gradient descent: `p - rate g`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Descent {
    /// How far.
    pub rate: f64,
}

impl Descent {
    /// With that rate.
    pub fn new(rate: f64) -> Descent {
        Descent { rate }
    }
}

impl Optimiser for Descent {
    const KEPT: usize = 0;
    fn settings(&self) -> Vec<f64> {
        vec![self.rate]
    }
    fn update(
        b: &mut Builder,
        once: &[Value],
        p: Value,
        g: Value,
        _: &[Value],
    ) -> (Value, Vec<Value>) {
        let by = b.mul(once[0], g);
        (b.sub(p, by), Vec::new())
    }
}

/// Descent with momentum: `v = momentum v + g`, `p - rate v`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Momentum {
    /// How far.
    pub rate: f64,
    /// How much of the last step stays.
    pub momentum: f64,
}

impl Momentum {
    /// With that rate and momentum.
    pub fn new(rate: f64, momentum: f64) -> Momentum {
        Momentum { rate, momentum }
    }
}

impl Optimiser for Momentum {
    const KEPT: usize = 1;
    fn settings(&self) -> Vec<f64> {
        vec![self.rate, self.momentum]
    }
    fn update(
        b: &mut Builder,
        once: &[Value],
        p: Value,
        g: Value,
        kept: &[Value],
    ) -> (Value, Vec<Value>) {
        let stays = b.mul(once[1], kept[0]);
        let v = b.add(stays, g);
        let by = b.mul(once[0], v);
        (b.sub(p, by), vec![v])
    }
}

/// Adam (Kingma and Ba 2015): steps by the mean of the gradients over the root of the mean of their squares.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Adam {
    /// How far.
    pub rate: f64,
    /// How much of the means stays at each step.
    pub decay: (f64, f64),
    /// What is added to the root.
    pub epsilon: f64,
}

impl Adam {
    /// With that rate, and `(0.9, 0.999)` and `1e-8` for the rest.
    pub fn new(rate: f64) -> Adam {
        Adam {
            rate,
            decay: (0.9, 0.999),
            epsilon: 1e-8,
        }
    }
}

impl Optimiser for Adam {
    const KEPT: usize = 2;
    fn settings(&self) -> Vec<f64> {
        vec![self.rate, self.decay.0, self.decay.1, self.epsilon]
    }
    fn once(b: &mut Builder, settings: &[Value], step: Value) -> Vec<Value> {
        let step = b.convert(DType::F64, step);
        let one = b.scalar(1.0);
        let mut all = settings.to_vec();
        for decay in [settings[1], settings[2]] {
            // What of the mean is new, and the sum of the weights so far.
            all.push(b.sub(one, decay));
            let gone = b.binary(BinaryOp::Pow, decay, step);
            all.push(b.sub(one, gone));
        }
        all
    }
    fn update(
        b: &mut Builder,
        once: &[Value],
        p: Value,
        g: Value,
        kept: &[Value],
    ) -> (Value, Vec<Value>) {
        let &[rate, a, c, epsilon, new_a, whole_a, new_c, whole_c] = once else {
            return (p, kept.to_vec());
        };
        let square = b.mul(g, g);
        let mut mean = |old: Value, decay: Value, new: Value, x: Value| {
            let (old, x) = (b.mul(decay, old), b.mul(new, x));
            b.add(old, x)
        };
        let (m, s) = (mean(kept[0], a, new_a, g), mean(kept[1], c, new_c, square));
        let (up, below) = (b.div(m, whole_a), b.div(s, whole_c));
        let root = b.unary(UnaryOp::Sqrt, below);
        let below = b.add(root, epsilon);
        let up = b.mul(rate, up);
        let by = b.div(up, below);
        (b.sub(p, by), vec![m, s])
    }
}

/// Steps by themselves: parameters and a gradient in, parameters out.
#[derive(Debug)]
pub struct Steps<O> {
    /// What a step is.
    pub optimiser: O,
    options: Options,
    made: Option<Made>,
}

/// What steps of one type of parameters need.
#[derive(Debug)]
struct Made {
    types: Vec<Type>,
    prepared: Arc<dyn Prepared>,
    update: FuncId,
    /// What is kept, and then the number of steps so far.
    state: Option<Vec<Val>>,
}

impl<O: Optimiser> Steps<O> {
    /// On the default executor.
    pub fn new(optimiser: O) -> Steps<O> {
        Steps::with(optimiser, &Options::new())
    }
    /// With these options.
    pub fn with(optimiser: O, options: &Options) -> Steps<O> {
        Steps {
            optimiser,
            options: options.clone(),
            made: None,
        }
    }
    fn made(&mut self, types: &[Type]) -> Result<&mut Made> {
        if self.made.as_ref().is_none_or(|m| m.types != types) {
            let (module, update) = step::alone::<O>(types, self.optimiser.settings().len())?;
            let prepared = self.options.find_executor()?.prepare(&module)?;
            self.made = Some(Made {
                types: types.to_vec(),
                prepared,
                update,
                state: None,
            });
        }
        self.made
            .as_mut()
            .ok_or_else(|| Error::Internal("no steps were made".into()))
    }
    /// The parameters after a step along a gradient. Parameters of another type begin anew.
    ///
    /// # Errors
    /// If the gradient, or one before it, was of parameters with other extents; what is kept is then lost, and the next step is a first one.
    pub fn step<P: Datum<Owned = P>>(&mut self, parameters: &P, gradient: &P) -> Result<P> {
        let types = types_of::<P>();
        let settings = step::settings(&self.optimiser);
        let limits = *self.options.limits();
        let made = self.made(&types)?;
        let (all, gradient) = (flatten(parameters), flatten(gradient));
        let smooth: Vec<usize> = (0..types.len())
            .filter(|&i| types[i].has_tangent())
            .collect();
        let stripped = |i: usize| strip_discrete(gradient[i].clone(), &types[i]);
        let values = || smooth.iter().map(|&i| all[i].clone()).collect::<Vec<_>>();
        let state = match made.state.take() {
            Some(state) => state,
            None => step::start::<O>(&step::smooth(&types), values())?,
        };
        let mut args = vec![settings];
        args.extend(state);
        args.extend(values());
        args.extend(smooth.iter().map(|&i| stripped(i)));
        let args = args.into_iter().map(Lent::Val).collect();
        let mut out = made.prepared.run_giving(made.update, args, &limits)?;
        let next = out.split_off(out.len().saturating_sub(smooth.len()));
        made.state = Some(out);
        let mut leaves = all;
        for (&i, v) in smooth.iter().zip(next) {
            leaves[i] = v;
        }
        step::whole::<P>(leaves)
    }
}

/// How many floating-point numbers something has.
pub fn count<P: Datum>(p: &P) -> usize {
    fn of(v: &Val) -> usize {
        match v {
            Val::Unit | Val::Stack(_) => 0,
            Val::Scalar(s) => usize::from(s.dtype().is_float()),
            Val::Tensor(t) if t.dtype().is_float() => t.data.len(),
            Val::Tensor(_) => 0,
            Val::Record(vs) => vs.iter().map(of).sum(),
            Val::Seq(vs) => vs.iter().map(of).sum(),
        }
    }
    flatten(p).iter().map(of).sum()
}
