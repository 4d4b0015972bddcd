//! Block kernels over arrays of `f64` and `f32`: axpy, dot, sums, extremes, products with matrices.
//!
//! Where to start: [`Kernels`] has a plain function pointer for each, for one instruction set; the slice functions below call
//! those of the best. `vector.rs` is the arithmetic, `each.rs`, `reduce.rs`, `matrix.rs` the loops.
//!
//! Invariants: any length, any alignment; a destination may be one of the sources where element `i` depends on elements `i` alone;
//! sums have a fixed order (see `reduce.rs`, `matrix.rs`), so results do not depend on threads.

mod each;
mod matrix;
mod reduce;
mod table;
mod vector;

pub use matrix::Product;
pub use table::Kernels;
pub use vector::{Number, Part, Vector};

use crate::target::Isa;

/// The kernels of the best instruction set.
fn best<T: Number>() -> Kernels<T> {
    Kernels::new(Isa::best())
}

/// `y[i] += a x[i]`, for as many elements as both have.
pub fn axpy<T: Number>(a: T, x: &[T], y: &mut [T]) {
    let n = x.len().min(y.len());
    // SAFETY: both have n elements.
    unsafe { (best().axpy)(n, a, x.as_ptr(), y.as_mut_ptr()) }
}

/// `y[i] += a x[i]`, the product rounded before it is added, for as many elements as both have.
pub fn add_scaled<T: Number>(a: T, x: &[T], y: &mut [T]) {
    let n = x.len().min(y.len());
    // SAFETY: both have n elements.
    unsafe { (best().add_scaled)(n, a, x.as_ptr(), y.as_mut_ptr()) }
}

/// `y[i] = a x[i]`, for as many elements as both have.
pub fn scale<T: Number>(a: T, x: &[T], y: &mut [T]) {
    let n = x.len().min(y.len());
    // SAFETY: both have n elements.
    unsafe { (best().scale)(n, a, x.as_ptr(), y.as_mut_ptr()) }
}

/// `y[i] = a`.
pub fn fill<T: Number>(a: T, y: &mut [T]) {
    // SAFETY: it has as many elements.
    unsafe { (best().fill)(y.len(), a, y.as_mut_ptr()) }
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name<T: Number>(x: &[T], y: &[T], z: &mut [T]) {
            let n = x.len().min(y.len()).min(z.len());
            // SAFETY: all have n elements.
            unsafe { (best().$name)(n, x.as_ptr(), y.as_ptr(), z.as_mut_ptr()) }
        }
    )+};
}
binary! {
    /// `z[i] = x[i] + y[i]`, for as many elements as all have.
    add;
    /// `z[i] = x[i] - y[i]`, for as many elements as all have.
    sub;
    /// `z[i] = x[i] y[i]`, for as many elements as all have.
    mul;
    /// `z[i] += x[i] y[i]`, for as many elements as all have.
    mul_add;
}

/// The sum of `x[i] y[i]`, for as many elements as both have.
pub fn dot<T: Number>(x: &[T], y: &[T]) -> T {
    let n = x.len().min(y.len());
    // SAFETY: both have n elements.
    unsafe { (best().dot)(n, x.as_ptr(), y.as_ptr()) }
}

macro_rules! folds {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name<T: Number>(x: &[T]) -> T {
            // SAFETY: it has as many elements.
            unsafe { (best().$name)(x.len(), x.as_ptr()) }
        }
    )+};
}
folds! {
    /// The sum; 0 of nothing.
    sum;
    /// The sum of squares; 0 of nothing.
    sum_of_squares;
    /// The greatest element, NaN if there is one; minus infinity of nothing.
    max;
    /// The least element, NaN if there is one; infinity of nothing.
    min;
}

/// Where the greatest element is, the first one of equals, or the first NaN; `None` of nothing.
pub fn argmax<T: Number>(x: &[T]) -> Option<usize> {
    // SAFETY: it has as many elements.
    (!x.is_empty()).then(|| unsafe { (best().argmax)(x.len(), x.as_ptr()) })
}

/// Whether lengths fit a product: `a` is `m` by `n`.
fn assert_matrix(a: usize, m: usize, n: usize) {
    assert!(
        m.checked_mul(n) == Some(a),
        "a matrix of {m} by {n} has {a} elements"
    );
}

/// `y += A x` with the row-major `y.len()` by `x.len()` matrix `A`.
///
/// # Panics
/// If `a` has another number of elements.
pub fn gemv<T: Number>(a: &[T], x: &[T], y: &mut [T]) {
    assert_matrix(a.len(), y.len(), x.len());
    // SAFETY: the lengths fit.
    unsafe { (best().gemv)(y.len(), x.len(), a.as_ptr(), x.as_ptr(), y.as_mut_ptr()) }
}

/// `y += Aᵀ x` with the row-major `x.len()` by `y.len()` matrix `A`.
///
/// # Panics
/// If `a` has another number of elements.
pub fn gemv_t<T: Number>(a: &[T], x: &[T], y: &mut [T]) {
    assert_matrix(a.len(), x.len(), y.len());
    // SAFETY: the lengths fit.
    unsafe { (best().gemv_t)(x.len(), y.len(), a.as_ptr(), x.as_ptr(), y.as_mut_ptr()) }
}

/// `A += x yᵀ` with the row-major `x.len()` by `y.len()` matrix `A`.
///
/// # Panics
/// If `a` has another number of elements.
pub fn ger<T: Number>(x: &[T], y: &[T], a: &mut [T]) {
    assert_matrix(a.len(), x.len(), y.len());
    // SAFETY: the lengths fit.
    unsafe { (best().ger)(x.len(), y.len(), x.as_ptr(), y.as_ptr(), a.as_mut_ptr()) }
}

/// `C += A B` with row-major matrices: `A` is `m` by `k`, `B` is `k` by `n`, `C` is `m` by `n`.
///
/// # Panics
/// If a matrix has another number of elements.
pub fn gemm<T: Number>((m, n, k): (usize, usize, usize), a: &[T], b: &[T], c: &mut [T]) {
    assert_matrix(a.len(), m, k);
    assert_matrix(b.len(), k, n);
    assert_matrix(c.len(), m, n);
    // SAFETY: the lengths fit.
    unsafe { (best().gemm)(m, n, k, a.as_ptr(), b.as_ptr(), c.as_mut_ptr()) }
}
