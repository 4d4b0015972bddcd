//! Axes of tensors: their order, parts, products of matrices in the last two, norms along the last; what attention is made of.
//!
//! As in [`super`], each method is said once, as IR. Axes are attributes of operations: constants in annotated functions.

use super::emit::{along_last, by_feature, dtype, extent, last, open_extents, shape_of};
use super::{AsTen, Ten, arg, run};
use crate::entity::Value;
use crate::error::Why;
use crate::ir::{
    BinaryOp, Builder, CompareOp, Dim, DotDims, ReduceOp, Reduction, ShapeOp, UnaryOp,
};
use crate::stage::data::Tensor;
use crate::stage::expr::Expr;
use crate::stage::scalar::{Float, Num, Scalar};
use crate::stage::seq::ToSeq;
use alloc::vec;
use alloc::vec::Vec;

/// Matrices in the last two axes; the axes before count them.
fn matmul(b: &mut Builder, x: Value, y: Value) -> Value {
    let rank = shape_of(b, x).len() as u32;
    if rank < 2 {
        let want = "a tensor of two axes or more";
        b.fail(
            &DotDims::default().into(),
            &[x, y],
            Why::Kind { operand: 0, want },
        );
        return x;
    }
    let batch: Vec<u32> = (0..rank - 2).collect();
    let dims = DotDims {
        lhs_batch: batch.clone(),
        rhs_batch: batch,
        lhs_contract: vec![rank - 1],
        rhs_contract: vec![rank - 2],
    };
    b.inst1(dims, &[x, y])
}

/// All axes in order, but for two.
fn swapped(rank: usize, i: u64, k: u64) -> ShapeOp {
    let mut axes: Vec<u32> = (0..rank as u32).collect();
    let at = |n: u64| usize::try_from(n).ok().filter(|n| *n < rank);
    match (at(i), at(k)) {
        (Some(i), Some(k)) => axes.swap(i, k),
        // No permutation: the verifier says so.
        _ => axes.clear(),
    }
    ShapeOp::Transpose(axes)
}

/// Number `k` of `of` equal parts of the last axis.
fn part(b: &mut Builder, x: Value, k: Value, of: Value) -> Value {
    let rank = shape_of(b, x).len();
    let mut sizes: Vec<Value> = (0..rank).map(|axis| extent(b, x, axis)).collect();
    let whole = sizes.pop().unwrap_or(of);
    let each = b.binary(BinaryOp::Div, whole, of);
    sizes.extend([of, each]);
    let shape = vec![Dim::Dynamic; rank + 1];
    let args = [&[x][..], &sizes].concat();
    let parts = b.inst1(ShapeOp::Reshape(shape), &args);
    // The axis of the parts to the front.
    let axes = core::iter::once(rank as u32 - 1)
        .chain((0..=rank as u32).filter(|k| *k + 1 != rank as u32));
    let parts = b.inst1(ShapeOp::Transpose(axes.collect()), &[parts]);
    b.at(parts, k)
}

/// The mean along the last axis, which is dropped.
fn mean_along(b: &mut Builder, x: Value, axis: u32) -> Value {
    let sum = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![axis]), &[x]);
    let n = extent(b, x, axis as usize);
    let d = dtype(b, x);
    let n = b.convert(d, n);
    let n = b.splat_like(n, sum);
    b.div(sum, n)
}

fn normalized(b: &mut Builder, x: Value, epsilon: Value) -> Value {
    let Some(axis) = last(b, x) else {
        return b.sub(x, x);
    };
    let mean = mean_along(b, x, axis);
    let mean = along_last(b, mean, x);
    let x = b.sub(x, mean);
    let square = b.unary(UnaryOp::Square, x);
    let variance = mean_along(b, square, axis);
    let epsilon = b.splat_like(epsilon, variance);
    let variance = b.add(variance, epsilon);
    let factor = b.unary(UnaryOp::Rsqrt, variance);
    let factor = along_last(b, factor, x);
    b.mul(x, factor)
}

fn gelu(b: &mut Builder, x: Value) -> Value {
    const ROOT: f64 = core::f64::consts::FRAC_2_SQRT_PI * core::f64::consts::FRAC_1_SQRT_2; // of 2/pi
    let square = b.unary(UnaryOp::Square, x);
    let small = b.scale(square, 0.044715);
    let one = b.real_like(x, 1.0);
    let sum = b.add(one, small);
    let inner = b.mul(x, sum);
    let inner = b.scale(inner, ROOT);
    let tanh = b.unary(UnaryOp::Tanh, inner);
    let sum = b.add(one, tanh);
    let product = b.mul(x, sum);
    b.scale(product, 0.5)
}

fn causal(b: &mut Builder, x: Value) -> Value {
    let shape = shape_of(b, x);
    let Some(axis) = last(b, x).filter(|k| *k > 0) else {
        return x;
    };
    let places = |b: &mut Builder, axis: u32| {
        let open = open_extents(b, &shape, x);
        let (dtype, shape) = (crate::ir::DType::U64, shape.clone());
        b.inst1(ShapeOp::Iota { dtype, shape, axis }, &open)
    };
    let (row, column) = (places(b, axis - 1), places(b, axis));
    let past = b.compare(CompareOp::Le, column, row);
    let never = b.real_like(x, f64::NEG_INFINITY);
    b.select(past, x, never)
}

