//! Reductions, positions of extremes, and running reductions. Of an array of unknown length what is beyond it is replaced by the neutral element.
//!
//! XLA adds in an order of its own, so float sums agree with the core's to round-off. Integers in a checked program are taken one after another, as
//! the core does, because whether a partial sum fits depends on the order; else they wrap.

use super::binary;
use super::error::Result;
use super::math::{extreme, number};
use super::shape::{pad, rows};
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::{Block, Cx, i64s};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{ArgReduceOp, CumOp, DType, ReduceOp, Reduction};
use cotangent_core::value::Scalar;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &Reduction, args: &[Sym]) -> Result<Vec<Sym>> {
    Ok(vec![match op {
        Reduction::Axes(o, axes) => {
            let axes: Vec<usize> = axes.iter().map(|&k| k as usize).collect();
            let fold = Fold::of(*o);
            if axes.is_empty() {
                return Ok(args[..1].to_vec());
            }
            if axes.contains(&0) {
                let (t, _) = masked(cx, &args[0], fold, o.name())?;
                reduce(cx, &t, &axes, fold, o.name()).into()
            } else {
                rows(cx, &args[0], o.name(), true, |cx, t| {
                    reduce(cx, t, &axes, fold, o.name())
                })?
            }
        }
        Reduction::Arg(o, axis) => {
            let fold = match o {
                ArgReduceOp::ArgMin => Fold::Min,
                ArgReduceOp::ArgMax => Fold::Max,
            };
            if *axis == 0 {
                let (t, array) = masked(cx, &args[0], fold, o.name())?;
                if let Some(a) = array {
                    let some = cx.versus("GT", &a.len, 0.0);
                    cx.check(&some, TrapKind::Empty { op: o.name() });
                }
                arg(cx, &t, 0, *o).into()
            } else {
                rows(cx, &args[0], o.name(), true, |cx, t| {
                    arg(cx, t, *axis as usize, *o)
                })?
            }
        }
        Reduction::Cumulative { op, axis, reverse } => {
            let (fold, axis) = (Fold::running(*op), *axis as usize);
            let name = op.name();
            match &args[0] {
                // Beyond the length there is the neutral element: also from the end it does not matter.
                Sym::Array(_) if axis == 0 => {
                    let (t, array) = masked(cx, &args[0], fold, name)?;
                    let out = running(cx, &t, axis, *reverse, fold, name);
                    match array {
                        Some(a) => Sym::Array(Array {
                            items: Box::new(out.into()),
                            ..a
                        }),
                        None => out.into(),
                    }
                }
                s => rows(cx, s, name, true, |cx, t| {
                    running(cx, t, axis, *reverse, fold, name)
                })?,
            }
        }
    }])
}

/// What is done with two elements.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Prod,
    Min,
    Max,
    Any,
    All,
}

