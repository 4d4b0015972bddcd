//! The unary ops.

use super::elementwise::{Formula, NONE, Ranges, bits, wrap};
use super::reference as special;
use super::row::{Limitation, Row};
use cotangent_core::ir::{DType, UnaryOp as U};
use num_complex::Complex64 as C;

const ONE: C = C::new(1.0, 0.0);
const POSITIVE: &[Ranges] = &[&[(0.4, 3.0)]];
const NONZERO: &[Ranges] = &[&[(-2.0, -0.3), (0.3, 2.0)]];
/// Between the jumps of every rounding: no integer and no half.
const BETWEEN: &[Ranges] = &[&[
    (-1.9, -1.6),
    (-1.4, -1.1),
    (0.1, 0.4),
    (0.6, 0.9),
    (2.1, 2.4),
]];
const INSIDE: &[Ranges] = &[&[(-0.85, 0.85)]];

fn real(f: fn(&[f64]) -> f64) -> Formula {
    Formula {
        real: Some(f),
        ..NONE
    }
}
fn both(f: fn(&[f64]) -> f64, g: fn(&[C]) -> C) -> Formula {
    Formula {
        real: Some(f),
        complex: Some(g),
        ..NONE
    }
}
fn int(f: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        int: Some(f),
        ..NONE
    }
}
fn over(ranges: &'static [Ranges], f: Formula) -> Formula {
    Formula { ranges, ..f }
}
fn all(f: Formula, i: fn(DType, &[i128]) -> i128) -> Formula {
    Formula {
        int: Some(i),
        signed_only: true,
        ..f
    }
}
fn to_bool(f: Formula) -> Formula {
    Formula {
        result: |_| DType::Bool,
        ..f
    }
}
fn to_real(f: Formula) -> Formula {
    Formula {
        result: DType::real,
        ..f
    }
}

