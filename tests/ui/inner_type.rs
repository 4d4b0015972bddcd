// A type inside the function.
use cotangent::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    struct Local(f64);
    let l = Local(x);
    l.0
}

fn main() {}
