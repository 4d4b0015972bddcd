//! Shape changes of tensors. Reshaping keeps the block; everything else copies by strides ([`super::strided`]).

use super::control::store_scalar;
use super::cx::{Cx, Flat};
use super::elementwise::{defer, each};
use super::fuse::splat;
use super::scalar::int;
use super::strided::{self, View};
use super::{Unsupported, fallback};
use crate::layout::{parts, scalar_ty};
use crate::lir::{Addr, Bin, Cmp, Cvt, Opnd, Reg, RtFn, Rv, Stmt, TrapAt, Ty};
use crate::opt::fold;
use cotangent_core::entity::Inst;
use cotangent_core::ir::{DType, Dim, InstData, ShapeOp};

/// The highest rank whose extents a trap can carry twice.
pub(super) const RANK: usize = crate::abi::SITE_NUMBERS / 2;

/// Lowers a change of shape.
pub(super) fn lower(op: &ShapeOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let rank = |v| cx.func.ty(v).as_tensor().map_or(0, |t| t.shape.len());
    if d.args.iter().chain(&d.results).any(|&v| rank(v) > RANK) {
        return fallback::lower(cx, i);
    }
    match op {
        ShapeOp::Reshape(shape) => reshape(cx, d, shape),
        ShapeOp::Transpose(perm) => transpose(cx, d, perm),
        ShapeOp::Broadcast { shape, dims } => broadcast(cx, i, shape, dims),
        ShapeOp::Concat(_) if cx.func.ty(d.args[0]).as_tensor().is_none() => {
            return fallback::lower(cx, i);
        }
        ShapeOp::Concat(k) => concat(cx, d, *k as usize),
        ShapeOp::Pad(amounts) => {
            // Amounts that might overflow 64 bits are left to 128.
            let fits = |v: i64| v.unsigned_abs() < 1 << 40;
            if !amounts
                .iter()
                .all(|a| fits(a.0) && fits(a.1) && a.2 < 1 << 20)
            {
                return fallback::lower(cx, i);
            }
            pad(cx, d, amounts);
        }
        ShapeOp::StridedSlice(ranges) => slice(cx, d, ranges),
        ShapeOp::Reverse(axes) => reverse(cx, d, axes),
        ShapeOp::Iota { dtype, shape, axis } => iota(cx, d, *dtype, shape, *axis as usize),
    }
    Ok(())
}

/// The element type of a tensor operand.
pub(super) fn dtype(cx: &Cx<'_>, d: &InstData, k: usize) -> DType {
    cx.func.ty(d.args[k]).dtype().unwrap_or(DType::F64)
}

/// The extents of a tensor operand.
pub(super) fn extents(cx: &Cx<'_>, d: &InstData, k: usize) -> Vec<Opnd> {
    cx.extents(&cx.arg(d, k), cx.func.ty(d.args[k]))
}

/// The extents of a shape, each `?` given by the operands from `next`; negative ones trap.
fn given(cx: &mut Cx<'_>, d: &InstData, shape: &[Dim], mut next: usize) -> Vec<Opnd> {
    let mut out = Vec::with_capacity(shape.len());
    for dim in shape {
        out.push(match dim {
            Dim::Known(n) => Opnd::i64(*n),
            Dim::Dynamic => {
                let (n, signed) = cx.widen(d.args[next]);
                next += 1;
                if signed {
                    let zero = Opnd::i64(0);
                    let bad = cx.set(Rv::Cmp(Cmp::SLt, n, zero));
                    cx.check(bad, TrapAt::Range(true, true), vec![zero, n, zero]);
                }
                n
            }
        });
    }
    out
}

/// Traps with both shapes if `bad`.
pub(super) fn check_shapes(cx: &mut Cx<'_>, bad: Opnd, op: &'static str, a: &[Opnd], b: &[Opnd]) {
    let numbers = a.iter().chain(b).copied().collect();
    cx.check(bad, TrapAt::Shape(op, a.len()), numbers);
}

