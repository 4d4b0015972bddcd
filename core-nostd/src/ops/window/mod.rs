//! Convolutions, and reductions over windows.
//!
//! A convolution is a trilinear form: the sum, over all windows, their elements and the features, of `lhs * rhs * out`. Leaving one of the
//! three out gives [`WindowOp::Convolution`] and its two transposes, each of which is linear in either operand, with the other two as
//! *its* transposes. So nothing is computed of paddings, and extents may be unknown ([`convolution`]). [`forward`] writes a transpose
//! as a convolution of its own, for who has only those.
//!
//! Reductions over windows: the sum and its transpose `spread_window`; extremes, whose tangents are gathered from the selected elements and
//! whose cotangents are scattered to them ([`reduce`]).
//!
//! Edge policy: of equal extremes the first in the row-major order of the window is selected, a NaN before all; what lies wholly outside the
//! operand has no selected element. Convolutions of no elements are 0. A `?` of a shape that does not agree with the operands traps.

mod batch;
mod convolution;
pub mod forward;
mod geometry;
mod reduce;
mod rules;

use super::extent::{arity, compatible, int_scalars, tensor, unknowns};
use super::{Args, Effects, EvalCx, Simplified, SimplifyCx};
use crate::error::{TrapKind, Why};
use crate::ir::{DType, Dim, Shape, Type, WindowOp, WindowReduce, Windows};
use crate::value::Val;
use alloc::vec;
use alloc::vec::Vec;

pub(super) use batch::{batch, forms};
pub use convolution::result_shape;
pub use geometry::Grid;
pub(super) use rules::{jvp, transpose};

pub(super) fn mnemonic(op: &WindowOp) -> &'static str {
    use crate::ir::Extreme;
    match op {
        WindowOp::Convolution(_) => "convolution",
        WindowOp::ConvolutionLhs(..) => "convolution_lhs",
        WindowOp::ConvolutionRhs(..) => "convolution_rhs",
        WindowOp::Reduce(WindowReduce::Sum, _) => "reduce_window_sum",
        WindowOp::Reduce(WindowReduce::Min, _) => "reduce_window_min",
        WindowOp::Reduce(WindowReduce::Max, _) => "reduce_window_max",
        WindowOp::Spread(..) => "spread_window",
        WindowOp::SelectAndScatter(Extreme::Min, _) => "select_and_scatter_min",
        WindowOp::SelectAndScatter(Extreme::Max, _) => "select_and_scatter_max",
        WindowOp::SelectAndGather(Extreme::Min, _) => "select_and_gather_min",
        WindowOp::SelectAndGather(Extreme::Max, _) => "select_and_gather_max",
    }
}

