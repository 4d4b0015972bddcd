//! Checks derivatives against finite differences, and the two modes against each other.
//!
//! For a random direction `v` and random cotangents `ct`: the jvp `J v` is compared with a fourth-order central difference
//! of the function, and `<ct, J v>` with `<J' ct, v>`. Higher orders check the derivative functions in the same way.
//! For users' own property tests, and for ours.

use super::derive;
use crate::entity::FuncId;
use crate::error::{AdError, Trap};
use crate::interp::{Limits, Program};
use crate::ir::{DeriveKind, Module, Type};
use crate::value::{Data, Scalar, Tensor, Val};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use num_complex::Complex;

/// How to check.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Check {
    /// Step of the finite difference, relative to a direction whose entries are in `[-1, 1]`.
    pub step: f64,
    /// Largest error, relative to the larger norm, that passes for finite differences.
    pub tolerance: f64,
    /// Largest error that passes for the inner product, relative to the product of the norms.
    pub inner_tolerance: f64,
    /// How many times to differentiate: 1 checks the first derivative, 2 also those of the vjp function, …
    pub order: u32,
    /// Of the random directions.
    pub seed: u64,
    /// Bounds on each run.
    pub limits: Limits,
}

impl Default for Check {
    fn default() -> Check {
        Check {
            step: 1e-4,
            tolerance: 1e-7,
            inner_tolerance: 1e-9,
            order: 1,
            seed: 1,
            limits: Limits::default(),
        }
    }
}

/// The largest relative errors found.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub struct Errors {
    /// Jvp against finite differences.
    pub difference: f64,
    /// Inner products of jvp and vjp.
    pub inner: f64,
}

/// Why a check failed.
#[derive(Clone, PartialEq, Debug)]
pub enum CheckError {
    /// The program has no derivative.
    Ad(AdError),
    /// A run trapped.
    Trap(Trap),
    /// A derivative function returned something else as the value than the function.
    Value {
        /// The order at which it happened.
        order: u32,
    },
    /// The derivative is wrong (or the point is too near to where it jumps).
    Wrong {
        /// The order at which it happened.
        order: u32,
        /// "finite difference" or "inner product".
        against: &'static str,
        /// The derivative's figure: a norm, or the inner product by forward mode.
        got: f64,
        /// The figure it should have.
        want: f64,
        /// The relative error.
        error: f64,
        /// The function.
        func: String,
    },
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckError::Ad(e) => e.fmt(f),
            CheckError::Trap(t) => t.fmt(f),
            CheckError::Value { order } => write!(
                f,
                "order {order}: the derivative function computes another value"
            ),
            CheckError::Wrong {
                order,
                against,
                got,
                want,
                error,
                func,
            } => {
                write!(
                    f,
                    "order {order} of `{func}` against {against}: {got:e}, not {want:e} (relative error {error:e})"
                )
            }
        }
    }
}

impl core::error::Error for CheckError {}

impl From<AdError> for CheckError {
    fn from(e: AdError) -> CheckError {
        CheckError::Ad(e)
    }
}

impl From<Trap> for CheckError {
    fn from(t: Trap) -> CheckError {
        CheckError::Trap(t)
    }
}

/// Checks the derivatives of `f` at `args` with respect to all parameters that have a tangent space.
///
/// # Errors
/// [`CheckError`] if a derivative does not exist, a run traps, or an error exceeds the tolerance.
pub fn check_derivatives(
    m: &mut Module,
    f: FuncId,
    args: &[Val],
    how: &Check,
) -> Result<Errors, CheckError> {
    let wrt = with_tangent(&m.funcs[f].param_types(), 0);
    check_derivatives_at(m, f, &wrt, &[args.to_vec()], how)
}

/// As [`check_derivatives`], with respect to the parameters `wrt` (ascending) only, and at several points: the derivative
/// functions are made once. At higher orders the parameters are `wrt` and the cotangents.
///
/// # Errors
/// As for [`check_derivatives`].
pub fn check_derivatives_at(
    m: &mut Module,
    f: FuncId,
    wrt: &[u32],
    points: &[Vec<Val>],
    how: &Check,
) -> Result<Errors, CheckError> {
    let mut errors = Errors::default();
    let mut rng = Rng(how.seed);
    let mut func = f;
    let mut wrt = wrt.to_vec();
    let mut points = points.to_vec();
    for order in 1..=how.order {
        let jvp = derive(m, func, DeriveKind::Jvp, &wrt)?;
        let vjp = derive(m, func, DeriveKind::Vjp, &wrt)?;
        let made = Made {
            func,
            jvp,
            vjp,
            program: Program::new(m),
            name: &m.funcs[func].name,
            params: m.funcs[func].param_types(),
            results: m.funcs[func].results.clone(),
            wrt: &wrt,
            order,
        };
        for point in &mut points {
            let cts = made.check(point, how, &mut rng, &mut errors)?;
            point.extend(cts);
        }
        let new = with_tangent(&m.funcs[vjp].param_types(), made.params.len());
        wrt.extend(new);
        func = vjp;
    }
    Ok(errors)
}

