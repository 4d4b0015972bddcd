//! IR that the derivative rules share: products, adjoints and triangles of batches of matrices.

use super::super::along::{iota_like, shape_of, spread};
use super::super::extent::restore;
use super::super::{JvpCx, TransposeCx};
use crate::entity::Value;
use crate::ir::{
    Builder, CompareOp, DType, Dim, DotDims, LinalgOp, ShapeOp, TransposeA, Triangular, UnaryOp,
};
use alloc::vec::Vec;

/// The number of axes before the matrices.
fn batch(b: &Builder, v: Value) -> u32 {
    shape_of(b, v).len().saturating_sub(2) as u32
}

fn is_complex(b: &Builder, v: Value) -> bool {
    b.ty(v).dtype().is_some_and(DType::is_complex)
}

/// `x y`, matrix by matrix.
pub fn product(b: &mut Builder, x: Value, y: Value) -> Value {
    let n = batch(b, x);
    let dims = DotDims {
        lhs_batch: (0..n).collect(),
        rhs_batch: (0..n).collect(),
        lhs_contract: [n + 1].into(),
        rhs_contract: [n].into(),
    };
    b.inst1(dims, &[x, y])
}

/// The conjugate; of real elements the value itself.
pub(super) fn conj(b: &mut Builder, x: Value) -> Value {
    if is_complex(b, x) {
        b.unary(UnaryOp::Conj, x)
    } else {
        x
    }
}

/// Each matrix transposed and conjugated.
pub(super) fn adjoint(b: &mut Builder, x: Value) -> Value {
    let n = batch(b, x);
    let perm: Vec<u32> = (0..n).chain([n + 1, n]).collect();
    let t = b.inst1(ShapeOp::Transpose(perm), &[x]);
    conj(b, t)
}

/// Each matrix as a system takes it.
pub(super) fn turned(b: &mut Builder, x: Value, how: TransposeA) -> Value {
    match how {
        TransposeA::No => x,
        TransposeA::Transpose => {
            let x = conj(b, x);
            adjoint(b, x)
        }
        TransposeA::Adjoint => adjoint(b, x),
    }
}

/// For which elements in the shape of `x` the indices fulfil `row op column`.
pub(super) fn where_index(b: &mut Builder, x: Value, op: CompareOp) -> Value {
    let n = batch(b, x);
    let (row, column) = (iota_like(b, x, n), iota_like(b, x, n + 1));
    b.compare(op, row, column)
}

/// Elements for whose indices `row op column` holds, the others zero.
pub(super) fn part(b: &mut Builder, x: Value, op: CompareOp) -> Value {
    let inside = where_index(b, x, op);
    let zero = b.real_like(x, 0.0);
    b.select(inside, x, zero)
}

/// The part below the diagonal, and half of the diagonal.
pub(super) fn lower_half(b: &mut Builder, x: Value) -> Value {
    let below = part(b, x, CompareOp::Gt);
    let diagonal = part(b, x, CompareOp::Eq);
    let half = b.scale(diagonal, 0.5);
    b.add(below, half)
}

/// The Hermitian matrix of which `x` has the lower triangle.
pub(super) fn hermitian(b: &mut Builder, x: Value) -> Value {
    let half = lower_half(b, x);
    let other = adjoint(b, half);
    b.add(half, other)
}

/// The system `op(a) x = rhs`, or `x op(a) = rhs`.
pub(super) fn solve(b: &mut Builder, how: Triangular, a: Value, rhs: Value) -> Value {
    b.inst1(LinalgOp::TriangularSolve(how), &[a, rhs])
}

/// How a system with a lower or upper triangle, taken as it is, is solved.
pub(super) const fn plain(left: bool, lower: bool) -> Triangular {
    Triangular {
        left,
        lower,
        unit: false,
        transpose: TransposeA::No,
    }
}

/// A vector for each matrix of `like`, the same in all its rows (`axis` 0) or in all its columns (`axis` 1).
pub(super) fn repeated(b: &mut Builder, v: Value, like: Value, axis: u32) -> Value {
    let n = batch(b, like);
    spread(b, v, like, &[n + axis])
}

/// The tangent of result `i`, with the extents that the result's type knows.
pub(super) fn give_tangent(cx: &mut JvpCx<'_>, i: usize, t: Value) {
    let want = cx.b.ty(cx.results[i]).tangent();
    let t = restore(cx.b, t, &want);
    cx.add(i, t);
}

/// Whether an operand of the op that a transpose rule is for is complex.
pub(super) fn complex_operand(cx: &dyn TransposeCx, i: usize) -> bool {
    cx.ty(i).dtype().is_some_and(DType::is_complex)
}

/// The extents of the last two axes.
pub(super) fn matrix_dims(b: &Builder, v: Value) -> Option<(Dim, Dim)> {
    match shape_of(b, v)[..] {
        [.., m, n] => Some((m, n)),
        _ => None,
    }
}
