//! Structs, tuples, arrays of structs, repeated access, maps, enums, complex numbers, broadcasting, accumulation.

use crate::support::expect;
use cotangent::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    a: f64,
    b: f64,
}

#[differentiable]
fn first_field(points: &[Point]) -> f64 {
    points[0].a
}

#[test]
fn array_of_structs() {
    let points = |x: &[f64]| [Point { a: x[0], b: x[1] }, Point { a: x[2], b: x[3] }];
    check!(|x| first_field(&points(x)), [1.0, 2.0, 3.0, 4.0] => 1.0, [1.0, 0.0, 0.0, 0.0]);
}

#[differentiable]
fn through_struct(a: f64, b: f64) -> f64 {
    let p = Point { a, b };
    let Point { a: c, b: d } = p;
    let q = Point { b: c * d, ..p };
    q.a * q.b
}

#[test]
fn struct_patterns_and_update() {
    check!(|x| through_struct(x[0], x[1]), [2.0, 3.0] => 12.0, [12.0, 4.0]);
}

#[differentiable]
fn nested_tuple(t: ((f64, f64), [f64; 2])) -> f64 {
    let ((a, b), [c, d]) = t;
    a * c + b * d + t.0.0
}

#[test]
fn nested_tuples() {
    check!(|x| nested_tuple(((x[0], x[1]), [x[2], x[3]])), [1.0, 2.0, 3.0, 4.0] => 12.0, [4.0, 4.0, 1.0, 2.0]);
}

#[differentiable]
fn pair_of(x: f64) -> (f64, f64) {
    (x * x, 3.0 * x)
}

#[differentiable]
fn use_pair(x: f64) -> f64 {
    let (a, b) = pair_of(x);
    a * b
}

#[test]
fn several_results() {
    check!(|x| use_pair(x[0]), [2.0] => 24.0, [36.0]);
}

/// A cell that can be changed: Julia's `Ref`.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Holder {
    x: f64,
}

#[differentiable]
fn cell_squared(cells: &[Holder]) -> f64 {
    cells[0].x * cells[0].x
}

