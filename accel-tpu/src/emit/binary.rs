//! Elementwise operations of two operands. In a checked program integers trap as the core's do; else they wrap, a division by zero
//! gives -1 (all ones) and its remainder the dividend, and a shift too far gives 0 or the sign: XLA's own meaning.

use super::error::Result;
use super::unary::untyped;
use super::value::{Sym, Tensor};
use super::writer::Cx;
use super::{complex, power, special};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{BinaryOp, DType};
use cotangent_core::value::Scalar;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: BinaryOp, args: &[Sym]) -> Result<Vec<Sym>> {
    use BinaryOp as B;
    let base = args[0].leaves().first().map(|t| t.ty.dtype);
    let of_integer = matches!(op, B::Pow) && base.is_some_and(DType::is_int);
    if (op == B::Powi || of_integer)
        && let Sym::Tensor(n) = &args[1]
        && let Some(n) = n.int()
    {
        return cx.elementwise(op.name(), &args[..1], |cx, t| {
            Ok(power::constant(cx, op.name(), &t[0], n))
        });
    }
    if let (Sym::Tensor(a), Sym::Tensor(b)) = (&args[0], &args[1])
        && a.ty.shape.is_empty()
        && let Some(out) = tracked(cx, op, a, b)
    {
        return Ok(vec![out.into()]);
    }
    cx.elementwise(op.name(), args, |cx, t| {
        let (a, b) = (&t[0], &t[1]);
        let d = a.ty.dtype;
        if op == B::Powi || of_integer {
            Ok(power::dynamic(cx, op.name(), a, b))
        } else if d.is_float() {
            float(cx, op, a, b)
        } else if d.is_complex() {
            complex::binary(cx, op, a, b)
        } else {
            integer(cx, op, a, b)
        }
    })
}

/// Sums and differences of integer scalars of which something is known: what is known of them stays known.
fn tracked(cx: &mut Cx<'_>, op: BinaryOp, a: &Tensor, b: &Tensor) -> Option<Tensor> {
    if !a.ty.dtype.is_int() || a.ty != b.ty {
        return None;
    }
    let small = |t: &Tensor| t.int().and_then(|n| i64::try_from(n).ok());
    let (x, k) = match op {
        BinaryOp::Add => match (small(a), small(b)) {
            (_, Some(k)) => (a, k),
            (Some(k), _) => (b, k),
            (None, None) => return None,
        },
        BinaryOp::Sub => {
            if let Some(n) = a.minus(b)
                && let Some(s) = Scalar::from_int(a.ty.dtype, n.into())
            {
                return Some(cx.constant(s));
            }
            (a, small(b)?.checked_neg()?)
        }
        _ => return None,
    };
    // An amount that the type has none of is left to the general way.
    Scalar::from_int(x.ty.dtype, i128::from(k.unsigned_abs()))?;
    let out = cx.plus(x, k);
    if cx.is_checked() && k != 0 {
        let how = if k > 0 { "GT" } else { "LT" };
        let fits = cx.compared(how, &out, x);
        cx.check_all(&fits, TrapKind::IntegerOverflow { op: op.name() });
    }
    Some(out)
}

