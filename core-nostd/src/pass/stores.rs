//! Stores that the next store makes needless.
//!
//! | before | after |
//! |---|---|
//! | `b = update a[i] = 0`, `c = add_at b[i] += x` | `c = update a[i] = x` |
//! | `b = update a[i] = x`, `c = update b[i] = y` | `c = update a[i] = y` |
//!
//! where `b` has no other use, so the older array is not kept alive beyond a store into it; and only if the element has been
//! accessed before the first store in the same region, so that nothing traps later than it did. This is what the reverse
//! pass of `a[i] += x` and `a[i] = x` leaves; together with `a` for `update a[i] = (get a[i])` it is nothing at all.
//!
//! The sum of the literal zero and -0 is +0; here it is -0, as everywhere that zeros are dropped from derivatives.

use crate::entity::{Inst, Value};
use crate::ir::{ConstOp, Func, InstData, Module, Op, PlaceOp, Type};
use crate::pass::layout::{Change, Layout, Use, place};
use crate::value::Scalar;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let layout = Layout::of(f);
    let mut stores: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if matches!(d.op, Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_))) {
            stores.push(i);
        }
    });
    let mut dead = Vec::new();
    // In program order: of three stores, the first goes, then the second.
    for i in stores {
        let Some(first) = overwritten(f, &layout, &f.insts[i]) else {
            continue;
        };
        let base = f.insts[first].args[0];
        let d = &mut f.insts[i];
        d.args[0] = base;
        if let Op::Place(PlaceOp::AddAt(path)) = &d.op {
            d.op = PlaceOp::Update(path.clone()).into();
        }
        dead.push(Change::instead(first, Vec::new()));
    }
    let changed = !dead.is_empty();
    place(f, dead);
    changed
}

/// The store that this one makes needless.
fn overwritten(f: &Func, layout: &Layout, d: &InstData) -> Option<Inst> {
    let b = d.args[0];
    let first = f.def_inst(b)?;
    let e = &f.insts[first];
    let (path, sums) = match &d.op {
        Op::Place(PlaceOp::Update(path)) => (path, false),
        Op::Place(PlaceOp::AddAt(path)) => (path, true),
        _ => return None,
    };
    let same = matches!(&e.op, Op::Place(PlaceOp::Update(p)) if p == path && !p.is_empty())
        && e.args[2..] == d.args[2..]
        // What is added must be all that a store could put there.
        && f.ty(d.args[1]) == f.ty(e.args[1])
        && f.ty(d.args[1]).is_static();
    let alone = matches!(layout.uses[b][..], [Use::Arg(_, 0)]);
    let zero = || !sums || is_zero(f, e.args[1]);
    (same && alone && zero() && is_accessed(f, layout, first)).then_some(first)
}

/// Whether the place of a store was read in the same region before.
fn is_accessed(f: &Func, layout: &Layout, store: Inst) -> bool {
    let d = &f.insts[store];
    let Op::Place(PlaceOp::Update(path)) = &d.op else {
        return false;
    };
    layout.uses[d.args[0]].iter().any(|&u| {
        let Use::Arg(i, 0) = u else { return false };
        let e = &f.insts[i];
        matches!(&e.op, Op::Place(PlaceOp::Get(p)) if p == path)
            && e.args[1..] == d.args[2..]
            && layout.home[i] == layout.home[store]
            && layout.order[i] < layout.order[store]
    })
}

/// Whether a value is the literal +0 in all its elements.
fn is_zero(f: &Func, v: Value) -> bool {
    let Some(i) = f.def_inst(v) else {
        return false;
    };
    match &f.insts[i].op {
        Op::Const(ConstOp::Scalar(s)) => s.same_bits(Scalar::zero(s.dtype())),
        Op::Const(ConstOp::Default(ty)) => ty.is_static() && matches!(ty, Type::Tensor(_)),
        _ => false,
    }
}
