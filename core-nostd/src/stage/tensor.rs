//! Arrays of any rank in the twin, and what can be done with them in both worlds.
//!
//! [`Ten`] stands for [`Tensor`], one IR value `T[?, ..]`. Each method is said once, as IR: the plain one runs it on the interpreter, the twin's
//! emits it. Strides, padding and sizes of windows are attributes of operations, so in annotated functions they must be constants: literals,
//! `const` items, constants of types.

mod axes;
mod emit;

use super::data::{Datum, Tensor, flatten, types_of};
use super::expr::{Expr, lit};
use super::linalg::evaluate;
use super::plain::Diff;
use super::scalar::{Float, Num, Scalar};
use super::seq::{Arr, Seq, ToSeq};
use super::staged::{Leaves, Staged};
use super::stager::B;
use super::var::{StagedDefault, Var};
use crate::entity::Value;
use crate::error::Why;
use crate::ir::{ArrayOp, ConstOp, Dim, Extreme, Op, ShapeOp, Type};
use crate::value::Scalar as Number;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use emit::Axis;

/// The proxy of [`Tensor`].
pub struct Ten<'b, T, const N: usize> {
    b: B<'b>,
    v: Value,
    of: PhantomData<T>,
}

impl<T, const N: usize> Copy for Ten<'_, T, N> {}
impl<T, const N: usize> Clone for Ten<'_, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, const N: usize> core::fmt::Debug for Ten<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.v)
    }
}

fn open<T: Scalar, const N: usize>() -> Type {
    Type::tensor(T::DTYPE, [Dim::Dynamic; N])
}

impl<T: Scalar, const N: usize> Diff for Tensor<T, N> {
    type Proxy<'b> = Ten<'b, T, N>;
}

impl<'b, T: Scalar, const N: usize> Staged<'b> for Ten<'b, T, N> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        out.push(open::<T, N>());
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.v);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        let v = from.next().copied();
        let zero = || b.op(ConstOp::Default(open::<T, N>()), &[]);
        Ten::of(b, v.unwrap_or_else(zero))
    }
    fn refs(_: Var<'b, Self>) {}
}

impl<'b, T: Scalar, const N: usize> StagedDefault<'b> for Ten<'b, T, N> {
    fn staged_default(b: B<'b>) -> Self {
        Ten::take(b, &mut [].iter())
    }
}

/// What can be taken for a tensor in the twin: a tensor, or a variable that is one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a tensor of rank {N}")]
pub trait AsTen<'b, T, const N: usize>: Copy {
    /// As a tensor.
    fn as_ten(self) -> Ten<'b, T, N>;
}
impl<'b, T, const N: usize> AsTen<'b, T, N> for Ten<'b, T, N> {
    fn as_ten(self) -> Ten<'b, T, N> {
        self
    }
}
impl<'b, T: Scalar, const N: usize> AsTen<'b, T, N> for Var<'b, Ten<'b, T, N>> {
    fn as_ten(self) -> Ten<'b, T, N> {
        self.read()
    }
}

/// The integer that a value is, if it is a constant.
fn constant(b: B<'_>, v: Value) -> Option<u64> {
    let ir = b.ir();
    let d = &ir.func.insts[ir.func.def_inst(v)?];
    match &d.op {
        Op::Const(ConstOp::Scalar(Number::U64(n))) => Some(*n),
        _ => None,
    }
}

/// Extents that a program gives.
fn extents<'b, const N: usize>(b: B<'b>, shape: Arr<'b, Expr<'b, usize>, N>) -> Vec<Value> {
    let mut ir = b.ir();
    (0..N as u64)
        .map(|k| {
            let k = ir.index(k);
            ir.at(shape.seq().v(), k)
        })
        .collect()
}

