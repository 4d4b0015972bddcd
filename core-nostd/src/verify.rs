//! The verifier.

/// How deeply regions may nest.
pub const MAX_REGION_DEPTH: usize = 200;
/// How deeply records, sequences and stacks may nest in a type.
pub const MAX_TYPE_DEPTH: usize = 64;
/// How many axes a tensor may have.
pub const MAX_RANK: usize = 64;