fn float(cx: &mut Cx<'_>, op: BinaryOp, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    use BinaryOp as B;
    Ok(match op {
        B::Add | B::Sub | B::Mul | B::Div | B::Rem | B::Min | B::Max | B::Atan2 => {
            cx.bin(op.name(), a, b)
        }
        B::Pow => cx.bin("power", a, b),
        B::RemEuclid => {
            let r = cx.bin("remainder", a, b);
            let size = cx.abs(b);
            let up = cx.add(&r, &size);
            let below = cx.versus("LT", &r, 0.0);
            cx.pick(&below, &up, &r)
        }
        B::DivEuclid => {
            let q = cx.div(a, b);
            let q = special::trunc(cx, &q);
            let r = cx.bin("remainder", a, b);
            let (less, more) = (cx.shifted(&q, -1.0), cx.shifted(&q, 1.0));
            let positive = cx.versus("GT", b, 0.0);
            let other = cx.pick(&positive, &less, &more);
            let below = cx.versus("LT", &r, 0.0);
            cx.pick(&below, &other, &q)
        }
        B::FMin | B::FMax => {
            let name = if op == B::FMin { "minimum" } else { "maximum" };
            let both = cx.bin(name, a, b);
            let no_b = cx.is_nan(b);
            let out = cx.pick(&no_b, a, &both);
            let no_a = cx.is_nan(a);
            cx.pick(&no_a, b, &out)
        }
        B::Hypot => special::hypot(cx, a, b),
        B::Copysign => {
            let d = if a.ty.dtype == DType::F32 {
                DType::U32
            } else {
                DType::U64
            };
            let (x, s) = (cx.bits(a, d), cx.bits(b, d));
            let sign = cx.whole(1i128 << (8 * d.bytes() - 1), &x);
            let rest = cx.un("not", &sign);
            let (x, s) = (cx.and(&x, &rest), cx.and(&s, &sign));
            let out = cx.or(&x, &s);
            cx.bits(&out, a.ty.dtype)
        }
        B::Complex => {
            let d = a.ty.dtype.complex().unwrap_or(a.ty.dtype);
            let ty = a.ty.with(d);
            cx.op("complex", &[a, b], "", ty)
        }
        B::Polygamma => special::polygamma(cx, a, b),
        B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Powi
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr => return Err(untyped(op.name(), a.ty.dtype)),
    })
}

fn integer(cx: &mut Cx<'_>, op: BinaryOp, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    use BinaryOp as B;
    Ok(match op {
        B::WrappingAdd => cx.add(a, b),
        B::WrappingSub => cx.sub(a, b),
        B::WrappingMul => cx.mul(a, b),
        B::Add => sum(cx, op.name(), a, b),
        B::Sub => difference(cx, op.name(), a, b),
        B::Mul => product(cx, op.name(), a, b),
        B::Div => {
            divisor(cx, op.name(), a, b);
            cx.div(a, b)
        }
        B::Rem => {
            divisor(cx, op.name(), a, b);
            cx.bin("remainder", a, b)
        }
        B::RemEuclid => {
            divisor(cx, op.name(), a, b);
            let r = cx.bin("remainder", a, b);
            if a.ty.dtype.is_unsigned() {
                return Ok(r);
            }
            let size = cx.abs(b);
            let up = cx.add(&r, &size);
            let below = cx.versus("LT", &r, 0.0);
            cx.pick(&below, &up, &r)
        }
        B::DivEuclid => {
            divisor(cx, op.name(), a, b);
            let q = cx.div(a, b);
            if a.ty.dtype.is_unsigned() {
                return Ok(q);
            }
            let r = cx.bin("remainder", a, b);
            let one = cx.whole(1, a);
            let (less, more) = (cx.sub(&q, &one), cx.add(&q, &one));
            let positive = cx.versus("GT", b, 0.0);
            let other = cx.pick(&positive, &less, &more);
            let below = cx.versus("LT", &r, 0.0);
            cx.pick(&below, &other, &q)
        }
        B::Min | B::Max | B::And | B::Or | B::Xor => cx.bin(op.name(), a, b),
        B::Shl => shift(cx, "shift_left", a, b),
        B::Shr if a.ty.dtype.is_signed() => shift(cx, "shift_right_arithmetic", a, b),
        B::Shr => shift(cx, "shift_right_logical", a, b),
        B::FMin
        | B::FMax
        | B::Pow
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::Complex
        | B::Polygamma => return Err(untyped(op.name(), a.ty.dtype)),
    })
}

fn overflow(op: &'static str) -> TrapKind {
    TrapKind::IntegerOverflow { op }
}

/// `a + b` of integers.
pub(super) fn sum(cx: &mut Cx<'_>, op: &'static str, a: &Tensor, b: &Tensor) -> Tensor {
    let s = cx.add(a, b);
    if cx.is_checked() {
        let fits = if a.ty.dtype.is_signed() {
            // It overflows if its sign is neither operand's.
            let (x, y) = (cx.bin("xor", a, &s), cx.bin("xor", b, &s));
            let both = cx.and(&x, &y);
            cx.versus("GE", &both, 0.0)
        } else {
            cx.compared("GE", &s, a)
        };
        cx.check_all(&fits, overflow(op));
    }
    s
}

