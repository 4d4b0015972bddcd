//! Shorter ways for the cotangents of arrays: rewrites of the linear part of a jvp function.
//!
//! * An element of a slice is an element of the array: its cotangent then goes straight to the array's accumulator.
//! * `a[i] = a[i] + x` adds in place: the cotangent of `a[i]` then stays where it is.
//! * An element that every iteration of a loop reads is read once before the loop: its cotangent is then summed in a
//!   number, and added to the array's accumulator once. Only if the loop runs at all: the index need not be in range else.
//!
//! All of this is about the linear part, which is never run but transposed: the primal keeps its checks.

use super::linear::Marks;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, BinaryOp, CompareOp, ConstOp, ControlOp, ConvertOp, DType, Func, Op, PlaceOp, Span,
    Step, TangentOp, Type, UnaryOp, ValueDef,
};
use alloc::vec;
use alloc::vec::Vec;

/// How many slices of slices are followed.
const DEPTH: u32 = 64;

/// Rewrites a jvp function with those marks.
pub(super) fn rewrite(f: &mut Func, marks: &Marks) {
    let uses = f.uses();
    for r in f.regions.keys() {
        let mut out = Vec::new();
        for i in core::mem::take(&mut f.regions[r].insts) {
            if f.insts[i].results.iter().any(|&v| marks.useful[v]) {
                through_slices(f, marks, i, &mut out);
                add_in_place(f, marks, &uses, i, &mut out);
            }
            out.push(i);
        }
        f.regions[r].insts = out;
    }
    let body = f.body;
    let mut pass = Hoist {
        f,
        marks,
        depth: SecondaryMap::new(),
    };
    pass.region(body, 0);
}

/// `a[lo..hi][i]` is `a[lo + i]`.
fn through_slices(f: &mut Func, marks: &Marks, i: Inst, out: &mut Vec<Inst>) {
    for _ in 0..DEPTH {
        let d = &f.insts[i];
        let Op::Place(PlaceOp::Get(path)) = &d.op else {
            return;
        };
        let (Some(Step::Index), ValueDef::Result(s, _)) =
            (path.first().copied(), f.values[d.args[0]].def)
        else {
            return;
        };
        if !marks.linear[d.args[0]] || !matches!(f.insts[s].op, Op::Array(ArrayOp::Slice)) {
            return;
        }
        let (base, lo, at, span) = (f.insts[s].args[0], f.insts[s].args[1], d.args[1], d.span);
        let lo = as_u64(f, lo, span, out);
        let at = as_u64(f, at, span, out);
        let sum = emit(
            f,
            BinaryOp::WrappingAdd.into(),
            &[lo, at],
            DType::U64.into(),
            span,
            out,
        );
        f.insts[i].args[0] = base;
        f.insts[i].args[1] = sum;
    }
}

fn as_u64(f: &mut Func, v: Value, span: Span, out: &mut Vec<Inst>) -> Value {
    if f.ty(v).dtype() == Some(DType::U64) {
        return v;
    }
    let op = ConvertOp::To(DType::U64).into();
    emit(f, op, &[v], DType::U64.into(), span, out)
}

fn emit(f: &mut Func, op: Op, args: &[Value], ty: Type, span: Span, out: &mut Vec<Inst>) -> Value {
    let i = f.make_inst(op, args.to_vec(), vec![], &[ty], span);
    out.push(i);
    f.insts[i].results[0]
}

/// `a[i] = a[i] + x` is an addition in place.
fn add_in_place(
    f: &mut Func,
    marks: &Marks,
    uses: &SecondaryMap<Value, u32>,
    i: Inst,
    out: &mut Vec<Inst>,
) {
    let d = &f.insts[i];
    let Op::Place(PlaceOp::Update(path)) = &d.op else {
        return;
    };
    let (base, x, at) = (d.args[0], d.args[1], &d.args[2..]);
    let scalar = f.ty(x).is_scalar() && uses[x] == 1;
    if !scalar || path.is_empty() || !marks.linear[base] || !marks.linear[x] {
        return;
    }
    let Some(sum) = f.def_inst(x).map(|s| &f.insts[s]) else {
        return;
    };
    // What is there already.
    let old = |v: Value| {
        f.def_inst(v).is_some_and(|g| {
            let g = &f.insts[g];
            matches!(&g.op, Op::Place(PlaceOp::Get(p)) if p == path)
                && g.args[0] == base
                && g.args[1..] == *at
        })
    };
    let minus = matches!(sum.op, Op::Binary(BinaryOp::Sub));
    let plus = matches!(
        sum.op,
        Op::Binary(BinaryOp::Add) | Op::Tangent(TangentOp::Accumulate)
    );
    let rest = if (plus || minus) && old(sum.args[0]) {
        sum.args[1]
    } else if plus && old(sum.args[1]) {
        sum.args[0]
    } else {
        return;
    };
    let (path, span, ty) = (path.clone(), d.span, f.ty(x).clone());
    let rest = if minus {
        emit(f, UnaryOp::Neg.into(), &[rest], ty, span, out)
    } else {
        rest
    };
    f.insts[i].op = PlaceOp::AddAt(path).into();
    f.insts[i].args[1] = rest;
}

