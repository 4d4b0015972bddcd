//! Checks derivatives against difference quotients, and the two modes against each other: for the tests of those who write functions
//! and rules.
//!
//! ```
//! use cotangent::check::{Check, check_gradients};
//! use cotangent::differentiable;
//! #[differentiable]
//! fn f(x: f64, ys: &[f64]) -> f64 {
//!     let mut s = x.sin();
//!     for y in ys {
//!         s += x * y * y;
//!     }
//!     s
//! }
//! f::check_gradients(0.5, &[1.0, -2.0])?;
//! let how = Check { order: 2, ..Check::default() };
//! let report = check_gradients::<f>((0.5, &[1.0, -2.0]), &how)?;
//! assert!(report.forward && report.reverse && report.error < 1e-6);
//! # Ok::<(), cotangent::Error>(())
//! ```
//!
//! What is checked, at one point, where `J` is the Jacobian and `q` a fourth-order central difference quotient of the *function*:
//! every element of `J'c` against `<c, q>` (reverse mode), every column of `J` against `q` (forward mode), the same for random
//! directions, and `<c, J v>` of the one mode against `<J'c, v>` of the other. At order 2 the same of the derivative function, and
//! so on. A mode that a function has no derivative in (its rule is for the other) is left out; see [`Report`].
//!
//! Start at [`Point::check`]; numbers are compared in [`Quotients`].

use crate::api::Runner;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Wrt};
use crate::vals::{coordinates, is_single, path_of, with_reals};
use cotangent_core::error::AdError;
use cotangent_core::ir::DeriveKind;
use cotangent_core::stage::data::{DiffFn, strip_discrete};
use cotangent_core::value::Val;
use std::fmt;

/// How to check.
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// The step of the difference quotient, relative to the argument if that is larger than 1. Where the quotient does not agree, smaller
    /// ones are tried. Without, 1e-3, and 2e-2 where there are numbers of single precision.
    pub step: Option<f64>,
    /// The largest error, relative to the larger of the two numbers. Without, 1e-6, and 5e-3 in single precision. The round-off of the
    /// quotient is allowed on top.
    pub tolerance: Option<f64>,
    /// Numbers smaller than this are compared as if they were of this size.
    pub floor: f64,
    /// How many times to differentiate.
    pub order: u32,
    /// How many elements of the arguments to look at one by one, chosen at random if there are more.
    pub elements: usize,
    /// How many random directions.
    pub directions: usize,
    /// Of what is random.
    pub seed: u64,
}

impl Default for Check {
    fn default() -> Check {
        Check {
            step: None,
            tolerance: None,
            floor: 1e-3,
            order: 1,
            elements: 64,
            directions: 2,
            seed: 1,
        }
    }
}

/// What was checked and found right.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// Whether there is a derivative in forward mode; then it is right.
    pub forward: bool,
    /// Whether there is a derivative in reverse mode; then it is right.
    pub reverse: bool,
    /// How many elements of the arguments were looked at one by one, over all orders.
    pub elements: usize,
    /// The largest relative error.
    pub error: f64,
}

/// A derivative that is wrong, or cannot be checked at that point.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// The function.
    pub function: String,
    /// Which derivative: 1 is the first.
    pub order: u32,
    /// What was compared: "forward mode", "reverse mode", or "the modes" with each other.
    pub mode: &'static str,
    /// The argument, and where in it; `None` for a direction in all of them.
    pub place: Option<(usize, String)>,
    /// The derivative's number.
    pub got: f64,
    /// The difference quotient; for "the modes" the number in forward mode.
    pub want: f64,
    /// How far apart they may be.
    pub bound: f64,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = ["first", "second", "third"];
        match nth.get(self.order as usize - 1) {
            Some(nth) => write!(f, "the {nth} derivative of `{}`", self.function)?,
            None => write!(f, "derivative {} of `{}`", self.order, self.function)?,
        }
        match &self.place {
            Some((i, path)) if path.is_empty() => write!(f, " with respect to argument {i}")?,
            Some((i, path)) => write!(f, " with respect to argument {i} at `{path}`")?,
            None => f.write_str(" in a random direction")?,
        }
        let (got, want, bound) = (self.got, self.want, self.bound);
        if self.mode == MODES {
            write!(f, " is {got:e} in reverse mode, {want:e} in forward mode")?;
        } else {
            write!(f, " is {got:e} in {}", self.mode)?;
            write!(f, ", the difference quotient is {want:e}")?;
        }
        write!(f, "; the tolerance is {bound:.1e}")
    }
}

