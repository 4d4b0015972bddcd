//! What can go wrong in a solver: a value, with where it happened.

use crate::Differentiable;
use std::fmt;

/// Why there is no solution. In a `#[differentiable]` function `?` passes it on, `.unwrap()` makes it the error of the call.
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
pub enum Failure {
    /// The largest number of steps or iterations was not enough: how far it came (a time, or for iterations the size of the last change).
    TooManySteps {
        /// Time reached, or size of the last change.
        at: f64,
    },
    /// The error is too large with the smallest step that changes the time: the solution is not smooth there, or infinite soon after.
    StepTooSmall {
        /// Time reached.
        at: f64,
    },
    /// The equation has a value that is not a number or not finite.
    NotFinite {
        /// Time, or number of iterations.
        at: f64,
    },
    /// A time that a state is asked for at lies before the one before it.
    OutOfOrder {
        /// That time.
        at: f64,
    },
    /// The system to solve has no unique solution.
    Singular {
        /// Time, or number of iterations.
        at: f64,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::TooManySteps { at } => write!(
                f,
                "the largest number of steps is reached at {at:e}; allow more steps, or larger errors"
            ),
            Failure::StepTooSmall { at } => write!(
                f,
                "no step is small enough at {at:e}; the solution may be infinite there, or the system stiff"
            ),
            Failure::NotFinite { at } => {
                write!(f, "the equation has no finite value at {at:e}")
            }
            Failure::OutOfOrder { at } => {
                write!(
                    f,
                    "the times are not in order: {at:e} is behind the one before it"
                )
            }
            Failure::Singular { at } => {
                write!(f, "the linear system at {at:e} has no unique solution")
            }
        }
    }
}

impl std::error::Error for Failure {}
