//! Sparse Jacobians and (in `hessian`) Hessians: which elements may differ from 0, groups of columns (or rows) that can be computed in one run, and the elements
//! read back from those runs.
//!
//! ```
//! use cotangent::differentiable;
//! #[differentiable]
//! fn laplace(u: &[f64]) -> Vec<f64> {
//!     let mut out = vec![0.0; u.len()];
//!     for i in 0..u.len() {
//!         out[i] = 2.0 * u[i] * u[i];
//!         if i > 0 {
//!             out[i] -= u[i - 1];
//!         }
//!         if i + 1 < u.len() {
//!             out[i] -= u[i + 1];
//!         }
//!     }
//!     out
//! }
//! let j = laplace::sparse_jacobian(&[1.0; 100])?;
//! assert_eq!((j.nonzeros(), j.runs()), (298, 3)); // Tridiagonal: three runs instead of a hundred.
//! assert_eq!((j.get(5, 5), j.get(5, 6), j.get(5, 7)), (4.0, -1.0, 0.0));
//! # Ok::<(), cotangent::Error>(())
//! ```
//!
//! Columns without a common row do not mix in a product `J (e_i + e_j)`, so they share a run; likewise rows in reverse mode. The groups
//! are found by greedy colouring ([`Pattern::coloring`]). The pattern is given by the user, or found ([`Function::jacobian_pattern`]); found once
//! it serves at all points at which the function goes the same way.

use crate::Matrix;
use crate::api::Runner;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Wrt};
use crate::jacobian::{Linear, either};
use cotangent_core::stage::data::DiffFn;
use cotangent_core::value::Val;
use std::sync::OnceLock;

mod hessian;
pub use hessian::StarColoring;

/// Which elements of a matrix may differ from 0.
#[derive(Clone, Debug)]
pub struct Pattern {
    columns: usize,
    /// The columns of each row, ascending.
    rows: Vec<Vec<usize>>,
    by_columns: OnceLock<Coloring>,
    by_rows: OnceLock<Coloring>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        (self.columns, &self.rows) == (other.columns, &other.rows)
    }
}

/// Groups of columns, or rows, of which no two have an element in the same row, or column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coloring {
    /// Whether rows are grouped, for reverse mode; else columns, for forward mode.
    pub rows: bool,
    /// The group of each.
    pub colors: Vec<usize>,
    /// How many groups there are: so many runs are needed.
    pub count: usize,
}

impl Pattern {
    /// A pattern of the columns of each row, in any order. `None` if a column is outside.
    ///
    /// ```
    /// use cotangent::sparse::Pattern;
    /// let p = Pattern::from_rows(3, vec![vec![0, 1], vec![1, 2]]).unwrap();
    /// assert_eq!((p.nonzeros(), p.coloring().count), (4, 2));
    /// assert!(Pattern::from_rows(3, vec![vec![3]]).is_none());
    /// ```
    pub fn from_rows(columns: usize, mut rows: Vec<Vec<usize>>) -> Option<Pattern> {
        for row in &mut rows {
            row.sort_unstable();
            row.dedup();
            if row.last().is_some_and(|&j| j >= columns) {
                return None;
            }
        }
        Some(Pattern {
            columns,
            rows,
            by_columns: OnceLock::new(),
            by_rows: OnceLock::new(),
        })
    }
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// The columns of a row, ascending. Panics if there is no such row.
    pub fn row(&self, i: usize) -> &[usize] {
        &self.rows[i]
    }
    /// How many elements it has.
    pub fn nonzeros(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }
    /// The rows of each column, ascending.
    fn transposed(&self) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new(); self.columns];
        for (i, row) in self.rows.iter().enumerate() {
            for &j in row {
                out[j].push(i);
            }
        }
        out
    }
    /// The groups with which the fewest runs are needed: of columns, or of rows.
    pub fn coloring(&self) -> &Coloring {
        let (columns, rows) = (self.coloring_of(false), self.coloring_of(true));
        if columns.count <= rows.count {
            columns
        } else {
            rows
        }
    }
    fn coloring_of(&self, rows: bool) -> &Coloring {
        let cell = if rows {
            &self.by_rows
        } else {
            &self.by_columns
        };
        cell.get_or_init(|| {
            let across = self.transposed();
            let (colors, count) = if rows {
                color(&self.rows, &across)
            } else {
                color(&across, &self.rows)
            };
            Coloring {
                rows,
                colors,
                count,
            }
        })
    }
}

