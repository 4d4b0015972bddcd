//! Sparse Hessians: symmetric, so that an element can be read from the product of its row or of its column. That takes fewer runs than the
//! Jacobian of the gradient: the groups are a *star colouring* of the pattern (neighbours differ, and every path of four vertices has three
//! colours), so for two neighbours `i` and `j`, `j` is the only one of its group beside `i`, or `i` the only one of its own beside `j`.
//!
//! ```
//! use cotangent::differentiable;
//! #[differentiable]
//! fn arrow(xs: &[f64]) -> f64 {
//!     let mut s = 0.0;
//!     for x in xs {
//!         s += x * x * xs[0];
//!     }
//!     s
//! }
//! let h = arrow::sparse_hessian(&[1.0; 50])?;
//! // The first row, the first column and the diagonal. The Jacobian of the gradient would take fifty runs.
//! assert_eq!((h.nonzeros(), h.runs()), (148, 2));
//! assert_eq!((h.get(0, 0), h.get(7, 0), h.get(7, 7), h.get(7, 8)), (6.0, 2.0, 2.0, 0.0));
//! # Ok::<(), cotangent::Error>(())
//! ```

use super::{Pattern, SparseMatrix, nan_probe};
use crate::api::Runner;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Wrt};
use crate::jacobian::Linear;
use cotangent_core::stage::data::DiffFn;
use cotangent_core::value::Val;

/// Groups of variables of which one run gives the elements of a Hessian.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StarColoring {
    /// The group of each variable.
    pub colors: Vec<usize>,
    /// How many groups there are: so many runs are needed.
    pub count: usize,
}

impl Pattern {
    /// The pattern with its mirror image, which is that of a symmetric matrix; `None` if it is not square.
    pub fn symmetric(&self) -> Option<Pattern> {
        if self.rows() != self.columns {
            return None;
        }
        let mut rows = self.transposed();
        for (row, more) in rows.iter_mut().zip(&self.rows) {
            row.extend(more);
        }
        Pattern::from_rows(self.columns, rows)
    }
    /// A star colouring of the pattern of a symmetric matrix, greedy, variables with most neighbours first. `None` if it is not symmetric.
    ///
    /// ```
    /// use cotangent::sparse::Pattern;
    /// let band = |n: usize| (0..n).map(|i| (i.max(1) - 1..(i + 2).min(n)).collect()).collect();
    /// let p = Pattern::from_rows(100, band(100)).unwrap();
    /// assert_eq!(p.star_coloring().unwrap().count, 3);
    /// ```
    pub fn star_coloring(&self) -> Option<StarColoring> {
        let square = self.rows() == self.columns;
        let mirrored = |i: usize, j: usize| self.rows[j].binary_search(&i).is_ok();
        let all = || (0..self.columns).all(|i| self.rows[i].iter().all(|&j| mirrored(i, j)));
        (square && all()).then(|| stars(&self.rows))
    }
}

/// Greedy star colouring of a symmetric graph; an edge from a vertex to itself says nothing.
fn stars(near: &[Vec<usize>]) -> StarColoring {
    let mut order: Vec<usize> = (0..near.len()).collect();
    order.sort_by_key(|&v| std::cmp::Reverse(near[v].len()));
    let mut colors: Vec<Option<usize>> = vec![None; near.len()];
    // By colour, for whom it was last found taken.
    let mut taken: Vec<usize> = Vec::new();
    for &v in &order {
        let beside = |v: usize| near[v].iter().copied().filter(move |&w| w != v);
        let colored = |v: usize| beside(v).filter_map(|w| Some((w, colors[w]?)));
        let mut forbid = |c: usize| taken[c] = v + 1;
        // By colour, how many neighbours of `v` have it.
        let mut twice = vec![0_u32; taken_len(&colors)];
        for (_, c) in colored(v) {
            forbid(c);
            twice[c] += 1;
        }
        for (w, cw) in colored(v) {
            for (x, cx) in colored(w).filter(|&(x, _)| x != v) {
                // v - w - x - y and v between w and another of its colour: two colours on a path of four.
                let goes_on = || colored(x).any(|(y, cy)| y != w && cy == cw);
                if twice[cw] > 1 || goes_on() {
                    forbid(cx);
                }
            }
        }
        let free = taken.iter().position(|&by| by != v + 1);
        let c = free.unwrap_or_else(|| {
            taken.push(0);
            taken.len() - 1
        });
        colors[v] = Some(c);
    }
    StarColoring {
        colors: colors.into_iter().flatten().collect(),
        count: taken.len(),
    }
}

/// How many colours are in use.
fn taken_len(colors: &[Option<usize>]) -> usize {
    colors.iter().flatten().max().map_or(0, |c| c + 1)
}

