// A method that the twin does not have.
use cotangent::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    x.next_up()
}

#[differentiable]
fn g(xs: &[f64]) -> f64 {
    xs.rchunks(2).map(|c| c[0]).sum()
}

fn main() {}
