//! The smallest use: an ordinary function, and its gradient.
//!
//! ```text
//! cargo run --example quickstart
//! ```

use cotangent::differentiable;

/// How far a falling ball is from a target after some time, in small steps: a loop, a branch, and a changing state.
#[differentiable]
fn miss(speed: f64, target: f64) -> f64 {
    let mut height = 0.0;
    let mut velocity = speed;
    for _ in 0..1000 {
        velocity -= 9.81 * 0.001;
        height += velocity * 0.001;
        if height < 0.0 {
            velocity *= -0.8;
            height = 0.0;
        }
    }
    (height - target) * (height - target)
}

fn main() -> Result<(), cotangent::Error> {
    println!("miss(8, 2)     = {}", miss(8.0, 2.0));

    let (value, (by_speed, by_target)) = miss::value_and_gradient(8.0, 2.0)?;
    println!("value          = {value}");
    println!("d / d speed    = {by_speed}");
    println!("d / d target   = {by_target}");

    let h = 1e-5;
    println!(
        "by differences = {}",
        (miss(8.0 + h, 2.0) - miss(8.0 - h, 2.0)) / (2.0 * h)
    );

    // Find the speed at which the ball is at the target.
    let mut speed = 8.0;
    for _ in 0..100 {
        speed -= 0.25 * miss::gradient_wrt::<0>(speed, 2.0)?;
    }
    println!("best speed     = {speed}, miss {:.3e}", miss(speed, 2.0));
    Ok(())
}