/// The parameters from `first` on that have a tangent space.
fn with_tangent(params: &[Type], first: usize) -> Vec<u32> {
    (first..params.len())
        .filter(|&k| params[k].has_tangent())
        .map(|k| k as u32)
        .collect()
}

/// A function with its derivatives.
struct Made<'a> {
    func: FuncId,
    jvp: FuncId,
    vjp: FuncId,
    program: Program,
    name: &'a str,
    params: Vec<Type>,
    results: Vec<Type>,
    wrt: &'a [u32],
    order: u32,
}

impl Made<'_> {
    /// Checks one point, and returns the cotangents it was checked with.
    fn check(
        &self,
        point: &[Val],
        how: &Check,
        rng: &mut Rng,
        errors: &mut Errors,
    ) -> Result<Vec<Val>, CheckError> {
        let (order, wrt, results) = (self.order, self.wrt, &self.results);
        let run = |f, args: &[Val]| self.program.run(f, args.to_vec(), &how.limits);
        let y = run(self.func, point)?;
        let v: Vec<Val> = wrt
            .iter()
            .map(|&k| random_tangent(&point[k as usize], &self.params[k as usize], rng))
            .collect();
        let out = run(self.jvp, &cat(point, &v))?;
        let (y2, dy) = out.split_at(results.len());
        let spaces = |ys: &[Val]| -> Vec<Val> {
            ys.iter()
                .zip(results)
                .filter(|(_, t)| t.has_tangent())
                .map(|(y, _)| tangent_part(y))
                .collect()
        };
        let close = |a: &[Val], b: &[Val]| {
            let (a, b) = (spaces(a), spaces(b));
            norm(&combine(&a, 1.0, &b, -1.0)) <= 1e-9 * (norm(&a) + norm(&b))
                || a.iter().zip(&b).all(|(x, y)| x.same_bits(y))
        };
        if !close(&y, y2) {
            return Err(CheckError::Value { order });
        }
        // f(x + h v), by h.
        let at = |h: f64| -> Result<Vec<Val>, Trap> {
            let mut x = point.to_vec();
            for (&k, d) in wrt.iter().zip(&v) {
                x[k as usize] = axpy(&x[k as usize], h, d);
            }
            Ok(spaces(&run(self.func, &x)?))
        };
        let h = how.step;
        let (p1, m1, p2, m2) = (at(h)?, at(-h)?, at(2.0 * h)?, at(-2.0 * h)?);
        let near = combine(&p1, 8.0 / (12.0 * h), &m1, -8.0 / (12.0 * h));
        let far = combine(&p2, -1.0 / (12.0 * h), &m2, 1.0 / (12.0 * h));
        let fd = combine(&near, 1.0, &far, 1.0);
        let (got, want) = (norm(dy), norm(&fd));
        let miss = norm(&combine(dy, 1.0, &fd, -1.0));
        // Derivatives much smaller than the values are below the differences' round-off.
        let floor = 1e-3 * norm(&spaces(&y)) + 1e-9;
        let error = miss / got.max(want).max(floor);
        errors.difference = errors.difference.max(error);
        let name = String::from(self.name);
        if error.is_nan() || error > how.tolerance {
            return Err(CheckError::Wrong {
                order,
                against: "finite difference",
                got,
                want,
                error,
                func: name,
            });
        }
        let cts: Vec<Val> = dy
            .iter()
            .zip(spaces_of(results))
            .map(|(d, t)| random_tangent(d, &t, rng))
            .collect();
        let all = cat(point, &cts);
        let out = run(self.vjp, &all)?;
        let (y3, grads) = out.split_at(results.len());
        if !close(&y, y3) {
            return Err(CheckError::Value { order });
        }
        let (got, want) = (inner(grads, &v), inner(&cts, dy));
        let scale = norm(grads) * norm(&v) + norm(&cts) * norm(dy) + 1e-30;
        let error = libm::fabs(got - want) / scale;
        errors.inner = errors.inner.max(error);
        if error.is_nan() || error > how.inner_tolerance {
            return Err(CheckError::Wrong {
                order,
                against: "inner product",
                got,
                want,
                error,
                func: name,
            });
        }
        Ok(cts)
    }
}

/// The tangent types of those types that have a tangent space.
fn spaces_of(tys: &[Type]) -> impl Iterator<Item = Type> {
    tys.iter().filter(|t| t.has_tangent()).map(Type::tangent)
}

fn cat(a: &[Val], b: &[Val]) -> Vec<Val> {
    a.iter().chain(b).cloned().collect()
}

/// splitmix64.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// A scalar from a function of its real coordinates; unit where there is no tangent space.
fn scalar(s: Scalar, mut f: impl FnMut(f64) -> f64) -> Val {
    Val::Scalar(match s {
        Scalar::F32(x) => Scalar::F32(f(x.into()) as f32),
        Scalar::F64(x) => Scalar::F64(f(x)),
        Scalar::C64(z) => Scalar::C64(Complex::new(f(z.re.into()) as f32, f(z.im.into()) as f32)),
        Scalar::C128(z) => Scalar::C128(Complex::new(f(z.re), f(z.im))),
        Scalar::Bool(_)
        | Scalar::I8(_)
        | Scalar::I16(_)
        | Scalar::I32(_)
        | Scalar::I64(_)
        | Scalar::U8(_)
        | Scalar::U16(_)
        | Scalar::U32(_)
        | Scalar::U64(_) => return Val::Unit,
    })
}

