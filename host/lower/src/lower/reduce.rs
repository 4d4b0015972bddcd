//! Reductions over axes, positions of extremes, running reductions.
//!
//! Integers and truth values are reduced in row-major order as core does; sums of floats may be in another order where a kernel adds
//! them. A reduction over all axes computes what is fused into it in its own loop, and keeps its value in registers.

use super::control::{load_scalar, store_scalar};
use super::cx::{Cx, Flat};
use super::elementwise::{each, in_turn, operands, release_held};
use super::fuse::KERNEL;
use super::scalar::{self, int};
use super::shape::{RANK, address, around, dtype, extents, fill, fresh, zero};
use super::strided::{View, nest};
use super::{Unsupported, fallback};
use crate::layout::{parts, scalar_ty};
use crate::lir::{Bin, Cmp, Hint, Opnd, Reg, RtFn, Rv, Stmt, TrapAt, Ty};
use crate::opt::fold;
use cotangent_core::entity::{Inst, Value};
use cotangent_core::ir::{ArgReduceOp, BinaryOp, CumOp, DType, InstData, Op, ReduceOp, Reduction};

/// Lowers a reduction.
pub(super) fn lower(op: &Reduction, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let rank = cx
        .func
        .ty(d.args[0])
        .as_tensor()
        .map_or(0, |t| t.shape.len());
    if rank > RANK {
        return fallback::lower(cx, i);
    }
    match op {
        Reduction::Axes(_, axes) if axes.is_empty() => {
            let a = cx.take(d, 0);
            cx.result(d, 0, a);
        }
        Reduction::Axes(o, axes) if axes.len() == rank => whole(cx, i, Fold::of(*o, o.name())),
        Reduction::Axes(o, axes) => some(cx, d, Fold::of(*o, o.name()), axes),
        Reduction::Arg(o, k) => arg(cx, d, *o, *k as usize),
        Reduction::Cumulative { op, axis, reverse } => {
            running(cx, d, Fold::running(*op), *axis as usize, *reverse);
        }
    }
    Ok(())
}

#[derive(Copy, Clone, PartialEq)]
enum Kind {
    Sum,
    Prod,
    Min,
    Max,
}

/// What a reduction does with two elements, and the name it traps by.
#[derive(Copy, Clone)]
struct Fold {
    kind: Kind,
    name: &'static str,
}

impl Fold {
    fn of(op: ReduceOp, name: &'static str) -> Fold {
        let kind = match op {
            // On `bool` the sum is "or" and the product "and".
            ReduceOp::Sum | ReduceOp::Any => Kind::Sum,
            ReduceOp::Prod | ReduceOp::All => Kind::Prod,
            ReduceOp::Min => Kind::Min,
            ReduceOp::Max => Kind::Max,
        };
        Fold { kind, name }
    }
    fn running(op: CumOp) -> Fold {
        let kind = match op {
            CumOp::Sum => Kind::Sum,
            CumOp::Prod => Kind::Prod,
            CumOp::Min => Kind::Min,
            CumOp::Max => Kind::Max,
        };
        Fold {
            kind,
            name: op.name(),
        }
    }
    /// What nothing reduces to.
    fn start(self, d: DType) -> Flat {
        let ty = scalar_ty(d);
        let bits = 8 * ty.bytes();
        let lowest = 1u64 << (bits - 1);
        match self.kind {
            Kind::Sum => zero(d),
            Kind::Prod if d.is_differentiable() => {
                let mut one = vec![fold::float(ty, 0.0); parts(d)];
                one[0] = fold::float(ty, 1.0);
                one
            }
            Kind::Prod => vec![int(d, 1)],
            Kind::Min if d.is_differentiable() => vec![fold::float(ty, f64::INFINITY)],
            Kind::Max if d.is_differentiable() => vec![fold::float(ty, f64::NEG_INFINITY)],
            Kind::Min if d.is_signed() => vec![fold::constant(ty, lowest - 1)],
            Kind::Max if d.is_signed() => vec![fold::constant(ty, lowest)],
            Kind::Min => vec![fold::constant(ty, u64::MAX)],
            Kind::Max => vec![int(d, 0)],
        }
    }
    /// The element `x` taken into `a`.
    fn step(self, cx: &mut Cx<'_>, a: &[Opnd], x: &[Opnd], d: DType) -> Flat {
        match self.kind {
            Kind::Sum => plus(cx, a, x, d, self.name),
            Kind::Prod => times(cx, a, x, d, self.name),
            Kind::Min | Kind::Max => {
                let keep = stays(cx, a[0], x[0], d, self.kind == Kind::Max);
                vec![cx.choose(keep, a[0], x[0])]
            }
        }
    }
}

/// The sum of two elements as core's sums of arrays have it: `or` of truth values, checked for integers, in any order for floats.
pub(super) fn plus(cx: &mut Cx<'_>, a: &[Opnd], x: &[Opnd], d: DType, name: &'static str) -> Flat {
    if d == DType::Bool {
        vec![cx.either(a[0], x[0])]
    } else if d.is_int() {
        vec![cx.checked(Bin::Add, a[0], x[0], d, name)]
    } else {
        a.iter()
            .zip(x)
            .map(|(&a, &x)| cx.bin(Bin::Accumulate, a, x))
            .collect()
    }
}

