//! Every op: values against Rust's own operators and functions, tangents against difference quotients, the transpose's and
//! simplifications' edges.

use super::*;
use crate::error::TrapKind;
use crate::ir::{Builder, ConstOp, Op, ValueDef};
use crate::ops::testing::{close, derivative, jvp, run, scalar, value};
use crate::ops::{Simplified, SimplifyCx};
use crate::value::{Scalar, Val};
use BinaryOp as B;
use alloc::vec;
use num_complex::Complex;

type C = Complex<f64>;

/// What an op is on two `f64`, if it gives one.
fn reference(op: B, a: f64, b: f64) -> Option<f64> {
    Some(match op {
        B::Add => a + b,
        B::Sub => a - b,
        B::Mul => a * b,
        B::Div => a / b,
        B::Rem => a % b,
        B::RemEuclid => a.rem_euclid(b),
        B::DivEuclid => a.div_euclid(b),
        B::Min if a.is_nan() || b.is_nan() => f64::NAN,
        B::Max if a.is_nan() || b.is_nan() => f64::NAN,
        B::Min | B::FMin => a.min(b),
        B::Max | B::FMax => a.max(b),
        B::Pow => a.powf(b),
        B::Atan2 => a.atan2(b),
        B::Hypot => a.hypot(b),
        B::Copysign => a.copysign(b),
        B::Polygamma
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Powi
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex => return None,
    })
}

const POINTS: [f64; 9] = [0.3, -0.7, 1.0, 2.5, -2.5, 7.0, -3.0, 0.0, f64::NAN];

#[test]
fn floats_are_what_rust_computes() {
    for &op in B::ALL {
        for a in POINTS {
            for b in POINTS {
                let Some(want) = reference(op, a, b) else {
                    continue;
                };
                let got = scalar(&value(op, &[a.into(), b.into()]));
                assert!(
                    close(got, want, 1e-14),
                    "{a} {} {b} = {got}, not {want}",
                    op.name()
                );
                let (x, y) = (a as f32, b as f32);
                let got = scalar(&value(op, &[x.into(), y.into()]));
                let want = reference(op, x.into(), y.into()).unwrap();
                // A quotient of rounded numbers may lie on the other side of a jump.
                let jump = matches!(op, B::RemEuclid | B::DivEuclid | B::Rem);
                let near = jump || close(got, want, 1e-6);
                assert!(near, "{x} {} {y} = {got}, not {want} (f32)", op.name());
            }
        }
    }
}

#[test]
fn signed_zeros_are_ordered_by_extremes() {
    for op in [B::Min, B::FMin, B::Max, B::FMax] {
        let negative = matches!(op, B::Min | B::FMin);
        for (a, b) in [(0.0, -0.0), (-0.0, 0.0)] {
            let y = scalar(&value(op, &[a.into(), b.into()]));
            assert_eq!(y.is_sign_negative(), negative, "{}", op.name());
        }
    }
}

#[test]
fn integers_are_what_rust_computes() {
    let xs: [i8; 9] = [i8::MIN, -100, -7, -1, 0, 1, 3, 100, i8::MAX];
    for a in xs {
        for b in xs {
            let same = |op: B, want: Option<i8>| {
                let got = run(op, &[a.into(), b.into()]).ok().map(|v| v.as_scalar());
                assert_eq!(
                    got,
                    want.map(|w| Some(Scalar::I8(w))),
                    "{a} {} {b}",
                    op.name()
                );
            };
            same(B::Add, a.checked_add(b));
            same(B::Sub, a.checked_sub(b));
            same(B::Mul, a.checked_mul(b));
            same(B::Div, a.checked_div(b));
            same(B::Rem, a.checked_rem(b));
            same(B::RemEuclid, a.checked_rem_euclid(b));
            same(B::DivEuclid, a.checked_div_euclid(b));
            same(B::WrappingAdd, Some(a.wrapping_add(b)));
            same(B::WrappingSub, Some(a.wrapping_sub(b)));
            same(B::WrappingMul, Some(a.wrapping_mul(b)));
            same(B::Min, Some(a.min(b)));
            same(B::Max, Some(a.max(b)));
            same(B::And, Some(a & b));
            same(B::Or, Some(a | b));
            same(B::Xor, Some(a ^ b));
            let amount = u32::try_from(b).ok();
            same(B::Shl, amount.and_then(|n| a.checked_shl(n)));
            same(B::Shr, amount.and_then(|n| a.checked_shr(n)));
            same(B::Pow, amount.and_then(|n| a.checked_pow(n)));
        }
    }
    for a in [false, true] {
        for b in [false, true] {
            for (op, want) in [(B::And, a & b), (B::Or, a | b), (B::Xor, a ^ b)] {
                assert!(value(op, &[a.into(), b.into()]).same_bits(&want.into()));
            }
        }
    }
}

