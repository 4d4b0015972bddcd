//! The entry function: brings the arguments into the forms that the batched function takes, and the results to where the
//! caller wants them.

use super::{Axes, Key, Spec, Strategy, Vmap};
use crate::entity::{FuncId, Value};
use crate::error::BatchError;
use crate::ir::{ArrayOp, Builder, CompareOp, ConstOp, ControlOp, Dim, EffectOp, Op, Step, Type};
use crate::ops::batch::{Form, Held, Lanes, move_axis};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// The type of an argument (or result) of type `ty` that holds the lanes there; `None` if it cannot.
fn batched_type(ty: &Type, axes: &Axes, lanes: Dim) -> Option<Type> {
    Some(match (axes, ty) {
        (Axes::Same, _) => ty.clone(),
        (Axes::Rows, _) => ty.clone().array_of(lanes),
        (Axes::At(k), Type::Tensor(t)) => {
            let mut shape = t.shape.clone();
            if *k as usize > shape.len() {
                return None;
            }
            shape.insert(*k as usize, lanes);
            Type::tensor(t.dtype, shape)
        }
        (Axes::At(_), Type::Record(ts)) => {
            let fields: Option<Vec<Type>> =
                ts.iter().map(|t| batched_type(t, axes, lanes)).collect();
            Type::record(fields?)
        }
        (Axes::At(0), Type::Seq(_) | Type::Stack(_)) => Type::seq(ty.clone()),
        (Axes::Fields(fs), Type::Record(ts)) if fs.len() == ts.len() => {
            let fields: Option<Vec<Type>> = ts
                .iter()
                .zip(fs)
                .map(|(t, a)| batched_type(t, a, lanes))
                .collect();
            Type::record(fields?)
        }
        (Axes::At(_) | Axes::Fields(_), _) => return None,
    })
}

/// Calls `see` with what has the lanes along an axis: the value, and the axis.
fn each_batched(
    b: &mut Builder,
    v: Value,
    ty: &Type,
    axes: &Axes,
    see: &mut impl FnMut(&mut Builder, Value, u32),
) {
    match (axes, ty) {
        (Axes::Same, _) => {}
        (Axes::Rows, _) => see(b, v, 0),
        (Axes::At(k), Type::Tensor(_) | Type::Seq(_) | Type::Stack(_)) => see(b, v, *k),
        (Axes::At(_) | Axes::Fields(_), Type::Record(ts)) => {
            for (k, t) in ts.iter().enumerate() {
                let f = b.field(v, k as u32);
                each_batched(b, f, t, axes_of(axes, k), see);
            }
        }
        (Axes::Fields(_), _) => {}
    }
}

/// The axes of a record's field.
pub(super) fn axes_of(axes: &Axes, k: usize) -> &Axes {
    match axes {
        Axes::Fields(fs) => &fs[k],
        Axes::Same | Axes::At(_) | Axes::Rows => axes,
    }
}

/// An argument in the form that the batched function takes.
fn receive(b: &mut Builder, lanes: Lanes, v: Value, ty: &Type, axes: &Axes) -> Held {
    match (axes, ty) {
        (Axes::Same, _) => Held::same(v),
        (Axes::Rows, Type::Tensor(_)) if ty.is_static() => Held::stacked(v),
        (Axes::Rows, Type::Record(_)) => {
            let tys = [ty.clone()];
            let mut out = lanes.collect(b, &tys, |b, l| vec![b.at(v, l)]);
            out.remove(0)
        }
        (Axes::At(k), Type::Tensor(_)) => Held::stacked(move_axis(b, v, *k, 0)),
        (Axes::At(_) | Axes::Fields(_), Type::Record(ts)) => {
            let mut values = Vec::new();
            let mut forms = Vec::new();
            for (k, t) in ts.iter().enumerate() {
                let f = b.field(v, k as u32);
                let h = receive(b, lanes, f, t, axes_of(axes, k));
                values.push(h.value);
                forms.push(h.form);
            }
            Held::new(b.record(&values), Form::fields(forms))
        }
        (Axes::Rows | Axes::At(_) | Axes::Fields(_), _) => Held::new(v, Form::Each),
    }
}

