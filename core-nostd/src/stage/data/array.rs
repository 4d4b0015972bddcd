//! Arrays, slices and vectors: always one leaf; and references, which are what they refer to.
//!
//! Dense elements (one statically shaped tensor leaf) are copied in bulk; a vector of plain numbers that comes out of a
//! program is moved, not copied, where nobody else holds it.

use super::{Datum, WordBuf, Words, types_of};
use crate::ir::{DType, Dim, TensorType, Type};
use crate::value::{Data, Lent, LentArray, LentList, LentRows, Tensor, Val, elements};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// A tensor of static shape.
#[derive(Copy, Clone, Debug)]
pub struct Row {
    dtype: DType,
    extents: [usize; Row::RANK],
    rank: usize,
}

impl Row {
    /// The most extents; deeper arrays are asked for their types.
    const RANK: usize = 6;

    pub(super) const fn scalar(dtype: DType) -> Row {
        Row {
            dtype,
            extents: [0; Row::RANK],
            rank: 0,
        }
    }
    /// The tensor of `n` of these.
    const fn array(self, n: usize) -> Option<Row> {
        if self.rank == Row::RANK {
            return None;
        }
        let mut out = self;
        out.extents[0] = n;
        out.rank += 1;
        let mut k = 0;
        while k < self.rank {
            out.extents[k + 1] = self.extents[k];
            k += 1;
        }
        Some(out)
    }
    fn shape(&self) -> &[usize] {
        &self.extents[..self.rank]
    }
}

/// The elements of an array, all there.
fn all<T, const N: usize>(xs: [Option<T>; N]) -> Option<[T; N]> {
    if !xs.iter().all(Option::is_some) {
        return None;
    }
    Some(xs.map(|x| match x {
        Some(x) => x,
        None => unreachable!("looked at above"),
    }))
}

/// The leaf of an element type, if it is one statically shaped tensor: dtype and extents.
fn dense(types: &[Type]) -> Option<(TensorType, Vec<usize>)> {
    let [Type::Tensor(t)] = types else {
        return None;
    };
    let shape = t
        .shape
        .iter()
        .map(|d| d.known().map(|n| n as usize))
        .collect::<Option<Vec<_>>>()?;
    Some((t.clone(), shape))
}

/// The leaf of `T`, if that is all and a statically shaped tensor.
fn dense_leaf<T: Datum>() -> Option<(TensorType, Vec<usize>)> {
    (T::LEAVES == 1).then(|| dense(&types_of::<T>())).flatten()
}

/// The one leaf that an element of a sequence is.
fn element(types: Vec<Type>) -> Type {
    match <[Type; 1]>::try_from(types) {
        Ok([t]) => t,
        Err(types) => Type::record(types),
    }
}

/// The type of an array of `T` with that extent.
fn array_type<T: Datum>(dim: Dim) -> Type {
    element(types_of::<T>()).array_of(dim)
}

/// The tensor of elements that are tensors of that shape.
fn flatten_dense<T: Datum>(xs: &[T], dtype: DType, shape: &[usize]) -> Val {
    let count = elements(shape).unwrap_or(0).saturating_mul(xs.len());
    let Some(mut data) = Data::with_capacity(dtype, count) else {
        return Val::Unit;
    };
    T::extend_dense(xs, &mut data);
    let shape = core::iter::once(xs.len()).chain(shape.iter().copied());
    Val::Tensor(Arc::new(Tensor {
        shape: shape.collect(),
        data,
    }))
}

fn flatten_array<T: Datum>(xs: &[T]) -> Val {
    if let Some(row) = T::ROW {
        return flatten_dense(xs, row.dtype, row.shape());
    }
    if let Some((t, shape)) = dense_leaf::<T>() {
        return flatten_dense(xs, t.dtype, &shape);
    }
    Val::Seq(Arc::new(
        xs.iter()
            .map(|x| {
                let mut leaves = Vec::with_capacity(T::LEAVES);
                x.flatten(&mut leaves);
                match <[Val; 1]>::try_from(leaves) {
                    Ok([v]) => v,
                    Err(leaves) => Val::record(leaves),
                }
            })
            .collect(),
    ))
}

/// The elements of a tensor, each of that shape.
fn unflatten_dense<T: Datum>(val: Val, shape: &[usize]) -> Option<Vec<T::Owned>> {
    let Val::Tensor(t) = val else { return None };
    let (&n, rest) = t.shape.split_first()?;
    if rest != shape {
        return None;
    }
    let data = match Arc::try_unwrap(t) {
        Ok(t) => t.data,
        Err(t) => t.data.clone(),
    };
    T::collect_dense(data, n)
}

fn unflatten_array<T: Datum>(val: Val) -> Option<Vec<T::Owned>> {
    if let Some(row) = T::ROW {
        return unflatten_dense::<T>(val, row.shape());
    }
    if let Some((_, shape)) = dense_leaf::<T>() {
        return unflatten_dense::<T>(val, &shape);
    }
    let Val::Seq(vals) = val else { return None };
    let vals = Arc::try_unwrap(vals).unwrap_or_else(|v| (*v).clone());
    vals.into_iter()
        .map(|v| {
            if T::LEAVES == 1 {
                return T::unflatten(&mut core::iter::once(v));
            }
            match v {
                Val::Unit => T::unflatten(&mut core::iter::empty()),
                Val::Record(fs) => {
                    let fs = Arc::try_unwrap(fs).unwrap_or_else(|v| (*v).clone());
                    T::unflatten(&mut fs.into_iter())
                }
                Val::Scalar(_) | Val::Tensor(_) | Val::Seq(_) | Val::Stack(_) => None,
            }
        })
        .collect()
}

