//! What each operation means, one file per family: facts, type rule, evaluation, jvp, transpose, batching, simplification.
//!
//! The functions here dispatch to the families by one exhaustive match, so a new op does not compile until it has every
//! behaviour. Every family file has the same functions with the same signatures. Start with [`unary`] for the pattern.

pub mod array;
pub mod binary;
pub mod compare;
pub mod constant;
pub mod control;
pub mod convert;
pub mod distributions;
pub mod dot;
pub mod effect;
pub mod fft;
pub mod index;
pub mod linalg;
pub mod place;
pub mod random;
pub mod reduce;
pub mod shape;
pub mod slot;
pub mod sort;
pub mod special;
pub mod tangent;
pub mod ternary;
pub mod unary;
pub mod window;

mod along;
pub(crate) mod batch;
mod complex;
mod cx;
mod elementwise;
mod extent;
mod float;
mod int;
mod number;
mod strided;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use cx::not_differentiable;
pub use cx::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
pub use elementwise::Domain;
pub use place::place_type;

use crate::error::{AdError, TrapKind, TypeError, Why};
use crate::ir::{ArrayOp, ControlOp, Op, Type};
use crate::value::Val;
use alloc::string::String;
use alloc::vec::Vec;

/// Calls the function `$f` of the op's family with the family's payload.
macro_rules! family {
    ($op:expr, $f:ident($($arg:expr),*)) => {
        match $op {
            Op::Const(o) => constant::$f(o $(, $arg)*),
            Op::Unary(o) => unary::$f(o $(, $arg)*),
            Op::Binary(o) => binary::$f(o $(, $arg)*),
            Op::Ternary(o) => ternary::$f(o $(, $arg)*),
            Op::Compare(o) => compare::$f(o $(, $arg)*),
            Op::Convert(o) => convert::$f(o $(, $arg)*),
            Op::Place(o) => place::$f(o $(, $arg)*),
            Op::Array(o) => array::$f(o $(, $arg)*),
            Op::Shape(o) => shape::$f(o $(, $arg)*),
            Op::Index(o) => index::$f(o $(, $arg)*),
            Op::Reduce(o) => reduce::$f(o $(, $arg)*),
            Op::Sort(o) => sort::$f(o $(, $arg)*),
            Op::Dot(o) => dot::$f(o $(, $arg)*),
            Op::Random(o) => random::$f(o $(, $arg)*),
            Op::Linalg(o) => linalg::$f(o $(, $arg)*),
            Op::Fft(o) => fft::$f(o $(, $arg)*),
            Op::Window(o) => window::$f(o $(, $arg)*),
            Op::Tangent(o) => tangent::$f(o $(, $arg)*),
            Op::Control(o) => control::$f(o $(, $arg)*),
            Op::Effect(o) => effect::$f(o $(, $arg)*),
            Op::Slot(o) => slot::$f(o $(, $arg)*),
        }
    };
}

/// The op's name in the text form, without attributes.
pub fn mnemonic(op: &Op) -> &'static str {
    family!(op, mnemonic())
}

/// The op's name for messages.
pub fn name(op: &Op) -> String {
    String::from(mnemonic(op))
}

/// The types of the results, or why the operands do not suit. Control ops: see [`control::infer_regions`].
pub fn infer(op: &Op, operands: &[Type]) -> Result<Vec<Type>, TypeError> {
    family!(op, infer(operands)).map_err(|why| type_error(op, operands, why))
}

/// A [`TypeError`] of an op.
pub fn type_error(op: &Op, operands: &[Type], why: Why) -> TypeError {
    TypeError {
        op: name(op),
        operands: operands.to_vec(),
        why,
    }
}

/// How many results a non-control op has when it has `operands` operands.
pub fn result_count(op: &Op, operands: usize) -> usize {
    match op {
        Op::Sort(_) => operands,
        Op::Linalg(o) => linalg::result_count(o),
        Op::Array(ArrayOp::Pop) => 2,
        Op::Tangent(crate::ir::TangentOp::CustomLinear { results, .. }) => results.len(),
        Op::Effect(crate::ir::EffectOp::Host(h)) => h.results.len(),
        Op::Effect(_) => 0,
        Op::Slot(s) => usize::from(matches!(s, crate::ir::SlotOp::Get(..))),
        Op::Control(
            ControlOp::If | ControlOp::Switch | ControlOp::While | ControlOp::For | ControlOp::Map,
        ) => 0,
        Op::Control(ControlOp::Call(_) | ControlOp::Derive { .. }) => 0,
        Op::Const(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Compare(_)
        | Op::Convert(_)
        | Op::Place(_)
        | Op::Array(_)
        | Op::Shape(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Tangent(_) => 1,
    }
}

/// Whether the instruction may be removed or moved. Control ops report [`Effects::Effect`] here: their regions decide
/// (see `pass`).
pub fn effects(op: &Op, operands: &[&Type]) -> Effects {
    family!(op, effects(operands))
}

/// Evaluates a non-control op, pushing the results to `out`.
pub fn eval(op: &Op, args: &mut Args<'_>, out: &mut Vec<Val>, cx: &EvalCx) -> Result<(), TrapKind> {
    family!(op, eval(args, out, cx))
}

/// Emits the tangents of a non-control op's results. Called only if some operand has a tangent and some result a tangent
/// space.
pub fn jvp(op: &Op, cx: &mut JvpCx<'_>) -> Result<(), AdError> {
    family!(op, jvp(cx))
}

/// Emits the cotangents of a linear non-control op's linear operands. Called only if some result has a cotangent.
pub fn transpose(op: &Op, cx: &mut dyn TransposeCx) -> Result<(), AdError> {
    family!(op, transpose(cx))
}

/// A simpler equivalent of an instruction, if its family knows one. Constant folding is `pass::fold`'s.
pub fn simplify(op: &Op, cx: &SimplifyCx<'_>) -> Option<Simplified> {
    family!(op, simplify(cx))
}

/// How the results of a non-control op are held, given how its operands are, some of which differ between the lanes.
pub(crate) fn batched_forms(
    op: &Op,
    args: &[batch::Form],
    tys: &[Type],
    results: &[Type],
) -> Vec<batch::Form> {
    match op {
        Op::Place(o) => place::forms(o, args, tys, results),
        Op::Array(o) => array::forms(o, args, results),
        Op::Shape(o) => shape::forms(o, args, results),
        Op::Index(_) => index::forms(args, results),
        Op::Tangent(o) => tangent::forms(o, args, tys, results),
        Op::Fft(_) => fft::forms(args, results),
        Op::Window(o) => window::forms(o, args, results),
        Op::Effect(_) => effect::forms(results),
        Op::Const(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Compare(_)
        | Op::Convert(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Control(_)
        | Op::Slot(_) => batch::plain(args, results),
    }
}

/// Emits a non-control op for all lanes at once; `None` if it is to be run lane by lane.
pub(crate) fn batch(op: &Op, cx: &mut batch::BatchCx<'_>) -> batch::Batched {
    family!(op, batch(cx))
}
