//! Shape changes. Extents that the program gives as operands must be known here, but for a leading one: an array of unknown length stays
//! one where an operation leaves its leading axis alone.

use super::error::{Result, Unsupported, out_of_range};
use super::value::{Array, Layout, Sym, Tensor, TensorLayout};
use super::writer::{Cx, i64s};
use super::{array, layout};
use cotangent_core::ir::{DType, Dim, Op, ShapeOp};

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &ShapeOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let name = cotangent_core::ops::mnemonic(&Op::Shape(op.clone()));
    Ok(vec![match op {
        ShapeOp::Reshape(shape) => {
            let (to, len) = extents(cx, shape, &args[1..], name)?;
            match (&args[0], len) {
                // Every row is reshaped.
                (Sym::Array(a), Some(len)) if a.len.name == len.name => {
                    let items = cx.fixed(&a.items, name)?;
                    let shape = [a.room].into_iter().chain(to[1..].iter().copied());
                    let ty = TensorLayout::new(items.ty.dtype, shape);
                    same_size(&items, &ty, name)?;
                    Sym::Array(Array {
                        items: Box::new(cx.reshape(&items, ty).into()),
                        ..a.clone()
                    })
                }
                (s, None) => {
                    let t = as_many(cx, s, &to, name)?;
                    let ty = TensorLayout::new(t.ty.dtype, to);
                    same_size(&t, &ty, name)?;
                    cx.reshape(&t, ty).into()
                }
                (_, Some(_)) => return Err(unknown(name)),
            }
        }
        ShapeOp::Transpose(perm) => {
            let keeps = perm.first() == Some(&0);
            rows(cx, &args[0], name, keeps, |cx, t| {
                let ty =
                    TensorLayout::new(t.ty.dtype, perm.iter().map(|&p| t.ty.shape[p as usize]));
                let attribute =
                    format!("permutation = {}", i64s(perm.iter().map(|&p| i64::from(p))));
                cx.op("transpose", &[t], &attribute, ty)
            })?
        }
        ShapeOp::Broadcast { shape, dims } => {
            let (to, len) = extents(cx, shape, &args[1..], name)?;
            let dims: Vec<usize> = dims.iter().map(|&d| d as usize).collect();
            match len {
                None => {
                    let t = cx.fixed(&args[0], name)?;
                    stretched(cx, &t, &to, &dims, name)?.into()
                }
                Some(len) => {
                    // Room for as many as there may be.
                    let t = match &args[0] {
                        Sym::Array(a) => {
                            let items = cx.with_room(&a.items, 0, to[0])?;
                            cx.fixed(&items, name)?
                        }
                        s => cx.fixed(s, name)?,
                    };
                    Sym::Array(Array {
                        items: Box::new(stretched(cx, &t, &to, &dims, name)?.into()),
                        len,
                        room: to[0],
                        most: to[0],
                    })
                }
            }
        }
        ShapeOp::Concat(axis) => concat(cx, args, *axis as usize, name)?,
        ShapeOp::Pad(amounts) => {
            let fill = cx.fixed(&args[1], name)?;
            let keeps = amounts.first() == Some(&(0, 0, 0));
            rows(cx, &args[0], name, keeps, |cx, t| {
                pad(cx, t, &fill, amounts)
            })?
        }
        ShapeOp::StridedSlice(ranges) => {
            let t = cx.fixed(&args[0], name)?;
            let shape = ranges.iter().map(|&(a, b, s)| (b - a).div_ceil(s));
            let ty = TensorLayout::new(t.ty.dtype, shape);
            // A step beyond the end leads nowhere; XLA throws at some that are large.
            let step = |&(a, b, s): &(u64, u64, u64)| s.min((b - a).max(1)) as i64;
            let attributes = format!(
                "start_indices = {}, limit_indices = {}, strides = {}",
                i64s(ranges.iter().map(|r| r.0 as i64)),
                i64s(ranges.iter().map(|r| r.1 as i64)),
                i64s(ranges.iter().map(step))
            );
            cx.op("slice", &[&t], &attributes, ty).into()
        }
        ShapeOp::Reverse(axes) => {
            let keeps = !axes.contains(&0);
            rows(cx, &args[0], name, keeps, |cx, t| reverse(cx, t, axes))?
        }
        ShapeOp::Iota { dtype, shape, axis } => {
            let (to, len) = extents(cx, shape, args, name)?;
            let room = to.first().copied().unwrap_or(0);
            let items = cx.iota(TensorLayout::new(*dtype, to), *axis as usize);
            match len {
                None => items.into(),
                Some(len) => Sym::Array(Array {
                    items: Box::new(items.into()),
                    len,
                    room,
                    most: room,
                }),
            }
        }
    }])
}