#[test]
fn what_went_wrong_is_said() {
    let trap = |op: B, a: Val, b: Val| run(op, &[a, b]).unwrap_err();
    let overflow = TrapKind::IntegerOverflow { op: "add" };
    assert_eq!(trap(B::Add, 200u8.into(), 100u8.into()), overflow);
    assert_eq!(
        trap(B::Div, 1i64.into(), 0i64.into()),
        TrapKind::DivisionByZero
    );
    assert_eq!(
        trap(B::Shl, 1u32.into(), 32u64.into()),
        TrapKind::ShiftOutOfRange { amount: 32 }
    );
    assert_eq!(
        trap(B::Shr, 1i32.into(), (-1i8).into()),
        TrapKind::ShiftOutOfRange { amount: -1 }
    );
    let huge = value(B::Pow, &[(-1i64).into(), u64::MAX.into()]);
    assert!(huge.same_bits(&(-1i64).into()));
}

#[test]
fn integer_powers() {
    for n in [-3i32, -1, 0, 1, 2, 7] {
        for x in [1.5, -0.75, 2.0] {
            let got = scalar(&value(B::Powi, &[x.into(), n.into()]));
            assert!(close(got, f64::powi(x, n), 1e-15), "{x}^{n}");
            let z = C::new(x, 0.5);
            let got = value(B::Powi, &[z.into(), n.into()]).as_scalar();
            let want = z.powi(n);
            assert!(
                matches!(got, Some(Scalar::C128(w)) if (w - want).norm() < 1e-13 * want.norm())
            );
        }
    }
    assert_eq!(scalar(&value(B::Powi, &[f64::NAN.into(), 0u8.into()])), 1.0);
    let v = value(B::Powi, &[Val::vector(vec![2.0f32, 3.0]), 2i64.into()]);
    assert!(v.same_bits(&Val::vector(vec![4.0f32, 9.0])));
    let v = value(
        B::Powi,
        &[Val::vector(vec![2.0f32, 3.0]), Val::vector(vec![0u8, 3])],
    );
    assert!(v.same_bits(&Val::vector(vec![1.0f32, 27.0])));
}

#[test]
fn complex_numbers() {
    let (z, w) = (C::new(1.5, -2.0), C::new(-0.5, 0.75));
    for (op, want) in [
        (B::Add, z + w),
        (B::Sub, z - w),
        (B::Mul, z * w),
        (B::Div, z / w),
        (B::Pow, z.powc(w)),
    ] {
        let got = value(op, &[z.into(), w.into()]).as_scalar();
        assert!(
            matches!(got, Some(Scalar::C128(y)) if (y - want).norm() < 1e-14),
            "{}: {got:?}, not {want}",
            op.name()
        );
    }
    // Where the squared modulus overflows, the quotient does not.
    let big = C::new(3e200, 4e200);
    let got = value(B::Div, &[big.into(), big.into()]);
    assert!(got.same_bits(&C::new(1.0, 0.0).into()));
    let made = value(B::Complex, &[1.0f32.into(), 2.0f32.into()]);
    assert!(made.same_bits(&Complex::new(1.0f32, 2.0).into()));
}

#[test]
fn tensors_agree_in_shape_and_are_reused() {
    let (a, b) = (Val::vector(vec![1.0, 2.0]), Val::vector(vec![10.0, 20.0]));
    let y = value(B::Sub, &[a.clone(), b.clone()]);
    assert!(y.same_bits(&Val::vector(vec![-9.0, -18.0])));
    assert!(a.same_bits(&Val::vector(vec![1.0, 2.0])));
    // Only the second operand is free: written there, not swapped.
    let mut regs = [a.clone(), b];
    let place = match &regs[1] {
        Val::Tensor(t) => alloc::sync::Arc::as_ptr(t),
        v => panic!("{v:?}"),
    };
    let mut out = vec![];
    let cx = crate::ops::testing::CX;
    let mut args = crate::ops::Args::new(&mut regs, &[(0, false), (1, true)]);
    eval(&B::Sub, &mut args, &mut out, &cx).unwrap();
    assert!(out[0].same_bits(&y));
    assert!(matches!(&out[0], Val::Tensor(t) if alloc::sync::Arc::as_ptr(t) == place));
    let dynamic = Type::tensor(DType::F64, [crate::ir::Dim::Dynamic]);
    let trap = crate::ops::testing::run_typed(
        &B::Add.into(),
        &[dynamic.clone(), dynamic],
        &[a, Val::vector(vec![1.0])],
    );
    assert!(matches!(trap, Err(TrapKind::ShapeMismatch { .. })));
}

