//! What is known of integer scalars besides their values: differences from other scalars, and how large they can be.
//!
//! Invariant: facts hold in every run in which no trap happened before.

use super::value::{Fact, Sym, Tensor};
use cotangent_core::ir::{ArrayOp, BinaryOp, ConvertOp, Op, TernaryOp};

/// Notes what is known of the result of an operation.
pub(super) fn note(out: &mut Tensor, op: &Op, args: &[Sym]) {
    if !out.ty.shape.is_empty() || !out.ty.dtype.is_int() || out.fact != Fact::None {
        return;
    }
    let scalars: Option<Vec<&Tensor>> = args
        .iter()
        .map(|s| match s {
            Sym::Tensor(t) if t.ty.shape.is_empty() => Some(t),
            _ => None,
        })
        .collect();
    match (op, scalars.as_deref(), args) {
        (Op::Binary(op), Some(&[a, b]), _) => binary(out, *op, a, b),
        (Op::Convert(ConvertOp::To(_)), Some([a]), _) if a.ty.dtype.is_int() => {
            out.most = a.bound();
            if a.ty.dtype.bytes() <= out.ty.dtype.bytes() {
                let (base, k) = a.offset();
                out.fact = Fact::Offset(base, k);
            }
        }
        (Op::Ternary(TernaryOp::Select), Some([_, a, b]), _) => out.most = larger(a, b),
        (Op::Array(ArrayOp::Len), _, [Sym::Array(a)]) => out.most = Some(a.most),
        _ => {}
    }
}

fn larger(a: &Tensor, b: &Tensor) -> Option<u64> {
    Some(a.bound()?.max(b.bound()?))
}

fn binary(out: &mut Tensor, op: BinaryOp, a: &Tensor, b: &Tensor) {
    let unsigned = out.ty.dtype.is_unsigned();
    match op {
        BinaryOp::Add | BinaryOp::WrappingAdd => {
            out.most = a.bound().zip(b.bound()).and_then(|(a, b)| a.checked_add(b));
            shifted(out, a, b.int());
            shifted(out, b, a.int());
        }
        BinaryOp::Sub | BinaryOp::WrappingSub => {
            // Of a wrapping difference below zero nothing is known.
            if op == BinaryOp::Sub && unsigned {
                out.most = match b.int() {
                    Some(b) => a.bound().map(|a| a.saturating_sub(b as u64)),
                    None => a.bound(),
                };
            }
            shifted(out, a, b.int().map(|n| -n));
            if let Some(n) = a.minus(b)
                && let Ok(n) = u64::try_from(n)
            {
                out.most = Some(n);
            }
        }
        BinaryOp::Mul => {
            if unsigned {
                out.most = a.bound().zip(b.bound()).and_then(|(a, b)| a.checked_mul(b));
            }
        }
        BinaryOp::Div if unsigned => {
            let by = b
                .int()
                .and_then(|n| u64::try_from(n).ok())
                .unwrap_or(1)
                .max(1);
            out.most = a.bound().map(|a| a / by);
        }
        BinaryOp::Rem if unsigned => {
            out.most = match (a.bound(), b.bound()) {
                (Some(a), Some(b)) => Some(a.min(b.saturating_sub(1))),
                (a, b) => a.or(b.map(|b| b.saturating_sub(1))),
            };
        }
        BinaryOp::Min if unsigned => {
            out.most = match (a.bound(), b.bound()) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        BinaryOp::Max => out.most = larger(a, b),
        BinaryOp::Shr if unsigned => out.most = a.bound(),
        BinaryOp::And if unsigned => out.most = a.bound().or(b.bound()),
        BinaryOp::Div
        | BinaryOp::Rem
        | BinaryOp::Min
        | BinaryOp::Shr
        | BinaryOp::And
        | BinaryOp::RemEuclid
        | BinaryOp::DivEuclid
        | BinaryOp::WrappingMul
        | BinaryOp::FMin
        | BinaryOp::FMax
        | BinaryOp::Pow
        | BinaryOp::Powi
        | BinaryOp::Atan2
        | BinaryOp::Hypot
        | BinaryOp::Copysign
        | BinaryOp::Or
        | BinaryOp::Xor
        | BinaryOp::Shl
        | BinaryOp::Complex
        | BinaryOp::Polygamma => {}
    }
}

/// `out` is `a + k`.
fn shifted(out: &mut Tensor, a: &Tensor, k: Option<i128>) {
    let (base, have) = a.offset();
    if let Some(k) = k.and_then(|k| i64::try_from(k).ok())
        && let Some(k) = have.checked_add(k)
    {
        out.fact = Fact::Offset(base, k);
    }
}
