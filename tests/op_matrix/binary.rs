//! The binary ops.

use super::elementwise::{Formula, NONE, Ranges, SIGNED, UNSIGNED, wrap};
use super::reference as special;
use super::row::{Case, Derive, Limitation, Row, case};
use super::values::{at, dtype, elements, from, number, scalar, shape, tensor};
use cotangent_core::ir::{BinaryOp as B, DType, Op};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;

const ANY: Ranges = &[(-2.0, 2.0)];
const POSITIVE: Ranges = &[(0.4, 2.5)];
const NONZERO: Ranges = &[(-2.0, -0.4), (0.4, 2.0)];

fn all(f: fn(&[f64]) -> f64, g: fn(&[C]) -> C, i: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        real: Some(f),
        complex: Some(g),
        int: Some(i),
        ..NONE
    }
}
fn real(f: fn(&[f64]) -> f64) -> Formula {
    Formula {
        real: Some(f),
        ..NONE
    }
}
fn ordered(f: fn(&[f64]) -> f64, i: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        int: Some(i),
        ..real(f)
    }
}
fn int(f: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        int: Some(f),
        ..NONE
    }
}
fn logical(b: fn(&[bool]) -> bool, i: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        bool: Some(b),
        int_ranges: &[(-100, 100)],
        ..int(i)
    }
}

/// The greater by sorting.
fn greatest(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.sort_by(f64::total_cmp);
    v[v.len() - 1]
}
fn least(x: &[f64]) -> f64 {
    -greatest(&x.iter().map(|a| -a).collect::<Vec<_>>())
}

fn spec(op: B) -> (Formula, &'static str, &'static [Limitation]) {
    use Limitation::{NoTangent, NotDifferentiable, Note};
    const BITS: &[Limitation] = &[NoTangent("integers have no tangent space")];
    let whole = "smooth everywhere";
    let tie = "away from ties, measure zero";
    match op {
        B::Add => (
            Formula {
                int_ranges: &[(0, 60)],
                ..all(|x| x[0] + x[1], |z| z[0] + z[1], |_, n| n[0] + n[1])
            },
            whole,
            &[],
        ),
        B::Sub => (
            Formula {
                int_ranges: &[(30, 60), (-60, 30)],
                ..all(|x| x[0] - x[1], |z| z[0] - z[1], |_, n| n[0] - n[1])
            },
            whole,
            &[],
        ),
        B::Mul => (
            all(
                |x| x[0] * x[1],
                |z| {
                    C::new(
                        z[0].re * z[1].re - z[0].im * z[1].im,
                        z[0].re * z[1].im + z[0].im * z[1].re,
                    )
                },
                |_, n| n[0] * n[1],
            ),
            whole,
            &[],
        ),
        B::Div => (
            Formula {
                ranges: &[ANY, NONZERO],
                int_ranges: &[(-100, 100), (1, 9)],
                ..all(
                    |x| x[0] * x[1].recip(),
                    |z| z[0] * z[1].conj() / z[1].norm_sqr(),
                    |_, n| n[0].abs() / n[1].abs() * n[0].signum() * n[1].signum(),
                )
            },
            "divisors away from 0",
            &[],
        ),
        // Dividends so that the quotient is no integer.
        B::Rem | B::RemEuclid | B::DivEuclid => {
            let f: Formula = match op {
                B::Rem => ordered(
                    |x| x[0] - x[1] * (x[0] / x[1]).trunc(),
                    |_, n| n[0] - n[1] * (n[0] / n[1]),
                ),
                B::RemEuclid => ordered(
                    |x| x[0] - x[1].abs() * (x[0] / x[1].abs()).floor(),
                    |_, n| ((n[0] % n[1]) + n[1].abs()) % n[1].abs(),
                ),
                _ => ordered(
                    |x| x[1].signum() * (x[0] / x[1].abs()).floor(),
                    |_, n| {
                        let r = ((n[0] % n[1]) + n[1].abs()) % n[1].abs();
                        (n[0] - r) / n[1]
                    },
                ),
            };
            const STEPS: &[Limitation] = &[NoTangent("constant between jumps: derivative 0")];
            (
                Formula {
                    ranges: &[
                        &[(2.3, 2.7), (-2.7, -2.3), (3.3, 3.7), (-1.7, -1.3)],
                        &[(0.95, 1.05), (-1.05, -0.95)],
                    ],
                    int_ranges: &[(-100, 100), (1, 9)],
                    ..f
                },
                "quotients between integers",
                if op == B::DivEuclid { STEPS } else { &[] },
            )
        }
        B::WrappingAdd => (
            Formula {
                int_ranges: &[(-128, 127)],
                ..int(|d, n| wrap(d, n[0] + n[1]))
            },
            "any",
            BITS,
        ),
        B::WrappingSub => (
            Formula {
                int_ranges: &[(-128, 127)],
                ..int(|d, n| wrap(d, n[0] - n[1]))
            },
            "any",
            BITS,
        ),
        B::WrappingMul => (
            Formula {
                int_ranges: &[(-128, 127)],
                ..int(|d, n| wrap(d, n[0] * n[1]))
            },
            "any",
            BITS,
        ),
        B::Min => (
            ordered(least, |_, n| if n[0] < n[1] { n[0] } else { n[1] }),
            tie,
            &[],
        ),
        B::Max => (
            ordered(greatest, |_, n| if n[0] < n[1] { n[1] } else { n[0] }),
            tie,
            &[],
        ),
        B::FMin => (real(least), tie, &[]),
        B::FMax => (real(greatest), tie, &[]),
        B::Pow => (
            Formula {
                ranges: &[POSITIVE, ANY],
                ..Formula {
                    int: None,
                    ulps: 60.0,
                    ..all(
                        |x| (x[1] * x[0].ln()).exp(),
                        |z| (z[1] * z[0].ln()).exp(),
                        |_, _| 0,
                    )
                }
            },
            "bases right of 0",
            &[Note("of integers the exponent is of any integer type")],
        ),
        B::Powi => (
            NONE,
            "bases away from 0",
            &[NoTangent("by the exponent: an integer")],
        ),
        B::Atan2 => (
            Formula {
                ranges: &[NONZERO, POSITIVE],
                ..real(|x| (x[0] / x[1]).atan())
            },
            "right half-plane, away from the cut and the origin",
            &[],
        ),
        B::Hypot => (
            Formula {
                ranges: &[NONZERO],
                ..real(|x| (x[0] * x[0] + x[1] * x[1]).sqrt())
            },
            "away from the origin",
            &[],
        ),
        B::Copysign => (
            Formula {
                ranges: &[NONZERO],
                ..real(|x| if x[1] < 0.0 { -x[0].abs() } else { x[0].abs() })
            },
            "away from 0",
            &[],
        ),
        B::And => (logical(|b| b[0] && b[1], |_, n| n[0] & n[1]), "any", BITS),
        B::Or => (logical(|b| b[0] || b[1], |_, n| n[0] | n[1]), "any", BITS),
        B::Xor => (logical(|b| b[0] != b[1], |_, n| n[0] ^ n[1]), "any", BITS),
        B::Shl | B::Shr => (NONE, "amounts below the bits", BITS),
        B::Complex => (NONE, whole, &[]),
        B::Polygamma => (
            NONE,
            "right of the poles; orders 0 to 3",
            &[NotDifferentiable("by the order", "the order is an integer")],
        ),
    }
}

