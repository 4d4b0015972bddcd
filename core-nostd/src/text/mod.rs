//! The text and binary forms of the IR.
