//! Nothing: the tests of this crate are what a user's property tests look like.
