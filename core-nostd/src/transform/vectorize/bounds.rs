//! Loops whose bounds depend on the loops around them, with bounds that are constants.
//!
//! * `for j in i..i + 3` is `for k in 0..3` with `j = i + k`.
//! * `for j in i + 1..n`, one of whose bounds is constant, is `for j in 0..n` whose iterations do nothing where `j` is not in the range. Indices that
//!   would be out of range there are 0, and what would be added is 0. So triangles cost twice what they did, in array operations.

use crate::entity::{Inst, Region, Value};
use crate::ir::{
    BinaryOp, CompareOp, ConstOp, ControlOp, DType, Func, Op, PlaceOp, Step, TernaryOp, Type,
    ValueData, ValueDef,
};
use crate::pass::facts::int_constant;
use crate::pass::layout::{Change, Layout, place};
use crate::pass::ranges::Ranges;
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// The most iterations that a loop gets which had other bounds.
const MOST: i128 = 1 << 12;

/// Gives a loop constant bounds, if it can have them. Layouts made before are of no use afterwards.
pub(super) fn fix(f: &mut Func, at: Inst) {
    let d = f.insts[at].clone();
    if *f.ty(d.args[0]) != Type::scalar(DType::U64) {
        return;
    }
    match (int_constant(f, d.args[0]), int_constant(f, d.args[1])) {
        (Some(_), Some(_)) => {}
        (lo, hi) => {
            let n = Ranges::of(f).difference(d.args[1], d.args[0]);
            match n {
                Some(n) if (1..=MOST).contains(&n) => shift(f, at, n as u64),
                _ if lo.is_some() != hi.is_some() => {
                    let _ = mask(f, at);
                }
                _ => {}
            }
        }
    }
}

fn constant(f: &mut Func, at: Inst, n: u64) -> (Inst, Value) {
    let span = f.insts[at].span;
    let op = ConstOp::Scalar(Scalar::U64(n)).into();
    let i = f.make_inst(op, vec![], vec![], &[DType::U64.into()], span);
    (i, f.insts[i].results[0])
}

/// From `lo..lo + n` to `0..n`.
fn shift(f: &mut Func, at: Inst, n: u64) {
    let d = f.insts[at].clone();
    let ((zero, z), (end, e)) = (constant(f, at, 0), constant(f, at, n));
    rename_index(f, at, d.args[0]);
    f.insts[at].args[0] = z;
    f.insts[at].args[1] = e;
    place(f, vec![Change::before(at, vec![zero, end])]);
}

/// What was the index is computed of a new one, by adding `lo`.
pub(super) fn rename_index(f: &mut Func, at: Inst, lo: Value) {
    let (body, span) = (f.insts[at].regions[0], f.insts[at].span);
    let index = f.regions[body].params[0];
    let ty = f.ty(index).clone();
    let new = f.values.push(ValueData {
        ty: ty.clone(),
        def: ValueDef::Param(body, 0),
    });
    f.regions[body].params[0] = new;
    let sum = f.make_inst(BinaryOp::Add.into(), vec![new, lo], vec![], &[ty], span);
    f.insts[sum].results[0] = index;
    f.values[index].def = ValueDef::Result(sum, 0);
    f.regions[body].insts.insert(0, sum);
}

/// The least and the greatest that an integer can be, from the bounds of the loops around.
fn interval(
    f: &Func,
    owner: &dyn Fn(Region) -> Option<Inst>,
    v: Value,
    depth: usize,
) -> Option<(i128, i128)> {
    if let Some(n) = int_constant(f, v) {
        return Some((n, n));
    }
    if depth > 16 {
        return None;
    }
    if let ValueDef::Param(r, 0) = f.values[v].def {
        let d = &f.insts[owner(r)?];
        if d.op != Op::Control(ControlOp::For) {
            return None;
        }
        let (lo, _) = interval(f, owner, d.args[0], depth + 1)?;
        let (_, hi) = interval(f, owner, d.args[1], depth + 1)?;
        return (lo < hi).then(|| (lo, hi - 1));
    }
    let d = &f.insts[f.def_inst(v)?];
    let side = |k: usize| interval(f, owner, d.args[k], depth + 1);
    match &d.op {
        Op::Binary(BinaryOp::Add) => {
            let (a, b) = (side(0)?, side(1)?);
            Some((a.0.checked_add(b.0)?, a.1.checked_add(b.1)?))
        }
        Op::Binary(BinaryOp::Sub) => {
            let (a, b) = (side(0)?, side(1)?);
            Some((a.0.checked_sub(b.1)?, a.1.checked_sub(b.0)?))
        }
        Op::Binary(BinaryOp::Min) => {
            let (a, b) = (side(0)?, side(1)?);
            Some((a.0.min(b.0), a.1.min(b.1)))
        }
        Op::Binary(BinaryOp::Max) => {
            let (a, b) = (side(0)?, side(1)?);
            Some((a.0.max(b.0), a.1.max(b.1)))
        }
        _ => None,
    }
}

