//! Elementwise operations: on scalars straight, on tensors a loop over the elements.

use super::Unsupported;
use super::cx::{Cx, Flat};
use super::scalar::{self, Elementwise};
use cotangent_core::entity::Inst;
use cotangent_core::ir::{DType, Type};

/// Lowers an elementwise instruction.
pub(super) fn lower(cx: &mut Cx<'_>, op: Elementwise, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let tys: Vec<&Type> = d.args.iter().map(|&v| cx.func.ty(v)).collect();
    let dtypes: Vec<DType> = tys
        .iter()
        .map(|t| t.dtype().unwrap_or(DType::F64))
        .collect();
    if cx.func.ty(d.results[0]).is_scalar() {
        let args: Vec<Flat> = (0..d.args.len()).map(|k| cx.arg(d, k)).collect();
        let out = scalar::lower(cx, op, &args, &dtypes);
        cx.result(d, 0, out);
        return Ok(());
    }
    super::fallback::lower(cx, i)
}
