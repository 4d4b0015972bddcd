//! Comparing a plain call with the interpreted program.

use cotangent::Datum;
use cotangent::core::stage::data::flatten;
use cotangent::core::value::{Scalar, Val};

/// Whether two values agree, floats within a relative tolerance.
fn agree(a: &Val, b: &Val, tol: f64) -> bool {
    let close = |x: f64, y: f64| {
        x.to_bits() == y.to_bits()
            || x.is_nan() && y.is_nan()
            || (x - y).abs() <= tol * x.abs().max(y.abs())
    };
    let scalar = |a: Scalar, b: Scalar| match (a, b) {
        (Scalar::F64(x), Scalar::F64(y)) => close(x, y),
        (Scalar::F32(x), Scalar::F32(y)) => {
            close(x.into(), y.into()) || tol > 0.0 && (x - y).abs() <= 1e-5 * x.abs()
        }
        (Scalar::C128(x), Scalar::C128(y)) => (x - y).norm() <= tol * x.norm(),
        (a, b) => a.same_bits(b),
    };
    match (a, b) {
        (Val::Unit, Val::Unit) => true,
        (Val::Scalar(a), Val::Scalar(b)) => scalar(*a, *b),
        (Val::Tensor(a), Val::Tensor(b)) => {
            a.shape == b.shape && (0..a.data.len()).all(|i| scalar(a.data.get(i), b.data.get(i)))
        }
        (Val::Record(a), Val::Record(b)) | (Val::Seq(a), Val::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| agree(a, b, tol))
        }
        _ => false,
    }
}

/// Panics unless the data agree.
#[track_caller]
pub fn same<T: Datum, U: Datum>(plain: &T, staged: &U, tol: f64, ir: impl FnOnce() -> String) {
    let (a, b) = (flatten(plain), flatten(staged));
    let ok = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| agree(a, b, tol));
    assert!(ok, "plain: {a:?}\nstaged: {b:?}\n{}", ir());
}

/// The plain call gives what the interpreted program gives, to the last bit.
#[macro_export]
macro_rules! check {
    ($($f:ident)::+ ($($arg:expr),* $(,)?)) => {
        $crate::check!(@ 0.0, $($f)::+, $($arg),*)
    };
    (@ $tol:expr, $($f:ident)::+, $($arg:expr),*) => {{
        let plain = $($f)::+($($arg),*);
        match $($f)::+::call($($arg),*) {
            Ok(staged) => $crate::support::same(&plain, &staged, $tol, || $($f)::+::ir().unwrap_or_default()),
            Err(e) => panic!("{}: {e}\n{}", stringify!($($f)::+), $($f)::+::ir().unwrap_or_else(|e| e.to_string())),
        }
    }};
}

/// As `check!`, to 1e-12.
#[macro_export]
macro_rules! near {
    ($($f:ident)::+ ($($arg:expr),* $(,)?)) => {
        $crate::check!(@ 1e-12, $($f)::+, $($arg),*)
    };
}
