//! Changes of element type, as Rust's `as`. A float too large for an integer type gives its extreme, and NaN 0: XLA's own conversion promises
//! neither, so both are written out.

use super::error::Result;
use super::value::{Sym, Tensor};
use super::writer::Cx;
use cotangent_core::ir::{ConvertOp, DType};

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: ConvertOp, args: &[Sym]) -> Result<Vec<Sym>> {
    match op {
        ConvertOp::To(d) => cx.elementwise("convert", args, |cx, t| Ok(convert(cx, &t[0], d))),
        ConvertOp::Bitcast(d) => {
            cx.elementwise("bitcast_convert", args, |cx, t| Ok(cx.bits(&t[0], d)))
        }
    }
}

/// A tensor of another element type.
pub(super) fn convert(cx: &mut Cx<'_>, x: &Tensor, to: DType) -> Tensor {
    let from = x.ty.dtype;
    if from == to {
        return x.clone();
    }
    if to == DType::Bool {
        let zero = cx.zeros(x.ty.clone());
        return cx.compared("NE", x, &zero);
    }
    if from.is_complex() {
        let part = x.ty.with(from.real());
        let re = cx.op("real", &[x], "", part.clone());
        if !to.is_complex() {
            return convert(cx, &re, to);
        }
        let im = cx.op("imag", &[x], "", part);
        let (re, im) = (cx.cast(&re, to.real()), cx.cast(&im, to.real()));
        let ty = x.ty.with(to);
        return cx.op("complex", &[&re, &im], "", ty);
    }
    if to.is_complex() {
        let re = cx.cast(x, to.real());
        let im = cx.zeros(re.ty.clone());
        let ty = x.ty.with(to);
        return cx.op("complex", &[&re, &im], "", ty);
    }
    if from.is_float() && to.is_int() {
        return saturated(cx, x, to);
    }
    cx.cast(x, to)
}

fn saturated(cx: &mut Cx<'_>, x: &Tensor, to: DType) -> Tensor {
    let bits = 8 * to.bytes() as u32 - u32::from(to.is_signed());
    // Powers of two, which floats have exactly: the least number too large, and the least of the type.
    let (limit, least) = if to.is_signed() {
        (1i128 << bits, -(1i128 << bits))
    } else {
        (1i128 << bits, 0)
    };
    let high = cx.versus("GE", x, limit as f64);
    let low = cx.versus("LE", x, least as f64);
    let nan = cx.is_nan(x);
    let out = cx.cast(x, to);
    let (most, least, zero) = (
        cx.whole(limit - 1, &out),
        cx.whole(least, &out),
        cx.whole(0, &out),
    );
    let out = cx.pick(&high, &most, &out);
    let out = cx.pick(&low, &least, &out);
    cx.pick(&nan, &zero, &out)
}
