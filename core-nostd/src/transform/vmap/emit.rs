//! Writes a batched function: straight code by the families' rules, what has none lane by lane.

use super::forms::Forms;
use super::mask::Mask;
use super::{Key, Vmap};
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::error::BatchError;
use crate::ir::{ArrayOp, Builder, CompareOp, Copier, Dim, Func, InstData, Op, Type};
use crate::ops;
use crate::ops::batch::{BatchCx, Form, Held, Lanes, in_rows, leaves};
use alloc::vec::Vec;
use hashbrown::HashMap;

/// What a source value is in the batched function: its form is in [`Forms`].
#[derive(Copy, Clone, Debug)]
pub(super) struct Local {
    pub(super) value: Value,
    /// The mask in whose order the lanes are.
    pub(super) mask: u32,
}

/// One function being written.
pub(super) struct Emit<'a, 'm> {
    pub(super) vm: &'a mut Vmap<'m>,
    pub(super) src: &'a Func,
    pub(super) forms: Forms,
    pub(super) b: Builder,
    pub(super) map: SecondaryMap<Value, Option<Local>>,
    pub(super) lanes: Lanes,
    pub(super) mask: Mask,
    /// How many masks there were.
    pub(super) masks: u32,
    /// For each open region, the values brought into a mask's order there.
    pub(super) scopes: Vec<HashMap<(Value, u32), Value>>,
}

impl Vmap<'_> {
    /// Writes the body of a declared function.
    pub(super) fn build(&mut self, key: &Key) -> Result<(), BatchError> {
        let src = self.m.funcs[key.func].clone();
        let forms = Vmap::analyse(&src, &key.forms, &mut |k| self.outs[&k].clone())?;
        let id = self.made[key];
        // Keeps the name taken.
        let empty = Func::new(self.m.funcs[id].name.clone(), &[], &[]);
        let func = core::mem::replace(&mut self.m.funcs[id], empty);
        let (results, outs) = (func.results.clone(), self.outs[key].clone());
        let mut b = Builder::on(func);
        let lanes = self.count(&mut b, &src, &key.forms);
        let mut e = Emit {
            vm: self,
            src: &src,
            forms,
            b,
            map: SecondaryMap::new(),
            lanes,
            mask: Mask::ALL,
            masks: 0,
            scopes: alloc::vec![HashMap::new()],
        };
        for (&p, value) in src.params().iter().zip(e.b.params()) {
            e.map[p] = Some(Local { value, mask: 0 });
        }
        e.region(src.body)?;
        let ys = &src.regions[src.body].yields;
        let mut out = Vec::new();
        for ((&y, form), ty) in ys.iter().zip(&outs).zip(&src.results) {
            let h = e.held(y);
            out.push(e.lanes.coerce(&mut e.b, &h, ty, form));
        }
        let mut func = e.b.finish(&out).map_err(BatchError::Build)?;
        func.results = results;
        self.m.funcs[id] = func;
        Ok(())
    }

    /// The number of lanes, from the first argument that has them.
    pub(super) fn count(&self, b: &mut Builder, src: &Func, forms: &[Form]) -> Lanes {
        let dim = self.dim;
        if let Dim::Known(n) = dim {
            let size = b.index(n);
            return Lanes { size, dim };
        }
        let params = b.params();
        let mut all = src.params().iter().zip(forms).zip(params);
        let leaf = all.find_map(|((&p, form), v)| {
            let leaf = leaves(form, src.ty(p)).into_iter();
            let mut leaf = leaf.filter(|(_, f)| !f.is_same());
            leaf.next().map(|(path, _)| (v, path))
        });
        let size = match leaf {
            Some((v, path)) if path.is_empty() => b.len(v),
            Some((v, path)) => {
                let part = b.get(v, path, &[]);
                b.len(part)
            }
            None => b.index(1),
        };
        Lanes { size, dim }
    }
}

impl Emit<'_, '_> {
    /// Opens a region of the new function.
    pub(super) fn open(&mut self, params: &[Type]) -> (Region, Vec<Value>) {
        self.scopes.push(HashMap::new());
        self.b.open(params)
    }
    /// Closes the open region of the new function.
    pub(super) fn close(&mut self, yields: &[Value]) -> Region {
        self.scopes.pop();
        self.b.close(yields)
    }
    /// Says what a source value is, in the form found for it.
    pub(super) fn bind(&mut self, v: Value, h: &Held) {
        let form = self.forms.of(v);
        let value = self.lanes.coerce(&mut self.b, h, self.src.ty(v), &form);
        self.bind_as(v, value);
    }
    /// Says what a source value is; it is held in the form found for it and in the current order.
    pub(super) fn bind_as(&mut self, v: Value, value: Value) {
        let mask = self.mask.id;
        self.map[v] = Some(Local { value, mask });
    }
    /// The type of what holds a source value.
    pub(super) fn held_type(&self, v: Value) -> Type {
        self.forms.of(v).ty(self.src.ty(v), self.lanes.dim)
    }
    /// A source value as the source value `to` is held (which it may become), in the current order.
    pub(super) fn held_as(&mut self, v: Value, to: Value) -> Value {
        let (h, form) = (self.held(v), self.forms.of(to));
        self.lanes.coerce(&mut self.b, &h, self.src.ty(to), &form)
    }
    /// A source value, a tensor of known extents or held so that its extents are those of all lanes, stacked.
    pub(super) fn stacked(&mut self, v: Value) -> Value {
        let h = self.held(v);
        let lanes = self.lanes;
        lanes.coerce(&mut self.b, &h, self.src.ty(v), &Form::Stacked)
    }

