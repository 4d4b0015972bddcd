//! Stable ascending sort along an axis by the first operand; floats by IEEE 754's total order, as the core has them. In an array of unknown length
//! what is beyond it stays behind: it is the greatest, and it comes last of equals.

use super::error::{Result, Unsupported};
use super::math::extreme;
use super::reduce::within;
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::{Cx, compare};
use cotangent_core::ir::DType;
use cotangent_core::value::Scalar;

/// Writes an operation of the family.
pub(super) fn emit(cx: &mut Cx<'_>, axis: u32, args: &[Sym]) -> Result<Vec<Sym>> {
    let mut tensors = Vec::with_capacity(args.len());
    let mut array: Option<Array> = None;
    for s in args {
        match s {
            Sym::Array(a) => {
                tensors.push(cx.fixed(&a.items, "sort")?);
                array = Some(a.clone());
            }
            s => tensors.push(cx.fixed(s, "sort")?),
        }
    }
    if tensors.iter().any(|t| t.ty.shape != tensors[0].ty.shape) {
        let why = "its operands have different shapes";
        return Err(Unsupported::mismatch("sort", why));
    }
    if let Some(a) = array.as_ref().filter(|_| axis == 0) {
        let beyond = match tensors[0].ty.dtype {
            // Of all floats NaN with all digits is the last.
            DType::F32 => Scalar::F32(f32::from_bits(0x7fff_ffff)),
            DType::F64 => Scalar::F64(f64::from_bits(0x7fff_ffff_ffff_ffff)),
            d => extreme(d, true),
        };
        tensors[0] = within(cx, a, &tensors[0].clone(), beyond);
    }
    let out = sorted(cx, &tensors, axis as usize);
    Ok(out
        .into_iter()
        .map(|t| match &array {
            None => t.into(),
            Some(a) => Sym::Array(Array {
                items: Box::new(t.into()),
                ..a.clone()
            }),
        })
        .collect())
}

/// Tensors of one shape, sorted by the first one.
pub(super) fn sorted(cx: &mut Cx<'_>, tensors: &[Tensor], axis: usize) -> Vec<Tensor> {
    let params: Vec<TensorLayout> = tensors
        .iter()
        .flat_map(|t| vec![TensorLayout::scalar(t.ty.dtype); 2])
        .collect();
    let kind = match tensors[0].ty.dtype {
        d if d.is_float() => "TOTALORDER",
        d if d.is_signed() => "SIGNED",
        _ => "UNSIGNED",
    };
    let made = cx.block(&params, |cx, p| {
        let ty = TensorLayout::scalar(DType::Bool);
        let less = cx.op("compare", &[&p[0], &p[1]], &compare("LT", kind), ty);
        Ok::<_, std::convert::Infallible>(vec![less])
    });
    let Ok(block) = made;
    let refs: Vec<&Tensor> = tensors.iter().collect();
    let types = tensors.iter().map(|t| t.ty.clone()).collect();
    let attributes = format!("dimension = {axis} : i64, is_stable = true");
    cx.op_with_blocks("sort", &refs, &attributes, types, &[block])
}
