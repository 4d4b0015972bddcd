// unsafe, async, dyn Trait, extern.
use cotangent::differentiable;

#[differentiable]
fn with_unsafe(x: f64) -> f64 {
    unsafe { *std::ptr::from_ref(&x) }
}

#[differentiable]
unsafe fn whole(x: f64) -> f64 {
    x
}

#[differentiable]
async fn waits(x: f64) -> f64 {
    x
}

trait Shape {
    fn area(&self) -> f64;
}

#[differentiable]
fn object(s: &dyn Shape) -> f64 {
    s.area()
}

fn main() {}
