//! Functions of complex numbers. Sums, products and quotients are StableHLO's; the others are written with real and imaginary parts by the formulas of the
//! core (`ops/complex.rs`), so that branch cuts and signs of zero are its own on every plugin.

use super::error::Result;
use super::special;
use super::unary::untyped;
use super::value::Tensor;
use super::writer::Cx;
use cotangent_core::ir::{BinaryOp, DType, UnaryOp};
use std::f64::consts::{LN_2, LOG2_E, LOG10_E};

/// Real and imaginary parts.
#[derive(Clone)]
struct C {
    re: Tensor,
    im: Tensor,
}

fn split(cx: &mut Cx<'_>, z: &Tensor) -> C {
    let ty = z.ty.with(z.ty.dtype.real());
    C {
        re: cx.op("real", &[z], "", ty.clone()),
        im: cx.op("imag", &[z], "", ty),
    }
}

fn join(cx: &mut Cx<'_>, z: &C) -> Tensor {
    let d = z.re.ty.dtype;
    let ty = z.re.ty.with(d.complex().unwrap_or(d));
    cx.op("complex", &[&z.re, &z.im], "", ty)
}

/// Writes an operation of one operand.
pub(super) fn unary(cx: &mut Cx<'_>, op: UnaryOp, x: &Tensor) -> Result<Tensor> {
    use UnaryOp as U;
    if op == U::Abs {
        return Ok(cx.abs(x));
    }
    let z = split(cx, x);
    let made = match op {
        U::Neg => return Ok(cx.neg(x)),
        U::Square => return Ok(cx.mul(x, x)),
        U::Real => return Ok(z.re),
        U::Imag => return Ok(z.im),
        U::IsFinite => {
            let bool = z.re.ty.with(DType::Bool);
            let a = cx.op("is_finite", &[&z.re], "", bool.clone());
            let b = cx.op("is_finite", &[&z.im], "", bool);
            return Ok(cx.and(&a, &b));
        }
        U::IsNan => {
            let (a, b) = (cx.is_nan(&z.re), cx.is_nan(&z.im));
            return Ok(cx.or(&a, &b));
        }
        U::Conj => C {
            im: cx.neg(&z.im),
            re: z.re,
        },
        U::Sign => sign(cx, &z),
        U::Sqrt => sqrt(cx, &z),
        U::Rsqrt => {
            let r = sqrt(cx, &z);
            reciprocal(cx, &r)
        }
        U::Cbrt => cbrt(cx, &z),
        U::Recip => reciprocal(cx, &z),
        U::Exp => exp(cx, &z, "exponential", 1.0),
        U::Exp2 => exp(cx, &z, "power", LN_2),
        U::Expm1 => expm1(cx, &z),
        U::Log => log(cx, &z),
        U::Log2 => scaled_log(cx, &z, LOG2_E),
        U::Log10 => scaled_log(cx, &z, LOG10_E),
        U::Log1p => log1p(cx, &z),
        U::Sin => turned(cx, &z, sinh),
        U::Cos => {
            let z = times_i(cx, &z);
            cosh(cx, &z)
        }
        U::Tan => turned(cx, &z, tanh),
        U::Asin => asin(cx, &z),
        U::Acos => acos(cx, &z),
        U::Atan => turned(cx, &z, atanh),
        U::Sinh => sinh(cx, &z),
        U::Cosh => cosh(cx, &z),
        U::Tanh => tanh(cx, &z),
        U::Asinh => turned(cx, &z, asin),
        U::Acosh => acosh(cx, &z),
        U::Atanh => atanh(cx, &z),
        U::Logistic => logistic(cx, &z),
        U::StopGradient => z,
        U::Not
        | U::Abs
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Trunc
        | U::Erf
        | U::Erfc
        | U::ErfInv
        | U::Lgamma
        | U::Digamma
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros => return Err(untyped(op.name(), x.ty.dtype)),
    };
    Ok(join(cx, &made))
}

