//! Traits of the user's, functions generic over them, `Default`.

use crate::check;
use cotangent::{Differentiable, differentiable};

#[differentiable]
trait Shape {
    const SIDES: usize;
    fn unit() -> Self;
    fn area(&self) -> f64;
    fn scale(&mut self, k: f64);
    fn scaled(&self, k: f64) -> Self;
    fn weigh(&self, ws: &[f64], f: impl Fn(f64) -> f64) -> f64 {
        let mut s = 0.0;
        for w in ws {
            s += w * f(self.area());
        }
        s
    }
    fn twice(&mut self) -> f64 {
        let a = self.area();
        self.scale(2.0);
        a
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Disc {
    r: f64,
}
#[derive(Clone, Copy, Debug, PartialEq, Default, Differentiable)]
struct Rect {
    w: f64,
    h: f64,
}

#[differentiable]
impl Shape for Disc {
    const SIDES: usize = 0;
    fn unit() -> Self {
        Disc { r: 1.0 }
    }
    fn area(&self) -> f64 {
        3.0 * self.r * self.r
    }
    fn scale(&mut self, k: f64) {
        self.r *= k;
    }
    fn scaled(&self, k: f64) -> Self {
        Disc { r: self.r * k }
    }
}
#[differentiable]
impl Shape for Rect {
    const SIDES: usize = 4;
    fn unit() -> Self {
        Self { w: 1.0, h: 1.0 }
    }
    fn area(&self) -> f64 {
        self.w * self.h
    }
    fn scale(&mut self, k: f64) {
        self.w *= k;
        self.h *= k;
    }
    fn scaled(&self, k: f64) -> Self {
        let mut s = *self;
        s.scale(k);
        s
    }
    fn twice(&mut self) -> f64 {
        self.w += 1.0;
        self.area()
    }
}

#[differentiable]
fn grow<S: Shape>(s: &mut S, n: usize) -> f64 {
    let mut total = 0.0;
    for _ in 0..n {
        total += s.area() + s.twice();
        s.scale(0.75);
    }
    total + S::SIDES as f64
}

#[differentiable]
fn compare<A: Shape + Copy, B>(a: &A, b: B) -> f64
where
    B: Shape,
{
    let u = A::unit().scaled(3.0);
    let mut c = *a;
    c.scale(2.0);
    u.area() + c.area() - b.area() + a.weigh(&[1.0, 2.0], |x| x * 0.5)
}

#[differentiable]
fn sum_areas<S: Shape>(shapes: &[S]) -> f64 {
    shapes.iter().map(|s| s.area()).sum()
}

#[differentiable]
fn all_shapes(x: f64) -> f64 {
    let mut d = Disc { r: x };
    let mut r = Rect { w: x, h: 2.0 };
    let a = grow(&mut d, 3) + grow(&mut r, 2);
    let e = d.twice();
    a + e + compare(&d, r) + compare(&r, d) + sum_areas(&[d, Disc { r: 1.0 }]) + sum_areas(&vec![r])
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Options {
    rate: f64,
    steps: usize,
    weights: Vec<f64>,
}
impl Default for Options {
    fn default() -> Self {
        Options {
            rate: 0.5,
            steps: 3,
            weights: vec![1.0, 2.0],
        }
    }
}

#[differentiable]
fn defaults(x: f64) -> (Options, Rect, f64, Vec<f64>) {
    let mut o = Options {
        rate: x,
        ..Default::default()
    };
    o.weights.push(x);
    let p = Options {
        steps: 7,
        ..Options::default()
    };
    let z: f64 = Default::default();
    let v: Vec<f64> = Vec::default();
    let mut taken = vec![x];
    let was = std::mem::take(&mut taken);
    (
        o,
        Rect::default(),
        z + p.rate + was[0] + v.len() as f64,
        taken,
    )
}

#[test]
fn all() {
    for x in [0.5, 2.0] {
        check!(all_shapes(x));
        check!(defaults(x));
        let d = (all_shapes(x + 1e-6) - all_shapes(x - 1e-6)) / 2e-6;
        let g = all_shapes::gradient(x).unwrap();
        assert!((g - d).abs() < 1e-5 * d.abs(), "{g} {d}");
    }
}
