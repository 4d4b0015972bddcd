//! Matrices in the twin: [`Mat`] stands for [`Matrix`], one IR value `T[?,?]`.

use super::data::Matrix;
use super::expr::{Expr, lit};
use super::flow::for_range;
use super::plain::Diff;
use super::scalar::{Num, Scalar};
use super::seq::{Arr, At, AtMut, Seq, ToSeq};
use super::staged::{Leaves, Staged};
use super::stager::B;
use super::var::{StagedDefault, Var, rd, var, wr};
use crate::entity::Value;
use crate::ir::{ArrayOp, ConstOp, Dim, Path, ShapeOp, Step, Type};
use crate::ops::linalg::compose;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The proxy of [`Matrix`].
pub struct Mat<'b, T> {
    b: B<'b>,
    v: Value,
    of: PhantomData<T>,
}

impl<T> Copy for Mat<'_, T> {}
impl<T> Clone for Mat<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> core::fmt::Debug for Mat<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.v)
    }
}

const OPEN: [Dim; 2] = [Dim::Dynamic, Dim::Dynamic];

impl<T: Scalar> Diff for Matrix<T> {
    type Proxy<'b> = Mat<'b, T>;
}

impl<'b, T: Scalar> Staged<'b> for Mat<'b, T> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        out.push(Type::tensor(T::DTYPE, OPEN));
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.v);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        let v = from.next().copied();
        let zero = || b.op(ConstOp::Default(Type::tensor(T::DTYPE, OPEN)), &[]);
        Mat::of(b, v.unwrap_or_else(zero))
    }
    fn refs(_: Var<'b, Self>) {}
}

impl<'b, T: Scalar> StagedDefault<'b> for Mat<'b, T> {
    fn staged_default(b: B<'b>) -> Self {
        Mat::take(b, &mut [].iter())
    }
}

impl<'b, T> Mat<'b, T> {
    /// The proxy of an IR value, which must be a tensor of rank 2 of `T`.
    pub fn of(b: B<'b>, v: Value) -> Self {
        Mat {
            b,
            v,
            of: PhantomData,
        }
    }
    /// The IR value.
    pub fn v(self) -> Value {
        self.v
    }
    fn dim(self, axis: u32) -> Expr<'b, usize> {
        Expr::of(self.b, self.b.op(ArrayOp::Dim(axis), &[self.v]))
    }
    /// `m.rows()`.
    pub fn rows(self) -> Expr<'b, usize> {
        self.dim(0)
    }
    /// `m.columns()`.
    pub fn columns(self) -> Expr<'b, usize> {
        self.dim(1)
    }
    /// `m.clone()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn clone(self) -> Self {
        self
    }
    /// `m.transposed()`.
    pub fn transposed(self) -> Self {
        Mat::of(self.b, compose::transpose(&mut self.b.ir(), self.v))
    }
    /// `m.as_slice()`.
    pub fn as_slice(self) -> Seq<'b, Expr<'b, T>> {
        let n = self.rows() * self.columns();
        let shape = vec![Dim::Dynamic];
        Seq::of(self.b, self.b.op(ShapeOp::Reshape(shape), &[self.v, n.v()]))
    }
}

impl<'b, T: Scalar> Mat<'b, T> {
    /// `m.row(i)`.
    pub fn row(self, i: Expr<'b, usize>) -> Seq<'b, Expr<'b, T>> {
        Seq::of(self.b, self.b.ir().at(self.v, i.v()))
    }
    /// `m.set((i, j), x)`.
    pub fn set(&mut self, (i, j): (Expr<'b, usize>, Expr<'b, usize>), x: Expr<'b, T>) {
        let path: Path = vec![Step::Index, Step::Index];
        self.v = self.b.ir().update(self.v, x.v(), path, &[i.v(), j.v()]);
    }
}

impl<'b, T: Num> Mat<'b, T> {
    /// A matrix of copies of a number.
    fn filled(b: B<'b>, x: Expr<'b, T>, rows: Expr<'b, usize>, columns: Expr<'b, usize>) -> Self {
        let spread = ShapeOp::Broadcast {
            shape: OPEN.into(),
            dims: vec![],
        };
        Mat::of(b, b.op(spread, &[x.v(), rows.v(), columns.v()]))
    }
    /// `m.dot(&n)`.
    pub fn dot<A: AsMat<'b, Elem = T>>(self, other: A) -> Self {
        let other = other.as_mat(self.b).v;
        Mat::of(self.b, compose::product(&mut self.b.ir(), self.v, other))
    }
    /// `m.times(&x)`.
    pub fn times<S: ToSeq<'b, Elem = Expr<'b, T>>>(self, x: S) -> Seq<'b, Expr<'b, T>> {
        let (b, x) = (self.b, x.to_seq().v());
        let mut ir = b.ir();
        let x = compose::column(&mut ir, x);
        let y = compose::product(&mut ir, self.v, x);
        let y = compose::only_column(&mut ir, y);
        drop(ir);
        Seq::of(b, y)
    }
}

