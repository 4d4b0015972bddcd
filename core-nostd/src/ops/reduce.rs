//! Reductions over axes, positions of extremes, and running reductions.
//!
//! Order of operations: each result starts from the neutral element and takes the elements it reduces in row-major order,
//! so float sums are reproducible. Derivative rules are in [`rules`].

mod rules;

use super::batch::{BatchCx, Batched};
use super::extent::{
    arity, around, as_tensor, ascending, axis, confusion, no_memory, room, tensor,
};
use super::number::Num;
use super::strided::{View, each_row};
use super::{Args, Effects, EvalCx, Simplified, SimplifyCx};
use crate::error::{TrapKind, Why};
use crate::ir::{ArgReduceOp, CumOp, DType, Dim, ReduceOp, Reduction, Type};
use crate::on_each;
use crate::value::{Data, Tensor, Val};
use alloc::vec;
use alloc::vec::Vec;

pub(super) use rules::{jvp, transpose};

pub(super) fn mnemonic(op: &Reduction) -> &'static str {
    match op {
        Reduction::Axes(o, _) => o.name(),
        Reduction::Arg(o, _) => o.name(),
        Reduction::Cumulative { op, .. } => op.name(),
    }
}

/// What a reduction does with two elements.
#[derive(Copy, Clone, PartialEq)]
pub(super) enum Fold {
    Sum,
    Prod,
    Min,
    Max,
}

impl Fold {
    fn of(op: ReduceOp) -> Fold {
        match op {
            // On `bool` the sum is "or" and the product "and".
            ReduceOp::Sum | ReduceOp::Any => Fold::Sum,
            ReduceOp::Prod | ReduceOp::All => Fold::Prod,
            ReduceOp::Min => Fold::Min,
            ReduceOp::Max => Fold::Max,
        }
    }
    fn running(op: CumOp) -> Fold {
        match op {
            CumOp::Sum => Fold::Sum,
            CumOp::Prod => Fold::Prod,
            CumOp::Min => Fold::Min,
            CumOp::Max => Fold::Max,
        }
    }
    pub(super) fn start<T: Num>(self) -> T {
        match self {
            Fold::Sum => T::ZERO,
            Fold::Prod => T::ONE,
            Fold::Min => T::GREATEST,
            Fold::Max => T::LEAST,
        }
    }
    #[inline(always)]
    pub(super) fn step<T: Num>(self, a: T, x: T) -> Option<T> {
        match self {
            Fold::Sum => a.plus(x),
            Fold::Prod => a.times(x),
            Fold::Min => Some(if a.is_nan() || !(x.is_nan() || x.below(a)) {
                a
            } else {
                x
            }),
            Fold::Max => Some(if a.is_nan() || !(x.is_nan() || a.below(x)) {
                a
            } else {
                x
            }),
        }
    }
    fn ordered(self) -> bool {
        matches!(self, Fold::Min | Fold::Max)
    }
}

/// Checks that the elements suit a reduction.
fn element_kind(d: DType, boolean: bool, ordered: bool) -> Result<(), Why> {
    let kind = |want| Err(Why::Kind { operand: 0, want });
    if boolean && d != DType::Bool {
        return kind("a bool tensor");
    }
    if !boolean && d == DType::Bool {
        return kind("a tensor of numbers");
    }
    if ordered && d.is_complex() {
        return kind("a tensor of ordered numbers (not complex)");
    }
    Ok(())
}

pub(super) fn infer(op: &Reduction, tys: &[Type]) -> Result<Vec<Type>, Why> {
    arity(tys, 1, "1")?;
    let t = tensor(tys, 0)?;
    let rank = t.shape.len();
    let drop = |axes: &[u32]| -> Vec<Dim> {
        let kept = |(k, _): &(usize, &Dim)| !axes.contains(&(*k as u32));
        let dims = t.shape.iter().enumerate().filter(kept);
        dims.map(|(_, d)| *d).collect()
    };
    Ok(vec![match op {
        Reduction::Axes(o, axes) => {
            ascending(axes, rank)?;
            let boolean = matches!(o, ReduceOp::Any | ReduceOp::All);
            element_kind(t.dtype, boolean, Fold::of(*o).ordered())?;
            Type::tensor(t.dtype, drop(axes))
        }
        Reduction::Arg(_, k) => {
            axis(*k, rank)?;
            element_kind(t.dtype, false, true)?;
            Type::tensor(DType::U64, drop(&[*k]))
        }
        Reduction::Cumulative { op, axis: k, .. } => {
            axis(*k, rank)?;
            element_kind(t.dtype, false, Fold::running(*op).ordered())?;
            tys[0].clone()
        }
    }])
}

