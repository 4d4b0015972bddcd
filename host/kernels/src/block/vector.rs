//! The vector arithmetic that the block kernels are written in: pulp's, for both element types by one set of names.

use pulp::Simd;

use crate::math::Element;

/// A vector of elements `T` on the instruction set `S`.
pub type Vector<T, S> = <T as Number>::Vector<S>;

/// Which elements of a vector are there, at the end of an array.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// How many, from the first on.
    pub(crate) len: usize,
}

/// `f64` or `f32`, with its vectors.
pub trait Number: Element + std::ops::AddAssign {
    /// The vector type.
    type Vector<S: Simd>: Copy;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The least value.
    const LOWEST: Self;
    /// The greatest value.
    const HIGHEST: Self;
    /// `c += a b` by packed blocks, for matrices of `[m, k, n]` extents with `[row, column]` strides in elements.
    ///
    /// # Safety
    /// Each matrix is valid for its extents and strides, `c` for writing and apart from the others.
    unsafe fn multiply_matrices(
        extents: [usize; 3],
        a: *const Self,
        a_strides: [isize; 2],
        b: *const Self,
        b_strides: [isize; 2],
        c: *mut Self,
        c_strides: [isize; 2],
    );
    /// How many elements a vector has.
    fn lanes<S: Simd>() -> usize;
    /// The same element in all places.
    fn splat<S: Simd>(s: S, x: Self) -> Vector<Self, S>;
    /// # Safety
    /// `p` must be readable for a vector; it need not be aligned.
    unsafe fn read<S: Simd>(p: *const Self) -> Vector<Self, S>;
    /// # Safety
    /// `p` must be writable for a vector.
    unsafe fn write<S: Simd>(p: *mut Self, x: Vector<Self, S>);
    /// `fill` where nothing is left.
    ///
    /// # Safety
    /// `p` must be readable for `part.len` elements.
    unsafe fn load_part<S: Simd>(s: S, p: *const Self, part: Part, fill: Self) -> Vector<Self, S>;
    /// # Safety
    /// `p` must be writable for `part.len` elements.
    unsafe fn store_part<S: Simd>(s: S, p: *mut Self, part: Part, x: Vector<Self, S>);
    /// Sum.
    fn add<S: Simd>(s: S, a: Vector<Self, S>, b: Vector<Self, S>) -> Vector<Self, S>;
    /// Difference.
    fn sub<S: Simd>(s: S, a: Vector<Self, S>, b: Vector<Self, S>) -> Vector<Self, S>;
    /// Product.
    fn mul<S: Simd>(s: S, a: Vector<Self, S>, b: Vector<Self, S>) -> Vector<Self, S>;
    /// `a b + c`, fused where the machine has that.
    fn mul_add<S: Simd>(
        s: S,
        a: Vector<Self, S>,
        b: Vector<Self, S>,
        c: Vector<Self, S>,
    ) -> Vector<Self, S>;
    /// The greater; NaN if one is.
    fn max<S: Simd>(s: S, a: Vector<Self, S>, b: Vector<Self, S>) -> Vector<Self, S>;
    /// The smaller; NaN if one is.
    fn min<S: Simd>(s: S, a: Vector<Self, S>, b: Vector<Self, S>) -> Vector<Self, S>;
    /// The sum of all places, as a tree of halves.
    fn sum_across<S: Simd>(s: S, x: Vector<Self, S>) -> Self;
}

