//! What is composed of the factorizations: emits IR. Every function takes batches too, and matrices that are not square trap.
//!
//! A Hermitian matrix is taken as the mean of the operand and its adjoint, so its gradient is Hermitian as well.

use super::super::along::shape_of;
use super::rules::{adjoint, part, plain, repeated, solve as triangular};
use crate::entity::Value;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, CompareOp, DType, Dim, EffectOp, IndexOp, LinalgOp, ReduceOp,
    Reduction, ShapeOp, TransposeA, UnaryOp,
};
use alloc::format;
use alloc::vec::Vec;

pub use super::rules::product;

/// The mean of the matrix, which must be square, and its adjoint.
fn mean(b: &mut Builder, a: Value, op: LinalgOp) -> Value {
    let shape = shape_of(b, a);
    if let [.., m, n] = shape[..]
        && (m.known().is_none() || n.known().is_none())
    {
        let last = shape.len() as u32 - 1;
        let [m, n] = [last - 1, last].map(|k| b.inst1(ArrayOp::Dim(k), &[a]));
        let square = b.compare(CompareOp::Eq, m, n);
        let message = format!("`{}`: the matrix is not square", super::mnemonic(&op));
        b.inst(EffectOp::Assert(message), &[square]);
    }
    let h = adjoint(b, a);
    let sum = b.add(a, h);
    b.scale(sum, 0.5)
}

/// The lower Cholesky factor of a Hermitian positive definite matrix.
pub fn cholesky(b: &mut Builder, a: Value) -> Value {
    let a = mean(b, a, LinalgOp::Cholesky);
    b.inst1(LinalgOp::Cholesky, &[a])
}

/// Eigenvalues and eigenvectors of a Hermitian matrix.
pub fn eigh(b: &mut Builder, a: Value) -> [Value; 2] {
    let a = mean(b, a, LinalgOp::Eigh);
    let out = b.inst(LinalgOp::Eigh, &[a]);
    [out[0], out[1]]
}

/// The triangle of a matrix, what is beyond it zero.
pub fn triangle(b: &mut Builder, a: Value, lower: bool) -> Value {
    part(b, a, if lower { CompareOp::Ge } else { CompareOp::Le })
}

/// The identity in the shape of `a`.
pub fn identity(b: &mut Builder, a: Value) -> Value {
    let ones = b.real_like(a, 1.0);
    diagonal_only(b, ones)
}

/// `l`, `u` and the row of `a` that is each row of `l u`.
pub fn lu(b: &mut Builder, a: Value) -> [Value; 3] {
    let out = b.inst(LinalgOp::Lu, &[a]);
    let below = part(b, out[0], CompareOp::Gt);
    let one = identity(b, out[0]);
    let l = b.add(below, one);
    let u = triangle(b, out[0], false);
    [l, u, out[1]]
}

/// The rows of each matrix in another order.
pub(super) fn take_rows(b: &mut Builder, a: Value, rows: Value) -> Value {
    let axis = shape_of(b, a).len().saturating_sub(2) as u32;
    if axis == 0 {
        return b.inst1(IndexOp::Gather(0), &[a, rows]);
    }
    let at = repeated(b, rows, a, 1);
    super::super::along::take_along(b, a, at, axis)
}

/// What is done to columns done to `rhs`, which is a matrix of columns or, if its rank is one less than that of `a`, one of them.
fn on_columns(
    b: &mut Builder,
    a: Value,
    rhs: Value,
    f: impl FnOnce(&mut Builder, Value) -> Value,
) -> Value {
    if shape_of(b, rhs).len() == shape_of(b, a).len() {
        return f(b, rhs);
    }
    let c = column(b, rhs);
    let x = f(b, c);
    only_column(b, x)
}

/// The solution of `a x = rhs`, for columns or one column.
pub fn solve(b: &mut Builder, a: Value, rhs: Value) -> Value {
    // The factors have no derivative: the solution has.
    let fixed = b.unary(UnaryOp::StopGradient, a);
    let out = b.inst(LinalgOp::Lu, &[fixed]);
    on_columns(b, a, rhs, |b, rhs| {
        let how = LinalgOp::LuSolve(TransposeA::No);
        b.inst1(how, &[a, out[0], out[1], rhs])
    })
}

