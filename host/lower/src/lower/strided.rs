//! Copies between arrays by strides, in loops over an index space: how transposes, broadcasts, slices, reversals and pads move elements.
//!
//! Offsets are counted in elements and wrap, so a stride may be negative. The innermost loop is one copy of memory where both sides are
//! contiguous and the row is not known to be short.

use super::control::{load_scalar, store_scalar};
use super::cx::Cx;
use super::elementwise::each;
use crate::lir::{Addr, Opnd, RtFn, Rv, Stmt};
use cotangent_core::ir::DType;

/// Positions of an index space in an array: that of index zero, and the step along each axis; `I64`s.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) base: Opnd,
    pub(super) strides: Vec<Opnd>,
}

impl View {
    /// All of an array of that shape, row-major.
    pub(super) fn whole(cx: &mut Cx<'_>, shape: &[Opnd]) -> View {
        let mut strides = vec![Opnd::i64(1); shape.len()];
        for k in (1..shape.len()).rev() {
            strides[k - 1] = cx.mul(strides[k], shape[k]);
        }
        View {
            base: Opnd::i64(0),
            strides,
        }
    }
    /// The position one step further along an axis.
    fn step(&self, cx: &mut Cx<'_>, at: Opnd, axis: usize, index: Opnd) -> Opnd {
        let by = cx.mul(index, self.strides[axis]);
        cx.add(at, by)
    }
}

/// Rows of fewer elements are copied one by one.
const SHORT: u64 = 16;

/// Copies the index space `shape` from one view to another.
pub(super) fn copy(
    cx: &mut Cx<'_>,
    shape: &[Opnd],
    (dst, to): (Opnd, &View),
    (src, from): (Opnd, &View),
    d: DType,
) {
    nest(cx, shape, &[to, from], &mut |cx, at, row| {
        let Some(axis) = row else {
            let x = load_scalar(cx, src, at[1], d);
            store_scalar(cx, dst, at[0], d, &x);
            return;
        };
        let n = shape[axis];
        let one = Opnd::i64(1);
        let contiguous = to.strides[axis] == one && from.strides[axis] == one;
        if contiguous && n.constant().is_none_or(|n| n >= SHORT) {
            let size = d.bytes() as u32;
            let to = cx.set(Rv::Lea(Addr::at(dst, at[0], size)));
            let from = cx.set(Rv::Lea(Addr::at(src, at[1], size)));
            let bytes = cx.mul(n, Opnd::i64(size.into()));
            cx.emit(Stmt::Rt(RtFn::Copy, vec![to, from, bytes], None, None));
            return;
        }
        each(cx, n, |cx, k| {
            let p = to.step(cx, at[0], axis, k);
            let q = from.step(cx, at[1], axis, k);
            let x = load_scalar(cx, src, q, d);
            store_scalar(cx, dst, p, d, &x);
        });
    });
}

/// Loops over all axes but the last; the body is given the position in each view, and the last axis if there is one.
pub(super) fn nest(
    cx: &mut Cx<'_>,
    shape: &[Opnd],
    views: &[&View],
    body: &mut dyn FnMut(&mut Cx<'_>, &[Opnd], Option<usize>),
) {
    let at: Vec<Opnd> = views.iter().map(|v| v.base).collect();
    level(cx, shape, views, 0, &at, body);
}

/// As deep as the rank.
fn level(
    cx: &mut Cx<'_>,
    shape: &[Opnd],
    views: &[&View],
    axis: usize,
    at: &[Opnd],
    body: &mut dyn FnMut(&mut Cx<'_>, &[Opnd], Option<usize>),
) {
    if axis + 1 >= shape.len() {
        let row = shape.len().checked_sub(1);
        body(cx, at, row);
        return;
    }
    let index = cx.reg(crate::lir::Ty::I64);
    let (block, ()) = cx.block(|cx| {
        let at: Vec<Opnd> = views
            .iter()
            .zip(at)
            .map(|(v, &a)| v.step(cx, a, axis, index.into()))
            .collect();
        level(cx, shape, views, axis + 1, &at, body);
    });
    cx.emit(Stmt::For {
        index,
        lo: Opnd::i64(0),
        hi: shape[axis],
        signed: false,
        body: block,
        hint: crate::lir::Hint::default(),
    });
}
