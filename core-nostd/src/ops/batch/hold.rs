//! Code that changes how the values of lanes are held: broadcasts, stacks, takes one lane out, puts one in.
//!
//! All of it works on values of any type, leaf by leaf of records; only here is it decided what a batch of zeros, or one
//! lane of a batch, looks like in the program.

use super::form::Form;
use crate::entity::Value;
use crate::ir::{
    ArrayOp, Builder, ConstOp, ConvertOp, DType, Dim, IndexOp, ReduceOp, Reduction, ShapeOp, Step,
    TernaryOp, Type,
};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// The values that all lanes have for one value of the program.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Held {
    /// What holds them.
    pub(crate) value: Value,
    /// How.
    pub(crate) form: Form,
}

impl Held {
    /// Held in that form.
    pub(crate) fn new(value: Value, form: Form) -> Held {
        Held { value, form }
    }
    /// One value for all lanes.
    pub(crate) fn same(value: Value) -> Held {
        Held::new(value, Form::Same)
    }
    /// Tensors stacked along the leading axis.
    pub(crate) fn stacked(value: Value) -> Held {
        Held::new(value, Form::Stacked)
    }
}

/// How many lanes there are: as a value (`u64`), and as an extent.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Lanes {
    /// The number, as a value of the function being built.
    pub(crate) size: Value,
    /// The number, if it is known.
    pub(crate) dim: Dim,
}

/// The extents of a tensor type; none of another type.
pub(crate) fn shape_of(ty: &Type) -> Vec<Dim> {
    ty.as_tensor().map_or_else(Vec::new, |t| t.shape.clone())
}

impl Lanes {
    /// `[lanes, shape…]`.
    pub(crate) fn shape(self, shape: &[Dim]) -> Vec<Dim> {
        core::iter::once(self.dim)
            .chain(shape.iter().copied())
            .collect()
    }
    /// The number of lanes as an operand, where it is not an attribute.
    pub(crate) fn operand(self) -> Vec<Value> {
        match self.dim {
            Dim::Known(_) => Vec::new(),
            Dim::Dynamic => vec![self.size],
        }
    }
    /// A counted loop over the lanes.
    pub(crate) fn each(
        self,
        b: &mut Builder,
        init: &[Value],
        body: impl FnOnce(&mut Builder, Value, &[Value]) -> Vec<Value>,
    ) -> Vec<Value> {
        let zero = b.index(0);
        b.for_(zero, self.size, init, body)
    }
    /// 0, 1, 2, … as many as lanes.
    pub(crate) fn iota(self, b: &mut Builder) -> Value {
        b.inst1(
            ShapeOp::Iota {
                dtype: DType::U64,
                shape: vec![self.dim],
                axis: 0,
            },
            &self.operand(),
        )
    }
    /// A tensor, the same in all lanes, stacked.
    pub(crate) fn splat(self, b: &mut Builder, v: Value) -> Value {
        let shape = shape_of(b.ty(v));
        let mut args = vec![v];
        args.extend(self.operand());
        for (k, d) in shape.iter().enumerate() {
            if *d == Dim::Dynamic {
                args.push(b.inst1(ArrayOp::Dim(k as u32), &[v]));
            }
        }
        b.inst1(
            ShapeOp::Broadcast {
                dims: (1..=shape.len() as u32).collect(),
                shape: self.shape(&shape),
            },
            &args,
        )
    }
    /// One number (or `bool`) per lane, repeated over the extents of `like`, which is stacked.
    pub(crate) fn spread(self, b: &mut Builder, v: Value, like: Value) -> Value {
        let shape = shape_of(b.ty(like));
        if shape.len() == 1 {
            return v;
        }
        let mut args = vec![v];
        args.extend(super::super::extent::extents_of(b, &shape, like));
        b.inst1(
            ShapeOp::Broadcast {
                shape,
                dims: vec![0],
            },
            &args,
        )
    }

    // Lanes in and out.

