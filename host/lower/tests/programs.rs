//! What is lowered is valid LIR: all file tests, random programs, and derivatives of both.

use cotangent_core::ad::derive;
use cotangent_core::ir::{DType, DeriveKind, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::text::{parse, print};
use cotangent_core::verify::verify;
use cotangent_lower::{Options, lir, lower, optimize};
use cotangent_progen::emit::module;
use cotangent_progen::fuzz::Case;
use std::fs;
use std::path::{Path, PathBuf};

/// Lowers a module to LIR, which must be valid.
fn check(m: &Module, name: &str) {
    for fuel in [false, true] {
        let mut p = lower(m, &Options { fuel }).unwrap_or_else(|e| panic!("{name}: {e}"));
        if let Err(e) = lir::verify::verify(&p) {
            panic!("{name}: {e}\n{}\n{p}", print(m));
        }
        let before = p.to_string();
        optimize(&mut p);
        if let Err(e) = lir::verify::verify(&p) {
            panic!("{name}, optimized: {e}\n{before}\n{p}");
        }
    }
}

/// The chosen parameters and whether the first function has a gradient.
fn differentiable(m: &Module) -> Option<Vec<u32>> {
    let f = m.funcs.get(FuncId(0))?;
    let real = |t: &Type| *t == DType::F64.into() || *t == DType::F32.into();
    let wrt: Vec<u32> = (0..)
        .zip(f.param_types())
        .filter(|(_, t)| t.has_tangent())
        .map(|(k, _)| k)
        .collect();
    (f.results.len() == 1 && real(&f.results[0]) && !wrt.is_empty()).then_some(wrt)
}

/// Checks a valid module, optimised or not, and its derivatives.
fn check_all(mut m: Module, name: &str) {
    if pass::lower(&mut m).is_err() {
        return;
    }
    check(&m, name);
    if let Some(wrt) = differentiable(&m) {
        let mut g = m.clone();
        if derive(&mut g, FuncId(0), DeriveKind::ValueAndGradient, &wrt).is_ok() {
            pass::optimize(&mut g);
            check(&g, name);
        }
    }
    pass::finish(&mut m);
    check(&m, name);
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "ct") {
            out.push(path);
        }
    }
}

#[test]
fn file_tests() {
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/filetests");
    files(&root, &mut all);
    assert!(all.len() > 25);
    let mut checked = 0;
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        if let Ok(m) = parse(&text)
            && verify(&m).is_ok()
        {
            check_all(m, &path.display().to_string());
            checked += 1;
        }
    }
    assert!(checked > 15, "{checked}");
}

#[test]
fn random_programs() {
    for number in 0..150 {
        let case = Case::new(5, number);
        check_all(module(&case.program), &format!("program {number}"));
    }
}
