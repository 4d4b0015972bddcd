//! A plain dense matrix: what Jacobians and Hessians are returned in.

use std::fmt;
use std::ops::Index;

/// A dense matrix, row by row.
///
/// ```
/// use cotangent::Matrix;
/// let m = Matrix::from_rows(vec![vec![1.0, 2.0], vec![3.0, 4.0]]).unwrap();
/// assert_eq!((m[(1, 0)], m.row(0)), (3.0, &[1.0, 2.0][..]));
/// assert_eq!(m.column(1).collect::<Vec<_>>(), [2.0, 4.0]);
/// ```
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Matrix {
        Matrix {
            rows,
            columns,
            data: vec![0.0; rows * columns],
        }
    }
    /// A matrix of rows of one length; `None` if the lengths differ.
    pub fn from_rows(rows: Vec<Vec<f64>>) -> Option<Matrix> {
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
    pub fn row(&self, i: usize) -> &[f64] {
        &self.data[i * self.columns..(i + 1) * self.columns]
    }
    /// A row, to be changed. Panics if there is no such row.
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.data[i * self.columns..(i + 1) * self.columns]
    }
    /// A column. Empty if there is no such column.
    pub fn column(&self, j: usize) -> impl Iterator<Item = f64> + '_ {
        let n = if j < self.columns { self.rows } else { 0 };
        (0..n).map(move |i| self.data[i * self.columns + j])
    }
    /// Sets an element. Panics if it is outside.
    pub fn set(&mut self, (i, j): (usize, usize), x: f64) {
        self.row_mut(i)[j] = x;
    }
    /// The elements, row by row.
    pub fn as_slice(&self) -> &[f64] {
        &self.data
    }
    /// The rows as vectors.
    pub fn to_rows(&self) -> Vec<Vec<f64>> {
        (0..self.rows).map(|i| self.row(i).to_vec()).collect()
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.row(i)[j]
    }
}

impl fmt::Display for Matrix {
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
