//! Arrays as Rust has them: slices, lengths, pushes and pops.

use super::binary;
use super::error::{Result, Unsupported};
use super::layout::{join_items, show};
use super::shape::negative;
use super::value::{Array, Fact, Sym, Tensor, TensorLayout};
use super::writer::Cx;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{ArrayOp, DType, Type};
use cotangent_core::value::Scalar;

/// Writes an operation of the family.
pub(super) fn emit(
    cx: &mut Cx<'_>,
    op: &ArrayOp,
    args: &[Sym],
    types: &[Type],
) -> Result<Vec<Sym>> {
    let name = cotangent_core::ops::mnemonic(&cotangent_core::ir::Op::Array(op.clone()));
    let index = |cx: &mut Cx<'_>, k: usize| cx.fixed(&args[k], name);
    Ok(match op {
        ArrayOp::Slice => {
            let (lo, hi) = (index(cx, 1)?, index(cx, 2)?);
            vec![slice(cx, &args[0], &lo, &hi)?]
        }
        ArrayOp::UpdateSlice => {
            let lo = index(cx, 2)?;
            vec![over(
                cx,
                &args[0],
                &args[1],
                &lo,
                name,
                &mut |_, _, new| Ok(new.clone()),
            )?]
        }
        ArrayOp::AddSlice => {
            let lo = index(cx, 2)?;
            // Inside of items that are no tensors, `u64` is the length of an array: what is added to it has no more.
            let lengths = !matches!(as_array(cx, &args[0])?.items.as_ref(), Sym::Tensor(_));
            let sum = &mut |cx: &mut Cx<'_>, old: &Tensor, new: &Tensor| {
                if lengths && old.ty.dtype == DType::U64 {
                    return Ok(cx.bin("maximum", old, new));
                }
                Ok(binary::added(cx, name, old, new))
            };
            vec![over(cx, &args[0], &args[1], &lo, name, sum)?]
        }
        ArrayOp::Len => vec![cx.length(&args[0], &[])?.into()],
        ArrayOp::Dim(0) => vec![cx.length(&args[0], &[])?.into()],
        ArrayOp::Dim(axis) => {
            let shape = match &args[0] {
                Sym::Tensor(t) => t.ty.shape.clone(),
                Sym::Array(a) => a
                    .items
                    .leaves()
                    .first()
                    .map_or_else(Vec::new, |t| t.ty.shape.clone()),
                Sym::Record(_) => Vec::new(),
            };
            vec![
                cx.u64(shape.get(*axis as usize).copied().unwrap_or(0))
                    .into(),
            ]
        }
        ArrayOp::Fill => {
            let n = index(cx, 1)?;
            if n.int().is_some_and(|n| n < 0) {
                return Err(negative(name));
            }
            let (len, room) = cx.length_within(&n, || {
                Unsupported::new(
                    "an array of a length that is known only when it runs",
                    "XLA wants every extent before; take the length of an argument, or a constant",
                )
            })?;
            let items = args[0].map(&mut |t| Ok::<_, Unsupported>(cx.copies(t, room)))?;
            if n.int().is_some() {
                vec![array_of(cx, items, room, &types[0])]
            } else {
                vec![Sym::Array(Array {
                    items: Box::new(items),
                    len,
                    room,
                    most: room,
                })]
            }
        }
        ArrayOp::Array => {
            let mut layout = args[0].layout();
            for a in &args[1..] {
                layout = layout.join(&a.layout())?;
            }
            let mut columns: Vec<Vec<Tensor>> = Vec::new();
            for a in args {
                let leaves = cx.coerce(a, &layout)?.leaves();
                columns.resize(leaves.len(), Vec::new());
                for (column, t) in columns.iter_mut().zip(leaves) {
                    column.push(t);
                }
            }
            let mut stacked = Vec::with_capacity(columns.len());
            for column in &columns {
                let mut rows = Vec::with_capacity(column.len());
                for t in column {
                    rows.push(cx.copies(t, 1));
                }
                stacked.push(concat(cx, &rows, 0));
            }
            let items = Sym::from_leaves(&layout, &mut stacked.into_iter());
            let items = items.ok_or_else(|| Unsupported::new("an array", "of nothing"))?;
            if let Sym::Tensor(t) = &items
                && t.ty.shape.len() == 1
            {
                let scalars = args.iter().flat_map(Sym::leaves).collect();
                cx.elements.insert(t.name, scalars);
            }
            vec![array_of(cx, items, args.len() as u64, &types[0])]
        }
        ArrayOp::Push => vec![push(cx, &args[0], &args[1], &types[0])?],
        ArrayOp::Pop => pop(cx, &args[0])?,
    })
}

/// Items as the array that a type wants.
fn array_of(cx: &mut Cx<'_>, items: Sym, n: u64, ty: &Type) -> Sym {
    match (items, ty) {
        (Sym::Tensor(t), Type::Tensor(_)) => t.into(),
        (items, _) => Sym::Array(Array {
            items: Box::new(items),
            len: cx.u64(n),
            room: n,
            most: n,
        }),
    }
}

