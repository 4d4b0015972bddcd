//! Rust's arrays: slices, push and pop, of tensors (their leading extent), sequences and stacks.
//!
//! A slice of an array whose elements refer to no block is a view; of others, a copy. Appending is a store where the block is the array's
//! alone and has room; else the runtime grows it. Popping such an array only shortens it. Arrays of elements with references are made
//! uniquely owned first, and the element moves out.
//!
//! Invariant: of an array whose elements hold references, the elements are all those of its block, and the block's `LEN` counts them.

use super::Unsupported;
use super::constant::zero_tensor;
use super::control::store_scalar;
use super::cx::{Cx, Flat};
use super::place::add_elements;
use super::tangent;
use crate::lir::{Addr, Cmp, Layout, LayoutId, Opnd, Reg, Rv, Stmt, TrapAt};
use cotangent_core::entity::Inst;
use cotangent_core::ir::{ArrayOp, Dim, InstData, TensorType, Type};

/// Lowers an operation on arrays.
pub(super) fn lower(op: &ArrayOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    match op {
        ArrayOp::Slice => slice(cx, d),
        ArrayOp::UpdateSlice => write_slice(cx, d, false),
        ArrayOp::AddSlice => write_slice(cx, d, true),
        ArrayOp::Len => {
            let n = extent(cx, d, 0);
            cx.result(d, 0, vec![n]);
        }
        ArrayOp::Dim(k) => {
            let n = extent(cx, d, *k as usize);
            cx.result(d, 0, vec![n]);
        }
        ArrayOp::Fill => fill(cx, d),
        ArrayOp::Array => array(cx, d),
        ArrayOp::Push => push(cx, d),
        ArrayOp::Pop => pop(cx, d),
    }
    Ok(())
}

fn extent(cx: &mut Cx<'_>, d: &InstData, k: usize) -> Opnd {
    let flat = cx.arg(d, 0);
    cx.extents(&flat, cx.func.ty(d.args[0]))[k]
}

/// An array's elements along its leading extent.
struct Rows {
    /// How many there are.
    n: Opnd,
    /// The extents of one.
    inner: Vec<Opnd>,
    /// The elements in memory that one consists of.
    each: Opnd,
    id: LayoutId,
    layout: Layout,
}

impl Rows {
    fn of(cx: &mut Cx<'_>, flat: &[Opnd], ty: &Type) -> Rows {
        let extents = cx.extents(flat, ty);
        let inner = extents[1..].to_vec();
        let each = cx.product(&inner);
        let (id, layout) = cx.elements(ty);
        Rows {
            n: extents[0],
            inner,
            each,
            id,
            layout,
        }
    }
    /// How many elements in memory `k` of them are.
    fn elements(&self, cx: &mut Cx<'_>, k: Opnd) -> Opnd {
        cx.mul(k, self.each)
    }
    /// The address of the `k`-th.
    fn address(&self, cx: &mut Cx<'_>, data: Opnd, k: Opnd) -> Opnd {
        let at = self.elements(cx, k);
        cx.set(Rv::Lea(Addr::at(data, at, self.layout.size)))
    }
    /// The extents of `n` of them.
    fn extents(&self, n: Opnd) -> Vec<Opnd> {
        [&[n], self.inner.as_slice()].concat()
    }
    fn holds_references(&self) -> bool {
        !self.layout.blocks.is_empty()
    }
}