/// Writes an operation of two operands.
pub(super) fn binary(cx: &mut Cx<'_>, op: BinaryOp, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    use BinaryOp as B;
    Ok(match op {
        B::Add | B::Sub | B::Mul => cx.bin(op.name(), a, b),
        B::Div => {
            let (a, b) = (split(cx, a), split(cx, b));
            let q = div(cx, &a, &b);
            join(cx, &q)
        }
        B::Pow => pow(cx, a, b),
        B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex
        | B::Polygamma => return Err(untyped(op.name(), a.ty.dtype)),
    })
}

/// `1/z`.
pub(super) fn recip(cx: &mut Cx<'_>, z: &Tensor) -> Tensor {
    let z = split(cx, z);
    let r = reciprocal(cx, &z);
    join(cx, &r)
}

fn pick(cx: &mut Cx<'_>, p: &Tensor, a: &C, b: &C) -> C {
    C {
        re: cx.pick(p, &a.re, &b.re),
        im: cx.pick(p, &a.im, &b.im),
    }
}

fn is_zero(cx: &mut Cx<'_>, z: &C) -> Tensor {
    let (a, b) = (cx.versus("EQ", &z.re, 0.0), cx.versus("EQ", &z.im, 0.0));
    cx.and(&a, &b)
}

fn modulus(cx: &mut Cx<'_>, z: &C) -> Tensor {
    special::hypot(cx, &z.re, &z.im)
}

fn constant(cx: &mut Cx<'_>, re: f64, im: f64, like: &C) -> C {
    C {
        re: cx.num(re, &like.re),
        im: cx.num(im, &like.re),
    }
}

fn times(cx: &mut Cx<'_>, a: &C, b: &C) -> C {
    let (p, q) = (cx.mul(&a.re, &b.re), cx.mul(&a.im, &b.im));
    let (r, s) = (cx.mul(&a.re, &b.im), cx.mul(&a.im, &b.re));
    C {
        re: cx.sub(&p, &q),
        im: cx.add(&r, &s),
    }
}

/// `a / b`, scaled so that it does not overflow where the quotient does not.
fn div(cx: &mut Cx<'_>, a: &C, b: &C) -> C {
    let (x, y) = (cx.abs(&b.re), cx.abs(&b.im));
    let swap = cx.compared("LT", &x, &y);
    // With the parts so that `|big| >= |small|`; a quotient by a swapped number is one of swapped numbers.
    let big = cx.pick(&swap, &b.im, &b.re);
    let small = cx.pick(&swap, &b.re, &b.im);
    let first = cx.pick(&swap, &a.im, &a.re);
    let second = cx.pick(&swap, &a.re, &a.im);
    let r = cx.div(&small, &big);
    let part = cx.mul(&small, &r);
    let d = cx.add(&big, &part);
    let (p, q) = (cx.mul(&second, &r), cx.mul(&first, &r));
    let re = cx.add(&first, &p);
    let im = cx.sub(&second, &q);
    let back = cx.neg(&im);
    let im = cx.pick(&swap, &back, &im);
    let out = C {
        re: cx.div(&re, &d),
        im: cx.div(&im, &d),
    };
    let none = cx.versus("EQ", &big, 0.0);
    let by_zero = C {
        re: cx.div(&a.re, &x),
        im: cx.div(&a.im, &x),
    };
    pick(cx, &none, &by_zero, &out)
}

fn reciprocal(cx: &mut Cx<'_>, z: &C) -> C {
    let one = constant(cx, 1.0, 0.0, z);
    div(cx, &one, z)
}

fn sign(cx: &mut Cx<'_>, z: &C) -> C {
    let r = modulus(cx, z);
    let out = C {
        re: cx.div(&z.re, &r),
        im: cx.div(&z.im, &r),
    };
    let none = is_zero(cx, z);
    pick(cx, &none, z, &out)
}

fn copysign(cx: &mut Cx<'_>, x: &Tensor, s: &Tensor) -> Tensor {
    // By the bit, so that -0 counts.
    let (int, size) = if x.ty.dtype == DType::F32 {
        (DType::I32, "LT")
    } else {
        (DType::I64, "LT")
    };
    let bits = cx.bits(s, int);
    let negative = cx.versus(size, &bits, 0.0);
    let a = cx.abs(x);
    let b = cx.neg(&a);
    cx.pick(&negative, &b, &a)
}

