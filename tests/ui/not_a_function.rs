// The attribute on something else; an unknown argument.
use cotangent::differentiable;

#[differentiable]
struct Model {
    w: f64,
}

#[differentiable(fast)]
fn f(x: f64) -> f64 {
    x
}

fn main() {}
