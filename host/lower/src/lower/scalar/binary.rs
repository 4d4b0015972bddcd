//! Operations of two operands: checked integers, floats, truth values; complex numbers are in [`super::complex`].

use super::super::cx::{Cx, Flat};
use super::{complex, int, least, power, real};
use crate::layout::scalar_ty;
use crate::lir::{Bin, Cmp, Cvt, Math2, Opnd, Rv, Stmt, TrapAt, Ty, Un};
use cotangent_core::ir::{BinaryOp, DType};

/// The operation on one element of each operand.
pub(super) fn lower(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    a: &[Opnd],
    b: &[Opnd],
    d: DType,
    e: DType,
) -> Flat {
    if d.is_complex() {
        complex::binary(cx, op, a, b, d, e)
    } else if d.is_float() {
        if op == BinaryOp::Complex {
            vec![a[0], b[0]]
        } else if op == BinaryOp::Powi {
            vec![powi(cx, a[0], b[0], e)]
        } else {
            vec![float(cx, op, a[0], b[0])]
        }
    } else if d == DType::Bool {
        vec![boolean(cx, op, a[0], b[0])]
    } else {
        vec![integer(cx, op, a[0], b[0], d, e)]
    }
}

fn float(cx: &mut Cx<'_>, op: BinaryOp, a: Opnd, b: Opnd) -> Opnd {
    use BinaryOp as B;
    match op {
        B::Add => cx.bin(Bin::Add, a, b),
        B::Sub => cx.bin(Bin::Sub, a, b),
        B::Mul => cx.bin(Bin::Mul, a, b),
        B::Div => cx.bin(Bin::FDiv, a, b),
        B::Rem => cx.math2(Math2::Fmod, a, b),
        B::RemEuclid => {
            let r = cx.math2(Math2::Fmod, a, b);
            let size = cx.un(Un::FAbs, b);
            let up = cx.bin(Bin::Add, r, size);
            let zero = real(cx, a, 0.0);
            let negative = cx.cmp(Cmp::FLt, r, zero);
            cx.choose(negative, up, r)
        }
        B::DivEuclid => {
            let q = cx.bin(Bin::FDiv, a, b);
            let q = cx.un(Un::Trunc, q);
            let r = cx.math2(Math2::Fmod, a, b);
            let (zero, one) = (real(cx, a, 0.0), real(cx, a, 1.0));
            let less = cx.bin(Bin::Sub, q, one);
            let more = cx.bin(Bin::Add, q, one);
            let positive = cx.cmp(Cmp::FGt, b, zero);
            let other = cx.choose(positive, less, more);
            let negative = cx.cmp(Cmp::FLt, r, zero);
            cx.choose(negative, other, q)
        }
        B::Min => cx.bin(Bin::FMin, a, b),
        B::Max => cx.bin(Bin::FMax, a, b),
        B::FMin => cx.bin(Bin::FMinNumber, a, b),
        B::FMax => cx.bin(Bin::FMaxNumber, a, b),
        B::Pow => cx.math2(Math2::Pow, a, b),
        B::Atan2 => cx.math2(Math2::Atan2, a, b),
        B::Hypot => cx.math2(Math2::Hypot, a, b),
        B::Copysign => cx.bin(Bin::Copysign, a, b),
        B::Polygamma => cx.math2(Math2::Polygamma, a, b),
        // The type rule lets no float have these; the last two were handled before.
        B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Powi
        | B::Complex => a,
    }
}

/// A float to an integer power.
fn powi(cx: &mut Cx<'_>, a: Opnd, n: Opnd, e: DType) -> Opnd {
    let n = cx.extend(n, e.is_signed());
    let one = real(cx, a, 1.0);
    let p = power(cx, &[a], &[one], n, e.is_signed(), |cx, x, y| {
        vec![cx.bin(Bin::Mul, x[0], y[0])]
    })[0];
    if !e.is_signed() {
        return p;
    }
    let negative = cx.cmp(Cmp::SLt, n, Opnd::i64(0));
    if negative == Opnd::bool(false) {
        return p;
    }
    let inverse = cx.bin(Bin::FDiv, one, p);
    cx.choose(negative, inverse, p)
}

fn boolean(cx: &mut Cx<'_>, op: BinaryOp, a: Opnd, b: Opnd) -> Opnd {
    use BinaryOp as B;
    match op {
        B::And => cx.both(a, b),
        B::Or => cx.either(a, b),
        B::Xor => cx.bin(Bin::Xor, a, b),
        // The type rule lets no truth value have these.
        B::Add
        | B::Sub
        | B::Mul
        | B::Div
        | B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Pow
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::Shl
        | B::Shr
        | B::Complex
        | B::Polygamma => a,
    }
}