/// The formula, the reason for the domain, and the limits.
fn spec(op: U) -> (Formula, &'static str, &'static [Limitation]) {
    use Limitation::NoTangent;
    const STEPS: &[Limitation] = &[NoTangent("constant between jumps: derivative 0")];
    const BITS: &[Limitation] = &[NoTangent("integers have no tangent space")];
    const TRUTH: &[Limitation] = &[NoTangent("bool result")];
    let whole = "smooth everywhere";
    let jumps = "between the jumps";
    match op {
        U::Neg => (all(both(|x| -x[0], |z| -z[0]), |_, n| -n[0]), whole, &[]),
        U::Not => (
            Formula {
                bool: Some(|x| !x[0]),
                ..int(|d, n| wrap(d, -n[0] - 1))
            },
            "any",
            BITS,
        ),
        U::Abs => (
            to_real(over(
                NONZERO,
                all(
                    both(|x| x[0].max(-x[0]), |z| C::new(z[0].norm(), 0.0)),
                    |_, n| n[0].abs(),
                ),
            )),
            "away from the kink at 0",
            &[],
        ),
        U::Sign => (
            over(
                NONZERO,
                Formula {
                    int_ranges: &[(-6, 6)],
                    ..all(
                        both(
                            |x| if x[0] > 0.0 { 1.0 } else { -1.0 },
                            |z| z[0] / z[0].norm(),
                        ),
                        |_, n| n[0].signum(),
                    )
                },
            ),
            "away from the jump at 0",
            &[NoTangent(
                "of reals: constant between jumps; of complex numbers it has one",
            )],
        ),
        U::Floor => (over(BETWEEN, real(|x| x[0].floor())), jumps, STEPS),
        U::Ceil => (over(BETWEEN, real(|x| x[0].ceil())), jumps, STEPS),
        U::Round => (over(BETWEEN, real(|x| x[0].round())), jumps, STEPS),
        U::RoundEven => (
            over(BETWEEN, real(|x| x[0].round_ties_even())),
            jumps,
            STEPS,
        ),
        U::Trunc => (over(BETWEEN, real(|x| x[0].trunc())), jumps, STEPS),
        U::Sqrt => (
            over(POSITIVE, both(|x| x[0].sqrt(), |z| z[0].sqrt())),
            "right of the branch point 0",
            &[],
        ),
        U::Rsqrt => (
            over(POSITIVE, both(|x| x[0].powf(-0.5), |z| z[0].powf(-0.5))),
            "right of the pole 0",
            &[],
        ),
        U::Cbrt => (
            over(NONZERO, both(|x| x[0].cbrt(), |z| z[0].powf(1.0 / 3.0))),
            "away from the vertical tangent at 0",
            &[],
        ),
        U::Recip => (
            over(NONZERO, both(|x| 1.0 / x[0], |z| ONE / z[0])),
            "away from the pole 0",
            &[],
        ),
        U::Square => (both(|x| x[0].powi(2), |z| z[0].powi(2)), whole, &[]),
        U::Exp => (both(|x| x[0].exp(), |z| z[0].exp()), whole, &[]),
        U::Exp2 => (both(|x| x[0].exp2(), |z| z[0].exp2()), whole, &[]),
        U::Expm1 => (both(|x| x[0].exp_m1(), |z| z[0].exp() - 1.0), whole, &[]),
        U::Log => (
            over(POSITIVE, both(|x| x[0].ln(), |z| z[0].ln())),
            "right of the branch point 0",
            &[],
        ),
        U::Log2 => (
            over(POSITIVE, both(|x| x[0].log2(), |z| z[0].ln() / 2f64.ln())),
            "right of the branch point 0",
            &[],
        ),
        U::Log10 => (
            over(POSITIVE, both(|x| x[0].log10(), |z| z[0].ln() / 10f64.ln())),
            "right of the branch point 0",
            &[],
        ),
        U::Log1p => (
            over(
                &[&[(-0.5, 2.0)]],
                both(|x| x[0].ln_1p(), |z| (z[0] + 1.0).ln()),
            ),
            "right of the branch point -1",
            &[],
        ),
        U::Sin => (both(|x| x[0].sin(), |z| z[0].sin()), whole, &[]),
        U::Cos => (both(|x| x[0].cos(), |z| z[0].cos()), whole, &[]),
        U::Tan => (
            over(
                &[&[(-1.1, 1.1)]],
                both(|x| x[0].tan(), |z| z[0].sin() / z[0].cos()),
            ),
            "between the poles",
            &[],
        ),
        U::Asin => (
            over(INSIDE, both(|x| x[0].asin(), |z| z[0].asin())),
            "inside (-1, 1)",
            &[],
        ),
        U::Acos => (
            over(INSIDE, both(|x| x[0].acos(), |z| z[0].acos())),
            "inside (-1, 1)",
            &[],
        ),
        U::Atan => (
            Formula {
                complex_ranges: &[&[(0.2, 0.8)]],
                ..both(|x| x[0].atan(), |z| z[0].atan())
            },
            "complex: inside the unit circle's poles ±i",
            &[],
        ),
        U::Sinh => (both(|x| x[0].sinh(), |z| z[0].sinh()), whole, &[]),
        U::Cosh => (both(|x| x[0].cosh(), |z| z[0].cosh()), whole, &[]),
        U::Tanh => (
            both(|x| x[0].tanh(), |z| z[0].sinh() / z[0].cosh()),
            whole,
            &[],
        ),
        U::Asinh => (
            Formula {
                complex_ranges: &[&[(0.2, 0.8)]],
                ..both(|x| x[0].asinh(), |z| z[0].asinh())
            },
            "complex: away from the branch points ±i",
            &[],
        ),
        U::Acosh => (
            over(&[&[(1.3, 3.0)]], both(|x| x[0].acosh(), |z| z[0].acosh())),
            "right of the branch point 1",
            &[],
        ),
        U::Atanh => (
            over(&[&[(-0.8, 0.8)]], both(|x| x[0].atanh(), |z| z[0].atanh())),
            "inside (-1, 1)",
            &[],
        ),
        U::Logistic => (
            both(
                |x| 0.5 + 0.5 * (0.5 * x[0]).tanh(),
                |z| ONE / (ONE + (-z[0]).exp()),
            ),
            whole,
            &[],
        ),
        U::Erf => (real(|x| special::erf(x[0])), whole, &[]),
        U::Erfc => (real(|x| 1.0 - special::erf(x[0])), whole, &[]),
        U::ErfInv => (
            over(&[&[(-0.9, 0.9)]], real(|x| special::erf_inv(x[0]))),
            "inside (-1, 1)",
            &[],
        ),
        U::Lgamma => (
            over(
                &[&[(0.4, 4.0), (-1.7, -1.3)]],
                real(|x| special::lgamma(x[0])),
            ),
            "between the poles",
            &[],
        ),
        U::Digamma => (
            over(
                &[&[(0.5, 4.0), (-1.65, -1.35)]],
                Formula {
                    ulps: 100.0,
                    ..real(|x| special::digamma(x[0]))
                },
            ),
            "between the poles",
            &[],
        ),
        U::IsFinite => (
            to_bool(both(|_| 1.0, |_| ONE)),
            "finite numbers; others among the edges",
            TRUTH,
        ),
        U::IsNan => (
            to_bool(both(|_| 0.0, |_| C::new(0.0, 0.0))),
            "finite numbers; others among the edges",
            TRUTH,
        ),
        U::Real => (
            to_real(both(|x| x[0], |z| C::new(z[0].re, 0.0))),
            whole,
            &[],
        ),
        U::Imag => (to_real(both(|_| 0.0, |z| C::new(z[0].im, 0.0))), whole, &[]),
        U::Conj => (both(|x| x[0], |z| C::new(z[0].re, -z[0].im)), whole, &[]),
        U::PopCount => (
            Formula {
                int_ranges: &[(-100, 100)],
                ..int(|d, n| (0..bits(d)).filter(|k| n[0] >> k & 1 == 1).count() as i128)
            },
            "any",
            BITS,
        ),
        U::LeadingZeros => (
            Formula {
                int_ranges: &[(-3, 100)],
                ..int(|d, n| {
                    (0..bits(d))
                        .rev()
                        .take_while(|k| n[0] >> k & 1 == 0)
                        .count() as i128
                })
            },
            "any",
            BITS,
        ),
        U::TrailingZeros => (
            Formula {
                int_ranges: &[(-100, 100)],
                ..int(|d, n| (0..bits(d)).take_while(|k| n[0] >> k & 1 == 0).count() as i128)
            },
            "any",
            BITS,
        ),
        U::StopGradient => (
            Formula {
                int: Some(|_, n| n[0]),
                bool: Some(|x| x[0]),
                ..both(|x| x[0], |z| z[0])
            },
            "any",
            &[NoTangent("by its meaning; the edges check that it is 0")],
        ),
    }
}

pub fn rows() -> Vec<Row> {
    U::ALL
        .iter()
        .map(|&op| {
            let (f, domain, limits) = spec(op);
            let mut cases = f.cases(op, 1);
            if op == U::StopGradient {
                // Its derivative is not that of its value.
                for c in &mut cases {
                    c.derive = super::row::Derive::Skip;
                }
            }
            Row {
                family: "Unary",
                name: op.name().into(),
                doc: op.doc().into(),
                types: f.types(),
                domain,
                cases,
                limits: limits.to_vec(),
            }
        })
        .collect()
}
