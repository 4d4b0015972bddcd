//! Eigenvalues of Hermitian matrices by Jacobi's rotations, half as many at once as there are rows: the rows of the upper half of the matrix are paired
//! with those of the lower, and a tournament's exchange after each round pairs every two in a sweep of `n - 1` rounds (Brent and Luk 1985). It ends when
//! what is beside the diagonal is round-off, which takes 6 to 10 sweeps, or after [`SWEEPS`].

use super::super::array::concat;
use super::super::sort::sorted;
use super::super::value::{Tensor, TensorLayout};
use super::super::writer::Cx;
use super::{
    adjoint, batch, conj, counted, per_batch, per_column, per_row, place, real, sum_where, triangle,
};
use cotangent_core::ir::DType;
use cotangent_core::value::Scalar;

/// The most sweeps.
const SWEEPS: u64 = 20;

/// Of the elements of an eigenvector that are so near the greatest in size, the first is made real and positive: the core's choice.
const LEAD: f64 = 0.999;

/// The eigenvalues, ascending, and the eigenvectors in columns.
pub(super) fn factor(cx: &mut Cx<'_>, a: &Tensor) -> Vec<Tensor> {
    let b = batch(a);
    let n = a.ty.shape[b];
    let d = a.ty.dtype;
    let outer = a.ty.shape[..b].to_vec();
    let of = |last: &[u64]| -> Vec<u64> { outer.iter().chain(last).copied().collect() };
    if a.ty.elements() == 0 {
        return vec![cx.zeros(TensorLayout::new(d.real(), of(&[n]))), a.clone()];
    }
    let h = hermitian(cx, a);
    // What is not finite goes through: all is NaN then.
    let size = cx.abs(&h);
    let finite = cx.op("is_finite", &[&size], "", size.ty.with(DType::Bool));
    let finite = cx.fold("and", &finite, &[b, b + 1], Scalar::Bool(true));
    // Scaled, so that squares neither overflow nor vanish.
    let most = cx.fold("maximum", &size, &[b, b + 1], Scalar::zero(d.real()));
    let one = cx.num(1.0, &most);
    let some = cx.versus("GT", &most, 0.0);
    let scale = cx.pick(&some, &most, &one);
    let scale_all = per_batch(cx, &scale, &size.ty.shape);
    let scale_all = super::super::convert::convert(cx, &scale_all, d);
    let h = cx.div(&h, &scale_all);
    // An even number of rows: one more of zeros stays by itself.
    let even = n + n % 2;
    let (h, v) = (widened(cx, &h, even), identity(cx, d, &of(&[even, even])));
    let rounds = (even - 1) * SWEEPS;
    let state = counted(
        cx,
        rounds,
        vec![h, v],
        |cx, s| Some(is_off(cx, &s[0])),
        |cx, _, s| round(cx, &s[0], &s[1]),
    );
    let [h, v] = &state[..] else { return state };
    let on = triangle(cx, "EQ", &h.ty.shape);
    let w = sum_where(cx, &on, h, b);
    let mut w = real(cx, &w);
    let mut v = v.clone();
    if even != n {
        // The vector of the row that was put in comes last, and is left out.
        let last = cx.part(&v, b, n, 1);
        let last = cx.reshape(&last, TensorLayout::new(d, of(&[even])));
        let last = cx.abs(&last);
        let own = cx.versus("GT", &last, 0.5);
        let beyond = cx.num(f64::INFINITY, &w);
        w = cx.pick(&own, &beyond, &w);
        v = cx.head(&v, b, n);
    }
    let (w, v) = ascending(cx, &w, &v);
    let (w, v) = (cx.head(&w, b, n), cx.head(&v, b + 1, n));
    let v = turned(cx, &v);
    let back = per_batch(cx, &scale, &w.ty.shape);
    let w = cx.mul(&w, &back);
    // Numbers, or not.
    let good = per_batch(cx, &finite, &w.ty.shape);
    let nan = cx.num(f64::NAN, &w);
    let w = cx.pick(&good, &w, &nan);
    let good = per_batch(cx, &finite, &v.ty.shape);
    let nan = cx.num(f64::NAN, &v);
    let v = cx.pick(&good, &v, &nan);
    vec![w, v]
}

/// The matrix whose lower triangle `a` holds.
fn hermitian(cx: &mut Cx<'_>, a: &Tensor) -> Tensor {
    let shape = a.ty.shape.clone();
    let lower = triangle(cx, "GT", &shape);
    let on = triangle(cx, "EQ", &shape);
    let turned = adjoint(cx, a);
    let h = cx.pick(&lower, a, &turned);
    let r = real(cx, a);
    let r = super::super::convert::convert(cx, &r, a.ty.dtype);
    cx.pick(&on, &r, &h)
}

/// With zeros to that many rows and columns.
fn widened(cx: &mut Cx<'_>, h: &Tensor, to: u64) -> Tensor {
    let b = batch(h);
    let more = (to - h.ty.shape[b]) as i64;
    let zero = cx.constant(Scalar::zero(h.ty.dtype));
    let mut amounts = vec![(0, 0, 0); b];
    amounts.extend([(0, more, 0), (0, more, 0)]);
    super::super::shape::pad(cx, h, &zero, &amounts)
}

