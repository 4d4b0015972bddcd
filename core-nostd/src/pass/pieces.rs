//! A small array that is written into a larger one is written element by element.
//!
//! ```text
//!                                      n = len a; check_range lo, lo + 3, n
//! b = update_slice a, x, lo       =>   x0 = get x[0]; a1 = update a[lo] = x0
//!                                      x1 = get x[1]; a2 = update a1[lo + 1] = x1; …
//! ```
//!
//! So what [`scalarize`](super::scalarize) makes scalars of need not become an array for that, and slices that are written into are still slices
//! that [`slices`](super::slices) sees through. The trap is the same.

use crate::entity::{Inst, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ConstOp, ConvertOp, DType, Dim, EffectOp, Func, Op, PlaceOp, Span, Step,
    Type,
};
use crate::pass::layout::{Change, place};
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// Larger arrays are copied as a whole.
const MOST: u64 = 8;

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut found: Vec<(Inst, u64)> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if d.op == Op::Array(ArrayOp::UpdateSlice)
            && let Some(n) = small(f, d.args[0], d.args[1])
        {
            found.push((i, n));
        }
    });
    let mut subst = Subst::new();
    let mut changes = Vec::new();
    for &(i, n) in &found {
        if let Some((new, last)) = stores(f, i, n) {
            subst.set(f.insts[i].results[0], last);
            changes.push(Change::instead(i, new));
        }
    }
    let changed = !changes.is_empty();
    place(f, changes);
    subst.apply(f);
    changed
}

/// How many scalars the second array has, if they are few and the first one is of the same.
fn small(f: &Func, a: Value, x: Value) -> Option<u64> {
    let (a, x) = (f.ty(a).as_tensor()?, f.ty(x).as_tensor()?);
    match x.shape[..] {
        [Dim::Known(n)] if n <= MOST && a.shape.len() == 1 && a.dtype == x.dtype => Some(n),
        _ => None,
    }
}

/// The instructions instead of an `update_slice`, and the array after them.
fn stores(f: &mut Func, i: Inst, n: u64) -> Option<(Vec<Inst>, Value)> {
    let d = f.insts[i].clone();
    let (a, x, lo) = (d.args[0], d.args[1], d.args[2]);
    let (array, elem) = (f.ty(a).clone(), f.ty(a).element()?);
    // The end of what is written must be a number of the type, or none that is in range.
    let int = f.ty(lo).clone();
    if !matches!(int.dtype(), Some(DType::U64 | DType::I64)) {
        return None;
    }
    let mut new = New {
        f,
        span: d.span,
        insts: Vec::new(),
    };
    let index = Type::scalar(DType::U64);
    let few = Scalar::from_int(int.dtype()?, n.into())?;
    let few = new.one(ConstOp::Scalar(few).into(), &[], &int);
    let hi = new.one(BinaryOp::WrappingAdd.into(), &[lo, few], &int);
    let len = new.one(ArrayOp::Len.into(), &[a], &index);
    new.effect(EffectOp::CheckRange, &[lo, hi, len]);
    let start = if int == index {
        lo
    } else {
        new.one(ConvertOp::To(DType::U64).into(), &[lo], &index)
    };
    let mut at = a;
    for k in 0..n {
        let k = new.one(ConstOp::Scalar(Scalar::U64(k)).into(), &[], &index);
        let e = new.one(PlaceOp::Get(vec![Step::Index]).into(), &[x, k], &elem);
        // In range, so no overflow.
        let to = new.one(BinaryOp::Add.into(), &[start, k], &index);
        at = new.one(
            PlaceOp::Update(vec![Step::Index]).into(),
            &[at, e, to],
            &array,
        );
    }
    Some((new.insts, at))
}

/// New instructions, in order.
struct New<'f> {
    f: &'f mut Func,
    span: Span,
    insts: Vec<Inst>,
}

impl New<'_> {
    fn one(&mut self, op: Op, args: &[Value], ty: &Type) -> Value {
        let i = self.f.make_inst(
            op,
            args.to_vec(),
            vec![],
            core::slice::from_ref(ty),
            self.span,
        );
        self.insts.push(i);
        self.f.insts[i].results[0]
    }
    fn effect(&mut self, op: EffectOp, args: &[Value]) {
        let i = self
            .f
            .make_inst(op.into(), args.to_vec(), vec![], &[], self.span);
        self.insts.push(i);
    }
}
