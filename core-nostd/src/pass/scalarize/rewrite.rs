//! Takes the planned arrays apart: one walk in program order, with the elements of each array so far.

use super::plan::{Kind, Plan, kind};
use super::small;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, Builder, ConstOp, ControlOp, Func, InstData, Op, PlaceOp, ShapeOp, Step, TangentOp,
    Type, ValueData, ValueDef,
};
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Rewrites the function that the builder holds.
pub(super) fn rewrite(b: Builder, plan: &Plan) -> Func {
    let mut pass = Rewrite {
        b,
        plan,
        parts: SecondaryMap::new(),
        kept: SecondaryMap::new(),
        subst: Subst::new(),
        indices: Vec::new(),
        prologue: Vec::new(),
        rows: Vec::new(),
    };
    let body = pass.b.func.body;
    pass.region(body, &[]);
    let mut f = pass.b.func;
    f.regions[body].insts.splice(0..0, pass.prologue);
    pass.subst.apply(&mut f);
    drop_unread(&mut f, &pass.rows);
    f
}

struct Rewrite<'p> {
    b: Builder,
    plan: &'p Plan,
    /// The elements of the arrays that are taken apart.
    parts: SecondaryMap<Value, Vec<Value>>,
    /// The array is there as a whole too.
    kept: SecondaryMap<Value, bool>,
    subst: Subst,
    /// Index constants, made once, at the start of the function.
    indices: Vec<Option<Value>>,
    prologue: Vec<Inst>,
    /// The reads that stand for the read of one row: they trap alike, so one of them is enough.
    rows: Vec<Vec<Inst>>,
}