/// Adds instructions to a body while it is rewritten.
struct Body<'f> {
    f: &'f mut Func,
    at: Inst,
    list: Vec<Inst>,
}

impl Body<'_> {
    fn make(&mut self, op: impl Into<Op>, args: Vec<Value>, ty: Type) -> Value {
        let span = self.f.insts[self.at].span;
        let i = self.f.make_inst(op.into(), args, vec![], &[ty], span);
        self.list.push(i);
        self.f.insts[i].results[0]
    }
    /// `v` where the mask holds, else zero.
    fn or_zero(&mut self, mask: Value, v: Value) -> Value {
        let ty = self.f.ty(v).clone();
        let dtype = ty.dtype().unwrap_or(DType::F64);
        let zero = self.make(ConstOp::Scalar(Scalar::zero(dtype)), vec![], ty.clone());
        self.make(TernaryOp::Select, vec![mask, v, zero], ty)
    }
}

/// To constant bounds, with iterations that do nothing. `None`: the loop is as it was.
fn mask(f: &mut Func, at: Inst) -> Option<()> {
    let layout = Layout::of(f);
    let owner = |r: Region| layout.owner[r];
    let d = f.insts[at].clone();
    let (mut lo, _) = interval(f, &owner, d.args[0], 0)?;
    let (_, mut hi) = interval(f, &owner, d.args[1], 0)?;
    let body = d.regions[0];
    // All of an array that is stored into rather than a part, where that is little more: the loops around then change it as a whole.
    let stored = f.regions[body].insts.iter().filter_map(|&i| {
        let q = &f.insts[i];
        let own =
            matches!(q.op, Op::Place(PlaceOp::Update(_))) && q.args[2] == f.regions[body].params[0];
        let extent = f.ty(q.args[0]).as_tensor()?.shape.first()?.known()?;
        own.then_some(i128::from(extent))
    });
    if let Some(extent) = stored.max()
        && extent <= 2 * (hi - lo)
        && hi <= extent
    {
        (lo, hi) = (0, extent);
    }
    let n = hi.checked_sub(lo)?;
    if lo < 0 || !(1..=MOST).contains(&n) {
        return None;
    }
    let params = f.regions[body].params.clone();
    let index = params[0];
    // Every index stays in range without a mask, or is 0 where nothing is to be done: there must be such an element.
    let whole = |v: Value, extent: u64| v == index && hi <= i128::from(extent);
    let mut masked: Vec<(Inst, usize)> = Vec::new();
    for &i in &f.regions[body].insts {
        let q = &f.insts[i];
        match &q.op {
            Op::Place(PlaceOp::Get(path)) | Op::Place(PlaceOp::Update(path)) => {
                let skip = if matches!(q.op, Op::Place(PlaceOp::Get(_))) {
                    1
                } else {
                    2
                };
                let t = f.ty(q.args[0]).as_tensor()?;
                if path.iter().any(|s| *s != Step::Index) {
                    return None;
                }
                for (k, &v) in q.args[skip..].iter().enumerate() {
                    let extent = t.shape.get(k)?.known().filter(|&n| n > 0)?;
                    let fixed = !layout_inside(f, &layout, body, v) || whole(v, extent);
                    if !fixed {
                        if skip == 2 {
                            return None;
                        }
                        masked.push((i, skip + k));
                    }
                }
            }
            Op::Binary(
                BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::WrappingAdd
                | BinaryOp::WrappingSub,
            )
            | Op::Const(_)
            | Op::Compare(_)
            | Op::Ternary(_) => {}
            _ => return None,
        }
    }
    // What each carried value becomes, before anything is changed.
    enum Next {
        Same,
        /// The addend of a sum, by that instruction.
        Added(Inst, usize),
        /// A store of an old element and something more, by the instruction that adds.
        Stored(Inst, usize),
        /// One or the other.
        Chosen,
    }
    let yields = f.regions[body].yields.clone();
    let adds = |f: &Func, v: Value, old: &dyn Fn(Value) -> bool| -> Option<(Inst, usize)> {
        let i = f
            .def_inst(v)
            .filter(|&i| layout.home[i] == Some(body) && layout.uses[v].len() == 1)?;
        let q = &f.insts[i];
        match &q.op {
            Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd) if old(q.args[0]) => Some((i, 1)),
            Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd) if old(q.args[1]) => Some((i, 0)),
            Op::Binary(BinaryOp::Sub | BinaryOp::WrappingSub) if old(q.args[0]) => Some((i, 1)),
            _ => None,
        }
    };
    let mut next = Vec::new();
    for (&p, &y) in params[1..].iter().zip(&yields) {
        if p == y {
            next.push(Next::Same);
            continue;
        }
        if let Some((i, k)) = adds(f, y, &|v| v == p) {
            next.push(Next::Added(i, k));
            continue;
        }
        let put = f.def_inst(y).filter(|&i| layout.home[i] == Some(body));
        if let Some(u) = put.map(|i| &f.insts[i])
            && matches!(u.op, Op::Place(PlaceOp::Update(_)))
            && u.args[0] == p
        {
            let own = |v: Value| {
                f.def_inst(v).is_some_and(|g| {
                    let g = &f.insts[g];
                    matches!(g.op, Op::Place(PlaceOp::Get(_)))
                        && g.args[0] == p
                        && g.args[1..] == u.args[2..]
                })
            };
            let (i, k) = adds(f, u.args[1], &own)?;
            next.push(Next::Stored(i, k));
            continue;
        }
        f.ty(p).is_scalar().then_some(())?;
        next.push(Next::Chosen);
    }
    let ((first, l), (end, e)) = (constant(f, at, lo as u64), constant(f, at, hi as u64));
    let old = core::mem::take(&mut f.regions[body].insts);
    let mut b = Body {
        f,
        at,
        list: Vec::new(),
    };
    // The bounds that are not the new ones.
    let bool = Type::scalar(DType::Bool);
    let above = b.make(CompareOp::Ge, vec![index, d.args[0]], bool.clone());
    let below = b.make(CompareOp::Lt, vec![index, d.args[1]], bool.clone());
    let is = |b: &Body<'_>, k: usize, n: i128| int_constant(b.f, d.args[k]) == Some(n);
    let running = match (is(&b, 0, lo), is(&b, 1, hi)) {
        (true, _) => below,
        (_, true) => above,
        (false, false) => b.make(BinaryOp::And, vec![above, below], bool),
    };
    for i in old {
        for (_, k) in masked.iter().filter(|(j, _)| *j == i) {
            let v = b.f.insts[i].args[*k];
            b.f.insts[i].args[*k] = b.or_zero(running, v);
        }
        for n in &next {
            if let Next::Added(j, k) | Next::Stored(j, k) = n
                && *j == i
            {
                let v = b.f.insts[i].args[*k];
                b.f.insts[i].args[*k] = addend(&mut b, &layout, body, running, v);
            }
        }
        b.list.push(i);
    }
    for (k, n) in next.iter().enumerate() {
        if let Next::Chosen = n {
            let (p, y) = (params[k + 1], yields[k]);
            let ty = b.f.ty(p).clone();
            let chosen = b.make(TernaryOp::Select, vec![running, y, p], ty);
            b.f.regions[body].yields[k] = chosen;
        }
    }
    let list = b.list;
    f.regions[body].insts = list;
    f.insts[at].args[0] = l;
    f.insts[at].args[1] = e;
    place(f, vec![Change::before(at, vec![first, end])]);
    Some(())
}

