//! Shape changes of tensors.
//!
//! Invariant: every result's size is checked against the memory bound before it is made. Derivative rules are in [`rules`].

mod batch;
mod rules;

use super::extent::{
    arity, as_tensor, ascending, axis, confusion, extents, int_scalars, meet, mismatch, no_memory,
    product, room, tensor, unknowns,
};
use super::strided::{View, permuted, viewed, write};
use super::{Args, Effects, EvalCx, Simplified, SimplifyCx};
use crate::error::{TrapKind, Why};
use crate::ir::{DType, Dim, Op, ShapeOp, Type};
use crate::value::{Data, Scalar, Tensor, Val, elements};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

pub(super) use batch::{batch, forms};
pub(super) use rules::{jvp, transpose};

pub(super) fn mnemonic(op: &ShapeOp) -> &'static str {
    match op {
        ShapeOp::Reshape(_) => "reshape",
        ShapeOp::Transpose(_) => "transpose",
        ShapeOp::Broadcast { .. } => "broadcast_in_dim",
        ShapeOp::Concat(_) => "concatenate",
        ShapeOp::Pad(_) => "pad",
        ShapeOp::StridedSlice(_) => "strided_slice",
        ShapeOp::Reverse(_) => "reverse",
        ShapeOp::Iota { .. } => "iota",
    }
}

/// The number of elements, if known.
fn count(shape: &[Dim]) -> Option<u64> {
    shape
        .iter()
        .try_fold(1u64, |n, d| n.checked_mul(d.known()?))
}

/// The number of elements of a padded axis; `None` if negative.
fn padded(n: u64, (low, high, interior): (i64, i64, u64)) -> Option<u64> {
    let gaps = i128::from(n.saturating_sub(1)).saturating_mul(interior.into());
    let total = i128::from(n)
        .saturating_add(gaps)
        .saturating_add(low.into())
        .saturating_add(high.into());
    u64::try_from(total).ok()
}

/// The number of elements of a strided range.
fn strided_len(start: u64, limit: u64, stride: u64) -> u64 {
    (limit - start).div_ceil(stride)
}

fn is_permutation(perm: &[u32], rank: usize) -> Result<(), Why> {
    let mut seen = vec![false; rank];
    for &p in perm {
        if core::mem::replace(&mut seen[axis(p, rank)?], true) {
            return Err(Why::Axis { axis: p, rank });
        }
    }
    Ok(())
}

