//! Every operation of registers, at every width, on values at the edges, against formulas of its own.

mod common;
use common::{Fun, INTS, Machine, edges, signed, unsigned};
use cotangent_lower::lir::{Bin, Cmp, Cvt, Math1, Math2, Opnd, Program, Rv, Ty, Un};

fn low(v: u64, bits: u32) -> u64 {
    unsigned(v, bits) as u64
}

/// What an integer operation should give; `None` where its precondition fails.
fn int_bin(op: Bin, a: u64, b: u64, bits: u32) -> Option<u64> {
    let (s, t) = (signed(a, bits), signed(b, bits));
    let (u, v) = (unsigned(a, bits), unsigned(b, bits));
    let shift = (v < i128::from(bits)).then_some(v as u32);
    let fits = v != 0 && !(s == -(1 << (bits - 1)) && t == -1);
    let r = match op {
        Bin::Add => s + t,
        Bin::Sub => s - t,
        Bin::Mul => s.wrapping_mul(t),
        Bin::SDiv => fits.then(|| s / t)?,
        Bin::SRem => fits.then(|| s % t)?,
        Bin::UDiv => (v != 0).then(|| u / v)?,
        Bin::URem => (v != 0).then(|| u % v)?,
        Bin::And => s & t,
        Bin::Or => s | t,
        Bin::Xor => s ^ t,
        Bin::Shl => s << shift?,
        Bin::ShrS => s >> shift?,
        Bin::ShrU => u >> shift?,
        Bin::SMin => s.min(t),
        Bin::SMax => s.max(t),
        Bin::UMin => u.min(v),
        Bin::UMax => u.max(v),
        Bin::Accumulate
        | Bin::FDiv
        | Bin::FMin
        | Bin::FMax
        | Bin::FMinNumber
        | Bin::FMaxNumber
        | Bin::Copysign
        | Bin::Math(_) => {
            return None;
        }
    };
    Some(low(r as u64, bits))
}

fn int_cmp(op: Cmp, a: u64, b: u64, bits: u32) -> bool {
    let (s, t) = (signed(a, bits), signed(b, bits));
    let (u, v) = (unsigned(a, bits), unsigned(b, bits));
    let s_over = |x: i128| x != signed(x as u64, bits);
    let u_over = |x: i128| x < 0 || x >> bits != 0;
    match op {
        Cmp::Eq => s == t,
        Cmp::Ne => s != t,
        Cmp::SLt => s < t,
        Cmp::SLe => s <= t,
        Cmp::SGt => s > t,
        Cmp::SGe => s >= t,
        Cmp::ULt => u < v,
        Cmp::ULe => u <= v,
        Cmp::UGt => u > v,
        Cmp::UGe => u >= v,
        Cmp::SAddOv => s_over(s + t),
        Cmp::SSubOv => s_over(s - t),
        Cmp::SMulOv => s_over(s * t),
        Cmp::UAddOv => u_over(u + v),
        Cmp::USubOv => u_over(u - v),
        Cmp::UMulOv => (u as u128 * v as u128) >> bits != 0,
        Cmp::FEq | Cmp::FNe | Cmp::FLt | Cmp::FLe | Cmp::FGt | Cmp::FGe => unreachable!(),
    }
}

const INT_BINS: [Bin; 17] = [
    Bin::Add,
    Bin::Sub,
    Bin::Mul,
    Bin::SDiv,
    Bin::UDiv,
    Bin::SRem,
    Bin::URem,
    Bin::And,
    Bin::Or,
    Bin::Xor,
    Bin::Shl,
    Bin::ShrS,
    Bin::ShrU,
    Bin::SMin,
    Bin::SMax,
    Bin::UMin,
    Bin::UMax,
];

