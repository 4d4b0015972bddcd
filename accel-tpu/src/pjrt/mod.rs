//! Bindings to PJRT, the C interface that every XLA plugin exports (`GetPjrtApi`).
