//! Roots of equations and fixed points.
//!
//! [`newton`], [`newton_system`] and [`fixed_point`] find a solution without a thought for derivatives, then take a few steps of the
//! simplified Newton method from it, whose matrix is fixed: `x - J⁻¹ f(x, p)`. They change nothing but rounding errors, and their
//! derivative by whatever the equation captured is the implicit function theorem's: `-J⁻¹ ∂f/∂p`, by one linear solve at the solution
//! for each step. Each step makes one more order of derivatives exact ([`Settings::orders`]). The functions whose names end in
//! `_through` are differentiated through all their iterations.

use super::Failure;
use crate::linalg::small::{lu, lu_solve};
use crate::{Differentiable, differentiable, stop_gradient};

/// When to stop.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// The change at which an iteration is the last, relative to the solution where that is larger than 1.
    pub tolerance: f64,
    /// The largest number of iterations.
    pub iterations: usize,
    /// How many orders of derivatives are exact. Each costs an evaluation of the equation.
    pub orders: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            tolerance: 1e-12,
            iterations: 100,
            orders: 2,
        }
    }
}

/// The largest absolute value of a change, each relative to its value where that is larger than 1.
#[differentiable]
fn change<const N: usize>(by: [f64; N], of: [f64; N]) -> f64 {
    let mut most = 0.0;
    for i in 0..N {
        let part = by[i].abs() / of[i].abs().max(1.0);
        // What is not a number stays.
        if part > most || part.is_nan() {
            most = part;
        }
    }
    most
}

/// A root of a function of one number, by Newton's method. `f` gives its value and its slope.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::root::{Settings, newton};
///
/// #[differentiable]
/// fn square_root(a: f64) -> f64 {
///     newton(|x| (x * x - a, 2.0 * x), 1.0, Settings::default()).unwrap()
/// }
/// assert!((square_root::gradient(9.0)? - 1.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// The slope may come from a derivative: `|x| residual::value_and_gradient(x).unwrap()`.
///
/// # Errors
/// [`Failure::TooManySteps`]; [`Failure::NotFinite`] also where the slope is zero.
#[differentiable]
pub fn newton(
    f: impl Fn(f64) -> (f64, f64),
    guess: f64,
    settings: Settings,
) -> Result<f64, Failure> {
    let found = stop_gradient(newton_through(&f, stop_gradient(guess), settings)?);
    let (_, slope) = f(found);
    let slope = stop_gradient(slope);
    let mut x = found;
    for _ in 0..settings.orders {
        let (value, _) = f(x);
        x -= value / slope;
    }
    Ok(x)
}

/// As [`newton`], differentiated through its iterations.
///
/// # Errors
/// As [`newton`].
#[differentiable]
pub fn newton_through(
    f: impl Fn(f64) -> (f64, f64),
    guess: f64,
    settings: Settings,
) -> Result<f64, Failure> {
    let next = |x: [f64; 1]| {
        let (value, slope) = f(x[0]);
        ([x[0] - value / slope], false)
    };
    Ok(settle(next, [guess], settings)?[0])
}

/// Goes from one value to the next until they differ by no more than the tolerance. `next` also says whether there is none, because a matrix is
/// singular.
#[differentiable]
fn settle<const N: usize>(
    next: impl Fn([f64; N]) -> ([f64; N], bool),
    guess: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    let mut x = guess;
    let mut size = 0.0;
    for i in 0..settings.iterations {
        let (to, singular) = next(x);
        if singular {
            return Err(Failure::Singular { at: i as f64 });
        }
        size = change(minus(to, x), to);
        x = to;
        if !size.is_finite() {
            return Err(Failure::NotFinite { at: i as f64 });
        }
        if size <= settings.tolerance {
            return Ok(x);
        }
    }
    Err(Failure::TooManySteps { at: size })
}

/// The matrix of a linear map, from its products with unit vectors.
#[differentiable]
pub fn matrix_of<const N: usize>(map: impl Fn([f64; N]) -> [f64; N]) -> [[f64; N]; N] {
    let mut matrix = [[0.0; N]; N];
    for j in 0..N {
        let mut unit = [0.0; N];
        unit[j] = 1.0;
        let column = map(unit);
        for i in 0..N {
            matrix[i][j] = column[i];
        }
    }
    matrix
}

