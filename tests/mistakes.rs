//! What a user gets wrong, and what is answered: a clear error, asserted by its text, at the place in the source where there is one.
//! Nothing here may panic or overflow the stack.
#![allow(
    clippy::while_immutable_condition,
    reason = "a loop that never ends is one of the mistakes"
)]
#![allow(clippy::needless_range_loop, reason = "programs as people write them")]

use cotangent::core::ir::DeriveKind;
use cotangent::core::text::parse;
use cotangent::core::value::{Scalar, Val};
use cotangent::core::verify::verify;
use cotangent::{Args, DiffFn, Error, Function, Options, Result, Wrt, differentiable};
use std::fmt::Debug;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The line of this file that holds this text for the first time.
fn line(text: &str) -> usize {
    let lines = include_str!("mistakes.rs").lines();
    1 + lines.into_iter().position(|l| l.contains(text)).unwrap()
}

#[track_caller]
fn message<T: Debug>(r: Result<T>) -> String {
    r.expect_err("a mistake was accepted").to_string()
}

/// The run fails with that message at the line that holds `place`.
#[track_caller]
fn fails_at<T: Debug>(r: Result<T>, starts: &str, place: &str) {
    let m = message(r);
    assert!(m.starts_with(starts), "{m}");
    let at = format!("tests/mistakes.rs:{}:", line(place));
    assert!(m.contains(&at), "{m}, not at {at}");
}

#[differentiable]
fn dot(xs: &[f64], ys: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..xs.len() {
        s += xs[i] * ys[i]; // too short
    }
    s
}

#[differentiable]
fn doubled(xs: &[f64]) -> Vec<f64> {
    xs.iter().map(|x| 2.0 * x).collect()
}

#[test]
fn lengths() {
    let (long, short) = (vec![1.0, 2.0, 3.0], vec![1.0, 2.0]);
    assert_eq!(
        message(dot::jvp((&long, &long), (&long, &short))),
        "`dot`: tangent 1 must be f64[3], it is f64[2]"
    );
    let (_, pull) = doubled::pullback(&long).unwrap();
    assert_eq!(
        message(pull.call(&short[..])),
        "`doubled`: cotangent 0 must be f64[3], it is f64[2]"
    );
    let want = "index 2 out of range for length 2";
    fails_at(dot::call(&long, &short), want, "// too short");
    fails_at(dot::gradient(&long, &short), want, "// too short");
    fails_at(dot::gradient_wrt::<0>(&long, &short), want, "// too short");
    fails_at(
        dot::jvp((&long, &short), (&long, &short)),
        want,
        "// too short",
    );
    fails_at(dot::pullback(&long, &short), want, "// too short");
    fails_at(dot::hessian(&long, &short), want, "// too short");
}

#[differentiable]
fn last_wins(xs: &[f64], n: usize) -> f64 {
    let mut y = xs[0];
    for i in 0..n {
        // The value read is overwritten: its derivative needs none of it, the check stays.
        y = xs[i]; // unused read
        y = xs[0] * 2.0 + 0.0 * y;
    }
    y
}

#[test]
fn an_index_that_only_the_plain_function_needs() {
    let want = "index 2 out of range for length 2";
    fails_at(last_wins::call(&[1.0, 2.0], 3), want, "// unused read");
    fails_at(last_wins::gradient(&[1.0, 2.0], 3), want, "// unused read");
    assert_eq!(last_wins::gradient(&[1.0, 2.0], 2).unwrap().0, [2.0, 0.0]);
}

#[differentiable]
fn largest(xs: &[f64]) -> f64 {
    let mut best = xs[0];
    for &x in xs {
        if x > best {
            best = x;
        }
    }
    best * best
}

#[test]
fn nan_is_a_value() {
    let (y, (dx, dy)) = dot::value_and_gradient(&[f64::NAN, 1.0], &[2.0, 3.0]).unwrap();
    assert!(y.is_nan() && dy[0].is_nan());
    assert_eq!((dx, dy[1]), (vec![2.0, 3.0], 1.0));
    for xs in [[f64::NAN, 1.0], [1.0, f64::NAN]] {
        let (y, g) = largest::value_and_gradient(&xs).unwrap();
        assert_eq!(y.to_bits(), largest(&xs).to_bits());
        assert_eq!((g[0].is_nan(), g[1]), (xs[0].is_nan(), 0.0), "{g:?}");
    }
}

