//! What is asked of a program, before derivatives are taken: the function itself, a derivative, the halves of a pullback, products in batches.
//!
//! [`Executor::prepare_task`] gets a [`Task`]. Most executors have it made at once, for arguments of any extents; one that specialises keeps it,
//! and has it made of a sharper version of the function when it knows the arguments ([`Task::make`]).
//!
//! [`Executor::prepare_task`]: crate::Executor::prepare_task

use crate::error::{Error, Result};
use crate::executor::Prepared;
use crate::jacobian::{Linear, batch};
use cotangent_core::ad;
use cotangent_core::error::TypeError;
use cotangent_core::ir::{Builder, DeriveKind, Dim, FuncId, Module, Type};
use cotangent_core::{pass, verify};
use std::sync::Arc;

/// What is compiled.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Request {
    Call,
    Derive(DeriveKind),
    /// Forward and backward halves.
    Pullback,
    /// The jvp of the gradient.
    HessianVector,
    /// Products with that many directions at once.
    Batched(Linear, u32),
}

/// A program, and what is asked for of one of its functions.
#[derive(Clone, Debug)]
pub struct Task {
    pub(crate) module: Arc<Module>,
    pub(crate) unexpanded: Option<Arc<Module>>,
    pub(crate) func: FuncId,
    pub(crate) request: Request,
    /// The parameters that derivatives are taken with respect to.
    pub(crate) chosen: Vec<u32>,
}

/// What was asked for, as functions of a module.
#[derive(Clone, Debug)]
pub struct Made {
    /// The module, without what is not needed.
    pub module: Module,
    /// What is called: its first parameters are those of the function.
    pub entry: FuncId,
    /// The second half of a pullback. It takes cotangents of the results that have them, and then what the first half returned after the results.
    pub backward: Option<FuncId>,
}

/// What was asked for, ready to run; functions are named as in [`Made`].
#[derive(Clone, Debug)]
pub struct Ready {
    /// What runs.
    pub prepared: Arc<dyn Prepared>,
    /// See [`Made::entry`].
    pub entry: FuncId,
    /// See [`Made::backward`].
    pub backward: Option<FuncId>,
}

impl Task {
    /// The program, verified and lowered.
    pub fn module(&self) -> &Module {
        &self.module
    }
    /// The program before derivatives that it takes itself were made: with calls of them (`derive`).
    pub fn unexpanded(&self) -> &Module {
        self.unexpanded.as_ref().unwrap_or(&self.module)
    }
    /// The function, by the same number in both programs.
    pub fn func(&self) -> FuncId {
        self.func
    }
    /// Whether derivatives are to be taken.
    pub fn derives(&self) -> bool {
        self.request != Request::Call
    }
    /// The types of the results, before residuals, and of those of the second half of a pullback.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if there is no such derivative.
    pub(crate) fn gives(&self) -> Result<(Vec<Type>, Vec<Type>)> {
        let f = &self.module.funcs[self.func];
        let (params, results) = (f.param_types(), f.results.clone());
        let of = |params: &[Type], results: &[Type], kind| {
            let made = verify::derived(params, results, kind, &self.chosen);
            made.map_err(|what| Error::Unsupported { what })
        };
        let derived = |kind| of(&params, &results, kind);
        let forward = match self.request {
            Request::Call => results.clone(),
            Request::Derive(kind) => derived(kind)?,
            Request::HessianVector => {
                let gradient = derived(DeriveKind::Gradient)?;
                of(&params, &gradient, DeriveKind::Jvp)?
            }
            // One for each lane of what is linear.
            Request::Batched(by, _) => {
                let (all, before) = match by {
                    Linear::Forward => (derived(DeriveKind::Jvp)?, results.len()),
                    Linear::Reverse => (derived(DeriveKind::Vjp)?, results.len()),
                    Linear::Hessian => {
                        let gradient = derived(DeriveKind::Gradient)?;
                        let both = of(&params, &gradient, DeriveKind::Jvp)?;
                        (both, gradient.len())
                    }
                };
                let products = all.into_iter().skip(before);
                products.map(|t| t.array_of(Dim::Dynamic)).collect()
            }
            Request::Pullback => return Ok((results.clone(), self.cotangents(&params))),
        };
        Ok((forward, Vec::new()))
    }
    /// The types of the cotangents of the chosen parameters.
    fn cotangents(&self, params: &[Type]) -> Vec<Type> {
        let chosen = self.chosen.iter().filter_map(|&k| params.get(k as usize));
        chosen.map(Type::tangent).collect()
    }
    /// What is asked for, of `func` in `m`: the function, or a version of it that takes some of its arguments only.
    ///
    /// # Errors
    /// [`Error::Ad`] if there is no such derivative, [`Error::Unsupported`] if it cannot be batched.
    pub fn make(&self, m: Module, func: FuncId, how: ad::Options) -> Result<Made> {
        self.make_with(m, func, how, true)
    }
    /// As [`make`](Self::make), for an executor that cannot hand over stacks: where the first half of a pullback would leave some, the second half runs
    /// the function again.
    ///
    /// # Errors
    /// See [`make`](Self::make).
    pub fn make_without_stacks(&self, m: Module, func: FuncId, how: ad::Options) -> Result<Made> {
        self.make_with(m, func, how, false)
    }
    fn make_with(
        &self,
        mut m: Module,
        func: FuncId,
        how: ad::Options,
        stacks: bool,
    ) -> Result<Made> {
        let chosen = &self.chosen;
        let (entry, backward) = match self.request {
            Request::Call => (func, None),
            Request::Derive(kind) => (ad::derive_with(&mut m, func, kind, chosen, how)?, None),
            Request::HessianVector => {
                let g = ad::derive_with(&mut m, func, DeriveKind::Gradient, chosen, how)?;
                let h = ad::derive_with(&mut m, g, DeriveKind::Jvp, chosen, how)?;
                (h, None)
            }
            Request::Batched(of, lanes) => (batch(&mut m, func, of, lanes, chosen, how)?, None),
            Request::Pullback => {
                let before = (!stacks).then(|| m.clone());
                let v = ad::vjp_with(&mut m, func, chosen, how)?;
                let left = &m.funcs[v.forward].results;
                match before {
                    Some(before) if left.iter().any(has_stack) => {
                        m = before;
                        let (forward, backward) = again(&mut m, func, chosen, how)?;
                        (forward, Some(backward))
                    }
                    _ => (v.forward, Some(v.backward)),
                }
            }
        };
        // What only led here is not to be compiled.
        let roots: Vec<FuncId> = [Some(entry), backward].into_iter().flatten().collect();
        let kept = pass::prune::prune(&mut m, &roots);
        let lost = || Error::Internal("a function was lost by pruning".into());
        let entry = kept[entry].ok_or_else(lost)?;
        let backward = backward.map(|b| kept[b].ok_or_else(lost)).transpose()?;
        if cfg!(debug_assertions) {
            valid(&m).map_err(Error::Internal)?;
        }
        Ok(Made {
            module: m,
            entry,
            backward,
        })
    }
}