fn sqrt(cx: &mut Cx<'_>, z: &C) -> C {
    // Halved so that the modulus does not overflow.
    let half = C {
        re: cx.scaled(&z.re, 0.5),
        im: cx.scaled(&z.im, 0.5),
    };
    let (m, a) = (modulus(cx, &half), cx.abs(&half.re));
    let sum = cx.add(&m, &a);
    let u = cx.un("sqrt", &sum);
    let v = cx.div(&half.im, &u);
    let size = cx.abs(&v);
    let turned = copysign(cx, &u, &z.im);
    let right = cx.versus("GE", &half.re, 0.0);
    let out = C {
        re: cx.pick(&right, &u, &size),
        im: cx.pick(&right, &v, &turned),
    };
    let none = is_zero(cx, z);
    let zero = C {
        re: cx.num(0.0, &z.re),
        im: z.im.clone(),
    };
    pick(cx, &none, &zero, &out)
}

fn polar(cx: &mut Cx<'_>, r: &Tensor, angle: &Tensor) -> C {
    let (s, t) = (cx.un("sine", angle), cx.un("cosine", angle));
    C {
        re: cx.mul(r, &t),
        im: cx.mul(r, &s),
    }
}

fn cbrt(cx: &mut Cx<'_>, z: &C) -> C {
    let m = modulus(cx, z);
    let r = special::cbrt(cx, &m);
    let angle = cx.bin("atan2", &z.im, &z.re);
    let three = cx.num(3.0, &angle);
    let angle = cx.div(&angle, &three);
    let out = polar(cx, &r, &angle);
    let none = is_zero(cx, z);
    pick(cx, &none, z, &out)
}

/// `e^z`; `2^z` by `power` and the logarithm of 2.
fn exp(cx: &mut Cx<'_>, z: &C, how: &str, log: f64) -> C {
    let r = if how == "power" {
        let two = cx.num(2.0, &z.re);
        cx.bin(how, &two, &z.re)
    } else {
        cx.un(how, &z.re)
    };
    let angle = if log == 1.0 {
        z.im.clone()
    } else {
        cx.scaled(&z.im, log)
    };
    let out = polar(cx, &r, &angle);
    let real = cx.versus("EQ", &z.im, 0.0);
    let plain = C {
        re: r,
        im: z.im.clone(),
    };
    pick(cx, &real, &plain, &out)
}

fn expm1(cx: &mut Cx<'_>, z: &C) -> C {
    let half = cx.scaled(&z.im, 0.5);
    let s = cx.un("sine", &half);
    let square = cx.mul(&s, &s);
    let twice = cx.add(&square, &square);
    let e = cx.un("exponential_minus_one", &z.re);
    let (c, s) = (cx.un("cosine", &z.im), cx.un("sine", &z.im));
    let re = cx.mul(&e, &c);
    let more = cx.shifted(&e, 1.0);
    C {
        re: cx.sub(&re, &twice),
        im: cx.mul(&more, &s),
    }
}

fn log(cx: &mut Cx<'_>, z: &C) -> C {
    let angle = cx.bin("atan2", &z.im, &z.re);
    let r = modulus(cx, z);
    // Near the unit circle log|z| is a small difference.
    let (x, y) = (cx.abs(&z.re), cx.abs(&z.im));
    let (a, b) = (cx.bin("maximum", &x, &y), cx.bin("minimum", &x, &y));
    let (less, more) = (cx.shifted(&a, -1.0), cx.shifted(&a, 1.0));
    let (p, q) = (cx.mul(&less, &more), cx.mul(&b, &b));
    let sum = cx.add(&p, &q);
    let near = cx.un("log_plus_one", &sum);
    let near = cx.scaled(&near, 0.5);
    let far = cx.un("log", &r);
    let (low, high) = (cx.versus("GE", &r, 0.5), cx.versus("LT", &r, 2.0));
    let is_near = cx.and(&low, &high);
    C {
        re: cx.pick(&is_near, &near, &far),
        im: angle,
    }
}

