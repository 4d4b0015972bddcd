//! Where windows lie: how many there are, and which elements each has.
//!
//! Invariant: the work is bounded by the elements there are, whatever distances and sizes the attributes name.

use crate::error::Why;
use crate::ir::{Dim, WindowAxis};
use crate::ops::extent::strides;
use alloc::vec;
use alloc::vec::Vec;

/// Checks distances.
pub(super) fn check(axes: &[WindowAxis]) -> Result<(), Why> {
    let zero = |a: &WindowAxis| a.stride == 0 || a.base_dilation == 0 || a.window_dilation == 0;
    if axes.iter().any(zero) {
        return Err(Why::Attribute("strides and dilations are at least 1"));
    }
    Ok(())
}

/// The places that so many elements take at that distance.
fn dilated(n: u64, by: u64) -> i128 {
    match n.checked_sub(1) {
        None => 0,
        Some(gaps) => i128::from(gaps).saturating_mul(by.into()).saturating_add(1),
    }
}

impl WindowAxis {
    /// How many windows of `size` elements there are over `n` elements.
    pub fn count(&self, n: u64, size: u64) -> u64 {
        let places = dilated(n, self.base_dilation)
            .saturating_add(self.low.into())
            .saturating_add(self.high.into());
        let window = dilated(size, self.window_dilation);
        if places <= 0 || window > places {
            return 0;
        }
        let last = (places - window) / i128::from(self.stride.max(1));
        u64::try_from(last.saturating_add(1)).unwrap_or(u64::MAX)
    }
    /// As [`count`](Self::count), unknown if an extent is.
    pub fn windows(&self, n: Dim, size: Dim) -> Dim {
        match (n, size) {
            (Dim::Known(n), Dim::Known(k)) => Dim::Known(self.count(n, k)),
            _ => Dim::Dynamic,
        }
    }
    /// The element of `n` at which the `k`-th place of window `o` is; none in a gap or outside.
    pub fn element(&self, o: u64, k: u64, n: u64) -> Option<u64> {
        let at = i128::from(o)
            .saturating_mul(self.stride.into())
            .saturating_add(i128::from(k).saturating_mul(self.window_dilation.into()))
            .saturating_sub(self.low.into());
        let by = i128::from(self.base_dilation.max(1));
        if at < 0 || at % by != 0 {
            return None;
        }
        u64::try_from(at / by).ok().filter(|&i| i < n)
    }
    /// The place of window `o` at which element `i` is; none outside of a window of `size`.
    fn place(&self, o: u64, i: u64, size: u64) -> Option<u64> {
        let at = i128::from(i)
            .saturating_mul(self.base_dilation.into())
            .saturating_add(self.low.into())
            .saturating_sub(i128::from(o).saturating_mul(self.stride.into()));
        let by = i128::from(self.window_dilation.max(1));
        if at < 0 || at % by != 0 {
            return None;
        }
        u64::try_from(at / by).ok().filter(|&k| k < size)
    }
    /// The elements of window `o`: which of the `size` of the window (or of the kernel, if reversed) and which of the `n`, in the order of
    /// the places.
    fn taps(&self, o: u64, size: u64, n: u64, mut f: impl FnMut(u64, u64)) {
        let turned = |k: u64| if self.reversed { size - 1 - k } else { k };
        if size <= n {
            for k in 0..size {
                if let Some(i) = self.element(o, k, n) {
                    f(turned(k), i);
                }
            }
        } else {
            for i in 0..n {
                if let Some(k) = self.place(o, i, size) {
                    f(turned(k), i);
                }
            }
        }
    }
}

/// One axis of a [`Grid`].
struct GridAxis {
    window: WindowAxis,
    /// Elements of the window, of the operand, windows.
    extents: [usize; 3],
    /// How far apart they are in the kernel, the operand and the result.
    strides: [usize; 3],
}

/// All windows over an operand, with offsets into kernel, operand and result.
pub struct Grid {
    axes: Vec<GridAxis>,
}

impl Grid {
    /// Windows over the `spatial` axes of tensors: for each of kernel, operand and result its shape and the axes.
    pub fn new(windows: &[WindowAxis], tensors: [(&[usize], &[u32]); 3]) -> Grid {
        let far = tensors.map(|(shape, _)| strides(shape));
        let axis = |(k, w): (usize, &WindowAxis)| GridAxis {
            window: *w,
            extents: tensors.map(|(shape, axes)| shape[axes[k] as usize]),
            strides: [0, 1, 2].map(|t| far[t][tensors[t].1[k] as usize]),
        };
        Grid {
            axes: windows.iter().enumerate().map(axis).collect(),
        }
    }
    /// The same windows, the offsets into the kernel all 0: there is none.
    pub fn without_kernel(mut self) -> Grid {
        self.axes.iter_mut().for_each(|a| a.strides[0] = 0);
        self
    }
    /// Calls `f` for each window, in row-major order, with its offset in the result and those of its elements in kernel and operand, in
    /// row-major order. Stops at the first `None`.
    pub fn each(&self, mut f: impl FnMut(usize, &[(usize, usize)]) -> Option<()>) -> Option<()> {
        if self.axes.iter().any(|a| a.extents[2] == 0) {
            return Some(());
        }
        let rank = self.axes.len();
        let mut at = vec![0usize; rank];
        // What each number of leading axes gives; only those behind an axis that moves are found again.
        let mut found: Vec<Vec<(usize, usize)>> = vec![Vec::new(); rank + 1];
        found[0].push((0, 0));
        let mut from = 0;
        loop {
            for k in from..rank {
                let a = &self.axes[k];
                let (before, rest) = found.split_at_mut(k + 1);
                let to = &mut rest[0];
                to.clear();
                for &(p, q) in &before[k] {
                    let [size, n, _] = a.extents.map(|e| e as u64);
                    a.window.taps(at[k] as u64, size, n, |k, i| {
                        to.push((p + k as usize * a.strides[0], q + i as usize * a.strides[1]));
                    });
                }
            }
            let out = self.axes.iter().zip(&at).map(|(a, o)| a.strides[2] * o);
            f(out.sum(), &found[rank])?;
            let Some(k) = (0..rank).rfind(|&k| at[k] + 1 < self.axes[k].extents[2]) else {
                return Some(());
            };
            at[k] += 1;
            at[k + 1..].fill(0);
            from = k;
        }
    }
}