fn integer(cx: &mut Cx<'_>, op: BinaryOp, a: Opnd, b: Opnd, d: DType, e: DType) -> Opnd {
    use BinaryOp as B;
    let signed = d.is_signed();
    let pick = |s: Bin, u: Bin| if signed { s } else { u };
    match op {
        B::Add => cx.checked(Bin::Add, a, b, d, op.name()),
        B::Sub => cx.checked(Bin::Sub, a, b, d, op.name()),
        B::Mul => cx.checked(Bin::Mul, a, b, d, op.name()),
        B::Div | B::Rem | B::RemEuclid | B::DivEuclid => divide(cx, op, a, b, d),
        B::WrappingAdd => cx.bin(Bin::Add, a, b),
        B::WrappingSub => cx.bin(Bin::Sub, a, b),
        B::WrappingMul => cx.bin(Bin::Mul, a, b),
        B::Min => cx.bin(pick(Bin::SMin, Bin::UMin), a, b),
        B::Max => cx.bin(pick(Bin::SMax, Bin::UMax), a, b),
        B::And => cx.bin(Bin::And, a, b),
        B::Or => cx.bin(Bin::Or, a, b),
        B::Xor => cx.bin(Bin::Xor, a, b),
        B::Pow => pow(cx, a, b, d, e),
        B::Shl => shift(cx, Bin::Shl, a, b, d, e),
        B::Shr => shift(cx, pick(Bin::ShrS, Bin::ShrU), a, b, d, e),
        // The type rule lets no integer have these.
        B::FMin
        | B::FMax
        | B::Powi
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::Complex
        | B::Polygamma => a,
    }
}

/// Quotients and remainders: the divisor is not 0, and the quotient fits.
fn divide(cx: &mut Cx<'_>, op: BinaryOp, a: Opnd, b: Opnd, d: DType) -> Opnd {
    let zero = int(d, 0);
    let by_zero = cx.cmp(Cmp::Eq, b, zero);
    cx.check(by_zero, TrapAt::DivisionByZero, Vec::new());
    let quotient = matches!(op, BinaryOp::Div | BinaryOp::DivEuclid);
    if !d.is_signed() {
        return cx.bin(if quotient { Bin::UDiv } else { Bin::URem }, a, b);
    }
    let minus = cx.cmp(Cmp::Eq, b, int(d, -1));
    let lowest = cx.cmp(Cmp::Eq, a, least(d));
    let bad = cx.both(minus, lowest);
    cx.overflow(bad, op.name());
    if op == BinaryOp::Div {
        return cx.bin(Bin::SDiv, a, b);
    }
    let r = cx.bin(Bin::SRem, a, b);
    if op == BinaryOp::Rem {
        return r;
    }
    let negative = cx.cmp(Cmp::SLt, r, zero);
    let positive = cx.cmp(Cmp::SGt, b, zero);
    if op == BinaryOp::RemEuclid {
        let opposite = cx.un(Un::Neg, b);
        let size = cx.choose(positive, b, opposite);
        let up = cx.bin(Bin::Add, r, size);
        return cx.choose(negative, up, r);
    }
    let q = cx.bin(Bin::SDiv, a, b);
    let step = cx.choose(positive, int(d, -1), int(d, 1));
    let other = cx.bin(Bin::Add, q, step);
    cx.choose(negative, other, q)
}

/// The amount, of any integer type, is below the bits of the shifted.
fn shift(cx: &mut Cx<'_>, op: Bin, a: Opnd, n: Opnd, d: DType, e: DType) -> Opnd {
    let n = cx.extend(n, e.is_signed());
    let ty = scalar_ty(d);
    let bad = cx.cmp(Cmp::UGe, n, Opnd::i64((8 * ty.bytes()).into()));
    cx.check(bad, TrapAt::Shift(e.is_signed()), vec![n]);
    let n = if ty == Ty::I64 {
        n
    } else {
        cx.cvt(Cvt::Trunc, ty, n)
    };
    cx.bin(op, a, n)
}

/// An integer to an integer power: Rust's `checked_pow`, product for product, so that it overflows where that does.
fn pow(cx: &mut Cx<'_>, a: Opnd, n: Opnd, d: DType, e: DType) -> Opnd {
    const OP: &str = "power";
    let n = cx.extend(n, e.is_signed());
    if e.is_signed() {
        let negative = cx.cmp(Cmp::SLt, n, Opnd::i64(0));
        cx.overflow(negative, OP);
    }
    if let Some(mut k) = n.constant() {
        if e.is_signed() && k.cast_signed() < 0 {
            // Not reached: the trap comes first.
            return a;
        }
        let (mut base, mut out) = (a, int(d, 1));
        while k != 0 {
            if k & 1 == 1 {
                out = cx.checked(Bin::Mul, out, base, d, OP);
            }
            k >>= 1;
            if k != 0 {
                base = cx.checked(Bin::Mul, base, base, d, OP);
            }
        }
        return out;
    }
    let (k, base, out) = (cx.copy(n), cx.copy(a), cx.copy(int(d, 1)));
    let (head, cond) = cx.block(|cx| cx.cmp(Cmp::Ne, k.into(), Opnd::i64(0)));
    let (body, ()) = cx.block(|cx| {
        let bit = cx.bin(Bin::And, k.into(), Opnd::i64(1));
        let bit = cx.cvt(Cvt::Trunc, Ty::I8, bit);
        let (take, ()) = cx.block(|cx| {
            let p = cx.checked(Bin::Mul, out.into(), base.into(), d, OP);
            cx.emit(Stmt::Set(out, Rv::Copy(p)));
        });
        cx.emit(Stmt::If(bit, take, Vec::new()));
        let rest = cx.bin(Bin::ShrU, k.into(), Opnd::i64(1));
        cx.emit(Stmt::Set(k, Rv::Copy(rest)));
        let more = cx.cmp(Cmp::Ne, k.into(), Opnd::i64(0));
        let (square, ()) = cx.block(|cx| {
            let p = cx.checked(Bin::Mul, base.into(), base.into(), d, OP);
            cx.emit(Stmt::Set(base, Rv::Copy(p)));
        });
        cx.emit(Stmt::If(more, square, Vec::new()));
    });
    cx.emit(Stmt::While { head, cond, body });
    out.into()
}
