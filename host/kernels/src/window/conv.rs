//! Convolutions as products of matrices: the elements of the windows are gathered, a block at a time, into a matrix whose rows are the
//! places of the result and whose columns are the places of the window and the features, which is then multiplied.
//!
//! [`Gathered`] is that matrix, `G`. A convolution and its transpose by the operand are `out = G w`, the transpose by the kernel is
//! `out = Gᵀ v`. Where every group has one feature in and one out, no product is worth its name and rows are added directly.

use super::{Axis, NONE, unravel};
use crate::block::{Kernels, Number, Product};
use std::ops::Range;

/// Rows of `G` that are gathered together.
const ROWS: usize = 192;
/// Columns of `G` that are gathered together: with the rows they fit the second cache.
const DEPTH: usize = 384;
/// Rows of the transposed product that a part makes, and rows of `G` that it gathers for them.
const BACK: (usize, usize) = (144, 256);
/// The columns of a part, at least.
const COLUMNS: usize = 64;

/// The matrix of the elements of windows.
#[derive(Debug)]
pub struct Gathered {
    batch: usize,
    axes: Vec<Axis>,
    /// Features of the source, of all groups.
    features: usize,
    /// Features that are gathered: those of a group.
    inputs: usize,
    /// By row of the last axis, runs of taps whose elements follow each other: first tap, taps, first element.
    runs: Vec<Vec<(usize, usize, usize)>>,
}

impl Gathered {
    /// The windows over `batch` images of `features`, of which `inputs` belong together. `None` if a table is not what it says.
    pub fn new(batch: usize, mut axes: Vec<Axis>, features: usize, inputs: usize) -> Option<Self> {
        if axes.is_empty() {
            axes.push(Axis::single());
        }
        if !axes.iter().all(Axis::is_valid) {
            return None;
        }
        let last = axes.last()?;
        let runs = (0..last.rows)
            .map(|r| {
                let mut runs: Vec<(usize, usize, usize)> = Vec::new();
                for (t, &s) in last.row(r).iter().enumerate() {
                    if s == NONE {
                        continue;
                    }
                    match runs.last_mut() {
                        Some((first, n, from))
                            if inputs == features
                                && *first + *n == t
                                && *from + *n == s as usize =>
                        {
                            *n += 1;
                        }
                        _ => runs.push((t, 1, s as usize)),
                    }
                }
                runs
            })
            .collect();
        Some(Gathered {
            batch,
            axes,
            features,
            inputs,
            runs,
        })
    }
    /// Places of the result.
    pub fn rows(&self) -> usize {
        self.batch * self.axes.iter().map(|a| a.rows).product::<usize>()
    }
    /// Places of a window.
    pub fn taps(&self) -> usize {
        self.axes.iter().map(|a| a.taps).product()
    }
    /// The columns of `G`.
    pub fn columns(&self) -> usize {
        self.taps() * self.inputs
    }
    /// How many elements the source has.
    pub fn source(&self) -> usize {
        self.batch * self.axes.iter().map(|a| a.source).product::<usize>() * self.features
    }

    /// For the places of all axes but the last: where the image's lines start in the source for each tap of those axes, in places; `None` outside.
    fn lines(&self, at: &[usize]) -> Vec<Option<usize>> {
        let (last, outer) = self.axes.split_last().expect("there is an axis");
        let mut starts = vec![Some(at[0])];
        for (a, &row) in outer.iter().zip(&at[1..]) {
            let taps = a.row(row);
            starts = starts
                .iter()
                .flat_map(|s| {
                    taps.iter().map(move |&t| match s {
                        Some(s) if t != NONE => Some(s * a.source + t as usize),
                        _ => None,
                    })
                })
                .collect();
        }
        starts.iter().map(|s| s.map(|s| s * last.source)).collect()
    }

    /// Calls `f` for each of the rows `rows` with the number of it among them, its place on the last axis, and the lines.
    fn each_row(&self, rows: Range<usize>, mut f: impl FnMut(usize, usize, &[Option<usize>])) {
        let width = self.axes.last().map_or(1, |a| a.rows);
        let outer = || {
            let spatial = self.axes.iter().rev().skip(1).rev();
            std::iter::once(self.batch).chain(spatial.map(|a| a.rows).collect::<Vec<_>>())
        };
        let extents: Vec<usize> = outer().collect();
        let mut row = rows.start;
        while row < rows.end {
            let (line, from) = (row / width, row % width);
            let lines = self.lines(&unravel(line, extents.iter().copied()));
            let to = width.min(from + rows.end - row);
            for x in from..to {
                f(row - rows.start + x - from, x, &lines);
            }
            row += to - from;
        }
    }