pub(super) fn infer(op: &ShapeOp, tys: &[Type]) -> Result<Vec<Type>, Why> {
    const SIZES: &str = "the tensor and one extent for each `?`";
    Ok(vec![match op {
        ShapeOp::Reshape(shape) => {
            arity(tys, 1 + unknowns(shape), SIZES)?;
            let t = tensor(tys, 0)?;
            int_scalars(tys, 1)?;
            if let (Some(a), Some(b)) = (count(&t.shape), count(shape))
                && a != b
            {
                return Err(Why::Attribute("the shapes have different sizes"));
            }
            Type::tensor(t.dtype, shape.iter().copied())
        }
        ShapeOp::Transpose(perm) => {
            arity(tys, 1, "1")?;
            let t = tensor(tys, 0)?;
            if perm.len() != t.shape.len() {
                return Err(Why::Attribute("the permutation must name every axis"));
            }
            is_permutation(perm, t.shape.len())?;
            Type::tensor(t.dtype, perm.iter().map(|&p| t.shape[p as usize]))
        }
        ShapeOp::Broadcast { shape, dims } => {
            arity(tys, 1 + unknowns(shape), SIZES)?;
            let t = tensor(tys, 0)?;
            int_scalars(tys, 1)?;
            ascending(dims, shape.len())?;
            if dims.len() != t.shape.len() {
                return Err(Why::Attribute("each operand axis needs a result axis"));
            }
            for (d, &to) in t.shape.iter().zip(dims) {
                if *d != Dim::Known(1) && d.meet(shape[to as usize]).is_none() {
                    return Err(Why::Attribute(
                        "an operand extent is neither 1 nor the result's",
                    ));
                }
            }
            Type::tensor(t.dtype, shape.iter().copied())
        }
        ShapeOp::Concat(k) => concat_type(*k, tys)?,
        ShapeOp::Pad(amounts) => {
            arity(tys, 2, "2")?;
            let t = tensor(tys, 0)?;
            if tys[1] != t.dtype.into() {
                return Err(Why::Kind {
                    operand: 1,
                    want: "a scalar of the tensor's element type",
                });
            }
            if amounts.len() != t.shape.len() {
                return Err(Why::Attribute("each axis needs an amount of padding"));
            }
            let mut shape = Vec::new();
            for (d, a) in t.shape.iter().zip(amounts) {
                shape.push(match d {
                    Dim::Dynamic => Dim::Dynamic,
                    Dim::Known(n) => Dim::Known(
                        padded(*n, *a).ok_or(Why::Attribute("pads to a negative extent"))?,
                    ),
                });
            }
            Type::tensor(t.dtype, shape)
        }
        ShapeOp::StridedSlice(ranges) => {
            arity(tys, 1, "1")?;
            let t = tensor(tys, 0)?;
            if ranges.len() != t.shape.len() {
                return Err(Why::Attribute("each axis needs a range"));
            }
            let mut shape = Vec::new();
            for (d, &(start, limit, stride)) in t.shape.iter().zip(ranges) {
                if stride == 0 || start > limit || d.known().is_some_and(|n| limit > n) {
                    return Err(Why::Attribute("a range is empty of meaning or too long"));
                }
                shape.push(Dim::Known(strided_len(start, limit, stride)));
            }
            Type::tensor(t.dtype, shape)
        }
        ShapeOp::Reverse(axes) => {
            arity(tys, 1, "1")?;
            is_permutation(axes, tensor(tys, 0)?.shape.len())?;
            tys[0].clone()
        }
        ShapeOp::Iota {
            dtype,
            shape,
            axis: k,
        } => {
            arity(tys, unknowns(shape), "one extent for each `?`")?;
            int_scalars(tys, 0)?;
            let d = shape[axis(*k, shape.len())?];
            if *dtype == DType::Bool {
                return Err(Why::Attribute("counts in numbers"));
            }
            if let Dim::Known(n) = d
                && n > 0
                && dtype.is_int()
                && Scalar::from_int(*dtype, i128::from(n) - 1).is_none()
            {
                return Err(Why::Attribute("counts beyond the element type"));
            }
            Type::tensor(*dtype, shape.iter().copied())
        }
    }])
}

fn concat_type(k: u32, tys: &[Type]) -> Result<Type, Why> {
    let Some(first) = tys.first() else {
        return Err(Why::Arity { want: "at least 1" });
    };
    let bad = |b: usize| Why::Mismatch {
        a: 0,
        b,
        what: "element type and the other extents",
    };
    let Type::Tensor(t) = first else {
        let mut out = first.clone();
        if !matches!(first, Type::Seq(_)) || k != 0 {
            return Err(Why::Kind {
                operand: 0,
                want: "a tensor, or a sequence along axis 0",
            });
        }
        for (i, ty) in tys.iter().enumerate() {
            out = out.join(ty).ok_or(bad(i))?;
        }
        return Ok(out);
    };
    let k = axis(k, t.shape.len())?;
    let mut shape = t.shape.clone();
    for (i, ty) in tys.iter().enumerate().skip(1) {
        let o = tensor(tys, i)?;
        if o.dtype != t.dtype || o.shape.len() != shape.len() {
            return Err(bad(i));
        }
        let total = match (shape[k], o.shape[k]) {
            (Dim::Known(a), Dim::Known(b)) => Dim::Known(
                a.checked_add(b)
                    .ok_or(Why::Attribute("the result is too long"))?,
            ),
            _ => Dim::Dynamic,
        };
        let mut other = ty.as_tensor().map_or(vec![], |t| t.shape.clone());
        other[k] = shape[k];
        shape = meet(&shape, &other).ok_or(bad(i))?;
        shape[k] = total;
    }
    Ok(Type::tensor(t.dtype, shape))
}

