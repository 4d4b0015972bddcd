//! Arguments and results of batched functions as run-time values: one value of many, and back. For those who test.

use super::Axes;
use crate::ir::Type;
use crate::value::{Data, Tensor, Val, elements};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// One argument of the values that it has in each lane (at least one), of type `ty`. `None` if they cannot be held so:
/// tensors along an axis must be of one shape. If all lanes share the argument, it is the first value.
///
/// ```
/// use cotangent_core::ir::DType;
/// use cotangent_core::transform::vmap::{Axes, join_lanes, split_lanes};
/// use cotangent_core::value::Val;
/// let lanes = [Val::from(1.0), Val::from(2.0)];
/// let v = join_lanes(&lanes, &DType::F64.into(), &Axes::At(0)).unwrap();
/// assert!(v.same_bits(&Val::vector(vec![1.0, 2.0])));
/// let back = split_lanes(&v, &DType::F64.into(), &Axes::At(0), 2).unwrap();
/// assert!(back[1].same_bits(&lanes[1]));
/// ```
pub fn join_lanes(lanes: &[Val], ty: &Type, axes: &Axes) -> Option<Val> {
    let first = lanes.first()?;
    match (axes, ty) {
        (Axes::Same, _) => Some(first.clone()),
        (Axes::Rows, Type::Tensor(_)) if ty.is_static() => stack(lanes, 0),
        (Axes::At(k), Type::Tensor(_)) => stack(lanes, *k as usize),
        (Axes::At(_) | Axes::Fields(_), Type::Record(ts)) => {
            let mut fields = Vec::new();
            for (k, t) in ts.iter().enumerate() {
                let of = |v: &Val| match v {
                    Val::Record(fs) => fs.get(k).cloned(),
                    _ => None,
                };
                let column: Option<Vec<Val>> = lanes.iter().map(of).collect();
                fields.push(join_lanes(&column?, t, super::entry::axes_of(axes, k))?);
            }
            Some(Val::record(fields))
        }
        (Axes::Rows | Axes::At(0), _) => Some(Val::Seq(Arc::new(lanes.to_vec()))),
        (Axes::At(_) | Axes::Fields(_), _) => None,
    }
}

/// The values in each of `n` lanes of a result of type `ty` (the type for one lane). `None` if it is not one of these.
pub fn split_lanes(v: &Val, ty: &Type, axes: &Axes, n: usize) -> Option<Vec<Val>> {
    match (axes, ty, v) {
        (Axes::Same, _, _) => Some(alloc::vec![v.clone(); n]),
        (_, Type::Record(ts), _) if ts.is_empty() => Some(alloc::vec![Val::Unit; n]),
        (Axes::At(_) | Axes::Fields(_), Type::Record(ts), Val::Record(fs)) => {
            let mut columns = Vec::new();
            for (k, (t, f)) in ts.iter().zip(fs.iter()).enumerate() {
                columns.push(split_lanes(f, t, super::entry::axes_of(axes, k), n)?);
            }
            let lane = |l: usize| Val::record(columns.iter().map(|c| c[l].clone()).collect());
            Some((0..n).map(lane).collect())
        }
        (_, _, Val::Seq(vs)) => (vs.len() == n).then(|| vs.to_vec()),
        (Axes::At(k), Type::Tensor(_), Val::Tensor(t)) => unstack(t, *k as usize, n),
        (Axes::Rows, Type::Tensor(_), Val::Tensor(t)) => unstack(t, 0, n),
        _ => None,
    }
}

/// Tensors of one shape along a new axis.
fn stack(lanes: &[Val], axis: usize) -> Option<Val> {
    let of = |v: &Val| match v {
        Val::Scalar(s) => Some((Vec::new(), Data::splat(*s, 1)?)),
        Val::Tensor(t) => Some((t.shape.clone(), t.data.clone())),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => None,
    };
    let all: Option<Vec<(Vec<usize>, Data)>> = lanes.iter().map(of).collect();
    let all = all?;
    let (shape, first) = all.first()?;
    if axis > shape.len()
        || all
            .iter()
            .any(|(s, d)| s != shape || d.dtype() != first.dtype())
    {
        return None;
    }
    let (outer, inner) = (elements(&shape[..axis])?, elements(&shape[axis..])?);
    let mut data = Data::with_capacity(first.dtype(), lanes.len() * outer * inner)?;
    for o in 0..outer {
        for (_, d) in &all {
            data.extend_from(d, o * inner..(o + 1) * inner);
        }
    }
    let mut full = shape.clone();
    full.insert(axis, lanes.len());
    Tensor::new(full, data).map(Val::tensor)
}

fn unstack(t: &Tensor, axis: usize, n: usize) -> Option<Vec<Val>> {
    if t.shape.get(axis) != Some(&n) {
        return None;
    }
    let mut shape = t.shape.clone();
    shape.remove(axis);
    let (outer, inner) = (elements(&shape[..axis])?, elements(&shape[axis..])?);
    let mut out = Vec::new();
    for l in 0..n {
        let mut data = Data::with_capacity(t.dtype(), outer * inner)?;
        for o in 0..outer {
            let at = (o * n + l) * inner;
            data.extend_from(&t.data, at..at + inner);
        }
        out.push(Val::tensor(Tensor::new(shape.clone(), data)?));
    }
    Some(out)
}