    /// Writes columns `columns` of the rows `rows` to `dst`, row-major.
    ///
    /// # Safety
    /// `source` points to the elements of the source, from the first feature of the group on; `dst` has room.
    unsafe fn gather<T: Number>(
        &self,
        source: *const T,
        rows: Range<usize>,
        columns: Range<usize>,
        dst: *mut T,
    ) {
        let depth = columns.len();
        let taps = self.axes.last().map_or(1, |a| a.taps);
        let line = taps * self.inputs;
        let lines = columns.start / line.max(1)..columns.end.div_ceil(line.max(1));
        self.each_row(rows, |k, x, starts| {
            let to = dst.wrapping_add(k * depth);
            let runs = &self.runs[x];
            let whole = matches!(runs[..], [(0, n, _)] if n == taps);
            for q in lines.clone() {
                // The columns of this line that are asked for.
                let first = q * line;
                let (lo, hi) = (first.max(columns.start), (first + line).min(columns.end));
                let here = to.wrapping_add(lo - columns.start);
                if !whole || starts[q].is_none() {
                    // SAFETY: columns of this row.
                    unsafe { here.write_bytes(0, hi - lo) };
                }
                let Some(start) = starts[q] else { continue };
                for &(tap, n, from) in runs {
                    let at = first + tap * self.inputs;
                    let (a, b) = (at.max(lo), (at + n * self.inputs).min(hi));
                    if a < b {
                        let src = source.wrapping_add((start + from) * self.features + (a - at));
                        // SAFETY: the tables name places of the source; columns of this row.
                        unsafe {
                            src.copy_to_nonoverlapping(to.wrapping_add(a - columns.start), b - a)
                        };
                    }
                }
            }
        });
    }
}

/// One group of a convolution: where its features start.
#[derive(Debug, Clone, Copy)]
pub struct Group<T> {
    /// In the source.
    pub source: *const T,
    /// The matrix that `G` is multiplied by, and how far its rows are apart.
    pub right: (*const T, usize),
    /// The result, and how far its rows are apart.
    pub out: (*mut T, usize),
    /// The columns of the result.
    pub outputs: usize,
}

// SAFETY: parts read what nobody writes, and write apart from each other.
unsafe impl<T> Send for Group<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Group<T> {}

/// `n` cut into parts of about `size`.
fn parts(n: usize, size: usize) -> usize {
    n.div_ceil(size).max(1)
}

/// Part `k` of `m` of `0..n`, whole multiples of `unit` but for the end.
fn part(n: usize, k: usize, m: usize, unit: usize) -> Range<usize> {
    let units = n.div_ceil(unit);
    let at = |k: usize| (units * k / m * unit).min(n);
    at(k)..at(k + 1)
}

/// How many parts the product `G w` of a group has: blocks of rows, and of columns where there are few rows.
pub fn forward_parts(g: &Gathered, outputs: usize) -> (usize, usize) {
    let rows = parts(g.rows(), ROWS);
    let columns = if rows < 16 {
        (outputs / COLUMNS).clamp(1, 16usize.div_ceil(rows))
    } else {
        1
    };
    (rows, columns)
}

/// Part `k` of `out += G w`.
///
/// # Safety
/// The group's pointers are to as many elements as [`Gathered`] and its columns say; parts that run at once are different ones.
pub unsafe fn forward<T: Number>(kernels: &Kernels<T>, g: &Gathered, group: Group<T>, k: usize) {
    let (m, n) = forward_parts(g, group.outputs);
    let rows = part(g.rows(), k / n, m, 1);
    let columns = part(group.outputs, k % n, n, 32);
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    let mut block: Vec<T> = Vec::with_capacity(rows.len() * DEPTH.min(g.columns()));
    let out = group
        .out
        .0
        .wrapping_add(rows.start * group.out.1 + columns.start);
    let mut from = 0;
    while from < g.columns() {
        let to = (from + DEPTH).min(g.columns());
        let right = group
            .right
            .0
            .wrapping_add(from * group.right.1 + columns.start);
        // SAFETY: the block has room for these rows and columns, all of which are written; the rest is the caller's promise.
        unsafe {
            g.gather(group.source, rows.clone(), from..to, block.as_mut_ptr());
            (kernels.product)(Product {
                extents: [rows.len(), columns.len(), to - from],
                a: (block.as_ptr(), to - from, 1),
                b: (right, group.right.1),
                c: (out, group.out.1),
            });
        }
        from = to;
    }
}

