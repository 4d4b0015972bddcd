//! Eigenvalues and eigenvectors of Hermitian matrices: Householder's tridiagonal form, then implicit QL steps (Golub and Van Loan, 8.3;
//! Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric matrices", 1968).
//!
//! In each column of the eigenvectors the first element that is not less than [`LEAD`] of the greatest, in modulus, is real and positive, so
//! that results do not depend on how they were found, nor on round-off where elements are equal.
//!
//! The rule (Giles 2008, 3.1): with `c = v^H da v`, `dw = diag(c)` and `dv = v (f o c)`, where `f[i][j] = 1 / (w[j] - w[i])` off the
//! diagonal. Where eigenvalues are equal their sum, or any other symmetric function of them, has its derivative; the vectors have
//! none, and what is made of the infinite `f` is infinite or NaN: a number there would be wrong for most functions of the vectors. Near such
//! a place `f` is large and digits are lost. Complex eigenvectors have phases, and `dv` is that with a zero diagonal of `v^H dv`: right for
//! whatever does not depend on the phases.

use super::super::JvpCx;
use super::super::float::Float;
use super::Extents;
use super::field::{Field, dot, norm, subtract, two_rows, zeros};
use super::rules::{adjoint, give_tangent, hermitian, part, product, repeated, where_index};
use crate::error::{MatrixFault, TrapKind};
use crate::ir::{CompareOp, ReduceOp, Reduction, UnaryOp};
use crate::value::{Data, Element};
use alloc::vec::Vec;

/// Steps tried for one eigenvalue; two or three are usual.
const STEPS: usize = 60;

/// See the head of the file.
const LEAD: f64 = 0.999;

/// Eigenvalues, then eigenvectors.
pub(super) fn factor<T: Field>(a: &[T], e: Extents<'_>) -> Result<(Data, Data), TrapKind> {
    let n = e.rows;
    let mut values = zeros::<T::Real>(e.count * n)?;
    let mut vectors = zeros::<T>(e.count * n * n)?;
    for at in 0..e.count {
        let w = &mut values[at * n..(at + 1) * n];
        let v = &mut vectors[at * n * n..(at + 1) * n * n];
        one(&a[at * n * n..(at + 1) * n * n], w, v, e)?;
    }
    Ok((<T::Real as Element>::data(values), T::data(vectors)))
}

/// The rows of `v` are eigenvectors while this runs, and its columns at the end.
fn one<T: Field>(a: &[T], w: &mut [T::Real], v: &mut [T], e: Extents<'_>) -> Result<(), TrapKind> {
    let n = w.len();
    let lower = |i: usize, j: usize| {
        if j <= i {
            a[i * n + j]
        } else {
            a[j * n + i].conj()
        }
    };
    if !(0..n).all(|i| a[i * n..=i * n + i].iter().all(|x| x.finite())) {
        // No step would come to an end: not a number goes through.
        let nan = T::Real::from_f64(f64::NAN);
        w.fill(nan);
        v.fill(T::of(nan));
        return Ok(());
    }
    // Scaled, so that squares neither overflow nor vanish.
    let zero = <T::Real as Element>::ZERO;
    let most = (0..n).fold(zero, |m, i| {
        a[i * n..=i * n + i].iter().fold(m, |m, x| {
            let x = x.modulus();
            if x > m { x } else { m }
        })
    });
    let scale = if most > zero { most } else { T::Real::ONE };
    let mut h = zeros::<T>(n * n)?;
    for i in 0..n {
        for j in 0..n {
            let x = lower(i, j);
            h[i * n + j] = if i == j {
                T::of(x.re() / scale)
            } else {
                x.per(scale)
            };
        }
    }
    let mut off = zeros::<T::Real>(n)?;
    tridiagonal(&mut h, v, w, &mut off)?;
    steps(w, &mut off, v).map_err(|k| e.fault(MatrixFault::NotConverged(k)))?;
    // Ascending.
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| {
        w[i].partial_cmp(&w[j])
            .unwrap_or(core::cmp::Ordering::Equal)
    });
    let sorted: Vec<T::Real> = order.iter().map(|&i| w[i] * scale).collect();
    w.copy_from_slice(&sorted);
    h.copy_from_slice(v);
    for (j, &from) in order.iter().enumerate() {
        let row = &h[from * n..(from + 1) * n];
        let most = row.iter().fold(zero, |m, x| {
            let x = x.modulus();
            if x > m { x } else { m }
        });
        let leads = |x: &&T| x.modulus() >= most * T::Real::from_f64(LEAD);
        let lead = row.iter().find(leads).copied().unwrap_or(T::ZERO);
        let turn = if lead == T::ZERO {
            T::ONE
        } else {
            lead.conj().per(lead.modulus())
        };
        for i in 0..n {
            v[i * n + j] = row[i] * turn;
        }
    }
    Ok(())
}

