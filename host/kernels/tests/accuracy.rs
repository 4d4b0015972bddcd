//! Errors of the mathematical functions against a reference with 100 bits, over random bits of the whole domain and over the
//! ranges where each method is hardest, for every instruction set this machine has. Prints the greatest error of each.

mod common;

use common::{Dd, Rng, Scaled, d, ulps32, ulps64};
use cotangent_kernels::Isa;
use cotangent_kernels::math::{Fn1, Fn2, entry_sincos, entry1, entry2, scalar1};

/// The reference, where it is defined and finite.
fn reference(f: Fn1, x: f64) -> Scaled {
    match f {
        Fn1::Exp => common::exp(d(x)),
        Fn1::Exp2 => common::exp2(x),
        Fn1::Expm1 => common::expm1(d(x)),
        Fn1::Log => common::log(x).into(),
        Fn1::Log2 => common::log2(x).into(),
        Fn1::Log10 => common::log10(x).into(),
        Fn1::Log1p => common::log1p(x).into(),
        Fn1::Sin => common::sincos(x).0.into(),
        Fn1::Cos => common::sincos(x).1.into(),
        Fn1::Tan => {
            let (s, c) = common::sincos(x);
            (s / c).into()
        }
        Fn1::Tanh => common::tanh(x).into(),
        Fn1::Sinh => common::sinh(x),
        Fn1::Cosh => common::cosh(x),
        Fn1::Atan => common::atan(x).into(),
        Fn1::Asin => common::asin(x).into(),
        Fn1::Acos => common::acos(x).into(),
        Fn1::Logistic => common::logistic(x),
        Fn1::Erf => common::erf(x).into(),
        Fn1::Erfc => common::erfc(x),
        Fn1::Cbrt => common::cbrt(x).into(),
        Fn1::Sqrt => {
            let r = x.sqrt();
            // The correctly rounded root, and its first-order correction.
            let rest = (-r).mul_add(r, x);
            Scaled::from(Dd(r, if r > 1e-140 { rest / (2.0 * r) } else { 0.0 }))
        }
        Fn1::Rsqrt => common::rsqrt(x).into(),
    }
}

