//! Derivatives: a coefficient for each operand that has a tangent.
//!
//! Edge policy:
//! * `minimum`, `maximum`, `fmin`, `fmax`: at a tie each operand gets half. Where the result is NaN both get 0; where `fmin` or `fmax`
//!   ignores a NaN, the number gets all.
//! * `power`: by the base `b a^(b-1)`, and 0 where `b` is 0; by the exponent `a^b log a`, and 0 where `a^b` is 0 (so that `pow(0, y)`
//!   has no NaN). For a negative base the tangent is NaN only if the exponent has one. `powi`: `n a^(n-1)`, 0 where `n` is 0.
//! * `hypot` and `atan2` at the origin: 0.
//! * `remainder`: `da - trunc(a/b) db`, the derivative between the jumps; `rem_euclid` likewise; `div_euclid` 0.
//! * `copysign`: by the first operand `sign(a)` times the sign of `b`, so 0 at 0; by the second 0.
//! * `polygamma` by its order: an error, the order is an integer.

use crate::entity::Value;
use crate::error::AdError;
use crate::ir::{BinaryOp, Builder, CompareOp, DType, TangentOp, UnaryOp};
use crate::ops::{JvpCx, not_differentiable};
use crate::value::Scalar;

pub(in crate::ops) fn jvp(op: &BinaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    use BinaryOp as B;
    if *op == B::Complex {
        let (re, im) = (cx.tangent(0), cx.tangent(1));
        let t = cx.b.binary(B::Complex, re, im);
        cx.add(0, t);
        return Ok(());
    }
    if *op == B::Polygamma && cx.tangents[0].is_some() {
        return Err(not_differentiable(
            &(*op).into(),
            "the order is an integer; stop its gradient",
        ));
    }
    // One linear term for each operand that has a tangent. Ties and the like need both operands, so both are at hand.
    for i in 0..2 {
        if let Some(t) = cx.tangents[i]
            && let Some(term) = term(*op, cx, i, t)
        {
            cx.add(0, term);
        }
    }
    Ok(())
}

/// What the tangent `t` of operand `i` adds to the result's tangent; `None` if nothing.
fn term(op: BinaryOp, cx: &mut JvpCx<'_>, i: usize, t: Value) -> Option<Value> {
    use BinaryOp as B;
    let (x, y, r) = (cx.args[0], cx.args[1], cx.results[0]);
    let b = &mut *cx.b;
    let first = i == 0;
    let k = match op {
        B::Add => return Some(as_result(b, t, r)),
        B::Sub if first => return Some(as_result(b, t, r)),
        B::Sub => {
            let n = b.neg(t);
            return Some(as_result(b, n, r));
        }
        B::Mul => {
            if first {
                y
            } else {
                x
            }
        }
        B::Div if first => return Some(b.div(t, y)),
        B::Div => {
            let k = b.div(r, y);
            b.neg(k)
        }
        B::Rem | B::RemEuclid if first => return Some(as_result(b, t, r)),
        B::Rem => {
            let q = b.div(x, y);
            let q = b.unary(UnaryOp::Trunc, q);
            b.neg(q)
        }
        B::RemEuclid => {
            let q = b.binary(B::DivEuclid, x, y);
            b.neg(q)
        }
        B::Min | B::Max | B::FMin | B::FMax => {
            let chosen = if first { x } else { y };
            let (zero, half, one) = (
                b.real_like(r, 0.0),
                b.real_like(r, 0.5),
                b.real_like(r, 1.0),
            );
            let mine = b.compare(CompareOp::Eq, r, chosen);
            let mine = b.select(mine, one, zero);
            let tie = b.compare(CompareOp::Eq, x, y);
            b.select(tie, half, mine)
        }
        B::Pow if first => {
            let (zero, one) = (b.real_like(y, 0.0), b.real_like(y, 1.0));
            let n = b.sub(y, one);
            let p = b.binary(B::Pow, x, n);
            let k = b.mul(y, p);
            let constant = b.compare(CompareOp::Eq, y, zero);
            b.select(constant, zero, k)
        }
        B::Pow => {
            let l = b.unary(UnaryOp::Log, x);
            let k = b.mul(r, l);
            let zero = b.real_like(r, 0.0);
            let vanishes = b.compare(CompareOp::Eq, r, zero);
            b.select(vanishes, zero, k)
        }
        B::Powi => powi_coefficient(b, x, y, r)?,
        B::Atan2 | B::Hypot => {
            // Divided twice by the hypotenuse rather than by its square, which can overflow.
            let h = if op == B::Hypot {
                r
            } else {
                b.binary(B::Hypot, x, y)
            };
            let (zero, one) = (b.real_like(h, 0.0), b.real_like(h, 1.0));
            let origin = b.compare(CompareOp::Eq, h, zero);
            let h = b.select(origin, one, h);
            match (op == B::Hypot, first) {
                (true, true) => b.div(x, h),
                (true, false) => b.div(y, h),
                (false, true) => {
                    let k = b.div(y, h);
                    b.div(k, h)
                }
                (false, false) => {
                    let k = b.div(x, h);
                    let k = b.div(k, h);
                    b.neg(k)
                }
            }
        }
        B::Copysign if first => {
            let one = b.real_like(y, 1.0);
            let to = b.binary(B::Copysign, one, y);
            let from = b.unary(UnaryOp::Sign, x);
            b.mul(from, to)
        }
        B::Polygamma => {
            let one = b.real_like(x, 1.0);
            let n = b.add(x, one);
            b.binary(B::Polygamma, n, y)
        }
        B::DivEuclid | B::Copysign => return None,
        // Integers and bits have no tangent; `complex` was treated before.
        B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex => return None,
    };
    Some(b.mul(t, k))
}

