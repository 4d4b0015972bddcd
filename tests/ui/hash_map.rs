// Maps, boxes, strings, clocks.
use cotangent::differentiable;
use std::collections::HashMap;

#[differentiable]
fn map(x: f64) -> f64 {
    let mut m = HashMap::new();
    m.insert(1, x);
    m[&1]
}

#[differentiable]
fn map_parameter(m: &HashMap<u32, f64>) -> f64 {
    m[&1]
}

#[differentiable]
fn boxed(x: f64) -> f64 {
    *Box::new(x)
}

#[differentiable]
fn string(x: f64) -> f64 {
    let s = String::new();
    x + s.len() as f64
}

#[differentiable]
fn text(x: f64) -> f64 {
    let s = "abc";
    x + s.len() as f64
}

#[differentiable]
fn clock(x: f64) -> f64 {
    x + std::time::Instant::now().elapsed().as_secs_f64()
}

fn main() {}