    /// The value of lane `l`.
    pub(crate) fn lane(self, b: &mut Builder, h: &Held, ty: &Type, l: Value) -> Value {
        match (&h.form, ty) {
            (Form::Same, _) => h.value,
            (Form::Fields(fs), Type::Record(ts)) => {
                let fields: Vec<Value> = ts
                    .iter()
                    .enumerate()
                    .map(|(k, t)| {
                        let f = b.field(h.value, k as u32);
                        self.lane(b, &Held::new(f, fs[k].clone()), t, l)
                    })
                    .collect();
                b.record(&fields)
            }
            (Form::Stacked | Form::Each | Form::Fields(_), _) => b.at(h.value, l),
        }
    }
    /// Zeros in the form [`Form::ragged`], to be filled by [`store`](Self::store).
    pub(crate) fn buffer(self, b: &mut Builder, ty: &Type) -> Value {
        self.zeros(b, &Form::ragged(ty), ty)
    }
    /// Zeros held in a form; unknown extents of stacked tensors are 0.
    pub(crate) fn zeros(self, b: &mut Builder, form: &Form, ty: &Type) -> Value {
        match (form, ty) {
            (Form::Same, _) => b.default(ty.clone()),
            (Form::Stacked, Type::Tensor(t)) => {
                let z = b.scalar(Scalar::zero(t.dtype));
                let mut args = vec![z];
                args.extend(self.operand());
                for d in &t.shape {
                    if *d == Dim::Dynamic {
                        args.push(b.index(0));
                    }
                }
                b.inst1(
                    ShapeOp::Broadcast {
                        shape: self.shape(&t.shape),
                        dims: vec![],
                    },
                    &args,
                )
            }
            (Form::Fields(fs), Type::Record(ts)) => {
                let fields: Vec<Value> = fs
                    .iter()
                    .zip(ts.iter())
                    .map(|(f, t)| self.zeros(b, f, t))
                    .collect();
                b.record(&fields)
            }
            (Form::Stacked | Form::Each | Form::Fields(_), _) => {
                let z = b.inst1(ConstOp::Default(ty.clone()), &[]);
                b.inst1(ArrayOp::Fill, &[z, self.size])
            }
        }
    }
    /// What holds the lanes with the value of lane `l` replaced. Parts that all lanes share stay as they are.
    pub(crate) fn store(
        self,
        b: &mut Builder,
        into: Value,
        form: &Form,
        ty: &Type,
        x: Value,
        l: Value,
    ) -> Value {
        let mut all = into;
        for (path, leaf) in leaves(form, ty) {
            if leaf == Form::Same {
                continue;
            }
            let part = if path.is_empty() {
                x
            } else {
                b.get(x, path.clone(), &[])
            };
            let mut to = path;
            to.push(Step::Index);
            all = b.update(all, part, to, &[l]);
        }
        all
    }
    /// Code run for each lane, its results in the form [`Form::ragged`] of their types.
    pub(crate) fn collect(
        self,
        b: &mut Builder,
        tys: &[Type],
        body: impl FnOnce(&mut Builder, Value) -> Vec<Value>,
    ) -> Vec<Held> {
        let init: Vec<Value> = tys.iter().map(|t| self.buffer(b, t)).collect();
        let out = self.each(b, &init, |b, l, acc| {
            let xs = body(b, l);
            acc.iter()
                .zip(xs)
                .zip(tys)
                .map(|((&a, x), t)| self.store(b, a, &Form::ragged(t), t, x, l))
                .collect()
        });
        out.into_iter()
            .zip(tys)
            .map(|(v, t)| Held::new(v, Form::ragged(t)))
            .collect()
    }

    // Changes of form.

