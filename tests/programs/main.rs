//! Programs as scientists write them. Each is checked three ways, see [`support::agrees`]: value, gradient, derivative in a direction.

#![allow(clippy::all, reason = "programs as people write them")]

#[macro_use]
mod support;

mod calculus;
mod control;
mod dynamic;
mod idioms;
mod linear;
mod models;
mod physics;
mod signals;
mod structures;