impl<T: Num, const N: usize> Tensor<T, N> {
    /// The product of matrices: those in the last two axes; the axes before them, of the same extents in both, count them.
    ///
    /// # Panics
    /// If there are not as many columns here as rows there, or there are fewer than two axes.
    ///
    /// ```
    /// use cotangent_core::stage::Tensor;
    /// let a = Tensor::from_fn([2, 1, 3], |[n, _, k]| (n + k) as f64);
    /// let b = Tensor::from_fn([2, 3, 1], |[_, k, _]| k as f64);
    /// assert_eq!(a.matmul(&b).as_slice(), [5.0, 8.0]);
    /// ```
    pub fn matmul(&self, other: &Tensor<T, N>) -> Tensor<T, N> {
        run(vec![arg(self), arg(other)], |b, p| matmul(b, p[0], p[1]))
    }
    /// Each element times a number: one for each index of the last axis.
    ///
    /// # Panics
    /// If there are not as many.
    pub fn scale_features(&self, by: &[T]) -> Tensor<T, N> {
        run(vec![arg(self), arg(by)], |b, p| {
            by_feature(b, BinaryOp::Mul, p[0], p[1])
        })
    }
}
impl<'b, T: Num, const N: usize> Ten<'b, T, N> {
    /// `t.matmul(&other)`.
    pub fn matmul<A: AsTen<'b, T, N>>(self, other: A) -> Self {
        let other = other.as_ten().v;
        Ten::of(self.b, matmul(&mut self.b.ir(), self.v, other))
    }
    /// `t.scale_features(&by)`.
    pub fn scale_features<S: ToSeq<'b, Elem = Expr<'b, T>>>(self, by: S) -> Self {
        let by = by.to_seq().v();
        let y = by_feature(&mut self.b.ir(), BinaryOp::Mul, self.v, by);
        Ten::of(self.b, y)
    }
}

impl<T: Scalar, const N: usize> Tensor<T, N> {
    /// With two axes swapped.
    ///
    /// # Panics
    /// If there are no such axes.
    pub fn swap_axes(&self, i: usize, k: usize) -> Tensor<T, N> {
        run(vec![arg(self)], |b, p| {
            b.inst1(swapped(N, i as u64, k as u64), p)
        })
    }
    /// Part `k` of `of` equal parts of the last axis.
    ///
    /// ```
    /// use cotangent_core::stage::Tensor;
    /// let t = Tensor::from_fn([2, 4], |[i, j]| (10 * i + j) as f64);
    /// assert_eq!(t.part(1, 2).as_slice(), [2.0, 3.0, 12.0, 13.0]);
    /// ```
    ///
    /// # Panics
    /// If the axis does not divide into so many, or there is no such part.
    pub fn part(&self, k: usize, of: usize) -> Tensor<T, N> {
        run(vec![arg(self), arg(&k), arg(&of)], |b, p| {
            part(b, p[0], p[1], p[2])
        })
    }
}
impl<'b, T: Scalar, const N: usize> Ten<'b, T, N> {
    /// `t.swap_axes(i, k)`.
    pub fn swap_axes(self, i: Expr<'b, usize>, k: Expr<'b, usize>) -> Self {
        let op = swapped(N, self.attribute(i), self.attribute(k));
        Ten::of(self.b, self.b.op(op, &[self.v]))
    }
    /// `t.part(k, of)`.
    pub fn part(self, k: Expr<'b, usize>, of: Expr<'b, usize>) -> Self {
        Ten::of(self.b, part(&mut self.b.ir(), self.v, k.v(), of.v()))
    }
}

impl<T: Float, const N: usize> Tensor<T, N> {
    /// Along the last axis, less the mean and over the root of the variance, to which `epsilon` is added (layer normalisation without its
    /// parameters; Ba, Kiros and Hinton 2016, equation 3).
    pub fn normalized(&self, epsilon: T) -> Tensor<T, N> {
        run(vec![arg(self), arg(&epsilon)], |b, p| {
            normalized(b, p[0], p[1])
        })
    }
    /// Gaussian error linear unit of each element, by its approximation with a hyperbolic tangent (Hendrycks and Gimpel 2016, section 2).
    pub fn gelu(&self) -> Tensor<T, N> {
        run(vec![arg(self)], |b, p| gelu(b, p[0]))
    }
    /// Minus infinity above the diagonals of the matrices in the last two axes: what a [`softmax`](Self::softmax) then gives no weight, so that
    /// no row sees columns after it.
    pub fn causal(&self) -> Tensor<T, N> {
        run(vec![arg(self)], |b, p| causal(b, p[0]))
    }
}
impl<'b, T: Float, const N: usize> Ten<'b, T, N> {
    /// `t.normalized(epsilon)`.
    pub fn normalized(self, epsilon: Expr<'b, T>) -> Self {
        let y = normalized(&mut self.b.ir(), self.v, epsilon.v());
        Ten::of(self.b, y)
    }
    /// `t.gelu()`.
    pub fn gelu(self) -> Self {
        Ten::of(self.b, gelu(&mut self.b.ir(), self.v))
    }
    /// `t.causal()`.
    pub fn causal(self) -> Self {
        Ten::of(self.b, causal(&mut self.b.ir(), self.v))
    }
}
