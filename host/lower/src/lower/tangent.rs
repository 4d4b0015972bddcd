//! Zeros and structural sums.
//!
//! Both walk a value's type; sequences and stacks become loops over their elements in memory. Sums are made in place in an operand that
//! dies.

use super::constant::zero_tensor;
use super::cx::{Cx, Flat};
use super::place::add_elements;
use super::spot::Spot;
use super::{Unsupported, fallback};
use crate::layout::{parts, scalar_ty};
use crate::lir::{Bin, Opnd, Rv};
use cotangent_core::entity::Inst;
use cotangent_core::ir::{TangentOp, Type};

/// Lowers what differentiation adds.
pub(super) fn lower(op: &TangentOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    match op {
        TangentOp::ZerosLike => {
            let ty = cx.func.ty(d.args[0]).clone();
            let x = Spot::Regs(cx.arg(d, 0));
            let zero = zeros(cx, &x, &ty);
            cx.result(d, 0, zero);
        }
        TangentOp::Accumulate => {
            // Into the operand that dies.
            let (a, b) = if !cx.dies(d, 0) && cx.dies(d, 1) {
                (1, 0)
            } else {
                (0, 1)
            };
            let (ty, other) = (cx.func.ty(d.args[a]).clone(), cx.func.ty(d.args[b]).clone());
            let y = Spot::Regs(cx.arg(d, b));
            let mut sum = Spot::Regs(cx.take(d, a));
            accumulate(cx, &mut sum, &ty, &y, &other);
            let sum = sum.load(cx);
            cx.define(d.results[0], sum, &ty);
        }
        // It traps: it has no forward rule.
        TangentOp::CustomLinear { .. } => fallback::lower(cx, i)?,
    }
    Ok(())
}

/// The zero of a value's tangent type, with the value's structure.
fn zeros(cx: &mut Cx<'_>, x: &Spot, ty: &Type) -> Flat {
    if !ty.has_tangent() {
        return Flat::new();
    }
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => {
            vec![Opnd::Const(scalar_ty(t.dtype), 0); parts(t.dtype)]
        }
        Type::Tensor(_) => {
            let array = x.borrow_array(cx);
            let extents = cx.extents(&array, ty);
            zero_tensor(cx, ty, &extents)
        }
        Type::Record(fs) => {
            let mut out = Flat::new();
            for (k, f) in fs.iter().enumerate() {
                out.extend(zeros(cx, &x.field(fs, k), f));
            }
            out
        }
        Type::Seq(e) | Type::Stack(e) => {
            let array = x.borrow_array(cx);
            let (n, tangent) = (array[2], ty.tangent());
            let (id, layout) = cx.elements(&tangent);
            let (block, data) = cx.alloc(n, id);
            if layout.blocks.is_empty() {
                // Numbers only.
                cx.zero_elements(data.into(), n, &layout);
            } else {
                let elem = e.tangent();
                cx.for_range(Opnd::i64(0), n, false, |cx, k| {
                    let zero = zeros(cx, &Spot::element(array[1], k, e), e);
                    Spot::element(data.into(), k, &elem).store(cx, zero);
                });
                cx.set_len(block, n, id);
            }
            vec![block.into(), data.into(), n]
        }
    }
}

/// Adds a value to the one at a spot, which is owned. Traps where extents differ.
pub(super) fn accumulate(cx: &mut Cx<'_>, a: &mut Spot, ty: &Type, b: &Spot, other: &Type) {
    match (ty, other) {
        (Type::Tensor(t), _) if t.shape.is_empty() => {
            for k in 0..parts(t.dtype) {
                let (x, y) = (a.leaf(cx, k), b.leaf(cx, k));
                let sum = cx.set(Rv::Bin(Bin::Accumulate, x, y));
                a.put(cx, k, sum);
            }
        }
        (Type::Tensor(t), _) => {
            let (x, y) = (a.load(cx), b.borrow_array(cx));
            let (p, q) = (cx.extents(&x, ty), cx.extents(&y, other));
            cx.check_same("accumulate", &p, &q);
            let x = a.unique(cx, ty, x);
            let n = cx.product(&p);
            add_elements(cx, t.dtype, x[1], y[1], n, "accumulate");
        }
        (Type::Record(fs), Type::Record(gs)) => {
            for (k, (f, g)) in fs.iter().zip(gs.iter()).enumerate() {
                let mut field = a.field(fs, k);
                accumulate(cx, &mut field, f, &b.field(gs, k), g);
                a.set_field(fs, k, field);
            }
        }
        (Type::Seq(e), Type::Seq(g)) | (Type::Stack(e), Type::Stack(g)) => {
            let (x, y) = (a.load(cx), b.borrow_array(cx));
            cx.check_same("accumulate", &x[2..], &y[2..]);
            let x = a.unique(cx, ty, x);
            add_all(cx, x[1], e, y[1], g, x[2]);
        }
        // The types are compatible (verified).
        (Type::Record(_) | Type::Seq(_) | Type::Stack(_), _) => {}
    }
}

/// Adds `n` elements to as many others, which are uniquely owned.
pub(super) fn add_all(cx: &mut Cx<'_>, to: Opnd, e: &Type, from: Opnd, g: &Type, n: Opnd) {
    cx.for_range(Opnd::i64(0), n, false, |cx, k| {
        let mut x = Spot::element(to, k, e);
        accumulate(cx, &mut x, e, &Spot::element(from, k, g), g);
    });
}