pub(super) fn effects(op: &Reduction, tys: &[&Type]) -> Effects {
    let overflows = tys[0].dtype().is_some_and(DType::is_int);
    let traps = match op {
        Reduction::Axes(ReduceOp::Sum | ReduceOp::Prod, _)
        | Reduction::Cumulative {
            op: CumOp::Sum | CumOp::Prod,
            ..
        } => overflows,
        Reduction::Axes(ReduceOp::Min | ReduceOp::Max | ReduceOp::Any | ReduceOp::All, _)
        | Reduction::Cumulative {
            op: CumOp::Min | CumOp::Max,
            ..
        } => false,
        Reduction::Arg(_, k) => {
            let n = tys[0]
                .as_tensor()
                .and_then(|t| t.shape[*k as usize].known());
            n.is_none_or(|n| n == 0)
        }
    };
    if traps {
        Effects::MayTrap
    } else {
        Effects::Pure
    }
}

pub(super) fn eval(
    op: &Reduction,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    let name = mnemonic(op);
    out.push(match op {
        Reduction::Axes(o, axes) => {
            let t = as_tensor(args.get(0), name)?;
            let fold = Fold::of(*o);
            let fits = match o {
                ReduceOp::Any | ReduceOp::All => t.dtype() == DType::Bool,
                ReduceOp::Sum | ReduceOp::Prod => true,
                ReduceOp::Min | ReduceOp::Max => !t.dtype().is_complex(),
            };
            if !fits || axes.iter().any(|&k| k as usize >= t.shape.len()) {
                return Err(confusion(name));
            }
            reduce(&t, axes, fold, name, cx)?
        }
        Reduction::Arg(o, k) => {
            let Val::Tensor(t) = args.get(0) else {
                return Err(confusion(name));
            };
            if *k as usize >= t.shape.len() || t.dtype().is_complex() {
                return Err(confusion(name));
            }
            arg(t, *k as usize, *o, cx)?
        }
        Reduction::Cumulative {
            op: o,
            axis,
            reverse,
        } => {
            let Val::Tensor(mut t) = args.take(0) else {
                return Err(confusion(name));
            };
            let (k, fold) = (*axis as usize, Fold::running(*o));
            if k >= t.shape.len() || (fold.ordered() && t.dtype().is_complex()) {
                return Err(confusion(name));
            }
            let dims = around(&t.shape, k);
            let data = &mut Tensor::unique(&mut t)?.data;
            on_each!(Data, data, v => running(v, dims, *reverse, fold))
                .ok_or(TrapKind::IntegerOverflow { op: name })?;
            Val::Tensor(t)
        }
    });
    Ok(())
}

fn reduce(
    t: &Tensor,
    axes: &[u32],
    fold: Fold,
    name: &'static str,
    cx: &EvalCx<'_>,
) -> Result<Val, TrapKind> {
    fn go<T: Num>(src: &[T], shape: &[usize], to: &View, n: usize, fold: Fold) -> Option<Data> {
        let mut out: Vec<T> = vec![fold.start(); n];
        let len = shape.last().copied().unwrap_or(1);
        let step = to.strides.last().copied().unwrap_or(0);
        let mut ok = Some(());
        each_row(shape, &View::whole(shape), to, |from, at| {
            let row = &src[from as usize..from as usize + len];
            let done = if step == 0 {
                let start = out[at as usize];
                let sum = row.iter().try_fold(start, |a, &x| fold.step(a, x));
                sum.map(|s| out[at as usize] = s)
            } else {
                // Kept last axes are contiguous in the result.
                let to = &mut out[at as usize..at as usize + len];
                to.iter_mut()
                    .zip(row)
                    .try_for_each(|(a, &x)| fold.step(*a, x).map(|s| *a = s))
            };
            if done.is_none() {
                ok = None;
            }
        });
        ok.map(|()| T::data(out))
    }
    let rank = t.shape.len();
    let kept: Vec<usize> = (0..rank).filter(|k| !axes.contains(&(*k as u32))).collect();
    let shape: Vec<usize> = kept.iter().map(|&k| t.shape[k]).collect();
    let n = room(&shape, t.dtype(), cx)?;
    let whole = View::whole(&shape);
    let mut to = View {
        base: 0,
        strides: vec![0; rank],
    };
    for (i, &k) in kept.iter().enumerate() {
        to.strides[k] = whole.strides[i];
    }
    // One monomorphic loop for each operation.
    let data = match fold {
        Fold::Sum => on_each!(Data, &t.data, v => go(v, &t.shape, &to, n, Fold::Sum)),
        Fold::Prod => on_each!(Data, &t.data, v => go(v, &t.shape, &to, n, Fold::Prod)),
        Fold::Min => on_each!(Data, &t.data, v => go(v, &t.shape, &to, n, Fold::Min)),
        Fold::Max => on_each!(Data, &t.data, v => go(v, &t.shape, &to, n, Fold::Max)),
    };
    let data = data.ok_or(TrapKind::IntegerOverflow { op: name })?;
    Ok(Val::tensor(Tensor { shape, data }))
}

