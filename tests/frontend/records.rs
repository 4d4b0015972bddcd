//! Structs and enums in functions: literals, fields, places, updates, patterns.

use crate::check;
use cotangent::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Body {
    at: Point,
    mass: f64,
    trail: Vec<Point>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Kind {
    Dot,
    Disc(f64),
    Box { w: f64, h: f64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair(f64, usize);

#[differentiable]
fn area(k: Kind) -> f64 {
    match k {
        Kind::Dot => 0.0,
        Kind::Disc(r) if r < 0.0 => -1.0,
        Kind::Disc(r) => 3.0 * r * r,
        Kind::Box { w, h } => w * h,
    }
}

#[differentiable]
fn advance(b: &mut Body, dt: f64) -> f64 {
    let old = b.at;
    b.at.x += dt * b.mass;
    b.at = Point {
        y: b.at.y - dt,
        ..b.at
    };
    b.trail.push(old);
    let Point { x, y } = old;
    b.trail[0].x = b.trail[0].x + 1.0;
    match &mut b.kind {
        Kind::Disc(r) => *r *= 2.0,
        Kind::Box { w, .. } => *w += dt,
        Kind::Dot => b.kind = Kind::Disc(1.0),
    }
    x + y
}

#[differentiable]
fn simulate(mut b: Body, n: usize) -> (Body, f64) {
    let mut s = 0.0;
    for _ in 0..n {
        s += advance(&mut b, 0.5);
        if b.trail.len() > 2 && b.kind != Kind::Dot {
            b.mass *= 0.5;
        }
    }
    let n = b.trail.len();
    for p in b.trail.iter_mut() {
        p.y += area(b.kind);
    }
    if n > 0 {
        b.trail[n - 1] = Point { x: 0.0, y: s };
    }
    (b, s)
}

#[differentiable]
fn tuple_struct(p: Pair) -> Pair {
    let Pair(a, n) = p;
    let mut q = Pair(a * 2.0, n + 1);
    q.0 += 1.0;
    q.1 *= 3;
    if q == p { p } else { q }
}

#[differentiable]
fn arrays_of(ps: [Point; 2], v: &[Pair]) -> f64 {
    let mut ps = ps;
    ps[1].x = ps[0].y;
    let mut best = v[0];
    for p in v {
        if p.0 > best.0 {
            best = *p;
        }
    }
    let total: f64 = ps.iter().map(|p| p.x * p.y).sum();
    let q: Vec<Point> = v
        .iter()
        .map(|&Pair(a, n)| Point { x: a, y: n as f64 })
        .collect();
    let r = v.iter().map(|p| p.1).max().unwrap_or(0);
    total + best.0 + q[0].x + q.len() as f64 + r as f64
}

#[differentiable]
fn kinds(n: u32, x: f64) -> Option<Kind> {
    let k = match n {
        0 => Kind::Dot,
        1 => Kind::Disc(x),
        2 => Kind::Box { h: x, w: 2.0 },
        _ => return None,
    };
    if let Kind::Disc(r) = k {
        return Some(Kind::Disc(r + 1.0));
    }
    if matches!(k, Kind::Box { w, .. } if w > 1.0) {
        Some(k)
    } else {
        None
    }
}

#[test]
fn all() {
    for k in [
        Kind::Dot,
        Kind::Disc(2.0),
        Kind::Disc(-1.0),
        Kind::Box { w: 2.0, h: 3.0 },
    ] {
        check!(area(k));
        let b = Body {
            at: Point { x: 1.0, y: 2.0 },
            mass: 3.0,
            trail: vec![],
            kind: k,
        };
        for n in [0, 1, 4] {
            check!(simulate(b.clone(), n));
        }
    }
    check!(tuple_struct(Pair(1.5, 2)));
    check!(arrays_of(
        [Point { x: 1.0, y: 2.0 }, Point { x: 3.0, y: 4.0 }],
        &[Pair(1.0, 2), Pair(5.0, 1)]
    ));
    for n in 0..4 {
        check!(kinds(n, 1.5));
    }
}
