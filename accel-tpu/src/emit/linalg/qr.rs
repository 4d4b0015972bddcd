//! Reflections of columns, one after another: the core's algorithm, all matrices at once.

use super::super::value::{Tensor, TensorLayout};
use super::super::writer::Cx;
use super::{
    batch, conj, counted, line, per_batch, per_column, per_row, place, product, real, triangle,
};
use cotangent_core::value::Scalar;

/// `q` and `r`.
pub(super) fn factor(cx: &mut Cx<'_>, a: &Tensor) -> Vec<Tensor> {
    let b = batch(a);
    let (m, n) = (a.ty.shape[b], a.ty.shape[b + 1]);
    let k = m.min(n);
    let d = a.ty.dtype;
    let outer = a.ty.shape[..b].to_vec();
    let of = |last: &[u64]| -> Vec<u64> { outer.iter().chain(last).copied().collect() };
    let ty = |last: &[u64]| TensorLayout::new(d, of(last));
    let (q_ty, r_ty) = (ty(&[m, k]), ty(&[k, n]));
    if a.ty.elements() == 0 {
        return vec![cx.zeros(q_ty), cx.zeros(r_ty)];
    }
    let shape = a.ty.shape.clone();
    // What the reflections leave; their vectors in the columns; their factors; the phases that make the diagonal real; its sizes.
    let reals = TensorLayout::new(d.real(), of(&[k]));
    let state = vec![
        a.clone(),
        cx.zeros(q_ty.clone()),
        cx.zeros(reals.clone()),
        cx.zeros(ty(&[k])),
        cx.zeros(reals),
    ];
    let lines = of(&[m]);
    let short = of(&[k]);
    let state = counted(
        cx,
        k,
        state,
        |_, _| None,
        |cx, j, s| {
            let [w, v, tau, phase, sizes] = s else {
                return s.to_vec();
            };
            let at = place(cx, &lines, 0);
            let here = per_batch(cx, j, &lines);
            let column = line(cx, w, b + 1, j);
            let above = cx.compared("LT", &at, &here);
            let zero = cx.zeros(column.ty.clone());
            let column = cx.pick(&above, &zero, &column);
            let length = norm(cx, &column, b);
            let x0 = line(cx, &column, b, j);
            let size = cx.abs(&x0);
            let x0_zero = cx.versus("EQ", &size, 0.0);
            let one = cx.num(1.0, &x0);
            let wide = field(cx, &size, d);
            let p = cx.div(&x0, &wide);
            let p = cx.pick(&x0_zero, &one, &p);
            // The reflection takes the column to `-p length`, where `p` is the phase of its first element.
            let wide = field(cx, &length, d);
            let step = cx.mul(&p, &wide);
            let step = per_batch(cx, &step, &lines);
            let first = cx.compared("EQ", &at, &here);
            let moved = cx.add(&column, &step);
            let u = cx.pick(&first, &moved, &column);
            let scale = per_batch(cx, &wide, &lines);
            let u = cx.div(&u, &scale);
            let none = cx.versus("EQ", &length, 0.0);
            let none_lines = per_batch(cx, &none, &lines);
            let u = cx.pick(&none_lines, &zero, &u);
            let square = squares(cx, &u, b);
            let two = cx.num(2.0, &square);
            let t = cx.div(&two, &square);
            let no = cx.zeros(t.ty.clone());
            let t = cx.pick(&none, &no, &t);
            // The columns behind.
            let w2 = reflected(cx, w, &u, &t);
            let cols = place(cx, &shape, 0);
            let j_all = per_batch(cx, j, &shape);
            let behind = cx.compared("GT", &cols, &j_all);
            let w = cx.pick(&behind, &w2, w);
            // What is kept of it.
            let slots = place(cx, &short, 0);
            let j_short = per_batch(cx, j, &short);
            let slot = cx.compared("EQ", &slots, &j_short);
            let minus = cx.neg(&p);
            let turn = cx.pick(&none, &one, &minus);
            let keep = |cx: &mut Cx<'_>, old: &Tensor, new: &Tensor| {
                let new = per_batch(cx, new, &short);
                cx.pick(&slot, &new, old)
            };
            let tau = keep(cx, tau, &t);
            let phase = keep(cx, phase, &turn);
            let sizes = keep(cx, sizes, &length);
            let column = per_row(cx, &u, &v.ty.shape);
            let cols = place(cx, &v.ty.shape, 0);
            let j_all = per_batch(cx, j, &v.ty.shape);
            let slot = cx.compared("EQ", &cols, &j_all);
            let v = cx.pick(&slot, &column, v);
            vec![w, v, tau, phase, sizes]
        },
    );
    let [w, v, tau, phase, sizes] = &state[..] else {
        return state;
    };
    // The rows of `r`: what is left above the diagonal, turned.
    let top = cx.head(w, b, k);
    let turn = conj(cx, phase);
    let turn = per_row(cx, &turn, &r_ty.shape);
    let r = cx.mul(&top, &turn);
    let zero = cx.zeros(r_ty.clone());
    let upper = triangle(cx, "LT", &r_ty.shape);
    let r = cx.pick(&upper, &r, &zero);
    let sizes = field(cx, sizes, d);
    let sizes = per_row(cx, &sizes, &r_ty.shape);
    let diagonal = triangle(cx, "EQ", &r_ty.shape);
    let r = cx.pick(&diagonal, &sizes, &r);
    // The columns of `q`: the reflections of the unit vectors, last reflection first.
    let start = cx.zeros(q_ty.clone());
    let turn = per_column(cx, phase, &q_ty.shape);
    let diagonal = triangle(cx, "EQ", &q_ty.shape);
    let start = cx.pick(&diagonal, &turn, &start);
    let q = counted(
        cx,
        k,
        vec![start],
        |_, _| None,
        |cx, i, s| {
            let last = cx.constant(Scalar::I64(k as i64 - 1));
            let j = cx.sub(&last, i);
            let u = line(cx, v, b + 1, &j);
            let t = line(cx, tau, b, &j);
            vec![reflected(cx, &s[0], &u, &t)]
        },
    );
    vec![q[0].clone(), r]
}

