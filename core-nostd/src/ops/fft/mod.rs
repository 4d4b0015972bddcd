//! Discrete Fourier transforms along the last axis, of any length.
//!
//! All four are linear, and so their own derivative rules. Transposes, in the real inner product: of `fft` it is `n ifft`, of `ifft` it is
//! `fft / n`; of `rfft` it is `n irfft` and of `irfft` it is `rfft / n`, with every element but the first, and the last of an even length,
//! halved before or doubled after, since it stands for its conjugate too.
//!
//! Edge policy: `fft` and `ifft` of no elements are no elements; `rfft` and `irfft` of length 0 do not exist and trap.

mod transform;

use super::along::{iota_like, shape_of};
use super::batch::{BatchCx, Batched, Form};
use super::extent::{arity, as_tensor, confusion, extents, give, mismatch, no_memory, room};
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::entity::Value;
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{BinaryOp, CompareOp, DType, Dim, FftOp, Type};
use crate::value::{Data, Element, Tensor, Val};
use alloc::vec;
use alloc::vec::Vec;
use num_complex::Complex;
use transform::{Plan, Real};

pub(super) fn mnemonic(op: &FftOp) -> &'static str {
    match op {
        FftOp::Fft => "fft",
        FftOp::Ifft => "ifft",
        FftOp::Rfft => "rfft",
        FftOp::Irfft(_) => "irfft",
    }
}

pub(super) fn infer(op: &FftOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    let (count, want) = match op {
        FftOp::Irfft(Dim::Dynamic) => (2, "2"),
        FftOp::Irfft(Dim::Known(_)) | FftOp::Fft | FftOp::Ifft | FftOp::Rfft => (1, "1"),
    };
    arity(tys, count, want)?;
    let t = super::extent::tensor(tys, 0)?;
    let suits = match op {
        FftOp::Rfft => t.dtype.is_float(),
        FftOp::Fft | FftOp::Ifft | FftOp::Irfft(_) => t.dtype.is_complex(),
    };
    let Some((&n, batch)) = t.shape.split_last().filter(|_| suits) else {
        return Err(Why::Kind {
            operand: 0,
            want: match op {
                FftOp::Rfft => "a float tensor of rank 1 or more",
                FftOp::Fft | FftOp::Ifft | FftOp::Irfft(_) => "a complex tensor of rank 1 or more",
            },
        });
    };
    const EMPTY: Why = Why::Attribute("a real transform has at least one element");
    let (dtype, last) = match op {
        FftOp::Fft | FftOp::Ifft => (t.dtype, n),
        FftOp::Rfft => {
            let half = match n {
                Dim::Known(0) => return Err(EMPTY),
                Dim::Known(n) => Dim::Known(n / 2 + 1),
                Dim::Dynamic => Dim::Dynamic,
            };
            (t.dtype.complex().unwrap_or(t.dtype), half)
        }
        FftOp::Irfft(want) => {
            match *want {
                Dim::Known(0) => return Err(EMPTY),
                Dim::Known(k) if n.meet(Dim::Known(k / 2 + 1)).is_none() => {
                    return Err(Why::Attribute(
                        "the length must be that of a vector whose transform has as many elements",
                    ));
                }
                Dim::Known(_) | Dim::Dynamic => super::extent::int_scalars(tys, 1)?,
            }
            (t.dtype.real(), *want)
        }
    };
    Ok(vec![Type::tensor(
        dtype,
        batch.iter().copied().chain([last]),
    )])
}

pub(super) fn effects(op: &FftOp, tys: &[&Type]) -> Effects {
    match op {
        FftOp::Fft | FftOp::Ifft => Effects::Pure,
        FftOp::Rfft | FftOp::Irfft(_) if tys.iter().all(|t| t.is_static()) && tys.len() == 1 => {
            Effects::Pure
        }
        FftOp::Rfft | FftOp::Irfft(_) => Effects::MayTrap,
    }
}