#[differentiable]
fn deep(x: f64, n: u64) -> f64 {
    if n == 0 {
        x
    } else {
        deep(x * 1.0, n - 1) + 1.0 // one deeper
    }
}

#[test]
fn recursion_a_million_deep_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(2 << 20);
    let run = || {
        let (n, want) = (1_000_000, "calls nest deeper than the limit of 100000");
        // Machine code names the function, the interpreter the call.
        fails_at(deep::call(1.0, n), want, "fn deep");
        fails_at(deep::gradient(1.0, n), want, "fn deep");
        let r = deep::with(&Options::new().executor("interpreter"));
        fails_at(r.call((1.0, n)), want, "// one deeper");
        fails_at(r.gradient((1.0, n)), want, "// one deeper");
        let r = deep::with(&Options::new().depth(2_000_000));
        assert_eq!(r.call((1.0, n)).unwrap(), 1_000_001.0);
        assert_eq!(r.gradient((1.0, n)).unwrap().0, 1.0);
        assert_eq!(r.jvp((1.0, n), (2.0, ())).unwrap(), (1_000_001.0, 2.0));
    };
    small.spawn(run).unwrap().join().unwrap();
}

#[differentiable]
fn slope_of_deep(x: f64, n: u64) -> f64 {
    deep::gradient(x * x, n).unwrap().0 * x
}

/// Derivatives of derivatives of a recursion, on a stack that holds a few hundred calls.
#[test]
fn nested_derivatives_of_a_deep_recursion() {
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let run = || {
        for name in cotangent::list_executors() {
            let o = Options::new().executor(name);
            let h = deep::with(&o).hessian((2.0, 30_000)).unwrap();
            assert_eq!(h[(0, 0)], 0.0, "{name}");
            assert_eq!(
                slope_of_deep::with(&o).gradient((2.0, 30_000)).unwrap().0,
                1.0
            );
            let m = message(slope_of_deep::with(&o).gradient((2.0, 1_000_000)));
            assert!(
                m.starts_with("calls nest deeper than the limit of 100000"),
                "{m}"
            );
        }
    };
    small.spawn(run).unwrap().join().unwrap();
}

#[differentiable]
fn endless(x: f64) -> f64 {
    let mut y = x;
    while y > 0.0 {
        y = (y + 1.0).sqrt(); // for ever
    }
    y
}

#[test]
fn a_loop_that_never_ends() {
    let r = endless::with(&Options::new().fuel(5000));
    let want = "out of fuel after 5000 steps; an endless loop? Raise the limit if not (in `endless";
    for m in [
        message(r.call((1.0,))),
        message(r.gradient((1.0,))),
        message(r.jvp((1.0,), (1.0,))),
        message(r.hessian((1.0,))),
    ] {
        assert!(
            m.starts_with(want) && m.contains("tests/mistakes.rs:"),
            "{m}"
        );
    }
}

#[differentiable]
fn huge(x: f64, n: usize) -> f64 {
    let mut v = vec![x; n]; // too much
    v[n / 2] = 2.0 * x;
    v[n / 2] + v[0]
}

#[differentiable]
fn hoard(x: f64) -> f64 {
    let mut v = Vec::new();
    while x > 0.0 {
        v.push(x);
    }
    v[0]
}

#[test]
fn memory() {
    let want = "a value of 9223372036854775808 bytes exceeds the memory limit";
    fails_at(huge::call(1.0, 1 << 60), want, "// too much");
    fails_at(huge::gradient(1.0, 1 << 60), want, "// too much");
    let m = message(huge::call(1.0, usize::MAX));
    assert!(m.contains("exceeds the memory limit"), "{m}");
    assert_eq!(huge::gradient(1.0, 10).unwrap().0, 3.0);
    let r = hoard::with(&Options::new().max_bytes(1 << 12));
    for m in [message(r.call((1.0,))), message(r.gradient((1.0,)))] {
        assert!(m.contains("exceeds the memory limit"), "{m}");
    }
}