/// An op whose second operand is an integer of another type, of the first's shape or a scalar.
fn counted(op: B, d: DType, n: DType, sh: &'static [usize], scalar_n: bool) -> Case {
    let amounts: (i128, i128) = match op {
        B::Powi if n.is_signed() => (-4, 5),
        B::Powi => (0, 5),
        B::Pow => (0, 3),
        _ => (0, 7),
    };
    let label = format!(
        "{d}{sh:?} by {n}{}",
        if scalar_n { "" } else { " of its shape" }
    );
    let c = case(
        op,
        label,
        move |rng| {
            let x = if d.is_int() {
                tensor(d, sh, |_| {
                    let v = rng.below(9) as i128 - if d.is_signed() { 4 } else { 0 };
                    Scalar::from_int(d, v).unwrap()
                })
            } else {
                from(rng, d, sh, NONZERO)
            };
            let width = (amounts.1 - amounts.0 + 1) as u64;
            let k = tensor(n, if scalar_n { &[] } else { sh }, |_| {
                Scalar::from_int(n, amounts.0 + i128::from(rng.below(width))).unwrap()
            });
            vec![x, k]
        },
        move |args| {
            let xs = elements(&args[0]);
            let mut i = 0;
            vec![tensor(d, &shape(&args[0]), |ix| {
                let k = at(&args[1], if scalar_n { &[] } else { ix })
                    .as_int()
                    .unwrap();
                i += 1;
                counted_value(op, xs[i - 1], k)
            })]
        },
    );
    let eps = if d.real() == DType::F32 {
        1.2e-7
    } else {
        2.3e-16
    };
    let c = c.within(if d.is_differentiable() {
        60.0 * eps
    } else {
        0.0
    });
    let c = match d {
        DType::F64 | DType::C128 => c,
        _ if d.is_differentiable() => c.derive(Derive::Coarse),
        _ => c.derive(Derive::Skip),
    };
    if sh.is_empty() { c.closed() } else { c }
}