fn arg(t: &Tensor, k: usize, op: ArgReduceOp, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    fn go<T: Num>(
        v: &[T],
        (outer, n, inner): (usize, usize, usize),
        max: bool,
        out: &mut Vec<u64>,
    ) {
        for o in 0..outer {
            for i in 0..inner {
                let at = |j: usize| v[(o * n + j) * inner + i];
                let mut best = 0;
                for j in 1..n {
                    let (a, x) = (at(best), at(j));
                    if a.is_nan() {
                        break;
                    }
                    if x.is_nan() || (if max { a.below(x) } else { x.below(a) }) {
                        best = j;
                    }
                }
                out.push(best as u64);
            }
        }
    }
    let dims = around(&t.shape, k);
    if dims.1 == 0 {
        return Err(TrapKind::Empty { op: op.name() });
    }
    let mut shape = t.shape.clone();
    shape.remove(k);
    let n = room(&shape, DType::U64, cx)?;
    let mut out = Vec::new();
    out.try_reserve_exact(n)
        .map_err(|_| no_memory(n, DType::U64))?;
    let max = op == ArgReduceOp::ArgMax;
    on_each!(Data, &t.data, v => go(v, dims, max, &mut out));
    Ok(Val::tensor(Tensor {
        shape,
        data: Data::U64(out),
    }))
}

fn running<T: Num>(
    v: &mut [T],
    (outer, n, inner): (usize, usize, usize),
    reverse: bool,
    fold: Fold,
) -> Option<()> {
    for o in 0..outer {
        for j in 1..n {
            let (to, from) = if reverse {
                (n - 1 - j, n - j)
            } else {
                (j, j - 1)
            };
            for i in 0..inner {
                let at = (o * n + to) * inner + i;
                v[at] = fold.step(v[(o * n + from) * inner + i], v[at])?;
            }
        }
    }
    Some(())
}

pub(super) fn simplify(op: &Reduction, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    match op {
        Reduction::Axes(_, axes) if axes.is_empty() => Some(Simplified::Values(vec![cx.arg(0)])),
        Reduction::Axes(..) | Reduction::Arg(..) | Reduction::Cumulative { .. } => None,
    }
}