impl Fold {
    fn of(op: ReduceOp) -> Fold {
        match op {
            ReduceOp::Sum => Fold::Sum,
            ReduceOp::Prod => Fold::Prod,
            ReduceOp::Min => Fold::Min,
            ReduceOp::Max => Fold::Max,
            ReduceOp::Any => Fold::Any,
            ReduceOp::All => Fold::All,
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
    /// The operation of StableHLO.
    fn name(self) -> &'static str {
        match self {
            Fold::Sum => "add",
            Fold::Prod => "multiply",
            Fold::Min => "minimum",
            Fold::Max => "maximum",
            Fold::Any => "or",
            Fold::All => "and",
        }
    }
    /// The neutral element.
    pub(super) fn neutral(self, d: DType) -> Scalar {
        match self {
            Fold::Sum | Fold::Any => Scalar::zero(d),
            Fold::Prod => number(d, 1.0),
            Fold::All => Scalar::Bool(true),
            Fold::Min => extreme(d, true),
            Fold::Max => extreme(d, false),
        }
    }
    /// Whether it overflows integers of that type.
    fn overflows(self, d: DType) -> bool {
        d.is_int() && matches!(self, Fold::Sum | Fold::Prod)
    }
}

/// The tensor, with the neutral element beyond the length of an array.
fn masked(cx: &mut Cx<'_>, s: &Sym, fold: Fold, name: &str) -> Result<(Tensor, Option<Array>)> {
    match s {
        Sym::Array(a) => {
            let items = cx.fixed(&a.items, name)?;
            let t = within(cx, a, &items, fold.neutral(items.ty.dtype));
            Ok((t, Some(a.clone())))
        }
        s => Ok((cx.fixed(s, name)?, None)),
    }
}

/// The items of an array with another value beyond its length.
pub(super) fn within(cx: &mut Cx<'_>, a: &Array, items: &Tensor, beyond: Scalar) -> Tensor {
    let inside = cx.inside(&a.len, &items.ty.shape);
    let other = cx.splat(beyond, items.ty.clone());
    cx.pick(&inside, items, &other)
}

fn reduce(cx: &mut Cx<'_>, t: &Tensor, axes: &[usize], fold: Fold, name: &'static str) -> Tensor {
    let d = t.ty.dtype;
    if cx.is_checked() && fold.overflows(d) {
        return reduce_in_order(cx, t, axes, fold, name);
    }
    cx.fold(fold.name(), t, axes, fold.neutral(d))
}

/// The reduced axes as one leading axis, the others behind it.
fn leading(cx: &mut Cx<'_>, t: &Tensor, axes: &[usize]) -> Tensor {
    let rank = t.ty.shape.len();
    let kept: Vec<usize> = (0..rank).filter(|k| !axes.contains(k)).collect();
    let perm: Vec<usize> = axes.iter().chain(&kept).copied().collect();
    let moved = transposed(cx, t, &perm);
    let n = TensorLayout::new(t.ty.dtype, axes.iter().map(|&k| t.ty.shape[k])).elements();
    let shape = [n].into_iter().chain(kept.iter().map(|&k| t.ty.shape[k]));
    let ty = TensorLayout::new(t.ty.dtype, shape);
    cx.reshape(&moved, ty)
}

/// Axes in another order.
pub(super) fn transposed(cx: &mut Cx<'_>, t: &Tensor, perm: &[usize]) -> Tensor {
    if perm.iter().enumerate().all(|(i, &p)| i == p) {
        return t.clone();
    }
    let ty = TensorLayout::new(t.ty.dtype, perm.iter().map(|&p| t.ty.shape[p]));
    let attribute = format!("permutation = {}", i64s(perm.iter().map(|&p| p as i64)));
    cx.op("transpose", &[t], &attribute, ty)
}

/// The fold of integers in the core's order, with its trap.
pub(super) fn reduce_in_order(
    cx: &mut Cx<'_>,
    t: &Tensor,
    axes: &[usize],
    fold: Fold,
    name: &'static str,
) -> Tensor {
    let t = leading(cx, t, axes);
    let n = t.ty.shape[0];
    let ty = TensorLayout::new(t.ty.dtype, t.ty.shape[1..].iter().copied());
    let start = cx.splat(fold.neutral(t.ty.dtype), ty.clone());
    let (start, n) = (start, cx.u64(n));
    let zero = cx.u64(0);
    let mut carried = vec![zero, start];
    carried.extend(cx.trap.clone());
    let types: Vec<TensorLayout> = carried.iter().map(|t| t.ty.clone()).collect();
    let before = cx.trap.clone();
    let go = cx.block(&types, |cx, p| {
        Ok::<_, std::convert::Infallible>(vec![cx.compared("LT", &p[0], &n)])
    });
    let step = cx.block(&types, |cx, p| {
        cx.trap = p.get(2).cloned();
        let at = [cx.index(&p[0])];
        let x = cx.element(&t, &at);
        let next = match fold {
            Fold::Prod => binary::product(cx, name, &p[1], &x),
            Fold::Sum | Fold::Min | Fold::Max | Fold::Any | Fold::All => {
                binary::sum(cx, name, &p[1], &x)
            }
        };
        let mut out = vec![cx.plus(&p[0], 1), next];
        out.extend(cx.trap.clone());
        Ok::<_, std::convert::Infallible>(out)
    });
    cx.trap = before;
    let (Ok(go), Ok(step)) = (go, step);
    let refs: Vec<&Tensor> = carried.iter().collect();
    let mut out = cx.op_with_blocks("while", &refs, "", types, &[go, step]);
    if cx.trap.is_some() {
        cx.trap = out.pop();
    }
    out.pop().expect("an index and a sum are carried")
}

/// A region that chooses of two pairs of an element and its place: the better element, NaN before all; of equals the first.
pub(super) fn pairs(cx: &mut Cx<'_>, d: DType, index: DType, better: &str) -> Block {
    let (x, i) = (TensorLayout::scalar(d), TensorLayout::scalar(index));
    let made = cx.block(&[x.clone(), i.clone(), x, i], |cx, p| {
        let (a, at, b, bt) = (&p[0], &p[1], &p[2], &p[3]);
        let mut wins = cx.compared(better, a, b);
        let mut ties = cx.compared("EQ", a, b);
        if d.is_float() {
            let (p, q) = (cx.is_nan(a), cx.is_nan(b));
            let both = cx.and(&p, &q);
            wins = cx.or(&wins, &p);
            ties = cx.or(&ties, &both);
            let other = cx.un("not", &ties);
            wins = cx.and(&wins, &other);
        }
        let first = cx.compared("LT", at, bt);
        let ties = cx.and(&ties, &first);
        let left = cx.or(&wins, &ties);
        Ok::<_, std::convert::Infallible>(vec![cx.pick(&left, a, b), cx.pick(&left, at, bt)])
    });
    let Ok(block) = made;
    block
}

/// Positions of extremes: pairs of an element and its place are reduced.
pub(super) fn arg(cx: &mut Cx<'_>, t: &Tensor, axis: usize, op: ArgReduceOp) -> Tensor {
    let n = t.ty.shape[axis];
    let mut shape = t.ty.shape.clone();
    shape.remove(axis);
    if n == 0 {
        let never = cx.constant(Scalar::Bool(false));
        cx.check(&never, TrapKind::Empty { op: op.name() });
        return cx.zeros(TensorLayout::new(DType::U64, shape));
    }
    // Places of 32 bits where they do: half the traffic, and accelerators have no others.
    let (index, last) = if n < 1 << 31 {
        (DType::I32, Scalar::I32(i32::MAX))
    } else {
        (DType::I64, Scalar::I64(i64::MAX))
    };
    let (fold, better) = match op {
        ArgReduceOp::ArgMin => (Fold::Min, "LT"),
        ArgReduceOp::ArgMax => (Fold::Max, "GT"),
    };
    let places = cx.iota(t.ty.with(index), axis);
    let d = t.ty.dtype;
    let block = pairs(cx, d, index, better);
    let start = cx.constant(fold.neutral(d));
    let last = cx.constant(last);
    let attribute = format!("dimensions = {}", i64s([axis as i64]));
    let types = vec![
        TensorLayout::new(d, shape.iter().copied()),
        TensorLayout::new(index, shape),
    ];
    let out = cx.op_with_blocks(
        "reduce",
        &[t, &places, &start, &last],
        &attribute,
        types,
        &[block],
    );
    cx.cast(&out[1], DType::U64)
}

/// Running reductions in as many steps as the length has binary digits: each adds what is 1, 2, 4, … places before.
fn running(
    cx: &mut Cx<'_>,
    t: &Tensor,
    axis: usize,
    reverse: bool,
    fold: Fold,
    name: &'static str,
) -> Tensor {
    let d = t.ty.dtype;
    let n = t.ty.shape[axis];
    if cx.is_checked() && fold.overflows(d) {
        return running_in_order(cx, t, axis, reverse, fold, name);
    }
    let fill = cx.constant(fold.neutral(d));
    let mut x = t.clone();
    let mut k = 1;
    while k < n {
        let by = if reverse {
            (-(k as i64), k as i64, 0)
        } else {
            (k as i64, -(k as i64), 0)
        };
        let mut amounts = vec![(0, 0, 0); t.ty.shape.len()];
        amounts[axis] = by;
        let before = pad(cx, &x, &fill, &amounts);
        x = cx.bin(fold.name(), &x, &before);
        k *= 2;
    }
    x
}

/// Running sums and products of integers, one element after another, with the core's trap.
fn running_in_order(
    cx: &mut Cx<'_>,
    t: &Tensor,
    axis: usize,
    reverse: bool,
    fold: Fold,
    name: &'static str,
) -> Tensor {
    // Every prefix is a fold of its own; what they check is the same, so one pass does: the last fold traps if any prefix does.
    let n = t.ty.shape[axis];
    let ordered = if reverse {
        let attribute = format!("dimensions = {}", i64s([axis as i64]));
        cx.op("reverse", &[t], &attribute, t.ty.clone())
    } else {
        t.clone()
    };
    if n > 0 {
        reduce_in_order(cx, &ordered, &[axis], fold, name);
    }
    let options = cx.options;
    cx.options.checked = false;
    let out = running(cx, t, axis, reverse, fold, name);
    cx.options = options;
    out
}