/// [`Datum::extend_dense`] for a type that only knows its leaf, such as a struct of one number.
pub(super) fn extend_by_leaf<T: Datum>(xs: &[T], out: &mut Data) {
    let mut leaves = Vec::new();
    for x in xs {
        x.flatten(&mut leaves);
        match leaves.pop() {
            Some(Val::Tensor(t)) if t.dtype() == out.dtype() => {
                out.extend_from(&t.data, 0..t.data.len());
            }
            Some(Val::Scalar(s)) if s.dtype() == out.dtype() => {
                if let Some(one) = Data::splat(s, 1) {
                    out.extend_from(&one, 0..1);
                }
            }
            _ => {}
        }
    }
}

/// [`Datum::collect_dense`] for a type that only knows its leaf.
pub(super) fn collect_by_leaf<T: Datum>(data: Data, n: usize) -> Option<Vec<T::Owned>> {
    let (t, shape) = dense(&types_of::<T>())?;
    let size = elements(&shape)?;
    if data.dtype() != t.dtype || data.len() != size.checked_mul(n)? {
        return None;
    }
    (0..n)
        .map(|i| {
            let mut one = Data::with_capacity(t.dtype, size)?;
            one.extend_from(&data, i * size..(i + 1) * size);
            let leaf = Val::tensor(Tensor {
                shape: shape.clone(),
                data: one,
            });
            T::unflatten(&mut core::iter::once(leaf))
        })
        .collect()
}

/// The leaf of a container, lent if its elements lie in memory as they do in a tensor; else what is copied is what is smallest: words of
/// elements of scalars, and of other elements only what cannot be lent itself.
fn lend_array<T: Datum>(xs: &[T]) -> Lent<'_> {
    if let Some(array) = T::lend_dense(xs) {
        return Lent::Array(array);
    }
    if T::LEAVES == 0 || T::ROW.is_some() || dense_leaf::<T>().is_some() {
        return Lent::Val(flatten_array(xs));
    }
    let lent = if T::WORDS.is_flat() {
        LentRows::new(element(types_of::<T>()), words_of(xs)).map(Lent::Rows)
    } else {
        let mut leaves = Vec::with_capacity(T::LEAVES * xs.len());
        for x in xs {
            x.lend(&mut leaves);
        }
        LentList::new(T::LEAVES, leaves).map(Lent::List)
    };
    lent.unwrap_or_else(|| Lent::Val(flatten_array(xs)))
}

/// The words of each datum.
fn words_of<T: Datum>(xs: &[T]) -> Vec<u64> {
    let each = T::WORDS.len();
    let mut words = vec![0; each.saturating_mul(xs.len())];
    for (x, words) in xs.iter().zip(words.chunks_exact_mut(each)) {
        x.put_words(&mut WordBuf::new(words));
    }
    words
}

impl<T: Datum> Datum for [T] {
    type Owned = Vec<T::Owned>;
    type Space = T::Space;
    const LEAVES: usize = 1;
    fn types(out: &mut Vec<Type>) {
        out.push(array_type::<T>(Dim::Dynamic));
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        out.push(flatten_array(self));
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Vec<T::Owned>> {
        unflatten_array::<T>(vals.next()?)
    }
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        out.push(lend_array(self));
    }
}

impl<T: Datum> Datum for Vec<T> {
    type Owned = Vec<T::Owned>;
    type Space = T::Space;
    const LEAVES: usize = 1;
    fn types(out: &mut Vec<Type>) {
        <[T]>::types(out);
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        self.as_slice().flatten(out);
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Vec<T::Owned>> {
        <[T]>::unflatten(vals)
    }
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        self.as_slice().lend(out);
    }
}

impl<T: Datum, const N: usize> Datum for [T; N] {
    type Owned = [T::Owned; N];
    type Space = T::Space;
    const LEAVES: usize = 1;
    const ROW: Option<Row> = match T::ROW {
        Some(row) => row.array(N),
        None => None,
    };
    fn types(out: &mut Vec<Type>) {
        out.push(array_type::<T>(Dim::Known(N as u64)));
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        out.push(flatten_array(self));
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<[T::Owned; N]> {
        unflatten_array::<T>(vals.next()?)?.try_into().ok()
    }
    fn extend_dense(xs: &[[T; N]], out: &mut Data) {
        T::extend_dense(xs.as_flattened(), out);
    }
    fn collect_dense(elements: Data, n: usize) -> Option<Vec<[T::Owned; N]>> {
        let mut flat = T::collect_dense(elements, n.checked_mul(N)?)?.into_iter();
        let mut rows = Vec::with_capacity(n);
        for _ in 0..n {
            rows.push(all(core::array::from_fn(|_| flat.next()))?);
        }
        Some(rows)
    }
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        out.push(lend_array(self.as_slice()));
    }
    fn lend_dense(xs: &[[T; N]]) -> Option<LentArray<'_>> {
        T::lend_dense(xs.as_flattened())?.rows(xs.len(), N)
    }
}

macro_rules! references {
    ($($ty:ty),*) => {$(
        impl<T: Datum + ?Sized> Datum for $ty {
            type Owned = T::Owned;
            type Space = T::Space;
            const LEAVES: usize = T::LEAVES;
            const WORDS: Words = T::WORDS;
            fn types(out: &mut Vec<Type>) {
                T::types(out);
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                T::flatten(self, out);
            }
            fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<T::Owned> {
                T::unflatten(vals)
            }
            fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
                T::lend(self, out);
            }
            #[inline]
            fn put_words(&self, out: &mut WordBuf<'_>) {
                T::put_words(self, out);
            }
            #[inline]
            fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<T::Owned> {
                T::take_words(words)
            }
        }
    )*};
}
references!(&T, &mut T);
