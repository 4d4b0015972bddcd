//! Values as seen from outside: their shapes in messages, and their real numbers in order.

use cotangent_core::ir::Type;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use std::fmt::Write;
use std::sync::Arc;

/// The type of a value, extents as they are, for messages.
pub(crate) fn describe(v: &Val) -> String {
    let mut s = String::new();
    write_type(v, &mut s);
    s
}

fn write_type(v: &Val, s: &mut String) {
    let list = |vs: &[Val], s: &mut String| {
        for (i, v) in vs.iter().enumerate() {
            if i > 0 {
                s.push_str(", ");
            }
            write_type(v, s);
        }
    };
    match v {
        Val::Unit => s.push_str("{}"),
        Val::Scalar(x) => s.push_str(x.dtype().name()),
        Val::Tensor(t) => {
            let _ = write!(s, "{}", t.ty());
        }
        Val::Record(vs) => {
            s.push('{');
            list(vs, s);
            s.push('}');
        }
        Val::Stack(st) => {
            let _ = write!(s, "a stack of {}", st.len());
        }
        Val::Seq(vs) => {
            let _ = write!(s, "a sequence of {}", vs.len());
            if vs.len() <= 4 {
                s.push_str(": ");
                list(vs, s);
            }
        }
    }
}

/// Whether `t` is a tangent of the value `v` of type `ty`: the same extents and lengths, the unit value at what has no
/// tangent space.
pub(crate) fn is_tangent_of(t: &Val, v: &Val, ty: &Type) -> bool {
    if !ty.has_tangent() {
        return matches!(t, Val::Unit);
    }
    match (t, v, ty) {
        (Val::Scalar(a), Val::Scalar(b), Type::Tensor(_)) => a.dtype() == b.dtype(),
        (Val::Tensor(a), Val::Tensor(b), Type::Tensor(_)) => {
            a.shape == b.shape && a.dtype() == b.dtype()
        }
        (Val::Record(a), Val::Record(b), Type::Record(fs)) => {
            a.len() == b.len()
                && a.len() == fs.len()
                && a.iter()
                    .zip(b.iter())
                    .zip(fs.iter())
                    .all(|((a, b), f)| is_tangent_of(a, b, f))
        }
        (Val::Seq(a), Val::Seq(b), Type::Seq(e)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_tangent_of(a, b, e))
        }
        (Val::Stack(a), Val::Stack(b), Type::Stack(e)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|(a, b)| is_tangent_of(&a, &b, e))
        }
        _ => false,
    }
}

/// Adds the real numbers of a tangent, in order. `false` if there are complex ones.
pub(crate) fn read_reals(v: &Val, out: &mut Vec<f64>) -> bool {
    match v {
        Val::Unit => true,
        Val::Scalar(Scalar::F64(x)) => {
            out.push(*x);
            true
        }
        Val::Scalar(Scalar::F32(x)) => {
            out.push(f64::from(*x));
            true
        }
        Val::Scalar(_) => false,
        Val::Tensor(t) => match &t.data {
            Data::F64(xs) => {
                out.extend_from_slice(xs);
                true
            }
            Data::F32(xs) => {
                out.extend(xs.iter().map(|&x| f64::from(x)));
                true
            }
            _ => false,
        },
        Val::Record(vs) | Val::Seq(vs) => vs.iter().all(|v| read_reals(v, out)),
        Val::Stack(s) => s.iter().all(|v| read_reals(&v, out)),
    }
}

/// A tangent of the structure of `like` with these real numbers in order (0 where they run out).
pub(crate) fn with_reals(like: &Val, xs: &mut dyn Iterator<Item = f64>) -> Val {
    let mut next = || xs.next().unwrap_or(0.0);
    match like {
        Val::Scalar(Scalar::F64(_)) => Val::from(next()),
        Val::Scalar(Scalar::F32(_)) => Val::from(next() as f32),
        Val::Unit | Val::Scalar(_) => like.clone(),
        Val::Tensor(t) => {
            let n = t.data.len();
            let data = match &t.data {
                Data::F64(_) => Data::F64((0..n).map(|_| next()).collect()),
                Data::F32(_) => Data::F32((0..n).map(|_| next() as f32).collect()),
                other => other.clone(),
            };
            let shape = t.shape.clone();
            Val::Tensor(Arc::new(Tensor { shape, data }))
        }
        Val::Record(vs) => Val::record(vs.iter().map(|v| with_reals(v, xs)).collect()),
        Val::Seq(vs) => Val::Seq(Arc::new(vs.iter().map(|v| with_reals(v, xs)).collect())),
        Val::Stack(s) => Val::stack(s.iter().map(|v| with_reals(&v, xs))),
    }
}

/// Tangents of that structure that are 0 but for a 1 at the `k`-th real number.
pub(crate) fn basis(like: &[Val], k: usize) -> Vec<Val> {
    let mut xs = (0..=k).map(|i| if i == k { 1.0 } else { 0.0 });
    like.iter().map(|v| with_reals(v, &mut xs)).collect()
}

/// The zero of that structure.
pub(crate) fn zero(like: &Val) -> Val {
    with_reals(like, &mut std::iter::empty())
}
