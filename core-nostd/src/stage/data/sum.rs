//! `Option`, `Result`, and what the derive macro needs for enums: a tag, then the leaves of every variant in order, where
//! those of the variants that are not there hold defaults.
//!
//! The tag of `Option` and `Result` is a `bool` (`Some`, `Ok`); of a derived enum a `u32`, the variant's position.

use super::{Datum, Space, WordBuf, Words, default_of, types_of};
use crate::ir::{DType, Type};
use crate::value::Val;
use alloc::vec::Vec;

/// Adds defaults for the leaves of a `T` that is not there.
pub fn absent<T: Datum>(out: &mut Vec<Val>) {
    out.extend(types_of::<T>().iter().map(default_of));
}

/// Passes over the leaves of a `T` that is not there.
pub fn skip<T: Datum>(vals: &mut dyn Iterator<Item = Val>) -> Option<()> {
    for _ in 0..T::LEAVES {
        vals.next()?;
    }
    Some(())
}

/// Adds the words of a `T` that is not there: those of zeros.
#[inline]
pub fn absent_words<T: Datum>(out: &mut WordBuf<'_>) {
    for _ in 0..T::WORDS.len() {
        out.push(0);
    }
}

/// Passes over the words of a `T` that is not there.
#[inline]
pub fn skip_words<T: Datum>(words: &mut core::slice::Iter<'_, u64>) -> Option<()> {
    for _ in 0..T::WORDS.len() {
        words.next()?;
    }
    Some(())
}

impl<T: Datum> Datum for Option<T> {
    type Owned = Option<T::Owned>;
    type Space = T::Space;
    const LEAVES: usize = 1 + T::LEAVES;
    const WORDS: Words = bool::WORDS.then(T::WORDS);
    fn types(out: &mut Vec<Type>) {
        out.push(Type::scalar(DType::Bool));
        T::types(out);
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        self.is_some().flatten(out);
        match self {
            Some(x) => x.flatten(out),
            None => absent::<T>(out),
        }
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Option<T::Owned>> {
        if bool::unflatten(vals)? {
            T::unflatten(vals).map(Some)
        } else {
            skip::<T>(vals).map(|()| None)
        }
    }
    #[inline]
    fn put_words(&self, out: &mut WordBuf<'_>) {
        self.is_some().put_words(out);
        match self {
            Some(x) => x.put_words(out),
            None => absent_words::<T>(out),
        }
    }
    #[inline]
    fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<Option<T::Owned>> {
        if bool::take_words(words)? {
            T::take_words(words).map(Some)
        } else {
            skip_words::<T>(words).map(|()| None)
        }
    }
}

impl<T: Datum, E: Datum> Datum for Result<T, E> {
    type Owned = Result<T::Owned, E::Owned>;
    type Space = <T::Space as Space>::Or<E::Space>;
    const LEAVES: usize = 1 + T::LEAVES + E::LEAVES;
    const WORDS: Words = bool::WORDS.then(T::WORDS).then(E::WORDS);
    fn types(out: &mut Vec<Type>) {
        out.push(Type::scalar(DType::Bool));
        T::types(out);
        E::types(out);
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        self.is_ok().flatten(out);
        match self {
            Ok(x) => {
                x.flatten(out);
                absent::<E>(out);
            }
            Err(e) => {
                absent::<T>(out);
                e.flatten(out);
            }
        }
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Result<T::Owned, E::Owned>> {
        if bool::unflatten(vals)? {
            let x = T::unflatten(vals)?;
            skip::<E>(vals)?;
            Some(Ok(x))
        } else {
            skip::<T>(vals)?;
            E::unflatten(vals).map(Err)
        }
    }
    #[inline]
    fn put_words(&self, out: &mut WordBuf<'_>) {
        self.is_ok().put_words(out);
        match self {
            Ok(x) => {
                x.put_words(out);
                absent_words::<E>(out);
            }
            Err(e) => {
                absent_words::<T>(out);
                e.put_words(out);
            }
        }
    }
    #[inline]
    fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<Result<T::Owned, E::Owned>> {
        if bool::take_words(words)? {
            let x = T::take_words(words)?;
            skip_words::<E>(words)?;
            Some(Ok(x))
        } else {
            skip_words::<T>(words)?;
            E::take_words(words).map(Err)
        }
    }
}
