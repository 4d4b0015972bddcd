//! The functions over arrays: compiled for each instruction set, chosen once, called through plain function pointers.
//!
//! Invariant: an element's result is that of the one-number function, bit for bit, wherever it stands; the last elements, fewer
//! than a vector, go through a padded copy. A vector is read before its result is written, so both arrays may be the same one.

use std::marker::PhantomData;

use super::{Function1, Function2, double, single};
use crate::target::{Job, Target};
use crate::wide::Wide;

/// `dst[i] = f(src[i])` for `i < n`.
///
/// # Safety
/// `src` must be readable and `dst` writable for `n` elements (or `n` zero); they may be equal, but not overlap otherwise.
pub type Entry1<T> = unsafe extern "C" fn(n: usize, src: *const T, dst: *mut T);

/// `dst[i] = f(a[i], b[i])` for `i < n`.
///
/// # Safety
/// As for [`Entry1`]; `dst` may be `a` or `b`.
pub type Entry2<T> = unsafe extern "C" fn(n: usize, a: *const T, b: *const T, dst: *mut T);

/// `sin[i], cos[i]` of `src[i]` for `i < n`.
///
/// # Safety
/// As for [`Entry1`]; `src` may be one of the destinations, which must not overlap each other.
pub type EntrySinCos<T> = unsafe extern "C" fn(n: usize, src: *const T, sin: *mut T, cos: *mut T);

/// `f64` or `f32`.
pub trait Element:
    sealed::Sealed + Copy + PartialOrd + std::fmt::Debug + Send + Sync + 'static
{
}
impl Element for f64 {}
impl Element for f32 {}

pub(crate) mod sealed {
    use super::{Function1, Function2, Wide, double, single};

    /// How elements go in and out of vectors, and through the functions.
    #[allow(private_bounds, reason = "the trait is sealed")]
    pub trait Sealed: Sized {
        /// What the last vector is filled up with.
        const PAD: Self;
        /// # Safety
        /// `p` must be readable for as many elements as `W` has lanes.
        unsafe fn load<W: Wide>(p: *const Self) -> W;
        /// # Safety
        /// `p` must be writable for as many elements as `W` has lanes.
        unsafe fn store<W: Wide>(x: W, p: *mut Self);
        fn apply1<F: Function1, const FULL: bool, W: Wide>(x: W) -> W;
        fn apply2<F: Function2, W: Wide>(x: W, y: W) -> W;
        fn sincos<const FULL: bool, W: Wide>(x: W) -> (W, W);
    }

    macro_rules! element {
        ($t:ty, $module:ident, $sincos:path, $load:ident, $store:ident) => {
            #[allow(private_bounds, reason = "the trait is sealed")]
            impl Sealed for $t {
                const PAD: Self = 1.0;
                #[inline(always)]
                unsafe fn load<W: Wide>(p: *const Self) -> W {
                    // SAFETY: the caller's promise.
                    unsafe { W::$load(p) }
                }
                #[inline(always)]
                unsafe fn store<W: Wide>(x: W, p: *mut Self) {
                    // SAFETY: the caller's promise.
                    unsafe { x.$store(p) }
                }
                #[inline(always)]
                fn apply1<F: Function1, const FULL: bool, W: Wide>(x: W) -> W {
                    F::$module::<FULL, W>(x)
                }
                #[inline(always)]
                fn apply2<F: Function2, W: Wide>(x: W, y: W) -> W {
                    F::$module(x, y)
                }
                #[inline(always)]
                fn sincos<const FULL: bool, W: Wide>(x: W) -> (W, W) {
                    $sincos(x)
                }
            }
        };
    }
    element!(f64, double, double::trig::sincos::<FULL, W>, load, store);
    element!(
        f32,
        single,
        single::sincos::<FULL, W>,
        load_single,
        store_single
    );
}

/// What is computed of vectors: `IN` arguments, `OUT` results.
trait Kernel<T: Element, const IN: usize, const OUT: usize> {
    fn eval<W: Wide>(x: [W; IN]) -> [W; OUT];
}

/// A function of one number.
struct Map1<F>(PhantomData<F>);

impl<T: Element, F: Function1> Kernel<T, 1, 1> for Map1<F> {
    #[inline(always)]
    fn eval<W: Wide>([x]: [W; 1]) -> [W; 1] {
        if F::LIMIT < f64::INFINITY && W::holds_anywhere(W::c(F::LIMIT).lt(x.abs())) {
            [T::apply1::<F, true, W>(x)]
        } else {
            [T::apply1::<F, false, W>(x)]
        }
    }
}

/// A function of two numbers.
struct Map2<F>(PhantomData<F>);

impl<T: Element, F: Function2> Kernel<T, 2, 1> for Map2<F> {
    #[inline(always)]
    fn eval<W: Wide>([x, y]: [W; 2]) -> [W; 1] {
        [T::apply2::<F, W>(x, y)]
    }
}

/// Sine and cosine.
struct Both;

impl<T: Element> Kernel<T, 1, 2> for Both {
    #[inline(always)]
    fn eval<W: Wide>([x]: [W; 1]) -> [W; 2] {
        let (s, c) = if W::holds_anywhere(W::c(double::trig::SMALL).lt(x.abs())) {
            T::sincos::<true, W>(x)
        } else {
            T::sincos::<false, W>(x)
        };
        [s, c]
    }
}

/// A kernel over whole arrays. To be run where the sources are readable and the destinations writable for `n`.
struct Arrays<T, K, G, const IN: usize, const OUT: usize> {
    n: usize,
    src: [*const T; IN],
    dst: [*mut T; OUT],
    kernel: PhantomData<(K, G)>,
}