impl<'b, T: Scalar> Var<'b, Mat<'b, T>> {
    /// `m.row_mut(i)`.
    pub fn row_mut(self, i: Expr<'b, usize>) -> Var<'b, Seq<'b, Expr<'b, T>>> {
        self.element(i.v())
    }
}

type Pair<'b> = (Expr<'b, usize>, Expr<'b, usize>);

impl<'b, T: Scalar> At<'b, Pair<'b>> for Mat<'b, T> {
    type Out = Expr<'b, T>;
    fn at(self, (i, j): Pair<'b>) -> Expr<'b, T> {
        let path: Path = vec![Step::Index, Step::Index];
        Expr::of(self.b, self.b.ir().get(self.v, path, &[i.v(), j.v()]))
    }
}
impl<'b, T: Scalar> AtMut<'b, Pair<'b>> for Mat<'b, T> {
    type Out = Expr<'b, T>;
    fn at_mut(v: Var<'b, Self>, (i, j): Pair<'b>) -> Var<'b, Expr<'b, T>> {
        let row: Var<'b, Seq<'b, Expr<'b, T>>> = v.element(i.v());
        row.element(j.v())
    }
}

/// The functions of [`Matrix`] that have no receiver, as the twin calls them.
#[doc(hidden)]
impl<T: Num> Matrix<T> {
    pub fn __s_zeros<'b>(b: B<'b>, rows: Expr<'b, usize>, columns: Expr<'b, usize>) -> Mat<'b, T> {
        Mat::filled(b, lit(b, T::small(0)), rows, columns)
    }
    pub fn __s_identity<'b>(b: B<'b>, n: Expr<'b, usize>) -> Mat<'b, T> {
        let one = Mat::filled(b, lit(b, T::small(1)), n, n);
        Mat::of(b, compose::diagonal_only(&mut b.ir(), one.v))
    }
    pub fn __s_from_fn<'b>(
        b: B<'b>,
        rows: Expr<'b, usize>,
        columns: Expr<'b, usize>,
        f: impl Fn(Expr<'b, usize>, Expr<'b, usize>) -> Expr<'b, T>,
    ) -> Mat<'b, T> {
        let all = var(b, Self::__s_zeros(b, rows, columns));
        let i = for_range(lit(b, 0), rows);
        let j = for_range(lit(b, 0), columns);
        let x = f(i, j);
        wr(Mat::at_mut(all, (i, j)), x);
        b.close();
        b.close();
        rd(all)
    }
    pub fn __s_from<'b, A: AsMat<'b, Elem = T>>(b: B<'b>, a: A) -> Mat<'b, T> {
        a.as_mat(b)
    }
    pub fn __s_default(b: B<'_>) -> Mat<'_, T> {
        Mat::staged_default(b)
    }
}

/// What can be taken for a matrix: [`Matrix`], `[[T; N]; M]`, `Vec<[T; N]>` and `Vec<Vec<T>>`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a matrix")]
pub trait AsMat<'b>: Copy {
    /// The element.
    type Elem: Num;
    /// As a matrix. Rows of different lengths trap.
    fn as_mat(self, b: B<'b>) -> Mat<'b, Self::Elem>;
}
impl<'b, T: Num> AsMat<'b> for Mat<'b, T> {
    type Elem = T;
    fn as_mat(self, _: B<'b>) -> Mat<'b, T> {
        self
    }
}
impl<'b, T: Num, const M: usize, const N: usize> AsMat<'b> for Arr<'b, Arr<'b, Expr<'b, T>, N>, M> {
    type Elem = T;
    fn as_mat(self, b: B<'b>) -> Mat<'b, T> {
        self.seq().as_mat(b)
    }
}
impl<'b, T: Num, const N: usize> AsMat<'b> for Seq<'b, Arr<'b, Expr<'b, T>, N>> {
    type Elem = T;
    fn as_mat(self, b: B<'b>) -> Mat<'b, T> {
        Mat::of(b, self.v())
    }
}
impl<'b, T: Num> AsMat<'b> for Seq<'b, Seq<'b, Expr<'b, T>>> {
    type Elem = T;
    fn as_mat(self, b: B<'b>) -> Mat<'b, T> {
        let n = self.len();
        let columns = var(b, lit(b, 0usize));
        let some = super::gt(b, n, lit(b, 0));
        b.open_if(some.v());
        wr(columns, self.get_unchecked(lit(b, 0)).len());
        b.close();
        let all: Var<'b, Mat<'b, T>> = var(b, Matrix::__s_zeros(b, n, rd(columns)));
        let i = for_range(lit(b, 0), n);
        wr(all.row_mut(i), self.get_unchecked(i));
        b.close();
        rd(all)
    }
}
impl<'b, A: AsMat<'b> + Staged<'b>> AsMat<'b> for Var<'b, A> {
    type Elem = A::Elem;
    fn as_mat(self, b: B<'b>) -> Mat<'b, A::Elem> {
        self.read().as_mat(b)
    }
}
