//! One right-hand side, simplified: constants computed, neutral operands dropped.
//!
//! Invariant: the simplified form gives the same bits, but for which NaN comes out. Constants hold no bits above their type's width.

use crate::lir::{Bin, Cmp, Cvt, Opnd, Rv, Ty, Un};

/// The bits below a type's width.
const fn mask(ty: Ty) -> u64 {
    u64::MAX >> (64 - 8 * ty.bytes())
}

/// A constant of a type from bits of which those above its width do not count.
pub const fn constant(ty: Ty, bits: u64) -> Opnd {
    Opnd::Const(ty, bits & mask(ty))
}

/// A float constant of a type.
pub fn float(ty: Ty, x: f64) -> Opnd {
    match ty {
        Ty::F32 => Opnd::Const(Ty::F32, u64::from((x as f32).to_bits())),
        Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::F64 | Ty::Ptr => Opnd::Const(ty, x.to_bits()),
    }
}

/// An integer constant's bits extended by sign.
pub const fn signed(ty: Ty, bits: u64) -> i64 {
    let shift = 64 - 8 * ty.bytes();
    (bits << shift).cast_signed() >> shift
}

/// A float constant's value; exact.
fn real(ty: Ty, bits: u64) -> f64 {
    if matches!(ty, Ty::F32) {
        f64::from(f32::from_bits(bits as u32))
    } else {
        f64::from_bits(bits)
    }
}

/// The simplified form; the same if nothing is known.
pub fn fold(rv: Rv) -> Rv {
    let simpler = match rv {
        Rv::Un(op, Opnd::Const(ty, a)) => unary(op, ty, a),
        Rv::Bin(op, Opnd::Const(ty, a), Opnd::Const(_, b)) => binary(op, ty, a, b),
        Rv::Bin(op, a, b) => neutral(op, a, b),
        Rv::Cmp(op, Opnd::Const(ty, a), Opnd::Const(_, b)) => compare(op, ty, a, b),
        Rv::Cmp(op, a, b) => known(op, a, b),
        Rv::Select(Opnd::Const(_, c), a, b) => Some(if c == 0 { b } else { a }),
        Rv::Select(_, a, b) if a == b => Some(a),
        Rv::Cvt(op, to, Opnd::Const(ty, a)) => convert(op, to, ty, a),
        Rv::Lea(addr) if addr.index.is_none() && addr.offset == 0 => Some(addr.base),
        Rv::Copy(_)
        | Rv::Un(..)
        | Rv::Fma(..)
        | Rv::Select(..)
        | Rv::Cvt(..)
        | Rv::Load(..)
        | Rv::Lea(_)
        | Rv::Const(_) => None,
    };
    simpler.map_or(rv, Rv::Copy)
}

/// A float result, unless it is a NaN, whose bits depend on the machine.
fn number(ty: Ty, x: f64) -> Option<Opnd> {
    (!x.is_nan()).then(|| float(ty, x))
}

fn unary(op: Un, ty: Ty, a: u64) -> Option<Opnd> {
    let width = 8 * ty.bytes();
    let x = || real(ty, a);
    match op {
        Un::Neg if ty.is_float() => Some(constant(ty, a ^ (1 << (width - 1)))),
        Un::Neg => Some(constant(ty, a.wrapping_neg())),
        Un::Not => Some(constant(ty, !a)),
        Un::FAbs => Some(constant(ty, a & !(1 << (width - 1)))),
        Un::Floor => number(ty, x().floor()),
        Un::Ceil => number(ty, x().ceil()),
        Un::Trunc => number(ty, x().trunc()),
        Un::Nearest => number(ty, x().round_ties_even()),
        Un::PopCount => Some(constant(ty, a.count_ones().into())),
        Un::Clz => Some(constant(
            ty,
            u64::from((a << (64 - width)).leading_zeros().min(width)),
        )),
        Un::Ctz => Some(constant(ty, u64::from(a.trailing_zeros().min(width)))),
        // The root of a single as a double would round twice; functions are the runtime's.
        Un::Sqrt | Un::Math(_) => None,
    }
}

