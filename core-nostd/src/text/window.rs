//! The attributes of convolutions and of reductions over windows, written and read; in StableHLO's words.
//!
//! `convolution[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f] stride[2, 2] pad[(1, 1), (0, 0)] lhs_dilate[1, 1] rhs_dilate[1, 1] reverse[0, 0]
//! feature_groups[1] batch_groups[1] of[2, ?, ?, 3]`: which axis is what in operand, kernel and result, then the windows by spatial axis. A
//! reduction starts with the sizes of the windows, `reduce_window_max[1, 2, 2, 1]`. What is as it is without being said is not written. `of` is
//! the shape that a transpose is given.

use super::cursor::{Cursor, Result};
use super::parse::FuncParser;
use crate::ir::{Convolution, Dim, ImageAxes, KernelAxes, Shape, WindowAxis, WindowOp, Windows};
use crate::ops::window::given_shape;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{Display, Write};

fn list<T: Display>(out: &mut String, items: impl Iterator<Item = T>) {
    out.push('[');
    for (k, x) in items.enumerate() {
        let _ = write!(out, "{}{x}", if k == 0 { "" } else { ", " });
    }
    out.push(']');
}

/// What each axis of a tensor is: two with a name, spatial ones by number.
fn axes(out: &mut String, named: [(u32, char); 2], spatial: &[u32]) {
    let of = |k: u32| match named.iter().find(|n| n.0 == k) {
        Some((_, c)) => String::from(*c),
        None => match spatial.iter().position(|&s| s == k) {
            Some(at) => format!("{at}"),
            None => String::from("?"),
        },
    };
    list(out, (0..spatial.len() as u32 + 2).map(of));
}

fn image(out: &mut String, a: &ImageAxes) {
    axes(out, [(a.batch, 'b'), (a.feature, 'f')], &a.spatial);
}

/// An attribute, unless all of it is as it is without being said.
fn attribute<T: Display + PartialEq>(out: &mut String, name: &str, items: Vec<T>, usual: &T) {
    if items.iter().any(|x| x != usual) {
        let _ = write!(out, " {name}");
        list(out, items.into_iter());
    }
}

fn windows(out: &mut String, w: &[WindowAxis]) {
    attribute(out, "stride", w.iter().map(|a| a.stride).collect(), &1);
    let pad: Vec<String> = w
        .iter()
        .map(|a| format!("({}, {})", a.low, a.high))
        .collect();
    attribute(out, "pad", pad, &String::from("(0, 0)"));
    let by = w.iter().map(|a| a.base_dilation).collect();
    attribute(out, "lhs_dilate", by, &1);
    let by = w.iter().map(|a| a.window_dilation).collect();
    attribute(out, "rhs_dilate", by, &1);
    let turned = w.iter().map(|a| u8::from(a.reversed)).collect();
    attribute(out, "reverse", turned, &0);
}

/// Writes the attributes of an op.
pub(super) fn write(out: &mut String, op: &WindowOp) {
    match op {
        WindowOp::Convolution(c)
        | WindowOp::ConvolutionLhs(c, _)
        | WindowOp::ConvolutionRhs(c, _) => {
            image(out, &c.lhs);
            out.push('x');
            let named = [(c.rhs.input, 'i'), (c.rhs.output, 'o')];
            axes(out, named, &c.rhs.spatial);
            out.push_str("->");
            image(out, &c.out);
            windows(out, &c.window);
            attribute(out, "feature_groups", vec![c.feature_groups], &1);
            attribute(out, "batch_groups", vec![c.batch_groups], &1);
        }
        WindowOp::Reduce(_, w)
        | WindowOp::Spread(w, _)
        | WindowOp::SelectAndScatter(_, w)
        | WindowOp::SelectAndGather(_, w) => {
            list(out, w.size.iter());
            windows(out, &w.axes);
        }
    }
    if let Some((shape, _)) = given_shape(op) {
        out.push_str(" of");
        list(out, shape.iter());
    }
}

/// The named axes, in that order, and the spatial ones.
fn read_axes(c: &mut Cursor<'_>, named: [&str; 2]) -> Result<([u32; 2], Vec<u32>)> {
    let start = c.peek();
    let mut at = [None; 2];
    let mut spatial: Vec<Option<u32>> = Vec::new();
    // 0 and 1 are the named ones, the spatial ones come after.
    let all: Vec<usize> = c.brackets(|c| match named.iter().position(|n| c.eat(n)) {
        Some(k) => Ok(k),
        None => Ok(2 + c.int::<u16>("a spatial axis")? as usize),
    })?;
    let wrong = || {
        start.error(format!(
            "expected `{}`, `{}` and the spatial axes from 0, each once",
            named[0], named[1]
        ))
    };
    let count = all.len().checked_sub(2).ok_or_else(wrong)?;
    spatial.resize(count, None);
    for (k, what) in all.iter().enumerate() {
        let to = match what {
            0 | 1 => &mut at[*what],
            s => spatial.get_mut(s - 2).ok_or_else(wrong)?,
        };
        if to.replace(k as u32).is_some() {
            return Err(wrong());
        }
    }
    let spatial: Option<Vec<u32>> = spatial.into_iter().collect();
    match (at, spatial) {
        ([Some(a), Some(b)], Some(s)) => Ok(([a, b], s)),
        _ => Err(wrong()),
    }
}

