//! Run-time values to tensors and back.

use super::error::{Result, Unsupported};
use super::value::{Layout, TensorLayout};
use cotangent_core::ir::Type;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use std::sync::Arc;

/// That a function can be called with arguments, and give results, of those types.
///
/// # Errors
/// If there is a stack among them: what a pullback keeps does not leave a device.
pub fn passes(types: &[Type]) -> Result<()> {
    let has_stack = |t: &Type| match t {
        Type::Tensor(_) => false,
        Type::Record(fields) => passes(fields).is_err(),
        Type::Seq(item) => passes(std::slice::from_ref(item)).is_err(),
        Type::Stack(_) => true,
    };
    if types.iter().any(has_stack) {
        return Err(Unsupported::new(
            "a stack as an argument or a result",
            "what a pullback keeps does not leave a device: ask for the value and the gradient, or for a vjp with its cotangents, in one call",
        ));
    }
    Ok(())
}

/// The most items of a sequence that is laid out as a record of them.
const SHORT: usize = 64;

/// How a value is laid out. Vectors of vectors of one length are tensors; where lengths differ there is room for the longest.
pub fn layout_of(v: &Val, ty: &Type) -> Option<Layout> {
    layout(v, ty, &mut None)
}

/// How a value is laid out if short sequences of items of unlike extents are records of these. None if there are none, or it is not of that type.
pub fn layout_apart(v: &Val, ty: &Type) -> Option<Layout> {
    let mut unlike = Some(false);
    let l = layout(v, ty, &mut unlike)?;
    unlike.is_some_and(|u| u).then_some(l)
}

/// With `unlike`, short sequences of unlike items are records, and it says whether there was one.
fn layout(v: &Val, ty: &Type, unlike: &mut Option<bool>) -> Option<Layout> {
    Some(match (v, ty) {
        (Val::Unit, Type::Record(fields)) if fields.is_empty() => Layout::Record(Vec::new()),
        (Val::Scalar(s), Type::Tensor(_)) => Layout::Tensor(TensorLayout::scalar(s.dtype())),
        (Val::Tensor(t), Type::Tensor(_)) => Layout::Tensor(TensorLayout::new(
            t.dtype(),
            t.shape.iter().map(|&n| n as u64),
        )),
        (Val::Record(vs), Type::Record(types)) => Layout::Record(fields(vs, types, unlike)?),
        // Where the program has a record for the sequence.
        (Val::Seq(vs), Type::Record(types)) => Layout::Record(fields(vs, types, unlike)?),
        (Val::Seq(vs), Type::Seq(item)) => {
            let mut joined: Option<Layout> = None;
            let mut items = Vec::new();
            let mut same = true;
            for v in vs.iter() {
                let l = layout(v, item, unlike)?;
                joined = Some(match joined {
                    None => l.clone(),
                    Some(have) if have == l => have,
                    Some(have) => {
                        same = false;
                        match have.join(&l) {
                            Ok(both) => both,
                            // Records of unlike numbers of items have no layout in common.
                            Err(_) if unlike.is_some() && vs.len() <= SHORT => have,
                            Err(_) => return None,
                        }
                    }
                });
                if unlike.is_some() && vs.len() <= SHORT {
                    items.push(l);
                }
            }
            if !same && !items.is_empty() {
                *unlike = Some(true);
                return Some(Layout::Record(items));
            }
            let n = vs.len() as u64;
            Layout::Array {
                item: Box::new(joined.unwrap_or_else(|| super::layout::default_layout(item))),
                room: n,
                most: n,
                len: Some(n),
            }
        }
        // Residuals: items of one shape, as they were written; what a run has is in the room of the run that reads it.
        (Val::Stack(s), Type::Stack(item)) => {
            let items = Val::Seq(Arc::new(s.to_vec()));
            layout(&items, &Type::Seq(Arc::clone(item)), &mut None)?
        }
        _ => return None,
    })
}

fn fields(vs: &[Val], types: &[Type], unlike: &mut Option<bool>) -> Option<Vec<Layout>> {
    if vs.len() != types.len() {
        return None;
    }
    let pairs = vs.iter().zip(types);
    pairs.map(|(v, t)| layout(v, t, unlike)).collect()
}

/// How values of a type are laid out whose extents are all known; none if one is not.
pub fn layout_of_type(ty: &Type) -> Option<Layout> {
    Some(match ty {
        Type::Tensor(t) => {
            let shape: Option<Vec<u64>> = t.shape.iter().map(|d| d.known()).collect();
            Layout::Tensor(TensorLayout::new(t.dtype, shape?))
        }
        Type::Record(types) => {
            Layout::Record(types.iter().map(layout_of_type).collect::<Option<_>>()?)
        }
        Type::Seq(_) | Type::Stack(_) => return None,
    })
}

/// The tensors of a value in a layout that has room for it, in order.
pub fn pack(v: &Val, ty: &Type, layout: &Layout) -> Option<Vec<Tensor>> {
    let mut out: Vec<Tensor> = layout
        .leaves()
        .iter()
        .map(|t| {
            let shape: Vec<usize> = t.shape.iter().map(|&n| n as usize).collect();
            let n = usize::try_from(t.elements()).ok()?;
            Tensor::new(shape, Data::splat(Scalar::zero(t.dtype), n)?)
        })
        .collect::<Option<_>>()?;
    let mut place = 0;
    fill(Some(v), ty, layout, 0, &mut place, &mut out)?;
    Some(out)
}

