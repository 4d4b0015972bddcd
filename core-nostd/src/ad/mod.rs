//! Automatic differentiation of lowered functions; the result is IR again, so it composes to any order.
//!
//! * [`jvp`](mod@self::jvp): tangents beside primals, by one rule per op (`ops::jvp`) and one per control op.
//! * reverse mode: the jvp is split into a nonlinear and a linear part (`linear`), the linear part is transposed
//!   (`backward`: the backward function, and which residuals it needs), and the nonlinear part is completed by code that
//!   saves those residuals (`forward`).
//!
//! Invariants: derivative functions are closed (no state beyond parameters and results), so perturbation confusion
//! cannot be expressed; the generated functions pass the verifier; a linear value that is not marked so is a zero.

mod activity;
mod adjoint;
mod backward;
pub mod check;
pub mod checkpoint;
mod columns;
mod demand;
mod expand;
mod explain;
mod extent;
pub(crate) mod extremes;
mod forward;
mod fuse;
mod induction;
mod invariant;
mod jvp;
mod keep;
mod linear;
mod mincut;
mod outline;
mod plan;
mod prepare;
mod reads;
mod recipe;
mod residual;
mod reverse;
mod single;
pub mod sums;
mod unmap;

pub use expand::{expand, expand_with, is_expanded};
pub use explain::{LoopResiduals, Residual, explain};

use crate::entity::{FuncId, Value};
use crate::error::AdError;
use crate::ir::{Builder, DType, DeriveKind, Module, Type};
use crate::transform::vmap::{Axes, Spec, Strategy, vmap};
use alloc::format;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Which parameters (or results) are meant.
pub(crate) type Mask = Vec<bool>;

/// How derivatives are made, where there is a choice.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Heavy sums by ranges ([`sums`]), which executors with threads of their own run at the same time. Their number depends on the run, so an
    /// executor that wants every extent before it cannot have them.
    pub ranges: bool,
    /// Gradients of loops with respect to one number in forward mode, which saves nothing in a loop. The last bits may be others than reverse mode's.
    pub forward: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            ranges: true,
            forward: false,
        }
    }
}

/// One derivation: the module and what has been made so far.
pub(crate) struct Ad<'m> {
    pub(crate) m: &'m mut Module,
    pub(crate) options: Options,
    pub(crate) activity: activity::Activity,
    pub(crate) jvps: HashMap<jvp::JvpKey, jvp::Jvp>,
    pub(crate) jvp_keys: HashMap<FuncId, jvp::JvpKey>,
    pub(crate) pending_jvps: Vec<jvp::JvpKey>,
    pub(crate) plain: HashMap<FuncId, FuncId>,
    /// The primal part of the signatures of jvp functions and of users' jvp rules.
    pub(crate) shapes: HashMap<FuncId, reverse::JvpShape>,
    pub(crate) pairs: reverse::Pairs,
    /// What each loop saves, with its place in the report, if somebody wants to know.
    pub(crate) report: Option<Vec<((core::cmp::Reverse<usize>, usize), LoopResiduals)>>,
    /// The rules of functions marked forward, by the parameters that are active.
    pub(crate) columns: HashMap<(FuncId, Mask), FuncId>,
    /// The jvp functions whose linear part has been rewritten.
    pub(crate) rewritten: hashbrown::HashSet<FuncId>,
}