fn scaled_log(cx: &mut Cx<'_>, z: &C, k: f64) -> C {
    let l = log(cx, z);
    C {
        re: cx.scaled(&l.re, k),
        im: cx.scaled(&l.im, k),
    }
}

fn log1p(cx: &mut Cx<'_>, z: &C) -> C {
    let more = C {
        re: cx.shifted(&z.re, 1.0),
        im: z.im.clone(),
    };
    let far = log(cx, &more);
    let two = cx.shifted(&z.re, 2.0);
    let (p, q) = (cx.mul(&z.re, &two), cx.mul(&z.im, &z.im));
    let sum = cx.add(&p, &q);
    let l = cx.un("log_plus_one", &sum);
    let near = C {
        re: cx.scaled(&l, 0.5),
        im: cx.bin("atan2", &z.im, &more.re),
    };
    let (x, y) = (cx.abs(&z.re), cx.abs(&z.im));
    let (x, y) = (cx.versus("GT", &x, 0.5), cx.versus("GT", &y, 1.0));
    let is_far = cx.or(&x, &y);
    pick(cx, &is_far, &far, &near)
}

fn times_i(cx: &mut Cx<'_>, z: &C) -> C {
    C {
        re: cx.neg(&z.im),
        im: z.re.clone(),
    }
}

/// `-i f(i z)`.
fn turned(cx: &mut Cx<'_>, z: &C, f: fn(&mut Cx<'_>, &C) -> C) -> C {
    let z = times_i(cx, z);
    let w = f(cx, &z);
    C {
        im: cx.neg(&w.re),
        re: w.im,
    }
}

fn sinh(cx: &mut Cx<'_>, z: &C) -> C {
    let (h, k) = (special::sinh(cx, &z.re), special::cosh(cx, &z.re));
    let (s, c) = (cx.un("sine", &z.im), cx.un("cosine", &z.im));
    C {
        re: cx.mul(&h, &c),
        im: cx.mul(&k, &s),
    }
}

fn cosh(cx: &mut Cx<'_>, z: &C) -> C {
    let (h, k) = (special::sinh(cx, &z.re), special::cosh(cx, &z.re));
    let (s, c) = (cx.un("sine", &z.im), cx.un("cosine", &z.im));
    C {
        re: cx.mul(&k, &c),
        im: cx.mul(&h, &s),
    }
}

fn tanh(cx: &mut Cx<'_>, z: &C) -> C {
    let (s, t) = (cx.un("sine", &z.im), cx.un("cosine", &z.im));
    let (h, k) = (special::sinh(cx, &z.re), special::cosh(cx, &z.re));
    let (p, q) = (cx.mul(&h, &h), cx.mul(&t, &t));
    let d = cx.add(&p, &q);
    let (re, im) = (cx.mul(&h, &k), cx.mul(&s, &t));
    let near = C {
        re: cx.div(&re, &d),
        im: cx.div(&im, &d),
    };
    // Beyond this the quotient would overflow, and the real part is 1 to the last bit.
    let a = cx.abs(&z.re);
    let one = cx.num(1.0, &a);
    let twice = cx.scaled(&a, -2.0);
    let e = cx.un("exponential", &twice);
    let e = cx.scaled(&e, 4.0);
    let far = C {
        re: copysign(cx, &one, &z.re),
        im: cx.mul(&im, &e),
    };
    let is_far = cx.versus("GT", &a, 20.0);
    pick(cx, &is_far, &far, &near)
}

/// `sqrt(1 - z)` and `sqrt(1 + z)`.
fn roots(cx: &mut Cx<'_>, z: &C) -> (C, C) {
    let one = cx.num(1.0, &z.re);
    let minus = C {
        re: cx.sub(&one, &z.re),
        im: cx.neg(&z.im),
    };
    let plus = C {
        re: cx.add(&one, &z.re),
        im: z.im.clone(),
    };
    (sqrt(cx, &minus), sqrt(cx, &plus))
}

