//! Sums and extremes of windows, what is spread over them, and what is selected in them.
//!
//! The last axis of an array, if every window has one element of it, is a run of features that are computed side by side.

use super::{Axis, NONE, unravel};
use crate::block::Number;
use crate::target::{Isa, Job, Target, for_isa};
use std::marker::PhantomData;
use std::ops::Range;

/// What is made of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// The sum; 0 of nothing.
    Sum,
    /// The least, NaN if one is; infinity of nothing.
    Min,
    /// The greatest, NaN if one is; minus infinity of nothing.
    Max,
}

/// The windows over an array.
#[derive(Debug)]
pub struct Windows {
    axes: Vec<Axis>,
    /// Features that are computed side by side.
    inner: usize,
}

impl Windows {
    /// Windows by the tables of all axes but the features'. `None` if a table is not what it says.
    pub fn new(mut axes: Vec<Axis>, inner: usize) -> Option<Windows> {
        if axes.is_empty() {
            axes.push(Axis::single());
        }
        axes.iter()
            .all(Axis::is_valid)
            .then_some(Windows { axes, inner })
    }
    /// Places of the result.
    fn rows(&self) -> usize {
        self.axes.iter().map(|a| a.rows).product()
    }
    /// Elements of the result.
    pub fn results(&self) -> usize {
        self.rows() * self.inner
    }
    /// Elements of the source.
    pub fn source(&self) -> usize {
        self.axes.iter().map(|a| a.source).product::<usize>() * self.inner
    }
    /// Whether windows that differ in the first axis that has several share no element.
    fn apart(&self) -> bool {
        let Some(a) = self.axes.iter().find(|a| a.rows > 1) else {
            return true;
        };
        let mut last = None;
        (0..a.rows).all(|r| {
            let places = || a.row(r).iter().filter(|&&s| s != NONE);
            let good = last.is_none() || places().min().is_none_or(|s| Some(s) > last.as_ref());
            last = places().max().copied().or(last);
            good
        })
    }
    /// How many parts there are of what each window gives (`to_windows`), or of what is added to the source.
    pub fn parts(&self, to_windows: bool) -> usize {
        if to_windows || self.apart() {
            (self.results() / 20_000)
                .clamp(1, self.first().max(1))
                .min(64)
        } else {
            1
        }
    }
    /// The extent of the first axis with several rows.
    fn first(&self) -> usize {
        self.axes
            .iter()
            .map(|a| a.rows)
            .find(|&r| r > 1)
            .unwrap_or(1)
    }
    /// The rows of part `k` of `m`: whole rows of the first axis that has several.
    fn part(&self, k: usize, m: usize) -> Range<usize> {
        let n = self.first();
        let each = self.rows() / n.max(1);
        let at = |k: usize| n * k / m * each;
        at(k)..at(k + 1)
    }

    /// Calls `f` for each row with the elements of its window, as places of the source, in row-major order.
    fn each(&self, rows: Range<usize>, mut f: impl FnMut(usize, &[usize])) {
        let (last, outer) = self.axes.split_last().expect("there is an axis");
        let extents: Vec<usize> = outer.iter().map(|a| a.rows).collect();
        let mut window = Vec::new();
        let mut row = rows.start;
        while row < rows.end {
            let (line, from) = (row / last.rows, row % last.rows);
            let at = unravel(line, extents.iter().copied());
            let mut starts = vec![0];
            for (a, &r) in outer.iter().zip(&at) {
                starts = starts
                    .iter()
                    .flat_map(|s| {
                        let taps = a.row(r).iter().filter(|&&t| t != NONE);
                        taps.map(move |&t| s * a.source + t as usize)
                    })
                    .collect();
            }
            let to = last.rows.min(from + rows.end - row);
            for x in from..to {
                window.clear();
                for s in &starts {
                    let taps = last.row(x).iter().filter(|&&t| t != NONE);
                    window.extend(taps.map(|&t| s * last.source + t as usize));
                }
                f(row + x - from, &window);
            }
            row += to - from;
        }
    }
}

/// `out[i]` becomes what is made of it and `x[i]`.
struct Step<T, G> {
    fold: Fold,
    n: usize,
    x: *const T,
    out: *mut T,
    target: PhantomData<G>,
}

#[allow(clippy::eq_op, reason = "a number that differs from itself is NaN")]
impl<T: Number + PartialOrd, G: Target> Job for Step<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let mut i = 0;
        // SAFETY: both have n elements.
        unsafe {
            match self.fold {
                Fold::Sum => {
                    while i < self.n {
                        *self.out.add(i) += *self.x.add(i);
                        i += 1;
                    }
                }
                Fold::Max => {
                    while i < self.n {
                        let (x, y) = (*self.x.add(i), *self.out.add(i));
                        *self.out.add(i) = if x > y || x != x { x } else { y };
                        i += 1;
                    }
                }
                Fold::Min => {
                    while i < self.n {
                        let (x, y) = (*self.x.add(i), *self.out.add(i));
                        *self.out.add(i) = if x < y || x != x { x } else { y };
                        i += 1;
                    }
                }
            }
        }
    }
}

/// As [`Step`] for an extreme, and where it was found: `which[i]` becomes `k` if `x[i]` is better than all before, or the first NaN.
struct Best<T, G> {
    max: bool,
    n: usize,
    x: *const T,
    k: u32,
    best: *mut T,
    which: *mut u32,
    target: PhantomData<G>,
}

