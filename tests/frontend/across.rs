//! Annotated functions and derived types of another crate: imported, renamed, re-exported, by path.

use crate::check;
use cotangent::differentiable;
use cotangent_cross as geometry;
use geometry::{Point, Route, distance2 as apart, length, mean, shift, twice};

mod prelude {
    pub use cotangent_cross::*;
}

#[differentiable]
fn journey(x: f64) -> f64 {
    let a = Point { x, y: 1.0 };
    let mut b = Point { x: 0.5, ..a };
    shift(&mut b, x);
    let r = Route::Line(a, b);
    let s = Route::Along {
        points: vec![a, b, a],
    };
    let t = twice(|v| v * x + prelude::SCALE, 2.0);
    length(&r)
        + length(&s)
        + length(&Route::Stay)
        + apart(a, b)
        + t
        + mean(&[x, 1.0, 2.0])
        + mean::<f32>(&[1.0, 2.0]) as f64
        + geometry::distance2(b, a)
}

#[test]
fn all() {
    for x in [-1.0, 0.0, 2.5] {
        check!(journey(x));
        let d = (journey(x + 1e-6) - journey(x - 1e-6)) / 2e-6;
        let g = journey::gradient(x).unwrap();
        assert!((g - d).abs() < 1e-6 * d.abs().max(1.0), "{g} {d}");
    }
}