pub(super) fn eval(
    op: &FftOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let name = mnemonic(op);
    let x = as_tensor(args.get(0), name)?;
    let Some(&from) = x.shape.last() else {
        return Err(confusion(name));
    };
    let (n, to) = match op {
        FftOp::Fft | FftOp::Ifft => (from, from),
        FftOp::Rfft => (from, from / 2 + 1),
        FftOp::Irfft(d) => {
            let n = extents(&[*d], args, 1)?[0];
            if from != n / 2 + 1 {
                let mut want = x.shape.clone();
                if let Some(last) = want.last_mut() {
                    *last = n / 2 + 1;
                }
                return Err(mismatch(name, &x.shape, &want));
            }
            (n, n)
        }
    };
    if n == 0 && matches!(op, FftOp::Rfft | FftOp::Irfft(_)) {
        return Err(TrapKind::Empty { op: name });
    }
    let mut shape = x.shape.clone();
    if let Some(last) = shape.last_mut() {
        *last = to;
    }
    let dtype = match op {
        FftOp::Fft | FftOp::Ifft => x.dtype(),
        FftOp::Rfft => x.dtype().complex().ok_or_else(|| confusion(name))?,
        FftOp::Irfft(_) => x.dtype().real(),
    };
    let count = room(&shape, dtype, cx)?;
    // The work space: a plan and a line.
    cx.reserve(n, 8 * dtype.bytes())?;
    let data = match (&x.data, op) {
        (Data::C64(v), FftOp::Irfft(_)) => Data::F32(to_real(v, n, count)?),
        (Data::C128(v), FftOp::Irfft(_)) => Data::F64(to_real(v, n, count)?),
        (Data::C64(v), FftOp::Fft | FftOp::Ifft) => Data::C64(full(v, n, *op == FftOp::Ifft)?),
        (Data::C128(v), FftOp::Fft | FftOp::Ifft) => Data::C128(full(v, n, *op == FftOp::Ifft)?),
        (Data::F32(v), FftOp::Rfft) => Data::C64(from_real(v, n, count)?),
        (Data::F64(v), FftOp::Rfft) => Data::C128(from_real(v, n, count)?),
        _ => return Err(confusion(name)),
    };
    out.push(Val::tensor(
        Tensor::new(shape, data).ok_or_else(|| confusion(name))?,
    ));
    Ok(())
}

/// Room for elements.
fn with_room<T: Element>(n: usize) -> Result<Vec<T>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| no_memory(n, T::DTYPE))?;
    Ok(v)
}

fn full<T: Real>(x: &[Complex<T>], n: usize, inverse: bool) -> Result<Vec<Complex<T>>, TrapKind>
where
    Complex<T>: Element,
{
    let mut out = with_room(x.len())?;
    out.extend_from_slice(x);
    if n > 0 {
        let mut plan = Plan::new(n)?;
        for line in out.chunks_exact_mut(n) {
            plan.run(line, inverse);
        }
    }
    Ok(out)
}

fn from_real<T: Real>(x: &[T], n: usize, count: usize) -> Result<Vec<Complex<T>>, TrapKind>
where
    Complex<T>: Element,
{
    let mut out = with_room(count)?;
    let mut plan = Plan::new(n)?;
    let mut line: Vec<Complex<T>> = with_room(n)?;
    for x in x.chunks_exact(n) {
        line.clear();
        line.extend(x.iter().map(|&re| Complex { re, im: T::ZERO }));
        plan.run(&mut line, false);
        out.extend_from_slice(&line[..n / 2 + 1]);
    }
    Ok(out)
}

fn to_real<T: Real>(x: &[Complex<T>], n: usize, count: usize) -> Result<Vec<T>, TrapKind>
where
    Complex<T>: Element,
{
    let mut out = with_room(count)?;
    let mut plan = Plan::new(n)?;
    let mut line: Vec<Complex<T>> = with_room(n)?;
    for x in x.chunks_exact(n / 2 + 1) {
        line.clear();
        line.extend_from_slice(x);
        line[0].im = T::ZERO;
        if n.is_multiple_of(2) {
            line[n / 2].im = T::ZERO;
        }
        line.extend((n / 2 + 1..n).map(|k| Complex {
            re: x[n - k].re,
            im: -x[n - k].im,
        }));
        plan.run(&mut line, true);
        out.extend(line.iter().map(|z| z.re));
    }
    Ok(out)
}

