//! Contractions: `dot_general`.
//!
//! Operands are brought to `[batch, left free, contracted]` and `[batch, contracted, right free]` (copied only if their axes are
//! in another order), so the innermost loop runs over contiguous elements. Each result adds its products in the
//! row-major order of the contracted axes, starting from 0, whichever loop is taken.

use super::batch::{BatchCx, Batched, Held};
use super::extent::{as_tensor, axis, confusion, give, mismatch, no_memory, product, room, tensor};
use super::number::Num;
use super::strided::{permuted, viewed};
use super::{
    Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx, not_differentiable,
};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{DType, DotDims, Op, ShapeOp, Type, UnaryOp};
use crate::on_each;
use crate::value::{Data, Tensor, Val};
use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn mnemonic(_: &DotDims) -> &'static str {
    "dot_general"
}

/// The axes of an operand of that rank that are neither batch nor contracted.
fn free(rank: usize, batch: &[u32], contract: &[u32]) -> Vec<u32> {
    (0..rank as u32)
        .filter(|k| !batch.contains(k) && !contract.contains(k))
        .collect()
}

pub(super) fn infer(op: &DotDims, tys: &[Type]) -> Result<Vec<Type>, Why> {
    super::extent::arity(tys, 2, "2")?;
    let (l, r) = (tensor(tys, 0)?, tensor(tys, 1)?);
    if l.dtype != r.dtype {
        return Err(Why::Mismatch {
            a: 0,
            b: 1,
            what: "element type",
        });
    }
    if l.dtype == DType::Bool {
        return Err(Why::Kind {
            operand: 0,
            want: "a tensor of numbers",
        });
    }
    if op.lhs_batch.len() != op.rhs_batch.len() || op.lhs_contract.len() != op.rhs_contract.len() {
        return Err(Why::Attribute("the axes must come in pairs"));
    }
    for (rank, batch, contract) in [
        (l.shape.len(), &op.lhs_batch, &op.lhs_contract),
        (r.shape.len(), &op.rhs_batch, &op.rhs_contract),
    ] {
        let mut seen = vec![false; rank];
        for &k in batch.iter().chain(contract) {
            if core::mem::replace(&mut seen[axis(k, rank)?], true) {
                return Err(Why::Axis { axis: k, rank });
            }
        }
    }
    let pair = |a: u32, b: u32| {
        l.shape[a as usize]
            .meet(r.shape[b as usize])
            .ok_or(Why::Mismatch {
                a: 0,
                b: 1,
                what: "paired extents",
            })
    };
    for (&a, &b) in op.lhs_contract.iter().zip(&op.rhs_contract) {
        pair(a, b)?;
    }
    let mut shape = Vec::new();
    for (&a, &b) in op.lhs_batch.iter().zip(&op.rhs_batch) {
        shape.push(pair(a, b)?);
    }
    let left = free(l.shape.len(), &op.lhs_batch, &op.lhs_contract);
    let right = free(r.shape.len(), &op.rhs_batch, &op.rhs_contract);
    shape.extend(left.iter().map(|&k| l.shape[k as usize]));
    shape.extend(right.iter().map(|&k| r.shape[k as usize]));
    Ok(vec![Type::tensor(l.dtype, shape)])
}

pub(super) fn effects(_: &DotDims, tys: &[&Type]) -> Effects {
    let floats = tys[0].dtype().is_some_and(DType::is_differentiable);
    if floats && tys.iter().all(|t| t.is_static()) {
        Effects::Pure
    } else {
        Effects::MayTrap
    }
}

/// The tensor with its axes in another order; itself if it is that order.
fn arranged<'a>(t: &'a Tensor, perm: &[u32], cx: &EvalCx<'_>) -> Result<Cow<'a, Data>, TrapKind> {
    if perm.iter().enumerate().all(|(i, &p)| i == p as usize) {
        return Ok(Cow::Borrowed(&t.data));
    }
    let perm: Vec<usize> = perm.iter().map(|&p| p as usize).collect();
    let (shape, view) = permuted(&t.shape, &perm);
    Ok(Cow::Owned(viewed(t, shape, &view, cx)?.data))
}

/// The extents of a contraction: batches, left rows, right columns, contracted length.
#[derive(Copy, Clone)]
struct Sizes {
    batch: usize,
    rows: usize,
    cols: usize,
    len: usize,
}

