//! Every op: values against Rust's own functions or references from arbitrary-precision arithmetic, tangents against
//! difference quotients.

use super::*;
use crate::ops::testing::{close, derivative, jvp, run, scalar, value};
use crate::value::{Scalar, Val};
use UnaryOp as U;
use alloc::vec;
use num_complex::Complex;

type C = Complex<f64>;

/// What an op is on `f64`, if it gives one.
fn reference(op: U, x: f64) -> Option<f64> {
    Some(match op {
        U::Neg => -x,
        U::Abs => x.abs(),
        U::Sign if x == 0.0 || x.is_nan() => x,
        U::Sign => x.signum(),
        U::Floor => x.floor(),
        U::Ceil => x.ceil(),
        U::Round => x.round(),
        U::RoundEven => x.round_ties_even(),
        U::Trunc => x.trunc(),
        U::Sqrt => x.sqrt(),
        U::Rsqrt => x.sqrt().recip(),
        U::Cbrt => x.cbrt(),
        U::Recip => x.recip(),
        U::Square => x * x,
        U::Exp => x.exp(),
        U::Exp2 => x.exp2(),
        U::Expm1 => x.exp_m1(),
        U::Log => x.ln(),
        U::Log2 => x.log2(),
        U::Log10 => x.log10(),
        U::Log1p => x.ln_1p(),
        U::Sin => x.sin(),
        U::Cos => x.cos(),
        U::Tan => x.tan(),
        U::Asin => x.asin(),
        U::Acos => x.acos(),
        U::Atan => x.atan(),
        U::Sinh => x.sinh(),
        U::Cosh => x.cosh(),
        U::Tanh => x.tanh(),
        U::Asinh => x.asinh(),
        U::Acosh => x.acosh(),
        U::Atanh => x.atanh(),
        U::Logistic => 1.0 / (1.0 + (-x).exp()),
        U::Erf => simpson(x),
        U::Erfc => 1.0 - simpson(x),
        U::ErfInv if x.abs() < 1.0 => bisect(x),
        U::ErfInv if x == 1.0 => f64::INFINITY,
        U::ErfInv => f64::NAN,
        // Against the recurrence; values of digamma are in `special`.
        U::Digamma => scalar(&value(op, &[(x + 1.0).into()])) - 1.0 / x,
        U::Lgamma => scalar(&value(op, &[(x + 1.0).into()])) - x.abs().ln(),
        U::Real | U::Conj | U::StopGradient => x,
        U::Imag => 0.0,
        U::IsFinite | U::IsNan | U::Not | U::PopCount | U::LeadingZeros | U::TrailingZeros => {
            return None;
        }
    })
}

/// The error function by Simpson's rule.
fn simpson(x: f64) -> f64 {
    let n = 2000;
    let h = x / f64::from(n);
    let f = |i: i32| (-(f64::from(i) * h).powi(2)).exp();
    let inner: f64 = (1..n)
        .map(|i| f(i) * if i % 2 == 1 { 4.0 } else { 2.0 })
        .sum();
    core::f64::consts::FRAC_2_SQRT_PI * h / 3.0 * (f(0) + inner + f(n))
}

fn bisect(y: f64) -> f64 {
    let (mut lo, mut hi) = (-6.0, 6.0);
    for _ in 0..60 {
        let mid = 0.5 * (lo + hi);
        if simpson(mid) < y { lo = mid } else { hi = mid }
    }
    lo
}

const POINTS: [f64; 10] = [0.3, -0.7, 1.0, 2.5, -2.5, 0.5, -1.5, 4.25, 1e-5, 0.0];

#[test]
fn floats_are_what_rust_computes() {
    for &op in U::ALL {
        for x in POINTS {
            let Some(want) = reference(op, x) else {
                continue;
            };
            // The recurrences say nothing at the pole.
            if x == 0.0 && matches!(op, U::Digamma | U::Lgamma) {
                continue;
            }
            let got = scalar(&value(op, &[x.into()]));
            assert!(
                close(got, want, 1e-12),
                "{}({x}) = {got}, not {want}",
                op.name()
            );
            let x32 = x as f32;
            let got = scalar(&value(op, &[x32.into()]));
            let want = reference(op, x32.into()).unwrap();
            assert!(
                close(got, want, 3e-6),
                "{}({x32}f32) = {got}, not {want}",
                op.name()
            );
        }
    }
}