fn conj(cx: &mut Cx<'_>, z: &C) -> C {
    C {
        re: z.re.clone(),
        im: cx.neg(&z.im),
    }
}

fn asin(cx: &mut Cx<'_>, z: &C) -> C {
    let (a, b) = roots(cx, z);
    let across = times(cx, &a, &b);
    let turned = conj(cx, &a);
    let along = times(cx, &turned, &b);
    C {
        re: cx.bin("atan2", &z.re, &across.re),
        im: cx.un("chlo.asinh", &along.im),
    }
}

fn acos(cx: &mut Cx<'_>, z: &C) -> C {
    let (a, b) = roots(cx, z);
    let turned = conj(cx, &b);
    let along = times(cx, &turned, &a);
    let half = cx.bin("atan2", &a.re, &b.re);
    C {
        re: cx.add(&half, &half),
        im: cx.un("chlo.asinh", &along.im),
    }
}

fn acosh(cx: &mut Cx<'_>, z: &C) -> C {
    let minus = C {
        re: cx.shifted(&z.re, -1.0),
        im: z.im.clone(),
    };
    let plus = C {
        re: cx.shifted(&z.re, 1.0),
        im: z.im.clone(),
    };
    let (a, b) = (sqrt(cx, &minus), sqrt(cx, &plus));
    let turned = conj(cx, &a);
    let along = times(cx, &turned, &b);
    let half = cx.bin("atan2", &a.im, &b.re);
    C {
        re: cx.un("chlo.asinh", &along.re),
        im: cx.add(&half, &half),
    }
}

fn atanh(cx: &mut Cx<'_>, z: &C) -> C {
    let (x, y) = (&z.re, &z.im);
    let one = cx.num(1.0, x);
    let less = cx.sub(&one, x);
    let more = cx.add(&one, x);
    let square = cx.mul(y, y);
    let p = cx.mul(&less, &less);
    let d = cx.add(&p, &square);
    let four = cx.scaled(x, 4.0);
    let q = cx.div(&four, &d);
    let l = cx.un("log_plus_one", &q);
    let twice = cx.add(y, y);
    let p = cx.mul(&less, &more);
    let p = cx.sub(&p, &square);
    let angle = cx.bin("atan2", &twice, &p);
    C {
        re: cx.scaled(&l, 0.25),
        im: cx.scaled(&angle, 0.5),
    }
}

fn logistic(cx: &mut Cx<'_>, z: &C) -> C {
    // Of the number with the real part not positive, so that nothing overflows.
    let right = cx.versus("GE", &z.re, 0.0);
    let back = C {
        re: cx.neg(&z.re),
        im: cx.neg(&z.im),
    };
    let w = pick(cx, &right, &back, z);
    let e = exp(cx, &w, "exponential", 1.0);
    let one = constant(cx, 1.0, 0.0, z);
    let d = C {
        re: cx.add(&one.re, &e.re),
        im: e.im.clone(),
    };
    let top = pick(cx, &right, &one, &e);
    div(cx, &top, &d)
}

/// `z^w`, 1 where `w` is 0.
fn pow(cx: &mut Cx<'_>, z: &Tensor, w: &Tensor) -> Tensor {
    let (z, w) = (split(cx, z), split(cx, w));
    let l = log(cx, &z);
    let of = times(cx, &w, &l);
    let out = exp(cx, &of, "exponential", 1.0);
    let (zero, nan, one) = (
        constant(cx, 0.0, 0.0, &z),
        constant(cx, f64::NAN, f64::NAN, &z),
        constant(cx, 1.0, 0.0, &z),
    );
    let positive = cx.versus("GT", &w.re, 0.0);
    let of_zero = pick(cx, &positive, &zero, &nan);
    let (none, plain) = (is_zero(cx, &z), is_zero(cx, &w));
    let out = pick(cx, &none, &of_zero, &out);
    let out = pick(cx, &plain, &one, &out);
    join(cx, &out)
}