/// A root of a system, by Newton's method. `f` is the function, `jvp(x, v)` its derivative at `x` in the direction `v`.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::root::{Settings, newton_system};
///
/// #[differentiable]
/// fn circles(x: [f64; 2], r: f64) -> [f64; 2] {
///     [x[0] * x[0] + x[1] * x[1] - r * r, x[0] - x[1] * x[1]]
/// }
/// #[differentiable]
/// fn crossing(r: f64) -> f64 {
///     let f = |x| circles(x, r);
///     let jvp = |x, v| circles::jvp((x, r), (v, 0.0)).unwrap().1;
///     newton_system(f, jvp, [1.0, 1.0], Settings::default()).unwrap()[0]
/// }
/// // x (x + 1) = r²
/// let x = crossing(2.0);
/// assert!((crossing::gradient(2.0)? - 4.0 / (2.0 * x + 1.0)).abs() < 1e-14);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// # Errors
/// [`Failure::TooManySteps`], [`Failure::NotFinite`], [`Failure::Singular`].
#[differentiable]
pub fn newton_system<const N: usize>(
    f: impl Fn([f64; N]) -> [f64; N],
    jvp: impl Fn([f64; N], [f64; N]) -> [f64; N],
    guess: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    let found = newton_system_through(&f, &jvp, stop_gradient(guess), settings)?;
    implicit(&f, &jvp, stop_gradient(found), settings)
}

/// As [`newton_system`], differentiated through its iterations.
///
/// # Errors
/// As [`newton_system`].
#[differentiable]
pub fn newton_system_through<const N: usize>(
    f: impl Fn([f64; N]) -> [f64; N],
    jvp: impl Fn([f64; N], [f64; N]) -> [f64; N],
    guess: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    let next = |x: [f64; N]| {
        let factors = lu(matrix_of(|v| jvp(x, v)));
        (minus(x, lu_solve(factors, f(x))), factors.singular)
    };
    settle(next, guess, settings)
}

/// A solution that was found somehow, with the derivatives of the equation `f(x) = 0` by what `f` captured: the implicit function
/// theorem for solvers of your own. `jvp` as for [`newton_system`]; what `found` depends on does not count.
///
/// # Errors
/// [`Failure::Singular`].
#[differentiable]
pub fn implicit<const N: usize>(
    f: impl Fn([f64; N]) -> [f64; N],
    jvp: impl Fn([f64; N], [f64; N]) -> [f64; N],
    found: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    let found = stop_gradient(found);
    let factors = stop_gradient(lu(matrix_of(|v| jvp(found, v))));
    if factors.singular {
        return Err(Failure::Singular { at: 0.0 });
    }
    let mut x = found;
    for _ in 0..settings.orders {
        let step = lu_solve(factors, f(x));
        for j in 0..N {
            x[j] -= step[j];
        }
    }
    Ok(x)
}

/// A solution of `x = g(x)`, by iterating `g`, which must contract. `jvp(x, v)` is the derivative of `g`, used at the solution only.
///
/// ```
/// use cotangent::differentiable;
/// use cotangent::solve::root::{Settings, fixed_point};
///
/// #[differentiable]
/// fn kepler(anomaly: f64, eccentricity: f64) -> f64 {
///     let e = fixed_point(
///         |x| [anomaly + eccentricity * x[0].sin()],
///         |x, v| [eccentricity * x[0].cos() * v[0]],
///         [anomaly],
///         Settings::default(),
///     );
///     e.unwrap()[0]
/// }
/// let (x, (by_anomaly, _)) = kepler::value_and_gradient(1.0, 0.3)?;
/// assert!((by_anomaly - 1.0 / (1.0 - 0.3 * x.cos())).abs() < 1e-12);
/// # Ok::<(), cotangent::Error>(())
/// ```
///
/// # Errors
/// [`Failure::TooManySteps`] where it does not contract enough, [`Failure::NotFinite`], [`Failure::Singular`].
#[differentiable]
pub fn fixed_point<const N: usize>(
    g: impl Fn([f64; N]) -> [f64; N],
    jvp: impl Fn([f64; N], [f64; N]) -> [f64; N],
    guess: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    let found = fixed_point_through(&g, stop_gradient(guess), settings)?;
    let f = |x: [f64; N]| minus(x, g(x));
    let df = |x: [f64; N], v: [f64; N]| minus(v, jvp(x, v));
    implicit(f, df, stop_gradient(found), settings)
}

/// As [`fixed_point`], differentiated through its iterations.
///
/// # Errors
/// As [`fixed_point`].
#[differentiable]
pub fn fixed_point_through<const N: usize>(
    g: impl Fn([f64; N]) -> [f64; N],
    guess: [f64; N],
    settings: Settings,
) -> Result<[f64; N], Failure> {
    settle(|x| (g(x), false), guess, settings)
}

#[differentiable]
fn minus<const N: usize>(a: [f64; N], b: [f64; N]) -> [f64; N] {
    let mut c = a;
    for i in 0..N {
        c[i] -= b[i];
    }
    c
}
