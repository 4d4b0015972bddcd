//! The C text against the functions that run here, bit for bit, with and without fused multiply-add and with contraction on; and
//! that the C compiler makes vector code of a loop that calls them. Skipped, with a line that says so, without a C compiler.

mod common;

use common::Rng;
use cotangent_kernels::math::{Fn1, Fn2, scalar1, scalar2};
use cotangent_kernels::{CFunction, Isa, Precision, c_header, c_source};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The system's compiler, if there is one.
fn compiler() -> Option<String> {
    let cc = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    match Command::new(&cc).arg("--version").output() {
        Ok(o) if o.status.success() => Some(cc),
        _ => {
            println!("skipped: no C compiler `{cc}`");
            None
        }
    }
}

/// A fresh directory of this test.
fn directory(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).expect("a directory for the test");
    dir
}

/// A program that reads `x, y` pairs and writes what every function makes of them, as doubles.
fn program() -> String {
    let mut out = c_header();
    out.push_str(
        "\n#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv) {\n    \
         if (argc != 4) return 2;\n    int n = atoi(argv[1]);\n    \
         double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y), *o = malloc(n * sizeof *o);\n    \
         FILE *in = fopen(argv[2], \"rb\"), *to = fopen(argv[3], \"wb\");\n    \
         if (!in || !to || !x || !y || !o) return 3;\n    \
         if (fread(x, sizeof *x, n, in) != (size_t)n || fread(y, sizeof *y, n, in) != (size_t)n) return 4;\n",
    );
    for f in CFunction::all() {
        let call = match f {
            CFunction::Of1(..) => format!("o[i] = {}(x[i])", f.name()),
            CFunction::Of2(..) => format!("o[i] = {}(x[i], y[i])", f.name()),
            CFunction::SinCos(Precision::Double) => {
                "{ double c; ct_sincos(x[i], &o[i], &c); if (c == c) o[i] += 3.0 * c; }".into()
            }
            CFunction::SinCos(Precision::Single) => {
                "{ float s, c; ct_sincosf(x[i], &s, &c); o[i] = s + 3.0 * (double)c; }".into()
            }
        };
        let _ = writeln!(
            out,
            "    for (int i = 0; i < n; i++) {call};\n    fwrite(o, sizeof *o, n, to);"
        );
    }
    out.push_str("    return fclose(to);\n}\n");
    out
}

/// What the program should write.
fn expected(isa: Isa, f: CFunction, x: f64, y: f64) -> f64 {
    let (x32, y32) = (x as f32, y as f32);
    match f {
        CFunction::Of1(f, Precision::Double) => scalar1::<f64>(isa, f)(x),
        CFunction::Of1(f, Precision::Single) => f64::from(scalar1::<f32>(isa, f)(x32)),
        CFunction::Of2(f, Precision::Double) => scalar2::<f64>(isa, f)(x, y),
        CFunction::Of2(f, Precision::Single) => f64::from(scalar2::<f32>(isa, f)(x32, y32)),
        CFunction::SinCos(Precision::Double) => {
            let (s, c) = (
                scalar1::<f64>(isa, Fn1::Sin)(x),
                scalar1::<f64>(isa, Fn1::Cos)(x),
            );
            // Contracted or not: the test's own sum is only compared roughly.
            s + 3.0 * c
        }
        CFunction::SinCos(Precision::Single) => {
            let (s, c) = (
                scalar1::<f32>(isa, Fn1::Sin)(x32),
                scalar1::<f32>(isa, Fn1::Cos)(x32),
            );
            f64::from(s) + 3.0 * f64::from(c)
        }
    }
}

fn inputs() -> (Vec<f64>, Vec<f64>) {
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        1e300,
        709.7,
        710.5,
        -745.2,
        -746.0,
        1.5e22,
        f64::from(f32::MAX),
        1e-45,
    ];
    let mut rng = Rng(77);
    let mut x: Vec<f64> = special
        .iter()
        .flat_map(|&a| special.iter().map(move |_| a))
        .collect();
    let mut y: Vec<f64> = special.iter().flat_map(|_| special).collect();
    for i in 0..20_000 {
        let range = [1.0, 10.0, 100.0, 800.0][i % 4];
        x.push(if i % 3 == 0 {
            f64::from_bits(rng.bits())
        } else {
            rng.between(-range, range)
        });
        y.push(if i % 5 == 0 {
            f64::from_bits(rng.bits())
        } else {
            rng.between(-range, range)
        });
    }
    (x, y)
}

