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
