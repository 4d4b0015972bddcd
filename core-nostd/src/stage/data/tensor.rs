//! A dense array of any rank as plain data: one leaf, a tensor whose extents a run tells.
//!
//! Invariant: `data` has as many elements as the extents say, row-major. The proxy is [`Ten`](crate::stage::Ten); what can be done with either is
//! in [`crate::stage::tensor`].

use super::Datum;
use crate::ir::{Dim, Type};
use crate::stage::Scalar;
use crate::value::{Data, Lent, Tensor as Val_, Val, elements};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

/// A dense array of rank `N`, row-major. It can be passed to `#[differentiable]` functions, returned and made in them.
///
/// Images are `[batch, height, width, features]`, kernels of convolutions `[height, width, from, to]`.
///
/// ```
/// use cotangent_core::stage::Tensor;
/// let t = Tensor::from_fn([2, 3], |[i, j]| (10 * i + j) as f64);
/// assert_eq!((t[[1, 2]], t.shape()), (12.0, [2, 3]));
/// assert_eq!(t.sum(), 36.0);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Tensor<T, const N: usize> {
    shape: [usize; N],
    data: Vec<T>,
}

impl<T: Default, const N: usize> Default for Tensor<T, N> {
    /// No elements; of rank 0 the one that is `T`'s default.
    fn default() -> Self {
        let mut data = Vec::new();
        if N == 0 {
            data.push(T::default());
        }
        Tensor {
            shape: [0; N],
            data,
        }
    }
}

impl<T, const N: usize> Tensor<T, N> {
    /// The tensor of these elements, row-major; `None` if there are not as many as the extents say.
    pub fn new(shape: [usize; N], data: Vec<T>) -> Option<Self> {
        (elements(&shape) == Some(data.len())).then_some(Tensor { shape, data })
    }
    /// The extents.
    pub fn shape(&self) -> [usize; N] {
        self.shape
    }
    /// The extent of an axis. Panics if there is no such axis.
    pub fn extent(&self, axis: usize) -> usize {
        self.shape[axis]
    }
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.data.len()
    }
    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }
    /// The elements, row-major.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }
    /// The elements, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.data
    }
    /// The elements, row-major.
    pub fn into_vec(self) -> Vec<T> {
        self.data
    }
    /// The tensor of the elements that a function of the indices gives.
    pub fn from_fn(shape: [usize; N], mut f: impl FnMut([usize; N]) -> T) -> Self {
        let n = elements(&shape).expect("so many elements do not fit memory");
        let mut at = [0; N];
        let data = (0..n)
            .map(|_| {
                let x = f(at);
                for k in (0..N).rev() {
                    at[k] += 1;
                    if at[k] < shape[k] {
                        break;
                    }
                    at[k] = 0;
                }
                x
            })
            .collect();
        Tensor { shape, data }
    }
    fn offset(&self, at: [usize; N]) -> usize {
        at.iter().zip(&self.shape).fold(0, |o, (&i, &n)| {
            assert!(i < n, "index {i} of an axis of {n}");
            o * n + i
        })
    }
}

impl<T: Clone + Default, const N: usize> Tensor<T, N> {
    /// A tensor of zeros.
    pub fn zeros(shape: [usize; N]) -> Self {
        Tensor::from_fn(shape, |_| T::default())
    }
}

impl<T, const N: usize> Index<[usize; N]> for Tensor<T, N> {
    type Output = T;
    fn index(&self, at: [usize; N]) -> &T {
        &self.data[self.offset(at)]
    }
}
impl<T, const N: usize> IndexMut<[usize; N]> for Tensor<T, N> {
    fn index_mut(&mut self, at: [usize; N]) -> &mut T {
        let at = self.offset(at);
        &mut self.data[at]
    }
}

impl<T: Scalar, const N: usize> Datum for Tensor<T, N> {
    type Owned = Tensor<T, N>;
    type Space = T::Space;
    const LEAVES: usize = 1;
    fn types(out: &mut Vec<Type>) {
        out.push(Type::tensor(<T as Scalar>::DTYPE, [Dim::Dynamic; N]));
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        let made = Data::with_capacity(<T as Scalar>::DTYPE, self.data.len());
        out.push(made.map_or(Val::Unit, |mut data| {
            T::extend_dense(&self.data, &mut data);
            Val::tensor(Val_ {
                shape: self.shape.to_vec(),
                data,
            })
        }));
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Tensor<T, N>> {
        let t = match vals.next()? {
            Val::Tensor(t) => t,
            Val::Scalar(s) => Arc::new(Val_ {
                shape: Vec::new(),
                data: Data::splat(s, 1)?,
            }),
            Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => return None,
        };
        let shape = t.shape[..].try_into().ok()?;
        let data = match Arc::try_unwrap(t) {
            Ok(t) => t.data,
            Err(t) => t.data.clone(),
        };
        let n = data.len();
        Some(Tensor {
            shape,
            data: T::collect_dense(data, n)?,
        })
    }
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        // The axes are split off from the last one on.
        let mut lent = T::lend_dense(&self.data).filter(|_| N > 0);
        for k in (1..N).rev() {
            let before = self.shape[..k].iter().product();
            lent = lent.and_then(|v| v.rows(before, self.shape[k]));
        }
        match lent {
            Some(array) => out.push(Lent::Array(array)),
            None => out.extend(super::flatten(self).into_iter().map(Lent::Val)),
        }
    }
}