/// Reduces the Hermitian `h` to a real tridiagonal `t`, `h = q t q^H`: the rows of `v` become the columns of `q`.
fn tridiagonal<T: Field>(
    h: &mut [T],
    v: &mut [T],
    diagonal: &mut [T::Real],
    off: &mut [T::Real],
) -> Result<(), TrapKind> {
    let n = diagonal.len();
    let zero = <T::Real as Element>::ZERO;
    let two = T::Real::ONE + T::Real::ONE;
    let tiny = epsilon::<T::Real>();
    let (mut u, mut p) = (zeros::<T>(n)?, zeros::<T>(n)?);
    let mut sums = zeros::<T>(n)?;
    for i in 0..n {
        v[i * n + i] = T::ONE;
    }
    for k in 0..n.saturating_sub(1) {
        // A reflection of the rows and columns after `k`, which leaves one element of column `k` below the diagonal.
        let m = n - k - 1;
        let (u, p) = (&mut u[..m], &mut p[..m]);
        for (i, x) in u.iter_mut().enumerate() {
            *x = h[(k + 1 + i) * n + k];
        }
        // What is far below round-off of the whole (whose greatest element is 1) is taken for zero.
        if norm(&u[1..]) <= tiny * tiny {
            continue;
        }
        let length = norm(u);
        let phase = if u[0] == T::ZERO {
            T::ONE
        } else {
            u[0].per(u[0].modulus())
        };
        u[0] = u[0] + phase.scale(length);
        u.iter_mut().for_each(|x| *x = x.per(length));
        let tau = two / dot(u, u).re();
        // `h - u p^H - p u^H`, where `p = tau h u` less what of it is along `u`.
        for (i, x) in p.iter_mut().enumerate() {
            let row = &h[(k + 1 + i) * n + k + 1..(k + 2 + i) * n];
            let s = row.iter().zip(&*u).fold(T::ZERO, |s, (&a, &b)| s + a * b);
            *x = s.scale(tau);
        }
        let along = dot(p, u).scale(tau / two);
        subtract(p, along, u);
        for i in 0..m {
            let row = &mut h[(k + 1 + i) * n + k + 1..(k + 2 + i) * n];
            for (j, x) in row.iter_mut().enumerate() {
                *x = *x - u[i] * p[j].conj() - p[i] * u[j].conj();
            }
        }
        h[(k + 1) * n + k] = -phase.scale(length);
        // The reflection times what is so far, in the rows of `v`.
        sums.fill(T::ZERO);
        for (row, &x) in v[(k + 1) * n..].chunks_exact(n).zip(&*u) {
            subtract(&mut sums, -x, row);
        }
        for (row, &x) in v[(k + 1) * n..].chunks_exact_mut(n).zip(&*u) {
            subtract(row, x.conj().scale(tau), &sums);
        }
    }
    // The phases of what is beside the diagonal go to the vectors.
    let mut turn = T::ONE;
    for k in 0..n {
        diagonal[k] = h[k * n + k].re();
        if k > 0 {
            let x = h[k * n + k - 1];
            off[k - 1] = x.modulus();
            if off[k - 1] != zero {
                turn = turn * x.per(off[k - 1]);
            }
        }
        v[k * n..(k + 1) * n]
            .iter_mut()
            .for_each(|x| *x = *x * turn);
    }
    Ok(())
}