fn slice(cx: &mut Cx<'_>, d: &InstData) {
    let v = d.results[0];
    let a = cx.arg(d, 0);
    let rows = Rows::of(cx, &a, cx.func.ty(d.args[0]));
    let (lo, lo_signed) = cx.widen(d.args[1]);
    let (hi, hi_signed) = cx.widen(d.args[2]);
    cx.check_range((lo, lo_signed), (hi, hi_signed), rows.n);
    let n = cx.sub(hi, lo);
    let ty = cx.func.ty(v).clone();
    let extents = rows.extents(n);
    let data = if lo == Opnd::i64(0) {
        a[1]
    } else {
        rows.address(cx, a[1], lo)
    };
    let view = |cx: &mut Cx<'_>, data: Opnd| cx.array(&ty, a[0], data, &extents);
    let flat = if cx.live.lent[v].is_some() {
        view(cx, data)
    } else if !rows.holds_references() && cx.dies(d, 0) {
        let _ = cx.give(d, 0);
        view(cx, data)
    } else {
        let from = view(cx, data);
        cx.duplicate(&from, &ty)
    };
    cx.result(d, 0, flat);
}

fn write_slice(cx: &mut Cx<'_>, d: &InstData, add: bool) {
    let op = if add { "add_slice" } else { "update_slice" };
    let ty = cx.func.ty(d.args[0]).clone();
    let mut other = cx.func.ty(d.args[1]).clone();
    let mut a = cx.take(d, 0);
    let mut b = cx.arg(d, 1);
    // Elements that lie otherwise in memory are brought into shape first.
    let moved = !add
        && crate::layout::element_layout(&ty) != crate::layout::element_layout(&other)
        && matches!(ty, Type::Seq(_));
    if moved {
        b = cx.take(d, 1);
        b = cx.coerce(b, &other, &ty);
        other = ty.clone();
    }
    let (x, y) = (Rows::of(cx, &a, &ty), Rows::of(cx, &b, &other));
    let (lo, signed) = cx.widen(d.args[2]);
    let hi = cx.add(lo, y.n);
    let beyond = cx.cmp(Cmp::UGt, lo, x.n);
    let left = cx.sub(x.n, lo);
    let long = cx.cmp(Cmp::UGt, y.n, left);
    let bad = cx.or(beyond, long);
    cx.check(bad, TrapAt::Range(signed, signed), vec![lo, hi, x.n]);
    // An array of nothing may be of any extents.
    let mut differ = cx.cmp(Cmp::Ne, y.n, Opnd::i64(0));
    let mut same = Opnd::bool(false);
    for (&p, &q) in x.inner.iter().zip(&y.inner) {
        if p != q {
            let ne = cx.cmp(Cmp::Ne, p, q);
            same = cx.or(same, ne);
        }
    }
    differ = cx.and(differ, same);
    cx.check_shapes(differ, op, &x.inner, &y.inner);
    cx.unique(&mut a, &ty);
    let to = x.address(cx, a[1], lo);
    let n = x.elements(cx, y.n);
    match (&ty, &other) {
        (Type::Tensor(t), _) if add => add_elements(cx, t.dtype, to, b[1], n, op),
        (Type::Seq(e), Type::Seq(g)) if add => tangent::add_all(cx, to, e, b[1], g, n),
        (Type::Tensor(_) | Type::Seq(_) | Type::Record(_) | Type::Stack(_), _) => {
            cx.retain_elements(b[1], n, x.id);
            cx.release_elements(to, n, x.id);
            cx.move_elements(to, b[1], n, &x.layout);
        }
    }
    if moved {
        cx.release(&b, &other);
    }
    cx.result(d, 0, a);
}

fn fill(cx: &mut Cx<'_>, d: &InstData) {
    let ty = cx.func.ty(d.results[0]).clone();
    let from = cx.func.ty(d.args[0]).clone();
    let (n, signed) = cx.widen(d.args[1]);
    if signed {
        let negative = cx.set(Rv::Cmp(Cmp::SLt, n, Opnd::i64(0)));
        let numbers = vec![Opnd::i64(0), n, Opnd::i64(0)];
        cx.check(negative, TrapAt::Range(true, true), numbers);
    }
    if let Type::Tensor(t) = &ty {
        let flat = fill_tensor(cx, d, t, n, &from);
        cx.result(d, 0, flat);
        return;
    }
    let x = cx.take(d, 0);
    let (id, layout) = cx.elements(&ty);
    let (block, data) = cx.alloc(n, id);
    cx.for_range(Opnd::i64(0), n, true, |cx, k| {
        cx.store(Addr::at(data, k, layout.size), &layout, &x);
    });
    cx.retain_elements(data.into(), n, id);
    cx.set_len(block, n, id);
    cx.release(&x, &from);
    cx.result(d, 0, vec![block.into(), data.into(), n]);
}