/// A result where the caller wants it; `None` if it cannot be there.
fn hand_over(b: &mut Builder, lanes: Lanes, h: &Held, ty: &Type, axes: &Axes) -> Option<Value> {
    Some(match (axes, ty) {
        (Axes::Same, _) if h.form.is_same() => h.value,
        (Axes::Same, _) => return None,
        (Axes::Rows, Type::Record(_)) => {
            let z = b.inst1(ConstOp::Default(ty.clone()), &[]);
            let all = b.inst1(ArrayOp::Fill, &[z, lanes.size]);
            lanes.each(b, &[all], |b, l, acc| {
                let x = lanes.lane(b, h, ty, l);
                vec![b.update(acc[0], x, vec![Step::Index], &[l])]
            })[0]
        }
        (Axes::Rows, _) => lanes.coerce(b, h, ty, &Form::ragged(ty)),
        (Axes::At(_) | Axes::Fields(_), Type::Record(ts)) => {
            let mut fields = Vec::new();
            for (k, t) in ts.iter().enumerate() {
                let f = b.field(h.value, k as u32);
                let f = Held::new(f, h.form.field(k));
                fields.push(hand_over(b, lanes, &f, t, axes_of(axes, k))?);
            }
            b.record(&fields)
        }
        (Axes::At(k), _) => match &h.form {
            Form::Same | Form::Stacked if matches!(ty, Type::Tensor(_)) => {
                let v = lanes.coerce(b, h, ty, &Form::Stacked);
                if *k as usize > crate::ops::batch::shape_of(ty).len() {
                    return None;
                }
                move_axis(b, v, 0, *k)
            }
            _ if *k == 0 => lanes.coerce(b, h, ty, &Form::Each),
            Form::Same | Form::Stacked | Form::Each | Form::Fields(_) => return None,
        },
        (Axes::Fields(_), _) => return None,
    })
}