const INT_CMPS: [Cmp; 16] = [
    Cmp::Eq,
    Cmp::Ne,
    Cmp::SLt,
    Cmp::SLe,
    Cmp::SGt,
    Cmp::SGe,
    Cmp::ULt,
    Cmp::ULe,
    Cmp::UGt,
    Cmp::UGe,
    Cmp::SAddOv,
    Cmp::SSubOv,
    Cmp::SMulOv,
    Cmp::UAddOv,
    Cmp::USubOv,
    Cmp::UMulOv,
];

/// Compiles functions of the parameters, one a right-hand side.
fn functions(params: &[Ty], rvs: impl IntoIterator<Item = Rv>) -> Machine {
    let mut p = Program::default();
    for rv in rvs {
        let mut f = Fun::new("f", params, &[]);
        f.f.result_types = vec![rv.ty(&f.f.regs)];
        let r = f.set(rv);
        p.funcs.push(f.done(&[r]));
    }
    Machine::new(&p)
}

const A: Opnd = Opnd::Reg(cotangent_lower::lir::Reg(0));
const B: Opnd = Opnd::Reg(cotangent_lower::lir::Reg(1));
const C: Opnd = Opnd::Reg(cotangent_lower::lir::Reg(2));

#[test]
fn integers_of_two_registers() {
    let mut compared = 0;
    for (ty, bits) in INTS {
        let m = functions(&[ty, ty], INT_BINS.iter().map(|&op| Rv::Bin(op, A, B)));
        let c = functions(&[ty, ty], INT_CMPS.iter().map(|&op| Rv::Cmp(op, A, B)));
        for a in edges(bits) {
            for b in edges(bits) {
                for (k, &op) in INT_BINS.iter().enumerate() {
                    if let Some(want) = int_bin(op, a, b, bits) {
                        let got = low(m.run(k, &[a, b]).unwrap()[0], bits);
                        assert_eq!(got, want, "{op}.{ty} {a:#x} {b:#x}");
                        compared += 1;
                    }
                }
                for (k, &op) in INT_CMPS.iter().enumerate() {
                    let got = c.run(k, &[a, b]).unwrap()[0] as u8;
                    let want = u8::from(int_cmp(op, a, b, bits));
                    assert_eq!(got, want, "{op}.{ty} {a:#x} {b:#x}");
                }
            }
        }
    }
    assert!(compared > 10_000);
}

#[test]
fn overflow_with_constants() {
    const OPS: [Cmp; 6] = [
        Cmp::SAddOv,
        Cmp::SSubOv,
        Cmp::SMulOv,
        Cmp::UAddOv,
        Cmp::USubOv,
        Cmp::UMulOv,
    ];
    for (ty, bits) in INTS {
        for op in OPS {
            let all = edges(bits);
            let right = all.iter().map(|&c| Rv::Cmp(op, A, Opnd::Const(ty, c)));
            let left = all.iter().map(|&c| Rv::Cmp(op, Opnd::Const(ty, c), A));
            let m = functions(&[ty], right.chain(left));
            for (k, &c) in all.iter().enumerate() {
                for &a in &all {
                    let got = m.run(k, &[a]).unwrap()[0] as u8;
                    assert_eq!(got, u8::from(int_cmp(op, a, c, bits)), "{op} {a:#x} {c:#x}");
                    let got = m.run(k + all.len(), &[a]).unwrap()[0] as u8;
                    assert_eq!(got, u8::from(int_cmp(op, c, a, bits)), "{op} {c:#x} {a:#x}");
                }
            }
        }
    }
}

