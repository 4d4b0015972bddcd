// An ordinary type error is reported once by the function and once by its twin, at the same place.
use cotangent::differentiable;

#[differentiable]
fn f(x: f64, n: usize) -> f64 {
    x * n
}

fn main() {}