pub(super) fn effects(op: &ShapeOp, tys: &[&Type]) -> Effects {
    let fixed = tys.iter().all(|t| t.is_static());
    let shaped = match op {
        // A number of elements beyond 64 bits is not compared by the type rule.
        ShapeOp::Reshape(s) => {
            count(s).is_some()
                && tys[0]
                    .as_tensor()
                    .is_some_and(|t| count(&t.shape).is_some())
        }
        ShapeOp::Broadcast { shape: s, .. } | ShapeOp::Iota { shape: s, .. } => unknowns(s) == 0,
        // These need nothing of the extents.
        ShapeOp::Transpose(_) | ShapeOp::Reverse(_) => return Effects::Pure,
        ShapeOp::Concat(_) => {
            return if fixed || matches!(tys[0], Type::Seq(_)) {
                Effects::Pure
            } else {
                Effects::MayTrap
            };
        }
        ShapeOp::Pad(_) | ShapeOp::StridedSlice(_) => true,
    };
    if fixed && shaped {
        Effects::Pure
    } else {
        Effects::MayTrap
    }
}

pub(super) fn eval(
    op: &ShapeOp,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let name = mnemonic(op);
    out.push(match op {
        ShapeOp::Reshape(shape) => {
            let shape = extents(shape, args, 1)?;
            match args.take(0) {
                Val::Scalar(s) if elements(&shape) == Some(1) => splat(s, shape, cx)?,
                Val::Tensor(mut t) => {
                    if elements(&shape) != Some(t.data.len()) {
                        return Err(mismatch(name, &t.shape, &shape));
                    }
                    if shape.is_empty() {
                        Val::Scalar(t.data.get(0))
                    } else {
                        if shape != t.shape {
                            Tensor::unique(&mut t)?.shape = shape;
                        }
                        Val::Tensor(t)
                    }
                }
                Val::Scalar(_) => return Err(mismatch(name, &[], &shape)),
                Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
                    return Err(confusion(name));
                }
            }
        }
        ShapeOp::Transpose(perm) => {
            if perm.is_empty() {
                args.take(0)
            } else {
                let t = as_tensor(args.get(0), name)?;
                let perm: Vec<usize> = perm.iter().map(|&p| p as usize).collect();
                if perm.len() != t.shape.len() {
                    return Err(confusion(name));
                }
                let (shape, view) = permuted(&t.shape, &perm);
                Val::tensor(viewed(&t, shape, &view, cx)?)
            }
        }
        ShapeOp::Broadcast { shape, dims } => {
            let shape = extents(shape, args, 1)?;
            if let Val::Scalar(s) = args.get(0) {
                splat(*s, shape, cx)?
            } else {
                let t = as_tensor(args.get(0), name)?;
                broadcast(&t, shape, dims, cx)?
            }
        }
        ShapeOp::Concat(k) => concat(*k as usize, args, cx)?,
        ShapeOp::Pad(amounts) => pad(amounts, args, cx)?,
        ShapeOp::StridedSlice(ranges) => {
            let t = as_tensor(args.get(0), name)?;
            let mut view = View::whole(&t.shape);
            if ranges.len() != t.shape.len() {
                return Err(confusion(name));
            }
            let mut shape = Vec::with_capacity(ranges.len());
            for (k, &(start, limit, stride)) in ranges.iter().enumerate() {
                let len = t.shape[k] as u64;
                if limit > len || start > limit {
                    return Err(TrapKind::RangeOutOfRange {
                        lo: start.into(),
                        hi: limit.into(),
                        len,
                    });
                }
                let n = strided_len(start, limit, stride) as usize;
                if n > 0 {
                    view.base += start as isize * view.strides[k];
                }
                // With at most one element along the axis the step is never taken, and might not fit.
                view.strides[k] = if n > 1 {
                    view.strides[k] * stride as isize
                } else {
                    view.strides[k]
                };
                shape.push(n);
            }
            Val::tensor(viewed(&t, shape, &view, cx)?)
        }
        ShapeOp::Reverse(axes) => {
            let t = as_tensor(args.get(0), name)?;
            let mut view = View::whole(&t.shape);
            for &k in axes {
                let k = k as usize;
                let last = t
                    .shape
                    .get(k)
                    .ok_or_else(|| confusion(name))?
                    .saturating_sub(1);
                view.base += last as isize * view.strides[k];
                view.strides[k] = -view.strides[k];
            }
            Val::tensor(viewed(&t, t.shape.clone(), &view, cx)?)
        }
        ShapeOp::Iota { dtype, shape, axis } => {
            let shape = extents(shape, args, 0)?;
            iota(*dtype, shape, *axis as usize, cx)?
        }
    });
    Ok(())
}