const FORWARD: &str = "forward mode";
const REVERSE: &str = "reverse mode";
const MODES: &str = "the modes";

/// Checks the derivatives of a `#[differentiable]` function at these arguments, on the default executor. With a choice of executor it is
/// `f::with(&options).check_gradients(args, &how)`; with the usual settings `f::check_gradients(args…)`.
///
/// # Errors
/// [`Error::Check`] says which number is wrong; other errors as for the derivatives.
pub fn check_gradients<F: DiffFn>(args: F::Args<'_>, how: &Check) -> Result<Report> {
    Runner::<F>::default().check_gradients(args, how)
}

/// As [`check_gradients`], of a function with a rule of its own: the rule is compared with difference quotients of the function.
///
/// ```
/// use cotangent::check::{Check, check_rule};
/// use cotangent::differentiable;
/// #[differentiable(vjp = cube_vjp)]
/// fn cube(x: f64) -> f64 {
///     x * x * x
/// }
/// #[differentiable]
/// fn cube_vjp(x: f64, ct: f64) -> f64 {
///     2.0 * x * x * ct // It should be 3.
/// }
/// let e = check_rule::<cube>((2.0,), &Check::default()).unwrap_err().to_string();
/// let says = "the first derivative of `cube` with respect to argument 0 is 8e0 in reverse mode";
/// assert!(e.starts_with(says), "{e}");
/// ```
///
/// # Errors
/// As [`check_gradients`]; [`Error::Unsupported`] if the function has no rule.
pub fn check_rule<F: DiffFn>(args: F::Args<'_>, how: &Check) -> Result<Report> {
    Runner::<F>::default().check_rule(args, how)
}

impl<F: DiffFn> Runner<F> {
    /// Checks the derivatives at these arguments; see [`check_gradients`].
    ///
    /// # Errors
    /// As [`check_gradients`].
    pub fn check_gradients(&self, args: F::Args<'_>, how: &Check) -> Result<Report> {
        let (f, args) = self.values(&args)?;
        f.check_gradients(args, &Wrt::All, how, self.options())
    }
    /// Checks the rule of the function; see [`check_rule`].
    ///
    /// # Errors
    /// As [`check_rule`].
    pub fn check_rule(&self, args: F::Args<'_>, how: &Check) -> Result<Report> {
        let (f, args) = self.values(&args)?;
        f.check_rule(args, &Wrt::All, how, self.options())
    }
}

impl Function {
    /// Checks the derivatives with respect to the chosen parameters; see [`check_gradients`].
    ///
    /// # Errors
    /// As [`check_gradients`].
    pub fn check_gradients(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        how: &Check,
        options: &Options,
    ) -> Result<Report> {
        let mut rng = Rng(how.seed);
        let mut report = Report::default();
        let (mut f, mut args, mut chosen) = (self.clone(), args, self.chosen(wrt)?);
        for order in 1..=how.order {
            let point = Point::new(&f, args, chosen, how, options)?;
            let mut labels = Labels { of: self, order };
            let modes = point.check(&mut labels, &mut rng, &mut report)?;
            if order == 1 {
                (report.forward, report.reverse) = modes;
            }
            if order == how.order {
                break;
            }
            let kind = if modes.1 {
                DeriveKind::Vjp
            } else {
                DeriveKind::Jvp
            };
            let (module, id) = f.derivative(kind, &Wrt::Params(point.chosen.clone()))?;
            let more = if modes.1 {
                point.cotangents(&point.random_cotangent(&mut rng))
            } else {
                point.tangents(&rng.fill(point.x.len()))
            };
            let first = point.args.len();
            (args, chosen) = (point.args, point.chosen);
            args.extend(more);
            f = Function::new(module, id)?;
            let new = (first..args.len()).filter(|&k| f.params()[k].has_tangent());
            chosen.extend(new.map(|k| k as u32));
        }
        Ok(report)
    }
    /// As [`check_gradients`](Self::check_gradients), of a function with a rule of its own; see [`check_rule`].
    ///
    /// # Errors
    /// As [`check_rule`].
    pub fn check_rule(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        how: &Check,
        options: &Options,
    ) -> Result<Report> {
        let (module, id) = self.module();
        if module.funcs[id].rule.is_none() {
            let what = format!(
                "`{}` has no rule of its own; use `check_gradients`",
                self.name()
            );
            return Err(Error::Unsupported { what });
        }
        self.check_gradients(args, wrt, how, options)
    }
}

