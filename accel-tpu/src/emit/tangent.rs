//! What automatic differentiation adds: zeros of a value's structure and sums of two.

use super::binary;
use super::error::{Result, Unsupported};
use super::layout::show;
use super::value::{Array, Sym, Tensor};
use super::writer::Cx;
use cotangent_core::ir::{TangentOp, Type};

const NAME: &str = "accumulate";

/// Writes an operation of the family.
pub(super) fn emit(
    cx: &mut Cx<'_>,
    op: &TangentOp,
    args: &[Sym],
    types: &[Type],
) -> Result<Vec<Sym>> {
    match op {
        TangentOp::ZerosLike => Ok(vec![zeros(cx, &args[0], &types[0])?]),
        TangentOp::Accumulate => Ok(vec![sum(cx, &args[0], &args[1])?]),
        TangentOp::CustomLinear { .. } => Err(Unsupported::new(
            "a derivative known only by its transpose",
            "forward mode through a function with a reverse rule; give it a forward rule",
        )),
    }
}

/// The zero of a value's tangent type, of the value's extents.
fn zeros(cx: &mut Cx<'_>, s: &Sym, ty: &Type) -> Result<Sym> {
    Ok(match (s, ty) {
        (_, Type::Record(fields)) if fields.is_empty() => Sym::unit(),
        (Sym::Tensor(t), _) => cx.zeros(t.ty.clone()).into(),
        (Sym::Record(fields), Type::Record(types)) => Sym::Record(
            fields
                .iter()
                .zip(types.iter())
                .map(|(f, t)| zeros(cx, f, t))
                .collect::<Result<_>>()?,
        ),
        (Sym::Array(a), Type::Seq(item) | Type::Stack(item)) => Sym::Array(Array {
            items: Box::new(zeros(cx, &a.items, item)?),
            ..a.clone()
        }),
        (Sym::Array(a), _) => Sym::Array(Array {
            items: Box::new(zeros(cx, &a.items, ty)?),
            ..a.clone()
        }),
        (Sym::Record(_), _) => {
            return Err(Unsupported::new(
                "`zeros_like`",
                "its type is not the operand's",
            ));
        }
    })
}

/// The structural sum. Where one has fewer items, a checked program traps; else zeros stand for those it has not.
pub(super) fn sum(cx: &mut Cx<'_>, a: &Sym, b: &Sym) -> Result<Sym> {
    let (x, y) = (a.layout(), b.layout());
    if x == y {
        return alike(cx, a, b, None);
    }
    let why = |e: Unsupported| Unsupported::mismatch(NAME, e.why);
    let want = x.join(&y).map_err(why)?;
    let (a, b) = (cx.coerce(a, &want)?, cx.coerce(b, &want)?);
    alike(cx, &a, &b, None)
}

/// The sum of values of one layout. `around` is the length of the array that they are the items of.
fn alike(cx: &mut Cx<'_>, a: &Sym, b: &Sym, around: Option<&Tensor>) -> Result<Sym> {
    match (a, b) {
        (Sym::Tensor(x), Sym::Tensor(y)) if x.ty == y.ty => {
            Ok(binary::added(cx, NAME, x, y).into())
        }
        (Sym::Record(x), Sym::Record(y)) if x.len() == y.len() => Ok(Sym::Record(
            x.iter()
                .zip(y)
                .map(|(x, y)| alike(cx, x, y, around))
                .collect::<Result<_>>()?,
        )),
        (Sym::Array(x), Sym::Array(y)) if x.room == y.room && x.len.ty == y.len.ty => {
            // Of arrays in arrays in arrays nothing is found.
            if x.len.ty.shape.len() < 2 {
                cx.live = around.cloned();
                cx.check_same(NAME, &x.len, &y.len);
                cx.live = None;
            }
            let mut len = cx.op("maximum", &[&x.len, &y.len], "", x.len.ty.clone());
            if x.len.fact == y.len.fact {
                len.fact = x.len.fact;
            }
            Ok(Sym::Array(Array {
                items: Box::new(alike(cx, &x.items, &y.items, Some(&x.len))?),
                len,
                room: x.room,
                most: x.most.max(y.most),
            }))
        }
        _ => Err(Unsupported::new(
            "a sum",
            format!(
                "of values that are {} and {}",
                show(&a.layout()),
                show(&b.layout())
            ),
        )),
    }
}
