//! The text form and the binary form of the IR.
//!
//! Where to start: [`print()`] and [`parse()`] (text), [`encode`] and [`decode`] (binary), [`print_value`] and [`parse_value`]
//! (arguments and results). One module per idea: `names` op names, `order`
//! canonical numbers, `number` literals, `print` the printer, `lex`, `cursor`, `parse`, `parse_op`, `window` the parser, `binary` the binary form, `value` values.
//!
//! # The text form
//!
//! ```text
//! cotangent 1
//! file 0 "src/main.rs"
//! func @norm(v0: f64[?], v1: u64) -> (f64) rule jvp @norm_jvp @0:3:1 {
//!   slot s0: f64 "acc"
//!   v2 = const u64 0
//!   v3 = const f64 0x0p0                    ; 0
//!   v4 = for v5: u64 in v2..v1 (v6 = v3: f64) @3:5 {
//!     v7 = get v0[v5] : f64
//!     v8 = multiply v7, v7 : f64
//!     v9 = add v6, v8 : f64
//!     yield v9
//!   }
//!   v10 = sqrt v4 : f64
//!   return v10
//! }
//! ```
//!
//! * Results `v1, v2 =`, the op, attributes, operands, result types after `:`, the source place `@line:col` or
//!   `@file:line:col` (file 0 is not written). Types that follow from the rest of the line (constants, `for`, `while`) are written
//!   only where they differ.
//! * `apart` after the results (and the rule) of a function: calls of it stay calls ([`Func::apart`](crate::ir::Func::apart)).
//! * Places are `base[index].field`: `get v0[v1].2`, `update v0[v1] = v2`, `add_at v0[v1] += v2`, `slot_get s0[v1]`, `slot_set s0[v1] = v2`.
//! * Regions are in braces: `if c : f64 { … } else { … }`, `switch i : f64 case 0 { … } case 1 { … }`,
//!   `while (v1 = v0: f64) { … yield cond } do (v2: f64) { … }`, `for`, `map (v1 = v0: f64) : f64[?] { … }`, `block l0 { … br l0 }`.
//! * Floats are hexadecimal (`0x1.8p1`), `inf`, `nan`, `nan:0x1` (payload bits); a reader takes decimal too. Complex numbers are `(re, im)`.
//! * A comment is from `;` to the end of the line.
//!
//! Invariant: printing numbers values, labels and regions in the order in which they appear, and leaves out what is in no region. Two modules are
//! the same if they print the same; printing what was parsed gives the same text, byte for byte.

mod binary;
mod cursor;
mod lex;
mod names;
mod number;
mod order;
mod parse;
mod parse_op;
mod print;
#[cfg(test)]
mod tests;
mod value;
mod window;

pub use binary::{DecodeError, decode, encode, seal};
pub use lex::ParseError;
pub use parse::{Places, parse, parse_with_places};
pub(crate) use print::print_noted;
pub use print::{print, print_func};
pub use value::{parse_value, parse_values, print_value, print_values};