#[test]
fn tangents() {
    for &op in B::ALL {
        for (a, b) in [
            (0.3, 0.8),
            (2.3, 1.4),
            (-1.7, 0.9),
            (1.2, -2.6),
            (-2.2, -1.3),
        ] {
            if reference(op, a, b).is_none() {
                continue;
            }
            let f = |a: f64, b: f64| scalar(&value(op, &[a.into(), b.into()]));
            let h = 1e-5;
            let want = [
                (f(a + h, b) - f(a - h, b)) / (2.0 * h),
                (f(a, b + h) - f(a, b - h)) / (2.0 * h),
            ];
            let got = derivative(op.into(), &[a, b]);
            for i in 0..2 {
                let near = want[i].is_nan() || close(got[i], want[i], 1e-7);
                assert!(
                    near,
                    "{}({a}, {b}) by {i}: {got:?}, not {want:?}",
                    op.name()
                );
            }
        }
    }
    let d = |n: f64, x: f64| {
        let t = jvp(
            &B::Polygamma.into(),
            &[n.into(), x.into()],
            &[None, Some(1.0.into())],
        );
        scalar(&t.unwrap())
    };
    let f = |x: f64| scalar(&value(B::Polygamma, &[2.0.into(), x.into()]));
    assert!(close(d(2.0, 1.3), (f(1.3001) - f(1.2999)) / 2e-4, 1e-6));
}

#[test]
fn tangents_of_complex_numbers() {
    let (z, w) = (C::new(1.5, -2.0), C::new(-0.5, 0.75));
    let (s, t) = (C::new(0.3, 0.4), C::new(-0.2, 0.9));
    let number = |v: Val| match v.as_scalar() {
        Some(Scalar::C128(z)) => z,
        s => panic!("{s:?}"),
    };
    for op in [B::Add, B::Sub, B::Mul, B::Div, B::Pow] {
        let f = |h: f64| number(value(op, &[(z + s * h).into(), (w + t * h).into()]));
        let want = (f(1e-5) - f(-1e-5)) / 2e-5;
        let ts = [Some(s.into()), Some(t.into())];
        let got = number(jvp(&op.into(), &[z.into(), w.into()], &ts).unwrap());
        assert!(
            (got - want).norm() < 1e-8,
            "{}: {got}, not {want}",
            op.name()
        );
    }
    let t = jvp(
        &B::Complex.into(),
        &[1.0.into(), 2.0.into()],
        &[None, Some(3.0.into())],
    );
    assert_eq!(number(t.unwrap()), C::new(0.0, 3.0));
}

#[test]
fn edge_policy() {
    let d = |op: B, a: f64, b: f64| derivative(op.into(), &[a, b]);
    for op in [B::Min, B::Max, B::FMin, B::FMax] {
        assert_eq!(d(op, 2.0, 2.0), [0.5, 0.5], "{}", op.name());
    }
    assert_eq!(d(B::FMax, f64::NAN, 1.0), [0.0, 1.0]);
    assert_eq!(d(B::FMin, 1.0, f64::NAN), [1.0, 0.0]);
    assert_eq!(d(B::Max, 1.0, f64::NAN), [0.0, 0.0]);
    assert_eq!(d(B::Pow, 0.0, 0.0)[0], 0.0);
    assert_eq!(d(B::Pow, 0.0, 1.0), [1.0, 0.0]);
    assert_eq!(d(B::Pow, 0.0, 2.5), [0.0, 0.0]);
    assert_eq!(d(B::Pow, -2.0, 3.0)[0], 12.0);
    assert!(d(B::Pow, -2.0, 3.0)[1].is_nan());
    assert_eq!(d(B::Hypot, 0.0, 0.0), [0.0, 0.0]);
    assert_eq!(d(B::Atan2, 0.0, 0.0), [0.0, 0.0]);
    let far = d(B::Hypot, 3e200, 4e200);
    assert!(close(far[0], 0.6, 1e-15) && close(far[1], 0.8, 1e-15));
    assert_eq!(d(B::Rem, 7.5, 2.0), [1.0, -3.0]);
    assert_eq!(d(B::Rem, -7.5, 2.0), [1.0, 3.0]);
    assert_eq!(d(B::RemEuclid, -7.5, 2.0), [1.0, 4.0]);
    assert_eq!(d(B::DivEuclid, 7.5, 2.0), [0.0, 0.0]);
    assert_eq!(d(B::Copysign, -3.0, 1.0), [-1.0, 0.0]);
    assert_eq!(d(B::Copysign, 0.0, -1.0)[0], 0.0);
    let powi = |x: f64, n: Val| {
        let t = jvp(&B::Powi.into(), &[x.into(), n], &[Some(1.0.into()), None]);
        scalar(&t.unwrap())
    };
    assert_eq!(powi(0.0, 0u8.into()), 0.0);
    assert_eq!(powi(0.0, 1u8.into()), 1.0);
    assert_eq!(powi(2.0, 5i32.into()), 80.0);
    assert_eq!(powi(2.0, (-1i64).into()), -0.25);
}