impl Rewrite<'_> {
    /// Rewrites a region; of its yields those in `split` are taken apart.
    fn region(&mut self, r: Region, split: &[bool]) {
        let insts = core::mem::take(&mut self.b.func.regions[r].insts);
        let old = self.b.func.regions[r].yields.clone();
        self.b.open_at(r);
        if r == self.b.func.body {
            for v in self.b.params() {
                self.keep_whole(v);
            }
        }
        for i in insts {
            self.inst(i);
        }
        let mut yields = Vec::new();
        for (k, y) in old.into_iter().enumerate() {
            let y = self.subst.get(y);
            if split.get(k) == Some(&true) {
                yields.extend(self.parts_of(y));
            } else {
                yields.push(self.whole(y));
            }
        }
        self.b.close(&yields);
    }

    fn apart(&self, v: Value) -> bool {
        small(self.b.ty(v)).is_some() && self.plan.apart(v)
    }

    /// An index constant.
    fn index(&mut self, k: usize) -> Value {
        if self.indices.len() <= k {
            self.indices.resize(k + 1, None);
        }
        *self.indices[k].get_or_insert_with(|| {
            let f = &mut self.b.func;
            let op = ConstOp::Scalar((k as u64).into());
            let ty = Type::scalar(crate::ir::DType::U64);
            let i = f.make_inst(
                op.into(),
                vec![],
                vec![],
                core::slice::from_ref(&ty),
                crate::ir::Span::NONE,
            );
            self.prologue.push(i);
            f.insts[i].results[0]
        })
    }

    /// The constant indices of the `k`-th element of an array of that type.
    fn position(&mut self, ty: &Type, k: usize) -> Vec<Value> {
        let shape = ty.as_tensor().map_or(&[][..], |t| &t.shape);
        let mut rest = k;
        let mut at = vec![0; shape.len()];
        for (axis, d) in shape.iter().enumerate().rev() {
            let n = d.known().unwrap_or(1) as usize;
            at[axis] = rest % n;
            rest /= n;
        }
        at.into_iter().map(|i| self.index(i)).collect()
    }

    /// Reads the elements of a value that is there as a whole.
    fn read_all(&mut self, v: Value) -> Vec<Value> {
        let ty = self.b.ty(v).clone();
        let (rank, n) = small(&ty).map_or((0, 0), |(t, n)| (t.shape.len(), n));
        (0..n as usize)
            .map(|k| {
                let at = self.position(&ty, k);
                self.b.get(v, vec![Step::Index; rank], &at)
            })
            .collect()
    }

    /// Notes that a value to be taken apart is there as a whole, and reads its elements.
    fn keep_whole(&mut self, v: Value) {
        if self.apart(v) {
            self.kept[v] = true;
            self.parts[v] = self.read_all(v);
        }
    }

    /// The elements of a scalar or small array.
    fn parts_of(&mut self, v: Value) -> Vec<Value> {
        if self.b.ty(v).is_scalar() {
            vec![v]
        } else if self.apart(v) {
            self.parts[v].clone()
        } else {
            self.read_all(v)
        }
    }

    /// The value as a whole.
    fn whole(&mut self, v: Value) -> Value {
        if !self.apart(v) || self.kept[v] {
            return v;
        }
        let (ty, parts) = (self.b.ty(v).clone(), self.parts[v].clone());
        self.build(&ty, &parts)
    }

    /// An array of these elements.
    fn build(&mut self, ty: &Type, parts: &[Value]) -> Value {
        let flat = self.b.inst1(ArrayOp::Array, parts);
        match ty.as_tensor() {
            Some(t) if t.shape.len() > 1 => {
                self.b.inst1(ShapeOp::Reshape(t.shape.clone()), &[flat])
            }
            _ => flat,
        }
    }

    fn inst(&mut self, i: Inst) {
        self.subst.all(&mut self.b.func.insts[i].args);
        let d = self.b.func.insts[i].clone();
        self.b.set_span(d.span);
        if let Op::Control(op) = &d.op {
            return self.control(i, &d, op);
        }
        let how = kind(&self.b.func, &d);
        let done = match (how, d.results.first()) {
            (how, Some(&result)) => self.taken_apart(i, &d, how, result),
            (_, None) => false,
        };
        if !done {
            self.opaque(i);
        }
    }

    /// An instruction that needs its operands whole and gives its results whole.
    fn opaque(&mut self, i: Inst) {
        self.place_whole(i);
        for v in self.b.func.insts[i].results.clone() {
            self.keep_whole(v);
        }
    }

    /// Puts the instruction at the end of the open region, its operands whole.
    fn place_whole(&mut self, i: Inst) {
        let mut args = self.b.func.insts[i].args.clone();
        for v in &mut args {
            *v = self.whole(*v);
        }
        self.b.func.insts[i].args = args;
        self.place(i);
    }

    fn place(&mut self, i: Inst) {
        let r = self.b.region();
        self.b.func.regions[r].insts.push(i);
    }

    /// Deals with an instruction by elements; false if nothing of it is to be taken apart.
    fn taken_apart(&mut self, i: Inst, d: &InstData, how: Kind, result: Value) -> bool {
        let apart = self.apart(result);
        let base_apart = d.args.first().is_some_and(|&v| self.apart(v));
        let parts = match (how, &d.op) {
            (Kind::Elementwise, op) if apart => self.elementwise(op, &d.args, result),
            (Kind::Read(at), _) if base_apart => return self.read(d, at, result),
            (Kind::Write(at), op) if apart => self.write(op, &d.args, at),
            (Kind::ReadRow | Kind::Varying, Op::Place(PlaceOp::Get(path))) if apart => {
                if self.plan.whole(result) {
                    return false;
                }
                self.read_row(path, &d.args, result)
            }
            (Kind::WriteRow, op) if self.apart(d.args[1]) => {
                return self.write_row(op, &d.args, result);
            }
            (Kind::Elements, op) if apart => {
                let parts = self.elements(op, &d.args, result);
                if self.plan.whole(result) {
                    self.place_whole(i);
                    self.kept[result] = true;
                }
                parts
            }
            (Kind::Moved(from), _) if apart => {
                let old = self.parts_of(d.args[0]);
                from.into_iter().map(|k| old[k]).collect()
            }
            (Kind::Reduced(op, start), _) if base_apart => {
                let mut sum = self.b.scalar(start);
                for x in self.parts_of(d.args[0]) {
                    sum = self.b.binary(op, sum, x);
                }
                self.subst.set(result, sum);
                return true;
            }
            _ => return false,
        };
        self.parts[result] = parts;
        true
    }

    fn elementwise(&mut self, op: &Op, args: &[Value], result: Value) -> Vec<Value> {
        let n = small(self.b.ty(result)).map_or(0, |(_, n)| n as usize);
        let parts: Vec<Vec<Value>> = args.iter().map(|&v| self.parts_of(v)).collect();
        (0..n)
            .map(|k| {
                let args: Vec<Value> = parts.iter().map(|p| p[k.min(p.len() - 1)]).collect();
                self.b.inst1(op.clone(), &args)
            })
            .collect()
    }

    fn read(&mut self, d: &InstData, at: Range<usize>, result: Value) -> bool {
        let parts = self.parts[d.args[0]][at].to_vec();
        if self.apart(result) {
            self.parts[result] = parts;
        } else if let ([one], true) = (&parts[..], self.b.ty(result).is_scalar()) {
            self.subst.set(result, *one);
        } else {
            let ty = self.b.ty(result).clone();
            let v = self.build(&ty, &parts);
            self.subst.set(result, v);
        }
        true
    }

    fn write(&mut self, op: &Op, args: &[Value], at: Range<usize>) -> Vec<Value> {
        let adds = matches!(op, Op::Place(PlaceOp::AddAt(_)));
        let new = self.parts_of(args[1]);
        let mut parts = self.parts[args[0]].clone();
        for (old, new) in parts[at].iter_mut().zip(new) {
            *old = if adds {
                self.b.inst1(TangentOp::Accumulate, &[*old, new])
            } else {
                new
            };
        }
        parts
    }

    /// Reads the elements of a row one by one.
    fn read_row(&mut self, path: &[Step], args: &[Value], result: Value) -> Vec<Value> {
        let ty = self.b.ty(result).clone();
        let (rank, n) = small(&ty).map_or((0, 0), |(t, n)| (t.shape.len(), n as usize));
        let path = [path, &vec![Step::Index; rank]].concat();
        let base = self.whole(args[0]);
        let parts: Vec<Value> = (0..n)
            .map(|k| {
                let at = self.position(&ty, k);
                self.b.get(base, path.clone(), &[&args[1..], &at].concat())
            })
            .collect();
        let f = &self.b.func;
        let reads = parts.iter().filter_map(|&v| f.def_inst(v)).collect();
        self.rows.push(reads);
        parts
    }

    /// Writes the elements of a row one by one.
    fn write_row(&mut self, op: &Op, args: &[Value], result: Value) -> bool {
        let Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) = op else {
            return false;
        };
        let adds = matches!(op, Op::Place(PlaceOp::AddAt(_)));
        let ty = self.b.ty(args[1]).clone();
        let rank = small(&ty).map_or(0, |(t, _)| t.shape.len());
        let path = [&path[..], &vec![Step::Index; rank]].concat();
        let mut base = args[0];
        for (k, x) in self.parts_of(args[1]).into_iter().enumerate() {
            let at = self.position(&ty, k);
            let at = [&args[2..], &at].concat();
            base = if adds {
                self.b.add_at(base, x, path.clone(), &at)
            } else {
                self.b.update(base, x, path.clone(), &at)
            };
        }
        self.subst.set(result, base);
        true
    }

    fn elements(&mut self, op: &Op, args: &[Value], result: Value) -> Vec<Value> {
        let (dtype, n) = match small(self.b.ty(result)) {
            Some((t, n)) => (t.dtype, n as usize),
            None => return Vec::new(),
        };
        match op {
            Op::Const(ConstOp::Tensor(t)) => (0..n).map(|k| self.b.scalar(t.data.get(k))).collect(),
            Op::Const(_) => {
                let zero = self.b.default(Type::scalar(dtype));
                vec![zero; n]
            }
            _ => args.iter().flat_map(|&v| self.parts_of(v)).collect(),
        }
    }

    fn control(&mut self, i: Inst, d: &InstData, op: &ControlOp) {
        let split: Vec<bool> = d.results.iter().map(|&v| self.apart(v)).collect();
        let bounds = match op {
            ControlOp::If | ControlOp::Switch => {
                for &r in &d.regions {
                    self.region(r, &split);
                }
                self.place(i);
                return self.split_results(i, &split);
            }
            ControlOp::For => 2,
            ControlOp::While => 0,
            ControlOp::Map | ControlOp::Call(_) | ControlOp::Derive { .. } => {
                for &r in &d.regions {
                    self.region(r, &[]);
                }
                return self.opaque(i);
            }
        };
        let mut args = Vec::new();
        for (k, &v) in d.args.iter().enumerate() {
            if k >= bounds && split[k - bounds] {
                args.extend(self.parts_of(v));
            } else {
                args.push(self.whole(v));
            }
        }
        self.b.func.insts[i].args = args;
        for (n, &r) in d.regions.iter().enumerate() {
            self.split_params(r, bounds.min(1), &split);
            // A condition yields its bool whole.
            let yields = if n + 1 == d.regions.len() {
                &split[..]
            } else {
                &[]
            };
            self.region(r, yields);
        }
        self.b.set_span(d.span);
        self.place(i);
        self.split_results(i, &split);
    }

    /// Replaces those of the values that are to be taken apart by their elements.
    fn split_values(&mut self, old: &[Value], skip: usize, split: &[bool]) -> Vec<Value> {
        let mut out = Vec::new();
        for (k, &v) in old.iter().enumerate() {
            if k < skip || !split[k - skip] {
                out.push(v);
                continue;
            }
            let Some((dtype, n)) = small(self.b.ty(v)).map(|(t, n)| (t.dtype, n)) else {
                out.push(v);
                continue;
            };
            let def = self.b.func.values[v].def;
            let parts: Vec<Value> = (0..n)
                .map(|_| {
                    self.b.func.values.push(ValueData {
                        ty: Type::scalar(dtype),
                        def,
                    })
                })
                .collect();
            out.extend(&parts);
            self.parts[v] = parts;
        }
        out
    }

    fn split_params(&mut self, r: Region, skip: usize, split: &[bool]) {
        let old = self.b.func.regions[r].params.clone();
        let new = self.split_values(&old, skip, split);
        for (k, &v) in new.iter().enumerate() {
            self.b.func.values[v].def = ValueDef::Param(r, k as u32);
        }
        self.b.func.regions[r].params = new;
    }

    fn split_results(&mut self, i: Inst, split: &[bool]) {
        let old = self.b.func.insts[i].results.clone();
        let new = self.split_values(&old, 0, split);
        for (k, &v) in new.iter().enumerate() {
            self.b.func.values[v].def = ValueDef::Result(i, k as u32);
        }
        self.b.func.insts[i].results = new;
    }
}

/// Of the reads that stand for one row, drops those that nobody uses; one stays for its trap.
fn drop_unread(f: &mut Func, rows: &[Vec<Inst>]) {
    if rows.is_empty() {
        return;
    }
    let mut used: SecondaryMap<Value, bool> = SecondaryMap::new();
    for &y in &f.regions[f.body].yields {
        used[y] = true;
    }
    f.visit(f.body, &mut |_, d| {
        for &v in &d.args {
            used[v] = true;
        }
        for &r in &d.regions {
            for &y in &f.regions[r].yields {
                used[y] = true;
            }
        }
    });
    let mut dead: SecondaryMap<Inst, bool> = SecondaryMap::new();
    for row in rows {
        let is_used = |i: &Inst| used[f.insts[*i].results[0]];
        let any = row.iter().any(is_used);
        for (k, i) in row.iter().enumerate() {
            dead[*i] = !is_used(i) && (any || k > 0);
        }
    }
    for r in f.regions.values_mut() {
        r.insts.retain(|&i| !dead[i]);
    }
}
