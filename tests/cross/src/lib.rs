//! Annotated items for use from another crate. No `std`, edition 2021, and the core in place of the facade.
#![no_std]
#![allow(
    clippy::assign_op_pattern,
    reason = "each construct is written in every way a user may"
)]

extern crate alloc;

use alloc::vec::Vec;
use cotangent_core as cotangent;
use cotangent_macros::{differentiable, Differentiable};

/// A constant used across crates.
pub const SCALE: f64 = 1.5;

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
#[cotangent(crate = cotangent)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// A path of points.
#[derive(Clone, Debug, PartialEq, Differentiable)]
#[cotangent(crate = cotangent)]
pub enum Route {
    /// Nowhere.
    Stay,
    /// Straight.
    Line(Point, Point),
    /// Along points.
    Along {
        /// The points.
        points: Vec<Point>,
    },
}

/// The square of the distance.
#[differentiable(crate = cotangent)]
pub fn distance2(a: Point, b: Point) -> f64 {
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    dx * dx + dy * dy
}

/// The sum of the squares of the steps.
#[differentiable(crate = cotangent)]
pub fn length(r: &Route) -> f64 {
    match r {
        Route::Stay => 0.0,
        Route::Line(a, b) => distance2(*a, *b),
        Route::Along { points } => points.windows(2).map(|w| distance2(w[0], w[1])).sum(),
    }
}

/// Of any float.
#[differentiable(crate = cotangent)]
pub fn mean<T: cotangent::stage::Float>(xs: &[T]) -> T {
    let mut s = T::from_f64(0.0);
    for x in xs {
        s = s + *x;
    }
    s / T::from_f64(xs.len() as f64)
}

/// Of a function.
#[differentiable(crate = cotangent)]
pub fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

/// Changes what it is given.
#[differentiable(crate = cotangent)]
pub fn shift(p: &mut Point, by: f64) {
    p.x += by * SCALE;
    p.y -= by;
}
