//! What the signature of a derivative or of a derivative rule must be, given the function's.

use super::Signature;
use crate::ir::{CustomRule, DeriveKind, Dim, Type};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

fn tangents<'a>(types: impl Iterator<Item = &'a Type>) -> impl Iterator<Item = Type> {
    types.filter(|t| t.has_tangent()).map(Type::tangent)
}

/// The signature of a derivative of `f`, or why there is none.
pub(super) fn derivative(
    f: &Signature,
    kind: DeriveKind,
    wrt: &[u32],
) -> Result<Signature, String> {
    if !wrt.is_sorted_by(|a, b| a < b) {
        return Err("the chosen parameters must ascend".into());
    }
    if kind == DeriveKind::Batch {
        return batch(f, wrt);
    }
    let mut chosen: Vec<Type> = Vec::new();
    for &k in wrt {
        match f.params.get(k as usize) {
            Some(t) if t.has_tangent() => chosen.push(t.tangent()),
            Some(t) => return Err(format!("parameter {k} has type {t} without tangent space")),
            None => return Err(format!("the function has no parameter {k}")),
        }
    }
    let scalar = matches!(f.results.as_slice(), [t] if t.is_scalar() && t.dtype().is_some_and(|d| d.is_float()));
    let mut params = f.params.clone();
    let mut results = Vec::new();
    match kind {
        DeriveKind::Gradient | DeriveKind::ValueAndGradient => {
            if !scalar {
                return Err("a gradient needs a function with one float scalar result".into());
            }
            if kind == DeriveKind::ValueAndGradient {
                results.extend(f.results.iter().cloned());
            }
            results.extend(chosen);
        }
        DeriveKind::Jvp => {
            params.extend(chosen);
            results.extend(f.results.iter().cloned());
            results.extend(tangents(f.results.iter()));
        }
        DeriveKind::Vjp => {
            params.extend(tangents(f.results.iter()));
            results.extend(f.results.iter().cloned());
            results.extend(chosen);
        }
        DeriveKind::Batch => {}
    }
    Ok(Signature { params, results })
}

/// The signature of the batch of `f` over these parameters.
fn batch(f: &Signature, wrt: &[u32]) -> Result<Signature, String> {
    if wrt.is_empty() {
        return Err("a batch needs a parameter that has lanes".into());
    }
    let mut params = f.params.clone();
    for &k in wrt {
        match params.get_mut(k as usize) {
            Some(t) => *t = t.clone().array_of(Dim::Dynamic),
            None => return Err(format!("the function has no parameter {k}")),
        }
    }
    let rows = |t: &Type| t.clone().array_of(Dim::Dynamic);
    let results = f.results.iter().map(rows).collect();
    Ok(Signature { params, results })
}

/// The signature of a rule of `f`.
pub(super) fn rule(f: &Signature, kind: &CustomRule) -> Signature {
    let mut params = f.params.clone();
    let results = match kind {
        CustomRule::Jvp(_) => {
            params.extend(tangents(f.params.iter()));
            let mut results = f.results.clone();
            results.extend(tangents(f.results.iter()));
            results
        }
        CustomRule::Vjp(_) => {
            params.extend(tangents(f.results.iter()));
            tangents(f.params.iter()).collect()
        }
        CustomRule::Forward => f.results.clone(),
    };
    Signature { params, results }
}
