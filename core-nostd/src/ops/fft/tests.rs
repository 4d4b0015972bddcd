//! Transforms against their definition, at lengths of every kind.

use super::super::testing::{run, run_typed};
use super::*;

/// By the definition.
fn slow(x: &[Complex<f64>], sign: f64) -> Vec<Complex<f64>> {
    let n = x.len();
    let turn = |j: usize, k: usize| {
        let a = sign * 2.0 * core::f64::consts::PI * ((j * k) % n) as f64 / n as f64;
        Complex::new(a.cos(), a.sin())
    };
    (0..n)
        .map(|k| x.iter().enumerate().map(|(j, x)| x * turn(j, k)).sum())
        .collect()
}

fn noise(n: usize) -> Vec<Complex<f64>> {
    let mut s = 1u64;
    let mut next = || {
        s = s
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (s >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..n).map(|_| Complex::new(next(), next())).collect()
}

fn complex(v: &Val) -> Vec<Complex<f64>> {
    match v {
        Val::Tensor(t) => match &t.data {
            Data::C128(v) => v.clone(),
            Data::C64(v) => v
                .iter()
                .map(|z| Complex::new(z.re.into(), z.im.into()))
                .collect(),
            d => panic!("{d:?}"),
        },
        v => panic!("{v:?}"),
    }
}

fn real(v: &Val) -> Vec<f64> {
    match v {
        Val::Tensor(t) => f64::slice(&t.data).unwrap().to_vec(),
        v => panic!("{v:?}"),
    }
}

fn near(a: &[Complex<f64>], b: &[Complex<f64>], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().map(|z| z.norm()).fold(1.0, f64::max);
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).norm() <= tolerance * scale, "{x} {y}");
    }
}

#[test]
fn the_definition_at_every_kind_of_length() {
    // Powers of two, products of small primes, primes below and above the limit, prime squares, products with a large prime.
    let mut lengths: Vec<usize> = (1..=64).collect();
    lengths.extend([100, 121, 127, 128, 210, 243, 251, 256, 529, 841, 1000, 1009]);
    for n in lengths {
        let x = noise(n);
        let v = Val::vector(x.clone());
        let y = run(FftOp::Fft, std::slice::from_ref(&v)).unwrap();
        near(&complex(&y), &slow(&x, -1.0), 1e-14);
        let z = run(FftOp::Ifft, &[y]).unwrap();
        near(&complex(&z), &x, 1e-14);
        let z = run(FftOp::Ifft, &[v]).unwrap();
        let want: Vec<_> = slow(&x, 1.0).iter().map(|z| z / n as f64).collect();
        near(&complex(&z), &want, 1e-14);
        // Of real numbers.
        let re: Vec<f64> = x.iter().map(|z| z.re).collect();
        let wide: Vec<_> = re.iter().map(|&r| Complex::new(r, 0.0)).collect();
        let half = run(FftOp::Rfft, &[Val::vector(re.clone())]).unwrap();
        near(&complex(&half), &slow(&wide, -1.0)[..n / 2 + 1], 1e-14);
        let back = run(FftOp::Irfft(Dim::Known(n as u64)), &[half]).unwrap();
        for (a, b) in real(&back).iter().zip(&re) {
            assert!((a - b).abs() < 1e-13, "{n}: {a} {b}");
        }
        // In single precision.
        let single: Vec<Complex<f32>> = x
            .iter()
            .map(|z| Complex::new(z.re as f32, z.im as f32))
            .collect();
        let y = run(FftOp::Fft, &[Val::vector(single)]).unwrap();
        near(&complex(&y), &slow(&x, -1.0), 1e-5);
    }
}

#[test]
fn lines_of_a_batch_and_lengths_given_at_run_time() {
    let x = noise(12);
    let t = Val::tensor(Tensor::new(vec![3, 4], Data::C128(x.clone())).unwrap());
    let y = complex(&run(FftOp::Fft, &[t]).unwrap());
    for (a, b) in y.chunks(4).zip(x.chunks(4)) {
        near(a, &slow(b, -1.0), 1e-14);
    }
    let open = Type::tensor(DType::C128, [Dim::Dynamic]);
    let five = Val::vector(x[..3].to_vec());
    let op = FftOp::Irfft(Dim::Dynamic).into();
    let tys = [open, DType::U64.into()];
    let r = run_typed(&op, &tys, &[five.clone(), 5u64.into()]).unwrap();
    assert_eq!(real(&r[0]).len(), 5);
    assert!(matches!(
        run_typed(&op, &tys, &[five.clone(), 7u64.into()]),
        Err(TrapKind::ShapeMismatch { .. })
    ));
    assert!(matches!(
        run_typed(&op, &tys, &[Val::vector(x[..1].to_vec()), 0u64.into()]),
        Err(TrapKind::Empty { op: "irfft" })
    ));
    // A length beyond the limits is an error before any work.
    assert!(matches!(
        run_typed(&op, &tys, &[five, u64::MAX.into()]),
        Err(TrapKind::ShapeMismatch { .. })
    ));
    let none = Val::vector(Vec::<Complex<f64>>::new());
    assert!(
        run(FftOp::Fft, std::slice::from_ref(&none))
            .unwrap()
            .same_bits(&none)
    );
}

#[test]
fn what_is_not_transformed() {
    let real = Type::known(DType::F64, &[4]);
    assert!(infer(&FftOp::Fft, std::slice::from_ref(&real)).is_err());
    assert!(infer(&FftOp::Rfft, &[Type::known(DType::C64, &[4])]).is_err());
    assert!(infer(&FftOp::Rfft, &[Type::known(DType::F64, &[0])]).is_err());
    assert!(infer(&FftOp::Fft, &[DType::C64.into()]).is_err());
    let c = Type::known(DType::C64, &[4]);
    assert!(infer(&FftOp::Irfft(Dim::Known(9)), std::slice::from_ref(&c)).is_err());
    assert_eq!(
        infer(&FftOp::Irfft(Dim::Known(7)), &[c]),
        Ok(vec![Type::known(DType::F32, &[7])])
    );
    assert_eq!(
        infer(&FftOp::Rfft, &[real]),
        Ok(vec![Type::known(DType::C128, &[3])])
    );
}
