//! What must hold for every program.
//!
//! [`check_program`]: the module survives both round trips; it verifies; the interpreter gives the same bits (or the same trap)
//! for the slot IR, the lowered and the optimised program; and its derivatives agree with finite differences and with each
//! other, are valid, and survive the round trips too.
//!
//! Finite differences say nothing where they have not converged (a jump nearby, curvature above the step): there the
//! figures of several steps disagree *with each other*, and only then is the comparison skipped, and counted. The inner product
//! of the two modes is checked all the same.

use crate::emit::{module, module_of};
use crate::program::{LEN, Program};
use crate::rng::Rng;
use cotangent_core::ad::check::{Check, CheckError, check_derivatives};
use cotangent_core::ad::derive;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DType, DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::text::{decode, encode, parse, print};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::verify::{verify, verify_lowered};
use std::fmt;

/// What is checked of the derivatives.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Derivatives {
    /// How many orders.
    pub order: u32,
    /// Whether finite differences mean anything (not with `stop_gradient`).
    pub differences: bool,
}

/// How a check that found no error went.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub enum Outcome {
    /// Everything was checked; the highest order of derivative.
    Passed(u32),
    /// The program traps, before and after every pass; it has no derivative there.
    Trapped,
    /// The program ran out of fuel, nothing can be compared.
    OutOfFuel,
    /// The finite differences of this order have not converged; all else was checked.
    NotConverged(u32),
    /// A derivative function ran out of fuel at this order; all else was checked.
    DerivativeOutOfFuel(u32),
}

/// A property that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Which.
    pub property: &'static str,
    /// What happened.
    pub detail: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.property, self.detail)
    }
}

fn failure<T>(property: &'static str, detail: impl fmt::Display) -> Result<T, Failure> {
    let detail = detail.to_string();
    Err(Failure { property, detail })
}

/// Arguments for the entry of a program.
pub fn arguments(rng: &mut Rng) -> Vec<Val> {
    let a: Vec<f64> = (0..LEN).map(|_| rng.unit()).collect();
    let n = rng.below(9) as i64 - 3;
    vec![
        rng.unit().into(),
        rng.unit().into(),
        n.into(),
        Val::vector(a),
    ]
}

/// The bounds on a run of a primal, and of a derivative.
const FUEL: [u64; 2] = [300_000, 30_000_000];

/// What a run gives; `None` if it ran out of fuel.
pub fn run(m: &Module, args: &[Val]) -> Option<Result<Vec<Val>, TrapKind>> {
    let limits = Limits {
        fuel: Some(FUEL[0]),
        ..Limits::default()
    };
    match interp::Program::new(m).run(FuncId(0), args.to_vec(), &limits) {
        Ok(v) => Some(Ok(v)),
        Err(t) if is_fuel(&t) => None,
        Err(t) => Some(Err(t.kind)),
    }
}

fn is_fuel(t: &Trap) -> bool {
    matches!(t.kind, TrapKind::OutOfFuel { .. })
}

/// Whether two runs gave the same bits, or trapped alike.
pub fn same(a: &Result<Vec<Val>, TrapKind>, b: &Result<Vec<Val>, TrapKind>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same_bits(y)),
        (Err(a), Err(b)) => a == b,
        _ => false,
    }
}

/// Text and binary form give the module back.
///
/// # Errors
/// [`Failure`] if not.
pub fn round_trips(m: &Module) -> Result<(), Failure> {
    let text = print(m);
    match parse(&text) {
        Ok(back) if print(&back) == text => {}
        Ok(back) => {
            return failure(
                "text round trip",
                format!("{text}\nbecame\n{}", print(&back)),
            );
        }
        Err(e) => return failure("text round trip", format!("{e}\n{text}")),
    }
    let bytes = encode(m);
    match decode(&bytes) {
        Ok(back) if print(&back) == text && encode(&back) == bytes => Ok(()),
        Ok(back) => failure(
            "binary round trip",
            format!("{text}\nbecame\n{}", print(&back)),
        ),
        Err(e) => failure("binary round trip", format!("{e}\n{text}")),
    }
}

/// Everything that must hold for a program at a point.
///
/// # Errors
/// The first property that does not hold.
pub fn check_program(
    p: &Program,
    args: &[Val],
    derivatives: &Derivatives,
) -> Result<Outcome, Failure> {
    check_module(module(p), args, derivatives)
}