/// Writes a value as the `row`-th of all rows that the arrays around it have.
fn fill(
    v: Option<&Val>,
    ty: &Type,
    layout: &Layout,
    row: usize,
    next: &mut usize,
    out: &mut [Tensor],
) -> Option<()> {
    match (layout, ty) {
        (Layout::Tensor(t), _) => {
            let n = t.elements() as usize;
            let to = &mut out[*next];
            *next += 1;
            match v {
                Some(Val::Scalar(s)) => to.data.set(row, *s),
                Some(Val::Tensor(x)) if x.data.len() == n => to.data.copy_from(row * n, &x.data),
                None => {}
                Some(_) => return None,
            }
        }
        (Layout::Record(fields), ty) => {
            for (k, l) in fields.iter().enumerate() {
                let t = field_type(ty, k)?;
                let field = match v {
                    Some(Val::Record(vs)) => Some(vs.get(k)?),
                    Some(Val::Seq(vs)) => Some(vs.get(k)?),
                    None => None,
                    Some(_) => return None,
                };
                fill(field, t, l, row, next, out)?;
            }
        }
        (Layout::Array { item, room, .. }, ty) => {
            let first = *next;
            let room = *room as usize;
            let len = match (v, ty) {
                (Some(Val::Seq(vs)), Type::Seq(t)) => {
                    for k in 0..room.max(1) {
                        *next = first;
                        if k < room {
                            fill(vs.get(k), t, item, row * room + k, next, out)?;
                        } else {
                            skip(item, next);
                        }
                    }
                    vs.len()
                }
                (Some(Val::Tensor(x)), Type::Tensor(_)) => {
                    let each = item.leaves().first()?.elements() as usize;
                    out[first].data.copy_from(row * room * each, &x.data);
                    *next = first + 1;
                    *x.shape.first()?
                }
                (Some(Val::Stack(s)), Type::Stack(t)) => {
                    let items = Val::Seq(Arc::new(s.to_vec()));
                    return fill(
                        Some(&items),
                        &Type::Seq(Arc::clone(t)),
                        layout,
                        row,
                        next,
                        out,
                    );
                }
                (None, _) => {
                    *next = first;
                    skip(item, next);
                    0
                }
                _ => return None,
            };
            out[*next].data.set(row, Scalar::U64(len as u64));
            *next += 1;
        }
    }
    Some(())
}

/// The type of a field, or of an item of a sequence that is laid out as a record.
fn field_type(ty: &Type, k: usize) -> Option<&Type> {
    match ty {
        Type::Record(types) => types.get(k),
        Type::Seq(item) => Some(item),
        Type::Tensor(_) | Type::Stack(_) => None,
    }
}

fn skip(layout: &Layout, next: &mut usize) {
    *next += layout.leaves().len();
}

/// The value of a type that tensors in a layout are.
pub fn unpack(ty: &Type, layout: &Layout, tensors: &[Tensor]) -> Option<Val> {
    let mut next = 0;
    let v = take(ty, layout, 0, &mut next, tensors)?;
    (next == tensors.len()).then_some(v)
}

fn take(
    ty: &Type,
    layout: &Layout,
    row: usize,
    next: &mut usize,
    tensors: &[Tensor],
) -> Option<Val> {
    let rows = |from: &Data, at: usize, n: usize| {
        let mut data = Data::with_capacity(from.dtype(), n)?;
        data.extend_from(from, at..at + n);
        Some(data)
    };
    Some(match (layout, ty) {
        (Layout::Tensor(t), _) => {
            let from = tensors.get(*next)?;
            *next += 1;
            let n = t.elements() as usize;
            let shape = t.shape.iter().map(|&n| n as usize).collect();
            Val::tensor(Tensor::new(shape, rows(&from.data, row * n, n)?)?)
        }
        (Layout::Record(fields), ty) => {
            let mut out = Vec::with_capacity(fields.len());
            for (k, l) in fields.iter().enumerate() {
                out.push(take(field_type(ty, k)?, l, row, next, tensors)?);
            }
            match ty {
                Type::Seq(_) => Val::Seq(Arc::new(out)),
                Type::Record(_) | Type::Tensor(_) | Type::Stack(_) => Val::record(out),
            }
        }
        (Layout::Array { item, room, .. }, ty) => {
            let first = *next;
            let count = first + item.leaves().len();
            let room = *room as usize;
            let Scalar::U64(len) = tensors.get(count)?.data.get(row) else {
                return None;
            };
            let len = (len as usize).min(room);
            *next = count + 1;
            match ty {
                Type::Tensor(_) => {
                    let Layout::Tensor(t) = &**item else {
                        return None;
                    };
                    let each = t.elements() as usize;
                    let data = rows(&tensors[first].data, row * room * each, len * each)?;
                    let shape = [len].into_iter().chain(t.shape.iter().map(|&n| n as usize));
                    Val::tensor(Tensor::new(shape.collect(), data)?)
                }
                Type::Seq(t) => {
                    let mut out = Vec::with_capacity(len);
                    for k in 0..len {
                        let mut at = first;
                        out.push(take(t, item, row * room + k, &mut at, tensors)?);
                    }
                    Val::Seq(Arc::new(out))
                }
                Type::Stack(t) => {
                    let mut items = Vec::with_capacity(len);
                    for k in 0..len {
                        let mut at = first;
                        items.push(take(t, item, row * room + k, &mut at, tensors)?);
                    }
                    Val::Stack(Arc::new(items.into_iter().collect()))
                }
                Type::Record(_) => return None,
            }
        }
    })
}
