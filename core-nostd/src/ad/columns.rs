//! Forward mode inside reverse mode: a function marked so ([`CustomRule::Forward`]) has the columns of its Jacobian computed with the primal, and
//! reverse mode multiplies them by cotangents. Nothing that the function computes on the way is saved: what it saves are the columns, one for each
//! number that it takes. That pays for few numbers in, much work inside, little out.
//!
//! The rule made here is a jvp rule like a user's: `(x…, dx…) -> (y…, Σ dx_k column_k…)`, where the columns do not depend on `dx`. What of it is
//! nonlinear, the forward derivative in all directions at once, is split from the sum as in any jvp.

use super::reverse::JvpShape;
use super::{Ad, Mask, derive_with};
use crate::entity::{FuncId, Value};
use crate::error::AdError;
use crate::ir::{ArrayOp, Builder, ConstOp, DType, DeriveKind, Dim, DotDims, ShapeOp, Step, Type};
use crate::transform::vmap::{Axes, Spec, Strategy, vmap};
use crate::value::{Data, Scalar, Tensor};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// Up to so many numbers, the sum for a scalar result is written out.
const WRITTEN_OUT: usize = 16;

/// An active parameter: its element type, extents, and where its numbers are among all.
struct Input {
    index: usize,
    dtype: DType,
    shape: Vec<usize>,
    first: usize,
    count: usize,
}

impl Ad<'_> {
    /// The jvp rule of a function marked forward, with tangents for the parameters of the mask.
    pub(super) fn columns(&mut self, g: FuncId, mask: &Mask) -> Result<FuncId, AdError> {
        let key = (g, mask.clone());
        if let Some(&rule) = self.columns.get(&key) {
            return Ok(rule);
        }
        let no = |why| {
            let op = format!("call @{}", self.name(g));
            Err(super::jvp::not_differentiable(op, why))
        };
        let f = &self.m.funcs[g];
        let (params, results) = (f.param_types(), f.results.clone());
        let (name, span) = (f.name.clone(), f.span);
        let mut inputs: Vec<Input> = Vec::new();
        let mut all = 0;
        for (index, ty) in params.iter().enumerate().filter(|(k, _)| mask[*k]) {
            let Some((dtype, shape)) = known(ty) else {
                return no(
                    "a function marked forward is differentiated with respect to real numbers and arrays of known length only",
                );
            };
            let count = shape.iter().product();
            inputs.push(Input {
                index,
                dtype,
                shape,
                first: all,
                count,
            });
            all += count;
        }
        let real = |t: &Type| t.as_tensor().is_some_and(|t| t.dtype.is_float());
        if results.iter().any(|t| t.has_tangent() && !real(t)) {
            return no("a function marked forward returns real numbers and arrays of them");
        }
        let wrt: Vec<u32> = inputs.iter().map(|i| i.index as u32).collect();
        let jvp = derive_with(self.m, g, DeriveKind::Jvp, &wrt, self.options)?;
        let many = all > 1;
        let columns = if many {
            let tangent = |k: usize| {
                if k < params.len() {
                    Axes::Same
                } else {
                    Axes::At(0)
                }
            };
            let spec = Spec {
                lanes: Dim::Known(all as u64),
                strategy: Strategy::Lockstep,
                ..Spec::new((0..params.len() + inputs.len()).map(tangent))
            };
            vmap(self.m, jvp, &spec).map_err(AdError::Batch)?
        } else {
            jvp
        };
        let tangents = inputs.iter().map(|i| params[i.index].tangent());
        let types: Vec<Type> = params.iter().cloned().chain(tangents).collect();
        let mut b = Builder::new(self.m.fresh_name(&format!("{name}.columns")), &types);
        b.set_span(span);
        b.func.span = span;
        let ps = b.params();
        let (xs, dxs) = ps.split_at(params.len());
        let mut args = xs.to_vec();
        args.extend(inputs.iter().map(|i| units(&mut b, i, all, many)));
        let out = self.m.funcs[columns].results.clone();
        let out = b.call(columns, &args, &out);
        let (ys, cs) = out.split_at(results.len());
        let mut done: Vec<Value> = ys.to_vec();
        if many {
            done = (ys.iter().zip(&results))
                .map(|(&y, ty)| first(&mut b, y, ty))
                .collect();
        }
        for &c in cs {
            let dtype = b.ty(c).dtype().unwrap_or(DType::F64);
            let sum = if many {
                sum(&mut b, c, &inputs, dxs, dtype)
            } else {
                let dx = numbers(&mut b, &inputs, dxs, dtype)[0];
                scaled(&mut b, c, dx)
            };
            done.push(sum);
        }
        let rule = b.finish(&done).map_err(AdError::Build)?;
        let rule = self.m.funcs.push(rule);
        let shape = JvpShape {
            params: params.len(),
            results: results.len(),
        };
        self.shapes.insert(rule, shape);
        self.columns.insert(key, rule);
        Ok(rule)
    }
}

