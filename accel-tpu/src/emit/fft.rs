//! Discrete Fourier transforms along the last axis: StableHLO's own.

use super::error::{Result, Unsupported};
use super::shape::extents;
use super::value::{Sym, Tensor};
use super::writer::{Cx, i64s};
use cotangent_core::ir::{FftOp, Op};

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: FftOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let name = cotangent_core::ops::mnemonic(&Op::Fft(op));
    let given = match op {
        FftOp::Irfft(d) => {
            let (n, len) = extents(cx, &[d], &args[1..], name)?;
            if len.is_some() {
                return Err(Unsupported::new(
                    format!("`{name}` to an extent that is known only when it runs"),
                    "XLA wants every extent before",
                ));
            }
            Some(n[0])
        }
        FftOp::Fft | FftOp::Ifft | FftOp::Rfft => None,
    };
    // Arrays of unknown length hold whole transforms.
    let rank = match &args[0] {
        Sym::Array(a) => a.items.leaves().first().map_or(0, |t| t.ty.shape.len()),
        _ => 0,
    };
    let mut failed = Ok(());
    let out = super::shape::rows(cx, &args[0], name, rank > 1, |cx, t| {
        write(cx, op, given, t).unwrap_or_else(|e| {
            failed = Err(e);
            t.clone()
        })
    })?;
    failed?;
    Ok(vec![out])
}

fn write(cx: &mut Cx<'_>, op: FftOp, given: Option<u64>, t: &Tensor) -> Result<Tensor> {
    let last = t.ty.shape.last().copied().unwrap_or(0);
    let n = given.unwrap_or(last);
    let d = t.ty.dtype;
    let (kind, dtype, to) = match op {
        FftOp::Fft => ("FFT", d, n),
        FftOp::Ifft => ("IFFT", d, n),
        FftOp::Rfft => ("RFFT", d.complex().unwrap_or(d), n / 2 + 1),
        FftOp::Irfft(_) => ("IRFFT", d.real(), n),
    };
    if given.is_some() && last != n / 2 + 1 {
        let why = format!("{last} elements are not the transform of {n}");
        return Err(Unsupported::mismatch("irfft", why));
    }
    let mut ty = t.ty.with(dtype);
    if let Some(e) = ty.shape.last_mut() {
        *e = to;
    }
    if ty.elements() == 0 {
        return Ok(cx.zeros(ty));
    }
    let attributes = format!(
        "fft_type = #stablehlo<fft_type {kind}>, fft_length = {}",
        i64s([n as i64])
    );
    Ok(cx.op("fft", &[t], &attributes, ty))
}
