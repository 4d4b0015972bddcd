// A compound assignment operator of its own: the twin would take `+` for it.
use cotangent::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct P {
    x: f64,
}

#[differentiable]
impl core::ops::AddAssign for P {
    fn add_assign(&mut self, o: P) {
        self.x += 2.0 * o.x;
    }
}

fn main() {}
