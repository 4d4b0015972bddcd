//! Convolutions and their transposes: shapes and values.
//!
//! With `g` feature groups (or batch groups), `N` the result's batch, `I` the kernel's input features and `O` the result's features of a
//! group, the terms of the trilinear form are, for each window `o` with its places `k`,
//!
//! `lhs[n, (g, i), o + k] * rhs[k, i, (g, c)] * out[n, (g, c), o]`, or with batch groups `lhs[(g, n), i, o + k]`.
//!
//! Each op adds, from 0, the terms of the two operands that it has: in the order of windows, batch, places, result's features, input features.

use super::geometry::{Grid, check};
use crate::error::{TrapKind, Why};
use crate::ir::{Convolution, Dim, Shape, WindowOp};
use crate::on_each;
use crate::ops::extent::{as_tensor, confusion, extents, mismatch, no_memory, room, strides};
use crate::ops::number::Num;
use crate::ops::{Args, EvalCx};
use crate::value::{Data, Tensor, Val};
use alloc::vec;
use alloc::vec::Vec;

/// Checks that the axes of a tensor are each named once.
fn named(rank: usize, axes: impl Iterator<Item = u32>) -> Result<(), Why> {
    let mut seen = vec![false; rank];
    let mut count = 0;
    for k in axes {
        let at = crate::ops::extent::axis(k, rank)?;
        if core::mem::replace(&mut seen[at], true) {
            return Err(Why::Axis { axis: k, rank });
        }
        count += 1;
    }
    if count != rank {
        return Err(Why::Attribute("every axis has a meaning in a convolution"));
    }
    Ok(())
}

/// Whether the extent is that many times a number, if known.
fn divisible(d: Dim, by: u64) -> bool {
    d.known().is_none_or(|n| n.is_multiple_of(by))
}

/// The shape of a convolution by that of operand and kernel.
pub fn result_shape(c: &Convolution, lhs: &[Dim], rhs: &[Dim]) -> Result<Vec<Dim>, Why> {
    check(&c.window)?;
    let spatial = c.window.len();
    let counts = [&c.lhs.spatial, &c.rhs.spatial, &c.out.spatial];
    if counts.iter().any(|s| s.len() != spatial) {
        return Err(Why::Attribute("each spatial axis needs a window"));
    }
    for image in [&c.lhs, &c.out] {
        let two = [image.batch, image.feature];
        named(
            spatial + 2,
            two.into_iter().chain(image.spatial.iter().copied()),
        )?;
    }
    let two = [c.rhs.input, c.rhs.output];
    named(
        spatial + 2,
        two.into_iter().chain(c.rhs.spatial.iter().copied()),
    )?;
    for (operand, shape) in [(0, lhs), (1, rhs)] {
        if shape.len() != spatial + 2 {
            return Err(Why::Kind {
                operand,
                want: "a tensor of the spatial axes and two more",
            });
        }
    }
    let (g, h) = (c.feature_groups, c.batch_groups);
    if g == 0 || h == 0 || (g > 1 && h > 1) {
        return Err(Why::Attribute(
            "features or batch are in groups, not both, and there is one at least",
        ));
    }
    let (features, batch) = (lhs[c.lhs.feature as usize], lhs[c.lhs.batch as usize]);
    let (input, output) = (rhs[c.rhs.input as usize], rhs[c.rhs.output as usize]);
    if !divisible(features, g) || !divisible(batch, h) || !divisible(output, g.max(h)) {
        return Err(Why::Attribute("the groups are not of one size"));
    }
    if let (Dim::Known(a), Dim::Known(b)) = (features, input)
        && a / g != b
    {
        return Err(Why::Mismatch {
            a: 0,
            b: 1,
            what: "number of input features",
        });
    }
    let mut out = vec![Dim::Dynamic; spatial + 2];
    out[c.out.batch as usize] = match batch {
        Dim::Known(n) => Dim::Known(n / h),
        Dim::Dynamic => Dim::Dynamic,
    };
    out[c.out.feature as usize] = output;
    for (k, w) in c.window.iter().enumerate() {
        let n = lhs[c.lhs.spatial[k] as usize];
        let size = rhs[c.rhs.spatial[k] as usize];
        out[c.out.spatial[k] as usize] = w.windows(n, size);
    }
    Ok(out)
}

/// Extents as numbers.
fn known(shape: &[usize]) -> Vec<Dim> {
    shape.iter().map(|&n| Dim::Known(n as u64)).collect()
}