/// The element type and extents of a tensor of real numbers, if all are known and there is at least one number.
fn known(ty: &Type) -> Option<(DType, Vec<usize>)> {
    let t = ty.as_tensor().filter(|t| t.dtype.is_float())?;
    let extents = t.shape.iter().map(|d| match d {
        Dim::Known(n) => usize::try_from(*n).ok().filter(|&n| n > 0),
        Dim::Dynamic => None,
    });
    Some((t.dtype, extents.collect::<Option<_>>()?))
}

/// The directions of a parameter: for each number of all parameters whether it is the one that moves. Of one number alone it is 1.
fn units(b: &mut Builder, i: &Input, all: usize, many: bool) -> Value {
    let (zero, one) = (Scalar::zero(i.dtype), Scalar::from_f64(i.dtype, 1.0));
    let one = one.unwrap_or(zero);
    if !many && i.shape.is_empty() {
        return b.inst1(ConstOp::Scalar(one), &[]);
    }
    let mut data = Data::splat(zero, all * i.count).unwrap_or(Data::F64(Vec::new()));
    for k in 0..i.count {
        data.set((i.first + k) * i.count + k, one);
    }
    let lanes = if many { vec![all] } else { Vec::new() };
    let shape = lanes.into_iter().chain(i.shape.iter().copied()).collect();
    b.inst1(ConstOp::Tensor(Arc::new(Tensor { shape, data })), &[])
}

/// What one lane of a batch holds, the same in all.
fn first(b: &mut Builder, v: Value, ty: &Type) -> Value {
    match ty {
        Type::Record(fields) => {
            let parts: Vec<Value> = (0..)
                .zip(fields.iter())
                .map(|(k, t)| {
                    let part = b.field(v, k);
                    first(b, part, t)
                })
                .collect();
            b.record(&parts)
        }
        Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => {
            let zero = b.index(0);
            b.at(v, zero)
        }
    }
}

/// The numbers of the tangents, converted.
fn numbers(b: &mut Builder, inputs: &[Input], dxs: &[Value], dtype: DType) -> Vec<Value> {
    let mut out = Vec::new();
    for (i, &dx) in inputs.iter().zip(dxs) {
        for k in 0..i.count {
            let mut at = k;
            let mut index: Vec<u64> = i
                .shape
                .iter()
                .rev()
                .map(|&n| {
                    let here = at % n;
                    at /= n;
                    here as u64
                })
                .collect();
            index.reverse();
            let path = vec![Step::Index; index.len()];
            let index: Vec<Value> = index.into_iter().map(|k| b.index(k)).collect();
            let x = if path.is_empty() {
                dx
            } else {
                b.get(dx, path, &index)
            };
            out.push(if i.dtype == dtype {
                x
            } else {
                b.convert(dtype, x)
            });
        }
    }
    out
}

/// A column times a number.
fn scaled(b: &mut Builder, column: Value, dx: Value) -> Value {
    if b.ty(column).is_scalar() {
        return b.mul(column, dx);
    }
    let dx = b.splat_like(dx, column);
    b.mul(column, dx)
}

/// The sum of columns, which lie along the first axis, each times its number.
fn sum(b: &mut Builder, columns: Value, inputs: &[Input], dxs: &[Value], dtype: DType) -> Value {
    let all: usize = inputs.iter().map(|i| i.count).sum();
    let scalars = b
        .ty(columns)
        .as_tensor()
        .is_some_and(|t| t.shape.len() == 1);
    if scalars && all <= WRITTEN_OUT {
        let dx = numbers(b, inputs, dxs, dtype);
        let terms: Vec<Value> = (0..)
            .zip(dx)
            .map(|(k, dx)| {
                let k = b.index(k);
                let c = b.at(columns, k);
                b.mul(c, dx)
            })
            .collect();
        return terms
            .into_iter()
            .reduce(|s, t| b.add(s, t))
            .unwrap_or(columns);
    }
    let mut flat: Vec<Value> = Vec::new();
    for (i, &dx) in inputs.iter().zip(dxs) {
        let dx = if i.dtype == dtype {
            dx
        } else {
            b.convert(dtype, dx)
        };
        flat.push(match i.shape.len() {
            0 => b.inst1(ArrayOp::Array, &[dx]),
            1 => dx,
            _ => b.inst1(ShapeOp::Reshape(vec![Dim::Known(i.count as u64)]), &[dx]),
        });
    }
    let dx = match flat[..] {
        [one] => one,
        _ => b.inst1(ShapeOp::Concat(0), &flat),
    };
    let dims = DotDims {
        lhs_contract: vec![0],
        rhs_contract: vec![0],
        ..DotDims::default()
    };
    b.inst1(dims, &[dx, columns])
}