pub(super) fn jvp(op: &FftOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let mut args = vec![cx.tangent(0)];
    args.extend_from_slice(&cx.args[1..]);
    let t = cx.b.inst1(*op, &args);
    cx.add(0, t);
    Ok(())
}

/// Each element along the last axis times `k` where it stands for its conjugate too, and times 1 where not; `n` is the length of the
/// real vector.
fn weighted(cx: &mut dyn TransposeCx, x: Value, n: Value, k: f64) -> Value {
    let b = cx.b();
    let axis = shape_of(b, x).len() as u32 - 1;
    let at = iota_like(b, x, axis);
    let (zero, two) = (b.index(0), b.index(2));
    let (zero, two) = (b.splat_like(zero, x), b.splat_like(two, x));
    let n = b.splat_like(n, x);
    let first = b.compare(CompareOp::Eq, at, zero);
    let twice = b.binary(BinaryOp::Mul, at, two);
    let last = b.compare(CompareOp::Eq, twice, n);
    let alone = b.binary(BinaryOp::Or, first, last);
    let scaled = b.scale(x, k);
    b.select(alone, x, scaled)
}

/// `x` times or divided by an integer.
fn by_length(cx: &mut dyn TransposeCx, x: Value, op: BinaryOp, n: Value) -> Value {
    let b = cx.b();
    let d = b.ty(x).dtype().unwrap_or(DType::F64);
    let n = b.convert(d, n);
    let n = b.splat_like(n, x);
    b.binary(op, x, n)
}

pub(super) fn transpose(op: &FftOp, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    let axis = cx.ty(0).as_tensor().map_or(1, |t| t.shape.len()) - 1;
    match op {
        FftOp::Fft => {
            let n = super::extent::operand_extent(cx, 0, axis);
            let c = cx.b().inst1(FftOp::Ifft, &[ct]);
            let c = by_length(cx, c, BinaryOp::Mul, n);
            give(cx, 0, c);
        }
        FftOp::Ifft => {
            let n = super::extent::operand_extent(cx, 0, axis);
            let c = cx.b().inst1(FftOp::Fft, &[ct]);
            let c = by_length(cx, c, BinaryOp::Div, n);
            give(cx, 0, c);
        }
        FftOp::Rfft => {
            let n = super::extent::operand_extent(cx, 0, axis);
            let known = cx.ty(0).as_tensor().and_then(|t| t.shape[axis].known());
            let c = weighted(cx, ct, n, 0.5);
            let c = match known {
                Some(k) => cx.b().inst1(FftOp::Irfft(Dim::Known(k)), &[c]),
                None => cx.b().inst1(FftOp::Irfft(Dim::Dynamic), &[c, n]),
            };
            let c = by_length(cx, c, BinaryOp::Mul, n);
            give(cx, 0, c);
        }
        FftOp::Irfft(length) => {
            let n = match length {
                Dim::Known(k) => cx.b().index(*k),
                Dim::Dynamic => {
                    let n = cx.known(1);
                    cx.b().convert(DType::U64, n)
                }
            };
            let c = cx.b().inst1(FftOp::Rfft, &[ct]);
            let c = weighted(cx, c, n, 2.0);
            let c = by_length(cx, c, BinaryOp::Div, n);
            give(cx, 0, c);
        }
    }
    Ok(())
}

pub(super) fn simplify(_: &FftOp, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

/// The length decides the extents.
pub(super) fn forms(args: &[Form], results: &[Type]) -> Vec<Form> {
    super::batch::sized(args, 1, results)
}

pub(super) fn batch(op: &FftOp, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() || !cx.all_same(1) {
        return None;
    }
    let mut args = vec![cx.stacked(0)];
    args.extend(cx.args[1..].iter().map(|h| h.value));
    cx.one(*op, &args)
}

#[cfg(test)]
mod tests;
