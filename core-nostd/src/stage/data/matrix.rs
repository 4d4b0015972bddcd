//! A dense matrix as plain data: one leaf, a tensor of two extents that a run tells.
//!
//! Invariant: `data` has `rows * columns` elements, row by row. The proxy is [`Mat`](crate::stage::Mat).

use super::Datum;
use crate::ir::{Dim, Type};
use crate::stage::{Num, Scalar};
use crate::value::{Data, Lent, Tensor, Val};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Index, IndexMut};

/// A dense matrix, row by row; what Jacobians and Hessians are returned in, and what [`linalg`](crate::stage::linalg) works on. It can be
/// passed to `#[differentiable]` functions, returned and made in them, and indexed by `m[(i, j)]`.
///
/// ```
/// use cotangent_core::stage::Matrix;
/// let m = Matrix::from_rows(vec![vec![1.0, 2.0], vec![3.0, 4.0]]).unwrap();
/// assert_eq!((m[(1, 0)], m.row(0)), (3.0, &[1.0, 2.0][..]));
/// assert_eq!(m.column(1).collect::<Vec<_>>(), [2.0, 4.0]);
/// assert_eq!(m, Matrix::from([[1.0, 2.0], [3.0, 4.0]]));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Matrix<T = f64> {
    rows: usize,
    columns: usize,
    data: Vec<T>,
}

impl<T> Default for Matrix<T> {
    fn default() -> Self {
        Matrix {
            rows: 0,
            columns: 0,
            data: Vec::new(),
        }
    }
}

impl<T: Copy> Matrix<T> {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Matrix<T>
    where
        T: Default,
    {
        Matrix {
            rows,
            columns,
            data: vec![T::default(); rows * columns],
        }
    }
    /// The identity.
    pub fn identity(n: usize) -> Matrix<T>
    where
        T: Num,
    {
        Matrix::from_fn(n, n, |i, j| T::small(i8::from(i == j)))
    }
    /// The matrix of the elements that a function of row and column gives.
    pub fn from_fn(rows: usize, columns: usize, mut f: impl FnMut(usize, usize) -> T) -> Matrix<T> {
        let mut data = Vec::with_capacity(rows * columns);
        for i in 0..rows {
            data.extend((0..columns).map(|j| f(i, j)));
        }
        Matrix {
            rows,
            columns,
            data,
        }
    }
    /// A matrix of rows of one length; `None` if the lengths differ.
    pub fn from_rows(rows: Vec<Vec<T>>) -> Option<Matrix<T>> {
        let columns = rows.first().map_or(0, Vec::len);
        rows.iter().all(|r| r.len() == columns).then(|| Matrix {
            rows: rows.len(),
            columns,
            data: rows.concat(),
        })
    }
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// A row. Panics if there is no such row.
    pub fn row(&self, i: usize) -> &[T] {
        &self.data[i * self.columns..(i + 1) * self.columns]
    }
    /// A row, to be changed. Panics if there is no such row.
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        &mut self.data[i * self.columns..(i + 1) * self.columns]
    }
    /// A column. Empty if there is no such column.
    pub fn column(&self, j: usize) -> impl Iterator<Item = T> + '_ {
        let n = if j < self.columns { self.rows } else { 0 };
        (0..n).map(move |i| self.data[i * self.columns + j])
    }
    /// Sets an element. Panics if it is outside.
    pub fn set(&mut self, (i, j): (usize, usize), x: T) {
        self.row_mut(i)[j] = x;
    }
    /// The elements, row by row.
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }
    /// The rows as vectors.
    pub fn to_rows(&self) -> Vec<Vec<T>> {
        (0..self.rows).map(|i| self.row(i).to_vec()).collect()
    }
    /// Rows for columns.
    pub fn transposed(&self) -> Matrix<T> {
        Matrix::from_fn(self.columns, self.rows, |i, j| self[(j, i)])
    }
    /// The product of two matrices.
    ///
    /// # Panics
    /// If there are not as many columns here as rows there.
    #[track_caller]
    pub fn dot(&self, other: &Matrix<T>) -> Matrix<T>
    where
        T: Num,
    {
        assert!(
            self.columns == other.rows,
            "a product of {} columns and {} rows",
            self.columns,
            other.rows
        );
        let mut out = Matrix::from_fn(self.rows, other.columns, |_, _| T::small(0));
        for i in 0..self.rows {
            for (k, &x) in self.row(i).iter().enumerate() {
                for (y, &z) in out.row_mut(i).iter_mut().zip(other.row(k)) {
                    *y += x * z;
                }
            }
        }
        out
    }
    /// The product with a vector.
    ///
    /// # Panics
    /// If there are not as many columns as elements.
    #[track_caller]
    pub fn times(&self, x: &[T]) -> Vec<T>
    where
        T: Num,
    {
        assert!(
            self.columns == x.len(),
            "a product of {} columns and {} elements",
            self.columns,
            x.len()
        );
        let row = |i| {
            let pairs = self.row(i).iter().zip(x);
            pairs.fold(T::small(0), |s, (&a, &x)| s + a * x)
        };
        (0..self.rows).map(row).collect()
    }
}