/// `a + b` of any numbers.
pub(super) fn added(cx: &mut Cx<'_>, op: &'static str, a: &Tensor, b: &Tensor) -> Tensor {
    if a.ty.dtype.is_int() {
        return sum(cx, op, a, b);
    }
    cx.add(a, b)
}

fn difference(cx: &mut Cx<'_>, op: &'static str, a: &Tensor, b: &Tensor) -> Tensor {
    let s = cx.sub(a, b);
    if cx.is_checked() {
        let fits = if a.ty.dtype.is_signed() {
            let (x, y) = (cx.bin("xor", a, b), cx.bin("xor", a, &s));
            let both = cx.and(&x, &y);
            cx.versus("GE", &both, 0.0)
        } else {
            cx.compared("GE", a, b)
        };
        cx.check_all(&fits, overflow(op));
    }
    s
}

/// `a * b` of integers.
pub(super) fn product(cx: &mut Cx<'_>, op: &'static str, a: &Tensor, b: &Tensor) -> Tensor {
    let p = cx.mul(a, b);
    if cx.is_checked() {
        let fits = product_fits(cx, a, b, &p);
        cx.check_all(&fits, overflow(op));
    }
    p
}

/// Whether `p`, the product modulo 2^bits, is the product.
pub(super) fn product_fits(cx: &mut Cx<'_>, a: &Tensor, b: &Tensor, p: &Tensor) -> Tensor {
    let d = a.ty.dtype;
    if d.bytes() < 8 {
        let wide = if d.is_signed() {
            DType::I64
        } else {
            DType::U64
        };
        let (x, y) = (cx.cast(a, wide), cx.cast(b, wide));
        let exact = cx.mul(&x, &y);
        let p = cx.cast(p, wide);
        return cx.compared("EQ", &exact, &p);
    }
    // 64 bits: dividing undoes it, but where it would divide by zero, and for the least number times -1.
    let zero = cx.whole(0, a);
    let none = cx.compared("EQ", a, &zero);
    let back = cx.div(p, a);
    let same = cx.compared("EQ", &back, b);
    let mut fits = cx.or(&none, &same);
    if d.is_signed() {
        let (less, least) = (cx.whole(-1, a), cx.whole(i64::MIN.into(), a));
        let turned = cx.compared("EQ", a, &less);
        let worst = cx.compared("EQ", b, &least);
        let bad = cx.and(&turned, &worst);
        let good = cx.un("not", &bad);
        fits = cx.and(&fits, &good);
    }
    fits
}

/// In a checked program, traps where `a / b` does.
fn divisor(cx: &mut Cx<'_>, op: &'static str, a: &Tensor, b: &Tensor) {
    if !cx.is_checked() {
        return;
    }
    let some = cx.versus("NE", b, 0.0);
    cx.check_all(&some, TrapKind::DivisionByZero);
    let d = a.ty.dtype;
    if d.is_signed() {
        let (least, less) = (
            cx.whole(-(1i128 << (8 * d.bytes() - 1)), a),
            cx.whole(-1, a),
        );
        let x = cx.compared("NE", a, &least);
        let y = cx.compared("NE", b, &less);
        let fits = cx.or(&x, &y);
        cx.check_all(&fits, overflow(op));
    }
}

/// A shift; the amount has any integer type.
fn shift(cx: &mut Cx<'_>, name: &str, a: &Tensor, by: &Tensor) -> Tensor {
    let d = a.ty.dtype;
    if cx.is_checked() {
        let limit = cx.whole((8 * d.bytes()) as i128, by);
        let below = cx.compared("LT", by, &limit);
        let mut fits = below;
        if by.ty.dtype.is_signed() {
            let above = cx.versus("GE", by, 0.0);
            fits = cx.and(&fits, &above);
        }
        cx.check_all(&fits, TrapKind::ShiftOutOfRange { amount: 0 });
    }
    let by = cx.cast(by, d);
    cx.bin(name, a, &by)
}
