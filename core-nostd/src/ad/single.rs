//! Gradients with respect to one number, in forward mode: beside a loop runs that of its derivative, and nothing is saved for a way back.
//!
//! ```text
//! for i in 0..n { r = sin(r * x) }    =>    for i in 0..n { t = r * x; dt = dr * x + r; (r, dr) = (sin(t), cos(t) * dt) }
//! ```
//!
//! Reverse mode would save what the loop computes and walk it back, which takes longer than the loop's own latency hides. Without a loop there
//! is nothing to choose: straight code costs the same both ways.
//!
//! Not taken: heavy sums, whose ranges run at the same time in reverse mode, and whatever calls a function still, for rules may say what reverse mode
//! computes (so may marks for checkpoints, which are such calls by then).

use super::jvp::JvpKey;
use super::{Ad, Mask};
use crate::entity::FuncId;
use crate::error::AdError;
use crate::ir::{Builder, ControlOp, DType, DeriveKind, EffectOp, Func, Op};
use alloc::format;
use alloc::vec::Vec;

/// Whether the gradient of a function that was prepared for reverse mode, with respect to the parameters of the mask, is better made forward.
pub(super) fn pays(f: &Func, mask: &Mask) -> bool {
    let number = |d: Option<DType>| d.filter(|d| d.is_float());
    let mut chosen = f.params().iter().zip(mask).filter(|(_, m)| **m);
    let (Some((&x, _)), None) = (chosen.next(), chosen.next()) else {
        return false;
    };
    let x = f.ty(x);
    let [y] = &f.results[..] else { return false };
    let real = x.is_scalar() && y.is_scalar() && number(x.dtype()).is_some();
    if !real || x.dtype() != y.dtype() {
        return false;
    }
    let (mut loops, mut own) = (false, true);
    f.visit(f.body, &mut |_, d| {
        loops |= matches!(d.op, Op::Control(ControlOp::For | ControlOp::While));
        own &= !matches!(
            d.op,
            Op::Control(ControlOp::Call(_) | ControlOp::Derive { .. })
                | Op::Effect(EffectOp::Checkpoint(_) | EffectOp::Host(_))
        );
    });
    loops && own
}

impl Ad<'_> {
    /// The gradient with respect to the one parameter of the mask, with the value if that is asked for.
    pub(super) fn forward_gradient(
        &mut self,
        f: FuncId,
        kind: DeriveKind,
        mask: Mask,
    ) -> Result<FuncId, AdError> {
        let key = JvpKey {
            func: f,
            mask: mask.clone(),
            reverse: false,
        };
        let id = self.jvp(&key)?;
        let moves = self.jvps[&key].outs[0];
        let func = &self.m.funcs[f];
        let (params, y) = (func.param_types(), func.results[0].clone());
        let (suffix, value) = match kind {
            DeriveKind::ValueAndGradient => ("value_and_gradient", true),
            DeriveKind::Gradient | DeriveKind::Vjp | DeriveKind::Jvp | DeriveKind::Batch => {
                ("gradient", false)
            }
        };
        let name = format!("{}.{suffix}", self.name(f));
        let mut b = Builder::new(self.m.fresh_name(&name), &params);
        let dtype = y.dtype().unwrap_or(DType::F64);
        let mut args = b.params();
        args.push(b.real(dtype, 1.0));
        let results = self.m.funcs[id].results.clone();
        let out = b.call(id, &args, &results);
        let slope = match moves {
            true => out[1],
            false => b.real(dtype, 0.0),
        };
        let mut all = Vec::new();
        if value {
            all.push(out[0]);
        }
        all.push(slope);
        let func = b.finish(&all).map_err(AdError::Build)?;
        Ok(self.m.funcs.push(func))
    }
}