impl<'b, T, const N: usize> Ten<'b, T, N> {
    /// The proxy of an IR value, which must be a tensor of rank `N` of `T`.
    pub fn of(b: B<'b>, v: Value) -> Self {
        Ten {
            b,
            v,
            of: PhantomData,
        }
    }
    /// The IR value.
    pub fn v(self) -> Value {
        self.v
    }
    /// An attribute of what is done with this tensor; an error if it is not known now.
    fn attribute(self, x: Expr<'b, usize>) -> u64 {
        constant(self.b, x.v()).unwrap_or_else(|| {
            let why = "strides, padding and sizes of windows must be constants";
            let op = Op::Shape(ShapeOp::Reshape(vec![]));
            self.b.ir().fail(&op, &[self.v], Why::Attribute(why));
            1
        })
    }
    /// `t.extent(axis)`.
    pub fn extent(self, axis: Expr<'b, usize>) -> Expr<'b, usize> {
        let k = self.attribute(axis) as u32;
        Expr::of(self.b, self.b.op(ArrayOp::Dim(k), &[self.v]))
    }
    /// `t.clone()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn clone(self) -> Self {
        self
    }
    /// `t.len()`.
    pub fn len(self) -> Expr<'b, usize> {
        Expr::of(self.b, emit::count(&mut self.b.ir(), self.v))
    }
    /// `t.as_slice()`.
    pub fn as_slice(self) -> Seq<'b, Expr<'b, T>> {
        let n = self.len();
        let shape = vec![Dim::Dynamic];
        Seq::of(self.b, self.b.op(ShapeOp::Reshape(shape), &[self.v, n.v()]))
    }
    /// `t.reshape([a, b, ..])`.
    pub fn reshape<const M: usize>(self, shape: Arr<'b, Expr<'b, usize>, M>) -> Ten<'b, T, M> {
        let args = [&[self.v][..], &extents(self.b, shape)].concat();
        Ten::of(
            self.b,
            self.b.op(ShapeOp::Reshape(vec![Dim::Dynamic; M]), &args),
        )
    }
    /// `t.rows()`.
    pub fn rows(self) -> Ten<'b, T, 2> {
        Ten::of(self.b, emit::rows(&mut self.b.ir(), self.v))
    }
}

impl<T: Scalar, const N: usize> Tensor<T, N> {
    /// The same elements with other extents.
    ///
    /// # Panics
    /// If there would be another number of elements.
    #[track_caller]
    pub fn reshape<const M: usize>(&self, shape: [usize; M]) -> Tensor<T, M> {
        match Tensor::new(shape, self.as_slice().to_vec()) {
            Some(t) => t,
            None => panic!("{:?} reshaped to {shape:?}", self.shape()),
        }
    }
    /// A row for each index of the first axis.
    pub fn rows(&self) -> Tensor<T, 2> {
        let n = self.shape().first().copied().unwrap_or(1);
        self.reshape([n, self.len().checked_div(n).unwrap_or(0)])
    }
}

/// Runs the IR of a method on plain tensors.
fn run<R: Datum<Owned = R>>(
    args: Vec<(crate::value::Val, Type)>,
    f: impl FnOnce(&mut crate::ir::Builder, &[Value]) -> Value,
) -> R {
    let (vals, tys): (Vec<_>, Vec<_>) = args.into_iter().unzip();
    evaluate(vals, &tys, |b, p| vec![f(b, p)])
}

fn arg<D: Datum + ?Sized>(x: &D) -> (crate::value::Val, Type) {
    (flatten(x).remove(0), types_of::<D>().remove(0))
}

