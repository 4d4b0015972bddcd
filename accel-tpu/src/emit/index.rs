//! Reads and sums by tensors of indices. Out of range they trap in a checked program; else the nearest row is read, and written: the two stay each
//! other's transposes. Sums of integers wrap, also in a checked program.

use super::error::{Result, Unsupported};
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::{Cx, i64s};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, IndexOp};
use cotangent_core::value::Scalar;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &IndexOp, args: &[Sym]) -> Result<Vec<Sym>> {
    Ok(vec![match op {
        IndexOp::Gather(axis) => gather(cx, &args[0], &args[1], *axis as usize)?,
        IndexOp::ScatterAdd(axis) => scatter(cx, &args[0], &args[1], &args[2], *axis as usize)?,
    }])
}

/// A tensor and, if it has a leading axis of unknown length, that array.
fn open(cx: &mut Cx<'_>, s: &Sym, name: &str) -> Result<(Tensor, Option<Array>)> {
    match s {
        Sym::Array(a) => Ok((cx.fixed(&a.items, name)?, Some(a.clone()))),
        s => Ok((cx.fixed(s, name)?, None)),
    }
}

/// Indices in range of `room`, with an axis of one index vector each; checked against the length.
fn positions(cx: &mut Cx<'_>, i: &Tensor, live: Option<&Array>, len: &Tensor, room: u64) -> Tensor {
    if cx.is_checked() {
        // A negative index is a huge one.
        let wide = cx.cast(i, DType::U64);
        let n = cx.broadcast(len, wide.ty.clone());
        let fits = cx.compared("LT", &wide, &n);
        cx.live = live.map(|a| a.len.clone());
        cx.check_all(&fits, TrapKind::IndexOutOfRange { index: 0, len: 0 });
        cx.live = None;
    }
    let mut i = i.clone();
    if i.ty.dtype == DType::U64 {
        let top = cx.whole(i64::MAX.into(), &i);
        i = cx.bin("minimum", &i, &top);
    }
    let wide = cx.cast(&i, DType::I64);
    let (zero, last) = (
        cx.whole(0, &wide),
        cx.whole(i128::from(room.max(1)) - 1, &wide),
    );
    let i = cx.op("clamp", &[&zero, &wide, &last], "", wide.ty.clone());
    // Accelerators have no wider integers.
    let i = cx.cast(
        &i,
        if room < 1 << 31 {
            DType::I32
        } else {
            DType::I64
        },
    );
    let shape = i.ty.shape.iter().copied().chain([1]);
    let ty = TensorLayout::new(i.ty.dtype, shape);
    cx.reshape(&i, ty)
}

fn list(of: impl Iterator<Item = usize>) -> String {
    format!("{:?}", of.collect::<Vec<_>>())
}

/// How many of the axes of the result are before the indices' own, and the result with its leading axis as it is known.
fn result(out: Tensor, lead: Option<Array>) -> Sym {
    match lead {
        None => out.into(),
        Some(a) => Sym::Array(Array {
            room: out.ty.shape[0],
            most: a.most,
            items: Box::new(out.into()),
            len: a.len,
        }),
    }
}

fn gather(cx: &mut Cx<'_>, a: &Sym, i: &Sym, axis: usize) -> Result<Sym> {
    let (a, of_a) = open(cx, a, "gather")?;
    let (i, of_i) = open(cx, i, "gather")?;
    let room = a.ty.shape[axis];
    let len = match &of_a {
        Some(of) if axis == 0 => of.len.clone(),
        _ => cx.u64(room),
    };
    // The result's leading axis is that of the indices, or the operand's own.
    let lead = match (axis, of_a, of_i) {
        (0, _, of_i) => of_i,
        (_, of_a, None) => of_a,
        (_, _, Some(_)) => {
            return Err(Unsupported::new(
                "`gather` by indices of unknown length",
                "along an axis that is not the leading one: swap the axes before and after",
            ));
        }
    };
    let shape: Vec<u64> = a.ty.shape[..axis]
        .iter()
        .chain(&i.ty.shape)
        .chain(&a.ty.shape[axis + 1..])
        .copied()
        .collect();
    let ty = TensorLayout::new(a.ty.dtype, shape);
    let live = if axis == 0 { lead.as_ref() } else { None };
    let at = positions(cx, &i, live, &len, room);
    if ty.elements() == 0 || room == 0 {
        return Ok(result(cx.zeros(ty), lead));
    }
    Ok(result(read(cx, &a, &at, axis, ty), lead))
}

