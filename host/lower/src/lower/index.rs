//! Reads and sums by tensors of indices.
//!
//! Core looks at all indices before it does anything else; so here, in a loop of its own, unless no other trap could come between.

use super::control::{load_scalar, store_scalar};
use super::cx::{Cx, Flat};
use super::elementwise::{each, in_turn};
use super::reduce::plus;
use super::shape::{RANK, around, check_shapes, copy_run, dtype, extents, fresh};
use super::{Unsupported, fallback};
use crate::lir::{Cmp, Opnd, Rv};
use cotangent_core::entity::Inst;
use cotangent_core::ir::{DType, IndexOp, InstData};

/// Lowers a gather or a scatter.
pub(super) fn lower(op: &IndexOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let rank = |v| cx.func.ty(v).as_tensor().map_or(0, |t| t.shape.len());
    let result = rank(d.args[0]) + rank(d.args[1]) - 1;
    if result > RANK {
        return fallback::lower(cx, i);
    }
    match op {
        IndexOp::Gather(k) => gather(cx, d, *k as usize),
        IndexOp::ScatterAdd(k) => scatter(cx, d, *k as usize),
    }
    Ok(())
}

/// The indices of an operand: where they lie, or the scalar; their type, extents and number.
struct Indices {
    flat: Flat,
    scalar: bool,
    dtype: DType,
    shape: Vec<Opnd>,
    count: Opnd,
}

impl Indices {
    fn of(cx: &mut Cx<'_>, d: &InstData) -> Indices {
        let shape = extents(cx, d, 1);
        let count = cx.product(&shape);
        Indices {
            flat: cx.arg(d, 1),
            scalar: cx.func.ty(d.args[1]).is_scalar(),
            dtype: dtype(cx, d, 1),
            shape,
            count,
        }
    }
    /// Index `j`, unchecked.
    fn get(&self, cx: &mut Cx<'_>, j: Opnd) -> Opnd {
        let x = if self.scalar {
            self.flat[0]
        } else {
            load_scalar(cx, self.flat[1], j, self.dtype)[0]
        };
        cx.extend(x, self.dtype.is_signed())
    }
    /// Index `j`, below `len`.
    fn within(&self, cx: &mut Cx<'_>, j: Opnd, len: Opnd) -> Opnd {
        let i = self.get(cx, j);
        cx.check_index(i, self.dtype.is_signed(), len);
        i
    }
    /// Checks all of them.
    fn check(&self, cx: &mut Cx<'_>, len: Opnd) {
        in_turn(cx, self.count, |cx, j| {
            self.within(cx, j, len);
        });
    }
}

/// The shape of what is read by the indices.
fn gathered(cx: &Cx<'_>, d: &InstData, k: usize, at: &Indices) -> Vec<Opnd> {
    let a = extents(cx, d, 0);
    let mut shape = a[..k].to_vec();
    shape.extend(&at.shape);
    shape.extend(&a[k + 1..]);
    shape
}

fn gather(cx: &mut Cx<'_>, d: &InstData, k: usize) {
    let e = dtype(cx, d, 0);
    let a = extents(cx, d, 0);
    let (outer, len, inner) = around(cx, &a, k);
    let at = Indices::of(cx, d);
    let shape = gathered(cx, d, k, &at);
    let src = cx.arg(d, 0)[1];
    if shape.is_empty() {
        let i = at.within(cx, Opnd::i64(0), len);
        let x = load_scalar(cx, src, i, e);
        cx.result(d, 0, x);
        return;
    }
    // With one pass over the indices they are checked on the way.
    let once = outer == Opnd::i64(1) && !at.scalar;
    if !once {
        at.check(cx, len);
    }
    let (_, data) = fresh(cx, d, &shape);
    each(cx, outer, |cx, o| {
        let from = cx.mul(o, len);
        let to = cx.mul(o, at.count);
        each(cx, at.count, |cx, j| {
            let i = if once {
                at.within(cx, j, len)
            } else {
                at.get(cx, j)
            };
            let (p, q) = (cx.add(to, j), cx.add(from, i));
            let (p, q) = (cx.mul(p, inner), cx.mul(q, inner));
            copy_run(cx, data.into(), p, src, q, inner, e);
        });
    });
}

fn scatter(cx: &mut Cx<'_>, d: &InstData, k: usize) {
    const OP: &str = "scatter_add";
    let e = dtype(cx, d, 0);
    let a = extents(cx, d, 0);
    let (outer, len, inner) = around(cx, &a, k);
    let at = Indices::of(cx, d);
    let shape = gathered(cx, d, k, &at);
    let x_shape = extents(cx, d, 2);
    let mut bad = Opnd::bool(false);
    for (&p, &q) in x_shape.iter().zip(&shape) {
        let differs = cx.set(Rv::Cmp(Cmp::Ne, p, q));
        bad = cx.either(bad, differs);
    }
    let once = outer == Opnd::i64(1) && bad == Opnd::bool(false) && !e.is_int();
    if !once {
        at.check(cx, len);
    }
    check_shapes(cx, bad, OP, &x_shape, &shape);
    let x = cx.arg(d, 2);
    let scalar = cx.func.ty(d.args[2]).is_scalar();
    let ty = cx.func.ty(d.args[0]).clone();
    let mut sum = cx.take(d, 0);
    cx.unique(&mut sum, &ty);
    let data = sum[1];
    in_turn(cx, outer, |cx, o| {
        let to = cx.mul(o, len);
        let from = cx.mul(o, at.count);
        in_turn(cx, at.count, |cx, j| {
            let i = if once {
                at.within(cx, j, len)
            } else {
                at.get(cx, j)
            };
            let (p, q) = (cx.add(to, i), cx.add(from, j));
            let (p, q) = (cx.mul(p, inner), cx.mul(q, inner));
            each(cx, inner, |cx, k| {
                let (p, q) = (cx.add(p, k), cx.add(q, k));
                let y = if scalar {
                    x.clone()
                } else {
                    load_scalar(cx, x[1], q, e)
                };
                let old = load_scalar(cx, data, p, e);
                let new = plus(cx, &old, &y, e, OP);
                store_scalar(cx, data, p, e, &new);
            });
        });
    });
    let to = cx.func.ty(d.results[0]).clone();
    let sum = cx.coerce(sum, &ty, &to);
    cx.result(d, 0, sum);
}
