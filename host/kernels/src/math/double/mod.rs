//! The double-precision functions, one file per family, each written once for any [`Lane`].
//!
//! Where to start: `exp.rs` shows the pattern: clamp what would leave the range of the method, reduce, a polynomial, scale back,
//! then `select` the special values. Sums that must keep more than 53 bits are pairs `(hi, lo)`, see `pair.rs`.

pub(crate) mod erf;
pub(crate) mod exp;
pub(crate) mod hyper;
pub(crate) mod inverse;
pub(crate) mod log;
pub(crate) mod pair;
pub(crate) mod pow;
pub(crate) mod root;
pub(crate) mod trig;
