//! Batches: a function run for many arguments at once.
//!
//! Typed: `f::vmap(each(&xs), shared(w))`, whose arguments are [`Lanes`]. On run-time values: [`Function::vmap`].
//! The batched function is made once for each way in which the arguments hold the lanes, and kept.

use crate::api::Runner;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Wrt};
use cotangent_core::ir::{DeriveKind, Dim, Type};
use cotangent_core::stage::data::{Args, Datum, DiffFn, default_of, types_of};
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, split_lanes};
use cotangent_core::value::{Data, Lent, Tensor, Val};
use std::sync::Arc;

/// An argument with an item for each lane; made by [`each`].
#[derive(Copy, Clone, Debug)]
pub struct Each<'x, I>(&'x [I]);

/// An argument that all lanes share; made by [`shared`].
#[derive(Copy, Clone, Debug)]
pub struct Shared<X>(X);

/// An argument of a batch: `items` has what the parameter takes in each lane.
///
/// ```
/// use cotangent::{differentiable, each, shared};
/// #[differentiable]
/// fn f(x: f64, w: &[f64]) -> f64 {
///     if x > 0.0 { x.sqrt() * w[0] } else { w[1] }
/// }
/// let ys = f::vmap(each(&[4.0, -1.0, 9.0]), shared(&[10.0, 1.0][..]))?;
/// assert_eq!(ys, [20.0, 1.0, 30.0]);
/// let gs = f::vmap_gradient(each(&[4.0, -1.0]), shared(&[10.0, 1.0][..]))?;
/// assert_eq!(gs[0], (2.5, vec![2.0, 0.0]));
/// assert_eq!(gs[1], (0.0, vec![0.0, 1.0]));
/// # Ok::<(), cotangent::Error>(())
/// ```
pub fn each<I>(items: &[I]) -> Each<'_, I> {
    Each(items)
}

/// An argument of a batch that is the same in all lanes.
pub fn shared<X>(x: X) -> Shared<X> {
    Shared(x)
}

/// An argument of a batch for a parameter of type `T`: [`each`] or [`shared`] of what the parameter takes.
#[diagnostic::on_unimplemented(
    message = "this is no argument of a batch for a parameter of type `{T}`",
    note = "write `each(&items)`, the items of that type (for `&[f64]`: `Vec<f64>` or `&[f64]`), or `shared(value)`"
)]
pub trait Lanes<T> {
    /// How many lanes; `None` if all share the argument.
    fn lanes(&self) -> Option<usize>;
    /// Adds what holds each leaf of the lanes, and how.
    fn hold(&self, out: &mut Vec<(Val, Axes)>);
}

impl<T: Datum, I: Datum<Owned = T::Owned>> Lanes<T> for Each<'_, I> {
    fn lanes(&self) -> Option<usize> {
        Some(self.0.len())
    }
    fn hold(&self, out: &mut Vec<(Val, Axes)>) {
        let types = types_of::<T>();
        if let [ty @ Type::Tensor(_)] = &types[..]
            && ty.is_static()
        {
            let mut all = Vec::with_capacity(1);
            self.0.flatten(&mut all);
            out.extend(all.into_iter().map(|v| (v, Axes::At(0))));
            return;
        }
        // All leaves of the first item, then those of the second: arrays are where the items have them.
        let mut leaves = Vec::with_capacity(types.len() * self.0.len());
        self.0.iter().for_each(|item| item.lend(&mut leaves));
        for (k, ty) in types.iter().enumerate() {
            let column = || leaves.iter().skip(k).step_by(types.len());
            out.push(match stacked(column(), self.0.len()) {
                Some(v) => (v, Axes::At(0)),
                None => hold(column().map(Lent::to_val).collect(), ty),
            });
        }
    }
}

impl<T: Datum, X: Datum<Owned = T::Owned>> Lanes<T> for Shared<X> {
    fn lanes(&self) -> Option<usize> {
        None
    }
    fn hold(&self, out: &mut Vec<(Val, Axes)>) {
        let mut all = Vec::new();
        self.0.flatten(&mut all);
        out.extend(all.into_iter().map(|v| (v, Axes::Same)));
    }
}