/// A tensor of equal elements.
pub(super) fn splat(s: Scalar, shape: Vec<usize>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    if shape.is_empty() {
        return Ok(Val::Scalar(s));
    }
    let n = room(&shape, s.dtype(), cx)?;
    let data = Data::splat(s, n).ok_or_else(|| no_memory(n, s.dtype()))?;
    Ok(Val::Tensor(Arc::new(Tensor { shape, data })))
}

fn broadcast(
    t: &Tensor,
    shape: Vec<usize>,
    dims: &[u32],
    cx: &EvalCx<'_>,
) -> Result<Val, TrapKind> {
    let whole = View::whole(&t.shape);
    let mut view = View {
        base: 0,
        strides: vec![0; shape.len()],
    };
    for (k, &to) in dims.iter().enumerate() {
        let (from, to) = (t.shape[k], to as usize);
        if from != 1 && from != shape[to] {
            return Err(mismatch("broadcast_in_dim", &t.shape, &shape));
        }
        if from != 1 {
            view.strides[to] = whole.strides[k];
        }
    }
    Ok(Val::tensor(viewed(t, shape, &view, cx)?))
}

fn concat(k: usize, args: &mut Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    const OP: &str = "concatenate";
    if let Val::Seq(_) = args.get(0) {
        let mut first = args.take(0);
        let Val::Seq(out) = &mut first else {
            return Err(confusion(OP));
        };
        let out = Arc::make_mut(out);
        for i in 1..args.len() {
            let Val::Seq(v) = args.get(i) else {
                return Err(confusion(OP));
            };
            cx.reserve(out.len() + v.len(), size_of::<Val>())?;
            out.extend(v.iter().cloned());
        }
        return Ok(first);
    }
    let mut shape: Option<Vec<usize>> = None;
    let mut total = 0usize;
    for i in 0..args.len() {
        let Val::Tensor(t) = args.get(i) else {
            return Err(confusion(OP));
        };
        let first = shape.get_or_insert_with(|| t.shape.clone());
        let agrees = t.shape.len() == first.len()
            && k < first.len()
            && (0..first.len()).all(|a| a == k || first[a] == t.shape[a]);
        if !agrees {
            return Err(mismatch(OP, first, &t.shape));
        }
        total = total.saturating_add(t.shape[k]);
    }
    let mut shape = shape.ok_or_else(|| confusion(OP))?;
    shape[k] = total;
    let mut first = args.take(0);
    let Val::Tensor(a) = &mut first else {
        return Err(confusion(OP));
    };
    let dtype = a.dtype();
    let n = room(&shape, dtype, cx)?;
    for i in 1..args.len() {
        if !matches!(args.get(i), Val::Tensor(t) if t.dtype() == dtype) {
            return Err(confusion(OP));
        }
    }
    let outer = product(&shape[..k]);
    if outer == 1 {
        // Appending keeps the first operand's buffer.
        let a = Tensor::unique(a)?;
        for i in 1..args.len() {
            if let Val::Tensor(t) = args.get(i) {
                a.data.extend_from(&t.data, 0..t.data.len());
            }
        }
        a.shape = shape;
        return Ok(first);
    }
    let mut data = Data::with_capacity(dtype, n).ok_or_else(|| no_memory(n, dtype))?;
    for row in 0..outer {
        for i in 0..args.len() {
            let t = if i == 0 {
                &*a
            } else {
                match args.get(i) {
                    Val::Tensor(t) => t,
                    _ => return Err(confusion(OP)),
                }
            };
            let len = t.data.len() / outer;
            data.extend_from(&t.data, row * len..(row + 1) * len);
        }
    }
    Ok(Val::Tensor(Arc::new(Tensor { shape, data })))
}