/// The product of two elements.
pub(super) fn times(cx: &mut Cx<'_>, a: &[Opnd], x: &[Opnd], d: DType, name: &'static str) -> Flat {
    if d == DType::Bool {
        vec![cx.both(a[0], x[0])]
    } else if d.is_int() {
        vec![cx.checked(Bin::Mul, a[0], x[0], d, name)]
    } else if d.is_complex() {
        scalar::product(cx, a, x)
    } else {
        vec![cx.bin(Bin::Mul, a[0], x[0])]
    }
}

/// Whether the extreme so far stays: the new element is none, or this is NaN already.
fn stays(cx: &mut Cx<'_>, a: Opnd, x: Opnd, d: DType, max: bool) -> Opnd {
    let op = match (d.is_float(), d.is_signed(), max) {
        (true, _, true) => Cmp::FLe,
        (true, _, false) => Cmp::FGe,
        (false, true, true) => Cmp::SLe,
        (false, true, false) => Cmp::SGe,
        (false, false, true) => Cmp::ULe,
        (false, false, false) => Cmp::UGe,
    };
    let within = cx.cmp(op, x, a);
    if !d.is_float() {
        return within;
    }
    let nan = cx.cmp(Cmp::FNe, a, a);
    cx.either(within, nan)
}

/// Sets registers to what they hold next, all at once.
fn assign(cx: &mut Cx<'_>, regs: &[Reg], to: &[Opnd]) {
    for (&r, &a) in regs.iter().zip(to) {
        cx.emit(Stmt::Set(r, Rv::Copy(a)));
    }
}

fn opnds(regs: &[Reg]) -> Flat {
    regs.iter().map(|&r| r.into()).collect()
}

/// Over all axes: the value stays in registers.
fn whole(cx: &mut Cx<'_>, i: Inst, fold: Fold) {
    let d = cx.inst(i);
    let e = dtype(cx, d, 0);
    let shape = extents(cx, d, 0);
    let n = cx.product(&shape);
    let long = n.constant().is_none_or(|n| n >= KERNEL);
    let summed = if fold.kind == Kind::Sum && e.is_float() && long {
        by_kernel(cx, i, n, scalar_ty(e))
    } else {
        None
    };
    let out = match summed {
        Some(s) => vec![s],
        None => {
            let acc: Vec<Reg> = fold.start(e).iter().map(|&a| cx.copy(a)).collect();
            in_turn(cx, n, |cx, k| {
                let x = operands(cx, i, k).swap_remove(0);
                let next = fold.step(cx, &opnds(&acc), &x, e);
                assign(cx, &acc, &next);
            });
            opnds(&acc)
        }
    };
    cx.result(d, 0, out);
    release_held(cx, i);
}

/// The sum of a vector, or the inner product of two, by a kernel.
fn by_kernel(cx: &mut Cx<'_>, i: Inst, n: Opnd, ty: Ty) -> Option<Opnd> {
    let d = cx.inst(i);
    let group = cx.fusion.groups.get(&i).cloned().unwrap_or_default();
    let vector = |cx: &Cx<'_>, v: Value| cx.flat(v)[1];
    let (f, args) = match group[..] {
        [] => (RtFn::Sum(ty), vec![n, vector(cx, d.args[0])]),
        [g] => {
            let product = cx.inst(g);
            if product.op != Op::Binary(BinaryOp::Mul) {
                return None;
            }
            let (x, y) = (product.args[0], product.args[1]);
            (RtFn::Dot(ty), vec![n, vector(cx, x), vector(cx, y)])
        }
        _ => return None,
    };
    let r = cx.reg(ty);
    cx.emit(Stmt::Rt(f, args, Some(r), None));
    Some(r.into())
}