/// The values of a leaf in all lanes as one array, copied once; `None` if they are not arrays of one shape.
fn stacked<'a, 'x: 'a>(mut lanes: impl Iterator<Item = &'a Lent<'x>>, n: usize) -> Option<Val> {
    let Lent::Array(first) = lanes.next()? else {
        return None;
    };
    let elements = first.elements();
    let mut data = Data::with_capacity(elements.dtype(), n.checked_mul(elements.len())?)?;
    elements.append_to(&mut data);
    for lane in lanes {
        match lane {
            Lent::Array(a) if a.shape() == first.shape() && a.elements().append_to(&mut data) => {}
            Lent::Array(_) | Lent::Scalar(_) | Lent::Rows(_) | Lent::List(_) | Lent::Val(_) => {
                return None;
            }
        }
    }
    let shape = std::iter::once(n).chain(first.shape().iter().copied());
    Tensor::new(shape.collect(), data).map(Val::tensor)
}

/// The values of a leaf in all lanes as one: arrays stacked, if they are of one size.
fn hold(column: Vec<Val>, ty: &Type) -> (Val, Axes) {
    if column.is_empty() {
        let rows = ty.clone().array_of(Dim::Dynamic);
        return match default_of(&rows) {
            v @ Val::Tensor(_) => (v, Axes::At(0)),
            v => (v, Axes::Rows),
        };
    }
    if matches!(ty, Type::Tensor(_))
        && let Some(v) = join_lanes(&column, ty, &Axes::At(0))
    {
        return (v, Axes::At(0));
    }
    (Val::Seq(Arc::new(column)), Axes::Rows)
}

/// The arguments of a batch of a function whose arguments are `A`.
pub trait BatchArgs<A> {
    /// How many lanes each has.
    fn lanes(&self) -> Vec<Option<usize>>;
    /// What holds each leaf, and how.
    fn hold(&self) -> Vec<(Val, Axes)>;
}

macro_rules! tuples {
    ($($b:ident $a:ident $i:tt),+) => {
        impl<$($a, $b: Lanes<$a>),+> BatchArgs<($($a,)+)> for ($($b,)+) {
            fn lanes(&self) -> Vec<Option<usize>> {
                vec![$(self.$i.lanes()),+]
            }
            fn hold(&self) -> Vec<(Val, Axes)> {
                let mut out = Vec::new();
                $(self.$i.hold(&mut out);)+
                out
            }
        }
    };
}
tuples!(B0 A0 0);
tuples!(B0 A0 0, B1 A1 1);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6, B7 A7 7);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6, B7 A7 7, B8 A8 8);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6, B7 A7 7, B8 A8 8, B9 A9 9);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6, B7 A7 7, B8 A8 8, B9 A9 9, B10 A10 10);
tuples!(B0 A0 0, B1 A1 1, B2 A2 2, B3 A3 3, B4 A4 4, B5 A5 5, B6 A6 6, B7 A7 7, B8 A8 8, B9 A9 9, B10 A10 10, B11 A11 11);

/// A batched call: the arguments, how they hold the lanes, and how many there are.
struct Batch {
    args: Vec<Val>,
    spec: Spec,
    lanes: usize,
}

impl Batch {
    fn of<A>(f: &Function, given: &impl BatchArgs<A>) -> Result<Batch> {
        let counts = given.lanes();
        let mut lanes = None;
        for (index, n) in counts.iter().enumerate() {
            match (lanes, n) {
                (Some(want), Some(n)) if want != *n => {
                    return Err(Error::Argument {
                        function: f.name().into(),
                        role: "argument",
                        index,
                        want: format!("of {want} lanes, as those before"),
                        got: format!("of {n}"),
                    });
                }
                (None, Some(n)) => lanes = Some(*n),
                (_, None) | (Some(_), Some(_)) => {}
            }
        }
        let (args, axes): (Vec<Val>, Vec<Axes>) = given.hold().into_iter().unzip();
        let spec = Spec {
            out: Axes::Rows,
            strategy: Strategy::Auto,
            ..Spec::new(axes)
        };
        Ok(Batch {
            args,
            spec,
            lanes: lanes.unwrap_or(0),
        })
    }

    /// The results of the batch of `f`, by lane.
    fn run(&self, f: &Function, batched: &Function, options: &Options) -> Result<Vec<Vec<Val>>> {
        let out = batched.call(self.args.clone(), options)?;
        let mut lanes: Vec<Vec<Val>> = vec![Vec::with_capacity(out.len()); self.lanes];
        for (v, ty) in out.iter().zip(f.results()) {
            let split = split_lanes(v, ty, &Axes::Rows, self.lanes);
            let split = split.ok_or_else(|| unexpected(f))?;
            for (lane, v) in lanes.iter_mut().zip(split) {
                lane.push(v);
            }
        }
        Ok(lanes)
    }