/// A pullback whose second half runs the function again: what its first half leaves are the arguments. For who cannot hand over stacks.
///
/// # Errors
/// [`Error::Ad`] if there is no such derivative.
fn again(
    m: &mut Module,
    func: FuncId,
    chosen: &[u32],
    how: ad::Options,
) -> Result<(FuncId, FuncId)> {
    let f = &m.funcs[func];
    let (name, params, results) = (f.name.clone(), f.param_types(), f.results.clone());
    let wrong = |e: TypeError| Error::Internal(e.to_string());
    let mut b = Builder::new(m.fresh_name(&format!("{name}.pull_forward")), &params);
    let args = b.params();
    let mut out = b.call(func, &args, &results);
    out.extend(&args);
    let forward = b.finish(&out).map_err(wrong)?;
    let forward = m.funcs.push(forward);
    let vjp = ad::derive_with(m, func, DeriveKind::Vjp, chosen, how)?;
    // Cotangents first, as in the other kind.
    let (takes, gives) = (m.funcs[vjp].param_types(), m.funcs[vjp].results.clone());
    let cotangents = &takes[params.len()..];
    let order: Vec<Type> = cotangents.iter().chain(&params).cloned().collect();
    let mut b = Builder::new(m.fresh_name(&format!("{name}.pull_backward")), &order);
    let given = b.params();
    let (cotangents, primals) = given.split_at(cotangents.len());
    let args: Vec<_> = primals.iter().chain(cotangents).copied().collect();
    let out = b.call(vjp, &args, &gives);
    let backward = b.finish(&out[results.len()..]).map_err(wrong)?;
    Ok((forward, m.funcs.push(backward)))
}

/// Whether there are stacks in it.
fn has_stack(ty: &Type) -> bool {
    match ty {
        Type::Tensor(_) => false,
        Type::Record(fields) => fields.iter().any(has_stack),
        Type::Seq(item) => has_stack(item),
        Type::Stack(_) => true,
    }
}

/// What the verifier finds first, as text.
pub(crate) fn valid(module: &Module) -> core::result::Result<(), String> {
    cotangent_core::verify::verify(module).map_err(|errors| match errors.first() {
        Some(e) => e.to_string(),
        None => String::from("the verifier refused it"),
    })
}