/// Over some axes, not all.
fn some(cx: &mut Cx<'_>, d: &InstData, fold: Fold, axes: &[u32]) {
    let e = dtype(cx, d, 0);
    let shape = extents(cx, d, 0);
    let kept: Vec<usize> = (0..shape.len())
        .filter(|k| !axes.contains(&(*k as u32)))
        .collect();
    let out: Vec<Opnd> = kept.iter().map(|&k| shape[k]).collect();
    let src = cx.arg(d, 0)[1];
    let n = cx.product(&out);
    let (_, data) = fresh(cx, d, &out);
    let data: Opnd = data.into();
    let start = fold.start(e);
    fill(cx, data, n, e, &start);
    let whole = View::whole(cx, &out);
    let mut to = View {
        base: Opnd::i64(0),
        strides: vec![Opnd::i64(0); shape.len()],
    };
    for (i, &k) in kept.iter().enumerate() {
        to.strides[k] = whole.strides[i];
    }
    let from = View::whole(cx, &shape);
    let last = shape.len() - 1;
    let reduced = axes.contains(&(last as u32));
    let len = shape[last];
    nest(cx, &shape, &[&to, &from], &mut |cx, at, _| {
        if !reduced {
            // A kept last axis is contiguous in the result.
            each(cx, len, |cx, k| {
                let (p, q) = (cx.add(at[0], k), cx.add(at[1], k));
                let a = load_scalar(cx, data, p, e);
                let x = load_scalar(cx, src, q, e);
                let next = fold.step(cx, &a, &x, e);
                store_scalar(cx, data, p, e, &next);
            });
            return;
        }
        let a = load_scalar(cx, data, at[0], e);
        let long = len.constant().is_none_or(|n| n >= KERNEL);
        if fold.kind == Kind::Sum && e.is_float() && long {
            let ty = scalar_ty(e);
            let row = address(cx, src, at[1], e);
            let r = cx.reg(ty);
            cx.emit(Stmt::Rt(RtFn::Sum(ty), vec![len, row], Some(r), None));
            let next = cx.bin(Bin::Add, a[0], r.into());
            store_scalar(cx, data, at[0], e, &[next]);
            return;
        }
        let acc: Vec<Reg> = a.iter().map(|&a| cx.copy(a)).collect();
        in_turn(cx, len, |cx, k| {
            let q = cx.add(at[1], k);
            let x = load_scalar(cx, src, q, e);
            let next = fold.step(cx, &opnds(&acc), &x, e);
            assign(cx, &acc, &next);
        });
        store_scalar(cx, data, at[0], e, &opnds(&acc));
    });
}

fn arg(cx: &mut Cx<'_>, d: &InstData, op: ArgReduceOp, axis: usize) {
    let e = dtype(cx, d, 0);
    let shape = extents(cx, d, 0);
    let (outer, n, inner) = around(cx, &shape, axis);
    let none = cx.set(Rv::Cmp(Cmp::Eq, n, Opnd::i64(0)));
    cx.check(none, TrapAt::Empty(op.name()), Vec::new());
    let src = cx.arg(d, 0)[1];
    let max = op == ArgReduceOp::ArgMax;
    let ty = scalar_ty(e);
    let find = |cx: &mut Cx<'_>, first: Opnd| -> Opnd {
        let best = cx.copy(Opnd::i64(0));
        let x = load_scalar(cx, src, first, e)[0];
        let value = cx.copy(x);
        let index = cx.reg(Ty::I64);
        let (body, ()) = cx.block(|cx| {
            let at = cx.mul(index.into(), inner);
            let at = cx.add(first, at);
            let x = load_scalar(cx, src, at, e)[0];
            let stays = stays(cx, value.into(), x, e, max);
            let next = cx.choose(stays, best.into(), index.into());
            let v = cx.choose(stays, value.into(), x);
            assign(cx, &[best, value], &[next, v]);
        });
        cx.emit(Stmt::For {
            index,
            lo: Opnd::i64(1),
            hi: n,
            signed: false,
            body,
            hint: Hint::default(),
        });
        debug_assert_eq!(cx.ty(value.into()), ty);
        best.into()
    };
    if shape.len() == 1 {
        let best = find(cx, Opnd::i64(0));
        cx.result(d, 0, vec![best]);
        return;
    }
    let mut left = shape.clone();
    left.remove(axis);
    let (_, data) = fresh(cx, d, &left);
    let row = cx.mul(n, inner);
    each(cx, outer, |cx, o| {
        let (from, to) = (cx.mul(o, row), cx.mul(o, inner));
        each(cx, inner, |cx, i| {
            let first = cx.add(from, i);
            let best = find(cx, first);
            let at = cx.add(to, i);
            store_scalar(cx, data.into(), at, DType::U64, &[best]);
        });
    });
}

fn running(cx: &mut Cx<'_>, d: &InstData, fold: Fold, axis: usize, reverse: bool) {
    let ty = cx.func.ty(d.args[0]).clone();
    let e = dtype(cx, d, 0);
    let mut a = cx.take(d, 0);
    cx.unique(&mut a, &ty);
    let data = a[1];
    let shape = cx.extents(&a, &ty);
    let (outer, n, inner) = around(cx, &shape, axis);
    let row = cx.mul(n, inner);
    each(cx, outer, |cx, o| {
        let base = cx.mul(o, row);
        let index = cx.reg(Ty::I64);
        let (body, ()) = cx.block(|cx| {
            let back = cx.sub(n, index.into());
            let (to, from) = if reverse {
                (cx.sub(back, Opnd::i64(1)), back)
            } else {
                (Opnd::from(index), cx.sub(index.into(), Opnd::i64(1)))
            };
            let (to, from) = (cx.mul(to, inner), cx.mul(from, inner));
            let (to, from) = (cx.add(base, to), cx.add(base, from));
            each(cx, inner, |cx, k| {
                let (p, q) = (cx.add(to, k), cx.add(from, k));
                let a = load_scalar(cx, data, q, e);
                let x = load_scalar(cx, data, p, e);
                let next = fold.step(cx, &a, &x, e);
                store_scalar(cx, data, p, e, &next);
            });
        });
        cx.emit(Stmt::For {
            index,
            lo: Opnd::i64(1),
            hi: n,
            signed: false,
            body,
            hint: Hint::default(),
        });
    });
    cx.result(d, 0, a);
}