/// Methods of one tensor, said once each.
macro_rules! elementwise {
    ($($(#[$doc:meta])* $name:ident $emit:expr;)*) => {
        impl<T: Float, const N: usize> Tensor<T, N> {
            $($(#[$doc])* pub fn $name(&self) -> Tensor<T, N> {
                run(vec![arg(self)], |b, p| $emit(b, p[0]))
            })*
        }
        impl<'b, T: Float, const N: usize> Ten<'b, T, N> {
            $(#[doc = concat!("`t.", stringify!($name), "()`.")] pub fn $name(self) -> Self {
                Ten::of(self.b, $emit(&mut self.b.ir(), self.v))
            })*
        }
    };
}
elementwise! {
    /// The greater of each element and 0, whose derivative at 0 is 0. What is not a number stays so.
    relu emit::relu;
    /// The hyperbolic tangent of each element.
    tanh |b: &mut crate::ir::Builder, x| b.unary(crate::ir::UnaryOp::Tanh, x);
    /// `1/(1 + e^-x)` of each element.
    sigmoid |b: &mut crate::ir::Builder, x| b.unary(crate::ir::UnaryOp::Logistic, x);
    /// `e^x` of each element.
    exp |b: &mut crate::ir::Builder, x| b.unary(crate::ir::UnaryOp::Exp, x);
    /// `x * x` of each element.
    square |b: &mut crate::ir::Builder, x| b.unary(crate::ir::UnaryOp::Square, x);
    /// The natural logarithm of each element.
    ln |b: &mut crate::ir::Builder, x| b.unary(crate::ir::UnaryOp::Log, x);
    /// Along the last axis, `e^x` over the sum of such: positive numbers whose sum is 1.
    softmax emit::softmax;
    /// The logarithm of [`softmax`](Self::softmax), computed without overflow.
    log_softmax emit::log_softmax;
}

/// Methods of two tensors of one shape.
macro_rules! pairs {
    ($($(#[$doc:meta])* $name:ident $emit:expr;)*) => {
        impl<T: Num, const N: usize> Tensor<T, N> {
            $($(#[$doc])* pub fn $name(&self, other: &Tensor<T, N>) -> Tensor<T, N> {
                run(vec![arg(self), arg(other)], |b, p| $emit(b, p[0], p[1]))
            })*
        }
        impl<'b, T: Num, const N: usize> Ten<'b, T, N> {
            $(#[doc = concat!("`t.", stringify!($name), "(&other)`.")]
            #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
            pub fn $name<A: AsTen<'b, T, N>>(self, other: A) -> Self {
                Ten::of(self.b, $emit(&mut self.b.ir(), self.v, other.as_ten().v))
            })*
        }
    };
}
pairs! {
    /// The sum of elements at the same place.
    ///
    /// # Panics
    /// If the extents differ; so for the others.
    plus |b: &mut crate::ir::Builder, x, y| b.add(x, y);
    /// The difference of elements at the same place.
    minus |b: &mut crate::ir::Builder, x, y| b.sub(x, y);
    /// The product of elements at the same place.
    times |b: &mut crate::ir::Builder, x, y| b.mul(x, y);
}

impl<T: Num, const N: usize> Tensor<T, N> {
    /// The sum of all elements.
    pub fn sum(&self) -> T
    where
        T: Datum<Owned = T>,
    {
        run(vec![arg(self)], emit::sum_of)
    }
    /// Each element times a number.
    pub fn scale(&self, k: T) -> Tensor<T, N> {
        run(vec![arg(self), arg(&k)], |b, p| emit::scale(b, p[0], p[1]))
    }
    /// With a number added to each element: one for each index of the last axis.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn add_bias(&self, bias: &[T]) -> Tensor<T, N> {
        run(vec![arg(self), arg(bias)], |b, p| emit::bias(b, p[0], p[1]))
    }
}
impl<'b, T: Num, const N: usize> Ten<'b, T, N> {
    /// `t.sum()`.
    pub fn sum(self) -> Expr<'b, T> {
        Expr::of(self.b, emit::sum_of(&mut self.b.ir(), &[self.v]))
    }
    /// `t.scale(k)`.
    pub fn scale(self, k: Expr<'b, T>) -> Self {
        Ten::of(self.b, emit::scale(&mut self.b.ir(), self.v, k.v()))
    }
    /// `t.add_bias(&bias)`.
    pub fn add_bias<S: ToSeq<'b, Elem = Expr<'b, T>>>(self, bias: S) -> Self {
        let bias = bias.to_seq().v();
        Ten::of(self.b, emit::bias(&mut self.b.ir(), self.v, bias))
    }
}

impl<T: Float + Datum<Owned = T>, const N: usize> Tensor<T, N> {
    /// The mean of all elements; NaN of none.
    pub fn mean(&self) -> T {
        run(vec![arg(self)], |b, p| emit::mean(b, p[0]))
    }
}
impl<'b, T: Float, const N: usize> Ten<'b, T, N> {
    /// `t.mean()`.
    pub fn mean(self) -> Expr<'b, T> {
        Expr::of(self.b, emit::mean(&mut self.b.ir(), self.v))
    }
    /// `t.dropout(rate, key)`.
    pub fn dropout(self, rate: Expr<'b, T>, key: Expr<'b, u64>) -> Self {
        let y = emit::dropout(&mut self.b.ir(), self.v, rate.v(), key.v());
        Ten::of(self.b, y)
    }
}
impl<T: Float, const N: usize> Tensor<T, N> {
    /// Each element is 0 with the probability `rate`, and what is left is that much greater that the mean stays. Which elements, is decided by the
    /// key alone: another key, other elements.
    pub fn dropout(&self, rate: T, key: u64) -> Tensor<T, N> {
        run(vec![arg(self), arg(&rate), arg(&key)], |b, p| {
            emit::dropout(b, p[0], p[1], p[2])
        })
    }
}

impl<T: Num> Tensor<T, 2> {
    /// Rows for columns.
    pub fn transposed(&self) -> Tensor<T, 2> {
        let [m, n] = self.shape();
        Tensor::from_fn([n, m], |[i, j]| self[[j, i]])
    }
}
impl<'b, T: Num> Ten<'b, T, 2> {
    /// `t.transposed()`.
    pub fn transposed(self) -> Self {
        let op = ShapeOp::Transpose(vec![1, 0]);
        Ten::of(self.b, self.b.op(op, &[self.v]))
    }
}