fn layout_inside(f: &Func, layout: &Layout, body: Region, v: Value) -> bool {
    match f.values[v].def {
        ValueDef::Param(r, _) => r == body,
        ValueDef::Result(i, _) => layout.home[i] == Some(body),
    }
}

/// What is added where the mask holds, else zero. Of a product one factor is made zero: the one that the loop reads, so that the other stays the operand of
/// a contraction.
fn addend(b: &mut Body<'_>, layout: &Layout, body: Region, running: Value, v: Value) -> Value {
    let product = b.f.def_inst(v).filter(|&i| {
        b.f.insts[i].op == Op::Binary(BinaryOp::Mul)
            && layout.home[i] == Some(body)
            && layout.uses[v].len() == 1
    });
    let Some(i) = product else {
        return b.or_zero(running, v);
    };
    let reads = |w: &Value| {
        b.f.def_inst(*w).is_some_and(|g| {
            let g = &b.f.insts[g];
            matches!(g.op, Op::Place(PlaceOp::Get(_)))
                && g.args[1..]
                    .iter()
                    .any(|&x| layout_inside(b.f, layout, body, x))
        })
    };
    let args = b.f.insts[i].args.clone();
    let k = args.iter().position(reads).unwrap_or(0);
    let factor = b.or_zero(running, args[k]);
    let ty = b.f.ty(v).clone();
    let other = args[1 - k];
    b.make(BinaryOp::Mul, vec![factor, other], ty)
}