#[test]
fn edges() {
    let f = |op: U, x: f64| scalar(&value(op, &[x.into()]));
    assert!(f(U::Sign, -0.0).is_sign_negative() && f(U::Sign, f64::NAN).is_nan());
    assert_eq!([f(U::Round, 2.5), f(U::Round, -0.5)], [3.0, -1.0]);
    assert_eq!([f(U::RoundEven, 2.5), f(U::RoundEven, 3.5)], [2.0, 4.0]);
    assert_eq!(f(U::Lgamma, 0.0), f64::INFINITY);
    for (x, finite, nan) in [
        (1.0, true, false),
        (f64::INFINITY, false, false),
        (f64::NAN, false, true),
    ] {
        assert!(value(U::IsFinite, &[x.into()]).same_bits(&finite.into()));
        assert!(value(U::IsNan, &[x.into()]).same_bits(&nan.into()));
    }
}

#[test]
fn integers() {
    for x in i8::MIN..=i8::MAX {
        let same = |op: U, want: Option<i8>| {
            let got = run(op, &[x.into()]).ok().map(|v| v.as_scalar());
            assert_eq!(got, want.map(|w| Some(Scalar::I8(w))), "{}({x})", op.name());
        };
        same(U::Neg, x.checked_neg());
        same(U::Abs, x.checked_abs());
        same(U::Sign, Some(x.signum()));
        same(U::Not, Some(!x));
        same(U::PopCount, Some(x.count_ones() as i8));
        same(U::LeadingZeros, Some(x.leading_zeros() as i8));
        same(U::TrailingZeros, Some(x.trailing_zeros() as i8));
    }
    assert!(value(U::Not, &[true.into()]).same_bits(&false.into()));
    assert!(value(U::Not, &[5u64.into()]).same_bits(&(!5u64).into()));
    assert!(value(U::PopCount, &[u64::MAX.into()]).same_bits(&64u64.into()));
}

#[test]
fn tensors_are_elementwise() {
    let v = Val::vector(vec![0.5, 1.5, -2.0]);
    let kept = v.clone();
    let y = value(U::Exp, &[v]);
    assert!(kept.same_bits(&Val::vector(vec![0.5, 1.5, -2.0])));
    assert!(y.same_bits(&Val::vector(vec![
        libm::exp(0.5),
        libm::exp(1.5),
        libm::exp(-2.0)
    ])));
    let nan = value(U::IsNan, &[Val::vector(vec![1.0f32, f32::NAN])]);
    assert!(nan.same_bits(&Val::vector(vec![false, true])));
}

/// Where the complex references are taken.
const Z: [(f64, f64); 7] = [
    (0.3, -0.7),
    (1.5, 2.0),
    (-2.0, 0.5),
    (1e-9, 1e-9),
    (3.0, -4.0),
    (-0.2, -1.1),
    (0.9999, 1e-6),
];