#[test]
fn repeated_access_of_an_element() {
    check!(|x| cell_squared(&[Holder { x: x[0] }]), [3.0] => 9.0, [6.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Outer {
    x: Holder,
}

#[differentiable]
fn outer_cubed(outer: &Outer) -> f64 {
    outer.x.x * outer.x.x * outer.x.x
}

#[test]
fn repeated_access_of_a_nested_field() {
    check!(|x| outer_cubed(&Outer { x: Holder { x: x[0] } }), [4.0] => 64.0, [48.0]);
}

#[differentiable]
fn change_cell(x: f64) -> f64 {
    let mut cell = Holder { x };
    for _ in 0..3 {
        cell.x = cell.x * cell.x;
    }
    cell.x + x
}

#[test]
fn mutable_struct() {
    check!(|x| change_cell(x[0]), [1.5] => 1.5f64.powi(8) + 1.5, [8.0 * 1.5f64.powi(7) + 1.0]);
}

#[differentiable]
impl Holder {
    fn scale(&mut self, factor: f64) -> f64 {
        let before = self.x;
        self.x *= factor;
        before
    }
}

#[differentiable]
fn method_that_mutates(x: f64, factor: f64) -> f64 {
    let mut outer = Outer { x: Holder { x } };
    let before = outer.x.scale(factor);
    let after = outer.x.scale(before);
    outer.x.x + after
}

#[test]
fn mutating_methods() {
    // before = x; after = x f; the end is x f x.
    check!(|x| method_that_mutates(x[0], x[1]), [2.0, 3.0] => 18.0, [15.0, 6.0]);
}

/// A map as a vector of pairs.
#[differentiable]
fn set(map: &mut Vec<(usize, f64)>, key: usize, value: f64) {
    for entry in map.iter_mut() {
        if entry.0 == key {
            entry.1 = value;
            return;
        }
    }
    map.push((key, value));
}

#[differentiable]
fn get(map: &[(usize, f64)], key: usize) -> Option<f64> {
    for entry in map {
        if entry.0 == key {
            return Some(entry.1);
        }
    }
    None
}

#[differentiable]
fn map_changes(x: f64) -> f64 {
    let mut map = Vec::new();
    set(&mut map, 3, x);
    set(&mut map, 5, x * x);
    let copy = map.clone();
    set(&mut map, 3, 10.0);
    let found =
        get(&map, 3).unwrap_or(0.0) + get(&map, 5).unwrap_or(0.0) + get(&map, 7).unwrap_or(0.0);
    found + get(&copy, 3).unwrap_or(0.0)
}

#[test]
fn dictionary_set_get_and_deepcopy() {
    check!(|x| map_changes(x[0]), [2.0] => 16.0, [5.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
enum Shape {
    Circle { radius: f64 },
    Rectangle(f64, f64),
    Nothing,
}

#[differentiable]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Circle { radius } => 3.0 * radius * radius,
        Shape::Rectangle(a, b) => a * b,
        Shape::Nothing => 0.0,
    }
}

#[test]
fn dispatch_on_an_enum() {
    expect(
        |x| area(&Shape::Circle { radius: x[0] }),
        &[2.0],
        12.0,
        &[12.0],
    );
    expect(
        |x| area(&Shape::Rectangle(x[0], x[1])),
        &[2.0, 3.0],
        6.0,
        &[3.0, 2.0],
    );
    let gradient = |shape| area::gradient(&shape).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        gradient(Shape::Circle { radius: 2.0 }),
        Shape::Circle { radius: 12.0 }
    );
    assert_eq!(
        gradient(Shape::Rectangle(2.0, 3.0)),
        Shape::Rectangle(3.0, 2.0)
    );
    assert_eq!(gradient(Shape::Nothing), Shape::Nothing);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Square {
    side: f64,
}

#[differentiable]
impl Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

#[differentiable]
fn called_by_path(side: f64) -> f64 {
    Square::area(&Square { side })
}

#[test]
fn invoke() {
    check!(|x| called_by_path(x[0]), [3.0] => 9.0, [6.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[differentiable]
impl std::ops::Mul for Complex {
    type Output = Complex;
    fn mul(self, other: Complex) -> Complex {
        Complex {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

#[differentiable]
fn abs2(z: Complex) -> f64 {
    z.re * z.re + z.im * z.im
}

#[differentiable]
fn parts(z: Complex) -> f64 {
    z.re * z.im
}

#[differentiable]
fn scaled_by_own_part(z: Complex) -> f64 {
    abs2(z * Complex { re: z.re, im: 0.0 })
}

#[test]
fn complex_numbers_by_parts() {
    let z = |x: &[f64]| Complex { re: x[0], im: x[1] };
    check!(|x| parts(z(x)), [2.0, 3.0] => 6.0, [3.0, 2.0]);
    check!(|x| abs2(z(x)), [1.0, 2.0] => 5.0, [2.0, 4.0]);
    check!(|x| scaled_by_own_part(z(x)), [4.0, 5.0] => 656.0, [456.0, 160.0]);
}

#[differentiable]
fn broadcast_closure(xs: &[f64], y: f64) -> f64 {
    let f = |x: f64| x * y + y;
    let mapped: Vec<f64> = xs.iter().map(|x| f(*x)).collect();
    mapped.iter().sum::<f64>()
}

#[test]
fn broadcast_of_a_closure() {
    check!(|x| broadcast_closure(&x[..2], x[2]), [1.0, 2.0, 3.0] => 15.0, [3.0, 3.0, 5.0]);
}

#[differentiable]
fn broadcast_mask(xs: &[f64], mask: &[bool]) -> f64 {
    let mut sum = 0.0;
    for (x, keep) in xs.iter().zip(mask) {
        sum += if *keep { x * x } else { 0.0 };
    }
    sum
}

#[test]
fn broadcast_of_booleans() {
    check!(|x| broadcast_mask(x, &[true, false, true]), [1.0, 2.0, 3.0] => 10.0, [2.0, 0.0, 6.0]);
}

#[differentiable]
fn broadcast_tuples(pairs: &[(f64, f64)], shift: &f64) -> f64 {
    pairs.iter().map(|(a, b)| a * b + *shift).sum::<f64>()
}

#[test]
fn broadcast_of_tuples_and_ref() {
    let pairs = |x: &[f64]| [(x[0], x[1]), (x[2], x[3])];
    check!(|x| broadcast_tuples(&pairs(x), &x[4]), [1.0, 2.0, 3.0, 4.0, 5.0] => 24.0, [2.0, 1.0, 4.0, 3.0, 2.0]);
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn twice(x: f64) -> f64 {
    2.0 * x
}

#[differentiable]
fn different_functions(x: f64, y: f64) -> f64 {
    let functions = (square, twice);
    (functions.0)(x) + (functions.1)(y)
}

#[test]
fn broadcast_of_different_functions() {
    check!(|x| different_functions(x[0], x[1]), [3.0, 4.0] => 17.0, [6.0, 2.0]);
}

#[differentiable]
fn sums_of_all_before(x: &[f64]) -> f64 {
    let mut all: Vec<Vec<f64>> = Vec::new();
    all.push(x.to_vec());
    for _ in 1..10 {
        let mut sum = vec![0.0; x.len()];
        for earlier in &all {
            for i in 0..x.len() {
                sum[i] += earlier[i];
            }
        }
        all.push(sum);
    }
    let last = &all[9];
    let mut total = 0.0;
    for v in last {
        total += v * v;
    }
    total
}

#[test]
fn accumulation_of_ten_sums() {
    check!(|x| sums_of_all_before(x), [1.0, 1.0] => 131072.0, [131072.0, 131072.0]);
}