/// Tensors one after another.
pub(super) fn concat(cx: &mut Cx<'_>, parts: &[Tensor], axis: usize) -> Tensor {
    if let [one] = parts {
        return one.clone();
    }
    let mut ty = parts[0].ty.clone();
    ty.shape[axis] = parts.iter().map(|t| t.ty.shape[axis]).sum();
    let refs: Vec<&Tensor> = parts.iter().collect();
    cx.op(
        "concatenate",
        &refs,
        &format!("dimension = {axis} : i64"),
        ty,
    )
}

/// The value as an array; a tensor is one of its rows.
pub(super) fn as_array(cx: &mut Cx<'_>, s: &Sym) -> Result<Array> {
    match s {
        Sym::Array(a) => Ok(a.clone()),
        Sym::Tensor(t) if !t.ty.shape.is_empty() => {
            let n = t.ty.shape[0];
            Ok(Array {
                items: Box::new(s.clone()),
                len: cx.u64(n),
                room: n,
                most: n,
            })
        }
        Sym::Tensor(_) | Sym::Record(_) => {
            Err(Unsupported::new("an access", "to what is no array"))
        }
    }
}

/// Elements `lo..hi`.
fn slice(cx: &mut Cx<'_>, s: &Sym, lo: &Tensor, hi: &Tensor) -> Result<Sym> {
    let a = as_array(cx, s)?;
    cx.check_range(lo, hi, &a.len);
    let at = [cx.index(lo)];
    let known = hi
        .minus(lo)
        .map(|n| u64::try_from(n).unwrap_or(0).min(a.room));
    // Where the number is not known, as many as there may be: what lies beyond is padding.
    let n = known.unwrap_or(a.most);
    let items = if known.is_some() {
        (*a.items).clone()
    } else {
        cx.with_room(&a.items, 0, a.room + n)?
    };
    let items = items.map(&mut |t| {
        let mut sizes = t.ty.shape.clone();
        sizes[0] = n;
        Ok::<_, Unsupported>(cx.window(t, &at, &sizes))
    })?;
    let len = match known {
        Some(n) => cx.u64(n),
        None => {
            let (lo, hi) = (as_u64(cx, lo), as_u64(cx, hi));
            cx.op("subtract", &[&hi, &lo], "", hi.ty.clone())
        }
    };
    Ok(match (s, known) {
        (Sym::Tensor(_), Some(_)) => items,
        _ => Sym::Array(Array {
            items: Box::new(items),
            len,
            room: n,
            most: n,
        }),
    })
}

fn as_u64(cx: &mut Cx<'_>, t: &Tensor) -> Tensor {
    if t.ty.dtype == DType::U64 {
        return t.clone();
    }
    cx.op("convert", &[t], "", t.ty.with(DType::U64))
}

/// How elements that are written over come of the old ones and the new.
type Change<'c, 'm> = dyn FnMut(&mut Cx<'m>, &Tensor, &Tensor) -> Result<Tensor> + 'c;

/// `s` with elements from `lo` on changed by those of `b`.
fn over<'m>(
    cx: &mut Cx<'m>,
    s: &Sym,
    b: &Sym,
    lo: &Tensor,
    name: &str,
    change: &mut Change<'_, 'm>,
) -> Result<Sym> {
    let (mut a, mut b) = (as_array(cx, s)?, as_array(cx, b)?);
    if !matches!((&*a.items, &*b.items), (Sym::Tensor(_), Sym::Tensor(_))) {
        // Arrays in arrays: with room for the longest of both.
        let want = join_items(&a, &b)?;
        *a.items = cx.coerce_within(&a.items, &want, &[a.room])?;
        *b.items = cx.coerce_within(&b.items, &want, &[b.room])?;
    }
    let lo64 = as_u64(cx, lo);
    let hi = match b.len.int() {
        Some(n) => cx.plus(&lo64, n as i64),
        None => cx.op("add", &[&lo64, &b.len], "", lo64.ty.clone()),
    };
    cx.check_range(lo, &hi, &a.len);
    let at = [cx.index(lo)];
    let exact = b.len.int() == Some(i128::from(b.room)) && b.room <= a.room;
    let n = b.room;
    let items = if exact {
        (*a.items).clone()
    } else {
        cx.with_room(&a.items, 0, a.room + n)?
    };
    let mut new = b.items.leaves().into_iter();
    let items = items.map(&mut |t| {
        let x = new
            .next()
            .ok_or_else(|| Unsupported::new("a slice", "of another structure"))?;
        let mut sizes = t.ty.shape.clone();
        sizes[0] = n;
        if sizes != x.ty.shape {
            let why = format!("elements of {} in {}", x.ty, t.ty);
            return Err(Unsupported::mismatch(name, why));
        }
        let old = cx.window(t, &at, &sizes);
        cx.live = (!exact).then(|| b.len.clone());
        let made = change(cx, &old, &x);
        cx.live = None;
        let mut made = made?;
        if !exact {
            let inside = cx.inside(&b.len, &sizes);
            made = cx.op("select", &[&inside, &made, &old], "", made.ty.clone());
        }
        Ok(cx.set_window(t, &made, &at))
    })?;
    let items = cx.with_room(&items, 0, a.room)?;
    Ok(match s {
        Sym::Tensor(_) => items,
        Sym::Array(_) | Sym::Record(_) => Sym::Array(Array {
            items: Box::new(items),
            ..a
        }),
    })
}