impl<'m> Ad<'m> {
    fn new(m: &'m mut Module, options: Options) -> Ad<'m> {
        Ad {
            options,
            pairs: reverse::Pairs::default(),
            report: None,
            rewritten: hashbrown::HashSet::new(),
            shapes: HashMap::new(),
            columns: HashMap::new(),
            m,
            activity: activity::Activity::default(),
            jvps: HashMap::new(),
            jvp_keys: HashMap::new(),
            pending_jvps: Vec::new(),
            plain: HashMap::new(),
        }
    }

    fn locate(&self, e: AdError, d: &crate::ir::InstData) -> AdError {
        match e {
            AdError::NotDifferentiable { op, why, .. } => AdError::NotDifferentiable {
                op,
                why,
                file: self.m.files.get(d.span.file).cloned().unwrap_or_default(),
                line: d.span.line,
                col: d.span.col,
            },
            other => other,
        }
    }
}

/// Adds to the module the derivative of `f` of that kind with respect to the parameters `wrt` (ascending), and returns it.
///
/// The signature is that of [`DeriveKind`]. The module must be lowered (see [`crate::pass::lower`]); the result is lowered and
/// optimised. Asking again for the same derivative makes it again: callers cache.
///
/// ```
/// use cotangent_core::{ad, interp::{Limits, Program}, ir::{Builder, DType, DeriveKind, Module, UnaryOp}, value::Val};
/// let mut b = Builder::new("f", &[DType::F64.into()]);
/// let x = b.params()[0];
/// let y = b.unary(UnaryOp::Sin, x);
/// let mut m = Module::new();
/// let f = m.funcs.push(b.finish(&[y]).unwrap());
/// let g = ad::derive(&mut m, f, DeriveKind::Gradient, &[0]).unwrap();
/// let out = Program::new(&m).run(g, vec![Val::from(0.0)], &Limits::default()).unwrap();
/// assert!(out[0].same_bits(&Val::from(1.0)));
/// ```
///
/// # Errors
/// [`AdError`] if a parameter does not exist or has no tangent space, the result is not a float scalar where a gradient
/// is asked for, or an op on the way has no derivative.
pub fn derive(m: &mut Module, f: FuncId, kind: DeriveKind, wrt: &[u32]) -> Result<FuncId, AdError> {
    derive_with(m, f, kind, wrt, Options::default())
}

/// As [`derive()`], with a choice of how.
///
/// # Errors
/// As for [`derive()`].
pub fn derive_with(
    m: &mut Module,
    f: FuncId,
    kind: DeriveKind,
    wrt: &[u32],
    how: Options,
) -> Result<FuncId, AdError> {
    if kind == DeriveKind::Batch {
        return batch(m, f, wrt);
    }
    let mask = check(m, f, kind, wrt)?;
    let first = m.funcs.next_key();
    let f = through_a_call(m, f);
    let id = match kind {
        DeriveKind::Batch => f,
        DeriveKind::Jvp => Ad::new(m, how).wrap_jvp(f, mask)?,
        DeriveKind::Gradient | DeriveKind::ValueAndGradient | DeriveKind::Vjp => {
            let (f, ranges) = prepare::prepare(m, f, &mask, how)?;
            let forward = how.forward && kind != DeriveKind::Vjp && ranges.is_empty();
            if forward && single::pays(&m.funcs[f], &mask) {
                Ad::new(m, how).forward_gradient(f, kind, mask)?
            } else {
                Ad::new(m, how).wrap_reverse(f, kind, mask)?
            }
        }
    };
    expand::expand_from(m, first, how)?;
    Ok(crate::pass::optimize_from(m, first, &[id])[0])
}

/// The function that [`DeriveKind::Batch`] asks for.
fn batch(m: &mut Module, f: FuncId, wrt: &[u32]) -> Result<FuncId, AdError> {
    let n = m.funcs[f].params().len() as u32;
    if let Some(&index) = wrt.iter().find(|&&k| k >= n) {
        let func = m.funcs[f].name.clone();
        return Err(AdError::Parameter {
            func,
            index,
            ty: None,
        });
    }
    let axes = |k: u32| {
        if wrt.contains(&k) {
            Axes::Rows
        } else {
            Axes::Same
        }
    };
    let spec = Spec {
        out: Axes::Rows,
        strategy: Strategy::Auto,
        ..Spec::new((0..n).map(axes))
    };
    vmap(m, f, &spec).map_err(AdError::Batch)
}

/// The two halves of a reverse-mode derivative, for a pullback that is called later.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Vjp {
    /// Takes the primals; returns the results, then the residuals.
    pub forward: FuncId,
    /// Takes a cotangent for each result that has a tangent space, then the residuals; returns the cotangents of the
    /// chosen parameters.
    pub backward: FuncId,
    /// How many residuals there are.
    pub residuals: usize,
}

/// As [`derive()`] with [`DeriveKind::Vjp`], in two functions.
///
/// # Errors
/// As for [`derive()`].
pub fn vjp(m: &mut Module, f: FuncId, wrt: &[u32]) -> Result<Vjp, AdError> {
    vjp_with(m, f, wrt, Options::default())
}

