//! Values as seen from outside: their shapes in messages, and their real numbers in order.

use cotangent_core::ir::Type;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use num_complex::Complex;
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
    let mut real = true;
    v.each_float(&mut |x, im| {
        out.push(x);
        real &= im.is_none();
        out.extend(im);
    });
    real
}

/// The real coordinates of a value in order; of a complex number its real and its imaginary part. What is no floating-point number is
/// left out.
pub(crate) fn coordinates(vals: &[Val]) -> Vec<f64> {
    let mut out = Vec::new();
    for v in vals {
        read_reals(v, &mut out);
    }
    out
}

/// Whether there are numbers of single precision.
pub(crate) fn is_single(v: &Val) -> bool {
    match v {
        Val::Unit => false,
        Val::Scalar(s) => matches!(s, Scalar::F32(_) | Scalar::C64(_)),
        Val::Tensor(t) => matches!(t.data, Data::F32(_) | Data::C64(_)),
        Val::Record(vs) | Val::Seq(vs) => vs.iter().any(is_single),
        Val::Stack(s) => s.iter().any(|v| is_single(&v)),
    }
}

/// Where in a value its `k`-th real coordinate is, as a Rust program would write it: `.1[3]`, `[0][2].re`. Counts `k` down; `None` if there
/// are fewer.
pub(crate) fn path_of(v: &Val, k: &mut usize) -> Option<String> {
    match v {
        Val::Unit => None,
        Val::Scalar(s) => {
            let complex = matches!(s, Scalar::C64(_) | Scalar::C128(_));
            let n = coordinates(std::slice::from_ref(v)).len();
            if *k < n {
                let part = [".re", ".im"][*k % 2];
                return Some(if complex { part.into() } else { String::new() });
            }
            *k -= n;
            None
        }
        Val::Tensor(t) => {
            let complex = matches!(t.data, Data::C64(_) | Data::C128(_));
            let n = coordinates(std::slice::from_ref(v)).len();
            if *k >= n {
                *k -= n;
                return None;
            }
            let (mut at, part) = if complex { (*k / 2, *k % 2) } else { (*k, 0) };
            let mut index = Vec::new();
            for &extent in t.shape.iter().rev() {
                index.push(at % extent.max(1));
                at /= extent.max(1);
            }
            let mut s: String = index.iter().rev().map(|i| format!("[{i}]")).collect();
            if complex {
                s.push_str([".re", ".im"][part]);
            }
            Some(s)
        }
        Val::Record(vs) => vs
            .iter()
            .enumerate()
            .find_map(|(i, v)| Some(format!(".{i}{}", path_of(v, k)?))),
        Val::Seq(vs) => vs
            .iter()
            .enumerate()
            .find_map(|(i, v)| Some(format!("[{i}]{}", path_of(v, k)?))),
        Val::Stack(s) => s
            .iter()
            .enumerate()
            .find_map(|(i, v)| Some(format!("[{i}]{}", path_of(&v, k)?))),
    }
}

/// A value of the structure of `like` with these real coordinates in order (0 where they run out); what is no floating-point number stays.
pub(crate) fn with_reals(like: &Val, xs: &mut dyn Iterator<Item = f64>) -> Val {
    let mut next = || xs.next().unwrap_or(0.0);
    match like {
        Val::Scalar(Scalar::F64(_)) => Val::from(next()),
        Val::Scalar(Scalar::F32(_)) => Val::from(next() as f32),
        Val::Scalar(Scalar::C128(_)) => Val::from(Complex::new(next(), next())),
        Val::Scalar(Scalar::C64(_)) => Val::from(Complex::new(next() as f32, next() as f32)),
        Val::Unit | Val::Scalar(_) => like.clone(),
        Val::Tensor(t) => {
            let n = t.data.len();
            let data = match &t.data {
                Data::F64(_) => Data::F64((0..n).map(|_| next()).collect()),
                Data::F32(_) => Data::F32((0..n).map(|_| next() as f32).collect()),
                Data::C128(_) => Data::C128((0..n).map(|_| Complex::new(next(), next())).collect()),
                Data::C64(_) => {
                    let mut single = || next() as f32;
                    Data::C64((0..n).map(|_| Complex::new(single(), single())).collect())
                }
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

/// The zero of that structure.
pub(crate) fn zero(like: &Val) -> Val {
    with_reals(like, &mut std::iter::empty())
}
