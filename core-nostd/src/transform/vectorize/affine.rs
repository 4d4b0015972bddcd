//! Accesses of a loop over `i` at `i * s + off`, where the loop's bounds and `s` are constants and `off` stays the same, are accesses of rows at `i`.
//!
//! ```text
//! for i in 2..n { … a[i * 3 + k] … a[i * 3 .. i * 3 + 3] … }
//!     becomes, with what lies so far apart brought together before the loop,
//! for i in 0..n - 2 { … elements[i] … rows[i] … }
//! ```
//!
//! What the loop carries and stores at such places only, it carries as rows, which go back after it. Every iteration accesses its place, and there is one, so
//! reading before traps only where the loop would have.

use crate::entity::{Inst, Region, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ConstOp, DType, Dim, Func, Op, PlaceOp, ShapeOp, Span, Step, Type,
    ValueData, ValueDef,
};
use crate::pass::facts::int_constant;
use crate::pass::layout::{Change, Layout, Use, place};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashSet;

/// Rewrites the accesses of a loop whose bounds are constants. Layouts made before are of no use afterwards.
pub(super) fn split(f: &mut Func, at: Inst) {
    let Some(n) = normalise(f, at) else { return };
    let inside = super::prefix::defined_inside(f, at);
    let mut s = Split {
        at,
        n,
        index: f.regions[f.insts[at].regions[0]].params[0],
        body: f.insts[at].regions[0],
        inside,
        before: Vec::new(),
        after: Vec::new(),
        f,
    };
    s.carried();
    s.captured();
    let (before, after) = (s.before, s.after);
    if !before.is_empty() {
        place(
            f,
            vec![Change::before(at, before), Change::after(at, after)],
        );
    }
}

/// The number of iterations of a loop of constant bounds that runs, over `u64`; it starts at 0 afterwards.
pub(super) fn normalise(f: &mut Func, at: Inst) -> Option<u64> {
    let d = f.insts[at].clone();
    let (lo, hi) = (int_constant(f, d.args[0])?, int_constant(f, d.args[1])?);
    let n = u64::try_from(hi - lo).ok().filter(|&n| n > 0)?;
    let ty = f.ty(d.args[0]).clone();
    if ty != Type::scalar(DType::U64) {
        return None;
    }
    if lo == 0 {
        return Some(n);
    }
    let mut constant = |n: u64| {
        let op = ConstOp::Scalar(Scalar::U64(n)).into();
        f.make_inst(op, vec![], vec![], core::slice::from_ref(&ty), d.span)
    };
    let (zero, end, lo) = (constant(0), constant(n), constant(lo as u64));
    let result = |f: &Func, i: Inst| f.insts[i].results[0];
    let (z, e, l) = (result(f, zero), result(f, end), result(f, lo));
    super::bounds::rename_index(f, at, l);
    f.insts[at].args[0] = z;
    f.insts[at].args[1] = e;
    place(f, vec![Change::before(at, vec![zero, end, lo])]);
    Some(n)
}

/// `index * stride + constant + sum of parts`.
#[derive(Clone, PartialEq, Eq, Default)]
struct Affine {
    stride: i128,
    constant: i128,
    parts: Vec<(i128, Value)>,
}

impl Affine {
    fn plus(mut self, other: &Affine, k: i128) -> Option<Affine> {
        self.stride = self.stride.checked_add(other.stride.checked_mul(k)?)?;
        self.constant = self.constant.checked_add(other.constant.checked_mul(k)?)?;
        for (c, v) in &other.parts {
            let c = c.checked_mul(k)?;
            match self.parts.iter_mut().find(|(_, w)| w == v) {
                Some((have, _)) => *have = have.checked_add(c)?,
                None => self.parts.push((c, *v)),
            }
        }
        self.parts.retain(|(c, _)| *c != 0);
        self.parts.sort_by_key(|(_, v)| *v);
        Some(self)
    }
    /// The number, if it is one.
    fn number(&self) -> Option<i128> {
        (self.stride == 0 && self.parts.is_empty()).then_some(self.constant)
    }
}

struct Split<'f> {
    f: &'f mut Func,
    at: Inst,
    n: u64,
    index: Value,
    body: Region,
    inside: HashSet<Value>,
    before: Vec<Inst>,
    after: Vec<Inst>,
}