/// The function that the user knows, and which derivative of it is being checked.
struct Labels<'a> {
    of: &'a Function,
    order: u32,
}

/// A function at a point.
struct Point<'a> {
    f: &'a Function,
    how: &'a Check,
    options: &'a Options,
    args: Vec<Val>,
    chosen: Vec<u32>,
    /// The coordinates of the chosen arguments.
    x: Vec<f64>,
    /// The tangent parts of the results, and their coordinates.
    spaces: Vec<Val>,
    y: Vec<f64>,
    single: bool,
}

impl<'a> Point<'a> {
    fn new(
        f: &'a Function,
        args: Vec<Val>,
        chosen: Vec<u32>,
        how: &'a Check,
        options: &'a Options,
    ) -> Result<Point<'a>> {
        let spaces = spaces(f, f.call(args.clone(), options)?);
        let inputs = chosen.iter().filter_map(|&p| args.get(p as usize));
        let single = inputs.clone().chain(&spaces).any(is_single);
        let x = inputs.flat_map(|v| coordinates(std::slice::from_ref(v)));
        Ok(Point {
            x: x.collect(),
            y: coordinates(&spaces),
            f,
            how,
            options,
            chosen,
            spaces,
            single,
            args,
        })
    }
    fn wrt(&self) -> Wrt {
        Wrt::Params(self.chosen.clone())
    }
    fn tolerance(&self) -> f64 {
        let usual = if self.single { 5e-3 } else { 1e-6 };
        self.how.tolerance.unwrap_or(usual)
    }
    /// What is within round-off of the difference quotients with a step.
    fn roundoff(&self, step: f64) -> f64 {
        let size = self.y.iter().fold(0.0, |m: f64, y| m.max(y.abs()));
        let unit = if self.single {
            f64::from(f32::EPSILON)
        } else {
            f64::EPSILON
        };
        16.0 * unit * size / step
    }
    /// The tangents of the chosen arguments with these coordinates.
    fn tangents(&self, v: &[f64]) -> Vec<Val> {
        let mut xs = v.iter().copied();
        let params = self.f.params();
        let of = |&p: &u32| Some((self.args.get(p as usize)?, params.get(p as usize)?));
        self.chosen
            .iter()
            .filter_map(of)
            .map(|(v, ty)| with_reals(&strip_discrete(v.clone(), ty), &mut xs))
            .collect()
    }
    /// The cotangents of the results with these coordinates.
    fn cotangents(&self, c: &[f64]) -> Vec<Val> {
        let mut xs = c.iter().copied();
        self.spaces.iter().map(|v| with_reals(v, &mut xs)).collect()
    }
    fn random_cotangent(&self, rng: &mut Rng) -> Vec<f64> {
        match self.y.len() {
            1 => vec![1.0],
            n => rng.fill(n),
        }
    }
    /// The coordinates of the results at `x + h v`.
    fn at(&self, h: f64, v: &[f64]) -> Result<Vec<f64>> {
        let mut moved = self.x.iter().zip(v).map(|(x, d)| x + h * d);
        let mut args = self.args.clone();
        for &p in &self.chosen {
            if let Some(v) = args.get_mut(p as usize) {
                *v = with_reals(v, &mut moved);
            }
        }
        let y = coordinates(&spaces(self.f, self.f.call(args, self.options)?));
        if y.len() != self.y.len() {
            let what = format!(
                "`{}` returns {} numbers here and {} nearby: its derivative cannot be checked",
                self.f.name(),
                self.y.len(),
                y.len()
            );
            return Err(Error::Unsupported { what });
        }
        Ok(y)
    }
    /// The derivative in a direction, in forward mode.
    fn forward(&self, v: &[f64]) -> Result<Vec<f64>> {
        let wrt = self.wrt();
        let (_, dy) = self
            .f
            .jvp(self.args.clone(), self.tangents(v), &wrt, self.options)?;
        Ok(coordinates(&dy))
    }
    /// How much a coordinate moves: as far as it is large.
    fn scale(&self, k: usize) -> f64 {
        self.x[k].abs().max(1.0)
    }
    fn unit(&self, k: usize) -> Vec<f64> {
        let mut v = vec![0.0; self.x.len()];
        v[k] = self.scale(k);
        v
    }

    /// Checks both modes at this point; which there are.
    fn check(
        &self,
        labels: &mut Labels<'_>,
        rng: &mut Rng,
        report: &mut Report,
    ) -> Result<(bool, bool)> {
        let n = self.x.len();
        if n == 0 || self.y.is_empty() {
            return Ok((true, true));
        }
        let forward = mode(self.forward(&vec![0.0; n]))?;
        let pull = mode(
            self.f
                .pullback(self.args.clone(), &self.wrt(), self.options),
        )?;
        let pull = match (&forward, pull) {
            (Err(_), Err(e)) => return Err(e.into()),
            (_, pull) => pull.ok().map(|(_, pull)| pull),
        };
        let c = self.random_cotangent(rng);
        let gradient = match &pull {
            Some(pull) => Some(coordinates(&pull.call(self.cotangents(&c))?)),
            None => None,
        };
        let side = Sides {
            point: self,
            forward: forward.is_ok(),
            gradient,
            c,
        };
        let all: Vec<usize> = if n <= self.how.elements {
            (0..n).collect()
        } else {
            (0..self.how.elements).map(|_| rng.below(n)).collect()
        };
        for &k in &all {
            let place = Some(k);
            side.along(&self.unit(k), place, labels, report)?;
        }
        report.elements += all.len();
        for _ in 0..self.how.directions {
            let v: Vec<f64> = (0..n).map(|k| rng.next() * self.scale(k)).collect();
            let wrong = match side.along(&v, None, labels, report) {
                Err(e @ Error::Check(_)) => e,
                other => {
                    other?;
                    continue;
                }
            };
            // It is in one of the elements not looked at, if it is anywhere in particular.
            for k in (0..n).filter(|k| !all.contains(k)) {
                side.along(&self.unit(k), Some(k), labels, report)?;
            }
            return Err(wrong);
        }
        Ok((side.forward, pull.is_some()))
    }
    /// The argument that coordinate `k` is in, and where in it.
    fn place(&self, mut k: usize, of: &Function) -> (usize, String) {
        for &p in &self.chosen {
            let at = self.args.get(p as usize);
            if let Some(path) = at.and_then(|v| path_of(v, &mut k)) {
                let p = p as usize;
                let i = of.argument_of(p);
                let group = of.group(i);
                let field = if group.len() > 1 {
                    format!(".{}", p - group.start)
                } else {
                    String::new()
                };
                return (i, field + &path);
            }
        }
        (0, String::new())
    }
}