macro_rules! number {
    ($t:ident, $gemm:ident, $v:ident, $lanes:ident, $between:ident, $bits:ty, $or:ident, $not:ident, $eq:ident, $lt:ident, $select:ident,
     $splat:ident, $add:ident, $sub:ident, $mul:ident, $mul_add:ident, $load:ident, $store:ident, $across:ident) => {
        impl Number for $t {
            type Vector<S: Simd> = S::$v;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const LOWEST: Self = $t::NEG_INFINITY;
            const HIGHEST: Self = $t::INFINITY;
            unsafe fn multiply_matrices(
                [m, k, n]: [usize; 3],
                a: *const Self,
                [ar, ac]: [isize; 2],
                b: *const Self,
                [br, bc]: [isize; 2],
                c: *mut Self,
                [cr, cc]: [isize; 2],
            ) {
                // SAFETY: the caller's promise is this function's.
                unsafe {
                    matrixmultiply::$gemm(m, k, n, 1.0, a, ar, ac, b, br, bc, 1.0, c, cr, cc);
                }
            }
            #[inline(always)]
            fn lanes<S: Simd>() -> usize {
                S::$lanes
            }
            #[inline(always)]
            fn splat<S: Simd>(s: S, x: Self) -> S::$v {
                s.$splat(x)
            }
            #[inline(always)]
            unsafe fn read<S: Simd>(p: *const Self) -> S::$v {
                // SAFETY: the caller's promise; the vector is plain data.
                unsafe { p.cast::<S::$v>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn write<S: Simd>(p: *mut Self, x: S::$v) {
                // SAFETY: the caller's promise.
                unsafe { p.cast::<S::$v>().write_unaligned(x) }
            }
            #[inline(always)]
            unsafe fn load_part<S: Simd>(s: S, p: *const Self, part: Part, fill: Self) -> S::$v {
                let mask = s.$between(0, part.len as $bits);
                // SAFETY: the mask holds for the elements that the caller promises.
                let x = unsafe { s.$load(mask, p) };
                s.$select(mask.mask(), x, s.$splat(fill))
            }
            #[inline(always)]
            unsafe fn store_part<S: Simd>(s: S, p: *mut Self, part: Part, x: S::$v) {
                let mask = s.$between(0, part.len as $bits);
                // SAFETY: the mask holds for the elements that the caller promises.
                unsafe { s.$store(mask, p, x) }
            }
            #[inline(always)]
            fn add<S: Simd>(s: S, a: S::$v, b: S::$v) -> S::$v {
                s.$add(a, b)
            }
            #[inline(always)]
            fn sub<S: Simd>(s: S, a: S::$v, b: S::$v) -> S::$v {
                s.$sub(a, b)
            }
            #[inline(always)]
            fn mul<S: Simd>(s: S, a: S::$v, b: S::$v) -> S::$v {
                s.$mul(a, b)
            }
            #[inline(always)]
            fn mul_add<S: Simd>(s: S, a: S::$v, b: S::$v, c: S::$v) -> S::$v {
                // One lane at a time means no fused instruction either: it would be a call.
                if S::$lanes == 1 {
                    s.$add(s.$mul(a, b), c)
                } else {
                    s.$mul_add(a, b, c)
                }
            }
            #[inline(always)]
            fn max<S: Simd>(s: S, a: S::$v, b: S::$v) -> S::$v {
                let take = s.$or(s.$lt(a, b), s.$not(s.$eq(b, b)));
                s.$select(take, b, a)
            }
            #[inline(always)]
            fn min<S: Simd>(s: S, a: S::$v, b: S::$v) -> S::$v {
                let take = s.$or(s.$lt(b, a), s.$not(s.$eq(b, b)));
                s.$select(take, b, a)
            }
            #[inline(always)]
            fn sum_across<S: Simd>(s: S, x: S::$v) -> Self {
                s.$across(x)
            }
        }
    };
}
number! {
    f64, dgemm, f64s, F64_LANES, mask_between_m64s, u64, or_m64s, not_m64s, equal_f64s, less_than_f64s, select_f64s, splat_f64s,
    add_f64s, sub_f64s, mul_f64s, mul_add_e_f64s, mask_load_ptr_f64s, mask_store_ptr_f64s, reduce_sum_f64s
}
number! {
    f32, sgemm, f32s, F32_LANES, mask_between_m32s, u32, or_m32s, not_m32s, equal_f32s, less_than_f32s, select_f32s, splat_f32s,
    add_f32s, sub_f32s, mul_f32s, mul_add_e_f32s, mask_load_ptr_f32s, mask_store_ptr_f32s, reduce_sum_f32s
}
