//! Derivative rules: every op is linear in one operand at a time, and the families of transposes are closed.

use super::super::extent::{give, operand_extents};
use super::super::{JvpCx, TransposeCx, not_differentiable};
use crate::entity::Value;
use crate::error::AdError;
use crate::ir::{DType, Extreme, Op, Shape, UnaryOp, WindowOp, WindowReduce};
use alloc::vec::Vec;

pub(in super::super) fn jvp(op: &WindowOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    match op {
        WindowOp::Convolution(_) | WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..) => {
            for i in 0..2 {
                if let Some(t) = cx.tangents[i] {
                    let mut args = cx.args.to_vec();
                    args[i] = t;
                    let t = cx.b.inst1(op.clone(), &args);
                    cx.add(0, t);
                }
            }
        }
        WindowOp::Reduce(WindowReduce::Sum, _) | WindowOp::Spread(..) => {
            let mut args = cx.args.to_vec();
            args[0] = cx.tangent(0);
            let t = cx.b.inst1(op.clone(), &args);
            cx.add(0, t);
        }
        WindowOp::Reduce(r @ (WindowReduce::Min | WindowReduce::Max), w) => {
            let which = if *r == WindowReduce::Max {
                Extreme::Max
            } else {
                Extreme::Min
            };
            let t = cx.tangent(0);
            let gather = WindowOp::SelectAndGather(which, w.clone());
            let t = cx.b.inst1(gather, &[cx.args[0], t]);
            cx.add(0, t);
        }
        // Which element is selected does not change with small changes of the first operand.
        WindowOp::SelectAndScatter(..) | WindowOp::SelectAndGather(..) => {
            if let Some(t) = cx.tangents[1] {
                let t = cx.b.inst1(op.clone(), &[cx.args[0], t]);
                cx.add(0, t);
            }
        }
    }
    Ok(())
}

/// The value of an operand that is not linear, conjugated.
fn factor(cx: &mut dyn TransposeCx, i: usize) -> Value {
    let v = cx.known(i);
    if cx.ty(i).dtype().is_some_and(DType::is_complex) {
        cx.b().unary(UnaryOp::Conj, v)
    } else {
        v
    }
}

fn shape_of(cx: &dyn TransposeCx, i: usize) -> Shape {
    cx.ty(i)
        .as_tensor()
        .map_or_else(Vec::new, |t| t.shape.clone())
}

pub(in super::super) fn transpose(op: &WindowOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    let first = cx.is_linear(0);
    // An op on two values, whose result is shaped as operand `i`, which is what its extents are taken from.
    let sized = |cx: &mut dyn TransposeCx, op: WindowOp, values: &[Value], i: usize| {
        let mut args = values.to_vec();
        args.extend(operand_extents(cx, i));
        cx.b().inst1(op, &args)
    };
    match op {
        WindowOp::Convolution(_) | WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..)
            if first == cx.is_linear(1) =>
        {
            return Err(not_differentiable(
                &Op::Window(op.clone()),
                "a convolution is linear in one operand at a time",
            ));
        }
        WindowOp::Convolution(c) if first => {
            let (r, shape) = (factor(cx, 1), shape_of(cx, 0));
            let back = WindowOp::ConvolutionLhs(c.clone(), shape);
            let c = sized(cx, back, &[ct, r], 0);
            give(cx, 0, c);
        }
        WindowOp::Convolution(c) => {
            let (l, shape) = (factor(cx, 0), shape_of(cx, 1));
            let back = WindowOp::ConvolutionRhs(c.clone(), shape);
            let c = sized(cx, back, &[l, ct], 1);
            give(cx, 1, c);
        }
        WindowOp::ConvolutionLhs(c, _) if first => {
            let r = factor(cx, 1);
            let c = cx.b().inst1(WindowOp::Convolution(c.clone()), &[ct, r]);
            give(cx, 0, c);
        }
        WindowOp::ConvolutionLhs(c, _) => {
            let (o, shape) = (factor(cx, 0), shape_of(cx, 1));
            let back = WindowOp::ConvolutionRhs(c.clone(), shape);
            let c = sized(cx, back, &[ct, o], 1);
            give(cx, 1, c);
        }
        WindowOp::ConvolutionRhs(c, _) if first => {
            let (o, shape) = (factor(cx, 1), shape_of(cx, 0));
            let back = WindowOp::ConvolutionLhs(c.clone(), shape);
            let c = sized(cx, back, &[o, ct], 0);
            give(cx, 0, c);
        }
        WindowOp::ConvolutionRhs(c, _) => {
            let l = factor(cx, 0);
            let c = cx.b().inst1(WindowOp::Convolution(c.clone()), &[l, ct]);
            give(cx, 1, c);
        }
        WindowOp::Reduce(WindowReduce::Sum, w) => {
            let back = WindowOp::Spread(w.clone(), shape_of(cx, 0));
            let c = sized(cx, back, &[ct], 0);
            give(cx, 0, c);
        }
        WindowOp::Spread(w, _) => {
            let back = WindowOp::Reduce(WindowReduce::Sum, w.clone());
            let c = cx.b().inst1(back, &[ct]);
            give(cx, 0, c);
        }
        WindowOp::SelectAndScatter(which, w) if !first => {
            let at = cx.known(0);
            let back = WindowOp::SelectAndGather(*which, w.clone());
            let c = cx.b().inst1(back, &[at, ct]);
            give(cx, 1, c);
        }
        WindowOp::SelectAndGather(which, w) if !first => {
            let at = cx.known(0);
            let back = WindowOp::SelectAndScatter(*which, w.clone());
            let c = cx.b().inst1(back, &[at, ct]);
            give(cx, 1, c);
        }
        WindowOp::Reduce(WindowReduce::Min | WindowReduce::Max, _)
        | WindowOp::SelectAndScatter(..)
        | WindowOp::SelectAndGather(..) => {
            return Err(not_differentiable(
                &Op::Window(op.clone()),
                "an extreme is not linear in what it is taken of; take its jvp first",
            ));
        }
    }
    Ok(())
}