#[differentiable]
fn integers(x: f64, a: i32, b: i32) -> f64 {
    let product = a * b; // may overflow
    let ratio = product / (a - b); // may be by zero
    x * ratio as f64
}

#[differentiable]
fn below_zero(x: f64, n: usize) -> f64 {
    x * (n - 1) as f64 // n may be 0
}

#[test]
fn integer_arithmetic() {
    let overflow = "`multiply` overflowed its integer type";
    fails_at(
        integers::call(1.0, 1 << 20, 1 << 20),
        overflow,
        "// may overflow",
    );
    fails_at(
        integers::gradient(1.0, 1 << 20, 1 << 20),
        overflow,
        "// may overflow",
    );
    fails_at(
        integers::call(1.0, 3, 3),
        "integer division by zero",
        "// may be by zero",
    );
    fails_at(
        integers::gradient(1.0, 3, 3),
        "integer division by zero",
        "// may be by zero",
    );
    let overflow = "`subtract` overflowed its integer type";
    fails_at(below_zero::call(1.0, 0), overflow, "// n may be 0");
    fails_at(below_zero::gradient(1.0, 0), overflow, "// n may be 0");
}

#[differentiable]
fn panics(xs: &[f64], n: usize) -> f64 {
    assert!(n != 1, "n must not be one"); // assert
    if n == 2 {
        panic!("two is not supported"); // panic
    }
    let x = xs.first().unwrap(); // unwrap
    let y = xs.get(n).expect("n is an index"); // expect
    let part = &xs[n..n + 2]; // slice
    x * y + part[1]
}

#[test]
fn panics_of_the_program() {
    let xs = [1.0, 2.0, 3.0, 4.0];
    let cases: [(&[f64], usize, &str, &str); 5] = [
        (
            &xs,
            1,
            "the program panicked: n must not be one",
            "// assert",
        ),
        (
            &xs,
            2,
            "the program panicked: two is not supported",
            "// panic",
        ),
        (
            &[],
            0,
            "the program panicked: called `Option::unwrap()` on a `None` value",
            "// unwrap",
        ),
        (&xs, 7, "the program panicked: n is an index", "// expect"),
        (&xs, 3, "range 3..5 out of range for length 4", "// slice"),
    ];
    for (xs, n, want, place) in cases {
        fails_at(panics::call(xs, n), want, place);
        fails_at(panics::gradient(xs, n), want, place);
        fails_at(panics::pullback(xs, n), want, place);
    }
    assert_eq!(panics::gradient(&xs, 0).unwrap().0, [2.0, 1.0, 0.0, 0.0]);
}

#[differentiable]
fn constant(_x: f64, xs: &[f64]) -> f64 {
    xs.len() as f64
}

#[test]
fn nothing_to_differentiate() {
    assert_eq!(
        constant::gradient(1.0, &[1.0, 2.0]).unwrap(),
        (0.0, vec![0.0, 0.0])
    );
    assert_eq!(constant::gradient(1.0, &[]).unwrap(), (0.0, vec![]));
    assert_eq!(
        dot::value_and_gradient(&[], &[]).unwrap(),
        (0.0, (vec![], vec![]))
    );
    let (y, pull) = doubled::pullback(&[]).unwrap();
    assert_eq!((pull.call(&y[..]).unwrap(), y), (vec![], vec![]));
    let j = doubled::jacobian(&[]).unwrap();
    assert_eq!((j.rows(), j.columns()), (0, 0));
    fails_at(
        largest::gradient(&[]),
        "index 0 out of range for length 0",
        "let mut best = xs[0]",
    );
}

const SCALED: &str = "cotangent 1
func @scaled(n: i64, x: f64) -> (f64, f64) {
  f = convert f64 n : f64
  y = multiply f, x : f64
  return y, x
}
func @power(n: i64, x: f64) -> (f64) {
  y, z = call @scaled(n, x) : f64, f64
  return y
}
";

