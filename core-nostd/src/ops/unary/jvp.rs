//! Derivatives. Each is a coefficient times the operand's tangent, from the result where that is cheaper.
//!
//! Edge policy:
//! * `sqrt`, `cbrt` at 0 and `asin`, `acos`, `acosh`, `atanh` at ±1: the infinity that IEEE arithmetic gives; so a tangent 0 that
//!   is a number becomes NaN there, while a symbolic zero stays zero.
//! * `abs` at 0: derivative 0, real or complex (it is `sign`). `sign`, `floor`, `ceil`, `trunc` and the roundings have derivative 0
//!   everywhere, also where they jump.
//! * Complex: holomorphic functions multiply the tangent by the complex derivative. `abs`, `sign`, `conj`, `real` and `imag` are
//!   not holomorphic; their tangents are linear over the reals only: `d|z| = Re(conj(z) dz)/|z|`,
//!   `d sign(z) = i sign(z) Im(conj(sign(z)) dz)/|z|` (0 at 0).

use crate::entity::Value;
use crate::error::AdError;
use crate::ir::{BinaryOp, Builder, CompareOp, DType, UnaryOp};
use crate::ops::JvpCx;
use core::f64::consts::{FRAC_2_SQRT_PI, LN_2, LN_10};

pub(in crate::ops) fn jvp(op: &UnaryOp, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    let (Some(t), x, y) = (cx.tangents[0], cx.args[0], cx.results[0]) else {
        return Ok(());
    };
    if let Some(dy) = tangent(*op, cx.b, t, x, y) {
        cx.add(0, dy);
    }
    Ok(())
}