    /// The arguments of each lane, for those parts of gradients that are copied from them.
    fn arguments(&self, f: &Function) -> Result<Vec<Vec<Val>>> {
        let mut lanes = vec![Vec::with_capacity(self.args.len()); self.lanes];
        for ((v, axes), ty) in self.args.iter().zip(&self.spec.args).zip(f.params()) {
            let split = split_lanes(v, ty, axes, self.lanes).ok_or_else(|| unexpected(f))?;
            for (lane, v) in lanes.iter_mut().zip(split) {
                lane.push(v);
            }
        }
        Ok(lanes)
    }
}

fn unexpected(f: &Function) -> Error {
    Error::Internal(format!(
        "what the batch of `{}` returned does not hold its lanes",
        f.name()
    ))
}

impl<F: DiffFn> Runner<F> {
    /// Runs the function for every lane of a batch: the arguments are a tuple of [`each`] and [`shared`], at least one of them
    /// `each`.
    ///
    /// # Errors
    /// [`Error::Trap`] if the plain function would panic in some lane; [`Error::Argument`] if the arguments have different
    /// numbers of lanes.
    pub fn vmap<'a, B: BatchArgs<F::Args<'a>>>(&self, args: B) -> Result<Vec<F::Output>> {
        let f = self.function()?;
        let batch = Batch::of(&f, &args)?;
        let batched = f.vmap(&batch.spec)?;
        if let [ty @ Type::Tensor(_)] = f.results()
            && ty.is_static()
        {
            let out = batched.call(batch.args, self.options())?;
            return <Vec<F::Output>>::unflatten(&mut out.into_iter()).ok_or_else(|| unexpected(&f));
        }
        let lanes = batch.run(&f, &batched, self.options())?;
        lanes
            .into_iter()
            .map(|vs| F::Output::unflatten(&mut vs.into_iter()).ok_or_else(|| unexpected(&f)))
            .collect()
    }
    /// The gradients in every lane of a batch, with respect to all arguments, also those that the lanes share.
    ///
    /// # Errors
    /// As [`vmap`](Self::vmap); [`Error::Ad`] if there is no derivative.
    pub fn vmap_gradient<'a, B: BatchArgs<F::Args<'a>>>(
        &self,
        args: B,
    ) -> Result<Vec<<F::Args<'a> as Args>::Gradients>>
    where
        F: crate::RealFn,
    {
        let f = self.function()?;
        let batch = Batch::of(&f, &args)?;
        let kept = batch.arguments(&f)?;
        let cts = if f.params_of(&Wrt::All).is_empty() {
            f.vmap(&batch.spec)?.call(batch.args, self.options())?;
            vec![Vec::new(); batch.lanes]
        } else {
            let gradient = f.derived(DeriveKind::Gradient, &Wrt::All)?;
            let batched = gradient.vmap(&batch.spec)?;
            batch.run(&gradient, &batched, self.options())?
        };
        let all = 0..f.params().len();
        kept.iter()
            .zip(cts)
            .map(|(kept, cts)| {
                let mut leaves = f.gradient_leaves(all.clone(), kept, cts);
                <F::Args<'a>>::unflatten_gradients(&mut leaves).ok_or_else(|| unexpected(&f))
            })
            .collect()
    }
}

impl Function {
    /// The function that does for every lane of a batch what this one does; made once and kept. It can be run, differentiated
    /// and batched as any other.
    ///
    /// # Errors
    /// [`Error::Ad`] if the specification does not suit the function.
    pub fn vmap(&self, spec: &Spec) -> Result<Function> {
        self.made_vmap(spec)
    }
    /// A derivative as a function of its own; made once and kept.
    ///
    /// # Errors
    /// [`Error::Ad`] if it does not exist.
    pub fn derived(&self, kind: DeriveKind, wrt: &Wrt) -> Result<Function> {
        self.made_derivative(kind, wrt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotangent_core::value::{Data, Tensor};

    #[test]
    fn arrays_of_one_size_are_stacked_and_others_are_not() {
        let of = |items: &[Vec<f64>]| {
            let mut out = Vec::new();
            Lanes::<&[f64]>::hold(&each(items), &mut out);
            out.remove(0)
        };
        let (v, axes) = of(&[vec![1.0, 2.0], vec![3.0, 4.0]]);
        assert_eq!(axes, Axes::At(0));
        let want = Tensor::new(vec![2, 2], Data::F64(vec![1.0, 2.0, 3.0, 4.0]));
        assert!(v.same_bits(&Val::tensor(want.unwrap())));
        assert_eq!(of(&[vec![1.0], vec![3.0, 4.0]]).1, Axes::Rows);
        assert_eq!(of(&[]).1, Axes::Rows);
    }
}
