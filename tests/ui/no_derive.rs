// A type of the user's needs the derive.
use cotangent::differentiable;

#[derive(Clone, Copy)]
struct Point {
    x: f64,
}

#[differentiable]
fn f(p: Point) -> f64 {
    p.x
}

fn main() {}
