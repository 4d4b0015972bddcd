//! Records, and reads and writes at a path.
//!
//! Reading walks the path and loads only what it leads to. Writing takes the base over and makes each level on the way uniquely owned:
//! an inner array's registers are loaded from the element that it is, and stored back. Where a path enters a tensor, the
//! remaining index steps are one flat position.
//!
//! Invariant: a scalar read touches no reference count.

use super::Unsupported;
use super::control::{load_scalar, store_scalar};
use super::cx::{Cx, Flat};
use super::spot::Spot;
use super::tangent;
use crate::layout::{field_range, scalar_ty};
use crate::lir::{Addr, Bin, Cmp, Opnd, Rv, TrapAt};
use cotangent_core::entity::{Inst, Value};
use cotangent_core::ir::{DType, InstData, PlaceOp, Step, TensorType, Type};

/// Lowers a place operation.
pub(super) fn lower(op: &PlaceOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    match op {
        PlaceOp::Record => {
            let mut flat = Flat::new();
            for k in 0..d.args.len() {
                flat.extend(cx.take(d, k));
            }
            cx.result(d, 0, flat);
        }
        PlaceOp::Get(path) => get(cx, d, path),
        PlaceOp::Update(path) => write(cx, d, path, &mut |cx, found| update(cx, d, found)),
        PlaceOp::AddAt(path) => write(cx, d, path, &mut |cx, found| add_at(cx, d, found)),
    }
    Ok(())
}

/// Whether the last step of a path is into a tensor, so that it leads to part of one.
pub(super) fn ends_in_tensor(base: &Type, path: &[Step]) -> bool {
    path.split_last().is_some_and(|(_, front)| {
        cotangent_core::ops::place_type(base, front).is_ok_and(|t| matches!(t, Type::Tensor(_)))
    })
}

/// The position that indices reach in a tensor of those extents, as the number of the first element there.
fn position(cx: &mut Cx<'_>, extents: &[Opnd], indices: &[Value]) -> Opnd {
    let mut at = Opnd::i64(0);
    for (&n, &v) in extents.iter().zip(indices) {
        let (index, signed) = cx.widen(v);
        cx.check_access(v, index, signed, n);
        at = cx.mul(at, n);
        at = cx.add(at, index);
    }
    let rest = cx.product(&extents[indices.len().min(extents.len())..]);
    cx.mul(at, rest)
}

/// The element of a sequence that an index reaches.
fn element(cx: &mut Cx<'_>, array: &[Opnd], elem: &Type, v: Value) -> Spot {
    let (index, signed) = cx.widen(v);
    cx.check_access(v, index, signed, array[2]);
    Spot::element(array[1], index, elem)
}

/// The field that a step leads to.
fn field_type(ty: &Type, k: u32) -> (&[Type], usize) {
    match ty {
        Type::Record(fs) => (fs, k as usize),
        Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => (&[], 0),
    }
}

fn get(cx: &mut Cx<'_>, d: &InstData, path: &[Step]) {
    let v = d.results[0];
    let base = cx.arg(d, 0);
    let base_ty = cx.func.ty(d.args[0]).clone();
    let mut ty = base_ty.clone();
    let mut spot = Spot::Regs(base.clone());
    // The registers of the base that the path has led to, until it enters memory.
    let mut range = Some(0..base.len());
    let mut indices = &d.args[1..];
    for (k, step) in path.iter().enumerate() {
        let next = match (step, &ty) {
            (Step::Field(f), _) => {
                let (fields, f) = field_type(&ty, *f);
                let at = field_range(fields, f);
                range = range.map(|r| r.start + at.start..r.start + at.end);
                spot = spot.part(at);
                fields[f].clone()
            }
            (Step::Index, Type::Tensor(t)) => {
                debug_assert_eq!(path.len() - k, indices.len());
                let moves = range.filter(|_| cx.dies(d, 0));
                let flat = get_part(cx, v, &spot, t, indices, moves.is_some());
                if let Some(range) = moves
                    && flat.moved
                {
                    let _ = cx.give(d, 0);
                    Spot::release_others(&base, &base_ty, &range, cx);
                }
                cx.result(d, 0, flat.flat);
                return;
            }
            (Step::Index, _) => {
                let elem = ty.element().unwrap_or_else(Type::unit);
                let array = spot.borrow_array(cx);
                spot = element(cx, &array, &elem, indices[0]);
                indices = &indices[1..];
                range = None;
                elem
            }
        };
        ty = next;
    }
    let flat = spot.load(cx);
    let flat = match range {
        _ if cx.live.lent[v].is_some() => flat,
        Some(range) if cx.dies(d, 0) => {
            let _ = cx.give(d, 0);
            Spot::release_others(&base, &base_ty, &range, cx);
            flat
        }
        _ => cx.share(&flat, &ty),
    };
    cx.result(d, 0, flat);
}

