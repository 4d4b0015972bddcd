//! Steps that make a loss small. An optimiser takes parameters and a gradient of the same type and gives the next parameters; it works on any type
//! that derives `Differentiable`, number by number, and changes nothing that is no floating-point number.

use cotangent::Datum;
use cotangent::core::stage::data::flatten;
use cotangent::core::value::{Data, Scalar, Val};
use std::sync::Arc;

/// What gives the next parameters.
pub trait Optimiser {
    /// The parameters after a step along a gradient.
    ///
    /// # Panics
    /// If the gradient, or one before it, was of parameters with other extents.
    fn step<P: Datum<Owned = P>>(&mut self, parameters: &P, gradient: &P) -> P;
}

/// Calls `f` with each floating-point number of `p`, to be changed, and the number at the same place of `g`.
fn pairs(p: &mut Val, g: &Val, f: &mut dyn FnMut(&mut f64, f64)) {
    fn one(p: &mut Scalar, g: Scalar, f: &mut dyn FnMut(&mut f64, f64)) {
        match (p, g) {
            (Scalar::F32(p), Scalar::F32(g)) => {
                let mut x = f64::from(*p);
                f(&mut x, g.into());
                *p = x as f32;
            }
            (Scalar::F64(p), Scalar::F64(g)) => f(p, g),
            _ => {}
        }
    }
    match (p, g) {
        (Val::Scalar(p), Val::Scalar(g)) => one(p, *g, f),
        (Val::Tensor(p), Val::Tensor(g)) => {
            assert_eq!(p.shape, g.shape, "a gradient of other extents");
            match (&mut Arc::make_mut(p).data, &g.data) {
                (Data::F32(p), Data::F32(g)) => {
                    for (p, g) in p.iter_mut().zip(g) {
                        let mut x = f64::from(*p);
                        f(&mut x, (*g).into());
                        *p = x as f32;
                    }
                }
                (Data::F64(p), Data::F64(g)) => p.iter_mut().zip(g).for_each(|(p, g)| f(p, *g)),
                _ => {}
            }
        }
        (Val::Record(p), Val::Record(g)) => {
            let p = Arc::make_mut(p);
            p.iter_mut().zip(g.iter()).for_each(|(p, g)| pairs(p, g, f));
        }
        (Val::Seq(p), Val::Seq(g)) => {
            assert_eq!(p.len(), g.len(), "a gradient of other extents");
            let p = Arc::make_mut(p);
            p.iter_mut().zip(g.iter()).for_each(|(p, g)| pairs(p, g, f));
        }
        _ => {}
    }
}

/// The parameters, each number changed by `f` given its number among all, its value and its derivative.
fn stepped<P: Datum<Owned = P>>(
    parameters: &P,
    gradient: &P,
    mut f: impl FnMut(usize, &mut f64, f64),
) -> P {
    let (mut p, g) = (flatten(parameters), flatten(gradient));
    let mut i = 0;
    for (p, g) in p.iter_mut().zip(&g) {
        pairs(p, g, &mut |x, g| {
            f(i, x, g);
            i += 1;
        });
    }
    P::unflatten(&mut p.into_iter()).expect("parameters are made of their own leaves")
}

/// Number `i` of a list of zeros that is as long as it needs to be.
fn at(all: &mut Vec<f32>, i: usize) -> &mut f32 {
    if i >= all.len() {
        all.resize(i + 1, 0.0);
    }
    &mut all[i]
}

/// Gradient descent: `p - rate g`.
#[derive(Clone, Debug)]
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
    fn step<P: Datum<Owned = P>>(&mut self, parameters: &P, gradient: &P) -> P {
        stepped(parameters, gradient, |_, p, g| *p -= self.rate * g)
    }
}

/// Descent with momentum: `v = momentum v + g`, `p - rate v`.
#[derive(Clone, Debug)]
pub struct Momentum {
    /// How far.
    pub rate: f64,
    /// How much of the last step stays.
    pub momentum: f64,
    velocity: Vec<f32>,
}

impl Momentum {
    /// With that rate and momentum.
    pub fn new(rate: f64, momentum: f64) -> Momentum {
        Momentum {
            rate,
            momentum,
            velocity: Vec::new(),
        }
    }
}

impl Optimiser for Momentum {
    fn step<P: Datum<Owned = P>>(&mut self, parameters: &P, gradient: &P) -> P {
        let (rate, momentum, all) = (self.rate, self.momentum, &mut self.velocity);
        stepped(parameters, gradient, |i, p, g| {
            let v = at(all, i);
            *v = (momentum * f64::from(*v) + g) as f32;
            *p -= rate * f64::from(*v);
        })
    }
}

/// Adam (Kingma and Ba 2015): steps by the mean of the gradients over the root of the mean of their squares.
#[derive(Clone, Debug)]
pub struct Adam {
    /// How far.
    pub rate: f64,
    /// How much of the means stays at each step.
    pub decay: (f64, f64),
    /// What is added to the root.
    pub epsilon: f64,
    steps: i32,
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl Adam {
    /// With that rate, and `(0.9, 0.999)` and `1e-8` for the rest.
    pub fn new(rate: f64) -> Adam {
        Adam {
            rate,
            decay: (0.9, 0.999),
            epsilon: 1e-8,
            steps: 0,
            mean: Vec::new(),
            square: Vec::new(),
        }
    }
}

impl Optimiser for Adam {
    fn step<P: Datum<Owned = P>>(&mut self, parameters: &P, gradient: &P) -> P {
        self.steps += 1;
        let (a, b) = self.decay;
        let whole = (1.0 - a.powi(self.steps), 1.0 - b.powi(self.steps));
        let (rate, epsilon) = (self.rate, self.epsilon);
        let (mean, square) = (&mut self.mean, &mut self.square);
        stepped(parameters, gradient, |i, p, g| {
            let (m, s) = (at(mean, i), at(square, i));
            *m = (a * f64::from(*m) + (1.0 - a) * g) as f32;
            *s = (b * f64::from(*s) + (1.0 - b) * g * g) as f32;
            let (m, s) = (f64::from(*m) / whole.0, f64::from(*s) / whole.1);
            *p -= rate * m / (s.sqrt() + epsilon);
        })
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
