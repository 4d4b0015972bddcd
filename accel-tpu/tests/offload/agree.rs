//! How nearly results must agree with the interpreter's.
//!
//! Integers, booleans and structure to the bit. Floats: sums and products are XLA's in an order of its own, and its functions of a float are good to a few units in
//! the last place, so the error, relative to the magnitude or to 1, may be [`DOUBLE`] or [`SINGLE`]; NaN and infinities must be where they are.

use crate::op_matrix::values::error;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, Type};
use cotangent_core::value::Val;
use std::mem::discriminant;

/// The error allowed where all floats are of double precision.
pub const DOUBLE: f64 = 4e-14;
/// Where some are of single precision.
pub const SINGLE: f64 = 3e-5;

/// Whether there is single precision in a type.
pub fn is_single(t: &Type) -> bool {
    match t {
        Type::Tensor(t) => matches!(t.dtype, DType::F32 | DType::C64),
        Type::Record(fields) => fields.iter().any(is_single),
        Type::Seq(t) | Type::Stack(t) => is_single(t),
    }
}

/// What differs, if anything does.
pub fn differs(got: &[Val], want: &[Val], tolerance: f64) -> Option<String> {
    if got.len() != want.len() {
        return Some(format!("{} results, not {}", got.len(), want.len()));
    }
    for (x, y) in got.iter().zip(want) {
        match error(x, y) {
            Ok(e) if e <= tolerance => {}
            Ok(e) => return Some(format!("{x:?}, not {y:?}: error {e:e}")),
            Err(e) => return Some(format!("{x:?}, not {y:?}: {e}")),
        }
    }
    None
}

/// Whether a trap is the one that was wanted: what depends on the run (an index, a row) is not carried out of the device.
pub fn same_trap(got: &TrapKind, want: &TrapKind) -> bool {
    discriminant(got) == discriminant(want)
}
