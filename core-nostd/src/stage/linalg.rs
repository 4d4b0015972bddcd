//! Linear algebra on plain data and in annotated functions: one name each, whose plain function runs what the twin emits.
//!
//! A function `f` here is a function, and a module of the same name whose `__stage` the twin calls. What either does is said once, as
//! an [`Emit`], from [`compose`].

use super::data::{Datum, Matrix, flatten, types_of};
use super::expr::Expr;
use super::matrix::{AsMat, Mat};
use super::scalar::{Float, Num};
use super::seq::{Arr, Seq};
use super::staged::Staged;
use super::stager::B;
use super::var::Var;
use crate::entity::Value;
use crate::interp::{Limits, Program};
use crate::ir::{Builder, Module, Type};
use crate::ops::linalg::compose;
use crate::value::Val;
use alloc::vec::Vec;
use num_complex::Complex;

/// A number that matrices are factored in: `f32`, `f64`, or a complex number of such.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that matrices are factored in",
    note = "f32, f64 and complex numbers of such are"
)]
pub trait Number: Num {
    /// The type of the real part.
    type Real: Float;
}
impl Number for f32 {
    type Real = f32;
}
impl Number for f64 {
    type Real = f64;
}
impl Number for Complex<f32> {
    type Real = f32;
}
impl Number for Complex<f64> {
    type Real = f64;
}

/// What can be taken for a matrix: [`Matrix`], `[[T; N]; M]`, `Vec<[T; N]>` and `Vec<Vec<T>>`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a matrix of numbers")]
pub trait AsMatrix {
    /// The element.
    type Elem: Number;
    /// As a matrix.
    ///
    /// # Panics
    /// If rows have different lengths.
    fn to_matrix(&self) -> Matrix<Self::Elem>;
}
impl<T: Number> AsMatrix for Matrix<T> {
    type Elem = T;
    fn to_matrix(&self) -> Matrix<T> {
        self.clone()
    }
}
impl<T: Number, const N: usize> AsMatrix for [[T; N]] {
    type Elem = T;
    fn to_matrix(&self) -> Matrix<T> {
        Matrix::from(self)
    }
}
impl<T: Number, const M: usize, const N: usize> AsMatrix for [[T; N]; M] {
    type Elem = T;
    fn to_matrix(&self) -> Matrix<T> {
        Matrix::from(&self[..])
    }
}
impl<T: Number, const N: usize> AsMatrix for Vec<[T; N]> {
    type Elem = T;
    fn to_matrix(&self) -> Matrix<T> {
        Matrix::from(&self[..])
    }
}
impl<T: Number> AsMatrix for [Vec<T>] {
    type Elem = T;
    #[track_caller]
    fn to_matrix(&self) -> Matrix<T> {
        match Matrix::from_rows(self.to_vec()) {
            Some(m) => m,
            None => panic!("the rows of a matrix have different lengths"),
        }
    }
}
impl<T: Number> AsMatrix for Vec<Vec<T>> {
    type Elem = T;
    #[track_caller]
    fn to_matrix(&self) -> Matrix<T> {
        self[..].to_matrix()
    }
}
impl<A: AsMatrix + ?Sized> AsMatrix for &A {
    type Elem = A::Elem;
    fn to_matrix(&self) -> Matrix<A::Elem> {
        (**self).to_matrix()
    }
}

/// The right-hand side of a system: a vector, or a matrix of which each column is one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a vector or `Matrix` of `{T}`")]
pub trait Rhs<T>: Datum {
    /// What solves it: a `Vec<T>`, or a matrix.
    type Solution: Datum<Owned = Self::Solution>;
}
impl<T: Number> Rhs<T> for [T] {
    type Solution = Vec<T>;
}
impl<T: Number> Rhs<T> for Vec<T> {
    type Solution = Vec<T>;
}
impl<T: Number, const N: usize> Rhs<T> for [T; N] {
    type Solution = Vec<T>;
}
impl<T: Number> Rhs<T> for Matrix<T> {
    type Solution = Matrix<T>;
}

