//! Tuples, as data and as the arguments of a function.

use super::{
    Datum, Discrete, Gradient, Space, Tangent, flatten_tangent, types_of, unflatten_gradient,
};
use crate::ir::Type;
use crate::value::Val;
use alloc::vec;
use alloc::vec::Vec;

/// The arguments of a function: a tuple of [`Datum`]s.
pub trait Args {
    /// The gradients with respect to all arguments: a tuple, or the gradient itself for one argument.
    type Gradients;
    /// A tangent for each argument.
    type Tangents;
    /// The types of the leaves, by argument.
    fn types() -> Vec<Vec<Type>>;
    /// Adds the values of all leaves.
    fn flatten(&self, out: &mut Vec<Val>);
    /// Adds the tangents of all leaves, as [`flatten_tangent`] does.
    fn flatten_tangents(tangents: &Self::Tangents, out: &mut Vec<Val>);
    /// Makes the gradients of the cotangents of all leaves; see [`unflatten_gradient`].
    fn unflatten_gradients(
        primals: &[Val],
        cotangents: &mut dyn Iterator<Item = Val>,
    ) -> Option<Self::Gradients>;
}

/// Argument number `I` of a function.
#[diagnostic::on_unimplemented(message = "the function has no argument number {I}, counted from 0")]
pub trait Arg<const I: usize>: Args {
    /// Its type.
    type Type: Datum;
}

impl Datum for () {
    type Owned = ();
    type Space = Discrete;
    fn types(_: &mut Vec<Type>) {}
    fn flatten(&self, _: &mut Vec<Val>) {}
    fn unflatten(_: &mut dyn Iterator<Item = Val>) -> Option<()> {
        Some(())
    }
}

impl Args for () {
    type Gradients = ();
    type Tangents = ();
    fn types() -> Vec<Vec<Type>> {
        Vec::new()
    }
    fn flatten(&self, _: &mut Vec<Val>) {}
    fn flatten_tangents(_: &(), _: &mut Vec<Val>) {}
    fn unflatten_gradients(_: &[Val], _: &mut dyn Iterator<Item = Val>) -> Option<()> {
        Some(())
    }
}

/// Takes the leaves of a `T` off the front.
fn split<'a, T: Datum>(primals: &mut &'a [Val]) -> &'a [Val] {
    let n = types_of::<T>().len().min(primals.len());
    let (head, tail) = primals.split_at(n);
    *primals = tail;
    head
}

/// The space of a list of types.
macro_rules! space {
    ($t:ident) => { $t::Space };
    ($t:ident $($rest:ident)+) => { <$t::Space as Space>::Or<space!($($rest)+)> };
}
/// A tuple of gradients; one alone is itself.
macro_rules! bare {
    ($t:ty) => { $t };
    ($($t:ty),+) => { ($($t,)+) };
}
macro_rules! bare_expr {
    ($e:expr) => { $e };
    ($($e:expr),+) => { ($($e,)+) };
}

macro_rules! tuples {
    ($($t:ident $i:tt),+) => {
        impl<$($t: Datum),+> Datum for ($($t,)+) {
            type Owned = ($($t::Owned,)+);
            type Space = space!($($t)+);
            fn types(out: &mut Vec<Type>) {
                $($t::types(out);)+
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                $(self.$i.flatten(out);)+
            }
            fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Self::Owned> {
                Some(($($t::unflatten(vals)?,)+))
            }
        }
        impl<$($t: Datum),+> Args for ($($t,)+) {
            type Gradients = bare!($(Gradient<$t>),+);
            type Tangents = ($(Tangent<$t>,)+);
            fn types() -> Vec<Vec<Type>> {
                vec![$(types_of::<$t>()),+]
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                Datum::flatten(self, out);
            }
            fn flatten_tangents(tangents: &Self::Tangents, out: &mut Vec<Val>) {
                $(flatten_tangent::<$t>(&tangents.$i, out);)+
            }
            fn unflatten_gradients(
                mut primals: &[Val],
                cotangents: &mut dyn Iterator<Item = Val>,
            ) -> Option<Self::Gradients> {
                let gradients = ($(unflatten_gradient::<$t>(split::<$t>(&mut primals), cotangents)?,)+);
                Some(bare_expr!($(gradients.$i),+))
            }
        }
        tuples!(@args [$($t)+] $($t $i),+);
    };
    (@args $all:tt $($t:ident $i:tt),+) => {
        $(tuples!(@arg $all $t $i);)+
    };
    (@arg [$($all:ident)+] $t:ident $i:tt) => {
        impl<$($all: Datum),+> Arg<$i> for ($($all,)+) {
            type Type = $t;
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
