//! The core of Cotangent: the IR, automatic differentiation and the reference interpreter, usable anywhere.
//!
//! Where to start: [`ir`] for the data, [`ops`] for what each operation means, [`ad`] for derivatives, [`interp`] to run a
//! program. `ARCHITECTURE.md` beside this crate holds the map and the numbered invariants.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod ad;
pub mod entity;
pub mod error;
pub mod interp;
pub mod ir;
pub mod ops;
pub mod pass;
pub mod stage;
pub mod text;
pub mod transform;
pub mod value;
pub mod verify;

/// What the macros name: also with `crate = cotangent_core` in place of the facade.
#[doc(hidden)]
pub use stage as __stage;

/// What an opaque function is called through where there is no facade.
#[doc(hidden)]
pub fn __host(
    _: &'static str,
    f: impl Fn(&[value::Val]) -> Result<alloc::vec::Vec<value::Val>, alloc::string::String>
    + Send
    + Sync
    + 'static,
) -> ir::HostFn {
    ir::HostFn::new(f)
}

/// The methods of an annotated function need the facade: without it they are left out.
#[doc(hidden)]
#[macro_export]
macro_rules! __api {
    ($($methods:tt)*) => {};
}