/// The shape that an op gives by attribute and operands, and where those operands start.
pub fn given_shape(op: &WindowOp) -> Option<(&Shape, usize)> {
    match op {
        WindowOp::ConvolutionLhs(_, s) | WindowOp::ConvolutionRhs(_, s) => Some((s, 2)),
        WindowOp::Spread(_, s) => Some((s, 1)),
        WindowOp::Convolution(_)
        | WindowOp::Reduce(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => None,
    }
}

/// Checks that two operands are of one element type, and one that has a sum; of an extreme also an order.
fn element(tys: &[Type], ordered: bool) -> Result<DType, Why> {
    let d = tensor(tys, 0)?.dtype;
    if d == DType::Bool {
        return Err(Why::Kind {
            operand: 0,
            want: "a tensor of numbers",
        });
    }
    if ordered && d.is_complex() {
        return Err(Why::Kind {
            operand: 0,
            want: "a tensor of ordered numbers (not complex)",
        });
    }
    Ok(d)
}

fn same_element(tys: &[Type]) -> Result<(), Why> {
    if tensor(tys, 0)?.dtype != tensor(tys, 1)?.dtype {
        return Err(Why::Mismatch {
            a: 0,
            b: 1,
            what: "element type",
        });
    }
    Ok(())
}

/// Checks that operand `i` may have the shape `want`.
fn shaped(tys: &[Type], i: usize, want: Vec<Dim>) -> Result<(), Why> {
    let t = tensor(tys, i)?;
    if compatible(&tys[i], &Type::tensor(t.dtype, want)) {
        Ok(())
    } else {
        Err(Why::Attribute(
            "an operand is not of the shape that the windows give",
        ))
    }
}

/// The shape of a reduction over windows.
pub fn reduced_shape(w: &Windows, shape: &[Dim]) -> Result<Vec<Dim>, Why> {
    geometry::check(&w.axes)?;
    if w.axes.len() != shape.len() || w.size.len() != shape.len() {
        return Err(Why::Attribute("each axis needs a window"));
    }
    if w.size.contains(&0) || w.axes.iter().any(|a| a.reversed) {
        return Err(Why::Attribute(
            "a window that is reduced has an element at least, and is not reversed",
        ));
    }
    let axes = w.axes.iter().zip(&w.size).zip(shape);
    Ok(axes
        .map(|((a, k), n)| a.windows(*n, Dim::Known(*k)))
        .collect())
}

pub(super) fn infer(op: &WindowOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    const SIZES: &str = "the tensors and one extent for each `?`";
    Ok(vec![match op {
        WindowOp::Convolution(c) => {
            arity(tys, 2, "2")?;
            let d = element(tys, false)?;
            same_element(tys)?;
            Type::tensor(
                d,
                result_shape(c, &tensor(tys, 0)?.shape, &tensor(tys, 1)?.shape)?,
            )
        }
        WindowOp::ConvolutionLhs(c, shape) => {
            arity(tys, 2 + unknowns(shape), SIZES)?;
            let d = element(tys, false)?;
            same_element(tys)?;
            int_scalars(tys, 2)?;
            shaped(tys, 0, result_shape(c, shape, &tensor(tys, 1)?.shape)?)?;
            Type::tensor(d, shape.iter().copied())
        }
        WindowOp::ConvolutionRhs(c, shape) => {
            arity(tys, 2 + unknowns(shape), SIZES)?;
            let d = element(tys, false)?;
            same_element(tys)?;
            int_scalars(tys, 2)?;
            shaped(tys, 1, result_shape(c, &tensor(tys, 0)?.shape, shape)?)?;
            Type::tensor(d, shape.iter().copied())
        }
        WindowOp::Reduce(r, w) => {
            arity(tys, 1, "1")?;
            let d = element(tys, *r != WindowReduce::Sum)?;
            Type::tensor(d, reduced_shape(w, &tensor(tys, 0)?.shape)?)
        }
        WindowOp::Spread(w, shape) => {
            arity(tys, 1 + unknowns(shape), SIZES)?;
            let d = element(tys, false)?;
            int_scalars(tys, 1)?;
            shaped(tys, 0, reduced_shape(w, shape)?)?;
            Type::tensor(d, shape.iter().copied())
        }
        WindowOp::SelectAndScatter(_, w) => {
            arity(tys, 2, "2")?;
            element(tys, true)?;
            same_element(tys)?;
            shaped(tys, 1, reduced_shape(w, &tensor(tys, 0)?.shape)?)?;
            tys[0].clone()
        }
        WindowOp::SelectAndGather(_, w) => {
            arity(tys, 2, "2")?;
            let d = element(tys, true)?;
            same_element(tys)?;
            shaped(tys, 1, tensor(tys, 0)?.shape.clone())?;
            Type::tensor(d, reduced_shape(w, &tensor(tys, 0)?.shape)?)
        }
    }])
}

pub(super) fn effects(op: &WindowOp, tys: &[&Type]) -> Effects {
    let floats = tys[0].dtype().is_some_and(DType::is_differentiable);
    let fixed =
        tys.iter().all(|t| t.is_static()) && given_shape(op).is_none_or(|(s, _)| unknowns(s) == 0);
    let traps = match op {
        WindowOp::Reduce(WindowReduce::Min | WindowReduce::Max, _) => false,
        WindowOp::Reduce(WindowReduce::Sum, _) => !floats,
        WindowOp::SelectAndGather(..) => !fixed,
        WindowOp::Convolution(_)
        | WindowOp::ConvolutionLhs(..)
        | WindowOp::ConvolutionRhs(..)
        | WindowOp::Spread(..)
        | WindowOp::SelectAndScatter(..) => !(floats && fixed),
    };
    if traps {
        Effects::MayTrap
    } else {
        Effects::Pure
    }
}

pub(super) fn eval(
    op: &WindowOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    out.push(match op {
        WindowOp::Convolution(_) | WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..) => {
            convolution::eval(op, args, cx)?
        }
        WindowOp::Reduce(..)
        | WindowOp::Spread(..)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => reduce::eval(op, args, cx)?,
    });
    Ok(())
}

pub(super) fn simplify(_: &WindowOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

#[cfg(test)]
mod tests;
