//! Convolutions and reductions over windows, by parts that may run at the same time.
//!
//! Images are `[batch, spatial.., feature]`, row-major. Where windows lie is a table for each spatial axis ([`Axis`]), made by who calls:
//! it says all there is to strides, padding and dilation. [`conv`] has the products of convolutions, [`pool`] extremes and sums.
//!
//! Invariants: what a part writes no other part writes, and the order of every sum depends on the extents alone, so results do not depend
//! on how parts are given to threads.

pub mod conv;
pub mod pool;

/// No element: a gap, or outside.
pub const NONE: u32 = u32::MAX;

/// Where the rows (places of the result) of one spatial axis meet the elements of the source.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Places of the result.
    pub rows: usize,
    /// Places of a window.
    pub taps: usize,
    /// Elements of the source.
    pub source: usize,
    /// For each row and tap, `row * taps + tap`, the element of the source, or [`NONE`].
    pub at: Vec<u32>,
}

impl Axis {
    /// One row, one tap, one element.
    pub fn single() -> Axis {
        Axis {
            rows: 1,
            taps: 1,
            source: 1,
            at: vec![0],
        }
    }
    /// The elements of a row.
    pub fn row(&self, r: usize) -> &[u32] {
        &self.at[r * self.taps..(r + 1) * self.taps]
    }
    /// Whether the table is as long as it says, and names elements that are there.
    pub fn is_valid(&self) -> bool {
        self.rows.checked_mul(self.taps) == Some(self.at.len())
            && self
                .at
                .iter()
                .all(|&s| s == NONE || (s as usize) < self.source)
    }
}

/// The indices of place `i` of a row-major grid.
fn unravel(mut i: usize, extents: impl DoubleEndedIterator<Item = usize>) -> Vec<usize> {
    let mut out: Vec<usize> = extents
        .rev()
        .map(|n| {
            let k = i % n.max(1);
            i /= n.max(1);
            k
        })
        .collect();
    out.reverse();
    out
}