/// The product of extents, and whether it overflows.
fn number(cx: &mut Cx<'_>, extents: &[Opnd]) -> (Opnd, Opnd) {
    let (mut n, mut bad) = (Opnd::i64(1), Opnd::bool(false));
    for &e in extents {
        let over = cx.set(Rv::Cmp(Cmp::UMulOv, n, e));
        bad = cx.either(bad, over);
        n = cx.mul(n, e);
    }
    (n, bad)
}

/// A new tensor of the instruction's result type with those extents: block, data.
pub(super) fn fresh(cx: &mut Cx<'_>, d: &InstData, extents: &[Opnd]) -> (Reg, Reg) {
    let ty = cx.func.ty(d.results[0]).clone();
    // A number that overflows is asked for as the most there is, which fails.
    let (n, over) = number(cx, extents);
    let n = cx.choose(over, Opnd::i64(u64::MAX), n);
    let (layout, _) = cx.elements(&ty);
    let (block, data) = cx.alloc(n, layout);
    let flat = cx.array(&ty, block.into(), data.into(), extents);
    cx.result(d, 0, flat);
    (block, data)
}

/// Fills `n` elements with a scalar.
pub(super) fn fill(cx: &mut Cx<'_>, data: Opnd, n: Opnd, d: DType, x: &[Opnd]) {
    let zero = x.iter().all(|a| a.constant() == Some(0));
    if zero && n.constant().is_none_or(|n| n > 4) {
        let bytes = cx.mul(n, Opnd::i64(d.bytes() as u64));
        cx.zero(data, bytes);
        return;
    }
    each(cx, n, |cx, k| store_scalar(cx, data, k, d, x));
}

fn reshape(cx: &mut Cx<'_>, d: &InstData, shape: &[Dim]) {
    let old = extents(cx, d, 0);
    let new = given(cx, d, shape, 1);
    let e = dtype(cx, d, 0);
    let have = cx.product(&old);
    let (want, bad) = number(cx, &new);
    let differ = cx.set(Rv::Cmp(Cmp::Ne, have, want));
    let bad = cx.or(bad, differ);
    check_shapes(cx, bad, "reshape", &old, &new);
    if cx.func.ty(d.args[0]).is_scalar() {
        let x = cx.arg(d, 0);
        if new.is_empty() {
            cx.result(d, 0, x);
            return;
        }
        let (_, data) = fresh(cx, d, &new);
        store_scalar(cx, data.into(), Opnd::i64(0), e, &x);
    } else if new.is_empty() {
        let a = cx.arg(d, 0);
        let x = super::control::load_scalar(cx, a[1], Opnd::i64(0), e);
        cx.result(d, 0, x);
    } else {
        let a = cx.take(d, 0);
        let ty = cx.func.ty(d.results[0]).clone();
        let flat = cx.array(&ty, a[0], a[1], &new);
        cx.result(d, 0, flat);
    }
}

fn transpose(cx: &mut Cx<'_>, d: &InstData, perm: &[u32]) {
    if perm.is_empty() {
        let x = cx.arg(d, 0);
        cx.result(d, 0, x);
        return;
    }
    let old = extents(cx, d, 0);
    let whole = View::whole(cx, &old);
    let from = View {
        base: whole.base,
        strides: perm.iter().map(|&p| whole.strides[p as usize]).collect(),
    };
    let shape: Vec<Opnd> = perm.iter().map(|&p| old[p as usize]).collect();
    viewed(cx, d, &shape, &from);
}

/// A new tensor of that shape with the elements of a view of operand 0.
fn viewed(cx: &mut Cx<'_>, d: &InstData, shape: &[Opnd], from: &View) {
    let src = cx.arg(d, 0)[1];
    let e = dtype(cx, d, 0);
    let (_, data) = fresh(cx, d, shape);
    let to = View::whole(cx, shape);
    strided::copy(cx, shape, (data.into(), &to), (src, from), e);
}