impl<T: Float> Tensor<T, 2> {
    /// The mean, over the rows, of what is at the place in each that its label says, negated: of [`log_softmax`](Self::log_softmax) the cross
    /// entropy.
    ///
    /// # Panics
    /// If there are not as many labels as rows, or one is no column.
    pub fn pick_loss(&self, labels: &[usize]) -> T
    where
        T: Datum<Owned = T>,
    {
        run(vec![arg(self), arg(labels)], |b, p| {
            emit::pick_loss(b, p[0], p[1])
        })
    }
}
impl<'b, T: Float> Ten<'b, T, 2> {
    /// `t.pick_loss(&labels)`.
    pub fn pick_loss<S: ToSeq<'b, Elem = Expr<'b, usize>>>(self, labels: S) -> Expr<'b, T> {
        let labels = labels.to_seq().v();
        Expr::of(self.b, emit::pick_loss(&mut self.b.ir(), self.v, labels))
    }
}

fn same(size: usize, stride: usize, pad: usize) -> Axis {
    Axis {
        size: size as u64,
        stride: stride as u64,
        pad: pad as u64,
    }
}

impl<T: Float> Tensor<T, 4> {
    /// The convolution of images `[batch, height, width, from]` with a kernel `[height, width, from, to]`: windows every `stride` pixels, `pad` zeros
    /// around.
    ///
    /// # Panics
    /// If the features do not agree.
    pub fn conv(&self, kernel: &Tensor<T, 4>, stride: usize, pad: usize) -> Tensor<T, 4> {
        run(vec![arg(self), arg(kernel)], |b, p| {
            emit::conv(b, p[0], p[1], same(0, stride, pad))
        })
    }
    /// The greatest of each window of `size` by `size` pixels, every `stride` pixels.
    pub fn max_pool(&self, size: usize, stride: usize) -> Tensor<T, 4> {
        run(vec![arg(self)], |b, p| {
            emit::extreme_pool(b, p[0], same(size, stride, 0), Extreme::Max)
        })
    }
    /// The mean of each window of `size` by `size` pixels, every `stride` pixels.
    pub fn mean_pool(&self, size: usize, stride: usize) -> Tensor<T, 4> {
        run(vec![arg(self)], |b, p| {
            emit::mean_pool(b, p[0], same(size, stride, 0))
        })
    }
}
impl<'b, T: Float> Ten<'b, T, 4> {
    fn axis(self, size: Expr<'b, usize>, stride: Expr<'b, usize>) -> Axis {
        Axis {
            size: self.attribute(size),
            stride: self.attribute(stride),
            pad: 0,
        }
    }
    /// `t.conv(&kernel, stride, pad)`.
    pub fn conv<A: AsTen<'b, T, 4>>(
        self,
        kernel: A,
        stride: Expr<'b, usize>,
        pad: Expr<'b, usize>,
    ) -> Self {
        let axis = Axis {
            size: 0,
            stride: self.attribute(stride),
            pad: self.attribute(pad),
        };
        let kernel = kernel.as_ten().v;
        Ten::of(self.b, emit::conv(&mut self.b.ir(), self.v, kernel, axis))
    }
    /// `t.max_pool(size, stride)`.
    pub fn max_pool(self, size: Expr<'b, usize>, stride: Expr<'b, usize>) -> Self {
        let axis = self.axis(size, stride);
        let y = emit::extreme_pool(&mut self.b.ir(), self.v, axis, Extreme::Max);
        Ten::of(self.b, y)
    }
    /// `t.mean_pool(size, stride)`.
    pub fn mean_pool(self, size: Expr<'b, usize>, stride: Expr<'b, usize>) -> Self {
        let axis = self.axis(size, stride);
        Ten::of(self.b, emit::mean_pool(&mut self.b.ir(), self.v, axis))
    }
}

/// The functions of [`Tensor`] that have no receiver, as the twin calls them.
#[doc(hidden)]
impl<T: Num, const N: usize> Tensor<T, N> {
    pub fn __s_default(b: B<'_>) -> Ten<'_, T, N> {
        Ten::staged_default(b)
    }
    pub fn __s_zeros<'b>(b: B<'b>, shape: Arr<'b, Expr<'b, usize>, N>) -> Ten<'b, T, N> {
        let zero = lit(b, T::small(0)).v();
        let args = [&[zero][..], &extents(b, shape)].concat();
        let (shape, dims) = (vec![Dim::Dynamic; N], vec![]);
        Ten::of(b, b.op(ShapeOp::Broadcast { shape, dims }, &args))
    }
}
