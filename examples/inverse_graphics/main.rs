//! Inverse graphics: where the lamp of a picture is, and which colour a ball has, by gradients through a ray tracer.
//!
//! ```text
//! cargo run --release --example inverse_graphics
//! ```
//!
//! The tracer is ordinary Rust: structs with operators, an enum of shapes, early returns, recursion for mirrors (`tracer::seen`). The gradient of
//! how unlike two pictures are (`tracer::unlike`) is a scene: it says of every number in it what to do about it. Which thing a ray hits, and what
//! is in shadow, are steps without a derivative; the light on all that is lit is enough.

pub mod descent;
#[path = "../common/options.rs"]
mod options;
#[path = "../common/picture.rs"]
mod picture;
pub mod tracer;

use clap::Parser;
use descent::{Descent, Point};
use options::Options;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tracer::{Body, Scene, Shape, Vector, render, unlike, vector};

/// Which of the bodies has a colour that is to be found.
pub const BALL: usize = 1;
/// Steps of the descent.
pub const STEPS: usize = 60;

/// The scene of the picture that is given.
pub fn truth() -> Scene {
    let ball = |x, y, z, radius| Shape::Sphere {
        centre: vector(x, y, z),
        radius,
    };
    let triangle = Shape::Triangle {
        a: vector(-1.7, 1.0, 0.0),
        b: vector(1.0, 1.0, 0.0),
        c: vector(-0.5, -1.0, 0.0),
    };
    let body = |shape, (r, g, b), mirror| Body {
        shape,
        colour: vector(r, g, b),
        mirror,
    };
    Scene {
        bodies: vec![
            body(triangle, (0.1, 0.9, 0.2), 0.5),
            body(ball(0.9, -0.45, -0.8, 0.55), (0.9, 0.3, 0.2), 0.0),
            body(ball(-1.2, -0.6, -1.2, 0.4), (0.8, 0.8, 0.9), 0.6),
            body(Shape::Floor { height: -1.0 }, (0.8, 0.8, 0.7), 0.0),
        ],
        lamp: vector(5.0, 5.0, -10.0),
        brightness: 150.0,
    }
}

/// The same but for what is to be found.
pub fn guess() -> Scene {
    let mut scene = truth();
    scene.lamp = vector(1.0, 2.0, -7.0);
    scene.bodies[BALL].colour = vector(0.5, 0.5, 0.5);
    scene
}

/// What is to be found in a scene: the lamp's place, and the ball's colour.
fn unknowns(scene: &Scene) -> [f64; 6] {
    let (lamp, colour) = (scene.lamp, scene.bodies[BALL].colour);
    [lamp.x, lamp.y, lamp.z, colour.x, colour.y, colour.z]
}

/// Puts that into a scene.
fn with_unknowns(scene: &Scene, [x, y, z, r, g, b]: [f64; 6]) -> Scene {
    let mut scene = scene.clone();
    scene.lamp = vector(x, y, z);
    scene.bodies[BALL].colour = vector(r, g, b);
    scene
}

/// Moves the scene until its picture is the one that is given; `report` is told the steps, how unlike the pictures are, and the scene.
pub fn fit(
    scene: &mut Scene,
    picture: &[Vector],
    size: usize,
    steps: usize,
    mut report: impl FnMut(usize, f64, &Scene) -> std::io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let start = scene.clone();
    let slope = |x: [f64; 6]| -> cotangent::Result<Point<6>> {
        let scene = with_unknowns(&start, x);
        let (value, gradient) = unlike::value_and_gradient_wrt::<0>(&scene, picture, size)?;
        let gradient = unknowns(&gradient);
        Ok(Point { x, value, gradient })
    };
    let mut descent = Descent::new(slope(unknowns(scene))?, 0.5);
    report(0, descent.here.value, scene)?;
    for step in 1..=steps {
        let lower = descent.step(slope)?;
        *scene = with_unknowns(&start, descent.here.x);
        report(step, descent.here.value, scene)?;
        if !lower {
            break;
        }
    }
    Ok(())
}