#[allow(clippy::approx_constant, reason = "references as computed")]
#[rustfmt::skip]
const COMPLEX: &[(U, [(f64, f64); 7])] = &[
    (U::Exp, [(1.0324289629116616, -0.8696029191140401), (-1.8650407290090891, 4.075188339491184), (0.11876788457694577, 0.0648831910578654), (1.000000001, 1.000000001e-09), (-13.128783081462158, 15.200784463067954), (0.3713730940880146, -0.7296588730517392), (2.7180100138657965, 2.718010013866702e-06)]),
    (U::Exp2, [(1.0890460677533975, -0.5741909341162227), (0.5188946835878312, 2.7804223253571183), (0.23513552617081096, 0.08491928127566714), (1.000000000693147, 6.931471810403984e-10), (-7.461496614688569, -2.8854927255134473), (0.629527985272888, -0.6012926068175606), (1.9998613753678267, 1.3861982738471654e-06)]),
    (U::Expm1, [(0.03242896291166162, -0.8696029191140401), (-2.865040729009089, 4.075188339491184), (-0.8812321154230542, 0.0648831910578654), (1e-09, 1.000000001e-09), (-14.128783081462158, 15.200784463067954), (-0.6286269059119854, -0.7296588730517392), (1.7180100138657965, 2.718010013866702e-06)]),
    (U::Log, [(-0.2723635877208361, -1.1659045405098132), (0.9162907318741551, 0.9272952180016122), (0.7234594914681627, 2.896613990462929), (-20.376692246666437, 0.7853981633974483), (1.6094379124341003, -0.9272952180016122), (0.11157177565710495, -1.750649826587375), (-0.00010000499983324731, 1.0001000100006666e-06)]),
    (U::Log2, [(-0.39293759732357636, -1.682044698743433), (1.3219280948873624, 1.3378042124509761), (1.0437314206251698, 4.178930639410459), (-29.397352853986263, 1.1330900354567985), (2.321928094887362, -1.3378042124509761), (0.16096404744368129, -2.5256538231507295), (-0.0001442767173235275, 1.4428393248209643e-06)]),
    (U::Log10, [(-0.11828600321853139, -0.5063459083693582), (0.3979400086720376, 0.40271919627337316), (0.31419446502515574, 1.2579834722618086), (-8.84948500216801, 0.34109408846046035), (0.6989700043360189, -0.40271919627337316), (0.048455006504028245, -0.7602975594317817), (-4.3431619590314925e-05, 4.3433791569467646e-07)]),
    (U::Log1p, [(0.3896624384004988, -0.4939413689195812), (1.1636388527922086, 0.6747409422235526), (0.11157177565710488, 2.677945044588987), (1e-09, 9.999999990000001e-10), (1.7328679513998633, -0.7853981633974483), (0.30759281954511675, -0.9420000403794637), (0.6930971793100287, 5.000250012500208e-07)]),
    (U::Sin, [(0.37092780393896435, -0.7247026904232854), (3.752771340479298, 0.2565539560904818), (-1.0253473885839877, -0.2168521629207897), (1e-09, 1e-09), (3.8537380379193773, 27.016813258003936), (-0.33148346450701105, -1.309023445246914), (0.8414169503704655, 5.403864502650588e-07)]),
    (U::Cos, [(1.199108751098743, 0.2241768123375429), (0.2661271953135458, -3.6177750739401375), (-0.4692579782290534, 0.473830620416407), (1.0, -1e-18), (-27.034945603074224, 3.8511533348117775), (1.6352592691091965, -0.26535218906768676), (0.5403864502652389, -8.41416950370185e-07)]),
    (U::Tan, [(0.18971709151908692, -0.63983593026318), (0.0053620609220030565, 1.036920282100185), (0.8508781211449377, 1.3212865837711918), (1e-09, 1e-09), (-0.00018734620462947842, -0.9993559873814731), (-0.07094562191920381, -0.8120113100176989), (1.5570652261073346, 3.4244521183598456e-06)]),
    (U::Asin, [(0.2457320061010797, -0.6703367429877897), (0.6065115181997548, 1.6224941488715938), (-1.2930420702371828, 1.3618009008578458), (1e-09, 1e-09), (0.6339838656391767, -2.305509031243477), (-0.13427059246257536, -0.9570507662177218), (1.5566538965506331, 7.07115621144615e-05)]),
    (U::Acos, [(1.3250643206938169, 0.6703367429877897), (0.9642848085951419, -1.6224941488715938), (2.863838397032079, -1.3618009008578458), (1.5707963257948967, -1e-09), (0.9368124611557199, 2.305509031243477), (1.705066919257472, 0.9570507662177218), (0.014142430244263527, -7.07115621144615e-05)]),
    (U::Atan, [(0.48003518120284394, -0.7016804321523099), (1.311223269671635, 0.3104282830771958), (-1.1265564408348223, 0.09641562020299617), (1e-09, 1e-09), (1.4483069952314644, -0.15899719167999918), (-1.0646978210692297, -1.122159092433035), (0.785348160897615, 5.000500024999166e-07)]),
    (U::Sinh, [(0.23290996731262684, -0.6734255599525789), (-0.8860929093625314, 2.139040009980677), (-3.182869448337149, 1.8036926955321817), (1e-09, 1e-09), (-6.548120040911002, 7.619231720321411), (-0.09132522985597041, -0.90909100036171), (1.1750468914554812, 1.5429631224108296e-06)]),
    (U::Cosh, [(0.7995189955990348, -0.1961773591614612), (-0.9789478196465577, 1.9361483295105073), (3.3016373329140944, -1.7388095044743164), (1.0, 1e-18), (-6.580663040551157, 7.581552742746545), (0.462698323943985, 0.17943212730997082), (1.5429631224103153, 1.1750468914558728e-06)]),
    (U::Tanh, [(0.4697051659675581, -0.72703718624352), (1.0641443991765371, -0.08039101531016818), (-0.979940849961738, 0.030215987322877575), (1e-09, 1e-09), (1.000709536067233, -0.00490825806749606), (-0.8338942274462576, -1.6413795898501355), (0.7615521553233198, 4.200383147227899e-07)]),
    (U::Asinh, [(0.38559098731817487, -0.7089034409655053), (1.6004100552346137, 0.8877651461839051), (-1.4657153519472905, 0.22101863562288385), (1e-09, 1e-09), (2.2999140408792695, -0.9176168533514787), (-0.569431500084436, -1.231375807638585), (0.8813028745738047, 7.071421374094166e-07)]),
    (U::Acosh, [(0.6703367429877897, -1.3250643206938169), (1.6224941488715938, 0.9642848085951419), (1.3618009008578458, 2.863838397032079), (1e-09, 1.5707963257948967), (2.305509031243477, -0.9368124611557199), (0.9570507662177218, -1.705066919257472), (7.07115621144615e-05, 0.014142430244263527)]),
    (U::Atanh, [(0.19988189602962927, -0.6396697661585148), (0.22008968066202292, 1.2452579660726568), (-0.5003700000525311, 1.421546861001807), (1e-09, 1e-09), (0.1175009073114339, -1.4099210495965755), (-0.08984350022697435, -0.8419736541926907), (4.9516937768930775, 0.0050000833558337945)]),
    (U::Sqrt, [(0.7285524382590421, -0.4804046786753803), (1.4142135623730951, 0.7071067811865476), (0.17543205637629383, 1.425053124063947), (3.4743442276011566e-05, 1.4391204994250743e-05), (2.0, -1.0), (0.6775079293816032, -0.8117986168841059), (0.9999499987500625, 5.000250018750937e-07)]),
    (U::Rsqrt, [(0.9566362181904808, 0.6308022468598542), (0.565685424949238, -0.282842712474619), (0.08509704688926725, -0.6912523003096567), (24567.323635131153, -10176.11864088041), (0.4, 0.2), (0.6059815141569567, 0.7260947565572677), (1.0000500037499374, -5.000750093757813e-07)]),
    (U::Cbrt, [(0.8451106964513709, -0.34603901844118595), (1.2928882695134691, 0.41286277608263533), (0.7241429673663325, 1.0466245092929098), (0.0010842150814913511, 0.00029051455550725144), (1.628937145922176, -0.5201745023045459), (0.8661322677443628, -0.5718673270855308), (0.999966665555605, 3.333555574075103e-07)]),
    (U::Logistic, [(0.584113230576754, -0.1779429221443749), (1.0498425829702442, 0.234807340416369), (0.10915584645427026, 0.05166470383545818), (0.50000000025, 2.5e-10), (1.0320721995882685, 0.04019550765508409), (0.4316885816704354, -0.30237830305147567), (0.7310389169824433, 1.9662101883960654e-07)]),
];