#[test]
fn a_sum_after_its_check_is_the_sum() {
    // The pair that lowering emits: whether it overflows, then the operation. Operands in another order are another operation.
    for (over, op) in [
        (Cmp::SAddOv, Bin::Add),
        (Cmp::SSubOv, Bin::Sub),
        (Cmp::SMulOv, Bin::Mul),
        (Cmp::UAddOv, Bin::Add),
        (Cmp::UMulOv, Bin::Mul),
    ] {
        let mut p = Program::default();
        let at = common::site(&mut p, cotangent_lower::lir::TrapAt::Overflow("x"));
        let mut f = Fun::new("f", &[Ty::I32, Ty::I32], &[Ty::I32, Ty::I32]);
        let o = f.set(Rv::Cmp(over, A, B));
        f.push(cotangent_lower::lir::Stmt::Check(o, at, vec![]));
        let r = f.set(Rv::Bin(op, A, B));
        let q = f.set(Rv::Bin(op, B, A));
        p.funcs.push(f.done(&[r, q]));
        let m = Machine::new(&p);
        for a in edges(32) {
            for b in edges(32) {
                let got = m.run(0, &[a, b]).map_err(|t| t.0);
                let want = if int_cmp(over, a, b, 32) {
                    Err(0)
                } else {
                    let both = [(a, b), (b, a)];
                    Ok(both.map(|(a, b)| int_bin(op, a, b, 32).unwrap()).to_vec())
                };
                assert_eq!(got, want, "{op} {a:#x} {b:#x}");
            }
        }
    }
}

#[test]
fn integers_of_one_register() {
    let ops = [Un::Neg, Un::Not, Un::PopCount, Un::Clz, Un::Ctz];
    for (ty, bits) in INTS {
        let m = functions(&[ty], ops.iter().map(|&op| Rv::Un(op, A)));
        for a in edges(bits) {
            let want = [
                a.wrapping_neg(),
                !a,
                a.count_ones().into(),
                u64::from(a.leading_zeros()) - u64::from(64 - bits),
                a.trailing_zeros().min(bits).into(),
            ];
            for (k, op) in ops.iter().enumerate() {
                let got = low(m.run(k, &[a]).unwrap()[0], bits);
                assert_eq!(got, low(want[k], bits), "{op}.{ty} {a:#x}");
            }
        }
    }
}

const FLOATS: [f64; 25] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    -1.5,
    2.5,
    -2.5,
    0.1,
    1e-310,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    127.5,
    255.9,
    -128.9,
    2147483647.5,
    -2147483649.0,
    9.3e18,
    1.9e19,
];

