//! Stable sort along an axis by the first operand; the others are permuted alike.

use super::along::{iota_like, take_along};
use super::batch::{BatchCx, Batched, Held};
use super::extent::{axis, confusion, mismatch, tensor};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::entity::Value;
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{Op, Type};
use crate::on_each;
use crate::value::{Data, Element, Tensor, Val};
use alloc::vec::Vec;
use core::cmp::Ordering;

pub(super) fn mnemonic(_: &u32) -> &'static str {
    "sort"
}

pub(super) fn infer(k: &u32, tys: &[Type]) -> Result<Vec<Type>, Why> {
    if tys.is_empty() {
        return Err(Why::Arity { want: "at least 1" });
    }
    let key = tensor(tys, 0)?;
    axis(*k, key.shape.len())?;
    if key.dtype.is_complex() {
        return Err(Why::Kind {
            operand: 0,
            want: "a tensor of ordered elements (not complex)",
        });
    }
    let mut shape = key.shape.clone();
    for b in 1..tys.len() {
        shape = super::extent::meet(&shape, &tensor(tys, b)?.shape).ok_or(Why::Mismatch {
            a: 0,
            b,
            what: "shape",
        })?;
    }
    let with_shape = |t: &Type| {
        t.as_tensor()
            .map(|t| Type::tensor(t.dtype, shape.iter().copied()))
    };
    Ok(tys.iter().filter_map(with_shape).collect())
}

pub(super) fn effects(_: &u32, tys: &[&Type]) -> Effects {
    if tys.len() == 1 || tys.iter().all(|t| t.is_static()) {
        Effects::Pure
    } else {
        Effects::MayTrap
    }
}

/// Elements that can be keys. Floats by IEEE 754's total order: -NaN, -inf, …, -0, 0, …, inf, NaN.
trait Key: Element {
    fn order(&self, other: &Self) -> Ordering;
}
macro_rules! key {
    ($how:ident: $($t:ty)*) => {$(
        impl Key for $t {
            fn order(&self, other: &Self) -> Ordering {
                self.$how(other)
            }
        }
    )*};
}
key!(cmp: bool i8 i16 i32 i64 u8 u16 u32 u64);
key!(total_cmp: f32 f64);

/// The sorted order of each line along the axis: `(n, inner)` are its length and stride.
fn ordering<T: Key>(v: &[T], n: usize, inner: usize, perm: &mut [usize]) {
    // Sorting positions by element is stable, as `sort_by` is.
    for (line, at) in perm.chunks_mut(n).enumerate() {
        let base = line / inner * n * inner + line % inner;
        at.sort_by(|&a, &b| v[base + a * inner].order(&v[base + b * inner]));
    }
}

/// Permutes each line.
fn apply<T: Element>(v: &mut [T], n: usize, inner: usize, perm: &[usize]) {
    let mut buffer: Vec<T> = Vec::with_capacity(n);
    for (l, at) in perm.chunks(n).enumerate() {
        let base = l / inner * n * inner + l % inner;
        buffer.clear();
        buffer.extend(at.iter().map(|&i| v[base + i * inner]));
        for (i, &x) in buffer.iter().enumerate() {
            v[base + i * inner] = x;
        }
    }
}