/// The products of `[batch, rows, len]` and `[batch, len, cols]` (or `[batch, cols, len]` if `turned`).
fn contract<T: Num>(l: &[T], r: &Data, s: Sizes, turned: bool, out: &mut Vec<T>) -> Option<()> {
    let r = T::slice(r)?;
    for b in 0..s.batch {
        let l = &l[b * s.rows * s.len..];
        let r = &r[b * s.len * s.cols..];
        for i in 0..s.rows {
            let row = &l[i * s.len..(i + 1) * s.len];
            if turned {
                for j in 0..s.cols {
                    let col = &r[j * s.len..(j + 1) * s.len];
                    let sum = row
                        .iter()
                        .zip(col)
                        .try_fold(T::ZERO, |a, (&x, &y)| a.plus(x.times(y)?));
                    out.push(sum?);
                }
            } else {
                let at = out.len();
                out.resize(at + s.cols, T::ZERO);
                let sums = &mut out[at..];
                for (k, &x) in row.iter().enumerate() {
                    let from = &r[k * s.cols..(k + 1) * s.cols];
                    for (a, &y) in sums.iter_mut().zip(from) {
                        *a = a.plus(x.times(y)?)?;
                    }
                }
            }
        }
    }
    Some(())
}

pub(super) fn eval(
    op: &DotDims,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    const OP: &str = "dot_general";
    let (l, r) = (as_tensor(args.get(0), OP)?, as_tensor(args.get(1), OP)?);
    let d = l.dtype();
    let named = |t: &Tensor, batch: &[u32], contract: &[u32]| {
        batch
            .iter()
            .chain(contract)
            .all(|&k| (k as usize) < t.shape.len())
    };
    if d != r.dtype()
        || !named(&l, &op.lhs_batch, &op.lhs_contract)
        || !named(&r, &op.rhs_batch, &op.rhs_contract)
    {
        return Err(confusion(OP));
    }
    let of = |t: &Tensor, axes: &[u32]| -> Vec<usize> {
        axes.iter().map(|&k| t.shape[k as usize]).collect()
    };
    let (batch, inner) = (of(&l, &op.lhs_batch), of(&l, &op.lhs_contract));
    if batch != of(&r, &op.rhs_batch) || inner != of(&r, &op.rhs_contract) {
        return Err(mismatch(OP, &l.shape, &r.shape));
    }
    let left = free(l.shape.len(), &op.lhs_batch, &op.lhs_contract);
    let right = free(r.shape.len(), &op.rhs_batch, &op.rhs_contract);
    let (rows, cols) = (of(&l, &left), of(&r, &right));
    let sizes = Sizes {
        batch: product(&batch),
        rows: product(&rows),
        cols: product(&cols),
        len: product(&inner),
    };
    let mut shape = batch;
    shape.extend(rows);
    shape.extend(cols);
    let n = room(&shape, d, cx)?;
    let lhs = arranged(
        &l,
        &[&op.lhs_batch[..], &left, &op.lhs_contract].concat(),
        cx,
    )?;
    let turned_order = [&op.rhs_batch[..], &right, &op.rhs_contract].concat();
    let as_it_is = turned_order
        .iter()
        .enumerate()
        .all(|(i, &p)| i == p as usize);
    let turned = as_it_is || sizes.cols == 1;
    let rhs = if turned {
        arranged(&r, &turned_order, cx)?
    } else {
        arranged(
            &r,
            &[&op.rhs_batch[..], &op.rhs_contract, &right].concat(),
            cx,
        )?
    };
    fn go<T: Num>(l: &[T], r: &Data, s: Sizes, turned: bool, n: usize) -> Result<Data, TrapKind> {
        let mut out = Vec::new();
        out.try_reserve_exact(n)
            .map_err(|_| no_memory(n, T::DTYPE))?;
        if n > 0 {
            contract(l, r, s, turned, &mut out)
                .ok_or(TrapKind::IntegerOverflow { op: "dot_general" })?;
        }
        Ok(T::data(out))
    }
    let data = on_each!(Data, &*lhs, v => go(v, &rhs, sizes, turned, n))?;
    out.push(Val::tensor(Tensor { shape, data }));
    Ok(())
}

pub(super) fn jvp(op: &DotDims, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    for i in 0..2 {
        if let Some(t) = cx.tangents[i] {
            let mut args = [cx.args[0], cx.args[1]];
            args[i] = t;
            let t = cx.b.inst1(op.clone(), &args);
            cx.add(0, t);
        }
    }
    Ok(())
}