/// The tangent of the result `y` of `x` with the tangent `t`; `None` if zero.
fn tangent(op: UnaryOp, b: &mut Builder, t: Value, x: Value, y: Value) -> Option<Value> {
    use UnaryOp as U;
    let complex = b.ty(x).dtype().is_some_and(DType::is_complex);
    // The tangent divided by a known value.
    let k = match op {
        U::Log => return Some(b.div(t, x)),
        U::Log2 | U::Log10 => {
            let d = b.scale(x, if op == U::Log2 { LN_2 } else { LN_10 });
            return Some(b.div(t, d));
        }
        U::Log1p => {
            let d = plus(b, x, 1.0);
            return Some(b.div(t, d));
        }
        U::Asin | U::Acos => {
            let d = one_minus_square(b, x);
            let d = b.unary(U::Sqrt, d);
            let d = if op == U::Acos { b.neg(d) } else { d };
            return Some(b.div(t, d));
        }
        U::Atan => {
            let d = b.unary(U::Square, x);
            let d = plus(b, d, 1.0);
            return Some(b.div(t, d));
        }
        U::Atanh => {
            let d = one_minus_square(b, x);
            return Some(b.div(t, d));
        }
        U::Asinh => {
            let d = b.unary(U::Square, x);
            let d = plus(b, d, 1.0);
            let d = b.unary(U::Sqrt, d);
            return Some(b.div(t, d));
        }
        U::Acosh => {
            // Two roots, not the root of the product: that has another branch in the left half-plane.
            let (l, r) = (plus(b, x, -1.0), plus(b, x, 1.0));
            let (l, r) = (b.unary(U::Sqrt, l), b.unary(U::Sqrt, r));
            let d = b.mul(l, r);
            return Some(b.div(t, d));
        }

        // Linear.
        U::Neg => return Some(b.neg(t)),
        U::Real | U::Conj => return Some(if complex { b.unary(op, t) } else { t }),
        U::Imag => return complex.then(|| b.unary(op, t)),

        // Not holomorphic.
        U::Abs if complex => {
            let s = b.unary(U::Sign, x);
            let s = b.unary(U::Conj, s);
            let w = b.mul(t, s);
            return Some(b.unary(U::Real, w));
        }
        U::Sign if complex => return Some(sign_of_complex(b, t, x, y)),

        // Constant almost everywhere, or no tangent space.
        U::Sign | U::Floor | U::Ceil | U::Round | U::RoundEven | U::Trunc => return None,
        U::StopGradient => return None,
        U::Not | U::IsFinite | U::IsNan => return None,
        U::PopCount | U::LeadingZeros | U::TrailingZeros => return None,

        // The coefficient.
        U::Abs => b.unary(U::Sign, x),
        U::Sqrt => {
            let half = b.real_like(y, 0.5);
            b.div(half, y)
        }
        U::Rsqrt => {
            let k = b.div(y, x);
            b.scale(k, -0.5)
        }
        U::Cbrt => {
            let d = b.unary(U::Square, y);
            let d = b.scale(d, 3.0);
            b.unary(U::Recip, d)
        }
        U::Recip => {
            let k = b.unary(U::Square, y);
            b.neg(k)
        }
        U::Square => b.scale(x, 2.0),
        U::Exp => y,
        U::Exp2 => b.scale(y, LN_2),
        U::Expm1 => plus(b, y, 1.0),
        U::Sin => b.unary(U::Cos, x),
        U::Cos => {
            let k = b.unary(U::Sin, x);
            b.neg(k)
        }
        U::Tan => {
            let k = b.unary(U::Square, y);
            plus(b, k, 1.0)
        }
        U::Sinh => b.unary(U::Cosh, x),
        U::Cosh => b.unary(U::Sinh, x),
        U::Tanh => {
            let k = b.unary(U::Square, y);
            one_minus(b, k)
        }
        U::Logistic => {
            let k = one_minus(b, y);
            b.mul(y, k)
        }
        U::Erf | U::Erfc => {
            let k = gauss(b, x, -1.0);
            b.scale(
                k,
                if op == U::Erf {
                    FRAC_2_SQRT_PI
                } else {
                    -FRAC_2_SQRT_PI
                },
            )
        }
        U::ErfInv => {
            let k = gauss(b, y, 1.0);
            b.scale(k, 1.0 / FRAC_2_SQRT_PI)
        }
        U::Lgamma => b.unary(U::Digamma, x),
        U::Digamma => {
            let one = b.real_like(x, 1.0);
            b.binary(BinaryOp::Polygamma, one, x)
        }
    };
    Some(b.mul(t, k))
}

fn plus(b: &mut Builder, x: Value, k: f64) -> Value {
    let k = b.real_like(x, k);
    b.add(x, k)
}

fn one_minus(b: &mut Builder, x: Value) -> Value {
    let one = b.real_like(x, 1.0);
    b.sub(one, x)
}

/// `(1 - x)(1 + x)`, which keeps its digits near ±1.
fn one_minus_square(b: &mut Builder, x: Value) -> Value {
    let (l, r) = (one_minus(b, x), plus(b, x, 1.0));
    b.mul(l, r)
}

/// `e^(k x²)` for `k` 1 or -1.
fn gauss(b: &mut Builder, x: Value, k: f64) -> Value {
    let s = b.unary(UnaryOp::Square, x);
    let s = if k < 0.0 { b.neg(s) } else { s };
    b.unary(UnaryOp::Exp, s)
}

fn sign_of_complex(b: &mut Builder, t: Value, x: Value, s: Value) -> Value {
    let r = b.unary(UnaryOp::Abs, x);
    let (zero, one) = (b.real_like(r, 0.0), b.real_like(r, 1.0));
    let origin = b.compare(CompareOp::Eq, r, zero);
    // At 0 the sign is 0, and so is this.
    let r = b.select(origin, one, r);
    let conj = b.unary(UnaryOp::Conj, s);
    let w = b.mul(t, conj);
    let turn = b.unary(UnaryOp::Imag, w);
    let turn = b.div(turn, r);
    let turn = b.binary(BinaryOp::Complex, zero, turn);
    b.mul(turn, s)
}
