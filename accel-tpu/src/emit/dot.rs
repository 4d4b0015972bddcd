//! Contractions. Floats in the precision of the options; integers in a checked program by checked products and sums, one after another. Of an
//! array of unknown length what is beyond it is zero.

use super::binary;
use super::error::{Result, Unsupported};
use super::reduce::{Fold, reduce_in_order, transposed, within};
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::{Cx, Precision};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, DotDims};
use cotangent_core::value::Scalar;

const NAME: &str = "dot_general";

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, op: &DotDims, args: &[Sym]) -> Result<Vec<Sym>> {
    let (l, of_l) = operand(cx, &args[0])?;
    let (r, of_r) = operand(cx, &args[1])?;
    let (l, r) = alike(cx, op, l, r, [of_l.as_ref(), of_r.as_ref()])?;
    let left = free(&l, &op.lhs_batch, &op.lhs_contract);
    let right = free(&r, &op.rhs_batch, &op.rhs_contract);
    let out = if cx.is_checked() && l.ty.dtype.is_int() {
        in_order(cx, op, &l, &r, [&left, &right])
    } else {
        let precision = cx.options.precision;
        write(cx, op, &l, &r, precision)
    };
    // A leading axis of unknown length that is no contracted one is the result's leading axis, or it cannot be said.
    let lead = [
        (
            of_l,
            op.lhs_batch
                .first()
                .or(left.first().filter(|_| op.lhs_batch.is_empty())),
            &op.lhs_contract,
        ),
        (
            of_r,
            op.rhs_batch.first().or(right
                .first()
                .filter(|_| op.rhs_batch.is_empty() && left.is_empty())),
            &op.rhs_contract,
        ),
    ];
    let mut array: Option<Array> = None;
    for (of, first, contracted) in lead {
        let Some(a) = of else { continue };
        if contracted.contains(&0) {
            continue;
        }
        if first != Some(&0) {
            return Err(cx
                .fixed(&Sym::Array(a), NAME)
                .err()
                .unwrap_or_else(|| Unsupported::new(format!("`{NAME}`"), "of an unknown extent")));
        }
        array = Some(a);
    }
    Ok(vec![match array {
        None => out.into(),
        Some(a) => Sym::Array(Array {
            room: out.ty.shape[0],
            most: a.most.min(out.ty.shape[0]),
            items: Box::new(out.into()),
            len: a.len,
        }),
    }])
}

/// The product of tensors of floats, in the precision of their type whatever the options are.
pub(super) fn exact(cx: &mut Cx<'_>, op: &DotDims, l: &Tensor, r: &Tensor) -> Tensor {
    write(cx, op, l, r, Precision::Highest)
}

fn write(cx: &mut Cx<'_>, op: &DotDims, l: &Tensor, r: &Tensor, how: Precision) -> Tensor {
    let left = free(l, &op.lhs_batch, &op.lhs_contract);
    let right = free(r, &op.rhs_batch, &op.rhs_contract);
    let of = |t: &Tensor, axes: &[u32]| -> Vec<u64> {
        axes.iter().map(|&k| t.ty.shape[k as usize]).collect()
    };
    let shape = [of(l, &op.lhs_batch), of(l, &left), of(r, &right)].concat();
    let ty = TensorLayout::new(l.ty.dtype, shape);
    let attributes = format!(
        "dot_dimension_numbers = #stablehlo.dot<lhs_batching_dimensions = {:?}, rhs_batching_dimensions = {:?}, lhs_contracting_dimensions = {:?}, rhs_contracting_dimensions = {:?}>{}",
        op.lhs_batch,
        op.rhs_batch,
        op.lhs_contract,
        op.rhs_contract,
        precision(how, l.ty.dtype)
    );
    cx.op(NAME, &[l, r], &attributes, ty)
}

/// The precision of a product, as an attribute behind others.
pub(super) fn precision(how: Precision, d: DType) -> String {
    let name = match how {
        // What has no lesser precision needs no attribute.
        _ if d.is_int() => return String::new(),
        Precision::Highest => "HIGHEST",
        Precision::High => "HIGH",
        Precision::Default => return String::new(),
    };
    format!(", precision_config = [#stablehlo<precision {name}>, #stablehlo<precision {name}>]")
}