pub(super) fn transpose(op: &DotDims, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    let Some(ct) = cx.ct(0) else { return Ok(()) };
    if cx.is_linear(0) == cx.is_linear(1) {
        return Err(not_differentiable(
            &Op::Dot(op.clone()),
            "a contraction is linear in one operand at a time",
        ));
    }
    let left = cx.is_linear(0);
    let rank = |i: usize| cx.ty(i).as_tensor().map_or(0, |t| t.shape.len());
    // `mine` is the linear operand, `other` the known one.
    let (mine, other) = if left { (0, 1) } else { (1, 0) };
    let lhs = (&op.lhs_batch, &op.lhs_contract);
    let rhs = (&op.rhs_batch, &op.rhs_contract);
    let (my, its) = if left { (lhs, rhs) } else { (rhs, lhs) };
    let (my_free, its_free) = (
        free(rank(mine), my.0, my.1),
        free(rank(other), its.0, its.1),
    );
    let my_rank = rank(mine);
    // Axes of the cotangent: batch, left free, right free.
    let nb = my.0.len() as u32;
    let its_first = nb + if left { my_free.len() as u32 } else { 0 };
    let mut known = cx.known(other);
    if cx.ty(other).dtype().is_some_and(DType::is_complex) {
        known = cx.b().unary(UnaryOp::Conj, known);
    }
    // What is left of the known operand are its contracted axes, ascending; each stands for the one it is paired with.
    let mut pairs: Vec<(u32, u32)> = its.1.iter().copied().zip(my.1.iter().copied()).collect();
    pairs.sort_unstable();
    let paired: Vec<u32> = pairs.into_iter().map(|p| p.1).collect();
    // The product gives the batch, then the free axes of its left operand, then those of its right one.
    let place = |first: &[u32], second: &[u32]| {
        let order = my.0.iter().chain(first).chain(second);
        let mut perm = vec![0u32; my_rank];
        for (i, &k) in order.enumerate() {
            perm[k as usize] = i as u32;
        }
        perm
    };
    let stays = |perm: &[u32]| perm.iter().enumerate().all(|(i, &p)| i == p as usize);
    let (ct_first, known_first) = (place(&my_free, &paired), place(&paired, &my_free));
    // In that order of the operands in which the axes need not be moved, if there is one: a cotangent of a large matrix is not turned.
    let swap = !stays(&ct_first) && stays(&known_first);
    let its_free_in_ct = (its_first..its_first + its_free.len() as u32).collect();
    let back = if swap {
        DotDims {
            lhs_batch: its.0.clone(),
            rhs_batch: (0..nb).collect(),
            lhs_contract: its_free,
            rhs_contract: its_free_in_ct,
        }
    } else {
        DotDims {
            lhs_batch: (0..nb).collect(),
            rhs_batch: its.0.clone(),
            lhs_contract: its_free_in_ct,
            rhs_contract: its_free,
        }
    };
    let operands = if swap { [known, ct] } else { [ct, known] };
    let c = cx.b().inst1(back, &operands);
    let c = if swap || stays(&ct_first) {
        c
    } else {
        cx.b().inst1(ShapeOp::Transpose(ct_first), &[c])
    };
    give(cx, mine, c);
    Ok(())
}

