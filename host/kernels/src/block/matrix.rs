//! Products of row-major matrices and vectors, all of which add to what is there: `y += A x`, `y += Aᵀ x`, `A += x yᵀ`,
//! `C += A B`.
//!
//! Invariants: every element of a result is computed in an order that depends on the inner dimension alone, so rows may be split
//! among threads in any way.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use pulp::Simd;

use super::each::{Axpy, each};
use super::vector::{Number, Part, Vector};
use crate::target::{Job, Target};

/// Rows that are computed together.
const ROWS: usize = 4;

/// A row-major matrix: its first element and the distance of rows.
#[derive(Debug, Clone, Copy)]
struct Matrix<T> {
    start: *const T,
    stride: usize,
}

impl<T> Matrix<T> {
    /// # Safety
    /// The row must be in the matrix.
    #[inline(always)]
    unsafe fn row(self, i: usize) -> *const T {
        // SAFETY: the caller's promise.
        unsafe { self.start.add(i * self.stride) }
    }
}

/// `y[r] += A[r] . x` for `R` rows. The order of each sum does not depend on `R`.
///
/// # Safety
/// `a` has the rows with `n` elements, `x` has `n`, `y` has `R`.
#[inline(always)]
unsafe fn dot_rows<T: Number, S: Simd, const R: usize>(
    s: S,
    n: usize,
    a: [*const T; R],
    x: *const T,
    y: *mut T,
) {
    let lanes = T::lanes::<S>();
    let zero = T::splat(s, T::ZERO);
    let mut acc = [[zero; 2]; R];
    let mut i = 0;
    // SAFETY: every access is below n.
    unsafe {
        while i + 2 * lanes <= n {
            let mut c = 0;
            while c < 2 {
                let xv = T::read::<S>(x.add(i + c * lanes));
                let mut r = 0;
                while r < R {
                    acc[r][c] = T::mul_add(s, T::read::<S>(a[r].add(i + c * lanes)), xv, acc[r][c]);
                    r += 1;
                }
                c += 1;
            }
            i += 2 * lanes;
        }
        let mut c = 0;
        while i < n {
            let part = Part {
                len: (n - i).min(lanes),
            };
            let xv = T::load_part(s, x.add(i), part, T::ZERO);
            let mut r = 0;
            while r < R {
                let av = T::load_part(s, a[r].add(i), part, T::ZERO);
                acc[r][c] = T::mul_add(s, av, xv, acc[r][c]);
                r += 1;
            }
            i += part.len;
            c += 1;
        }
        let mut r = 0;
        while r < R {
            *y.add(r) += T::sum_across(s, T::add(s, acc[r][0], acc[r][1]));
            r += 1;
        }
    }
}

/// `y += A x`, `A` being `m` by `n`.
pub(super) struct Gemv<T, G>(pub(super) Shape<T>, pub(super) PhantomData<G>);
/// `y += Aᵀ x`.
pub(super) struct GemvT<T, G>(pub(super) Shape<T>, pub(super) PhantomData<G>);

/// The arguments of a product with a vector.
pub(super) struct Shape<T> {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) a: *const T,
    pub(super) x: *const T,
    pub(super) y: *mut T,
}

impl<T: Number, G: Target> Job for Gemv<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let Shape { m, n, a, x, y } = self.0;
        let a = Matrix {
            start: a,
            stride: n,
        };
        let mut i = 0;
        // SAFETY: rows below m; the caller's promise for the rest.
        unsafe {
            let s = G::simd();
            while i + ROWS <= m {
                let rows = [a.row(i), a.row(i + 1), a.row(i + 2), a.row(i + 3)];
                dot_rows::<T, _, ROWS>(s, n, rows, x, y.add(i));
                i += ROWS;
            }
            while i < m {
                dot_rows::<T, _, 1>(s, n, [a.row(i)], x, y.add(i));
                i += 1;
            }
        }
    }
}

