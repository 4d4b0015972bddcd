//! `map` as a counted loop, which is how reverse mode sees it: what the body captures then accumulates as in any loop.
//!
//! The values keep their names, so marks made for the `map` hold for the loop.

use crate::entity::{Inst, Region, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ConstOp, ControlOp, DType, Dim, Func, Op, PlaceOp, Shape, ShapeOp, Span,
    Step, Type, ValueDef,
};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Replaces every `map` of a jvp function, adding to the witnesses of its tangents those of the arrays made here.
pub(super) fn func(f: &mut Func, witness: &mut HashMap<Value, Value>) {
    for r in f.regions.keys() {
        if f.regions[r].insts.iter().any(|&i| is_map(f, i)) {
            let mut out = Vec::new();
            for i in core::mem::take(&mut f.regions[r].insts) {
                if is_map(f, i) {
                    Unmap {
                        f,
                        witness,
                        out: &mut out,
                    }
                    .map(i)
                } else {
                    out.push(i)
                }
            }
            f.regions[r].insts = out;
        }
    }
}

fn is_map(f: &Func, i: Inst) -> bool {
    matches!(f.insts[i].op, Op::Control(ControlOp::Map))
}

struct Unmap<'a> {
    f: &'a mut Func,
    witness: &'a mut HashMap<Value, Value>,
    out: &'a mut Vec<Inst>,
}

impl Unmap<'_> {
    fn emit(&mut self, op: impl Into<Op>, args: &[Value], ty: Type, span: Span) -> Value {
        let i = self
            .f
            .make_inst(op.into(), args.to_vec(), vec![], &[ty], span);
        self.out.push(i);
        self.f.insts[i].results[0]
    }

    /// Makes `v` the result of an instruction that comes first in region `r`.
    fn define_first(&mut self, r: Region, v: Value, op: Op, args: Vec<Value>, span: Span) {
        let i = self.f.make_inst(op, args, vec![], &[], span);
        self.f.insts[i].results = vec![v];
        self.f.values[v].def = ValueDef::Result(i, 0);
        self.f.regions[r].insts.insert(0, i);
    }

    fn map(&mut self, i: Inst) {
        let d = self.f.insts[i].clone();
        let (span, body) = (d.span, d.regions[0]);
        let index: Type = DType::U64.into();
        let shape = d.args.iter().fold(None, |s: Option<Shape>, &a| {
            let t = &self
                .f
                .ty(a)
                .as_tensor()
                .expect("a map's operands are tensors")
                .shape;
            Some(match s {
                None => t.clone(),
                Some(s) => s
                    .iter()
                    .zip(t)
                    .map(|(a, b)| a.meet(*b).unwrap_or(*a))
                    .collect(),
            })
        });
        let shape = shape.unwrap_or_default();
        // Extents and number of elements, as values.
        let mut count = self.emit(ConstOp::Scalar(Scalar::U64(1)), &[], index.clone(), span);
        let mut unknown = Vec::new();
        for (k, dim) in shape.iter().enumerate() {
            let n = match dim {
                Dim::Known(n) => {
                    self.emit(ConstOp::Scalar(Scalar::U64(*n)), &[], index.clone(), span)
                }
                Dim::Dynamic => {
                    let n = self.emit(ArrayOp::Dim(k as u32), &[d.args[0]], index.clone(), span);
                    unknown.push(n);
                    n
                }
            };
            count = self.emit(BinaryOp::Mul, &[count, n], index.clone(), span);
        }
        let total = shape.iter().try_fold(1u64, |n, d| Some(n * d.known()?));
        let flat = |d: DType| Type::tensor(d, [total.map_or(Dim::Dynamic, Dim::Known)]);
        let extent: Vec<Value> = if total.is_none() { vec![count] } else { vec![] };
        let mut xs = Vec::new();
        for &a in &d.args {
            let ty = flat(self.f.ty(a).dtype().expect("a tensor"));
            let Type::Tensor(t) = &ty else {
                unreachable!("made above")
            };
            let args: Vec<Value> = [a].iter().chain(&extent).copied().collect();
            xs.push(self.emit(ShapeOp::Reshape(t.shape.clone()), &args, ty.clone(), span));
        }
        let zero = self.emit(ConstOp::Scalar(Scalar::U64(0)), &[], index.clone(), span);
        let mut args = vec![zero, count];
        let mut types = Vec::new();
        for &res in &d.results {
            let dt = self.f.ty(res).dtype().expect("a tensor");
            let ty = flat(dt);
            let Type::Tensor(t) = &ty else {
                unreachable!("made above")
            };
            let z = self.emit(ConstOp::Scalar(Scalar::zero(dt)), &[], dt.into(), span);
            let operands: Vec<Value> = [z].iter().chain(&extent).copied().collect();
            let op = ShapeOp::Broadcast {
                shape: t.shape.clone(),
                dims: vec![],
            };
            args.push(self.emit(op, &operands, ty.clone(), span));
            types.push(ty);
        }
        // The body: index and arrays in place of scalars.
        let scalars = core::mem::take(&mut self.f.regions[body].params);
        let at = self.f.add_param(body, index);
        let arrays: Vec<Value> = types
            .iter()
            .map(|t| self.f.add_param(body, t.clone()))
            .collect();
        for (&s, &x) in scalars.iter().zip(&xs).rev() {
            self.define_first(
                body,
                s,
                PlaceOp::Get(vec![Step::Index]).into(),
                vec![x, at],
                span,
            );
        }
        let ys = self.f.regions[body].yields.clone();
        let mut next = Vec::new();
        for ((&y, &a), ty) in ys.iter().zip(&arrays).zip(&types) {
            let op = PlaceOp::Update(vec![Step::Index]).into();
            let u = self
                .f
                .make_inst(op, vec![a, y, at], vec![], core::slice::from_ref(ty), span);
            self.f.regions[body].insts.push(u);
            next.push(self.f.insts[u].results[0]);
        }
        self.f.regions[body].yields = next;
        let l = self
            .f
            .make_inst(ControlOp::For.into(), args, vec![body], &types, span);
        self.out.push(l);
        // All arrays have the same extents, and the first result of a map in a jvp is a primal one.
        let flats = self.f.insts[l].results.clone();
        self.witness
            .extend(flats.iter().skip(1).map(|&v| (v, flats[0])));
        self.witness
            .extend(arrays.iter().skip(1).map(|&v| (v, arrays[0])));
        // Back to the shape, under the results' names.
        for (&res, &flat) in d.results.iter().zip(&self.f.insts[l].results.clone()) {
            let args: Vec<Value> = [flat].iter().chain(&unknown).copied().collect();
            let r = self.f.make_inst(
                ShapeOp::Reshape(shape.clone()).into(),
                args,
                vec![],
                &[],
                span,
            );
            self.f.insts[r].results = vec![res];
            self.f.values[res].def = ValueDef::Result(r, 0);
            self.out.push(r);
        }
    }
}