fn binary(op: Bin, ty: Ty, a: u64, b: u64) -> Option<Opnd> {
    let int = |v: u64| Some(constant(ty, v));
    let (s, t) = (signed(ty, a), signed(ty, b));
    if ty.is_float() {
        // A double holds sums and products of singles closely enough that rounding again is rounding once.
        let (x, y) = (real(ty, a), real(ty, b));
        return match op {
            Bin::Add | Bin::Accumulate => number(ty, x + y),
            Bin::Sub => number(ty, x - y),
            Bin::Mul => number(ty, x * y),
            Bin::FDiv => number(ty, x / y),
            _ => None,
        };
    }
    match op {
        Bin::Add => int(a.wrapping_add(b)),
        Bin::Sub => int(a.wrapping_sub(b)),
        Bin::Mul => int(a.wrapping_mul(b)),
        Bin::SDiv => s.checked_div(t).and_then(|v| int(v.cast_unsigned())),
        Bin::SRem => s.checked_rem(t).and_then(|v| int(v.cast_unsigned())),
        Bin::UDiv => a.checked_div(b).and_then(int),
        Bin::URem => a.checked_rem(b).and_then(int),
        Bin::And => int(a & b),
        Bin::Or => int(a | b),
        Bin::Xor => int(a ^ b),
        Bin::Shl if b < 64 => int(a << b),
        Bin::ShrS if b < 64 => int((s >> b).cast_unsigned()),
        Bin::ShrU if b < 64 => int(a >> b),
        Bin::SMin => int(s.min(t).cast_unsigned()),
        Bin::SMax => int(s.max(t).cast_unsigned()),
        Bin::UMin => int(a.min(b)),
        Bin::UMax => int(a.max(b)),
        Bin::Shl
        | Bin::ShrS
        | Bin::ShrU
        | Bin::Accumulate
        | Bin::FDiv
        | Bin::FMin
        | Bin::FMax
        | Bin::FMinNumber
        | Bin::FMaxNumber
        | Bin::Copysign
        | Bin::Math(_) => None,
    }
}

/// Operations with an operand that does nothing, or decides alone.
fn neutral(op: Bin, a: Opnd, b: Opnd) -> Option<Opnd> {
    let is =
        |o: Opnd, v: u64| matches!(o, Opnd::Const(ty, c) if !ty.is_float() && c == v & mask(ty));
    let one = |o: Opnd| matches!(o, Opnd::Const(ty, c) if ty.is_float() && real(ty, c) == 1.0);
    match op {
        Bin::Add | Bin::Or | Bin::Xor if is(a, 0) => Some(b),
        Bin::Add | Bin::Sub | Bin::Or | Bin::Xor | Bin::Shl | Bin::ShrS | Bin::ShrU if is(b, 0) => {
            Some(a)
        }
        Bin::And if is(a, u64::MAX) => Some(b),
        Bin::And if is(b, u64::MAX) => Some(a),
        Bin::And | Bin::Mul if is(a, 0) => Some(a),
        Bin::And | Bin::Mul if is(b, 0) => Some(b),
        Bin::Mul if is(a, 1) || one(a) => Some(b),
        Bin::Mul | Bin::SDiv | Bin::UDiv if is(b, 1) => Some(a),
        Bin::Mul | Bin::FDiv if one(b) => Some(a),
        Bin::And | Bin::Or | Bin::SMin | Bin::SMax | Bin::UMin | Bin::UMax if a == b => Some(a),
        _ => None,
    }
}

fn compare(op: Cmp, ty: Ty, a: u64, b: u64) -> Option<Opnd> {
    let (s, t) = (signed(ty, a), signed(ty, b));
    let fits = |v: Option<i64>| v.is_some_and(|v| signed(ty, v.cast_unsigned()) == v);
    let below = |v: Option<u64>| v.is_some_and(|v| v <= mask(ty));
    let (x, y) = (real(ty, a), real(ty, b));
    Some(Opnd::bool(match op {
        Cmp::Eq => a == b,
        Cmp::Ne => a != b,
        Cmp::SLt => s < t,
        Cmp::SLe => s <= t,
        Cmp::SGt => s > t,
        Cmp::SGe => s >= t,
        Cmp::ULt => a < b,
        Cmp::ULe => a <= b,
        Cmp::UGt => a > b,
        Cmp::UGe => a >= b,
        Cmp::FEq => x == y,
        Cmp::FNe => x != y,
        Cmp::FLt => x < y,
        Cmp::FLe => x <= y,
        Cmp::FGt => x > y,
        Cmp::FGe => x >= y,
        Cmp::SAddOv => !fits(s.checked_add(t)),
        Cmp::SSubOv => !fits(s.checked_sub(t)),
        Cmp::SMulOv => !fits(s.checked_mul(t)),
        Cmp::UAddOv => !below(a.checked_add(b)),
        Cmp::USubOv => !below(a.checked_sub(b)),
        Cmp::UMulOv => !below(a.checked_mul(b)),
    }))
}

