//! Special values (zeros with signs, infinities, NaN, subnormal numbers, thresholds) against the standard library, and that an
//! element's result does not depend on where it stands: arrays of every length, in place, and single numbers give the same bits.

mod common;

use common::Rng;
use cotangent_kernels::Isa;
use cotangent_kernels::math::{
    Fn1, Fn2, entry_sincos, entry1, entry2, map1, map1_in_place, map2, scalar1, scalar2, sincos,
};

const SPECIAL: [f64; 40] = [
    0.0,
    1.0,
    2.0,
    3.0,
    0.5,
    1.5,
    0.25,
    1e-5,
    1e-8,
    1e-10,
    1e-17,
    1e-20,
    1e-300,
    5e-324,
    1e-310,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::INFINITY,
    f64::NAN,
    1.0 + f64::EPSILON,
    1.0 - f64::EPSILON / 2.0,
    1024.0,
    1023.0,
    1074.0,
    1075.0,
    709.782712893384,
    709.782712893385,
    710.4758600739439,
    710.48,
    745.1332191019411,
    745.14,
    708.4,
    37.0,
    22.0,
    100.0,
    1e5,
    4503599627370497.0,
    9007199254740993.0,
    1e22,
    1e300,
];

fn specials() -> Vec<f64> {
    SPECIAL.iter().flat_map(|&x| [x, -x]).collect()
}

/// The standard library's, where it has the function to within a unit or so.
fn standard(f: Fn1, x: f64) -> Option<f64> {
    Some(match f {
        Fn1::Exp => x.exp(),
        Fn1::Exp2 => x.exp2(),
        Fn1::Expm1 => x.exp_m1(),
        Fn1::Log => x.ln(),
        Fn1::Log2 => x.log2(),
        Fn1::Log10 => x.log10(),
        Fn1::Log1p => x.ln_1p(),
        Fn1::Sin => x.sin(),
        Fn1::Cos => x.cos(),
        Fn1::Tan => x.tan(),
        Fn1::Tanh => x.tanh(),
        Fn1::Sinh => x.sinh(),
        Fn1::Cosh => x.cosh(),
        Fn1::Atan => x.atan(),
        Fn1::Asin => x.asin(),
        Fn1::Acos => x.acos(),
        Fn1::Cbrt => x.cbrt(),
        Fn1::Sqrt => x.sqrt(),
        Fn1::Rsqrt => 1.0 / x.sqrt(),
        Fn1::Logistic | Fn1::Erf | Fn1::Erfc => return None,
    })
}

/// Both NaN, or of the same sign and at most `units` representable numbers apart.
fn near(a: f64, b: f64, units: u64) -> bool {
    a.is_nan() && b.is_nan()
        || !a.is_nan()
            && !b.is_nan()
            && a.is_sign_negative() == b.is_sign_negative()
            && a.to_bits().abs_diff(b.to_bits()) <= units
}

fn near_single(a: f32, b: f32, units: u32) -> bool {
    a.is_nan() && b.is_nan()
        || !a.is_nan()
            && !b.is_nan()
            && a.is_sign_negative() == b.is_sign_negative()
            && a.to_bits().abs_diff(b.to_bits()) <= units
}

#[test]
fn as_the_standard_library() {
    for isa in Isa::available() {
        for &f in Fn1::ALL {
            for x in specials() {
                let Some(want) = standard(f, x) else { continue };
                let got = scalar1::<f64>(isa, f)(x);
                assert!(
                    near(got, want, 3),
                    "{isa:?} {}({x:e}) = {got:e}, not {want:e}",
                    f.name()
                );
                let x32 = x as f32;
                if let Some(want) = standard(f, f64::from(x32)) {
                    let got = scalar1::<f32>(isa, f)(x32);
                    assert!(
                        near_single(got, want as f32, 1),
                        "{isa:?} {}f({x32:e}) = {got:e}, not {want:e}",
                        f.name()
                    );
                }
            }
        }
    }
}

