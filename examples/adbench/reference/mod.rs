//! The same four derivatives a second time, by hand: what the derivatives of the objectives are checked against.
//!
//! Nothing here calls the objective functions of the parent module, and each one also computes the objective.
//! `gmm` and `lstm` are written out from the formulas; `ba` and `hand` carry tangents along in dual numbers
//! (start at [`dual`]).

pub mod ba;
pub mod dual;
pub mod gmm;
pub mod hand;
pub mod lstm;
