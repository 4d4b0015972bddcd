//! Fourier transforms on plain data and in annotated functions, made as [`linalg`](super::linalg) is.

use super::data::{Datum, Matrix, flatten, types_of};
use super::expr::Expr;
use super::linalg::{evaluate, staged};
use super::matrix::Mat;
use super::scalar::{Float, Num};
use super::seq::{Seq, ToSeq};
use super::stager::B;
use crate::entity::Value;
use crate::ir::{Builder, Dim, FftOp};
use crate::ops::linalg::compose::transpose;
use alloc::vec::Vec;
use num_complex::Complex;

macro_rules! of_vector {
    ($($(#[$doc:meta])* $name:ident($from:ty) -> $to:ty, $op:expr;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name<T: Float>(x: &[$from]) -> Vec<$to>
        where
            Complex<T>: Num,
        {
            evaluate(flatten(x), &types_of::<[$from]>(), |b, p| b.inst($op, p))
        }
        #[doc(hidden)]
        pub mod $name {
            use super::*;
            /// Emits it.
            pub fn __stage<'b, T: Float, S>(b: B<'b>, x: S) -> Seq<'b, Expr<'b, $to>>
            where
                Complex<T>: Num,
                S: ToSeq<'b, Elem = Expr<'b, $from>>,
            {
                staged(b, &[x.to_seq().v()], |b, p| b.inst($op, p))
            }
        }
    )*};
}

of_vector! {
    /// The discrete Fourier transform, of any length: `y[k]` is the sum of `x[j] e^(-2 pi i j k / n)`.
    fft(Complex<T>) -> Complex<T>, FftOp::Fft;
    /// The inverse of [`fft()`], with the factor `1/n`.
    ifft(Complex<T>) -> Complex<T>, FftOp::Ifft;
    /// The first `n/2 + 1` elements of the transform of real numbers; the others are their conjugates.
    ///
    /// # Panics
    /// If there are no elements.
    rfft(T) -> Complex<T>, FftOp::Rfft;
}

/// The `n` real numbers whose [`rfft()`] is `x`.
///
/// # Panics
/// If there are not `n/2 + 1` elements, or `n` is 0.
#[track_caller]
pub fn irfft<T: Float>(x: &[Complex<T>], n: usize) -> Vec<T>
where
    Complex<T>: Num,
{
    let mut args = flatten(x);
    n.flatten(&mut args);
    let mut tys = types_of::<[Complex<T>]>();
    usize::types(&mut tys);
    evaluate(args, &tys, |b, p| b.inst(FftOp::Irfft(Dim::Dynamic), p))
}
#[doc(hidden)]
pub mod irfft {
    use super::*;
    /// Emits it.
    pub fn __stage<'b, T: Float, S>(b: B<'b>, x: S, n: Expr<'b, usize>) -> Seq<'b, Expr<'b, T>>
    where
        Complex<T>: Num,
        S: ToSeq<'b, Elem = Expr<'b, Complex<T>>>,
    {
        staged(b, &[x.to_seq().v(), n.v()], |b, p| {
            b.inst(FftOp::Irfft(Dim::Dynamic), p)
        })
    }
}

/// Along the rows, then along the columns.
fn both(b: &mut Builder, x: Value, op: FftOp) -> Vec<Value> {
    let y = b.inst1(op, &[x]);
    let y = transpose(b, y);
    let y = b.inst1(op, &[y]);
    [transpose(b, y)].into()
}

macro_rules! of_matrix {
    ($($(#[$doc:meta])* $name:ident, $op:expr;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name<T: Float>(x: &Matrix<Complex<T>>) -> Matrix<Complex<T>>
        where
            Complex<T>: Num,
        {
            evaluate(flatten(x), &types_of::<Matrix<Complex<T>>>(), |b, p| both(b, p[0], $op))
        }
        #[doc(hidden)]
        pub mod $name {
            use super::*;
            /// Emits it.
            pub fn __stage<'b, T: Float>(b: B<'b>, x: Mat<'b, Complex<T>>) -> Mat<'b, Complex<T>>
            where
                Complex<T>: Num,
            {
                staged(b, &[x.v()], |b, p| both(b, p[0], $op))
            }
        }
    )*};
}

of_matrix! {
    /// The transform along the rows and the columns.
    fft2, FftOp::Fft;
    /// The inverse of [`fft2()`].
    ifft2, FftOp::Ifft;
}
