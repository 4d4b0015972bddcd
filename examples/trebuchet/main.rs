//! A trebuchet that aims: a network learns, through a simulator, at which angle and with which weight the stone hits a target in any wind.
//!
//! ```text
//! cargo run --release --example trebuchet
//! cargo run --release --example trebuchet -- --wind 3 --angle 40 --weight 210 --json
//! ```
//!
//! The stone slides, swings and flies; where one ends and the next begins is found between the steps of the solver, and is differentiated too
//! (`simulator::until`). The loss is how far from the target the stone lands, and its gradient goes through the flight, the swing and
//! the network (`aiming::missed`). What the network then knows at once, the simulator's own gradient has to search for target by target.

#[path = "../common/adam.rs"]
pub mod adam;
pub mod aiming;
pub mod drawing;
#[path = "../common/network.rs"]
pub mod network;
#[path = "../common/options.rs"]
mod options;
#[path = "../common/picture.rs"]
mod picture;
#[path = "../common/random.rs"]
pub mod random;
pub mod simulator;

use aiming::{NEAR, Target, aim, aim_directly, beginner, random_target, train};
use clap::Parser;
use options::Options;
use random::Random;
use serde_json::json;
use simulator::{Shot, distance, throw};
use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Shots that the network learns from.
pub const SHOTS: usize = 60_000;
/// Targets that the two ways to aim are compared on.
const COMPARED: usize = 300;

/// Aims a trebuchet with a network that is trained through a simulator. With any of --wind, --angle and --weight: one shot and its gradient.
#[derive(Parser, Debug)]
#[command(name = "trebuchet")]
struct Arguments {
    /// Tail wind of one shot, in metres per second [default: 0].
    #[arg(long, value_name = "W", allow_negative_numbers = true)]
    wind: Option<f64>,
    /// Angle at which the sling opens in one shot, in degrees [default: 45].
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    angle: Option<f64>,
    /// Weight of one shot, in pounds [default: 200].
    #[arg(long, value_name = "LB", allow_negative_numbers = true)]
    weight: Option<f64>,
    /// Shots that the network learns from.
    #[arg(long, default_value_t = SHOTS)]
    shots: usize,
    /// Of the network's weights and of the targets.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the picture of some shots goes.
    #[arg(long, value_name = "FILE", default_value = "target/trebuchet.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    given.options.start(|out| {
        if given.wind.is_some() || given.angle.is_some() || given.weight.is_some() {
            let shot = Shot {
                wind: given.wind.unwrap_or(0.0),
                angle: given.angle.unwrap_or(45.0),
                weight: given.weight.unwrap_or(200.0),
            };
            run_shot(&shot, out)
        } else {
            run(given.seed, given.shots, &given.picture, out)
        }
    })
}

/// Prints how far one shot goes, and how that changes with each number of it.
pub fn run_shot(shot: &Shot, out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    if throw(shot).is_none() {
        return Err(format!("{} pounds do not throw the stone", shot.weight).into());
    }
    let (reached, slope) = distance::value_and_gradient(shot)?;
    writeln!(out, "distance      {reached:>10.4} m")?;
    writeln!(
        out,
        "with the wind {:>+10.4} m for a metre per second",
        slope.wind
    )?;
    writeln!(out, "with the angle{:>+10.4} m for a degree", slope.angle)?;
    writeln!(out, "with the weight{:>+9.4} m for a pound", slope.weight)?;
    Ok(json!({
        "distance": reached, "gradient": [slope.wind, slope.angle, slope.weight],
        "with_respect_to": ["wind", "angle", "weight"],
    }))
}

/// Trains the network, compares it with aiming by the simulator's gradient, and draws some of its shots.
pub fn run(
    seed: u64,
    shots: usize,
    picture: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut random = Random(seed);
    let mut network = beginner(&mut random);
    let start = Instant::now();
    writeln!(out, "  shots   metres off (root of the mean square)")?;
    train(&mut network, shots, &mut random, |shots, off| {
        let bar = "█".repeat((off * 4.0).round().min(60.0) as usize);
        writeln!(out, "{shots:>7} {off:>8.3} {bar}")
    })?;
    let seconds = start.elapsed().as_secs_f64();

    let targets: Vec<Target> = (0..COMPARED).map(|_| random_target(&mut random)).collect();
    let time = Instant::now();
    for target in &targets {
        black_box(aim(&network, target.wind, target.distance));
    }
    let at_once = time.elapsed().as_secs_f64() / COMPARED as f64;
    // The first search also compiles what it needs.
    aim_directly(targets[0])?;
    let time = Instant::now();
    let mut searched = 0;
    for target in &targets {
        searched += aim_directly(*target)?.1;
    }
    let search = time.elapsed().as_secs_f64() / COMPARED as f64;
    let steps = searched as f64 / COMPARED as f64;
    let off = |t: &Target| (distance(&aim(&network, t.wind, t.distance)) - t.distance).abs();
    let mut missed: Vec<f64> = targets.iter().map(off).collect();
    missed.sort_by(f64::total_cmp);
    let mean = missed.iter().sum::<f64>() / COMPARED as f64;
    let (median, worst) = (missed[COMPARED / 2], missed[COMPARED - 1]);
    let speed_up = search / at_once;
    writeln!(
        out,
        "\n{COMPARED} new targets      time to aim   metres off"
    )?;
    writeln!(
        out,
        "the network      {:>10.1} µs {mean:>12.3} on the mean, {median:.3} median, {worst:.3} at most",
        1e6 * at_once
    )?;
    writeln!(
        out,
        "by the gradient  {:>10.1} µs {NEAR:>12.3} wanted, which took {steps:.1} steps on the mean",
        1e6 * search
    )?;

    let shown = [
        (40.0, -4.0),
        (40.0, 4.0),
        (60.0, 0.0),
        (80.0, 0.0),
        (80.0, 6.0),
        (100.0, 6.0),
    ];
    let shown = shown.map(|(distance, wind)| {
        let target = Target { wind, distance };
        (target, aim(&network, wind, distance))
    });
    writeln!(out, "\n target    wind    angle    weight   reached")?;
    for (target, shot) in &shown {
        writeln!(
            out,
            "{:>5.0} m {:>+5.0} m/s {:>7.2}° {:>6.1} lb {:>7.2} m",
            target.distance,
            target.wind,
            shot.angle,
            shot.weight,
            distance(shot)
        )?;
    }
    picture::save(picture, drawing::draw(&shown).as_bytes())?;
    writeln!(
        out,
        "\n{mean:.3} m off on the mean, aimed {speed_up:.0} times faster; {shots} shots in {seconds:.1} s; picture: {}",
        picture.display()
    )?;
    Ok(json!({
        "distance_error": mean, "median": median, "worst": worst, "speed_up": speed_up,
        "network_seconds": at_once, "direct_seconds": search, "direct_steps": steps,
        "shots": shots, "seconds": seconds,
    }))
}