    /// Writes the instructions of a source region where the builder is.
    pub(super) fn region(&mut self, r: Region) -> Result<(), BatchError> {
        let src = self.src;
        for &i in &src.regions[r].insts {
            self.inst(i)?;
        }
        Ok(())
    }

    fn inst(&mut self, i: Inst) -> Result<(), BatchError> {
        let src = self.src;
        let d = &src.insts[i];
        self.b.set_span(d.span);
        if let Op::Control(c) = &d.op {
            return self.control(i, d, c);
        }
        if d.args.iter().all(|&a| self.forms.is_same(a)) {
            self.copy(d);
            return Ok(());
        }
        let rows = if in_rows(&d.op) {
            self.raw(d.args[0]).1
        } else {
            None
        };
        let mut args = Vec::new();
        for (k, &a) in d.args.iter().enumerate() {
            args.push(match (k, rows) {
                (0, Some(_)) => self.raw(a).0,
                _ => self.held(a),
            });
        }
        let ty = |v: &Value| src.ty(*v).clone();
        let tys: Vec<Type> = d.args.iter().map(ty).collect();
        let results: Vec<Type> = d.results.iter().map(ty).collect();
        let mut cx = BatchCx {
            b: &mut self.b,
            lanes: self.lanes,
            args: &args,
            tys: &tys,
            results: &results,
            rows,
        };
        match ops::batch(&d.op, &mut cx) {
            Some(out) => {
                for (&v, h) in d.results.iter().zip(&out) {
                    self.bind(v, h);
                }
            }
            None => self.lane_by_lane(i),
        }
        Ok(())
    }

    /// An instruction without regions that no lane's values are operands of.
    pub(super) fn copy(&mut self, d: &InstData) {
        let args: Vec<Value> = d.args.iter().map(|&a| self.held(a).value).collect();
        let tys: Vec<Type> = d.results.iter().map(|&v| self.src.ty(v).clone()).collect();
        let i = self.b.raw(d.op.clone(), &args, &[], &tys);
        let out = self.b.func.insts[i].results.clone();
        for (&v, value) in d.results.iter().zip(out) {
            self.bind_as(v, value);
        }
    }

    /// An instruction, with its regions, run for one lane after another, as it is.
    pub(super) fn lane_by_lane(&mut self, i: Inst) {
        let src = self.src;
        let d = &src.insts[i];
        let mut used = src.captured(i);
        for &a in &d.args {
            if !used.contains(&a) {
                used.push(a);
            }
        }
        let all: Vec<(Value, Held, Option<Value>)> = used
            .iter()
            .map(|&v| {
                let (h, rows) = self.raw(v);
                (v, h, rows)
            })
            .collect();
        let tys: Vec<Type> = d.results.iter().map(|&v| src.ty(v).clone()).collect();
        let lanes = self.lanes;
        // What may take long is done by the lanes that run only; the others have their results from these.
        let long = matches!(d.op, Op::Control(_));
        let stands = if long { self.mask.rows } else { None };
        let one = |b: &mut Builder, l: Value| -> Vec<Value> {
            let mut c = Copier::new();
            for (v, h, rows) in &all {
                let row = match rows {
                    Some(r) if !h.form.is_same() => b.at(*r, l),
                    _ => l,
                };
                let x = lanes.lane(b, h, src.ty(*v), row);
                c.map(*v, x);
            }
            let copy = c.inst(b, Some(src), i);
            b.func.insts[copy].results.clone()
        };
        let out = match stands {
            None => lanes.collect(&mut self.b, &tys, one),
            Some(rows) => {
                let init: Vec<Value> = tys.iter().map(|t| lanes.buffer(&mut self.b, t)).collect();
                let done = lanes.each(&mut self.b, &init, |b, l, acc| {
                    let row = b.at(rows, l);
                    let runs = b.compare(CompareOp::Eq, row, l);
                    b.if_(
                        runs,
                        |b| {
                            let xs = one(b, l);
                            let stored = acc.iter().zip(xs).zip(&tys);
                            stored
                                .map(|((&a, x), t)| lanes.store(b, a, &Form::ragged(t), t, x, l))
                                .collect()
                        },
                        |_| acc.to_vec(),
                    )
                });
                done.into_iter()
                    .zip(&tys)
                    .map(|(v, t)| {
                        let h = Held::new(v, Form::ragged(t));
                        lanes.rows(&mut self.b, &h, t, rows)
                    })
                    .collect()
            }
        };
        for (&v, h) in d.results.iter().zip(&out) {
            self.bind(v, h);
        }
    }

    /// Zeros in the form of a source value that only stands where no lane runs; `like` has its extents.
    pub(super) fn nothing(&mut self, v: Value, like: Value) -> Value {
        let (form, ty) = (self.forms.of(v), self.src.ty(v).clone());
        let root = self.forms.extents.root(like);
        let known = !ty.is_static() && form == Form::Stacked;
        let (Some(l), true) = (self.map[root], known) else {
            return self.lanes.zeros(&mut self.b, &form, &ty);
        };
        let Some(t) = ty.as_tensor() else {
            return self.lanes.zeros(&mut self.b, &form, &ty);
        };
        // The extents of the root, which came before and is an array as long.
        let z = self.b.scalar(crate::value::Scalar::zero(t.dtype));
        let mut args = alloc::vec![z];
        args.extend(self.lanes.operand());
        let skip = u32::from(!self.forms.is_same(root));
        for (k, d) in t.shape.iter().enumerate() {
            if *d == Dim::Dynamic {
                let n = ArrayOp::Dim(k as u32 + skip);
                args.push(self.b.inst1(n, &[l.value]));
            }
        }
        self.b.inst1(
            crate::ir::ShapeOp::Broadcast {
                shape: self.lanes.shape(&t.shape),
                dims: alloc::vec![],
            },
            &args,
        )
    }
}