    /// The lanes' values held in another form, which covers theirs, as values of type `ty`, which theirs may fit without
    /// being it.
    pub(crate) fn coerce(self, b: &mut Builder, h: &Held, ty: &Type, to: &Form) -> Value {
        let v = match (&h.form, to, ty) {
            (from, to, _) if from == to => h.value,
            (_, Form::Fields(fs), Type::Record(ts)) => {
                let fields: Vec<Value> = ts
                    .iter()
                    .enumerate()
                    .map(|(k, t)| {
                        let f = b.field(h.value, k as u32);
                        self.coerce(b, &Held::new(f, h.form.field(k)), t, &fs[k])
                    })
                    .collect();
                b.record(&fields)
            }
            (Form::Same, Form::Stacked, _) => self.splat(b, h.value),
            (Form::Same, Form::Each, _) if b.ty(h.value) == ty => {
                b.inst1(ArrayOp::Fill, &[h.value, self.size])
            }
            (_, Form::Each, _) => {
                let z = b.inst1(ConstOp::Default(ty.clone()), &[]);
                let all = b.inst1(ArrayOp::Fill, &[z, self.size]);
                self.each(b, &[all], |b, l, acc| {
                    let x = self.lane(b, h, ty, l);
                    vec![b.update(acc[0], x, vec![Step::Index], &[l])]
                })[0]
            }
            // Not a form that covers the other; the verifier will say so.
            (_, Form::Same | Form::Stacked | Form::Fields(_), _) => h.value,
        };
        let want = to.ty(ty, self.dim);
        super::super::extent::restore(b, v, &want)
    }
    /// Row `l` becomes what is in row `rows[l]`.
    pub(crate) fn rows(self, b: &mut Builder, h: &Held, ty: &Type, rows: Value) -> Held {
        let value = match (&h.form, ty) {
            (Form::Same, _) => h.value,
            (Form::Stacked, _) => b.inst1(IndexOp::Gather(0), &[h.value, rows]),
            (Form::Fields(fs), Type::Record(ts)) => {
                let fields: Vec<Value> = ts
                    .iter()
                    .enumerate()
                    .map(|(k, t)| {
                        let f = b.field(h.value, k as u32);
                        self.rows(b, &Held::new(f, fs[k].clone()), t, rows).value
                    })
                    .collect();
                b.record(&fields)
            }
            (Form::Each | Form::Fields(_), _) => self.each(b, &[h.value], |b, l, acc| {
                let from = b.at(rows, l);
                let x = b.at(h.value, from);
                vec![b.update(acc[0], x, vec![Step::Index], &[l])]
            })[0],
        };
        Held::new(value, h.form.clone())
    }
    /// By lane, `x` where `mask` (stacked) holds, else `y`; both in that form.
    pub(crate) fn select(
        self,
        b: &mut Builder,
        mask: Value,
        x: Value,
        y: Value,
        form: &Form,
        ty: &Type,
    ) -> Value {
        match (form, ty) {
            (Form::Same, _) => x,
            (Form::Stacked, _) => {
                let c = self.spread(b, mask, x);
                b.inst1(TernaryOp::Select, &[c, x, y])
            }
            (Form::Fields(fs), Type::Record(ts)) => {
                let fields: Vec<Value> = ts
                    .iter()
                    .enumerate()
                    .map(|(k, t)| {
                        let (x, y) = (b.field(x, k as u32), b.field(y, k as u32));
                        self.select(b, mask, x, y, &fs[k], t)
                    })
                    .collect();
                b.record(&fields)
            }
            (Form::Each | Form::Fields(_), _) => self.each(b, &[y], |b, l, acc| {
                let c = b.at(mask, l);
                b.if_(
                    c,
                    |b| {
                        let x = b.at(x, l);
                        vec![b.update(acc[0], x, vec![Step::Index], &[l])]
                    },
                    |_| vec![acc[0]],
                )
            })[0],
        }
    }
}

/// The leaves of a form of a value of that type, each with the fields that lead to it.
pub(crate) fn leaves(form: &Form, ty: &Type) -> Vec<(Vec<Step>, Form)> {
    let mut out = Vec::new();
    fn go(form: &Form, ty: &Type, path: &mut Vec<Step>, out: &mut Vec<(Vec<Step>, Form)>) {
        match (form, ty) {
            (Form::Fields(fs), Type::Record(ts)) => {
                for (k, (f, t)) in fs.iter().zip(ts.iter()).enumerate() {
                    path.push(Step::Field(k as u32));
                    go(f, t, path, out);
                    path.pop();
                }
            }
            (Form::Same | Form::Stacked | Form::Each | Form::Fields(_), _) => {
                out.push((path.clone(), form.clone()));
            }
        }
    }
    go(form, ty, &mut Vec::new(), &mut out);
    out
}

/// Whether some lane's `bool` holds.
pub(crate) fn any(b: &mut Builder, mask: Value) -> Value {
    b.inst1(Reduction::Axes(ReduceOp::Any, vec![0]), &[mask])
}

/// The least or greatest over the lanes.
pub(crate) fn extreme(b: &mut Builder, op: ReduceOp, x: Value) -> Value {
    b.inst1(Reduction::Axes(op, vec![0]), &[x])
}

/// For each lane the lane whose values it uses while only those of `mask` run: itself if it runs, else the first that
/// does. `outer` says the same of the code around. Some lane must run.
pub(crate) fn stand_ins(b: &mut Builder, lanes: Lanes, mask: Value, outer: Option<Value>) -> Value {
    let own = match outer {
        Some(v) => v,
        None => lanes.iota(b),
    };
    let n = b.inst1(ConvertOp::To(DType::U8), &[mask]);
    let first = b.inst1(Reduction::Arg(crate::ir::ArgReduceOp::ArgMax, 0), &[n]);
    let first = b.at(own, first);
    let first = lanes.splat(b, first);
    b.inst1(TernaryOp::Select, &[mask, own, first])
}