#[test]
fn what_the_standard_library_lacks() {
    let cases = [
        (Fn1::Logistic, 0.0, 0.5),
        (Fn1::Logistic, -0.0, 0.5),
        (Fn1::Logistic, f64::INFINITY, 1.0),
        (Fn1::Logistic, f64::NEG_INFINITY, 0.0),
        (Fn1::Logistic, 800.0, 1.0),
        (Fn1::Logistic, -800.0, 0.0),
        (Fn1::Logistic, -745.0, 5e-324),
        (Fn1::Logistic, f64::NAN, f64::NAN),
        (Fn1::Erf, 0.0, 0.0),
        (Fn1::Erf, -0.0, -0.0),
        (Fn1::Erf, f64::INFINITY, 1.0),
        (Fn1::Erf, f64::NEG_INFINITY, -1.0),
        (Fn1::Erf, 1e300, 1.0),
        (Fn1::Erf, -6.5, -1.0),
        (Fn1::Erf, f64::NAN, f64::NAN),
        (Fn1::Erfc, 0.0, 1.0),
        (Fn1::Erfc, -0.0, 1.0),
        (Fn1::Erfc, f64::INFINITY, 0.0),
        (Fn1::Erfc, f64::NEG_INFINITY, 2.0),
        (Fn1::Erfc, 28.5, 0.0),
        (Fn1::Erfc, -7.0, 2.0),
        (Fn1::Erfc, f64::NAN, f64::NAN),
    ];
    for isa in Isa::available() {
        for (f, x, want) in cases {
            let got = scalar1::<f64>(isa, f)(x);
            assert!(
                near(got, want, 0),
                "{isa:?} {}({x:e}) = {got:e}, not {want:e}",
                f.name()
            );
            let got = scalar1::<f32>(isa, f)(x as f32);
            assert!(
                near_single(got, want as f32, 0),
                "{isa:?} {}f({x:e}) = {got:e}, not {want:e}",
                f.name()
            );
        }
        // The smallest arguments, where erf x = 2 x / sqrt(pi).
        for x in [5e-324, 1e-310, 1e-300, 1e-20] {
            let want = std::f64::consts::FRAC_2_SQRT_PI * x;
            assert!(near(scalar1::<f64>(isa, Fn1::Erf)(x), want, 1));
        }
    }
}

#[test]
fn powers_as_the_standard_library() {
    let mut values = specials();
    values.extend([
        -3.0,
        -2.5,
        1.0 / 3.0,
        -1e15,
        2f64.powi(52) + 1.0,
        -(2f64.powi(53) - 1.0),
        -(2f64.powi(51) + 0.5),
    ]);
    for isa in Isa::available() {
        for &x in &values {
            for &y in &values {
                let (got, want) = (scalar2::<f64>(isa, Fn2::Pow)(x, y), x.powf(y));
                assert!(
                    near(got, want, 2),
                    "{isa:?} pow({x:e}, {y:e}) = {got:e}, not {want:e}"
                );
                let (x32, y32) = (x as f32, y as f32);
                let (got, want) = (scalar2::<f32>(isa, Fn2::Pow)(x32, y32), x32.powf(y32));
                assert!(
                    near_single(got, want, 2),
                    "{isa:?} powf({x32:e}, {y32:e}) = {got:e}, not {want:e}"
                );
            }
        }
    }
}

#[test]
fn exact_results() {
    for isa in Isa::available() {
        for k in -1074..=1023 {
            let power = common::ldexp(1.0, k);
            assert_eq!(
                scalar1::<f64>(isa, Fn1::Exp2)(f64::from(k)),
                power,
                "{isa:?} exp2({k})"
            );
            assert_eq!(
                scalar1::<f64>(isa, Fn1::Log2)(power),
                f64::from(k),
                "{isa:?} log2 of 2^{k}"
            );
            assert_eq!(
                scalar2::<f64>(isa, Fn2::Pow)(2.0, f64::from(k)),
                power,
                "{isa:?} pow(2, {k})"
            );
        }
        for k in 0..1000 {
            let k = f64::from(k);
            assert_eq!(scalar1::<f64>(isa, Fn1::Cbrt)(k * k * k), k);
            assert_eq!(scalar2::<f64>(isa, Fn2::Pow)(-k, 2.0), k * k);
        }
    }
}

/// Random numbers of all sizes, with some that need the long reduction.
fn mixture(n: usize, rng: &mut Rng) -> Vec<f64> {
    (0..n)
        .map(|i| match i % 5 {
            0 => f64::from_bits(rng.bits()),
            1 => rng.between(-1.0, 1.0),
            _ => rng.between(-30.0, 30.0),
        })
        .collect()
}