impl<T: Copy, const M: usize, const N: usize> From<[[T; N]; M]> for Matrix<T> {
    fn from(rows: [[T; N]; M]) -> Self {
        Matrix::from(&rows[..])
    }
}
impl<T: Copy, const N: usize> From<Vec<[T; N]>> for Matrix<T> {
    fn from(rows: Vec<[T; N]>) -> Self {
        Matrix::from(&rows[..])
    }
}
impl<T: Copy, const N: usize> From<&[[T; N]]> for Matrix<T> {
    fn from(rows: &[[T; N]]) -> Self {
        Matrix {
            rows: rows.len(),
            columns: N,
            data: rows.as_flattened().to_vec(),
        }
    }
}

impl<T: Copy> Index<(usize, usize)> for Matrix<T> {
    type Output = T;
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.row(i)[j]
    }
}
impl<T: Copy> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.row_mut(i)[j]
    }
}

impl<T: Copy + fmt::Display> fmt::Display for Matrix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for i in 0..self.rows {
            for (j, x) in self.row(i).iter().enumerate() {
                write!(f, "{}{x}", if j == 0 { "" } else { " " })?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl<T: Scalar> Datum for Matrix<T> {
    type Owned = Matrix<T>;
    type Space = T::Space;
    const LEAVES: usize = 1;
    fn types(out: &mut Vec<Type>) {
        out.push(Type::tensor(
            <T as Scalar>::DTYPE,
            [Dim::Dynamic, Dim::Dynamic],
        ));
    }
    fn flatten(&self, out: &mut Vec<Val>) {
        let made = Data::with_capacity(<T as Scalar>::DTYPE, self.data.len());
        out.push(made.map_or(Val::Unit, |mut data| {
            T::extend_dense(&self.data, &mut data);
            Val::Tensor(Arc::new(Tensor {
                shape: vec![self.rows, self.columns],
                data,
            }))
        }));
    }
    fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<Matrix<T>> {
        let Val::Tensor(t) = vals.next()? else {
            return None;
        };
        let [rows, columns] = t.shape[..] else {
            return None;
        };
        let data = match Arc::try_unwrap(t) {
            Ok(t) => t.data,
            Err(t) => t.data.clone(),
        };
        let n = data.len();
        Some(Matrix {
            rows,
            columns,
            data: T::collect_dense(data, n)?,
        })
    }
    fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
        let lent = T::lend_dense(&self.data).and_then(|v| v.rows(self.rows, self.columns));
        match lent {
            Some(array) => out.push(Lent::Array(array)),
            None => out.extend(super::flatten(self).into_iter().map(Lent::Val)),
        }
    }
}