fn broadcast(cx: &mut Cx<'_>, i: Inst, shape: &[Dim], dims: &[u32]) {
    let d = cx.inst(i);
    let new = given(cx, d, shape, 1);
    if splat(cx.func, i) {
        let x = cx.arg(d, 0);
        if new.is_empty() {
            cx.result(d, 0, x);
        } else if !defer(cx, i, &new) {
            let n = cx.product(&new);
            let (_, data) = fresh(cx, d, &new);
            let e = dtype(cx, d, 0);
            fill(cx, data.into(), n, e, &x);
        }
        return;
    }
    let old = extents(cx, d, 0);
    let whole = View::whole(cx, &old);
    let mut from = View {
        base: Opnd::i64(0),
        strides: vec![Opnd::i64(0); new.len()],
    };
    let mut bad = Opnd::bool(false);
    for (k, &to) in dims.iter().enumerate() {
        let to = to as usize;
        let stretches = cx.set(Rv::Cmp(Cmp::Eq, old[k], Opnd::i64(1)));
        let differs = cx.set(Rv::Cmp(Cmp::Ne, old[k], new[to]));
        let alone = cx.opposite(stretches);
        let differs = cx.both(alone, differs);
        bad = cx.either(bad, differs);
        from.strides[to] = cx.choose(stretches, Opnd::i64(0), whole.strides[k]);
    }
    check_shapes(cx, bad, "broadcast_in_dim", &old, &new);
    viewed(cx, d, &new, &from);
}

fn concat(cx: &mut Cx<'_>, d: &InstData, k: usize) {
    const OP: &str = "concatenate";
    let shapes: Vec<Vec<Opnd>> = (0..d.args.len()).map(|i| extents(cx, d, i)).collect();
    let first = &shapes[0];
    for other in &shapes[1..] {
        let mut bad = Opnd::bool(false);
        for a in (0..first.len()).filter(|&a| a != k) {
            let differs = cx.set(Rv::Cmp(Cmp::Ne, first[a], other[a]));
            bad = cx.either(bad, differs);
        }
        check_shapes(cx, bad, OP, first, other);
    }
    let e = dtype(cx, d, 0);
    let mut shape = first.clone();
    shape[k] = shapes.iter().fold(Opnd::i64(0), |n, s| cx.add(n, s[k]));
    let outer = cx.product(&shape[..k]);
    let inner = cx.product(&shape[k + 1..]);
    let lens: Vec<Opnd> = shapes.iter().map(|s| cx.mul(s[k], inner)).collect();
    if outer == Opnd::i64(1) && cx.dies(d, 0) {
        append(cx, d, &shape, &lens);
        return;
    }
    let sources: Vec<Opnd> = (0..d.args.len()).map(|i| cx.arg(d, i)[1]).collect();
    let (_, data) = fresh(cx, d, &shape);
    let row = cx.mul(shape[k], inner);
    each(cx, outer, |cx, o| {
        let mut to = cx.mul(o, row);
        for (&src, &len) in sources.iter().zip(&lens) {
            let from = cx.mul(o, len);
            copy_run(cx, data.into(), to, src, from, len, e);
            to = cx.add(to, len);
        }
    });
}

/// Copies `n` elements that lie one after another.
pub(super) fn copy_run(
    cx: &mut Cx<'_>,
    dst: Opnd,
    to: Opnd,
    src: Opnd,
    from: Opnd,
    n: Opnd,
    d: DType,
) {
    let one = || vec![Opnd::i64(1)];
    let (to, from) = (
        View {
            base: to,
            strides: one(),
        },
        View {
            base: from,
            strides: one(),
        },
    );
    strided::copy(cx, &[n], (dst, &to), (src, &from), d);
}