/// What the modes say at a point.
struct Sides<'a> {
    point: &'a Point<'a>,
    forward: bool,
    /// `J'c`.
    gradient: Option<Vec<f64>>,
    c: Vec<f64>,
}

impl Sides<'_> {
    /// Checks the derivative in a direction: that of coordinate `place`, or in all.
    fn along(
        &self,
        v: &[f64],
        place: Option<usize>,
        labels: &Labels<'_>,
        report: &mut Report,
    ) -> Result<()> {
        let p = self.point;
        // Numbers are reported by unit of the coordinate, and compared so.
        let scale = place.map_or(1.0, |k| p.scale(k));
        let mut quotients = Quotients::new(p, v);
        let mut fail = |mode, got: f64, want: f64, bound: f64, wrong: bool| {
            let size = got.abs().max(want.abs()).max(p.how.floor);
            report.error = report.error.max((got - want).abs() / size);
            if !wrong {
                return Ok(());
            }
            Err(Error::Check(Box::new(Failure {
                function: labels.of.name().into(),
                order: labels.order,
                mode,
                place: place.map(|k| p.place(k, labels.of)),
                got: got / scale,
                want: want / scale,
                bound: bound / scale,
            })))
        };
        let mut reverse = None;
        if let Some(g) = &self.gradient {
            let got = dot(g, v);
            reverse = Some(got);
            let (want, bound, ok) = quotients.judge(got, |q| dot(&self.c, q))?;
            fail(REVERSE, got, want, bound, !ok)?;
        }
        if self.forward {
            let jv = p.forward(v)?;
            for (i, &got) in jv.iter().enumerate() {
                let (want, bound, ok) =
                    quotients.judge(got, |q| q.get(i).copied().unwrap_or(f64::NAN))?;
                fail(FORWARD, got, want, bound, !ok)?;
            }
            if let Some(got) = reverse {
                let want = dot(&self.c, &jv);
                let size: f64 = self.c.iter().zip(&jv).map(|(a, b)| (a * b).abs()).sum();
                let g = self.gradient.iter().flatten().zip(v);
                let size = size + g.map(|(a, b)| (a * b).abs()).sum::<f64>();
                // Large parts may have cancelled inside a mode, which leaves round-off of their size.
                let bound = p.tolerance().min(1e-3) * size.max(p.how.floor);
                fail(MODES, got, want, bound, !close(got, want, bound))?;
            }
        }
        Ok(())
    }
}