fn read_image(c: &mut Cursor<'_>) -> Result<ImageAxes> {
    let ([batch, feature], spatial) = read_axes(c, ["b", "f"])?;
    Ok(ImageAxes {
        batch,
        feature,
        spatial,
    })
}

impl FuncParser<'_, '_> {
    /// The items of an attribute, if it is there: as many as there are windows.
    fn by_window<T>(
        &mut self,
        name: &str,
        w: &mut [WindowAxis],
        item: impl FnMut(&mut Cursor<'_>) -> Result<T>,
        mut set: impl FnMut(&mut WindowAxis, T),
    ) -> Result<()> {
        let start = self.c.peek();
        if !self.attribute(name) {
            return Ok(());
        }
        let items = self.c.brackets(item)?;
        if items.len() != w.len() {
            return Err(start.error(format!("expected {} of `{name}`", w.len())));
        }
        for (a, x) in w.iter_mut().zip(items) {
            set(a, x);
        }
        Ok(())
    }

    fn windows(&mut self, count: usize) -> Result<Vec<WindowAxis>> {
        let mut w = vec![WindowAxis::default(); count];
        let number = |c: &mut Cursor<'_>| c.int::<u64>("a distance");
        self.by_window("stride", &mut w, number, |a, x| a.stride = x)?;
        let pair = |c: &mut Cursor<'_>| {
            c.expect("(")?;
            let low = c.int::<i64>("a number of places")?;
            c.expect(",")?;
            let high = c.int::<i64>("a number of places")?;
            c.expect(")")?;
            Ok((low, high))
        };
        self.by_window("pad", &mut w, pair, |a, x| (a.low, a.high) = x)?;
        self.by_window("lhs_dilate", &mut w, number, |a, x| a.base_dilation = x)?;
        self.by_window("rhs_dilate", &mut w, number, |a, x| a.window_dilation = x)?;
        let bit = |c: &mut Cursor<'_>| {
            let start = c.peek();
            match c.int::<u8>("0 or 1")? {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(start.error("expected 0 or 1")),
            }
        };
        self.by_window("reverse", &mut w, bit, |a, x| a.reversed = x)?;
        Ok(w)
    }

    fn groups(&mut self, name: &str) -> Result<u64> {
        if !self.attribute(name) {
            return Ok(1);
        }
        self.c.expect("[")?;
        let n = self.c.int("a number of groups")?;
        self.c.expect("]")?;
        Ok(n)
    }

    fn convolution(&mut self) -> Result<Box<Convolution>> {
        let lhs = read_image(self.c)?;
        self.c.expect("x")?;
        let ([input, output], spatial) = read_axes(self.c, ["i", "o"])?;
        self.c.expect("->")?;
        let out = read_image(self.c)?;
        let window = self.windows(lhs.spatial.len())?;
        Ok(Box::new(Convolution {
            lhs,
            rhs: KernelAxes {
                input,
                output,
                spatial,
            },
            out,
            window,
            feature_groups: self.groups("feature_groups")?,
            batch_groups: self.groups("batch_groups")?,
        }))
    }

    fn reduced(&mut self) -> Result<Windows> {
        let size = self.c.brackets(|c| c.int("the size of a window"))?;
        Ok(Windows {
            axes: self.windows(size.len())?,
            size,
        })
    }

    fn of(&mut self) -> Result<Shape> {
        self.c.expect("of")?;
        self.c.brackets(|c| -> Result<Dim> { c.dim() })
    }

    /// Reads the attributes of an op that starts as `proto`.
    pub(super) fn window_op(&mut self, proto: WindowOp) -> Result<WindowOp> {
        Ok(match proto {
            WindowOp::Convolution(_) => WindowOp::Convolution(self.convolution()?),
            WindowOp::ConvolutionLhs(..) => {
                WindowOp::ConvolutionLhs(self.convolution()?, self.of()?)
            }
            WindowOp::ConvolutionRhs(..) => {
                WindowOp::ConvolutionRhs(self.convolution()?, self.of()?)
            }
            WindowOp::Reduce(r, _) => WindowOp::Reduce(r, self.reduced()?),
            WindowOp::Spread(..) => WindowOp::Spread(self.reduced()?, self.of()?),
            WindowOp::SelectAndScatter(e, _) => WindowOp::SelectAndScatter(e, self.reduced()?),
            WindowOp::SelectAndGather(e, _) => WindowOp::SelectAndGather(e, self.reduced()?),
        })
    }
}