pub(super) fn simplify(_: &DotDims, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(op: &DotDims, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    let mut op = op.clone();
    let (left, right) = (cx.is_stacked(0), cx.is_stacked(1));
    let nb = op.lhs_batch.len() as u32;
    let kept = nb + op.lhs_contract.len() as u32;
    let left_free = cx.rank(0) - kept;
    let up = |axes: &mut [u32]| axes.iter_mut().for_each(|k| *k += 1);
    if left {
        up(&mut op.lhs_batch);
        up(&mut op.lhs_contract);
    }
    if right {
        up(&mut op.rhs_batch);
        up(&mut op.rhs_contract);
    }
    // Where the lanes' axis is in the result: a batch axis, or free and then the first of its side.
    let at = match (left, right) {
        (true, true) => {
            op.lhs_batch.insert(0, 0);
            op.rhs_batch.insert(0, 0);
            0
        }
        (true, false) => nb,
        (false, _) => nb + left_free,
    };
    let args = cx.values();
    let y = cx.b.inst1(op, &args);
    let y = cx.move_axis(y, at, 0);
    Some(vec![Held::stacked(y)])
}

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;
    use crate::ir::Dim;
    use crate::value::Element;
    use num_complex::Complex;

    fn t<T: Element>(shape: &[usize], v: Vec<T>) -> Val {
        Val::tensor(Tensor::new(shape.to_vec(), T::data(v)).unwrap())
    }
    fn dims(lb: &[u32], rb: &[u32], lc: &[u32], rc: &[u32]) -> DotDims {
        DotDims {
            lhs_batch: lb.to_vec(),
            rhs_batch: rb.to_vec(),
            lhs_contract: lc.to_vec(),
            rhs_contract: rc.to_vec(),
        }
    }

    #[test]
    fn matrices_vectors_and_scalars() {
        let a = t(&[2, 3], vec![1, 2, 3, 4, 5, 6]);
        let b = t(&[3, 2], vec![7, 8, 9, 10, 11, 12]);
        let r = run(dims(&[], &[], &[1], &[0]), &[a.clone(), b.clone()]).unwrap();
        assert!(r.same_bits(&t(&[2, 2], vec![58, 64, 139, 154])));
        let r = run(dims(&[], &[], &[0], &[1]), &[a.clone(), b]).unwrap();
        assert!(r.same_bits(&t(&[3, 3], vec![39, 49, 59, 54, 68, 82, 69, 87, 105])));
        let v = Val::vector(vec![1, 0, -1]);
        let r = run(dims(&[], &[], &[1], &[0]), &[a, v.clone()]).unwrap();
        assert!(r.same_bits(&Val::vector(vec![-2, -2])));
        let r = run(dims(&[], &[], &[0], &[0]), &[v.clone(), v.clone()]).unwrap();
        assert!(r.same_bits(&2.into()));
        let r = run(dims(&[], &[], &[], &[]), &[3.into(), v.clone()]).unwrap();
        assert!(r.same_bits(&Val::vector(vec![3, 0, -3])));
        let none = t::<i32>(&[0], vec![]);
        let r = run(dims(&[], &[], &[0], &[0]), &[none.clone(), none]).unwrap();
        assert!(r.same_bits(&0.into()));
    }

    #[test]
    fn batches_and_several_contractions_agree_with_the_sum() {
        // left [b, k, i, m], right [m, j, k, b]
        let (nb, nk, ni, nm, nj) = (2, 3, 2, 2, 4);
        let f = |n: usize, a: usize| (0..n).map(|i| ((i * a) % 7) as f64 - 3.0).collect();
        let (l, r): (Vec<f64>, Vec<f64>) = (f(nb * nk * ni * nm, 5), f(nm * nj * nk * nb, 3));
        let mut want = Vec::new();
        for b in 0..nb {
            for i in 0..ni {
                for j in 0..nj {
                    let mut s = 0.0;
                    for m in 0..nm {
                        for k in 0..nk {
                            s += l[((b * nk + k) * ni + i) * nm + m]
                                * r[((m * nj + j) * nk + k) * nb + b];
                        }
                    }
                    want.push(s);
                }
            }
        }
        let op = dims(&[0], &[3], &[3, 1], &[0, 2]);
        let got = run(op, &[t(&[nb, nk, ni, nm], l), t(&[nm, nj, nk, nb], r)]).unwrap();
        assert!(got.same_bits(&t(&[nb, ni, nj], want)));
    }

    #[test]
    fn complex_products_are_not_conjugated() {
        let i = Val::vector(vec![Complex::new(0.0, 1.0)]);
        let r = run(dims(&[], &[], &[0], &[0]), &[i.clone(), i]).unwrap();
        assert!(r.same_bits(&Val::from(Complex::new(-1.0, 0.0))));
    }

    #[test]
    fn integer_overflow_traps() {
        let v = Val::vector(vec![16u8, 16]);
        let r = run(dims(&[], &[], &[0], &[0]), &[v.clone(), v]);
        assert!(matches!(r, Err(TrapKind::IntegerOverflow { .. })));
    }

    #[test]
    fn unknown_extents_are_kept_and_checked() {
        let open = Type::tensor(DType::F64, [Dim::Dynamic, Dim::Dynamic]);
        let fixed = Type::known(DType::F64, &[3, 2]);
        let op = dims(&[], &[], &[1], &[0]);
        assert_eq!(
            infer(&op, &[open.clone(), fixed.clone()]),
            Ok(vec![Type::tensor(
                DType::F64,
                [Dim::Dynamic, Dim::Known(2)]
            )])
        );
        assert!(infer(&op, &[Type::known(DType::F64, &[2, 2]), fixed.clone()]).is_err());
        let r = super::super::testing::run_typed(
            &op.into(),
            &[open, fixed],
            &[t(&[1, 2], vec![0.0; 2]), t(&[3, 2], vec![0.0; 6])],
        );
        assert!(matches!(r, Err(TrapKind::ShapeMismatch { .. })));
    }
}