fn unknown(name: &str) -> Unsupported {
    Unsupported::new(
        format!("`{name}` to an extent that is known only when it runs"),
        "XLA wants every extent before; take the length of an argument, or a constant",
    )
}

/// An extent or a length that is below zero.
pub(super) fn negative(name: &str) -> Unsupported {
    Unsupported::traps(name, "of an extent below zero", out_of_range())
}

/// The extents of a shape whose `?` the operands give. If the leading one is known only when it runs, but has a bound, it is that bound, and the
/// length is returned too.
pub(super) fn extents(
    cx: &mut Cx<'_>,
    shape: &[Dim],
    args: &[Sym],
    name: &str,
) -> Result<(Vec<u64>, Option<Tensor>)> {
    let mut given = args.iter();
    let mut out = Vec::with_capacity(shape.len());
    let mut len = None;
    for (k, d) in shape.iter().enumerate() {
        out.push(match d {
            Dim::Known(n) => *n,
            Dim::Dynamic => {
                let n = given.next().ok_or_else(|| unknown(name))?;
                let n = cx.fixed(n, name)?;
                match n.int() {
                    Some(n) => u64::try_from(n).map_err(|_| negative(name))?,
                    None => {
                        let bound = cx.bound(&n).filter(|_| k == 0);
                        let bound = bound.ok_or_else(|| unknown(name))?;
                        len = Some(cx.as_length(&n));
                        bound
                    }
                }
            }
        });
    }
    Layout::Tensor(TensorLayout::new(DType::Bool, out.iter().copied())).fits_memory()?;
    Ok((out, len))
}

/// The tensor that is to be of those extents: of an array whose length is not known, as many items as they ask for, which is how many there are.
fn as_many(cx: &mut Cx<'_>, s: &Sym, to: &[u64], name: &str) -> Result<Tensor> {
    let Sym::Array(a) = s else {
        return cx.fixed(s, name);
    };
    let items = cx.fixed(&a.items, name)?;
    let each: u64 = items.ty.shape[1..].iter().product();
    let all: u64 = to.iter().product();
    if each == 0 || !all.is_multiple_of(each) {
        return cx.fixed(s, name);
    }
    let n = cx.u64(all / each);
    let fits = cx.compared("EQ", &a.len, &n);
    let kind = cotangent_core::error::TrapKind::ShapeMismatch {
        op: name.into(),
        a: vec![],
        b: vec![],
    };
    cx.check(&fits, kind);
    let items = cx.with_room(&items.into(), 0, all / each)?;
    cx.fixed(&items, name)
}

fn same_size(t: &Tensor, ty: &TensorLayout, name: &str) -> Result<()> {
    if t.ty.elements() == ty.elements() {
        return Ok(());
    }
    let why = format!("{} has another number of elements than {ty}", t.ty);
    Err(Unsupported::mismatch(name, why))
}

/// The order reversed along axes.
pub(super) fn reverse(cx: &mut Cx<'_>, t: &Tensor, axes: &[u32]) -> Tensor {
    let attribute = format!("dimensions = {}", i64s(axes.iter().map(|&k| i64::from(k))));
    cx.op("reverse", &[t], &attribute, t.ty.clone())
}

/// An operation on a tensor; on the items of an array of unknown length if it leaves the leading axis alone.
pub(super) fn rows<'m>(
    cx: &mut Cx<'m>,
    s: &Sym,
    name: &str,
    keeps: bool,
    write: impl FnOnce(&mut Cx<'m>, &Tensor) -> Tensor,
) -> Result<Sym> {
    match s {
        Sym::Array(a) if keeps => {
            let items = cx.fixed(&a.items, name)?;
            Ok(Sym::Array(Array {
                items: Box::new(write(cx, &items).into()),
                ..a.clone()
            }))
        }
        s => {
            let t = cx.fixed(s, name)?;
            Ok(write(cx, &t).into())
        }
    }
}