/// What was read of a tensor.
struct Part {
    flat: Flat,
    /// Whether it took over the tensor's reference.
    moved: bool,
}

/// Part of the tensor at a spot: an element, or a view of the elements there. `dies` says that the tensor's reference may be taken over.
fn get_part(
    cx: &mut Cx<'_>,
    v: Value,
    spot: &Spot,
    t: &TensorType,
    indices: &[Value],
    dies: bool,
) -> Part {
    let ty = Type::Tensor(t.clone());
    let array = spot.borrow_array(cx);
    let extents = cx.extents(&array, &ty);
    let at = position(cx, &extents, indices);
    if indices.len() == extents.len() {
        let flat = load_scalar(cx, array[1], at, t.dtype);
        return Part { flat, moved: false };
    }
    let data = cx.set(Rv::Lea(Addr::at(array[1], at, t.dtype.bytes() as u32)));
    let block = spot.leaf(cx, 0);
    let ty = cx.func.ty(v).clone();
    let view = cx.array(&ty, block, data, &extents[indices.len()..]);
    let lent = cx.live.lent[v].is_some();
    let flat = if lent || dies {
        view
    } else {
        cx.duplicate(&view, &ty)
    };
    Part {
        flat,
        moved: dies && !lent,
    }
}

/// What a path leads to in a value that is written.
pub(super) enum Found<'a> {
    /// A value.
    Whole(&'a mut Spot, &'a Type),
    /// The part of a tensor from a position.
    Part {
        data: Opnd,
        at: Opnd,
        dtype: DType,
        /// The extents of the part.
        extents: Vec<Opnd>,
    },
}

type Work<'a, 'm> = &'a mut dyn FnMut(&mut Cx<'m>, Found<'_>);

/// Works on what a path leads to in the base, which is taken over.
fn write<'m>(cx: &mut Cx<'m>, d: &InstData, path: &[Step], f: Work<'_, 'm>) {
    let ty = cx.func.ty(d.args[0]).clone();
    let mut spot = Spot::Regs(cx.take(d, 0));
    modify(cx, &mut spot, &ty, path, &d.args[2..], f);
    let flat = spot.load(cx);
    cx.result(d, 0, flat);
}

/// Works on what a path leads to, with every level on the way uniquely owned.
fn modify<'m>(
    cx: &mut Cx<'m>,
    spot: &mut Spot,
    ty: &Type,
    path: &[Step],
    indices: &[Value],
    f: Work<'_, 'm>,
) {
    match (path.split_first(), ty) {
        (None, _) => f(cx, Found::Whole(spot, ty)),
        (Some((Step::Field(k), rest)), _) => {
            let (fields, k) = field_type(ty, *k);
            let mut field = spot.field(fields, k);
            modify(cx, &mut field, &fields[k], rest, indices, f);
            spot.set_field(fields, k, field);
        }
        (Some((Step::Index, _)), Type::Tensor(t)) => {
            let array = spot.load(cx);
            let extents = cx.extents(&array, ty);
            let at = position(cx, &extents, indices);
            let array = spot.unique(cx, ty, array);
            let found = Found::Part {
                data: array[1],
                at,
                dtype: t.dtype,
                extents: extents[indices.len()..].to_vec(),
            };
            f(cx, found);
        }
        (Some((Step::Index, rest)), _) => {
            let elem = ty.element().unwrap_or_else(Type::unit);
            let array = spot.load(cx);
            let (index, signed) = cx.widen(indices[0]);
            cx.check_access(indices[0], index, signed, array[2]);
            let array = spot.unique(cx, ty, array);
            let mut at = Spot::element(array[1], index, &elem);
            modify(cx, &mut at, &elem, rest, &indices[1..], f);
        }
    }
}

