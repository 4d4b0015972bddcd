//! Matrices of derivatives: Jacobians in the mode that takes fewer runs, Hessians forward over reverse, their diagonals.
//!
//! Start at [`Function::jacobian`]. All of them are products with many directions ([`Function::products`]), which are computed
//! [`LANES`] at a time: the derivative is batched over its directions, the primal in it is computed once for all of them. Where the derivative
//! cannot be batched, one after another.

use crate::Matrix;
use crate::api::unexpected;
use crate::error::{Error, Result};
use crate::executor::Options;
use crate::function::{Function, Given, Wrt};
use crate::task::Request;
use crate::vals::{coordinates, read_reals, with_reals};
use cotangent_core::ad;
use cotangent_core::error::AdError;
use cotangent_core::ir::{Builder, DeriveKind, Dim, FuncId, Module, Type};
use cotangent_core::stage::data::strip_discrete;
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, split_lanes, vmap};
use cotangent_core::value::Val;

/// How many directions are computed at once, at most; fewer in powers of two, so that few versions are compiled.
const LANES: usize = 16;

/// A linear map that a derivative is, from directions to products.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Linear {
    /// From tangents of the chosen parameters to those of the results.
    Forward,
    /// From cotangents of the results to those of the chosen parameters.
    Reverse,
    /// From tangents of the chosen parameters to those of the gradient.
    Hessian,
}

/// A point: the arguments, and what the directions look like.
pub(crate) struct At<'a> {
    pub(crate) args: Vec<Val>,
    pub(crate) wrt: &'a Wrt,
    pub(crate) options: &'a Options,
    /// The tangent parts of the chosen arguments, and how many real numbers they hold.
    pub(crate) inputs: Vec<Val>,
    pub(crate) columns: usize,
}

impl Function {
    /// The Jacobian with respect to the chosen parameters: a row for each real number of the results, a column for each of
    /// the parameters. Forward or reverse, whichever takes fewer runs, several rows or columns at a time.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback); [`Error::Unsupported`] for complex numbers.
    pub fn jacobian(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Matrix> {
        let at = self.at(args, wrt, options)?;
        let (outputs, rows) = self.outputs(&at)?;
        self.jacobian_at(&at, &outputs, rows)
    }
    /// The Jacobian at a point; `outputs` are of the structure of the results and hold that many coordinates.
    pub(crate) fn jacobian_at(&self, at: &At<'_>, outputs: &[Val], rows: usize) -> Result<Matrix> {
        let forward = || {
            let mut m = Matrix::zeros(rows, at.columns);
            self.products(
                Linear::Forward,
                at,
                &at.inputs,
                at.columns,
                &unit,
                &mut |j, col| {
                    for (i, &x) in col.iter().enumerate().take(rows) {
                        m.set((i, j), x);
                    }
                    col.len() == rows
                },
            )?;
            Ok(m)
        };
        let reverse = || {
            let mut m = Matrix::zeros(rows, at.columns);
            self.products(Linear::Reverse, at, outputs, rows, &unit, &mut |i, row| {
                let fits = row.len() == at.columns;
                if fits {
                    m.row_mut(i).copy_from_slice(row);
                }
                fits
            })?;
            Ok(m)
        };
        either(at.columns <= rows, forward, reverse)
    }
    /// The Hessian with respect to the chosen parameters, forward over reverse, several columns at a time.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian(&self, args: Vec<Val>, wrt: &Wrt, options: &Options) -> Result<Matrix> {
        let at = self.at(args, wrt, options)?;
        let n = at.columns;
        let mut m = Matrix::zeros(n, n);
        self.products(Linear::Hessian, &at, &at.inputs, n, &unit, &mut |j, col| {
            for (i, &x) in col.iter().enumerate().take(n) {
                m.set((i, j), x);
            }
            col.len() == n
        })?;
        Ok(m)
    }
    /// The diagonal of the Hessian with respect to the chosen parameters, as values of their shapes. As many runs as the Hessian,
    /// but no more memory than the arguments.
    ///
    /// # Errors
    /// As [`jacobian`](Self::jacobian).
    pub fn hessian_diagonal(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        options: &Options,
    ) -> Result<Vec<Val>> {
        let at = self.at(args, wrt, options)?;
        let mut diagonal = vec![0.0; at.columns];
        let n = at.columns;
        self.products(Linear::Hessian, &at, &at.inputs, n, &unit, &mut |j, col| {
            if let Some(&x) = col.get(j) {
                diagonal[j] = x;
            }
            col.len() == n
        })?;
        let mut xs = diagonal.into_iter();
        Ok(at.inputs.iter().map(|v| with_reals(v, &mut xs)).collect())
    }

