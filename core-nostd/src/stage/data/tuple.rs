//! Tuples, as data and as the arguments of a function.

use super::{
    Datum, Discrete, Gradient, Space, Tangent, WordBuf, Words, flatten_tangent, put_tangent_words,
    take_gradient_words, types_of, unflatten_gradient,
};
use crate::ir::Type;
use crate::value::{Lent, Val};
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
    /// Makes the gradients of their leaves; see [`unflatten_gradient`].
    fn unflatten_gradients(leaves: &mut dyn Iterator<Item = Val>) -> Option<Self::Gradients>;
    /// Adds all leaves, lent where that can be.
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>);
    /// The words of all leaves, if all are scalars.
    const WORDS: Words;
    /// Adds the words of all leaves.
    fn put_words(&self, out: &mut WordBuf<'_>);
    /// Adds the words of a tangent of each argument.
    fn put_tangent_words(tangents: &Self::Tangents, out: &mut WordBuf<'_>);
    /// Makes the gradients of words; see [`take_gradient_words`].
    fn take_gradient_words(words: &mut core::slice::Iter<'_, u64>) -> Option<Self::Gradients>;
}

/// Argument number `I` of a function.
#[diagnostic::on_unimplemented(message = "the function has no argument number {I}, counted from 0")]
pub trait Arg<const I: usize>: Args {
    /// Its type.
    type Type: Datum;
    /// How many words come before its own.
    const WORDS_BEFORE: usize;
}

impl Datum for () {
    type Owned = ();
    type Space = Discrete;
    const LEAVES: usize = 0;
    const WORDS: Words = Words::EMPTY;
    fn types(_: &mut Vec<Type>) {}
    fn flatten(&self, _: &mut Vec<Val>) {}
    fn unflatten(_: &mut dyn Iterator<Item = Val>) -> Option<()> {
        Some(())
    }
    fn take_words(_: &mut core::slice::Iter<'_, u64>) -> Option<()> {
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
    fn unflatten_gradients(_: &mut dyn Iterator<Item = Val>) -> Option<()> {
        Some(())
    }
    fn lend<'a>(&'a self, _: &mut Vec<Lent<'a>>) {}
    const WORDS: Words = Words::EMPTY;
    fn put_words(&self, _: &mut WordBuf<'_>) {}
    fn put_tangent_words(_: &(), _: &mut WordBuf<'_>) {}
    fn take_gradient_words(_: &mut core::slice::Iter<'_, u64>) -> Option<()> {
        Some(())
    }
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
            const LEAVES: usize = 0 $(+ $t::LEAVES)+;
            const WORDS: Words = Words::EMPTY$(.then($t::WORDS))+;
            fn types(out: &mut Vec<Type>) {
                $($t::types(out);)+
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                $(self.$i.flatten(out);)+
            }
            fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Self::Owned> {
                Some(($($t::unflatten(vals)?,)+))
            }
            fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
                $(self.$i.lend(out);)+
            }
            #[inline]
            fn put_words(&self, out: &mut WordBuf<'_>) {
                $(self.$i.put_words(out);)+
            }
            #[inline]
            fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<Self::Owned> {
                Some(($($t::take_words(words)?,)+))
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
                leaves: &mut dyn Iterator<Item = Val>,
            ) -> Option<Self::Gradients> {
                let gradients = ($(unflatten_gradient::<$t>(leaves)?,)+);
                Some(bare_expr!($(gradients.$i),+))
            }
            fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
                Datum::lend(self, out);
            }
            const WORDS: Words = <Self as Datum>::WORDS;
            #[inline]
            fn put_words(&self, out: &mut WordBuf<'_>) {
                Datum::put_words(self, out);
            }
            #[inline]
            fn put_tangent_words(tangents: &Self::Tangents, out: &mut WordBuf<'_>) {
                $(put_tangent_words::<$t>(&tangents.$i, out);)+
            }
            #[inline]
            fn take_gradient_words(
                words: &mut core::slice::Iter<'_, u64>,
            ) -> Option<Self::Gradients> {
                let gradients = ($(take_gradient_words::<$t>(words)?,)+);
                Some(bare_expr!($(gradients.$i),+))
            }
        }
        tuples!(@args [$($t)+] [] $($t $i),+);
    };
    (@args [$($all:ident)+] [$($before:ident)*] $t:ident $i:tt $(, $more:ident $j:tt)*) => {
        impl<$($all: Datum),+> Arg<$i> for ($($all,)+) {
            type Type = $t;
            const WORDS_BEFORE: usize = 0 $(+ $before::WORDS.len())*;
        }
        tuples!(@args [$($all)+] [$($before)* $t] $($more $j),*);
    };
    (@args $all:tt $before:tt) => {};
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
