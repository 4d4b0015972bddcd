//! Reductions over windows, what is spread over them, and what is selected in them: values.

use super::geometry::Grid;
use crate::error::TrapKind;
use crate::ir::{Dim, Extreme, WindowOp, WindowReduce, Windows};
use crate::on_each;
use crate::ops::extent::{as_tensor, confusion, extents, mismatch, no_memory, room};
use crate::ops::number::Num;
use crate::ops::reduce::Fold;
use crate::ops::{Args, EvalCx};
use crate::value::{Data, Tensor, Val};
use alloc::vec::Vec;

/// The element of a window that is selected.
fn selected<T: Num>(a: &[T], window: &[(usize, usize)], which: Extreme) -> Option<usize> {
    let mut places = window.iter().map(|p| p.1);
    let mut best = places.next()?;
    for i in places {
        if a[best].is_nan() {
            break;
        }
        let better = match which {
            Extreme::Max => a[best].below(a[i]),
            Extreme::Min => a[i].below(a[best]),
        };
        if better || a[i].is_nan() {
            best = i;
        }
    }
    Some(best)
}

/// `n` copies.
fn filled<T: Num>(n: usize, x: T) -> Result<Vec<T>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| no_memory(n, T::DTYPE))?;
    v.resize(n, x);
    Ok(v)
}

fn fold_of(r: WindowReduce) -> Fold {
    match r {
        WindowReduce::Sum => Fold::Sum,
        WindowReduce::Min => Fold::Min,
        WindowReduce::Max => Fold::Max,
    }
}

/// What is computed, of operand 0 by its elements and operand 1, if there is one.
fn run<T: Num>(
    op: &WindowOp,
    a: &[T],
    b: Option<&Data>,
    grid: &Grid,
    n: usize,
) -> Result<Data, TrapKind> {
    let name = super::mnemonic(op);
    let b = b.and_then(T::slice).unwrap_or(&[]);
    let mut out = filled(n, T::ZERO)?;
    let done = match op {
        WindowOp::Reduce(r, _) => {
            let fold = fold_of(*r);
            out.fill(fold.start());
            grid.each(|o, window| {
                let from = out[o];
                out[o] = window.iter().try_fold(from, |s, w| fold.step(s, a[w.1]))?;
                Some(())
            })
        }
        WindowOp::Spread(..) => grid.each(|o, window| {
            for w in window {
                out[w.1] = out[w.1].plus(a[o])?;
            }
            Some(())
        }),
        WindowOp::SelectAndScatter(which, _) => grid.each(|o, window| {
            if let Some(i) = selected(a, window, *which) {
                out[i] = out[i].plus(b[o])?;
            }
            Some(())
        }),
        WindowOp::SelectAndGather(which, _) => grid.each(|o, window| {
            if let Some(i) = selected(a, window, *which) {
                out[o] = b[i];
            }
            Some(())
        }),
        WindowOp::Convolution(_) | WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..) => {
            return Err(confusion(name));
        }
    };
    done.ok_or(TrapKind::IntegerOverflow { op: name })?;
    Ok(T::data(out))
}

pub(super) fn eval(op: &WindowOp, args: &Args<'_>, cx: &EvalCx<'_>) -> Result<Val, TrapKind> {
    let name = super::mnemonic(op);
    let a = as_tensor(args.get(0), name)?;
    let (w, operand, second): (&Windows, Vec<usize>, bool) = match op {
        WindowOp::Reduce(_, w) => (w, a.shape.clone(), false),
        WindowOp::Spread(w, shape) => (w, extents(shape, args, 1)?, false),
        WindowOp::SelectAndScatter(_, w) | WindowOp::SelectAndGather(_, w) => {
            (w, a.shape.clone(), true)
        }
        WindowOp::Convolution(_) | WindowOp::ConvolutionLhs(..) | WindowOp::ConvolutionRhs(..) => {
            return Err(confusion(name));
        }
    };
    let b = if second {
        Some(as_tensor(args.get(1), name)?)
    } else {
        None
    };
    let dims: Vec<Dim> = operand.iter().map(|&n| Dim::Known(n as u64)).collect();
    let out = super::reduced_shape(w, &dims).map_err(|_| mismatch(name, &a.shape, &operand))?;
    let out: Vec<usize> = out
        .iter()
        .map(|d| d.known().and_then(|n| usize::try_from(n).ok()))
        .map(|n| n.unwrap_or(usize::MAX))
        .collect();
    // The operand that is shaped as the reduction's operand or result, and the result.
    let (given, want, to) = match op {
        WindowOp::Spread(..) => (&a.shape, &out, &operand),
        WindowOp::SelectAndScatter(..) => (b.as_ref().map_or(&out, |b| &b.shape), &out, &operand),
        WindowOp::SelectAndGather(..) => {
            (b.as_ref().map_or(&operand, |b| &b.shape), &operand, &out)
        }
        WindowOp::Reduce(..)
        | WindowOp::Convolution(_)
        | WindowOp::ConvolutionLhs(..)
        | WindowOp::ConvolutionRhs(..) => (&operand, &operand, &out),
    };
    if given != want {
        return Err(mismatch(name, given, want));
    }
    if b.as_ref().is_some_and(|b| b.dtype() != a.dtype()) {
        return Err(confusion(name));
    }
    let n = room(to, a.dtype(), cx)?;
    let axes: Vec<u32> = (0..operand.len() as u32).collect();
    let size: Vec<usize> = w
        .size
        .iter()
        .map(|&k| usize::try_from(k).unwrap_or(usize::MAX))
        .collect();
    let grid = Grid::new(
        &w.axes,
        [
            (&size[..], &axes[..]),
            (&operand[..], &axes),
            (&out[..], &axes),
        ],
    )
    .without_kernel();
    let b = b.as_ref().map(|b| &b.data);
    let data = on_each!(Data, &a.data, v => run(op, v, b, &grid, n))?;
    Ok(Val::tensor(Tensor {
        shape: to.clone(),
        data,
    }))
}
