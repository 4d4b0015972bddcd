//! What a backward function needs of the forward one.

use super::reverse::Pair;
use crate::entity::{Inst, Region, Value};
use crate::ir::Type;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Something the backward function needs of the forward one, named by the jvp function's values.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    /// A nonlinear value.
    Value(Value),
    /// An extent of a value (of its primal if linear); the length of a sequence.
    Dim(Value, u32),
    /// The zero of a linear value, with the run-time structure of its primal.
    Zeros(Value),
    /// An extra result of a branch.
    Extra(Inst, u32),
    /// A residual of a called function.
    Callee(Inst, u32),
    /// What a loop saved, in all its runs.
    Stack(Inst),
    /// What a value was when a loop ran last, in whose every iteration it is the same.
    Last(Value, Inst),
    /// How often a `while` ran.
    Count(Inst),
}

/// What the forward function has to supply.
#[derive(Default, Debug)]
pub(crate) struct Demands {
    /// Per region (the body: parameters of the backward function; a loop's body: fields of its record), in order.
    pub(crate) regions: HashMap<Region, Vec<(Key, Type)>>,
    /// What a called function takes of its operands, from the caller.
    pub(crate) operands: Vec<(Key, Type)>,
    /// Per branch: its extra results, each from one arm.
    pub(crate) extras: HashMap<Inst, Vec<(usize, Key, Type)>>,
    /// The forward and backward functions chosen per call.
    pub(crate) calls: HashMap<Inst, Pair>,
}

/// What a loop saves per iteration: the one residual, or a record of them.
pub(crate) fn saved_type(fields: &[(Key, Type)]) -> Type {
    match fields {
        [(_, one)] => one.clone(),
        many => Type::record(many.iter().map(|(_, t)| t.clone())),
    }
}
