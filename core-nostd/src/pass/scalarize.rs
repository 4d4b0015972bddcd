//! Scalar replacement of small arrays: a tensor of few elements whose indices are all constants becomes that many scalars.
//!
//! ```text
//! a = default f64[2]                            z = default f64
//! r = for i in 0..n (b = a: f64[2]) {           r0, r1 = for i in 0..n (b0 = z: f64, b1 = z: f64) {
//!   x = get b[0] : f64                            y = add b0, k : f64
//!   y = add x, k : f64                      =>    yield b1, y
//!   c = get b[1] : f64                          }
//!   …
//! ```
//!
//! Values that flow into each other (through updates, branches and loops, elementwise operations) form a *web*, and a web is
//! taken apart as a whole or not at all ([`plan`]): not if an index into it is not constant, and only if some access to it
//! becomes cheaper. Where a whole array is needed all the same (a call, a record, the result of the function) it is
//! put together there ([`rewrite`]). A row of a larger array is read and written element by element.
//!
//! Run [`unroll`](super::unroll) before: it makes indices constant.

mod plan;
mod rewrite;

use crate::ir::{Builder, Func, Module, TensorType, Type};

/// The most elements of an array that is taken apart.
pub const MAX_ELEMENTS: u64 = 16;

/// Functions of more instructions than this are left as they are.
const MAX_SIZE: usize = 20_000;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Takes small arrays apart in one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    if f.size() > MAX_SIZE {
        return false;
    }
    let plan = plan::Plan::of(f);
    if !plan.any() {
        return false;
    }
    let whole = core::mem::replace(f, Func::new("", &[], &[]));
    *f = rewrite::rewrite(Builder::on(whole), &plan);
    true
}

/// The tensor type and number of elements of an array that may be taken apart.
fn small(ty: &Type) -> Option<(&TensorType, u64)> {
    let t = ty.as_tensor()?;
    if t.shape.is_empty() {
        return None;
    }
    let n = t
        .shape
        .iter()
        .try_fold(1u64, |n, d| n.checked_mul(d.known()?))?;
    (1..=MAX_ELEMENTS).contains(&n).then_some((t, n))
}