fn update(cx: &mut Cx<'_>, d: &InstData, found: Found<'_>) {
    let from = cx.func.ty(d.args[1]).clone();
    match found {
        Found::Whole(spot, ty) => {
            let x = cx.take(d, 1);
            let x = cx.coerce(x, &from, ty);
            replace(cx, spot, ty, x);
        }
        Found::Part {
            data,
            at,
            dtype,
            extents,
        } => {
            let x = cx.arg(d, 1);
            if from.is_scalar() {
                store_scalar(cx, data, at, dtype, &x);
                return;
            }
            let other = cx.extents(&x, &from);
            cx.check_same("update", &extents, &other);
            let n = cx.product(&other);
            let to = cx.set(Rv::Lea(Addr::at(data, at, dtype.bytes() as u32)));
            cx.move_elements(to, x[1], n, &cx.scalar_layout(dtype));
        }
    }
}

/// Puts an owned value where another one was, which is given up.
pub(super) fn replace(cx: &mut Cx<'_>, spot: &mut Spot, ty: &Type, x: Flat) {
    let owning = crate::layout::leaves(ty).contains(&crate::layout::Leaf::Block);
    let old = owning.then(|| spot.load(cx));
    spot.store(cx, x);
    if let Some(old) = old {
        cx.release(&old, ty);
    }
}

fn add_at(cx: &mut Cx<'_>, d: &InstData, found: Found<'_>) {
    let from = cx.func.ty(d.args[1]).clone();
    let x = cx.arg(d, 1);
    match found {
        Found::Whole(spot, ty) => tangent::accumulate(cx, spot, ty, &Spot::Regs(x), &from),
        Found::Part {
            data,
            at,
            dtype,
            extents,
        } => {
            if from.is_scalar() {
                let old = load_scalar(cx, data, at, dtype);
                let sum = add(cx, dtype, &old, &x, "add_at");
                store_scalar(cx, data, at, dtype, &sum);
                return;
            }
            let other = cx.extents(&x, &from);
            cx.check_same("add_at", &extents, &other);
            let n = cx.product(&other);
            let to = cx.set(Rv::Lea(Addr::at(data, at, dtype.bytes() as u32)));
            add_elements(cx, dtype, to, x[1], n, "add_at");
        }
    }
}

/// The sum of two numbers; integers trap on overflow.
fn add(cx: &mut Cx<'_>, d: DType, a: &[Opnd], b: &[Opnd], op: &'static str) -> Flat {
    if d.is_int() {
        let over = if d.is_signed() {
            Cmp::SAddOv
        } else {
            Cmp::UAddOv
        };
        let over = cx.set(Rv::Cmp(over, a[0], b[0]));
        cx.check(over, TrapAt::Overflow(op), Vec::new());
    }
    let how = match d {
        DType::Bool => Bin::Or,
        d if d.is_int() => Bin::Add,
        _ => Bin::Accumulate,
    };
    a.iter()
        .zip(b)
        .map(|(&x, &y)| cx.set(Rv::Bin(how, x, y)))
        .collect()
}

/// Adds `n` scalars from `from` to those at `to`; the two do not overlap, or are the same.
pub(super) fn add_elements(
    cx: &mut Cx<'_>,
    d: DType,
    to: Opnd,
    from: Opnd,
    n: Opnd,
    op: &'static str,
) {
    // Complex numbers are pairs of floats, added part by part.
    let parts = crate::layout::parts(d) as u64;
    let n = cx.mul(n, Opnd::i64(parts));
    let real = d.real();
    debug_assert_eq!(scalar_ty(real), scalar_ty(d));
    cx.for_range(Opnd::i64(0), n, !d.is_int(), |cx, k| {
        let x = load_scalar(cx, to, k, real);
        let y = load_scalar(cx, from, k, real);
        let sum = add(cx, real, &x, &y, op);
        store_scalar(cx, to, k, real, &sum);
    });
}
