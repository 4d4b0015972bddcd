//! The run-time half of the front end.