/// A real number as one of the type.
fn field(cx: &mut Cx<'_>, x: &Tensor, d: cotangent_core::ir::DType) -> Tensor {
    super::super::convert::convert(cx, x, d)
}

/// The sum of the squares of the moduli along the last axis.
fn squares(cx: &mut Cx<'_>, x: &Tensor, axis: usize) -> Tensor {
    let c = conj(cx, x);
    let s = cx.mul(x, &c);
    let s = real(cx, &s);
    cx.fold("add", &s, &[axis], Scalar::zero(s.ty.dtype))
}

/// The length of vectors, without undue overflow.
fn norm(cx: &mut Cx<'_>, x: &Tensor, axis: usize) -> Tensor {
    let size = cx.abs(x);
    let most = cx.fold("maximum", &size, &[axis], Scalar::zero(size.ty.dtype));
    let one = cx.num(1.0, &most);
    let none = cx.versus("EQ", &most, 0.0);
    let scale = cx.pick(&none, &one, &most);
    let all = per_batch(cx, &scale, &size.ty.shape);
    let part = cx.div(&size, &all);
    let square = cx.mul(&part, &part);
    let sum = cx.fold("add", &square, &[axis], Scalar::zero(size.ty.dtype));
    let root = cx.un("sqrt", &sum);
    cx.mul(&scale, &root)
}

/// `x - u (tau u^H x)`.
fn reflected(cx: &mut Cx<'_>, x: &Tensor, u: &Tensor, tau: &Tensor) -> Tensor {
    let b = batch(x);
    let c = conj(cx, u);
    let s = product(cx, &c, b, x, b);
    let t = field(cx, tau, x.ty.dtype);
    let t = per_batch(cx, &t, &s.ty.shape);
    let s = cx.mul(&s, &t);
    let (s, u) = (per_column(cx, &s, &x.ty.shape), per_row(cx, u, &x.ty.shape));
    let part = cx.mul(&u, &s);
    cx.sub(x, &part)
}