    /// A point, whose directions are real numbers.
    pub(crate) fn at<'a>(
        &self,
        args: Vec<Val>,
        wrt: &'a Wrt,
        options: &'a Options,
    ) -> Result<At<'a>> {
        let at = self.complex_at(args, wrt, options)?;
        match all_real(&at.inputs) {
            true => Ok(at),
            false => Err(self.complex()),
        }
    }
    /// A point, of whose complex numbers the real and the imaginary parts are directions.
    pub(crate) fn complex_at<'a>(
        &self,
        args: Vec<Val>,
        wrt: &'a Wrt,
        options: &'a Options,
    ) -> Result<At<'a>> {
        let inputs: Vec<Val> = self
            .chosen(wrt)?
            .into_iter()
            .filter_map(|p| {
                let (v, ty) = (args.get(p as usize)?, self.params().get(p as usize)?);
                Some(strip_discrete(v.clone(), ty))
            })
            .collect();
        let columns = coordinates(&inputs).len();
        Ok(At {
            args,
            wrt,
            options,
            inputs,
            columns,
        })
    }
    /// The tangent parts of the results, and how many real numbers they hold.
    pub(crate) fn outputs(&self, at: &At<'_>) -> Result<(Vec<Val>, usize)> {
        let (outputs, rows) = self.complex_outputs(at)?;
        match all_real(&outputs) {
            true => Ok((outputs, rows)),
            false => Err(self.complex()),
        }
    }
    /// As [`outputs`](Self::outputs), complex numbers too.
    pub(crate) fn complex_outputs(&self, at: &At<'_>) -> Result<(Vec<Val>, usize)> {
        let results = self.call(at.args.clone(), at.options)?;
        let both = results.into_iter().zip(self.results());
        let outputs: Vec<Val> = both
            .filter(|(_, ty)| ty.has_tangent())
            .map(|(v, ty)| strip_discrete(v, ty))
            .collect();
        let rows = coordinates(&outputs).len();
        Ok((outputs, rows))
    }
    fn complex(&self) -> Error {
        Error::Unsupported {
            what: format!(
                "`{}`: Jacobians and Hessians of complex numbers are not matrices of real ones; use `real_jacobian`, `wirtinger`, `pullback` or `jvp`",
                self.name()
            ),
        }
    }

    /// Calls `put` with the product of the map with each of `n` directions: `seed(k, x)` fills in the real numbers of the `k`-th, which
    /// are zeros, of the structure of `like`. `put` says whether a product has the right length.
    pub(crate) fn products(
        &self,
        of: Linear,
        at: &At<'_>,
        like: &[Val],
        n: usize,
        seed: &dyn Fn(usize, &mut [f64]),
        put: &mut dyn FnMut(usize, &[f64]) -> bool,
    ) -> Result<()> {
        let total = coordinates(like).len();
        let mut xs = vec![0.0; total];
        let mut direction = |k: usize| -> Vec<Val> {
            xs.fill(0.0);
            if k < n {
                seed(k, &mut xs);
            }
            let mut xs = xs.iter().copied();
            like.iter().map(|v| with_reals(v, &mut xs)).collect()
        };
        let mut put = |k: usize, product: &[Val]| {
            let fits = put(k, &coordinates(product));
            fits.then_some(()).ok_or_else(|| unexpected(self))
        };
        if n > 1 && self.batched(of, at, n, &mut direction, &mut put)? {
            return Ok(());
        }
        let pull = match of {
            Linear::Reverse => Some(self.pullback(at.args.clone(), at.wrt, at.options)?.1),
            Linear::Forward | Linear::Hessian => None,
        };
        for k in 0..n {
            let (d, args) = (direction(k), at.args.clone());
            let product = match (&pull, of) {
                (Some(pull), _) => pull.call(d)?,
                (None, Linear::Hessian) => self.hessian_vector(args, d, at.wrt, at.options)?.1,
                (None, Linear::Forward | Linear::Reverse) => {
                    self.jvp(args, d, at.wrt, at.options)?.1
                }
            };
            put(k, &product)?;
        }
        Ok(())
    }
    /// As [`products`](Self::products), several directions at a time; `false` if that cannot be, and nothing was done.
    fn batched(
        &self,
        of: Linear,
        at: &At<'_>,
        n: usize,
        direction: &mut dyn FnMut(usize) -> Vec<Val>,
        put: &mut dyn FnMut(usize, &[Val]) -> Result<()>,
    ) -> Result<bool> {
        let lanes = n.next_power_of_two().min(LANES);
        let request = Request::Batched(of, lanes as u32);
        let compiled = match self.compiled(request, at.wrt, at.options) {
            Ok(c) => c,
            Err(Error::Unsupported { .. }) => return Ok(false),
            Err(e) => return Err(e),
        };
        let chosen = self.chosen(at.wrt)?;
        let params: Vec<Type> = chosen
            .iter()
            .map(|&p| self.params()[p as usize].tangent())
            .collect();
        let results = self.results().iter();
        let results: Vec<Type> = results
            .filter(|t| t.has_tangent())
            .map(Type::tangent)
            .collect();
        let (from, to) = match of {
            Linear::Forward => (&params, &results),
            Linear::Reverse => (&results, &params),
            Linear::Hessian => (&params, &params),
        };
        for first in (0..n).step_by(lanes) {
            let all: Vec<Vec<Val>> = (first..first + lanes).map(&mut *direction).collect();
            let mut joined = Vec::with_capacity(from.len());
            for (k, ty) in from.iter().enumerate() {
                let column: Option<Vec<Val>> = all.iter().map(|d| d.get(k).cloned()).collect();
                let one = column.and_then(|c| join_lanes(&c, ty, &AXES));
                match one {
                    Some(v) => joined.push(v),
                    None if first == 0 => return Ok(false),
                    None => return Err(unexpected(self)),
                }
            }
            let given = Given::Values(at.args.clone(), joined);
            let out = match self.run(compiled, given, at.options.limits()) {
                Err(Error::Unsupported { .. }) if first == 0 => return Ok(false),
                out => out?,
            };
            let mut split = Vec::with_capacity(out.len());
            for (v, ty) in out.iter().zip(to) {
                let lanes = split_lanes(v, ty, &AXES, lanes);
                split.push(lanes.ok_or_else(|| unexpected(self))?);
            }
            for k in first..n.min(first + lanes) {
                let product: Vec<Val> = split.iter().map(|s| s[k - first].clone()).collect();
                put(k, &product)?;
            }
        }
        Ok(true)
    }
}