/// Four rows of a matrix, scaled, added to a vector: as four times axpy, with one pass over the vector.
#[derive(Clone, Copy)]
struct Rows4<T>([T; ROWS]);
impl<T: Number> super::each::Op<T, 5> for Rows4<T> {
    #[inline(always)]
    fn eval<S: Simd>(self, s: S, x: [Vector<T, S>; 5]) -> Vector<T, S> {
        let mut sum = x[ROWS];
        let mut r = 0;
        while r < ROWS {
            sum = T::mul_add(s, T::splat(s, self.0[r]), x[r], sum);
            r += 1;
        }
        sum
    }
}

impl<T: Number, G: Target> Job for GemvT<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let Shape { m, n, a, x, y } = self.0;
        let a = Matrix {
            start: a,
            stride: n,
        };
        let mut i = 0;
        // SAFETY: rows below m; the caller's promise for the rest.
        unsafe {
            let s = G::simd();
            while i + ROWS <= m {
                let scales = Rows4([*x.add(i), *x.add(i + 1), *x.add(i + 2), *x.add(i + 3)]);
                let src = [
                    a.row(i),
                    a.row(i + 1),
                    a.row(i + 2),
                    a.row(i + 3),
                    y.cast_const(),
                ];
                each(s, n, src, y, scales);
                i += ROWS;
            }
            while i < m {
                each(s, n, [a.row(i), y.cast_const()], y, Axpy(*x.add(i)));
                i += 1;
            }
        }
    }
}

/// `A += x yᵀ`.
pub(super) struct Ger<T, G> {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) x: *const T,
    pub(super) y: *const T,
    pub(super) a: *mut T,
    pub(super) target: PhantomData<G>,
}

impl<T: Number, G: Target> Job for Ger<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let mut i = 0;
        while i < self.m {
            // SAFETY: row i is in the matrix; the caller's promise for the rest.
            unsafe {
                let row = self.a.add(i * self.n);
                each(
                    G::simd(),
                    self.n,
                    [self.y, row.cast_const()],
                    row,
                    Axpy(*self.x.add(i)),
                );
            }
            i += 1;
        }
    }
}

/// Three matrices of a product `C += A B`, and how far their rows are apart; of `A` also the elements of a row.
#[derive(Debug, Clone, Copy)]
pub struct Product<T> {
    /// Rows of `C`, columns of `C`, terms of each sum.
    pub extents: [usize; 3],
    /// `A`, its rows and the elements in them.
    pub a: (*const T, usize, usize),
    /// `B` and its rows.
    pub b: (*const T, usize),
    /// `C` and its rows.
    pub c: (*mut T, usize),
}

/// `C += A B`. Sums are split at fixed places, a panel of `B` at a time; the rows of `A` stream from the second cache.
pub(super) struct Gemm<T, G>(pub(super) Product<T>, pub(super) PhantomData<G>);

/// The part of a product that a tile computes: `depth` terms of each sum; the distances of the rows of the three matrices, and of
/// the elements in a row of the first; and how wide the last vector of columns is.
#[derive(Clone, Copy)]
struct Extent {
    depth: usize,
    a_stride: usize,
    a_step: usize,
    b_stride: usize,
    c_stride: usize,
    last: Part,
}

/// `R` rows of `C` by `V` vectors of columns, the last one partial if not `WHOLE`: the sums stay in registers.
///
/// # Safety
/// The three pointers are to as many rows and columns as the extent says.
#[inline(always)]
unsafe fn tile<T: Number, S: Simd, const R: usize, const V: usize, const WHOLE: bool>(
    s: S,
    e: Extent,
    a: *const T,
    b: *const T,
    c: *mut T,
) {
    let lanes = T::lanes::<S>();
    let mut acc = [[T::splat(s, T::ZERO); V]; R];
    // SAFETY: as promised: `depth` rows of B, R rows of A and C, and vectors within the columns.
    unsafe {
        let mut l = 0;
        let mut left_at = a;
        while l < e.depth {
            let row = b.add(l * e.b_stride);
            let mut right = [T::splat(s, T::ZERO); V];
            let mut v = 0;
            while v < V {
                let at = row.add(v * lanes);
                right[v] = if WHOLE || v + 1 < V {
                    T::read::<S>(at)
                } else {
                    T::load_part(s, at, e.last, T::ZERO)
                };
                v += 1;
            }
            let mut r = 0;
            while r < R {
                let left = T::splat(s, *left_at.add(r * e.a_stride));
                let mut v = 0;
                while v < V {
                    acc[r][v] = T::mul_add(s, left, right[v], acc[r][v]);
                    v += 1;
                }
                r += 1;
            }
            left_at = left_at.wrapping_add(e.a_step);
            l += 1;
        }
        let mut r = 0;
        while r < R {
            let mut v = 0;
            while v < V {
                let at = c.add(r * e.c_stride + v * lanes);
                if WHOLE || v + 1 < V {
                    T::write::<S>(at, T::add(s, T::read::<S>(at), acc[r][v]));
                } else {
                    let old = T::load_part(s, at.cast_const(), e.last, T::ZERO);
                    T::store_part(s, at, e.last, T::add(s, old, acc[r][v]));
                }
                v += 1;
            }
            r += 1;
        }
    }
}

