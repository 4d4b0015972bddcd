//! File tests, random programs and their gradients on the machine code against the interpreter, with the check of references on and every
//! loop split that can be.

use cotangent_core::ad::derive;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DType, DeriveKind, Dim, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_values, print};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_jit::compile;
use cotangent_lower::Options;
use cotangent_progen::emit::module;
use cotangent_progen::fuzz::Case;
use std::fs;
use std::path::Path;

/// Whether two numbers are the same, nearly: mathematical functions may differ in the last bits.
fn close(a: Scalar, b: Scalar) -> bool {
    let near = |x: f64, y: f64| {
        let scale = x.abs().max(y.abs()).max(1.0);
        x == y || x.is_nan() && y.is_nan() || (x - y).abs() <= 1e-9 * scale
    };
    match (a, b) {
        (Scalar::F64(x), Scalar::F64(y)) => near(x, y),
        (Scalar::F32(x), Scalar::F32(y)) => x == y || near(x.into(), y.into()),
        (a, b) => a.same_bits(b),
    }
}

fn same(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Scalar(x), Val::Scalar(y)) => close(*x, *y),
        (Val::Tensor(x), Val::Tensor(y)) => {
            let n = x.data.len();
            x.shape == y.shape && (0..n).all(|k| close(x.data.get(k), y.data.get(k)))
        }
        (Val::Record(x), Val::Record(y)) | (Val::Seq(x), Val::Seq(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| same(x, y))
        }
        (a, b) => a.same_bits(b),
    }
}

/// Runs a function of a lowered module on both, the code twice.
fn check(m: &Module, f: FuncId, args: &[Val], name: &str) {
    let limits = Limits {
        fuel: Some(300_000),
        threads: Some(3),
        ..Limits::default()
    };
    let want = interp::Program::new(m).run(f, args.to_vec(), &limits);
    if let Err(t) = &want
        && matches!(t.kind, TrapKind::OutOfFuel { .. })
    {
        return;
    }
    let code = compile(m, &Options::default());
    let code = code.unwrap_or_else(|e| panic!("{name}: {e}\n{}", print(m)));
    for _ in 0..2 {
        let got = code.run(f, args, &limits);
        let agrees = match (&want, &got) {
            (Ok(a), Ok(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)),
            (Err(a), Err(b)) => a == b,
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        };
        let text = || print(m);
        assert!(
            agrees,
            "{name}: the interpreter gives {want:?}, the code {got:?}\n{}",
            text()
        );
    }
}

/// Checks the gradient of the first function. `None` if it has none; else whether there are sums in it that were taken by ranges.
fn gradient(m: &Module, args: &[Val], name: &str) -> Option<bool> {
    let f = &m.funcs[FuncId(0)];
    let real = |t: &Type| *t == DType::F64.into() || *t == DType::F32.into();
    f.results.first().filter(|t| real(t))?;
    let params = (0..).zip(f.param_types());
    let params = params.filter(|(_, t)| t.has_tangent());
    let wrt: Vec<u32> = params.map(|(k, _)| k).collect();
    // A cotangent of ones for each result that has one.
    let ones = |t: &Type| {
        let t = t.as_tensor()?;
        let one = Scalar::from_f64(t.dtype, 1.0)?;
        let known = |d: &Dim| usize::try_from(d.known()?).ok();
        let shape = t.shape.iter().map(known).collect::<Option<Vec<_>>>()?;
        let data = Data::splat(one, shape.iter().product())?;
        Tensor::new(shape, data).map(Val::tensor)
    };
    let mut all = args.to_vec();
    for t in f.results.iter().filter(|t| t.has_tangent()) {
        all.push(ones(t)?);
    }
    let mut g = m.clone();
    let id = derive(&mut g, FuncId(0), DeriveKind::Vjp, &wrt).ok()?;
    let by_ranges = g.funcs.values().any(|f| f.apart);
    check(&g, id, &all, &format!("gradient of {name}"));
    pass::finish(&mut g);
    check(&g, id, &all, &format!("gradient of {name}, optimised"));
    Some(by_ranges)
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(default)
}

#[test]
fn references_are_counted_right_in_random_programs() {
    cotangent_runtime::check_memory(true);
    cotangent_lower::opt::split_all(true);
    cotangent_core::ad::sums::by_ranges(true);
    let (seed, cases) = (number("COTANGENT_SEED", 7), number("COTANGENT_CASES", 60));
    let (mut gradients, mut sums) = (0, 0);
    for k in 0..cases {
        let case = Case::new(seed, k);
        let name = format!("program {k} of seed {seed}");
        let mut m = module(&case.program);
        if pass::lower(&mut m).is_err() {
            continue;
        }
        check(&m, FuncId(0), &case.args, &name);
        if let Some(by_ranges) = gradient(&m, &case.args, &name) {
            gradients += 1;
            sums += u64::from(by_ranges);
        }
        pass::finish(&mut m);
        check(&m, FuncId(0), &case.args, &name);
    }
    assert!(gradients * 4 > cases, "only {gradients} gradients");
    assert!(
        sums * 12 > cases,
        "only {sums} gradients with sums by ranges"
    );
}

/// The call in a `; run: @f(ARGS) == …`, `; trap: …` or `; grad: …` line: name and arguments.
fn call(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("; ")?;
    let (head, rest) = rest.split_once(": @")?;
    let heads = ["run", "trap", "grad", "approx"];
    heads
        .contains(&head.split(' ').next()?)
        .then(|| rest.split_once('('))?
}

/// What is between the parenthesis that was opened and the one that closes it.
fn inside(text: &str) -> &str {
    let mut depth = 1;
    for (k, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return &text[..k];
        }
    }
    text
}

#[test]
fn references_are_counted_right_in_file_tests() {
    cotangent_runtime::check_memory(true);
    cotangent_lower::opt::split_all(true);
    cotangent_core::ad::sums::by_ranges(true);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/filetests");
    let mut calls = 0;
    for folder in ["run", "grad", "regress"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let mut m = parse(&text).unwrap();
            pass::lower(&mut m).unwrap();
            let mut finished = m.clone();
            pass::finish(&mut finished);
            for line in text.lines() {
                let Some((name, rest)) = call(line) else {
                    continue;
                };
                let found = m.funcs.iter().find(|(_, f)| f.name == name);
                let (f, types) = found.map(|(id, f)| (id, f.param_types())).unwrap();
                let args = parse_values(inside(rest), &types).unwrap();
                check(&m, f, &args, line);
                check(&finished, f, &args, line);
                calls += 1;
            }
        }
    }
    assert!(calls > 50, "{calls}");
}