/// [`Rhs`] in the twin.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a vector or `Matrix` of `{T}`")]
pub trait StagedRhs<'b, T>: Copy {
    /// What solves it.
    type Solution: Staged<'b>;
    /// The IR value.
    fn value(self) -> Value;
}
impl<'b, T: Number> StagedRhs<'b, T> for Seq<'b, Expr<'b, T>> {
    type Solution = Seq<'b, Expr<'b, T>>;
    fn value(self) -> Value {
        self.v()
    }
}
impl<'b, T: Number, const N: usize> StagedRhs<'b, T> for Arr<'b, Expr<'b, T>, N> {
    type Solution = Seq<'b, Expr<'b, T>>;
    fn value(self) -> Value {
        self.seq().v()
    }
}
impl<'b, T: Number> StagedRhs<'b, T> for Mat<'b, T> {
    type Solution = Mat<'b, T>;
    fn value(self) -> Value {
        self.v()
    }
}
impl<'b, T, R: StagedRhs<'b, T> + Staged<'b>> StagedRhs<'b, T> for Var<'b, R> {
    type Solution = R::Solution;
    fn value(self) -> Value {
        self.read().value()
    }
}

/// What a function is, in IR: the results of operands.
pub(super) type Emit = fn(&mut Builder, &[Value]) -> Vec<Value>;

/// Runs what a function emits.
///
/// # Panics
/// With the message of the trap, as plain Rust would of an index out of range.
#[track_caller]
pub(super) fn evaluate<R: Datum<Owned = R>>(
    args: Vec<Val>,
    tys: &[Type],
    emit: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
) -> R {
    let mut b = Builder::new("linalg", tys);
    let params = b.params();
    let results = emit(&mut b, &params);
    let f = match b.finish(&results) {
        Ok(f) => f,
        Err(e) => panic!("{e}"),
    };
    let mut m = Module::new();
    let f = m.funcs.push(f);
    match Program::new(&m).run(f, args, &Limits::default()) {
        Ok(out) => match R::unflatten(&mut out.into_iter()) {
            Some(r) => r,
            None => unreachable!("results are of the types that were inferred"),
        },
        Err(t) => panic!("{}", t.kind),
    }
}

/// Emits a function in the twin.
pub(super) fn staged<'b, R: Staged<'b>>(b: B<'b>, args: &[Value], emit: Emit) -> R {
    let results = emit(&mut b.ir(), args);
    R::take(b, &mut results.iter())
}

macro_rules! of_matrix {
    ($($(#[$doc:meta])* $name:ident $plain:ty, $staged:ty, $emit:expr;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name<A: AsMatrix + ?Sized>(a: &A) -> $plain {
            let a = a.to_matrix();
            evaluate(flatten(&a), &types_of::<Matrix<A::Elem>>(), $emit)
        }
        #[doc(hidden)]
        pub mod $name {
            use super::*;
            /// Emits it.
            pub fn __stage<'b, A>(b: B<'b>, a: A) -> $staged
            where
                A: AsMat<'b, Elem: Number>,
            {
                staged(b, &[a.as_mat(b).v()], $emit)
            }
        }
    )*};
}

