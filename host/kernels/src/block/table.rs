//! The entry points: plain function pointers, one table for each instruction set and element type.

use std::marker::PhantomData;

use super::each::{self, Add, AddScaled, Axpy, Fill, Mul, MulAdd, Scale, Sub};
use super::matrix::{Gemm, Gemv, GemvT, Ger, Product, Shape};
use super::reduce::{self, Dot, Max, Min, Squares, Sum};
use super::vector::Number;
use crate::target::{Isa, Target, for_isa};

/// `dst[i] = x[i] op y[i]`.
type Binary<T> = unsafe extern "C" fn(n: usize, x: *const T, y: *const T, dst: *mut T);
/// One number from an array.
type Fold<T> = unsafe extern "C" fn(n: usize, x: *const T) -> T;
/// A matrix, a vector in, a vector out.
type Times<T> = unsafe extern "C" fn(m: usize, n: usize, a: *const T, x: *const T, y: *mut T);

/// A part of a product of matrices.
type Tiles<T> = unsafe fn(Product<T>);

/// The kernels, compiled for one instruction set.
///
/// # Safety
/// For all: pointers must be readable or writable for the elements that the formula names, however aligned. Destinations of
/// `axpy`, `add_scaled`, `scale`, `add`, `sub`, `mul` and `mul_add` may be equal to sources; otherwise arrays that are written are apart from all others.
#[derive(Debug, Clone, Copy)]
pub struct Kernels<T> {
    /// `y[i] += a x[i]`.
    pub axpy: unsafe extern "C" fn(n: usize, a: T, x: *const T, y: *mut T),
    /// `y[i] += a x[i]`, the product rounded before it is added: what a loop of a multiplication and an addition computes.
    pub add_scaled: unsafe extern "C" fn(n: usize, a: T, x: *const T, y: *mut T),
    /// `y[i] = a x[i]`.
    pub scale: unsafe extern "C" fn(n: usize, a: T, x: *const T, y: *mut T),
    /// `y[i] = a`.
    pub fill: unsafe extern "C" fn(n: usize, a: T, y: *mut T),
    /// `z[i] = x[i] + y[i]`.
    pub add: Binary<T>,
    /// `z[i] = x[i] - y[i]`.
    pub sub: Binary<T>,
    /// `z[i] = x[i] y[i]`.
    pub mul: Binary<T>,
    /// `z[i] += x[i] y[i]`.
    pub mul_add: Binary<T>,
    /// The sum of `x[i] y[i]`.
    pub dot: unsafe extern "C" fn(n: usize, x: *const T, y: *const T) -> T,
    /// The sum.
    pub sum: Fold<T>,
    /// The sum of squares.
    pub sum_of_squares: Fold<T>,
    /// The greatest, NaN if there is one; minus infinity of nothing.
    pub max: Fold<T>,
    /// The least, NaN if there is one; infinity of nothing.
    pub min: Fold<T>,
    /// Where the greatest is: the first of equals, or the first NaN; 0 of nothing.
    pub argmax: unsafe extern "C" fn(n: usize, x: *const T) -> usize,
    /// `y += A x` with an `m` by `n` matrix.
    pub gemv: Times<T>,
    /// `y += Aᵀ x` with an `m` by `n` matrix: `x` has `m` elements, `y` has `n`.
    pub gemv_t: Times<T>,
    /// `A += x yᵀ` with an `m` by `n` matrix.
    pub ger: unsafe extern "C" fn(m: usize, n: usize, x: *const T, y: *const T, a: *mut T),
    /// `C += A B`: `A` is `m` by `k`, `B` is `k` by `n`.
    pub gemm:
        unsafe extern "C" fn(m: usize, n: usize, k: usize, a: *const T, b: *const T, c: *mut T),
    /// `C += A B` of parts of matrices, small enough for the second cache.
    pub product: Tiles<T>,
}

// SAFETY (of all entry points): what the table says of pointers, and that its target's instructions are there, which `new` checks.