/// As [`check_program`], of a module whose first function is the entry.
///
/// # Errors
/// The first property that does not hold.
pub fn check_module(
    mut m: Module,
    args: &[Val],
    derivatives: &Derivatives,
) -> Result<Outcome, Failure> {
    if let Err(e) = verify(&m) {
        return failure("the generated program is valid", &e[0]);
    }
    round_trips(&m)?;
    // A derivative call runs only after lowering.
    let runs = !has_derivative_calls(&m);
    let before = if runs { run(&m, args) } else { None };
    if runs && before.is_none() {
        return Ok(Outcome::OutOfFuel);
    }
    if let Err(e) = pass::lower(&mut m) {
        return failure("lowering", e);
    }
    if let Err(e) = verify_lowered(&m) {
        return failure("the lowered program is valid", &e[0]);
    }
    let lowered = run(&m, args);
    if let Some(want) = &before
        && lowered.as_ref().is_none_or(|got| !same(want, got))
    {
        return failure(
            "lowering keeps the meaning",
            format!("{want:?} became {lowered:?}"),
        );
    }
    let Some(want) = lowered else {
        return Ok(Outcome::OutOfFuel);
    };
    pass::optimize(&mut m);
    if let Err(e) = verify_lowered(&m) {
        return failure("the optimised program is valid", &e[0]);
    }
    let optimised = run(&m, args);
    if optimised.as_ref().is_none_or(|got| !same(&want, got)) {
        return failure(
            "optimisation keeps the meaning",
            format!("{want:?} became {optimised:?}"),
        );
    }
    round_trips(&m)?;
    if want.is_err() {
        return Ok(Outcome::Trapped);
    }
    let mut outcome = Outcome::Passed(derivatives.order);
    for order in 1..=derivatives.order {
        outcome = check_order(&m, args, order, derivatives.differences)?;
        if outcome != Outcome::Passed(order) {
            break;
        }
    }
    Ok(outcome)
}

/// How well derivatives in single precision must agree with those in double precision, relative to the norms of value and
/// derivative.
const SINGLE: f64 = 2e-3;