/// Appends to the first operand's block, which grows as a vector does.
fn append(cx: &mut Cx<'_>, d: &InstData, shape: &[Opnd], lens: &[Opnd]) {
    let e = dtype(cx, d, 0);
    let ty = cx.func.ty(d.results[0]).clone();
    let (layout, _) = cx.elements(&ty);
    let a = cx.take(d, 0);
    let need = lens.iter().fold(Opnd::i64(0), |n, &l| cx.add(n, l));
    let block = cx.reg(Ty::Ptr);
    let site = cx.site(TrapAt::Memory);
    let args = vec![a[0], a[1], lens[0], need, Opnd::i64(layout.0.into())];
    cx.emit(Stmt::Rt(RtFn::Grow, args, Some(block), Some(site)));
    let data = cx.data_of(block);
    let mut to = lens[0];
    for (k, &len) in lens.iter().enumerate().skip(1) {
        let src = cx.arg(d, k)[1];
        copy_run(cx, data.into(), to, src, Opnd::i64(0), len, e);
        to = cx.add(to, len);
    }
    let flat = cx.array(&ty, block.into(), data.into(), shape);
    cx.result(d, 0, flat);
}

fn pad(cx: &mut Cx<'_>, d: &InstData, amounts: &[(i64, i64, u64)]) {
    let e = dtype(cx, d, 0);
    let old = extents(cx, d, 0);
    let at = |v: i64| Opnd::i64(v.cast_unsigned());
    let mut shape = Vec::new();
    for (&n, &(low, high, interior)) in old.iter().zip(amounts) {
        let none = cx.set(Rv::Cmp(Cmp::Eq, n, Opnd::i64(0)));
        let less = cx.sub(n, Opnd::i64(1));
        let gaps = cx.choose(none, Opnd::i64(0), less);
        let gaps = cx.mul(gaps, Opnd::i64(interior));
        let total = cx.add(n, gaps);
        let total = cx.add(total, at(low + high));
        let bad = cx.set(Rv::Cmp(Cmp::SLt, total, Opnd::i64(0)));
        let hi = cx.add(n, at(high));
        cx.check(bad, TrapAt::Range(true, true), vec![at(-low), hi, n]);
        shape.push(total);
    }
    let x = cx.arg(d, 1);
    let src = cx.arg(d, 0);
    let n = cx.product(&shape);
    if old.is_empty() {
        cx.result(d, 0, src);
        return;
    }
    let (_, data) = fresh(cx, d, &shape);
    fill(cx, data.into(), n, e, &x);
    let (mut to, mut from) = (View::whole(cx, &shape), View::whole(cx, &old));
    let mut part = Vec::new();
    for (k, &(low, _, interior)) in amounts.iter().enumerate() {
        // Element i goes to low + i * step; those in 0..shape[k] are kept.
        let step = interior + 1;
        let first = low.min(0).unsigned_abs().div_ceil(step);
        let room = cx.sub(shape[k], at(low));
        let room = cx.bin(Bin::SMax, room, Opnd::i64(0));
        let up = cx.add(room, Opnd::i64(step - 1));
        let end = cx.bin(Bin::UDiv, up, Opnd::i64(step));
        let end = cx.bin(Bin::UMin, end, old[k]);
        let end = cx.bin(Bin::UMax, end, Opnd::i64(first));
        part.push(cx.sub(end, Opnd::i64(first)));
        let start = low.wrapping_add_unsigned(first * step);
        let by = cx.mul(at(start), to.strides[k]);
        to.base = cx.add(to.base, by);
        let by = cx.mul(Opnd::i64(first), from.strides[k]);
        from.base = cx.add(from.base, by);
        to.strides[k] = cx.mul(to.strides[k], Opnd::i64(step));
    }
    strided::copy(cx, &part, (data.into(), &to), (src[1], &from), e);
}