#[test]
fn types() {
    let (f, c, n): (Type, Type, Type) = (DType::F64.into(), DType::C128.into(), DType::I32.into());
    let v = Type::known(DType::F64, &[3]);
    let d = Type::tensor(DType::F64, [crate::ir::Dim::Dynamic]);
    assert_eq!(infer(&B::Add, &[v.clone(), d.clone()]), Ok(vec![v.clone()]));
    assert!(infer(&B::Add, &[v.clone(), f.clone()]).is_err());
    assert!(infer(&B::Add, &[f.clone(), c.clone()]).is_err());
    assert_eq!(infer(&B::Complex, &[f.clone(), f.clone()]), Ok(vec![c]));
    assert_eq!(
        infer(&B::Powi, &[d.clone(), n.clone()]),
        Ok(vec![d.clone()])
    );
    assert!(infer(&B::Powi, &[f.clone(), f.clone()]).is_err());
    assert!(infer(&B::And, &[f.clone(), f.clone()]).is_err());
    assert_eq!(effects(&B::Add, &[&n, &n]), Effects::MayTrap);
    assert_eq!(effects(&B::Add, &[&f, &f]), Effects::Pure);
    assert_eq!(effects(&B::Add, &[&d, &d]), Effects::MayTrap);
}

/// What `op` of the parameter and a constant (in that order, or the other) simplifies to.
fn simplified(op: B, k: Scalar, first: bool) -> Option<Simplified> {
    let mut b = Builder::new("f", &[k.dtype().into()]);
    let x = b.params()[0];
    let k = b.inst1(ConstOp::Scalar(k), &[]);
    let y = if first {
        b.binary(op, k, x)
    } else {
        b.binary(op, x, k)
    };
    let ValueDef::Result(inst, _) = b.func.values[y].def else {
        panic!("{y} is a parameter")
    };
    let func = &b.func;
    simplify(&op, &SimplifyCx { func, inst })
}

#[test]
fn only_exact_identities() {
    let x = |s: &Option<Simplified>| matches!(s, Some(Simplified::Values(v)) if v.len() == 1);
    for first in [false, true] {
        assert!(x(&simplified(B::Mul, Scalar::F64(1.0), first)));
        assert!(x(&simplified(B::Add, Scalar::F64(-0.0), first)));
        assert!(x(&simplified(B::Add, Scalar::I32(0), first)));
        assert!(x(&simplified(B::And, Scalar::U8(255), first)));
        assert!(x(&simplified(B::Or, Scalar::Bool(false), first)));
        assert_eq!(simplified(B::Add, Scalar::F64(0.0), first), None);
        assert_eq!(simplified(B::Mul, Scalar::F64(0.0), first), None);
        let zero = simplified(B::Mul, Scalar::I64(0), first);
        assert!(matches!(zero, Some(Simplified::Inst(Op::Const(_), _))));
    }
    assert!(x(&simplified(B::Sub, Scalar::F64(0.0), false)));
    assert_eq!(simplified(B::Sub, Scalar::F64(0.0), true), None);
    assert_eq!(simplified(B::Sub, Scalar::F64(-0.0), false), None);
    let negated = simplified(B::Sub, Scalar::F64(-0.0), true);
    assert!(matches!(
        negated,
        Some(Simplified::Inst(Op::Unary(UnaryOp::Neg), _))
    ));
    assert!(x(&simplified(B::Div, Scalar::U64(1), false)));
    assert_eq!(simplified(B::Div, Scalar::U64(1), true), None);
}
