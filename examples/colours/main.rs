//! Colours by how they look: one is changed into another along the gradient of their difference, and one is guessed from some that were seen.
//!
//! ```text
//! cargo run --release --example colours
//! ```
//!
//! The difference that an eye sees is a long formula with many cases (`appearance::difference`); its gradient has the shape of a colour. The guess
//! is a probability density, sampled by Hamiltonian Monte Carlo, which follows the gradient of its logarithm (`posterior::sample`), and
//! compared with the same density counted cell by cell.

pub mod appearance;
pub mod drawing;
#[path = "../common/options.rs"]
mod options;
#[path = "../common/picture.rs"]
mod picture;
pub mod posterior;
#[path = "../common/random.rs"]
pub mod random;

use appearance::{Rgb, difference};
use clap::Parser;
use options::Options;
use posterior::{exact_moments, integrate, moments, sample};
use random::Random;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where the descent starts,
pub const WHITE: Rgb = Rgb {
    r: 1.0,
    g: 1.0,
    b: 1.0,
};
/// and where it is to go.
pub const RED: Rgb = Rgb {
    r: 1.0,
    g: 0.0,
    b: 0.0,
};
/// Steps of the descent, and how long they are for a gradient of 1.
const DESCENT: usize = 51;
const RATE: f64 = 1e-3;
/// Cells along each side of the box that is counted.
const CELLS: usize = 60;

/// Changes a colour into another by the gradient of their visible difference, and samples the colour that was meant.
#[derive(Parser, Debug)]
#[command(name = "colours")]
struct Arguments {
    /// Samples of the colour that was meant.
    #[arg(long, default_value_t = 5000)]
    samples: usize,
    /// Of the samples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the picture goes.
    #[arg(long, value_name = "FILE", default_value = "target/colours.svg")]
    picture: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    let picture = &given.picture;
    given
        .options
        .start(|out| run(given.samples, given.seed, picture, out))
}

/// Goes down the gradient from one colour towards another: the colours on the way, each with its difference.
pub fn descend(from: Rgb, to: Rgb, steps: usize) -> cotangent::Result<Vec<(Rgb, f64)>> {
    let mut colour = from;
    let mut way = Vec::new();
    for _ in 0..steps {
        let (apart, slope) = difference::value_and_gradient_wrt::<0>(colour, to)?;
        way.push((colour, apart));
        let moved = |x: f64, by: f64| (x - RATE * by).clamp(0.0, 1.0);
        colour = Rgb {
            r: moved(colour.r, slope.r),
            g: moved(colour.g, slope.g),
            b: moved(colour.b, slope.b),
        };
    }
    way.push((colour, difference(colour, to)));
    Ok(way)
}

/// Prints the descent, and the guess both ways.
pub fn run(
    samples: usize,
    seed: u64,
    picture: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let start = Instant::now();
    let way = descend(WHITE, RED, DESCENT)?;
    let down = start.elapsed().as_secs_f64();
    writeln!(out, "step    red  green   blue   difference to red")?;
    for (i, (c, apart)) in way.iter().enumerate() {
        if i % 5 == 0 || i + 1 == way.len() {
            let bar = "█".repeat(apart.round() as usize);
            writeln!(
                out,
                "{i:>4} {:>6.3} {:>6.3} {:>6.3} {apart:>7.3} {bar}",
                c.r, c.g, c.b
            )?;
        }
    }

    let time = Instant::now();
    let (found, taken) = sample(samples, &mut Random(seed))?;
    let seconds = time.elapsed().as_secs_f64();
    let sampled = moments(&found);
    let parts = integrate(CELLS);
    let exact = exact_moments(&parts);
    writeln!(
        out,
        "\nThe colour that was meant       mean                 standard deviation"
    )?;
    writeln!(
        out,
        "                         sampled     exact         sampled     exact"
    )?;
    for (name, (s, e)) in ["red", "green", "blue"]
        .iter()
        .zip(sampled.iter().zip(&exact))
    {
        writeln!(
            out,
            "{name:>20} {:>11.5} {:>9.5} {:>15.5} {:>9.5}",
            s.0, e.0, s.1, e.1
        )?;
    }
    let colours: Vec<Rgb> = way.iter().map(|w| w.0).collect();
    picture::save(picture, drawing::draw(&colours, &found, &parts).as_bytes())?;

    // At the end it goes to and fro across red: the difference is a cone there, not a bowl.
    let nearest = way.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let (best, apart) = nearest.copied().unwrap_or((WHITE, f64::INFINITY));
    let paths = taken as f64 / samples as f64;
    writeln!(
        out,
        "\ndifference {apart:.3} within {DESCENT} steps ({:.1} ms); {samples} samples in {seconds:.2} s, {:.0}% of the paths taken; picture: {}",
        1e3 * down,
        100.0 * paths,
        picture.display()
    )?;
    Ok(json!({
        "difference": apart, "colour": [best.r, best.g, best.b],
        "mean": sampled.map(|m| m.0), "deviation": sampled.map(|m| m.1),
        "exact_mean": exact.map(|m| m.0), "exact_deviation": exact.map(|m| m.1),
        "accepted": paths, "samples": samples, "seconds": seconds,
    }))
}