macro_rules! floats {
    ($module:ident, $f:ident, $ty:expr, $bits:ident) => {
        #[allow(
            trivial_numeric_casts,
            reason = "one of the two types is converted to itself"
        )]
        mod $module {
            use super::*;

            fn bits(x: $f) -> u64 {
                x.to_bits().into()
            }
            fn same(got: u64, want: $f, what: &dyn std::fmt::Debug) {
                let got = $f::from_bits(got as $bits);
                let nan = got.is_nan() && want.is_nan();
                assert!(
                    nan || got.to_bits() == want.to_bits(),
                    "{what:?}: {got} instead of {want}"
                );
            }
            fn values() -> impl Iterator<Item = $f> {
                FLOATS.iter().map(|&x| x as $f)
            }
            /// The number of a number and a NaN.
            fn extreme_number(a: $f, b: $f, greater: bool) -> $f {
                match (a.is_nan(), b.is_nan()) {
                    (true, _) => b,
                    (_, true) => a,
                    _ => extreme(a, b, greater),
                }
            }
            /// -0 below 0, NaN if either is.
            fn extreme(a: $f, b: $f, greater: bool) -> $f {
                if a.is_nan() || b.is_nan() {
                    $f::NAN
                } else if a == b {
                    if a.is_sign_negative() == greater {
                        b
                    } else {
                        a
                    }
                } else if (a > b) == greater {
                    a
                } else {
                    b
                }
            }

            #[test]
            fn one_register() {
                let ops: [(Un, fn($f) -> $f); 8] = [
                    (Un::Neg, |x| -x),
                    (Un::FAbs, $f::abs),
                    (Un::Floor, $f::floor),
                    (Un::Ceil, $f::ceil),
                    (Un::Trunc, $f::trunc),
                    (Un::Nearest, $f::round_ties_even),
                    (Un::Sqrt, $f::sqrt),
                    (Un::Math(Math1::Sin), $f::sin),
                ];
                let m = functions(&[$ty], ops.iter().map(|o| Rv::Un(o.0, A)));
                for x in values() {
                    for (k, (op, want)) in ops.iter().enumerate() {
                        same(m.run(k, &[bits(x)]).unwrap()[0], want(x), &(op, x));
                    }
                }
            }

            #[test]
            fn two_registers() {
                let ops: [(Bin, fn($f, $f) -> $f); 9] = [
                    (Bin::Add, |a, b| a + b),
                    (Bin::Sub, |a, b| a - b),
                    (Bin::Mul, |a, b| a * b),
                    (Bin::FDiv, |a, b| a / b),
                    (Bin::FMin, |a, b| extreme(a, b, false)),
                    (Bin::FMax, |a, b| extreme(a, b, true)),
                    (Bin::FMinNumber, |a, b| extreme_number(a, b, false)),
                    (Bin::FMaxNumber, |a, b| extreme_number(a, b, true)),
                    (Bin::Copysign, $f::copysign),
                ];
                let cmps: [(Cmp, fn(&$f, &$f) -> bool); 6] = [
                    (Cmp::FEq, $f::eq),
                    (Cmp::FNe, $f::ne),
                    (Cmp::FLt, $f::lt),
                    (Cmp::FLe, $f::le),
                    (Cmp::FGt, $f::gt),
                    (Cmp::FGe, $f::ge),
                ];
                let m = functions(&[$ty, $ty], ops.iter().map(|o| Rv::Bin(o.0, A, B)));
                let c = functions(&[$ty, $ty], cmps.iter().map(|o| Rv::Cmp(o.0, A, B)));
                let s = functions(&[Ty::I8, $ty, $ty], [Rv::Select(A, B, C)]);
                for x in values() {
                    for y in values() {
                        let args = [bits(x), bits(y)];
                        for (k, (op, want)) in ops.iter().enumerate() {
                            same(m.run(k, &args).unwrap()[0], want(x, y), &(op, x, y));
                        }
                        for (k, (op, want)) in cmps.iter().enumerate() {
                            let got = c.run(k, &args).unwrap()[0] as u8;
                            assert_eq!(got, u8::from(want(&x, &y)), "{op} {x} {y}");
                        }
                        for which in [0, 1] {
                            let got = s.run(0, &[which, bits(x), bits(y)]).unwrap()[0];
                            same(got, if which == 1 { x } else { y }, &which);
                        }
                    }
                }
            }

            #[test]
            fn fused() {
                let m = functions(&[$ty, $ty, $ty], [Rv::Fma(A, B, C)]);
                for x in values() {
                    for y in values() {
                        for z in [0.1, -1.0, $f::INFINITY] {
                            let got = m.run(0, &[bits(x), bits(y), bits(z)]).unwrap()[0];
                            same(got, x.mul_add(y, z), &(x, y, z));
                        }
                    }
                }
            }

            #[test]
            fn integers_and_back() {
                let to = [Ty::I8, Ty::I16, Ty::I32, Ty::I64];
                let s = functions(&[$ty], to.map(|ty| Rv::Cvt(Cvt::FToS, ty, A)));
                let u = functions(&[$ty], to.map(|ty| Rv::Cvt(Cvt::FToU, ty, A)));
                for x in values() {
                    let want_s = [
                        x as i8 as u64,
                        x as i16 as u64,
                        x as i32 as u64,
                        x as i64 as u64,
                    ];
                    let want_u = [x as u8 as u64, x as u16 as u64, x as u32 as u64, x as u64];
                    for k in 0..4 {
                        let n = 8 << k;
                        let got = s.run(k, &[bits(x)]).unwrap()[0];
                        assert_eq!(low(got, n), low(want_s[k], n), "{x} to i{n}");
                        let got = u.run(k, &[bits(x)]).unwrap()[0];
                        assert_eq!(low(got, n), low(want_u[k], n), "{x} to u{n}");
                    }
                }
                for (ty, n) in INTS {
                    let both = [Cvt::SToF, Cvt::UToF].map(|op| Rv::Cvt(op, $ty, A));
                    let m = functions(&[ty], both);
                    for v in edges(n) {
                        same(m.run(0, &[v]).unwrap()[0], signed(v, n) as $f, &(v, n));
                        same(m.run(1, &[v]).unwrap()[0], unsigned(v, n) as $f, &(v, n));
                    }
                }
            }

            #[test]
            fn constants() {
                let all = values().map(|x| Rv::Copy(Opnd::Const($ty, bits(x))));
                let m = functions(&[], all);
                for (k, x) in values().enumerate() {
                    assert_eq!(m.run(k, &[]).unwrap()[0] as $bits, x.to_bits());
                }
            }
        }
    };
}
floats! { doubles, f64, Ty::F64, u64 }
floats! { singles, f32, Ty::F32, u32 }