fn c(re: f64, im: f64) -> Val {
    C::new(re, im).into()
}

fn complex(v: &Val) -> C {
    match v.as_scalar() {
        Some(Scalar::C128(z)) => z,
        Some(Scalar::F64(x)) => C::new(x, 0.0),
        Some(Scalar::C64(z)) => C::new(z.re.into(), z.im.into()),
        s => panic!("{s:?}"),
    }
}

#[test]
fn complex_values() {
    for (op, wants) in COMPLEX {
        for ((x, y), (re, im)) in Z.into_iter().zip(wants) {
            let got = complex(&value(*op, &[c(x, y)]));
            // Each part alone, so that small parts count.
            for (g, w) in [(got.re, *re), (got.im, *im)] {
                let error = (g - w).abs() / w.abs();
                assert!(error < 2e-12, "{}({x} + {y}i): {g:e}, not {w:e}", op.name());
            }
            let got = complex(&value(*op, &[Complex::new(x as f32, y as f32).into()]));
            let error = C::new(got.re - re, got.im - im).norm() / C::new(*re, *im).norm();
            assert!(error < 1e-3, "{} in single precision", op.name());
        }
    }
    let z = C::new(3.0, -4.0);
    let f = |op: U| complex(&value(op, &[z.into()]));
    assert_eq!(f(U::Neg), -z);
    assert_eq!(f(U::Conj), z.conj());
    assert_eq!(f(U::Abs), C::new(5.0, 0.0));
    assert_eq!(f(U::Sign), C::new(0.6, -0.8));
    assert_eq!(f(U::Real), C::new(3.0, 0.0));
    assert_eq!(f(U::Imag), C::new(-4.0, 0.0));
    assert_eq!(f(U::Square), C::new(-7.0, -24.0));
    assert!((f(U::Recip) - C::new(0.12, 0.16)).norm() < 1e-16);
    assert_eq!(f(U::StopGradient), z);
    assert!(value(U::IsNan, &[c(0.0, f64::NAN)]).same_bits(&true.into()));
    assert!(value(U::IsFinite, &[c(0.0, f64::INFINITY)]).same_bits(&false.into()));
}