fn fill_tensor(cx: &mut Cx<'_>, d: &InstData, t: &TensorType, n: Opnd, from: &Type) -> Flat {
    let ty = Type::Tensor(t.clone());
    let x = cx.arg(d, 0);
    let inner = cx.extents(&x, from);
    let extents = [&[n], inner.as_slice()].concat();
    if inner.is_empty() && x.iter().all(|a| a.constant() == Some(0)) {
        return zero_tensor(cx, &ty, &extents);
    }
    let count = cx.room(&extents);
    let (id, layout) = cx.elements(&ty);
    let (block, data) = cx.alloc(count, id);
    if inner.is_empty() {
        cx.for_range(Opnd::i64(0), n, true, |cx, k| {
            store_scalar(cx, data.into(), k, t.dtype, &x);
        });
    } else {
        let each = cx.product(&inner);
        cx.for_range(Opnd::i64(0), n, true, |cx, k| {
            let at = cx.mul(k, each);
            let to = cx.set(Rv::Lea(Addr::at(data, at, layout.size)));
            cx.move_elements(to, x[1], each, &layout);
        });
    }
    cx.array(&ty, block.into(), data.into(), &extents)
}

fn array(cx: &mut Cx<'_>, d: &InstData) {
    let ty = cx.func.ty(d.results[0]).clone();
    let n = Opnd::i64(d.args.len() as u64);
    let (id, layout) = cx.elements(&ty);
    let elem = ty.element().unwrap_or_else(Type::unit);
    let in_tensor = matches!(ty, Type::Tensor(_)) && !elem.is_scalar();
    let inner: Vec<Opnd> = match &elem {
        Type::Tensor(t) if in_tensor => t
            .shape
            .iter()
            .map(|d| Opnd::i64(d.known().unwrap_or(0)))
            .collect(),
        Type::Tensor(_) | Type::Record(_) | Type::Seq(_) | Type::Stack(_) => Vec::new(),
    };
    let extents = [&[n], inner.as_slice()].concat();
    let count = cx.room(&extents);
    let each = cx.room(&inner);
    let (block, data) = cx.alloc(count, id);
    for k in 0..d.args.len() {
        let at = cx.mul(Opnd::i64(k as u64), each);
        if in_tensor {
            let x = cx.arg(d, k);
            let to = cx.set(Rv::Lea(Addr::at(data, at, layout.size)));
            cx.move_elements(to, x[1], each, &layout);
        } else {
            let x = cx.take(d, k);
            let x = cx.coerce(x, cx.func.ty(d.args[k]), &elem);
            cx.store(Addr::at(data, at, layout.size), &layout, &x);
        }
    }
    cx.set_len(block, n, id);
    let flat = cx.array(&ty, block.into(), data.into(), &extents);
    cx.result(d, 0, flat);
}

/// Makes an owned array ready to take `more` elements after the first `len`, all in memory: its block is its own and has room.
fn reserve(cx: &mut Cx<'_>, buf: Reg, data: Reg, len: Opnd, more: Opnd, layout: LayoutId) {
    let site = cx.site(TrapAt::Memory);
    cx.emit(Stmt::Reserve {
        buf,
        data,
        len,
        more,
        layout,
        site,
    });
}