pub(super) fn batch(op: &Reduction, cx: &mut BatchCx<'_>) -> Batched {
    if !cx.tensors() {
        return None;
    }
    let x = cx.stacked(0);
    let op = match op {
        Reduction::Axes(o, axes) => Reduction::Axes(*o, axes.iter().map(|k| k + 1).collect()),
        Reduction::Arg(o, k) => Reduction::Arg(*o, k + 1),
        Reduction::Cumulative {
            op,
            axis: k,
            reverse,
        } => Reduction::Cumulative {
            op: *op,
            axis: k + 1,
            reverse: *reverse,
        },
    };
    cx.one(op, &[x])
}

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;
    use crate::value::Element;
    use num_complex::Complex;

    fn t<T: Element>(shape: &[usize], v: Vec<T>) -> Val {
        Val::tensor(Tensor::new(shape.to_vec(), T::data(v)).unwrap())
    }
    fn same(r: Result<Val, TrapKind>, want: Val) {
        let r = r.unwrap();
        assert!(r.same_bits(&want), "{r:?} is not {want:?}");
    }
    fn axes(op: ReduceOp, axes: &[u32]) -> Reduction {
        Reduction::Axes(op, axes.to_vec())
    }

    #[test]
    fn sums_over_any_axes() {
        let m = t(&[2, 3, 2], (0..12).collect::<Vec<i32>>());
        let sum = |k: &[u32]| run(axes(ReduceOp::Sum, k), std::slice::from_ref(&m));
        same(sum(&[0]), t(&[3, 2], vec![6, 8, 10, 12, 14, 16]));
        same(sum(&[1]), t(&[2, 2], vec![6, 9, 24, 27]));
        same(sum(&[2]), t(&[2, 3], vec![1, 5, 9, 13, 17, 21]));
        same(sum(&[0, 2]), t(&[3], vec![14, 22, 30]));
        same(sum(&[0, 1, 2]), 66.into());
        same(sum(&[]), m.clone());
        same(run(axes(ReduceOp::Sum, &[]), &[3.5.into()]), 3.5.into());
    }

    #[test]
    fn float_sums_are_sequential() {
        let v = vec![1e16, 1.0, -1e16, 1.0];
        same(
            run(axes(ReduceOp::Sum, &[0]), &[Val::vector(v)]),
            1.0.into(),
        );
        let c = Complex::new(1.0, 2.0);
        let v = Val::vector(vec![c, c]);
        same(run(axes(ReduceOp::Prod, &[0]), &[v]), Val::from(c * c));
    }

    #[test]
    fn nothing_reduces_to_the_neutral_element() {
        let none = || Val::vector::<f64>(vec![]);
        same(run(axes(ReduceOp::Sum, &[0]), &[none()]), 0.0.into());
        same(run(axes(ReduceOp::Prod, &[0]), &[none()]), 1.0.into());
        same(
            run(axes(ReduceOp::Min, &[0]), &[none()]),
            f64::INFINITY.into(),
        );
        let ints = t::<i8>(&[0, 2], vec![]);
        same(
            run(axes(ReduceOp::Max, &[0]), &[ints]),
            t(&[2], vec![-128i8; 2]),
        );
        let none = Val::vector::<bool>(vec![]);
        same(
            run(axes(ReduceOp::All, &[0]), std::slice::from_ref(&none)),
            true.into(),
        );
        same(run(axes(ReduceOp::Any, &[0]), &[none]), false.into());
    }

    #[test]
    fn extremes_propagate_nan() {
        let m = t(&[2, 3], vec![1.0, 5.0, 3.0, f64::NAN, 0.0, 9.0]);
        let r = run(axes(ReduceOp::Max, &[1]), std::slice::from_ref(&m)).unwrap();
        let Val::Tensor(r) = r else { panic!() };
        assert_eq!(r.data.get(0), 5.0.into());
        assert!(matches!(r.data.get(1), crate::value::Scalar::F64(x) if x.is_nan()));
        let arg = |op, k| run(Reduction::Arg(op, k), std::slice::from_ref(&m));
        same(arg(ArgReduceOp::ArgMax, 1), Val::vector(vec![1u64, 0]));
        same(arg(ArgReduceOp::ArgMin, 0), Val::vector(vec![1u64, 1, 0]));
        let ties = Val::vector(vec![2, 7, 7, 2]);
        same(
            run(
                Reduction::Arg(ArgReduceOp::ArgMax, 0),
                std::slice::from_ref(&ties),
            ),
            1u64.into(),
        );
        same(
            run(Reduction::Arg(ArgReduceOp::ArgMin, 0), &[ties]),
            0u64.into(),
        );
        let none = Val::vector::<f64>(vec![]);
        let r = run(Reduction::Arg(ArgReduceOp::ArgMin, 0), &[none]);
        assert_eq!(r.unwrap_err(), TrapKind::Empty { op: "argmin" });
    }

    #[test]
    fn integer_overflow_traps() {
        let v = Val::vector(vec![200u8, 56]);
        let r = run(axes(ReduceOp::Sum, &[0]), std::slice::from_ref(&v));
        assert_eq!(
            r.unwrap_err(),
            TrapKind::IntegerOverflow { op: "reduce_sum" }
        );
        let cum = Reduction::Cumulative {
            op: CumOp::Prod,
            axis: 0,
            reverse: false,
        };
        assert_eq!(
            run(cum, &[v]).unwrap_err(),
            TrapKind::IntegerOverflow { op: "cumprod" }
        );
    }

    #[test]
    fn running_reductions() {
        let m = t(&[2, 3], vec![1, 3, 2, 6, 5, 4]);
        let cum = |op, axis, reverse| {
            run(
                Reduction::Cumulative { op, axis, reverse },
                std::slice::from_ref(&m),
            )
        };
        same(
            cum(CumOp::Sum, 1, false),
            t(&[2, 3], vec![1, 4, 6, 6, 11, 15]),
        );
        same(
            cum(CumOp::Sum, 1, true),
            t(&[2, 3], vec![6, 5, 2, 15, 9, 4]),
        );
        same(
            cum(CumOp::Prod, 0, false),
            t(&[2, 3], vec![1, 3, 2, 6, 15, 8]),
        );
        same(
            cum(CumOp::Max, 1, false),
            t(&[2, 3], vec![1, 3, 3, 6, 6, 6]),
        );
        same(cum(CumOp::Min, 1, true), t(&[2, 3], vec![1, 2, 2, 4, 4, 4]));
    }

    #[test]
    fn wrong_element_types() {
        let v = |d| [Type::known(d, &[3])];
        assert!(infer(&axes(ReduceOp::Max, &[0]), &v(DType::C64)).is_err());
        assert!(infer(&axes(ReduceOp::Any, &[0]), &v(DType::F64)).is_err());
        assert!(infer(&axes(ReduceOp::Sum, &[0]), &v(DType::Bool)).is_err());
        assert!(infer(&axes(ReduceOp::Sum, &[1]), &v(DType::F64)).is_err());
        assert!(infer(&axes(ReduceOp::Sum, &[0, 0]), &v(DType::F64)).is_err());
    }
}