/// Reverse mode by itself, as rules for reverse mode only need it: the gradient against finite differences along a direction, and
/// in single precision against double precision (at arguments that both represent).
///
/// # Errors
/// [`Failure`] if something does not hold.
pub fn check_reverse(p: &Program, args: &[Val]) -> Result<Outcome, Failure> {
    let mut out: Vec<Vec<f64>> = vec![];
    for float in [DType::F64, DType::F32] {
        let mut m = module_of(p, float);
        if let Err(e) = verify(&m) {
            return failure("the generated program is valid", &e[0]);
        }
        round_trips(&m)?;
        if let Err(e) = pass::lower(&mut m) {
            return failure("lowering", e);
        }
        let args: Vec<Val> = args.iter().map(|v| rounded(v, float)).collect();
        let vjp = match derive(&mut m, FuncId(0), DeriveKind::Vjp, &[0, 1, 3]) {
            Ok(f) => f,
            Err(e) => return failure("derivatives", e),
        };
        valid(&m)?;
        // Cotangents of the number and the array.
        let cts = [rounded(&Val::from(1.0), float), args[3].clone()];
        let all = [args.clone(), cts.to_vec()].concat();
        let limits = Limits {
            fuel: Some(FUEL[1]),
            ..Limits::default()
        };
        let y: Vec<f64> = match interp::Program::new(&m).run(vjp, all, &limits) {
            Ok(v) => v.iter().flat_map(reals).collect(),
            Err(t) if is_fuel(&t) => return Ok(Outcome::DerivativeOutOfFuel(1)),
            Err(t) => return failure("derivatives", t),
        };
        if float == DType::F64
            && let Some(o) = along(&m, &args, &cts, &y)?
        {
            return Ok(o);
        }
        out.push(y);
    }
    let miss: Vec<f64> = out[0].iter().zip(&out[1]).map(|(a, b)| a - b).collect();
    let (miss, size) = (norm(&miss), norm(&out[0]).max(1.0));
    if miss <= SINGLE * size {
        return Ok(Outcome::Passed(1));
    }
    // Where derivatives are large, rounding is magnified as much.
    if size > 1e3 && miss <= 1e-6 * size * size {
        return Ok(Outcome::NotConverged(1));
    }
    failure(
        "single precision agrees with double precision",
        format!("{:?} and {:?}", out[1], out[0]),
    )
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The gradient (the last reals of `y`) against the finite difference of the function weighted with the cotangents, along a
/// direction. `None` if they agree.
fn along(m: &Module, args: &[Val], cts: &[Val], y: &[f64]) -> Result<Option<Outcome>, Failure> {
    let direction: Vec<f64> = (0..2 + LEN).map(|k| (k as f64 * 1.3 + 0.4).cos()).collect();
    let gradient = &y[y.len() - direction.len()..];
    let got: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
    let weights: Vec<f64> = cts.iter().flat_map(reals).collect();
    let at = |h: f64| -> Option<f64> {
        let add =
            |v: &Val, d: &[f64]| -> Vec<f64> { reals(v).zip(d).map(|(x, d)| x + h * d).collect() };
        let x = [add(&args[0], &direction), add(&args[1], &direction[1..])].concat();
        let moved = vec![
            x[0].into(),
            x[1].into(),
            args[2].clone(),
            Val::vector(add(&args[3], &direction[2..])),
        ];
        let out: Vec<f64> = run(m, &moved)?.ok()?.iter().flat_map(reals).collect();
        Some(out.iter().zip(&weights).map(|(y, w)| y * w).sum())
    };
    let mut last = None;
    let tolerance = |x: f64| TOLERANCE * (norm(gradient) * norm(&direction)).max(x.abs()).max(1e-3);
    for h in STEPS {
        let (Some(p1), Some(m1), Some(p2), Some(m2)) = (at(h), at(-h), at(2.0 * h), at(-2.0 * h))
        else {
            return Ok(Some(Outcome::OutOfFuel));
        };
        let want = (8.0 * (p1 - m1) - (p2 - m2)) / (12.0 * h);
        if (got - want).abs() <= tolerance(want) {
            return Ok(None);
        }
        let agree = |before: f64| (want - before).abs() <= tolerance(want);
        if last.is_some_and(agree) {
            let detail = format!("reverse mode gives {got:e} along a direction, not {want:e}");
            return failure("derivatives", detail);
        }
        last = Some(want);
    }
    Ok(Some(Outcome::NotConverged(1)))
}

/// A value whose floats are of that type, rounded to single precision.
fn rounded(v: &Val, float: DType) -> Val {
    match v {
        Val::Scalar(Scalar::F64(x)) if float == DType::F32 => Val::from(*x as f32),
        Val::Scalar(Scalar::F64(x)) => Val::from(f64::from(*x as f32)),
        Val::Tensor(_) if float == DType::F32 => {
            Val::vector(reals(v).map(|x| x as f32).collect::<Vec<f32>>())
        }
        Val::Tensor(_) => Val::vector(reals(v).map(|x| f64::from(x as f32)).collect::<Vec<f64>>()),
        Val::Scalar(_) | Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => v.clone(),
    }
}

/// The floats of a number or a tensor.
fn reals(v: &Val) -> impl Iterator<Item = f64> {
    let one = |s: Scalar| match s {
        Scalar::F32(x) => Some(f64::from(x)),
        Scalar::F64(x) => Some(x),
        _ => None,
    };
    let all: Vec<f64> = match v {
        Val::Scalar(s) => one(*s).into_iter().collect(),
        Val::Tensor(t) => (0..t.data.len())
            .filter_map(|i| one(t.data.get(i)))
            .collect(),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => vec![],
    };
    all.into_iter()
}

fn has_derivative_calls(m: &Module) -> bool {
    use cotangent_core::ir::{ControlOp, Op};
    m.funcs.values().any(|f| {
        f.insts
            .values()
            .any(|d| matches!(d.op, Op::Control(ControlOp::Derive { .. })))
    })
}

/// The steps tried, one after another, until finite differences agree.
const STEPS: [f64; 4] = [1e-3, 1e-4, 2e-5, 4e-6];
/// How well they must agree with the derivative.
const TOLERANCE: f64 = 1e-6;
/// How well the two modes must agree.
const INNER: f64 = 1e-9;

/// Checks up to that order.
fn check_order(
    m: &Module,
    args: &[Val],
    order: u32,
    differences: bool,
) -> Result<Outcome, Failure> {
    let attempt = |step: f64, tolerance: f64| {
        let mut m = m.clone();
        let how = Check {
            step,
            tolerance,
            inner_tolerance: INNER,
            order,
            seed: 1,
            limits: Limits {
                fuel: Some(FUEL[1]),
                ..Limits::default()
            },
        };
        (check_derivatives(&mut m, FuncId(0), args, &how), m)
    };
    let mut estimates = vec![];
    let steps: &[f64] = if differences { &STEPS } else { &[] };
    for &step in steps {
        let (result, m) = attempt(step, TOLERANCE);
        match result {
            Ok(_) => return valid(&m).map(|()| Outcome::Passed(order)),
            Err(CheckError::Trap(t)) if is_fuel(&t) => {
                return Ok(Outcome::DerivativeOutOfFuel(order));
            }
            Err(
                e @ CheckError::Wrong {
                    against: "finite difference",
                    want,
                    ..
                },
            ) => {
                estimates.push((want, e));
            }
            // A step may leave the domain of the program; a smaller one need not.
            Err(e @ CheckError::Trap(_)) => estimates.push((f64::NAN, e)),
            Err(e) => return failure("derivatives", e),
        }
    }
    // No step agrees: is that the derivative's fault?
    let (result, m) = attempt(STEPS[1], f64::INFINITY);
    match result {
        Ok(_) => {}
        Err(CheckError::Trap(t)) if is_fuel(&t) => return Ok(Outcome::DerivativeOutOfFuel(order)),
        Err(e) => return failure("derivatives", e),
    }
    valid(&m)?;
    let agree = |a: f64, b: f64| (a - b).abs() <= 30.0 * TOLERANCE * a.abs().max(b.abs()).max(1e-3);
    let converged = estimates.windows(2).find(|w| agree(w[0].0, w[1].0));
    match converged {
        Some(w) => failure("derivatives", &w[1].1),
        None if differences => Ok(Outcome::NotConverged(order)),
        None => Ok(Outcome::Passed(order)),
    }
}

/// The module with its derivatives is valid and survives the round trips.
fn valid(m: &Module) -> Result<(), Failure> {
    if let Err(e) = verify_lowered(m) {
        return failure("the derivative is valid", &e[0]);
    }
    round_trips(m)
}