fn slice(cx: &mut Cx<'_>, d: &InstData, ranges: &[(u64, u64, u64)]) {
    let old = extents(cx, d, 0);
    let mut from = View::whole(cx, &old);
    let mut shape = Vec::new();
    for (k, &(start, limit, stride)) in ranges.iter().enumerate() {
        let (lo, hi) = (Opnd::i64(start), Opnd::i64(limit));
        let bad = cx.set(Rv::Cmp(Cmp::UGt, hi, old[k]));
        cx.check(bad, TrapAt::Range(false, false), vec![lo, hi, old[k]]);
        let by = cx.mul(lo, from.strides[k]);
        from.base = cx.add(from.base, by);
        from.strides[k] = cx.mul(from.strides[k], Opnd::i64(stride));
        shape.push(Opnd::i64((limit - start).div_ceil(stride)));
    }
    if shape.is_empty() {
        let x = cx.arg(d, 0);
        cx.result(d, 0, x);
    } else {
        viewed(cx, d, &shape, &from);
    }
}

fn reverse(cx: &mut Cx<'_>, d: &InstData, axes: &[u32]) {
    let shape = extents(cx, d, 0);
    if shape.is_empty() {
        let x = cx.arg(d, 0);
        cx.result(d, 0, x);
        return;
    }
    let mut from = View::whole(cx, &shape);
    for &k in axes {
        let k = k as usize;
        let last = cx.sub(shape[k], Opnd::i64(1));
        let by = cx.mul(last, from.strides[k]);
        from.base = cx.add(from.base, by);
        from.strides[k] = cx.sub(Opnd::i64(0), from.strides[k]);
    }
    viewed(cx, d, &shape, &from);
}

fn iota(cx: &mut Cx<'_>, d: &InstData, e: DType, shape: &[Dim], axis: usize) {
    let shape = given(cx, d, shape, 0);
    let (outer, len, inner) = around(cx, &shape, axis);
    let (_, data) = fresh(cx, d, &shape);
    if e.is_int() && e.bytes() < 8 {
        let bits = 8 * e.bytes() as u32 - u32::from(e.is_signed());
        let far = cx.set(Rv::Cmp(Cmp::UGt, len, Opnd::i64(1 << bits)));
        let any = cx.set(Rv::Cmp(Cmp::Ne, outer, Opnd::i64(0)));
        let bad = cx.both(far, any);
        cx.check(bad, TrapAt::Overflow("iota"), Vec::new());
    }
    each(cx, outer, |cx, o| {
        let row = cx.mul(o, len);
        each(cx, len, |cx, j| {
            let x = counted(cx, j, e);
            let at = cx.add(row, j);
            let at = cx.mul(at, inner);
            each(cx, inner, |cx, k| {
                let at = cx.add(at, k);
                store_scalar(cx, data.into(), at, e, &x);
            });
        });
    });
}

/// An index as a number of a type.
fn counted(cx: &mut Cx<'_>, j: Opnd, e: DType) -> Flat {
    if e.is_int() {
        let ty = scalar_ty(e);
        return vec![if ty == Ty::I64 {
            j
        } else {
            cx.cvt(Cvt::Trunc, ty, j)
        }];
    }
    let x = cx.cvt(Cvt::UToF, Ty::F64, j);
    let x = if scalar_ty(e) == Ty::F32 {
        cx.cvt(Cvt::Demote, Ty::F32, x)
    } else {
        x
    };
    let mut out = vec![x];
    if parts(e) == 2 {
        out.push(fold::float(scalar_ty(e), 0.0));
    }
    out
}

/// The numbers of elements before, along and after an axis.
pub(super) fn around(cx: &mut Cx<'_>, shape: &[Opnd], axis: usize) -> (Opnd, Opnd, Opnd) {
    let before = cx.product(&shape[..axis]);
    let after = cx.product(&shape[axis + 1..]);
    (before, shape[axis], after)
}

/// The zero of an element type.
pub(super) fn zero(e: DType) -> Flat {
    if e.is_differentiable() {
        vec![fold::float(scalar_ty(e), 0.0); parts(e)]
    } else {
        vec![int(e, 0)]
    }
}

/// The address of an element.
pub(super) fn address(cx: &mut Cx<'_>, data: Opnd, at: Opnd, d: DType) -> Opnd {
    cx.set(Rv::Lea(Addr::at(data, at, d.bytes() as u32)))
}
