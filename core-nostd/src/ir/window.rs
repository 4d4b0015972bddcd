//! Operations on windows, as data: convolutions, and reductions over windows. What they mean is in [`crate::ops::window`].
//!
//! The attributes are StableHLO's, of the convolution or the reduction forwards, also where the op is a transpose of it: so one
//! description serves an op and its derivatives, whatever extents are unknown.

use super::types::Shape;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Where the windows lie along one axis.
///
/// Window `o` takes, as its element `k`, the place `o * stride + k * window_dilation` of the operand with `base_dilation - 1`
/// gaps between its elements and `low` and `high` places around it. Gaps and places around hold nothing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct WindowAxis {
    /// From one window to the next.
    pub stride: u64,
    /// Places before the first element; negative ones leave elements out.
    pub low: i64,
    /// Places after the last element; negative ones leave elements out.
    pub high: i64,
    /// From one element of the operand to the next: `lhs_dilation` of a convolution.
    pub base_dilation: u64,
    /// From one place of a window to the next: `rhs_dilation` of a convolution.
    pub window_dilation: u64,
    /// The elements of the window are taken from its end. Convolutions only.
    pub reversed: bool,
}

impl WindowAxis {
    /// Windows without gaps at that distance.
    pub const fn strided(stride: u64) -> WindowAxis {
        WindowAxis {
            stride,
            low: 0,
            high: 0,
            base_dilation: 1,
            window_dilation: 1,
            reversed: false,
        }
    }
    /// The same windows, with places around the operand.
    pub const fn padded(self, low: i64, high: i64) -> WindowAxis {
        WindowAxis { low, high, ..self }
    }
}

impl Default for WindowAxis {
    fn default() -> WindowAxis {
        WindowAxis::strided(1)
    }
}

/// Which axes of the operand or the result of a convolution are what.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ImageAxes {
    /// The batch.
    pub batch: u32,
    /// The features (channels).
    pub feature: u32,
    /// The spatial axes.
    pub spatial: Vec<u32>,
}

/// Which axes of the kernel of a convolution are what.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct KernelAxes {
    /// The features of the operand, of one group.
    pub input: u32,
    /// The features of the result.
    pub output: u32,
    /// The spatial axes, in the order of the operand's.
    pub spatial: Vec<u32>,
}

/// A convolution: StableHLO's, with dimension numbers and all.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Convolution {
    /// The axes of the left operand.
    pub lhs: ImageAxes,
    /// The axes of the right operand, the kernel.
    pub rhs: KernelAxes,
    /// The axes of the result.
    pub out: ImageAxes,
    /// The windows, by spatial axis.
    pub window: Vec<WindowAxis>,
    /// The left operand's features are so many groups, each of which makes a part of the result's features.
    pub feature_groups: u64,
    /// The left operand's batch is so many groups, each of which makes a part of the result's features. One of the two is 1.
    pub batch_groups: u64,
}

impl Default for Convolution {
    fn default() -> Convolution {
        Convolution {
            lhs: ImageAxes::default(),
            rhs: KernelAxes::default(),
            out: ImageAxes::default(),
            window: Vec::new(),
            feature_groups: 1,
            batch_groups: 1,
        }
    }
}

impl Convolution {
    /// Images `[batch, spatial.., feature]` and kernels `[spatial.., input, output]`: NHWC and HWIO.
    pub fn channels_last(window: Vec<WindowAxis>) -> Convolution {
        let n = window.len() as u32;
        let image = ImageAxes {
            batch: 0,
            feature: n + 1,
            spatial: (1..=n).collect(),
        };
        Convolution {
            lhs: image.clone(),
            rhs: KernelAxes {
                input: n,
                output: n + 1,
                spatial: (0..n).collect(),
            },
            out: image,
            window,
            ..Convolution::default()
        }
    }
    /// Images `[batch, feature, spatial..]` and kernels `[output, input, spatial..]`: NCHW and OIHW.
    pub fn channels_first(window: Vec<WindowAxis>) -> Convolution {
        let n = window.len() as u32;
        let spatial: Vec<u32> = (2..n + 2).collect();
        let image = ImageAxes {
            batch: 0,
            feature: 1,
            spatial: spatial.clone(),
        };
        Convolution {
            lhs: image.clone(),
            rhs: KernelAxes {
                input: 1,
                output: 0,
                spatial,
            },
            out: image,
            window,
            ..Convolution::default()
        }
    }
}

/// The windows of a reduction: for each axis of the operand how long they are (at least 1) and where they lie.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Windows {
    /// The elements of a window along each axis.
    pub size: Vec<u64>,
    /// Where they lie along each axis.
    pub axes: Vec<WindowAxis>,
}

/// What is made of the elements of a window.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WindowReduce {
    /// Their sum.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// Which element of a window is selected: the first NaN, else the first extreme in the row-major order of the window.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Extreme {
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// Convolutions and reductions over windows. A convolution and its transposes are one trilinear form of operand, kernel and result: each
/// gives the third by the other two.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum WindowOp {
    /// Operands: lhs, rhs.
    Convolution(Box<Convolution>),
    /// The transpose by the left operand, of which the shape is given. Operands: a value shaped as the result, rhs, extents `?` in
    /// order as `u64`.
    ConvolutionLhs(Box<Convolution>, Shape),
    /// The transpose by the right operand, of which the shape is given. Operands: lhs, a value shaped as the result, extents `?` in
    /// order as `u64`.
    ConvolutionRhs(Box<Convolution>, Shape),
    /// Operand: a. One element for each window; where the window is of gaps and places around alone, 0 or the type's extreme.
    Reduce(WindowReduce, Windows),
    /// The transpose of the sum over windows, whose operand's shape is given: each element is added to all places of its window.
    /// Operands: a value shaped as the result, extents `?` in order as `u64`.
    Spread(Windows, Shape),
    /// What the second operand, which is shaped as the reduction of the first, has for each window is added at the element of the window that
    /// is selected in the first. The result is shaped as the first. StableHLO's `select_and_scatter` with `add`.
    SelectAndScatter(Extreme, Windows),
    /// The elements of the second operand that are selected in the first, which is of its shape; 0 where there is none. The
    /// transpose of [`WindowOp::SelectAndScatter`].
    SelectAndGather(Extreme, Windows),
}
