//! Orthogonal factorization by Householder's reflections (Golub and Van Loan, 5.1 and 5.2), the diagonal of `r` made not negative.
//!
//! The rule (Walter and Lehmann, "Algorithmic differentiation of linear algebra functions", 2010): with `x = da r^-1`, `c = q^H x` and
//! `w = phi(c) - phi(c)^H`, the skew-Hermitian matrix with the lower triangle of `c`: `dr = (c - w) r`, `dq = x - q (c - w)`. Of a matrix with
//! more columns than rows the first columns decide `q`, and `r = q^H a`.

use super::super::JvpCx;
use super::super::float::Float;
use super::Extents;
use super::field::{Field, dot, norm, zeros};
use super::rules::{adjoint, give_tangent, lower_half, matrix_dims, part, plain, product, solve};
use crate::entity::Value;
use crate::error::TrapKind;
use crate::ir::{ArrayOp, BinaryOp, Builder, CompareOp, DType, Dim, IndexOp, ShapeOp};
use crate::value::{Data, Element};

/// `q` and `r`, row-major.
pub(super) fn factor<T: Field>(a: &[T], e: Extents<'_>) -> Result<(Data, Data), TrapKind> {
    let (m, n) = (e.rows, e.cols);
    let k = m.min(n);
    let mut q = zeros::<T>(e.count * m * k)?;
    let mut r = zeros::<T>(e.count * k * n)?;
    // The columns of `a`, then of the reflections, one after another.
    let mut w = zeros::<T>(m * n)?;
    // The diagonal that the reflections give, and the factors that make it real.
    let mut diagonal = zeros::<T>(k)?;
    let mut tau = zeros::<T::Real>(k)?;
    let mut phase = zeros::<T>(k)?;
    let mut columns = zeros::<T>(m * k)?;
    for at in 0..e.count {
        let a = &a[at * m * n..(at + 1) * m * n];
        for j in 0..n {
            for i in 0..m {
                w[j * m + i] = a[i * n + j];
            }
        }
        for j in 0..k {
            let (done, rest) = w.split_at_mut((j + 1) * m);
            let column = &mut done[j * m + j..];
            let x0 = column[0];
            let length = norm(column);
            if length == <T::Real as Element>::ZERO {
                tau[j] = length;
                phase[j] = T::ONE;
                continue;
            }
            // The reflection takes the column to `-p length`, where `p` is the phase of its first element.
            let p = if x0 == T::ZERO {
                T::ONE
            } else {
                x0.per(x0.modulus())
            };
            column[0] = x0 + p.scale(length);
            // `1 - tau v v^H` with `tau = 2 / |v|^2`, the vector scaled so that its square does not overflow.
            for c in column.iter_mut() {
                *c = c.per(length);
            }
            let square = dot(column, column).re();
            tau[j] = (T::Real::ONE + T::Real::ONE) / square;
            for other in rest.chunks_exact_mut(m) {
                reflect(&mut other[j..], column, tau[j]);
            }
            diagonal[j] = -p.scale(length);
            phase[j] = -p;
        }
        // The rows of `r`: what the reflections left above the diagonal.
        let r = &mut r[at * k * n..(at + 1) * k * n];
        for i in 0..k {
            let turn = phase[i].conj();
            for j in i + 1..n {
                r[i * n + j] = w[j * m + i] * turn;
            }
            r[i * n + i] = if tau[i] == <T::Real as Element>::ZERO {
                T::ZERO
            } else {
                T::of((diagonal[i] * turn).re())
            };
        }
        // The columns of `q`: the reflections of the unit vectors, last reflection first.
        columns.fill(T::ZERO);
        for (j, c) in columns.chunks_exact_mut(m.max(1)).enumerate() {
            c[j] = phase[j];
            for i in (0..=j).rev() {
                reflect(&mut c[i..], &w[i * m + i..(i + 1) * m], tau[i]);
            }
        }
        let q = &mut q[at * m * k..(at + 1) * m * k];
        for j in 0..k {
            for i in 0..m {
                q[i * k + j] = columns[j * m + i];
            }
        }
    }
    Ok((T::data(q), T::data(r)))
}

/// `x` reflected: `x - tau v (v^H x)`.
fn reflect<T: Field>(x: &mut [T], v: &[T], tau: T::Real) {
    let s = dot(x, v).scale(tau);
    super::field::subtract(x, s, v);
}

/// The first columns of `x`, as many as `q` has.
fn first_columns(b: &mut Builder, x: Value, q: Value) -> Value {
    let rank = b.ty(q).as_tensor().map_or(0, |t| t.shape.len() as u32);
    let k = matrix_dims(b, q).map_or(Dim::Dynamic, |d| d.1);
    let count = match k {
        Dim::Known(_) => [].into(),
        Dim::Dynamic => alloc::vec![b.inst1(ArrayOp::Dim(rank - 1), &[q])],
    };
    let at = b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape: [k].into(),
            axis: 0,
        },
        &count,
    );
    b.inst1(IndexOp::Gather(rank - 1), &[x, at])
}

pub(super) fn jvp(cx: &mut JvpCx<'_>) {
    let (a, q, r) = (cx.args[0], cx.results[0], cx.results[1]);
    let t = cx.tangent(0);
    let b = &mut *cx.b;
    let tall = matches!(matrix_dims(b, a), Some((Dim::Known(m), Dim::Known(n))) if m >= n);
    let (first, r1) = if tall {
        (t, r)
    } else {
        (first_columns(b, t, q), first_columns(b, r, q))
    };
    let x = solve(b, plain(false, false), r1, first);
    let qh = adjoint(b, q);
    let c = product(b, qh, x);
    let half = lower_half(b, c);
    let other = adjoint(b, half);
    let w = b.binary(BinaryOp::Sub, half, other);
    let s = b.sub(c, w);
    let qs = product(b, q, s);
    let dq = b.sub(x, qs);
    let dr = if tall {
        product(b, s, r)
    } else {
        let dqh = adjoint(b, dq);
        let turned = product(b, dqh, a);
        let moved = product(b, qh, t);
        let dr = b.add(turned, moved);
        part(b, dr, CompareOp::Le)
    };
    give_tangent(cx, 0, dq);
    give_tangent(cx, 1, dr);
}
