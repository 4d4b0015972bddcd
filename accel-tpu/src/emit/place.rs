//! Constants, records, reads and stores at a path, traps and marks.

use super::error::{Result, Unsupported};
use super::value::{Array, Sym, Tensor};
use super::writer::Cx;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{ConstOp, EffectOp, PlaceOp, Step};
use cotangent_core::value::Scalar;

/// Constants.
pub(super) fn constant(cx: &mut Cx<'_>, op: &ConstOp) -> Result<Vec<Sym>> {
    Ok(vec![match op {
        ConstOp::Scalar(s) => cx.constant(*s).into(),
        ConstOp::Tensor(t) => cx.tensor(t).into(),
        ConstOp::Default(ty) => cx.default_of(ty),
    }])
}

/// Records, reads and stores.
pub(super) fn emit(cx: &mut Cx<'_>, op: &PlaceOp, args: &[Sym]) -> Result<Vec<Sym>> {
    let out = match op {
        PlaceOp::Record => Sym::Record(args.to_vec()),
        PlaceOp::Get(path) => {
            let at = indices(cx, &args[1..])?;
            get(cx, &args[0], path, &at)?
        }
        PlaceOp::Update(path) => {
            let at = indices(cx, &args[2..])?;
            put(cx, &args[0], path, &at, &args[1], &[], &mut |_, _, new| {
                Ok(new.clone())
            })?
        }
        PlaceOp::AddAt(path) => {
            let at = indices(cx, &args[2..])?;
            put(
                cx,
                &args[0],
                path,
                &at,
                &args[1],
                &[],
                &mut |cx, old, new| super::tangent::sum(cx, old, new),
            )?
        }
    };
    Ok(vec![out])
}

fn indices(cx: &mut Cx<'_>, of: &[Sym]) -> Result<Vec<Tensor>> {
    of.iter().map(|s| cx.fixed(s, "index")).collect()
}

/// What is at a path.
pub(super) fn get(cx: &mut Cx<'_>, base: &Sym, path: &[Step], indices: &[Tensor]) -> Result<Sym> {
    if let (Sym::Tensor(t), [Step::Index], [i]) = (base, path, indices)
        && let (Some(all), Some(i)) = (cx.elements.get(&t.name), i.int())
        && let Some(x) = usize::try_from(i).ok().and_then(|i| all.get(i))
    {
        return Ok(x.clone().into());
    }
    let mut now = base;
    let mut at: Vec<Tensor> = Vec::new();
    let mut rest = indices.iter();
    for step in path {
        now = match (step, now) {
            (Step::Field(k), Sym::Record(fields)) => &fields[*k as usize],
            (Step::Index, s) => {
                let i = rest.next().ok_or_else(lost)?;
                let n = cx.length(s, &at)?;
                cx.check_index(i, &n);
                at.push(cx.index(i));
                match s {
                    Sym::Array(a) => &a.items,
                    s => s,
                }
            }
            (Step::Field(_), Sym::Tensor(_) | Sym::Array(_)) => return Err(lost()),
        };
    }
    now.map(&mut |t| Ok(cx.element(t, &at)))
}

fn lost() -> Unsupported {
    Unsupported::new("an access", "its path leaves the value")
}

/// How a stored value comes of the old one and the operand.
type Change<'c, 'm> = dyn FnMut(&mut Cx<'m>, &Sym, &Sym) -> Result<Sym> + 'c;

/// `base` with another value at a path. `at` are the indices so far.
fn put<'m>(
    cx: &mut Cx<'m>,
    base: &Sym,
    path: &[Step],
    indices: &[Tensor],
    x: &Sym,
    at: &[Tensor],
    change: &mut Change<'_, 'm>,
) -> Result<Sym> {
    let Some((step, path)) = path.split_first() else {
        return store(cx, base, x, at, change);
    };
    match (step, base) {
        (Step::Field(k), Sym::Record(fields)) => {
            let mut fields = fields.clone();
            let k = *k as usize;
            fields[k] = put(cx, &fields[k], path, indices, x, at, change)?;
            Ok(Sym::Record(fields))
        }
        (Step::Field(_), _) => Err(lost()),
        (Step::Index, s) => {
            let (i, indices) = indices.split_first().ok_or_else(lost)?;
            let n = cx.length(s, at)?;
            cx.check_index(i, &n);
            let mut at = at.to_vec();
            at.push(cx.index(i));
            match s {
                Sym::Array(a) => {
                    let items = put(cx, &a.items, path, indices, x, &at, change)?;
                    Ok(Sym::Array(Array {
                        items: Box::new(items),
                        ..a.clone()
                    }))
                }
                s => put(cx, s, path, indices, x, &at, change),
            }
        }
    }
}

/// `base` with another value at the indices `at`. Where that one needs more room, all get it.
fn store<'m>(
    cx: &mut Cx<'m>,
    base: &Sym,
    x: &Sym,
    at: &[Tensor],
    change: &mut Change<'_, 'm>,
) -> Result<Sym> {
    let old = base.map(&mut |t| Ok::<_, Unsupported>(cx.element(t, at)))?;
    let x = change(cx, &old, x)?;
    if at.is_empty() {
        return Ok(x);
    }
    // The extents of the items: none where there are no tensors.
    let Some(outer) = base
        .leaves()
        .first()
        .map(|t| t.ty.shape[..at.len()].to_vec())
    else {
        return Ok(base.clone());
    };
    let want = base.layout_within(at.len()).join(&x.layout())?;
    let base = cx.coerce_within(base, &want, &outer)?;
    let x = cx.coerce(&x, &want)?;
    let mut new = x.leaves().into_iter();
    base.map(&mut |t| match new.next() {
        Some(x) => Ok(cx.set_element(t, &x, at)),
        None => Err(lost()),
    })
}

/// Traps, and marks, which are nothing here.
pub(super) fn effect(cx: &mut Cx<'_>, op: &EffectOp, args: &[Sym]) -> Result<Vec<Sym>> {
    match op {
        EffectOp::Assert(message) => {
            let holds = cx.fixed(&args[0], "assert")?;
            cx.check(&holds, TrapKind::Panic(message.clone()));
        }
        EffectOp::Panic(message) => {
            let never = cx.constant(Scalar::Bool(false));
            cx.check(&never, TrapKind::Panic(message.clone()));
        }
        EffectOp::CheckIndex => {
            let (i, n) = (
                cx.fixed(&args[0], "check_index")?,
                cx.fixed(&args[1], "check_index")?,
            );
            cx.check_index(&i, &n);
        }
        EffectOp::CheckRange => {
            let at = indices(cx, args)?;
            cx.check_range(&at[0], &at[1], &at[2]);
        }
        EffectOp::Checkpoint(_) => {}
        EffectOp::Host(h) => {
            return Err(Unsupported::new(
                format!("the host function `{}`", h.name),
                "a device cannot call the host; run this program on the jit, or take the call out",
            ));
        }
    }
    Ok(Vec::new())
}