/// As [`vjp`], with a choice of how.
///
/// # Errors
/// As for [`derive()`].
pub fn vjp_with(m: &mut Module, f: FuncId, wrt: &[u32], how: Options) -> Result<Vjp, AdError> {
    let mask = check(m, f, DeriveKind::Vjp, wrt)?;
    let first = m.funcs.next_key();
    let f = through_a_call(m, f);
    let (f, _) = prepare::prepare(m, f, &mask, how)?;
    let v = Ad::new(m, how).split(f, mask)?;
    expand::expand_from(m, first, how)?;
    let roots = crate::pass::optimize_from(m, first, &[v.forward, v.backward]);
    Ok(Vjp {
        forward: roots[0],
        backward: roots[1],
        residuals: v.residuals,
    })
}

/// A function that calls `f`, if `f` has a rule of its own: rules are applied where a function is called.
fn through_a_call(m: &mut Module, f: FuncId) -> FuncId {
    let func = &m.funcs[f];
    if func.rule.is_none() {
        return f;
    }
    let (params, results) = (func.param_types(), func.results.clone());
    let mut b = Builder::new(m.fresh_name(&format!("{}.ruled", func.name)), &params);
    b.func.span = func.span;
    let args = b.params();
    let out = b.call(f, &args, &results);
    let body = b.func.body;
    b.func.regions[body].yields = out;
    b.func.results = results;
    m.funcs.push(b.func)
}

/// The mask of the chosen parameters, if the derivative makes sense.
fn check(m: &Module, f: FuncId, kind: DeriveKind, wrt: &[u32]) -> Result<Mask, AdError> {
    let func = &m.funcs[f];
    let params = func.params();
    let mut mask = alloc::vec![false; params.len()];
    if wrt.windows(2).any(|w| w[0] >= w[1]) {
        return Err(AdError::Order {
            func: func.name.clone(),
        });
    }
    for &k in wrt {
        let ty = params.get(k as usize).map(|&v| func.ty(v).clone());
        match ty {
            Some(t) if t.has_tangent() => mask[k as usize] = true,
            ty => {
                return Err(AdError::Parameter {
                    func: func.name.clone(),
                    index: k,
                    ty,
                });
            }
        }
    }
    let gradient = matches!(kind, DeriveKind::Gradient | DeriveKind::ValueAndGradient);
    let scalar = |t: &Type| t.is_scalar() && t.dtype().is_some_and(DType::is_float);
    if gradient && !(func.results.len() == 1 && scalar(&func.results[0])) {
        return Err(AdError::NotScalar {
            func: func.name.clone(),
            results: func.results.clone(),
        });
    }
    Ok(mask)
}

impl Ad<'_> {
    /// The jvp with tangents for all results that have a tangent space, zeros where inactive.
    fn wrap_jvp(&mut self, f: FuncId, mask: Mask) -> Result<FuncId, AdError> {
        let key = jvp::JvpKey {
            func: f,
            mask: mask.clone(),
            reverse: false,
        };
        let id = self.jvp(&key)?;
        let outs = self.jvps[&key].outs.clone();
        let func = &self.m.funcs[f];
        let n = func.results.len();
        let mut params = func.param_types();
        let tangents: Vec<Type> = jvp::select(&params, &mask).map(Type::tangent).collect();
        params.extend(tangents);
        let name = self.m.fresh_name(&format!("{}.jvp_of", func.name));
        let mut b = Builder::new(name, &params);
        let results = self.m.funcs[id].results.clone();
        let args = b.params();
        let ys = b.call(id, &args, &results);
        let mut out: Vec<Value> = ys[..n].to_vec();
        let mut next = n;
        for k in 0..n {
            if !b.ty(ys[k]).has_tangent() {
                continue;
            }
            if outs[k] {
                out.push(ys[next]);
                next += 1;
            } else {
                let z = b.inst1(crate::ir::TangentOp::ZerosLike, &[ys[k]]);
                out.push(z);
            }
        }
        let func = b.finish(&out).map_err(AdError::Build)?;
        Ok(self.m.funcs.push(func))
    }
}