#[test]
fn tangents_of_floats() {
    for &op in U::ALL {
        for x in [0.3, -0.7, 2.6, 0.55, -1.45, 4.2] {
            if op == U::StopGradient || reference(op, x).is_none() {
                continue;
            }
            let f = |x: f64| scalar(&value(op, &[x.into()]));
            // Fourth-order differences.
            let h = 1e-3;
            let want =
                (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h);
            let got = derivative(op.into(), &[x])[0];
            // Outside the domain the value is NaN; the tangent's formula may be finite.
            let near = want.is_nan() || close(got, want, 1e-7);
            assert!(near, "{}'({x}) = {got}, not {want}", op.name());
        }
    }
    assert_eq!(derivative(U::StopGradient.into(), &[2.0]), [0.0]);
}

#[test]
fn tangents_of_complex_numbers() {
    for &op in U::ALL {
        let skip = matches!(op, U::IsFinite | U::IsNan | U::StopGradient);
        if skip || !domain(op).admits(DType::C128) {
            continue;
        }
        for z in [
            C::new(0.3, -0.7),
            C::new(1.5, 2.0),
            C::new(-2.0, 0.5),
            C::new(-1.2, -0.4),
        ] {
            for t in [C::new(1.0, 0.0), C::new(0.0, 1.0), C::new(0.6, -0.8)] {
                let f = |s: f64| complex(&value(op, &[(z + t * s).into()]));
                let h = 1e-3;
                let want = ((f(h) - f(-h)) * 8.0 - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h);
                let got = complex(&jvp(&op.into(), &[z.into()], &[Some(t.into())]).unwrap());
                let near = (got - want).norm() <= 1e-8 * want.norm().max(1.0);
                assert!(near, "{} at {z} along {t}: {got}, not {want}", op.name());
            }
        }
    }
}

#[test]
fn edge_policy() {
    let d = |op: U, x: f64| derivative(op.into(), &[x])[0];
    assert_eq!(d(U::Sqrt, 0.0), f64::INFINITY);
    assert_eq!(d(U::Cbrt, 0.0), f64::INFINITY);
    assert_eq!(d(U::Abs, 0.0), 0.0);
    assert_eq!(d(U::Asin, 1.0), f64::INFINITY);
    assert_eq!(d(U::Acos, -1.0), f64::NEG_INFINITY);
    assert_eq!(d(U::Acosh, 1.0), f64::INFINITY);
    assert_eq!(d(U::Atanh, 1.0), f64::INFINITY);
    for op in [U::Sign, U::Floor, U::Ceil, U::Round, U::RoundEven, U::Trunc] {
        assert_eq!(d(op, 1.0), 0.0);
    }
    for op in [U::Abs, U::Sign] {
        let t = jvp(&op.into(), &[c(0.0, 0.0)], &[Some(c(1.0, 1.0))]).unwrap();
        assert_eq!(complex(&t), C::new(0.0, 0.0), "{}", op.name());
    }
}

#[test]
fn types() {
    let ty = |op: U, d: DType| infer(&op, &[Type::known(d, &[2])]).map(|t| t[0].dtype().unwrap());
    assert_eq!(ty(U::Abs, DType::C64), Ok(DType::F32));
    assert_eq!(ty(U::Abs, DType::I8), Ok(DType::I8));
    assert_eq!(ty(U::IsNan, DType::F64), Ok(DType::Bool));
    assert!(ty(U::Neg, DType::U8).is_err() && ty(U::Sqrt, DType::I32).is_err());
    assert!(ty(U::Erf, DType::C128).is_err() && ty(U::Not, DType::F32).is_err());
    assert!(infer(&U::Exp, &[Type::unit()]).is_err() && infer(&U::Exp, &[]).is_err());
    // Whatever the type rule takes can be run, and gives what the rule says (`value` checks that).
    for &op in U::ALL {
        for d in DType::ALL {
            assert_eq!(infer(&op, &[d.into()]).is_ok(), domain(op).admits(d));
            if domain(op).admits(d) {
                value(op, &[Val::Scalar(Scalar::zero(d))]);
            }
        }
    }
}
