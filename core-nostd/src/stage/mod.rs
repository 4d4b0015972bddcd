//! The run-time half of the front end.
pub mod data;