/// Greedy distance-2 colouring of one side of a bipartite graph, those with most neighbours first: `near` are the neighbours of each,
/// `back` those of the other side's. The colour of each, and how many there are.
fn color(near: &[Vec<usize>], back: &[Vec<usize>]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..near.len()).collect();
    order.sort_by_key(|&v| std::cmp::Reverse(near[v].len()));
    let mut colors: Vec<Option<usize>> = vec![None; near.len()];
    // By colour, for whom it was last found taken.
    let mut taken: Vec<usize> = Vec::new();
    for &v in &order {
        for c in near[v].iter().flat_map(|&w| &back[w]) {
            if let Some(c) = colors[*c] {
                taken[c] = v + 1;
            }
        }
        let free = taken.iter().position(|&by| by != v + 1);
        let c = free.unwrap_or_else(|| {
            taken.push(0);
            taken.len() - 1
        });
        colors[v] = Some(c);
    }
    (colors.into_iter().flatten().collect(), taken.len())
}

/// A direction that is NaN in its `k`-th number: what becomes NaN depends on that.
fn nan_probe(k: usize, xs: &mut [f64]) {
    if let Some(x) = xs.get_mut(k) {
        *x = f64::NAN;
    }
}

/// A sparse matrix, row by row.
#[derive(Clone, PartialEq, Debug)]
pub struct SparseMatrix {
    columns: usize,
    /// Where each row starts in the others, and where the last ends.
    starts: Vec<usize>,
    indices: Vec<usize>,
    values: Vec<f64>,
    runs: usize,
}

impl SparseMatrix {
    fn new(p: &Pattern, runs: usize) -> SparseMatrix {
        let mut starts = vec![0];
        for row in &p.rows {
            starts.push(starts[starts.len() - 1] + row.len());
        }
        SparseMatrix {
            columns: p.columns,
            starts,
            indices: p.rows.concat(),
            values: vec![0.0; p.nonzeros()],
            runs,
        }
    }
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// How many elements are stored.
    pub fn nonzeros(&self) -> usize {
        self.values.len()
    }
    /// How many directions it was computed from: the number of colours.
    pub fn runs(&self) -> usize {
        self.runs
    }
    /// Where a row is stored.
    fn range(&self, i: usize) -> std::ops::Range<usize> {
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(&a), Some(&b)) => a..b,
            _ => 0..0,
        }
    }
    /// The stored elements of a row, with their columns, ascending. None if there is no such row.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.range(i).map(|k| (self.indices[k], self.values[k]))
    }
    /// An element; 0 where none is stored.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        let range = self.range(i);
        match self.indices[range.clone()].binary_search(&j) {
            Ok(k) => self.values[range.start + k],
            Err(_) => 0.0,
        }
    }
    /// The product with a vector; elements that it lacks are 0.
    pub fn multiply(&self, x: &[f64]) -> Vec<f64> {
        let at = |j: usize| x.get(j).copied().unwrap_or(0.0);
        (0..self.rows())
            .map(|i| self.row(i).map(|(j, a)| a * at(j)).sum())
            .collect()
    }
    /// With its zeros.
    pub fn to_dense(&self) -> Matrix {
        let mut m = Matrix::zeros(self.rows(), self.columns);
        for i in 0..self.rows() {
            for (j, x) in self.row(i) {
                m.set((i, j), x);
            }
        }
        m
    }
}