fn counted_value(op: B, x: Scalar, k: i128) -> Scalar {
    let d = x.dtype();
    match op {
        // By logarithms, in polar form.
        B::Powi => {
            let z = number(x);
            let (r, t) = (z.norm().ln() * k as f64, z.arg() * k as f64);
            scalar(d, C::from_polar(r.exp(), t))
        }
        B::Pow => {
            let p: i128 = (0..k).map(|_| x.as_int().unwrap()).product();
            Scalar::from_int(d, p).unwrap()
        }
        B::Shl => Scalar::from_int(d, wrap(d, x.as_int().unwrap() * (1 << k))).unwrap(),
        _ => Scalar::from_int(d, x.as_int().unwrap().div_euclid(1 << k)).unwrap(),
    }
}

fn extra(op: B) -> Vec<Case> {
    let mut out = Vec::new();
    match op {
        B::Powi => {
            for d in [DType::F64, DType::C128, DType::F32, DType::C64] {
                for n in [DType::I32, DType::I64, DType::U8] {
                    for sh in [&[][..], &[3], &[2, 2], &[0]] {
                        out.push(counted(op, d, n, sh, true));
                    }
                    out.push(counted(op, d, n, &[4], false));
                }
            }
        }
        B::Pow | B::Shl | B::Shr => {
            for d in SIGNED.into_iter().chain(UNSIGNED) {
                for n in [DType::I32, DType::U8, DType::U64] {
                    out.push(counted(op, d, n, &[], true));
                    out.push(counted(op, d, n, &[2, 2], true));
                    out.push(counted(op, d, n, &[3], false));
                }
            }
        }
        B::Complex => {
            for (d, z) in [(DType::F64, DType::C128), (DType::F32, DType::C64)] {
                for sh in [&[][..], &[3], &[2, 2], &[0]] {
                    let c = case(
                        op,
                        format!("{d}{sh:?}"),
                        move |rng| vec![from(rng, d, sh, ANY), from(rng, d, sh, ANY)],
                        move |args| {
                            vec![tensor(z, sh, |ix| {
                                let (re, im) = (number(at(&args[0], ix)), number(at(&args[1], ix)));
                                scalar(z, C::new(re.re, im.re))
                            })]
                        },
                    );
                    let c = if d == DType::F32 {
                        c.derive(Derive::Coarse)
                    } else {
                        c
                    };
                    out.push(if sh.is_empty() { c.closed() } else { c });
                }
            }
        }
        B::Polygamma => {
            for d in [DType::F64, DType::F32] {
                for sh in [&[][..], &[4], &[2, 2], &[0]] {
                    let make = move |wrt: &[u32], how: Derive| {
                        let c = case(
                            op,
                            format!("{d}{sh:?} by {wrt:?}"),
                            move |rng| {
                                let n = tensor(d, sh, |_| {
                                    Scalar::from_f64(d, rng.below(4) as f64).unwrap()
                                });
                                vec![n, from(rng, d, sh, &[(0.8, 3.0)])]
                            },
                            |args| vec![polygamma(&args[0], &args[1])],
                        );
                        let c = c.by(wrt).within(if d == DType::F32 { 1e-5 } else { 1e-13 });
                        let c = c.derive(how);
                        if sh.is_empty() { c.closed() } else { c }
                    };
                    let check = if d == DType::F64 {
                        Derive::Check(1e-7)
                    } else {
                        Derive::Coarse
                    };
                    out.push(make(&[1], check));
                    out.push(make(&[0], Derive::Error));
                }
            }
        }
        _ => {}
    }
    out
}

fn polygamma(n: &Val, x: &Val) -> Val {
    let d = dtype(x);
    tensor(d, &shape(x), |ix| {
        let (n, x) = (number(at(n, ix)).re as u32, number(at(x, ix)).re);
        let y = if n == 0 {
            special::digamma(x)
        } else {
            special::polygamma(n, x)
        };
        Scalar::from_f64(d, y).unwrap()
    })
}

pub fn rows() -> Vec<Row> {
    B::ALL
        .iter()
        .map(|&op| {
            let (f, domain, limits) = spec(op);
            let mut cases = f.cases(Op::Binary(op), 2);
            cases.extend(extra(op));
            let types = match op {
                B::Pow => "int, float, complex".into(),
                B::Powi => "float, complex; int".into(),
                B::Shl | B::Shr => "int".into(),
                B::Complex | B::Polygamma => "float".into(),
                _ => f.types(),
            };
            Row {
                family: "Binary",
                name: op.name().into(),
                doc: op.doc().into(),
                types,
                domain,
                cases,
                limits: limits.to_vec(),
            }
        })
        .collect()
}
