//! `derive(Differentiable)` and `#[differentiable] impl` in annotated functions.

#![allow(
    clippy::needless_range_loop,
    clippy::assign_op_pattern,
    clippy::ptr_arg,
    reason = "programs as people write them"
)]

use cotangent::{Differentiable, differentiable};
use std::ops::{Add, Mul, Neg, Sub};

#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct V3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        V3 {
            x: self.x + o.x,
            y: self.y + o.y,
            z: self.z + o.z,
        }
    }
}
#[differentiable]
impl Sub for V3 {
    type Output = V3;
    fn sub(self, o: V3) -> V3 {
        V3 {
            x: self.x - o.x,
            y: self.y - o.y,
            z: self.z - o.z,
        }
    }
}
#[differentiable]
impl Mul<V3> for f64 {
    type Output = V3;
    fn mul(self, v: V3) -> V3 {
        V3 {
            x: self * v.x,
            y: self * v.y,
            z: self * v.z,
        }
    }
}
#[differentiable]
impl Neg for V3 {
    type Output = Self;
    fn neg(self) -> Self {
        -1.0 * self
    }
}

#[differentiable]
impl V3 {
    const ZERO: V3 = V3 {
        x: 0.0,
        y: 0.0,
        z: 0.0,
    };
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }
    fn dot(&self, o: &V3) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    fn norm(self) -> f64 {
        self.dot(&self).sqrt()
    }
    fn scale(&mut self, k: f64) {
        self.x *= k;
        self.y *= k;
        self.z *= k;
    }
    fn grown(mut self, k: f64) -> Self {
        self.scale(k);
        self
    }
}

#[differentiable]
fn geometry(a: V3, b: V3) -> f64 {
    let mut c = a - 2.0 * b + V3::ZERO + V3::new(1.0, 0.0, 0.0);
    c.scale(3.0);
    let d = -c.grown(0.5);
    d.norm() + V3::dot(&a, &b)
}

#[test]
fn methods_operators_and_constants() {
    let (a, b) = (V3::new(1.0, 2.0, 3.0), V3::new(0.5, -1.0, 2.0));
    let y = geometry(a, b);
    assert!((geometry::call(a, b).unwrap() - y).abs() < 1e-12);
    let (da, db) = geometry::gradient(a, b).unwrap();
    let h = 1e-6;
    let fd = |da: V3, db: V3| {
        (geometry(a + h * da, b + h * db) - geometry(a - h * da, b - h * db)) / (2.0 * h)
    };
    let unit = [
        V3::new(1.0, 0.0, 0.0),
        V3::new(0.0, 1.0, 0.0),
        V3::new(0.0, 0.0, 1.0),
    ];
    for (e, (ga, gb)) in unit.iter().zip([(da.x, db.x), (da.y, db.y), (da.z, db.z)]) {
        assert!((fd(*e, V3::ZERO) - ga).abs() < 1e-7);
        assert!((fd(V3::ZERO, *e) - gb).abs() < 1e-7);
    }
}

#[test]
fn methods_have_the_api_too() {
    let v = V3::new(3.0, 0.0, 4.0);
    let g = V3__norm::gradient(v).unwrap();
    assert!((g - V3::new(0.6, 0.0, 0.8)).norm() < 1e-15, "{g:?}");
    let (dv, dk) = V3__scale::pullback(&v, 2.0)
        .unwrap()
        .1
        .call(V3::new(1.0, 0.0, 0.0))
        .unwrap();
    assert_eq!((dv, dk), (V3::new(2.0, 0.0, 0.0), 3.0));
}

#[derive(Differentiable, Clone, PartialEq, Debug)]
enum Shape {
    Empty,
    Disc(f64),
    Rect { w: f64, h: f64 },
}

#[differentiable]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Empty => 0.0,
            Shape::Disc(r) => std::f64::consts::PI * r * r,
            Shape::Rect { w, h } => w * h,
        }
    }
    fn grown(&self, k: f64) -> Shape {
        match self {
            Self::Empty => Shape::Empty,
            Shape::Disc(r) => Self::Disc(k * r),
            Shape::Rect { w, h } => Shape::Rect { h: k * h, w: k * w },
        }
    }
}

#[differentiable]
fn total(shapes: &[Shape], k: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..shapes.len() {
        s += shapes[i].grown(k).area();
    }
    s
}

#[test]
fn enums() {
    let shapes = vec![
        Shape::Disc(2.0),
        Shape::Empty,
        Shape::Rect { w: 3.0, h: 4.0 },
    ];
    let k = 1.5;
    assert!((total::call(&shapes, k).unwrap() - total(&shapes, k)).abs() < 1e-12);
    let (ds, dk) = total::gradient(&shapes, k).unwrap();
    let pi = std::f64::consts::PI;
    assert!((dk - 2.0 * k * (4.0 * pi + 12.0)).abs() < 1e-9);
    match &ds[..] {
        [Shape::Disc(r), Shape::Empty, Shape::Rect { w, h }] => {
            assert!((r - 2.0 * pi * 2.0 * k * k).abs() < 1e-9);
            assert!((w - 4.0 * k * k).abs() < 1e-9);
            assert!((h - 3.0 * k * k).abs() < 1e-9);
        }
        other => panic!("{other:?}"),
    }
}

#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Dual<T> {
    v: T,
    d: T,
}

#[differentiable]
impl<T: cotangent::Float> Dual<T> {
    fn new(v: T, d: T) -> Self {
        Self { v, d }
    }
    fn times(self, o: Self) -> Self {
        Self::new(self.v * o.v, self.v * o.d + self.d * o.v)
    }
}

#[differentiable]
fn dual_cube(x: f64) -> f64 {
    let x = Dual::<f64>::new(x, 1.0);
    x.times(x).times(x).d
}

#[test]
fn generic_structs() {
    assert_eq!(dual_cube::call(2.0).unwrap(), 12.0);
    // d/dx of 3 x^2.
    assert_eq!(dual_cube::gradient(2.0).unwrap(), 12.0);
}

#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
#[cotangent(crate = cotangent::core)]
struct Bare {
    x: f64,
}
/// Without the facade: the twin is there, the methods are not.
#[differentiable(crate = cotangent::core)]
fn bare(p: Bare) -> f64 {
    p.x * p.x
}
#[differentiable]
fn calls_bare(x: f64) -> f64 {
    bare(Bare { x })
}

#[test]
fn the_core_alone_is_enough_for_a_twin() {
    assert_eq!(calls_bare::gradient(3.0).unwrap(), 6.0);
}