#[test]
fn the_untyped_level() {
    let o = Options::new();
    let args = || vec![Val::from(3i64), Val::from(2.0)];
    let scaled = Function::parse(SCALED, "scaled").unwrap();
    assert_eq!(
        message(scaled.gradient(args(), &Wrt::All, &o)),
        "the gradient of `scaled` needs one real scalar result, it returns (f64, f64); use a pullback or a Jacobian"
    );
    let f = Function::parse(SCALED, "power").unwrap();
    let cases = [
        (
            Wrt::Params(vec![0]),
            "parameter 0 of `power` has type i64, which has no tangent space",
        ),
        (Wrt::Params(vec![9]), "`power` has no parameter 9"),
        (Wrt::Argument(9), "`power` has no parameter 9"),
    ];
    for (wrt, want) in cases {
        assert_eq!(message(f.gradient(args(), &wrt, &o)), want);
        assert_eq!(message(f.value_and_gradient(args(), &wrt, &o)), want);
        assert_eq!(message(f.pullback(args(), &wrt, &o)), want);
        assert_eq!(message(f.derivative_ir(DeriveKind::Gradient, &wrt)), want);
        assert_eq!(message(f.jacobian(args(), &wrt, &o)), want);
    }
    assert_eq!(
        message(f.call(vec![Val::from(3i64)], &o)),
        "`power` takes 2 arguments, it was given 1"
    );
    assert_eq!(
        message(f.gradient(vec![Val::from(2.0), Val::from(3i64)], &Wrt::All, &o)),
        "`power`: argument 0 must be i64, it is f64"
    );
}

#[test]
fn truncated_and_changed_text() {
    for at in 0..SCALED.len() - 3 {
        if let Err(e) = Function::parse(&SCALED[..at], "power") {
            let known = matches!(e, Error::Invalid(_) | Error::UnknownFunction { .. });
            assert!(known && !e.to_string().is_empty(), "{e:?}");
        } else {
            panic!("the first {at} bytes were accepted");
        }
    }
    let cases = [
        ("convert f64", "invert f64", "3:7: "),
        ("multiply f, x : f64", "multiply f, n : f64", "multiply"),
        ("return y, x", "return y", "return"),
        ("@scaled(n, x) :", "@scaled(x) :", "scaled"),
        ("cotangent 1", "cotangent 99", "version"),
    ];
    for (from, to, want) in cases {
        let text = SCALED.replacen(from, to, 1);
        let m = message(Function::parse(&text, "power"));
        assert!(m.contains(want), "{m}");
    }
}

/// The one number there is.
fn number(vals: &[Val]) -> f64 {
    match vals.first().and_then(Val::as_scalar) {
        Some(Scalar::F64(x)) if vals.len() == 1 => x,
        _ => panic!("not a number: {vals:?}"),
    }
}

#[test]
fn a_straight_line_of_ten_thousand_statements() {
    let mut text =
        String::from("cotangent 1\nfunc @long(x: f64) -> (f64) {\n  y0 = sine x : f64\n");
    for i in 0..10_000 {
        let op = ["add", "subtract", "multiply"][i % 3];
        text += &format!("  y{} = {op} y{i}, x : f64\n", i + 1);
    }
    text += "  return y10000\n}\n";
    let f = Function::parse(&text, "long").unwrap();
    let o = Options::new();
    let (x, mut y, mut dy) = (0.99f64, 0.99f64.sin(), 0.99f64.cos());
    for i in 0..10_000 {
        (y, dy) = match i % 3 {
            0 => (y + x, dy + 1.0),
            1 => (y - x, dy - 1.0),
            _ => (y * x, dy * x + y),
        };
    }
    let (v, g) = f
        .value_and_gradient(vec![Val::from(x)], &Wrt::All, &o)
        .unwrap();
    assert_eq!(number(&v), y);
    let g = number(&g);
    assert!((g - dy).abs() <= 1e-9 * dy.abs(), "{g} and {dy}");
}