/// The solution of a triangular system, for columns or one column.
pub fn solve_triangle(b: &mut Builder, lower: bool, a: Value, rhs: Value) -> Value {
    on_columns(b, a, rhs, |b, rhs| {
        triangular(b, plain(true, lower), a, rhs)
    })
}

/// The inverse.
pub fn inverse(b: &mut Builder, a: Value) -> Value {
    let one = identity(b, a);
    solve(b, a, one)
}

/// The diagonal of each matrix.
pub fn diagonal(b: &mut Builder, a: Value) -> Value {
    let axis = shape_of(b, a).len().saturating_sub(1) as u32;
    let d = diagonal_only(b, a);
    b.inst1(Reduction::Axes(ReduceOp::Sum, [axis].into()), &[d])
}

/// The diagonal of `u`, and the sign of the exchanges, 1 or -1, in the type of the elements.
fn pivots(b: &mut Builder, a: Value) -> [Value; 2] {
    let d = b.ty(a).dtype().unwrap_or(DType::F64);
    let out = b.inst(LinalgOp::Lu, &[a]);
    let u = diagonal(b, out[0]);
    let two = b.index(2);
    let two = b.splat_like(two, out[2]);
    let odd = b.binary(BinaryOp::Rem, out[2], two);
    let odd = b.convert(d, odd);
    let twice = b.add(odd, odd);
    let one = b.real_like(odd, 1.0);
    [u, b.sub(one, twice)]
}

fn over_last(b: &mut Builder, op: ReduceOp, v: Value) -> Value {
    let axis = shape_of(b, v).len().saturating_sub(1) as u32;
    b.inst1(Reduction::Axes(op, [axis].into()), &[v])
}

/// The determinant.
pub fn det(b: &mut Builder, a: Value) -> Value {
    let [u, sign] = pivots(b, a);
    let p = over_last(b, ReduceOp::Prod, u);
    b.mul(sign, p)
}

/// The sign of the determinant (its phase, if complex), and the logarithm of its modulus.
pub fn sign_log_det(b: &mut Builder, a: Value) -> [Value; 2] {
    let [u, sign] = pivots(b, a);
    let signs = b.unary(UnaryOp::Sign, u);
    let s = over_last(b, ReduceOp::Prod, signs);
    let moduli = b.unary(UnaryOp::Abs, u);
    let logs = b.unary(UnaryOp::Log, moduli);
    [b.mul(sign, s), over_last(b, ReduceOp::Sum, logs)]
}

/// `q` and `r`.
pub fn qr(b: &mut Builder, a: Value) -> [Value; 2] {
    let out = b.inst(LinalgOp::Qr, &[a]);
    [out[0], out[1]]
}

/// A vector as a matrix of one column.
pub fn column(b: &mut Builder, v: Value) -> Value {
    let (shape, sizes) = extents(b, v);
    let shape = shape.into_iter().chain([Dim::Known(1)]).collect();
    let args: Vec<Value> = [v].into_iter().chain(sizes).collect();
    b.inst1(ShapeOp::Reshape(shape), &args)
}

/// The one column of a matrix.
pub fn only_column(b: &mut Builder, m: Value) -> Value {
    let (mut shape, sizes) = extents(b, m);
    shape.pop();
    let args: Vec<Value> = [m].into_iter().chain(sizes).collect();
    b.inst1(ShapeOp::Reshape(shape), &args)
}

/// The extents of a tensor, and the values of those that are not known.
fn extents(b: &mut Builder, v: Value) -> (Vec<Dim>, Vec<Value>) {
    let shape = shape_of(b, v);
    let mut sizes = Vec::new();
    for (k, d) in shape.iter().enumerate() {
        if *d == Dim::Dynamic {
            sizes.push(b.inst1(ArrayOp::Dim(k as u32), &[v]));
        }
    }
    (shape, sizes)
}

/// Each matrix transposed, not conjugated.
pub fn transpose(b: &mut Builder, a: Value) -> Value {
    let n = shape_of(b, a).len().saturating_sub(2) as u32;
    let perm: Vec<u32> = (0..n).chain([n + 1, n]).collect();
    b.inst1(ShapeOp::Transpose(perm), &[a])
}

/// The diagonal, everything else zero.
pub fn diagonal_only(b: &mut Builder, a: Value) -> Value {
    part(b, a, CompareOp::Eq)
}