/// Calls `f` with the offsets into operand, kernel and result of each term of the form.
fn terms(
    c: &Convolution,
    [l, r, o]: [&[usize]; 3],
    mut f: impl FnMut(usize, usize, usize) -> Option<()>,
) -> Option<()> {
    let far = [l, r, o].map(strides);
    let grid = Grid::new(
        &c.window,
        [
            (r, &c.rhs.spatial[..]),
            (l, &c.lhs.spatial),
            (o, &c.out.spatial),
        ],
    );
    let batch = o[c.out.batch as usize];
    let outputs = o[c.out.feature as usize];
    let inputs = r[c.rhs.input as usize];
    let each = outputs / c.feature_groups.max(c.batch_groups) as usize;
    let (lb, lf) = (far[0][c.lhs.batch as usize], far[0][c.lhs.feature as usize]);
    let (ri, ro) = (far[1][c.rhs.input as usize], far[1][c.rhs.output as usize]);
    let (ob, of) = (far[2][c.out.batch as usize], far[2][c.out.feature as usize]);
    // What a group is further on in the operand.
    let group = if c.batch_groups > 1 {
        batch * lb
    } else {
        inputs * lf
    };
    grid.each(|out, window| {
        for n in 0..batch {
            for &(place, at) in window {
                for feature in 0..outputs {
                    let l = at + n * lb + feature / each * group;
                    let r = place + feature * ro;
                    let o = out + n * ob + feature * of;
                    for i in 0..inputs {
                        f(l + i * lf, r + i * ri, o)?;
                    }
                }
            }
        }
        Some(())
    })
}

/// What an op is given: the first and second operand and the result, by what they are.
enum Part {
    Out,
    Lhs,
    Rhs,
}

pub(super) fn eval(op: &WindowOp, args: &Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let name = super::mnemonic(op);
    let (a, b) = (as_tensor(args.get(0), name)?, as_tensor(args.get(1), name)?);
    if a.dtype() != b.dtype() {
        return Err(confusion(name));
    }
    let shape_of = |s: &Shape| extents(s, args, 2);
    let (c, part, shape) = match op {
        WindowOp::Convolution(c) => (c, Part::Out, Vec::new()),
        WindowOp::ConvolutionLhs(c, s) => (c, Part::Lhs, shape_of(s)?),
        WindowOp::ConvolutionRhs(c, s) => (c, Part::Rhs, shape_of(s)?),
        WindowOp::Reduce(..)
        | WindowOp::Spread(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => return Err(confusion(name)),
    };
    let (l, r) = match part {
        Part::Out => (&a.shape, &b.shape),
        Part::Lhs => (&shape, &b.shape),
        Part::Rhs => (&a.shape, &shape),
    };
    let out = result_shape(c, &known(l), &known(r)).map_err(|_| mismatch(name, l, r))?;
    let out: Vec<usize> = out
        .iter()
        .map(|d| d.known().and_then(|n| usize::try_from(n).ok()))
        .map(|n| n.unwrap_or(usize::MAX))
        .collect();
    let given = match part {
        Part::Out => &out,
        Part::Lhs => &a.shape,
        Part::Rhs => &b.shape,
    };
    if *given != out {
        return Err(mismatch(name, given, &out));
    }
    let shapes = [&l[..], &r[..], &out[..]];
    let to = match part {
        Part::Out => &out,
        Part::Lhs | Part::Rhs => &shape,
    };
    let n = room(to, a.dtype(), cx)?;
    fn go<T: Num>(
        a: &[T],
        b: &Data,
        c: &Convolution,
        part: &Part,
        shapes: [&[usize]; 3],
        n: usize,
    ) -> Result<Data, TrapKind> {
        let mut out: Vec<T> = Vec::new();
        out.try_reserve_exact(n)
            .map_err(|_| no_memory(n, T::DTYPE))?;
        out.resize(n, T::ZERO);
        let b = T::slice(b).unwrap_or(&[]);
        if a.is_empty() || b.is_empty() || n == 0 {
            return Ok(T::data(out));
        }
        let mut add = |to: usize, x: T, y: T| -> Option<()> {
            out[to] = out[to].plus(x.times(y)?)?;
            Some(())
        };
        let done = match part {
            Part::Out => terms(c, shapes, |l, r, o| add(o, a[l], b[r])),
            Part::Lhs => terms(c, shapes, |l, r, o| add(l, a[o], b[r])),
            Part::Rhs => terms(c, shapes, |l, r, o| add(r, a[l], b[o])),
        };
        done.ok_or(TrapKind::IntegerOverflow { op: "convolution" })?;
        Ok(T::data(out))
    }
    let data = on_each!(Data, &a.data, v => go(v, &b.data, c, &part, shapes, n))?;
    Ok(Val::tensor(Tensor {
        shape: to.clone(),
        data,
    }))
}
