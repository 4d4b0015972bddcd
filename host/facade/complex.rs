//! Derivatives of functions of complex numbers.
//!
//! A function of `z = x + i y` with value `w = u + i v` has, seen as real numbers, the Jacobian `[[∂u/∂x, ∂u/∂y], [∂v/∂x, ∂v/∂y]]`: that is
//! [`real_jacobian`](Runner::real_jacobian), also of arrays, with the real and imaginary part of each number side by side. The same four numbers are the pair of
//! Wirtinger derivatives, [`wirtinger`](Runner::wirtinger):
//!
//! * `∂w/∂z = ½(∂w/∂x − i ∂w/∂y)`
//! * `∂w/∂z̄ = ½(∂w/∂x + i ∂w/∂y)`
//!
//! A small change `dz` changes `w` by `∂w/∂z dz + ∂w/∂z̄ conj(dz)`. Where the second is zero (Cauchy and Riemann's equations) the function is holomorphic,
//! and the first is its derivative: [`holomorphic_derivative`](Runner::holomorphic_derivative), which is an error elsewhere.
//!
//! The *gradient* of a real-valued function is `∂u/∂x + i ∂u/∂y`, the direction in which it grows fastest. That is `2 ∂u/∂z̄`, and of the real part of a
//! holomorphic function it is the conjugate of the derivative. The cotangents of [`pullback`](Runner::pullback) are gradients in this sense: `∂/∂x + i ∂/∂y`
//! of `Re(conj(ct) w)`.
//!
//! ```
//! use cotangent::differentiable;
//! use num_complex::Complex64;
//!
//! #[differentiable]
//! fn f(z: Complex64) -> Complex64 {
//!     z * z * 3.0 + z * 2.0 + 1.0
//! }
//! #[differentiable]
//! fn size(z: Complex64) -> f64 {
//!     z.norm_sqr()
//! }
//!
//! let z = Complex64::new(1.0, 2.0);
//! assert_eq!(f::holomorphic_derivative(z)?, Complex64::new(8.0, 12.0));
//! assert_eq!(size::wirtinger(z)?, (Complex64::new(1.0, -2.0), Complex64::new(1.0, 2.0)));
//! assert_eq!(size::gradient(z)?, Complex64::new(2.0, 4.0));
//! assert_eq!(f::real_jacobian(z)?.to_rows(), [[8.0, -12.0], [12.0, 8.0]]);
//! # Ok::<(), cotangent::Error>(())
//! ```

use crate::api::Runner;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Wrt};
use crate::vals::is_single;
use cotangent_core::stage::Matrix;
use cotangent_core::stage::data::{Arg, DiffFn};
use cotangent_core::value::Val;
use num_complex::Complex;

/// The Wirtinger derivatives of each number of the result by each complex number of the arguments.
#[derive(Clone, PartialEq, Debug)]
pub struct Wirtinger {
    /// By `z`.
    pub dz: Matrix<Complex<f64>>,
    /// By the conjugate of `z`.
    pub dconj: Matrix<Complex<f64>>,
}

/// Which of the numbers of some values are complex.
fn complex(vals: &[Val]) -> Vec<bool> {
    let mut out = Vec::new();
    for v in vals {
        v.each_float(&mut |_, im| out.push(im.is_some()));
    }
    out
}