/// The domain on which the reference is good, and ranges that deserve many samples.
fn ranges(f: Fn1) -> (f64, f64, &'static [(f64, f64)]) {
    match f {
        Fn1::Exp => (
            -760.0,
            709.78,
            &[
                (-1.0, 1.0),
                (-746.0, -700.0),
                (0.3, 0.4),
                (-40.0, 40.0),
                (709.0, 709.78),
            ],
        ),
        Fn1::Exp2 => (
            -1080.0,
            1023.999,
            &[(-1.0, 1.0), (-1076.0, -1020.0), (0.4, 0.6), (-40.0, 40.0)],
        ),
        Fn1::Expm1 => (
            -80.0,
            709.78,
            &[
                (-1.0, 1.0),
                (-1e-3, 1e-3),
                (0.3, 0.4),
                (-0.5, -0.3),
                (-40.0, 80.0),
                (1.0, 1.1),
            ],
        ),
        Fn1::Log | Fn1::Log2 | Fn1::Log10 => (
            5e-324,
            f64::MAX,
            &[
                (0.5, 2.0),
                (0.99, 1.01),
                (0.70, 0.72),
                (1.40, 1.43),
                (0.0, 1e-307),
                (1.0, 1e4),
            ],
        ),
        Fn1::Log1p => (
            -1.0 + 1e-16,
            1e300,
            &[
                (-0.9999, 2.0),
                (-0.01, 0.01),
                (-0.31, -0.27),
                (0.4, 0.45),
                (1.0, 1e4),
            ],
        ),
        Fn1::Sin | Fn1::Cos => (
            -5e11,
            5e11,
            &[
                (-0.8, 0.8),
                (-7.0, 7.0),
                (-1e3, 1e3),
                (-1e6, 1e6),
                (0.75, 0.82),
                (3.1, 3.2),
                (-1e9, 1e9),
            ],
        ),
        Fn1::Tan => (
            -5e11,
            5e11,
            &[
                (-0.8, 0.8),
                (-7.0, 7.0),
                (-1e3, 1e3),
                (1.57, 1.5709),
                (-1e6, 1e6),
                (3.1, 3.2),
            ],
        ),
        Fn1::Tanh => (
            -1e300,
            1e300,
            &[
                (-1.0, 1.0),
                (-1e-3, 1e-3),
                (-20.0, 20.0),
                (0.15, 0.4),
                (18.0, 23.0),
            ],
        ),
        Fn1::Sinh | Fn1::Cosh => (
            -710.4,
            710.4,
            &[
                (-1.0, 1.0),
                (-1e-3, 1e-3),
                (0.9, 1.4),
                (-40.0, 40.0),
                (705.0, 710.4),
            ],
        ),
        Fn1::Atan => (
            f64::MIN,
            f64::MAX,
            &[
                (-1.0, 1.0),
                (0.4, 0.5),
                (0.65, 0.72),
                (1.1, 1.3),
                (2.3, 2.6),
                (-40.0, 40.0),
            ],
        ),
        Fn1::Asin | Fn1::Acos => (
            -1.0,
            1.0,
            &[
                (-1.0, 1.0),
                (0.49, 0.51),
                (-0.52, -0.49),
                (0.99, 1.0),
                (-1.0, -0.99),
                (-1e-3, 1e-3),
            ],
        ),
        Fn1::Logistic => (
            -745.0,
            1e300,
            &[(-1.0, 1.0), (-40.0, 40.0), (-745.0, -700.0), (-745.0, 0.0)],
        ),
        Fn1::Erf => (
            -1e300,
            1e300,
            &[(-1.0, 1.0), (0.8, 1.2), (-6.0, 6.0), (-1e-3, 1e-3)],
        ),
        Fn1::Erfc => (
            -1e300,
            27.3,
            &[
                (-1.0, 1.0),
                (-6.0, 6.0),
                (0.0, 27.3),
                (1.5, 4.0),
                (26.0, 27.3),
            ],
        ),
        Fn1::Cbrt => (
            f64::MIN,
            f64::MAX,
            &[(0.5, 8.5), (-1e3, 1e3), (0.0, 1e-307)],
        ),
        Fn1::Sqrt => (1e-270, f64::MAX, &[(0.5, 8.5), (0.0, 1e3)]),
        Fn1::Rsqrt => (1e-270, 1e270, &[(0.5, 8.5), (1e-3, 1e3)]),
    }
}

/// Samples: the same number from the bits of the whole domain and from each range.
fn samples(f: Fn1, each: usize, rng: &mut Rng) -> Vec<f64> {
    let (low, high, special) = ranges(f);
    let mut xs = vec![low, high];
    while xs.len() < each {
        let x = f64::from_bits(rng.bits());
        if x >= low && x <= high {
            xs.push(x);
        }
    }
    for &(a, b) in special {
        xs.extend(
            (0..each)
                .map(|_| rng.between(a, b))
                .filter(|x| *x >= low && *x <= high),
        );
    }
    xs
}

const EACH: usize = 6_000;