/// A picture as a PNG file.
pub fn png(picture: &[Vector], size: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let side = u32::try_from(size)?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let light = picture.iter().flat_map(|c| [c.x, c.y, c.z]);
    // Screens show the 2.2nd power of what they are told.
    let bytes: Vec<u8> = light
        .map(|x| (255.0 * x.clamp(0.0, 1.0).powf(1.0 / 2.2)).round() as u8)
        .collect();
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(file)
}

/// Finds the lamp and the colour of a ball in a picture, by the gradient of a ray tracer.
#[derive(Parser, Debug)]
#[command(name = "inverse_graphics")]
struct Arguments {
    /// Pixels of a side of the pictures.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=2000))]
    size: u16,
    /// Steps of the descent, at most.
    #[arg(long, default_value_t = STEPS)]
    steps: usize,
    /// Where the pictures go: target.png, before.png, after.png.
    #[arg(long, value_name = "FOLDER", default_value = "target/inverse_graphics")]
    out: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    let given = Arguments::parse();
    let (size, steps) = (usize::from(given.size), given.steps);
    given.options.start(|out| run(size, steps, &given.out, out))
}

/// Prints how the scene becomes that of the picture, and writes the pictures.
pub fn run(
    size: usize,
    steps: usize,
    folder: &Path,
    out: &mut dyn Write,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let target = render(&truth(), size);
    let mut scene = guess();
    picture::save(&folder.join("target.png"), &png(&target, size)?)?;
    picture::save(
        &folder.join("before.png"),
        &png(&render(&scene, size), size)?,
    )?;
    let start = Instant::now();
    let (mut losses, mut done) = (Vec::new(), 0);
    writeln!(out, "step       unlike    lamp                       ball")?;
    fit(&mut scene, &target, size, steps, |step, unlike, scene| {
        losses.push(unlike);
        done = step;
        if step % 3 != 0 {
            return Ok(());
        }
        let [x, y, z, r, g, b] = unknowns(scene);
        writeln!(
            out,
            "{step:>4} {unlike:>12.3e} {x:>7.3} {y:>7.3} {z:>8.3} {r:>8.3} {g:>6.3} {b:>6.3}"
        )
    })?;
    let seconds = start.elapsed().as_secs_f64();
    picture::save(
        &folder.join("after.png"),
        &png(&render(&scene, size), size)?,
    )?;

    // What a gradient costs, beside what is differentiated: the best of some, as other programs run too.
    let best = |f: &dyn Fn() -> cotangent::Result<f64>| -> cotangent::Result<f64> {
        let mut least = f64::INFINITY;
        for _ in 0..5 {
            let time = Instant::now();
            f()?;
            least = least.min(time.elapsed().as_secs_f64());
        }
        Ok(least)
    };
    let once = best(&|| unlike::call(&scene, &target, size))?;
    let both = best(&|| Ok(unlike::value_and_gradient_wrt::<0>(&scene, &target, size)?.0))?;
    let errors: Vec<f64> = unknowns(&scene)
        .iter()
        .zip(unknowns(&truth()))
        .map(|(a, b)| (a - b).abs())
        .collect();
    let worst = |part: &[f64]| part.iter().fold(0.0f64, |m, x| m.max(*x));
    let (lamp, colour) = (worst(&errors[..3]), worst(&errors[3..]));
    writeln!(
        out,
        "\nthe lamp is {lamp:.4} off, the colour {colour:.5}, after {done} steps in {seconds:.1} s\n\
         value and gradient: {:.1} ms, {:.1} times the value; pictures: {}",
        1e3 * both,
        both / once,
        folder.display()
    )?;
    Ok(json!({
        "lamp": unknowns(&scene)[..3], "colour": unknowns(&scene)[3..], "lamp_error": lamp, "colour_error": colour,
        "before": losses[0], "after": losses[done], "cost": both / once, "steps": done, "seconds": seconds,
    }))
}