fn identity(cx: &mut Cx<'_>, d: DType, shape: &[u64]) -> Tensor {
    let on = triangle(cx, "EQ", shape);
    let zero = cx.zeros(TensorLayout::new(d, shape.iter().copied()));
    let one = cx.num(1.0, &zero);
    cx.pick(&on, &one, &zero)
}

/// Whether, in any matrix, more than round-off is beside the diagonal.
fn is_off(cx: &mut Cx<'_>, h: &Tensor) -> Tensor {
    let b = batch(h);
    let size = cx.abs(h);
    let square = cx.mul(&size, &size);
    let zero = cx.zeros(square.ty.clone());
    let on = triangle(cx, "EQ", &h.ty.shape);
    let off = cx.pick(&on, &zero, &square);
    let none = Scalar::zero(square.ty.dtype);
    let (all, off) = (
        cx.fold("add", &square, &[b, b + 1], none),
        cx.fold("add", &off, &[b, b + 1], none),
    );
    let epsilon = if h.ty.dtype.real() == DType::F32 {
        f64::from(f32::EPSILON)
    } else {
        f64::EPSILON
    };
    let limit = cx.scaled(&all, epsilon * epsilon * 0.25);
    let more = cx.compared("GT", &off, &limit);
    let axes: Vec<usize> = (0..more.ty.shape.len()).collect();
    if axes.is_empty() {
        return more;
    }
    cx.fold("or", &more, &axes, Scalar::Bool(false))
}

/// The rotation of each pair: its cosine, and its sine with the phase of the element that it removes; and what the diagonal becomes.
struct Rotation {
    c: Tensor,
    s: Tensor,
    /// Of the upper half, and of the lower.
    diagonal: [Tensor; 2],
}

fn rotation(cx: &mut Cx<'_>, h: &Tensor, half: u64) -> Rotation {
    let b = batch(h);
    let d = h.ty.dtype;
    let diagonal = |cx: &mut Cx<'_>, row: u64, col: u64| {
        let rows = cx.part(h, b, row, half);
        let part = cx.part(&rows, b + 1, col, half);
        let on = triangle(cx, "EQ", &part.ty.shape);
        sum_where(cx, &on, &part, b)
    };
    let (a, w, e) = (
        diagonal(cx, 0, 0),
        diagonal(cx, 0, half),
        diagonal(cx, half, half),
    );
    let (a, e) = (real(cx, &a), real(cx, &e));
    let size = cx.abs(&w);
    let none = cx.versus("EQ", &size, 0.0);
    let gap = cx.sub(&e, &a);
    let twice = cx.add(&size, &size);
    let tau = cx.div(&gap, &twice);
    let square = cx.mul(&tau, &tau);
    let square = cx.shifted(&square, 1.0);
    let root = cx.un("sqrt", &square);
    let far = cx.abs(&tau);
    let sum = cx.add(&far, &root);
    let one = cx.num(1.0, &sum);
    let t = cx.div(&one, &sum);
    let back = cx.neg(&t);
    let below = cx.versus("LT", &tau, 0.0);
    let t = cx.pick(&below, &back, &t);
    let zero = cx.zeros(t.ty.clone());
    let t = cx.pick(&none, &zero, &t);
    let square = cx.mul(&t, &t);
    let square = cx.shifted(&square, 1.0);
    let root = cx.un("sqrt", &square);
    let c = cx.div(&one, &root);
    let s = cx.mul(&t, &c);
    let by = cx.mul(&t, &size);
    let wide = super::super::convert::convert(cx, &size, d);
    let phase = cx.div(&w, &wide);
    let one = cx.num(1.0, &phase);
    let phase = cx.pick(&none, &one, &phase);
    let s = super::super::convert::convert(cx, &s, d);
    Rotation {
        c: super::super::convert::convert(cx, &c, d),
        s: cx.mul(&s, &phase),
        diagonal: [cx.sub(&a, &by), cx.add(&e, &by)],
    }
}

/// The columns of both halves turned: `(l, r)` to `(l c - r conj(s), l s + r c)`.
fn turn_columns(cx: &mut Cx<'_>, x: &Tensor, half: u64, r: &Rotation) -> Tensor {
    let axis = x.ty.shape.len() - 1;
    let (p, q) = (cx.part(x, axis, 0, half), cx.part(x, axis, half, half));
    let c = per_column(cx, &r.c, &p.ty.shape);
    let s = per_column(cx, &r.s, &p.ty.shape);
    let z = conj(cx, &s);
    let (pc, qz, ps, qc) = (
        cx.mul(&p, &c),
        cx.mul(&q, &z),
        cx.mul(&p, &s),
        cx.mul(&q, &c),
    );
    let (p, q) = (cx.sub(&pc, &qz), cx.add(&ps, &qc));
    concat(cx, &[p, q], axis)
}