of_matrix! {
    /// The lower triangular `l` with `l l^H = a`, of a positive definite matrix (symmetric; Hermitian, if complex; taken as the mean of
    /// `a` and its transpose, so that the gradient is symmetric too).
    ///
    /// # Panics
    /// If `a` is not square or not positive definite.
    cholesky Matrix<A::Elem>, Mat<'b, A::Elem>, |b, p| [compose::cholesky(b, p[0])].into();
    /// `(q, r)` with orthonormal columns, an upper triangle with a diagonal not negative, and `q r = a`. Of an `m x n` matrix they are
    /// `m x k` and `k x n`, `k = min(m, n)`.
    qr (Matrix<A::Elem>, Matrix<A::Elem>), (Mat<'b, A::Elem>, Mat<'b, A::Elem>), |b, p| compose::qr(b, p[0]).into();
    /// `(l, u, rows)`: row `i` of `l u` is row `rows[i]` of `a`; the diagonal of `l` is 1.
    ///
    /// # Panics
    /// If `a` is not square.
    lu (Matrix<A::Elem>, Matrix<A::Elem>, Vec<usize>),
        (Mat<'b, A::Elem>, Mat<'b, A::Elem>, Seq<'b, Expr<'b, usize>>), |b, p| compose::lu(b, p[0]).into();
    /// The eigenvalues, ascending, and the eigenvectors (columns) of a symmetric or Hermitian matrix (taken as the mean of `a` and its
    /// adjoint). Within the space of a repeated eigenvalue the vectors are not unique, and their derivative is infinite or NaN; symmetric
    /// functions of the eigenvalues have theirs.
    ///
    /// # Panics
    /// If `a` is not square.
    eigh (Vec<<A::Elem as Number>::Real>, Matrix<A::Elem>),
        (Seq<'b, Expr<'b, <A::Elem as Number>::Real>>, Mat<'b, A::Elem>), |b, p| compose::eigh(b, p[0]).into();
    /// The inverse. To solve a system, [`solve()`] takes a third of the time.
    ///
    /// # Panics
    /// If `a` is not square, or singular.
    inverse Matrix<A::Elem>, Mat<'b, A::Elem>, |b, p| [compose::inverse(b, p[0])].into();
    /// The determinant. Its derivative at a singular matrix is an error.
    ///
    /// # Panics
    /// If `a` is not square.
    det A::Elem, Expr<'b, A::Elem>, |b, p| [compose::det(b, p[0])].into();
    /// The sign of the determinant (of a complex one its phase), and the logarithm of its modulus, which does not overflow. Of a singular
    /// matrix 0 and minus infinity.
    ///
    /// # Panics
    /// If `a` is not square.
    sign_log_det (A::Elem, <A::Elem as Number>::Real),
        (Expr<'b, A::Elem>, Expr<'b, <A::Elem as Number>::Real>), |b, p| compose::sign_log_det(b, p[0]).into();
}

macro_rules! of_system {
    ($($(#[$doc:meta])* $name:ident, $emit:expr;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name<A: AsMatrix + ?Sized, R: Rhs<A::Elem> + ?Sized>(a: &A, b: &R) -> R::Solution {
            let mut args = flatten(&a.to_matrix());
            b.flatten(&mut args);
            let mut tys = types_of::<Matrix<A::Elem>>();
            R::types(&mut tys);
            evaluate(args, &tys, $emit)
        }
        #[doc(hidden)]
        pub mod $name {
            use super::*;
            /// Emits it.
            pub fn __stage<'b, A, R>(b: B<'b>, a: A, rhs: R) -> R::Solution
            where
                A: AsMat<'b, Elem: Number>,
                R: StagedRhs<'b, A::Elem>,
            {
                staged(b, &[a.as_mat(b).v(), rhs.value()], $emit)
            }
        }
    )*};
}

of_system! {
    /// The `x` with `a x = b`: `b` is a vector, or a matrix of which each column is one.
    ///
    /// # Panics
    /// If `a` is not square or singular, or `b` has another number of rows.
    solve, |b, p| [compose::solve(b, p[0], p[1])].into();
    /// As [`solve()`], with a matrix of which only the lower triangle is read.
    ///
    /// # Panics
    /// As [`solve()`]; singular is a zero on the diagonal.
    solve_lower, |b, p| [compose::solve_triangle(b, true, p[0], p[1])].into();
    /// As [`solve()`], with a matrix of which only the upper triangle is read.
    ///
    /// # Panics
    /// As [`solve()`]; singular is a zero on the diagonal.
    solve_upper, |b, p| [compose::solve_triangle(b, false, p[0], p[1])].into();
}