/// `broadcast_in_dim`, checked.
fn stretched(
    cx: &mut Cx<'_>,
    t: &Tensor,
    to: &[u64],
    dims: &[usize],
    name: &str,
) -> Result<Tensor> {
    let fits = |(&n, &d): (&u64, &usize)| n == 1 || n == to[d];
    if !t.ty.shape.iter().zip(dims).all(fits) {
        let why = format!("{} does not stretch to {to:?}", t.ty);
        return Err(Unsupported::mismatch(name, why));
    }
    if t.ty.shape.is_empty() {
        let ty = TensorLayout::new(t.ty.dtype, to.iter().copied());
        return Ok(cx.broadcast(t, ty));
    }
    Ok(cx.spread(t, to, dims))
}

/// Padding; amounts may be negative.
pub(super) fn pad(
    cx: &mut Cx<'_>,
    t: &Tensor,
    fill: &Tensor,
    amounts: &[(i64, i64, u64)],
) -> Tensor {
    let shape =
        t.ty.shape
            .iter()
            .zip(amounts)
            .map(|(&n, &(low, high, gap))| {
                let n = i128::from(n) + i128::from(n.saturating_sub(1)) * i128::from(gap);
                let n = n.saturating_add(i128::from(low) + i128::from(high));
                u64::try_from(n.max(0)).unwrap_or(u64::MAX)
            });
    let ty = TensorLayout::new(t.ty.dtype, shape);
    // Between one element and the next: of one alone nothing.
    let gap = |(a, &n): (&(i64, i64, u64), &u64)| if n < 2 { 0 } else { a.2 as i64 };
    let attributes = format!(
        "edge_padding_low = {}, edge_padding_high = {}, interior_padding = {}",
        i64s(amounts.iter().map(|a| a.0)),
        i64s(amounts.iter().map(|a| a.1)),
        i64s(amounts.iter().zip(&t.ty.shape).map(gap))
    );
    cx.op("pad", &[t, fill], &attributes, ty)
}

/// Operands one after another. Along the leading axis those of unknown length are written where the one before ends.
fn concat(cx: &mut Cx<'_>, args: &[Sym], axis: usize, name: &str) -> Result<Sym> {
    let tensors: Option<Vec<Tensor>> = args
        .iter()
        .map(|s| match s {
            Sym::Tensor(t) => Some(t.clone()),
            Sym::Array(_) | Sym::Record(_) => None,
        })
        .collect();
    if let Some(parts) = tensors {
        return Ok(array::concat(cx, &parts, axis).into());
    }
    if axis != 0 {
        return Err(unknown(name));
    }
    let mut out = array::as_array(cx, &args[0])?;
    for s in &args[1..] {
        let b = array::as_array(cx, s)?;
        if b.most == 0 {
            continue;
        }
        if out.most == 0 {
            out = b;
            continue;
        }
        let want = layout::join_items(&out, &b)?;
        let items = cx.coerce_within(&out.items, &want, &[out.room])?;
        let more = cx.coerce_within(&b.items, &want, &[b.room])?;
        let room = out.room + b.room;
        let items = cx.with_room(&items, 0, room)?;
        let at = [cx.index(&out.len)];
        let mut new = more.leaves().into_iter();
        let items = items.map(&mut |t| match new.next() {
            Some(x) => Ok(cx.set_window(t, &x, &at)),
            None => Err(Unsupported::new(
                format!("`{name}`"),
                "of another structure",
            )),
        })?;
        let len = match (out.len.int(), b.len.int()) {
            (Some(m), Some(n)) => cx.u64((m + n) as u64),
            (_, Some(n)) => cx.plus(&out.len, n as i64),
            _ => cx.add(&out.len, &b.len),
        };
        out = Array {
            items: Box::new(items),
            len,
            room,
            most: out.most + b.most,
        };
    }
    Ok(Sym::Array(out))
}
