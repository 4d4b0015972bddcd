//! Plain Rust data as run-time values, and back.
//!
//! [`Datum`] is implemented by the types that a differentiable function may take and return. A datum is a list of
//! *leaves*, one IR value each: a number is one leaf, a struct or tuple has the leaves of its fields in order, an enum has
//! its tag and then the leaves of every variant (those of the others hold defaults), and a container is always one leaf,
//! a tensor where its element is one statically shaped tensor, else a sequence of the element's leaf (or of the record of
//! its leaves). The front end lays its proxies out in the same way, so the leaves are the parameters of the program.
//!
//! A gradient or tangent of a datum has the type of the datum ([`Gradient`], [`Tangent`]): its floating-point leaves hold the
//! (co)tangent, all other leaves are those of the datum. A datum without floating-point leaves has the gradient `()`.
//! Start with [`Datum`]; `leaf` relates values to their tangents.

mod array;
mod function;
mod leaf;
mod matrix;
mod scalar;
mod sum;
mod tensor;
mod tuple;
mod words;

pub use array::Row;
pub use function::{Cache, DiffFn};
pub use leaf::{default_of, needs_primal, restore_discrete, strip_discrete};
pub use matrix::Matrix;
pub use sum::{absent, absent_words, skip, skip_words};
pub use tensor::Tensor;
pub use tuple::{Arg, Args};
pub use words::{MAX_WORDS, WordBuf, Words};

use crate::ir::Type;
use crate::value::{Data, Lent, LentArray, Val};
use alloc::vec::Vec;

/// Plain Rust data that a program can take and return. Derive it with `#[derive(Differentiable)]`.
///
/// Implemented for `bool`, the integers, `f32`, `f64`, complex numbers, and for arrays, slices, vectors, references, tuples,
/// `Option` and `Result` of such.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed to or returned from a differentiable function",
    note = "supported are numbers, `bool`, arrays, slices, `Vec`, tuples, `Option`, `Result`, and structs and enums with `#[derive(Differentiable)]`"
)]
pub trait Datum {
    /// The same data without borrows: `Vec<T>` for `&[T]`, `T` for `&T`.
    type Owned: Datum<Owned = Self::Owned, Space = Self::Space>;
    /// Whether there is a floating-point leaf: [`Smooth`] or [`Discrete`].
    type Space: Space;
    /// How many leaves there are.
    #[doc(hidden)]
    const LEAVES: usize;
    /// The tensor that the one leaf is, for scalars and arrays of such; other types are asked for their types, which takes longer.
    #[doc(hidden)]
    const ROW: Option<Row> = None;
    /// The words of the leaves, for types of scalars only.
    #[doc(hidden)]
    const WORDS: Words = Words::NONE;
    /// Adds the types of the leaves.
    #[doc(hidden)]
    fn types(out: &mut Vec<Type>);
    /// Adds the values of the leaves.
    #[doc(hidden)]
    fn flatten(&self, out: &mut Vec<Val>);
    /// Makes the data of their leaves, as many as [`types`](Self::types) gives. `None` if they do not suit.
    #[doc(hidden)]
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Self::Owned>;
    /// Adds the elements of the leaf of each datum. Only for types of one statically shaped tensor leaf.
    #[doc(hidden)]
    fn extend_dense(xs: &[Self], out: &mut Data)
    where
        Self: Sized,
    {
        array::extend_by_leaf(xs, out);
    }
    /// Makes `n` data of the elements of their leaves. Only for types of one statically shaped tensor leaf.
    #[doc(hidden)]
    fn collect_dense(elements: Data, n: usize) -> Option<Vec<Self::Owned>>
    where
        Self: Sized,
    {
        array::collect_by_leaf::<Self>(elements, n)
    }
    /// Adds the leaves without copying arrays where that can be: they are lent. The default copies.
    #[doc(hidden)]
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        out.extend(flatten(self).into_iter().map(Lent::Val));
    }
    /// The leaf of an array of such data, lent, for types of one statically shaped tensor leaf that are laid out like it.
    #[doc(hidden)]
    fn lend_dense(xs: &[Self]) -> Option<LentArray<'_>>
    where
        Self: Sized,
    {
        let _ = xs;
        None
    }
    /// Adds the words of the leaves. Only where [`WORDS`](Self::WORDS) is flat.
    #[doc(hidden)]
    fn put_words(&self, out: &mut WordBuf<'_>) {
        let _ = out;
    }
    /// Makes the data of their words. Only where [`WORDS`](Self::WORDS) is flat.
    #[doc(hidden)]
    fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<Self::Owned> {
        let _ = words;
        None
    }
}