#[test]
fn integers_of_other_widths() {
    for (from, n) in INTS {
        for (to, k) in INTS {
            let ops: &[Cvt] = match n.cmp(&k) {
                std::cmp::Ordering::Less => &[Cvt::SExt, Cvt::ZExt],
                std::cmp::Ordering::Equal => continue,
                std::cmp::Ordering::Greater => &[Cvt::Trunc],
            };
            for &op in ops {
                let m = functions(&[from], [Rv::Cvt(op, to, A)]);
                for v in edges(n) {
                    let want = if op == Cvt::SExt {
                        signed(v, n)
                    } else {
                        unsigned(v, n)
                    };
                    let got = m.run(0, &[v]).unwrap()[0];
                    assert_eq!(low(got, k), low(want as u64, k), "{op} {v:#x}");
                }
            }
        }
    }
}

#[test]
fn widths_of_floats_and_bits() {
    let m = functions(
        &[Ty::F64, Ty::F32],
        [
            Rv::Cvt(Cvt::Demote, Ty::F32, A),
            Rv::Cvt(Cvt::Promote, Ty::F64, B),
            Rv::Cvt(Cvt::Bits, Ty::I64, A),
            Rv::Cvt(Cvt::Bits, Ty::I32, B),
        ],
    );
    let back = functions(
        &[Ty::I64, Ty::I32],
        [
            Rv::Cvt(Cvt::Bits, Ty::F64, A),
            Rv::Cvt(Cvt::Bits, Ty::F32, B),
            Rv::Cvt(Cvt::Bits, Ty::Ptr, A),
        ],
    );
    for x in FLOATS {
        let y = x as f32;
        let args = [x.to_bits(), y.to_bits().into()];
        let demoted = f32::from_bits(m.run(0, &args).unwrap()[0] as u32);
        assert!(demoted == y || demoted.is_nan() && y.is_nan());
        let promoted = f64::from_bits(m.run(1, &args).unwrap()[0]);
        assert!(promoted == y.into() || promoted.is_nan() && y.is_nan());
        assert_eq!(m.run(2, &args).unwrap()[0], args[0]);
        assert_eq!(m.run(3, &args).unwrap()[0] as u32, y.to_bits());
        assert_eq!(back.run(0, &args).unwrap()[0], args[0]);
        assert_eq!(back.run(1, &args).unwrap()[0] as u32, y.to_bits());
        assert_eq!(back.run(2, &args).unwrap()[0], args[0]);
    }
}

#[test]
fn functions_of_two_floats() {
    let m = functions(&[Ty::F64, Ty::F64], [Rv::Bin(Bin::Math(Math2::Pow), A, B)]);
    let got = m.run(0, &[2.5f64.to_bits(), 3.5f64.to_bits()]).unwrap()[0];
    assert_eq!(f64::from_bits(got), 2.5f64.powf(3.5));
}