impl Function {
    /// Which elements of the Jacobian may differ from 0 at points near this one, at which the function goes the same way. It takes as many
    /// runs as the dense Jacobian.
    ///
    /// An element counts as different from 0 if a NaN in the direction reaches it. So what is 0 by accident at this point counts
    /// (`x * y` at 0), and a derivative that is computed as a product with 0 does; what another branch would do does not.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn jacobian_pattern(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<Pattern> {
        let at = self.at(args, wrt, options)?;
        let (outputs, n) = self.outputs(&at)?;
        let forward = || {
            let mut rows = vec![Vec::new(); n];
            self.products(
                Linear::Forward,
                &at,
                &at.inputs,
                at.columns,
                &nan_probe,
                &mut |j, col| {
                    for (row, x) in rows.iter_mut().zip(col) {
                        if x.is_nan() {
                            row.push(j);
                        }
                    }
                    col.len() == n
                },
            )?;
            Ok(rows)
        };
        let reverse = || {
            let mut rows = vec![Vec::new(); n];
            self.products(
                Linear::Reverse,
                &at,
                &outputs,
                n,
                &nan_probe,
                &mut |i, row| {
                    let found = row.iter().enumerate().filter(|(_, x)| x.is_nan());
                    rows[i] = found.map(|(j, _)| j).collect();
                    row.len() == at.columns
                },
            )?;
            Ok(rows)
        };
        let rows = either(at.columns <= n, forward, reverse)?;
        Pattern::from_rows(at.columns, rows)
            .ok_or_else(|| Error::Internal("a pattern with columns outside".into()))
    }
    /// The Jacobian, whose elements outside the pattern are 0, from as many runs as the pattern's [`Coloring`] has groups. Where an
    /// element outside is not 0, it is added to another one of its row or column.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian); [`Error::Unsupported`] if the pattern has another size.
    pub fn sparse_jacobian(
        &self,
        args: Vec<Val>,
        pattern: &Pattern,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<SparseMatrix> {
        let at = self.at(args, wrt, options)?;
        let (outputs, n) = self.outputs(&at)?;
        if (pattern.rows(), pattern.columns()) != (n, at.columns) {
            let what = format!(
                "the Jacobian of `{}` has {n} rows and {} columns, the pattern {} and {}",
                self.name(),
                at.columns,
                pattern.rows(),
                pattern.columns()
            );
            return Err(Error::Unsupported { what });
        }
        let seed = |c: &Coloring, k: usize, xs: &mut [f64]| {
            let both = xs.iter_mut().zip(&c.colors);
            both.filter(|(_, c)| **c == k).for_each(|(x, _)| *x = 1.0);
        };
        let forward = || {
            let c = pattern.coloring_of(false);
            let mut m = SparseMatrix::new(pattern, c.count);
            let seed = |k: usize, xs: &mut [f64]| seed(c, k, xs);
            self.products(
                Linear::Forward,
                &at,
                &at.inputs,
                c.count,
                &seed,
                &mut |k, out| {
                    for (i, &x) in out.iter().enumerate().take(n) {
                        for e in m.range(i) {
                            if c.colors[m.indices[e]] == k {
                                m.values[e] = x;
                            }
                        }
                    }
                    out.len() == n
                },
            )?;
            Ok(m)
        };
        let reverse = || {
            let c = pattern.coloring_of(true);
            let mut m = SparseMatrix::new(pattern, c.count);
            let seed = |k: usize, xs: &mut [f64]| seed(c, k, xs);
            self.products(
                Linear::Reverse,
                &at,
                &outputs,
                c.count,
                &seed,
                &mut |k, out| {
                    for i in (0..n).filter(|&i| c.colors[i] == k) {
                        for e in m.range(i) {
                            if let Some(&x) = out.get(m.indices[e]) {
                                m.values[e] = x;
                            }
                        }
                    }
                    out.len() == at.columns
                },
            )?;
            Ok(m)
        };
        either(!pattern.coloring().rows, forward, reverse)
    }
}

impl<F: DiffFn> Runner<F> {
    /// Which elements of the Jacobian with respect to all arguments may differ from 0; see [`Function::jacobian_pattern`].
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn jacobian_pattern(&self, args: F::Args<'_>) -> Result<Pattern> {
        let (f, args) = self.values(&args)?;
        f.jacobian_pattern(args, &Wrt::All, self.options())
    }
    /// The Jacobian with respect to all arguments as a sparse matrix, whose pattern is found first; see
    /// [`sparse_jacobian_with`](Self::sparse_jacobian_with).
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn sparse_jacobian(&self, args: F::Args<'_>) -> Result<SparseMatrix> {
        let (f, args) = self.values(&args)?;
        let pattern = f.jacobian_pattern(args.clone(), &Wrt::All, self.options())?;
        f.sparse_jacobian(args, &pattern, &Wrt::All, self.options())
    }
    /// As [`sparse_jacobian`](Self::sparse_jacobian), with a pattern that is known; see [`Function::sparse_jacobian`].
    ///
    /// # Errors
    /// As [`Function::sparse_jacobian`].
    pub fn sparse_jacobian_with(
        &self,
        args: F::Args<'_>,
        pattern: &Pattern,
    ) -> Result<SparseMatrix> {
        let (f, args) = self.values(&args)?;
        f.sparse_jacobian(args, pattern, &Wrt::All, self.options())
    }
}
