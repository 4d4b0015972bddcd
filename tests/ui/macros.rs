// Macros whose expansion the attribute cannot see.
use cotangent::differentiable;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[differentiable]
fn user(x: f64) -> f64 {
    square!(x)
}

#[differentiable]
fn printing(x: f64) -> f64 {
    println!("{x}");
    let _ = format!("{x}");
    x
}

fn main() {}