/// Difference quotients in a direction, of smaller and smaller steps, made when they are needed.
struct Quotients<'a> {
    point: &'a Point<'a>,
    v: &'a [f64],
    steps: Vec<f64>,
    made: Vec<Vec<f64>>,
}

impl<'a> Quotients<'a> {
    fn new(point: &'a Point<'a>, v: &'a [f64]) -> Quotients<'a> {
        let usual = if point.single { 2e-2 } else { 1e-3 };
        let h = point.how.step.unwrap_or(usual);
        Quotients {
            point,
            v,
            steps: vec![h, h / 8.0, h / 64.0],
            made: Vec::new(),
        }
    }
    /// Whether a number agrees with that of one of the quotients; the last one looked at, or the nearest if none does, and how far apart they may be.
    fn judge(&mut self, got: f64, number: impl Fn(&[f64]) -> f64) -> Result<(f64, f64, bool)> {
        let mut nearest: Option<(f64, f64)> = None;
        for (i, &h) in self.steps.iter().enumerate() {
            if self.made.len() <= i {
                self.made.push(quotient(self.point, self.v, h)?);
            }
            let want = number(&self.made[i]);
            let size = got.abs().max(want.abs()).max(self.point.how.floor);
            let bound = self.point.tolerance() * size + self.point.roundoff(h);
            if close(got, want, bound) {
                return Ok((want, bound, true));
            }
            let miss = (got - want).abs();
            if nearest.is_none_or(|(n, _)| n.is_nan() || miss < (got - n).abs()) {
                nearest = Some((want, bound));
            }
        }
        let (want, bound) = nearest.unwrap_or((f64::NAN, 0.0));
        Ok((want, bound, false))
    }
}

/// The central difference quotient of fourth order.
fn quotient(p: &Point<'_>, v: &[f64], h: f64) -> Result<Vec<f64>> {
    let (p1, m1) = (p.at(h, v)?, p.at(-h, v)?);
    let (p2, m2) = (p.at(2.0 * h, v)?, p.at(-2.0 * h, v)?);
    let near = p1.iter().zip(&m1).map(|(p, m)| 8.0 * (p - m));
    let far = p2.iter().zip(&m2).map(|(p, m)| p - m);
    Ok(near.zip(far).map(|(n, f)| (n - f) / (12.0 * h)).collect())
}

/// Whether two numbers are that near; infinite or missing ones are not, unless they are the same infinity.
fn close(a: f64, b: f64, bound: f64) -> bool {
    a == b || (a - b).abs() <= bound
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::NAN;
    }
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The tangent parts of those results that have a tangent space.
fn spaces(f: &Function, results: Vec<Val>) -> Vec<Val> {
    let both = results.into_iter().zip(f.results());
    both.filter(|(_, ty)| ty.has_tangent())
        .map(|(v, ty)| strip_discrete(v, ty))
        .collect()
}

/// A derivative in a mode, or why there is none in that mode. Other errors are errors.
fn mode<T>(made: Result<T>) -> Result<Result<T, AdError>> {
    match made {
        Ok(x) => Ok(Ok(x)),
        Err(Error::Ad(e)) => Ok(Err(e)),
        Err(e) => Err(e),
    }
}

/// splitmix64.
struct Rng(u64);

impl Rng {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// In `[-1, 1)`.
    fn next(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }
    fn fill(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.next()).collect()
    }
}