#[allow(clippy::eq_op, reason = "a number that differs from itself is NaN")]
impl<T: Number + PartialOrd, G: Target> Job for Best<T, G> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let mut i = 0;
        while i < self.n {
            // SAFETY: all have n elements.
            unsafe {
                let (x, y) = (*self.x.add(i), *self.best.add(i));
                let ahead = if self.max { x > y } else { x < y };
                let better = ahead || (x != x && y == y);
                *self.best.add(i) = if better { x } else { y };
                let which = *self.which.add(i);
                *self.which.add(i) = if better { self.k } else { which };
            }
            i += 1;
        }
    }
}

type StepFn<T> = unsafe fn(Fold, usize, *const T, *mut T);
type BestFn<T> = unsafe fn(bool, usize, *const T, u32, *mut T, *mut u32);

unsafe fn step<T: Number + PartialOrd, G: Target>(fold: Fold, n: usize, x: *const T, out: *mut T) {
    let job = Step::<T, G> {
        fold,
        n,
        x,
        out,
        target: PhantomData,
    };
    // SAFETY: the caller's promise; the table was made for a machine that has the instructions.
    unsafe { G::run(job) }
}

unsafe fn best<T: Number + PartialOrd, G: Target>(
    max: bool,
    n: usize,
    x: *const T,
    k: u32,
    best: *mut T,
    which: *mut u32,
) {
    let job = Best::<T, G> {
        max,
        n,
        x,
        k,
        best,
        which,
        target: PhantomData,
    };
    // SAFETY: as above.
    unsafe { G::run(job) }
}

/// The loops over features, for one instruction set.
#[derive(Debug, Clone, Copy)]
pub struct Loops<T> {
    step: StepFn<T>,
    best: BestFn<T>,
}

impl<T: Number + PartialOrd> Loops<T> {
    /// Those of the best instruction set.
    pub fn best() -> Loops<T> {
        for_isa!(Isa::best(), G => Loops { step: step::<T, G>, best: best::<T, G> })
    }
}

/// Part `k` of `m` of what is made of each window.
///
/// # Safety
/// `x` points to the elements of the source, `out` to room for the results; parts that run at once are different ones.
pub unsafe fn reduce<T: Number + PartialOrd>(
    loops: Loops<T>,
    w: &Windows,
    fold: Fold,
    (x, out): (*const T, *mut T),
    (k, m): (usize, usize),
) {
    let start = match fold {
        Fold::Sum => T::ZERO,
        Fold::Min => T::HIGHEST,
        Fold::Max => T::LOWEST,
    };
    w.each(w.part(k, m), |row, window| {
        let to = out.wrapping_add(row * w.inner);
        // SAFETY: the row's features; the window's places are the source's.
        unsafe {
            for c in 0..w.inner {
                to.add(c).write(start);
            }
            for p in window {
                (loops.step)(fold, w.inner, x.wrapping_add(p * w.inner), to);
            }
        }
    });
}

/// Part `k` of `m` of each element of `x` being added to all of its window in `out`.
///
/// # Safety
/// `x` points to as many elements as there are results, `out` to the elements of the source; parts that run at once are different ones.
pub unsafe fn spread<T: Number + PartialOrd>(
    loops: Loops<T>,
    w: &Windows,
    (x, out): (*const T, *mut T),
    (k, m): (usize, usize),
) {
    w.each(w.part(k, m), |row, window| {
        let from = x.wrapping_add(row * w.inner);
        for p in window {
            // SAFETY: the row's features; the window's places are the source's.
            unsafe { (loops.step)(Fold::Sum, w.inner, from, out.wrapping_add(p * w.inner)) };
        }
    });
}

/// Part `k` of `m` of what is selected in `x`: with `scatter`, each element of `y` is added where its window has its extreme in `x`; else the
/// element of `y` that is there becomes the window's result.
///
/// # Safety
/// `x` points to the elements of the source; of `y` and `out` one is like the source and one like the results; parts that run at once are
/// different ones.
pub unsafe fn select<T: Number + PartialOrd>(
    loops: Loops<T>,
    w: &Windows,
    (max, scatter): (bool, bool),
    (x, y, out): (*const T, *const T, *mut T),
    (k, m): (usize, usize),
) {
    let mut best = vec![T::ZERO; w.inner];
    let mut which = vec![0u32; w.inner];
    w.each(w.part(k, m), |row, window| {
        let Some((first, rest)) = window.split_first() else {
            return;
        };
        which.fill(0);
        // SAFETY: the row's features; the window's places are the source's.
        unsafe {
            x.wrapping_add(first * w.inner)
                .copy_to_nonoverlapping(best.as_mut_ptr(), w.inner);
            for (t, p) in (1u32..).zip(rest) {
                let from = x.wrapping_add(p * w.inner);
                (loops.best)(max, w.inner, from, t, best.as_mut_ptr(), which.as_mut_ptr());
            }
            for (c, &t) in which.iter().enumerate() {
                let at = window[t as usize] * w.inner + c;
                let here = row * w.inner + c;
                if scatter {
                    *out.wrapping_add(at) += *y.wrapping_add(here);
                } else {
                    *out.wrapping_add(here) = *y.wrapping_add(at);
                }
            }
        }
    });
}
