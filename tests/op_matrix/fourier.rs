//! Fourier transforms: against their definition.

use super::linalg::finish;
use super::row::{Case, Limitation, Row, case};
use super::values::{any, elements, number, scalar};
use cotangent_core::ir::{DType, Dim, FftOp, Type};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use num_complex::Complex64 as C;

pub mod transforms {
    use super::FftOp as F;
    crate::variants! { F:
        "fft" F::Fft,
        "ifft" F::Ifft,
        "rfft" F::Rfft,
        "irfft" F::Irfft(_),
    }
}

/// The transform by its definition; `sign` is that of the exponent.
fn slow(x: &[C], sign: f64) -> Vec<C> {
    let n = x.len();
    let turn = |k: usize| C::cis(sign * 2.0 * std::f64::consts::PI * (k % n) as f64 / n as f64);
    (0..n)
        .map(|k| x.iter().enumerate().map(|(j, x)| x * turn(j * k)).sum())
        .collect()
}

fn transform(op: FftOp, d: DType, sh: &'static [usize], n: usize) -> Case {
    let to = match op {
        FftOp::Rfft => n / 2 + 1,
        FftOp::Fft | FftOp::Ifft | FftOp::Irfft(_) => n,
    };
    let dynamic = op == FftOp::Irfft(Dim::Dynamic);
    let c = case(
        op,
        format!("{d}{sh:?} of length {n}"),
        move |rng| {
            let mut args = vec![any(rng, d, sh)];
            if dynamic {
                args.push(Val::Scalar(Scalar::U64(n as u64)));
            }
            args
        },
        move |args| {
            let x: Vec<C> = elements(&args[0]).into_iter().map(number).collect();
            let line = |x: &[C]| -> Vec<C> {
                match op {
                    FftOp::Fft => slow(x, -1.0),
                    FftOp::Ifft => slow(x, 1.0).iter().map(|z| z / n as f64).collect(),
                    FftOp::Rfft => slow(x, -1.0)[..to].to_vec(),
                    FftOp::Irfft(_) => {
                        let mut all = x.to_vec();
                        all[0].im = 0.0;
                        if n.is_multiple_of(2) {
                            all[n / 2].im = 0.0;
                        }
                        all.extend((n / 2 + 1..n).map(|k| x[n - k].conj()));
                        slow(&all, 1.0).iter().map(|z| z / n as f64).collect()
                    }
                }
            };
            let width = sh[sh.len() - 1].max(1);
            let y: Vec<C> = x.chunks(width).flat_map(line).collect();
            let d = match op {
                FftOp::Fft | FftOp::Ifft => d,
                FftOp::Rfft => d.complex().unwrap(),
                FftOp::Irfft(_) => d.real(),
            };
            let mut shape = sh.to_vec();
            *shape.last_mut().unwrap() = to;
            let mut data = Data::with_capacity(d, y.len()).unwrap();
            for z in y {
                assert!(data.push(scalar(d, z)));
            }
            vec![Val::tensor(Tensor::new(shape, data).unwrap())]
        },
    );
    let c = if dynamic {
        c.typed(&[
            Type::known(d, &sh.iter().map(|&n| n as u64).collect::<Vec<_>>()),
            DType::U64.into(),
        ])
    } else {
        c
    };
    finish(c, d, sh)
}

pub fn rows() -> Vec<Row> {
    let shapes: [&'static [usize]; 6] = [&[4], &[1], &[2, 5], &[2, 3, 6], &[29], &[2, 0]];
    let halves: [(&'static [usize], usize); 5] = [
        (&[3], 4),
        (&[3], 5),
        (&[1], 1),
        (&[2, 2], 2),
        (&[2, 2, 4], 6),
    ];
    let mut cases: [Vec<Case>; 4] = Default::default();
    for (d, c) in [(DType::F64, DType::C128), (DType::F32, DType::C64)] {
        for sh in shapes {
            let n = sh[sh.len() - 1];
            cases[0].push(transform(FftOp::Fft, c, sh, n));
            cases[1].push(transform(FftOp::Ifft, c, sh, n));
            if n > 0 {
                cases[2].push(transform(FftOp::Rfft, d, sh, n));
            }
        }
        for (sh, n) in halves {
            cases[3].push(transform(FftOp::Irfft(Dim::Known(n as u64)), c, sh, n));
            cases[3].push(transform(FftOp::Irfft(Dim::Dynamic), c, sh, n));
        }
    }
    let [a, b, c, e] = cases;
    let r = |name: &str, doc: &str, types: &str, cases, limits: &[Limitation]| Row {
        family: "Fft",
        name: name.into(),
        doc: doc.into(),
        types: types.into(),
        domain: "any",
        cases,
        limits: limits.to_vec(),
    };
    let real = [Limitation::Note("traps at length 0")];
    vec![
        r(
            "fft",
            "Discrete Fourier transform along the last axis.",
            "complex",
            a,
            &[],
        ),
        r("ifft", "Its inverse.", "complex", b, &[]),
        r(
            "rfft",
            "The first half of that of a real vector.",
            "float",
            c,
            &real,
        ),
        r(
            "irfft",
            "The real vector of that length with that half.",
            "complex",
            e,
            &real,
        ),
    ]
}