impl Function {
    /// Which elements of the Hessian may differ from 0 near this point; as [`jacobian_pattern`](Self::jacobian_pattern) of the gradient. It takes as many
    /// runs as the dense Hessian. Found once, it serves at other points.
    ///
    /// # Errors
    /// As [`hessian`](Self::hessian).
    pub fn hessian_pattern(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Pattern> {
        let at = self.at(args, wrt, options)?;
        let n = at.columns;
        let mut rows = vec![Vec::new(); n];
        self.products(
            Linear::Hessian,
            &at,
            &at.inputs,
            n,
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
        let pattern = Pattern::from_rows(n, rows).and_then(|p| p.symmetric());
        pattern.ok_or_else(|| Error::Internal("a pattern with columns outside".into()))
    }
    /// The Hessian, whose elements outside the pattern (made [symmetric](Pattern::symmetric)) are 0, forward over reverse, from as many runs as the pattern's
    /// [`StarColoring`] has groups. Where an element outside is not 0, it is added to another one.
    ///
    /// # Errors
    /// As [`hessian`](Self::hessian); [`Error::Unsupported`] if the pattern has another size.
    pub fn sparse_hessian(
        &self,
        args: Vec<Val>,
        pattern: &Pattern,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<SparseMatrix> {
        let at = self.at(args, wrt, options)?;
        let n = at.columns;
        let whole = pattern.symmetric().filter(|p| p.columns == n);
        let Some(pattern) = whole else {
            let what = format!(
                "the Hessian of `{}` has {n} rows and columns, the pattern {} and {}",
                self.name(),
                pattern.rows(),
                pattern.columns()
            );
            return Err(Error::Unsupported { what });
        };
        let StarColoring { colors, count } = stars(&pattern.rows);
        let mut m = SparseMatrix::new(&pattern, count);
        // For each stored element, from which run it is read, and which number there.
        let mut from: Vec<(usize, usize)> = Vec::with_capacity(m.nonzeros());
        let mut often = vec![0_u32; count];
        let alone: Vec<Vec<bool>> = (0..n)
            .map(|i| {
                let row = &pattern.rows[i];
                row.iter().for_each(|&j| often[colors[j]] += 1);
                let alone = row.iter().map(|&j| often[colors[j]] == 1).collect();
                row.iter().for_each(|&j| often[colors[j]] = 0);
                alone
            })
            .collect();
        for (i, row) in pattern.rows.iter().enumerate() {
            for (k, &j) in row.iter().enumerate() {
                from.push(if alone[i][k] {
                    (colors[j], i)
                } else {
                    (colors[i], j)
                });
            }
        }
        let seed = |k: usize, xs: &mut [f64]| {
            let both = xs.iter_mut().zip(&colors);
            both.filter(|(_, c)| **c == k).for_each(|(x, _)| *x = 1.0);
        };
        self.products(
            Linear::Hessian,
            &at,
            &at.inputs,
            count,
            &seed,
            &mut |k, out| {
                for (value, &(run, at)) in m.values.iter_mut().zip(&from) {
                    if run == k
                        && let Some(&x) = out.get(at)
                    {
                        *value = x;
                    }
                }
                out.len() == n
            },
        )?;
        Ok(m)
    }
}

impl<F: DiffFn> Runner<F> {
    /// Which elements of the Hessian with respect to all arguments may differ from 0; see [`Function::hessian_pattern`].
    ///
    /// # Errors
    /// As [`hessian`](Self::hessian).
    pub fn hessian_pattern(&self, args: F::Args<'_>) -> Result<Pattern> {
        let (f, args) = self.values(&args)?;
        f.hessian_pattern(args, &Wrt::All, self.options())
    }
    /// The Hessian with respect to all arguments as a sparse matrix, whose pattern is found first.
    ///
    /// # Errors
    /// As [`hessian`](Self::hessian).
    pub fn sparse_hessian(&self, args: F::Args<'_>) -> Result<SparseMatrix> {
        let (f, args) = self.values(&args)?;
        let pattern = f.hessian_pattern(args.clone(), &Wrt::All, self.options())?;
        f.sparse_hessian(args, &pattern, &Wrt::All, self.options())
    }
    /// As [`sparse_hessian`](Self::sparse_hessian), with a pattern that is known; see [`Function::sparse_hessian`].
    ///
    /// # Errors
    /// As [`Function::sparse_hessian`].
    pub fn sparse_hessian_with(
        &self,
        args: F::Args<'_>,
        pattern: &Pattern,
    ) -> Result<SparseMatrix> {
        let (f, args) = self.values(&args)?;
        f.sparse_hessian(args, pattern, &Wrt::All, self.options())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some symmetric graph, by a linear congruence.
    fn graph(n: usize, edges: usize) -> Vec<Vec<usize>> {
        let mut rows: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
        let mut x = 12345_u64;
        for _ in 0..edges {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (i, j) = ((x >> 33) as usize % n, (x >> 13) as usize % n);
            rows[i].push(j);
            rows[j].push(i);
        }
        rows
    }

    #[test]
    fn a_star_coloring_has_no_path_of_four_in_two_colors() {
        for (n, edges) in [(1, 0), (8, 10), (30, 60), (60, 200)] {
            let p = Pattern::from_rows(n, graph(n, edges)).unwrap();
            let StarColoring { colors, count } = p.star_coloring().unwrap();
            assert!(colors.iter().all(|&c| c < count));
            let near = |v: usize| p.rows[v].iter().copied().filter(move |&w| w != v);
            for v in 0..n {
                for w in near(v) {
                    assert_ne!(colors[v], colors[w]);
                    for x in near(w).filter(|&x| x != v && colors[x] == colors[v]) {
                        for y in near(x).filter(|&y| y != w) {
                            assert_ne!(colors[y], colors[w], "{v} {w} {x} {y}");
                        }
                    }
                }
            }
        }
        let lopsided = Pattern::from_rows(2, vec![vec![1], vec![]]).unwrap();
        assert!(lopsided.star_coloring().is_none());
        assert!(lopsided.symmetric().unwrap().star_coloring().is_some());
    }
}