unsafe extern "C" fn axpy<T: Number, G: Target>(n: usize, a: T, x: *const T, y: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 2>(n, [x, y], y, Axpy(a)) }
}
unsafe extern "C" fn add_scaled<T: Number, G: Target>(n: usize, a: T, x: *const T, y: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 2>(n, [x, y], y, AddScaled(a)) }
}
unsafe extern "C" fn scale<T: Number, G: Target>(n: usize, a: T, x: *const T, y: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 1>(n, [x], y, Scale(a)) }
}
unsafe extern "C" fn fill<T: Number, G: Target>(n: usize, a: T, y: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 0>(n, [], y, Fill(a)) }
}
unsafe extern "C" fn add<T: Number, G: Target>(n: usize, x: *const T, y: *const T, z: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 2>(n, [x, y], z, Add(T::ZERO)) }
}
unsafe extern "C" fn sub<T: Number, G: Target>(n: usize, x: *const T, y: *const T, z: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 2>(n, [x, y], z, Sub(T::ZERO)) }
}
unsafe extern "C" fn mul<T: Number, G: Target>(n: usize, x: *const T, y: *const T, z: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 2>(n, [x, y], z, Mul(T::ZERO)) }
}
unsafe extern "C" fn mul_add<T: Number, G: Target>(n: usize, x: *const T, y: *const T, z: *mut T) {
    // SAFETY: see above.
    unsafe { each::run::<T, _, G, 3>(n, [x, y, z], z, MulAdd(T::ZERO)) }
}
unsafe extern "C" fn dot<T: Number, G: Target>(n: usize, x: *const T, y: *const T) -> T {
    // SAFETY: see above.
    unsafe { reduce::run::<T, Dot, G, 2>(n, [x, y]) }
}
unsafe extern "C" fn sum<T: Number, G: Target>(n: usize, x: *const T) -> T {
    // SAFETY: see above.
    unsafe { reduce::run::<T, Sum, G, 1>(n, [x]) }
}
unsafe extern "C" fn sum_of_squares<T: Number, G: Target>(n: usize, x: *const T) -> T {
    // SAFETY: see above.
    unsafe { reduce::run::<T, Squares, G, 1>(n, [x]) }
}
unsafe extern "C" fn max<T: Number, G: Target>(n: usize, x: *const T) -> T {
    // SAFETY: see above.
    unsafe { reduce::run::<T, Max, G, 1>(n, [x]) }
}
unsafe extern "C" fn min<T: Number, G: Target>(n: usize, x: *const T) -> T {
    // SAFETY: see above.
    unsafe { reduce::run::<T, Min, G, 1>(n, [x]) }
}
#[allow(clippy::eq_op, reason = "a number that differs from itself is NaN")]
unsafe extern "C" fn argmax<T: Number, G: Target>(n: usize, x: *const T) -> usize {
    // SAFETY: see above.
    let greatest = unsafe { max::<T, G>(n, x) };
    let mut i = 0;
    while i < n {
        // SAFETY: i < n.
        let v = unsafe { *x.add(i) };
        if v == greatest || v != v {
            return i;
        }
        i += 1;
    }
    0
}
unsafe extern "C" fn gemv<T: Number, G: Target>(
    m: usize,
    n: usize,
    a: *const T,
    x: *const T,
    y: *mut T,
) {
    // SAFETY: see above.
    unsafe { G::run(Gemv::<T, G>(Shape { m, n, a, x, y }, PhantomData)) }
}
unsafe extern "C" fn gemv_t<T: Number, G: Target>(
    m: usize,
    n: usize,
    a: *const T,
    x: *const T,
    y: *mut T,
) {
    // SAFETY: see above.
    unsafe { G::run(GemvT::<T, G>(Shape { m, n, a, x, y }, PhantomData)) }
}
unsafe extern "C" fn ger<T: Number, G: Target>(
    m: usize,
    n: usize,
    x: *const T,
    y: *const T,
    a: *mut T,
) {
    // SAFETY: see above.
    unsafe {
        G::run(Ger::<T, G> {
            m,
            n,
            x,
            y,
            a,
            target: PhantomData,
        })
    }
}
unsafe extern "C" fn gemm<T: Number, G: Target>(
    m: usize,
    n: usize,
    k: usize,
    a: *const T,
    b: *const T,
    c: *mut T,
) {
    // Beyond this the blocks of `matrixmultiply` are better. It has vectors of 32 bytes, whatever the target.
    let wide = T::lanes::<G::Simd>() * size_of::<T>() > 32;
    let limit = if wide { 512 * 512 * 512 } else { 48 * 48 * 48 };
    if m.saturating_mul(n).saturating_mul(k) <= limit || m < 4 {
        // SAFETY: see above.
        return unsafe {
            let p = Product {
                extents: [m, n, k],
                a: (a, k, 1),
                b: (b, n),
                c: (c, n),
            };
            G::run(Gemm::<T, G>(p, PhantomData))
        };
    }
    let (n_stride, k_stride) = (n.cast_signed(), k.cast_signed());
    // SAFETY: see above; strides are those of row-major matrices.
    unsafe {
        T::multiply_matrices(
            [m, k, n],
            a,
            [k_stride, 1],
            b,
            [n_stride, 1],
            c,
            [n_stride, 1],
        );
    }
}

unsafe fn product<T: Number, G: Target>(p: Product<T>) {
    let wide = T::lanes::<G::Simd>() * size_of::<T>() > 32;
    let [m, n, k] = p.extents;
    if wide || m.saturating_mul(n).saturating_mul(k) <= 48 * 48 * 48 {
        // SAFETY: see above.
        return unsafe { G::run(Gemm::<T, G>(p, PhantomData)) };
    }
    let far = |n: usize| n.cast_signed();
    // SAFETY: see above.
    unsafe {
        T::multiply_matrices(
            [m, k, n],
            p.a.0,
            [far(p.a.1), far(p.a.2)],
            p.b.0,
            [far(p.b.1), 1],
            p.c.0,
            [far(p.c.1), 1],
        );
    }
}

impl<T: Number> Kernels<T> {
    /// The table for an instruction set.
    ///
    /// # Panics
    /// If the machine has no such instruction set: choose among [`Isa::available`].
    pub fn new(isa: Isa) -> Self {
        assert!(isa.is_available(), "this machine has no {isa:?}");
        for_isa!(isa, G => Self::of::<G>())
    }

    fn of<G: Target>() -> Self {
        Self {
            axpy: axpy::<T, G>,
            add_scaled: add_scaled::<T, G>,
            scale: scale::<T, G>,
            fill: fill::<T, G>,
            add: add::<T, G>,
            sub: sub::<T, G>,
            mul: mul::<T, G>,
            mul_add: mul_add::<T, G>,
            dot: dot::<T, G>,
            sum: sum::<T, G>,
            sum_of_squares: sum_of_squares::<T, G>,
            max: max::<T, G>,
            min: min::<T, G>,
            argmax: argmax::<T, G>,
            gemv: gemv::<T, G>,
            gemv_t: gemv_t::<T, G>,
            ger: ger::<T, G>,
            gemm: gemm::<T, G>,
            product: product::<T, G>,
        }
    }
}