/// What is at positions that are in range; they have an axis of one index vector each.
fn read(cx: &mut Cx<'_>, a: &Tensor, at: &Tensor, axis: usize, ty: TensorLayout) -> Tensor {
    let (q, rank) = (at.ty.shape.len() - 1, ty.shape.len());
    let mut sizes = a.ty.shape.clone();
    sizes[axis] = 1;
    let attributes = format!(
        "dimension_numbers = #stablehlo.gather<offset_dims = {}, collapsed_slice_dims = [{axis}], start_index_map = [{axis}], index_vector_dim = {q}>, indices_are_sorted = false, slice_sizes = {}",
        list((0..axis).chain(axis + q..rank)),
        i64s(sizes.iter().map(|&n| n as i64))
    );
    cx.op("gather", &[a, at], &attributes, ty)
}

/// The rows of a tensor at indices that are in range.
pub(super) fn take(cx: &mut Cx<'_>, a: &Tensor, at: &Tensor) -> Tensor {
    let shape = at.ty.shape.iter().chain(&a.ty.shape[1..]).copied();
    let ty = TensorLayout::new(a.ty.dtype, shape);
    let column = at.ty.shape.iter().copied().chain([1]);
    let at = cx.reshape(at, TensorLayout::new(at.ty.dtype, column));
    read(cx, a, &at, 0, ty)
}

const NAME: &str = "scatter_add";

fn scatter(cx: &mut Cx<'_>, a: &Sym, i: &Sym, x: &Sym, axis: usize) -> Result<Sym> {
    let (a, of_a) = open(cx, a, NAME)?;
    let (i, of_i) = open(cx, i, NAME)?;
    let (mut x, of_x) = open(cx, x, NAME)?;
    if axis > 0 && (of_i.is_some() || of_a.is_some() != of_x.is_some()) {
        return Err(Unsupported::new(
            "`scatter_add` of an array of unknown length",
            "along an axis that is not the leading one: swap the axes before and after",
        ));
    }
    let room = a.ty.shape[axis];
    let len = match &of_a {
        Some(of) if axis == 0 => of.len.clone(),
        _ => cx.u64(room),
    };
    let live_i = of_i.filter(|_| axis == 0);
    let mut at = positions(cx, &i, live_i.as_ref(), &len, room);
    // The updates have the extents of the indices in the place of the axis.
    let q = i.ty.shape.len();
    let suits = |from: usize| {
        let want = a.ty.shape[..axis]
            .iter()
            .chain(&i.ty.shape)
            .chain(&a.ty.shape[axis + 1..]);
        x.ty.shape.iter().skip(from).eq(want.skip(from))
    };
    let live = of_x.filter(|_| axis == 0);
    let open = live.is_some() || live_i.is_some();
    if !suits(usize::from(open && q > 0)) {
        let why = format!("updates {} at indices {} of {}", x.ty, i.ty, a.ty);
        return Err(Unsupported::mismatch(NAME, why));
    }
    if open && q > 0 {
        // Indices and updates with one room; what is beyond the length adds zero.
        let lengths = [&live, &live_i].map(|of| of.as_ref().map(|a| a.len.clone()));
        let [m, n] = [(&lengths[0], &x), (&lengths[1], &i)].map(|(len, t)| match len {
            Some(len) => len.clone(),
            None => cx.u64(t.ty.shape[0]),
        });
        cx.check_same(NAME, &m, &n);
        let room = at.ty.shape[0].min(x.ty.shape[0]);
        for t in [&mut at, &mut x] {
            *t = cx.head(t, 0, room);
        }
        if let Some(live) = live.or(live_i) {
            let zero = Scalar::zero(x.ty.dtype);
            x = super::reduce::within(cx, &live, &x, zero);
        }
    }
    if x.ty.elements() == 0 || room == 0 {
        return Ok(result(a, of_a));
    }
    Ok(result(write(cx, &a, &at, &x, axis), of_a))
}

/// With updates added at positions that are in range; they have an axis of one index vector each.
fn write(cx: &mut Cx<'_>, a: &Tensor, at: &Tensor, x: &Tensor, axis: usize) -> Tensor {
    let (q, rank) = (at.ty.shape.len() - 1, x.ty.shape.len());
    let block = cx.pairwise("add", a.ty.dtype);
    let attributes = format!(
        "scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = {}, inserted_window_dims = [{axis}], scatter_dims_to_operand_dims = [{axis}], index_vector_dim = {q}>, indices_are_sorted = false, unique_indices = false",
        list((0..axis).chain(axis + q..rank))
    );
    let ty = a.ty.clone();
    let mut out = cx.op_with_blocks("scatter", &[a, at, x], &attributes, vec![ty], &[block]);
    out.pop().expect("one result was asked for")
}

/// The tensor with rows added at indices that are in range.
pub(super) fn add_at(cx: &mut Cx<'_>, a: &Tensor, at: &Tensor, x: &Tensor) -> Tensor {
    let column = at.ty.shape.iter().copied().chain([1]);
    let at = cx.reshape(at, TensorLayout::new(at.ty.dtype, column));
    write(cx, a, &at, x, 0)
}
