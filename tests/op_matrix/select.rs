//! The ternary ops, comparisons and conversions.

use super::elementwise::{Formula, NONE};
use super::row::{Case, Derive, Limitation, Row, case};
use super::values::{Rng, any, at, elements, from, number, scalar, shape, tensor};
use cotangent_core::ir::{CompareOp, ConvertOp, DType, TernaryOp as T};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;

/// The checks for an element type: full in double precision, coarse in single, none without a tangent space.
pub fn derive_for(d: DType) -> Derive {
    match d {
        DType::F64 | DType::C128 => Derive::Check(1e-7),
        DType::F32 | DType::C64 => Derive::Coarse,
        _ => Derive::Skip,
    }
}

fn clamp_cases() -> Vec<Case> {
    // One region at a time, so that no operand is near another: below, inside, above, and mixed ones by element.
    let f = |ranges| Formula {
        ranges,
        real: Some(|x| {
            if x[1] < x[0] {
                x[0]
            } else if x[1] > x[2] {
                x[2]
            } else {
                x[1]
            }
        }),
        int: Some(|_, n| n[1].clamp(n[0], n[2])),
        int_ranges: &[(0, 3), (0, 9), (4, 8)],
        ..NONE
    };
    f(&[
        &[(-1.0, -0.6)],
        &[(-2.0, -1.2), (-0.4, 0.4), (1.2, 2.0)],
        &[(0.6, 1.0)],
    ])
    .cases(T::Clamp, 3)
}

fn select_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in DType::ALL {
        for (sh, whole) in [
            (&[][..], true),
            (&[4][..], false),
            (&[3][..], true),
            (&[2, 2][..], false),
            (&[2, 2][..], true),
            (&[0][..], false),
        ] {
            let label = format!("{d}{sh:?} by a {}", if whole { "scalar" } else { "tensor" });
            let c = case(
                T::Select,
                label,
                move |rng| {
                    let p = any(rng, DType::Bool, if whole { &[] } else { sh });
                    vec![p, any(rng, d, sh), any(rng, d, sh)]
                },
                move |args| {
                    vec![tensor(d, sh, |ix| {
                        let p = at(&args[0], if whole { &[] } else { ix });
                        at(
                            if p == Scalar::Bool(true) {
                                &args[1]
                            } else {
                                &args[2]
                            },
                            ix,
                        )
                    })]
                },
            );
            let c = c.derive(derive_for(d));
            out.push(if sh.is_empty() { c.closed() } else { c });
        }
    }
    out
}

pub fn ternary() -> Vec<Row> {
    T::ALL
        .iter()
        .map(|&op| {
            let (cases, types, domain) = match op {
                T::Select => (select_cases(), "all", "any"),
                T::Clamp => (clamp_cases(), "int, float", "away from the bounds"),
                T::Fma => {
                    let f = Formula {
                        real: Some(|x| x[0].mul_add(x[1], x[2])),
                        ..NONE
                    };
                    (f.cases(op, 3), "float", "smooth everywhere")
                }
            };
            Row {
                family: "Ternary",
                name: op.name().into(),
                doc: op.doc().into(),
                types: types.into(),
                domain,
                cases,
                limits: vec![],
            }
        })
        .collect()
}

/// How two scalars are ordered, by integers or by the sign of the difference.
fn holds(op: CompareOp, a: Scalar, b: Scalar) -> bool {
    let (x, y) = (number(a), number(b));
    let (equal, less) = match (a.as_int(), b.as_int()) {
        (Some(m), Some(n)) => (m == n, m < n),
        _ => ((x - y).norm() == 0.0, x.re - y.re < 0.0),
    };
    match op {
        CompareOp::Eq => equal,
        CompareOp::Ne => !equal,
        CompareOp::Lt => less,
        CompareOp::Le => less || equal,
        CompareOp::Gt => !less && !equal,
        CompareOp::Ge => !less,
    }
}

pub fn compare() -> Vec<Row> {
    CompareOp::ALL
        .iter()
        .map(|&op| {
            let unordered = matches!(op, CompareOp::Eq | CompareOp::Ne);
            let mut cases = Vec::new();
            for d in DType::ALL
                .into_iter()
                .filter(|d| unordered || !d.is_complex())
            {
                for sh in [&[][..], &[6], &[2, 2], &[0]] {
                    let c = case(
                        op,
                        format!("{d}{sh:?}"),
                        move |rng| {
                            // Some elements are equal.
                            let a = any(rng, d, sh);
                            let b = tensor(d, sh, |ix| {
                                if rng.below(2) == 0 {
                                    at(&a, ix)
                                } else {
                                    super::values::any_scalar(rng, d)
                                }
                            });
                            vec![a, b]
                        },
                        move |args| {
                            vec![tensor(DType::Bool, sh, |ix| {
                                Scalar::Bool(holds(op, at(&args[0], ix), at(&args[1], ix)))
                            })]
                        },
                    );
                    // A bool result: the derivative functions exist and give zeros. Equal floats jump, but only a bool.
                    let c = c.derive(if d == DType::F64 {
                        Derive::Check(1e-7)
                    } else {
                        Derive::Skip
                    });
                    cases.push(if sh.is_empty() { c.closed() } else { c });
                }
            }
            Row {
                family: "Compare",
                name: op.name().into(),
                doc: op.doc().into(),
                types: if unordered { "all" } else { "bool, int, float" }.into(),
                domain: "any, some equal",
                cases,
                limits: vec![Limitation::NoTangent("bool result")],
            }
        })
        .collect()
}

