//! Values and their tangents: the tangent of a leaf has the unit value wherever the leaf has no tangent space
//! ([`Type::tangent`]).
//!
//! The recursion is as deep as the *type* nests, which a Rust type bounds.

use crate::ir::{Dim, Type};
use crate::value::{Data, Scalar, Tensor, Val};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The zero of a type: see [`ConstOp::Default`](crate::ir::ConstOp::Default). What the other variants of an enum hold.
pub fn default_of(ty: &Type) -> Val {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => Val::Scalar(Scalar::zero(t.dtype)),
        Type::Tensor(t) => {
            let shape: Vec<usize> = t
                .shape
                .iter()
                .map(|d| match d {
                    Dim::Known(n) => *n as usize,
                    Dim::Dynamic => 0,
                })
                .collect();
            let data =
                crate::value::elements(&shape).and_then(|n| Data::splat(Scalar::zero(t.dtype), n));
            match data {
                Some(data) => Val::Tensor(Arc::new(Tensor { shape, data })),
                None => Val::Unit,
            }
        }
        Type::Record(fs) => Val::record(fs.iter().map(default_of).collect()),
        Type::Seq(_) => Val::Seq(Arc::new(Vec::new())),
        Type::Stack(_) => Val::stack([]),
    }
}

/// Whether every part of a type has a tangent space, so that its tangents look like its values.
fn all_smooth(ty: &Type) -> bool {
    match ty {
        Type::Tensor(t) => t.dtype.is_differentiable(),
        Type::Record(fs) => fs.iter().all(all_smooth),
        Type::Seq(e) | Type::Stack(e) => all_smooth(e),
    }
}

/// The tangent that a value of type `ty` holds in its floating-point parts: the others become the unit value.
pub fn strip_discrete(v: Val, ty: &Type) -> Val {
    if all_smooth(ty) {
        return v;
    }
    if !ty.has_tangent() {
        return Val::Unit;
    }
    let each = |vs: Arc<Vec<Val>>, e: &Type| -> Arc<Vec<Val>> {
        Arc::new(vs.iter().map(|v| strip_discrete(v.clone(), e)).collect())
    };
    match (v, ty) {
        (Val::Record(vs), Type::Record(fs)) => Val::record(
            vs.iter()
                .zip(fs.iter())
                .map(|(v, f)| strip_discrete(v.clone(), f))
                .collect(),
        ),
        (Val::Seq(vs), Type::Seq(e)) => Val::Seq(each(vs, e)),
        (Val::Stack(s), Type::Stack(e)) => Val::stack(s.iter().map(|v| strip_discrete(v, e))),
        (v, _) => v,
    }
}

/// The inverse of [`strip_discrete`]: a value with the floating-point parts of the tangent `t` and all other parts of `primal`.
pub fn restore_discrete(primal: &Val, t: Val, ty: &Type) -> Val {
    if all_smooth(ty) {
        return t;
    }
    if !ty.has_tangent() {
        return primal.clone();
    }
    let each = |ps: &Arc<Vec<Val>>, ts: Arc<Vec<Val>>, e: &Type| -> Arc<Vec<Val>> {
        Arc::new(
            ps.iter()
                .zip(ts.iter())
                .map(|(p, t)| restore_discrete(p, t.clone(), e))
                .collect(),
        )
    };
    match (primal, t, ty) {
        (Val::Record(ps), Val::Record(ts), Type::Record(fs)) => Val::record(
            ps.iter()
                .zip(ts.iter())
                .zip(fs.iter())
                .map(|((p, t), f)| restore_discrete(p, t.clone(), f))
                .collect(),
        ),
        (Val::Seq(ps), Val::Seq(ts), Type::Seq(e)) => Val::Seq(each(ps, ts, e)),
        (Val::Stack(ps), Val::Stack(ts), Type::Stack(e)) => Val::stack(
            ps.iter()
                .zip(ts.iter())
                .map(|(p, t)| restore_discrete(&p, t, e)),
        ),
        (_, t, _) => t,
    }
}

/// Whether a gradient of a value of that type needs parts of the value itself (see [`restore_discrete`]).
pub fn needs_primal(ty: &Type) -> bool {
    !all_smooth(ty)
}