impl Function {
    /// The Jacobian of the real and imaginary parts of the results by those of the chosen parameters: of each complex number two rows, or two
    /// columns. Of a function of real numbers it is the [`jacobian`](Self::jacobian).
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback).
    pub fn real_jacobian(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Matrix> {
        let at = self.complex_at(args, wrt, options)?;
        let (outputs, rows) = self.complex_outputs(&at)?;
        self.jacobian_at(&at, &outputs, rows)
    }
    /// The Wirtinger derivatives by the chosen parameters, which are of complex numbers. A real result is taken for a complex one.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] for a parameter of real numbers.
    pub fn wirtinger(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Wirtinger> {
        let at = self.complex_at(args, wrt, options)?;
        let inputs = complex(&at.inputs);
        if !inputs.iter().all(|&c| c) {
            return Err(Error::Unsupported {
                what: format!(
                    "`{}`: Wirtinger and holomorphic derivatives are by complex numbers, and an argument holds real ones; choose an argument with `_wrt`",
                    self.name()
                ),
            });
        }
        let (outputs, rows) = self.complex_outputs(&at)?;
        let m = self.jacobian_at(&at, &outputs, rows)?;
        let outputs = complex(&outputs);
        let mut dz = Matrix::zeros(outputs.len(), inputs.len());
        let mut dconj = dz.clone();
        let mut row = 0;
        for (i, &pair) in outputs.iter().enumerate() {
            for j in 0..inputs.len() {
                let of = |k: usize| match k == 0 || pair {
                    true => (m[(row + k, 2 * j)], m[(row + k, 2 * j + 1)]),
                    false => (0.0, 0.0),
                };
                let ((ux, uy), (vx, vy)) = (of(0), of(1));
                dz.set((i, j), Complex::new(ux + vy, vx - uy) / 2.0);
                dconj.set((i, j), Complex::new(ux - vy, vx + uy) / 2.0);
            }
            row += if pair { 2 } else { 1 };
        }
        Ok(Wirtinger { dz, dconj })
    }
    /// The holomorphic derivatives of each number of the result by each of the chosen parameters.
    ///
    /// # Errors
    /// [`Error::NotHolomorphic`] where one does not exist, as far as its last digits tell; else as [`wirtinger`](Self::wirtinger).
    pub fn holomorphic_derivative(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<Matrix<Complex<f64>>> {
        let rounding = match args.iter().any(is_single) {
            true => 1e-4,
            false => 1e-9,
        };
        let Wirtinger { dz, dconj } = self.wirtinger(args, wrt, options)?;
        // Terms of one row may cancel to the last digits of the largest.
        let size = |m: &Matrix<Complex<f64>>, i: usize| {
            m.row(i).iter().map(|z| z.norm()).fold(0.0, f64::max)
        };
        for i in 0..dz.rows() {
            let most = rounding * size(&dz, i).max(size(&dconj, i));
            let bad = |&j: &usize| dconj[(i, j)].norm() > most;
            if let Some(j) = (0..dz.columns()).find(bad) {
                return Err(Error::NotHolomorphic {
                    function: self.name().into(),
                    row: i,
                    column: j,
                    dz: dz[(i, j)],
                    dconj: dconj[(i, j)],
                });
            }
        }
        Ok(dz)
    }
    /// The one element of a matrix.
    fn one(&self, m: &Matrix<Complex<f64>>) -> Result<Complex<f64>> {
        match m.as_slice() {
            [z] => Ok(*z),
            _ => Err(Error::Unsupported {
                what: format!(
                    "`{}` has {} numbers of results and {} of arguments, not one of each; use `wirtinger_matrices` or choose an argument with `_wrt`",
                    self.name(),
                    m.rows(),
                    m.columns()
                ),
            }),
        }
    }
    fn pair(&self, w: &Wirtinger) -> Result<(Complex<f64>, Complex<f64>)> {
        Ok((self.one(&w.dz)?, self.one(&w.dconj)?))
    }
}

impl<F: DiffFn> Runner<F> {
    /// The Jacobian of the real and imaginary parts of the output by those of all arguments; see [`complex`](crate::complex).
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback).
    pub fn real_jacobian(&self, args: F::Args<'_>) -> Result<Matrix> {
        let (f, args) = self.values(&args)?;
        f.real_jacobian(args, &Wrt::All, self.options())
    }
    /// `(∂w/∂z, ∂w/∂z̄)` of a function of one complex number.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] if there are more numbers, or an argument is real.
    pub fn wirtinger(&self, args: F::Args<'_>) -> Result<(Complex<f64>, Complex<f64>)> {
        let (f, args) = self.values(&args)?;
        f.pair(&f.wirtinger(args, &Wrt::All, self.options())?)
    }
    /// `(∂w/∂z, ∂w/∂z̄)` by argument `I`, a complex number.
    ///
    /// # Errors
    /// As [`wirtinger`](Self::wirtinger).
    pub fn wirtinger_wrt<'a, const I: usize>(
        &self,
        args: F::Args<'a>,
    ) -> Result<(Complex<f64>, Complex<f64>)>
    where
        F::Args<'a>: Arg<I>,
    {
        let (f, args) = self.values(&args)?;
        f.pair(&f.wirtinger(args, &Wrt::Argument(I), self.options())?)
    }
    /// The Wirtinger derivatives of each number of the output by each of all arguments.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] if an argument is real.
    pub fn wirtinger_matrices(&self, args: F::Args<'_>) -> Result<Wirtinger> {
        let (f, args) = self.values(&args)?;
        f.wirtinger(args, &Wrt::All, self.options())
    }
    /// The derivative of a holomorphic function of one complex number.
    ///
    /// # Errors
    /// [`Error::NotHolomorphic`] where it is not; else as [`wirtinger`](Self::wirtinger).
    pub fn holomorphic_derivative(&self, args: F::Args<'_>) -> Result<Complex<f64>> {
        let (f, args) = self.values(&args)?;
        f.one(&f.holomorphic_derivative(args, &Wrt::All, self.options())?)
    }
    /// The derivative by argument `I`, a complex number in which the function is holomorphic.
    ///
    /// # Errors
    /// As [`holomorphic_derivative`](Self::holomorphic_derivative).
    pub fn holomorphic_derivative_wrt<'a, const I: usize>(
        &self,
        args: F::Args<'a>,
    ) -> Result<Complex<f64>>
    where
        F::Args<'a>: Arg<I>,
    {
        let (f, args) = self.values(&args)?;
        f.one(&f.holomorphic_derivative(args, &Wrt::Argument(I), self.options())?)
    }
}