impl Vmap<'_> {
    /// The entry function.
    pub(super) fn entry(&mut self, f: FuncId, spec: &Spec) -> Result<FuncId, BatchError> {
        let func = &self.m.funcs[f];
        let (name, span) = (func.name.clone(), func.span);
        let (tys, results) = (func.param_types(), func.results.clone());
        if spec.args.len() != tys.len() {
            return Err(BatchError::Arguments {
                func: name,
                want: tys.len(),
                have: spec.args.len(),
            });
        }
        if spec.args.iter().all(Axes::is_same) {
            return Err(BatchError::NoLanes { func: name });
        }
        let mut params = Vec::new();
        for (index, (ty, axes)) in tys.iter().zip(&spec.args).enumerate() {
            let Some(t) = batched_type(ty, axes, spec.lanes) else {
                return Err(BatchError::Axis {
                    func: name,
                    place: format!("parameter {index}"),
                    ty: ty.clone(),
                });
            };
            params.push(t);
        }
        let mut b = Builder::new(self.m.fresh_name(&format!("{name}.vmap")), &params);
        b.func.span = span;
        b.set_span(span);
        let given = b.params();
        let lanes = self.agreed(&mut b, &given, &tys, spec)?;
        // What runs if there are lanes.
        let guard = spec.guard && spec.lanes == Dim::Dynamic;
        if guard {
            b.open(&[]);
        }
        let held: Vec<Held> = given
            .iter()
            .zip(&tys)
            .zip(&spec.args)
            .map(|((&v, ty), axes)| receive(&mut b, lanes, v, ty, axes))
            .collect();
        let lockstep = match spec.strategy {
            Strategy::Lockstep => true,
            Strategy::LaneByLane => false,
            Strategy::Auto => self.has_array_work(f),
        };
        let out: Vec<Held> = if lockstep {
            let key = Key {
                func: f,
                forms: held.iter().map(|h| h.form.clone()).collect(),
            };
            let (id, forms) = self.make(&key)?;
            let args: Vec<Value> = held.iter().map(|h| h.value).collect();
            let types = self.m.funcs[id].results.clone();
            let ys = b.call(id, &args, &types);
            ys.into_iter()
                .zip(forms)
                .map(|(v, form)| Held::new(v, form))
                .collect()
        } else {
            lanes.collect(&mut b, &results, |b, l| {
                let args: Vec<Value> = held
                    .iter()
                    .zip(&tys)
                    .map(|(h, t)| lanes.lane(b, h, t, l))
                    .collect();
                b.call(f, &args, &results)
            })
        };
        let mut ys = Vec::new();
        for (k, (h, ty)) in out.iter().zip(&results).enumerate() {
            let Some(y) = hand_over(&mut b, lanes, h, ty, &spec.out) else {
                return Err(BatchError::Axis {
                    func: name,
                    place: format!("result {k}"),
                    ty: ty.clone(),
                });
            };
            ys.push(y);
        }
        if guard {
            let tys: Vec<Type> = ys.iter().map(|&y| b.ty(y).clone()).collect();
            let run = b.close(&ys);
            b.open(&[]);
            let none: Vec<Value> = tys.iter().map(|t| b.default(t.clone())).collect();
            let none = b.close(&none);
            let zero = b.index(0);
            let some = b.compare(CompareOp::Ne, lanes.size, zero);
            ys = b.region_op(ControlOp::If, &[some], &[run, none]);
        }
        let func = b.finish(&ys).map_err(BatchError::Build)?;
        Ok(self.m.funcs.push(func))
    }

    /// Whether a function, or one that it calls, has operations on arrays that gain from all lanes being one operation.
    fn has_array_work(&self, f: FuncId) -> bool {
        let mut seen = vec![f];
        let mut next = 0;
        let mut found = false;
        while next < seen.len() {
            let f = &self.m.funcs[seen[next]];
            next += 1;
            f.visit(f.body, &mut |_, d| match &d.op {
                Op::Dot(_)
                | Op::Sort(_)
                | Op::Reduce(_)
                | Op::Linalg(_)
                | Op::Fft(_)
                | Op::Window(_) => {
                    found = true;
                }
                Op::Control(c) => match c {
                    ControlOp::Call(g) if !seen.contains(g) => seen.push(*g),
                    ControlOp::Call(_)
                    | ControlOp::If
                    | ControlOp::Switch
                    | ControlOp::While
                    | ControlOp::For
                    | ControlOp::Map
                    | ControlOp::Derive { .. } => {}
                },
                Op::Const(_)
                | Op::Unary(_)
                | Op::Binary(_)
                | Op::Ternary(_)
                | Op::Compare(_)
                | Op::Convert(_)
                | Op::Place(_)
                | Op::Array(_)
                | Op::Shape(_)
                | Op::Index(_)
                | Op::Random(_)
                | Op::Tangent(_)
                | Op::Effect(_)
                | Op::Slot(_) => {}
            });
        }
        found
    }

    /// The number of lanes, the same in all arguments or a trap.
    fn agreed(
        &self,
        b: &mut Builder,
        given: &[Value],
        tys: &[Type],
        spec: &Spec,
    ) -> Result<Lanes, BatchError> {
        let mut size = match spec.lanes {
            Dim::Known(n) => Some(b.index(n)),
            Dim::Dynamic => None,
        };
        for ((&v, ty), axes) in given.iter().zip(tys).zip(&spec.args) {
            each_batched(b, v, ty, axes, &mut |b, v, axis| {
                let fixed = crate::ops::batch::shape_of(b.ty(v));
                if matches!(fixed.get(axis as usize), Some(Dim::Known(_))) {
                    return;
                }
                let n = if axis == 0 {
                    b.len(v)
                } else {
                    b.inst1(ArrayOp::Dim(axis), &[v])
                };
                let Some(s) = size else {
                    size = Some(n);
                    return;
                };
                let equal = b.compare(CompareOp::Eq, n, s);
                let message = "the batched arguments have different numbers of lanes";
                b.inst(EffectOp::Assert(message.into()), &[equal]);
            });
        }
        let size = match size {
            Some(s) => s,
            // Every batched argument is a record of nothing.
            None => {
                return Err(BatchError::NoLanes {
                    func: b.func.name.clone(),
                });
            }
        };
        Ok(Lanes {
            size,
            dim: spec.lanes,
        })
    }
}
