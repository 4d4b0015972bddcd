//! Extremes and selected elements of loops: reverse mode reads the element again where it was found, and says what forward mode says, of elements
//! that are alike and of NaN too.

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::ad::derive;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::text::{parse, print};
use cotangent_core::value::{Data, Scalar, Val};
use cotangent_core::verify::{verify, verify_lowered};

/// A loop over `a[i] * k` from `s` on, with another sum beside it.
fn looped(step: &str) -> (Module, FuncId) {
    let text = format!(
        "cotangent 1
func @f(a: f64[?], k: f64, s: f64) -> (f64) {{
  zero = const u64 0
  none = const f64 0
  n = len a : u64
  m, sum = for i: u64 in zero..n (p = s: f64, q = none: f64) {{
    e = get a[i] : f64
    x = multiply e, k : f64
    {step}
    t = multiply x, e : f64
    u = add q, t : f64
    yield y, u
  }}
  o = multiply m, k : f64
  out = add o, sum : f64
  return out
}}"
    );
    let m = parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text)));
    verify(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    let f = m.find("f").unwrap();
    (m, f)
}

/// What takes the place of the one before.
const STEPS: [&str; 9] = [
    "y = fmax p, x : f64",
    "y = fmin x, p : f64",
    "y = maximum x, p : f64",
    "y = minimum p, x : f64",
    "c = gt x, p : bool\n y = select c, x, p : f64",
    "c = ge x, p : bool\n y = select c, x, p : f64",
    "c = lt p, x : bool\n y = if c : f64 {\n yield x\n } else {\n yield p\n }",
    "c = gt p, x : bool\n y = if c : f64 {\n yield x\n } else {\n yield p\n }",
    "c = gt e, none : bool\n y = select c, x, p : f64",
];

fn numbers(v: &Val) -> Vec<f64> {
    match v {
        Val::Tensor(t) => match &t.data {
            Data::F64(x) => x.clone(),
            d => panic!("{d:?}"),
        },
        Val::Scalar(Scalar::F64(x)) => vec![*x],
        v => panic!("{v:?}"),
    }
}

fn args(a: &[f64], s: f64) -> Vec<Val> {
    vec![Val::vector(a.to_vec()), Val::from(1.5), Val::from(s)]
}

#[test]
fn reverse_mode_says_what_forward_mode_says() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let arrays: [&[f64]; 16] = [
        &[],
        &[1.0],
        &[1.0, 3.0, 2.0],
        &[-1.0, -3.0, -2.0],
        // Alike: the extreme, what was it before, the start, zeros of both signs.
        &[3.0, 1.0, 3.0, 3.0, 2.0],
        &[3.0, 3.0, 5.0, 1.0],
        &[-3.0, -3.0, 0.0, -5.0],
        &[0.0, -0.0, 0.0],
        &[-0.0, 0.0],
        &[0.5, 0.25, 0.5],
        &[nan, 1.0, 2.0],
        &[1.0, nan, 0.5],
        &[1.0, nan, 2.0],
        &[1.0, 2.0, nan],
        &[nan, nan],
        &[1.0, inf, inf, -inf],
    ];
    for step in STEPS {
        let (mut m, f) = looped(step);
        let g = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0, 1, 2]).unwrap();
        let j = derive(&mut m, f, DeriveKind::Jvp, &[0, 1, 2]).unwrap();
        verify_lowered(&m).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(&m)));
        let p = Program::new(&m);
        for a in arrays {
            for s in [-inf, inf, 0.75, 0.0, nan] {
                let run = |f, args| p.run(f, args, &Limits::default()).unwrap();
                let value = run(f, args(a, s));
                let all = run(g, args(a, s));
                assert!(value[0].same_bits(&all[0]), "{step}: {a:?} {s}");
                let back: Vec<f64> = all[1..].iter().flat_map(numbers).collect();
                for (k, &back) in back.iter().enumerate() {
                    let mut unit = vec![0.0; a.len() + 2];
                    unit[k] = 1.0;
                    let mut with = args(a, s);
                    with.push(Val::vector(unit[..a.len()].to_vec()));
                    with.extend([Val::from(unit[a.len()]), Val::from(unit[a.len() + 1])]);
                    let forward = numbers(&run(j, with)[1])[0];
                    // What is infinite or none is multiplied with zeros in another order.
                    let same = (forward - back).abs() <= 1e-12 * (1.0 + forward.abs())
                        || !forward.is_finite()
                        || !back.is_finite();
                    assert!(same, "{step}: {a:?} {s}, {k}: {forward} {back}");
                }
            }
        }
    }
}

#[test]
fn derivatives_of_any_order_are_right() {
    let a: Vec<f64> = (0..9).map(|i| (1.7 * f64::from(i)).sin()).collect();
    for step in STEPS {
        for s in [-0.5, 4.0, -4.0] {
            let (mut m, f) = looped(step);
            let how = Check {
                order: 2,
                ..Check::default()
            };
            check_derivatives(&mut m, f, &args(&a, s), &how)
                .unwrap_or_else(|e| panic!("{step}, {s}: {e}"));
        }
    }
}

/// Nothing is saved of the iterations but where there are elements that are alike.
#[test]
fn loops_are_not_walked_back() {
    for (step, again) in STEPS.iter().zip([1, 1, 1, 1, 0, 0, 0, 0, 0]) {
        let (mut m, f) = looped(step);
        let g = derive(&mut m, f, DeriveKind::Gradient, &[0, 1, 2]).unwrap();
        let kept = cotangent_core::pass::prune::prune(&mut m, &[g]);
        assert!(kept[g].is_some());
        let text = print(&m);
        let pushes: Vec<&str> = text.lines().filter(|l| l.contains("= push ")).collect();
        assert_eq!(pushes.len(), again, "{step}\n{text}");
        assert!(pushes.iter().all(|l| l.starts_with("      ")), "{text}");
    }
}

/// An element that costs something to compute, or that comes from what the loop carries, is not computed again.
#[test]
fn what_is_left_alone() {
    for step in [
        "z = sine x : f64\n y = fmax p, z : f64",
        "z = add x, q : f64\n y = fmax p, z : f64",
        "z = fmax p, x : f64\n y = multiply z, x : f64",
        "z = multiply p, x : f64\n y = fmax p, z : f64",
    ] {
        let (mut m, f) = looped(step);
        let g = derive(&mut m, f, DeriveKind::Gradient, &[0, 1, 2]).unwrap();
        let kept = cotangent_core::pass::prune::prune(&mut m, &[g]);
        assert!(kept[g].is_some());
        let text = print(&m);
        assert!(!text.contains("= if "), "{text}");
    }
}
