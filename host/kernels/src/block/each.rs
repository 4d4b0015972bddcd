//! Element by element: `dst[i] = op(src0[i], src1[i], …)`; the destination may be a source.

use std::marker::PhantomData;

use pulp::Simd;

use super::vector::{Number, Part, Vector};
use crate::target::{Job, Target};

/// What is done to a vector of each source.
pub(super) trait Op<T: Number, const IN: usize>: Copy {
    fn eval<S: Simd>(self, s: S, x: [Vector<T, S>; IN]) -> Vector<T, S>;
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $(($field:ident))? of $n:literal: |$s:ident, $x:ident $(, $a:ident)?| $e:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(super) struct $name<T>(pub(super) T);
        impl<T: Number> Op<T, $n> for $name<T> {
            #[inline(always)]
            fn eval<S: Simd>(self, $s: S, $x: [Vector<T, S>; $n]) -> Vector<T, S> {
                $(let $a = T::splat($s, self.0);)?
                $e
            }
        }
    )+};
}
ops! {
    /// `a x + y`.
    Axpy of 2: |s, x, a| T::mul_add(s, a, x[0], x[1]);
    /// `a x + y`, the product rounded before it is added.
    AddScaled of 2: |s, x, a| T::add(s, x[1], T::mul(s, a, x[0]));
    /// `a x`.
    Scale of 1: |s, x, a| T::mul(s, a, x[0]);
    /// `a`.
    Fill of 0: |s, _x, a| a;
    /// `x + y`; its own number is unused.
    Add of 2: |s, x| T::add(s, x[0], x[1]);
    /// `x - y`; its own number is unused.
    Sub of 2: |s, x| T::sub(s, x[0], x[1]);
    /// `x y`; its own number is unused.
    Mul of 2: |s, x| T::mul(s, x[0], x[1]);
    /// `x y + z`; its own number is unused.
    MulAdd of 3: |s, x| T::mul_add(s, x[0], x[1], x[2]);
}

/// To be run where the sources are readable and the destination writable for `n`.
struct Each<T, O, G, const IN: usize> {
    n: usize,
    src: [*const T; IN],
    dst: *mut T,
    op: O,
    target: PhantomData<G>,
}

impl<T: Number, O: Op<T, IN>, G: Target, const IN: usize> Job for Each<T, O, G, IN> {
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        // SAFETY: the target's instructions are there, since its job runs; the rest is the caller's promise.
        unsafe { each(G::simd(), self.n, self.src, self.dst, self.op) }
    }
}

/// The loop.
///
/// # Safety
/// Sources readable, destination writable for `n`; equal or apart.
#[inline(always)]
pub(super) unsafe fn each<T: Number, S: Simd, O: Op<T, IN>, const IN: usize>(
    s: S,
    n: usize,
    src: [*const T; IN],
    dst: *mut T,
    op: O,
) {
    const UNROLL: usize = 4;
    let lanes = T::lanes::<S>();
    let mut i = 0;
    // SAFETY: every access is below n.
    unsafe {
        while i + UNROLL * lanes <= n {
            let mut u = 0;
            while u < UNROLL {
                one(s, src, dst, i + u * lanes, op);
                u += 1;
            }
            i += UNROLL * lanes;
        }
        while i + lanes <= n {
            one(s, src, dst, i, op);
            i += lanes;
        }
        if i < n {
            let part = Part { len: n - i };
            let mut x = [T::splat(s, T::ZERO); IN];
            let mut k = 0;
            while k < IN {
                x[k] = T::load_part(s, src[k].add(i), part, T::ZERO);
                k += 1;
            }
            T::store_part(s, dst.add(i), part, op.eval(s, x));
        }
    }
}

/// One vector.
///
/// # Safety
/// As [`each`], for a vector from `i` on.
#[inline(always)]
unsafe fn one<T: Number, S: Simd, O: Op<T, IN>, const IN: usize>(
    s: S,
    src: [*const T; IN],
    dst: *mut T,
    i: usize,
    op: O,
) {
    let mut x = [T::splat(s, T::ZERO); IN];
    let mut k = 0;
    while k < IN {
        // SAFETY: the caller's promise.
        x[k] = unsafe { T::read::<S>(src[k].add(i)) };
        k += 1;
    }
    // SAFETY: the caller's promise.
    unsafe { T::write::<S>(dst.add(i), op.eval(s, x)) };
}

/// Runs it on a target.
///
/// # Safety
/// As [`each`]; and the machine has the target's instructions.
pub(super) unsafe fn run<T: Number, O: Op<T, IN>, G: Target, const IN: usize>(
    n: usize,
    src: [*const T; IN],
    dst: *mut T,
    op: O,
) {
    // SAFETY: the caller's promise.
    unsafe {
        G::run(Each::<T, O, G, IN> {
            n,
            src,
            dst,
            op,
            target: PhantomData,
        })
    }
}
