//! Every op that is not elementwise with operands of the types it takes, some elements extreme: what the interpreter gives, trap for trap.
//!
//! `COTANGENT_TYPES=20` tries so many combinations of extents for each combination of element types.

use crate::agree::Nearness;
use crate::batch::{Batch, Task};
use crate::op_matrix::types::{all_ops, palette, value_of};
use crate::op_matrix::values::Rng;
use cotangent_core::ir::{ArrayOp, Builder, DType, IndexOp, Module, Op, TangentOp, Type};
use cotangent_core::ops;
use cotangent_core::value::{Scalar, Val};
use std::collections::BTreeMap;

/// Whether the op is tried here.
fn is_tried(op: &Op) -> bool {
    match op {
        // At their edges: see `elementwise`.
        Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) | Op::Compare(_) | Op::Convert(_) => false,
        // In the op matrix: they take long to compile, or have regions.
        Op::Linalg(_) | Op::Control(_) => false,
        Op::Slot(_) | Op::Effect(_) => false,
        Op::Tangent(TangentOp::CustomLinear { .. }) => false,
        Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate) => true,
        Op::Const(_)
        | Op::Shape(_)
        | Op::Reduce(_)
        | Op::Dot(_)
        | Op::Index(_)
        | Op::Sort(_)
        | Op::Random(_)
        | Op::Fft(_)
        | Op::Place(_)
        | Op::Array(_)
        | Op::Window(_) => true,
    }
}

/// With some scalars replaced by extreme ones.
fn spiced(rng: &mut Rng, v: Val) -> Val {
    match v {
        Val::Scalar(s) => Val::Scalar(edge(rng, s)),
        Val::Tensor(t) => {
            let mut t = (*t).clone();
            for i in 0..t.data.len() {
                let s = edge(rng, t.data.get(i));
                t.data.set(i, s);
            }
            Val::tensor(t)
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => v,
    }
}

fn edge(rng: &mut Rng, s: Scalar) -> Scalar {
    let d = s.dtype();
    if rng.below(2) > 0 || d == DType::Bool || d.is_complex() {
        return s;
    }
    if d.is_int() {
        let bits = 8 * d.bytes() as u32;
        let (least, most) = if d.is_signed() {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            (0, (1i128 << bits) - 1)
        };
        let many = [least, -1, 0, 1, 2, 7, most / 2, most];
        let n = many[rng.below(many.len() as u64) as usize].clamp(least, most);
        return Scalar::from_int(d, n).unwrap();
    }
    let many = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1.0,
        2.5,
        3e9,
    ];
    Scalar::from_f64(d, many[rng.below(many.len() as u64) as usize]).unwrap()
}

fn function(op: &Op, tys: &[Type]) -> Option<Module> {
    let mut b = Builder::new("f", tys);
    let ps = b.params();
    let out = b.inst(op.clone(), &ps);
    let mut m = Module::new();
    m.funcs.push(b.finish(&out).ok()?);
    cotangent_core::verify::verify(&m).ok()?;
    Some(m)
}

/// The types without their extents.
fn kinds(tys: &[Type]) -> String {
    fn kind(t: &Type) -> String {
        match t {
            Type::Tensor(t) => t.dtype.to_string(),
            other => other.to_string(),
        }
    }
    tys.iter().map(kind).collect::<Vec<_>>().join(" ")
}

#[test]
fn operands_of_many_types() {
    let palette = palette(true);
    let mut types: Vec<Vec<Type>> = vec![Vec::new()];
    types.extend(palette.iter().map(|a| vec![a.clone()]));
    for a in &palette {
        types.extend(palette.iter().map(|b| vec![a.clone(), b.clone()]));
        types.push(vec![a.clone(); 3]);
        for i in [DType::U64, DType::I32] {
            types.push(vec![a.clone(), i.into(), i.into()]);
            types.push(vec![a.clone(), a.clone(), i.into()]);
            types.push(vec![a.clone(), Type::known(i, &[3]), a.clone()]);
            if let Some(d) = a.dtype() {
                types.push(vec![a.clone(), d.into(), i.into()]);
                types.push(vec![a.clone(), d.into(), i.into(), i.into()]);
            }
        }
    }
    let most: usize = std::env::var("COTANGENT_TYPES")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(1);
    let only = std::env::var("COTANGENT_ROW").unwrap_or_default();
    let mut rng = Rng(3);
    for checked in [true, false] {
        let mut batch = Batch::new(checked);
        for op in all_ops().iter().filter(|op| is_tried(op)) {
            if !only.is_empty() && !format!("{op:?}").contains(&only) {
                continue;
            }
            let mut taken: BTreeMap<String, Vec<&Vec<Type>>> = BTreeMap::new();
            for tys in types.iter().filter(|tys| ops::infer(op, tys).is_ok()) {
                taken.entry(kinds(tys)).or_default().push(tys);
            }
            for of in taken.values() {
                for _ in 0..most.min(of.len()) {
                    let tys = of[rng.below(of.len() as u64) as usize];
                    if let Some(task) = task(&mut rng, op, tys, checked) {
                        batch.add(task);
                    }
                }
            }
        }
        batch.flush();
        let how = if checked { "xla-checked" } else { "xla" };
        batch
            .found
            .report(&format!("operands of many types, {how}"));
        assert!(!only.is_empty() || batch.found.compared > 300);
    }
}

fn task(rng: &mut Rng, op: &Op, tys: &[Type], checked: bool) -> Option<Task> {
    let module = function(op, tys)?;
    // What an extent may be is not extreme. Sums of integers wrap here.
    let wraps = matches!(op, Op::Index(IndexOp::ScatterAdd(_)) | Op::Window(_));
    if checked && wraps && tys[0].dtype().is_some_and(DType::is_int) {
        return None;
    }
    let allocates = !matches!(op, Op::Place(_) | Op::Array(_)) || *op == ArrayOp::Fill.into();
    let args: Vec<Val> = tys
        .iter()
        .map(|t| {
            let v = value_of(rng, t);
            match (&v, op) {
                (Val::Scalar(_), _) if allocates => v,
                // What infinities and NaN of one element do to the others is the transform's own.
                (_, Op::Fft(_)) => v,
                _ => spiced(rng, v),
            }
        })
        .collect();
    let func = module.find("f")?;
    let list: Vec<String> = tys.iter().map(ToString::to_string).collect();
    let name = format!("{op:?} of ({})", list.join(", "));
    Some(Task::new(name, &module, func, args).with(Nearness::Within(1e-12)))
}
