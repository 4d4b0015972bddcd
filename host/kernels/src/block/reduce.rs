//! Reductions: sum, sum of squares, dot, max, min.
//!
//! Invariant: element `i` goes into accumulator `i mod (4 lanes)`, in order, and the accumulators are combined as a balanced tree.
//! So the result depends on the array and the instruction set alone. Code that splits a sum among threads must split it at fixed
//! places and add the parts in order; then that does not depend on the threads either.

use std::marker::PhantomData;

use pulp::Simd;

use super::vector::{Number, Part, Vector};
use crate::target::{Job, Target};

/// A reduction of `IN` arrays.
pub(super) trait Fold<T: Number, const IN: usize> {
    /// Where the accumulators begin.
    const START: T;
    /// What missing elements are, so that they change nothing.
    const MISSING: T;
    fn step<S: Simd>(s: S, acc: Vector<T, S>, x: [Vector<T, S>; IN]) -> Vector<T, S>;
    fn join<S: Simd>(s: S, a: Vector<T, S>, b: Vector<T, S>) -> Vector<T, S>;
    /// The lanes of a vector combined, as a tree.
    fn across<S: Simd>(s: S, x: Vector<T, S>) -> T;
}

macro_rules! folds {
    ($($(#[$doc:meta])* $name:ident of $n:literal from $start:expr, $missing:expr; |$s:ident, $acc:ident, $x:ident| $step:expr; $join:ident, |$v:ident| $across:expr;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name;
        impl<T: Number> Fold<T, $n> for $name {
            const START: T = $start;
            const MISSING: T = $missing;
            #[inline(always)]
            fn step<S: Simd>($s: S, $acc: Vector<T, S>, $x: [Vector<T, S>; $n]) -> Vector<T, S> {
                $step
            }
            #[inline(always)]
            fn join<S: Simd>(s: S, a: Vector<T, S>, b: Vector<T, S>) -> Vector<T, S> {
                T::$join(s, a, b)
            }
            #[inline(always)]
            fn across<S: Simd>($s: S, $v: Vector<T, S>) -> T {
                $across
            }
        }
    )+};
}
folds! {
    /// The sum.
    Sum of 1 from T::ZERO, T::ZERO; |s, acc, x| T::add(s, acc, x[0]); add, |v| T::sum_across(s, v);
    /// The sum of squares.
    Squares of 1 from T::ZERO, T::ZERO; |s, acc, x| T::mul_add(s, x[0], x[0], acc); add, |v| T::sum_across(s, v);
    /// The inner product.
    Dot of 2 from T::ZERO, T::ZERO; |s, acc, x| T::mul_add(s, x[0], x[1], acc); add, |v| T::sum_across(s, v);
    /// The greatest; NaN if there is one.
    Max of 1 from T::LOWEST, T::LOWEST; |s, acc, x| T::max(s, acc, x[0]); max, |v| extreme::<T, Self, S, 1>(s, v);
    /// The least; NaN if there is one.
    Min of 1 from T::HIGHEST, T::HIGHEST; |s, acc, x| T::min(s, acc, x[0]); min, |v| extreme::<T, Self, S, 1>(s, v);
}

/// To be run where the sources are readable for `n`.
struct Reduce<T, F, G, const IN: usize> {
    n: usize,
    src: [*const T; IN],
    fold: PhantomData<(F, G)>,
}

/// Accumulators.
const CHAINS: usize = 4;
/// More than any vector has lanes.
const MOST_LANES: usize = 32;

impl<T: Number, F: Fold<T, IN>, G: Target, const IN: usize> Job for Reduce<T, F, G, IN> {
    type Out = T;
    #[inline(always)]
    unsafe fn run(self) -> T {
        // SAFETY: the target's instructions are there, since its job runs; the rest is the caller's promise.
        unsafe { reduce::<T, F, G::Simd, IN>(G::simd(), self.n, self.src) }
    }
}

/// The vectors of the sources from `i` on.
///
/// # Safety
/// They must be readable.
#[inline(always)]
unsafe fn load<T: Number, S: Simd, const IN: usize>(
    s: S,
    src: [*const T; IN],
    i: usize,
) -> [Vector<T, S>; IN] {
    let mut x = [T::splat(s, T::ZERO); IN];
    let mut k = 0;
    while k < IN {
        // SAFETY: the caller's promise.
        x[k] = unsafe { T::read::<S>(src[k].add(i)) };
        k += 1;
    }
    x
}

/// # Safety
/// Sources readable for `n`.
#[inline(always)]
pub(super) unsafe fn reduce<T: Number, F: Fold<T, IN>, S: Simd, const IN: usize>(
    s: S,
    n: usize,
    src: [*const T; IN],
) -> T {
    let lanes = T::lanes::<S>();
    let mut acc = [T::splat(s, F::START); CHAINS];
    let mut i = 0;
    // SAFETY: every access is below n.
    unsafe {
        while i + CHAINS * lanes <= n {
            let mut c = 0;
            while c < CHAINS {
                acc[c] = F::step(s, acc[c], load(s, src, i + c * lanes));
                c += 1;
            }
            i += CHAINS * lanes;
        }
        let mut c = 0;
        while c < CHAINS {
            if i + lanes <= n {
                acc[c] = F::step(s, acc[c], load(s, src, i));
                i += lanes;
            } else if i < n {
                let part = Part { len: n - i };
                let mut x = [T::splat(s, T::ZERO); IN];
                let mut k = 0;
                while k < IN {
                    x[k] = T::load_part(s, src[k].add(i), part, F::MISSING);
                    k += 1;
                }
                acc[c] = F::step(s, acc[c], x);
                i = n;
            }
            c += 1;
        }
    }
    let whole = F::join(s, F::join(s, acc[0], acc[1]), F::join(s, acc[2], acc[3]));
    F::across(s, whole)
}

/// The extreme of a vector's lanes.
#[inline(always)]
fn extreme<T: Number, F: Fold<T, IN>, S: Simd, const IN: usize>(s: S, x: Vector<T, S>) -> T {
    let mut lanes = [F::MISSING; 2 * MOST_LANES];
    let mut half = T::lanes::<S>();
    // SAFETY: the array is longer than two vectors, so there is one from any place below `half` on.
    unsafe {
        T::write::<S>(lanes.as_mut_ptr(), x);
        while half > 1 {
            half /= 2;
            let (low, high) = (
                T::read::<S>(lanes.as_ptr()),
                T::read::<S>(lanes.as_ptr().add(half)),
            );
            T::write::<S>(lanes.as_mut_ptr(), F::join(s, low, high));
        }
    }
    lanes[0]
}

/// Runs it on a target.
///
/// # Safety
/// As [`reduce`]; and the machine has the target's instructions.
pub(super) unsafe fn run<T: Number, F: Fold<T, IN>, G: Target, const IN: usize>(
    n: usize,
    src: [*const T; IN],
) -> T {
    // SAFETY: the caller's promise.
    unsafe {
        G::run(Reduce::<T, F, G, IN> {
            n,
            src,
            fold: PhantomData,
        })
    }
}