/// What generated code names from elsewhere.
#[doc(hidden)]
pub mod names {
    pub use crate::ir::{FuncId, HostFn, Module, Type, Value};
    pub use crate::value::{Lent, Val};
    pub use alloc::string::String;
    pub use alloc::vec::Vec;
}

/// The type of the gradient with respect to a `T`: its owned form, or `()` if it holds no floating-point number.
pub type Gradient<T> = <<T as Datum>::Space as Space>::Of<<T as Datum>::Owned>;
/// The type of a tangent of a `T`: `T`, or `()` if it holds no floating-point number.
pub type Tangent<T> = <<T as Datum>::Space as Space>::Of<T>;

/// Whether a type has a tangent space. Implemented by [`Smooth`] and [`Discrete`] only.
pub trait Space: sealed::Sealed {
    /// `T` if there is a tangent space, else `()`.
    type Of<T>;
    /// Whether this or the other has a tangent space.
    type Or<S: Space>: Space;
    /// Whether there is one.
    const SMOOTH: bool;
    /// Wraps a value; not called where there is no tangent space.
    fn make<T>(f: impl FnOnce() -> Option<T>) -> Option<Self::Of<T>>;
    /// The wrapped value.
    fn get<T>(t: &Self::Of<T>) -> Option<&T>;
}
/// Some leaf is real or complex floating point.
#[derive(Debug)]
pub enum Smooth {}
/// No leaf is floating point.
#[derive(Debug)]
pub enum Discrete {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Smooth {}
    impl Sealed for super::Discrete {}
}

impl Space for Smooth {
    type Of<T> = T;
    type Or<S: Space> = Smooth;
    const SMOOTH: bool = true;
    fn make<T>(f: impl FnOnce() -> Option<T>) -> Option<T> {
        f()
    }
    fn get<T>(t: &T) -> Option<&T> {
        Some(t)
    }
}
impl Space for Discrete {
    type Of<T> = ();
    type Or<S: Space> = S;
    const SMOOTH: bool = false;
    fn make<T>(_: impl FnOnce() -> Option<T>) -> Option<()> {
        Some(())
    }
    fn get<T>(_: &()) -> Option<&T> {
        None
    }
}

/// The types of the leaves of `T`.
pub fn types_of<T: Datum + ?Sized>() -> Vec<Type> {
    let mut out = Vec::new();
    T::types(&mut out);
    out
}

/// The values of the leaves of a datum.
pub fn flatten<T: Datum + ?Sized>(x: &T) -> Vec<Val> {
    let mut out = Vec::new();
    x.flatten(&mut out);
    out
}

/// The leaves of a tangent `t` of a `T`: [`Val::Unit`] at each leaf without tangent space.
pub fn flatten_tangent<T: Datum>(t: &Tangent<T>, out: &mut Vec<Val>) {
    let types = types_of::<T>();
    match T::Space::get::<T>(t) {
        Some(t) => out.extend(
            flatten(t)
                .into_iter()
                .zip(&types)
                .map(|(v, ty)| strip_discrete(v, ty)),
        ),
        None => out.extend(types.iter().map(|_| Val::Unit)),
    }
}

/// Makes the gradient of a `T` from the leaves of one: its cotangents, and the leaves of the datum itself where these have no tangent
/// space (see [`restore_discrete`]). Takes as many leaves as a `T` has.
pub fn unflatten_gradient<T: Datum + ?Sized>(
    leaves: &mut dyn Iterator<Item = Val>,
) -> Option<Gradient<T>> {
    if T::Space::SMOOTH {
        T::Space::make(|| T::unflatten(leaves))
    } else {
        for _ in 0..T::LEAVES {
            leaves.next()?;
        }
        T::Space::make(|| None)
    }
}

/// As [`unflatten_gradient`], of words.
#[inline]
pub fn take_gradient_words<T: Datum + ?Sized>(
    words: &mut core::slice::Iter<'_, u64>,
) -> Option<Gradient<T>> {
    if T::Space::SMOOTH {
        T::Space::make(|| T::take_words(words))
    } else {
        for _ in 0..T::WORDS.len() {
            words.next()?;
        }
        T::Space::make(|| None)
    }
}

/// Adds the words of a tangent of a `T`; zero where there is no tangent space.
#[inline]
pub fn put_tangent_words<T: Datum>(t: &Tangent<T>, out: &mut WordBuf<'_>) {
    match T::Space::get::<T>(t) {
        Some(t) => t.put_words(out),
        None => {
            for _ in 0..T::WORDS.len() {
                out.push(0);
            }
        }
    }
}

#[cfg(test)]
mod tests;