/// Conditions that hold or fail whatever a register holds.
fn known(op: Cmp, a: Opnd, b: Opnd) -> Option<Opnd> {
    let zero = |o: Opnd| o.constant() == Some(0);
    let one = |o: Opnd| o.constant() == Some(1);
    let truth = match op {
        Cmp::Eq | Cmp::ULe | Cmp::UGe | Cmp::SLe | Cmp::SGe if a == b => true,
        Cmp::Ne | Cmp::ULt | Cmp::UGt | Cmp::SLt | Cmp::SGt if a == b => false,
        Cmp::USubOv | Cmp::SSubOv if a == b => false,
        Cmp::ULt if zero(b) => false,
        Cmp::UGe if zero(b) => true,
        Cmp::SAddOv | Cmp::UAddOv if zero(a) || zero(b) => false,
        Cmp::SSubOv | Cmp::USubOv if zero(b) => false,
        Cmp::SMulOv | Cmp::UMulOv if zero(a) || zero(b) || one(a) || one(b) => false,
        _ => return None,
    };
    Some(Opnd::bool(truth))
}

fn convert(op: Cvt, to: Ty, ty: Ty, a: u64) -> Option<Opnd> {
    match op {
        Cvt::SExt => Some(constant(to, signed(ty, a).cast_unsigned())),
        Cvt::ZExt | Cvt::Trunc | Cvt::Bits => Some(constant(to, a)),
        Cvt::SToF if matches!(to, Ty::F32) => {
            Some(Opnd::Const(to, u64::from((signed(ty, a) as f32).to_bits())))
        }
        Cvt::SToF => Some(float(to, signed(ty, a) as f64)),
        Cvt::UToF if matches!(to, Ty::F32) => {
            Some(Opnd::Const(to, u64::from((a as f32).to_bits())))
        }
        Cvt::UToF => Some(float(to, a as f64)),
        Cvt::FToS if matches!(to, Ty::I64) => Some(Opnd::i64((real(ty, a) as i64).cast_unsigned())),
        Cvt::FToS if matches!(to, Ty::I32) => {
            Some(constant(to, i64::from(real(ty, a) as i32).cast_unsigned()))
        }
        Cvt::FToU if matches!(to, Ty::I64) => Some(Opnd::i64(real(ty, a) as u64)),
        Cvt::Promote | Cvt::Demote => number(to, real(ty, a)),
        Cvt::FToS | Cvt::FToU => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lir::Reg;

    fn i8(v: i8) -> Opnd {
        constant(Ty::I8, i64::from(v).cast_unsigned())
    }

    #[test]
    fn narrow_integers_wrap_and_overflow_at_their_width() {
        let is = |rv: Rv, want: Opnd| assert_eq!(fold(rv.clone()), Rv::Copy(want), "{rv:?}");
        is(Rv::Bin(Bin::Add, i8(127), i8(1)), i8(-128));
        is(Rv::Cmp(Cmp::SAddOv, i8(127), i8(1)), Opnd::bool(true));
        is(Rv::Cmp(Cmp::SMulOv, i8(-128), i8(-1)), Opnd::bool(true));
        is(Rv::Cmp(Cmp::UMulOv, i8(16), i8(15)), Opnd::bool(false));
        is(Rv::Un(Un::Clz, i8(1)), i8(7));
        is(Rv::Un(Un::Ctz, i8(0)), i8(8));
        is(Rv::Bin(Bin::ShrS, i8(-128), i8(7)), i8(-1));
        is(Rv::Cvt(Cvt::SExt, Ty::I64, i8(-3)), Opnd::i64(-3i64 as u64));
        let unknown = Rv::Bin(Bin::SDiv, i8(1), i8(0));
        assert_eq!(fold(unknown.clone()), unknown);
    }

    #[test]
    fn only_what_keeps_every_bit_is_dropped() {
        let r = Opnd::Reg(Reg(3));
        let keep = |rv: Rv| assert_eq!(fold(rv.clone()), rv);
        let drop = |rv: Rv| assert_eq!(fold(rv), Rv::Copy(r));
        // -0 + 0 is 0, and inf * 0 is NaN.
        keep(Rv::Bin(Bin::Add, r, Opnd::f64(0.0)));
        keep(Rv::Bin(Bin::Mul, r, Opnd::f64(0.0)));
        keep(Rv::Cmp(Cmp::FEq, r, r));
        drop(Rv::Bin(Bin::Mul, r, Opnd::f64(1.0)));
        drop(Rv::Bin(Bin::Add, Opnd::i64(0), r));
        drop(Rv::Select(Opnd::bool(true), r, Opnd::i64(4)));
        let half = Rv::Bin(Bin::FDiv, Opnd::f64(1.0), Opnd::f64(2.0));
        assert_eq!(fold(half), Rv::Copy(Opnd::f64(0.5)));
    }
}