fn push(cx: &mut Cx<'_>, d: &InstData) {
    let ty = cx.func.ty(d.args[0]).clone();
    let from = cx.func.ty(d.args[1]).clone();
    let to = cx.func.ty(d.results[0]).clone();
    let mut a = cx.take(d, 0);
    let rows = Rows::of(cx, &a, &ty);
    let n = cx.add(rows.n, Opnd::i64(1));
    if matches!(ty, Type::Tensor(_)) && !from.is_scalar() {
        push_row(cx, d, a, &ty, &from, &rows, n);
        return;
    }
    let (block, data) = cx.own(&mut a);
    if rows.layout.size != 0 {
        reserve(cx, block, data, rows.n, Opnd::i64(1), rows.id);
    }
    let elem = ty.element().unwrap_or_else(Type::unit);
    let x = cx.take(d, 1);
    let x = cx.coerce(x, &from, &elem);
    cx.store(Addr::at(data, rows.n, rows.layout.size), &rows.layout, &x);
    cx.set_len(block, n, rows.id);
    let flat = cx.array(&to, block.into(), data.into(), &[n]);
    cx.result(d, 0, flat);
}

/// Appends a tensor to one of a rank more.
fn push_row(
    cx: &mut Cx<'_>,
    d: &InstData,
    mut a: Flat,
    ty: &Type,
    from: &Type,
    rows: &Rows,
    n: Opnd,
) {
    let to = cx.func.ty(d.results[0]).clone();
    let x = cx.arg(d, 1);
    let row = cx.extents(&x, from);
    // An array without rows takes the unknown extents from its first row.
    let filled = cx.cmp(Cmp::Ne, rows.n, Opnd::i64(0));
    let dims = ty.as_tensor().map_or(&[][..], |t| &t.shape[1..]);
    let mut differ = Opnd::bool(false);
    for ((&p, &q), dim) in rows.inner.iter().zip(&row).zip(dims) {
        if p == q {
            continue;
        }
        let ne = cx.cmp(Cmp::Ne, p, q);
        let ne = match dim {
            Dim::Known(_) => ne,
            Dim::Dynamic => cx.and(ne, filled),
        };
        differ = cx.or(differ, ne);
    }
    cx.check_shapes(differ, "push", &rows.inner, &row);
    let each = cx.product(&row);
    let len = cx.mul(rows.n, each);
    let (block, data) = cx.own(&mut a);
    reserve(cx, block, data, len, each, rows.id);
    let at = cx.set(Rv::Lea(Addr::at(data, len, rows.layout.size)));
    cx.move_elements(at, x[1], each, &rows.layout);
    let extents = [&[n], row.as_slice()].concat();
    let flat = cx.array(&to, block.into(), data.into(), &extents);
    cx.result(d, 0, flat);
}

fn pop(cx: &mut Cx<'_>, d: &InstData) {
    let ty = cx.func.ty(d.args[0]).clone();
    let rest = cx.func.ty(d.results[0]).clone();
    let v = d.results[1];
    let elem = cx.func.ty(v).clone();
    let mut a = cx.take(d, 0);
    let rows = Rows::of(cx, &a, &ty);
    let empty = cx.cmp(Cmp::Eq, rows.n, Opnd::i64(0));
    cx.check(empty, TrapAt::Empty("pop"), Vec::new());
    let n = cx.sub(rows.n, Opnd::i64(1));
    if rows.holds_references() {
        cx.unique(&mut a, &ty);
    }
    let x = if matches!(ty, Type::Tensor(_)) && !elem.is_scalar() {
        let data = rows.address(cx, a[1], n);
        let view = cx.array(&elem, a[0], data, &rows.inner);
        if cx.live.lent[v].is_some() {
            view
        } else {
            cx.duplicate(&view, &elem)
        }
    } else {
        cx.load(Addr::at(a[1], n, rows.layout.size), &rows.layout)
    };
    let (block, data) = cx.own(&mut a);
    cx.set_len(block, n, rows.id);
    let extents = rows.extents(n);
    let flat = cx.array(&rest, block.into(), data.into(), &extents);
    cx.result(d, 0, flat);
    cx.result(d, 1, x);
}