/// How many parts the product `Gᵀ v` of a group has, by rows of the result and by columns.
pub fn backward_parts(g: &Gathered, outputs: usize) -> (usize, usize) {
    let rows = parts(g.columns(), BACK.0);
    (rows, (outputs / COLUMNS).clamp(1, 8usize.div_ceil(rows)))
}

/// Part `k` of `out += Gᵀ v`.
///
/// # Safety
/// As [`forward`]; `right` has a row for each place of the result of `G`, `out` one for each column of `G`.
pub unsafe fn backward<T: Number>(kernels: &Kernels<T>, g: &Gathered, group: Group<T>, k: usize) {
    let (m, n) = backward_parts(g, group.outputs);
    let rows = part(g.columns(), k / n, m, 4);
    let columns = part(group.outputs, k % n, n, 32);
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    let mut block: Vec<T> = Vec::with_capacity(rows.len() * BACK.1);
    let out = group
        .out
        .0
        .wrapping_add(rows.start * group.out.1 + columns.start);
    let mut from = 0;
    while from < g.rows() {
        let to = (from + BACK.1).min(g.rows());
        let right = group
            .right
            .0
            .wrapping_add(from * group.right.1 + columns.start);
        // SAFETY: the block has room for these rows and columns, all of which are written; the rest is the caller's promise.
        unsafe {
            g.gather(group.source, from..to, rows.clone(), block.as_mut_ptr());
            (kernels.product)(Product {
                extents: [rows.len(), columns.len(), to - from],
                a: (block.as_ptr(), 1, rows.len()),
                b: (right, group.right.1),
                c: (out, group.out.1),
            });
        }
        from = to;
    }
}

/// How many parts a convolution has whose every feature is a group of its own: blocks of rows.
pub fn depthwise_parts(g: &Gathered) -> usize {
    parts(g.rows(), ROWS)
}

/// Part `k` of `out += G w` where each of `g`'s features is a group of its own: `right` has a row for each tap.
///
/// # Safety
/// As [`forward`], the features those of all groups.
pub unsafe fn depthwise<T: Number>(kernels: &Kernels<T>, g: &Gathered, all: Group<T>, k: usize) {
    let taps = g.axes.last().map_or(1, |a| a.taps);
    let rows = part(g.rows(), k, depthwise_parts(g), 1);
    let start = rows.start;
    g.each_row(rows, |r, x, starts| {
        let out = all.out.0.wrapping_add((start + r) * all.out.1);
        for (q, line) in starts.iter().enumerate() {
            let Some(line) = line else { continue };
            for &(tap, n, from) in &g.runs[x] {
                for t in 0..n {
                    let src = all.source.wrapping_add((line + from + t) * g.features);
                    let right = all.right.0.wrapping_add((q * taps + tap + t) * all.right.1);
                    // SAFETY: the caller's promise; the tables name places of the source.
                    unsafe { (kernels.mul_add)(all.outputs, src, right, out) };
                }
            }
        }
    });
}

/// Tap `k` of `out += Gᵀ v` where each feature is a group of its own.
///
/// # Safety
/// As [`backward`], the features those of all groups.
pub unsafe fn depthwise_back<T: Number>(
    kernels: &Kernels<T>,
    g: &Gathered,
    all: Group<T>,
    k: usize,
) {
    let last = g.axes.last().map_or(1, |a| a.taps);
    let (q, tap) = (k / last, k % last);
    let out = all.out.0.wrapping_add(k * all.out.1);
    let axis = g.axes.last().expect("there is an axis");
    g.each_row(0..g.rows(), |r, x, starts| {
        let at = axis.row(x)[tap];
        let Some(line) = starts[q].filter(|_| at != NONE) else {
            return;
        };
        let src = all.source.wrapping_add((line + at as usize) * g.features);
        let right = all.right.0.wrapping_add(r * all.right.1);
        // SAFETY: the caller's promise; the tables name places of the source.
        unsafe { (kernels.mul_add)(all.outputs, src, right, out) };
    });
}