/// Moves reads that are the same in every iteration of a counted loop before it, and what they need that cannot trap.
struct Hoist<'a> {
    f: &'a mut Func,
    marks: &'a Marks,
    /// How deep the region is that defines a value.
    depth: SecondaryMap<Value, u32>,
}

impl Hoist<'_> {
    fn region(&mut self, r: Region, depth: u32) {
        for &p in &self.f.regions[r].params {
            self.depth[p] = depth;
        }
        let mut out = Vec::new();
        for i in core::mem::take(&mut self.f.regions[r].insts) {
            for q in self.f.insts[i].regions.clone() {
                self.region(q, depth + 1);
            }
            if let Op::Control(ControlOp::For) = self.f.insts[i].op {
                self.before(i, depth, &mut out);
            }
            for &v in &self.f.insts[i].results {
                self.depth[v] = depth;
            }
            out.push(i);
        }
        self.f.regions[r].insts = out;
    }

    /// Moves from the body of loop `l` to before it.
    fn before(&mut self, l: Inst, depth: u32, out: &mut Vec<Inst>) {
        let body = self.f.insts[l].regions[0];
        let mut kept = Vec::new();
        for i in core::mem::take(&mut self.f.regions[body].insts) {
            let d = &self.f.insts[i];
            let same = d.args.iter().all(|&a| self.depth[a] <= depth) && d.regions.is_empty();
            let read = matches!(&d.op, Op::Place(PlaceOp::Get(p)) if p.contains(&Step::Index))
                && d.results
                    .iter()
                    .all(|&v| self.marks.useful[v] && self.f.ty(v).is_scalar());
            let integer = matches!(
                d.op,
                Op::Binary(BinaryOp::WrappingAdd) | Op::Convert(_) | Op::Const(_)
            ) && d.results.iter().all(|&v| self.f.ty(v).is_scalar());
            if !same || !(read || integer) {
                kept.push(i);
                continue;
            }
            for &v in &d.results {
                self.depth[v] = depth;
            }
            if read {
                guard(self.f, l, i, out);
            } else {
                out.push(i);
            }
        }
        self.f.regions[body].insts = kept;
    }
}

/// `g` under the condition that loop `l` runs.
fn guard(f: &mut Func, l: Inst, g: Inst, out: &mut Vec<Inst>) {
    let (lo, hi, span) = (f.insts[l].args[0], f.insts[l].args[1], f.insts[g].span);
    let runs = emit(
        f,
        CompareOp::Lt.into(),
        &[lo, hi],
        DType::Bool.into(),
        span,
        out,
    );
    let results = core::mem::take(&mut f.insts[g].results);
    let ty = f.ty(results[0]).clone();
    let inner = f.values.push(crate::ir::ValueData {
        ty: ty.clone(),
        def: ValueDef::Result(g, 0),
    });
    f.insts[g].results = vec![inner];
    let then = f.make_region(&[]);
    f.regions[then].insts = vec![g];
    f.regions[then].yields = vec![inner];
    let other = f.make_region(&[]);
    let mut zero = Vec::new();
    let z = emit(
        f,
        ConstOp::Default(ty.clone()).into(),
        &[],
        ty,
        span,
        &mut zero,
    );
    f.regions[other].insts = zero;
    f.regions[other].yields = vec![z];
    let branch = f.make_inst(
        ControlOp::If.into(),
        vec![runs],
        vec![then, other],
        &[],
        span,
    );
    f.values[results[0]].def = ValueDef::Result(branch, 0);
    f.insts[branch].results = results;
    out.push(branch);
}