#[test]
fn double_precision() {
    let mut failures = Vec::new();
    for &f in Fn1::ALL {
        let xs = samples(f, EACH, &mut Rng(f as u64));
        let refs: Vec<Scaled> = xs.iter().map(|&x| reference(f, x)).collect();
        for isa in Isa::available() {
            let mut ys = vec![0.0; xs.len()];
            // SAFETY: both have as many elements.
            unsafe { entry1::<f64>(isa, f)(xs.len(), xs.as_ptr(), ys.as_mut_ptr()) };
            let (mut worst, mut at) = (0.0, 0.0);
            for ((&x, &y), &r) in xs.iter().zip(&ys).zip(&refs) {
                let e = ulps64(y, r);
                assert!(!e.is_nan(), "{} {isa:?}: {x:e} -> {y:e}", f.name());
                if e > worst {
                    (worst, at) = (e, x);
                }
            }
            println!(
                "{:9} f64 {isa:?} max {worst:.3} ulp at {at:e} ({} samples)",
                f.name(),
                xs.len()
            );
            if worst > f.bound() {
                failures.push(format!("{} {isa:?}: {worst} ulp at {at:e}", f.name()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn single_precision() {
    for &f in Fn1::ALL {
        let xs: Vec<f32> = samples(f, EACH, &mut Rng(100 + f as u64))
            .into_iter()
            .map(|x| x as f32)
            .chain((0..EACH).map({
                let mut rng = Rng(7);
                move |_| f32::from_bits(rng.bits() as u32)
            }))
            .filter(|x| {
                let (low, high, _) = ranges(f);
                f64::from(*x) >= low && f64::from(*x) <= high
            })
            .collect();
        let refs: Vec<Scaled> = xs.iter().map(|&x| reference(f, f64::from(x))).collect();
        for isa in Isa::available() {
            let mut ys = vec![0f32; xs.len()];
            // SAFETY: both have as many elements.
            unsafe { entry1::<f32>(isa, f)(xs.len(), xs.as_ptr(), ys.as_mut_ptr()) };
            let (mut worst, mut at) = (0.0, 0.0);
            for ((&x, &y), &r) in xs.iter().zip(&ys).zip(&refs) {
                let e = ulps32(y, r);
                assert!(!e.is_nan(), "{} {isa:?}: {x:e} -> {y:e}", f.name());
                if e > worst {
                    (worst, at) = (e, x);
                }
            }
            println!(
                "{:9} f32 {isa:?} max {worst:.3} ulp at {at:e} ({} samples)",
                f.name(),
                xs.len()
            );
            assert!(worst <= 1.0, "{} {isa:?}: {worst} ulp at {at:e}", f.name());
        }
    }
}

#[test]
fn powers() {
    let mut rng = Rng(11);
    let mut pairs = vec![
        (2.0, 1023.5),
        (0.5, 1074.0),
        (1.0 + f64::EPSILON, 1e18),
        (1.0 - f64::EPSILON, 1e17),
        (10.0, 308.0),
    ];
    for _ in 0..40_000 {
        let x = f64::from_bits(rng.bits() >> 1);
        if x.is_finite() && x > 0.0 {
            let y = rng.between(-740.0, 709.0) / x.ln();
            pairs.push((x, y));
        }
        let x = rng.between(0.5, 2.0);
        pairs.push((x, rng.between(-700.0, 700.0)));
        pairs.push((rng.between(0.0, 100.0), rng.between(-5.0, 5.0)));
        pairs.push((rng.between(0.99, 1.01), rng.between(-6e4, 6e4)));
    }
    pairs.retain(|&(x, y)| (x.ln() * y).abs() < 709.7);
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (a32, b32): (Vec<f32>, Vec<f32>) = pairs.iter().map(|&(x, y)| (x as f32, y as f32)).unzip();
    for isa in Isa::available() {
        let mut ys = vec![0.0; a.len()];
        let mut ys32 = vec![0f32; a.len()];
        // SAFETY: all have as many elements.
        unsafe {
            entry2::<f64>(isa, Fn2::Pow)(a.len(), a.as_ptr(), b.as_ptr(), ys.as_mut_ptr());
            entry2::<f32>(isa, Fn2::Pow)(a.len(), a32.as_ptr(), b32.as_ptr(), ys32.as_mut_ptr());
        }
        let (mut worst, mut at) = (0.0, (0.0, 0.0));
        let (mut worst32, mut at32) = (0.0, (0.0, 0.0));
        for i in 0..a.len() {
            let e = ulps64(ys[i], common::pow(a[i], b[i]));
            if e.is_nan() || e > worst {
                (worst, at) = (e, (a[i], b[i]));
            }
            let (x, y) = (f64::from(a32[i]), f64::from(b32[i]));
            if x > 0.0 && x.is_finite() && (x.ln() * y).abs() < 88.0 {
                let e = ulps32(ys32[i], common::pow(x, y));
                if e.is_nan() || e > worst32 {
                    (worst32, at32) = (e, (x, y));
                }
            }
        }
        println!(
            "pow       f64 {isa:?} max {worst:.3} ulp at {at:?}; f32 {worst32:.3} at {at32:?}"
        );
        assert!(worst <= Fn2::Pow.bound(), "{isa:?}: {worst} at {at:?}");
        assert!(worst32 <= 1.0, "{isa:?}: {worst32} at {at32:?}");
    }
}

#[test]
fn huge_angles() {
    let text = include_str!("huge_angles.txt");
    let bits = |s: &str| f64::from_bits(u64::from_str_radix(s, 16).expect("hexadecimal"));
    let rows: Vec<[f64; 4]> = text
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| {
            let mut v = l.split(' ').map(bits);
            std::array::from_fn(|_| v.next().expect("four columns"))
        })
        .collect();
    assert!(rows.len() > 100);
    let xs: Vec<f64> = rows.iter().map(|r| r[0]).collect();
    for isa in Isa::available() {
        for (column, f) in [(1, Fn1::Sin), (2, Fn1::Cos), (3, Fn1::Tan)] {
            let mut ys = vec![0.0; xs.len()];
            // SAFETY: both have as many elements.
            unsafe { entry1::<f64>(isa, f)(xs.len(), xs.as_ptr(), ys.as_mut_ptr()) };
            for (r, &y) in rows.iter().zip(&ys) {
                // The reference is rounded: half a unit more.
                let e = ulps64(y, d(r[column]).into());
                assert!(
                    e <= 1.0,
                    "{} {isa:?}: {:e} -> {y:e}, not {:e} ({e} ulp)",
                    f.name(),
                    r[0],
                    r[column]
                );
                assert_eq!(scalar1::<f64>(isa, f)(r[0]).to_bits(), y.to_bits());
            }
        }
        let (mut s, mut c) = (vec![0.0; xs.len()], vec![0.0; xs.len()]);
        // SAFETY: all have as many elements.
        unsafe { entry_sincos::<f64>(isa)(xs.len(), xs.as_ptr(), s.as_mut_ptr(), c.as_mut_ptr()) };
        for ((&x, &s), &c) in xs.iter().zip(&s).zip(&c) {
            assert_eq!(s.to_bits(), scalar1::<f64>(isa, Fn1::Sin)(x).to_bits());
            assert_eq!(c.to_bits(), scalar1::<f64>(isa, Fn1::Cos)(x).to_bits());
        }
    }
}

/// The reduction of large angles takes a row of a table by the exponent: random angles of every exponent, and the ends of each, beside the
/// functions of the platform, whose errors are below one unit. Part of the range of one exponent in sixteen once had the opposite sign.
#[test]
fn angles_of_every_exponent() {
    let mut rng = Rng(11);
    let mut xs = Vec::new();
    for exponent in 20..1024u64 {
        let from = (exponent + 1023) << 52;
        xs.extend([from, from | ((1 << 52) - 1)].map(f64::from_bits));
        xs.extend((0..200).map(|_| f64::from_bits(from | rng.bits() >> 12)));
    }
    let mut singles: Vec<f32> = xs.iter().map(|&x| x as f32).collect();
    singles.retain(|x| x.is_finite());
    let functions: [(Fn1, fn(f64) -> f64); 3] = [
        (Fn1::Sin, f64::sin),
        (Fn1::Cos, f64::cos),
        (Fn1::Tan, f64::tan),
    ];
    for isa in Isa::available() {
        for (f, platform) in functions {
            let mut ys = vec![0.0; xs.len()];
            // SAFETY: both have as many elements.
            unsafe { entry1::<f64>(isa, f)(xs.len(), xs.as_ptr(), ys.as_mut_ptr()) };
            for (&x, &y) in xs.iter().zip(&ys) {
                let e = ulps64(y, d(platform(x)).into());
                assert!(e <= 2.5, "{} {isa:?}: {x:e} -> {y:e}, {e} ulp", f.name());
            }
            let mut ys = vec![0.0; singles.len()];
            // SAFETY: both have as many elements.
            unsafe { entry1::<f32>(isa, f)(singles.len(), singles.as_ptr(), ys.as_mut_ptr()) };
            for (&x, &y) in singles.iter().zip(&ys) {
                let e = ulps32(y, d(platform(x.into())).into());
                assert!(e <= 1.0, "{} {isa:?}: {x:e} -> {y:e}, {e} ulp", f.name());
            }
        }
    }
}