/// The relative distance of numbers of the type.
fn epsilon<R: Float>() -> R {
    let single = size_of::<R>() == size_of::<f32>();
    R::from_f64(if single {
        f32::EPSILON.into()
    } else {
        f64::EPSILON
    })
}

/// The eigenvalues of a tridiagonal matrix, in the place of its diagonal; the rows of `v` turn along. The number of an eigenvalue that
/// is not found is an error.
fn steps<T: Field>(d: &mut [T::Real], e: &mut [T::Real], v: &mut [T]) -> Result<(), usize> {
    let n = d.len();
    let (zero, one) = (<T::Real as Element>::ZERO, T::Real::ONE);
    let tiny = epsilon::<T::Real>();
    // As small as round-off of the whole matrix is taken for zero.
    let most = d.iter().zip(&*e).fold(zero, |m, (d, e)| {
        let x = d.abs() + e.abs();
        if x > m { x } else { m }
    });
    let least = tiny * most;
    for l in 0..n {
        let mut tried = 0;
        loop {
            let m = (l..n - 1).find(|&k| e[k].abs() <= least).unwrap_or(n - 1);
            if m == l {
                break;
            }
            if tried == STEPS {
                return Err(l);
            }
            tried += 1;
            let g = (d[l + 1] - d[l]) / (e[l] + e[l]);
            let r = g.hypot(one);
            let mut g = d[m] - d[l] + e[l] / (g + r.copysign(g));
            let (mut s, mut c, mut p) = (one, one, zero);
            let mut split = false;
            for i in (l..m).rev() {
                let (f, b) = (s * e[i], c * e[i]);
                let r = f.hypot(g);
                e[i + 1] = r;
                if r == zero {
                    d[i + 1] = d[i + 1] - p;
                    e[m] = zero;
                    split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let r = (d[i] - g) * s + (c * b + c * b);
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                let (x, y) = two_rows(v, n, i, i + 1);
                for (x, y) in x.iter_mut().zip(y) {
                    (*x, *y) = (x.scale(c) - y.scale(s), x.scale(s) + y.scale(c));
                }
            }
            if !split {
                d[l] = d[l] - p;
                e[l] = g;
                e[m] = zero;
            }
        }
    }
    Ok(())
}

pub(super) fn jvp(cx: &mut JvpCx<'_>) {
    let (w, v) = (cx.results[0], cx.results[1]);
    let t = cx.tangent(0);
    let b = &mut *cx.b;
    let t = hermitian(b, t);
    let vh = adjoint(b, v);
    let c = product(b, vh, t);
    let c = product(b, c, v);
    // The eigenvalues.
    let diagonal = part(b, c, CompareOp::Eq);
    let last = b.ty(c).as_tensor().map_or(1, |t| t.shape.len() as u32 - 1);
    let dw = b.inst1(Reduction::Axes(ReduceOp::Sum, [last].into()), &[diagonal]);
    let complex = b.ty(c).dtype().filter(|d| d.is_complex());
    let dw = match complex {
        Some(_) => b.unary(UnaryOp::Real, dw),
        None => dw,
    };
    // The eigenvectors.
    let (to, from) = (repeated(b, w, c, 0), repeated(b, w, c, 1));
    let gap = b.sub(to, from);
    let (zero, one) = (b.real_like(gap, 0.0), b.real_like(gap, 1.0));
    let diagonal = where_index(b, gap, CompareOp::Eq);
    let gap = b.select(diagonal, one, gap);
    let f = b.div(one, gap);
    let f = b.select(diagonal, zero, f);
    let f = match complex {
        Some(d) => b.convert(d, f),
        None => f,
    };
    let turn = b.mul(f, c);
    let dv = product(b, v, turn);
    give_tangent(cx, 0, dw);
    give_tangent(cx, 1, dv);
}