/// `n` branches, one inside the other.
fn nested(n: usize) -> String {
    let mut text = String::from("cotangent 1\nfunc @nested(c: bool, x: f64) -> (f64) {\n");
    for i in 0..n {
        text += &format!("r{i} = if c : f64 {{\n");
    }
    text += "y = multiply x, x : f64\nyield y\n} else { yield x }\n";
    for i in (1..n).rev() {
        text += &format!("yield r{i}\n}} else {{ yield x }}\n");
    }
    text + "return r0\n}\n"
}

#[test]
fn deep_nesting_in_text() {
    let f = Function::parse(&nested(100), "nested").unwrap();
    let args = vec![Val::from(true), Val::from(3.0)];
    let g = f.gradient(args, &Wrt::All, &Options::new()).unwrap();
    assert_eq!(number(&g), 6.0);
    let m = message(Function::parse(&nested(100_000), "nested"));
    assert!(m.contains("deeper than 200"), "{m}");
    let ty = format!("{}f64{}", "seq<".repeat(100_000), ">".repeat(100_000));
    let text = format!("cotangent 1\nfunc @f(x: {ty}) -> (f64) {{\n}}\n");
    let m = message(Function::parse(&text, "f"));
    assert!(m.contains("deeper than 64"), "{m}");
}

/// `dot`, counting how often it is staged.
struct Counted;
static STAGED: AtomicUsize = AtomicUsize::new(0);
impl DiffFn for Counted {
    type Args<'a> = <dot as DiffFn>::Args<'a>;
    type Output = f64;
    const NAME: &'static str = "counted";
    fn stage() -> std::result::Result<
        (cotangent::core::ir::Module, cotangent::core::ir::FuncId),
        cotangent::StageError,
    > {
        STAGED.fetch_add(1, Ordering::SeqCst);
        dot::stage()
    }
}

#[test]
fn staged_once_whatever_is_asked_from_however_many_threads() {
    let r = cotangent::Runner::<Counted>::default();
    std::thread::scope(|s| {
        for i in 0..12 {
            let r = &r;
            s.spawn(move || {
                let (a, b) = ([f64::from(i), 2.0], [3.0, 4.0]);
                let args = (&a[..], &b[..]);
                assert_eq!(r.call(args).unwrap(), dot(&a, &b));
                assert_eq!(r.gradient(args).unwrap(), (b.to_vec(), a.to_vec()));
                assert_eq!(r.gradient_wrt::<1>(args).unwrap(), a);
                let (_, pull) = r.pullback(args).unwrap();
                assert_eq!(pull.call(2.0).unwrap().0, [6.0, 8.0]);
            });
        }
    });
    assert_eq!(STAGED.load(Ordering::SeqCst), 1);
    assert_eq!(
        <<Counted as DiffFn>::Args<'static> as Args>::types().len(),
        2
    );
}

/// Every function of every file test that verifies: its derivatives exist or there is an error, never a panic.
#[test]
fn deriving_whatever_verifies() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests");
    let (mut derived, mut refused) = (0, 0);
    for folder in ["run", "regress", "grad", "syntax", "pass"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let Ok(m) = parse(&text) else { continue };
            if verify(&m).is_err() {
                continue;
            }
            for id in m.funcs.keys() {
                for kind in [DeriveKind::Gradient, DeriveKind::Jvp, DeriveKind::Vjp] {
                    let m = m.clone();
                    let outcome = catch_unwind(|| {
                        let (d, _) = Function::new(m, id)?.derivative(kind, &Wrt::All)?;
                        verify(&d).map_err(|e| Error::Internal(e[0].to_string()))
                    });
                    match outcome {
                        Ok(Ok(())) => derived += 1,
                        Ok(Err(Error::Internal(e))) => panic!("{}, {id}: {e}", path.display()),
                        Ok(Err(_)) => refused += 1,
                        Err(_) => panic!("{}, {id}: panicked", path.display()),
                    }
                }
            }
        }
    }
    assert!(derived > 50, "{derived} derived, {refused} refused");
}
