//! Everything that can go wrong with a plugin, on one that does so on request; and that nothing is left behind.

mod support;

mod failures;
mod leaks;
mod loading;
