//! How nearly results must agree with the interpreter's.
//!
//! Integers, booleans and structure to the bit. Floats: sums and products are XLA's in an order of its own, and its functions of a float are good to a few units in
//! the last place, so the error, relative to the magnitude or to 1, may be [`DOUBLE`] or [`SINGLE`]; NaN and infinities must be where they are.

use crate::op_matrix::values::{error, number};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, Type};
use cotangent_core::value::{Scalar, Val};
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

/// How nearly results must agree.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Nearness {
    /// To the bit, but for the bits of a NaN: the sign of zero counts.
    Exact,
    /// Up to this error; zeros of either sign are one.
    Within(f64),
}

/// What differs, and at which element of a tensor.
pub struct Difference {
    pub what: String,
    pub at: Option<usize>,
}

/// What differs, if anything does.
pub fn differs(got: &[Val], want: &[Val], nearness: Nearness) -> Option<Difference> {
    let whole = |what: String| Some(Difference { what, at: None });
    if got.len() != want.len() {
        return whole(format!("{} results, not {}", got.len(), want.len()));
    }
    for (x, y) in got.iter().zip(want) {
        let (Val::Tensor(p), Val::Tensor(q)) = (x, y) else {
            if let Some(what) = apart(x, y, nearness) {
                return whole(what);
            }
            continue;
        };
        if p.shape != q.shape || p.dtype() != q.dtype() {
            return whole(format!("{x:?}, not {y:?}"));
        }
        for i in 0..p.data.len() {
            let (a, b) = (Val::Scalar(p.data.get(i)), Val::Scalar(q.data.get(i)));
            if let Some(what) = apart(&a, &b, nearness) {
                let what = format!("{what} at element {i} of {:?}", p.shape);
                return Some(Difference { what, at: Some(i) });
            }
        }
    }
    None
}

fn apart(got: &Val, want: &Val, nearness: Nearness) -> Option<String> {
    let off = match (nearness, error(got, want)) {
        (Nearness::Within(t), Ok(e)) if e <= t => return None,
        (_, Ok(e)) => format!("error {e:e}"),
        (_, Err(e)) => e,
    };
    if nearness == Nearness::Exact && same(got, want) {
        return None;
    }
    Some(format!("{got:?}, not {want:?}: {off}"))
}

/// The same bits; NaN is NaN.
fn same(a: &Val, b: &Val) -> bool {
    let part = |x: f64, y: f64| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
    let scalar = |x: Scalar, y: Scalar| {
        x.dtype() == y.dtype()
            && if x.dtype().is_differentiable() {
                let (x, y) = (number(x), number(y));
                part(x.re, y.re) && part(x.im, y.im)
            } else {
                x.same_bits(y)
            }
    };
    match (a, b) {
        (Val::Scalar(x), Val::Scalar(y)) => scalar(*x, *y),
        (Val::Tensor(x), Val::Tensor(y)) => {
            x.shape == y.shape && (0..x.data.len()).all(|i| scalar(x.data.get(i), y.data.get(i)))
        }
        (Val::Record(x), Val::Record(y)) | (Val::Seq(x), Val::Seq(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| same(x, y))
        }
        (x, y) => x.same_bits(y),
    }
}

/// Whether a trap is the one that was wanted: what depends on the run (an index, a row) is not carried out of the device.
pub fn same_trap(got: &TrapKind, want: &TrapKind) -> bool {
    discriminant(got) == discriminant(want)
}
