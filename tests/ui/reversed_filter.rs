// An iterator whose length is not known in advance cannot be zipped.
use cotangent::differentiable;

#[differentiable]
fn f(xs: &[f64]) -> f64 {
    xs.iter().filter(|x| **x > 0.0).zip(xs).map(|(a, b)| a * b).sum()
}

fn main() {}
