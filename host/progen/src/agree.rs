//! Whether another executor agrees with the interpreter on a program and its derivatives.
//!
//! Integers, truth values, extents and traps must be the same. Floats may differ by what libraries of mathematical functions
//! differ by, magnified by the program: a difference counts only if it is far above what the interpreter's own result
//! moves by when the arguments move by a few units in the last place. Where that cannot be told (a jump right there), the case
//! is counted as not converged.

use crate::check::{Failure, Outcome};
use crate::emit::module;
use crate::program::Program;
use cotangent_core::ad::derive;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use std::sync::Arc;

/// Another executor.
pub trait Runner: Sync {
    /// Its name.
    fn name(&self) -> &str;
    /// Runs a function of a lowered module.
    ///
    /// # Errors
    /// The executor cannot run it at all, and why.
    fn run(
        &self,
        m: &Module,
        f: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String>;
}

/// Steps of the interpreter; a unit of a compiled program's fuel is worth at least as many.
const FUEL: u64 = 1_000_000;
/// Differences up to this, relative to the largest number of the results, are what libraries differ by.
const TOLERANCE: f64 = 1e-12;
/// How far a difference may exceed the interpreter's own sensitivity to the last places of its arguments.
const MAGNIFIED: f64 = 1e3;

/// A program and its derivatives in both modes, at a point, without and with fuel.
///
/// # Errors
/// [`Failure`] if the executor does not agree.
pub fn check_agrees(p: &Program, args: &[Val], with: &dyn Runner) -> Result<Outcome, Failure> {
    let mut m = module(p);
    if let Err(e) = pass::lower(&mut m) {
        return failure("lowering", &e);
    }
    let primal = check_function(&m, FuncId(0), args, with)?;
    if primal != Outcome::Passed(0) {
        return Ok(primal);
    }
    let mut out = Outcome::Passed(1);
    let wrt = [0, 1, 3];
    for kind in [DeriveKind::Vjp, DeriveKind::Jvp] {
        let mut m = m.clone();
        // What has no derivative in a mode is checked elsewhere.
        let Ok(d) = derive(&mut m, FuncId(0), kind, &wrt) else {
            continue;
        };
        // Cotangents of the number and the array, or tangents of two numbers and the array.
        let directions = match kind {
            DeriveKind::Jvp => vec![Val::from(0.75), Val::from(-0.5), args[3].clone()],
            DeriveKind::Vjp
            | DeriveKind::Gradient
            | DeriveKind::ValueAndGradient
            | DeriveKind::Batch => {
                vec![Val::from(1.0), args[3].clone()]
            }
        };
        let all = [args.to_vec(), directions].concat();
        match check_function(&m, d, &all, with)? {
            Outcome::Passed(_) => {}
            Outcome::Trapped | Outcome::OutOfFuel | Outcome::DerivativeOutOfFuel(_) => {
                out = Outcome::DerivativeOutOfFuel(1);
            }
            Outcome::NotConverged(_) => out = Outcome::NotConverged(1),
        }
    }
    Ok(out)
}

fn failure<T>(property: &'static str, detail: &dyn std::fmt::Display) -> Result<T, Failure> {
    let detail = detail.to_string();
    Err(Failure { property, detail })
}

fn interpret(m: &Module, f: FuncId, args: &[Val]) -> Result<Vec<Val>, TrapKind> {
    let limits = Limits {
        fuel: Some(FUEL),
        ..Limits::default()
    };
    let p = interp::Program::new(m);
    p.run(f, args.to_vec(), &limits).map_err(|t| t.kind)
}

/// A function at a point: `Passed(0)`, `Trapped`, `OutOfFuel` or `NotConverged(0)`.
///
/// # Errors
/// [`Failure`] if the executor does not agree.
pub fn check_function(
    m: &Module,
    f: FuncId,
    args: &[Val],
    with: &dyn Runner,
) -> Result<Outcome, Failure> {
    let want = interpret(m, f, args);
    if let Err(TrapKind::OutOfFuel { .. }) = want {
        return Ok(Outcome::OutOfFuel);
    }
    // The unlimited run is safe: the interpreter came to an end.
    let mut outcome = Outcome::Passed(0);
    for fuel in [None, Some(FUEL)] {
        let limits = Limits {
            fuel,
            ..Limits::default()
        };
        let got = match with.run(m, f, args, &limits) {
            Ok(got) => got.map_err(|t| t.kind),
            Err(e) => return failure("the executor takes every program", &e),
        };
        let off = match (&want, &got) {
            (Ok(a), Ok(b)) => distance(a, b),
            (Err(a), Err(b)) if a == b => {
                outcome = Outcome::Trapped;
                Some(0.0)
            }
            (Ok(_) | Err(_), Ok(_) | Err(_)) => None,
        };
        if off.is_some_and(|off| off <= TOLERANCE) {
            continue;
        }
        if sensitive(m, f, args, &want, off) {
            return Ok(Outcome::NotConverged(0));
        }
        let fuel = if fuel.is_some() { " counting fuel" } else { "" };
        let name = with.name();
        let detail = format!("{name}{fuel} gives {got:?} instead of {want:?}");
        return failure("executors agree", &detail);
    }
    Ok(outcome)
}

/// Whether the interpreter's result moves as much, or ends differently, when the arguments move by some last places.
fn sensitive(
    m: &Module,
    f: FuncId,
    args: &[Val],
    want: &Result<Vec<Val>, TrapKind>,
    off: Option<f64>,
) -> bool {
    [4.0, -4.0, 64.0, -64.0].into_iter().any(|places| {
        let near: Vec<Val> = args.iter().map(|v| moved(v, places)).collect();
        match (want, interpret(m, f, &near)) {
            (Ok(a), Ok(b)) => match (distance(a, &b), off) {
                (None, _) => true,
                (Some(d), Some(off)) => d * MAGNIFIED >= off,
                (Some(_), None) => false,
            },
            (Err(a), Err(b)) => *a != b,
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => true,
        }
    })
}

/// The value with its doubles moved by so many units in the last place.
fn moved(v: &Val, places: f64) -> Val {
    let at = |x: f64| x * (1.0 + places * f64::EPSILON);
    match v {
        Val::Scalar(Scalar::F64(x)) => Val::from(at(*x)),
        Val::Tensor(t) => match &t.data {
            Data::F64(x) => Val::Tensor(Arc::new(Tensor {
                shape: t.shape.clone(),
                data: Data::F64(x.iter().map(|&x| at(x)).collect()),
            })),
            _ => v.clone(),
        },
        Val::Scalar(_) | Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => v.clone(),
    }
}

/// The greatest difference of floats, relative to the greatest number (or 1); `None` if anything else differs.
pub fn distance(a: &[Val], b: &[Val]) -> Option<f64> {
    let mut pairs = Vec::new();
    collect(a, b, &mut pairs)?;
    let size = pairs.iter().map(|p| p.0.abs()).filter(|x| x.is_finite());
    let size = size.fold(1.0, f64::max);
    let mut most: f64 = 0.0;
    for (x, y) in pairs {
        if x == y || x.is_nan() && y.is_nan() {
            continue;
        }
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        most = most.max((x - y).abs() / size);
    }
    Some(most)
}

fn collect(a: &[Val], b: &[Val], pairs: &mut Vec<(f64, f64)>) -> Option<()> {
    if a.len() != b.len() {
        return None;
    }
    for (a, b) in a.iter().zip(b) {
        match (a, b) {
            (Val::Scalar(a), Val::Scalar(b)) => scalar(*a, *b, pairs)?,
            (Val::Tensor(a), Val::Tensor(b)) => {
                if a.shape != b.shape || a.data.dtype() != b.data.dtype() {
                    return None;
                }
                for i in 0..a.data.len() {
                    scalar(a.data.get(i), b.data.get(i), pairs)?;
                }
            }
            (Val::Record(a), Val::Record(b)) | (Val::Seq(a), Val::Seq(b)) => {
                collect(a, b, pairs)?;
            }
            (a, b) if a.same_bits(b) => {}
            _ => return None,
        }
    }
    Some(())
}

fn scalar(a: Scalar, b: Scalar, pairs: &mut Vec<(f64, f64)>) -> Option<()> {
    match (a, b) {
        (Scalar::F64(a), Scalar::F64(b)) => pairs.push((a, b)),
        (Scalar::C128(a), Scalar::C128(b)) => pairs.extend([(a.re, b.re), (a.im, b.im)]),
        (a, b) if a.same_bits(b) => {}
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotangent_core::text::parse;

    /// The interpreter, its first float moved by so much.
    struct Off(f64);

    impl Runner for Off {
        fn name(&self) -> &str {
            "off"
        }
        fn run(
            &self,
            m: &Module,
            f: FuncId,
            args: &[Val],
            limits: &Limits,
        ) -> Result<Result<Vec<Val>, Trap>, String> {
            let mut out = interp::Program::new(m).run(f, args.to_vec(), limits);
            if let Ok(out) = &mut out
                && let Val::Scalar(Scalar::F64(x)) = out[0]
            {
                out[0] = Val::from(x + self.0);
            }
            Ok(out)
        }
    }

    fn check(text: &str, x: f64, off: f64) -> Result<Outcome, Failure> {
        let m = parse(text).unwrap();
        check_function(&m, FuncId(0), &[Val::from(x)], &Off(off))
    }

    #[test]
    fn a_wrong_number_is_found_and_rounding_is_not_wrong() {
        let f = "cotangent 1\nfunc @f(x: f64) -> (f64) {\n y = sine x : f64\n return y\n}";
        assert_eq!(check(f, 0.3, 0.0), Ok(Outcome::Passed(0)));
        assert_eq!(check(f, 0.3, 1e-15), Ok(Outcome::Passed(0)));
        assert!(check(f, 0.3, 1e-9).is_err());
        // Tan near its pole magnifies.
        let t = f.replace("sine", "tan");
        let near = std::f64::consts::FRAC_PI_2 - 1e-7;
        assert_eq!(check(&t, near, 1e-2), Ok(Outcome::NotConverged(0)));
        assert!(check(&t, 0.5, 1e-2).is_err());
    }
}