fn compare(cc: &str, name: &str, flags: &[&str], isa: Isa) {
    let dir = directory(name);
    let (source, binary) = (dir.join("all.c"), dir.join("all"));
    std::fs::write(&source, program()).expect("written");
    let status = Command::new(cc)
        .args(flags)
        .arg("-o")
        .arg(&binary)
        .arg(&source)
        .arg("-lm")
        .status();
    assert!(
        status.expect("the compiler runs").success(),
        "the C text does not compile"
    );
    let (x, y) = inputs();
    let bytes: Vec<u8> = x.iter().chain(&y).flat_map(|v| v.to_le_bytes()).collect();
    std::fs::write(dir.join("in"), bytes).expect("written");
    let status = Command::new(&binary)
        .arg(x.len().to_string())
        .arg(dir.join("in"))
        .arg(dir.join("out"))
        .status();
    assert!(status.expect("the program runs").success());
    let out = std::fs::read(dir.join("out")).expect("results");
    let mut results = out
        .chunks_exact(8)
        .map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes")));
    for f in CFunction::all() {
        for (&x, &y) in x.iter().zip(&y) {
            let got = results
                .next()
                .expect("a result for every function and input");
            let want = expected(isa, f, x, y);
            let same = got.to_bits() == want.to_bits()
                || got.is_nan() && want.is_nan()
                || matches!(f, CFunction::SinCos(_)) && (got - want).abs() <= 1e-15 * 4.0;
            assert!(
                same,
                "{name}: {}({x:e}, {y:e}) is {got:e} in C, {want:e} here",
                f.name()
            );
        }
    }
    assert!(results.next().is_none());
}

#[test]
fn same_bits_without_fused_multiply_add() {
    if cfg!(target_arch = "x86_64")
        && !cfg!(target_feature = "fma")
        && let Some(cc) = compiler()
    {
        compare(
            &cc,
            "plain",
            &["-O1", "-std=c99", "-Wall", "-Werror"],
            Isa::Portable,
        );
    }
}

#[test]
fn same_bits_with_fused_multiply_add() {
    if Isa::best().is_fused()
        && let Some(cc) = compiler()
    {
        compare(
            &cc,
            "fused",
            &[
                "-O3",
                "-march=native",
                "-ffp-contract=off",
                "-fno-math-errno",
            ],
            Isa::best(),
        );
    }
}

#[test]
fn contraction_changes_nothing() {
    if Isa::best().is_fused()
        && let Some(cc) = compiler()
    {
        compare(
            &cc,
            "contracted",
            &["-O2", "-march=native", "-ffp-contract=fast"],
            Isa::best(),
        );
    }
}

/// The instructions of a function in assembly.
fn body<'a>(assembly: &'a str, name: &str) -> &'a str {
    let start = assembly
        .find(&format!("\n{name}:"))
        .expect("the function is in the assembly");
    let rest = &assembly[start..];
    rest.find(".size").map_or(rest, |end| &rest[..end])
}

#[test]
fn loops_become_vector_code() {
    if !cfg!(target_arch = "x86_64") || !Isa::best().is_fused() {
        println!("skipped: the test knows the registers of x86-64 with AVX2");
        return;
    }
    let Some(cc) = compiler() else { return };
    let functions = CFunction::all();
    let mut text = c_source(&functions);
    for f in &functions {
        let name = f.name();
        let t = if name.ends_with('f') && name != "ct_erf" {
            "float"
        } else {
            "double"
        };
        let _ = match f {
            CFunction::Of1(..) => writeln!(
                text,
                "void loop_{name}(int n, const {t} *restrict x, {t} *restrict o) {{ for (int i = 0; i < n; i++) o[i] = {name}(x[i]); }}"
            ),
            CFunction::Of2(..) => writeln!(
                text,
                "void loop_{name}(int n, const {t} *restrict x, const {t} *restrict y, {t} *restrict o) {{ for (int i = 0; i < n; i++) o[i] = {name}(x[i], y[i]); }}"
            ),
            CFunction::SinCos(_) => Ok(()),
        };
    }
    let dir = directory("vector");
    let (source, assembly) = (dir.join("loops.c"), dir.join("loops.s"));
    std::fs::write(&source, text).expect("written");
    let flags = [
        "-O3",
        "-march=native",
        "-fno-math-errno",
        "-ffp-contract=off",
        "-S",
        "-o",
    ];
    let status = Command::new(&cc)
        .args(flags)
        .arg(&assembly)
        .arg(&source)
        .status();
    assert!(status.expect("the compiler runs").success());
    let assembly = std::fs::read_to_string(assembly).expect("assembly");
    for f in functions {
        if matches!(f, CFunction::SinCos(_)) {
            continue;
        }
        let code = body(&assembly, &format!("loop_{}", f.name()));
        let vectors = code
            .lines()
            .filter(|l| (l.contains("%ymm") || l.contains("%zmm")) && l.contains("pd"))
            .count();
        assert!(vectors >= 2, "{} stays scalar", f.name());
    }
}

#[test]
fn text_is_deterministic_and_minimal() {
    let exp = CFunction::Of1(Fn1::Exp, Precision::Double);
    let pow = CFunction::Of2(Fn2::Pow, Precision::Double);
    assert_eq!(c_source(&[exp, pow]), c_source(&[pow, exp, exp]));
    let text = c_source(&[exp]);
    assert!(
        text.contains("ct_exp(double x)")
            && !text.contains("ct_pow")
            && !text.contains("two_over_pi")
    );
    assert_eq!(
        c_source(&[CFunction::Of1(Fn1::Sin, Precision::Double)])
            .matches("ct_two_over_pi_1[64]")
            .count(),
        1
    );
}
