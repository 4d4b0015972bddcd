//! Copies between arrays by strides: how transposes, broadcasts, slices, reversals, pads and contractions move elements.

use super::EvalCx;
use super::extent::{no_memory, room};
use crate::error::TrapKind;
use crate::on_each;
use crate::value::{Data, Element, Tensor};
use alloc::vec;
use alloc::vec::Vec;

/// Positions of an index space in an array: the first one, and the step along each axis.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The position of index zero.
    pub(super) base: isize,
    /// The steps.
    pub(super) strides: Vec<isize>,
}

impl View {
    /// All of an array of that shape, row-major.
    pub(super) fn whole(shape: &[usize]) -> View {
        View {
            base: 0,
            strides: super::extent::strides(shape)
                .into_iter()
                .map(|s| s as isize)
                .collect(),
        }
    }
    fn inner(&self) -> isize {
        self.strides.last().copied().unwrap_or(0)
    }
}

/// Calls `f` for each row (all indices but the last axis') with the position of its first element in both views.
pub(super) fn each_row(shape: &[usize], a: &View, b: &View, mut f: impl FnMut(isize, isize)) {
    if shape.contains(&0) {
        return;
    }
    let outer = shape.len().saturating_sub(1);
    let mut index = vec![0usize; outer];
    let (mut x, mut y) = (a.base, b.base);
    loop {
        f(x, y);
        let mut k = outer;
        loop {
            if k == 0 {
                return;
            }
            k -= 1;
            index[k] += 1;
            x += a.strides[k];
            y += b.strides[k];
            if index[k] < shape[k] {
                break;
            }
            x -= a.strides[k] * shape[k] as isize;
            y -= b.strides[k] * shape[k] as isize;
            index[k] = 0;
        }
    }
}

/// The elements of a view, in row-major order of `shape`. The view must lie within the array.
pub(super) fn collect<T: Copy>(src: &[T], shape: &[usize], view: &View, out: &mut Vec<T>) {
    let n = shape.last().copied().unwrap_or(1);
    let step = view.inner();
    each_row(shape, view, view, |at, _| match step {
        1 => out.extend_from_slice(&src[at as usize..at as usize + n]),
        0 => out.resize(out.len() + n, src[at as usize]),
        _ => out.extend((0..n as isize).map(|i| src[(at + i * step) as usize])),
    });
}

/// A tensor of that shape with the elements of a view of `t`.
pub(super) fn viewed(
    t: &Tensor,
    shape: Vec<usize>,
    view: &View,
    cx: &EvalCx<'_>,
) -> Result<Tensor, TrapKind> {
    fn go<T: Element>(src: &[T], shape: &[usize], view: &View, n: usize) -> Option<Data> {
        let mut out = Vec::new();
        out.try_reserve_exact(n).ok()?;
        collect(src, shape, view, &mut out);
        Some(T::data(out))
    }
    let n = room(&shape, t.dtype(), cx)?;
    let data = on_each!(Data, &t.data, v => go(v, &shape, view, n))
        .ok_or_else(|| no_memory(n, t.dtype()))?;
    Ok(Tensor { shape, data })
}

/// Writes all of `src`, an index space of that shape at `from`, to the positions of `to` in `dst`. Of one element type.
pub(super) fn write(dst: &mut Data, to: &View, src: &Data, from: &View, shape: &[usize]) {
    fn go<T: Element>(dst: &mut [T], to: &View, src: &Data, from: &View, shape: &[usize]) {
        let Some(src) = T::slice(src) else { return };
        let n = shape.last().copied().unwrap_or(1) as isize;
        let (p, q) = (to.inner(), from.inner());
        each_row(shape, to, from, |x, y| {
            for i in 0..n {
                dst[(x + i * p) as usize] = src[(y + i * q) as usize];
            }
        });
    }
    on_each!(Data, dst, v => go(v, to, src, from, shape));
}

/// The view of an array with its axes in another order: axis `i` of the result is axis `perm[i]`.
pub(super) fn permuted(shape: &[usize], perm: &[usize]) -> (Vec<usize>, View) {
    let whole = View::whole(shape);
    (
        perm.iter().map(|&p| shape[p]).collect(),
        View {
            base: 0,
            strides: perm.iter().map(|&p| whole.strides[p]).collect(),
        },
    )
}