pub(super) fn eval(
    k: &u32,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    const OP: &str = "sort";
    let Val::Tensor(key) = args.get(0) else {
        return Err(confusion(OP));
    };
    let k = *k as usize;
    if k >= key.shape.len() {
        return Err(confusion(OP));
    }
    for i in 1..args.len() {
        match args.get(i) {
            Val::Tensor(t) if t.shape == key.shape => {}
            Val::Tensor(t) => return Err(mismatch(OP, &key.shape, &t.shape)),
            _ => return Err(confusion(OP)),
        }
    }
    let (_, n, inner) = super::extent::around(&key.shape, k);
    let total = key.data.len();
    cx.reserve(total, size_of::<usize>())?;
    let mut perm: Vec<usize> = Vec::new();
    perm.try_reserve_exact(total)
        .map_err(|_| TrapKind::OutOfMemory {
            bytes: total as u64 * 8,
        })?;
    if total > 0 {
        perm.extend((0..total / n).flat_map(|_| 0..n));
        match &key.data {
            Data::Bool(v) => ordering(v, n, inner, &mut perm),
            Data::I8(v) => ordering(v, n, inner, &mut perm),
            Data::I16(v) => ordering(v, n, inner, &mut perm),
            Data::I32(v) => ordering(v, n, inner, &mut perm),
            Data::I64(v) => ordering(v, n, inner, &mut perm),
            Data::U8(v) => ordering(v, n, inner, &mut perm),
            Data::U16(v) => ordering(v, n, inner, &mut perm),
            Data::U32(v) => ordering(v, n, inner, &mut perm),
            Data::U64(v) => ordering(v, n, inner, &mut perm),
            Data::F32(v) => ordering(v, n, inner, &mut perm),
            Data::F64(v) => ordering(v, n, inner, &mut perm),
            Data::C64(_) | Data::C128(_) => return Err(confusion(OP)),
        }
    }
    for i in 0..args.len() {
        let Val::Tensor(mut t) = args.take(i) else {
            return Err(confusion(OP));
        };
        if total > 0 {
            let data = &mut Tensor::unique(&mut t)?.data;
            on_each!(Data, data, v => apply(v, n, inner, &perm));
        }
        out.push(Val::Tensor(t));
    }
    Ok(())
}

pub(super) fn jvp(k: &u32, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    // The order, as positions along the axis: sorted with the keys.
    let key = cx.args[0];
    let own = iota_like(cx.b, key, *k);
    let at = cx.b.inst(Op::Sort(*k), &[key, own])[1];
    let ts: Vec<Option<Value>> = cx.tangents.to_vec();
    for (i, t) in ts.into_iter().enumerate() {
        if let Some(t) = t {
            let t = take_along(cx.b, t, at, *k);
            cx.add(i, t);
        }
    }
    Ok(())
}

pub(super) fn transpose(k: &u32, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Err(not_differentiable(
        &Op::Sort(*k),
        "a sort is not linear; take its jvp first",
    ))
}

pub(super) fn simplify(_: &u32, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(k: &u32, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    let args: Vec<Value> = (0..cx.args.len()).map(|i| cx.stacked(i)).collect();
    let sorted = cx.b.inst(Op::Sort(k + 1), &args);
    Some(sorted.into_iter().map(Held::stacked).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::run_typed;
    use super::super::testing::type_of;
    use super::*;
    use crate::ir::DType;
    use alloc::vec;

    fn sort(k: u32, args: &[Val]) -> Vec<Val> {
        let tys: Vec<Type> = args.iter().map(type_of).collect();
        run_typed(&Op::Sort(k), &tys, args).unwrap()
    }
    fn t<T: Element>(shape: &[usize], v: Vec<T>) -> Val {
        Val::tensor(Tensor::new(shape.to_vec(), T::data(v)).unwrap())
    }

    #[test]
    fn sorts_stably_with_a_payload() {
        let keys = Val::vector(vec![2u8, 1, 2, 1, 0]);
        let own = Val::vector(vec![0i64, 1, 2, 3, 4]);
        let r = sort(0, &[keys, own]);
        assert!(r[0].same_bits(&Val::vector(vec![0u8, 1, 1, 2, 2])));
        assert!(r[1].same_bits(&Val::vector(vec![4i64, 1, 3, 0, 2])));
    }

    #[test]
    fn floats_by_total_order() {
        let v = vec![
            f64::NAN,
            0.0,
            -0.0,
            f64::INFINITY,
            -f64::NAN,
            -1.0,
            f64::NEG_INFINITY,
        ];
        let mut want = v.clone();
        want.sort_by(f64::total_cmp);
        assert!(sort(0, &[Val::vector(v)])[0].same_bits(&Val::vector(want)));
    }

    #[test]
    fn along_any_axis() {
        let m = t(&[2, 3], vec![3, 1, 2, 0, 5, 1]);
        assert!(
            sort(1, std::slice::from_ref(&m))[0].same_bits(&t(&[2, 3], vec![1, 2, 3, 0, 1, 5]))
        );
        assert!(sort(0, &[m])[0].same_bits(&t(&[2, 3], vec![0, 1, 1, 3, 5, 2])));
        let none = t::<f32>(&[2, 0], vec![]);
        assert!(sort(1, std::slice::from_ref(&none))[0].same_bits(&none));
        let c = Type::known(DType::C64, &[2]);
        assert!(infer(&0, &[c]).is_err());
    }
}