#[test]
fn same_bits_in_every_place() {
    let mut rng = Rng(5);
    for isa in Isa::available() {
        for n in (0..40).chain([100, 129]) {
            let x = mixture(n, &mut rng);
            let x32: Vec<f32> = x.iter().map(|&v| v as f32).collect();
            for &f in Fn1::ALL {
                let want: Vec<u64> = x
                    .iter()
                    .map(|&v| scalar1::<f64>(isa, f)(v).to_bits())
                    .collect();
                let want32: Vec<u32> = x32
                    .iter()
                    .map(|&v| scalar1::<f32>(isa, f)(v).to_bits())
                    .collect();
                let (mut y, mut y32) = (vec![7.0; n + 3], vec![7f32; n + 3]);
                // SAFETY: the arrays have n elements from the second on; then one array, which may be source and destination.
                unsafe {
                    entry1::<f64>(isa, f)(n, x.as_ptr(), y[1..].as_mut_ptr());
                    entry1::<f32>(isa, f)(n, x32.as_ptr(), y32[1..].as_mut_ptr());
                }
                let same =
                    |a: f64, b: u64| a.to_bits() == b || a.is_nan() && f64::from_bits(b).is_nan();
                let same32 =
                    |a: f32, b: u32| a.to_bits() == b || a.is_nan() && f32::from_bits(b).is_nan();
                for i in 0..n {
                    assert!(
                        same(y[i + 1], want[i]),
                        "{isa:?} {}({:e}) at {i} of {n}",
                        f.name(),
                        x[i]
                    );
                    assert!(
                        same32(y32[i + 1], want32[i]),
                        "{isa:?} {}f({:e}) at {i} of {n}",
                        f.name(),
                        x32[i]
                    );
                }
                for edge in [0, n + 1, n + 2] {
                    assert!(
                        y[edge] == 7.0 && y32[edge] == 7.0,
                        "{isa:?} {} writes outside",
                        f.name()
                    );
                }
                let mut z = x.clone();
                // SAFETY: equal pointers are allowed.
                unsafe { entry1::<f64>(isa, f)(n, z.as_ptr(), z.as_mut_ptr()) };
                assert!(
                    z.iter().zip(&want).all(|(&a, &b)| same(a, b)),
                    "{isa:?} {} in place",
                    f.name()
                );
            }
        }
    }
}

#[test]
fn slices() {
    let x = [0.0, 0.5, 1.0];
    let mut y = [0.0; 3];
    map1(Fn1::Exp, &x, &mut y);
    assert_eq!(y, x.map(|v| scalar1::<f64>(Isa::best(), Fn1::Exp)(v)));
    map1_in_place(Fn1::Log, &mut y);
    assert_eq!((y[0], y[2]), (0.0, 1.0));
    map2(Fn2::Pow, &[2.0, 3.0, 4.0], &[2.0, 2.0, 0.5], &mut y);
    assert_eq!(y, [4.0, 9.0, 2.0]);
    let (mut s, mut c) = ([0f32; 3], [0f32; 3]);
    sincos(&[0.0f32, 1.0, 2.0], &mut s, &mut c);
    assert_eq!((s[1], c[2]), (1f32.sin(), 2f32.cos()));
    let (mut s, mut c) = ([7.0; 4], [7.0; 2]);
    sincos(&[0.0, 1.0, 2.0], &mut s, &mut c);
    assert_eq!(
        (s[2], c[1]),
        (7.0, scalar1::<f64>(Isa::best(), Fn1::Cos)(1.0))
    );
    for isa in Isa::available() {
        let (a, b) = ([1.5, 2.5], [0.5, -1.5]);
        let mut z = a;
        // SAFETY: two elements each; the destination may be a source.
        unsafe { entry2::<f64>(isa, Fn2::Pow)(2, z.as_ptr(), b.as_ptr(), z.as_mut_ptr()) };
        assert_eq!(z, [0, 1].map(|i| scalar2::<f64>(isa, Fn2::Pow)(a[i], b[i])));
        let mut c = [0.0; 2];
        // SAFETY: two elements each; the source may be a destination.
        unsafe { entry_sincos::<f64>(isa)(2, z.as_ptr(), z.as_mut_ptr(), c.as_mut_ptr()) };
        assert!((z[0] * z[0] + c[0] * c[0] - 1.0).abs() < 1e-15);
    }
}