fn pad(amounts: &[(i64, i64, u64)], args: &Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    const OP: &str = "pad";
    let t = as_tensor(args.get(0), OP)?;
    let x = args.scalar(1)?;
    if x.dtype() != t.dtype() || amounts.len() != t.shape.len() {
        return Err(confusion(OP));
    }
    let mut shape = Vec::with_capacity(amounts.len());
    for (&n, &a) in t.shape.iter().zip(amounts) {
        let len = padded(n as u64, a).ok_or(TrapKind::RangeOutOfRange {
            lo: -i128::from(a.0),
            hi: n as i128 + i128::from(a.1),
            len: n as u64,
        })?;
        shape.push(usize::try_from(len).unwrap_or(usize::MAX));
    }
    let n = room(&shape, x.dtype(), cx)?;
    let mut data = Data::splat(x, n).ok_or_else(|| no_memory(n, x.dtype()))?;
    let (mut to, mut from) = (View::whole(&shape), View::whole(&t.shape));
    let mut part = Vec::with_capacity(shape.len());
    for (k, &(low, _, interior)) in amounts.iter().enumerate() {
        // Element i goes to low + i * step; keep those in 0..shape[k].
        let step = i128::from(interior) + 1;
        let first = (-i128::from(low))
            .max(0)
            .unsigned_abs()
            .div_ceil(step.unsigned_abs()) as i128;
        let end = (shape[k] as i128 - i128::from(low))
            .max(0)
            .unsigned_abs()
            .div_ceil(step.unsigned_abs()) as i128;
        let end = end.min(t.shape[k] as i128);
        if end <= first {
            part.push(0);
            continue;
        }
        part.push((end - first) as usize);
        to.base += (i128::from(low) + first * step) as isize * to.strides[k];
        from.base += first as isize * from.strides[k];
        if end - first > 1 {
            to.strides[k] *= step as isize;
        }
    }
    write(&mut data, &to, &t.data, &from, &part);
    Ok(Val::tensor(Tensor { shape, data }))
}

fn iota(d: DType, shape: Vec<usize>, axis: usize, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let n = room(&shape, d, cx)?;
    let mut data = Data::with_capacity(d, n).ok_or_else(|| no_memory(n, d))?;
    let (outer, len, inner) = super::extent::around(&shape, axis);
    for _ in 0..outer {
        for i in 0..len {
            let s = if d.is_int() {
                Scalar::from_int(d, i as i128)
            } else {
                Scalar::from_f64(d, i as f64)
            };
            let s = s.ok_or(TrapKind::IntegerOverflow { op: "iota" })?;
            for _ in 0..inner {
                data.push(s);
            }
        }
    }
    Ok(Val::tensor(Tensor { shape, data }))
}

pub(super) fn simplify(op: &ShapeOp, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    let itself = || Some(Simplified::Values(vec![cx.arg(0)]));
    let unchanged = || {
        let result = cx.func.ty(cx.data().results[0]);
        cx.ty(0) == result && result.is_static()
    };
    let of = |op: ShapeOp, v| Some(Simplified::Inst(Op::Shape(op), vec![v]));
    match op {
        ShapeOp::Reshape(shape) => {
            if unchanged() {
                return itself();
            }
            let def = cx.def(cx.arg(0))?;
            let Op::Shape(ShapeOp::Reshape(_)) = def.op else {
                return None;
            };
            let mut args = cx.data().args.clone();
            args[0] = def.args[0];
            Some(Simplified::Inst(
                Op::Shape(ShapeOp::Reshape(shape.clone())),
                args,
            ))
        }
        ShapeOp::Transpose(perm) => {
            if perm.iter().enumerate().all(|(i, &p)| i == p as usize) {
                return itself();
            }
            let def = cx.def(cx.arg(0))?;
            let Op::Shape(ShapeOp::Transpose(inner)) = &def.op else {
                return None;
            };
            let both = perm.iter().map(|&p| inner[p as usize]).collect();
            of(ShapeOp::Transpose(both), def.args[0])
        }
        ShapeOp::Broadcast { shape, dims } => {
            (dims.len() == shape.len() && unchanged()).then(itself)?
        }
        ShapeOp::Concat(_) => (cx.data().args.len() == 1).then(itself)?,
        ShapeOp::Pad(amounts) => amounts.iter().all(|a| *a == (0, 0, 0)).then(itself)?,
        ShapeOp::StridedSlice(ranges) => {
            // Of the extents that there are: a range of nothing elsewhere traps.
            let whole = ranges
                .iter()
                .all(|&(start, _, step)| (start, step) == (0, 1));
            let full = cx.data().args.len() == 1 && whole && unchanged();
            full.then(itself)?
        }
        ShapeOp::Reverse(axes) => {
            if axes.is_empty() {
                return itself();
            }
            let def = cx.def(cx.arg(0))?;
            let same = matches!(&def.op, Op::Shape(ShapeOp::Reverse(a)) if a == axes);
            same.then(|| Simplified::Values(vec![def.args[0]]))
        }
        ShapeOp::Iota { .. } => None,
    }
}

#[cfg(test)]
mod tests;