/// `n x^(n-1)`, 0 where `n` is 0.
fn powi_coefficient(b: &mut Builder, x: Value, n: Value, r: Value) -> Option<Value> {
    let d = b.ty(x).dtype()?;
    let int = b.ty(n).dtype()?;
    let scalar = b.ty(n).is_scalar();
    let one = b.scalar(Scalar::from_int(int, 1)?);
    let one = b.splat_like(one, n);
    // Wrapping: an unsigned 0 must not trap; what comes of it is not selected.
    let less = b.binary(BinaryOp::WrappingSub, n, one);
    let p = b.binary(BinaryOp::Powi, x, less);
    let p = match least(int) {
        // Below the least exponent there is no other; its power is divided by the base instead.
        Some(least) => {
            let least = b.scalar(least);
            let least = b.splat_like(least, n);
            let wraps = b.compare(CompareOp::Eq, n, least);
            let q = b.div(r, x);
            b.select(wraps, q, p)
        }
        None => p,
    };
    let m = b.convert(d, n);
    let m = if scalar { b.splat_like(m, x) } else { m };
    let k = b.mul(m, p);
    let zero_n = b.scalar(Scalar::zero(int));
    let zero_n = b.splat_like(zero_n, n);
    let constant = b.compare(CompareOp::Eq, n, zero_n);
    let zero = b.real_like(r, 0.0);
    Some(b.select(constant, zero, k))
}

/// The least value of a signed integer type.
fn least(d: DType) -> Option<Scalar> {
    if d.is_signed() {
        Scalar::from_int(d, -(1i128 << (8 * d.bytes() - 1)))
    } else {
        None
    }
}

/// The tangent as one of the result: the other operand may know extents that this one does not.
pub(in crate::ops) fn as_result(b: &mut Builder, t: Value, r: Value) -> Value {
    if b.ty(t) == b.ty(r) {
        t
    } else {
        let zero = b.inst1(TangentOp::ZerosLike, &[r]);
        b.inst1(TangentOp::Accumulate, &[t, zero])
    }
}
