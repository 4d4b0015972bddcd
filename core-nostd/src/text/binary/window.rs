//! Convolutions and reductions over windows as bytes: family 20, the code by the op's name.

use super::io::{Reader, Result, Writer};
use crate::ir::{Convolution, ImageAxes, KernelAxes, WindowAxis, WindowOp, Windows};
use crate::ops::window::given_shape;
use crate::text::names::window_ops;
use alloc::boxed::Box;
use core::mem::discriminant;

/// Whether two ops have one name: equal up to attributes.
fn alike(a: &WindowOp, b: &WindowOp) -> bool {
    use WindowOp as W;
    discriminant(a) == discriminant(b)
        && match (a, b) {
            (W::Reduce(x, _), W::Reduce(y, _)) => x == y,
            (W::SelectAndScatter(x, _), W::SelectAndScatter(y, _))
            | (W::SelectAndGather(x, _), W::SelectAndGather(y, _)) => x == y,
            _ => true,
        }
}

impl Writer {
    fn image(&mut self, a: &ImageAxes) {
        self.u32(a.batch);
        self.u32(a.feature);
        self.u32s(&a.spatial);
    }
    fn windows(&mut self, w: &[WindowAxis]) {
        self.list(w, |w, a| {
            w.uint(a.stride);
            w.int(a.low);
            w.int(a.high);
            w.uint(a.base_dilation);
            w.uint(a.window_dilation);
            w.byte(a.reversed.into());
        });
    }
    pub(super) fn window_op(&mut self, op: &WindowOp) {
        self.byte(20);
        self.byte(window_ops().position(|o| alike(&o, op)).unwrap_or(0xff) as u8);
        match op {
            WindowOp::Convolution(c)
            | WindowOp::ConvolutionLhs(c, _)
            | WindowOp::ConvolutionRhs(c, _) => {
                self.image(&c.lhs);
                self.u32(c.rhs.input);
                self.u32(c.rhs.output);
                self.u32s(&c.rhs.spatial);
                self.image(&c.out);
                self.windows(&c.window);
                self.uint(c.feature_groups);
                self.uint(c.batch_groups);
            }
            WindowOp::Reduce(_, w)
            | WindowOp::Spread(w, _)
            | WindowOp::SelectAndScatter(_, w)
            | WindowOp::SelectAndGather(_, w) => {
                self.list(&w.size, |w, n| w.uint(*n));
                self.windows(&w.axes);
            }
        }
        if let Some((shape, _)) = given_shape(op) {
            self.shape(shape);
        }
    }
}

impl Reader<'_> {
    fn image(&mut self) -> Result<ImageAxes> {
        Ok(ImageAxes {
            batch: self.u32()?,
            feature: self.u32()?,
            spatial: self.u32s()?,
        })
    }
    fn window(&mut self) -> Result<WindowAxis> {
        Ok(WindowAxis {
            stride: self.uint()?,
            low: self.int()?,
            high: self.int()?,
            base_dilation: self.uint()?,
            window_dilation: self.uint()?,
            reversed: self.one_of(&[false, true], "a `bool` is 0 or 1")?,
        })
    }
    fn convolution(&mut self) -> Result<Box<Convolution>> {
        Ok(Box::new(Convolution {
            lhs: self.image()?,
            rhs: KernelAxes {
                input: self.u32()?,
                output: self.u32()?,
                spatial: self.u32s()?,
            },
            out: self.image()?,
            window: self.list(Self::window)?,
            feature_groups: self.uint()?,
            batch_groups: self.uint()?,
        }))
    }
    fn reduced(&mut self) -> Result<Windows> {
        Ok(Windows {
            size: self.list(Self::uint)?,
            axes: self.list(Self::window)?,
        })
    }
    pub(super) fn window_op(&mut self, code: u8) -> Result<WindowOp> {
        let Some(proto) = window_ops().nth(code.into()) else {
            return self.error("no such op");
        };
        Ok(match proto {
            WindowOp::Convolution(_) => WindowOp::Convolution(self.convolution()?),
            WindowOp::ConvolutionLhs(..) => {
                WindowOp::ConvolutionLhs(self.convolution()?, self.shape()?)
            }
            WindowOp::ConvolutionRhs(..) => {
                WindowOp::ConvolutionRhs(self.convolution()?, self.shape()?)
            }
            WindowOp::Reduce(r, _) => WindowOp::Reduce(r, self.reduced()?),
            WindowOp::Spread(..) => WindowOp::Spread(self.reduced()?, self.shape()?),
            WindowOp::SelectAndScatter(e, _) => WindowOp::SelectAndScatter(e, self.reduced()?),
            WindowOp::SelectAndGather(e, _) => WindowOp::SelectAndGather(e, self.reduced()?),
        })
    }
}