impl Split<'_> {
    /// A value of `u64` as it depends on the index.
    fn affine(&self, v: Value, depth: usize) -> Option<Affine> {
        let f = &*self.f;
        if *f.ty(v) != Type::scalar(DType::U64) || depth > 16 {
            return None;
        }
        let mut out = Affine::default();
        if v == self.index {
            out.stride = 1;
            return Some(out);
        }
        if let Some(n) = int_constant(f, v) {
            out.constant = n;
            return Some(out);
        }
        if !self.inside.contains(&v) {
            out.parts.push((1, v));
            return Some(out);
        }
        let d = &f.insts[f.def_inst(v)?];
        let both = || {
            Some((
                self.affine(d.args[0], depth + 1)?,
                self.affine(d.args[1], depth + 1)?,
            ))
        };
        match &d.op {
            Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd) => {
                let (a, b) = both()?;
                a.plus(&b, 1)
            }
            Op::Binary(BinaryOp::Sub | BinaryOp::WrappingSub) => {
                let (a, b) = both()?;
                a.plus(&b, -1)
            }
            Op::Binary(BinaryOp::Mul | BinaryOp::WrappingMul) => {
                let (a, b) = both()?;
                match (a.number(), b.number()) {
                    (Some(k), _) => out.plus(&b, k),
                    (_, Some(k)) => out.plus(&a, k),
                    (None, None) => None,
                }
            }
            _ => None,
        }
    }
    fn make(&mut self, op: impl Into<Op>, args: Vec<Value>, ty: Type, after: bool) -> Value {
        let span: Span = self.f.insts[self.at].span;
        let i = self.f.make_inst(op.into(), args, vec![], &[ty], span);
        match after {
            true => self.after.push(i),
            false => self.before.push(i),
        }
        self.f.insts[i].results[0]
    }
    fn count(&mut self, n: u64, after: bool) -> Value {
        let op = ConstOp::Scalar(Scalar::U64(n));
        self.make(op, vec![], DType::U64.into(), after)
    }
    /// What is there in the first iteration, outside of the loop.
    fn offset(&mut self, a: &Affine, more: u64, after: bool) -> Value {
        // Modulo 2^64, as the sum is in range.
        let k = (a.constant + i128::from(more)).rem_euclid(1 << 64) as u64;
        let mut sum = None;
        for (c, v) in a.parts.clone() {
            let mut term = v;
            if c != 1 {
                let c = self.count(c.rem_euclid(1 << 64) as u64, after);
                term = self.make(BinaryOp::WrappingMul, vec![v, c], DType::U64.into(), after);
            }
            sum = Some(match sum {
                None => term,
                Some(s) => self.make(
                    BinaryOp::WrappingAdd,
                    vec![s, term],
                    DType::U64.into(),
                    after,
                ),
            });
        }
        match sum {
            None => self.count(k, after),
            Some(s) if k == 0 => s,
            Some(s) => {
                let k = self.count(k, after);
                self.make(BinaryOp::WrappingAdd, vec![s, k], DType::U64.into(), after)
            }
        }
    }
    /// `count` elements of `a` from `start` on.
    fn part(&mut self, a: Value, start: &Affine, count: u64) -> Option<Value> {
        let t = self.f.ty(a).as_tensor()?.clone();
        let extents: Vec<u64> = t.shape.iter().map(|d| d.known()).collect::<Option<_>>()?;
        let ty =
            |n: Dim| Type::tensor(t.dtype, [n].into_iter().chain(t.shape[1..].iter().copied()));
        let known = Dim::Known(count);
        if start.parts.is_empty() {
            let lo = u64::try_from(start.constant).ok()?;
            let hi = lo.checked_add(count).filter(|&hi| hi <= extents[0])?;
            if lo == 0 && count == extents[0] {
                return Some(a);
            }
            let mut parts: Vec<(u64, u64, u64)> = extents.iter().map(|&n| (0, n, 1)).collect();
            parts[0] = (lo, hi, 1);
            return Some(self.make(ShapeOp::StridedSlice(parts), vec![a], ty(known), false));
        }
        if count > extents[0] {
            return None;
        }
        let lo = self.offset(start, 0, false);
        let hi = self.offset(start, count, false);
        let part = self.make(ArrayOp::Slice, vec![a, lo, hi], ty(Dim::Dynamic), false);
        let shape = ty(known).as_tensor()?.shape.clone();
        Some(self.make(ShapeOp::Reshape(shape), vec![part], ty(known), false))
    }
    /// The element of each iteration, or so many elements: an array of them. `count` is `None` for elements themselves.
    fn gathered(&mut self, a: Value, start: &Affine, count: Option<u64>) -> Option<Value> {
        let stride = u64::try_from(start.stride).ok().filter(|&s| s > 0)?;
        let each = count.unwrap_or(1);
        if each > stride || each == 0 {
            return None;
        }
        let n = self.n;
        let span = (n - 1).checked_mul(stride)?.checked_add(each)?;
        let part = self.part(a, start, span)?;
        let t = self.f.ty(part).as_tensor()?.clone();
        let rest: Vec<u64> = t.shape[1..]
            .iter()
            .map(|d| d.known())
            .collect::<Option<_>>()?;
        let dims = |head: &[u64]| -> Vec<Dim> {
            head.iter().chain(&rest).map(|&n| Dim::Known(n)).collect()
        };
        if count.is_none() {
            if stride == 1 {
                return Some(part);
            }
            let mut parts: Vec<(u64, u64, u64)> = rest.iter().map(|&n| (0, n, 1)).collect();
            parts.insert(0, (0, span, stride));
            let ty = Type::tensor(t.dtype, dims(&[n]));
            return Some(self.make(ShapeOp::StridedSlice(parts), vec![part], ty, false));
        }
        let mut rows = part;
        if each < stride {
            let zero = ConstOp::Scalar(Scalar::zero(t.dtype));
            let zero = self.make(zero, vec![], t.dtype.into(), false);
            let mut amounts = vec![(0, 0, 0); t.shape.len()];
            amounts[0].1 = i64::try_from(stride - each).ok()?;
            let ty = Type::tensor(t.dtype, dims(&[n * stride]));
            rows = self.make(ShapeOp::Pad(amounts), vec![rows, zero], ty, false);
        }
        let shape = dims(&[n, stride]);
        let ty = Type::tensor(t.dtype, shape.clone());
        rows = self.make(ShapeOp::Reshape(shape), vec![rows], ty, false);
        if each < stride {
            let mut parts = vec![(0, n, 1), (0, each, 1)];
            parts.extend(rest.iter().map(|&n| (0, n, 1)));
            let ty = Type::tensor(t.dtype, dims(&[n, each]));
            rows = self.make(ShapeOp::StridedSlice(parts), vec![rows], ty, false);
        }
        Some(rows)
    }
    /// The reshaped parts of an array, `a[lo..]` of one length: where they start, the reshape, how many elements.
    fn taken(&self, layout: &Layout, i: Inst) -> Option<(Inst, u64)> {
        let d = &self.f.insts[i];
        if d.op != Op::Array(ArrayOp::Slice) {
            return None;
        }
        let [Use::Arg(cast, 0)] = layout.uses[d.results[0]][..] else {
            return None;
        };
        let Op::Shape(ShapeOp::Reshape(shape)) = &self.f.insts[cast].op else {
            return None;
        };
        let own = &self.f.ty(d.args[0]).as_tensor()?.shape;
        let n = shape.first()?.known()?;
        let same = own.len() == shape.len() && own[1..] == shape[1..];
        (same && layout.home[cast] == Some(self.body)).then_some((cast, n))
    }
    fn read(&mut self, i: Inst, rows: Value, path: Vec<Step>, rest: &[Value]) {
        let d = &mut self.f.insts[i];
        d.op = PlaceOp::Get(path).into();
        d.args = [rows, self.index].iter().chain(rest).copied().collect();
    }
    /// Arrays of the surroundings.
    fn captured(&mut self) {
        let layout = Layout::of(self.f);
        let mut gone: Vec<Inst> = Vec::new();
        for i in self.f.regions[self.body].insts.clone() {
            let d = self.f.insts[i].clone();
            match &d.op {
                Op::Place(PlaceOp::Get(path)) if path.first() == Some(&Step::Index) => {
                    let a = d.args[0];
                    if self.inside.contains(&a) || d.args[1] == self.index {
                        continue;
                    }
                    let Some(start) = self.affine(d.args[1], 0) else {
                        continue;
                    };
                    if let Some(rows) = self.gathered(a, &start, None) {
                        self.read(i, rows, path.clone(), &d.args[2..]);
                    }
                }
                Op::Array(ArrayOp::Slice) if !self.inside.contains(&d.args[0]) => {
                    let (Some((cast, n)), Some(start)) =
                        (self.taken(&layout, i), self.affine(d.args[1], 0))
                    else {
                        continue;
                    };
                    if let Some(rows) = self.gathered(d.args[0], &start, Some(n)) {
                        self.read(cast, rows, vec![Step::Index], &[]);
                        gone.push(i);
                    }
                }
                _ => {}
            }
        }
        let body = self.body;
        self.f.regions[body].insts.retain(|i| !gone.contains(i));
    }
    /// Arrays that the loop carries.
    fn carried(&mut self) {
        let d = self.f.insts[self.at].clone();
        for k in 0..d.results.len() {
            let layout = Layout::of(self.f);
            let _ = self.store(&layout, k, d.args[2 + k], d.results[k]);
        }
    }
    fn store(&mut self, layout: &Layout, k: usize, from: Value, whole: Value) -> Option<()> {
        let r = &self.f.regions[self.body];
        let (p, y) = (r.params[k + 1], r.yields[k]);
        let put = self
            .f
            .def_inst(y)
            .filter(|&i| layout.home[i] == Some(self.body))?;
        let [Use::Yield(..)] = layout.uses[y][..] else {
            return None;
        };
        let u = self.f.insts[put].clone();
        if u.args.first() != Some(&p)
            || self.f.ty(from) != self.f.ty(p)
            || self.f.ty(p) != self.f.ty(y)
        {
            return None;
        }
        let (e, count) = match &u.op {
            Op::Place(PlaceOp::Update(path)) if path.first() == Some(&Step::Index) => {
                (u.args[2], None)
            }
            Op::Array(ArrayOp::UpdateSlice) => {
                let n = self.f.ty(u.args[1]).as_tensor()?.shape.first()?.known()?;
                (u.args[2], Some(n))
            }
            _ => return None,
        };
        let start = self.affine(e, 0)?;
        let stride = u64::try_from(start.stride).ok()?;
        // Places that leave no gaps, and are not the rows already.
        if stride != count.unwrap_or(1) || e == self.index {
            return None;
        }
        let mut reads: Vec<(Inst, Inst)> = Vec::new();
        for u in &layout.uses[p] {
            match u {
                Use::Arg(i, 0) if *i == put => {}
                Use::Arg(i, 0) if layout.home[*i] == Some(self.body) => {
                    let d = &self.f.insts[*i];
                    let at = self.affine(*d.args.get(1)?, 0)?;
                    match &d.op {
                        Op::Place(PlaceOp::Get(path))
                            if count.is_none() && path.first() == Some(&Step::Index) =>
                        {
                            reads.push((*i, *i));
                        }
                        Op::Array(ArrayOp::Slice) => {
                            let (cast, n) = self.taken(layout, *i)?;
                            (Some(n) == count).then_some(())?;
                            reads.push((*i, cast));
                        }
                        _ => return None,
                    }
                    (at == start).then_some(())?;
                }
                Use::Arg(..) | Use::Yield(..) => return None,
            }
        }
        let rows = self.gathered(from, &start, count)?;
        let ty = self.f.ty(rows).clone();
        for (i, cast) in reads {
            match i == cast {
                true => {
                    let d = self.f.insts[i].clone();
                    if let Op::Place(PlaceOp::Get(path)) = d.op {
                        self.read(i, p, path, &d.args[2..]);
                    }
                }
                false => {
                    self.read(cast, p, vec![Step::Index], &[]);
                    let body = self.body;
                    self.f.regions[body].insts.retain(|j| *j != i);
                }
            }
        }
        let index = self.index;
        let d = &mut self.f.insts[put];
        match count {
            None => d.args[2] = index,
            Some(_) => {
                d.op = PlaceOp::Update(vec![Step::Index]).into();
                d.args = vec![p, u.args[1], index];
            }
        }
        self.f.values[p].ty = ty.clone();
        self.f.values[y].ty = ty.clone();
        let at = self.at;
        self.f.insts[at].args[2 + k] = rows;
        let made = self.f.values.push(ValueData {
            ty: ty.clone(),
            def: ValueDef::Result(at, k as u32),
        });
        self.f.insts[at].results[k] = made;
        let mut part = made;
        if let Some(each) = count {
            let t = ty.as_tensor()?;
            let head = Dim::Known(self.n * each);
            let shape: Vec<Dim> = [head]
                .into_iter()
                .chain(t.shape[2..].iter().copied())
                .collect();
            let ty = Type::tensor(t.dtype, shape.clone());
            part = self.make(ShapeOp::Reshape(shape), vec![made], ty, true);
        }
        let lo = self.offset(&start, 0, true);
        let ty = self.f.ty(whole).clone();
        let made = self.make(ArrayOp::UpdateSlice, vec![from, part, lo], ty, true);
        // It takes the name that is used.
        let i = self.f.def_inst(made)?;
        self.f.insts[i].results[0] = whole;
        self.f.values[whole].def = ValueDef::Result(i, 0);
        Some(())
    }
}
