//! Runs rows: value, types, derivatives, simplification, round trips. Gives what the table shows.

use super::row::{Case, Derive, Row};
use super::values::{Rng, error, opened, type_of};
use cotangent_core::ad::check::{Check, CheckError, check_derivatives_at};
use cotangent_core::ad::derive;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{Builder, ConstOp, DeriveKind, FuncId, Module, Type, Value};
use cotangent_core::value::Val;
use cotangent_core::{pass, text, verify};

/// What was found for one row: the largest errors, and how often each thing was checked.
#[derive(Default)]
pub struct Found {
    pub values: usize,
    pub value_error: f64,
    pub types: usize,
    pub jvp: usize,
    pub jvp_error: f64,
    pub vjp_error: f64,
    pub order2: usize,
}

const SEEDS: u64 = 3;

/// Runs all rows of a family; panics with all failures.
pub fn run(rows: &[Row]) -> Vec<Found> {
    let mut failures = Vec::new();
    let mut out = Vec::new();
    for row in rows {
        let mut found = Found::default();
        for case in &row.cases {
            let name = format!("{} ({})", row.name, case.label);
            for open in [false, true] {
                if open && !case.open {
                    continue;
                }
                if let Err(e) = run_case(case, open, &mut found) {
                    let ext = if open { "`?`" } else { "known" };
                    failures.push(format!("{name}, {ext} extents: {e}"));
                }
            }
        }
        out.push(found);
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    out
}

pub fn types_of(case: &Case, args: &[Val], open: bool) -> Vec<Type> {
    let tys = match &case.tys {
        Some(tys) => tys.clone(),
        None => args.iter().map(type_of).collect(),
    };
    if open {
        tys.iter().map(opened).collect()
    } else {
        tys
    }
}

/// The module of a case: what it needs first, then the function, in which the operands for which there is a constant are no parameters.
pub fn module(
    case: &Case,
    tys: &[Type],
    constants: &[Option<Val>],
) -> Result<(Module, FuncId), String> {
    let mut m = Module::new();
    if let Some(p) = &case.prelude {
        p(&mut m);
    }
    let params: Vec<Type> = tys
        .iter()
        .zip(constants)
        .filter(|(_, c)| c.is_none())
        .map(|(t, _)| t.clone())
        .collect();
    let mut b = Builder::new("case", &params);
    let mut ps = b.params().into_iter();
    let args: Vec<Value> = constants
        .iter()
        .map(|c| match c {
            None => ps.next().unwrap(),
            Some(v) => b.inst1(constant(v).unwrap(), &[]),
        })
        .collect();
    let out = (case.build)(&mut b, &args);
    let f = b.finish(&out).map_err(|e| format!("type error: {e}"))?;
    let f = m.funcs.push(f);
    verify::verify(&m).map_err(|e| format!("not valid: {}\n{}", e[0], text::print(&m)))?;
    Ok((m, f))
}

fn constant(v: &Val) -> Option<ConstOp> {
    match v {
        Val::Scalar(s) => Some(ConstOp::Scalar(*s)),
        Val::Tensor(t) => Some(ConstOp::Tensor(t.clone())),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => None,
    }
}

pub fn call(m: &Module, f: FuncId, args: &[Val]) -> Result<Vec<Val>, String> {
    Program::new(m)
        .run(f, args.to_vec(), &Limits::default())
        .map_err(|t| format!("trap: {t}"))
}

fn run_case(case: &Case, open: bool, found: &mut Found) -> Result<(), String> {
    let points: Vec<Vec<Val>> = (0..SEEDS)
        .map(|s| (case.args)(&mut Rng(s * 77 + 5)))
        .collect();
    let mut groups: Vec<(Vec<Type>, Vec<Vec<Val>>)> = Vec::new();
    for p in points {
        let tys = types_of(case, &p, open);
        match groups.iter_mut().find(|g| g.0 == tys) {
            Some(g) => g.1.push(p),
            None => groups.push((tys, vec![p])),
        }
    }
    for (tys, points) in &groups {
        let none = vec![None; tys.len()];
        let (m, f) = module(case, tys, &none)?;
        let mut fast = m.clone();
        pass::optimize(&mut fast);
        let g = fast.find("case").ok_or("optimize lost the function")?;
        round_trip(&m)?;
        round_trip(&fast)?;
        for args in points {
            let got = call(&m, f, args)?;
            value(case, &m, f, args, &got, found)?;
            executors(&m, f, args, &got, case.tolerance)?;
            let after = call(&fast, g, args)?;
            same(&got, &after, "optimize", &fast)?;
            folded(case, tys, args)?;
        }
        derivatives(case, tys, points, found)?;
    }
    Ok(())
}

fn value(
    case: &Case,
    m: &Module,
    f: FuncId,
    args: &[Val],
    got: &[Val],
    found: &mut Found,
) -> Result<(), String> {
    let results = &m.funcs[f].results;
    for (v, t) in got.iter().zip(results) {
        if !v.is_of(t) {
            return Err(format!("{v:?} is not of the inferred type {t}"));
        }
        found.types += 1;
    }
    let want = (case.want)(args);
    if want.len() != got.len() {
        return Err(format!("{} results, not {}", got.len(), want.len()));
    }
    for (v, w) in got.iter().zip(&want) {
        let e = error(v, w).map_err(|e| format!("value of {args:?}: {e}"))?;
        found.value_error = found.value_error.max(e);
        found.values += 1;
        if e > case.tolerance {
            return Err(format!("value of {args:?}: {v:?}, not {w:?}: error {e:e}"));
        }
    }
    Ok(())
}

/// The other executors give what the interpreter gives: bits, where no mathematical function is called.
pub fn executors(
    m: &Module,
    f: FuncId,
    args: &[Val],
    want: &[Val],
    tolerance: f64,
) -> Result<(), String> {
    for name in cotangent::list_executors() {
        // A C compiler would take minutes for the thousands of modules here; file tests and random programs cover it, and this does if asked.
        let skipped = name == "c" && std::env::var_os("COTANGENT_C_OP_MATRIX").is_none();
        if name == "interpreter" || skipped {
            continue;
        }
        let fail = |e: String| format!("{name}: {e}\n{}", text::print(m));
        let mut m = m.clone();
        pass::lower(&mut m).map_err(|e| fail(e.to_string()))?;
        let prepared = cotangent::executor(name).and_then(|e| e.prepare(&m));
        let prepared = prepared.map_err(|e| fail(e.to_string()))?;
        let got = prepared.run(f, args.to_vec(), &Limits::default());
        let got = got.map_err(|t| fail(format!("trap: {t}")))?;
        if got.len() != want.len() {
            return Err(fail(format!("{} results", got.len())));
        }
        for (v, w) in got.iter().zip(want) {
            let e = error(v, w).map_err(|e| fail(format!("of {args:?}: {e}")))?;
            if e > tolerance {
                let detail = format!("of {args:?}: {v:?}, not {w:?}: error {e:e}");
                return Err(fail(detail));
            }
        }
    }
    Ok(())
}

/// The gradient at a point on the other executors: cotangents are the results themselves.
fn gradients(m: &Module, f: FuncId, wrt: &[u32], args: &[Val]) -> Result<(), String> {
    let mut m = m.clone();
    let Ok(g) = derive(&mut m, f, DeriveKind::Vjp, wrt) else {
        return Ok(());
    };
    let Ok(out) = call(&m, f, args) else {
        return Ok(());
    };
    let results = m.funcs[f].results.clone();
    let cotangents = out.into_iter().zip(&results);
    let cotangents = cotangents.filter(|(_, t)| t.has_tangent());
    let cotangents = cotangents.map(|(v, t)| without_discrete(v, t));
    let all: Vec<Val> = args.iter().cloned().chain(cotangents).collect();
    let want = call(&m, g, &all)?;
    executors(&m, g, &all, &want, 1e-6)
}

/// The value without what has no tangent space, as a cotangent has it.
fn without_discrete(v: Val, t: &Type) -> Val {
    match (v, t) {
        (_, t) if !t.has_tangent() => Val::Unit,
        (Val::Record(vs), Type::Record(ts)) => {
            let parts = vs.iter().zip(ts.iter());
            Val::record(parts.map(|(v, t)| without_discrete(v.clone(), t)).collect())
        }
        (v, _) => v,
    }
}

pub fn same(got: &[Val], after: &[Val], what: &str, m: &Module) -> Result<(), String> {
    let equal = got.len() == after.len() && got.iter().zip(after).all(|(a, b)| a.same_bits(b));
    if equal {
        Ok(())
    } else {
        Err(format!(
            "{what} changed {got:?} to {after:?}\n{}",
            text::print(m)
        ))
    }
}

/// With the operands as constants, and each one alone as a constant, simplification and folding keep every bit.
fn folded(case: &Case, tys: &[Type], args: &[Val]) -> Result<(), String> {
    if args.iter().any(|v| constant(v).is_none()) {
        return Ok(());
    }
    let n = args.len();
    let alone = (0..if n > 1 { n } else { 0 }).map(|k| (0..n).map(|i| i == k).collect());
    for mask in std::iter::once(vec![true; n]).chain(alone) {
        let mask: Vec<bool> = mask;
        let constants: Vec<Option<Val>> =
            (0..n).map(|i| mask[i].then(|| args[i].clone())).collect();
        let rest: Vec<Val> = (0..n)
            .filter(|&i| !mask[i])
            .map(|i| args[i].clone())
            .collect();
        // A constant's extents are known, which may make another type of the result: so run both.
        let (mut m, f) = module(case, tys, &constants)?;
        let before = call(&m, f, &rest)?;
        pass::optimize(&mut m);
        let f = m.find("case").ok_or("optimize lost the function")?;
        same(&before, &call(&m, f, &rest)?, "folding constants", &m)?;
    }
    Ok(())
}

fn round_trip(m: &Module) -> Result<(), String> {
    let t = text::print(m);
    let p = text::parse(&t).map_err(|e| format!("its text does not parse: {e}\n{t}"))?;
    if text::print(&p) != t {
        return Err(format!(
            "text changed by parsing:\n{t}\n{}",
            text::print(&p)
        ));
    }
    verify::verify(&p).map_err(|e| format!("parsed text is not valid: {}\n{t}", e[0]))?;
    let d = text::decode(&text::encode(m)).map_err(|e| format!("binary form: {e}\n{t}"))?;
    if text::print(&d) != t {
        return Err(format!("binary form changed:\n{t}\n{}", text::print(&d)));
    }
    Ok(())
}

fn derivatives(
    case: &Case,
    tys: &[Type],
    points: &[Vec<Val>],
    found: &mut Found,
) -> Result<(), String> {
    let (tolerance, order, step) = match case.derive {
        Derive::Check(t) => (t, 2, 1e-4),
        Derive::Coarse => (2e-2, 1, 1e-2),
        Derive::Error | Derive::ReverseOnly => (1e-7, 1, 1e-4),
        Derive::Skip => return Ok(()),
    };
    let how = Check {
        step,
        tolerance,
        // Single precision rounds the two inner products apart.
        inner_tolerance: if case.derive == Derive::Coarse {
            1e-5
        } else {
            1e-12
        },
        order,
        ..Check::default()
    };
    let all: Vec<u32> = match &case.wrt {
        Some(w) => w.clone(),
        None => (0..tys.len() as u32)
            .filter(|&k| tys[k as usize].has_tangent())
            .collect(),
    };
    if all.is_empty() {
        return Ok(());
    }
    // By all operands, then by each alone, the others without tangents.
    let mut choices = vec![all.clone()];
    if all.len() > 1 {
        choices.extend(all.iter().map(|&k| vec![k]));
    }
    let none = vec![None; tys.len()];
    for wrt in choices {
        let (mut m, f) = module(case, tys, &none)?;
        match check_derivatives_at(&mut m, f, &wrt, points, &how) {
            Err(CheckError::Ad(_))
                if matches!(case.derive, Derive::Error | Derive::ReverseOnly) => {}
            Err(e) => return Err(format!("derivative by {wrt:?}: {e}\n{}", text::print(&m))),
            Ok(_) if matches!(case.derive, Derive::Error | Derive::ReverseOnly) => {
                return Err(format!(
                    "has a derivative by {wrt:?}, which should be an error"
                ));
            }
            Ok(e) => {
                let (m, f) = module(case, tys, &none)?;
                gradients(&m, f, &wrt, &points[0])?;
                found.jvp += points.len();
                found.jvp_error = found.jvp_error.max(e.difference);
                found.vjp_error = found.vjp_error.max(e.inner);
                if order == 2 {
                    found.order2 += points.len();
                }
            }
        }
    }
    Ok(())
}