impl Cx<'_> {
    /// Which elements along the leading axis are before a length: `bool`, of that shape.
    pub(super) fn inside(&mut self, len: &Tensor, shape: &[u64]) -> Tensor {
        let ty = TensorLayout::new(DType::U64, shape.iter().copied());
        let i = self.op("iota", &[], "iota_dimension = 0 : i64", ty.clone());
        let len = self.broadcast(len, ty);
        self.compared("LT", &i, &len)
    }
}

/// How many items pushed one after another are remembered.
const REMEMBERED: usize = 1024;

/// What was pushed onto an array whose length is known, item by item; none if that is not remembered.
fn pushed(cx: &Cx<'_>, a: &Array) -> Option<Vec<Sym>> {
    let n = usize::try_from(a.len.int()?)
        .ok()
        .filter(|&n| n < REMEMBERED)?;
    if n == 0 {
        return Some(Vec::new());
    }
    let all = cx.pushed.get(&a.items.leaves().first()?.name)?;
    all.get(..n).map(<[Sym]>::to_vec)
}

/// With one more element.
fn push(cx: &mut Cx<'_>, s: &Sym, x: &Sym, ty: &Type) -> Result<Sym> {
    let mut a = as_array(cx, s)?;
    let before = pushed(cx, &a);
    let item = x.clone();
    let is_tensor = matches!(ty, Type::Tensor(_));
    if a.most == 0 {
        // Nothing is known of the items yet.
        let items = x.map(&mut |t| Ok::<_, Unsupported>(cx.copies(t, 1)))?;
        let room = a.room.max(1);
        a.items = Box::new(cx.with_room(&items, 0, room)?);
        a.room = room;
    } else {
        if is_tensor && a.items.layout_within(1) != x.layout() {
            let (want, have) = (a.items.layout_within(1), x.layout());
            let why = format!("{} onto an array of {}", show(&have), show(&want));
            return Err(Unsupported::mismatch("push", why));
        }
        let want = a.items.layout_within(1).join(&x.layout())?;
        let room = a.room.max(a.most + 1);
        let items = cx.with_room(&a.items, 0, room)?;
        let items = cx.coerce_within(&items, &want, &[room])?;
        let x = cx.coerce(x, &want)?;
        let at = [cx.index(&a.len)];
        let mut new = x.leaves().into_iter();
        let items = items.map(&mut |t| match new.next() {
            Some(x) => Ok(cx.set_element(t, &x, &at)),
            None => Err(Unsupported::new("`push`", "of another structure")),
        })?;
        a.items = Box::new(items);
        a.room = room;
    }
    a.most += 1;
    a.len = cx.plus(&a.len, 1);
    if let (Some(mut all), Some(t)) = (before, a.items.leaves().first()) {
        all.push(item);
        cx.pushed.insert(t.name, all);
    }
    if is_tensor && a.len.int() == Some(i128::from(a.room)) {
        return Ok(*a.items);
    }
    Ok(Sym::Array(a))
}

/// Without the last element, and that element.
fn pop(cx: &mut Cx<'_>, s: &Sym) -> Result<Vec<Sym>> {
    let mut a = as_array(cx, s)?;
    if a.len.int().is_none_or(|n| n < 1) {
        let zero = cx.u64(0);
        let some = cx.compared("GT", &a.len, &zero);
        cx.check(&some, TrapKind::Empty { op: "pop" });
    }
    let last = pushed(cx, &a).and_then(|mut all| all.pop());
    if a.most == 0 {
        let shape = |t: &Tensor| TensorLayout::new(t.ty.dtype, t.ty.shape.iter().skip(1).copied());
        let x = a
            .items
            .map(&mut |t| Ok::<_, Unsupported>(cx.zeros(shape(t))))?;
        return Ok(vec![Sym::Array(a), x]);
    }
    a.len = match a.len.int() {
        Some(0) => a.len,
        _ => cx.plus(&a.len, -1),
    };
    if a.len.int() == Some(0) {
        a.len.fact = Fact::Const(Scalar::U64(0));
    }
    let x = match last {
        Some(x) => x,
        None => {
            let at = [cx.index(&a.len)];
            a.items
                .map(&mut |t| Ok::<_, Unsupported>(cx.element(t, &at)))?
        }
    };
    a.most -= 1;
    Ok(vec![Sym::Array(a), x])
}