/// Where directions and products hold the lanes.
const AXES: Axes = Axes::At(0);

/// Adds the function from the primals and `lanes` directions to as many products.
pub(crate) fn batch(
    m: &mut Module,
    f: FuncId,
    of: Linear,
    lanes: u32,
    chosen: &[u32],
    how: ad::Options,
) -> Result<FuncId> {
    let primals = m.funcs[f].params().len();
    let results = m.funcs[f].results.len();
    let (d, before) = match of {
        Linear::Forward => (
            ad::derive_with(m, f, DeriveKind::Jvp, chosen, how)?,
            results,
        ),
        Linear::Reverse => (
            ad::derive_with(m, f, DeriveKind::Vjp, chosen, how)?,
            results,
        ),
        Linear::Hessian => {
            let g = ad::derive_with(m, f, DeriveKind::Gradient, chosen, how)?;
            let h = ad::derive_with(m, g, DeriveKind::Jvp, chosen, how)?;
            (h, chosen.len())
        }
    };
    // Only the products are asked for.
    let (params, types) = (m.funcs[d].param_types(), m.funcs[d].results.clone());
    let name = m.fresh_name(&format!("{}.products", m.funcs[f].name));
    let mut b = Builder::new(name, &params);
    let args = b.params();
    let out = b.call(d, &args, &types);
    let linear = b.finish(&out[before.min(out.len())..])?;
    let linear = m.funcs.push(linear);
    let spec = Spec {
        args: (0..params.len())
            .map(|k| if k < primals { Axes::Same } else { AXES })
            .collect(),
        out: AXES,
        lanes: Dim::Known(u64::from(lanes)),
        strategy: Strategy::Lockstep,
        guard: true,
    };
    let batched = vmap(m, linear, &spec);
    batched.map_err(|e| Error::Unsupported {
        what: e.to_string(),
    })
}

/// The `k`-th unit vector.
pub(crate) fn unit(k: usize, xs: &mut [f64]) {
    if let Some(x) = xs.get_mut(k) {
        *x = 1.0;
    }
}

/// In forward mode, or in reverse mode; in the other where the function has a derivative in that one only.
pub(crate) fn either<T>(
    forward_first: bool,
    forward: impl FnOnce() -> Result<T>,
    reverse: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let other = |first: AdError, other: Result<T>| match other {
        Err(Error::Ad(_)) => Err(first.into()),
        other => other,
    };
    if forward_first {
        match forward() {
            Err(Error::Ad(e)) => other(e, reverse()),
            done => done,
        }
    } else {
        match reverse() {
            Err(Error::Ad(e)) => other(e, forward()),
            done => done,
        }
    }
}

fn all_real(vals: &[Val]) -> bool {
    vals.iter().all(|v| read_reals(v, &mut Vec::new()))
}