fn turn_rows(cx: &mut Cx<'_>, x: &Tensor, half: u64, r: &Rotation) -> Tensor {
    let axis = x.ty.shape.len() - 2;
    let (p, q) = (cx.part(x, axis, 0, half), cx.part(x, axis, half, half));
    let c = per_row(cx, &r.c, &p.ty.shape);
    let s = per_row(cx, &r.s, &p.ty.shape);
    let z = conj(cx, &s);
    let (pc, qs, pz, qc) = (
        cx.mul(&p, &c),
        cx.mul(&q, &s),
        cx.mul(&p, &z),
        cx.mul(&q, &c),
    );
    let (p, q) = (cx.sub(&pc, &qs), cx.add(&pz, &qc));
    concat(cx, &[p, q], axis)
}

/// The tournament's exchange along an axis: the first stays, the others go round.
fn exchanged(cx: &mut Cx<'_>, x: &Tensor, axis: usize, half: u64) -> Tensor {
    if half == 1 {
        return x.clone();
    }
    let mut parts = Vec::new();
    for (lo, n) in [
        (0, 1),
        (half, 1),
        (1, half - 2),
        (half + 1, half - 1),
        (half - 1, 1),
    ] {
        if n > 0 {
            parts.push(cx.part(x, axis, lo, n));
        }
    }
    concat(cx, &parts, axis)
}

/// One round: the matrix and the vectors after it.
fn round(cx: &mut Cx<'_>, h: &Tensor, v: &Tensor) -> Vec<Tensor> {
    let b = batch(h);
    let half = h.ty.shape[b] / 2;
    let r = rotation(cx, h, half);
    let x = turn_rows(cx, h, half, &r);
    let x = turn_columns(cx, &x, half, &r);
    // What is known exactly: the diagonal, and the zeros that the rotations make.
    let shape = x.ty.shape.clone();
    let diagonal = concat(cx, &r.diagonal, b);
    let diagonal = super::super::convert::convert(cx, &diagonal, h.ty.dtype);
    let diagonal = per_row(cx, &diagonal, &shape);
    let on = triangle(cx, "EQ", &shape);
    let x = cx.pick(&on, &diagonal, &x);
    let (i, j) = (place(cx, &shape, 1), place(cx, &shape, 0));
    let by = cx.whole(half.into(), &i);
    let (up, down) = (cx.add(&i, &by), cx.add(&j, &by));
    let (up, down) = (cx.compared("EQ", &up, &j), cx.compared("EQ", &down, &i));
    let gone = cx.or(&up, &down);
    let zero = cx.zeros(x.ty.clone());
    let x = cx.pick(&gone, &zero, &x);
    let v = turn_columns(cx, v, half, &r);
    let x = exchanged(cx, &x, b, half);
    let x = exchanged(cx, &x, b + 1, half);
    vec![x, exchanged(cx, &v, b + 1, half)]
}

/// Eigenvalues in ascending order, and their vectors.
fn ascending(cx: &mut Cx<'_>, w: &Tensor, v: &Tensor) -> (Tensor, Tensor) {
    let b = batch(v);
    let keys = per_column(cx, w, &v.ty.shape);
    let values = sorted(cx, std::slice::from_ref(w), b).remove(0);
    if !v.ty.dtype.is_complex() {
        let out = sorted(cx, &[keys, v.clone()], b + 1);
        return (values, out[1].clone());
    }
    let ty = v.ty.with(v.ty.dtype.real());
    let re = cx.op("real", &[v], "", ty.clone());
    let im = cx.op("imag", &[v], "", ty);
    let out = sorted(cx, &[keys, re, im], b + 1);
    let v = cx.op("complex", &[&out[1], &out[2]], "", v.ty.clone());
    (values, v)
}

/// The vectors with their leading elements real and positive.
fn turned(cx: &mut Cx<'_>, v: &Tensor) -> Tensor {
    let b = batch(v);
    let shape = v.ty.shape.clone();
    let size = cx.abs(v);
    let most = cx.fold("maximum", &size, &[b], Scalar::zero(size.ty.dtype));
    let limit = cx.scaled(&most, LEAD);
    let limit = per_column(cx, &limit, &shape);
    let leads = cx.compared("GE", &size, &limit);
    let i = place(cx, &shape, 1);
    let beyond = cx.whole(i64::MAX.into(), &i);
    let of = cx.pick(&leads, &i, &beyond);
    let first = cx.fold("minimum", &of, &[b], Scalar::I64(i64::MAX));
    let first = per_column(cx, &first, &shape);
    let is_first = cx.compared("EQ", &i, &first);
    let lead = sum_where(cx, &is_first, v, b);
    let size = cx.abs(&lead);
    let none = cx.versus("EQ", &size, 0.0);
    let wide = super::super::convert::convert(cx, &size, v.ty.dtype);
    let turn = conj(cx, &lead);
    let turn = cx.div(&turn, &wide);
    let one = cx.num(1.0, &turn);
    let turn = cx.pick(&none, &one, &turn);
    let turn = per_column(cx, &turn, &shape);
    cx.mul(v, &turn)
}