fn operand(cx: &mut Cx<'_>, s: &Sym) -> Result<(Tensor, Option<Array>)> {
    Ok(match s {
        Sym::Array(a) => {
            let items = cx.fixed(&a.items, NAME)?;
            let t = within(cx, a, &items, Scalar::zero(items.ty.dtype));
            (t, Some(a.clone()))
        }
        s => (cx.fixed(s, NAME)?, None),
    })
}

fn free(t: &Tensor, batch: &[u32], contract: &[u32]) -> Vec<u32> {
    (0..t.ty.shape.len() as u32)
        .filter(|k| !batch.contains(k) && !contract.contains(k))
        .collect()
}

/// Operands whose paired axes have one extent: where one has an unknown length, its room is made the other's.
fn alike(
    cx: &mut Cx<'_>,
    op: &DotDims,
    mut l: Tensor,
    mut r: Tensor,
    of: [Option<&Array>; 2],
) -> Result<(Tensor, Tensor)> {
    let pairs = op.lhs_batch.iter().zip(&op.rhs_batch);
    for (&a, &b) in pairs.chain(op.lhs_contract.iter().zip(&op.rhs_contract)) {
        let (a, b) = (a as usize, b as usize);
        let (m, n) = (l.ty.shape[a], r.ty.shape[b]);
        let (dynamic_l, dynamic_r) = (of[0].filter(|_| a == 0), of[1].filter(|_| b == 0));
        if dynamic_l.is_none() && dynamic_r.is_none() {
            if m != n {
                let why = format!("of {} and {}, whose extents do not pair", l.ty, r.ty);
                return Err(Unsupported::mismatch(NAME, why));
            }
            continue;
        }
        let (x, y) = (
            dynamic_l.map_or_else(|| cx.u64(m), |a| a.len.clone()),
            dynamic_r.map_or_else(|| cx.u64(n), |a| a.len.clone()),
        );
        if x.name != y.name {
            let same = cx.compared("EQ", &x, &y);
            let kind = TrapKind::ShapeMismatch {
                op: NAME.into(),
                a: Vec::new(),
                b: Vec::new(),
            };
            cx.check(&same, kind);
        }
        let room = match (dynamic_l, dynamic_r) {
            (None, _) => m,
            (_, None) => n,
            _ => m.min(n),
        };
        for (t, axis) in [(&mut l, a), (&mut r, b)] {
            let s = cx.with_room(&t.clone().into(), axis, room)?;
            *t = cx.fixed(&s, NAME)?;
        }
    }
    Ok((l, r))
}

/// The product of integers with the core's traps: all products, then their sums in order.
fn in_order(cx: &mut Cx<'_>, op: &DotDims, l: &Tensor, r: &Tensor, free: [&[u32]; 2]) -> Tensor {
    let arrange = |cx: &mut Cx<'_>, t: &Tensor, batch: &[u32], free: &[u32], contract: &[u32]| {
        let perm: Vec<usize> = [batch, free, contract]
            .concat()
            .iter()
            .map(|&k| k as usize)
            .collect();
        transposed(cx, t, &perm)
    };
    let l = arrange(cx, l, &op.lhs_batch, free[0], &op.lhs_contract);
    let r = arrange(cx, r, &op.rhs_batch, free[1], &op.rhs_contract);
    let (b, m, n) = (op.lhs_batch.len(), free[0].len(), free[1].len());
    let k = op.lhs_contract.len();
    let shape: Vec<u64> = l.ty.shape[..b + m]
        .iter()
        .chain(&r.ty.shape[b..])
        .copied()
        .collect();
    let left: Vec<usize> = (0..b + m).chain(b + m + n..b + m + n + k).collect();
    let right: Vec<usize> = (0..b).chain(b + m..b + m + n + k).collect();
    let l = cx.spread(&l, &shape, &left);
    let r = cx.spread(&r, &shape, &right);
    let p = binary::product(cx, NAME, &l, &r);
    if k == 0 {
        return p;
    }
    let axes: Vec<usize> = (b + m + n..b + m + n + k).collect();
    reduce_in_order(cx, &p, &axes, Fold::Sum, NAME)
}