/// One vector: loads, computes, stores.
///
/// # Safety
/// The pointers must be good for as many elements as `W` has lanes.
#[inline(always)]
unsafe fn step<T: Element, K: Kernel<T, IN, OUT>, W: Wide, const IN: usize, const OUT: usize>(
    src: [*const T; IN],
    dst: [*mut T; OUT],
) {
    let mut x = [W::c(0.0); IN];
    let mut k = 0;
    while k < IN {
        // SAFETY: the caller's promise.
        x[k] = unsafe { T::load::<W>(src[k]) };
        k += 1;
    }
    let y = K::eval::<W>(x);
    let mut k = 0;
    while k < OUT {
        // SAFETY: the caller's promise.
        unsafe { T::store(y[k], dst[k]) };
        k += 1;
    }
}

/// More than any vector has lanes.
const MOST_LANES: usize = 16;

impl<T: Element, K: Kernel<T, IN, OUT>, G: Target, const IN: usize, const OUT: usize> Job
    for Arrays<T, K, G, IN, OUT>
{
    type Out = ();
    #[inline(always)]
    unsafe fn run(self) {
        let Self {
            n,
            mut src,
            mut dst,
            ..
        } = self;
        let mut i = 0;
        // The last, incomplete vector runs through the same code with copies, so that the function is compiled in one place.
        let mut from = [[T::PAD; MOST_LANES]; IN];
        let mut to = [[T::PAD; MOST_LANES]; OUT];
        while i < n {
            let rest = n - i;
            let whole = rest >= G::Wide::LANES;
            let (mut at, mut result) = (src, dst);
            if !whole {
                let mut k = 0;
                while k < IN {
                    // SAFETY: `rest` elements are left, fewer than `MOST_LANES`.
                    unsafe { std::ptr::copy_nonoverlapping(src[k], from[k].as_mut_ptr(), rest) };
                    at[k] = from[k].as_ptr();
                    k += 1;
                }
                let mut k = 0;
                while k < OUT {
                    result[k] = to[k].as_mut_ptr();
                    k += 1;
                }
            }
            // SAFETY: the arrays have a whole vector left, or these are the copies, which are longer than one.
            unsafe { step::<T, K, G::Wide, IN, OUT>(at, result) };
            if !whole {
                let mut k = 0;
                while k < OUT {
                    // SAFETY: `rest` elements are left in the destination.
                    unsafe { std::ptr::copy_nonoverlapping(to[k].as_ptr(), dst[k], rest) };
                    k += 1;
                }
                return;
            }
            i += G::Wide::LANES;
            let mut k = 0;
            while k < IN {
                // SAFETY: i <= n.
                src[k] = unsafe { src[k].add(G::Wide::LANES) };
                k += 1;
            }
            let mut k = 0;
            while k < OUT {
                // SAFETY: i <= n.
                dst[k] = unsafe { dst[k].add(G::Wide::LANES) };
                k += 1;
            }
        }
    }
}

/// # Safety
/// As [`Entry1`] says; the machine has the target's instructions.
pub(super) unsafe extern "C" fn array1<T: Element, F: Function1, G: Target>(
    n: usize,
    src: *const T,
    dst: *mut T,
) {
    let job = Arrays::<T, Map1<F>, G, 1, 1> {
        n,
        src: [src],
        dst: [dst],
        kernel: PhantomData,
    };
    // SAFETY: the caller's promise.
    unsafe { G::run(job) }
}

/// # Safety
/// As [`Entry2`] says; the machine has the target's instructions.
pub(super) unsafe extern "C" fn array2<T: Element, F: Function2, G: Target>(
    n: usize,
    a: *const T,
    b: *const T,
    dst: *mut T,
) {
    let job = Arrays::<T, Map2<F>, G, 2, 1> {
        n,
        src: [a, b],
        dst: [dst],
        kernel: PhantomData,
    };
    // SAFETY: the caller's promise.
    unsafe { G::run(job) }
}

/// # Safety
/// As [`EntrySinCos`] says; the machine has the target's instructions.
pub(super) unsafe extern "C" fn array_sincos<T: Element, G: Target>(
    n: usize,
    src: *const T,
    sin: *mut T,
    cos: *mut T,
) {
    let job = Arrays::<T, Both, G, 1, 2> {
        n,
        src: [src],
        dst: [sin, cos],
        kernel: PhantomData,
    };
    // SAFETY: the caller's promise.
    unsafe { G::run(job) }
}

/// A kernel for single numbers.
struct Single<T, K, G, const IN: usize>([T; IN], PhantomData<(K, G)>);

impl<T: Element, K: Kernel<T, IN, 1>, G: Target, const IN: usize> Job for Single<T, K, G, IN> {
    type Out = T;
    #[inline(always)]
    unsafe fn run(self) -> T {
        let mut y = T::PAD;
        let mut x = [std::ptr::null(); IN];
        let mut k = 0;
        while k < IN {
            x[k] = &raw const self.0[k];
            k += 1;
        }
        // SAFETY: one lane, and the pointers are those of locals.
        unsafe { step::<T, K, G::Single, IN, 1>(x, [&mut y]) };
        y
    }
}

pub(super) extern "C" fn scalar_1<T: Element, F: Function1, G: Target>(x: T) -> T {
    // SAFETY: functions of a target are handed out only on machines that have it.
    unsafe { G::run(Single::<T, Map1<F>, G, 1>([x], PhantomData)) }
}

pub(super) extern "C" fn scalar_2<T: Element, F: Function2, G: Target>(x: T, y: T) -> T {
    // SAFETY: functions of a target are handed out only on machines that have it.
    unsafe { G::run(Single::<T, Map2<F>, G, 2>([x, y], PhantomData)) }
}