/// Applies `f` to every real coordinate of the tangent part of a value.
fn map(v: &Val, f: &mut dyn FnMut(f64) -> f64) -> Val {
    let all = |vs: &[Val], f: &mut dyn FnMut(f64) -> f64| -> Vec<Val> {
        vs.iter().map(|x| map(x, f)).collect()
    };
    match v {
        Val::Unit => Val::Unit,
        Val::Scalar(s) => scalar(*s, f),
        Val::Tensor(t) if !t.dtype().is_differentiable() => Val::Unit,
        Val::Tensor(t) => {
            let mut data = t.data.clone();
            for i in 0..data.len() {
                if let Val::Scalar(s) = scalar(data.get(i), &mut *f) {
                    data.set(i, s);
                }
            }
            Val::Tensor(Arc::new(Tensor {
                shape: t.shape.clone(),
                data,
            }))
        }
        Val::Record(fs) => {
            let fs = all(fs, f);
            if fs.iter().all(|x| matches!(x, Val::Unit)) {
                Val::Unit
            } else {
                Val::record(fs)
            }
        }
        Val::Seq(xs) => Val::Seq(Arc::new(all(xs, f))),
        Val::Stack(s) => Val::stack(all(&s.to_vec(), f)),
    }
}

/// The float part of a value, as a tangent.
fn tangent_part(v: &Val) -> Val {
    map(v, &mut |x| x)
}

/// A tangent of a value of that type, with coordinates in `[-1, 1]`.
fn random_tangent(v: &Val, ty: &Type, rng: &mut Rng) -> Val {
    if !ty.has_tangent() {
        return Val::Unit;
    }
    match (v, ty) {
        (Val::Record(vs), Type::Record(ts)) => Val::record(
            vs.iter()
                .zip(ts.iter())
                .map(|(v, t)| random_tangent(v, t, rng))
                .collect(),
        ),
        (Val::Seq(vs), Type::Seq(t)) => Val::Seq(Arc::new(
            vs.iter().map(|v| random_tangent(v, t, rng)).collect(),
        )),
        (Val::Stack(s), Type::Stack(t)) => Val::stack(s.iter().map(|v| random_tangent(&v, t, rng))),
        _ => map(v, &mut |_| rng.next()),
    }
}

/// All real coordinates, in order.
fn coordinates(v: &Val, out: &mut Vec<f64>) {
    map(v, &mut |x| {
        out.push(x);
        x
    });
}

/// `x + h d`, where `d` is a tangent of `x`; parts without tangent space stay.
fn axpy(x: &Val, h: f64, d: &Val) -> Val {
    let both = |xs: &[Val], ds: &[Val]| -> Arc<Vec<Val>> {
        Arc::new(xs.iter().zip(ds).map(|(x, d)| axpy(x, h, d)).collect())
    };
    match (x, d) {
        (Val::Record(a), Val::Record(b)) => Val::Record(both(a, b)),
        (Val::Seq(a), Val::Seq(b)) => Val::Seq(both(a, b)),
        (Val::Stack(a), Val::Stack(b)) => {
            Val::stack(a.iter().zip(b.iter()).map(|(x, d)| axpy(&x, h, &d)))
        }
        (_, Val::Unit) => x.clone(),
        _ => {
            let mut ds = Vec::new();
            coordinates(d, &mut ds);
            let mut next = ds.into_iter();
            map(x, &mut |a| a + h * next.next().unwrap_or(f64::NAN))
        }
    }
}

/// `a x + b y` of tangents, as plain vectors of coordinates (NaN where the structures differ).
fn combine(x: &[Val], a: f64, y: &[Val], b: f64) -> Vec<Val> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    x.iter().for_each(|v| coordinates(v, &mut xs));
    y.iter().for_each(|v| coordinates(v, &mut ys));
    let data = if xs.len() == ys.len() {
        xs.iter().zip(&ys).map(|(x, y)| a * x + b * y).collect()
    } else {
        alloc::vec![f64::NAN]
    };
    alloc::vec![Val::tensor(Tensor {
        shape: alloc::vec![data.len()],
        data: Data::F64(data)
    })]
}

fn norm(x: &[Val]) -> f64 {
    libm::sqrt(inner(x, x))
}

/// The real inner product.
fn inner(x: &[Val], y: &[Val]) -> f64 {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    x.iter().for_each(|v| coordinates(v, &mut xs));
    y.iter().for_each(|v| coordinates(v, &mut ys));
    if xs.len() != ys.len() {
        return f64::NAN;
    }
    xs.iter().zip(&ys).map(|(x, y)| x * y).sum()
}