/// All `m` rows of `C`, by `V` vectors of columns.
///
/// # Safety
/// As [`tile`], for `m` rows.
#[inline(always)]
unsafe fn columns<T: Number, S: Simd, const V: usize, const WHOLE: bool>(
    s: S,
    m: usize,
    e: Extent,
    a: *const T,
    b: *const T,
    c: *mut T,
) {
    let mut i = 0;
    // SAFETY: rows below m.
    unsafe {
        while i + ROWS <= m {
            tile::<T, S, ROWS, V, WHOLE>(s, e, a.add(i * e.a_stride), b, c.add(i * e.c_stride));
            i += ROWS;
        }
        while i < m {
            tile::<T, S, 1, V, WHOLE>(s, e, a.add(i * e.a_stride), b, c.add(i * e.c_stride));
            i += 1;
        }
    }
}

/// Elements of `B` that are copied together, when that pays: two vectors wide, so that a whole panel stays in the first cache and
/// is read without a stride.
const PANEL: usize = 4096;
/// Rows of `A` and of `B` from which it pays.
const PACK_ROWS: (usize, usize) = (16, 32);

impl<T: Number, G: Target> Job for Gemm<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let Product {
            extents: [m, n, k],
            a: (a, a_stride, a_step),
            b: (b, b_rows),
            c: (c, c_stride),
        } = self.0;
        let lanes = T::lanes::<G::Simd>();
        let width = 2 * lanes;
        let mut panel = [MaybeUninit::<T>::uninit(); PANEL];
        let mut from = 0;
        // SAFETY: rows and columns below the extents.
        unsafe {
            let s = G::simd();
            while from < k {
                let depth = (k - from).min(PANEL / width);
                let pack = m >= PACK_ROWS.0 && depth >= PACK_ROWS.1;
                let mut j = 0;
                while j < n {
                    let rest = n - j;
                    let last = Part { len: rest % lanes };
                    let (at, ct) = (a.add(from * a_step), c.add(j));
                    let mut bt = b.add(from * b_rows + j);
                    let mut b_stride = b_rows;
                    if pack && rest >= width {
                        let to = panel.as_mut_ptr().cast::<T>();
                        let mut l = 0;
                        while l < depth {
                            let (row, copy) = (bt.add(l * b_rows), to.add(l * width));
                            T::write::<G::Simd>(copy, T::read::<G::Simd>(row));
                            T::write::<G::Simd>(
                                copy.add(lanes),
                                T::read::<G::Simd>(row.add(lanes)),
                            );
                            l += 1;
                        }
                        (bt, b_stride) = (to.cast_const(), width);
                    }
                    let e = Extent {
                        depth,
                        a_stride,
                        a_step,
                        b_stride,
                        c_stride,
                        last,
                    };
                    if rest >= width {
                        columns::<T, _, 2, true>(s, m, e, at, bt, ct);
                    } else if rest > lanes {
                        columns::<T, _, 2, false>(s, m, e, at, bt, ct);
                    } else if rest == lanes {
                        columns::<T, _, 1, true>(s, m, e, at, bt, ct);
                    } else {
                        columns::<T, _, 1, false>(s, m, e, at, bt, ct);
                    }
                    j += width;
                }
                from += depth;
            }
        }
    }
}
