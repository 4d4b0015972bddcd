//! Aiming: by a network, which has learnt it through the simulator, and directly, by following the simulator's gradient for each target.

use super::network::{Network, Trainer, evaluate, random_network};
use super::random::Random;
use super::simulator::{Shot, distance};
use cotangent::differentiable;

/// What to hit, and in which wind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Tail wind, in metres per second.
    pub wind: f64,
    /// Metres from the pivot.
    pub distance: f64,
}

/// The rate of Adam at the start; it falls to a hundredth of it.
const RATE: f64 = 1e-2;
/// Shots of one step of training.
pub const BATCH: usize = 10;
/// Direct aiming ends when the stone lands this near, in metres,
pub const NEAR: f64 = 0.01;
/// or after this many steps.
const STEPS: usize = 200;

#[differentiable]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// How the network would shoot: it says the angle, and what the weight is to have above 200 pounds.
#[differentiable]
pub fn aim(network: &Network, wind: f64, target: f64) -> Shot {
    let seen = [wind / 5.0, (target - 60.0) / 25.0];
    let said = evaluate(network, &seen, logistic);
    Shot {
        wind,
        angle: 90.0 * logistic(said[0]),
        weight: 200.0 + 50.0 * said[1],
    }
}

/// The square of how far from the targets the stone lands, on the mean.
#[differentiable]
pub fn missed(network: &Network, targets: &[(f64, f64)]) -> f64 {
    let mut sum = 0.0;
    for &(wind, target) in targets {
        let off = distance(&aim(network, wind, target)) - target;
        sum += off * off;
    }
    sum / targets.len() as f64
}

/// A target at 20 to 100 metres in a wind of some metres per second, that the trebuchet can reach.
pub fn random_target(random: &mut Random) -> Target {
    loop {
        let wind = 5.0 * random.normal();
        let target = 20.0 + 80.0 * random.uniform();
        let far = Shot {
            wind,
            angle: 30.0,
            weight: 300.0,
        };
        if distance(&far) > target {
            return Target {
                wind,
                distance: target,
            };
        }
    }
}

/// A network that has not learnt anything.
pub fn beginner(random: &mut Random) -> Network {
    random_network(&[2, 16, 64, 16, 2], random)
}

/// Trains a network with random targets; `report` is told the shots so far and how far they were off lately.
pub fn train(
    network: &mut Network,
    shots: usize,
    random: &mut Random,
    mut report: impl FnMut(usize, f64) -> std::io::Result<()>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut trainer = Trainer::new(RATE, network);
    let steps = shots / BATCH;
    let (mut sum, mut since) = (0.0, 0);
    for step in 0..steps {
        trainer.set_rate(RATE * 0.01f64.powf(step as f64 / steps as f64));
        let targets: Vec<(f64, f64)> = (0..BATCH)
            .map(|_| random_target(random))
            .map(|t| (t.wind, t.distance))
            .collect();
        let (value, gradient) = missed::value_and_gradient_wrt::<0>(network, &targets)?;
        trainer.step(network, &gradient);
        sum += value;
        since += 1;
        if since == steps.div_ceil(20) || step + 1 == steps {
            report((step + 1) * BATCH, (sum / since as f64).sqrt())?;
            (sum, since) = (0.0, 0);
        }
    }
    Ok(())
}

/// Aims at one target without a network: the shortest step at whose end the stone would hit if the simulator were linear, again and again.
/// Gives the steps that it took.
pub fn aim_directly(target: Target) -> cotangent::Result<(Shot, usize)> {
    let mut shot = Shot {
        wind: target.wind,
        angle: 45.0,
        weight: 200.0,
    };
    for step in 0..STEPS {
        let (reached, slope) = distance::value_and_gradient(&shot)?;
        let off = reached - target.distance;
        if off.abs() < NEAR {
            return Ok((shot, step));
        }
        // The weight in units of ten pounds, so that both numbers take part.
        let (angle, weight) = (slope.angle, 10.0 * slope.weight);
        let length = off / (angle * angle + weight * weight);
        shot.angle = (shot.angle - (length * angle).clamp(-10.0, 10.0)).clamp(1.0, 89.0);
        shot.weight -= 10.0 * (length * weight).clamp(-5.0, 5.0);
    }
    Ok((shot, STEPS))
}