crate::variants! { ConvertOp:
    "convert" ConvertOp::To(_),
    "bitcast_convert" ConvertOp::Bitcast(_),
}

/// Rust's `as`, by clamping rather than by a cast of the element type.
fn converted(s: Scalar, to: DType) -> Scalar {
    if to == DType::Bool {
        return Scalar::Bool(number(s).norm() != 0.0);
    }
    if !to.is_int() {
        return scalar(to, number(s));
    }
    if let Some(n) = s.as_int() {
        return Scalar::from_int(to, super::elementwise::wrap(to, n)).unwrap();
    }
    let width = super::elementwise::bits(to);
    let (lo, hi) = if to.is_signed() {
        (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1)
    } else {
        (0, (1i128 << width) - 1)
    };
    let x = number(s).re.trunc();
    let n = if x <= lo as f64 {
        lo
    } else if x >= hi as f64 {
        hi
    } else {
        x as i128
    };
    Scalar::from_int(to, n).unwrap()
}

fn wide_values(rng: &mut Rng, d: DType, sh: &[usize]) -> Val {
    if d.is_differentiable() {
        from(rng, d, sh, &[(-400.0, -1.0), (-0.9, 0.9), (1.0, 400.0)])
    } else {
        any(rng, d, sh)
    }
}

fn convert_cases(bits: bool) -> Vec<Case> {
    let mut out = Vec::new();
    for d in DType::ALL {
        for to in DType::ALL {
            let ok = |d: DType| d.is_int() || d.is_float();
            if bits && !(ok(d) && ok(to) && d.bytes() == to.bytes()) {
                continue;
            }
            for sh in [&[][..], &[5], &[2, 2], &[0]] {
                let op = if bits {
                    ConvertOp::Bitcast(to)
                } else {
                    ConvertOp::To(to)
                };
                let c = case(
                    op,
                    format!("{d}{sh:?} to {to}"),
                    move |rng| {
                        vec![if bits {
                            any(rng, d, sh)
                        } else {
                            wide_values(rng, d, sh)
                        }]
                    },
                    move |args| {
                        let mut all = elements(&args[0]).into_iter();
                        vec![tensor(to, &shape(&args[0]), |_| {
                            let s = all.next().unwrap();
                            if bits {
                                recast(s, to)
                            } else {
                                converted(s, to)
                            }
                        })]
                    },
                );
                let single = d.real() == DType::F32 || to.real() == DType::F32;
                let how = match (d.is_differentiable(), to.is_differentiable()) {
                    (true, true) if single => Derive::Coarse,
                    (true, true) => Derive::Check(1e-7),
                    _ => Derive::Skip,
                };
                let c = c.derive(how);
                out.push(if sh.is_empty() { c.closed() } else { c });
            }
        }
    }
    out
}

/// Through the bytes.
fn recast(s: Scalar, to: DType) -> Scalar {
    let bytes: [u8; 8] = match s {
        Scalar::F32(x) => u64::from(u32::from_le_bytes(x.to_le_bytes())).to_le_bytes(),
        Scalar::F64(x) => x.to_le_bytes(),
        other => (other.as_int().unwrap() as u64).to_le_bytes(),
    };
    let word = u64::from_le_bytes(bytes);
    match to {
        DType::F32 => Scalar::F32(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
        DType::F64 => Scalar::F64(f64::from_le_bytes(bytes)),
        _ => {
            let n = super::elementwise::wrap(to, i128::from(word));
            Scalar::from_int(to, n).unwrap()
        }
    }
}

pub fn convert() -> Vec<Row> {
    let row = |name: &str, doc: &str, cases, types: &str, limits| Row {
        family: "Convert",
        name: name.into(),
        doc: doc.into(),
        types: types.into(),
        domain: "any, floats also beyond the small integers' ranges",
        cases,
        limits,
    };
    let to = Limitation::NoTangent("to or from integers and bool");
    let bits = Limitation::NoTangent(
        "of a float's bits, as through `stop_gradient`; only the cast to its own type has one",
    );
    vec![
        row(
            name_of(&ConvertOp::To(DType::F64)),
            "As Rust's `as`; complex to real drops the imaginary part.",
            convert_cases(false),
            "all to all",
            vec![to],
        ),
        row(
            name_of(&ConvertOp::Bitcast(DType::F64)),
            "Reinterpretation of the bits.",
            convert_cases(true),
            "int, float of one size",
            vec![bits],
        ),
    ]
}

#[test]
fn conversions_saturate_and_wrap() {
    assert_eq!(converted(Scalar::F64(300.7), DType::U8), Scalar::U8(255));
    assert_eq!(converted(Scalar::F64(-3.5), DType::I8), Scalar::I8(-3));
    assert_eq!(converted(Scalar::I8(-1), DType::U16), Scalar::U16(65535));
    assert_eq!(
        number(converted(Scalar::I8(-1), DType::C64)),
        C::new(-1.0, 0.0)
    );
}
